from __future__ import annotations

import asyncio
import hashlib
import hmac
import time

import aiohttp
import pytest

from adapters.slack.sockets import DOWN_TOO_LONG
from bot.address import Person, dm
from bot.errors import NotPosted
from bot.inbound import Command
from bot.reply import Answer
from tests.console_core import ScriptedCore, plain
from tests.platform.slack.bots import HTTP, SOCKET, open_bot
from tests.platform.slack.faults import error, status
from tests.platform.slack.hand import Hand
from tests.platform.slack.server import FakeSlack


class Gated(ScriptedCore):
    """A ScriptedCore that says when it was asked, and answers when its gate is opened."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = asyncio.Event()
        self.asked = asyncio.Event()

    async def dispatch(self, command: Command) -> Answer:
        """The scripted answer, in time."""
        self.asked.set()
        return await super().dispatch(command)


def signed(slack: FakeSlack, body: bytes, *, at: float | None = None, secret: str | None = None) -> dict[str, str]:
    """The headers with which Slack would send a body."""
    moment = str(int(at if at is not None else time.time()))  # noqa: TID251 - a signature is of the real moment
    base = b"v0:" + moment.encode() + b":" + body
    seal = hmac.new((secret or slack.signing_secret).encode(), base, hashlib.sha256).hexdigest()
    return {
        "X-Slack-Request-Timestamp": moment,
        "X-Slack-Signature": f"v0={seal}",
        "Content-Type": "application/json",
    }


async def post(slack: FakeSlack, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
    """What the bot answers to a request that may be from anybody."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{slack.bot_url}/slack/events", data=body, headers=headers) as answer,
    ):
        return answer.status, await answer.text()


def asked_for_sockets(slack: FakeSlack) -> int:
    """How often the bot has asked for an address to open a socket at."""
    return len([call for call in slack.calls if call.method == "apps.connections.open"])


CHALLENGE = b'{"type":"url_verification","challenge":"abc"}'


async def test_slacks_challenge_is_answered(slack: FakeSlack) -> None:
    """So that the address can be set in the app's settings."""
    async with open_bot(slack, ScriptedCore()):
        answered = await post(slack, CHALLENGE, signed(slack, CHALLENGE))
        assert 200 == answered[0]
        assert "abc" in answered[1]


async def test_what_is_not_surely_from_slack_is_turned_away(slack: FakeSlack) -> None:
    """Wrong, stale, missing and malformed signatures are a 401, whatever stands in them; nothing reads the body."""
    core = ScriptedCore()
    async with open_bot(slack, core):
        good = signed(slack, CHALLENGE)
        wrong: list[dict[str, str]] = [
            {},
            signed(slack, CHALLENGE, secret="another"),
            signed(slack, CHALLENGE, at=time.time() - 301),  # noqa: TID251 - a signature is of the real moment
            signed(slack, b"{}"),
            good | {"X-Slack-Request-Timestamp": "now"},
            good | {"X-Slack-Request-Timestamp": "9" * 400},
            good | {"X-Slack-Request-Timestamp": "-1"},
            good | {"X-Slack-Signature": "v0=" + "é" * 64},
            good | {"X-Slack-Signature": "v1=" + "0" * 64},
            good | {"X-Slack-Signature": ""},
        ]
        assert [(401, "")] * len(wrong) == [await post(slack, CHALLENGE, headers) for headers in wrong]
        assert [] == core.commands


async def test_bodies_that_are_none_are_turned_away(slack: FakeSlack) -> None:
    """Over a megabyte is a 413, what is not UTF-8 or not JSON a 400."""
    async with open_bot(slack, ScriptedCore()):
        large, odd, broken = b"x" * 1_000_001, b"\xff\xfe{}", b"{"
        assert 413 == (await post(slack, large, signed(slack, large)))[0]
        assert 400 == (await post(slack, odd, signed(slack, odd)))[0]
        assert 400 == (await post(slack, broken, signed(slack, broken)))[0]


async def test_another_workspaces_requests_do_nothing(slack: FakeSlack, ana: Hand) -> None:
    """One token serves one workspace: what another one sends is not answered with it."""
    other = slack.add_team("T02")
    core = ScriptedCore()
    async with open_bot(slack, core):
        payload = (await ana.slash("due")).delivered.payload
        await slack.deliver("command", payload | {"team_id": other.id})
        assert 1 == len(core.commands)


@pytest.mark.parametrize("over", [HTTP, SOCKET])
async def test_closing_finishes_what_was_heard(slack: FakeSlack, ana: Hand, over: str) -> None:
    """Whoever asked before gets their answer; who asks after is not heard, so that Slack asks another process."""
    core = Gated()
    async with open_bot(slack, core, over=over) as bot:
        asked = asyncio.create_task(ana.slash("due"))
        await core.asked.wait()
        closing = asyncio.create_task(bot.close())
        await asyncio.sleep(0)
        if over == HTTP:
            body = b"{}"
            assert 503 == (await post(slack, body, signed(slack, body)))[0]
        assert core.gate is not None
        core.gate.set()
        assert "done: due" == (await asked).message.text
        await closing
        await bot.close()
        slack.patience = 0.2
        assert not (await ana.slash("find")).delivered.is_acked
        assert ["due"] == [command.verb for command in core.commands]
        with pytest.raises(NotPosted):
            await bot.post(dm(Person("slack", "T01", ana.user)), plain("Too late."), "key")


async def test_a_late_answer_is_waited_for_when_closing(slack: FakeSlack, ana: Hand) -> None:
    """What goes on after the acknowledgement is finished, too."""
    core = Gated()
    async with open_bot(slack, core, patience=0.05) as bot:
        await ana.slash("due")
        closing = asyncio.create_task(bot.close())
        assert core.gate is not None
        core.gate.set()
        await closing
        assert "done: due" == ana.sees_in(ana.dm)[-1].text


async def test_a_refused_socket_comes_back(slack: FakeSlack, ana: Hand) -> None:
    """A dropped socket whose successors are refused for a while is opened again, with a new address."""
    async with open_bot(slack, ScriptedCore(), over=SOCKET) as bot:
        slack.faults.socket_refused(True)
        slack.faults.socket_dropped()
        await slack.until(lambda: slack.sockets.count == 0)
        await slack.until(lambda: asked_for_sockets(slack) > 2, within=10.0)
        slack.faults.socket_refused(False)
        await slack.until(lambda: slack.sockets.count, within=10.0)
        assert None is bot.health()
        assert "done: due" == (await ana.slash("due")).message.text


async def test_a_refused_login_ends_nothing(slack: FakeSlack, ana: Hand) -> None:
    """It is tried again until it works: other platforms and what is stored go on meanwhile."""
    slack.faults.next("apps.connections.open", error("invalid_auth"), status(500), status(500), error("invalid_auth"))
    async with open_bot(slack, ScriptedCore(), over=SOCKET) as bot:
        assert "done: due" == (await ana.slash("due")).message.text
        assert None is bot.health()


async def test_health_says_that_the_socket_is_down(slack: FakeSlack, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a minute, with the reason; before that sockets come and go."""
    async with open_bot(slack, ScriptedCore(), over=SOCKET) as bot:
        slack.faults.socket_refused(True)
        slack.faults.socket_dropped()
        await slack.until(lambda: asked_for_sockets(slack) > 2, within=10.0)
        assert None is bot.health()
        loop = asyncio.get_running_loop()
        now = loop.time() + DOWN_TOO_LONG + 1
        monkeypatch.setattr(loop, "time", lambda: now)
        trouble = bot.health()
        monkeypatch.undo()
        assert trouble is not None
        assert trouble.startswith("Slack’s socket has been down for 6")


async def test_a_token_that_slack_refuses_is_said(slack: FakeSlack, ana: Hand) -> None:
    """A command is told to be tried again, and health names the setting."""
    slack.faults.next("auth.test", error("invalid_auth"))
    async with open_bot(slack, ScriptedCore()) as bot:
        seen = await ana.slash("due")
        assert "Try again in a minute." in seen.message.text
        trouble = bot.health()
        assert trouble is not None
        assert "SLACK_BOT_TOKEN" in trouble
