"""Context: everything a handler is given, and the one way in which it writes."""

from __future__ import annotations

from datetime import date, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace

from bot.address import Place, Posted
from bot.calendar import zone_of
from bot.change import Change, Write
from bot.clock import NewId
from bot.consequences import restand, with_consequences
from bot.errors import AlreadyDone
from bot.inbound import Upload
from bot.model import Draft, Member, Record, Team
from bot.roster import Roster
from bot.store_port import Store

R = TypeVar("R", bound=Record)


class Context(msgspec.Struct, frozen=True):
    """One request as a handler sees it: who asks, where and when, and the team's memory.

    `given` are the arguments as they were typed, `draft` the form or question that is being answered. `outsiders`: the
    place is read by people of other companies. `hurdle`: why nothing can be posted there, as the platform words it.
    `aloud`: the answer is for everybody in the place, so that it calls nobody “you”.
    """

    store: Store
    now: datetime
    new_id: NewId
    team: Team
    member: Member
    is_admin: bool
    place: Place
    verb: str
    heard: str
    roster: Roster
    given: tuple[tuple[str, str], ...] = ()
    draft: Draft | None = None
    uploads: tuple[Upload, ...] = ()
    posted: Posted | None = None
    outsiders: bool = False
    hurdle: str = ""
    aloud: bool = False

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the member who asks."""
        return zone_of(self.team, self.member)

    @property
    def today(self) -> date:
        """The date where the member is."""
        return self.now.astimezone(self.zone).date()

    @property
    def team_today(self) -> date:
        """The date in the team's zone, in which silence is counted."""
        return self.now.astimezone(self.team.zone).date()

    async def commit(
        self,
        *writes: Write,
        undoes: str | None = None,
        team: Team | None = None,
        erases: tuple[str, ...] = (),
        id: str | None = None,
    ) -> Change:
        """Makes the writes durable with everything that follows from them, and closes the form they came from.

        `team` is the Team as the writes leave it, where they change it; where that moves standings they are recomputed
        before this returns. `erases` are the ids of somebody who is to be forgotten, see Change; `id` is the Change's
        own, where one of the writes names it. Where the same request was committed before, the Change it made then is
        the answer: take what you show from the Change, and a retry is told the same. Raises Conflict, on which dispatch
        runs the handler again, and StoreFailed.
        """
        if self.draft is not None:
            closed = replace(self.draft, closed_by=self.member.id, closed_at=self.now)
            writes = (*writes, Write(self.draft, closed))
        pending = await with_consequences(self.store, team or self.team, writes, now=self.now, by=self.member.id)
        change = Change(
            id=id or self.new_id("chg"),
            team=self.team.id,
            at=self.now,
            by=self.member.id,
            verb=self.verb,
            heard=self.heard,
            undoes=undoes,
            writes=pending.writes,
            reads=pending.reads,
            erases=erases,
        )
        try:
            change = await self.store.commit(change)
        except AlreadyDone as done:
            if done.change.verb != self.verb:
                raise ValueError(f"{self.heard} was heard as {done.change.verb} before") from done
            return done.change
        if team is not None and team.restanding:
            # Killed in between, the next tick does it: the mark is in the team's record.
            await restand(self.store, stored(change, Team)[0], now=self.now, new_id=self.new_id)
        return change


def stored(change: Change, kind: type[R]) -> tuple[R, ...]:
    """The records of one kind as a Change left them, in the order it wrote them."""
    return tuple(write.after for write in change.writes if isinstance(write.after, kind))
