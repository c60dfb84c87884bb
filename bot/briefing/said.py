"""What a message says together with whom it names, so that it can be found when one of them is forgotten."""

from __future__ import annotations

from dataclasses import dataclass

from bot.model import Influencer
from bot.reply import Reply


@dataclass(frozen=True, slots=True)
class Said:
    """A reply and the influencers whom it names, as they were read for it."""

    reply: Reply
    named: tuple[Influencer, ...]
