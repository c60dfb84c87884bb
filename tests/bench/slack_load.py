"""Load from beside: a process of its own that sends signed requests, and answers the bot as Slack's Web API would.

It is told by lines of JSON what to send, and says by lines of JSON how many seconds each request took: so neither the
client's work nor Slack's own falls into the loop that is measured.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import perf_counter, time
from typing import Any

import msgspec
from aiohttp import web

PATH = "/slack/events"
LINE_LIMIT = 1 << 26
ROOT = Path(__file__).parents[2]


class Requests(msgspec.Struct, frozen=True, kw_only=True):
    """Requests to send: `at_once` at a time, each as soon as another one has been answered.

    `expected` stands in every answer that was worth timing; all that have another one are an error.
    """

    port: int
    secret: str
    content_type: str
    bodies: tuple[str, ...]
    at_once: int = 1
    expected: str = ""


class Load:
    """The other side: the process that sends, and the address of the Web API that it answers."""

    def __init__(self, child: asyncio.subprocess.Process, api_url: str) -> None:
        self._child, self.api_url = child, api_url

    async def send(self, requests: Requests) -> list[float]:
        """Seconds that every request took, in the order in which they were begun. RuntimeError for a wrong answer."""
        assert self._child.stdin is not None
        self._child.stdin.write(msgspec.json.encode(requests) + b"\n")
        return msgspec.json.decode(await self._line(), type=list[float])

    async def _line(self) -> bytes:
        assert self._child.stdout is not None
        line = await self._child.stdout.readline()
        if not line.startswith(b"["):
            raise RuntimeError(line.decode() or "the load came to an end")
        return line


@asynccontextmanager
async def open_load() -> AsyncIterator[Load]:
    """The process, for as long as it is needed."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.bench.slack_load",
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=LINE_LIMIT,
    )
    try:
        assert child.stdout is not None
        yield Load(child, (await child.stdout.readline()).decode().strip())
    finally:
        assert child.stdin is not None
        child.stdin.close()
        await child.wait()


async def serve() -> None:
    """Answers as the Web API, and sends what it is told to until nobody tells it any more."""
    app = web.Application()
    app.add_routes([web.route("*", "/api/{method}", _answer)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}/api/", flush=True)
    reader = asyncio.StreamReader(limit=LINE_LIMIT)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        requests = msgspec.json.decode(line, type=Requests)
        try:
            print(json.dumps(await _sent(requests)), flush=True)
        except RuntimeError as wrong:
            print(repr(wrong), flush=True)
    await runner.cleanup()


ANSWERS: dict[str, dict[str, Any]] = {
    "auth.test": {"team_id": "T01", "user_id": "U0RAPPORT", "bot_id": "B0RAPPORT", "is_enterprise_install": False},
    "users.info": {"user": {"id": "U01", "team_id": "T01", "tz": "Europe/Berlin", "profile": {"display_name": "Ana"}}},
    "conversations.open": {"channel": {"id": "D01"}},
    "views.publish": {"view": {"id": "V01", "hash": "1.1"}},
}
"""What the Web API says: always the same, as soon as it can."""


async def _answer(request: web.Request) -> web.Response:
    await request.read()
    return web.json_response({"ok": True} | ANSWERS[request.match_info["method"]])


async def _sent(requests: Requests) -> list[float]:
    bodies = iter(requests.bodies)
    connections = [await asyncio.open_connection("127.0.0.1", requests.port) for _ in range(requests.at_once)]
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(_one_by_one(requests, bodies, *streams)) for streams in connections]
    except* RuntimeError as wrong:
        raise RuntimeError(str(wrong.exceptions[0])) from wrong
    finally:
        for _, writer in connections:
            writer.close()
    return [seconds for task in tasks for seconds in task.result()]


async def _one_by_one(
    requests: Requests, bodies: Iterator[str], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> list[float]:
    """Sends over one connection that is kept, as long as there is something to send."""
    took = []
    for body in bodies:
        request = _signed(requests, body.encode())
        start = perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        answer = await reader.readexactly(_length(head))
        took.append(perf_counter() - start)
        if not head.startswith(b"HTTP/1.1 200 ") or requests.expected.encode() not in answer:
            raise RuntimeError(f"{body[:200]} was answered: {head[:60]!r} {answer[:300]!r}")
    return took


def _signed(requests: Requests, body: bytes) -> bytes:
    """A request as Slack sends it."""
    timestamp = str(int(time()))
    signed = hmac.new(requests.secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    head = (
        f"POST {PATH} HTTP/1.1",
        "Host: rapport.example.com",
        "User-Agent: Slackbot 1.0 (+https://api.slack.com/robots)",
        "Accept: application/json,*/*",
        "Accept-Encoding: gzip,deflate",
        f"Content-Type: {requests.content_type}",
        f"Content-Length: {len(body)}",
        f"X-Slack-Request-Timestamp: {timestamp}",
        f"X-Slack-Signature: v0={signed}",
        "",
        "",
    )
    return "\r\n".join(head).encode() + body


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


if __name__ == "__main__":
    asyncio.run(serve())
