"""What handlers share in answering: who reads, and a Change told in general words."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable
from typing import Any, TypeVar

from msgspec.structs import replace

from bot.briefing import readers
from bot.change import Change, Write
from bot.context import Context
from bot.errors import NotFound, Refused
from bot.model import Influencer, Member, Record, Standing, standing_id
from bot.reading.arguments import names
from bot.reply import Reply
from bot.store_port import RosterEntry
from bot.views.changes import told
from bot.views.lists import Line
from bot.views.words import People, Reader, is_nobodys

INFLUENCER_ID = re.compile(r"inf_[0-9a-z_]+")
"""The id of an influencer, as a button or a choice carries it."""

R = TypeVar("R", bound=Record)


async def reader_of(ctx: Context) -> Reader:
    """The one who asked, as views see them."""
    reader = await readers.reader_of(ctx.store, ctx.team, ctx.member, ctx.now)
    return dataclasses.replace(reader, aloud=ctx.aloud)


def is_you(ctx: Context, member: Member) -> bool:
    """Whether a member is to be called “you”: it is who asked, and nobody else hears the answer."""
    return member.id == ctx.member.id and not ctx.aloud


async def has_roster(ctx: Context) -> bool:
    """Whether anybody is on the roster; the names are read only where nobody is kept up with."""
    return bool(await ctx.store.kept_up(ctx.team.id) or await ctx.store.roster(ctx.team.id))


async def tell(ctx: Context, change: Change) -> Reply:
    """What a Change did, record by record, with a way back."""
    return told(change, await names_in(ctx, change), await reader_of(ctx))


async def names_in(ctx: Context, change: Change) -> dict[str, str]:
    """The names of the influencers that a Change is about, by id; those who are gone go by their last name."""
    wanted: dict[str, None] = {}
    gone: dict[str, str] = {}
    for write in change.writes:
        record = write.record
        if isinstance(record, Influencer):
            gone[record.id] = record.name
        elif isinstance(influencer := getattr(record, "influencer", None), str):
            wanted[influencer] = None
    there = await ctx.store.get_all(Influencer, ctx.team.id, tuple(wanted))
    return gone | {influencer.id: influencer.name for influencer in there}


async def needed(ctx: Context, kind: type[R], id: str, gone: str) -> R:
    """A record that a button names; NotFound, with the sentence `gone`, where it is not there any more."""
    record = await ctx.store.get(kind, ctx.team.id, id)
    if record is None:
        raise NotFound(gone)
    return record


async def lines_of(ctx: Context, influencers: Iterable[Influencer]) -> list[Line]:
    """Influencers with their standings, in the same order."""
    people = list(influencers)
    ids = [standing_id(influencer.id) for influencer in people]
    standings = {found.influencer: found for found in await ctx.store.get_all(Standing, ctx.team.id, ids)}
    return [Line(influencer, standings[influencer.id]) for influencer in people if influencer.id in standings]


def setting(who: Influencer, **fields: Any) -> Write:
    """A write of fields of one influencer; Refused where that is how it is already."""
    after = replace(who, **fields)
    if after == who:
        raise Refused(f"That is how it is already for {who.name}; nothing was changed.")
    return Write(who, after)


def as_typed(ctx: Context, influencer: Influencer | RosterEntry) -> str:
    """Whom a form is about, as somebody could have typed it: by name, by handle where the name fits others too.

    By id where there is nothing else that tells them apart.
    """
    for typed in (influencer.name, *map(str, influencer.handles)):
        match = ctx.roster.find(typed)
        if names(typed) == [typed] and match.one is not None and match.one.id == influencer.id:
            return typed
    return influencer.id


def names_as_typed(ctx: Context, value: str) -> str:
    """A list of people in a form as somebody could have typed it: those who were chosen by id go by name."""
    if not INFLUENCER_ID.search(value):
        return value
    shown = []
    for asked in names(value):
        one = ctx.roster.find(asked, archived=True).one if INFLUENCER_ID.fullmatch(asked) else None
        name = as_typed(ctx, one) if one is not None else asked
        shown.append(name if names(name) == [name] else f'"{name}"')
    return ", ".join(shown)


def member_as_typed(member: str | None, people: People) -> str:
    """A member in a form, as somebody could have typed it: by name, or by id where others have that name."""
    known = people.get(member or "")
    if known is None:
        return ""
    alike = [one for one in people.values() if one.name.casefold() == known.name.casefold()]
    return known.name if len(alike) == 1 else known.id


def owner_as_typed(owner: str | None, people: People) -> str:
    """Who looks after somebody in a form, as somebody could have typed it; of one who has left nothing."""
    return "" if is_nobodys(owner, people) else member_as_typed(owner, people)


def altered(ctx: Context) -> frozenset[str]:
    """The inputs of a form that its person changed: those hold something else than they were filled with."""
    if ctx.draft is None:
        return frozenset(name for name, value in ctx.given if value)
    filled = dict(ctx.draft.values)
    return frozenset(name for name, value in ctx.given if value.strip() != filled.get(name, "").strip())


def passed_over(skip: str | None) -> int:
    """How many entries a button of a paged list passes over; none where it says nothing that can be."""
    return int(skip) if skip and skip.isdecimal() and len(skip) < 7 else 0


def within_list(skip: int, total: int) -> int:
    """The same in a list that may have become shorter meanwhile: behind its end it begins anew."""
    return skip if skip < total else 0
