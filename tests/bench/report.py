"""The figures as a table to look at and as the page that is kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from rich.console import Console
from rich.table import Table

from tests.bench.figures import Aim, Family, Figure
from tests.bench.machine import Machine

HEADINGS = ("figure", "measured", "against", "floor", "ratio", "aim", "met")

_INTRODUCTION = """\
Written by `make bench`; don’t edit it. Every figure stands beside a floor that was measured in the same run, and the
ratio of the two is what can be compared between machines. A ratio against stock TinyDB says how much less time we take
for the same thing."""


def show(families: Sequence[Family], console: Console) -> None:
    """Prints a table a family."""
    for family in families:
        table = Table(*HEADINGS, title=family.title, title_justify="left")
        for column in (1, 3, 4, 5):
            table.columns[column].justify = "right"
        for figure in family.figures:
            table.add_row(*_cells(figure), style="bold red" if figure.met is False else None)
        console.print(table)


def page(families: Sequence[Family], machine: Machine, on: date) -> str:
    """The page for docs/, in Markdown."""
    return "\n".join(_lines(families, machine, on))


def missed(families: Sequence[Family]) -> tuple[Figure, ...]:
    """The figures that are not what we aim at."""
    return tuple(figure for family in families for figure in family.figures if figure.met is False)


def _lines(families: Sequence[Family], machine: Machine, on: date) -> Iterator[str]:
    yield f"# What it costs\n\n{_INTRODUCTION}\n"
    yield f"- Commit: {machine.commit}, measured on {on.isoformat()}"
    yield f"- Machine: {machine.processor}, {machine.cores} cores, {machine.memory} of memory; {machine.system}"
    yield f"- Python: {machine.python}"
    yield f"- File system of what is written: {machine.filesystem}"
    for family in families:
        yield f"\n## {family.title}\n\n{family.method}\n"
        yield f"| {' | '.join(HEADINGS)} |"
        yield "| --- | ---: | --- | ---: | ---: | ---: | --- |"
        yield from (f"| {' | '.join(_cells(figure))} |" for figure in family.figures)
    count = sum(figure.met is not None for family in families for figure in family.figures)
    yield f"\n{count - len(missed(families))} of {count} aims are met.\n"


def _cells(figure: Figure) -> tuple[str, ...]:
    met = {None: "", True: "yes", False: "NO"}[figure.met]
    value, floor = (_number(quantity, figure.unit) for quantity in (figure.value, figure.floor))
    return figure.name, value, figure.against, floor, _ratio(figure.ratio), _aim(figure.aim, figure.unit), met


def _number(quantity: float, unit: str) -> str:
    """Three digits that say something, and whole numbers from a hundred on."""
    places = 0 if quantity >= 100 else 1 if quantity >= 10 else 2 if quantity >= 1 else 3
    return f"{quantity:,.{places}f} {unit}"


def _ratio(ratio: float) -> str:
    return f"{ratio:,.2f} ×" if ratio >= 0.01 else f"1/{1 / ratio:,.0f} ×"


def _aim(aim: Aim | None, unit: str) -> str:
    if aim is None:
        return ""
    wanted = [f"≤ {aim.times:g} ×"] if aim.times is not None else []
    wanted += [f"≤ {aim.most:g} {unit}"] if aim.most is not None else []
    return ", ".join(wanted)
