"""How a gesture, as a team words it, reaches somebody: the medium of the touchpoint that it makes."""

from __future__ import annotations

import re

from bot.model import Medium
from bot.reading.media import read_medium

_PRESENT = re.compile(r"(?<!\w)(?:gifts?|presents?|parcels?|samples?|box|flowers|bouquet|cake|treats|voucher)(?!\w)")
_WRITTEN = re.compile(r"(?<!\w)(?:notes?|cards?|letters?|postcards?)(?!\w)")
_MESSAGE = re.compile(r"(?<!\w)(?:messages?|video|dm|voice note)(?!\w)")


def medium_of_gesture(text: str) -> Medium:
    """A gift, a message, something on paper (a gift, as it is in a log), else what the words say.

    What is given counts most (“a card with flowers” is a gift), then how it is sent.
    """
    folded = text.casefold()
    if _PRESENT.search(folded):
        return Medium.GIFT
    if _MESSAGE.search(folded):
        return Medium.DM
    if _WRITTEN.search(folded):
        return Medium.GIFT
    return read_medium(folded) or Medium.OTHER
