"""What is shown without being asked for: the Home tab, and the first words after Rapport was installed."""

from __future__ import annotations

from typing import Annotated

from msgspec.structs import replace

from bot.briefing.home import gather_home
from bot.change import Write, by_the_clock
from bot.commands import HIDDEN, CommandSpec, command
from bot.context import Context
from bot.errors import Refused
from bot.handlers.telling import has_roster
from bot.reply import Reply
from bot.views.help import done_before
from bot.views.home import home as home_view
from bot.views.home import new_team
from bot.views.home import welcome as welcome_view


@command("home", "What needs you, at one glance.", internal=True, writes=False)
async def home(ctx: Context) -> Reply:
    """One's own relationships first, then the team; where nobody is on the roster yet, how to begin."""
    if not await has_roster(ctx):
        return new_team(is_admin=ctx.is_admin)
    return home_view(await gather_home(ctx.store, ctx.team, ctx.member, ctx.now))


@command("welcome", "The first words to whoever installed Rapport.", internal=True, writes=False)
async def welcome(ctx: Context, *, first: Annotated[bool | None, HIDDEN] = None) -> Reply:
    """What happens now, and the next step; a team that is back is told that everything is as it left it.

    `first`: only to an admin, and only once in the life of a team, counting those who installed it.
    """
    if first and (ctx.team.welcomed or not ctx.is_admin):
        raise Refused("These words are for the first admin who comes here.")
    return welcome_view(ctx.team, await ctx.store.kept_up(ctx.team.id), is_admin=ctx.is_admin)


@command("welcomed", "Note that the first words stand.", internal=True)
async def welcomed(ctx: Context) -> Reply:
    """The team knows from now on; before they stand it must not, so that words which failed are said later."""
    if not ctx.team.welcomed:
        known = Write(ctx.team, replace(ctx.team, welcomed=True))
        # By nobody: it is not for anybody to undo.
        await ctx.store.commit(by_the_clock("welcome", ctx.team.id, (known,), now=ctx.now, new_id=ctx.new_id))
    return done_before()


HANDLERS: tuple[CommandSpec, ...] = (home, welcome, welcomed)
