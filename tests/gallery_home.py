"""Every Reply that nobody types for: the Home tab, the first words, sharing, and forms opened on a message."""

from __future__ import annotations

import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from bot.address import Place
from bot.inbound import Role
from bot.reply import Answer
from tests.desk import MEMORY, NOON, WORKSPACE, Desk, open_desk, words
from tests.gallery_worlds import World

Scene = Callable[[Desk, World], Awaitable[Answer]]

CHANNEL = "general"
SHARED = "with-agency"
LOST = "attic"


def _calls(verb: str, who: str = "ana", **args: str) -> Scene:
    async def scene(desk: Desk, _: World) -> Answer:
        return await desk.calls(who, verb, **args)

    return scene


def _afresh(scene: Scene) -> Scene:
    """The same where nobody is on the roster yet."""

    async def fresh(_: Desk, world: World) -> Answer:
        with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
            async with open_desk(Path(folder), NOON) as desk:
                return await scene(desk, world)

    return fresh


def _as(role: Role, scene: Scene) -> Scene:
    """The same, where that is what Ana is."""

    async def other(desk: Desk, world: World) -> Answer:
        desk.roles["ana"] = role
        return await scene(desk, world)

    return other


async def _busy(desk: Desk, world: World) -> Answer:
    """As much as there may be in every section."""
    for number in range(max(world.many, 8)):
        name = world.called(f"Noa Twin{number}").replace('"', "")
        await desk.says("ana", f"add {name} handles:instagram:noa.{number}")
        await desk.says("ana", f"occasion @noa.{number} birthday {24 + number % 5} nov")
        await desk.says("ana", f"promise @noa.{number} due:2026-11-06 {world.note('the ceramic sample')[:2000]}")
        how = ("direction:inbound medium:email hello", "medium:call", "")[number % 3]
        if how:
            await desk.says("ana", f"log @noa.{number} on:2026-0{number % 6 + 1}-09 {how}")
    return await desk.calls("ana", "home")


def _in_channel(line: str, *pressed: str, channel: str = CHANNEL) -> Scene:
    """Somebody types a line in a channel, and presses one button after the other there."""

    async def scene(desk: Desk, _: World) -> Answer:
        desk.shared.add(SHARED)
        desk.hurdles[LOST] = "I am not in this channel. Type “/invite @Rapport” there, then try again."
        answer = await desk.says("ana", line, channel=channel if "Share" not in pressed else CHANNEL)
        for label in pressed:
            answer = await desk.presses("ana", answer, label, channel=channel)
        return answer

    return scene


async def _shared_twice(desk: Desk, world: World) -> Answer:
    question = await _in_channel("show inf_quiet", "Share")(desk, world)
    await desk.presses("ana", question, "Share it here", channel=CHANNEL)
    return await desk.presses("ana", question, "Share it here", channel=CHANNEL)


def _shared(line: str) -> Scene:
    """What stands in a channel once somebody has shared there what a line answers."""

    async def scene(desk: Desk, world: World) -> Answer:
        await _in_channel(line, "Share", "Share it here")(desk, world)
        await desk.turn()
        return desk.platform.at(Place("fake", WORKSPACE, CHANNEL))[-1].reply

    return scene


async def _not_shared(desk: Desk, world: World) -> Answer:
    """What is told to who shared something in a channel that takes nothing any more."""
    desk.platform.closed.add(Place("fake", WORKSPACE, CHANNEL))
    await _in_channel("show inf_quiet", "Share", "Share it here")(desk, world)
    await desk.turn()
    return next(one for one in desk.messages_to("ana") if "What you shared" in words(one))


def _says(words: str) -> Scene:
    async def scene(desk: Desk, _: World) -> Answer:
        return await desk.tells("ana", words)

    return scene


def _channel_in_settings(channel: str) -> Scene:
    async def scene(desk: Desk, _: World) -> Answer:
        desk.shared.add(channel)
        form = await desk.presses("ana", await desk.says("ana", "settings"), "Change the team’s")
        return await desk.fills("ana", form, in_channel=channel, channel=f"#{channel}")

    return scene


LINK = "https://acme.example/archives/C1/p1764000000"

SCENES: dict[str, Scene] = {
    "home": _calls("home"),
    "home-of-another": _calls("home", "ben"),
    "home-of-nobody": _calls("home", "cleo"),
    "home-busy": _busy,
    "home-new-team": _afresh(_calls("home")),
    "home-new-team-no-admin": _afresh(_calls("home", "ben")),
    "help-new-team": _afresh(_calls("help")),
    "due-new-team": _afresh(_calls("due")),
    "find-new-team": _afresh(_calls("find")),
    "home-not-allowed": _as(Role.GUEST, _calls("home")),
    "welcome": _afresh(_calls("welcome")),
    "welcome-back": _calls("welcome"),
    "share-offered": _in_channel("show inf_quiet"),
    "share-sure": _in_channel("show inf_quiet", "Share"),
    "share-done": _in_channel("show inf_quiet", "Share", "Share it here"),
    "share-failed": _not_shared,
    "share-recap": _shared("show inf_quiet"),
    "share-due": _shared("due"),
    "share-found": _shared("find"),
    "share-history": _shared("history inf_quiet"),
    "share-promises": _shared("promises"),
    "share-occasions": _shared("occasion mine"),
    "share-digest": _shared("digest now"),
    "share-twice": _shared_twice,
    "share-outsiders": _in_channel("show inf_quiet", "Share", channel=SHARED),
    "share-hurdle": _in_channel("show inf_quiet", "Share", channel=LOST),
    "settings-channel-of-others": _channel_in_settings("with-agency"),
    "digest-hurdle": _in_channel("digest here mon 09:00", channel=LOST),
    "message-to-log": _calls("new_touch", what="Jess says yes to the launch!", link=LINK),
    "message-to-promise": _calls("new_promise", what="We’ll send the sample by Friday", link=LINK),
    "show-form": _calls("show"),
    "said-hello": _says("Hello Rapport!"),
    "said-thanks": _says("thanks!"),
    "said-nothing": _says("  "),
    "said-no-verb": _says("how about lunch"),
}
"""What somebody does, by name."""

SAME_EVERYWHERE = frozenset(SCENES) - {
    "home",
    "home-of-another",
    "home-of-nobody",
    "home-busy",
    "share-offered",
    "share-recap",
    "share-due",
    "share-found",
    "share-history",
}
"""Scenes whose answer has nothing of the roster in it."""
