"""A handover in words: what was moved, and the briefs from which the new owner takes over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.model import Direction, Influencer, Member, Occasion, Promise, Standing, Touchpoint
from bot.promising import by_urgency
from bot.reply import Actions, Button, Reply, Style, Text, callback, join, say
from bot.views.promises import owed_when
from bot.views.recap import status_word
from bot.views.touches import medium_word
from bot.views.words import (
    Reader,
    because,
    count,
    doer,
    ended,
    first_name,
    handle_of,
    listed_texts,
    near_day,
    quoted,
    short,
    told_apart,
    weekday,
)

NAMES_SHOWN = 10
"""Names in the answer to a handover; of more it is said how many."""

PAGE = 5
"""Briefs on one page."""

_QUOTED = 160
"""Characters of a note or a wish in a brief; the recap shows all of it."""

_NOTES = 3
_PROMISES = 5


@dataclass(frozen=True, slots=True)
class Brief:
    """What somebody needs to know who takes over a relationship. `occasion` is the next one, with its date."""

    influencer: Influencer
    standing: Standing
    last: Touchpoint | None
    promises: tuple[Promise, ...]
    occasion: tuple[Occasion, date] | None


def moved_to(
    moved: Sequence[Influencer], giver: str | None, taker: Member, reader: Reader, *, change: str, is_told: bool
) -> Reply:
    """Whose relationships went to whom; `giver` is the member who had them, `is_told`: the new owner gets a message."""
    names = [say("{name}", name=one.name) for one in moved[:NAMES_SHOWN]]
    more = len(moved) - len(names)
    if more:
        names.append(say("{more} more", more=more))
    archived = sum(one.archived_at is not None for one in moved)
    head = say(
        "✓ Handed over from {giver} to {taker}: {number}{archived} — {names}.",
        giver=reader.who(giver),
        taker=reader.who(taker.id),
        number=count(len(moved), "relationship"),
        archived=say(" ({archived} archived)", archived=archived) if archived else say(""),
        names=listed_texts(names),
    )
    told = say("{taker} gets a message with a brief of each.", taker=reader.who(taker.id))
    buttons = (Button("Undo", callback("undo", change=change)), Button("Briefs", callback("briefs", change=change)))
    return Reply(blocks=(join("\n", [head, told] if is_told else [head]), Actions(buttons)))


def handed_to_you(by: str | None, giver: str | None, number: int, reader: Reader) -> Text:
    """Who handed over how many relationships to the reader, and whose they were."""
    whose = say("")
    if giver is not None and giver != by:
        whose = say(" that {giver} looked after", giver=reader.who(giver))
    took_over = by == reader.member.id
    return say(
        ("**You took over {number}**" if took_over else "**{by} handed you {number}**")
        + "{whose}. From now on their nudges come to you; nothing else has changed.",
        **({} if took_over else {"by": reader.who(by) if by else "Somebody"}),
        number=count(number, "relationship"),
        whose=whose,
    )


def handed_over_now(number: int) -> Text:
    """What the briefs are about, for somebody else than their new owner."""
    return say("**Briefs of {number}** that were handed over.", number=count(number, "relationship"))


def brief_page(
    head: Text,
    briefs: Sequence[Brief],
    total: int,
    reader: Reader,
    team_today: date,
    *,
    change: str,
    skip: int,
    stays: bool = False,
) -> Reply:
    """A page of briefs under its head; each person has a button for the recap.

    `stays`: it is no answer but a message of its own, in whose place no other page comes.
    """
    if len(briefs) < total:
        head = say("{head} Here are {first} to {last}.", head=head, first=skip + 1, last=skip + len(briefs))
    marks = told_apart([brief.influencer for brief in briefs], reader.people, reader.today)
    texts = [_brief(brief, marks.get(brief.influencer.id), reader, team_today) for brief in briefs]
    buttons = [
        Button(_label(brief.influencer, marks.get(brief.influencer.id)), callback("show", who=brief.influencer.id))
        for brief in briefs
    ]
    for label, to, there in (("Earlier", skip - PAGE, skip > 0), ("More", skip + PAGE, skip + PAGE < total)):
        if there:
            page = {"change": change, "skip": str(max(0, to))} | ({"stays": "yes"} if stays else {})
            buttons.append(Button(label, callback("briefs", **page), Style.PRIMARY))
    return Reply(blocks=(head, *texts, Actions(tuple(buttons))))


def nothing_left() -> Reply:
    """The relationships of a handover have all gone elsewhere since."""
    return Reply(blocks=(say("Nothing of that handover is left: it was taken back, or handed on."),))


def nothing_to_hand_over(member: Member, by: Member | None, to: Member | None, asks: Member) -> str:
    """Why nothing was moved: nothing is theirs, because somebody was quicker, as far as that is remembered."""
    who = "You look" if member.id == asks.id else f"{member.name} looks"
    if by is None or to is None:
        return f"{who} after nobody, so there is nothing to hand over."
    whose = "you" if member.id == asks.id else member.name
    return f"Already done by {doer(by, asks)}: what {whose} looked after was handed over to {doer(to, asks)}."


def _label(influencer: Influencer, mark: str | None) -> str:
    name = short(influencer.name, 40)
    return f"{name} · {short(mark, 30)}" if mark else name


def _brief(brief: Brief, mark: str | None, reader: Reader, team_today: date) -> Text:
    """Name and status first, notes last: where a platform clips, it clips a note."""
    influencer, handle = brief.influencer, mark or handle_of(brief.influencer)
    head = say(
        "**{name}**{handle} — {status}.",
        name=influencer.name,
        handle=say(" ({handle})", handle=handle) if handle else say(""),
        status="archived" if influencer.archived_at else status_word(brief.standing, team_today),
    )
    lines = [head, _last(brief, reader), *_wishes(influencer), *_open(brief, reader), *_occasion(brief, reader)]
    return join("\n", [*lines, *_notes(influencer)])


def _last(brief: Brief, reader: Reader) -> Text:
    last = brief.last
    if last is None:
        return say("No touchpoint yet.")
    whom = {Direction.OUTBOUND: "to {name}", Direction.INBOUND: "from {name}", Direction.MUTUAL: "with {name}"}
    is_ours = last.by is not None and last.direction is not Direction.INBOUND
    return ended(
        say(
            "Last contact: {who}{medium} {whom}, {day}{note}",
            who=say("{who}, ", who=reader.who(last.by)) if is_ours else say(""),
            medium=medium_word(last.medium),
            whom=say(whom[last.direction], name=first_name(brief.influencer.name)),
            day=near_day(reader.day_of(last), reader.today),
            note=say(" — {note}", note=_cut(last.note)) if last.note else say(""),
        )
    )


def _wishes(influencer: Influencer) -> list[Text]:
    name = first_name(influencer.name)
    wants = say("We don’t know what {name} wants yet.", name=name)
    if influencer.goal:
        motivation = short(influencer.motivation, _QUOTED) if influencer.motivation else None
        goal = short(influencer.goal, _QUOTED)
        wants = ended(say("{name} wants {goal}{why}", name=name, goal=goal, why=because(motivation)))
    if not influencer.objective:
        return [wants]
    ours = ended(say("We want {objective}", objective=short(influencer.objective, _QUOTED)))
    return [join(" ", [wants, ours])]


def _open(brief: Brief, reader: Reader) -> list[Text]:
    promises = by_urgency(brief.promises)
    if not promises:
        return []
    name = brief.influencer.name
    parts = [owed_when(promise, name, reader.today) for promise in promises[:_PROMISES]]
    if more := len(promises) - len(parts):
        parts.append(say("and {more} more", more=more))
    return [ended(say("Open: {promises}", promises=join("; ", parts)))]


def _occasion(brief: Brief, reader: Reader) -> list[Text]:
    if brief.occasion is None:
        return []
    occasion, on = brief.occasion
    return [say("Next occasion: {label}, {day}.", label=short(occasion.label, _QUOTED), day=weekday(on, reader.today))]


def _notes(influencer: Influencer) -> list[Text]:
    shown = influencer.notes[-_NOTES:]
    lines = [say("Note: {note}", note=_cut(note.text)) for note in shown]
    more = len(influencer.notes) - len(shown)
    return [*lines, say("{more} in the recap.", more=count(more, "earlier note"))] if more else lines


def _cut(note: str) -> Text:
    return quoted(short(" ".join(note.split()), _QUOTED))
