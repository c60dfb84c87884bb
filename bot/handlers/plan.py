"""The verbs that set one thing about how a relationship is kept: tier, stage, owner, cadence, tags and the clock."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

from msgspec.structs import replace

from bot.commands import CommandSpec, Days, FutureDay, Tags, Teammate, Who, command
from bot.context import Context
from bot.errors import NotUnderstood, Refused
from bot.handlers.telling import setting, tell
from bot.model import CADENCE_LIMIT, TAGS, Influencer, Pause, Stage, Tier
from bot.reading.people import still_here
from bot.reading.words import few
from bot.reply import Reply

PLAN = "plan"


async def _set(ctx: Context, who: Influencer, **fields: Any) -> Reply:
    """Writes fields of one influencer; what is so already is said and not written."""
    return await tell(ctx, await ctx.commit(setting(who, **fields)))


@command(
    "tier",
    "Set the tier, which carries a cadence.",
    group=PLAN,
    examples=("tier jess A",),
    title="Set the tier",
    newcomers=True,
)
async def tier(
    ctx: Context,
    who: Who,
    to: Annotated[Tier | None, "How often to be in touch; A, B, C, D or “none”"],
) -> Reply:
    """The influencer's own cadence, where there is one, still counts more."""
    return await _set(ctx, who, tier=to)


@command(
    "stage",
    "Say how far a relationship has come.",
    group=PLAN,
    examples=("stage jess maintaining",),
    title="Set the stage",
    newcomers=True,
)
async def stage(ctx: Context, who: Who, to: Annotated[Stage, "How far the relationship has come"]) -> Reply:
    """`paused` stops the clock as the verb does; any other stage starts it again."""
    if to is Stage.PAUSED:
        return await _pause(ctx, who)
    return await _set(ctx, who, stage=to, pauses=_resumed(ctx, who))


@command(
    "own",
    "Say who answers for a relationship.",
    group=PLAN,
    examples=("own jess @ana", "own jess nobody"),
    title="Set the owner",
    newcomers=True,
)
async def own(
    ctx: Context,
    who: Who,
    to: Annotated[Teammate | None, "Who answers for the relationship; a member, “me” or “nobody”"],
) -> Reply:
    """Nudges go to the owner from then on."""
    return await _set(ctx, who, owner=still_here(to, "to").id if to else None)


@command(
    "cadence",
    "Set the days between touchpoints.",
    group=PLAN,
    examples=("cadence jess 3 weeks", "cadence jess 10d"),
    title="Set the cadence",
    newcomers=True,
)
async def cadence(
    ctx: Context,
    who: Who,
    every: Annotated[Days | None, "How long; 3 weeks or 10d, “none” for the tier’s"],
) -> Reply:
    """Counts more than the tier's."""
    return await _set(ctx, who, cadence=every)


@command(
    "tag", "Add or take off tags.", group=PLAN, examples=("tag jess food ceramics", "tag jess -food"), newcomers=True
)
async def tag(ctx: Context, who: Who, tags: Annotated[Tags, "Which ones; one with a minus is taken off"]) -> Reply:
    """Tags are in lower case, each once."""
    off = {word[1:] for word in tags if word.startswith("-")}
    on = [word for word in tags if not word.startswith("-")]
    kept = tuple(dict.fromkeys([word for word in who.tags if word not in off] + on))
    return await _set(ctx, who, tags=few(kept, TAGS, "tags"))


@command(
    "snooze",
    "No nudges until a day; the cadence stays.",
    examples=("snooze jess 2w", "snooze jess until 1 mar"),
    title="Snooze",
)
async def snooze(
    ctx: Context, who: Who, until: Annotated[FutureDay, "When nudges may come again; friday, 3 dec or 2w"]
) -> Reply:
    """If it is still silent then, one nudge."""
    if until <= ctx.today:
        raise NotUnderstood("A snooze ends on a day to come: “2w”, “friday” or “1 mar”.", "until")
    if until > ctx.today + timedelta(days=CADENCE_LIMIT):
        raise NotUnderstood("A snooze ends within ten years. To stop the clock for good, pause or archive.", "until")
    # A day that has begun for the team is no snooze at all, even where it is tomorrow for whoever asks.
    return await _set(ctx, who, snoozed_until=max(until, ctx.team_today + timedelta(days=1)))


@command("pause", "Stop the clock of a relationship.", group=PLAN, examples=("pause jess",), title="Pause")
async def pause(ctx: Context, who: Who) -> Reply:
    """No nudges, and the silence does not count, until it is resumed."""
    return await _pause(ctx, who)


@command("resume", "Start the clock again, and end a snooze.", group=PLAN, examples=("resume jess",), title="Resume")
async def resume(ctx: Context, who: Who) -> Reply:
    """The days in between are not counted as silence."""
    is_snoozed = who.snoozed_until is not None and who.snoozed_until > ctx.team_today
    if not who.is_paused and who.stage is not Stage.PAUSED and not is_snoozed:
        raise Refused(f"{who.name} is neither paused nor snoozed.")
    back = who.pauses[-1].stage if who.is_paused else Stage.IDENTIFIED if who.stage is Stage.PAUSED else who.stage
    return await _set(ctx, who, stage=back, pauses=_resumed(ctx, who), snoozed_until=None)


async def _pause(ctx: Context, who: Influencer) -> Reply:
    if who.is_paused:
        raise Refused(f"{who.name} is paused already. “resume {who.name}” starts the clock again.")
    pauses = (*who.pauses, Pause(since=ctx.team_today, stage=who.stage))
    return await _set(ctx, who, stage=Stage.PAUSED, pauses=pauses)


def _resumed(ctx: Context, who: Influencer) -> tuple[Pause, ...]:
    """The pauses with the open one closed today; one that began today never was."""
    if not who.is_paused:
        return who.pauses
    *earlier, last = who.pauses
    return (*earlier, replace(last, until=ctx.team_today)) if last.since < ctx.team_today else tuple(earlier)


HANDLERS: tuple[CommandSpec, ...] = (tier, stage, own, cadence, tag, snooze, pause, resume)
