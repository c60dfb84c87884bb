"""Socket Mode: sockets that a bot opened, envelopes to any one of them, and their acknowledgements."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import WSMsgType, web

from tests.platform.slack.delivery import Answer, Retry
from tests.platform.slack.state import APP_ID
from tests.platform.slack.world import World

MOST_SOCKETS = 10

ENVELOPES = {
    "event": "events_api",
    "command": "slash_commands",
    "interaction": "interactive",
    "suggestion": "interactive",
}


@dataclass(eq=False)
class Socket:
    """One connection; `ends` is the way to cut it."""

    ws: web.WebSocketResponse
    ends: asyncio.Transport | None


@dataclass
class Envelope:
    """What waits for an acknowledgement on a socket."""

    kind: str
    socket: Socket
    acked: asyncio.Future[Answer]


class SocketMode:
    """The sockets of the app; each delivery goes to the one whose turn it is. With `refused` none may connect."""

    def __init__(self, world: World, stir: Callable[[], None]) -> None:
        """Nobody is connected yet. `stir` is told whenever a socket comes, goes or is rejected."""
        self.refused = False
        self.refusals = 0
        self._world = world
        self._stir = stir
        self._sockets: list[Socket] = []
        self._waiting: dict[str, Envelope] = {}

    @property
    def count(self) -> int:
        """How many stand."""
        return len(self._sockets)

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """A bot connects with a URL of apps.connections.open, which is good for one connection."""
        ticket = request.query.get("ticket", "")
        if self.refused or ticket not in self._world.tickets:
            self.refusals += 1
            self._stir()
            return web.Response(status=403)
        self._world.tickets.remove(ticket)
        ws = web.WebSocketResponse()
        await ws.prepare(request)
        if self.count >= MOST_SOCKETS:
            await ws.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await ws.close()
            return ws
        socket = Socket(ws, request.transport)
        self._sockets.append(socket)
        try:
            await ws.send_json(self._hello())
            self._stir()
            async for message in ws:
                if message.type is WSMsgType.TEXT:
                    self._take(message.data)
        finally:
            self._lose(socket)
        return ws

    async def send(self, kind: str, payload: dict[str, Any], retry: Retry | None, patience: float) -> Answer:
        """One envelope to any socket, and its acknowledgement within `patience` seconds."""
        if not self._sockets:
            return Answer(error="connection_failed")
        socket = self._sockets.pop(0)
        self._sockets.append(socket)
        id = self._world.new_id("envelope-")
        envelope = Envelope(kind, socket, asyncio.get_running_loop().create_future())
        self._waiting[id] = envelope
        try:
            async with asyncio.timeout(patience):
                await socket.ws.send_json(_enveloped(id, kind, payload, retry))
                return await envelope.acked
        except TimeoutError:
            return Answer(error="operation_timeout")
        except ConnectionError:
            return Answer(error="connection_failed")
        finally:
            del self._waiting[id]

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Asks the socket whose turn it is to go, and closes it: what Slack does every few hours."""
        socket = self._sockets[0]
        await socket.ws.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "fake"}})
        self._lose(socket)
        await socket.ws.close()

    def drop(self) -> None:
        """Cuts every connection without a word."""
        for socket in tuple(self._sockets):
            self._lose(socket)
            if socket.ends is not None:
                socket.ends.abort()

    def hush(self) -> None:
        """Neither reads nor answers on any connection any more, and leaves them open: as where the way is cut."""
        for socket in self._sockets:
            if isinstance(socket.ends, asyncio.ReadTransport):
                socket.ends.pause_reading()

    async def close(self) -> None:
        """Closes all sockets."""
        for socket in tuple(self._sockets):
            self._lose(socket)
            await socket.ws.close()

    def _hello(self) -> dict[str, Any]:
        return {
            "type": "hello",
            "num_connections": self.count,
            "debug_info": {"host": "fake", "build_number": 1, "approximate_connection_time": 18060},
            "connection_info": {"app_id": APP_ID},
        }

    def _lose(self, socket: Socket) -> None:
        if socket in self._sockets:
            self._sockets.remove(socket)
            self._stir()
        for envelope in self._waiting.values():
            if envelope.socket is socket and not envelope.acked.done():
                envelope.acked.set_result(Answer(error="connection_failed"))

    def _take(self, text: str) -> None:
        try:
            ack = json.loads(text)
            envelope = self._waiting.get(ack["envelope_id"])
        except (ValueError, KeyError, TypeError):
            self._world.complaints.append("socket: something else than an acknowledgement arrived")
            return
        if envelope is None or envelope.acked.done():
            return
        payload = ack.get("payload") or None
        if payload and envelope.kind == "event":
            self._world.complaints.append("socket: an event's acknowledgement takes no payload")
        envelope.acked.set_result(
            Answer(200, payload if isinstance(payload, dict) or not payload else {"text": payload})
        )


def _enveloped(id: str, kind: str, payload: dict[str, Any], retry: Retry | None) -> dict[str, Any]:
    envelope = {
        "envelope_id": id,
        "type": ENVELOPES[kind],
        "payload": payload,
        "accepts_response_payload": kind != "event",
    }
    if kind == "event":
        # Slack counts in first deliveries too, from nought and without a reason.
        envelope |= {"retry_attempt": retry.num if retry else 0, "retry_reason": retry.reason if retry else ""}
    return envelope
