"""The one workspace that Rapport was set up for by its settings, as Slack says when it is asked whose the token is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

import structlog
from slack_bolt.authorization import AuthorizeResult

from adapters.slack.clients import ASK_WITHIN, Clients
from adapters.slack.names import PLATFORM
from adapters.slack.refusals import NO_GOOD_TOKEN, code_behind, harmless
from bot.adapter_port import Core
from bot.address import Workspace
from bot.errors import NotPosted, PostError, StoreFailed

ASK_AGAIN = 5.0
"""Seconds before Slack is asked again whose a token is that it did not know."""

REFUSED = "Slack does not accept SLACK_BOT_TOKEN: copy the bot token anew from the app’s page “Install App”."

REMOVED = "Rapport was taken out of the workspace: install the app again and copy its bot token to SLACK_BOT_TOKEN."

log = structlog.get_logger()


class OneWorkspace:
    """The Access of a process that has one token; asks `auth.test` once, when it is first needed.

    An installation in a whole organisation speaks in all its workspaces. The core is told that Rapport is in a
    workspace when the token was accepted, and that it was taken out when Slack says so; then the token counts for
    nothing until `auth.test` accepts it again.
    """

    def __init__(self, token: str, api_url: str | None, core: Core, clock: Callable[[], datetime]) -> None:
        """Asks nothing yet."""
        self._token, self._core, self._clock = token, core, clock
        self._clients = Clients(self, api_url)
        self._known: AuthorizeResult | None = None
        self._known_at = 0.0
        self._is_org = False
        self._is_removed = False
        self._told: set[str] = set()
        self._asking = asyncio.Lock()
        self._refused: tuple[float, str] | None = None
        self._removed = asyncio.Event()

    async def token(self, workspace: str) -> str | None:
        """The token for its own workspace. Raises NotPosted while Slack does not say which that is."""
        if self._is_removed:
            return None
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
        """Asks until Slack has said it, so that a wrong token is known before anybody needs it, and tells the core.

        Goes on for ever: after an end it asks again, for the app may be installed anew under the same token.
        """
        while True:
            try:
                known = await self.know()
                if not self._is_org and known.team_id is not None:
                    await self._tell(known.team_id)
            except (NotPosted, StoreFailed):
                await asyncio.sleep(ASK_AGAIN)
            else:
                await self._removed.wait()
                self._removed.clear()

    async def workspaces(self, enterprise: str) -> tuple[str, ...]:
        """The workspaces that the token is known to serve."""
        return tuple(self._told)

    async def uninstalled(self, workspace: str | None, enterprise: str | None, *, org_wide: bool, at: float) -> None:
        """Believes in the token no more, and tells the core of the end. Raises StoreFailed: then it is told again.

        `at` is when Slack says it happened, in seconds since 1970: what is older than the token's last acceptance was
        the end of an earlier installation, for Slack repeats events for a day.
        """
        if self._known is not None:
            if not self._serves(self._known, workspace, enterprise):
                return
            if int(self._known_at) > at:
                log.info("slack.installed_since")
                return
            self._known, self._is_removed = None, True
            self._refused = asyncio.get_running_loop().time(), REMOVED
            self._removed.set()
        for one in {*self._told, *((workspace,) if workspace else ())}:
            await self._part(one)

    async def granted(self, workspaces: Sequence[str], enterprise: str, *, at: float) -> None:
        """The token serves some more workspaces of its organisation. Raises StoreFailed."""
        for workspace in workspaces if self._is_org else ():
            await self._tell(workspace)

    async def withdrawn(self, workspaces: Sequence[str], enterprise: str, *, at: float) -> None:
        """The token serves some workspaces of its organisation no more. Raises StoreFailed."""
        for workspace in workspaces if self._is_org else ():
            await self._part(workspace)

    def health(self) -> str | None:
        """What is wrong with the token; `None` where it is accepted, or was not needed yet."""
        if self._is_removed:
            return REMOVED
        return self._refused[1] if self._known is None and self._refused is not None else None

    async def close(self) -> None:
        """Lets go of the connections."""
        await self._clients.close()

    async def serving(
        self, workspace: str | None, enterprise: str | None = None, *, at: float | None = None
    ) -> AuthorizeResult | None:
        """Whose the token is, where it serves a workspace. Raises NotPosted while Slack does not say; StoreFailed."""
        if self._is_removed:
            return None
        known = await self.know()
        if not self._serves(known, workspace, enterprise):
            return None
        if self._is_org and workspace is not None:
            await self._tell(workspace)
        return known

    def _serves(self, known: AuthorizeResult, workspace: str | None, enterprise: str | None) -> bool:
        return enterprise == known.enterprise_id if self._is_org else workspace == known.team_id

    async def _tell(self, workspace: str) -> None:
        if workspace not in self._told:
            await self._core.installed(Workspace(PLATFORM, workspace))
            self._told.add(workspace)

    async def _part(self, workspace: str) -> None:
        log.info("slack.uninstalled", workspace=workspace)
        await self._core.uninstalled(Workspace(PLATFORM, workspace))
        self._told.discard(workspace)

    async def _ask(self) -> AuthorizeResult:
        try:
            with harmless():
                async with asyncio.timeout(ASK_WITHIN):
                    answer = await self._clients.with_token(self._token).auth_test()
        except PostError as error:
            code = code_behind(error)
            why = REFUSED if code in NO_GOOD_TOKEN else str(error)
            self._refused = asyncio.get_running_loop().time(), why
            log.error("slack.login_refused", why=code or why)
            raise NotPosted(why, ASK_AGAIN) from error
        self._is_org = bool(answer.get("is_enterprise_install"))
        self._refused, self._is_removed = None, False
        self._known_at = self._clock().timestamp()
        log.info("slack.logged_in", workspace=answer.get("team_id"))
        return AuthorizeResult(
            enterprise_id=answer.get("enterprise_id"),
            team_id=answer.get("team_id"),
            bot_id=answer.get("bot_id"),
            bot_user_id=answer.get("user_id"),
            bot_token=self._token,
        )
