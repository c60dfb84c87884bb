"""A quarter on a stage: whatever is done is written down in the book and on the page as well."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from bot.inbound import Upload
from tests.story.book import TEAM, Book, Member, Weekly
from tests.story.figures import Contact
from tests.story.quarter_cast import FIRST_DAY, the_cast, the_past
from tests.story.quarter_transcript import Transcript, code
from tests.story.quiet_rule import Happened
from tests.story.reasons import MONTHS, Person, WorkingDays, birthday
from tests.story.stage import Asked, Message, Part, Said, Shown, Stage, asked, said

NEW_YORK, BERLIN, KOLKATA = ZoneInfo("America/New_York"), ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Kolkata")
ZONES = {"ana": NEW_YORK, "ben": BERLIN, "kim": KOLKATA}
YEAR = FIRST_DAY.year
MINUTE = timedelta(minutes=1)

OUTING = date(YEAR, 2, 5)
DAYS_OFF = frozenset({date(YEAR, 1, 1), OUTING, date(YEAR, 3, 26), date(YEAR, 3, 29)})
"""New Year, Good Friday and Easter Monday all over Germany, and a day of the team's own; Epiphany is not one."""

Scene = tuple[datetime, Callable[["Quarter"], Awaitable[object]]]
"""When something happens, and what."""


@dataclass
class Quarter:
    """Three people, the stage they are on, the book and the page."""

    stage: Stage
    book: Book
    page: Transcript
    stands: dict[object, tuple[Part, ...]] = field(default_factory=dict)
    """The paragraphs of each message as the page has them; none where it was taken away."""
    has_acted: bool = False

    async def until(self, moment: datetime) -> None:
        """Time goes by on the stage, in the book and on the page."""
        moment = max(moment, self.stage.now)  # what was done before may have taken until then
        await self.stage.until(moment)
        self.book.passes(moment)
        self._put_down()

    async def plays(self, scene: Scene) -> None:
        """What somebody does at a moment; a story in one sentence stands above it on the page."""
        moment, does = scene
        await self.until(moment)
        if does.__doc__ and not isinstance(does, partial):
            self.page.narrates(self.stage.now, does.__doc__)
        await does(self)
        await self._a_minute_later()

    async def says(
        self, name: str, line: str, *, files: tuple[Upload, ...] = (), channel: str = "", on_page: bool = True
    ) -> Shown:
        """A command, in a DM or in a channel; what is answered to it."""
        await self._a_minute_later()
        shown = await self.stage.says(name, line, files=files, channel=channel)
        self.has_acted = True
        if on_page:
            where = f" in #{channel}" if channel else ""
            with_files = f" with {' and '.join(file.name for file in files)}" if files else ""
            self._does(name, f"types {code(f'/rapport {line}')}{where}{with_files}", shown)
        return shown

    async def presses(self, name: str, what: Said, label: str, choice: str = "", *, beside: str = "") -> Shown:
        """A button, or a choice of a select; what is answered to it."""
        await self._a_minute_later()
        shown = await self.stage.presses(name, what, label, choice, beside=beside)
        self.has_acted = True
        about = f" beside {beside}" if beside else ""
        self._does(name, f"presses {code(f'{label}: {choice}' if choice else label)}{about}", shown)
        return shown

    async def fills(self, name: str, form: Asked, /, **values: str) -> Shown:
        """A form, filled in and sent."""
        await self._a_minute_later()
        shown = await self.stage.fills(name, form, **values)
        self.has_acted = True
        filled = ", ".join(f"{word} “{' / '.join(value.splitlines())}”" for word, value in values.items())
        self._does(name, f"fills in {filled}", shown)
        return shown

    async def logs(self, name: str, who: str, what: str, direction: str, *, exchange: str = "") -> Shown:
        """A touchpoint of this moment, which has to be confirmed."""
        full = self.full_name(who)
        answer = await self.says(name, f"log {who} {what}")
        assert f"✓ Logged: {full} — " in said(answer).words, said(answer).words
        self.book.happens(full, direction, name.title(), exchange=exchange)
        return answer

    async def deals_with(self, name: str, about: str, label: str, choice: str = "", *, place: str = "") -> Shown:
        """Presses what stands beside somebody in the newest message that speaks of them, to oneself or in a place."""
        await self._a_minute_later()
        return await self.presses(name, self.message(place or name, about).now, label, choice, beside=about)

    async def reaches_out(self, name: str, about: str, what: str, direction: str = "outbound") -> Shown:
        """Deals with a nudge by the form behind its button."""
        form = asked(await self.deals_with(name, about, "I reached out"))
        answer = await self.fills(name, form, what=what)
        assert f"✓ Logged: {about} — " in said(answer).words, said(answer).words
        self.book.happens(about, direction, name.title())
        return answer

    async def exported(self) -> Upload:
        """The team's file, as an admin exports it; that is not for the page."""
        (file,) = said(await self.says("ana", "export", on_page=False)).files
        return file

    def full_name(self, first_name: str) -> str:
        """Who is called so in commands."""
        return next(name for name in self.book.people if name.split()[0].casefold() == first_name)

    def message(self, place: str, about: str) -> Message:
        """The newest message in a place that speaks of somebody."""
        found = [each for each in self.stage.posted() if each.place == place and about in each.now.words]
        assert found, f"no message in {place} speaks of {about}"
        return found[-1]

    async def leaves(self, name: str) -> None:
        """Somebody is gone from the workspace."""
        await self.stage.leaves(name)
        self.has_acted = True
        self.page.happens(self.stage.now, ZONES[name], f"**{name.title()}** leaves the team.")

    async def _a_minute_later(self) -> None:
        """Nobody does two things at once."""
        if self.has_acted:
            self.has_acted = False
            await self.until(self.stage.now + MINUTE)

    def _does(self, name: str, what: str, shown: Shown) -> None:
        self.page.does(self.stage.now, ZONES[name], name.title(), what, shown)

    def _put_down(self) -> None:
        """What is new on the board, what reads otherwise than before, and what is gone."""
        gone = []
        for message in self.stage.posted():
            zone = ZONES.get(message.place, BERLIN)
            place = f"to {message.place.title()}" if message.place in ZONES else f"in {message.place}"
            key = (message.place, message.at, message.first.parts)
            before = self.stands.get(key)
            if before is None:
                self.page.posts(message.at, zone, place, message.first)
                before = message.first.parts
            if message.gone:
                gone += [place] if before else []
            elif new := [part for part in message.now.parts if part not in before]:
                # What is still open may only count another day; who was dealt with is news.
                dealt_with = [part for part in new if " — " in part.words and not part.buttons]
                still_open = [part for part in new if part.buttons]
                self.page.changes(place, message.at, zone, [part.words for part in dealt_with or still_open or new])
            self.stands[key] = () if message.gone else message.now.parts
        if gone:
            self.page.takes_away(gone)


def new_book(now: datetime) -> Book:
    """The book on the first day: the members as the platform shows them, and nobody on the roster."""
    members = {TEAM: Member(TEAM, BERLIN)} | {n.title(): Member(n.title(), zone) for n, zone in ZONES.items()}
    return Book(now, members, WorkingDays(DAYS_OFF))


def take_in(book: Book) -> None:
    """Everybody comes into the book as they stand in the sheets."""
    for each in the_cast():
        days = [birthday(each.birthday)] if each.birthday else []
        book.people[each.name] = Person(each.name, each.owner, each.tier, days=days, goal=each.goal)
    for order, past in enumerate(the_past()):
        book.people[past.who].touches.append(Happened(past.on, past.direction, order=order))
        book.contacts.append(Contact(past.who, past.on, past.by, past.exchange))


def weekly(place: str, weekday: int, at: str, since: datetime) -> Weekly:
    """A digest that comes once a week."""
    return Weekly(place, weekday, time.fromisoformat(at), since)


def at(moment: str, zone: ZoneInfo) -> datetime:
    """`5 Jan 10:15` on somebody's clock."""
    day, month, hour = moment.split()
    hours, minutes = hour.split(":")
    return datetime(YEAR, MONTHS.index(month) + 1, int(day), int(hours), int(minutes), tzinfo=zone)
