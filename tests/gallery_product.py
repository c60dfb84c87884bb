"""Every Reply and Form that the product makes: the real verbs and views on three rosters, at a fixed hour.

One roster is an ordinary one, one is as large as its limits let it be, and one is full of words that try to format,
ping or pose as us. A scene is one thing that somebody does; each scene on each roster makes one specimen.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path

from bot.reply import Answer
from tests import (
    gallery_digest,
    gallery_everyday,
    gallery_files,
    gallery_home,
    gallery_occasions,
    gallery_people,
    gallery_promises,
    gallery_status,
)
from tests.desk import MEMORY, NOON, Desk, open_desk
from tests.gallery import Specimen
from tests.gallery_worlds import ORDINARY, WORLDS, World, settle

Scene = Callable[[Desk, World], Awaitable[Answer]]

PARTS = (
    gallery_everyday,
    gallery_promises,
    gallery_occasions,
    gallery_digest,
    gallery_people,
    gallery_files,
    gallery_status,
    gallery_home,
)

SCENES: dict[str, Scene] = {name: scene for part in PARTS for name, scene in part.SCENES.items()}
"""What somebody does, by name; no two parts have a scene of one name."""

_SAME_EVERYWHERE = frozenset[str]().union(*(part.SAME_EVERYWHERE for part in PARTS))
"""Scenes whose answer has nothing of the roster in it."""

NAMES: tuple[str, ...] = tuple(
    f"{world.name}-{scene}"
    for world in WORLDS
    for scene in SCENES
    if world is ORDINARY or scene not in _SAME_EVERYWHERE
)
"""All specimens, by the names of their golden files."""


@cache
def specimen(name: str) -> Specimen:
    """One thing that the product said; made anew on a store of its own, and kept."""
    kind, _, scene = name.partition("-")
    world = next(world for world in WORLDS if world.name == kind)

    async def make() -> Answer:
        with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
            async with open_desk(Path(folder), NOON) as desk:
                await settle(desk, world)
                return await SCENES[scene](desk, world)

    return Specimen(name, asyncio.run(make()))
