"""Dates with parts missing: completed towards the past or the future, or refused where no day fits."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from zoneinfo import ZoneInfo

OLDEST_YEAR = 1990
YEARS_AHEAD = 20

MONTHS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}


class Sense(Enum):
    """Which way an incomplete date is completed, and which end of "next week" is meant."""

    PAST = "past"
    DUE = "due"
    UNTIL = "until"


class NoSuchDay(Exception):
    """The words have the form of a date that does not exist or that could be two; `str()` is for the user."""


def real(year: int, month: int, day: int, today: date) -> date:
    """The date, if there is one between 1990 and twenty years from today; raises NoSuchDay."""
    if not OLDEST_YEAR <= year <= today.year + YEARS_AHEAD:
        raise NoSuchDay(outside(today))
    try:
        return date(year, month, day)
    except ValueError:
        raise NoSuchDay(f"{year} has no {day} {short(month)}.") from None


def nearest(month: int, day: int, today: date, sense: Sense) -> date:
    """The date without a year: the latest not after today for the past, else the first not before; raises NoSuchDay."""
    step = -1 if sense is Sense.PAST else 1
    # Leap years may be eight years apart.
    for years in range(9):
        try:
            candidate = date(today.year + step * years, month, day)
        except ValueError:
            continue
        if candidate == today or (candidate < today) == (sense is Sense.PAST):
            return candidate
    raise NoSuchDay(f"There is no {day} {short(month)}.")


def short(month: int) -> str:
    """A month as it is written behind a day."""
    return next((name[:3].capitalize() for name, number in MONTHS.items() if number == month), f"of month {month}")


def outside(today: date) -> str:
    """The sentence for a date beyond the years that are read."""
    return f"That date is out of range: the years {OLDEST_YEAR} to {today.year + YEARS_AHEAD} work."


def written_on(at: str | None, zone: ZoneInfo, today: date) -> date | None:
    """The day on which a message was written, where that was before today; `at` is its moment in ISO, as it was sent.

    Nothing where that says no moment, or one that is older than any message.
    """
    try:
        written = datetime.fromisoformat(at or "").astimezone(zone).date()
    except (ValueError, OverflowError):
        return None
    return written if written.year >= OLDEST_YEAR and written < today else None
