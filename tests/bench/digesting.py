"""How long the team's weekly look takes on a large roster, and a morning on which hundreds have become due."""

from __future__ import annotations

from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from statistics import median

import structlog

from bot.model import Influencer, Touchpoint
from bot.store_port import Store
from bot.views.digest import NAMED
from tests.bench.figures import Aim, Family, Figure, in_ms
from tests.bench.scale import Scale
from tests.bench.timing import in_turns, timed
from tests.bench.world import DAYS, TEAM, World, write_world
from tests.desk import NOON, Desk, open_desk, words

METHOD = """\
A digest is the whole command, from the words to the reply. Its floor is the store being asked what it is made of, and
nothing else: who needs attention, the promises that are due, those settled in the quarter, the week's touchpoints and
occasions, and the influencers it names. A morning is a tick and the delivery of all messages that follow from it: five
hundred relationships of ten owners turn quiet, a nudge is raised for each, and ten messages with five people each are
composed and posted to a platform that answers at once, every step of it durable. What was left over from the days
before is looked at, too. Its floor is the store being asked for what is due and for all that is kept about each of
them. The stores take turns; the first day does not count."""

DUE = 500
WEEK = timedelta(days=7)
WEEKEND = 5


async def measure(scale: Scale, folder: Path) -> Family:
    """A digest of everybody, and a morning with many due, each against the bare questions to the store."""
    async with AsyncExitStack() as open_desks:
        weekly, morning = folder / "digest", folder / "morning"
        write_world(World(influencers=scale.roster, promised=True), weekly / "rapport.json")
        desk = await open_desks.enter_async_context(open_desk(weekly))
        figures = await _digest(desk, scale)
        due = min(DUE, scale.roster // DAYS - 1)
        write_world(World(influencers=scale.roster, due_daily=due), morning / "rapport.json")
        figures += await _mornings(await open_desks.enter_async_context(open_desk(morning)), scale, due)
    return Family(f"Digests and mornings, with {scale.roster:,} influencers", METHOD, tuple(figures))


async def _digest(desk: Desk, scale: Scale) -> list[Figure]:
    answer = words(await desk.says("ana", "digest now"))
    if "Quiet (" not in answer or "Promises:" not in answer:
        raise RuntimeError(f"digest answered: {answer[:200]}")

    async def digest(_: int) -> float:
        return await timed(desk.says("ana", "digest now"))

    async def bare(_: int) -> float:
        return await timed(_asked(desk.store))

    seconds = await in_turns(40, {"digest": digest, "bare": bare})
    value, floor = in_ms(median(seconds["digest"])), in_ms(median(seconds["bare"]))
    return [Figure("digest, p50", value, "ms", "the bare questions", floor, Aim(times=10, most=300))]


async def _asked(store: Store) -> None:
    today = NOON.date()
    standings = await store.needing_attention(TEAM.id, NOON)
    await store.promises_due(TEAM.id, today + WEEK)
    await store.promises_settled(TEAM.id, today - 8 * WEEK)
    touches = await store.touchpoints_between(TEAM.id, today - WEEK, today)
    days = [today + timedelta(days=ahead) for ahead in range(7)]
    await store.occasions_on(TEAM.id, [(day.month, day.day) for day in days])
    named = [standing.influencer for standing in standings[:NAMED]]
    await store.get_all(Influencer, TEAM.id, [*named, *{touch.influencer for touch in touches}])


async def _mornings(desk: Desk, scale: Scale, due: int) -> list[Figure]:
    days = _Mornings(desk, due)
    with structlog.testing.capture_logs():
        # The bare questions come first on every day: after the tick nothing would be due. On a weekend nothing is sent.
        taken = [(await days.questions(), await days.morning(), desk.clock().weekday() < WEEKEND) for _ in range(DAYS)]
    pairs = [(questions, morning) for questions, morning, is_working in taken[1:] if is_working]
    floor, value = (in_ms(median(seconds)) for seconds in zip(*pairs, strict=True))
    name = f"morning, {due} due of {scale.roster:,}"
    return [Figure(name, value, "ms", "the bare questions", floor, Aim(times=25))]


class _Mornings:
    """One store, day after day, at ten in the morning."""

    def __init__(self, desk: Desk, due: int) -> None:
        self._desk = desk
        self._due = due

    async def questions(self) -> float:
        """The next day's bare questions. RuntimeError where not exactly what should be is due."""
        store, now = self._desk.store, self._desk.clock.move(timedelta(days=1))
        standings = await store.standings_due(now, limit=2 * self._due)
        if len(standings) != self._due:
            raise RuntimeError(f"{len(standings)} were due")

        async def asked() -> None:
            for standing in await store.standings_due(now, limit=2 * self._due):
                who = standing.influencer
                await store.get(Influencer, TEAM.id, who)
                await store.touchpoints(TEAM.id, who)
                await store.promises(TEAM.id, who)
                await store.occasions(TEAM.id, who)
                await store.nudges_of(TEAM.id, who)
                await store.get(Touchpoint, TEAM.id, standing.last.touchpoint if standing.last else "")

        return await timed(asked())

    async def morning(self) -> float:
        """The tick and the messages of a day. RuntimeError where something is left to raise."""
        seconds = await timed(self._desk.turn())
        if await self._desk.store.standings_due(self._desk.clock(), limit=1):
            raise RuntimeError("something is still due")
        return seconds
