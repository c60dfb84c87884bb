"""The verbs of digests: asking for one, stopping it, reading it at once, and claiming somebody who stands in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import msgspec
from msgspec.structs import replace

from bot.address import Place, PlaceKind
from bot.briefing.digest import gather
from bot.calendar import next_digest
from bot.change import Change, Write
from bot.commands import FILLED, CommandSpec, Who, Word, Words, command
from bot.context import Context, stored
from bot.errors import NotAllowed, NotUnderstood, Refused
from bot.forms import NEEDED, ask
from bot.handlers.earlier import last_change, member_behind, moves_owner, removes
from bot.handlers.readers import refuse_readers
from bot.handlers.sharing import offered
from bot.handlers.telling import reader_of, tell
from bot.model import Influencer, Member, Schedule
from bot.reading.arguments import Values
from bot.reading.roster_people import meaning_id
from bot.reading.schedules import read_schedule
from bot.reading.words import clean_line
from bot.reply import Answer, Reply
from bot.views.digest import digest as digest_view
from bot.views.digest import plain_member
from bot.views.schedules import (
    Asked,
    about_new,
    claimed,
    claimed_before,
    digests,
    is_own,
    set_up,
    stopped,
    stopped_before,
    times,
    which_to_stop,
)

IN_CHANNELS = 20
"""Digests of a team in channels; together with one's own they fit into a select."""

OWN = 5
"""Digests of a member in their direct messages."""

_FOR_THE_TEAM = "a digest is for your team only. Set it up in a channel of your own."

_OFF = frozenset({"off", "stop", "end"})


async def _told(ctx: Context, change: Change) -> Reply:
    """That a digest was set up, or stopped."""
    if made := stored(change, Schedule):
        here = await _at(ctx, made[0].place)
        others = [one for one in here if one.id != made[0].id]
        return set_up(_asked(ctx, made[0], since_set_up=True), others, await reader_of(ctx), change.id)
    ended = [write.before for write in change.writes if isinstance(write.before, Schedule) and write.after is None]
    return stopped(ended[0], await reader_of(ctx), change.id) if ended else await tell(ctx, change)


@command(
    "digest",
    "A channel’s regular summary: set it up, stop it, or see it now.",
    examples=("digest here mon 09:00", "digest here weekdays at 9", "digest now", "digest off", "digest"),
    tells=_told,
    title="Digests",
    audience=True,
)
async def digest(
    ctx: Context,
    what: Annotated[Words | None, "“here” with days and an hour, “now” or “off” (all of them if left out)"] = None,
) -> Answer:
    """All digests of the team, the summary at once, or one more or less in this place."""
    asked = clean_line(what or "")
    first, _, rest = asked.partition(" ")
    match first.casefold():
        case "":
            return await _list(ctx)
        case "now" if not rest:
            return offered(ctx, digest_now, Values({}, ()), await _now(ctx))
        case word if word in _OFF and rest.casefold() in {"", "here"}:
            return await _stop_here(ctx)
        case "here" if not rest:
            return await _form(ctx)
    if any(word.startswith(("#", "<#")) for word in asked.split()):
        raise NotUnderstood(
            "A digest comes in the place where it is asked for: say “digest here mon 09:00” there.", "what"
        )
    return await _set_up(ctx, ctx.place, rest if first.casefold() == "here" else asked, "what")


@command("digest_now", "The team’s summary at once.", internal=True, writes=False, shares=True)
async def digest_now(ctx: Context) -> Reply:
    """As it would come now, for the one who asks."""
    return await _now(ctx)


@command("new_digest", "Set up a digest.", internal=True, tells=_told, title="Set up a digest", audience=True)
async def new_digest(
    ctx: Context,
    *,
    when: Annotated[Word | None, "Days and hour; mon 09:00, weekdays at 9 or every day 8:30", FILLED] = None,
) -> Answer:
    """Opens the form, or sets up the digest in the place in which it was opened."""
    if ctx.draft is None:
        return await _form(ctx)
    if not when:
        raise NotUnderstood(NEEDED, "when")
    # A form may be sent from somewhere else than it was opened in: a platform may not even say from where.
    place = msgspec.json.decode(dict(ctx.draft.given)["place"], type=Place)
    return await _set_up(ctx, place, when, "when")


@command("end_digest", "Stop a digest.", internal=True, tells=_told)
async def end_digest(ctx: Context, *, digest: Word) -> Reply:
    """Stops one, wherever it comes; only in their own direct messages may nobody else."""
    schedule = await ctx.store.get(Schedule, ctx.team.id, digest)
    if schedule is None:
        return stopped_before(await member_behind(ctx, await last_change(ctx, digest, removes(digest))), ctx.member)
    if not _may_see(ctx, schedule):
        raise NotAllowed("This digest comes in somebody’s direct messages: only they can stop it.")
    return await _told(ctx, await ctx.commit(Write(schedule, None)))


async def _tell_claimed(ctx: Context, change: Change) -> Reply:
    found = stored(change, Influencer)
    return claimed(found[0], change.id) if found else await tell(ctx, change)


@command("claim", "Look after somebody whom nobody looks after.", internal=True, tells=_tell_claimed)
async def claim(ctx: Context, *, who: Who) -> Reply:
    """The one who presses first answers for the relationship from then on."""
    owner = await ctx.store.get(Member, ctx.team.id, who.owner) if who.owner is not None else None
    if owner is not None and owner.left_at is None:
        by = await member_behind(ctx, await last_change(ctx, who.id, moves_owner(who.id)))
        return claimed_before(who, owner, by, await reader_of(ctx))
    if who.archived_at is not None:
        raise Refused(f"{who.name} is archived. “restore {who.name}” brings them back.")
    return await _tell_claimed(ctx, await ctx.commit(Write(who, replace(who, owner=ctx.member.id))))


async def _list(ctx: Context, first: str = "") -> Reply:
    """The digests in channels, and one's own in direct messages, the next one in front."""
    asked = [_asked(ctx, one) for one in await ctx.store.schedules(ctx.team.id) if _may_see(ctx, one)]
    asked.sort(key=lambda one: (one.next_on, one.schedule.at, _as_listed(one.schedule)))
    return digests(
        asked[: IN_CHANNELS + OWN],
        await reader_of(ctx),
        ctx.place,
        may_set_up=not ctx.outsiders and not ctx.hurdle,
        first=first,
    )


async def _now(ctx: Context) -> Reply:
    facts = await gather(ctx.store, ctx.team, ctx.now, ctx.team_today, None)
    return replace(digest_view(facts), private=True)


async def _form(ctx: Context) -> Answer:
    refuse_readers(ctx, _FOR_THE_TEAM)
    given = {"place": msgspec.json.encode(ctx.place).decode()}
    about = about_new(ctx.place, ctx.member, ctx.team.timezone)
    return await ask(ctx, new_digest, {"when": "mon 09:00"}, given=given, about=about)


async def _set_up(ctx: Context, place: Place, typed: str, argument: str) -> Reply:
    refuse_readers(ctx, _FOR_THE_TEAM)
    weekdays, at = read_schedule(typed, argument)
    known = await ctx.store.schedules(ctx.team.id)
    same = next((one for one in known if (one.place, one.weekdays, one.at) == (place, weekdays, at)), None)
    if same is not None:
        mine, people = same.set_up_by == ctx.member.id, (await reader_of(ctx)).people
        by = "you" if mine else plain_member(same.set_up_by, people)
        raise Refused(f"That digest comes here already: {times(weekdays, at)}, set up by {by}.")
    _refuse_too_many(place, known)
    schedule = Schedule(
        # Of two who ask for the same at one moment, the second meets the first one's and is told so.
        id=meaning_id("sch", ctx.team.id, place, weekdays, at),
        team=ctx.team.id,
        place=place,
        weekdays=weekdays,
        at=at,
        set_up_by=ctx.member.id,
        set_up_at=ctx.now,
    )
    return await _told(ctx, await ctx.commit(Write(None, schedule)))


async def _stop_here(ctx: Context) -> Reply:
    here = await _at(ctx, ctx.place)
    if not here:
        return await _list(ctx, "No digest comes here.")
    if len(here) > 1:
        return which_to_stop(here[: IN_CHANNELS + OWN], await reader_of(ctx))
    return await _told(ctx, await ctx.commit(Write(here[0], None)))


async def _at(ctx: Context, place: Place) -> list[Schedule]:
    known = await ctx.store.schedules(ctx.team.id)
    return sorted((one for one in known if one.place == place), key=_as_listed)


def _as_listed(schedule: Schedule) -> tuple[object, ...]:
    return schedule.weekdays, schedule.at, schedule.place.kind, schedule.place.id


def _refuse_too_many(place: Place, known: Sequence[Schedule]) -> None:
    is_dm = place.kind is PlaceKind.DM
    alike = [one for one in known if (one.place == place if is_dm else one.place.kind is PlaceKind.CHANNEL)]
    if len(alike) >= (OWN if is_dm else IN_CHANNELS):
        where = "your direct messages" if is_dm else "channels"
        raise Refused(f"There are {len(alike)} digests in {where} already. “digest” lists them: stop one first.")


def _asked(ctx: Context, schedule: Schedule, *, since_set_up: bool = False) -> Asked:
    after = schedule.set_up_at if since_set_up else ctx.now
    return Asked(schedule, next_digest(ctx.team.zone, schedule.weekdays, schedule.at, after)[0])


def _may_see(ctx: Context, schedule: Schedule) -> bool:
    return schedule.place.kind is PlaceKind.CHANNEL or is_own(schedule.place, ctx.member)


HANDLERS: tuple[CommandSpec, ...] = (digest, digest_now, new_digest, end_digest, claim)
