"""What the lines of a touchpoints file add and change, so that the same file, imported twice, adds nothing.

A touchpoint is known again by its meaning: whom it was with, its date, medium, direction and note. What an empty cell
leaves open is not compared and not changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from msgspec.structs import replace

from bot.change import Write
from bot.errors import NotUnderstood
from bot.model import Direction, Exchange, Medium, Touchpoint
from bot.reading.answered import is_reached
from bot.reading.roster_people import Known, Members, People, meaning_id
from bot.reading.roster_rows import Reading, TouchRow
from bot.reading.sheets import Problem
from bot.roster.spelling import fold

_BOTH_WAYS = frozenset({Medium.MEETING, Medium.CALL, Medium.EVENT})
_OPEN = ("exchange", "paid", "disclosed", "automatic", "link", "value")

Meaning = tuple[str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class TouchPlan:
    """What happens to touchpoints. `repeated` lines were copies of others and are counted once."""

    added: tuple[Touchpoint, ...]
    changed: tuple[tuple[Touchpoint, Touchpoint], ...]
    unchanged: int
    repeated: int
    problems: tuple[Problem, ...]

    @property
    def writes(self) -> tuple[Write, ...]:
        """The writes that do it."""
        return (*(Write(None, touch) for touch in self.added), *(Write(*pair) for pair in self.changed))


@dataclass(frozen=True, slots=True)
class _Said:
    """A line with the person and the member it names; `given` are the facts its cells hold."""

    touch: Touchpoint
    given: tuple[tuple[str, object], ...]

    def fits(self, stored: Touchpoint) -> bool:
        """Whether a touchpoint is already as the line says."""
        return all(getattr(stored, name) == value for name, value in self.given)


def touch_id(touch: Touchpoint, given: Sequence[tuple[str, object]] = ()) -> str:
    """The id of an imported touchpoint. `given` tells lines apart that mean the same but for these facts."""
    return meaning_id("tch", *_meaning(touch), *given)


class Doubtful:
    """What the people of those lines may be called from which nobody could be made: they are not strangers."""

    def __init__(self, *, everybody: bool) -> None:
        """`everybody`: there may be lines that were not found at all."""
        self._everybody = everybody
        self._names: set[str] = set()

    def add(self, cell: str) -> None:
        """Takes a name, or a cell with several names or handles, right or wrong."""
        for part in (cell, *re.split(r"[;\n]", cell), *re.split(r"[\s,;]+", cell)):
            self._names |= _spellings(part)

    def may_be(self, typed: str) -> bool:
        """Whether one of them may be meant."""
        return self._everybody or not self._names.isdisjoint(_spellings(typed))


def plan_touchpoints(
    reading: Reading[TouchRow], people: People, members: Members, known: Known, doubtful: Doubtful
) -> TouchPlan:
    """Decides for every line of a file whether it is new, changes what is known, or says nothing new.

    People who are not found are not held against a line where their own line on the roster is wrong.
    """
    finder = _Finder(people, doubtful)
    said: dict[Meaning, dict[tuple[tuple[str, object], ...], _Said]] = {}
    problems: list[Problem] = []
    repeated = 0
    for torn in reading.torn:
        who, by = torn.values.get("influencer"), torn.values.get("by")
        problems += _problems(reading.file, torn.line, _names(who, by, finder, members)[2])
    for index, row in enumerate(reading.rows):
        influencer, by, wrong = _names(row.influencer, row.by, finder, members)
        problems += _problems(reading.file, row.line, wrong)
        if influencer is None or wrong:
            continue
        line = _said(row, influencer, by, known, age=len(reading.rows) - index)
        alike = said.setdefault(_meaning(line.touch), {})
        repeated += line.given in alike
        alike.setdefault(line.given, line)
    added, changed, unchanged = _compare(said, known.touchpoints)
    return TouchPlan(tuple(added), tuple(changed), unchanged, repeated, tuple(problems))


class _Finder:
    """Finds who is meant, each spelling once."""

    def __init__(self, people: People, doubtful: Doubtful) -> None:
        self._people, self._doubtful = people, doubtful
        self._found: dict[str, str | None] = {}

    def find(self, typed: str) -> str | None:
        """The id of the one person who is meant, `None` for one in doubt; NotUnderstood for nobody or several."""
        if typed not in self._found:
            people = self._people.meant(typed)
            if len(people) > 1:
                raise NotUnderstood(f"{len(people)} people are called “{typed[:60]}”. Use a handle here.", "influencer")
            if not people and not self._doubtful.may_be(typed):
                raise NotUnderstood(
                    f"Nobody on the roster is called “{typed[:60]}”. Add them, or use a handle.", "influencer"
                )
            self._found[typed] = people[0].id if people else None
        return self._found[typed]


def _names(
    influencer: str | None, by: str | None, finder: _Finder, members: Members
) -> tuple[str | None, str | None, list[NotUnderstood]]:
    """Whom a line is about, who of us it names, and which of them can't be told; `None` where it says nothing."""
    found, wrong = [], []
    for typed, read in ((influencer, finder.find), (by, members.read)):
        try:
            found.append(read(typed) if typed is not None else None)
        except NotUnderstood as error:
            found.append(None)
            wrong.append(error)
    return found[0], found[1], wrong


def _problems(file: str, line: int, wrong: Iterable[NotUnderstood]) -> list[Problem]:
    return [Problem(file, line, "by" if error.argument == "owner" else "influencer", str(error)) for error in wrong]


def _spellings(name: str) -> set[str]:
    """A name or handle, and the handle without its network."""
    said = fold(name)
    return {said, re.split(r"[:/]", said)[-1].lstrip("@")} - {""}


def _said(row: TouchRow, influencer: str, by: str | None, known: Known, *, age: int) -> _Said:
    medium = row.medium or Medium.OTHER
    given = [(name, value) for name in _OPEN if (value := getattr(row, name)) is not None]
    if row.by is not None:
        given.append(("by", by))
    touch = Touchpoint(
        id="",
        team=known.team.id,
        influencer=influencer,
        on=row.date,
        medium=medium,
        direction=row.direction or (Direction.MUTUAL if medium in _BOTH_WAYS else Direction.OUTBOUND),
        exchange=row.exchange or Exchange.NEUTRAL,
        paid=bool(row.paid),
        disclosed=bool(row.disclosed),
        automatic=bool(row.automatic),
        reached=medium is not Medium.CALL or is_reached(row.note),
        note=row.note,
        value=row.value,
        link=row.link,
        by=by,
        # Touchpoints of one day stand in the order in which they were logged, and the file has an order too.
        logged_at=known.now - timedelta(microseconds=age),
    )
    return _Said(touch, tuple(given))


def _compare(
    said: Mapping[Meaning, Mapping[tuple[tuple[str, object], ...], _Said]], stored: Iterable[Touchpoint]
) -> tuple[list[Touchpoint], list[tuple[Touchpoint, Touchpoint]], int]:
    """New touchpoints, changed ones as they were and will be, and how many lines say what is known."""
    known: dict[Meaning, dict[str, Touchpoint]] = {}
    ids = set()
    for touch in stored if said else ():
        ids.add(touch.id)
        meaning = _meaning(touch)
        if meaning in said:
            known.setdefault(meaning, {})[touch.id] = touch
    added, changed = [], []
    for meaning, alike in said.items():
        left = known.get(meaning, {})
        only = len(alike) == 1
        for line in _news(alike.values(), left):
            if only and len(left) == 1:
                (stored_one,) = left.values()
                changed.append((stored_one, replace(stored_one, **dict(line.given))))
                continue
            new = replace(line.touch, id=touch_id(line.touch, () if only else line.given))
            # One that was imported before and edited since has its id and another meaning: it is left as it is.
            if new.id not in ids:
                added.append(new)
    lines = sum(map(len, said.values()))
    return added, changed, lines - len(added) - len(changed)


def _news(alike: Iterable[_Said], left: dict[str, Touchpoint]) -> list[_Said]:
    """The lines that say something new; the touchpoints that the others say are taken out of `left`.

    Exact matches come first: a line that leaves its value open must not take the touchpoint of the line that has it.
    """
    exactly: dict[tuple[object, ...], list[str]] = {}
    for touch in left.values():
        exactly.setdefault(_facts(touch), []).append(touch.id)
    news = []
    for line in alike:
        same = exactly.get(_facts(line.touch))
        if same:
            del left[same.pop()]
        else:
            news.append(line)
    return [line for line in news if not _take_fitting(line, left)]


def _take_fitting(line: _Said, left: dict[str, Touchpoint]) -> bool:
    """Whether a touchpoint says what the line says, and maybe more; it is taken out."""
    fitting = next((touch.id for touch in left.values() if line.fits(touch)), None)
    return fitting is not None and left.pop(fitting) is not None


def _facts(touch: Touchpoint) -> tuple[object, ...]:
    return tuple(getattr(touch, name) for name in (*_OPEN, "by"))


def _meaning(touch: Touchpoint) -> Meaning:
    note = " ".join(touch.note.split())
    return touch.influencer, touch.on.isoformat(), touch.medium.value, touch.direction.value, note
