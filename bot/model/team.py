"""The team and its members: whose memory it is, and in which zones and hours they live."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import msgspec

from bot.address import Person, Place, Workspace
from bot.model.vocabulary import DAILY_CAP, Sensitivity, Tier


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
    `absent` are those workspaces that Rapport was taken out of; since `abandoned_at` that is all of them, and the clock
    stands still. A team without any workspace is about to be erased. `welcomed`: somebody was told the first words.
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
    absent: tuple[Workspace, ...] = ()
    abandoned_at: datetime | None = None
    welcomed: bool = False

    @property
    def zone(self) -> ZoneInfo:
        """The team's time zone, in which silence is counted."""
        return ZoneInfo(self.timezone)


class Member(Record, frozen=True, kw_only=True):
    """A person of the team.

    `timezone` is the zone they chose, `seen_zone` what their platform says; where neither is, the team's holds.
    `admin` says that an admin has named them one; `admin_accounts` are those of their accounts that were admins of
    their workspace when they last spoke. That is who is told what admins must know: what somebody may do goes by what
    the platform says at that moment.
    """

    name: str
    accounts: tuple[Person, ...]
    admin: bool = False
    admin_accounts: tuple[Person, ...] = ()
    timezone: str | None = None
    seen_zone: str | None = None
    nudges: bool = True
    nudge_hour: time | None = None
    daily_cap: int = DAILY_CAP
    preferred: str | None = None
    left_at: datetime | None = None

    @property
    def hears_as_admin(self) -> bool:
        """Whether they are told what admins of the team must know: somebody who left is told nothing."""
        return self.left_at is None and (self.admin or bool(self.admin_accounts))


class Schedule(Record, frozen=True, kw_only=True):
    """A digest that a place has asked for: on these weekdays (Monday is 0) at this hour, in the team's zone."""

    place: Place
    weekdays: tuple[int, ...]
    at: time
    set_up_by: str
    set_up_at: datetime
