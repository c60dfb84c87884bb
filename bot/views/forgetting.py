"""Erasing somebody, in words: what would go, and, once it is done, what went, without a name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.model import Draft, Influencer, Occasion, Promise, Touchpoint
from bot.reply import (
    OPTION_LIMIT,
    Action,
    Actions,
    Button,
    Option,
    Outcome,
    Reply,
    Select,
    Style,
    Text,
    callback,
    join,
    say,
)
from bot.views.touches import medium_word
from bot.views.words import Reader, count, day, listed, quoted, short

MENTIONS_SHOWN = 10
"""Other people's words that name somebody, listed before it is said how many more there are."""

_SNIPPET = 100


class Found(StrEnum):
    """Where somebody is named in what is about somebody else: by which verb that can be edited."""

    TOUCHPOINT = "edit_touch"
    PROMISE = "edit_promise"
    RECORD = "edit"
    OCCASION = "occasions"


_ARGUMENT = {Found.TOUCHPOINT: "touch", Found.PROMISE: "promise", Found.RECORD: "who"}
_LABEL = {
    Found.TOUCHPOINT: "Edit a touchpoint…",
    Found.PROMISE: "Edit a promise…",
    Found.RECORD: "Edit a record…",
}


@dataclass(frozen=True, slots=True)
class Mention:
    """Words in what is kept about somebody else; `what` names that without them: `the meeting of 3 Nov`."""

    found: Found
    id: str
    about: str
    what: str
    words: str


_WORDS = ("goal", "motivation", "objective", "manager", "address")
"""What a record says of somebody in free words, besides its notes."""


def in_touchpoint(touch: Touchpoint, about: Influencer | None, reader: Reader) -> Mention:
    """The note of a touchpoint."""
    what = f"{medium_word(touch.medium)} of {day(touch.day(reader.zone), reader.today)}"
    return Mention(Found.TOUCHPOINT, touch.id, _named(about), what, touch.note)


def in_promise(promise: Promise, about: Influencer | None, reader: Reader) -> Mention:
    """What was promised."""
    what = f"promise of {day(promise.made_at.astimezone(reader.zone).date(), reader.today)}"
    return Mention(Found.PROMISE, promise.id, _named(about), what, promise.what)


def in_record(one: Influencer) -> list[Mention]:
    """All that a record says in free words: its fields by their names, then its notes."""
    said = [(field, getattr(one, field) or "") for field in _WORDS]
    said += [("a standing note", note.text) for note in one.notes]
    return [Mention(Found.RECORD, one.id, one.name, what, words) for what, words in said]


def in_occasion(occasion: Occasion, about: Influencer | None) -> Mention:
    """What an occasion is called."""
    return Mention(Found.OCCASION, occasion.id, _named(about), "an occasion", occasion.label)


def _named(about: Influencer | None) -> str:
    return about.name if about is not None else "somebody"


@dataclass(frozen=True, slots=True, kw_only=True)
class Toll:
    """What goes with somebody, in numbers; `messages` stand somewhere and are taken away or edited."""

    records: int = 1
    touchpoints: int = 0
    promises: int = 0
    occasions: int = 0
    notes: int = 0
    nudges: int = 0
    messages: int = 0
    imports: int = 0


def forget_preview(
    who: Influencer, toll: Toll, mentions: Sequence[Mention], *, question: Draft, moved_on: bool
) -> Reply:
    """What would go for good, and who else's records name them."""
    lead = say("Something has changed since you looked; this is how it stands now. ") if moved_on else say("")
    head = say(
        "{lead}**Forget {name} for good?** This erases {what}. It can’t be undone, not even with “undo”; only an "
        "export made before would be left.",
        lead=lead,
        name=who.name,
        what=listed(list(_what(toll))),
    )
    blocks = [head]
    if messages := list(_messages(toll)):
        blocks.append(say("Besides, {messages}.", messages=listed(messages)))
    if mentions:
        lines = [
            say("• {about}, {what}: {words}", about=one.about, what=one.what, words=quoted(_cut(one.words)))
            for one in mentions[:MENTIONS_SHOWN]
        ]
        blocks.append(
            say(
                "**Other people’s records name them** and stay as they are, for you to decide:\n{lines}",
                lines=_some(lines, len(mentions)),
            )
        )
    buttons = (
        Button("Forget for good", callback("forget_now", draft=question.id, who=who.id), Style.DANGER),
        Button("Keep", callback("leave_be", draft=question.id)),
    )
    return Reply(blocks=(*blocks, Actions(buttons)))


def forgotten(toll: Toll, mentions: Sequence[Mention]) -> Reply:
    """What went, naming nobody, and the other people's records to look through."""
    sentences = [say("✓ Forgotten for good: {what}.", what=listed(list(_what(toll))))]
    if messages := list(_messages(toll, done=True)):
        sentences.append(say("Besides, {messages}.", messages=listed(messages)))
    blocks: list[Text | Actions] = [join(" ", sentences)]
    if mentions:
        lines = [say("• {about}, {what}", about=one.about, what=one.what) for one in mentions[:MENTIONS_SHOWN]]
        blocks.append(
            say(
                "**The name still stands in {number} about other people.** It is for you to decide whether it stays:\n"
                "{lines}",
                number=count(len(mentions), "record"),
                lines=_some(lines, len(mentions)),
            )
        )
        if selects := tuple(_selects(mentions)):
            blocks.append(Actions(selects))
    return Reply(blocks=tuple(blocks))


def forgotten_before() -> Reply:
    """A press about somebody who is not there any more: by whom they were forgotten, nobody can tell."""
    return Reply(
        blocks=(say("Already forgotten: nothing is left of the person this button was about."),),
        outcome=Outcome.REFUSED,
    )


def _what(toll: Toll) -> Iterator[str]:
    yield count(toll.records, "record")
    counted = (
        (toll.touchpoints, "touchpoint"),
        (toll.promises, "promise"),
        (toll.occasions, "occasion"),
        (toll.notes, "standing note"),
        (toll.nudges, "nudge"),
    )
    yield from (count(number, word) for number, word in counted if number)


def _messages(toll: Toll, *, done: bool = False) -> Iterator[str]:
    if toll.messages:
        verb = ("is" if toll.messages == 1 else "are") if done else "will be"
        names = "names" if toll.messages == 1 else "name"
        yield f"{count(toll.messages, 'message')} that {names} them {verb} edited or deleted"
    if toll.imports:
        verb = ("is" if toll.imports == 1 else "are") if done else "will be"
        yield f"{count(toll.imports, 'import')} that waited for its button {verb} dropped"


def _selects(mentions: Sequence[Mention]) -> Iterator[Action]:
    for found, argument in _ARGUMENT.items():
        options: dict[str, Option] = {}
        for one in mentions:
            if one.found is found and one.id not in options:
                options[one.id] = Option(short(f"{short(one.about, 40)}, {one.what}", 80), one.id)
        if options:
            shown = tuple(options.values())[:OPTION_LIMIT]
            yield Select(_LABEL[found], argument, shown, callback(found.value))


def _some(lines: Sequence[Text], number: int) -> Text:
    more = number - len(lines)
    return join("\n", [*lines, *([say("…and {more} more.", more=more)] if more > 0 else [])])


def _cut(words: str) -> str:
    return short(" ".join(words.split()), _SNIPPET)
