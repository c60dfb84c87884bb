"""Rows: record ↔ document, the shape each document is in, and how documents of older shapes are read.

A document is plain JSON: `v`, the version of its shape, and every field of the record, defaults included, so that a
default can change without changing what was stored.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

import msgspec

from bot.change import Change, Write
from bot.model import (
    Delivery,
    Draft,
    Influencer,
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

Document = dict[str, Any]
"""A record as JSON has it."""

KINDS: Mapping[str, type[Record]] = {
    "teams": Team,
    "members": Member,
    "influencers": Influencer,
    "touchpoints": Touchpoint,
    "promises": Promise,
    "occasions": Occasion,
    "standings": Standing,
    "nudges": Nudge,
    "deliveries": Delivery,
    "drafts": Draft,
    "schedules": Schedule,
}
"""Which kind of record each table holds."""

TABLES: Mapping[type[Record], str] = {kind: table for table, kind in KINDS.items()}
"""Which table holds each kind of record."""

CHANGES = "changes"
"""The table of the audit."""

UNAUDITED = frozenset({"drafts"})
"""Tables of which the audit keeps no documents: what somebody typed would be there long after the Draft is gone."""

SHAPE = 2
"""The version that documents are written in. Shape 2: promises, and what a Standing knows of them and of occasions."""


def _restanding(team: Document) -> Document:
    """Has every standing of a team recomputed once: those of shape 1 know of no promise and of no occasion."""
    return {**team, "restanding": True}


UPGRADES: Mapping[tuple[str, int], Callable[[Document], Document]] = {("teams", 1): _restanding}
"""From (table, version of the shape) the step to the next version; where there is none, only defaults have changed.

A step gets a copy and may change it.
"""

START = b'{"v":%d,' % SHAPE
"""How every document begins that we wrote ourselves."""

_READ_ALL_THE_TIME = frozenset({Team, Member})
"""Kinds of which every request reads all that a team has, more than once: a document of theirs is decoded once."""

_NULL = msgspec.Raw(b"null")
_encode = msgspec.json.Encoder().encode
_decoders: Mapping[type[Record], msgspec.json.Decoder[Any]] = {
    kind: msgspec.json.Decoder(kind) for kind in KINDS.values()
}


class _Shape(msgspec.Struct, gc=False):
    v: int = SHAPE


_shape = msgspec.json.Decoder(_Shape).decode


class StoredWrite(msgspec.Struct, frozen=True):
    """A Write in the audit: the documents before and after, `null` where there is none."""

    table: str
    before: msgspec.Raw
    after: msgspec.Raw


class StoredChange(msgspec.Struct, frozen=True, kw_only=True):
    """A Change in the audit."""

    v: int
    id: str
    team: str
    at: datetime
    by: str | None
    verb: str
    heard: str | None
    undoes: str | None
    writes: tuple[StoredWrite, ...]
    touched: tuple[str, ...]


_decode_change = msgspec.json.Decoder(StoredChange).decode


def encode(record: Record) -> Document:
    """The document of a record, as builtins."""
    return msgspec.json.decode(dump(record), type=Document)


def decode(kind: type[R], document: Mapping[str, Any]) -> R:
    """The record in a document of any shape there ever was. ValueError says what does not fit."""
    upgraded = _upgraded(TABLES[kind], dict(document))
    upgraded.pop("v", None)
    return msgspec.convert(upgraded, kind)


def dump(record: Record) -> bytes:
    """The document of a record, as JSON."""
    return START + _encode(record)[1:]


def load(kind: type[R], document: bytes) -> R:
    """The record in a JSON document of any shape there ever was. ValueError says what does not fit."""
    if kind in _READ_ALL_THE_TIME:
        found: R = _loaded_before(kind, document)
        return found
    return _load(kind, document)


@lru_cache(maxsize=1_024)
def _loaded_before(kind: type[Record], document: bytes) -> Any:
    """Records are frozen, so that whoever reads a document may be given the same one."""
    return _load(kind, document)


def _load(kind: type[R], document: bytes) -> R:
    if document.startswith(START) or not _steps(TABLES[kind], _shape(document).v):
        record: R = _decoders[kind].decode(document)
        return record
    return decode(kind, msgspec.json.decode(document, type=Document))


def current(table: str, document: bytes) -> bytes:
    """A JSON document of one of our tables in today's shape; ValueError says what does not fit."""
    if document.startswith(START):
        return document
    if table != CHANGES:
        return dump(load(KINDS[table], document))
    if not _steps(table, _shape(document).v):
        return dump_stored(msgspec.structs.replace(_decode_change(document), v=SHAPE))
    upgraded = _upgraded(table, msgspec.json.decode(document, type=Document))
    return dump_stored(_decode_change(_encode(upgraded)))


def check(table: str, document: bytes) -> None:
    """ValueError where a JSON document does not hold what its table is for; other programs' tables hold anything."""
    if table == CHANGES:
        load_change(document)
    elif table in KINDS:
        load(KINDS[table], document)


def stored(change: Change, befores: Iterable[bytes | None], afters: Iterable[bytes | None]) -> StoredChange:
    """What the audit keeps of a Change, given the documents before and after each of its writes.

    Of one that erases it keeps who did it, when and what was heard: anything else says whom it was about.
    """
    writes = (
        ()
        if change.erases
        else tuple(
            StoredWrite(table, _raw(before), _raw(after))
            for write, before, after in zip(change.writes, befores, afters, strict=True)
            if (table := TABLES[type(write.record)]) not in UNAUDITED
        )
    )
    return StoredChange(
        v=SHAPE,
        id=change.id,
        team=change.team,
        at=change.at,
        by=change.by,
        verb=change.verb,
        heard=change.heard,
        undoes=None if change.erases else change.undoes,
        writes=writes,
        touched=() if change.erases else change.touched,
    )


def dump_stored(change: StoredChange) -> bytes:
    """The document of the audit, as JSON."""
    return _encode(change)


def load_stored(document: bytes | msgspec.Raw) -> StoredChange:
    """The audit's document, its records left as they are."""
    return _decode_change(document)


def load_change(document: bytes) -> Change:
    """The Change in a document of the audit, with its records."""
    change = _decode_change(document)
    return Change(
        id=change.id,
        team=change.team,
        at=change.at,
        by=change.by,
        verb=change.verb,
        heard=change.heard,
        undoes=change.undoes,
        writes=tuple(
            Write(_record(write.table, write.before), _record(write.table, write.after)) for write in change.writes
        ),
        touched=change.touched,
    )


def forgotten(document: bytes) -> bytes:
    """The document of a Change without what its records were before and after."""
    return dump_stored(msgspec.structs.replace(_decode_change(document), writes=()))


def content(raw: msgspec.Raw) -> bytes | None:
    """A document of a stored Write, `None` where there is none."""
    return None if raw == _NULL else bytes(raw)


def folded(text: str) -> str:
    """A text without case and diacritics, for comparing what people typed in haste."""
    if text.isascii():
        return text.lower()
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


def _record(table: str, raw: msgspec.Raw) -> Record | None:
    document = content(raw)
    return None if document is None else load(KINDS[table], document)


def _raw(document: bytes | None) -> msgspec.Raw:
    return _NULL if document is None else msgspec.Raw(document)


def _upgraded(table: str, document: Document) -> Document:
    for step in _steps(table, document.get("v", SHAPE)):
        document = step(document)
    return {**document, "v": SHAPE}


def _steps(table: str, version: object) -> list[Callable[[Document], Document]]:
    """What there is to do to a document of a version. ValueError where it is a later one than ours."""
    if not isinstance(version, int) or version > SHAPE:
        raise ValueError(f"a document of {table} has shape {version!r}; this version of Rapport reads up to {SHAPE}")
    return [step for old in range(version, SHAPE) if (step := UPGRADES.get((table, old)))]
