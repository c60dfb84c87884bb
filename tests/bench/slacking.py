"""What Slack costs: commands from the signed request to the answer, with what they commit, and suggestions."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from statistics import median

from msgspec.structs import replace

from bot.address import Person, Workspace
from bot.change import Write, by_the_clock
from bot.model import Touchpoint
from storage.disk import Files
from storage.journal import read_journal
from tests.bench.appending import Appending, appending
from tests.bench.asking import TYPED
from tests.bench.figures import Aim, Family, Figure, in_ms
from tests.bench.names import name_of
from tests.bench.scale import Scale
from tests.bench.slack_asking import USER, WORKSPACE, Asking
from tests.bench.slack_doors import DEFAULT, OURS, READY, SAME, open_doors
from tests.bench.slack_load import open_load
from tests.bench.timing import at_once_timed, each_settled, percentile
from tests.bench.world import MEMBERS, TEAM, World, write_world
from tests.desk import Desk, open_desk

METHOD = """\
Signed requests from another process, over connections that are kept, each sent as soon as another one was answered.
Rapport is the whole adapter: its HTTP door, Bolt, dispatch, the store on disk and the answer in Slack's blocks.
`/rapport log <handle> coffee at VidCon yesterday` answers when its commit is durable, each of another person. Bolt's
empty handler stands behind the same door, in the same configuration, in the same process; Bolt's default app verifies
by itself and acknowledges before its listener is done. The fsync is a line as long as the store's own, appended and
fdatasynced off the loop by as many at once; all who wait share the next one. They take turns, nine rounds each; every
percentile is that of a round, and the median of the rounds counts. The aim is twice the empty handler and one fsync, at
the same percentile. What of it is the command's own shows beside: dispatch alone does the same in the same process, and
an answer that is ready goes through all of the adapter, and no further.

A suggestion is what an external select asks for each time somebody has typed a letter more; what is typed, whom it is
about and how it is counted is as in the look-ups above, for a roster of the same size. `due` and the Home tab, whose
drawing is published before it is acknowledged, are of the same roster."""

AT_ONCE = (1, 16, 64)
PERCENTILES = (50, 99)
ROUNDS = 9
AGAIN = 5
WARM_UP = 100
DISPATCH, FSYNC = "dispatch", "fsync"

Round = Callable[[], Awaitable[list[float]]]
"""Does something many times over and says how many seconds each time took."""


async def measure(scale: Scale, folder: Path) -> Family:
    """Commands by number at once, and suggestions, all on one large roster."""
    here = folder / "slacking"
    path = here / "rapport.json"
    write_world(World(influencers=scale.roster), path)
    async with open_desk(here) as desk, open_load() as load:
        await install(desk)
        async with open_doors(desk, load.api_url) as ports:
            asking = Asking(load, ports, scale.roster)
            figures = await _logging(asking, desk, path, scale.rounds)
            figures += await _suggesting(asking, scale.people)
            figures += await _showing(asking)
    return Family(f"Slack, with {scale.roster:,} influencers", METHOD, tuple(figures))


async def install(desk: Desk) -> None:
    """Has the made-up team be in Slack, where its first member is an admin."""
    team = replace(TEAM, workspaces=(*TEAM.workspaces, Workspace("slack", WORKSPACE)))
    ana = replace(MEMBERS[0], accounts=(*MEMBERS[0].accounts, Person("slack", WORKSPACE, USER)))
    writes = (Write(TEAM, team), Write(MEMBERS[0], ana))
    await desk.store.commit(by_the_clock("bench", TEAM.id, writes, now=desk.clock(), new_id=desk.core.new_id))


async def _logging(asking: Asking, desk: Desk, path: Path, rounds: int) -> list[Figure]:
    before = len(await desk.store.everything(Touchpoint, TEAM.id))
    await asking.log(OURS, WARM_UP, at_once=1)
    await asking.log(READY, 1, at_once=1)
    logged, figures = WARM_UP + 1, list[Figure]()
    with appending(path.parent, _line_length(Files(path))) as floor:
        for at_once in AT_ONCE:
            times = max(rounds, 8 * at_once)
            took = await _in_rounds(_subjects(asking, desk, floor, times, at_once))
            logged += 2 * ROUNDS * times
            figures += [figure for percent in PERCENTILES for figure in _compared(took, at_once, percent)]
    stored = len(await desk.store.everything(Touchpoint, TEAM.id)) - before
    if stored != logged:
        raise RuntimeError(f"{logged} touchpoints were acknowledged, and {stored} are stored")
    return figures


def _subjects(asking: Asking, desk: Desk, floor: Appending, times: int, at_once: int) -> dict[str, Round]:
    """What is compared: a round each."""

    def behind(door: str, times: int) -> Round:
        return lambda: asking.log(door, times, at_once=at_once)

    async def dispatch() -> list[float]:
        lines = iter(asking.lines(times))
        return await at_once_timed(lambda line: desk.says("ana", line), lines, at_once)

    return {
        OURS: behind(OURS, times),
        READY: behind(READY, times),
        SAME: behind(SAME, times),
        # By itself it waits for ten milliseconds each time.
        DEFAULT: behind(DEFAULT, max(times // 5, at_once)),
        DISPATCH: dispatch,
        FSYNC: lambda: at_once_timed(lambda _: floor.append(), iter(range(times)), at_once),
    }


async def _in_rounds(subjects: Mapping[str, Round]) -> dict[str, list[list[float]]]:
    """The seconds of every round, by what was done; each time another one begins."""
    took: dict[str, list[list[float]]] = {name: [] for name in subjects}
    names = list(took)
    for turn in range(ROUNDS):
        first = turn % len(names)
        for name in names[first:] + names[:first]:
            took[name].append(await subjects[name]())
    return took


def _compared(took: Mapping[str, list[list[float]]], at_once: int, percent: int) -> list[Figure]:
    """Rapport at one percentile, against what it may cost and against each part of that."""
    of = {name: in_ms(median(percentile(each, percent) for each in rounds)) for name, rounds in took.items()}

    def figure(subject: str, against: str, floor: float, aim: Aim | None = None) -> Figure:
        name = "/rapport log" if subject == OURS else "an answer that is ready"
        return Figure(f"{name}, {at_once} at once, p{percent}", of[subject], "ms", against, floor, aim)

    return [
        figure(OURS, "2 × the empty handler + an fsync", 2 * of[SAME] + of[FSYNC], Aim(times=1)),
        figure(OURS, "Bolt’s empty handler", of[SAME]),
        figure(OURS, "Bolt’s default app, empty", of[DEFAULT]),
        figure(OURS, "the same by dispatch alone", of[DISPATCH]),
        figure(OURS, "an fsync", of[FSYNC]),
        figure(READY, "Bolt’s empty handler", of[SAME]),
    ]


async def _suggesting(asking: Asking, people: int) -> list[Figure]:
    empty = in_ms(median(await asking.log(SAME, people, at_once=1)))
    figures = []
    for name, typed, how in TYPED:
        words = [typed(name_of(number * 7919 % asking.influencers)) for number in range(people)] * AGAIN
        settled = each_settled(await asking.suggestions(words, found=how is not None), people)
        figures += [
            Figure(
                f"suggestions, {name}, p{percent}",
                in_ms(percentile(settled, percent)),
                "ms",
                "Bolt’s empty handler",
                empty,
                Aim(most=50) if percent == 99 else None,
            )
            for percent in PERCENTILES
        ]
    return figures


async def _showing(asking: Asking) -> list[Figure]:
    due = await asking.commands(OURS, ["due all"] * 20, at_once=1, expected="blocks")
    home = await asking.home(20)
    empty = in_ms(median(await asking.log(SAME, 100, at_once=1)))
    return [
        Figure(name, in_ms(median(seconds)), "ms", "Bolt’s empty handler", empty)
        for name, seconds in (("/rapport due all, p50", due), ("Home tab opened, p50", home))
    ]


def _line_length(files: Files) -> int:
    """Bytes of a line in a store's journal, on average."""
    contents = read_journal(files.journal(files.generations()[-1]))
    return contents.end // len(contents.entries)
