from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.back import Back, Meta
from adapters.slack.forms import draw_form, values
from adapters.slack.inbound import (
    command_of,
    press_of,
    question_of,
    submission_of,
)
from adapters.slack.names import ACTIONS
from adapters.slack.render import Surface, draw_reply
from adapters.slack.sources import Malformed
from bot.address import Person, Place, PlaceKind, Posted
from bot.inbound import Actor, Command, Question, Role, Upload
from bot.reply import Actions, Button, Callback, Form, LinkButton, Option, Reply, Select, callback, say
from tests import slack_payloads as sent
from tests.gallery import GALLERY, HOSTILE

ANA = Actor(person=Person("slack", "T01", "U1"), name="Ana", role=Role.MEMBER, timezone="Europe/Berlin")
GENERAL = Place("slack", "T01", "C1")
DM = Place("slack", "T01", "U1", PlaceKind.DM)

words = st.text(max_size=12)
names = st.from_regex(r"[a-z_]{1,8}", fullmatch=True)


@st.composite
def callbacks(draw: st.DrawFn) -> Callback:
    """Any callback that can be."""
    verb, args = draw(names), draw(st.lists(st.tuples(names, words), max_size=2, unique_by=lambda arg: arg[0]))
    try:
        return Callback(verb, tuple(args))
    except ValueError:
        return Callback(verb)


def asked(command: Command | None) -> tuple[str, dict[str, str]]:
    """The verb of a command and its arguments."""
    assert command is not None
    return command.verb, dict(command.args)


@pytest.mark.parametrize(
    ("typed", "verb", "text"),
    [
        ("log jess coffee at VidCon", "log", "jess coffee at VidCon"),
        ("", "help", ""),
        ("   ", "help", ""),
        ("due", "due", ""),
        ("Due  ALL ", "due", "ALL"),
        ("/rapport log jess", "log", "jess"),
        ("/Rapport", "help", ""),
        ("log\njess\nline two", "log", "jess\nline two"),
        ("own jess <@U2|ben>", "own", "jess @U2"),
        ("digest <#C2|social> mon", "digest", "#C2 mon"),
        ("note jess 1 &lt; 2 &amp; <http://jess.me|jess.me>", "note", "jess 1 < 2 & jess.me"),
    ],
)
def test_a_command_is_its_verb_and_what_stands_behind_it(typed: str, verb: str, text: str) -> None:
    """The first word is the verb, however it is written; the rest arrives as it was typed."""
    expected = Command(verb=verb, actor=ANA, place=GENERAL, heard="slack:1.2.x", text=text, typed=True)
    assert expected == command_of(sent.command(typed), ANA, GENERAL)


def test_a_command_may_have_no_text_at_all() -> None:
    """A bare command can come without the field."""
    body = sent.command("")
    del body["text"]
    assert "help" == command_of(body, ANA, GENERAL).verb


@given(callbacks(), st.integers(0, 99))
def test_a_button_is_its_callback(pressed: Callback, number: int) -> None:
    """Whatever a callback holds, it comes back from the action id."""
    body = sent.press(f"press:{number}:{pressed.encode()}")
    assert (pressed.verb, dict(pressed.args)) == asked(press_of(body, ANA, GENERAL))


@given(callbacks(), names, words.filter(bool), st.integers(0, 99))
def test_a_choice_is_one_more_argument(shown: Callback, argument: str, chosen: str, number: int) -> None:
    """What is chosen stands behind the select's own arguments."""
    command = press_of(sent.press(f"choose:{number}:{argument}:{shown.encode()}", chosen=chosen), ANA, GENERAL)
    assert command is not None
    assert (shown.verb, (*shown.args, (argument, chosen))) == (command.verb, command.args)


@given(callbacks())
def test_an_option_of_a_menu_is_a_callback(pressed: Callback) -> None:
    """A menu's options are buttons."""
    body = sent.press("menu:3", chosen=pressed.encode())
    assert (pressed.verb, dict(pressed.args)) == asked(press_of(body, ANA, GENERAL))


def test_what_is_drawn_is_understood() -> None:
    """Everything that the renderer draws to be pressed is read as what it stands for, or as a link."""
    button, more = Button("Undo", callback("undo", change="chg_1")), Button("Delete", callback("delete", touch="tch_1"))
    select = Select("Snooze", "until", (Option("1 week", "1w"),), callback("snooze", who="inf_1"))
    reply = Reply(blocks=(say("So."), Actions((button, select, LinkButton("Open", "https://x.example")), (more,))))
    drawn = draw_reply(reply, Surface.MESSAGE, "T01")
    elements = [element for block in drawn.blocks if block["type"] == "actions" for element in block["elements"]]
    heard = []
    for element in elements:
        chosen = element["options"][0]["value"] if "options" in element else None
        body = sent.press(element["action_id"], chosen=chosen)
        assert ACTIONS.match(element["action_id"])
        if (command := press_of(body, ANA, GENERAL)) is not None:
            heard.append((command.verb, command.args))
    expected = [
        ("undo", (("change", "chg_1"),)),
        ("snooze", (("who", "inf_1"), ("until", "1w"))),
        ("delete", (("touch", "tch_1"),)),
    ]
    assert sorted(expected) == sorted(heard)
    assert 4 == len(elements)


def test_a_link_asks_for_nothing() -> None:
    """A link button sends an action, too, which only has to be acknowledged."""
    assert None is press_of(sent.press("link:2"), ANA, GENERAL)


def test_the_answer_to_a_question_names_its_draft() -> None:
    """A button that answers a question carries its Draft as an argument, where the core looks for it."""
    body = sent.press("press:0:" + callback("pick", draft="drf_1", who="inf_1").encode())
    command = press_of(body, ANA, GENERAL)
    assert ("pick", {"draft": "drf_1", "who": "inf_1"}) == asked(command)
    assert command is not None
    assert None is command.draft
    assert not command.typed


def test_a_standing_message_has_an_address() -> None:
    """A button in a message that stands says which one, in the words of the core."""
    command = press_of(sent.press("press:0:due"), ANA, DM)
    assert command is not None
    assert Posted(DM, "1700000001.000200") == command.posted
    assert DM == command.place


@pytest.mark.parametrize(
    "body",
    [
        sent.press("press:0:due", ephemeral=True),
        sent.press_in_view("press:0:due"),
        sent.press_in_view("press:0:due", "home"),
    ],
    ids=["ephemeral", "modal", "home"],
)
def test_what_does_not_stand_has_none(body: sent.Payload) -> None:
    """An answer that only one person sees, a modal and the Home tab can't be edited later."""
    command = press_of(body, ANA, GENERAL)
    assert command is not None
    assert None is command.posted


@pytest.mark.parametrize("body", [sent.press("press:0:due"), sent.press_in_view("press:0:due", "home")])
def test_the_same_press_is_heard_under_the_same_id(body: sent.Payload) -> None:
    """Delivered again it is the same; pressed again, or by somebody else, it is another one."""

    def heard(**changes: Any) -> str:
        command = press_of(body | changes, ANA, GENERAL)
        assert command is not None
        return command.heard

    later = [body["actions"][0] | {"action_ts": "1700000010.000100"}]
    assert heard() == heard(trigger_id="9.9.y", response_url="https://hooks.slack.com/actions/T01/2/y")
    assert 3 == len({heard(), heard(actions=later), heard(user={"id": "U2"})})


@pytest.mark.parametrize(
    "body",
    [
        {},
        sent.press("press:0:"),
        sent.press("press:0:?who=secret"),
        sent.press("press:0:secret?who=" + "x" * 90),
        sent.press("press"),
        sent.press("choose:0:until:snooze"),
        sent.press("choose:0:until", chosen="1w"),
        sent.press("choose:0::snooze", chosen="1w"),
        sent.press("menu:0"),
        sent.press("old:secret"),
        sent.press("secret"),
        sent.press("press:0:due", actions=[]),
        sent.press("press:0:due", actions="secret"),
        sent.press("press:0:due", actions=[{"action_id": "press:0:due"}]),
        sent.press("press:0:due", user=None),
        sent.press("press:0:due", container={"type": "message"}),
    ],
)
def test_a_press_that_is_not_ours_is_refused(body: sent.Payload) -> None:
    """One error of ours, which repeats nothing of what was sent."""
    with pytest.raises(Malformed) as error:
        press_of(body, ANA, GENERAL)
    assert "secret" not in str(error.value)


ANSWERS = (("who", "Jess Park"), ("what", "coffee"), ("paid", ""))


def test_a_sent_form_is_a_command() -> None:
    """It says its verb, its Draft and every answer, and was asked where it was opened."""
    files = (Upload("roster.csv", b"Name\nJess"),)
    command = submission_of(sent.submission(), ANA, ANSWERS, files)
    expected = Command(
        verb="log",
        actor=ANA,
        place=GENERAL,
        heard=command.heard,
        args=ANSWERS,
        draft="drf_1",
        uploads=files,
    )
    assert expected == command


def test_a_form_from_home_is_asked_in_the_dm() -> None:
    """The place of a form is the one that it carries along."""
    assert DM == submission_of(sent.submission(sent.view(meta=sent.AT_HOME)), ANA, ANSWERS).place


def test_the_same_form_with_the_same_answers_is_the_same_request() -> None:
    """Sent twice it is heard under one id, though Slack gives it another trigger, or hash, each time."""
    again = sent.submission(sent.view(hash="1700000009.def"), trigger_id="9.9.y")
    assert submission_of(sent.submission(), ANA, ANSWERS).heard == submission_of(again, ANA, ANSWERS).heard


def test_what_differs_is_another_request() -> None:
    """Corrected answers, another file, the next form in the same view, and the same form elsewhere are heard anew."""
    form = sent.submission()
    corrected = (("who", "Jess Liu"), *ANSWERS[1:])
    following = sent.submission(sent.view(meta=Meta("log", "drf_2", Back("T01", "C1"))))
    nothing_kept = [
        sent.submission(sent.view(meta=Meta(verb, None, Back("T01", "C1"))))
        for verb in ("my_settings", "team_settings")
    ]
    heard = [
        submission_of(form, ANA, ANSWERS).heard,
        submission_of(form, ANA, corrected).heard,
        submission_of(form, ANA, ANSWERS, (Upload("a.csv", b"1"),)).heard,
        submission_of(form, ANA, ANSWERS, (Upload("a.csv", b"2"),)).heard,
        submission_of(following, ANA, ANSWERS).heard,
        submission_of(sent.submission(sent.view(id="V2")), ANA, ANSWERS).heard,
        *(submission_of(body, ANA, ANSWERS).heard for body in nothing_kept),
    ]
    assert len(heard) == len(set(heard))


@pytest.mark.parametrize("name", HOSTILE)
def test_any_answers_can_be_heard(name: str) -> None:
    """Letters that no file could hold are answers, too."""
    assert submission_of(sent.submission(), ANA, (("what", HOSTILE[name]),)).heard.startswith("slack:V1:drf_1:")


def test_a_drawn_form_comes_back_as_its_command() -> None:
    """What the form's own drawing carries is enough to know what was sent."""
    form = next(one.answer for one in GALLERY if one.name == "form")
    assert isinstance(form, Form)
    view = draw_form(form, Meta(form.verb, form.id, Back("T01", "C1"))) | {"id": "V1", "state": {"values": {}}}
    command = submission_of(sent.submission(view), ANA, values(view))
    assert (form.verb, form.id) == (command.verb, command.draft)
    assert [field.name for field in form.inputs] == [name for name, _ in command.args]


def test_letters_typed_into_a_form_are_a_question() -> None:
    """The input's name is the argument, and the form knows the verb and the place."""
    expected = Question(actor=ANA, place=GENERAL, verb="log", argument="who", typed="jes")
    assert expected == question_of(sent.suggestion("who", "jes"), ANA)


def test_a_question_may_be_about_nothing_yet() -> None:
    """An input that was only opened asks for everything."""
    assert "" == question_of(sent.suggestion("who", "", value=None), ANA).typed


@pytest.mark.parametrize("meta", ["", "secret", "{}", '{"verb": "secret"}', None])
def test_a_form_that_is_not_ours_is_refused(meta: str | None) -> None:
    """What carries no metadata of ours is no form of ours, nor can anything be suggested for it."""
    foreign = sent.view(private_metadata=meta)
    with pytest.raises(Malformed) as error:
        submission_of(sent.submission(foreign), ANA, ())
    assert "secret" not in str(error.value)
    with pytest.raises(Malformed):
        question_of(sent.suggestion("who", "jes", view=foreign), ANA)
