"""The two sheets that `import` takes, a roster and its touchpoints, read into rows of typed values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from bot.errors import NotUnderstood
from bot.model import CADENCE_LIMIT
from bot.reading import cells
from bot.reading.cells import Order
from bot.reading.durations import read_days
from bot.reading.roster_columns import roster_column, touchpoints_column
from bot.reading.roster_rows import PersonRow, Reading, Sheets, T, Torn, TouchRow
from bot.reading.sheets import Problem, Row, Sheet, Unreadable, read_sheet
from bot.reading.words import read_tags
from bot.roster.spelling import fold

CellReader = Callable[[str], Any]

_NO_PROMISES = (
    "These are promises, which are not read from a sheet: leave this file out. “export form:json” carries them, and "
    "“import” reads that into an empty team."
)


def read_sheets(files: Iterable[tuple[str, bytes]], today: date) -> Sheets:
    """The roster and the touchpoints in one or two files, told apart by their headers. Never raises."""
    roster: Reading[PersonRow] | None = None
    touchpoints: Reading[TouchRow] | None = None
    for name, content in files:
        try:
            sheet = read_sheet(name, content, _knows)
            if _is_promises(sheet):
                raise Unreadable(Problem(name, 0, "", _NO_PROMISES))
            if _is_touchpoints(sheet):
                if touchpoints is not None:
                    raise Unreadable(_second(name, "touchpoints", touchpoints.file))
                touchpoints = _read_touchpoints(sheet, today)
            else:
                if roster is not None:
                    raise Unreadable(_second(name, "people", roster.file))
                roster = _read_roster(sheet, today)
        except Unreadable as error:
            roster = roster or Reading(name)
            roster = replace(roster, problems=(*roster.problems, error.problem), is_whole=False)
    return Sheets(roster or Reading(""), touchpoints or Reading(""))


def _read_roster(sheet: Sheet, today: date) -> Reading[PersonRow]:
    order = _order(sheet, roster_column, ("birthday", "anniversary", "last contact"))
    readers: Mapping[str, CellReader] = {
        "name": cells.line,
        "aliases": cells.several,
        "handles": cells.handles,
        "email": cells.line,
        "phone": cells.line,
        "manager": cells.line,
        "address": cells.words,
        "tier": cells.tier,
        "cadence": _cadence,
        "owner": cells.line,
        "tags": read_tags,
        "stage": cells.stage,
        "birthday": lambda text: cells.birthday(text, today, order),
        "anniversary": lambda text: cells.anniversary(text, today, order),
        "goal": cells.words,
        "motivation": cells.words,
        "objective": cells.words,
        "note": cells.notes,
        "last contact": lambda text: cells.past_day(text, today, order),
        "id": cells.line,
    }
    columns = _columns(sheet, roster_column)
    if not {"name", "handles", "id"} & set(columns):
        raise Unreadable(_no_columns(sheet))
    by_index = {
        index: (column, _on(network) if (network := cells.network_of(fold(sheet.header[index]))) else readers[column])
        for index, column in enumerate(columns)
        if column is not None
    }
    return _read(sheet, by_index, columns, order, lambda line, values: PersonRow(line=line, **values), ("name",))


def _read_touchpoints(sheet: Sheet, today: date) -> Reading[TouchRow]:
    order = _order(sheet, touchpoints_column, ("date",))
    readers: Mapping[str, CellReader] = {
        "influencer": cells.line,
        "date": lambda text: cells.day(text, today, order),
        "medium": _remembering(cells.medium),
        "direction": _remembering(cells.direction),
        "exchange": _remembering(cells.exchange),
        "paid": cells.flag,
        "disclosed": cells.flag,
        "automatic": cells.flag,
        "note": cells.words,
        "link": cells.link,
        "value": cells.line,
        "by": cells.line,
    }
    columns = _columns(sheet, touchpoints_column)
    by_index = {index: (column, readers[column]) for index, column in enumerate(columns) if column is not None}
    needed = ("influencer", "date")
    return _read(sheet, by_index, columns, order, lambda line, values: TouchRow(line=line, **values), needed)


def _read(
    sheet: Sheet,
    readers: Mapping[int, tuple[str, CellReader]],
    columns: Sequence[str | None],
    order: Order | None,
    make: Callable[[int, dict[str, Any]], T],
    needed: tuple[str, ...],
) -> Reading[T]:
    """Reads every row. A person needs a name or something else to be known by, which the plan judges."""
    problems = [_overlong(sheet, line) for line in sheet.overlong]
    rows, torn = [], []
    for row in sheet.rows:
        values, unread, wrong = _values(sheet, row, readers)
        said = values.keys() | {column for column, _ in unread}
        if (missing := [name for name in needed if name not in said]) and not {"handles", "id"} & said:
            wrong += [Problem(sheet.name, row.line, name, f"The {name} is missing.") for name in missing]
            unread += [(name, "") for name in missing]
        problems += wrong
        if wrong:
            torn.append(Torn(row.line, values, tuple(unread)))
        else:
            rows.append(make(row.line, values))
    ignored = tuple(head or "(no name)" for head, column in zip(sheet.header, columns, strict=True) if column is None)
    problems.sort(key=lambda problem: problem.line)
    remarks, is_whole = _remarks(sheet, order), not sheet.overlong
    return Reading(sheet.name, tuple(rows), tuple(problems), ignored, remarks, tuple(torn), is_whole)


def _values(
    sheet: Sheet, row: Row, readers: Mapping[int, tuple[str, CellReader]]
) -> tuple[dict[str, Any], list[tuple[str, str]], list[Problem]]:
    """The values of a row by the names of their fields, the cells that have none, and why."""
    values: dict[str, Any] = {}
    unread, wrong = [], []
    for index, (column, reader) in readers.items():
        cell = row.cells[index]
        if not cell:
            continue
        name = column.replace(" ", "_")
        try:
            value = reader(cell)
        except NotUnderstood as error:
            unread.append((name, cell))
            wrong.append(Problem(sheet.name, row.line, sheet.header[index], str(error)))
            continue
        if value in ("", ()):
            continue
        values[name] = (*values[name], *value) if name in values and isinstance(value, tuple) else value
    return values, unread, wrong


def _columns(sheet: Sheet, known: Callable[[str], str | None]) -> tuple[str | None, ...]:
    """What each column of a sheet is for; Unreadable where two are for the same thing. Handles may have several."""
    columns = tuple(known(head) for head in sheet.header)
    for index, column in enumerate(columns):
        if column is not None and column != "handles" and column in columns[:index]:
            first = sheet.header[columns.index(column)]
            sentence = f"“{first[:40]}” and “{sheet.header[index][:40]}” both are the {column}. Keep one of them."
            raise Unreadable(Problem(sheet.name, 1, sheet.header[index], sentence))
    return columns


def _knows(head: str) -> bool:
    return roster_column(head) is not None or touchpoints_column(head) is not None


def _is_touchpoints(sheet: Sheet) -> bool:
    columns = {touchpoints_column(head) for head in sheet.header}
    return {"influencer", "date"} <= columns and bool(columns & {"medium", "note", "direction"})


def _is_promises(sheet: Sheet) -> bool:
    return {"influencer", "promise", "whose", "outcome"} <= {fold(head) for head in sheet.header}


def _order(sheet: Sheet, known: Callable[[str], str | None], dated: tuple[str, ...]) -> Order | None:
    """How this sheet writes dates with slashes, told from all of them together."""
    indexes = [index for index, head in enumerate(sheet.header) if known(head) in dated]
    return cells.order_of(row.cells[index] for row in sheet.rows for index in indexes)


def _cadence(text: str) -> int:
    whole, _, decimals = text.partition(".")
    days = read_days(whole if decimals and not decimals.strip("0") else text)
    if not 1 <= days <= CADENCE_LIMIT:
        raise NotUnderstood(f"A cadence is 1 to {CADENCE_LIMIT:,} days, not {days:,}.")
    return days


def _on(network: str) -> CellReader:
    return lambda text: cells.handle_on(network, text)


def _remembering(reader: CellReader) -> CellReader:
    """A column of few different words is read once a word."""
    known: dict[str, Any] = {}

    def read(text: str) -> Any:
        if text not in known:
            known[text] = reader(text)
        return known[text]

    return read


def _remarks(sheet: Sheet, order: Order | None) -> tuple[str, ...]:
    found = []
    if sheet.guessed_encoding:
        found.append("It is not in Unicode; I read it as Windows-1252. Look at the names with accents.")
    if order is not None:
        found.append(f"Dates with slashes were read {order.value}.")
    return tuple(found)


def _second(name: str, what: str, first: str) -> Problem:
    return Problem(
        name, 0, "", f"This is a second file of {what}, after {first[:60]}. Import them one after the other."
    )


def _no_columns(sheet: Sheet) -> Problem:
    sentence = (
        "I can’t tell what is in this file. The first line has to name the columns: at least “name” for people, or "
        "“influencer”, “date” and “medium” or “note” for touchpoints."
    )
    return Problem(sheet.name, 1, "", sentence)


def _overlong(sheet: Sheet, line: int) -> Problem:
    sentence = (
        f"This row has more cells than the {len(sheet.header)} columns of the header. "
        "A cell that holds the delimiter has to stand in quotation marks."
    )
    return Problem(sheet.name, line, "", sentence)
