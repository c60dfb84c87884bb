"""Lists of relationships: who needs attention, and who was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from bot.concerns import occasions_now, owed_now
from bot.model import Influencer, Occasion, Promise, Standing
from bot.needs import Need, needs_of
from bot.reply import (
    Action,
    Actions,
    Button,
    Callback,
    Option,
    Outcome,
    Reply,
    Select,
    Style,
    Table,
    Text,
    callback,
    join,
    say,
)
from bot.standing import silent_days
from bot.views.owing import owed
from bot.views.quiet import measure, next_touch
from bot.views.recap import plan_of, status_word
from bot.views.words import Reader, ago, count, short, soon, told_apart, weekday

SHOWN = 15
"""Relationships in a list before it says how many more there are."""

PAGE = 20
"""Rows on one page of what was found."""

_OPTION = 75
"""Characters of an option that every platform shows."""

_WHAT = 80
"""Characters of a promise's words in a list."""

_TITLES = {
    Need.WAITING_ON_US: "Waiting on us",
    Need.PROMISE: "Promises",
    Need.OCCASION: "Occasions",
    Need.QUIET: "Quiet",
    Need.PLAN: "Due by the plan",
    Need.FIRST_CONTACT: "First contact",
}

_BEHIND_THE_FIRST = frozenset({Need.PROMISE, Need.OCCASION, Need.QUIET})
"""What is said as a second reason; that the plan wants a touch, too, asks for nothing that the first does not."""


@dataclass(frozen=True, slots=True)
class Line:
    """One relationship in a list, with the promise and the occasion that a due list names."""

    influencer: Influencer
    standing: Standing
    promise: Promise | None = None
    occasion: Occasion | None = None


def due(
    now: Mapping[Need, Sequence[Line]],
    coming: Sequence[Line],
    reader: Reader,
    team_today: date,
    *,
    numbers: Mapping[Need, int],
    whose: Text,
    on_track: Text | None,
    asked: str,
    skip: int = 0,
) -> Reply:
    """Who needs attention now, the most urgent by their first need, and who comes next.

    `numbers` says how many there are for each reason, those who are not shown too; `whose` is for whom the list is
    (` for you`), `on_track` how many there are where nobody is due. `skip` of them were shown before, and `asked` is
    how whose list it is travels in a button.
    """
    people = [line.influencer for lines in now.values() for line in lines]
    if not people:
        first = say("Nothing due{whose}. {on_track}", whose=whose, on_track=on_track or say(""))
        return Reply(blocks=(first, *_coming(coming, reader)))
    total = sum(numbers.values())
    marks = told_apart(people, reader.people, reader.today)
    blocks: list[Text | Actions] = [
        say(
            "**{people}{whose} to get in touch with**{page}",
            people=count(total, "person", "people"),
            whose=whose,
            page=_page(skip, len(people), total),
        )
    ]
    for need, lines in now.items():
        if lines:
            listed = join("\n", [_due_line(line, need, reader, team_today, marks) for line in lines])
            number = numbers.get(need, len(lines))
            blocks.append(say("**{title}** ({number}):\n{lines}", title=_TITLES[need], number=number, lines=listed))
    if (more := total - skip - len(people)) > 0:
        blocks.append(say("…and {more} more.", more=more))
    blocks += _coming(coming, reader)
    pages = _paging("due", skip, SHOWN, total, (("whose", asked),))
    blocks.append(Actions((chosen("Show…", "show", people, marks), *pages)))
    return Reply(blocks=tuple(blocks))


def nobody_yet() -> Reply:
    """Nobody is on the roster: there is nothing to list, and one way on."""
    add = Button("Add an influencer", callback("new"), Style.PRIMARY)
    return Reply(blocks=(say("Nobody is on the roster yet."), Actions((add,))), outcome=Outcome.REFUSED)


def chosen(label: str, verb: str, people: Sequence[Influencer], marks: Mapping[str, str]) -> Select:
    """A select of people, at most 25: the verb is done to the one who is chosen."""
    options = tuple(Option(called(one, marks)[:_OPTION], one.id) for one in people)
    return Select(label, "who", options, callback(verb))


def called(influencer: Influencer, marks: Mapping[str, str]) -> str:
    """A name for a button, with what tells it from another of the same name."""
    name, mark = short(influencer.name, 40), marks.get(influencer.id)
    return f"{name} · {short(mark, 30)}" if mark else name


def named(influencer: Influencer, marks: Mapping[str, str]) -> Text:
    """A name in a sentence, in the same way."""
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
    """Who, why and whose; a second reason is said behind the first."""
    said = [why(line, need, reader, today)]
    needs = needs_of(reader.team, line.standing, today)
    for other in [one for one in needs if one in _BEHIND_THE_FIRST and one is not need][:1]:
        second = why(line, other, reader, today)
        # Without its title a silence says nothing but numbers.
        said.append(say("quiet for {silence}", silence=second) if other is Need.QUIET else second)
    name, owner = named(line.influencer, marks), reader.owner_aside(line.standing.owner)
    return say("• {name} — {why} ({owner})", name=name, why=join("; ", said), owner=owner)


def why(line: Line, need: Need, reader: Reader, today: date) -> Text:
    """`wrote 4 days ago`, `36 days, usually 12`: a need in figures, to stand under its title."""
    standing = line.standing
    match need:
        case Need.WAITING_ON_US:
            return say("wrote {ago}", ago=ago(standing.waiting_since or today, today))
        case Need.PROMISE:
            return _owing(line, reader, today)
        case Need.OCCASION:
            return _celebrating(line, reader, today)
        case Need.QUIET:
            days = count(silent_days(standing, line.influencer, today), "day")
            return say("{days}, {measure}", days=days, measure=measure(standing))
        case Need.PLAN:
            past, plan = (today - (standing.planned_on or today)).days, plan_of(standing)
            return say("{past}, {plan}", past=f"{count(past, 'day')} past" if past > 0 else "today", plan=plan)
        case Need.FIRST_CONTACT:
            by = standing.planned_on or today
            return say(("was planned by" if by < today else "planned by") + " {day}", day=weekday(by, today))
        case _:
            assert_never(need)


def _owing(line: Line, reader: Reader, today: date) -> Text:
    """`we owe the ceramic sample, 15 days late`, and how many more promises call."""
    urgent = owed_now(reader.team, line.standing, today)
    if not urgent:
        return say("a promise is due")
    more = say(", and {more} more", more=len(urgent) - 1) if len(urgent) > 1 else say("")
    late = (reader.today - urgent[0].due).days
    when = f"{count(late, 'day')} late" if late > 0 else f"due {soon(urgent[0].due, reader.today)}"
    if line.promise is None:
        return say("a promise {when}{more}", when=when, more=more)
    said = owed(line.promise, line.influencer.name, limit=_WHAT)
    return say("{owed}, {when}{more}", owed=said, when=when, more=more)


def _celebrating(line: Line, reader: Reader, today: date) -> Text:
    """`birthday on Sat 5 Dec`, `launch tomorrow`."""
    on = next((day.on for day in occasions_now(reader.team, line.standing, today)), today)
    when = soon(on, reader.today) if (on - reader.today).days in {0, 1} else f"on {weekday(on, reader.today)}"
    return say("{label} {when}", label=line.occasion.label if line.occasion else "an occasion", when=when)


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
        everybody = Actions((Button("Everybody", callback("find")),))
        return Reply(blocks=(nothing, everybody), outcome=Outcome.REFUSED)
    head = say("**{count}**{page}", count=count(total, "person", "people"), page=_page(skip, len(lines), total))
    marks = told_apart([line.influencer for line in lines], reader.people, reader.today)
    rows = tuple(_row(line, reader, team_today, marks, notes.get(line.influencer.id)) for line in lines)
    columns = ("Name", "Status", "Last contact", "Tier", "Owner") + (("Found in",) if notes else ())
    if notes:
        rows = tuple(row if len(row) == len(columns) else (*row, say("")) for row in rows)
    show = chosen("Show…", "show", [line.influencer for line in lines], marks)
    return Reply(blocks=(head, Table(columns, rows), Actions((show, *_paging("find", skip, PAGE, total, narrowed)))))


def _row(line: Line, reader: Reader, today: date, marks: Mapping[str, str], note: str | None) -> tuple[Text, ...]:
    last = line.standing.last
    cells = (
        named(line.influencer, marks),
        say("{status}", status=_status(line.standing, today)),
        say("{day}", day=ago(last.on, today) if last else "never"),
        say("{tier}", tier=line.influencer.tier or "–"),
        say("{owner}", owner=reader.owner(line.influencer.owner)),
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


def _paging(verb: str, skip: int, page: int, total: int, asked: tuple[tuple[str, str], ...]) -> tuple[Action, ...]:
    """Earlier and more, where what was asked fits into a button."""
    actions = []
    for label, to, there in (("Earlier", skip - page, skip > 0), ("More", skip + page, skip + page < total)):
        if there and (again := _again(verb, asked, max(0, to))) is not None:
            actions.append(Button(label, again))
    return tuple(actions)


def _again(verb: str, asked: tuple[tuple[str, str], ...], skip: int) -> Callback | None:
    try:
        return Callback(verb, (*asked, ("skip", str(skip))))
    except ValueError:
        return None
