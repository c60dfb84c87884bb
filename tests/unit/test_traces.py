from __future__ import annotations

import msgspec
import pytest

from bot.model import Handle
from storage import rows
from storage.traces import Called, Traces
from tests.contract.records import draft

CALLED = Called(name="Zoë  Park-Li", aliases=("Z!", "山田", " "), handles=(Handle("instagram", "zoe.x"),))


@pytest.mark.parametrize(
    "text",
    [
        "Zoë Park-Li",
        "zoe park-li",
        "call ZOE\nPARK-LI today",
        "“Zoë Park-Li”",
        "zoe",
        "Park",
        "li",
        "tell z! so",
        "@zoe.x",
        "https://www.instagram.com/ZOE.X?x=1",
        "山田さんに電話",
        "inf_1",
        "nudge:inf_1:quiet:2026-03-01",
        '["inf_1","tch_2"]',
    ],
)
def test_a_text_tells(text: str) -> None:
    """Ids, names, aliases and handles, and a first name alone, however they are written."""
    assert Traces(("inf_1", "tch_1"), CALLED.names).are_in(text)


@pytest.mark.parametrize(
    "text", ["", " ", "z", "zoes park-li", "call zoe", "zoe parker", "xzoe.x", "zoe.xy", "inf_10", "tch_2", "inf"]
)
def test_a_text_does_not_tell(text: str) -> None:
    """Parts of words, ids that begin alike, and a first name within a sentence are anybody's."""
    assert not Traces(("inf_1", "tch_1"), CALLED.names).are_in(text)


def test_nobody_leaves_no_traces() -> None:
    """Where there is no name, only ids tell."""
    assert not Traces((), ()).are_in("Zoë Park-Li inf_1")
    assert Traces(("inf_1",), ()).are_in("Zoë Park-Li inf_1")


@pytest.mark.parametrize("place", ["given", "values", "typed"])
def test_a_form_tells_wherever_it_holds_a_text(place: str) -> None:
    """What was given, filled in and typed is looked at; the names of arguments and who filled it in are not."""
    plain = draft(verb="zoe", given=(("zoe", ""),))
    traces = Traces((), CALLED.names)
    assert not traces.are_in_form(rows.dump(plain))
    assert traces.are_in_form(rows.dump(msgspec.structs.replace(plain, **{place: (("note", "ask Zoë Park-Li"),)})))
