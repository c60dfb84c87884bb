"""Which nudges ought to come, worked out from what was written down: BEHAVIOUR.md's calendar and caps, told again.

It knows the sheets and what was done since, never the product's records; days are counted one by one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tests.story.quiet_rule import Happened, Relationship, Silence, sentence, silence_of

MOST_PEOPLE = 5
NUDGE_HOUR = time(9, 30)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody is to be nudged about; the same reason since the same day is one silence."""

    who: str
    why: str
    since: date


@dataclass(frozen=True, slots=True)
class Due:
    """A message that ought to come: to whom, when on their clock, what it says about whom, how many have to wait."""

    to: str
    at: datetime
    lines: tuple[str, ...]
    more: int

    def __str__(self) -> str:
        rest = f" (+{self.more})" if self.more else ""
        return f"{self.at:%a %d %b %H:%M} {self.to}: {' / '.join(self.lines)}{rest}"


@dataclass
class Book:
    """The team's roster as of `now`, and the messages that ought to have come so far.

    `zones` are the members' zones by name and that of the team under the empty name; `most` is how many people a
    member wants to hear about at once.
    """

    now: datetime
    zones: dict[str, ZoneInfo]
    days_off: frozenset[date]
    people: dict[str, Relationship]
    most: dict[str, int] = field(default_factory=dict)
    due: list[Due] = field(default_factory=list)
    told: set[Reason] = field(default_factory=set)
    settled: set[Reason] = field(default_factory=set)

    def passes(self, until: datetime) -> None:
        """Time goes by: every member gets their message of each working day, if there is anything to say."""
        coming = sorted((at, to) for to in self.zones for at in self._hours(to, until))
        for at, to in coming:
            self._post(to, at)
        self.now = until

    def happens(self, who: str, direction: str, on: date | None = None) -> Happened:
        """A touchpoint is logged; without a date it is of this moment."""
        person = self.people[who]
        # Anyone's log deals with what is quiet, whether it breaks the silence or, as a third unanswered one, does not.
        self.settled |= {reason for reason in self._reasons(person, self.now) if reason.why == "quiet"}
        day = on or self.now.astimezone(self.zones[""]).date()
        touch = Happened(day, direction, order=1 + max((one.order for one in person.touches), default=0))
        person.touches.append(touch)
        return touch

    def is_undone(self, who: str, touch: Happened) -> None:
        """A touchpoint is taken back."""
        self.people[who].touches.remove(touch)

    def is_snoozed(self, who: str, until: date) -> None:
        """No nudges before a date."""
        self.people[who].snoozed_until = until

    def is_not_needed(self, who: str) -> None:
        """The silence that runs is not to be spoken of again."""
        self.settled |= set(self._reasons(self.people[who], self.now))

    def is_handed_over(self, who: str, to: str) -> None:
        """Somebody else answers for it, and hears of what is open."""
        self.people[who].owner = to
        self.told -= set(self._reasons(self.people[who], self.now)) - self.settled

    def silence(self, who: str) -> Silence:
        """How it stands with somebody now."""
        return silence_of(self.people[who], self.now.astimezone(self.zones[""]).date())

    def spoken_of(self) -> set[tuple[str, str, str]]:
        """Every silence that was or is to be told: who, the reason, and since when."""
        words = {"waiting": "waiting_on_us", "quiet": "quiet"}
        coming = {reason for person in self.people.values() for reason in self._fresh(person, self.now)}
        return {(one.who, words[one.why], one.since.isoformat()) for one in self.told | coming}

    def today(self, member: str = "") -> date:
        """The date on a member's calendar, or on the team's."""
        return self.now.astimezone(self.zones[member]).date()

    def _hours(self, to: str, until: datetime) -> Iterable[datetime]:
        """The nudge hours of a member after now and up to `until`."""
        zone = self.zones[to]
        day = self.now.astimezone(zone).date()
        while (at := datetime.combine(day, NUDGE_HOUR, zone)) <= until:
            if at > self.now and self._is_working(day):
                yield at
            day += DAY

    def _is_working(self, day: date) -> bool:
        return day.weekday() < 5 and day not in self.days_off

    def _post(self, to: str, at: datetime) -> None:
        today = at.astimezone(self.zones[""]).date()
        found = []
        for person in self.people.values():
            if person.owner == to and (fresh := self._fresh(person, at)):
                silence = silence_of(person, today)
                first = fresh[0]
                waits = (silence.waiting_since or first.since).toordinal()
                order = (0, waits) if first.why == "waiting" else (1, -silence.urgency(today))
                found.append((order, person, fresh))
        found.sort(key=lambda entry: entry[0])
        orders = [order for order, _, _ in found]
        assert len(set(orders)) == len(orders), f"the roster leaves the order to chance: {found}"
        most = self.most.get(to, MOST_PEOPLE)
        lines = tuple(
            f"{person.name} — {sentence(person, silence_of(person, today), fresh[0].why, today)}"
            for _, person, fresh in found[:most]
        )
        for _, _, fresh in found[:most]:
            self.told |= set(fresh)
        if lines:
            self.due.append(Due(to or "the team", at.astimezone(self.zones[to]), lines, len(found[most:])))

    def _fresh(self, person: Relationship, at: datetime) -> list[Reason]:
        return [reason for reason in self._reasons(person, at) if reason not in self.told | self.settled]

    def _reasons(self, person: Relationship, at: datetime) -> list[Reason]:
        """What holds at an instant, the more urgent first."""
        today = at.astimezone(self.zones[""]).date()
        silence = silence_of(person, today)
        if person.is_paused:
            return []
        begins = []
        if (since := silence.waiting_since) is not None:
            begins.append(("waiting", since, self._working_days_after(since, 2)))
        if silence.active and not silence.is_planned:
            last = silence.active[-1]
            begins.append(("quiet", last, last + silence.nudge_after() * DAY))
        found = []
        for why, since, on in begins:
            snoozed = person.snoozed_until if person.snoozed_until and person.snoozed_until > since else since
            if max(on, snoozed) <= today:
                found.append(Reason(person.name, why, snoozed))
        return found

    def _working_days_after(self, day: date, count: int) -> date:
        while count:
            day += DAY
            count -= self._is_working(day)
        return day
