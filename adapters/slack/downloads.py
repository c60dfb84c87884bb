"""Files that people send: fetched from Slack's own host only, and not if they are too large."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import words
from adapters.slack.clients import Clients
from adapters.slack.refusals import unanswered
from bot.errors import NotFound, PostError, StoreFailed, TooLong
from bot.inbound import Upload

UPLOAD_LIMIT = 2 * 1024 * 1024
"""Bytes of one file: more than any roster has, and what a chat may keep in memory for everybody at once."""

UPLOADS_LIMIT = 5
"""Files that one message or form may bring; an import takes two."""

FETCH_WITHIN = 15.0
"""Seconds that one file may take to come."""

NAME_LIMIT = 200

_SLACK = ".slack.com"


class Downloads:
    """Fetches what people send."""

    def __init__(self, clients: Clients, api_url: str) -> None:
        """`api_url` is where the Web API is: beside Slack's own hosts files may come from there."""
        self._clients, self._api_url = clients, api_url

    async def fetch(self, workspace: str, ids: Sequence[str]) -> tuple[Upload, ...]:
        """The files in order. Raises TooLong or NotFound, with a sentence for whoever sent them, and StoreFailed."""
        return tuple([await self._one(workspace, id) for id in ids[:UPLOADS_LIMIT]])

    async def _one(self, workspace: str, id: str) -> Upload:
        try:
            async with self._clients.question(workspace, FETCH_WITHIN) as client:
                found = await client.files_info(file=id)
                return await self._download(client, found.get("file") or {})
        except PostError as error:
            trouble = unanswered(error)
            raise trouble if isinstance(trouble, StoreFailed) else NotFound(words.FILE_LOST.format(name=id)) from error

    async def _download(self, client: AsyncWebClient, file: Mapping[str, Any]) -> Upload:
        name = str(file.get("name") or file.get("title") or "file")[:NAME_LIMIT]
        address = str(file.get("url_private_download") or file.get("url_private") or "")
        if int(file.get("size") or 0) > UPLOAD_LIMIT:
            raise TooLong(_too_large(name))
        if not is_slacks(address, self._api_url):
            raise NotFound(words.FILE_LOST.format(name=name))
        session = client.session
        if session is None:
            raise NotFound(words.FILE_LOST.format(name=name))
        # Without redirects: the token goes with the request, and may go nowhere but where it was checked to go.
        headers = {"Authorization": f"Bearer {client.token}"}
        async with session.get(address, headers=headers, allow_redirects=False) as answer:
            if answer.status != 200 or answer.content_type == "text/html" != file.get("mimetype"):
                raise NotFound(words.FILE_LOST.format(name=name))
            return Upload(name, await _read(answer, name))


def is_slacks(address: str, api_url: str) -> bool:
    """Whether the token may be sent to an address: Slack's own by https, or the very server that has the Web API."""
    parts, api = urlsplit(address), urlsplit(api_url)
    if (parts.scheme, parts.netloc) == (api.scheme, api.netloc):
        return True
    host, is_plain = parts.hostname or "", "@" not in parts.netloc
    return parts.scheme == "https" and parts.port in {None, 443} and host.endswith(_SLACK) and is_plain


async def _read(answer: aiohttp.ClientResponse, name: str) -> bytes:
    """The bytes, of which no more are read than may be."""
    content = bytearray()
    async for chunk in answer.content.iter_chunked(64 * 1024):
        content += chunk
        if len(content) > UPLOAD_LIMIT:
            raise TooLong(_too_large(name))
    return bytes(content)


def _too_large(name: str) -> str:
    return words.FILE_TOO_LARGE.format(name=name, limit=f"{UPLOAD_LIMIT // 1024 // 1024} MB")
