"""How unusual a silence is for one relationship, learned from its pauses and from the plan.

The logarithms of the pauses are taken as normal with unknown mean and spread; a normal-inverse-gamma prior centred on
the planned cadence is updated with every pause, older ones fading, which makes the next pause Student t on the log
scale. Everything here is pure: the same days give the same answer in whatever order they became known.

Days are whole local dates of the team's zone; a pause or a silence is a number of days.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise
from statistics import median
from typing import Final

CALM: Final = 1.0
BALANCED: Final = 2.25
EAGER: Final = 3.0

DEFAULT_CADENCE: Final = 14.0
ACTIVE_DAYS_KEPT: Final = 40
PAUSES_KEPT: Final = ACTIVE_DAYS_KEPT - 1
EARLIEST_NUDGE: Final = 3
LATEST_NUDGE: Final = 180

# The prior and its fading, fitted once to public collections of dated contacts.
_FADING: Final = 0.9  # λ: what a pause weighs after one more pause
_PLAN_SHIFT: Final = -0.3  # δ: people are in touch somewhat oftener than they plan
_PLAN_WEIGHT: Final = 2.0  # κ₀: the plan counts like two pauses
_SPREAD_SHAPE: Final = 6.0  # a₀
_SPREAD_SCALE: Final = 6.0  # b₀

_LOWEST_LEVEL: Final = 0.80
_LATELY: Final = 5  # pauses that make up "lately", and as many that make up "before"

Paused = Sequence[tuple[date, date | None]]
"""Intervals [since, until) in which the clock stood still, in any order; until None: still paused."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What the pauses of one relationship say about the next: ln(pause) is Student t."""

    n: int
    """How many pauses were kept."""
    mu: float
    """Location of ln(days)."""
    s: float
    """Scale of ln(days)."""
    nu: float
    """Degrees of freedom."""
    longest: float | None
    """The longest pause kept, in days; None when there is none."""
    pauses: tuple[float, ...]
    """The pauses kept, in days, oldest first."""

    @property
    def usual(self) -> int:
        """The middle of what to expect, in whole days, at least 1."""
        return max(1, round(math.exp(self.mu)))


def learn(pauses: Sequence[float], cadence: float | None) -> Rhythm:
    """The rhythm that `pauses` (days, oldest first) show under a plan of `cadence` days (None: 14).

    Only the last 39 pauses are used. Raises ValueError when a pause or the cadence is not above zero and finite.
    """
    plan = DEFAULT_CADENCE if cadence is None else cadence
    kept = tuple(pauses[-PAUSES_KEPT:])
    if not all(0 < days < math.inf for days in (plan, *kept)):
        raise ValueError(f"a pause and a cadence are more than 0 days, not {kept} and {plan}")

    weight = total = squares = 0.0
    for pause in kept:
        x = math.log(pause)
        weight = _FADING * weight + 1
        total = _FADING * total + x
        squares = _FADING * squares + x * x

    planned = math.log(plan) + _PLAN_SHIFT
    kappa = _PLAN_WEIGHT + weight
    mu = (_PLAN_WEIGHT * planned + total) / kappa
    shape = _SPREAD_SHAPE + weight / 2
    scale = _SPREAD_SCALE
    if kept:
        mean = total / weight
        # Equal pauses can leave the difference a rounding error below zero.
        scatter = max(0.0, squares - weight * mean * mean)
        scale += scatter / 2 + _PLAN_WEIGHT * weight * (mean - planned) ** 2 / (2 * kappa)
    return Rhythm(
        n=len(kept),
        mu=mu,
        s=math.sqrt(scale * (kappa + 1) / (shape * kappa)),
        nu=2 * shape,
        longest=max(kept, default=None),
        pauses=kept,
    )


def unusual(rhythm: Rhythm, silence: float) -> float:
    """U: the probability that a pause of this relationship would have been shorter than `silence` days.

    Raises ValueError for a silence below zero.
    """
    if not silence >= 0:
        raise ValueError(f"a silence is 0 days or more, not {silence}")
    return student_t((math.log(silence + 0.5) - rhythm.mu) / rhythm.s, rhythm.nu)


def level(n: int, k: float = BALANCED) -> float:
    """The U at which a relationship of `n` kept pauses is quiet: nearer to 1 the more is known and the calmer `k`."""
    return max(_LOWEST_LEVEL, 1 - k / (8.5 + n))


def quiet_after(rhythm: Rhythm, k: float = BALANCED) -> float:
    """The silence in days, neither rounded nor limited, at which U reaches the level; `k` above 0."""
    return math.exp(rhythm.mu + rhythm.s * student_t_inverse(level(rhythm.n, k), rhythm.nu)) - 0.5


def nudge_after(rhythm: Rhythm, k: float = BALANCED) -> int:
    """The first whole day of silence on which U reaches the level, kept within 3 and 180."""
    return min(LATEST_NUDGE, max(EARLIEST_NUDGE, math.ceil(quiet_after(rhythm, k))))


def rank(u: float, n: int) -> float:
    """R, by which a list is ordered, the most urgent having the greatest: the odds that this silence is no mere pause.

    Of two equally unusual silences the one of the younger relationship, fewer pauses `n`, comes first.
    """
    p = 1.5 / (10 + n)
    return p / (p + (1 - p) * (1 - u))


def pauses_between(days: Iterable[date], paused: Paused = ()) -> tuple[float, ...]:
    """The pauses in days between the last 40 active days, oldest first, without those that teach nothing.

    Days paused are no silence, and what is left of a pause around them is no rhythm either: it was interrupted by a
    decision. So a pause with any paused day in it is dropped whole; only the silence that still runs is shortened
    (`silence`). A paused day counts for the pause in which it lies from the first active day up to, but without, the
    next. `days` may be in any order and repeat.
    """
    active = sorted(set(days))[-ACTIVE_DAYS_KEPT:]
    return tuple(
        float((after - before).days) for before, after in pairwise(active) if not _days_paused(before, after, paused)
    )


def silence(last: date, today: date, paused: Paused = ()) -> int:
    """Whole days since the last active day, days paused taken out; 0 when `last` is today or still to come."""
    return max(0, (today - last).days - _days_paused(last, today, paused))


def _days_paused(start: date, end: date, paused: Paused) -> int:
    """How many of the days from `start` up to, but without, `end` were paused; overlapping intervals count once."""
    total = 0
    for since, until in sorted(paused, key=lambda interval: interval[0]):
        begin, stop = max(since, start), end if until is None else min(until, end)
        if begin < stop:
            total += (stop - begin).days
            start = stop
    return total


def unusualness(days: Sequence[float], now: float, cadence: float | None) -> float:
    """U of the silence at `now`, for touchpoints at the times `days`, all in days from one origin.

    Times with the same whole part are one active day; times after `now` don't count; order and repetition don't
    matter. Without a touchpoint there is no score: 0.0, which reaches no level.
    """
    return _unusualness_and_pauses(days, now, cadence)[0]


def urgency(days: Sequence[float], now: float, cadence: float | None) -> float:
    """R of the silence at `now`, of the same arguments as `unusualness`; without a touchpoint 0.0, which is last."""
    u, n = _unusualness_and_pauses(days, now, cadence)
    return 0.0 if n is None else rank(u, n)


def _unusualness_and_pauses(days: Sequence[float], now: float, cadence: float | None) -> tuple[float, int | None]:
    active = sorted({math.floor(day) for day in days if day <= now})[-ACTIVE_DAYS_KEPT:]
    if not active:
        return 0.0, None
    rhythm = learn([after - before for before, after in pairwise(active)], cadence)
    return unusual(rhythm, math.floor(now) - active[-1]), rhythm.n


def longer_than(rhythm: Rhythm, silence: float, last: int = 12) -> tuple[int, int]:
    """(11, 12) for a silence longer than 11 of the last 12 pauses; the second is smaller where fewer were kept."""
    recent = rhythm.pauses[-last:]
    return sum(pause < silence for pause in recent), len(recent)


def changed(rhythm: Rhythm) -> tuple[int, int] | None:
    """(lately, before) in whole days when the rhythm has at least doubled or halved, else None.

    Lately is the median of the last 5 pauses, before that of all older ones, of which there must be 5 too: a single
    older pause is twice or half the median about as often as not.
    """
    lately, before = rhythm.pauses[-_LATELY:], rhythm.pauses[:-_LATELY]
    if len(before) < _LATELY:
        return None
    now, then = median(lately), median(before)
    if max(now, then) < 2 * min(now, then):
        return None
    return max(1, round(now)), max(1, round(then))


def percent(u: float) -> int:
    """`u` as a percentage that may be said: 80, 85, 90 or 95, never more than is true; 0 when it is below 80."""
    return next((said for said in (95, 90, 85, 80) if u >= said / 100), 0)


def student_t(t: float, nu: float) -> float:
    """The distribution function of Student's t with `nu` degrees of freedom, within 2e-11 for nu from 1 to 1,000."""
    square = t * t
    x = nu / (nu + square)
    if x == 0:  # t² is beyond the floats
        return 1.0 if t > 0 else 0.0
    y = square / (nu + square)
    if y == 0:
        return 0.5
    a = nu / 2
    front = math.exp(_log_inverse_beta(a) + a * math.log(x) + 0.5 * math.log(y))
    # The fraction converges fast below the mean of the beta distribution; above it the complement does.
    if x < (a + 1) / (a + 2.5):
        tail = 0.5 * front * _beta_fraction(a, 0.5, x) / a
        return 1 - tail if t > 0 else tail
    half = front * _beta_fraction(0.5, a, y)
    return 0.5 + math.copysign(half, t)


@lru_cache(maxsize=256)
def student_t_inverse(u: float, nu: float) -> float:
    """The t at which `student_t` is `u`, within 1e-10 for u from .01 to .99. Raises ValueError outside 0 < u < 1.

    Kept once computed: nu and the level depend on the number of pauses only, so a team needs 40 values.
    """
    if not 0 < u < 1:
        raise ValueError(f"a probability strictly between 0 and 1, not {u}")
    if u < 0.5:
        return -student_t_inverse(1 - u, nu)
    # Right of 0 the function is concave: Newton's steps from 0 grow towards the root and never pass it.
    t = 0.0
    log_density_at_0 = _log_inverse_beta(nu / 2) - 0.5 * math.log(nu)
    while True:
        density = math.exp(log_density_at_0 - (nu + 1) / 2 * math.log1p(t * t / nu))
        step = (u - student_t(t, nu)) / density
        t += step
        if step <= 1e-12 * (1 + t):
            return t


@lru_cache(maxsize=256)
def _log_inverse_beta(a: float) -> float:
    """ln 1/B(a, ½)."""
    return math.lgamma(a + 0.5) - math.lgamma(a) - math.lgamma(0.5)


def _beta_fraction(a: float, b: float, x: float) -> float:
    """The continued fraction of the incomplete beta function (DLMF 8.17.22) by Lentz's method, to machine precision.

    I_x(a, b) = xᵃ(1−x)ᵇ / (a B(a, b)) · fraction, for x below (a+1)/(a+b+2), where all partial denominators stay
    away from zero.
    """
    c = 1.0
    d = fraction = 1 / (1 - (a + b) * x / (a + 1))
    m = 1
    while True:
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        d = 1 / (1 + even * d)
        c = 1 + even / c
        fraction *= d * c
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        d = 1 / (1 + odd * d)
        c = 1 + odd / c
        change = d * c
        fraction *= change
        if abs(change - 1) < 4e-15:
            return fraction
        m += 1
