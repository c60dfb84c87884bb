"""What came of a nudge, in a sentence."""

from __future__ import annotations

from datetime import date

from bot.endings import EndedNudge, Ending
from bot.model import Medium, Promise, Side
from bot.reply import Text, say
from bot.views.owing import deed, one_line, thing
from bot.views.words import day, first_name, quoted, weekday

_WHAT_SHOWN = 80
"""Characters of a promise in the sentence that says how it ended."""

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


def ended_sentence(entry: EndedNudge, today: date) -> Text:
    """`**Jess Park** — ✓ Ana logged a call, 23 Nov.`"""
    return say("**{name}** — {ending}.", name=entry.influencer.name, ending=_ending(entry, today))


def _ending(entry: EndedNudge, today: date) -> Text:
    who = entry.who.name if entry.who else "somebody"
    if entry.promise is not None:
        return _settled(entry, entry.promise, who, today)
    if entry.occasion is not None and entry.on is not None:
        end = "another reminder takes its place" if entry.ending is Ending.REMINDED else "the day has passed"
        return say("{label}, {day}: " + end, label=entry.occasion.label, day=day(entry.on, today))
    match entry.ending:
        case Ending.LOGGED if entry.touch is not None:
            what = _LOGGED[entry.touch.medium]
            return say("✓ {who} logged {what}, {day}", who=who, what=what, day=day(entry.on or entry.touch.on, today))
        case Ending.SNOOZED if entry.until is not None:
            return say("snoozed until {day}", day=weekday(entry.until, today))
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


def _settled(entry: EndedNudge, promise: Promise, who: str, today: date) -> Text:
    """`✓ Ana kept the ceramic sample, 23 Nov`, `✓ Jess kept the draft, 23 Nov`, `the draft: broken (Ana)`."""
    words = one_line(promise, _WHAT_SHOWN)
    what = quoted(words) if deed(words) else thing(words)
    if entry.ending is Ending.KEPT:
        # Whoever wrote down that they kept theirs did not keep it.
        keeper = who if promise.side is Side.WE else first_name(entry.influencer.name)
        on = say(", {day}", day=day(entry.on, today)) if entry.on else say("")
        return say("✓ {who} kept {what}{on}", who=keeper, what=what, on=on)
    return say("{what}: {ending} ({who})", what=what, ending=entry.ending.value, who=who)
