"""What holds for every rhythm, and Student's t held against SciPy."""

from __future__ import annotations

import math
from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from bot.rhythm import (
    BALANCED,
    CALM,
    EAGER,
    EARLIEST_NUDGE,
    LATEST_NUDGE,
    changed,
    learn,
    level,
    longer_than,
    nudge_after,
    percent,
    quiet_after,
    rank,
    student_t,
    student_t_inverse,
    unusual,
    unusualness,
    urgency,
)

pauses = st.lists(st.integers(1, 730), max_size=60)
cadences = st.none() | st.integers(1, 730)
sensitivities = st.sampled_from((CALM, BALANCED, EAGER))
times = st.lists(st.floats(0, 3000), min_size=1, max_size=60)


@given(pauses, cadences)
def test_u_rises_with_silence(kept: list[int], cadence: int | None) -> None:
    """Every further day of silence is more unusual, until U can't be told from 1."""
    rhythm = learn(kept, cadence)
    scores = [unusual(rhythm, days) for days in range(400)]

    assert all(0 <= before < after or after > 1 - 1e-9 for before, after in pairwise(scores))
    assert all(after > before - 1e-14 for before, after in pairwise(scores))
    assert max(scores) <= 1


@given(times, st.data(), cadences)
def test_repetition_changes_nothing(days: list[float], data: st.DataObject, cadence: int | None) -> None:
    """More touchpoints on dates that had one already leave U and R exactly as they were."""
    again = data.draw(st.lists(st.sampled_from(days).map(math.floor)))
    now = max(days) + 30

    assert unusualness(days, now, cadence) == unusualness([*days, *again], now, cadence)
    assert urgency(days, now, cadence) == urgency([*days, *again], now, cadence)


@given(times, st.data(), cadences)
def test_order_of_insertion_is_irrelevant(days: list[float], data: st.DataObject, cadence: int | None) -> None:
    """Touchpoints that came late or out of order give the same U and R."""
    shuffled = data.draw(st.permutations(days))
    now = max(days) + 30

    assert unusualness(days, now, cadence) == unusualness(shuffled, now, cadence)
    assert urgency(days, now, cadence) == urgency(shuffled, now, cadence)


@given(times, st.integers(0, 3000), st.lists(st.floats(0.001, 500)), cadences)
def test_the_future_is_irrelevant(days: list[float], now: int, ahead: list[float], cadence: int | None) -> None:
    """What is dated after now changes neither U nor R."""
    known = [day for day in days if day <= now]
    with_future = [*days, *(now + day for day in ahead)]

    assert unusualness(known, now, cadence) == unusualness(with_future, now, cadence)
    assert urgency(known, now, cadence) == urgency(with_future, now, cadence)


@given(pauses, cadences)
def test_the_pure_functions_are_the_rule(kept: list[int], cadence: int | None) -> None:
    """U from the days is U from the pauses between them."""
    days = list(accumulate(kept, initial=0))
    rhythm = learn(kept, cadence)

    assert unusual(rhythm, 23) == unusualness(days, days[-1] + 23, cadence)
    assert rank(unusual(rhythm, 23), rhythm.n) == urgency(days, days[-1] + 23, cadence)


@given(pauses, st.integers(1, 730), st.floats(0.05, 20), sensitivities)
def test_scale_goes_through(kept: list[int], cadence: int, factor: float, k: float) -> None:
    """Pauses and cadence longer by a factor make e* + ½, before rounding, longer by that factor."""
    once = quiet_after(learn(kept, cadence), k) + 0.5
    scaled = quiet_after(learn([pause * factor for pause in kept], cadence * factor), k) + 0.5

    assert factor * once == pytest.approx(scaled, rel=1e-9)


@given(pauses, cadences, sensitivities)
def test_nudge_day_is_the_first_at_the_level(kept: list[int], cadence: int | None, k: float) -> None:
    """U reaches the level on the nudge day and not the day before, unless a limit moved it."""
    rhythm = learn(kept, cadence)
    nudge, wanted = nudge_after(rhythm, k), level(rhythm.n, k)

    assert EARLIEST_NUDGE <= nudge <= LATEST_NUDGE
    if nudge < LATEST_NUDGE:
        assert unusual(rhythm, nudge) >= wanted - 1e-12
    if nudge > EARLIEST_NUDGE:
        assert unusual(rhythm, nudge - 1) < wanted + 1e-12


@given(pauses, cadences, st.floats(0.5, 5), st.floats(0.5, 5))
def test_calmer_is_never_earlier(kept: list[int], cadence: int | None, k: float, other: float) -> None:
    """A smaller k gives a level at least as high and a nudge at least as late."""
    rhythm = learn(kept, cadence)
    calm, eager = sorted((k, other))

    assert level(rhythm.n, calm) >= level(rhythm.n, eager)
    assert quiet_after(rhythm, calm) >= quiet_after(rhythm, eager)


@given(st.integers(0, 38), st.floats(0.5, 5))
def test_level_rises_with_what_is_known(n: int, k: float) -> None:
    """More pauses never lower the level, which lies from .80 to below 1."""
    assert 0.80 <= level(n, k) <= level(n + 1, k) < 1


@given(st.floats(0, 1), st.floats(0, 1), st.integers(0, 39))
def test_rank_orders_by_u(u: float, other: float, n: int) -> None:
    """Among relationships equally well known the more unusual silence comes first; R stays a probability."""
    low, high = sorted((u, other))

    assert 0 < rank(low, n) <= rank(high, n) <= 1
    assert rank(high, n + 1) <= rank(high, n)


@given(pauses, st.integers(1, 730), st.integers(1, 730))
def test_a_longer_plan_only_moves_the_centre(kept: list[int], cadence: int, other: int) -> None:
    """A slower plan never makes the expectation faster, and leaves what was kept alone."""
    faster, slower = sorted((cadence, other))

    assert learn(kept, faster).mu <= learn(kept, slower).mu
    assert (learn(kept, faster).pauses, learn(kept, faster).nu) == (learn(kept, slower).pauses, learn(kept, slower).nu)


@given(pauses, st.integers(0, 800))
def test_facts_are_true(kept: list[int], days: int) -> None:
    """Counts are of pauses that were kept, and a change is only said of medians at least a factor of two apart."""
    rhythm = learn(kept, 21)
    count, of = longer_than(rhythm, days)

    assert 0 <= count <= of == min(12, len(kept))
    assert of == count + sum(pause >= days for pause in rhythm.pauses[-12:])
    if (said := changed(rhythm)) is not None:
        lately, before = said
        # Rounding each to whole days moves a ratio of two by at most half a day on either side.
        assert max(lately, before) + 0.5 >= 2 * (min(lately, before) - 0.5)
        assert rhythm.n >= 10


@given(st.floats(0, 1))
def test_percent_never_overclaims(u: float) -> None:
    """What is said is at most what is true."""
    assert percent(u) in (0, 80, 85, 90, 95)
    assert percent(u) / 100 <= u


NUS = (1, 1.5, 2, 3, 5, 8, 12, 12.5, 13.9, 17, 20, 22, 30, 50, 100, 300, 1000)


@pytest.mark.parametrize("nu", NUS)
def test_student_t_is_scipys(nu: float) -> None:
    """The distribution function is within 2e-11 of SciPy's from the middle to the far tails."""
    grid = [step / 16 for step in range(-960, 961)] + [s * 10.0**p for s in (-1, 1) for p in (-4, 3, 6, 30)]

    worst = max(abs(student_t(t, nu) - expected) for t, expected in zip(grid, stats.t.cdf(grid, nu), strict=True))

    assert worst < 2e-11


@pytest.mark.parametrize("nu", NUS)
def test_inverse_is_scipys(nu: float) -> None:
    """The inverse is within 1e-10 of SciPy's wherever a level can lie, and as far below the middle."""
    grid = [step / 200 for step in range(2, 199)] + [level(n, k) for n in range(40) for k in (CALM, BALANCED, EAGER)]

    worst = max(
        abs(student_t_inverse(u, float(nu)) - expected) for u, expected in zip(grid, stats.t.ppf(grid, nu), strict=True)
    )

    assert worst < 1e-10


@given(st.floats(-40, 40), st.floats(1, 1000))
def test_student_t_is_symmetric(t: float, nu: float) -> None:
    """What lies below −t is what lies above t."""
    assert student_t(-t, nu) == pytest.approx(1 - student_t(t, nu), abs=1e-14)


@given(st.floats(0.01, 0.99), st.floats(1, 1000))
def test_inverse_inverts(u: float, nu: float) -> None:
    """The distribution function takes the inverse back."""
    assert u == pytest.approx(student_t(student_t_inverse(u, nu), nu), abs=1e-12)


@pytest.mark.parametrize(
    ("t", "expected"),
    [(0.0, 0.5), (1e-300, 0.5), (-1e-300, 0.5), (1e200, 1.0), (-1e200, 0.0), (math.inf, 1.0), (-math.inf, 0.0)],
)
def test_student_t_at_its_ends(t: float, expected: float) -> None:
    """Where t² leaves the range of floats the limits are returned, not an error."""
    assert expected == student_t(t, 12)


@pytest.mark.parametrize("u", [0, 1, -0.1, 1.1, math.nan])
def test_inverse_refuses_what_is_no_probability(u: float) -> None:
    """0 and 1 lie at infinity; they and what lies outside are refused."""
    with pytest.raises(ValueError, match="between 0 and 1"):
        student_t_inverse(u, 12)
