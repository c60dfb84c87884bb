"""The first words that Rapport says in a workspace: to whoever installed it, or to the first admin who comes by."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from adapters.slack.people import People
from adapters.slack.posting import Posting
from adapters.slack.refusals import Unanswered
from bot.adapter_port import Core
from bot.address import Person, dm
from bot.errors import PostError, StoreFailed
from bot.inbound import Command, Role
from bot.reply import Outcome, Reply

log = structlog.get_logger()


class Greeting:
    """Says the first words into somebody's DM. That nobody is told them twice, the core knows."""

    def __init__(self, core: Core, people: People, posting: Posting, new_id: Callable[[str], str]) -> None:
        self._core, self._people, self._posting, self._new_id = core, people, posting, new_id
        self._greeted: set[str] = set()

    async def installer(self, workspace: str | None, enterprise: str | None, user: str) -> None:
        """Greets whoever has installed Rapport; into a whole organisation there is nobody's DM yet."""
        if workspace is not None:
            await self._greet(Person("slack", workspace, user), ())

    async def visitor(self, person: Person) -> None:
        """Greets an admin who looks at one of our tabs, if nobody in the team has been greeted before."""
        if person.workspace not in self._greeted:
            await self._greet(person, (("first", "yes"),))

    async def _greet(self, person: Person, args: tuple[tuple[str, str], ...]) -> None:
        workspace = person.workspace
        try:
            actor = await self._people.actor(workspace, person.id)
            if args and actor.role is not Role.ADMIN:
                return
            heard = self._new_id("welcome")
            command = Command(verb="welcome", actor=actor, place=dm(actor.person), heard=heard, args=args)
            answer = await self._core.dispatch(command)
            if not isinstance(answer, Reply) or answer.outcome in {Outcome.DOWN, Outcome.BROKEN}:
                return
            self._greeted.add(workspace)
            if answer.outcome is Outcome.FINE:
                await self._posting.post(command.place, answer, heard)
        except (Unanswered, PostError, StoreFailed) as error:
            log.warning("slack.not_welcomed", workspace=workspace, why=str(error))
