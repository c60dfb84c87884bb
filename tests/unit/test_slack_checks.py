from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

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
    mrkdwn,
    option,
    picking,
    plain,
    rich,
    section,
    table,
    typing,
    words,
)
from tests.platform.slack.checks import check_message, check_options, check_response_action, check_view

DATE = {"type": "date", "timestamp": 1, "format": "{date_short} at {time}", "fallback": "1 Jan"}
PICTURE = {"type": "image", "alt_text": "A curve", "image_url": "https://a.example/b.png"}

MESSAGE: Block = {
    "channel": "C01",
    "text": "Jess &amp; <@U01>, <!date^1^{date_short}|1 Jan>, <https://a.example|site>",
    "metadata": {"event_type": "delivery", "event_payload": {"key": "k"}},
    "blocks": [
        {"type": "header", "text": plain("Digest")},
        rich(words("<!channel> *x* & "), {"type": "user", "user_id": "U01", "style": {"bold": True}}, DATE),
        rich({"type": "link", "url": "https://a.example", "text": "a"}, {"type": "channel", "channel_id": "C01"}),
        section(mrkdwn("a &lt; b"), accessory=button("press:2")),
        section(plain("<b>"), fields=[plain("x")]),
        actions(
            button(),
            button(
                "link:3",
                url="https://a.example",
                style="primary",
                confirm={
                    "title": plain("Sure?"),
                    "text": plain("Really"),
                    "confirm": plain("Yes"),
                    "deny": plain("No"),
                },
            ),
            {"type": "static_select", "action_id": "choose:4", "options": [option()], "placeholder": plain("Snooze")},
            {"type": "overflow", "action_id": "menu:5", "options": [option()]},
        ),
        {"type": "context", "elements": [plain("By Ana"), PICTURE]},
        {"type": "divider"},
        {"type": "image", "alt_text": "A curve", "slack_file": {"id": "F01"}, "title": plain("Curve")},
        table(
            [cell("Name"), cell("Days")],
            [rich(words("Jess")), {"type": "raw_number", "value": 3, "text": "3"}],
            column_settings=[None, {"align": "right", "is_wrapped": True}],
        ),
    ],
}

MODAL: Block = {
    "type": "modal",
    "callback_id": "form",
    "title": plain("Log"),
    "submit": plain("Save"),
    "close": plain("Cancel"),
    "private_metadata": "{}",
    "blocks": [
        asking(typing(initial_value="jess", max_length=100, multiline=True), hint=plain("A name"), optional=True),
        asking(picking(min_query_length=0, initial_option=option()) | {"action_id": "a"}, block_id="a"),
        asking(
            picking("multi_external_select", initial_options=[option()], max_selected_items=3, action_id="b"),
            block_id="b",
        ),
        asking(picking("datepicker", initial_date="2026-11-22", action_id="c"), block_id="c"),
        asking(picking("checkboxes", options=[option()], initial_options=[option()], action_id="d"), block_id="d"),
        asking(picking("file_input", filetypes=["csv"], max_files=1, action_id="e"), block_id="e"),
        asking(
            picking("conversations_select", initial_conversation="C01", action_id="f", filter={"include": ["public"]}),
            block_id="f",
        ),
        asking(
            picking(
                "static_select",
                action_id="g",
                initial_option=option(),
                option_groups=[{"label": plain("All"), "options": [option()]}],
            ),
            block_id="g",
        ),
        {"type": "alert", "text": plain("No such person"), "level": "error"},
    ],
}

HOME: Block = {"type": "home", "blocks": [rich(words("Quiet (2)")), actions(button())]}


def test_what_is_right_passes() -> None:
    """A message, a modal and a Home tab that use all there is have nothing wrong."""
    assert [] == check_message(MESSAGE)
    assert [] == check_view(MODAL)
    assert [] == check_view(HOME)


FAULTY_MESSAGES: dict[str, tuple[Block, str]] = {
    "no text": ({"channel": "C01", "blocks": [{"type": "divider"}]}, "text is missing"),
    "empty text": ({"channel": "C01", "text": " "}, "text is empty"),
    "endless text": ({"channel": "C01", "text": "x" * 40_001}, "text has 40,001 characters"),
    "long text": ({"channel": "C01", "text": "é" * 2_001}, "text has 4,002 bytes"),
    "half a character": (message(text="lone \ud83d"), "text has half a character"),
    "unescaped <": (message(text="a < b"), "text has a < that is not escaped"),
    "unescaped >": (message(text="a > b"), "text has a > that is not escaped"),
    "unescaped &": (message(text="a & b"), "text has an & that is not escaped"),
    "here": (message(text="<!here>"), "text has <!here>, which pings a crowd"),
    "everyone": (message(text="<!everyone>"), "text has <!everyone>, which pings a crowd"),
    "channel": (message(text="<!channel|x>"), "text has <!channel|x>, which pings a crowd"),
    "a group": (message(text="<!subteam^S01>"), "text has <!subteam^S01>, which pings a crowd"),
    "a script": (message(text="<javascript:x|y>"), "text has <javascript:x|y>, which is none of the tokens"),
    "no fallback": (message(text="<!date^1^{date}>"), "text has <!date^1^{date}>, which is none of the tokens"),
    "marks without blocks": ({"channel": "C01", "text": "a *b* c"}, "text has '*b*', which Slack formats"),
    "a quotation": ({"channel": "C01", "text": "&gt; b"}, "text has '&gt; b', which Slack formats"),
    "51 blocks": (message(*[{"type": "divider"}] * 51), "blocks has 51 items"),
    "a null block": (message(None), "blocks[0] is null"),
    "no list": (message() | {"blocks": {}}, "blocks is an object"),
    "an unknown block": (message({"type": "carousel", "elements": []}), "blocks[0].type is 'carousel'"),
    "markdown": (message({"type": "markdown", "text": "**x**"}), "blocks[0] is markdown"),
    "an unknown property": (message({"type": "divider", "size": 2}), "blocks[0].size is a property"),
    "a null property": (message({"type": "divider", "block_id": None}), "blocks[0].block_id is null"),
    "an unknown argument": (message(colour="red"), "colour is an argument"),
    "attachments": (message(attachments=[]), "attachments are Slack's legacy"),
    "link_names": (message(link_names=True), "link_names would turn names"),
    "parse full": (message(parse="full"), "parse is 'full'"),
    "no channel id": (message(channel="#general"), "channel is '#general'"),
    "metadata without payload": (message(metadata={"event_type": "x"}), "metadata has no event_payload"),
    "a payload in words": (
        message(metadata={"event_type": "x", "event_payload": "k"}),
        "metadata.event_payload is not an object",
    ),
    "two of a block_id": (
        message({"type": "divider", "block_id": "a"}, {"type": "divider", "block_id": "a"}),
        "blocks has the block_id 'a' more than once",
    ),
    "a long block_id": (message({"type": "divider", "block_id": "x" * 256}), "blocks[0].block_id has 256 characters"),
    "two of an action_id": (message(actions(button(), button())), "blocks has the action_id 'press:1' more than once"),
    "two of an action_id in two blocks": (
        message(actions(button()), section(plain("x"), accessory=button())),
        "blocks has the action_id 'press:1' more than once",
    ),
    "no action_id": (
        message(actions({"type": "button", "text": plain("x")})),
        "blocks[0].elements[0] has no action_id",
    ),
    "a long action_id": (message(actions(button("x" * 256))), "action_id has 256 characters"),
    "26 buttons": (message(actions(*[button(str(n)) for n in range(26)])), "blocks[0].elements has 26 items"),
    "no buttons": (message(actions()), "blocks[0].elements has 0 items"),
    "a long label": (message(actions(button(text=plain("x" * 76)))), "elements[0].text.text has 76 characters"),
    "an empty label": (message(actions(button(text=plain("")))), "elements[0].text.text is empty"),
    "a label with marks": (message(actions(button(text=mrkdwn("x")))), "elements[0].text.type is 'mrkdwn'"),
    "a long value": (message(actions(button(value="x" * 2001))), "elements[0].value has 2,001 characters"),
    "a colour": (message(actions(button(style="green"))), "elements[0].style is 'green'"),
    "a button to a script": (message(actions(button(url="javascript:x"))), "elements[0].url is 'javascript:x'"),
    "a long url": (message(actions(button(url="https://" + "x" * 3000))), "elements[0].url has 3,008 characters"),
    "half a confirmation": (message(actions(button(confirm={"title": plain("x")}))), "confirm has no deny"),
    "an input among actions": (message(actions(typing())), "elements[0].type is 'plain_text_input'"),
    "a select without options": (message(actions(picking("static_select"))), "has none of options, option_groups"),
    "an empty select": (message(actions(picking("static_select", options=[]))), "elements[0].options has 0 items"),
    "101 options": (
        message(actions(picking("static_select", options=[option("x", str(n)) for n in range(101)]))),
        "elements[0].options has 101 items",
    ),
    "a long option": (
        message(actions(picking("static_select", options=[option("x" * 76)]))),
        "options[0].text.text has 76 characters",
    ),
    "a long option value": (
        message(actions(picking("static_select", options=[option("x", "x" * 151)]))),
        "options[0].value has 151 characters",
    ),
    "two options of one value": (
        message(actions(picking("static_select", options=[option("a"), option("b")]))),
        "blocks[0].elements[0] offers the value '1' more than once",
    ),
    "a beginning that is not offered": (
        message(actions(picking("static_select", options=[option()], initial_option=option("x", "2")))),
        "which it does not offer",
    ),
    "a long placeholder": (
        message(actions(picking("static_select", options=[option()], placeholder=plain("x" * 151)))),
        "placeholder.text has 151 characters",
    ),
    "a menu of six": (
        message(actions(picking("overflow", options=[option("x", str(n)) for n in range(6)]))),
        "elements[0].options has 6 items",
    ),
    "focus in a message": (
        message(actions(picking("static_select", options=[option()], focus_on_load=True))),
        "focus_on_load is set, and a message takes no focus",
    ),
    "an alert": (message({"type": "alert", "text": plain("x")}), "which a message does not show"),
    "a file input": (message(asking(picking("file_input"))), "which a message does not allow"),
    "a long header": (message({"type": "header", "text": plain("x" * 151)}), "blocks[0].text.text has 151 characters"),
    "an empty section": (message({"type": "section"}), "blocks[0] has none of text, fields"),
    "a long section": (message(section(plain("x" * 3001))), "blocks[0].text.text has 3,001 characters"),
    "a long field": (message({"type": "section", "fields": [plain("x" * 2001)]}), "fields[0].text has 2,001"),
    "11 fields": (message({"type": "section", "fields": [plain("x")] * 11}), "blocks[0].fields has 11 items"),
    "bold": (message(section(mrkdwn("a *b* c"))), "blocks[0].text.text has '*b*', which Slack formats"),
    "italic": (message(section(mrkdwn("_b_"))), "has '_b_', which Slack formats"),
    "struck out": (message(section(mrkdwn("~b~"))), "has '~b~', which Slack formats"),
    "code": (message(section(mrkdwn("`b`"))), "has '`b`', which Slack formats"),
    "bold, verbatim": (message(section(mrkdwn("*b*", verbatim=True))), "has '*b*', which Slack formats"),
    "an address": (message(section(mrkdwn("see www.a.example"))), "turns into a link"),
    "a name of the web": (message(section(mrkdwn("see jess.com"))), "has 'jess.com', which Slack turns into a link"),
    "a mail address": (message(section(mrkdwn("a@b.org"))), "has 'a@b.org', which Slack turns into a link"),
    "a mention in words": (message(section(mrkdwn("hi @here"))), "has '@here', which Slack turns into a link"),
    "a ping in mrkdwn": (message(section(mrkdwn("<!here>"))), "has <!here>, which pings a crowd"),
    "11 notes": (message({"type": "context", "elements": [plain("x")] * 11}), "blocks[0].elements has 11 items"),
    "a picture without words": (message({"type": "image", "image_url": "https://a.example"}), "has no alt_text"),
    "a picture without source": (message({"type": "image", "alt_text": "x"}), "has none of image_url, slack_file"),
    "a picture from two sources": (
        message({**PICTURE, "slack_file": {"id": "F01"}}),
        "has image_url and slack_file of image_url, slack_file",
    ),
    "empty words": (message(rich(words(""))), "elements[0].elements[0].text is empty"),
    "no words": (message(rich()), "blocks[0].elements[0].elements has 0 items"),
    "a broadcast": (message(rich({"type": "broadcast", "range": "here"})), "is a broadcast"),
    "a user group": (message(rich({"type": "usergroup", "usergroup_id": "S01"})), "is a user group"),
    "a team": (message(rich({"type": "team", "team_id": "T01"})), "is a whole team"),
    "an account by name": (message(rich({"type": "user", "user_id": "ana"})), "user_id is 'ana'"),
    "a channel by name": (message(rich({"type": "channel", "channel_id": "general"})), "channel_id is 'general'"),
    "a link to a script": (message(rich({"type": "link", "url": "javascript:x"})), "url is 'javascript:x'"),
    "a date in words": (message(rich({**DATE, "timestamp": "1"})), "timestamp is text"),
    "an unknown token": (message(rich({**DATE, "format": "{year}"})), "format is '{year}'"),
    "a date without fallback": (
        message(rich({name: value for name, value in DATE.items() if name != "fallback"})),
        "has no fallback",
    ),
    "an unknown part": (message(rich({"type": "sparkle"})), "elements[0].elements[0].type is 'sparkle'"),
    "an unknown style": (message(rich({**words("x"), "style": {"loud": True}})), "style.loud is a property"),
    "two tables": (message(table([cell("x")]), table([cell("x")])), "blocks has more than one table"),
    "101 rows": (message(table(*[[cell("x")]] * 101)), "blocks[0].rows has 101 items"),
    "21 cells": (message(table([cell("x")] * 21)), "blocks[0].rows[0] has 21 items"),
    "ragged rows": (message(table([cell("x")], [cell("x")] * 2)), "has rows of different lengths"),
    "an empty cell": (message(table([cell("")])), "rows[0][0].text is empty"),
    "a cell with marks": (message(table([mrkdwn("x")])), "rows[0][0].type is 'mrkdwn'"),
    "a full table": (message(table([cell("x" * 5001)] * 2)), "has 10,002 characters in its cells"),
    "too much in all": (message(*[section(plain("x" * 2950))] * 4), "blocks weigh 12,200 characters"),
}


@pytest.mark.parametrize("fault", FAULTY_MESSAGES)
def test_every_fault_of_a_message_is_found(fault: str) -> None:
    """A message with one planted fault gets the complaint that names it."""
    payload, complaint = FAULTY_MESSAGES[fault]
    found = check_message(payload)
    assert any(complaint in each for each in found), found


FAULTY_VIEWS: dict[str, tuple[Block, str]] = {
    "a dialog": ({"type": "dialog"}, "view.type is 'dialog'"),
    "no title": ({"type": "modal", "blocks": [{"type": "divider"}]}, "view has no title"),
    "a long title": (modal({"type": "divider"}, title=plain("x" * 25)), "view.title.text has 25 characters"),
    "a long submit": (modal({"type": "divider"}, submit=plain("x" * 25)), "view.submit.text has 25 characters"),
    "a long close": (modal({"type": "divider"}, close=plain("x" * 25)), "view.close.text has 25 characters"),
    "no blocks": (modal(), "view.blocks has 0 items"),
    "101 blocks": (modal(*[{"type": "divider"}] * 101), "view.blocks has 101 items"),
    "long metadata": (modal({"type": "divider"}, private_metadata="x" * 3001), "private_metadata has 3,001"),
    "a long callback_id": (modal({"type": "divider"}, callback_id="x" * 256), "view.callback_id has 256"),
    "a long external_id": (modal({"type": "divider"}, external_id="x" * 256), "view.external_id has 256"),
    "an unknown property": (modal({"type": "divider"}, icon="x"), "view.icon is a property"),
    "an input without submit": (
        {"type": "modal", "title": plain("x"), "blocks": [asking(typing())]},
        "view has an input and no submit",
    ),
    "a table in a modal": (modal(table([cell("x")])), "which a modal does not show"),
    "a table at home": ({"type": "home", "blocks": [table([cell("x")])]}, "which a home does not show"),
    "a title at home": ({**HOME, "title": plain("x")}, "view.title is a property"),
    "a file input at home": ({"type": "home", "blocks": [asking(picking("file_input"))]}, "a home does not allow"),
    "250 KB": (modal(*[section(plain("ä" * 3000))] * 50), "bytes, and 250,000 are allowed"),
    "two with focus": (
        modal(asking(typing(focus_on_load=True)), asking(typing(focus_on_load=True, action_id="b"), block_id="b")),
        "more than one element with focus_on_load",
    ),
    "a long label": (modal(asking(typing(), label=plain("x" * 2001))), "label.text has 2,001 characters"),
    "a long hint": (modal(asking(typing(), hint=plain("x" * 2001))), "hint.text has 2,001 characters"),
    "no element": (modal({"type": "input", "label": plain("x")}), "view.blocks[0] has no element"),
    "a button as input": (modal(asking(button())), "element.type is 'button'"),
    "a long beginning": (modal(asking(typing(initial_value="x" * 11, max_length=10))), "and max_length is 10"),
    "lengths that cross": (modal(asking(typing(min_length=5, max_length=2))), "at least 5 and at most 2"),
    "a length over 3,000": (modal(asking(typing(max_length=4000))), "max_length is 4000"),
    "a day in words": (modal(asking(picking("datepicker", initial_date="today"))), "initial_date is 'today'"),
    "11 boxes": (
        modal(asking(picking("checkboxes", options=[option("x", str(n)) for n in range(11)]))),
        "options has 11 items",
    ),
    "no beginning": (modal(asking(picking("multi_external_select", initial_options=[]))), "initial_options has 0"),
    "11 files": (modal(asking(picking("file_input", max_files=11))), "max_files is 11"),
    "no file types": (modal(asking(picking("file_input", filetypes=[]))), "filetypes has 0 items"),
    "a file that dispatches": (
        modal(asking(picking("file_input"), dispatch_action=True)),
        "which a file_input does not allow",
    ),
    "a filter of nothing": (modal(asking(picking("conversations_select", filter={}))), "filter has none of include"),
    "a conversation by name": (
        modal(asking(picking("conversations_select", initial_conversation="#a"))),
        "initial_conversation is '#a'",
    ),
    "optional in words": (modal(asking(typing(), optional="yes")), "optional is text"),
}


@pytest.mark.parametrize("fault", FAULTY_VIEWS)
def test_every_fault_of_a_view_is_found(fault: str) -> None:
    """A modal or Home tab with one planted fault gets the complaint that names it."""
    view, complaint = FAULTY_VIEWS[fault]
    found = check_view(view)
    assert any(complaint in each for each in found), found


def test_literal_words_may_say_anything() -> None:
    """What rich_text and plain_text show as it stands needs no escaping, and gets no complaint."""
    hostile = "<!channel> <@U01> *b* _i_ `c` & www.a.example @here"
    assert [] == check_message(message(rich(words(hostile)), section(plain(hostile))))


def test_verbatim_words_link_nothing() -> None:
    """Verbatim mrkdwn turns no address into a link, so that it may hold one."""
    assert [] == check_message(message(section(mrkdwn("see www.a.example", verbatim=True))))


def test_a_form_travels_as_text() -> None:
    """Blocks and metadata that are still JSON text are looked into."""
    assert ["blocks[0].size is a property that Slack does not know there."] == check_message(
        {"channel": "C01", "text": "Hi", "blocks": '[{"type": "divider", "size": 1}]', "metadata": "{}"}
    )


def test_taking_a_message_away_needs_no_text() -> None:
    """`delete_original` says nothing."""
    assert [] == check_message({"delete_original": True})


ACKS: list[tuple[Block, str]] = [
    ({"response_action": "explode"}, "response_action is 'explode'"),
    ({"response_action": "errors", "errors": {}}, "response.errors names no input"),
    ({"response_action": "errors", "errors": {"who": ""}}, "response.errors.who is empty"),
    ({"response_action": "errors", "errors": {"why": "x"}}, "response.errors.why is beside no input"),
    ({"response_action": "errors"}, "response has no errors"),
    ({"response_action": "clear", "view": MODAL}, "response.view is a property"),
    ({"response_action": "update"}, "response has no view"),
    ({"response_action": "update", "view": HOME}, "which no form turns into"),
    ({"response_action": "push", "view": modal()}, "view.blocks has 0 items"),
]


@pytest.mark.parametrize(("body", "complaint"), ACKS)
def test_every_fault_of_an_acknowledgement_is_found(body: Block, complaint: str) -> None:
    """A form's acknowledgement with one planted fault gets the complaint that names it."""
    found = check_response_action(body, MODAL)
    assert any(complaint in each for each in found), found


def test_right_acknowledgements_pass() -> None:
    """Nothing at all, errors beside inputs, another view, and closing everything."""
    for body in (
        {},
        {"response_action": "clear"},
        {"response_action": "errors", "errors": {"who": "Nobody is called so."}},
        {"response_action": "update", "view": MODAL},
    ):
        assert [] == check_response_action(body, MODAL)


OFFERS: list[tuple[Block, str]] = [
    ({}, "has none of options, option_groups"),
    ({"options": [option()], "option_groups": []}, "has options and option_groups"),
    ({"options": [option("x", str(n)) for n in range(101)]}, "suggestion.options has 101 items"),
    ({"options": [option("x" * 76)]}, "text.text has 76 characters"),
    ({"options": [option(), option()]}, "offers the value '1' more than once"),
    ({"options": [{"text": mrkdwn("x"), "value": "1"}]}, "text.type is 'mrkdwn'"),
    ({"options": [option(value="")]}, "options[0].value is empty"),
    ({"option_groups": [{"options": [option()]}]}, "option_groups[0] has no label"),
]


@pytest.mark.parametrize(("body", "complaint"), OFFERS)
def test_every_fault_of_an_offer_is_found(body: Block, complaint: str) -> None:
    """What is offered for typed words gets a complaint for one planted fault."""
    found = check_options(body)
    assert any(complaint in each for each in found), found


def test_offering_nothing_is_fine() -> None:
    """Nobody of that name: an empty list."""
    assert [] == check_options({"options": []})


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for name, item in inner for place in _places(item, (*path, name)))]


def _set(payload: Any, place: tuple[Any, ...], value: Any) -> Any:
    changed = copy.deepcopy(payload)
    at = changed
    for name in place[:-1]:
        at = at[name]
    at[place[-1]] = value
    return changed


@pytest.mark.parametrize(("payload", "check"), [(MESSAGE, check_message), (MODAL, check_view), (HOME, check_view)])
@given(data=st.data())
def test_no_value_is_taken_for_granted(
    payload: Block, check: Callable[[Block], list[str]], data: st.DataObject
) -> None:
    """Whatever stands anywhere in the blocks, it is judged and nothing breaks; an unknown object is never fine."""
    place = data.draw(st.sampled_from([place for place in _places(payload["blocks"]) if place]))
    value = data.draw(st.sampled_from([None, 7, True, "", [], {}, [None], {"type": 1}, "x" * 100_000, {"odd": 1}]))
    found = check(_set(payload, ("blocks", *place), value))
    assert all(each.endswith(".") for each in found)
    if value == {"odd": 1}:
        assert found
