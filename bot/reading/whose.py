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
# “gets us the draft”, “gets back to us”, “gets the draft to me” are acts.
_GETTING = r"(?:get|receive)s?\b(?!\s+(?:us|me|back)\b|[^,;.!?\n]*\sto\s+(?:us|me)\b)"
# Who gets something, or has something done to them, promises nothing by it.
_RECEIVING = rf"(?!{_GETTING}|(?:need|want|expect|like|be\s+(?:\w+ed|sent|paid|given|told|shown))\b)"
RECEIVES = re.compile(rf"(?:will\s+)?{_GETTING}", re.IGNORECASE)
"""What makes of whoever stands in front of it somebody who gets something: “gets the sample by friday”."""

_DOING = (
    r"(?=(?:sends|delivers|gives|pays|makes|writes|signs|brings|shares|publishes|returns|confirms|provides|submits"
    r"|finishes|edits|films|gets)\b)"
)
# “Sam to send it”, “Sam is happy to send it”.
_TO = (
    r"\s*,?(?:\s+(?:is|are))?(?:\s+(?:happy|glad|ready|willing|keen|able|set|due|supposed|meant|also|still|\w+ly))*"
    r"\s+to\s+(?!the\b|an?\b|us\b|me\b|our\b|my\b)"
)
# “she is in, will post”: without somebody else in between, whoever the sentence begins with is the one who will.
_LATER = (
    r"\b(?:(?!\b(?:i|we|us|our)\b)[^.;!?\n]){0,120}?(?:[,–—:-]|\band|\bbut|\bso|\b(?:she|he|they))"
    r"(?:\s+(?:then|also|still|just|\w+ly))*\s+will\s+"
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
        (rf"{them}\s+(?!{_GETTING}){_DOING}", Side.THEY),
        (rf"{them}{_TO}{_RECEIVING}", Side.THEY),
        (rf"(?={them}{_LATER}{_RECEIVING}\w)", Side.THEY),
        (rf"(?={them}(?:['’]ll|\s+will)?\s+{_GETTING})", Side.WE),
        (rf"(?:i|we){_WILL}\s+{_RECEIVING}", Side.WE),
        (rf"(?:i|we){promised}(?:{to_them}\s+)?(?:(?:to|that)\s+)?", Side.WE),
        (rf"(?:(?:i|we)\s+)?owe\s+{to_them}\s+|(?:i|we)\s+owe\s+|{them}{owed}", Side.WE),
        (rf"promised\s+(?:(?:{to_us}|{to_them})\s+)?(?:to|that)\s+", None),
    )
    return tuple((re.compile(pattern, re.IGNORECASE), side) for pattern, side in said)
