"""A Core that has no team, no store and no rules: it answers by a script and remembers what it was asked."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from pathlib import Path
from typing import TextIO
from zoneinfo import ZoneInfo

from adapters.console.adapter import Console
from adapters.console.session import Session
from bot.address import Person, Workspace
from bot.commands import Argument, CommandSpec, Kind
from bot.context import Context
from bot.errors import Refused
from bot.inbound import Actor, Command, Message, Question, Role
from bot.reply import Answer, Option, Outcome, Reply, say

PEOPLE = (Option("Jess Park · @jess.cooks", "inf_1"), Option("Sam Ode · @samode", "inf_2"))


def plain(sentence: str, outcome: Outcome = Outcome.FINE) -> Reply:
    """A Reply of one sentence."""
    return Reply(blocks=(say("{sentence}", sentence=sentence),), outcome=outcome)


class ScriptedCore:
    """Answers a verb with what the script has for it; heard words with the answer for the empty verb."""

    def __init__(self, script: dict[str, Answer] | None = None) -> None:
        self.script = script or {}
        self.commands: list[Command] = []
        self.messages: list[Message] = []
        self.questions: list[Question] = []
        self.met: list[Actor] = []
        self.noticed: list[Actor] = []
        self.abandoned: list[Workspace] = []
        self.installs: list[Workspace] = []
        self.gone: list[Person] = []
        self.gate: asyncio.Event | None = None
        """Where set, answers wait for it."""

    async def dispatch(self, command: Command) -> Answer:
        """The scripted answer, else what was asked, spelled out."""
        self.commands.append(command)
        if self.gate is not None:
            await self.gate.wait()
        return self.script.get(command.verb) or plain(f"done: {command.verb} {command.text}".strip())

    async def hear(self, message: Message) -> Answer:
        """The scripted answer for words."""
        self.messages.append(message)
        return self.script.get("", plain(f"heard: {message.text}"))

    async def meet(self, actor: Actor) -> None:
        """Remembers them."""
        self.met.append(actor)

    async def notice(self, actor: Actor) -> None:
        """Remembers them."""
        self.noticed.append(actor)

    async def uninstalled(self, workspace: Workspace) -> None:
        """Remembers it."""
        self.abandoned.append(workspace)

    async def installed(self, workspace: Workspace) -> None:
        """Remembers it."""
        self.installs.append(workspace)

    async def leave(self, person: Person) -> None:
        """Remembers them."""
        self.gone.append(person)

    async def complete(self, question: Question) -> tuple[Option, ...]:
        """People whose names begin so."""
        self.questions.append(question)
        typed = question.typed.casefold()
        return tuple(option for option in PEOPLE if option.label.casefold().startswith(typed))


class PaperSandbox:
    """A Sandbox whose time is a list of words."""

    def __init__(self) -> None:
        self.in_sample = False
        self.moved: list[str] = []

    async def open_sample(self) -> str:
        """Once."""
        if self.in_sample:
            raise Refused("This is the sample already.")
        self.in_sample = True
        return "Sixty made-up influencers are here."

    async def later(self, words: str) -> str:
        """Only in the sample."""
        if not self.in_sample:
            raise Refused("The real store’s clock can’t be moved. Type :sample first.")
        self.moved.append(words)
        return f"It is {words} later."


async def _nothing(ctx: Context) -> Reply:
    raise NotImplementedError(ctx)


def spec(name: str, summary: str, *arguments: Argument, internal: bool = False) -> CommandSpec:
    """A declaration whose handler is never called here."""
    return CommandSpec(name, summary, _nothing, arguments, internal=internal)


def argument(name: str, kind: Kind, *, required: bool = False, keyed: bool = False) -> Argument:
    """One argument."""
    return Argument(name, kind, required, keyed, f"the {name}")


SPECS = (
    spec(
        "log",
        "Log a touchpoint.",
        argument("who", Kind.INFLUENCERS, required=True),
        argument("what", Kind.WORDS),
        argument("on", Kind.PAST_DAY, keyed=True),
    ),
    spec("show", "The recap.", argument("who", Kind.INFLUENCER, required=True)),
    spec("snooze", "No nudges until then.", argument("who", Kind.INFLUENCER, required=True)),
    spec(
        "import",
        "Read a roster from a CSV file.",
        argument("roster", Kind.FILE),
        argument("touchpoints", Kind.FILE, keyed=True),
        argument("mode", Kind.WORD),
    ),
    spec("pick", "Internal.", internal=True),
)

ANA = Actor(person=Person("console", "here", "ana"), name="Ana", role=Role.ADMIN, timezone="Europe/Berlin")


def counter() -> Callable[[str], str]:
    """Ids in the order in which they are asked for."""
    count = itertools.count(1)
    return lambda prefix: f"{prefix}_{next(count)}"


def console_on(
    output: TextIO,
    folder: Path,
    *,
    width: int | None = 80,
    colour: bool = False,
    clock: Callable[[], str] | None = None,
) -> Console:
    """A Console in Berlin."""
    return Console(
        workspace="here",
        output=output,
        width=width,
        colour=colour,
        new_id=counter(),
        zone=ZoneInfo("Europe/Berlin"),
        folder=folder,
        clock=clock,
    )


def session_on(
    console: Console,
    core: ScriptedCore,
    sandbox: PaperSandbox | None = None,
    *,
    history: Path | None = None,
    patience: float = 2.0,
) -> Session:
    """Ana at that console."""
    return Session(console, core, SPECS, sandbox or PaperSandbox(), ANA, history, patience=patience)
