"""What is said about files that hold promises, days and digests, and of taking such things back."""

from __future__ import annotations

import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from bot.inbound import Upload
from bot.model import NOTE_LIMIT
from bot.reply import Answer, File, Reply
from tests.desk import MEMORY, NOON, Desk, open_desk
from tests.gallery_worlds import World

Scene = Callable[[Desk, World], Awaitable[Answer]]


async def _settled_down(desk: Desk, world: World) -> None:
    """Promises, a day that matters and a digest."""
    words = world.note("the ceramic sample")[: NOTE_LIMIT - 100]
    await desk.says("ana", f"promise inf_quiet due:2026-11-06 {words}")
    await desk.says("ben", "promise they inf_waiting two reels by 3 dec")
    await desk.says("ana", "occasion inf_quiet book launch 3 dec 2026")
    await desk.says("ana", "digest here mon 09:00", channel="team")


def _taken_back(*lines: str, channel: str = "") -> Scene:
    """Ana says these and takes the last of them back; the words of the roster stand for `…`."""

    async def scene(desk: Desk, world: World) -> Answer:
        words = world.note("the ceramic sample")[: NOTE_LIMIT - 100]
        for line in lines:
            await desk.says("ana", line.replace("…", words), channel=channel)
        return await desk.says("ana", "undo")

    return scene


async def _merge_taken_back(desk: Desk, world: World) -> Answer:
    await _settled_down(desk, world)
    await desk.presses("ana", await desk.says("ana", "merge inf_alike, inf_quiet"), "Merge")
    return await desk.says("ana", "undo")


async def _merged_again(desk: Desk, world: World) -> Answer:
    return await desk.presses("ana", await _merge_taken_back(desk, world), "Bring back")


async def _promise_left(desk: Desk, world: World) -> Answer:
    await desk.says("ana", f"promise inf_quiet {world.note('the ceramic sample')[: NOTE_LIMIT - 100]}")
    await desk.says("ben", "kept inf_quiet")
    return await desk.says("ana", "undo")


def _asked(line: str) -> Scene:
    async def scene(desk: Desk, world: World) -> Answer:
        await _settled_down(desk, world)
        return await desk.says("ana", line)

    return scene


async def _promises_sheet(desk: Desk, world: World) -> Answer:
    sheets = await _asked("export form:csv")(desk, world)
    return await desk.says("ana", "import", files=tuple(Upload(one.name, one.content) for one in _files(sheets)))


async def _elsewhere(desk: Desk, world: World, old: bytes = b"", new: bytes = b"", *, press: bool = False) -> Answer:
    """The team's file in an empty team, with something in it altered."""
    (whole,) = _files(await _asked("export")(desk, world))
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        async with open_desk(Path(folder), NOON) as empty:
            file = Upload("rapport-team.json", whole.content.replace(old, new) if old else whole.content)
            looked = await empty.says("ana", "import", files=(file,))
            return await empty.presses("ana", looked, "Import") if press else looked


async def _restored(desk: Desk, world: World) -> Answer:
    return await _elsewhere(desk, world, press=True)


async def _in_another_workspace(desk: Desk, world: World) -> Answer:
    return await _elsewhere(desk, world, b'"workspace":"acme"', b'"workspace":"umbrella"')


async def _damaged(desk: Desk, world: World) -> Answer:
    return await _elsewhere(desk, world, b'"weekdays":[0]', b'"weekdays":[9]')


def _files(answer: Answer) -> tuple[File, ...]:
    assert isinstance(answer, Reply)
    return tuple(block for block in answer.blocks if isinstance(block, File))


SCENES: dict[str, Scene] = {
    "undo-promise": _taken_back("promise inf_quiet due:2026-11-06 …"),
    "undo-kept": _taken_back("promise inf_quiet due:2026-11-06 …", "kept inf_quiet"),
    "undo-promise-left": _promise_left,
    "undo-occasion": _taken_back("occasion inf_quiet book launch 3 dec 2026"),
    "undo-digest": _taken_back("digest here mon 09:00", channel="team"),
    "undo-goal": _taken_back("goal inf_soon …"),
    "undo-merge": _merge_taken_back,
    "undo-merge-brought-back": _merged_again,
    "export-with-promises": _asked("export"),
    "export-sheets-with-promises": _asked("export form:csv"),
    "export-one-with-promises": _asked("export inf_quiet"),
    "import-promises": _promises_sheet,
    "restore-dry-run": _elsewhere,
    "restore-of-other-workspaces": _in_another_workspace,
    "restore-wrong": _damaged,
    "restored": _restored,
}
"""What somebody does, by name."""

SAME_EVERYWHERE = frozenset({"undo-digest", "restore-wrong", "import-promises"})
"""Scenes whose answer has nothing of the roster in it."""
