"""Slack's Web API under the token of a workspace: one client that posts, one that asks."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol

import aiohttp
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
)
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.refusals import CLOSED, NOT_INSTALLED, SOON, harmless, retry_after
from bot.errors import NotPosted, PlaceLost

CALL_WITHIN = 20.0
"""Seconds that one request may take, connecting included."""

CONNECT_WITHIN = 5.0
"""Seconds after which a connection is given up; nothing was sent by then."""

ASK_WITHIN = 10.0
"""Seconds that one question may take, its retries included."""

SHORT_WAIT = 3.0
"""The longest that a question waits out a 429; who is told to wait longer hears of it at once."""

# At DEBUG slack_sdk writes out every request and answer, with what people wrote.
_SDK_LOG = logging.getLogger("adapters.slack.web")
_SDK_LOG.setLevel(logging.WARNING)


class Tokens(Protocol):
    """Whose token to speak with."""

    async def token(self, workspace: str) -> str | None:
        """The bot token for a workspace, or `None` where Rapport is not installed. Raises StoreFailed."""
        ...


class ShortRateLimits(AsyncRateLimitErrorRetryHandler):
    """Waits out a 429 once, where it is short; slack_sdk's own waits however long it is."""

    async def _can_retry_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        """Whether it is a 429 that can be waited out while somebody waits for us."""
        return response is not None and response.status_code == 429 and _pause(response) <= SHORT_WAIT

    async def prepare_for_next_attempt_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> None:
        """Waits as long as Slack asked."""
        state.next_attempt_requested = True
        await asyncio.sleep(_pause(response) if response is not None else SHORT_WAIT)
        state.increment_current_attempt()


def _pause(response: HttpResponse) -> float:
    """The seconds that Slack asks for; here each header is a list of its values."""
    return retry_after({name: values[0] for name, values in response.headers.items() if values})


class Clients:
    """Makes clients for workspaces, over connections that are shared until `close`."""

    def __init__(self, tokens: Tokens, api_url: str | None = None, *, call_within: float = CALL_WITHIN) -> None:
        """`api_url` is the root of the Web API, Slack's own by default. Connects to nothing yet."""
        self._tokens = tokens
        self._call_within = call_within
        self._api_url = api_url or AsyncWebClient.BASE_URL
        self._sessions: dict[bool, aiohttp.ClientSession] = {}
        self._closed = False

    async def posting(self, workspace: str) -> AsyncWebClient:
        """A client that sends everything once: no retry can post a message twice.

        Raises PlaceLost where Rapport is not installed, NotPosted after `close`, StoreFailed.
        """
        return self._client(await self._token(workspace), self._session(posts=True), [])

    async def asking(self, workspace: str) -> AsyncWebClient:
        """A client for what may be asked or done twice: it retries after a dropped connection and a short 429.

        Raises PlaceLost where Rapport is not installed, NotPosted after `close`, StoreFailed.
        """
        return self.with_token(await self._token(workspace))

    def with_token(self, token: str | None) -> AsyncWebClient:
        """The same under a token that belongs to no workspace yet, or under none; for `auth.test` and OAuth."""
        handlers: list[AsyncRetryHandler] = [AsyncConnectionErrorRetryHandler(), ShortRateLimits()]
        return self._client(token, self._session(posts=False), handlers)

    @asynccontextmanager
    async def question(self, workspace: str, within: float = ASK_WITHIN) -> AsyncIterator[AsyncWebClient]:
        """The client to ask with, for so many seconds: whatever goes wrong becomes a PostError, and nothing was posted.

        Raises PlaceLost and NotPosted.
        """
        with harmless():
            async with asyncio.timeout(within):
                yield await self.asking(workspace)

    async def close(self) -> None:
        """Lets go of all connections; a second call does nothing."""
        self._closed = True
        for session in self._sessions.values():
            await session.close()

    async def _token(self, workspace: str) -> str:
        if (token := await self._tokens.token(workspace)) is None:
            raise PlaceLost(NOT_INSTALLED)
        return token

    def _client(
        self, token: str | None, session: aiohttp.ClientSession, handlers: list[AsyncRetryHandler]
    ) -> AsyncWebClient:
        client = AsyncWebClient(
            token=token,
            base_url=self._api_url,
            timeout=int(self._call_within),
            session=session,
            retry_handlers=handlers,
            logger=_SDK_LOG,
        )
        # slack_sdk sends even what goes to this machine through HTTPS_PROXY; the session minds NO_PROXY, too.
        client.proxy = None
        return client

    def _session(self, *, posts: bool) -> aiohttp.ClientSession:
        """The connections for posting, or those for asking; made when first needed, inside the running loop.

        What is posted gets a connection of its own: one that was kept may have been closed by Slack a moment ago,
        which looks like a lost answer, and in a channel nobody could look up what became of the message.
        """
        if self._closed:
            raise NotPosted(CLOSED, SOON)
        if posts not in self._sessions:
            self._sessions[posts] = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(force_close=posts),
                # A session of ours keeps its own time: the client's `timeout` counts for slack_sdk's only.
                timeout=aiohttp.ClientTimeout(
                    total=self._call_within, connect=CONNECT_WITHIN, sock_connect=CONNECT_WITHIN
                ),
                trust_env=True,
            )
        return self._sessions[posts]
