from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.console.inbound import (
    Call,
    Fill,
    GoTo,
    Heard,
    Help,
    Later,
    Nothing,
    OpenSample,
    Pick,
    PickLabel,
    Quit,
    Say,
    SpeakAs,
    Unclear,
    read_line,
)


@pytest.mark.parametrize(
    ("line", "meaning"),
    [
        ("", Nothing()),
        ("  \n", Nothing()),
        ("/rapport log jess coffee yesterday\n", Call("log", "jess coffee yesterday")),
        ("/log jess coffee", Call("log", "jess coffee")),
        ("/Rapport LOG Jess", Call("log", "Jess")),
        ("\ufeff/rapport show jess", Call("show", "jess")),
        ("/rapport", Call("help", "")),
        ("/", Call("help", "")),
        ("/rapporteur x", Call("rapporteur", "x")),
        ("/log jess first line\nsecond line", Call("log", "jess first line\nsecond line")),
        ("how are we doing with jess?", Say("how are we doing with jess?")),
        (":) called sam", Say(":) called sam")),
        (":smile: sam replied", Say(":smile: sam replied")),
        ("3", Pick(3, "", "3")),
        ("[3]", Pick(3, "", "[3]")),
        ("3b", Pick(3, "b", "3b")),
        ("3B", Pick(3, "b", "3B")),
        ("3 2 weeks", Pick(3, "2 weeks", "3 2 weeks")),
        ("3 weeks ago called sam", Pick(3, "weeks ago called sam", "3 weeks ago called sam")),
        ("3rd call with sam", Say("3rd call with sam")),
        ("[Undo]", PickLabel("Undo")),
        (":as ben", SpeakAs("ben", admin=False)),
        (":as @ben fox admin", SpeakAs("ben fox", admin=True)),
        (":as admin", SpeakAs("admin", admin=False)),
        (":in #general", GoTo("general")),
        (":in General", GoTo("general")),
        (":dm", GoTo(None)),
        (":sample", OpenSample()),
        (":later 3 weeks", Later("3 weeks")),
        (":help", Help()),
        (":QUIT", Quit()),
        (":exit", Quit()),
        (":fill", Fill(())),
        (":fill who=jess | what = a=b \\| c |on=", Fill((("who", "jess"), ("what", "a=b | c"), ("on", "")))),
    ],
)
def test_a_line_means_what_it_says(line: str, meaning: Heard) -> None:
    """Slash commands, the console's words, presses and plain language are told apart."""
    assert meaning == read_line(line)


@pytest.mark.parametrize("line", [":as", ":in", ":in two words", ":later", ":fill who", ":fill =x", ":sampel"])
def test_a_console_word_gone_wrong_says_how_it_goes(line: str) -> None:
    """What can't be read as a console word is answered with a sentence, never taken for something said."""
    meaning = read_line(line)
    assert isinstance(meaning, Unclear)
    assert ":" in meaning.sentence


@given(st.text())
def test_every_line_means_something(line: str) -> None:
    """No text makes the reader fail, and none with a letter in it is passed over."""
    meaning = read_line(line)
    assert isinstance(meaning, Nothing) == (not line.lstrip("\ufeff").strip())


def test_half_a_letter_is_not_passed_on() -> None:
    """A lone surrogate, as broken input brings it, could not be stored and is replaced."""
    assert Say("sam \ufffd") == read_line("sam \ud83d")
