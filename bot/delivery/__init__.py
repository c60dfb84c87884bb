"""Deliveries → posted, once: what is due is sent, looked up after a crash, and edited when it is no longer so.

A delivery is claimed by version under a lease, so any number of replicas may run this. States: pending → sending →
sent, unknown (nobody can tell whether it stands; not posted again), failed (given up; its nudges stay raised and go
out with the next working day's message) or dropped (nothing to say, or said in another message).
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import structlog

from bot.adapter_port import Adapter
from bot.address import Place
from bot.clock import Clock, NewId
from bot.delivery.courier import POST_WITHIN, Courier
from bot.delivery.ledger import LEASE
from bot.model import Delivery
from bot.store_port import Store

AT_ONCE = 200
"""Deliveries that are asked for at a time."""

PLACES = 8
"""Places that are posted to at the same time."""

log = structlog.get_logger()


async def deliver(store: Store, adapters: Mapping[str, Adapter], clock: Clock, new_id: NewId) -> int:
    """Attends to every delivery that is due and says how many it looked at; `adapters` are the connected ones by name.

    Deliveries to one place come one after the other, others at the same time. One that goes wrong does not hold up the
    rest. Raises StoreFailed.
    """
    courier = Courier(store, adapters, clock, new_id)
    looked_at: set[str] = set()
    while True:
        due = await store.deliveries_due(clock(), limit=AT_ONCE + len(looked_at))
        fresh = [delivery for delivery in due if delivery.id not in looked_at]
        if not fresh:
            return len(looked_at)
        looked_at.update(delivery.id for delivery in fresh)
        by_place: dict[Place | str, list[Delivery]] = {}
        for delivery in fresh:
            by_place.setdefault(await courier.place_of(delivery) or delivery.id, []).append(delivery)
        at_once = asyncio.Semaphore(PLACES)
        async with asyncio.TaskGroup() as tasks:
            for queue in by_place.values():
                tasks.create_task(_one_after_the_other(courier, queue, at_once))


async def _one_after_the_other(courier: Courier, queue: list[Delivery], at_once: asyncio.Semaphore) -> None:
    async with at_once:
        for delivery in queue:
            try:
                await courier.attend(delivery)
            except Exception:  # one message that goes wrong must not hold up the others; it is due again
                log.exception("delivery.broken", team=delivery.team, delivery=delivery.id)


__all__ = ["LEASE", "POST_WITHIN", "deliver"]
