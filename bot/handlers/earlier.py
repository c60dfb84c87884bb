"""Who was quicker: the Change that did what somebody asks for once more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from bot.change import Change, Write
from bot.context import Context
from bot.model import Influencer, Member

LOOKED_BACK = timedelta(days=7)
"""How far back it is known who did something: as long as the audit remembers what it was."""


async def last_change(
    ctx: Context, id: str | None, did: Callable[[Change], bool], *, verb: str | None = None
) -> Change | None:
    """The last Change that touched a record and did something to it, if it was lately; `verb` is what asked for it.

    `None` for the id stands for whatever it touched. One that was taken back since does not count.
    """
    heads = await ctx.store.change_heads(ctx.team.id, since=ctx.now - LOOKED_BACK)
    taken_back = {head.undoes for head in heads}
    for head in heads:
        is_about = (id is None or id in head.touched) and (verb is None or verb == head.verb)
        change = await ctx.store.change(ctx.team.id, head.id) if is_about and head.id not in taken_back else None
        if change is not None and did(change):
            return change
    return None


async def member_behind(ctx: Context, change: Change | None) -> Member | None:
    """The member who asked for a Change."""
    return await ctx.store.get(Member, ctx.team.id, change.by) if change is not None and change.by else None


def removes(id: str) -> Callable[[Change], bool]:
    """Whether a Change removed a record; where only what it touched is remembered, it may have."""
    return lambda change: all(write.after is None for write in change.writes if write.id == id)


def moves_owner(id: str) -> Callable[[Change], bool]:
    """Whether a Change gave an influencer to somebody else to look after."""
    return lambda change: any(write.id == id and _moves_owner(write) for write in change.writes)


def _moves_owner(write: Write) -> bool:
    before, after = write.before, write.after
    return isinstance(before, Influencer) and isinstance(after, Influencer) and before.owner != after.owner
