"""Stores as earlier versions of Rapport left them: `tests/history` holds one of each shape, in snapshot and journal."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bot.address import Workspace
from bot.change import Write
from bot.errors import AlreadyDone
from bot.model import Influencer, Promise, Record, Schedule, Standing, Team
from storage import rows
from storage.opening import open_tiny
from storage.repair import inspect
from tests.contract.records import TEAM, change

SHAPE_1 = Path(__file__).parents[1] / "history" / "shape_1" / "rapport.json"

NEW: tuple[type[Record], ...] = (Promise, Schedule)
"""Kinds that there were none of in shape 1."""


def tables_in(path: Path) -> dict[str, dict[str, dict[str, Any]]]:
    """The tables of a snapshot."""
    tables: dict[str, dict[str, dict[str, Any]]] = json.loads(path.read_text("utf-8"))
    return tables


def documents_of_shape_1() -> list[tuple[str, dict[str, Any]]]:
    """Table and document of each record in the snapshot of shape 1."""
    tables = tables_in(SHAPE_1)
    return [(table, document) for table in tables if table in rows.KINDS for document in tables[table].values()]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A store as the version that wrote shape 1 left it when it was killed."""
    shutil.copytree(SHAPE_1.parent, tmp_path / "data")
    return tmp_path / "data" / "rapport.json"


def test_there_is_an_example_of_each_kind() -> None:
    """The history holds a document of every kind that there was."""
    assert rows.KINDS.keys() - {rows.TABLES[kind] for kind in NEW} == {table for table, _doc in documents_of_shape_1()}


@pytest.mark.parametrize(("table", "document"), documents_of_shape_1(), ids=lambda value: value or None)
def test_reads_a_document_of_shape_1(table: str, document: dict[str, Any]) -> None:
    """Every field is what it was, what is new has its default, and a team's standings are to be recomputed once."""
    record = rows.load(rows.KINDS[table], json.dumps(document).encode())
    assert record == rows.decode(rows.KINDS[table], document)
    found = rows.encode(record)
    expected = document | {"v": 2} | ({"restanding": True} if table == "teams" else {})
    assert expected == {field: found[field] for field in document}
    plain = dict(zip(type(record).__struct_fields__[::-1], type(record).__struct_defaults__[::-1], strict=False))
    for field in found.keys() - document.keys():
        assert plain[field] == getattr(record, field)


async def test_opens_a_store_of_shape_1(path: Path) -> None:
    """Snapshot and journal add up to what was kept, Changes and what was heard included."""
    assert None is inspect(path).problem
    store = open_tiny(path)
    team = await store.team_at(Workspace("console", TEAM))
    assert team is not None
    assert ("the team", 2, True) == (team.name, team.version, team.restanding)
    influencer = await store.get(Influencer, TEAM, "inf_1")
    assert influencer is not None
    assert ("two books", ()) == (influencer.goal, influencer.merged)
    assert ["tch_1"] == [one.id for one in await store.touchpoints(TEAM, "inf_1")][-1:]
    assert 1 == await store.kept_up(TEAM)
    assert [(), ()] == [one.owed for one in await store.everything(Standing, TEAM)]
    assert ["chg_3", "chg_2", "chg_1"] == [one.id for one in await store.changes(TEAM, limit=9)]
    with pytest.raises(AlreadyDone):
        await store.commit(change("chg_4", heard="press 2"))
    await store.close()


async def test_a_store_of_shape_1_becomes_one_of_today(path: Path) -> None:
    """It goes on with commits; once folded every document is of today's shape, and nothing else has changed."""
    store = open_tiny(path)
    team = await store.get(Team, TEAM, TEAM)
    assert team is not None
    done = await store.commit(change("chg_4", Write(team, msgspec.structs.replace(team, restanding=False))))
    assert 3 == done.writes[0].record.version
    kept = [await store.everything(kind, TEAM) for kind in rows.KINDS.values()]
    audit = await store.changes(TEAM, limit=9)
    await store.compact()
    tables = tables_in(path)
    assert {2} == {one["v"] for table in (*rows.KINDS, rows.CHANGES) for one in tables.get(table, {}).values()}
    await store.close()
    again = open_tiny(path)
    assert kept == [await again.everything(kind, TEAM) for kind in rows.KINDS.values()]
    assert audit == await again.changes(TEAM, limit=9)
    await again.close()


async def test_an_erased_person_of_shape_1_is_gone(path: Path) -> None:
    """What the audit wrote in shape 1 about somebody is struck like anything else."""
    store = open_tiny(path)
    influencer = await store.get(Influencer, TEAM, "inf_1")
    await store.commit(change("chg_4", Write(influencer, None), erases=("inf_1",)))
    for word in ("peanuts", "Zoë", "zoe.x", "two books", "z@example.org"):
        assert not any(word.encode() in file.read_bytes() for file in path.parent.iterdir())
    await store.close()
