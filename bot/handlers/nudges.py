"""The verbs behind the buttons of a nudge; each acts once, and says so where a colleague was quicker."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import Annotated

from msgspec.structs import replace

from bot.change import Change, Write, created
from bot.commands import HIDDEN, CommandSpec, Teammate, Word, command
from bot.context import Context, stored
from bot.endings import RECENT, EndedNudge, Ending, ending_of
from bot.errors import NotFound
from bot.forms import ask
from bot.handlers.earlier import last_change, moves_owner
from bot.handlers.telling import as_typed, needed, reader_of, tell
from bot.handlers.touchpoints import log
from bot.model import (
    Direction,
    Exchange,
    Influencer,
    Member,
    Nudge,
    NudgeState,
    Occasion,
    Promise,
    Touchpoint,
)
from bot.reading.gestures import medium_of_gesture
from bot.reply import OPTION_LIMIT, Answer, Reply
from bot.views.ideas import gesture_for, gesture_note
from bot.views.nudge_answers import (
    about_reaching_out,
    already,
    hand_over_to,
    handed_over,
    nobody_else,
    not_needed_any_more,
    owner_mark,
    snoozed,
)
from bot.views.nudges import SnoozeFor

_GONE = "This nudge is about somebody who is not on the roster any more."

_DAYS = {SnoozeFor.THREE_DAYS: 3, SnoozeFor.ONE_WEEK: 7, SnoozeFor.TWO_WEEKS: 14}


@command("reached", "Log that you reached out.", internal=True)
async def reached(ctx: Context, *, nudge: Word) -> Answer:
    """Opens the form of `log`; the touchpoint that it makes is what ends the nudge."""
    about, influencer = await _about(ctx, nudge)
    if not about.is_open:
        return await _already(ctx, about, influencer)
    values = {"who": as_typed(ctx, influencer), "direction": "outbound", "on": ctx.today.isoformat()}
    return await ask(ctx, log, values, about=about_reaching_out(influencer))


async def _tell_snoozed(ctx: Context, change: Change) -> Reply:
    influencer = next(iter(stored(change, Influencer)), None)
    if influencer is None or influencer.snoozed_until is None:
        return await tell(ctx, change)
    return snoozed(influencer, influencer.snoozed_until, ctx.today, change.id)


@command("snooze_nudge", "No nudges for a while.", internal=True, tells=_tell_snoozed)
async def snooze_nudge(
    ctx: Context, *, nudge: Word, length: Annotated[SnoozeFor, "For how long"] = SnoozeFor.ONE_WEEK
) -> Reply:
    """Silent until the day, counted from today where the member is."""
    about, influencer = await _about(ctx, nudge)
    if not about.is_open:
        return await _already(ctx, about, influencer)
    until = _month_after(ctx.today) if length is SnoozeFor.ONE_MONTH else ctx.today + timedelta(days=_DAYS[length])
    quiet = Write(influencer, replace(influencer, snoozed_until=until))
    return await _tell_snoozed(ctx, await ctx.commit(quiet, _closed(ctx, about, NudgeState.DEALT_WITH)))


async def _tell_not_needed(ctx: Context, change: Change) -> Reply:
    closed = next(nudge for nudge in stored(change, Nudge) if nudge.state is NudgeState.NOT_NEEDED)
    influencer = await needed(ctx, Influencer, closed.influencer, _GONE)
    return not_needed_any_more(influencer, closed, ctx.today, change.id)


@command("not_needed", "This nudge is not needed.", internal=True, tells=_tell_not_needed)
async def not_needed(ctx: Context, *, nudge: Word) -> Reply:
    """Remembered: the same silence is not raised again, and of an occasion no reminder of the same day."""
    about, influencer = await _about(ctx, nudge)
    if not about.is_open:
        return await _already(ctx, about, influencer)
    nudges = await ctx.store.nudges_of(ctx.team.id, influencer.id)
    unneeded = [one for one in nudges if one.is_open and _is_same(one, about)]
    return await _tell_not_needed(
        ctx, await ctx.commit(*(_closed(ctx, one, NudgeState.NOT_NEEDED) for one in unneeded))
    )


async def _tell_gesture(ctx: Context, change: Change) -> Reply:
    # What was done is a touchpoint like any other, and told as one: with its warnings, [Undo] and [Edit].
    return await (log.tells or tell)(ctx, change)


@command("gesture", "Log the gesture that a nudge proposed.", internal=True, tells=_tell_gesture)
async def gesture(ctx: Context, *, nudge: Word) -> Reply:
    """One press: what the nudge proposed for an occasion was given today, by whoever pressed."""
    about, influencer = await _about(ctx, nudge)
    if not about.is_open:
        return await _already(ctx, about, influencer)
    gone = f"The occasion of {influencer.name} was removed. Log what you did with “log {influencer.name}”."
    occasion = await needed(ctx, Occasion, about.about or "", gone)
    act = gesture_for(ctx.team, influencer, occasion, about.since)
    touch = Touchpoint(
        id=ctx.new_id("tch"),
        team=ctx.team.id,
        influencer=influencer.id,
        on=ctx.today,
        at=ctx.now,
        medium=medium_of_gesture(act.text),
        direction=Direction.OUTBOUND,
        exchange=Exchange.GIVE,
        note=gesture_note(act, occasion),
        by=ctx.member.id,
        logged_at=ctx.now,
    )
    done = _closed(ctx, about, NudgeState.DEALT_WITH)
    return await _tell_gesture(ctx, await ctx.commit(*created(touch), done))


async def _tell_handed_over(ctx: Context, change: Change) -> Reply:
    influencer = next(iter(stored(change, Influencer)), None)
    owner = await ctx.store.get(Member, ctx.team.id, influencer.owner) if influencer and influencer.owner else None
    if influencer is None or owner is None:
        return await tell(ctx, change)
    return handed_over(influencer, owner, change.id)


@command("hand_over", "Let somebody else look after it.", internal=True, tells=_tell_handed_over)
async def hand_over(
    ctx: Context,
    *,
    nudge: Word,
    to: Annotated[Teammate | None, "Who looks after it"] = None,
    seen: Annotated[Word | None, HIDDEN] = None,
) -> Answer:
    """Asks to whom, then moves the owner: the nudge goes to the new one with their next message.

    `seen` stands for the owner whom the question was asked about: where that has changed, somebody was quicker.
    """
    about, influencer = await _about(ctx, nudge)
    if not about.is_open:
        return await _already(ctx, about, influencer)
    if seen is not None and seen != owner_mark(influencer):
        return await _already_handed_over(ctx, influencer)
    if to is None:
        return await _ask_to_whom(ctx, about, influencer)
    if to.left_at is not None:
        raise NotFound(f"{to.name} has left the team. Choose somebody else.")
    if to.id == influencer.owner:
        return await _already_handed_over(ctx, influencer)
    return await _tell_handed_over(ctx, await ctx.commit(Write(influencer, replace(influencer, owner=to.id))))


async def _ask_to_whom(ctx: Context, about: Nudge, influencer: Influencer) -> Answer:
    members = await ctx.store.members(ctx.team.id)
    others = [member for member in members if member.left_at is None and member.id != influencer.owner]
    if not others:
        return nobody_else(influencer)
    if len(others) > OPTION_LIMIT:
        return await ask(ctx, hand_over, {}, given={"nudge": about.id, "seen": owner_mark(influencer)})
    return hand_over_to(about, influencer, others)


async def _about(ctx: Context, nudge: str) -> tuple[Nudge, Influencer]:
    """The nudge that a button names, and whom it is about."""
    about = await needed(ctx, Nudge, nudge, "This nudge is over: nothing is left to do about it.")
    influencer = await needed(ctx, Influencer, about.influencer, _GONE)
    return about, influencer


def _is_same(one: Nudge, other: Nudge) -> bool:
    """Whether two nudges are about one thing, as the reminders of an occasion a week and a day before it are."""
    return (one.reason, one.about, one.since) == (other.reason, other.about, other.since)


async def _already(ctx: Context, about: Nudge, influencer: Influencer) -> Reply:
    """Who was quicker, when and with what."""
    people = (await reader_of(ctx)).people
    recent = await ctx.store.touchpoints(ctx.team.id, influencer.id, limit=RECENT)
    promise = await ctx.store.get(Promise, ctx.team.id, about.about) if about.about else None
    occasion = await ctx.store.get(Occasion, ctx.team.id, about.about) if about.about else None
    entry = ending_of(about, influencer, recent, people, ctx.zone, promise=promise, occasion=occasion)
    return already(about.closed_at, entry, people.get(about.closed_by or ""), ctx.member, ctx.now, ctx.today)


async def _already_handed_over(ctx: Context, influencer: Influencer) -> Reply:
    """To whom, and by whom and when as far as it is remembered: that is said by no record of its own."""
    people = (await reader_of(ctx)).people
    change = await last_change(ctx, influencer.id, moves_owner(influencer.id))
    entry = EndedNudge(influencer, Ending.HANDED_OVER, people.get(influencer.owner or ""))
    by = people.get(change.by or "") if change else None
    return already(change.at if change else None, entry, by, ctx.member, ctx.now, ctx.today)


def _closed(ctx: Context, about: Nudge, state: NudgeState) -> Write:
    return Write(about, replace(about, state=state, closed_by=ctx.member.id, closed_at=ctx.now))


def _month_after(today: date) -> date:
    """The same day of the next month, or its last."""
    year, month = (today.year + 1, 1) if today.month == 12 else (today.year, today.month + 1)
    return date(year, month, min(today.day, monthrange(year, month)[1]))


HANDLERS: tuple[CommandSpec, ...] = (reached, gesture, snooze_nudge, not_needed, hand_over)
