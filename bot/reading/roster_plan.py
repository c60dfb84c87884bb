"""What an import would do: the writes that two sheets ask for, or all that keeps them from being made."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date

import msgspec
from msgspec.structs import replace

from bot.change import Write
from bot.errors import NotUnderstood
from bot.model import Direction, Influencer, Medium, Occasion, Record, Touchpoint
from bot.reading.roster_csv import PersonRow, Sheets
from bot.reading.roster_people import (
    BIRTHDAY,
    Known,
    Members,
    People,
    apply_row,
    birthday_of,
    handles_beyond,
    match_row,
)
from bot.reading.sheets import Problem
from bot.reading.touch_plan import TouchPlan, plan_touchpoints, touch_id
from bot.roster.spelling import account, fold

LAST_CONTACT = "imported: last contact"
"""The note of the touchpoint that a date of last contact becomes."""


@dataclass(frozen=True, slots=True)
class Plan:
    """An import decided but not made. Where there are problems there are no writes: nothing is half done.

    `added` are names; `changed` are names, each with the columns that are new.
    """

    writes: tuple[Write, ...]
    problems: tuple[Problem, ...]
    added: tuple[str, ...]
    changed: tuple[tuple[str, tuple[str, ...]], ...]
    unchanged: int
    touchpoints: TouchPlan

    @property
    def seal(self) -> str:
        """A short text that is another one where the plan would do something else."""
        touches = self.touchpoints
        shown = (self.added, self.changed, len(self.problems), len(touches.added), len(touches.changed))
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
    lines = _match(sheets, people, members, known, problems)
    for line in lines:
        people.put(line.after)
    touches = plan_touchpoints(sheets.touchpoints, people, members, known, roster_is_whole=not problems)
    problems += touches.problems
    problems.sort(key=lambda problem: (problem.file != sheets.roster.file, problem.line))
    births = {occasion.influencer: occasion for occasion in known.occasions if fold(occasion.label) == BIRTHDAY}
    newest, taken = _newest(known, touches), {touch.id for touch in known.touchpoints}
    writes: list[Write] = []
    added: list[str] = []
    changed: list[tuple[str, tuple[str, ...]]] = []
    for line in lines:
        stored = births.get(line.after.id)
        pairs: tuple[tuple[Record | None, Record | None], ...] = (
            (line.before, line.after),
            (stored, birthday_of(line.row, line.after, stored)),
            (None, _last_contact(line, known, newest, taken)),
        )
        made = [Write(before, after) for before, after in pairs if before != after]
        writes += made
        if line.before is None:
            added.append(line.after.name)
        elif made:
            changed.append((line.after.name, _fields(line, made)))
    writes += touches.writes
    kept = () if problems else tuple(writes)
    unchanged = len(lines) - len(added) - len(changed)
    return Plan(kept, tuple(problems), tuple(added), tuple(changed), unchanged, touches)


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


def _match(sheets: Sheets, people: People, members: Members, known: Known, problems: list[Problem]) -> list[_Line]:
    """The lines that can be carried out; what is wrong with the others joins the problems."""
    lines: list[_Line] = []
    claims = _Claims()
    file = sheets.roster.file
    for row in sheets.roster.rows:
        try:
            before = match_row(row, people)
            claims.claim(row, before)
            lines.append(_Line(row, before, apply_row(row, before, known, members)))
        except NotUnderstood as error:
            problems.append(Problem(file, row.line, error.argument or "name", str(error)))
    return lines


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
        direction=Direction.OUTBOUND,
        note=LAST_CONTACT,
        logged_at=known.now,
    )
    touch = replace(touch, id=touch_id(touch))
    return None if touch.id in taken else touch


def _fields(line: _Line, writes: Sequence[Write]) -> tuple[str, ...]:
    """The columns in which a person changes."""
    before, after = line.before, line.after
    named = [name for name in after.__struct_fields__ if before and getattr(before, name) != getattr(after, name)]
    if "pauses" in named:
        named.remove("pauses")
    for write in writes:
        if isinstance(write.record, Occasion):
            named.append(BIRTHDAY)
        elif isinstance(write.record, Touchpoint):
            named.append("last contact")
    return tuple(named)
