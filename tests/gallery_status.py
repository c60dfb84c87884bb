"""Every Reply about the health of Rapport and what did not get through, for the product's gallery."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from bot.address import Place
from bot.change import Change, Write
from bot.model import Delivery, DeliveryKind, DeliveryState, Member, NudgeReason, nudge_id
from bot.reply import Answer, Reply
from bot.views.status import LOOKED_UP_NEVER, NOT_TAKEN_AWAY, NOWHERE, place_lost, status
from bot.views.words import Reader
from bot.vitals import Vitals
from tests.desk import WORKSPACE, Desk
from tests.gallery_worlds import World

Scene = Callable[[Desk, World], Awaitable[Answer]]

MARKETING = Place("fake", WORKSPACE, "marketing")


async def _put(desk: Desk, *stuck: Delivery) -> None:
    writes = tuple(Write(None, one) for one in stuck)
    team = stuck[0].team
    await desk.store.commit(
        Change(id=desk.core.new_id("chg"), team=team, at=desk.clock(), by=None, verb="test", writes=writes)
    )


async def _stuck(desk: Desk, number: int) -> None:
    """Messages of every kind that did not get through, for every reason."""
    team = await desk.team()
    people: list[Member] = list(await desk.store.members(team.id))
    problems = (LOOKED_UP_NEVER, NOWHERE, "not_in_channel", NOT_TAKEN_AWAY, "x" * 300)
    kinds = tuple(DeliveryKind)
    for index in range(number):
        kind = kinds[index % len(kinds)]
        member = None if kind is DeliveryKind.DIGEST else people[index % len(people)].id
        posted = await desk.platform.post(MARKETING, _words(), f"key-{index}") if index % 5 == 3 else None
        await _put(
            desk,
            Delivery(
                id=f"delivery:{kind}:{index:03}",
                team=team.id,
                kind=kind,
                about="mark",
                member=member,
                on=date(2026, 11, 1) + timedelta(index),
                state=DeliveryState.UNKNOWN if index % 2 == 0 else DeliveryState.FAILED,
                due_at=None,
                nudges=(nudge_id("inf_quiet", NudgeReason.QUIET, date(2026, 9, 1)),) if index == 0 else (),
                place=MARKETING if kind is DeliveryKind.DIGEST else None,
                posted=posted,
                problem=problems[index % len(problems)],
                updated_at=desk.clock(),
            ),
        )


def _words() -> Reply:
    return place_lost(MARKETING, digests=1, is_team_channel=False)


def _shown(number: int, *pressed: str) -> Scene:
    """So many are stuck; an admin looks, and presses one button after the other."""

    async def scene(desk: Desk, _: World) -> Answer:
        await _stuck(desk, number)
        answer = await desk.says("ana", "status")
        for label in pressed:
            answer = await desk.presses("ana", answer, label)
        return answer

    return scene


def _twice(label: str) -> Scene:
    async def scene(desk: Desk, _: World) -> Answer:
        await _stuck(desk, 1)
        shown = await desk.says("ana", "status")
        await desk.presses("ana", shown, label)
        desk.clock.move(timedelta(minutes=5))
        return await desk.presses("ana", shown, label)

    return scene


async def _running(desk: Desk, _: World) -> Answer:
    """As a process shows it that has been at work for long."""
    now = desk.clock()
    vitals = Vitals("TinyDB", "3.11.7", ("slack", "discord"), now - timedelta(seconds=20), now - timedelta(minutes=3))
    await desk.says("ana", "help")
    member = await desk.member("ana")
    return status(vitals, (), Reader(member, await desk.team(), {}, ZoneInfo("UTC"), now.date()), now)


async def _lost(desk: Desk, _: World) -> Answer:
    """What an admin reads when the channel of two digests and of the team is gone."""
    team = await desk.team()
    channel = team.channel
    assert channel is not None
    for line in ("digest here mon 09:00", "digest here fri 17:00"):
        await desk.says("ana", line, channel=channel.id)
    desk.platform.closed.add(channel)
    await desk.waits(timedelta(days=7), step=timedelta(hours=2))
    return next(
        message.reply for message in desk.platform.messages.values() if message.says.startswith("I can’t post in")
    )


async def _outdated(desk: Desk, _: World) -> Answer:
    """The digest of a schedule that is there no more."""
    await _stuck(desk, 2)
    shown = await desk.says("ana", "status")
    await desk.presses("ana", shown, "Drop")
    return await desk.presses("ana", await desk.says("ana", "status"), "Post again")


async def _not_an_admin(desk: Desk, _: World) -> Answer:
    return await desk.says("ben", "status")


SCENES: dict[str, Scene] = {
    "status": _shown(0),
    "status-running": _running,
    "status-stuck": _shown(5),
    "status-stuck-many": _shown(12),
    "status-stuck-next": _shown(12, "Next 5"),
    "status-post-again": _shown(1, "Post again"),
    "status-post-again-twice": _twice("Post again"),
    "status-post-again-outdated": _outdated,
    "status-drop": _shown(1, "Drop"),
    "status-drop-twice": _twice("Drop"),
    "status-not-an-admin": _not_an_admin,
    "status-place-lost": _lost,
}
"""What somebody does, by name."""

SAME_EVERYWHERE = frozenset(SCENES) - {"status-stuck", "status-stuck-many"}
"""Scenes whose answer has nothing of the roster in it: it names members only."""
