"""What the words of a promise say: what it is, when it is due, whether money is owed; and which one words mean."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rapidfuzz import fuzz

from bot.model import Promise, Side
from bot.reading.clauses import first_link, fold, veil, without
from bot.reading.dates import find_day, unread_day
from bot.reading.exchange import value_of
from bot.reading.whose import whose
from bot.roster import spelling
from bot.roster.slips import Lexicon

__all__ = ["Promised", "is_alike", "matching", "read_promise"]

_ALIKE = 90
"""Likeness, of 100, from which on two promises may be one that was noted twice."""

_SAYS_LITTLE = frozenset(
    re.findall(
        r"\w+", "the a an to of for and or with her his their our my your it that this we they she he us them i will"
    )
)
"""Words that many promises have, and that tell none from another."""

_PREFIX = 3
"""Letters from which on the beginning of a word stands for it."""

_HEAD = re.compile(r"^(?:[\s,;:–—-]|(?:to|that)(?=\s))+", re.IGNORECASE)
# "send the invoice" hands over a paper; "pay the invoice" and "the invoice by friday" are about money.
_PAPER = r"(?:details|terms|info\w*|schedule|link|proposal|sheet|agreement|template|form|method|plan|question\w*)"
_MONEY = re.compile(
    r"(?<!\w)(?:(?:re)?pa(?:y|ys|ying|yment|yments|yout|youts)(?!\s(?:\w+\s){0,2}(?:attention|visit|homage|respects))"
    r"|fees?|honorari(?:um|a|ums)|remunerat\w+|reimburse\w*|compensat(?:e|es|ion)|royalt(?:y|ies)|commission|invoices?"
    r"|bank transfer|down ?payment|wire transfer|(?:transfer|wire|remit)s?\s(?:\w+\s){0,3}?(?:money|[€$£¥]?\d[\d.,]*k?)"
    r"|settle\s(?:\w+\s){0,2}?(?:bill|account))(?!\w)"
    rf"(?!\s{_PAPER}(?!\w))"
)
_HANDED_OVER = re.compile(
    r"(?<!\w)(?:sends?|sending|shares?|writes?|drafts?|issues?|forwards?|emails?|mails?|submits?|prepares?|updates?"
    r"|corrects?|gets?|a|an|new|corrected|revised|missing)\s(?:\w+\s){0,2}$"
)
_COIN = (
    r"(?:[€$£¥]|(?:eur|usd|gbp|chf)\s)\s?\d[\d.,]*k?"
    r"|\d[\d.,]*k?\s?(?:€|\$|£|(?:eur|euros?|usd|gbp|chf|dollars?|pounds?|quid|bucks)(?!\w))"
)
# "owe them $500", "$500 for the reel": an amount that is not the worth of a thing.
_SUM = re.compile(
    rf"(?:^|(?<!\w)owes?\s(?:\w+\s){{0,2}}?)(?:{_COIN})"
    r"(?=\s*(?:[,.;:!]|$|\s(?:for|as|plus|upfront|up front|in|each|per|on|to)(?!\w)))"
)
_BARE_SUM = re.compile(
    r"(?<!\w)(?:pay(?:s|ing)?\s(?:(?!for|by|on|in|at)[a-z]\w*\s){0,2}?|(?:payment|fee|honorarium|commission)\sof\s)"
    r"(\d[\d.,]*k?)(?=$|[,.;!]|\s(?:for|as|plus|upfront|in|to|fee|advance|deposit)(?!\w))"
)


# What ends a clause behind "by" or "before" says when ("by christmas", "before the launch", "net 30"), unless it says
# how or by whom ("by email", "by her", "by @ben", "by sharing it").
_TERM = re.compile(
    r"(?<!\w)(?:(?:by|until|till|til|before)\s+(?!(?:e-?mails?|mail|post|phone|text|dms?|hand|courier|parcel|letter|card"
    r"|cheque|check|bank|wire|transfer|invoice|paypal|video|car|train|plane|air|sea|her|him|them|us|me|you|it|himself"
    r"|herself|themselves|ourselves|myself|accident|mistake|default|heart|name|law|far|now|the way|\w+ing)(?!\w))"
    r"(?P<by>[^\W_][\w'’./-]*(?:\s[\w'’./-]+){0,3}?)|(?P<net>net[\s-]?\d{1,3}(?:\sdays)?))"
    r"(?=\s*(?:[,.;!?)](?!\w)|$|\s[–—-]\s))"
)


@dataclass(frozen=True, slots=True)
class Promised:
    """What `promise <name> <text>` says. `what` is the text without its date and the words that say whose it is.

    `value` is the amount as it was typed, `side` whose promise it is, `None` where the words don't tell. `unread` are
    words in the place of a date that name no day, or two ("3/12", "christmas"): they stay in `what`.
    """

    what: str
    due: date | None
    payment: bool
    value: str | None
    link: str | None
    unread: str | None = None
    side: Side | None = None


def read_promise(
    text: str, today: date, *, dated: bool = True, names: Sequence[str] = (), side: Side | None = None
) -> Promised:
    """What the words of a promise say; never raises. Where not `dated`, no words are taken for its date.

    `names` are what the influencer may be called in it, see `names_of`; a `side` that is given counts more than words.

    The date is a deadline ("by friday") anywhere, or another day where the promise could end, see `find_day`: without a
    year the next such day; one that is said to be past ("by last friday", "by 2026-11-06") is.
    """
    found = find_day(text, today, past=False) if dated else None
    what = _HEAD.sub("", without(text, found.start, found.end) if found else text.strip(), count=1).strip()
    said, what = whose(what, names, side)
    veiled = veil(fold(what))
    return Promised(
        what=what,
        due=found.day if found else None,
        payment=_is_payment(veiled),
        value=_value(veiled, what),
        link=first_link(what),
        unread=_unread(what, today) if dated and found is None else None,
        side=said,
    )


def _unread(what: str, today: date) -> str | None:
    """The words, as typed, that stand where a promise says by when, and say it in no way that is read here."""
    if unread := unread_day(what, today, past=False):
        return unread
    found = _TERM.search(veil(fold(what)))
    if found is None:
        return None
    start, end = found.span("by") if found["by"] else found.span("net")
    return what[start:end]


def _is_payment(veiled: str) -> bool:
    """Whether the words of a promise say that money is owed."""
    for found in _MONEY.finditer(veiled):
        before = veiled[max(0, found.start() - 40) : found.start()]
        if not (found[0].startswith("invoice") and _HANDED_OVER.search(before)):
            return True
    return _SUM.search(veiled.strip()) is not None or _BARE_SUM.search(veiled) is not None


def _value(veiled: str, typed: str) -> str | None:
    """The amount with its currency, or the bare number behind “pay”, as it was typed."""
    amount = value_of(veiled, typed, paid=False, gift=True)
    bare = _BARE_SUM.search(veiled) if amount is None else None
    return typed[bare.start(1) : bare.end(1)].rstrip(".,") if bare else amount


def is_alike(what: str, other: str) -> bool:
    """Whether two promises may be one that was noted twice: the same words, in another order or with slips."""
    words, others = _told(what), _told(other)
    if not words or not others:
        return spelling.fold(what) == spelling.fold(other)
    one, two = " ".join(words), " ".join(others)
    return max(fuzz.ratio(one, two), fuzz.token_sort_ratio(one, two)) >= _ALIKE


def matching(typed: str, promises: Sequence[Promise]) -> tuple[Promise, ...]:
    """The promises whose words have all of those typed: as they stand, begun, or else with slips of the fingers.

    None where nothing was typed.
    """
    wanted = _told(typed)
    if not wanted:
        return ()
    words = {one.id: frozenset(_words(f"{one.what} {one.value or ''}")) for one in promises}
    for fits in (_has, _begins, _slips):
        found = tuple(one for one in promises if all(fits(word, words[one.id]) for word in wanted))
        if found:
            return found
    return ()


def _has(word: str, words: frozenset[str]) -> bool:
    return word in words


def _begins(word: str, words: frozenset[str]) -> bool:
    return word in words or (len(word) >= _PREFIX and any(one.startswith(word) for one in words))


def _slips(word: str, words: frozenset[str]) -> bool:
    return _begins(word, words) or bool(Lexicon(words).slips(word))


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", spelling.fold(text))


def _told(text: str) -> list[str]:
    """The words that tell one promise from another; all of them where there are no such."""
    words = _words(text)
    return [word for word in words if word not in _SAYS_LITTLE] or words
