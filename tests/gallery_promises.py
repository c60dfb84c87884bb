"""Every Reply and Form about promises, for the product's gallery: made, settled, listed, asked about and corrected."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.model import NOTE_LIMIT, PROMISES
from bot.reply import Answer
from tests.desk import Desk
from tests.gallery_worlds import ORDINARY, World

Scene = Callable[[Desk, World], Awaitable[Answer]]


async def _promised(desk: Desk, world: World) -> None:
    """Both sides' promises to one person, late, due and without a date; but in the ordinary world as many as may be."""
    for line in (
        "promise inf_quiet due:2026-11-06 ",
        "promise they inf_quiet due:2026-12-03 ",
        "promise inf_quiet due:2026-11-24 payment:yes value:€1,200 ",
        "promise inf_quiet ",
    ):
        await desk.says("ana", line + world.note("the ceramic sample")[: NOTE_LIMIT - 200])
    await desk.says("ben", "promise inf_waiting pay the invoice of $1,500 due:2026-11-20")
    await desk.says("ben", "promise they inf_plan two reels by end of the month")
    for number in range(0 if world is ORDINARY else PROMISES - 4):
        await desk.says("ana", f"promise inf_quiet mug {number}x in two weeks")


def _then(line: str, *pressed: str, who: str = "ana", choice: str = "", **filled: str) -> Scene:
    """With promises made: somebody types a line, presses one button after the other, and fills the form that opens."""

    async def scene(desk: Desk, world: World) -> Answer:
        await _promised(desk, world)
        answer = await desk.says(who, line)
        for label in pressed:
            answer = await desk.presses(who, answer, label, choice)
        return await desk.fills(who, answer, **filled) if filled else answer

    return scene


def _noted(line: str) -> Scene:
    """A line that ends with the words of the roster."""

    async def scene(desk: Desk, world: World) -> Answer:
        return await desk.says("ana", f"{line} {world.note('the ceramic sample')}"[:NOTE_LIMIT])

    return scene


async def _too_many(desk: Desk, _: World) -> Answer:
    for number in range(PROMISES):
        await desk.says("ana", f"promise inf_soon mug {number}x")
    return await desk.says("ana", "promise inf_soon one more")


async def _pressed_twice(desk: Desk, world: World) -> Answer:
    made = await _noted("promise inf_quiet due:2026-11-06")(desk, world)
    await desk.presses("ben", made, "Kept")
    return await desk.presses("ana", made, "Kept")


async def _logged(desk: Desk, world: World) -> Answer:
    made = await _noted("promise inf_quiet payment:yes value:$500")(desk, world)
    return await desk.presses("ana", await desk.presses("ana", made, "Kept"), "Log it")


async def _edited(desk: Desk, world: World) -> Answer:
    made = await _noted("promise inf_quiet")(desk, world)
    form = await desk.presses("ana", made, "Edit")
    return await desk.fills("ana", form, due="2026-12-03", side="they", payment="yes", value="€40")


async def _edit_form(desk: Desk, world: World) -> Answer:
    return await desk.presses("ana", await _noted("promise inf_quiet due:2026-12-03")(desk, world), "Edit")


SCENES: dict[str, Scene] = {
    "promise": _noted("promise inf_quiet due:2026-11-27"),
    "promise-theirs": _noted("promise they inf_quiet due:2026-12-03"),
    "promise-payment": _noted("promise inf_quiet payment:yes value:€1,200"),
    "promise-several": _noted("promise inf_quiet, inf_soon, inf_plan due:2026-11-27"),
    "promise-several-alike": _then("promise inf_waiting, inf_quiet pay the invoice of $1,500 by christmas"),
    "promise-unread-day": _then("promise inf_soon the sample by 3/12"),
    "promise-alike": _then("promise inf_waiting pay the invoice of $1,500"),
    "promise-form": _then("promise"),
    "promise-form-for-one": _then("promise they inf_quiet by friday"),
    "promise-form-with-errors": _then("promise inf_quiet", what="by friday", due="whenever", link="x"),
    "promise-too-many": _too_many,
    "kept": _then("kept inf_plan"),
    "kept-late-payment": _then("kept inf_waiting"),
    "kept-which": _then("kept inf_quiet"),
    "kept-which-unmatched": _then("kept inf_quiet zzz"),
    "kept-picked": _then("kept inf_quiet yesterday", "Which", choice="1."),
    "kept-before-it-was-made": _then("kept inf_quiet yesterday", "Which", choice="2."),
    "kept-nothing-open": _then("kept inf_soon"),
    "kept-in-the-future": _then("kept inf_plan on:2027-01-01"),
    "kept-twice": _pressed_twice,
    "kept-then-logged": _logged,
    "promise-broken": _then("broken inf_plan reels"),
    "released": _then("release inf_waiting invoice"),
    "promises": _then("promises"),
    "promises-all": _then("promises all"),
    "promises-late": _then("promises all late"),
    "promises-of-a-member": _then("promises @ben"),
    "promises-of-one": _then("promises inf_quiet"),
    "promises-nobody": _then("promises xavier"),
    "promises-none": _then("promises inf_soon"),
    "promises-one-opened": _then("promises all", "Broken, release or edit", choice="1."),
    "promise-edit-form": _edit_form,
    "promise-edited": _edited,
    "show-with-promises": _then("show inf_quiet"),
    "show-one-kept": _then("show inf_waiting", "Promise kept", who="ben"),
    "show-which-kept": _then("show inf_quiet", "Promise kept"),
    "due-with-promises": _then("due all"),
}
"""What somebody does, by name."""

SAME_EVERYWHERE = frozenset({"promise-form"})
"""Scenes whose answer has nothing of the roster in it."""
