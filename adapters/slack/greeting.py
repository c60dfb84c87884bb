"""The first words that Rapport says in a workspace: to whoever installed it, or to the first admin who comes by."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from adapters.slack.names import PLATFORM
from adapters.slack.people import People
from adapters.slack.posting import Posting
from adapters.slack.refusals import Unanswered
from bot.adapter_port import Core
from bot.address import Person, dm
from bot.errors import PostError, PostUnknown, StoreFailed
from bot.inbound import Actor, Command, Role
from bot.reply import Answer, Outcome, Reply

log = structlog.get_logger()


class Greeting:
    """Says the first words into somebody's DM. That nobody is told them twice, the core knows."""

    def __init__(self, core: Core, people: People, posting: Posting, new_id: Callable[[str], str]) -> None:
        self._core, self._people, self._posting, self._new_id = core, people, posting, new_id
        self._greeted: set[str] = set()

    async def installer(self, workspace: str | None, enterprise: str | None, user: str) -> None:
        """Greets whoever has installed Rapport; into a whole organisation there is nobody's DM yet."""
        if workspace is not None:
            await self._greet(Person(PLATFORM, workspace, user), first=False)

    async def visitor(self, person: Person) -> None:
        """Greets an admin who looks at one of our tabs, if nobody in the team has been greeted before.

        What could not be posted is left for the next time that one does.
        """
        if person.workspace not in self._greeted:
            await self._greet(person, first=True)

    async def _greet(self, person: Person, *, first: bool) -> None:
        try:
            actor = await self._people.actor(person.workspace, person.id)
            if first and actor.role is not Role.ADMIN:
                return
            answer = await self._ask(actor, "welcome", (("first", "yes"),) if first else ())
            if not isinstance(answer, Reply) or answer.outcome in {Outcome.DOWN, Outcome.BROKEN}:
                return
            if answer.outcome is Outcome.FINE:
                await self._post(actor, answer)
                # Noted after the post, never before: words that failed must not count as said.
                await self._ask(actor, "welcomed")
            self._greeted.add(person.workspace)
        except (Unanswered, PostError, StoreFailed) as error:
            log.warning("slack.not_welcomed", workspace=person.workspace, why=str(error))

    async def _ask(self, actor: Actor, verb: str, args: tuple[tuple[str, str], ...] = ()) -> Answer:
        heard, place = self._new_id("welcome"), dm(actor.person)
        return await self._core.dispatch(Command(verb=verb, actor=actor, place=place, heard=heard, args=args))

    async def _post(self, actor: Actor, words: Reply) -> None:
        """Raises PostError where they surely do not stand; what nobody can tell counts as said."""
        try:
            await self._posting.post(dm(actor.person), words, self._new_id("welcome"))
        except PostUnknown as error:
            log.warning("slack.welcome_unknown", workspace=actor.person.workspace, why=str(error))
