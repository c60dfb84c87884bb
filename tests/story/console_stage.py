"""The story's stage in a terminal: lines go in, and whatever is answered has to stand on the printed page."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

from adapters.console.adapter import Console
from adapters.console.numbers import Pressable, pressables
from adapters.console.render import draw_text
from adapters.console.session import Session
from bot.address import Place, PlaceKind, Posted
from bot.clock import MovableClock
from bot.inbound import Actor, Role, Upload
from bot.reply import Actions, Answer, Button, Fields, File, Form, Reply, Select, Table, Text
from bot.wiring import CONSOLE, Sample
from tests.story.office import ZONE, Process, open_process
from tests.story.stage import Asked, Message, Part, Said, Shown


@dataclass
class ConsoleStage:
    """One terminal on which everybody types, each in a session of their own; the wiring's office behind it."""

    process: Process
    screen: io.StringIO
    console: Console
    folder: Path
    board: Board
    platform: str = Console.platform
    _sessions: dict[str, Session] = field(default_factory=dict)
    _numbers: count[int] = field(default_factory=lambda: count(1))

    @property
    def now(self) -> datetime:
        """What the clock says."""
        return self.process.clock()

    def joins(self, name: str, zone: ZoneInfo, *, admin: bool = False) -> None:
        """Sits down at the terminal, which tells the core their zone."""
        role = Role.ADMIN if admin else Role.MEMBER
        speaker = Actor(person=self.console.person(name), name=name.title(), role=role, timezone=zone.key)
        office = self.process.office
        sandbox = Sample(office, speaker, self.console.new_id)
        self._sessions[name] = Session(self.console, office, office.specs, sandbox, speaker, history=None)

    async def leaves(self, name: str) -> None:
        """Gets up from the terminal for good."""
        await self.process.office.leave(self.console.person(name))
        del self._sessions[name]

    async def says(self, name: str, line: str, *, files: tuple[Upload, ...] = (), channel: str = "") -> Shown:
        """Types `/rapport …`, with files named by paths in the folder in which the terminal stands."""
        for upload in files:
            path = f"{next(self._numbers)}-{upload.name}"
            (self.folder / path).write_bytes(upload.content)
            line += f" {path}"
        await self._sessions[name].line(f":in #{channel}" if channel else ":dm")
        return await self._types(name, f"/rapport {line}")

    async def presses(self, name: str, what: Said, label: str, choice: str = "", *, beside: str = "") -> Shown:
        """Types the number that stands before the label, and a select's option behind it."""
        assert isinstance(what.address, _Stands)
        number = what.address.number(_place(what, label, beside))
        return await self._types(name, f"{number} {choice}".strip())

    async def fills(self, name: str, form: Asked, /, **values: str) -> Shown:
        """Types `:fill name=value | …`."""
        open_form = self._sessions[name].form
        assert open_form is not None, f"{name} has no form open"
        assert form.address == open_form.id, f"{name} has another form open"
        pairs = (f"{word}={value}".replace("|", r"\|") for word, value in values.items())
        return await self._types(name, f":fill {' | '.join(pairs)}")

    async def until(self, moment: datetime) -> None:
        """Wakes at every quarter of an hour on the way."""
        await self.process.until(moment)

    def posted(self) -> tuple[Message, ...]:
        """What the board has seen."""
        return tuple(
            Message(_name_of(each.posted.place), each.at, each.first, each.now, each.gone)
            for each in self.board.messages.values()
        )

    async def _types(self, name: str, line: str) -> Shown:
        before = self.screen.tell()
        answer = await self._sessions[name].line(line)
        page = self.screen.getvalue()[before:]
        assert answer is not None, f"{line!r} was not answered: {page}"
        return self._shown(answer, page)

    def _shown(self, answer: Answer, page: str) -> Shown:
        if isinstance(answer, Form):
            _assert_form_is_printed(answer, page)
            about = draw_text(answer.about, self.board.zone).plain if answer.about else answer.title
            inputs = {one.name: one.value for one in answer.inputs}
            return Asked(about, inputs, {one.name: one.error for one in answer.inputs if one.error}, answer.id)
        last = self.console.numbers.get(self.console.numbers.last or 0)
        posted = last.posted if last is not None and pressables(answer) else None
        shown = self.board.said(answer, posted, page)
        kept = {path.read_bytes() for path in self.folder.iterdir() if path.is_file()}
        assert all(upload.content in kept for upload in shown.files), "a file of the answer was not written"
        return shown


@dataclass(frozen=True, slots=True)
class _Stands:
    """Where something stands on the terminal, and how to find the numbers that it has now."""

    console: Console
    posted: Posted | None

    def pressable(self) -> list[tuple[int, Pressable]]:
        """The numbers that can be pressed, in the order in which they are drawn."""
        numbers = self.console.numbers
        found = [(number, numbers.get(number)) for number in range(1, (numbers.last or 0) + 1)]
        return [(number, each) for number, each in found if each is not None and each.posted == self.posted]

    def number(self, index: int) -> int:
        """The number of the button or select at an index; LookupError where the terminal has forgotten it."""
        found = self.pressable() if self.posted else []
        if index >= len(found):
            raise LookupError("these buttons are gone from the terminal")
        return found[index][0]


@dataclass
class _Standing:
    """A message on the terminal."""

    posted: Posted
    at: datetime
    first: Said
    now: Said
    gone: bool = False


@dataclass
class Board:
    """The console as the deliveries see it: passes everything on, and remembers what stands where."""

    console: Console
    screen: io.StringIO
    clock: MovableClock
    zone: ZoneInfo
    platform: str = Console.platform
    messages: dict[Posted, _Standing] = field(default_factory=dict)

    async def post(self, place: Place, reply: Reply, key: str) -> Posted:
        """Posts, and sees to it that it is printed under the name of its place."""
        before = self.screen.tell()
        posted = await self.console.post(place, reply, key)
        page = self.screen.getvalue()[before:]
        assert f"— {self.console.called(place)} —" in page, page
        said = self.said(reply, posted, page)
        self.messages[posted] = _Standing(posted, self.clock(), said, said)
        return posted

    async def edit(self, posted: Posted, reply: Reply) -> None:
        """Edits, and sees to it that the new words are printed."""
        before = self.screen.tell()
        await self.console.edit(posted, reply)
        page = self.screen.getvalue()[before:]
        assert f"— edited: {self.console.called(posted.place)} —" in page, page
        self.messages[posted].now = self.said(reply, posted, page)

    async def delete(self, posted: Posted) -> None:
        """Takes away, and sees to it that the page says so."""
        before = self.screen.tell()
        await self.console.delete(posted)
        page = self.screen.getvalue()[before:]
        assert self.console.called(posted.place) in page, page
        self.messages[posted].gone = True

    def can_find(self, place: Place) -> bool:
        """As the console."""
        return self.console.can_find(place)

    async def find(self, place: Place, key: str, since: datetime) -> Posted | None:
        """The console's."""
        return await self.console.find(place, key, since)

    def health(self) -> str | None:
        """Always well."""
        return None

    async def close(self) -> None:
        """The console's."""
        await self.console.close()

    def said(self, reply: Reply, posted: Posted | None, page: str) -> Said:
        """A reply as a reader sees it; AssertionError for a word or a button that is not on the page."""
        stands = _Stands(self.console, posted)
        parts, lines = self._parts(reply)
        for line in lines:
            assert line in page, f"the terminal does not show {line!r}:\n{page}"
        labels = [item.label for item in pressables(reply)]
        numbers = [number for number, _ in stands.pressable()] if posted else []
        assert len(labels) == len(numbers), f"{labels} have the numbers {numbers}"
        for number, item in zip(numbers, pressables(reply), strict=True):
            shown = f"[{number}] {item.label}" if isinstance(item, Button) else f"[{number}a] {item.options[0].label}"
            assert shown in page, f"the terminal does not show {shown!r}:\n{page}"
        files = tuple(Upload(block.name, block.content) for block in reply.blocks if isinstance(block, File))
        return Said(tuple(parts), files, stands)

    def _parts(self, reply: Reply) -> tuple[list[Part], list[str]]:
        """The paragraphs with the buttons below them, and every line that has to be on the page."""
        parts: list[Part] = []
        lines: list[str] = []
        for block in reply.blocks:
            match block:
                case Text():
                    parts.append(Part(self._plain(block)))
                case Fields():
                    parts += [Part(f"{label}: {self._plain(value)}") for label, value in block.rows]
                    lines += [self._plain(value) for _, value in block.rows]
                case Table():
                    parts += [Part(" | ".join(self._plain(cell) for cell in row)) for row in block.rows]
                case Actions():
                    above = parts.pop() if parts and not parts[-1].buttons else Part("")
                    labels = [one.label for kind in (Button, Select) for one in block.all if isinstance(one, kind)]
                    parts.append(Part(above.words, tuple(labels)))
            if isinstance(block, Text):
                lines += self._plain(block).splitlines()
        return parts, [line.strip() for line in lines]

    def _plain(self, text: Text) -> str:
        return draw_text(text, self.zone).plain


@asynccontextmanager
async def open_console_stage(folder: Path, now: datetime) -> AsyncIterator[ConsoleStage]:
    """A terminal in an empty folder, with a store in it and a clock that is moved."""
    async with open_process(folder, now) as process:
        screen = io.StringIO()
        console = Console(
            workspace=CONSOLE.id,
            output=screen,
            width=None,
            colour=False,
            new_id=process.new_id,
            zone=ZONE,
            folder=folder,
        )
        board = Board(console, screen, process.clock, ZONE)
        process.office.adapters[console.platform] = board
        yield ConsoleStage(process, screen, console, folder, board)


def _place(what: Said, label: str, beside: str) -> int:
    """At which place among everything that can be pressed a label stands."""
    index = 0
    for part in what.parts:
        for button in part.buttons:
            if button.startswith(label) and part.words.startswith(beside):
                return index
            index += 1
    raise LookupError(f"no [{label}] beside {beside!r} in:\n{what.words}\n{what.buttons}")


def _name_of(place: Place) -> str:
    return f"#{place.id}" if place.kind is PlaceKind.CHANNEL else place.id


def _assert_form_is_printed(form: Form, page: str) -> None:
    for one in form.inputs:
        assert f"{one.name}: {one.label}" in page, f"the terminal does not ask for {one.name}:\n{page}"
        assert not one.error or one.error in page, f"the terminal does not say what is wrong with {one.name}:\n{page}"
