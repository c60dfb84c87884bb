"""Whose promise its words say it is: “Sam owes us a draft”, “she’ll send it”, “we owe her the sample”."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from bot.model import Side
from bot.reading.subjects import any_of

_WILL = (
    r"(?:\s*['’]ll|\s+(?:will|shall|should|must|(?:has|have|needs?) to|(?:is|are|am) going to)|['’](?:s|re|m) going to"
    r"|\s+(?:agreed|offered|committed|undertook) to)"
)
# Who gets something, or has something done to them, promises nothing by it.
_RECEIVING = r"(?!(?:get|receive|need|want|expect|like|be\s+(?:\w+ed|sent|paid|given|told|shown))\b)"
_DOING = (
    r"(?=(?:sends|delivers|gives|pays|makes|writes|signs|brings|shares|publishes|returns|confirms|provides|submits"
    r"|finishes|edits|films)\b)"
)


def whose(what: str, names: Sequence[str], given: Side | None = None) -> tuple[Side | None, str]:
    """Whose promise it is and what was promised, without the words that said so; `None` where none do.

    `names` are what the influencer may be called. What contradicts the side that is `given` stays as it is.
    """
    said: Side | None = None
    # “Sam promised that she will send the draft” says it twice.
    for _ in range(2):
        side, begins = _beginning(what, names, given or said)
        said, what = said or side, what[begins:]
    return said, what


def _beginning(what: str, names: Sequence[str], given: Side | None) -> tuple[Side | None, int]:
    """The side that the words begin with, and where what was promised begins."""
    for pattern, side in _patterns(tuple(names)):
        found = pattern.match(what)
        if found and found.end() < len(what) and (side is None or given in {None, side}):
            return side, found.end()
    return None, 0


@lru_cache(maxsize=64)
def _patterns(names: tuple[str, ...]) -> tuple[tuple[re.Pattern[str], Side | None], ...]:
    """What a promise may begin with, each with the side that it says."""
    them = rf"(?:she|he|they|{any_of(names)})"
    to_them, to_us = rf"(?:her|him|them|{any_of(names)})", "(?:us|me)"
    promised = r"\s*(?:(?:has|have|['’]s|['’]ve)\s+)?promised\s+"
    owed = r"(?:\s+(?:is|are|am)|['’](?:s|re|m))\s+owed\s+"
    said = (
        (rf"{them}{_WILL}\s+{_RECEIVING}", Side.THEY),
        (rf"{them}{promised}(?:{to_us}\s+)?(?:(?:to|that)\s+)?", Side.THEY),
        (rf"(?:{them}\s+)?owes?\s+{to_us}\s+|{them}\s+owes?\s+|(?:i|we){owed}", Side.THEY),
        (rf"{them}\s+{_DOING}", Side.THEY),
        (rf"(?:i|we){_WILL}\s+{_RECEIVING}", Side.WE),
        (rf"(?:i|we){promised}(?:{to_them}\s+)?(?:(?:to|that)\s+)?", Side.WE),
        (rf"(?:(?:i|we)\s+)?owe\s+{to_them}\s+|(?:i|we)\s+owe\s+|{them}{owed}", Side.WE),
        (rf"promised\s+(?:(?:{to_us}|{to_them})\s+)?(?:to|that)\s+", None),
    )
    return tuple((re.compile(pattern, re.IGNORECASE), side) for pattern, side in said)
