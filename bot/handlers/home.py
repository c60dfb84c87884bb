"""What is shown without being asked for: the Home tab, and the first words after Rapport was installed."""

from __future__ import annotations

from bot.briefing.home import gather_home
from bot.commands import CommandSpec, command
from bot.context import Context
from bot.reply import Reply
from bot.views.home import home as home_view
from bot.views.home import new_team
from bot.views.home import welcome as welcome_view


@command("home", "What needs you, at one glance.", internal=True, writes=False)
async def home(ctx: Context) -> Reply:
    """One's own relationships first, then the team; where nobody is on the roster yet, how to begin."""
    if not await _has_roster(ctx):
        return new_team(is_admin=ctx.is_admin)
    return home_view(await gather_home(ctx.store, ctx.team, ctx.member, ctx.now))


@command("welcome", "The first words to whoever installed Rapport.", internal=True, writes=False)
async def welcome(ctx: Context) -> Reply:
    """What happens now, and the next step; a team that is back is told that everything is as it left it."""
    return welcome_view(ctx.team, await ctx.store.kept_up(ctx.team.id), is_admin=ctx.is_admin)


async def _has_roster(ctx: Context) -> bool:
    """Whether anybody is on the roster; the names are read only where nobody is kept up with."""
    return bool(await ctx.store.kept_up(ctx.team.id) or await ctx.store.roster(ctx.team.id))


HANDLERS: tuple[CommandSpec, ...] = (home, welcome)
