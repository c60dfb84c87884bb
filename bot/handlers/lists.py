"""The verbs that only look: show, due, find."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Annotated

from bot.briefing.urgent import by_first_need, most_urgent, with_records
from bot.commands import HIDDEN, CommandSpec, Tags, Teammate, Who, Word, Words, command
from bot.concerns import occasions_now, owed_now
from bot.context import Context
from bot.errors import NotUnderstood
from bot.handlers.telling import has_roster, is_you, lines_of, needed, passed_over, reader_of, within_list
from bot.model import Influencer, Member, Occasion, Promise, Stage, Standing, Tier, Touchpoint, standing_id
from bot.needs import Need
from bot.reading.people import read_member
from bot.reply import Reply, Text, say
from bot.roster import spelling
from bot.standing import Status, status
from bot.views.lists import PAGE, SHOWN, Line, looked_after, nobody_yet, on_roster
from bot.views.lists import due as due_view
from bot.views.lists import found as found_view
from bot.views.recap import recap
from bot.views.words import is_nobodys

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


@command(
    "show",
    "The recap: how are we doing with them?",
    examples=("show jess",),
    writes=False,
    title="Find an influencer",
    shares=True,
)
async def show(ctx: Context, who: Who) -> Reply:
    """Status, last contact, both sides' wishes and figures."""
    standing = await needed(ctx, Standing, standing_id(who.id), f"{who.name} is not on the roster any more.")
    last = await ctx.store.get(Touchpoint, ctx.team.id, standing.last.touchpoint) if standing.last else None
    occasions = await ctx.store.occasions(ctx.team.id, who.id)
    promises = await ctx.store.promises(ctx.team.id, who.id)
    return recap(who, standing, last, occasions, await reader_of(ctx), ctx.team_today, promises)


@command("due", "Who needs attention now and next.", examples=("due", "due all", "due @ben"), writes=False, shares=True)
async def due(
    ctx: Context,
    whose: Annotated[Word | None, "mine, all, or a member"] = None,
    *,
    skip: Annotated[Word | None, HIDDEN] = None,
) -> Reply:
    """Most urgent first; costs what is due now."""
    return await due_list(ctx, whose, passed_over(skip)) if await has_roster(ctx) else nobody_yet()


async def due_list(ctx: Context, whose: str | None = None, skip: int = 0) -> Reply:
    """A page of the due list of a member, or of all; of fewer people than are to be skipped it is the first one."""
    owner, of_whom = await _whose(ctx, whose)
    owner_id = owner.id if owner else None
    standings = await ctx.store.needing_attention(ctx.team.id, ctx.now, owner=owner_id)
    # An occasion may be over here while its day still goes on elsewhere: some need nobody any more.
    by_need = by_first_need(ctx.team, standings, ctx.team_today, tuple(Need))
    number = sum(len(found) for found in by_need.values())
    skip = within_list(skip, number)
    coming = await ctx.store.attention_after(ctx.team.id, ctx.now, owner=owner_id, limit=COMING)
    on_track = None if number else await _how_many(ctx, owner)
    return due_view(
        await _most_urgent(ctx, by_need, skip),
        await with_records(ctx.store, ctx.team, coming),
        await reader_of(ctx),
        ctx.team_today,
        numbers={need: len(found) for need, found in by_need.items()},
        whose=of_whom,
        on_track=on_track,
        asked=owner_id or Whose.ALL,
        skip=skip,
    )


@command(
    "find",
    "Search names, handles, tags, goals and notes, or browse.",
    examples=("find ceramics", "find tier:A stage:establishing tag:food owner:@ana", "find status:quiet", "find"),
    writes=False,
    shares=True,
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
    if not everybody:
        return nobody_yet()
    reader = await reader_of(ctx)
    asks_owner = "owner" in dict(ctx.given)
    chosen = [
        one
        for one in everybody
        if one.archived_at is None
        and (tier is None or one.tier is tier)
        and (stage is None or one.stage is stage)
        and all(word in one.tags for word in tag or ())
        and (not asks_owner or (one.owner == owner.id if owner else is_nobodys(one.owner, reader.people)))
    ]
    notes: dict[str, str] = {}
    if words and words.translate(_QUOTES).strip():
        chosen, notes = await _search(ctx, chosen, words)
    chosen.sort(key=lambda one: (spelling.fold(one.name), one.id))
    if status is not None:
        lines = [line for line in await lines_of(ctx, chosen) if _has_status(ctx, line, status)]
        total, passed = len(lines), within_list(passed_over(skip), len(lines))
        lines = lines[passed : passed + PAGE]
    else:
        total, passed = len(chosen), within_list(passed_over(skip), len(chosen))
        lines = await lines_of(ctx, chosen[passed : passed + PAGE])
    narrowed = tuple((name, value) for name, value in ctx.given if name != "skip")
    shown = {line.influencer.id: notes[line.influencer.id] for line in lines if line.influencer.id in notes}
    return found_view(lines, total, reader, ctx.team_today, skip=passed, narrowed=narrowed, notes=shown)


async def _how_many(ctx: Context, owner: Member | None) -> Text:
    """How many relationships there are that need nobody."""
    if owner is not None:
        number = len(await ctx.store.owned_by(ctx.team.id, owner.id))
        return looked_after(number, "You look" if is_you(ctx, owner) else f"{owner.name} looks")
    return on_roster(len([entry for entry in await ctx.store.roster(ctx.team.id) if not entry.archived]))


async def _whose(ctx: Context, typed: str | None) -> tuple[Member | None, Text]:
    """Whose list is asked for, and how that is said."""
    if typed is None or typed.casefold() == Whose.MINE:
        return ctx.member, say(" for you") if is_you(ctx, ctx.member) else say(" for {name}", name=ctx.member.name)
    if typed.casefold() == Whose.ALL:
        return None, say("")
    member = read_member(typed, await ctx.store.members(ctx.team.id), ctx.member, "whose")
    if member is None:
        raise NotUnderstood("Say “mine”, “all” or a member. “find owner:nobody” lists those without an owner.", "whose")
    return member, say(" for you") if is_you(ctx, member) else say(" for {name}", name=member.name)


async def _most_urgent(ctx: Context, by_need: Mapping[Need, Sequence[Standing]], skip: int) -> dict[Need, list[Line]]:
    """As many as a list shows, by their first need, behind the `skip` that are more urgent."""
    shown: dict[Need, list[Line]] = {}
    room = SHOWN
    for need, standings in by_need.items():
        lines = await most_urgent(ctx.store, ctx.team, need, standings, ctx.team_today, skip + room if room else 0)
        shown[need] = await _with_reasons(ctx, lines[skip:])
        room -= len(shown[need])
        skip = max(0, skip - len(standings))
    return shown


async def _with_reasons(ctx: Context, lines: Sequence[Line]) -> list[Line]:
    """The lines with the promise and the occasion that each is to name."""
    owing: dict[str, str] = {}
    near: dict[str, str] = {}
    for line in lines:
        owed = owed_now(ctx.team, line.standing, ctx.team_today)
        days = occasions_now(ctx.team, line.standing, ctx.team_today)
        owing |= {line.influencer.id: owed[0].promise} if owed else {}
        near |= {line.influencer.id: days[0].occasion} if days else {}
    promises = {one.influencer: one for one in await ctx.store.get_all(Promise, ctx.team.id, tuple(owing.values()))}
    occasions = {one.influencer: one for one in await ctx.store.get_all(Occasion, ctx.team.id, tuple(near.values()))}
    return [
        replace(line, promise=promises.get(line.influencer.id), occasion=occasions.get(line.influencer.id))
        for line in lines
    ]


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
