"""The one workspace that Rapport was set up for by its settings, as Slack says when it is asked whose the token is."""

from __future__ import annotations

import asyncio

import structlog
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.errors import SlackApiError

from adapters.slack.clients import ASK_WITHIN, Clients
from adapters.slack.refusals import code_of, harmless
from bot.errors import NotPosted, PostError

ASK_AGAIN = 5.0
"""Seconds before Slack is asked again whose a token is that it did not know."""

REFUSED = "Slack does not accept SLACK_BOT_TOKEN: copy the bot token anew from the app’s page “Install App”."

log = structlog.get_logger()


class OneWorkspace(AsyncAuthorize):
    """The Tokens of a process that has one token, and Bolt's authorize; asks `auth.test` once, when it is first needed.

    An installation in a whole organisation speaks in all its workspaces.
    """

    def __init__(self, token: str, api_url: str | None) -> None:
        """Asks nothing yet."""
        self._token = token
        self._clients = Clients(self, api_url)
        self._known: AuthorizeResult | None = None
        self._is_org = False
        self._asking = asyncio.Lock()
        self._refused: tuple[float, str] | None = None

    async def token(self, workspace: str) -> str | None:
        """The token for its own workspace. Raises NotPosted while Slack does not say which that is."""
        known = await self.know()
        return self._token if self._is_org or workspace == known.team_id else None

    async def know(self) -> AuthorizeResult:
        """Who Rapport is and where. Raises NotPosted while Slack does not say."""
        async with self._asking:
            if self._known is None:
                now = asyncio.get_running_loop().time()
                if self._refused is not None and now < self._refused[0] + ASK_AGAIN:
                    raise NotPosted(self._refused[1], ASK_AGAIN)
                self._known = await self._ask()
            return self._known

    async def log_in(self) -> None:
        """Asks until Slack has said it, so that a wrong token is known before anybody needs it."""
        while True:
            try:
                await self.know()
            except NotPosted:
                await asyncio.sleep(ASK_AGAIN)
            else:
                return

    def health(self) -> str | None:
        """What is wrong with the token; `None` where it is accepted, or was not needed yet."""
        return self._refused[1] if self._known is None and self._refused is not None else None

    async def close(self) -> None:
        """Lets go of the connections."""
        await self._clients.close()

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
        """Bolt's question with whose rights a request is answered; nobody's where it is from another workspace.

        Raises NotPosted while Slack does not say whose the token is: then the request is refused, and sent again.
        """
        known = await self.know()
        is_ours = enterprise_id == known.enterprise_id if self._is_org else team_id == known.team_id
        return known if is_ours else None

    async def _ask(self) -> AuthorizeResult:
        try:
            with harmless():
                async with asyncio.timeout(ASK_WITHIN):
                    answer = await self._clients.with_token(self._token).auth_test()
        except PostError as error:
            cause = error.__cause__
            code = code_of(cause) if isinstance(cause, SlackApiError) else None
            why = REFUSED if code in {"invalid_auth", "not_authed", "account_inactive", "token_revoked"} else str(error)
            self._refused = asyncio.get_running_loop().time(), why
            log.error("slack.login_refused", why=code or type(cause).__name__)
            raise NotPosted(why, ASK_AGAIN) from error
        self._is_org = bool(answer.get("is_enterprise_install"))
        self._refused = None
        log.info("slack.logged_in", workspace=answer.get("team_id"))
        return AuthorizeResult(
            enterprise_id=answer.get("enterprise_id"),
            team_id=answer.get("team_id"),
            bot_id=answer.get("bot_id"),
            bot_user_id=answer.get("user_id"),
            bot_token=self._token,
        )
