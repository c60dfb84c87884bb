"""Text → rich_text. Pure.

The text of a rich_text element is literal: Slack parses neither marks nor mentions in it. So what people wrote can
neither format nor ping, and nothing has to be escaped; only a person, a place, a date or a link that the core names as
such becomes one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, assert_never

from adapters.limits import clip
from adapters.safe import clean, clean_lines, web_address
from adapters.slack.names import PLATFORM
from bot.address import Place, PlaceKind
from bot.reply import Link, Span, Text, Where, Who, spans

Element = dict[str, Any]
"""An element of a rich_text section, as Slack takes it."""

VALUE_LIMIT = 3_000
"""Characters of one value in a sentence: all that a note can hold."""
NAME_LIMIT = 200
"""Characters of a name or of what a link is called."""
URL_LIMIT = 3_000
"""Characters of an address that Slack makes a link of."""
SECTION_LIMIT = 1_000
"""Elements of one rich_text section; Slack names no number, and nothing of ours comes near it."""

DATE_FORMAT = "{date_short_pretty} at {time}"
"""How Slack shows a moment in its reader's zone and language: `Nov 21, 2026 at 2:03 PM`, `yesterday at …`."""

DIRECT = "direct messages"
EMPTY = "–"
"""Stands where there is nothing to show: Slack refuses a block without words."""

_QUOTED = {"<": "%3C", ">": "%3E", "|": "%7C"}  # what ends an address in Slack's own notation
_ACCOUNT = re.compile(r"[UW][A-Z0-9]{1,20}")
_CHANNEL = re.compile(r"[CG][A-Z0-9]{1,20}")


def rich_text(text: Text, workspace: str, limit: int = VALUE_LIMIT) -> dict[str, Any]:
    """A Text as a block of its own, each value cut to `limit` characters; people of `workspace` are mentioned."""
    return block(elements(text, workspace, limit))


def block(pieces: Iterable[Element]) -> dict[str, Any]:
    """A rich_text block that holds these elements in one section, or in several where they are over a thousand."""
    together = joined(pieces)
    parts = [together[start : start + SECTION_LIMIT] for start in range(0, len(together), SECTION_LIMIT)]
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": part} for part in parts]}


def elements(text: Text, workspace: str, limit: int = VALUE_LIMIT, *, bold: bool = False) -> list[Element]:
    """The elements of a Text, in order; none of them is empty."""
    return [piece for span in spans(text, bold=bold) for piece in _element(span, workspace, limit)]


def words(text: str, *, bold: bool = False) -> Element:
    """A run of literal text; it must not be empty."""
    return {"type": "text", "text": text, "style": {"bold": True}} if bold else {"type": "text", "text": text}


def joined(pieces: Iterable[Element]) -> list[Element]:
    """The same elements with neighbouring text of one style in one; a dash where they would show nothing."""
    result: list[Element] = []
    for piece in pieces:
        last = result[-1] if result else {}
        if piece["type"] == "text" == last.get("type") and piece.get("style") == last.get("style"):
            result[-1] = {**last, "text": last["text"] + piece["text"]}
        else:
            result.append(piece)
    return result if any(piece["type"] != "text" or piece["text"].strip() for piece in result) else [words(EMPTY)]


def length(piece: Element) -> int:
    """The characters that an element shows, or may show: those of a mention are not ours to know."""
    return len(piece.get("text") or piece.get("fallback") or piece.get("user_id") or piece.get("channel_id") or "")


def _element(span: Span, workspace: str, limit: int) -> Iterator[Element]:
    """What a span becomes; nothing where it is empty."""
    if drawn := native(span, workspace):
        yield {**drawn, "style": {"bold": True}} if span.bold else drawn
    elif said := in_words(span, limit):
        yield words(said, bold=span.bold)


def native(span: Span, workspace: str) -> Element | None:
    """The element that Slack has for such a value; `None` where it has none, or none that would work here."""
    match span.value:
        case str() | int():
            return None
        case datetime() as moment if moment.timestamp() > 0:
            stamp, fallback = int(moment.timestamp()), in_utc(moment)
            return {"type": "date", "timestamp": stamp, "format": DATE_FORMAT, "fallback": fallback}
        case Who() as who if account := _account(who, workspace):
            return {"type": "user", "user_id": account}
        case Where(place=place) if place.home.id == workspace and _is_channel(place):
            return {"type": "channel", "channel_id": place.id}
        case Link(label=label, url=url) if address := href(url):
            return {"type": "link", "url": address, "text": clip(clean(label) or address, NAME_LIMIT)}
    return None


def in_words(span: Span, limit: int) -> str:
    """A span in words; those that somebody wrote are made safe and cut to `limit` characters."""
    match span.value:
        case str(value):
            return value if span.ours else clip(clean_lines(value), limit)
        case int(number):
            return str(number)
        case datetime() as moment:
            return in_utc(moment)
        case Who(name=name):
            return clip(clean(name), min(limit, NAME_LIMIT))
        case Where(place=place):
            return place_name(place)
        case Link(label=label):
            return clip(clean(label), min(limit, NAME_LIMIT))
        case _:
            assert_never(span.value)


def href(url: str) -> str | None:
    """The address as Slack takes it for a link or a button, or `None` where it is not of the web or too long."""
    address = "".join(_QUOTED.get(sign, sign) for sign in web_address(url) or "")
    return address if 0 < len(address) <= URL_LIMIT else None


def in_utc(moment: datetime) -> str:
    """`Sat 21 Nov 2026, 22:30 UTC`: for where the reader's zone is not known."""
    there = moment.astimezone(UTC)
    return f"{there:%a} {there.day} {there:%b %Y, %H:%M} UTC"


def place_name(place: Place) -> str:
    """What a place is called where it can't be linked to."""
    if place.kind is PlaceKind.DM:
        return DIRECT
    return clip(f"#{clean(place.id).removeprefix('#')}", NAME_LIMIT)


def _account(who: Who, workspace: str) -> str | None:
    """The account by which somebody can be mentioned in a workspace."""
    here = (one for one in who.accounts if (one.platform, one.workspace) == (PLATFORM, workspace))
    return next((one.id for one in here if _ACCOUNT.fullmatch(one.id)), None)


def _is_channel(place: Place) -> bool:
    return place.platform == PLATFORM and place.kind is PlaceKind.CHANNEL and bool(_CHANNEL.fullmatch(place.id))
