"""What a digest says, as values: read from the store by the briefing, worded by the view."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.model import Influencer, Occasion, Promise, Schedule, Team
from bot.views.lists import Line
from bot.views.words import People


@dataclass(frozen=True, slots=True)
class Part:
    """The relationships of one part, the most urgent first: those that are named, and how many there are."""

    lines: tuple[Line, ...] = ()
    total: int = 0


@dataclass(frozen=True, slots=True)
class Celebrated:
    """An occasion that is coming, whose it is and when."""

    influencer: Influencer
    occasion: Occasion
    on: date


@dataclass(frozen=True, slots=True)
class Owing:
    """Both sides' promises in numbers; `named` are the most urgent, late ones first, `kept` is how many of how many."""

    late: int = 0
    theirs_late: int = 0
    soon: int = 0
    named: tuple[tuple[Promise, Influencer], ...] = ()
    kept: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Happened:
    """What happened in the seven days before: touchpoints, with how many people, by how many members."""

    touchpoints: int = 0
    people: int = 0
    members: int = 0
    gives: int = 0
    asks: int = 0


@dataclass(frozen=True, slots=True)
class DigestFacts:
    """All that a digest says; `today` is a date of the team's zone, `on` the date that the digest is of.

    `unknown` are those of whom nobody knows what they want, the most relevant first. `kept_up` is how many
    relationships there are, `coming` who needs attention next and when.
    """

    team: Team
    people: People
    schedule: Schedule | None
    on: date
    today: date
    waiting: Part = Part()
    quiet: Part = Part()
    plan: Part = Part()
    first_contacts: Part = Part()
    occasions: tuple[Celebrated, ...] = ()
    occasions_total: int = 0
    owing: Owing = Owing()
    happened: Happened = Happened()
    unknown: tuple[Influencer, ...] = ()
    kept_up: int = 0
    coming: tuple[Influencer, date] | None = None

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts that name relationships, most urgent first."""
        return self.waiting, self.quiet, self.plan, self.first_contacts

    @property
    def named(self) -> tuple[Influencer, ...]:
        """The influencers whom it names, each once."""
        due = (
            *(line.influencer for part in self.parts for line in part.lines),
            *(one.influencer for one in self.occasions),
            *(influencer for _, influencer in self.owing.named),
        )
        coming = (self.coming[0],) if self.coming is not None and not self.has_news else ()
        return tuple({one.id: one for one in (*due, *coming, *self.unknown[:1])}.values())

    @property
    def has_news(self) -> bool:
        """Whether anything is due or coming."""
        owing = self.owing
        named = sum(part.total for part in self.parts)
        return any((named, self.occasions_total, owing.late, owing.theirs_late, owing.soon))
