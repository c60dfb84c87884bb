"""Stock TinyDB with its own JSONStorage, holding what one of our stores holds, to compare with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
from tinydb import TinyDB

from storage.snapshot import read_snapshot

TABLES = ("influencers", "standings", "touchpoints")
"""What it holds of ours; without the audit and all that a team could do without."""


def open_stock(ours: Path, target: Path) -> TinyDB:
    """A stock TinyDB in a new file, with the documents of a snapshot of ours."""
    tables: dict[str, Any] = read_snapshot(ours).rows
    chosen = {table: {str(doc_id): document for doc_id, document in tables[table].items()} for table in TABLES}
    target.write_bytes(msgspec.json.encode(chosen))
    return TinyDB(target)
