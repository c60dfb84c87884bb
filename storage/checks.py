"""Checks: what a Change must be in itself, and whether what it goes out from is what is there."""

from __future__ import annotations

import msgspec

from bot.change import Change, Write, belongs
from bot.model import Record
from storage.tables import head


def fits(before: Record | None, document: bytes | None, team: str) -> bool:
    """Whether a document is the one that a Write of a team goes out from; versions tell."""
    if before is None or document is None:
        return before is None and document is None
    return is_at(before.version, document, team)


def is_at(version: int, document: bytes | None, team: str) -> bool:
    """Whether a document is that of a team's record at a version; where there is none, it is at version 0."""
    if document is None:
        return version == 0
    stored = head(document)
    return stored.version == version and team in {stored.team, stored.id}


def versioned(write: Write) -> Write:
    """A Write with the version its record will have; one that is made again goes on from where it was."""
    if write.after is None:
        return write
    base = write.after if write.before is None else write.before
    return Write(write.before, msgspec.structs.replace(write.after, version=base.version + 1))


def check_form(change: Change) -> None:
    """ValueError where a Change is not one: a stranger's record, a record twice, a record that becomes another."""
    seen: set[str] = set()
    for write in change.writes:
        before, after = write.before, write.after
        for record in (before, after):
            if record is not None and record.team != change.team and not belongs(Write(None, record), change.team):
                raise ValueError(f"{record.id} belongs to {record.team}, not to {change.team}")
        if before is not None and after is not None and (before.id != after.id or type(before) is not type(after)):
            raise ValueError(f"{before.id} can't become {after.id}")
        if write.id in seen:
            raise ValueError(f"{write.id} stands in two writes of {change.id}")
        seen.add(write.id)
