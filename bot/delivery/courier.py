"""The courier: takes what is due to the platforms, and what they answered to the ledger."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, time, timedelta
from hashlib import sha256

import structlog

from bot.adapter_port import Adapter
from bot.address import Place, Posted
from bot.clock import Clock, NewId
from bot.delivery.backoff import ATTEMPTS
from bot.delivery.composing import agenda, first_message, message_now
from bot.delivery.editing import Editing
from bot.delivery.ledger import Ledger
from bot.delivery.places import places_for, shows_names_only
from bot.delivery.timing import later_than
from bot.errors import Conflict, NotPosted, PlaceLost, PostError, PostUnknown
from bot.model import Delivery, DeliveryState, Member, Team
from bot.reply import Reply
from bot.store_port import Store
from bot.views.nudges import LOOKED_UP_NEVER, NEVER_TAKEN, NOWHERE, Message, names_only, nudge_message

POST_WITHIN = timedelta(minutes=2)
"""The longest an adapter may take for one post, edit or look-up, its own retries included; shorter than a lease."""

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
        team, member = await self._recipient(delivery)
        places = await places_for(self._store, team, member, self._adapters.keys()) if team else ()
        return places[0] if places else None

    async def attend(self, delivery: Delivery) -> None:
        """Does what is due for a delivery."""
        team, member = await self._recipient(delivery)
        if team is None:
            return
        try:
            match delivery.state:
                case DeliveryState.PENDING:
                    await self._send(team, member, delivery)
                case DeliveryState.SENDING:
                    await self._look_up(team, member, delivery, settled=True)
                case DeliveryState.SENT:
                    await self._edit(team, member, delivery)
                case DeliveryState.UNKNOWN | DeliveryState.FAILED | DeliveryState.DROPPED:
                    await self._ledger.settled(team, delivery)
        except Conflict as conflict:
            log.info("delivery.conflict", team=team.id, delivery=delivery.id, record=conflict.id)

    async def _recipient(self, delivery: Delivery) -> tuple[Team | None, Member | None]:
        team = await self._store.get(Team, delivery.team, delivery.team)
        return team, await self._store.get(Member, delivery.team, delivery.member) if delivery.member else None

    async def _send(self, team: Team, member: Member | None, delivery: Delivery) -> None:
        if await self._is_called_off(team, member, delivery):
            return
        now = self._clock()
        what = await agenda(self._store, team, delivery, member, now)
        if what.gone:
            await self._ledger.withdraw(team, what.gone)
        if not what.shown:
            return await self._ledger.dropped(team, delivery)
        message = await first_message(self._store, team, member, what, now)
        carried, problem = [nudge.id for nudge in what.nudges], NOWHERE
        for place in await places_for(self._store, team, member, self._adapters.keys()):
            try:
                async with self._turn_at(place):
                    delivery = await self._ledger.claim(team, delivery, carried, place)
                    posted = await self._post(delivery, place, message)
            except PlaceLost as error:
                problem = str(error)
                log.info("delivery.place_lost", team=team.id, delivery=delivery.id, platform=place.platform)
            except NotPosted as error:
                return await self._ledger.not_posted(team, delivery, error)
            except PostUnknown:
                return await self._look_up(team, member, delivery, settled=False)
            else:
                return await self._ledger.sent(team, delivery, posted)
        await self._ledger.failed(team, delivery, problem)

    @asynccontextmanager
    async def _turn_at(self, place: Place) -> AsyncIterator[None]:
        """One message at a time at a place, and PLACES of a platform: what hangs on one platform holds up no other.

        A claim or a lease is taken in here: a queue may be long.
        """
        async with self._queues[place], self._at_once[place.platform]:
            yield

    async def _is_called_off(self, team: Team, member: Member | None, delivery: Delivery) -> bool:
        """Whether a message does not go out now: its member left, wants none, or it belongs to another hour."""
        if delivery.member is not None and (member is None or member.left_at is not None):
            await self._ledger.given_to_team(team, delivery)
        elif member is not None and not member.nudges:
            await self._ledger.dropped(team, delivery)
        elif (later := later_than(team, member, delivery, self._clock())) is not None:
            await self._ledger.moved(team, member, delivery, later)
        else:
            return False
        return True

    async def _post(self, delivery: Delivery, place: Place, message: Message) -> Posted:
        try:
            async with asyncio.timeout(POST_WITHIN.total_seconds()):
                return await self._adapters[place.platform].post(place, _drawn(delivery, message), post_key(delivery))
        except TimeoutError as error:
            raise PostUnknown("no answer in time") from error

    async def _look_up(self, team: Team, member: Member | None, delivery: Delivery, *, settled: bool) -> None:
        """Finds out what became of a post whose answer was lost, or whose process died.

        What is not found is posted again only where it is `settled`, that is, can't be on its way any more.
        """
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
        await self._send(team, member, delivery)

    async def _edit(self, team: Team, member: Member | None, delivery: Delivery) -> None:
        """Sets a message that stands to what is so now."""
        posted = delivery.posted
        if posted is None:
            return await self._ledger.settled(team, delivery)
        async with self._turn_at(posted.place):
            claimed = await self._editing.claim(team, delivery)
            message = await message_now(self._store, team, member, claimed, self._clock())
            adapter = self._adapters.get(posted.place.platform)
            try:
                if adapter is None:
                    raise NotPosted("the platform is not connected")
                async with asyncio.timeout(POST_WITHIN.total_seconds()):
                    await adapter.edit(posted, _drawn(claimed, message))
            except (PostError, TimeoutError) as error:
                return await self._editing.not_done(team, claimed, error)
        await self._editing.done(team, claimed)
        log.info("nudge.edited", team=team.id, delivery=delivery.id)


def post_key(delivery: Delivery) -> str:
    """The key under which a delivery is posted: its id, or a digest of one that is too long."""
    if len(delivery.id) <= KEY_LIMIT:
        return delivery.id
    return f"delivery:{sha256(delivery.id.encode()).hexdigest()}"


def _drawn(delivery: Delivery, message: Message) -> Reply:
    return names_only(message) if shows_names_only(delivery) else nudge_message(message)


def _since(delivery: Delivery) -> datetime:
    return datetime.combine(delivery.on, time(0), UTC) - _EARLIER
