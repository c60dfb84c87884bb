from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.address import Workspace
from bot.change import Change, Write, by_the_clock
from bot.clock import random_id
from bot.errors import Conflict, StoreFailed
from bot.model import Delivery, Influencer, Record, Team
from bot.parting import KEPT_FOR, erase_abandoned
from tests.desk import WORKSPACE, Desk, words

HOME = Workspace("fake", WORKSPACE)
ELSEWHERE = Workspace("fake", "another server")


async def erased(desk: Desk) -> int:
    """The nightly job is done."""
    return await erase_abandoned(desk.store, desk.clock(), random_id)


def everything_in(folder: Path) -> bytes:
    """What all its files hold."""
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


async def works_elsewhere_too(desk: Desk) -> None:
    """The team works in a second workspace."""
    team = await desk.team()
    both = replace(team, workspaces=(*team.workspaces, ELSEWHERE))
    change = by_the_clock("link", team.id, (Write(team, both),), now=desk.clock(), new_id=random_id)
    await desk.store.commit(change)


async def quiet_team(desk: Desk) -> None:
    """Ana has a relationship that has been silent for long."""
    await desk.says("ana", "add Jess Park instagram:jess.cooks tier:A")
    await desk.says("ana", "log jess call about ceramics on:2026-08-01")


async def test_the_data_of_a_team_that_left_is_erased_after_30_days(desk: Desk, tmp_path: Path) -> None:
    """Not a day before; then no file of the store says anything about it any more."""
    await quiet_team(desk)
    await desk.core.uninstalled(HOME)
    await desk.waits(KEPT_FOR - timedelta(minutes=1), timedelta(hours=12))
    assert 0 == await erased(desk)
    desk.clock.move(timedelta(minutes=1))
    assert 1 == await erased(desk)
    assert () == await desk.store.teams()
    left = everything_in(tmp_path)
    assert [] == [word for word in (b"Jess", b"jess.cooks", b"ceramics", b"team_fake", b"Ana") if word in left]
    assert 0 == await erased(desk)


async def test_coming_back_within_30_days_brings_everything_back(desk: Desk) -> None:
    """The roster is as it was and the clock goes on, though nobody says a word."""
    await quiet_team(desk)
    await desk.core.uninstalled(HOME)
    await desk.waits(timedelta(days=29), timedelta(hours=12))
    assert [] == desk.platform.attempts
    for _ in range(2):
        await desk.core.installed(HOME)
    assert "Jess Park" in words(await desk.says("ana", "show jess"))
    team = await desk.team()
    assert ((), None) == (team.absent, team.abandoned_at)
    await desk.waits(timedelta(days=3))
    assert [True] == ["Jess Park" in words(said) for said in desk.messages_to("ana")]
    desk.clock.move(KEPT_FOR)
    assert 0 == await erased(desk)


async def test_the_clock_stands_still_meanwhile(desk: Desk) -> None:
    """Nothing is raised, and a message that was due waits; nobody is there to read it."""
    await quiet_team(desk)
    await desk.waits(timedelta(hours=20))
    await desk.says("ana", "digest here mon 09:00", channel="team")
    before = len(desk.platform.attempts)
    await desk.core.uninstalled(HOME)
    await desk.waits(timedelta(days=15), timedelta(hours=6))
    assert before == len(desk.platform.attempts)
    due = await desk.store.deliveries_due(desk.clock() + timedelta(hours=7), limit=10)
    assert due
    assert () == await desk.store.standings_due(desk.clock() + timedelta(days=400), limit=10)


async def test_a_digest_that_waited_comes_again_when_they_are_back(desk: Desk) -> None:
    """The schedule is not lost: the next one comes at its hour."""
    await quiet_team(desk)
    await desk.says("ana", "digest here mon 09:00", channel="team")
    await desk.core.uninstalled(HOME)
    await desk.waits(timedelta(days=10), timedelta(hours=6))
    await desk.core.installed(HOME)
    await desk.waits(timedelta(days=7))
    digests = [one for one in await desk.store.everything(Delivery, (await desk.team()).id) if one.posted]
    assert "team" in {one.posted.place.id for one in digests if one.posted}


async def test_a_team_that_still_works_elsewhere_is_kept(desk: Desk) -> None:
    """Only with its last workspace does a team leave."""
    await quiet_team(desk)
    await works_elsewhere_too(desk)
    await desk.core.uninstalled(HOME)
    desk.clock.move(2 * KEPT_FOR)
    assert 0 == await erased(desk)
    await desk.core.uninstalled(ELSEWHERE)
    desk.clock.move(KEPT_FOR)
    assert 1 == await erased(desk)


async def test_what_was_said_before_the_end_does_not_undo_it(desk: Desk) -> None:
    """It may arrive behind it: only Rapport being installed brings a team back, and only the team it was part of."""
    await quiet_team(desk)
    await desk.core.uninstalled(HOME)
    gone = await desk.team()
    await desk.says("ana", "due")
    await desk.core.notice(replace(desk.actor("ana"), name="Ana Silva"))
    await desk.core.installed(ELSEWHERE)
    assert (gone.absent, gone.abandoned_at) == ((await desk.team()).absent, (await desk.team()).abandoned_at)
    desk.clock.move(KEPT_FOR)
    assert 1 == await erased(desk)


async def test_it_is_noted_once(desk: Desk) -> None:
    """Heard twice, the thirty days count from the first time; of a workspace that nobody spoke in nothing is noted."""
    await quiet_team(desk)
    await desk.core.uninstalled(HOME)
    gone = await desk.team()
    desk.clock.move(timedelta(days=1))
    await desk.core.uninstalled(HOME)
    assert gone == await desk.team()
    await desk.core.uninstalled(Workspace("fake", "nobody"))
    assert 1 == len(await desk.store.teams())


async def test_an_erasure_that_was_cut_off_goes_on(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A team that has lost its workspaces can't come back half; the next night takes the rest."""
    await quiet_team(desk)
    await desk.core.uninstalled(HOME)
    desk.clock.move(KEPT_FOR)

    async def killed(team: str) -> None:
        raise StoreFailed(f"killed before {team} was erased")

    with monkeypatch.context() as patched:
        patched.setattr(desk.store, "erase_team", killed)
        with pytest.raises(StoreFailed):
            await erased(desk)
    assert None is await desk.store.team_at(HOME)
    assert 1 == await erased(desk)
    assert () == await desk.store.everything(Influencer, f"team_fake_{WORKSPACE}")


@pytest.mark.parametrize("event", ["uninstalled", "left", "changed", "installed"])
async def test_a_store_that_fails_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch, event: str) -> None:
    """The platform has to say it again: it is not lost."""
    await quiet_team(desk)
    if event == "installed":
        await desk.core.uninstalled(HOME)

    async def broken(change: Change) -> Change:
        raise StoreFailed(f"{change.verb}: the disk is full")

    monkeypatch.setattr(desk.store, "commit", broken)
    ana = desk.actor("ana")
    heard = {
        "uninstalled": lambda: desk.core.uninstalled(HOME),
        "installed": lambda: desk.core.installed(HOME),
        "left": lambda: desk.core.leave(ana.person),
        "changed": lambda: desk.core.notice(replace(ana, name="Ana Silva")),
    }
    with pytest.raises(StoreFailed):
        await heard[event]()


async def test_who_moves_on_with_every_look_is_not_given_up_silently(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A leave that others keep getting in the way of is to be heard again."""
    await quiet_team(desk)

    async def overtaken(change: Change) -> Change:
        raise Conflict(change.id)

    monkeypatch.setattr(desk.store, "commit", overtaken)
    with pytest.raises(StoreFailed):
        await desk.core.leave(desk.actor("ana").person)


async def test_somebody_new_finds_an_empty_team_afterwards(desk: Desk) -> None:
    """A workspace that comes back too late begins anew."""
    await quiet_team(desk)
    await desk.core.uninstalled(HOME)
    desk.clock.move(KEPT_FOR)
    await erased(desk)
    assert "Jess Park" not in words(await desk.says("ben", "find"))
    team: Record = await desk.team()
    assert isinstance(team, Team)
    assert team.created_at == desk.clock()
