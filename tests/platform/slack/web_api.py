"""The Web API: which methods there are, what each needs, and how it is answered."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from tests.platform.slack import web_api_apps as apps
from tests.platform.slack import web_api_chat as chat
from tests.platform.slack import web_api_files as files
from tests.platform.slack import web_api_views as views
from tests.platform.slack.asked import Asked
from tests.platform.slack.state import Grant
from tests.platform.slack.world import Refused, World

STRUCTURED = frozenset({"attachments", "blocks", "files", "metadata", "prompts", "view"})
"""Arguments that are JSON inside a form."""

NOBODY = Grant("", None, None, (), "", "")


class Token(Enum):
    """Whose token a method wants."""

    NONE = auto()
    BOT = auto()
    APP = auto()


@dataclass(frozen=True, slots=True)
class Method:
    """A method, and the scope without which it is refused; some look at further ones themselves."""

    answer: Callable[[Asked], dict[str, Any]]
    scope: str | None = None
    token: Token = Token.BOT


def _connections_open(asked: Asked) -> dict[str, Any]:
    return {"url": asked.world.new_socket_url()}


METHODS = {
    "api.test": Method(apps.api_test, token=Token.NONE),
    "apps.connections.open": Method(_connections_open, token=Token.APP),
    "apps.uninstall": Method(apps.uninstall),
    "assistant.threads.setStatus": Method(views.set_status, "assistant:write"),
    "assistant.threads.setSuggestedPrompts": Method(views.set_prompts, "assistant:write"),
    "assistant.threads.setTitle": Method(views.set_title, "assistant:write"),
    "auth.revoke": Method(apps.revoke),
    "auth.test": Method(apps.auth_test),
    "chat.delete": Method(chat.delete, "chat:write"),
    "chat.getPermalink": Method(chat.get_permalink),
    "chat.postEphemeral": Method(chat.post_ephemeral, "chat:write"),
    "chat.postMessage": Method(chat.post_message, "chat:write"),
    "chat.update": Method(chat.update, "chat:write"),
    "conversations.history": Method(chat.history),
    "conversations.info": Method(chat.channel_info),
    "conversations.open": Method(chat.open_dm),
    "conversations.replies": Method(chat.replies),
    "files.completeUploadExternal": Method(files.complete_upload, "files:write"),
    "files.getUploadURLExternal": Method(files.get_upload_url, "files:write"),
    "files.info": Method(files.file_info, "files:read"),
    "oauth.v2.access": Method(apps.oauth_access, token=Token.NONE),
    "users.info": Method(apps.user_info, "users:read"),
    "views.open": Method(views.open_view),
    "views.publish": Method(views.publish_home),
    "views.push": Method(views.push_view),
    "views.update": Method(views.update_view),
}


def answer(world: World, name: str, token: str | None, args: Mapping[str, Any]) -> dict[str, Any]:
    """What a method answers, with `ok`; raises Refused with Slack's code."""
    method = METHODS.get(name)
    if method is None:
        raise Refused("unknown_method", req_method=name)
    asked = Asked(world, _grant(world, method.token, token), args)
    if method.scope is not None:
        asked.requires(method.scope)
    return {"ok": True} | method.answer(asked)


def grant_of(world: World, token: str | None) -> Grant:
    """What a bot token may do; raises Refused where it may nothing."""
    if not token:
        raise Refused("not_authed")
    grant = world.grants.get(token)
    if grant is None:
        raise Refused("not_allowed_token_type" if token == world.app_token else "invalid_auth")
    if grant.revoked:
        raise Refused(grant.revoked)
    return grant


def read_args(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments as they are meant: what is JSON inside a form, or inside JSON, is read; None is left out."""
    return {name: _read(name, value) for name, value in fields.items() if value is not None}


def _read(name: str, value: Any) -> Any:
    if name not in STRUCTURED or not isinstance(value, str) or not value:
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise Refused("invalid_json", response_metadata={"messages": [f"[ERROR] {name} is no JSON"]}) from None


def _grant(world: World, needed: Token, token: str | None) -> Grant:
    if needed is Token.BOT:
        return grant_of(world, token)
    if needed is Token.NONE:
        return NOBODY
    if token == world.app_token:
        return NOBODY
    raise Refused("not_allowed_token_type" if token in world.grants else "invalid_auth")
