"""The rhythm of a relationship: worked examples, edges and the facts that sentences are made of."""

from __future__ import annotations

import math
from datetime import date, timedelta
from itertools import pairwise

import pytest

from bot.rhythm import (
    BALANCED,
    CALM,
    EAGER,
    Rhythm,
    changed,
    learn,
    level,
    longer_than,
    nudge_after,
    pauses_between,
    percent,
    quiet_after,
    rank,
    silence,
    unusual,
    unusualness,
    urgency,
)

MONDAY = date(2026, 3, 2)


def day(n: int) -> date:
    """The date `n` days after Monday, 2 March 2026."""
    return MONDAY + timedelta(n)


def rhythm_of(*pauses: float) -> Rhythm:
    """What these pauses show under a plan of three weeks."""
    return learn(pauses, 21)


class TestLearn:
    def test_nothing_known_is_the_plan(self) -> None:
        """Without a pause the prior stands: ln 14 − .3, √(6·3 / (6·2)), 12 degrees of freedom."""
        rhythm = learn((), None)

        assert (0, None, ()) == (rhythm.n, rhythm.longest, rhythm.pauses)
        assert (math.log(14) - 0.3, math.sqrt(1.5), 12) == (rhythm.mu, rhythm.s, rhythm.nu)

    def test_a_pause_as_planned_only_makes_surer(self) -> None:
        """One pause at the prior's centre leaves location and b where they were: κ = 3, a = 6.5."""
        centre = math.exp(math.log(30) - 0.3)
        rhythm = learn((centre,), 30)

        assert math.log(centre) == pytest.approx(rhythm.mu, abs=1e-14)
        assert math.sqrt(6 * 4 / (6.5 * 3)) == pytest.approx(rhythm.s, abs=1e-14)
        assert 13 == rhythm.nu

    def test_two_pauses_by_hand(self) -> None:
        """After 7 and 28 days N = 1.9: the older pause weighs .9, and b has both the scatter and the surprise."""
        rhythm = learn((7, 28), 14)

        older, newer, planned = math.log(7), math.log(28), math.log(14) - 0.3
        mean = (0.9 * older + newer) / 1.9
        scatter = 0.9 * (older - mean) ** 2 + (newer - mean) ** 2
        b = 6 + scatter / 2 + 2 * 1.9 * (mean - planned) ** 2 / (2 * 3.9)
        assert (2 * planned + 0.9 * older + newer) / 3.9 == pytest.approx(rhythm.mu, abs=1e-14)
        assert math.sqrt(b * 4.9 / (6.95 * 3.9)) == pytest.approx(rhythm.s, abs=1e-14)
        assert 13.9 == pytest.approx(rhythm.nu, abs=1e-14)

    def test_two_pauses_in_figures(self) -> None:
        """The same worked on paper to five places, so that a slip made in code and test alike is seen."""
        rhythm = learn((7, 28), 14)

        assert (2.50298, 1.08486) == (round(rhythm.mu, 5), round(rhythm.s, 5))
        assert 12 == rhythm.usual

    def test_keeps_the_last_39(self) -> None:
        """What lies further back than 40 active days is as if it had never been."""
        recent = tuple(float(n) for n in range(1, 40))

        assert learn(recent, 21) == learn((500, 1, 90, *recent), 21)
        assert (39, 39.0) == (learn(recent, 21).n, learn(recent, 21).longest)

    def test_newer_pauses_weigh_more(self) -> None:
        """A rhythm that got slower is expected to be slower than one that got faster."""
        assert rhythm_of(7, 7, 7, 30, 30, 30).mu > rhythm_of(30, 30, 30, 7, 7, 7).mu

    def test_equal_pauses_do_not_break_the_spread(self) -> None:
        """Where rounding leaves the scatter at or below nothing the scale stays a number."""
        for pause in (1, 3, 7, 365):
            assert rhythm_of(*[pause] * 39).s > 0

    @pytest.mark.parametrize(
        ("pauses", "cadence"),
        [((3, 0), 21), ((-1,), 21), ((), 0), ((3,), -7), ((3,), math.inf), ((), math.nan), ((math.nan, 3), 21)],
    )
    def test_refuses_what_is_no_pause(self, pauses: tuple[float, ...], cadence: float) -> None:
        """A pause or cadence of no days, or of no end, is refused in words rather than reckoned with."""
        with pytest.raises(ValueError, match="more than 0 days"):
            learn(pauses, cadence)

    def test_usual_is_at_least_a_day(self) -> None:
        """A daily relationship under a daily plan is never "every 0 days"."""
        assert 1 == learn([1] * 39, 0.5).usual


class TestLevel:
    @pytest.mark.parametrize(
        ("n", "calm", "balanced", "eager"),
        [
            (0, 1 - 1 / 8.5, 0.80, 0.80),
            (2, 1 - 1 / 10.5, 0.80, 0.80),
            (3, 1 - 1 / 11.5, 1 - 2.25 / 11.5, 0.80),
            (6, 1 - 1 / 14.5, 1 - 2.25 / 14.5, 0.80),
            (7, 1 - 1 / 15.5, 1 - 2.25 / 15.5, 1 - 3 / 15.5),
            (39, 1 - 1 / 47.5, 1 - 2.25 / 47.5, 1 - 3 / 47.5),
        ],
    )
    def test_values(self, n: int, calm: float, balanced: float, eager: float) -> None:
        """The level climbs from .80 with what is known, sooner for the calm."""
        assert (calm, balanced, eager) == (level(n, CALM), level(n, BALANCED), level(n, EAGER))
        assert balanced == level(n)


class TestNudgeAfter:
    def test_the_plan_alone(self) -> None:
        """Before there is a pause: exp(ln c − .3 + √1.5 · T₁₂⁻¹(.8)) − ½, where T₁₂⁻¹(.8) = .872609."""
        expected = 14 * math.exp(-0.3 + math.sqrt(1.5) * 0.872609) - 0.5

        assert expected == pytest.approx(quiet_after(learn((), None)), abs=1e-4)
        assert [30, 45, 129, 180] == [nudge_after(learn((), cadence)) for cadence in (14, 21, 60, 180)]

    def test_kept_within_limits(self) -> None:
        """Not even a daily plan makes quiet before the 3rd day, and no yearly rhythm is left alone beyond the 180th."""
        daily, yearly = learn((), 1), learn([365] * 5, 365)

        assert quiet_after(daily) < 3
        assert quiet_after(yearly) > 180
        assert (3, 180) == (nudge_after(daily), nudge_after(yearly))

    def test_weekly_friend_and_monthly_friend(self) -> None:
        """Under one plan of 21 days the weekly friend is missed after 25 days, the monthly one after 77."""
        weekly, monthly = rhythm_of(*[7] * 12), rhythm_of(*[30] * 12)

        assert (8, 26) == (weekly.usual, monthly.usual)
        assert (25, 77) == (nudge_after(weekly), nudge_after(monthly))


class TestRank:
    def test_by_hand(self) -> None:
        """Without a pause p = .15; a silence of which nothing is unusual keeps it, the most unusual is sure."""
        assert 0.15 == pytest.approx(rank(0, 0))
        assert 0.15 / (0.15 + 0.85 * 0.2) == pytest.approx(rank(0.8, 0))
        assert 1 == rank(1, 20)

    def test_p_falls_with_what_is_known(self) -> None:
        """With 20 pauses p = .05."""
        assert 0.05 / (0.05 + 0.95 * 0.1) == pytest.approx(rank(0.9, 20))


class TestPausesBetween:
    def test_days_between_active_days(self) -> None:
        """A pause is the number of days from one active day to the next, oldest first."""
        assert (1.0, 6.0, 30.0) == pauses_between([day(0), day(1), day(7), day(37)])

    @pytest.mark.parametrize("days", [[], [day(3)], [day(3), day(3)]])
    def test_one_day_is_no_pause(self, days: list[date]) -> None:
        """Nothing lies between fewer than two active days."""
        assert () == pauses_between(days)

    def test_only_the_last_40_days(self) -> None:
        """Passing all days or the last 40 gives the same."""
        days = [day(n * n) for n in range(60)]

        assert pauses_between(days[-40:]) == pauses_between(days)
        assert 39 == len(pauses_between(days))

    @pytest.mark.parametrize(
        ("since", "until", "expected"),
        [
            (day(12), day(14), (10.0, 10.0)),
            (day(10), day(11), (10.0, 10.0)),
            (day(19), day(20), (10.0, 10.0)),
            (day(20), day(21), (10.0, 10.0)),
            (day(15), day(25), (10.0,)),
            (day(25), None, (10.0, 10.0)),
            (day(30), None, (10.0, 10.0, 10.0)),
            (day(-9), day(0), (10.0, 10.0, 10.0)),
            (day(14), day(14), (10.0, 10.0, 10.0)),
        ],
    )
    def test_a_pause_with_paused_days_teaches_nothing(
        self, since: date, until: date | None, expected: tuple[float, ...]
    ) -> None:
        """One paused day from an active day up to the one before the next drops that pause, and no other."""
        assert expected == pauses_between([day(0), day(10), day(20), day(30)], [(since, until)])


class TestSilence:
    @pytest.mark.parametrize(
        ("paused", "expected"),
        [
            ((), 20),
            (((day(5), day(9)),), 16),
            (((day(0), day(20)),), 0),
            (((day(-30), day(4)),), 16),
            (((day(15), None),), 15),
            (((day(40), None),), 20),
            (((day(8), day(12)), (day(5), day(10))), 13),
            (((day(5), None), (day(6), day(7))), 5),
            (((day(9), day(5)),), 20),
        ],
    )
    def test_paused_days_taken_out(self, paused: tuple[tuple[date, date | None], ...], expected: int) -> None:
        """The clock stands still while paused; intervals may overlap, be open, empty, or in any order."""
        assert expected == silence(day(0), day(20), paused)

    def test_never_negative(self) -> None:
        """A last day that is today, or tomorrow in another zone, is a silence of 0 days."""
        assert [0, 0] == [silence(day(0), day(0)), silence(day(1), day(0))]


class TestPureFunctions:
    def test_no_touchpoint_no_score(self) -> None:
        """With no touchpoint, or only future ones, both are 0: no nudge, and last in a list."""
        for days in ([], [10.5, 11]):
            assert (0, 0) == (unusualness(days, 10, 21), urgency(days, 10, 21))

    def test_agree_with_the_rhythm(self) -> None:
        """Touchpoints on days 0, 7 and 21, asked on day 44: pauses 7 and 14, a silence of 23."""
        expected = unusual(learn((7, 14), 21), 23)

        assert expected == unusualness([0, 7, 21], 44, 21)
        assert rank(expected, 2) == urgency([0, 7, 21], 44, 21)

    def test_a_day_is_its_whole_part(self) -> None:
        """Several times on one day are one active day, and the hour of asking changes nothing."""
        assert unusualness([0, 7, 21], 44, 21) == unusualness([0.2, 7.9, 7.1, 21.5], 44.99, 21)

    def test_the_future_does_not_count(self) -> None:
        """What is dated after now neither ends the silence nor makes a pause."""
        assert unusualness([0, 7, 21], 44, 21) == unusualness([0, 7, 21, 44.6, 60], 44.5, 21)

    def test_no_cadence_is_two_weeks(self) -> None:
        """Where neither influencer nor tier has a plan it is 14 days."""
        assert unusualness([0, 9], 30, 14) == unusualness([0, 9], 30, None)

    @pytest.mark.parametrize("days", [-1, -0.1, math.nan])
    def test_a_silence_is_not_negative(self, days: float) -> None:
        """A silence below 0 days is refused rather than scored."""
        with pytest.raises(ValueError, match="0 days or more"):
            unusual(rhythm_of(7, 7), days)

    def test_the_same_silence_is_more_unusual_for_the_closer(self) -> None:
        """23 days weigh more for who is met weekly than for who is met monthly."""
        assert unusual(rhythm_of(*[7] * 6), 23) > 0.8
        assert unusual(rhythm_of(*[30] * 6), 23) < 0.5


class TestFactsForSentences:
    def test_longer_than_counts_the_last_12(self) -> None:
        """Of 13 pauses the oldest is left out; an equal pause is not a shorter one."""
        pauses = (3.0, *[9.0] * 10, 23.0, 31.0)

        assert (10, 12) == longer_than(rhythm_of(*pauses), 23)
        assert (11, 12) == longer_than(rhythm_of(*pauses), 24)
        assert (12, 13) == longer_than(rhythm_of(*pauses), 24, last=40)

    def test_longer_than_the_few_there_are(self) -> None:
        """With fewer pauses it says how many."""
        assert [(0, 0), (2, 3)] == [longer_than(rhythm_of(), 9), longer_than(rhythm_of(5, 8, 90), 9)]

    def test_longest_is_of_the_kept(self) -> None:
        """A record further back than what is kept is not claimed."""
        assert 31 == rhythm_of(400, *[9] * 38, 31).longest

    @pytest.mark.parametrize(
        ("pauses", "expected"),
        [
            ((20, 20, 20, 20, 20, 9, 9, 9, 9, 9), (9, 20)),
            ((9, 9, 9, 9, 9, 9, 18, 18, 18, 18, 18), (18, 9)),
            ((9, 9, 9, 9, 9, 9, 17, 17, 17, 17, 17), None),
            ((20, 20, 20, 20, 9, 9, 9, 9, 9), None),
            ((20, 21, 19, 300, 18, 9, 60, 8, 10, 1), (9, 20)),
            ((), None),
        ],
    )
    def test_changed(self, pauses: tuple[float, ...], expected: tuple[int, int] | None) -> None:
        """The medians are said when one is at least twice the other and both rest on five pauses or more."""
        assert expected == changed(rhythm_of(*pauses))

    @pytest.mark.parametrize(
        ("u", "expected"),
        [(0.0, 0), (0.799, 0), (0.80, 80), (0.849, 80), (0.85, 85), (0.90, 90), (0.9499, 90), (0.95, 95), (1.0, 95)],
    )
    def test_percent(self, u: float, expected: int) -> None:
        """A percentage claims no more than is true and never more than 95; below 80 there is none."""
        assert expected == percent(u)


def test_calm_waits_longest() -> None:
    """For any history seen in months of weekly talk, calm nudges no earlier than balanced, balanced than eager."""
    for n in range(40):
        eager, balanced, calm = (nudge_after(rhythm_of(*[9] * n), k) for k in (EAGER, BALANCED, CALM))
        assert eager <= balanced <= calm


def test_surer_with_every_pause() -> None:
    """With every further pause of 9 days the expectation comes nearer to 9."""
    distances = [abs(rhythm_of(*[9] * n).mu - math.log(9)) for n in range(40)]

    assert all(after < before for before, after in pairwise(distances))
