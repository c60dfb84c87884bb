"""What is known about an influencer: who they are, what happened, was promised and matters to them."""

from __future__ import annotations

from calendar import isleap
from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec

from bot.model.team import Record
from bot.model.vocabulary import Direction, Exchange, Kept, Medium, Side, Stage, Tier


class Handle(msgspec.Struct, frozen=True, order=True):
    """A network and a user name on it, both in lower case and without `@`."""

    network: str
    name: str

    def __str__(self) -> str:
        return f"{self.network}:{self.name}"


class StandingNote(msgspec.Struct, frozen=True):
    """A fact about an influencer that stays true, and who wrote it when."""

    text: str
    by: str | None
    at: datetime


class Pause(msgspec.Struct, frozen=True):
    """Days on which the clock stood still: from `since` up to, not including, `until` (`None`: still paused).

    `stage` is the one the relationship goes back to.
    """

    since: date
    until: date | None = None
    stage: Stage = Stage.IDENTIFIED


class Influencer(Record, frozen=True, kw_only=True):
    """A person on the roster. `merged` are the ids of the records that were joined into this one."""

    name: str
    aliases: tuple[str, ...] = ()
    handles: tuple[Handle, ...] = ()
    email: str | None = None
    phone: str | None = None
    manager: str | None = None
    address: str | None = None
    notes: tuple[StandingNote, ...] = ()
    tags: tuple[str, ...] = ()
    tier: Tier | None = None
    cadence: int | None = None
    stage: Stage = Stage.IDENTIFIED
    owner: str | None = None
    goal: str | None = None
    motivation: str | None = None
    objective: str | None = None
    pauses: tuple[Pause, ...] = ()
    snoozed_until: date | None = None
    added_at: datetime
    added_by: str | None = None
    archived_at: datetime | None = None
    merged: tuple[str, ...] = ()

    @property
    def is_paused(self) -> bool:
        """Whether the clock stands still today."""
        return bool(self.pauses) and self.pauses[-1].until is None


class Touchpoint(Record, frozen=True, kw_only=True):
    """One dated contact with one influencer.

    `on` is the date as the member who logged it meant it. `at` is the instant, where one is known: it is what other
    time zones are shown, and what keeps a touchpoint of this minute from lying in the future elsewhere. `direction` is
    who moved; `reached` is False for a call that nobody took.
    """

    influencer: str
    on: date
    at: datetime | None = None
    medium: Medium
    direction: Direction
    exchange: Exchange = Exchange.NEUTRAL
    paid: bool = False
    disclosed: bool = False
    automatic: bool = False
    reached: bool = True
    note: str = ""
    value: str | None = None
    link: str | None = None
    by: str | None = None
    logged_at: datetime

    def day(self, zone: ZoneInfo) -> date:
        """The date of this touchpoint on a calendar in `zone`."""
        return self.at.astimezone(zone).date() if self.at else self.on


class Promise(Record, frozen=True, kw_only=True):
    """A commitment of one side to the other; `outcome` is set when it is settled, on the date `settled_on`.

    `payment` says that money is owed, `value` how much, as it was written. `due` is the last day on which it is kept in
    time; `None`: whenever.
    """

    influencer: str
    side: Side
    what: str
    due: date | None = None
    payment: bool = False
    value: str | None = None
    link: str | None = None
    made_at: datetime
    made_by: str | None
    outcome: Kept | None = None
    settled_on: date | None = None
    settled_by: str | None = None
    settled_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is still to be kept."""
        return self.outcome is None

    def is_late(self, today: date) -> bool:
        """Whether it is still to be kept, and was to be by a day before `today`."""
        return self.outcome is None and self.due is not None and self.due < today


class Occasion(Record, frozen=True, kw_only=True):
    """A day that matters to an influencer: every year, or once where `yearly` is false (then `year` is set).

    `label` is what they would call it: birthday, anniversary, launch. The `year` of a yearly one is when it began.
    """

    influencer: str
    label: str
    month: int
    day: int
    year: int | None = None
    yearly: bool = True
    added_by: str | None = None

    def in_year(self, year: int) -> date:
        """The day it is celebrated on in a year; 29 February falls to the 28th where there is none."""
        return date(year, self.month, 28 if (self.month, self.day) == (2, 29) and not isleap(year) else self.day)

    def next_from(self, today: date) -> date | None:
        """When it comes next, `today` included; `None` for one that is over."""
        years = (today.year, today.year + 1) if self.yearly else (self.year or today.year,)
        return next((on for year in years if (on := self.in_year(year)) >= today), None)


class LastContact(msgspec.Struct, frozen=True):
    """The newest touchpoint that is not in the future: who, when and what, always of the same touchpoint."""

    touchpoint: str
    on: date
    medium: Medium
    direction: Direction
    by: str | None


class Owed(msgspec.Struct, frozen=True):
    """An open promise with a due date, as much of it as is needed to say when somebody must be told."""

    promise: str
    side: Side
    due: date


class OccasionDay(msgspec.Struct, frozen=True):
    """When an occasion comes next: as much of it as is needed to say when somebody must be told.

    `seen_to`: somebody gave something for it, or said that nothing is needed.
    """

    occasion: str
    on: date
    seen_to: bool = False


class Standing(Record, frozen=True, kw_only=True):
    """What is known of one relationship adds up to this; recomputed in every commit that touches its sources.

    Its id is `std:` and the influencer's. Dates are in the team's zone. `attention_at` is the first instant at which
    the relationship needs its owner (what `due` lists by); `due_at` is the next instant at which `tick` has something
    to raise or to look at again, and is cleared when it has been raised. `None` means never, as things stand.
    `excused`: somebody said of this silence that it needs no nudge. `promises` counts all there are, so that
    whatever is kept about somebody moves their Standing, and meets whoever removes them at the same moment.
    """

    influencer: str
    owner: str | None = None
    archived: bool = False
    paused: bool = False
    snoozed_until: date | None = None
    cadence: int | None = None
    last: LastContact | None = None
    silent_since: date | None = None
    pauses: tuple[float, ...] = ()
    nudge_after: int | None = None
    planned_on: date | None = None
    quiet_on: date | None = None
    excused: bool = False
    waiting_since: date | None = None
    unanswered: int = 0
    touchpoints: int = 0
    gives: int = 0
    asks: int = 0
    asks_since_give: int = 0
    paid: int = 0
    next_planned: date | None = None
    promises: int = 0
    owed: tuple[Owed, ...] = ()
    occasions: tuple[OccasionDay, ...] = ()
    attention_at: datetime | None = None
    due_at: datetime | None = None


def standing_id(influencer: str) -> str:
    """The id of the Standing of an influencer."""
    return f"std:{influencer}"
