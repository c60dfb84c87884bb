"""The terminal: Rapport without any platform, and the sample in which its clock can be moved."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TextIO
from zoneinfo import ZoneInfo

from adapters.console.adapter import Console
from adapters.console.piped import lines_of
from adapters.console.session import Session
from bot.address import Person
from bot.clock import MovableClock, NewId, random_id, system_clock
from bot.errors import NotUnderstood, Refused
from bot.inbound import Actor, Role
from bot.reading.durations import read_days
from bot.sample import fill
from bot.settings import Settings, speaker_name
from bot.wiring.office import CONSOLE, Office
from bot.wiring.stopping import until_stopped
from storage import open_store

QUARTER = timedelta(minutes=15)
"""A moved clock stops at every whole quarter of an hour: what falls due at one is delivered at that very minute."""

LONGEST_LEAP = timedelta(days=366)


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
        return await until_stopped(session.run_interactive())
    finally:
        await office.stop_clock()  # a job may be at work in the sample
        await sample.close()
        await office.close()


def _span(words: str) -> timedelta:
    """`3 weeks`, `2 days` or `5 hours`; NotUnderstood for anything else."""
    number, _, unit = words.strip().partition(" ")
    if number.isdecimal() and len(number) < 5 and unit.strip() in {"h", "hour", "hours"}:
        return timedelta(hours=int(number))
    return timedelta(days=read_days(words))
