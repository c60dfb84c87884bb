"""What every Change brings with it: standings recomputed, nudges that are over, messages to send and to edit.

All of it joins the Change that caused it, so that derived records are never behind their sources, after a crash and
after an undo either.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime

import structlog
from msgspec.structs import replace

from bot.change import Change, Write, by_the_clock
from bot.clock import NewId
from bot.concerns import Concern, concerns, holds, is_ended, is_gesture
from bot.consequences.digests import follow_zone, put_next_digest, schedule_digests
from bot.consequences.pending import Pending
from bot.consequences.scheduling import mark_stale, retime, retract, schedule, schedule_delivery, schedule_nudges
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
    Promise,
    Record,
    Standing,
    Team,
    Touchpoint,
    standing_id,
)
from bot.standing import Book, reckon
from bot.store_port import Store

log = structlog.get_logger()

BATCH = 200
"""Standings recomputed in one commit when a setting of the team moves."""

BREATH = 50
"""Standings recomputed before others get their turn."""


async def with_consequences(
    store: Store,
    team: Team,
    writes: Iterable[Write],
    *,
    now: datetime,
    by: str | None,
    influencers: Iterable[str] = (),
) -> Pending:
    """The writes with everything that follows from them, and the reads that the Change which makes them must name.

    Costs what there is about the influencers they touch. `influencers` are looked at again although nothing is written
    about them: time alone has moved their standing. With an influencer who is removed goes all that is about them.
    Raises Conflict where something is kept about somebody who is gone.
    """
    pending = Pending(store, team, writes)
    for index, influencer in enumerate(dict.fromkeys((*_touched(pending), *influencers)), start=1):
        await _restand(pending, influencer, now=now, by=by)
        if index % BREATH == 0:
            await asyncio.sleep(0)  # a large import must not keep others waiting; the commit checks what they changed
    await mark_stale(pending, now)
    await schedule(pending, now)
    await retime(pending, now)
    await schedule_digests(pending, now)
    return pending


async def stand(store: Store, team: Team, influencer: Influencer, now: datetime) -> Standing:
    """The Standing of an influencer as it is at this moment; the stored one may be behind where `due_at` has come."""
    known = await store.get(Standing, team.id, standing_id(influencer.id))
    if known is not None and (known.due_at is None or known.due_at > now):
        return known
    return reckon(team, await book_of(store, team.id, influencer), now=now, before=known)


async def book_of(store: Store, team: str, influencer: Influencer) -> Book:
    """All that is kept about an influencer, who is given as they were read."""
    return Book(
        influencer,
        await store.touchpoints(team, influencer.id),
        await store.promises(team, influencer.id),
        await store.occasions(team, influencer.id),
        await store.nudges_of(team, influencer.id),
    )


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
            pending = await with_consequences(store, team, (), now=now, by=None, influencers=batch)
            if pending.writes:
                await store.commit(_restanding(pending, now, new_id))
                changed += sum(isinstance(write.record, Standing) for write in pending.writes)
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
        pending = Pending(store, fresh, [Write(fresh, replace(fresh, restanding=False))])
        await follow_zone(pending, now)
        await store.commit(_restanding(pending, now, new_id))
    return changed


def _restanding(pending: Pending, now: datetime, new_id: NewId) -> Change:
    return by_the_clock("restand", pending.team.id, pending.writes, pending.reads, now=now, new_id=new_id)


def _touched(pending: Pending) -> list[str]:
    """The influencers whose standing may move, in the order they are written."""
    found: dict[str, None] = {}
    for write in pending.writes:
        for record in (write.before, write.after):  # a touchpoint may move from one influencer to another
            if isinstance(record, Influencer):
                found[record.id] = None
            elif isinstance(record, (Touchpoint, Promise, Occasion, Nudge)):
                found[record.influencer] = None
    return list(found)


async def _restand(pending: Pending, influencer_id: str, *, now: datetime, by: str | None) -> None:
    store, team = pending.store, pending.team
    before = await store.get(Standing, team.id, standing_id(influencer_id))
    influencer = await pending.get(Influencer, influencer_id)
    nudges = pending.over(Nudge, await store.nudges_of(team.id, influencer_id), influencer_id)
    touches = pending.over(Touchpoint, await store.touchpoints(team.id, influencer_id), influencer_id)
    promises = pending.over(Promise, await store.promises(team.id, influencer_id), influencer_id)
    occasions = pending.over(Occasion, await store.occasions(team.id, influencer_id), influencer_id)
    if influencer is None:
        sources = (*touches, *promises, *occasions)
        _remove_all(pending, influencer_id, sources, (*nudges, *filter(None, [before])))
        return
    book = Book(influencer, touches, promises, occasions, nudges)
    after = reckon(team, book, now=now, before=before)
    if nudges:
        recipient = await recipient_of(pending, influencer.owner)
        moved = await _move_nudges(pending, nudges, touches, concerns(team, after), recipient, now=now, by=by)
        if moved:
            nudges = [kept for nudge in nudges if (kept := moved.get(nudge.id, nudge)) is not None]
            after = reckon(team, replace(book, nudges=nudges), now=now, before=before)
    pending.put(before, after)


def _remove_all(pending: Pending, influencer: str, kept: Iterable[Record], derived: Iterable[Record]) -> None:
    """Takes away what was about somebody who is on the roster no more; an undo of the Change brings it back with them.

    Conflict where the Change itself keeps something about them: whoever decided on it still saw them there. So it is
    where they are merged into somebody and something about them is left over: it came while that was decided.
    """
    left_over = list(kept)
    if any(pending.writes_to(record.id) for record in left_over) or (left_over and _is_merged(pending, influencer)):
        raise Conflict(influencer)
    for record in left_over:
        pending.put(record, None)
    for record in derived:
        pending.put(record, None)


def _is_merged(pending: Pending, influencer: str) -> bool:
    people = (write.after for write in pending.written(Influencer))
    return any(isinstance(one, Influencer) and influencer in one.merged for one in people)


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
    holding = {concern.key: concern for concern in open_concerns if holds(concern, now)}
    moved: dict[str, Nudge | None] = {}
    for nudge in nudges:
        if not nudge.is_open:
            if nudge.id in holding and not is_ended(nudge, past):
                moved[nudge.id] = await _reopened(pending, nudge, holding[nudge.id], recipient)
            continue
        reached_out = _is_logged(pending, nudge, now)
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


async def _reopened(pending: Pending, nudge: Nudge, concern: Concern, recipient: str | None) -> Nudge:
    """A closed nudge as it is when its reason holds again: in the message it stands in, else raised anew.

    A reason that was put off, by a snooze, and begins to hold later is news, and not for the old message to say.
    """
    raised = replace(
        nudge,
        state=NudgeState.RAISED,
        member=recipient,
        on=concern.on,
        delivery=None,
        closed_by=None,
        closed_at=None,
    )
    is_news = nudge.closed_at is not None and nudge.closed_at < concern.at
    if nudge.delivery is None or nudge.member != recipient or is_news:
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
    """Whether the Change logs a touchpoint in the silence that a nudge is about, or a give where it is an occasion.

    Of what waits for an answer, and of a promise, something else than a log has to say that it is done.
    """
    if nudge.reason not in {NudgeReason.QUIET, NudgeReason.OCCASION}:
        return False
    if any(write.id == nudge.id and write.before is None for write in pending.written_about(Nudge, nudge.influencer)):
        return False  # restored from a team file together with its touchpoints, none of which dealt with it
    zone = pending.team.zone
    return any(
        isinstance(touch := write.after, Touchpoint)
        and write.before is None
        and touch.influencer == nudge.influencer
        and not touch.automatic
        and touch.day(zone) <= now.astimezone(zone).date()
        and (is_gesture(touch) if nudge.reason is NudgeReason.OCCASION else nudge.since <= touch.day(zone))
        for write in pending.written_about(Touchpoint, nudge.influencer)
    )


__all__ = [
    "BATCH",
    "Pending",
    "book_of",
    "put_next_digest",
    "recipient_of",
    "restand",
    "retract",
    "schedule_delivery",
    "schedule_nudges",
    "stand",
    "with_consequences",
]
