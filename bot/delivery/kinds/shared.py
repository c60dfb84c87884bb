"""An answer that somebody has shared in a channel: read anew for everybody there, and said once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from bot.address import Place
from bot.briefing.said import naming
from bot.commands import CommandSpec
from bot.consequences import Pending
from bot.delivery.errand import Errand, Letter
from bot.delivery.places import dm_of
from bot.errors import Refused
from bot.handlers.sharing import place_of, read_again
from bot.model import Delivery, Draft, Influencer, Member
from bot.reply import Reply
from bot.roster import Rosters
from bot.views.sharing import not_shared, shared


class Shared:
    """Says what was so when it was shared, whatever comes later; only with somebody who is forgotten it goes.

    What was asked, and where, is in the Draft alone: it may hold names, and is erased with whom they name.
    """

    def __init__(self, specs: Sequence[CommandSpec]) -> None:
        """`specs` are all verbs, those that read among them."""
        self._specs = specs

    async def instead(self, errand: Errand, now: datetime) -> Pending | None:
        """Nothing is said in the name of somebody who has left."""
        return await errand.dropping(now) if errand.is_orphaned else None

    async def places(self, errand: Errand, platforms: Collection[str]) -> tuple[Place, ...]:
        """The channel; where that is lost, the DM of whoever shared it, to say so."""
        draft = await _draft(errand)
        if draft is None or errand.member is None:
            return ()
        return (place_of(draft), *dm_of(errand.member, platforms))

    async def letter(self, errand: Errand, now: datetime) -> Letter:
        """What the verb says now; nothing where it is no longer known what that was, or there is nothing to say."""
        draft = await _draft(errand)
        if draft is None or errand.member is None:
            return Letter(None)
        # Read first: whoever is forgotten while it is composed makes the claim fail.
        before = await errand.store.everything(Influencer, errand.team.id)
        reply = await self._read(errand, draft, errand.member, now)
        if reply is None:
            return Letter(None)
        since = await errand.store.everything(Influencer, errand.team.id)
        people = {one.id: one for one in (*since, *before)}
        said = naming(shared(reply, errand.member), people.values())
        return Letter(not_shared(place_of(draft)), for_all=said.reply, named=said.named)

    async def ended(self, pending: Pending, delivery: Delivery, now: datetime) -> None:
        """Nothing comes after it."""

    async def _read(self, errand: Errand, draft: Draft, member: Member, now: datetime) -> Reply | None:
        roster = await Rosters().of(errand.store, errand.team.id)
        try:
            return await read_again(errand.store, errand.team, member, draft, self._specs, roster, now)
        except Refused:
            return None


async def _draft(errand: Errand) -> Draft | None:
    return await errand.store.get(Draft, errand.team.id, errand.delivery.about or "")
