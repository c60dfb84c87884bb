"""What became of a promise, an occasion or a digest in one Change, each in a sentence."""

from __future__ import annotations

from bot.address import PlaceKind
from bot.change import Write
from bot.model import Kept, Occasion, Promise, Schedule, Side
from bot.reply import Link, Text, Value, Where, join, say
from bot.views.owing import one_line, payment, promised
from bot.views.schedules import times
from bot.views.words import Reader, birthday, weekday

NAMED_LIMIT = 60
"""Characters of a promise that stand for it where it is named among other things."""

_SETTLED = {Kept.KEPT: "Kept", Kept.KEPT_LATE: "Kept late", Kept.BROKEN: "Broken", Kept.RELEASED: "Released"}

_SIDES = {Side.WE: "ours", Side.THEY: "theirs"}


def promise_told(write: Write, promise: Promise, name: str, reader: Reader) -> Text:
    """`Kept: Jess Park — we promised to send the sample, due Fri 6 Nov.`"""
    words = _promise(promise, name, reader)
    before, after = write.before, write.after
    if isinstance(before, Promise) and isinstance(after, Promise):
        if before.outcome is after.outcome:
            return say("Changed: {promise}: {facts}.", promise=words, facts=_promise_changes(before, after, reader))
        outcome = _SETTLED[after.outcome] if after.outcome else "Open again"
        return say(outcome + ": {promise}.", promise=words)
    return say(("Removed" if after is None else "Noted") + ": {promise}.", promise=words)


def promise_named(promise: Promise, name: str) -> str:
    """`the promise “send the sample” to Jess Park`, among other things that are named."""
    what = one_line(promise, NAMED_LIMIT)
    return f"the promise “{what}” {'to' if promise.side is Side.WE else 'of'} {name}"


def occasion_told(write: Write, occasion: Occasion, name: str) -> Text:
    """`Noted: Jess Park — birthday, 14 Mar 1993.`"""
    before, after = write.before, write.after
    if isinstance(before, Occasion) and isinstance(after, Occasion):
        facts = [
            _moved(before.label, after.label),
            _moved(occasion_day(before), occasion_day(after)),
            _moved(_how_often(before), _how_often(after)),
        ]
        changes = join(", ", [fact for fact in facts if fact is not None] or [say("kept as it is")])
        was = say("**{name}** — {label}", name=name, label=before.label)
        return say("Changed: {occasion}: {changes}.", occasion=was, changes=changes)
    verb = "Removed" if after is None else "Noted"
    day = occasion_day(occasion)
    return say(verb + ": **{name}** — {label}, {day}.", name=name, label=occasion.label, day=day)


def occasion_day(occasion: Occasion) -> str:
    """`14 Mar`, and `14 Mar 1993` where it is known when it began, or where it comes but once."""
    day = birthday(occasion.month, occasion.day)
    return f"{day} {occasion.year}" if occasion.year is not None else day


def digest_told(write: Write, schedule: Schedule) -> Text:
    """`Set up: the digest in #team, Mondays at 09:00.`"""
    before, after = write.before, write.after
    if not isinstance(before, Schedule) or not isinstance(after, Schedule):
        verb = "Stopped" if after is None else "Set up"
        return say(verb + ": {digest}, {times}.", digest=digest_named(schedule), times=_times(schedule))
    facts = [_moved(_where(before), _where(after)), _moved(_times(before), _times(after))]
    changes = join(", ", [fact for fact in facts if fact is not None] or [say("kept as it is")])
    return say("Changed: {digest}: {changes}.", digest=digest_named(before), changes=changes)


def digest_named(schedule: Schedule) -> Text:
    """`the digest in #team`, `the digest in a direct message`."""
    return say("the digest in {where}", where=_where(schedule))


def _promise(promise: Promise, name: str, reader: Reader) -> Text:
    return say(
        "**{name}** — {who} promised {what}{payment}{due}",
        name=name,
        who="we" if promise.side is Side.WE else "they",
        what=promised(promise),
        payment=payment(promise),
        due=say(", due {day}", day=weekday(promise.due, reader.today)) if promise.due else say(""),
    )


def _promise_changes(before: Promise, after: Promise, reader: Reader) -> Text:
    """What is new about a promise, which is told as it now is: what it was, and what has no place there."""
    found: list[Text] = []
    if before.what != after.what:
        found.append(say("was {what}", what=promised(before)))
    if before.due != after.due:
        old = weekday(before.due, reader.today) if before.due else "no date"
        new = weekday(after.due, reader.today) if after.due else "no date"
        found.append(say("{old} → {new}", old=old, new=new))
    if before.side is not after.side:
        found.append(say("{old} → {new}", old=_SIDES[before.side], new=_SIDES[after.side]))
    if before.payment != after.payment:
        found.append(say("a payment now" if after.payment else "no payment any more"))
    if before.value != after.value:
        found.append(say("{old} → {new}", old=before.value or "no value", new=after.value or "no value"))
    if before.link != after.link:
        found.append(say("{link}", link=Link("link", after.link)) if after.link else say("link removed"))
    return join(", ", found or [say("kept as it is")])


def _how_often(occasion: Occasion) -> str:
    return "every year" if occasion.yearly else "once"


def _where(schedule: Schedule) -> Value:
    return "a direct message" if schedule.place.kind is PlaceKind.DM else Where(schedule.place)


def _times(schedule: Schedule) -> str:
    return times(schedule.weekdays, schedule.at)


def _moved(old: Value, new: Value) -> Text | None:
    return say("{old} → {new}", old=old, new=new) if old != new else None
