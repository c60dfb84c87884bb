"""Recovery: what a store's files add up to, whether it is opened to write or read beside the process that writes."""

from __future__ import annotations

import errno
import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from storage.disk import Files
from storage.errors import Changing, Damaged
from storage.indexes import INDEXED
from storage.journal import Contents, read_journal
from storage.rows import current
from storage.snapshot import read_snapshot, write_snapshot
from storage.tables import Tables

_LOOKS = 8
"""How often a reader looks again when files were swapped underneath it; one swap takes no longer than one look."""


class Recovered(msgspec.Struct):
    """A store's content, and where its journal goes on: at byte `end` of a generation, None to start that journal.

    `owes`: the journals hold a commit that erases, so that they still say what it erased.
    """

    tables: Tables
    sequence: int
    generation: int
    end: int | None
    snapshot_size: int
    journal_size: int
    owes: bool = False


def recover(files: Files) -> Recovered:
    """Reads a store that nobody else has open for writing. Damaged says what is wrong, where, and what to do."""
    files.unfinished.unlink(missing_ok=True)
    if not _exists(files):
        write_snapshot(files.snapshot, files.unfinished, {}, 0)
    return _read(files)


def recover_beside(files: Files) -> Recovered:
    """Reads a store that another process may be writing. Damaged as above; FileNotFoundError where there is none."""
    if not _exists(files):
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(files.snapshot))
    for _look in range(_LOOKS - 1):
        try:
            return _read(files)
        except Damaged:
            continue  # caught in the middle of a swap or of a write; what is really damaged still is at the last look
    return _read(files)


def _exists(files: Files) -> bool:
    """Whether there is a store: a snapshot is always there first, and an empty file is what `touch` leaves."""
    if files.snapshot.exists() and files.snapshot.stat().st_size > 0:
        return True
    generations = files.generations()
    if generations:
        raise Damaged(
            f"{files.snapshot} is missing or empty, but {files.journal(generations[0])} goes on from it. "
            "Put the snapshot back, or the last backup in its place and the journals away"
        )
    return False


def _read(files: Files) -> Recovered:
    with _no_collecting():
        snapshot = read_snapshot(files.snapshot)
        tables = Tables()
        try:
            tables.fill(snapshot.rows, snapshot.sequence)
        except (ValueError, msgspec.MsgspecError) as problem:
            raise Damaged(f"{files.snapshot} holds what this version of Rapport can't read: {problem}") from problem
        journals = read_journals(files)
        sequence = snapshot.sequence
        for path, contents in journals:
            sequence = _replay(path, contents, tables, sequence)
    generation, end = _goes_on(files, journals, sequence)
    size = sum(contents.end for _path, contents in journals)
    owes = any(entry.erases for _path, contents in journals for entry in contents.entries)
    return Recovered(tables, sequence, generation, end, snapshot.size, size, owes)


def _goes_on(files: Files, journals: list[tuple[Path, Contents]], sequence: int) -> tuple[int, int | None]:
    """The generation and the byte at which the next commit is written; None starts that generation's journal."""
    last = (files.generations() or (1,))[-1]
    if not journals or journals[-1][0] != files.journal(last):
        return last, None
    contents = journals[-1][1]
    reaches = (contents.header.after if contents.header else 0) + len(contents.entries)
    return (last, contents.end) if reaches == sequence else (last + 1, None)


def read_journals(files: Files) -> list[tuple[Path, Contents]]:
    """The journals, oldest first. The last one is left out where not even its first line was finished."""
    generations = files.generations()
    try:
        journals = [(files.journal(g), read_journal(files.journal(g))) for g in generations]
    except FileNotFoundError as gone:
        raise Changing(f"{gone.filename} was there a moment ago and is gone") from gone
    if journals and journals[-1][1].header is None and journals[-1][1].flaw is None:
        journals.pop()
    return journals


def _replay(path: Path, contents: Contents, tables: Tables, sequence: int) -> int:
    """Applies what a journal adds, and says up to which commit."""
    refuse(path, contents, sequence)
    for entry in contents.entries:
        if entry.n > sequence:
            try:
                moves = [(table, doc_id, _current(table, document)) for table, doc_id, document in entry.moves()]
                tables.apply(moves, entry.n)
            except (Damaged, ValueError, LookupError, msgspec.MsgspecError) as problem:
                raise Damaged(f"{path}: commit {entry.n} does not fit what is there: {problem}") from problem
            sequence = entry.n
    return sequence


def _current(table: str, document: bytes | None) -> bytes | None:
    """A document in today's shape; those of other programs are left alone."""
    return document if document is None or table not in INDEXED else current(table, document)


def refuse(path: Path, contents: Contents, sequence: int) -> None:
    """Damaged where a journal has a flaw or does not go on from a commit."""
    flaw = contents.flaw
    if flaw is not None:
        raise Damaged(
            f"{path}, line {flaw.line} (byte {flaw.position}): {flaw.why}. Nothing was opened and nothing changed; "
            "`python -m bot doctor --repair` shows what cutting it off there would lose"
        )
    if contents.header is None:
        raise Damaged(f"{path} has no first line, and a journal comes after it")
    if contents.header.after > sequence:
        raise Changing(
            f"{path} goes on from commit {contents.header.after}, but what comes before it ends with {sequence}. "
            "Put back the files that are missing, or the last backup in their place"
        )


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Keeps the garbage collector from walking millions of new objects that are all here to stay."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
