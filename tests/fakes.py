"""Fakes by hand that any test may use: a platform that records and fails on demand, ids in order, and a small team."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import msgspec

from bot.address import Person, Place, PlaceKind, Posted, Workspace
from bot.change import Change, Write
from bot.clock import MovableClock
from bot.consequences import with_consequences
from bot.errors import NotPosted, PlaceLost, PostUnknown
from bot.model import Direction, Influencer, Medium, Member, Record, Standing, Team, Tier, Touchpoint, standing_id
from bot.reply import Actions, Button, Reply, Select, Text, Where, spans
from bot.store_port import Store


class Killed(BaseException):
    """What a process meets when it is killed: nothing catches it."""


@dataclass(frozen=True, slots=True)
class Failure:
    """What goes wrong with one call: `stands` says whether the message is there all the same."""

    error: BaseException
    stands: bool = False


def not_posted(retry_after: float | None = 0.0) -> Failure:
    """A refusal: 429, ok:false."""
    return Failure(NotPosted("refused", retry_after))


def place_lost() -> Failure:
    """A DM that is closed, a channel that is gone."""
    return Failure(PlaceLost("closed"))


def lost_answer(*, stands: bool) -> Failure:
    """A connection that dropped before the answer came."""
    return Failure(PostUnknown("connection dropped"), stands)


def killed(*, stands: bool) -> Failure:
    """The process dies at the post, before or after the platform took it."""
    return Failure(Killed(), stands)


@dataclass(frozen=True, slots=True)
class Message:
    """What stands on the fake platform; `says` is all its words, as they were last set."""

    posted: Posted
    key: str
    reply: Reply

    @property
    def says(self) -> str:
        """Its words, without markup."""
        return words_of(self.reply)


@dataclass
class FakeAdapter:
    """A platform in memory: keeps what stands, counts what was tried, and fails as it is told to.

    `failures` are met by posts in order, `edit_failures` by edits, `delete_failures` by deletions, `find_failures` by
    look-ups; `closed` places are lost for good; posts to `hanging` ones are answered when they are `let_go`. `slowly`
    makes every post give way to others that often, so that overlaps show. `meanwhile` happens once, just before a post,
    an edit or a deletion is answered.
    """

    platform: str = "fake"
    finds_in: frozenset[PlaceKind] = frozenset(PlaceKind)
    slowly: int = 0
    failures: list[Failure] = field(default_factory=list)
    edit_failures: list[Failure] = field(default_factory=list)
    find_failures: list[Failure] = field(default_factory=list)
    delete_failures: list[Failure] = field(default_factory=list)
    closed: set[Place] = field(default_factory=set)
    hanging: set[Place] = field(default_factory=set)
    let_go: asyncio.Event = field(default_factory=asyncio.Event)
    messages: dict[str, Message] = field(default_factory=dict)
    attempts: list[tuple[Place, str]] = field(default_factory=list)
    edits: list[Posted] = field(default_factory=list)
    deletions: list[Posted] = field(default_factory=list)
    lookups: list[str] = field(default_factory=list)
    overlaps: Counter[Place] = field(default_factory=Counter)
    most_at_once: int = 0
    is_closed: bool = False
    meanwhile: Callable[[], Awaitable[object]] | None = None
    _at: defaultdict[Place, int] = field(default_factory=lambda: defaultdict(int))
    _numbers: Iterable[int] = field(default_factory=lambda: count(1))

    async def post(self, place: Place, reply: Reply, key: str) -> Posted:
        """Keeps the message, unless it is told to fail."""
        self.attempts.append((place, key))
        self._at[place] += 1
        self.most_at_once = max(self.most_at_once, sum(self._at.values()))
        if self._at[place] > 1:
            self.overlaps[place] += 1
        try:
            for _ in range(self.slowly):
                await asyncio.sleep(0)
            if place in self.hanging:
                await self.let_go.wait()
            if place in self.closed:
                raise PlaceLost("closed")
            failure = self.failures.pop(0) if self.failures else None
            if failure is not None and not failure.stands:
                raise failure.error
            posted = Posted(place, f"m{next(iter(self._numbers))}")
            self.messages[posted.message] = Message(posted, key, reply)
            await self._let_it_happen()
            if failure is not None:
                raise failure.error
            return posted
        finally:
            self._at[place] -= 1

    async def edit(self, posted: Posted, reply: Reply) -> None:
        """Sets what a message says, unless it is told to fail."""
        self.edits.append(posted)
        failure = self.edit_failures.pop(0) if self.edit_failures else None
        if failure is None or failure.stands:
            self.messages[posted.message] = Message(posted, self.messages[posted.message].key, reply)
        await self._let_it_happen()
        if failure is not None:
            raise failure.error

    async def delete(self, posted: Posted) -> None:
        """Takes a message away, unless it is told to fail; one that is gone already is fine."""
        self.deletions.append(posted)
        failure = self.delete_failures.pop(0) if self.delete_failures else None
        if failure is None or failure.stands:
            self.messages.pop(posted.message, None)
        await self._let_it_happen()
        if failure is not None:
            raise failure.error

    def can_find(self, place: Place) -> bool:
        """In places of the kinds it was told."""
        return place.kind in self.finds_in

    async def find(self, place: Place, key: str, since: datetime) -> Posted | None:
        """The message of a key, where it stands."""
        self.lookups.append(key)
        if self.find_failures:
            raise self.find_failures.pop(0).error
        return next((m.posted for m in self.messages.values() if m.key == key and m.posted.place == place), None)

    def health(self) -> str | None:
        """Always well."""
        return None

    async def close(self) -> None:
        """Lets go."""
        self.is_closed = True

    async def _let_it_happen(self) -> None:
        happening, self.meanwhile = self.meanwhile, None
        if happening is not None:
            await happening()

    @property
    def said(self) -> list[str]:
        """The words of every message that stands, in the order they were posted."""
        return [message.says for message in self.messages.values()]

    def at(self, place: Place) -> list[Message]:
        """The messages in one place."""
        return [message for message in self.messages.values() if message.posted.place == place]


def words_of(reply: Reply) -> str:
    """All words of the Texts of a reply, line by line, as plain text."""
    lines = []
    for block in reply.blocks:
        if isinstance(block, Text):
            lines.append("".join(_plain(span.value) for span in spans(block)))
    return "\n".join(lines)


def _plain(value: Any) -> str:
    if isinstance(value, Where):
        return f"#{value.place.id}"
    name = getattr(value, "name", None) or getattr(value, "label", None)
    return str(name if name is not None else value)


def pressable(reply: Reply) -> list[Button | Select]:
    """The buttons and selects of a reply in order."""
    return [
        item
        for block in reply.blocks
        if isinstance(block, Actions)
        for item in block.all
        if isinstance(item, (Button, Select))
    ]


def ids_in_order() -> Callable[[str], str]:
    """A NewId that counts: `inf_1`, `inf_2`, `chg_1` …"""
    numbers: defaultdict[str, Iterable[int]] = defaultdict(lambda: count(1))
    return lambda prefix: f"{prefix}_{next(iter(numbers[prefix]))}"


MONDAY = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
"""Seven in the morning in Berlin, on a working day without a holiday."""

HOME = Workspace("fake", "w1")
CHANNEL = Place("fake", "w1", "c1")


def account(id: str, platform: str = "fake") -> Person:
    """An account on the fake platform."""
    return Person(platform, "w1", id)


def a_team(**changes: Any) -> Team:
    """A team in Berlin."""
    fields: dict[str, Any] = {
        "id": "team_1",
        "team": "team_1",
        "name": "Team",
        "workspaces": (HOME,),
        "timezone": "Europe/Berlin",
        "created_at": MONDAY - timedelta(days=1000),
    }
    return Team(**(fields | changes))


def a_member(name: str, **changes: Any) -> Member:
    """A member with one account on the fake platform."""
    fields: dict[str, Any] = {
        "id": f"mem_{name.lower()}",
        "team": "team_1",
        "name": name,
        "accounts": (account(name.lower()),),
    }
    return Member(**(fields | changes))


def an_influencer(name: str, **changes: Any) -> Influencer:
    """Somebody in tier A whom Ana looks after; the id is `inf_` and the first name."""
    fields: dict[str, Any] = {
        "id": f"inf_{name.split(maxsplit=1)[0].lower()}",
        "team": "team_1",
        "name": name,
        "tier": Tier.A,
        "owner": "mem_ana",
        "added_at": MONDAY - timedelta(days=500),
    }
    return Influencer(**(fields | changes))


@dataclass
class Office:
    """A store with a team, a clock and ids: what most stories about time begin with."""

    store: Store
    clock: MovableClock
    new_id: Callable[[str], str] = field(default_factory=ids_in_order)

    @property
    def now(self) -> datetime:
        """What the clock says."""
        return self.clock()

    def move(self, **by: float) -> datetime:
        """Lets time pass."""
        return self.clock.move(timedelta(**by))

    def move_to(self, moment: datetime) -> datetime:
        """Lets time pass until an instant."""
        return self.clock.move(moment - self.clock())

    async def team(self) -> Team:
        """The team as it is stored."""
        team = await self.store.get(Team, "team_1", "team_1")
        if team is None:
            raise LookupError("the office has no team yet")
        return team

    async def write(self, *writes: Write, by: str | None = None, verb: str = "test") -> Change:
        """Commits with all consequences, as a handler would."""
        team = next((write.after for write in writes if isinstance(write.after, Team)), None) or await self.team()
        pending = await with_consequences(self.store, team, writes, now=self.now, by=by)
        change = Change(
            id=self.new_id("chg"),
            team="team_1",
            at=self.now,
            by=by,
            verb=verb,
            writes=pending.writes,
            reads=pending.reads,
        )
        return await self.store.commit(change)

    async def add(self, *records: Record) -> None:
        """Stores new records."""
        await self.write(*(Write(None, record) for record in records))

    async def change(self, record: Record, by: str | None = None, **fields: Any) -> None:
        """Sets fields of a record as it is stored now."""
        current = await self.store.get(type(record), "team_1", record.id)
        if current is None:
            raise LookupError(record.id)
        await self.write(Write(current, msgspec.structs.replace(current, **fields)), by=by)

    async def log(
        self,
        influencer: Influencer,
        on: date,
        direction: Direction = Direction.OUTBOUND,
        by: str = "mem_ana",
        **fields: Any,
    ) -> Touchpoint:
        """Logs one touchpoint."""
        given: Mapping[str, Any] = {"medium": Medium.EMAIL} | fields
        touch = Touchpoint(
            id=self.new_id("tch"),
            team="team_1",
            influencer=influencer.id,
            on=on,
            direction=direction,
            by=by,
            logged_at=self.now,
            **given,
        )
        await self.write(Write(None, touch), by=by, verb="log")
        return touch

    async def standing(self, influencer: Influencer) -> Standing:
        """The standing of an influencer as it is stored."""
        standing = await self.store.get(Standing, "team_1", standing_id(influencer.id))
        if standing is None:
            raise LookupError(influencer.id)
        return standing
