"""The answers to the buttons of a nudge."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from bot.endings import EndedNudge
from bot.model import Influencer, Member, Nudge, NudgeReason
from bot.reply import Actions, Button, Reply, Select, Text, Who, callback, say
from bot.views.endings import ended_sentence
from bot.views.words import count, doer, member_options, near_day, weekday

_MARK = 8
"""Characters at the end of an id that stand for it; more don't fit beside the longest id of a nudge."""


def already(
    at: datetime | None, entry: EndedNudge, closer: Member | None, asks: Member, now: datetime, today: date
) -> Reply:
    """The answer to a press on a button that acts once: what came of it, who was quicker, and when."""
    who = say(" by {who}", who=doer(closer, asks)) if closer else say("")
    when = say(", {ago}", ago=_since(at, now)) if at else say("")
    return Reply(
        blocks=(say("Already done{who}{when}: {what}", who=who, when=when, what=ended_sentence(entry, today)),)
    )


def snoozed(influencer: Influencer, until: date, today: date, change: str) -> Reply:
    """Silence until a date."""
    return _done(say("✓ **{name}** is snoozed until {day}.", name=influencer.name, day=near_day(until, today)), change)


def not_needed_any_more(influencer: Influencer, nudge: Nudge, today: date, change: str) -> Reply:
    """The same reason is not raised again."""
    return _done(say("✓ **{name}**: not needed. {again}", name=influencer.name, again=_again(nudge, today)), change)


def _again(nudge: Nudge, today: date) -> Text:
    match nudge.reason:
        case NudgeReason.WAITING_ON_US:
            return say("This message counts as answered.")
        case NudgeReason.PROMISE:
            return say("The promise stays open, and nobody will be nudged about it again.")
        case NudgeReason.OCCASION:
            return say("Nobody will be nudged about this occasion ({day}) again.", day=weekday(nudge.since, today))
        case NudgeReason.QUIET:
            return say("Nobody will be nudged about this silence again.")


def handed_over(influencer: Influencer, to: Member, change: str) -> Reply:
    """Somebody else answers for it now."""
    return _done(
        say("✓ {who} looks after **{name}** now.", who=Who(to.name, to.accounts), name=influencer.name), change
    )


def hand_over_to(nudge: Nudge, influencer: Influencer, others: Sequence[Member]) -> Reply:
    """Asks who is to answer for a relationship; at most 25 members, more need a form."""
    options = member_options(others)
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
