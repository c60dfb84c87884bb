"""Lists of relationships: who needs attention, and who was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import assert_never

from bot.model import Influencer, Standing
from bot.reply import Action, Actions, Button, Callback, Reply, Table, Text, callback, join, say
from bot.standing import is_quiet, learned, silent_days
from bot.views.quiet import next_touch
from bot.views.recap import OWN_PAUSES, plan_of, status_word
from bot.views.words import Reader, ago, count, short, soon, told_apart, weekday

SHOWN = 15
"""Relationships in a list before it says how many more there are."""

OPENED = 5
"""People in a list who have a button that opens their recap."""

PAGE = 20
"""Rows on one page of what was found."""


@dataclass(frozen=True, slots=True)
class Line:
    """One relationship in a list."""

    influencer: Influencer
    standing: Standing


class Need(StrEnum):
    """Why a relationship is in the due list, most urgent first."""

    WAITING_ON_US = "Waiting on us"
    QUIET = "Quiet"
    PLAN = "Due by the plan"
    FIRST_CONTACT = "First contact"


def need_of(standing: Standing, today: date) -> Need:
    """The first reason that applies to a relationship that needs attention on a date of the team's zone."""
    if standing.waiting_since is not None:
        return Need.WAITING_ON_US
    if standing.silent_since is None:
        return Need.FIRST_CONTACT
    return Need.QUIET if is_quiet(standing, today) else Need.PLAN


def due(
    now: Sequence[Line],
    coming: Sequence[Line],
    reader: Reader,
    team_today: date,
    *,
    numbers: Mapping[Need, int],
    whose: Text,
    on_track: Text | None,
) -> Reply:
    """Who needs attention now, the most urgent, and who comes next.

    `numbers` says how many there are for each reason, those who are not shown too; `whose` is for whom the list is
    (` for you`), `on_track` how many there are where nobody is due.
    """
    if not now:
        first = say("Nothing due{whose}. {on_track}", whose=whose, on_track=on_track or say(""))
        return Reply(blocks=(first, *_coming(coming, reader)))
    people, total = [line.influencer for line in now], sum(numbers.values())
    marks = told_apart(people, reader.people, reader.today)
    blocks: list[Text | Actions] = [
        say("**{people}{whose} to get in touch with**", people=count(total, "person", "people"), whose=whose)
    ]
    for need in Need:
        lines = [
            _due_line(line, need, reader, team_today, marks)
            for line in now
            if need_of(line.standing, team_today) is need
        ]
        if lines:
            number = numbers.get(need, len(lines))
            blocks.append(
                say("**{title}** ({number}):\n{lines}", title=need.value, number=number, lines=join("\n", lines))
            )
    if total > len(now):
        blocks.append(say("…and {more} more.", more=total - len(now)))
    blocks += _coming(coming, reader)
    opened = tuple(Button(_called(one, marks), callback("show", who=one.id)) for one in people[:OPENED])
    blocks.append(Actions(opened))
    return Reply(blocks=tuple(blocks))


def _called(influencer: Influencer, marks: Mapping[str, str]) -> str:
    """A name for a button, with what tells it from another of the same name."""
    name, mark = short(influencer.name, 40), marks.get(influencer.id)
    return f"{name} · {short(mark, 30)}" if mark else name


def _named(influencer: Influencer, marks: Mapping[str, str]) -> Text:
    mark = marks.get(influencer.id)
    return say("{name} · {mark}", name=influencer.name, mark=mark) if mark else say("{name}", name=influencer.name)


def looked_after(number: int, who: str) -> Text:
    """`You look after 4 relationships.`; `who` is the subject with its verb."""
    if not number:
        return say("{who} after nobody yet: “own <name> me” changes that.", who=who)
    return say("{who} after {relationships}.", who=who, relationships=count(number, "relationship"))


def on_roster(number: int) -> Text:
    """`23 relationships on the roster.`"""
    if not number:
        return say("Nobody is on the roster yet: start with “add”.")
    return say("{relationships} on the roster.", relationships=count(number, "relationship"))


def _due_line(line: Line, need: Need, reader: Reader, today: date, marks: Mapping[str, str]) -> Text:
    name, owner = _named(line.influencer, marks), reader.who(line.standing.owner)
    return say("• {name} — {why} ({owner})", name=name, why=_why(line, need, today), owner=owner)


def _why(line: Line, need: Need, today: date) -> str:
    standing, planned = line.standing, line.standing.planned_on or today
    match need:
        case Need.WAITING_ON_US:
            return f"wrote {ago(standing.waiting_since or today, today)}"
        case Need.QUIET:
            known = learned(standing)
            measure = f"usually {known.usual}" if known.n >= OWN_PAUSES else f"plan {standing.cadence or 14}"
            return f"{count(silent_days(standing, line.influencer, today), 'day')}, {measure}"
        case Need.PLAN:
            past = (today - planned).days
            return f"{count(past, 'day')} past, {plan_of(standing)}" if past > 0 else f"today, {plan_of(standing)}"
        case Need.FIRST_CONTACT:
            return f"first contact planned by {weekday(planned, today)}"
        case _:
            assert_never(need)


def _coming(coming: Sequence[Line], reader: Reader) -> list[Text]:
    if not coming:
        return []
    zone = reader.team.zone
    parts = [
        say(
            "{name} ({day})",
            name=line.influencer.name,
            day=soon(line.standing.attention_at.astimezone(zone).date(), reader.today),
        )
        for line in coming
        if line.standing.attention_at is not None
    ]
    return [say("Next: {people}.", people=join(", ", parts))]


def found(
    lines: Sequence[Line],
    total: int,
    reader: Reader,
    team_today: date,
    *,
    skip: int,
    narrowed: tuple[tuple[str, str], ...],
    notes: Mapping[str, str],
) -> Reply:
    """A page of people, with how each stands; `notes` are the words by which a note was found, by influencer."""
    if not lines:
        nothing = say("Nobody found. Try fewer words, or “find” alone for everybody.")
        return Reply(blocks=(nothing, Actions((Button("Everybody", callback("find")),))))
    head = say("**{count}**{page}", count=count(total, "person", "people"), page=_page(skip, len(lines), total))
    marks = told_apart([line.influencer for line in lines], reader.people, reader.today)
    rows = tuple(_row(line, reader, team_today, marks, notes.get(line.influencer.id)) for line in lines)
    columns = ("Name", "Status", "Last contact", "Tier", "Owner") + (("Found in",) if notes else ())
    if notes:
        rows = tuple(row if len(row) == len(columns) else (*row, say("")) for row in rows)
    actions = _paging(skip, total, narrowed)
    return Reply(blocks=(head, Table(columns, rows), *((Actions(actions),) if actions else ())))


def _row(line: Line, reader: Reader, today: date, marks: Mapping[str, str], note: str | None) -> tuple[Text, ...]:
    last = line.standing.last
    cells = (
        _named(line.influencer, marks),
        say("{status}", status=_status(line.standing, today)),
        say("{day}", day=ago(last.on, today) if last else "never"),
        say("{tier}", tier=line.influencer.tier or "–"),
        say("{owner}", owner=reader.who(line.influencer.owner)),
    )
    return (*cells, say("{note}", note=note)) if note is not None else cells


def _status(standing: Standing, today: date) -> str:
    """`on track, next by Mon 14 Dec`, `due since Mon 14 Dec`."""
    word, by = status_word(standing, today), next_touch(standing)
    if by is None:
        return word
    if word == "due":
        return f"due since {weekday(by, today)}" if by < today else "due today"
    return f"{word}, next by {weekday(by, today)}" if by > today else word


def _page(skip: int, shown: int, total: int) -> Text:
    return say(", {first} to {last}", first=skip + 1, last=skip + shown) if shown < total else say("")


def _paging(skip: int, total: int, narrowed: tuple[tuple[str, str], ...]) -> tuple[Action, ...]:
    """Earlier and more, where the search fits into a button."""
    actions = []
    for label, to, there in (("Earlier", skip - PAGE, skip > 0), ("More", skip + PAGE, skip + PAGE < total)):
        if there and (again := _search(narrowed, max(0, to))) is not None:
            actions.append(Button(label, again))
    return tuple(actions)


def _search(narrowed: tuple[tuple[str, str], ...], skip: int) -> Callback | None:
    try:
        return Callback("find", (*narrowed, ("skip", str(skip))))
    except ValueError:
        return None
