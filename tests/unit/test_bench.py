from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.nudging import tick
from storage.snapshot import read_snapshot
from tests.bench.figures import Aim, Family, Figure
from tests.bench.machine import Machine
from tests.bench.names import name_of
from tests.bench.report import missed, page
from tests.bench.timing import each_settled, in_turns, percentile
from tests.bench.world import DAYS, MEMBERS, TEAM, World, write_world
from tests.desk import open_desk, words

MACHINE = Machine("Some CPU", 2, "24 GiB", "Linux 6.1", "CPython 3.11.7", "ext4", "0123456789ab")


def figure(value: float, aim: Aim | None) -> Figure:
    """A figure with a floor of 2 ms."""
    return Figure("commit", value, "ms", "raw write", 2.0, aim)


@pytest.mark.parametrize(
    ("value", "aim", "met"),
    [
        (3.0, Aim(times=1.5), True),
        (3.1, Aim(times=1.5), False),
        (5.0, Aim(most=5), True),
        (5.1, Aim(most=5), False),
        (3.0, Aim(times=1.5, most=2), False),
        (99.0, None, None),
    ],
)
def test_a_figure_is_held_against_its_aim(value: float, aim: Aim | None, met: bool | None) -> None:
    """An aim is met up to and with its bound; without an aim there is nothing to meet."""
    assert figure(value, aim).met is met


def test_the_page_says_what_was_missed() -> None:
    """A missed aim stands out in its row, and the count below leaves out what has no aim."""
    family = Family("Writes", "How.", (figure(3, Aim(times=1.5)), figure(9, Aim(times=1.5)), figure(1, None)))
    text = page([family], MACHINE, date(2026, 3, 2))
    assert (family.figures[1],) == missed([family])
    assert "| commit | 9.00 ms | raw write | 2.00 ms | 4.50 × | ≤ 1.5 × | NO |" in text
    assert "1 of 2 aims are met." in text
    assert "0123456789ab" in text


def test_percentiles_are_values_that_were_measured() -> None:
    """The 99th percentile of a hundred values is the second greatest, and of few values the greatest."""
    assert percentile(range(100, 0, -1), 99) == 99
    assert percentile([1, 2, 3], 99) == 3
    assert percentile([1, 2, 3], 50) == 2


def test_things_gone_through_again_are_settled_one_by_one() -> None:
    """One slow moment of three is not the thing's own."""
    assert each_settled([1, 5, 1, 500, 100, 5], 2) == [1, 5]


async def test_subjects_take_turns() -> None:
    """Every round has all subjects, begins with another one, and the warm-up doesn't count."""
    order: list[str] = []

    async def first(turn: int) -> float:
        order.append("first")
        return turn

    async def second(turn: int) -> float:
        order.append("second")
        return -turn

    took = await in_turns(3, {"first": first, "second": second}, warm_up=1)
    assert took == {"first": [1, 2, 3], "second": [-1, -2, -3]}
    assert order == ["second", "first", "first", "second", "second", "first", "first", "second"]


async def test_a_world_is_what_its_size_says(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A made-up store opens, has the documents it counts, and its people are found and known."""
    world, folder = World(influencers=50), tmp_path_factory.mktemp("world")
    write_world(world, folder / "rapport.json")
    assert world.documents == sum(map(len, read_snapshot(folder / "rapport.json").rows.values()))
    async with open_desk(folder) as desk:
        answer = words(await desk.says("ana", f"show {name_of(7)}"))
        assert answer.startswith(name_of(7))
        assert len(await desk.store.members(TEAM.id)) == len(MEMBERS)


async def test_as_many_turn_quiet_every_day(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What a tick raises in a world with a daily due is exactly that, on each of its days and not before."""
    folder = tmp_path_factory.mktemp("world")
    write_world(World(influencers=60, due_daily=5), folder / "rapport.json")
    async with open_desk(folder) as desk:
        raised = []
        for _ in range(DAYS + 1):
            raised.append((await tick(desk.store, desk.clock(), desk.core.new_id)).raised)
            desk.clock.move(timedelta(days=1))
    assert raised == [0, *[5] * DAYS]
