"""The forms in which people write a day, each a pattern and what it means; which of them counts is for dates.py."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from bot.reading.durations import LONG_UNIT, NUMBER, UNITS, number
from bot.reading.incomplete import MONTHS, OLDEST_YEAR, YEARS_AHEAD, NoSuchDay, Sense, nearest, outside, real, short
from bot.reading.periods import end_of, last_of_month, later, start_of, start_of_next


class Kind(Enum):
    """How sure one may be that a phrase is a date, wherever it stands."""

    RELATIVE = "relative"  # "yesterday", "last friday", "in 3 days": nothing else can be meant
    FIXED = "fixed"  # "friday", "14 mar": a day, but maybe one that is only spoken of
    BARE = "bare"  # "sat", "the 2nd": a day only where nothing else would make sense


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that have the form of a date. `day` is None where there is no such day, and then `problem` says why."""

    start: int
    end: int
    kind: Kind
    day: date | None
    problem: str | None = None


WEEKDAYS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "monday mon",
            "tuesday tues tue",
            "wednesday weds wed",
            "thursday thurs thur thu",
            "friday fri",
            "saturday sat",
            "sunday sun",
        )
    )
    for name in names.split()
}
# Also verbs, a star and a syllable: only where a day is all that they can be.
_ALSO_WORDS = frozenset({"sat", "sun", "wed", "mon"})


def _any(words: dict[str, int]) -> str:
    return "(?:" + "|".join(sorted(words, key=len, reverse=True)) + ")"


_WEEKDAY = rf"(?P<weekday>{_any(WEEKDAYS)})"
_MONTH = rf"(?P<month>{_any(MONTHS)})"
_DAY = r"(?P<day>\d{1,2})(?!\d)"
_ORDINAL = r"(?:st|nd|rd|th)"
_PART = r"(?:\s(?:morning|noon|lunchtime|afternoon|evening|night))?"
_NAMED_DAY = rf"(?:{_any(WEEKDAYS)}\.?,?\s(?:the\s)?)?"
_YEAR = r"(?:,?\s(?P<year>\d{4})(?![\d:]))?"
_PERIOD = r"(?P<period>week|month|quarter|year)"

Reader = Callable[[re.Match[str], date, Sense], date | None]


def _spoken(found: re.Match[str], today: date, _sense: Sense) -> date:
    words = found["words"]
    for word, days in (("before yesterday", -2), ("after tomorrow", 2), ("yesterday", -1), ("yday", -1)):
        if word in words:
            return today + timedelta(days=days)
    if words.startswith("last night"):
        return today - timedelta(days=1)
    return today + timedelta(days=1 if words.startswith(("tomorrow", "tmr")) else 0)


def _counted(found: re.Match[str], today: date, _sense: Sense) -> date:
    count = number(found["count"])
    return later(today, -count if found["back"] else count, UNITS[found["unit"]])


def _period(found: re.Match[str], today: date, sense: Sense) -> date | None:
    which, unit = found["which"], found["period"]
    if which in {"last", "past"}:
        return later(today, -1, unit)
    if which in {"this", "the", None}:
        return None if sense is Sense.PAST else end_of(unit, today)
    first = start_of_next(unit, today)
    return end_of(unit, first) if sense is Sense.DUE else first


def _further_week(found: re.Match[str], today: date, sense: Sense) -> date:
    if found["back"]:
        return today - timedelta(days=14)
    monday = start_of_next("week", today) + timedelta(days=7)
    return end_of("week", monday) if sense is Sense.DUE else monday


def _weekend(found: re.Match[str], today: date, sense: Sense) -> date:
    this_saturday = today + timedelta(days=5 - today.weekday())
    which = found["which"] or found["alone"]
    if which == "next":
        return this_saturday + timedelta(days=7)
    if (sense is not Sense.PAST and which not in {"last", "past"}) or this_saturday < today:
        return this_saturday
    is_now = this_saturday == today and which not in {"last", "past"}
    return today if is_now else this_saturday - timedelta(days=7)


def _edge(found: re.Match[str], today: date, sense: Sense) -> date:
    if found["month"]:
        month = MONTHS[found["month"]]
        if found["year"]:
            return last_of_month(int(found["year"]), month)
        year = today.year if month >= today.month else today.year + 1
        ended = last_of_month(today.year, month)
        return last_of_month(year if sense is not Sense.PAST or ended <= today else today.year - 1, month)
    which, unit = found["which"], found["period"] or found["short"]
    unit = {"w": "week", "m": "month", "y": "year"}.get(unit, unit)
    if unit in {"d", "day"}:
        return today
    if which == "last":
        return start_of(unit, today) - timedelta(days=1)
    first = start_of_next(unit, today) if which == "next" else today
    return end_of(unit, first) if (found["edge"] or "end") == "end" else start_of(unit, first)


def _weekday(found: re.Match[str], today: date, sense: Sense) -> date:
    wanted = WEEKDAYS[found["weekday"]]
    which = found["which"] or found["week"] or found["week_before"] or None
    monday = today - timedelta(days=today.weekday())
    if which == "next":
        return monday + timedelta(days=7 + wanted)
    if found["week"] or found["week_before"]:
        return monday + timedelta(days=wanted - 7)
    if which in {"last", "past"} or (sense is Sense.PAST and which is None):
        return today - timedelta(days=(today.weekday() - wanted) % 7 or 7)
    if which == "this" and sense is Sense.PAST:
        return monday + timedelta(days=wanted)
    return today + timedelta(days=(wanted - today.weekday()) % 7 or 7)


def _year_first(found: re.Match[str], today: date, _sense: Sense) -> date:
    return real(int(found["year"]), int(found["number"]), int(found["day"]), today)


def _month_named(found: re.Match[str], today: date, sense: Sense) -> date:
    month, day = MONTHS[found["month"]], int(found["day"])
    return real(int(found["year"]), month, day, today) if found["year"] else nearest(month, day, today, sense)


def _dotted(found: re.Match[str], today: date, sense: Sense) -> date:
    month, day = int(found["number"]), int(found["day"])
    return real(_full(found["year"]), month, day, today) if found["year"] else nearest(month, day, today, sense)


def _slashed(found: re.Match[str], today: date, sense: Sense) -> date | None:
    if found[0] == "24/7":
        return None
    first, second = int(found["first"]), int(found["second"])
    if first <= 12 and second <= 12 and first != second:
        raise NoSuchDay(f"“{found[0]}” could be {first} {short(second)} or {second} {short(first)}.")
    month, day = (first, second) if second > 12 else (second, first)
    return real(_full(found["year"]), month, day, today) if found["year"] else nearest(month, day, today, sense)


def _of_month(found: re.Match[str], today: date, sense: Sense) -> date:
    day = int(found["day"])
    if which := found["which"]:
        first = {"this": today, "last": start_of("month", today) - timedelta(days=1)}.get(which)
        first = first or start_of_next("month", today)
        return real(first.year, first.month, day, today)
    step = -1 if sense is Sense.PAST else 1
    for months in range(4):
        month = later(today.replace(day=1), step * months, "month")
        if 1 <= day <= last_of_month(month.year, month.month).day:
            found_day = month.replace(day=day)
            if found_day == today or (found_day < today) == (sense is Sense.PAST):
                return found_day
    raise NoSuchDay(f"No month has a day {day}.")


_FORMS: tuple[tuple[Kind, re.Pattern[str], Reader], ...] = tuple(
    (kind, re.compile(rf"(?<![\w@#/.'€$£-])(?<!half\s){pattern}(?!\w|-\w|'s?\w|/\d)"), reader)
    for kind, pattern, reader in (
        (
            Kind.RELATIVE,
            r"(?P<words>(?:the\s)?day\s(?:before\syesterday|after\stomorrow)|(?:(?:earlier|later|late|early)\s)?"
            rf"(?:today|this\s(?:morning|noon|lunchtime|afternoon|evening)|tonight|(?:yesterday|yday|tomorrow|tmrw|tmr)"
            rf"{_PART}|last\snight))",
            _spoken,
        ),
        (Kind.RELATIVE, rf"(?P<count>{NUMBER})\s(?P<unit>{LONG_UNIT})\s(?P<back>ago|back)", _counted),
        (Kind.RELATIVE, rf"(?:in|within)\s(?P<count>{NUMBER})\s(?P<unit>{LONG_UNIT})(?P<back>)", _counted),
        (
            Kind.RELATIVE,
            rf"(?P<count>{NUMBER})\s(?P<unit>{LONG_UNIT})(?P<back>)\sfrom\s(?:now|today)",
            _counted,
        ),
        (Kind.RELATIVE, rf"(?P<which>last|next|this|past)\s{_PERIOD}", _period),
        (Kind.RELATIVE, r"(?:the\s)?week\s(?:(?P<back>before\slast)|after\snext)", _further_week),
        (
            Kind.RELATIVE,
            r"(?:(?:at|over|on)\s(?:the|(?P<which>last|next|this|past))|(?P<alone>last|next|this|past))\sweekend",
            _weekend,
        ),
        (Kind.BARE, r"the(?P<which>)(?P<alone>)\sweekend", _weekend),
        (
            Kind.RELATIVE,
            rf"(?:the\s)?(?:(?P<edge>end|start|beginning)\s(?:of\s)?(?:the\s)?(?:(?P<which>this|next|last)\s)?"
            rf"(?:(?P<period>week|month|quarter|year|day)|{_MONTH}{_YEAR})|eo(?P<short>[dwmy]))",
            _edge,
        ),
        (Kind.RELATIVE, rf"(?P<week_before>last|next)\sweek\s(?:on\s)?{_WEEKDAY}(?P<which>)(?P<week>)", _weekday),
        (
            Kind.RELATIVE,
            rf"{_WEEKDAY}{_PART}\s(?:of\s)?(?P<week>last|next)\sweek(?P<which>)(?P<week_before>)",
            _weekday,
        ),
        (
            Kind.RELATIVE,
            rf"(?:(?:this|the)\s)?(?P<which>last|next|this|coming|past)\s{_WEEKDAY}{_PART}(?P<week>)(?P<week_before>)",
            _weekday,
        ),
        (Kind.FIXED, rf"{_WEEKDAY}{_PART}(?P<which>)?(?P<week>)(?P<week_before>)", _weekday),
        (Kind.FIXED, rf"(?P<year>\d{{4}})(?P<sep>[-/.])(?P<number>\d{{1,2}})(?P=sep){_DAY}", _year_first),
        (
            Kind.FIXED,
            rf"{_NAMED_DAY}(?:the\s)?{_DAY}{_ORDINAL}?[\s.-]{{0,2}}(?:of\s)?{_MONTH}(?!\w)"
            r"(?:(?:-|\.?,?\s)(?P<year>\d{4})(?![\d:]))?",
            _month_named,
        ),
        (Kind.FIXED, rf"{_NAMED_DAY}{_MONTH}(?!\w)(?:\.\s?|\s)(?:the\s)?{_DAY}{_ORDINAL}?(?!\w){_YEAR}", _month_named),
        (
            Kind.FIXED,
            rf"{_NAMED_DAY}{_DAY}\.\s?(?P<number>\d{{1,2}})\.(?:\s?(?P<year>\d{{4}}|\d{{2}})(?![\d:]))?",
            _dotted,
        ),
        (
            Kind.FIXED,
            r"(?P<first>\d{1,2})/(?P<second>\d{1,2})(?!\d)(?:/(?P<year>\d{4}|\d{2})(?!\d))?",
            _slashed,
        ),
        (Kind.FIXED, r"(?P<first>\d{1,2})-(?P<second>\d{1,2})-(?P<year>\d{4})", _slashed),
        (
            Kind.BARE,
            rf"{_NAMED_DAY}(?:the\s)?{_DAY}{_ORDINAL}(?:\sof\s(?P<which>this|last|next)\smonth)?",
            _of_month,
        ),
    )
)


def phrases(folded: str, today: date, sense: Sense) -> list[Phrase]:
    """What has the form of a date in a folded text, from left to right, never overlapping; the longest wins."""
    found = [
        _phrase(kind, match, reader, today, sense) for kind, form, reader in _FORMS for match in form.finditer(folded)
    ]
    found.sort(key=lambda phrase: (phrase.start, -phrase.end))
    kept: list[Phrase] = []
    for phrase in found:
        if not kept or kept[-1].end <= phrase.start:
            kept.append(phrase)
    return kept


def _phrase(kind: Kind, match: re.Match[str], reader: Reader, today: date, sense: Sense) -> Phrase:
    if kind is Kind.FIXED and reader is _weekday and match[0] in _ALSO_WORDS:
        kind = Kind.BARE
    try:
        day = reader(match, today, sense)
    except NoSuchDay as error:
        return Phrase(match.start(), match.end(), kind, None, str(error))
    except (ValueError, OverflowError):
        return Phrase(match.start(), match.end(), kind, None, outside(today))
    if day is not None and not OLDEST_YEAR <= day.year <= today.year + YEARS_AHEAD:
        return Phrase(match.start(), match.end(), kind, None, outside(today))
    return Phrase(match.start(), match.end(), kind, day)


def _full(year: str) -> int:
    return int(year) if len(year) == 4 else 2000 + int(year)
