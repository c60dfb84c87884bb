"""The courier: takes what is due to the platforms, and what they answered to the ledger."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from hashlib import sha256

import structlog

from bot.adapter_port import Adapter
from bot.address import Place, Posted
from bot.clock import Clock, NewId
from bot.delivery.backoff import ATTEMPTS
from bot.delivery.editing import Editing
from bot.delivery.errand import Errand, Letter
from bot.delivery.kinds import KINDS
from bot.delivery.ledger import Ledger
from bot.errors import Conflict, NotPosted, PlaceLost, PostError, PostUnknown
from bot.model import Delivery, DeliveryState, Member, Team
from bot.reply import Reply
from bot.store_port import Store
from bot.views.status import LOOKED_UP_NEVER, NEVER_TAKEN, NOT_CONNECTED, NOWHERE

POST_WITHIN = timedelta(minutes=2)
"""The longest an adapter may take for one post, edit or look-up, its own retries included; shorter than a lease."""

ABANDONED_FOR = timedelta(hours=1)
"""How long what is due to a team waits at a time while Rapport is in none of its workspaces."""

PLACES = 8
"""Places of one platform that are posted to at the same time."""

KEY_LIMIT = 100
"""Characters of a key that an adapter takes."""

_EARLIER = timedelta(days=1)  # a message of a date may have been posted where that date began earlier

log = structlog.get_logger()


class Courier:
    """Delivers; leaves alone what another replica has claimed."""

    def __init__(self, store: Store, adapters: Mapping[str, Adapter], clock: Clock, new_id: NewId) -> None:
        """`adapters` are the connected platforms by name."""
        self._store = store
        self._adapters = adapters
        self._clock = clock
        self._ledger = Ledger(store, clock, new_id)
        self._editing = Editing(self._ledger)
        self._queues: defaultdict[Place, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._at_once: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(PLACES))

    async def place_of(self, delivery: Delivery) -> Place | None:
        """Where a delivery stands or is to be posted first."""
        if delivery.place is not None:
            return delivery.place
        errand = await self._errand(delivery)
        places = await KINDS[delivery.kind].places(errand, self._adapters.keys()) if errand else ()
        return places[0] if places else None

    async def attend(self, delivery: Delivery) -> None:
        """Does what is due for a delivery."""
        errand = await self._errand(delivery)
        if errand is None:
            return
        try:
            if errand.team.abandoned_at is not None:
                return await self._ledger.put_off(errand.team, delivery, ABANDONED_FOR)
            match delivery.state:
                case DeliveryState.PENDING:
                    await self._send(errand)
                case DeliveryState.SENDING:
                    await self._look_up(errand, settled=True)
                case DeliveryState.SENT if delivery.posted is not None:
                    await self._mend(errand, delivery.posted)
                case DeliveryState.SENT | DeliveryState.UNKNOWN | DeliveryState.FAILED | DeliveryState.DROPPED:
                    await self._ledger.settled(errand.team, delivery)
        except Conflict as conflict:
            log.info("delivery.conflict", team=delivery.team, delivery=delivery.id, record=conflict.id)

    async def _errand(self, delivery: Delivery) -> Errand | None:
        team = await self._store.get(Team, delivery.team, delivery.team)
        if team is None:
            return None
        member = await self._store.get(Member, delivery.team, delivery.member) if delivery.member else None
        return Errand(self._store, team, delivery, member)

    async def _send(self, errand: Errand) -> None:
        kind, team, delivery = KINDS[errand.delivery.kind], errand.team, errand.delivery
        if (step := await kind.instead(errand, self._clock())) is not None:
            await self._ledger.commit(team, step)
            return
        problem, places = NOWHERE, await kind.places(errand, self._adapters.keys())
        if not places and (await self._letter(errand)).reply is None:
            return await self._ledger.dropped(errand)
        for place in places:
            try:
                async with self._turn_at(place):
                    letter = await self._letter(replace(errand, delivery=delivery))
                    if (reply := letter.at(place)) is None:
                        return await self._ledger.dropped(replace(errand, delivery=delivery))
                    delivery = await self._ledger.claim(team, delivery, letter, place)
                    posted = await self._post(delivery, place, reply)
            except PlaceLost as error:
                problem = str(error)
                await self._ledger.lost(team, delivery, place)
            except NotPosted as error:
                return await self._ledger.not_posted(team, delivery, error)
            except PostUnknown:
                return await self._look_up(replace(errand, delivery=delivery), settled=False)
            else:
                return await self._ledger.sent(team, delivery, posted)
        await self._ledger.failed(team, delivery, problem)

    async def _letter(self, errand: Errand) -> Letter:
        """What a message says now."""
        letter = await KINDS[errand.delivery.kind].letter(errand, self._clock())
        if letter.lapsed:
            await self._ledger.look_afresh(errand.team, letter.lapsed)
        return letter

    @asynccontextmanager
    async def _turn_at(self, place: Place) -> AsyncIterator[None]:
        """One message at a time at a place, and PLACES of a platform: what hangs on one platform holds up no other.

        In here it is composed, and a claim or a lease taken: a queue may be long.
        """
        async with self._queues[place], self._at_once[place.platform]:
            yield

    async def _post(self, delivery: Delivery, place: Place, reply: Reply) -> Posted:
        adapter = self._adapters.get(place.platform)
        if adapter is None:
            raise NotPosted(NOT_CONNECTED)
        try:
            async with asyncio.timeout(POST_WITHIN.total_seconds()):
                return await adapter.post(place, reply, post_key(delivery))
        except TimeoutError as error:
            raise PostUnknown("no answer in time") from error

    async def _look_up(self, errand: Errand, *, settled: bool) -> None:
        """Finds out what became of a post whose answer was lost, or whose process died.

        What is not found is posted again only where it is `settled`, that is, can't be on its way any more.
        """
        team, delivery = errand.team, errand.delivery
        adapter = self._adapters.get(delivery.place.platform) if delivery.place else None
        if adapter is None or delivery.place is None or not adapter.can_find(delivery.place):
            return await self._ledger.unknown(team, delivery, LOOKED_UP_NEVER)
        try:
            async with self._turn_at(delivery.place), asyncio.timeout(POST_WITHIN.total_seconds()):
                found = await adapter.find(delivery.place, post_key(delivery), _since(delivery))
        except (PostError, TimeoutError) as error:
            if delivery.attempts >= ATTEMPTS:
                return await self._ledger.unknown(team, delivery, LOOKED_UP_NEVER)
            return await self._ledger.look_again(team, delivery, str(error) or "no answer in time", attempts=1)
        if found is not None:
            return await self._ledger.sent(team, delivery, found)
        if not settled:
            return await self._ledger.look_again(team, delivery, "the answer was lost")
        if delivery.attempts >= ATTEMPTS:
            return await self._ledger.failed(team, delivery, NEVER_TAKEN)
        await self._send(errand)

    async def _mend(self, errand: Errand, posted: Posted) -> None:
        """Sets a message that stands to what is so now, or takes it away where it has nothing to say any more."""
        team, letter = errand.team, Letter(None)
        async with self._turn_at(posted.place):
            claimed = await self._editing.claim(team, errand.delivery)
            if not claimed.retracted:
                letter = await self._letter(replace(errand, delivery=claimed))
                named = await self._editing.will_name(team, claimed, letter.named)
                if named is None:
                    return
                claimed = named
            reply = letter.at(posted.place)
            adapter = self._adapters.get(posted.place.platform)
            try:
                if adapter is None:
                    raise NotPosted(NOT_CONNECTED)
                async with asyncio.timeout(POST_WITHIN.total_seconds()):
                    await (adapter.edit(posted, reply) if reply is not None else adapter.delete(posted))
            except (PostError, TimeoutError) as error:
                return await self._editing.not_done(team, claimed, error, is_unwanted=reply is None)
        if reply is None:
            return await self._editing.gone(team, claimed)
        await self._editing.done(team, claimed, letter.named)


def post_key(delivery: Delivery) -> str:
    """The key under which a delivery is posted: its id, or a digest of one that is too long."""
    if len(delivery.id) <= KEY_LIMIT:
        return delivery.id
    return f"delivery:{sha256(delivery.id.encode()).hexdigest()}"


def _since(delivery: Delivery) -> datetime:
    return datetime.combine(delivery.on, time(0), UTC) - _EARLIER
