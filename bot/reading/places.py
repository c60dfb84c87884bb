"""Places of a platform, as people and its forms name them."""

from __future__ import annotations

import re

from bot.address import Place, PlaceKind
from bot.errors import NotUnderstood

_NOWHERE = frozenset({"none", "no", "nowhere", "-"})
_MENTION = re.compile(r"<#([^|>\s]+)(?:\|[^>]*)?>")
_ID = re.compile(r"[^\s<>@]{1,80}")


def read_place(typed: str, here: Place, argument: str) -> Place | None:
    """A place of the workspace that somebody speaks in: `here`, a mention of it, or its id behind `#` or alone.

    `None` for “none”. Raises NotUnderstood for anything else, and for `here` in a direct message.
    """
    wanted = typed.strip()
    if wanted.casefold() in _NOWHERE:
        return None
    if wanted.casefold() == "here":
        if here.kind is not PlaceKind.CHANNEL:
            raise NotUnderstood("This is a direct message: say “here” in the channel you mean.", argument)
        return here
    mention = _MENTION.fullmatch(wanted)
    id = mention[1] if mention else wanted.removeprefix("#")
    if not _ID.fullmatch(id):
        raise NotUnderstood(f"“{typed[:60]}” is no channel. Name it as #channel, or say “here” in it.", argument)
    return Place(here.platform, here.workspace, id)
