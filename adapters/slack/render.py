"""Reply → Slack's blocks. Pure: the same reply on the same surface is always drawn the same."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from itertools import count, dropwhile, takewhile
from typing import Any, assert_never

import msgspec
from msgspec.structs import replace

from adapters.limits import and_more, clip
from adapters.safe import clean
from adapters.slack.back import Meta, encode
from adapters.slack.fitting import Piece, Written, actions, cut, in_blocks, weight
from adapters.slack.names import CHOOSE, LINK, MENU, PRESS
from adapters.slack.notices import notice
from adapters.slack.rich import EMPTY, NAME_LIMIT, VALUE_LIMIT, Element, elements, href, words
from adapters.slack.tables import ROW_LIMIT, field_elements, fits_block, table_block, table_lines
from bot.reply import (
    Action,
    Actions,
    Button,
    Divider,
    Fields,
    File,
    Image,
    LinkButton,
    Option,
    Outcome,
    Reply,
    Select,
    Style,
    Table,
    Text,
    Who,
    spans,
)

LABEL_LIMIT = 75
"""Characters on a button and in an option."""
OPTION_VALUE_LIMIT = 150
"""Characters of the value behind an option."""
PLACEHOLDER_LIMIT = 150
OPTION_LIMIT = 100
"""Options of a select."""
ABOUT_LIMIT = 1_000
"""Characters of what is said about a picture to those who don't see it."""
MENU_LIMIT = 5
"""Options of an overflow menu."""
TITLE_LIMIT = 24
"""Characters in the title and on the buttons of a modal."""

_CAPS = (
    (VALUE_LIMIT, ROW_LIMIT),
    (1_000, ROW_LIMIT),
    (300, ROW_LIMIT),
    (100, ROW_LIMIT),
    (60, 50),
    (30, 20),
    (30, 5),
)
"""To how many characters every value and to how many rows a table is cut where more would make too long a message."""


class Surface(StrEnum):
    """Where a reply is shown."""

    MESSAGE = "message"
    MODAL = "modal"
    HOME = "home"


BLOCK_LIMIT = {Surface.MESSAGE: 50, Surface.MODAL: 100, Surface.HOME: 100}

WEIGHT_LIMIT = {Surface.MESSAGE: 11_500, Surface.MODAL: 20_000, Surface.HOME: 20_000}
"""What all blocks together may weigh: their characters, and 100 for each block.

For messages Slack documents no bound and answers `msg_blocks_too_long`: 11,341 characters in 45 blocks were refused,
and so were about 13,200 in a few (slackapi/bolt-js, issues 2867 and 2509). A view holds 250 KB, and in JSON a character
takes up to 12 bytes.
"""


class Drawn(msgspec.Struct, frozen=True):
    """A reply as Slack takes it: `text` for notifications and screen readers, `blocks`, and what follows as files."""

    text: str
    blocks: tuple[dict[str, Any], ...]
    files: tuple[Image | File, ...] = ()


def draw_reply(reply: Reply, surface: Surface, workspace: str) -> Drawn:
    """A reply on a surface of a workspace, whose people are mentioned; those of others are named.

    Values are cut, on whole characters and with the count, only as far as the whole would be too long. Pictures and
    files are announced in a line; they can't stand in a private message and are sent on their own.
    """
    limit, most = BLOCK_LIMIT[surface], WEIGHT_LIMIT[surface]
    pieces: list[Piece] = []
    for cap, row_limit in _CAPS:
        pieces = list(_pieces(reply, surface, workspace, cap, row_limit))
        if weight(pieces, limit) <= most:
            break
    else:
        pieces = cut(pieces, limit, most)
    return Drawn(
        text=notice(reply, workspace),
        blocks=in_blocks(pieces, limit),
        files=tuple(_sendable(block) for block in reply.blocks if isinstance(block, Image | File)),
    )


def saying(title: str, drawn: Drawn, meta: Meta) -> dict[str, Any]:
    """A modal that shows a reply and asks nothing; `drawn` is for the surface MODAL."""
    return {
        "type": "modal",
        "callback_id": "said",
        "title": plain_text(title, TITLE_LIMIT),
        "close": plain_text("Close", TITLE_LIMIT),
        "blocks": list(drawn.blocks),
        "private_metadata": encode(meta),
    }


def subject(reply: Reply) -> str | None:
    """What a reply is about, in few words: the first that are bold, where they fit the title of a modal."""
    first = next(block for block in reply.blocks if isinstance(block, Text))
    runs = dropwhile(lambda run: not run.bold, spans(first))
    values = [run.value for run in takewhile(lambda run: run.bold, runs)]
    said = "".join(value.name if isinstance(value, Who) else str(value) for value in values).strip()
    plain = all(isinstance(value, str | int | Who) for value in values)
    return said if plain and said and len(said) <= TITLE_LIMIT and reply.outcome is Outcome.FINE else None


def plain_text(text: str, limit: int) -> dict[str, Any]:
    """Words on one line in which Slack parses nothing, not even `:emoji:`."""
    return {"type": "plain_text", "text": clip(clean(text) or EMPTY, limit), "emoji": False}


def _sendable(file: Image | File) -> Image | File:
    """The same file under a name and with words that can be sent; its ending stays."""
    stem, dot, ending = clean(file.name).rpartition(".")
    stem, ending = (stem, dot + ending) if stem and len(ending) < 10 else (clean(file.name), "")
    name = clip(stem or "file", NAME_LIMIT - len(ending)) + ending
    match file:
        case Image(alt=alt):
            return replace(file, name=name, alt=clip(clean(alt) or name, ABOUT_LIMIT))
        case File(about=about):
            return replace(file, name=name, about=clip(clean(about) or name, ABOUT_LIMIT))
        case _:
            assert_never(file)


def _pieces(reply: Reply, surface: Surface, workspace: str, cap: int, row_limit: int) -> Iterator[Piece]:
    numbers = count(1)
    has_table = surface is not Surface.MESSAGE  # Slack shows one in a message, and none in a view
    for block in reply.blocks:
        match block:
            case Table() if fits_block(block) and not has_table:
                has_table = True
                table, left_out = table_block(block, workspace, cap, row_limit)
                yield table
                yield from [Written((words(left_out),))] if left_out else []
            case Actions():
                yield from _actions(block, numbers)
            case Divider():
                yield {"type": "divider"}
            case _:
                yield Written(tuple(_words(block, workspace, cap, private=reply.private)))


def _words(block: Text | Fields | Table | Image | File, workspace: str, cap: int, *, private: bool) -> list[Element]:
    match block:
        case Text():
            return elements(block, workspace, cap)
        case Fields():
            return field_elements(block, workspace, cap)
        case Table():
            return table_lines(block, workspace, cap)
        case Image(name=name, alt=about):
            return _announced("Picture", about or name, "in a direct message" if private else "")
        case File(name=name, about=about):
            called = clip(clean(name), NAME_LIMIT)
            return _announced("File", about or name, f"{called}, in a direct message" if private else called)
        case _:
            assert_never(block)


def _announced(kind: str, about: str, how: str) -> list[Element]:
    """What is coming, and how it comes."""
    said = clip(clean(about).rstrip(".") or EMPTY, NAME_LIMIT)
    return [words(f"{kind}: ", bold=True), words(f"{said} — {how}" if how else said)]


def _actions(block: Actions, numbers: Iterator[int]) -> Iterator[Piece]:
    """Buttons and selects, then the menu of what can wait; first in words what can't be pressed in Slack."""
    # Slack knows an option by its value alone: what has the same as another one stays a button.
    distinct = {button.callback: button for button in block.more[::-1]}.values()
    menu = [button for button in block.more if any(button is one for one in distinct)][-MENU_LIMIT:]
    drawn: list[Element] = []
    notes: list[Element] = []
    for item in (*block.items, *(button for button in block.more if all(button is not one for one in menu))):
        element, note = _pressable(item, numbers)
        drawn += [element] if element else []
        notes += [words("\n"), words(note)] if note else []
    if menu:
        options = [_option(Option(button.label, button.callback.encode())) for button in menu]
        drawn.append({"type": "overflow", "action_id": f"{MENU}:{next(numbers)}", "options": options})
    if notes:
        yield Written(tuple(notes[1:]))
    yield from actions(drawn)


def _pressable(item: Action, numbers: Iterator[int]) -> tuple[Element | None, str]:
    """The element of a button or a select, and what has to be said of what it can't show."""
    number = next(numbers)
    match item:
        case Button(label=label, callback=callback, style=style):
            button: Element = {"type": "button", "text": plain_text(label, LABEL_LIMIT)}
            button["action_id"] = f"{PRESS}:{number}:{callback.encode()}"
            return button | ({} if style is Style.PLAIN else {"style": style.value}), ""
        case LinkButton(label=label, url=url):
            named = plain_text(label, LABEL_LIMIT)
            if address := href(url):
                return {"type": "button", "text": named, "action_id": f"{LINK}:{number}", "url": address}, ""
            return None, f"{named['text']}: {clip(clean(url) or EMPTY, NAME_LIMIT)}"
        case Select():
            return _select(item, number)
        case _:
            assert_never(item)


def _select(select: Select, number: int) -> tuple[Element | None, str]:
    by_value = {option.value: option for option in reversed(select.options)}
    usable = [option for option in select.options if fits_option(option.value) and by_value[option.value] is option]
    options = [_option(option) for option in usable[:OPTION_LIMIT]]
    label = plain_text(select.label, PLACEHOLDER_LIMIT)
    left_out = and_more(len(select.options) - len(options))
    note = f"{label['text']}: {left_out}" if left_out else ""
    if not options:
        return None, note
    action_id = f"{CHOOSE}:{number}:{select.argument}:{select.callback.encode()}"
    return {"type": "static_select", "action_id": action_id, "placeholder": label, "options": options}, note


def fits_option(value: str) -> bool:
    """Whether Slack takes a value behind an option, and gives it back as it is."""
    return bool(value.strip()) and len(value) <= OPTION_VALUE_LIMIT and clean(value) == value


def _option(option: Option) -> dict[str, Any]:
    return {"text": plain_text(option.label, LABEL_LIMIT), "value": option.value}
