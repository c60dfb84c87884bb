"""What an undo did, and what it left because somebody has changed it since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.change import Change
from bot.model import Handle, Record
from bot.reply import Actions, Button, Reply, Style, Text, callback, join, say
from bot.views.changes import SHOWN, describe, named
from bot.views.words import Reader, count

_SAID = {
    "delete_touch": "delete",
    "edit_touch": "edit",
    "hand_over": "hand over",
    "import_apply": "import",
    "my_settings": "settings",
    "not_needed": "not needed",
    "snooze_nudge": "snooze",
    "team_settings": "settings",
}
"""What people call the verbs that stand behind buttons."""


@dataclass(frozen=True, slots=True)
class Left:
    """A record that was left as it is, and who changed it since."""

    record: Record
    by: str | None


def undone(
    change: Change,
    target: Change | None,
    left: Sequence[Left],
    names: Mapping[str, str],
    reader: Reader,
    *,
    taken: Mapping[Handle, str],
) -> Reply:
    """What was set back, sentence by sentence, and what was not; `taken` are handles that are somebody else's now."""
    verb = target.verb if target else change.verb
    verb = _SAID.get(verb, verb)
    sentences = describe(change.writes, names, reader)
    head = (
        say("↩ Took back “{verb}”.", verb=verb)
        if sentences
        else say("Nothing of “{verb}” could be taken back.", verb=verb)
    )
    blocks: list[Text | Actions] = [join("\n", [head, *sentences[:SHOWN]])]
    if len(sentences) > SHOWN:
        blocks.append(say("…and {more}.", more=count(len(sentences) - SHOWN, "more record", "more records")))
    for handle, owner in taken.items():
        blocks.append(say("⚠ {handle} belongs to {name} now, so it was left out.", handle=str(handle), name=owner))
    if left:
        lines = [
            say("• {what}, changed since by {who}", what=named(one.record, names), who=reader.who(one.by))
            if one.by
            else say("• {what}, changed since", what=named(one.record, names))
            for one in left[:SHOWN]
        ]
        more = say("\n…and {more} more", more=len(left) - SHOWN) if len(left) > SHOWN else say("")
        blocks.append(say("Left as it is:\n{lines}{more}", lines=join("\n", lines), more=more))
    buttons = []
    if left:
        rest = callback("undo", change=target.id if target else change.id, rest="yes")
        buttons.append(Button("Undo the rest", rest, Style.DANGER))
    if sentences:
        buttons.append(Button("Bring back", callback("undo", change=change.id)))
    return Reply(blocks=(*blocks, *((Actions(tuple(buttons)),) if buttons else ())))
