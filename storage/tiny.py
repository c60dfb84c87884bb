"""TinyStore: the Store port on TinyDB's file, with a journal beside it, for one process."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date, datetime
from itertools import islice, takewhile
from pathlib import Path
from typing import TypeVar

import msgspec
from tinydb import TinyDB

from bot.address import Person, Workspace
from bot.change import Change
from bot.errors import AlreadyDone, Conflict, StoreFailed
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
from bot.store_port import ChangeHead, RosterEntry
from storage import rows as shapes
from storage.compaction import Compactor
from storage.disk import Lock
from storage.erasing import UNSURVEYED, surveyed
from storage.indexes import Group, ids, on_day
from storage.ledger import Done, Ledger, Overtaken
from storage.live import LiveDB
from storage.notes import holding
from storage.pruning import forget, forget_team
from storage.recovery import Recovered
from storage.snapshot import write_copy
from storage.views import InfluencerView

R = TypeVar("R", bound=Record)

CLOSING_LIMIT = 64 * 1024 * 1024
"""Bytes of snapshot and journal up to which closing writes a snapshot: half a second's work."""


_influencer = msgspec.json.Decoder(InfluencerView).decode
_head = msgspec.json.Decoder(ChangeHead).decode


class Pen(msgspec.Struct, frozen=True):
    """What it takes to write: the ledger, what folds its journal, and the right to."""

    ledger: Ledger
    compactor: Compactor
    lock: Lock


class TinyStore:
    """A store in one file. It belongs to the thread that opened it, and to one process: see `open_tiny`."""

    def __init__(self, recovered: Recovered, pen: Pen | None) -> None:
        """Use `open_tiny`; without a pen the store is for reading only."""
        self._tables = recovered.tables
        self._opened_at = recovered.sequence
        self._pen = pen
        self._closed = False

    @property
    def db(self) -> TinyDB:
        """A real TinyDB over the live tables; see storage.live for what its verbs do. StoreFailed when read only."""
        return LiveDB(self._writing().ledger)

    async def commit(self, change: Change) -> Change:
        """See the port. When the caller stops waiting, the commit still becomes durable, and visible, or neither.

        One that erases counts as soon as it is durable: where the disk has no room to fold the journals, which are what
        still says it, the next compaction (`prune` asks for one), closing or opening does that.
        """
        self._writing()
        survey = await surveyed(self._tables, change) if change.erases else UNSURVEYED
        pen = self._writing()
        try:
            stored, ticket = pen.ledger.commit(change, survey)
        except Done as earlier:
            raise AlreadyDone(self._change(earlier.change)) from None
        except Overtaken as earlier:
            await earlier.ticket.wait(asyncio.get_running_loop())
            if earlier.id is None:
                raise AlreadyDone(self._change(earlier.ticket.names[-1][1])) from None
            raise Conflict(earlier.id) from None
        if change.erases:
            pen.compactor.owe(ticket.n)
        await ticket.wait(asyncio.get_running_loop())
        if change.erases:
            await pen.compactor.settle()
        return stored

    async def get(self, kind: type[R], team: str, id: str) -> R | None:
        """See the port."""
        found = self._load(kind, (id,))
        return found[0] if found and _is_of(found[0], team) else None

    async def get_all(self, kind: type[R], team: str, ids: Sequence[str]) -> tuple[R, ...]:
        """See the port."""
        return tuple(record for record in self._load(kind, ids) if _is_of(record, team))

    async def everything(self, kind: type[R], team: str) -> tuple[R, ...]:
        """See the port."""
        if kind is Team:
            return await self.get_all(kind, team, (team,))
        if kind is Touchpoint:
            return self._load(kind, sorted(ids(self._tables.indexes.family("touchpoints of", team))))
        return self._first(kind, (shapes.TABLES[kind], team))

    async def teams(self) -> tuple[Team, ...]:
        """See the port."""
        return self._first(Team, ("teams",))

    async def team_at(self, workspace: Workspace) -> Team | None:
        """See the port."""
        return self._only(Team, ("team at", workspace.platform, workspace.id))

    async def member_at(self, team: str, person: Person) -> Member | None:
        """See the port."""
        return self._only(Member, ("member at", team, person.platform, person.workspace, person.id))

    async def members(self, team: str) -> tuple[Member, ...]:
        """See the port."""
        return self._first(Member, ("members by name", team))

    async def roster(self, team: str) -> tuple[RosterEntry, ...]:
        """See the port."""
        return tuple(
            RosterEntry(i.id, i.name, i.aliases, i.handles, i.archived_at is not None)
            for i in map(_influencer, self._tables.documents("influencers", self._ids(("influencers", team))))
        )

    async def roster_revision(self, team: str) -> int:
        """See the port. It is the number of a commit, and goes on rising when the store is opened again."""
        return self._tables.revision(team)

    async def influencer_with(self, team: str, handle: Handle) -> Influencer | None:
        """See the port."""
        return self._only(Influencer, ("handle", team, handle.network, handle.name))

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
        """See the port. With `medium` it costs the touchpoints looked through."""
        entries = self._tables.indexes.descending(("touchpoints of", team, influencer))
        if since is not None:
            first = since.toordinal()
            entries = takewhile(lambda entry: entry[0] >= first, entries)
        if medium is None:
            return self._load(Touchpoint, ids(entries, limit, skip))
        found = (t for entry in entries for t in self._load(Touchpoint, (entry[-1],)) if t.medium is medium)
        return tuple(islice(found, skip, None if limit is None else skip + max(limit, 0)))

    async def notes_with(self, team: str, words: Sequence[str], *, limit: int) -> tuple[Touchpoint, ...]:
        """See the port. It looks through all notes of the team, as they are now, letting others at it meanwhile."""
        found = ids(self._tables.indexes.family("touchpoints of", team))
        documents = tuple(self._tables.documents("touchpoints", found))
        return await holding(documents, words, limit)

    async def occasions(self, team: str, influencer: str) -> tuple[Occasion, ...]:
        """See the port."""
        return self._first(Occasion, ("occasions of", team, influencer))

    async def promises(self, team: str, influencer: str) -> tuple[Promise, ...]:
        """See the port."""
        return self._first(Promise, ("promises of", team, influencer))

    async def promises_due(self, team: str, by: date | None = None) -> tuple[Promise, ...]:
        """See the port."""
        last = None if by is None else by.toordinal()
        return self._load(Promise, ids(self._tables.indexes.ascending(("promises open", team), until=last)))

    async def promises_settled(self, team: str, since: date) -> tuple[Promise, ...]:
        """See the port."""
        entries = self._tables.indexes.ascending(("promises settled", team), since=(since.toordinal(),))
        return self._load(Promise, ids(entries))

    async def touchpoints_between(self, team: str, since: date, until: date) -> tuple[Touchpoint, ...]:
        """See the port. It looks at each influencer's touchpoints, which are in order of their days."""
        low, high = (since.toordinal(),), (until.toordinal(),)
        return self._load(Touchpoint, ids(self._tables.indexes.family_between("touchpoints of", team, low, high)))

    async def occasions_on(self, team: str, days: Sequence[tuple[int, int]]) -> tuple[Occasion, ...]:
        """See the port."""
        groups = {("occasions on", team, on_day(month, day)) for month, day in days}
        return self._load(Occasion, sorted(id_ for group in groups for id_ in self._ids(group)))

    async def schedules(self, team: str) -> tuple[Schedule, ...]:
        """See the port."""
        return self._first(Schedule, ("schedules", team))

    async def kept_up(self, team: str) -> int:
        """See the port."""
        size = self._tables.indexes.size
        return size(("standings", team)) - size(("standings at rest", team))

    async def owned_by(self, team: str, member: str | None) -> tuple[Influencer, ...]:
        """See the port."""
        return self._first(Influencer, ("owned by", team, member))

    async def needing_attention(
        self, team: str, by: datetime, *, owner: str | None = None, limit: int | None = None
    ) -> tuple[Standing, ...]:
        """See the port."""
        return self._first(Standing, _attention(team, owner), until=by, limit=limit)

    async def attention_after(
        self, team: str, after: datetime, *, owner: str | None = None, limit: int
    ) -> tuple[Standing, ...]:
        """See the port."""
        moment = after.timestamp()
        entries = self._tables.indexes.ascending(_attention(team, owner), since=(moment,))
        return self._load(Standing, ids((entry for entry in entries if entry[0] > moment), limit))

    async def standings_due(self, now: datetime, *, limit: int) -> tuple[Standing, ...]:
        """See the port."""
        return self._first(Standing, ("standings due",), until=now, limit=limit)

    async def deliveries_due(self, now: datetime, *, limit: int) -> tuple[Delivery, ...]:
        """See the port."""
        return self._first(Delivery, ("deliveries due",), until=now, limit=limit)

    async def deliveries_stuck(self, team: str) -> tuple[Delivery, ...]:
        """See the port."""
        return self._first(Delivery, ("deliveries stuck", team))

    async def nudges_of(self, team: str, influencer: str) -> tuple[Nudge, ...]:
        """See the port."""
        return self._first(Nudge, ("nudges of", team, influencer))

    async def nudges_raised(self, team: str, member: str | None) -> tuple[Nudge, ...]:
        """See the port."""
        return self._first(Nudge, ("nudges raised", team, member))

    async def changes(self, team: str, *, limit: int) -> tuple[Change, ...]:
        """See the port."""
        return tuple(map(self._change, self._change_ids(team, None, None, limit)))

    async def change_heads(
        self, team: str, *, by: str | None = None, since: datetime | None = None, limit: int | None = None
    ) -> tuple[ChangeHead, ...]:
        """See the port. What the records were before and after is passed over, not decoded."""
        found = self._change_ids(team, by, since, limit)
        return tuple(map(_head, self._tables.documents(shapes.CHANGES, found)))

    async def change(self, team: str, id: str) -> Change | None:
        """See the port."""
        document = self._tables.document(shapes.CHANGES, id)
        change = None if document is None else shapes.load_change(document)
        return change if change is not None and change.team == team else None

    async def change_heard(self, team: str, heard: str) -> Change | None:
        """See the port."""
        found = self._tables.indexes.first(("heard", team, heard))
        return None if found is None else self._change(found)

    async def prune(self, now: datetime) -> int:
        """See the port. It goes through the journal in steps, so that commits get their turn.

        Then it folds the journal, which still says what was forgotten. StoreFailed where the disk has no room for that.
        """
        pen = self._writing()
        gone = await forget(pen.ledger, now)
        if pen.ledger.size or pen.compactor.owes:
            await self.compact()
        return gone

    async def erase_team(self, team: str) -> None:
        """See the port."""
        pen = self._writing()
        if await forget_team(pen.ledger, team) or pen.ledger.size:
            await self.compact()

    async def compact(self) -> None:
        """Folds the journal into a new snapshot now. StoreFailed where the disk refuses; nothing is lost by it."""
        await self._writing().compactor.compact()

    async def backup(self, target: Path) -> None:
        """Writes a copy that is whole in itself, and that we and stock TinyDB open. FileExistsError; OSError."""
        await asyncio.to_thread(write_copy, target, self._tables.copy(), self._sequence())

    async def close(self) -> None:
        """See the port. A small store leaves everything in its snapshot, a large one leaves its journal as it is."""
        if self._closed:
            return
        self._closed = True
        pen = self._pen
        if pen is None:
            return
        try:
            await pen.compactor.finish()
            await asyncio.to_thread(pen.ledger.join)
            pen.ledger.settle()
            if pen.ledger.failure is None:
                await asyncio.to_thread(pen.compactor.compact_at_close, CLOSING_LIMIT)
        except OSError as problem:
            raise StoreFailed(f"closing was not finished ({problem.strerror}); what was saved is safe") from problem
        finally:
            pen.lock.release()

    def _writing(self) -> Pen:
        if self._closed:
            raise StoreFailed("the store is closed")
        if self._pen is None:
            raise StoreFailed("the store was opened for reading only")
        return self._pen

    def _sequence(self) -> int:
        return self._opened_at if self._pen is None else self._pen.ledger.applied

    def _ids(self, group: Group, until: datetime | None = None, limit: int | None = None) -> tuple[str, ...]:
        last = None if until is None else until.timestamp()
        return ids(self._tables.indexes.ascending(group, until=last), limit)

    def _first(
        self, kind: type[R], group: Group, *, until: datetime | None = None, limit: int | None = None
    ) -> tuple[R, ...]:
        return self._load(kind, self._ids(group, until, limit))

    def _only(self, kind: type[R], group: Group) -> R | None:
        found = self._tables.indexes.first(group)
        return None if found is None else self._load(kind, (found,))[0]

    def _load(self, kind: type[R], ids: Sequence[str]) -> tuple[R, ...]:
        return tuple([shapes.load(kind, document) for document in self._tables.documents(shapes.TABLES[kind], ids)])

    def _change_ids(self, team: str, by: str | None, since: datetime | None, limit: int | None) -> tuple[str, ...]:
        entries = self._tables.indexes.descending(("changes", team) if by is None else ("changes by", team, by))
        if since is not None:
            first = since.timestamp()
            entries = takewhile(lambda entry: entry[0] >= first, entries)
        return ids(entries, limit)

    def _change(self, id_: str) -> Change:
        return shapes.load_change(self._tables.row(shapes.CHANGES, id_)[1])


def _is_of(record: Record, team: str) -> bool:
    return record.id == team if isinstance(record, Team) else record.team == team


def _attention(team: str, owner: str | None) -> Group:
    return ("attention", team) if owner is None else ("attention of", team, owner)
