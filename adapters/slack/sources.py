"""Where something was heard: workspace, account and place, read from every kind of payload that Slack sends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from adapters.slack.back import Back, Meta, decode
from adapters.slack.names import ACCESS_GRANTED, ACCESS_REVOKED, PLATFORM
from bot.address import Person, Place, PlaceKind, dm
from bot.errors import RapportError

_OF_ORGS = frozenset({ACCESS_GRANTED, ACCESS_REVOKED})
"""Events about an organisation's workspaces; the one that they name outside of that list is any of them."""

Payload = Mapping[str, Any]
"""A payload of Slack's as Bolt hands it over."""


class Malformed(RapportError):
    """A payload that is not as Slack documents it; `str()` names what is missing and holds nothing of its content."""


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """Who was heard, and where.

    `workspace` is the workspace in which Rapport was spoken to, `T…`; it is empty for an event about a whole
    organisation. `org_wide`: Rapport is installed for the whole of `enterprise`, so that is whose token serves it.
    `user` is empty for events that nobody caused. `channel` is native, a DM's `D…` included; `thread` and `message` are
    timestamps: the thread in which it was heard, and the message itself. `trigger` is good for opening one view, for
    about 3 seconds. `at` is when an event happened, in seconds since 1970; everything else happens now.
    """

    workspace: str
    enterprise: str | None = None
    org_wide: bool = False
    user: str = ""
    channel: str | None = None
    thread: str | None = None
    message: str | None = None
    trigger: str | None = None
    at: float | None = None


def who(payload: Payload) -> Source:
    """The source of a payload, whatever its kind. Raises Malformed where neither workspace nor organisation is told."""
    source = _of_event(payload) if payload.get("type") == "event_callback" else _of_interaction(payload)
    if not source.workspace and not source.enterprise:
        raise Malformed(f"{kind_of(payload)}: no workspace")
    return source


def kind_of(payload: Payload) -> str:
    """What sort of payload it is, in words that can be logged."""
    kind = found(payload, "event", "type") or found(payload, "type") or ("command" if "command" in payload else "")
    return kind if kind.replace("_", "").isalpha() and len(kind) <= 40 else "payload"


def found(payload: object, *path: str | int) -> str | None:
    """The words at the end of a path of keys and positions; `None` where it leads nowhere or to something else."""
    at = within(payload, *path)
    return at if isinstance(at, str) and at else None


def within(payload: object, *path: str | int) -> Any:
    """Whatever is at the end of a path; `None` where it leads nowhere."""
    at: Any = payload
    for step in path:
        if isinstance(step, str):
            at = at.get(step) if isinstance(at, dict) else None  # as JSON has it; any Mapping takes thrice the time
        else:
            at = at[step] if isinstance(at, list) and step < len(at) else None
    return at


def needed(payload: Payload, *path: str | int) -> str:
    """The words at the end of a path. Raises Malformed where there are none."""
    at = found(payload, *path)
    if at is None:
        raise Malformed(f"{kind_of(payload)}: no {'.'.join(map(str, path))}")
    return at


def meta_of(payload: Payload) -> Meta:
    """What a modal is about. Raises Malformed where it is none of ours."""
    try:
        return decode(needed(payload, "view", "private_metadata"))
    except ValueError:
        raise Malformed(f"{kind_of(payload)}: no metadata of ours") from None


def back_of(body: Payload, source: Source) -> Back:
    """Where an answer goes, as far as the payload says: whether a `D…` is our own DM has to be asked.

    Raises Malformed.
    """
    where = found(body, "response_url")
    match found(body, "type"):
        case "view_submission":
            return meta_of(body).back
        case "shortcut":
            return Back(source.workspace, source.user, PlaceKind.DM)
        case "block_actions" if found(body, "view", "type") == "home":
            return Back(source.workspace, source.user, PlaceKind.DM, at_home=True)
        case "block_actions" if found(body, "view", "type") == "modal":
            return meta_of(body).back
        case _:
            return Back(source.workspace, source.channel or "", thread=source.thread, response_url=where)


def place_of(source: Source, event: Payload) -> Place:
    """Where words were said: our DM with somebody, or a channel."""
    if event.get("channel_type") == "im":
        return dm(Person(PLATFORM, source.workspace, source.user))
    return Place(PLATFORM, source.workspace, source.channel or "")


def needed_event(body: Payload) -> Payload:
    """The event within its envelope. Raises Malformed."""
    event = within(body, "event")
    if not isinstance(event, dict):
        raise Malformed("event: none")
    return event


def _of_event(payload: Payload) -> Source:
    """An event names its installation in `authorizations`; the outer team is the speaker's in a shared channel."""
    event = within(payload, "event")
    authorization = within(payload, "authorizations", 0)
    about_org = found(event, "type") in _OF_ORGS
    return Source(
        workspace=""
        if about_org
        else _workspace(
            found(authorization, "team_id"),
            found(payload, "context_team_id"),
            found(payload, "team_id"),
            found(event, "team"),
            found(event, "user", "team_id"),
        ),
        enterprise=found(authorization, "enterprise_id")
        or found(payload, "context_enterprise_id")
        or found(payload, "enterprise_id"),
        org_wide=about_org or _says_yes(within(authorization, "is_enterprise_install")),
        user=found(event, "user") or found(event, "user", "id") or "",
        channel=found(event, "channel"),
        thread=found(event, "thread_ts"),
        message=found(event, "ts"),
        at=_instant(within(payload, "event_time")),
    )


def _of_interaction(payload: Payload) -> Source:
    """A command, a press, a form, a suggestion or a shortcut."""
    return Source(
        workspace=_workspace(
            # A form or a button used from another company's side of a shared channel names that company's workspace
            # as its team; the view, and our own message, say whose Rapport it is.
            found(payload, "view", "app_installed_team_id"),
            # What an organisation's installation opened belongs where it was opened from, whatever team comes along.
            _opened_from(payload),
            found(payload, "message", "team") if found(payload, "type") == "block_actions" else None,
            found(payload, "team", "id"),
            found(payload, "team_id"),
            # With an installation for a whole organisation there may be no team at all.
            found(payload, "view", "team_id"),
            found(payload, "user", "team_id"),
        ),
        enterprise=found(payload, "enterprise", "id")
        or found(payload, "team", "enterprise_id")
        or found(payload, "enterprise_id"),
        org_wide=_says_yes(within(payload, "is_enterprise_install")),
        user=found(payload, "user", "id") or needed(payload, "user_id"),
        channel=found(payload, "channel", "id")
        or found(payload, "container", "channel_id")
        or found(payload, "channel_id"),
        thread=found(payload, "container", "thread_ts")
        or found(payload, "message", "thread_ts")
        or found(payload, "thread_ts"),
        message=found(payload, "container", "message_ts") or found(payload, "message_ts"),
        trigger=found(payload, "trigger_id"),
    )


def _workspace(*candidates: str | None) -> str:
    """The first that is a workspace: an organisation's `E…` stands in some of the same fields."""
    return next((id for id in candidates if id and id.startswith("T")), "")


def _opened_from(payload: Payload) -> str | None:
    """The workspace from which a modal of ours was opened."""
    if found(payload, "view", "type") != "modal":
        return None
    try:
        return decode(found(payload, "view", "private_metadata") or "").back.workspace
    except ValueError:
        return None


def _instant(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _says_yes(value: object) -> bool:
    """Commands are forms of the web, where it is a word."""
    return value is True or value == "true"
