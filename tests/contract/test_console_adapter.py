from __future__ import annotations

import io
from pathlib import Path

import pytest

from adapters.console.adapter import Console
from bot.address import Place, dm
from bot.inbound import Command, Message
from bot.reply import Form, Reply
from tests.console_core import ANA, ScriptedCore, console_on, session_on
from tests.contract.adapter_contract import AdapterContract, Driver


class ConsoleDriver:
    """Ana at a terminal whose output is a string."""

    def __init__(self, folder: Path, *, colour: bool) -> None:
        self._colour = colour
        self._output = io.StringIO()
        self._core = ScriptedCore()
        self.adapter: Console = console_on(self._output, folder, colour=colour)
        self._session = session_on(self.adapter, self._core)
        self.place = dm(ANA.person)
        self.elsewhere = Place("console", "another terminal", "general")

    def seen(self) -> str:
        """The output, without the colours that are ours."""
        written = self._output.getvalue()
        for code in self._ours(written):
            written = written.replace(code, "")
        return written

    def dangers(self) -> tuple[str, ...]:
        """A terminal knows no pings; escape sequences are dangers, unless they are colours in a coloured terminal."""
        theirs = ("\x1b[31mred", "\x1b[2J", "\x1b]0;", "\x9b31m")
        foreign = ("\x1b",) if "\x1b" in self.seen() else ()
        return (*(code for code in theirs if code in self._output.getvalue()), *foreign)

    async def show(self, answer: Reply | Form) -> None:
        """Ana types `/show`."""
        self._core.script["show"] = answer
        await self._session.line("/show jess")

    async def press(self, label: str) -> Command:
        """By the label, as in `[Undo]`."""
        await self._session.line(f"[{label}]")
        return self._core.commands[-1]

    async def choose(self, select: str, option: str) -> Command:
        """By both labels."""
        await self._session.press(select, option)
        return self._core.commands[-1]

    async def submit(self, form: Form, values: dict[str, str]) -> Command:
        """With `:fill`, as piped input does."""
        assert form == self._session.form
        await self._session.line(":fill " + " | ".join(f"{name}={value}" for name, value in values.items()))
        return self._core.commands[-1]

    async def say(self, words: str) -> Message:
        """Without a slash."""
        await self._session.line(words)
        return self._core.messages[-1]

    def _ours(self, written: str) -> set[str]:
        """The styles of rich, which are digits and semicolons only."""
        if not self._colour:
            return set()
        codes = (part.partition("m") for part in written.split("\x1b[")[1:])
        return {f"\x1b[{code}m" for code, _, _ in codes if code.replace(";", "").isdigit()}


class TestPlainConsole(AdapterContract):
    """The console as it writes into a pipe."""

    @pytest.fixture
    def driver(self, tmp_path: Path) -> Driver:
        """A fresh one."""
        return ConsoleDriver(tmp_path, colour=False)


class TestColouredConsole(AdapterContract):
    """The console as it draws on a screen."""

    @pytest.fixture
    def driver(self, tmp_path: Path) -> Driver:
        """A fresh one."""
        return ConsoleDriver(tmp_path, colour=True)
