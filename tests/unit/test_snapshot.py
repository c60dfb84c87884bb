from __future__ import annotations

from pathlib import Path

import pytest
from tinydb import TinyDB, where

from bot.change import created
from storage.errors import Damaged
from storage.opening import open_tiny
from storage.repair import inspect, repair
from storage.snapshot import read_snapshot, write_snapshot
from storage.tables import Tables
from tests.contract.records import TEAM, change, influencer, occasion, touchpoint


async def written(path: Path) -> Path:
    """A snapshot with 300 occasions, an influencer named in many scripts, and their Changes."""
    store = open_tiny(path)
    await store.commit(change("chg_1", *created(*(occasion(f"occ_{n:03d}") for n in range(300)))))
    await store.commit(change("chg_2", *created(influencer(name="Zoë “Ж” 🦊"), touchpoint(note="a\nb"))))
    await store.close()
    return path


async def test_stock_tinydb_works_on_a_snapshot(tmp_path: Path) -> None:
    """Stock all, search, get, len and insert work on the file, with our id in the document."""
    path = await written(tmp_path / "rapport.json")
    with TinyDB(path) as db:
        occasions = db.table("occasions")
        assert 300 == len(occasions.all()) == len(occasions)
        assert ["occ_007"] == [one["id"] for one in occasions.search(where("id") == "occ_007")]
        found = db.table("influencers").get(where("name") == "Zoë “Ж” 🦊")
        assert found is not None
        assert "inf_1" == found["id"]
        assert occasions.get(doc_id=3) == occasions.get(where("id") == "occ_002")
        assert 301 == occasions.insert(dict(occasions.get(doc_id=3) or {}) | {"id": "occ_new"})
        assert 1 == db.insert({"kept": "by somebody else"})
        assert 301 == len(occasions)


async def test_what_stock_tinydb_wrote_is_accepted_when_somebody_says_so(tmp_path: Path) -> None:
    """A snapshot that another program wrote is refused, then accepted by repair, with a copy of it kept."""
    path = await written(tmp_path / "rapport.json")
    with TinyDB(path) as db:
        found = db.table("occasions").get(where("id") == "occ_002")
        db.table("occasions").insert({**dict(found or {}), "id": "occ_new"})
        db.insert({"kept": "by somebody else"})
    with pytest.raises(Damaged, match="written by another program"):
        open_tiny(path)
    assert "accept" in (inspect(path).remedy or "")
    assert 2 == len(repair(path))
    assert (tmp_path / "rapport.json.kept-1").exists()
    store = open_tiny(path)
    assert {"occ_new", "occ_002"} <= {one["id"] for one in store.db.table("occasions").all()}
    assert [{"kept": "by somebody else"}] == store.db.all()
    await store.close()


async def test_what_is_no_record_is_not_accepted(tmp_path: Path) -> None:
    """A document that another program put among ours must be a whole record."""
    path = await written(tmp_path / "rapport.json")
    with TinyDB(path) as db:
        db.table("occasions").insert({"v": 1, "id": "occ_new", "team": TEAM, "influencer": "inf_1"})
    found = inspect(path)
    assert None is found.remedy
    assert "label" in (found.problem or "")


async def test_a_changed_letter_is_damage(tmp_path: Path) -> None:
    """A snapshot that still is good JSON but not what was written is refused, with what to do."""
    path = await written(tmp_path / "rapport.json")
    path.write_bytes(path.read_bytes().replace(b"birthday", b"birthdaz", 1))
    with pytest.raises(Damaged, match=r"checksum does not fit.*last backup"):
        open_tiny(path)


@pytest.mark.parametrize("content", [b"{}", b"[1, 2]", b"hello", b'{"_default": {"1": {"a": 1}}}'])
def test_a_file_of_somebody_else_is_left_alone(tmp_path: Path, content: bytes) -> None:
    """What never was a snapshot of ours is refused and not touched."""
    path = tmp_path / "rapport.json"
    path.write_bytes(content)
    with pytest.raises(Damaged, match="not a file of Rapport's"):
        open_tiny(path)
    assert content == path.read_bytes()


def test_an_empty_file_is_a_new_store(tmp_path: Path) -> None:
    """What `touch` leaves is taken for a store that is to be."""
    path = tmp_path / "rapport.json"
    path.touch()
    assert None is inspect_after_opening(path)


def inspect_after_opening(path: Path) -> str | None:
    """What is wrong with a store after it was opened once, and left as after a crash."""
    open_tiny(path)
    return inspect(path).problem


def test_rows_come_back_byte_for_byte(tmp_path: Path) -> None:
    """Documents, their numbers and foreign tables are what was written; empty tables are left out."""
    rows = {"notes": {n: b'{"n":%d}' % n for n in range(1, 700)}, 'odd "name"\n': {9: b"{}"}, "empty": {}}
    path = tmp_path / "rapport.json"
    size = write_snapshot(path, tmp_path / "unfinished", rows, 41)
    snapshot = read_snapshot(path)
    tables = Tables()
    tables.fill(snapshot.rows, snapshot.sequence)
    assert {table: documents for table, documents in rows.items() if documents} == tables.rows
    assert (41, size) == (snapshot.sequence, path.stat().st_size)
    assert [path] == list(tmp_path.iterdir())


async def test_a_backup_is_whole_in_itself(tmp_path: Path) -> None:
    """A copy made beside commits opens with us and with stock TinyDB, and replaces nothing."""
    store = open_tiny(tmp_path / "rapport.json")
    await store.commit(change("chg_1", *created(occasion())))
    target = tmp_path / "elsewhere.json"
    await store.backup(target)
    await store.commit(change("chg_2", *created(occasion("occ_2"))))
    with pytest.raises(FileExistsError):
        await store.backup(target)
    beside = open_tiny(tmp_path / "rapport.json", read_only=True)
    await beside.backup(tmp_path / "third.json")
    await store.close()
    copy = open_tiny(target)
    assert ["occ_1"] == [one.id for one in await copy.everything(type(occasion()), TEAM)]
    await copy.close()
    with TinyDB(tmp_path / "third.json") as db:
        assert 2 == len(db.table("occasions"))
