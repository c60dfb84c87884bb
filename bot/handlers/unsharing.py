"""Taking back that something was shared: what stands for all to read is taken away."""

from __future__ import annotations

from msgspec.structs import replace

from bot.address import PlaceKind
from bot.change import Change, Write
from bot.context import Context, stored
from bot.errors import Refused
from bot.handlers.sharing import SHARE
from bot.model import Delivery, DeliveryState
from bot.reply import Reply
from bot.views.sharing import taken_away


def is_shared(change: Change) -> bool:
    """Whether a Change is that somebody shared something."""
    return change.verb == SHARE and bool(stored(change, Delivery))


async def unshare(ctx: Context, target: Change) -> Write | None:
    """What takes it away, or keeps it from being posted; None where nothing stands there, as far as anybody can tell.

    Refused at the very moment in which it is being posted.
    """
    delivery = await ctx.store.get(Delivery, ctx.team.id, stored(target, Delivery)[0].id)
    if delivery is None or delivery.retracted:
        return None
    gone = replace(delivery, retracted=True, updated_at=ctx.now)
    if delivery.state is DeliveryState.PENDING:
        return Write(delivery, replace(gone, state=DeliveryState.DROPPED, due_at=None))
    if delivery.state is DeliveryState.SENDING or (delivery.state is DeliveryState.SENT and delivery.lease_until):
        raise Refused("What you shared last is being posted right now. Try again in a moment.")
    stands = delivery.posted is not None and delivery.posted.place.kind is PlaceKind.CHANNEL
    if delivery.state is not DeliveryState.SENT or not stands:
        return None
    return Write(delivery, replace(gone, due_at=ctx.now))


def tell_unshared(target: Change) -> Reply:
    """Where it was shared."""
    place = stored(target, Delivery)[0].place
    if place is None:
        raise ValueError(f"{target.id} shared something nowhere")
    return taken_away(place)
