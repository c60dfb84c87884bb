"""Somebody in a browser who installs the app: opens its page, is asked by Slack, and allows it or doesn't."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import aiohttp

from tests.platform.slack.state import Offer
from tests.platform.slack.world import World

ASKS = re.compile(r"""href=["']([^"']*/oauth/v2/authorize\?[^"']*)["']""")


@dataclass(frozen=True, slots=True)
class Page:
    """What the browser shows; `location` is where it was sent on to, if it was."""

    status: int
    text: str
    location: str | None


class Browser:
    """A browser that keeps cookies, those that want https too, and takes the bot's public address for its real one."""

    def __init__(self, world: World, bot_url: str) -> None:
        """`bot_url` is where the bot listens, without a path."""
        self._world = world
        self._bot_url = bot_url
        jar = aiohttp.CookieJar(unsafe=True, treat_as_secure_origin=bot_url)
        self._session = aiohttp.ClientSession(cookie_jar=jar)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        await self._session.close()

    async def open(self, url: str) -> Page:
        """A page of the bot by its path, or by its public address; redirects are not followed."""
        parts = urlsplit(url)
        there = urljoin(self._bot_url, parts._replace(scheme="", netloc="").geturl())
        async with self._session.get(there, allow_redirects=False) as response:
            return Page(response.status, await response.text(), response.headers.get("Location"))

    async def asked(self, path: str = "/slack/install") -> str:
        """Opens the bot's page and says at which of Slack's addresses it asks: by a link or at once."""
        page = await self.open(path)
        if page.location is not None:
            return page.location
        link = ASKS.search(page.text)
        if link is None:
            raise LookupError(f"{path} answers {page.status} and leads to no page of Slack's")
        return unescape(link.group(1))

    async def authorize(
        self, address: str, user: str, *, team: str | None = None, enterprise: str | None = None
    ) -> Page:
        """Clicks "Allow" as `user`, for a workspace or for a whole organisation; shows what the bot says to it."""
        query = self._query(address)
        code = self._world.new_id("code-")
        scopes = tuple(query["scope"].split(","))
        owner = enterprise or (self._world.teams[team].enterprise if team else None)
        self._world.offers[code] = Offer(team, owner, scopes, user, query["redirect_uri"])
        return await self._back(query, code=code)

    async def cancel(self, address: str) -> Page:
        """Clicks "Cancel"."""
        return await self._back(self._query(address), error="access_denied")

    async def install(self, user: str, *, team: str | None = None, enterprise: str | None = None) -> Page:
        """All of it: opens the install page, and allows."""
        return await self.authorize(await self.asked(), user, team=team, enterprise=enterprise)

    def _query(self, address: str) -> dict[str, str]:
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        if query.get("client_id") != self._world.client_id:
            raise LookupError("Slack knows no app of this client_id")
        return query

    async def _back(self, query: dict[str, str], **more: str) -> Page:
        state = {"state": query["state"]} if "state" in query else {}
        return await self.open(f"{query['redirect_uri']}?{urlencode(more | state)}")
