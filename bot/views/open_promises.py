"""Open promises: one with what can be done about it, and lists of them, late ones first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.model import Influencer, Promise
from bot.reply import Action, Actions, Button, Divider, Link, Reply, Select, Style, Text, callback, join, say
from bot.views.owing import owed, when_due
from bot.views.promises import kept_sentence, owed_when, promise_options
from bot.views.words import Reader, count, ended, near_day

PAGE = 10
"""Promises on one page of a list."""

_WHAT = 100
"""Characters of a promise's words in a list."""


def one_promise(promise: Promise, influencer: Influencer, reader: Reader) -> Reply:
    """An open promise with everything that can be done about it."""
    made_by = say(
        "Noted by {who}, {day}.",
        who=reader.who(promise.made_by) if promise.made_by else "somebody",
        day=near_day(promise.made_at.astimezone(reader.zone).date(), reader.today),
    )
    head = say(
        "**{name}** — {owed}{link}",
        name=influencer.name,
        owed=owed_when(promise, influencer.name, reader.today),
        link=say(" — {link}", link=Link("link", promise.link)) if promise.link else say(""),
    )
    buttons = [
        Button(label, callback("settle", promise=promise.id, outcome=outcome), style)
        for label, outcome, style in (
            ("Kept", "kept", Style.PRIMARY),
            ("Broken", "broken", Style.PLAIN),
            ("Release", "released", Style.PLAIN),
        )
    ]
    edit = Button("Edit", callback("edit_promise", promise=promise.id))
    return Reply(blocks=(join("\n", [ended(head), made_by]), Actions((*buttons, edit))))


@dataclass(frozen=True, slots=True)
class PromiseLine:
    """One open promise in a list, and with whom it is."""

    promise: Promise
    influencer: Influencer


def listed_promises(
    lines: Sequence[PromiseLine],
    reader: Reader,
    *,
    total: int,
    late: int,
    skip: int,
    whose: str,
    of_whom: Text,
    only_late: bool,
) -> Reply:
    """A page of open promises, late ones first; `whose` asks for the same list again, `of_whom` says it: ` for you`."""
    if not lines and only_late:
        return Reply(blocks=(say("No late promises{of_whom}.", of_whom=of_whom),))
    if not lines:
        how = "“promise <name> <what> by <when>” notes one."
        return Reply(blocks=(say("No open promises{of_whom}. {how}", of_whom=of_whom, how=how),))
    head = _head(len(lines), total, late, skip, of_whom, only_late=only_late)
    actions = Actions(_list_actions(lines, reader, total, skip, _again(whose, only_late=only_late)))
    return Reply(blocks=(head, *_rows(lines, reader, skip), Divider(), actions))


def promises_of(
    influencer: Influencer,
    promises: Sequence[Promise],
    lines: Sequence[PromiseLine],
    reader: Reader,
    *,
    total: int,
    skip: int,
    only_late: bool,
) -> Reply:
    """One person's open promises, and how the settled ones came out; `lines` are the page that is shown."""
    kept = kept_sentence(promises, reader.today)
    record = [kept] if kept else []
    add = Button("Add promise", callback("new_promise", who=influencer.id))
    if not lines:
        which = "late" if only_late else "open"
        nothing = say("No {which} promises with **{name}**.", which=which, name=influencer.name)
        return Reply(blocks=(join(" ", [nothing, *record]), Actions((add,))))
    late = sum(one.is_late(reader.today) for one in promises)
    whom = say(" with {name}", name=influencer.name)
    head = _head(len(lines), total, late, skip, whom, only_late=only_late)
    actions = (*_list_actions(lines, reader, total, skip, _again(influencer.id, only_late=only_late)), add)
    return Reply(blocks=(head, *_rows(lines, reader, skip), *record, Divider(), Actions(actions)))


def _again(whose: str, *, only_late: bool) -> str:
    return f"{whose} late" if only_late else whose


def _head(shown: int, total: int, late: int, skip: int, of_whom: Text, *, only_late: bool) -> Text:
    return say(
        "**{promises}**{of_whom}{late}{page}.",
        promises=count(total, "late promise" if only_late else "open promise"),
        of_whom=of_whom,
        late=say(", {late} late", late=late) if late and not only_late else say(""),
        page=say(", {first} to {last}", first=skip + 1, last=skip + shown) if shown < total else say(""),
    )


def _rows(lines: Sequence[PromiseLine], reader: Reader, skip: int) -> list[Text]:
    return [_row(number, line, reader) for number, line in enumerate(lines, start=skip + 1)]


def _row(number: int, line: PromiseLine, reader: Reader) -> Text:
    return say(
        "{n}. **{name}** — {owed}, {due} ({owner})",
        n=number,
        name=line.influencer.name,
        owed=owed(line.promise, line.influencer.name, limit=_WHAT),
        due=when_due(line.promise.due, reader.today),
        owner=reader.owner_aside(line.influencer.owner),
    )


def _list_actions(
    lines: Sequence[PromiseLine], reader: Reader, total: int, skip: int, whose: str
) -> tuple[Action, ...]:
    options = tuple(
        option
        for number, line in enumerate(lines, start=skip + 1)
        for option in promise_options([line.promise], line.influencer, reader.today, first=number)
    )
    pages = []
    for label, to, there in (("Earlier", skip - PAGE, skip > 0), ("More", skip + PAGE, skip + PAGE < total)):
        if there:
            pages.append(Button(label, callback("promises", whose=whose, skip=str(max(0, to)))))
    kept = Select("Kept…", "promise", options, callback("settle", outcome="kept"))
    other = Select("Broken, release or edit…", "promise", options, callback("open_promise"))
    return (*pages, kept, other)
