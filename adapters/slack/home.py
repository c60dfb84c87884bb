"""The Home tab: drawn from what the core says at this moment, and never overtaken by an older drawing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import structlog

from adapters.slack import words
from adapters.slack.clients import Clients
from adapters.slack.people import People
from adapters.slack.refusals import Unanswered, code_behind
from adapters.slack.render import Surface, draw_reply
from adapters.slack.views import Views, is_overtaken
from bot.adapter_port import Core
from bot.address import Person, dm
from bot.errors import PostError, StoreFailed
from bot.inbound import Command
from bot.reply import Form, Outcome, Reply

TABS_KEPT = 10_000
DRAWINGS = 3
"""How often a tab is drawn when others draw it at the same time."""

log = structlog.get_logger()


class Tab:
    """What is known of one person's tab: who draws it now, how often that was wanted, and what it showed last."""

    __slots__ = ("drawn", "hash", "lock", "wanted")

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.wanted = 0
        self.drawn = 0
        self.hash: str | None = None


class Home:
    """Draws Home tabs, one at a time for each person; of several drawings that wait only one is made."""

    def __init__(
        self, core: Core, clients: Clients, people: People, views: Views, new_id: Callable[[str], str]
    ) -> None:
        self._core, self._clients, self._people, self._views = core, clients, people, views
        self._new_id = new_id
        self._tabs: dict[Person, Tab] = {}

    async def draw(self, person: Person, shown: str | None = None) -> Outcome:
        """Shows somebody's tab as things are now; says how that went.

        `shown` is the hash of the view that Slack says is shown, for a process that has drawn none yet. Where Slack
        does not take the drawing, that is told to the log: the tab is drawn anew whenever it is opened.
        """
        tab = self._tab(person)
        tab.wanted += 1
        mine = tab.wanted
        async with tab.lock:
            if tab.drawn >= mine:
                return Outcome.FINE
            if tab.hash is None:
                tab.hash = shown
            for _ in range(DRAWINGS):
                drawing = tab.wanted
                reply = await self._says(person)
                try:
                    await self._publish(person, tab, reply)
                except PostError as error:
                    if is_overtaken(error):
                        # Somebody drew it elsewhere: what is fresh now is newer than what they had.
                        tab.hash = None
                        continue
                    log.warning("slack.home_not_drawn", workspace=person.workspace, why=str(error))
                    return reply.outcome
                tab.drawn = drawing
                return reply.outcome
        return Outcome.BROKEN

    async def suggest(self, workspace: str, channel: str, thread: str | None) -> None:
        """Offers what can be asked in the messages tab. On a plan without the agent surface nothing comes of it."""
        prompts = [{"title": title, "message": message} for title, message in words.PROMPTS]
        try:
            async with self._clients.question(workspace) as client:
                await client.assistant_threads_setSuggestedPrompts(
                    channel_id=channel, thread_ts=thread, title=words.PROMPTS_TITLE, prompts=prompts
                )
        except PostError as error:
            log.info("slack.no_prompts", workspace=workspace, why=code_behind(error) or str(error))

    async def _says(self, person: Person) -> Reply:
        try:
            actor = await self._people.actor(person.workspace, person.id)
        except Unanswered:
            return words.SLACK_SILENT
        except StoreFailed:
            return words.STORE_SILENT
        heard = self._new_id("home")
        answer = await self._core.dispatch(Command(verb="home", actor=actor, place=dm(person), heard=heard))
        return words.TROUBLE if isinstance(answer, Form) else answer

    async def _publish(self, person: Person, tab: Tab, reply: Reply) -> None:
        drawn = draw_reply(reply, Surface.HOME, person.workspace)
        view: dict[str, Any] = {"type": "home", "blocks": list(drawn.blocks)}
        shown = await self._views.publish(person.workspace, person.id, view, tab.hash)
        tab.hash = shown.hash

    def _tab(self, person: Person) -> Tab:
        tab = self._tabs.pop(person, None) or Tab()
        self._tabs[person] = tab
        if len(self._tabs) > TABS_KEPT:
            oldest = next(iter(self._tabs))
            if not self._tabs[oldest].lock.locked():
                del self._tabs[oldest]
        return tab
