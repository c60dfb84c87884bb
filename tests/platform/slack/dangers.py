"""What in a payload pings, formats or links although nobody of ours meant it to."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from tests.platform.slack.checks_words import active

_PINGS = {"user": "user_id", "channel": "channel_id", "usergroup": "usergroup_id", "team": "team_id"}


def dangers(payload: Mapping[str, Any], ours: Collection[str]) -> list[str]:
    """One sentence for each run of words that Slack makes more of than words, and that `ours` does not account for.

    `ours` is what we say on purpose: the wording of templates, values that a template sets in bold, and the ids and
    addresses that a value names as such. What is a part of one of them is fine.
    """
    return [
        f"{run!r} {does}s."
        for does, run in (*_in_text(payload), *_in_blocks(payload.get("blocks") or ()))
        if not any(run in meant for meant in ours)
    ]


def _in_text(payload: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    # Beside blocks the text only stands in notifications, which show marks as they are.
    formats = not payload.get("blocks") and payload.get("mrkdwn") is not False
    for found in active(str(payload.get("text") or ""), verbatim=True, formats=formats):
        yield found.does, _inside(found.run)


def _in_blocks(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, list | tuple):
        for item in value:
            yield from _in_blocks(item)
    elif isinstance(value, Mapping):
        yield from _in_object(value)
        for inner in value.values():
            yield from _in_blocks(inner)


def _in_object(value: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    kind = value.get("type")
    if kind == "mrkdwn":
        for found in active(str(value.get("text") or ""), verbatim=value.get("verbatim") is True):
            yield found.does, _inside(found.run)
    elif kind == "markdown":
        yield "format", str(value.get("text") or "")
    elif kind in _PINGS and isinstance(value.get(_PINGS[kind]), str):
        yield "ping", value[_PINGS[kind]]
    elif kind == "broadcast":
        yield "ping", f"@{value.get('range')}"
    for name in ("url", "image_url"):
        if isinstance(value.get(name), str):
            yield "link", value[name]
    if any(value["style"].values()) if isinstance(value.get("style"), Mapping) else False:
        yield "format", str(value.get("text") or value.get("fallback") or "")


def _inside(run: str) -> str:
    """A token without its brackets, sign and label: the id or the address."""
    return run.strip("<>").partition("|")[0].lstrip("@#") if run.startswith("<") else run
