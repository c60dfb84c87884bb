"""What came of a nudge that is open no more: who dealt with it, or why it is no longer due. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.calendar import latest_end
from bot.model import Influencer, Kept, Member, Nudge, NudgeReason, NudgeState, Occasion, Promise, Touchpoint

RECENT = 20
"""Touchpoints among which the one that ended a nudge is looked for."""


class Ending(StrEnum):
    """What came of a nudge that is open no more."""

    LOGGED = "logged"
    KEPT = "kept"
    BROKEN = "broken"
    RELEASED = "released"
    SNOOZED = "snoozed"
    NOT_NEEDED = "not_needed"
    HANDED_OVER = "handed_over"
    PAUSED = "paused"
    ARCHIVED = "archived"
    REMINDED = "reminded"
    PASSED = "passed"
    OVER = "over"


_SETTLED = {
    Kept.KEPT: Ending.KEPT,
    Kept.KEPT_LATE: Ending.KEPT,
    Kept.BROKEN: Ending.BROKEN,
    Kept.RELEASED: Ending.RELEASED,
}


@dataclass(frozen=True, slots=True)
class EndedNudge:
    """A relationship that needed somebody. `who` did it, or has it now; `touch` is what was logged.

    `promise` is the one that was settled, `occasion` the one it was about; `on` is the date of either, and that of
    `touch` on the reader's calendar.
    """

    influencer: Influencer
    ending: Ending
    who: Member | None = None
    touch: Touchpoint | None = None
    until: date | None = None
    promise: Promise | None = None
    occasion: Occasion | None = None
    on: date | None = None


def ending_of(
    nudge: Nudge,
    influencer: Influencer,
    recent: Sequence[Touchpoint],
    people: Mapping[str, Member],
    zone: ZoneInfo,
    *,
    promise: Promise | None = None,
    occasion: Occasion | None = None,
) -> EndedNudge:
    """What came of a nudge that is open no more, or that is somebody else's now.

    `recent` are the last touchpoints, `people` the members by id, `zone` is the reader's; `promise` or `occasion` is
    the one that the nudge is about, where it is still there.
    """
    who = people.get(nudge.closed_by or "")
    if nudge.is_open:
        return EndedNudge(influencer, Ending.HANDED_OVER, people.get(nudge.member or ""))
    if nudge.state is NudgeState.NOT_NEEDED:
        return EndedNudge(influencer, Ending.NOT_NEEDED, who)
    if promise is not None and promise.outcome is not None:
        settled_by = people.get(promise.settled_by or "")
        return EndedNudge(influencer, _SETTLED[promise.outcome], settled_by, promise=promise, on=promise.settled_on)
    if (touch := next((touch for touch in recent if touch.logged_at == nudge.closed_at), None)) is not None:
        return EndedNudge(influencer, Ending.LOGGED, people.get(touch.by or ""), touch, on=touch.day(zone))
    if influencer.archived_at is not None:
        return EndedNudge(influencer, Ending.ARCHIVED, who)
    if influencer.is_paused:
        return EndedNudge(influencer, Ending.PAUSED, who)
    if influencer.snoozed_until is not None and _is_within(influencer.snoozed_until, nudge):
        return EndedNudge(influencer, Ending.SNOOZED, who, until=influencer.snoozed_until)
    if _is_of(nudge, occasion):
        ending = Ending.PASSED if _has_passed(nudge.since, nudge.closed_at) else Ending.REMINDED
        return EndedNudge(influencer, ending, who, occasion=occasion, on=nudge.since)
    return EndedNudge(influencer, Ending.OVER, who)


def _is_within(snoozed_until: date, nudge: Nudge) -> bool:
    """Whether a nudge was closed in a snooze: one that began after the nudge had, and had not ended everywhere yet."""
    begun = min(nudge.since, nudge.raised_at.date())  # an occasion's nudge is raised before the day it is about
    return begun < snoozed_until and not _has_passed(snoozed_until - timedelta(days=1), nudge.closed_at)


def _is_of(nudge: Nudge, occasion: Occasion | None) -> bool:
    """Whether an occasion still falls on the day that a nudge is about."""
    return (
        nudge.reason is NudgeReason.OCCASION
        and occasion is not None
        and occasion.in_year(nudge.since.year) == nudge.since
    )


def _has_passed(day: date, at: datetime | None) -> bool:
    """Whether a day had ended everywhere by an instant, so that it is over whoever reads of it."""
    return at is not None and latest_end(day) <= at
