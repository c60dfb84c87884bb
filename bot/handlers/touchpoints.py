"""The verbs about what happened: log it, look back, correct it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated

from msgspec.structs import replace

from bot.address import Person
from bot.change import Change, Write, created
from bot.commands import FILLED, HIDDEN, CommandSpec, PastDay, People, Teammate, Who, Word, Words, command
from bot.context import Context, stored
from bot.errors import NotUnderstood
from bot.forms import NEEDED, ask
from bot.handlers.earlier import last_change, member_behind, removes
from bot.handlers.telling import altered, as_typed, member_as_typed, needed, passed_over, reader_of, tell
from bot.model import (
    NOTE_LIMIT,
    Direction,
    Exchange,
    Influencer,
    Medium,
    Standing,
    Touchpoint,
)
from bot.reading.answered import is_reached
from bot.reading.dates import unread_day
from bot.reading.exchange import is_only_a_card
from bot.reading.incomplete import written_on
from bot.reading.subjects import names_of
from bot.reading.touch import read_touch
from bot.reading.words import clean, read_link, within
from bot.reply import Answer, Reply, Text
from bot.standing import is_mostly_paid
from bot.views.touches import (
    PAGE,
    logged,
    warn_colleague,
    warn_mostly_paid,
    warn_third_ask,
    warn_undisclosed,
    warn_unread_day,
)
from bot.views.touches import (
    history as history_view,
)

ASKS_IN_A_ROW = 3
COLLEAGUE_WITHIN = timedelta(days=2)


async def _tell_logged(ctx: Context, change: Change) -> Reply:
    touches = stored(change, Touchpoint)
    reader = await reader_of(ctx)
    ids = tuple(dict.fromkeys(touch.influencer for touch in touches))
    influencers = {one.id: one for one in await ctx.store.get_all(Influencer, ctx.team.id, ids)}
    standings = {standing.influencer: standing for standing in stored(change, Standing)}
    warnings: list[Text] = []
    for touch in touches:
        name = influencers[touch.influencer].name if touch.influencer in influencers else ""
        if name and touch.influencer in standings:
            warnings += await _warnings(ctx, touch, standings[touch.influencer], name)
    undisclosed = [influencers[touch.influencer].name for touch in touches if _is_undisclosed(touch, influencers)]
    if undisclosed:
        warnings.append(warn_undisclosed(undisclosed))
    if unread := next(filter(None, map(_unread, touches)), None):
        warnings.append(warn_unread_day(unread))
    return logged(
        [touch for touch in touches if touch.influencer in influencers],
        influencers,
        reader,
        standings=standings,
        warnings=warnings,
        change=change.id,
    )


async def _warnings(ctx: Context, touch: Touchpoint, standing: Standing, name: str) -> list[Text]:
    """What to mind about a touchpoint; it counts all the same."""
    warnings = []
    if touch.exchange is Exchange.ASK and standing.asks_since_give >= ASKS_IN_A_ROW:
        warnings.append(warn_third_ask(name, standing.asks_since_give))
    if touch.direction is not Direction.INBOUND:
        others = await ctx.store.touchpoints(ctx.team.id, touch.influencer, since=touch.on - COLLEAGUE_WITHIN, limit=10)
        other = next((one for one in others if _is_colleagues(one, touch)), None)
        if other is not None:
            warnings.append(warn_colleague(name, other, await reader_of(ctx)))
    if touch.paid and is_mostly_paid(standing):
        warnings.append(warn_mostly_paid(name, standing))
    return warnings


def _is_undisclosed(touch: Touchpoint, influencers: Mapping[str, Influencer]) -> bool:
    is_gift = touch.medium is Medium.GIFT and touch.direction is Direction.OUTBOUND
    is_told = touch.disclosed or is_only_a_card(touch.note)
    return is_gift and not is_told and touch.influencer in influencers


def _unread(touch: Touchpoint) -> str | None:
    """The words of a day that could not be read, where today was taken instead."""
    return unread_day(touch.note, touch.on) if touch.at == touch.logged_at else None


def _is_colleagues(other: Touchpoint, touch: Touchpoint) -> bool:
    """Whether a colleague reached out before a touchpoint of ours."""
    return (
        other.id != touch.id
        and other.by is not None
        and other.by != touch.by
        and other.direction is not Direction.INBOUND
        and other.on <= touch.on
    )


@command(
    "log",
    "Log a touchpoint.",
    examples=(
        "log jess coffee at VidCon, loves ceramics yesterday",
        "log jess, sam sent the spring samples",
        "log jess replied: yes to the launch medium:email",
    ),
    tells=_tell_logged,
    newcomers=True,
)
async def log(
    ctx: Context,
    who: Annotated[People, "Who it was with; several with commas between"],
    what: Annotated[Words, "What happened; medium, direction and date are read from the words"],
    *,
    on: Annotated[PastDay | None, "When it happened (today if left out)"] = None,
    medium: Annotated[Medium | None, "How it happened"] = None,
    direction: Annotated[Direction | None, "Who moved: we to them, they to us, or both"] = None,
    exchange: Annotated[Exchange | None, "Whether something was given or asked for"] = None,
    by: Annotated[Teammate | None, "Who of us (you if left out)"] = None,
    paid: Annotated[bool | None, "Whether they were paid for it"] = None,
    disclosed: Annotated[bool | None, "Whether a gift is disclosed"] = None,
    value: Annotated[Word | None, "What it was worth"] = None,
    link: Annotated[Word | None, "Where it can be seen"] = None,
) -> Answer:
    """One touchpoint for each person, all in one Change; explicit arguments count more than what the words say."""
    read = read_touch(what, ctx.today, medium=medium, names=names_of(who))
    day = on or read.on or ctx.today
    touches = [
        Touchpoint(
            id=ctx.new_id("tch"),
            team=ctx.team.id,
            influencer=influencer.id,
            on=day,
            at=ctx.now if day == ctx.today else None,
            medium=read.medium,
            direction=direction or read.direction,
            exchange=exchange or read.exchange,
            paid=read.paid if paid is None else paid,
            disclosed=read.disclosed if disclosed is None else disclosed,
            reached=read.reached,
            note=what if on else read.note,
            value=value or read.value,
            link=read_link(link) or read.link,
            by=by.id if by else ctx.member.id,
            logged_at=ctx.now,
        )
        for influencer in who
    ]
    return await _tell_logged(ctx, await ctx.commit(*created(*touches)))


@command("new_touch", "Open the form to log a touchpoint.", internal=True, title="Log a touchpoint")
async def new_touch(
    ctx: Context,
    *,
    who: Who | None = None,
    what: Words = "",
    link: Word | None = None,
    at: Word | None = None,
    author: Word | None = None,
) -> Answer:
    """The form of `log`, filled with what is known already: whom it is about, or the message that it was opened on.

    `at` is when that message was written, with its zone, and `author` the account that wrote it.
    """
    values = {"who": as_typed(ctx, who) if who else "", "what": what, "link": link or ""}
    return await ask(ctx, log, values | {"on": _said_on(ctx, what, at), "by": await _wrote(ctx, author)})


def _said_on(ctx: Context, what: str, at: str | None) -> str:
    """The day that a message from before today is about: one that it names is counted from its own."""
    written = written_on(at, ctx.zone, ctx.today)
    return (read_touch(what, written).on or written).isoformat() if written else ""


async def _wrote(ctx: Context, account: str | None) -> str:
    """Who of us wrote a message, where that is a colleague of whoever asks."""
    if account is None:
        return ""
    member = await ctx.store.member_at(ctx.team.id, Person(ctx.place.platform, ctx.place.workspace, account))
    if member is None or member.id == ctx.member.id:
        return ""
    return member_as_typed(member.id, (await reader_of(ctx)).people)


@command(
    "history",
    "Look back at the touchpoints, newest first.",
    title="History",
    examples=("history jess", "history jess medium:email since:may"),
    writes=False,
    shares=True,
)
async def history(
    ctx: Context,
    who: Who,
    *,
    medium: Annotated[Medium | None, "Only this medium"] = None,
    since: Annotated[PastDay | None, "Not further back than this"] = None,
    skip: Annotated[Word | None, HIDDEN] = None,
) -> Reply:
    """Ten touchpoints a page."""
    passed = passed_over(skip)
    page = await ctx.store.touchpoints(ctx.team.id, who.id, medium=medium, since=since, limit=PAGE + 1, skip=passed)
    narrowed = [("medium", medium.value)] if medium else []
    if since:
        narrowed.append(("since", since.isoformat()))
    return history_view(who, page, await reader_of(ctx), skip=passed, narrowed=tuple(narrowed))


@command("edit_touch", "Correct a touchpoint.", internal=True)
async def edit_touch(
    ctx: Context,
    *,
    touch: Word,
    what: Annotated[Words | None, "What happened"] = None,
    on: Annotated[PastDay | None, "When it happened", FILLED] = None,
    medium: Annotated[Medium | None, "How it happened", FILLED] = None,
    direction: Annotated[Direction | None, "Who moved", FILLED] = None,
    exchange: Annotated[Exchange | None, "Given, asked for, or neither", FILLED] = None,
    by: Annotated[Teammate | None, "Who of us"] = None,
    paid: Annotated[bool | None, "Whether they were paid for it"] = None,
    disclosed: Annotated[bool | None, "Whether a gift is disclosed"] = None,
    value: Annotated[Word | None, "What it was worth"] = None,
    link: Annotated[Word | None, "Where it can be seen"] = None,
) -> Answer:
    """Opens the form of a touchpoint, or keeps what was altered in it."""
    before = await needed(ctx, Touchpoint, touch, await _deleted(ctx, touch))
    if ctx.draft is None:
        return await ask(ctx, edit_touch, await _shown(ctx, before), given={"touch": touch})
    typed = {
        "what": within(clean(what or ""), NOTE_LIMIT, "what"),
        "on": on,
        "medium": medium,
        "direction": direction,
        "exchange": exchange,
        "by": by.id if by else None,
        "paid": bool(paid),
        "disclosed": bool(disclosed),
        "value": value,
        "link": read_link(link),
    }
    fields = {"note" if name == "what" else name: typed[name] for name in altered(ctx) & typed.keys()}
    for name in ("on", "medium", "direction", "exchange"):
        if name in fields and fields[name] is None:
            raise NotUnderstood(NEEDED, name)
    if fields.keys() & {"note", "medium"}:
        fields["reached"] = fields.get("medium", before.medium) is not Medium.CALL or is_reached(what or "")
    if "on" in fields:
        fields["at"] = ctx.now if fields["on"] == ctx.today else None
    return await tell(ctx, await ctx.commit(Write(before, replace(before, **fields))))


@command("delete_touch", "Delete a touchpoint.", internal=True)
async def delete_touch(ctx: Context, *, touch: Word) -> Answer:
    """It is gone at once, and undo brings it back."""
    before = await needed(ctx, Touchpoint, touch, await _deleted(ctx, touch))
    return await tell(ctx, await ctx.commit(Write(before, None)))


async def _deleted(ctx: Context, touch: str) -> str:
    """What to say where a touchpoint is not there any more: by whom it was deleted, where the audit knows."""
    if await ctx.store.get(Touchpoint, ctx.team.id, touch) is not None:
        return ""
    member = await member_behind(ctx, await last_change(ctx, touch, removes(touch)))
    who = "" if member is None else " by you" if member.id == ctx.member.id else f" by {member.name}"
    return f"This touchpoint was deleted already{who}."


async def _shown(ctx: Context, touch: Touchpoint) -> dict[str, str]:
    """A touchpoint as its form shows it."""
    people = (await reader_of(ctx)).people
    return {
        "what": touch.note,
        "on": touch.on.isoformat(),
        "medium": touch.medium.value,
        "direction": touch.direction.value,
        "exchange": touch.exchange.value,
        "by": member_as_typed(touch.by, people),
        "paid": "yes" if touch.paid else "",
        "disclosed": "yes" if touch.disclosed else "",
        "value": touch.value or "",
        "link": touch.link or "",
    }


HANDLERS: tuple[CommandSpec, ...] = (log, history, new_touch, edit_touch, delete_touch)
