"""The disk: where a store's files lie, the lock on them, and writing that survives a crash."""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol

import msgspec

from storage.errors import InUse

_sync = getattr(os, "fdatasync", os.fsync)


class Files(msgspec.Struct, frozen=True):
    """The names of a store's files, all beside its snapshot."""

    snapshot: Path

    @property
    def lock(self) -> Path:
        """Held by the process that may write, with its id inside."""
        return self.snapshot.with_name(self.snapshot.name + ".lock")

    @property
    def unfinished(self) -> Path:
        """A snapshot that is being written; left over only by a crash."""
        return self.snapshot.with_name(self.snapshot.name + ".unfinished")

    def journal(self, generation: int) -> Path:
        """The journal of one generation: each compaction starts the next one."""
        return self.snapshot.with_name(f"{self.snapshot.name}.journal.{generation}")

    def generations(self) -> tuple[int, ...]:
        """The generations whose journals are there, oldest first."""
        name = re.compile(re.escape(self.snapshot.name) + r"\.journal\.(\d+)")
        folder = self.snapshot.parent
        found = (name.fullmatch(path.name) for path in folder.iterdir()) if folder.is_dir() else ()
        return tuple(sorted(int(match[1]) for match in found if match))


class Medium(Protocol):
    """An open file that a journal is written to. Every method may raise OSError."""

    def write_at(self, content: bytes, position: int) -> None:
        """Writes all of the content."""
        ...

    def sync(self) -> None:
        """Returns when everything written is on the disk."""
        ...

    def truncate(self, size: int) -> None:
        """Cuts the file."""
        ...

    def close(self) -> None:
        """Lets go of the file."""
        ...


OpenMedium = Callable[[Path], Medium]


class DiskFile:
    """A file on the disk, created where it is not there, readable by its owner only."""

    def __init__(self, path: Path) -> None:
        """Opens the file for writing."""
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def write_at(self, content: bytes, position: int) -> None:
        """Writes all of the content, in as many calls as it takes."""
        written = os.pwrite(self._fd, content, position)
        while written < len(content):
            written += os.pwrite(self._fd, content[written:], position + written)

    def sync(self) -> None:
        """Returns when everything written is on the disk."""
        _sync(self._fd)

    def truncate(self, size: int) -> None:
        """Cuts the file."""
        os.ftruncate(self._fd, size)

    def close(self) -> None:
        """Lets go of the file."""
        os.close(self._fd)


class Lock:
    """The right to write a store's files, held until it is let go of or the process ends."""

    def __init__(self, files: Files) -> None:
        """Takes the lock, or raises InUse with the process that has it."""
        self._fd = os.open(files.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(self._fd, 32).decode("ascii", "replace").strip() or "unknown"
            os.close(self._fd)
            raise InUse(holder) from None
        os.ftruncate(self._fd, 0)
        os.pwrite(self._fd, f"{os.getpid()}\n".encode(), 0)

    def release(self) -> None:
        """Lets others have it. The file stays: taking it away would let two processes hold two locks of one name."""
        os.close(self._fd)


def sync_folder(folder: Path) -> None:
    """Returns when the names of a folder's files are on the disk."""
    fd = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


@contextmanager
def replacing(target: Path, unfinished: Path) -> Iterator[IO[bytes]]:
    """A file that takes its name when it is complete and on the disk; where that fails, nothing has changed."""
    try:
        fd = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(fd, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(target)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    sync_folder(target.parent)
