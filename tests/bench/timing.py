"""Timing: what is compared is measured in turns, so that a busy moment of the machine falls on all of it alike."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from statistics import median
from time import perf_counter
from typing import TypeVar

T = TypeVar("T")

Subject = Callable[[int], Awaitable[float]]
"""Does round n of something and says how many seconds the part that counts took."""


async def in_turns(rounds: int, subjects: Mapping[str, Subject], *, warm_up: int = 3) -> dict[str, list[float]]:
    """The seconds of every subject, round by round, after a few that don't count.

    Each round begins with another subject, so that none always comes after the same one. Garbage is collected when
    Python sees fit, as it is in the running product: a median does not notice, a 99th percentile does.
    """
    names = list(subjects)
    seconds: dict[str, list[float]] = {name: [] for name in names}
    for turn in range(-warm_up, rounds):
        first = turn % len(names)
        for name in names[first:] + names[:first]:
            took = await subjects[name](turn + warm_up)
            if turn >= 0:
                seconds[name].append(took)
    return seconds


def each_settled(seconds: Sequence[float], things: int) -> list[float]:
    """The median for every one of `things` that were gone through again and again.

    A percentile of these is over the things, and not over the moments in which the machine did something else.
    """
    return [median(seconds[thing::things]) for thing in range(things)]


async def timed(work: Awaitable[object]) -> float:
    """The seconds from now until some work is done."""
    start = perf_counter()
    await work
    return perf_counter() - start


async def at_once_timed(work: Callable[[T], Awaitable[object]], things: Iterator[T], at_once: int) -> list[float]:
    """The seconds that work on each of some things takes, by so many at once."""
    seconds: list[float] = []

    async def one_by_one() -> None:
        for thing in things:
            seconds.append(await timed(work(thing)))

    await asyncio.gather(*(one_by_one() for _ in range(at_once)))
    return seconds


def clocked(work: Callable[[], object]) -> float:
    """The seconds that a call takes."""
    start = perf_counter()
    work()
    return perf_counter() - start


def percentile(seconds: Sequence[float], percent: float) -> float:
    """The smallest value that so many percent of the values don't exceed."""
    ordered = sorted(seconds)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]
