"""A place that can't be posted in any more: one admin is told, once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from hashlib import sha256

from bot.address import Place
from bot.calendar import zone_of
from bot.consequences import Pending
from bot.delivery.errand import Errand, Letter
from bot.delivery.places import dm_of
from bot.model import Delivery, DeliveryKind, DeliveryState, Member, Schedule, notice_id
from bot.views.status import place_lost

_TOLD = {DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.SENT, DeliveryState.UNKNOWN}
"""States of a notice after which no other admin is told."""


class Losses:
    """Goes to one admin's DM; where that is lost, too, to the next one's, and to each only once."""

    async def instead(self, errand: Errand, now: datetime) -> Pending | None:
        """Whoever is in no position to mend it any more is not told: somebody else is."""
        if errand.member is not None and errand.member.left_at is None:
            return None
        pending = await errand.dropping(now)
        if (place := await _place(pending, errand.delivery)) is not None:
            await tell_of_loss(pending, place, now)
        return pending

    async def places(self, errand: Errand, platforms: Collection[str]) -> tuple[Place, ...]:
        """Their DM."""
        return dm_of(errand.member, platforms) if errand.member is not None else ()

    async def letter(self, errand: Errand, now: datetime) -> Letter:
        """Which place it is and what used to go there; nothing where nothing is meant to go there any more."""
        place = await _place(Pending(errand.store, errand.team, ()), errand.delivery)
        if place is None:
            return Letter(None)
        digests = [one for one in await errand.store.schedules(errand.team.id) if one.place == place]
        return Letter(place_lost(place, digests=len(digests), is_team_channel=errand.team.channel == place))

    async def ended(self, pending: Pending, delivery: Delivery, now: datetime) -> None:
        """Whom it did not reach does not keep it from the next admin."""
        place = await _place(pending, delivery)
        if delivery.state is DeliveryState.FAILED and place is not None:
            await tell_of_loss(pending, place, now)


async def tell_of_loss(pending: Pending, place: Place, now: datetime) -> None:
    """Puts the message to the first admin who has not been tried, unless one of them knows or is about to.

    Whoever asked for a digest in that place comes first, and stands in where no admin is known. Nobody is told of a
    place in which something was shared and nothing is meant to come.
    """
    if place not in await _meant(pending):
        return
    members = await pending.store.members(pending.team.id)
    known = await _notices(pending, place, members)
    if any(notice.state in _TOLD for notice in known.values()):
        return
    for member in _to_be_told(members, await pending.store.schedules(pending.team.id), place):
        if member.id not in known:
            notice = Delivery(
                id=notice_id(DeliveryKind.LOST, mark_of(place), member.id),
                team=pending.team.id,
                kind=DeliveryKind.LOST,
                about=mark_of(place),
                member=member.id,
                on=now.astimezone(zone_of(pending.team, member)).date(),
                due_at=now,
                updated_at=now,
            )
            return pending.put(None, notice)


async def found_again(pending: Pending, place: Place) -> None:
    """Forgets who was told of a loss: the place takes messages, and when it is lost once more that is news."""
    members = await pending.store.members(pending.team.id)
    for notice in (await _notices(pending, place, members)).values():
        if notice.state is not DeliveryState.SENDING:
            pending.put(notice, None)


def mark_of(place: Place) -> str:
    """What stands for a place in the id of a message about it: nothing of the place can be read from it."""
    return sha256(f"{place.platform}\n{place.workspace}\n{place.id}".encode()).hexdigest()[:16]


def _to_be_told(members: Collection[Member], schedules: Collection[Schedule], place: Place) -> list[Member]:
    asked = {schedule.set_up_by for schedule in schedules if schedule.place == place}
    there = [member for member in members if member.left_at is None]
    admins = [member for member in there if member.hears_as_admin]
    return sorted(admins, key=lambda member: member.id not in asked) or [one for one in there if one.id in asked]


async def _notices(pending: Pending, place: Place, members: Collection[Member]) -> dict[str, Delivery]:
    """The messages about the loss of a place that there are, as they will be, by the member they are for."""
    ids = {notice_id(DeliveryKind.LOST, mark_of(place), member.id): member.id for member in members}
    stored = await pending.store.get_all(Delivery, pending.team.id, tuple(ids))
    will_be = {notice.id: notice for notice in stored if not pending.writes_to(notice.id)}
    for write in pending.written(Delivery):
        if write.id in ids and isinstance(write.after, Delivery):
            will_be[write.id] = write.after
    return {ids[id]: notice for id, notice in will_be.items()}


async def _place(pending: Pending, delivery: Delivery) -> Place | None:
    """The place that a message is about, where anything is still meant to be posted in it."""
    return next((place for place in await _meant(pending) if mark_of(place) == delivery.about), None)


async def _meant(pending: Pending) -> list[Place]:
    """The places in which digests, or what is the team's, are meant to be posted."""
    meant = [schedule.place for schedule in await pending.store.schedules(pending.team.id)]
    return meant + ([pending.team.channel] if pending.team.channel is not None else [])
