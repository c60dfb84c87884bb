"""Rounds: waking after waking the same courier sets out, and nobody waits for a place at which it hangs."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

import structlog

from bot.adapter_port import Adapter
from bot.address import Place
from bot.clock import Clock, NewId
from bot.delivery.courier import Courier
from bot.errors import StoreFailed
from bot.model import Delivery
from bot.store_port import Store

AT_ONCE = 200
"""Deliveries that are asked for at a time."""

PATIENCE = 3.0
"""Seconds that a round waits for what it has sent out: less than there are between two wakings."""

log = structlog.get_logger()


class Rounds:
    """All rounds of one process; to be closed when the last one is made."""

    def __init__(self, store: Store, adapters: Mapping[str, Adapter], clock: Clock, new_id: NewId) -> None:
        """`adapters` are the connected platforms by name, looked up each time."""
        self._store = store
        self._clock = clock
        self._courier = Courier(store, adapters, clock, new_id)
        self._under_way: dict[Place | str, asyncio.Task[None]] = {}

    async def make(self, patience: float | None = PATIENCE) -> int:
        """Attends to every delivery that is due and says how many it looked at.

        Deliveries to one place come one after the other, others at the same time. What takes longer than `patience`
        seconds (`None`: however long) goes on when this has returned: until it is done, its place is left to a later
        round, and no other. One that goes wrong does not hold up the rest. Raises StoreFailed, in the next round where
        that happened after this one. Not to be called while a round is being made.
        """
        self._take_leave()
        looked_at: set[str] = set()
        while True:
            due = await self._store.deliveries_due(self._clock(), limit=AT_ONCE + len(looked_at))
            fresh = [delivery for delivery in due if delivery.id not in looked_at]
            if not fresh:
                return len(looked_at)
            looked_at.update(delivery.id for delivery in fresh)
            if sent_out := await self._send_out(fresh):
                _, late = await asyncio.wait(sent_out, timeout=patience)
                patience = 0.0 if late else patience
            self._take_leave()

    async def close(self, patience: float = 0.0) -> None:
        """Lets what is under way finish for so many seconds and cuts off the rest: that is looked up later."""
        if tasks := tuple(self._under_way.values()):
            _, late = await asyncio.wait(tasks, timeout=patience)
            for task in late:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        self._under_way.clear()

    async def _send_out(self, due: Sequence[Delivery]) -> tuple[asyncio.Task[None], ...]:
        """Sets out with what is due, but for the places at which something is still under way."""
        by_place: dict[Place | str, list[Delivery]] = {}
        for delivery in due:
            by_place.setdefault(await self._place_of(delivery), []).append(delivery)
        free = {place: queue for place, queue in by_place.items() if place not in self._under_way}
        sent_out = {place: asyncio.create_task(self._one_after_the_other(queue)) for place, queue in free.items()}
        self._under_way |= sent_out
        return tuple(sent_out.values())

    async def _place_of(self, delivery: Delivery) -> Place | str:
        try:
            return await self._courier.place_of(delivery) or delivery.id
        except StoreFailed:
            raise
        except Exception:  # what is wrong with it comes to light when it is attended to, by itself
            log.exception("delivery.placeless", team=delivery.team, delivery=delivery.id)
            return delivery.id

    async def _one_after_the_other(self, queue: Sequence[Delivery]) -> None:
        for delivery in queue:
            try:
                await self._courier.attend(delivery)
            except StoreFailed:
                raise
            except Exception:  # one message that goes wrong must not hold up the others; it is due again
                log.exception("delivery.broken", team=delivery.team, delivery=delivery.id)

    def _take_leave(self) -> None:
        """Frees the places at which all is done; raises what ended one of them."""
        done = {place: task for place, task in self._under_way.items() if task.done()}
        for place in done:
            del self._under_way[place]
        ends = [task.exception() for task in done.values() if not task.cancelled()]
        if (error := next(filter(None, ends), None)) is not None:
            raise error
