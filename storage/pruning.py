"""Pruning: what has been kept long enough goes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from storage import rows as shapes
from storage.indexes import ids
from storage.ledger import Ledger, Overtaken
from storage.tables import Move, Tables

BEFORES = timedelta(days=7)
DRAFTS = timedelta(hours=24)
DELIVERIES = timedelta(days=90)

_STEP = 500
"""Documents that are forgotten in one commit, so that others get a turn."""


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
