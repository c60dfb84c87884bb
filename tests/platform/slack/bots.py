"""A bot to live in the fake Slack: the real adapter on either transport, with a core that a test chooses."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any

from aiohttp import web

from adapters.slack.adapter import Slack
from adapters.slack.ways import Way
from bot.adapter_port import Core
from bot.clock import system_clock
from bot.dispatch import Dispatch
from bot.handlers import all_verbs
from bot.inbound import Actor
from bot.model import Team
from bot.store_port import Store
from storage import open_store
from tests.platform.slack.server import FakeSlack

HTTP, SOCKET = "http", "socket"
CONNECT_WITHIN = 5.0


@asynccontextmanager
async def open_bot(slack: FakeSlack, core: Core, *, over: str = HTTP, **options: Any) -> AsyncIterator[Slack]:
    """A bot for workspace T01, heard over HTTP or its socket; it does not pace its messages unless told to."""
    numbers = count(1)
    way = Way(
        bot_token=slack.team.bot_token,
        app_token=slack.app_token if over == SOCKET else None,
        signing_secret=slack.signing_secret if over == HTTP else None,
    )
    given: dict[str, Any] = {"pace": 0.0, "look_every": 0.05, "ping_every": 0.2} | options
    bot = Slack(
        core,
        given.pop("specs", all_verbs()),
        given.pop("way", way),
        vault=given.pop("vault", None),
        api_url=slack.api_url,
        new_id=lambda prefix: f"{prefix}_{next(numbers):016}",
        clock=given.pop("clock", system_clock),
        **given,
    )
    runner = web.AppRunner(_app(bot), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        await bot.start()
        if over == HTTP:
            slack.use_http(f"http://127.0.0.1:{runner.addresses[0][1]}")
        else:
            async with asyncio.timeout(CONNECT_WITHIN):
                await slack.until(lambda: slack.sockets.count, CONNECT_WITHIN)
        await slack.quiet()
        yield bot
    finally:
        await bot.close()
        await runner.cleanup()


@asynccontextmanager
async def open_core(folder: Path) -> AsyncIterator[Dispatch]:
    """The real core on a store of its own; teams are founded in Berlin."""
    store = await open_store(f"tinydb:{folder / 'rapport.json'}")
    try:
        yield core_on(store)
    finally:
        await store.close()


def core_on(store: Store) -> Dispatch:
    """The real core on a store."""
    numbers = count(1)

    def found_team(actor: Actor, id: str) -> Team:
        home = actor.person.home
        return Team(
            id=id, team=id, name="Acme", workspaces=(home,), timezone="Europe/Berlin", created_at=system_clock()
        )

    def new_id(prefix: str) -> str:
        return f"{prefix}_{next(numbers):016}"

    return Dispatch(store, all_verbs(), clock=system_clock, new_id=new_id, found_team=found_team)


def _app(bot: Slack) -> web.Application:
    app = web.Application()
    app.add_routes(bot.routes())
    return app
