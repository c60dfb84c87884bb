"""What somebody wants and why, from one sentence: `a cookbook deal because she wants out of sponsored posts`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.reading.clauses import fold, veil

_WANTING = re.compile(
    r"^(?:(?:she|he|they|we|it|who)\s+)?(?:(?:really\s+|still\s+)?(?:wants?|would\s+like|[’']d\s+like)\s+)",
    re.IGNORECASE,
)
_SUBJECT = r"(?:she|he|they|it|we|her|his|their|there|this|that|nobody|everybody)(?:'\w+)?"
# The first of these parts the two; what follows is the reason, from the group on where its own link is kept.
_LINK = re.compile(
    r"[\s,;–—-]*(?<!\w)(?:(?:because|bc|cuz|due to the fact that)(?=\s)(?!\s+of\s)"
    r"|because(?=\s+of\s)"
    rf"|since(?=\s+{_SUBJECT}(?!\w))"
    r"|in order(?=\s+to\s)"
    rf"|(?=so(?:\s+that|\s+{_SUBJECT})(?!\w)))\s*"
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted, and why; each is `None` where the words don't say it."""

    what: str | None
    why: str | None


def read_wish(text: str) -> Wish:
    """A wish and its reason, parted by “because”, “since she …”, “so that” or “in order to”.

    A plain “to” parts nothing, as it mostly belongs to the wish (“to write a book”); “since 2024” neither. Words in
    quotes are never parted. The reason keeps a link of its own (`so that …`, `to …`), and loses “because”.
    """
    words = text.strip()
    found = _LINK.search(veil(fold(words)))
    what, why = (words, "") if found is None else (words[: found.start()], words[found.end() :])
    return Wish(wanted(what) or None, why.strip(" ,;").rstrip(".") or None)


def wanted(text: str) -> str:
    """What is wanted, without the words that say that it is: `a launch video` for “we want a launch video.”"""
    return _WANTING.sub("", text.strip(" ,;"), count=1).rstrip(" ,;.")
