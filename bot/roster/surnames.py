"""What looks like a name with nobody on the roster to go with it: words with capitals that are no note."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.model import Medium
from bot.roster.ordinary import NO_SURNAMES
from bot.roster.spelling import fold

MediumAt = Callable[[str], Medium | None]
"""Which medium the first words of a text name: a note, not a name, begins with them."""


def no_medium(text: str) -> Medium | None:
    """For lines that hold no notes."""
    return None


# What stands in the same line right behind a first name, and what a surname in Latin letters looks like there.
BEHIND = re.compile(r"[^\S\n]+(?:(?:van|von|de|den|der|del|della|di|da|dos|la|le|el|al|bin|ibn|st\.?)[^\S\n]+)*")
_CAPITAL = re.compile(r"[^\W\d_](?:\.|[^\W\d_]*(?:['’-][^\W\d_]+)*)(?![\w@&/])")
_MARK = re.compile("['’]")


def capitals_end(text: str, start: int, medium_at: MediumAt) -> int | None:
    """Where the words with capitals end that begin at a place and are no note; None if there are none."""
    end = _capital_end(text, start, medium_at)
    return surname_end(text, end, medium_at) or end if end else None


def surname_end(text: str, end: int, medium_at: MediumAt) -> int | None:
    """Where the surname ends that seems to stand behind a first name."""
    last = None
    while (gap := BEHIND.match(text, end)) and (end := _capital_end(text, gap.end(), medium_at)):
        last = end
    return last


def _capital_end(text: str, start: int, medium_at: MediumAt) -> int:
    """Where a word ends that has a capital as names have, and is no ordinary word, medium or day; 0 if there is none.

    "PR", "A" and "Q4" are no names, and where all is in capitals nothing is.
    """
    word = _CAPITAL.match(text, start)
    if word is None or text.isupper() or not word[0][0].isupper() or word[0].isupper() != word[0].endswith("."):
        return 0
    before_mark = _MARK.split(fold(word[0]))[0]  # "She’s" is she, "O’Brien" is not o
    is_note = before_mark in NO_SURNAMES or medium_at(text[start:]) is not None
    return 0 if is_note else word.end()
