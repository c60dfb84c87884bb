"""undo: take back a member's last change, field by field, and leave what others have changed since."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import takewhile
from typing import Annotated

from msgspec.structs import replace

from bot.change import Change, Write, ids
from bot.commands import HIDDEN, CommandSpec, Word, command
from bot.consequences import book_of
from bot.context import Context
from bot.errors import NotFound, Refused
from bot.forms import OPENED
from bot.handlers.telling import names_in, reader_of
from bot.handlers.unsharing import is_shared, tell_unshared, unshare
from bot.model import Handle, Influencer, Record, Team
from bot.reply import Reply
from bot.reversal import (
    came,
    content,
    fields_back,
    follows,
    has_changed_since,
    is_back,
    is_ones_own,
    moves_quietly,
    set_back,
)
from bot.store_port import ChangeHead
from bot.views.undo import Left, undone

WITHIN = timedelta(hours=24)

_Since = Mapping[str, ChangeHead]
"""By the id of each record that others or oneself touched after a change, the last Change that did."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """What an undo will write, and what it leaves because it has changed since."""

    writes: tuple[Write, ...]
    left: tuple[Write, ...]


async def _tell_undone(ctx: Context, change: Change) -> Reply:
    target = await ctx.store.change(ctx.team.id, change.undoes or "")
    if target is not None and is_shared(target):
        return tell_unshared(target)
    left: tuple[Left, ...] = ()
    if target is not None and dict(ctx.given).get("rest") != "yes":
        left = await _left(ctx, change, target)
    names = await _names(ctx, change, target, left)
    return undone(change, target, left, names, await reader_of(ctx), taken=await _taken_since(ctx, change, target))


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
    async for target in _targets(ctx, change, rest=bool(rest)):
        if is_shared(target):
            if (gone := await unshare(ctx, target)) is not None:
                return await _tell_undone(ctx, await ctx.commit(gone, undoes=target.id))
            continue
        plan = await _plan(ctx, target, rest=bool(rest))
        if plan.writes or plan.left:
            made = await ctx.commit(*plan.writes, undoes=target.id, team=_team_after(ctx, plan.writes))
            return await _tell_undone(ctx, made)
        if change is not None:
            raise Refused("Nothing of that change is left to take back.")
    raise NotFound("There is nothing of yours to take back in the last 24 hours.")


async def _targets(ctx: Context, wanted: str | None, *, rest: bool) -> AsyncIterator[Change]:
    """The change that a button names; else one's changes that are not taken back yet, the last one first."""
    heads = await ctx.store.change_heads(ctx.team.id, by=ctx.member.id, since=ctx.now - WITHIN)
    taken_back: set[str] = set()
    for head in heads:  # newest first, so that an undo which was itself taken back does not count
        if head.undoes and head.id not in taken_back:
            taken_back.add(head.undoes)
    if wanted is not None:
        named = await ctx.store.change(ctx.team.id, wanted) if any(head.id == wanted for head in heads) else None
        if named is None:
            raise NotFound("Only your own changes of the last 24 hours can be taken back.")
        if named.id in taken_back and not rest:
            raise Refused("That is taken back already.")
        yield named
        return
    for head in heads:
        if head.verb != OPENED and head.undoes is None and head.id not in taken_back:
            last = await ctx.store.change(ctx.team.id, head.id)
            if last is not None and (is_shared(last) or any(map(is_ones_own, last.writes))):
                yield last


async def _touched_since(ctx: Context, target: Change, *, but: str | None = None) -> _Since:
    """What was touched after a change, except by the Change `but`."""
    heads = await ctx.store.change_heads(ctx.team.id, since=target.at)
    last: dict[str, ChangeHead] = {}
    for head in takewhile(lambda one: one.id != target.id, heads):
        for touched in head.touched if head.id != but else ():
            last.setdefault(touched, head)
    return last


async def _plan(ctx: Context, target: Change, *, rest: bool) -> _Plan:
    writes: list[Write] = []
    left: list[Write] = []
    removed = {write.id for write in target.writes if came(write)}
    gone = _Gone(ctx, await _touched_since(ctx, target))
    for write in target.writes:
        if follows(write):
            continue
        current = await ctx.store.get(type(write.record), ctx.team.id, write.id)
        if content(current) == content(write.before):
            continue
        if await _has_nobody(ctx, write.before, target):
            left.append(write)
            continue
        about = await _about(ctx, write, removed)
        stays = has_changed_since(current, write) or bool(about)
        back, whole = fields_back(write, current, rest=rest) if stays else (write.before, True)
        if stays and back is None and not rest:
            left.append(write)
            continue
        if stays and moves_quietly(write):
            continue
        if not whole:
            left.append(write)
        version = current.version if current else await gone.version(write.before)
        back = set_back(back, version)
        if content(back) != content(current):
            writes.append(Write(current, back))
        writes += [Write(record, None) for record in about]
    return _Plan(await _without_taken(ctx, writes), tuple(left))


class _Gone:
    """Records that are not there any more, and how far they had come: nobody who saw them may take them for the same.

    A record that is made again goes on from the version given, so that what was decided on an older one is refused.
    """

    def __init__(self, ctx: Context, since: _Since) -> None:
        """`since` is what was touched after the change that is taken back."""
        self._ctx, self._since = ctx, since
        self._known: dict[str, dict[str, int]] = {}

    async def version(self, before: Record | None) -> int:
        """The last version that a record had which the store has no longer; 0 for none."""
        if before is None:
            return 0
        head = self._since.get(before.id)
        if head is None:
            return before.version
        if head.id not in self._known:
            remover = await self._ctx.store.change(self._ctx.team.id, head.id)
            writes = remover.writes if remover else ()
            self._known[head.id] = {write.id: write.before.version for write in writes if write.before is not None}
        return max(before.version, self._known[head.id].get(before.id, 0))


async def _about(ctx: Context, write: Write, removed: set[str]) -> list[Record]:
    """What was kept since about somebody who would be taken off the roster: it would go with them."""
    if not isinstance(write.record, Influencer) or write.before is not None:
        return []
    book = await book_of(ctx.store, ctx.team.id, write.record)
    return [record for record in (*book.touchpoints, *book.promises, *book.occasions) if record.id not in removed]


async def _has_nobody(ctx: Context, before: Record | None, target: Change) -> bool:
    """Whether a record that would come back is about somebody who is gone, and who does not come back with it."""
    about = getattr(before, "influencer", None)
    if not isinstance(about, str) or any(write.id == about and write.before is not None for write in target.writes):
        return False
    return await ctx.store.get(Influencer, ctx.team.id, about) is None


async def _without_taken(ctx: Context, writes: Sequence[Write]) -> tuple[Write, ...]:
    """The writes, in which nobody gets a handle back that somebody else has been given since and keeps."""
    will_be = {write.id: write.after for write in writes if isinstance(write.record, Influencer)}

    async def is_free(handle: Handle, of: Influencer) -> bool:
        owner = await ctx.store.influencer_with(ctx.team.id, handle)
        if owner is None or owner.id == of.id:
            return True
        after = will_be.get(owner.id, owner)  # who gives it up in this very undo does not keep it
        return not isinstance(after, Influencer) or handle not in after.handles

    kept = []
    for write in writes:
        after = write.after
        if isinstance(after, Influencer):
            had = write.before.handles if isinstance(write.before, Influencer) else ()
            free = [handle for handle in after.handles if handle in had or await is_free(handle, after)]
            after = replace(after, handles=tuple(free))
        if content(after) != content(write.before):
            kept.append(Write(write.before, after))
    return tuple(kept)


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


def _team_after(ctx: Context, writes: Sequence[Write]) -> Team:
    return next((write.after for write in writes if isinstance(write.after, Team)), ctx.team)


async def _left(ctx: Context, change: Change, target: Change) -> tuple[Left, ...]:
    """The records of a change that its undo did not set back, each with who changed it since."""
    since = await _touched_since(ctx, target, but=change.id)
    removed = {write.id for write in target.writes if came(write)}
    in_part = set(ids(change.writes))
    left: list[Left] = []
    for write in target.writes:
        if follows(write) or moves_quietly(write):
            continue
        current = await ctx.store.get(type(write.record), ctx.team.id, write.id)
        if not is_back(write, current):
            by = _who_changed(write, await _about(ctx, write, removed), since)
            left.append(Left(current or write.record, by, in_part=write.id in in_part))
    return tuple(left)


async def _names(ctx: Context, change: Change, target: Change | None, left: Sequence[Left]) -> dict[str, str]:
    """The names of everybody whom an undo tells of, by id."""
    known = await names_in(ctx, change) | (await names_in(ctx, target) if target else {})
    # What was left may be about somebody else by now.
    others = {str(getattr(one.record, "influencer", "")) for one in left} - known.keys()
    return known | {one.id: one.name for one in await ctx.store.get_all(Influencer, ctx.team.id, sorted(others))}


def _who_changed(write: Write, about: Sequence[Record], since: _Since) -> str | None:
    """The member who changed a record last, or else what is about it, or whom it is about; `None`: nobody did."""
    concerned = (write.id, *(record.id for record in about), str(getattr(write.record, "influencer", "")))
    heads = (since[id] for id in concerned if id in since)
    return next((head.by for head in heads if head.by), None)


HANDLERS: tuple[CommandSpec, ...] = (undo,)
