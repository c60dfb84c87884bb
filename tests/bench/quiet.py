"""Nudges that were right and false on real contacts: this rule against a fixed 30 days.

    python -m tests.bench.quiet FOLDER

reads every *.csv.gz of (relationship_id, seconds, local wall clock) in FOLDER, each one collection, and replays it day
by day: after every active day from the fifth on a rule names the day of silence on which it would nudge, once a
silence, knowing only what was before.

A nudge is false when contact came by itself soon after, else right. How soon has three readings, which don't agree:

- at its pace: within twice the relationship's median pause, at least 7 days: the question the rule asks;
- in 30 days: within 30 days, whoever it is, which favours rules that wait longest where people talk often;
- for good: ever, to the end of the collection.

- a nudge is judged only when at least 60 days, or a third of a shorter collection, were left to see which it is;
- in time: of the relationships that ended for good, those that were nudged before the silence was twice their longest
  pause (and at least 14 days);
- months are those from the fifth active day to the last day judged, 30.4375 days each.

No plan is known, so the cadence is the default of 14 days. The book is the mean over the collections, so that the
greatest does not decide. At the end k is moved until the rule nudges as often as fixed 30 days does, and the fixed
number of days until it nudges as often as the rule.
"""

from __future__ import annotations

import csv
import gzip
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from statistics import fmean, median

from bot.rhythm import BALANCED, CALM, EAGER, Rhythm, learn, nudge_after

FIRST_JUDGED = 5
WATCH = 60
MONTH = 30.4375

Rule = Callable[[Rhythm], int]


@dataclass(frozen=True, slots=True)
class Silence:
    """One silence as the rule sees it at its beginning, and what became of it."""

    rhythm: Rhythm
    length: int | None
    """Days until the next contact; None: there was none."""
    watched: int
    """Days from its beginning to the last day on which a nudge is judged; below 0: none is."""


@dataclass(frozen=True, slots=True)
class Collection:
    name: str
    relationships: int
    months: float
    silences: tuple[Silence, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """What came of a rule, in numbers per relationship and month."""

    nudges: float
    right: tuple[float, ...]
    """Of the nudges, in the order of READINGS."""
    in_time: float
    """Share of the relationships that ended."""


def right_at_its_pace(silence: Silence, left: int) -> bool:
    """Nobody came back within twice the relationship's median pause."""
    return left > max(7, 2 * median(silence.rhythm.pauses))


def right_in_30_days(_: Silence, left: int) -> bool:
    """Nobody came back within 30 days."""
    return left > 30


def right_for_good(silence: Silence, _: int) -> bool:
    """Nobody came back at all."""
    return silence.length is None


READINGS = (("at its pace", right_at_its_pace), ("in 30 days", right_in_30_days), ("for good", right_for_good))


def read(path: Path) -> Collection:
    """One collection; a relationship with fewer than five active days is left out."""
    days: dict[str, set[int]] = defaultdict(set)
    with gzip.open(path, "rt", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        for relationship, seconds in rows:
            days[relationship].add(int(seconds) // 86_400)
    first, last = min(map(min, days.values())), max(map(max, days.values()))
    judged_until = last - min(WATCH, (last - first) // 3)
    known = [active for active in map(sorted, days.values()) if len(active) >= FIRST_JUDGED]
    silences = tuple(silence for active in known for silence in silences_of(active, judged_until))
    months = sum(max(0, judged_until - active[FIRST_JUDGED - 1]) for active in known) / MONTH
    return Collection(path.name.removesuffix(".csv.gz"), len(known), months, silences)


def silences_of(active: Sequence[int], judged_until: int) -> Iterator[Silence]:
    """The silences after the fifth and every later active day."""
    pauses = [after - before for before, after in pairwise(active)]
    for past in range(FIRST_JUDGED - 1, len(active)):
        length = pauses[past] if past < len(pauses) else None
        yield Silence(learn(pauses[:past], None), length, judged_until - active[past])


def score(rule: Rule, collection: Collection) -> Score:
    """What `rule` would have done in the collection."""
    nudges = ended = in_time = 0
    right = [0] * len(READINGS)
    for silence in collection.silences:
        nudge = rule(silence.rhythm)
        # Contact on the day of the nudge comes first: such a nudge is withdrawn.
        raised = nudge <= silence.watched and (silence.length is None or nudge < silence.length)
        nudges += raised
        if raised:
            for place, (_, is_right) in enumerate(READINGS):
                right[place] += silence.length is None or is_right(silence, silence.length - nudge)
        patience = max(14, 2 * (silence.rhythm.longest or 0))
        if silence.length is None and patience <= silence.watched:
            ended += 1
            in_time += raised and nudge <= patience
    months = collection.months
    return Score(nudges / months, tuple(count / months for count in right), in_time / ended if ended else 0.0)


def book(rule: Rule, collections: Sequence[Collection]) -> Score:
    """The mean over the collections."""
    scores = [score(rule, collection) for collection in collections]
    return Score(
        fmean(found.nudges for found in scores),
        tuple(fmean(column) for column in zip(*(found.right for found in scores), strict=True)),
        fmean(found.in_time for found in scores),
    )


def fixed(days: int, _: Rhythm) -> int:
    """The rule to beat: the same day of silence for everybody."""
    return days


def this_rule(k: float, rhythm: Rhythm) -> int:
    """The rule as shipped, at sensitivity `k`."""
    return nudge_after(rhythm, k)


def k_for(nudges: float, collections: Sequence[Collection]) -> float:
    """The sensitivity at which the book gets `nudges` per relationship and month, by bisection."""
    low, high = 0.05, 12.0
    for _ in range(20):
        middle = (low + high) / 2
        if book(partial(this_rule, middle), collections).nudges < nudges:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def days_for(nudges: float, collections: Sequence[Collection]) -> int:
    """The fixed number of days at which the book's nudges come nearest to `nudges`."""
    return min(range(3, 181), key=lambda days: abs(book(partial(fixed, days), collections).nudges - nudges))


def line(name: str, rule: str, found: Score) -> str:
    """One row of the table."""
    readings = "".join(
        f"{right:>10.3f}{found.nudges - right:>7.3f}{right / found.nudges if found.nudges else 0:>6.0%}"
        for right in found.right
    )
    return f"{name:<9}{rule:<21}{found.nudges:>7.3f}{readings}{found.in_time:>9.0%}"


def report(collections: Sequence[Collection]) -> Iterator[str]:
    """The lines of the whole comparison."""
    for collection in collections:
        yield f"{collection.name}: {collection.relationships} relationships, {collection.months:.0f} months"
    yield ""
    yield f"{'per month':<30}{'nudges':>7}" + "".join(f"{name:>23}" for name, _ in READINGS) + f"{'in time':>9}"
    yield f"{'':<37}" + f"{'right':>10}{'false':>7}{'':6}" * len(READINGS)
    for collection in collections:
        yield line(collection.name, "fixed 30 days", score(partial(fixed, 30), collection))
        yield line("", "balanced", score(partial(this_rule, BALANCED), collection))
    thirty, balanced = book(partial(fixed, 30), collections), book(partial(this_rule, BALANCED), collections)
    yield ""
    yield line("book", "fixed 30 days", thirty)
    for name, k in (("calm", CALM), ("balanced", BALANCED), ("eager", EAGER)):
        yield line("", name, book(partial(this_rule, k), collections))
    k = k_for(thirty.nudges, collections)
    yield line("as many", f"this rule, k = {k:.2f}", book(partial(this_rule, k), collections))
    days = days_for(balanced.nudges, collections)
    yield line("as many", f"fixed {days} days", book(partial(fixed, days), collections))


def main(arguments: Sequence[str]) -> int:
    """Print the comparison; 2 when the folder is not named or holds no collection."""
    paths = sorted(Path(arguments[0]).glob("*.csv.gz")) if len(arguments) == 1 else []
    if not paths:
        print("usage: python -m tests.bench.quiet FOLDER   (a folder with *.csv.gz)", file=sys.stderr)
        return 2
    for text in report([read(path) for path in paths]):
        print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
