"""The nudges in a message: taken along, let go of, or sent with it."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from bot.consequences import Pending
from bot.model import Delivery, Nudge, NudgeState


async def take_along(pending: Pending, delivery: Delivery, nudges: Iterable[str]) -> bool:
    """Has a message carry these nudges and no others; says whether all of them could be taken: none has moved."""
    wanted = tuple(nudges)
    found = await pending.store.get_all(Nudge, pending.team.id, wanted)
    free = [n for n in found if n.state is NudgeState.RAISED and n.delivery in {None, delivery.id}]
    for nudge in free:
        pending.put(nudge, replace(nudge, delivery=delivery.id))
    await release(pending, set(delivery.nudges) - set(wanted), delivery.id)
    return len(free) == len(wanted)


async def release(pending: Pending, nudges: Iterable[str], delivery: str) -> None:
    """Lets go of nudges that a message held and did not bring out."""
    for nudge in await pending.store.get_all(Nudge, pending.team.id, tuple(nudges)):
        if nudge.state is NudgeState.RAISED and nudge.delivery == delivery:
            pending.put(nudge, replace(nudge, delivery=None))


async def carried(pending: Pending, delivery: Delivery) -> bool:
    """Counts the nudges of a message as sent, and says whether one of them has moved since it was composed."""
    moved = False
    for nudge in await pending.store.get_all(Nudge, pending.team.id, delivery.nudges):
        if nudge.state is NudgeState.RAISED and nudge.delivery == delivery.id:
            pending.put(nudge, replace(nudge, state=NudgeState.SENT))
        else:
            moved = True
    return moved
