from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.briefing.urgent import in_order
from bot.model import OccasionDay, Owed, Side, Standing, standing_id
from bot.needs import Need, needs_of, order_of
from bot.views.lists import Line
from tests.desk import Desk, words
from tests.fakes import a_team, an_influencer

TODAY = date(2026, 11, 23)  # a Monday
TEAM = a_team()
LONG_AGO, LATELY, SOON = TODAY - timedelta(days=90), TODAY - timedelta(days=9), TODAY + timedelta(days=9)
QUIET: dict[str, Any] = {"silent_since": LONG_AGO, "planned_on": LATELY, "quiet_on": LATELY, "nudge_after": 81}
DUE: dict[str, Any] = {"silent_since": LONG_AGO, "planned_on": LATELY, "quiet_on": SOON}


def a_standing(name: str = "Jess Park", **fields: Any) -> Standing:
    """Of a relationship that nothing is the matter with."""
    influencer = an_influencer(name)
    base: dict[str, Any] = {"silent_since": LATELY, "planned_on": SOON, "quiet_on": SOON}
    return Standing(id=standing_id(influencer.id), team=TEAM.id, influencer=influencer.id, **base | fields)


def owing(due: date, side: Side = Side.WE) -> tuple[Owed, ...]:
    """One open promise."""
    return (Owed("prm_1", side, due),)


@pytest.mark.parametrize(
    ("fields", "needs"),
    [
        ({}, ()),
        ({"waiting_since": LATELY}, (Need.WAITING_ON_US,)),
        ({"owed": owing(TODAY)}, (Need.PROMISE,)),
        ({"owed": owing(TODAY, Side.THEY)}, ()),
        ({"owed": owing(SOON)}, ()),
        ({"occasions": (OccasionDay("occ_1", TODAY),)}, (Need.OCCASION,)),
        ({"occasions": (OccasionDay("occ_1", TODAY - timedelta(days=1)),)}, ()),
        ({"occasions": (OccasionDay("occ_1", TODAY, seen_to=True),)}, ()),
        (QUIET, (Need.QUIET,)),
        (DUE, (Need.PLAN,)),
        (DUE | {"owed": owing(TODAY)}, (Need.PROMISE, Need.PLAN)),
        (QUIET | {"waiting_since": LONG_AGO, "owed": owing(TODAY)}, (Need.WAITING_ON_US, Need.PROMISE, Need.QUIET)),
        (QUIET | {"excused": True}, ()),
        (QUIET | {"next_planned": SOON}, ()),
        ({"silent_since": None, "quiet_on": None, "planned_on": LATELY}, (Need.FIRST_CONTACT,)),
        ({"silent_since": None, "quiet_on": None, "planned_on": SOON}, ()),
        (QUIET | {"waiting_since": LONG_AGO, "snoozed_until": SOON}, ()),
        (QUIET | {"snoozed_until": TODAY}, (Need.QUIET,)),
        (QUIET | {"waiting_since": LONG_AGO, "paused": True}, ()),
        (QUIET | {"archived": True}, ()),
    ],
)
def test_why_somebody_is_in_a_list(fields: dict[str, Any], needs: tuple[Need, ...]) -> None:
    """Every reason that holds, most urgent first; none where they are left in peace."""
    assert needs == needs_of(TEAM, a_standing(**fields), TODAY)


def test_the_order_of_a_list() -> None:
    """By the need; within one who waits longest, what is due first, the most unusual silence, the day farthest past."""
    longer = timedelta(days=40)
    urgent = [
        a_standing("A", waiting_since=LONG_AGO),
        a_standing("B", waiting_since=LATELY, owed=owing(LONG_AGO)),
        a_standing("C", owed=owing(LATELY)),
        a_standing("D", owed=owing(TODAY)),
        a_standing("E", occasions=(OccasionDay("occ_1", TODAY),)),
        a_standing("F", **QUIET | {"silent_since": LONG_AGO - longer}),
        a_standing("G", **QUIET),
        a_standing("H", **DUE | {"planned_on": LONG_AGO}),
        a_standing("I", **DUE),
        a_standing("J", silent_since=None, quiet_on=None, planned_on=LATELY),
        a_standing("K"),
        a_standing("L", planned_on=SOON + longer),
    ]
    lines = [
        (Line(an_influencer(name), one), next(iter(needs_of(TEAM, one, TODAY)), None))
        for name, one in zip("ABCDEFGHIJKL", urgent, strict=True)
    ]

    assert list("ABCDEFGHIJKL") == [line.influencer.name for line in in_order(TEAM, lines[::-1], TODAY)]


@given(st.sampled_from([*Need, None]), st.booleans(), st.integers(0, 400))
def test_any_standing_has_a_place_in_the_order(need: Need | None, planned: bool, silence: int) -> None:
    """Whatever is known of it; whoever needs nobody comes after those who do."""
    standing = a_standing(planned_on=SOON if planned else None)

    assert (order_of(TEAM, standing, need, TODAY, silence) < order_of(TEAM, standing, None, TODAY, 0)) is (
        need is not None
    )


async def test_an_occasion_that_is_over_here_lists_nobody(desk: Desk) -> None:
    """Elsewhere its day may still go on; nobody is listed “by the plan” for that."""
    await desk.says("ana", "add Jess Park tier:A")
    await desk.says("ana", "log jess coffee")
    await desk.says("ana", "occasion jess launch 23 nov 2026")
    assert "Occasions (1):" in words(await desk.says("ana", "due"))
    desk.clock.move(timedelta(hours=13))  # one in the night in Berlin, noon in Hawaii

    assert "Nothing due for you" in words(await desk.says("ana", "due"))
