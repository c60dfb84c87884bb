"""What the words of a touchpoint say: medium, direction, exchange, money, date, link and the note itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.model import Direction, Exchange, Medium
from bot.reading.answered import is_reached
from bot.reading.clauses import clauses_of, first_link, fold, veil, without, without_speech
from bot.reading.dates import find_day
from bot.reading.direction import find_direction
from bot.reading.exchange import find_exchange, is_disclosed, is_paid, value_of
from bot.reading.media import find_medium
from bot.reading.subjects import as_they

__all__ = ["Touch", "read_touch"]


@dataclass(frozen=True, slots=True)
class Touch:
    """What `log <name> <text>` says. `on` is None where the text names no day; `note` is the text without its date.

    `reached` is False for a call that nobody took.
    """

    medium: Medium
    direction: Direction
    exchange: Exchange
    paid: bool
    on: date | None
    note: str
    link: str | None
    value: str | None
    disclosed: bool
    reached: bool = True


def read_touch(text: str, today: date, *, medium: Medium | None = None, names: Sequence[str] = ()) -> Touch:
    """What a text that follows the name of an influencer says; never raises. A `medium` that is given is the medium.

    `names` are what the influencer may be called in it, see `names_of`: “Sam replied” is read like “they replied”.

    Where no word decides: medium other, direction outbound, exchange neutral. The verb without a subject is ours
    ("called" = we called), except where only they can be meant ("replied", "confirmed", "wants …").
    """
    found = find_day(text, today, past=True)
    note = without(text, found.start, found.end) if found else text.strip()
    told = as_they(note, names) if names else note
    veiled = without_speech(veil(fold(told)))
    clauses = clauses_of(veiled)
    named = find_medium(veiled, clauses)
    medium = medium or (named.medium if named else Medium.OTHER)
    direction = find_direction(told, veiled, clauses, named, medium)
    paid = is_paid(veiled, clauses)
    gives = medium is Medium.GIFT and direction is Direction.OUTBOUND
    return Touch(
        medium=medium,
        direction=direction,
        exchange=Exchange.GIVE if gives else find_exchange(veiled, clauses, direction),
        paid=paid,
        on=found.day if found else None,
        note=note,
        link=first_link(text),
        value=value_of(veiled, told, paid=paid, gift=gives),
        disclosed=is_disclosed(veiled),
        reached=medium is not Medium.CALL or is_reached(note),
    )
