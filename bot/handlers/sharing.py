"""Sharing: what somebody has read in private is said again, for everybody in the place where they read it.

It is a message like any other: the second press puts a Delivery, and the verb is read anew when that is posted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Annotated

import msgspec

from bot.address import Place, PlaceKind
from bot.change import Change, Write
from bot.commands import HIDDEN, CommandSpec, Permission, Word, command
from bot.context import Context
from bot.errors import NotFound, NotUnderstood, Refused
from bot.forms import keep
from bot.handlers.calling import found_again, known_to, with_people
from bot.handlers.readers import refuse_readers
from bot.model import Delivery, DeliveryKind, Draft, Member, Team, shared_id
from bot.reading.arguments import PEOPLE, Doubt, Values, read
from bot.reply import Callback, Outcome, Reply
from bot.roster import Roster
from bot.store_port import Store
from bot.views.sharing import may_be_shared, sure_to_share, will_stand

SHARE = "share"

_NOTHING = "This can’t be shared."


def offered(ctx: Context, spec: CommandSpec, values: Values, reply: Reply) -> Reply:
    """The answer with [Share] where others may want to see it: what is only read, in a place that is not a DM.

    Not where people of other companies are known to read, and not where the way to it does not fit into a button.
    """
    is_reading = spec.shares and not spec.writes and reply.outcome is Outcome.FINE
    if not is_reading or ctx.aloud or ctx.place.kind is not PlaceKind.CHANNEL or ctx.outsiders:
        return reply
    try:
        again = Callback(spec.name, tuple(_asked(ctx, spec, values)))
        return may_be_shared(reply, Callback(SHARE, (("what", again.encode()),)))
    except ValueError:
        return reply


async def _told(_: Context, __: Change) -> Reply:
    return will_stand()


def share_for(specs: Callable[[], Sequence[CommandSpec]]) -> CommandSpec:
    """The verb behind [Share], which reads with all the others."""

    @command(
        SHARE, "Share an answer with everybody in a channel.", internal=True, audience=True, title="Share", tells=_told
    )
    async def share(ctx: Context, *, what: Annotated[Word, HIDDEN]) -> Reply:
        """Says who will be able to read it; once that is confirmed, has it said to all of them."""
        refuse_readers(ctx, "this is for your team only. Share it in a channel of your own.")
        if ctx.place.kind is not PlaceKind.CHANNEL:
            raise Refused("There is nobody here to share it with. Ask for it in a channel, and share it there.")
        spec, raw = _reading(specs(), what)
        if ctx.draft is None:
            return sure_to_share(ctx.place, (await keep(ctx, _question(ctx, what, raw))).id)
        if ctx.draft.verb != SHARE:
            raise Refused(_NOTHING)
        if place_of(ctx.draft) != ctx.place:
            raise Refused("It was to be shared in another place. Share it there, or ask for it here.")
        await _read_aloud(ctx, spec, raw)  # what can't be read is refused now
        return await _told(ctx, await ctx.commit(Write(None, _message(ctx, ctx.draft))))

    return share


def place_of(draft: Draft) -> Place:
    """Where it was asked whether something is to be shared."""
    return msgspec.json.decode(dict(draft.given)["place"], type=Place)


async def read_again(
    store: Store, team: Team, member: Member, draft: Draft, specs: Sequence[CommandSpec], roster: Roster, now: datetime
) -> Reply:
    """What is to be shared as it is at this moment, to be read by everybody.

    It is read as the member may read it, and without what only admins see. Raises Refused where it can't be any more.
    """
    spec, raw = _reading(specs, dict(draft.given)["what"])
    ctx = Context(
        store=store,
        now=now,
        new_id=_makes_nothing,
        team=team,
        member=member,
        is_admin=False,
        place=place_of(draft),
        verb=spec.name,
        heard=draft.id,
        roster=roster,
    )
    return await _read_aloud(ctx, spec, raw)


def _asked(ctx: Context, spec: CommandSpec, values: Values) -> Iterator[tuple[str, str]]:
    """What the verb was asked with: people by their ids, so that a name that fits others later is still theirs."""
    for name, value in ctx.given:
        argument = spec.argument(name)
        if argument is None or not value.strip():
            continue
        people = values.typed[name] if argument.kind in PEOPLE else value
        yield name, people if isinstance(people, str) else ", ".join(people)


def _reading(specs: Sequence[CommandSpec], what: str) -> tuple[CommandSpec, Mapping[str, str]]:
    """The verb that reads and what it is asked with; Refused for any other, whatever a button is made to say."""
    try:
        asked = Callback.decode(what)
    except ValueError as error:
        raise Refused(_NOTHING) from error
    raw = dict(asked.args)
    spec = next((spec for spec in specs if spec.name == asked.verb and spec.shares), None)
    spec = spec.as_said([name for name, value in raw.items() if value.strip()]) if spec else None
    if spec is None or spec.writes or spec.permission is not Permission.MEMBER:
        raise Refused(_NOTHING)
    return spec, raw


def _question(ctx: Context, what: str, raw: Mapping[str, str]) -> Draft:
    """Waits for the second press, which acts once; it holds what is asked for in plain words, so that `forget` sees."""
    return Draft(
        id=ctx.new_id("drf"),
        team=ctx.team.id,
        verb=SHARE,
        member=ctx.member.id,
        given=(("what", what), ("place", msgspec.json.encode(ctx.place).decode())),
        values=tuple(raw.items()),
        opened_at=ctx.now,
    )


def _message(ctx: Context, draft: Draft) -> Delivery:
    return Delivery(
        id=shared_id(draft.id),
        team=ctx.team.id,
        kind=DeliveryKind.SHARED,
        about=draft.id,
        member=ctx.member.id,
        on=ctx.today,
        due_at=ctx.now,
        place=ctx.place,
        updated_at=ctx.now,
    )


def _makes_nothing(prefix: str) -> str:
    raise ValueError(f"reading needs no id: {prefix}")


async def _read_aloud(ctx: Context, spec: CommandSpec, raw: Mapping[str, str]) -> Reply:
    """What the verb says now, to be read by everybody."""
    aloud = msgspec.structs.replace(
        ctx, verb=spec.name, given=tuple(raw.items()), is_admin=False, draft=None, uploads=(), aloud=True
    )
    try:
        raw = dict(raw) | await found_again(aloud, spec, raw, in_form=False)
        values = read(spec, raw, await known_to(aloud))
        if any(one.required and one.name not in values.typed for one in spec.arguments):
            raise Refused(_NOTHING)
        reply = await spec.handler(aloud, **await with_people(aloud, spec, values))
    except (Doubt, NotUnderstood) as error:
        raise NotFound("It is no longer clear what this was about. Ask for it again, and share that.") from error
    if not isinstance(reply, Reply) or reply.outcome is not Outcome.FINE:
        raise Refused(_NOTHING)
    return reply
