"""What an import would do: the writes that two sheets ask for, or all that keeps them from being made."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from bot.change import Write
from bot.errors import NotUnderstood
from bot.model import Direction, Influencer, Medium, Occasion, Record, Touchpoint
from bot.reading.roster_people import (
    YEARLY,
    Known,
    Members,
    People,
    apply_row,
    handles_beyond,
    match_row,
    occasion_of,
    yearly,
)
from bot.reading.roster_rows import PersonRow, Reading, Sheets
from bot.reading.sheets import Problem
from bot.reading.touch_plan import Doubtful, TouchPlan, plan_touchpoints, touch_id
from bot.roster.spelling import account, fold

LAST_CONTACT = "imported: last contact"
"""The note of the touchpoint that a date of last contact becomes."""


class Changed(NamedTuple):
    """Somebody known who changes: under the name that is known, the columns that are new, and the new name if any."""

    name: str
    columns: tuple[str, ...]
    renamed: str | None


@dataclass(frozen=True, slots=True)
class Plan:
    """An import decided but not made. Where there are problems there are no writes: nothing is half done.

    `added` are names. `last_contacts` are the touchpoints that dates of last contact become, which are not in
    `touchpoints`; who gets nothing but such a date is neither changed nor unchanged.
    """

    writes: tuple[Write, ...]
    problems: tuple[Problem, ...]
    added: tuple[str, ...]
    changed: tuple[Changed, ...]
    unchanged: int
    last_contacts: int
    touchpoints: TouchPlan

    @property
    def seal(self) -> str:
        """A short text that is another one where the plan would do something else."""
        touches = self.touchpoints
        counts = (len(self.problems), self.last_contacts, len(touches.added), len(touches.changed))
        shown = (self.added, self.changed, counts)
        return hashlib.sha256(msgspec.json.encode(shown)).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the roster with the person it is about, as they were and as they will be."""

    row: PersonRow
    before: Influencer | None
    after: Influencer


def make_plan(sheets: Sheets, known: Known) -> Plan:
    """Decides what an import does to the records that are known. Costs what there is; nothing is written."""
    problems = list(sheets.problems)
    people, members = People(known.influencers), Members(known)
    doubtful = Doubtful(everybody=not sheets.roster.is_whole)
    lines = _match(sheets.roster, people, members, known, problems, doubtful)
    for line in lines:
        people.put(line.after)
    touches = plan_touchpoints(sheets.touchpoints, people, members, known, doubtful)
    problems += touches.problems
    problems.sort(key=lambda problem: (problem.file != sheets.roster.file, problem.line))
    days, kept_days = yearly(known.occasions), {occasion.id for occasion in known.occasions}
    newest, taken = _newest(known, touches), {touch.id for touch in known.touchpoints}
    writes: list[Write] = []
    added: list[str] = []
    changed: list[Changed] = []
    unchanged = last_contacts = 0
    for line in lines:
        last = _last_contact(line, known, newest, taken)
        pairs: tuple[tuple[Record | None, Record | None], ...] = (
            (line.before, line.after),
            *_yearly_days(line, days, known, kept_days),
            (None, last),
        )
        made = [Write(before, after) for before, after in pairs if before != after]
        writes += made
        last_contacts += last is not None
        unchanged += not made
        if line.before is None:
            added.append(line.after.name)
        elif columns := _columns(line.before, line.after, made):
            renamed = line.after.name if "name" in columns else None
            changed.append(Changed(line.before.name, columns, renamed))
    writes += touches.writes
    kept = () if problems else tuple(writes)
    return Plan(kept, tuple(problems), tuple(added), tuple(changed), unchanged, last_contacts, touches)


class _Claims:
    """Which line has which person already: a person stands in one line of a file only."""

    def __init__(self) -> None:
        self._lines: dict[str, int] = {}
        self._new: dict[str, tuple[int, bool]] = {}

    def claim(self, row: PersonRow, before: Influencer | None) -> None:
        """Takes a person for a line; NotUnderstood where an earlier one has them.

        Two new people of one name are told apart by their handles, so that both need some.
        """
        keys = [account(handle.network, handle.name) for handle in handles_beyond(row, before)]
        if before is not None:
            keys.append(before.id)
        for key in keys:
            if key in self._lines:
                raise NotUnderstood(
                    f"This is the same person as in line {self._lines[key]}. Keep one of the two lines; if they are "
                    "two people, each needs handles of their own."
                )
        if before is None and row.name is not None:
            earlier, has_handles = self._new.get(fold(row.name), (0, True))
            if earlier and not (has_handles and row.handles):
                raise NotUnderstood(f"Line {earlier} has the same name. Keep one of them, or give both their handles.")
            self._new[fold(row.name)] = (row.line, bool(row.handles))
        self._lines |= dict.fromkeys(keys, row.line)


def _match(
    roster: Reading[PersonRow],
    people: People,
    members: Members,
    known: Known,
    problems: list[Problem],
    doubtful: Doubtful,
) -> list[_Line]:
    """The lines with the people they make; what is wrong with any joins the problems, for all to be mended at once.

    Whoever is on a line from which nobody can be made is in doubt.
    """
    lines: list[_Line] = []
    claims = _Claims()
    for row, is_known_by in _rows(roster, doubtful):
        try:
            line, wrong = _line(row, people, members, known, claims) if is_known_by else (None, [])
        except NotUnderstood as error:
            line, wrong = None, [error]
        if line is not None:
            lines.append(line)
        else:
            for name in (row.name, row.id, *row.aliases, *map(str, row.handles)):
                doubtful.add(name or "")
            wrong += _owner_problem(row, members)
        problems += [Problem(roster.file, row.line, error.argument or "name", str(error)) for error in wrong]
    return lines


def _line(
    row: PersonRow, people: People, members: Members, known: Known, claims: _Claims
) -> tuple[_Line, list[NotUnderstood]]:
    """A line with its person, and what of it can't be; NotUnderstood where it can't be told who that is."""
    before = match_row(row, people)
    claims.claim(row, before)
    after, wrong = apply_row(row, before, known, members)
    return _Line(row, before, after), wrong


def _rows(roster: Reading[PersonRow], doubtful: Doubtful) -> Iterable[tuple[PersonRow, bool]]:
    """Every row by line with what can be read of it, and whether that is enough to tell whom it is about."""
    rows = [(row, True) for row in roster.rows]
    for torn in roster.torn:
        for _, cell in torn.unread:
            doubtful.add(cell)
        is_known_by = not {"name", "handles", "id"} & {column for column, _ in torn.unread}
        rows.append((PersonRow(line=torn.line, **torn.values), is_known_by))
    return sorted(rows, key=lambda found: found[0].line)


def _owner_problem(row: PersonRow, members: Members) -> list[NotUnderstood]:
    try:
        if row.owner is not None:
            members.read(row.owner)
    except NotUnderstood as error:
        return [error]
    return []


def _yearly_days(
    line: _Line, days: Mapping[tuple[str, str], Occasion], known: Known, kept: Set[str]
) -> Iterable[tuple[Occasion | None, Occasion | None]]:
    """The occasions of a line's columns, as they were and as they will be; `kept` are the ids that are taken."""
    for label in YEARLY:
        stored = days.get((line.after.id, label))
        occasion = occasion_of(line.row, label, line.after, stored)
        if occasion is not None and stored is None and occasion.id in kept:
            occasion = replace(occasion, id=known.new_id("occ"))  # what it was once made as is another day by now
        yield stored, occasion


def _newest(known: Known, touches: TouchPlan) -> dict[str, date]:
    """The last contact of each person that there is or will be."""
    newest: dict[str, date] = {}
    for touch in (*known.touchpoints, *touches.added):
        if touch.on <= known.today:
            newest[touch.influencer] = max(touch.on, newest.get(touch.influencer, touch.on))
    return newest


def _last_contact(line: _Line, known: Known, newest: Mapping[str, date], taken: Set[str]) -> Touchpoint | None:
    """The touchpoint that a date of last contact stands for, where none of that day or later is known."""
    on, who = line.row.last_contact, line.after
    if on is None or (who.id in newest and newest[who.id] >= on):
        return None
    touch = Touchpoint(
        id="",
        team=who.team,
        influencer=who.id,
        on=on,
        medium=Medium.OTHER,
        direction=Direction.MUTUAL,  # who moved is not known: a message that nobody answered is not to be made up
        note=LAST_CONTACT,
        logged_at=known.now,
    )
    touch = replace(touch, id=touch_id(touch))
    return None if touch.id in taken else touch


def _columns(before: Influencer, after: Influencer, writes: Sequence[Write]) -> tuple[str, ...]:
    """The columns in which a person changes. A date of last contact is none of them: it is a touchpoint."""
    named = [name for name in after.__struct_fields__ if getattr(before, name) != getattr(after, name)]
    if "pauses" in named:
        named.remove("pauses")
    days = [write.record.label for write in writes if isinstance(write.record, Occasion)]
    return (*named, *days)
