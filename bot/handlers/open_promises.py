"""Which promises are open: of a member, of the team, with one person; and what can be done about one."""

from __future__ import annotations

from typing import Annotated

from bot.commands import HIDDEN, CommandSpec, Word, command
from bot.context import Context
from bot.errors import NotUnderstood
from bot.handlers.telling import is_you, needed, passed_over, reader_of, within_list
from bot.model import Influencer, Member, Promise
from bot.promising import by_urgency
from bot.reading.arguments import Doubt
from bot.reading.people import read_member
from bot.reply import Reply, Text, say
from bot.roster import How
from bot.views.open_promises import PAGE, PromiseLine, listed_promises, one_promise, promises_of
from bot.views.promises import settled_before

_LATE = frozenset({"late", "overdue"})


@command(
    "promises",
    "See the open promises, ours and theirs, late ones first.",
    examples=("promises", "promises all", "promises late", "promises @ben", "promises jess"),
    writes=False,
    shares=True,
    title="Open promises",
)
async def promises(
    ctx: Context,
    whose: Annotated[Word | None, "mine, all, a member or an influencer; “late” with it for late ones only"] = None,
    *,
    skip: Annotated[Word | None, HIDDEN] = None,
) -> Reply:
    """Ten a page; costs what is open."""
    passed = passed_over(skip)
    wanted, only_late = _wanted(ctx, (whose or "mine").strip('"“” '))
    if wanted.casefold() == "all":
        return await _team_wide(ctx, None, passed, only_late=only_late)
    if wanted.casefold() == "mine":
        return await _team_wide(ctx, ctx.member, passed, only_late=only_late)
    found = await _person(ctx, wanted)
    if isinstance(found, Member):
        return await _team_wide(ctx, found, passed, only_late=only_late)
    return await _of_one(ctx, found, passed, only_late=only_late)


def _wanted(ctx: Context, typed: str) -> tuple[str, bool]:
    """Whose promises are asked for, and whether it is the late ones only: `late`, `late all`, `jess late`."""
    words = typed.split()
    if ctx.roster.find(typed, archived=True).how is not How.EXACT:  # somebody may be called so
        for at in (0, -1):
            if words and words[at].casefold() in _LATE:
                del words[at]
                return " ".join(words) or "mine", True
    return typed, False


async def _person(ctx: Context, typed: str) -> Member | Influencer:
    """A member or an influencer by name; the influencer where both have it, `@ben` is always the member.

    Raises Doubt where it does not say who is meant, and NotUnderstood for a member whom nobody knows.
    """
    match = ctx.roster.find(typed, archived=True)
    named = match.how is not None and not match.is_typo and match.how is not How.PREFIX
    if typed.startswith("@") or not (match.one and named):
        try:
            member = read_member(typed, await ctx.store.members(ctx.team.id), ctx.member, "whose")
        except NotUnderstood:
            if typed.startswith("@") and match.one is None:
                raise
            member = None
        if member is not None:
            return member
    if match.one is None:
        raise Doubt("whose", match)
    return await needed(ctx, Influencer, match.one.id, "This person is not on the roster any more.")


async def _team_wide(ctx: Context, owner: Member | None, passed: int, *, only_late: bool) -> Reply:
    open_ones = await ctx.store.promises_due(ctx.team.id)
    people = await ctx.store.get_all(Influencer, ctx.team.id, tuple(dict.fromkeys(one.influencer for one in open_ones)))
    by_id = {one.id: one for one in people if one.archived_at is None}
    lines = [
        PromiseLine(one, by_id[one.influencer])
        for one in by_urgency(open_ones)
        if one.influencer in by_id
        and (owner is None or _is_theirs(one, by_id[one.influencer], owner))
        and (one.is_late(ctx.today) or not only_late)
    ]
    passed = within_list(passed, len(lines))
    return listed_promises(
        lines[passed : passed + PAGE],
        await reader_of(ctx),
        total=len(lines),
        late=sum(line.promise.is_late(ctx.today) for line in lines),
        skip=passed,
        whose=owner.id if owner else "all",
        of_whom=_of_whom(ctx, owner),
        only_late=only_late,
    )


def _is_theirs(one: Promise, influencer: Influencer, owner: Member) -> bool:
    """Whether a member has to see to a promise: as the owner, or as who made it where there is none."""
    return owner.id == (influencer.owner or one.made_by)


def _of_whom(ctx: Context, owner: Member | None) -> Text:
    if owner is None:
        return say("")
    return say(" for you") if is_you(ctx, owner) else say(" for {name}", name=owner.name)


async def _of_one(ctx: Context, who: Influencer, passed: int, *, only_late: bool) -> Reply:
    known = await ctx.store.promises(ctx.team.id, who.id)
    wanted = [one for one in by_urgency(known) if one.is_late(ctx.today) or not only_late]
    passed = within_list(passed, len(wanted))
    lines = [PromiseLine(one, who) for one in wanted[passed : passed + PAGE]]
    reader = await reader_of(ctx)
    return promises_of(who, known, lines, reader, total=len(wanted), skip=passed, only_late=only_late)


@command("open_promise", "One promise, and what can be done about it.", internal=True, writes=False)
async def open_promise(ctx: Context, *, promise: Word) -> Reply:
    """Its card; one that was settled says by whom."""
    found = await needed(ctx, Promise, promise, "This promise is not there any more.")
    influencer = await needed(ctx, Influencer, found.influencer, "This person is not on the roster any more.")
    view = one_promise if found.is_open else settled_before
    return view(found, influencer, await reader_of(ctx))


HANDLERS: tuple[CommandSpec, ...] = (promises, open_promise)
