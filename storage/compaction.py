"""Compaction: the journal folded into a new snapshot, beside the commits that go on meanwhile."""

from __future__ import annotations

import asyncio

import structlog

from bot.errors import StoreFailed
from storage.disk import Files, sync_folder
from storage.ledger import Ledger
from storage.snapshot import write_snapshot
from storage.tables import Rows

LEAST = 8 * 1024 * 1024
"""Bytes of journal below which compaction does not start by itself: they are read back in a tenth of a second."""

_log = structlog.get_logger("rapport.store")


class Compactor:
    """Writes snapshots, one at a time.

    By itself it starts when the journal is larger than the snapshot and `least`, and when somebody was erased.
    """

    def __init__(self, ledger: Ledger, files: Files, *, snapshot_size: int, least: int, owed: int = 0) -> None:
        """`snapshot_size` is that of the snapshot that is there, `least` as LEAST; both in bytes.

        `owed` is a commit that erased and was not folded when the store was opened, 0 for none.
        """
        self._ledger = ledger
        self._files = files
        self._snapshot_size = snapshot_size
        self._least = least
        self._owed = owed
        self._put_off = bool(owed)
        self._running: asyncio.Task[None] | None = None

    @property
    def owes(self) -> bool:
        """Whether the files still say what was erased."""
        return self._owed > 0

    def owe(self, sequence: int) -> None:
        """Notes the number of a commit that erases: as soon as it is applied, the journals are folded."""
        self._owed, self._put_off = sequence, False

    async def settle(self) -> None:
        """Returns when the files say nothing any more that was erased, or when the disk refuses, which is logged."""
        while self.owes and not self._put_off:
            self.start_if_due()
            if self._running is None or self._running.done():
                return  # nothing can be written any more; opening the store anew folds
            await asyncio.wait({self._running})

    def start_if_due(self) -> None:
        """Starts a compaction when there is a reason to and none is running."""
        is_idle = self._running is None or self._running.done()
        if not is_idle or self._ledger.failure is not None or not self._is_due():
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return  # used without a loop: closing compacts
        self._running = loop.create_task(self._compact_quietly())

    async def compact(self) -> None:
        """Compacts now, after one that is already running. Raises StoreFailed; the old files then still count."""
        while self._running is not None and not self._running.done():
            await asyncio.wait({self._running})
        self._running = asyncio.get_running_loop().create_task(self._compact())
        await asyncio.shield(self._running)

    async def finish(self) -> None:
        """Waits for a compaction that is running, whatever becomes of it."""
        if self._running is not None and not self._running.done():
            await asyncio.wait({self._running})

    def compact_at_close(self, limit: int) -> None:
        """Writes the last snapshot, if there is news and no more than `limit` bytes in all. Blocks. Raises OSError.

        What somebody erased is news of any size.

        For when the journal is closed and everything in it is applied.
        """
        ledger = self._ledger
        is_small = 0 < ledger.size <= limit - self._snapshot_size
        if is_small or self.owes:
            fold(self._files, ledger.tables.rows, ledger.applied)

    def _is_due(self) -> bool:
        ledger = self._ledger
        erased = self.owes and not self._put_off and self._owed <= ledger.applied
        return erased or ledger.size > max(self._least, self._snapshot_size)

    async def _compact_quietly(self) -> None:
        try:
            await self._compact()
        except StoreFailed as problem:
            _log.warning("store.compaction_failed", why=str(problem))

    async def _compact(self) -> None:
        try:
            folded = await self._fold()
        except StoreFailed:
            self._put_off = self.owes
            raise
        if self._owed <= folded:
            self._owed = 0

    async def _fold(self) -> int:
        """Takes away all journals up to now and says up to which commit they went.

        Commits that come meanwhile go to a new journal; the tables are copied when the old ones are applied.
        """
        ledger, files = self._ledger, self._files
        rotation = ledger.rotate()
        await asyncio.to_thread(rotation.done.wait)
        if rotation.failure is not None:
            raise StoreFailed(str(rotation.failure))
        ledger.settle()
        old = tuple(g for g in files.generations() if g < rotation.generation)
        rows, sequence = ledger.tables.copy(), ledger.applied
        try:
            self._snapshot_size = await asyncio.to_thread(
                write_snapshot, files.snapshot, files.unfinished, rows, sequence
            )
            await asyncio.to_thread(_remove, files, old)
        except OSError as problem:
            raise StoreFailed(f"no snapshot could be written ({problem.strerror}); the journal goes on") from problem
        return rotation.after


def fold(files: Files, rows: Rows, sequence: int) -> int:
    """Writes a snapshot and takes all journals away, while nobody writes to them. Its size in bytes; OSError."""
    old = files.generations()
    size = write_snapshot(files.snapshot, files.unfinished, rows, sequence)
    _remove(files, old)
    return size


def _remove(files: Files, generations: tuple[int, ...]) -> None:
    """Takes away journals that a snapshot holds, oldest first, so that what is left always has no gap."""
    for generation in generations:
        files.journal(generation).unlink(missing_ok=True)
    sync_folder(files.snapshot.parent)
