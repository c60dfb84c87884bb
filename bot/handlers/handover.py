"""handover: all relationships of a member go to another, with a brief of each."""

from __future__ import annotations

from typing import Annotated

from msgspec.structs import replace

from bot.briefing.handover import brief_list, giver_of, taker_of
from bot.calendar import zone_of
from bot.change import Change, Write, created
from bot.commands import HIDDEN, CommandSpec, Teammate, Word, command
from bot.context import Context, stored
from bot.errors import NotAllowed, NotFound, NotUnderstood, Refused
from bot.forms import ask
from bot.handlers.earlier import last_change, member_behind
from bot.handlers.telling import member_as_typed, needed, passed_over, reader_of, tell
from bot.model import Delivery, DeliveryKind, Influencer, Member, notice_id
from bot.reading.people import still_here
from bot.reply import Answer, Reply
from bot.views.handover import moved_to, nothing_to_hand_over


async def _tell_moved(ctx: Context, change: Change) -> Reply:
    moved = stored(change, Influencer)
    taker = await ctx.store.get(Member, ctx.team.id, taker_of(change) or "")
    if not moved or taker is None:
        return await tell(ctx, change)
    is_told = any(one.kind is DeliveryKind.HANDOVER for one in stored(change, Delivery))
    people = sorted(moved, key=lambda one: one.name)
    return moved_to(people, giver_of(change), taker, await reader_of(ctx), change=change.id, is_told=is_told)


@command(
    "handover",
    "Move all relationships of a member to another.",
    group="team",
    examples=("handover @ana @ben",),
    title="Hand over everything",
    tells=_tell_moved,
)
async def handover(
    ctx: Context,
    who: Annotated[Teammate, "Who looks after them now (of others only admins may)"],
    to: Annotated[Teammate, "Who looks after them from then on"],
) -> Reply:
    """In one Change, archived ones too; the new owner gets a brief of each."""
    _check_allowed(ctx, who)
    # “nobody” is read as nobody.
    if to is None:
        raise NotUnderstood("Choose a member of the team. “own <name> nobody” lets go of one relationship.", "to")
    if still_here(to, "to").id == who.id:
        raise NotUnderstood(f"These are {to.name}’s already. Choose somebody else.", "to")
    owned = await _owned(ctx, who)
    change = ctx.new_id("chg")
    moved = [Write(one, replace(one, owner=to.id)) for one in owned]
    news = created(_brief_of(ctx, change, to)) if to.id != ctx.member.id else ()
    return await _tell_moved(ctx, await ctx.commit(*moved, *news, id=change))


@command("hand_all_over", "Open the form to hand over everything of a member.", internal=True)
async def hand_all_over(ctx: Context, *, who: Word) -> Answer:
    """The form of `handover`, with whose relationships they are."""
    member = await needed(ctx, Member, who, "This member is not known any more.")
    _check_allowed(ctx, member)
    await _owned(ctx, member)
    return await ask(ctx, handover, {"who": member_as_typed(member.id, (await reader_of(ctx)).people)})


@command("briefs", "The briefs of a handover.", internal=True, writes=False)
async def briefs(ctx: Context, *, change: Word, skip: Annotated[Word | None, HIDDEN] = None) -> Reply:
    """Five relationships a page, as they stand now."""
    known = await ctx.store.change(ctx.team.id, change)
    if known is None or known.verb != handover.name:
        raise NotFound("This handover is not remembered any more.")
    return await brief_list(ctx.store, ctx.team, known, await reader_of(ctx), ctx.now, passed_over(skip))


def _check_allowed(ctx: Context, who: Member | None) -> None:
    if who is None:
        raise NotUnderstood("Say whose relationships go to somebody else: a member of the team.", "who")
    if who.id != ctx.member.id and not ctx.is_admin:
        raise NotAllowed("Handing over what others look after is for admins. Ask one of them to do it.")


async def _owned(ctx: Context, who: Member) -> tuple[Influencer, ...]:
    owned = await ctx.store.owned_by(ctx.team.id, who.id)
    if not owned:
        by, to = await _quicker(ctx, who)
        raise Refused(nothing_to_hand_over(who, by, to, ctx.member))
    return owned


async def _quicker(ctx: Context, who: Member) -> tuple[Member | None, Member | None]:
    """Who handed over what a member looked after, and to whom, if that was lately."""
    change = await last_change(ctx, None, lambda one: giver_of(one) == who.id, verb=handover.name)
    to = taker_of(change) if change is not None else None
    return await member_behind(ctx, change), await ctx.store.get(Member, ctx.team.id, to or "")


def _brief_of(ctx: Context, change: str, to: Member) -> Delivery:
    return Delivery(
        id=notice_id(DeliveryKind.HANDOVER, change, to.id),
        team=ctx.team.id,
        kind=DeliveryKind.HANDOVER,
        about=change,
        member=to.id,
        on=ctx.now.astimezone(zone_of(ctx.team, to)).date(),
        due_at=ctx.now,
        updated_at=ctx.now,
    )


HANDLERS: tuple[CommandSpec, ...] = (handover, hand_all_over, briefs)
