"""The records: what Rapport remembers, each frozen, versioned and belonging to one team.

Times are aware datetimes in UTC; dates are calendar dates as the member who wrote them meant them.
"""

from __future__ import annotations

from datetime import date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

import msgspec

from bot.address import Person, Place, Posted, Workspace

NAME_LIMIT = 200
"""Characters in a name, a handle, an e-mail address or another line of a record."""

NOTE_LIMIT = 3000
"""Characters in a note, a goal or another text of a record."""

TAG_LIMIT = 50
"""Characters in a tag."""

TAGS = 50
"""Tags of one influencer: as many as an input of a form holds, however long they are."""

NOTES = 50
"""Standing notes on one influencer; what grows beyond belongs into touchpoints."""

HANDLES = 20
"""Handles of one influencer: as many as an input of a form holds, however long they are."""

DAILY_CAP = 5
"""People in one day's message at most; a member may ask for fewer."""

CADENCE_LIMIT = 3650
"""Days in the longest cadence: ten years."""


class Medium(StrEnum):
    """How a touchpoint happened."""

    EMAIL = "email"
    CALL = "call"
    MEETING = "meeting"
    DM = "dm"
    COMMENT = "comment"
    EVENT = "event"
    GIFT = "gift"
    POST = "post"
    OTHER = "other"


class Direction(StrEnum):
    """Who moved: we to them, they to us, or both at once."""

    OUTBOUND = "outbound"
    INBOUND = "inbound"
    MUTUAL = "mutual"


class Exchange(StrEnum):
    """What a touchpoint did to the balance between the two sides, seen from ours."""

    GIVE = "give"
    ASK = "ask"
    NEUTRAL = "neutral"


class Stage(StrEnum):
    """How far a relationship has come."""

    IDENTIFIED = "identified"
    ESTABLISHING = "establishing"
    MAINTAINING = "maintaining"
    ENHANCING = "enhancing"
    PAUSED = "paused"
    ENDED = "ended"


class Tier(StrEnum):
    """A group of influencers that carries a default cadence."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


class Sensitivity(StrEnum):
    """How soon a silence counts as quiet."""

    CALM = "calm"
    BALANCED = "balanced"
    EAGER = "eager"


class NudgeReason(StrEnum):
    """Why a relationship needs its owner, in order of urgency."""

    WAITING_ON_US = "waiting_on_us"
    QUIET = "quiet"


class NudgeState(StrEnum):
    """Where a nudge stands: only `raised` and `sent` are open, and an open one can still be dealt with."""

    RAISED = "raised"
    SENT = "sent"
    DEALT_WITH = "dealt_with"
    NOT_NEEDED = "not_needed"
    OVER = "over"


class DeliveryState(StrEnum):
    """Where a message of ours stands on its way out."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    FAILED = "failed"
    DROPPED = "dropped"


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """What every record has: an id unique across teams, its team, and the version a commit checks.

    A record that was never stored has version 0; the store counts up with every commit that changes it.
    """

    id: str
    team: str
    version: int = 0


class Cadences(msgspec.Struct, frozen=True, kw_only=True):
    """The days that should pass between touchpoints, by tier."""

    A: int = 21
    B: int = 60
    C: int = 180
    D: int = 365

    def of(self, tier: Tier) -> int:
        """The cadence that a tier carries, in days."""
        return int(getattr(self, tier.value))


class Gesture(msgspec.Struct, frozen=True):
    """A personal act with no ask, as the team words it; `link` helps to do it."""

    text: str
    link: str | None = None


class Team(Record, frozen=True, kw_only=True):
    """One roster with its members and settings; every workspace in `workspaces` works on it.

    `restanding` is set in the Change that moves a setting which standings depend on, until all of them are recomputed.
    """

    name: str
    workspaces: tuple[Workspace, ...]
    timezone: str = "UTC"
    country: str | None = None
    working_days: tuple[int, ...] = (0, 1, 2, 3, 4)
    days_off: tuple[date, ...] = ()
    nudge_hour: time = time(9, 30)
    cadences: Cadences = Cadences()
    sensitivity: Sensitivity = Sensitivity.BALANCED
    channel: Place | None = None
    gestures: tuple[Gesture, ...] = ()
    created_at: datetime
    restanding: bool = False

    @property
    def zone(self) -> ZoneInfo:
        """The team's time zone, in which silence is counted."""
        return ZoneInfo(self.timezone)


class Member(Record, frozen=True, kw_only=True):
    """A person of the team.

    `timezone` is the zone they chose, `seen_zone` what their platform says; where neither is, the team's holds.
    """

    name: str
    accounts: tuple[Person, ...]
    admin: bool = False
    timezone: str | None = None
    seen_zone: str | None = None
    nudges: bool = True
    nudge_hour: time | None = None
    daily_cap: int = DAILY_CAP
    preferred: str | None = None
    left_at: datetime | None = None


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
    """A person on the roster."""

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


class Occasion(Record, frozen=True, kw_only=True):
    """A day that matters to an influencer: every year, or once where `yearly` is false (then `year` is set)."""

    influencer: str
    label: str
    month: int
    day: int
    year: int | None = None
    yearly: bool = True


class LastContact(msgspec.Struct, frozen=True):
    """The newest touchpoint that is not in the future: who, when and what, always of the same touchpoint."""

    touchpoint: str
    on: date
    medium: Medium
    direction: Direction
    by: str | None


class Standing(Record, frozen=True, kw_only=True):
    """What the touchpoints of one influencer add up to, recomputed in every commit that touches its sources.

    Its id is `std:` and the influencer's. Dates are in the team's zone. `attention_at` is the first instant at which
    the relationship needs its owner (what `due` lists by); `due_at` is the next instant at which `tick` has something
    to raise or to look at again, and is cleared when it has been raised. `None` means never, as things stand.
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
    waiting_since: date | None = None
    unanswered: int = 0
    touchpoints: int = 0
    gives: int = 0
    asks: int = 0
    asks_since_give: int = 0
    paid: int = 0
    next_planned: date | None = None
    attention_at: datetime | None = None
    due_at: datetime | None = None


class Nudge(Record, frozen=True, kw_only=True):
    """That a relationship needs its owner, once for each silence: `nudge:<influencer>:<reason>:<since>` is its id.

    `member` is whom it is for (`None`: the team's channel). `delivery` is the message it stands in once it was sent.
    """

    influencer: str
    reason: NudgeReason
    since: date
    member: str | None
    state: NudgeState = NudgeState.RAISED
    raised_at: datetime
    delivery: str | None = None
    closed_by: str | None = None
    closed_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether it can still be dealt with."""
        return self.state in {NudgeState.RAISED, NudgeState.SENT}


class Delivery(Record, frozen=True, kw_only=True):
    """A message on its way out, claimed by version: `delivery:nudges:<member or team>:<local date>` is its id.

    `due_at` is when `delivery` looks at it next: to send it, to see what became of a lease, or to edit what stands
    (`stale`). `None` means that nothing is left to do.
    """

    member: str | None
    on: date
    state: DeliveryState = DeliveryState.PENDING
    due_at: datetime | None
    attempts: int = 0
    lease_until: datetime | None = None
    nudges: tuple[str, ...] = ()
    place: Place | None = None
    posted: Posted | None = None
    stale: bool = False
    problem: str | None = None
    updated_at: datetime


class Draft(Record, frozen=True, kw_only=True):
    """A form somebody has open: what it was asked for with, what it showed, and who sent it.

    `given` are the arguments that the form does not show, `values` what its inputs were filled with, `typed` what they
    held when a section of it was sent, or when it came back for correction. A form is sent once: `closed_by` is set in
    the Change that the sending made.
    """

    verb: str
    member: str
    given: tuple[tuple[str, str], ...] = ()
    values: tuple[tuple[str, str], ...] = ()
    typed: tuple[tuple[str, str], ...] | None = None
    opened_at: datetime
    closed_by: str | None = None
    closed_at: datetime | None = None


def standing_id(influencer: str) -> str:
    """The id of the Standing of an influencer."""
    return f"std:{influencer}"


def nudge_id(influencer: str, reason: NudgeReason, since: date) -> str:
    """The id of the one Nudge that there may be about an influencer, a reason and the silence that began then."""
    return f"nudge:{influencer}:{reason}:{since}"


def influencer_in(nudge: str) -> str:
    """Whom a nudge is about, by its id: the nudge itself may have been withdrawn."""
    return nudge.removeprefix("nudge:").rsplit(":", maxsplit=2)[0]


def delivery_id(recipient: str, on: date) -> str:
    """The id of the message of a local date to a member or, where it is the team's, to the team."""
    return f"delivery:nudges:{recipient}:{on}"
