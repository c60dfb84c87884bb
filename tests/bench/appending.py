"""The least that makes something durable: a line appended and fdatasynced, shared by all who wait for it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

_write_through = getattr(os, "fdatasync", os.fsync)


class Appending:
    """Lines appended and fdatasynced in a thread of their own; all who wait meanwhile share the next one."""

    def __init__(self, file: int, line: bytes, thread: ThreadPoolExecutor) -> None:
        self._file, self._line, self._thread = file, line, thread
        self._waiting: list[asyncio.Future[None]] = []
        self._at_work: asyncio.Task[None] | None = None
        self.writes = 0

    async def append(self) -> None:
        """One line, on the disk when this returns."""
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(mine)
        if self._at_work is None:
            self._at_work = asyncio.create_task(self._work())
        await mine

    async def _work(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            self.writes += 1
            await asyncio.get_running_loop().run_in_executor(self._thread, self._write, len(batch))
            for waiter in batch:
                waiter.set_result(None)
        self._at_work = None

    def _write(self, lines: int) -> None:
        os.write(self._file, self._line * lines)
        _write_through(self._file)


@contextmanager
def appending(folder: Path, length: int) -> Iterator[Appending]:
    """A file to append lines of a length to."""
    file = os.open(folder / "shared", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        with ThreadPoolExecutor(1) as thread:
            yield Appending(file, b"x" * (length - 1) + b"\n", thread)
    finally:
        os.close(file)
