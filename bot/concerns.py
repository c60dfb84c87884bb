"""Concerns: why, and from which day on, a relationship needs somebody. Pure rules over a Standing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

import msgspec

from bot.calendar import add_working_days, earliest_start, latest_end, start_of, working_day_from, working_day_until
from bot.model import (
    Direction,
    Exchange,
    Nudge,
    NudgeReason,
    NudgeState,
    OccasionDay,
    Owed,
    Side,
    Standing,
    Team,
    Touchpoint,
    nudge_id,
)

ANSWER_WITHIN = 2
"""Working days an inbound touchpoint may wait before its owner is nudged."""

MARK = 6
"""Characters at the end of an id that tell two promises or occasions of one person and day apart."""

LEADS = (7, 1)
"""Days before an occasion on which its owner is told, the first time first."""


class Concern(msgspec.Struct, frozen=True):
    """A reason to nudge: `key` is the id of the one Nudge that may be raised for it.

    It holds from `at` up to `until` (`None`: until something happens). `about` is the promise or the occasion it is
    about, `on` the date of the reader's own calendar on which they are to be told, where that is not “as soon as it
    holds”: what falls on a date is raised when that date begins anywhere on earth.
    """

    reason: NudgeReason
    since: date
    at: datetime
    key: str
    until: datetime | None = None
    about: str | None = None
    on: date | None = None


def concerns(team: Team, standing: Standing) -> tuple[Concern, ...]:
    """The reasons to nudge that hold or will come to hold if nothing happens, most urgent reason first."""
    if standing.paused or standing.archived:
        return ()
    found = []
    if standing.waiting_since is not None:
        asked = add_working_days(team, standing.waiting_since, ANSWER_WITHIN)
        found.append(_concern(team, standing, NudgeReason.WAITING_ON_US, standing.waiting_since, asked))
    found += [_promise_concern(team, standing, owed) for owed in standing.owed]
    for day in standing.occasions:
        found += [] if day.seen_to else _occasion_concerns(team, standing, day)
    if standing.quiet_on is not None and standing.silent_since is not None and standing.next_planned is None:
        found.append(_concern(team, standing, NudgeReason.QUIET, standing.silent_since, standing.quiet_on))
    # A mark of a few characters may stand for two promises of one day: those share a nudge.
    return tuple({concern.key: concern for concern in reversed(found)}.values())[::-1]


def told_on(team: Team, owed: Owed) -> date:
    """The working day on which somebody is told of a promise: ours in time, theirs when it is late.

    Ours on the day it is due, or on the working day before one on which nobody works; theirs on the first working day
    after it.
    """
    if owed.side is Side.WE:
        return working_day_until(team, owed.due)
    return working_day_from(team, owed.due + timedelta(days=1))


def reminded_on(team: Team, on: date) -> tuple[tuple[int, date], ...]:
    """For an occasion on a date, each lead with the working day on which somebody is told.

    Where the days off are so many that two fall together, the shorter lead stays.
    """
    days = {working_day_until(team, on - timedelta(days=lead)): lead for lead in LEADS}
    return tuple((lead, day) for day, lead in days.items())


def owed_now(team: Team, standing: Standing, today: date) -> tuple[Owed, ...]:
    """The open promises that somebody has to be told of by a date, the one due first in front."""
    return tuple(owed for owed in standing.owed if told_on(team, owed) <= today)


def occasions_now(team: Team, standing: Standing, today: date) -> tuple[OccasionDay, ...]:
    """The occasions that are near enough for somebody to be told, the nearest first."""
    return tuple(
        day
        for day in standing.occasions
        if day.on >= today and not day.seen_to and any(told <= today for _, told in reminded_on(team, day.on))
    )


def holds(concern: Concern, now: datetime) -> bool:
    """Whether a reason to nudge holds at this moment."""
    return concern.at <= now and (concern.until is None or now < concern.until)


def is_ended(nudge: Nudge, past: Iterable[tuple[date, Touchpoint]]) -> bool:
    """Whether a nudge stays closed although its reason holds; `past` are the touchpoints up to today with their dates.

    "Not needed" does, and so does whoever reached out in a silence that went on all the same (QUIET: a third outbound
    touchpoint without an answer), or gave something for an occasion, as long as that touchpoint is there. What a log by
    mistake, a snooze or a pause closed is open again once they are taken back.
    """
    if nudge.state is NudgeState.NOT_NEEDED:
        return True
    touches = [(day, touch) for day, touch in past if not touch.automatic and nudge.raised_at <= touch.logged_at]
    if nudge.reason is NudgeReason.OCCASION:
        return any(is_gesture(touch) for _, touch in touches)
    return nudge.reason is NudgeReason.QUIET and any(
        (nudge.since, nudge.raised_at) < (day, touch.logged_at) for day, touch in touches
    )


def is_gesture(touch: Touchpoint) -> bool:
    """Whether a touchpoint gives something, which is what an occasion asks for."""
    return touch.exchange is Exchange.GIVE and touch.direction is not Direction.INBOUND


def _concern(team: Team, standing: Standing, reason: NudgeReason, since: date, on: date) -> Concern:
    """A snooze that ends after the concern began makes a new one, which may be raised once more when it ends."""
    if standing.snoozed_until is not None and standing.snoozed_until > since:
        since, on = standing.snoozed_until, max(on, standing.snoozed_until)
    return Concern(reason, since, start_of(on, team.zone), nudge_id(standing.influencer, reason, since))


def _promise_concern(team: Team, standing: Standing, owed: Owed) -> Concern:
    """Once a promise; a snooze beyond the day makes a new one, as it does of every concern."""
    since, on = owed.due, told_on(team, owed)
    if standing.snoozed_until is not None and standing.snoozed_until > on:
        since, on = standing.snoozed_until, working_day_from(team, standing.snoozed_until)
    key = nudge_id(standing.influencer, NudgeReason.PROMISE, since, owed.promise[-MARK:])
    return Concern(NudgeReason.PROMISE, since, earliest_start(on), key, about=owed.promise, on=on)


def _occasion_concerns(team: Team, standing: Standing, day: OccasionDay) -> list[Concern]:
    """One for each lead; none where a snooze goes beyond the day.

    Each holds until the day has ended everywhere: where the last comes too late to be told, the first still stands.
    Where a snooze puts two on one day the shorter lead stays, as it does where days off do.
    """
    told = {max(on, _awake(team, standing, on)): lead for lead, on in reminded_on(team, day.on)}
    return [
        Concern(
            reason=NudgeReason.OCCASION,
            since=day.on,
            at=earliest_start(on),
            key=nudge_id(standing.influencer, NudgeReason.OCCASION, day.on, f"{day.occasion[-MARK:]}{lead}"),
            until=latest_end(day.on),
            about=day.occasion,
            on=on,
        )
        for on, lead in told.items()
        if on <= day.on
    ]


def _awake(team: Team, standing: Standing, on: date) -> date:
    """The working day from which on a snooze lets a relationship be heard of."""
    snoozed = standing.snoozed_until
    return working_day_from(team, snoozed) if snoozed is not None and snoozed > on else on
