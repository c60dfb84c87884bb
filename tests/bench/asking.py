"""How long answers take on a large roster: the recap, the due list, and finding people by what was typed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from msgspec.structs import replace
from tinydb import TinyDB, where
from tinydb.queries import QueryInstance

from bot.change import Change, Write
from bot.model import Influencer, Standing, Touchpoint, standing_id
from bot.roster import How, Roster, Rosters
from tests.bench.figures import Aim, Family, Figure, in_ms
from tests.bench.names import name_of
from tests.bench.scale import Scale
from tests.bench.stock import open_stock
from tests.bench.timing import Subject, clocked, each_settled, in_turns, percentile, timed
from tests.bench.world import TEAM, World, influencer_id, write_world
from tests.desk import Desk, open_desk, words

METHOD = """\
Recap and due list are whole commands through dispatch, from the words typed to the finished reply; their floor is the
store being asked for the records that are shown, and nothing else. Each recap is of another person. A look-up is the
roster's revision read from the store and the name found in the index; each is of another name, and its floor is a plain
pass over all names that compares each with what was typed. Everybody asked about is asked about five times, far apart,
and the median of the five counts: a 99th percentile is over people and names, not over moments in which the machine was
busy. Stock TinyDB answers from a file with the same touchpoints,
influencers and Standings, by one search on the field that the question is about."""

AGAIN = 5
STOCK_ROUNDS = 5
PASS = "a pass over all names"


def _slipped(name: str) -> str:
    """A full name with two letters of the surname swapped."""
    return f"{name[:-3]}{name[-2]}{name[-3]}{name[-1]}"


TYPED: tuple[tuple[str, Callable[[str], str], How | None], ...] = (
    ("full name", str, How.EXACT),
    ("first name", lambda name: name.split()[0], How.FIRST_NAME),
    ("beginning of a full name", lambda name: name[:-2], How.PREFIX),
    ("name with a typo", _slipped, How.TYPO),
    ("nobody’s name", lambda name: f"Quz{name[::-1]}", None),
)
"""What is typed for a name, and what it should be found by."""


async def measure(scale: Scale, folder: Path) -> Family:
    """Recap, due list and look-ups at one size, against the bare records and against stock TinyDB."""
    path = folder / "asking" / "rapport.json"
    write_world(World(influencers=scale.roster), path)
    stock = open_stock(path, path.with_name("stock.json"))
    async with open_desk(path.parent) as desk:
        asking = Asking(desk, scale.roster, people=scale.people)
        figures = [*await _recap(asking, stock), *await _due(asking, stock), *await _look_ups(asking, stock)]
    stock.close()
    title = f"Questions, with {scale.roster:,} influencers and {scale.roster * World(0).touches:,} touchpoints"
    return Family(title, METHOD, tuple(figures))


class Asking:
    """Asks about one person after the other, far apart on the roster, and then about them again."""

    def __init__(self, desk: Desk, influencers: int, people: int) -> None:
        self.desk = desk
        self.people = people
        self.rosters = Rosters()
        self._influencers = influencers

    def number(self, turn: int) -> int:
        """Whom a turn asks about."""
        return turn % self.people * 7919 % self._influencers

    async def recap(self, turn: int) -> float:
        """One recap, by full name."""
        return await timed(self.desk.says("ana", f"show {name_of(self.number(turn))}"))

    async def recap_records(self, turn: int) -> float:
        """What a recap shows, straight from the store."""
        return await timed(self._recap_records(influencer_id(self.number(turn))))

    async def due(self, _: int) -> float:
        """One due list of everybody's."""
        return await timed(self.desk.says("ana", "due all"))

    async def due_records(self, _: int) -> float:
        """Those who are due, straight from the store."""
        return await timed(self.due_standings())

    async def due_standings(self) -> tuple[Standing, ...]:
        """The Standings of those who are due."""
        return await self.desk.store.needing_attention(TEAM.id, self.desk.clock())

    async def roster(self) -> Roster:
        """The roster as a command gets it."""
        return await self.rosters.of(self.desk.store, TEAM.id)

    def looking_up(self, typed: Callable[[str], str]) -> Subject:
        """Looks one person up by a name as typed."""

        async def look_up(turn: int) -> float:
            name = typed(name_of(self.number(turn)))
            start = perf_counter()
            (await self.roster()).find(name)
            return perf_counter() - start

        return look_up

    async def pass_over(self, turn: int) -> float:
        """Compares all names with one."""
        typed = name_of(self.number(turn)).casefold()
        entries = await self.desk.store.roster(TEAM.id)
        return clocked(lambda: [entry for entry in entries if typed in entry.name.casefold()])

    async def rebuild(self, turn: int) -> float:
        """The first look into a roster in which a name has just changed."""
        await self.rename(turn)
        return await timed(self.roster())

    async def rename(self, turn: int) -> None:
        """Somebody gets another name."""
        store, number = self.desk.store, self.number(turn)
        before = await store.get(Influencer, TEAM.id, influencer_id(number))
        after = replace(before, aliases=(f"Formerly {number}",)) if before else None
        change = Change(
            id=self.desk.core.new_id("chg"),
            team=TEAM.id,
            at=self.desk.clock(),
            by=None,
            verb="edit",
            writes=(Write(before, after),),
        )
        await store.commit(change)

    async def _recap_records(self, id: str) -> None:
        store = self.desk.store
        standing = await store.get(Standing, TEAM.id, standing_id(id))
        if standing is None or standing.last is None:
            raise RuntimeError(f"{id} has no Standing with a last contact")
        await store.get(Influencer, TEAM.id, id)
        await store.get(Touchpoint, TEAM.id, standing.last.touchpoint)
        await store.occasions(TEAM.id, id)


async def _recap(asking: Asking, stock: TinyDB) -> list[Figure]:
    name = name_of(asking.number(0))
    answer = words(await asking.desk.says("ana", f"show {name}"))
    if not answer.startswith(name):
        raise RuntimeError(f"show answered: {answer}")
    took = await in_turns(asking.people * AGAIN, {"recap": asking.recap, "records": asking.recap_records})
    recaps = each_settled(took["recap"], asking.people)
    bare, p50, p99 = in_ms(median(took["records"])), in_ms(median(recaps)), in_ms(percentile(recaps, 99))
    searched = _stock_search(stock, "touchpoints", where("influencer") == influencer_id(1))
    return [
        Figure("recap, p50", p50, "ms", "its records", bare, Aim(most=2)),
        Figure("recap, p99", p99, "ms", "its records", bare, Aim(most=2)),
        Figure("recap, p50", p50, "ms", "stock TinyDB’s search for touchpoints", searched, Aim(times=0.1)),
    ]


async def _due(asking: Asking, stock: TinyDB) -> list[Figure]:
    count = len(await asking.due_standings())
    answer = words(await asking.desk.says("ana", "due all"))
    if f"{count:,} people" not in answer:
        raise RuntimeError(f"due answered: {answer[:200]}")
    seconds = await in_turns(60, {"due": asking.due, "records": asking.due_records})
    bare, due = in_ms(median(seconds["records"])), in_ms(median(seconds["due"]))
    searched = _stock_search(stock, "standings", where("attention_at").test(_is_by(asking.desk.clock().isoformat())))
    name = f"due list, {count:,} due, p50"
    return [
        Figure(name, due, "ms", "store.needing_attention", bare, Aim(times=20)),
        Figure(name, due, "ms", "stock TinyDB’s search for Standings", searched, Aim(times=0.1)),
    ]


def _is_by(now: str) -> Callable[[Any], bool]:
    return lambda moment: moment is not None and moment <= now


async def _look_ups(asking: Asking, stock: TinyDB) -> list[Figure]:
    subjects = {kind: asking.looking_up(typed) for kind, typed, _ in TYPED}
    for kind, typed, how in TYPED:
        await _check_found_by(asking, kind, typed, how)
    took = await in_turns(asking.people * AGAIN, subjects)
    passed = await in_turns(30, {"pass": asking.pass_over, "rebuild": asking.rebuild})
    floor = in_ms(median(passed["pass"]))
    searched = _stock_search(stock, "influencers", where("name") == name_of(1))
    figures = []
    for kind, seconds in took.items():
        settled = each_settled(seconds, asking.people)
        p50, p99 = in_ms(median(settled)), in_ms(percentile(settled, 99))
        figures.append(Figure(f"{kind}, p50", p50, "ms", PASS, floor))
        figures.append(Figure(f"{kind}, p99", p99, "ms", PASS, floor, Aim(most=5)))
    whole = figures[0]
    figures.append(Figure(whole.name, whole.value, "ms", "stock TinyDB’s search by name", searched, Aim(times=0.1)))
    rebuilt = in_ms(median(passed["rebuild"]))
    figures.append(Figure("first look-up after a name changed", rebuilt, "ms", PASS, floor, Aim(most=1000)))
    return figures


async def _check_found_by(asking: Asking, kind: str, typed: Callable[[str], str], how: How | None) -> None:
    """RuntimeError where what is typed is mostly found by something else than is said."""
    roster = await asking.roster()
    found = Counter(roster.find(typed(name_of(asking.number(turn)))).how for turn in range(100))
    if found[how] < 50:
        raise RuntimeError(f"{kind}: found by {found}")


def _stock_search(stock: TinyDB, table: str, question: QueryInstance) -> float:
    """Milliseconds of a search that no cache answers."""

    def search() -> None:
        stock.table(table).clear_cache()
        stock.table(table).search(question)

    return in_ms(median(clocked(search) for _ in range(STOCK_ROUNDS)))
