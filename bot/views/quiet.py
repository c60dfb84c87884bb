"""Why a relationship counts as quiet, in the sentences of QUIET.md, and by when to be in touch before it does."""

from __future__ import annotations

from datetime import date

from bot import rhythm
from bot.model import Influencer, Standing, Tier
from bot.reply import Text, join, say
from bot.standing import learned, silent_days
from bot.views.words import count, every

OWN_PAUSES = 5
"""Pauses from which on a relationship is said to have a rhythm of its own."""


def quiet_sentence(standing: Standing, influencer: Influencer, today: date, tier: Tier | None) -> Text:
    """How long the silence has lasted and what it is compared with; `today` is a date of the team's zone.

    `tier` is the one that the cadence comes from, `None` where it is the influencer's own. Only for a relationship
    with a touchpoint; whether it *is* quiet is for the caller to know.
    """
    days, known = silent_days(standing, influencer, today), learned(standing)
    if known.n >= OWN_PAUSES:
        return join(" ", [_silence(days), _own_rhythm(known, days)])
    plan = _plan(standing.cadence, tier)
    if known.n > 0:
        first = "Your first pause" if known.n == 1 else f"Your first {known.n} pauses"
        return join(
            " ",
            [
                _silence(days),
                say("{first} and {plan} suggest about every {usual}.", first=first, plan=plan, usual=known.usual),
            ],
        )
    bare_plan = _bare_plan(standing.cadence)
    if standing.touchpoints <= 1:
        since = "today" if days == 0 else f"{count(days, 'day')} ago"
        return say("One touchpoint so far, {since}; {plan}.", since=since, plan=bare_plan)
    # Several that make no pause yet: of one day, or the later ones unanswered or automatic.
    return say(
        "Quiet for {days}, after {touchpoints}; {plan}.",
        days=count(days, "day"),
        touchpoints=count(standing.touchpoints, "touchpoint"),
        plan=bare_plan,
    )


def measure(standing: Standing) -> str:
    """`usually 13`, `plan 60`: what a silence is compared with, in days, where there is little room."""
    known = learned(standing)
    if known.n >= OWN_PAUSES:
        return f"usually {known.usual}"
    return f"plan {standing.cadence or int(rhythm.DEFAULT_CADENCE)}"


def next_touch(standing: Standing) -> date | None:
    """The day by which to be in touch next, the same wherever it is said: when `due` begins to list the silence.

    That of the plan, or the one on which the silence gets unusual where that comes first; after a snooze at the
    earliest. `None` where the clock stands still, a touchpoint is planned, the silence needs no nudge, or an answer is
    awaited already.
    """
    if standing.paused or standing.archived or standing.excused or standing.planned_on is None:
        return None
    if standing.next_planned is not None or standing.waiting_since is not None:
        return None
    first = min(standing.planned_on, standing.quiet_on or standing.planned_on)
    return max(first, standing.snoozed_until or first)


def _silence(days: int) -> Text:
    return say("Quiet for {days}.", days=count(days, "day"))


def _own_rhythm(known: rhythm.Rhythm, days: int) -> Text:
    longer, kept = rhythm.longer_than(known, days)
    compared = say(
        "longer than {longer} of your last {kept} pauses (longest: {longest})",
        longer="any" if longer == kept else longer,
        kept=kept,
        longest=round(known.longest or 0),
    )
    if (moved := rhythm.changed(known)) is not None:
        lately, before = moved
        return say(
            "You talk lately about {every} (before: {before}); {compared}.",
            every=every(lately),
            before=before,
            compared=compared,
        )
    return say("You usually talk about {every}; {compared}.", every=every(known.usual), compared=compared)


def _plan(cadence: int | None, tier: Tier | None) -> str:
    if cadence is None:
        return f"the usual plan ({every(int(rhythm.DEFAULT_CADENCE))})"
    return f"the plan ({f'tier {tier}, ' if tier is not None else ''}{every(cadence)})"


def _bare_plan(cadence: int | None) -> str:
    if cadence is None:
        return f"without a plan, {count(int(rhythm.DEFAULT_CADENCE), 'day')} are assumed"
    return f"the plan is {every(cadence)}"
