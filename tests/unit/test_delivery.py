from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from structlog.testing import capture_logs

from bot.address import Place, PlaceKind, dm
from bot.calendar import instant
from bot.change import Change, Write
from bot.clock import MovableClock
from bot.delivery import LEASE, POST_WITHIN, Rounds, deliver
from bot.delivery.backoff import ATTEMPTS, wait
from bot.delivery.courier import post_key
from bot.delivery.errand import Letter
from bot.delivery.ledger import Ledger
from bot.errors import Conflict, StoreFailed
from bot.model import Delivery, DeliveryState, Direction, Influencer, Member, Nudge, NudgeState, Touchpoint
from bot.nudging import tick
from bot.store_port import Store
from storage import open_store
from tests.fakes import (
    CHANNEL,
    MONDAY,
    Failure,
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
    pressable,
)

ANA, BEN = a_member("Ana"), a_member("Ben")
JESS, LEE, SAM = an_influencer("Jess Park"), an_influencer("Lee Fox"), an_influencer("Sam Ode")
ANAS_DM = dm(account("ana"))
TODAY = date(2026, 11, 23)
"""MONDAY on the calendar."""


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    """A real store with a team in Berlin, Ana and Ben, early on a Monday."""
    store = await open_store(f"tinydb:{tmp_path / 'rapport.json'}")
    office = Office(store, MovableClock(MONDAY))
    await office.add(a_team(channel=CHANNEL), ANA, BEN)
    yield office
    await store.close()


async def quiet(office: Office, *people: Influencer, days: int = 100) -> None:
    """Puts people on the roster with whom the last touchpoint is long ago."""
    for person in people:
        await office.add(person)
        await office.log(person, TODAY - timedelta(days=days), note="asked about spring launch")


async def run(office: Office, adapter: FakeAdapter, *more: FakeAdapter) -> None:
    """One wake-up: tick, then delivery."""
    await tick(office.store, office.now, office.new_id)
    await deliver(office.store, {one.platform: one for one in (adapter, *more)}, office.clock, office.new_id)


async def run_until(office: Office, adapter: FakeAdapter, moment: datetime, step: timedelta) -> None:
    """Wakes up again and again until an instant."""
    while office.now < moment:
        await run(office, adapter)
        office.clock.move(min(step, moment - office.now))
    await run(office, adapter)


async def at_nudge_hour(office: Office, adapter: FakeAdapter) -> None:
    """What is due is raised early in the morning, and delivered at half past nine in Berlin."""
    await run(office, adapter)
    office.move_to(instant(TODAY, time(9, 30), a_team().zone))
    await run(office, adapter)


async def deliveries(office: Office) -> list[Delivery]:
    """All deliveries, oldest day first."""
    return sorted(await office.store.everything(Delivery, "team_1"), key=lambda one: (one.on, one.id))


async def the_delivery(office: Office) -> Delivery:
    """The only delivery that was not dropped."""
    (delivery,) = [one for one in await deliveries(office) if one.state is not DeliveryState.DROPPED]
    return delivery


async def states(office: Office) -> dict[str, NudgeState]:
    """The state of each nudge by the influencer it is about."""
    return {nudge.influencer: nudge.state for nudge in await office.store.everything(Nudge, "team_1")}


class TestOnce:
    async def test_a_quiet_relationship_reaches_its_owner_by_dm(self, office: Office) -> None:
        """Nothing before the nudge hour; at the hour one message with why, an idea and what was last."""
        adapter = FakeAdapter()
        await quiet(office, JESS)

        await run(office, adapter)
        assert [] == adapter.said
        office.move_to(instant(TODAY, time(9, 30), a_team().zone))
        await run(office, adapter)

        (message,) = adapter.at(ANAS_DM)
        assert (
            "1 relationship needs you today.\n"
            "Jess Park — One touchpoint so far, 100 days ago; the plan is every 21 days.\n"
            "Idea: Ask what Jess Park wants: we don’t know it yet.\n"
            "Last: Ana, email to Jess, Sat 15 Aug — “asked about spring launch”." == message.says
        )
        assert ["I reached out", "Not needed", "Hand over", "Snooze"] == [
            item.label for item in pressable(message.reply)
        ]
        assert {"inf_jess": NudgeState.SENT} == await states(office)

    async def test_nothing_is_said_twice_however_often_it_runs(self, office: Office) -> None:
        """A silence is raised once, in weeks of waking up every few hours."""
        adapter = FakeAdapter()
        await quiet(office, JESS, LEE)

        await run_until(office, adapter, MONDAY + timedelta(days=40), timedelta(hours=5))

        assert 1 == len(adapter.said)

    async def test_two_replicas_at_once_post_once(self, office: Office) -> None:
        """Both tick and deliver side by side; the version of the claim decides."""
        adapter = FakeAdapter(slowly=3)
        await quiet(office, JESS, LEE)
        await asyncio.gather(run(office, adapter), run(office, adapter))
        office.move_to(instant(TODAY, time(9, 30), a_team().zone))

        await asyncio.gather(run(office, adapter), run(office, adapter), run(office, adapter))

        assert 1 == len(adapter.attempts)

    async def test_five_people_a_day_most_urgent_first(self, office: Office) -> None:
        """Waiting on us by how long, then quiet by R; the rest follows on the next working day."""
        adapter = FakeAdapter()
        people = [an_influencer(f"P{n} X", id=f"inf_p{n}") for n in range(6)]
        for n, person in enumerate(people):
            await quiet(office, person, days=60 + n)
        await quiet(office, JESS, days=30)
        await office.log(JESS, TODAY - timedelta(days=10), Direction.INBOUND)

        await at_nudge_hour(office, adapter)
        office.move(days=1)
        await run(office, adapter)

        first, second = adapter.said
        assert ["Jess Park", "P5 X", "P4 X", "P3 X", "P2 X"] == _named(first)
        assert ["P1 X", "P0 X"] == _named(second)
        assert "Jess Park — Wrote 10 days ago, unanswered." in first
        assert "2 more need you: /rapport due shows everybody." in first

    async def test_a_member_may_ask_for_fewer(self, office: Office) -> None:
        """The daily cap is the member's own."""
        adapter = FakeAdapter()
        await office.change(ANA, daily_cap=1)
        await quiet(office, JESS, LEE, SAM)

        await at_nudge_hour(office, adapter)

        assert "2 more need you: /rapport due shows everybody." in adapter.said[0]
        assert 1 == len(_named(adapter.said[0]))

    async def test_one_person_has_one_entry(self, office: Office) -> None:
        """Quiet and waiting on us at once: the more urgent reason is shown, and both count as sent."""
        adapter = FakeAdapter()
        await office.add(JESS)
        await office.log(JESS, TODAY - timedelta(days=100), Direction.INBOUND)

        await at_nudge_hour(office, adapter)

        nudges = await office.store.nudges_of("team_1", JESS.id)
        assert [NudgeState.SENT, NudgeState.SENT] == [nudge.state for nudge in nudges]
        assert ["Jess Park"] == _named(adapter.said[0])


def _named(says: str) -> list[str]:
    return [line.partition(" — ")[0] for line in says.splitlines() if " — " in line and not line.startswith("Last")]


class TestWhen:
    async def test_not_on_a_holiday_nor_on_a_weekend(self, office: Office) -> None:
        """Due on Good Friday in Germany: it goes out on the Tuesday after Easter Monday."""
        adapter = FakeAdapter()
        await office.change(a_team(), country="DE")
        office.move_to(datetime(2027, 3, 26, 3, 0, tzinfo=UTC))
        await office.add(JESS)
        await office.log(JESS, date(2027, 1, 1))

        await run_until(office, adapter, datetime(2027, 3, 30, 7, 29, tzinfo=UTC), timedelta(hours=1))
        before = list(adapter.said)
        await run_until(office, adapter, datetime(2027, 3, 30, 7, 30, tzinfo=UTC), timedelta(minutes=1))

        assert ([], 1) == (before, len(adapter.said))

    async def test_at_the_hour_of_the_owners_zone(self, office: Office) -> None:
        """Ana is in Kolkata, her team in Berlin: half past nine is hers."""
        adapter = FakeAdapter()
        await office.change(ANA, timezone="Asia/Kolkata")
        await quiet(office, JESS)
        hour = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)

        await run_until(office, adapter, hour - timedelta(minutes=1), timedelta(minutes=30))
        before = list(adapter.said)
        office.move_to(hour)
        await run(office, adapter)

        assert ([], 1) == (before, len(adapter.said))

    async def test_a_nudge_hour_that_the_clocks_jump_over(self, office: Office) -> None:
        """02:30 on the night of the change to summer time is 03:00, for a team that works on Sundays."""
        adapter = FakeAdapter()
        await office.change(a_team(), working_days=(6,), nudge_hour=time(2, 30))
        office.move_to(datetime(2027, 3, 27, 3, 0, tzinfo=UTC))
        await office.add(JESS)
        await office.log(JESS, date(2027, 1, 1))

        await run_until(office, adapter, datetime(2027, 3, 28, 0, 59, tzinfo=UTC), timedelta(minutes=59))
        before = list(adapter.said)
        office.move_to(datetime(2027, 3, 28, 1, 0, tzinfo=UTC))
        await run(office, adapter)

        assert ([], 1) == (before, len(adapter.said))

    async def test_after_ten_days_of_downtime_there_is_one_message(self, office: Office) -> None:
        """Raised and scheduled, then nothing runs until Thursday of the week after, late in the day."""
        adapter = FakeAdapter()
        await quiet(office, JESS)
        await run(office, adapter)
        await quiet(office, LEE, days=40)
        office.move_to(datetime(2026, 12, 3, 15, 0, tzinfo=UTC))

        await run_until(office, adapter, office.now + timedelta(days=5), timedelta(hours=1))

        assert 1 == len(adapter.said)
        assert {"Jess Park", "Lee Fox"} == set(_named(adapter.said[0]))
        assert date(2026, 12, 3) == (await the_delivery(office)).on

    async def test_late_on_a_day_off_it_waits_for_the_next_working_day(self, office: Office) -> None:
        """Up again on a Saturday: Monday's message carries it."""
        adapter = FakeAdapter()
        await quiet(office, JESS)
        await run(office, adapter)
        office.move_to(datetime(2026, 11, 28, 12, 0, tzinfo=UTC))
        await run(office, adapter)
        on_saturday = list(adapter.said)

        office.move_to(datetime(2026, 11, 30, 8, 30, tzinfo=UTC))
        await run(office, adapter)

        assert ([], 1) == (on_saturday, len(adapter.said))

    async def test_an_hour_that_was_moved_to_later_counts(self, office: Office) -> None:
        """Scheduled for half past nine; Ana prefers three in the afternoon since."""
        adapter = FakeAdapter()
        await quiet(office, JESS)
        await run(office, adapter)
        await office.change(ANA, nudge_hour=time(15, 0))

        await at_nudge_hour(office, adapter)
        at_half_past_nine = list(adapter.said)
        office.move_to(instant(TODAY, time(15, 0), a_team().zone))
        await run(office, adapter)

        assert ([], 1) == (at_half_past_nine, len(adapter.said))

    async def test_what_does_not_hold_any_more_is_withdrawn(self, office: Office) -> None:
        """Raised after two working days, one of which has since been declared a day off: it comes a day later."""
        adapter = FakeAdapter()
        await office.add(JESS)
        await office.log(JESS, TODAY - timedelta(days=4), Direction.INBOUND)
        await run(office, adapter)
        team = await office.team()
        await office.change(team, days_off=(date(2026, 11, 20),))
        office.move_to(instant(TODAY, time(9, 30), team.zone))

        await deliver(office.store, {"fake": adapter}, office.clock, office.new_id)
        withdrawn = await states(office)
        office.move(days=1)
        await run(office, adapter)

        assert ({}, 1) == (withdrawn, len(adapter.said))


class TestTo:
    async def test_the_preferred_platform_else_the_first_that_is_connected(self, office: Office) -> None:
        """Ana has accounts on three platforms, of which two are connected."""
        fake, other = FakeAdapter(), FakeAdapter("other")
        ana = await office.store.get(Member, "team_1", ANA.id)
        assert ana is not None
        accounts = (account("ana", "gone"), account("ana"), account("ana", "other"))
        await office.change(ana, accounts=accounts, preferred="other")
        await quiet(office, JESS)

        await run(office, fake, other)
        office.move_to(instant(TODAY, time(9, 30), a_team().zone))
        await run(office, fake, other)
        await office.change(ana, preferred="gone")
        await quiet(office, LEE)
        office.move(days=1)
        await run(office, fake, other)

        assert (["Lee Fox"], ["Jess Park"]) == (_named(fake.said[0]), _named(other.said[0]))

    async def test_nobodys_relationships_go_to_the_teams_channel(self, office: Office) -> None:
        """In full, for everybody to take."""
        adapter = FakeAdapter()
        await quiet(office, an_influencer("Kim Ray", owner=None))

        await at_nudge_hour(office, adapter)

        (message,) = adapter.at(CHANNEL)
        assert message.says.startswith(
            "1 relationship that nobody looks after needs somebody.\nKim Ray — One touchpoint"
        )

    async def test_without_a_channel_they_go_to_an_admin(self, office: Office) -> None:
        """By DM."""
        adapter = FakeAdapter()
        await office.change(a_team(), channel=None)
        await office.change(BEN, admin=True)
        await quiet(office, an_influencer("Kim Ray", owner=None))

        await at_nudge_hour(office, adapter)

        assert ["Kim Ray"] == _named(adapter.at(dm(account("ben")))[0].says)

    async def test_an_owner_who_left_counts_as_nobody(self, office: Office) -> None:
        """Left before the nudge is raised, or between raising and posting."""
        adapter = FakeAdapter()
        await office.change(BEN, left_at=MONDAY)
        await quiet(office, an_influencer("Kim Ray", owner=BEN.id), JESS)
        await run(office, adapter)
        await office.change(ANA, left_at=MONDAY)

        await at_nudge_hour(office, adapter)
        office.move(days=1)
        await run(office, adapter)

        assert ["Jess Park", "Kim Ray"] == sorted(name for one in adapter.at(CHANNEL) for name in _named(one.says))
        assert [] == adapter.at(ANAS_DM)

    async def test_who_wants_no_nudges_gets_none_and_all_of_them_later(self, office: Office) -> None:
        """They stay raised, and go out once nudges are wanted again."""
        adapter = FakeAdapter()
        await office.change(ANA, nudges=False)
        await quiet(office, JESS)

        await at_nudge_hour(office, adapter)
        muted = (list(adapter.said), await states(office))
        await office.change(ANA, nudges=True)
        office.move(days=1)
        await run(office, adapter)

        assert ([], {"inf_jess": NudgeState.RAISED}) == muted
        assert 1 == len(adapter.said)

    async def test_closed_dms_fall_back_to_names_in_the_channel(self, office: Office) -> None:
        """No number and no note may stand there, and nothing to press; what is dealt with is taken off."""
        adapter = FakeAdapter(closed={ANAS_DM})
        await quiet(office, JESS, LEE)

        await at_nudge_hour(office, adapter)
        (posted,) = adapter.at(CHANNEL)
        await office.log(JESS, TODAY)
        await run(office, adapter)

        assert (
            "Ana: Jess Park and Lee Fox need you. /rapport due says why.\n"
            "This would be a direct message, but yours are closed to Rapport." == posted.says
        )
        assert [] == pressable(posted.reply)
        assert (
            "Ana: Lee Fox needs you. /rapport due says why.\n"
            "✓ Done: Jess Park.\n"
            "This would be a direct message, but yours are closed to Rapport." == adapter.at(CHANNEL)[0].says
        )
        assert [ANAS_DM, CHANNEL] == [place for place, _ in adapter.attempts]

    async def test_with_nowhere_to_go_it_fails_and_comes_again(self, office: Office) -> None:
        """The nudge stays raised for the next working day, and the delivery says what is wrong."""
        adapter = FakeAdapter(closed={ANAS_DM})
        await office.change(a_team(), channel=None)
        await quiet(office, JESS)

        await at_nudge_hour(office, adapter)
        stuck = await office.store.deliveries_stuck("team_1")
        adapter.closed.clear()
        office.move(days=1)
        await run(office, adapter)

        assert [(DeliveryState.FAILED, "closed")] == [(one.state, one.problem) for one in stuck]
        assert 1 == len(adapter.said)

    async def test_without_any_place_it_fails_in_words(self, office: Office) -> None:
        """Nobody's relationship in a team without channel and admin."""
        await office.change(a_team(), channel=None)
        await quiet(office, an_influencer("Kim Ray", owner=None))

        await at_nudge_hour(office, FakeAdapter())

        (stuck,) = await office.store.deliveries_stuck("team_1")
        assert "No DM and no team channel to post it in: set the team’s channel in settings." == stuck.problem


class TestFailures:
    async def test_a_refused_post_is_tried_again(self, office: Office) -> None:
        """Not before the platform wants, and not at once."""
        adapter = FakeAdapter(failures=[not_posted(retry_after=600)])
        await quiet(office, JESS)
        await at_nudge_hour(office, adapter)
        hour = office.now

        await run_until(office, adapter, hour + timedelta(seconds=599), timedelta(seconds=59))
        before = list(adapter.said)
        await run_until(office, adapter, hour + timedelta(minutes=16), timedelta(minutes=1))

        assert ([], 1) == (before, len(adapter.said))
        assert 2 == len(adapter.attempts)

    async def test_given_up_after_eight_attempts(self, office: Office) -> None:
        """It is failed, its nudge stays raised and goes out on the next day."""
        adapter = FakeAdapter(failures=[not_posted()] * ATTEMPTS)
        await quiet(office, JESS)
        await at_nudge_hour(office, adapter)

        await run_until(office, adapter, MONDAY + timedelta(hours=14), timedelta(minutes=10))
        tried, found = len(adapter.attempts), [one.state for one in await deliveries(office)]
        office.move(days=1)
        await run(office, adapter)

        assert (ATTEMPTS, [DeliveryState.FAILED, DeliveryState.PENDING]) == (tried, found)
        assert 1 == len(adapter.said)

    async def test_what_is_hopeless_fails_at_once(self, office: Office) -> None:
        """A platform that says never again is not asked again that day."""
        adapter = FakeAdapter(failures=[not_posted(retry_after=None)])
        await quiet(office, JESS)

        await at_nudge_hour(office, adapter)
        await run_until(office, adapter, office.now + timedelta(hours=8), timedelta(hours=1))

        assert 1 == len(adapter.attempts)
        assert DeliveryState.FAILED is (await deliveries(office))[0].state

    @pytest.mark.parametrize("failure", [lost_answer, killed])
    @pytest.mark.parametrize("stands", [True, False])
    async def test_a_lost_answer_is_looked_up(
        self, office: Office, failure: Callable[..., Failure], stands: bool
    ) -> None:
        """Where the platform can be asked, what stands is not posted again and what does not stand is."""
        adapter = FakeAdapter(failures=[failure(stands=stands)])
        await quiet(office, JESS)

        await _through_a_crash(office, adapter)

        assert 1 == len(adapter.said)
        assert 1 + (not stands) == len(adapter.attempts)
        assert DeliveryState.SENT is (await the_delivery(office)).state
        assert {"inf_jess": NudgeState.SENT} == await states(office)

    @pytest.mark.parametrize("failure", [lost_answer, killed])
    @pytest.mark.parametrize("stands", [True, False])
    async def test_what_cant_be_looked_up_is_never_posted_twice(
        self, office: Office, failure: Callable[..., Failure], stands: bool
    ) -> None:
        """It is unknown, for `status` to show, and its nudges are not raised again."""
        adapter = FakeAdapter(finds_in=frozenset(), failures=[failure(stands=stands)])
        await quiet(office, JESS)

        await _through_a_crash(office, adapter)
        await run_until(office, adapter, office.now + timedelta(days=3), timedelta(hours=3))

        assert 1 == len(adapter.attempts)
        assert [DeliveryState.UNKNOWN] == [one.state for one in await office.store.deliveries_stuck("team_1")]

    @pytest.mark.parametrize(
        ("closed", "state"), [(set(), DeliveryState.SENT), ({ANAS_DM}, DeliveryState.UNKNOWN)], ids=["dm", "channel"]
    )
    async def test_it_is_looked_up_where_that_place_can_be_searched(
        self, office: Office, closed: set[Place], state: DeliveryState
    ) -> None:
        """In direct messages, on this platform, and not in channels."""
        adapter = FakeAdapter(finds_in=frozenset({PlaceKind.DM}), closed=closed)
        await quiet(office, JESS)
        await run(office, adapter)
        adapter.failures = [lost_answer(stands=True)]

        await _through_a_crash(office, adapter)

        assert state is (await the_delivery(office)).state

    async def test_a_lease_that_runs_is_left_alone(self, office: Office) -> None:
        """Another replica's claim counts until nobody can be posting any more."""
        adapter = FakeAdapter(failures=[killed(stands=False)])
        await quiet(office, JESS)
        await run(office, adapter)
        office.move_to(instant(TODAY, time(9, 30), a_team().zone))
        with pytest.raises(Killed):
            await run(office, adapter)

        office.clock.move(LEASE - timedelta(seconds=1))
        await run(office, adapter)

        assert (1, []) == (len(adapter.attempts), adapter.lookups)
        assert POST_WITHIN < LEASE

    async def test_a_look_up_that_fails_is_tried_again(self, office: Office) -> None:
        """Only certainty leads to a second post."""
        adapter = FakeAdapter(failures=[lost_answer(stands=True)], find_failures=[not_posted(), place_lost()])
        await quiet(office, JESS)

        await at_nudge_hour(office, adapter)
        await run_until(office, adapter, office.now + timedelta(hours=1), timedelta(minutes=1))

        assert (1, 3) == (len(adapter.attempts), len(adapter.lookups))
        assert DeliveryState.SENT is (await the_delivery(office)).state

    async def test_one_that_goes_wrong_does_not_hold_up_the_rest(self, office: Office) -> None:
        """A fault of ours with one message is logged, and the others go out."""
        adapter = FakeAdapter(failures=[Failure(ZeroDivisionError())])
        await quiet(office, JESS, an_influencer("Lee Fox", owner=BEN.id))

        with capture_logs() as logs:
            await at_nudge_hour(office, adapter)

        assert 1 == len(adapter.said)
        assert ["delivery.broken"] == [entry["event"] for entry in logs if entry["log_level"] == "error"]

    async def test_going_on_to_the_channel_is_the_same_attempt(self, office: Office) -> None:
        """The DM is closed and the channel refuses: one attempt of eight."""
        adapter = FakeAdapter(closed={ANAS_DM}, failures=[not_posted()])
        await quiet(office, JESS)

        await at_nudge_hour(office, adapter)

        delivery = await the_delivery(office)
        assert (2, 1, DeliveryState.PENDING) == (len(adapter.attempts), delivery.attempts, delivery.state)

    async def test_attempts_count_over_midnight(self, office: Office) -> None:
        """A message that becomes the next day's goes on counting."""
        adapter = FakeAdapter(failures=[not_posted(retry_after=20 * 3600), not_posted()])
        await quiet(office, JESS)
        await at_nudge_hour(office, adapter)

        office.move(days=2)
        await run(office, adapter)

        delivery = await the_delivery(office)
        assert (date(2026, 11, 25), 2) == (delivery.on, delivery.attempts)

    async def test_a_claim_fails_where_a_nudge_has_moved(self, office: Office) -> None:
        """Between composing and claiming somebody logged: nothing of what was composed may go out."""
        await quiet(office, JESS)
        await tick(office.store, office.now, office.new_id)
        (nudge,) = await office.store.nudges_raised("team_1", ANA.id)
        await office.log(JESS, TODAY)
        ledger = Ledger(office.store, office.clock, office.new_id)

        with pytest.raises(Conflict):
            await ledger.claim(
                await office.team(), await the_delivery(office), Letter(None, carries=(nudge.id,)), ANAS_DM
            )

    async def test_the_wait_grows_and_is_the_same_each_time(self) -> None:
        """From half a minute to an hour, at least what the platform asks, never drawn by chance."""
        waits = [wait("delivery:x", attempt) for attempt in range(1, 12)]

        assert waits == [wait("delivery:x", attempt) for attempt in range(1, 12)]
        assert all(timedelta(seconds=30) <= one <= timedelta(minutes=90) for one in waits)
        assert len(set(waits)) == len(waits)
        assert timedelta(hours=2) <= wait("delivery:x", 1, 7200.0) <= timedelta(hours=3)

    async def test_a_key_fits(self) -> None:
        """A delivery with an id over 100 characters is posted under a digest of it."""
        long = Delivery(
            id="delivery:nudges:" + "x" * 200, team="t", member=None, on=TODAY, due_at=None, updated_at=MONDAY
        )

        assert len(post_key(long)) <= 100
        assert post_key(long) != post_key(replace(long, id=long.id + "y"))


async def _through_a_crash(office: Office, adapter: FakeAdapter) -> None:
    """Tick and delivery until long after the lease of a first attempt that may have died."""
    await run(office, adapter)
    office.move_to(instant(TODAY, time(9, 30), a_team().zone))
    try:
        await run(office, adapter)
    except* Killed:
        office.clock.move(LEASE)
    await run_until(office, adapter, office.now + timedelta(minutes=20), timedelta(minutes=1))


class TestEdits:
    async def test_a_colleagues_log_cancels_what_was_raised(self, office: Office) -> None:
        """Before the hour: nothing is said at all."""
        adapter = FakeAdapter()
        await quiet(office, JESS)
        await run(office, adapter)
        await office.log(JESS, TODAY, by=BEN.id)

        await at_nudge_hour(office, adapter)

        assert ([], {}) == (adapter.said, await states(office))

    async def test_a_colleagues_log_edits_what_was_posted(self, office: Office) -> None:
        """The message says who did what; those still open keep their buttons."""
        adapter = FakeAdapter()
        await quiet(office, JESS, LEE)
        await at_nudge_hour(office, adapter)

        await office.log(JESS, TODAY, by=BEN.id)
        await run(office, adapter)
        await run(office, adapter)

        (message,) = adapter.at(ANAS_DM)
        assert "Jess Park — ✓ Ben logged an email, 23 Nov." in message.says.splitlines()
        assert "1 relationship needs you today." in message.says
        assert 4 == len(pressable(message.reply))
        assert 1 == len(adapter.edits)
        assert (NudgeState.OVER, NudgeState.SENT) == tuple((await states(office)).values())

    async def test_a_third_message_without_an_answer_cancels_the_nudge_too(self, office: Office) -> None:
        """Anyone's log does, although the silence goes on (QUIET); and it is not raised again."""
        adapter = FakeAdapter()
        await office.add(JESS)
        for days in (102, 101, 100):
            await office.log(JESS, TODAY - timedelta(days=days))
        await at_nudge_hour(office, adapter)

        await office.log(JESS, TODAY, by=BEN.id)
        await run_until(office, adapter, office.now + timedelta(days=3), timedelta(hours=6))

        (message,) = adapter.messages.values()
        assert "Jess Park — ✓ Ben logged an email, 23 Nov." in message.says

    async def test_a_log_while_it_is_being_posted_is_shown_at_once(self, office: Office) -> None:
        """Composed, then Ben logs, then the platform answers: the message is edited right after."""
        adapter = FakeAdapter()
        await quiet(office, JESS)
        await run(office, adapter)
        adapter.meanwhile = lambda: office.log(JESS, TODAY, by=BEN.id)
        office.move_to(instant(TODAY, time(9, 30), a_team().zone))

        await run(office, adapter)
        await run(office, adapter)

        assert ["Nothing is left to do here.\nJess Park — ✓ Ben logged an email, 23 Nov."] == adapter.said

    async def test_a_nudge_raised_while_it_is_being_posted_is_not_lost(self, office: Office) -> None:
        """It goes out on the next working day."""
        adapter = FakeAdapter()
        await quiet(office, JESS)
        await run(office, adapter)

        async def meanwhile() -> None:
            await quiet(office, LEE)
            await tick(office.store, office.now, office.new_id)

        adapter.meanwhile = meanwhile
        office.move_to(instant(TODAY, time(9, 30), a_team().zone))
        await run(office, adapter)
        office.move(days=1)
        await run(office, adapter)

        assert [["Jess Park"], ["Lee Fox"]] == [_named(one) for one in adapter.said]

    async def test_handed_over_it_moves_to_the_new_owner(self, office: Office) -> None:
        """The old message says so, and Ben gets it with his next one."""
        adapter = FakeAdapter()
        await quiet(office, JESS)
        await at_nudge_hour(office, adapter)

        await office.change(JESS, owner=BEN.id)
        await run(office, adapter)
        office.move(days=1)
        await run(office, adapter)

        assert "Jess Park — handed over to Ben." in adapter.at(ANAS_DM)[0].says
        assert ["Jess Park"] == _named(adapter.at(dm(account("ben")))[0].says)

    async def test_what_was_handed_over_stays_so_whatever_comes_of_it(self, office: Office) -> None:
        """Ben deals with it, before it reached him or after; Ana's message is about Ana."""
        adapter = FakeAdapter()
        await quiet(office, JESS, LEE, SAM)
        await at_nudge_hour(office, adapter)
        await office.change(JESS, owner=BEN.id)
        await office.log(JESS, TODAY, by=BEN.id)
        await office.change(LEE, owner=BEN.id)
        office.move(days=1)
        await run(office, adapter)
        await office.log(LEE, TODAY, by=BEN.id)

        await office.log(SAM, TODAY, by=BEN.id)
        await run(office, adapter)

        lines = adapter.at(ANAS_DM)[0].says.splitlines()
        assert {"Jess Park — handed over to Ben.", "Lee Fox — handed over to Ben."} < set(lines)

    async def test_a_snooze_and_an_archived_relationship_are_said(self, office: Office) -> None:
        """Whoever does it, from wherever."""
        adapter = FakeAdapter()
        await quiet(office, JESS, LEE, SAM)
        await at_nudge_hour(office, adapter)

        await office.change(JESS, by=BEN.id, snoozed_until=date(2026, 12, 7))
        await office.change(LEE, by=BEN.id, archived_at=office.now)
        await run(office, adapter)

        lines = adapter.said[0].splitlines()
        assert "Jess Park — snoozed until Mon 7 Dec." in lines
        assert "Lee Fox — archived." in lines

    async def test_an_edit_that_fails_is_tried_again(self, office: Office) -> None:
        """A refusal and a lost answer: the third attempt sets it."""
        adapter = FakeAdapter(edit_failures=[not_posted(), lost_answer(stands=False)])
        await quiet(office, JESS)
        await at_nudge_hour(office, adapter)

        await office.log(JESS, TODAY, by=BEN.id)
        await run_until(office, adapter, office.now + timedelta(minutes=10), timedelta(seconds=20))

        assert 3 == len(adapter.edits)
        assert "✓ Ben logged an email" in adapter.said[0]
        assert None is (await the_delivery(office)).due_at

    @pytest.mark.parametrize(
        ("failures", "tries"), [([not_posted()] * 20, ATTEMPTS), ([place_lost()], 1), ([not_posted(None)], 1)]
    )
    async def test_an_edit_is_given_up_in_the_open(self, office: Office, failures: list[Failure], tries: int) -> None:
        """What can't be set is logged, and not tried for ever."""
        adapter = FakeAdapter(edit_failures=list(failures))
        await quiet(office, JESS)
        await at_nudge_hour(office, adapter)
        await office.log(JESS, TODAY, by=BEN.id)

        with capture_logs() as logs:
            await run_until(office, adapter, office.now + timedelta(days=1), timedelta(minutes=20))

        assert tries == len(adapter.edits)
        assert 1 == [entry["event"] for entry in logs].count("delivery.edit_failed")

    async def test_what_moves_during_an_edit_is_edited_next(self, office: Office) -> None:
        """Nothing that happens while the platform works is lost."""
        adapter = FakeAdapter()
        await quiet(office, JESS, LEE)
        await at_nudge_hour(office, adapter)
        await office.log(JESS, TODAY, by=BEN.id)
        adapter.meanwhile = lambda: office.log(LEE, TODAY, by=BEN.id)

        await run(office, adapter)
        await run(office, adapter)

        assert "Nothing is left to do here." in adapter.said[0]

    async def test_notes_are_not_logged(self, office: Office) -> None:
        """Events carry ids and reasons, never what people wrote."""
        adapter = FakeAdapter(failures=[not_posted()])
        with capture_logs() as logs:
            await quiet(office, JESS)
            await at_nudge_hour(office, adapter)
            await run_until(office, adapter, office.now + timedelta(minutes=5), timedelta(minutes=1))
            await office.log(JESS, TODAY)
            await run(office, adapter)

        told = {"nudge.raised", "delivery.retried", "delivery.posted", "delivery.edited"}
        assert told <= {entry["event"] for entry in logs}
        assert "spring" not in str(logs)
        assert "Jess" not in str(logs)


class TestQueues:
    async def test_one_place_at_a_time_and_eight_places_together(self, office: Office) -> None:
        """Twelve owners with open DMs and six with closed ones, whose messages all go to the channel."""
        adapter = FakeAdapter(slowly=5)
        for n in range(18):
            member = a_member(f"M{n}")
            await office.add(member)
            if n >= 12:
                adapter.closed.add(dm(member.accounts[0]))
            await quiet(office, an_influencer(f"P{n} X", id=f"inf_p{n}", owner=member.id))

        await at_nudge_hour(office, adapter)

        assert 18 == len(adapter.said)
        assert {} == adapter.overlaps
        assert 1 < adapter.most_at_once <= 8
        assert 6 == len(adapter.at(CHANNEL))

    async def test_a_platform_that_hangs_holds_up_no_other(self, office: Office) -> None:
        """Eight of its places hang, as many as are posted to at once; elsewhere and on other platforms all goes out."""
        hung, other = FakeAdapter("hung"), FakeAdapter()
        await owners(office, [f"M{n}" for n in range(9)], "hung")
        await owners(office, ["Zoe"], "fake")
        hung.hanging = {dm(account(f"m{n}", "hung")) for n in range(8)}
        rounds = await at_the_hour(office, hung, other)

        await rounds.make(patience=1.0)  # long enough for what does not hang, on a busy machine too
        at_first = (len(hung.said), len(other.said))
        hung.let_go.set()
        await rounds.close(patience=10)
        await rounds.make(patience=None)

        assert ((0, 1), (9, 1)) == (at_first, (len(hung.said), len(other.said)))
        assert {} == hung.overlaps

    async def test_a_place_that_hangs_holds_up_only_itself_in_the_next_round(self, office: Office) -> None:
        """Ben's message, due later, goes out while Ana's still hangs; hers is not tried again meanwhile."""
        adapter = FakeAdapter(hanging={ANAS_DM})
        await quiet(office, JESS)
        rounds = await at_the_hour(office, adapter)
        await rounds.make(patience=0.05)
        await quiet(office, an_influencer("Kim Ray", owner=BEN.id))
        await tick(office.store, office.now, office.new_id)

        await rounds.make(patience=0.05)
        meanwhile = [message.posted.place for message in adapter.messages.values()]
        adapter.let_go.set()
        await rounds.close(patience=10)

        assert ([dm(account("ben"))], 2) == (meanwhile, len(adapter.attempts))
        assert {ANA.id: DeliveryState.SENT, BEN.id: DeliveryState.SENT} == {
            one.member: one.state for one in await deliveries(office)
        }

    async def test_what_waits_behind_it_is_left_to_a_later_round(self, office: Office) -> None:
        """Two messages for the channel, which hangs: the rounds meanwhile don't set out with the second one again."""
        adapter = FakeAdapter(hanging={CHANNEL})
        await owners(office, ["Mia", "Zoe"], "gone")
        rounds = await at_the_hour(office, adapter)

        with capture_logs() as logs:
            for _ in range(3):
                await rounds.make(patience=0.05)
            adapter.let_go.set()
            await rounds.close(patience=10)

        assert (2, 2) == (len(adapter.attempts), len(adapter.said))
        assert "delivery.conflict" not in [entry["event"] for entry in logs]

    async def test_what_is_cut_off_at_the_end_is_looked_up_later(self, office: Office) -> None:
        """Closed while a post hangs: it is claimed, and settled when its lease has run out."""
        adapter = FakeAdapter(hanging={ANAS_DM})
        await quiet(office, JESS)
        rounds = await at_the_hour(office, adapter)
        await rounds.make(patience=0.05)

        await rounds.close()
        cut_off = (await the_delivery(office)).state
        adapter.hanging.clear()
        office.clock.move(LEASE)
        await run(office, adapter)

        assert (DeliveryState.SENDING, 1, 1) == (cut_off, len(adapter.lookups), len(adapter.said))

    async def test_a_store_that_fails_is_told(self, office: Office) -> None:
        """It is no fault of one message."""
        adapter = FakeAdapter()
        await quiet(office, JESS)
        await at_the_hour(office, adapter)
        store = _Failing(office.store)

        with pytest.raises(StoreFailed):
            await deliver(store, {"fake": adapter}, office.clock, office.new_id)  # type: ignore[arg-type]  # a Store by delegation

        assert [] == adapter.said

    async def test_a_lease_for_an_edit_begins_with_its_turn(self, office: Office) -> None:
        """Two messages in the channel, both to be edited: the second is not claimed while the first one hangs."""
        adapter = FakeAdapter(closed={ANAS_DM, dm(account("ben"))})
        kim = an_influencer("Kim Ray", owner=BEN.id)
        await quiet(office, JESS, kim)
        await at_nudge_hour(office, adapter)
        await office.log(JESS, TODAY, by=BEN.id)
        await office.log(kim, TODAY, by=BEN.id)
        leased: list[int] = []

        async def look() -> None:
            leased.append(sum(one.lease_until is not None for one in await deliveries(office)))

        adapter.meanwhile = look
        await run(office, adapter)

        assert ([1], 2) == (leased, len(adapter.edits))


class TestSettings:
    async def test_an_hour_that_was_moved_to_earlier_counts(self, office: Office) -> None:
        """Scheduled for half past nine; Ana prefers eight since."""
        adapter = FakeAdapter()
        await quiet(office, JESS)
        await run(office, adapter)

        await office.change(ANA, nudge_hour=time(8, 0))
        office.move_to(instant(TODAY, time(8, 0), a_team().zone))
        await run(office, adapter)

        assert 1 == len(adapter.said)

    async def test_settings_that_move_while_it_is_posted_don_t_keep_it_from_being_sent(self, office: Office) -> None:
        """The platform took it; that the team has another name since changes nothing about that."""
        adapter = FakeAdapter(finds_in=frozenset())
        await quiet(office, JESS)

        async def renamed() -> None:
            await office.change(await office.team(), name="Other")

        await run(office, adapter)
        adapter.meanwhile = renamed
        office.move_to(instant(TODAY, time(9, 30), a_team().zone))
        await run(office, adapter)

        assert (DeliveryState.SENT, {"inf_jess": NudgeState.SENT}) == (
            (await the_delivery(office)).state,
            await states(office),
        )

    async def test_settings_that_move_before_it_is_claimed_have_it_composed_anew(self, office: Office) -> None:
        """What was decided by the old ones is not committed."""
        await quiet(office, JESS)
        await tick(office.store, office.now, office.new_id)
        (nudge,) = await office.store.nudges_raised("team_1", ANA.id)
        team = await office.team()
        await office.change(team, name="Other")
        ledger = Ledger(office.store, office.clock, office.new_id)

        with pytest.raises(Conflict):
            await ledger.claim(team, await the_delivery(office), Letter(None, carries=(nudge.id,)), ANAS_DM)


class TestTakenBack:
    async def test_a_mistaken_log_that_is_deleted_gives_the_message_its_buttons_back(self, office: Office) -> None:
        """Edited to say that Ben logged, then edited back."""
        adapter = FakeAdapter()
        await quiet(office, JESS)
        await at_nudge_hour(office, adapter)
        touch = await office.log(JESS, TODAY, by=BEN.id)
        await run(office, adapter)
        done = adapter.said

        await office.write(Write(await office.store.get(Touchpoint, "team_1", touch.id), None), by=BEN.id)
        await run_until(office, adapter, office.now + timedelta(days=2), timedelta(hours=6))

        assert ["Nothing is left to do here.\nJess Park — ✓ Ben logged an email, 23 Nov."] == done
        (message,) = adapter.messages.values()
        assert 4 == len(pressable(message.reply))
        assert {"inf_jess": NudgeState.SENT} == await states(office)


async def owners(office: Office, names: Sequence[str], platform: str) -> None:
    """Members on a platform, each with somebody who has been silent for long."""
    for name in names:
        member = a_member(name, accounts=(account(name.lower(), platform),))
        await office.add(member)
        await quiet(office, an_influencer(f"{name}’s X", id=f"inf_{name.lower()}", owner=member.id))


async def at_the_hour(office: Office, *adapters: FakeAdapter) -> Rounds:
    """What is due is raised and its hour has come; the rounds are still to be made."""
    await tick(office.store, office.now, office.new_id)
    office.move_to(instant(TODAY, time(9, 30), a_team().zone))
    return Rounds(office.store, {one.platform: one for one in adapters}, office.clock, office.new_id)


class _Failing:
    """A store whose medium has given up."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    async def commit(self, change: Change) -> Change:
        """Fails."""
        raise StoreFailed("disk full")
