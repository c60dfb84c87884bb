from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from bot.change import Change, Write
from bot.clock import MovableClock
from bot.consequences import Pending, restand, with_consequences
from bot.errors import Conflict
from bot.model import (
    Cadences,
    Delivery,
    DeliveryState,
    Direction,
    Influencer,
    Medium,
    Nudge,
    NudgeReason,
    NudgeState,
    Occasion,
    Sensitivity,
    Standing,
    Team,
    Touchpoint,
    standing_id,
)
from bot.standing import Book, reckon
from storage import open_store
from tests.fakes import CHANNEL, MONDAY, Office, a_member, a_team, an_influencer

TODAY = date(2026, 11, 23)
ANA, BEN = a_member("Ana"), a_member("Ben")
JESS, LEE = an_influencer("Jess Park"), an_influencer("Lee Fox")
KIM, SAM = an_influencer("Kim Ray"), an_influencer("Sam Ode")


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    """A real store with a team, Ana and Ben, and Jess, silent for a hundred days."""
    store = await open_store(f"tinydb:{tmp_path / 'rapport.json'}")
    office = Office(store, MovableClock(MONDAY))
    await office.add(a_team(channel=CHANNEL), ANA, BEN)
    await office.add(JESS)
    await office.log(JESS, TODAY - timedelta(days=100))
    yield office
    await store.close()


async def raised(office: Office, state: NudgeState = NudgeState.RAISED, delivery: str | None = None) -> Nudge:
    """A nudge about the silence of Jess."""
    since = TODAY - timedelta(days=100)
    nudge = Nudge(
        id=f"nudge:inf_jess:quiet:{since}",
        team="team_1",
        influencer=JESS.id,
        reason=NudgeReason.QUIET,
        since=since,
        member=ANA.id,
        state=state,
        raised_at=office.now,
        delivery=delivery,
    )
    await office.add(nudge)
    return nudge


async def sent(office: Office, state: DeliveryState = DeliveryState.SENT) -> Delivery:
    """A message in which that nudge stands."""
    delivery = Delivery(
        id="delivery:nudges:mem_ana:2026-11-23",
        team="team_1",
        member=ANA.id,
        on=TODAY,
        state=state,
        due_at=None,
        updated_at=office.now,
    )
    await office.add(delivery)
    return delivery


async def the(office: Office, nudge: Nudge) -> Nudge | None:
    """A nudge as it is stored now."""
    return await office.store.get(Nudge, "team_1", nudge.id)


class TestStandings:
    async def test_every_commit_carries_the_standing_along(self, office: Office) -> None:
        """It equals what all touchpoints add up to, after logging and after deleting."""
        touch = await office.log(JESS, TODAY)
        after_log = await office.standing(JESS)
        stored = await office.store.get(Touchpoint, "team_1", touch.id)
        await office.write(Write(stored, None))
        after_delete = await office.standing(JESS)

        touches = await office.store.touchpoints("team_1", JESS.id)
        expected = reckon(await office.team(), Book(JESS, touches), now=MONDAY, before=after_delete)
        assert (TODAY, expected) == (after_log.silent_since, after_delete)

    async def test_what_changes_nothing_is_not_written(self, office: Office) -> None:
        """A new e-mail address has no bearing on the standing."""
        change_before = await office.standing(JESS)

        await office.change(JESS, email="jess@example.org")

        assert change_before == await office.standing(JESS)

    async def test_with_the_influencer_everything_derived_goes(self, office: Office) -> None:
        """An influencer who is taken off the roster leaves neither standing nor nudges."""
        nudge = await raised(office)
        stored = await office.store.get(Influencer, "team_1", JESS.id)

        await office.write(Write(stored, None))

        assert None is await office.store.get(Standing, "team_1", standing_id(JESS.id))
        assert None is await the(office, nudge)

    async def test_a_record_is_written_once_in_a_change(self, office: Office) -> None:
        """Twice is a mistake of ours."""
        with pytest.raises(ValueError, match="written twice"):
            Pending(office.store, await office.team(), [Write(None, LEE), Write(None, LEE)])


class TestNudges:
    async def test_an_unsent_nudge_is_withdrawn(self, office: Office) -> None:
        """Anyone's log does it."""
        nudge = await raised(office)

        await office.log(JESS, TODAY, by=BEN.id)

        assert None is await the(office, nudge)

    async def test_a_sent_nudge_is_over_and_its_message_stale(self, office: Office) -> None:
        """Who ended it is kept, and the message is due for an edit at once."""
        delivery = await sent(office)
        nudge = await raised(office, NudgeState.SENT, delivery.id)

        await office.log(JESS, TODAY, by=BEN.id)

        after = await the(office, nudge)
        assert after is not None
        assert (NudgeState.OVER, BEN.id, MONDAY) == (after.state, after.closed_by, after.closed_at)
        stale = await office.store.get(Delivery, "team_1", delivery.id)
        assert stale is not None
        assert (True, MONDAY) == (stale.stale, stale.due_at)

    async def test_a_nudge_on_its_way_is_not_withdrawn(self, office: Office) -> None:
        """The message that is being posted shows it: it is over, and the message is to be edited when it stands."""
        delivery = await sent(office, DeliveryState.SENDING)
        nudge = await raised(office, NudgeState.RAISED, delivery.id)

        await office.log(JESS, TODAY, by=BEN.id)

        after, stale = await the(office, nudge), await office.store.get(Delivery, "team_1", delivery.id)
        assert after is not None
        assert stale is not None
        assert (NudgeState.OVER, True, None) == (after.state, stale.stale, stale.due_at)

    async def test_a_log_that_breaks_no_silence_ends_the_nudge_all_the_same(self, office: Office) -> None:
        """The third message without an answer: the nudge is kept as over, or it would be raised again."""
        await office.log(JESS, TODAY - timedelta(days=100))
        nudge = await raised(office)

        await office.log(JESS, TODAY, by=BEN.id)

        after = await the(office, nudge)
        assert after is not None
        assert (NudgeState.OVER, None) == (after.state, (await office.standing(JESS)).due_at)

    @pytest.mark.parametrize(
        ("days", "fields"), [(-2, {}), (150, {}), (0, {"automatic": True})], ids=["to come", "long ago", "automatic"]
    )
    async def test_other_logs_leave_such_a_nudge(self, office: Office, days: int, fields: dict[str, Any]) -> None:
        """What lies in the future holds it back; what lies before the silence or was automatic means nothing."""
        await office.log(JESS, TODAY - timedelta(days=100))
        nudge = await raised(office)

        await office.log(JESS, TODAY - timedelta(days=days), by=BEN.id, **fields)

        after = await the(office, nudge)
        assert (days == -2) is (after is None)
        assert after is None or after.state is NudgeState.RAISED

    async def test_a_nudge_follows_the_owner(self, office: Office) -> None:
        """Sent to Ana, it is raised again for Ben, and goes out with his next message."""
        nudge = await raised(office, NudgeState.SENT, (await sent(office)).id)

        await office.change(JESS, owner=BEN.id)

        after = await the(office, nudge)
        assert after is not None
        assert (BEN.id, NudgeState.RAISED, None) == (after.member, after.state, after.delivery)
        assert await office.store.get(Delivery, "team_1", "delivery:nudges:mem_ben:2026-11-23")

    async def test_an_owner_who_left_is_nobody(self, office: Office) -> None:
        """The nudge is the team's when the relationship is next looked at."""
        nudge = await raised(office)
        await office.change(ANA, left_at=MONDAY)

        await office.change(JESS, cadence=30)

        after = await the(office, nudge)
        assert after is not None
        assert None is after.member

    async def test_a_raised_nudge_has_a_message_to_go_out_with(self, office: Office) -> None:
        """Two of a member share one; a day whose message has gone out, or is going out, is passed over."""
        jess = await raised(office)
        await office.add(LEE, KIM, SAM)
        days = []
        for person, state in ((LEE, DeliveryState.SENT), (KIM, DeliveryState.SENDING), (SAM, DeliveryState.PENDING)):
            await office.log(person, TODAY - timedelta(days=100))
            await office.add(replace(jess, id=f"nudge:{person.id}:quiet:{jess.since}", influencer=person.id))
            pending = [one for one in await office.store.everything(Delivery, "team_1") if one.state == "pending"]
            days.append([(one.on.day, one.due_at) for one in pending])
            await office.change(pending[0], state=state)

        at = [datetime(2026, 11, day, 8, 30, tzinfo=UTC) for day in (23, 24, 25)]
        assert [[(23, at[0])], [(24, at[1])], [(25, at[2])]] == days

    async def test_what_is_made_and_taken_back_in_a_change_leaves_nothing(self, office: Office) -> None:
        """A nudge whose reason does not hold is never stored."""
        away = replace(await raised(office), id="nudge:inf_jess:waiting_on_us:2026-01-01")

        await office.add(away)

        assert None is await the(office, away)

    async def test_nudges_wanted_again_are_scheduled(self, office: Office) -> None:
        """While Ana wants none, nothing is put; when she does again, what is raised goes out."""
        await office.change(ANA, nudges=False)
        await raised(office)
        muted = await office.store.everything(Delivery, "team_1")

        await office.change(ANA, nudges=True)

        assert ((), 1) == (muted, len(await office.store.everything(Delivery, "team_1")))


class TestTakenBack:
    async def test_a_mistaken_log_that_is_deleted_opens_the_nudge_in_its_message(self, office: Office) -> None:
        """Over by the log; once that is deleted it is as it was before, and the message is to be edited."""
        delivery = await sent(office)
        nudge = await raised(office, NudgeState.SENT, delivery.id)
        await office.change(delivery, nudges=(nudge.id,))
        touch = await office.log(JESS, TODAY, by=BEN.id)
        stored = await office.store.get(Delivery, "team_1", delivery.id)
        assert stored is not None
        await office.change(stored, stale=False, due_at=None)

        await deleted(office, touch)

        after, message = await the(office, nudge), await office.store.get(Delivery, "team_1", delivery.id)
        assert after is not None
        assert message is not None
        assert (NudgeState.SENT, None, None, delivery.id) == (
            after.state,
            after.closed_by,
            after.closed_at,
            after.delivery,
        )
        assert (True, MONDAY) == (message.stale, message.due_at)

    async def test_so_does_one_that_belongs_to_another_day(self, office: Office) -> None:
        """Dated before the silence, it breaks none."""
        delivery = await sent(office)
        nudge = await raised(office, NudgeState.SENT, delivery.id)
        await office.change(delivery, nudges=(nudge.id,))
        touch = await office.log(JESS, TODAY, by=BEN.id)

        await office.change(touch, on=TODAY - timedelta(days=200))

        after = await the(office, nudge)
        assert after is not None
        assert NudgeState.SENT is after.state

    async def test_one_that_stands_in_no_message_is_raised_again(self, office: Office) -> None:
        """Closed by a third message without an answer, before it went out: it goes out with the next message."""
        await office.log(JESS, TODAY - timedelta(days=100))
        nudge = await raised(office)
        touch = await office.log(JESS, TODAY, by=BEN.id)
        closed = await the(office, nudge)
        assert closed is not None

        await deleted(office, touch)

        after = await the(office, nudge)
        assert after is not None
        assert (NudgeState.OVER, NudgeState.RAISED, None) == (closed.state, after.state, after.delivery)
        assert await office.store.get(Delivery, "team_1", "delivery:nudges:mem_ana:2026-11-23")

    async def test_as_long_as_somebody_else_has_reached_out_it_stays_over(self, office: Office) -> None:
        """Two messages without an answer, one of which was a mistake."""
        await office.log(JESS, TODAY - timedelta(days=100))
        nudge = await raised(office)
        office.move(hours=1)
        mistaken = await office.log(JESS, TODAY, by=BEN.id)
        await office.log(JESS, TODAY, by=ANA.id)

        await deleted(office, mistaken)

        after = await the(office, nudge)
        assert after is not None
        assert NudgeState.OVER is after.state

    async def test_on_its_way_it_is_carried_by_that_message(self, office: Office) -> None:
        """Logged and deleted while it is being posted: it counts as sent once the message stands."""
        delivery = await sent(office, DeliveryState.SENDING)
        nudge = await raised(office, NudgeState.RAISED, delivery.id)
        await office.change(delivery, nudges=(nudge.id,))
        touch = await office.log(JESS, TODAY, by=BEN.id)

        await deleted(office, touch)

        after = await the(office, nudge)
        assert after is not None
        assert (NudgeState.RAISED, delivery.id) == (after.state, after.delivery)

    async def test_of_another_owner_by_then_it_is_raised_for_them(self, office: Office) -> None:
        """The message it stands in is not theirs."""
        delivery = await sent(office)
        nudge = await raised(office, NudgeState.SENT, delivery.id)
        await office.change(delivery, nudges=(nudge.id,))
        touch = await office.log(JESS, TODAY, by=BEN.id)
        await office.change(JESS, owner=BEN.id)

        await deleted(office, touch)

        after = await the(office, nudge)
        assert after is not None
        assert (NudgeState.RAISED, BEN.id, None) == (after.state, after.member, after.delivery)

    async def test_not_needed_stays_so(self, office: Office) -> None:
        """It is remembered for the silence, whatever is logged and deleted in it."""
        nudge = await raised(office, NudgeState.SENT, (await sent(office)).id)
        await office.change(nudge, state=NudgeState.NOT_NEEDED, closed_by=ANA.id, closed_at=MONDAY)

        await deleted(office, await office.log(JESS, TODAY))

        after = await the(office, nudge)
        assert after is not None
        assert NudgeState.NOT_NEEDED is after.state


async def deleted(office: Office, touch: Touchpoint) -> None:
    """Deletes a touchpoint as it is stored now."""
    await office.write(Write(await office.store.get(Touchpoint, "team_1", touch.id), None), by=ANA.id)


class TestWhoMovesAndGoes:
    async def test_a_touchpoint_that_moves_moves_both_standings(self, office: Office) -> None:
        """From Jess to Lee: Jess has none left."""
        await office.add(LEE)
        (touch,) = await office.store.touchpoints("team_1", JESS.id)

        await office.change(touch, influencer=LEE.id)

        assert (0, 1) == ((await office.standing(JESS)).touchpoints, (await office.standing(LEE)).touchpoints)

    async def test_with_somebody_who_is_removed_goes_all_about_them(self, office: Office) -> None:
        """In the same Change, so that an undo of it can bring all back."""
        await office.add(Occasion(id="occ_1", team="team_1", influencer=JESS.id, label="birthday", month=3, day=14))
        stored = await office.store.get(Influencer, "team_1", JESS.id)

        await office.write(Write(stored, None))

        assert () == await office.store.everything(Touchpoint, "team_1")
        assert () == await office.store.everything(Occasion, "team_1")
        (change,) = await office.store.changes("team_1", limit=1)
        assert {Influencer, Touchpoint, Occasion, Standing} == {type(write.before) for write in change.writes}

    async def test_nothing_is_logged_about_somebody_who_is_gone(self, office: Office) -> None:
        """Removed while somebody logged: a conflict, so that it is decided anew and they are told."""
        await office.write(Write(await office.store.get(Influencer, "team_1", JESS.id), None))

        with pytest.raises(Conflict):
            await office.log(JESS, TODAY)


class TestWhatWaits:
    @pytest.mark.parametrize(("hour", "due"), [(time(7, 30), 6), (time(17, 0), 16), (time(5, 0), 6)])
    async def test_it_follows_the_hour_of_its_member(self, office: Office, hour: time, due: int) -> None:
        """To an earlier hour and to a later one; at once where the hour has passed today."""
        await raised(office)

        await office.change(ANA, nudge_hour=hour)

        (delivery,) = await office.store.everything(Delivery, "team_1")
        expected = datetime(2026, 11, 23, due, 30 if hour == time(7, 30) else 0, tzinfo=UTC)
        assert (TODAY, expected) == (delivery.on, delivery.due_at)

    async def test_it_follows_the_zone_of_its_member(self, office: Office) -> None:
        """Half past nine in New York is in the afternoon in Berlin."""
        await raised(office)

        await office.change(ANA, seen_zone="America/New_York")

        (delivery,) = await office.store.everything(Delivery, "team_1")
        assert datetime(2026, 11, 23, 14, 30, tzinfo=UTC) == delivery.due_at

    async def test_it_follows_the_hour_of_the_team_for_who_has_none_of_their_own(self, office: Office) -> None:
        """Ana goes by the team's hour, Ben by his."""
        await office.change(BEN, nudge_hour=time(10, 0))
        jess = await raised(office)
        await office.add(replace(LEE, owner=BEN.id))
        await office.log(LEE, TODAY - timedelta(days=100))
        await office.add(replace(jess, id=f"nudge:{LEE.id}:quiet:{jess.since}", influencer=LEE.id, member=BEN.id))

        await office.change(a_team(), nudge_hour=time(8, 0))

        due = {one.member: one.due_at for one in await office.store.everything(Delivery, "team_1")}
        hours = {ANA.id: 7, BEN.id: 9}
        assert {who: datetime(2026, 11, 23, at, 0, tzinfo=UTC) for who, at in hours.items()} == due

    async def test_what_waits_for_its_next_attempt_keeps_its_wait(self, office: Office) -> None:
        """The platform asked for it."""
        await raised(office)
        (delivery,) = await office.store.everything(Delivery, "team_1")
        again = MONDAY + timedelta(hours=9)
        await office.change(delivery, attempts=1, due_at=again)

        await office.change(ANA, nudge_hour=time(8, 0))

        assert [again] == [one.due_at for one in await office.store.everything(Delivery, "team_1")]


class TestRestand:
    async def test_a_moved_setting_moves_every_standing(self, office: Office) -> None:
        """In batches, after which the mark is gone; run again it changes nothing."""
        await office.add(LEE)
        await office.log(LEE, TODAY - timedelta(days=20))
        before = (await office.standing(LEE)).nudge_after
        team = await office.team()
        await office.write(Write(team, replace(team, cadences=Cadences(A=10), restanding=True)))

        changed = await restand(office.store, await office.team(), now=office.now, new_id=office.new_id)
        again = await restand(office.store, await office.team(), now=office.now, new_id=office.new_id)

        assert (2, 0, False) == (changed, again, (await office.team()).restanding)
        assert ((await office.standing(LEE)).nudge_after or 0) < (before or 0)

    async def test_a_team_that_moved_on_keeps_the_mark(self, office: Office) -> None:
        """Its settings were changed once more meanwhile: the next run has to look again."""
        team = await office.team()
        await office.write(Write(team, replace(team, sensitivity=Sensitivity.EAGER, restanding=True)))
        marked = await office.team()
        await office.write(Write(marked, replace(marked, name="Other")))

        await restand(office.store, marked, now=office.now, new_id=office.new_id)

        assert (await office.team()).restanding

    async def test_it_does_not_write_by_settings_that_have_moved(self, office: Office) -> None:
        """Tier A was moved to ten days, then to a hundred, while the first was being recomputed."""
        team = await office.team()
        await office.write(Write(team, replace(team, cadences=Cadences(A=10), restanding=True)))
        marked = await office.team()
        await office.write(Write(marked, replace(marked, cadences=Cadences(A=100))))

        first = await restand(office.store, marked, now=office.now, new_id=office.new_id)
        by_then = (await office.standing(JESS)).cadence
        second = await restand(office.store, await office.team(), now=office.now, new_id=office.new_id)

        assert (0, 21, 1, 100) == (first, by_then, second, (await office.standing(JESS)).cadence)

    async def test_others_get_their_turn_in_between(self, office: Office) -> None:
        """A hundred standings in one batch: whoever waits is not kept waiting for all of them."""
        await office.add(*[an_influencer(f"P{n} X", id=f"inf_p{n}") for n in range(100)])
        turns = 0

        async def wait() -> None:
            nonlocal turns
            while True:
                turns += 1
                await asyncio.sleep(0)

        waiting = asyncio.create_task(wait())
        await with_consequences(
            office.store, await office.team(), (), now=MONDAY, by=None, influencers=[f"inf_p{n}" for n in range(100)]
        )
        waiting.cancel()

        assert turns >= 2


async def test_the_consequences_join_the_change_that_caused_them(office: Office) -> None:
    """One commit, so that nothing derived is ever behind."""
    touch = Touchpoint(
        id="tch_x",
        team="team_1",
        influencer=JESS.id,
        on=TODAY,
        medium=Medium.CALL,
        direction=Direction.OUTBOUND,
        logged_at=MONDAY,
    )

    made = await with_consequences(office.store, await office.team(), [Write(None, touch)], now=MONDAY, by=ANA.id)
    change = await office.store.commit(
        Change(id="chg_x", team="team_1", at=MONDAY, by=ANA.id, verb="log", writes=made.writes)
    )

    assert {Touchpoint, Standing} == {type(write.record) for write in change.writes}
    assert isinstance(await office.store.get(Team, "team_1", "team_1"), Team)
