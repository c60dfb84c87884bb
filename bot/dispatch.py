"""dispatch: find the verb, authorise, read the arguments, run, and turn whatever goes wrong into a reply."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence

import structlog
from msgspec.structs import replace

from bot.address import Person, Workspace
from bot.change import Change
from bot.clock import Clock, NewId
from bot.commands import CommandSpec, Permission, check_groups
from bot.completion import complete
from bot.context import Context
from bot.entry import Founder, enter, leave, may_ask
from bot.errors import Conflict, NotAllowed, NotUnderstood, Refused, StoreFailed
from bot.handlers.calling import found_again, known_to, with_people
from bot.handlers.sharing import offered
from bot.handlers.telling import tell
from bot.inbound import Actor, Command, Message, Question, Role
from bot.model import Member, Team
from bot.parting import come_back, take_out
from bot.questions import (
    OPEN,
    PICK,
    STAYS,
    ask_again,
    ask_for,
    draft_of,
    is_form,
    kept_arguments,
    open_again,
    picked,
    send_back,
    takes_its_place,
    unknown_verb,
    which,
)
from bot.reading.arguments import Doubt, Known, read, split
from bot.reading.small_talk import IMPORT, THANKS, hands_over, verb_in
from bot.reading.words import sound
from bot.reply import Answer, Form, Option, Outcome, Reply
from bot.roster import Rosters
from bot.store_port import Store
from bot.views.doubts import slipped
from bot.views.help import done_before, refused, trouble

_ABOUT = frozenset({"draft", STAYS})
"""Arguments of buttons that no verb takes: what they answer, and what becomes of their message."""

TRIES = 3
"""How often a request is decided anew when what it read has changed under it."""

INSIST_TRIES = 10
"""The same for what a platform makes known, such as a leave: nobody is there who would try again."""

log = structlog.get_logger()


class Dispatch:
    """The Core: everything an adapter hears ends here, and nothing raises that does not say so."""

    def __init__(
        self, store: Store, specs: Sequence[CommandSpec], *, clock: Clock, new_id: NewId, found_team: Founder
    ) -> None:
        """`specs` are all verbs there are; two of one name or more than Discord holds raise ValueError."""
        check_groups(tuple(specs))
        self.store = store
        self.new_id = new_id
        self._specs = {spec.name: spec for spec in specs}
        self._typed = frozenset(spec.name for spec in specs if not spec.internal)
        self._clock = clock
        self._found_team = found_team
        self._rosters = Rosters()
        self._again: defaultdict[Workspace, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def dispatch(self, command: Command) -> Answer:
        """Does what was asked and says how it went."""
        command = _sound(command)
        # What was said in a DM may stand where a verb is expected: only verbs are logged.
        verb = command.verb if command.verb in self._specs else "?"
        try:
            return await self._until_no_conflict(command, verb)
        except NotUnderstood as error:
            return refused(str(error), self._specs.get(command.verb))
        except Refused as error:
            return refused(str(error))
        except StoreFailed as error:
            log.error("store.failed", verb=verb, why=str(error))
            return trouble(str(error), Outcome.DOWN)
        except Exception:  # noqa: BLE001 - whatever a handler did, the person gets an answer and the log the cause
            return await self._unexpected(command, verb)

    async def hear(self, message: Message) -> Answer:
        """Answers words that were said without a command: the verbs work there without a slash."""
        verb, text = verb_in(message.text)
        if hands_over((file.name for file in message.uploads), verb, self._typed):
            verb, text = IMPORT, ""
        return await self.dispatch(
            Command(
                verb=verb,
                actor=message.actor,
                place=message.place,
                heard=message.heard,
                text=text,
                typed=(verb, text) != (THANKS, ""),
                uploads=message.uploads,
                outsiders=message.outsiders,
                hurdle=message.hurdle,
            )
        )

    async def complete(self, question: Question) -> tuple[Option, ...]:
        """At most 25 people, influencers or members, whose names could become what is being typed, best first."""
        spec = self._specs.get(question.verb)
        if spec is None or not may_ask(question.actor):
            return ()
        try:
            return await complete(self.store, self._rosters, spec, question, self._clock().date())
        except Exception:  # a suggestion that fails is no suggestion; the log has the cause
            log.exception("complete.failed", verb=spec.name)
            return ()

    async def meet(self, actor: Actor) -> None:
        """Makes somebody known who has not spoken yet, so that others can name them."""
        try:
            await self._insist("meet", actor.person.home, lambda: self.enter(actor))
        except NotAllowed:
            return
        except StoreFailed as error:
            log.error("store.failed", verb="meet", why=str(error))

    async def notice(self, actor: Actor) -> None:
        """Keeps up what is known of an account that has been met. Raises StoreFailed."""
        team = await self.store.team_at(actor.person.home)
        if may_ask(actor) and team is not None and await self.store.member_at(team.id, actor.person) is not None:
            await self._insist("notice", actor.person.home, lambda: self.enter(actor))

    async def leave(self, person: Person) -> None:
        """Makes known that an account is gone from its workspace; heard twice, it is done once. Raises StoreFailed."""
        await self._insist(
            "leave", person.home, lambda: leave(self.store, person, now=self._clock(), new_id=self.new_id)
        )

    async def uninstalled(self, workspace: Workspace) -> None:
        """Makes known that Rapport was taken out of a workspace; raises StoreFailed where it has to be heard again."""
        await self._insist(
            "uninstalled",
            workspace,
            lambda: take_out(self.store, workspace, now=self._clock(), new_id=self.new_id),
        )

    async def installed(self, workspace: Workspace) -> None:
        """Makes known that Rapport is in a workspace; raises StoreFailed where it has to be heard again."""
        await self._insist(
            "installed",
            workspace,
            lambda: come_back(self.store, workspace, now=self._clock(), new_id=self.new_id),
        )

    async def _insist(self, what: str, home: Workspace, change: Callable[[], Awaitable[object]]) -> None:
        """Makes a change that no person asks for again, until nothing it read has changed under it.

        Raises StoreFailed where that does not come about.
        """
        for attempt in range(1, INSIST_TRIES + 1):
            try:
                async with self._again[home]:
                    await change()
            except Conflict as conflict:
                log.info("command.conflict", verb=what, record=conflict.id, attempt=attempt)
            else:
                return
        raise StoreFailed("others are changing the same team right now")

    async def enter(self, actor: Actor) -> tuple[Team, Member]:
        """See `entry.enter`."""
        return await enter(self.store, actor, now=self._clock(), new_id=self.new_id, found_team=self._found_team)

    async def _until_no_conflict(self, command: Command, verb: str) -> Answer:
        """Runs a request until nothing it read has changed under it.

        Only the first try goes on beside others: whoever has to try again waits for those before them, so that many who
        write about one person at once all get their turn.
        """
        for attempt in range(TRIES):
            try:
                if attempt == 0:
                    return await self._run(command)
                async with self._again[command.actor.person.home]:
                    return await self._run(command)
            except Conflict as conflict:
                log.info("command.conflict", verb=verb, record=conflict.id)
        return refused("Others are changing the same thing right now. Try again in a moment.")

    async def _run(self, command: Command) -> Answer:
        if command.place.home != command.actor.person.home:
            raise NotAllowed("This belongs to another workspace. Ask for it again in that one.")
        team, member = await self.enter(command.actor)
        draft = await draft_of(self.store, command, team, member, self._clock())
        pressed = command
        if command.verb == PICK and draft is not None:
            command = picked(command, draft)
        opens = command.verb == OPEN and draft is not None
        spec = self._specs.get(draft.verb if opens and draft else command.verb)
        is_admin = member.admin or command.actor.role is Role.ADMIN
        if spec is None or (spec.internal and command.typed):
            roster = await self._rosters.of(self.store, team.id)
            return unknown_verb(command, self._specs.values(), roster, is_admin=is_admin)
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
            outsiders=command.outsiders,
            hurdle=command.hurdle,
        )
        if opens and draft:
            return open_again(spec, draft, await known_to(ctx))
        earlier = await self.store.change_heard(team.id, command.heard)
        if earlier is not None and earlier.verb == spec.name:
            answer: Answer = await _tell_again(ctx, spec, earlier)
        else:
            answer = await self._answer(ctx, spec, command)
        return replace(answer, replaces=True) if isinstance(answer, Reply) and takes_its_place(pressed) else answer

    async def _answer(self, ctx: Context, spec: CommandSpec, command: Command) -> Answer:
        raw = kept_arguments(ctx.draft)
        known = await known_to(ctx)
        try:
            parts = split(spec, command.text, ctx.roster)
            raw |= parts.raw | {name: value for name, value in command.args if name not in _ABOUT}
            if command.partial and is_form(ctx.draft, spec):
                return await send_back(ctx, spec, raw, {})
            spec = spec.as_said([name for name, value in raw.items() if value.strip()])
            if parts.doubts and spec.writes:
                raise parts.doubts[0]
            raw |= await found_again(ctx, spec, raw, in_form=is_form(ctx.draft, spec))
            values = read(spec, raw, known)
            missing = [one.name for one in spec.arguments if one.required and one.name not in values.typed]
            if missing:
                return await ask_for(ctx, spec, raw, tuple(missing))
            ctx = replace(ctx, given=tuple(raw.items()))
            reply = await spec.handler(ctx, **await with_people(ctx, spec, values))
        except Doubt as doubt:
            if is_form(ctx.draft, spec):
                return await ask_again(ctx, spec, raw, known, doubt)
            return await which(ctx, spec, raw, doubt)
        except Refused as error:
            return await self._refused(ctx, spec, raw, known, error)
        if isinstance(reply, Form):
            return reply
        return offered(ctx, spec, values, slipped(reply, values.slips) if values.slips else reply)

    async def _refused(
        self, ctx: Context, spec: CommandSpec, raw: Mapping[str, str], known: Known, error: Refused
    ) -> Answer:
        """A form comes back with what is wrong and everything that was typed; anything else is told."""
        if not is_form(ctx.draft, spec):
            raise error
        if isinstance(error, NotUnderstood) and spec.argument(error.argument or "") is not None:
            return await ask_again(ctx, spec, raw, known, error)
        return await send_back(ctx, spec, raw, {}, error=str(error))

    async def _unexpected(self, command: Command, verb: str) -> Reply:
        """Gives what nobody thought of an id that the person and the log share, and says whether it was saved."""
        error = self.new_id("err")
        log.exception("command.failed", verb=verb, error_id=error)
        try:
            team = await self.store.team_at(command.actor.person.home)
            saved = team is not None and await self.store.change_heard(team.id, command.heard) is not None
            what = "It was saved, but I can’t show it" if saved else "Nothing was saved"
        except Exception:  # noqa: BLE001 - the store may be what is broken, and there is an answer for that too
            what = "I can’t tell whether it was saved"
        return trouble(f"Something went wrong on our side. {what}. If it happens again, tell your admin: {error}.")


async def _tell_again(ctx: Context, spec: CommandSpec, earlier: Change) -> Reply:
    """The answer to a request that was heard before, from the Change that it made."""
    if not earlier.writes:
        return done_before()
    return await spec.tells(ctx, earlier) if spec.tells else await tell(ctx, earlier)


def _sound(command: Command) -> Command:
    """The request with nothing in it that a store could not write."""
    args = tuple((name, sound(value)) for name, value in command.args)
    return replace(command, text=sound(command.text), args=args, verb=sound(command.verb))
