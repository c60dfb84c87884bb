"""Who somebody on Slack is: asked when they speak, remembered for minutes, kept up by `user_change`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from adapters.slack.clients import Clients
from adapters.slack.lanes import loop_time
from adapters.slack.names import PLATFORM
from adapters.slack.refusals import Unanswered, code_behind, unanswered
from bot.address import Person
from bot.errors import PostError
from bot.inbound import Actor, Role

REMEMBERED = 300.0
"""Seconds for which somebody's role is taken for granted."""

PEOPLE_KEPT = 10_000

_NOT_OURS = frozenset({"user_not_found", "user_not_visible", "users_not_found"})
_SLACKBOT = "USLACKBOT"


class People:
    """Remembers who is who in every workspace."""

    def __init__(self, clients: Clients, *, time: Callable[[], float] = loop_time) -> None:
        """Knows nobody yet. `time` in seconds, from any beginning."""
        self._clients, self._time = clients, time
        self._known: dict[Person, tuple[float, Actor]] = {}
        self._asking: dict[Person, asyncio.Task[Actor]] = {}

    async def actor(self, workspace: str, user: str) -> Actor:
        """Somebody, as Slack knew them within the last 5 minutes; several who ask at once ask Slack once.

        An account that Slack does not show us is a stranger. Raises Unanswered where Slack does not say who it is,
        and StoreFailed: then they may not be let in, but are not to be told that they are a guest, either.
        """
        person = Person(PLATFORM, workspace, user)
        if (known := self._known.get(person)) is not None and self._time() - known[0] < REMEMBERED:
            return known[1]
        if (task := self._asking.get(person)) is None:
            task = self._asking[person] = asyncio.create_task(self._ask(person))
            task.add_done_callback(lambda done: self._asked(person, done))
        # One of those who wait may be cancelled; the others still want to know.
        return await asyncio.shield(task)

    def changed(self, workspace: str, user: Mapping[str, Any]) -> Actor:
        """Takes over what a `user_change` event says of somebody, and returns it."""
        actor = actor_in(workspace, user)
        self._asking.pop(actor.person, None)  # its answer may be older than the event
        self._keep(actor)
        return actor

    async def close(self) -> None:
        """Stops asking."""
        tasks = list(self._asking.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _ask(self, person: Person) -> Actor:
        try:
            async with self._clients.question(person.workspace) as client:
                answer = await client.users_info(user=person.id)
        except PostError as error:
            if code_behind(error) in _NOT_OURS:
                return Actor(person=person, name=person.id, role=Role.STRANGER)
            raise unanswered(error) from error
        user = answer.get("user")
        if not isinstance(user, Mapping):
            raise Unanswered
        return actor_in(person.workspace, {**user, "id": person.id})

    def _asked(self, person: Person, task: asyncio.Task[Actor]) -> None:
        is_latest = self._asking.get(person) is task
        if is_latest:
            del self._asking[person]
        if not task.cancelled() and task.exception() is None and is_latest:
            self._keep(task.result())

    def _keep(self, actor: Actor) -> None:
        self._known.pop(actor.person, None)
        self._known[actor.person] = self._time(), actor
        if len(self._known) > PEOPLE_KEPT:
            del self._known[next(iter(self._known))]


def actor_in(workspace: str, user: Mapping[str, Any]) -> Actor:
    """Somebody in a workspace, from Slack's user object. Its zone is kept, never the offset, which moves with DST."""
    profile = user.get("profile") or {}
    names = (profile.get("display_name"), profile.get("real_name"), user.get("real_name"), user.get("name"))
    return Actor(
        person=Person(PLATFORM, workspace, user["id"]),
        name=next((name for name in names if name), user["id"]),
        role=_role(workspace, user),
        timezone=user.get("tz") or None,
    )


def _role(workspace: str, user: Mapping[str, Any]) -> Role:
    """What somebody may be told; whoever is not known to be of this workspace is a stranger."""
    if user.get("is_bot") or user["id"] == _SLACKBOT:
        return Role.BOT
    if user.get("deleted") or user.get("is_stranger"):
        return Role.STRANGER
    # On Enterprise Grid an account has one team of its own and is in others, too.
    if workspace not in {user.get("team_id"), *((user.get("enterprise_user") or {}).get("teams") or ())}:
        return Role.STRANGER
    if user.get("is_restricted") or user.get("is_ultra_restricted"):
        return Role.GUEST
    if user.get("is_admin") or user.get("is_owner") or user.get("is_primary_owner"):
        return Role.ADMIN
    return Role.MEMBER
