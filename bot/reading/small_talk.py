"""Words said without a command: the verb they begin with, and what people say to be polite."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable

THANKS = "thanks"
"""The verb that stands for being thanked."""

IMPORT = "import"
"""The verb for files that a roster is read from."""

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


def hands_over(files: Iterable[str], verb: str, known: Container[str]) -> bool:
    """Whether words that come with files, by name, say no more than “read these”: no other verb begins them.

    `known` are the verbs that can be typed. Only sheets and team files are read; what is said with anything else stands
    for itself.
    """
    is_sheet = any(name.casefold().endswith((".csv", ".json")) for name in files)
    return is_sheet and (verb in {IMPORT, "help"} or verb not in known)
