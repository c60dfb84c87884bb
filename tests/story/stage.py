"""What a platform must offer so that a story can be played on it, and what a story sees of it.

A story speaks of people, places and words only. A stage turns that into its platform's own requests, sends them
through the real adapter to the real core, and hands back what its people could read.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.inbound import Upload

TEAM = "team"
"""The channel in which the story's team speaks."""


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph, and the labels of what can be pressed right below it."""

    words: str
    buttons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """An answer or a message as its reader sees it: members by name, times in the reader's zone, no markup.

    `address` is the stage's own way back to it, which a story passes on and never looks into.
    """

    parts: tuple[Part, ...]
    files: tuple[Upload, ...]
    address: object

    @property
    def words(self) -> str:
        """All paragraphs, one below the other."""
        return "\n".join(part.words for part in self.parts if part.words)

    @property
    def buttons(self) -> tuple[str, ...]:
        """All labels in order."""
        return tuple(label for part in self.parts for label in part.buttons)


@dataclass(frozen=True, slots=True)
class Asked:
    """A form: what it is about, what its inputs hold, by name, and what is wrong with them."""

    about: str
    inputs: dict[str, str]
    errors: dict[str, str]
    address: object


Shown = Said | Asked


@dataclass(frozen=True, slots=True)
class Message:
    """Something that was posted without being asked for: where (`ana` or `#team`), when, and how it reads now.

    `gone`: it was taken away again.
    """

    place: str
    at: datetime
    first: Said
    now: Said
    gone: bool = False


class Stage(Protocol):
    """A platform with a team on it, the real core behind it, and a clock that the story moves."""

    platform: str

    @property
    def now(self) -> datetime:
        """The present instant, in UTC."""
        ...

    def joins(self, name: str, zone: ZoneInfo, *, admin: bool = False) -> None:
        """An account of the workspace that may speak from now on; the platform says in which zone it is."""
        ...

    async def leaves(self, name: str) -> None:
        """The account is gone from the workspace, and the platform says so."""
        ...

    async def says(self, name: str, line: str, *, files: tuple[Upload, ...] = (), channel: str = "") -> Shown:
        """A command as it is typed behind `/rapport`, in a DM or in a channel, with files uploaded to it."""
        ...

    async def presses(self, name: str, what: Said, label: str, choice: str = "", *, beside: str = "") -> Shown:
        """A button by the beginning of its label, or a choice of a select.

        `beside` picks the paragraph, by how it begins, where several have such a button. LookupError where there is
        none.
        """
        ...

    async def fills(self, name: str, form: Asked, /, **values: str) -> Shown:
        """Sends a form with some inputs changed and the others as they stand."""
        ...

    async def until(self, moment: datetime) -> None:
        """Time goes by, and the process wakes every quarter of an hour, and in the end, and does what is due."""
        ...

    def posted(self) -> tuple[Message, ...]:
        """Everything posted so far, everywhere, in the order in which it was."""
        ...


OpenStage = Callable[[Path, datetime], AbstractAsyncContextManager[Stage]]
"""Opens an empty stage on a folder of its own, at an instant."""


def said(shown: Shown) -> Said:
    """An answer in words; AssertionError for a form."""
    assert isinstance(shown, Said), shown
    return shown


def asked(shown: Shown) -> Asked:
    """A form; AssertionError for words."""
    assert isinstance(shown, Asked), shown
    return shown


def to(stage: Stage, place: str) -> tuple[Message, ...]:
    """What was posted in one place."""
    return tuple(message for message in stage.posted() if message.place == place)
