"""The forty people of the quarter, and what was written down about them before it: facts, and the two sheets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from tests.story.roster import sheet

FIRST_DAY = date(2027, 1, 4)

_CAST = """
Nora Lindqvist  | Ana | A | 11 | ceramics        | 17 Jan      | a studio of her own
Marcus Bell     | Ana | B | 38 | travel          |             | to travel with fewer sponsors
Talia Rosen     | Ana | A | 13 | books           |             |
Owen Whitaker   | Ana | C | 110 | woodwork       | 9 May       | a workshop tour
Camila Duarte   | Ana | B | 41 | food            | 6 Feb       | a cookbook deal
Zoe Hartmann    | Ana | C | 95 | garden          |             |
Julian Frost    | Ana | D | 240 | photography    | 30 Sep      |
Bianca Moretti  | Ana | B | 33 | fashion         |             |
Dev Malhotra    | Ana | C | 120 | tech           |             | early access to new things
Isla Grant      | Ana | A | 12 | craft           | 3 Aug       | more time for teaching
Ruben Ortega    | Ana | C | 130 | cycling        |             |
Faye Sinclair   | Ana | D | 260 | books          | 22 Nov      |
Hugo Lambert    | Ana | C | 100 | cheese         |             | a market stall in Lyon
Lena Fischer    | Ben | A | 10 | bread           | 21 Jun      | a second bakery
Jonas Keller    | Ben | B | 44 | climbing        |             |
Aylin Demir     | Ben | A | 14 | textiles        | 1992-02-29  | a museum show
Pavel Novak     | Ben | C | 105 | chess          | 12 Dec      |
Greta Olsen     | Ben | B | 36 | knitting        |             | a pattern book
Sami Haddad     | Ben | A | 12 | coffee          |             | to roast his own
Ida Berg        | Ben | C | 115 | birds          |             |
Luca Romano     | Ben | B | 40 | pasta           | 15 Jul      | a summer pop-up
Yuki Mori       | Ben | C | 125 | paper          |             |
Otto Brandt     | Ben | D | 230 | trains         | 1 Apr       |
Elif Kaya       | Ben | C | 90 | tea             |             | a tea house
Matteo Conti    | Ben | D | 250 | watches        |             |
Rocco Vitale    | Ben | C | 140 | motorcycles    |             |
Ananya Sen      | Kim | A | 11 | dance           | 10 Mar      | a stage in Europe
Rohan Das       | Kim | B | 42 | street food     |             | a food truck
Meera Iyer      | Kim | A | 13 | music           |             | her own label
Arjun Bose      | Kim | C | 100 | cricket        | 8 Oct       |
Tara Ghosh      | Kim | B | 35 | saris           | 30 Mar      | a weavers’ fund
Vikram Rao      | Kim | C | 135 | hiking         |             |
Leela Nandi     | Kim | B | 39 | poetry          |             | a book of poems
Kabir Sood      | Kim | C | 110 | comics         |             |
Nisha Paul      | Kim | D | 220 | astronomy      | 19 Aug      |
Dina Alvi       | Kim | C | 95 | jewellery       |             |
Farid Khan      | Kim | C | 120 | kites          |             | a kite festival
Esme Clark      |     | B | 37 | perfume         |             |
Cole Turner     |     | C | 105 | surfing        | 5 Jan       |
Sofia Reyes     |     | D | 210 | murals         |             |
"""
"""Name, owner, tier, usual days between two touchpoints, tag, birthday and what they want."""

_UNEVEN = (8, 10, 13, 9, 11, 7, 12, 10, 9, 11)  # tenths of the usual pause
_SINCE = (6, 4, 7, 3, 5, 2, 6, 5, 4, 7, 3)  # tenths of the usual pause that have gone by on the first day
_TURNS = ("outbound", "mutual", "outbound", "inbound", "mutual", "outbound", "mutual")
_MEDIA = {
    "outbound": ("email", "dm", "comment"),
    "inbound": ("email", "dm", "dm"),
    "mutual": ("call", "meeting", "event"),
}
_SAID = ("talked about the spring range", "news about the studio", "about the last post", "plans for the summer")

_WROTE_LAST = {"Isla Grant": 5, "Kabir Sood": 2}
"""Who wrote last, and how many days before the first."""

_GIVEN = (4, 9)
"""Which touchpoints, counted from the last, gave something."""


@dataclass(frozen=True, slots=True)
class Cast:
    """Somebody on the roster, as the sheet has them."""

    name: str
    owner: str
    tier: str
    usual: int
    tag: str
    birthday: str
    goal: str

    @property
    def first_name(self) -> str:
        """As they are called in commands: no two share one."""
        return self.name.split()[0].casefold()


@dataclass(frozen=True, slots=True)
class Past:
    """A touchpoint of the time before."""

    who: str
    on: date
    medium: str
    direction: str
    exchange: str
    by: str
    note: str


def the_cast() -> tuple[Cast, ...]:
    """All forty, in the order of the sheet."""
    rows = ([cell.strip() for cell in line.split("|")] for line in _CAST.strip().splitlines())
    return tuple(
        Cast(name, owner, tier, int(usual), tag, birthday, goal)
        for name, owner, tier, usual, tag, birthday, goal in rows
    )


def the_past() -> tuple[Past, ...]:
    """What had happened by the first day, oldest first."""
    return tuple(sorted((past for index, each in enumerate(the_cast()) for past in _past(index, each)), key=_by_date))


def people_sheet() -> bytes:
    """The roster as CSV."""
    header = ("name", "handles", "tier", "owner", "tags", "birthday", "goal")
    return sheet(
        header,
        (_row(each) for each in the_cast()),
    )


def _row(each: Cast) -> tuple[str, ...]:
    handle = f"instagram:{each.name.casefold().replace(' ', '.')}"
    return each.name, handle, each.tier, each.owner, each.tag, each.birthday, each.goal


def past_sheet() -> bytes:
    """The touchpoints as CSV."""
    header = ("influencer", "date", "medium", "direction", "exchange", "by", "note")
    rows = ((p.who, p.on.isoformat(), p.medium, p.direction, p.exchange, p.by, p.note) for p in the_past())
    return sheet(header, rows)


def _by_date(past: Past) -> date:
    return past.on


def _past(index: int, each: Cast) -> Iterator[Past]:
    """The touchpoints of one person, newest first: at least three, and as far back as a year and a half."""
    on = FIRST_DAY - timedelta(days=_WROTE_LAST.get(each.name, max(1, each.usual * _SINCE[index % len(_SINCE)] // 10)))
    number = 0
    while number < 3 or (number < 12 and (FIRST_DAY - on).days < 540):
        direction = _TURNS[(index + number) % len(_TURNS)]
        if number == 0:
            direction = "inbound" if each.name in _WROTE_LAST else "mutual"
        elif number == 1 and direction == "inbound":
            direction = "mutual"
        yield Past(
            each.name,
            on,
            _MEDIA[direction][(index + number) % 3],
            direction,
            "give" if number in _GIVEN and direction == "outbound" else "neutral",
            each.owner or ("Ana", "Ben", "Kim")[number % 3],
            _SAID[(index + number) % len(_SAID)],
        )
        on -= timedelta(days=max(2, each.usual * _UNEVEN[(3 * index + number) % len(_UNEVEN)] // 10))
        number += 1
