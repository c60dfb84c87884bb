"""What Slack is sent for every shape of answer and for all that the product says; changes are reviewed like code."""

from __future__ import annotations

import json
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from adapters.slack.back import Back, Meta
from adapters.slack.forms import draw_form
from adapters.slack.render import Surface, draw_reply
from bot.reply import Answer, Form, Reply, Table
from tests.gallery import GALLERY, Specimen
from tests.gallery_product import NAMES, specimen
from tests.golden.files import JSONFile

WIDTH = 120
WITH_TABLES = [
    one
    for one in GALLERY
    if isinstance(one.answer, Reply) and any(isinstance(block, Table) for block in one.answer.blocks)
]


@pytest.fixture
def golden(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """The files beside this test."""
    return snapshot.use_extension(JSONFile)


def payload(answer: Answer, surface: Surface = Surface.MESSAGE) -> Any:
    """What Slack would be sent: a message's text and blocks and the names of what follows it, or a modal."""
    if isinstance(answer, Form):
        return draw_form(answer, Meta(answer.verb, answer.id, Back("T01", "C01")))
    drawn = draw_reply(answer, surface, "T01")
    files = {"files": [file.name for file in drawn.files]} if drawn.files else {}
    return {"text": drawn.text, "blocks": list(drawn.blocks), **files}


def readable(value: Any, indent: int = 0) -> str:
    """JSON in which whatever fits on a line stands on one."""
    line = json.dumps(value, ensure_ascii=False)
    if len(line) + indent <= WIDTH or not isinstance(value, dict | list):
        return line
    inner, outer = " " * (indent + 1), " " * indent
    if isinstance(value, dict):
        parts = [f"{inner}{json.dumps(name)}: {readable(one, indent + 1)}" for name, one in value.items()]
        return "{\n" + ",\n".join(parts) + f"\n{outer}}}"
    return "[\n" + ",\n".join(f"{inner}{readable(one, indent + 1)}" for one in value) + f"\n{outer}]"


@pytest.mark.parametrize("one", GALLERY, ids=lambda one: one.name)
def test_every_shape_is_as_reviewed(one: Specimen, golden: SnapshotAssertion) -> None:
    """As a message or a modal, every shape of answer is sent as its golden file has it."""
    assert readable(payload(one.answer)) == golden


@pytest.mark.parametrize("one", WITH_TABLES, ids=lambda one: one.name)
def test_tables_at_home_are_as_reviewed(one: Specimen, golden: SnapshotAssertion) -> None:
    """On the Home tab, which shows no tables, they are lines as the golden file has them."""
    assert readable(payload(one.answer, Surface.HOME)) == golden


@pytest.mark.parametrize("name", NAMES)
def test_what_the_product_says_is_as_reviewed(name: str, golden: SnapshotAssertion) -> None:
    """Every answer of the product is sent as its golden file has it; what Home shows, as a view."""
    scene = name.partition("-")[2]
    surface = Surface.HOME if scene == "home" or scene.startswith("home-") else Surface.MESSAGE
    assert readable(payload(specimen(name).answer, surface)) == golden
