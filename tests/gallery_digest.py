"""Every Reply and Form about digests, for the product's gallery: set up, listed, stopped, read, and claimed from."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.address import Place, PlaceKind
from bot.inbound import Command
from bot.reply import Answer, Reply
from tests.desk import WORKSPACE, Desk
from tests.gallery_worlds import World

Scene = Callable[[Desk, World], Awaitable[Answer]]

PLACE = "marketing"


def _line(line: str, *pressed: str, who: str = "ana", choice: str = "", channel: str = PLACE, **filled: str) -> Scene:
    """With two digests set up, one in the channel: somebody types a line there, presses buttons and fills a form."""

    async def scene(desk: Desk, _: World) -> Answer:
        await desk.says("ben", "digest here mon 09:00", channel=PLACE)
        await desk.says("ana", "digest here weekdays at 17h")
        answer = await desk.says(who, line, channel=channel)
        for label in pressed:
            answer = await desk.presses(who, answer, label, choice)
        return await desk.fills(who, answer, **filled) if filled else answer

    return scene


async def _none(desk: Desk, _: World) -> Answer:
    return await desk.says("ana", "digest")


async def _as_many_as_there_may_be(desk: Desk, _: World) -> Answer:
    for hour in range(20):
        await desk.says("ana", f"digest here mon tue wed thu sat sun {hour}:30", channel=PLACE)
    for hour in range(5):
        await desk.says("ana", f"digest here mon tue wed thu sat sun {hour}:30")
    return await desk.says("ana", "digest", channel=PLACE)


async def _one_too_many(desk: Desk, world: World) -> Answer:
    await _as_many_as_there_may_be(desk, world)
    return await desk.says("ben", "digest here fri", channel=PLACE)


async def _which(desk: Desk, _: World) -> Answer:
    for line in ("digest here mon 09:00", "digest here fri 16:00"):
        await desk.says("ana", line, channel=PLACE)
    return await desk.says("ben", "digest off", channel=PLACE)


async def _stopped_twice(desk: Desk, world: World) -> Answer:
    which = await _which(desk, world)
    await desk.presses("ben", which, "Stop one", "Mondays")
    return await desk.presses("ana", which, "Stop one", "Mondays")


async def _undone(desk: Desk, world: World) -> Answer:
    return await desk.presses("ana", await _line("digest here fri 16:00")(desk, world), "Undo")


async def _shared(desk: Desk, _: World) -> Answer:
    return await desk.core.dispatch(
        Command(
            verb="digest",
            actor=desk.actor("ana"),
            place=Place("fake", WORKSPACE, "shared", PlaceKind.CHANNEL),
            heard="shared",
            text="here mon 09:00",
            typed=True,
            outsiders=True,
        )
    )


async def _crowded(desk: Desk, world: World) -> Reply:
    """A digest in which every part is as full as the roster lets it be."""
    for number in range(world.many):
        one = f"inf_{number}"
        if number % 3 == 0:
            await desk.says("ben", f"log {one} on:2026-10-0{number % 9 + 1} direction:inbound medium:email hello")
        elif number % 3 == 1:
            await desk.says("ben", f"log {one} on:2026-0{number % 6 + 1}-09 medium:call")
        await desk.says("ana", f"occasion {one} birthday {24 + number % 5} nov")
        await desk.says("ana", f"promise {one} due:2026-11-06 {world.note('the ceramic sample')[:2000]}")
        await desk.says("ana", f"promise they {one} due:2026-11-07 {world.note('the draft')[:2000]}")
        if number % 2:
            await desk.says("ana", f"own {one} nobody")
    await desk.says("ana", "own inf_plan nobody")
    shown = await desk.says("ana", "digest now")
    assert isinstance(shown, Reply)
    return shown


async def _posted(desk: Desk, world: World) -> Answer:
    """What comes to the channel on Monday."""
    place = Place("fake", WORKSPACE, PLACE, PlaceKind.CHANNEL)
    await desk.says("ben", "digest here mon 09:00", channel=PLACE)
    desk.clock.move(timedelta(days=6, hours=20))
    await desk.waits(timedelta(hours=3))
    return desk.platform.at(place)[-1].reply


async def _claimed(desk: Desk, world: World) -> Answer:
    return await desk.presses("ben", await _crowded(desk, world), "Claim")


async def _claimed_twice(desk: Desk, world: World) -> Answer:
    shown = await _crowded(desk, world)
    await desk.presses("ben", shown, "Claim")
    return await desk.presses("ana", shown, "Claim")


SCENES: dict[str, Scene] = {
    "digest-none": _none,
    "digest-set-up": _line("digest here mon and thu 9am"),
    "digest-set-up-of-ones-own": _line("digest here every day 8:30", channel=""),
    "digest-twice": _line("digest here mondays 9", who="ana"),
    "digest-unread": _line("digest here every other monday"),
    "digest-elsewhere": _line("digest #sales mon 9"),
    "digest-shared": _shared,
    "digest-form": _line("digest here"),
    "digest-form-with-errors": _line("digest here", when="someday"),
    "digest-form-sent": _line("digest here", when="daily 8.30"),
    "digest-list": _line("digest"),
    "digest-list-of-another": _line("digest", who="ben", channel=""),
    "digest-list-full": _as_many_as_there_may_be,
    "digest-one-too-many": _one_too_many,
    "digest-off": _line("digest off"),
    "digest-off-which": _which,
    "digest-off-elsewhere": _line("digest off", channel="sales"),
    "digest-off-chosen": _line("digest", "Stop one", choice="2. Mondays"),
    "digest-off-twice": _stopped_twice,
    "digest-undone": _undone,
    "digest-now": _line("digest now"),
    "digest-now-crowded": _crowded,
    "digest-posted": _posted,
    "digest-claimed": _claimed,
    "digest-claimed-twice": _claimed_twice,
}
"""What somebody does, by name."""

SAME_EVERYWHERE = frozenset(SCENES) - {
    "digest-now",
    "digest-now-crowded",
    "digest-posted",
    "digest-claimed",
    "digest-claimed-twice",
}
"""Scenes whose answer has nothing of the roster in it."""
