"""What every Change brings with it: standings recomputed, nudges that are over, messages to send and to edit.

All of it joins the Change that caused it, so that derived records are never behind their sources, after a crash and
after an undo either.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

import structlog
from msgspec.structs import replace

from bot.calendar import next_nudge, start_of, zone_of
from bot.change import Change, Write
from bot.clock import NewId
from bot.errors import Conflict, StoreFailed
from bot.model import (
    Delivery,
    DeliveryState,
    Influencer,
    Member,
    Nudge,
    NudgeReason,
    NudgeState,
    Occasion,
    Record,
    Standing,
    Team,
    Touchpoint,
    delivery_id,
    standing_id,
)
from bot.standing import Concern, concerns, holds, is_ended, reckon
from bot.store_port import Store

R = TypeVar("R", bound=Record)

log = structlog.get_logger()

BATCH = 200
"""Standings recomputed in one commit when a setting of the team moves."""

BREATH = 50
"""Standings recomputed before others get their turn."""


class Pending:
    """The writes of a Change in the making, and the store as it will be once they are in."""

    def __init__(self, store: Store, team: Team, writes: Iterable[Write]) -> None:
        """`team` is the Team as it will be; a record stands in one write only, else ValueError."""
        self.store = store
        self.team = team
        self._writes: dict[str, Write] = {}
        self._about: defaultdict[str, dict[str, None]] = defaultdict(dict)
        for write in writes:
            if write.id in self._writes:
                raise ValueError(f"{write.id} is written twice in one Change")
            self._keep(write)

    @property
    def writes(self) -> tuple[Write, ...]:
        """All writes so far, without those that change nothing."""
        return tuple(write for write in self._writes.values() if write.before != write.after)

    def writes_to(self, record: str) -> bool:
        """Whether the Change has a write for the record of this id."""
        return record in self._writes

    def put(self, before: Record | None, after: Record | None) -> None:
        """Adds a write; where the record is written already, its first `before` stays."""
        write = Write(before, after)
        known = self._writes.get(write.id)
        if known is not None and known.before is None and after is None:
            del self._writes[write.id]  # made and taken back within the Change
            return
        self._keep(Write(known.before, after) if known else write)

    def _keep(self, write: Write) -> None:
        """Keeps a write, and known by the influencers it is about: an import has a hundred thousand of them."""
        self._writes[write.id] = write
        for record in (write.before, write.after):
            if isinstance(influencer := getattr(record, "influencer", None), str):
                self._about[influencer][write.id] = None

    async def get(self, kind: type[R], record: str) -> R | None:
        """One record as it will be."""
        if (write := self._writes.get(record)) is not None:
            return write.after if isinstance(write.after, kind) else None
        return await self.store.get(kind, self.team.id, record)

    def over(self, kind: type[R], stored: Sequence[R], influencer: str) -> list[R]:
        """Stored records of one influencer as they will be, in no particular order."""
        found = {record.id: record for record in stored}
        for write in self.written_about(kind, influencer):
            found.pop(write.id, None)
            if isinstance(write.after, kind) and getattr(write.after, "influencer", None) == influencer:
                found[write.id] = write.after
        return list(found.values())

    def written_about(self, kind: type[R], influencer: str) -> list[Write]:
        """The writes to records of one kind that are, or were, about one influencer."""
        writes = [self._writes[id] for id in self._about.get(influencer, ()) if id in self._writes]
        return [write for write in writes if isinstance(write.record, kind)]

    def written(self, kind: type[R]) -> list[Write]:
        """The writes to records of one kind."""
        return [write for write in self._writes.values() if isinstance(write.record, kind)]


async def with_consequences(
    store: Store,
    team: Team,
    writes: Iterable[Write],
    *,
    now: datetime,
    by: str | None,
    influencers: Iterable[str] = (),
) -> tuple[Write, ...]:
    """The writes and everything that follows from them. Costs what there is about the influencers they touch.

    `influencers` are looked at again although nothing is written about them: time alone has moved their standing. With
    an influencer who is removed goes all that is about them. Raises Conflict where something is kept about somebody who
    is gone.
    """
    pending = Pending(store, team, writes)
    for index, influencer in enumerate(dict.fromkeys((*_touched(pending), *influencers)), start=1):
        await _restand(pending, influencer, now=now, by=by)
        if index % BREATH == 0:
            await asyncio.sleep(0)  # a large import must not keep others waiting; the commit checks what they changed
    await _mark_stale(pending, now)
    await _schedule(pending, now)
    await _retime(pending, now)
    return pending.writes


def relied_on(team: Team, writes: Iterable[Write]) -> tuple[tuple[str, int], ...]:
    """The `reads` of a Change with these writes: what is derived goes by the settings of the team.

    Without them a Change that was decided while a setting moved would keep standings by the old one.
    """
    records = [write.record for write in writes]
    if any(isinstance(record, Team) for record in records):
        return ()  # written, and so checked
    return ((team.id, team.version),) if any(isinstance(record, (Standing, Nudge)) for record in records) else ()


async def stand(store: Store, team: Team, influencer: Influencer, now: datetime) -> Standing:
    """The Standing of an influencer as it is at this moment; the stored one may be behind where `due_at` has come."""
    known = await store.get(Standing, team.id, standing_id(influencer.id))
    if known is not None and (known.due_at is None or known.due_at > now):
        return known
    touches = await store.touchpoints(team.id, influencer.id)
    return reckon(team, influencer, touches, await store.nudges_of(team.id, influencer.id), now=now, before=known)


async def recipient_of(pending: Pending, owner: str | None) -> str | None:
    """Whom nudges of a relationship are for: its owner, or the team where nobody answers for it any more."""
    member = await pending.get(Member, owner) if owner else None
    return member.id if member is not None and member.left_at is None else None


async def restand(store: Store, team: Team, *, now: datetime, new_id: NewId) -> int:
    """Recomputes the standings of a whole team in batches, then clears its `restanding`; says how many changed.

    Killed in the middle it is simply run again. A batch that meets a concurrent change is left for the next run, and
    the mark stays; so is one that goes wrong. `team` is the Team as it is stored. Raises StoreFailed.
    """
    changed, complete = 0, True
    influencers = await store.everything(Influencer, team.id)
    for start in range(0, len(influencers), BATCH):
        batch = [influencer.id for influencer in influencers[start : start + BATCH]]
        try:
            writes = await with_consequences(store, team, (), now=now, by=None, influencers=batch)
            if writes:
                await store.commit(_by_the_clock(team, "restand", writes, now, new_id))
                changed += sum(isinstance(write.record, Standing) for write in writes)
        except Conflict as conflict:
            complete = False
            log.info("restand.conflict", team=team.id, record=conflict.id)
            if conflict.id == team.id:
                break  # its settings have moved again: what is left would be recomputed by the old ones
        except StoreFailed:
            raise
        except Exception:  # one relationship that can't be recomputed must not hold up the team's others
            complete = False
            log.exception("restand.broken", team=team.id)
    fresh = await store.get(Team, team.id, team.id)
    if complete and fresh is not None and fresh.restanding and fresh.version == team.version:
        done = Write(fresh, replace(fresh, restanding=False))
        await store.commit(_by_the_clock(team, "restand", (done,), now, new_id))
    return changed


def _by_the_clock(team: Team, verb: str, writes: tuple[Write, ...], now: datetime, new_id: NewId) -> Change:
    reads = relied_on(team, writes)
    return Change(id=new_id("chg"), team=team.id, at=now, by=None, verb=verb, writes=writes, reads=reads)


def _touched(pending: Pending) -> list[str]:
    """The influencers whose standing may move, in the order they are written."""
    found: dict[str, None] = {}
    for write in pending.writes:
        for record in (write.before, write.after):  # a touchpoint may move from one influencer to another
            if isinstance(record, Influencer):
                found[record.id] = None
            elif isinstance(record, (Touchpoint, Nudge)):
                found[record.influencer] = None
    return list(found)


async def _restand(pending: Pending, influencer_id: str, *, now: datetime, by: str | None) -> None:
    store, team = pending.store, pending.team
    before = await store.get(Standing, team.id, standing_id(influencer_id))
    influencer = await pending.get(Influencer, influencer_id)
    nudges = pending.over(Nudge, await store.nudges_of(team.id, influencer_id), influencer_id)
    touches = pending.over(Touchpoint, await store.touchpoints(team.id, influencer_id), influencer_id)
    if influencer is None:
        occasions = pending.over(Occasion, await store.occasions(team.id, influencer_id), influencer_id)
        _remove_all(pending, influencer_id, (*touches, *occasions), (*nudges, *filter(None, [before])))
        return
    after = reckon(team, influencer, touches, nudges, now=now, before=before)
    recipient = await recipient_of(pending, influencer.owner)
    if moved := await _move_nudges(pending, nudges, touches, concerns(team, after), recipient, now=now, by=by):
        nudges = [kept for nudge in nudges if (kept := moved.get(nudge.id, nudge)) is not None]
        after = reckon(team, influencer, touches, nudges, now=now, before=before)
    pending.put(before, after)


def _remove_all(pending: Pending, influencer: str, kept: Iterable[Record], derived: Iterable[Record]) -> None:
    """Takes away what was about somebody who is on the roster no more; an undo of the Change brings it back with them.

    Conflict where the Change itself keeps something about them: whoever decided on it still saw them there.
    """
    for record in kept:
        if pending.writes_to(record.id):
            raise Conflict(influencer)
        pending.put(record, None)
    for record in derived:
        pending.put(record, None)


async def _move_nudges(
    pending: Pending,
    nudges: Sequence[Nudge],
    touches: Sequence[Touchpoint],
    open_concerns: Sequence[Concern],
    recipient: str | None,
    *,
    now: datetime,
    by: str | None,
) -> dict[str, Nudge | None]:
    """Open nudges whose reason is gone are withdrawn (unsent) or over (sent); the others follow the owner.

    One that stands in a message, or in one that is on its way, is never withdrawn: the message has to say what came of
    it. Nor is one that a log has cancelled although the silence goes on (QUIET: a third outbound touchpoint without an
    answer), or it would be raised again. One whose ending was taken back, a log by mistake say, is open again.
    """
    zone = pending.team.zone
    today = now.astimezone(zone).date()
    past = [(day, touch) for touch in touches if (day := touch.day(zone)) <= today]
    holding = {concern.key for concern in open_concerns if holds(concern, now)}
    moved: dict[str, Nudge | None] = {}
    for nudge in nudges:
        if not nudge.is_open:
            if nudge.id in holding and not is_ended(nudge, past):
                moved[nudge.id] = await _reopened(pending, nudge, recipient)
            continue
        reached_out = nudge.reason is NudgeReason.QUIET and _is_logged(pending, nudge, now)
        if nudge.id not in holding or reached_out:
            over = replace(nudge, state=NudgeState.OVER, closed_by=by, closed_at=now)
            kept = nudge.delivery is not None or (reached_out and nudge.id in holding)
            moved[nudge.id] = over if kept else None
        elif nudge.member != recipient:
            moved[nudge.id] = replace(nudge, member=recipient, state=NudgeState.RAISED, delivery=None)
    for nudge in nudges:
        if nudge.id in moved:
            pending.put(nudge, moved[nudge.id])
    return moved


async def _reopened(pending: Pending, nudge: Nudge, recipient: str | None) -> Nudge:
    """A closed nudge as it is when its reason holds again: in the message it stands in, else raised anew."""
    raised = replace(nudge, state=NudgeState.RAISED, member=recipient, delivery=None, closed_by=None, closed_at=None)
    if nudge.delivery is None or nudge.member != recipient:
        return raised
    delivery = await pending.get(Delivery, nudge.delivery)
    if delivery is None or nudge.id not in delivery.nudges:
        return raised
    if delivery.state is DeliveryState.SENDING:
        return replace(raised, delivery=delivery.id)  # counts as sent when the message stands, is let go of if not
    if delivery.state in {DeliveryState.SENT, DeliveryState.UNKNOWN}:
        return replace(raised, delivery=delivery.id, state=NudgeState.SENT)
    return raised


def _is_logged(pending: Pending, nudge: Nudge, now: datetime) -> bool:
    """Whether the Change logs a touchpoint in the silence that a nudge is about."""
    if any(write.id == nudge.id and write.before is None for write in pending.written_about(Nudge, nudge.influencer)):
        return False  # restored from a team file together with its touchpoints, none of which dealt with it
    zone = pending.team.zone
    return any(
        isinstance(touch := write.after, Touchpoint)
        and write.before is None
        and touch.influencer == nudge.influencer
        and not touch.automatic
        and nudge.since <= touch.day(zone) <= now.astimezone(zone).date()
        for write in pending.written_about(Touchpoint, nudge.influencer)
    )


async def _mark_stale(pending: Pending, now: datetime) -> None:
    """A message that shows a nudge which has moved is to be edited; one on its way, as soon as it stands."""
    for write in pending.written(Nudge):
        for nudge in (write.before, write.after):
            if not isinstance(nudge, Nudge) or nudge.delivery is None or write.before == write.after:
                continue
            delivery = await pending.get(Delivery, nudge.delivery)
            if delivery is None or delivery.stale:
                continue
            if delivery.state is DeliveryState.SENT and delivery.lease_until is None:
                pending.put(delivery, replace(delivery, stale=True, due_at=now, updated_at=now))
            elif delivery.state in {DeliveryState.SENT, DeliveryState.SENDING}:
                # Somebody is at it, and will see the mark when done; after a crash it is due when the lease runs out.
                pending.put(delivery, replace(delivery, stale=True, updated_at=now))


async def _schedule(pending: Pending, now: datetime) -> None:
    """Every raised nudge has a message of its member's next working day to go out with."""
    recipients = {
        write.after.member
        for write in pending.written(Nudge)
        if isinstance(write.after, Nudge) and write.after.state is NudgeState.RAISED and write.after.delivery is None
    }
    for write in pending.written(Member):
        if _may_be_nudged(write.after) and not _may_be_nudged(write.before):
            recipients |= {nudge.member for nudge in await pending.store.nudges_raised(pending.team.id, write.id)}
    for recipient in sorted(recipients, key=str):
        member = await pending.get(Member, recipient) if recipient else None
        await schedule_delivery(pending, member, after=now, now=now)


async def _retime(pending: Pending, now: datetime) -> None:
    """A message that waits follows the nudge hour and the zone of its reader where they move, earlier as well as later.

    It stays that of its date, and goes out at once where the hour has passed. One that was tried already waits for its
    next attempt. Costs what deliveries the team has, when an hour or a zone moves.
    """
    moved = {write.id for write in pending.written(Member) if _hours(write.before) != _hours(write.after)}
    whole_team = any(_hours(write.before) != _hours(write.after) for write in pending.written(Team))
    if not moved and not whole_team:
        return
    team = pending.team
    for delivery in await pending.store.everything(Delivery, team.id):
        if delivery.state is not DeliveryState.PENDING or delivery.attempts or pending.writes_to(delivery.id):
            continue
        if whole_team or delivery.member in moved:
            member = await pending.get(Member, delivery.member) if delivery.member else None
            day, moment = next_nudge(team, member, start_of(delivery.on, zone_of(team, member)))
            due_at = max(moment, now)
            if day == delivery.on and due_at != delivery.due_at:
                pending.put(delivery, replace(delivery, due_at=due_at, updated_at=now))


def _hours(record: Record | None) -> tuple[object, ...] | None:
    """What the nudge hour of a member or of a team goes by; `None` where there was none or is none."""
    if isinstance(record, Member):
        return record.nudge_hour, record.timezone, record.seen_zone
    return (record.nudge_hour, record.timezone) if isinstance(record, Team) else None


def _may_be_nudged(member: Record | None) -> bool:
    return isinstance(member, Member) and member.nudges and member.left_at is None


async def schedule_delivery(pending: Pending, member: Member | None, *, after: datetime, now: datetime) -> None:
    """Puts a message of nudges for a member (`None`: the team) on the first day from `after` that has none yet.

    One message a day: a day whose message has gone out, or is going out just now and may be composed already, is
    passed over. Nothing is put for a member who left or wants no nudges; the nudges stay raised and are in `due`.
    """
    if member is not None and not _may_be_nudged(member):
        return
    team = pending.team
    for _ in range(14):
        day, moment = next_nudge(team, member, after)
        key = delivery_id(member.id if member else team.id, day)
        known = await pending.get(Delivery, key)
        if known is None:
            pending.put(
                None,
                Delivery(
                    id=key,
                    team=team.id,
                    member=member.id if member else None,
                    on=day,
                    due_at=moment,
                    updated_at=now,
                ),
            )
            return
        if known.state is DeliveryState.PENDING:
            return
        after = start_of(day + timedelta(days=1), zone_of(team, member))


__all__ = [
    "BATCH",
    "Pending",
    "recipient_of",
    "relied_on",
    "restand",
    "schedule_delivery",
    "stand",
    "with_consequences",
]
