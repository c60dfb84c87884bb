"""The day's nudges to a member, or the team's own ones to its channel."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from msgspec.structs import replace

from bot.address import Place
from bot.change import Write
from bot.consequences import Pending, schedule_delivery, schedule_nudges
from bot.delivery.carrying import release
from bot.delivery.composing import agenda, first_message, message_now
from bot.delivery.errand import Errand, Letter
from bot.delivery.places import places_for
from bot.delivery.timing import Later, later_than
from bot.model import Delivery, DeliveryState, Nudge, delivery_id
from bot.views.nudges import Message, names_only, nudge_message


class Nudges:
    """One message a day, at the reader's nudge hour; what has no room in it goes out another day."""

    async def instead(self, errand: Errand, now: datetime) -> Pending | None:
        """The team gets what was for somebody who left; nobody what was for one who wants none; others wait."""
        if errand.is_orphaned:
            return await _given_to_team(errand, now)
        if errand.member is not None and not errand.member.nudges:
            return await errand.dropping(now)
        later = later_than(errand.team, errand.member, errand.delivery, now)
        return await _moved(errand, later, now) if later is not None else None

    async def places(self, errand: Errand, platforms: Collection[str]) -> tuple[Place, ...]:
        """The owner's DM, then the team's channel; what is the team's goes there, or else to an admin."""
        return await places_for(errand.store, errand.team, errand.member, platforms)

    async def letter(self, errand: Errand, now: datetime) -> Letter:
        """The most urgent people that the member wants to hear of in a day; what became of them where it stands."""
        if errand.delivery.posted is not None:
            message = await message_now(errand.store, errand.team, errand.member, errand.delivery, now)
            return _letter(message) if message.entries else Letter(None)
        what = await agenda(errand.store, errand.team, errand.delivery, errand.member, now)
        if not what.shown:
            return Letter(None, lapsed=what.gone)
        message = await first_message(errand.store, errand.team, errand.member, what, now)
        return _letter(message, tuple(nudge.id for nudge in what.nudges), what.gone)

    async def ended(self, pending: Pending, delivery: Delivery, now: datetime) -> None:
        """What is still raised goes out with the message of the next working day on which it may be told."""
        raised = await pending.store.nudges_raised(pending.team.id, delivery.member)
        as_it_will_be = [await pending.get(Nudge, nudge.id) for nudge in raised]
        await schedule_nudges(pending, [nudge for nudge in as_it_will_be if nudge is not None], now)


def _letter(message: Message, carries: tuple[str, ...] = (), lapsed: tuple[str, ...] = ()) -> Letter:
    """A member's message stands in a channel for want of a DM: it has to do without what is recorded."""
    for_all = names_only(message) if message.member else None
    return Letter(nudge_message(message), for_all, carries, lapsed=lapsed)


async def _given_to_team(errand: Errand, now: datetime) -> Pending:
    """The nudges of a member who has left are the team's."""
    pending = await errand.dropping(now)
    for nudge in await errand.store.nudges_raised(errand.team.id, errand.delivery.member):
        pending.put(nudge, replace(nudge, member=None, delivery=None))
    given = [write.after for write in pending.written(Nudge) if isinstance(write.after, Nudge)]
    await schedule_nudges(pending, given, now)
    return pending


async def _moved(errand: Errand, later: Later, now: datetime) -> Pending:
    """The message of another hour or day, where that day has none of its own yet."""
    store, team, delivery = errand.store, errand.team, errand.delivery
    if later.day == delivery.on:
        waits = replace(delivery, state=DeliveryState.PENDING, due_at=later.moment, lease_until=None, place=None)
        pending = Pending(store, team, [Write(delivery, waits)])
        await release(pending, delivery.nudges, delivery.id)
        return pending
    pending = await errand.dropping(now)
    of_that_day = delivery_id(delivery.member or team.id, later.day)
    known = await store.get(Delivery, team.id, of_that_day)
    if known is None:
        fresh = Delivery(
            id=of_that_day,
            team=team.id,
            member=delivery.member,
            on=later.day,
            due_at=later.moment,
            attempts=delivery.attempts,
            problem=delivery.problem,
            updated_at=now,
        )
        pending.put(None, fresh)
    elif known.state is not DeliveryState.PENDING:
        await schedule_delivery(pending, errand.member, after=max(now, later.moment), now=now)
    return pending
