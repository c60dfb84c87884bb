"""That no file of a store says anything about somebody who was erased, whatever happens meanwhile."""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
import signal
import subprocess
import sys
from itertools import count
from pathlib import Path

import msgspec
import pytest
from structlog.testing import capture_logs

from bot.change import Change, Write, created
from bot.errors import Conflict
from bot.model import Delivery, DeliveryState, Handle, Influencer, Nudge, Occasion, Promise, Standing, Touchpoint
from storage.disk import DiskFile, Files
from storage.opening import open_tiny
from storage.tiny import TinyStore
from tests.contract.records import (
    TEAM,
    change,
    delivery,
    draft,
    influencer,
    nudge,
    occasion,
    promise,
    standing,
    touchpoint,
)

ROOT = Path(__file__).parents[2]

SECRETS = (b"Xanthippe", b"xan.cooks", b"Quetzalcoatl", b"zeppelin", b"Ytterbium", b"Wolpertinger", b"xan@", b"inf_1")
"""What nothing but what is kept about inf_1 holds: name, handle, notes, promise, drafts, occasion, e-mail, the id."""

XAN = influencer(
    "inf_1", name="Xanthippe", handles=(Handle("instagram", "xan.cooks"),), email="xan@example.org", goal="Quetzalcoatl"
)


def says(path: Path) -> dict[str, list[bytes]]:
    """The secrets that each file beside a store still holds."""
    found = {file.name: [word for word in SECRETS if word in file.read_bytes()] for file in path.parent.iterdir()}
    return {name: words for name, words in found.items() if words}


async def lived(store: TinyStore) -> None:
    """A few days in the life of inf_1: logged, promised, edited, taken back, folded, in drafts and shared changes."""
    about = (
        touchpoint("tch_1", note="Quetzalcoatl"),
        promise("prm_1", what="a zeppelin"),
        occasion("occ_1", label="Wolpertinger"),
        nudge("nudge:inf_1:quiet:2026-03-02"),
    )
    first = await store.commit(change("chg_1", *created(XAN, standing("inf_1"), influencer("inf_2"), *about)))
    person, other, touch = (first.writes[n].after for n in (0, 2, 3))
    assert isinstance(person, Influencer)
    assert isinstance(other, Influencer)
    assert isinstance(touch, Touchpoint)
    await store.commit(change("chg_2", *created(draft("drf_1", values=(("note", "Ytterbium for Xanthippe"),)))))
    await store.compact()
    renamed = msgspec.structs.replace(person, aliases=("Wolpertinger",))
    tagged = msgspec.structs.replace(other, tags=("food",))
    await store.commit(change("chg_3", Write(person, renamed), Write(other, tagged)))
    edited = await store.commit(change("chg_4", Write(touch, msgspec.structs.replace(touch, note="zeppelin"))))
    back = Write(edited.writes[0].after, msgspec.structs.replace(touch, note="Quetzalcoatl"))
    await store.commit(change("chg_5", back, undoes="chg_4"))
    await store.commit(change("chg_6", *created(touchpoint("tch_2", note="Ytterbium"))))
    await store.commit(change("chg_7", Write(await store.get(Touchpoint, TEAM, "tch_2"), None), undoes="chg_6"))
    given = (("who", "inf_1"), ("note", "Wolpertinger"))
    await store.commit(change("chg_8", *created(draft("drf_2", given=given), draft("drf_3"))))
    told = await store.commit(change("chg_told", *created(delivery(nudges=("nudge:inf_1:quiet:2026-03-02",)))))
    message = told.writes[0].after
    assert isinstance(message, Delivery)
    await store.commit(change("chg_lost", Write(message, msgspec.structs.replace(message, state=DeliveryState.FAILED))))


async def erase(store: TinyStore) -> Change:
    """Forgets inf_1 and all that is about them."""
    kinds = (Influencer, Standing, Touchpoint, Promise, Occasion, Nudge)
    kept = [one for kind in kinds for one in await store.everything(kind, TEAM)]
    mine = (Write(one, None) for one in kept if one.id == "inf_1" or getattr(one, "influencer", None) == "inf_1")
    return await store.commit(change("chg_erase", *mine, verb="forget", erases=("inf_1",), heard="press erase"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the store of this test is."""
    return tmp_path / "data" / "rapport.json"


async def test_no_file_says_anything_when_it_returns(path: Path) -> None:
    """Every word was in the files before; when the commit is done none is, open or closed, and the rest is there."""
    store = open_tiny(path)
    await lived(store)
    assert set(SECRETS) == {word for words in says(path).values() for word in words}
    await erase(store)
    assert {} == says(path)
    assert ["inf_2"] == [one.id for one in await store.everything(Influencer, TEAM)]
    shared = await store.change(TEAM, "chg_3")
    assert shared is not None
    assert ("inf_2",) == shared.touched == tuple(write.id for write in shared.writes)
    await store.close()
    assert {} == says(path)


async def test_no_file_says_anything_however_many_commit_and_compact(path: Path) -> None:
    """Others log, edit and compact all the while: what they said about them is struck or refused."""
    store = open_tiny(path, compact_from=1)
    await lived(store)

    async def log(task: int) -> None:
        for n in range(30):
            name = f"{task}_{n}"
            mark = await store.get(Standing, TEAM, "std:inf_1")
            if mark is None:
                await store.commit(change(f"chg_{name}", *created(influencer(f"inf_2{name}"))))
                continue
            counted = Write(mark, msgspec.structs.replace(mark, touchpoints=n))
            noted = touchpoint(f"tch_{name}", note="Quetzalcoatl"), draft(f"drf_{name}", given=(("who", "inf_1"),))
            try:
                await store.commit(change(f"chg_{name}", counted, *created(*noted)))
            except Conflict:
                continue

    async def erase_in_the_end() -> None:
        while True:
            try:
                await erase(store)
            except Conflict:
                continue
            break
        assert {} == says(path)

    async def compact() -> None:
        for _again in range(10):
            await store.compact()

    await asyncio.gather(*map(log, range(4)), compact(), erase_in_the_end())
    assert {} == says(path)
    assert None is await store.get(Standing, TEAM, "std:inf_1")
    assert [] == [one.id for one in await store.everything(Touchpoint, TEAM)]
    await store.close()


async def test_a_disk_without_room_has_it_finished_later(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no snapshot can be written it counts all the same, and pruning finishes it; the log names nobody."""
    store = open_tiny(path)
    await lived(store)
    with monkeypatch.context() as full, capture_logs() as logged:
        full.setattr("storage.disk.os.fsync", no_room)
        await erase(store)
        assert None is await store.get(Influencer, TEAM, "inf_1")
    assert {} != says(path)
    assert ["store.compaction_failed"] == [one["event"] for one in logged]
    assert not any(word.decode() in repr(logged) for word in (*SECRETS, b"inf_1"))
    await store.prune(XAN.added_at)
    assert {} == says(path)
    await store.commit(change("chg_9", *created(influencer("inf_3"))))
    await store.close()


async def test_closing_finishes_it_whatever_the_size(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store too large to be folded at its close is folded then all the same where somebody was erased."""
    monkeypatch.setattr("storage.tiny.CLOSING_LIMIT", 0)
    store = open_tiny(path)
    await lived(store)
    with monkeypatch.context() as full:
        full.setattr("storage.disk.os.fsync", no_room)
        await erase(store)
    assert {} != says(path)
    await store.close()
    assert {} == says(path)


async def test_one_who_stops_waiting_has_it_finished(path: Path) -> None:
    """When the caller is cancelled while it is written, the files are folded as soon as it counts."""
    store = open_tiny(path)
    await lived(store)
    task = asyncio.create_task(erase(store))
    while await store.change(TEAM, "chg_erase") is None:
        await asyncio.sleep(0)
        if store._writing().compactor.owes:
            task.cancel()
    await asyncio.wait({task})
    assert task.cancelled()
    await store.close()
    assert {} == says(path)
    again = open_tiny(path, read_only=True)
    assert None is await again.get(Influencer, TEAM, "inf_1")


async def test_journals_that_came_back_are_folded_at_opening(path: Path) -> None:
    """Journals that a crash left beside the snapshot that holds them go before the store is handed out."""
    store = open_tiny(path)
    await lived(store)
    files = Files(path)
    (generation,) = files.generations()
    held = path.parent.parent / "held"
    os.link(files.journal(generation), held)
    await erase(store)
    await store.commit(change("chg_9", *created(influencer("inf_3"))))
    shutil.copytree(path.parent, path.parent.with_name("left"))
    await store.close()
    left = path.parent.with_name("left") / path.name
    shutil.copy(held, Files(left).journal(generation))
    assert {Files(left).journal(generation).name} == says(left).keys()
    again = open_tiny(left)
    assert {} == says(left)
    assert ["inf_2", "inf_3"] == [one.id for one in await again.everything(Influencer, TEAM)]
    await again.commit(change("chg_10", *created(influencer("inf_4"))))
    await again.close()
    assert 3 == len(await open_tiny(left, read_only=True).everything(Influencer, TEAM))


def test_a_process_killed_at_any_point_leaves_nothing_that_opening_does_not_finish(tmp_path: Path) -> None:
    """Killed at each step from the commit to its end: either nothing was erased, or no file says it once it is open."""
    outcomes: list[str] = []
    for step in count():
        path = tmp_path / str(step) / "rapport.json"
        asyncio.run(prepared(path))
        done = subprocess.run(
            [sys.executable, "-m", "tests.fault.test_tiny_erasing", str(path), str(step)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        outcomes.append(asyncio.run(left_behind(path)))
        if done.returncode != -signal.SIGKILL:
            assert (0, "") == (done.returncode, done.stderr)
            break
    assert "erased, all gone" == outcomes[-1]
    assert {"not erased, all there", "erased, finished at opening", "erased, all gone"} == set(outcomes)


def no_room(_fd: int) -> None:
    """As fsync says that the disk is full."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


async def prepared(path: Path) -> None:
    """Leaves a store with inf_1 in its snapshot and its journal."""
    store = open_tiny(path)
    await lived(store)
    shutil.copytree(path.parent, path.parent.with_name(f"{path.parent.name} kept"))
    await store.close()
    shutil.rmtree(path.parent)
    path.parent.with_name(f"{path.parent.name} kept").rename(path.parent)


async def left_behind(path: Path) -> str:
    """What a killed process left, in words."""
    found = says(path)
    store = open_tiny(path)
    gone = await store.get(Influencer, TEAM, "inf_1") is None
    if not gone:
        whole = set(SECRETS) == {word for words in says(path).values() for word in words}
        outcome = "not erased, all there" if whole else "not erased, half there"
    elif says(path):
        outcome = "erased, still said"
    else:
        outcome = "erased, finished at opening" if found else "erased, all gone"
    await store.close()
    return outcome


class Steps:
    """Counts what is done to files, and kills the process at a step."""

    def __init__(self, last: int) -> None:
        self.left = last
        self.counts = False

    def __call__(self, event: str, _arguments: object = ()) -> None:
        """One thing done to a file."""
        if not self.counts or event not in {"open", "os.rename", "os.remove", "os.truncate", "journal"}:
            return
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self.left -= 1


async def erase_until_killed(path: Path, last: int) -> None:
    """Erases, and is killed before a step or after all of them."""
    steps = Steps(last)

    class Counted(DiskFile):
        def write_at(self, content: bytes, position: int) -> None:
            """Writes, before which the process may be killed."""
            steps("journal")
            super().write_at(content, position)

        def sync(self) -> None:
            """Syncs, before which and after which the process may be killed."""
            steps("journal")
            super().sync()
            steps("journal")

    store = open_tiny(path, open_medium=Counted)
    sys.addaudithook(steps)
    steps.counts = True
    await erase(store)


if __name__ == "__main__":
    asyncio.run(erase_until_killed(Path(sys.argv[1]), int(sys.argv[2])))
