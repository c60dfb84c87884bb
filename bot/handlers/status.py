"""How Rapport is doing, and what to do about messages that did not get through."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated

from msgspec.structs import replace

from bot.calendar import last_digest
from bot.change import Change, Write
from bot.commands import HIDDEN, CommandSpec, Permission, Teller, Word, command
from bot.context import Context, stored
from bot.errors import NotFound
from bot.handlers.earlier import last_change
from bot.handlers.telling import passed_over, reader_of, tell
from bot.model import Delivery, DeliveryKind, DeliveryState, Draft, Nudge, NudgeState, Schedule, shared_id
from bot.reply import Reply
from bot.views.status import GONE, WHAT, Stuck, ago, dropped, goes_out_again, mark_of, outdated, seen_to, too_old
from bot.views.status import status as status_view
from bot.views.words import Reader
from bot.vitals import Vitals

_STUCK = {DeliveryState.UNKNOWN, DeliveryState.FAILED}


def status_of(vitals: Vitals) -> CommandSpec:
    """The status verb, which shows the vitals of the process it runs in."""

    @command(
        "status",
        "How Rapport is doing, and which messages did not get through.",
        group="team",
        permission=Permission.ADMIN,
        examples=("status",),
        writes=False,
    )
    async def status(ctx: Context, *, skip: Annotated[Word | None, HIDDEN] = None) -> Reply:
        """Health, versions, and what is stuck, with the way to have it posted again or dropped."""
        found = sorted(await ctx.store.deliveries_stuck(ctx.team.id), key=lambda one: (one.on, one.id))
        stuck = [await _with_schedule(ctx, one) for one in found]
        passed = passed_over(skip)
        passed = passed if passed < len(stuck) else 0  # they may have gone since the page before was shown
        return status_view(vitals, stuck, await reader_of(ctx), ctx.now, skip=passed)

    return status


def _telling(view: Callable[[Stuck, Reader], Reply]) -> Teller:
    """The answer that a view words, from the message as a Change left it."""

    async def told(ctx: Context, change: Change) -> Reply:
        found = next(iter(stored(change, Delivery)), None)
        if found is None:
            return await tell(ctx, change)
        return view(await _with_schedule(ctx, found), await reader_of(ctx))

    return told


_tell_again, _tell_dropped = _telling(goes_out_again), _telling(dropped)


@command(
    "post_again",
    "Post a message that did not get through.",
    permission=Permission.ADMIN,
    internal=True,
    tells=_tell_again,
    title="Post again",
)
async def post_again(ctx: Context, *, delivery: Word) -> Reply:
    """It is due at once; what it told of is raised again, as far as it is still open."""
    stuck = await _marked(ctx, delivery)
    if stuck.delivery.state not in _STUCK:
        return await _seen_to(ctx, stuck)
    if stuck.delivery.kind is DeliveryKind.DIGEST and stuck.delivery.posted is None and _is_outdated(ctx, stuck):
        return outdated(stuck, await reader_of(ctx))
    if stuck.is_lost:
        return too_old(stuck, await reader_of(ctx))
    again = replace(stuck.delivery, attempts=0, lease_until=None, problem=None, due_at=ctx.now, updated_at=ctx.now)
    if again.posted is not None:  # it should have been taken away
        again = replace(again, state=DeliveryState.SENT, retracted=True)
        return await _tell_again(ctx, await ctx.commit(Write(stuck.delivery, again)))
    again = replace(again, state=DeliveryState.PENDING, nudges=(), place=None, stale=False, retracted=False)
    nudges = await ctx.store.get_all(Nudge, ctx.team.id, stuck.delivery.nudges)
    raised = [
        Write(nudge, replace(nudge, state=NudgeState.RAISED, delivery=None))
        for nudge in nudges
        if nudge.state is NudgeState.SENT and nudge.delivery == again.id
    ]
    return await _tell_again(ctx, await ctx.commit(Write(stuck.delivery, again), *raised))


@command(
    "drop_delivery",
    "Leave a message that did not get through.",
    permission=Permission.ADMIN,
    internal=True,
    tells=_tell_dropped,
    title="Drop",
)
async def drop_delivery(ctx: Context, *, delivery: Word) -> Reply:
    """It is not posted any more, nor shown as stuck."""
    stuck = await _marked(ctx, delivery)
    if stuck.delivery.state not in _STUCK:
        return await _seen_to(ctx, stuck)
    # `retracted`, so for good: a digest of this date must not be put anew when its schedule moves.
    left = replace(
        stuck.delivery, state=DeliveryState.DROPPED, retracted=True, due_at=None, lease_until=None, updated_at=ctx.now
    )
    return await _tell_dropped(ctx, await ctx.commit(Write(stuck.delivery, left)))


def _is_outdated(ctx: Context, stuck: Stuck) -> bool:
    """Whether a digest would not be the latest one any more, or nobody wants any."""
    if stuck.schedule is None:
        return True
    on, _ = last_digest(ctx.team.zone, stuck.schedule.weekdays, stuck.schedule.at, ctx.now)
    return on > stuck.delivery.on


async def _marked(ctx: Context, mark: str) -> Stuck:
    """The message that a button names; one that is not stuck any more is looked for among all that are kept."""
    for asked in (ctx.store.deliveries_stuck, partial(ctx.store.everything, Delivery)):
        found = next((one for one in await asked(ctx.team.id) if mark_of(one.id) == mark), None)
        if found is not None:
            return await _with_schedule(ctx, found)
    raise NotFound(GONE)


async def _with_schedule(ctx: Context, delivery: Delivery) -> Stuck:
    if delivery.kind is DeliveryKind.SHARED and delivery.id == shared_id(delivery.about or ""):
        asked = await ctx.store.get(Draft, ctx.team.id, delivery.about or "")
        return Stuck(delivery, is_lost=asked is None and delivery.posted is None)
    if delivery.kind is not DeliveryKind.DIGEST or delivery.about is None:
        return Stuck(delivery)
    return Stuck(delivery, await ctx.store.get(Schedule, ctx.team.id, delivery.about))


async def _seen_to(ctx: Context, stuck: Stuck) -> Reply:
    """Who was quicker, and what they did, as far as it is remembered."""
    change = await last_change(ctx, stuck.delivery.id, lambda one: one.verb in WHAT)
    reader = await reader_of(ctx)
    if change is None:
        return seen_to(stuck, None, "", "", reader)
    return seen_to(stuck, change.by, ago(change.at, ctx.now), WHAT[change.verb], reader)


HANDLERS: tuple[CommandSpec, ...] = (post_again, drop_delivery)
