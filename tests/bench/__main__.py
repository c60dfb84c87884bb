"""python -m tests.bench: everything is measured, and docs/bench.md says what came of it."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import structlog
from rich.console import Console

from tests.bench import asking, digesting, durable, opening, slacking, starting, ticking
from tests.bench.figures import Family
from tests.bench.machine import CHECKOUT, machine, workshop
from tests.bench.report import missed, page, show
from tests.bench.scale import FULL, QUICK, Scale

FAMILIES = {
    "durable": durable.measure,
    "asking": asking.measure,
    "ticking": ticking.measure,
    "digesting": digesting.measure,
    "slacking": slacking.measure,
    "opening": opening.measure,
    "starting": starting.measure,
}

PAGE = CHECKOUT / "docs" / "bench.md"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures, prints and, at full scale, writes the page. 1: an aim was missed; 2: there is nowhere to measure."""
    asked = _parser().parse_args(arguments)
    chosen: list[str] = asked.families or list(FAMILIES)
    console = Console(width=None if sys.stdout.isatty() else 140)
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    try:
        with workshop(asked.folder) as folder:
            described = machine(folder)
            families = asyncio.run(_measured(chosen, QUICK if asked.quick else FULL, folder))
    except OSError as problem:
        print(problem, file=sys.stderr)
        return 2
    show(families, console)
    if asked.quick:
        print("Small sizes, for trying: these figures say little, and no aim is held against them.")
        return 0
    if len(chosen) == len(FAMILIES):
        PAGE.write_text(page(families, described, datetime.now(UTC).date()), encoding="utf-8")
        print(f"Written: {PAGE.relative_to(CHECKOUT)}")
    for figure in missed(families):
        print(f"Missed: {figure.name}, against {figure.against}")
    return 1 if missed(families) else 0


async def _measured(chosen: Sequence[str], scale: Scale, folder: Path) -> list[Family]:
    families = []
    for name in chosen:
        start = perf_counter()
        families.append(await FAMILIES[name](scale, folder))
        print(f"{name}: {perf_counter() - start:.0f} s", file=sys.stderr)
    return families


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("families", nargs="*", metavar="family", help=f"only these: {', '.join(FAMILIES)}")
    parser.add_argument("--quick", action="store_true", help="small sizes, to see whether it runs")
    parser.add_argument("--folder", type=Path, help="where to write what is measured; it must be on a disk")
    return parser


if __name__ == "__main__":
    sys.exit(main())
