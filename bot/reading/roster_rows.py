"""Rows of the two sheets that `import` takes, as typed values, and what of a sheet could not be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, TypeVar

from bot.model import Direction, Exchange, Handle, Medium, Stage, Tier
from bot.reading.cells import Birthday
from bot.reading.sheets import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """One line of a roster; `None` and an empty tuple are empty cells, which change nothing."""

    line: int
    id: str | None = None
    name: str | None = None
    aliases: tuple[str, ...] = ()
    handles: tuple[Handle, ...] = ()
    email: str | None = None
    phone: str | None = None
    manager: str | None = None
    address: str | None = None
    tier: Tier | None = None
    cadence: int | None = None
    owner: str | None = None
    tags: tuple[str, ...] = ()
    stage: Stage | None = None
    birthday: Birthday | None = None
    anniversary: Birthday | None = None
    goal: str | None = None
    motivation: str | None = None
    objective: str | None = None
    note: tuple[str, ...] = ()
    last_contact: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TouchRow:
    """One line of a touchpoints file; `None` is an empty cell."""

    line: int
    influencer: str
    date: date
    medium: Medium | None = None
    direction: Direction | None = None
    exchange: Exchange | None = None
    paid: bool | None = None
    disclosed: bool | None = None
    automatic: bool | None = None
    note: str = ""
    link: str | None = None
    value: str | None = None
    by: str | None = None


T = TypeVar("T", PersonRow, TouchRow)


@dataclass(frozen=True, slots=True)
class Torn:
    """A row with a problem: what can be read of it all the same, and the columns and cells that can't."""

    line: int
    values: Mapping[str, Any]
    unread: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """What a sheet says: its rows, and what is wrong; a row with a problem is not among them but among the torn.

    `ignored` are columns that nothing is read from. `remarks` say what had to be guessed. `is_whole`: there is no row
    that was not even found, or whose cells may be in the wrong columns.
    """

    file: str
    rows: tuple[T, ...] = ()
    problems: tuple[Problem, ...] = ()
    ignored: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    torn: tuple[Torn, ...] = ()
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class Sheets:
    """Everything that one import was given."""

    roster: Reading[PersonRow] = field(default_factory=lambda: Reading(""))
    touchpoints: Reading[TouchRow] = field(default_factory=lambda: Reading(""))

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All that is wrong, by file and line."""
        return (*self.roster.problems, *self.touchpoints.problems)
