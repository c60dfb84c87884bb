"""Starts writers, kills them at random moments, and looks at what they left. Run by test_tiny_kill, in its own process.

A process of its own with a single thread, so that a writer is a fork of it, started in a millisecond.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import select
import signal
import sys
import time
from collections import Counter
from pathlib import Path

import msgspec

from bot.change import Write, created
from bot.model import Standing, Touchpoint
from storage.errors import Damaged
from storage.opening import open_tiny
from storage.tiny import TinyStore
from tests.contract.records import TEAM, change, occasion, standing, touchpoint

TASKS = 4
ROUND = 20
"""Kills after which a new file is begun, so that opening stays quick."""


def record_number(task: int, n: int) -> str:
    """How a record of a task's nth commit is called, after its prefix."""
    return f"{task}_{n:06d}"


async def write_for_ever(path: Path, acknowledge: int) -> None:
    """Commits from several tasks under constant compaction; says every commit on a pipe once it is promised."""
    store = open_tiny(path, compact_from=1)

    async def task(number: int) -> None:
        counter = await store.get(Standing, TEAM, f"std:inf_{number}")
        if counter is None:
            fresh = await store.commit(change(f"chg_std_{number}", *created(standing(f"inf_{number}"))))
            counter = fresh.writes[0].after  # type: ignore[assignment]  # the Standing that was just made
        assert counter is not None
        while True:
            n = counter.touchpoints + 1
            name = record_number(number, n)
            raised = msgspec.structs.replace(counter, touchpoints=n)
            point = touchpoint(f"tch_{name}", influencer=f"inf_{number}", note="x" * (n * 37 % 900))
            writes = (Write(counter, raised), *created(point, occasion(f"occ_{name}", influencer=f"inf_{number}")))
            done = await store.commit(change(f"chg_{name}", *writes, heard=f"press {name}"))
            os.write(acknowledge, f"{number} {n}\n".encode())
            (counter, *_others) = [write.after for write in done.writes]  # type: ignore[assignment]  # as above
            assert isinstance(counter, Standing)

    async def compact() -> None:
        while True:
            await store.compact()

    await asyncio.gather(compact(), compact(), *(task(number) for number in range(TASKS)))


def run_and_kill(path: Path, after: float) -> tuple[dict[int, int], bool]:
    """The last commit each task of a writer was promised before it was killed, and whether the kill hit it alive."""
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reads)
        try:
            asyncio.run(write_for_ever(path, writes))
        finally:
            os._exit(1)
    os.close(writes)
    heard = bytearray()
    end = time.monotonic() + after
    while (left := end - time.monotonic()) > 0:
        if select.select([reads], [], [], left)[0] and not _drain(reads, heard):
            break
    os.kill(child, signal.SIGKILL)
    _pid, status = os.waitpid(child, 0)
    while _drain(reads, heard):
        pass
    os.close(reads)
    promised: dict[int, int] = {}
    for said in heard.decode().splitlines():
        task, n = map(int, said.split())
        promised[task] = max(promised.get(task, 0), n)
    return promised, os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def _drain(reads: int, heard: bytearray) -> bool:
    said = os.read(reads, 1 << 16)
    heard.extend(said)
    return bool(said)


async def look(path: Path, promised: dict[int, int]) -> list[str]:
    """What is wrong with what a killed writer left: promised commits that are missing, commits that are half there."""
    store = open_tiny(path, read_only=True)
    wrong = []
    for task in range(TASKS):
        wrong += await _look_at_task(store, task, promised.get(task, 0))
    revisions = Counter(one.id for one in await store.changes(TEAM, limit=10**9))
    if revisions and max(revisions.values()) > 1:
        wrong.append("a Change is there twice")
    return wrong


async def _look_at_task(store: TinyStore, task: int, promised: int) -> list[str]:
    counter = await store.get(Standing, TEAM, f"std:inf_{task}")
    there = 0 if counter is None else counter.touchpoints
    wrong = []
    if not promised <= there:
        wrong.append(f"task {task}: promised {promised}, there are {there}")
    names = [record_number(task, n) for n in range(1, there + 1)]
    points = await store.touchpoints(TEAM, f"inf_{task}")
    if sorted(point.id for point in points) != [f"tch_{name}" for name in names]:
        wrong.append(f"task {task}: {there} counted, {len(points)} touchpoints found")
    if [one.id for one in await store.occasions(TEAM, f"inf_{task}")] != [f"occ_{name}" for name in names]:
        wrong.append(f"task {task}: {there} counted, other occasions found")
    if len(await store.get_all(Touchpoint, TEAM, [f"tch_{name}" for name in names])) != there:
        wrong.append(f"task {task}: a touchpoint is not found by its id")
    for name in names:
        heard = await store.change_heard(TEAM, f"press {name}")
        if heard is None or heard.id != f"chg_{name}" or len(heard.writes) != 3:
            wrong.append(f"task {task}: the audit of {name} is wrong")
    return wrong


def main(folder: Path, kills: int, seed: int) -> dict[str, object]:
    """Kills as many writers as asked for and says what came of it."""
    chance = random.Random(seed)
    total: Counter[str] = Counter()
    wrong: list[str] = []
    promised: dict[int, int] = {}
    path = folder / "none"
    for number in range(kills):
        if number % ROUND == 0:
            path, promised = folder / str(number) / "rapport.json", {}
        before = sum(promised.values())
        last, killed = run_and_kill(path, chance.uniform(0.01, 0.18))
        promised = {task: max(promised.get(task, 0), last.get(task, 0)) for task in range(TASKS)}
        total["killed"] += killed
        total["killed while writing"] += killed and bool(last)
        total["promised"] += max(0, sum(promised.values()) - before)
        total["compactions seen"] += len(list(path.parent.glob("*.unfinished")))
        if path.exists():
            try:
                wrong += [f"kill {number}: {what}" for what in asyncio.run(look(path, promised))]
            except Damaged as problem:
                wrong.append(f"kill {number}: {problem}")
        elif sum(promised.values()):
            wrong.append(f"kill {number}: the file is gone")
    return {**total, "wrong": wrong}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
