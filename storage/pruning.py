"""Pruning: what has been kept long enough goes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from bot.model import Team
from storage import rows as shapes
from storage.indexes import INDEXED, ids
from storage.ledger import Ledger, Overtaken
from storage.tables import Move, Tables, head

BEFORES = timedelta(days=7)
DRAFTS = timedelta(hours=24)
DELIVERIES = timedelta(days=90)

_STEP = 500
"""Documents that are forgotten in one commit, so that others get a turn."""

_STRIDE = 1_000
"""Documents looked at before others get a turn: about a millisecond."""

_TEAMS = shapes.TABLES[Team]


async def forget(ledger: Ledger, now: datetime) -> int:
    """Forgets step by step and says how many records and befores went. Raises StoreFailed."""
    loop, gone = asyncio.get_running_loop(), 0
    while moves := step(ledger.tables, now):
        try:
            await ledger.move(moves).wait(loop)
            gone += len(moves)
        except Overtaken as earlier:
            await earlier.ticket.wait(loop)
    return gone


async def forget_team(ledger: Ledger, team: str) -> bool:
    """Forgets all that there is of a team, the Team last, and says whether there was anything.

    What others commit about the team meanwhile goes, too. Looks at everything there is, letting others at it. Raises
    StoreFailed.
    """
    found_any = False
    while found := await _of_team(ledger.tables, team):
        found_any = True
        for start in range(0, len(found), _STEP):
            await _remove(ledger, found[start : start + _STEP])
    doc_id = ledger.tables.doc_id(_TEAMS, team)
    if doc_id is not None:
        await _remove(ledger, [(_TEAMS, doc_id)])
    return found_any or doc_id is not None


async def _of_team(tables: Tables, team: str) -> list[tuple[str, int]]:
    """Where records of a team and its audit stand."""
    found = []
    for table in INDEXED:
        if table == _TEAMS:
            continue
        for number, (doc_id, document) in enumerate(tables.rows.get(table, {}).copy().items()):
            if head(document).team == team:
                found.append((table, doc_id))
            if number % _STRIDE == 0:
                await asyncio.sleep(0)
    return found


async def _remove(ledger: Ledger, places: list[tuple[str, int]]) -> None:
    """Removes documents, those that are still there, after whatever is on its way to them."""
    loop = asyncio.get_running_loop()
    while here := [(table, id_, None) for table, id_ in places if id_ in ledger.tables.rows.get(table, {})]:
        try:
            return await ledger.move(here).wait(loop)
        except Overtaken as earlier:
            await earlier.ticket.wait(loop)


def step(tables: Tables, now: datetime) -> list[Move]:
    """What is to be forgotten next, at most so much that one commit holds it; nothing when all is done.

    A Change keeps who, when, which verb, which records and the id of what was heard; its befores and afters go.
    """
    return list(islice(_old(tables, now), _STEP))


def _old(tables: Tables, now: datetime) -> Iterator[Move]:
    for id_ in _until(tables, "drafts by age", now - DRAFTS):
        yield "drafts", tables.row("drafts", id_)[0], None
    for id_ in _until(tables, "deliveries by age", now - DELIVERIES):
        yield "deliveries", tables.row("deliveries", id_)[0], None
    for id_ in _until(tables, "changes with befores", now - BEFORES):
        doc_id, document = tables.row(shapes.CHANGES, id_)
        yield shapes.CHANGES, doc_id, shapes.forgotten(document)


def _until(tables: Tables, index: str, moment: datetime) -> tuple[str, ...]:
    return ids(tables.indexes.ascending((index,), until=moment.timestamp()), _STEP)
