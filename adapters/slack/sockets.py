"""Socket Mode: keeps a socket to Slack open, and knows for how long it has been down."""

from __future__ import annotations

import asyncio
from logging import Logger
from typing import Any

import aiohttp
import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.errands import Errands
from bot.adapter_port import LET_GO_WITHIN

LOOK_EVERY = 5.0
"""Seconds between two looks at the socket, and between two tries to open the first one."""

PING_EVERY = 10.0
"""Seconds between two pings, and between two tries of the client to open a socket again."""

DOWN_TOO_LONG = 60.0
"""Seconds after which health says that the socket is down; Slack replaces sockets every few hours within one."""

log = structlog.get_logger()


class Sockets:
    """One socket to Slack, through which it sends what it would else post by HTTP."""

    def __init__(
        self,
        app: AsyncApp,
        app_token: str,
        client: AsyncWebClient,
        errands: Errands,
        quiet: Logger,
        *,
        look_every: float = LOOK_EVERY,
        ping_every: float = PING_EVERY,
    ) -> None:
        """`client` asks for sockets with the app's token; `quiet` is a logger that keeps what it is told to itself."""
        self._app, self._token, self._client = app, app_token, client
        self._errands, self._quiet, self._every = errands, quiet, look_every
        self._ping_every = ping_every
        self._handler: _Handler | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._down_since: float | None = None
        self._why = "connecting"

    def start(self) -> None:
        """Begins to connect, and goes on trying for as long as it takes: a refused login ends nothing.

        Must be called inside the running loop, to which the socket belongs.
        """
        self._handler = _Handler(self._app, self._token, self._client, self._errands, self._quiet, self._ping_every)
        self._down_since = asyncio.get_running_loop().time()
        self._tasks = [
            asyncio.create_task(self._connect(self._handler), name="slack.connect"),
            asyncio.create_task(self._watch(self._handler), name="slack.watch"),
        ]

    def health(self) -> str | None:
        """What is wrong with the socket, once it has been down for a minute; `None`: all is well."""
        if self._handler is None or self._down_since is None:
            return None
        seconds = int(asyncio.get_running_loop().time() - self._down_since)
        if seconds < DOWN_TOO_LONG:
            return None
        return f"Slack’s socket has been down for {seconds} s ({self._why})."

    async def close(self) -> None:
        """Lets go of the socket, for a second at most where Slack does not answer; a second call does nothing."""
        handler, self._handler = self._handler, None
        if handler is None:
            return
        client = handler.client
        theirs = (client.message_processor, client.current_session_monitor, client.message_receiver)
        running = [task for task in (*self._tasks, *theirs) if task is not None]
        for task in running:
            task.cancel()
        try:
            async with asyncio.timeout(LET_GO_WITHIN):
                await asyncio.wait(running)
                await handler.close_async()  # type: ignore[no-untyped-call] # Bolt has no annotation there
        except (aiohttp.ClientError, OSError) as error:  # a TimeoutError is an OSError
            log.warning("slack.socket_cut", why=type(error).__name__)
        finally:
            await client.aiohttp_client_session.close()

    async def _connect(self, handler: _Handler) -> None:
        """Opens the first socket. The address is asked for here, so that a refusal is told and not only repeated."""
        while handler.client.wss_uri is None:
            try:
                response = await self._client.apps_connections_open(app_token=self._token)
                handler.client.wss_uri = str(response["url"])
            except SlackApiError as error:
                self._why = str(error.response.get("error", "refused"))
            except (SlackClientError, aiohttp.ClientError, OSError, TimeoutError) as error:
                self._why = type(error).__name__
            if handler.client.wss_uri is None:
                log.error("slack.socket_refused", why=self._why)
                await asyncio.sleep(self._every)
        await handler.connect_async()  # type: ignore[no-untyped-call] # Bolt has no annotation there

    async def _watch(self, handler: _Handler) -> None:
        """Looks at the socket from time to time.

        The client goes on trying an address that was rejected for ever; without one it asks for the next.
        """
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(self._every)
            if await handler.client.is_connected():
                if self._down_since is not None:
                    log.info("slack.socket_up", after=int(loop.time() - self._down_since))
                self._down_since, self._why = None, "connection lost"
                continue
            if self._down_since is None:
                self._down_since = loop.time()
                log.warning("slack.socket_down")
            handler.client.wss_uri = None
            if self._is_nobody_connecting(handler.client):
                self._tasks[0] = asyncio.create_task(self._connect(handler), name="slack.connect")

    def _is_nobody_connecting(self, client: SocketModeClient) -> bool:
        """Whether the one who would bring the socket back has died, which leaves it to us."""
        monitor: asyncio.Future[Any] | None = client.current_session_monitor
        return self._tasks[0].done() and (monitor is None or monitor.done())


class _Handler(AsyncSocketModeHandler):
    """Bolt's handler, which hears nothing any more once Rapport is stopping: Slack sends it again elsewhere."""

    def __init__(
        self,
        app: AsyncApp,
        app_token: str,
        client: AsyncWebClient,
        errands: Errands,
        quiet: Logger,
        ping_every: float,
    ) -> None:
        super().__init__(app, app_token, logger=quiet, web_client=client, ping_interval=ping_every)
        self._errands = errands

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override] # as Bolt does
        if not self._errands.is_open:
            return
        with self._errands.hearing():
            await super().handle(client, req)
