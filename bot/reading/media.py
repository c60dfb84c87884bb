"""Which medium a touchpoint's words name: of several, the one that tells how it happened."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from bot.model import Medium
from bot.reading.clauses import Clauses, clauses_of, fold, veil
from bot.reading.medium_words import MEDIUM_WORDS, NOT_MEDIA, POSTS, Strength

_POST = "(?:" + "|".join(sorted(POSTS, key=len, reverse=True)) + ")"
# Behind these a sentence tells what it was about, not how it happened.
TOPIC = re.compile(
    r"(?<!\w)(?:about|re|regarding|concerning|for|if|whether|that|because|after|before|since|during|said|says|saying"
    r"|mentioned that|wants?|wanted|would like|loves?|loved|likes|liked the|enjoyed|hates|thinks|hopes|invit\w+"
    r"|asked (?:her|him|them) to|asks|promised|will|would|should|could|can|may|might|\w+'ll|\w+'d (?:like|love|be|host)"
    r"|to (?:discuss|say|tell|ask|send|host|test|join|schedule|arrange|set up|plan|do|film|post|publish|share|come|give"
    r"|call|email|text|message|meet|write|send|comment))(?!\w)"
)
# "by email", "over coffee", "on the phone" say how, wherever they stand in their clause.
_HOW = re.compile(
    r"(?<!\w)(?P<how>by|via|over|on|through|per|in)\s+(?:(?:the|a|an|insta|instagram|ig|tiktok|linkedin|quick)\s+)?$"
)
_FIRST_POST = re.compile(
    r"\W*(?:(?:her|his|their|the|a|an|new|first|second|another|latest|sponsored|unpaid|great|lovely|nice|instagram|insta"
    rf"|ig|youtube|two|three|\w+'s)\s+){{0,3}}{_POST}(?!\w)"
)


def _pattern(phrase: str) -> str:
    words = []
    for word in phrase.split():
        if word == "...":
            words.append(r"(?:[\w']+\s){0,3}")
        elif word == "{post}":
            words.append(_POST + r"\s")
        else:
            words.append(re.escape(word).replace(r"\*", r"\w*") + r"\s")
    return "".join(words).removesuffix(r"\s") + r"(?!\w|'\w\w|-\w)"


@dataclass(frozen=True, slots=True)
class _Entry:
    pattern: str
    medium: Medium | None
    strength: Strength


def _entries() -> Iterator[_Entry]:
    """All phrases, those with the same initial together and of them the longest first."""
    found = [_Entry(_pattern(phrase), None, Strength.SURE) for phrase in NOT_MEDIA]
    for medium, strengths in MEDIUM_WORDS.items():
        for strength, phrases in strengths.items():
            for phrase in phrases:
                # What begins with a post ("reel is up") is kept apart for each of them, as initials go.
                nouns = POSTS if phrase.startswith("{post}") else ("",)
                found += [
                    _Entry(_pattern(phrase.replace("{post}", noun, 1) if noun else phrase), medium, strength)
                    for noun in nouns
                ]
    yield from sorted(found, key=lambda entry: (entry.pattern[0], -len(entry.pattern)))


_ENTRIES = tuple(_entries())
# At a letter only what begins with it is tried; the groups are numbered as the entries are.
_ANY = re.compile(
    r"(?<![\w@#/-])(?:"
    + "|".join(
        f"(?={initial})(?:" + "|".join(f"({entry.pattern})" for entry in alike) + ")"
        for initial, alike in groupby(_ENTRIES, key=lambda entry: entry.pattern[0])
    )
    + ")"
)
_LONGEST = 100
"""Characters; no phrase of the tables is longer, whatever stands for its gaps."""


@dataclass(frozen=True, slots=True)
class Named:
    """A medium and where the word stands that names it."""

    medium: Medium
    start: int
    strength: Strength


def find_medium(veiled: str, clauses: Clauses) -> Named | None:
    """The medium that a veiled text names, or None.

    The first clause that names one decides; in it the surest word, among equals the first. What stands behind a topic
    marker ("about the call", "for the flowers") names nothing, unless it says how ("by email").
    """
    topics = _topics(veiled, clauses)
    best: tuple[int, int, int] | None = None
    named = None
    for found in _ANY.finditer(veiled):
        entry = _ENTRIES[(found.lastindex or 1) - 1]
        if entry.medium is None or not _counts(found, entry, veiled, clauses, topics):
            continue
        rank = (clauses.number(found.start()), -entry.strength, found.start())
        if best is None or rank < best:
            best, named = rank, Named(entry.medium, found.start(), entry.strength)
    first = _FIRST_POST.match(veiled)
    if first and (best is None or best[0] > 0 or best[1] > -Strength.SURE):
        return Named(Medium.POST, first.start(), Strength.SURE)
    return named


def read_medium(word: str) -> Medium | None:
    """The medium that an everyday word for it names ("coffee", "whatsapp"), or None."""
    veiled = veil(fold(word))
    named = find_medium(veiled, clauses_of(veiled))
    return named.medium if named else None


def medium_at(text: str) -> Medium | None:
    """The medium that the first words of a text name; other, where they only hold a word for one ("coffee mugs")."""
    folded = fold(text[:_LONGEST])
    if found := _ANY.match(folded):
        return _ENTRIES[(found.lastindex or 1) - 1].medium or Medium.OTHER
    return Medium.POST if _FIRST_POST.match(folded) else None


def _topics(veiled: str, clauses: Clauses) -> dict[int, int]:
    """Where in each clause its topic begins."""
    topics: dict[int, int] = {}
    for found in TOPIC.finditer(veiled):
        topics.setdefault(clauses.number(found.start()), found.start())
    return topics


def _counts(found: re.Match[str], entry: _Entry, veiled: str, clauses: Clauses, topics: dict[int, int]) -> bool:
    start = found.start()
    topic = topics.get(clauses.number(start), start)
    if topic >= start:
        return True
    how = _HOW.search(veiled[max(0, start - 24) : start])
    if how is None:
        return False
    return how["how"] not in {"on", "in"} or entry.medium in {Medium.CALL, Medium.DM}
