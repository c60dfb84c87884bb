"""With whose rights a request of Slack's is answered, as Bolt asks before it calls a listener."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress

from slack_bolt.async_app import AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.response import BoltResponse

from adapters.slack.installations import Installations
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


class ByInstallation(AsyncAuthorize):
    """Bolt's authorize for workspaces that installed Rapport themselves.

    Asks nobody but the Vault, so that no hiccup of Slack's can turn a request away for good. Raises StoreFailed: then
    an event is sent again.
    """

    def __init__(self, installations: Installations) -> None:
        self._installations = installations

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
        """The rights of the installation that serves a workspace; nobody's where there is none."""
        org = enterprise_id if context.is_enterprise_install else None
        kept = await self._installations.serving(team_id, org, at=context.get(_HAPPENED_AT))
        if kept is None:
            return None
        return AuthorizeResult(
            enterprise_id=kept.enterprise_id,
            team_id=team_id,
            bot_id=kept.bot_id,
            bot_user_id=kept.bot_user_id,
            bot_token=kept.bot_token,
        )
