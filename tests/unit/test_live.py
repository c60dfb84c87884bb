from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
from tinydb import TinyDB, where
from tinydb.table import Document

from bot.change import Write, created
from bot.errors import Conflict, StoreFailed
from bot.model import Handle, Occasion
from storage.opening import open_tiny
from storage.rows import encode
from storage.tiny import TinyStore
from tests.contract.records import TEAM, change, influencer, occasion


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[TinyStore]:
    """A store with three occasions."""
    store = open_tiny(tmp_path / "rapport.json")
    await store.commit(change("chg_1", *created(*(occasion(f"occ_{n}") for n in range(3)))))
    yield store
    await store.close()


def contents(db: TinyDB, table: str) -> list[object]:
    """Every document of a table."""
    return list(map(dict, db.table(table).all()))


async def test_stock_queries_see_the_live_tables(store: TinyStore) -> None:
    """A query never answers from a cache: what was committed past TinyDB is seen at once."""
    table = store.db.table("occasions")
    assert {"occasions", "changes"} == store.db.tables()
    assert 3 == len(table.search(where("label") == "birthday"))
    await store.commit(change("chg_2", *created(occasion("occ_3"))))
    assert 4 == len(table.search(where("label") == "birthday")) == len(table)
    assert table.contains(where("id") == "occ_3")
    assert [1, 2, 3, 4] == [one.doc_id for one in table]
    one = table.get(doc_id=4)
    assert isinstance(one, Document)
    assert "occ_3" == one["id"]


async def test_stock_verbs_are_durable_when_they_return(store: TinyStore, tmp_path: Path) -> None:
    """What TinyDB's verbs did is what another reader finds, without closing anything."""
    notes = store.db.table("notes")
    assert [1, 2] == notes.insert_multiple([{"text": "a"}, {"text": "b"}])
    assert 7 == notes.insert(Document({"text": "c"}, 7))
    assert [2] == notes.update({"text": "B"}, where("text") == "b")
    assert [1, 7] == notes.update_multiple(
        [({"seen": True}, where("text") == "a"), (lambda one: one.update(seen=False), where("text") == "c")]
    )
    assert [8] == notes.upsert({"text": "d"}, where("text") == "d")
    assert [8] == notes.upsert({"text": "d", "n": 1}, where("text") == "d")
    assert [1] == notes.remove(doc_ids=[1, 99])
    expected = [{"text": "B"}, {"text": "c", "seen": False}, {"text": "d", "n": 1}]
    assert expected == contents(store.db, "notes")
    rows = open_tiny(tmp_path / "rapport.json", read_only=True)._tables.rows["notes"]
    assert expected == [msgspec.json.decode(document) for document in rows.values()]


async def test_tables_can_be_emptied_and_dropped(store: TinyStore) -> None:
    """truncate, drop_table and drop_tables do what they say, and numbers go on."""
    db = store.db
    db.table("notes").insert({"text": "a"})
    db.table("notes").truncate()
    assert 2 == db.table("notes").insert({"text": "b"})
    db.drop_table("notes")
    assert {"occasions", "changes"} == db.tables()
    db.drop_tables()
    assert set() == db.tables()
    assert () == await store.everything(Occasion, TEAM)


async def test_a_record_changed_by_hand_is_indexed_and_moves_on(store: TinyStore) -> None:
    """The port sees what a stock verb changed, and a commit that read it before is refused."""
    (before, *_others) = await store.everything(Occasion, TEAM)
    store.db.table("occasions").update({"influencer": "inf_9"}, where("id") == "occ_0")
    (moved,) = await store.occasions(TEAM, "inf_9")
    assert (before.id, before.version + 1) == (moved.id, moved.version)
    with pytest.raises(Conflict):
        await store.commit(change("chg_2", Write(before, None)))


async def test_what_is_no_record_is_refused(store: TinyStore) -> None:
    """In our tables a document must be a whole record, with an id of its own that it keeps."""
    table = store.db.table("occasions")
    before = contents(store.db, "occasions")
    with pytest.raises(ValueError, match="team"):
        table.insert({"id": "occ_9"})
    with pytest.raises(ValueError, match="month"):
        table.update({"month": "March"}, where("id") == "occ_1")
    with pytest.raises(ValueError, match="there already"):
        table.insert(encode(occasion("occ_1")))
    with pytest.raises(ValueError, match="can't be changed"):
        table.update({"id": "occ_9"}, where("id") == "occ_1")
    with pytest.raises(ValueError, match="not a Mapping"):
        table.insert("occasion")  # type: ignore[arg-type]  # what is tested
    with pytest.raises(ValueError, match="already exists"):
        table.insert(Document(encode(occasion("occ_9")), 1))
    with pytest.raises(RuntimeError, match="truncate"):
        table.remove()
    assert before == contents(store.db, "occasions")


async def test_a_handle_that_is_taken_is_refused(store: TinyStore) -> None:
    """By hand, too, nobody is given a handle that another influencer of the team has."""
    table, handles = store.db.table("influencers"), (Handle("instagram", "zoe"),)
    table.insert(encode(influencer("inf_1", handles=handles)))
    with pytest.raises(ValueError, match="inf_1 has a handle"):
        table.insert(encode(influencer("inf_2", handles=handles)))
    table.update({"name": "Zoe"}, where("id") == "inf_1")
    table.remove(where("id") == "inf_1")
    table.insert(encode(influencer("inf_2", handles=handles)))
    assert ["inf_2"] == [document["id"] for document in table.all()]


async def test_a_verb_waits_for_what_is_on_its_way(store: TinyStore) -> None:
    """A stock verb acts on what the commits before it made, also where they are still being written."""
    commit = asyncio.create_task(store.commit(change("chg_2", *created(occasion("occ_3")))))
    await asyncio.sleep(0)
    assert 4 == len(store.db.table("occasions").update({"label": "launch"}))
    await commit
    assert {"launch"} == {one.label for one in await store.everything(Occasion, TEAM)}


async def test_a_store_that_is_read_has_no_verbs(store: TinyStore, tmp_path: Path) -> None:
    """Beside the process that writes, nothing can be written."""
    beside = open_tiny(tmp_path / "rapport.json", read_only=True)
    with pytest.raises(StoreFailed, match="reading only"):
        _ = beside.db
    with pytest.raises(StoreFailed, match="reading only"):
        await beside.commit(change("chg_2"))
    assert 3 == len(await beside.everything(Occasion, TEAM))
    await beside.close()
