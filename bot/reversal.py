"""What taking a write back does to a record, field by field, whatever others have done to it since. All pure."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from bot.change import Write
from bot.model import Delivery, Draft, Nudge, Record, Standing, Team


def follows(write: Write) -> bool:
    """Whether a record follows from others: it is set by the Change that undoes, never compared."""
    return isinstance(write.record, (Standing, Delivery, Draft))


def moves_quietly(write: Write) -> bool:
    """Whether the clock moves a record as well: when one has moved on, nobody is told."""
    return isinstance(write.record, Nudge)


def is_ones_own(write: Write) -> bool:
    """Whether there is something in a write to take back; of a nudge only that it was closed, or opened.

    In which message it stands, and whether that goes out again, follows from something else.
    """
    if isinstance(write.record, Nudge):
        was, became = (isinstance(one, Nudge) and one.is_open for one in (write.before, write.after))
        return was != became
    return not follows(write)


def fields_back(write: Write, current: Record | None, *, rest: bool) -> tuple[Record | None, bool]:
    """A record that others have changed since, with what this change did to it taken back, and whether all of it was.

    A field that says something else by now stays, unless it is asked for (`rest`); of a list, what was added goes and
    what was taken out comes back, whatever else was done to it. `None` for a record that came or went as a whole.
    """
    before, after = write.before, write.after
    if before is None or after is None or current is None:
        return before if rest else None, rest
    back: dict[str, Any] = {}
    whole = True
    for field in before.__struct_fields__:
        was, became, now = (getattr(record, field) for record in (before, after, current))
        if field == "version" or was in (became, now):
            continue
        if now == became:
            back[field] = was
        elif isinstance(now, tuple):
            kept = [one for one in now if one in was or one not in became]
            back[field] = (*kept, *(one for one in was if one not in became and one not in kept))
        elif rest:
            back[field] = was
        else:
            whole = False
    return replace(current, **back), whole


def is_back(write: Write, current: Record | None) -> bool:
    """Whether nothing of what a change did to a record is left, whatever others have done to it."""
    if content(current) == content(write.before):
        return True
    if write.before is None or write.after is None or current is None:
        return False
    back, whole = fields_back(write, current, rest=False)
    return whole and content(back) == content(current)


def has_changed_since(current: Record | None, write: Write) -> bool:
    """Whether a record says something else than the change left; one that was changed and set back does not."""
    return content(current) != content(write.after)


def content(record: Record | None) -> Record | None:
    """A record without what the store and the recomputing of standings count in it."""
    if isinstance(record, Team):
        return replace(record, version=0, restanding=False)
    return replace(record, version=0) if record is not None else None


def set_back(before: Record | None, version: int) -> Record | None:
    """A record as it was, to stand in the place of the one of that version."""
    if isinstance(before, Team):
        return replace(before, version=version, restanding=True)
    return replace(before, version=version) if before is not None else None


def came(write: Write) -> bool:
    """Whether a record came by this write to whom it is about: it was made, or it was another's before."""
    was, became = (getattr(record, "influencer", None) for record in (write.before, write.after))
    return write.before is None or (write.after is not None and was != became)
