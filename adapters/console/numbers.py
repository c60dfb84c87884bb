"""The numbers of what can be pressed; they run on through the session, so that older ones stay pressable."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.safe import clean
from bot.address import Person, Place, Posted
from bot.reply import Actions, Button, Form, Option, Reply, Select

KEPT = 200


@dataclass(frozen=True, slots=True)
class Pressable:
    """A button, a select or a form put aside. `reader` is the one who may press it, where not everybody may."""

    label: str
    what: Button | Select | Form
    place: Place
    posted: Posted | None = None
    reader: Person | None = None


def pressables(reply: Reply) -> tuple[Button | Select, ...]:
    """What gets a number in a reply, in the order in which it is drawn: the buttons of a block, then its selects."""
    return tuple(
        item
        for block in reply.blocks
        if isinstance(block, Actions)
        for kind in (Button, Select)
        for item in block.all
        if isinstance(item, kind)
    )


class Numbers:
    """Hands out numbers from 1 and remembers what the last 200 of them stand for."""

    def __init__(self) -> None:
        self._shown: dict[int, Pressable] = {}
        self._next = 1

    def add(self, what: tuple[Pressable, ...]) -> int:
        """Numbers them one after the other and says the first number."""
        start = self._next
        for pressable in what:
            self._shown[self._next] = pressable
            self._next += 1
        for old in list(self._shown)[:-KEPT]:
            del self._shown[old]
        return start

    def get(self, number: int) -> Pressable | None:
        """What stands under a number, unless it is gone."""
        return self._shown.get(number)

    def labelled(self, label: str) -> Pressable | None:
        """The newest with that label, whatever its case."""
        wanted = clean(label).casefold()
        found = (shown for shown in reversed(self._shown.values()) if clean(shown.label).casefold() == wanted)
        return next(found, None)

    def drop(self, posted: Posted) -> None:
        """Forgets what stood in a message, because the message now says something else."""
        self._shown = {number: shown for number, shown in self._shown.items() if shown.posted != posted}

    def clear(self) -> None:
        """Forgets everything; the count goes on, so that no old number gets a new meaning."""
        self._shown.clear()

    @property
    def last(self) -> int | None:
        """The highest number that can be pressed."""
        return max(self._shown, default=None)


def find_option(select: Select, choice: str) -> Option | None:
    """The option meant by its letter, its label, its value or the only label that begins so."""
    wanted = choice.strip().casefold()
    for index, option in enumerate(select.options):
        if wanted in {letter(index), option.label.casefold(), option.value.casefold()}:
            return option
    begun = [option for option in select.options if wanted and option.label.casefold().startswith(wanted)]
    return begun[0] if len(begun) == 1 else None


def letter(index: int) -> str:
    """The letter of an option; a select has at most 25."""
    return chr(ord("a") + index)
