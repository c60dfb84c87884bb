from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot import nudging
from bot.change import Change, Write
from bot.clock import MovableClock
from bot.errors import Conflict
from bot.model import Delivery, Direction, Nudge, NudgeReason, NudgeState
from bot.nudging import TickResult, tick
from bot.store_port import Store
from storage import open_store
from tests.fakes import CHANNEL, MONDAY, Office, a_member, a_team, an_influencer

TODAY = date(2026, 11, 23)
ANA, BEN = a_member("Ana"), a_member("Ben")
JESS = an_influencer("Jess Park")


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    """A real store with a team in Berlin, Ana and Ben, early on a Monday."""
    store = await open_store(f"tinydb:{tmp_path / 'rapport.json'}")
    office = Office(store, MovableClock(MONDAY))
    await office.add(a_team(channel=CHANNEL), ANA, BEN)
    yield office
    await store.close()


async def ticks(office: Office) -> TickResult:
    """One tick at the office's present."""
    return await tick(office.store, office.now, office.new_id)


async def quiet(office: Office, count: int, owner: str | None = ANA.id) -> None:
    """Puts so many silent people on the roster."""
    for n in range(count):
        person = an_influencer(f"P{n} X", id=f"inf_{owner}_{n}", owner=owner)
        await office.add(person)
        await office.log(person, TODAY - timedelta(days=100))


async def nudges(office: Office) -> list[Nudge]:
    """All nudges by id."""
    return list(await office.store.everything(Nudge, "team_1"))


async def test_what_holds_is_raised_once(office: Office) -> None:
    """However often tick runs, in one commit for an owner, with one message to go out with."""
    await quiet(office, 3)
    before = len(await office.store.changes("team_1", limit=100))

    found = [await ticks(office) for _ in range(3)]

    assert [TickResult(raised=3), TickResult(), TickResult()] == found
    assert 1 == len(await office.store.changes("team_1", limit=100)) - before
    assert 1 == len(await office.store.everything(Delivery, "team_1"))
    assert () == await office.store.standings_due(office.now, limit=10)


async def test_two_ticks_at_once_raise_once(office: Office) -> None:
    """What one of them loses is left, and nothing is left when both are done."""
    await quiet(office, 3)
    await quiet(office, 2, BEN.id)

    found = await asyncio.gather(*(ticks(office) for _ in range(4)))

    assert 5 == sum(one.raised for one in found) == len(await nudges(office))
    assert () == await office.store.standings_due(office.now, limit=10)


async def test_nothing_is_raised_before_its_day(office: Office) -> None:
    """The day begins at midnight in the team's zone."""
    await office.add(JESS)
    await office.log(JESS, TODAY)
    quiet_at = (await office.standing(JESS)).due_at
    assert quiet_at is not None

    office.move_to(quiet_at - timedelta(seconds=1))
    before = await ticks(office)
    office.move(seconds=1)

    assert (0, 1) == (before.raised, (await ticks(office)).raised)
    assert 23 == quiet_at.hour


async def test_waiting_on_us_is_raised_after_two_working_days(office: Office) -> None:
    """Written on Monday: on Wednesday the owner has had two working days."""
    await office.add(JESS)
    await office.log(JESS, TODAY, Direction.INBOUND)
    office.move(hours=40)
    before = await ticks(office)
    office.move(hours=3)
    await ticks(office)

    (nudge,) = await nudges(office)
    assert (0, "nudge:inf_jess:waiting_on_us:2026-11-23", ANA.id) == (before.raised, nudge.id, nudge.member)


async def test_a_second_reason_is_raised_beside_the_first(office: Office) -> None:
    """Unanswered for so long that it is quiet as well: one nudge each."""
    await office.add(JESS)
    await office.log(JESS, TODAY, Direction.INBOUND)
    office.move(days=3)
    first = await ticks(office)
    office.move(days=90)

    assert (1, 1, 0) == (first.raised, (await ticks(office)).raised, (await ticks(office)).left)
    assert {"waiting_on_us", "quiet"} == {nudge.reason for nudge in await nudges(office)}


async def test_a_touchpoint_whose_day_has_come_is_counted(office: Office) -> None:
    """Planned for Wednesday: until then it holds the nudge, then it breaks the silence, and nothing is raised."""
    await office.add(JESS)
    await office.log(JESS, TODAY - timedelta(days=100))
    await office.log(JESS, TODAY + timedelta(days=2), at=None)
    first = await ticks(office)

    office.move(days=2)
    second = await ticks(office)

    assert (0, 0) == (first.raised, second.raised)
    assert TODAY + timedelta(days=2) == (await office.standing(JESS)).silent_since


async def test_after_a_snooze_it_is_raised_once_more(office: Office) -> None:
    """If still silent then."""
    await quiet(office, 1)
    await ticks(office)
    person = await office.store.owned_by("team_1", ANA.id)
    await office.change(person[0], snoozed_until=TODAY + timedelta(days=7))
    withdrawn = await nudges(office)
    office.move(days=6)
    early = await ticks(office)
    office.move(days=1)

    assert ([], 0, 1, 0) == (withdrawn, early.raised, (await ticks(office)).raised, (await ticks(office)).raised)


async def test_not_needed_is_remembered(office: Office) -> None:
    """Not this silence; the next one again."""
    await quiet(office, 1)
    await ticks(office)
    (nudge,) = await nudges(office)
    await office.change(nudge, state=NudgeState.NOT_NEEDED, closed_at=office.now, closed_by=ANA.id)
    office.move(days=100)
    same = await ticks(office)

    (person,) = await office.store.owned_by("team_1", ANA.id)
    await office.log(person, office.now.date())
    office.move(days=200)

    assert (0, 1) == (same.raised, (await ticks(office)).raised)


async def test_a_member_who_left_is_nobody(office: Office) -> None:
    """Their relationships are the team's to look after."""
    await office.change(BEN, left_at=MONDAY)
    await quiet(office, 1, BEN.id)
    await quiet(office, 1, None)

    await ticks(office)

    assert {None} == {nudge.member for nudge in await nudges(office)}
    assert ["delivery:nudges:team_1:2026-11-23"] == [
        one.id for one in await office.store.everything(Delivery, "team_1")
    ]


async def test_settings_that_moved_come_first(office: Office) -> None:
    """Nothing is raised by a cadence that does not hold any more."""
    await office.add(replace(JESS, cadence=None))
    await office.log(JESS, TODAY - timedelta(days=60))
    team = await office.team()
    slower = replace(team, cadences=replace(team.cadences, A=365), restanding=True)
    await office.write(Write(team, slower))

    found = await ticks(office)

    assert (0, 1, False) == (found.raised, found.restood, (await office.team()).restanding)


async def test_more_than_a_batch(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """In several commits and several questions to the store, to the end."""
    monkeypatch.setattr(nudging, "BATCH", 2)
    monkeypatch.setattr(nudging, "AT_ONCE", 3)
    await quiet(office, 7)
    await quiet(office, 4, BEN.id)

    assert 11 == (await ticks(office)).raised


class _Contested:
    """A store in which somebody else is always quicker."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.commits = 0

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    async def commit(self, change: Change) -> Change:
        """Refuses."""
        self.commits += 1
        raise Conflict(change.writes[0].id)


async def test_what_meets_a_conflict_is_left_for_the_next_tick(office: Office) -> None:
    """It is tried once in a tick, although it stays due."""
    await quiet(office, 2)
    await quiet(office, 1, BEN.id)
    contested = _Contested(office.store)

    found = await tick(contested, office.now, office.new_id)  # type: ignore[arg-type]  # all of a Store by delegation

    assert (TickResult(left=2), 2, 3) == (found, contested.commits, (await ticks(office)).raised)


async def test_an_undone_log_brings_the_nudge_back_once(office: Office) -> None:
    """Withdrawn by a log, raised again when the log is taken back."""
    await quiet(office, 1)
    await ticks(office)
    (person,) = await office.store.owned_by("team_1", ANA.id)
    touch = await office.log(person, TODAY)
    stored = await office.store.get(type(touch), "team_1", touch.id)
    await office.write(Write(stored, None))

    assert [1, 0] == [(await ticks(office)).raised for _ in range(2)]
    assert [NudgeReason.QUIET] == [nudge.reason for nudge in await nudges(office)]
