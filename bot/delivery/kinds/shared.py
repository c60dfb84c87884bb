"""An answer that somebody has shared in a channel: read anew for everybody there, and said once."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from datetime import datetime

from bot.address import Place, PlaceKind
from bot.briefing.said import naming
from bot.calendar import zone_of
from bot.commands import CommandSpec
from bot.consequences import Pending
from bot.delivery.errand import Errand, Letter
from bot.delivery.places import dm_of
from bot.errors import Refused
from bot.handlers.sharing import place_of, read_again
from bot.model import Delivery, DeliveryKind, DeliveryState, Draft, Influencer, Member, notice_id, shared_id
from bot.reply import Reply
from bot.roster import Rosters
from bot.views.sharing import did_not_come, not_shared, shared

_NOT_SURE = {DeliveryState.UNKNOWN, DeliveryState.FAILED, DeliveryState.DROPPED}
"""Ends in which nobody can rely on it that all can read what was shared."""


class Shared:
    """Says what was so when it was shared, whatever comes later; only with somebody who is forgotten it goes.

    What was asked, and where, is in the Draft alone: it may hold names, and is erased with whom they name. Where it did
    not come to stand, whoever shared it is told by a notice: a message of the same kind that goes to their DM.
    """

    def __init__(self, specs: Sequence[CommandSpec]) -> None:
        """`specs` are all verbs, those that read among them."""
        self._specs = specs

    async def instead(self, errand: Errand, now: datetime) -> Pending | None:
        """Nothing is said in the name of somebody who has left."""
        return await errand.dropping(now) if errand.is_orphaned else None

    async def places(self, errand: Errand, platforms: Collection[str]) -> tuple[Place, ...]:
        """The channel; where that is lost, the DM of whoever shared it, to say so."""
        if errand.member is not None and _is_notice(errand.delivery):
            return dm_of(errand.member, platforms)
        draft = await _draft(errand)
        if draft is None or errand.member is None:
            return ()
        return (place_of(draft), *dm_of(errand.member, platforms))

    async def letter(self, errand: Errand, now: datetime) -> Letter:
        """What the verb says now; nothing where it is no longer known what that was, or there is nothing to say."""
        draft = await _draft(errand)
        if _is_notice(errand.delivery):
            return Letter(await _news(errand, draft))
        if draft is None or errand.member is None:
            return Letter(None)
        # Read first: whoever is forgotten while it is composed makes the claim fail.
        before = await errand.store.everything(Influencer, errand.team.id)
        reply = await self._read(errand, draft, errand.member, now)
        if reply is None:
            return Letter(None)
        since = await errand.store.everything(Influencer, errand.team.id)
        people = {one.id: one for one in (*since, *before)}
        # In a thread: every name of the roster is looked for.
        said = await asyncio.to_thread(naming, shared(reply, errand.member), tuple(people.values()))
        return Letter(not_shared(place_of(draft)), for_all=said.reply, named=said.named)

    async def ended(self, pending: Pending, delivery: Delivery, now: datetime) -> None:
        """Whoever shared it is told, once, where it does not stand for sure; not where their own DM was lost, too."""
        after = await pending.get(Delivery, delivery.id)
        if after is None or after.state not in _NOT_SURE or after.member is None or after.retracted:
            return
        if _is_notice(after) or (after.place is not None and after.place.kind is not PlaceKind.CHANNEL):
            return
        id = notice_id(DeliveryKind.SHARED, after.about or "", after.member)
        member = await pending.get(Member, after.member)
        if member is None or await pending.get(Delivery, id) is not None:
            return
        notice = Delivery(
            id=id,
            team=pending.team.id,
            kind=DeliveryKind.SHARED,
            about=after.about,
            member=member.id,
            on=now.astimezone(zone_of(pending.team, member)).date(),
            due_at=now,
            updated_at=now,
        )
        pending.put(None, notice)

    async def _read(self, errand: Errand, draft: Draft, member: Member, now: datetime) -> Reply | None:
        roster = await Rosters().of(errand.store, errand.team.id)
        try:
            return await read_again(errand.store, errand.team, member, draft, self._specs, roster, now)
        except Refused:
            return None


def _is_notice(delivery: Delivery) -> bool:
    return delivery.id != shared_id(delivery.about or "")


async def _news(errand: Errand, draft: Draft | None) -> Reply | None:
    """What became of it; nothing where it has come to stand meanwhile, or is tried again."""
    about = await errand.store.get(Delivery, errand.team.id, shared_id(errand.delivery.about or ""))
    if about is None or about.state not in _NOT_SURE:
        return None
    place = about.place or (place_of(draft) if draft is not None else None)
    return did_not_come(place, is_unknown=about.state is DeliveryState.UNKNOWN)


async def _draft(errand: Errand) -> Draft | None:
    return await errand.store.get(Draft, errand.team.id, errand.delivery.about or "")
