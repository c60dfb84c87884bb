from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.console.piped import lines_of
from bot.address import Place, PlaceKind, dm
from bot.inbound import Role, Upload
from bot.reply import Actions, Button, Form, Option, Outcome, Reply, Select, callback, say
from tests.console_core import ANA, PaperSandbox, ScriptedCore, console_on, plain, session_on
from tests.gallery import GALLERY

WEEKS = (Option("1 week", "1w"), Option("2 weeks", "2w"), Option("3 months", "3m"))
LOGGED = Reply(
    blocks=(
        say("Logged."),
        Actions(
            (
                Select("Snooze", "until", WEEKS, callback("snooze", who="inf_1")),
                Button("Undo", callback("undo", change="chg_1")),
            )
        ),
    )
)


def form() -> Form:
    """The ordinary form of the gallery; its inputs come in two sections."""
    answer = next(specimen.answer for specimen in GALLERY if specimen.name == "form")
    assert isinstance(answer, Form)
    return answer


class Typist:
    """Ana at a plain terminal."""

    def __init__(self, folder: Path, **script: Reply | Form) -> None:
        self.output = io.StringIO()
        self.core = ScriptedCore(dict(script))
        self.sandbox = PaperSandbox()
        self.console = console_on(self.output, folder)
        self.session = session_on(self.console, self.core, self.sandbox)

    async def types(self, *lines: str) -> str:
        """What those lines write."""
        before = len(self.output.getvalue())
        for line in lines:
            await self.session.line(line)
        return self.output.getvalue()[before:]


@pytest.fixture
def typist(tmp_path: Path) -> Typist:
    """A core that logs and opens a form."""
    return Typist(tmp_path, log=LOGGED, add=form())


async def test_a_command_is_heard_as_it_was_typed(typist: Typist) -> None:
    """Verb, words, speaker, place and an id of its own reach the core, and the answer is shown and returned."""
    answer = await typist.session.line("/rapport log jess coffee, “great” — yesterday")
    command = typist.core.commands[0]
    assert ("log", "jess coffee, “great” — yesterday") == (command.verb, command.text)
    assert (ANA, dm(ANA.person)) == (command.actor, command.place)
    assert LOGGED == answer
    assert "Logged.\n[1] Undo\nSnooze:  [2a] 1 week  [2b] 2 weeks  [2c] 3 months\n" == typist.output.getvalue()


async def test_every_line_is_heard_under_its_own_id(typist: Typist) -> None:
    """The same words twice are two requests."""
    await typist.types("/log jess", "/log jess", "hello")
    assert 3 == len({command.heard for command in typist.core.commands} | {typist.core.messages[0].heard})


async def test_numbers_run_on_and_old_ones_stay(typist: Typist) -> None:
    """The second answer's buttons go on counting, and the first one's still work."""
    assert "[3] Undo" in await typist.types("/log jess", "/log jess")
    await typist.types("1")
    undo = typist.core.commands[-1]
    assert ("undo", (("change", "chg_1"),)) == (undo.verb, undo.args)
    assert undo.posted is not None


@pytest.mark.parametrize("typed", ["2b", "2 b", "2 2w", "2 2 weeks", "2 2 WEEKS", "[2] 2w"])
async def test_an_option_goes_by_letter_label_or_value(typist: Typist, typed: str) -> None:
    """A select's option is picked in whatever way comes to mind."""
    await typist.types("/log jess", typed)
    assert ("snooze", (("who", "inf_1"), ("until", "2w"))) == (
        typist.core.commands[-1].verb,
        typist.core.commands[-1].args,
    )


async def test_a_select_without_a_choice_names_its_options(typist: Typist) -> None:
    """The number of a select alone, or with a letter too far, is answered with what can be chosen."""
    for typed in ("2", "2z"):
        assert "options: 1 week, 2 weeks, 3 months" in await typist.types("/log jess", typed)
    assert ["log", "log"] == [command.verb for command in typist.core.commands]


async def test_a_sentence_may_begin_with_a_number(typist: Typist) -> None:
    """Words behind a number press only where they name an option of that number."""
    await typist.types("/log jess", "2 days ago I called sam", "1 call with sam", "77 people came")
    assert ["2 days ago I called sam", "1 call with sam", "77 people came"] == [
        message.text for message in typist.core.messages
    ]


async def test_a_number_that_is_not_there_says_which_are(typist: Typist) -> None:
    """A wrong number is refused with the highest right one."""
    assert "There is no button 9. Nothing shown has a button yet.\n" == await typist.types("9")
    assert "There is no button 1b. The newest has the number 2." in await typist.types("/log jess", "1b")


async def test_only_the_last_two_hundred_stay(typist: Typist) -> None:
    """What was shown long ago can't be pressed any more, and says so."""
    await typist.types(*["/log jess"] * 101)
    assert "There is no button 2." in await typist.types("2")
    assert "There is no button" not in await typist.types("3")


async def test_the_newest_of_a_label_is_pressed(typist: Typist) -> None:
    """`[Undo]` is the Undo shown last; an unknown label is just something said."""
    await typist.types("/log jess", "/log jess", "[undo]", "[sic]")
    assert "msg_4" == (typist.core.commands[-1].posted or pytest.fail("no address")).message
    assert ["[sic]"] == [message.text for message in typist.core.messages]


async def test_another_member_speaks_and_has_a_place_of_their_own(typist: Typist) -> None:
    """`:as` changes who types and, in a DM, where; who was met before keeps the role."""
    await typist.types(":as ben fox", "hello", ":as ben fox admin", "hello", ":as ana", "hello")
    ben, boss, ana = (message.actor for message in typist.core.messages)
    assert ("ben-fox", "Ben Fox", Role.MEMBER) == (ben.person.id, ben.name, ben.role)
    assert (ben.person, Role.ADMIN) == (boss.person, boss.role)
    assert ANA == ana
    assert dm(ben.person) == typist.core.messages[0].place


async def test_who_speaks_for_the_first_time_is_known_to_the_core(typist: Typist) -> None:
    """`:as` makes somebody known before they have said anything, so that others can name them."""
    await typist.types(":as ben")
    assert ["Ben"] == [actor.name for actor in typist.core.met]


async def test_a_channel_is_entered_and_left(typist: Typist) -> None:
    """`:in` changes where lines are typed, `:dm` goes back; a private answer says that it is one."""
    assert "(only Ana sees this)" in await typist.types(":in #general", "/show jess")
    await typist.types(":dm", "/show jess")
    channel, direct = (command.place for command in typist.core.commands)
    assert Place("console", "here", "general", PlaceKind.CHANNEL) == channel
    assert dm(ANA.person) == direct


async def test_nobody_presses_what_they_cannot_see(typist: Typist) -> None:
    """The buttons of somebody else's DM or private answer are refused, those of a public message are not."""
    await typist.console.post(dm(typist.console.person("ben")), LOGGED, "nudge")
    assert "said to somebody else" in await typist.types("1")
    await typist.types(":in general", "/log jess", ":as ben")
    assert "said to somebody else" in await typist.types("3")
    assert "done: undo" in await typist.types("1")
    public = Reply(blocks=LOGGED.blocks, private=False)
    await typist.console.post(Place("console", "here", "general"), public, "digest")
    assert "done: undo" in await typist.types("5")


async def test_a_press_happens_where_the_message_stands(typist: Typist) -> None:
    """A button of a channel's message pressed from a DM is a request in the channel."""
    place = Place("console", "here", "general")
    posted = await typist.console.post(place, Reply(blocks=LOGGED.blocks, private=False), "digest")
    await typist.types("1")
    assert (place, posted) == (typist.core.commands[0].place, typist.core.commands[0].posted)


async def test_an_edit_takes_the_old_buttons_away(typist: Typist) -> None:
    """An edited message has the buttons it now says, under new numbers."""
    posted = await typist.console.post(dm(ANA.person), LOGGED, "nudge")
    await typist.console.edit(posted, plain("Dealt with by Ben."))
    assert "There is no button 1." in await typist.types("1")


async def test_a_form_is_filled_in_one_line(typist: Typist) -> None:
    """`:fill` sends the open form with all its values, the ones not named as they stood."""
    await typist.types("/add Jess", ":fill what=coffee | paid=no | medium=2")
    command = typist.core.commands[-1]
    assert ("log", "drf_1") == (command.verb, command.draft)
    expected = ("Jess", "coffee", "call", "yesterday", "", "", "Jess", "Jess", "")
    assert expected == tuple(value for _, value in command.args)
    assert "No form is open." in await typist.types(":fill what=tea")


async def test_a_form_with_a_wrong_answer_stays_open(typist: Typist) -> None:
    """What can't be sent comes back with its error, keeps the rest, and is not heard by the core."""
    assert "! Medium is one of" in await typist.types("/add Jess", ":fill medium=fax | what=tea")
    assert "asks for no “waht”" in await typist.types(":fill waht=tea")
    await typist.types(":fill medium=call")
    assert {"medium": "call", "what": "tea"}.items() <= dict(typist.core.commands[-1].args).items()
    assert 2 == len(typist.core.commands)


async def test_a_file_goes_with_its_command(typist: Typist, tmp_path: Path) -> None:
    """A path behind a verb that takes files is read; where there is none, the core isn't even asked."""
    (tmp_path / "people.csv").write_bytes(b"name\n")
    await typist.types("/import people.csv dry")
    assert (Upload("people.csv", b"name\n"),) == typist.core.commands[0].uploads
    assert "dry" == typist.core.commands[0].text
    assert "There is no file nobody.csv" in await typist.types("/import nobody.csv")
    assert 1 == len(typist.core.commands)


async def test_the_sample_forgets_what_the_real_store_showed(typist: Typist) -> None:
    """After `:sample` old buttons and forms are gone, time can be moved, and the prompt says where one is."""
    assert "can’t be moved" in await typist.types(":later 3 weeks")
    await typist.types("/log jess", "/add Jess")
    assert "Sixty made-up influencers are here.\n" == await typist.types(":sample")
    assert "There is no button 1." in await typist.types("1")
    assert "No form is open." in await typist.types(":fill")
    assert "It is 3 weeks later.\n" == await typist.types(":later 3 weeks")
    assert "sample · Ana" == typist.session.prompt
    assert "This is the sample already.\n" == await typist.types(":sample")


async def test_help_names_every_word_of_the_console(typist: Typist) -> None:
    """`:help` lists them, and a word that there is not is answered with the list."""
    for text in (await typist.types(":help"), await typist.types(":nonsense")):
        for word in (":sample", ":later", ":as", ":in", ":dm", ":fill", ":help", ":quit"):
            assert word in text


async def test_piped_lines_are_all_done(typist: Typist) -> None:
    """Understood lines exit with 0, blank ones are passed over, and what follows `:quit` is not heard."""
    assert 0 == await typist.session.run_piped(["/log jess\n", "\n", "hello", ":quit", "/nope"])
    assert ["log"] == [command.verb for command in typist.core.commands]
    assert typist.output.getvalue().endswith("[2c] 3 months\n\nheard: hello\n")


@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.BROKEN])
async def test_one_line_that_failed_is_enough(tmp_path: Path, outcome: Outcome) -> None:
    """The exit code is 1 if any line was refused or broke, and the lines after it are done all the same."""
    typist = Typist(tmp_path, bad=plain("No.", outcome))
    assert 1 == await typist.session.run_piped(["/bad", "/log jess"])
    assert ["bad", "log"] == [command.verb for command in typist.core.commands]


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (["/add Jess"], 1),
        (["/add Jess", "/show jess"], 1),
        (["/add Jess", "", ":fill what=tea"], 0),
        (["/add Jess", ":fill medium=fax", ":fill medium=call"], 0),
        (["/add Jess", ":fill medium=fax"], 1),
        ([":nonsense"], 1),
        ([":fill what=tea"], 1),
    ],
)
async def test_a_form_left_unanswered_counts_as_not_understood(typist: Typist, lines: list[str], code: int) -> None:
    """A piped form must be filled by the lines that follow, however many they take."""
    assert code == await typist.session.run_piped(lines)


async def test_a_stream_is_read_line_by_line(typist: Typist) -> None:
    """What is piped in may also be waited for."""
    assert 0 == await typist.session.run_piped(lines_of(io.StringIO("hello\nhow are you\n")))
    assert ["hello", "how are you"] == [message.text for message in typist.core.messages]


async def test_a_slow_answer_is_announced_and_waited_for(tmp_path: Path) -> None:
    """Without a prompt a late answer is still the next thing shown, after "Still working…"."""
    core = ScriptedCore()
    core.gate = asyncio.Event()

    class Bell(io.StringIO):
        """Lets the core answer as soon as the waiting was announced."""

        def write(self, text: str) -> int:
            if "Still working…" in text and core.gate is not None:
                core.gate.set()
            return super().write(text)

    output = Bell()
    session = session_on(console_on(output, tmp_path), core, patience=0.0)
    assert plain("done: show jess") == await session.line("/show jess")
    assert "Still working…\ndone: show jess\n" == output.getvalue()


async def test_lines_may_come_from_anywhere(typist: Typist) -> None:
    """An async source of lines is as good as a list."""

    async def lines() -> AsyncIterator[str]:
        yield "hello"

    assert 0 == await typist.session.run_piped(lines())
    assert "heard: hello\n" == typist.output.getvalue()
