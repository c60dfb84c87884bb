"""Real processes of `python -m bot`, each with an environment of its own."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import aiohttp
from msgspec.structs import replace

from bot.change import Write, by_the_clock
from bot.clock import random_id, system_clock
from bot.model import Delivery, DeliveryState, Touchpoint
from storage import open_store
from tests.platform.slack.bots import HTTP
from tests.platform.slack.server import FakeSlack

ROOT = Path(__file__).parents[2]

START_WITHIN = 20.0
"""Seconds that a process may take to be there, on a machine that does much else."""

GONE_WITHIN = 10.0
"""Seconds within which a process that is told to stop has promised to be gone."""

LOG = "bot.log"


def environment(folder: Path, **settings: str) -> dict[str, str]:
    """The environment of somebody who has set where the store is and what is named, and nothing else.

    To be used with `cwd=folder`: a `.env` that lies beside the code is some developer's own.
    """
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}  # noqa: TID251 - a process needs one
    given = {"PYTHONPATH": str(ROOT), "DATABASE_URL": f"tinydb:{folder / 'data' / 'rapport.json'}", "USER": "ana"}
    return kept | given | settings


def free_port() -> int:
    """A port of this machine that nobody has at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Rapport:
    """Rapport beside a fake Slack, as one process after the other on the same store; all of them write one log."""

    def __init__(
        self, slack: FakeSlack, folder: Path, *, over: str = HTTP, settings: Mapping[str, str] | None = None
    ) -> None:
        """Not started yet. With `over` HTTP Slack comes to its port, else through a socket; it has /healthz anyway.

        `settings` say whose the tokens are; without them there is the one of workspace T01.
        """
        self.slack, self.folder, self.over = slack, folder, over
        self.port = free_port()
        heard = {"SLACK_SIGNING_SECRET": slack.signing_secret} if over == HTTP else {"SLACK_APP_TOKEN": slack.app_token}
        self._settings = {
            "SLACK_API_URL": slack.api_url,
            "PORT": str(self.port),
            "RAPPORT_HOST": "127.0.0.1",
            "LOG_LEVEL": "debug",
            "LOG_FORMAT": "json",
            **heard,
            **(settings or {"SLACK_BOT_TOKEN": slack.team.bot_token or ""}),
        }
        self._process: asyncio.subprocess.Process | None = None
        self._session: aiohttp.ClientSession | None = None

    @property
    def url(self) -> str:
        """Where its HTTP side is."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def database_url(self) -> str:
        """Its store, for looking into it while no process runs."""
        return environment(self.folder)["DATABASE_URL"]

    @property
    def log(self) -> str:
        """Everything that its processes have written."""
        return (self.folder / LOG).read_text(encoding="utf-8")

    async def __aenter__(self) -> Rapport:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Ends what still runs."""
        if self._process is not None and self._process.returncode is None:
            await self.kill()
        if self._session is not None:
            await self._session.close()

    async def start(self, *, connects: bool = True) -> None:
        """Starts a process and waits until it hears; one that does not connect has its HTTP side only."""
        with (self.folder / LOG).open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "bot",
                cwd=self.folder,
                env=environment(self.folder, **self._settings),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        await self.until_healthz(lambda status, _: status != 0)
        if self.over == HTTP:
            self.slack.use_http(self.url)
        elif connects:
            await self.slack.until(lambda: self.slack.sockets.count, START_WITHIN)

    async def kill(self) -> None:
        """Kills it where it stands: nothing of it runs any more when this returns."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        await self._process.wait()

    def tell_to_stop(self) -> None:
        """SIGTERM, and no waiting."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)

    async def gone(self) -> int:
        """Its exit code, as soon as it has ended by itself; TimeoutError where that takes longer than promised."""
        assert self._process is not None
        async with asyncio.timeout(GONE_WITHIN):
            return await self._process.wait()

    async def healthz(self) -> tuple[int, dict[str, Any]]:
        """What /healthz says; status 0: nobody listens."""
        if self._session is None:
            self._session = aiohttp.ClientSession()
        try:
            async with self._session.get(f"{self.url}/healthz") as answer:
                return answer.status, await answer.json()
        except aiohttp.ClientConnectionError:
            return 0, {}

    async def until_healthz(
        self, predicate: Callable[[int, dict[str, Any]], bool], within: float = START_WITHIN
    ) -> dict[str, Any]:
        """What /healthz says once that is so; TimeoutError, and AssertionError where the process ended instead."""
        assert self._process is not None
        async with asyncio.timeout(within):
            while True:
                status, said = await self.healthz()
                if predicate(status, said):
                    return said
                assert self._process.returncode is None, self.log
                await asyncio.sleep(0.02)


async def touches(rapport: Rapport) -> list[Touchpoint]:
    """The touchpoints that are stored, read beside whatever runs."""
    store = await open_store(rapport.database_url, read_only=True)
    try:
        (team,) = await store.teams()
        return list(await store.everything(Touchpoint, team.id))
    finally:
        await store.close()


async def let_leases_run_out(rapport: Rapport) -> tuple[Delivery, ...]:
    """Has the minutes pass that a dead process's leases last, and returns what it was sending."""
    store = await open_store(rapport.database_url)
    try:
        (team,) = await store.teams()
        sending = await store.everything(Delivery, team.id)
        held = tuple(one for one in sending if one.state is DeliveryState.SENDING)
        now = system_clock()
        writes = [Write(one, replace(one, lease_until=now, due_at=now)) for one in held]
        await store.commit(by_the_clock("test", team.id, tuple(writes), (), now=now, new_id=random_id))
        return held
    finally:
        await store.close()


async def stored_delivery(rapport: Rapport, delivery: Delivery) -> Delivery:
    """A delivery as it is stored now."""
    store = await open_store(rapport.database_url, read_only=True)
    try:
        found = await store.get(Delivery, delivery.team, delivery.id)
        assert found is not None
        return found
    finally:
        await store.close()
