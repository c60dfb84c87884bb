from __future__ import annotations

import asyncio
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.model import Touchpoint
from bot.nudging import tick
from storage.snapshot import read_snapshot
from tests.bench.appending import appending
from tests.bench.figures import Aim, Family, Figure
from tests.bench.machine import Machine
from tests.bench.names import name_of
from tests.bench.report import missed, page
from tests.bench.slack_asking import Asking
from tests.bench.slack_doors import DEFAULT, OURS, READY, SAME, open_doors
from tests.bench.slack_load import open_load
from tests.bench.slacking import install
from tests.bench.timing import at_once_timed, each_settled, in_turns, percentile
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


async def test_everything_is_timed_once_by_so_many_at_once() -> None:
    """Of many things as many are at work as was asked for, and no more."""
    at_work: set[int] = set()
    most = 0

    async def work(thing: int) -> None:
        nonlocal most
        at_work.add(thing)
        most = max(most, len(at_work))
        await asyncio.sleep(0)
        at_work.remove(thing)

    seconds = await at_once_timed(work, iter(range(10)), 3)
    assert (10, 3) == (len(seconds), most)


async def test_those_who_append_at_once_share_a_write(tmp_path: Path) -> None:
    """A line each is in the file when all have been told, and those who came while one was written went together."""
    with appending(tmp_path, 8) as floor:
        await asyncio.gather(*(floor.append() for _ in range(10)))
        assert b"xxxxxxx\n" * 10 == (tmp_path / "shared").read_bytes()
        assert 2 >= floor.writes


async def test_commands_over_slack_are_real(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What is measured of Slack: signed requests that log, that are answered by others, and that find people."""
    folder = tmp_path_factory.mktemp("world")
    write_world(World(influencers=50), folder / "rapport.json")
    async with open_desk(folder) as desk, open_load() as load:
        await install(desk)
        async with open_doors(desk, load.api_url) as ports:
            asking = Asking(load, ports, 50)
            before = len(await desk.store.everything(Touchpoint, TEAM.id))
            assert 6 == len(await asking.log(OURS, 6, at_once=3))
            assert 6 == len(await asking.log(READY, 6, at_once=2))
            assert [2, 2] == [len(await asking.log(door, 2, at_once=1)) for door in (SAME, DEFAULT)]
            # Of those with an answer that is ready, the first two asked for it.
            assert before + 6 < len(await desk.store.everything(Touchpoint, TEAM.id)) <= before + 8
            assert 1 == len(await asking.suggestions([name_of(7)], found=True))
            assert 1 == len(await asking.home(1))
            with pytest.raises(RuntimeError, match="was answered"):
                await asking.suggestions(["Quzzz Quzzz"], found=True)
