"""What Slack sends to a bot: events in their envelope, commands and interactions with all that belongs to them."""

from __future__ import annotations

from typing import Any

from tests.platform.slack.objects import view_object
from tests.platform.slack.state import APP_ID, FakeTeam
from tests.platform.slack.world import World

TOKEN = "verification-token"

EVENT_SCOPES = {
    "app_mention": "app_mentions:read",
    "message": "im:history",
    "user_change": "users:read",
}
"""Without its scope an event is not delivered at all; `message` means the ones in direct messages."""

NEED_TRIGGER = frozenset({"block_actions", "message_action", "shortcut", "view_submission"})


def event_callback(world: World, event: dict[str, Any], team: str | None = None) -> dict[str, Any]:
    """An event in its envelope. The workspace is that of its channel, else the one that is named or the person's."""
    at = _workspace(world, event.get("channel"), event.get("user"), team)
    scope = EVENT_SCOPES.get(event["type"])
    live = [
        g
        for g in world.grants.values()
        if not g.revoked and (g.team == at.id or _is_org_wide(g.team, g.enterprise, at))
    ]
    if scope and live and not any(scope in grant.scopes for grant in live):
        raise LookupError(f"Slack delivers {event['type']} only to an app that has {scope}")
    return {
        "token": TOKEN,
        "team_id": at.id,
        "enterprise_id": at.enterprise,
        "api_app_id": APP_ID,
        "event": event,
        "type": "event_callback",
        "event_id": world.new_id("Ev"),
        "event_time": int(world.clock().timestamp()),
        "is_ext_shared_channel": _is_ext_shared(world, event),
        "authorizations": [
            {
                "enterprise_id": at.enterprise,
                "team_id": at.id,
                "user_id": at.bot_user,
                "is_bot": True,
                "is_enterprise_install": is_org_wide(world, at),
            }
        ],
    }


def command(world: World, fields: dict[str, Any], team: str | None = None) -> dict[str, Any]:
    """A slash command with everything that Slack adds to its `user_id`, `channel_id`, `command` and `text`."""
    user, channel = world.users[fields["user_id"]], world.channels[fields["channel_id"]]
    at = _workspace(world, channel.id, user.id, team)
    shown: dict[str, Any] = {
        "token": TOKEN,
        "team_id": at.id,
        "team_domain": at.domain,
        "channel_id": channel.id,
        "channel_name": "directmessage" if channel.is_dm else "privategroup" if channel.private else channel.name,
        "user_id": user.id,
        "user_name": user.name.lower().replace(" ", "."),
        "command": "/rapport",
        "text": "",
        "api_app_id": APP_ID,
        "is_enterprise_install": str(is_org_wide(world, at)).lower(),
    }
    if at.enterprise:
        shown |= {"enterprise_id": at.enterprise, "enterprise_name": at.enterprise}
    shown |= fields
    if "response_url" not in shown:
        shown["response_url"] = world.new_response_url(user.id, channel.id)
    if "trigger_id" not in shown:
        shown["trigger_id"] = world.new_trigger(user.id)
    return shown


def interaction(world: World, fields: dict[str, Any], team: str | None = None) -> dict[str, Any]:
    """An interaction with everything that Slack adds; needed are `type`, `user` with an id, and what it is about.

    A `view` may be the id of an open one: it is sent as it stands.
    """
    user = world.users[fields["user"]["id"]]
    channel = fields.get("channel") or {}
    at = _workspace(world, channel.get("id"), user.id, team)
    view = fields.get("view")
    if isinstance(view, str):
        fields = fields | {"view": view_object(world.views[view], at.bot_id)}
    enterprise = {"id": at.enterprise, "name": at.enterprise} if at.enterprise else None
    name = user.name.lower().replace(" ", ".")
    shown: dict[str, Any] = {
        "token": TOKEN,
        "api_app_id": APP_ID,
        "team": {"id": at.id, "domain": at.domain} | ({"enterprise_id": at.enterprise} if at.enterprise else {}),
        "enterprise": enterprise,
        "is_enterprise_install": is_org_wide(world, at),
    }
    shown |= fields
    shown["user"] = {"id": user.id, "username": name, "name": name, "team_id": user.team} | fields["user"]
    if "trigger_id" not in shown and shown["type"] in NEED_TRIGGER:
        inside = (shown.get("view") or {}).get("id")
        shown["trigger_id"] = world.new_trigger(user.id, inside)
    if "response_url" not in shown and channel.get("id") and "view" not in shown:
        shown["response_url"] = world.new_response_url(user.id, channel["id"], (shown.get("message") or {}).get("ts"))
    return shown


def is_org_wide(world: World, team: FakeTeam) -> bool:
    """Whether the app serves a workspace by an installation of the whole organisation."""
    return any(not g.revoked and _is_org_wide(g.team, g.enterprise, team) for g in world.grants.values())


def _is_org_wide(granted: str | None, enterprise: str | None, team: FakeTeam) -> bool:
    return granted is None and enterprise is not None and enterprise == team.enterprise


def _workspace(world: World, channel: Any, user: Any, named: str | None) -> FakeTeam:
    """Where it happens: people of other companies, and their workspaces, are met in a channel of ours."""
    at = world.channels.get(channel) if isinstance(channel, str) else None
    if at is not None and not at.org_shared:
        return world.teams[at.team]
    someone = world.users.get(str(user.get("id") if isinstance(user, dict) else user))
    for id in (named, someone and someone.team, at and at.team):
        if id in world.teams:
            return world.teams[id]
    return world.team


def _is_ext_shared(world: World, event: dict[str, Any]) -> bool:
    channel = world.channels.get(event["channel"]) if isinstance(event.get("channel"), str) else None
    return channel is not None and channel.ext_shared
