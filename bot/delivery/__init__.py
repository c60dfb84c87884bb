"""Deliveries → posted, once: what is due is sent, looked up after a crash, and edited when it is no longer so.

A delivery is claimed by version under a lease, so any number of replicas may run this. States: pending → sending →
sent, unknown (nobody can tell whether it stands; not posted again), failed (given up; its nudges stay raised and go
out with the next working day's message) or dropped (nothing to say, or said in another message).
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.adapter_port import Adapter
from bot.clock import Clock, NewId
from bot.delivery.courier import POST_WITHIN
from bot.delivery.ledger import LEASE
from bot.delivery.rounds import Rounds
from bot.store_port import Store


async def deliver(store: Store, adapters: Mapping[str, Adapter], clock: Clock, new_id: NewId) -> int:
    """Makes one round by itself, to the end of the slowest post; says how many deliveries it looked at.

    A process that is woken again and again keeps its Rounds instead, which don't wait for what hangs. Raises
    StoreFailed.
    """
    rounds = Rounds(store, adapters, clock, new_id)
    try:
        return await rounds.make(patience=None)
    finally:
        await rounds.close()


__all__ = ["LEASE", "POST_WITHIN", "Rounds", "deliver"]
