from __future__ import annotations

import asyncio
import contextlib
import io
import stat
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pyte
import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.completion import CompleteEvent, Completion
from prompt_toolkit.data_structures import Size
from prompt_toolkit.document import Document
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output.vt100 import Vt100_Output

from adapters.console.completer import AnswerCompleter, LineCompleter
from adapters.console.session import Session
from bot.address import dm
from bot.reply import Actions, Button, Form, Input, InputKind, Option, Reply, Section, callback, say
from tests.console_core import ANA, SPECS, ScriptedCore, console_on, plain, session_on
from tests.gallery import HOSTILE

SIZE = Size(rows=60, columns=80)

FORM = Form(
    id="drf_1",
    verb="log",
    title="Log a touchpoint",
    sections=(
        Section(
            "What happened",
            (
                Input(name="who", label="With whom", kind=InputKind.PEOPLE, required=True, value="Jess"),
                Input(name="medium", label="Medium", kind=InputKind.CHOICE, options=(Option("Call", "call"),)),
            ),
        ),
        Section("More", (Input(name="paid", label="Paid", kind=InputKind.FLAG, value="yes"),)),
    ),
)


class Screen:
    """Ana at a real prompt: keys come from a pipe, and what is drawn is read as a terminal would show it."""

    def __init__(self, keys: PipeInput, paper: io.StringIO, session: Session, core: ScriptedCore) -> None:
        self.keys, self.session, self.core = keys, session, core
        self._paper = paper
        self._changed = asyncio.Event()

    def text(self) -> str:
        """The lines on the screen."""
        screen = pyte.Screen(SIZE.columns, SIZE.rows)
        # The pipe has no line discipline that would make the one of the other.
        pyte.Stream(screen).feed(self._paper.getvalue().replace("\r\n", "\n").replace("\n", "\r\n"))
        return "\n".join(line.rstrip() for line in screen.display).rstrip()

    def wrote(self) -> None:
        """Something was drawn."""
        self._changed.set()

    async def shows(self, words: str) -> str:
        """Waits until the screen has the words, and answers with all of it."""
        while words not in (text := self.text()):
            self._changed.clear()
            try:
                await asyncio.wait_for(self._changed.wait(), timeout=20)
            except TimeoutError:
                pytest.fail(f"never shown: {words}\n{text}")
        return text


class Paper(io.StringIO):
    """What both the prompt and the console write on."""

    screen: Screen | None = None

    def write(self, text: str) -> int:
        """Tells whoever waits."""
        if self.screen is not None:
            self.screen.wrote()
        return super().write(text)


@pytest.fixture
def keys() -> Iterator[PipeInput]:
    """A keyboard."""
    with create_pipe_input() as pipe:
        yield pipe


@contextlib.asynccontextmanager
async def prompting(
    keys: PipeInput, folder: Path, core: ScriptedCore, *, patience: float = 2.0, colour: bool = False
) -> AsyncIterator[Screen]:
    """A session at its prompt, left with Ctrl-D."""
    paper = Paper()
    output = Vt100_Output(paper, lambda: SIZE, term="xterm", enable_cpr=False)
    with create_app_session(input=keys, output=output):
        console = console_on(paper, folder, colour=colour)
        session = session_on(console, core, history=folder / "deep" / "history", patience=patience)
        paper.screen = screen = Screen(keys, paper, session, core)
        running = asyncio.create_task(session.run_interactive())
        await screen.shows("Ana >")
        yield screen
        if not running.done():
            keys.send_text("\x04")
        assert 0 == await asyncio.wait_for(running, timeout=20)


async def test_a_newcomer_is_told_what_to_type(keys: PipeInput, tmp_path: Path) -> None:
    """The first screen has at most eight lines and names `:sample` and `:help`."""
    async with prompting(keys, tmp_path, ScriptedCore(), colour=True) as screen:
        welcome = screen.text().partition("Ana >")[0].strip().splitlines()
        assert 8 >= len(welcome)
        assert ":sample" in " ".join(welcome)
        assert ":help" in " ".join(welcome)


async def test_lines_are_answered_until_quit(keys: PipeInput, tmp_path: Path) -> None:
    """What is typed is heard, the answer stands below it, and `:quit` leaves."""
    async with prompting(keys, tmp_path, ScriptedCore()) as screen:
        keys.send_text("/show jess\r")
        await screen.shows("done: show jess")
        keys.send_text(":quit\r")
    assert ["show"] == [command.verb for command in screen.core.commands]


async def test_the_history_is_kept_for_its_owner_only(keys: PipeInput, tmp_path: Path) -> None:
    """Typed lines are in the file given, whose folder is made, and which nobody else can read."""
    async with prompting(keys, tmp_path, ScriptedCore()) as screen:
        keys.send_text("/show jess\r")
        await screen.shows("done: show jess")
    history = tmp_path / "deep" / "history"
    assert "/show jess" in history.read_text(encoding="utf-8")
    assert 0o600 == stat.S_IMODE(history.stat().st_mode)


async def test_ctrl_c_does_not_leave(keys: PipeInput, tmp_path: Path) -> None:
    """Ctrl-C throws away the line and says how to leave."""
    async with prompting(keys, tmp_path, ScriptedCore()) as screen:
        keys.send_text("/show je\x03")
        await screen.shows("Ctrl-D or :quit leaves.")
        keys.send_text("/due\r")
        await screen.shows("done: due")


async def test_a_post_appears_above_what_is_being_typed(keys: PipeInput, tmp_path: Path) -> None:
    """A nudge that comes meanwhile stands above the prompt, under a header, and the half-typed line is still there."""
    async with prompting(keys, tmp_path, ScriptedCore()) as screen:
        keys.send_text("/rapport log jess cof")
        await screen.shows("log jess cof")
        console = screen.session.console
        posted = await console.post(dm(console.person("ben")), plain("Jess is quiet."), "nudge")
        await console.edit(posted, plain("Dealt with."))
        text = await screen.shows("Dealt with.\nAna > /rapport log jess cof")
        assert "— DM to Ben —\nJess is quiet.\n— edited: DM to Ben —\nDealt with.\nAna > /rapport log jess cof" in text
        keys.send_text("fee\r")
        await screen.shows("done: log jess coffee")


async def test_a_slow_answer_leaves_the_prompt_free(keys: PipeInput, tmp_path: Path) -> None:
    """After "Still working…" the next line can be typed, and the answer comes above it when it is there."""
    core = ScriptedCore()
    core.gate = asyncio.Event()
    async with prompting(keys, tmp_path, core, patience=0.0) as screen:
        keys.send_text("/show jess\r")
        await screen.shows("Still working…")
        keys.send_text("half")
        await screen.shows("Ana > half")
        core.gate.set()
        await screen.shows("done: show jess\nAna > half")
        keys.send_text("\x15")


async def test_a_late_form_waits_for_its_number(keys: PipeInput, tmp_path: Path) -> None:
    """A form that comes late takes nobody's prompt: it is opened by a button."""
    core = ScriptedCore({"add": FORM})
    core.gate = asyncio.Event()
    async with prompting(keys, tmp_path, core, patience=0.0) as screen:
        keys.send_text("/add\r")
        await screen.shows("Still working…")
        core.gate.set()
        await screen.shows("[1] Open the form")
        keys.send_text("1\r")
        await screen.shows("With whom")
        keys.send_text("\x03")
        await screen.shows("[2] Open the form")


async def test_what_is_still_worked_on_is_shown_before_leaving(keys: PipeInput, tmp_path: Path) -> None:
    """Ctrl-D does not lose the answer to what was asked."""
    core = ScriptedCore()
    core.gate = asyncio.Event()
    async with prompting(keys, tmp_path, core, patience=0.0) as screen:
        keys.send_text("/show jess\r")
        await screen.shows("Still working…")
        keys.send_text(":quit\r")
        core.gate.set()
    assert "done: show jess" in screen.text()


async def test_a_form_is_asked_question_by_question(keys: PipeInput, tmp_path: Path) -> None:
    """Each answer is pre-filled, sections are headings, and the last Enter sends all."""
    async with prompting(keys, tmp_path, ScriptedCore({"add": FORM})) as screen:
        keys.send_text("/add\r")
        text = await screen.shows("> Jess")
        assert "Log a touchpoint" in text
        assert "What happened" in text
        keys.send_text(", Sam\r")
        await screen.shows("Medium · 1 Call")
        keys.send_text("1\r")
        await screen.shows("> yes")
        keys.send_text("\r")
        await screen.shows("done: log")
    command = screen.core.commands[-1]
    assert (("who", "Jess, Sam"), ("medium", "call"), ("paid", "yes")) == command.args
    assert "drf_1" == command.draft


async def test_an_answer_that_will_not_do_is_told_at_once(keys: PipeInput, tmp_path: Path) -> None:
    """A needed answer can't be left out: the sentence stands below, and the question stays."""
    async with prompting(keys, tmp_path, ScriptedCore({"add": FORM})) as screen:
        keys.send_text("/add\r")
        await screen.shows("> Jess")
        keys.send_text("\x15\r")
        await screen.shows("With whom is needed.")
        keys.send_text("\x03")
        await screen.shows("Not sent; nothing has changed.")
    assert ["add"] == [command.verb for command in screen.core.commands]


async def test_a_form_put_aside_opens_with_what_was_typed(keys: PipeInput, tmp_path: Path) -> None:
    """Ctrl-C in the middle of a form loses no answer: its number opens it again."""
    async with prompting(keys, tmp_path, ScriptedCore({"add": FORM})) as screen:
        keys.send_text("/add\r")
        await screen.shows("> Jess")
        keys.send_text(" Liu\r")
        await screen.shows("Medium")
        keys.send_text("\x03")
        await screen.shows("[1] Open the form")
        keys.send_text("1\r")
        await screen.shows("> Jess Liu")
        keys.send_text("\x03")
        await screen.shows("[2] Open the form")


async def test_only_what_was_wrong_is_asked_again(keys: PipeInput, tmp_path: Path) -> None:
    """A form that comes back shows each error and asks for those answers, with what was typed filled in."""
    wrong = Input(name="on", label="On", value="31 Feb", error="There is no day “31 Feb”.")
    back = Form(
        id="drf_1", verb="fix", title="Again", sections=(Section("S", (Input(name="what", label="What"), wrong)),)
    )
    async with prompting(keys, tmp_path, ScriptedCore({"add": back})) as screen:
        keys.send_text("/add\r")
        text = await screen.shows("> 31 Feb")
        assert "! There is no day “31 Feb”." in text
        assert "What\n" not in text
        keys.send_text("\x15yesterday\r")
        await screen.shows("done: fix")
    assert (("what", ""), ("on", "yesterday")) == screen.core.commands[-1].args


async def test_a_form_that_is_wrong_as_a_whole_is_asked_again_whole(keys: PipeInput, tmp_path: Path) -> None:
    """Where no single answer is to blame, every question comes again below the sentence."""
    inputs = (Input(name="what", label="What", value="coffee"), Input(name="on", label="On", value="today"))
    back = Form(id="drf_1", verb="fix", title="Again", sections=(Section("S", inputs),), error="Ben changed it.")
    async with prompting(keys, tmp_path, ScriptedCore({"add": back})) as screen:
        keys.send_text("/add\r")
        assert "! Ben changed it." in await screen.shows("> coffee")
        keys.send_text("\r")
        await screen.shows("> today")
        keys.send_text("\r")
        await screen.shows("done: fix")
    assert (("what", "coffee"), ("on", "today")) == screen.core.commands[-1].args


async def test_hostile_words_do_nothing_to_the_screen(keys: PipeInput, tmp_path: Path) -> None:
    """Escape sequences in a value neither clear the screen nor move what stands on it."""
    words = HOSTILE["escapes"]
    reply = Reply(blocks=(say("Note: {note}", note=words), Actions((Button(words, callback("undo")),)), say("Below.")))
    async with prompting(keys, tmp_path, ScriptedCore({"show": reply}), colour=True) as screen:
        keys.send_text("/show jess\r")
        text = await screen.shows("Below.")
        assert "Ana > /show jess" in text
        assert "Note: red ]0;title" in text


async def offered(typed: str, *, asked: bool = True) -> list[Completion]:
    """What Tab offers for a line."""
    core = ScriptedCore()
    session = session_on(console_on(io.StringIO(), Path()), core)
    completer = LineCompleter(SPECS, session.options)
    event = CompleteEvent(completion_requested=asked)
    return [completion async for completion in completer.get_completions_async(Document(typed), event)]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (":s", [":sample"]),
        (":as b", []),
        ("/rapport ", ["import", "log", "show", "snooze"]),
        ("/rapport s", ["show", "snooze"]),
        ("/s", ["show", "snooze"]),
        ("/rapport show je", ["Jess Park"]),
        ("/rapport show jess p", ["Jess Park"]),
        ("/rapport log sam, je", ["Jess Park"]),
        ("/log jess coffee o", ["on:"]),
        ("how are", []),
        ("/nope x", []),
    ],
)
async def test_tab_offers_what_could_come_next(typed: str, words: list[str]) -> None:
    """Console words, verbs, names and arguments, each where it belongs; internal verbs nowhere."""
    assert words == [completion.text for completion in await offered(typed)]


async def test_verbs_come_with_what_they_do() -> None:
    """The menu says in a few words what a verb is for."""
    assert ["Log a touchpoint."] == [completion.display_meta_text for completion in await offered("/lo")]


async def test_people_of_one_name_stay_apart() -> None:
    """Two of one name are offered by the core's own values, in quotes, with what tells them apart."""

    async def options(verb: str, argument: str, typed: str) -> tuple[Option, ...]:
        return (Option("Jess Park · @a", "inf_1"), Option("Jess Park · @b", "inf_2"), Option("Jess Liu", "inf_3"))

    completer = AnswerCompleter(options, "log", "who", several=True)
    found = [item async for item in completer.get_completions_async(Document("sam, jess"), CompleteEvent())]
    assert ['"inf_1"', '"inf_2"', "Jess Liu"] == [item.text for item in found]
    assert [-4, -4, -4] == [item.start_position for item in found]


async def test_the_core_is_asked_as_the_one_who_types() -> None:
    """Completion asks for the verb, the argument and what is there of it, in the speaker's name."""
    core = ScriptedCore()
    session = session_on(console_on(io.StringIO(), Path()), core)
    completer = LineCompleter(SPECS, session.options)
    event = CompleteEvent(completion_requested=True)
    assert [] != [item async for item in completer.get_completions_async(Document("/rapport log sam, Je"), event)]
    question = core.questions[0]
    assert (ANA, "log", "who", "Je") == (question.actor, question.verb, question.argument, question.typed)
