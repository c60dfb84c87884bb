"""Fitting what is drawn into what Slack takes: texts are merged before anything is dropped, buttons go last."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.limits import COUNT_FROM, and_more, beginning
from adapters.slack.rich import Element, block, length, words

ELEMENT_LIMIT = 25
"""Elements of an actions block."""
BLOCK_WEIGHT = 100
"""What a block counts for beside its words."""


@dataclass(frozen=True, slots=True)
class Written:
    """Words that will be a rich_text block of their own, or a part of one where blocks are short."""

    elements: tuple[Element, ...]


Piece = Written | Mapping[str, Any]
"""Words, or a block that is ready."""


def in_blocks(pieces: Sequence[Piece], limit: int) -> tuple[dict[str, Any], ...]:
    """The pieces as at most `limit` blocks.

    Where they are too many, neighbouring texts share a block, then dividers go, then what comes last is folded: its
    texts into one block, its buttons into as few as hold them. Only what would not fit even so is left out and counted.
    """
    for fewer in (_merged, _without_dividers):
        if len(pieces) > limit:
            pieces = fewer(pieces)
    if len(pieces) > limit:
        pieces = _folded(pieces, limit)
    return tuple(block(piece.elements) if isinstance(piece, Written) else dict(piece) for piece in pieces)


def actions(elements: Sequence[Element]) -> Iterator[Piece]:
    """Buttons and selects in as few blocks as hold them."""
    for start in range(0, len(elements), ELEMENT_LIMIT):
        yield {"type": "actions", "elements": list(elements[start : start + ELEMENT_LIMIT])}


def weight(pieces: Sequence[Piece], limit: int) -> int:
    """What pieces weigh as at most `limit` blocks: their characters, their links' addresses, and 100 for each block."""
    return _characters(pieces) + BLOCK_WEIGHT * min(len(pieces), limit)


def cut(pieces: Sequence[Piece], limit: int, most: int) -> list[Piece]:
    """The pieces as at most `limit` blocks that weigh `most`: the words that come last go first, and are counted.

    What can be pressed stays, and so does a table.
    """
    pieces = _merged(pieces)
    ready = _characters([piece for piece in pieces if not isinstance(piece, Written)])
    room = most - ready - BLOCK_WEIGHT * min(len(pieces) + 1, limit) - COUNT_FROM
    kept: list[Piece] = []
    left_out, end = 0, 0
    for piece in pieces:
        if not isinstance(piece, Written):
            kept.append(piece)
            continue
        fitting = _cut(piece.elements, room)
        room -= _shown(piece.elements)
        left_out += sum(map(length, piece.elements)) - sum(map(length, fitting))
        if fitting:
            kept.append(Written(fitting))
            end = len(kept)
    return [*kept[:end], *([_counted(left_out, "characters")] if left_out else []), *kept[end:]]


def _cut(elements: tuple[Element, ...], room: int) -> tuple[Element, ...]:
    """The elements that fit, and of a text that does not what fits of it."""
    fitting: list[Element] = []
    for piece in elements:
        size = _shown(piece)
        if size > room:
            if piece["type"] == "text" and room > 0:
                fitting.append({**piece, "text": beginning(piece["text"], room)})
            break
        fitting.append(piece)
        room -= size
    return tuple(fitting)


def _characters(pieces: Sequence[Piece]) -> int:
    return _shown([piece.elements if isinstance(piece, Written) else piece for piece in pieces])


def _counted(left_out: int, noun: str) -> Written:
    return Written((words(and_more(left_out, noun)),))


def _shown(value: Any) -> int:
    # What is drawn is made of plain dicts: asking for any Mapping would take half of all the time that drawing takes.
    if isinstance(value, list | tuple):
        return sum(map(_shown, value))
    if not isinstance(value, dict):
        return 0
    match value.get("type"):
        case "text" | "user" | "channel" | "date":
            return length(value)
        case "link":
            return len(value["text"]) + len(value["url"])
    own = value.get("text")
    inner = [one for one in value.values() if not isinstance(one, str)]
    return (len(own) if isinstance(own, str) else 0) + sum(map(_shown, inner))


def _merged(pieces: Sequence[Piece]) -> list[Piece]:
    merged: list[Piece] = []
    for piece in pieces:
        last = merged[-1] if merged else None
        if isinstance(piece, Written) and isinstance(last, Written):
            merged[-1] = Written((*last.elements, words("\n"), *piece.elements))
        else:
            merged.append(piece)
    return merged


def _without_dividers(pieces: Sequence[Piece]) -> list[Piece]:
    return _merged([piece for piece in pieces if isinstance(piece, Written) or piece["type"] != "divider"])


def _folded(pieces: Sequence[Piece], limit: int) -> list[Piece]:
    """As many pieces as can stand as they are, and the rest with all its words together and all its buttons."""
    for kept in range(limit, -1, -1):
        fold = _fold(pieces[kept:])
        if kept + len(fold) <= limit:
            return [*pieces[:kept], *fold]
    fold = _fold(pieces)
    left_out = sum(len(piece["elements"]) for piece in fold[limit - 1 :] if not isinstance(piece, Written))
    return [*fold[: limit - 1], _counted(left_out, "buttons")]


def _fold(pieces: Sequence[Piece]) -> list[Piece]:
    texts = _merged([piece for piece in pieces if isinstance(piece, Written)])
    ready = [piece for piece in pieces if not isinstance(piece, Written)]
    pressed = [one for piece in ready if piece["type"] == "actions" for one in piece["elements"]]
    return [*texts, *(piece for piece in ready if piece["type"] != "actions"), *actions(pressed)]
