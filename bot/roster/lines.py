"""Who a line starts with: `jess, sam coffee at VidCon` is Jess and Sam, and `coffee at VidCon`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from rapidfuzz.distance import OSA

from bot.model import Medium
from bot.roster.match import How, Match
from bot.roster.ordinary import NO_SURNAMES, ORDINARY
from bot.roster.spelling import fold, is_account, spellings
from bot.roster.surnames import BEHIND, MediumAt, capitals_end, surname_end


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
_COMMA = re.compile(r"[\s,;\uff0c\u3001]+")
_BETWEEN = re.compile(r"(?:\s*[,;\uff0c\u3001])+\s*(?:(?:and\s|&)\s*)?|\s+and\s+|\s*[&+]\s*", re.IGNORECASE)
_ALONE = re.compile(r"[^\W\d_][\w-]+(?=[\s,;&+\uff0c\u3001])")
# "zoom call" and "lovely chat" are no two people's; flowers and parties are what happened, whatever stands before them.
_DESCRIBES = re.compile(r"\w+(?:ing|ful|ous|ive|able|ible|less|tic)")
_BETWEEN_PEOPLE = frozenset({Medium.EMAIL, Medium.CALL, Medium.DM, Medium.MEETING, Medium.COMMENT})
_JOINED = re.compile(r"[&+]")
_QUOTES = {'"': '"', "“": "”", "”": "”", "„": "“", "«": "»"}


def read_lead(text: str, find: Find, *, medium_at: MediumAt, several: bool = True) -> Lead:
    """Reads the names a line starts with, or only the first.

    The longest run of words that is somebody's name wins. After a separator a name must be surer than at the start,
    for a note may begin there: a beginning of a name or a typo is taken for a name only where little speaks for a note,
    and then `is_typo`, so that whoever writes asks first. What looks like a name that nobody has, a surname behind
    somebody's first name or one more in a list, is not left to the note either: it is a match without entries.
    """
    start = _end(_BEFORE, text, 0)
    if start == len(text):
        return Lead((), "")
    first = _name_at(text, start, find) or _unknown_at(text, start, find)
    first = _with_surname(first, text, find, medium_at)
    matches, end = [first.match], first.end
    while several and (separator := _BETWEEN.match(text, end)):
        found = _listed(text, separator, find, medium_at)
        if found is None:
            break
        end = found.end
        if all(_meaning(found.match) != _meaning(match) for match in matches):
            matches.append(found.match)
    return Lead(tuple(matches), text[_end(_AFTER, text, end) :])


def _listed(text: str, separator: re.Match[str], find: Find, medium_at: MediumAt) -> _Found | None:
    """One more name of a list, known or not; None where the note begins."""
    found = _name_at(text, separator.end(), find)
    match = _accepted(found, text, separator) if found else None
    if found and match:
        return _with_surname(replace(found, match=match), text, find, medium_at)
    return _missing_at(text, separator, find, medium_at)


def _meaning(match: Match) -> object:
    return match.entries or match.asked


def _with_surname(found: _Found, text: str, find: Find, medium_at: MediumAt) -> _Found:
    """What was found, unless it is a bare first name with somebody else's surname behind: then that is in doubt."""
    match = found.match
    is_bare = found.is_one_word and not (found.is_quoted or found.is_possessive)
    if not is_bare or match.how not in {How.FIRST_NAME, How.PREFIX}:
        return found
    end = surname_end(text, found.end, medium_at)
    if end is None:
        return found
    if not match.asked[:1].isupper():
        # "jess Berlin trip": who writes names small may go on with a place as well, so all of it stays in the note.
        return replace(found, match=Match(match.entries, How.TYPO, (), match.asked))
    name, _ = list(_readings(text[found.end - len(match.asked) : end]))[-1]
    full = find(name)
    if full.entries:
        return replace(found, match=full, end=end, is_one_word=False)
    nearest = tuple(dict.fromkeys((*match.entries, *full.nearest)))[:5]
    return replace(found, match=Match((), None, nearest, full.asked), end=end, is_one_word=False)


def _missing_at(text: str, separator: re.Match[str], find: Find, medium_at: MediumAt) -> _Found | None:
    """A name in a list that nobody has: with capitals, or a single word before a medium or a name: "jess, sam call"."""
    start = separator.end()
    end = capitals_end(text, start, medium_at)
    goes_on = end is not None and medium_at(text[_end(BEHIND, text, end) :]) is not None
    if end is None or not (_COMMA.match(separator[0].lstrip()) or _JOINED.search(separator[0]) or goes_on):
        # "jess and Ben had lunch" may name a colleague, and the note keeps both.
        end = _lone_word_end(text, start, find, medium_at)
    if end is None:
        return None
    match = find(text[start:end])
    doubt = Match(match.entries, How.TYPO, (), match.asked) if match.entries else match
    return _Found(doubt, end, is_one_word=False)


def _lone_word_end(text: str, start: int, find: Find, medium_at: MediumAt) -> int | None:
    word = _ALONE.match(text, start)
    if word is None or text.isupper():
        return None
    known = fold(word[0])
    if known in NO_SURNAMES or _DESCRIBES.fullmatch(known) or medium_at(text[start:]) is not None:
        return None
    if medium_at(text[_end(BEHIND, text, word.end()) :]) in _BETWEEN_PEOPLE and text[word.end()].isspace():
        return word.end()
    separator = _BETWEEN.match(text, word.end())
    found = _name_at(text, separator.end(), find) if separator else None
    return word.end() if separator and found and _accepted(found, text, separator) else None


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
    if len(word) < 3 or not (is_capital or (_is_first_name(word, match) and not _is_ordinary(word))):
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
        return typed == first or (len(typed) >= 4 and OSA.distance(typed, first, score_cutoff=1) <= 1)
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
