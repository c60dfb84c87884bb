from __future__ import annotations

import asyncio
import tempfile
from datetime import timedelta
from pathlib import Path

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.change import Change, Write
from bot.errors import AlreadyDone, Conflict
from bot.model import Handle, Influencer, Kept, Record
from storage.indexes import Group
from storage.opening import open_tiny
from storage.ordered import Entry
from storage.tables import Tables
from storage.tiny import TinyStore
from tests.contract.records import (
    NOW,
    TEAM,
    change,
    delivery,
    draft,
    influencer,
    nudge,
    occasion,
    promise,
    schedule,
    standing,
    touchpoint,
)

MAKERS = (influencer, touchpoint, promise, occasion, standing, nudge, delivery, draft, schedule)

ERASED = ("0a", "inf_0")

Step = tuple[int, str, int, bool]
"""Which kind, which id, how it is written, and whether the commit is waited for."""

steps = st.lists(
    st.tuples(st.integers(0, len(MAKERS) - 1), st.sampled_from("ab"), st.integers(0, 6), st.booleans()), max_size=25
)


def indexed(tables: Tables) -> dict[Group, list[Entry]]:
    """Every index entry there is."""
    return {group: list(ordered) for group, ordered in tables.indexes._groups.items()}


def touched(record: Record, n: int) -> Record:
    """A record with other values in what it is found by."""
    moment = NOW + timedelta(days=n)
    fields = {
        "name": f"name {n}",
        "owner": f"mem_{n % 2}",
        "influencer": f"inf_{n % 2}",
        "on": moment.date(),
        "due": moment.date() if n % 2 else None,
        "outcome": Kept.KEPT if n % 3 else None,
        "settled_on": moment.date() if n % 3 else None,
        "month": n + 1,
        "archived": n > 3,
        "attention_at": moment if n % 2 else None,
        "due_at": moment if n % 3 else None,
        "raised_at": moment,
        "updated_at": moment,
        "given": (("who", f"name {n - 1}"),),
        "handles": tuple(Handle("instagram", f"name {m}") for m in range(n % 3)),
    }
    return msgspec.structs.replace(record, **{k: v for k, v in fields.items() if k in record.__struct_fields__})


async def play(store: TinyStore, taken: list[Step]) -> None:
    """Creates, changes, removes and erases, waiting or not; compacts and prunes in between."""
    waiting: list[asyncio.Task[Change]] = []
    for number, (kind, id, n, wait) in enumerate(taken):
        fresh = MAKERS[kind](f"{kind}{id}")
        before = await store.get(type(fresh), TEAM, fresh.id)
        after = None if n == 0 and before is not None else touched(before or fresh, n)
        write = Write(before, after)
        heard, erases = f"press {n}" if n > 3 else None, ERASED if n == 6 else ()
        made = change(f"chg_{number}", write, at=NOW - timedelta(days=n * 3), heard=heard, erases=erases)
        waiting.append(asyncio.create_task(store.commit(made)))
        await asyncio.sleep(0)
        if wait:
            await asyncio.wait(waiting)
        if n == 4:
            await store.compact()
        if n == 5:
            await store.prune(NOW + timedelta(days=1))
    for outcome in await asyncio.gather(*waiting, return_exceptions=True):
        assert isinstance(outcome, Change | Conflict | AlreadyDone), outcome


async def same_after_opening(taken: list[Step]) -> None:
    """Plays, and compares what is in memory with what the files add up to, before and after closing."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rapport.json"
        store = open_tiny(path)
        await play(store, taken)
        live = store._tables
        for _look in range(2):
            found = open_tiny(path, read_only=True)._tables
            assert live.rows == found.rows
            assert indexed(live) == indexed(found)
            had = [handle for one in await store.everything(Influencer, TEAM) for handle in one.handles]
            assert sorted(set(had)) == sorted(had)
            await store.close()


@settings(max_examples=60)
@given(steps)
def test_what_is_in_memory_is_what_is_on_disk(taken: list[Step]) -> None:
    """After any commits, waited for or not, compacted and pruned, tables and indexes read back the same.

    Some of them erase. Nobody has a handle that another one has.
    """
    asyncio.run(same_after_opening(taken))
