from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from bot.change import Change, created
from bot.errors import Conflict
from bot.model import Occasion
from storage.disk import DiskFile
from storage.opening import open_tiny
from tests.contract.records import TEAM, change, occasion


class Gate:
    """A disk whose syncs wait until they are let through, and are counted."""

    def __init__(self) -> None:
        self.is_open = threading.Event()
        self.is_open.set()
        self.waiting = threading.Event()
        self.syncs = 0
        self.writes = 0

    def open(self, path: Path) -> GatedFile:
        """Opens a file on this disk."""
        return GatedFile(path, self)


class GatedFile(DiskFile):
    def __init__(self, path: Path, gate: Gate) -> None:
        super().__init__(path)
        self._gate = gate

    def write_at(self, content: bytes, position: int) -> None:
        """Writes and counts."""
        super().write_at(content, position)
        self._gate.writes += 1

    def sync(self) -> None:
        """Waits for the gate, then syncs."""
        self._gate.waiting.set()
        assert self._gate.is_open.wait(30)
        super().sync()
        self._gate.syncs += 1


async def test_nothing_is_answered_or_seen_before_it_is_durable(tmp_path: Path) -> None:
    """While the disk syncs a commit is neither answered nor visible, and the loop is free."""
    gate = Gate()
    store = open_tiny(tmp_path / "rapport.json", open_medium=gate.open)
    gate.is_open.clear()
    gate.waiting.clear()
    commit = asyncio.create_task(store.commit(change("chg_1", *created(occasion()))))
    await asyncio.to_thread(gate.waiting.wait, 30)
    assert not commit.done()
    assert None is await store.get(Occasion, TEAM, "occ_1")
    assert None is await store.change(TEAM, "chg_1")
    assert set() == store.db.tables()
    gate.is_open.set()
    await commit
    assert None is not await store.get(Occasion, TEAM, "occ_1")
    await store.close()


async def test_who_waits_at_the_same_time_shares_one_sync(tmp_path: Path) -> None:
    """Commits that come while the disk is busy go out together: one write, one sync."""
    gate = Gate()
    store = open_tiny(tmp_path / "rapport.json", open_medium=gate.open)
    gate.is_open.clear()
    gate.waiting.clear()
    before = gate.syncs, gate.writes
    commits = [asyncio.create_task(store.commit(change("chg_0", *created(occasion("occ_0")))))]
    await asyncio.to_thread(gate.waiting.wait, 30)
    commits += [
        asyncio.create_task(store.commit(change(f"chg_{n}", *created(occasion(f"occ_{n}"))))) for n in range(1, 20)
    ]
    await asyncio.sleep(0)
    gate.is_open.set()
    await asyncio.gather(*commits)
    assert (before[0] + 2, before[1] + 2) == (gate.syncs, gate.writes)
    await store.close()


async def test_of_two_on_one_version_in_one_sync_one_is_refused(tmp_path: Path) -> None:
    """Preconditions look at what is queued; the loser hears of it when what beat it can be read."""
    gate = Gate()
    store = open_tiny(tmp_path / "rapport.json", open_medium=gate.open)
    gate.is_open.clear()
    gate.waiting.clear()
    first = asyncio.create_task(store.commit(change("chg_0", *created(occasion("occ_0")))))
    await asyncio.to_thread(gate.waiting.wait, 30)
    two = [asyncio.create_task(store.commit(change(f"chg_{n}", *created(occasion())))) for n in (1, 2)]
    await asyncio.sleep(0)
    assert not two[1].done()
    gate.is_open.set()
    outcomes = await asyncio.gather(first, *two, return_exceptions=True)
    assert [Change, Change, Conflict] == [type(outcome) for outcome in outcomes]
    await store.close()


async def test_who_stops_waiting_leaves_the_commit_to_the_disk(tmp_path: Path) -> None:
    """A cancelled caller takes nothing back: what was handed over becomes durable, and is seen then."""
    gate = Gate()
    store = open_tiny(tmp_path / "rapport.json", open_medium=gate.open)
    gate.is_open.clear()
    gate.waiting.clear()
    commit = asyncio.create_task(store.commit(change("chg_1", *created(occasion()))))
    await asyncio.to_thread(gate.waiting.wait, 30)
    commit.cancel()
    with pytest.raises(asyncio.CancelledError):
        await commit
    assert None is await store.get(Occasion, TEAM, "occ_1")
    gate.is_open.set()
    await store.commit(change("chg_2", *created(occasion("occ_2"))))
    assert None is not await store.get(Occasion, TEAM, "occ_1")
    await store.close()
