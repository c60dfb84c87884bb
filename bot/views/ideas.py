"""One idea for a relationship that needs somebody, drawn from what is recorded about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.model import Gesture, Influencer, Member, NudgeReason, Occasion, Standing, Team, Touchpoint
from bot.reply import Link, Text, Value, say
from bot.views.words import because, birthday, count, day

SOON = 30
"""Days before an occasion from which on it is the best idea there is."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a nudge can say about a relationship; `last_by` is who had the last contact, `touch` what it was."""

    influencer: Influencer
    standing: Standing
    touch: Touchpoint | None = None
    last_by: Member | None = None
    occasion: tuple[Occasion, date] | None = None


def idea(known: Known, reason: NudgeReason, team: Team, today: date) -> Text:
    """One thing to do, drawn from what is recorded."""
    influencer, standing = known.influencer, known.standing
    name = influencer.name
    if known.occasion is not None and 0 <= (known.occasion[1] - today).days <= SOON:
        return _occasion_idea(name, *known.occasion, today)
    if reason is NudgeReason.WAITING_ON_US and standing.next_planned is not None:
        planned = day(standing.next_planned, today)
        return say("A touchpoint is planned for {planned}: answer, or snooze until then.", planned=planned)
    if standing.asks_since_give > 1:
        asked = count(standing.asks_since_give, "ask")
        gesture = _gesture(team.gestures, influencer, standing)
        return say("{asked} since we last gave something: {gesture}.", asked=asked, gesture=gesture)
    if influencer.goal:
        why = because(influencer.motivation)
        return say(
            "{name} wants {goal}{why}: ask how it is going, or offer help.", name=name, goal=influencer.goal, why=why
        )
    if standing.touchpoints > 2 and standing.gives == 0:
        return say("We never gave anything yet: {gesture}.", gesture=_gesture(team.gestures, influencer, standing))
    return say("Ask what {name} wants: we don’t know it yet.", name=name)


def _occasion_idea(name: str, occasion: Occasion, on: date, today: date) -> Text:
    when = {0: "today", 1: "tomorrow"}.get((on - today).days, birthday(on.month, on.day))
    return say(
        "{name}’s {label} is {when}: a personal video message, for example.", name=name, label=occasion.label, when=when
    )


def _gesture(gestures: Sequence[Gesture], influencer: Influencer, standing: Standing) -> Value:
    """One of the team's gestures, another one each silence, the same however often the message is drawn."""
    if not gestures:
        return "send a personal note with no ask"
    turn = standing.silent_since.toordinal() if standing.silent_since else 0
    gesture = gestures[(turn + sum(influencer.id.encode())) % len(gestures)]
    return Link(gesture.text, gesture.link) if gesture.link else gesture.text
