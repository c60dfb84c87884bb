"""Notes: finding touchpoints by the words of their notes."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from datetime import date, datetime
from heapq import nlargest

import msgspec

from bot.model import Touchpoint
from storage import rows as shapes

_STRIDE = 1000
"""Notes looked at before others get a turn: about two milliseconds."""

_WORD = re.compile(r"\w+")


class _Note(msgspec.Struct, gc=False):
    id: str
    on: date
    logged_at: datetime
    note: str


_note = msgspec.json.Decoder(_Note).decode


async def holding(documents: Sequence[bytes], words: Sequence[str], limit: int) -> tuple[Touchpoint, ...]:
    """The touchpoints whose note has, for every word asked for, one that begins with it; newest first."""
    wanted = [word for asked in words for word in _WORD.findall(shapes.folded(asked))]
    found: list[tuple[date, datetime, str, bytes]] = []
    for start in range(0, len(documents), _STRIDE) if wanted else ():
        for document in documents[start : start + _STRIDE]:
            note = _note(document)
            if note.note and _holds(note.note, wanted):
                found.append((note.on, note.logged_at, note.id, document))
        await asyncio.sleep(0)
    return tuple(shapes.load(Touchpoint, newest[-1]) for newest in nlargest(max(limit, 0), found))


def _holds(note: str, wanted: list[str]) -> bool:
    folded = shapes.folded(note)
    if not all(word in folded for word in wanted):
        return False
    words = _WORD.findall(folded)
    return all(any(word.startswith(asked) for word in words) for asked in wanted)
