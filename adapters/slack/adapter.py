"""Slack as an adapter: hears through a socket or by HTTP, speaks through one queue a channel."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

import structlog
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.answers import Answers
from adapters.slack.asking import Asking
from adapters.slack.authorizing import Access
from adapters.slack.bolting import QUIET, bolt
from adapters.slack.clients import Clients
from adapters.slack.downloads import Downloads
from adapters.slack.errands import Errands
from adapters.slack.events import Events
from adapters.slack.greeting import Greeting
from adapters.slack.home import Home
from adapters.slack.identity import OneWorkspace
from adapters.slack.installations import Installations
from adapters.slack.installing import Installing, manifest_scopes
from adapters.slack.lanes import PACE, loop_time
from adapters.slack.listeners import Listeners
from adapters.slack.names import PLATFORM
from adapters.slack.people import People
from adapters.slack.places import Places
from adapters.slack.posting import Posting
from adapters.slack.sockets import LOOK_EVERY, PING_EVERY, Sockets
from adapters.slack.views import Views
from adapters.slack.ways import Way
from adapters.slack.web import Door
from bot.adapter_port import FINISH_WITHIN, PATIENCE, Core, Vault
from bot.address import Place, Posted
from bot.commands import CommandSpec
from bot.reply import Reply

log = structlog.get_logger()


class Slack:
    """Slack, in one workspace by its token or in many by OAuth; the Adapter of the platform `slack`."""

    platform = PLATFORM

    def __init__(
        self,
        core: Core,
        specs: Sequence[CommandSpec],
        way: Way,
        *,
        vault: Vault | None,
        api_url: str | None,
        new_id: Callable[[str], str],
        clock: Callable[[], datetime],
        patience: float = PATIENCE,
        pace: float = PACE,
        look_every: float = LOOK_EVERY,
        ping_every: float = PING_EVERY,
    ) -> None:
        """Connects to nothing yet. `api_url` is the root of the Web API, Slack's own by default.

        `patience`: seconds before "Still working…"; `pace`: seconds between two messages in a channel; `look_every` and
        `ping_every`: seconds between two looks at the socket and two pings. Raises ValueError where workspaces are to
        install Rapport themselves and there is no `vault` for their tokens.
        """
        self._core, self._way, self._new_id = core, way, new_id
        self._api_url = api_url or AsyncWebClient.BASE_URL
        self._errands = Errands()
        self._one = OneWorkspace(way.bot_token, api_url, core, clock) if way.bot_token else None
        self._tokens: Access = self._one or Installations(_needed(vault), core)
        self._clients = Clients(self._tokens, api_url)
        self._people, self._places = People(self._clients), Places(self._clients)
        self._posting = Posting(self._clients, self._places, pace=pace)
        self._greeting = Greeting(core, self._people, self._posting, new_id)
        self._installing = self._installing_with(vault, clock)
        flow = self._installing.flow if self._installing is not None else None
        app = bolt(self._tokens, self._api_url, signing_secret=way.signing_secret, flow=flow)
        views = Views(self._clients)
        answers = Answers(self._clients, self._places, self._posting, views)
        home = Home(core, self._clients, self._people, views, new_id)
        asking = Asking(core, specs, self._people, self._places, Downloads(self._clients, self._api_url), self._clients)
        events = Events(
            core, asking, answers, home, self._greeting, self._people, self._places, self._errands, self._tokens
        )
        Listeners(asking, answers, events, home, self._errands, patience=patience).join(app)
        self._door = Door(app, way.signing_secret, self._errands) if way.signing_secret else None
        self._sockets = self._sockets_with(app, look_every, ping_every)
        self._logging_in: asyncio.Task[None] | None = None
        self._closed = False
        self._over: float | None = None

    async def start(self) -> None:
        """Begins to hear. Nothing it fails in ends the process: it is tried again, and `health` says so."""
        self._logging_in = asyncio.create_task(self._tokens.log_in(), name="slack.log_in")
        if self._sockets is not None:
            self._sockets.start()
        log.info("slack.started", by_oauth=self._way.by_oauth, socket=bool(self._sockets), http=bool(self._door))

    def routes(self) -> list[web.RouteDef]:
        """What Slack and people's browsers reach by HTTP; nothing where Rapport runs by its socket alone."""
        routes = self._door.routes() if self._door is not None else []
        return [*routes, *(self._installing.routes() if self._installing is not None else [])]

    def health(self) -> str | None:
        """What is wrong, in a sentence; `None`: all is well."""
        for part in (self._one, self._sockets):
            if part is not None and (trouble := part.health()) is not None:
                return trouble
        return None

    def can_find(self, place: Place) -> bool:
        """In direct messages: reading channels would take permissions that Rapport does not ask for."""
        return self._posting.can_find(place)

    async def post(self, place: Place, reply: Reply, key: str) -> Posted:
        """Posts a message under a key, once; see Adapter."""
        return await self._posting.post(place, reply, key)

    async def edit(self, posted: Posted, reply: Reply) -> None:
        """Sets what a posted message says; see Adapter."""
        await self._posting.edit(posted, reply)

    async def delete(self, posted: Posted) -> None:
        """Takes away a posted message; see Adapter."""
        await self._posting.delete(posted)

    async def find(self, place: Place, key: str, since: datetime) -> Posted | None:
        """The message that was posted under a key; see Adapter."""
        return await self._posting.find(place, key, since)

    async def stop_hearing(self, within: float = FINISH_WITHIN) -> None:
        """Hears nothing any more, and lets what was heard finish for so many seconds; posting goes on until `close`.

        A second call does nothing.
        """
        if self._over is not None:
            return
        self._over = loop_time() + within
        if self._logging_in is not None:
            self._logging_in.cancel()
        await self._errands.finish(within)
        if self._sockets is not None:
            await self._sockets.close()

    async def close(self) -> None:
        """Stops hearing, and lets go of Slack; a second call does nothing.

        What is being posted gets what is left of the time that `stop_hearing` was given.
        """
        if self._closed:
            return
        self._closed = True
        await self.stop_hearing()
        await self._posting.close(within=max(0.0, (self._over or 0.0) - loop_time()))
        await self._people.close()
        await self._clients.close()
        if self._one is not None:
            await self._one.close()

    def _installing_with(self, vault: Vault | None, clock: Callable[[], datetime]) -> Installing | None:
        way, tokens = self._way, self._tokens
        if not isinstance(tokens, Installations) or way.client_id is None or way.client_secret is None:
            return None
        return Installing(
            tokens,
            vault=_needed(vault),
            clients=self._clients,
            client_id=way.client_id,
            client_secret=way.client_secret,
            scopes=manifest_scopes(),
            api_url=self._api_url,
            public_url=way.public_url,
            new_id=self._new_id,
            clock=clock,
            errands=self._errands,
            installed=self._greeting.installer,
        )

    def _sockets_with(self, app: AsyncApp, look_every: float, ping_every: float) -> Sockets | None:
        if self._way.app_token is None:
            return None
        client = AsyncWebClient(base_url=self._api_url, logger=QUIET)
        return Sockets(
            app, self._way.app_token, client, self._errands, QUIET, look_every=look_every, ping_every=ping_every
        )


def _needed(vault: Vault | None) -> Vault:
    if vault is None:
        raise ValueError("installs by OAuth need a vault for their tokens")
    return vault
