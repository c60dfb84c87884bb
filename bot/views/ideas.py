"""One idea for a relationship that needs somebody, drawn from what is recorded about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.model import Direction, Gesture, Influencer, Member, NudgeReason, Occasion, Standing, Team, Touchpoint
from bot.reply import Link, Text, Value, say
from bot.views.words import ago, because, birthday, count, day, ended, quoted, short

SOON = 30
"""Days before an occasion from which on it is the best idea there is."""

_LAST_WORDS = 120
"""Characters of a message that is quoted in an idea; the whole of it stands below."""


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
    if reason is NudgeReason.WAITING_ON_US or standing.waiting_since is not None:
        return _answer_idea(known, reason, today)
    if known.occasion is not None and 0 <= (known.occasion[1] - today).days <= SOON:
        return _occasion_idea(name, *known.occasion, today)
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


def _answer_idea(known: Known, reason: NudgeReason, today: date) -> Text:
    """To answer comes before everything else; where the nudge is about the silence, that somebody waits is news."""
    standing, touch = known.standing, known.touch
    if standing.next_planned is not None:
        planned = day(standing.next_planned, today)
        return say("A touchpoint is planned for {planned}: answer, or snooze until then.", planned=planned)
    waits = reason is not NudgeReason.WAITING_ON_US and standing.waiting_since is not None
    since = f", who wrote {ago(standing.waiting_since, today)} and waits" if waits and standing.waiting_since else ""
    words = touch.note if touch is not None and touch.direction is Direction.INBOUND else ""
    if not words:
        return say("Answer {name}{since}.", name=known.influencer.name, since=since)
    last = quoted(short(words, _LAST_WORDS))
    return ended(say("Answer {name}{since}: {last}", name=known.influencer.name, since=since, last=last))


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
