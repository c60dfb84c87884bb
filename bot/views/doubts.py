"""When a name doesn't say who is meant: which one, or nobody, or somebody only by a slip of the pen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from bot.model import NAME_LIMIT, Draft
from bot.reply import Actions, Button, Outcome, Reply, Text, callback, say
from bot.roster import Match
from bot.store_port import RosterEntry
from bot.views.words import count, short

_BUTTONS = 23
_BUTTON_NAME = 40
_ASKED = 30


def which_one(match: Match, question: Draft, marks: Mapping[str, str], *, newcomers: bool) -> Reply:
    """Asks who was meant, a button for each; the request waits in the question's Draft.

    `marks` is what tells namesakes apart, by id; `newcomers`: it can be somebody to be added first.
    """
    people = asked_about(match)
    buttons = [_pick(entry, question, marks.get(entry.id)) for entry in people]
    more = len(match.entries or match.nearest) - len(buttons)
    left_out = (say("{more} more: write more of the name to see them.", more=f"…and {more:,}"),) if more > 0 else ()
    if newcomers:
        buttons.append(Button("Someone new" if match.entries else "Add them", callback("new", draft=question.id)))
    return Reply(blocks=(_question(match), *left_out, Actions(tuple(buttons))), outcome=Outcome.REFUSED)


def nobody(match: Match) -> Reply:
    """That nobody has a name, where there is nobody to choose from and nobody to be added."""
    return Reply(blocks=(_question(match),), outcome=Outcome.REFUSED)


def doubt_sentence(match: Match, *, newcomers: bool) -> str:
    """The question beside an input of a form, where there are no buttons."""
    asked = short(match.asked, _ASKED)
    if match.is_typo or (not match.entries and match.nearest):
        return f"Nobody is called “{asked}”. Did you mean {_or(match.entries or match.nearest)}?"
    if not match.entries:
        return f"Nobody on the roster is called “{asked}”." + (" Add them first." if newcomers else "")
    return f"{count(len(match.entries), 'person', 'people')} match “{asked}”: write {_or(match.entries)}."


def slipped(reply: Reply, slips: Sequence[Match]) -> Reply:
    """An answer that begins by saying for whom it is, where a name was understood through a typo."""
    notes = tuple(
        say("I took “{asked}” for **{name}**.", asked=short(match.asked, _ASKED), name=match.one.name)
        for match in slips
        if match.one
    )
    return replace(reply, blocks=(*notes, *reply.blocks))


def _question(match: Match) -> Text:
    asked = short(match.asked, _ASKED)
    if match.is_typo and match.one and match.one.archived:
        return say("Do you mean **{name}**, who is archived?", name=match.one.name)
    if match.is_typo and match.one and match.asked.casefold() in match.one.name.casefold().split():
        return say("Do you mean **{name}** by “{asked}”?", asked=asked, name=match.one.name)
    if match.is_typo and match.one:
        return say("Nobody is called “{asked}”. Did you mean **{name}**?", asked=asked, name=match.one.name)
    if match.how is not None and len(match.entries) == 1:
        return say("Please write the name in full: did you mean **{name}**?", name=match.entries[0].name)
    if match.entries:
        people = {2: "Two people match", 3: "Three people match"}.get(len(match.entries), "Several people match")
        return say(people + " “{asked}”. Who do you mean?", asked=asked)
    if match.nearest:
        return say("Nobody on the roster is called “{asked}”. The nearest names are:", asked=asked)
    return say("Nobody on the roster is called “{asked}”.", asked=asked)


def asked_about(match: Match) -> tuple[RosterEntry, ...]:
    """Those who get a button."""
    return (match.entries or match.nearest)[:_BUTTONS]


def _pick(entry: RosterEntry, question: Draft, mark: str | None) -> Button:
    return Button(named(entry, mark), callback("pick", draft=question.id, who=entry.id))


def named(entry: RosterEntry, mark: str | None = None) -> str:
    """`Jess Park · @jess.cooks`, or with the `mark` that tells her from somebody else of her name."""
    name = short(entry.name, _BUTTON_NAME)
    if mark:
        return f"{name} · {short(mark, _ASKED)}"
    return f"{name} · @{short(entry.handles[0].name, _ASKED)}" if entry.handles else name


def _or(entries: Sequence[RosterEntry]) -> str:
    """How each can be written so that nobody else is meant: the name, else a handle, else the id."""
    names = Counter(entry.name.casefold() for entry in entries)
    spelled = [
        entry.name if names[entry.name.casefold()] == 1 else str(entry.handles[0]) if entry.handles else entry.id
        for entry in entries
    ]
    *first, last = [f"“{short(spelling, NAME_LIMIT)}”" for spelling in spelled[:5]]
    return f"{', '.join(first)} or {last}" if first else last
