"""Cells: what one cell of a spreadsheet says, as a value.

A file is read again when it is applied, maybe on another day: so dates in it are absolute, and what could be two dates
is refused. All readers raise NotUnderstood with a sentence that says what was expected.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum
from typing import TypeVar

from bot.errors import NotUnderstood
from bot.model import NAME_LIMIT, NOTE_LIMIT, Direction, Exchange, Handle, Medium, Stage, Tier
from bot.reading.clauses import clauses_of, veil
from bot.reading.clauses import fold as lowered
from bot.reading.incomplete import MONTHS, OLDEST_YEAR, YEARS_AHEAD
from bot.reading.media import find_medium
from bot.reading.words import clean, clean_line
from bot.roster.spelling import account, accounts, fold, is_account

E = TypeVar("E", bound=StrEnum)

_TIME = r"(?:[T ,]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[ap]m)?(?:Z|[+-]\d{2}:?\d{2})?)?"
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})" + _TIME, re.IGNORECASE)
_DOTTED = re.compile(r"(\d{1,2})\. ?(\d{1,2})\. ?(\d{4})" + _TIME, re.IGNORECASE)
_SLASHED = re.compile(r"(\d{1,2})([/-])(\d{1,2})\2(\d{4})" + _TIME, re.IGNORECASE)
_DAY_MONTH = re.compile(
    r"(?:[a-z]+\.?,? )?(\d{1,2})(?:st|nd|rd|th)?\.?[ -]([a-z]+)\.?,?[ -](\d{4})" + _TIME, re.IGNORECASE
)
_MONTH_DAY = re.compile(r"(?:[a-z]+\.?, )?([a-z]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})" + _TIME, re.IGNORECASE)
_NO_YEAR_NUMBERS = re.compile(r"-{0,2}(\d{1,2})-(\d{1,2})|(\d{1,2})\. ?(\d{1,2})\.?")
_NO_YEAR_WORDS = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th)?\.?[ -]([a-z]+)\.?|([a-z]+)\.?[ -](\d{1,2})(?:st|nd|rd|th)?", re.IGNORECASE
)
_HANDLE = re.compile(r"([a-z][a-z0-9_+-]{0,19}):@?([^\s:@,;/]{1,100})")
_OLDEST_BIRTH = 1900

_YES = frozenset({"yes", "y", "true", "1", "x", "✓", "✔", "paid"})
_NO = frozenset({"no", "n", "false", "0", "-", "unpaid"})
_DIRECTIONS = {
    "out": Direction.OUTBOUND,
    "outgoing": Direction.OUTBOUND,
    "sent": Direction.OUTBOUND,
    "to them": Direction.OUTBOUND,
    "we to them": Direction.OUTBOUND,
    "in": Direction.INBOUND,
    "incoming": Direction.INBOUND,
    "received": Direction.INBOUND,
    "from them": Direction.INBOUND,
    "they to us": Direction.INBOUND,
    "both": Direction.MUTUAL,
    "both ways": Direction.MUTUAL,
}
_EXCHANGES = {
    "gave": Exchange.GIVE,
    "given": Exchange.GIVE,
    "asked": Exchange.ASK,
    "none": Exchange.NEUTRAL,
}


class Order(Enum):
    """Which comes first in a date with slashes."""

    DAY = "day first"
    MONTH = "month first"


@dataclass(frozen=True, slots=True)
class Birthday:
    """A day of the year, and the year where it is known."""

    month: int
    day: int
    year: int | None = None


def line(text: str) -> str:
    """One line as it will be kept, of at most 200 characters."""
    return _within(_tidy(text, clean_line), NAME_LIMIT)


def words(text: str) -> str:
    """A text as it will be kept, of at most 3,000 characters."""
    return _within(_tidy(text, clean), NOTE_LIMIT)


def notes(text: str) -> tuple[str, ...]:
    """The lines of a cell that can hold several notes; which of them are new, and too long, the plan knows."""
    return tuple(kept for each in _tidy(text, clean).split("\n") if (kept := each.strip()))


def several(text: str) -> tuple[str, ...]:
    """Names with `;` or line breaks between."""
    return tuple(dict.fromkeys(line(part) for part in re.split(r"[;\n]", text) if part.strip()))


def link(text: str) -> str:
    """An address on the web."""
    kept = words(text)
    if not kept.casefold().startswith(("https://", "http://")):
        raise _not(text, "a web address", "https://…")
    return kept


def handles(text: str) -> tuple[Handle, ...]:
    """Handles as `instagram:jess.cooks` or as the addresses of profiles, with spaces, commas or `;` between."""
    return tuple(dict.fromkeys(_profile(word) or _handle(word) for word in _apart(text)))


def handle_on(network: str, text: str) -> tuple[Handle, ...]:
    """User names in a column that is called like a network, with or without `@`, the network's name or an address."""
    found = []
    for word in _apart(text):
        named = is_account(word) and ":" in word
        found.append(_profile(word) or _handle(word if named else f"{network}:{word}"))
    return tuple(dict.fromkeys(found))


def network_of(column: str) -> str | None:
    """The network that a column is called after, `None` where it isn't."""
    return account(column, "x").partition(":")[0] if " " not in column and is_account(f"{column}:x") else None


def tier(text: str) -> Tier:
    """A tier, with or without the word."""
    letter = fold(text).removeprefix("tier").strip().upper()
    if letter not in Tier.__members__:
        raise _not(text, "a tier", *Tier)
    return Tier(letter)


def stage(text: str) -> Stage:
    """A stage."""
    return _choice(text, Stage, {}, "a stage")


def medium(text: str) -> Medium:
    """A medium, or an everyday word that `log` takes for one."""
    folded = veil(lowered(text))
    named = find_medium(folded, clauses_of(folded))
    return _choice(text, Medium, {fold(text): named.medium} if named else {}, "a medium")


def direction(text: str) -> Direction:
    """Who moved."""
    return _choice(text, Direction, _DIRECTIONS, "a direction")


def exchange(text: str) -> Exchange:
    """What it did to the balance."""
    return _choice(text, Exchange, _EXCHANGES, "an exchange")


def flag(text: str) -> bool:
    """Yes or no."""
    said = fold(text)
    if said in _YES or said in _NO:
        return said in _YES
    raise _not(text, "yes or no", "yes", "no")


def order_of(texts: Iterable[str]) -> Order | None:
    """How a sheet writes dates with slashes: told by those that can only be read one way; `None` where none can."""
    orders = set()
    for text in texts:
        found = _SLASHED.fullmatch(text)
        if found and int(found[1]) > 12 >= int(found[3]):
            orders.add(Order.DAY)
        elif found and int(found[3]) > 12 >= int(found[1]):
            orders.add(Order.MONTH)
    return orders.pop() if len(orders) == 1 else None


def day(text: str, today: date, order: Order | None) -> date:
    """An absolute date, from 1990 up to 20 years ahead."""
    found = _date(text, order)
    if not OLDEST_YEAR <= found.year <= today.year + YEARS_AHEAD:
        raise NotUnderstood(
            f"“{text[:40]}” is out of range: dates from {OLDEST_YEAR} to {today.year + YEARS_AHEAD} are kept."
        )
    return found


def past_day(text: str, today: date, order: Order | None) -> date:
    """An absolute date that is not in the future."""
    found = day(text, today, order)
    if found > today:
        raise NotUnderstood(f"“{text[:40]}” is in the future, and this is about what was.")
    return found


def birthday(text: str, today: date, order: Order | None) -> Birthday:
    """A day of the year as `14 Mar`, `--03-14` or `14.3.`, or a date with its year."""
    return _yearly(text, today, order, "a birthday", "year of birth")


def anniversary(text: str, today: date, order: Order | None) -> Birthday:
    """The same for a day that is celebrated every year, with the year of the first where it is known."""
    return _yearly(text, today, order, "an anniversary", "year in which something began")


def _yearly(text: str, today: date, order: Order | None, what: str, began: str) -> Birthday:
    try:
        whole = _date(text, order)
    except NotUnderstood:
        month, day_of_month = _day_of_year(text, what)
        return Birthday(month, day_of_month)
    if not _OLDEST_BIRTH <= whole.year <= today.year:
        raise NotUnderstood(f"“{text[:40]}” is no {began}. Leave the year out: “{whole.day} {whole:%b}”.")
    return Birthday(whole.month, whole.day, whole.year)


def _day_of_year(text: str, what: str) -> tuple[int, int]:
    month = day_of_month = 0
    if found := _NO_YEAR_NUMBERS.fullmatch(text):
        month, day_of_month = (int(found[1]), int(found[2])) if found[1] else (int(found[4]), int(found[3]))
    elif found := _NO_YEAR_WORDS.fullmatch(text):
        month = MONTHS.get((found[2] or found[3]).casefold(), 0)
        day_of_month = int(found[1] or found[4])
    try:
        date(2024, month, day_of_month)  # a leap year, which has every day
    except ValueError:
        raise _not(text, what, "14 Mar", "1990-03-14") from None
    return month, day_of_month


def _date(text: str, order: Order | None) -> date:
    """A date with its year in any of the forms; NotUnderstood."""
    text = text.strip()
    try:
        if found := _YEAR_FIRST.fullmatch(text):
            return date(int(found[1]), int(found[3]), int(found[4]))
        if found := _DOTTED.fullmatch(text):
            return date(int(found[3]), int(found[2]), int(found[1]))
        if found := _SLASHED.fullmatch(text):
            return _slashed(text, int(found[1]), int(found[3]), int(found[4]), order)
        if found := _DAY_MONTH.fullmatch(text):
            return date(int(found[3]), MONTHS.get(found[2].casefold(), 0), int(found[1]))
        if found := _MONTH_DAY.fullmatch(text):
            return date(int(found[3]), MONTHS.get(found[1].casefold(), 0), int(found[2]))
    except ValueError:
        raise NotUnderstood(f"“{text[:40]}” is not on the calendar. Write it like “2026-03-14”.") from None
    raise _not(text, "a date", "2026-03-14", "14 Mar 2026", "14.03.2026")


def _slashed(text: str, first: int, second: int, year: int, order: Order | None) -> date:
    if order is None and first <= 12 and second <= 12 and first != second:
        one, other = date(year, second, first), date(year, first, second)
        raise NotUnderstood(
            f"“{text[:40]}” could be {one.day} {one:%b} or {other.day} {other:%b}, and no other date in this file "
            f"tells. Write “{one}” or “{other}”."
        )
    day_first = order is Order.DAY if order else first > 12
    return date(year, second, first) if day_first else date(year, first, second)


def _apart(text: str) -> list[str]:
    return [word for word in re.split(r"[\s,;]+", clean_line(text)) if word]


def _handle(word: str) -> Handle:
    found = _HANDLE.fullmatch(word.casefold())
    if found is None:
        raise _not(word, "a handle", "instagram:jess.cooks")
    return Handle(found[1], found[2])


def _profile(word: str) -> Handle | None:
    """The handle that the address of a profile stands for."""
    if "/" not in word:
        return None
    for known_as in accounts(fold(word)):
        network, _, name = known_as.partition(":")
        if is_account(f"{network}:x"):
            return _handle(f"{network}:{name}")
    return None


def _choice(text: str, kind: type[E], synonyms: Mapping[str, E], what: str) -> E:
    said = fold(text)
    for option in kind:
        if option.value == said:
            return option
    if said in synonyms:
        return synonyms[said]
    raise _not(text, what, *kind)


def _tidy(text: str, how: Callable[[str], str]) -> str:
    """`clean` or `clean_line`, past which most cells get quickly: 100,000 notes are 6 million letters."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    return how(text)


def _within(text: str, limit: int) -> str:
    if len(text) > limit:
        raise NotUnderstood(f"This has {len(text):,} characters; {limit:,} are kept at most. Shorten it.")
    return text


def _not(text: str, what: str, *expected: str) -> NotUnderstood:
    shown = " ".join(text.split())
    listed = ", ".join(f"“{option}”" for option in expected)
    return NotUnderstood(f"“{shown[:40]}{'…' * (len(shown) > 40)}” is not {what}. Expected: {listed}.")
