"""What a digest has to count, counted again from what was written down."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from tests.story.reasons import Matters, Person, Promised, WorkingDays, is_due, status

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Contact:
    """A touchpoint as the week counts it."""

    who: str
    on: date
    by: str
    exchange: str = ""


def in_order(found: Iterable[Any]) -> tuple[Any, ...]:
    """A set of things as it is compared: in one order."""
    return tuple(sorted(found))


@dataclass(frozen=True, slots=True)
class Figures:
    """Everybody who is named or counted in a digest; dates are those of the team's zone."""

    has_news: bool
    waiting: tuple[str, ...]
    quiet: tuple[str, ...]
    plan: int
    occasions: tuple[tuple[str, str, date], ...]
    late: int
    theirs_late: int
    due: int
    kept: int
    of: int
    touchpoints: int
    people: int
    by: int
    gives: int
    asks: int


def figures(
    people: Iterable[Person], contacts: Sequence[Contact], days: WorkingDays, today: date, excused: Collection[str] = ()
) -> Figures:
    """The figures of a digest that comes on a date: the week behind it, and the week before it.

    `excused` are those of whose silence somebody has said that it needs no nudge.
    """
    people = tuple(people)
    before, until = today - WEEK, today + WEEK
    statuses = {person.name: status(person, today) for person in people}
    silent = [person for person in people if person.name not in excused]
    owed = [(person, one) for person in people for one in person.promises if not one.outcome and one.due is not None]
    ours = [one for _, one in owed if one.ours]
    soon = [one for one in ours if one.due is not None and one.due >= today]
    kept, of = _kept([one for person in people for one in person.promises if one.ours], today)
    week = [one for one in contacts if before <= one.on < today]
    found = Figures(
        has_news=False,
        waiting=in_order(name for name, found in statuses.items() if found == "waiting"),
        quiet=in_order(person.name for person in silent if statuses[person.name] == "quiet"),
        plan=sum(statuses[person.name] == "on track" and is_due(person, today) for person in silent),
        occasions=in_order(
            (person.name, day.label, on)
            for person in people
            for day in person.days
            if (on := day.next(today)) is not None and not person.is_paused and _is_near(day, on, days, today)
        ),
        late=len(ours) - len(soon),
        theirs_late=sum(one.due < today for _, one in owed if one.due and not one.ours),
        # What is due behind a long holiday is already spoken of.
        due=sum(one.due < until or days.until(one.due) <= today for one in soon if one.due),
        kept=kept,
        of=of,
        touchpoints=len(week),
        people=len({one.who for one in week}),
        by=len({one.by for one in week}),
        gives=sum(one.exchange == "give" for one in week),
        asks=sum(one.exchange == "ask" for one in week),
    )
    if any((found.waiting, found.quiet, found.plan, found.occasions, found.late, found.theirs_late, found.due)):
        return replace(found, has_news=True)
    return replace(found, kept=0, of=0)  # where nothing is due, nothing is said of what was


def _is_near(day: Matters, on: date, days: WorkingDays, today: date) -> bool:
    """Within a week, or so near behind days off that somebody is told already."""
    is_called_for = on not in day.seen_to and days.until(on - WEEK) <= today
    return on < today + WEEK or is_called_for


def _kept(ours: Iterable[Promised], today: date) -> tuple[int, int]:
    """How many of our promises of this quarter were kept, also late, of those settled or come due; released are out."""
    quarter = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    kept = of = 0
    for one in ours:
        day = one.settled_on or one.due
        if one.outcome == "released" or day is None or day < quarter:
            continue
        is_kept = one.outcome in {"kept", "kept_late"}
        kept += is_kept
        of += bool(one.outcome) or (one.due is not None and one.due < today)
    return kept, of
