"""When a name doesn't say who is meant: which one, or nobody, or somebody only by a slip of the pen."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from bot.model import Draft
from bot.reply import Actions, Button, Outcome, Reply, Text, callback, say
from bot.roster import Match
from bot.store_port import RosterEntry
from bot.views.words import count, listed

_BUTTON_NAME = 40
_ASKED = 30


def which_one(match: Match, question: Draft) -> Reply:
    """Asks who was meant, a button for each; the request waits in the question's Draft."""
    buttons = [_pick(entry, question) for entry in match.entries or match.nearest]
    new = Button("Someone new" if match.entries else "Add them", callback("new", draft=question.id))
    return Reply(blocks=(_question(match), Actions((*buttons[:23], new))), outcome=Outcome.REFUSED)


def doubt_sentence(match: Match) -> str:
    """The same beside an input of a form, where there are no buttons."""
    asked = _clip(match.asked, _ASKED)
    if match.is_typo or (not match.entries and match.nearest):
        return f"Nobody is called “{asked}”. Did you mean {_or(match.entries or match.nearest)}?"
    if not match.entries:
        return f"Nobody on the roster is called “{asked}”. Add them first."
    return f"{count(len(match.entries), 'person', 'people')} match “{asked}”: write {_or(match.entries)}."


def slipped(reply: Reply, slips: Sequence[Match]) -> Reply:
    """An answer that begins by saying for whom it is, where a name was understood through a typo."""
    notes = tuple(
        say("I took “{asked}” for **{name}**.", asked=match.asked, name=match.one.name) for match in slips if match.one
    )
    return replace(reply, blocks=(*notes, *reply.blocks))


def _question(match: Match) -> Text:
    if match.is_typo and match.one:
        return say("Nobody is called “{asked}”. Did you mean **{name}**?", asked=match.asked, name=match.one.name)
    if match.how is not None and len(match.entries) == 1:
        return say("Please write the name in full: did you mean **{name}**?", name=match.entries[0].name)
    if match.entries:
        people = {2: "Two people match", 3: "Three people match"}.get(len(match.entries), "Several people match")
        return say(people + " “{asked}”. Who do you mean?", asked=match.asked)
    if match.nearest:
        return say("Nobody on the roster is called “{asked}”. The nearest names are:", asked=match.asked)
    return say("Nobody on the roster is called “{asked}”.", asked=match.asked)


def _pick(entry: RosterEntry, question: Draft) -> Button:
    return Button(named(entry), callback("pick", draft=question.id, who=entry.id))


def named(entry: RosterEntry) -> str:
    """`Jess Park · @jess.cooks`: enough to tell two people of one name apart."""
    name = _clip(entry.name, _BUTTON_NAME)
    return f"{name} · @{_clip(entry.handles[0].name, _ASKED)}" if entry.handles else name


def _or(entries: Sequence[RosterEntry]) -> str:
    return listed([f"“{named(entry)}”" for entry in entries[:5]]).replace(" and ", " or ")


def _clip(words: str, limit: int) -> str:
    return words if len(words) <= limit else words[: limit - 1] + "…"
