"""Nudges in words: the day's message to an owner, what came of each nudge, and the answers to its buttons.

A message for five people is held to 40 parts (Discord counts every text, row, button and select): one Text and one
Actions a person, no dividers. Why comes first, what somebody wrote last: where a platform clips, it clips a note.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.model import (
    Direction,
    Influencer,
    Medium,
    Member,
    Nudge,
    NudgeReason,
    NudgeState,
    Team,
    Touchpoint,
)
from bot.reply import Actions, Button, LinkButton, Option, Reply, Select, Text, Who, callback, join, say
from bot.views.ideas import Known, idea
from bot.views.quiet import quiet_sentence
from bot.views.words import People, ago, count, day, listed_texts, near_day, quoted

NOWHERE = "No DM and no team channel to post it in: set the team’s channel in settings."
"""Why a message failed that had no place to go."""

LOOKED_UP_NEVER = "The answer was lost, and the platform can’t be asked whether it stands."
"""Why nobody knows whether a message was posted."""


NEVER_TAKEN = "The platform never took it."
"""Why a message failed that was tried often enough."""

_MARK = 12
"""Characters at the end of an id that stand for it."""

RECENT = 20
"""Touchpoints among which the one that ended a nudge is looked for."""


class SnoozeFor(StrEnum):
    """How long the button of a nudge can snooze."""

    THREE_DAYS = "3_days"
    ONE_WEEK = "1_week"
    TWO_WEEKS = "2_weeks"
    ONE_MONTH = "1_month"


_LOGGED = {
    Medium.EMAIL: "an email",
    Medium.CALL: "a call",
    Medium.MEETING: "a meeting",
    Medium.DM: "a DM",
    Medium.COMMENT: "a comment",
    Medium.EVENT: "an event",
    Medium.GIFT: "a gift",
    Medium.POST: "a post",
    Medium.OTHER: "a touchpoint",
}


@dataclass(frozen=True, slots=True)
class OpenNudge:
    """A relationship that needs somebody, with its most urgent reason."""

    nudge: Nudge
    known: Known


class Ending(StrEnum):
    """What came of a nudge that is open no more."""

    LOGGED = "logged"
    SNOOZED = "snoozed"
    NOT_NEEDED = "not_needed"
    HANDED_OVER = "handed_over"
    PAUSED = "paused"
    ARCHIVED = "archived"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class EndedNudge:
    """A relationship that needed somebody. `who` did it, or has it now; `touch` is what was logged."""

    influencer: Influencer
    ending: Ending
    who: Member | None = None
    touch: Touchpoint | None = None
    until: date | None = None


Entry = OpenNudge | EndedNudge


@dataclass(frozen=True, slots=True)
class Message:
    """The day's message to a member (`None`: to the team); `today` is the team's date, `more` people are left out."""

    team: Team
    member: Member | None
    today: date
    entries: tuple[Entry, ...]
    more: int = 0


def nudge_message(message: Message) -> Reply:
    """The message in full, for a DM or for the team's own relationships in its channel."""
    blocks: list[Text | Actions] = [_opening(message)]
    for entry in message.entries:
        if isinstance(entry, OpenNudge):
            blocks += [_open_entry(message, entry), Actions(_buttons(entry.nudge))]
        else:
            blocks.append(ended_sentence(entry, message.today))
    if message.more:
        blocks.append(_more(message.more))
    return Reply(blocks=tuple(blocks), private=False)


def names_only(message: Message) -> Reply:
    """The message for a channel in place of a closed DM: names, and nothing about them."""
    names = {ended: [_name(entry) for entry in message.entries if _is_ended(entry) is ended] for ended in (False, True)}
    owner = Who(message.member.name, message.member.accounts) if message.member else "everybody"
    lines = []
    if names[False]:
        verb = "need" if len(names[False]) > 1 else "needs"
        lines.append(
            say("{owner}: {names} " + verb + " you. /rapport due says why.", owner=owner, names=_all(names[False]))
        )
    if names[True]:
        lines.append(say("✓ Done: {names}.", names=_all(names[True])))
    if message.more:
        lines.append(_more(message.more))
    if names[False] and message.member:
        lines.append(say("This would be a direct message, but yours are closed to Rapport."))
    return Reply(blocks=(join("\n", lines or [_nothing_left()]),), private=False)


def ended_sentence(entry: EndedNudge, today: date) -> Text:
    """`**Jess Park** — ✓ Ana logged a call, 23 Nov.`"""
    return say("**{name}** — {ending}.", name=entry.influencer.name, ending=_ending(entry, today))


def ending_of(nudge: Nudge, influencer: Influencer, recent: Sequence[Touchpoint], people: People) -> EndedNudge:
    """What came of a nudge that is open no more, or that is somebody else's now; `recent` are the last touchpoints."""
    who = people.get(nudge.closed_by or "")
    if nudge.is_open:
        return EndedNudge(influencer, Ending.HANDED_OVER, people.get(nudge.member or ""))
    if nudge.state is NudgeState.NOT_NEEDED:
        return EndedNudge(influencer, Ending.NOT_NEEDED, who)
    if (touch := next((touch for touch in recent if touch.logged_at == nudge.closed_at), None)) is not None:
        return EndedNudge(influencer, Ending.LOGGED, people.get(touch.by or ""), touch)
    if influencer.archived_at is not None:
        return EndedNudge(influencer, Ending.ARCHIVED, who)
    if influencer.is_paused:
        return EndedNudge(influencer, Ending.PAUSED, who)
    if influencer.snoozed_until is not None and influencer.snoozed_until > nudge.since:
        return EndedNudge(influencer, Ending.SNOOZED, who, until=influencer.snoozed_until)
    return EndedNudge(influencer, Ending.OVER, who)


def why(entry: OpenNudge, today: date) -> Text:
    """The reason of a nudge in numbers."""
    standing = entry.known.standing
    if entry.nudge.reason is NudgeReason.WAITING_ON_US:
        return say("Wrote {ago}, unanswered.", ago=ago(standing.waiting_since or entry.nudge.since, today))
    influencer = entry.known.influencer
    return quiet_sentence(standing, influencer, today, influencer.tier if influencer.cadence is None else None)


def already(at: datetime | None, entry: EndedNudge, closer: Member | None, now: datetime, today: date) -> Reply:
    """The answer to a press on a button that acts once: what came of it, who was quicker, and when."""
    who = say(" by {who}", who=closer.name) if closer else say("")
    when = say(", {ago}", ago=_since(at, now)) if at else say("")
    return Reply(
        blocks=(say("Already done{who}{when}: {what}", who=who, when=when, what=ended_sentence(entry, today)),)
    )


def snoozed(influencer: Influencer, until: date, today: date, change: str) -> Reply:
    """Silence until a date."""
    return _done(say("✓ **{name}** is snoozed until {day}.", name=influencer.name, day=near_day(until, today)), change)


def not_needed_any_more(influencer: Influencer, reason: NudgeReason, change: str) -> Reply:
    """The same reason is not raised again."""
    again = (
        "This message counts as answered."
        if reason is NudgeReason.WAITING_ON_US
        else "You won’t be nudged about this silence again."
    )
    return _done(say("✓ **{name}**: not needed. " + again, name=influencer.name), change)


def handed_over(influencer: Influencer, to: Member, change: str) -> Reply:
    """Somebody else answers for it now."""
    return _done(
        say("✓ {who} looks after **{name}** now.", who=Who(to.name, to.accounts), name=influencer.name), change
    )


def hand_over_to(nudge: Nudge, influencer: Influencer, others: Sequence[Member]) -> Reply:
    """Asks who is to answer for a relationship; at most 25 members, more need a form."""
    options = tuple(Option(member.name, member.id) for member in others)
    again = callback("hand_over", nudge=nudge.id, seen=owner_mark(influencer))
    chooser = Select("Hand over to…", "to", options, again)
    return Reply(blocks=(say("Who looks after **{name}** from now on?", name=influencer.name), Actions((chooser,))))


def owner_mark(influencer: Influencer) -> str:
    """What stands for the owner in a button, which has no room for a whole id beside that of a nudge."""
    return (influencer.owner or "nobody")[-_MARK:]


def nobody_else(influencer: Influencer) -> Reply:
    """There is nobody to hand over to."""
    text = say(
        "There is nobody else in the team to hand **{name}** to. Members are known once they have used Rapport.",
        name=influencer.name,
    )
    return Reply(blocks=(text,))


def about_reaching_out(influencer: Influencer) -> Text:
    """What the form is about that opens on “I reached out”."""
    return say("What happened with **{name}**?", name=influencer.name)


def _opening(message: Message) -> Text:
    number = sum(isinstance(entry, OpenNudge) for entry in message.entries)
    if number == 0:
        return _nothing_left()
    if message.member is None:
        need = "needs" if number == 1 else "need"
        return say("{number} that nobody looks after " + need + " somebody.", number=count(number, "relationship"))
    return say("{number} you today.", number=count(number, "relationship needs", "relationships need"))


def _nothing_left() -> Text:
    return say("Nothing is left to do here.")


def _more(number: int) -> Text:
    return say("{more}: /rapport due shows everybody.", more=count(number, "more needs you", "more need you"))


def _open_entry(message: Message, entry: OpenNudge) -> Text:
    known, today = entry.known, message.today
    lines = [
        say("**{name}** — {why}", name=known.influencer.name, why=why(entry, today)),
        say("Idea: {idea}", idea=idea(known, entry.nudge.reason, message.team, today)),
    ]
    if known.touch is not None:
        lines.append(_last(known, known.touch, message, today))
    return join("\n", lines)


def _last(known: Known, touch: Touchpoint, message: Message, today: date) -> Text:
    """`Last: Ana, dm to Jess Park, 18 Oct — “asked about spring launch”`."""
    name = known.influencer.name
    medium = "contact" if touch.medium is Medium.OTHER else touch.medium.value
    whom = {Direction.OUTBOUND: "to", Direction.INBOUND: "from", Direction.MUTUAL: "with"}[touch.direction]
    by = (
        say("{who}, ", who=known.last_by.name)
        if known.last_by and touch.direction is not Direction.INBOUND
        else say("")
    )
    note = say(" — {note}", note=quoted(touch.note)) if touch.note else say(".")
    return say(
        "Last: {by}{medium} " + whom + " {name}, {day}{note}",
        by=by,
        medium=medium,
        name=name,
        day=day(touch.day(message.team.zone), today),
        note=note,
    )


def _buttons(nudge: Nudge) -> tuple[Button | LinkButton | Select, ...]:
    lengths = tuple(Option(length.value.replace("_", " "), length.value) for length in SnoozeFor)
    return (
        Button("I reached out", callback("reached", nudge=nudge.id)),
        Button("Not needed", callback("not_needed", nudge=nudge.id)),
        Button("Hand over", callback("hand_over", nudge=nudge.id)),
        Select("Snooze", "length", lengths, callback("snooze_nudge", nudge=nudge.id)),
    )


def _ending(entry: EndedNudge, today: date) -> Text:
    who = entry.who.name if entry.who else "somebody"
    match entry.ending:
        case Ending.LOGGED if entry.touch is not None:
            what = _LOGGED[entry.touch.medium]
            return say("✓ {who} logged {what}, {day}", who=who, what=what, day=day(entry.touch.on, today))
        case Ending.SNOOZED if entry.until is not None:
            return say("snoozed until {day}", day=day(entry.until, today))
        case Ending.NOT_NEEDED:
            return say("not needed ({who})", who=who)
        case Ending.HANDED_OVER:
            return say("handed over to {who}", who=entry.who.name if entry.who else "the team")
        case Ending.PAUSED:
            return say("paused")
        case Ending.ARCHIVED:
            return say("archived")
        case _:
            return say("✓ no longer due")


def _since(moment: datetime, now: datetime) -> str:
    minutes = int((now - moment).total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{count(minutes, 'minute')} ago"
    hours = minutes // 60
    return f"{count(hours, 'hour')} ago" if hours < 24 else f"{count(hours // 24, 'day')} ago"


def _done(text: Text, change: str) -> Reply:
    return Reply(blocks=(text, Actions((Button("Undo", callback("undo", change=change)),))))


def _name(entry: Entry) -> str:
    return entry.known.influencer.name if isinstance(entry, OpenNudge) else entry.influencer.name


def _is_ended(entry: Entry) -> bool:
    return isinstance(entry, EndedNudge)


def _all(names: Sequence[str]) -> Text:
    return listed_texts([say("**{name}**", name=name) for name in names])
