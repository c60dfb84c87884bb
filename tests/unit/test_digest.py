"""The digest: what it says, and the verbs by which a place asks for one, stops it, and claims who stands in it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.address import Place, PlaceKind
from bot.briefing.digest import gather
from bot.clock import MovableClock
from bot.inbound import Command
from bot.model import (
    Direction,
    Exchange,
    Influencer,
    Kept,
    Occasion,
    Pause,
    Promise,
    Schedule,
    Side,
    Stage,
    Standing,
    Tier,
    standing_id,
)
from bot.reply import Answer, Form, Outcome, Reply
from bot.views.digest import digest
from bot.views.digest_facts import Celebrated, DigestFacts, Happened, Owing, Part
from bot.views.lists import Line
from storage import open_store
from tests.desk import WORKSPACE, Desk, errors, labels, words
from tests.fakes import CHANNEL, MONDAY, Office, a_member, a_team, an_influencer

TODAY = date(2026, 11, 23)
ANA, BEN = a_member("Ana"), a_member("Ben")
JESS = an_influencer("Jess Park", goal="a cookbook deal")
SAM = an_influencer("Sam Ode", owner="mem_ben", tier=Tier.B)
LEE = an_influencer("Lee Fox", owner=None, tier=Tier.B)
KIM = an_influencer("Kim Ray", cadence=30)
WEEKLY = Schedule(
    id="sch_1", team="team_1", place=CHANNEL, weekdays=(0,), at=time(9), set_up_by="mem_ana", set_up_at=MONDAY
)


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    """A real store with a team in Berlin, Ana and Ben, early on a Monday."""
    store = await open_store(f"tinydb:{tmp_path / 'rapport.json'}")
    office = Office(store, MovableClock(MONDAY))
    await office.add(a_team(channel=CHANNEL), ANA, BEN)
    yield office
    await store.close()


def back(days: int) -> date:
    """So many days ago."""
    return TODAY - timedelta(days=days)


def a_promise(id: str, influencer: Influencer, due: date | None, **fields: Any) -> Promise:
    """One of ours, made a month ago."""
    given: dict[str, Any] = {"side": Side.WE, "what": "the ceramic sample"} | fields
    return Promise(
        id=f"prm_{id}",
        team="team_1",
        influencer=influencer.id,
        due=due,
        made_at=MONDAY - timedelta(days=30),
        made_by="mem_ana",
        **given,
    )


def settled(id: str, influencer: Influencer, on: date, outcome: Kept, **fields: Any) -> Promise:
    """One of ours that came out somehow on a date."""
    at = datetime.combine(on, time(12), UTC)
    return a_promise(id, influencer, on, outcome=outcome, settled_on=on, settled_at=at, settled_by="mem_ana", **fields)


def an_occasion(id: str, influencer: Influencer, month: int, day: int, **fields: Any) -> Occasion:
    """A birthday, unless said otherwise."""
    given: dict[str, Any] = {"label": "birthday"} | fields
    return Occasion(id=f"occ_{id}", team="team_1", influencer=influencer.id, month=month, day=day, **given)


def a_line(influencer: Influencer, **fields: Any) -> Line:
    """Somebody in a list, as their standing has it."""
    standing = Standing(
        id=standing_id(influencer.id), team="team_1", influencer=influencer.id, owner=influencer.owner, **fields
    )
    return Line(influencer, standing)


async def facts(office: Office, schedule: Schedule | None = WEEKLY, on: date = TODAY) -> DigestFacts:
    """What there is to say now."""
    return await gather(office.store, await office.team(), office.now, on, schedule)


async def lines(office: Office, schedule: Schedule | None = WEEKLY) -> list[str]:
    """What the digest says, line by line."""
    return words(digest(await facts(office, schedule))).split("\n")


async def a_busy_team(office: Office) -> None:
    """Somebody waits, two are quiet, an occasion comes, promises are late and due, and there was a week."""
    await office.add(JESS, SAM, LEE, KIM)
    for days in range(36, 36 + 12 * 7, 12):
        await office.log(JESS, back(days), Direction.MUTUAL)
    await office.log(LEE, back(160))
    await office.log(LEE, back(130))
    await office.log(KIM, back(5), Direction.MUTUAL, exchange=Exchange.GIVE)
    await office.log(KIM, back(6), exchange=Exchange.ASK, by="mem_ben")
    await office.log(SAM, back(4), Direction.INBOUND, by="mem_ben")
    await office.add(an_occasion("sam", SAM, 11, 26))
    await office.add(
        a_promise("late", JESS, back(17)),
        a_promise("theirs", LEE, back(3), side=Side.THEY, what="send the draft"),
        a_promise("soon", KIM, TODAY + timedelta(days=4)),
        a_promise("far", KIM, TODAY + timedelta(days=40)),
        settled("kept", KIM, back(10), Kept.KEPT),
        settled("kept_late", KIM, back(20), Kept.KEPT_LATE),
        settled("released", KIM, back(20), Kept.RELEASED),
        settled("last_quarter", KIM, date(2026, 9, 30), Kept.BROKEN),
    )


class TestWhatItSays:
    async def test_a_week(self, office: Office) -> None:
        """Who waits, who is quiet, what comes, what is owed, what happened, what is not known, and who set it up."""
        await a_busy_team(office)
        assert [
            "Influencer relationships — week of 23 Nov",
            "Waiting on us (1): Sam Ode — wrote 4 days ago (Ben)",
            "Quiet (2): Lee Fox, 130 days, plan 60 (nobody) · Jess Park, 36 days, usually 13 (Ana)",
            "Occasions: Sam Ode’s birthday, Thu 26 Nov",
            "Promises: 1 of ours late, 1 due this week; 1 of theirs late. We kept 2 of 3 this quarter.",
            "• Jess Park: we owe the ceramic sample, 17 days late",
            "• Lee Fox: Lee promised to send the draft, 3 days late",
            "• Kim Ray: we owe the ceramic sample, due Fri 27 Nov",
            "Last week: 3 touchpoints with 2 people by 2 of us; 1 give, 1 ask. We don’t know what Sam wants yet (3).",
            "Set up by Ana · change it with /rapport digest",
        ] == await lines(office)

    async def test_it_stands_for_all_to_read_and_pings_nobody(self, office: Office) -> None:
        """It is no private answer; members are named and not mentioned; who is nobody’s can be claimed."""
        await a_busy_team(office)
        reply = digest(await facts(office))
        assert not reply.private
        assert "@" not in words(reply)
        assert ["Claim Lee Fox", "See all"] == labels(reply)

    async def test_a_daily_one_and_one_that_was_asked_for_say_which_day(self, office: Office) -> None:
        """Only one that comes on one day a week is that of a week; what was asked for at once was set up by nobody."""
        await office.add(KIM)
        daily = Schedule(
            id="sch_2", team="team_1", place=CHANNEL, weekdays=(0, 1), at=time(9), set_up_by="mem_x", set_up_at=MONDAY
        )
        assert "Influencer relationships — Mon 23 Nov" == (await lines(office, daily))[0]
        assert "Set up by a former member · change it with /rapport digest" == (await lines(office, daily))[-1]
        said = await lines(office, None)
        assert "Influencer relationships — Mon 23 Nov" == said[0]
        assert not any("Set up by" in line for line in said)

    async def test_nothing_due(self, office: Office) -> None:
        """How many there are, and who comes next; those who are paused or archived are not among them."""
        await office.add(
            KIM,
            an_influencer("Ola Berg", stage=Stage.PAUSED, pauses=(Pause(back(9)),)),
            an_influencer("Tom Weir", archived_at=MONDAY),
        )
        await office.log(KIM, back(28))
        assert "Nothing due. 1 relationship on track; next: Kim Ray, Wed 25 Nov." == (await lines(office))[1]
        assert "Last week: no touchpoints." == (await lines(office))[2]

    async def test_an_empty_roster(self, office: Office) -> None:
        """There is nothing to count, and a way to begin."""
        assert "Nothing due: nobody is on the roster yet. “add” is where it starts." == (await lines(office))[1]
        assert ["See all"] == labels(digest(await facts(office)))

    async def test_the_plan_and_first_contacts(self, office: Office) -> None:
        """Whose planned day has come is in it, touched before or not; who is snoozed or has a date is not."""
        fresh = an_influencer("Mia Jung", tier=None, added_at=MONDAY - timedelta(days=15))
        await office.add(
            KIM, fresh, an_influencer("Pat Reyes"), an_influencer("Ann Cole", snoozed_until=TODAY + timedelta(9))
        )
        await office.log(KIM, back(31))
        for name in ("Pat Reyes", "Ann Cole"):
            await office.log(an_influencer(name), back(60))
        await office.log(an_influencer("Pat Reyes"), TODAY + timedelta(days=3))
        said = await lines(office)
        assert "Due by the plan (1): Kim Ray, 1 day past, every 30 days (Ana)" == said[1]
        assert "First contact (1): Mia Jung, planned by Sun 22 Nov (Ana)" == said[2]
        assert not any("Pat" in line or "Ann" in line for line in said)

    async def test_ten_are_named_and_the_rest_counted(self, office: Office) -> None:
        """Who waits longest comes first; five of those whom nobody looks after have a button."""
        people = [an_influencer(f"P{n:02} X", owner=None) for n in range(12)]
        await office.add(*people)
        for n, person in enumerate(people):
            await office.log(person, back(20 - n), Direction.INBOUND)
        reply = digest(await facts(office))
        waiting = words(reply).split("\n")[1]
        assert waiting.startswith("Waiting on us (12): P00 X — wrote 20 days ago (nobody) · P01 X")
        assert waiting.endswith("P09 X — wrote 11 days ago (nobody) …and 2 more")
        assert [*(f"Claim P0{n} X" for n in range(5)), "See all"] == labels(reply)

    async def test_the_most_unusual_silence_comes_first(self, office: Office) -> None:
        """Forty days of somebody weekly weigh more than 150 of somebody who is met every two months."""
        await office.add(JESS, LEE)
        for days in range(40, 110, 7):
            await office.log(JESS, back(days), Direction.MUTUAL)
        for days in range(150, 550, 60):
            await office.log(LEE, back(days), Direction.MUTUAL)
        assert ["Jess Park", "Lee Fox"] == [line.influencer.name for line in (await facts(office)).quiet.lines]

    async def test_a_silence_that_needs_no_nudge_is_not_in_it(self, office: Office) -> None:
        """Whoever comes in for a promise is not called quiet where somebody said that the silence is fine."""
        await office.add(JESS, a_promise("late", JESS, back(1)))
        await office.log(JESS, back(100))
        standing = await office.standing(JESS)
        assert standing.quiet_on is not None
        await office.change(standing, excused=True)
        found = await facts(office)
        assert (0, 0, 1) == (found.quiet.total, found.plan.total, found.owing.late)

    async def test_namesakes_are_told_apart(self, office: Office) -> None:
        """Two of one name have what differs behind it."""
        await office.add(
            an_influencer("Jess Park", id="inf_a", tier=Tier.A), an_influencer("Jess Park", id="inf_b", tier=Tier.B)
        )
        for id in ("inf_a", "inf_b"):
            await office.log(an_influencer("Jess Park", id=id), back(3), Direction.INBOUND)
        line = (await lines(office))[1]
        assert "Jess Park · tier A — wrote" in line
        assert "Jess Park · tier B — wrote" in line

    def test_at_its_longest_it_fits_into_one_message(self) -> None:
        """Every part full of the longest names there may be: 4,000 characters, as Discord counts all of a message."""
        members = {f"mem_{n}": a_member("M" * 200, id=f"mem_{n}") for n in range(10)}
        people = [an_influencer("N" * 200, id=f"inf_{n:02}", owner=f"mem_{n % 10}") for n in range(30)]
        sides = (Side.WE, Side.WE, Side.THEY)
        late = [
            a_promise(f"{n}", people[n], back(4000), what="w" * 3000, side=sides[n], payment=True, value="v" * 200)
            for n in range(3)
        ]
        reply = digest(
            DigestFacts(
                team=a_team(),
                people=members,
                schedule=WEEKLY,
                on=TODAY,
                today=TODAY,
                waiting=Part(tuple(a_line(one, waiting_since=back(4000)) for one in people[:10]), 9000),
                quiet=Part(tuple(a_line(one, silent_since=back(4000)) for one in people[10:20]), 9000),
                plan=Part(tuple(a_line(one, planned_on=back(4000)) for one in people[20:25]), 9000),
                first_contacts=Part(tuple(a_line(one, planned_on=back(4000)) for one in people[25:]), 9000),
                occasions=tuple(
                    Celebrated(one, an_occasion(one.id, one, 11, 25, label="L" * 200), TODAY) for one in people[:10]
                ),
                occasions_total=9000,
                owing=Owing(9000, 9000, 9000, tuple(zip(late, people, strict=False)), (9000, 9000)),
                happened=Happened(9000, 9000, 9000, 9000, 9000),
                unknown=tuple(people),
                kept_up=9000,
            )
        )
        said = words(reply)
        assert "…and 8995 more" in said
        assert len(said) <= 4000


class TestOccasions:
    async def test_the_seven_days_from_today(self, office: Office) -> None:
        """Today’s is in it, that in a week is once its owner has been told, later and past ones are not."""
        await office.add(JESS, SAM, LEE, KIM)
        await office.add(
            an_occasion("today", JESS, 11, 23),
            an_occasion("last", LEE, 11, 29, label="anniversary"),
            an_occasion("in_a_week", SAM, 11, 30),
            an_occasion("past", KIM, 11, 22),
            an_occasion("another_year", KIM, 11, 25, label="launch", year=2027, yearly=False),
            an_occasion("later", KIM, 12, 3),
        )
        shown = "Jess Park’s birthday, today · Lee Fox’s anniversary, Sun 29 Nov · Sam Ode’s birthday, Mon 30 Nov"
        assert f"Occasions: {shown}" in await lines(office)

    async def test_29_february_falls_to_the_28th(self, office: Office) -> None:
        """In a year without one, and not in a leap year."""
        await office.add(JESS, an_occasion("leap", JESS, 2, 29))
        for year, day in ((2027, 28), (2028, 29)):
            office.move_to(datetime(year, 2, 25, 6, tzinfo=UTC))
            found = await facts(office, on=date(year, 2, 25))
            assert [date(year, 2, day)] == [one.on for one in found.occasions]

    async def test_not_of_those_whom_nobody_keeps_up_with(self, office: Office) -> None:
        """An archived one’s birthday is nobody’s business any more; nor is that of one who is paused."""
        gone = an_influencer("Tom Weir", archived_at=MONDAY)
        paused = an_influencer("Ola Berg", stage=Stage.PAUSED, pauses=(Pause(back(9)),))
        await office.add(gone, paused, an_occasion("gone", gone, 11, 24), an_occasion("paused", paused, 11, 24))
        assert 0 == (await facts(office)).occasions_total


class TestPromises:
    async def test_three_late_ones_are_named_ours_first(self, office: Office) -> None:
        """The longest late in front; of the others it is said how many."""
        await office.add(JESS, LEE)
        await office.add(*(a_promise(f"our{n}", JESS, back(n)) for n in (1, 5)))
        await office.add(*(a_promise(f"their{n}", LEE, back(n), side=Side.THEY) for n in (2, 90)))
        found = (await facts(office)).owing
        assert (2, 2, 0) == (found.late, found.theirs_late, found.soon)
        assert ["prm_our5", "prm_our1", "prm_their90"] == [promise.id for promise, _ in found.named]
        assert (0, 2) == found.kept
        assert "…and 1 more late" in await lines(office)

    async def test_the_first_that_are_due_are_named(self, office: Office) -> None:
        """Behind the late ones; of the others it is said how many."""
        await office.add(JESS, a_promise("late", JESS, back(1)))
        await office.add(*(a_promise(f"soon{n}", JESS, TODAY + timedelta(days=n)) for n in (3, 0, 2)))
        await office.add(a_promise("theirs", JESS, TODAY + timedelta(days=1), side=Side.THEY))
        found = (await facts(office)).owing
        assert 3 == found.soon
        assert ["prm_late", "prm_soon0", "prm_soon2"] == [promise.id for promise, _ in found.named]
        said = await lines(office)
        assert "• Jess Park: we owe the ceramic sample, due today" in said
        assert "…and 1 more due this week" in said

    async def test_what_is_open_with_archived_people_is_neither_late_nor_broken(self, office: Office) -> None:
        """Nobody sees to it any more; what was settled before they were archived happened, and counts."""
        await office.add(JESS, an_influencer("Old Pal", archived_at=MONDAY))
        gone = an_influencer("Old Pal")
        await office.add(a_promise("open", gone, back(3)), settled("kept", gone, back(10), Kept.KEPT))
        await office.add(a_promise("late", JESS, back(3)))
        found = (await facts(office)).owing
        assert (1, (1, 2)) == (found.late, found.kept)

    async def test_what_is_due_behind_a_holiday_is_due_already(self, office: Office) -> None:
        """A promise whose owner has been told, as nobody works until then, is counted."""
        team = await office.team()
        await office.change(team, days_off=tuple(TODAY + timedelta(days=ahead) for ahead in range(1, 12)))
        await office.add(JESS, a_promise("behind", JESS, TODAY + timedelta(days=9)))
        assert 1 == (await facts(office)).owing.soon
        assert any("Promises: 1 due this week" in line for line in await lines(office))

    async def test_those_of_archived_ones_do_not_count(self, office: Office) -> None:
        """What was owed to somebody who is off the roster is nobody’s concern."""
        gone = an_influencer("Tom Weir", archived_at=MONDAY)
        await office.add(gone, a_promise("late", gone, back(4)))
        assert 0 == (await facts(office)).owing.late

    async def test_a_record_alone_is_worth_a_line_where_something_is_due(self, office: Office) -> None:
        """With nothing late or due it is said how we did."""
        await office.add(JESS, SAM, settled("kept", JESS, back(3), Kept.KEPT))
        await office.log(SAM, back(3), Direction.INBOUND)
        assert "Promises: We kept 1 of 1 this quarter." in await lines(office)


class TestTheWeekBefore:
    async def test_seven_days_and_not_today(self, office: Office) -> None:
        """From a week ago up to yesterday; what was automatic is not counted."""
        await office.add(JESS)
        for days in (0, 1, 7, 8):
            await office.log(JESS, back(days))
        await office.log(JESS, back(2), automatic=True)
        happened = (await facts(office)).happened
        assert (2, 1, 1) == (happened.touchpoints, happened.people, happened.members)
        assert "Last week: 2 touchpoints with 1 person by 1 of us." == (await lines(office))[2]

    async def test_a_digest_that_comes_late_looks_back_from_its_own_date(self, office: Office) -> None:
        """Monday’s digest on Wednesday tells of the week before Monday, and of what is due on Wednesday."""
        await office.add(JESS)
        await office.log(JESS, back(7))
        await office.log(JESS, TODAY)
        office.move(days=2)
        found = await facts(office)
        assert (1, TODAY, TODAY + timedelta(days=2)) == (found.happened.touchpoints, found.on, found.today)

    async def test_one_of_whom_nobody_knows_what_they_want(self, office: Office) -> None:
        """Named without a number; nobody is where all goals are known."""
        await office.add(JESS)
        await office.log(JESS, back(2))
        assert "wants yet" not in "\n".join(await lines(office))
        await office.add(SAM)
        await office.log(SAM, back(2))
        assert (await lines(office))[2].endswith("We don’t know what Sam wants yet.")


async def here(desk: Desk, name: str, line: str, *, channel: str = "marketing") -> Answer:
    """Somebody types a line in a channel."""
    return await desk.says(name, line, channel=channel)


async def schedules(desk: Desk) -> tuple[Schedule, ...]:
    """The digests that were asked for."""
    return await desk.store.schedules((await desk.team()).id)


async def as_outsider_place(desk: Desk, verb: str, text: str = "", **args: str) -> Answer:
    """Ana asks in a channel that people of another company read."""
    return await desk.core.dispatch(
        Command(
            verb=verb,
            actor=desk.actor("ana"),
            place=Place("fake", WORKSPACE, "shared"),
            heard=f"outsiders-{verb}-{text}",
            text=text,
            args=tuple(args.items()),
            outsiders=True,
        )
    )


class TestSettingUp:
    async def test_a_channel_asks_for_one(self, desk: Desk) -> None:
        """Who asked, where, when first, by which clocks and who will read it; anybody may."""
        answer = await here(desk, "ben", "digest here mon 09:00")
        assert (
            "✓ You set up a digest in #marketing: Mondays at 09:00 (Europe/Berlin), the first Mon 30 Nov. "
            "Everybody in #marketing can read it."
        ) == words(answer)
        (schedule,) = await schedules(desk)
        assert (Place("fake", WORKSPACE, "marketing"), (0,), time(9)) == (
            schedule.place,
            schedule.weekdays,
            schedule.at,
        )
        assert ((await desk.member("ben")).id, desk.clock()) == (schedule.set_up_by, schedule.set_up_at)

    async def test_one_of_your_own(self, desk: Desk) -> None:
        """In a direct message only you can read it, and nobody else sees or stops it."""
        answer = await desk.says("ben", "digest here weekdays at 17")
        assert "Only you can read it." in words(answer)
        assert "your direct messages" in words(await desk.says("ben", "digest"))
        assert "no digest yet" in words(await desk.says("ana", "digest"))
        own = await desk.says("ben", "digest")
        assert "only they can stop it" in words(await desk.presses("ana", own, "Stop one", "1. weekdays"))
        assert 1 == len(await schedules(desk))

    async def test_the_same_twice_is_refused(self, desk: Desk) -> None:
        """In one place, on the same days at the same hour, in whatever words; at another hour it is another."""
        await here(desk, "ana", "digest here mon 09:00")
        again = await here(desk, "ben", "digest here mondays 9am")
        assert isinstance(again, Reply)
        assert "That digest comes here already: Mondays at 09:00, set up by Ana." == words(again)
        assert Outcome.REFUSED is again.outcome
        await here(desk, "ana", "digest here mon 10:00")
        await here(desk, "ana", "digest here mon 09:00", channel="sales")
        assert 3 == len(await schedules(desk))

    async def test_two_who_ask_at_the_same_moment_set_up_one(self, desk: Desk) -> None:
        """Its id says what it is, so that the second meets the first one’s and is told whose it is."""
        for name in ("ana", "ben"):
            await desk.says(name, "help")
        asked = [here(desk, "ana", "digest here mon 09:00"), here(desk, "ben", "digest here mondays at nine")]
        first, second = sorted(words(answer) for answer in await asyncio.gather(*asked))
        assert 1 == len(await schedules(desk))
        assert first.startswith("That digest comes here already: Mondays at 09:00, set up by ")
        assert second.startswith("✓ You set up a digest in #marketing: Mondays at 09:00")

    async def test_it_can_be_set_up_again(self, desk: Desk) -> None:
        """After it was stopped; each of these steps can be taken back."""
        await here(desk, "ana", "digest here mon 09:00")
        off = await here(desk, "ana", "digest off")
        again = await here(desk, "ben", "digest here mon 09:00")
        assert "✓ You set up a digest in #marketing" in words(again)
        await desk.presses("ben", again, "Undo")
        assert () == await schedules(desk)
        await desk.presses("ana", off, "Undo")
        (schedule,) = await schedules(desk)
        assert (await desk.member("ana")).id == schedule.set_up_by
        assert 30 >= len(schedule.id)

    async def test_a_second_one_in_a_place_names_the_first(self, desk: Desk) -> None:
        """Who set up what there, with a way to stop it; those of other places are not spoken of."""
        await here(desk, "ana", "digest here mon 09:00")
        await here(desk, "ana", "digest here tue 09:00", channel="sales")
        second = await here(desk, "ben", "digest here mon 10:00")
        assert "⚠ Another digest comes here already: Mondays at 09:00, set up by @Ana." in words(second)
        assert ["Undo", "Stop the other", "See it now"] == labels(second)
        third = await here(desk, "ana", "digest here fri 16:00")
        assert "⚠ 2 other digests come here already: " in words(third)
        assert "Mondays at 10:00, set up by @Ben" in words(third)
        assert "Stop one…" in labels(third)
        assert "✓ Stopped: the digest in #marketing, Mondays at 09:00." == words(
            await desk.presses("ben", second, "Stop the other")
        )

    async def test_heard_twice_it_is_set_up_once(self, desk: Desk) -> None:
        """A retry gets the same answer, and no refusal."""
        first = await desk.says("ana", "digest here mon 09:00", channel="marketing", heard="once")
        assert words(first) == words(await desk.says("ana", "digest here mon 09:00", channel="marketing", heard="once"))
        assert 1 == len(await schedules(desk))

    async def test_it_comes_on_its_day_at_its_hour_and_once(self, desk: Desk) -> None:
        """On Monday at nine in Berlin it stands in the channel, for all to read and with who set it up."""
        await here(desk, "ben", "digest here mon 09:00")
        place = Place("fake", WORKSPACE, "marketing")
        desk.clock.move(datetime(2026, 11, 30, 7, 30, tzinfo=UTC) - desk.clock())
        await desk.turn()
        assert [] == desk.platform.at(place)
        await desk.waits(timedelta(hours=3))
        (posted,) = desk.platform.at(place)
        assert not posted.reply.private
        assert words(posted.reply).startswith("Influencer relationships — week of 30 Nov")
        assert "Set up by Ben" in words(posted.reply)

    async def test_undo_takes_it_back_and_brings_it_back(self, desk: Desk) -> None:
        """By the button of the answer, whichever way."""
        answer = await here(desk, "ana", "digest here mon 09:00")
        undone = await desk.presses("ana", answer, "Undo")
        assert () == await schedules(desk)
        await desk.presses("ana", undone, "Bring back")
        assert 1 == len(await schedules(desk))

    async def test_by_form_it_comes_where_the_form_was_opened(self, desk: Desk) -> None:
        """Wherever it is sent from; what can’t be read comes back with the reason."""
        form = await here(desk, "ana", "digest here")
        again = await desk.fills("ana", form, when="someday")
        assert "“someday”" in errors(again)["when"]
        assert "This is needed." == errors(await desk.fills("ana", again, when=""))["when"]
        answer = await desk.fills("ana", again, when="daily 8.30")
        assert "in #marketing: every day at 08:30" in words(answer)
        assert ["marketing"] == [schedule.place.id for schedule in await schedules(desk)]

    async def test_its_form_knows_the_place(self, desk: Desk) -> None:
        """Sent from somewhere else, it sets up the digest where it was opened."""
        elsewhere = Place("fake", WORKSPACE, "sales")
        form = await here(desk, "ana", "digest here")
        assert isinstance(form, Form)
        sent = Command(
            verb=form.verb, actor=desk.actor("ana"), place=elsewhere, heard="sent", args=(("when", "fri 16:00"),),
            draft=form.id,
        )  # fmt: skip
        assert "✓ You set up a digest" in words(await desk.core.dispatch(sent))
        assert [Place("fake", WORKSPACE, "marketing")] == [schedule.place for schedule in await schedules(desk)]

    async def test_the_list_opens_the_form(self, desk: Desk) -> None:
        """A button sets one up in the place where the list is read."""
        form = await desk.presses("ana", await desk.says("ana", "digest"), "Set one up here")
        assert isinstance(form, Form)
        await desk.fills("ana", form)
        assert [PlaceKind.DM] == [schedule.place.kind for schedule in await schedules(desk)]

    async def test_where_others_read_it_is_refused(self, desk: Desk) -> None:
        """A channel shared with another company gets no digest, neither by line nor by form; you may still read one."""
        for answer in (
            await as_outsider_place(desk, "digest", "here mon 09:00"),
            await as_outsider_place(desk, "digest", "here"),
            await as_outsider_place(desk, "new_digest"),
        ):
            assert "People of other companies read this place" in words(answer)
        assert ["Show it now"] == labels(await as_outsider_place(desk, "digest"))
        now = await as_outsider_place(desk, "digest", "now")
        assert isinstance(now, Reply)
        assert now.private
        assert () == await schedules(desk)

    async def test_another_place_is_not_named(self, desk: Desk) -> None:
        """A digest is asked for where it will come."""
        assert "say “digest here mon 09:00” there" in words(await here(desk, "ana", "digest #sales mon 9"))
        assert () == await schedules(desk)

    async def test_there_are_so_many_and_no_more(self, desk: Desk) -> None:
        """Twenty in channels and five of one’s own: as many as can be chosen from when one is to stop."""
        for hour in range(21):
            await here(desk, "ana", f"digest here mon {hour}:00")
        for hour in range(5):
            await desk.says("ana", f"digest here mon {hour}:00")
        last = await desk.says("ana", "digest here mon 5:00")
        assert 25 == len(await schedules(desk))
        assert "5 digests in your direct messages already" in words(last)
        assert isinstance(await desk.says("ana", "digest"), Reply)


class TestHurdle:
    async def test_a_place_that_is_closed_to_us_says_how_to_open_it(self, desk: Desk) -> None:
        """By command, by form and by button, in the platform’s own words; nothing is set up, and none is offered."""
        desk.hurdles["attic"] = "Type “/invite @Rapport” here first."
        refusals = [
            await here(desk, "ana", "digest here mon 09:00", channel="attic"),
            await here(desk, "ana", "digest here", channel="attic"),
            await desk.calls("ana", "new_digest", channel="attic"),
        ]
        form = await here(desk, "ana", "digest here", channel="loft")
        desk.hurdles["loft"] = "Type “/invite @Rapport” here first."
        sent = await desk.fills("ana", form, in_channel="loft")

        assert {"Type “/invite @Rapport” here first."} == {words(refusal) for refusal in refusals}
        assert isinstance(sent, Form)
        assert "Type “/invite @Rapport” here first." == sent.error
        assert ["Show it now"] == labels(await here(desk, "ana", "digest", channel="attic"))
        assert () == await schedules(desk)


class TestListing:
    async def test_where_when_next_and_by_whom(self, desk: Desk) -> None:
        """The next one in front, the one of this place marked."""
        await here(desk, "ana", "digest here thu 09:00")
        await here(desk, "ben", "digest here tue 17h", channel="sales")
        assert [
            "2 digests, by the clocks of Europe/Berlin:",
            "1. #sales — Tuesdays at 17:00, next tomorrow (Tue 24 Nov), set up by @Ben",
            "2. #marketing (here) — Thursdays at 09:00, next Thu 26 Nov, set up by you",
        ] == words(await here(desk, "ana", "digest")).split("\n")

    async def test_now_is_private_and_at_once(self, desk: Desk) -> None:
        """Whoever asks reads it alone, wherever they ask."""
        await desk.says("ana", "add Jess Park tier:A")
        answer = await here(desk, "ana", "digest now")
        assert isinstance(answer, Reply)
        assert answer.private
        assert "Nothing due. 1 relationship on track; next: Jess Park, Mon 14 Dec." in words(answer)
        assert words(await desk.says("ana", "due all")) == words(await desk.presses("ana", answer, "See all"))


class TestStopping:
    async def test_the_only_one_of_a_place(self, desk: Desk) -> None:
        """It ends at once, and an undo brings it back."""
        await here(desk, "ana", "digest here mon 09:00")
        await here(desk, "ana", "digest here mon 09:00", channel="sales")
        answer = await here(desk, "ben", "digest off")
        assert "✓ Stopped: the digest in #marketing, Mondays at 09:00." == words(answer)
        assert ["sales"] == [schedule.place.id for schedule in await schedules(desk)]
        await desk.presses("ben", answer, "Undo")
        assert 2 == len(await schedules(desk))

    async def test_of_several_it_is_asked_which(self, desk: Desk) -> None:
        """One is chosen, the other goes on; choosing it again is told who did it."""
        await here(desk, "ana", "digest here mon 09:00")
        await here(desk, "ana", "digest here fri 16:00")
        which = await here(desk, "ben", "digest off")
        assert "2 digests come in #marketing. Which one stops?" == words(which)
        assert "Mondays" in words(await desk.presses("ben", which, "Stop one", "Mondays"))
        for name, by in (("ana", "Ben"), ("ben", "you")):
            assert f"Already done by {by}: this digest has stopped." == words(
                await desk.presses(name, which, "Stop one", "Mondays")
            )
        assert [(4,)] == [schedule.weekdays for schedule in await schedules(desk)]

    async def test_where_none_comes_the_others_are_offered(self, desk: Desk) -> None:
        """From elsewhere the list stops any of the team’s."""
        await here(desk, "ana", "digest here mon 09:00")
        answer = await desk.says("ben", "digest off")
        assert words(answer).startswith("No digest comes here.\n1 digest")
        await desk.presses("ben", answer, "Stop one", "1. Mondays")
        assert () == await schedules(desk)


class TestClaiming:
    async def test_who_presses_first_looks_after_them(self, desk: Desk) -> None:
        """The second is told who was quicker, the first that it is theirs; an undo lets go again."""
        await desk.says("ana", "add Lee Fox tier:B")
        await desk.says("ana", "own lee nobody")
        await desk.says("ana", "log lee they replied: when do we start? 3 days ago")
        shown = await desk.says("ana", "digest now")
        answer = await desk.presses("ben", shown, "Claim Lee Fox")
        assert "✓ You look after Lee Fox now." == words(answer)
        assert "Already done by Ben: Ben looks after Lee Fox." == words(await desk.presses("ana", shown, "Claim"))
        assert "You look after Lee Fox already." == words(await desk.presses("ben", shown, "Claim"))
        await desk.presses("ben", answer, "Undo")
        assert "✓ You look after Lee Fox now." == words(await desk.presses("ana", shown, "Claim"))

    async def test_who_was_given_somebody_did_not_claim_them(self, desk: Desk) -> None:
        """It is told who saw to it, which need not be the one who looks after them now."""
        await desk.says("ben", "due")
        await desk.says("ana", "add Lee Fox tier:B")
        await desk.says("ana", "own lee nobody")
        await desk.says("ana", "log lee they replied: when do we start? 3 days ago")
        shown = await desk.says("ana", "digest now")
        await desk.says("ana", "own lee @ben")
        await desk.says("cem", "due")
        assert "Already done by Ana: Ben looks after Lee Fox." == words(await desk.presses("cem", shown, "Claim"))

    async def test_who_was_merged_is_claimed_by_the_old_button(self, desk: Desk) -> None:
        """It leads to the record that stayed."""
        await desk.says("ana", "add Lee Fox tier:B")
        await desk.says("ana", "add Leonora Fox tier:B")
        await desk.says("ana", "own “Lee Fox” nobody")
        await desk.says("ana", "own “Leonora Fox” nobody")
        await desk.says("ana", "log “Lee Fox” they replied: when do we start? 3 days ago")
        shown = await desk.says("ana", "digest now")
        await desk.presses("ana", await desk.says("ana", 'merge "Leonora Fox" "Lee Fox"'), "Merge")
        assert "✓ You look after Leonora Fox now." == words(await desk.presses("ben", shown, "Claim Lee Fox"))

    async def test_somebody_archived_is_not_claimed(self, desk: Desk) -> None:
        """There is a way to bring them back first."""
        await desk.says("ana", "add Lee Fox tier:B")
        await desk.says("ana", "own lee nobody")
        await desk.says("ana", "log lee they replied: when do we start? 3 days ago")
        shown = await desk.says("ana", "digest now")
        await desk.says("ana", 'archive "Lee Fox"')
        assert "Lee Fox is archived." in words(await desk.presses("ben", shown, "Claim"))
