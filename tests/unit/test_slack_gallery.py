"""Everything that is ever said is something that Slack takes, on every surface, and does nothing that nobody meant."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.back import Back, Meta
from adapters.slack.forms import draw_form, values
from adapters.slack.render import Surface, draw_reply, saying
from adapters.slack.rich import href
from bot.reply import (
    Action,
    Actions,
    Answer,
    Block,
    Button,
    Divider,
    Fields,
    File,
    Form,
    Image,
    LinkButton,
    Option,
    Reply,
    Select,
    Style,
    Table,
    Text,
    Who,
    callback,
    say,
)
from tests.gallery import GALLERY
from tests.gallery_product import NAMES, specimen
from tests.platform.slack.active import active
from tests.platform.slack.checks import check_message, check_view
from tests.platform.slack.entries import settled

META = Meta("log", "drf_1", Back("T01", "C01"))
SHAPES = [pytest.param(one.answer, id=one.name) for one in GALLERY]


def payload(reply: Reply, surface: Surface) -> tuple[dict[str, Any], list[str]]:
    """What a surface is sent, and what is wrong with it."""
    drawn = draw_reply(reply, surface, "T01")
    match surface:
        case Surface.MESSAGE:
            message = {"text": drawn.text, "blocks": list(drawn.blocks)}
            return message, check_message(message)
        case Surface.MODAL:
            modal = saying("Rapport", drawn, META)
            return modal, check_view(modal)
        case Surface.HOME:
            home = {"type": "home", "blocks": list(drawn.blocks)}
            return home, check_view(home)


def pressed(answer: Reply) -> list[str]:
    """The labels of everything that can be pressed, menus included, but links that lead nowhere."""
    return [
        item.label
        for block in answer.blocks
        if isinstance(block, Actions)
        for item in block.all
        if not isinstance(item, LinkButton) or href(item.url)
    ]


def offered(blocks: Any) -> Iterator[Any]:
    """Every button, select and option of a menu in blocks."""
    for block in blocks:
        for element in block["elements"] if block["type"] == "actions" else ():
            yield from element["options"] if element["type"] == "overflow" else [element]


def hold(answer: Answer) -> None:
    """Asserts that Slack takes an answer wherever it can appear, with all that can be pressed and nothing active."""
    if isinstance(answer, Form):
        modal = draw_form(answer, META)
        assert [] == check_view(modal)
        assert [] == active(modal, answer)
        assert {field.name for field in answer.inputs} == dict(values({**modal, "state": {"values": {}}})).keys()
        return
    for surface in Surface:
        sent, complaints = payload(answer, surface)
        assert [] == complaints
        assert [] == active(sent, answer)
        assert len(pressed(answer)) == len(list(offered(sent["blocks"])))


@pytest.mark.parametrize("answer", SHAPES)
def test_slack_takes_every_shape(answer: Answer) -> None:
    """Ordinary, at worst size and with hostile words: nothing is refused, lost, linked, formatted or pinged."""
    hold(answer)


@pytest.mark.parametrize("name", NAMES)
def test_slack_takes_everything_the_product_says(name: str) -> None:
    """Each answer of the real verbs, on an ordinary roster, a full one and one full of hostile words."""
    hold(specimen(name).answer)


@pytest.mark.parametrize("name", [name for name in NAMES if "form" in name or "errors" in name])
def test_every_form_comes_back_as_it_was_opened(name: str) -> None:
    """Sent without a change, each form of the product holds what it was filled with."""
    answer = specimen(name).answer
    if isinstance(answer, Form):
        view = draw_form(answer, META)
        sent = {**view, "state": {"values": settled(view["blocks"], {})}}
        assert tuple((field.name, field.value) for field in answer.inputs) == values(sent)


WORDS = (
    st.text(max_size=30)
    | st.integers(0, 1_000).map(lambda count: "Jess é" * count)
    | st.sampled_from(["<!channel>", "*b*", "https://a.example", ""])
)
TEXTS = st.builds(
    lambda words, who, n: say("**{w}** by {who}: {n}", w=words, who=Who(who), n=n), WORDS, WORDS, st.integers()
)
OPTIONS = st.lists(st.builds(Option, WORDS, WORDS), min_size=1, max_size=6).map(tuple)
ACTIONS: st.SearchStrategy[Action] = st.one_of(
    st.builds(Button, WORDS, st.just(callback("undo", change="chg_1")), st.sampled_from(Style)),
    st.builds(LinkButton, WORDS, WORDS),
    st.builds(Select, WORDS, st.just("who"), OPTIONS, st.just(callback("pick"))),
)
BUTTONS = st.lists(st.builds(Button, WORDS, st.just(callback("edit"))), max_size=8).map(tuple)
BLOCKS: st.SearchStrategy[Block] = st.one_of(
    TEXTS,
    st.builds(Fields, st.lists(st.tuples(WORDS, TEXTS), min_size=1, max_size=9).map(tuple)),
    st.lists(st.tuples(TEXTS, TEXTS), max_size=9).map(lambda rows: Table(("A", "B"), tuple(rows))),
    st.builds(Image, WORDS, st.just(b""), WORDS),
    st.builds(File, WORDS, st.just(b""), WORDS),
    st.just(Divider()),
    st.builds(Actions, st.lists(ACTIONS, max_size=9).map(tuple), BUTTONS),
)


@given(TEXTS, st.lists(BLOCKS, max_size=12), st.sampled_from(Surface))
def test_slack_takes_whatever_can_be_said(first: Text, blocks: list[Block], surface: Surface) -> None:
    """Any parts in any order with any words in them are a payload that Slack does not refuse."""
    assert [] == payload(Reply(blocks=(first, *blocks)), surface)[1]
