"""Figures: what was measured, against what floor, and whether that is what we aim at."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Aim:
    """The most that a figure may be: times its floor, or in its own unit."""

    times: float | None = None
    most: float | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """One measurement. `floor` is in the same unit and from the same run; `against` says what it is."""

    name: str
    value: float
    unit: str
    against: str
    floor: float
    aim: Aim | None = None

    @property
    def ratio(self) -> float:
        """The value in floors."""
        return self.value / self.floor

    @property
    def met(self) -> bool | None:
        """Whether it is what we aim at; `None` where it is only shown."""
        if self.aim is None:
            return None
        is_near = self.aim.times is None or self.ratio <= self.aim.times
        is_small = self.aim.most is None or self.value <= self.aim.most
        return is_near and is_small


@dataclass(frozen=True, slots=True)
class Family:
    """Figures that belong together, and how they were taken."""

    title: str
    method: str
    figures: tuple[Figure, ...]


def in_ms(seconds: float) -> float:
    """Seconds as milliseconds."""
    return seconds * 1000
