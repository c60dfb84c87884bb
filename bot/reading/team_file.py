"""The team file: everything of a team as JSON, written by `export` and read by `import` into an empty team.

Records are documents in the shape of the model, one a line, by id. What depends on the store they are in (team,
versions, posted messages) and what can be reckoned again (standings) is left out, as is the moment of the export: the
same team gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, time
from typing import Any, TypeVar

import msgspec

from bot.address import Place
from bot.model import (
    NAME_LIMIT,
    NOTE_LIMIT,
    Cadences,
    Gesture,
    Influencer,
    Member,
    Nudge,
    Occasion,
    Promise,
    Record,
    Schedule,
    Sensitivity,
    Standing,
    Team,
    Touchpoint,
)
from bot.reading.sheets import Problem, Unreadable
from bot.reading.team_checks import contradictions, wrong_settings
from bot.reading.words import clean
from bot.standing import Book

R = TypeVar("R", bound=Record)

TEAM_FILE_LIMIT = 50_000_000
"""Bytes in a team file that is imported: some 100,000 touchpoints."""

FORMAT = "rapport team"
PERSON_FORMAT = "rapport person"
VERSION = 2
"""2 holds promises and digests as well; a file of version 1 is of a team that had none."""

_ELSEWHERE = frozenset({"team", "version"})


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What of a Team belongs to the people and not to the workspaces they work in."""

    name: str
    timezone: str
    country: str | None
    working_days: tuple[int, ...]
    days_off: tuple[date, ...]
    nudge_hour: time
    cadences: Cadences
    sensitivity: Sensitivity
    channel: Place | None
    gestures: tuple[Gesture, ...]


class TeamFile(msgspec.Struct, frozen=True, kw_only=True):
    """A team with all its records; these are of team `""` until they are given a home."""

    settings: Settings
    members: tuple[Member, ...]
    influencers: tuple[Influencer, ...]
    touchpoints: tuple[Touchpoint, ...]
    promises: tuple[Promise, ...]
    occasions: tuple[Occasion, ...]
    nudges: tuple[Nudge, ...]
    schedules: tuple[Schedule, ...]


_KINDS: Mapping[str, type[Record]] = {
    "members": Member,
    "influencers": Influencer,
    "touchpoints": Touchpoint,
    "promises": Promise,
    "occasions": Occasion,
    "nudges": Nudge,
    "schedules": Schedule,
}
_SINCE = {"promises": 2, "schedules": 2}
"""The version of the format from which on a file has a list."""


def settings_of(team: Team) -> Settings:
    """The settings that a team file holds."""
    return Settings(**{name: getattr(team, name) for name in Settings.__struct_fields__})


def write_team(file: TeamFile) -> bytes:
    """The JSON of a team; the same team gives the same bytes. Costs what there is."""
    parts = [b'{"format":%s,"version":%d,"team":%s' % (_json(FORMAT), VERSION, _json(file.settings))]
    for name in _KINDS:
        parts.append(b',\n"%s":[' % name.encode())
        parts.append(b",".join(b"\n" + _json(_document(record)) for record in _sorted(getattr(file, name))))
        parts.append(b"]")
    return b"".join(parts) + b"}\n"


def write_person(book: Book, standing: Standing | None, members: Mapping[str, str]) -> bytes:
    """The JSON of everything that is kept about one person; `members` are names of ours by id."""
    document = {
        "format": PERSON_FORMAT,
        "version": VERSION,
        "influencer": _document(book.influencer),
        "standing": _document(standing) if standing else None,
        "touchpoints": [_document(touch) for touch in _sorted(book.touchpoints)],
        "promises": [_document(promise) for promise in _sorted(book.promises)],
        "occasions": [_document(occasion) for occasion in _sorted(book.occasions)],
        "nudges": [_document(nudge) for nudge in _sorted(book.nudges)],
        "members": dict(sorted(members.items())),
    }
    return msgspec.json.format(_json(document), indent=2) + b"\n"


def is_team_file(content: bytes) -> bool:
    """Whether a file is JSON rather than a sheet."""
    return content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{"


def read_team(name: str, content: bytes) -> TeamFile:
    """The team in a file; Unreadable where it is of another format, damaged, or holds what could not be kept."""
    document = _opened(name, content)
    try:
        settings = msgspec.convert(_cleaned(document.get("team")), Settings)
    except (ValueError, RecursionError) as error:
        raise Unreadable(Problem(name, 1, "team", f"{error}. Export the team again.")) from None
    if wrong := wrong_settings(settings):
        raise Unreadable(Problem(name, 1, "team", wrong))
    older: dict[str, Any] = {table: [] for table, since in _SINCE.items() if document["version"] < since}
    kinds: dict[str, Any] = {
        table: _records(name, table, kind, (document | older).get(table)) for table, kind in _KINDS.items()
    }
    file = TeamFile(settings=settings, **kinds)
    if wrong := next(contradictions(file), None):
        raise Unreadable(Problem(name, 0, "", wrong))
    return file


def _opened(name: str, content: bytes) -> dict[str, Any]:
    try:
        document = msgspec.json.decode(content.removeprefix(b"\xef\xbb\xbf"), type=dict[str, Any])
    except (ValueError, RecursionError):
        raise Unreadable(Problem(name, 0, "", "This JSON is cut off or damaged. Export the team again.")) from None
    if document.get("format") == PERSON_FORMAT:
        sentence = "This is the file of one person. What can be imported is a whole team’s, or a CSV."
        raise Unreadable(Problem(name, 0, "", sentence))
    if document.get("format") != FORMAT:
        raise Unreadable(Problem(name, 0, "", "This JSON is not an export of Rapport’s. For people, send a CSV."))
    version = document.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or not 1 <= version <= VERSION:
        sentence = f"This export has version {str(version)[:20]}; I read versions 1 to {VERSION}. Update Rapport."
        raise Unreadable(Problem(name, 0, "", sentence))
    return document


def _records(name: str, table: str, kind: type[R], documents: Any) -> tuple[R, ...]:
    if not isinstance(documents, list):
        raise Unreadable(Problem(name, 0, table, f"The list of {table} is missing. Export the team again."))
    found = []
    for number, document in enumerate(documents, start=1):
        try:
            if not isinstance(document, dict) or document.keys() & _ELSEWHERE:
                raise ValueError("this is not a record as Rapport exports it")
            found.append(msgspec.convert({**_cleaned(document), "team": "", "version": 0}, kind))
        except (ValueError, RecursionError) as error:
            sentence = f"Number {number} of the {table}: {error}. Export the team again."
            raise Unreadable(Problem(name, 0, table, sentence)) from None
    return tuple(found)


def _cleaned(value: Any, field: str = "") -> Any:
    """The same with every text as it would be kept had it been typed; ValueError for one that is too long."""
    match value:
        case str():
            limit = NAME_LIMIT if field == "name" else NOTE_LIMIT
            if len(value) > limit:
                raise ValueError(f"a text has {len(value):,} characters, and {limit:,} are kept at most")
            return value if value.isascii() and value.isprintable() else clean(value)
        case dict():
            return {key: _cleaned(each, key) for key, each in value.items()}
        case list():
            return [_cleaned(each, field) for each in value]
    return value


def _document(record: Record) -> dict[str, Any]:
    document: dict[str, Any] = msgspec.to_builtins(record)
    for name in _ELSEWHERE:
        del document[name]
    if isinstance(record, Nudge):
        document["delivery"] = None  # the message it stands in stays where it was posted
    return document


def _sorted(records: Iterable[R]) -> list[R]:
    return sorted(records, key=lambda record: record.id)


_json = msgspec.json.encode
