"""undo: take back a member's last change, field by field, and leave what others have changed since."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import takewhile
from typing import Annotated, Any

from msgspec.structs import replace

from bot.change import Change, Write
from bot.commands import HIDDEN, CommandSpec, Word, command
from bot.context import Context
from bot.errors import NotFound, Refused
from bot.forms import OPENED
from bot.handlers.telling import names_in, reader_of
from bot.model import Delivery, Draft, Handle, Influencer, Member, Nudge, Record, Standing, Team, Touchpoint
from bot.reply import Reply
from bot.store_port import ChangeHead
from bot.views.undo import Left, undone

WITHIN = timedelta(hours=24)
_FOLLOWS = (Standing, Delivery, Draft)
"""Records that follow from others: they are set by the Change that undoes, never compared."""

_QUIETLY = (Nudge,)
"""Records that the clock moves as well: when one has moved on, nobody is told."""


_Since = Mapping[str, ChangeHead]
"""By the id of each record that others or oneself touched after a change, the last Change that did."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """What an undo will write, and what it leaves because it has changed since."""

    writes: tuple[Write, ...]
    left: tuple[Write, ...]


async def _tell_undone(ctx: Context, change: Change) -> Reply:
    target = await ctx.store.change(ctx.team.id, change.undoes or "")
    left: tuple[Left, ...] = ()
    if target is not None and dict(ctx.given).get("rest") != "yes":
        left = await _left(ctx, change, target)
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
    async for target in _targets(ctx, change, rest=bool(rest)):
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
            if last is not None and any(map(_is_undoable, last.writes)):
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
    removed = {write.id for write in target.writes if write.before is None}
    gone = _Gone(ctx, await _touched_since(ctx, target))
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
        back, whole = _fields_back(write, current, rest=rest) if stays else (write.before, True)
        if stays and back is None and not rest:
            left.append(write)
            continue
        if stays and isinstance(write.record, _QUIETLY):
            continue
        if not whole:
            left.append(write)
        version = current.version if current else await gone.version(write.before)
        back = await _without_taken(ctx, _set_back(back, version))
        if _content(back) != _content(current):
            writes.append(Write(current, back))
        writes += [Write(record, None) for record in about]
    return _Plan(tuple(writes), tuple(left))


def _fields_back(write: Write, current: Record | None, *, rest: bool) -> tuple[Record | None, bool]:
    """A record that others have changed since, with what this change did to it taken back, and whether all of it was.

    A field that says something else by now stays, unless it is asked for (`rest`); of a list, what was added goes and
    what was taken out comes back, whatever else was done to it. `None` for a record that came or went as a whole.
    """
    before, after = write.before, write.after
    if before is None or after is None or current is None:
        return before if rest else None, rest
    back: dict[str, Any] = {}
    whole = True
    for field in before.__struct_fields__:
        was, became, now = (getattr(record, field) for record in (before, after, current))
        if was == became or field == "version":
            continue
        if now == became:
            back[field] = was
        elif isinstance(now, tuple):
            kept = [one for one in now if one in was or one not in became]
            back[field] = (*kept, *(one for one in was if one not in became and one not in kept))
        elif rest:
            back[field] = was
        else:
            whole = False
    return replace(current, **back), whole


def _changed_since(current: Record | None, write: Write) -> bool:
    """Whether a record says something else than the change left; one that was changed and set back does not."""
    return _content(current) != _content(write.after)


def _content(record: Record | None) -> Record | None:
    """A record without what the store and the recomputing of standings count in it."""
    if isinstance(record, Team):
        return replace(record, version=0, restanding=False)
    return replace(record, version=0) if record is not None else None


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


def _set_back(before: Record | None, version: int) -> Record | None:
    if isinstance(before, Team):
        return replace(before, version=version, restanding=True)
    return replace(before, version=version) if before is not None else None


def _is_undoable(write: Write) -> bool:
    return not isinstance(write.record, _FOLLOWS)


def _is_told(write: Write) -> bool:
    return isinstance(write.record, (Influencer, Touchpoint, Team, Member)) or not isinstance(
        write.record, _FOLLOWS + _QUIETLY
    )


def _team_after(ctx: Context, writes: Sequence[Write]) -> Team:
    return next((write.after for write in writes if isinstance(write.after, Team)), ctx.team)


async def _left(ctx: Context, change: Change, target: Change) -> tuple[Left, ...]:
    """The records of a change that its undo did not set back, each with who changed it since."""
    since = await _touched_since(ctx, target, but=change.id)
    removed = {write.id for write in target.writes if write.before is None}
    left: list[Left] = []
    for write in target.writes:
        if not _is_told(write):
            continue
        current = await ctx.store.get(type(write.record), ctx.team.id, write.id)
        if _content(current) != _content(write.before) and not _is_back(write, current):
            about = await _about(ctx, write, removed)
            left.append(Left(write.record, _who_changed(write, about, since)))
    return tuple(left)


def _is_back(write: Write, current: Record | None) -> bool:
    """Whether nothing of what a change did to a record is left, whatever others have done to it."""
    if write.before is None or write.after is None or current is None:
        return False
    back, whole = _fields_back(write, current, rest=False)
    return whole and _content(back) == _content(current)


def _who_changed(write: Write, about: Sequence[Record], since: _Since) -> str | None:
    """The member who changed a record last, or else what is about it, or whom it is about; `None`: nobody did."""
    ids = (write.id, *(record.id for record in about), str(getattr(write.record, "influencer", "")))
    heads = (since[id] for id in ids if id in since)
    return next((head.by for head in heads if head.by), None)


HANDLERS: tuple[CommandSpec, ...] = (undo,)
