from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendar import (
    add_working_days,
    instant,
    is_working,
    known_zone,
    marks_of,
    next_nudge,
    start_of,
    working_day_from,
    zone_of,
)
from tests.fakes import a_member, a_team

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Africa/Cairo",
    "UTC",
)


@pytest.mark.parametrize("made_up", [None, "", "Mars/Olympus", "../../etc/passwd", "Europe", "Europe/Berlin\0"])
def test_a_zone_that_nobody_knows_is_none(made_up: str | None) -> None:
    """Whatever a platform, a file or a person calls a zone, either it can be loaded or it is none."""
    assert known_zone(made_up) is None
    assert "Europe/Berlin" == known_zone("Europe/Berlin")


class TestInstant:
    def test_an_ordinary_wall_time(self) -> None:
        """Winter in Berlin is an hour ahead of UTC."""
        assert datetime(2026, 11, 23, 8, 30, tzinfo=UTC) == instant(date(2026, 11, 23), time(9, 30), BERLIN)

    def test_a_wall_time_that_is_jumped_over_is_the_jump(self) -> None:
        """02:30 is not there on 28 March 2027: the clocks go from 02:00 to 03:00 at 01:00 UTC."""
        assert datetime(2027, 3, 28, 1, 0, tzinfo=UTC) == instant(date(2027, 3, 28), time(2, 30), BERLIN)

    def test_a_wall_time_that_comes_twice_is_the_first(self) -> None:
        """02:30 on 31 October 2027 is first a summer time."""
        assert datetime(2027, 10, 31, 0, 30, tzinfo=UTC) == instant(date(2027, 10, 31), time(2, 30), BERLIN)

    def test_a_midnight_that_does_not_exist(self) -> None:
        """In Cairo the summer of 2027 begins at midnight: the day starts at one."""
        start = start_of(date(2027, 4, 30), ZoneInfo("Africa/Cairo"))

        assert datetime(2027, 4, 29, 22, 0, tzinfo=UTC) == start

    def test_a_day_that_a_zone_left_out(self) -> None:
        """Samoa went from 29 to 31 December 2011 at once: the 30th begins where the 31st does."""
        apia = ZoneInfo("Pacific/Apia")

        assert start_of(date(2011, 12, 31), apia) == start_of(date(2011, 12, 30), apia)

    @given(
        day=st.dates(date(2010, 1, 1), date(2040, 1, 1)),
        minute=st.integers(0, 24 * 60 - 1),
        zone=st.sampled_from(ZONES).map(ZoneInfo),
    )
    def test_it_is_the_first_instant_at_or_after_the_wall_time(self, day: date, minute: int, zone: ZoneInfo) -> None:
        """At the instant the local clock shows the wall time or later; a second earlier it shows less."""
        wall = time(minute // 60, minute % 60)
        moment, wanted = instant(day, wall, zone), datetime.combine(day, wall)

        local = moment.astimezone(zone).replace(tzinfo=None)
        before = (moment - timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None)

        assert wanted <= local
        assert before < wanted


@pytest.mark.parametrize(
    ("first", "marks"),
    [
        (date(2026, 11, 30), ((11, 30), (12, 1))),
        (date(2027, 2, 27), ((2, 27), (2, 28), (2, 29))),
        (date(2028, 2, 28), ((2, 28), (2, 29))),
    ],
)
def test_what_comes_every_year_on_some_days(first: date, marks: tuple[tuple[int, int], ...]) -> None:
    """Months and days; where 28 February is among them the leap day is looked for, too."""
    assert marks == marks_of([first, first + timedelta(days=1)])


class TestWorkingDays:
    def test_weekends_holidays_and_days_off_are_no_working_days(self) -> None:
        """A German team with a bridge day."""
        team = a_team(country="DE", days_off=(date(2027, 5, 7),))

        assert [True, False, False, False, True] == [
            is_working(team, day)
            for day in (
                date(2027, 5, 5),
                date(2027, 5, 6),  # Ascension Day
                date(2027, 5, 7),
                date(2027, 5, 8),
                date(2027, 5, 10),
            )
        ]

    def test_a_part_of_a_country_has_holidays_of_its_own(self) -> None:
        """8 March is one in Berlin, not in all of Germany; an unknown country has none."""
        day = date(2027, 3, 8)

        assert [True, False, True] == [is_working(a_team(country=code), day) for code in ("DE", "DE-BE", "XX")]

    def test_the_first_working_day_from_a_day(self) -> None:
        """A Saturday leads to Monday, a Monday to itself."""
        assert date(2026, 11, 23) == working_day_from(a_team(), date(2026, 11, 21))
        assert date(2026, 11, 23) == working_day_from(a_team(), date(2026, 11, 23))

    def test_a_team_that_never_works_is_not_waited_for(self) -> None:
        """The day itself, then."""
        assert date(2026, 11, 21) == working_day_from(a_team(working_days=()), date(2026, 11, 21))

    def test_working_days_are_counted_over_a_weekend(self) -> None:
        """Two working days after Thursday and after Saturday."""
        assert date(2026, 11, 23) == add_working_days(a_team(), date(2026, 11, 19), 2)
        assert date(2026, 11, 24) == add_working_days(a_team(), date(2026, 11, 21), 2)


class TestNextNudge:
    @pytest.mark.parametrize(
        ("after", "day", "hour"),
        [
            (datetime(2026, 11, 23, 6, 0, tzinfo=UTC), date(2026, 11, 23), 8),
            (datetime(2026, 11, 23, 8, 30, tzinfo=UTC), date(2026, 11, 23), 8),
            (datetime(2026, 11, 23, 8, 31, tzinfo=UTC), date(2026, 11, 24), 8),
            (datetime(2026, 11, 27, 9, 0, tzinfo=UTC), date(2026, 11, 30), 8),
        ],
    )
    def test_it_is_the_next_nudge_hour_on_a_working_day(self, after: datetime, day: date, hour: int) -> None:
        """Half past nine in Berlin: the same day up to the hour itself, else the next working day."""
        assert (day, datetime(day.year, day.month, day.day, hour, 30, tzinfo=UTC)) == next_nudge(a_team(), None, after)

    def test_a_members_own_hour_and_zone_count(self) -> None:
        """Ana is in Kolkata and wants them at eight; it is Tuesday there already."""
        ana = a_member("Ana", timezone="Asia/Kolkata", nudge_hour=time(8, 0))

        found = next_nudge(a_team(), ana, datetime(2026, 11, 23, 20, 0, tzinfo=UTC))

        assert (date(2026, 11, 24), datetime(2026, 11, 24, 2, 30, tzinfo=UTC)) == found

    def test_a_member_without_a_zone_is_where_the_team_is(self) -> None:
        """Discord knows no zone."""
        assert BERLIN == zone_of(a_team(), a_member("Ana"))

    @given(
        hours=st.floats(0, 24 * 365 * 20),
        zone=st.sampled_from(ZONES),
        minute=st.integers(0, 24 * 60 - 1),
    )
    def test_it_is_never_in_the_past_and_never_on_a_day_off(self, hours: float, zone: str, minute: int) -> None:
        """And never more than a long weekend away."""
        after = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
        member = a_member("Ana", timezone=zone, nudge_hour=time(minute // 60, minute % 60))

        day, moment = next_nudge(a_team(), member, after)

        assert after <= moment < after + timedelta(days=5)
        assert is_working(a_team(), day)
