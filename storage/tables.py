"""Tables: every document there is, as JSON under its document id, with the indexes that find it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from storage.errors import Damaged
from storage.indexes import INDEXED, Group, Indexes
from storage.ordered import Entry
from storage.rows import START, current
from storage.views import InfluencerView

Move = tuple[str, int, bytes | None]
"""A table, a document id and the document that stands there from now on, `None` to remove what stood there."""


Rows = dict[str, dict[int, bytes]]
"""Documents by table and document id."""


class Tables:
    """The live tables, in memory. Documents are kept as JSON: compact, cheap to write out, decoded when asked for."""

    def __init__(self) -> None:
        """Starts empty."""
        self.indexes = Indexes()
        self.rows: Rows = {}
        self._doc_ids: dict[str, dict[str, int]] = {table: {} for table in INDEXED}
        self._next: dict[str, int] = {}
        self._revisions: dict[str, int] = {}
        self._eldest = 0

    def fill(self, rows: Mapping[str, dict[int, msgspec.Raw]], sequence: int) -> None:
        """Takes over the rows of a snapshot, brought to today's shape. ValueError where a document can't be read."""
        self._eldest = sequence
        for table, documents in rows.items():
            if not documents:
                continue
            self.rows[table] = self._fill_index(table, documents) if table in INDEXED else _own(documents)
            self._next[table] = max(documents) + 1

    def _fill_index(self, table: str, documents: dict[int, msgspec.Raw]) -> dict[int, bytes]:
        """Copies, decodes and indexes document by document, each while it is still in the processor's cache."""
        view_of, keys_of = INDEXED[table].view, INDEXED[table].keys
        doc_ids = self._doc_ids[table]
        piles: defaultdict[Group, list[Entry]] = defaultdict(list)
        ours: dict[int, bytes] = documents  # type: ignore[assignment]  # every value is replaced below
        for doc_id, raw in documents.items():
            document = bytes(raw)
            if not document.startswith(START):
                document = current(table, document)
            ours[doc_id] = document
            view = view_of(document)
            doc_ids[view.id] = doc_id
            for group, entry in keys_of(view, doc_id):
                piles[group].append(entry)
        if len(doc_ids) != len(documents):
            raise ValueError(f"two documents of {table} have the same id")
        self.indexes.take(piles)
        return ours

    def apply(self, moves: list[Move], sequence: int) -> None:
        """Makes the moves of one commit."""
        for table, doc_id, document in moves:
            self._move(table, doc_id, document, sequence)

    def _move(self, table: str, doc_id: int, document: bytes | None, sequence: int) -> None:
        rows = self.rows.setdefault(table, {})
        if table in INDEXED:
            self._reindex(table, doc_id, rows.get(doc_id), document, sequence)
        if document is None:
            rows.pop(doc_id, None)
        else:
            rows[doc_id] = document
            self._next[table] = max(self._next.get(table, 1), doc_id + 1)
        if not rows:
            del self.rows[table]

    def _reindex(self, table: str, doc_id: int, old: bytes | None, new: bytes | None, sequence: int) -> None:
        index, doc_ids = INDEXED[table], self._doc_ids[table]
        before = None if old is None else index.view(old)
        after = None if new is None else index.view(new)
        if before is not None and after is not None and before.id != after.id:
            raise Damaged(f"{after.id} would take the place of {before.id} in {table}")
        gone = () if before is None else index.keys(before, doc_id)
        here = () if after is None else index.keys(after, doc_id)
        for group, entry in gone:
            if (group, entry) not in here:
                self.indexes.discard(group, entry)
        for group, entry in here:
            if (group, entry) not in gone:
                self.indexes.add(group, entry)
        if after is not None:
            doc_ids[after.id] = doc_id
        elif before is not None:
            del doc_ids[before.id]
        if table == "influencers" and _names(before) != _names(after):
            self._revisions.update((view.team, sequence) for view in (before, after) if view is not None)

    def reserve(self, table: str) -> int:
        """A document id that nothing has, and that is not given out again."""
        doc_id = self._next.get(table, 1)
        self._next[table] = doc_id + 1
        return doc_id

    def doc_id(self, table: str, id: str) -> int | None:
        """The document id under which a record of ours stands."""
        return self._doc_ids[table].get(id)

    def document(self, table: str, id: str) -> bytes | None:
        """The document of a record of ours."""
        doc_id = self._doc_ids[table].get(id)
        return None if doc_id is None else self.rows[table][doc_id]

    def row(self, table: str, id: str) -> tuple[int, bytes]:
        """The document id and the document of a record of ours. KeyError where there is none."""
        doc_id = self._doc_ids[table][id]
        return doc_id, self.rows[table][doc_id]

    def documents(self, table: str, ids: Sequence[str]) -> list[bytes]:
        """The documents of records of ours, those that are there, in the order of `ids`."""
        doc_ids, rows = self._doc_ids[table], self.rows.get(table, {})
        return [rows[doc_id] for id_ in ids if (doc_id := doc_ids.get(id_)) is not None]

    def revision(self, team: str) -> int:
        """The number of the last commit that changed how a team's influencers are called."""
        return self._revisions.get(team, self._eldest)

    def copy(self) -> Rows:
        """All rows as they are now; costs some 30 ms for a million documents, which are shared, not copied."""
        return {table: documents.copy() for table, documents in self.rows.items()}

    def count(self) -> int:
        """How many documents there are."""
        return sum(map(len, self.rows.values()))


class Head(msgspec.Struct, gc=False):
    """What the precondition of a commit looks at."""

    id: str
    team: str
    version: int = 0


head: Callable[[bytes], Head] = msgspec.json.Decoder(Head).decode


def _own(documents: dict[int, msgspec.Raw]) -> dict[int, bytes]:
    """Replaces views into a file by documents of our own, one by one: that takes memory once, not twice."""
    ours: dict[int, bytes] = documents  # type: ignore[assignment]  # every value is replaced below
    for doc_id, raw in documents.items():
        ours[doc_id] = bytes(raw)
    return ours


def _names(view: Any) -> tuple[object, ...] | None:
    if not isinstance(view, InfluencerView):
        return None
    return view.name, view.aliases, view.handles, view.archived_at
