"""Editing what stands: claimed, set, tried again with backoff, and given up in the open."""

from __future__ import annotations

import structlog
from msgspec.structs import replace

from bot.change import Write
from bot.delivery.backoff import ATTEMPTS, wait
from bot.delivery.ledger import LEASE, Ledger
from bot.errors import Conflict, NotPosted, PlaceLost
from bot.model import Delivery, DeliveryState, Team

log = structlog.get_logger()


class Editing:
    """The steps of an edit in the ledger. `attempts` of a delivery that stands are those of its edit."""

    def __init__(self, ledger: Ledger) -> None:
        """`ledger` makes every step durable."""
        self._ledger = ledger

    async def claim(self, team: Team, delivery: Delivery) -> Delivery:
        """Takes hold of a message; what moves from now on marks it stale anew."""
        until = self._ledger.now() + LEASE
        claimed = replace(delivery, stale=False, lease_until=until, due_at=until)
        return await self._ledger.step(team, Write(delivery, claimed))

    async def done(self, team: Team, delivery: Delivery) -> None:
        """It says what is so."""
        await self._release(team, delivery, replace(delivery, attempts=0, lease_until=None, due_at=None))

    async def not_done(self, team: Team, delivery: Delivery, error: Exception) -> None:
        """It could not be set: again after a while, and given up where that is hopeless or has been tried enough."""
        attempts = delivery.attempts + 1
        retry_after = error.retry_after if isinstance(error, NotPosted) else 0.0
        if retry_after is None or isinstance(error, PlaceLost) or attempts >= ATTEMPTS:
            await self.done(team, delivery)
            log.warning("nudge.edit_failed", team=team.id, delivery=delivery.id, why=str(error))
            return
        again = self._ledger.now() + wait(delivery.id, attempts, retry_after)
        await self._release(
            team, delivery, replace(delivery, attempts=attempts, stale=True, lease_until=None, due_at=again)
        )

    async def _release(self, team: Team, claimed: Delivery, after: Delivery) -> None:
        """Lets go of a message; where something has moved meanwhile it is due again at once."""
        try:
            await self._ledger.step(team, Write(claimed, after))
        except Conflict:
            fresh = await self._ledger.fresh(claimed)
            if fresh is None or fresh.state is not DeliveryState.SENT:
                return
            now = self._ledger.now()
            due_at = max(after.due_at, now) if after.due_at else now
            again = replace(fresh, stale=True, attempts=after.attempts, lease_until=None, due_at=due_at)
            await self._ledger.step(team, Write(fresh, again))
