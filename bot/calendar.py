"""Working days, holidays and wall times: calendar reasoning in the zone of a team or of a member."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.model import Member, Team

_LONGEST_SEARCH = 400  # days: a team whose every day is off has no next working day


def instant(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """The first real instant at or after a wall time on a local date, in UTC.

    Where the clocks jump over the wall time it is the instant of the jump; where they fall back and the wall time
    comes twice it is the first of the two.
    """
    local = datetime.combine(day, wall, zone)
    moment = local.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return moment
    # The wall time does not exist: fold=0 reads it with the offset from before the jump, which lands behind it by as
    # much as the wall time lies past the jump. Search back for the jump itself.
    low, high = moment - timedelta(days=2), moment
    wall_time = local.replace(tzinfo=None)
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(zone).replace(tzinfo=None) < wall_time:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a local date, in UTC."""
    return instant(day, time(0), zone)


def earliest_start(day: date) -> datetime:
    """When a date begins where it begins first on earth (UTC+14): from then on it may be somebody's today."""
    return datetime.combine(day, time(0), UTC) - timedelta(hours=14)


def latest_end(day: date) -> datetime:
    """When a date has ended everywhere on earth (UTC-12)."""
    return datetime.combine(day, time(0), UTC) + timedelta(days=1, hours=12)


@lru_cache(maxsize=512)
def public_holidays(country: str, year: int) -> frozenset[date]:
    """The public holidays of a country (`DE`) or a part of one (`DE-BE`); none where the country is unknown."""
    import holidays  # noqa: PLC0415 - a quarter of a second that a team without a country does not pay

    code, _, part = country.partition("-")
    try:
        return frozenset(holidays.country_holidays(code, subdiv=part or None, years=year))
    except NotImplementedError:
        return frozenset()


def is_working(team: Team, day: date) -> bool:
    """Whether the team works on a date: one of its working days, no public holiday, none of its own days off."""
    if day.weekday() not in team.working_days or day in team.days_off:
        return False
    return team.country is None or day not in public_holidays(team.country, day.year)


def working_day_from(team: Team, day: date) -> date:
    """The first working day at or after a date; the date itself where the team never works."""
    return next(
        (found for ahead in range(_LONGEST_SEARCH) if is_working(team, found := day + timedelta(days=ahead))), day
    )


def working_day_until(team: Team, day: date) -> date:
    """The last working day at or before a date; the date itself where the team never works."""
    return next(
        (found for back in range(_LONGEST_SEARCH) if is_working(team, found := day - timedelta(days=back))), day
    )


def add_working_days(team: Team, day: date, count: int) -> date:
    """The `count`-th working day after a date."""
    for _ in range(count):
        day = working_day_from(team, day + timedelta(days=1))
    return day


def zone_of(team: Team, member: Member | None) -> ZoneInfo:
    """The zone in which a member's days are counted: the one they chose, else their platform's, else the team's.

    A zone that is not known here counts as none: a name that a platform or another machine's zone data made up must
    not keep anybody's nudges back.
    """
    for own in (member.timezone, member.seen_zone) if member else ():
        if known := known_zone(own):
            return ZoneInfo(known)
    return team.zone


def known_zone(name: str | None) -> str | None:
    """The key of the time zone of that name, if this machine's zone data has one."""
    try:
        return ZoneInfo(name).key if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def marks_of(days: Iterable[date]) -> tuple[tuple[int, int], ...]:
    """The months and days of yearly occasions that fall on some dates; 29 February may fall on the 28th."""
    marks = {(day.month, day.day): None for day in days}
    if (2, 28) in marks:
        marks[2, 29] = None
    return tuple(marks)


def next_nudge(team: Team, member: Member | None, after: datetime) -> tuple[date, datetime]:
    """The local date and the instant of the first nudge hour at or after an instant, on a working day of the team.

    `member` is whom the nudges are for; `None` stands for the team itself.
    """
    zone = zone_of(team, member)
    hour = (member.nudge_hour if member else None) or team.nudge_hour
    day = after.astimezone(zone).date()
    while True:
        day = working_day_from(team, day)
        moment = instant(day, hour, zone)
        if moment >= after:
            return day, moment
        day += timedelta(days=1)


def next_digest(zone: ZoneInfo, weekdays: Collection[int], at: time, after: datetime) -> tuple[date, datetime]:
    """The first digest at or after an instant: its local date, which is what it is known by, and when it comes.

    There is one on each local date that is one of `weekdays` (Monday is 0), at the first real instant at or after the
    wall time; where the clocks jump over the rest of the day that is the first of the next. A date that a zone leaves
    out altogether has none. Raises ValueError where there are no weekdays.
    """
    # The digest of yesterday may come today: the clocks of Nuuk jump from 23:00 on a Saturday to Sunday.
    day = after.astimezone(zone).date() - timedelta(days=1)
    for on in _dates_on(weekdays, day, 1):
        if _is_there(on, zone) and (moment := instant(on, at, zone)) >= after:
            return on, moment
    raise AssertionError("there is no end of days")


def last_digest(zone: ZoneInfo, weekdays: Collection[int], at: time, now: datetime) -> tuple[date, datetime]:
    """The latest digest that has come by an instant: its local date and when it came; see `next_digest`."""
    # That of tomorrow may have come: where the clocks fall back over midnight, a day begins and the one before goes on.
    day = now.astimezone(zone).date() + timedelta(days=1)
    for on in _dates_on(weekdays, day, -1):
        if _is_there(on, zone) and (moment := instant(on, at, zone)) <= now:
            return on, moment
    raise AssertionError("there is no beginning of days")


def _dates_on(weekdays: Collection[int], first: date, step: int) -> Iterator[date]:
    """The dates on these weekdays, from one on, forward or back."""
    if not set(weekdays) & set(range(7)):
        raise ValueError("a digest comes on some day of the week")
    day = first
    while True:
        if day.weekday() in weekdays:
            yield day
        day += timedelta(days=step)


def _is_there(day: date, zone: ZoneInfo) -> bool:
    """Whether a local date comes to pass: Samoa had no 30 December 2011."""
    return start_of(day, zone).astimezone(zone).date() == day
