"""News that is told to one person, once, as soon as may be: the briefs of a handover, a member who has left."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from datetime import datetime

from bot.address import Place
from bot.briefing.said import Said
from bot.consequences import Pending
from bot.delivery.errand import Errand, Letter
from bot.delivery.places import dm_of, places_for
from bot.model import Delivery, Team
from bot.store_port import Store

Words = Callable[[Store, Team, Delivery, datetime], Awaitable[Said | None]]
"""What there is to say at an instant; nothing where it is no news any more."""


class News:
    """What is said is another's to know; it goes to a DM, and to no other place where that is closed."""

    def __init__(self, words: Words) -> None:
        """`words` reads what is said from the store."""
        self._words = words

    async def instead(self, errand: Errand, now: datetime) -> Pending | None:
        """Whoever has left is told nothing."""
        return await errand.dropping(now) if errand.is_orphaned else None

    async def places(self, errand: Errand, platforms: Collection[str]) -> tuple[Place, ...]:
        """Their DM; the team's channel, or an admin's DM, for what is for no one person."""
        if errand.member is not None:
            return dm_of(errand.member, platforms)
        return await places_for(errand.store, errand.team, None, platforms)

    async def letter(self, errand: Errand, now: datetime) -> Letter:
        """The news as they are now."""
        said = await self._words(errand.store, errand.team, errand.delivery, now)
        return Letter(said.reply, named=said.named) if said is not None else Letter(None)

    async def ended(self, pending: Pending, delivery: Delivery, now: datetime) -> None:
        """Nothing comes after it."""
