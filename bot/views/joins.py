"""What a merge did, or its undoing: who became part of whom, and what went from one influencer to another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.change import Write
from bot.model import Influencer, Occasion, Promise, Record, Touchpoint
from bot.reply import Text, say
from bot.views.words import count, ended, listed

_KINDS: Mapping[type[Record], str] = {Touchpoint: "touchpoint", Promise: "promise", Occasion: "occasion"}
"""What can be somebody's and is told, in the order in which it is told."""

_UNKNOWN = "somebody who was removed"

_MANY = 2
"""Records that are told by their number where they move together; a single one is told as itself."""


class Joins:
    """The merges in a Change, and everything in it that moves from one influencer to another."""

    def __init__(self, writes: Sequence[Write], names: Mapping[str, str]) -> None:
        """Costs what the Change writes."""
        self._names = names
        self._joined: dict[str, str] = {}
        self._parted: dict[str, str] = {}
        self._moved: dict[tuple[str, str], dict[type[Record], int]] = {}
        on_roster = {write.id: write.after is not None for write in writes if isinstance(write.record, Influencer)}
        for write in writes:
            before, after = write.before, write.after
            if isinstance(before, Influencer) and isinstance(after, Influencer):
                was, now = set(before.merged), set(after.merged)
                self._joined |= {other: after.id for other in now - was if on_roster.get(other) is False}
                self._parted |= {other: after.id for other in was - now if on_roster.get(other) is True}
            elif (move := _move(write)) is not None:
                kinds = self._moved.setdefault(move, {})
                kinds[type(write.record)] = kinds.get(type(write.record), 0) + 1

    def __bool__(self) -> bool:
        """Whether somebody was joined with somebody else, or parted from them."""
        return bool(self._joined or self._parted)

    def tells_of(self, influencer: str) -> bool:
        """Whether somebody takes part in a merge or its undoing: what else changes about them follows from it."""
        return any(influencer in pair for pairs in (self._joined, self._parted) for pair in pairs.items())

    def tells(self, write: Write) -> bool:
        """Whether a record that moves is told by `sentences`, together with others."""
        move = _move(write)
        return move is not None and self._together(move)

    def sentences(self) -> list[Text]:
        """Who became part of whom, which are two records again, and what went from whom to whom, in numbers."""
        moves = {move: self._what(kinds) for move, kinds in self._moved.items() if self._together(move)}
        said = []
        for other, kept in self._joined.items():
            went = moves.pop((other, kept), None)
            with_it = say(", with {what}", what=went) if went else say("")
            names = {"lost": self._name(other), "kept": self._name(kept)}
            said.append(say("**{lost}** is part of **{kept}** now{with_it}.", **names, with_it=with_it))
        for other, kept in self._parted.items():
            went = moves.pop((kept, other), None)
            lost = self._name(other)
            back = ended(say(" {what} went back to {lost}", what=went, lost=lost)) if went else say("")
            said.append(
                say(
                    "**{kept}** and **{lost}** are two records again.{back}",
                    kept=self._name(kept),
                    lost=lost,
                    back=back,
                )
            )
        for (old, new), what in moves.items():
            said.append(
                say("{what} went from **{old}** to **{new}**.", what=what, old=self._name(old), new=self._name(new))
            )
        return said

    def _what(self, kinds: Mapping[type[Record], int]) -> str:
        return listed([count(kinds[kind], word) for kind, word in _KINDS.items() if kind in kinds])

    def _together(self, move: tuple[str, str]) -> bool:
        return bool(self) or sum(self._moved[move].values()) >= _MANY

    def _name(self, influencer: str) -> str:
        return self._names.get(influencer, _UNKNOWN)


def _move(write: Write) -> tuple[str, str] | None:
    """From whom to whom a record goes, if it is one that is told."""
    old, new = getattr(write.before, "influencer", None), getattr(write.after, "influencer", None)
    if type(write.record) not in _KINDS or not isinstance(old, str) or not isinstance(new, str) or old == new:
        return None
    return old, new
