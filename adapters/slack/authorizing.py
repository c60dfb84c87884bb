"""With whose rights a request of Slack's is answered, as Bolt asks before it calls a listener."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Protocol

from slack_bolt.async_app import AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.response import BoltResponse

from adapters.slack.clients import Tokens
from adapters.slack.sources import Malformed, who

_HAPPENED_AT = "happened_at"


class NamesWorkspace(AsyncMiddleware):
    """Has Bolt ask about the workspace that our listeners go by: its own reading takes a stranger's for ours.

    A class and no function, for which Bolt would gather all its arguments by name with every request.
    """

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002 - Bolt passes it by this name
    ) -> BoltResponse:
        """Sets what Bolt's authorize is asked with; whoever listens says what is malformed."""
        with suppress(Malformed):
            source = who(req.body)
            req.context["team_id"] = source.workspace or None
            req.context["enterprise_id"] = source.enterprise
            req.context["is_enterprise_install"] = source.org_wide
            req.context[_HAPPENED_AT] = source.at
        return await next()


class Grant(Protocol):
    """What was granted where Rapport was installed: a bot's token, and whose it is."""

    @property
    def enterprise_id(self) -> str | None: ...

    @property
    def bot_token(self) -> str | None: ...

    @property
    def bot_id(self) -> str | None: ...

    @property
    def bot_user_id(self) -> str | None: ...


class Access(Tokens, Protocol):
    """Which workspaces Rapport may speak in, and with whose token; keeps the core told where it is.

    Times are those at which Slack says that something happened, in seconds since 1970, for it repeats events for a day.
    Every method raises StoreFailed: then it is to be told again.
    """

    async def serving(
        self, workspace: str | None, enterprise: str | None = None, *, at: float | None = None
    ) -> Grant | None:
        """What serves a workspace; `enterprise` is the organisation by whose grant a request came. Raises NotPosted."""
        ...

    async def workspaces(self, enterprise: str) -> tuple[str, ...]:
        """The workspaces that an organisation's grant serves, as far as they were heard of."""
        ...

    async def log_in(self) -> None:
        """Tells the core where Rapport is, however long that takes."""
        ...

    async def uninstalled(self, workspace: str | None, enterprise: str | None, *, org_wide: bool, at: float) -> None:
        """Rapport was taken out of a workspace, or of a whole organisation."""
        ...

    async def granted(self, workspaces: Sequence[str], enterprise: str, *, at: float) -> None:
        """An organisation has given Rapport to some more of its workspaces."""
        ...

    async def withdrawn(self, workspaces: Sequence[str], enterprise: str, *, at: float) -> None:
        """An organisation has taken Rapport out of some of its workspaces."""
        ...


class ByAccess(AsyncAuthorize):
    """Bolt's authorize. What keeps it from an answer is raised, so that Slack sends an event again."""

    def __init__(self, access: Access) -> None:
        self._access = access

    async def __call__(
        self,
        *,
        context: AsyncBoltContext,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,
        actor_enterprise_id: str | None = None,
        actor_team_id: str | None = None,
        actor_user_id: str | None = None,
    ) -> AuthorizeResult | None:
        """The rights that were granted for a workspace; nobody's where there are none."""
        org = enterprise_id if context.is_enterprise_install else None
        grant = await self._access.serving(team_id, org, at=context.get(_HAPPENED_AT))
        if grant is None:
            return None
        return AuthorizeResult(
            enterprise_id=grant.enterprise_id,
            team_id=team_id,
            bot_id=grant.bot_id,
            bot_user_id=grant.bot_user_id,
            bot_token=grant.bot_token,
        )
