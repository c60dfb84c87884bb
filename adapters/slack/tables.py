"""Fields and tables in Slack: a table block where one may stand, else a line for each row."""

from __future__ import annotations

from typing import Any

from adapters.limits import and_more, clip, first
from adapters.safe import clean
from adapters.slack.rich import EMPTY, Element, block, elements, words
from bot.reply import Fields, Table

ROW_LIMIT = 100
"""Rows of a table block, its heads counted (docs.slack.dev, table block)."""
COLUMN_LIMIT = 20
"""Columns of a table block."""
CELL_LIMIT = 300
"""Characters of one value in a cell; more makes a column that nobody can read."""
LABEL_LIMIT = 75


def field_elements(fields: Fields, workspace: str, limit: int) -> list[Element]:
    """`Label: fact`, one a line, the labels bold."""
    result: list[Element] = []
    for index, (label, value) in enumerate(fields.rows):
        result.append(words(f"{chr(10) if index else ''}{clip(clean(label) or EMPTY, LABEL_LIMIT)}: ", bold=True))
        result += elements(value, workspace, limit)
    return result


def fits_block(table: Table) -> bool:
    """Whether a table may become a table block: it has rows, and not too many columns."""
    return bool(table.rows) and 1 <= len(table.columns) <= COLUMN_LIMIT


def table_block(table: Table, workspace: str, limit: int, row_limit: int = ROW_LIMIT) -> tuple[dict[str, Any], str]:
    """A table with bold heads and as many rows as fit, and the sentence about the others, which may be empty.

    Every cell is rich text: in it nothing is parsed, and people and dates are native.
    """
    rows, left_out = first(table.rows, min(row_limit, ROW_LIMIT) - 1)
    limit = min(limit, CELL_LIMIT)
    heads = [block([words(clip(clean(column) or EMPTY, LABEL_LIMIT), bold=True)]) for column in table.columns]
    cells = [[block(elements(cell, workspace, limit)) for cell in row] for row in rows]
    wraps = [{"is_wrapped": True} for _ in table.columns]
    return {"type": "table", "rows": [heads, *cells], "column_settings": wraps}, and_more(left_out, "rows")


def table_lines(table: Table, workspace: str, limit: int) -> list[Element]:
    """One line a row: its first cell in bold, then the others under their heads; a sentence where rows are left out."""
    rows, left_out = first(table.rows, ROW_LIMIT - 1)
    limit = min(limit, CELL_LIMIT)
    result: list[Element] = []
    for row in rows:
        result += [words("\n")] if result else []
        result += elements(row[0], workspace, limit, bold=True)
        for number, (column, cell) in enumerate(zip(table.columns[1:], row[1:], strict=True)):
            head = clip(clean(column) or EMPTY, LABEL_LIMIT)
            result.append(words(f"{' · ' if number else ' — '}{head}: "))
            result += elements(cell, workspace, limit) or [words(EMPTY)]
    if not rows:
        result.append(words(" · ".join(clip(clean(column) or EMPTY, LABEL_LIMIT) for column in table.columns) + ": –"))
    if left_out:
        result.append(words(f"\n{and_more(left_out, 'rows')}"))
    return result
