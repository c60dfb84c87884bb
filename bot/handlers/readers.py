"""Who would read what is said in a place: nothing of the team is said where others than its own people read it."""

from __future__ import annotations

from bot.context import Context
from bot.errors import NotAllowed, Refused


def refuse_readers(ctx: Context, why: str) -> None:
    """Raises NotAllowed where people of other companies read the place, and Refused where nothing can be said there.

    `why` ends the sentence: it says what is for the team only, and where to go instead.
    """
    if ctx.outsiders:
        raise NotAllowed(f"People of other companies read this place, and {why}")
    if ctx.hurdle:
        raise Refused(ctx.hurdle)
