from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

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
from tests.platform.slack.dangers import dangers
from tests.platform.slack.entries import first_entry, inputs_of, settled
from tests.platform.slack.reading import Reader, find, read, read_date, read_parsed
from tests.story.stage import Part

NOW = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
NAMES = {"U01": "@Ana", "C01": "#team"}
READER = Reader(lambda id: NAMES.get(id, id), ZoneInfo("Europe/Berlin"), NOW)
SATURDAY = int(datetime(2026, 11, 21, 13, 3, tzinfo=UTC).timestamp())


def test_blocks_read_as_paragraphs() -> None:
    """Every block is read as a person reads it; names, dates in the reader's zone, cells side by side."""
    user, place = {"type": "user", "user_id": "U01"}, {"type": "channel", "channel_id": "C01"}
    date = {"type": "date", "timestamp": SATURDAY, "format": "{date_short} at {time}", "fallback": "x"}
    payload = message(
        {"type": "header", "text": plain("Digest")},
        rich(words("By "), user, words(" in "), place, words(", "), date),
        rich({"type": "link", "url": "https://a.example", "text": "site"}),
        section(mrkdwn("a &lt; b &amp; *c*"), fields=[plain("d")]),
        {"type": "divider"},
        {"type": "context", "elements": [plain("e"), {"type": "image", "alt_text": "f", "image_url": "https://a.b"}]},
        {"type": "image", "alt_text": "A curve", "image_url": "https://a.example"},
        table([cell("Name"), cell("Days")], [rich(words("Jess")), {"type": "raw_number", "value": 3}]),
        asking(typing(), hint=plain("A name")),
    )
    assert (
        Part("Digest"),
        Part("By @Ana in #team, Nov 21, 2026 at 14:03"),
        Part("site"),
        Part("a < b & c"),
        Part("d"),
        Part("e f"),
        Part("A curve"),
        Part("Name | Days"),
        Part("Jess | 3"),
        Part("Who\nA name"),
    ) == read(payload, READER)


def test_buttons_belong_to_the_paragraph_above() -> None:
    """Labels of buttons, selects and every item of a menu; a second row of buttons has no paragraph."""
    menu = picking("overflow", options=[option("Pause", "1"), option("Archive", "2")])
    select = picking("static_select", options=[option()], placeholder=plain("Snooze"))
    payload = message(
        rich(words("Jess")),
        actions(button(), menu, select),
        actions(button("press:2")),
        section(plain("Sam"), accessory=button("press:3")),
    )
    assert (
        Part("Jess", ("Undo", "Pause", "Archive", "Snooze")),
        Part("", ("Undo",)),
        Part("Sam", ("Undo",)),
    ) == read(payload, READER)


def test_what_is_pressed_is_found_by_label_and_paragraph() -> None:
    """The whole label goes before its beginning, and `beside` names the paragraph; else LookupError."""
    payload = message(
        rich(words("Jess")),
        actions(button("a", text=plain("Undo it")), button("b")),
        rich(words("Sam")),
        actions(button("c")),
    )
    assert "b" == find(payload, "Undo", READER).element["action_id"]
    assert "a" == find(payload, "Undo i", READER).element["action_id"]
    assert "c" == find(payload, "Undo", READER, beside="Sam").element["action_id"]
    with pytest.raises(LookupError, match="Save"):
        find(payload, "Save", READER)


def test_a_message_without_blocks_reads_as_its_text() -> None:
    """Tokens by name, escapes undone."""
    text = f"<@U01> in <#C01|x>: &lt;b&gt; <https://a.example|site> <!date^{SATURDAY}^{{date_num}}|x> <!here>"
    assert "@Ana in #team: <b> site 2026-11-21 @here" == read_parsed(text, READER)
    assert (Part("*"),) == read({"text": "*"}, READER)


@pytest.mark.parametrize(
    ("pattern", "shown"),
    [
        ("{date_num}", "2026-11-22"),
        ("{date_slash}", "22/11/2026"),
        ("{date_short}", "Nov 22, 2026"),
        ("{date_long}", "Sunday, November 22, 2026"),
        ("{date_long_full}", "November 22, 2026"),
        ("{date}", "November 22"),
        # The reader's Monday has begun while it is still Sunday in UTC.
        ("{date_short_pretty} at {time}", "yesterday at 00:30"),
        ("{time_secs}", "00:30:00"),
    ],
)
def test_dates_read_as_slack_words_them(pattern: str, shown: str) -> None:
    """Each of Slack's tokens, on the reader's calendar."""
    assert shown == read_date(int(datetime(2026, 11, 21, 23, 30, tzinfo=UTC).timestamp()), pattern, READER)


def test_a_story_may_word_its_moments() -> None:
    """With `moment`, what Slack would say depends on no day."""
    told = Reader(READER.names, READER.zone, NOW, moment=lambda moment: f"{moment:%H:%M}")
    assert "14:03" == read_date(SATURDAY, "{date_short_pretty} at {time}", told)


def test_inputs_hold_what_they_begin_with() -> None:
    """Untouched inputs hold their beginnings, in the core's words; what was typed stays."""
    view = modal(
        asking(typing(initial_value="jess"), block_id="a"),
        asking(
            picking("multi_external_select", initial_options=[option("J", "jess"), option("S", "sam")]), block_id="b"
        ),
        asking(picking("conversations_select", initial_conversation="C01"), block_id="c"),
        asking(picking("datepicker"), block_id="d"),
        asking(picking("file_input"), block_id="e"),
    )
    typed: dict[str, Any] = {"a": {"who": {"type": "plain_text_input", "value": "sam"}}}
    assert {"a": "sam", "b": "jess, sam", "c": "#C01", "d": "", "e": ""} == inputs_of(view, typed)
    assert "jess" == settled(view["blocks"], {})["a"]["who"]["value"]
    # Somebody emptied it: that is not untouched.
    emptied: dict[str, Any] = {"a": {"who": {"type": "plain_text_input", "value": None}}}
    assert emptied["a"] == settled(view["blocks"], emptied)["a"]


def test_an_input_of_another_kind_begins_anew() -> None:
    """What a select held is nothing to a calendar of the same name."""
    view = modal(asking(picking("datepicker", initial_date="2026-11-22")))
    before = {"who": {"who": first_entry(typing(initial_value="x"))}}
    assert "2026-11-22" == settled(view["blocks"], before)["who"]["who"]["selected_date"]


DANGEROUS: list[tuple[Block, str]] = [
    ({"text": "hi <!channel>"}, "'!channel' pings."),
    ({"text": "<@U09>"}, "'U09' pings."),
    ({"text": "see <https://evil.example|x>"}, "'https://evil.example' links."),
    ({"text": "a *b* c"}, "'*b*' formats."),
    (message(section(mrkdwn("_b_"))), "'_b_' formats."),
    (message(section(mrkdwn("evil.com"))), "'evil.com' links."),
    (message(rich({"type": "user", "user_id": "U09"})), "'U09' pings."),
    (message(rich({"type": "channel", "channel_id": "C09"})), "'C09' pings."),
    (message(rich({"type": "broadcast", "range": "here"})), "'@here' pings."),
    (message(rich({"type": "link", "url": "https://evil.example"})), "'https://evil.example' links."),
    (message(rich({**words("b"), "style": {"bold": True}})), "'b' formats."),
    (message(table([rich({**words("b"), "style": {"code": True}})])), "'b' formats."),
    (message(actions(button(url="https://evil.example"))), "'https://evil.example' links."),
    (message({"type": "markdown", "text": "**b**"}), "'**b**' formats."),
]


@pytest.mark.parametrize(("payload", "sentence"), DANGEROUS)
def test_every_danger_is_named(payload: Block, sentence: str) -> None:
    """What pings, formats or links is named, and is fine where we meant it."""
    assert [sentence] == dangers(payload, [])
    run = sentence.partition("'")[2].rpartition("'")[0]
    assert [] == dangers(payload, [f"as we say: {run}!"])


def test_literal_words_are_no_danger() -> None:
    """Whatever stands in literal words does nothing."""
    hostile = "<!channel> <@U01> *b* `c` https://evil.example"
    assert [] == dangers(message(rich(words(hostile)), section(plain(hostile)), actions(button(text=plain("*b*")))), [])
