"""Opening a store in a file: its lock, its content, its journal."""

from __future__ import annotations

import gc
from pathlib import Path

import structlog

from bot.errors import StoreFailed
from storage.compaction import LEAST, Compactor, fold
from storage.disk import DiskFile, Files, Lock, OpenMedium
from storage.ledger import Ledger
from storage.recovery import Recovered, recover, recover_beside
from storage.tiny import Pen, TinyStore

_log = structlog.get_logger("rapport.store")

_MANY = 50_000
"""Documents from which on the garbage collector is told to leave them alone."""


def open_tiny(
    path: Path, *, read_only: bool = False, compact_from: int = LEAST, open_medium: OpenMedium = DiskFile
) -> TinyStore:
    """Opens the store in a file, or starts one there.

    Raises InUse where another process has it open for writing, and Damaged where its files are not what was written:
    nothing is changed then. Reading only takes no lock and shows the store as it was at this moment. `compact_from` is
    the size of the journal, in bytes, from which on it is folded into the snapshot by itself.
    """
    files = Files(path)
    lock = None
    try:
        if read_only:
            return TinyStore(_at_rest(recover_beside(files)), None)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = Lock(files)
        recovered = _folded(files, _at_rest(recover(files)))
        return TinyStore(recovered, _pen(files, recovered, lock, compact_from, open_medium))
    except BaseException as problem:
        if lock is not None:
            lock.release()
        if isinstance(problem, OSError):
            raise StoreFailed(f"{problem.filename or path} can't be opened: {problem.strerror}") from problem
        raise


def _pen(files: Files, recovered: Recovered, lock: Lock, compact_from: int, open_medium: OpenMedium) -> Pen:
    ledger = Ledger(
        recovered.tables,
        files,
        generation=recovered.generation,
        sequence=recovered.sequence,
        end=recovered.end,
        open_medium=open_medium,
    )
    ledger.size = recovered.journal_size
    owed = recovered.sequence if recovered.owes else 0
    compactor = Compactor(ledger, files, snapshot_size=recovered.snapshot_size, least=compact_from, owed=owed)
    ledger.listen(compactor.start_if_due)
    return Pen(ledger, compactor, lock)


def _folded(files: Files, recovered: Recovered) -> Recovered:
    """Finishes what a process that died left of an erasure, before anybody is handed the store.

    Where the disk has no room, the store opens all the same, and its next compaction does it.
    """
    if not recovered.owes:
        return recovered
    try:
        size = fold(files, recovered.tables.rows, recovered.sequence)
    except OSError as problem:
        _log.warning("store.fold_owed", why=problem.strerror)
        return recovered
    generation = recovered.generation + 1
    return Recovered(recovered.tables, recovered.sequence, generation, None, size, journal_size=0)


def _at_rest(recovered: Recovered) -> Recovered:
    """Has the garbage collector leave a large store's objects alone: they stay, and walking them takes long."""
    if recovered.tables.count() > _MANY:
        gc.freeze()
    return recovered
