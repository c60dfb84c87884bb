"""The methods of the Web API about messages and the channels they stand in."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.platform.slack.asked import Asked, check_message, put_message
from tests.platform.slack.objects import channel_object, with_ids
from tests.platform.slack.state import FakeChannel, FakeMessage, Version
from tests.platform.slack.world import Refused

MOST_HISTORY = 999


def post_message(asked: Asked) -> dict[str, Any]:
    """chat.postMessage."""
    (target,) = asked.needs("channel")
    channel = asked.channel_to_write_in(target)
    check_message(asked.world, asked.args, "chat.postMessage")
    _check_metadata(asked)
    _keep_pace(asked, channel)
    message = put_message(asked.world, channel, asked.args, "chat.postMessage")
    return {"channel": channel.id, "ts": message.ts, "message": asked.shown(message)}


def post_ephemeral(asked: Asked) -> dict[str, Any]:
    """chat.postEphemeral: to somebody who is in the channel."""
    target, user = asked.needs("channel", "user")
    channel = asked.channel_to_write_in(target)
    if asked.user(user).id not in channel.members:
        raise Refused("user_not_in_channel")
    check_message(asked.world, asked.args, "chat.postEphemeral")
    _keep_pace(asked, channel)
    message = put_message(asked.world, channel, asked.args, "chat.postEphemeral", ephemeral_to=user)
    return {"message_ts": message.ts}


def update(asked: Asked) -> dict[str, Any]:
    """chat.update: what is not said anew is kept, blocks and metadata too."""
    target, ts = asked.needs("channel", "ts")
    message = _own(asked, target, ts, "cant_update_message")
    check_message(asked.world, asked.args, "chat.update")
    _check_metadata(asked)
    message.edited.append(Version(message.text, message.blocks))
    if asked.args.get("text") is not None:
        message.text = str(asked.args["text"])
    if asked.args.get("blocks") is not None:
        message.blocks = with_ids(asked.args["blocks"], asked.world.new_id)
    if asked.args.get("metadata") is not None:
        message.metadata = asked.args["metadata"] or None
    return {"channel": message.channel, "ts": message.ts, "text": message.text, "message": asked.shown(message)}


def delete(asked: Asked) -> dict[str, Any]:
    """chat.delete."""
    target, ts = asked.needs("channel", "ts")
    message = _own(asked, target, ts, "cant_delete_message")
    message.deleted = True
    return {"channel": message.channel, "ts": message.ts}


def get_permalink(asked: Asked) -> dict[str, Any]:
    """chat.getPermalink."""
    target, ts = asked.needs("channel", "message_ts")
    channel = asked.channel(target)
    message = asked.world.message(channel.id, ts)
    if message is None or message.ephemeral_to:
        raise Refused("message_not_found")
    domain = asked.world.teams[channel.team].domain
    return {"channel": channel.id, "permalink": f"https://{domain}.slack.com/archives/{channel.id}/p{_digits(ts)}"}


def open_dm(asked: Asked) -> dict[str, Any]:
    """conversations.open, for direct messages with one person."""
    if asked.args.get("channel"):
        return {"channel": {"id": asked.channel(asked.args["channel"]).id}, "already_open": True, "no_op": True}
    (users,) = asked.needs("users")
    if "," in str(users):
        asked.requires("mpim:write")
        raise Refused("method_not_supported_for_channel_type")
    asked.requires("im:write")
    user = asked.user(users)
    if user.bot:
        raise Refused("cannot_dm_bot")
    if user.deleted:
        raise Refused("user_disabled")
    channel = asked.world.channels[asked.world.dm_of(user.id, asked.teams[0].id)]
    if asked.flag("return_im"):
        return {"channel": channel_object(channel, asked.bot_in(channel))}
    return {"channel": {"id": channel.id}}


def channel_info(asked: Asked) -> dict[str, Any]:
    """conversations.info."""
    (target,) = asked.needs("channel")
    channel = asked.channel(target)
    asked.requires(f"{_family(channel)}:read")
    return {"channel": channel_object(channel, asked.bot_in(channel))}


def history(asked: Asked) -> dict[str, Any]:
    """conversations.history: newest first, without answers in threads; `oldest` is left out unless `inclusive`."""
    (target,) = asked.needs("channel")
    channel = _readable(asked, target)
    standing = [m for m in _standing(asked, channel) if m.thread_ts in {None, m.ts} and _is_between(asked, m.ts)]
    return _page(asked, sorted(standing, key=lambda m: m.ts, reverse=True))


def replies(asked: Asked) -> dict[str, Any]:
    """conversations.replies: a thread, oldest first, with the message it began with."""
    target, ts = asked.needs("channel", "ts")
    channel = _readable(asked, target)
    thread = [m for m in _standing(asked, channel) if ts in {m.thread_ts, m.ts} and _is_between(asked, m.ts)]
    if not thread:
        raise Refused("thread_not_found")
    return _page(asked, sorted(thread, key=lambda m: m.ts))


def _readable(asked: Asked, target: str) -> FakeChannel:
    channel = asked.channel(target)
    asked.requires(f"{_family(channel)}:history")
    if asked.bot_in(channel) not in channel.members:
        raise Refused("not_in_channel")
    return channel


def _standing(asked: Asked, channel: FakeChannel) -> list[FakeMessage]:
    everything = [*asked.world.messages, *asked.world.said]
    return [m for m in everything if m.channel == channel.id and not m.deleted and not m.ephemeral_to]


def _is_between(asked: Asked, ts: str) -> bool:
    oldest, latest = (_micros(str(asked.args.get(name) or "")) for name in ("oldest", "latest"))
    at = _micros(ts) or 0
    if asked.flag("inclusive"):
        return (oldest is None or oldest <= at) and (latest is None or at <= latest)
    return (oldest is None or oldest < at) and (latest is None or at < latest)


def _page(asked: Asked, messages: list[FakeMessage]) -> dict[str, Any]:
    limit = min(int(asked.args.get("limit") or 100), MOST_HISTORY)
    if limit < 1:
        raise Refused("invalid_limit")
    cursor = str(asked.args.get("cursor") or "0")
    if not cursor.isdecimal():
        raise Refused("invalid_cursor")
    start = int(cursor)
    with_metadata = asked.flag("include_all_metadata")
    rest = str(start + limit) if start + limit < len(messages) else ""
    return {
        "messages": [asked.shown(m, with_metadata=with_metadata) for m in messages[start : start + limit]],
        "has_more": bool(rest),
        "response_metadata": {"next_cursor": rest},
    }


def _own(asked: Asked, target: str, ts: str, refusal: str) -> FakeMessage:
    channel = asked.channel(target)
    if channel.archived:
        raise Refused("is_archived")
    message = asked.world.message(channel.id, ts)
    if message is None or message.ephemeral_to:
        raise Refused("message_not_found")
    if message.user != asked.bot_in(channel):
        raise Refused(refusal)
    return message


def _check_metadata(asked: Asked) -> None:
    metadata = asked.args.get("metadata")
    if not metadata:
        return
    if not isinstance(metadata, dict) or not {"event_type", "event_payload"} <= metadata.keys():
        raise Refused("invalid_metadata_format")
    if not isinstance(metadata["event_payload"], dict):
        raise Refused("invalid_metadata_schema")


def _keep_pace(asked: Asked, channel: FakeChannel) -> None:
    now = asyncio.get_running_loop().time()
    last = asked.world.last_posted.get(channel.id)
    if asked.world.pace is not None and last is not None and now - last < asked.world.pace:
        raise Refused("ratelimited", retry_after=1)
    asked.world.last_posted[channel.id] = now


def _family(channel: FakeChannel) -> str:
    return "im" if channel.is_dm else "groups" if channel.private else "channels"


def _micros(ts: str) -> int | None:
    """A ts as microseconds; what is given as whole seconds counts too."""
    seconds, _, micros = ts.partition(".")
    return int(seconds) * 1_000_000 + int(micros.ljust(6, "0")[:6]) if seconds else None


def _digits(ts: str) -> str:
    return ts.replace(".", "")
