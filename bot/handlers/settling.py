"""What came of a promise: kept, broken, released; by its words, by a button, or by asking which one is meant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated

from msgspec.structs import replace

from bot.change import Change, Write
from bot.commands import HIDDEN, Bare, CommandSpec, PastDay, Who, Word, Words, command
from bot.context import Context, stored
from bot.errors import NotUnderstood, Refused
from bot.forms import ask
from bot.handlers.telling import as_typed, needed, reader_of
from bot.handlers.touchpoints import log
from bot.model import Influencer, Kept, Promise, Side
from bot.promising import by_urgency, kept_by, kept_of
from bot.reading.clauses import without
from bot.reading.dates import find_day
from bot.reading.promises import matching
from bot.reading.whose import RECEIVES
from bot.reply import Answer, Reply
from bot.views.promises import settled, settled_before, which_promise
from bot.views.words import near_day

GONE = "This promise is not there any more."

WHOSE_SIDE = Bare(
    subjects={
        "we": "we", "i": "we", "we'll": "we", "i'll": "we",
        "they": "they", "she": "they", "he": "they", "they'll": "they", "she'll": "they", "he'll": "they",
    },
    objects={
        "us": "we", "our": "we", "ours": "we", "me": "we", "my": "we", "mine": "we",
        "them": "they", "their": "they", "theirs": "they", "her": "they", "hers": "they", "him": "they", "his": "they",
    },
    unless=RECEIVES,
)  # fmt: skip
"""The words that say whose promise it is: `promise they jess …`, `promise jess they …`."""


class Ended(StrEnum):
    """What a promise can be settled as; whether it was kept late, its dates say."""

    KEPT = "kept"
    BROKEN = "broken"
    RELEASED = "released"


async def _tell_settled(ctx: Context, change: Change) -> Reply:
    ended = next(iter(stored(change, Promise)))
    influencer = await needed(ctx, Influencer, ended.influencer, GONE)
    record = kept_of(await ctx.store.promises(ctx.team.id, ended.influencer), ended.side, ctx.today)
    return settled(ended, influencer, await reader_of(ctx), record=record, change=change.id)


@command("settle", "Say what came of a promise.", internal=True, tells=_tell_settled)
async def settle(
    ctx: Context,
    *,
    promise: Word,
    outcome: Annotated[Ended, "What came of it"] = Ended.KEPT,
    on: Annotated[PastDay | None, "When that was"] = None,
) -> Reply:
    """Acts once: a second press is told who was quicker."""
    found = await needed(ctx, Promise, promise, GONE)
    return await _settle(ctx, found, outcome, on)


async def _settle(ctx: Context, found: Promise, outcome: Ended, on: date | None) -> Reply:
    day = on or ctx.today
    if day > ctx.today:
        raise NotUnderstood("That day is still to come: a promise is settled today or on an earlier day.", "on")
    if not found.is_open:
        influencer = await needed(ctx, Influencer, found.influencer, GONE)
        return settled_before(found, influencer, await reader_of(ctx))
    made_on = found.made_at.astimezone(ctx.zone).date()
    noted_late = found.due is not None and found.due < made_on  # then it was made on some day before
    if day < made_on and not noted_late:
        when = near_day(made_on, ctx.today)
        raise NotUnderstood(f"That was promised {when}: it can’t have been settled before. Say a later day.", "on")
    ended = replace(
        found,
        outcome=kept_by(found.due, day) if outcome is Ended.KEPT else Kept(outcome.value),
        settled_on=day,
        settled_by=ctx.member.id,
        settled_at=ctx.now,
    )
    return await _tell_settled(ctx, await ctx.commit(Write(found, ended)))


@command(
    "kept",
    "Say that a promise was kept.",
    examples=("kept jess", "kept jess sample", "kept they jess draft on:yesterday"),
    tells=_tell_settled,
    title="A promise was kept",
)
async def kept(
    ctx: Context,
    who: Annotated[Who, "With whom it was"],
    words: Annotated[Words, "Words of the promise, where there are several"] = "",
    *,
    on: Annotated[PastDay | None, "When it was kept (today if left out)"] = None,
    side: Annotated[Side | None, "Whose promise it is", WHOSE_SIDE] = None,
    pick: Annotated[bool | None, HIDDEN] = None,
) -> Reply:
    """Late where it came after its due date. `pick`: somebody pressed a button that is about several promises."""
    return await _settle_one(ctx, who, words, Ended.KEPT, on=on, side=side, asks=bool(pick))


@command(
    "broken",
    "Say that a promise was broken.",
    examples=("broken jess", "broken they jess draft"),
    tells=_tell_settled,
    title="A promise was broken",
)
async def broken(
    ctx: Context,
    who: Annotated[Who, "With whom it was"],
    words: Annotated[Words, "Words of the promise, where there are several"] = "",
    *,
    on: Annotated[PastDay | None, "When that was clear (today if left out)"] = None,
    side: Annotated[Side | None, "Whose promise it is", WHOSE_SIDE] = None,
) -> Reply:
    """It stays on the record."""
    return await _settle_one(ctx, who, words, Ended.BROKEN, on=on, side=side)


@command(
    "release",
    "Let a promise go: it counts neither for nor against anybody.",
    examples=("release jess sample",),
    tells=_tell_settled,
    title="Let a promise go",
)
async def release(
    ctx: Context,
    who: Annotated[Who, "With whom it was"],
    words: Annotated[Words, "Words of the promise, where there are several"] = "",
    *,
    on: Annotated[PastDay | None, "When that was (today if left out)"] = None,
    side: Annotated[Side | None, "Whose promise it is", WHOSE_SIDE] = None,
) -> Reply:
    """Nobody is reminded of it any more."""
    return await _settle_one(ctx, who, words, Ended.RELEASED, on=on, side=side)


async def _settle_one(
    ctx: Context,
    who: Influencer,
    words: str,
    outcome: Ended,
    *,
    on: date | None,
    side: Side | None,
    asks: bool = False,
) -> Reply:
    """Settles the one open promise that is meant, or asks which; what was settled before is said to be."""
    known = [one for one in await ctx.store.promises(ctx.team.id, who.id) if side in {None, one.side}]
    open_ones = by_urgency(known)
    told, words = _dated(ctx, words, open_ones) if on is None else (on, words)
    meant = matching(words, open_ones) if words else tuple(open_ones)
    if len(meant) == 1 and not asks:
        return await _settle(ctx, meant[0], outcome, told)
    done = [one for one in known if not one.is_open]
    before = matching(words, done) if words else tuple(done) if not open_ones else ()
    if not meant and before:
        last = max(before, key=lambda one: (one.settled_on or date.min, one.id))
        return settled_before(last, who, await reader_of(ctx))
    if not open_ones:
        whose = {Side.WE: " of ours", Side.THEY: " of theirs", None: ""}[side]
        raise Refused(f"There is no open promise{whose} with {who.name}. “promise {who.name} …” notes one.")
    return which_promise(
        who,
        by_urgency(meant) or open_ones,
        await reader_of(ctx),
        outcome=outcome.value,
        on=told,
        unmatched="" if meant else words,
    )


def _dated(ctx: Context, words: str, open_ones: Sequence[Promise]) -> tuple[date | None, str]:
    """The day in words like “sample yesterday”, and the words without it, unless a promise has them all."""
    found = find_day(words, ctx.today, past=True) if words else None
    if found is None or found.day > ctx.today or matching(words, open_ones):
        return None, words
    return found.day, without(words, found.start, found.end)


@command("log_promise", "Log that a promise was kept.", internal=True)
async def log_promise(ctx: Context, *, promise: Word) -> Answer:
    """The form of `log`, filled with whom and what the promise was about."""
    found = await needed(ctx, Promise, promise, GONE)
    influencer = await needed(ctx, Influencer, found.influencer, GONE)
    ours = found.side is Side.WE
    values = {
        "who": as_typed(ctx, influencer),
        "what": found.what,
        "on": (found.settled_on or ctx.today).isoformat(),
        "direction": "outbound" if ours else "inbound",
        "paid": "yes" if found.payment and ours else "",
        "value": found.value or "",
        "link": found.link or "",
    }
    return await ask(ctx, log, values)


HANDLERS: tuple[CommandSpec, ...] = (kept, broken, release, settle, log_promise)
