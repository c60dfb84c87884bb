"""Joining two records of one person, in words: what it would do, what it did, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bot.model import NOTE_LIMIT, Draft, Influencer, Occasion, Pause
from bot.reply import Actions, Button, Outcome, Reply, Style, Text, callback, join, say
from bot.views.words import People, ago, birthday, count, ended, every, full_day, listed, quoted, short

_SHOWN = 120
"""Characters of what differs in a preview; the note that keeps it holds all of it."""

_WORDS = 5
"""Names, handles or tags of those that move."""

_LISTED = 12
"""Lines about single fields in a preview."""


CLOCK = "clock"
"""What a Difference is about where one relationship is paused and the other is not: the open Pause is dropped."""

_LABELS = {"aliases": "names", "snoozed_until": "snoozed until"}
"""What people call the fields that are not called as they are."""


@dataclass(frozen=True, slots=True)
class Fact:
    """What one record says and the other takes over: a field of it and its value."""

    field: str
    value: object


@dataclass(frozen=True, slots=True)
class Difference:
    """What both records say in two ways: what stays (`None`: there is nothing), and what becomes a note.

    `field` is one of the record, or the label of the occasion that has two dates. Of a list the tuple is dropped that
    found no room, and what stays is as many as there may be.
    """

    field: str
    stays: object
    dropped: object


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """What goes from one record to the other; `handles`, `tags` and `names` are as they read."""

    touchpoints: int = 0
    promises: int = 0
    occasions: int = 0
    notes: int = 0
    names: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


def merge_preview(
    keep: Influencer,
    lose: Influencer,
    moves: Moves,
    taken: Sequence[Fact],
    differ: Sequence[Difference],
    people: People,
    *,
    question: Draft,
    moved_on: bool,
) -> Reply:
    """What a merge would do, with the button that does it; `question` waits for that.

    `moved_on`: it is not what was shown before.
    """
    lead = say("Something has changed since you looked; this is how it stands now. ") if moved_on else say("")
    head = say(
        "{lead}Nothing is merged yet. **{keep}** stays and takes over what **{lose}** has: {moves}.",
        lead=lead,
        keep=keep.name,
        lose=lose.name,
        moves=_moves(moves),
    )
    blocks = [head]
    if taken:
        lines = [_taken(one, people) for one in taken]
        over = "Taken over as well, where **{keep}** has nothing:\n{lines}"
        blocks.append(say(over, keep=keep.name, lines=_some(lines)))
    if differ:
        lines = [_difference(one, people) for one in differ]
        blocks.append(say("Where they differ, nothing is lost:\n{lines}", lines=_some(lines)))
    buttons = (
        Button("Merge", callback("merge_now", draft=question.id, keep=keep.id, lose=lose.id), Style.PRIMARY),
        Button("Not now", callback("leave_be", draft=question.id)),
    )
    return Reply(blocks=(*blocks, Actions(buttons)))


def merged(keep: Influencer, lose: Influencer, moves: Moves, *, noted: bool, change: str) -> Reply:
    """What a merge has done, and the way back; `noted`: what differed is in a note."""
    sentences = [
        say("✓ Merged: **{lose}** into **{keep}** — {moves}.", lose=lose.name, keep=keep.name, moves=_moves(moves))
    ]
    if noted:
        sentences.append(say("Where the two differed, what was dropped is kept as a note."))
    buttons = (Button("Undo", callback("undo", change=change)), Button("Show", callback("show", who=keep.id)))
    return Reply(blocks=(join(" ", sentences), Actions(buttons)))


def merged_before(keep: Influencer, by: str | None, on: date | None, today: date) -> Reply:
    """A second press: by whom the two were merged."""
    who = say(" by {who}", who=by) if by else say("")
    when = say(", {when}", when=ago(on, today)) if on else say("")
    sentence = say("Already merged into **{name}**{who}{when}.", name=keep.name, who=who, when=when)
    show = Button("Show", callback("show", who=keep.id))
    return Reply(blocks=(sentence, Actions((show,))), outcome=Outcome.REFUSED)


def left_as_is() -> Reply:
    """Nothing was done."""
    return Reply(blocks=(say("Nothing was changed."),))


def notes_of(lose: Influencer, differ: Sequence[Difference], people: People, on: date) -> Iterator[str]:
    """The notes in which everything is kept that has no room in the record it goes into, each within its limit."""
    head = f"From the record of {lose.name}, merged on {full_day(on)}:"
    held = head
    for one in differ:
        label, _, dropped = _in_words(one, people)
        line = f"{label}: {dropped}"
        while line:
            room = NOTE_LIMIT - len(held) - 1
            if len(line) > room and held != head:
                yield held
                held = head
                continue
            held, line = f"{held}\n{line[:room]}", line[room:]
    if held != head:
        yield held


def _taken(one: Fact, people: People) -> Text:
    label = _LABELS.get(one.field, one.field)
    return ended(say("• {label}: {said}", label=label, said=quoted(_cut(_said(one.field, one.value, people)))))


def _difference(one: Difference, people: People) -> Text:
    label, stays, dropped = _in_words(one, people)
    return say(
        "• {label}: {stays}{dropped} is kept as a note.",
        label=label,
        stays=say("{stays} stays; ", stays=quoted(_cut(stays))) if stays else say(""),
        dropped=quoted(_cut(dropped)),
    )


def _in_words(one: Difference, people: People) -> tuple[str, str, str]:
    """What a difference is about, what stays and what is dropped."""
    label = _LABELS.get(one.field, one.field)
    if isinstance(one.dropped, tuple):
        return f"{label} beyond {one.stays}", f"the first {one.stays}", ", ".join(map(str, one.dropped))
    stays = "running" if one.field == CLOCK else _said(one.field, one.stays, people)
    return label, stays, _said(one.field, one.dropped, people)


def _said(field: str, value: object, people: People) -> str:
    """What a record says in one of its fields, or about one of its occasions."""
    match value:
        case None:
            return ""
        case Pause():
            return f"stopped since {full_day(value.since)}"
        case Occasion():
            return full_day(value.in_year(value.year)) if value.year else birthday(value.month, value.day)
        case date():
            return full_day(value)
        case int():
            return every(value)
    known = people.get(str(value)) if field == "owner" else None
    return known.name if known else str(value)


def _moves(moves: Moves) -> Text:
    """`12 touchpoints, 1 promise and the handle x:jess`."""
    counted = (
        (moves.touchpoints, "touchpoint"),
        (moves.promises, "promise"),
        (moves.occasions, "occasion"),
        (moves.notes, "note"),
    )
    parts = [count(number, word) for number, word in counted if number]
    for words, one, many in (
        (moves.names, "the name", "the names"),
        (moves.handles, "the handle", "the handles"),
        (moves.tags, "the tag", "the tags"),
    ):
        if words:
            shown = [short(word, 60) for word in words[:_WORDS]]
            if more := len(words) - len(shown):
                shown.append(f"{more} more")
            parts.append(f"{one if len(words) == 1 else many} {listed(shown)}")
    return say("{parts}", parts=listed(parts) or "nothing but the name")


def _some(lines: Sequence[Text]) -> Text:
    more = len(lines) - _LISTED
    return join("\n", [*lines[:_LISTED], *([say("…and {more} more.", more=more)] if more > 0 else [])])


def _cut(said: str) -> str:
    return short(" ".join(said.split()), _SHOWN)
