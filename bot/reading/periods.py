"""Weeks, months, quarters and years on the calendar: stepping by them, and where they begin and end."""

from __future__ import annotations

from datetime import date, timedelta

DAYS_OF = {"day": 1, "week": 7, "fortnight": 14}
MONTHS_OF = {"month": 1, "quarter": 3, "year": 12}


def later(day: date, count: int, unit: str) -> date:
    """The day that lies `count` units after `day` (before it, where negative) on the calendar.

    The 31st falls to the last day of a shorter month. Raises ValueError or OverflowError off the calendar.
    """
    if unit in DAYS_OF:
        return day + timedelta(days=count * DAYS_OF[unit])
    months = day.year * 12 + day.month - 1 + count * MONTHS_OF[unit]
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, last_of_month(year, month + 1).day))


def last_of_month(year: int, month: int) -> date:
    """The last day of a month. Raises ValueError for a year or month that there isn't."""
    first = date(year, month, 1)
    return date(year, 12, 31) if month == 12 else first.replace(month=month + 1) - timedelta(days=1)


def start_of(unit: str, day: date) -> date:
    """The first day of the week, month, quarter or year that a day is in."""
    match unit:
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case "quarter":
            return date(day.year, day.month - (day.month - 1) % 3, 1)
    return date(day.year, 1, 1)


def start_of_next(unit: str, day: date) -> date:
    """The first day of the week, month, quarter or year after the one that a day is in."""
    return later(start_of(unit, day), 1, unit)


def end_of(unit: str, day: date) -> date:
    """The last day of the week, month, quarter or year that a day is in; a week ends on Friday until that is over."""
    last = start_of_next(unit, day) - timedelta(days=1)
    friday = last - timedelta(days=2)
    return friday if unit == "week" and day <= friday else last
