"""One idea for a relationship that needs somebody, drawn from what is recorded about it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.model import (
    Direction,
    Gesture,
    Influencer,
    Member,
    Nudge,
    NudgeReason,
    Occasion,
    Promise,
    Side,
    Standing,
    Team,
    Touchpoint,
)
from bot.promising import by_urgency
from bot.reply import Link, Text, Value, say
from bot.views.occasions import capital, is_birthday
from bot.views.reasons import promise_due
from bot.views.words import ago, because, count, ended, quoted, short, weekday

SOON = 30
"""Days before an occasion from which on it is the best idea there is."""

BIRTHDAY_GESTURES = (Gesture("a personal birthday video message"),)
"""What a birthday calls for, where the team has no list of its own."""

GESTURES = (Gesture("a handwritten note"), Gesture("a personal video message"), Gesture("a small gift"))
"""What any other occasion calls for."""

_LAST_WORDS = 120
"""Characters of a message that is quoted in an idea; the whole of it stands below."""

_TASTE = re.compile(
    r"(?<!\w)(?:loves?|likes?|enjoys?|adores?|fan of|collects?|favou?rite|obsessed|crazy about|allergic|allergy|vegan"
    r"|vegetarian|hates?|dislikes?|doesn[’']t (?:drink|eat|like)|prefers?)(?!\w)",
    re.IGNORECASE,
)
"""Words of a standing note that say what pleases somebody, or what had better not be sent."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a nudge can say about a relationship; `last_by` is who had the last contact, `touch` what it was.

    `occasion` is the next one, with its date. `promises` and `occasions` are by id: those that nudges are about, and
    open promises besides.
    """

    influencer: Influencer
    standing: Standing
    touch: Touchpoint | None = None
    last_by: Member | None = None
    occasion: tuple[Occasion, date] | None = None
    promises: Mapping[str, Promise] = field(default_factory=dict)
    occasions: Mapping[str, Occasion] = field(default_factory=dict)


def idea(known: Known, nudge: Nudge, team: Team, today: date, team_today: date) -> Text:
    """One thing to do about a nudge, drawn from what is recorded.

    `today` is the reader's date; how long somebody waits is counted by `team_today`.
    """
    if nudge.reason is NudgeReason.PROMISE and (promise := known.promises.get(nudge.about or "")) is not None:
        return _promise_idea(promise, known.influencer.name, today)
    if nudge.reason is NudgeReason.OCCASION and (occasion := known.occasions.get(nudge.about or "")) is not None:
        return _gesture_idea(occasion, nudge.since, known.influencer, team)
    if nudge.reason is NudgeReason.WAITING_ON_US or known.standing.waiting_since is not None:
        return _answer_idea(known, nudge.reason, today, team_today)
    return _idea_in_silence(known, team, today)


def gesture_for(team: Team, influencer: Influencer, occasion: Occasion, on: date) -> Gesture:
    """A gesture of the team's own list, else of ours, that fits an occasion on a date; the same each time it is asked.

    What says “birthday” is for birthdays, and goes first there. Two years, or two people, may get different ones.
    """
    choices: tuple[Gesture, ...]
    own, suits = team.gestures, is_birthday(occasion)
    if not own:
        choices = BIRTHDAY_GESTURES if suits else GESTURES
    else:
        named = tuple(one for one in own if "birthday" in one.text.casefold())
        others = tuple(one for one in own if one not in named)
        choices = (named or others) if suits else (others or GESTURES)
    return choices[(on.year + sum(f"{influencer.id}{occasion.label}".encode())) % len(choices)]


def gesture_note(gesture: Gesture, occasion: Occasion) -> str:
    """What the note of its touchpoint says: `a handwritten note for the book launch`."""
    if occasion.label.casefold() in gesture.text.casefold():
        return gesture.text
    return f"{gesture.text.rstrip(' .')} for the {occasion.label}"


def _idea_in_silence(known: Known, team: Team, today: date) -> Text:
    """Promise, occasion, balance, goal: the first there is."""
    influencer, standing, name = known.influencer, known.standing, known.influencer.name
    if promise := next(iter(by_urgency(known.promises.values())), None):
        owed = promise_due(promise, name, today)
        if promise.side is Side.WE:
            return say("{owed}: keep it, or say when you will.", owed=owed)
        return say("{owed}: ask kindly how it is coming along.", owed=owed)
    if known.occasion is not None and 0 <= (known.occasion[1] - today).days <= SOON:
        return _occasion_idea(influencer, *known.occasion, team, today)
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


def _answer_idea(known: Known, reason: NudgeReason, today: date, team_today: date) -> Text:
    """To answer comes before everything else; where the nudge is about the silence, that somebody waits is news."""
    standing, touch = known.standing, known.touch
    if standing.next_planned is not None:
        planned = weekday(standing.next_planned, today)
        return say("A touchpoint is planned for {planned}: answer, or snooze until then.", planned=planned)
    waits = reason is not NudgeReason.WAITING_ON_US and standing.waiting_since is not None
    wrote = ago(standing.waiting_since or team_today, team_today)
    since = say(", who wrote {ago} and waits", ago=wrote) if waits else say("")
    words = touch.note if touch is not None and touch.direction is Direction.INBOUND else ""
    if not words:
        return say("Answer {name}{since}.", name=known.influencer.name, since=since)
    last = quoted(short(words, _LAST_WORDS))
    if waits:
        return ended(say("Answer {name}{since}: {last}", name=known.influencer.name, since=since, last=last))
    return ended(say("Answer what {name} wrote: {last}", name=known.influencer.name, last=last))


def _promise_idea(promise: Promise, name: str, today: date) -> Text:
    """What keeps a promise of ours, or asks for one of theirs without pressing."""
    if promise.side is Side.THEY:
        what = "Ask {name} kindly how it is coming along, and whether anything is in the way{link}."
    elif promise.payment:
        what = "Pay it now, and tell {name} that the money is on its way{link}."
    elif promise.is_late(today):
        what = "Keep it today, or tell {name} when it will come{link}."
    else:
        what = "Keep it in time, or tell {name} now that it will be later{link}."
    link = say(" ({link})", link=Link("link", promise.link)) if promise.link else say("")
    return say(what, name=name, link=link)


def _gesture_idea(occasion: Occasion, on: date, influencer: Influencer, team: Team) -> Text:
    chosen = gesture_for(team, influencer, occasion, on)
    gesture = _drawn(Gesture(capital(chosen.text), chosen.link))
    return ended(say("{gesture}, with no ask{taste}", gesture=gesture, taste=_taste(influencer)))


def _occasion_idea(influencer: Influencer, occasion: Occasion, on: date, team: Team, today: date) -> Text:
    when = {0: "today", 1: "tomorrow"}.get((on - today).days, f"on {weekday(on, today)}")
    return ended(
        say(
            "{name}’s {label} is {when}: {gesture}, for example{taste}",
            name=influencer.name,
            label=occasion.label,
            when=when,
            gesture=_drawn(gesture_for(team, influencer, occasion, on)),
            taste=_taste(influencer),
        )
    )


def _taste(influencer: Influencer) -> Text:
    """` (remember: “loves ceramics”)`: the newest standing note that says what pleases them."""
    note = next((note.text for note in reversed(influencer.notes) if _TASTE.search(note.text)), None)
    if note is None:
        return say("")
    return say(" (remember: {note})", note=quoted(short(" ".join(note.split()), _LAST_WORDS)))


def _gesture(gestures: Sequence[Gesture], influencer: Influencer, standing: Standing) -> Value:
    """One of the team's gestures, another one each silence, the same however often the message is drawn."""
    if not gestures:
        return "send a personal note with no ask"
    turn = standing.silent_since.toordinal() if standing.silent_since else 0
    return _drawn(gestures[(turn + sum(influencer.id.encode())) % len(gestures)])


def _drawn(gesture: Gesture) -> Value:
    return Link(gesture.text, gesture.link) if gesture.link else gesture.text
