"""undo: take back a member's last change, record by record, and leave what others have changed since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from msgspec.structs import replace

from bot.change import Change, Write
from bot.commands import HIDDEN, CommandSpec, Word, command
from bot.context import Context
from bot.errors import NotFound, Refused
from bot.handlers.telling import names_in, reader_of
from bot.model import Delivery, Draft, Handle, Influencer, Member, Nudge, Record, Standing, Team, Touchpoint
from bot.reply import Reply
from bot.views.undo import Left, undone

WITHIN = timedelta(hours=24)
LOOKED_THROUGH = 100
"""Changes of a member in which the one to take back is looked for."""

_FOLLOWS = (Standing, Delivery, Draft)
"""Records that follow from others: they are set by the Change that undoes, never compared."""

_QUIETLY = (Nudge,)
"""Records that the clock moves as well: when one has moved on, nobody is told."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """What an undo will write, and what it leaves because it has changed since."""

    writes: tuple[Write, ...]
    left: tuple[Write, ...]


async def _tell_undone(ctx: Context, change: Change) -> Reply:
    target = await ctx.store.change(ctx.team.id, change.undoes or "")
    left: tuple[Left, ...] = ()
    if target is not None and dict(ctx.given).get("rest") != "yes":
        taken = {write.id for write in change.writes}
        writes = [write for write in target.writes if _is_told(write) and write.id not in taken]
        left = tuple([Left(write.record, await _who_changed(ctx, write, target)) for write in writes])
    reader = await reader_of(ctx)
    names = await names_in(ctx, change) | (await names_in(ctx, target) if target else {})
    return undone(change, target, left, names, reader, taken=await _taken_since(ctx, change, target))


@command("undo", "Take back your last change of the last 24 hours.", examples=("undo",), tells=_tell_undone)
async def undo(
    ctx: Context,
    *,
    change: Annotated[Word | None, HIDDEN] = None,
    rest: Annotated[bool | None, HIDDEN] = None,
) -> Reply:
    """Your last change, or the one that a button names; `rest` takes back what others have changed since, too.

    Once more takes back one change further.
    """
    target = await _target(ctx, change, rest=bool(rest))
    plan = await _plan(ctx, target, rest=bool(rest))
    if not plan.writes and not plan.left:
        raise Refused("Nothing of that change is left to take back.")
    made = await ctx.commit(*plan.writes, undoes=target.id, team=_team_after(ctx, plan.writes))
    return await _tell_undone(ctx, made)


async def _target(ctx: Context, wanted: str | None, *, rest: bool) -> Change:
    """The change to take back: the one a button names, else the last one not taken back yet."""
    recent = await ctx.store.changes(ctx.team.id, by=ctx.member.id, since=ctx.now - WITHIN, limit=LOOKED_THROUGH)
    taken_back = {change.undoes for change in recent if change.undoes}
    if wanted is not None:
        target = next((change for change in recent if change.id == wanted), None)
        if target is None:
            raise NotFound("Only your own changes of the last 24 hours can be taken back.")
        if target.id in taken_back and not rest:
            raise Refused("That is taken back already.")
        return target
    for change in recent:
        if change.undoes is None and change.id not in taken_back and any(map(_is_undoable, change.writes)):
            return change
    raise NotFound("There is nothing of yours to take back in the last 24 hours.")


async def _plan(ctx: Context, target: Change, *, rest: bool) -> _Plan:
    writes: list[Write] = []
    left: list[Write] = []
    removed = {write.id for write in target.writes if write.before is None}
    for write in target.writes:
        if isinstance(write.record, _FOLLOWS):
            continue
        current = await ctx.store.get(type(write.record), ctx.team.id, write.id)
        if _content(current) == _content(write.before):
            continue
        if await _has_nobody(ctx, write.before, target):
            left.append(write)
            continue
        about = await _about(ctx, write, removed)
        stays = _changed_since(current, write) or bool(about)
        if stays and not rest:
            left.append(write)
        elif not (stays and isinstance(write.record, _QUIETLY)):
            writes.append(Write(current, await _without_taken(ctx, _set_back(write.before, current))))
            writes += [Write(record, None) for record in about]
    return _Plan(tuple(writes), tuple(left))


def _changed_since(current: Record | None, write: Write) -> bool:
    """Whether a record says something else than the change left; one that was changed and set back does not."""
    return _content(current) != _content(write.after)


def _content(record: Record | None) -> Record | None:
    """A record without what the store and the recomputing of standings count in it."""
    if isinstance(record, Team):
        return replace(record, version=0, restanding=False)
    return replace(record, version=0) if record is not None else None


async def _about(ctx: Context, write: Write, removed: set[str]) -> list[Record]:
    """What was kept since about somebody who would be taken off the roster: it would go with them."""
    if not isinstance(write.record, Influencer) or write.before is not None:
        return []
    touches = await ctx.store.touchpoints(ctx.team.id, write.id)
    occasions = await ctx.store.occasions(ctx.team.id, write.id)
    return [record for record in (*touches, *occasions) if record.id not in removed]


async def _has_nobody(ctx: Context, before: Record | None, target: Change) -> bool:
    """Whether a record that would come back is about somebody who is gone, and who does not come back with it."""
    about = getattr(before, "influencer", None)
    if not isinstance(about, str) or any(write.id == about and write.before is not None for write in target.writes):
        return False
    return await ctx.store.get(Influencer, ctx.team.id, about) is None


async def _without_taken(ctx: Context, before: Record | None) -> Record | None:
    """Somebody as they were, without the handles that others have been given since."""
    if not isinstance(before, Influencer):
        return before
    owners = {handle: await ctx.store.influencer_with(ctx.team.id, handle) for handle in before.handles}
    free = tuple(handle for handle, owner in owners.items() if owner is None or owner.id == before.id)
    return replace(before, handles=free)


async def _taken_since(ctx: Context, change: Change, target: Change | None) -> dict[Handle, str]:
    """The handles that an undo did not give back, and who has them."""
    taken: dict[Handle, str] = {}
    back = {write.id: write.after for write in change.writes if isinstance(write.after, Influencer)}
    for write in target.writes if target else ():
        now = back.get(write.id)
        if isinstance(write.before, Influencer) and isinstance(now, Influencer):
            for handle in write.before.handles:
                if handle not in now.handles:
                    owner = await ctx.store.influencer_with(ctx.team.id, handle)
                    taken[handle] = owner.name if owner else "nobody"
    return taken


def _set_back(before: Record | None, current: Record | None) -> Record | None:
    if before is None:
        return None
    version = current.version if current else 0
    if isinstance(before, Team):
        return replace(before, version=version, restanding=True)
    return replace(before, version=version)


def _is_undoable(write: Write) -> bool:
    return not isinstance(write.record, _FOLLOWS)


def _is_told(write: Write) -> bool:
    return isinstance(write.record, (Influencer, Touchpoint, Team, Member)) or not isinstance(
        write.record, _FOLLOWS + _QUIETLY
    )


def _team_after(ctx: Context, writes: Sequence[Write]) -> Team:
    return next((write.after for write in writes if isinstance(write.after, Team)), ctx.team)


async def _who_changed(ctx: Context, write: Write, target: Change) -> str | None:
    """The member who changed a record last since a change, `None` where nobody in particular did."""
    since = await ctx.store.changes(ctx.team.id, since=target.at, limit=LOOKED_THROUGH)
    return next((change.by for change in since if change.id != target.id and _touches(change, write)), None)


def _touches(change: Change, write: Write) -> bool:
    if write.id in change.touched:
        return True
    return any(getattr(other.record, "influencer", None) == write.id for other in change.writes)


HANDLERS: tuple[CommandSpec, ...] = (undo,)
