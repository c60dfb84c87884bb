"""Working days, holidays and wall times: calendar reasoning in the zone of a team or of a member."""

from __future__ import annotations

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
        try:
            if own:
                return ZoneInfo(own)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
    return team.zone


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
