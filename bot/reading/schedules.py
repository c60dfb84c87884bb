"""When something comes, as people write it: “mon 09:00”, “weekdays at 9”, “every friday 17h”, or an hour alone."""

from __future__ import annotations

import re
from datetime import time

from bot.errors import NotUnderstood
from bot.reading.words import clean_line

USUAL_HOUR = time(9)
"""When a digest comes that was asked for without an hour."""

_EVERY_DAY = tuple(range(7))
_WORKING_WEEK = tuple(range(5))
_WEEKEND = (5, 6)

_DAYS = {
    name: (number,)
    for number, names in enumerate(
        (
            "mo mon monday mondays",
            "tu tue tues tuesday tuesdays",
            "we wed weds wednesday wednesdays",
            "th thu thur thurs thursday thursdays",
            "fr fri friday fridays",
            "sa sat saturday saturdays",
            "su sun sunday sundays",
        )
    )
    for name in names.split()
}
_SEVERAL = {
    "daily": _EVERY_DAY,
    "everyday": _EVERY_DAY,
    "weekday": _WORKING_WEEK,
    "weekdays": _WORKING_WEEK,
    "weekend": _WEEKEND,
    "weekends": _WEEKEND,
}
_HOURS = {"noon": time(12), "midday": time(12), "midnight": time(0)}
_LINKS = frozenset({"and", "on", "at", "every", "each", "the", "weekly", "o'clock", "uhr"})
"""Words that say nothing that the others don't."""

_EXAMPLES = "Write the days and the hour, as in “mon 09:00”, “mon and thu 9am”, “weekdays at 9” or “every day 8:30”."

_EVERY = re.compile(r"\b(?:every|each|all) days?\b")
_RANGE = re.compile(r"\b([a-z]+) ?(?:-|–|to|until|through|thru) ?([a-z]+)\b")
_CLOCK = re.compile(
    r"(?<![\w:.])(?:(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d\d))?|(?P<four>\d{4})) ?(?P<half>[ap]\.?m\b\.?)?"
    r"(?P<h> ?h(?:ours|rs|r)?)?(?![\w:])"
)
_NUMBERS = {
    word: str(number)
    for number, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), start=1
    )
}
_NUMBER = re.compile(rf"\b(?:{'|'.join(_NUMBERS)})\b")
_PART_OF_AN_HOUR = re.compile(r"\b(?:a )?(half past|quarter past|quarter to) ([1-9]\d?)(?![\d:.])")
_MINUTES = {"half past": 30, "quarter past": 15, "quarter to": -15}
_PART = re.compile(r"[^\s,;&+/]+")


def read_schedule(typed: str, argument: str | None = None) -> tuple[tuple[int, ...], time]:
    """The weekdays (Monday is 0, in order) and the hour of a schedule; without an hour, nine in the morning.

    “weekdays” are Monday to Friday. Raises NotUnderstood, for `argument`, with what can't be read or is missing.
    """
    text = _in_figures(clean_line(typed).casefold().replace("’", "'"))
    hours = {_hour(match, argument) for match in _CLOCK.finditer(text)}
    days, rest = _spans(_CLOCK.sub(" ", text))
    for part in _PART.findall(rest):
        word = part.strip(".:!()")
        if word in _HOURS:
            hours.add(_HOURS[word])
        elif found := _DAYS.get(word) or _SEVERAL.get(word):
            days.update(found)
        elif word and word not in _LINKS:
            raise NotUnderstood(f"I can’t read “{part[:40]}” in “{clean_line(typed)[:60]}”. {_EXAMPLES}", argument)
    if not days:
        raise NotUnderstood(f"On which days? {_EXAMPLES}", argument)
    if len(hours) > 1:
        raise NotUnderstood("A digest comes at one hour of the day; set up another one for the other hour.", argument)
    return tuple(sorted(days)), hours.pop() if hours else USUAL_HOUR


def read_hour(typed: str, argument: str | None = None) -> time:
    """An hour of the day alone: `9`, `09:30`, `9am`, `17h`, `half past nine`, `noon`; NotUnderstood for `argument`."""
    words = _in_figures(clean_line(typed).casefold().replace("’", "'")).split()
    text = " ".join(word for word in words if word not in _LINKS)
    if text in _HOURS:
        return _HOURS[text]
    match = _CLOCK.fullmatch(text)
    if match is None:
        raise _no_hour(typed, argument)
    return _hour(match, argument)


def _spans(text: str) -> tuple[set[int], str]:
    """The days of “every day” and of “mon to fri”, and the words that are left."""
    days: set[int] = set(_EVERY_DAY) if _EVERY.search(text) else set()

    def take(match: re.Match[str]) -> str:
        if match[1] not in _DAYS or match[2] not in _DAYS:
            return match[0]
        (first,), (last,) = _DAYS[match[1]], _DAYS[match[2]]
        days.update((first + ahead) % 7 for ahead in range((last - first) % 7 + 1))
        return " "

    return days, _RANGE.sub(take, _EVERY.sub(" ", text))


def _in_figures(text: str) -> str:
    """`half past nine` as `9:30`, `a quarter to nine` as `8:45`, `nine` as `9`."""

    def clock(match: re.Match[str]) -> str:
        hour, minute = divmod(int(match[2]) * 60 + _MINUTES[match[1]], 60)
        return f"{hour or 12}:{minute:02}"

    return _PART_OF_AN_HOUR.sub(clock, _NUMBER.sub(lambda match: _NUMBERS[match[0]], text))


def _hour(match: re.Match[str], argument: str | None) -> time:
    """`9`, `9.30`, `09:30`, `0930`, `17h`, `9am`; NotUnderstood for what no clock shows."""
    four, half = match["four"], (match["half"] or "").replace(".", "")
    hour, minute = (int(four[:2]), int(four[2:])) if four else (int(match["hour"]), int(match["minute"] or 0))
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "pm" else 0)
    elif half:
        hour = 24  # 13pm is no hour at all
    if hour > 23 or minute > 59:
        raise _no_hour(match[0].strip(), argument)
    return time(hour, minute)


def _no_hour(typed: str, argument: str | None) -> NotUnderstood:
    return NotUnderstood(f"“{typed[:20]}” is no time of day. Write it as 09:00 or 9am.", argument)
