"""A Slack to live in for a bot under test: Web API, sockets, signed requests, and everything that can go wrong."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from bot.clock import Clock, system_clock
from tests.platform.slack import objects, payloads
from tests.platform.slack.acks import take_ack
from tests.platform.slack.delivery import Answer, Retry, SignedRequests
from tests.platform.slack.faults import Faults
from tests.platform.slack.reception import Reception
from tests.platform.slack.sockets import SocketMode
from tests.platform.slack.state import Delivered, FakeMessage, FakeTeam, FakeView
from tests.platform.slack.web_api_apps import remove
from tests.platform.slack.world import World

CALM = 0.02
"""Seconds without a request after which the bot is taken to have done everything."""


class FakeSlack(World):
    """The whole: what is true (World), and how the bot reaches it and is reached.

    `patience` is how many seconds an answer may take, `pause` how many pass before an event is delivered again: a
    minute and five in truth. `latency` is how many seconds each request of the bot takes, one way.
    """

    def __init__(self, clock: Clock = system_clock) -> None:
        """Not listening yet: that is `open_slack`."""
        super().__init__(clock)
        self.patience = 3.0
        self.pause = 0.01
        self.sockets = SocketMode(self, self._stir)
        self.faults = Faults(self.sockets)
        self.signed = SignedRequests(self.signing_secret)
        self.reception = Reception(self, self.faults, self._stir)
        self._bot_url: str | None = None
        self._under_way = 0
        self._stirred = asyncio.Event()
        self._stirs = 0
        self._announcing: set[asyncio.Task[tuple[Delivered, ...]]] = set()

    @property
    def api_url(self) -> str:
        """What clients call their base_url."""
        return f"{self.base_url}/api/"

    @property
    def latency(self) -> float:
        """Seconds that each request of the bot is under way."""
        return self.reception.latency

    @latency.setter
    def latency(self, seconds: float) -> None:
        self.reception.latency = seconds

    @property
    def under_way(self) -> int:
        """How many requests of the bot are being answered."""
        return self.reception.under_way

    @property
    def bot_url(self) -> str:
        """Where the bot listens; raises LookupError while it is reached over sockets."""
        if self._bot_url is None:
            raise LookupError("no use_http yet")
        return self._bot_url

    def use_http(self, bot_url: str) -> None:
        """From now on everything is delivered to `{bot_url}/slack/events`, signed; without it, over sockets."""
        self._bot_url = bot_url.rstrip("/")

    async def deliver(
        self,
        kind: str,
        payload: dict[str, Any],
        *,
        team: str | None = None,
        retry_num: int | None = None,
        retry_reason: str = "http_timeout",
    ) -> Delivered:
        """Delivers once: an "event", "command", "interaction" or "suggestion". What the acknowledgement says happens.

        An event is put into its envelope unless it is in one (`event_callback`): the same one may be delivered again.
        Commands and interactions get what is missing: see payloads. The whole of it is the payload of the answer, and
        delivering that again is what Slack calls a retry, with `retry_num` from 1.
        """
        whole = self._whole(kind, payload, team)
        retry = Retry(retry_num, retry_reason) if retry_num is not None else None
        delivered, _ = await self._deliver(kind, whole, retry)
        return delivered

    async def deliver_event_until_acked(
        self, event: dict[str, Any], *, tries: int = 4, team: str | None = None
    ) -> tuple[Delivered, ...]:
        """Delivers an event as Slack does: again, with number and reason, until it is acked or `tries` are over."""
        whole = self._whole("event", event, team)
        all_of_them: list[Delivered] = []
        retry = None
        for num in range(1, tries + 1):
            delivered, answer = await self._deliver("event", whole, retry)
            all_of_them.append(delivered)
            if delivered.is_acked or answer.is_final:
                break
            reason = "http_timeout" if delivered.error == "operation_timeout" else str(delivered.error)
            retry = Retry(num, reason)
            await asyncio.sleep(self.pause)
        return tuple(all_of_them)

    def event_callback(self, event: dict[str, Any], team: str | None = None) -> dict[str, Any]:
        """An event in its envelope, with an id of its own."""
        return payloads.event_callback(self, event, team)

    async def tell_user_change(self, user: str) -> Delivered:
        """Delivers user_change of somebody as they are now."""
        event = {"type": "user_change", "user": self.user_object(user), "event_ts": self.new_ts("user_change")}
        return await self.deliver("event", event)

    async def uninstall(self, team: FakeTeam | None = None) -> tuple[Delivered, ...]:
        """An administrator removes the app, from T01 if nothing is named: both events are delivered."""
        token = (team or self.team).bot_token
        if token is None:
            raise LookupError("the app is not installed there")
        return await self._announce(remove(self, self.grants[token], "account_inactive"))

    def user_object(self, user: str) -> dict[str, Any]:
        """Somebody as `users.info` shows them."""
        someone = self.users[user]
        home = self.teams.get(someone.team)
        return objects.user_object(someone, self.clock(), self.teams_of(home.enterprise) if home else ())

    def message_object(self, message: FakeMessage) -> dict[str, Any]:
        """A message as it stands in payloads."""
        return objects.message_object(message, self.teams[message.team].bot_id)

    def view_object(self, view: FakeView) -> dict[str, Any]:
        """A view as it stands in payloads, with what is in its inputs."""
        return objects.view_object(view, self.teams[view.team].bot_id)

    async def quiet(self) -> None:
        """Waits until for a moment no request of the bot has been under way and nothing has been delivered."""
        seen = -1
        while seen != self._stirs or self.under_way or self._under_way or self._announcing:
            seen = self._stirs
            await asyncio.sleep(CALM)

    async def until(self, predicate: Callable[[], object], within: float = 2.0) -> None:
        """Waits until something is true, looking again after each request; TimeoutError after `within` seconds."""
        async with asyncio.timeout(within):
            while not predicate():
                await self._stirred.wait()

    async def close(self) -> None:
        """Lets go of every connection."""
        for task in tuple(self._announcing):
            task.cancel()
        await self.sockets.close()
        await self.signed.close()

    def _whole(self, kind: str, payload: dict[str, Any], team: str | None) -> dict[str, Any]:
        match kind:
            case "event":
                return payload if payload.get("type") == "event_callback" else self.event_callback(payload, team)
            case "command":
                return payloads.command(self, payload, team)
            case "interaction" | "suggestion":
                return payloads.interaction(self, payload, team)
            case _:
                raise ValueError(kind)

    async def _deliver(self, kind: str, payload: dict[str, Any], retry: Retry | None) -> tuple[Delivered, Answer]:
        loop = asyncio.get_running_loop()
        began = loop.time()
        self._under_way += 1
        try:
            if self._bot_url is None:
                answer = await self.sockets.send(kind, payload, retry, self.patience)
            else:
                url = f"{self._bot_url}/slack/events"
                answer = await self.signed.send(url, kind, payload, retry, self.patience)
            delivered = Delivered(kind, payload, answer.status, answer.body, loop.time() - began, answer.error)
            self.deliveries.append(delivered)
            take_ack(self, delivered)
            return delivered, answer
        finally:
            self._under_way -= 1
            self._stir()

    async def _announce(self, announcements: list[tuple[str, dict[str, Any]]]) -> tuple[Delivered, ...]:
        return tuple([await self.deliver("event", event, team=team) for team, event in announcements])

    def _stir(self) -> None:
        self._stirs += 1
        self._stirred.set()
        self._stirred = asyncio.Event()
        if self.announcements:
            announcements, self.announcements = self.announcements, []
            task = asyncio.create_task(self._announce(announcements))
            self._announcing.add(task)
            task.add_done_callback(self._announcing.discard)


@asynccontextmanager
async def open_slack(clock: Clock = system_clock) -> AsyncIterator[FakeSlack]:
    """A fake Slack on a free port of this machine, for as long as it is needed."""
    slack = FakeSlack(clock)
    app = web.Application(client_max_size=1 << 28)
    app.add_routes([*slack.reception.routes(), web.get("/link/", slack.sockets.connect)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        slack.base_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield slack
    finally:
        await slack.close()
        await runner.cleanup()
