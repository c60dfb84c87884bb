"""When a digest comes: once per local date, whatever the clocks do that night, in every zone there is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.calendar import last_digest, next_digest

FIRST, LAST = datetime(2024, 1, 1, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)
WEEK = timedelta(days=7)
ZONES = tuple(sorted(available_timezones()))
PARTS = 8
"""Into how many tests the zones are dealt, so that several processes may share them."""


@cache
def offsets() -> tuple[timedelta, ...]:
    """Days from the first on, at which a change of the clocks is looked for."""
    return tuple(timedelta(days=day) for day in range((LAST - FIRST).days + 1))


@cache
def jumps(name: str) -> tuple[datetime, ...]:
    """The instants of 2024 to 2028 at which the clocks of a zone change, found by the offset and to the second."""
    zone, found = ZoneInfo(name), []
    before = FIRST.astimezone(zone).utcoffset()
    for ahead in offsets():
        after = (FIRST + ahead).astimezone(zone).utcoffset()
        if after != before:
            low, high = FIRST + ahead - timedelta(days=1), FIRST + ahead
            while high - low > SECOND:
                middle = low + timedelta(seconds=(high - low) // SECOND // 2)
                low, high = (middle, high) if middle.astimezone(zone).utcoffset() == before else (low, middle)
            found.append(high)
            before = after
    return tuple(found)


def wall(moment: datetime, zone: ZoneInfo) -> datetime:
    """What the clocks of a zone show."""
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)


def is_first_instant(moment: datetime, on: date, at: time, name: str) -> bool:
    """Whether the clocks show the wall time of a date, or later, at an instant and never before it.

    Between two jumps they only go on, so it is enough to look just before the instant and just before each jump.
    """
    zone, wanted = ZoneInfo(name), datetime.combine(on, at)
    earlier = (moment, *(jump for jump in jumps(name) if moment - WEEK < jump < moment))
    return wall(moment, zone) >= wanted and all(wall(one - SECOND, zone) < wanted for one in earlier)


def walk(name: str, weekday: int, at: time, start: datetime, weeks: int) -> Iterator[tuple[date, datetime]]:
    """The digests of a weekly schedule from an instant on, each asked for just after the one before."""
    after = start
    for _ in range(weeks):
        on, moment = next_digest(ZoneInfo(name), (weekday,), at, after)
        yield on, moment
        after = moment + SECOND


def fires_once_a_week(name: str, weekday: int, at: time, start: datetime, weeks: int) -> bool:
    """Whether a weekly digest keeps its promise for some weeks; what it breaks is asserted."""
    zone, before = ZoneInfo(name), None
    for on, moment in walk(name, weekday, at, start, weeks):
        assert weekday == on.weekday()
        assert start <= moment
        assert is_first_instant(moment, on, at, name)
        assert (on, moment) == next_digest(zone, (weekday,), at, moment), "the instant itself is in time"
        assert (on, moment) == last_digest(zone, (weekday,), at, moment)
        if before is None:
            assert last_digest(zone, (weekday,), at, moment - SECOND)[1] < start, "none was passed over"
        else:
            assert on - before[0] == WEEK, "one in each local week"
            assert before[1] < moment
            assert before == last_digest(zone, (weekday,), at, moment - SECOND)
        before = on, moment
    return before is not None


def hours_around(name: str, jump: datetime, number: int) -> Iterator[tuple[int, time]]:
    """Weekdays and wall times at which a jump of the clocks could make a digest come twice, late or never.

    The hours that are left out or come twice, with their edges; the ends of the day; and one of no particular kind.
    """
    zone = ZoneInfo(name)
    ends = (wall(jump - SECOND, zone), wall(jump, zone))
    low, high = min(ends), max(ends)
    half = (high - low) / 2
    shown = {low, low + half, high, high + SECOND, low - timedelta(minutes=1)}
    days = {one.date() for one in shown}
    shown |= {datetime.combine(day, hour) for day in days for hour in (time(0), time(23, 59))}
    shown.add(datetime.combine(low.date() + timedelta(days=number % 7), time(number * 7 % 24, number * 13 % 60)))
    return ((one.weekday(), one.time().replace(microsecond=0)) for one in sorted(shown))


@pytest.mark.parametrize("part", range(PARTS))
def test_a_weekly_digest_fires_once_a_week_around_every_jump_of_every_zone(part: int) -> None:
    """In every zone, around every change of its clocks from 2024 to 2028: once a local week, at the first instant."""
    walked = 0
    for number, name in enumerate(ZONES[part::PARTS]):
        for jump in jumps(name) or (FIRST + timedelta(days=number),):
            for weekday, at in hours_around(name, jump, number):
                walked += fires_once_a_week(name, weekday, at, jump - timedelta(days=8), weeks=3)
    assert walked > len(ZONES) // PARTS * 5


@settings(max_examples=300)
@given(
    name=st.sampled_from(ZONES),
    weekday=st.integers(0, 6),
    minute=st.integers(0, 24 * 60 - 1),
    second=st.integers(0, int((LAST - FIRST - 6 * WEEK).total_seconds())),
)
@example("America/Nuuk", 5, 23 * 60 + 30, int((datetime(2024, 3, 20, tzinfo=UTC) - FIRST).total_seconds()))
@example("Africa/Cairo", 4, 30, int((datetime(2024, 4, 10, tzinfo=UTC) - FIRST).total_seconds()))
@example("Antarctica/Troll", 6, 2 * 60, int((datetime(2026, 3, 20, tzinfo=UTC) - FIRST).total_seconds()))
def test_a_weekly_digest_fires_once_a_week_from_any_start(name: str, weekday: int, minute: int, second: int) -> None:
    """Any zone, any start from 2024, any hour and minute: six digests in six local weeks, each later than the last."""
    start = FIRST + timedelta(seconds=second)

    assert fires_once_a_week(name, weekday, time(minute // 60, minute % 60), start, weeks=6)


@given(
    name=st.sampled_from(ZONES),
    weekdays=st.sets(st.integers(0, 6), min_size=1),
    minute=st.integers(0, 24 * 60 - 1),
    second=st.integers(0, int((LAST - FIRST - 2 * WEEK).total_seconds())),
)
def test_on_several_days_a_week_no_date_has_two_or_none(
    name: str, weekdays: set[int], minute: int, second: int
) -> None:
    """Walking from digest to digest meets each date on one of the days, in order and once."""
    zone, at = ZoneInfo(name), time(minute // 60, minute % 60)
    days, after = tuple(weekdays), FIRST + timedelta(seconds=second)
    met = []
    for _ in range(8):
        on, moment = next_digest(zone, days, at, after)
        met.append(on)
        after = moment + SECOND
    between = [met[0] + timedelta(days=ahead) for ahead in range((met[-1] - met[0]).days + 1)]
    assert [day for day in between if day.weekday() in weekdays] == met


class TestNights:
    def test_the_hour_that_is_jumped_over(self) -> None:
        """02:30 in Berlin on 28 March 2027 comes at three, which is 01:00 UTC."""
        found = next_digest(ZoneInfo("Europe/Berlin"), (6,), time(2, 30), datetime(2027, 3, 22, tzinfo=UTC))

        assert (date(2027, 3, 28), datetime(2027, 3, 28, 1, tzinfo=UTC)) == found

    def test_the_hour_that_comes_twice(self) -> None:
        """02:30 in Berlin on 31 October 2027 comes once, the first time; an hour later it has come."""
        zone, first = ZoneInfo("Europe/Berlin"), datetime(2027, 10, 31, 0, 30, tzinfo=UTC)

        assert (date(2027, 10, 31), first) == next_digest(zone, (6,), time(2, 30), first)
        assert (date(2027, 11, 7), datetime(2027, 11, 7, 1, 30, tzinfo=UTC)) == next_digest(
            zone, (6,), time(2, 30), first + timedelta(hours=1)
        )

    def test_the_end_of_a_day_that_is_left_out(self) -> None:
        """The last hour of Saturday 30 March 2024 is not there in Nuuk: its digest comes as Sunday begins."""
        found = next_digest(ZoneInfo("America/Nuuk"), (5,), time(23, 30), datetime(2024, 3, 31, 1, tzinfo=UTC))

        assert (date(2024, 3, 30), datetime(2024, 3, 31, 1, tzinfo=UTC)) == found

    def test_a_date_that_is_not_there(self) -> None:
        """Samoa had no Friday 30 December 2011, and so no digest on it: the next is a week later."""
        apia = ZoneInfo("Pacific/Apia")
        friday_before, friday_after = date(2011, 12, 23), date(2012, 1, 6)
        after = datetime(2011, 12, 28, tzinfo=UTC)

        assert friday_after == next_digest(apia, (4,), time(9), after)[0]
        assert friday_before == last_digest(apia, (4,), time(9), datetime(2012, 1, 2, tzinfo=UTC))[0]

    def test_a_midnight_that_comes_twice(self) -> None:
        """St John’s fell back from 00:01 to 23:01 in 2010: the new day’s digest has come and the old day goes on."""
        st_johns = ZoneInfo("America/St_Johns")
        midnight = datetime(2010, 11, 7, 2, 30, tzinfo=UTC)
        once_more = midnight + timedelta(minutes=15)
        assert date(2010, 11, 6) == once_more.astimezone(st_johns).date()

        assert (date(2010, 11, 7), midnight) == last_digest(st_johns, range(7), time(0), once_more)
        assert date(2010, 11, 8) == next_digest(st_johns, range(7), time(0), once_more)[0]

    def test_a_schedule_without_days_is_refused(self) -> None:
        """It would be searched for without end."""
        with pytest.raises(ValueError, match="day of the week"):
            next_digest(ZoneInfo("UTC"), (), time(9), FIRST)
        with pytest.raises(ValueError, match="day of the week"):
            last_digest(ZoneInfo("UTC"), (), time(9), FIRST)
