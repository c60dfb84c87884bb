"""The verbs that hide somebody and bring them back: archive, restore."""

from __future__ import annotations

from msgspec.structs import replace

from bot.change import Write
from bot.commands import CommandSpec, ExactWho, command
from bot.context import Context
from bot.errors import Refused
from bot.handlers.telling import tell
from bot.reply import Reply


@command(
    "archive",
    "Hide an influencer, and keep everything.",
    group="people",
    examples=("archive Jess Park",),
    title="Archive",
)
async def archive(ctx: Context, who: ExactWho) -> Reply:
    """No nudges and in no list; `restore` brings them back."""
    if who.archived_at is not None:
        raise Refused(f"{who.name} is archived already. “restore {who.name}” brings them back.")
    return await tell(ctx, await ctx.commit(Write(who, replace(who, archived_at=ctx.now))))


@command(
    "restore",
    "Bring an archived influencer back.",
    group="people",
    examples=("restore Jess Park",),
    title="Restore",
)
async def restore(ctx: Context, who: ExactWho) -> Reply:
    """Back in every list, with the clock where it was."""
    if who.archived_at is None:
        raise Refused(f"{who.name} is not archived.")
    return await tell(ctx, await ctx.commit(Write(who, replace(who, archived_at=None))))


HANDLERS: tuple[CommandSpec, ...] = (archive, restore)
