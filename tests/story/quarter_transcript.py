"""A story as a page to read: what was said by whom, and what Rapport answered or posted, day by day, as Markdown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from tests.story.stage import Asked, Said, Shown

FEW = 5
"""Inputs of a form that are shown with what they hold; of a longer one only its name is."""

_MARKUP = re.compile(r"([\\`*<])")


@dataclass
class Transcript:
    """The page so far; `zone` is the one by whose calendar its days begin."""

    zone: ZoneInfo
    lines: list[str] = field(default_factory=list)
    day: date | None = None

    def does(self, at: datetime, zone: ZoneInfo, name: str, what: str, answer: Shown) -> None:
        """Somebody did something, and was answered."""
        self._head(at, zone, f"**{name}** {what}")
        self._quote(answer)

    def narrates(self, at: datetime, story: str) -> None:
        """What goes on, in a sentence."""
        self._day(at)
        self.lines += [f"*{' '.join(story.split())}*".replace("'", "’"), ""]

    def happens(self, at: datetime, zone: ZoneInfo, what: str) -> None:
        """Something that nobody said."""
        self._head(at, zone, what)

    def posts(self, at: datetime, zone: ZoneInfo, place: str, said: Said) -> None:
        """Rapport spoke up."""
        self._head(at, zone, f"**Rapport** {place}", at_home=True)
        self._quote(said)

    def changes(self, place: str, posted: datetime, zone: ZoneInfo, now: Sequence[str]) -> None:
        """A message that stood has been edited: its new paragraphs."""
        local = posted.astimezone(zone)
        when = f"{local:%H:%M}" if local.date() == self.day else f"{local.day} {local:%B}"
        self.lines += [f"*Rapport’s message of {when} {place} now says:*", ""]
        self.lines += [*_quoted(tuple(line for words in now for line in words.splitlines())), ""]

    def takes_away(self, places: Sequence[str]) -> None:
        """Messages that stood are gone."""
        number = "One message of Rapport’s is" if len(places) == 1 else f"{len(places)} messages of Rapport’s are"
        self.lines += [f"*{number} gone: {', '.join(dict.fromkeys(places))}.*", ""]

    def page(self, introduction: str) -> str:
        """All of it."""
        return introduction.strip() + "\n\n" + "\n".join(self.lines).strip() + "\n"

    def _head(self, at: datetime, zone: ZoneInfo, what: str, *, at_home: bool = False) -> None:
        """When it is where somebody is, and with `at_home` also where the team is."""
        day = self._day(at)
        local = at.astimezone(zone)
        other_day = "" if local.date() == day else f"{local:%A} "
        home = f" ({at.astimezone(self.zone):%H:%M} {_city(self.zone)})" if at_home and zone != self.zone else ""
        self.lines += [f"{other_day}{local:%H:%M} {_city(zone)}{home} · {what}", ""]

    def _day(self, at: datetime) -> date:
        day = at.astimezone(self.zone).date()
        if day != self.day:
            if self.day is None or self.day.month != day.month:
                self.lines += [f"## {day:%B}", ""]
            self.lines += [f"### {day:%A}, {day.day} {day:%B}", ""]
            self.day = day
        return day

    def _quote(self, answer: Shown) -> None:
        if isinstance(answer, Asked):
            filled = [f"{name}: {value}" for name, value in answer.inputs.items() if value]
            filled = filled if len(filled) <= FEW else []
            self.lines += [*_quoted((f"A form: {answer.about}", *filled)), ""]
            return
        for part in answer.parts:
            lines = [*part.words.splitlines(), *([_buttons(part.buttons)] if part.buttons else [])]
            self.lines += [*_quoted(tuple(lines), plain=len(lines) - bool(part.buttons)), ">"]
        self.lines += [f"> A file: {file.name}" for file in answer.files]
        if self.lines[-1] == ">":
            self.lines.pop()
        self.lines.append("")


def _city(zone: ZoneInfo) -> str:
    return zone.key.rpartition("/")[2].replace("_", " ")


def code(words: str) -> str:
    """Something that was typed."""
    return f"`{words}`"


def _quoted(lines: tuple[str, ...], plain: int | None = None) -> list[str]:
    """Lines that stand below each other; those from `plain` on are Markdown already."""
    last = len(lines) - 1
    shown = [line if plain is not None and index >= plain else _escaped(line) for index, line in enumerate(lines)]
    return [f"> {line}" + ("\\" if index < last else "") for index, line in enumerate(shown) if line]


def _escaped(words: str) -> str:
    return _MARKUP.sub(r"\\\1", words)


def _buttons(labels: tuple[str, ...]) -> str:
    return " ".join(f"`{label}`" for label in labels)
