"""On which days somebody is told of promises and occasions: pure rules first, then through tick."""

from __future__ import annotations

from calendar import isleap
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.calendar import is_working
from bot.change import Change, Write
from bot.clock import MovableClock
from bot.concerns import LEADS, Concern, concerns, holds, occasions_now, owed_now, reminded_on, told_on
from bot.consequences import with_consequences
from bot.errors import Conflict
from bot.model import (
    Exchange,
    Influencer,
    Kept,
    Nudge,
    NudgeReason,
    NudgeState,
    Occasion,
    Owed,
    Pause,
    Promise,
    Side,
    Standing,
    Team,
    nudge_id,
)
from bot.nudging import tick
from bot.standing import Book, reckon
from storage import open_store
from tests.fakes import CHANNEL, MONDAY, Office, a_member, a_team, an_influencer

TEAM = a_team()
GERMANS = a_team(country="DE")
JESS = an_influencer("Jess Park")
TODAY = date(2026, 11, 23)
FRIDAY, SATURDAY, SUNDAY, NEXT_MONDAY = (date(2026, 11, 27) + timedelta(days=ahead) for ahead in range(4))


def promise(due: date | None, side: Side = Side.WE, **fields: Any) -> Promise:
    """A promise to or from Jess."""
    given: dict[str, Any] = {
        "id": f"prm_{due}_{side:_>6}",
        "what": "the sample",
        "made_at": MONDAY,
        "made_by": "mem_ana",
    }
    return Promise(team="team_1", influencer=JESS.id, side=side, due=due, **(given | fields))


def birthday(on: date, **fields: Any) -> Occasion:
    """Jess's birthday."""
    given: dict[str, Any] = {"id": "occ_birthday", "label": "birthday", "month": on.month, "day": on.day}
    return Occasion(team="team_1", influencer=JESS.id, **(given | fields))


def standing_of(*kept: Promise | Occasion | Nudge, team: Team = TEAM, now: datetime = MONDAY, **who: Any) -> Standing:
    """What is kept about Jess adds up to this."""
    book = Book(
        replace(JESS, **who),
        promises=[one for one in kept if isinstance(one, Promise)],
        occasions=[one for one in kept if isinstance(one, Occasion)],
        nudges=[one for one in kept if isinstance(one, Nudge)],
    )
    return reckon(team, book, now=now, before=None)


def of(reason: NudgeReason, standing: Standing, team: Team = TEAM) -> list[Concern]:
    """The concerns that have a reason."""
    return [concern for concern in concerns(team, standing) if concern.reason is reason]


class TestPromises:
    @pytest.mark.parametrize(("due", "told"), [(FRIDAY, FRIDAY), (SATURDAY, FRIDAY), (SUNDAY, FRIDAY)])
    def test_ours_is_told_in_time(self, due: date, told: date) -> None:
        """On the day it is due; the working day before, where that is a weekend."""
        assert told == told_on(TEAM, Owed("prm", Side.WE, due))

    @pytest.mark.parametrize(
        ("due", "told"), [(FRIDAY - timedelta(days=1), FRIDAY), (FRIDAY, NEXT_MONDAY), (SUNDAY, NEXT_MONDAY)]
    )
    def test_theirs_is_told_when_it_is_late(self, due: date, told: date) -> None:
        """On the first working day after it was due."""
        assert told == told_on(TEAM, Owed("prm", Side.THEY, due))

    def test_public_holidays_and_days_off_count_as_weekends(self) -> None:
        """Christmas 2026 falls on a Friday, and the team has taken the days before it off."""
        christmas = Owed("prm", Side.WE, date(2026, 12, 25))
        resting = replace(GERMANS, days_off=(date(2026, 12, 24), date(2026, 12, 23)))
        assert (date(2026, 12, 24), date(2026, 12, 22)) == (told_on(GERMANS, christmas), told_on(resting, christmas))

    def test_it_holds_from_the_first_minute_of_its_day_anywhere(self) -> None:
        """So that whoever has their morning first is told in theirs."""
        (concern,) = of(NudgeReason.PROMISE, standing_of(promise(FRIDAY)))
        assert (FRIDAY, datetime(2026, 11, 26, 10, tzinfo=UTC)) == (concern.on, concern.at)
        assert [False, True] == [holds(concern, concern.at - timedelta(seconds=1)), holds(concern, concern.at)]

    def test_what_is_settled_or_has_no_date_calls_nobody(self) -> None:
        """A promise without a due date is in the lists, and that is all."""
        settled = promise(FRIDAY, outcome=Kept.KEPT, settled_on=TODAY)
        assert [] == of(NudgeReason.PROMISE, standing_of(settled, promise(None)))

    def test_two_of_one_day_are_two(self) -> None:
        """Each has a nudge of its own."""
        both = (promise(FRIDAY, id="prm_aaaaaa"), promise(FRIDAY, id="prm_bbbbbb"))
        assert 2 == len({concern.key for concern in of(NudgeReason.PROMISE, standing_of(*both))})

    def test_two_that_share_a_mark_share_a_nudge(self) -> None:
        """An id of one nudge is made once, or no commit could hold both."""
        both = (promise(FRIDAY, id="prm_1_aaaaaa"), promise(FRIDAY, id="prm_2_aaaaaa"))
        assert ["prm_1_aaaaaa"] == [concern.about for concern in of(NudgeReason.PROMISE, standing_of(*both))]

    def test_a_snooze_puts_it_off_and_makes_it_new(self) -> None:
        """It is told on the first working day from the snooze's end."""
        (before,) = of(NudgeReason.PROMISE, standing_of(promise(FRIDAY)))
        (after,) = of(NudgeReason.PROMISE, standing_of(promise(FRIDAY), snoozed_until=SUNDAY))
        assert NEXT_MONDAY == after.on
        assert before.key != after.key

    def test_paused_relationships_are_silent(self) -> None:
        """The clock stands still for promises too; lists and digests still have them."""
        paused = standing_of(promise(FRIDAY), pauses=(Pause(since=TODAY),))
        assert ((), None, 1) == (concerns(TEAM, paused), paused.attention_at, len(paused.owed))

    def test_the_list_has_it_from_the_day_it_is_told(self) -> None:
        """Not earlier, and for as long as it is open."""
        standing = standing_of(promise(SUNDAY), promise(FRIDAY, Side.THEY))
        found = [[owed.side for owed in owed_now(TEAM, standing, day)] for day in (FRIDAY - timedelta(1), FRIDAY)]
        assert [[], [Side.WE]] == found
        assert [Side.THEY, Side.WE] == [owed.side for owed in owed_now(TEAM, standing, NEXT_MONDAY)]


def walked_back(team: Team, day: date) -> date:
    """The same day or the working day before it, by trying."""
    while not is_working(team, day):
        day -= timedelta(days=1)
    return day


class TestOccasions:
    @given(
        year=st.integers(2024, 2032),
        born=st.dates(date(2024, 1, 1), date(2024, 12, 31)),
        country=st.sampled_from([None, "DE", "US", "IN", "JP"]),
        week=st.sampled_from([(0, 1, 2, 3, 4), (6, 0, 1, 2, 3), (0, 2, 4), (5,)]),
        off=st.sets(st.integers(0, 30), max_size=8),
    )
    def test_every_birthday_of_2024_to_2032_is_told_seven_days_and_one_before(
        self, year: int, born: date, country: str | None, week: tuple[int, ...], off: set[int]
    ) -> None:
        """29 February falls to the 28th; on a day without work it is told on the working day before."""
        short = (born.month, born.day) == (2, 29) and not isleap(year)
        on = date(year, born.month, 28 if short else born.day)
        days_off = tuple(on - timedelta(days=back) for back in off)
        team = a_team(country=country, working_days=week, days_off=days_off)
        three_weeks_before = datetime(on.year, on.month, on.day, 12, tzinfo=UTC) - timedelta(days=21)

        standing = standing_of(birthday(born), team=team, now=three_weeks_before)
        told = {walked_back(team, on - timedelta(days=lead)): lead for lead in (7, 1)}
        expected = [
            (on, day, nudge_id(JESS.id, NudgeReason.OCCASION, on, f"rthday{lead}")) for day, lead in told.items()
        ]
        assert expected == [(one.since, one.on, one.key) for one in of(NudgeReason.OCCASION, standing, team)]

    def test_on_a_sunday_both_leads_are_told_on_friday(self) -> None:
        """The one a week ahead nine days before, the last one two days before."""
        (first, last) = of(NudgeReason.OCCASION, standing_of(birthday(date(2026, 12, 6))))
        assert (FRIDAY, date(2026, 12, 4)) == (first.on, last.on)

    def test_each_lead_holds_until_the_day_has_ended_everywhere(self) -> None:
        """The first, too: the last may be raised too late to be told."""
        (first, last) = of(NudgeReason.OCCASION, standing_of(birthday(date(2026, 12, 3))))
        assert {datetime(2026, 12, 4, 12, tzinfo=UTC)} == {first.until, last.until}

    def test_a_snooze_that_ends_on_the_day_of_the_last_leaves_it_alone(self) -> None:
        """Nobody is told twice in one morning."""
        standing = standing_of(birthday(date(2026, 12, 3)), snoozed_until=date(2026, 12, 2))
        assert ["rthday1"] == [concern.key[-18:-11] for concern in of(NudgeReason.OCCASION, standing)]

    def test_the_leads_have_nudges_of_their_own(self) -> None:
        """And so has next year's birthday."""
        standing = standing_of(birthday(date(2026, 12, 3)))
        expected = [nudge_id(JESS.id, NudgeReason.OCCASION, date(2026, 12, 3), f"rthday{lead}") for lead in LEADS]
        assert expected == [concern.key for concern in of(NudgeReason.OCCASION, standing)]

    def test_long_holidays_make_one_of_two(self) -> None:
        """Where both would be told on one day only the nearer is."""
        closed = tuple(date(2026, 12, 24) + timedelta(days=ahead) for ahead in range(10))
        assert ((1, date(2026, 12, 23)),) == reminded_on(a_team(days_off=closed), date(2027, 1, 1))

    def test_one_that_passed_comes_again_next_year(self) -> None:
        """As soon as its day has ended everywhere; one that was meant once is over."""
        launch = birthday(TODAY, id="occ_launch", label="launch", yearly=False, year=2026)
        on_the_day, after = MONDAY, MONDAY + timedelta(days=2)
        days = [standing_of(birthday(TODAY), launch, now=now).occasions for now in (on_the_day, after)]
        assert [[TODAY, TODAY], [date(2027, 11, 23)]] == [[day.on for day in found] for found in days]

    def test_a_snooze_beyond_the_day_is_silent_about_it(self) -> None:
        """One that ends between the leads leaves the later one."""
        celebrated = birthday(date(2026, 12, 3))
        silent = standing_of(celebrated, snoozed_until=date(2026, 12, 4))
        later = standing_of(celebrated, snoozed_until=date(2026, 12, 1))
        assert [] == of(NudgeReason.OCCASION, silent)
        assert [date(2026, 12, 2)] == [one.on for one in of(NudgeReason.OCCASION, later)][-1:]

    def test_the_list_has_it_from_its_first_lead_to_its_day(self) -> None:
        """Then it is gone from it."""
        on = date(2026, 12, 3)
        standing = standing_of(birthday(on))
        found = [len(occasions_now(TEAM, standing, on + timedelta(days=ahead))) for ahead in (-8, -7, 0, 1)]
        assert [0, 1, 1, 0] == found


ANA = a_member("Ana")


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    """A real store with a team in Berlin, Ana, and Jess, with whom she spoke lately; early on a Monday."""
    store = await open_store(f"tinydb:{tmp_path / 'rapport.json'}")
    office = Office(store, MovableClock(MONDAY))
    await office.add(a_team(channel=CHANNEL), ANA, JESS)
    await office.log(JESS, TODAY, exchange=Exchange.NEUTRAL)
    yield office
    await store.close()


async def days_pass(office: Office, count: int) -> None:
    """Ticks every hour for so many days."""
    for _ in range(24 * count):
        office.move(hours=1)
        await tick(office.store, office.now, office.new_id)


async def nudges(office: Office, reason: NudgeReason) -> list[Nudge]:
    """Those of one reason, by id."""
    return [one for one in await office.store.everything(Nudge, "team_1") if one.reason is reason]


async def test_a_promise_is_raised_once_with_the_day_it_is_told(office: Office) -> None:
    """However long it stays open."""
    await office.add(promise(FRIDAY))
    await days_pass(office, 10)
    (raised,) = await nudges(office, NudgeReason.PROMISE)
    assert (FRIDAY, "prm_2026-11-27_____we") == (raised.on, raised.about)


async def test_a_kept_promise_is_raised_no_more_and_again_when_that_was_a_mistake(office: Office) -> None:
    """An unsent nudge is withdrawn."""
    await office.add(promise(TODAY))
    await days_pass(office, 1)
    (sample,) = await office.store.promises("team_1", JESS.id)
    kept = replace(sample, outcome=Kept.KEPT, settled_on=TODAY)
    await office.write(Write(sample, kept))
    assert [] == await nudges(office, NudgeReason.PROMISE)

    (now_kept,) = await office.store.promises("team_1", JESS.id)
    await office.write(Write(now_kept, replace(now_kept, outcome=None, settled_on=None)))
    await days_pass(office, 1)
    assert 1 == len(await nudges(office, NudgeReason.PROMISE))


async def test_both_leads_of_an_occasion_are_raised_in_turn(office: Office) -> None:
    """They go together, when the day is over; and next year's come a year later, not before."""
    await office.add(birthday(date(2026, 12, 3)))
    raised = []
    for _ in range(14):
        await days_pass(office, 1)
        raised.append(sorted(one.id[-18:-11] for one in await nudges(office, NudgeReason.OCCASION)))
    assert [[], ["rthday7"], ["rthday1", "rthday7"], []] == [
        found for n, found in enumerate(raised) if raised[n - 1 : n] != [found]
    ]
    assert date(2027, 12, 3) == (await office.standing(JESS)).occasions[0].on


async def test_a_gift_in_between_sees_to_the_occasion(office: Office) -> None:
    """Both leads are done with, until the gift turns out to be a mistake."""
    await office.add(birthday(date(2026, 12, 3)))
    await days_pass(office, 4)
    gift = await office.log(JESS, date(2026, 11, 27), exchange=Exchange.GIVE)
    await days_pass(office, 5)
    assert [NudgeState.OVER] == [one.state for one in await nudges(office, NudgeReason.OCCASION)]
    assert [True] == [day.seen_to for day in (await office.standing(JESS)).occasions]

    await office.write(Write(replace(gift, version=1), None))
    await days_pass(office, 1)
    assert NudgeState.RAISED in {one.state for one in await nudges(office, NudgeReason.OCCASION)}


async def test_not_needed_at_the_first_lead_is_not_needed_at_the_last(office: Office) -> None:
    """What somebody decided about a birthday is not asked again the day before."""
    await office.add(birthday(date(2026, 12, 3)))
    await days_pass(office, 4)
    (first,) = await nudges(office, NudgeReason.OCCASION)
    await office.change(first, state=NudgeState.NOT_NEEDED, closed_by=ANA.id, closed_at=office.now)
    await days_pass(office, 6)
    assert [NudgeState.NOT_NEEDED] == [one.state for one in await nudges(office, NudgeReason.OCCASION)]


async def test_a_year_goes_by_without_a_tick_that_never_ends(office: Office) -> None:
    """A standing that is due is moved on by the tick that looks at it."""
    await office.add(birthday(date(2026, 12, 3)), promise(FRIDAY), promise(FRIDAY, Side.THEY))
    for _ in range(60):
        office.move(days=7)
        await tick(office.store, office.now, office.new_id)
        assert () == await office.store.standings_due(office.now, limit=5)


async def test_a_promise_that_meets_a_removal_is_not_left_behind(office: Office) -> None:
    """One without a due date, too: what was decided on somebody who is gone by now is decided anew."""
    team, now = await office.team(), office.now
    promised = await with_consequences(office.store, team, [Write(None, promise(None))], now=now, by=None)
    (jess,) = await office.store.everything(Influencer, "team_1")
    await office.write(Write(jess, None))

    with pytest.raises(Conflict):
        await office.store.commit(
            Change(id="chg_late", team="team_1", at=now, by=None, verb="promise", writes=promised.writes)
        )
