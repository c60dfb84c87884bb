"""Rules about promises: which comes first, what came of one, and how many were kept. All pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from bot.model import Kept, Promise, Side

KEPT = frozenset({Kept.KEPT, Kept.KEPT_LATE})
"""What a promise came to that was kept, in time or late."""


def by_urgency(promises: Iterable[Promise]) -> list[Promise]:
    """The open ones, the one due first in front, ours before theirs, those without a date last."""
    return sorted(
        (one for one in promises if one.is_open),
        key=lambda one: (one.due or date.max, one.side is Side.THEY, one.made_at, one.id),
    )


def kept_by(due: date | None, on: date) -> Kept:
    """Kept, or kept late where it came after its due date."""
    return Kept.KEPT_LATE if due is not None and on > due else Kept.KEPT


def kept_of(promises: Iterable[Promise], side: Side, today: date) -> tuple[int, int]:
    """How many promises of a side were kept, late ones too, and of how many: those settled or come due.

    Released ones count for nothing, and so do open ones that are not late.
    """
    judged = [
        one
        for one in promises
        if one.side is side and (one.is_late(today) if one.is_open else one.outcome is not Kept.RELEASED)
    ]
    return sum(one.outcome in KEPT for one in judged), len(judged)
