"""What was posted, read back into the book's own terms, so that the two can be laid beside each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from tests.story.book import TEAM, Book, Due
from tests.story.stage import Message


def differences(expected: Iterable[object], found: Iterable[object]) -> list[str]:
    """What is missing and what is too much, whatever the order."""
    wanted, got = Counter(expected), Counter(found)
    missing = [f"missing: {each}" for each in (wanted - got).elements()]
    return missing + [f"too much: {each}" for each in (got - wanted).elements()]


def nudges_beside(book: Book, nudges: Sequence[Message]) -> list[str]:
    """The messages that ought to have come and did not, and the other way round, each on its reader's clock."""
    written = [_due(due) for due in book.due]
    posted = [_nudge(book, message) for message in nudges]
    return [*differences(written, posted), *_out_of_order(book, nudges)]


def reader(book: Book, message: Message) -> str:
    """Who reads a message: a member by name, or the team."""
    return message.place.title() if message.place.title() in book.members else TEAM


def local(book: Book, message: Message) -> datetime:
    """When a message came, on the clock of its reader."""
    return message.at.astimezone(book.members[reader(book, message)].zone)


def _due(due: Due) -> str:
    return _message(due.to, due.at, (f"{line.who} — {line.words}" for line in due.lines), due.more)


def _nudge(book: Book, message: Message) -> str:
    lines = [part.words.splitlines()[0] for part in message.first.parts if part.buttons]
    more = message.first.parts[-1].words
    waiting = int(more.split()[0]) if more.endswith(" shows everybody.") else 0
    return _message(reader(book, message), local(book, message), lines, waiting)


def _message(to: str, at: datetime, lines: Iterable[str], more: int) -> str:
    said = " / ".join(sorted(lines))
    return f"{at:%a %d %b %H:%M} {to or 'the team'}: {said}" + (f" (+{more})" if more else "")


def _out_of_order(book: Book, nudges: Sequence[Message]) -> list[str]:
    """Messages in which somebody less urgent stands before somebody more urgent."""
    wrong = []
    urgency = {(due.to, due.at, line.who): line.urgency for due in book.due for line in due.lines}
    for message in nudges:
        names = [part.words.partition(" — ")[0] for part in message.first.parts if part.buttons]
        order = [urgency.get((reader(book, message), local(book, message), name)) for name in names]
        known = [one for one in order if one is not None]
        if known != sorted(known):
            wrong.append(f"out of order: {_nudge(book, message)}")
    return wrong
