from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any

import pytest

from adapters.slack.adapter import Slack
from bot.adapter_port import Adapter
from bot.address import Person, Place, Posted, dm
from bot.inbound import Command, Message
from bot.reply import Form, Reply
from tests.console_core import SPECS, ScriptedCore
from tests.contract.adapter_contract import AdapterContract, Driver
from tests.platform.slack.active import active
from tests.platform.slack.bots import HTTP, SOCKET, open_bot
from tests.platform.slack.hand import Hand
from tests.platform.slack.reading import read
from tests.platform.slack.server import open_slack
from tests.platform.slack.state import FakeMessage
from tests.platform.slack.surfaces import shown


class Noting:
    """The adapter, and what it was given to post: only so can be told what of it was ours."""

    def __init__(self, slack: Slack, answers: list[Reply | Form]) -> None:
        self._slack, self._answers = slack, answers
        self.platform = slack.platform
        self.delete, self.find, self.can_find = slack.delete, slack.find, slack.can_find
        self.health, self.close = slack.health, slack.close

    async def post(self, place: Place, reply: Reply, key: str) -> Posted:
        """Posts, and keeps it in mind."""
        self._answers.append(reply)
        return await self._slack.post(place, reply, key)

    async def edit(self, posted: Posted, reply: Reply) -> None:
        """Edits, and keeps it in mind."""
        self._answers.append(reply)
        await self._slack.edit(posted, reply)


class SlackDriver:
    """Ana in her direct messages with the bot."""

    def __init__(self, bot: Slack, core: ScriptedCore, ana: Hand) -> None:
        self._core, self._ana, self._slack = core, ana, ana.slack
        self._answers: list[Reply | Form] = []
        self._noting = Noting(bot, self._answers)
        self.place = dm(Person("slack", ana.team, ana.user))
        self.elsewhere = Place("slack", ana.team, "C0NOTOURS")

    @property
    def adapter(self) -> Adapter:
        """The real one."""
        return self._noting

    def seen(self) -> str:
        """Every version of every message in the DM, then the modals that are open, each with its title."""
        lines: list[str] = []
        for payload in self._payloads():
            lines += [payload["title"]["text"]] if "title" in payload else []
            for part in read(payload, self._ana.reader):
                lines += (part.words, *part.buttons)
        return "\n".join(lines)

    def dangers(self) -> tuple[str, ...]:
        """What pings, links or formats in any payload, and what Slack complained about."""
        found = [danger for payload in self._payloads() for danger in active(payload, *self._answers)]
        return (*found, *self._slack.complaints)

    async def show(self, answer: Reply | Form) -> None:
        """Ana types `/rapport show jess`."""
        self._core.script["show"] = answer
        self._answers.append(answer)
        await self._ana.slash("show jess")

    async def press(self, label: str) -> Command:
        """The newest button that says so."""
        await self._ana.press(self._newest(label), label)
        return self._core.commands[-1]

    async def choose(self, select: str, option: str) -> Command:
        """In the newest message that has such a select."""
        await self._ana.choose(self._newest(select), select, option)
        return self._core.commands[-1]

    async def submit(self, form: Form, values: dict[str, str]) -> Command:
        """In the modal that is open."""
        view = self._ana.view
        assert view is not None
        assert form.title == view.view["title"]["text"]
        await self._ana.submit(view, values)
        return self._core.commands[-1]

    async def say(self, words: str) -> Message:
        """Without a slash."""
        await self._ana.say_in_dm(words)
        return self._core.messages[-1]

    def _payloads(self) -> Iterator[Mapping[str, Any]]:
        for message in self._slack.messages:
            yield from ({"text": version.text, "blocks": version.blocks} for version in message.edited)
            yield shown(message)
        yield from map(shown, self._slack.views.values())

    def _newest(self, label: str) -> FakeMessage:
        """The newest message of the DM on which something with this label can be pressed."""
        for message in reversed(self._ana.sees_in(self._ana.dm)):
            if any(label in part.buttons for part in read(shown(message), self._ana.reader)):
                return message
        raise LookupError(f"no [{label}]")


async def _drivers(over: str) -> AsyncIterator[SlackDriver]:
    core = ScriptedCore()
    async with open_slack() as slack:
        ana = Hand(slack, slack.add_user("Ana", admin=True))
        # A socket that a busy machine is late to answer on must not count as down.
        async with open_bot(slack, core, over=over, specs=SPECS, ping_every=30.0) as bot:
            yield SlackDriver(bot, core, ana)
        assert [] == slack.complaints


class TestSlackOverHttp(AdapterContract):
    """Slack as it is heard by signed requests."""

    @pytest.fixture
    async def driver(self) -> AsyncIterator[Driver]:
        """A fresh one."""
        async for driver in _drivers(HTTP):
            yield driver


class TestSlackOverSocket(AdapterContract):
    """Slack as it is heard through a socket."""

    @pytest.fixture
    async def driver(self) -> AsyncIterator[Driver]:
        """A fresh one."""
        async for driver in _drivers(SOCKET):
            yield driver
