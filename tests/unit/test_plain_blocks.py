from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.platform.slack.blocks import (
    Block,
    actions,
    asking,
    button,
    cell,
    message,
    modal,
    option,
    picking,
    plain,
    rich,
    table,
    typing,
    words,
)
from tests.platform.slack.plainer import SECTION_LIMIT, WORD_JOINER, completed, literal, looked_up, plainer
from tests.platform.slack.reading import Reader

READER = Reader(str, ZoneInfo("Europe/Berlin"), datetime(2026, 11, 22, 12, 0, tzinfo=UTC))
SATURDAY = int(datetime(2026, 11, 21, 13, 3, tzinfo=UTC).timestamp())
MARKS = "*_~`<>&:@#!|-/.\n aB1"


def drawn(*blocks: Block, offered: dict[str, list[Block]] | None = None) -> list[Block]:
    """Blocks as the emulator gets them."""
    found: list[Block] = plainer(message(*blocks), READER, offered or {})["blocks"]
    return found


def said(*blocks: Block) -> list[str]:
    """The words of blocks that have become sections."""
    return [block["text"]["text"] for block in drawn(*blocks)]


def bold(text: str) -> Block:
    """Words in bold."""
    return {**words(text), "style": {"bold": True}}


def test_rich_text_is_said_in_marks() -> None:
    """Bold words, people, channels, links and moments become what mrkdwn has for them."""
    leaves = [
        bold("Due"),
        words(" for "),
        {"type": "user", "user_id": "U01"},
        words(" in "),
        {"type": "channel", "channel_id": "C01"},
        words(", "),
        {"type": "date", "timestamp": SATURDAY, "format": "{date_short_pretty} at {time}", "fallback": "x"},
        words(": "),
        {"type": "link", "url": "https://a.example/?b=1&c=2", "text": "<site>"},
    ]
    assert ["*Due* for <@U01> in <#C01>, yesterday at 14:03: <https://a.example/?b=1&c=2|‹site›>"] == said(
        rich(*leaves)
    )


def test_a_block_keeps_its_id() -> None:
    """What is wrong with a form is known by the id of the line that says it, also where it is long."""
    lines = drawn({**rich(words("a" * 4_000)), "block_id": "wrong:who"})
    assert ["wrong:who", None] == [line.get("block_id") for line in lines]


def test_bold_holds_on_every_line() -> None:
    """A mark ends with its line, and takes in no space."""
    assert ["*Quiet* (2)\n *Jess*\n\n*Lee* "] == said(
        rich(bold("Quiet "), words("(2)\n"), bold(" Jess\n\nLee "), words(""))
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("*all* ~of~ `it`", "∗all∗ ∼of∼ ˋitˋ"),
        ("<!channel> <@U01>", "‹!channel› ‹@U01›"),
        ("_a_ snake_case", f"{WORD_JOINER}_a_ snake_case"),
        ("R&amp;B", f"R&{WORD_JOINER}amp;B"),
        (":tada: at 10:30:15", f":{WORD_JOINER}tada: at 10:{WORD_JOINER}30:15"),
        ("https://a.example", f"https:{WORD_JOINER}//a.example"),
    ],
)
def test_marks_do_nothing(text: str, expected: str) -> None:
    """What people wrote formats nothing, pings nobody and links nowhere, and still reads as it was written."""
    assert expected == literal(text)


@given(st.text(alphabet=MARKS))
def test_no_text_is_a_control_sequence(text: str) -> None:
    """Whatever is written, there is nothing in it that mrkdwn would take for a token, an entity or a pair of marks."""
    shown = literal(text)
    assert not set("<>*~`") & set(shown)
    assert "://" not in shown
    assert len(text) == len(shown.replace(WORD_JOINER, ""))


@given(st.lists(st.text(alphabet=MARKS, min_size=1, max_size=5_000), min_size=1, max_size=4))
def test_sections_are_never_too_long(texts: list[str]) -> None:
    """However long the words are, every section is one that is taken."""
    assert all(0 < len(text) <= SECTION_LIMIT for text in said(rich(*map(bold, texts))))


def test_a_table_is_read_line_by_line() -> None:
    """Each row is a line that begins with its first cell, in bold; the others stand behind their heads."""
    heads = [rich(bold("Who")), rich(bold("Last")), rich(bold("Owner"))]
    rows = [[cell("Jess"), rich({"type": "date", "timestamp": SATURDAY, "format": "{date_short}"}), cell("Ana")]]
    assert ["*Jess* — Last: Nov 21, 2026 · Owner: Ana"] == said(table(heads, *rows))
    assert ["*Who* — Last · Owner"] == said(table(heads))


def test_what_is_drawn_passes_as_it_is() -> None:
    """Buttons, menus, dividers and whatever nobody knows are not touched."""
    blocks = [actions(button(), picking("overflow", options=[option()])), {"type": "divider"}, {"type": "new"}]
    assert blocks == drawn(*blocks)


def test_who_is_looked_up_becomes_a_list() -> None:
    """A person is chosen from what the bot suggests, and whoever was chosen before is shown and offered first."""
    jess, sam = option("Jess", "inf_1"), option("Sam", "inf_2")
    asked = asking(picking(placeholder=plain("Type a name"), min_query_length=0, initial_option=sam))
    expected = {
        "type": "static_select",
        "action_id": "who",
        "placeholder": sam["text"],
        "options": [sam, jess],
        "initial_option": sam,
    }
    assert [{**asked, "element": expected}] == drawn(asked, offered={"who": [jess, sam]})


def test_without_suggestions_the_name_is_typed() -> None:
    """A bot that does not say in time, or a select of several, leaves an input to type into."""
    several = picking("multi_external_select", initial_options=[option("Jess", "inf_1"), option("Sam", "inf_2")])
    place = picking("conversations_select", initial_conversation="C01", filter={"include": ["public"]})
    expected = [typing(), typing(initial_value="Jess, Sam"), typing(initial_value="#C01")]
    assert expected == [block["element"] for block in drawn(asking(picking()), asking(several), asking(place))]


def test_what_was_chosen_can_be_seen() -> None:
    """Emulators show a select's placeholder where Slack shows what is chosen."""
    chosen = picking("static_select", options=[option("Call")], initial_option=option("Call"))
    assert plain("Call") == drawn(asking(chosen))[0]["element"]["placeholder"]


def test_views_are_looked_into() -> None:
    """A view that is opened, and one that an acknowledgement brings, are drawn like messages."""
    view = modal(rich(words("a*b")), asking(picking(min_query_length=0)))
    answer = plainer({"response_action": "update", "view": view}, READER, {})
    assert ("update", "a∗b") == (answer["response_action"], answer["view"]["blocks"][0]["text"]["text"])
    assert (view["blocks"][1],) == looked_up({"view": view})
    assert () == looked_up({"channel": "C01"})


@pytest.mark.parametrize(
    ("element", "left", "expected"),
    [
        (typing(initial_value="Hi"), {"value": None}, {"value": "Hi"}),
        (typing(initial_value="Hi"), {"value": ""}, {"value": ""}),
        (typing(), {"value": None}, {"value": None}),
        (picking("datepicker", initial_date="2026-11-21"), {"selected_date": None}, {"selected_date": "2026-11-21"}),
        (
            picking("static_select", initial_option=option()),
            {"selected_option": None},
            {"selected_option": option()},
        ),
        (
            picking("static_select", initial_option=option()),
            {"selected_option": option("Two", "2")},
            {"selected_option": option("Two", "2")},
        ),
    ],
)
def test_what_nobody_touched_is_sent_as_it_stood(
    element: Block, left: dict[str, Any], expected: dict[str, Any]
) -> None:
    """Slack sends what an input was drawn with; what somebody emptied or changed stays so."""
    view = modal(asking(element), state={"values": {"who": {"who": left}}})
    whole = completed({"type": "view_submission", "view": view})
    assert {"who": {"who": expected}} == whole["view"]["state"]["values"]


def test_a_press_at_home_is_in_no_channel() -> None:
    """Where no message was pressed on it was the Home tab, and the answer must not look for a conversation."""
    pressed = {
        "type": "block_actions",
        "container": {"type": "message", "channel_id": ""},
        "channel": {"id": "", "name": ""},
        "response_url": "http://emulator.example/1",
        "actions": [{"action_id": "press:1:log"}],
    }
    whole = completed(pressed)
    assert {"type", "container", "view", "actions"} == whole.keys()
    assert ("view", "home") == (whole["container"]["type"], whole["view"]["type"])


def test_what_only_one_sees_says_so() -> None:
    """A private message is none that can be edited later, and the bot must know."""

    def private(subtype: str | None) -> object:
        container = {"type": "message", "message_ts": "1.1", "is_ephemeral": False}
        pressed = {"type": "block_actions", "container": container, "message": {"ts": "1.1", "subtype": subtype}}
        return completed(pressed)["container"]["is_ephemeral"]

    assert [True, False] == [private("ephemeral"), private(None)]


@pytest.mark.parametrize("change", [completed, lambda payload: plainer(payload, READER, {})])
def test_everything_else_is_passed_on(change: Callable[[Block], Block]) -> None:
    """Events, commands and calls without blocks are the business of the two at the ends."""
    for payload in (
        {"type": "event_callback", "event": {"type": "message"}},
        {"command": "/rapport"},
        {"users": "U01"},
    ):
        assert payload == change(payload)
