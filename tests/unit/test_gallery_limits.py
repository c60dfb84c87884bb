"""Everything the product says fits the platforms, so that no renderer has to drop what can be pressed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.reply import (
    CALLBACK_LIMIT,
    FORM_TITLE_LIMIT,
    INPUT_HINT_LIMIT,
    INPUT_LABEL_LIMIT,
    OPTION_LIMIT,
    SECTION_LIMIT,
    Actions,
    Answer,
    Button,
    Callback,
    Divider,
    Fields,
    Form,
    LinkButton,
    Option,
    Reply,
    Select,
    Table,
    Text,
    callback,
    say,
    spans,
)
from tests.gallery_product import NAMES, specimen

COMPONENTS = 40
"""What one Discord message holds, texts, rows, buttons, selects and separators counted."""

BUTTONS_A_ROW = 5


def components(reply: Reply) -> int:
    """The parts of a reply as Discord counts them: up to five buttons share a row, a select has one to itself."""
    total = 0
    for block in reply.blocks:
        if isinstance(block, Actions):
            buttons = sum(isinstance(item, Button | LinkButton) for item in block.all)
            selects = len(block.all) - buttons
            total += len(block.all) + selects + -(-buttons // BUTTONS_A_ROW)
        else:
            total += 1
    return total


def callbacks(answer: Answer) -> Iterator[Callback]:
    """Everything that can be pressed, as it would travel."""
    for block in answer.blocks if isinstance(answer, Reply) else ():
        for item in block.all if isinstance(block, Actions) else ():
            if isinstance(item, Button | Select):
                yield item.callback


def texts(answer: Answer) -> Iterator[Text]:
    """Every sentence of an answer."""
    if isinstance(answer, Form):
        yield from [answer.about] if answer.about else []
        return
    for block in answer.blocks:
        match block:
            case Text():
                yield block
            case Fields():
                yield from (text for _, text in block.rows)
            case Table():
                yield from (cell for row in block.rows for cell in row)


@pytest.mark.parametrize("name", NAMES)
def test_it_fits_every_platform(name: str) -> None:
    """Callbacks travel and come back the same; options, sections, titles, labels and parts stay within the limits."""
    answer = specimen(name).answer
    for pressed in callbacks(answer):
        encoded = pressed.encode()
        assert len(encoded) <= CALLBACK_LIMIT
        assert pressed == Callback.decode(encoded)
    if isinstance(answer, Reply):
        assert components(answer) <= COMPONENTS
        selects = [item for block in answer.blocks if isinstance(block, Actions) for item in block.all]
        assert all(len(item.options) <= OPTION_LIMIT for item in selects if isinstance(item, Select))
        return
    assert len(answer.title) <= FORM_TITLE_LIMIT
    assert not answer.title.endswith("…"), "a form of ours has a title that fits"
    for section in answer.sections:
        assert len(section.inputs) <= SECTION_LIMIT
        assert len(section.title) <= FORM_TITLE_LIMIT
    for field in answer.inputs:
        assert len(field.label) <= INPUT_LABEL_LIMIT
        assert len(field.hint) <= INPUT_HINT_LIMIT
        assert len(field.options) <= OPTION_LIMIT
        assert len(field.value) <= field.limit, "what an input is filled with can be sent back"


@pytest.mark.parametrize("name", NAMES)
def test_no_slot_is_empty(name: str) -> None:
    """A slot without words would leave a hole in its sentence; what can be left out is a Text of its own."""
    for text in texts(specimen(name).answer):
        assert all(span.value != "" for span in spans(text))


def test_the_parts_of_a_reply_are_counted_as_discord_does() -> None:
    """A text, a row with five buttons, a row with the sixth, and a row with a select: eleven."""
    buttons = tuple(Button(str(number), callback("help")) for number in range(6))
    select = Select("Which", "verb", (Option("log", "log"),), callback("help"))
    reply = Reply(blocks=(say("Hello."), Actions((*buttons, select)), Divider()))
    assert 1 + (2 + 6) + (1 + 1) + 1 == components(reply)
