"""Whether a call came about: what people write when nobody picked up."""

from __future__ import annotations

import re

from bot.reading.clauses import fold, veil, without_speech

_NOBODY = re.compile(
    r"(?<!\w)(?:(?:no|without(?: an)?) (?:answer|reply|response)(?! (?:needed|required|necessary))"
    r"|no luck(?! with)|no(?: ?one|body) (?:picked|answered|there)"
    r"|(?:didn'?t|did not|doesn'?t|does not|wouldn'?t|not|isn'?t|never) (?:pick|answer)\w*|unanswered|unreachable"
    r"|(?:couldn'?t|could not|can'?t|didn'?t|did not) (?:reach|get (?:through|hold))|not reached"
    r"|voice ?mail\w*|voice message|mailbox|answering machine|rang out"
    r"|missed (?:(?:a|an|her|his|their|my|our|the) )?(?:call|facetime|zoom)s?|missed (?:her|him|them|me|us|each other)"
    r"|tried (?:to )?(?:call|calling|ring|ringing|phone|phoning|reach|reaching|facetime|zoom|again|twice|her|him|them))"
    r"(?!\w)"
)
_AFTER_ALL = re.compile(
    r"(?<!\w)(?:(?:called|rang|phoned|got) (?:(?:me|us|her|him|them) )?back|got through|(?:then|finally|later|but)"
    r" (?:\w+ )?(?:answered|talked|spoke|picked up|reached))(?!\w)"
)


def is_reached(text: str) -> bool:
    """Whether a call that a text tells of was answered: it was, unless the words say otherwise and stay with it."""
    veiled = without_speech(veil(fold(text)))
    unanswered = _NOBODY.search(veiled)
    return unanswered is None or _AFTER_ALL.search(veiled, unanswered.end()) is not None
