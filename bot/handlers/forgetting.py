"""forget: somebody is erased for good, after a look at what goes."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated

from msgspec.structs import replace

from bot.briefing.mentions import mentions_of
from bot.change import Write
from bot.commands import HIDDEN, CommandSpec, ExactWho, Permission, Word, command
from bot.consequences import Pending, retract
from bot.context import Context
from bot.forms import keep
from bot.handlers.roster_files import APPLY
from bot.handlers.telling import reader_of
from bot.model import (
    Delivery,
    DeliveryState,
    Draft,
    Influencer,
    Occasion,
    Promise,
    Touchpoint,
    influencer_in,
)
from bot.reply import Reply
from bot.views.forgetting import Mention, Toll, forget_preview, forgotten, forgotten_before

_STANDS = frozenset({DeliveryState.SENT, DeliveryState.SENDING})


@dataclass(frozen=True, slots=True)
class _Traces:
    """All that there is of somebody: what is kept about them, messages that name them, and files that may."""

    who: Influencer
    kept: tuple[Touchpoint | Promise | Occasion, ...]
    messages: tuple[Delivery, ...]
    imports: tuple[Draft, ...]
    toll: Toll
    mentions: list[Mention]
    ids: frozenset[str]

    @property
    def seen(self) -> str:
        """Stands for what people have recorded of them: it moves when any of that does."""
        versions = (f"{one.id}.{one.version}" for one in (self.who, *self.kept))
        return sha256(" ".join(versions).encode()).hexdigest()[:16]


@command(
    "forget",
    "Erase somebody for good, with everything about them.",
    group="people",
    permission=Permission.ADMIN,
    examples=("forget Jess Park",),
    title="Forget for good",
)
async def forget(ctx: Context, who: ExactWho) -> Reply:
    """Says what would go; nothing is erased before the button is pressed."""
    return await _preview(ctx, await _traces(ctx, who))


@command(
    "forget_now",
    "Erase somebody for good.",
    internal=True,
    permission=Permission.ADMIN,
    title="Forget for good",
)
async def forget_now(
    ctx: Context, *, who: Annotated[Word, HIDDEN], seen: Annotated[Word | None, HIDDEN] = None
) -> Reply:
    """Erases whom the button was about; shows what would go by now where that is not what was shown."""
    influencer = await _as_of_now(ctx, who)
    if influencer is None:
        return forgotten_before()
    traces = await _traces(ctx, influencer)
    if influencer.id != who or (seen is not None and seen != traces.seen):
        return await _preview(ctx, traces, moved_on=True)
    pending = Pending(ctx.store, ctx.team, (Write(influencer, None), *(Write(draft, None) for draft in traces.imports)))
    await retract(pending, traces.messages, ctx.now)
    for message in traces.messages:
        marked = await pending.get(Delivery, message.id) or message
        left = tuple(id for id in marked.named if id not in traces.ids)
        pending.put(message, replace(marked, named=left))
    await ctx.commit(*pending.writes, erases=tuple(traces.ids))
    return forgotten(traces.toll, traces.mentions)


async def _preview(ctx: Context, traces: _Traces, *, moved_on: bool = False) -> Reply:
    asked = await keep(ctx, _question(ctx, traces))
    return forget_preview(traces.who, traces.toll, traces.mentions, question=asked, moved_on=moved_on)


def _question(ctx: Context, traces: _Traces) -> Draft:
    """Waits for the button, which says who it is about; this says how they were shown, and outlives them."""
    return Draft(
        id=ctx.new_id("drf"),
        team=ctx.team.id,
        verb=forget_now.name,
        member=ctx.member.id,
        given=(("seen", traces.seen),),
        opened_at=ctx.now,
    )


async def _as_of_now(ctx: Context, id: str) -> Influencer | None:
    """Whom an id stands for: somebody who was merged is part of another record by now."""
    found = await ctx.store.get(Influencer, ctx.team.id, id)
    if found is not None:
        return found
    return next((one for one in await ctx.store.everything(Influencer, ctx.team.id) if id in one.merged), None)


async def _traces(ctx: Context, who: Influencer) -> _Traces:
    store, team = ctx.store, ctx.team
    touchpoints = await store.touchpoints(team.id, who.id)
    promises = await store.promises(team.id, who.id)
    occasions = await store.occasions(team.id, who.id)
    ids = await _ids(ctx, who)
    messages, imports = await _messages(ctx, ids), await _imports(ctx)
    toll = Toll(
        touchpoints=len(touchpoints),
        promises=len(promises),
        occasions=len(occasions),
        notes=len(who.notes),
        nudges=len(await store.nudges_of(team.id, who.id)),
        messages=len(messages),
        imports=len(imports),
    )
    mentions = await mentions_of(store, team, who, await reader_of(ctx))
    return _Traces(who, (*touchpoints, *promises, *occasions), messages, imports, toll, mentions, ids)


async def _ids(ctx: Context, who: Influencer) -> frozenset[str]:
    """Theirs, and those of the records that were merged into theirs; who was parted again is somebody else."""
    apart = {one.id for one in await ctx.store.get_all(Influencer, ctx.team.id, who.merged)}
    return frozenset((who.id, *who.merged)) - apart


async def _messages(ctx: Context, ids: frozenset[str]) -> tuple[Delivery, ...]:
    """The messages that stand, or are on their way, and name somebody."""
    return tuple(
        message
        for message in await ctx.store.everything(Delivery, ctx.team.id)
        if message.state in _STANDS
        and not message.retracted
        and not ids.isdisjoint((*message.named, *map(influencer_in, message.nudges)))
    )


async def _imports(ctx: Context) -> tuple[Draft, ...]:
    """The files that wait for the button of an import: they are packed, and may hold anybody."""
    return tuple(draft for draft in await ctx.store.everything(Draft, ctx.team.id) if draft.verb == APPLY)


HANDLERS: tuple[CommandSpec, ...] = (forget, forget_now)
