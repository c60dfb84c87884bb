"""Other people's words made safe to show: they can't move a cursor, colour, reorder, hide or pose as a line of ours."""

from __future__ import annotations

import re

from wcwidth import iter_graphemes

LINE_MARK = " ⏎ "
"""Stands where somebody's text had a line break: a value that can't begin a line can't pose as an answer of ours."""

GRAPHEME_LIMIT = 16  # the longest emoji in use has 10 code points; stacked accents beyond this climb over other lines

_CSI = re.compile(r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]")
_BREAK = re.compile(r"\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
_BREAKS = re.compile(r"[ \t]*(?:\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029])[\s]*")
_GAPS = re.compile(r"\n(?:[^\S\n]*\n){2,}")
# C0 and C1, embeddings, overrides and isolates, interlinear annotation. The marks LRM, RLM and ALM stay: they are how
# people write mixed text rightly, and reach no further than their own place.
_UNSEEN = re.compile(r"[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")


def clean(text: str) -> str:
    """The text on one line, without control characters; line breaks inside become `⏎`, those around it nothing."""
    if text.isprintable():  # nothing in it that would have to go
        return _tamed(text.strip())
    text = _BREAKS.sub(LINE_MARK, _seen(text).strip()).replace("\t", " ")
    return _tamed(text)


def clean_lines(text: str) -> str:
    """The text without control characters on as many lines as it has, and no more than one of them empty in a row.

    A tab is a space: how wide one is drawn is nobody's to tell.
    """
    if text.isprintable():
        return _tamed(text)
    return _tamed(_GAPS.sub("\n\n", sendable(text).replace("\t", " ")))


def sendable(text: str) -> str:
    """The text without what can't be seen, and nothing else changed but that every line break is one character."""
    return _BREAK.sub("\n", _seen(text))


def web_address(url: str) -> str | None:
    """The address if it is one of the web that can be shown whole, else `None`."""
    if re.match(r"https?://[^\s]+\Z", url, re.IGNORECASE) and clean(url) == url:
        return url
    return None


def _seen(text: str) -> str:
    return _SURROGATES.sub("\ufffd", _UNSEEN.sub("", _CSI.sub("", text)))


def _tamed(text: str) -> str:
    return text if text.isascii() else "".join(_tame(grapheme) for grapheme in iter_graphemes(text))


def _tame(grapheme: str) -> str:
    if len(grapheme) <= GRAPHEME_LIMIT:
        return grapheme
    if "\u200d" in grapheme:
        return "".join(_tame(part) for part in iter_graphemes(grapheme.replace("\u200d", "")))
    return grapheme[:GRAPHEME_LIMIT] + "…"
