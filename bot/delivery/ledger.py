"""The ledger of deliveries: every step from one state to the next, each one commit that only one replica can make."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import structlog
from msgspec.structs import replace

from bot.address import Place, PlaceKind, Posted
from bot.change import Change, Write, by_the_clock
from bot.clock import Clock, NewId
from bot.consequences import Pending, with_consequences
from bot.delivery.backoff import ATTEMPTS, wait
from bot.delivery.carrying import carried, release, take_along
from bot.delivery.errand import Errand, Letter
from bot.delivery.kinds import KINDS
from bot.delivery.kinds.losses import found_again, tell_of_loss
from bot.errors import Conflict, NotPosted
from bot.model import Delivery, DeliveryState, Influencer, Team
from bot.store_port import Store

LEASE = timedelta(minutes=5)
"""How long a claim holds: longer than any post can take, so that what is looked up afterwards is settled."""

SETTLE_TRIES = 5
"""How often the end of a delivery is written anew when a log, a press or a setting came in between."""

log = structlog.get_logger()


class Ledger:
    """Moves deliveries and the nudges in them; a step that another replica took raises Conflict."""

    def __init__(self, store: Store, clock: Clock, new_id: NewId) -> None:
        """Reads the clock for every step: a queue of messages may take minutes."""
        self._store = store
        self._clock = clock
        self._new_id = new_id

    async def claim(self, team: Team, delivery: Delivery, letter: Letter, place: Place) -> Delivery:
        """Takes hold of a delivery for one attempt to bring a letter to one place.

        Conflict, too, where one of its nudges has moved, or somebody it names has been altered or forgotten since it
        was composed. Going on to the next place after the first was lost is the same attempt.
        """
        now, going_on = self._clock(), delivery.state is DeliveryState.SENDING and delivery.place != place
        claimed = replace(
            delivery,
            state=DeliveryState.SENDING,
            place=place,
            nudges=letter.carries,
            named=tuple(one.id for one in letter.named),
            attempts=delivery.attempts if going_on else delivery.attempts + 1,
            lease_until=now + LEASE,
            due_at=now + LEASE,
            stale=False,
            retracted=False,
            updated_at=now,
        )
        pending = Pending(self._store, team, [Write(delivery, claimed)])
        pending.rely_on(*letter.named)
        if not await take_along(pending, delivery, letter.carries):
            raise Conflict(delivery.id)
        return await self._step(team, pending, delivery.id)

    async def sent(self, team: Team, delivery: Delivery, posted: Posted) -> None:
        """It stands. What has moved since it was composed is edited next, and what is unwanted by now taken away."""

        def stands(fresh: Delivery) -> Delivery:
            return replace(fresh, state=DeliveryState.SENT, posted=posted, attempts=0, problem=None)

        await self._settle(team, delivery, stands, carry=True)
        log.info("delivery.posted", team=team.id, delivery=delivery.id, nudges=len(delivery.nudges))

    async def unknown(self, team: Team, delivery: Delivery, problem: str) -> None:
        """Nobody can tell whether it stands: it is not posted again, nor are its nudges."""

        def lost(fresh: Delivery) -> Delivery:
            return replace(fresh, state=DeliveryState.UNKNOWN, problem=problem)

        await self._settle(team, delivery, lost, carry=True)
        log.warning("delivery.unknown", team=team.id, delivery=delivery.id)

    async def failed(self, team: Team, delivery: Delivery, problem: str) -> None:
        """It is given up. Its nudges stay raised and go out with the message of the next working day."""

        def given_up(fresh: Delivery) -> Delivery:
            return replace(fresh, state=DeliveryState.FAILED, problem=problem)

        await self._settle(team, delivery, given_up, carry=False)
        log.error("delivery.failed", team=team.id, delivery=delivery.id, problem=problem)

    async def not_posted(self, team: Team, delivery: Delivery, error: NotPosted) -> None:
        """It surely does not stand: again after a while, unless that is hopeless."""
        if error.retry_after is None or delivery.attempts >= ATTEMPTS:
            return await self.failed(team, delivery, str(error))
        again = self._clock() + wait(delivery.id, delivery.attempts, error.retry_after)

        def waits(fresh: Delivery) -> Delivery:
            waits = replace(fresh, state=DeliveryState.PENDING, due_at=again, place=None, problem=str(error))
            return replace(waits, nudges=(), named=())

        await self._settle(team, delivery, waits, carry=False)
        log.info("delivery.retried", team=team.id, delivery=delivery.id, attempt=delivery.attempts)

    async def look_again(self, team: Team, delivery: Delivery, problem: str, attempts: int = 0) -> None:
        """What became of it can't be told yet: the claim is held, and it is looked up once more when that runs out."""
        again = self._clock() + wait(delivery.id, delivery.attempts + attempts)
        held = replace(
            delivery, lease_until=again, due_at=again, attempts=delivery.attempts + attempts, problem=problem
        )
        await self.step(team, Write(delivery, held))

    async def dropped(self, errand: Errand) -> None:
        """There is nothing to say."""
        now = self._clock()
        pending = await errand.dropping(now)
        await KINDS[errand.delivery.kind].ended(pending, errand.delivery, now)
        await self.commit(errand.team, pending)

    async def lost(self, team: Team, delivery: Delivery, place: Place) -> None:
        """A place takes nothing any more: an admin is told, where it is a channel."""
        log.info("delivery.place_lost", team=team.id, delivery=delivery.id, platform=place.platform)
        if place.kind is not PlaceKind.CHANNEL:
            return
        pending = Pending(self._store, team, ())
        await tell_of_loss(pending, place, self._clock())
        try:
            if pending.writes:
                await self.commit(team, pending)
        except Conflict:
            log.info("delivery.told_already", team=team.id, delivery=delivery.id)

    async def look_afresh(self, team: Team, influencers: Iterable[str]) -> None:
        """Looks again at relationships whose raised nudges don't hold any more: those are withdrawn."""
        now = self._clock()
        pending = await with_consequences(self._store, team, (), now=now, by=None, influencers=influencers)
        if pending.writes:
            await self.commit(team, pending)

    async def settled(self, team: Team, delivery: Delivery) -> None:
        """Nothing is left to do for a delivery that has come to its end."""
        await self.commit(team, Pending(self._store, team, [Write(delivery, replace(delivery, due_at=None))]))

    async def put_off(self, team: Team, delivery: Delivery, span: timedelta) -> None:
        """Leaves a delivery as it is, to be looked at later."""
        later = replace(delivery, due_at=self._clock() + span)
        await self.commit(team, Pending(self._store, team, [Write(delivery, later)]))

    def now(self) -> datetime:
        """The present instant."""
        return self._clock()

    async def step(self, team: Team, write: Write, *relied_on: Influencer) -> Delivery:
        """Writes one delivery and nothing else, where others stand as they were read; answers with it as stored."""
        pending = Pending(self._store, team, [write])
        pending.rely_on(*relied_on)
        return await self._step(team, pending, write.id)

    async def fresh(self, delivery: Delivery) -> Delivery | None:
        """A delivery as it is stored now."""
        return await self._store.get(Delivery, delivery.team, delivery.id)

    async def commit(self, team: Team, pending: Pending) -> Change:
        """Makes a step durable and answers with it as stored."""
        now, new_id = self._clock(), self._new_id
        change = by_the_clock("deliver", team.id, pending.writes, pending.reads, now=now, new_id=new_id)
        return await self._store.commit(change)

    async def _step(self, team: Team, pending: Pending, delivery: str) -> Delivery:
        change = await self.commit(team, pending)
        return next(
            write.after for write in change.writes if write.id == delivery and isinstance(write.after, Delivery)
        )

    async def _settle(
        self, team: Team, delivery: Delivery, step: Callable[[Delivery], Delivery], *, carry: bool
    ) -> None:
        """Ends an attempt. `carry`: its nudges count as sent; else they wait for another message."""
        for _ in range(SETTLE_TRIES):
            fresh, now = await self.fresh(delivery), self._clock()
            if fresh is None or fresh.state is not delivery.state:
                return  # another replica took it for dead and has ended it
            # Its settings may have moved while the platform took its time.
            team = await self._store.get(Team, team.id, team.id) or team
            after = step(replace(fresh, lease_until=None, due_at=None, stale=False, updated_at=now))
            pending = Pending(self._store, team, ())
            if carry:
                moved = await carried(pending, fresh)
                if after.state is DeliveryState.SENT and (moved or fresh.stale or fresh.retracted):
                    after = replace(after, stale=moved or fresh.stale, due_at=now)
            else:
                await release(pending, fresh.nudges, fresh.id)
            pending.put(fresh, after)
            await self._comes_after(pending, after, now)
            try:
                await self.commit(team, pending)
            except Conflict as conflict:
                log.info("delivery.conflict", team=team.id, delivery=delivery.id, record=conflict.id)
            else:
                return
        raise Conflict(delivery.id)

    async def _comes_after(self, pending: Pending, after: Delivery, now: datetime) -> None:
        """What the end of a message brings with it."""
        if after.state is DeliveryState.PENDING:
            return
        await KINDS[after.kind].ended(pending, after, now)
        if after.state is DeliveryState.SENT and after.posted and after.posted.place.kind is PlaceKind.CHANNEL:
            await found_again(pending, after.posted.place)
