"""Which spellings are a slip of the fingers, and which are somebody else's name."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

_WIDEST = 2
_SIMILAR = 0.75  # Jaro-Winkler; below it the names that come out have little in common with what was typed


class Lexicon:
    """A set of spellings in which near ones are found; a look-up compares only those of similar length."""

    def __init__(self, spellings: Iterable[str]) -> None:
        self._all = sorted(set(spellings))
        self._by_length: dict[int, list[str]] = {}
        for spelling in self._all:
            self._by_length.setdefault(len(spelling), []).append(spelling)

    def slips(self, typed: str) -> dict[str, int]:
        """The spellings that `typed` is a slip for, and how many edits away; itself, where it is one, at 0."""
        found: dict[str, int] = {}
        for length in range(max(1, len(typed) - _WIDEST), len(typed) + _WIDEST + 1):
            most = edits_allowed(min(len(typed), length))
            near = process.extract(
                typed, self._by_length.get(length, ()), scorer=OSA.distance, score_cutoff=most, limit=None
            )
            found |= {spelling: int(edits) for spelling, edits, _ in near if is_slip(typed, spelling, int(edits))}
        return found

    def closest(self, typed: str, limit: int) -> list[tuple[str, float]]:
        """Up to `limit` spellings that resemble `typed` at all, with how much (0 to 1), most first."""
        near = process.extract(typed, self._all, scorer=JaroWinkler.similarity, score_cutoff=_SIMILAR, limit=limit)
        return [(spelling, score) for spelling, score, _ in near]


def edits_allowed(length: int) -> int:
    """How many letters may be wrong, missing, too many or swapped in a word whose shorter spelling has `length`."""
    return 0 if length < 3 else 1 if length < 6 else _WIDEST


def is_slip(typed: str, name: str, edits: int) -> bool:
    """Whether `typed`, so many edits from `name`, may be meant for it.

    Kim is not Jim, Tom not Tim, Bess not Jess, and sam12 not sam13: another first letter, another letter among three
    and another digit make another name. A first letter that is lost, doubled or swapped with the second is a slip.
    """
    shorter = min(len(typed), len(name))
    if edits == 0:
        return typed == name
    if edits > edits_allowed(shorter) or _digits(typed) != _digits(name):
        return False
    if typed[0] != name[0]:
        swapped = typed[:2] == name[1::-1]
        one_more = shorter >= 5 and (typed[1:] == name or typed == name[1:])
        return swapped or one_more
    replaced = shorter == 3 and len(typed) == len(name) and sorted(typed) != sorted(name)
    return not replaced


def _digits(word: str) -> str:
    return "".join(filter(str.isdigit, word))


def likeness(typed: Iterable[str], names: Iterable[str]) -> float:
    """How much the closest pair of spellings has in common, 0 to 1."""
    return max((JaroWinkler.similarity(one, other) for one, other in product(typed, names)), default=0.0)
