"""Why a relationship is in a list of those that need somebody, and in which order. Pure rules over a Standing."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from bot.concerns import occasions_now, owed_now
from bot.model import Standing, Team
from bot.standing import is_quiet, urgency


class Need(StrEnum):
    """Why a relationship needs somebody, most urgent first."""

    WAITING_ON_US = "waiting_on_us"
    PROMISE = "promise"
    OCCASION = "occasion"
    QUIET = "quiet"
    PLAN = "plan"
    FIRST_CONTACT = "first_contact"


def needs_of(team: Team, standing: Standing, today: date) -> tuple[Need, ...]:
    """The reasons that hold on a date of the team's zone, most urgent first; none for one that is left in peace."""
    if standing.paused or standing.archived:
        return ()
    if standing.snoozed_until is not None and standing.snoozed_until > today:
        return ()
    silence = _silence(standing, today)
    holds = (
        (Need.WAITING_ON_US, standing.waiting_since is not None),
        (Need.PROMISE, bool(owed_now(team, standing, today))),
        (Need.OCCASION, bool(occasions_now(team, standing, today))),
    )
    return (*(need for need, does in holds if does), *((silence,) if silence is not None else ()))


def _silence(standing: Standing, today: date) -> Need | None:
    """What the silence asks for: nothing where a touchpoint is planned, or where somebody said that it may last."""
    if standing.excused or standing.next_planned is not None:
        return None
    if is_quiet(standing, today):
        return Need.QUIET
    if standing.planned_on is None or standing.planned_on > today:
        return None
    return Need.FIRST_CONTACT if standing.silent_since is None else Need.PLAN


def order_of(team: Team, standing: Standing, need: Need | None, today: date, silence: int) -> tuple[int, float, str]:
    """Sorts the most urgent first: by the need, within one by the day it is about, of silences by how unusual they are.

    `silence` is how many days it has lasted (`silent_days`), which only counts where it is the need. Whoever needs
    nobody (`None`) comes last, by the day of the plan.
    """
    rank = list(Need).index(need) if need is not None else len(Need)
    if need is Need.QUIET:
        return rank, -urgency(standing, silence), standing.influencer
    return rank, _since(team, standing, need, today).toordinal(), standing.influencer


def _since(team: Team, standing: Standing, need: Need | None, today: date) -> date:
    """The day that a need is about."""
    on: date | None
    match need:
        case Need.WAITING_ON_US:
            on = standing.waiting_since
        case Need.PROMISE:
            on = next((owed.due for owed in owed_now(team, standing, today)), None)
        case Need.OCCASION:
            on = next((day.on for day in occasions_now(team, standing, today)), None)
        case _:
            on = standing.planned_on
    return on or date.max
