"""A message's key: where it stands in a message on Slack, and how a message is found by it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.refusals import code_of

EVENT_TYPE = "rapport_message"
"""The type of the metadata that holds a key."""

PAGE = 200
"""Messages asked for at once; Slack may give fewer."""


def metadata_of(key: str) -> dict[str, Any]:
    """What stands in a message that is posted under a key."""
    return {"event_type": EVENT_TYPE, "event_payload": {"key": key}}


def key_of(message: Mapping[str, Any]) -> str | None:
    """The key under which a message was posted, where it is one of ours."""
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != EVENT_TYPE:
        return None
    key = (metadata.get("event_payload") or {}).get("key")
    return key if isinstance(key, str) else None


async def look_for(client: AsyncWebClient, channel: str, key: str, since: datetime) -> str | None:
    """The `ts` of the newest message with a key in a conversation, at or after `since`: looks to the very end."""
    oldest = f"{since.timestamp():.6f}"
    return await _look(key, partial(client.conversations_history, channel=channel, oldest=oldest, inclusive=True))


async def look_in_thread(client: AsyncWebClient, channel: str, thread: str, key: str) -> str | None:
    """The same in a thread; nothing where that is gone."""
    try:
        return await _look(key, partial(client.conversations_replies, channel=channel, ts=thread))
    except SlackApiError as error:
        if code_of(error) in {"thread_not_found", "message_not_found"}:
            return None
        raise


async def _look(key: str, ask: Callable[..., Awaitable[AsyncSlackResponse]]) -> str | None:
    """Goes through all pages of what is asked for."""
    cursor: str | None = None
    while True:
        page = await ask(include_all_metadata=True, limit=PAGE, cursor=cursor)
        for message in page.get("messages") or ():
            if key_of(message) == key:
                return str(message["ts"])
        if not (cursor := (page.get("response_metadata") or {}).get("next_cursor")):
            return None
