from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import ClientSession, ClientWebSocketResponse, web
from aiohttp.test_utils import TestServer

from tests.platform.slack.blocks import asking, message, modal, option, picking, rich, words
from tests.platform.slack.plain_blocks import GoBetween

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PRESSED = {
    "type": "block_actions",
    "team": {"id": "T01"},
    "user": {"id": "U01", "team_id": "T01"},
    "message": {"ts": "1.1"},
    "actions": [{"action_id": "press:1:log"}],
}


@dataclass
class Emulator:
    """What an emulator is to the bot: it notes what it gets, and hands out one socket."""

    got: list[tuple[str, Any]] = field(default_factory=list)
    acks: asyncio.Queue[Any] = field(default_factory=asyncio.Queue)
    root: str = ""
    socket: web.WebSocketResponse | None = None

    def app(self) -> web.Application:
        """Its routes."""
        app = web.Application()
        app.router.add_post("/api/{method}", self._call)
        app.router.add_get("/socket/one", self._connect)
        app.router.add_post("/hooks/one", self._call)
        return app

    async def _call(self, request: web.Request) -> web.Response:
        is_json = request.content_type == "application/json"
        body = await request.json() if is_json else dict(await request.post())
        self.got.append((request.match_info.get("method", "hook"), body))
        return web.json_response({"ok": True, "url": f"{self.root.replace('http', 'ws', 1)}/socket/one"})

    async def _connect(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.socket = socket
        async for heard in socket:
            self.acks.put_nowait(json.loads(heard.data))
        return socket


@dataclass
class Bot:
    """A bot that is connected by way of the go-between."""

    http: ClientSession
    root: str
    socket: ClientWebSocketResponse

    async def calls(self, method: str, payload: Any) -> Any:
        """A call of the Web API."""
        async with self.http.post(f"{self.root}/api/{method}", json=payload) as answer:
            return await answer.json()


@asynccontextmanager
async def both() -> AsyncIterator[tuple[Emulator, Bot]]:
    """An emulator and a bot with the go-between between them."""
    emulator = Emulator()
    async with TestServer(emulator.app()) as theirs:
        emulator.root = str(theirs.make_url("")).rstrip("/")
        between = GoBetween(emulator.root, ZoneInfo("UTC"), lambda: NOW)
        async with TestServer(between.app()) as ours, ClientSession() as http:
            root = str(ours.make_url("")).rstrip("/")
            async with http.post(f"{root}/api/apps.connections.open") as answer:
                address = (await answer.json())["url"]
            assert address.startswith(root.replace("http", "ws", 1))
            async with http.ws_connect(address) as socket:
                yield emulator, Bot(http, root, socket)


async def send(emulator: Emulator, id: str, payload: Any) -> None:
    """The emulator tells the bot that something was done."""
    assert emulator.socket is not None
    await emulator.socket.send_json({"envelope_id": id, "type": "interactive", "payload": payload})


async def test_calls_go_through_in_plainer_blocks() -> None:
    """A message arrives with blocks that are drawn, whether it was sent as JSON or as a form, and is answered."""
    said = message(rich(words("a*b")))
    async with both() as (emulator, bot):
        answer = await bot.calls("chat.postMessage", said)
        form = {"channel": "C01", "blocks": json.dumps(said["blocks"])}
        await bot.http.post(f"{bot.root}/api/chat.postMessage", data=form)
    _, (method, by_json), (_, by_form) = emulator.got
    drawn = [{"type": "section", "text": {"type": "mrkdwn", "text": "a∗b"}}]
    assert answer["ok"] is True
    assert ("chat.postMessage", {**said, "blocks": drawn}) == (method, by_json)
    assert ("C01", drawn) == (by_form["channel"], json.loads(by_form["blocks"]))


async def test_a_press_is_answered_by_way_of_us() -> None:
    """What was pressed reaches the bot, whose answer to the response URL arrives in plainer blocks."""
    async with both() as (emulator, bot):
        await send(emulator, "e1", {**PRESSED, "response_url": f"{emulator.root}/hooks/one"})
        heard = await bot.socket.receive_json()
        url = heard["payload"]["response_url"]
        assert url.startswith(bot.root)
        await bot.http.post(url, json=message(rich(words("<b>"))))
    assert ("e1", "press:1:log") == (heard["envelope_id"], heard["payload"]["actions"][0]["action_id"])
    assert ("hook", "‹b›") == (emulator.got[-1][0], emulator.got[-1][1]["blocks"][0]["text"]["text"])


async def test_the_bot_is_asked_whom_one_can_choose() -> None:
    """While a form is brought, its suggestions are asked for, in the name of whoever opened it."""
    view = modal(asking(picking(min_query_length=0)), private_metadata="m")
    async with both() as (emulator, bot):
        await send(emulator, "e1", PRESSED)
        await bot.socket.receive_json()
        await bot.socket.send_json({"envelope_id": "e1", "payload": {"response_action": "update", "view": view}})
        asked = await bot.socket.receive_json()
        question = asked["payload"]
        await bot.socket.send_json({"envelope_id": asked["envelope_id"], "payload": {"options": [option("Jess")]}})
        ack = await emulator.acks.get()
    assert ("block_suggestion", "who", "", "m", "U01", "T01") == (
        question["type"],
        question["action_id"],
        question["value"],
        question["view"]["private_metadata"],
        question["user"]["id"],
        question["team"]["id"],
    )
    assert "e1" == ack["envelope_id"]
    assert [option("Jess")] == ack["payload"]["view"]["blocks"][0]["element"]["options"]
