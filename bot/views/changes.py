"""What a Change did, in words: the answer of the verbs that set one thing, and of undo."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, time
from typing import Any

from msgspec.structs import replace

from bot.address import Place
from bot.change import Change, Write
from bot.model import (
    Cadences,
    Gesture,
    Influencer,
    Member,
    Nudge,
    NudgeState,
    Occasion,
    Promise,
    Record,
    Schedule,
    Team,
    Touchpoint,
)
from bot.reply import Actions, Button, Reply, Text, Value, Where, callback, join, say
from bot.views.agreed import digest_named, digest_told, occasion_told, promise_named, promise_told
from bot.views.joins import Joins
from bot.views.settings import cadences, weekdays
from bot.views.touches import medium_word, touch_sentence
from bot.views.words import Reader, count, ended, every, full_day, near_day, quoted, short

SHOWN = 10
"""Sentences about single records; of more it is said how many."""

_QUOTED = 160
"""Characters of what a record says in a sentence about its change; the recap shows all of it."""

_LISTED = 400
"""Characters of a list, of tags say, in such a sentence."""

_NOTES = 5
"""Notes that are quoted in such a sentence; of more it is said how many."""

_PLAIN = ("email", "phone", "manager", "address", "goal", "motivation", "objective")
_TEAM = {
    "name": "name",
    "timezone": "time zone",
    "country": "country",
    "nudge_hour": "nudge hour",
    "sensitivity": "sensitivity",
    "working_days": "working days",
    "days_off": "days off",
    "cadences": "cadences",
    "channel": "team channel",
    "gestures": "gestures",
}
_MEMBER = {
    "timezone": "time zone",
    "nudges": "nudges",
    "nudge_hour": "nudge hour",
    "daily_cap": "people a day",
    "preferred": "platform",
    "admin": "admin",
}


_NONE = frozenset({"country", "channel"})
"""Settings of a team that can be left out, with nothing to fall back on."""

Wording = Callable[[Any, Any, Reader], Text]


def told(change: Change, names: Mapping[str, str], reader: Reader) -> Reply:
    """What a Change did, sentence by sentence, with a way back."""
    sentences = describe(change.writes, names, reader)
    first = join("\n", [say("✓ {what}", what=sentence) for sentence in sentences[:SHOWN]])
    if not sentences:
        first = say("✓ Nothing had to be changed.")
    blocks: list[Text | Actions] = [first]
    if len(sentences) > SHOWN:
        blocks.append(say("…and {more} more.", more=len(sentences) - SHOWN))
    if sentences:
        blocks.append(Actions((Button("Undo", callback("undo", change=change.id)),)))
    return Reply(blocks=tuple(blocks))


def describe(writes: Sequence[Write], names: Mapping[str, str], reader: Reader) -> list[Text]:
    """A sentence for each record that people know of; derived ones and messages go without saying.

    What moves from one influencer to another is told together, and so are the nudges of one person.
    """
    joins = Joins(writes, names)
    people: list[Text | None] = []
    nudges: dict[Text, None] = {}
    rest: list[Text | None] = []
    for write in writes:
        if isinstance(write.record, Influencer):
            if not joins.tells_of(write.id):
                people.append(_influencer(write, write.record, reader))
        elif isinstance(write.record, Nudge):
            sentence = _nudge(write, write.record, names)
            nudges |= {sentence: None} if sentence is not None and not joins else {}
        elif not joins.tells(write):
            rest.append(_describe(write, names, reader))
    return [sentence for sentence in (*joins.sentences(), *people, *rest, *nudges) if sentence is not None]


def named(record: Record, names: Mapping[str, str]) -> Value:
    """What people call the thing a record is about."""
    match record:
        case Influencer() | Member():
            return record.name
        case Schedule():
            return digest_named(record)
    influencer = getattr(record, "influencer", None)
    if not isinstance(influencer, str):
        return "the team’s settings"
    name = names.get(influencer, "somebody who was removed")
    match record:
        case Touchpoint() as touch:
            return f"the {medium_word(touch.medium)} with {name}"
        case Promise() as promise:
            return promise_named(promise, name)
        case Occasion() as occasion:
            return f"the {occasion.label} of {name}"
    return name


def _describe(write: Write, names: Mapping[str, str], reader: Reader) -> Text | None:
    record = write.record
    name = names.get(getattr(record, "influencer", ""), "?")
    match record:
        case Touchpoint() as touch:
            verb = "Removed" if write.after is None else "Logged" if write.before is None else "Changed"
            return say(verb + ": {touch}", touch=touch_sentence(replace(touch, note=_cut(touch.note)), name, reader))
        case Promise() as promise:
            return promise_told(write, promise, name, reader)
        case Occasion() as occasion:
            return occasion_told(write, occasion, name)
        case Schedule() as schedule:
            return digest_told(write, schedule)
        case Team():
            return _settings(write, _TEAM, say("Team settings"))
        case Member() as member if write.before is not None:
            return _settings(write, _MEMBER, _whose_settings(member, reader))
    return None


def _whose_settings(member: Member, reader: Reader) -> Text:
    if member.id == reader.member.id and not reader.aloud:
        return say("Your settings")
    return say("Settings of {name}", name=member.name)


def _nudge(write: Write, nudge: Nudge, names: Mapping[str, str]) -> Text | None:
    """Only that somebody had no need of it, or has again: whatever else becomes of a nudge follows from its cause."""
    name = names.get(nudge.influencer, "?")
    if nudge.state is NudgeState.NOT_NEEDED and write.after is not None:
        return say("Nudge about **{name}**: not needed.", name=name)
    if isinstance(write.before, Nudge) and write.before.state is NudgeState.NOT_NEEDED:
        return say("Nudge about **{name}**: open again.", name=name)
    return None


def _influencer(write: Write, influencer: Influencer, reader: Reader) -> Text:
    name = say("**{name}**", name=influencer.name)
    if write.before is None:
        return say("Added: {name}.", name=name)
    if write.after is None:
        return say("Removed: {name}.", name=name)
    facts = [
        wording(write.before, write.after, reader)
        for fact, wording in _FACTS.items()
        if getattr(write.before, fact) != getattr(write.after, fact)
    ]
    return ended(say("{name}: {facts}", name=name, facts=join(", ", facts or [say("changed")])))


def _snoozed(_: Any, after: Any, reader: Reader) -> Text:
    if after.snoozed_until is None:
        return say("no longer snoozed")
    return say("snoozed until {day}", day=near_day(after.snoozed_until, reader.today))


def _owner(before: Any, after: Any, reader: Reader) -> Text:
    return say("owner {old} → {new}", old=reader.owner(before.owner), new=reader.owner(after.owner))


def _tier(before: Any, after: Any, reader: Reader) -> Text:
    plan = after.tier is not None and after.cadence is None
    days = say(" ({every})", every=every(reader.team.cadences.of(after.tier))) if plan else say("")
    return say("tier {old} → {new}{days}", old=before.tier or "none", new=after.tier or "none", days=days)


def _cadence(_: Any, after: Any, __: Reader) -> Text:
    return say("cadence {plan}", plan=every(after.cadence) if after.cadence else "as the tier has it")


def _list_of(label: str, none: str, field: str) -> Wording:
    return lambda _, after, __: (
        say(label + " {items}", items=short(", ".join(map(str, getattr(after, field))), _LISTED))
        if getattr(after, field)
        else say(none)
    )


def _text(field: str) -> Wording:
    return lambda _, after, __: say(
        "{field} {new}", field=field, new=quoted(_cut(text)) if (text := getattr(after, field)) else "removed"
    )


def _notes(before: Any, after: Any, _: Reader) -> Text:
    # Counted, as one note may stand there twice.
    added, removed = Counter(after.notes) - Counter(before.notes), Counter(before.notes) - Counter(after.notes)
    if added:
        return say("noted {notes}", notes=_quotes([note.text for note in added.elements()]))
    if removed:
        return say("{count} removed", count=count(removed.total(), "note"))
    return say("notes in another order")


def _quotes(notes: Sequence[str]) -> Text:
    more = len(notes) - _NOTES
    quotes = [quoted(_cut(note)) for note in notes[:_NOTES]]
    return join(", ", [*quotes, *([say("and {more} more", more=more)] if more > 0 else [])])


def _cut(text: str) -> str:
    return short(" ".join(text.split()), _QUOTED)


_FACTS: Mapping[str, Wording] = {
    "name": lambda before, _, __: say("was “{old}”", old=before.name),
    "stage": lambda before, after, _: say("stage {old} → {new}", old=before.stage.value, new=after.stage.value),
    "tier": _tier,
    "cadence": _cadence,
    "owner": _owner,
    "tags": _list_of("tags", "no tags", "tags"),
    "handles": _list_of("handles", "no handles", "handles"),
    "aliases": _list_of("also known as", "no other names", "aliases"),
    "snoozed_until": _snoozed,
    "is_paused": lambda _, after, __: say("the clock stands still" if after.is_paused else "the clock runs again"),
    "archived_at": lambda _, after, __: say("archived" if after.archived_at else "back on the roster"),
    "notes": _notes,
    **{field: _text(field) for field in _PLAIN},
}
"""How a change of each fact about an influencer is worded, in the order in which it is said."""


def _settings(write: Write, labels: Mapping[str, str], whose: Text) -> Text | None:
    changed = [
        say(label + " {new}", new=_set_to(getattr(write.after, field), field))
        for field, label in labels.items()
        if write.before is not None
        and write.after is not None
        and getattr(write.before, field) != getattr(write.after, field)
    ]
    return ended(say("{whose}: {changed}", whose=whose, changed=join(", ", changed))) if changed else None


def _set_to(value: Any, field: str) -> Value:
    """What a setting is now, a place by its native name."""
    return Where(value) if isinstance(value, Place) else short(shown(value, field), _LISTED)


def shown(value: Any, field: str = "") -> str:
    """A setting as people read it."""
    if field == "working_days":
        return weekdays(value)
    match value:
        case None:
            return "none" if field in _NONE else "as the team has it"
        case bool():
            return "on" if value else "off"
        case Cadences():
            return cadences(value)
        case Gesture():
            return f"{value.text} ({value.link})" if value.link else value.text
        case date():
            return full_day(value)
        case time():
            return value.isoformat("minutes")
        case tuple():
            return ", ".join(shown(part) for part in value) or "none"
    return str(value)
