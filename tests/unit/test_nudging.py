from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from msgspec.structs import replace
from structlog.testing import capture_logs

from bot import nudging
from bot.change import Change, Write
from bot.clock import MovableClock
from bot.errors import Conflict, StoreFailed
from bot.model import Delivery, Direction, Influencer, Nudge, NudgeReason, NudgeState, Record
from bot.nudging import TickResult, tick
from bot.store_port import Store
from storage import open_store
from tests.fakes import CHANNEL, MONDAY, Office, a_member, a_team, an_influencer

TODAY = date(2026, 11, 23)
ANA, BEN = a_member("Ana"), a_member("Ben")
JESS = an_influencer("Jess Park")

Happening = Callable[[], Awaitable[object]]
R = TypeVar("R", bound=Record)


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


async def test_a_setting_that_moves_during_a_tick_holds_for_the_rest_of_it(office: Office) -> None:
    """Ana's batch is raised by 21 days; before Ben's, tier A is moved to 365: he is not nudged by what held before."""
    await office.add(*[an_influencer(f"{name} X", owner=owner) for name, owner in (("Jess", ANA.id), ("Lee", BEN.id))])
    for person in await office.store.everything(Influencer, "team_1"):
        await office.log(person, TODAY - timedelta(days=60))

    async def slower() -> None:
        team = await office.team()
        await office.write(Write(team, replace(team, cadences=replace(team.cadences, A=365))))

    await tick(_Meanwhile(office.store, after=slower), office.now, office.new_id)  # type: ignore[arg-type]  # a Store by delegation

    assert ["inf_jess"] == [nudge.influencer for nudge in await nudges(office)]
    assert 365 == (await office.standing(an_influencer("Lee X"))).cadence


async def test_a_setting_that_moves_under_a_batch_leaves_it_for_the_next_tick(office: Office) -> None:
    """Decided by 21 days, it is not written any more; the next tick decides anew, and nothing is lost."""
    await quiet(office, 1)

    async def renamed() -> None:
        await office.change(await office.team(), name="Other")

    meanwhile = _Meanwhile(office.store, before=renamed)
    found = await tick(meanwhile, office.now, office.new_id)  # type: ignore[arg-type]  # a Store by delegation

    assert (TickResult(left=1), 1) == (found, (await ticks(office)).raised)


async def test_what_goes_wrong_with_one_owner_holds_up_nobody_else(office: Office) -> None:
    """A fault of ours in Ana's batch is logged and left; Ben is nudged."""
    await quiet(office, 2)
    await quiet(office, 1, BEN.id)

    with capture_logs() as logs:
        found = await tick(_Broken(office.store, ANA.id, ZeroDivisionError()), office.now, office.new_id)  # type: ignore[arg-type]  # a Store by delegation

    assert (TickResult(raised=1, left=1), [BEN.id]) == (found, [nudge.member for nudge in await nudges(office)])
    assert ["tick.broken"] == [entry["event"] for entry in logs if entry["log_level"] == "error"]


async def test_a_store_that_failed_ends_the_tick(office: Office) -> None:
    """It can't promise anything any more: nobody may go on as if it could."""
    await quiet(office, 1)

    with pytest.raises(StoreFailed):
        await tick(_Broken(office.store, ANA.id, StoreFailed("disk full")), office.now, office.new_id)  # type: ignore[arg-type]  # a Store by delegation


async def test_a_relationship_that_cant_be_recomputed_leaves_the_mark_and_holds_up_nobody(office: Office) -> None:
    """The setting stays marked as moved, and others are nudged."""
    await quiet(office, 1)
    await quiet(office, 1, BEN.id)
    team = await office.team()
    await office.write(Write(team, replace(team, restanding=True)))

    with capture_logs() as logs:
        found = await tick(_Broken(office.store, ANA.id, ZeroDivisionError()), office.now, office.new_id)  # type: ignore[arg-type]  # a Store by delegation

    assert (TickResult(raised=1, left=1), True) == (found, (await office.team()).restanding)
    assert ["restand.broken", "tick.broken"] == [entry["event"] for entry in logs if entry["log_level"] == "error"]


async def test_a_zone_that_nobody_knows_counts_as_the_teams(office: Office) -> None:
    """A platform that makes one up keeps nobody's nudges back."""
    await office.change(ANA, seen_zone="Mars/Olympus")
    await quiet(office, 1)

    assert TickResult(raised=1) == await ticks(office)


async def test_a_closed_nudge_is_open_again_when_its_reason_comes_to_hold_again(office: Office) -> None:
    """Quiet by the plan of 21 days, over when that became 90: when those have passed too, the tick opens it again."""
    await office.add(JESS)
    await office.log(JESS, TODAY - timedelta(days=60))
    await ticks(office)
    (nudge,) = await nudges(office)
    await office.change(nudge, state=NudgeState.SENT, delivery="delivery:nudges:mem_ana:2026-11-23")
    await office.change(JESS, cadence=90)
    (over,) = await nudges(office)
    due_at = (await office.standing(JESS)).due_at
    assert due_at is not None
    office.move_to(due_at)

    found = await ticks(office)

    (again,) = await nudges(office)
    assert (NudgeState.OVER, NudgeState.RAISED, TickResult(raised=1)) == (over.state, again.state, found)
    assert TickResult() == await ticks(office)


class _Meanwhile:
    """A store in which something happens once, before a tick is committed or after."""

    def __init__(self, store: Store, *, before: Happening | None = None, after: Happening | None = None) -> None:
        self._store, self._before, self._after = store, before, after

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    async def commit(self, change: Change) -> Change:
        """Lets it happen, and commits."""
        if change.verb == "tick":
            before, self._before = self._before, None
            await (before or _nothing)()
        done = await self._store.commit(change)
        if change.verb == "tick":
            after, self._after = self._after, None
            await (after or _nothing)()
        return done


async def _nothing() -> None:
    pass


class _Broken:
    """A store in which whatever concerns one member goes wrong."""

    def __init__(self, store: Store, member: str, error: Exception) -> None:
        self._store, self._member, self._error = store, member, error

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    async def get(self, kind: type[R], team: str, id: str) -> R | None:
        """Raises for that member, and for whom they look after."""
        if self._member in id:
            raise self._error
        return await self._store.get(kind, team, id)


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
