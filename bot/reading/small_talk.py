"""Words said without a command: the verb they begin with, and what people say to be polite."""

from __future__ import annotations

import re

THANKS = "thanks"
"""The verb that stands for being thanked."""

_GREETINGS = frozenset(
    {
        "hello",
        "hi",
        "hey",
        "hiya",
        "hallo",
        "yo",
        "howdy",
        "greetings",
        "good morning",
        "good afternoon",
        "good evening",
    }
)
_THANKED = frozenset(
    {"thanks", "thank you", "thx", "ty", "cheers", "thanks a lot", "many thanks", "thank you very much", "great thanks"}
)
_CALLED = re.compile(r"^[/@]?rapport\b[\s:,]*", re.IGNORECASE)
_NO_WORD = re.compile(r"[^\w’']+")
_TO_US = re.compile(r"\s*\b(?:rapport|there|again|all|everybody|everyone)$")


def verb_in(text: str) -> tuple[str, str]:
    """The verb that words begin with, in lower case, and what comes behind it; `/rapport` may stand before it.

    Nothing said, and a greeting, ask for help.
    """
    said = _CALLED.sub("", text.strip())
    polite = _TO_US.sub("", _NO_WORD.sub(" ", said).casefold().strip())
    if not polite or polite in _GREETINGS:
        return "help", ""
    if polite in _THANKED:
        return THANKS, ""
    verb, *rest = said.split(maxsplit=1)
    return verb.casefold().rstrip("?!.,:") or "help", rest[0].strip() if rest else ""
