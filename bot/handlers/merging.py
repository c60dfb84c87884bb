"""merge: two records of one person become one, after a look at what that does."""

from __future__ import annotations

from typing import Annotated

from bot import forms
from bot.change import Change
from bot.commands import HIDDEN, CommandSpec, ExactWho, Linked, Permission, Word, command
from bot.consequences import book_of
from bot.context import Context
from bot.errors import NotFound, Refused
from bot.handlers.earlier import last_change, member_behind
from bot.handlers.telling import needed, reader_of, tell
from bot.joining import Merge, join_records, moves_in
from bot.model import Draft, Influencer, Standing, standing_id
from bot.reply import Reply
from bot.views.merging import left_as_is, merge_preview, merged, merged_before
from bot.views.words import People, doer

_JOINS = Linked(frozenset({"with", "and", "&", "+"}), turning=frozenset({"into", "to"}))
"""How people say which two: with “into” the second one stays."""

_GONE = "One of the two is not on the roster any more, so there is nothing to merge."


@command(
    "merge",
    "Join two records of one person: “merge A into B” keeps B, “merge A with B” keeps A.",
    group="people",
    permission=Permission.ADMIN,
    examples=("merge Jessica Park into Jess Park", "merge @jess.cooks with @jessica.park"),
    title="Merge two records",
)
async def merge(
    ctx: Context,
    keep: Annotated[ExactWho, "Which one stays; full name or handle"],
    lose: Annotated[ExactWho, "Which one goes into it; full name or handle", _JOINS],
) -> Reply:
    """Says what it would do; nothing is written before the button is pressed."""
    return await _preview(ctx, keep, lose)


async def _tell_merged(ctx: Context, change: Change) -> Reply:
    people = [write for write in change.writes if isinstance(write.record, Influencer)]
    kept = next((write for write in people if write.before is not None and write.after is not None), None)
    gone = next((write for write in people if write.after is None), None)
    if kept is None or gone is None:
        return await tell(ctx, change)
    before, after, lost = kept.before, kept.after, gone.before
    if not isinstance(before, Influencer) or not isinstance(after, Influencer) or not isinstance(lost, Influencer):
        raise AssertionError(change.id)
    noted = any(note not in before.notes and note not in lost.notes for note in after.notes)
    return merged(after, lost, moves_in(change.writes, before, after, lost), noted=noted, change=change.id)


@command(
    "merge_now",
    "Merge two records.",
    internal=True,
    permission=Permission.ADMIN,
    tells=_tell_merged,
    title="Merge two records",
)
async def merge_now(
    ctx: Context,
    *,
    keep: Annotated[Word, HIDDEN],
    lose: Annotated[Word, HIDDEN],
    seen: Annotated[Word | None, HIDDEN] = None,
) -> Reply:
    """Does what was shown; where a record has been altered since, or merged, it says so instead."""
    winner = await needed(ctx, Influencer, keep, _GONE)
    loser = await ctx.store.get(Influencer, ctx.team.id, lose)
    if loser is None:
        if lose in winner.merged:
            return await _already(ctx, winner, lose)
        raise NotFound(_GONE)
    if seen is not None and seen != _seen(winner, loser):
        return await _preview(ctx, winner, loser, moved_on=True)
    plan = await _plan(ctx, winner, loser, (await reader_of(ctx)).people)
    return await _tell_merged(ctx, await ctx.commit(*plan.writes))


@command("leave_be", "Leave everything as it is.", internal=True, writes=False)
async def leave_be(ctx: Context) -> Reply:
    """What a question is answered with that should change nothing; from then on its other button does nothing."""
    if ctx.draft is not None:
        await forms.decline(ctx, ctx.draft)
    return left_as_is()


async def _preview(ctx: Context, keep: Influencer, lose: Influencer, *, moved_on: bool = False) -> Reply:
    people = (await reader_of(ctx)).people
    plan = await _plan(ctx, keep, lose, people)
    asked = await forms.keep(ctx, _question(ctx, keep, lose))
    return merge_preview(keep, lose, plan.moves, plan.taken, plan.differ, people, question=asked, moved_on=moved_on)


def _question(ctx: Context, keep: Influencer, lose: Influencer) -> Draft:
    """Waits for the button, which says of which two records; this says how they were shown, and names nobody."""
    return Draft(
        id=ctx.new_id("drf"),
        team=ctx.team.id,
        verb=merge_now.name,
        member=ctx.member.id,
        given=(("seen", _seen(keep, lose)),),
        opened_at=ctx.now,
    )


async def _plan(ctx: Context, keep: Influencer, lose: Influencer, people: People) -> Merge:
    if keep.id == lose.id:
        raise Refused(f"Both are {keep.name}: name two records that are about one person.")
    # The standing first: what comes to be kept about them after it is read moves it on, and the commit sees that.
    lost = await ctx.store.get(Standing, ctx.team.id, standing_id(lose.id))
    ours, theirs = [await book_of(ctx.store, ctx.team.id, one) for one in (keep, lose)]
    return join_records(ours, theirs, lost, people, now=ctx.now, today=ctx.team_today)


def _seen(keep: Influencer, lose: Influencer) -> str:
    """Stands for both records as they are."""
    return f"{keep.version}.{lose.version}"


async def _already(ctx: Context, winner: Influencer, lose: str) -> Reply:
    """By whom the two were merged and when, as far as it is remembered."""
    change = await last_change(ctx, winner.id, lambda one: lose in one.touched, verb=merge_now.name)
    if change is None:
        return merged_before(winner, None, None, ctx.today)
    by = await member_behind(ctx, change)
    on = change.at.astimezone(ctx.zone).date()
    return merged_before(winner, doer(by, ctx.member), on, ctx.today)


HANDLERS: tuple[CommandSpec, ...] = (merge, merge_now, leave_be)
