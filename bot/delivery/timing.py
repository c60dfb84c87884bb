"""When a message may go out, seen afresh on the day: settings may have moved, and the process may have been down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.calendar import next_nudge, start_of, zone_of
from bot.model import Delivery, Member, Team


@dataclass(frozen=True, slots=True)
class Later:
    """Another day or hour for a message."""

    day: date
    moment: datetime


def later_than(team: Team, member: Member | None, delivery: Delivery, now: datetime) -> Later | None:
    """The day and the instant to which a message has to be moved; `None`: it goes out now, as today's.

    A message of an earlier day becomes today's, at once where the nudge hour has passed, and on a day off that of the
    next working day.
    """
    zone = zone_of(team, member)
    today = now.astimezone(zone).date()
    day, moment = next_nudge(team, member, start_of(max(delivery.on, today), zone))
    if day == delivery.on and moment <= now:
        return None
    return Later(day, max(moment, now))
