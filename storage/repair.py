"""Repair: what is in a store's files, what is wrong with them, and what cutting that off would lose."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import msgspec

from bot.errors import StoreFailed
from storage.disk import Files, Lock, replacing, sync_folder
from storage.errors import Damaged
from storage.journal import Contents, Flaw
from storage.recovery import read_journals, recover_beside
from storage.rows import check
from storage.snapshot import Snapshot, is_edited, opened, read_snapshot, write_snapshot
from storage.tables import Tables


class JournalReport(msgspec.Struct, frozen=True):
    """One journal: how many commits can be read, the bytes of a write that never finished, and what is wrong, if so."""

    path: Path
    commits: int
    torn: int
    flaw: Flaw | None


class Inspection(msgspec.Struct, frozen=True):
    """What is in a store's files.

    `documents` counts them by table, in the snapshot alone where `problem` says what is wrong. `lost` are the commits
    that `repair` would cut off, one line each, as far as they can still be read; `lines_lost` is how many lines those
    and the unreadable ones are. `remedy` says what `repair` would do, None where it can do nothing.
    """

    path: Path
    documents: dict[str, int]
    journals: tuple[JournalReport, ...]
    problem: str | None = None
    remedy: str | None = None
    lost: tuple[str, ...] = ()
    lines_lost: int = 0


def inspect(path: Path) -> Inspection:
    """Looks at a store without changing anything, also beside the process that writes it.

    FileNotFoundError where there is none, StoreFailed where it can't be read.
    """
    files = Files(path)
    try:
        tables = recover_beside(files).tables
    except Damaged as problem:
        return _diagnosis(files, str(problem))
    return Inspection(path, _counts(tables.rows), _reports(read_journals(files)))


def repair(path: Path) -> tuple[str, ...]:
    """Cuts off what `inspect` calls lost, or accepts what another program wrote, and says what was done, line by line.

    Everything that is changed is kept beside it first, as `<name>.kept-<n>`. Nothing is done where nothing is wrong.
    InUse while a process has the store open; StoreFailed where there is no remedy.
    """
    files = Files(path)
    lock = Lock(files)
    try:
        found = inspect(path)
        if found.problem is None:
            return ()
        if found.remedy is None:
            raise StoreFailed(f"{found.problem}. There is nothing that a repair could keep")
        done = _accept(files) if _is_edited(files) else _cut(files)
        recover_beside(files)
        return done
    finally:
        lock.release()


def _diagnosis(files: Files, problem: str) -> Inspection:
    if _is_edited(files):
        content = files.snapshot.read_bytes()
        try:
            tables = _filled(opened(files.snapshot, content))
        except (Damaged, ValueError) as why:
            return Inspection(files.snapshot, {}, (), f"{problem}; what it wrote can't be accepted: {why}")
        remedy = "accept the snapshot as the other program left it"
        return Inspection(files.snapshot, _counts(tables.rows), _reports(read_journals(files)), problem, remedy)
    try:
        snapshot = read_snapshot(files.snapshot)
    except (Damaged, FileNotFoundError):
        return Inspection(files.snapshot, {}, (), problem)
    journals = read_journals(files)
    at = _first_bad(journals, snapshot.sequence)
    if at is None:
        return Inspection(files.snapshot, _counts(snapshot.rows), _reports(journals), problem)
    path, bad = journals[at]
    gone = list(bad.beyond if _is_usable(bad) else (*bad.entries, *bad.beyond))
    gone += [entry for _path, later in journals[at + 1 :] for entry in (*later.entries, *later.beyond)]
    cut = f"cut {path} off at byte {bad.end}" if _is_usable(bad) else f"put {path} away"
    remedy = f"{cut}, and the journals after it" if journals[at + 1 :] else cut
    lines = (0 if bad.flaw is None else 1) + len(gone)
    return Inspection(
        files.snapshot,
        _counts(snapshot.rows),
        _reports(journals),
        problem,
        remedy,
        tuple(entry.about() for entry in gone),
        lines,
    )


def _first_bad(journals: list[tuple[Path, Contents]], sequence: int) -> int | None:
    """Which journal has a flaw or does not go on from what comes before it."""
    for at, (_path, contents) in enumerate(journals):
        if contents.flaw is not None or contents.header is None or contents.header.after > sequence:
            return at
        sequence = max(sequence, contents.header.after + len(contents.entries))
    return None


def _cut(files: Files) -> tuple[str, ...]:
    journals = read_journals(files)
    at = _first_bad(journals, read_snapshot(files.snapshot).sequence)
    if at is None:
        raise StoreFailed("the journals fit the snapshot, but can't be applied to it: put back the last backup")
    done = []
    for path, contents in journals[at:]:
        kept = _keep(path)
        done.append(f"kept {path.name} as {kept.name}")
        if path == journals[at][0] and _is_usable(contents):
            good = path.read_bytes()[: contents.end]
            with replacing(path, path.with_name(path.name + ".unfinished")) as file:
                file.write(good)
            done.append(f"cut {path.name} off at byte {contents.end}")
        else:
            path.unlink()
    sync_folder(files.snapshot.parent)
    return tuple(done)


def _accept(files: Files) -> tuple[str, ...]:
    kept = _keep(files.snapshot)
    snapshot = opened(files.snapshot, files.snapshot.read_bytes())
    write_snapshot(files.snapshot, files.unfinished, _filled(snapshot).rows, snapshot.sequence)
    return (f"kept {files.snapshot.name} as {kept.name}", f"accepted {files.snapshot.name} as it was")


def _filled(snapshot: Snapshot) -> Tables:
    """The tables of a snapshot. ValueError where a document is not what its table is for."""
    tables = Tables()
    tables.fill(snapshot.rows, snapshot.sequence)
    for table, documents in tables.rows.items():
        for document in documents.values():
            check(table, document)
    return tables


def _is_usable(bad: Contents) -> bool:
    """Whether the beginning of a journal that is wrong somewhere goes on from what comes before it."""
    return bad.flaw is not None and bad.header is not None


def _is_edited(files: Files) -> bool:
    return files.snapshot.exists() and is_edited(files.snapshot.read_bytes())


def _keep(path: Path) -> Path:
    """A copy beside a file, under a name that is free."""
    number = 1
    while (kept := path.with_name(f"{path.name}.kept-{number}")).exists():
        number += 1
    shutil.copy2(path, kept)
    return kept


def _reports(journals: list[tuple[Path, Contents]]) -> tuple[JournalReport, ...]:
    return tuple(JournalReport(path, len(c.entries), c.torn, c.flaw) for path, c in journals)


def _counts(rows: Mapping[str, Mapping[int, object]]) -> dict[str, int]:
    return {table: len(documents) for table, documents in rows.items()}
