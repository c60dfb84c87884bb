"""What an undo did, and what it left because somebody has changed it since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.change import Change
from bot.model import Handle, Record, Schedule
from bot.reply import Actions, Button, Reply, Style, Text, callback, join, say
from bot.reversal import follows
from bot.views.changes import SHOWN, describe, named
from bot.views.words import Reader, count

_SAID = {
    "delete_touch": "delete",
    "edit_occasion": "edit",
    "edit_promise": "edit",
    "edit_touch": "edit",
    "hand_all_over": "handover",
    "hand_over": "hand over",
    "import_apply": "import",
    "merge_now": "merge",
    "my_settings": "settings",
    "not_needed": "not needed",
    "remove_occasion": "remove",
    "settle": "settle a promise",
    "snooze_nudge": "snooze",
    "team_settings": "settings",
}
"""What people call the verbs that stand behind buttons."""


@dataclass(frozen=True, slots=True)
class Left:
    """A record, as it is now, that was left as it is, and who changed it since; `in_part`: the rest was set back."""

    record: Record
    by: str | None
    in_part: bool = False


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
    verb = _said(target or change)
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
        lines = [_left(one, names, reader) for one in left[:SHOWN]]
        more = say("\n…and {more} more", more=len(left) - SHOWN) if len(left) > SHOWN else say("")
        blocks.append(say("Left as it is:\n{lines}{more}", lines=join("\n", lines), more=more))
    buttons = []
    if left:
        rest = callback("undo", change=target.id if target else change.id, rest="yes")
        buttons.append(Button("Undo the rest", rest, Style.DANGER))
    if sentences:
        buttons.append(Button("Bring back", callback("undo", change=change.id)))
    return Reply(blocks=(*blocks, *((Actions(tuple(buttons)),) if buttons else ())))


def _said(change: Change) -> str:
    """What people call what a Change did: mostly the verb that they used."""
    own = [write for write in change.writes if not follows(write)]
    if len(own) == 1 and isinstance(own[0].record, Schedule) and change.undoes is None:
        # One verb sets digests up and stops them.
        return "set up a digest" if own[0].after is not None else "stop a digest"
    return _SAID.get(change.verb, change.verb)


def _left(one: Left, names: Mapping[str, str], reader: Reader) -> Text:
    what = say("• {what}", what=named(one.record, names))
    if one.by is None:
        return say("{what}, in part, changed since" if one.in_part else "{what}, changed since", what=what)
    who = reader.who(one.by)
    if one.in_part:
        return say("{what}, in what {who} changed since", what=what, who=who)
    return say("{what}, changed since by {who}", what=what, who=who)
