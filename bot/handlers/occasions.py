"""The verbs about the days that matter to somebody: occasion, and what its lists offer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated

from msgspec.structs import replace

from bot.calendar import marks_of, next_nudge, start_of, zone_of
from bot.change import Change, Write
from bot.commands import FILLED, HIDDEN, Bare, CommandSpec, Who, Word, command
from bot.concerns import reminded_on
from bot.context import Context, stored
from bot.errors import NotUnderstood, Refused
from bot.forms import NEEDED, ask
from bot.handlers.earlier import last_change, member_behind, removes
from bot.handlers.lists import Whose
from bot.handlers.telling import altered, as_typed, needed, passed_over, reader_of, tell, within_list
from bot.model import OCCASIONS, Influencer, Member, Occasion
from bot.reading.occasions import OccasionRead, read_label, read_occasion
from bot.reply import Answer, Reply
from bot.views.occasions import AHEAD, PAGE, Coming, day_as_typed, noted, occasions_of, removed_already, team_occasions

_WHOSE = Bare(
    subjects={},
    objects={"all": "all", "everybody": "all", "everyone": "all", "team": "all", "mine": "mine", "my": "mine"},
    alone=True,
)


async def _tell_noted(ctx: Context, change: Change) -> Reply:
    occasion = next(iter(stored(change, Occasion)), None)
    influencer = await ctx.store.get(Influencer, ctx.team.id, occasion.influencer) if occasion else None
    if occasion is None or influencer is None:
        return await tell(ctx, change)
    before = next(write.before for write in change.writes if write.id == occasion.id)
    return noted(
        occasion,
        influencer,
        await reader_of(ctx),
        reminders=await _reminders(ctx, occasion, influencer),
        before=before if isinstance(before, Occasion) else None,
        change=change.id,
    )


@command(
    "occasion",
    "Note a day that matters to somebody, or see what comes.",
    examples=("occasion jess birthday 14 mar", "occasion jess book launch 3 dec 2026", "occasion jess", "occasion"),
    title="Note an occasion",
    tells=_tell_noted,
    writes_with=("what", "on"),
    newcomers=True,
    shares=True,
)
async def occasion(
    ctx: Context,
    who: Annotated[Who | None, "Whose (everybody’s of the next 30 days if left out)"] = None,
    what: Annotated[Word | None, "What it is, and when; birthday 14 mar"] = None,
    *,
    on: Annotated[Word | None, "Its day, if not in the words; 14 mar, 14 mar 1991 or next friday"] = None,
    every_year: Annotated[bool | None, "Whether it comes every year, as a birthday does"] = None,
    whose: Annotated[Whose | None, HIDDEN, _WHOSE] = None,
    skip: Annotated[Word | None, HIDDEN] = None,
) -> Answer:
    """Adds one where words say what; lists one person's, or without a name those of the next 30 days, all or mine.

    The same label again on the same person takes the place of what was noted.
    """
    if what is None and on is None and "what" not in dict(ctx.given):
        return await (_of_one(ctx, who) if who is not None else _of_team(ctx, whose or Whose.ALL, passed_over(skip)))
    if who is None:
        raise NotUnderstood(NEEDED, "who")
    if what is None:
        raise NotUnderstood("Say what the day is: birthday, launch, anniversary.", "what")
    found = read_occasion(what, ctx.today, on=on, every_year=every_year)
    known = await ctx.store.occasions(ctx.team.id, who.id)
    before = _called(known, found.label)
    if before is None and len(known) >= OCCASIONS:
        raise Refused(f"{who.name} has {OCCASIONS} occasions already: remove one of them first.")
    after = _as_read(before or _blank(ctx, who, found), found)
    if before is not None and before.yearly and found.yearly and found.year is None:
        after = replace(after, year=before.year)  # a corrected day says nothing against the year
    if after == before:
        raise Refused(f"That is noted already for {who.name}; nothing was changed.")
    return await _tell_noted(ctx, await ctx.commit(Write(before, after)))


@command("new_occasion", "Open the form to note an occasion.", internal=True)
async def new_occasion(ctx: Context, *, who: Who | None = None) -> Answer:
    """The form of `occasion`, filled with whom it is about."""
    return await ask(ctx, occasion, {"who": as_typed(ctx, who) if who else "", "what": "", "on": ""})


@command("edit_occasion", "Edit an occasion.", internal=True, title="Edit an occasion", tells=_tell_noted)
async def edit_occasion(
    ctx: Context,
    *,
    occasion: Annotated[Word, HIDDEN],
    what: Annotated[Word | None, "What it is", FILLED] = None,
    on: Annotated[Word | None, "Its day; 14 mar, 14 mar 1991 or 3 dec 2026", FILLED] = None,
    every_year: Annotated[bool | None, "Whether it comes every year"] = None,
) -> Answer:
    """Opens the form of an occasion, or keeps what was altered in it."""
    before = await needed(ctx, Occasion, occasion, await _removed(ctx, occasion))
    if ctx.draft is None:
        shown = {"what": before.label, "on": day_as_typed(before), "every_year": "yes" if before.yearly else ""}
        return await ask(ctx, edit_occasion, shown, given={"occasion": occasion})
    wanted = altered(ctx)
    if "what" in wanted and not what:
        raise NotUnderstood(NEEDED, "what")
    label = read_label(what) if what and "what" in wanted else before.label
    after = replace(before, label=label)
    if wanted & {"on", "every_year"}:
        yearly = bool(every_year) if "every_year" in wanted else before.yearly
        day = on if "on" in wanted else day_as_typed(before)
        if not day:
            raise NotUnderstood(NEEDED, "on")
        after = _as_read(after, read_occasion(label, ctx.today, on=day, every_year=yearly))
    others = [one for one in await ctx.store.occasions(ctx.team.id, before.influencer) if one.id != before.id]
    if _called(others, after.label) is not None:
        raise NotUnderstood(f"Another occasion is called “{after.label}” already: remove it first.", "what")
    return await _tell_noted(ctx, await ctx.commit(Write(before, after)))


@command("remove_occasion", "Remove an occasion.", internal=True)
async def remove_occasion(ctx: Context, *, occasion: Word) -> Reply:
    """It is gone at once, and undo brings it back."""
    before = await needed(ctx, Occasion, occasion, await _removed(ctx, occasion))
    return await tell(ctx, await ctx.commit(Write(before, None)))


async def _of_one(ctx: Context, who: Influencer) -> Reply:
    return occasions_of(who, await ctx.store.occasions(ctx.team.id, who.id), await reader_of(ctx))


async def _of_team(ctx: Context, whose: Whose, skip: int) -> Reply:
    """Whose day comes within 30 days, by date; the store is asked for these days and nothing else."""
    last = ctx.today + timedelta(days=AHEAD)
    days = [ctx.today + timedelta(days=ahead) for ahead in range(AHEAD + 1)]
    dated = [
        (on, one)
        for one in await ctx.store.occasions_on(ctx.team.id, marks_of(days))
        if (on := one.next_from(ctx.today)) is not None and on <= last
    ]
    ids = tuple(dict.fromkeys(one.influencer for _, one in dated))
    people = {one.id: one for one in await ctx.store.get_all(Influencer, ctx.team.id, ids) if one.archived_at is None}
    if whose is Whose.MINE:
        people = {id: one for id, one in people.items() if one.owner == ctx.member.id}
    coming = [Coming(one, people[one.influencer], on) for on, one in dated if one.influencer in people]
    coming.sort(key=lambda one: (one.on, one.influencer.name.casefold(), one.occasion.id))
    skip = within_list(skip, len(coming))
    return team_occasions(
        coming[skip : skip + PAGE], len(coming), await reader_of(ctx), skip=skip, mine=whose is Whose.MINE
    )


def _called(occasions: Sequence[Occasion], label: str) -> Occasion | None:
    return next((one for one in occasions if one.label.casefold() == label.casefold()), None)


def _blank(ctx: Context, who: Influencer, found: OccasionRead) -> Occasion:
    return Occasion(
        id=ctx.new_id("occ"),
        team=ctx.team.id,
        influencer=who.id,
        label=found.label,
        month=found.month,
        day=found.day,
        added_by=ctx.member.id,
    )


def _as_read(occasion: Occasion, found: OccasionRead) -> Occasion:
    return replace(occasion, label=found.label, month=found.month, day=found.day, year=found.year, yearly=found.yearly)


async def _reminders(ctx: Context, occasion: Occasion, influencer: Influencer) -> tuple[date, ...] | None:
    """The days on which somebody is still told of the next one; `None` where nobody is told of anything.

    What is noted after a reminder's hour is told at the next one, as long as the day itself is not over by then.
    """
    on = occasion.next_from(ctx.today)
    stopped = influencer.is_paused or influencer.stage.is_stopped or influencer.archived_at
    if on is None or stopped:
        return None
    owner = await ctx.store.get(Member, ctx.team.id, influencer.owner) if influencer.owner else None
    if owner is not None and owner.left_at is not None:
        owner = None  # the team hears of it
    if owner is not None and not owner.nudges:
        return None
    zone = zone_of(ctx.team, owner)
    days = [max(told, influencer.snoozed_until or told) for _, told in reminded_on(ctx.team, on)]
    reached = {next_nudge(ctx.team, owner, max(ctx.now, start_of(day, zone)))[0] for day in days}
    return tuple(sorted(day for day in reached if day <= on))


async def _removed(ctx: Context, occasion: str) -> str:
    """What to say of an occasion that is not there any more: by whom it was removed, where the audit knows."""
    if await ctx.store.get(Occasion, ctx.team.id, occasion) is not None:
        return ""
    member = await member_behind(ctx, await last_change(ctx, occasion, removes(occasion)))
    return removed_already("you" if member and member.id == ctx.member.id else member.name if member else None)


HANDLERS: tuple[CommandSpec, ...] = (occasion, new_occasion, edit_occasion, remove_occasion)
