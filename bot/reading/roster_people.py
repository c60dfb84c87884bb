"""Whom the lines of a roster mean, and what they make of them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from bot.clock import NewId
from bot.errors import NotUnderstood
from bot.model import (
    HANDLES,
    NOTE_LIMIT,
    NOTES,
    TAGS,
    Handle,
    Influencer,
    Member,
    Occasion,
    Pause,
    Stage,
    StandingNote,
    Team,
    Touchpoint,
)
from bot.reading import cells
from bot.reading.cells import Birthday
from bot.reading.people import read_member
from bot.reading.roster_rows import PersonRow
from bot.reading.words import few, read_tags
from bot.roster.spelling import account, accounts, fold

T = TypeVar("T")

YEARLY = ("birthday", "anniversary")
"""The labels of the occasions that the columns of these names are about."""

_SET = ("email", "phone", "manager", "address", "tier", "cadence", "goal", "motivation", "objective")


@dataclass(frozen=True, slots=True)
class Known:
    """What is known when a file is read: the team's records, who imports it, and when. `today` is the team's date."""

    team: Team
    me: Member
    members: Sequence[Member]
    influencers: Sequence[Influencer]
    touchpoints: Sequence[Touchpoint]
    occasions: Sequence[Occasion]
    now: datetime
    today: date
    new_id: NewId


class Members:
    """Reads members by name, each spelling once."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._read: dict[str, str | None] = {}

    def read(self, typed: str) -> str | None:
        """The id of the member that is meant, `None` for nobody; NotUnderstood with who there is."""
        if typed not in self._read:
            member = read_member(typed, self._known.members, self._known.me, "owner")
            self._read[typed] = member.id if member else None
        return self._read[typed]


class People:
    """Influencers by everything they are called."""

    def __init__(self, influencers: Iterable[Influencer]) -> None:
        self.by_id: dict[str, Influencer] = {}
        self._accounts: dict[str, str] = {}
        self._names: dict[str, dict[str, None]] = {}
        self._aliases: dict[str, dict[str, None]] = {}
        self._users: dict[str, dict[str, None]] = {}
        for influencer in influencers:
            self.put(influencer)

    def put(self, influencer: Influencer) -> None:
        """Adds a person, or the names that they have got."""
        self.by_id[influencer.id] = influencer
        self._names.setdefault(fold(influencer.name), {})[influencer.id] = None
        for alias in influencer.aliases:
            self._aliases.setdefault(fold(alias), {})[influencer.id] = None
        for handle in influencer.handles:
            self._accounts.setdefault(account(handle.network, handle.name), influencer.id)
            self._users.setdefault(fold(handle.name), {})[influencer.id] = None

    def with_handle(self, handle: Handle) -> Influencer | None:
        """Whose handle it is."""
        found = self._accounts.get(account(handle.network, handle.name))
        return self.by_id[found] if found else None

    def named(self, name: str) -> tuple[Influencer, ...]:
        """Who has exactly this name, case and diacritics aside; else who has it as an alias."""
        key = fold(name)
        return tuple(self.by_id[who] for who in self._names.get(key) or self._aliases.get(key) or ())

    def meant(self, typed: str) -> tuple[Influencer, ...]:
        """Who is meant by an id, a handle or a name."""
        if typed in self.by_id:
            return (self.by_id[typed],)
        folded = fold(typed)
        for known_as in accounts(folded):
            if known_as in self._accounts:
                return (self.by_id[self._accounts[known_as]],)
        found = () if folded.startswith("@") else self.named(typed)
        return found or tuple(self.by_id[who] for who in self._users.get(folded.removeprefix("@"), ()))


def match_row(row: PersonRow, people: People) -> Influencer | None:
    """The person on the roster that a line is about: by id, else by handle, else by exact name. `None` is a new one.

    Raises NotUnderstood where it is about several, or about nobody who could be added.
    """
    by_id = people.by_id.get(row.id) if row.id else None
    asked = handles_beyond(row, by_id)
    owners = {found.id: found for handle in asked if (found := people.with_handle(handle))}
    if by_id is not None:
        owners.setdefault(by_id.id, by_id)
    if len(owners) > 1:
        names = " and ".join(f"“{found.name}”" for found in list(owners.values())[:3])
        raise NotUnderstood(f"This row is about {names} at once: each handle belongs to one person.")
    called = people.named(row.name) if row.name else ()
    for owner in owners.values():
        others = [other for other in called if other.id != owner.id]
        if by_id is None and others and owner not in called:
            raise NotUnderstood(
                f"The handle belongs to “{owner.name}”, and “{row.name}” is somebody else on the roster."
            )
        return owner
    if len(called) > 1:
        raise NotUnderstood(f"{len(called)} people are called “{row.name}”. Add a handle, to say who is meant.")
    if not called and row.name is None:
        raise NotUnderstood("Nobody on the roster has this handle or id, and to add somebody I need a name.")
    return called[0] if called else None


def handles_beyond(row: PersonRow, before: Influencer | None) -> list[Handle]:
    """The handles of a line that its person doesn't have, spelled just so: those that could be somebody else's."""
    return [handle for handle in row.handles if before is None or handle not in before.handles]


def apply_row(
    row: PersonRow, before: Influencer | None, known: Known, members: Members
) -> tuple[Influencer, list[NotUnderstood]]:
    """The person as a line leaves them, and what of the line can't be: an owner who isn't there, too much of something.

    Empty cells change nothing, lists are added to, `before` is not lost.
    """
    influencer = before or Influencer(
        id=known.new_id("inf"),
        team=known.team.id,
        name=row.name or "",
        added_at=known.now,
        added_by=known.me.id,
    )
    facts: dict[str, object] = {
        name: value
        for name in _SET
        if (value := getattr(row, name)) is not None and not _same(getattr(influencer, name), value)
    }
    by_name = before is not None and row.name is not None and fold(before.name) == fold(row.name)
    if row.name is not None and not _same(influencer.name, row.name) and not (by_name and row.id != influencer.id):
        facts["name"] = row.name
    facts["aliases"] = (*influencer.aliases, *_new_aliases(influencer, row.aliases))
    has = {part for tag in influencer.tags for part in read_tags(tag)}
    readers: Mapping[str, Callable[[], object]] = {
        "owner": lambda: influencer.owner if row.owner is None else members.read(row.owner),
        "handles": lambda: few((*influencer.handles, *_new_handles(influencer, row.handles)), HANDLES, "handles"),
        "tags": lambda: few((*influencer.tags, *(tag for tag in row.tags if tag not in has)), TAGS, "tags"),
        "notes": lambda: few((*influencer.notes, *_new_note(influencer, row.note, known)), NOTES, "note"),
    }
    wrong = []
    for name, read in readers.items():
        try:
            facts[name] = read()
        except NotUnderstood as error:
            wrong.append(error)
    after = replace(influencer, **facts)
    return (_staged(after, row.stage, known.today) if row.stage else after), wrong


def yearly(occasions: Iterable[Occasion]) -> dict[tuple[str, str], Occasion]:
    """The occasions that columns are about, by whose they are and what they are called."""
    return {
        (occasion.influencer, label): occasion
        for occasion in occasions
        if occasion.yearly and (label := fold(occasion.label)) in YEARLY
    }


def occasion_of(row: PersonRow, label: str, influencer: Influencer, stored: Occasion | None) -> Occasion | None:
    """The occasion that a column of a line makes or mends; the stored one where it says the same or nothing."""
    said: Birthday | None = getattr(row, label)
    if said is None:
        return stored
    if stored is None:
        return Occasion(
            id=meaning_id("occ", influencer.id, label),
            team=influencer.team,
            influencer=influencer.id,
            label=label,
            month=said.month,
            day=said.day,
            year=said.year,
        )
    if (stored.month, stored.day) == (said.month, said.day) and said.year in {None, stored.year}:
        return stored
    return replace(stored, month=said.month, day=said.day, year=said.year)


def meaning_id(prefix: str, *meaning: object) -> str:
    """An id made from what a record means, so that the same, imported twice, is one."""
    return f"{prefix}_{hashlib.sha256(msgspec.json.encode(meaning)).hexdigest()[:20]}"


def _same(stored: object, said: object) -> bool:
    """Whether a cell says what is stored; white space does not count."""
    if isinstance(stored, str) and isinstance(said, str):
        return stored.split() == said.split()
    return stored == said


def _new_aliases(influencer: Influencer, said: Sequence[str]) -> list[str]:
    has = {fold(influencer.name)}
    for alias in influencer.aliases:
        has |= {fold(alias), *map(fold, cells.several(alias))}
    return _unlike(said, has, fold)


def _new_handles(influencer: Influencer, said: Sequence[Handle]) -> list[Handle]:
    has = {account(handle.network, handle.name) for handle in influencer.handles}
    return _unlike(said, has, lambda handle: account(handle.network, handle.name))


def _unlike(said: Sequence[T], has: set[str], key: Callable[[T], str]) -> list[T]:
    found = []
    for each in said:
        if key(each) not in has:
            has.add(key(each))
            found.append(each)
    return found


def _new_note(influencer: Influencer, said: Sequence[str], known: Known) -> tuple[StandingNote, ...]:
    """The lines that no standing note has yet, as one."""
    has = {" ".join(line.split()) for note in influencer.notes for line in note.text.splitlines()}
    text = "\n".join(line for line in said if " ".join(line.split()) not in has)
    if len(text) > NOTE_LIMIT:
        raise NotUnderstood(f"The note has {len(text):,} characters; {NOTE_LIMIT:,} are kept at most. Shorten it.")
    return (StandingNote(text, known.me.id, known.now),) if text else ()


def _staged(influencer: Influencer, stage: Stage, today: date) -> Influencer:
    """A stage set; `paused` stops the clock today, any other starts it again."""
    if stage is influencer.stage:
        return influencer
    pauses = influencer.pauses
    if stage is Stage.PAUSED and not influencer.is_paused:
        pauses = (*pauses, Pause(since=today, stage=influencer.stage))
    elif stage is not Stage.PAUSED and influencer.is_paused:
        *earlier, last = pauses
        pauses = (*earlier, replace(last, until=today)) if last.since < today else tuple(earlier)
    return replace(influencer, stage=stage, pauses=pauses)
