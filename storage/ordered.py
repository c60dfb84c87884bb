"""Ordered: a sorted list in pieces, so that a million entries take one more as quickly as a thousand do."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator
from typing import Any

Entry = tuple[Any, ...]
"""What is kept in order: a sort key that ends in something unique, so that no two entries are equal."""

PIECE = 1024
"""Entries a piece holds before it is split: one insertion then moves 4 KB at most, at any size."""


class Ordered:
    """Entries in ascending order. A plain sorted list moves 4 MB for each insertion into a million entries."""

    __slots__ = ("_pieces",)

    def __init__(self) -> None:
        """Starts empty."""
        self._pieces: list[list[Entry]] = [[]]

    def __len__(self) -> int:
        """How many entries there are; costs the number of pieces."""
        return sum(map(len, self._pieces))

    def __bool__(self) -> bool:
        """Whether there is any entry; costs nothing."""
        return bool(self._pieces[0])

    def __iter__(self) -> Iterator[Entry]:
        """All entries, ascending; adding or discarding meanwhile is not allowed for."""
        for piece in self._pieces:
            yield from piece

    def __reversed__(self) -> Iterator[Entry]:
        """All entries, descending."""
        for piece in reversed(self._pieces):
            yield from reversed(piece)

    def since(self, key: Entry) -> Iterator[Entry]:
        """The entries that are not below `key`, ascending; a key may be the beginning of an entry."""
        at = self._piece_of(key)
        piece = self._pieces[at]
        yield from piece[bisect_left(piece, key) :]
        for later in self._pieces[at + 1 :]:
            yield from later

    def between(self, low: Entry, high: Entry) -> list[Entry]:
        """The entries that are not below `low` and are below `high`, ascending; costs what it answers and a search."""
        found: list[Entry] = []
        for at in range(self._piece_of(low), len(self._pieces)):
            piece = self._pieces[at]
            end = bisect_left(piece, high)
            found += piece[bisect_left(piece, low, 0, end) : end]
            if end < len(piece):
                break
        return found

    def add(self, entry: Entry) -> None:
        """Puts an entry in its place."""
        at = self._piece_of(entry)
        piece = self._pieces[at]
        insort(piece, entry)
        if len(piece) > PIECE:
            half = len(piece) // 2
            self._pieces[at : at + 1] = [piece[:half], piece[half:]]

    def discard(self, entry: Entry) -> None:
        """Takes an entry out, if it is there."""
        at = self._piece_of(entry)
        piece = self._pieces[at]
        place = bisect_left(piece, entry)
        if place == len(piece) or piece[place] != entry:
            return
        del piece[place]
        if not piece and len(self._pieces) > 1:
            del self._pieces[at]

    def take(self, entries: list[Entry]) -> None:
        """Takes over entries in any order in place of what there was; the list is not to be used again."""
        entries.sort()
        half = PIECE // 2
        pieces = [entries[start : start + half] for start in range(0, len(entries), half)]
        self._pieces = pieces if len(entries) > PIECE else [entries]

    def _piece_of(self, entry: Entry) -> int:
        """The first piece whose last entry is not below `entry`, else the last piece."""
        if len(self._pieces) == 1:
            return 0
        return min(bisect_left(self._pieces, entry, key=_last), len(self._pieces) - 1)


def _last(piece: list[Entry]) -> Entry:
    return piece[-1]
