"""Sheets: tables as spreadsheet programs save them, read with their lines and written so that no cell can act.

What `write_sheet` writes `read_sheet` reads back, cell by cell, whatever is in the cells (outer white space aside).
"""

from __future__ import annotations

import csv
import io
import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

SHEET_LIMIT = 2_000_000
"""Bytes in one sheet."""

_DELIMITERS = (",", ";", "\t", "|")
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?[ ,;\t]*(?:\r\n|\r|\n|\Z)', re.IGNORECASE)
_SAVE_AS_CSV = "Save it as “CSV UTF-8 (comma delimited)” and send that."

# Where a spreadsheet program, whichever delimiter its country has, could see the beginning of a cell that is a
# formula: OWASP, CSV Injection. An apostrophe there makes it text. One more is put before those that are there
# already, so that taking one away gives back what was written.
_ACTS = r"(?=[=+\-@\uff1d\uff0b\uff0d\uff20])"  # the last four are the same signs, as wide as an ideograph
_UNGUARDED = re.compile(r"(^|[;,|\t\r\n])([\s\"]*)('*)" + _ACTS)
_GUARDED = re.compile(r"(^|[;,|\t\r\n])([\s\"]*)'('*)" + _ACTS)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a file, in a sentence that says what was expected. `line` counts from 1; 0 is the whole file."""

    file: str
    line: int
    column: str
    sentence: str


class Unreadable(Exception):
    """A file that can't be read at all; `problem` says where and why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.sentence)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line it begins in, and as many cells as the sheet has columns, without outer white space."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with a header. `overlong` are the lines that had more cells than the header has columns."""

    name: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    overlong: tuple[int, ...] = ()
    guessed_encoding: bool = False


def read_sheet(name: str, content: bytes, knows: Callable[[str], bool]) -> Sheet:
    """Reads CSV in UTF-8, UTF-16 with its mark, or Windows-1252, parted by `,` `;` tab or `|`.

    The delimiter is the one that Excel's first line `sep=;` names, else the one that parts the header into most columns
    which `knows` knows. Empty lines count as lines and are left out. Raises Unreadable.
    """
    text, guessed = _decoded(name, content)
    separator = _SEPARATOR_LINE.match(text)
    delimiter, skipped = None, 0
    if separator:
        delimiter, skipped, text = separator[1], 1, text[separator.end() :]
    rows, overlong = [], []
    header: tuple[str, ...] = ()
    for line, cells in _parted(name, text, delimiter or _delimiter(text, knows), skipped):
        kept = tuple(_unguarded(cell) for cell in cells)
        if not any(kept):
            continue
        if not header:
            header = kept
            continue
        if any(kept[len(header) :]):
            overlong.append(line)
        padded = kept[: len(header)] + ("",) * (len(header) - len(kept))
        if any(padded):
            rows.append(Row(line, padded))
    if not header:
        raise Unreadable(Problem(name, 0, "", "There is nothing in this file. Its first line has to name the columns."))
    return Sheet(name, header, tuple(rows), tuple(overlong), guessed)


def write_sheet(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """CSV in UTF-8 with the mark by which Excel knows it, every cell quoted, none of them a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return BOM_UTF8 + out.getvalue().encode("utf-8", errors="replace")


def guarded(cell: str) -> str:
    """The cell without outer white space, with an apostrophe wherever a formula could begin."""
    return _UNGUARDED.sub(r"\1\2'\3", cell.strip())


def _unguarded(cell: str) -> str:
    """What `guarded` was given."""
    cell = cell.strip()
    return _GUARDED.sub(r"\1\2\3", cell) if "'" in cell else cell


def _decoded(name: str, content: bytes) -> tuple[str, bool]:
    """The text of a file, and whether its encoding had to be guessed."""
    if len(content) > SHEET_LIMIT:
        sentence = (
            f"This file has {len(content):,} bytes; {SHEET_LIMIT:,} are read at most. "
            "Part it into several, each with the header line, and import one after the other."
        )
        raise Unreadable(Problem(name, 0, "", sentence))
    if content.startswith(_WORKBOOKS):
        raise Unreadable(Problem(name, 0, "", f"This is a workbook, and I read CSV. {_SAVE_AS_CSV}"))
    encoding, guessed = _encoding(content)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Unreadable(Problem(name, line, "", f"Some letters here can’t be read. {_SAVE_AS_CSV}")) from None
    if "\0" in text:
        raise Unreadable(Problem(name, 0, "", f"This does not look like text. {_SAVE_AS_CSV}"))
    return text, guessed


def _encoding(content: bytes) -> tuple[str, bool]:
    if content.startswith(BOM_UTF8):
        return "utf-8-sig", False
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return "utf-16", False
    try:
        content.decode()
    except UnicodeDecodeError:
        return "cp1252", True
    return "utf-8", False


def _delimiter(text: str, knows: Callable[[str], bool]) -> str:
    first = text.lstrip().splitlines()[0] if text.strip() else ""

    def known(delimiter: str) -> int:
        return sum(knows(cell.strip(' \t"')) for cell in first.split(delimiter))

    return max(_DELIMITERS, key=lambda delimiter: (known(delimiter), first.count(delimiter)))


def _parted(name: str, text: str, delimiter: str, skipped: int) -> Iterable[tuple[int, list[str]]]:
    """The cells of each row with the line it begins in; Unreadable where the quotes don't match."""
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except (TypeError, ValueError):
        raise Unreadable(Problem(name, 1, "", f"“{delimiter}” can’t part columns. Use a comma.")) from None
    line = skipped + 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            sentence = (
                "A quotation mark in the row that begins here is not closed, or has text right after it. Close it; "
                "quotation marks inside a cell are written twice."
            )
            raise Unreadable(Problem(name, line, "", sentence)) from None
        yield line, cells
        line = skipped + reader.line_num + 1
