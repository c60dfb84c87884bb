"""Change: the one form of every write, as pairs of what was and what is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from bot.clock import NewId
from bot.model import Record, Team


class Write(msgspec.Struct, frozen=True):
    """One record as it was and as it is: no `before` creates it, no `after` removes it.

    `before` is the record exactly as it was read; its version is what the commit checks. `after` carries the same id;
    its version is set by the store.
    """

    before: Record | None
    after: Record | None

    @property
    def id(self) -> str:
        """The id of the record it is about."""
        return self.record.id

    @property
    def record(self) -> Record:
        """What is, or what was where nothing is left."""
        record = self.after if self.after is not None else self.before
        if record is None:
            raise ValueError("a Write has a before, an after or both")
        return record


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A set of writes that count together or not at all.

    `by` is the member who asked for it (`None`: the clock), `verb` what they asked with, `heard` the id of the message,
    press or form that asked, by which a second hearing is known. `undoes` is the Change that this one takes back.
    `reads` are records, as id and version, that it was decided on: a commit makes sure that they still stand so, and
    the audit does not keep them. Version 0 is that of a record that is not there.

    A record stands in one Write only. After 7 days the audit forgets `before` and `after` and keeps `touched`; those of
    Drafts it never holds, because what somebody typed is kept for 24 hours and in one place.
    """

    id: str
    team: str
    at: datetime
    by: str | None
    verb: str
    heard: str | None = None
    undoes: str | None = None
    writes: tuple[Write, ...] = ()
    reads: tuple[tuple[str, int], ...] = ()
    erases: tuple[str, ...] = ()
    touched: tuple[str, ...] = ()


def by_the_clock(
    verb: str,
    team: str,
    writes: tuple[Write, ...],
    reads: tuple[tuple[str, int], ...] = (),
    *,
    now: datetime,
    new_id: NewId,
) -> Change:
    """A Change that no member asked for: its time had come, or a platform said so."""
    return Change(id=new_id("chg"), team=team, at=now, by=None, verb=verb, writes=writes, reads=reads)


def created(*records: Record) -> tuple[Write, ...]:
    """Writes that make records that were not there."""
    return tuple(Write(None, record) for record in records)


def ids(writes: Iterable[Write]) -> tuple[str, ...]:
    """The ids of the records that are written."""
    return tuple(write.id for write in writes)


def belongs(write: Write, team: str) -> bool:
    """Whether a write stays within a team: a Team record is its own."""
    record = write.record
    return record.id == team if isinstance(record, Team) else record.team == team
