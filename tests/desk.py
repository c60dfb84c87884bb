"""A team at work in a test: the real core on a real store, a clock to move, and people who say, press and fill."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from bot.address import Person, Place, PlaceKind, dm
from bot.change import Change
from bot.clock import MovableClock
from bot.delivery import deliver
from bot.dispatch import Dispatch
from bot.handlers import all_verbs
from bot.inbound import Actor, Command, Message, Role, Upload
from bot.model import Member, Team
from bot.nudging import tick
from bot.reply import Actions, Answer, Button, Fields, Form, Reply, Select, Table, Text, Where, Who, spans
from bot.store_port import Store
from storage import open_store
from tests.fakes import FakeAdapter

NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)  # a Monday, noon in Berlin
WORKSPACE = "acme"
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - a folder in memory, where there is one


@dataclass
class Desk:
    """One team, `fake` its platform; everybody is in Berlin unless said otherwise."""

    store: Store
    clock: MovableClock
    core: Dispatch
    platform: FakeAdapter
    core_on: Callable[[Store], Dispatch]
    zones: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    admins: set[str] = field(default_factory=lambda: {"ana"})
    roles: dict[str, Role] = field(default_factory=dict)
    shared: set[str] = field(default_factory=set)
    """Channels that people of other companies read."""
    hurdles: dict[str, str] = field(default_factory=dict)
    """Channels in which nothing can be posted, and why."""
    _ids: Any = field(default_factory=lambda: count(1))

    def actor(self, name: str) -> Actor:
        """Somebody as the platform knows them."""
        role = self.roles.get(name, Role.ADMIN if name in self.admins else Role.MEMBER)
        zone = self.zones.get(name, "Europe/Berlin")
        shown = self.names.get(name, name.title())
        return Actor(person=Person("fake", WORKSPACE, name), name=shown, role=role, timezone=zone)

    async def says(
        self, name: str, line: str, *, heard: str | None = None, files: tuple[Upload, ...] = (), channel: str = ""
    ) -> Answer:
        """A slash command as it is typed, without the slash."""
        verb, _, text = line.partition(" ")
        return await self.core.dispatch(
            Command(
                verb=verb or "help",
                actor=self.actor(name),
                place=self._place(name, channel),
                heard=heard or self._heard(),
                text=text,
                typed=True,
                uploads=files,
                outsiders=channel in self.shared,
                hurdle=self.hurdles.get(channel, ""),
            )
        )

    async def tells(self, name: str, words: str, *, files: tuple[Upload, ...] = (), channel: str = "") -> Answer:
        """Words without a command."""
        message = Message(
            actor=self.actor(name),
            place=self._place(name, channel),
            heard=self._heard(),
            text=words,
            uploads=files,
            outsiders=channel in self.shared,
            hurdle=self.hurdles.get(channel, ""),
        )
        return await self.core.hear(message)

    async def calls(
        self, name: str, verb: str, /, *, heard: str | None = None, channel: str = "", **args: str
    ) -> Answer:
        """A verb that no one types: what a platform asks for by itself, or a button that was made to say something."""
        return await self.core.dispatch(
            Command(
                verb=verb,
                actor=self.actor(name),
                place=self._place(name, channel),
                heard=heard or self._heard(),
                args=tuple(args.items()),
                outsiders=channel in self.shared,
                hurdle=self.hurdles.get(channel, ""),
            )
        )

    async def presses(
        self, name: str, answer: Answer, label: str, choice: str = "", *, heard: str | None = None, channel: str = ""
    ) -> Answer:
        """The button or select whose label begins so; of a select, the option whose label begins with `choice`."""
        action = next(one for one in actions(answer) if one.label.startswith(label))
        args = action.callback.args
        if isinstance(action, Select):
            option = next(option for option in action.options if option.label.startswith(choice))
            args = (*args, (action.argument, option.value))
        return await self.calls(name, action.callback.verb, heard=heard, channel=channel, **dict(args))

    async def fills(
        self, name: str, form: Answer, /, *, heard: str | None = None, in_channel: str = "", **values: str
    ) -> Answer:
        """Sends a form with some of its inputs changed and the others as they stand."""
        assert isinstance(form, Form), form
        filled = {one.name: one.value for one in form.inputs} | values
        return await self.core.dispatch(
            Command(
                verb=form.verb,
                actor=self.actor(name),
                place=self._place(name, in_channel),
                heard=heard or self._heard(),
                args=tuple(filled.items()),
                draft=form.id,
                outsiders=in_channel in self.shared,
                hurdle=self.hurdles.get(in_channel, ""),
            )
        )

    def breaks(self, read: str, *, after_commit: bool = False) -> None:
        """From now on (or from the next commit on) a read of the store raises."""
        self.core = self.core_on(Faulty(self.store, read, after_commit=after_commit))

    async def waits(self, span: timedelta, step: timedelta = timedelta(minutes=30)) -> None:
        """Time goes by, and the clock wakes the process as it would."""
        target = self.clock() + span
        while self.clock() < target:
            self.clock.move(min(step, target - self.clock()))
            await self.turn()

    async def turn(self) -> None:
        """One waking: what is due is raised, sent and edited."""
        await tick(self.store, self.clock(), new_id=self.core.new_id)
        await deliver(self.store, {"fake": self.platform}, self.clock, self.core.new_id)

    async def team(self) -> Team:
        """The team's record."""
        found = await self.store.team_at(self.actor("ana").person.home)
        assert found is not None
        return found

    async def member(self, name: str) -> Member:
        """A member's record."""
        found = await self.store.member_at((await self.team()).id, self.actor(name).person)
        assert found is not None
        return found

    def messages_to(self, name: str) -> list[Reply]:
        """What stands in somebody's direct conversation, as it now reads."""
        return [message.reply for message in self.platform.at(dm(self.actor(name).person))]

    def dm(self, name: str) -> Place:
        """Somebody's direct conversation."""
        return dm(self.actor(name).person)

    def _place(self, name: str, channel: str) -> Place:
        return Place("fake", WORKSPACE, channel, PlaceKind.CHANNEL) if channel else dm(self.actor(name).person)

    def _heard(self) -> str:
        return f"heard-{next(self._ids)}"


class Faulty:
    """A store one of whose reads breaks: at once, or from the first commit on."""

    def __init__(self, store: Store, read: str, *, after_commit: bool = False) -> None:
        self._store, self._read, self._breaks = store, read, not after_commit

    def __getattr__(self, name: str) -> Any:
        """Everything else is the real store's."""
        return self._broken if name == self._read and self._breaks else getattr(self._store, name)

    async def commit(self, change: Change) -> Change:
        """The real commit, after which the read breaks."""
        committed = await self._store.commit(change)
        self._breaks = True
        return committed

    async def _broken(self, *_: object, **__: object) -> None:
        raise RuntimeError("boom")


@asynccontextmanager
async def open_desk(folder: Path, now: datetime = NOON) -> AsyncIterator[Desk]:
    """A desk on a store of its own."""
    store = await open_store(f"tinydb:{folder / 'rapport.json'}")
    clock, numbers = MovableClock(now), count(1)

    def found_team(actor: Actor, id: str) -> Team:
        return Team(
            id=id,
            team=id,
            name="Acme",
            workspaces=(actor.person.home,),
            timezone="Europe/Berlin",
            channel=Place("fake", actor.person.workspace, "team"),
            created_at=clock(),
        )

    def new_id(prefix: str) -> str:
        return f"{prefix}_{next(numbers):016}"

    def core_on(store: Store) -> Dispatch:
        return Dispatch(store, all_verbs(), clock=clock, new_id=new_id, found_team=found_team)

    try:
        yield Desk(store, clock, core_on(store), FakeAdapter(), core_on)
    finally:
        await store.close()


def actions(answer: Answer) -> list[Button | Select]:
    """Everything that can be pressed in a reply."""
    assert isinstance(answer, Reply), answer
    blocks = [block for block in answer.blocks if isinstance(block, Actions)]
    return [item for block in blocks for item in block.all if isinstance(item, Button | Select)]


def labels(answer: Answer) -> list[str]:
    """The labels of everything that can be pressed."""
    return [action.label for action in actions(answer)]


def words(answer: Answer) -> str:
    """Everything a reply says, in plain words, buttons left out."""
    assert isinstance(answer, Reply), answer
    lines: list[str] = []
    for block in answer.blocks:
        match block:
            case Text():
                lines.append(plain(block))
            case Fields():
                lines += [f"{label}: {plain(text)}" for label, text in block.rows]
            case Table():
                lines += [" | ".join(plain(cell) for cell in row) for row in block.rows]
    return "\n".join(lines)


def plain(text: Text) -> str:
    """A Text in plain words."""
    return "".join(_value(span.value) for span in spans(text))


def errors(form: Answer) -> dict[str, str]:
    """What is wrong with a form, by input."""
    assert isinstance(form, Form), form
    return {one.name: one.error for one in form.inputs if one.error}


def _value(value: object) -> str:
    match value:
        case Who(name=name):
            return f"@{name}"
        case Where(place=place):
            return f"#{place.id}"
    return str(value)
