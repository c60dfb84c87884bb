"""A roster of sixty and two thousand touchpoints, made by arithmetic alone: every run tells the same story.

What the sheets say is kept beside them as plain facts, so that a test can reckon from what was *written down* and
never from what the product made of it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

PEOPLE = 60
TOUCHPOINTS = 2_000

_ROLL = (
    "Jess Park|Omar Haddad|Mia Vance|Kofi Mensah|Lena Brandt|Diego Luna|Priya Nair|Tom Oakley|Yuki Tanaka|Nora Quist|"
    "Sam Ode|Ines Duarte|Viktor Holm|Aisha Bello|Hugo Petit|Rosa Marin|Felix Kern|Zadie Okoro|Ivan Petrov|Kim Ray|"
    "Greta Lind|Paulo Reis|Wanda Zych|Bilal Khan|Chloé Martin|Erik Dahl|Fatima Zahra|Gus Webb|Hana Sato|Ulla Berg|"
    "Jess Liu|Abel Costa|Bruna Teles|Cyril Fabre|Dora Weiss|Emeka Obi|Freja Skov|Goran Babic|Heidi Moser|Igor Sokol|"
    "Joana Pinto|Klaus Vogt|Lee Fox|Marta Gil|Nils Aber|Olga Kruk|Pedro Sanz|Quinn Daly|Ravi Iyer|Sofia Rossi|"
    "Tariq Aziz|Uma Rao|Vera Lang|Will Stone|Xenia Popa|Yara Nassar|Zoltan Kiss|Anouk Bos|Boris Jelic|Carmen Vidal"
)
NAMES = tuple(_ROLL.split("|"))

_OWNERS = ("Ana", "Ben", "Chi")
_USUAL = (4, 7, 9, 12, 14, 18, 21, 25, 30, 35, 45, 60)  # days between two touchpoints, roughly
_UNEVEN = (6, 10, 13, 8, 11, 7, 15, 9, 10, 12, 5)  # tenths of the usual pause
_BY_NOW = (
    3,
    42,
    12,
    36,
    5,
    25,
    55,
    9,
    33,
    18,
    47,
)  # tenths of the usual pause that have gone by since the last touchpoint
_HISTORY = 440  # days
_NEVER, _ONCE, _NEWCOMERS = {44}, {29, 45}, {8: 4, 23: 3, 53: 2}  # who has hardly any touchpoints
_WAITING = {3: 1, 13: 4, 24: 9, 31: 2, 33: 20, 43: 6, 59: 3}  # who wrote last, and how many days ago
_TALKED_AT = {7, 17, 37, 56}  # the last five were ours, and nobody answered
_NEWSLETTERS = {10, 34}  # the last was an automatic mail
_PLANNED = {20: date(2026, 12, 3), 49: date(2026, 12, 10)}  # who has a meeting in the calendar
_NOBODYS = {9, 19, 21, 23, 29, 39, 47, 49, 56, 59}
_STAGES = {14: "paused", 28: "paused", 52: "ended"}
_MEDIA = ("email", "dm", "call", "comment", "meeting", "post", "event", "gift", "other")
_SAID = ("asked about the launch", "sent the brief", "talked about prices", "liked the samples", "planned a visit")
_TURNS = ("outbound", "inbound", "mutual", "outbound", "outbound", "inbound", "mutual")


@dataclass(frozen=True, slots=True)
class Person:
    """A line of the roster."""

    name: str
    handle: str
    tier: str
    cadence: str
    owner: str
    stage: str
    birthday: str


@dataclass(frozen=True, slots=True)
class Touch:
    """A line of the touchpoints."""

    who: str
    on: date
    medium: str
    direction: str
    automatic: bool
    by: str
    note: str


@dataclass(frozen=True, slots=True)
class Roster:
    """The two sheets as facts."""

    people: tuple[Person, ...]
    touches: tuple[Touch, ...]

    def people_sheet(self) -> bytes:
        """The roster as CSV."""
        last = {touch.who: touch.on.isoformat() for touch in self.touches if touch.on not in _PLANNED.values()}
        return sheet(
            ("name", "handles", "tier", "cadence", "owner", "tags", "stage", "birthday", "goal", "last contact"),
            (
                (
                    each.name,
                    each.handle,
                    each.tier,
                    each.cadence,
                    each.owner,
                    ("food", "travel, craft", "", "beauty")[index % 4],
                    each.stage,
                    each.birthday,
                    "a cookbook deal" if index % 5 == 0 else "",
                    last.get(each.name, ""),
                )
                for index, each in enumerate(self.people)
            ),
        )

    def touches_sheet(self) -> bytes:
        """The touchpoints as CSV, oldest first."""
        return sheet(
            ("influencer", "date", "medium", "direction", "automatic", "by", "note"),
            (
                (
                    touch.who,
                    touch.on.isoformat(),
                    touch.medium,
                    touch.direction,
                    "yes" if touch.automatic else "",
                    touch.by,
                    touch.note,
                )
                for touch in self.touches
            ),
        )


def roster_of(today: date) -> Roster:
    """The roster as it would be exported from a spreadsheet on a date."""
    people = tuple(_person(index, name) for index, name in enumerate(NAMES))
    counts = _counts()
    touches = [touch for index in range(PEOPLE) for touch in _touches(index, counts[index], today)]
    # Those of one day stay in the order in which they happened.
    return Roster(people, tuple(sorted(touches, key=lambda touch: touch.on)))


def _person(index: int, name: str) -> Person:
    return Person(
        name=name,
        handle=f"instagram:{name.lower().replace(' ', '.').replace('é', 'e')}",
        tier="" if index % 13 == 6 else "ABAACABD"[index % 8],
        cadence="10" if index % 15 == 4 else "",
        owner="" if index in _NOBODYS else _OWNERS[index % 3],
        stage=_STAGES.get(index, ("establishing", "maintaining", "enhancing")[index % 3]),
        birthday=f"{index % 28 + 1} {('Jan', 'May', 'Sep')[index % 3]}" if index % 2 else "",
    )


def _counts() -> list[int]:
    """How many touchpoints each has: few with some, the rest by their rhythm, two thousand in all."""
    fixed = dict.fromkeys(_NEVER, 0) | dict.fromkeys(_ONCE, 1) | _NEWCOMERS
    counts = [fixed.get(index, _HISTORY // _USUAL[index % len(_USUAL)]) for index in range(PEOPLE)]
    growing = [index for index in range(PEOPLE) if index not in fixed]
    for turn in range(TOUCHPOINTS - sum(counts)):
        counts[growing[turn % len(growing)]] += 1
    return counts


def _touches(index: int, count: int, today: date) -> Iterator[Touch]:
    """The touchpoints of one person, oldest first."""
    days = _days(index, count, today)
    for number, on in enumerate(days):
        left = len(days) - 1 - number  # how many come after it
        automatic = on <= today and (number % 17 == 5 or (index in _NEWSLETTERS and left == 0))
        yield Touch(
            who=NAMES[index],
            on=on,
            medium="email" if automatic else _MEDIA[(index + number) % len(_MEDIA)],
            direction="outbound" if automatic else _direction(index, number, left, on, today),
            automatic=automatic,
            by=_OWNERS[(index + number // 4) % 3],
            note=f"{_SAID[(index + number) % len(_SAID)]}, no. {number + 1}",
        )


def _days(index: int, count: int, today: date) -> Sequence[date]:
    if count == 0:
        return ()
    usual = _USUAL[index % len(_USUAL)]
    ago = _WAITING.get(index, max(1, usual * _BY_NOW[index % len(_BY_NOW)] // 10))
    days, on = [], today - timedelta(days=ago)
    if index in _PLANNED:
        days.append(_PLANNED[index])
    for number in range(count - len(days)):
        days.append(on)
        twice_a_day = number % 9 == 4
        on -= timedelta(days=0 if twice_a_day else max(1, usual * _UNEVEN[(7 * index + 5 * number) % 11] // 10))
    return days[::-1]


def _direction(index: int, number: int, left: int, on: date, today: date) -> str:
    if on > today:
        return "mutual"
    if index in _WAITING and left == 0:
        return "inbound"
    if index in _TALKED_AT and left < 5:
        return "outbound"
    turn = _TURNS[(2 * index + number) % len(_TURNS)]
    # Whoever is not said to be waiting was answered.
    return "mutual" if turn == "inbound" and left < 2 else turn


def sheet(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Rows under a header as CSV."""
    written = io.StringIO()
    csv.writer(written).writerows([header, *rows])
    return written.getvalue().encode()
