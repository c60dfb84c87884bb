"""What Slack sends, as Bolt hands it over: the shapes of its documentation and of Bolt's own tests."""

from __future__ import annotations

from typing import Any

from adapters.slack.back import Back, Meta, encode
from bot.address import PlaceKind

Payload = dict[str, Any]

META = Meta("log", "drf_1", Back("T01", "C1"))


def command(text: str, **changes: Any) -> Payload:
    """`/rapport …` in a channel."""
    return {
        "token": "verification",
        "team_id": "T01",
        "team_domain": "team",
        "channel_id": "C1",
        "channel_name": "general",
        "user_id": "U1",
        "user_name": "ana",
        "command": "/rapport",
        "text": text,
        "api_app_id": "A1",
        "is_enterprise_install": "false",
        "response_url": "https://hooks.slack.com/commands/T01/1/x",
        "trigger_id": "1.2.x",
    } | changes


def _interaction(kind: str, **more: Any) -> Payload:
    return {
        "type": kind,
        "team": {"id": "T01", "domain": "team"},
        "user": {"id": "U1", "username": "ana", "name": "ana", "team_id": "T01"},
        "api_app_id": "A1",
        "token": "verification",
        "enterprise": None,
        "is_enterprise_install": False,
        "trigger_id": "1.2.x",
    } | more


def press(action_id: str, *, chosen: str | None = None, ephemeral: bool = False, **changes: Any) -> Payload:
    """A button, or with `chosen` an option of a select or menu, in a message of ours."""
    action: Payload = {"type": "button", "action_id": action_id, "block_id": "b", "action_ts": "1700000009.000100"}
    if chosen is not None:
        action |= {"type": "static_select", "selected_option": {"text": {}, "value": chosen}}
    container = {"type": "message", "message_ts": "1700000001.000200", "channel_id": "C1", "is_ephemeral": ephemeral}
    message = {"type": "message", "bot_id": "B1", "user": "U0", "ts": "1700000001.000200", "team": "T01"}
    shown: Payload = {
        "container": container,
        "channel": {"id": "C1", "name": "general"},
        "state": {"values": {}},
        "response_url": "https://hooks.slack.com/actions/T01/1/x",
        "actions": [action],
    }
    return _interaction("block_actions", **shown, **({} if ephemeral else {"message": message})) | changes


def press_in_view(action_id: str, kind: str = "modal", **changes: Any) -> Payload:
    """A button in a modal or in the Home tab, which have no channel."""
    container = {"type": "view", "view_id": "V1"}
    actions = [{"type": "button", "action_id": action_id, "block_id": "b", "action_ts": "1700000009.000100"}]
    return _interaction("block_actions", container=container, view=view(kind), actions=actions) | changes


def view(kind: str = "modal", *, id: str = "V1", meta: Meta = META, **changes: Any) -> Payload:
    """A modal of ours, or the Home tab."""
    return {
        "id": id,
        "team_id": "T01",
        "type": kind,
        "blocks": [],
        "private_metadata": encode(meta),
        "callback_id": "form",
        "state": {"values": {}},
        "hash": "1700000000.abc",
        "root_view_id": id,
        "app_id": "A1",
        "app_installed_team_id": "T01",
        "bot_id": "B1",
    } | changes


def submission(shown: Payload | None = None, **changes: Any) -> Payload:
    """A form that was sent."""
    return _interaction("view_submission", view=shown or view(), response_urls=[]) | changes


def suggestion(argument: str, typed: str, **changes: Any) -> Payload:
    """Letters typed into an external select of a form; no trigger comes with it."""
    more = {"action_id": argument, "block_id": argument, "value": typed, "view": view()}
    payload = _interaction("block_suggestion", container={"type": "view", "view_id": "V1"}, **more) | changes
    del payload["trigger_id"]
    return payload


def shortcut(callback_id: str, **changes: Any) -> Payload:
    """A global shortcut, which belongs to no place."""
    return _interaction("shortcut", callback_id=callback_id, action_ts="1700000009.000100") | changes


def message_action(callback_id: str, message: Payload, **changes: Any) -> Payload:
    """A shortcut from a message's menu."""
    more = {
        "callback_id": callback_id,
        "action_ts": "1700000009.000100",
        "message_ts": "1700000001.000200",
        "channel": {"id": "C1", "name": "general"},
        "message": {"type": "message", "user": "U2", "team": "T02", "ts": "1700000001.000200"} | message,
        "response_url": "https://hooks.slack.com/app/T01/1/x",
    }
    return _interaction("message_action", **more) | changes


def event(about: Payload, **changes: Any) -> Payload:
    """An event in its envelope, as a workspace's own installation gets it."""
    return {
        "token": "verification",
        "team_id": "T01",
        "context_team_id": "T01",
        "context_enterprise_id": None,
        "api_app_id": "A1",
        "event": about,
        "type": "event_callback",
        "event_id": "Ev1",
        "event_time": 1700000001,
        "authorizations": [
            {"enterprise_id": None, "team_id": "T01", "user_id": "U0", "is_bot": True, "is_enterprise_install": False}
        ],
        "is_ext_shared_channel": False,
    } | changes


def dm_message(text: str, **changes: Any) -> Payload:
    """Something that Ana says in our DM."""
    return {
        "type": "message",
        "user": "U1",
        "text": text,
        "ts": "1700000001.000200",
        "team": "T01",
        "channel": "D1",
        "channel_type": "im",
        "event_ts": "1700000001.000200",
    } | changes


def mention(text: str, **changes: Any) -> Payload:
    """Something that Ana says to us in a channel."""
    said = {
        "type": "app_mention",
        "user": "U1",
        "text": text,
        "ts": "1700000001.000200",
        "team": "T01",
        "channel": "C1",
        "event_ts": "1700000001.000200",
    }
    return said | changes


AT_HOME = Meta("log", "drf_1", Back("T01", "U1", PlaceKind.DM, at_home=True))
