"""When a digest comes, as people write it."""

from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import NotUnderstood
from bot.reading.schedules import read_hour, read_schedule
from bot.views.schedules import times

MON, TUE, WED, THU, FRI, SAT, SUN = range(7)
WEEK = tuple(range(7))


@pytest.mark.parametrize(
    ("typed", "weekdays", "at"),
    [
        ("mon 09:00", (MON,), time(9)),
        ("monday 9am", (MON,), time(9)),
        ("Mon and Thu 9:00", (MON, THU), time(9)),
        ("mon, wed, fri 08:30", (MON, WED, FRI), time(8, 30)),
        ("fri mon wed 8.30", (MON, WED, FRI), time(8, 30)),
        ("mon/thu 9", (MON, THU), time(9)),
        ("sat & sun 8 a.m.", (SAT, SUN), time(8)),
        ("weekends noon", (SAT, SUN), time(12)),
        ("weekdays at 9", (MON, TUE, WED, THU, FRI), time(9)),
        ("every weekday 9 o’clock", (MON, TUE, WED, THU, FRI), time(9)),
        ("Mon-Fri 9", (MON, TUE, WED, THU, FRI), time(9)),
        ("fri to mon at 10 p.m.", (MON, FRI, SAT, SUN), time(22)),
        ("every day 8:30", WEEK, time(8, 30)),
        ("daily 8.30", WEEK, time(8, 30)),
        ("every friday 17h", (FRI,), time(17)),
        ("fridays 17h30", (FRI,), time(17, 30)),
        ("9:00 on mondays", (MON,), time(9)),
        ("weekly on tuesday, 0930", (TUE,), time(9, 30)),
        ("tue 12am", (TUE,), time(0)),
        ("tue 12pm", (TUE,), time(12)),
        ("tue at midnight", (TUE,), time(0)),
        ("mon 9:00 and thu 9:00", (MON, THU), time(9)),
        ("mon mon 23:59", (MON,), time(23, 59)),
        ("mon", (MON,), time(9)),
        ("every day", WEEK, time(9)),
        ("mon at half past nine", (MON,), time(9, 30)),
        ("fri, a quarter to nine", (FRI,), time(8, 45)),
        ("fridays at quarter past 4 pm", (FRI,), time(16, 15)),
        ("sat quarter to one pm", (SAT,), time(12, 45)),
        ("weekdays at ten", (MON, TUE, WED, THU, FRI), time(10)),
    ],
)
def test_days_and_hours_are_read(typed: str, weekdays: tuple[int, ...], at: time) -> None:
    """However the days and the hour are written; without an hour it is nine."""
    assert (weekdays, at) == read_schedule(typed)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "On which days?"),
        ("09:00", "On which days?"),
        ("every other monday", "“other”"),
        ("not on friday", "“not”"),
        ("monthly", "“monthly”"),
        ("5 times a week", "“times”"),
        ("mon9", "“mon9”"),
        ("mon 9-10", "“-”"),
        ("mon 9:00:00", "“9:00:00”"),
        ("mon 25:00", "“25:00” is no time of day"),
        ("mon 9:75", "“9:75” is no time of day"),
        ("mon 13pm", "“13pm” is no time of day"),
        ("mon 0am", "“0am” is no time of day"),
        ("mon 9am and thu 10am", "one hour of the day"),
        ("mon 9 10", "one hour of the day"),
    ],
)
def test_what_cannot_be_read_is_named(typed: str, said: str) -> None:
    """Nothing is guessed: the sentence says which word was not understood, or what is missing."""
    with pytest.raises(NotUnderstood) as refusal:
        read_schedule(typed, "when")
    assert said in str(refusal.value)
    assert "when" == refusal.value.argument


@given(
    weekdays=st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))),
    at=st.times().map(lambda at: at.replace(second=0, microsecond=0)),
)
def test_what_is_shown_back_reads_to_the_same(weekdays: tuple[int, ...], at: time) -> None:
    """“Mondays and Thursdays at 09:00” is a schedule that could have been typed."""
    assert (weekdays, at) == read_schedule(times(weekdays, at))


@given(typed=st.text(max_size=40))
def test_anything_that_is_typed_is_read_or_refused(typed: str) -> None:
    """No words break it: either there are days and an hour, or a sentence says what is wrong."""
    try:
        weekdays, at = read_schedule(typed)
    except NotUnderstood:
        return
    assert weekdays
    assert at.tzinfo is None


@pytest.mark.parametrize(
    ("typed", "hour"),
    [
        ("9", time(9)),
        ("09:30", time(9, 30)),
        ("9.30", time(9, 30)),
        ("8am", time(8)),
        ("8:15 pm", time(20, 15)),
        ("17h", time(17)),
        ("17 h", time(17)),
        ("at half past nine", time(9, 30)),
        ("9 o’clock", time(9)),
        ("Noon", time(12)),
    ],
)
def test_an_hour_alone_is_read_as_in_a_schedule(typed: str, hour: time) -> None:
    """With or without minutes, of twelve or of twenty-four."""
    assert hour == read_hour(typed)


@pytest.mark.parametrize("typed", ["", "25:00", "13pm", "mon 9", "9 10", "soon", "9:60", "-9"])
def test_what_is_no_hour_is_refused(typed: str) -> None:
    """For the argument that it was typed for, with how to write it."""
    with pytest.raises(NotUnderstood, match=r"is no time of day\. Write it as 09:00 or 9am") as error:
        read_hour(typed, "nudge_hour")
    assert "nudge_hour" == error.value.argument
