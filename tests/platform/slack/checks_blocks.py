"""Slack's blocks and the parts of rich text as rules: what there is, how much fits in, and what we keep out.

Limits are those of docs.slack.dev/reference/block-kit/blocks. Blocks that the app has no use for are not known here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.platform.slack.checks_elements import (
    ACCESSORIES,
    ACCOUNT,
    ID,
    IMAGE,
    IMAGE_SOURCE,
    OF_ACTIONS,
    OF_INPUT,
    PLACE,
    either,
    mrkdwn,
    plain,
)
from tests.platform.slack.checks_rules import (
    Rule,
    among,
    at_least_one,
    both,
    exactly_one,
    flag,
    forbidden,
    kinds,
    like,
    many,
    number,
    record,
    typed,
    web,
    whole,
    words,
)

TABLE_CHARACTERS = 10_000
"""In all cells of a table together."""


def _no_nothing(path: str, text: Any) -> Iterator[str]:
    if text == "":
        yield f"{path} is empty."


_STYLE = record(
    {},
    dict.fromkeys(("bold", "italic", "strike", "underline", "code", "highlight", "client_highlight", "unlink"), flag),
)
_STYLED: dict[str, Rule] = {"style": _STYLE}
_DATE_FORMAT = like(
    r"(?=.*\{)([^{}]|\{(date_num|date_slash|date_long|date_long_full|date_long_pretty|date|date_pretty|date_short"
    r"|date_short_pretty|day_divider_pretty|time|time_secs|ago)\})*",
    "a format with tokens that Slack knows",
)
_LEAVES: dict[str, Rule] = {
    # Blanks between two other leaves are words too.
    "text": typed("text", {"text": both(words(10**6, least=0), _no_nothing)}, _STYLED),
    "link": typed("link", {"url": web}, {"text": words(3000), "unsafe": flag, **_STYLED}),
    "user": typed("user", {"user_id": ACCOUNT}, _STYLED),
    "channel": typed("channel", {"channel_id": PLACE}, _STYLED),
    "date": typed(
        "date",
        {"timestamp": whole(0, 10**11), "format": _DATE_FORMAT, "fallback": words(1000)},
        {"url": web, "timezone": words(100), **_STYLED},
    ),
    "emoji": typed("emoji", {"name": words(100)}, {"unicode": words(100), "skin_tone": whole(1, 6), **_STYLED}),
    "broadcast": forbidden("is a broadcast, and we never ping a crowd"),
    "usergroup": forbidden("is a user group, and we never ping a crowd"),
    "team": forbidden("is a whole team, and we never ping a crowd"),
}
_LEAF = kinds("a part of a text", _LEAVES)
_SECTION_OF_TEXT = typed("rich_text_section", {"elements": many(_LEAF, 1, 1000)})
RICH_TEXT = typed(
    "rich_text",
    {
        "elements": many(
            kinds(
                "a paragraph",
                {
                    "rich_text_section": _SECTION_OF_TEXT,
                    "rich_text_list": typed(
                        "rich_text_list",
                        {"style": among("bullet", "ordered"), "elements": many(_SECTION_OF_TEXT, 1, 1000)},
                        {"indent": whole(0, 8), "offset": whole(0, 1000), "border": whole(0, 1)},
                    ),
                    "rich_text_quote": typed(
                        "rich_text_quote", {"elements": many(_LEAF, 1, 1000)}, {"border": whole(0, 1)}
                    ),
                    "rich_text_preformatted": typed(
                        "rich_text_preformatted",
                        {"elements": many(_LEAF, 1, 1000)},
                        {"border": whole(0, 1), "language": words(100)},
                    ),
                },
            ),
            1,
            1000,
        )
    },
    {"block_id": ID},
)


def _null_or(rule: Rule) -> Rule:
    def either_way(path: str, value: Any) -> Iterator[str]:
        if value is not None:
            yield from rule(path, value)

    return either_way


def _check_table(path: str, table: Any) -> Iterator[str]:
    """Rows of different lengths, and more words than a table holds."""
    rows = table.get("rows") if isinstance(table, Mapping) else None
    if not isinstance(rows, list | tuple) or not all(isinstance(row, list | tuple) for row in rows):
        return
    if len({len(row) for row in rows}) > 1:
        yield f"{path}.rows has rows of different lengths."
    if (count := sum(characters(cell) for row in rows for cell in row)) > TABLE_CHARACTERS:
        yield f"{path} has {count:,} characters in its cells, and {TABLE_CHARACTERS:,} are allowed."


def characters(block: Any) -> int:
    """How many characters of a block are shown: every text, label, fallback and description in it."""
    if isinstance(block, Mapping):
        shown = ("text", "fallback", "alt_text")
        own = sum(len(block[name]) for name in shown if isinstance(block.get(name), str))
        return own + sum(characters(value) for value in block.values() if not isinstance(value, str))
    return sum(characters(item) for item in block) if isinstance(block, list | tuple) else 0


_CELL = kinds(
    "a cell",
    {
        "raw_text": typed("raw_text", {"text": words(TABLE_CHARACTERS)}),
        "raw_number": typed("raw_number", {"value": number}, {"text": words(TABLE_CHARACTERS)}),
        "rich_text": RICH_TEXT,
    },
)
_NAMED: dict[str, Rule] = {"block_id": ID}


def _check_dispatching_file(path: str, block: Any) -> Iterator[str]:
    element = block.get("element") if isinstance(block, Mapping) else None
    if isinstance(element, Mapping) and element.get("type") == "file_input" and block.get("dispatch_action"):
        yield f"{path}.dispatch_action is set, which a file_input does not allow."


BLOCKS: dict[str, Rule] = {
    "actions": typed("actions", {"elements": many(kinds("an element of actions", OF_ACTIONS), 1, 25)}, _NAMED),
    "alert": typed(
        "alert", {"text": either(3000)}, {"level": among("default", "info", "warning", "error", "success"), **_NAMED}
    ),
    "context": typed(
        "context",
        {
            "elements": many(
                kinds("an element of context", {"image": IMAGE, "plain_text": plain(3000), "mrkdwn": mrkdwn(3000)}),
                1,
                10,
            )
        },
        _NAMED,
    ),
    "divider": typed("divider", {}, _NAMED),
    "header": typed("header", {"text": plain(150)}, {"level": whole(1, 6), **_NAMED}),
    "image": both(
        typed("image", {"alt_text": words(2000)}, {**IMAGE_SOURCE, "title": plain(2000), **_NAMED}),
        exactly_one("image_url", "slack_file"),
    ),
    "input": both(
        typed(
            "input",
            {"label": plain(2000), "element": kinds("an element of input", OF_INPUT)},
            {"hint": plain(2000), "optional": flag, "dispatch_action": flag, **_NAMED},
        ),
        _check_dispatching_file,
    ),
    "markdown": forbidden("is markdown, which formats and links what people wrote"),
    "rich_text": RICH_TEXT,
    "section": both(
        typed(
            "section",
            {},
            {
                "text": either(3000),
                "fields": many(either(2000), 1, 10),
                "accessory": kinds("an accessory", ACCESSORIES),
                "expand": flag,
                **_NAMED,
            },
        ),
        at_least_one("text", "fields"),
    ),
    "table": both(
        typed(
            "table",
            {"rows": many(many(_CELL, 1, 20), 1, 100)},
            {
                "column_settings": many(
                    _null_or(record({}, {"align": among("left", "center", "right"), "is_wrapped": flag})), 1, 20
                ),
                **_NAMED,
            },
        ),
        _check_table,
    ),
}
