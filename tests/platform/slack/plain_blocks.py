"""A go-between for emulators of Slack that draw only the oldest blocks, so that Rapport can be looked at in one.

    python -m tests.platform.slack.plain_blocks --emulator http://127.0.0.1:3333 --port 3334

Rapport is started with SLACK_API_URL=http://127.0.0.1:3334/api/ and an app token. Every call, every socket and every
response URL goes through here and on to the emulator; only what that can't draw is changed, see `plainer`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import count
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin
from zoneinfo import ZoneInfo

from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType, web

from bot.clock import system_clock
from tests.platform.slack.plainer import Payload, completed, looked_up, plainer
from tests.platform.slack.reading import Reader

SUGGEST_WITHIN = 2.0
"""Seconds that the bot gets to say what can be chosen."""

_ENCODED = ("blocks", "view")
"""What is JSON within a call that is a form of the web."""
_DROPPED = frozenset({"host", "content-length", "accept-encoding", "connection", "transfer-encoding"})


class GoBetween:
    """Stands between one bot and one emulator. Whoever did something last is who looks at what comes next."""

    def __init__(self, emulator: str, zone: ZoneInfo, clock: Callable[[], datetime]) -> None:
        """`emulator` is the address that its pages and its `/api/` are at; dates are written for readers in `zone`."""
        self._emulator, self._zone, self._clock = emulator.rstrip("/") + "/", zone, clock
        self._elsewhere: dict[str, str] = {}
        self._ids = count(1)
        self._bot: web.WebSocketResponse | None = None
        self._asked: dict[str, asyncio.Future[Sequence[Payload]]] = {}
        self._last: Payload = {}
        self._http: ClientSession | None = None

    def app(self) -> web.Application:
        """The routes, and the connection to the emulator for as long as they are served."""
        app = web.Application(client_max_size=64 * 1024**2)
        app.router.add_route("*", "/api/{method}", self._call)
        app.router.add_get("/socket/{id}", self._socket)
        app.router.add_post("/response/{id}", self._response)
        app.cleanup_ctx.append(self._connected)
        return app

    async def _connected(self, _: web.Application) -> Any:
        async with ClientSession(auto_decompress=True) as self._http:
            yield

    async def _call(self, request: web.Request) -> web.Response:
        """A call of the Web API, and what the emulator answers; a socket's address leads back to us."""
        address = urljoin(self._emulator, request.rel_url.raw_path_qs.lstrip("/"))
        answer = await self._sent(request, address)
        if request.match_info["method"] == "apps.connections.open" and answer.text:
            said = json.loads(answer.text)
            if "url" in said:
                said["url"] = self._ours(request, "socket", said["url"], scheme="ws")
                return web.json_response(said)
        return answer

    async def _response(self, request: web.Request) -> web.Response:
        return await self._sent(request, self._elsewhere[request.match_info["id"]])

    async def _sent(self, request: web.Request, address: str) -> web.Response:
        """Sends a request on, with its blocks made plainer, and brings the answer as it is."""
        assert self._http is not None
        body = await self._rewritten(request.content_type, await request.read())
        headers = {name: value for name, value in request.headers.items() if name.lower() not in _DROPPED}
        async with self._http.request(request.method, address, data=body or None, headers=headers) as answer:
            said, kind = await answer.read(), answer.content_type
            return web.Response(status=answer.status, body=said, content_type=kind)

    async def _rewritten(self, kind: str, body: bytes) -> bytes:
        """A body with plainer blocks, whether it is JSON or a form that holds JSON; any other as it is."""
        if kind == "application/json":
            return json.dumps(await self._plainer(json.loads(body))).encode()
        if kind != "application/x-www-form-urlencoded":
            return body
        fields = dict(parse_qsl(body.decode(), keep_blank_values=True))
        inner = {name: json.loads(fields[name]) for name in _ENCODED if name in fields}
        drawn = await self._plainer(inner)
        return urlencode({**fields, **{name: json.dumps(drawn[name]) for name in inner}}).encode()

    async def _plainer(self, payload: Payload) -> Payload:
        """A payload in plainer blocks; for what is looked up in it the bot is asked what there is."""
        inputs = looked_up(payload)
        options = await asyncio.gather(*(self._suggested(payload["view"], block) for block in inputs))
        offered = {block["element"]["action_id"]: found for block, found in zip(inputs, options, strict=True)}
        return plainer(payload, Reader(str, self._zone, self._clock()), offered)

    async def _suggested(self, view: Payload, block: Payload) -> Sequence[Payload]:
        """What the bot suggests before anything is typed; nothing where it does not say in time."""
        if self._bot is None or self._bot.closed:
            return ()
        id = f"between-{next(self._ids)}"
        question: Payload = {
            **{name: self._last[name] for name in ("team", "user", "api_app_id") if name in self._last},
            "type": "block_suggestion",
            "container": {"type": "view", "view_id": "VASKED"},
            "block_id": block.get("block_id", ""),
            "action_id": block["element"]["action_id"],
            "value": "",
            "view": {"id": "VASKED", **view},
        }
        self._asked[id] = asyncio.get_running_loop().create_future()
        envelope = {"envelope_id": id, "type": "interactive", "payload": question, "accepts_response_payload": True}
        try:
            async with asyncio.timeout(SUGGEST_WITHIN):
                await self._bot.send_json(envelope)
                return await self._asked[id]
        except TimeoutError:
            return ()
        finally:
            del self._asked[id]

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        """One socket of the bot's, joined to one of the emulator's."""
        bot = web.WebSocketResponse()
        assert self._http is not None
        async with self._http.ws_connect(self._elsewhere[request.match_info["id"]]) as emulator:
            await bot.prepare(request)
            self._bot = bot
            ways = [self._to_bot(request, emulator, bot), self._to_emulator(bot, emulator)]
            _, other = await asyncio.wait(map(asyncio.ensure_future, ways), return_when=asyncio.FIRST_COMPLETED)
            for task in other:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
        await bot.close()
        return bot

    async def _to_bot(
        self, request: web.Request, emulator: ClientWebSocketResponse, bot: web.WebSocketResponse
    ) -> None:
        async for message in emulator:
            if message.type is WSMsgType.TEXT:
                await bot.send_json(self._for_bot(request, json.loads(message.data)))

    def _for_bot(self, request: web.Request, envelope: Payload) -> Payload:
        """An envelope whose payload is as Slack's would be, and whose response URL leads back to us."""
        payload = envelope.get("payload")
        if not isinstance(payload, Mapping):
            return envelope
        whole = completed(payload)
        if "response_url" in whole:
            whole["response_url"] = self._ours(request, "response", whole["response_url"])
        self._last = _actor_of(whole) or self._last
        return {**envelope, "payload": whole}

    async def _to_emulator(self, bot: web.WebSocketResponse, emulator: ClientWebSocketResponse) -> None:
        async with asyncio.TaskGroup() as passing:
            async for message in bot:
                if message.type is WSMsgType.TEXT:
                    # An acknowledgement may have to wait for suggestions, which come through this same socket.
                    passing.create_task(self._pass_on(json.loads(message.data), emulator))

    async def _pass_on(self, ack: Payload, emulator: ClientWebSocketResponse) -> None:
        payload = ack.get("payload")
        if (asked := self._asked.get(ack.get("envelope_id", ""))) is not None:
            if not asked.done():
                asked.set_result((payload or {}).get("options") or ())
        elif isinstance(payload, Mapping):
            await emulator.send_json({**ack, "payload": await self._plainer(dict(payload))})
        else:
            await emulator.send_json(ack)

    def _ours(self, request: web.Request, route: str, theirs: str, scheme: str = "http") -> str:
        """An address of ours that stands for one of the emulator's."""
        id = str(next(self._ids))
        self._elsewhere[id] = theirs
        return f"{scheme}://{request.host}/{route}/{id}"


def _actor_of(payload: Mapping[str, Any]) -> Payload | None:
    """Who did something in the emulator; `None` for events, in which nothing is looked up."""
    app = {"api_app_id": payload.get("api_app_id")}
    if "command" in payload:
        team = payload["team_id"]
        return {"team": {"id": team}, "user": {"id": payload["user_id"], "team_id": team}, **app}
    if "user" in payload and "team" in payload:
        return {"team": payload["team"], "user": payload["user"], **app}
    return None


def main(arguments: Sequence[str] | None = None) -> None:
    """Serves until it is stopped."""
    parser = argparse.ArgumentParser(description="Stands between Rapport and an emulator of Slack.")
    parser.add_argument("--emulator", default="http://127.0.0.1:3333", help="where the emulator is (%(default)s)")
    parser.add_argument("--port", type=int, default=3334, help="where Rapport reaches us (%(default)s)")
    parser.add_argument("--zone", type=ZoneInfo, default=ZoneInfo("UTC"), help="whose time dates show (%(default)s)")
    asked = parser.parse_args(arguments)
    between = GoBetween(asked.emulator, asked.zone, system_clock)
    web.run_app(between.app(), host="127.0.0.1", port=asked.port, access_log=None)


if __name__ == "__main__":
    main()
