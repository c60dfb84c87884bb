"""A team's weeks on a stage, beside the book of what ought to come of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.inbound import Upload
from tests.story.kept import Kept, read_kept
from tests.story.quiet_book import Book, Due
from tests.story.quiet_rule import Happened, Relationship
from tests.story.roster import Roster, Touch
from tests.story.stage import TEAM, Message, Said, Shown, Stage, said, to

BERLIN, NEW_YORK, KOLKATA = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York"), ZoneInfo("Asia/Kolkata")
ZONES = {"Ana": BERLIN, "Ben": NEW_YORK, "Chi": KOLKATA}
PLACES = {"Ana": "ana", "Ben": "ben", "Chi": "chi", "the team": f"#{TEAM}"}


@dataclass
class Week:
    """Whatever is done on the stage is written down in the book as well."""

    stage: Stage
    roster: Roster
    book: Book
    logged: list[Touch] = field(default_factory=list)

    async def until(self, day: date, hour: str, zone: ZoneInfo = BERLIN) -> None:
        """Time goes by on the stage and in the book."""
        moment = datetime.combine(day, time.fromisoformat(hour), zone)
        await self.stage.until(moment)
        self.book.passes(moment)

    async def says(self, name: str, line: str, *, files: tuple[Upload, ...] = (), channel: str = "") -> Said:
        """What is answered in words to a command."""
        return said(await self.stage.says(name, line, files=files, channel=channel))

    def logs(
        self,
        who: str,
        direction: str,
        medium: str,
        note: str,
        by: str,
        *,
        on: date | None = None,
        was: Shown | None = None,
    ) -> Happened:
        """Writes down a touchpoint, without a date one of this moment; `was` is the answer, which has to confirm it."""
        if was is not None:
            words = said(was).words
            assert f"✓ Logged: {who} — " in words, words
        day = on or self.book.today(by)
        self.logged.append(Touch(who, day, medium, direction, automatic=False, by=by, note=note))
        return self.book.happens(who, direction, on)

    async def kept(self) -> Kept:
        """The content of the store, as an admin exports it."""
        (file,) = (await self.says("ana", "export")).files
        return read_kept(file)

    def message(self, name: str, about: str) -> Message:
        """The newest message to a member that speaks of somebody."""
        found = [message for message in to(self.stage, PLACES[name]) if f"{about} — " in message.now.words]
        assert found, f"no message to {name} speaks of {about}"
        return found[-1]

    def differences(self) -> list[str]:
        """The messages that ought to have come and did not, and the other way round, each on its reader's clock."""
        return differences(map(str, self.book.due), map(self._line, self.stage.posted()))

    def _line(self, message: Message) -> str:
        name = next((name for name, place in PLACES.items() if place == message.place), message.place)
        at = message.at.astimezone(ZONES.get(name, BERLIN))
        paragraphs = [part.words.splitlines()[0] for part in message.first.parts if part.buttons]
        more = message.first.parts[-1].words
        waiting = int(more.split()[0]) if ": /rapport due shows everybody." in more else 0
        return str(Due(name, at, tuple(paragraphs), waiting))


def differences(expected: Iterable[object], found: Iterable[object]) -> list[str]:
    """What is missing and what is too much, whatever the order."""
    wanted, got = Counter(expected), Counter(found)
    missing = [f"missing: {each}" for each in (wanted - got).elements()]
    return missing + [f"too much: {each}" for each in (got - wanted).elements()]


def book_of(roster: Roster, now: datetime, days_off: frozenset[date]) -> Book:
    """The book of a roster as it is written down in its sheets."""
    people = {
        each.name: Relationship(
            each.name,
            each.owner,
            each.tier,
            int(each.cadence) if each.cadence else None,
            is_paused=each.stage in {"paused", "ended"},
        )
        for each in roster.people
    }
    for order, touch in enumerate(roster.touches):
        people[touch.who].touches.append(Happened(touch.on, touch.direction, touch.automatic, order))
    return Book(now, {"": BERLIN} | ZONES, days_off, people)
