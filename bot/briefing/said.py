"""What a message says together with whom it names, so that it can be found when one of them is forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.model import Influencer
from bot.reply import Actions, Button, Fields, File, Image, LinkButton, Reply, Select, Table, Text, Where, Who, spans
from bot.roster.spelling import fold


@dataclass(frozen=True, slots=True)
class Said:
    """A reply and the influencers whom it names, as they were read for it."""

    reply: Reply
    named: tuple[Influencer, ...]


def naming(reply: Reply, people: Iterable[Influencer]) -> Said:
    """A reply with those of some people whom it names: in its words, by the whole name, or in a button, by id.

    Costs what there are people.
    """
    everything = "\n".join(_strings(reply))
    words, ids = fold(everything), frozenset(re.findall(r"\w+", everything))
    return Said(reply, tuple(one for one in people if one.id in ids or _is_in(fold(one.name), words)))


def _is_in(name: str, words: str) -> bool:
    """Whether a name is among words, as a whole; looked for as letters first, which is what it is for few."""
    return name in words and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", words) is not None


def _strings(reply: Reply) -> Iterator[str]:
    """All that a reply says, and what its buttons stand for."""
    for block in reply.blocks:
        match block:
            case Text():
                yield _words(block)
            case Fields():
                yield from (f"{label} {_words(text)}" for label, text in block.rows)
            case Table():
                yield from (_words(cell) for row in block.rows for cell in row)
            case Image():
                yield f"{block.name} {block.alt}"
            case File():
                yield f"{block.name} {block.about}"
            case Actions():
                yield from (part for action in block.all for part in _pressed(action))


def _pressed(action: Button | LinkButton | Select) -> Iterator[str]:
    yield action.label
    if isinstance(action, LinkButton):
        return
    yield from (value for _name, value in action.callback.args)
    if isinstance(action, Select):
        yield from (part for option in action.options for part in (option.label, option.value))


def _words(text: Text) -> str:
    """A Text in plain words, members and places left out: they are no influencers."""
    return "".join("" if isinstance(span.value, Who | Where) else str(span.value) for span in spans(text))
