"""Pending: a Change in the making, and the store as it will be once it is in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TypeVar

from bot.change import Write
from bot.model import Nudge, Record, Standing, Team
from bot.store_port import Store

R = TypeVar("R", bound=Record)


class Pending:
    """The writes of a Change in the making, what it was decided on, and the store as it will be once they are in."""

    def __init__(self, store: Store, team: Team, writes: Iterable[Write]) -> None:
        """`team` is the Team as it will be; a record stands in one write only, else ValueError."""
        self.store = store
        self.team = team
        self._writes: dict[str, Write] = {}
        self._about: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self._relied_on: dict[str, int] = {}
        for write in writes:
            if write.id in self._writes:
                raise ValueError(f"{write.id} is written twice in one Change")
            self._keep(write)

    @property
    def writes(self) -> tuple[Write, ...]:
        """All writes so far, without those that change nothing."""
        return tuple(write for write in self._writes.values() if write.before != write.after)

    @property
    def reads(self) -> tuple[tuple[str, int], ...]:
        """What the commit has to find as it was read: what is relied on, but for what it writes and so checks anyway.

        The settings of the team are among it wherever something derived is written: decided while a setting moved, that
        would be kept by the old one.
        """
        relied_on = dict(self._relied_on)
        if any(isinstance(write.record, (Standing, Nudge)) for write in self.writes):
            relied_on[self.team.id] = self.team.version
        return tuple((id, version) for id, version in relied_on.items() if id not in self._writes)

    def rely_on(self, *records: Record) -> None:
        """Has the commit make sure that records still stand as they were read."""
        self._relied_on.update((record.id, record.version) for record in records)

    def writes_to(self, record: str) -> bool:
        """Whether the Change has a write for the record of this id."""
        return record in self._writes

    def put(self, before: Record | None, after: Record | None) -> None:
        """Adds a write; where the record is written already, its first `before` stays."""
        write = Write(before, after)
        known = self._writes.get(write.id)
        if known is not None and known.before is None and after is None:
            del self._writes[write.id]  # made and taken back within the Change
            return
        self._keep(Write(known.before, after) if known else write)

    def _keep(self, write: Write) -> None:
        """Keeps a write, and known by the influencers it is about: an import has a hundred thousand of them."""
        self._writes[write.id] = write
        for record in (write.before, write.after):
            if isinstance(influencer := getattr(record, "influencer", None), str):
                self._about[influencer][write.id] = None

    async def get(self, kind: type[R], record: str) -> R | None:
        """One record as it will be."""
        if (write := self._writes.get(record)) is not None:
            return write.after if isinstance(write.after, kind) else None
        return await self.store.get(kind, self.team.id, record)

    def over(self, kind: type[R], stored: Sequence[R], influencer: str) -> list[R]:
        """Stored records of one influencer as they will be, in no particular order."""
        found = {record.id: record for record in stored}
        for write in self.written_about(kind, influencer):
            found.pop(write.id, None)
            if isinstance(write.after, kind) and getattr(write.after, "influencer", None) == influencer:
                found[write.id] = write.after
        return list(found.values())

    def written_about(self, kind: type[R], influencer: str) -> list[Write]:
        """The writes to records of one kind that are, or were, about one influencer."""
        writes = [self._writes[id] for id in self._about.get(influencer, ()) if id in self._writes]
        return [write for write in writes if isinstance(write.record, kind)]

    def written(self, kind: type[R]) -> list[Write]:
        """The writes to records of one kind."""
        return [write for write in self._writes.values() if isinstance(write.record, kind)]
