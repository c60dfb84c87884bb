"""FileVault: small secrets, each encrypted in a file of its own, for one process."""

from __future__ import annotations

import asyncio
import os
import stat
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import ParamSpec, TypeVar

import msgspec
import structlog
from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bot.errors import SettingsError, StoreFailed
from storage.disk import sync_folder

P = ParamSpec("P")
T = TypeVar("T")

_FINISHED = ".secret"
_UNFINISHED = ".unfinished"

_log = structlog.get_logger("rapport.vault")


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """What a file holds once it is decrypted. The key is inside, so that no file can stand in for another."""

    key: str
    secret: bytes


class FileVault:
    """Secrets by key in a folder that is its owner's alone; nothing in it can be read without the right key.

    Of a file that can't be decrypted, as after its key was lost, nothing is known and nothing is kept back: it reads as
    if it were not there and makes way for what is put in its place. Every method raises StoreFailed where the disk
    gave up.
    """

    def __init__(self, folder: Path, secret: str) -> None:
        """`secret` is a Fernet key, or several parted by commas: the first encrypts, and each of them decrypts.

        The folder is made at the first write. Raises SettingsError for a secret that is none.
        """
        self._folder = folder
        keys = _keys_in(secret)
        self._newest, self._all = keys[0], MultiFernet(keys)
        # One thread, so that writes happen one after another, to their end even where nobody waits any more, and never
        # take the threads that others need.
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="vault")
        self._is_ready = False

    async def get(self, key: str) -> bytes | None:
        """What was put under a key, or `None`; also for what can't be decrypted any more."""
        return await asyncio.to_thread(self._get, key)

    async def put(self, key: str, secret: bytes) -> None:
        """Keeps a secret; when this returns it is durable, and what was under the key before is gone."""
        await self._in_turn(self._put, key, secret)

    async def add(self, key: str, secret: bytes) -> bool:
        """The same, where there is nothing under the key yet; else it says no. Of two at once one gets a yes."""
        return await self._in_turn(self._add, key, secret)

    async def delete(self, key: str) -> bool:
        """Takes a secret away for good; says whether there was one. Of two at once one gets a yes."""
        return await self._in_turn(self._delete, key)

    async def keys(self, prefix: str) -> tuple[str, ...]:
        """All keys that begin so, in order; costs what there is."""
        return await asyncio.to_thread(self._keys, prefix)

    async def renew(self) -> int:
        """Encrypts anew, by the newest key, what an older one encrypted, and says how many: then that one can go."""
        return await self._in_turn(self._renew)

    async def _in_turn(self, work: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._writer, lambda: work(*args, **named))

    def _path(self, key: str) -> Path:
        return self._folder / (sha256(key.encode()).hexdigest() + _FINISHED)

    def _get(self, key: str) -> bytes | None:
        with self._telling("read"):
            entry = self._entry(self._path(key))
        return None if entry is None else entry.secret

    def _keys(self, prefix: str) -> tuple[str, ...]:
        with self._telling("read"):
            entries = [self._entry(path) for path in self._folder.glob("*" + _FINISHED)]
        return tuple(sorted(entry.key for entry in entries if entry is not None and entry.key.startswith(prefix)))

    def _entry(self, path: Path) -> Entry | None:
        """What a file holds; `None` where there is none, or where nobody can say."""
        try:
            token = path.read_bytes()
        except FileNotFoundError:
            return None
        try:
            entry = msgspec.msgpack.decode(self._all.decrypt(token), type=Entry)
        except (InvalidToken, msgspec.DecodeError):
            _log.warning("vault.unreadable", file=path.name[:8])
            return None
        if self._path(entry.key) != path:
            _log.warning("vault.misplaced", file=path.name[:8])
            return None
        return entry

    def _put(self, key: str, secret: bytes) -> None:
        with self._telling("written"):
            self._prepare()
            self._write(Entry(key, secret))

    def _add(self, key: str, secret: bytes) -> bool:
        path = self._path(key)
        with self._telling("written"):
            self._prepare()
            if self._entry(path) is not None:
                return False
            path.unlink(missing_ok=True)
            try:
                self._write(Entry(key, secret), os.link)  # which refuses where somebody else was faster
            except FileExistsError:
                return False
        return True

    def _delete(self, key: str) -> bool:
        path = self._path(key)
        with self._telling("written"):
            was_there = self._entry(path) is not None
            try:
                path.unlink()
            except FileNotFoundError:
                return False
            sync_folder(self._folder)
        return was_there

    def _renew(self) -> int:
        renewed = 0
        with self._telling("written"):
            for path in self._folder.glob("*" + _FINISHED):
                entry = self._entry(path)
                if entry is not None and not self._is_by_the_newest(path):
                    self._write(entry)
                    renewed += 1
        return renewed

    def _is_by_the_newest(self, path: Path) -> bool:
        try:
            self._newest.decrypt(path.read_bytes())
        except InvalidToken:
            return False
        return True

    def _write(self, entry: Entry, put: Callable[[Path, Path], None] = os.replace) -> None:
        """Has a file take its place when it is complete and on the disk; where that fails, nothing has changed."""
        fd, name = tempfile.mkstemp(_UNFINISHED, dir=self._folder)
        unfinished = Path(name)
        try:
            with os.fdopen(fd, "wb") as file:
                file.write(self._newest.encrypt(msgspec.msgpack.encode(entry)))
                file.flush()
                os.fsync(file.fileno())
            put(unfinished, self._path(entry.key))
        finally:
            unfinished.unlink(missing_ok=True)
        sync_folder(self._folder)

    def _prepare(self) -> None:
        """Makes the folder, keeps others out of it, and takes away what a crash left unfinished."""
        if self._is_ready:
            return
        if not self._folder.is_dir():
            self._folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._folder.mkdir(mode=0o700)
            sync_folder(self._folder.parent)
        if self._folder.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            self._folder.chmod(0o700)
        for left in self._folder.glob("*" + _UNFINISHED):
            left.unlink(missing_ok=True)
        self._is_ready = True

    @contextmanager
    def _telling(self, deed: str) -> Iterator[None]:
        """Says in a sentence what the disk refused."""
        try:
            yield
        except OSError as problem:
            raise StoreFailed(
                f"The secrets in {self._folder} can’t be {deed}: {problem.strerror or type(problem).__name__}. "
                "`python -m bot doctor` says more."
            ) from problem


def _keys_in(secret: str) -> list[Fernet]:
    """The keys that a setting holds, newest first."""
    try:
        keys = [Fernet(part.strip()) for part in secret.split(",")]
    except ValueError:
        raise SettingsError("RAPPORT_SECRET_KEY holds something that is no Fernet key") from None
    return keys
