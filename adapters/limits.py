"""Fitting what we say into what a platform holds: cut on whole characters, with the count of what was left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from wcwidth import iter_graphemes

T = TypeVar("T")

COUNT_FROM = 60
"""Below so many characters the count would eat the text it counts; an ellipsis alone says that something is missing."""


def clip(text: str, limit: int) -> str:
    """The text if it has at most `limit` characters, else its beginning and "… and 2,345 more characters".

    The result never has more than `limit` characters (code points). The cut falls between graphemes, so no accent
    leaves its letter and no emoji falls apart, unless the first grapheme alone is too long. Raises ValueError for a
    limit under 1.
    """
    if limit < 1:
        raise ValueError(f"nothing fits into {limit} characters")
    if len(text) <= limit:
        return text
    if limit < COUNT_FROM:
        return text[: _cut(text, limit - 1)].rstrip() + "…"
    # The count can't have more digits than the length has, so with this much room the sentence surely fits.
    cut = _cut(text, limit - len(_more(len(text))))
    kept = text[:cut].rstrip()
    return kept + _more(len(text) - len(kept))


def beginning(text: str, limit: int) -> str:
    """The text, or as many whole characters of it as fit into `limit`, and no word of ours."""
    return text if len(text) <= limit else text[: _cut(text, limit)]


def first(items: Sequence[T], limit: int) -> tuple[tuple[T, ...], int]:
    """The items that fit, and how many were left out."""
    shown = tuple(items[:limit])
    return shown, len(items) - len(shown)


def and_more(left_out: int, noun: str = "") -> str:
    """`…and 12 more rows`, or nothing where nothing was left out."""
    return f"…and {left_out:,} more {noun}".rstrip() if left_out else ""


def _more(count: int) -> str:
    return f"… and {count:,} more character{'' if count == 1 else 's'}"


def _cut(text: str, room: int) -> int:
    """The end of the last grapheme that ends within `room`; `room` itself where not even the first one does."""
    end = 0
    # One code point more than there is room for tells whether the last grapheme is whole.
    for grapheme in iter_graphemes(text[: room + 1]):
        if end + len(grapheme) > room:
            break
        end += len(grapheme)
    return end or room
