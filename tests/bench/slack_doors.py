"""Doors: what Slack's requests reach, in one process side by side: Rapport, and Bolt with nothing behind it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import count
from typing import Any

from aiohttp import web
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.adapter import Slack
from adapters.slack.bolting import bolt
from adapters.slack.errands import Errands
from adapters.slack.identity import OneWorkspace
from adapters.slack.ways import Way
from adapters.slack.web import Door
from bot.adapter_port import Core
from bot.clock import system_clock
from bot.handlers import all_verbs
from bot.inbound import Command
from bot.reply import Answer
from tests.bench.slack_load import PATH
from tests.console_core import ScriptedCore
from tests.desk import Desk

TOKEN, SECRET = "xoxb-bench", "bench-signing-secret"

OURS, READY, SAME, DEFAULT = "ours", "answer that is ready", "same configuration", "default"


class ReadyCore:
    """A core that answers every command with what the real one answered the first of them."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._answer: Answer | None = None

    async def dispatch(self, command: Command) -> Answer:
        """The answer that is ready."""
        if self._answer is None:
            self._answer = await self._core.dispatch(command)
        return self._answer

    def __getattr__(self, name: str) -> Any:
        """Nothing else is asked of it."""
        return getattr(self._core, name)


@asynccontextmanager
async def open_doors(desk: Desk, api_url: str) -> AsyncIterator[dict[str, int]]:
    """Their ports: Rapport on a desk, Rapport with an answer that is ready, Bolt's empty handler in the same
    configuration, and Bolt's by default.
    """
    async with AsyncExitStack() as opened:
        slack = await opened.enter_async_context(_rapport(desk.core, api_url))
        ready = await opened.enter_async_context(_rapport(ReadyCore(desk.core), api_url))
        same = await opened.enter_async_context(_same(api_url))
        yield {
            OURS: await opened.enter_async_context(_served(_app(slack.routes()))),
            READY: await opened.enter_async_context(_served(_app(ready.routes()))),
            SAME: await opened.enter_async_context(_served(_app(same.routes()))),
            DEFAULT: await opened.enter_async_context(_served(_by_default(api_url).web_app(PATH))),
        }


@asynccontextmanager
async def _rapport(core: Core, api_url: str) -> AsyncIterator[Slack]:
    numbers = count(1)
    slack = Slack(
        core,
        all_verbs(),
        Way(bot_token=TOKEN, signing_secret=SECRET),
        vault=None,
        api_url=api_url,
        new_id=lambda prefix: f"{prefix}_s{next(numbers):015}",
        clock=system_clock,
    )
    await slack.start()
    try:
        yield slack
    finally:
        await slack.close()


@asynccontextmanager
async def _same(api_url: str) -> AsyncIterator[Door]:
    """As our adapter builds it, with one listener that only acknowledges."""
    one = OneWorkspace(TOKEN, api_url, ScriptedCore(), system_clock)
    app = bolt(one, api_url, signing_secret=SECRET)
    app.command(re.compile("/"))(_acknowledge)
    try:
        yield Door(app, SECRET, Errands())
    finally:
        await one.close()


def _by_default(api_url: str) -> AsyncApp:
    """As Bolt's own first page has it."""
    app = AsyncApp(signing_secret=SECRET, client=AsyncWebClient(token=TOKEN, base_url=api_url))
    app.command("/rapport")(_acknowledge)
    return app


async def _acknowledge(ack: AsyncAck) -> None:
    await ack()


def _app(routes: Iterable[web.RouteDef]) -> web.Application:
    app = web.Application()
    app.add_routes(routes)
    return app


@asynccontextmanager
async def _served(app: web.Application) -> AsyncIterator[int]:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        port: int = runner.addresses[0][1]
        yield port
    finally:
        await runner.cleanup()
