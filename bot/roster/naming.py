"""By what words somebody can be named: their names and handles, and a first name that is theirs alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.model import Influencer
from bot.roster.spelling import fold

_LEAST = 3
"""Letters of a first name that is looked for by itself."""


class Naming:
    """The words that name somebody among others, as they are compared: without case and diacritics."""

    def __init__(self, who: Influencer, others: Iterable[Influencer]) -> None:
        """`others` are everybody else on the roster: a first name that one of them has, too, names nobody."""
        self.names: Sequence[str] = tuple(_names(who, others))
        whole = "|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in self.names)
        self._pattern = re.compile(whole or r"(?!)")

    def is_in(self, text: str) -> bool:
        """Whether a text names them, in whole words."""
        return self._pattern.search(fold(text)) is not None


def _names(who: Influencer, others: Iterable[Influencer]) -> Iterable[str]:
    called = [who.name, *who.aliases, *(handle.name for handle in who.handles)]
    names = dict.fromkeys(filter(None, map(fold, called)))
    taken = {word for one in others for name in (one.name, *one.aliases) for word in fold(name).split(" ")}
    for name in (who.name, *who.aliases):
        first = fold(name).split(" ")[0]
        if len(first) >= _LEAST and first.isalpha() and first not in taken:
            names[first] = None
    return names
