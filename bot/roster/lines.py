"""Who a line starts with: `jess, sam coffee at VidCon` is Jess and Sam, and `coffee at VidCon`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from rapidfuzz.distance import OSA

from bot.roster.match import How, Match
from bot.roster.ordinary import ORDINARY
from bot.roster.spelling import fold, is_account, spellings


@dataclass(frozen=True, slots=True)
class Lead:
    """The people a line starts with, in its order and each once, and the rest of the line as it was typed.

    Where the line starts with nobody, the first match is the unknown name: what is quoted, a handle, the words with
    capitals, or else the first word. Without a word in the line there are no matches.
    """

    matches: tuple[Match, ...]
    rest: str


class Find(Protocol):
    def __call__(self, name: str, loosest: How | None = None, /) -> Match:
        """Looks no further than the level `loosest`; without one at all levels, and for the nearest names."""
        ...


@dataclass(frozen=True, slots=True)
class _Found:
    match: Match
    end: int
    is_one_word: bool = True
    is_quoted: bool = False
    is_possessive: bool = False


_WORDS = 5
_TYPED_WORDS = 3  # words of a name with a typo in it: the more there are, the more a note looks like one

_WORD = re.compile(r"\S+")
_CUT = re.compile(r"[,\uff0c\u3001;+:]")
_POSSESSIVE = re.compile(r"['’][sS]$")
_INITIAL = re.compile(r"[^\W\d_ai]\.?", re.IGNORECASE)
_BEFORE = re.compile(r"[\s,\uff0c\u3001]*")
_AFTER = re.compile(r"\s*(?:(?:[,\uff0c\u3001;:]|[-–—](?=\s))\s*)*")
_COMMA = re.compile(r"[\s,\uff0c\u3001]+")
_BETWEEN = re.compile(r"(?:\s*[,\uff0c\u3001])+\s*(?:(?:and\s|&)\s*)?|\s+and\s+|\s*[&+]\s*", re.IGNORECASE)
_QUOTES = {'"': '"', "“": "”", "”": "”", "„": "“", "«": "»"}


def read_lead(text: str, find: Find, *, several: bool = True) -> Lead:
    """Reads the names a line starts with, or only the first.

    The longest run of words that is somebody's name wins. After a separator a name must be surer than at the start,
    for a note may begin there: a beginning of a name or a typo is taken for a name only where little speaks for a note,
    and then `is_typo`, so that whoever writes asks first.
    """
    start = _end(_BEFORE, text, 0)
    if start == len(text):
        return Lead((), "")
    first = _name_at(text, start, find) or _unknown_at(text, start, find)
    matches, end = [first.match], first.end
    while several and (separator := _BETWEEN.match(text, end)):
        found = _name_at(text, separator.end(), find)
        next_match = _accepted(found, text, separator) if found else None
        if found is None or next_match is None:
            break
        end = found.end
        if all(next_match.entries != match.entries for match in matches):
            matches.append(next_match)
    return Lead(tuple(matches), text[_end(_AFTER, text, end) :])


def _name_at(text: str, start: int, find: Find) -> _Found | None:
    if quoted := _quoted_at(text, start):
        name, end = quoted
        match = find(name, How.TYPO)
        return _Found(match, end, is_quoted=True) if match.entries else None
    if account := _account_at(text, start, find):
        return account
    windows = _windows(text, start)
    if not windows:
        return None
    return _surely(text, start, windows, find) or _loosely(text, start, windows, find)


def _surely(text: str, start: int, ends: list[int], find: Find) -> _Found | None:
    """The longest run of words that is a name as it stands, or one with an initial: "jess p"."""
    for count, end in reversed(list(enumerate(ends, start=1))):
        last_word = text[start:end].rsplit(maxsplit=1)[-1]
        loosest = How.PREFIX if count > 1 and _INITIAL.fullmatch(last_word) else How.FIRST_NAME
        for name, is_possessive in _readings(text[start:end]):
            match = find(name, loosest)
            if match.entries:
                return _Found(match, end, is_one_word=count == 1, is_possessive=is_possessive)
    return None


def _loosely(text: str, start: int, ends: list[int], find: Find) -> _Found | None:
    """Several words of which one is right ("jes park"), else the beginning of a name, else a typo."""
    for count, end in reversed(list(enumerate(ends[:_TYPED_WORDS], start=1))):
        name, is_possessive = list(_readings(text[start:end]))[-1]
        words = name.split()
        if any(_is_ordinary(word) for word in words):
            continue
        match = find(name, How.TYPO)
        if count == 1 and match.entries:
            return _Found(match, end, is_possessive=is_possessive)
        if match.is_typo and any(_is_word_of_all(word, match) for word in words):
            return _Found(match, end, is_one_word=False, is_possessive=is_possessive)
    return None


def _accepted(found: _Found, text: str, separator: re.Match[str]) -> Match | None:
    """The match, if it is a name and not a note going on after "jess, " or "jess and "; made a typo where in doubt."""
    match, word = found.match, text[separator.end() : found.end]
    if found.is_possessive:
        return None
    if found.is_quoted or not found.is_one_word or (match.how is How.EXACT and not _is_ordinary(word)):
        return match
    is_capital = word[:1].isupper() and not text.isupper()
    if match.how in (How.EXACT, How.FIRST_NAME):
        after_comma = _COMMA.fullmatch(separator[0]) is not None
        is_note = after_comma and (_is_ordinary(word) or not _is_first_name(word, match))
        return match if is_capital or not is_note else None
    if len(word) < 3 or not (is_capital or _is_first_name(word, match)):
        return None
    if match.how is How.PREFIX and _stands_alone(text, found.end):
        return match
    return Match(match.entries, How.TYPO, (), match.asked)


def _unknown_at(text: str, start: int, find: Find) -> _Found:
    if quoted := _quoted_at(text, start):
        name, end = quoted
        return _Found(find(name), end)
    ends = _windows(text, start) or [_end(_WORD, text, start)]
    if is_account(_token(text, start)):
        ends = [start + len(_token(text, start))]
    words = text[start : ends[-1]].split()
    capitals = next((i for i, word in enumerate(words) if not word[:1].isupper()), len(words))
    end = ends[0] if text.isupper() else ends[max(capitals, 1) - 1]
    name, _ = list(_readings(text[start:end]))[-1]
    match = find(name)
    # Whoever was not believed above is only near: "call with sam" is not Callum's.
    return _Found(Match((), None, (match.entries or match.nearest)[:5], match.asked), end)


def _windows(text: str, start: int) -> list[int]:
    """Where the first, the first two … words end; a separator, or a word without a letter, ends them all."""
    ends: list[int] = []
    for word in _WORD.finditer(text, start):
        cut = _CUT.search(word[0])
        part = word[0][: cut.start()] if cut else word[0]
        if not any(c.isalnum() for c in part) and (part != "&" or not ends) and (ends or cut):
            break
        ends.append(word.start() + len(part))
        if cut or len(ends) == _WORDS:
            break
    while len(ends) > 1 and text[: ends[-1]].endswith("&"):
        ends.pop()
    return ends


def _quoted_at(text: str, start: int) -> tuple[str, int] | None:
    """What stands in quotation marks, and where they end."""
    close = _QUOTES.get(text[start : start + 1])
    end = text.find(close, start + 1) if close else -1
    name = text[start + 1 : end]
    return (name, end + 1) if end > 0 and name.strip() else None


def _account_at(text: str, start: int, find: Find) -> _Found | None:
    """`instagram:jess.cooks` or a profile's address: its colon separates nothing."""
    token = _token(text, start)
    if ":" not in token and "/" not in token:
        return None
    match = find(token, How.TYPO if is_account(token) else How.EXACT)
    return _Found(match, start + len(token), is_one_word=False) if match.entries else None


def _token(text: str, start: int) -> str:
    word = _WORD.match(text, start)
    return word[0].rstrip(",;:+!?\uff0c\u3001") if word else ""


def _readings(name: str) -> Iterator[tuple[str, bool]]:
    """The name as typed and, where it may be a possessive, without the 's."""
    yield name, False
    if (bare := _POSSESSIVE.sub("", name)) != name:
        yield bare, True


def _is_ordinary(word: str) -> bool:
    return fold(_POSSESSIVE.sub("", word)) in ORDINARY


def _is_word_of_all(word: str, match: Match) -> bool:
    spelled = spellings(word)
    return all(
        any(key in name.split() for key in spelled if len(key) >= 3 for name in _names(entry.name, entry.aliases))
        for entry in match.entries
    )


def _is_first_name(word: str, match: Match) -> bool:
    """Whether somebody's first name is this word, or for a looser match begins with it or is one edit away."""
    firsts = (name.split()[0] for entry in match.entries for name in _names(entry.name, entry.aliases))
    return any(_is_near(key, first, match.how) for first in firsts for key in spellings(word))


def _is_near(typed: str, first: str, how: How | None) -> bool:
    if how is How.PREFIX:
        return first.startswith(typed)
    if how is How.TYPO:
        return len(typed) >= 4 and OSA.distance(typed, first, score_cutoff=1) <= 1
    return typed == first


def _names(name: str, aliases: tuple[str, ...]) -> Iterator[str]:
    for known_as in (name, *aliases):
        yield from spellings(known_as)


def _stands_alone(text: str, end: int) -> bool:
    """Whether a list goes on or the line ends here, so that the word before can only be a name."""
    return _end(_AFTER, text, end) == len(text) or _BETWEEN.match(text, end) is not None


def _end(pattern: re.Pattern[str], text: str, start: int) -> int:
    found = pattern.match(text, start)
    return found.end() if found else start
