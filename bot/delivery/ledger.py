"""The ledger of deliveries: every step from one state to the next, each one commit that only one replica can make."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import structlog
from msgspec.structs import replace

from bot.address import Place, Posted
from bot.change import Change, Write
from bot.clock import Clock, NewId
from bot.consequences import Pending, relied_on, schedule_delivery, with_consequences
from bot.delivery.backoff import ATTEMPTS, wait
from bot.delivery.timing import Later
from bot.errors import Conflict, NotPosted
from bot.model import Delivery, DeliveryState, Member, Nudge, NudgeState, Team, delivery_id
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

    async def claim(self, team: Team, delivery: Delivery, carried: Iterable[str], place: Place) -> Delivery:
        """Takes hold of a delivery for one attempt at one place; Conflict, too, where one of its nudges has moved.

        Going on to the next place after the first was lost is the same attempt.
        """
        now, going_on = self._clock(), delivery.state is DeliveryState.SENDING and delivery.place != place
        wanted = tuple(carried)
        nudges = await self._store.get_all(Nudge, team.id, wanted)
        free = [n for n in nudges if n.state is NudgeState.RAISED and n.delivery in {None, delivery.id}]
        if len(free) < len(wanted):
            raise Conflict(delivery.id)
        claimed = replace(
            delivery,
            state=DeliveryState.SENDING,
            place=place,
            nudges=tuple(nudge.id for nudge in nudges),
            attempts=delivery.attempts if going_on else delivery.attempts + 1,
            lease_until=now + LEASE,
            due_at=now + LEASE,
            stale=False,
            updated_at=now,
        )
        pending = Pending(self._store, team, [Write(delivery, claimed)])
        for nudge in nudges:
            pending.put(nudge, replace(nudge, delivery=delivery.id))
        await self._release(pending, set(delivery.nudges) - set(claimed.nudges), delivery.id)
        return await self._step(team, pending, delivery.id)

    async def sent(self, team: Team, delivery: Delivery, posted: Posted) -> None:
        """It stands. What has moved since it was composed is edited next; what it left out goes out another day."""

        def stands(fresh: Delivery) -> Delivery:
            return replace(fresh, state=DeliveryState.SENT, posted=posted, attempts=0, problem=None)

        await self._settle(team, delivery, stands, carried=True)
        log.info("nudge.posted", team=team.id, delivery=delivery.id, nudges=len(delivery.nudges))

    async def unknown(self, team: Team, delivery: Delivery, problem: str) -> None:
        """Nobody can tell whether it stands: it is not posted again, nor are its nudges."""

        def lost(fresh: Delivery) -> Delivery:
            return replace(fresh, state=DeliveryState.UNKNOWN, problem=problem)

        await self._settle(team, delivery, lost, carried=True)
        log.warning("delivery.unknown", team=team.id, delivery=delivery.id)

    async def failed(self, team: Team, delivery: Delivery, problem: str) -> None:
        """It is given up. Its nudges stay raised and go out with the message of the next working day."""

        def given_up(fresh: Delivery) -> Delivery:
            return replace(fresh, state=DeliveryState.FAILED, problem=problem)

        await self._settle(team, delivery, given_up, carried=False)
        log.error("delivery.failed", team=team.id, delivery=delivery.id, problem=problem)

    async def not_posted(self, team: Team, delivery: Delivery, error: NotPosted) -> None:
        """It surely does not stand: again after a while, unless that is hopeless."""
        if error.retry_after is None or delivery.attempts >= ATTEMPTS:
            return await self.failed(team, delivery, str(error))
        again = self._clock() + wait(delivery.id, delivery.attempts, error.retry_after)

        def waits(fresh: Delivery) -> Delivery:
            return replace(fresh, state=DeliveryState.PENDING, due_at=again, nudges=(), place=None, problem=str(error))

        await self._settle(team, delivery, waits, carried=False)
        log.info("delivery.retried", team=team.id, delivery=delivery.id, attempt=delivery.attempts)

    async def look_again(self, team: Team, delivery: Delivery, problem: str, attempts: int = 0) -> None:
        """What became of it can't be told yet: the claim is held, and it is looked up once more when that runs out."""
        again = self._clock() + wait(delivery.id, delivery.attempts + attempts)
        held = replace(
            delivery, lease_until=again, due_at=again, attempts=delivery.attempts + attempts, problem=problem
        )
        await self.step(team, Write(delivery, held))

    async def dropped(self, team: Team, delivery: Delivery) -> None:
        """There is nothing to say."""
        await self.commit(team, await self._dropping(team, delivery))

    async def moved(self, team: Team, member: Member | None, delivery: Delivery, later: Later) -> None:
        """Becomes the message of another hour or day, where that day has none of its own yet."""
        now = self._clock()
        if later.day == delivery.on:
            waits = replace(delivery, state=DeliveryState.PENDING, due_at=later.moment, lease_until=None, place=None)
            pending = Pending(self._store, team, [Write(delivery, waits)])
            await self._release(pending, delivery.nudges, delivery.id)
            await self.commit(team, pending)
            return
        pending = await self._dropping(team, delivery)
        of_that_day = delivery_id(delivery.member or team.id, later.day)
        known = await self._store.get(Delivery, team.id, of_that_day)
        if known is None:
            fresh = Delivery(
                id=of_that_day,
                team=team.id,
                member=delivery.member,
                on=later.day,
                due_at=later.moment,
                attempts=delivery.attempts,
                problem=delivery.problem,
                updated_at=now,
            )
            pending.put(None, fresh)
        elif known.state is not DeliveryState.PENDING:
            await schedule_delivery(pending, member, after=max(now, later.moment), now=now)
        await self.commit(team, pending)

    async def given_to_team(self, team: Team, delivery: Delivery) -> None:
        """Its member has left: the nudges are the team's now."""
        now = self._clock()
        pending = await self._dropping(team, delivery)
        for nudge in await self._store.nudges_raised(team.id, delivery.member):
            pending.put(nudge, replace(nudge, member=None, delivery=None))
        await schedule_delivery(pending, None, after=now, now=now)
        await self.commit(team, pending)

    async def withdraw(self, team: Team, influencers: Iterable[str]) -> None:
        """Looks again at relationships whose raised nudges don't hold any more."""
        now = self._clock()
        writes = await with_consequences(self._store, team, (), now=now, by=None, influencers=influencers)
        if writes:
            await self.commit(team, Pending(self._store, team, writes))

    async def settled(self, team: Team, delivery: Delivery) -> None:
        """Nothing is left to do for a delivery that has come to its end."""
        await self.commit(team, Pending(self._store, team, [Write(delivery, replace(delivery, due_at=None))]))

    def now(self) -> datetime:
        """The present instant."""
        return self._clock()

    async def step(self, team: Team, write: Write) -> Delivery:
        """Writes one delivery and nothing else, and answers with it as stored."""
        return await self._step(team, Pending(self._store, team, [write]), write.id)

    async def fresh(self, delivery: Delivery) -> Delivery | None:
        """A delivery as it is stored now."""
        return await self._store.get(Delivery, delivery.team, delivery.id)

    async def commit(self, team: Team, pending: Pending) -> Change:
        """Makes a step durable and answers with it as stored."""
        change = Change(
            id=self._new_id("chg"),
            team=team.id,
            at=self._clock(),
            by=None,
            verb="deliver",
            writes=pending.writes,
            reads=relied_on(team, pending.writes),
        )
        return await self._store.commit(change)

    async def _step(self, team: Team, pending: Pending, delivery: str) -> Delivery:
        change = await self.commit(team, pending)
        return next(
            write.after for write in change.writes if write.id == delivery and isinstance(write.after, Delivery)
        )

    async def _settle(
        self, team: Team, delivery: Delivery, step: Callable[[Delivery], Delivery], *, carried: bool
    ) -> None:
        """Ends an attempt. `carried`: its nudges count as sent; else they wait for another message."""
        for _ in range(SETTLE_TRIES):
            fresh, now = await self.fresh(delivery), self._clock()
            if fresh is None or fresh.state is not delivery.state:
                return  # another replica took it for dead and has ended it
            # Its settings may have moved while the platform took its time.
            team = await self._store.get(Team, team.id, team.id) or team
            after = step(replace(fresh, lease_until=None, due_at=None, stale=False, updated_at=now))
            pending = Pending(self._store, team, ())
            if carried:
                moved = await self._carry(pending, fresh)
                if after.state is DeliveryState.SENT and (moved or fresh.stale):
                    after = replace(after, stale=True, due_at=now)
            else:
                await self._release(pending, fresh.nudges, fresh.id)
            pending.put(fresh, after)
            if after.state is not DeliveryState.PENDING:
                await self._schedule_the_rest(pending, fresh)
            try:
                await self.commit(team, pending)
            except Conflict as conflict:
                log.info("delivery.conflict", team=team.id, delivery=delivery.id, record=conflict.id)
            else:
                return
        raise Conflict(delivery.id)

    async def _carry(self, pending: Pending, delivery: Delivery) -> bool:
        """Marks the nudges of a message as sent, and says whether one of them has moved meanwhile."""
        moved = False
        for nudge in await self._store.get_all(Nudge, delivery.team, delivery.nudges):
            if nudge.state is NudgeState.RAISED and nudge.delivery == delivery.id:
                pending.put(nudge, replace(nudge, state=NudgeState.SENT))
            else:
                moved = True
        return moved

    async def _release(self, pending: Pending, nudges: Iterable[str], delivery: str) -> None:
        """Lets go of nudges that a message held and did not bring out."""
        for nudge in await self._store.get_all(Nudge, pending.team.id, tuple(nudges)):
            if nudge.state is NudgeState.RAISED and nudge.delivery == delivery:
                pending.put(nudge, replace(nudge, delivery=None))

    async def _schedule_the_rest(self, pending: Pending, delivery: Delivery) -> None:
        """What is still raised goes out with the message of the next working day."""
        team, now = pending.team, self._clock()
        raised = [
            await pending.get(Nudge, nudge.id) for nudge in await self._store.nudges_raised(team.id, delivery.member)
        ]
        if not any(nudge and nudge.state is NudgeState.RAISED and nudge.delivery is None for nudge in raised):
            return
        member = await pending.get(Member, delivery.member) if delivery.member else None
        if member is not None or delivery.member is None:
            await schedule_delivery(pending, member, after=now, now=now)

    async def _dropping(self, team: Team, delivery: Delivery) -> Pending:
        dropped = replace(
            delivery, state=DeliveryState.DROPPED, due_at=None, lease_until=None, updated_at=self._clock()
        )
        pending = Pending(self._store, team, [Write(delivery, dropped)])
        await self._release(pending, delivery.nudges, delivery.id)
        return pending
