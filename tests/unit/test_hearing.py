from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.inbound import Role
from bot.reading.small_talk import THANKS, verb_in
from bot.reply import Outcome, Reply
from tests.desk import Desk, labels, words


@pytest.mark.parametrize(
    ("said", "verb", "rest"),
    [
        ("due", "due", ""),
        ("Due all", "due", "all"),
        ("due?", "due", ""),
        ("/rapport due", "due", ""),
        ("/Rapport   log jess coffee", "log", "jess coffee"),
        ("@Rapport: due", "due", ""),
        ("rapport, show jess", "show", "jess"),
        ("log jess coffee\nand a walk", "log", "jess coffee\nand a walk"),
        ("log\njess coffee", "log", "jess coffee"),
        ("hello", "help", ""),
        ("Hi!", "help", ""),
        ("hey there 👋", "help", ""),
        ("Good morning, Rapport", "help", ""),
        ("👍", "help", ""),
        ("", "help", ""),
        ("   \n", "help", ""),
        ("/rapport", "help", ""),
        ("…", "help", ""),
        ("thanks", THANKS, ""),
        ("Thank you!!", THANKS, ""),
        ("thanks a lot, rapport", THANKS, ""),
        ("thanks for nothing", "thanks", "for nothing"),
        ("rapporteur", "rapporteur", ""),
    ],
)
def test_what_is_said_begins_with_a_verb(said: str, verb: str, rest: str) -> None:
    """With or without the command’s own name; a greeting and nothing at all ask for help."""
    assert (verb, rest) == verb_in(said)


@given(st.text(max_size=200))
def test_there_is_always_a_verb(said: str) -> None:
    """Whatever is said, it is one word in lower case."""
    verb, _ = verb_in(said)
    assert verb
    assert verb.split() == [verb]


async def test_greetings_get_the_due_list_and_all_verbs(desk: Desk) -> None:
    """The same as “help”, in a DM and where it is mentioned, in private."""
    help_reply = words(await desk.says("ana", "help"))
    for said in ("hello", "", "Hi Rapport!", "/rapport"):
        for channel in ("", "general"):
            answer = await desk.tells("ana", said, channel=channel)
            assert isinstance(answer, Reply)
            assert (help_reply, True) == (words(answer), answer.private)


async def test_thanks_are_answered_in_a_word(desk: Desk) -> None:
    """And are no command of their own."""
    assert "You’re welcome." == words(await desk.tells("ana", "thank you!"))
    assert words(await desk.says("ana", "thanks")).startswith("I don’t know “thanks”.")


async def test_what_begins_with_thanks_is_no_hidden_verb(desk: Desk) -> None:
    """More words behind it are no verb, as anything else that nobody knows."""
    answer = await desk.tells("ana", "thanks for nothing")
    assert words(answer).startswith("I don’t know “thanks”.")


@pytest.mark.parametrize("said", ["home", "share", "welcome", "new_touch", "pick", "open_form"])
async def test_what_buttons_stand_for_cannot_be_said(desk: Desk, said: str) -> None:
    """Whatever is said, it is a verb for people."""
    answer = await desk.tells("ana", said)
    assert isinstance(answer, Reply)
    assert Outcome.REFUSED is answer.outcome
    assert words(answer).startswith(f"I don’t know “{said}”.")


async def test_words_that_are_no_verb_get_help(desk: Desk) -> None:
    """With the nearest verb, where one comes near, and else the way to all of them."""
    assert "Did you mean due?" in words(await desk.tells("ana", "deu"))
    nothing = await desk.tells("ana", "xylophones are loud")
    assert words(nothing).startswith("I don’t know “xylophones”. “help all” lists everything I can do.")


async def test_guests_are_refused_even_when_they_are_polite(desk: Desk) -> None:
    """They may not use it."""
    desk.roles["eve"] = Role.GUEST
    for said in ("hello", "thanks", "due"):
        assert words(await desk.tells("eve", said)).startswith("Only members of this workspace")


async def test_a_mention_in_a_note_is_kept_by_name(desk: Desk) -> None:
    """An account's id would tell nobody who it was; handles and e-mail addresses that look alike stay as they are."""
    desk.names["u0ben"] = "Ben Fox"
    await desk.says("u0ben", "help")
    await desk.says("ana", "add Jess Park tier:A")
    await desk.says("ana", "log jess coffee with @u0ben and @u0ben.cooks, a@u0ben.com, @u1")
    said = words(await desk.says("ana", "show jess"))
    assert "“coffee with @Ben Fox and @u0ben.cooks, a@u0ben.com, @u1”" in said


async def test_what_keeps_us_from_posting_there_is_minded_in_words_too(desk: Desk) -> None:
    """Asked for without a command, a digest is refused as it is with one."""
    desk.hurdles["general"] = "I am not in this channel. Invite me first."
    assert "Invite me first." in words(await desk.tells("ana", "digest here mon 09:00", channel="general"))
    desk.shared.add("partners")
    assert "other companies" in words(await desk.tells("ana", "digest here mon 09:00", channel="partners"))


async def test_a_question_that_looks_like_a_slip_is_not_offered_as_one(desk: Desk) -> None:
    """“how are we doing” is one letter from “show”, but nobody is called “are we doing with jess?”."""
    await desk.says("ana", "add Jess Park tier:A")
    assert ["Help on show"] == labels(await desk.tells("ana", "how are we doing with jess?"))
    assert ["show jess", "Help on show"] == labels(await desk.tells("ana", "shwo jess"))
