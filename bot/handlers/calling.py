"""Calling a verb: what was said for its arguments becomes the values and records that its handler takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.commands import CommandSpec
from bot.context import Context
from bot.errors import NotFound
from bot.handlers.telling import INFLUENCER_ID
from bot.model import Influencer
from bot.reading.arguments import PEOPLE, Known, Values

_GONE = "This person is not on the roster any more."


async def known_to(ctx: Context) -> Known:
    """What reading needs to know about the team, and about who speaks where."""
    members = await ctx.store.members(ctx.team.id)
    return Known(ctx.roster, members, ctx.member, ctx.today, ctx.place, ctx.uploads)


async def found_again(ctx: Context, spec: CommandSpec, raw: Mapping[str, str], *, in_form: bool) -> dict[str, str]:
    """Whom buttons are about by now that name a record which is not there any more: it was merged into another.

    Raises NotFound for one that nobody has, without a name; and `in_form`, which shows what the other record held.
    """
    found: dict[str, str] = {}
    for argument in spec.arguments:
        asked = raw.get(argument.name, "")
        is_id = argument.kind in PEOPLE and INFLUENCER_ID.fullmatch(asked) is not None
        if not is_id or ctx.roster.find(asked, archived=True).one:
            continue
        everybody = await ctx.store.everything(Influencer, ctx.team.id)
        heir = next((one.id for one in everybody if asked in one.merged), None)
        if heir is None or in_form:
            raise NotFound(_GONE)
        found[argument.name] = heir
    return found


async def with_people(ctx: Context, spec: CommandSpec, values: Values) -> dict[str, Any]:
    """The values with people's records in the place of their ids; NotFound for one that has gone meanwhile."""
    typed = dict(values.typed)
    for argument in spec.arguments:
        if argument.kind not in PEOPLE or argument.name not in typed:
            continue
        asked = typed[argument.name]
        wanted = asked if isinstance(asked, tuple) else (asked,)
        found = await ctx.store.get_all(Influencer, ctx.team.id, wanted)
        if len(found) < len(wanted):
            raise NotFound(_GONE)
        typed[argument.name] = found if isinstance(asked, tuple) else found[0]
    return typed
