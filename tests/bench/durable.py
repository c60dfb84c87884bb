"""How long it takes until something logged cannot be lost any more."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from statistics import median

from tinydb import TinyDB

from bot.change import Change, created
from bot.consequences import with_consequences
from bot.model import Direction, Medium, Touchpoint
from storage.disk import Files
from storage.journal import read_journal
from storage.rows import encode
from tests.bench.figures import Aim, Family, Figure, in_ms
from tests.bench.names import account_of
from tests.bench.scale import Scale
from tests.bench.stock import open_stock
from tests.bench.timing import Subject, clocked, in_turns, timed
from tests.bench.world import MEMBERS, TEAM, World, influencer_id, write_world
from tests.desk import Desk, open_desk, words

METHOD = """\
The raw write is an `os.write` of a line to the end of a file and an `os.fdatasync` of it, on the loop's own thread; the
line is as long as the store's own journal lines in the same run. As an fsync must not hold up the loop, it is shown in
an executor's thread and awaited, too. What is written where there are zeros already spares the disk the growing; the
journal does so. A commit is a touchpoint and the Standing that follows from it, prepared beforehand. `/rapport log
<handle> …` goes through dispatch, which looks the person up, reads the words, reckons, commits and answers. All of
these take turns, five hundred rounds, by which the store grows; medians count. Stock TinyDB (JSONStorage) inserts the
same touchpoint into a file of its own with the same touchpoints, influencers and Standings. Measure on a machine that
does nothing else: where all cores are busy, waiting for another thread costs more than a fast disk does."""

AT_ONCE = 16
AHEAD = 64 * 1024 * 1024

_write_through = getattr(os, "fdatasync", os.fsync)


async def measure(scale: Scale, folder: Path) -> Family:
    """Commits and whole commands at each size, against a raw write and against stock TinyDB."""
    figures: list[Figure] = []
    for size in scale.touchpoints:
        here = folder / f"durable-{size}"
        path = here / "rapport.json"
        write_world(World(influencers=size // 10), path)
        stock = open_stock(path, here / "stock.json")
        async with open_desk(here) as desk:
            figures += await _at(size, scale.rounds, here, Log(desk, size // 10), stock)
        stock.close()
    return Family("Durable writes", METHOD, tuple(figures))


class Log:
    """Logs touchpoints with one influencer after the other."""

    def __init__(self, desk: Desk, influencers: int) -> None:
        self.desk = desk
        self._influencers = influencers
        self._numbers = count(1)

    async def prepare(self) -> Change:
        """A Change as `log` makes it, with what follows from it."""
        number = next(self._numbers)
        touch = Touchpoint(
            id=f"tch_c{number:015}",
            team=TEAM.id,
            influencer=influencer_id(number % self._influencers),
            on=self.desk.clock().date(),
            at=self.desk.clock(),
            medium=Medium.MEETING,
            direction=Direction.MUTUAL,
            note="coffee at VidCon, loves the ceramics, wants to film a cookbook",
            by=MEMBERS[0].id,
            logged_at=self.desk.clock(),
        )
        now = self.desk.clock()
        pending = await with_consequences(self.desk.store, TEAM, created(touch), now=now, by=touch.by)
        return Change(
            id=f"chg_c{number:015}",
            team=TEAM.id,
            at=now,
            by=touch.by,
            verb="log",
            heard=f"heard_c{number:015}",
            writes=pending.writes,
        )

    async def commit(self, _: int) -> float:
        """One commit."""
        return await timed(self.desk.store.commit(await self.prepare()))

    async def commit_at_once(self, _: int) -> float:
        """Several commits at the same time, of different people: the time of each."""
        changes = [await self.prepare() for _ in range(AT_ONCE)]
        return await timed(asyncio.gather(*map(self.desk.store.commit, changes))) / AT_ONCE

    async def command(self, _: int) -> float:
        """One whole command."""
        line = f"log {account_of(next(self._numbers) % self._influencers)} coffee at VidCon, loves the ceramics"
        return await timed(self.desk.says("ana", line))

    async def check(self) -> None:
        """RuntimeError where a command logs nothing: figures about that would be worth nothing."""
        answer = await self.desk.says("ana", f"log {account_of(0)} coffee at VidCon")
        if not words(answer).startswith("✓ Logged"):
            raise RuntimeError(f"log answered: {words(answer)}")


@contextmanager
def raw_writes(folder: Path, line: bytes) -> Iterator[dict[str, Subject]]:
    """The floors: a line appended, the same in another thread, and one written where there are zeros already."""
    appended = os.open(folder / "appended", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    filled = os.open(folder / "filled", os.O_RDWR | os.O_CREAT, 0o600)
    os.write(filled, bytes(AHEAD))
    os.fsync(filled)
    position = count(0, len(line))

    def append() -> None:
        os.write(appended, line)
        _write_through(appended)

    def fill() -> None:
        os.pwrite(filled, line, next(position))
        _write_through(filled)

    with ThreadPoolExecutor(1) as thread:
        loop = asyncio.get_running_loop()
        yield {
            "append": _called(append),
            "append, awaited": lambda _: timed(loop.run_in_executor(thread, append)),
            "fill": _called(fill),
        }
    os.close(appended)
    os.close(filled)


def _called(work: Callable[[], object]) -> Subject:
    async def subject(_: int) -> float:
        return clocked(work)

    return subject


async def _at(size: int, rounds: int, folder: Path, log: Log, stock: TinyDB) -> list[Figure]:
    await log.check()
    for _ in range(20):
        await log.commit(0)
    line = b"x" * (_line_length(Files(folder / "rapport.json")) - 1) + b"\n"
    with raw_writes(folder, line) as floors:
        seconds = await in_turns(rounds, floors | {"commit": log.commit, "command": log.command})
        seconds |= await in_turns(rounds // AT_ONCE, {"at once": log.commit_at_once})
    took = {name: in_ms(median(times)) for name, times in seconds.items()}
    inserted = in_ms(_stock_insert(stock, rounds, size))
    raw, awaited = f"raw write of {len(line):,} B", "the same write, awaited"

    def figure(name: str, subject: str, against: str, floor: float, aim: Aim | None = None) -> Figure:
        return Figure(f"{name}, {size:,} touchpoints", took[subject], "ms", against, floor, aim)

    return [
        figure("commit", "commit", raw, took["append"], Aim(times=1.5)),
        figure("commit", "commit", awaited, took["append, awaited"], Aim(times=1.5)),
        figure("commit", "commit", "the same write, where zeros are", took["fill"]),
        figure(f"{AT_ONCE} commits at once, each", "at once", raw, took["append"], Aim(times=1)),
        figure("/rapport log", "command", raw, took["append"], Aim(most=5)),
        figure("/rapport log", "command", "stock TinyDB’s insert", inserted, Aim(times=1)),
    ]


def _line_length(files: Files) -> int:
    """Bytes of a line in a store's journal, on average."""
    contents = read_journal(files.journal(files.generations()[-1]))
    return contents.end // len(contents.entries)


def _stock_insert(stock: TinyDB, rounds: int, size: int) -> float:
    """The seconds of an insert, at the median of as many as the time allows."""
    touches = stock.table("touchpoints")
    document = encode(
        Touchpoint(
            id="tch_stock",
            team=TEAM.id,
            influencer=influencer_id(1),
            on=TEAM.created_at.date(),
            medium=Medium.MEETING,
            direction=Direction.MUTUAL,
            note="coffee at VidCon, loves the ceramics, wants to film a cookbook",
            logged_at=TEAM.created_at,
        )
    )
    repeated = max(3, min(rounds, 30_000 // size))
    return median(clocked(lambda: touches.insert(document)) for _ in range(repeated))
