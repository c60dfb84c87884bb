"""The shape of a typed sentence: its lower case, its quotes and links, and the clauses it falls into.

Everything here keeps positions: what is folded or veiled is as long as what was typed.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

_LINK = re.compile(r"https?://[^\s<>|\"“”]+")
# Each form excludes its own signs inside, so that an unclosed quote costs no second look.
_QUOTED = re.compile(r'"[^"]+"|“[^“”]+[“”]|„[^„“”]+[“”]|«[^«»]+»')
# Behind it stands what was said, not what happened: "replied this morning: yes, call me".
_SPEECH = re.compile(
    r"(?<!\w)(?:replied|reply|answered|said|says|wrote|written|texted|asked|responded|messaged|quote|told (?:us|me)"
    r"|from (?:her|him|them))"
    r"(?!\w)[^:;.!?\n]{0,60}:(?=\s)"
)
# A comma in 1,200, a colon in 10:30 and a full stop inside a word or an abbreviation part nothing.
_BREAK = re.compile(r"[;!?\n()\[\]…—–|]|[,:](?!\d)|\.(?=\s|$)|\s--?(?=\s)|[\"“”„«»]")
_WORD = re.compile(r"\w+")
_SEAM_BEHIND = " \t\n\r\f\v,;:-–—)]."


def fold(text: str) -> str:
    """The text in lower case with straight apostrophes, exactly as long as it was."""
    lowered = text.lower()
    if len(lowered) != len(text):
        # "İ" alone becomes two characters; positions matter more here than that letter.
        lowered = "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)
    return lowered.replace("’", "'").replace("ʼ", "'")


def first_link(text: str) -> str | None:
    """The first http(s) address in the text, as typed, without the punctuation that follows it."""
    found = _LINK.search(fold(text))
    if found is None:
        return None
    link = text[found.start() : found.end()].rstrip(".,;:!?'’*_~")
    if "(" not in link:
        link = link.rstrip(")].,;:!?'’")
    return link if not link.endswith("//") else None


def veil(folded: str) -> str:
    """The folded text with links and what stands in double quotes blanked, exactly as long as it was."""
    without_links = _LINK.sub(lambda found: " " * len(found[0]), folded)
    return _QUOTED.sub(lambda found: found[0][0] + " " * (len(found[0]) - 2) + found[0][-1], without_links)


def without_speech(veiled: str) -> str:
    """The veiled text with what follows "replied: " blanked to the end of its line, exactly as long as it was."""
    found = _SPEECH.search(veiled)
    if found is None:
        return veiled
    line = veiled.find("\n", found.end())
    end = len(veiled) if line < 0 else line
    return veiled[: found.end()] + " " * (end - found.end()) + veiled[end:]


def without(text: str, start: int, end: int) -> str:
    """The text without `text[start:end]` and the punctuation that only these words needed."""
    before, behind = text[:start], text[end:]
    if not before.strip():
        return behind.lstrip(_SEAM_BEHIND).strip()
    if not behind.strip(" .,;:!)]-–—\t\n"):
        return before.rstrip(" \t\n,;:-–—([").strip()
    if before.rstrip().endswith(("(", "[")) and behind.lstrip().startswith((")", "]")):
        before, behind = before.rstrip()[:-1], behind.lstrip()[1:]
    elif before.rstrip()[-1] in ",;:-–—" and behind.lstrip()[0] in ",;:-–—.!?)":
        before = before.rstrip()[:-1]
    if behind[0].isspace() or before[-1].isspace():
        gap = behind[0] if behind[0].isspace() else before[-1]
        before, behind = before.rstrip(), behind.lstrip()
        return (before + ("" if behind[0] in ",;:.!?)" else gap) + behind).strip()
    return (before + behind).strip()


@dataclass(frozen=True, slots=True)
class Clauses:
    """Where the clauses of one text begin and end, and where its first and last words stand."""

    breaks: tuple[int, ...]
    length: int
    first_word: int
    last_word: int

    def number(self, position: int) -> int:
        """Which clause a position is in, counted from 0; it rises with the position, but may skip numbers."""
        return bisect_right(self.breaks, position)

    def start(self, position: int) -> int:
        """Where the clause around a position begins."""
        before = bisect_left(self.breaks, position)
        return self.breaks[before - 1] + 1 if before else 0

    def end(self, position: int) -> int:
        """Where the clause that holds, or ends at, a position ends."""
        at = bisect_left(self.breaks, position)
        return self.breaks[at] if at < len(self.breaks) else self.length


def clauses_of(veiled: str, whole: Iterable[tuple[int, int]] = ()) -> Clauses:
    """The clauses of a veiled text; spans in `whole` ("14.3.", "March 14, 2026") are never parted inside."""
    covered = sorted(whole)
    starts = [start for start, _ in covered]
    breaks = []
    words_from = _first_word(veiled)
    for found in _BREAK.finditer(veiled, words_from):
        at = found.end() - 1
        within = bisect_right(starts, at) - 1
        if within < 0 or covered[within][1] <= at:
            breaks.append(at)
    return Clauses(tuple(breaks), len(veiled), words_from, _last_word(veiled))


def _first_word(veiled: str) -> int:
    found = _WORD.search(veiled)
    return found.start() if found else len(veiled)


def _last_word(veiled: str) -> int:
    for at in range(len(veiled), 0, -1):
        if veiled[at - 1].isalnum():
            return at
    return 0
