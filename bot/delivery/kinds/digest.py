"""The digest that a place has asked for: it goes there and nowhere else, and the next one is never forgotten."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from msgspec.structs import replace

from bot.address import Place
from bot.briefing.digest import gather
from bot.calendar import last_digest, start_of
from bot.consequences import Pending, put_next_digest
from bot.delivery.errand import Errand, Letter
from bot.delivery.places import is_abandoned
from bot.model import Delivery, DeliveryState, Schedule, digest_id
from bot.views.digest import as_shown, digest


class Digest:
    """One on each of its dates; after downtime that of the latest, and none of those that were missed."""

    async def instead(self, errand: Errand, now: datetime) -> Pending | None:
        """The latest date's where a later one than its own has come; nothing without its Schedule.

        That ends here where it was for the DM of somebody who has gone.
        """
        schedule = await _schedule(errand)
        if schedule is None:
            return await errand.dropping(now)
        if await is_abandoned(errand.store, errand.team, schedule.place):
            pending = await errand.dropping(now)
            pending.put(schedule, None)
            return pending
        on, _ = last_digest(errand.team.zone, schedule.weekdays, schedule.at, now)
        if on <= errand.delivery.on:
            return None
        pending, id = await errand.dropping(now), digest_id(schedule.id, on)
        if await errand.store.get(Delivery, errand.team.id, id) is None:
            latest = replace(
                errand.delivery,
                id=id,
                version=0,
                on=on,
                state=DeliveryState.PENDING,
                place=schedule.place,
                due_at=now,
                lease_until=None,
                named=(),
                updated_at=now,
            )
            pending.put(None, latest)
            pending.rely_on(schedule)
        else:
            await self.ended(pending, errand.delivery, now)
        return pending

    async def places(self, errand: Errand, platforms: Collection[str]) -> tuple[Place, ...]:
        """The place that asked for it, connected or not: a platform may come back."""
        schedule = await _schedule(errand)
        return (schedule.place,) if schedule is not None else ()

    async def letter(self, errand: Errand, now: datetime) -> Letter:
        """The summary as it is now."""
        schedule = await _schedule(errand)
        if schedule is None:
            return Letter(None)
        facts = as_shown(await gather(errand.store, errand.team, now, errand.delivery.on, schedule))
        return Letter(digest(facts), named=facts.named)

    async def ended(self, pending: Pending, delivery: Delivery, now: datetime) -> None:
        """Whatever came of this one, the next one is put."""
        schedule = await pending.get(Schedule, delivery.about or "")
        if schedule is not None:
            after = start_of(delivery.on, pending.team.zone)
            await put_next_digest(pending, schedule, after=max(after, now), now=now)


async def _schedule(errand: Errand) -> Schedule | None:
    return await errand.store.get(Schedule, errand.team.id, errand.delivery.about or "")
