"""The one place that joins settings, store, adapters and scheduler; it starts them and stops them."""

from __future__ import annotations

import asyncio
import shutil
import signal
import tempfile
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from platform import python_version
from typing import Any, TextIO
from zoneinfo import ZoneInfo

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from adapters.console.adapter import Console
from adapters.console.piped import lines_of
from adapters.console.session import Session
from bot.adapter_port import Adapter
from bot.address import Person, Place, Workspace
from bot.calendar import known_zone
from bot.clock import Clock, MovableClock, NewId, random_id, system_clock
from bot.commands import CommandSpec
from bot.delivery import Rounds, deliver
from bot.dispatch import Dispatch
from bot.errors import NotUnderstood, Refused, StoreError
from bot.handlers import all_verbs
from bot.inbound import Actor, Command, Message, Question, Role
from bot.model import Team
from bot.nudging import tick
from bot.parting import erase_abandoned
from bot.reading.durations import read_days
from bot.reply import Answer, Option
from bot.sample import fill
from bot.settings import Settings, speaker_name
from bot.store_port import Store
from bot.vitals import Vitals
from storage import open_store

TICK_EVERY = 30
"""Seconds between two questions to the store what has become due; a nudge may be late by so much."""

DELIVER_EVERY = 5
"""Seconds between two looks at what waits to be posted or edited."""

FINISH_WITHIN = 8.0
"""Seconds that jobs which are running get to finish in when the process is told to stop, of ten in all."""

GIVE_UP_WITHIN = 1.0
"""Seconds that jobs which did not finish get to let go in once they are cancelled."""

PRUNE_EVERY = timedelta(hours=6)
"""Hours between two forgettings: a form’s words are gone 24 to 30 hours after it was opened."""

QUARTER = timedelta(minutes=15)
"""A moved clock stops at every whole quarter of an hour: what falls due at one is delivered at that very minute."""

LONGEST_LEAP = timedelta(days=366)
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

    async def leave(self, person: Person) -> None:
        """Makes known that somebody is gone, at the desk that is open."""
        await self.desk.core.leave(person)

    async def complete(self, question: Question) -> tuple[Option, ...]:
        """Completes what is being typed, at the desk that is open."""
        return await self.desk.core.complete(question)

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
            await asyncio.wait(self._running, timeout=GIVE_UP_WITHIN)

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


class Sample:
    """The console's sandbox: a throwaway store with a sample roster, in which the clock can be moved."""

    def __init__(self, office: Office, speaker: Actor, new_id: NewId) -> None:
        """Nothing is made before it is asked for."""
        self._office, self._speaker, self._new_id = office, speaker, new_id
        self._folder: Path | None = None
        self._clock: MovableClock | None = None

    @property
    def in_sample(self) -> bool:
        """Whether the sample is what answers now."""
        return self._clock is not None

    def moment(self) -> str:
        """Where the sample's clock stands, in the speaker's zone; nothing outside of the sample."""
        if self._clock is None:
            return ""
        local = self._clock().astimezone(ZoneInfo(self._speaker.timezone or "UTC"))
        return f"{local:%a} {local.day} {local:%b, %H:%M}"

    async def open_sample(self) -> str:
        """Puts a fresh sample in the place of the store; the real one stays as it is."""
        if self._clock is not None:
            return "You are in the sample already. “:later 3 weeks” moves the clock; leave with “:quit”."
        clock = MovableClock(self._office.desk.clock())
        self._folder = Path(tempfile.mkdtemp(prefix="rapport-sample-"))
        store = await open_store(f"tinydb:{self._folder / 'rapport.json'}")
        desk = self._office.desk_on(store, clock)
        team, member = await desk.core.enter(self._speaker)
        count = await fill(store, team, member, now=clock())
        self._office.desk, self._clock = desk, clock
        return (
            f"This is a sample: {count} influencers and a year of touchpoints, thrown away when you leave. "
            "Try “/rapport due”, then “:later 3 weeks” and see what comes."
        )

    async def later(self, words: str) -> str:
        """Moves the sample's clock from one quarter of an hour to the next, delivering what falls due at its hour."""
        if self._clock is None:
            raise Refused("The clock of your real store can’t be moved. “:sample” opens one in which it can.")
        span = _span(words)
        if not timedelta(0) < span <= LONGEST_LEAP:
            raise NotUnderstood("Move the clock by up to a year: “:later 3 weeks”, “:later 2 days”, “:later 5 hours”.")
        target = self._clock() + span
        while self._clock() < target:
            past = (self._clock() - datetime.min.replace(tzinfo=UTC)) % QUARTER
            self._clock.move(min(QUARTER - past, target - self._clock()))
            await self._office.desk.turn(self._office.adapters, self._new_id)
        zone = ZoneInfo(self._speaker.timezone or "UTC")
        return f"It is now {self._clock().astimezone(zone):%A %d %B %Y, %H:%M}."

    async def close(self) -> None:
        """Throws the sample away."""
        if self._clock is not None:
            await self._office.desk.store.close()
        if self._folder is not None:
            await asyncio.to_thread(shutil.rmtree, self._folder, ignore_errors=True)


def _span(words: str) -> timedelta:
    """`3 weeks`, `2 days` or `5 hours`; NotUnderstood for anything else."""
    number, _, unit = words.strip().partition(" ")
    if number.isdecimal() and len(number) < 5 and unit.strip() in {"h", "hour", "hours"}:
        return timedelta(hours=int(number))
    return timedelta(days=read_days(words))


async def run_console(settings: Settings, stdin: TextIO, stdout: TextIO) -> int:
    """Rapport in the terminal, until it is left; piped lines are done one by one. The exit code says how that went."""
    store = await open_store(settings.database_url)
    office = Office(settings, store, system_clock, random_id)
    name = speaker_name()
    zone = settings.timezone
    speaker = Actor(
        person=Person(CONSOLE.platform, CONSOLE.id, name.casefold()),
        name=name.title() if name.islower() else name,
        role=Role.ADMIN,
        timezone=zone,
    )
    is_terminal = stdin.isatty() and stdout.isatty()
    sample = Sample(office, speaker, random_id)
    console = Console(
        workspace=CONSOLE.id,
        output=stdout,
        width=None,
        colour=is_terminal,
        new_id=random_id,
        zone=ZoneInfo(zone),
        clock=sample.moment,
    )
    office.adapters[console.platform] = console
    history = settings.data_folder / "history" if is_terminal else None
    session = Session(console, office, office.specs, sample, speaker, history)
    try:
        if not is_terminal:
            return await session.run_piped(lines_of(stdin))
        office.start_clock()
        return await _until_stopped(session.run_interactive())
    finally:
        await office.stop_clock()  # a job may be at work in the sample
        await sample.close()
        await office.close()


async def _until_stopped(work: Coroutine[Any, Any, int]) -> int:
    """Runs to the end, or until the process is told to stop; that is no failure."""
    task = asyncio.create_task(work)
    with suppress(NotImplementedError, AttributeError):  # Windows has neither SIGHUP nor handlers in a loop
        for stop in (signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(stop, task.cancel)
    try:
        return await task
    except asyncio.CancelledError:
        return 0
