"""Scale: the sizes at which things are measured."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """`rounds` is how often something is written, `people` how many are asked about."""

    touchpoints: tuple[int, ...]
    roster: int
    documents: tuple[int, ...]
    due_among: tuple[int, ...]
    rounds: int
    people: int


FULL = Scale(
    touchpoints=(1_000, 10_000, 100_000),
    roster=10_000,
    documents=(100_000, 1_000_000),
    due_among=(1_000, 100_000, 1_000_000),
    rounds=500,
    people=400,
)

QUICK = Scale(
    touchpoints=(1_000, 10_000),
    roster=1_000,
    documents=(20_000,),
    due_among=(1_000, 10_000),
    rounds=100,
    people=50,
)
"""For trying whether the benchmarks run; its figures say little."""
