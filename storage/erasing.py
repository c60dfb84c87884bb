"""Erasing: what a Change that erases does to the documents besides its own writes, so that nobody is found any more.

Which Changes hold something about the erased is looked up before the commit, in turns with others (`surveyed`); what is
struck out of them, and which drafts go, is settled in one go when the commit is put in line (`struck`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from itertools import takewhile
from typing import NoReturn, Protocol

import msgspec

from bot.change import Change
from bot.model import Delivery, DeliveryState, influencer_in, standing_id
from storage import rows as shapes
from storage.indexes import ids
from storage.tables import Tables, head
from storage.traces import Traces, called

_ABOUT = {
    "touchpoints": "touchpoints of",
    "promises": "promises of",
    "occasions": "occasions of",
    "nudges": "nudges of",
}
"""The tables of records that are about an influencer, and the indexes that find them by theirs."""

_MESSAGES = "deliveries"

_STRIDE = 500
"""Changes looked at before others get a turn: about a millisecond."""


class Part(msgspec.Struct, frozen=True):
    """One document that a commit changes: what it was and what it is to be, `None` where there is none."""

    table: str
    id: str
    before: bytes | None
    after: bytes | None


class Survey(msgspec.Struct, frozen=True):
    """The Changes with something about the erased among those that had document ids up to `upto`."""

    found: frozenset[str] = frozenset()
    upto: int = 0


UNSURVEYED = Survey()
"""Nothing was looked up: every Change of the team is to be looked at when the commit is put in line."""


class Line(Protocol):
    """The documents as the last commit in line leaves them."""

    @property
    def tables(self) -> Tables:
        """The documents as the last durable commit left them."""
        ...

    def latest(self, table: str, id_: str) -> bytes | None:
        """A record as the last commit in line leaves it."""
        ...

    def waiting(self, table: str) -> Sequence[str]:
        """The ids of the records of a table that commits in line are about."""
        ...

    def refuse(self, table: str, id_: str) -> NoReturn:
        """Refuses a commit over a record that is not as it was decided on."""
        ...


class _Subject(msgspec.Struct, gc=False):
    id: str
    influencer: str | None = None


class _Merged(msgspec.Struct, gc=False):
    id: str
    team: str
    merged: tuple[str, ...] = ()


class _Touched(msgspec.Struct, gc=False):
    id: str
    touched: tuple[str, ...]


_subject = msgspec.json.Decoder(_Subject).decode
_merged = msgspec.json.Decoder(_Merged).decode
_touched = msgspec.json.Decoder(_Touched).decode


class Erased(msgspec.Struct, frozen=True):
    """Who is erased: their ids, and those of the records that were joined into theirs."""

    ids: frozenset[str]

    def may_be_in(self, document: bytes | msgspec.Raw) -> bool:
        """Whether a document has the letters of one of their ids somewhere: others may begin with the same ones."""
        return any(mark in bytes(document) for mark in self.marks)

    @property
    def marks(self) -> tuple[bytes, ...]:
        """Their ids as documents have them."""
        return tuple(msgspec.json.encode(id_)[1:-1] for id_ in self.ids)

    @property
    def known_as(self) -> frozenset[str]:
        """Their ids and those of their standings."""
        return self.ids.union(map(standing_id, self.ids))

    def owns(self, document: bytes | None) -> bool:
        """Whether a record is they themselves, or is about them."""
        if document is None:
            return False
        subject = _subject(document)
        return subject.id in self.known_as or subject.influencer in self.ids or self.are_nudged(subject.id)

    def are_nudged(self, id_: str) -> bool:
        """Whether an id is that of a nudge about them, which says who they are although the nudge is gone."""
        return id_.startswith("nudge:") and influencer_in(id_) in self.ids

    def owns_in(self, write: shapes.StoredWrite) -> bool:
        """Whether a write of the audit is about them, before or after, or about a record they were a part of then.

        Somebody who was merged and parted again stands in what the other record was in between.
        """
        documents = tuple(_documents(write))
        was_joined = write.table == "influencers" and any(map(self.are_joined_in, documents))
        return was_joined or any(map(self.owns, documents))

    def are_joined_in(self, document: bytes) -> bool:
        """Whether an influencer's record is, among others, theirs."""
        return not self.ids.isdisjoint(_merged(document).merged)

    def out_of(self, message: Delivery) -> Delivery:
        """A message without what it keeps of them: nudges, and that it names them."""
        nudges = tuple(id_ for id_ in message.nudges if not self.are_nudged(id_))
        named = tuple(id_ for id_ in message.named if id_ not in self.ids)
        return msgspec.structs.replace(message, nudges=nudges, named=named)


async def surveyed(tables: Tables, change: Change) -> Survey:
    """Looks through all Changes of the team, some seconds for a million of them, and lets others at it meanwhile."""
    people = tables.documents("influencers", change.erases)
    erased = _erased(change, people, lambda id_: tables.document("influencers", id_))
    marks = erased.marks
    doc_ids = [entry[1] for entry in tables.indexes.ascending(("changes", change.team))]
    gone = erased.known_as.union(write.id for write in change.writes if write.after is None)
    found: set[str] = set()
    async for document in _in_turns(tables, doc_ids):
        if any(mark in document for mark in marks):
            stored = shapes.load_stored(document)
            found.add(stored.id)
            gone = gone.union(_id_of(write) for write in stored.writes if erased.owns_in(write))
    async for document in _in_turns(tables, doc_ids):
        about = _touched(document)
        if not gone.isdisjoint(about.touched):
            found.add(about.id)
    return Survey(frozenset(found), max(doc_ids, default=0))


def struck(change: Change, parts: Sequence[Part], line: Line, survey: Survey) -> list[Part]:
    """What a Change that erases does to the documents in all, given what its writes do.

    What else is kept about the erased goes. Drafts that tell who they are go, and out of messages goes that they do.
    The other Changes of the team lose their writes about them, and the ids of what was kept about them or is removed.
    Refused where a message names them in public, or is about to, and the Change does nothing about it.
    """
    joined = filter(None, (line.latest("influencers", id_) for id_ in change.erases))
    erased = _erased(change, joined, lambda id_: line.latest("influencers", id_))
    parts = [
        *_messages(change.team, erased, parts, line),
        *_left(change.team, erased, {part.id for part in parts}, line),
    ]
    audit = list(_audit(change.team, line, survey))
    strikes = [write for _document, stored in audit for write in stored.writes if erased.owns_in(write)]
    gone = erased.known_as.union(
        (part.id for part in parts if part.after is None or erased.owns(part.before) or erased.owns(part.after)),
        (_id_of(write) for write in strikes if not _lives_on(write, erased, line)),
    )
    people = [part.before for part in parts if part.table == "influencers"]
    people += [document for write in strikes if write.table == "influencers" for document in _documents(write)]
    names = {name for document in people if erased.owns(document) and document for name in called(document).names}
    traces = Traces(gone, names)
    kept = [part for part in parts if not _tells(part, traces)]
    shorter = ((document, stored.id, _without(stored, erased, gone)) for document, stored in audit)
    return [
        *kept,
        *_drafts(change.team, traces, {part.id for part in kept}, line),
        *(Part(shapes.CHANGES, id_, document, after) for document, id_, after in shorter if after is not None),
    ]


def _erased(change: Change, influencers: Iterable[bytes], stored: Callable[[str], bytes | None]) -> Erased:
    """Who is erased: those named, and whose records were joined into theirs and have not been parted again."""
    joined = (id_ for one in map(_merged, influencers) if one.team == change.team for id_ in one.merged)
    return Erased(frozenset(change.erases).union(id_ for id_ in joined if stored(id_) is None))


def _left(team: str, erased: Erased, written: set[str], line: Line) -> Iterator[Part]:
    """Removes what is kept about the erased beyond what is written: what came while the Change was decided on."""
    own = {"influencers": erased.ids, "standings": frozenset(map(standing_id, erased.ids))}
    for table in (*own, *_ABOUT):
        found = set(own.get(table, erased.ids)).union(line.waiting(table))
        for id_ in erased.ids if table in _ABOUT else ():
            found.update(ids(line.tables.indexes.ascending((_ABOUT[table], team, id_))))
        for id_ in sorted(found - written):
            document = line.latest(table, id_)
            if document is not None and head(document).team == team and erased.owns(document):
                yield Part(table, id_, document, None)


def _messages(team: str, erased: Erased, parts: Sequence[Part], line: Line) -> Iterator[Part]:
    """The parts, and the other messages of the team that are to change: none holds anything of the erased any more."""
    for part in parts:
        if part.table == _MESSAGES and part.after is not None:
            yield msgspec.structs.replace(part, after=_struck_out(part.after, erased))
        else:
            yield part
    found = ids(line.tables.indexes.ascending((_MESSAGES, team)))
    written = {part.id for part in parts}
    for id_ in dict.fromkeys((*found, *line.waiting(_MESSAGES))):
        document = line.latest(_MESSAGES, id_)
        if id_ in written or document is None or not erased.may_be_in(document):
            continue
        message = shapes.load(Delivery, document)
        without = erased.out_of(message)
        if message.team != team or without == message:
            continue
        if without.named != message.named and _stands(message):
            line.refuse(_MESSAGES, id_)
        moved_on = msgspec.structs.replace(without, version=message.version + 1)
        yield Part(_MESSAGES, id_, document, shapes.dump(moved_on))


def _stands(message: Delivery) -> bool:
    """Whether a message can be read somewhere, or is about to be, and stays."""
    return message.state in {DeliveryState.SENDING, DeliveryState.SENT} and not message.retracted


def _struck_out(document: bytes, erased: Erased) -> bytes:
    """The document of a message without what it keeps of the erased; its version stays."""
    if not erased.may_be_in(document):
        return document
    return shapes.dump(erased.out_of(shapes.load(Delivery, document)))


def _audit(team: str, line: Line, survey: Survey) -> Iterator[tuple[bytes, shapes.StoredChange]]:
    """The Changes of a team that a survey found, and those that it could not know of."""
    rows = line.tables.rows.get(shapes.CHANGES, {})
    since = (head(rows[doc_id]).id for doc_id in takewhile(lambda doc_id: doc_id > survey.upto, reversed(rows)))
    for id_ in dict.fromkeys((*sorted(survey.found), *since, *line.waiting(shapes.CHANGES))):
        document = line.latest(shapes.CHANGES, id_)
        if document is not None and head(document).team == team:
            yield document, shapes.load_stored(document)


def _drafts(team: str, traces: Traces, written: set[str], line: Line) -> Iterator[Part]:
    """Removes the forms of a team that tell who somebody is."""
    found = ids(line.tables.indexes.ascending(("drafts", team)))
    for id_ in dict.fromkeys((*found, *line.waiting("drafts"))):
        document = line.latest("drafts", id_)
        if id_ in written or document is None or head(document).team != team:
            continue
        if traces.are_in_form(document):
            yield Part("drafts", id_, document, None)


def _tells(part: Part, traces: Traces) -> bool:
    """Whether a form that the Change itself closes tells who somebody is: it goes like any other."""
    if part.table != "drafts":
        return False
    return any(document is not None and traces.are_in_form(document) for document in (part.before, part.after))


def _without(stored: shapes.StoredChange, erased: Erased, gone: frozenset[str]) -> bytes | None:
    """A Change of the audit without what is struck out of it; `None` where that is nothing."""
    writes = tuple(_write_without(write, erased) for write in stored.writes if not erased.owns_in(write))
    touched = tuple(id_ for id_ in stored.touched if id_ not in gone and not erased.are_nudged(id_))
    if writes == stored.writes and touched == stored.touched:
        return None
    return shapes.dump_stored(msgspec.structs.replace(stored, writes=writes, touched=touched))


def _write_without(write: shapes.StoredWrite, erased: Erased) -> shapes.StoredWrite:
    """A write of the audit without what a message keeps of the erased."""
    if write.table != _MESSAGES:
        return write
    before, after = (msgspec.Raw(_struck_out(bytes(raw), erased)) for raw in (write.before, write.after))
    return shapes.StoredWrite(write.table, before, after)


def _lives_on(write: shapes.StoredWrite, erased: Erased, line: Line) -> bool:
    """Whether a record that was about the erased is about somebody else by now."""
    document = line.latest(write.table, _id_of(write))
    return document is not None and not erased.owns(document)


def _documents(write: shapes.StoredWrite) -> Iterator[bytes]:
    return filter(None, map(shapes.content, (write.before, write.after)))


def _id_of(write: shapes.StoredWrite) -> str:
    return _subject(next(_documents(write))).id


async def _in_turns(tables: Tables, doc_ids: Sequence[int]) -> AsyncIterator[bytes]:
    """The documents of Changes, those that are there."""
    for start in range(0, len(doc_ids), _STRIDE):
        rows = tables.rows.get(shapes.CHANGES, {})
        for doc_id in doc_ids[start : start + _STRIDE]:
            if doc_id in rows:
                yield rows[doc_id]
        await asyncio.sleep(0)
