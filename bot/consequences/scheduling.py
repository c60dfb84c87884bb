"""What becomes of messages when nudges, members or hours move: put on a day, moved, edited, taken away."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from msgspec.structs import replace

from bot.calendar import next_nudge, start_of, zone_of
from bot.consequences.pending import Pending
from bot.model import Delivery, DeliveryKind, DeliveryState, Member, Nudge, NudgeState, Record, Team, delivery_id

_TAKEN_AWAY = frozenset({DeliveryKind.DIGEST, DeliveryKind.SHARED})
"""Messages that say what was so at one time: drawn anew they would say something else."""


async def mark_stale(pending: Pending, now: datetime) -> None:
    """A message that shows a nudge which has moved is to be edited; one on its way, as soon as it stands."""
    for write in pending.written(Nudge):
        for nudge in (write.before, write.after):
            if not isinstance(nudge, Nudge) or nudge.delivery is None or write.before == write.after:
                continue
            if (delivery := await pending.get(Delivery, nudge.delivery)) is not None and not delivery.stale:
                _touch_up(pending, delivery, replace(delivery, stale=True), now)


async def retract(pending: Pending, deliveries: Iterable[Delivery], now: datetime) -> None:
    """Has taken away what stands of these digests and shared answers, or will: one on its way, as soon as it stands.

    Any other message is drawn anew instead, without who is not on the roster any more, and goes only where nobody is
    left in it. What waits is composed afresh before it is sent and needs no help; nor can any be given to what nobody
    can tell the address of.
    """
    for id in dict.fromkeys(delivery.id for delivery in deliveries):
        if (delivery := await pending.get(Delivery, id)) is not None:
            mark = {"retracted": True} if delivery.kind in _TAKEN_AWAY else {"stale": True}
            _touch_up(pending, delivery, replace(delivery, **mark), now)


def _touch_up(pending: Pending, delivery: Delivery, marked: Delivery, now: datetime) -> None:
    """Puts a mark on a message that stands, or will, so that the courier looks at it."""
    if delivery == marked:
        return
    if delivery.state is DeliveryState.SENT and delivery.lease_until is None:
        pending.put(delivery, replace(marked, due_at=now, updated_at=now))
    elif delivery.state in {DeliveryState.SENT, DeliveryState.SENDING}:
        # Somebody is at it, and will see the mark when done; after a crash it is due when the lease runs out.
        pending.put(delivery, replace(marked, updated_at=now))


async def schedule(pending: Pending, now: datetime) -> None:
    """Every raised nudge has a message to go out with: of its member's next working day on which it may be told."""
    waiting = [write.after for write in pending.written(Nudge) if isinstance(write.after, Nudge)]
    for write in pending.written(Member):
        if _may_be_nudged(write.after) and not _may_be_nudged(write.before):
            raised = await pending.store.nudges_raised(pending.team.id, write.id)
            waiting += [nudge for nudge in raised if not pending.writes_to(nudge.id)]
    await schedule_nudges(pending, waiting, now)


async def schedule_nudges(pending: Pending, nudges: Iterable[Nudge], now: datetime) -> None:
    """Puts the messages in which these nudges can go out, of those that are raised and in no message yet."""
    days: dict[str | None, set[date]] = {}
    for nudge in nudges:
        if nudge.state is NudgeState.RAISED and nudge.delivery is None:
            days.setdefault(nudge.member, set()).add(nudge.on or date.min)
    for recipient in sorted(days, key=str):
        member = await pending.get(Member, recipient) if recipient else None
        if recipient is not None and member is None:
            continue
        zone = zone_of(pending.team, member)
        for after in sorted({now if on == date.min else max(now, start_of(on, zone)) for on in days[recipient]}):
            await schedule_delivery(pending, member, after=after, now=now)


async def retime(pending: Pending, now: datetime) -> None:
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
        if delivery.kind is not DeliveryKind.NUDGES or delivery.state is not DeliveryState.PENDING:
            continue
        if delivery.attempts or pending.writes_to(delivery.id):
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
