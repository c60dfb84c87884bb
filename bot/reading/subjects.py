"""Whom a sentence about influencers begins with: their names are read like “they”, wherever they are the ones who act.

Whoever is asked what happened with Sam may begin with “Sam replied”, and means what “they replied” means.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.model import Influencer
from bot.reading.direction import THEIRS, VERB
from bot.roster.spelling import fold

_ADVERBS = r"(?:(?:just|also|already|never|still|now|then|since|\w{2,}ly)\s+)*"
_ACTING = re.compile(rf"{_ADVERBS}(?:{VERB.pattern}|(?:did|does|do|has|have|had)(?:n't| not)(?!\w))")
_PASSIVE = re.compile(rf"(?:was|were|got|gets|(?:has|have) been)\s+{_ADVERBS}{VERB.pattern}")
"""What was done to them is no act of theirs: “Sam was sent the samples”."""


def names_of(influencers: Iterable[Influencer]) -> tuple[str, ...]:
    """What people may call somebody in a sentence: whole and first name, other names, @user names; longest first."""
    found: dict[str, None] = {}
    for one in influencers:
        for name in (one.name, one.name.split()[0], *one.aliases):
            found |= dict.fromkeys(filter(None, (name, fold(name))))
        found |= dict.fromkeys(f"@{handle.name}" for handle in one.handles)
    return tuple(sorted(found, key=len, reverse=True))


def any_of(names: Iterable[str]) -> str:
    """A pattern for one of the names, or several of them with “and” or commas between; for capitals and small letters.

    Nothing fits where there are none.
    """
    one = "|".join(re.escape(name) for name in names)
    return rf"(?<!\w)(?:{one})(?:(?:\s*[,&+]\s*|\s+and\s+)(?:{one}))*(?!\w)" if one else r"(?!)"


def as_they(text: str, names: Sequence[str]) -> str:
    """The text with “they”, “their” and “them” for names where these act, own or are whom something comes from.

    A name in front of a colon or a comma only says whom it is about (“Sam: coffee”), and is left out.
    """
    whole = fold(text)
    if not any(fold(name) in whole for name in names):
        return text  # as most are: to make a pattern of somebody's names takes as long as all the rest of a log
    name = any_of(names)
    text = re.sub(rf"(?<!\w)(from)\s+{name}", r"\1 them", text, flags=re.IGNORECASE)
    head = re.match(rf"\W*(?P<name>{name})(?P<own>['’]s)?(?P<label>\s*[:,]|\s+[–—-](?=\s))?\s*", text, re.IGNORECASE)
    if head is None:
        return text
    before, rest = text[: head.start("name")], text[head.end() :]
    if head["label"]:
        return before + rest
    said = rest.lower().replace("’", "'")
    if (_ACTING.match(said) or THEIRS.match(said)) and not _PASSIVE.match(said):
        return f"{before}they {rest}"
    return f"{before}their {rest}" if head["own"] else text
