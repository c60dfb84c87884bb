"""What Rapport ought to say, and when, worked out from what was written down: BEHAVIOUR.md told again.

It shares nothing with the product. Days are counted one by one; hours are wall times on somebody's own clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from tests.story.figures import Contact, Figures, figures
from tests.story.quiet_rule import Happened, Silence, silence_of
from tests.story.reasons import DAY, Person, Promised, Reason, WorkingDays, reasons, told, urgency

TEAM = ""
"""Whom it is for where nobody answers for a relationship."""

MOST_PEOPLE = 5
NUDGE_HOUR = time(9, 30)
FIRST_TO_RISE = timezone(timedelta(hours=14))


@dataclass
class Member:
    """How somebody wants to be told; the team itself is one, under an empty name."""

    name: str
    zone: ZoneInfo
    hour: time = NUDGE_HOUR
    most: int = MOST_PEOPLE
    is_muted: bool = False
    has_left: bool = False


@dataclass(frozen=True, slots=True)
class Weekly:
    """A digest that a place has asked for, in the team's zone."""

    place: str
    weekday: int
    at: time
    since: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """What a message says about somebody, and how urgent that is."""

    who: str
    words: str
    urgency: tuple[int, float]


@dataclass(frozen=True, slots=True)
class Due:
    """A message that ought to come: to whom, when, what it says about whom, how many have to wait."""

    to: str
    at: datetime
    lines: tuple[Line, ...]
    more: int


@dataclass(frozen=True, slots=True)
class DigestDue:
    """A digest that ought to come: where, when, and its figures."""

    place: str
    at: datetime
    figures: Figures


@dataclass
class Book:
    """The team as of `now`, and everything that ought to have been said so far."""

    now: datetime
    members: dict[str, Member]
    days: WorkingDays
    people: dict[str, Person] = field(default_factory=dict)
    asked: list[Weekly] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    due: list[Due] = field(default_factory=list)
    digests: list[DigestDue] = field(default_factory=list)
    notices: list[tuple[str, datetime]] = field(default_factory=list)
    told: set[Reason] = field(default_factory=set)
    settled: set[Reason] = field(default_factory=set)
    unneeded: set[Reason] = field(default_factory=set)
    """Those of the settled ones that somebody has called so."""

    @property
    def zone(self) -> ZoneInfo:
        """The team's."""
        return self.members[TEAM].zone

    def today(self, member: str = TEAM) -> date:
        """The date on a member's calendar, or on the team's."""
        return self.now.astimezone(self.members[member].zone).date()

    def passes(self, until: datetime) -> None:
        """Time goes by: each member gets their message of each working day, if there is one, each place its digest."""
        for at, what in sorted([*self._hours(until), *self._digest_hours(until)], key=lambda pair: pair[0]):
            match what:
                case Member():
                    self._tell(what, at)
                case Weekly():
                    self._sum_up(what, at)
        self.now = until

    def happens(self, who: str, direction: str, by: str, *, exchange: str = "", on: date | None = None) -> None:
        """A touchpoint is logged; without a date it is of this moment."""
        person = self.people[who]
        is_gift = exchange == "give" and direction != "inbound"
        for reason in self._reasons(person, self.now):
            # Anyone's log deals with what is quiet, whether it breaks the silence or, as a third unanswered one, does
            # not; and whatever is given is given for the day that is near.
            if reason.why == "quiet":
                self.settled.add(reason)
            if reason.why == "occasion" and is_gift:
                self._see_to(person, reason)
        day = on or self.today()
        person.touches.append(Happened(day, direction, order=1 + max((one.order for one in person.touches), default=0)))
        self.contacts.append(Contact(who, day, by, exchange))

    def silence(self, who: str) -> Silence:
        """How it stands with somebody now."""
        return silence_of(self.people[who], self.today())

    def spoken_of(self) -> set[tuple[str, str, str]]:
        """Every reason that was or is to be told: who, why, and since when.

        What falls on a date is to be told from when that date begins where it begins first.
        """
        words = {"waiting": "waiting_on_us"}
        tomorrow = self.now.astimezone(FIRST_TO_RISE).date()
        coming = {
            reason
            for person in self.people.values()
            for reason in reasons(person, self.days, team=self.today(), local=tomorrow)
            if reason not in self.settled
        }
        return {(one.who, words.get(one.why, one.why), one.since.isoformat()) for one in self.told | coming}

    def promises(self, who: str, said: str, due: date | None, *, ours: bool = True) -> None:
        """Somebody has given their word."""
        self.people[who].promises.append(Promised(said, ours, due))

    def settles(self, who: str, by: str, outcome: str, *, on: date | None = None) -> None:
        """The open promise is kept, broken or released, on the date of whoever says so."""
        (promise,) = (one for one in self.people[who].promises if not one.outcome)
        promise.settled_on = on or self.today(by)
        late = outcome == "kept" and promise.due is not None and promise.due < promise.settled_on
        promise.outcome = "kept_late" if late else outcome

    def retimes(self, name: str, hour: str) -> None:
        """Somebody wants to be told at another hour."""
        member, new = self.members[name], time.fromisoformat(hour)
        now = self.now.astimezone(member.zone).time()
        assert not min(new, member.hour) < now < max(new, member.hour), "whether today's comes at once is not told here"
        member.hour = new

    def pauses(self, who: str) -> None:
        """Their clock stands still."""
        person = self.people[who]
        person.is_paused, person.paused_on = True, self.today()

    def resumes(self, who: str) -> None:
        """Their clock goes on; the days between were no silence."""
        person = self.people[who]
        assert person.paused_on is not None
        person.is_paused = False
        person.breaks.append((person.paused_on, self.today()))

    def is_snoozed(self, who: str, until: date) -> None:
        """Nothing is said of them before a date."""
        self.people[who].snoozed_until = until

    def is_not_needed(self, who: str, why: str) -> None:
        """A reason is not to be spoken of again."""
        person = self.people[who]
        for reason in self._reasons(person, self.now):
            if reason.why != why:
                continue
            self.settled.add(reason)
            self.unneeded.add(reason)
            if why == "occasion":
                self._see_to(person, reason)

    def is_handed_over(self, who: str, to: str) -> None:
        """Somebody else answers for it, and hears of what is open."""
        person = self.people[who]
        person.owner = to
        self.told -= set(self._reasons(person, self.now)) - self.settled

    def leaves(self, name: str) -> None:
        """What a member was to hear is the team's to hear, until somebody else answers for it."""
        self.members[name].has_left = True
        for person in self.people.values():
            if person.owner == name:
                self.told -= set(self._reasons(person, self.now)) - self.settled

    def is_noticed(self, name: str) -> None:
        """Something has happened that somebody is told of at once."""
        self.notices.append((name, self.now.astimezone(self.members[name].zone)))

    def are_merged(self, into: str, other: str) -> None:
        """What was written down about one of two is about the other."""
        self.people[into].touches += self.people.pop(other).touches
        self.contacts = [replace(one, who=into) if one.who == other else one for one in self.contacts]

    def is_forgotten(self, who: str) -> None:
        """Nothing about them is left."""
        del self.people[who]
        self.contacts = [one for one in self.contacts if one.who != who]

    def _see_to(self, person: Person, reason: Reason) -> None:
        next(day for day in person.days if day.label == reason.about).seen_to.add(reason.since)

    def _hours(self, until: datetime) -> Iterator[tuple[datetime, Member]]:
        """The nudge hours after now and up to `until`, on the team's working days, on everybody's own clock."""
        for member in self.members.values():
            day = self.now.astimezone(member.zone).date()
            while (at := datetime.combine(day, member.hour, member.zone)) <= until:
                if at > self.now and self.days.is_one(day):
                    yield at, member
                day += DAY

    def _digest_hours(self, until: datetime) -> Iterator[tuple[datetime, Weekly]]:
        """The hours at which digests come after now and up to `until`: also on a holiday, they were asked for."""
        for asked in self.asked:
            day = self.now.astimezone(self.zone).date()
            while (at := datetime.combine(day, asked.at, self.zone)) <= until:
                if at > max(self.now, asked.since) and day.weekday() == asked.weekday:
                    yield at, asked
                day += DAY

    def _tell(self, member: Member, at: datetime) -> None:
        if member.is_muted or member.has_left:
            return
        today = at.astimezone(self.zone).date()
        found = []
        for person in self.people.values():
            if self._hears(person) == member.name and (fresh := self._fresh(person, at)):
                words = " ".join(told(person, reason, today) for reason in fresh)
                found.append((Line(person.name, words, urgency(person, fresh[0], today)), fresh))
        found.sort(key=lambda entry: entry[0].urgency)
        shown = found[: member.most]
        assert len(shown) == len(found) or shown[-1][0].urgency < found[member.most][0].urgency, "left to chance"
        for _, fresh in shown:
            self.told |= set(fresh)
        if shown:
            lines = tuple(line for line, _ in shown)
            self.due.append(Due(member.name, at.astimezone(member.zone), lines, len(found) - len(shown)))

    def _sum_up(self, asked: Weekly, at: datetime) -> None:
        local = at.astimezone(self.zone)
        holding = {reason for person in self.people.values() for reason in self._reasons(person, at)}
        excused = {reason.who for reason in self.unneeded & holding if reason.why == "quiet"}
        counted = figures(self.people.values(), self.contacts, self.days, local.date(), excused)
        self.digests.append(DigestDue(asked.place, local, counted))

    def _hears(self, person: Person) -> str:
        """Who is told about a relationship."""
        return TEAM if self.members[person.owner].has_left else person.owner

    def _fresh(self, person: Person, at: datetime) -> list[Reason]:
        return [reason for reason in self._reasons(person, at) if reason not in self.told | self.settled]

    def _reasons(self, person: Person, at: datetime) -> list[Reason]:
        local = at.astimezone(self.members[self._hears(person)].zone).date()
        return reasons(person, self.days, team=at.astimezone(self.zone).date(), local=local)
