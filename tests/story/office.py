"""What is the same on every stage: a real office on a real file, a clock that is moved, and ids that can be told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.clock import MovableClock, NewId
from bot.settings import Settings
from bot.wiring import Office
from storage import open_store

ZONE = ZoneInfo("Europe/Berlin")
"""The one that the settings name for new teams."""

WAKING = timedelta(minutes=15)
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Process:
    """The wiring's office, at a time that the story tells."""

    office: Office
    clock: MovableClock
    new_id: NewId

    async def until(self, moment: datetime) -> None:
        """Wakes at every quarter of an hour on the way, and in the end."""
        while self.clock() < moment:
            next_waking = _EPOCH + ((self.clock() - _EPOCH) // WAKING + 1) * WAKING
            self.clock.move(min(next_waking, moment.astimezone(UTC)) - self.clock())
            await self.office.desk.turn(self.office.adapters, self.new_id)


@asynccontextmanager
async def open_process(folder: Path, now: datetime) -> AsyncIterator[Process]:
    """A process in an empty folder, with a store in it; in the end it lets go of its platforms."""
    settings = _settings_in(folder)
    clock = MovableClock(now)
    numbers: defaultdict[str, count[int]] = defaultdict(lambda: count(1))

    def new_id(prefix: str) -> str:
        # Counted by kind: what is chosen by an id does not change with how many others were needed before.
        return f"{prefix}_{next(numbers[prefix]):016}"

    office = Office(settings, await open_store(settings.database_url), clock, new_id)
    try:
        yield Process(office, clock, new_id)
    finally:
        await office.close()


def _settings_in(folder: Path) -> Settings:
    """The settings of a process that stands in a folder; the folder is made."""
    folder.mkdir(parents=True)
    url = f"tinydb:{folder / 'store' / 'rapport.json'}"
    return Settings.model_validate({"DATABASE_URL": url, "RAPPORT_TIMEZONE": ZONE.key})
