"""The Store protocol: what the core asks of its memory, and what it is promised."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol, TypeVar

import msgspec

from bot.address import Person, Workspace
from bot.change import Change
from bot.model import (
    Delivery,
    Handle,
    Influencer,
    Medium,
    Member,
    Nudge,
    Occasion,
    Promise,
    Record,
    Schedule,
    Standing,
    Team,
    Touchpoint,
)

R = TypeVar("R", bound=Record)


class RosterEntry(msgspec.Struct, frozen=True):
    """What it takes to find an influencer by name."""

    id: str
    name: str
    aliases: tuple[str, ...]
    handles: tuple[Handle, ...]
    archived: bool


class ChangeHead(msgspec.Struct, frozen=True):
    """What a Change is about, without what its records were before and after."""

    id: str
    at: datetime
    by: str | None
    verb: str
    undoes: str | None
    touched: tuple[str, ...]
    heard: str | None = None


class Store(Protocol):
    """The memory of all teams.

    Every read names its team and never answers with another team's records. A read sees all of a commit or nothing of
    it, and only what is durable. What a read costs grows with what it answers, not with what there is; where it does
    not, the method says so.
    """

    async def commit(self, change: Change) -> Change:
        """Makes a Change durable, whole or not at all, and answers with it as stored (versions set, `touched` filled).

        A Write without an `after` removes the record. Raises Conflict where a `before`, or one of the `reads`, is not
        the version that is stored or waiting to be, a record to be created exists, or an influencer is given a handle
        that another one of the team keeps; AlreadyDone where the team has committed its `heard` before; StoreFailed
        where the medium gave up. ValueError where a record belongs to another team than the Change, stands in two
        Writes, or two are given the same handle.

        A Change that `erases` is in the answer as it was asked for, and nowhere else: when this returns, no file of the
        store holds anything about the erased, their ids included, but for what is written in other people's records.
        Conflict, too, where a Delivery that is SENDING or SENT, and not retracted, names one of them and the Change
        does not write it: somebody has to see to what stands.

        The answer holds all its writes and no `reads`. The audit, and so what AlreadyDone and the questions for Changes
        give, holds those of no Draft: `touched` names it, and `get` reads it while it is kept.
        """
        ...

    async def get(self, kind: type[R], team: str, id: str) -> R | None:
        """One record of a team, or `None`."""
        ...

    async def get_all(self, kind: type[R], team: str, ids: Sequence[str]) -> tuple[R, ...]:
        """The records of a team with these ids, in their order; those that are not there are left out."""
        ...

    async def everything(self, kind: type[R], team: str) -> tuple[R, ...]:
        """All records of one kind of a team, by id: for exports and batches; costs what there is."""
        ...

    async def teams(self) -> tuple[Team, ...]:
        """All teams: for the clock, which asks on behalf of nobody."""
        ...

    async def team_at(self, workspace: Workspace) -> Team | None:
        """The team that works in a workspace."""
        ...

    async def member_at(self, team: str, person: Person) -> Member | None:
        """The member of a team that an account belongs to."""
        ...

    async def members(self, team: str) -> tuple[Member, ...]:
        """All members of a team, those who left too, by name."""
        ...

    async def roster(self, team: str) -> tuple[RosterEntry, ...]:
        """The names of all influencers of a team, archived ones too; costs what there is."""
        ...

    async def roster_revision(self, team: str) -> int:
        """A number that moves when an influencer comes or goes, or their name, alias, handle or archive flag does."""
        ...

    async def influencer_with(self, team: str, handle: Handle) -> Influencer | None:
        """The influencer of the team that a handle belongs to."""
        ...

    async def touchpoints(
        self,
        team: str,
        influencer: str,
        *,
        medium: Medium | None = None,
        since: date | None = None,
        limit: int | None = None,
        skip: int = 0,
    ) -> tuple[Touchpoint, ...]:
        """The touchpoints of an influencer, newest `on` first (then newest `logged_at`, then highest id)."""
        ...

    async def notes_with(self, team: str, words: Sequence[str], *, limit: int) -> tuple[Touchpoint, ...]:
        """Touchpoints whose note has, for every word, one that begins so, newest first.

        Case and diacritics do not matter. May cost what there is.
        """
        ...

    async def occasions(self, team: str, influencer: str) -> tuple[Occasion, ...]:
        """The occasions of an influencer, by id."""
        ...

    async def promises(self, team: str, influencer: str) -> tuple[Promise, ...]:
        """The promises of an influencer, settled ones too, by id."""
        ...

    async def promises_due(self, team: str, by: date | None = None) -> tuple[Promise, ...]:
        """Open promises of the team that are due at or before a date, earliest first (`None`: all open ones).

        Those without a due date come last, and only where `by` is `None`.
        """
        ...

    async def promises_settled(self, team: str, since: date) -> tuple[Promise, ...]:
        """Promises of the team that were settled on a date or after it, earliest first."""
        ...

    async def touchpoints_between(self, team: str, since: date, until: date) -> tuple[Touchpoint, ...]:
        """Touchpoints of the whole team dated `since` or after, and before `until`, in no particular order.

        Costs what there was in these days, and a step for each influencer of the team at most.
        """
        ...

    async def occasions_on(self, team: str, days: Sequence[tuple[int, int]]) -> tuple[Occasion, ...]:
        """Occasions of the team on these (month, day), yearly or not and of any year, by id."""
        ...

    async def schedules(self, team: str) -> tuple[Schedule, ...]:
        """The digests that the team has asked for, by id."""
        ...

    async def kept_up(self, team: str) -> int:
        """How many relationships are neither archived nor paused."""
        ...

    async def owned_by(self, team: str, member: str | None) -> tuple[Influencer, ...]:
        """The influencers that a member answers for (`None`: nobody does), by name, archived ones too."""
        ...

    async def needing_attention(
        self, team: str, by: datetime, *, owner: str | None = None, limit: int | None = None
    ) -> tuple[Standing, ...]:
        """Standings whose `attention_at` is at or before `by`, earliest first; `owner` narrows to one member's."""
        ...

    async def attention_after(
        self, team: str, after: datetime, *, owner: str | None = None, limit: int
    ) -> tuple[Standing, ...]:
        """Standings whose `attention_at` comes after an instant, earliest first."""
        ...

    async def standings_due(self, now: datetime, *, limit: int) -> tuple[Standing, ...]:
        """Standings of all teams whose `due_at` has come, earliest first."""
        ...

    async def deliveries_due(self, now: datetime, *, limit: int) -> tuple[Delivery, ...]:
        """Deliveries of all teams whose `due_at` has come, earliest first."""
        ...

    async def deliveries_stuck(self, team: str) -> tuple[Delivery, ...]:
        """The team's deliveries in state unknown or failed, oldest first."""
        ...

    async def nudges_of(self, team: str, influencer: str) -> tuple[Nudge, ...]:
        """The nudges ever raised for an influencer, oldest first."""
        ...

    async def nudges_raised(self, team: str, member: str | None) -> tuple[Nudge, ...]:
        """The nudges in state raised for a member (`None`: for nobody in particular), oldest first."""
        ...

    async def changes(self, team: str, *, limit: int) -> tuple[Change, ...]:
        """The team's last Changes, newest first."""
        ...

    async def change_heads(
        self, team: str, *, by: str | None = None, since: datetime | None = None, limit: int | None = None
    ) -> tuple[ChangeHead, ...]:
        """The heads of the team's Changes, newest first, forgotten befores or not.

        `by` narrows to those that a member asked for.
        """
        ...

    async def change(self, team: str, id: str) -> Change | None:
        """One Change of a team, or `None`."""
        ...

    async def change_heard(self, team: str, heard: str) -> Change | None:
        """The Change that an inbound id made, if it made one."""
        ...

    async def prune(self, now: datetime) -> int:
        """Forgets what has been kept long enough and says how many records and befores went.

        What a Change was before: 7 days; drafts: 24 hours; deliveries: 90 days.
        """
        ...

    async def erase_team(self, team: str) -> None:
        """Takes away everything that was ever kept of a team, its audit and the Team itself included, the Team last.

        When this returns no file of the store holds any of it. Killed in between, the Team is still there, and another
        call goes on. Costs what there is. Raises StoreFailed.
        """
        ...

    async def close(self) -> None:
        """Finishes what is queued and lets go of the medium; a second call does nothing."""
        ...
