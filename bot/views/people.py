"""Replies about who somebody is: added, there already, a handle that is taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.change import Change
from bot.model import Draft, Handle, Influencer, Stage
from bot.reply import Actions, Button, Reply, Style, Text, callback, join, say
from bot.store_port import RosterEntry
from bot.views.doubts import named
from bot.views.touches import plan_words
from bot.views.words import Reader, count, listed, short


def added(
    change: Change,
    reader: Reader,
    *,
    alike: Sequence[RosterEntry],
    taken: Mapping[Handle, Influencer],
    waiting: Draft | None,
) -> Reply:
    """Who was added, with what, and who has a name that is easily taken for theirs.

    `taken` are handles that were left out, as they are somebody else's; `waiting` is what was asked for before it
    showed that nobody of that name was on the roster: it can go on.
    """
    influencer = next(write.after for write in change.writes if isinstance(write.after, Influencer))
    facts = [say("owner {owner}", owner=reader.who(influencer.owner))]
    if influencer.handles:
        facts.insert(0, say("{handles}", handles=", ".join(map(str, influencer.handles))))
    if influencer.tier is not None and influencer.cadence is not None:
        facts.append(say("tier {tier}", tier=influencer.tier))
    facts.append(say("{plan}", plan=plan_words(reader.team, influencer)))
    if influencer.stage is not Stage.IDENTIFIED:
        facts.append(say("stage {stage}", stage=influencer.stage))
    if influencer.tags:
        facts.append(say("tags {tags}", tags=", ".join(influencer.tags)))
    for label, fact in (("email", influencer.email), ("phone", influencer.phone), ("manager", influencer.manager)):
        if fact:
            facts.append(say(label + " {fact}", fact=fact))
    blocks: list[Text | Actions] = [
        say("✓ Added: **{name}** — {facts}.", name=influencer.name, facts=join(", ", facts)),
    ]
    for handle, other in taken.items():
        left_out = say("⚠ {handle} belongs to {name}, so it was left out.", handle=str(handle), name=other.name)
        blocks.append(join(" ", [left_out, say("If it is one person, undo this.")]))
    if alike:
        names = tuple(dict.fromkeys(named(entry) for entry in alike[:3]))
        verb = "sounds" if len(names) == 1 else "sound"
        blocks.append(say("⚠ {names} " + verb + " much the same. If it is one person, undo this.", names=listed(names)))
    first = Button("Log", callback("new_touch", who=influencer.id))
    if waiting is not None:
        go_on = callback("pick", draft=waiting.id, who=influencer.id, stays="yes")
        first = Button(f"Go on: {waiting.verb}", go_on, Style.PRIMARY)
    edit = Button("Edit", callback("edit", who=influencer.id))
    undo = Button("Undo", callback("undo", change=change.id))
    return Reply(blocks=(*blocks, Actions((first, edit, undo))))


def already_there(entry: RosterEntry, question: Draft, more: Sequence[Handle]) -> Reply:
    """Somebody of that very name is on the roster; a second one is added only when asked for.

    `more` are handles that were typed and that nobody has: they may be new ones of the same person.
    """
    first = say("**{name}** is on the roster already{archived}.", name=named(entry), archived=say(_archived(entry)))
    buttons = [
        Button("Show", callback("show", who=entry.id)),
        Button("Add another", callback("add", draft=question.id)),
    ]
    if more:
        what = str(more[0]) if len(more) == 1 else f"{len(more)} handles"
        label = f"Add {short(what, 30)} to {short(entry.name, 30)}"
        buttons.insert(0, Button(label, callback("add_handles", draft=question.id, who=entry.id)))
    return Reply(blocks=(first, Actions(tuple(buttons))))


def overtook(fields: Sequence[str]) -> Text:
    """What somebody else changed while a form was open, and the form overwrote."""
    return say(
        "⚠ While your form was open somebody changed the {fields}; yours counts now, and undo brings theirs back.",
        fields=listed(fields),
    )


def handle_taken(handle: Handle, other: Influencer) -> str:
    """Why a handle can't be added."""
    archived = ", who is archived" if other.archived_at else ""
    return f"{handle} belongs to {other.name}{archived}. A handle belongs to one influencer: edit theirs first."


def notes_left_out(number: int) -> Text | None:
    """Why a form does not hold all notes, and how to come to the others."""
    if not number:
        return None
    left_out = count(number, "note has", "notes have")
    return say("{left_out} no room in this form and stay as they are; clear others to see them.", left_out=left_out)


def _archived(entry: RosterEntry) -> str:
    return ", archived" if entry.archived else ""
