"""The console as an adapter: posts and edits are drawn on the terminal, and what stands there is remembered."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import TextIO
from zoneinfo import ZoneInfo

from rich.text import Text as Line

from adapters.console import files, words
from adapters.console.forms import draw_form, draw_head
from adapters.console.numbers import Numbers, Pressable, pressables
from adapters.console.render import Kept, Look, draw_card, draw_reply, draw_text, to_text
from adapters.safe import clean
from bot.address import Person, Place, PlaceKind, Posted, dm
from bot.errors import NotPosted, PlaceLost
from bot.inbound import Actor
from bot.reply import File, Form, Image, Outcome, Reply, Text

POSTED_KEPT = 1_000
RETRY_AFTER = 60.0

Through = Callable[[Callable[[], None]], Awaitable[None]]
"""Runs what writes to the terminal at a moment when nothing else does."""


async def straight(write: Callable[[], None]) -> None:
    """Writes at once: right wherever no prompt is open."""
    write()


class Console:
    """A terminal on which Rapport speaks; the Adapter of the platform `console`."""

    platform = "console"

    def __init__(
        self,
        *,
        workspace: str,
        output: TextIO,
        width: int | None,
        colour: bool,
        new_id: Callable[[str], str],
        zone: ZoneInfo,
        folder: Path | None = None,
        clock: Callable[[], str] | None = None,
    ) -> None:
        """`width` in columns; `None` asks a terminal and leaves any other output unwrapped.

        Files in replies are written into `folder`, by default the one the process stands in. `clock` has words for the
        present moment, which stand above every post and edit; where it is left out or has none, nothing does.
        """
        self.workspace = workspace
        self.numbers = Numbers()
        self.folder = folder or Path()
        self.through: Through = straight
        self._output, self._width, self._colour, self._zone = output, width, colour, zone
        self._new_id, self._clock = new_id, clock
        self._names: dict[Person, str] = {}
        self._posted: dict[str, Posted] = {}
        self._closed = False

    @property
    def look(self) -> Look:
        """How to draw at this moment: a terminal may have been resized."""
        width = self._width
        if width is None and self._output.isatty():
            width = os.get_terminal_size(self._output.fileno()).columns or None
        return Look(width, self._colour, self._zone)

    def new_id(self, prefix: str) -> str:
        """An id for what is heard here."""
        return self._new_id(prefix)

    def person(self, name: str) -> Person:
        """The account that goes by a name in this terminal."""
        return Person(self.platform, self.workspace, "-".join(name.casefold().split()))

    def meet(self, actor: Actor) -> None:
        """Remembers what somebody is called."""
        self._names[actor.person] = actor.name

    def called(self, place: Place) -> str:
        """`#general`, or `DM to Ben`."""
        if place.kind is PlaceKind.CHANNEL:
            return f"#{clean(place.id).removeprefix('#')}"
        person = Person(place.platform, place.workspace, place.id)
        return f"DM to {clean(self._names.get(person, place.id.replace('-', ' ').title()))}"

    async def post(self, place: Place, reply: Reply, key: str) -> Posted:
        """Shows a message under a header that says where it stands; under the same key once."""
        self._refuse(place)
        if (already := self._posted.get(key)) is not None:
            return already
        # Taken before the first await, so that two attempts at once show it once.
        posted = self._posted[key] = Posted(place, self._new_id("msg"))
        for old in list(self._posted)[:-POSTED_KEPT]:
            del self._posted[old]
        try:
            await self._show(reply, posted, header=self._header(place))
        except NotPosted:
            self._posted.pop(key, None)
            raise
        return posted

    async def edit(self, posted: Posted, reply: Reply) -> None:
        """Shows what a message now says; a terminal can't go back to where it stood. Its old buttons are gone."""
        self._refuse(posted.place)
        await self._show(reply, posted, header=f"edited: {self._header(posted.place)}", keep=False)

    async def delete(self, posted: Posted) -> None:
        """Says that a message is taken away; a terminal can't go back to where it stood. Its buttons are gone."""
        self._refuse(posted.place)
        self.numbers.drop(posted)
        for key in [key for key, stands in self._posted.items() if stands == posted]:
            del self._posted[key]
        reply = Reply(blocks=(words.TAKEN_AWAY,))
        await self._show(reply, posted, header=f"deleted: {self._header(posted.place)}", keep=False)

    def can_find(self, place: Place) -> bool:
        """Nowhere: what an earlier process showed is beyond asking."""
        return False

    async def find(self, place: Place, key: str, since: datetime) -> Posted | None:
        """What this process showed under a key; what an earlier one showed, a terminal doesn't know."""
        posted = self._posted.get(key)
        return posted if posted is not None and posted.place == place else None

    def health(self) -> str | None:
        """Always well."""
        return None

    async def close(self) -> None:
        """Nothing is shown any more."""
        self._closed = True

    async def answer(self, reply: Reply, place: Place, reader: Person) -> Posted:
        """Shows an answer to what was typed; in a channel its buttons are the reader's alone."""
        posted = Posted(place, self._new_id("msg"))
        if place.kind is PlaceKind.CHANNEL:
            name = clean(self._names.get(reader, reader.id))
            await self._show(reply, posted, note=f"only {name} sees this", reader=reader)
        else:
            await self._show(reply, posted)
        return posted

    async def show_form(self, form: Form, *, whole: bool) -> None:
        """Writes a form out, or only what stands above its questions."""
        await self.write(draw_form(form, self.look) if whole else draw_head(form, self.look))

    async def offer(self, form: Form, sentence: str, reader: Person) -> None:
        """A form to be opened by its number, now or later."""
        start = self.numbers.add((Pressable(words.OPEN_FORM, form, dm(reader)),))
        button = Reply(blocks=(words.said(sentence), words.opening()))
        await self.write(draw_reply(button, self.look, start=start))

    async def greet(self, text: Text) -> None:
        """The first thing on the screen."""
        await self.write(draw_card([draw_text(text, self._zone)], self.look))

    async def remark(self, reply: Reply) -> None:
        """Shows what the terminal itself has to say, without a card: nobody posted it."""
        colour = "" if reply.outcome is Outcome.FINE else "yellow"
        lines = [draw_text(block, self._zone) for block in reply.blocks if isinstance(block, Text)]
        for line in lines:
            line.stylize_before(colour)
        await self.write(to_text([*lines, *([Line()] if self._colour else [])], self.look))

    async def write(self, text: str) -> None:
        """Writes to the terminal, with signs that it has no letter for replaced. Raises NotPosted where it is gone."""
        encoding = self._output.encoding or "utf-8"
        ready = text.encode(encoding, "replace").decode(encoding)

        def put() -> None:
            self._output.write(ready)
            self._output.flush()

        try:
            await self.through(put)
        except (OSError, ValueError) as error:
            raise NotPosted(f"the terminal takes nothing any more: {error}", RETRY_AFTER) from error

    async def _show(
        self,
        reply: Reply,
        posted: Posted,
        *,
        header: str = "",
        note: str = "",
        reader: Person | None = None,
        keep: bool = True,
    ) -> None:
        kept = [
            await asyncio.to_thread(self._keep, block.name, block.png if isinstance(block, Image) else block.content)
            for block in reply.blocks
            if keep and isinstance(block, Image | File)
        ]
        self.numbers.drop(posted)
        start = self.numbers.add(
            tuple(Pressable(item.label, item, posted.place, posted, reader) for item in pressables(reply))
        )
        await self.write(draw_reply(reply, self.look, start=start, header=header, note=note, kept=tuple(kept)))

    def _header(self, place: Place) -> str:
        """Where a message stands, and when it came."""
        moment = self._clock() if self._clock else ""
        return f"{self.called(place)} · {moment}" if moment else self.called(place)

    def _keep(self, name: str, content: bytes) -> Kept:
        try:
            path = files.keep_file(self.folder, name, content)
        except OSError as error:
            return Kept(f"could not be written into {clean(str(self.folder.absolute()))}: {error.strerror}")
        return Kept(f"{clean(str(path))}, {files.size(len(content))}")

    def _refuse(self, place: Place) -> None:
        if self._closed:
            raise NotPosted("the terminal is closed", RETRY_AFTER)
        if (place.platform, place.workspace) != (self.platform, self.workspace):
            raise PlaceLost("the place is not in this terminal")
