"""Facts and tables in columns, which become lists of records where the columns would get too narrow to read."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text as Line

from adapters.limits import and_more, clip, first
from adapters.safe import clean

ROW_LIMIT = 50
"""Rows of one table; a screen holds about as many."""
CELL_LIMIT = 120
"""Characters of one value in a cell."""
LEGIBLE = 12
"""Columns of the screen that a cell needs to be read with ease, unless all its words are shorter."""
GAP = 2
LABEL_WIDTH = 24


def draw_fields(rows: list[tuple[str, Line]], *, colour: bool) -> RenderableType:
    """Labels in one column, facts beside them."""
    grid = Grid.grid(padding=(0, GAP, 0, 0))
    grid.add_column(style="dim" if colour else "", max_width=LABEL_WIDTH, overflow="fold")
    grid.add_column(overflow="fold")
    for label, value in rows:
        grid.add_row(Line(label if colour else f"{label}:"), value)
    return grid


def draw_table(columns: tuple[str, ...], rows: list[list[Line]], *, width: int, colour: bool) -> RenderableType:
    """At most 50 rows under their heads, in columns if those fit into `width`, else one record below the other."""
    shown, left_out = first(rows, ROW_LIMIT)
    cells = [list(row) for row in shown]
    heads = [Line(clip(clean(column), CELL_LIMIT), "bold", overflow="fold") for column in columns]
    table = _grid(heads, cells, colour=colour) if _fits(heads, cells, width) else _records(heads, cells)
    return Group(table, Line(and_more(left_out, "rows"), "dim")) if left_out else table


def _fits(heads: list[Line], cells: list[list[Line]], width: int) -> bool:
    columns: list[tuple[Line, ...]] = list(zip(heads, *cells, strict=True))
    needed = [min(LEGIBLE, max(piece.cell_len for piece in column)) for column in columns]
    return sum(needed) + GAP * (len(needed) - 1) <= width


def _grid(heads: list[Line], cells: list[list[Line]], *, colour: bool) -> RenderableType:
    grid = Grid(
        box=None, pad_edge=False, padding=(0, GAP, 0, 0), show_header=True, header_style="dim" if colour else ""
    )
    for head in heads:
        grid.add_column(head, overflow="fold", min_width=min(LEGIBLE, head.cell_len))
    for row in cells:
        grid.add_row(*row)
    return grid


def _records(heads: list[Line], cells: list[list[Line]]) -> RenderableType:
    records: list[RenderableType] = []
    for row in cells:
        first_cell, *others = row
        records.append(first_cell)
        for head, cell in zip(heads[1:], others, strict=True):
            records.append(
                Padding(Line.assemble((f"{head.plain}: ", "dim"), cell, overflow="fold"), (0, 0, 0, 2), expand=False)
            )
    return Group(*records)
