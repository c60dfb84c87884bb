"""What a look-up answers: Match."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from bot.store_port import RosterEntry


class How(StrEnum):
    """What a name was found by, surest first."""

    EXACT = "exact"
    FIRST_NAME = "first_name"
    PREFIX = "prefix"
    TYPO = "typo"

    def is_looser_than(self, other: How) -> bool:
        """Whether it says less about who is meant."""
        return _LEVELS[other] < _LEVELS[self]


_LEVELS = {how: level for level, how in enumerate(How)}


class Match(msgspec.Struct, frozen=True):
    """Who can be meant by a name.

    `entries` are all who fit equally well at the surest level that fits anybody, by name; `how` is that level. Where
    nobody fits, `how` is `None` and `nearest` holds up to five whose names come closest, closest first.
    """

    entries: tuple[RosterEntry, ...]
    how: How | None
    nearest: tuple[RosterEntry, ...]
    asked: str

    @property
    def one(self) -> RosterEntry | None:
        """The only one who fits, if there is only one."""
        return self.entries[0] if len(self.entries) == 1 else None

    @property
    def is_typo(self) -> bool:
        """Whether to ask before writing: the name was not found as typed, or what was typed is hardly a name."""
        return self.how is How.TYPO
