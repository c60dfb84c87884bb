from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.address import Place, dm
from bot.calendar import instant
from bot.change import Change, Write
from bot.clock import MovableClock
from bot.consequences import retract, with_consequences
from bot.consequences.pending import Pending
from bot.delivery import LEASE, deliver
from bot.delivery.backoff import ATTEMPTS
from bot.delivery.kinds.losses import mark_of
from bot.errors import Conflict
from bot.model import Delivery, DeliveryKind, DeliveryState, Schedule, digest_id
from bot.nudging import tick
from storage import open_store
from tests.fakes import (
    CHANNEL,
    MONDAY,
    FakeAdapter,
    Killed,
    Office,
    a_member,
    a_team,
    account,
    an_influencer,
    killed,
    lost_answer,
    not_posted,
    place_lost,
)

ANA, BEN = a_member("Ana", admin=True), a_member("Ben", admin=True)
TODAY = date(2026, 11, 23)
"""MONDAY on the calendar."""
MARKETING = Place("fake", "w1", "marketing")
BERLIN = a_team().zone


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    """A real store with a team in Berlin, Ana and Ben, early on a Monday."""
    store = await open_store(f"tinydb:{tmp_path / 'rapport.json'}")
    office = Office(store, MovableClock(MONDAY))
    await office.add(a_team(channel=CHANNEL), ANA, BEN)
    yield office
    await store.close()


def a_schedule(**changes: Any) -> Schedule:
    """Mondays at nine in #marketing, set up by Ben."""
    fields: dict[str, Any] = {
        "id": "sch_1",
        "team": "team_1",
        "place": MARKETING,
        "weekdays": (0,),
        "at": time(9),
        "set_up_by": BEN.id,
        "set_up_at": MONDAY,
    }
    return Schedule(**(fields | changes))


async def run(office: Office, adapter: FakeAdapter) -> None:
    """One wake-up."""
    await deliver(office.store, {"fake": adapter}, office.clock, office.new_id)


async def run_until(office: Office, adapter: FakeAdapter, moment: datetime, step: timedelta) -> None:
    """Wakes up again and again until an instant."""
    while office.now < moment:
        await run(office, adapter)
        office.clock.move(min(step, moment - office.now))
    await run(office, adapter)


async def digests(office: Office) -> list[tuple[date, DeliveryState]]:
    """The dates of all digests with their states."""
    found = await office.store.everything(Delivery, "team_1")
    return sorted((one.on, one.state) for one in found if one.kind is DeliveryKind.DIGEST)


async def waiting(office: Office) -> list[tuple[str, datetime | None]]:
    """The digests that wait, and until when."""
    found = await office.store.everything(Delivery, "team_1")
    return [(one.id, one.due_at) for one in found if one.state is DeliveryState.PENDING]


def at(day: date, hour: int) -> datetime:
    """An hour in Berlin."""
    return instant(day, time(hour), BERLIN)


class TestSchedule:
    async def test_a_schedule_has_its_next_digest_waiting(self, office: Office) -> None:
        """Set up at seven on a Monday: it waits until nine, in the place that asked for it."""
        await office.add(a_schedule())

        assert [(digest_id("sch_1", TODAY), at(TODAY, 9))] == await waiting(office)

    async def test_one_whose_hour_has_passed_comes_next_week(self, office: Office) -> None:
        """Set up at ten."""
        office.move_to(at(TODAY, 10))
        await office.add(a_schedule())

        assert [(digest_id("sch_1", TODAY + timedelta(7)), at(TODAY + timedelta(7), 9))] == await waiting(office)

    @pytest.mark.parametrize(
        ("fields", "on", "hour"),
        [({"at": time(15)}, TODAY, 15), ({"weekdays": (2, 4)}, date(2026, 11, 25), 9)],
        ids=["hour", "days"],
    )
    async def test_one_that_is_changed_moves_its_digest(
        self, office: Office, fields: dict[str, Any], on: date, hour: int
    ) -> None:
        """There is one that waits, at the new time."""
        await office.add(a_schedule())
        await office.change(a_schedule(), **fields)

        assert [(digest_id("sch_1", on), at(on, hour))] == await waiting(office)

    async def test_one_that_is_removed_has_none(self, office: Office) -> None:
        """And when the removal is taken back, it has one again."""
        await office.add(a_schedule())
        stored = await office.store.get(Schedule, "team_1", "sch_1")
        await office.write(Write(stored, None))
        removed = await waiting(office)
        assert stored is not None
        await office.write(Write(None, stored))

        assert ([], [(digest_id("sch_1", TODAY), at(TODAY, 9))]) == (removed, await waiting(office))

    async def test_it_moves_with_the_teams_zone(self, office: Office) -> None:
        """Nine o'clock in New York is later than in Berlin; today's is still today's."""
        await office.add(a_schedule())
        await office.change(await office.team(), timezone="America/New_York")

        assert [(digest_id("sch_1", TODAY), datetime(2026, 11, 23, 14, tzinfo=UTC))] == await waiting(office)

    async def test_where_the_new_zone_is_past_the_hour_it_comes_at_once(self, office: Office) -> None:
        """A team moves to Kolkata at seven in the morning of Berlin, when it is half past eleven there."""
        await office.add(a_schedule())
        await office.change(await office.team(), timezone="Asia/Kolkata")

        assert [(digest_id("sch_1", TODAY), office.now)] == await waiting(office)

    async def test_one_that_is_set_up_beside_a_change_of_the_zone_is_decided_anew(self, office: Office) -> None:
        """It was put at an hour of the zone before: Conflict, and the second time it is at the new one."""
        team = await office.team()
        made = await with_consequences(office.store, team, [Write(None, a_schedule())], now=office.now, by=BEN.id)
        await office.change(team, timezone="America/New_York")

        with pytest.raises(Conflict):
            await office.store.commit(_set_up(office, made))

        await office.add(a_schedule())
        assert [(digest_id("sch_1", TODAY), datetime(2026, 11, 23, 14, tzinfo=UTC))] == await waiting(office)

    async def test_one_that_came_just_before_the_zone_moved_follows_it(self, office: Office) -> None:
        """The change of the zone did not know of it; what follows from that does."""
        team = await office.team()
        moved = replace(team, timezone="America/New_York", restanding=True)
        zoned = await with_consequences(office.store, moved, [Write(team, moved)], now=office.now, by=ANA.id)
        await office.add(a_schedule())
        await office.store.commit(_set_up(office, zoned))

        await tick(office.store, office.now, office.new_id)

        assert [(digest_id("sch_1", TODAY), datetime(2026, 11, 23, 14, tzinfo=UTC))] == await waiting(office)

    async def test_the_hour_of_nudges_moves_no_digest(self, office: Office) -> None:
        """They have nothing to do with one another."""
        await office.add(a_schedule())
        await office.change(await office.team(), nudge_hour=time(6))

        assert [(digest_id("sch_1", TODAY), at(TODAY, 9))] == await waiting(office)


def _set_up(office: Office, pending: Pending) -> Change:
    return Change(
        id="chg_x", team="team_1", at=office.now, by=None, verb="t", writes=pending.writes, reads=pending.reads
    )


class TestOnce:
    async def test_it_comes_each_week_at_its_hour(self, office: Office) -> None:
        """For three weeks, woken every twenty minutes, in the place that asked for it and in no other."""
        adapter = FakeAdapter()
        await office.add(a_schedule())
        came = []
        while office.now < MONDAY + timedelta(days=21):
            before = len(adapter.messages)
            await run(office, adapter)
            came += [office.now] * (len(adapter.messages) - before)
            office.move(minutes=20)

        assert [at(TODAY + timedelta(weeks=n), 9) for n in range(3)] == came
        assert {MARKETING} == {message.posted.place for message in adapter.messages.values()}
        assert "Influencer relationships" in adapter.said[0]

    async def test_after_seven_days_of_downtime_there_is_one(self, office: Office) -> None:
        """A daily digest, last up on Monday morning: on the Monday after there is that day's, and then the next."""
        adapter = FakeAdapter()
        await office.add(a_schedule(weekdays=tuple(range(7))))
        office.move_to(at(TODAY + timedelta(7), 15))

        await run(office, adapter)
        on_the_day = await digests(office)
        await run_until(office, adapter, at(TODAY + timedelta(8), 9), timedelta(hours=1))

        assert [
            (TODAY, DeliveryState.DROPPED),
            (TODAY + timedelta(7), DeliveryState.SENT),
            (TODAY + timedelta(8), DeliveryState.PENDING),
        ] == on_the_day
        assert 2 == len(adapter.said)

    async def test_it_comes_once_a_date_however_often_it_is_moved(self, office: Office) -> None:
        """Sent at nine, then set to ten: the next one comes a week later."""
        adapter = FakeAdapter()
        await office.add(a_schedule())
        office.move_to(at(TODAY, 9))
        await run(office, adapter)
        await office.change(a_schedule(), at=time(10))

        assert [(digest_id("sch_1", TODAY + timedelta(7)), at(TODAY + timedelta(7), 10))] == await waiting(office)

    @pytest.mark.parametrize("hour", [8, 10])
    async def test_ended_and_set_up_again_it_comes_once_a_date(self, office: Office, hour: int) -> None:
        """Under the same id, before its hour and after: that day it comes once, and then every week."""
        adapter = FakeAdapter()
        await office.add(a_schedule())
        await run_until(office, adapter, at(TODAY, hour), timedelta(minutes=30))
        for _ in range(2):
            await office.write(Write(await office.store.get(Schedule, "team_1", "sch_1"), None))
            assert [] == await waiting(office)
            await office.add(a_schedule(set_up_by=ANA.id, set_up_at=office.now))
            assert 1 == len(await waiting(office))
        await run_until(office, adapter, at(TODAY, 20), timedelta(minutes=30))
        on_the_day = len(adapter.said)
        await run_until(office, adapter, at(TODAY + timedelta(7), 9), timedelta(hours=1))

        assert (1, 2) == (on_the_day, len(adapter.said))

    async def test_ended_and_set_up_again_while_it_is_posted_it_comes_once(self, office: Office) -> None:
        """The end of the one on its way puts next week's, once."""
        adapter = FakeAdapter()
        await office.add(a_schedule())

        async def again() -> None:
            await office.write(Write(await office.store.get(Schedule, "team_1", "sch_1"), None))
            await office.add(a_schedule(set_up_by=ANA.id))

        adapter.meanwhile = again
        office.move_to(at(TODAY, 9))
        await run(office, adapter)

        next_week = TODAY + timedelta(7)
        assert [(TODAY, DeliveryState.SENT), (next_week, DeliveryState.PENDING)] == await digests(office)

    @pytest.mark.parametrize("stands", [True, False])
    async def test_a_crash_in_the_post_is_looked_up(self, office: Office, stands: bool) -> None:
        """It stands once, and next week's waits."""
        adapter = FakeAdapter(failures=[killed(stands=stands)])
        await office.add(a_schedule())
        office.move_to(at(TODAY, 9))
        try:
            await run(office, adapter)
        except* Killed:
            office.clock.move(LEASE)
        await run_until(office, adapter, office.now + timedelta(minutes=20), timedelta(minutes=1))

        assert 1 == len(adapter.said)
        assert [(TODAY, DeliveryState.SENT), (TODAY + timedelta(7), DeliveryState.PENDING)] == await digests(office)

    async def test_a_schedule_that_moves_while_its_digest_is_posted_counts(self, office: Office) -> None:
        """The end of the one on its way puts the next one where it is wanted by then."""
        adapter = FakeAdapter()
        await office.add(a_schedule())

        async def moved() -> None:
            await office.change(a_schedule(), weekdays=(3,), at=time(7))

        adapter.meanwhile = moved
        office.move_to(at(TODAY, 9))
        await run(office, adapter)

        thursday = TODAY + timedelta(3)
        assert [(digest_id("sch_1", thursday), at(thursday, 7))] == await waiting(office)

    async def test_one_that_is_stopped_while_it_is_posted_is_the_last(self, office: Office) -> None:
        """It stands, and none comes after it."""
        adapter = FakeAdapter()
        await office.add(a_schedule())

        async def stopped() -> None:
            await office.write(Write(await office.store.get(Schedule, "team_1", "sch_1"), None))

        adapter.meanwhile = stopped
        office.move_to(at(TODAY, 9))
        await run(office, adapter)

        assert ([(TODAY, DeliveryState.SENT)], 1) == (await digests(office), len(adapter.said))


class TestFailures:
    @pytest.mark.parametrize(
        ("adapter", "state"),
        [
            (FakeAdapter(failures=[not_posted(None)]), DeliveryState.FAILED),
            (FakeAdapter(failures=[not_posted()] * ATTEMPTS), DeliveryState.FAILED),
            (FakeAdapter(failures=[place_lost()]), DeliveryState.FAILED),
            (FakeAdapter(failures=[lost_answer(stands=True)], finds_in=frozenset()), DeliveryState.UNKNOWN),
        ],
        ids=["hopeless", "too often", "lost", "unknown"],
    )
    async def test_a_failure_never_loses_the_schedule(
        self, office: Office, adapter: FakeAdapter, state: DeliveryState
    ) -> None:
        """Whatever becomes of this week's, next week's waits, and comes."""
        await office.add(a_schedule())
        office.move_to(at(TODAY, 9))
        await run_until(office, adapter, at(TODAY, 20), timedelta(minutes=10))
        then = await digests(office)
        next_week = TODAY + timedelta(7)
        before = len(adapter.at(MARKETING))
        await run_until(office, adapter, at(next_week, 9), timedelta(hours=12))

        assert [(TODAY, state), (next_week, DeliveryState.PENDING)] == then
        assert 1 == len(adapter.at(MARKETING)) - before

    async def test_a_platform_that_is_not_connected_is_waited_for(self, office: Office) -> None:
        """Connected again half an hour later, it has its digest."""
        adapter = FakeAdapter()
        await office.add(a_schedule())
        office.move_to(at(TODAY, 9))
        for _ in range(30):
            await deliver(office.store, {}, office.clock, office.new_id)
            office.move(minutes=1)
        await run_until(office, adapter, at(TODAY, 11), timedelta(minutes=5))

        assert 1 == len(adapter.at(MARKETING))

    async def test_a_refused_one_is_tried_again(self, office: Office) -> None:
        """With patience, and next week's is put once."""
        adapter = FakeAdapter(failures=[not_posted(), not_posted()])
        await office.add(a_schedule())
        office.move_to(at(TODAY, 9))
        await run_until(office, adapter, at(TODAY, 10), timedelta(minutes=1))

        assert (3, 1) == (len(adapter.attempts), len(adapter.said))
        assert [(TODAY, DeliveryState.SENT), (TODAY + timedelta(7), DeliveryState.PENDING)] == await digests(office)


class TestLoss:
    async def test_an_admin_is_told_once_that_a_place_is_lost(self, office: Office) -> None:
        """Ben, who set the digest up, and nobody else, however many weeks it stays so."""
        adapter = FakeAdapter(closed={MARKETING})
        await office.add(a_schedule())

        await run_until(office, adapter, MONDAY + timedelta(days=30), timedelta(hours=4))

        (message,) = adapter.messages.values()
        assert dm(account("ben")) == message.posted.place
        assert (
            "I can’t post in #marketing any more: it is gone, closed to me, or I am not in it. "
            "Its digest can’t be said there. Invite me again, or choose another place with “digest here”."
            == message.says
        )
        failed = [state for _, state in await digests(office) if state is DeliveryState.FAILED]
        assert 5 == len(failed)

    async def test_where_their_dm_is_lost_too_the_next_admin_is(self, office: Office) -> None:
        """Each is tried once."""
        adapter = FakeAdapter(closed={MARKETING, dm(account("ben"))})
        await office.add(a_schedule())

        await run_until(office, adapter, MONDAY + timedelta(days=15), timedelta(hours=4))

        assert [dm(account("ana"))] == [message.posted.place for message in adapter.messages.values()]
        assert 1 == [place for place, _ in adapter.attempts].count(dm(account("ben")))

    async def test_where_all_is_lost_it_ends(self, office: Office) -> None:
        """No admin can be reached: each was tried once, in three weeks."""
        adapter = FakeAdapter(closed={MARKETING, dm(account("ben")), dm(account("ana"))})
        await office.add(a_schedule())

        await run_until(office, adapter, MONDAY + timedelta(days=20), timedelta(hours=4))

        assert [MARKETING, dm(account("ben")), dm(account("ana")), MARKETING, MARKETING] == [
            place for place, _ in adapter.attempts
        ]

    async def test_found_and_lost_again_is_news(self, office: Office) -> None:
        """In the second week it works, in the third it does not."""
        adapter = FakeAdapter(closed={MARKETING})
        await office.add(a_schedule())
        await run_until(office, adapter, MONDAY + timedelta(days=2), timedelta(hours=4))
        adapter.closed.clear()
        await run_until(office, adapter, MONDAY + timedelta(days=9), timedelta(hours=4))
        adapter.closed.add(MARKETING)
        await run_until(office, adapter, MONDAY + timedelta(days=16), timedelta(hours=4))

        assert (2, 1) == (len(adapter.at(dm(account("ben")))), len(adapter.at(MARKETING)))

    async def test_the_teams_channel_is_missed_by_nudges_as_well(self, office: Office) -> None:
        """Nobody's relationship goes to an admin instead, who learns why."""
        adapter = FakeAdapter(closed={CHANNEL})
        kim = an_influencer("Kim Ray", owner=None)
        await office.add(kim)
        await office.log(kim, TODAY - timedelta(days=100))
        await tick(office.store, office.now, office.new_id)
        office.move_to(instant(TODAY, time(9, 30), BERLIN))
        await run(office, adapter)

        said = [message.says for message in adapter.at(dm(account("ana")))]
        assert any("Kim Ray" in one for one in said)
        assert any(one.startswith("I can’t post in #c1 any more") for one in said)

    async def test_without_a_known_admin_whoever_asked_is_told(self, office: Office) -> None:
        """Ben set the digest up."""
        adapter = FakeAdapter(closed={MARKETING})
        await office.change(ANA, admin=False)
        await office.change(BEN, admin=False)
        await office.add(a_schedule())

        await run_until(office, adapter, MONDAY + timedelta(days=1), timedelta(hours=4))

        assert 1 == len(adapter.at(dm(account("ben"))))

    async def test_a_mark_gives_no_place_away(self) -> None:
        """It is the same each time, and two places differ."""
        assert mark_of(MARKETING) == mark_of(replace(MARKETING))
        assert mark_of(MARKETING) != mark_of(CHANNEL)
        assert "marketing" not in mark_of(MARKETING)


class TestRetracted:
    async def _sent(self, office: Office, adapter: FakeAdapter) -> Delivery:
        await office.add(a_schedule())
        office.move_to(at(TODAY, 9))
        await run(office, adapter)
        sent = await office.store.get(Delivery, "team_1", digest_id("sch_1", TODAY))
        assert sent is not None
        return sent

    async def _retract(self, office: Office) -> None:
        known = await office.store.get(Delivery, "team_1", digest_id("sch_1", TODAY))
        assert known is not None
        pending = Pending(office.store, await office.team(), ())
        await retract(pending, [known], office.now)
        await office.write(*pending.writes)

    async def test_what_stands_is_taken_away(self, office: Office) -> None:
        """And stays away, also when its schedule is moved."""
        adapter = FakeAdapter()
        sent = await self._sent(office, adapter)
        await self._retract(office)
        await run(office, adapter)
        await office.change(a_schedule(), at=time(18))
        await run_until(office, adapter, at(TODAY, 20), timedelta(hours=1))

        gone = await office.store.get(Delivery, "team_1", sent.id)
        assert gone is not None
        assert ([], [sent.posted]) == (adapter.said, adapter.deletions)
        assert (DeliveryState.DROPPED, None, None) == (gone.state, gone.posted, gone.due_at)

    async def test_what_is_on_its_way_is_taken_away_when_it_stands(self, office: Office) -> None:
        """Somebody is forgotten in the middle of the post."""
        adapter = FakeAdapter()
        adapter.meanwhile = lambda: self._retract(office)
        await self._sent(office, adapter)
        await run(office, adapter)

        assert ([], 1) == (adapter.said, len(adapter.deletions))

    async def test_a_refusal_is_tried_again(self, office: Office) -> None:
        """With the patience of an edit."""
        adapter = FakeAdapter(delete_failures=[not_posted(), lost_answer(stands=False)])
        await self._sent(office, adapter)
        await self._retract(office)
        await run_until(office, adapter, at(TODAY, 10), timedelta(seconds=30))

        assert ([], 3) == (adapter.said, len(adapter.deletions))

    async def test_what_can_t_be_taken_away_is_for_an_admin_to_know(self, office: Office) -> None:
        """It is shown among what did not get through."""
        adapter = FakeAdapter(delete_failures=[place_lost()])
        await self._sent(office, adapter)
        await self._retract(office)
        await run(office, adapter)

        (stuck,) = await office.store.deliveries_stuck("team_1")
        assert "It should be gone and still stands: the platform did not take it away." == stuck.problem


steps = st.one_of(
    st.tuples(st.just("wait"), st.integers(1, 100)),
    st.tuples(st.just("days"), st.sets(st.integers(0, 6), min_size=1)),
    st.tuples(st.just("hour"), st.integers(0, 23)),
    st.tuples(st.just("zone"), st.sampled_from(["Asia/Kolkata", "America/New_York", "Europe/Berlin", "Pacific/Apia"])),
    st.tuples(st.just("off")),
    st.tuples(st.just("on")),
    st.tuples(
        st.just("fail"),
        st.sampled_from(
            [
                not_posted(),
                not_posted(None),
                place_lost(),
                lost_answer(stands=True),
                killed(stands=True),
                killed(stands=False),
            ]
        ),
    ),
)


@settings(max_examples=60)
@given(st.lists(steps, min_size=5, max_size=20), st.booleans())
async def test_a_schedule_always_has_one_digest_ahead(story: list[tuple[Any, ...]], finds: bool) -> None:
    """Whatever is done to it and whatever fails: one waits or is on its way, and no date has two that stand."""
    with TemporaryDirectory() as folder:
        store = await open_store(f"tinydb:{Path(folder) / 'rapport.json'}")
        office, adapter = Office(store, MovableClock(MONDAY)), FakeAdapter()
        adapter.finds_in = adapter.finds_in if finds else frozenset()
        await office.add(a_team(channel=CHANNEL), ANA, BEN, a_schedule())
        for step in story:
            await _take(office, adapter, step)
            ahead = [
                one
                for one in await store.everything(Delivery, "team_1")
                if one.kind is DeliveryKind.DIGEST and one.state in {DeliveryState.PENDING, DeliveryState.SENDING}
            ]
            assert len(await store.schedules("team_1")) == len(ahead), (step, ahead)
        keys = [message.key for message in adapter.messages.values()]
        assert len(set(keys)) == len(keys)
        await store.close()


async def _take(office: Office, adapter: FakeAdapter, step: tuple[Any, ...]) -> None:
    known = await office.store.get(Schedule, "team_1", "sch_1")
    match step:
        case "wait", hours:
            for _ in range(hours):
                office.move(hours=1)
                try:
                    await run(office, adapter)
                except* Killed:
                    pass
        case "days", days if known is not None:
            await office.change(known, weekdays=tuple(sorted(days)))
        case "hour", hour if known is not None:
            await office.change(known, at=time(hour))
        case "zone", zone:
            await office.change(await office.team(), timezone=zone)
        case ("off",) if known is not None and not await _is_on_its_way(office):
            await office.write(Write(known, None))
        case ("on",) if known is None:
            await office.add(a_schedule())
        case "fail", failure:
            adapter.failures.append(failure)


async def _is_on_its_way(office: Office) -> bool:
    """A schedule that is stopped then has one that nobody waits for, which is no fault."""
    return any(one.state is DeliveryState.SENDING for one in await office.store.everything(Delivery, "team_1"))
