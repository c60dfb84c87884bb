from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.address import Place, dm
from bot.calendar import instant
from bot.change import Write
from bot.clock import MovableClock
from bot.consequences import retract
from bot.consequences.pending import Pending
from bot.delivery import deliver
from bot.model import (
    Delivery,
    DeliveryKind,
    DeliveryState,
    Direction,
    Influencer,
    Kept,
    Nudge,
    Occasion,
    Promise,
    Side,
    notice_id,
)
from bot.nudging import tick
from storage import open_store
from tests.desk import Desk, words
from tests.fakes import (
    CHANNEL,
    MONDAY,
    FakeAdapter,
    Office,
    a_member,
    a_team,
    account,
    an_influencer,
    not_posted,
    place_lost,
)

ANA, BEN = a_member("Ana"), a_member("Ben")
JESS, LEE, SAM = an_influencer("Jess Park"), an_influencer("Lee Fox"), an_influencer("Sam Ode")
ANAS_DM = dm(account("ana"))
TODAY = date(2026, 11, 23)
"""MONDAY on the calendar."""
BERLIN = a_team().zone


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    """A real store with a team in Berlin, Ana and Ben, early on a Monday."""
    store = await open_store(f"tinydb:{tmp_path / 'rapport.json'}")
    office = Office(store, MovableClock(MONDAY))
    await office.add(a_team(channel=CHANNEL), ANA, BEN)
    yield office
    await store.close()


def promised(who: Influencer, due: date, id: str = "prm_000001", **changes: Any) -> Promise:
    """The sample, which we owe."""
    fields: dict[str, Any] = {"side": Side.WE, "what": "the ceramic sample", "made_at": MONDAY, "made_by": ANA.id}
    return Promise(id=id, team="team_1", influencer=who.id, due=due, **(fields | changes))


def birthday(who: Influencer, on: date, id: str = "occ_000001") -> Occasion:
    """Every year on that day."""
    return Occasion(id=id, team="team_1", influencer=who.id, label="birthday", month=on.month, day=on.day)


async def met(office: Office, *people: Influencer) -> None:
    """Puts people on the roster with whom all is well."""
    for person in people:
        await office.add(person)
        await office.log(person, TODAY, Direction.MUTUAL)


async def wake(office: Office, adapter: FakeAdapter) -> None:
    """One wake-up: tick, then delivery."""
    await tick(office.store, office.now, office.new_id)
    await deliver(office.store, {"fake": adapter}, office.clock, office.new_id)


async def play(office: Office, adapter: FakeAdapter, until: datetime) -> list[tuple[datetime, str]]:
    """Wakes up every half hour; what was posted when."""
    came: list[tuple[datetime, str]] = []
    while office.now <= until:
        before = len(adapter.attempts)
        await wake(office, adapter)
        came += [(office.now, place.id) for place, _ in adapter.attempts[before:]]
        office.move(minutes=30)
    return came


def half_past_nine(day: date, zone: str = "Europe/Berlin") -> datetime:
    """The nudge hour."""
    return instant(day, time(9, 30), a_team(timezone=zone).zone)


class TestDays:
    async def test_a_promise_is_told_on_the_day_it_is_due(self, office: Office) -> None:
        """Due on Thursday: at half past nine on Thursday, once."""
        adapter = FakeAdapter()
        await met(office, JESS)
        await office.add(promised(JESS, TODAY + timedelta(3)))

        came = await play(office, adapter, MONDAY + timedelta(days=8))

        assert [(half_past_nine(TODAY + timedelta(3)), "ana")] == came
        assert "the ceramic sample, due today" in adapter.said[0]

    @pytest.mark.parametrize("zone", ["Asia/Kolkata", "America/Los_Angeles", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
    async def test_on_the_day_where_its_reader_is(self, office: Office, zone: str) -> None:
        """Whatever the team's date is then."""
        adapter = FakeAdapter()
        await office.change(ANA, timezone=zone)
        await met(office, JESS)
        await office.add(promised(JESS, TODAY + timedelta(3)))

        came = await play(office, adapter, MONDAY + timedelta(days=8))

        assert [(half_past_nine(TODAY + timedelta(3), zone), "ana")] == came

    async def test_an_occasion_is_told_seven_days_and_one_day_before(self, office: Office) -> None:
        """A birthday on Monday the 7th: on the Monday before, and on the Friday before its Sunday."""
        adapter = FakeAdapter()
        await met(office, JESS)
        await office.add(birthday(JESS, date(2026, 12, 7)))

        came = await play(office, adapter, MONDAY + timedelta(days=15))

        assert [half_past_nine(date(2026, 11, 30)), half_past_nine(date(2026, 12, 4))] == [moment for moment, _ in came]

    async def test_what_is_for_another_day_waits_for_it(self, office: Office) -> None:
        """Quiet today and a promise due tomorrow: two messages on two days, none of which shows both."""
        adapter = FakeAdapter()
        await office.change(ANA, timezone="America/Los_Angeles")
        await office.add(JESS)
        await office.log(JESS, TODAY - timedelta(days=100))
        await met(office, LEE)
        await office.add(promised(LEE, TODAY + timedelta(1)))

        came = await play(office, adapter, MONDAY + timedelta(days=4))

        days = [half_past_nine(TODAY + timedelta(n), "America/Los_Angeles") for n in (0, 1)]
        assert days == [moment for moment, _ in came]
        assert ["Jess Park" in adapter.said[0], "Lee Fox" in adapter.said[0]] == [True, False]
        assert ["Jess Park" in adapter.said[1], "Lee Fox" in adapter.said[1]] == [False, True]

    async def test_most_urgent_first(self, office: Office) -> None:
        """Waiting on us, the promise due first, the occasion that is nearest, the silence."""
        adapter = FakeAdapter()
        people = [an_influencer(f"P{n} X", id=f"inf_p{n}") for n in range(5)]
        await office.change(ANA, daily_cap=5)
        await office.add(people[0])
        await office.log(people[0], TODAY - timedelta(days=100))
        await met(office, *people[1:4])
        await office.add(people[4])
        await office.log(people[4], TODAY - timedelta(days=10), Direction.INBOUND)
        await office.add(birthday(people[1], TODAY + timedelta(1)))
        await office.add(promised(people[2], TODAY, "prm_000002"), promised(people[3], TODAY - timedelta(5)))

        await play(office, adapter, half_past_nine(TODAY))

        names = [line.partition(" — ")[0] for line in adapter.said[0].splitlines() if line.startswith("P")]
        assert ["P4 X", "P3 X", "P2 X", "P1 X", "P0 X"] == names

    async def test_a_person_has_one_entry_with_all_that_is_to_be_told(self, office: Office) -> None:
        """A promise due and a birthday tomorrow; kept, the birthday is left."""
        adapter = FakeAdapter()
        await met(office, JESS)
        owed = promised(JESS, TODAY)
        await office.add(owed, birthday(JESS, TODAY + timedelta(1)))
        await play(office, adapter, half_past_nine(TODAY))
        (before,) = adapter.said
        await office.change(owed, outcome=Kept.KEPT, settled_on=TODAY, settled_by=ANA.id, settled_at=office.now)
        await wake(office, adapter)

        assert 1 == before.count("Jess Park —")
        assert ("the ceramic sample" in before, "tomorrow" in before) == (True, True)
        assert ("the ceramic sample" in adapter.said[0], "tomorrow" in adapter.said[0]) == (False, True)

    async def test_what_is_kept_before_its_day_is_never_told(self, office: Office) -> None:
        """Raised when the day begins in Kiribati; kept before it begins in Berlin."""
        adapter = FakeAdapter()
        await met(office, JESS)
        owed = promised(JESS, TODAY + timedelta(1))
        await office.add(owed)
        office.move_to(datetime(2026, 11, 23, 20, 0, tzinfo=UTC))
        await wake(office, adapter)
        raised = len(await office.store.nudges_raised("team_1", ANA.id))
        await office.change(owed, outcome=Kept.KEPT, settled_on=TODAY, settled_by=ANA.id, settled_at=office.now)

        assert (1, []) == (raised, await play(office, adapter, MONDAY + timedelta(days=4)))


THURSDAY = TODAY + timedelta(days=3)


class TestWhereItsReaderIs:
    @pytest.mark.parametrize(
        ("team", "reader"),
        [
            ("America/New_York", "Asia/Kolkata"),
            ("Europe/Berlin", "Pacific/Auckland"),
            ("Pacific/Auckland", "Europe/Berlin"),
            ("Asia/Kolkata", "Pacific/Honolulu"),
        ],
    )
    async def test_today_is_the_readers(self, office: Office, team: str, reader: str) -> None:
        """Whatever the team's date is at their nudge hour, and when it is edited late in their evening."""
        adapter = FakeAdapter()
        await office.change(await office.team(), timezone=team)
        await office.change(ANA, timezone=reader)
        await met(office, JESS, LEE)
        await office.add(promised(JESS, THURSDAY), birthday(JESS, THURSDAY + timedelta(days=1)))
        await office.add(promised(LEE, THURSDAY, "prm_000002"))

        await play(office, adapter, half_past_nine(THURSDAY, reader))
        told = adapter.said[-1]
        office.move_to(instant(THURSDAY, time(22), a_team(timezone=reader).zone))
        await office.change(LEE, archived_at=office.now)
        await wake(office, adapter)

        why = "Jess Park — We owe the ceramic sample, due today. Birthday tomorrow."
        assert [True, True] == [why in said for said in (told, adapter.said[-1])]
        assert "Lee Fox — archived." in adapter.said[-1]

    async def test_the_last_contact_is_dated_there(self, office: Office) -> None:
        """Late on Sunday in New York is Monday in Kolkata."""
        adapter = FakeAdapter()
        await office.change(await office.team(), timezone="America/New_York")
        await office.change(ANA, timezone="Asia/Kolkata")
        await office.add(JESS)
        sunday = datetime(2026, 8, 17, 3, 0, tzinfo=UTC)
        await office.log(JESS, date(2026, 8, 16), at=sunday)

        await play(office, adapter, half_past_nine(TODAY + timedelta(days=1), "Asia/Kolkata"))

        assert "to Jess, Mon 17 Aug." in adapter.said[0]
        assert "One touchpoint so far, 99 days ago" in adapter.said[0]


class TestDaysOfOccasions:
    async def test_its_day_has_passed_when_it_has_ended_everywhere(self, office: Office) -> None:
        """Until then both reminders stand as they are."""
        adapter = FakeAdapter()
        await met(office, JESS)
        await office.add(birthday(JESS, date(2026, 12, 3)))
        await play(office, adapter, datetime(2026, 12, 4, 11, 30, tzinfo=UTC))
        before = [adapter.said[n].splitlines()[0] for n in range(2)]
        await play(office, adapter, datetime(2026, 12, 4, 12, 0, tzinfo=UTC))

        assert ["1 relationship needs you today."] * 2 == before
        assert ["Nothing is left to do here.\nJess Park — birthday, 3 Dec: the day has passed."] * 2 == adapter.said

    async def test_without_a_second_reminder_the_first_stands(self, office: Office) -> None:
        """The process is down when the second is raised and told, and none comes before Sunday's birthday."""
        adapter = FakeAdapter()
        await met(office, JESS)
        await office.add(birthday(JESS, date(2026, 12, 6)))
        await play(office, adapter, datetime(2026, 12, 3, 9, 0, tzinfo=UTC))
        office.move_to(datetime(2026, 12, 4, 15, 0, tzinfo=UTC))
        await play(office, adapter, datetime(2026, 12, 6, 22, 0, tzinfo=UTC))
        (on_the_day,) = adapter.said
        await play(office, adapter, datetime(2026, 12, 9, 12, 0, tzinfo=UTC))

        assert on_the_day.startswith("1 relationship needs you today.\nJess Park — Birthday in 9 days, on Sun 6 Dec.")
        assert ["Nothing is left to do here.\nJess Park — birthday, 6 Dec: the day has passed."] == adapter.said

    @pytest.mark.parametrize(("hour", "told"), [(6, ["Birthday today."]), (10, [])])
    async def test_it_is_told_on_its_day_and_never_after(self, office: Office, hour: int, told: list[str]) -> None:
        """Noted before the nudge hour of the day, or after it."""
        adapter = FakeAdapter()
        await met(office, JESS)
        office.move_to(datetime(2026, 11, 23, hour, 0, tzinfo=UTC))
        await office.add(birthday(JESS, TODAY))

        await play(office, adapter, half_past_nine(TODAY))
        while_it_is_today = [said.splitlines()[1].partition(" — ")[2] for said in adapter.said]
        await play(office, adapter, MONDAY + timedelta(days=4))

        assert told == while_it_is_today
        assert len(told) == len(adapter.attempts)


class TestForgotten:
    async def _forget(self, office: Office, who: Influencer) -> None:
        stored = await office.store.get(Influencer, "team_1", who.id)
        touches = await office.store.touchpoints("team_1", who.id)
        told = [
            one for one in await office.store.everything(Delivery, "team_1") if any(who.id in n for n in one.nudges)
        ]
        pending = Pending(office.store, await office.team(), [Write(touch, None) for touch in touches])
        await retract(pending, told, office.now)
        await office.write(Write(stored, None), *pending.writes)

    async def test_a_message_about_nobody_else_is_taken_away(self, office: Office) -> None:
        """Nothing of it is left."""
        adapter = FakeAdapter()
        await office.add(JESS)
        await office.log(JESS, TODAY - timedelta(days=100))
        await play(office, adapter, half_past_nine(TODAY))
        said = len(adapter.said)

        await self._forget(office, JESS)
        await wake(office, adapter)

        assert (1, [], 1) == (said, adapter.said, len(adapter.deletions))

    async def test_one_about_others_too_is_drawn_without_them(self, office: Office) -> None:
        """Lee is left in it."""
        adapter = FakeAdapter()
        for person in (JESS, LEE):
            await office.add(person)
            await office.log(person, TODAY - timedelta(days=100))
        await play(office, adapter, half_past_nine(TODAY))

        await self._forget(office, JESS)
        await wake(office, adapter)

        assert ("Lee Fox" in adapter.said[0], "Jess" in adapter.said[0], []) == (True, False, adapter.deletions)

    async def test_one_that_was_handed_over_is_drawn_without_them_too(self, office: Office) -> None:
        """The nudge is gone from the message, the name is still in it."""
        adapter = FakeAdapter()
        for person in (JESS, LEE):
            await office.add(person)
            await office.log(person, TODAY - timedelta(days=100))
        await play(office, adapter, half_past_nine(TODAY))
        await office.change(JESS, owner=BEN.id)
        await wake(office, adapter)
        handed_over = adapter.said[0]

        await self._forget(office, JESS)
        await wake(office, adapter)

        assert ("Jess Park — handed over to Ben." in handed_over, "Jess" in adapter.said[0]) == (True, False)


class TestNews:
    async def _left(self, office: Office, member: str | None) -> None:
        await office.change(BEN, left_at=office.now)
        reader = member or "team_1"
        await office.add(
            Delivery(
                id=notice_id(DeliveryKind.LEFT, BEN.id, reader),
                team="team_1",
                kind=DeliveryKind.LEFT,
                about=BEN.id,
                member=member,
                on=TODAY,
                due_at=office.now,
                updated_at=office.now,
            )
        )

    @pytest.mark.parametrize(("member", "place"), [(ANA.id, ANAS_DM), (None, CHANNEL)])
    async def test_an_admin_is_told_at_once_who_has_left(
        self, office: Office, member: str | None, place: Place
    ) -> None:
        """By DM, in the middle of the night; in the team's channel, where no admin is known."""
        adapter = FakeAdapter()
        await office.add(an_influencer("Kim Ray", owner=BEN.id))
        office.move_to(datetime(2026, 11, 24, 1, 0, tzinfo=UTC))
        await self._left(office, member)

        await wake(office, adapter)

        (message,) = adapter.messages.values()
        assert (place, True) == (message.posted.place, "Ben" in message.says)

    async def test_nothing_is_said_where_it_is_no_news(self, office: Office) -> None:
        """Nobody needs somebody else."""
        adapter = FakeAdapter()
        await self._left(office, ANA.id)

        await wake(office, adapter)

        assert ([], [DeliveryState.DROPPED]) == (
            adapter.said,
            [one.state for one in await office.store.everything(Delivery, "team_1")],
        )

    async def test_it_goes_to_no_other_place(self, office: Office) -> None:
        """What an admin is told is not for the channel: it fails, and is shown."""
        adapter = FakeAdapter(closed={ANAS_DM})
        await office.add(an_influencer("Kim Ray", owner=BEN.id))
        await self._left(office, ANA.id)

        await wake(office, adapter)

        assert ([ANAS_DM], [DeliveryState.FAILED]) == (
            [place for place, _ in adapter.attempts],
            [one.state for one in await office.store.deliveries_stuck("team_1")],
        )

    async def test_a_refusal_is_tried_again(self, office: Office) -> None:
        """As with nudges."""
        adapter = FakeAdapter(failures=[not_posted()])
        await office.add(an_influencer("Kim Ray", owner=BEN.id))
        await self._left(office, ANA.id)

        await play(office, adapter, office.now + timedelta(hours=1))

        assert (2, 1) == (len(adapter.attempts), len(adapter.at(ANAS_DM)))

    async def test_whoever_has_left_is_told_nothing(self, office: Office) -> None:
        """It is dropped."""
        adapter = FakeAdapter(failures=[place_lost()])
        await office.add(an_influencer("Kim Ray", owner=BEN.id))
        await self._left(office, ANA.id)
        await office.change(ANA, left_at=office.now)

        await wake(office, adapter)

        assert DeliveryState.DROPPED in {one.state for one in await office.store.everything(Delivery, "team_1")}
        assert ANAS_DM not in [place for place, _ in adapter.attempts]


async def test_after_seven_days_of_downtime_nobody_is_flooded_and_nothing_is_lost(desk: Desk) -> None:
    """Nobody was woken for a week in which all sorts of things fell due every day, for Ana and for Ben.

    Then each has one message, each place one digest, and `due` shows all that is due.
    """
    for who, names in {"ana": ("Jess Park", "Lee Fox", "Kim Ray"), "ben": ("Sam Ode", "Zoe Lim")}.items():
        for number, name in enumerate(names):
            await desk.says(who, f"add {name} tier:A")
            await desk.says(who, f"log {name} call 2026-{10 - number:02}-01")
    team = await desk.team()
    await desk.says("ana", "digest here mon 09:00", channel="weekly")
    await desk.says("ana", "digest here daily 09:00", channel="daily")
    for who, line in (
        ("ana", "promise Jess Park send the sample by 24 nov"),
        ("ben", "promise Sam Ode send the contract by 25 nov"),
        ("ana", "promise Lee Fox send the invoice by 26 nov"),
        ("ben", "occasion Zoe Lim birthday 4 dec"),
    ):
        await desk.says(who, line)
    await desk.turn()
    desk.clock.move(timedelta(days=7))

    await desk.turn()
    await desk.waits(timedelta(hours=20))

    assert (1, 1) == (len(desk.messages_to("ana")), len(desk.messages_to("ben")))
    for who, names in {"ana": ("Jess Park", "Lee Fox", "Kim Ray"), "ben": ("Sam Ode", "Zoe Lim")}.items():
        told, due = words(desk.messages_to(who)[0]), words(await desk.says(who, "due mine"))
        assert [(True, True)] * len(names) == [(name in told, name in due) for name in names]
    assert {"weekly": 1, "daily": 1} == {
        name: len(desk.platform.at(Place("fake", "acme", name))) for name in ("weekly", "daily")
    }
    assert not [one for one in await desk.store.everything(Nudge, team.id) if one.delivery is None]
