"""What it takes to join two records of one person into one, so that nothing which either says is lost. All pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from msgspec.structs import replace

from bot.change import Write
from bot.errors import Refused
from bot.model import (
    HANDLES,
    NOTE_LIMIT,
    NOTES,
    OCCASIONS,
    PROMISES,
    TAGS,
    Influencer,
    Occasion,
    Pause,
    Promise,
    Stage,
    Standing,
    StandingNote,
    Touchpoint,
)
from bot.standing import Book
from bot.views.merging import CLOCK, Difference, Fact, Moves, notes_of
from bot.views.words import People

_LINES = ("email", "phone", "manager", "address", "goal", "objective")
"""Fields that stand for themselves: what one record lacks it takes from the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """What a merge does: what goes over, what the record took over, and what had to give way to what it says."""

    writes: tuple[Write, ...]
    moves: Moves
    taken: tuple[Fact, ...]
    differ: tuple[Difference, ...]


def join_records(keep: Book, lose: Book, lost: Standing | None, people: People, *, now: datetime, today: date) -> Merge:
    """The merge of one record into another; `lost` is the Standing of the one that goes, as read before its book.

    `people` are the members, whose names a note may say. Raises Refused where a merge would lose something, or hide
    somebody.
    """
    winner, loser = keep.influencer, lose.influencer
    _check(keep, lose)
    joining = _Joining(winner, loser)
    joining.take_lines()
    joining.take_plan(today)
    joining.fill("owner")
    joining.unite_lists()
    occasions = _occasions(keep, lose, joining)
    joined = replace(joining.record(), notes=(*winner.notes, *_notes(joining, people, now, today)))
    writes = (
        Write(winner, joined),
        Write(loser, None),
        # As it was when the rest was read: what came to the record since is not lost with it, the merge is redone.
        *([Write(lost, None)] if lost is not None else []),
        *(Write(record, replace(record, influencer=winner.id)) for record in (*lose.touchpoints, *lose.promises)),
        *occasions,
    )
    moves = moves_in(writes, winner, joined, loser)
    return Merge(writes=writes, moves=moves, taken=tuple(joining.taken), differ=tuple(joining.differ))


def moves_in(writes: Sequence[Write], before: Influencer, after: Influencer, lost: Influencer) -> Moves:
    """What the writes of a merge move from the record that goes to the one that stays, `before` it and `after`."""
    moved = [
        write.after
        for write in writes
        if getattr(write.before, "influencer", None) == lost.id and getattr(write.after, "influencer", None) == after.id
    ]
    return Moves(
        touchpoints=sum(isinstance(record, Touchpoint) for record in moved),
        promises=sum(isinstance(record, Promise) for record in moved),
        occasions=sum(isinstance(record, Occasion) for record in moved),
        notes=sum(note in lost.notes and note not in before.notes for note in after.notes),
        names=tuple(name for name in after.aliases if name not in before.aliases),
        handles=tuple(str(handle) for handle in after.handles if handle not in before.handles),
        tags=tuple(tag for tag in after.tags if tag not in before.tags),
    )


class _Joining:
    """A record in the making, and what is said about how it came to be."""

    def __init__(self, keep: Influencer, lose: Influencer) -> None:
        self.keep, self.lose = keep, lose
        self.fields: dict[str, Any] = {}
        self.taken: list[Fact] = []
        self.differ: list[Difference] = []

    def take_lines(self) -> None:
        """What somebody is reached by and what both sides want."""
        for field in _LINES:
            self.fill(field)
        # Why somebody wants something goes with what they want.
        self.fill("motivation", may_take=_same(self.fields.get("goal", self.keep.goal), self.lose.goal))

    def take_plan(self, today: date) -> None:
        """Stage, tier, cadence and snooze: the plan is that of the record which stays, where it has one."""
        winner, loser = self.keep, self.lose
        stage = loser.pauses[-1].stage if loser.is_paused else loser.stage
        if winner.stage is Stage.IDENTIFIED and stage is not Stage.IDENTIFIED and not stage.is_stopped:
            self._take("stage", stage)
        elif loser.stage not in {winner.stage, Stage.IDENTIFIED}:
            self.differ.append(Difference("stage", winner.stage, loser.stage))
        if loser.is_paused and not winner.is_paused:
            self.differ.append(Difference(CLOCK, None, loser.pauses[-1]))
        is_unplanned = winner.tier is None and winner.cadence is None
        self.fill("tier")
        self.fill("cadence", may_take=is_unplanned)
        ours, theirs = winner.snoozed_until, loser.snoozed_until
        if theirs is None or theirs <= today or theirs == ours:
            return  # a snooze that has ended says nothing any more
        if ours is None or ours <= today:
            self._take("snoozed_until", theirs)
        else:
            self.differ.append(Difference("snoozed_until", ours, theirs))

    def fill(self, field: str, *, may_take: bool = True) -> None:
        """Keeps what the record says, or takes what the other says where it says nothing; else that is a difference."""
        ours, theirs = getattr(self.keep, field), getattr(self.lose, field)
        if theirs is None or _same(ours, theirs):
            return
        if ours is None and may_take:
            self._take(field, theirs)
        else:
            self.differ.append(Difference(field, ours, theirs))

    def unite_lists(self) -> None:
        """Other names, handles and tags: what the other has stands behind what the record has."""
        winner, loser = self.keep, self.lose
        known_as = {_plain(name) for name in (winner.name, *winner.aliases)}
        names = [name for name in dict.fromkeys((loser.name, *loser.aliases)) if _plain(name) not in known_as]
        self._unite("aliases", names, _room_for_names(winner, names))
        self._unite("handles", loser.handles, HANDLES)
        self._unite("tags", loser.tags, TAGS)

    def record(self) -> Influencer:
        """The record that stays as it will be, but for its notes."""
        winner, loser = self.keep, self.lose
        earlier = min((winner, loser), key=lambda one: one.added_at)
        return replace(
            winner,
            **self.fields,
            pauses=_pauses(winner, loser),
            added_at=earlier.added_at,
            added_by=earlier.added_by,
            merged=tuple(dict.fromkeys((*winner.merged, loser.id, *loser.merged))),
        )

    def _take(self, field: str, value: Any) -> None:
        self.fields[field] = value
        self.taken.append(Fact(field, value))

    def _unite(self, field: str, theirs: Sequence[Any], limit: int) -> None:
        """As far as there is room."""
        ours = getattr(self.keep, field)
        new = [one for one in dict.fromkeys(theirs) if one not in ours]
        room = max(0, limit - len(ours))
        self.fields[field] = (*ours, *new[:room])
        if new[room:]:
            self.differ.append(Difference(field, limit, tuple(new[room:])))


def _check(keep: Book, lose: Book) -> None:
    winner, loser = keep.influencer, lose.influencer
    if winner.archived_at is not None and loser.archived_at is None:
        raise Refused(
            f"{winner.name} is archived and {loser.name} is not: restore {winner.name} first, or let the other one "
            "stay."
        )
    open_promises = [sum(one.is_open for one in book.promises) for book in (keep, lose)]
    occasions = [len(book.occasions) for book in (keep, lose)]
    for what, limit, number in (
        ("open promises", PROMISES, sum(open_promises)),
        ("occasions", OCCASIONS, sum(occasions)),
    ):
        if number > limit:
            raise Refused(
                f"Together they have {number} {what}, and one person has {limit} at most. Settle or remove some of "
                "them first."
            )


def _pauses(winner: Influencer, loser: Influencer) -> tuple[Pause, ...]:
    """The days on which the clock stood still: those of the record that stays, and of the other what lies beside them.

    A pause of the other that is not over ends with its record.
    """

    def overlaps(pause: Pause) -> bool:
        return any(
            (own.until is None or pause.since < own.until) and (pause.until is None or own.since < pause.until)
            for own in winner.pauses
        )

    others = [pause for pause in loser.pauses if pause.until is not None and not overlaps(pause)]
    return tuple(sorted((*winner.pauses, *others), key=lambda pause: pause.since))


def _occasions(keep: Book, lose: Book, joining: _Joining) -> list[Write]:
    """The writes to the other record's occasions.

    Of two that are the same day of every year one stays, with the year that either knows. Where one label has two
    dates the date of the record that stays counts, and the other is kept as a note.
    """
    ours = {_plain(one.label): one for one in keep.occasions if one.yearly}
    writes: list[Write] = []
    for occasion in lose.occasions:
        own = ours.get(_plain(occasion.label)) if occasion.yearly else None
        if own is None:
            writes.append(Write(occasion, replace(occasion, influencer=keep.influencer.id)))
            continue
        writes.append(Write(occasion, None))
        if (own.month, own.day) == (occasion.month, occasion.day) and own.year in {None, occasion.year}:
            if own.year is None and occasion.year is not None:
                writes.append(Write(own, replace(own, year=occasion.year)))
                del ours[_plain(occasion.label)]
        elif (own.month, own.day, own.year) != (occasion.month, occasion.day, occasion.year):
            joining.differ.append(Difference(occasion.label, own, occasion))
    return writes


def _notes(joining: _Joining, people: People, now: datetime, today: date) -> tuple[StandingNote, ...]:
    """The notes that come to the record: the other's, and those that keep what has no other place."""
    winner, loser = joining.keep, joining.lose
    known = {note.text for note in winner.notes}
    theirs = tuple(note for note in loser.notes if note.text not in known)
    kept = tuple(StandingNote(text, None, now) for text in notes_of(loser, joining.differ, people, today))
    if (number := len(winner.notes) + len(theirs) + len(kept)) > NOTES:
        raise Refused(
            f"Together they would have {number} notes, and one person has {NOTES} at most. Clear some of them with "
            f"“edit {winner.name}” first."
        )
    return (*theirs, *kept)


def _room_for_names(winner: Influencer, names: Sequence[str]) -> int:
    """How many other names there can be: as many as an input of a form holds."""
    room = NOTE_LIMIT - sum(len(name) + 1 for name in winner.aliases)
    for fitting, name in enumerate(names):
        room -= len(name) + 1
        if room < 0:
            return len(winner.aliases) + fitting
    return len(winner.aliases) + len(names)


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return _plain(one) == _plain(other)
    return bool(one == other)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
