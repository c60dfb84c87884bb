"""The verbs of promises: make one, ours or theirs, a payment among them, and correct it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated

from msgspec.structs import replace

from bot.change import Change, Write, created
from bot.commands import FILLED, CommandSpec, DueDay, People, Who, Word, Words, command
from bot.context import Context, stored
from bot.errors import NotFound, NotUnderstood, Refused
from bot.forms import NEEDED, ask
from bot.handlers import open_promises, settling
from bot.handlers.settling import GONE, WHOSE_SIDE
from bot.handlers.telling import altered, as_typed, needed, reader_of, tell
from bot.model import NOTE_LIMIT, PROMISES, Influencer, Promise, Side
from bot.promising import KEPT, by_urgency, kept_by
from bot.reading.incomplete import written_on
from bot.reading.promises import is_alike, read_promise
from bot.reading.subjects import names_of
from bot.reading.words import clean, read_link, within
from bot.reply import Answer, Reply
from bot.views.promises import made


async def _tell_made(ctx: Context, change: Change) -> Reply:
    known = stored(change, Promise)
    people = await ctx.store.get_all(Influencer, ctx.team.id, tuple(one.influencer for one in known))
    influencers = {one.id: one for one in people}
    promises = [one for one in known if one.influencer in influencers]
    if not promises:
        raise NotFound(GONE)
    alike: dict[str, Promise] = {}
    for promise in promises:
        others = by_urgency(await ctx.store.promises(ctx.team.id, promise.influencer))
        alike |= {one.influencer: one for one in others[::-1] if _is_alike(one, promise)}
    unread = read_promise(promises[0].what, ctx.today).unread if promises[0].due is None else None
    return made(promises, influencers, await reader_of(ctx), alike=alike, unread=unread, change=change.id)


def _is_alike(one: Promise, promise: Promise) -> bool:
    return one.id != promise.id and one.side is promise.side and is_alike(one.what, promise.what)


@command(
    "promise",
    "Note a promise, ours or theirs.",
    examples=(
        "promise jess send the sample by friday",
        "promise jess, sam send the spring samples by 3 dec",
        "promise they jess draft by 3 dec",
        "promise jess pay the invoice of $1,500 by end of the month",
    ),
    tells=_tell_made,
    title="Note a promise",
    newcomers=True,
)
async def promise(
    ctx: Context,
    who: Annotated[People, "With whom it is; several with commas between"],
    what: Annotated[Words, "What was promised; the date and a payment are read from the words"],
    *,
    due: Annotated[DueDay | None, "By when; friday, 3 dec, end of the month or 2w"] = None,
    side: Annotated[Side | None, "Whose promise it is (ours unless the words say otherwise)", WHOSE_SIDE] = None,
    payment: Annotated[bool | None, "Whether money is owed"] = None,
    value: Annotated[Word | None, "How much"] = None,
    link: Annotated[Word | None, "Where it can be seen"] = None,
) -> Answer:
    """One promise with each person, all in one Change; explicit arguments count more than what the words say."""
    read = read_promise(what, ctx.today, dated=due is None, names=names_of(who), side=side)
    if not read.what:
        return await _ask_what(ctx, due or read.due)
    await _refuse_too_many(ctx, who)
    promises = [
        Promise(
            id=ctx.new_id("prm"),
            team=ctx.team.id,
            influencer=influencer.id,
            side=side or read.side or Side.WE,
            what=read.what,
            due=due or read.due,
            payment=read.payment if payment is None else payment,
            value=value or read.value,
            link=read_link(link) or read.link,
            made_at=ctx.now,
            made_by=ctx.member.id,
        )
        for influencer in who
    ]
    return await _tell_made(ctx, await ctx.commit(*created(*promises)))


async def _refuse_too_many(ctx: Context, who: Iterable[Influencer]) -> None:
    for one in who:
        if len(by_urgency(await ctx.store.promises(ctx.team.id, one.id))) >= PROMISES:
            raise Refused(
                f"There are {PROMISES} open promises with {one.name} already: settle some first, see “promises "
                f"{one.name}”."
            )


async def _ask_what(ctx: Context, due: date | None) -> Answer:
    """The form, where nothing but a date was said; a form that was sent so comes back."""
    if ctx.draft is not None:
        raise NotUnderstood("Say what was promised, too: that is only a date.", "what")
    values = dict(ctx.given) | {"what": "", "due": due.isoformat() if due else ""}
    return await ask(ctx, promise, values)


@command("new_promise", "Open the form to note a promise.", internal=True)
async def new_promise(
    ctx: Context,
    *,
    who: Who | None = None,
    what: Words = "",
    side: Side | None = None,
    link: Word | None = None,
    at: Word | None = None,
) -> Answer:
    """The form of `promise`, filled with what is known already; `at` is when the message was written that it is of."""
    values = {"who": as_typed(ctx, who) if who else "", "what": what, "side": side.value if side else ""}
    written = written_on(at, ctx.zone, ctx.today)
    due = read_promise(what, written).due if written else None
    return await ask(ctx, promise, values | {"link": link or "", "due": due.isoformat() if due else ""})


@command("edit_promise", "Correct a promise.", internal=True)
async def edit_promise(
    ctx: Context,
    *,
    promise: Word,
    what: Annotated[Words | None, "What was promised", FILLED] = None,
    due: Annotated[DueDay | None, "By when"] = None,
    side: Annotated[Side | None, "Whose promise it is", WHOSE_SIDE, FILLED] = None,
    payment: Annotated[bool | None, "Whether money is owed"] = None,
    value: Annotated[Word | None, "How much"] = None,
    link: Annotated[Word | None, "Where it can be seen"] = None,
) -> Answer:
    """Opens the form of a promise, or keeps what was altered in it and nothing else."""
    before = await needed(ctx, Promise, promise, GONE)
    if ctx.draft is None:
        return await ask(ctx, edit_promise, _shown(before), given={"promise": promise})
    typed = {
        "what": within(clean(what or ""), NOTE_LIMIT, "what"),
        "due": due,
        "side": side,
        "payment": bool(payment),
        "value": value,
        "link": read_link(link),
    }
    fields = {name: typed[name] for name in altered(ctx) & typed.keys()}
    for name in ("what", "side"):
        if name in fields and not fields[name]:
            raise NotUnderstood(NEEDED, name)
    after = replace(before, **fields)
    if after.outcome in KEPT and after.settled_on is not None:
        after = replace(after, outcome=kept_by(after.due, after.settled_on))
    return await tell(ctx, await ctx.commit(Write(before, after)))


def _shown(one: Promise) -> dict[str, str]:
    """A promise as its form shows it."""
    return {
        "what": one.what,
        "due": one.due.isoformat() if one.due else "",
        "side": one.side.value,
        "payment": "yes" if one.payment else "",
        "value": one.value or "",
        "link": one.link or "",
    }


HANDLERS: tuple[CommandSpec, ...] = (promise, *settling.HANDLERS, *open_promises.HANDLERS, new_promise, edit_promise)
