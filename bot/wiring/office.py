"""The office: the Core that adapters speak to, with the clock that wakes it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from platform import python_version
from typing import Any

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.adapter_port import FINISH_WITHIN, LET_GO_WITHIN, Adapter
from bot.address import Person, Place, Workspace
from bot.calendar import known_zone
from bot.clock import Clock, NewId, system_clock
from bot.commands import CommandSpec
from bot.delivery import Rounds, deliver
from bot.dispatch import Dispatch
from bot.errors import StoreError
from bot.handlers import all_verbs
from bot.inbound import Actor, Command, Message, Question
from bot.model import Team
from bot.nudging import tick
from bot.parting import erase_abandoned
from bot.reply import Answer, Option
from bot.settings import Settings
from bot.store_port import Store
from bot.vitals import Vitals

TICK_EVERY = 30
"""Seconds between two questions to the store what has become due; a nudge may be late by so much."""

DELIVER_EVERY = 5
"""Seconds between two looks at what waits to be posted or edited."""

PRUNE_EVERY = timedelta(hours=6)
"""Hours between two forgettings: a form’s words are gone 24 to 30 hours after it was opened."""

CONSOLE = Workspace("console", "local")

_STORES = {"tinydb": "TinyDB", "postgresql": "PostgreSQL"}
"""What people call the stores, by how their addresses begin."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Desk:
    """A store and what works on it, at the time of one clock."""

    store: Store
    clock: Clock
    core: Dispatch
    rounds: Rounds

    async def turn(self, adapters: dict[str, Adapter], new_id: NewId) -> None:
        """Raises what has become due, and sends and edits what waits."""
        await tick(self.store, self.clock(), new_id)
        await deliver(self.store, adapters, self.clock, new_id)


class Office:
    """The Core that adapters speak to: the real desk, or in the terminal the sample's while one is open."""

    def __init__(self, settings: Settings, store: Store, clock: Clock, new_id: NewId) -> None:
        """`store` is the real one; it stays open until `close`."""
        self.adapters: dict[str, Adapter] = {}
        self.vitals = Vitals(
            store=_STORES.get(settings.database_url.partition(":")[0], settings.database_url.partition(":")[0]),
            python=python_version(),
            platforms=self.adapters.keys(),
            troubles=self.troubles,
        )
        self.specs: tuple[CommandSpec, ...] = all_verbs(self.vitals)
        self._settings, self._new_id = settings, new_id
        self._real = self.desk_on(store, clock)
        self.desk = self._real
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._running: set[asyncio.Task[Any]] = set()

    def desk_on(self, store: Store, clock: Clock) -> Desk:
        """A desk on another store, for the sample."""
        core = Dispatch(store, self.specs, clock=clock, new_id=self._new_id, found_team=self._found_team(clock))
        return Desk(store, clock, core, Rounds(store, self.adapters, clock, self._new_id))

    async def dispatch(self, command: Command) -> Answer:
        """Does what was asked, at the desk that is open."""
        return await self.desk.core.dispatch(command)

    async def hear(self, message: Message) -> Answer:
        """Answers what was said, at the desk that is open."""
        return await self.desk.core.hear(message)

    async def meet(self, actor: Actor) -> None:
        """Makes somebody known, at the desk that is open."""
        await self.desk.core.meet(actor)

    async def notice(self, actor: Actor) -> None:
        """Keeps up what is known of somebody, at the desk that is open."""
        await self.desk.core.notice(actor)

    async def uninstalled(self, workspace: Workspace) -> None:
        """Makes known that Rapport was taken out of a workspace, at the desk that is open."""
        await self.desk.core.uninstalled(workspace)

    async def installed(self, workspace: Workspace) -> None:
        """Makes known that Rapport is in a workspace, at the desk that is open."""
        await self.desk.core.installed(workspace)

    async def leave(self, person: Person) -> None:
        """Makes known that somebody is gone, at the desk that is open."""
        await self.desk.core.leave(person)

    async def complete(self, question: Question) -> tuple[Option, ...]:
        """Completes what is being typed, at the desk that is open."""
        return await self.desk.core.complete(question)

    def troubles(self) -> dict[str, str]:
        """What is wrong with each platform that is not well, in a sentence."""
        said = {name: adapter.health() for name, adapter in self.adapters.items()}
        return {name: trouble for name, trouble in said.items() if trouble is not None}

    def start_clock(self) -> None:
        """Has the process woken: what is due is the store's to say, so a missed waking loses nothing."""
        jobs: tuple[tuple[Callable[[], Awaitable[None]], timedelta], ...] = (
            (self._tick, timedelta(seconds=TICK_EVERY)),
            (self._deliver, timedelta(seconds=DELIVER_EVERY)),
            (self._prune, PRUNE_EVERY),
        )
        for job, every in jobs:
            self._scheduler.add_job(
                job,
                "interval",
                seconds=every.total_seconds(),
                next_run_time=system_clock(),
                coalesce=True,
                max_instances=1,
                misfire_grace_time=None,
            )
        self._scheduler.start()

    async def stop_clock(self, within: float = FINISH_WITHIN) -> None:
        """Has nothing more begin, and lets what runs finish for so many seconds; a second call does nothing.

        APScheduler cancels what runs as soon as it is shut down, and a message would be left half sent.
        """
        if not self._scheduler.running:
            return
        loop = asyncio.get_running_loop()
        over = loop.time() + within
        self._scheduler.pause()
        self._scheduler.remove_all_jobs()
        await asyncio.sleep(0)  # what APScheduler has just begun comes as far as `_guarded`
        if self._running:
            await asyncio.wait(self._running, timeout=within)
        for desk in (self.desk, self._real):
            await desk.rounds.close(patience=max(0.0, over - loop.time()))
        for task in self._running:
            log.error("job.given_up", job=task.get_name())
        self._scheduler.shutdown(wait=False)
        await asyncio.sleep(0)  # APScheduler cancels in the next round of the loop
        if self._running:
            await asyncio.wait(self._running, timeout=LET_GO_WITHIN)

    async def close(self, within: float = FINISH_WITHIN) -> None:
        """Stops the clock as `stop_clock` does, lets go of the platforms, and closes the store."""
        await self.stop_clock(within)
        for adapter in self.adapters.values():
            await adapter.close()
        await self._real.store.close()

    async def _tick(self) -> None:
        if await self._guarded("tick", lambda: tick(self.desk.store, self.desk.clock(), self._new_id)):
            self.vitals.ticked_at = self.desk.clock()

    async def _deliver(self) -> None:
        if await self._guarded("deliver", self.desk.rounds.make):
            self.vitals.delivered_at = self.desk.clock()

    async def _prune(self) -> None:
        await self._guarded("prune", lambda: self._real.store.prune(self._real.clock()))
        await self._guarded("part", lambda: erase_abandoned(self._real.store, self._real.clock(), self._new_id))

    async def _guarded(self, job: str, work: Callable[[], Awaitable[object]]) -> bool:
        """Whether a job did its work; what goes wrong is told to the log, and the job tried at the next waking."""
        task = asyncio.current_task()
        if task is not None:
            task.set_name(job)
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        try:
            await work()
        except StoreError as error:
            log.error("job.store_failed", job=job, why=str(error))
        except Exception:  # the loop must go on; the log has the cause
            log.exception("job.failed", job=job)
        else:
            return True
        return False

    def _found_team(self, clock: Clock) -> Callable[[Actor, str], Team]:
        """A new team begins in the zone that the settings name, with its channel where the platform implies one."""

        def found(actor: Actor, id: str) -> Team:
            home, chosen = actor.person.home, self._settings.timezone
            channel = Place(home.platform, home.id, "team") if home == CONSOLE else None
            return Team(
                id=id,
                team=id,
                name="Your team",
                workspaces=(home,),
                timezone=chosen if chosen != "UTC" else known_zone(actor.timezone) or chosen,
                channel=channel,
                created_at=clock(),
            )

        return found
