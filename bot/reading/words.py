"""What people typed, made safe to keep: one form of every letter, and nothing that a reader could not see."""

from __future__ import annotations

import re
import unicodedata

from bot.errors import NotUnderstood, TooLong
from bot.model import NAME_LIMIT, NOTE_LIMIT, TAG_LIMIT, Handle

# Overrides and isolates of writing direction: they make a line show other words than it holds.
_INVISIBLE = {
    *"\u200b\u200e\u200f\u2028\u2029\ufeff\u061c",
    *map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))),
}
_SPACE = re.compile(r"[^\S\n]+")
_HANDLE = re.compile(r"([a-z][a-z0-9_+-]{1,19}):@?([^\s:@,;/]{1,100})")


def clean(text: str) -> str:
    """The text as it will be kept and shown: composed (NFC), without control characters and surplus white space.

    Line breaks stay; the joiners of emoji and of some scripts stay too.
    """
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    visible = "".join(letter if _is_visible(letter) else " " if letter == "\t" else "" for letter in composed)
    lines = (_SPACE.sub(" ", line).strip() for line in visible.split("\n"))
    return "\n".join(lines).strip()


def clean_line(text: str) -> str:
    """The text on one line, as it will be kept and shown."""
    return clean(text).replace("\n", " ")


def _is_visible(letter: str) -> bool:
    return letter == "\n" or (letter not in _INVISIBLE and unicodedata.category(letter) not in {"Cc", "Cs", "Co", "Cn"})


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


def read_tags(text: str) -> tuple[str, ...]:
    """Tags with spaces or commas between, `#` or not, in lower case, each once, in the order given."""
    words = (word.strip("#").casefold() for word in re.split(r"[\s,;]+", clean_line(text)))
    return tuple(dict.fromkeys(within(word, TAG_LIMIT, "tag") for word in words if word))


def read_handles(text: str) -> tuple[Handle, ...]:
    """Handles as `instagram:jess.cooks`, several with spaces or commas between.

    Raises NotUnderstood for anything else.
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
    return tuple(dict.fromkeys(found))


def _named(argument: str) -> str:
    return f"“{argument.replace('_', ' ')}”"
