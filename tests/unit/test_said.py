from __future__ import annotations

from dataclasses import dataclass

import pytest

from bot.address import Person
from bot.briefing.said import naming
from bot.reply import (
    Actions,
    Block,
    Button,
    Fields,
    File,
    Image,
    LinkButton,
    Option,
    Reply,
    Select,
    Table,
    Who,
    callback,
    join,
    say,
)
from tests.contract.records import influencer

JESS = influencer("inf_1", name="Jess Park")
SAM = influencer("inf_12", name="Sám Ode")
MAY = influencer("inf_3", name="May")
HEAD = say("Shared")


@dataclass(frozen=True)
class Case:
    """A block, and whom it names."""

    block: Block
    names: tuple[str, ...]


def _button(**args: str) -> Actions:
    return Actions((Button("Log", callback("log", **args)),))


@pytest.mark.parametrize(
    "case",
    [
        Case(say("Nobody."), ()),
        Case(say("{who}", who="Jess Park"), ("Jess Park",)),
        Case(join("\n", [say("One"), say("“{note}”", note="met JESS park’s sister")]), ("Jess Park",)),
        Case(say("{who}", who="Jess Parker"), ()),
        Case(say("{who}", who="Jess"), ()),
        Case(say("{who}", who="Sam Ode"), ("Sám Ode",)),
        Case(say("Mayor {who}", who="Maya"), ()),
        Case(say("{who}", who=Who("May", (Person("fake", "acme", "may"),))), ()),
        Case(Fields((("Who", say("{who}", who="Jess Park")),)), ("Jess Park",)),
        Case(
            Table(("Who",), ((say("{who}", who="Jess Park"),), (say("{who}", who="Sám Ode"),))),
            ("Jess Park", "Sám Ode"),
        ),
        Case(Image("picture.png", b"", "Contacts with Jess Park"), ("Jess Park",)),
        Case(File("jess park.csv", b"", "What there is"), ("Jess Park",)),
        Case(Actions((LinkButton("Open Jess Park", "https://acme.example"),)), ("Jess Park",)),
        Case(Actions((), (Button("Log Jess Park", callback("log")),)), ("Jess Park",)),
        Case(_button(who="inf_1"), ("Jess Park",)),
        Case(_button(who="inf_12"), ("Sám Ode",)),
        Case(_button(nudge="nudge:inf_1:quiet:2026-08-01"), ("Jess Park",)),
        Case(
            Actions((Select("Show…", "who", (Option("Sám", "inf_12"),), callback("show")),)),
            ("Sám Ode",),
        ),
    ],
)
def test_whom_a_reply_names(case: Case) -> None:
    """In whole words, whatever the case and the accents, or by id where a button is about them; members are nobody."""
    reply = Reply(blocks=(HEAD, case.block))
    said = naming(reply, (JESS, SAM, MAY))

    assert (reply, case.names) == (said.reply, tuple(one.name for one in said.named))
