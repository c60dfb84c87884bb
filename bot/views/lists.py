"""Lists of relationships: who needs attention, and who was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.model import Influencer, Standing
from bot.reply import Action, Actions, Button, Callback, Reply, Table, Text, callback, join, say
from bot.standing import is_quiet, learned, silent_days, status
from bot.views.recap import OWN_PAUSES, status_word
from bot.views.words import Reader, ago, count, near_day, short, weekday

SHOWN = 15
"""Relationships in a list before it says how many more there are."""

PAGE = 20
"""Rows on one page of what was found."""


@dataclass(frozen=True, slots=True)
class Line:
    """One relationship in a list."""

    influencer: Influencer
    standing: Standing


def due(
    now: Sequence[Line], coming: Sequence[Line], reader: Reader, team_today: date, *, whose: Text, on_track: Text | None
) -> Reply:
    """Who needs attention now, most urgent first by reason, and who comes next.

    `whose` is for whom the list is (` for you`), `on_track` how many there are where nobody is due.
    """
    if not now:
        first = say("Nothing due{whose}. {on_track}", whose=whose, on_track=on_track or say(""))
        return Reply(blocks=(first, *_coming(coming, reader)))
    blocks: list[Text | Actions] = [
        say("**{people}{whose} to get in touch with**", people=count(len(now), "person", "people"), whose=whose)
    ]
    shown = now[:SHOWN]
    for title, chosen in (
        ("Waiting on us", [line for line in shown if line.standing.waiting_since]),
        ("Quiet", [line for line in shown if not line.standing.waiting_since and is_quiet(line.standing, team_today)]),
        ("First contact", [line for line in shown if line.standing.touchpoints == 0]),
    ):
        if chosen:
            lines = [_due_line(line, reader, team_today) for line in chosen]
            blocks.append(
                say("**{title}** ({count}):\n{lines}", title=title, count=len(chosen), lines=join("\n", lines))
            )
    if len(now) > SHOWN:
        blocks.append(say("…and {more} more.", more=len(now) - SHOWN))
    first_line = now[0].influencer
    blocks += _coming(coming, reader)
    blocks.append(Actions((Button(f"Log {short(first_line.name, 40)}", callback("new_touch", who=first_line.id)),)))
    return Reply(blocks=tuple(blocks))


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


def _due_line(line: Line, reader: Reader, today: date) -> Text:
    standing = line.standing
    if standing.waiting_since:
        why = f"wrote {ago(standing.waiting_since, today)}"
    elif standing.touchpoints == 0 and standing.planned_on:
        why = f"first contact planned by {weekday(standing.planned_on, today)}"
    else:
        known = learned(standing)
        measure = f"usually {known.usual}" if known.n >= OWN_PAUSES else f"plan {standing.cadence or 14}"
        why = f"{count(silent_days(standing, line.influencer, today), 'day')}, {measure}"
    return say("• {name} — {why} ({owner})", name=line.influencer.name, why=why, owner=reader.who(standing.owner))


def _coming(coming: Sequence[Line], reader: Reader) -> list[Text]:
    if not coming:
        return []
    zone = reader.team.zone
    parts = [
        say(
            "{name} ({day})",
            name=line.influencer.name,
            day=near_day(line.standing.attention_at.astimezone(zone).date(), reader.today),
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
    rows = tuple(_row(line, reader, team_today, notes.get(line.influencer.id)) for line in lines)
    columns = ("Name", "Status", "Last contact", "Tier", "Owner") + (("Found in",) if notes else ())
    if notes:
        rows = tuple(row if len(row) == len(columns) else (*row, say("")) for row in rows)
    actions = _paging(skip, total, narrowed)
    return Reply(blocks=(head, Table(columns, rows), *((Actions(actions),) if actions else ())))


def _row(line: Line, reader: Reader, today: date, note: str | None) -> tuple[Text, ...]:
    last = line.standing.last
    cells = (
        say("{name}", name=line.influencer.name),
        say("{status}", status=status_word(status(line.standing, today))),
        say("{day}", day=ago(last.on, today) if last else "never"),
        say("{tier}", tier=line.influencer.tier or "–"),
        say("{owner}", owner=reader.who(line.influencer.owner)),
    )
    return (*cells, say("{note}", note=note)) if note is not None else cells


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
