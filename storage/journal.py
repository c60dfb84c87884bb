"""The journal: every commit since the snapshot as one line of a file, checked by CRC and numbered.

A line is `<CRC-32> <first> <JSON>`: the checksum of all after it, the number of the first commit that was written
together with it, and the entry. The file is filled with zeros ahead of its end, because an fdatasync that needs no new
blocks takes two thirds of the time; zeros after the last line are not part of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from zlib import crc32

import msgspec

from storage import rows as shapes
from storage.tables import Move

FORMAT = 1
"""The version of the journal's layout."""

NO_CHANGE = msgspec.Raw(b"null")
"""In place of a Change where documents are moved without one."""

_SECTOR = 512
"""Bytes that a disk writes whole or not at all."""


class Header(msgspec.Struct, frozen=True):
    """The first line of a journal: the number of the last commit before it."""

    journal: int
    after: int


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """One commit: a Change with the document ids of the writes it keeps and of itself, moves that no Change keeps.

    One that `erases` leaves the journals with what is not to be there any more, so that they must be folded.
    """

    n: int
    change: msgspec.Raw = NO_CHANGE
    doc_ids: tuple[int, ...] = ()
    puts: tuple[tuple[str, int, msgspec.Raw], ...] = ()
    cuts: tuple[tuple[str, int], ...] = ()
    erases: bool = False

    def moves(self) -> list[Move]:
        """What it does to the tables, in order. ValueError where its Change can't be read."""
        moves: list[Move] = [(table, doc_id, bytes(document)) for table, doc_id, document in self.puts]
        moves += [(table, doc_id, None) for table, doc_id in self.cuts]
        if self.change != NO_CHANGE:
            stored = shapes.load_stored(self.change)
            for write, doc_id in zip(stored.writes, self.doc_ids, strict=False):
                moves.append((write.table, doc_id, shapes.content(write.after)))
            moves.append((shapes.CHANGES, self.doc_ids[-1], bytes(self.change)))
        return moves

    def about(self) -> str:
        """Which verb, when and in which team, for somebody who decides whether to cut it off."""
        if self.change == NO_CHANGE:
            return f"commit {self.n}: {len(self.puts)} documents written, {len(self.cuts)} removed"
        stored = shapes.load_stored(self.change)
        return f"commit {self.n}: {stored.verb}, {stored.at:%Y-%m-%d %H:%M:%S} UTC, by {stored.by or 'the clock'}"


class Flaw(msgspec.Struct, frozen=True):
    """Where a journal stops making sense, and why. `line` counts from 1; `position` is in bytes from the start."""

    line: int
    position: int
    why: str


class Contents(msgspec.Struct, frozen=True):
    """A journal as read: what is good of it, up to the byte `end`.

    `header` is None where not even the first line was written whole. `torn` is how many bytes after `end` belong to a
    write that never finished. Where there is a `flaw`, `beyond` are the entries after it that can still be read.
    """

    header: Header | None
    entries: tuple[Entry, ...]
    end: int
    torn: int = 0
    flaw: Flaw | None = None
    beyond: tuple[Entry, ...] = ()


def line(first: int, payload: bytes) -> bytes:
    """A line of the journal."""
    body = b"%d %b" % (first, payload)
    return b"%08x %b\n" % (crc32(body), body)


def header(after: int) -> bytes:
    """The first line of a journal that goes on after a commit."""
    return line(0, _encode(Header(FORMAT, after)))


def payload(entry: Entry) -> bytes:
    """An entry as its line holds it."""
    return _encode(entry)


def entry_of(n: int, moves: Sequence[Move], audit: Move | None = None, *, erases: bool = False) -> Entry:
    """The journal's entry of moves; those that the audit keeps, which are none where it erases, stand in its Change."""
    loose = [move for move in moves if audit is None or erases or move[0] in shapes.UNAUDITED]
    puts = tuple((table, doc_id, msgspec.Raw(document)) for table, doc_id, document in loose if document is not None)
    cuts = tuple((table, doc_id) for table, doc_id, document in loose if document is None)
    if audit is None or audit[2] is None:
        return Entry(n, puts=puts, cuts=cuts)
    kept = [doc_id for table, doc_id, _document in moves if table not in shapes.UNAUDITED and not erases]
    return Entry(n, msgspec.Raw(audit[2]), (*kept, audit[1]), puts, cuts, erases)


def read_journal(path: Path) -> Contents:
    """Reads a journal as far as it makes sense; FileNotFoundError."""
    return read(path.read_bytes())


def read(content: bytes) -> Contents:
    """Reads the content of a journal as far as it makes sense."""
    lines = _lines(content)
    opening = next(lines, None)
    if opening is None:
        return Contents(None, (), 0, torn=len(content.rstrip(b"\0")))
    number, start, text = opening
    start_of_file = _checked(text)
    try:
        head = _decode_header(start_of_file[1]) if start_of_file else None
    except ValueError:
        head = None
    if head is None or head.journal != FORMAT:
        return _flawed(content, None, [], Flaw(number, start, "the first line is not that of a journal"))
    entries: list[Entry] = []
    end = start + len(text) + 1
    for number, start, text in lines:
        entry = _entry(text)
        if isinstance(entry, str):
            return _flawed(content, head, entries, Flaw(number, start, entry))
        if entry.n != head.after + len(entries) + 1:
            why = f"commit {head.after + len(entries) + 1} is missing: the line holds commit {entry.n}"
            return _flawed(content, head, entries, Flaw(number, start, why))
        entries.append(entry)
        end = start + len(text) + 1
    return Contents(head, tuple(entries), end, torn=len(content[end:].rstrip(b"\0")))


_encode = msgspec.json.Encoder().encode
_decode_header = msgspec.json.Decoder(Header).decode
_decode_entry = msgspec.json.Decoder(Entry).decode


def _flawed(content: bytes, head: Header | None, entries: list[Entry], flaw: Flaw) -> Contents:
    """A journal that stops making sense; a write of which the disk took only a part is cut off like any torn tail."""
    beyond: list[Entry] = []
    written_later = False
    last_good = (head.after if head else 0) + len(entries)
    for _number, _start, text in _lines(content, flaw.position, flaw.line):
        checked = _checked(text)
        entry = _entry(text)
        if checked is None or isinstance(entry, str):
            continue
        beyond.append(entry)
        written_later = written_later or checked[0] > last_good + 1
    is_torn = head is not None and not written_later and _has_unwritten_sector(content, flaw.position)
    if is_torn:
        return Contents(head, tuple(entries), flaw.position, torn=len(content.rstrip(b"\0")) - flaw.position)
    return Contents(head, tuple(entries), flaw.position, flaw=flaw, beyond=tuple(beyond))


def _has_unwritten_sector(content: bytes, position: int) -> bool:
    """Whether a sector between a position and the last byte written is still zero: no line ever holds a zero byte."""
    written = content.rstrip(b"\0")
    while (end := position - position % _SECTOR + _SECTOR) <= len(written):
        if not any(written[position:end]):
            return True
        position = end
    return False


def _lines(content: bytes, position: int = 0, number: int = 1) -> Iterator[tuple[int, int, bytes]]:
    """The whole lines from a position on: number, position, text without its newline."""
    while (end := content.find(b"\n", position)) >= 0:
        yield number, position, content[position:end]
        number, position = number + 1, end + 1


def _checked(text: bytes) -> tuple[int, bytes] | None:
    """The first commit of its write and the JSON of a line whose checksum fits."""
    if text[8:9] != b" " or text[:8] != b"%08x" % crc32(memoryview(text)[9:]):
        return None
    first, _space, json = text[9:].partition(b" ")
    return (int(first), json) if first.isdigit() else None


def _entry(text: bytes) -> Entry | str:
    """The entry of a line, or what is wrong with it."""
    checked = _checked(text)
    if checked is None:
        return "the checksum does not fit the line"
    try:
        return _decode_entry(checked[1])
    except ValueError as problem:
        return f"the line can't be read: {problem}"
