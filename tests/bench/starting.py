"""How long it takes until Rapport is there."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from statistics import median

from tests.bench.figures import Aim, Family, Figure, in_ms
from tests.bench.scale import Scale
from tests.bench.timing import in_turns, timed

METHOD = """\
From the start of the process to its end, with nothing to do: `python -m bot` on a new store with an empty pipe, against
Python with an empty program. Both take turns; the median of nine counts."""

ROUNDS = 9


async def measure(scale: Scale, folder: Path) -> Family:
    """The start of the whole bot against that of Python alone."""
    del scale

    async def bot(turn: int) -> float:
        return await timed(_run("-m", "bot", store=folder / f"starting-{turn}" / "rapport.json"))

    async def python(turn: int) -> float:
        return await timed(_run("-c", "", store=folder / f"starting-{turn}" / "rapport.json"))

    seconds = await in_turns(ROUNDS, {"bot": bot, "python": python}, warm_up=1)
    started, floor = in_ms(median(seconds["bot"])), in_ms(median(seconds["python"]))
    figure = Figure("python -m bot, empty pipe", started, "ms", "python -c ''", floor, Aim(most=2000))
    return Family("Start", METHOD, (figure,))


async def _run(*arguments: str, store: Path) -> None:
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        env=os.environ | {"DATABASE_URL": f"tinydb:{store}"},
    )
    if await child.wait():
        raise RuntimeError(f"python {' '.join(arguments)} failed with exit code {child.returncode}")
