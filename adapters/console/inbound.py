"""A typed line → what it means. Pure: whether it can be done is the session's question."""

from __future__ import annotations

import re
from dataclasses import dataclass

from adapters.console import words


@dataclass(frozen=True, slots=True)
class Nothing:
    """An empty line."""


@dataclass(frozen=True, slots=True)
class Call:
    """A verb and what was typed behind it; the bare command asks for help."""

    verb: str
    rest: str


@dataclass(frozen=True, slots=True)
class Say:
    """Words without a command."""

    text: str


@dataclass(frozen=True, slots=True)
class Pick:
    """A number, perhaps with the option chosen: `3`, `3b`, `3 2 weeks`. `text` is the line, should it be a sentence."""

    number: int
    choice: str
    text: str


@dataclass(frozen=True, slots=True)
class PickLabel:
    """A button by what stands on it: `[Undo]`."""

    label: str


@dataclass(frozen=True, slots=True)
class SpeakAs:
    """From now on somebody else types."""

    name: str
    admin: bool


@dataclass(frozen=True, slots=True)
class GoTo:
    """From now on things are typed in a channel, or in a DM (`None`)."""

    channel: str | None


@dataclass(frozen=True, slots=True)
class OpenSample:
    """The throwaway store, please."""


@dataclass(frozen=True, slots=True)
class Later:
    """Moves the sample's clock."""

    words: str


@dataclass(frozen=True, slots=True)
class Fill:
    """Answers to the open form, by name or label."""

    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Help:
    """What can be typed here."""


@dataclass(frozen=True, slots=True)
class Quit:
    """Leaves."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """A console word that can't be read, and the sentence that says how it goes."""

    sentence: str


Heard = Nothing | Call | Say | Pick | PickLabel | SpeakAs | GoTo | OpenSample | Later | Fill | Help | Quit | Unclear

_SLASH = re.compile(r"/(?:rapport\b\s*)?(\S*)\s*(.*)\Z", re.IGNORECASE | re.DOTALL)
_CONSOLE_WORD = re.compile(r":([a-z]+)(?:\s+(.*))?\Z", re.IGNORECASE | re.DOTALL)
_NUMBER = re.compile(r"\[?(\d{1,6})([a-z]?)\]?\Z", re.IGNORECASE)
_NUMBER_AND_WORDS = re.compile(r"\[?(\d{1,6})\]?\s+(\S.*)\Z", re.DOTALL)
_LABEL = re.compile(r"\[([^\[\]]+)\]\Z")
_BAR = re.compile(r"(?<!\\)\|")


def read_line(text: str) -> Heard:
    """What a line means; a file's byte order mark and lone surrogates are taken out first."""
    line = re.sub(r"[\ud800-\udfff]", "\ufffd", text.lstrip("\ufeff")).strip()
    if not line:
        return Nothing()
    if match := _CONSOLE_WORD.match(line):
        return _console_word(match[1].lower(), (match[2] or "").strip())
    if line.startswith("/") and (match := _SLASH.match(line)):
        return Call(match[1].lower() or "help", match[2].strip())
    if match := _NUMBER.match(line):
        return Pick(int(match[1]), match[2].lower(), line)
    if match := _NUMBER_AND_WORDS.match(line):
        return Pick(int(match[1]), match[2].strip(), line)
    if match := _LABEL.match(line):
        return PickLabel(match[1].strip())
    return Say(line)


def _console_word(word: str, rest: str) -> Heard:
    match word:
        case "as":
            return _speak_as(rest)
        case "in":
            return GoTo(rest.lstrip("#").lower()) if re.fullmatch(r"#?[\w.-]+", rest) else Unclear(words.IN_USAGE)
        case "dm":
            return GoTo(None)
        case "sample":
            return OpenSample()
        case "later":
            return Later(rest) if rest else Unclear(words.LATER_USAGE)
        case "fill":
            return _fill(rest)
        case "help":
            return Help()
        case "quit" | "exit":
            return Quit()
        case _:
            return Unclear(words.unknown_word(word))


def _speak_as(rest: str) -> Heard:
    names = rest.lstrip("@").split()
    admin = len(names) > 1 and names[-1].lower() == "admin"
    if admin:
        names.pop()
    return SpeakAs(" ".join(names), admin) if names else Unclear(words.AS_USAGE)


def _fill(rest: str) -> Heard:
    """`name=value | name=value`; a bar that belongs to a value has a backslash before it."""
    values = []
    for part in _BAR.split(rest) if rest else ():
        name, equals, value = part.partition("=")
        if not equals or not name.strip():
            return Unclear(words.FILL_USAGE)
        values.append((name.strip(), value.strip().replace("\\|", "|")))
    return Fill(tuple(values))
