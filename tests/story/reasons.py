"""BEHAVIOUR.md's reasons to speak up told a second time, for tests: answers, promises, days that matter, silences.

Nothing of the product is used. The days of one relationship are reckoned from what was written down about it.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.story.quiet_rule import Relationship, Silence, sentence, silence_of

DAY = timedelta(days=1)
LEADS = (7, 1)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
ORDER = ("waiting", "promise", "occasion", "quiet")


@dataclass
class Promised:
    """A promise of ours, or of theirs; `outcome` is empty while it is open. `said` is how it reads in a sentence."""

    said: str
    ours: bool
    due: date | None
    outcome: str = ""
    settled_on: date | None = None


@dataclass
class Matters:
    """A day that matters, every year; whoever has been seen to for a date is not spoken of again."""

    label: str
    month: int
    day: int
    year: int | None = None
    yearly: bool = True
    seen_to: set[date] = field(default_factory=set)

    def on(self, year: int) -> date:
        """29 February falls to the 28th where there is none."""
        leap_day = (self.month, self.day) == (2, 29)
        return date(year, 2, 28) if leap_day and not isleap(year) else date(year, self.month, self.day)

    def next(self, today: date) -> date | None:
        """When it comes next, today included."""
        years = (today.year, today.year + 1) if self.yearly else (self.year or today.year,)
        return next((on for on in map(self.on, years) if on >= today), None)


@dataclass
class Person(Relationship):
    """All that was written down about somebody."""

    promises: list[Promised] = field(default_factory=list)
    days: list[Matters] = field(default_factory=list)
    goal: str = ""
    paused_on: date | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody is to be told about; the same reason since the same day is told once."""

    who: str
    why: str
    since: date
    about: str = ""
    lead: int = 0


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Monday to Friday without what is off."""

    off: frozenset[date]

    def is_one(self, day: date) -> bool:
        """Whether the team works on a date."""
        return day.weekday() < 5 and day not in self.off

    def until(self, day: date) -> date:
        """The day itself, or the last working day before it."""
        return day if self.is_one(day) else self.until(day - DAY)

    def since(self, day: date) -> date:
        """The day itself, or the first working day after it."""
        return day if self.is_one(day) else self.since(day + DAY)

    def after(self, day: date, count: int) -> date:
        """The working day that comes so many after a date."""
        while count:
            day += DAY
            count -= self.is_one(day)
        return day


def birthday(written: str) -> Matters:
    """A birthday as it stands in a sheet: `17 Jan` or `1992-02-29`."""
    if "-" in written:
        year, month, day = map(int, written.split("-"))
        return Matters("birthday", month, day, year)
    number, name = written.split()
    return Matters("birthday", MONTHS.index(name) + 1, int(number))


def reasons(person: Person, days: WorkingDays, *, team: date, local: date) -> list[Reason]:
    """What holds on a day, the most urgent first: on the team's calendar, and on that of whoever is to be told."""
    if person.is_paused:
        return []
    silence = silence_of(person, team)
    found = [*_waiting(person, silence, days, team), *_promised(person, days, local), *_matters(person, days, local)]
    return [*found, *_quiet(person, silence, team)]


def status(person: Person, today: date) -> str:
    """The first that applies, of those that a digest counts by."""
    silence = silence_of(person, today)
    if person.is_paused:
        return "paused"
    if person.snoozed_until is not None and person.snoozed_until > today:
        return "snoozed"
    if silence.waiting_since is not None:
        return "waiting"
    return "quiet" if is_quiet(silence, today) else "on track"


def is_quiet(silence: Silence, today: date) -> bool:
    """Whether a silence has lasted too long and nothing is planned."""
    return bool(silence.active) and not silence.is_planned and silence.lasted(today) >= silence.nudge_after()


def is_due(person: Person, today: date) -> bool:
    """Whether the plan wants a touchpoint by now, and none is in the calendar."""
    silence = silence_of(person, today)
    return bool(silence.active) and not silence.is_planned and silence.lasted(today) >= person.plan


def urgency(person: Person, reason: Reason, today: date) -> tuple[int, float]:
    """The order in which people are told about; the smaller, the sooner."""
    silence = silence_of(person, today)
    within = -silence.urgency(today) if reason.why == "quiet" else float(reason.since.toordinal())
    if reason.why == "waiting" and silence.waiting_since is not None:
        within = float(silence.waiting_since.toordinal())
    return ORDER.index(reason.why), within


def told(person: Person, reason: Reason, today: date) -> str:
    """The reason in words and numbers."""
    match reason.why:
        case "promise":
            promise = next(one for one in person.promises if one.said == reason.about)
            assert promise.due is not None
            return f"{promise.said}, {_due(promise.due, today)}."
        case "occasion":
            day = next(one for one in person.days if one.label == reason.about)
            turning = f", turning {reason.since.year - day.year}" if day.year and day.label == "birthday" else ""
            return f"{day.label.capitalize()} {_when(reason.since, today)}{turning}."
        case why:
            return sentence(person, silence_of(person, today), why, today)


def _waiting(person: Person, silence: Silence, days: WorkingDays, today: date) -> Iterator[Reason]:
    if (since := silence.waiting_since) is not None:
        begins = max(since, person.snoozed_until or since)
        if max(days.after(since, 2), begins) <= today:
            yield Reason(person.name, "waiting", begins)


def _promised(person: Person, days: WorkingDays, local: date) -> Iterator[Reason]:
    owed = [one for one in person.promises if not one.outcome and one.due is not None]
    for one in sorted(owed, key=lambda one: (one.due or local, not one.ours)):
        assert one.due is not None
        on = days.until(one.due) if one.ours else days.since(one.due + DAY)
        since = one.due
        if person.snoozed_until is not None and person.snoozed_until > on:
            since, on = person.snoozed_until, days.since(person.snoozed_until)
        if on <= local:
            yield Reason(person.name, "promise", since, one.said)


def _matters(person: Person, days: WorkingDays, local: date) -> Iterator[Reason]:
    coming = [(on, each) for each in person.days if (on := each.next(local)) is not None and on not in each.seen_to]
    for on, each in sorted(coming, key=lambda pair: pair[0]):
        awake = days.since(person.snoozed_until) if person.snoozed_until else date.min
        told = [(lead, max(days.until(on - lead * DAY), awake)) for lead in LEADS]
        if reached := [lead for lead, day in told if day <= local <= on]:
            yield Reason(person.name, "occasion", on, each.label, reached[-1])


def _quiet(person: Person, silence: Silence, today: date) -> Iterator[Reason]:
    if silence.active and is_quiet(silence, today):
        last = silence.active[-1]
        begins = max(last, person.snoozed_until or last)
        if begins <= today:
            yield Reason(person.name, "quiet", begins)


def _due(due: date, today: date) -> str:
    ahead = (due - today).days
    if ahead < 0:
        return f"due {_date(due, today)}, {_count(-ahead)} late"
    near = {0: "today", 1: "tomorrow"}.get(ahead, f"on {due:%A}")
    return f"due {near if ahead < 7 else _date(due, today)}"


def _when(on: date, today: date) -> str:
    ahead = (on - today).days
    if ahead < 7:
        return {0: "today", 1: "tomorrow"}.get(ahead, f"on {on:%A} ({_date(on, today)})")
    return f"in {_count(ahead)}, on {on:%a} {_date(on, today)}"


def _date(day: date, today: date) -> str:
    return f"{day.day} {day:%b}" + (f" {day.year}" if day.year != today.year else "")


def _count(days: int) -> str:
    return f"{days} day{'' if days == 1 else 's'}"
