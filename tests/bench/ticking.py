"""How long a tick takes when a hundred relationships turn quiet, among few and among many."""

from __future__ import annotations

from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from statistics import median

import structlog

from bot.nudging import tick
from tests.bench.figures import Aim, Family, Figure, in_ms
from tests.bench.scale import Scale
from tests.bench.timing import in_turns, timed
from tests.bench.world import DAYS, World, write_world
from tests.desk import Desk, open_desk

METHOD = """\
Stores of all sizes are open side by side. On each of nine days in a row, a hundred relationships of ten owners turn
quiet in each of them, and a tick raises their nudges: ten commits, each durable. The stores take turns, the first day
does not count, and the floor is the smallest store. Those who are not due have a Standing but no touchpoints: a tick
that costs what is due never looks for them."""

DUE = 100


async def measure(scale: Scale, folder: Path) -> Family:
    """A tick among each number of influencers, against a tick among the fewest."""
    async with AsyncExitStack() as open_desks:
        desks: dict[str, Desk] = {}
        for size in scale.due_among:
            here = folder / f"ticking-{size}"
            write_world(World(influencers=size, due_daily=DUE), here / "rapport.json")
            desks[f"{size:,}"] = await open_desks.enter_async_context(open_desk(here))
        with structlog.testing.capture_logs():
            seconds = await in_turns(DAYS - 1, {name: _Days(desk).next_day for name, desk in desks.items()}, warm_up=1)
    least = f"{min(scale.due_among):,}"
    floor = in_ms(median(seconds[least]))
    figures = [
        Figure(
            f"tick, {DUE} due of {name}", in_ms(median(times)), "ms", f"the same of {least}", floor, _aim(name == least)
        )
        for name, times in seconds.items()
    ]
    return Family("Ticks", METHOD, tuple(figures))


def _aim(is_floor: bool) -> Aim | None:
    return None if is_floor else Aim(times=2)


class _Days:
    """One store, day after day."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def next_day(self, _: int) -> float:
        """The tick of the next day. RuntimeError where it does not raise exactly what is due."""
        desk = self._desk
        now = desk.clock.move(timedelta(days=1))
        due = await desk.store.standings_due(now, limit=2 * DUE)
        seconds = await timed(tick(desk.store, now, desk.core.new_id))
        left = await desk.store.standings_due(now, limit=1)
        if len(due) != DUE or left:
            raise RuntimeError(f"{len(due)} were due and {len(left)} still are")
        return seconds
