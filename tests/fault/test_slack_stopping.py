from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.model import Delivery, DeliveryState
from storage import open_store
from tests.platform.processes import ROOT, Rapport, touches
from tests.platform.slack.bots import HTTP, SOCKET
from tests.platform.slack.faults import slow
from tests.platform.slack.hand import Hand
from tests.platform.slack.server import FakeSlack, open_slack

NAME, NOTE = "Quillon Marsh", "brought persimmons"

NEVER = 60.0
"""Seconds after which a request that hangs would be answered: longer than anybody waits for it."""

UNFINISHED = (
    b"POST /slack/events HTTP/1.1\r\nHost: rapport\r\nContent-Length: 1000\r\n"
    b"X-Slack-Request-Timestamp: 1\r\nX-Slack-Signature: v0=" + b"0" * 64 + b"\r\n\r\n{"
)


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with the network while Rapport is told to stop."""

    over: str
    is_silent: bool = False
    answer_hangs: bool = False
    post_hangs: bool = False
    body_hangs: bool = False


ALONE = {
    "the socket is silent": Trouble(SOCKET, is_silent=True),
    "an answer hangs": Trouble(HTTP, answer_hangs=True),
    "a message hangs": Trouble(HTTP, post_hangs=True),
    "the socket is silent and an answer hangs": Trouble(SOCKET, is_silent=True, answer_hangs=True),
    "somebody sends half a request": Trouble(HTTP, body_hangs=True),
}

TOGETHER = {
    "all of it by HTTP": Trouble(HTTP, answer_hangs=True, post_hangs=True, body_hangs=True),
    "all of it through the socket": Trouble(
        SOCKET, is_silent=True, answer_hangs=True, post_hangs=True, body_hangs=True
    ),
}

TROUBLES = TOGETHER | (ALONE if "RAPPORT_SOAK" in os.environ else {})
"""Each takes some seconds of waiting: one at a time they are for those who look for what goes wrong."""


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    """A Slack in which nothing may be said that Slack would not take."""
    async with open_slack() as slack:
        yield slack
        assert [] == slack.complaints


async def hits(slack: FakeSlack, method: str, work: Callable[[], Awaitable[object]]) -> asyncio.Future[object]:
    """Begins something, and returns once it has come as far as the next request of a method."""
    before = len(slack.calls)
    task = asyncio.ensure_future(work())
    await slack.until(lambda: any(call.method == method for call in slack.calls[before:]), 15.0)
    return task


@asynccontextmanager
async def half_a_request(rapport: Rapport) -> AsyncIterator[None]:
    """Somebody unknown who begins a request and does not finish it."""
    _, writer = await asyncio.open_connection("127.0.0.1", rapport.port)
    writer.write(UNFINISHED)
    await writer.drain()
    try:
        yield
    finally:
        writer.close()


async def deliveries(rapport: Rapport) -> list[DeliveryState]:
    """What became of the messages."""
    store = await open_store(rapport.database_url, read_only=True)
    try:
        (team,) = await store.teams()
        return [one.state for one in await store.everything(Delivery, team.id)]
    finally:
        await store.close()


@pytest.mark.parametrize("trouble", TROUBLES.values(), ids=TROUBLES.keys())
async def test_it_ends_in_time_whatever_hangs(slack: FakeSlack, tmp_path: Path, trouble: Trouble) -> None:
    """Gone by itself within the ten seconds that it has promised; what could be finished is stored and answered.

    What hung is not forgotten: a message that nobody knows of is left for the next process to look up.
    """
    names = ("Ana", "Ben", "Cleo", "Dana")
    ana, _, cleo, dana = (Hand(slack, slack.add_user(name, admin=name == "Ana")) for name in names)
    under_way: list[asyncio.Future[object]] = []
    async with Rapport(slack, tmp_path, over=trouble.over) as rapport, AsyncExitStack() as others:
        await ana.slash(f"add {NAME}")
        await ana.slash("own quillon @Ana")
        if trouble.post_hangs:
            slack.faults.next("chat.postMessage", slow(NEVER))
            under_way.append(await hits(slack, "chat.postMessage", lambda: ana.slash("handover @Ana @Ben")))
        if trouble.answer_hangs:
            slack.faults.next("chat.postMessage", slow(NEVER))
            under_way.append(await hits(slack, "chat.postMessage", lambda: dana.say_in_dm("help")))
        slack.faults.next("users.info", slow(1.0))
        under_way.append(await hits(slack, "users.info", lambda: cleo.say_in_dm(f"log quillon {NOTE}")))
        if trouble.body_hangs:
            await others.enter_async_context(half_a_request(rapport))
        if trouble.is_silent:
            slack.faults.socket_silent()
        rapport.tell_to_stop()
        assert 0 == await rapport.gone()
        assert [NOTE] == [touch.note for touch in await touches(rapport)]
        assert 1 == sum(message.text.startswith("✓ Logged") for message in cleo.sees_in(cleo.dm))
        assert [DeliveryState.SENDING] * trouble.post_hangs == await deliveries(rapport)
        for task in under_way:
            task.cancel()


LOOKS_UP_FOR_EVER = f"""
import socket, time
look_up = socket.getaddrinfo
socket.getaddrinfo = lambda host, *more, **named: (
    time.sleep({NEVER}) if host == "slack.invalid" else look_up(host, *more, **named)
)
"""


async def test_it_ends_in_time_while_a_name_is_looked_up(slack: FakeSlack, tmp_path: Path) -> None:
    """A resolver that does not answer sits in a thread that nobody can call off; the process goes without it."""
    (tmp_path / "sitecustomize.py").write_text(LOOKS_UP_FOR_EVER, encoding="utf-8")
    settings = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_API_URL": "http://slack.invalid/api/"}
    rapport = Rapport(slack, tmp_path, settings=settings | {"PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"})
    try:
        await rapport.start(connects=False)
        rapport.tell_to_stop()
        assert 0 == await rapport.gone()
        assert "service.stopping" in rapport.log
    finally:
        await rapport.close()
