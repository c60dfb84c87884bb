"""Editing what stands, or taking it away: claimed, done, tried again with backoff, and given up in the open."""

from __future__ import annotations

from collections.abc import Collection

import structlog
from msgspec.structs import replace

from bot.change import Write
from bot.delivery.backoff import ATTEMPTS, wait
from bot.delivery.ledger import LEASE, Ledger
from bot.errors import Conflict, NotPosted, PlaceLost
from bot.model import Delivery, DeliveryState, Influencer, Team
from bot.views.status import NOT_TAKEN_AWAY

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

    async def will_name(self, team: Team, delivery: Delivery, named: Collection[Influencer]) -> Delivery | None:
        """Says beforehand whom it is going to name, besides those it does; `None`: they have moved, so compose it anew.

        Whoever is forgotten while it is edited is found by that.
        """
        both = tuple(dict.fromkeys((*delivery.named, *(one.id for one in named))))
        if both == delivery.named:
            return delivery
        try:
            return await self._ledger.step(team, Write(delivery, replace(delivery, named=both)), *named)
        except Conflict:
            again = replace(delivery, stale=True, lease_until=None, due_at=self._ledger.now())
            await self._release(team, delivery, again)
            return None

    async def done(self, team: Team, delivery: Delivery, named: Collection[Influencer]) -> None:
        """It says what is so, and names these."""
        says = replace(delivery, named=tuple(one.id for one in named), attempts=0, lease_until=None, due_at=None)
        await self._release(team, delivery, says)
        log.info("delivery.edited", team=team.id, delivery=delivery.id)

    async def gone(self, team: Team, delivery: Delivery) -> None:
        """It is taken away: nothing can be said there any more."""
        dropped = replace(
            delivery,
            state=DeliveryState.DROPPED,
            posted=None,
            named=(),
            retracted=True,
            attempts=0,
            lease_until=None,
            due_at=None,
            updated_at=self._ledger.now(),
        )
        await self._release(team, delivery, dropped)
        log.info("delivery.retracted", team=team.id, delivery=delivery.id)

    async def not_done(self, team: Team, delivery: Delivery, error: Exception, *, is_unwanted: bool) -> None:
        """It could not be done: again after a while, and given up where that is hopeless or has been tried enough.

        What is unwanted, and should have been taken away, is for an admin to know where it still stands.
        """
        attempts = delivery.attempts + 1
        retry_after = error.retry_after if isinstance(error, NotPosted) else 0.0
        if retry_after is None or isinstance(error, PlaceLost) or attempts >= ATTEMPTS:
            given_up = replace(delivery, attempts=0, lease_until=None, due_at=None)
            if is_unwanted:
                given_up = replace(given_up, state=DeliveryState.FAILED, retracted=True, problem=NOT_TAKEN_AWAY)
            await self._release(team, delivery, given_up)
            log.warning("delivery.edit_failed", team=team.id, delivery=delivery.id, why=str(error))
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
            if after.state is not DeliveryState.SENT:
                again = replace(after, version=fresh.version)
            await self._ledger.step(team, Write(fresh, again))
