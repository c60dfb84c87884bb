"""Installing: the way from “Add to Slack” to a token in the Vault, by Slack's OAuth."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urljoin

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncBoltRequest
from slack_bolt.oauth.async_callback_options import AsyncCallbackOptions, AsyncFailureArgs, AsyncSuccessArgs
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.response import BoltResponse
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.installation_store.models.installation import Installation
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.clients import Clients
from adapters.slack.errands import Errands
from adapters.slack.installations import Installations
from adapters.slack.pages import (
    HEADERS,
    SENTENCES,
    Problem,
    install_page,
    installed_in_org_page,
    installed_page,
    problem_page,
)
from adapters.slack.refusals import code_behind, harmless
from adapters.slack.states import LIFETIME, States
from bot.adapter_port import Vault
from bot.errors import PostError, StoreFailed

INSTALL_PATH = "/slack/install"
REDIRECT_PATH = "/slack/oauth_redirect"

WELCOME_WITHIN = 2.0
"""Seconds that whoever installed waits for the page, so that the first message is there when they open Rapport."""

Installed = Callable[[str | None, str | None, str], Coroutine[Any, Any, None]]
"""Is told who installed Rapport: the workspace, or None for a whole organisation; the organisation; the person."""

_WORKSPACE = re.compile(r"[TE][A-Z0-9]{1,30}")

# Slack's codes; docs.slack.dev/authentication/installing-with-oauth and /reference/methods/oauth.v2.access.
_SPENT = frozenset({"code_already_used", "code_expired", "invalid_code"})
_MISCONFIGURED = frozenset({"bad_client_secret", "bad_redirect_uri", "invalid_client", "invalid_client_id"})
_BY_REASON = {
    "access_denied": Problem.DECLINED,
    "invalid_browser": Problem.OTHER_BROWSER,
    "invalid_state": Problem.OVER,
    "missing_code": Problem.CODE,
}

log = structlog.get_logger()


class NotInstalled(Exception):
    """It did not come to an installation, and nothing is kept of it."""

    def __init__(self, problem: Problem, missing: tuple[str, ...] = ()) -> None:
        """`missing` are the scopes that Slack did not give."""
        super().__init__(problem.value)
        self.problem = problem
        self.missing = missing


def manifest_scopes() -> tuple[str, ...]:
    """The scopes that the manifest beside this file asks for, which are those that the app has."""
    manifest = json.loads(Path(__file__).with_name("manifest.json").read_text(encoding="utf-8"))
    return tuple(manifest["oauth_config"]["scopes"]["bot"])


class Installing:
    """The pages on which people install Rapport, and what happens when they have."""

    def __init__(
        self,
        installations: Installations,
        *,
        vault: Vault,
        clients: Clients,
        client_id: str,
        client_secret: str,
        scopes: Sequence[str],
        api_url: str | None,
        public_url: str | None,
        new_id: Callable[[str], str],
        clock: Callable[[], datetime],
        errands: Errands,
        installed: Installed,
    ) -> None:
        """`api_url` is the Web API's, beside which Slack's own pages are; `public_url` has no slash at its end.

        Without a `public_url` Slack leads people back to the redirect URL that stands in the app's settings.
        """
        self.flow = _Flow(
            settings=AsyncOAuthSettings(
                client_id=client_id,
                client_secret=client_secret,
                scopes=scopes,
                user_scopes=[],
                install_path=INSTALL_PATH,
                redirect_uri_path=REDIRECT_PATH,
                authorization_url=urljoin(api_url or AsyncWebClient.BASE_URL, "../oauth/v2/authorize"),
                # Nothing asks it, for `store_installation` is ours; without any Bolt would write files.
                installation_store=AsyncInstallationStore(),
                state_store=States(vault, new_id, clock),
                state_expiration_seconds=int(LIFETIME.total_seconds()),
                callback_options=AsyncCallbackOptions(success=self._succeeded, failure=_failed),
            ),
            installations=installations,
            clients=clients,
            redirect_uri=public_url and public_url + REDIRECT_PATH,
            clock=clock,
        )
        """Bolt's flow, for `AsyncApp(oauth_flow=…)`: without one Bolt makes its own from the environment."""
        self._slack = urljoin(api_url or AsyncWebClient.BASE_URL, "../")
        self._errands, self._installed = errands, installed

    def routes(self) -> list[web.RouteDef]:
        """The page that leads to Slack, and the one that Slack leads back to."""
        return [
            web.get(INSTALL_PATH, self._ask, allow_head=False),
            web.get(REDIRECT_PATH, self._redirected, allow_head=False),
        ]

    async def _ask(self, request: web.Request) -> web.Response:
        return await self._answered(request, self.flow.handle_installation)

    async def _redirected(self, request: web.Request) -> web.Response:
        return await self._answered(request, self.flow.handle_callback)

    async def _answered(
        self, request: web.Request, handle: Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]
    ) -> web.Response:
        """A page, whatever happens."""
        asked = AsyncBoltRequest(body="", query=request.rel_url.raw_query_string, headers=dict(request.headers))
        with self._errands.hearing():
            try:
                said = await handle(asked) if self._errands.is_open else _told(Problem.NOT_KEPT)
            except NotInstalled as error:
                said = _told(error.problem, error.missing)
            except StoreFailed:
                said = _told(Problem.NOT_KEPT)
        page = await to_aiohttp_response(said)
        page.headers.update(HEADERS)
        for cookie in page.cookies.values():
            cookie["samesite"] = "Lax"  # Slack leads back by a link, which Lax lets pass
        return page

    async def _succeeded(self, args: AsyncSuccessArgs) -> BoltResponse:
        done = args.installation
        log.info("slack.installed", org_wide=done.is_enterprise_install)
        org = done.enterprise_id
        workspace = None if done.is_enterprise_install else done.team_id
        told = self._errands.start("welcome", self._installed(workspace, org, done.user_id))
        await self._errands.within(WELCOME_WITHIN, told)
        return _page(200, self._installed_page(done))

    def _installed_page(self, done: Installation) -> str:
        if not done.is_enterprise_install:
            where = urlencode({"app": done.app_id or "", "team": done.team_id or ""})
            return installed_page(done.team_name or "Your workspace", f"{self._slack}app_redirect?{where}")
        own = done.enterprise_url or ""
        choose = urljoin(own, f"manage/organization/apps/profile/{done.app_id}/workspaces/add")
        return installed_in_org_page(
            done.enterprise_name or "Your organisation", choose if own.startswith("https://") else None
        )


class _Flow(AsyncOAuthFlow):
    """Bolt's flow, with pages of our own and a reason for everything that goes wrong."""

    def __init__(
        self,
        *,
        settings: AsyncOAuthSettings,
        installations: Installations,
        clients: Clients,
        redirect_uri: str | None,
        clock: Callable[[], datetime],
    ) -> None:
        super().__init__(settings=settings, logger=logging.getLogger("rapport.slack.oauth"))
        self._installations, self._clients, self._clock = installations, clients, clock
        # Bolt would take the one that the environment names.
        self.redirect_uri = settings.redirect_uri = redirect_uri

    async def build_authorize_url(self, state: str, request: AsyncBoltRequest) -> str:
        """Where Slack asks; Bolt's own generator puts into the address, unquoted, what the visitor brought along."""
        asked = {
            "client_id": self.settings.client_id,
            "scope": ",".join(self.settings.scopes or ()),
            "user_scope": "",
            "state": state,
        }
        if self.redirect_uri is not None:
            asked["redirect_uri"] = self.redirect_uri
        team = next(iter(request.query.get("team", ())), "")
        if _WORKSPACE.fullmatch(team):
            asked["team"] = team
        return f"{self.settings.authorization_url}?{urlencode(asked)}"

    async def build_install_page_html(self, url: str, request: AsyncBoltRequest) -> str:
        """A page that says what Rapport is and what comes next."""
        return install_page(url)

    async def run_installation(self, code: str) -> Installation:
        """Turns Slack's code into an installation. Raises NotInstalled."""
        client = self._clients.with_token(None)
        try:
            with harmless():
                # Not by `oauth_v2_access`: slack_sdk 3.47 makes it a BasicAuth, which aiohttp 3.14 warns of.
                given = await client.api_call("oauth.v2.access", data=self._exchange(code))
                granted = _Granted(given.data)
                self._check(granted)
                known = await client.auth_test(token=granted.token)
                return granted.installation(bot_id=known["bot_id"], url=known["url"], now=self._clock())
        except PostError as error:
            refused = code_behind(error)
            log.warning("slack.install_failed", code=refused, why=str(error))
            raise NotInstalled(_problem_of(refused)) from error

    async def store_installation(self, request: AsyncBoltRequest, installation: Installation) -> None:
        """Keeps it, and has the core know. Raises StoreFailed."""
        await self._installations.save(installation)

    def _exchange(self, code: str) -> dict[str, str]:
        back = {"redirect_uri": self.redirect_uri} if self.redirect_uri is not None else {}
        return {"client_id": self.client_id, "client_secret": self.settings.client_secret, "code": code} | back

    def _check(self, granted: _Granted) -> None:
        missing = tuple(sorted(set(self.settings.scopes or ()) - set(granted.scopes)))
        if granted.expires or missing or not granted.token:
            log.error("slack.install_refused", expires=granted.expires, missing=missing)
        if granted.expires:
            raise NotInstalled(Problem.ROTATION)
        if missing or not granted.token:
            raise NotInstalled(Problem.SCOPES, missing or ("bot",))


class _Granted:
    """Slack's answer to a code."""

    def __init__(self, said: Any) -> None:
        """Raises AttributeError for what is no answer of Slack's."""
        self._said = said
        self.token = str(said.get("access_token") or "")
        self.scopes = tuple(str(said.get("scope") or "").split(","))
        self.expires = bool(said.get("refresh_token") or said.get("expires_in"))

    def installation(self, *, bot_id: str | None, url: str | None, now: datetime) -> Installation:
        """As the SDK has it; tokens of people, if there are any, are dropped."""
        said = self._said
        org, team, person = (said.get(name) or {} for name in ("enterprise", "team", "authed_user"))
        return Installation(
            app_id=said.get("app_id"),
            enterprise_id=org.get("id"),
            enterprise_name=org.get("name"),
            enterprise_url=url,
            team_id=team.get("id"),
            team_name=team.get("name"),
            bot_token=self.token,
            bot_id=bot_id,
            bot_user_id=said.get("bot_user_id"),
            bot_scopes=self.scopes,
            user_id=person.get("id") or "",
            is_enterprise_install=said.get("is_enterprise_install") is True,
            installed_at=now.timestamp(),
        )


async def _failed(args: AsyncFailureArgs) -> BoltResponse:
    """The page for what Bolt, or Slack by the address it led back to, gives as the reason."""
    return _told(_BY_REASON.get(args.reason, Problem.REFUSED))


def _problem_of(code: str | None) -> Problem:
    if code in _SPENT:
        return Problem.CODE
    return Problem.CREDENTIALS if code in _MISCONFIGURED else Problem.UNREACHABLE


def _told(problem: Problem, missing: tuple[str, ...] = ()) -> BoltResponse:
    return _page(SENTENCES[problem].status, problem_page(problem, INSTALL_PATH, missing))


def _page(status: int, html: str) -> BoltResponse:
    return BoltResponse(status=status, body=html, headers={"Content-Type": "text/html; charset=utf-8"})
