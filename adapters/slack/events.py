"""What happens in Slack without a request that waits: words in a DM, mentions, Home, people and installations.

Slack sends an event again until it is acknowledged, which happens when what it asked for is stored: whatever keeps us
from that is raised, and the retry does it.
"""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltRequest

from adapters.slack.answers import Answers
from adapters.slack.asking import Asking
from adapters.slack.authorizing import Access
from adapters.slack.back import Back
from adapters.slack.errands import Errands
from adapters.slack.greeting import Greeting
from adapters.slack.heard import Heard
from adapters.slack.home import Home
from adapters.slack.inbound import is_for_us
from adapters.slack.names import ACCESS_GRANTED, ACCESS_REVOKED, PLATFORM
from adapters.slack.people import People
from adapters.slack.places import Places
from adapters.slack.sources import Source, found, needed, needed_event, place_of, who, within
from bot.adapter_port import Core
from bot.address import Person, PlaceKind
from bot.errors import PlaceLost, PostError, StoreFailed
from bot.inbound import Role
from bot.reply import Answer, Outcome, Reply

ANSWER_WITHIN = 2.5
"""Seconds from hearing to the acknowledgement, where what was asked for is stored by then; an answer that is still
being posted then goes on."""

INSIST_AFTER = (1.0, 5.0, 30.0)
"""Seconds between the attempts at an answer that Slack does not ask for again."""

Body = dict[str, Any]

log = structlog.get_logger()


class Events:
    """Hears events, each once."""

    def __init__(
        self,
        core: Core,
        asking: Asking,
        answers: Answers,
        home: Home,
        greeting: Greeting,
        people: People,
        places: Places,
        errands: Errands,
        tokens: Access,
    ) -> None:
        """`tokens` is what has to know which workspaces Rapport may still speak in."""
        self._core, self._asking, self._answers, self._home = core, asking, answers, home
        self._people, self._places, self._errands = people, places, errands
        self._greeting, self._tokens = greeting, tokens
        self._heard = Heard()

    def join(self, app: AsyncApp) -> None:
        """Has Bolt call us."""
        app.event("message")(self.words)
        app.event("app_mention")(self.words)
        app.event("app_home_opened")(self.opened)
        app.event("user_change")(self.user_changed)
        app.event("app_uninstalled")(self.uninstalled)
        app.event("tokens_revoked")(self.uninstalled)
        app.event(ACCESS_GRANTED)(self.access_changed)
        app.event(ACCESS_REVOKED)(self.access_changed)
        app.event(re.compile(""))(_nothing)

    async def words(self, ack: AsyncAck, body: Body, req: AsyncBoltRequest) -> None:
        """Words in our DM, or behind our name in a channel."""
        event = needed_event(body)
        if is_for_us(event):
            began = asyncio.get_running_loop().time()
            await self._heard.once(needed(body, "event_id"), lambda: self._answer(body, _is_retry(req), began))
        await ack()

    async def opened(self, ack: AsyncAck, body: Body) -> None:
        """Somebody looks at Home, which is drawn, or at the messages tab, where something to ask is suggested.

        The first admin who does is greeted.
        """
        event, source = needed_event(body), who(body)
        if event.get("tab") == "messages":
            if source.channel is not None:
                self._places.learn(source.workspace, source.user, source.channel)
                work = self._home.suggest(source.workspace, source.channel, None)
                await self._errands.within(ANSWER_WITHIN, self._errands.start("suggest", work))
        elif event.get("tab") == "home":
            drawing = self._errands.start("home", self._home.draw(_person(source), found(event, "view", "hash")))
            if await self._errands.within(ANSWER_WITHIN, drawing) and drawing.result() is Outcome.DOWN:
                raise StoreFailed("the store did not answer")
        self._errands.start("greet", self._greeting.visitor(_person(source)))
        await ack()

    async def user_changed(self, ack: AsyncAck, body: Body) -> None:
        """Somebody left, came back, became a guest, moved to another zone or has another name."""
        await self._heard.once(needed(body, "event_id"), lambda: self._note_change(body))
        await ack()

    async def uninstalled(self, ack: AsyncAck, body: Body) -> None:
        """Rapport was taken out of a workspace, or its token was revoked, which comes to the same."""
        await self._heard.once(needed(body, "event_id"), lambda: self._part(body))
        await ack()

    async def access_changed(self, ack: AsyncAck, body: Body) -> None:
        """An organisation has given Rapport to some of its workspaces, or taken it out of them."""
        await self._heard.once(needed(body, "event_id"), lambda: self._change_access(body))
        await ack()

    async def _answer(self, body: Body, is_retry: bool, began: float) -> None:
        """Does what was said, and brings the answer: before the acknowledgement where that does not take too long."""
        event, source = needed_event(body), who(body)
        if event.get("channel_type") == "im" and source.channel is not None:
            self._places.learn(source.workspace, source.user, source.channel)
        answer = await self._asking.message(body, source)
        if isinstance(answer, Reply) and answer.outcome is Outcome.DOWN:
            raise StoreFailed("the store did not answer")
        bringing = self._errands.start("answer", self._bring(body, source, answer, is_retry=is_retry))
        spent = asyncio.get_running_loop().time() - began
        if await self._errands.within(ANSWER_WITHIN - spent, bringing):
            bringing.result()  # what was not posted is asked for again
        else:
            self._errands.start("late_answer", self._insist(bringing, body, source, answer))

    async def _insist(self, bringing: asyncio.Task[None], body: Body, source: Source, answer: Answer) -> None:
        """Brings an answer that came too late for the acknowledgement, after which Slack does not ask for it again."""
        with suppress(PostError):
            await bringing
            return
        for pause in INSIST_AFTER:
            await asyncio.sleep(pause)
            with suppress(PostError):
                await self._bring(body, source, answer, is_retry=True)
                return
        log.error("slack.answer_lost", workspace=source.workspace, why="Slack took it at no time.")

    async def _bring(self, body: Body, source: Source, answer: Answer, *, is_retry: bool) -> None:
        event = needed_event(body)
        place = place_of(source, event)
        try:
            if place.kind is PlaceKind.DM:
                back = Back(source.workspace, place.id, PlaceKind.DM, thread=source.thread or source.message)
                key = f"answer:{needed(body, 'event_id')}"
                await self._answers.answer_message(back, _person(source), answer, key=key, is_redelivered=is_retry)
            else:
                back = Back(source.workspace, place.id, thread=source.thread)
                await self._answers.answer_mention(back, _person(source), answer)
        except PlaceLost as error:
            # Nobody can be told there, however often it is tried.
            log.warning("slack.answer_lost", workspace=source.workspace, why=str(error))

    async def _note_change(self, body: Body) -> None:
        """Takes over what is new of somebody, in each of their organisation's workspaces where it is told once for all.

        Raises StoreFailed: then it is heard again.
        """
        event, source = needed_event(body), who(body)
        user = within(event, "user")
        if not isinstance(user, dict) or found(user, "id") is None:
            return
        workspaces = {source.workspace} - {""}
        if source.org_wide and source.enterprise is not None:
            workspaces.update(await self._tokens.workspaces(source.enterprise))
        for workspace in workspaces:
            actor = self._people.changed(workspace, user)
            if actor.role in {Role.MEMBER, Role.ADMIN}:
                await self._core.notice(actor)
            else:
                log.info("slack.user_left", workspace=workspace, role=actor.role.value)
                await self._core.leave(actor.person)

    async def _part(self, body: Body) -> None:
        """Deletes tokens at once, and has the core know. Raises StoreFailed: then it is heard again."""
        event, source = needed_event(body), who(body)
        if event.get("type") == "tokens_revoked" and not within(event, "tokens", "bot"):
            return
        # What does not say when it happened, happened after all that is known.
        at = source.at if source.at is not None else float("inf")
        await self._tokens.uninstalled(source.workspace or None, source.enterprise, org_wide=source.org_wide, at=at)

    async def _change_access(self, body: Body) -> None:
        """Has the core know. Raises StoreFailed: then it is heard again."""
        event, source = needed_event(body), who(body)
        ids = within(event, "team_ids")
        workspaces = tuple([id for id in ids if isinstance(id, str)]) if isinstance(ids, list) else ()
        change = self._tokens.granted if event.get("type") == ACCESS_GRANTED else self._tokens.withdrawn
        if source.enterprise is not None and source.at is not None:
            await change(workspaces, source.enterprise, at=source.at)


def _person(source: Source) -> Person:
    return Person(PLATFORM, source.workspace, source.user)


def _is_retry(request: AsyncBoltRequest) -> bool:
    """Whether an earlier process may have heard it: a socket's first deliveries carry a zero."""
    return next(iter(request.headers.get("x-slack-retry-num", ())), "0") != "0"


async def _nothing(ack: AsyncAck) -> None:
    await ack()
