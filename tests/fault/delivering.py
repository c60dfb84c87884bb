"""Starts processes that deliver, kills them before, in and after posts, and looks at what stands on the platform.

Run by test_deliveries_kill in its own process with a single thread, so that a child is a fork of it. The platform is a
file that outlives them all: a post is a line of it, and stands once the line is whole.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import select
import signal
import sys
import time as clocks
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from pathlib import Path

from bot.address import Person, Place, Posted
from bot.change import Change, Write
from bot.clock import MovableClock
from bot.consequences import with_consequences
from bot.delivery import LEASE, Rounds
from bot.model import (
    Delivery,
    DeliveryKind,
    DeliveryState,
    Direction,
    Influencer,
    Medium,
    Member,
    Nudge,
    NudgeState,
    Occasion,
    Promise,
    Record,
    Schedule,
    Side,
    Team,
    Tier,
    Touchpoint,
)
from bot.nudging import tick
from bot.reply import Reply
from storage.opening import open_tiny
from tests.fakes import words_of

OWNERS = 250
PLACES = 250
BEFORE, IN, AFTER, DONE = "before", "in", "after", "done"
LIVES = (10, 150)
"""What a child may say before it is killed: four words a post. By time, a slow machine would never come to an end."""

HANGS = 60.0
"""Seconds without a word after which something is wrong."""

MONDAY = date(2026, 11, 23)
HOUR = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
TEAM = "team_1"


@dataclass
class FilePlatform:
    """A platform in a file; what it is about to do, and has done, it says on a pipe."""

    path: Path
    finds: bool
    trace: int
    chance: random.Random
    platform: str = "file"
    _one_line: asyncio.Lock = field(default_factory=asyncio.Lock)

    def can_find(self, place: Place) -> bool:
        """As it was told."""
        return self.finds

    async def post(self, place: Place, reply: Reply, key: str) -> Posted:
        """Appends a line, in two halves, and takes its time before, between and after."""
        line = json.dumps({"key": key, "place": place.id, "text": words_of(reply)}) + "\n"
        self._say(BEFORE, key)
        await self._pause()
        async with self._one_line:
            self._say(IN, key)
            self._append(line[: len(line) // 2])
            await self._pause()
            self._append(line[len(line) // 2 :])
        self._say(AFTER, key)
        await self._pause()
        self._say(DONE, key)
        return Posted(place, key)

    async def edit(self, posted: Posted, reply: Reply) -> None:
        """Nothing is edited here."""

    async def delete(self, posted: Posted) -> None:
        """Nor taken away."""

    async def find(self, place: Place, key: str, since: datetime) -> Posted | None:
        """By key and place."""
        stands = any(line["key"] == key and line["place"] == place.id for line in lines_of(self.path))
        return Posted(place, key) if stands else None

    def health(self) -> str | None:
        """Always well."""
        return None

    async def close(self) -> None:
        """Nothing to let go of."""

    def _append(self, words: str) -> None:
        with self.path.open("ab", buffering=0) as file:
            file.write(words.encode())
            os.fsync(file.fileno())

    def _say(self, what: str, key: str) -> None:
        os.write(self.trace, f"{what} {key}\n".encode())

    async def _pause(self) -> None:
        await asyncio.sleep(self.chance.uniform(0.0, 0.004))


def lines_of(path: Path) -> list[dict[str, str]]:
    """The posts that stand; half a line, of a process that was killed in it, is none."""
    if not path.exists():
        return []
    return [
        json.loads(line) for line in path.read_bytes().split(b"\n") if line.startswith(b"{") and line.endswith(b"}")
    ]


def mend(path: Path) -> None:
    """The platform forgets the half that it was sent: the next line begins anew."""
    if path.exists() and not path.read_bytes().endswith(b"\n"):
        with path.open("ab") as file:
            file.write(b"\n")


async def prepare(path: Path) -> list[str]:
    """A team in which 250 members have something to be told, and 250 places want a digest; the keys of all of it."""
    store, numbers = open_tiny(path), count(1)

    async def commit(team: Team, *records: Record, now: datetime) -> None:
        made = await with_consequences(store, team, [Write(None, record) for record in records], now=now, by=None)
        change = Change(id=f"chg_{next(numbers)}", team=TEAM, at=now, by=None, verb="test", writes=made.writes)
        await store.commit(change)

    early = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
    team = Team(id=TEAM, team=TEAM, name="Team", workspaces=(), created_at=early)
    members = [
        Member(id=f"mem_{n}", team=TEAM, name=f"M{n}", accounts=(Person("file", "w1", f"m{n}"),)) for n in range(OWNERS)
    ]
    schedules = [
        Schedule(
            id=f"sch_{n}",
            team=TEAM,
            place=Place("file", "w1", f"c{n}"),
            weekdays=(0,),
            at=time(9),
            set_up_by="mem_0",
            set_up_at=early,
        )
        for n in range(PLACES)
    ]
    await commit(team, team, *members, *schedules, now=early)
    stored = await store.get(Team, TEAM, TEAM)
    assert stored is not None
    await commit(stored, *(record for n in range(OWNERS) for record in _needs_somebody(n, early)), now=early)
    await tick(store, HOUR - timedelta(hours=8), lambda prefix: f"{prefix}_tick_{next(numbers)}")
    due = [one.id for one in await store.deliveries_due(HOUR, limit=10**6)]
    await store.close()
    return due


def _needs_somebody(n: int, now: datetime) -> list[Record]:
    """Somebody on the roster and why to tell their owner on Monday: each third a silence, a promise, a birthday."""
    who = f"inf_{n}"
    person = Influencer(id=who, team=TEAM, name=f"P{n} X", tier=Tier.A, owner=f"mem_{n}", added_at=now)
    touch = Touchpoint(
        id=f"tch_{n}",
        team=TEAM,
        influencer=who,
        on=MONDAY - timedelta(days=100 if n % 3 == 0 else 2),
        medium=Medium.CALL,
        direction=Direction.MUTUAL,
        by=f"mem_{n}",
        logged_at=now,
    )
    if n % 3 == 1:
        owed = Promise(
            id=f"prm_{n:06}",
            team=TEAM,
            influencer=who,
            side=Side.WE,
            what="the sample",
            due=MONDAY,
            made_at=now,
            made_by=None,
        )
        return [person, touch, owed]
    if n % 3 == 2:
        return [
            person,
            touch,
            Occasion(id=f"occ_{n:06}", team=TEAM, influencer=who, label="birthday", month=11, day=30),
        ]
    return [person, touch]


async def deliver(store_path: Path, platform: FilePlatform, now: datetime, life: int) -> None:
    """Rounds until nothing is left to do today; what has to be looked at again is, as time goes by."""
    store, clock, numbers = open_tiny(store_path), MovableClock(now), count(1)
    rounds = Rounds(store, {"file": platform}, clock, lambda prefix: f"{prefix}_{life}_{next(numbers)}")
    while True:
        await rounds.make(patience=None)
        left = [one for one in await store.everything(Delivery, TEAM) if one.due_at is not None and one.on == MONDAY]
        if not left:
            break
        clock.move(LEASE)
    await store.close()


@dataclass
class Life:
    """One child: what it did with each key last, whether it was killed, and how many posts it finished."""

    last: dict[str, str]
    killed: bool
    posted: int


def live(folder: Path, now: datetime, number: int, *, finds: bool, chance: random.Random) -> Life:
    """Runs a child until it is done, or a moment after it has said as much as it may."""
    seed, words, moment = chance.randrange(2**32), chance.randint(*LIVES), chance.uniform(0.0, 0.006)
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reads)
        code = 1
        try:
            platform = FilePlatform(folder / "platform.log", finds, writes, random.Random(seed))
            asyncio.run(deliver(folder / "rapport.json", platform, now, number))
            code = 0
        finally:
            os._exit(code)
    os.close(writes)
    heard = bytearray()
    while heard.count(b"\n") < words:
        if not select.select([reads], [], [], HANGS)[0]:
            raise TimeoutError(f"child {number} says nothing")
        if not _drain(reads, heard):
            break
    else:
        clocks.sleep(moment)
    os.kill(child, signal.SIGKILL)
    _pid, status = os.waitpid(child, 0)
    while _drain(reads, heard):
        pass
    os.close(reads)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status) != 0:
        raise RuntimeError(f"child {number} went wrong")
    said = [line.split(" ", 1) for line in heard.decode().splitlines()]
    last = {key: what for what, key in said}
    return Life(last, os.WIFSIGNALED(status), sum(what == DONE for what, _ in said))


def _drain(reads: int, heard: bytearray) -> bool:
    said = os.read(reads, 1 << 16)
    heard.extend(said)
    return bool(said)


async def claimed(folder: Path) -> set[str]:
    """What a process that was killed had in its hands."""
    store = open_tiny(folder / "rapport.json", read_only=True)
    return {one.id for one in await store.everything(Delivery, TEAM) if one.state is DeliveryState.SENDING}


async def look(folder: Path, due: list[str], in_hand: set[str]) -> dict[str, object]:
    """What came of the deliveries that were due."""
    store = open_tiny(folder / "rapport.json", read_only=True)
    stands = Counter(line["key"] for line in lines_of(folder / "platform.log"))
    deliveries = {one.id: one for one in await store.everything(Delivery, TEAM)}
    stuck = {one.id: one.state for one in await store.deliveries_stuck(TEAM)}
    missing = [key for key in due if key not in stands]
    next_week = [one for one in deliveries.values() if one.kind is DeliveryKind.DIGEST and one.on > MONDAY]
    raised = [one.id for one in await store.everything(Nudge, TEAM) if one.state is NudgeState.RAISED]
    return {
        "due": len(due),
        "kinds": sorted({deliveries[key].kind.value for key in due}),
        "reasons": sorted({nudge.reason.value for nudge in await store.everything(Nudge, TEAM)}),
        "stand": len(stands),
        "twice": sorted(key for key, number in stands.items() if number > 1),
        "not due": sorted(set(stands) - set(due)),
        "missing": len(missing),
        "missing and not listed": sorted(set(missing) - set(stuck)),
        "listed": len(stuck),
        "listed and never in hand": sorted(set(stuck) - in_hand),
        "listed as another than unknown": sorted(
            key for key, state in stuck.items() if state is not DeliveryState.UNKNOWN
        ),
        "not at an end": sorted(key for key in due if deliveries[key].due_at is not None),
        "digests ahead": sum(one.state is DeliveryState.PENDING for one in next_week),
        "still raised": raised,
    }


def main(folder: Path, seed: int, *, finds: bool) -> dict[str, object]:
    """Kills children until one of them gets to the end, and says what came of it."""
    chance, hit, posted = random.Random(seed), Counter[str](), 0
    due = asyncio.run(prepare(folder / "rapport.json"))
    now, in_hand = HOUR, set[str]()
    for number in count(1):
        life = live(folder, now, number, finds=finds, chance=chance)
        mend(folder / "platform.log")
        posted += life.posted
        if not life.killed:
            break
        open_ones = {key: what for key, what in life.last.items() if what != DONE}
        hit.update(set(open_ones.values()))
        in_hand |= asyncio.run(claimed(folder))
        now += LEASE + timedelta(seconds=1)
    hits = {phase: hit[phase] for phase in (BEFORE, IN, AFTER)}
    return {"kills": number - 1, "hit": hits, "posted": posted, **asyncio.run(look(folder, due, in_hand))}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]), finds=sys.argv[3] == "finds")))
