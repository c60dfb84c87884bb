"""How long: "3 weeks", "2w", "a month", "every other week" as days, and the numbers people write as words."""

from __future__ import annotations

import re

from bot.errors import NotUnderstood
from bot.reading.clauses import fold
from bot.reading.periods import DAYS_OF, MONTHS_OF

NUMBERS: dict[str, int] = {
    "a couple of": 2,
    "couple of": 2,
    "a couple": 2,
    "a few": 3,
    "few": 3,
    "an": 1,
    "a": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
}
"""Numbers in words, longest first where one begins with another."""

UNITS: dict[str, str] = {
    "d": "day",
    "day": "day",
    "days": "day",
    "w": "week",
    "wk": "week",
    "wks": "week",
    "week": "week",
    "weeks": "week",
    "fortnight": "fortnight",
    "fortnights": "fortnight",
    "m": "month",
    "mo": "month",
    "mos": "month",
    "month": "month",
    "months": "month",
    "quarter": "quarter",
    "quarters": "quarter",
    "y": "year",
    "yr": "year",
    "yrs": "year",
    "year": "year",
    "years": "year",
}
"""What people call a stretch of time → its name."""

_ADVERBS = {
    "daily": 1,
    "every day": 1,
    "weekly": 7,
    "biweekly": 14,
    "fortnightly": 14,
    "every other week": 14,
    "every second week": 14,
    "monthly": 30,
    "bimonthly": 60,
    "every other month": 60,
    "every second month": 60,
    "quarterly": 90,
    "half a year": 180,
    "half-yearly": 180,
    "half yearly": 180,
    "yearly": 365,
    "annually": 365,
}
LONGEST = 3650

_written = "|".join(sorted(NUMBERS, key=len, reverse=True))
_named = "|".join(sorted(UNITS, key=len, reverse=True))
NUMBER = rf"(?:\d{{1,4}}(?!\d)|(?:{_written})(?!\w))"
"""A pattern for a number in digits or words, in folded text."""
LONG_UNIT = "(?:" + "|".join(name for name in sorted(UNITS, key=len, reverse=True) if len(name) > 1) + r")(?!\w)"
"""A pattern for a unit that is written out, in folded text; "2w" is read only where a duration is asked for."""

_LEAD = re.compile(r"(?:(?:once|about|around|for|every|each|per|in|approx\.?|~)\s+)+")
_DURATION = re.compile(rf"(?P<count>{NUMBER})\s*-?\s*(?P<unit>{_named})?")


def number(written: str) -> int:
    """What a text that matches NUMBER counts."""
    words = " ".join(written.split())
    return NUMBERS[words] if words in NUMBERS else int(words)


def read_days(text: str) -> int:
    """A duration as a number of days, 1 to 3650: "3 weeks", "2w", "10d", "21", "a month", "every 3 weeks".

    A month is 30 days and a year 365, so that "6 months" is the 180 days of tier C. Raises NotUnderstood.
    """
    length = length_of(text)
    if length is None:
        raise NotUnderstood(f"{_shown(text)} is not a length of time. Try “3 weeks”, “10 days”, “2w” or “a month”.")
    count, unit = length
    days = in_days(count, unit)
    if not 1 <= days <= LONGEST:
        raise NotUnderstood(f"{_shown(text)} is out of range: anything from 1 to {LONGEST} days works.")
    return days


def in_days(count: int, unit: str) -> int:
    """A length in days by the rule of thumb of read_days; 18 months are a year and 180 days."""
    if unit in DAYS_OF:
        return count * DAYS_OF[unit]
    years, months = divmod(count * MONTHS_OF[unit], 12)
    return years * 365 + months * 30


def length_of(text: str) -> tuple[int, str] | None:
    """What a text says about a length of time, as a count and a unit ("day" where none is named), or None."""
    words = " ".join(fold(text).split()).strip(" .,!")
    if words in _ADVERBS:
        return _ADVERBS[words], "day"
    lead = _LEAD.match(words)
    rest = words[lead.end() :] if lead else words
    if rest in _ADVERBS:
        return _ADVERBS[rest], "day"
    if lead and rest in UNITS:
        return 1, UNITS[rest]
    if rest in {"fortnight", "month", "week", "year", "quarter"}:
        return 1, rest
    found = _DURATION.fullmatch(rest)
    if found is None or (found["unit"] is None and not found["count"].isdigit()):
        return None
    return number(found["count"]), UNITS[found["unit"] or "day"]


def _shown(text: str) -> str:
    words = " ".join(text.split())
    return f"“{words[:40]}…”" if len(words) > 41 else f"“{words}”" if words else "That"
