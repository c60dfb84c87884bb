"""How Slack describes people, channels, messages, views and files in its payloads and answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.platform.slack.state import APP_ID, FakeChannel, FakeFile, FakeMessage, FakeTeam, FakeUser, FakeView


def user_object(user: FakeUser, at: datetime, organisation: Iterable[FakeTeam] = ()) -> dict[str, Any]:
    """Somebody as `users.info` shows them at an instant; `organisation` are the workspaces of their Grid, if any."""
    offset = datetime.astimezone(at, ZoneInfo(user.zone)).utcoffset()
    shown: dict[str, Any] = {
        "id": user.id,
        "team_id": user.team,
        "name": user.name.lower().replace(" ", "."),
        "deleted": user.deleted,
        "real_name": user.name,
        "profile": {"real_name": user.name, "display_name": user.name, "team": user.team},
        "is_bot": user.bot,
        "is_app_user": False,
        "updated": int(at.timestamp()),
    }
    if not user.deleted:
        shown |= {
            "tz": user.zone,
            "tz_label": user.zone,
            "tz_offset": int(offset.total_seconds()) if offset else 0,
            "is_admin": user.admin or user.owner,
            "is_owner": user.owner,
            "is_primary_owner": False,
            "is_restricted": user.guest or user.single_channel_guest,
            "is_ultra_restricted": user.single_channel_guest,
        }
    if user.stranger:
        shown["is_stranger"] = True
    teams = list(organisation)
    if teams:
        shown["enterprise_user"] = {
            "id": user.id,
            "enterprise_id": teams[0].enterprise,
            "enterprise_name": teams[0].enterprise,
            "is_admin": False,
            "is_owner": False,
            "teams": [team.id for team in teams],
        }
    return shown


def channel_object(channel: FakeChannel, bot_user: str) -> dict[str, Any]:
    """A channel as `conversations.info` shows it to a bot."""
    shown: dict[str, Any] = {
        "id": channel.id,
        "created": 1,
        "is_im": channel.is_dm,
        "is_org_shared": channel.org_shared,
        "context_team_id": channel.team,
    }
    if channel.is_dm:
        return shown | {"user": channel.user, "is_user_deleted": False}
    return shown | {
        "name": channel.name,
        "is_channel": not channel.private,
        "is_group": channel.private,
        "is_mpim": False,
        "is_private": channel.private,
        "is_archived": channel.archived,
        "is_general": False,
        "is_shared": channel.ext_shared or channel.org_shared,
        "is_ext_shared": channel.ext_shared,
        "is_pending_ext_shared": channel.pending_ext_shared,
        "pending_shared": ["T0ELSEWHERE"] if channel.pending_ext_shared else [],
        "is_member": bot_user in channel.members,
    }


def message_object(message: FakeMessage, bot_id: str | None = None, *, with_metadata: bool = False) -> dict[str, Any]:
    """A message as it stands in payloads and histories; `bot_id` if it is the app's."""
    shown: dict[str, Any] = {
        "type": "message",
        "user": message.user,
        "ts": message.ts,
        "text": message.text,
        "team": message.team,
    }
    if bot_id is not None and message.via != "user":
        shown |= {"bot_id": bot_id, "app_id": APP_ID}
    if message.blocks:
        shown["blocks"] = deepcopy(message.blocks)
    if message.thread_ts:
        shown["thread_ts"] = message.thread_ts
    if message.files:
        shown["files"] = deepcopy(message.files)
    if message.edited:
        shown["edited"] = {"user": message.user, "ts": message.ts}
    if message.ephemeral_to:
        shown["is_ephemeral"] = True
    if with_metadata and message.metadata:
        shown["metadata"] = deepcopy(message.metadata)
    return shown


def view_object(fake: FakeView, bot_id: str) -> dict[str, Any]:
    """A view as it stands in payloads and answers, with what is in its inputs."""
    view = fake.view
    return {
        "id": fake.id,
        "team_id": fake.team,
        "type": view["type"],
        "blocks": deepcopy(view.get("blocks", [])),
        "private_metadata": view.get("private_metadata", ""),
        "callback_id": view.get("callback_id", ""),
        "external_id": view.get("external_id", ""),
        "state": {"values": deepcopy(fake.state)},
        "hash": fake.hash,
        "title": view.get("title"),
        "submit": view.get("submit"),
        "close": view.get("close"),
        "clear_on_close": view.get("clear_on_close", False),
        "notify_on_close": view.get("notify_on_close", False),
        "previous_view_id": fake.previous,
        "root_view_id": fake.root,
        "app_id": APP_ID,
        "app_installed_team_id": fake.team,
        "bot_id": bot_id,
    }


def file_object(file: FakeFile, base_url: str) -> dict[str, Any]:
    """A file as Slack describes it; its content is behind `url_private_download` and needs the token."""
    url = f"{base_url}/files-pri/{file.team}-{file.id}/{file.name}"
    return {
        "id": file.id,
        "created": int(datetime(2026, 1, 1, tzinfo=UTC).timestamp()),
        "name": file.name,
        "title": file.title,
        "alt_txt": file.alt_text,
        "mimetype": file.mimetype,
        "filetype": file.name.rpartition(".")[2],
        "user": file.user,
        "user_team": file.team,
        "size": len(file.content),
        "mode": "hosted",
        "is_external": False,
        "channels": list(file.channels),
        "url_private": url,
        "url_private_download": f"{url}?download=1",
    }


def with_ids(blocks: Iterable[Mapping[str, Any]], new_id: Callable[[str], str]) -> list[dict[str, Any]]:
    """Blocks as Slack keeps them: each has a block_id, and whatever can be used an action_id."""
    kept = [deepcopy(dict(block)) for block in blocks]
    for block in kept:
        block.setdefault("block_id", new_id("b."))
        for element in (block.get("accessory"), block.get("element"), *_elements(block)):
            if isinstance(element, dict) and element.get("type") not in {None, "image"}:
                element.setdefault("action_id", new_id("a."))
    return kept


def _elements(block: Mapping[str, Any]) -> Iterable[Any]:
    return block.get("elements", ()) if block.get("type") == "actions" else ()
