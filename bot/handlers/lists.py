"""The verbs that only look: show, due, find."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated

from bot.commands import HIDDEN, CommandSpec, Tags, Teammate, Who, Word, Words, command
from bot.context import Context
from bot.errors import NotUnderstood
from bot.handlers.telling import lines_of, needed, passed_over, reader_of
from bot.model import Influencer, Member, Stage, Standing, Tier, Touchpoint, standing_id
from bot.reading.people import read_member
from bot.reply import Reply, Text, say
from bot.roster import spelling
from bot.standing import Status, silent_days, status, urgency
from bot.views.lists import PAGE, SHOWN, Line, Need, looked_after, need_of, on_roster
from bot.views.lists import due as due_view
from bot.views.lists import found as found_view
from bot.views.recap import recap

COMING = 5
"""People who come next, shown below those who are due."""

NOTES_FOUND = 200
"""Notes with the words of a search that are looked at, the newest."""

NOTE_SEARCHES = 8
"""Times that the notes are gone through in a search: once for each part of its words that records lack."""

_QUOTES = dict.fromkeys(map(ord, '"“”„‟«»'), " ")
"""What people put around words that they search for."""


class Whose(StrEnum):
    """Whose relationships a list is about."""

    MINE = "mine"
    ALL = "all"


@command("show", "The recap: how are we doing with them?", examples=("show jess",), writes=False, title="Recap")
async def show(ctx: Context, who: Annotated[Who, "Whom"]) -> Reply:
    """Status, last contact, both sides' wishes and figures."""
    standing = await needed(ctx, Standing, standing_id(who.id), f"{who.name} is not on the roster any more.")
    last = await ctx.store.get(Touchpoint, ctx.team.id, standing.last.touchpoint) if standing.last else None
    occasions = await ctx.store.occasions(ctx.team.id, who.id)
    return recap(who, standing, last, occasions, await reader_of(ctx), ctx.team_today)


@command("due", "Who needs attention now and next.", examples=("due", "due all", "due @ben"), writes=False)
async def due(ctx: Context, whose: Annotated[Word | None, "mine, all, or a member"] = None) -> Reply:
    """Most urgent first; costs what is due now."""
    return await due_list(ctx, whose)


async def due_list(ctx: Context, whose: str | None = None) -> Reply:
    """The due list of a member, or of all."""
    owner, of_whom = await _whose(ctx, whose)
    owner_id = owner.id if owner else None
    standings = await ctx.store.needing_attention(ctx.team.id, ctx.now, owner=owner_id)
    by_need: dict[Need, list[Standing]] = {need: [] for need in Need}
    for standing in standings:
        by_need[need_of(standing, ctx.team_today)].append(standing)
    coming = await ctx.store.attention_after(ctx.team.id, ctx.now, owner=owner_id, limit=COMING)
    on_track = None if standings else await _how_many(ctx, owner)
    return due_view(
        await _most_urgent(ctx, by_need),
        await _lines(ctx, coming),
        await reader_of(ctx),
        ctx.team_today,
        numbers={need: len(found) for need, found in by_need.items()},
        whose=of_whom,
        on_track=on_track,
    )


@command(
    "find",
    "Search names, handles, tags, goals and notes, or browse.",
    examples=("find ceramics", "find tier:A stage:establishing tag:food owner:@ana", "find status:quiet", "find"),
    writes=False,
)
async def find(
    ctx: Context,
    words: Annotated[Words | None, "Words to look for"] = None,
    *,
    tier: Annotated[Tier | None, "Only this tier"] = None,
    stage: Annotated[Stage | None, "Only this stage"] = None,
    tag: Annotated[Tags | None, "Only with this tag"] = None,
    owner: Annotated[Teammate | None, "Only this member’s; “nobody” for those without"] = None,
    status: Annotated[Status | None, "Only with this status"] = None,
    skip: Annotated[Word | None, HIDDEN] = None,
) -> Reply:
    """Everybody who fits, by name, twenty a page; costs what there is on the roster."""
    everybody = await ctx.store.everything(Influencer, ctx.team.id)
    asks_owner = "owner" in dict(ctx.given)
    chosen = [
        one
        for one in everybody
        if one.archived_at is None
        and (tier is None or one.tier is tier)
        and (stage is None or one.stage is stage)
        and all(word in one.tags for word in tag or ())
        and (not asks_owner or one.owner == (owner.id if owner else None))
    ]
    notes: dict[str, str] = {}
    if words and words.translate(_QUOTES).strip():
        chosen, notes = await _search(ctx, chosen, words)
    chosen.sort(key=lambda one: (spelling.fold(one.name), one.id))
    if status is not None:
        lines = [line for line in await lines_of(ctx, chosen) if _has_status(ctx, line, status)]
        total, passed = len(lines), passed_over(skip)
        lines = lines[passed : passed + PAGE]
    else:
        total, passed = len(chosen), passed_over(skip)
        lines = await lines_of(ctx, chosen[passed : passed + PAGE])
    narrowed = tuple((name, value) for name, value in ctx.given if name != "skip")
    shown = {line.influencer.id: notes[line.influencer.id] for line in lines if line.influencer.id in notes}
    return found_view(lines, total, await reader_of(ctx), ctx.team_today, skip=passed, narrowed=narrowed, notes=shown)


async def _how_many(ctx: Context, owner: Member | None) -> Text:
    """How many relationships there are that need nobody."""
    if owner is not None:
        number = len(await ctx.store.owned_by(ctx.team.id, owner.id))
        return looked_after(number, "You look" if owner.id == ctx.member.id else f"{owner.name} looks")
    return on_roster(len([entry for entry in await ctx.store.roster(ctx.team.id) if not entry.archived]))


async def _whose(ctx: Context, typed: str | None) -> tuple[Member | None, Text]:
    """Whose list is asked for, and how that is said."""
    if typed is None or typed.casefold() == Whose.MINE:
        return ctx.member, say(" for you")
    if typed.casefold() == Whose.ALL:
        return None, say("")
    member = read_member(typed, await ctx.store.members(ctx.team.id), ctx.member, "whose")
    if member is None:
        raise NotUnderstood("Say “mine”, “all” or a member. “find owner:nobody” lists those without an owner.", "whose")
    return member, say(" for {name}", name=member.name)


async def _lines(ctx: Context, standings: Sequence[Standing]) -> list[Line]:
    people = await ctx.store.get_all(Influencer, ctx.team.id, [standing.influencer for standing in standings])
    by_id = {influencer.id: influencer for influencer in people}
    return [Line(by_id[standing.influencer], standing) for standing in standings if standing.influencer in by_id]


async def _most_urgent(ctx: Context, by_need: Mapping[Need, Sequence[Standing]]) -> list[Line]:
    """As many as a list shows: who waits longest, then the most unusual silences, then whose day is furthest past.

    Only the silences are weighed with their records; of the others those are read that are shown.
    """
    chosen: list[Line] = []
    for need, standings in by_need.items():
        room = SHOWN - len(chosen)
        if need is Need.QUIET and room > 0:
            lines = await _lines(ctx, standings)
            lines.sort(key=lambda line: (-_unusual(ctx, line), line.influencer.name))
        else:
            lines = await _lines(ctx, sorted(standings, key=_since)[:room] if room > 0 else ())
        chosen += lines[:room]
    return chosen


def _unusual(ctx: Context, line: Line) -> float:
    return urgency(line.standing, silent_days(line.standing, line.influencer, ctx.team_today))


def _since(standing: Standing) -> tuple[date, str]:
    return standing.waiting_since or standing.planned_on or date.max, standing.influencer


async def _search(ctx: Context, everybody: Sequence[Influencer], words: str) -> tuple[list[Influencer], dict[str, str]]:
    """Whoever has every word in the record, or the words that are not there in one of the notes; and those notes."""
    wanted = tuple(dict.fromkeys(spelling.fold(words.translate(_QUOTES)).split()))
    found: dict[str, Influencer] = {}
    lacking = defaultdict[tuple[str, ...], list[Influencer]](list)
    for one in everybody:
        text = _text_of(one)
        if missing := tuple(word for word in wanted if word not in text):
            lacking[missing].append(one)
        else:
            found[one.id] = one
    lacking[wanted] = list(everybody)  # a note with all the words is shown whatever the record holds
    notes: dict[str, str] = {}
    for missing in sorted(lacking, key=len, reverse=True)[:NOTE_SEARCHES]:
        touches = await ctx.store.notes_with(ctx.team.id, missing, limit=NOTES_FOUND)
        newest = {touch.influencer: touch.note for touch in reversed(touches)}
        for one in lacking[missing]:
            if one.id in newest:
                found[one.id] = one
                notes.setdefault(one.id, newest[one.id])
    return list(found.values()), notes


def _text_of(one: Influencer) -> str:
    """Everything that is looked through in a record, as words are compared."""
    handles = (str(handle) for handle in one.handles)
    said = (note.text for note in one.notes)
    wishes = (one.goal or "", one.motivation or "", one.objective or "")
    return spelling.fold(" ".join((one.name, *one.aliases, *handles, *one.tags, *wishes, *said)))


def _has_status(ctx: Context, line: Line, wanted: Status) -> bool:
    return status(line.standing, ctx.team_today) is wanted


HANDLERS: tuple[CommandSpec, ...] = (show, due, find)
