"""dispatch: find the verb, authorise, read the arguments, run, and turn whatever goes wrong into a reply."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import structlog
from msgspec.structs import replace

from bot.change import Change, Write
from bot.clock import Clock, NewId
from bot.commands import CommandSpec, Kind, Permission, check_groups
from bot.context import Context, R, stored
from bot.errors import Conflict, NotAllowed, NotFound, NotUnderstood, Refused, StoreFailed
from bot.forms import ask, form_of, keep, keep_typed
from bot.handlers.telling import tell
from bot.inbound import Actor, Command, Message, Question, Role
from bot.model import NAME_LIMIT, Draft, Influencer, Member, Team
from bot.reading.arguments import PEOPLE, Doubt, Known, Values, misread, names, read, split
from bot.reading.words import clean_line, sound
from bot.reply import OPTION_LIMIT, Answer, Form, Option, Reply
from bot.roster import Rosters
from bot.store_port import Store
from bot.views.doubts import doubt_sentence, named, slipped, which_one
from bot.views.help import nearest_verb, not_a_verb, refused, trouble

PICK = "pick"
"""The verb behind the buttons of a question about a name."""

_ASKED = ("asked for", "asked")
"""What a Draft that holds a question says besides the arguments: for which of them, and the name in doubt."""

_NEEDED = "This is needed."

TRIES = 3
"""How often a request is decided anew when what it read has changed under it."""

log = structlog.get_logger()

Founder = Callable[[Actor, str], Team]
"""Makes the Team record for a workspace that has none, given who spoke first and the id it must have."""


class Dispatch:
    """The Core: everything an adapter hears ends here, and nothing here raises."""

    def __init__(
        self, store: Store, specs: Sequence[CommandSpec], *, clock: Clock, new_id: NewId, found_team: Founder
    ) -> None:
        """`specs` are all verbs there are; two of one name or more than Discord holds raise ValueError."""
        check_groups(tuple(specs))
        self.store = store
        self._specs = {spec.name: spec for spec in specs}
        self._clock = clock
        self.new_id = new_id
        self._found_team = found_team
        self._rosters = Rosters()

    async def dispatch(self, command: Command) -> Answer:
        """Does what was asked and says how it went."""
        command = _sound(command)
        try:
            for _ in range(TRIES):
                try:
                    return await self._run(command)
                except Conflict as conflict:
                    log.info("command.conflict", verb=command.verb, record=conflict.id)
            return refused("Others are changing the same thing right now. Try again in a moment.")
        except Refused as error:
            return refused(str(error), self._specs.get(command.verb))
        except StoreFailed as error:
            log.error("store.failed", verb=command.verb, why=str(error))
            return trouble(str(error))
        except Exception:  # noqa: BLE001 - whatever a handler did, the person gets an answer and the log the cause
            return self._unexpected(command.verb)

    async def hear(self, message: Message) -> Answer:
        """Answers words that were said without a command: the verbs work there without a slash."""
        verb, _, text = message.text.strip().removeprefix("/rapport").strip().partition(" ")
        return await self.dispatch(
            Command(
                verb=verb.casefold() or "help",
                actor=message.actor,
                place=message.place,
                heard=message.heard,
                text=text.strip(),
                uploads=message.uploads,
            )
        )

    async def complete(self, question: Question) -> tuple[Option, ...]:
        """At most 25 people, influencers or members, whose names could become what is being typed, best first."""
        try:
            spec = self._specs.get(question.verb)
            argument = spec.argument(question.argument) if spec else None
            team = await self.store.team_at(question.actor.person.home)
            if argument is None or team is None or not _may_ask(question.actor):
                return ()
            if argument.kind is Kind.MEMBER:
                return _members(await self.store.members(team.id), question.typed)
            if argument.kind not in PEOPLE:
                return ()
            roster = await self._rosters.of(self.store, team.id)
            return tuple(Option(named(entry), entry.id) for entry in roster.complete(question.typed))
        except Exception:  # a suggestion that fails is no suggestion; the log has the cause
            log.exception("complete.failed", verb=question.verb)
            return ()

    async def _run(self, command: Command) -> Answer:
        if not _may_ask(command.actor):
            raise NotAllowed("Only members of this workspace can use Rapport. Ask one of its admins to invite you.")
        team, member = await self.enter(command.actor)
        draft = await self._draft(command, team, member)
        if isinstance(draft, Reply):
            return draft
        if command.verb == PICK and draft is not None:
            command = _picked(command, draft)
        spec = self._specs.get(command.verb)
        if spec is None or (spec.internal and command.text):
            return not_a_verb(command.verb, nearest_verb(command.verb, tuple(self._specs.values())))
        is_admin = member.admin or command.actor.role is Role.ADMIN
        if spec.permission is Permission.ADMIN and not is_admin:
            raise NotAllowed(f"“{spec.title or spec.name}” is for admins of the team. Ask one of them to do it.")
        ctx = Context(
            store=self.store,
            now=self._clock(),
            new_id=self.new_id,
            team=team,
            member=member,
            is_admin=is_admin,
            place=command.place,
            verb=spec.name,
            heard=command.heard,
            roster=await self._rosters.of(self.store, team.id),
            draft=draft,
            uploads=command.uploads,
            posted=command.posted,
        )
        return await self._answer(ctx, spec, command)

    async def _answer(self, ctx: Context, spec: CommandSpec, command: Command) -> Answer:
        earlier = await self.store.change_heard(ctx.team.id, ctx.heard)
        if earlier is not None and earlier.verb == spec.name:
            return await self._tell_again(ctx, spec, earlier)
        raw = {name: value for name, value in ctx.draft.given if name not in _ASKED} if ctx.draft else {}
        try:
            parts = split(spec, command.text, ctx.roster)
            raw |= parts.raw | dict(command.args)
            raw.pop("draft", None)
            if parts.doubts and spec.writes:
                raise parts.doubts[0]
            ctx = _with_given(ctx, raw)
            values = read(spec, raw, await self._known(ctx))
            missing = [
                argument for argument in spec.arguments if argument.required and argument.name not in values.typed
            ]
            if missing:
                return await self._ask_for(ctx, spec, raw, {a.name: _NEEDED for a in missing})
            reply = await spec.handler(ctx, **await self._people(ctx, spec, values))
        except Doubt as doubt:
            if _is_form(ctx.draft, spec):
                return await self._ask_again(ctx, spec, raw, doubt.argument, doubt)
            return await self._which_one(ctx, spec, raw, doubt)
        except NotUnderstood as error:
            if not _is_form(ctx.draft, spec) or error.argument is None:
                raise
            return await self._ask_again(ctx, spec, raw, error.argument, error)
        return slipped(reply, values.slips) if isinstance(reply, Reply) and values.slips else reply

    async def _tell_again(self, ctx: Context, spec: CommandSpec, earlier: Change) -> Reply:
        return await spec.tells(ctx, earlier) if spec.tells else await tell(ctx, earlier)

    async def _known(self, ctx: Context) -> Known:
        members = await self.store.members(ctx.team.id)
        return Known(ctx.roster, members, ctx.member, ctx.today, ctx.uploads)

    async def _people(self, ctx: Context, spec: CommandSpec, values: Values) -> dict[str, Any]:
        """The values with people's records in the place of their ids."""
        typed = dict(values.typed)
        for argument in spec.arguments:
            if argument.kind not in PEOPLE or argument.name not in typed:
                continue
            asked = typed[argument.name]
            wanted = asked if isinstance(asked, tuple) else (asked,)
            found = await self.store.get_all(Influencer, ctx.team.id, wanted)
            if len(found) < len(wanted):
                raise NotFound("This person is not on the roster any more.")
            typed[argument.name] = found if isinstance(asked, tuple) else found[0]
        return typed

    async def _ask_for(
        self, ctx: Context, spec: CommandSpec, raw: Mapping[str, str], errors: Mapping[str, str]
    ) -> Form:
        """The form of a verb that was called without what it needs, or that came back for correction."""
        if ctx.draft is not None and _is_form(ctx.draft, spec):
            given = dict(ctx.draft.given)
            typed = {name: value for name, value in raw.items() if name not in given or name in errors}
            return form_of(spec, await keep_typed(ctx, ctx.draft, typed), errors=errors)
        return await ask(ctx, spec, raw)

    async def _ask_again(
        self, ctx: Context, spec: CommandSpec, raw: Mapping[str, str], argument: str, error: Doubt | NotUnderstood
    ) -> Form:
        """A form back for correction, with everything that is wrong in it and not only what was met first."""
        wrong = misread(spec, raw, await self._known(ctx)) | {argument: error}
        errors = {
            name: doubt_sentence(one.match) if isinstance(one, Doubt) else str(one) for name, one in wrong.items()
        }
        missing = [one.name for one in spec.arguments if one.required and not raw.get(one.name, "").strip()]
        return await self._ask_for(ctx, spec, raw, dict.fromkeys(missing, _NEEDED) | errors)

    async def _which_one(self, ctx: Context, spec: CommandSpec, raw: Mapping[str, str], doubt: Doubt) -> Reply:
        """Asks who is meant; what was said otherwise waits in a Draft, and the button says who it was."""
        asked = dict(zip(_ASKED, (doubt.argument, doubt.match.asked), strict=True))
        draft = Draft(
            id=ctx.new_id("drf"),
            team=ctx.team.id,
            verb=spec.name,
            member=ctx.member.id,
            given=tuple((dict(raw) | asked).items()),
            opened_at=ctx.now,
        )
        return which_one(doubt.match, await keep(ctx, draft))

    async def _draft(self, command: Command, team: Team, member: Member) -> Draft | Reply | None:
        """The form or question that is being answered; a Reply where it was answered before."""
        wanted = command.draft or dict(command.args).get("draft")
        if wanted is None:
            return None
        draft = await self.store.get(Draft, team.id, wanted)
        if draft is None:
            raise NotFound("This form has expired: they wait for 24 hours. Start again, it won’t take long.")
        if draft.member != member.id:
            raise NotAllowed("This form was opened by somebody else. Open one of your own.")
        if draft.closed_by is None or await self.store.change_heard(team.id, command.heard) is not None:
            return draft
        closer = await self.store.get(Member, team.id, draft.closed_by)
        raise Refused(f"Already done by {closer.name if closer else 'a former member'}.")

    async def enter(self, actor: Actor) -> tuple[Team, Member]:
        """The team and the member an account stands for, made on the first contact and kept up to date after."""
        team = await self.store.team_at(actor.person.home)
        if team is None:
            home = actor.person.home
            team = self._found_team(actor, f"team_{home.platform}_{home.id}")
            team = await self._join(team.id, "found", Write(None, team), Team)
        member = await self.store.member_at(team.id, actor.person)
        person, name = actor.person, clean_line(actor.name)[:NAME_LIMIT] or actor.person.id
        if member is None:
            member = Member(
                id=f"mem_{person.platform}_{person.workspace}_{person.id}",
                team=team.id,
                name=name,
                accounts=(person,),
                seen_zone=actor.timezone,
            )
            return team, await self._join(team.id, "join", Write(None, member), Member)
        seen = replace(member, name=name, seen_zone=actor.timezone or member.seen_zone, left_at=None)
        return team, member if seen == member else await self._join(team.id, "join", Write(member, seen), Member)

    async def _join(self, team: str, verb: str, write: Write, kind: type[R]) -> R:
        """Stores what a first contact makes; Conflict where somebody else's came first, and the request runs again."""
        now = self._clock()
        change = Change(id=self.new_id("chg"), team=team, at=now, by=None, verb=verb, writes=(write,))
        return stored(await self.store.commit(change), kind)[0]

    def _unexpected(self, verb: str) -> Reply:
        """Gives what nobody thought of an id that the person and the log share."""
        error = self.new_id("err")
        log.exception("command.failed", verb=verb, error_id=error)
        return trouble(
            f"Something went wrong on our side, and nothing was saved. If it happens again, tell your admin: {error}."
        )


def _may_ask(actor: Actor) -> bool:
    return actor.role in {Role.MEMBER, Role.ADMIN}


def _sound(command: Command) -> Command:
    """The request with nothing in it that a store could not write."""
    args = tuple((name, sound(value)) for name, value in command.args)
    return replace(command, text=sound(command.text), args=args, verb=sound(command.verb))


def _members(members: Sequence[Member], typed: str) -> tuple[Option, ...]:
    """Members with a name that begins as typed; those who left are not offered."""
    wanted = typed.casefold().lstrip("@")
    here = [member for member in members if member.left_at is None]
    found = [
        one
        for one in here
        if any(name.startswith(wanted) for name in (one.name.casefold(), *one.name.casefold().split()))
    ]
    return tuple(Option(member.name, member.id) for member in found[:OPTION_LIMIT])


def _with_given(ctx: Context, raw: Mapping[str, str]) -> Context:
    return dataclasses.replace(ctx, given=tuple(raw.items()))


def _is_form(draft: Draft | None, spec: CommandSpec) -> bool:
    """Whether a Draft is the form of a verb, and not a question about a name."""
    return draft is not None and draft.verb == spec.name and _ASKED[0] not in dict(draft.given)


def _picked(command: Command, draft: Draft) -> Command:
    """The request that a question was about, with the person who was picked in the place of the name in doubt."""
    given = dict(draft.given)
    argument, asked = (given.pop(name, "") for name in _ASKED)
    picked = dict(command.args).get("who", "")
    people = [picked if name.strip() == asked else name for name in names(given.get(argument, ""))]
    if picked not in people:
        people = [picked]
    given[argument] = ", ".join(f'"{name}"' for name in people)
    return replace(command, verb=draft.verb, args=tuple(given.items()), text="")
