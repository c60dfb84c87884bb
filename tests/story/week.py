"""A team's weeks on a stage, beside the book of what ought to come of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.inbound import Upload
from tests.story.book import TEAM as NOBODY
from tests.story.book import Book, Member
from tests.story.kept import Kept, read_kept
from tests.story.posted import nudges_beside
from tests.story.quiet_rule import Happened
from tests.story.reasons import Person, WorkingDays, birthday
from tests.story.roster import Roster, Touch
from tests.story.stage import Message, Said, Shown, Stage, said, to

BERLIN, NEW_YORK, KOLKATA = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York"), ZoneInfo("Asia/Kolkata")
ZONES = {"Ana": BERLIN, "Ben": NEW_YORK, "Chi": KOLKATA}


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
    ) -> None:
        """Writes down a touchpoint, without a date one of this moment; `was` is the answer, which has to confirm it."""
        if was is not None:
            words = said(was).words
            assert f"✓ Logged: {who} — " in words, words
        day = on or self.book.today(by)
        self.logged.append(Touch(who, day, medium, direction, automatic=False, by=by, note=note))
        self.book.happens(who, direction, by, on=on)

    async def kept(self) -> Kept:
        """The content of the store, as an admin exports it."""
        (file,) = (await self.says("ana", "export")).files
        return read_kept(file)

    def message(self, name: str, about: str) -> Message:
        """The newest message to a member that speaks of somebody."""
        found = [message for message in to(self.stage, name.casefold()) if f"{about} — " in message.now.words]
        assert found, f"no message to {name} speaks of {about}"
        return found[-1]

    def differences(self) -> list[str]:
        """The messages that ought to have come and did not, and the other way round, each on its reader's clock."""
        return nudges_beside(self.book, self.stage.posted())


def book_of(roster: Roster, now: datetime, days_off: frozenset[date]) -> Book:
    """The book of a roster as it is written down in its sheets."""
    people = {
        each.name: Person(
            each.name,
            each.owner,
            each.tier,
            int(each.cadence) if each.cadence else None,
            is_paused=each.stage in {"paused", "ended"},
            days=[birthday(each.birthday)] if each.birthday else [],
        )
        for each in roster.people
    }
    for order, touch in enumerate(roster.touches):
        people[touch.who].touches.append(Happened(touch.on, touch.direction, touch.automatic, order))
    members = [Member(NOBODY, BERLIN), *(Member(name, zone) for name, zone in ZONES.items())]
    return Book(now, {member.name: member for member in members}, WorkingDays(days_off), people)
