"""What people typed, made safe to keep: one form of every letter, and nothing that a reader could not see."""

from __future__ import annotations

import re
import unicodedata
from typing import TypeVar

from bot.errors import NotUnderstood, TooLong
from bot.model import HANDLES, NAME_LIMIT, NOTE_LIMIT, TAG_LIMIT, TAGS, Handle

# What controls, reorders or hides, and is seen by nobody. Joiners and tags stay: emoji and some scripts need them.
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_JOINS = {"\u200c", "\u200d", *map(chr, range(0xE0020, 0xE0080))}
_BLANK = _JOINS | {"\u115f", "\u1160", "\u2800", "\u3164", "\uffa0", "\u034f", *map(chr, range(0xFE00, 0xFE10))}
T = TypeVar("T")

_BREAK = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_SPACE = re.compile(r"[^\S\n]+")
_HANDLE = re.compile(r"([a-z][a-z0-9_+-]{0,19}):@?([^\s:@,;/]{1,100})")


def clean(text: str) -> str:
    """The text as it will be kept and shown: composed (NFC), without control characters and surplus white space.

    Line breaks stay; the joiners of emoji and of some scripts stay too, unless there is nothing to join.
    """
    if text.isascii() and text.isprintable():  # what most people type most of the time
        return " ".join(text.split())
    broken = _BREAK.sub("\n", text)
    visible = "".join(letter if _is_kept(letter) else " " if letter == "\t" else "" for letter in broken)
    # Composed last: what is taken out may have stood between a letter and its accent.
    lines = (_SPACE.sub(" ", line).strip() for line in unicodedata.normalize("NFC", visible).split("\n"))
    kept = "\n".join(lines).strip()
    return "" if all(letter.isspace() or letter in _BLANK for letter in kept) else kept


def sound(text: str) -> str:
    """The text as a store can write it: halves of a pair of code units are joined, and stray ones replaced."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def clean_line(text: str) -> str:
    """The text on one line, as it will be kept and shown."""
    return " ".join(clean(text).split())


def _is_kept(letter: str) -> bool:
    return letter == "\n" or letter in _JOINS or unicodedata.category(letter) not in _HIDDEN


def within(text: str, limit: int, argument: str) -> str:
    """The text itself; TooLong, with both numbers, where it is over the limit. Nothing is cut off."""
    if len(text) > limit:
        raise TooLong(
            f"That is {len(text):,} characters; {_named(argument)} holds {limit:,} at most. Shorten it and send again.",
            argument,
        )
    return text


def read_words(text: str, argument: str) -> str:
    """A text of any length up to 3,000 characters."""
    return within(clean(text), NOTE_LIMIT, argument)


def read_line(text: str, argument: str) -> str:
    """A line of up to 200 characters."""
    return within(clean_line(text), NAME_LIMIT, argument)


def read_tags(text: str, argument: str = "tag") -> tuple[str, ...]:
    """Tags with spaces or commas between, `#` or not, in lower case, each once, in the order given.

    Raises TooLong for one of over 50 characters and for over 50 of them.
    """
    words = (clean(word.strip("#").casefold()) for word in re.split(r"[\s,;]+", clean_line(text)))
    return few(tuple(dict.fromkeys(within(word, TAG_LIMIT, argument) for word in words if word)), TAGS, argument)


def few(found: tuple[T, ...], limit: int, argument: str) -> tuple[T, ...]:
    """The things themselves; TooLong, with both numbers, where there are more than the limit."""
    if len(found) > limit:
        raise TooLong(f"Those are {len(found):,}; {_named(argument)} holds {limit} at most.", argument)
    return found


def read_handles(text: str) -> tuple[Handle, ...]:
    """Handles as `instagram:jess.cooks`, several with spaces or commas between.

    Raises NotUnderstood for anything else, and TooLong for over 20 of them.
    """
    found = []
    for word in re.split(r"[\s,;]+", clean_line(text)):
        if not word:
            continue
        match = _HANDLE.fullmatch(word.casefold())
        if match is None:
            raise NotUnderstood(
                f"“{word[:60]}” is not a handle. Write the network and the user name, as in “instagram:jess.cooks”.",
                "handles",
            )
        found.append(Handle(match[1], match[2]))
    return few(tuple(dict.fromkeys(found)), HANDLES, "handles")


def read_link(typed: str | None, argument: str = "link") -> str | None:
    """An address on the web as it was typed, `None` for nothing; NotUnderstood for anything else."""
    if typed and not typed.startswith(("https://", "http://")):
        raise NotUnderstood("A link begins with https:// or http://.", argument)
    return typed or None


def _named(argument: str) -> str:
    return f"“{argument.replace('_', ' ')}”"
