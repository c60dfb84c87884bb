from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from adapters.safe import sendable
from adapters.slack.back import Back, Meta, decode
from adapters.slack.forms import NONE, TYPED_LIMIT, draw_form, file_ids, inline_errors, labels, values
from bot.reply import Form, Input, InputKind, Option, Section, say
from tests.gallery import LONG_EMOJI
from tests.platform.slack.checks import check_response_action, check_view
from tests.platform.slack.entries import settled

META = Meta("log", "drf_1", Back("T01", "C01"))
CHOICES = (Option("E-mail", "email"), Option("Phone call", "call"))


def form(*inputs: Input, error: str | None = None, verb: str = "log") -> Form:
    """A form of these inputs, in as few sections as hold them."""
    parts = [inputs[start : start + 5] for start in range(0, len(inputs), 5)]
    sections = tuple(Section("Log a touchpoint", part) for part in parts)
    return Form(id="drf_1", verb=verb, title="Log a touchpoint", sections=sections, error=error)


def drawn(asked: Form) -> dict[str, Any]:
    """The modal of a form, in which Slack has found nothing wrong."""
    view = draw_form(asked, META)
    assert [] == check_view(view)
    return view


def sent(view: dict[str, Any], **filled: dict[str, Any]) -> dict[str, Any]:
    """The view as Slack sends it back, with these entries and all others untouched."""
    state = settled(view["blocks"], {})
    for name, entry in filled.items():
        state[name][name] = {**state[name][name], **entry}
    return {**view, "state": {"values": state}}


def only(field: Input) -> dict[str, Any]:
    """The element that an input becomes."""
    element: dict[str, Any] = drawn(form(field))["blocks"][0]["element"]
    return element


def option(value: str, label: str) -> dict[str, Any]:
    """An option as Slack sends it."""
    return {"text": {"type": "plain_text", "text": label, "emoji": False}, "value": value}


WORDS = st.text(max_size=60) | st.text(max_size=3_000) | st.sampled_from(["", " ", "yes", "no", NONE, "—"])
NAMES = st.lists(
    st.sampled_from(
        ["Jess", "Jess Park", '"Park, Jess"', "Sam & Lee", "Ben and Ana", "inf_1", "“Fox, Lee”", "x" * 160]
    ),
    max_size=6,
).map(", ".join)
DAYS = st.dates().map(str) | st.sampled_from(["yesterday", "2026-02-30", "2026-11-3", "31 feb"])
PLACES = st.sampled_from(["#C0MARKETING", "#general", "#G1", "here", "none", "#U1", "C0MARKETING"])
VALUES = WORDS | NAMES | DAYS | PLACES | st.sampled_from(["email", "call", "coffee"])


@st.composite
def inputs(draw: st.DrawFn, name: str) -> Input:
    """Any input of any kind but a file, holding anything that the core can hold."""
    kind = draw(st.sampled_from([kind for kind in InputKind if kind is not InputKind.FILE]))
    more = draw(st.lists(st.builds(Option, st.text(max_size=90), st.text(max_size=160)), max_size=3))
    options = (*CHOICES, *more) if kind is InputKind.CHOICE else ()
    return Input(
        name=name,
        label=draw(st.text(max_size=45)),
        kind=kind,
        required=draw(st.booleans()),
        value=sendable(draw(VALUES)),
        hint=draw(st.text(max_size=100)),
        options=options,
        limit=draw(st.sampled_from([1, 200, 3_000, 9_000])),
        error=draw(st.none() | st.text(min_size=1)),
    )


FORMS = st.tuples(*(inputs(f"field_{number}") for number in range(7))).map(lambda fields: form(*fields))


@given(FORMS)
def test_what_nobody_touches_comes_back_as_it_was(asked: Form) -> None:
    """Any form that is sent as it was opened holds exactly what it held, and Slack takes it."""
    assert tuple((field.name, field.value) for field in asked.inputs) == values(sent(drawn(asked)))


@pytest.mark.parametrize(
    ("field", "kind", "initial"),
    [
        (Input(name="x", label="X", value="a"), "plain_text_input", "a"),
        (Input(name="x", label="X", kind=InputKind.DAY), "datepicker", None),
        (Input(name="x", label="X", kind=InputKind.DAY, value="2026-11-21"), "datepicker", "2026-11-21"),
        (Input(name="x", label="X", kind=InputKind.DAY, value="yesterday"), "plain_text_input", "yesterday"),
        (Input(name="x", label="X", kind=InputKind.PERSON, value="x" * 151), "plain_text_input", "x" * 151),
        (Input(name="x", label="X", kind=InputKind.MEMBER), "external_select", None),
        (Input(name="x", label="X", kind=InputKind.MEMBER, value="Ana"), "external_select", option("Ana", "Ana")),
        (Input(name="x", label="X", kind=InputKind.PEOPLE, value="Jess, Jess"), "plain_text_input", "Jess, Jess"),
        (Input(name="x", label="X", kind=InputKind.PLACE), "conversations_select", None),
        (Input(name="x", label="X", kind=InputKind.PLACE, value="#C0X"), "conversations_select", "C0X"),
        (Input(name="x", label="X", kind=InputKind.PLACE, value="#general"), "plain_text_input", "#general"),
        (Input(name="x", label="X", kind=InputKind.FILE), "file_input", None),
        (Input(name="x", label="X", kind=InputKind.FLAG), "checkboxes", None),
        (Input(name="x", label="X", kind=InputKind.FLAG, value="yes"), "checkboxes", [option("yes", "Yes")]),
    ],
)
def test_each_kind_has_its_own_element(field: Input, kind: str, initial: object) -> None:
    """A day is picked, a person searched, a place chosen; what such an element can't hold stays text."""
    element = only(field)
    held = next((element[name] for name in element if name.startswith("initial_")), None)
    assert (kind, initial) == (element["type"], held)


def test_several_people_are_chosen_one_by_one() -> None:
    """Names with commas stay in one piece, quotes are for us and not for the reader, and long names are cut."""
    long = "Maximiliane " * 10 + "Park"
    element = only(Input(name="x", label="X", kind=InputKind.PEOPLE, value=f'Jess, "Park, Jess", {long}'))
    shown = [(one["text"]["text"], one["value"]) for one in element["initial_options"]]
    assert [("Jess", "Jess"), ("Park, Jess", '"Park, Jess"')] == shown[:2]
    assert long == shown[2][1]
    assert long.startswith(shown[2][0].partition("…")[0])


def test_a_choice_can_be_taken_back() -> None:
    """Slack's selects can't be emptied: one that may stay empty offers to."""
    field = Input(name="x", label="X", kind=InputKind.CHOICE, options=CHOICES, value="call")
    element = only(field)
    assert ["email", "call", NONE] == [one["value"] for one in element["options"]]
    assert (("x", ""),) == values(sent(drawn(form(field)), x={"selected_option": option(NONE, NONE)}))
    assert ["email", "call"] == [one["value"] for one in only(replace(field, required=True))["options"]]


def test_a_choice_that_is_not_offered_is_kept() -> None:
    """What was typed elsewhere stands first, so that it can be seen and corrected."""
    element = only(Input(name="x", label="X", kind=InputKind.CHOICE, options=CHOICES, value="coffee"))
    assert ("coffee", "coffee") == (element["options"][0]["value"], element["initial_option"]["value"])


def test_what_somebody_fills_in_is_read_by_name() -> None:
    """Whatever the element, an input's value is a string, and what is left empty is an empty one."""
    asked = form(
        *(
            Input(name=kind.value, label="X", kind=kind, options=CHOICES if kind is InputKind.CHOICE else ())
            for kind in InputKind
        )
    )
    view = drawn(asked)
    assert {kind.value: "" for kind in InputKind} == dict(values(sent(view)))
    filled = sent(
        view,
        text={"value": "a"},
        long_text={"value": "b\nc"},
        choice={"selected_option": option("call", "Phone call")},
        day={"selected_date": "2026-11-21"},
        person={"selected_option": option("inf_1", "Jess Park")},
        people={"selected_options": [option("inf_1", "Jess Park"), option("inf_2", "Lee Fox")]},
        member={"selected_option": option("mem_1", "Ana")},
        place={"selected_conversation": "C0MARKETING"},
        flag={"selected_options": [option("yes", "Yes")]},
        file={"files": [{"id": "F1"}, {"id": "F2"}]},
    )
    assert {
        "text": "a",
        "long_text": "b\nc",
        "choice": "call",
        "day": "2026-11-21",
        "person": "inf_1",
        "people": "inf_1, inf_2",
        "member": "mem_1",
        "place": "#C0MARKETING",
        "flag": "yes",
        "file": "",
    } == dict(values(filled))
    assert ("F1", "F2") == file_ids(filled)
    assert {"call": "Phone call", "inf_1": "Jess Park", "inf_2": "Lee Fox", "mem_1": "Ana", "yes": "Yes"} == labels(
        filled
    )


def test_ids_keep_their_names_when_a_form_comes_back() -> None:
    """Somebody who was chosen before is shown by name, although the form holds an id."""
    asked = form(
        Input(name="who", label="Who", kind=InputKind.PEOPLE, value="inf_1, Sam"),
        Input(name="owner", label="Owner", kind=InputKind.MEMBER, value="mem_1"),
    )
    view = draw_form(asked, META, {"inf_1": "Jess Park", "mem_1": "Ana"})
    who, owner = (block["element"] for block in view["blocks"])
    assert [option("inf_1", "Jess Park"), option("Sam", "Sam")] == who["initial_options"]
    assert option("mem_1", "Ana") == owner["initial_option"]
    assert (("who", "inf_1, Sam"), ("owner", "mem_1")) == values(sent(view))


def test_too_long_a_value_is_cut_on_whole_characters_and_said() -> None:
    """Slack's inputs hold 3,000 characters: what is not there is not sent, and the line below says so."""
    value = LONG_EMOJI + LONG_EMOJI
    view = drawn(form(Input(name="x", label="X", kind=InputKind.LONG_TEXT, value=value)))
    kept = values(sent(view))[0][1]
    assert value.startswith(kept)
    assert TYPED_LIMIT - 7 < len(kept) <= TYPED_LIMIT
    assert kept.endswith("👨‍👩‍👧‍👦")
    line = view["blocks"][1]["elements"][0]["elements"][0]["text"]
    assert f"⚠ Only the first {len(kept):,} of {len(value):,} characters fit here and are sent." == line


def test_over_its_own_limit_a_value_can_be_shortened() -> None:
    """What is longer than the input allows is shown whole; the core says what is wrong with it."""
    element = only(Input(name="x", label="X", value="x" * 250, limit=200))
    assert ("x" * 250, TYPED_LIMIT) == (element["initial_value"], element["max_length"])


def test_what_is_wrong_stands_where_it_is_wrong() -> None:
    """The whole form's error is on top, an input's right below it, and what was typed is still there."""
    asked = form(
        Input(name="on", label="On", kind=InputKind.DAY, value="31 feb", error="There is no 31 Feb."),
        Input(name="what", label="What", value="coffee"),
        error="Somebody else was quicker.",
    )
    view = drawn(replace(asked, about=say("About {who}.", who="Jess")))
    assert ["wrong:", None, "on", "wrong:on", "what"] == [block.get("block_id") for block in view["blocks"]]
    lines = [block["elements"][0]["elements"][0]["text"] for block in view["blocks"] if block["type"] == "rich_text"]
    assert ["⚠ Somebody else was quicker.", "About Jess.", "⚠ There is no 31 Feb."] == lines
    assert (("on", "31 feb"), ("what", "coffee")) == values(sent(view))


def test_sections_have_headers_only_where_they_have_titles() -> None:
    """One that is titled as the form goes on without a word: it is all one list to scroll through."""
    field, other = Input(name="a", label="X"), Input(name="b", label="X")
    titled = (Section("Log a touchpoint", (field,)), Section("Money", (other,)))
    untitled = (titled[0], Section("Log a touchpoint", (other,)))
    asked = form(field)
    assert ["input", "header", "input"] == [block["type"] for block in drawn(replace(asked, sections=titled))["blocks"]]
    assert ["input", "input"] == [block["type"] for block in drawn(replace(asked, sections=untitled))["blocks"]]


@pytest.mark.parametrize(
    ("field", "hint"),
    [
        (Input(name="x", label="Who", kind=InputKind.PEOPLE, hint="With whom; with commas between"), "With whom"),
        (Input(name="x", label="Due", kind=InputKind.DAY, hint="By when; friday or 2w"), "By when"),
        (Input(name="x", label="Due", kind=InputKind.DAY, value="soon", hint="By when; 2w"), "By when; 2w"),
        (Input(name="x", label="Goal", hint="What they want; “none” clears it"), "What they want; “none” clears it"),
        (Input(name="x", label="By whom", kind=InputKind.MEMBER, hint="Who (or you)"), "Who (or you)"),
        (Input(name="x", label="Which one stays", kind=InputKind.PERSON, hint="Which one stays; full name"), ""),
        (Input(name="x", label="Email", hint="E-mail"), ""),
        (Input(name="x", label="Paid", kind=InputKind.FLAG), ""),
    ],
)
def test_hints_say_how_to_type_only_where_something_is_typed(field: Input, hint: str) -> None:
    """Behind a semicolon stands how an answer is typed; a hint that is the label once more is none."""
    shown = drawn(form(field))["blocks"][-1].get("hint", {}).get("text", "")
    assert hint == shown


def test_a_modal_says_what_it_is_about() -> None:
    """Its title, its button and the way back are those of the form."""
    view = drawn(replace(form(Input(name="x", label="X", required=True)), submit="Log it"))
    assert ("form", "Log a touchpoint", "Log it") == (
        view["callback_id"],
        view["title"]["text"],
        view["submit"]["text"],
    )
    assert META == decode(view["private_metadata"])
    assert not view["blocks"][0]["optional"]


def test_nobody_can_be_made_to_tick_a_box() -> None:
    """A flag that is needed may still be left unticked, else Slack would never send the form."""
    view = drawn(form(Input(name="x", label="X", kind=InputKind.FLAG, required=True)))
    assert view["blocks"][0]["optional"]


ASKED = form(Input(name="on", label="On", kind=InputKind.DAY), Input(name="what", label="What"))


def wrong(asked: Form, **errors: str) -> Form:
    """The form with what is wrong in some of its inputs."""
    fields = (replace(field, error=errors.get(field.name)) for field in asked.inputs)
    return replace(asked, sections=(Section(asked.title, tuple(fields)),))


def test_errors_stand_beside_the_inputs_of_the_open_form() -> None:
    """Slack shows them under their inputs and keeps what was typed."""
    view = sent(drawn(ASKED))
    errors = inline_errors(wrong(ASKED, on="There is no 31 Feb.\nTry another."), view)
    assert {"on": "There is no 31 Feb. ⏎ Try another."} == errors
    assert [] == check_response_action({"response_action": "errors", "errors": errors}, view)


def test_long_errors_are_cut() -> None:
    """Under an input there is room for some sentences."""
    errors = inline_errors(wrong(ASKED, on="x" * 900), sent(drawn(ASKED)))
    assert errors is not None
    assert 300 == len(errors["on"])


@pytest.mark.parametrize(
    "answer",
    [
        ASKED,
        replace(wrong(ASKED, on="x"), error="All of it."),
        wrong(form(*ASKED.inputs, Input(name="more", label="More")), on="x"),
        wrong(form(Input(name="who", label="Who")), who="x"),
    ],
    ids=["nothing wrong", "the whole is wrong", "asks for more", "another form"],
)
def test_what_can_not_stand_beside_an_input_is_drawn_anew(answer: Form) -> None:
    """There is no place in the open form to say it."""
    assert None is inline_errors(answer, sent(drawn(ASKED)))


def test_old_errors_do_not_stay() -> None:
    """A form that shows what was wrong before is drawn anew, because those lines would still stand there."""
    assert None is inline_errors(wrong(ASKED, on="Again."), sent(drawn(wrong(ASKED, what="Before."))))
