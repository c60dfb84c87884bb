"""One person at the terminal, line by line: what is typed, pressed and filled in becomes the core's Commands."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, Coroutine, Iterable, Mapping
from pathlib import Path
from typing import Any, assert_never

from adapters.console import files, inbound, words
from adapters.console.adapter import Console
from adapters.console.forms import check, fill
from adapters.console.numbers import find_option
from adapters.console.piped import each
from adapters.console.sandbox import Sandbox
from adapters.console.terminal import converse
from adapters.console.whereabouts import Whereabouts
from bot.adapter_port import PATIENCE, Core
from bot.address import Place, PlaceKind, Posted
from bot.commands import CommandSpec
from bot.errors import NotUnderstood, Refused
from bot.inbound import Actor, Command, Message, Question, Upload
from bot.reply import Answer, Button, Form, Option, Outcome, Reply, Select


class Session:
    """What one terminal remembers between two lines: who types, where, and which form is open."""

    def __init__(
        self,
        console: Console,
        core: Core,
        specs: tuple[CommandSpec, ...],
        sandbox: Sandbox,
        speaker: Actor,
        history: Path | None,
        *,
        patience: float = PATIENCE,
    ) -> None:
        """`history` is the file in which typed lines are kept; `patience` the seconds before "Still working…"."""
        self.console, self.specs, self.history = console, specs, history
        self.form: Form | None = None
        """The form that waits for its answers."""
        self.over = False
        self._core, self._sandbox, self._patience = core, sandbox, patience
        self._where = Whereabouts(speaker)
        self._interactive = False
        self._late: set[asyncio.Task[None]] = set()
        console.meet(speaker)

    async def run_interactive(self) -> int:
        """Prompts until Ctrl-D or `:quit`; what is still being worked on then is waited for and shown."""
        self._interactive = True
        await self.console.greet(words.WELCOME)
        try:
            await converse(self)
            await asyncio.gather(*self._late)
        finally:
            self._interactive = False
        return 0

    async def run_piped(self, lines: AsyncIterable[str] | Iterable[str]) -> int:
        """Does one line after the other. 1 if any was not understood or left a form unanswered, else 0."""
        failed = False
        separator = ""
        async for line in each(lines):
            left_open, self.form = self.form, None
            heard = inbound.read_line(line)
            if not isinstance(heard, inbound.Nothing | inbound.Quit):
                await self.console.write(separator)
                separator = "\n"
            if isinstance(heard, inbound.Nothing | inbound.Fill):
                self.form = left_open
            elif left_open is not None:
                failed = True
            answer = await self._hear(heard)
            failed = failed or (isinstance(answer, Reply) and answer.outcome is not Outcome.FINE)
            if self.over:
                break
        return 1 if failed or self.form is not None else 0

    async def line(self, text: str) -> Answer | None:
        """Does what a line says, as typed, shows the answer and returns it; `None` where there is nothing to say.

        While prompts are open a slow answer comes later, and `None` now.
        """
        return await self._hear(inbound.read_line(text))

    async def press(self, button: int | str, choice: str = "") -> Answer | None:
        """Presses a button by its number or by the newest label; a select takes the option's letter or name."""
        shown = self.console.numbers.get(button) if isinstance(button, int) else self.console.numbers.labelled(button)
        if shown is None:
            return await self._remark(words.refused(words.no_button(str(button), self.console.numbers.last)))
        if isinstance(shown.what, Button) and choice:
            return await self._remark(words.refused(words.no_button(f"{button}{choice}", self.console.numbers.last)))
        if self._where.hides(shown.place, shown.reader):
            return await self._remark(words.refused(words.not_yours(str(button))))
        match shown.what:
            case Form() as form:
                return await self._show(form)
            case Button(callback=callback):
                return await self._command(callback.verb, args=callback.args, posted=shown.posted)
            case Select(callback=callback, argument=argument) as select:
                option = find_option(select, choice)
                if option is None:
                    return await self._remark(words.refused(words.which_option(str(button), select)))
                args = (*callback.args, (argument, option.value))
                return await self._command(callback.verb, args=args, posted=shown.posted)
            case _:
                assert_never(shown.what)

    async def submit(self, form: Form, values: Mapping[str, str]) -> Answer | None:
        """Sends a form with answers by name or label; an answer that can't be brings the form back at once."""
        self.form = None
        try:
            checked = check(fill(form, values))
        except NotUnderstood as error:
            self.form = form
            return await self._remark(words.refused(str(error)))
        checked, args, uploads = await asyncio.to_thread(files.attach, checked, self.console.folder)
        if checked.has_errors:
            return await self._show(checked)
        return await self._command(form.verb, args=args, draft=form.id, uploads=uploads)

    async def put_aside(self, form: Form, typed: Mapping[str, str]) -> None:
        """Closes the open form unsent; its number opens it again with what was typed."""
        self.form = None
        await self.console.offer(fill(form, typed), words.FORM_CANCELLED, self.speaker.person)

    async def options(self, verb: str, argument: str, typed: str) -> tuple[Option, ...]:
        """Ways to finish what is being typed for an argument."""
        question = Question(actor=self.speaker, place=self._where.place, verb=verb, argument=argument, typed=typed)
        return await self._core.complete(question)

    @property
    def speaker(self) -> Actor:
        """Who types."""
        return self._where.speaker

    @property
    def prompt(self) -> str:
        """Who types and where: `Ana`, `Ana in #general`, `sample · Ana`."""
        place = self._where.place
        where = f" in #{place.id}" if place.kind is PlaceKind.CHANNEL else ""
        return f"{'sample · ' if self._sandbox.in_sample else ''}{self.speaker.name}{where}"

    async def _hear(self, heard: inbound.Heard) -> Answer | None:
        match heard:
            case inbound.Nothing():
                return None
            case inbound.Call(verb, rest):
                return await self._call(verb, rest)
            case inbound.Say(text):
                return await self._say(text)
            case inbound.Pick():
                return await self._pick(heard)
            case inbound.PickLabel(label):
                known = self.console.numbers.labelled(label)
                return await self.press(label) if known else await self._say(f"[{label}]")
            case inbound.Fill(values):
                if self.form is None:
                    return await self._remark(words.refused(words.NO_FORM))
                return await self.submit(self.form, dict(values))
            case inbound.Quit():
                self.over = True
                return None
            case _:
                return await self._remark(await self._own(heard))

    async def _own(
        self,
        heard: inbound.SpeakAs | inbound.GoTo | inbound.OpenSample | inbound.Later | inbound.Help | inbound.Unclear,
    ) -> Reply:
        """The terminal's own words, which the core never hears."""
        match heard:
            case inbound.SpeakAs(name, admin):
                self.form = None
                reply = self._where.speak_as(self.console.person(name), name, admin=admin)
                self.console.meet(self.speaker)
                await self._core.meet(self.speaker)
                return reply
            case inbound.GoTo(channel):
                return self._where.go_to(channel)
            case inbound.OpenSample():
                return await self._open_sample()
            case inbound.Later(duration):
                return await _sentence(self._sandbox.later(duration))
            case inbound.Help():
                return words.help_reply()
            case inbound.Unclear(sentence):
                return words.refused(sentence)
            case _:
                assert_never(heard)

    async def _call(self, verb: str, rest: str) -> Answer | None:
        spec = next((spec for spec in self.specs if spec.name == verb), None)
        if spec is None:
            return await self._command(verb, text=rest, typed=True)
        try:
            taken = await asyncio.to_thread(files.take_uploads, rest, spec, self.console.folder)
        except Refused as error:
            return await self._remark(words.refused(str(error)))
        text, args, uploads = taken
        return await self._command(verb, text=text, args=args, uploads=uploads, typed=True)

    async def _say(self, text: str) -> Answer | None:
        heard = self.console.new_id("heard")
        message = Message(actor=self.speaker, place=self._where.place, heard=heard, text=text)
        return await self._answer(self._core.hear(message))

    async def _pick(self, heard: inbound.Pick) -> Answer | None:
        """A number presses; with words behind it only where they name an option: else it is a sentence."""
        shown = self.console.numbers.get(heard.number)
        spoken = " " in heard.text
        if spoken and (
            shown is None or not isinstance(shown.what, Select) or not find_option(shown.what, heard.choice)
        ):
            return await self._say(heard.text)
        return await self.press(heard.number, heard.choice)

    async def _command(
        self,
        verb: str,
        *,
        text: str = "",
        args: tuple[tuple[str, str], ...] = (),
        draft: str | None = None,
        uploads: tuple[Upload, ...] = (),
        posted: Posted | None = None,
        typed: bool = False,
    ) -> Answer | None:
        command = Command(
            verb=verb,
            actor=self.speaker,
            place=posted.place if posted else self._where.place,
            heard=self.console.new_id("heard"),
            text=text,
            args=args,
            draft=draft,
            uploads=uploads,
            posted=posted,
            typed=typed,
        )
        return await self._answer(self._core.dispatch(command), command.place)

    async def _answer(self, work: Coroutine[Any, Any, Answer], place: Place | None = None) -> Answer | None:
        asked_by, asked_in = self.speaker, place or self._where.place
        task = asyncio.create_task(work)
        # Being late cancels nothing.
        await asyncio.wait({task}, timeout=self._patience)
        if not task.done():
            await self.console.remark(words.told(words.STILL_WORKING))
            if self._interactive:
                late = asyncio.create_task(self._arrive(task, asked_by, asked_in))
                self._late.add(late)
                late.add_done_callback(self._late.discard)
                return None
        return await self._show(await task, asked_by, asked_in)

    async def _arrive(self, work: asyncio.Task[Answer], asked_by: Actor, asked_in: Place) -> None:
        """Shows a late answer above the prompt; a form may not take the prompt from what is being typed."""
        match await work:
            case Form() as form:
                await self.console.offer(form, words.FORM_READY, asked_by.person)
            case Reply() as reply:
                await self.console.answer(reply, asked_in, asked_by.person)

    async def _show(self, answer: Answer, reader: Actor | None = None, place: Place | None = None) -> Answer:
        match answer:
            case Form():
                self.form = answer
                await self.console.show_form(answer, whole=not self._interactive)
            case Reply():
                await self.console.answer(answer, place or self._where.place, (reader or self.speaker).person)
            case _:
                assert_never(answer)
        return answer

    async def _remark(self, reply: Reply) -> Reply:
        await self.console.remark(reply)
        return reply

    async def _open_sample(self) -> Reply:
        reply = await _sentence(self._sandbox.open_sample())
        if reply.outcome is Outcome.FINE:
            # What was shown before belongs to the other store.
            self.console.numbers.clear()
            self.form = None
        return reply


async def _sentence(asked: Coroutine[Any, Any, str]) -> Reply:
    try:
        return words.told(await asked)
    except Refused as error:
        return words.refused(str(error))
