"""QUIET.md told a second time, for tests: how long a silence may last, and how it is put into words.

Nothing of the product is used, not even its arithmetic: Student's t is SciPy's.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from statistics import median

from scipy import stats

TIERS = {"A": 21, "B": 60, "C": 180, "D": 365}


@dataclass(frozen=True, slots=True)
class Happened:
    """A touchpoint on the team's calendar; `order` is that in which those of one day came."""

    on: date
    direction: str
    automatic: bool = False
    order: int = 0


@dataclass
class Relationship:
    """What was written down about somebody. `owner` is empty where nobody answers for them."""

    name: str
    owner: str = ""
    tier: str = ""
    cadence: int | None = None
    is_paused: bool = False
    snoozed_until: date | None = None
    touches: list[Happened] = field(default_factory=list)
    breaks: list[tuple[date, date]] = field(default_factory=list)
    """Days on which the clock stood still: from the first up to, not including, the second."""

    @property
    def has_plan(self) -> bool:
        """Whether the cadence is anybody's decision."""
        return bool(self.cadence or self.tier)

    @property
    def plan(self) -> int:
        """The days that should pass between touchpoints."""
        return self.cadence or TIERS.get(self.tier, 14)


@dataclass(frozen=True, slots=True)
class Silence:
    """A relationship on one day, with the figures of QUIET.md."""

    active: tuple[date, ...]
    waiting_since: date | None
    is_planned: bool
    pauses: tuple[int, ...] = ()
    mu: float = 0.0
    s: float = 1.0
    nu: float = 1.0
    breaks: tuple[tuple[date, date], ...] = ()

    @property
    def n(self) -> int:
        """How many pauses were kept."""
        return len(self.pauses)

    @property
    def usual(self) -> int:
        """What to expect, in days."""
        return max(1, round(math.exp(self.mu)))

    def lasted(self, today: date) -> int:
        """Whole days since the last active one, days paused taken out."""
        return (today - self.active[-1]).days - _days_in(self.breaks, self.active[-1], today)

    def unusual(self, today: date) -> float:
        """U."""
        return float(stats.t.cdf((math.log(self.lasted(today) + 0.5) - self.mu) / self.s, self.nu))

    def urgency(self, today: date) -> float:
        """R."""
        p = 1.5 / (10 + self.n)
        return p / (p + (1 - p) * (1 - self.unusual(today)))

    def nudge_after(self) -> int:
        """e*."""
        level = max(0.80, 1 - 2.25 / (8.5 + self.n))
        days = math.ceil(math.exp(self.mu + self.s * float(stats.t.ppf(level, self.nu))) - 0.5)
        return min(180, max(3, days))


def silence_of(person: Relationship, today: date) -> Silence:
    """The rule of QUIET.md up to the parameters of Student's t, for what is known on a date of the team's calendar."""
    active, waiting_since = _heard_and_said(person, today)
    planned = any(touch.on > today for touch in person.touches)
    if not active:
        return Silence((), waiting_since, planned)
    kept = active[-40:]
    # A pause with paused days in it teaches nothing.
    pauses = tuple(
        (later - earlier).days for earlier, later in pairwise(kept) if not _days_in(person.breaks, earlier, later)
    )
    weight = total = squares = 0.0
    for pause in pauses:
        x = math.log(pause)
        weight, total, squares = 0.9 * weight + 1, 0.9 * total + x, 0.9 * squares + x * x
    mu_0, kappa, a, b = math.log(person.plan) - 0.3, 2 + weight, 6 + weight / 2, 6.0
    mu = (2 * mu_0 + total) / kappa
    if pauses:
        mean = total / weight
        b += (squares - weight * mean**2) / 2 + 2 * weight * (mean - mu_0) ** 2 / (2 * kappa)
    s = math.sqrt(b * (kappa + 1) / (a * kappa))
    return Silence(active, waiting_since, planned, pauses, mu, s, 2 * a, tuple(person.breaks))


def _days_in(breaks: Iterable[tuple[date, date]], since: date, until: date) -> int:
    """How many days between two dates fall into breaks."""
    return sum(max(0, (min(end, until) - max(begin, since)).days) for begin, end in breaks)


def _heard_and_said(person: Relationship, today: date) -> tuple[tuple[date, ...], date | None]:
    """The active days, and since when the influencer waits for an answer.

    Of outbound touchpoints in a row that nobody has answered, only the first two are active days.
    """
    happened = sorted(
        (touch for touch in person.touches if touch.on <= today and not touch.automatic),
        key=lambda touch: (touch.on, touch.order),
    )
    directions = [touch.direction for touch in happened]
    unanswered = next((i for i, direction in enumerate(reversed(directions)) if direction != "outbound"), len(happened))
    counting = happened[: len(happened) - max(0, unanswered - 2)]
    waiting_since = None
    for touch in happened:
        if touch.direction != "inbound":
            waiting_since = None
        elif waiting_since is None:
            waiting_since = touch.on
    return tuple(sorted({touch.on for touch in counting})), waiting_since


def sentence(person: Relationship, silence: Silence, why: str, today: date) -> str:
    """The reason in numbers, as QUIET.md words it."""
    if why == "waiting" and silence.waiting_since is not None:
        days = (today - silence.waiting_since).days
        return f"Wrote {_days(days)} ago, unanswered."
    lasted, n = silence.lasted(today), silence.n
    if n == 0:
        plan = f"the plan is {_every(person.plan)}" if person.has_plan else "without a plan, 14 days are assumed"
        return f"One touchpoint so far, {_days(lasted)} ago; {plan}."
    if n < 5:
        tier = f"tier {person.tier}, " if person.tier and not person.cadence else ""
        pauses = "Your first pause" if n == 1 else f"Your first {n} pauses"
        plan = f"the {'' if person.has_plan else 'usual '}plan ({tier}{_every(person.plan)})"
        return f"Quiet for {_days(lasted)}. {pauses} and {plan} suggest about every {silence.usual}."
    recent = silence.pauses[-12:]
    longer = sum(pause < lasted for pause in recent)
    shorter = "any" if longer == len(recent) else longer
    compared = f"longer than {shorter} of your last {len(recent)} pauses (longest: {max(silence.pauses)})."
    if n >= 10:
        lately, before = median(silence.pauses[-5:]), median(silence.pauses[:-5])
        if max(lately, before) >= 2 * min(lately, before):
            rhythm = f"You talk lately about {_every(round(lately))} (before: {round(before)})"
            return f"Quiet for {_days(lasted)}. {rhythm}; {compared}"
    return f"Quiet for {_days(lasted)}. You usually talk about {_every(silence.usual)}; {compared}"


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"


def _every(days: int) -> str:
    return "every day" if days == 1 else f"every {days} days"
