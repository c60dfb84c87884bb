from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier
from structlog.testing import capture_logs

from adapters.slack.errands import Errands
from adapters.slack.web import Door
from bot.clock import system_clock

SECRET = "hush"
BODY = json.dumps({"type": "url_verification", "challenge": "abc"}).encode()
NEVER = 60.0


class Line:
    """A connection on which a request is written piece by piece."""

    def __init__(self, server: web.Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._server, self._reader, self._writer = server, reader, writer

    async def write(self, piece: bytes) -> None:
        """The next bytes."""
        self._writer.write(piece)
        await self._writer.drain()

    async def is_being_read(self) -> None:
        """Returns when the head of the request has arrived."""
        async with asyncio.timeout(NEVER):
            while not self._server.requests_count:  # noqa: ASYNC110 - aiohttp tells nobody
                await asyncio.sleep(0)

    async def status(self) -> int:
        """What was answered."""
        return int((await self._reader.readline()).split()[1])


Opens = Callable[[float], AbstractAsyncContextManager[Line]]
"""Opens a line to a door at which requests may take so many seconds to arrive."""


@pytest.fixture
def errands() -> Errands:
    """Nothing at work."""
    return Errands()


@pytest.fixture
def open_line(errands: Errands) -> Opens:
    """Opens a line to a door at which requests may take so many seconds to arrive."""

    @asynccontextmanager
    async def line(read_within: float) -> AsyncIterator[Line]:
        app = AsyncApp(signing_secret=SECRET, token="xoxb-1", request_verification_enabled=False)
        site = web.Application()
        site.add_routes(Door(app, SECRET, errands, read_within=read_within).routes())
        runner = web.AppRunner(site, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        reader, writer = await asyncio.open_connection(*runner.addresses[0])
        try:
            assert runner.server is not None
            yield Line(runner.server, reader, writer)
        finally:
            writer.close()
            await runner.cleanup()

    return line


def head(*, signature: str | None = None) -> bytes:
    """The beginning of a request with BODY, rightly signed unless a signature is given."""
    moment = str(int(system_clock().timestamp()))
    right = SignatureVerifier(SECRET).generate_signature(timestamp=moment, body=BODY)
    lines = (
        "POST /slack/events HTTP/1.1",
        "Host: rapport",
        "Content-Type: application/json",
        f"Content-Length: {len(BODY)}",
        f"X-Slack-Request-Timestamp: {moment}",
        f"X-Slack-Signature: {signature or right}",
    )
    return "\r\n".join((*lines, "", "")).encode()


async def test_what_does_not_arrive_is_not_waited_for(open_line: Opens) -> None:
    """A request that is never finished ends with a 408."""
    async with open_line(0.05) as line:
        await line.write(head() + BODY[:5])
        assert 408 == await line.status()


async def test_what_comes_in_pieces_is_heard(open_line: Opens) -> None:
    """Networks cut requests where they like."""
    async with open_line(NEVER) as line:
        for piece in (head(), BODY[:5], BODY[5:]):
            await line.write(piece)
        assert 200 == await line.status()


@pytest.mark.parametrize("signature", [None, "v0=" + "0" * 64])
async def test_nobody_unknown_keeps_rapport_from_stopping(
    open_line: Opens, errands: Errands, signature: str | None
) -> None:
    """What has not arrived is not at work, for it may be anybody's; what arrives after the end is Slack's to repeat."""
    async with open_line(NEVER) as line:
        await line.write(head(signature=signature) + BODY[:5])
        await line.is_being_read()
        with capture_logs() as logs:
            await errands.finish(within=NEVER)
        assert [] == logs
        await line.write(BODY[5:])
        assert (401 if signature else 503) == await line.status()
