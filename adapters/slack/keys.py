"""A message's key: where it stands in a message on Slack, and how a message is found by it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

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
    cursor: str | None = None
    while True:
        page = await client.conversations_history(
            channel=channel,
            oldest=f"{since.timestamp():.6f}",
            inclusive=True,
            include_all_metadata=True,
            limit=PAGE,
            cursor=cursor,
        )
        for message in page.get("messages") or ():
            if key_of(message) == key:
                return str(message["ts"])
        if not (cursor := (page.get("response_metadata") or {}).get("next_cursor")):
            return None
