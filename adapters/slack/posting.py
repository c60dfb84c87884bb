"""What Rapport says on Slack: posted once, edited, taken away and looked up; answers go through the same queues."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import datetime
from typing import Any, TypeVar

import structlog
from msgspec.structs import replace
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.clients import Clients
from adapters.slack.keys import look_for, metadata_of
from adapters.slack.lanes import PACE, Lanes
from adapters.slack.names import PLATFORM
from adapters.slack.places import Audience, Places
from adapters.slack.refusals import (
    CLOSED,
    ELSEWHERE,
    SHARED,
    SOON,
    RateLimited,
    Unanswered,
    code_of,
    harmless,
    refusals,
)
from adapters.slack.render import Drawn, Surface, draw_reply
from adapters.slack.rich import rich_text
from adapters.slack.uploads import Uploads, did_not_arrive, follows_by_dm
from bot.adapter_port import LET_GO_WITHIN
from bot.address import Place, PlaceKind, Posted
from bot.errors import NotPosted, PlaceLost, PostError, StoreFailed
from bot.reply import File, Image, Reply

TURN_WITHIN = 20.0
"""Seconds that a delivery waits for its turn; with all its calls it stays under the core's two minutes."""

SAY_WITHIN = 30.0
"""Seconds that an answer waits for its turn, Slack's pauses included."""

SAY_TRIES = 3
"""An answer waits out two pauses that Slack asks for."""

FIND_WITHIN = 90.0
"""Seconds for looking through a conversation."""

KEYS_KEPT = 10_000
_BLOCKS = 50
_LINE_WITHIN = 5.0

log = structlog.get_logger()

T = TypeVar("T")


class Posting:
    """Speaks in every workspace in which Rapport is installed; keeps what the Adapter protocol promises of posting."""

    def __init__(self, clients: Clients, places: Places, *, pace: float = PACE) -> None:
        """`pace`: seconds between two messages in one channel."""
        self._clients, self._places = clients, places
        self._lanes = Lanes(pace)
        self._uploads = Uploads(clients)
        self._stands: dict[str, Posted] = {}
        self._keyed: dict[str, asyncio.Task[Posted]] = {}
        self._under_way: set[asyncio.Task[Any]] = set()
        self._closed = False

    def can_find(self, place: Place) -> bool:
        """In direct messages: to read channels would take scopes that Rapport does not ask for."""
        return place.kind is PlaceKind.DM

    async def post(self, place: Place, reply: Reply, key: str) -> Posted:
        """Posts a message; under the same key once. Files follow in its thread.

        Before it posts into a channel it asks who reads it, which costs a call each time: where people of another
        company do, the place is lost. It goes on when whoever waits for it is cancelled, for less than two minutes.
        """
        self._refuse(place)
        return await self._once(key, lambda: self._post(place, reply, key))

    async def edit(self, posted: Posted, reply: Reply) -> None:
        """Sets what a message says; its files stay. Where outsiders read the channel by now, it is deleted instead."""
        self._refuse(posted.place)
        if (await self._audience(posted.place)).outsiders:
            log.warning("slack.withdrawn_from_outsiders", workspace=posted.place.workspace)
            await self.delete(posted)
            return
        drawn = draw_reply(reply, Surface.MESSAGE, posted.place.workspace)

        async def update(client: AsyncWebClient, channel: str) -> None:
            # What is left out, Slack keeps: the metadata with the key.
            await client.chat_update(channel=channel, ts=posted.message, text=drawn.text, blocks=list(drawn.blocks))

        await self._run(self._change(posted.place, update))

    async def delete(self, posted: Posted) -> None:
        """Takes a message away, and forgets its key; one that is gone already is fine."""
        self._refuse(posted.place)

        async def take_away(client: AsyncWebClient, channel: str) -> None:
            try:
                await client.chat_delete(channel=channel, ts=posted.message)
            except SlackApiError as error:
                if code_of(error) != "message_not_found":
                    raise

        await self._run(self._change(posted.place, take_away))
        for key in [key for key, stands in self._stands.items() if stands == posted]:
            del self._stands[key]

    async def find(self, place: Place, key: str, since: datetime) -> Posted | None:
        """Looks through our direct messages for a key; of channels it knows only what this process posted there.

        Raises NotPosted where Slack does not say: look again then.
        """
        self._refuse(place)
        if not self.can_find(place):
            stands = self._stands.get(key)
            return stands if stands is not None and stands.place == place else None
        channel = await self._places.channel(place)
        async with self._clients.question(place.workspace, FIND_WITHIN) as client:
            message = await look_for(client, channel, key, since)
        return Posted(place, message) if message is not None else None

    async def say(
        self,
        workspace: str,
        channel: str,
        drawn: Drawn,
        *,
        user: str | None = None,
        thread: str | None = None,
        key: str | None = None,
    ) -> str:
        """Says an answer in a conversation, and returns its `ts`; to `user` alone where one is named.

        It waits out two pauses that Slack asks for, 30 seconds in all, and raises PostError. Files of what only one
        person sees go into our direct messages. Whether outsiders read the channel is the caller's business.
        """
        self._refuse_late()

        async def answer() -> Posted:
            return Posted(
                Place(PLATFORM, workspace, channel), await self._say(workspace, channel, drawn, user, thread, key)
            )

        return (await (self._once(key, answer) if key is not None else self._run(answer()))).message

    async def bring(
        self, workspace: str, channel: str, files: tuple[Image | File, ...], *, thread: str | None = None
    ) -> bool:
        """Shares files in a conversation; where that fails it says so there, and returns False."""
        self._refuse_late()
        return await self._run(self._bring(workspace, channel, files, thread))

    async def close(self, within: float = 0.0) -> None:
        """Lets what is under way finish for so many seconds, and posts nothing more. The clients stay open."""
        self._closed = True
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=within)
        for task in tuple(self._under_way):
            task.cancel()
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=LET_GO_WITHIN)

    async def _once(self, key: str, work: Callable[[], Coroutine[Any, Any, Posted]]) -> Posted:
        """What stands under a key; two who post it at the same time share one attempt, and how it ended."""
        if (stands := self._stands.get(key)) is not None:
            return stands
        if (task := self._keyed.get(key)) is None:
            task = self._keyed[key] = self._start(work())
            task.add_done_callback(lambda done: self._ended(key, done))
        return await asyncio.shield(task)

    async def _run(self, work: Coroutine[Any, Any, T]) -> T:
        """Work that is not torn in the middle when whoever waits for it is cancelled."""
        return await asyncio.shield(self._start(work))

    def _start(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return task

    def _ended(self, key: str, task: asyncio.Task[Posted]) -> None:
        self._keyed.pop(key, None)
        if not task.cancelled() and task.exception() is None:
            self._stands[key] = task.result()
            if len(self._stands) > KEYS_KEPT:
                del self._stands[next(iter(self._stands))]

    async def _post(self, place: Place, reply: Reply, key: str) -> Posted:
        drawn = draw_reply(reply, Surface.MESSAGE, place.workspace)
        channel = await self._places.channel(place)
        audience = await self._audience(place)
        if audience.hurdle or audience.outsiders:
            raise PlaceLost(audience.hurdle or SHARED)
        try:
            ts = await self._message(place.workspace, channel, drawn, key=key, within=TURN_WITHIN)
        except PlaceLost:
            if place.kind is PlaceKind.DM:
                self._places.forget(place.workspace, place.id)
            raise
        if drawn.files:
            await self._bring(place.workspace, channel, drawn.files, ts)
        return Posted(place, ts)

    async def _say(
        self, workspace: str, channel: str, drawn: Drawn, user: str | None, thread: str | None, key: str | None
    ) -> str:
        by_dm = await self._places.dm(workspace, user) if user is not None and drawn.files else None
        if by_dm not in {None, channel} and len(drawn.blocks) < _BLOCKS:
            drawn = replace(drawn, blocks=(*drawn.blocks, rich_text(follows_by_dm(drawn.files), workspace)))
        ts = await self._patiently(workspace, channel, drawn, key=key, user=user, thread=thread)
        if drawn.files:
            await self._bring(workspace, by_dm or channel, drawn.files, None if by_dm else thread or ts)
        return ts

    async def _patiently(self, workspace: str, channel: str, drawn: Drawn, **said: str | None) -> str:
        """Sends one message, waiting out the pauses that Slack asks for while there is time."""
        now = asyncio.get_running_loop().time
        ends = now() + SAY_WITHIN
        for _ in range(SAY_TRIES - 1):
            with suppress(RateLimited):
                return await self._message(workspace, channel, drawn, within=max(0.0, ends - now()), **said)
        return await self._message(workspace, channel, drawn, within=max(0.0, ends - now()), **said)

    async def _message(
        self,
        workspace: str,
        channel: str,
        drawn: Drawn,
        *,
        within: float,
        key: str | None = None,
        user: str | None = None,
        thread: str | None = None,
    ) -> str:
        """Sends one message, once, when it is its turn; returns its `ts`. Raises PostError."""
        with harmless():
            client = await self._clients.posting(workspace)
        said: dict[str, Any] = {
            "channel": channel,
            "text": drawn.text,
            "blocks": list(drawn.blocks),
            "thread_ts": thread,
        }
        async with self._lanes.turn(workspace, channel, within=within):
            self._refuse_late()
            with refusals():
                if user is not None:
                    return str((await client.chat_postEphemeral(**said, user=user))["message_ts"])
                metadata = metadata_of(key) if key is not None else None
                answer = await client.chat_postMessage(
                    **said, metadata=metadata, unfurl_links=False, unfurl_media=False
                )
                return str(answer["ts"])

    async def _change(self, place: Place, change: Callable[[AsyncWebClient, str], Coroutine[Any, Any, None]]) -> None:
        """Edits or deletes, in its turn."""
        channel = await self._places.channel(place)
        with harmless():
            client = await self._clients.posting(place.workspace)
        async with self._lanes.turn(place.workspace, channel, within=TURN_WITHIN, paced=False):
            with refusals():
                await change(client, channel)

    async def _bring(self, workspace: str, channel: str, files: tuple[Image | File, ...], thread: str | None) -> bool:
        """Brings files along; the message that they belong to stands already, whatever becomes of them."""
        try:
            await self._uploads.bring(workspace, channel, files, thread=thread)
        except PostError as error:
            log.warning("slack.upload_failed", workspace=workspace, files=len(files), why=str(error))
        else:
            return True
        line = draw_reply(did_not_arrive(files), Surface.MESSAGE, workspace)
        try:
            await self._message(workspace, channel, line, thread=thread, within=_LINE_WITHIN)
        except PostError as error:
            log.warning("slack.upload_loss_untold", workspace=workspace, why=str(error))
        return False

    async def _audience(self, place: Place) -> Audience:
        """Who reads a place at this moment. Raises NotPosted where that is not known."""
        if place.kind is PlaceKind.DM:
            return Audience()
        try:
            return await self._places.audience(place.workspace, place.id)
        except (Unanswered, StoreFailed) as error:
            raise NotPosted("It is not known who reads the channel.", SOON) from error

    def _refuse(self, place: Place) -> None:
        self._refuse_late()
        if place.platform != PLATFORM:
            raise PlaceLost(ELSEWHERE)

    def _refuse_late(self) -> None:
        if self._closed:
            raise NotPosted(CLOSED, SOON)
