"""A real TinyDB over the live tables: stock queries see what is durable, stock verbs commit through the journal.

For looking things up and for repairs by hand; Rapport itself goes through the Store port. It belongs to the thread
that opened the store, and its verbs block until they are durable. In Rapport's own tables a document must be a whole
record and keep its id; its version moves on with every change, so that a commit that read the old one is refused. Such
a change is no Change: the audit does not show it and `undo` does not take it back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from typing import Any

import msgspec
from tinydb import TinyDB
from tinydb.queries import QueryLike
from tinydb.storages import Storage
from tinydb.table import Document, Table
from tinydb.utils import LRUCache

from storage.indexes import INDEXED
from storage.ledger import Ledger
from storage.rows import CHANGES
from storage.snapshot import RESERVED
from storage.tables import Move

Fields = Mapping[str, Any] | Callable[[MutableMapping[str, Any]], None]


class Documents(Mapping[str, dict[str, Any]]):
    """One table as TinyDB reads it: documents by their number in text form, decoded when they are looked at."""

    def __init__(self, rows: Mapping[int, bytes]) -> None:
        """A view; it changes with the rows."""
        self._rows = rows

    def __getitem__(self, key: str) -> dict[str, Any]:
        document: dict[str, Any] = msgspec.json.decode(self._rows[int(key)])
        return document

    def __iter__(self) -> Iterator[str]:
        return map(str, self._rows)

    def __len__(self) -> int:
        return len(self._rows)


class LiveStorage(Storage):
    """TinyDB's storage, whose `read` is the live tables."""

    def __init__(self, ledger: Ledger) -> None:
        """Reads the ledger's tables and writes through it."""
        self.ledger = ledger

    def read(self) -> dict[str, dict[str, Any]]:
        """All tables, as views: nothing is decoded before it is looked at."""
        tables: dict[str, Any] = {table: Documents(rows) for table, rows in self.ledger.tables.rows.items()}
        return tables

    def write(self, data: dict[str, dict[str, Any]]) -> None:
        """Drops the tables that are missing from `data`, which is all that TinyDB itself asks of us."""
        self.ledger.flush()
        live = self.ledger.tables.rows
        if any(not isinstance(documents, Documents) for documents in data.values()):
            raise NotImplementedError("change documents through the verbs of a table")
        self.commit([(table, doc_id, None) for table in live.keys() - data.keys() for doc_id in live[table]])

    def commit(self, moves: list[Move]) -> None:
        """Makes moves durable; blocks until they are. ValueError where one does not fit, StoreFailed."""
        if moves:
            self.ledger.finish(self.ledger.move(moves))


class NoCache(LRUCache[Any, Any]):
    """TinyDB's query cache, which remembers nothing: commits that come past TinyDB would leave it stale."""

    def set(self, key: Any, value: Any) -> None:
        """Forgets it at once."""


class LiveTable(Table):
    """A table whose verbs commit what they change, and only that."""

    query_cache_class = NoCache

    def insert(self, document: Mapping[str, Any]) -> int:
        """Inserts one document and answers with its number."""
        return self.insert_multiple([document])[0]

    def insert_multiple(self, documents: Iterable[Mapping[str, Any]]) -> list[int]:
        """Inserts documents, all or none, and answers with their numbers."""
        rows = self._settled_rows()
        moves: list[Move] = []
        for document in documents:
            if not isinstance(document, Mapping):
                raise ValueError("Document is not a Mapping")
            doc_id = document.doc_id if isinstance(document, Document) else self._live.ledger.tables.reserve(self.name)
            if doc_id in rows or any(doc_id == taken for _table, taken, _document in moves):
                raise ValueError(f"Document with ID {doc_id} already exists")
            moves.append((self.name, doc_id, msgspec.json.encode(dict(document))))
        self._live.commit(moves)
        return [doc_id for _table, doc_id, _document in moves]

    def update(self, fields: Fields, cond: QueryLike | None = None, doc_ids: Iterable[int] | None = None) -> list[int]:
        """Sets fields of the documents that match, all or none, and answers with their numbers."""
        changed = {doc_id: self._changed(doc_id, [fields]) for doc_id in self._matching(cond, doc_ids)}
        return self._put(changed)

    def update_multiple(self, updates: Iterable[tuple[Fields, QueryLike]]) -> list[int]:
        """Several updates in one commit, in order."""
        steps: dict[int, list[Fields]] = {}
        for fields, cond in updates:
            for doc_id in self._matching(cond, None):
                steps.setdefault(doc_id, []).append(fields)
        return self._put({doc_id: self._changed(doc_id, fields) for doc_id, fields in steps.items()})

    def remove(self, cond: QueryLike | None = None, doc_ids: Iterable[int] | None = None) -> list[int]:
        """Removes the documents that match, all or none, and answers with their numbers."""
        if cond is None and doc_ids is None:
            raise RuntimeError("Use truncate() to remove all documents")
        gone = self._matching(cond, doc_ids)
        self._live.commit([(self.name, doc_id, None) for doc_id in gone])
        return gone

    def truncate(self) -> None:
        """Removes all documents."""
        self._live.commit([(self.name, doc_id, None) for doc_id in self._settled_rows()])

    @property
    def _live(self) -> LiveStorage:
        storage = self.storage
        if not isinstance(storage, LiveStorage):
            raise TypeError(f"a LiveTable stands on a LiveStorage, not on {storage!r}")
        return storage

    def _settled_rows(self) -> Mapping[int, bytes]:
        """The rows once nothing is on its way any more, so that a verb changes what is really there."""
        self._live.ledger.flush()
        if self.name in RESERVED:
            raise ValueError(f"{self.name} is a name that snapshots use themselves")
        return self._live.ledger.tables.rows.get(self.name, {})

    def _matching(self, cond: QueryLike | None, doc_ids: Iterable[int] | None) -> list[int]:
        rows = self._settled_rows()
        if doc_ids is not None:
            return [doc_id for doc_id in doc_ids if doc_id in rows]
        return [int(key) for key, document in Documents(rows).items() if cond is None or cond(document)]

    def _changed(self, doc_id: int, steps: list[Fields]) -> dict[str, Any]:
        document: dict[str, Any] = msgspec.json.decode(self._settled_rows()[doc_id])
        version = document.get("version")
        for fields in steps:
            if callable(fields):
                fields(document)
            else:
                document.update(fields)
        if self.name in INDEXED and self.name != CHANGES and isinstance(version, int):
            document["version"] = version + 1
        return document

    def _put(self, changed: Mapping[int, Mapping[str, Any]]) -> list[int]:
        self._live.commit([(self.name, doc_id, msgspec.json.encode(doc)) for doc_id, doc in changed.items()])
        return list(changed)


class LiveDB(TinyDB):
    """A TinyDB over a ledger."""

    table_class = LiveTable

    def __init__(self, ledger: Ledger) -> None:
        """Opens nothing: the ledger is the store's, and so is closing it."""
        super().__init__(ledger, storage=LiveStorage)
