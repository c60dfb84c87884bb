"""The HTTP side: what is not surely from Slack is turned away before anything reads it."""

from __future__ import annotations

import asyncio
import re
from json import JSONDecodeError

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier

from adapters.slack.errands import Errands
from adapters.slack.names import EVENTS_PATH

BODY_LIMIT = 1_000_000
"""Bytes of a request; a modal, the largest thing that Slack sends, is 250 kB."""

READ_WITHIN = 3.0
"""Seconds that a request may take to arrive; after as many Slack has given it up."""

_TIMESTAMP = re.compile(r"[0-9]{1,12}")
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")

log = structlog.get_logger()


class Door:
    """Where Slack's requests come in by HTTP."""

    def __init__(
        self, app: AsyncApp, signing_secret: str, errands: Errands, *, read_within: float = READ_WITHIN
    ) -> None:
        """Requests are verified here, so that `app` must not do it again. `read_within` in seconds."""
        self._app, self._errands, self._read_within = app, errands, read_within
        self._verifier = SignatureVerifier(signing_secret)

    def routes(self) -> list[web.RouteDef]:
        """The one path on which Slack posts events, commands, presses and forms."""
        return [web.post(EVENTS_PATH, self.receive)]

    async def receive(self, request: web.Request) -> web.Response:
        """Answers one request; 503 while stopping.

        What is turned away: 401 not from Slack or too old, 408 too slow, 413 too large, 400 no words. Nothing waits for
        any of these when Rapport stops, for they may be from anybody.
        """
        timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
        signature = request.headers.get("X-Slack-Signature", "")
        if not _TIMESTAMP.fullmatch(timestamp) or not _SIGNATURE.fullmatch(signature):
            return _turned_away(401, "headers")
        try:
            async with asyncio.timeout(self._read_within):
                raw = await _read(request)
        except TimeoutError:
            return _turned_away(408, "time")
        if raw is None:
            return _turned_away(413, "size")
        try:
            body = raw.decode("utf-8")
        except UnicodeDecodeError:
            return _turned_away(400, "encoding")
        if not self._verifier.is_valid(body, timestamp, signature):
            return _turned_away(401, "signature")
        if not self._errands.is_open:
            return web.Response(status=503)
        with self._errands.hearing():
            return await self._pass_on(body, request)

    async def _pass_on(self, body: str, request: web.Request) -> web.Response:
        try:
            heard = AsyncBoltRequest(body=body, query=request.query_string, headers=dict(request.headers))
        except JSONDecodeError:
            return _turned_away(400, "json")
        return await to_aiohttp_response(await self._app.async_dispatch(heard))


async def _read(request: web.Request) -> bytes | None:
    """The body; `None` where it is over the limit, of which no more is read than that."""
    if (request.content_length or 0) > BODY_LIMIT:
        return None
    read = bytearray()
    async for chunk in request.content.iter_any():
        read += chunk
        if len(read) > BODY_LIMIT:
            return None
    return bytes(read)


def _turned_away(status: int, why: str) -> web.Response:
    log.warning("slack.turned_away", status=status, why=why)
    return web.Response(status=status)
