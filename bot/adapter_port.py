"""The Adapter protocol, what adapters may ask of the core, and how many seconds things may take."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.address import Person, Place, Posted, Workspace
from bot.inbound import Actor, Command, Message, Question
from bot.reply import Answer, Option, Reply

PATIENCE = 2.0
"""Seconds within which an answer can be the platform's first one: both platforms give up after 3."""

FINISH_WITHIN = 5.0
"""Seconds that all that is at work gets when the process is told to stop, side by side; hosts kill it after 10.

With LET_GO_WITHIN for what is given up, for the platform and for the port, one after the other, that makes 8 of the 10.
"""

LET_GO_WITHIN = 1.0
"""Seconds that each gets to let go in then which did not finish, or does not hear what it is told."""


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
        """Keeps up what is known of an account that has been met: its name, zone and role. Others stay unknown.

        Raises StoreFailed: then it has to be heard again.
        """
        ...

    async def leave(self, person: Person) -> None:
        """Makes known that an account is gone from its workspace: deactivated, or no longer on the server.

        Nothing of theirs is deleted; what they say later brings them back. Heard twice, it is done once. Raises
        StoreFailed: then it has to be heard again.
        """
        ...

    async def uninstalled(self, workspace: Workspace) -> None:
        """Makes known that Rapport was taken out of a workspace.

        Where it was the team's last one, all its data is erased 30 days later, unless Rapport is `installed` in one of
        its workspaces before. Heard twice, it is done once. Raises StoreFailed: then it has to be heard again.
        """
        ...

    async def installed(self, workspace: Workspace) -> None:
        """Makes known that Rapport is in a workspace, for sure and now: its team is back with all that it had.

        Nothing else brings a team back: what was said before the end and arrives behind it must not. Heard as often
        as one likes. Raises StoreFailed: then it has to be heard again.
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
