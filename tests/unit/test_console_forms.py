from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from adapters.console.forms import check, draw_form, draw_head, fill, find_input, read_value
from adapters.console.render import Look
from bot.errors import NotUnderstood, TooLong
from bot.reply import Form, Input, InputKind, Option, Section
from tests.gallery import GALLERY

OPTIONS = (Option("E-mail", "email"), Option("Phone call", "call"), Option("Meeting", "meeting"), Option("1", "one"))
CHOICE = Input(name="medium", label="Medium", kind=InputKind.CHOICE, options=OPTIONS)
FLAG = Input(name="paid", label="Paid", kind=InputKind.FLAG)


def form() -> Form:
    """The ordinary form of the gallery."""
    answer = next(specimen.answer for specimen in GALLERY if specimen.name == "form")
    assert isinstance(answer, Form)
    return answer


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("2", "call"),
        ("call", "call"),
        ("PHONE CALL", "call"),
        ("meet", "meeting"),
        ("1", "one"),
        ("", ""),
        (" 3 ", "meeting"),
    ],
)
def test_a_choice_goes_by_number_name_or_beginning(typed: str, value: str) -> None:
    """An option is meant by its label or value first, then by its number, then by how it begins."""
    assert value == read_value(CHOICE, typed)


@pytest.mark.parametrize("typed", ["5", "0", "fax", "e-mails"])
def test_another_choice_is_told_the_options(typed: str) -> None:
    """What is no option is answered with those there are."""
    with pytest.raises(NotUnderstood, match="1 E-mail, 2 Phone call, 3 Meeting") as error:
        read_value(CHOICE, typed)
    assert "medium" == error.value.argument


@pytest.mark.parametrize(("typed", "value"), [("yes", "yes"), ("Y", "yes"), ("1", "yes"), ("no", ""), ("", "")])
def test_a_flag_is_yes_or_empty(typed: str, value: str) -> None:
    """The core's flag is `yes` or nothing, however it was typed."""
    assert value == read_value(FLAG, typed)


def test_a_flag_that_is_neither_is_asked_again() -> None:
    """Maybe is not an answer."""
    with pytest.raises(NotUnderstood, match="yes or no"):
        read_value(FLAG, "maybe")


def test_a_needed_answer_and_the_limit_are_kept_here() -> None:
    """A terminal has to do what a platform's form does by itself: ask for what is needed, stop at the limit."""
    field = Input(name="who", label="Who", required=True, limit=5)
    with pytest.raises(NotUnderstood, match="Who is needed"):
        read_value(field, "  ")
    with pytest.raises(TooLong, match="at most 5 characters, and this has 6"):
        read_value(field, "abcdef")
    assert "abcde" == read_value(field, "abcde")


def test_answers_are_given_by_name_or_label() -> None:
    """What is not named keeps what the form holds."""
    filled = fill(form(), {"WHAT": "coffee", "with whom": "sam"})
    assert {"what": "coffee", "who": "sam", "medium": "meeting"}.items() <= {
        field.name: field.value for field in filled.inputs
    }.items()


def test_a_name_that_the_form_does_not_have_is_told_which_it_has() -> None:
    """A misspelt input is not silently left out."""
    with pytest.raises(NotUnderstood, match=r"no “waht”.* who, what, medium"):
        fill(form(), {"waht": "coffee"})


def test_all_errors_are_found_at_once() -> None:
    """A checked form holds everything that was typed, and an error beside each answer that won't do."""
    checked = check(fill(form(), {"who": "", "medium": "fax", "what": "coffee"}))
    assert ["who", "medium"] == [field.name for field in checked.inputs if field.error]
    assert "fax" == next(field.value for field in checked.inputs if field.name == "medium")


def test_an_old_error_goes_with_its_answer() -> None:
    """An answer typed anew is not shown under the error of the old one."""
    section = Section("One", (Input(name="on", label="On", value="31 Feb", error="There is no such day."),))
    again = fill(Form(id="drf_1", verb="log", title="Log", sections=(section,)), {"on": "yesterday"})
    assert not again.has_errors


def test_what_is_wrong_with_the_whole_is_checked_anew() -> None:
    """A form that came back as a whole can be sent again: only the core knows whether it will do now."""
    assert not check(replace(form(), error="Somebody else changed it.")).has_errors


@pytest.mark.parametrize("drawn", [draw_form, draw_head])
def test_what_is_wrong_with_the_whole_stands_above_the_questions(drawn: Callable[[Form, Look], str]) -> None:
    """Right below the title, marked as errors beside inputs are."""
    look = Look(80, colour=False, zone=ZoneInfo("Europe/Berlin"))
    lines = drawn(replace(form(), about=None, error="Ben changed it."), look).splitlines()
    assert "! Ben changed it." == lines[1]


def test_inputs_are_found_whatever_the_case() -> None:
    """`Medium` and `medium` are the same input."""
    found = find_input(form(), "MEDIUM")
    assert found is not None
    assert ("medium", found) == (found.name, find_input(form(), "medium"))
