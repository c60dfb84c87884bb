"""What the product says when people change hands: handover, leavers, merge and forget, on the three rosters."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.inbound import Role
from bot.reply import Answer
from tests.desk import Desk
from tests.gallery_worlds import World

Scene = Callable[[Desk, World], Awaitable[Answer]]


def _line(line: str, who: str = "ana") -> Scene:
    """Somebody types a line."""

    async def scene(desk: Desk, _: World) -> Answer:
        return await desk.says(who, line)

    return scene


def _pressed(line: str, *pressed: str) -> Scene:
    """Ana types a line and presses one button after the other."""

    async def scene(desk: Desk, _: World) -> Answer:
        answer = await desk.says("ana", line)
        for label in pressed:
            answer = await desk.presses("ana", answer, label)
        return answer

    return scene


async def _with_cem(desk: Desk) -> None:
    desk.admins.add("ben")
    for name in ("ana", "ben", "cem"):
        await desk.says(name, "help")


async def _handed_over(desk: Desk, _: World) -> Answer:
    await _with_cem(desk)
    return await desk.says("ben", "handover @ana @cem")


async def _briefs(desk: Desk, world: World) -> Answer:
    await _handed_over(desk, world)
    await desk.turn()
    return desk.messages_to("cem")[-1]


async def _more_briefs(desk: Desk, world: World) -> Answer:
    return await desk.presses("cem", await _briefs(desk, world), "More")


async def _handed_over_already(desk: Desk, world: World) -> Answer:
    await _handed_over(desk, world)
    return await desk.says("ben", "handover @ana @cem")


async def _handed_over_undone(desk: Desk, world: World) -> Answer:
    return await desk.presses("ben", await _handed_over(desk, world), "Undo")


async def _briefs_of_nothing(desk: Desk, world: World) -> Answer:
    answer = await _handed_over(desk, world)
    await desk.presses("ben", answer, "Undo")
    return await desk.presses("ben", answer, "Briefs")


async def _handed_over_wrong(desk: Desk, _: World) -> Answer:
    await _with_cem(desk)
    return await desk.fills("ana", await desk.says("ana", "handover"), who="ben", to="ben")


async def _left(desk: Desk, _: World) -> Answer:
    await _with_cem(desk)
    await desk.core.leave(desk.actor("ana").person)
    await desk.turn()
    return desk.messages_to("ben")[-1]


async def _hand_all_over(desk: Desk, world: World) -> Answer:
    return await desk.presses("ben", await _left(desk, world), "Hand over")


async def _given_to_who_left(desk: Desk, world: World) -> Answer:
    await _left(desk, world)
    desk.roles["dee"] = Role.ADMIN
    return await desk.says("dee", "own inf_quiet @ana")


async def _merge_twice(desk: Desk, _: World) -> Answer:
    preview, other = [await desk.says("ana", "merge inf_quiet inf_alike") for _ in range(2)]
    await desk.presses("ana", other, "Merge")
    return await desk.presses("ana", preview, "Merge")


async def _merge_moved_on(desk: Desk, _: World) -> Answer:
    preview = await desk.says("ana", "merge inf_soon inf_waiting")
    await desk.says("ben", "tier inf_waiting C")
    return await desk.presses("ana", preview, "Merge")


async def _named_elsewhere(desk: Desk, world: World) -> Answer:
    for key in ("waiting", "plan", "new"):
        await desk.says("ana", f"log inf_{key} met with {world.called('Kim Ray')} in Berlin")
    await desk.says("ana", f"goal inf_paid to be like {world.called('Kim Ray')}")
    await desk.waits(timedelta(hours=24))
    return await desk.says("ana", "forget inf_soon")


async def _forgotten(desk: Desk, world: World) -> Answer:
    return await desk.presses("ana", await _named_elsewhere(desk, world), "Forget for good")


async def _forgotten_twice(desk: Desk, world: World) -> Answer:
    preview, other = [await _named_elsewhere(desk, world), await desk.says("ana", "forget inf_soon")]
    await desk.presses("ana", other, "Forget for good")
    return await desk.presses("ana", preview, "Forget for good")


async def _forgotten_moved_on(desk: Desk, _: World) -> Answer:
    preview = await desk.says("ana", "forget inf_quiet")
    await desk.says("ben", "tier inf_quiet C")
    return await desk.presses("ana", preview, "Forget for good")


async def _shown_when_gone(desk: Desk, _: World) -> Answer:
    recap = await desk.says("ana", "show inf_soon")
    await desk.presses("ana", await desk.says("ana", "forget inf_soon"), "Forget for good")
    return await desk.presses("ana", recap, "History")


SCENES: dict[str, Scene] = {
    "handover": _handed_over,
    "handover-form": _line("handover"),
    "handover-wrong": _handed_over_wrong,
    "handover-already": _handed_over_already,
    "handover-undone": _handed_over_undone,
    "handover-of-others": _line("handover @ana @ben", "ben"),
    "briefs": _briefs,
    "briefs-more": _more_briefs,
    "briefs-of-nothing": _briefs_of_nothing,
    "left": _left,
    "left-hand-over-form": _hand_all_over,
    "left-own": _given_to_who_left,
    "merge": _line("merge inf_quiet inf_alike"),
    "merge-other-way-round": _line("merge inf_alike inf_quiet"),
    "merge-form": _line("merge"),
    "merge-with-oneself": _line("merge inf_quiet inf_quiet"),
    "merge-into-archived": _line("merge inf_archived inf_quiet"),
    "merge-refused": _line("merge inf_quiet inf_alike", "ben"),
    "merge-not-now": _pressed("merge inf_quiet inf_alike", "Not now"),
    "merge-moved-on": _merge_moved_on,
    "merged": _pressed("merge inf_soon inf_waiting", "Merge"),
    "merged-undone": _pressed("merge inf_soon inf_waiting", "Merge", "Undo"),
    "merged-undone-and-back": _pressed("merge inf_soon inf_waiting", "Merge", "Undo", "Bring back"),
    "merged-twice": _merge_twice,
    "forget": _named_elsewhere,
    "forget-form": _line("forget"),
    "forget-refused": _line("forget inf_quiet", "ben"),
    "forget-moved-on": _forgotten_moved_on,
    "forgotten": _forgotten,
    "forgotten-twice": _forgotten_twice,
    "forgotten-shown": _shown_when_gone,
}
"""What somebody does, by name: the gallery plays each on every roster."""

SAME_EVERYWHERE = frozenset(
    {
        "handover-form",
        "handover-wrong",
        "handover-of-others",
        "handover-already",
        "briefs-of-nothing",
        "left-own",
        "left-hand-over-form",
        "merge-form",
        "merge-refused",
        "merge-not-now",
        "forget-form",
        "forget-refused",
        "forgotten-twice",
        "forgotten-shown",
    }
)
"""Scenes whose answer has nothing of the roster in it."""
