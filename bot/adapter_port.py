"""The Adapter protocol, what adapters may ask of the core, and the race that keeps answers in time."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from datetime import datetime
from typing import Any, Protocol

from bot.address import Person, Place, Posted, Workspace
from bot.inbound import Actor, Command, Message, Question
from bot.reply import Answer, Option, Reply

PATIENCE = 2.0
"""Seconds within which an answer can be the platform's first one: both platforms give up after 3."""


class Core(Protocol):
    """What an adapter may ask for. Nothing raises unless it says so: what goes wrong comes back as a Reply."""

    async def dispatch(self, command: Command) -> Answer:
        """Does what was asked and says how it went. Heard twice, it answers the same and does nothing more."""
        ...

    async def hear(self, message: Message) -> Answer:
        """Answers words that were said without a command."""
        ...

    async def meet(self, actor: Actor) -> None:
        """Makes somebody known who has not spoken yet, so that others can name them: own a relationship, say."""
        ...

    async def notice(self, actor: Actor) -> None:
        """Keeps up what is known of an account that has been met: its name, zone and role. Others stay unknown."""
        ...

    async def leave(self, person: Person) -> None:
        """Makes known that an account is gone from its workspace: deactivated, or no longer on the server.

        Nothing of theirs is deleted; what they say later brings them back. Heard twice, it is done once.
        """
        ...

    async def uninstalled(self, workspace: Workspace) -> None:
        """Makes known that Rapport was taken out of a workspace.

        Where it was the team's last one, all its data is erased 30 days later, unless somebody speaks from one of its
        workspaces before. Heard twice, it is done once. Raises StoreFailed: then it has to be heard again.
        """
        ...

    async def complete(self, question: Question) -> tuple[Option, ...]:
        """At most 25 ways to finish what is being typed, best first; nothing for those who may not ask."""
        ...


class Vault(Protocol):
    """Where an adapter keeps what is its own and secret, such as tokens: small, by key, encrypted at rest.

    Keys are at most 200 characters. Every method raises StoreFailed where the medium gave up.
    """

    async def get(self, key: str) -> bytes | None:
        """What was put under a key, or `None`; also for what can't be decrypted any more."""
        ...

    async def put(self, key: str, secret: bytes) -> None:
        """Keeps a secret; when this returns it is durable, and what was under the key before is gone."""
        ...

    async def add(self, key: str, secret: bytes) -> bool:
        """The same, where there is nothing under the key yet; else it says no. Of two at once one gets a yes."""
        ...

    async def delete(self, key: str) -> bool:
        """Takes a secret away for good; says whether there was one. Of two at once one gets a yes."""
        ...

    async def keys(self, prefix: str) -> tuple[str, ...]:
        """All keys that begin so, in order; costs what there is."""
        ...


class Adapter(Protocol):
    """A platform on which Rapport hears and speaks."""

    platform: str

    def can_find(self, place: Place) -> bool:
        """Whether `find` can tell what became of a message in a place: in direct messages, say, and not in channels."""
        ...

    async def post(self, place: Place, reply: Reply, key: str) -> Posted:
        """Posts a message under a key of ours, once.

        Raises NotPosted where it surely does not stand, PlaceLost where nothing can be posted, PostUnknown where nobody
        knows. `key` is at most 100 characters, opaque, and the same for every attempt at the same message.
        """
        ...

    async def edit(self, posted: Posted, reply: Reply) -> None:
        """Sets what a posted message says. Raises NotPosted (try again later), PlaceLost or PostUnknown, as `post`."""
        ...

    async def delete(self, posted: Posted) -> None:
        """Takes away a posted message; one that is gone already is fine. Raises as `edit`."""
        ...

    async def find(self, place: Place, key: str, since: datetime) -> Posted | None:
        """The message that was posted under a key at or after `since`; `None` is certain where it `can_find`."""
        ...

    def health(self) -> str | None:
        """What is wrong with the platform right now, in a sentence for admins; `None` where it is well."""
        ...

    async def close(self) -> None:
        """Stops hearing and lets go of the platform; a second call does nothing."""
        ...


async def race(answer: Coroutine[Any, Any, Answer], patience: float = PATIENCE) -> Answer | asyncio.Task[Answer]:
    """The answer, if it is there within `patience` seconds; else the task that is still working on it.

    The work is never cancelled by being late: whoever gets the task says "Still working…" and answers when it is done.
    """
    task = asyncio.create_task(answer)
    done, _ = await asyncio.wait({task}, timeout=patience)
    return task.result() if done else task
