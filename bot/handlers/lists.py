"""The verbs that only look: show, due, find."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

from bot.commands import HIDDEN, CommandSpec, Tags, Teammate, Who, Word, Words, command
from bot.context import Context
from bot.errors import NotUnderstood
from bot.handlers.telling import lines_of, needed, reader_of
from bot.model import Influencer, Member, Stage, Standing, Tier, Touchpoint, standing_id
from bot.reading.people import read_member
from bot.reply import Reply, Text, say
from bot.roster import spelling
from bot.standing import Status, silent_days, status, urgency
from bot.views.lists import PAGE, Line, looked_after, on_roster
from bot.views.lists import due as due_view
from bot.views.lists import found as found_view
from bot.views.recap import recap

COMING = 5
"""People who come next, shown below those who are due."""

NOTES_FOUND = 200
"""Notes looked through for the words of a search."""


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
    """Most urgent first; costs what is due."""
    return await due_list(ctx, whose)


async def due_list(ctx: Context, whose: str | None = None) -> Reply:
    """The due list of a member, or of all."""
    owner, of_whom = await _whose(ctx, whose)
    owner_id = owner.id if owner else None
    standings = await ctx.store.needing_attention(ctx.team.id, ctx.now, owner=owner_id)
    coming = await ctx.store.attention_after(ctx.team.id, ctx.now, owner=owner_id, limit=COMING)
    now_lines = await _lines(ctx, standings)
    now_lines.sort(key=lambda line: _urgency(ctx, line))
    on_track = None if standings else await _how_many(ctx, owner)
    return due_view(
        now_lines, await _lines(ctx, coming), await reader_of(ctx), ctx.team_today, whose=of_whom, on_track=on_track
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
    if words:
        wanted = spelling.fold(words).split()
        notes = await _found_in_notes(ctx, words)
        chosen = [one for one in chosen if one.id in notes or _holds(one, wanted)]
    chosen.sort(key=lambda one: (spelling.fold(one.name), one.id))
    if status is not None:
        lines = [line for line in await lines_of(ctx, chosen) if _has_status(ctx, line, status)]
        total, passed = len(lines), _passed(skip)
        lines = lines[passed : passed + PAGE]
    else:
        total, passed = len(chosen), _passed(skip)
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


def _urgency(ctx: Context, line: Line) -> tuple[int, float, str]:
    """Waiting on us first, the longest before; then the silences by how unusual they are; then first contacts."""
    standing = line.standing
    if standing.waiting_since is not None:
        return 0, standing.waiting_since.toordinal(), line.influencer.name
    if standing.touchpoints == 0:
        return 2, standing.planned_on.toordinal() if standing.planned_on else 0, line.influencer.name
    return 1, -urgency(standing, silent_days(standing, line.influencer, ctx.team_today)), line.influencer.name


async def _found_in_notes(ctx: Context, words: str) -> dict[str, str]:
    """The newest note with the words, by influencer."""
    touches = await ctx.store.notes_with(ctx.team.id, words.split(), limit=NOTES_FOUND)
    return {touch.influencer: touch.note for touch in reversed(touches)}


def _holds(one: Influencer, wanted: Sequence[str]) -> bool:
    handles = (str(handle) for handle in one.handles)
    said = (note.text for note in one.notes)
    wishes = (one.goal or "", one.motivation or "", one.objective or "")
    text = spelling.fold(" ".join((one.name, *one.aliases, *handles, *one.tags, *wishes, *said)))
    return all(word in text for word in wanted)


def _has_status(ctx: Context, line: Line, wanted: Status) -> bool:
    return status(line.standing, ctx.team_today) is wanted


def _passed(skip: str | None) -> int:
    return int(skip) if skip and skip.isdecimal() and len(skip) < 7 else 0


HANDLERS: tuple[CommandSpec, ...] = (show, due, find)
