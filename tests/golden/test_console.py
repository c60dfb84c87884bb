"""What the console makes of the gallery; a changed file is reviewed like code."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

import pytest
from syrupy.assertion import SnapshotAssertion

from adapters.console.files import safe_name, size
from adapters.console.forms import draw_form, draw_head
from adapters.console.render import Kept, Look, draw_reply
from bot.reply import Answer, File, Form, Image
from tests.gallery import GALLERY, Specimen
from tests.golden.files import TextFile

PLAIN = Look(80, colour=False, zone=ZoneInfo("Europe/Berlin"))
CARD = Look(100, colour=True, zone=ZoneInfo("Europe/Berlin"))


@pytest.fixture
def golden(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """The files beside this test."""
    return snapshot.use_extension(TextFile)


def draw(answer: Answer, look: Look) -> str:
    """The specimen as the console would show it, with its files kept."""
    if isinstance(answer, Form):
        return draw_form(answer, look)
    contents = [
        (block.name, block.png if isinstance(block, Image) else block.content)
        for block in answer.blocks
        if isinstance(block, Image | File)
    ]
    kept = tuple(Kept(f"{safe_name(name)}, {size(len(content))}") for name, content in contents)
    return draw_reply(answer, look, kept=kept)


@pytest.mark.parametrize("specimen", GALLERY, ids=lambda specimen: specimen.name)
def test_plain_lines_are_as_reviewed(specimen: Specimen, golden: SnapshotAssertion) -> None:
    """Piped, at a width of 80, every specimen is drawn as its golden file has it."""
    assert draw(specimen.answer, PLAIN) == golden


@pytest.mark.parametrize("specimen", GALLERY, ids=lambda specimen: specimen.name)
def test_cards_are_as_reviewed(specimen: Specimen, golden: SnapshotAssertion) -> None:
    """In a terminal of 100 columns every specimen is the card that its golden file has, its colours aside."""
    assert re.sub(r"\x1b\[[0-9;]*m", "", draw(specimen.answer, CARD)) == golden


def test_the_head_of_a_form_is_as_reviewed(golden: SnapshotAssertion) -> None:
    """Asked question by question, a form opens with its title and how to leave it."""
    form = next(specimen.answer for specimen in GALLERY if specimen.name == "form")
    assert isinstance(form, Form)
    assert draw_head(form, PLAIN) == golden
