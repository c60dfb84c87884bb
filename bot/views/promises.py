"""Promises in words: what was promised, how it came out, which are open, and how many each side kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from bot.model import Influencer, Kept, Promise, Side
from bot.promising import KEPT, by_urgency, kept_of
from bot.reply import (
    OPTION_LIMIT,
    Actions,
    Button,
    Link,
    Option,
    Outcome,
    Reply,
    Select,
    Text,
    callback,
    join,
    say,
)
from bot.views.owing import WHAT_SHOWN, deed, one_line, owed, payment, promised, when_due
from bot.views.words import Reader, count, ended, first_name, near_day, quoted, short, weekday

OPEN_SHOWN = 3
"""Open promises in a recap before it says how many more there are."""

_LINE = 60
"""Characters of a promise's words in a question, which may name 25 of them."""

_OPTION = 80
"""Characters of an option's label that every platform shows."""


def owed_when(promise: Promise, name: str, today: date, *, limit: int = WHAT_SHOWN) -> Text:
    """`we owe the ceramic sample, due 6 Nov, 15 days late`, without a full stop; one without a date says none."""
    said = owed(promise, name, limit=limit)
    return say("{owed}, {due}", owed=said, due=when_due(promise.due, today)) if promise.due else said


def kept_sentence(promises: Sequence[Promise], today: date) -> Text | None:
    """`Promises: we kept 7 of 8, they kept 3 of 4.`; `None` where no promise has been put to the proof."""
    records = [(who, kept_of(promises, side, today)) for who, side in (("we", Side.WE), ("they", Side.THEY))]
    said = [f"{who} kept {kept} of {of}" for who, (kept, of) in records if of]
    return say("Promises: {kept}.", kept=", ".join(said)) if said else None


def open_sentence(promises: Iterable[Promise], name: str, today: date) -> Text | None:
    """`Open: we owe the ceramic sample, due 6 Nov, 15 days late.`, of several the most urgent; `None` where none is."""
    urgent = by_urgency(promises)
    if not urgent:
        return None
    said = [owed_when(one, name, today) for one in urgent[:OPEN_SHOWN]]
    if more := len(urgent) - len(said):
        said.append(say("and {more} more", more=more))
    return ended(say("Open: {owed}", owed=join("; ", said)))


def made(
    promises: Sequence[Promise],
    influencers: Mapping[str, Influencer],
    reader: Reader,
    *,
    alike: Mapping[str, Promise],
    unread: str | None,
    change: str,
) -> Reply:
    """What was promised, by whom and by when, as it was read, and the way back; a line for each of several people.

    `alike` are, by influencer, open promises that these may repeat; `unread` words where a deadline stands, and that
    could not be read.
    """
    heads = [_made(promise, influencers[promise.influencer], reader.today) for promise in promises]
    warnings = [
        ended(
            say(
                "⚠ A very similar one is open already{with_whom}: {other}",
                with_whom=say(" with **{name}**", name=influencers[id].name) if len(promises) > 1 else say(""),
                other=owed_when(other, influencers[id].name, reader.today),
            )
        )
        for id, other in alike.items()
    ]
    if unread:
        undated = "it has no date. Edit it" if len(promises) == 1 else "they have no date. Edit each of them"
        warnings.append(say("⚠ I couldn’t tell which day “{words}” is, so " + undated + " to set one.", words=unread))
    buttons = [Button("Undo", callback("undo", change=change))]
    if len(promises) == 1:
        buttons.append(Button("Edit", callback("edit_promise", promise=promises[0].id)))
        buttons.append(Button("Kept", callback("settle", promise=promises[0].id, outcome="kept")))
    said = [join("\n", part) for part in (heads, warnings) if part]
    return Reply(blocks=(*said, Actions(tuple(buttons))))


def _made(promise: Promise, influencer: Influencer, today: date) -> Text:
    """`✓ We promised Jess Park to send the sample, due Fri 27 Nov.`: whose it is was read from words, so it is said."""
    whose = "✓ We promised **{name}** " if promise.side is Side.WE else "✓ **{name}** promised "
    return say(
        whose + "{what}{payment}, {due}{link}.",
        name=influencer.name,
        what=promised(promise),
        payment=payment(promise),
        due=_by_when(promise, today),
        link=say(" — {link}", link=Link("link", promise.link)) if promise.link else say(""),
    )


def settled(promise: Promise, influencer: Influencer, reader: Reader, *, record: tuple[int, int], change: str) -> Reply:
    """How it came out, in numbers: `✓ Kept, 2 days late: … We kept 7 of 8.`"""
    kept, of = record
    who = "We" if promise.side is Side.WE else "They"
    sentence = say(
        "✓ {outcome}: {what}{whom}.{record}",
        outcome=_outcome(promise, reader.today),
        what=_settled_thing(promise),
        whom=_whom(promise, influencer),
        record=say(" {who} kept {kept} of {of}.", who=who, kept=kept, of=of) if of else say(""),
    )
    neither = [say("It counts neither for nor against anybody.")] if promise.outcome is Kept.RELEASED else []
    buttons = [Button("Undo", callback("undo", change=change))]
    if promise.outcome in KEPT:
        buttons.append(Button("Log it", callback("log_promise", promise=promise.id)))
    return Reply(blocks=(join(" ", [sentence, *neither]), Actions(tuple(buttons))))


def settled_before(promise: Promise, influencer: Influencer, reader: Reader) -> Reply:
    """A second answer to what acts once: by whom it was settled, when and how."""
    on = promise.settled_at.astimezone(reader.zone).date() if promise.settled_at else promise.settled_on
    sentence = say(
        "Already done by {who}{on}: {outcome} — {what}{whom}.",
        who=reader.who(promise.settled_by) if promise.settled_by else "somebody",
        on=f", {near_day(on, reader.today)}" if on else "",
        outcome=_outcome(promise, on or reader.today).lower(),
        what=_settled_thing(promise),
        whom=_whom(promise, influencer),
    )
    edit = Button("Edit", callback("edit_promise", promise=promise.id))
    return Reply(blocks=(sentence, Actions((edit,))), outcome=Outcome.REFUSED)


def which_promise(
    influencer: Influencer,
    promises: Sequence[Promise],
    reader: Reader,
    *,
    outcome: str,
    on: date | None,
    unmatched: str,
) -> Reply:
    """Asks which of several open promises is meant; `unmatched` are words that none of them has."""
    asked = {"kept": "was kept", "broken": "was broken", "released": "is released"}[outcome]
    none = say("No open promise says “{words}”. ", words=short(unmatched, 60)) if unmatched else say("")
    shown = promises[:OPTION_LIMIT]
    lines = [
        say("{n}. {owed}", n=number, owed=ended(owed_when(one, influencer.name, reader.today, limit=_LINE)))
        for number, one in enumerate(shown, start=1)
    ]
    more = len(promises) - len(shown)
    left_out = [say("…and {more} more: write some of its words to find it.", more=more)] if more else []
    given = {"outcome": outcome} | ({"on": on.isoformat()} if on else {})
    select = Select(
        "Which one…", "promise", promise_options(shown, influencer, reader.today), callback("settle", **given)
    )
    question = say("{none}Which promise with **{name}** {asked}?", none=none, asked=asked, name=influencer.name)
    return Reply(blocks=(question, join("\n", [*lines, *left_out]), Actions((select,))))


def promise_options(
    promises: Sequence[Promise], influencer: Influencer, today: date, first: int = 1
) -> tuple[Option, ...]:
    labels = (
        f"{number}. {_whose(one, influencer)}: {one_line(one, 45)}, {when_due(one.due, today)}"
        for number, one in enumerate(promises, start=first)
    )
    return tuple(Option(short(label, _OPTION), one.id) for label, one in zip(labels, promises, strict=True))


def _whose(promise: Promise, influencer: Influencer) -> str:
    name = short(first_name(influencer.name), 20)
    return f"us → {name}" if promise.side is Side.WE else f"{name} → us"


def _whom(promise: Promise, influencer: Influencer) -> Text:
    """` for Jess Park`, ` from Jess Park`."""
    return say(" for **{name}**" if promise.side is Side.WE else " from **{name}**", name=influencer.name)


def _settled_thing(promise: Promise) -> Text:
    """`the ceramic sample`; a deed in its own words, in quotes."""
    words = one_line(promise, WHAT_SHOWN)
    return quoted(words) if deed(words) else promised(promise)


def _by_when(promise: Promise, today: date) -> str:
    return when_due(promise.due, today) if promise.due else "with no due date"


def _outcome(promise: Promise, today: date) -> str:
    """`Kept, 2 days late`, `Paid`, `Broken`; with the day where it was another than `today`."""
    word = {
        Kept.KEPT: "Paid" if promise.payment else "Kept",
        Kept.KEPT_LATE: "Paid" if promise.payment else "Kept",
        Kept.BROKEN: "Broken",
        Kept.RELEASED: "Released",
        None: "Open",
    }[promise.outcome]
    on = promise.settled_on
    if on is not None and on != today:
        word += f" on {weekday(on, today)}"
    if promise.outcome is Kept.KEPT_LATE and on is not None and promise.due is not None:
        word += f", {count((on - promise.due).days, 'day')} late"
    return word
