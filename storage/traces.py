"""Traces: whether what somebody typed says who somebody is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable

import msgspec

from bot.model import Handle
from storage.rows import folded

_WORD = re.compile(r"\w+")

_NOBODY = re.compile(r"(?!)")
"""Matches nothing."""

_LEAST = 2
"""Letters of a word that can stand for a name it is a part of."""


class Called(msgspec.Struct, gc=False):
    """What an influencer is called."""

    name: str
    aliases: tuple[str, ...] = ()
    handles: tuple[Handle, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """Name, aliases and handles as they are compared, with what stands between their words as a single space."""
        names = (self.name, *self.aliases, *(handle.name for handle in self.handles))
        return frozenset(filter(None, (" ".join(folded(name).split()) for name in names)))


class _Form(msgspec.Struct, gc=False):
    given: tuple[tuple[str, str], ...]
    values: tuple[tuple[str, str], ...]
    typed: tuple[tuple[str, str], ...] | None


called = msgspec.json.Decoder(Called).decode
_form = msgspec.json.Decoder(_Form).decode


class Traces:
    """What gives somebody away: their ids and those of what is kept about them, and what they are called."""

    def __init__(self, ids: Collection[str], names: Iterable[str]) -> None:
        """`names` as Called has them."""
        self._ids = frozenset(map(folded, ids))
        self._names = tuple(names)
        self._pattern = re.compile("|".join(map(_whole, self._names))) if self._names else _NOBODY

    def are_in_form(self, document: bytes) -> bool:
        """Whether the document of a Draft holds one of them, in what it was given, filled with or holds."""
        form = _form(document)
        return any(self.are_in(text) for _name, text in (*form.given, *form.values, *(form.typed or ())))

    def are_in(self, text: str) -> bool:
        """Whether a text holds an id, holds a name as whole words, or is nothing but words of one: a first name.

        Case and diacritics do not matter.
        """
        plain = " ".join(folded(text).split())
        if not self._ids.isdisjoint(_WORD.findall(plain)) or self._pattern.search(plain) is not None:
            return True
        return len(plain) >= _LEAST and any(re.search(_whole(plain), name) for name in self._names)


def _whole(name: str) -> str:
    """A pattern of a name as whole words; where a script puts nothing between words, it may stand within others."""
    before = r"(?<!\w)" if _has_edge(name[0]) else ""
    after = r"(?!\w)" if _has_edge(name[-1]) else ""
    return f"{before}{re.escape(name)}{after}"


def _has_edge(letter: str) -> bool:
    return unicodedata.category(letter) != "Lo"
