"""When the next digest of a place comes: that is a message which waits, one for each Schedule."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from msgspec.structs import replace

from bot.calendar import instant, next_digest, start_of
from bot.consequences.pending import Pending
from bot.model import Delivery, DeliveryKind, DeliveryState, Record, Schedule, Team, digest_id


async def schedule_digests(pending: Pending, now: datetime) -> None:
    """The digest that waits follows its Schedule where that is made, moved or removed, and the zone of the team.

    Costs what deliveries the team has, when one of these happens.
    """
    moved = [write for write in pending.written(Schedule) if write.before != write.after]
    if moved:
        waiting, under_way = await _waiting(pending)
        for write in moved:
            mine = waiting.get(write.id, ())
            if not isinstance(write.after, Schedule):
                _drop(pending, mine, now)
            elif write.id not in under_way:  # the end of the one on its way puts the next one
                await _put_instead(pending, write.after, mine, now)
    if any(_is_other_zone(write.before, write.after) for write in pending.written(Team)):
        await follow_zone(pending, now)


async def follow_zone(pending: Pending, now: datetime) -> None:
    """The digests that wait stay those of their dates, at their hours in the team's zone, at once where that is past.

    One that was tried already waits for its next attempt. It is done in the Change that moves the zone, and once more
    when all that depends on the team's settings has followed: for those that were set up at the same moment.
    """
    waiting, _ = await _waiting(pending)
    for id, mine in waiting.items():
        schedule = await pending.get(Schedule, id)
        for delivery in mine:
            if schedule is not None and not delivery.attempts:
                due_at = max(instant(delivery.on, schedule.at, pending.team.zone), now)
                if due_at != delivery.due_at:
                    pending.put(delivery, replace(delivery, due_at=due_at, updated_at=now))


def _is_other_zone(before: Record | None, after: Record | None) -> bool:
    return isinstance(before, Team) and isinstance(after, Team) and before.timezone != after.timezone


async def put_next_digest(pending: Pending, schedule: Schedule, *, after: datetime, now: datetime) -> None:
    """Puts the digest of the first date from `after` on that has had none, unless it waits already.

    Relies on the schedule and on the zone of the team: where one of them moves at the same time, it is decided anew.
    """
    pending.rely_on(schedule)
    pending.rely_on(pending.team)
    on, moment = await _next_free(pending, schedule, after)
    known = await pending.get(Delivery, digest_id(schedule.id, on))
    if known is None or known.state is not DeliveryState.PENDING:
        pending.put(known, _digest(pending, schedule, on, moment, now, known))


async def _next_free(pending: Pending, schedule: Schedule, after: datetime) -> tuple[date, datetime]:
    """The first date from an instant on whose digest waits or can still be put, and when it comes."""
    zone = pending.team.zone
    while True:
        on, moment = next_digest(zone, schedule.weekdays, schedule.at, after)
        known = await pending.get(Delivery, digest_id(schedule.id, on))
        if known is None or known.state is DeliveryState.PENDING or _is_called_off(known):
            return on, moment
        after = max(moment + timedelta(seconds=1), start_of(on + timedelta(days=1), zone))


def _is_called_off(known: Delivery) -> bool:
    """Whether a digest was dropped before it was said, and not for good: its schedule was removed, say."""
    return known.state is DeliveryState.DROPPED and not known.retracted


async def _waiting(pending: Pending) -> tuple[dict[str, tuple[Delivery, ...]], set[str]]:
    """By schedule, the digests that wait, and the schedules of which one is on its way."""
    waiting: dict[str, tuple[Delivery, ...]] = {}
    under_way: set[str] = set()
    for stored in await pending.store.everything(Delivery, pending.team.id):
        if stored.kind is not DeliveryKind.DIGEST or stored.about is None or pending.writes_to(stored.id):
            continue
        if stored.state is DeliveryState.PENDING:
            waiting[stored.about] = (*waiting.get(stored.about, ()), stored)
        elif stored.state is DeliveryState.SENDING:
            under_way.add(stored.about)
    return waiting, under_way


async def _put_instead(pending: Pending, schedule: Schedule, mine: Iterable[Delivery], now: datetime) -> None:
    """Sets the one digest of a schedule that waits to its next date and to its place, and drops the others.

    Relies on the zone of the team.
    """
    pending.rely_on(pending.team)
    on, moment = await _next_free(pending, schedule, now)
    id = digest_id(schedule.id, on)
    _drop(pending, [one for one in mine if one.id != id], now)
    known = await pending.get(Delivery, id)
    pending.put(known, _digest(pending, schedule, on, moment, now, known))


def _drop(pending: Pending, mine: Iterable[Delivery], now: datetime) -> None:
    for delivery in mine:
        pending.put(delivery, replace(delivery, state=DeliveryState.DROPPED, due_at=None, updated_at=now))


def _digest(
    pending: Pending, schedule: Schedule, on: date, moment: datetime, now: datetime, known: Delivery | None
) -> Delivery:
    return Delivery(
        id=digest_id(schedule.id, on),
        team=pending.team.id,
        version=known.version if known else 0,
        kind=DeliveryKind.DIGEST,
        about=schedule.id,
        member=None,
        on=on,
        due_at=moment,
        place=schedule.place,
        updated_at=now,
    )
