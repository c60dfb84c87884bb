from __future__ import annotations

import asyncio
import errno
import json
import multiprocessing
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.change import Change, created
from bot.errors import StoreFailed
from bot.model import Occasion
from storage.disk import DiskFile, Files
from storage.errors import InUse
from storage.opening import open_tiny
from storage.tiny import TinyStore
from tests.contract.records import TEAM, change, influencer, occasion

ROOT = Path(__file__).parents[2]


class Fault:
    """A disk that takes so many writes and syncs, and then refuses."""

    def __init__(self, *, writes: int = 10**9, syncs: int = 10**9, truncates: bool = True) -> None:
        self.writes = writes
        self.syncs = syncs
        self.truncates = truncates

    def open(self, path: Path) -> FaultyFile:
        """Opens a file on this disk."""
        return FaultyFile(path, self)


class FaultyFile(DiskFile):
    def __init__(self, path: Path, fault: Fault) -> None:
        super().__init__(path)
        self._fault = fault

    def write_at(self, content: bytes, position: int) -> None:
        """Writes, or writes a part and says that the disk is full."""
        self._fault.writes -= 1
        if self._fault.writes < 0:
            super().write_at(content[: len(content.rstrip(b"\0")) * 2 // 3], position)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        super().write_at(content, position)

    def sync(self) -> None:
        """Syncs, or says that it could not."""
        self._fault.syncs -= 1
        if self._fault.syncs < 0:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        super().sync()

    def truncate(self, size: int) -> None:
        """Cuts, unless this disk does not do even that any more."""
        if not self._fault.truncates and min(self._fault.writes, self._fault.syncs) < 0:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        super().truncate(size)


async def commits(store: TinyStore, count: int) -> list[Change | BaseException]:
    """What became of commits that were asked for at the same time, five at once."""
    outcomes: list[Change | BaseException] = []
    for start in range(0, count, 5):
        outcomes += await asyncio.gather(
            *(store.commit(change(f"chg_{n}", *created(occasion(f"occ_{n:03d}")))) for n in range(start, start + 5)),
            return_exceptions=True,
        )
    return outcomes


@pytest.mark.parametrize("truncates", [True, False])
@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (lambda truncates: Fault(writes=4, truncates=truncates), "No space left"),
        (lambda truncates: Fault(syncs=4, truncates=truncates), "Input/output error"),
    ],
)
async def test_a_disk_that_refuses_stops_the_store(
    tmp_path: Path, fault: Callable[[bool], Fault], reason: str, truncates: bool
) -> None:
    """After a failed write or sync nothing is accepted, reads go on, and a restart finds all that was promised."""
    path = tmp_path / "rapport.json"
    store = open_tiny(path, open_medium=fault(truncates).open)
    outcomes = await commits(store, 30)
    promised = {outcome.touched[0] for outcome in outcomes if isinstance(outcome, Change)}
    assert 0 < len(promised) < 30
    refused = [outcome for outcome in outcomes if not isinstance(outcome, Change)]
    assert {StoreFailed} == {type(outcome) for outcome in refused}
    assert all(reason in str(outcome) and "start Rapport again" in str(outcome) for outcome in refused)
    assert promised == {one.id for one in await store.everything(Occasion, TEAM)}
    with pytest.raises(StoreFailed, match=reason):
        store.db.table("notes").insert({"text": "a"})
    with pytest.raises(StoreFailed, match=reason):
        await store.compact()
    await store.close()
    again = open_tiny(path)
    found = {one.id for one in await again.everything(Occasion, TEAM)}
    assert promised <= found
    if truncates:
        assert promised == found
    await again.commit(change("chg_after", *created(influencer())))
    await again.close()


async def test_a_disk_too_full_for_a_snapshot_goes_on_with_the_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A compaction that fails takes nothing away, and commits go on."""
    path = tmp_path / "rapport.json"
    store = open_tiny(path)
    await store.commit(change("chg_1", *created(occasion("occ_1"))))
    with monkeypatch.context() as full:

        def refuse(_fd: int) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        full.setattr("storage.disk.os.fsync", refuse)
        with pytest.raises(StoreFailed, match="No space left"):
            await store.compact()
        await store.commit(change("chg_2", *created(occasion("occ_2"))))
    assert not Files(path).unfinished.exists()
    beside = open_tiny(path, read_only=True)
    assert 2 == len(await beside.everything(Occasion, TEAM))
    await store.compact()
    await store.commit(change("chg_3", *created(occasion("occ_3"))))
    await store.close()
    again = open_tiny(path)
    assert 3 == len(await again.everything(Occasion, TEAM))
    await again.close()


def test_a_real_limit_on_the_files_loses_nothing(tmp_path: Path) -> None:
    """A process that may write no more than 400 kB to a file fails with a sentence, and all it promised is there."""
    path = tmp_path / "rapport.json"
    done = subprocess.run(
        [sys.executable, "-m", "tests.fault.test_tiny_disk", str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (0, "") == (done.returncode, done.stderr)
    said = json.loads(done.stdout)
    assert "File too large" in said["failure"]
    assert said["promised"] > 50

    async def look() -> int:
        store = open_tiny(path)
        found = len(await store.everything(Occasion, TEAM))
        await store.close()
        return found

    assert said["promised"] == asyncio.run(look())


async def write_to_the_limit(path: Path) -> dict[str, object]:
    """Commits until the disk refuses, as the process of the test above."""
    store = open_tiny(path)
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
    promised = 0
    try:
        while True:
            await store.commit(change(f"chg_{promised}", *created(occasion(f"occ_{promised}", label="x" * 1500))))
            promised += 1
    except StoreFailed as problem:
        await store.close()
        return {"promised": promised, "failure": str(problem)}


async def test_a_second_process_is_told_which_one_has_the_file(tmp_path: Path) -> None:
    """The second one to open a file for writing gets the sentence, and may still read it."""
    path = tmp_path / "rapport.json"
    store = open_tiny(path)
    await store.commit(change("chg_1", *created(occasion())))
    sentence = f"already open in process {os.getpid()}: one process per TinyDB file; for several use PostgreSQL"
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert (sentence, 1) == pool.apply(try_to_open, (path,))
    with pytest.raises(InUse):
        open_tiny(path)
    await store.close()
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert (None, 1) == pool.apply(try_to_open, (path,))


def try_to_open(path: Path) -> tuple[str | None, int]:
    """In another process: what it is told, and how many occasions it reads without a lock."""
    asyncio.set_event_loop(asyncio.new_event_loop())

    async def count(store: TinyStore) -> int:
        found = len(await store.everything(Occasion, TEAM))
        await store.close()
        return found

    told = None
    try:
        asyncio.run(count(open_tiny(path)))
    except InUse as problem:
        told = str(problem)
    return told, asyncio.run(count(open_tiny(path, read_only=True)))


async def test_compactions_and_commits_hinder_one_another_in_nothing(tmp_path: Path) -> None:
    """Many tasks commit, compact, back up and read beside one another; it ends, and every reader saw a whole state."""
    path = tmp_path / "rapport.json"
    store = open_tiny(path, compact_from=1)
    seen: list[int] = []

    async def write(task: int) -> None:
        for n in range(60):
            name = f"{task:02d}_{n:02d}"
            await store.commit(change(f"chg_{name}", *created(occasion(f"occ_{name}"), influencer(f"inf_{name}"))))

    async def compact() -> None:
        for _again in range(15):
            await store.compact()

    async def read() -> None:
        for n in range(15):
            beside = await asyncio.to_thread(open_tiny, path, read_only=True)
            occasions = len(await beside.everything(Occasion, TEAM))
            assert occasions == len(await beside.roster(TEAM))
            seen.append(occasions)
            await store.backup(tmp_path / f"backup-{n}.json")

    async with asyncio.timeout(60):
        await asyncio.gather(*(write(task) for task in range(16)), compact(), compact(), read())
    assert sorted(seen) == seen
    assert 960 == len(await store.everything(Occasion, TEAM))
    await store.close()
    again = open_tiny(path)
    assert 960 == len(await again.everything(Occasion, TEAM))
    await again.close()


async def test_two_compactions_at_once_are_one_after_the_other(tmp_path: Path) -> None:
    """However many ask for it, snapshots are written one at a time, and each takes its journals away."""
    path = tmp_path / "rapport.json"
    store = open_tiny(path)
    await store.commit(change("chg_1", *created(occasion())))
    await asyncio.gather(*(store.compact() for _each in range(5)))
    assert 1 == len(Files(path).generations())
    await store.close()


if __name__ == "__main__":
    print(json.dumps(asyncio.run(write_to_the_limit(Path(sys.argv[1])))))
