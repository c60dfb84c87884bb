from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from bot.change import Change, Write
from bot.clock import MovableClock
from bot.consequences import Pending, restand, with_consequences
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
    Sensitivity,
    Standing,
    Team,
    Touchpoint,
    standing_id,
)
from bot.standing import reckon
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
        expected = reckon(await office.team(), JESS, touches, (), now=MONDAY, before=after_delete)
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

    writes = await with_consequences(office.store, await office.team(), [Write(None, touch)], now=MONDAY, by=ANA.id)
    change = await office.store.commit(
        Change(id="chg_x", team="team_1", at=MONDAY, by=ANA.id, verb="log", writes=writes)
    )

    assert {Touchpoint, Standing} == {type(write.record) for write in change.writes}
    assert isinstance(await office.store.get(Team, "team_1", "team_1"), Team)
