"""What is known of a relationship adds up to its Standing, its status and its urgency. All pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

import msgspec
from msgspec.structs import replace

from bot import rhythm
from bot.calendar import latest_end, start_of
from bot.concerns import Concern, concerns, is_ended
from bot.model import (
    Direction,
    Exchange,
    Influencer,
    LastContact,
    Medium,
    Nudge,
    NudgeReason,
    NudgeState,
    Occasion,
    OccasionDay,
    Owed,
    Promise,
    Sensitivity,
    Side,
    Standing,
    Team,
    Touchpoint,
    standing_id,
)

FEW = 3
"""Touchpoints below which it is too early to call a relationship advertising."""

PATIENT_AFTER = 2
"""Outbound touchpoints without an answer after which a further one no longer breaks the silence."""

SOON = timedelta(days=7)
"""How long before the planned day a relationship is due soon."""

_SENSITIVITY = {
    Sensitivity.CALM: rhythm.CALM,
    Sensitivity.BALANCED: rhythm.BALANCED,
    Sensitivity.EAGER: rhythm.EAGER,
}


class Status(StrEnum):
    """Where a relationship stands; of those that apply, the first counts."""

    PAUSED = "paused"
    SNOOZED = "snoozed"
    WAITING_ON_US = "waiting_on_us"
    QUIET = "quiet"
    WAITING_ON_THEM = "waiting_on_them"
    DUE_SOON = "due_soon"
    ON_TRACK = "on_track"
    NEW = "new"


class Book(msgspec.Struct, frozen=True):
    """All that is kept about one relationship, in whatever order."""

    influencer: Influencer
    touchpoints: Sequence[Touchpoint] = ()
    promises: Sequence[Promise] = ()
    occasions: Sequence[Occasion] = ()
    nudges: Sequence[Nudge] = ()


def cadence_of(team: Team, influencer: Influencer) -> int | None:
    """The planned days between touchpoints: the influencer's own, else the tier's, else `None`."""
    if influencer.cadence is not None:
        return influencer.cadence
    return team.cadences.of(influencer.tier) if influencer.tier is not None else None


def reckon(team: Team, book: Book, *, now: datetime, before: Standing | None) -> Standing:
    """The Standing that follows from all that is kept about a relationship.

    `before` lends its version only, so that the result can replace it. Costs what there are touchpoints.
    """
    influencer, nudges = book.influencer, book.nudges
    zone, today = team.zone, now.astimezone(team.zone).date()
    dated = sorted(
        ((touch.day(zone), touch.logged_at, touch.id, touch) for touch in book.touchpoints), key=lambda row: row[:3]
    )
    past = [(day, touch) for day, _, _, touch in dated if day <= today]
    waiting, unanswered, active = _conversation(past, nudges)
    standing = Standing(
        id=standing_id(influencer.id),
        team=influencer.team,
        version=before.version if before else 0,
        influencer=influencer.id,
        owner=influencer.owner,
        archived=influencer.archived_at is not None,
        paused=influencer.is_paused or influencer.stage.is_stopped,
        snoozed_until=influencer.snoozed_until,
        cadence=cadence_of(team, influencer),
        last=_last(past),
        waiting_since=waiting,
        unanswered=unanswered,
        next_planned=next((day for day, *_ in dated if day > today), None),
        promises=len(book.promises),
        owed=_owed(book.promises),
    )
    closed = {nudge.id: nudge for nudge in nudges if not nudge.is_open and is_ended(nudge, past)}
    standing = replace(standing, occasions=_occasions(book.occasions, closed.values(), now))
    standing = _with_balance(standing, past)
    standing = _with_silence(standing, active, influencer, team)
    found = concerns(team, standing)
    unneeded = {nudge.id for nudge in closed.values() if nudge.state is NudgeState.NOT_NEEDED}
    unsettled = [concern for concern in found if concern.key not in unneeded]
    excused = any(concern.reason is NudgeReason.QUIET and concern.key in unneeded for concern in found)
    open_or_closed = {nudge.id for nudge in nudges if nudge.is_open} | closed.keys()
    return replace(
        standing,
        excused=excused,
        attention_at=_attention_at(team, standing, unsettled, now),
        due_at=_due_at(team, standing, unsettled, open_or_closed, now),
    )


def status(standing: Standing, today: date) -> Status:
    """Where a relationship stands on a date of the team's zone: the first that applies, in BEHAVIOUR's order."""
    soon = standing.planned_on is not None and standing.planned_on <= today + SOON
    applies = (
        (Status.PAUSED, standing.paused),
        (Status.SNOOZED, standing.snoozed_until is not None and standing.snoozed_until > today),
        (Status.WAITING_ON_US, standing.waiting_since is not None),
        (Status.QUIET, is_quiet(standing, today)),
        (Status.WAITING_ON_THEM, standing.unanswered >= PATIENT_AFTER),
        (Status.DUE_SOON, soon),
        (Status.ON_TRACK, standing.touchpoints > 0),
    )
    return next((found for found, does in applies if does), Status.NEW)


def is_quiet(standing: Standing, today: date) -> bool:
    """Whether the silence has become unusual for this relationship and nothing is planned."""
    return standing.quiet_on is not None and standing.quiet_on <= today and standing.next_planned is None


def silent_days(standing: Standing, influencer: Influencer, today: date) -> int:
    """Whole days of silence, days paused taken out; 0 where there was no touchpoint."""
    if standing.silent_since is None:
        return 0
    return rhythm.silence(standing.silent_since, today, tuple((p.since, p.until) for p in influencer.pauses))


def is_mostly_paid(standing: Standing) -> bool:
    """Whether money is most of what there is, once there is enough to say so."""
    return standing.touchpoints >= FEW and 2 * standing.paid > standing.touchpoints


def learned(standing: Standing) -> rhythm.Rhythm:
    """The rhythm that the kept pauses show under the plan."""
    return rhythm.learn(standing.pauses, standing.cadence)


def urgency(standing: Standing, silence: int) -> float:
    """R (QUIET): how far up a list a silence of so many days belongs, 0 for a relationship without touchpoints."""
    if standing.silent_since is None:
        return 0.0
    known = learned(standing)
    return rhythm.rank(rhythm.unusual(known, silence), known.n)


def _conversation(
    past: Sequence[tuple[date, Touchpoint]], nudges: Sequence[Nudge]
) -> tuple[date | None, int, tuple[date, ...]]:
    """Since when an inbound touchpoint waits, how many outbound ones do, and the active days.

    An inbound one that somebody declared in no need of an answer (nudge "not needed") does not wait. Of the outbound
    ones at the end that nobody answered, those past the second don't count as active days: they break no silence.
    A call that was taken is a conversation, whoever rang: neither side waits after it.
    """
    excused = max(
        (
            nudge.closed_at
            for nudge in nudges
            if nudge.reason is NudgeReason.WAITING_ON_US and nudge.state is NudgeState.NOT_NEEDED and nudge.closed_at
        ),
        default=None,
    )
    waiting: date | None = None
    unanswered = 0
    days: list[date] = []
    held: list[date] = []
    for day, touch in past:
        if touch.automatic:
            continue
        is_talk = touch.direction is Direction.MUTUAL or (touch.medium is Medium.CALL and touch.reached)
        if touch.direction is Direction.OUTBOUND and not is_talk:
            waiting, unanswered = None, unanswered + 1
        else:
            unanswered = 0
            days += held
            held.clear()
            if is_talk:
                waiting = None
            elif waiting is None and (excused is None or touch.logged_at > excused):
                waiting = day
        (held if unanswered > PATIENT_AFTER else days).append(day)
    return waiting, unanswered, tuple(sorted(set(days)))


def _last(past: Sequence[tuple[date, Touchpoint]]) -> LastContact | None:
    if not past:
        return None
    day, touch = past[-1]
    return LastContact(touch.id, day, touch.medium, touch.direction, touch.by)


def _with_balance(standing: Standing, past: Sequence[tuple[date, Touchpoint]]) -> Standing:
    gives = asks = since_give = paid = 0
    for _, touch in past:
        paid += touch.paid
        if touch.exchange is Exchange.GIVE:
            gives, since_give = gives + 1, 0
        elif touch.exchange is Exchange.ASK:
            asks, since_give = asks + 1, since_give + 1
    return replace(standing, touchpoints=len(past), gives=gives, asks=asks, asks_since_give=since_give, paid=paid)


def _with_silence(standing: Standing, active: Sequence[date], influencer: Influencer, team: Team) -> Standing:
    paused = tuple((pause.since, pause.until) for pause in influencer.pauses)
    plan = standing.cadence if standing.cadence is not None else int(rhythm.DEFAULT_CADENCE)
    if not active:
        added = influencer.added_at.astimezone(team.zone).date()
        return replace(standing, planned_on=_day_of_silence(added, plan, paused))
    last, pauses = active[-1], rhythm.pauses_between(active, paused)
    after = rhythm.nudge_after(rhythm.learn(pauses, standing.cadence), _SENSITIVITY[team.sensitivity])
    return replace(
        standing,
        silent_since=last,
        pauses=pauses,
        nudge_after=after,
        planned_on=_day_of_silence(last, plan, paused),
        quiet_on=_day_of_silence(last, after, paused),
    )


def _day_of_silence(last: date, days: int, paused: rhythm.Paused) -> date:
    """The date on which a silence has lasted `days`, days paused taken out."""
    day = last + timedelta(days=days)
    while (missing := days - rhythm.silence(last, day, paused)) > 0:
        if any(since < day and until is None for since, until in paused):
            return day  # the clock stands still; the date is set anew when it starts again
        day += timedelta(days=missing)
    return day


def _owed(promises: Iterable[Promise]) -> tuple[Owed, ...]:
    """The open promises with a due date, the one due first in front."""
    owed = [Owed(one.id, one.side, one.due) for one in promises if one.is_open and one.due is not None]
    return tuple(sorted(owed, key=lambda one: (one.due, one.side is Side.THEY, one.promise)))


def _occasions(occasions: Iterable[Occasion], closed: Iterable[Nudge], now: datetime) -> tuple[OccasionDay, ...]:
    """When each occasion comes next, the nearest first; one is over when its day has ended everywhere."""
    still = (now - timedelta(hours=12)).astimezone(UTC).date()
    seen_to = {(nudge.about, nudge.since) for nudge in closed if nudge.reason is NudgeReason.OCCASION}
    days = [
        OccasionDay(one.id, on, (one.id, on) in seen_to)
        for one in occasions
        if (on := one.next_from(still)) is not None
    ]
    return tuple(sorted(days, key=lambda day: (day.on, day.occasion)))


def _attention_at(team: Team, standing: Standing, unsettled: Sequence[Concern], now: datetime) -> datetime | None:
    """From when on a relationship is in `due`.

    They wrote, a promise or an occasion calls, the silence is unusual, or the day of the plan has come. That an answer
    is awaited counts at once; its nudge leaves two working days. A planned touchpoint takes the place of the plan, a
    silence that needs no nudge needs no plan either, and a snooze holds everything until its day.
    """
    if standing.paused or standing.archived:
        return None
    days = [standing.waiting_since]
    if standing.silent_since is None or any(concern.reason is NudgeReason.QUIET for concern in unsettled):
        days += [standing.planned_on, standing.quiet_on] if standing.next_planned is None else []
    days += [concern.on for concern in unsettled if concern.until is None or now < concern.until]
    first = min((day for day in days if day is not None), default=None)
    if first is None:
        return None
    return start_of(max(first, standing.snoozed_until or first), team.zone)


def _due_at(
    team: Team, standing: Standing, unsettled: Sequence[Concern], raised: Collection[str], now: datetime
) -> datetime | None:
    """The next instant at which something is to be raised or let go of, or comes to pass; none for a team that left."""
    if team.abandoned_at is not None:
        return None
    moments = [
        concern.at
        for concern in unsettled
        if concern.key not in raised and (concern.until is None or now < concern.until)
    ]
    moments += [concern.until for concern in unsettled if concern.until is not None and now < concern.until]
    if standing.next_planned is not None and not standing.archived:
        moments.append(start_of(standing.next_planned, team.zone))
    if standing.occasions and not standing.paused and not standing.archived:
        moments.append(latest_end(standing.occasions[0].on))
    return min(moments, default=None)
