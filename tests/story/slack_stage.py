"""The story's stage in Slack: people type, press and fill in as they would there, and read what they are shown."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.inbound import Upload
from tests.platform.slack.bots import HTTP, SOCKET, open_bot
from tests.platform.slack.entries import stateful
from tests.platform.slack.hand import Hand
from tests.platform.slack.seen import Seen
from tests.platform.slack.server import FakeSlack, open_slack
from tests.platform.slack.state import FakeMessage, FakeView
from tests.story.office import ZONE, Process, open_process
from tests.story.slack_shown import Eyes, Stands, Surface, files_announced, is_unasked
from tests.story.stage import TEAM, Asked, Message, Said, Shown

PATIENCE = 60.0
"""Seconds for everything that hurries in Slack: a story is not about how fast a busy machine is."""


@dataclass
class SlackStage:
    """A workspace with Rapport in it, on the real adapter and the wiring's office."""

    process: Process
    slack: FakeSlack
    eyes: Eyes
    platform: str = "slack"
    _hands: dict[str, Hand] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        """What the clock says."""
        return self.process.clock()

    def joins(self, name: str, zone: ZoneInfo, *, admin: bool = False) -> None:
        """Gets an account, and is in every channel."""
        user = self.slack.add_user(name.title(), zone=zone.key, admin=admin)
        self._hands[name] = Hand(self.slack, user)
        for channel in self.slack.channels.values():
            if not channel.is_dm:
                channel.members.add(user)

    async def leaves(self, name: str) -> None:
        """The account is deactivated, and Slack tells Rapport."""
        seen = await self._hands.pop(name).changes(deleted=True)
        assert seen.delivered.is_acked, seen.delivered

    async def says(self, name: str, line: str, *, files: tuple[Upload, ...] = (), channel: str = "") -> Shown:
        """Types `/rapport …`; two files go into the form that it opens, any others along with the words in a DM."""
        hand = self._hands[name]
        await self._closes_modals(hand)
        place = self._channel(channel) if channel else hand.dm
        uploads = [self.slack.add_file(hand.user, file.name, file.content) for file in files]
        if len(files) == 2:
            form = await self._shown(hand, hand.slash(line, place), place)
            assert isinstance(form, Asked), form
            asked_for = (name for name, kind in _kinds(_view(form)[0]).items() if kind == "file_input")
            return await self.fills(name, form, **dict(zip(asked_for, uploads, strict=True)))
        if files:
            assert not channel, "files are sent in a DM"
            return await self._shown(hand, hand.say_in_dm(line, files=uploads), place)
        return await self._shown(hand, hand.slash(line, place), place)

    async def presses(self, name: str, what: Said, label: str, choice: str = "", *, beside: str = "") -> Shown:
        """Presses a button where it stands by now, or chooses from a select."""
        hand = self._hands[name]
        assert isinstance(what.address, Stands)
        surface = what.address.surface
        if isinstance(surface, FakeMessage):
            await self._closes_modals(hand)
        act = (
            hand.choose(surface, label, choice, beside=beside) if choice else hand.press(surface, label, beside=beside)
        )
        pressed = surface if isinstance(surface, FakeMessage) and not is_unasked(surface) else None
        return await self._shown(hand, act, what.address.channel, pressed)

    async def fills(self, name: str, form: Asked, /, **values: str) -> Shown:
        """Sends a modal. A place that a story calls `here` is chosen by name, as one has to in a modal."""
        hand = self._hands[name]
        view, channel = _view(form)
        kinds = _kinds(view)
        chosen = {
            name: channel if value == "here" and kinds[name] == "conversations_select" else value
            for name, value in values.items()
        }
        while hand.view is not None and hand.view is not view:
            await hand.close(hand.view)
        return await self._shown(hand, hand.submit(view, chosen), channel)

    async def until(self, moment: datetime) -> None:
        """Time goes by."""
        await self.process.until(moment)

    def posted(self) -> tuple[Message, ...]:
        """What carries the key of a delivery."""
        return self.eyes.posted()

    async def _shown(self, hand: Hand, act: Awaitable[Seen], channel: str, pressed: FakeMessage | None = None) -> Shown:
        """What somebody is shown for what they did, once all of it is there: a modal, else one message.

        That is a new one, or the one they `pressed`, whose place the answer has taken.
        """
        before, modal = len(self.slack.messages), _state(hand.view)
        versions = len(pressed.edited) if pressed is not None else 0
        seen = await act
        assert seen.delivered.is_acked, seen.delivered

        def new() -> list[FakeMessage]:
            return [one for one in self.slack.messages[before:] if not one.deleted]

        def answers() -> list[Surface]:
            view = hand.view
            if view is not None and (_state(view) != modal or view.errors):
                return [view]
            if pressed is not None and len(pressed.edited) > versions:
                return [pressed]
            return [one for one in new() if not one.files]

        await self.slack.until(answers, PATIENCE)
        (answer,) = answers()
        blocks = answer.blocks if isinstance(answer, FakeMessage) else answer.view["blocks"]
        announced = files_announced(blocks)
        await self.slack.until(lambda: announced <= sum(len(one.files) for one in new()), PATIENCE)
        await self.slack.quiet()
        assert all(one.channel == hand.dm or one.ephemeral_to == hand.user for one in new()), "others read the answer"
        return self.eyes.shown(hand.user, answer, channel, [one for one in new() if one.files])

    async def _closes_modals(self, hand: Hand) -> None:
        """Nobody types behind an open modal."""
        while (view := hand.view) is not None:
            await hand.close(view)

    def _channel(self, name: str) -> str:
        """The id of a channel; one that is spoken in for the first time is made, with everybody in it."""
        known = {one.name: one.id for one in self.slack.channels.values() if not one.is_dm}
        return known.get(name) or self.slack.add_channel(name, [hand.user for hand in self._hands.values()])


@asynccontextmanager
async def _open_slack_stage(folder: Path, now: datetime, over: str) -> AsyncIterator[SlackStage]:
    async with open_process(folder, now) as process, open_slack(process.clock) as slack:
        slack.patience = slack.trigger_life = PATIENCE
        slack.add_channel(TEAM)
        office = process.office
        options = {"specs": office.specs, "clock": process.clock, "patience": PATIENCE, "ping_every": PATIENCE}
        async with open_bot(slack, office, over=over, **options) as bot:
            office.adapters[bot.platform] = bot
            yield SlackStage(process, slack, Eyes(slack, ZONE))
        assert [] == slack.complaints
        assert [] == [call for call in slack.calls if call.error is not None]


def open_slack_over_http(folder: Path, now: datetime) -> AbstractAsyncContextManager[SlackStage]:
    """A workspace whose requests reach Rapport signed, by HTTP."""
    return _open_slack_stage(folder, now, HTTP)


def open_slack_over_socket(folder: Path, now: datetime) -> AbstractAsyncContextManager[SlackStage]:
    """A workspace that Rapport keeps a socket to."""
    return _open_slack_stage(folder, now, SOCKET)


def _view(form: Asked) -> tuple[FakeView, str]:
    """A form's modal, and the channel in which it was asked for."""
    assert isinstance(form.address, Stands)
    assert isinstance(form.address.surface, FakeView)
    return form.address.surface, form.address.channel


def _kinds(view: FakeView) -> dict[str, str]:
    """The types of a form's inputs, by name."""
    return {block["block_id"]: element["type"] for block, element in stateful(view.view["blocks"])}


def _state(view: FakeView | None) -> tuple[str, str] | None:
    """Which modal it is, and what it shows."""
    return (view.id, view.hash) if view is not None else None
