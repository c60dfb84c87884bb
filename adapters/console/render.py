"""Reply and Form → what a terminal shows. Pure: the same reply at the same number always looks the same."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from rich.box import Box
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.measure import Measurement
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.text import Text as Line

from adapters.console.numbers import letter
from adapters.console.tables import CELL_LIMIT, draw_fields, draw_table
from adapters.limits import clip
from adapters.safe import clean, web_address
from bot.reply import (
    Actions,
    Button,
    Divider,
    Fields,
    File,
    Image,
    Link,
    LinkButton,
    Outcome,
    Reply,
    Select,
    Style,
    Table,
    Text,
    Where,
    Who,
    spans,
)

VALUE_LIMIT = 1_000
"""Characters of one value in a sentence: about a third of a screen."""
NAME_LIMIT = 80
"""Characters of a name, a label or an option."""
CARD_WIDTH = 100
"""Columns beyond which lines get hard to read."""
ENDLESS = 100_000
"""Columns of an output that has no edge, as when piped into a file."""

# Open on the right: terminals disagree about the width of emoji and the order of right-to-left text, and a border
# there would be torn.
CARD = Box("╭─  \n│   \n├─  \n│   \n├─  \n├─  \n│   \n╰─  \n")

_TRAILING = re.compile(r"(?:\x1b\[[0-9;]*m| )+\Z")


@dataclass(frozen=True, slots=True)
class Look:
    """How to draw: `width` in columns (`None`: no edge), cards in colour or plain lines, the reader's zone."""

    width: int | None
    colour: bool
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a picture or file: where it was written, or why not."""

    sentence: str


def draw_reply(
    reply: Reply, look: Look, *, start: int = 1, header: str = "", note: str = "", kept: tuple[Kept, ...] = ()
) -> str:
    """A reply as text for the terminal, ending in a line break.

    Its buttons are numbered from `start`. `header` says where it stands if not here, `note` who else sees it. `kept`
    has one entry for each Image and File, in order; without them only their names are told.
    """
    numbers, files = iter(range(start, start + ENDLESS)), iter(kept)
    parts: list[RenderableType] = []
    # With buttons in its midst a message is about several people, who would run together.
    is_parted = look.colour or any(isinstance(block, Actions) for block in reply.blocks[:-1])
    for index, block in enumerate(reply.blocks):
        if index and is_parted and (look.colour or not isinstance(block, Actions | Divider)):
            parts.append(Line())
        match block:
            case Text():
                parts.append(draw_text(block, look.zone))
            case Fields():
                rows = [(clean(label), draw_text(value, look.zone)) for label, value in block.rows]
                parts.append(draw_fields(rows, colour=look.colour))
            case Table():
                cells = [[draw_text(cell, look.zone, CELL_LIMIT) for cell in row] for row in block.rows]
                parts.append(draw_table(block.columns, cells, width=_inside(look), colour=look.colour))
            case Image(name=name, alt=about) | File(name=name, about=about):
                parts.append(_file(type(block).__name__, name, about, next(files, None)))
            case Divider():
                parts.append(Rule(style="dim") if look.colour else Line("---"))
            case Actions():
                parts.extend(_actions(block, numbers))
            case _:
                assert_never(block)
    return draw_card(parts, look, outcome=reply.outcome, header=header, note=note)


def draw_card(
    parts: list[RenderableType], look: Look, *, outcome: Outcome = Outcome.FINE, header: str = "", note: str = ""
) -> str:
    """Parts one below the other: a card where there is colour, else plain lines."""
    if not look.colour:
        headers: list[RenderableType] = [Line(f"— {header} —")] if header else []
        notes: list[RenderableType] = [Line(f"({note})")] if note else []
        return to_text([*headers, *parts, *notes], look)
    accent = {Outcome.FINE: "cyan", Outcome.REFUSED: "yellow", Outcome.DOWN: "red", Outcome.BROKEN: "red"}[outcome]
    card = Panel(
        Group(*parts),
        box=CARD,
        expand=False,
        border_style=f"dim {accent}" if outcome is Outcome.FINE else accent,
        title=Line(header, style=f"bold {accent}") if header else None,
        title_align="left",
        subtitle=Line(note, style="dim") if note else None,
        subtitle_align="left",
    )
    return to_text([card, Line()], look)


def to_text(parts: list[RenderableType], look: Look) -> str:
    """What rich makes of it, without trailing blanks; ANSI codes only where there is colour."""
    screen = Console(
        file=io.StringIO(),
        width=ENDLESS if look.width is None else min(look.width, CARD_WIDTH),
        force_terminal=look.colour,
        color_system="standard" if look.colour else None,
        legacy_windows=False,
        markup=False,
        emoji=False,
        highlight=False,
        _environ={},
    )
    with screen.capture() as captured:
        for part in parts:
            screen.print(part)
    return "".join(_without_trailing_blanks(line) + "\n" for line in captured.get().removesuffix("\n").split("\n"))


def _without_trailing_blanks(line: str) -> str:
    stripped = _TRAILING.sub("", line)
    return f"{stripped}\x1b[0m" if "\x1b" in stripped else stripped


def draw_text(text: Text, zone: ZoneInfo, limit: int = VALUE_LIMIT) -> Line:
    """A sentence: our wording as it is, each value cleaned and cut to `limit` characters."""
    line = Line(overflow="fold")
    for span in spans(text):
        bold = "bold" if span.bold else ""
        match span.value:
            case str(words):
                line.append(words if span.ours else clip(clean(words) or " ", limit), bold)
            case datetime() as moment:
                line.append(draw_moment(moment, zone), bold)
            case int(number):
                line.append(str(number), bold)
            case Who(name=name):
                line.append(clip(clean(name), NAME_LIMIT), f"{bold} cyan".strip())
            case Where(place=place):
                line.append(clip(f"#{clean(place.id).removeprefix('#')}", NAME_LIMIT), bold)
            case Link(label=label, url=url):
                line.append_text(draw_link(label, url, bold))
            case _:
                assert_never(span.value)
    return line


def draw_moment(moment: datetime, zone: ZoneInfo) -> str:
    """`Sat 21 Nov 2026, 14:03`, where the reader is."""
    local = moment.astimezone(zone)
    return f"{local:%a} {local.day} {local:%b %Y, %H:%M}"


def draw_link(label: str, url: str, style: str = "") -> Line:
    """`label (https://…)`, so that nobody follows a label that names another place; else the label alone."""
    line = Line(clip(clean(label), NAME_LIMIT), style)
    if address := web_address(url):
        line.append(f" ({clip(address, VALUE_LIMIT)})", "dim")
    return line


def _inside(look: Look) -> int:
    """The columns between a card's borders."""
    if look.width is None:
        return ENDLESS
    width = min(look.width, CARD_WIDTH)
    return width - 4 if look.colour else width


def _file(kind: str, name: str, about: str, kept: Kept | None) -> Line:
    word = {"Image": "Picture", "File": "File"}[kind]
    line = Line(f"{word}: ", "bold", overflow="fold")
    line.append(clip(clean(about), VALUE_LIMIT), "not bold")
    line.append(f" ({kept.sentence if kept else clip(clean(name), NAME_LIMIT)})", "not bold dim")
    return line


def _actions(actions: Actions, numbers: Iterator[int]) -> Iterator[RenderableType]:
    """Buttons side by side, each select on lines of its own below them."""
    buttons: list[Line] = []
    selects: list[Select] = []
    for item in actions.all:
        match item:
            case Button(label=label, style=style):
                buttons.append(numbered(str(next(numbers)), label, style))
            case LinkButton(label=label, url=url):
                buttons.append(Line("→ ").append_text(draw_link(label, url)))
            case Select():
                selects.append(item)
            case _:
                assert_never(item)
    if buttons:
        yield Flow(tuple(buttons))
    yield from (_select(select, next(numbers)) for select in selects)


def numbered(number: str, label: str, style: Style = Style.PLAIN) -> Line:
    """`[3] Undo`: what is typed to press it, and what it does."""
    colour = {Style.PLAIN: "cyan", Style.PRIMARY: "bold green", Style.DANGER: "bold red"}[style]
    line = Line(f"[{number}]", colour, overflow="fold")
    return line.append(" " + clip(clean(label), NAME_LIMIT), "" if style is Style.PLAIN else colour)


def _select(select: Select, number: int) -> RenderableType:
    options = tuple(numbered(f"{number}{letter(index)}", option.label) for index, option in enumerate(select.options))
    head = Line(f"{clip(clean(select.label), NAME_LIMIT)}:", "bold", overflow="fold")
    return (
        Group(head, Padding(Flow(options), (0, 0, 0, 2), expand=False)) if len(options) > 4 else Flow((head, *options))
    )


@dataclass(frozen=True, slots=True)
class Flow:
    """Short pieces side by side, as many as fit on a line; none is broken while it fits on a line of its own."""

    pieces: tuple[Line, ...]

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        """As wide as its widest piece at least, as all of them in a row at most."""
        widths = [piece.cell_len for piece in self.pieces]
        row = sum(widths) + 2 * (len(widths) - 1)
        return Measurement(min(max(widths), options.max_width), min(row, options.max_width))

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        line = Line(overflow="fold")
        for piece in self.pieces:
            if line and line.cell_len + 2 + piece.cell_len > options.max_width:
                yield line
                line = Line(overflow="fold")
            if line:
                line.append("  ")
            line.append_text(piece)
        yield line
