"""Pictures and files of a reply, brought into a conversation after the message that they belong to."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from adapters.limits import clip
from adapters.slack.clients import Clients
from adapters.slack.refusals import refusals
from bot.errors import NotPosted
from bot.reply import File, Image, Reply, Text, join, say

UPLOAD_WITHIN = 30.0
"""Seconds that all files of a message may take together."""

ALT_LIMIT = 1_000
"""Characters that Slack takes to describe a picture: docs.slack.dev/reference/methods/files.getUploadURLExternal."""

_SHORT_WAIT = 5.0


class Uploads:
    """Brings files into conversations."""

    def __init__(self, clients: Clients) -> None:
        """They stand in no queue: Slack counts them apart from messages, and a large one would hold up the others."""
        self._clients = clients

    async def bring(
        self, workspace: str, channel: str, files: Sequence[Image | File], *, thread: str | None = None
    ) -> None:
        """Shares files in a conversation, all of them in one message, once. Raises PostError."""
        with refusals():
            async with asyncio.timeout(UPLOAD_WITHIN):
                try:
                    await self._share(workspace, channel, files, thread)
                except NotPosted as error:
                    if error.retry_after is None or error.retry_after > _SHORT_WAIT:
                        raise
                    await asyncio.sleep(error.retry_after)
                    await self._share(workspace, channel, files, thread)

    async def _share(self, workspace: str, channel: str, files: Sequence[Image | File], thread: str | None) -> None:
        # The posting client has no retries; slack_sdk uses it for all three steps, and the last one shares the files.
        client = await self._clients.posting(workspace)
        with refusals():
            uploads = [_upload(file) for file in files]
            await client.files_upload_v2(file_uploads=uploads, channel=channel, thread_ts=thread)


def _upload(file: Image | File) -> dict[str, Any]:
    """What slack_sdk wants to know of a file."""
    if isinstance(file, Image):
        return {"filename": file.name, "title": file.name, "content": file.png, "alt_txt": clip(file.alt, ALT_LIMIT)}
    return {"filename": file.name, "title": file.name, "content": file.content}


def follows_by_dm(files: Sequence[Image | File]) -> Text:
    """Under a private answer in a channel, which can hold no file."""
    return say("In our direct messages: {files}.", files=_names(files))


def did_not_arrive(files: Sequence[Image | File]) -> Reply:
    """Under a message whose files did not get through, or may not have."""
    sentence = say("Slack may not have taken {files}. If nothing is here, ask for it again.", files=_names(files))
    return Reply(blocks=(sentence,))


def _names(files: Sequence[Image | File]) -> Text:
    return join(", ", [say("{name}", name=file.name) for file in files])
