"""Every Reply and Form about occasions, wishes and the nudges that promises and occasions make, for the gallery."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.model import NOTE_LIMIT, OCCASIONS
from bot.reading.occasions import LABEL_LIMIT
from bot.reading.words import clean_line
from bot.reply import Answer, Reply
from tests.desk import Desk
from tests.gallery_worlds import ORDINARY, World

Scene = Callable[[Desk, World], Awaitable[Answer]]


def _label(world: World, plain: str) -> str:
    return clean_line(world.called(plain))[:LABEL_LIMIT].strip()


async def _noted(desk: Desk, world: World) -> Answer:
    form = await desk.presses("ana", await desk.says("ana", "occasion inf_quiet"), "Add")
    return await desk.fills("ana", form, what=_label(world, "launch party"), on="3 dec")


async def _full(desk: Desk, world: World) -> None:
    """As many occasions of one person as may be, and some of others."""
    await _noted(desk, world)
    for number in range(2 if world is ORDINARY else OCCASIONS - 2):
        await desk.says("ana", f"occasion inf_quiet day{number}x 2 dec")
    for key in ("waiting", "plan", "paused"):
        await desk.says("ana", f"occasion inf_{key} birthday 29 nov 1991")


def _then(line: str, *pressed: str, who: str = "ana", choice: str = "", **filled: str) -> Scene:
    """With occasions noted: somebody types a line, presses one button after the other, and fills what opens."""

    async def scene(desk: Desk, world: World) -> Answer:
        await _full(desk, world)
        answer = await desk.says(who, line)
        for label in pressed:
            answer = await desk.presses(who, answer, label, choice)
        return await desk.fills(who, answer, **filled) if filled else answer

    return scene


def _line(line: str) -> Scene:
    async def scene(desk: Desk, _: World) -> Answer:
        return await desk.says("ana", line)

    return scene


def _wish(line: str, *before: str) -> Scene:
    """A line that ends with the words of the roster."""

    async def scene(desk: Desk, world: World) -> Answer:
        for one in before:
            await desk.says("ana", one)
        return await desk.says("ana", f"{line} {world.note('a spring launch video')}"[:NOTE_LIMIT])

    return scene


async def _more(desk: Desk, world: World) -> Answer:
    await _full(desk, world)
    for number in range(22):
        await desk.says("ana", f"occasion inf_new day{number}x 4 dec")
    return await desk.presses("ana", await desk.says("ana", "occasion"), "More")


async def _removed_twice(desk: Desk, world: World) -> Answer:
    await _full(desk, world)
    listed = await desk.says("ana", "occasion inf_waiting")
    await desk.presses("ben", listed, "Remove", "birthday")
    return await desk.presses("ana", listed, "Remove", "birthday")


async def _reminded(desk: Desk, world: World) -> Reply:
    """The message of the next working morning, with every reason there is, for as many people as it holds."""
    what = world.note("the ceramic sample")[: NOTE_LIMIT - 200]
    await desk.says("ana", "own inf_waiting me")
    for key in ("quiet", "soon", "new", "planned"):
        await desk.says("ana", f"own inf_{key} me")
        await desk.says("ana", f"promise inf_{key} due:2026-11-24 {what}")
        await desk.says("ana", f"promise they inf_{key} due:2026-11-20 payment:yes value:€1,200 {what}")
        form = await desk.presses("ana", await desk.says("ana", f"occasion inf_{key}"), "Add")
        await desk.fills("ana", form, what=_label(world, "book launch"), on="1 dec")
    await desk.waits(timedelta(hours=24))
    return desk.messages_to("ana")[-1]


async def _reminded_of_occasions(desk: Desk, world: World) -> Reply:
    """The same, with occasions first."""
    for key in ("alike", "new", "planned"):
        await desk.says("ana", f"own inf_{key} me")
        await desk.says("ana", f"note inf_{key} loves {world.note('ceramics')}"[:NOTE_LIMIT])
        await desk.says("ana", f"occasion inf_{key} birthday 1 dec 1991")
    await desk.waits(timedelta(hours=24))
    return desk.messages_to("ana")[-1]


def _pressed(message: Scene, *labels: str, again: bool = False) -> Scene:
    """One button after the other, each in what the one before answered; `again`: the last once more, by another."""

    async def scene(desk: Desk, world: World) -> Answer:
        answer = await message(desk, world)
        before = answer
        for label in labels:
            before, answer = answer, await desk.presses("ana", answer, label)
        return await desk.presses("ben", before, labels[-1]) if again else answer

    return scene


def _after(message: Scene, *labels: str) -> Scene:
    """What stands of a message after its buttons were pressed."""

    async def scene(desk: Desk, world: World) -> Answer:
        first = await message(desk, world)
        for label in labels:
            await desk.presses("ana", first, label)
        await desk.turn()
        return desk.messages_to("ana")[-1]

    return scene


SCENES: dict[str, Scene] = {
    "occasion": _noted,
    "occasion-birthday": _line("occasion inf_soon birthday 14 mar 1991"),
    "occasion-replaced": _line("occasion inf_quiet birthday 29 feb"),
    "occasion-same-again": _line("occasion inf_quiet birthday 14 mar 1994"),
    "occasion-of-paused": _line("occasion inf_paused launch 3 dec"),
    "occasion-of-nobodys": _line("occasion inf_plan launch 3 dec"),
    "occasion-impossible": _line("occasion inf_quiet birthday 31 feb"),
    "occasion-ambiguous": _line("occasion inf_quiet wedding anniversary 12/6"),
    "occasion-over": _line("occasion inf_quiet launch 3 dec 2020"),
    "occasion-without-day": _line("occasion inf_quiet birthday"),
    "occasion-too-many": _then("occasion inf_quiet one more 3 dec"),
    "occasions-of-one": _then("occasion inf_quiet"),
    "occasions-of-one-none": _line("occasion inf_new"),
    "occasions-of-team": _then("occasion"),
    "occasions-of-team-more": _more,
    "occasion-form": _then("occasion", "Add"),
    "occasion-form-for-one": _then("occasion inf_quiet", "Add"),
    "occasion-form-errors": _then("occasion", "Add", who="ana", what="name day", on="31 feb"),
    "occasion-edit-form": _then("occasion inf_quiet", "Edit"),
    "occasion-edited": _then("occasion inf_quiet", "Edit", on="5 dec", every_year="yes"),
    "occasion-edit-errors": _then("occasion inf_waiting", "Edit", what="", on="soon"),
    "occasion-removed": _then("occasion inf_quiet", "Remove"),
    "occasion-removed-twice": _removed_twice,
    "goal": _wish("goal inf_soon because she wants more of", "goal inf_soon a cookbook deal"),
    "goal-replaced": _wish("goal inf_quiet"),
    "goal-cleared": _line("goal inf_quiet none"),
    "goal-form": _line("goal inf_quiet"),
    "goal-without-wish": _line("goal inf_soon because she is tired"),
    "objective": _wish("objective inf_soon"),
    "objective-cleared": _line("objective inf_quiet none"),
    "objective-form": _line("objective inf_quiet"),
    "nudges-of-every-reason": _reminded,
    "nudges-of-every-reason-settled": _after(_reminded, "They kept it"),
    "nudges-of-every-reason-not-needed": _after(_reminded, "No reminder needed"),
    "nudges-of-occasions": _reminded_of_occasions,
    "nudges-of-occasions-done": _after(_reminded_of_occasions, "I did it"),
    "nudge-gesture": _pressed(_reminded_of_occasions, "I did it"),
    "nudge-gesture-twice": _pressed(_reminded_of_occasions, "I did it", again=True),
    "nudge-promise-not-needed": _pressed(_reminded, "No reminder needed"),
    "nudge-occasion-not-needed": _pressed(_reminded_of_occasions, "Not needed"),
    "nudge-occasion-hand-over": _pressed(_reminded_of_occasions, "Hand over"),
}
"""What somebody does, by name."""

SAME_EVERYWHERE = frozenset({"occasion-impossible", "occasion-ambiguous", "occasion-over", "occasion-without-day"})
"""Scenes whose answer has nothing of the roster in it."""
