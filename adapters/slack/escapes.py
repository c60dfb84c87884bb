"""Slack's escapes undone: the words of a message as somebody typed them, and whom and what they mention."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_MARK = re.compile(r"<([^<>\n]+)>")
"""What Slack put in angle brackets; the ones that somebody typed are `&lt;` and `&gt;`."""

_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^<>\n]*)?>")
_PLACE = re.compile(r"(?<![\w#])#([CDG][A-Z0-9]+)\b")
_SCHEME = re.compile(r"(?:https?://|mailto:|tel:)", re.IGNORECASE)


def plain(text: str, emoji: Mapping[str, str] | None = None, names: Mapping[str, str] | None = None) -> str:
    """What was typed, letter by letter; members and channels stand as `@` and `#` with their id.

    A link is its address, or what was typed where Slack alone made a link of it. `emoji` are signs by name, see
    `emoji_in`, for Slack turns those into words. `names` are those of members by id, where people are to read it.
    """
    text = _MARK.sub(lambda match: _unmarked(match[1], names or {}), text)
    if emoji:
        named = re.compile("|".join(re.escape(f":{name}:") for name in sorted(emoji, key=len, reverse=True)))
        text = named.sub(lambda match: emoji[match[0][1:-1]], text)
    # The ampersand last: "&amp;lt;" is what somebody typed as "&lt;".
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def mentioned(text: str) -> tuple[str, ...]:
    """The ids of the members whom a text of Slack's mentions, each once, in order."""
    return tuple(dict.fromkeys(_MENTION.findall(text)))


def places_named(text: str) -> tuple[str, ...]:
    """The ids of the channels that a text names, each once, in order: as Slack writes them, or plain as `#C…`."""
    return tuple(dict.fromkeys(_PLACE.findall(text)))


def without(text: str, account: str | None) -> str:
    """A text of Slack's without the mentions of one account, which is whom it was said to, not what was said.

    Where the account is not known it is whoever the text begins with.
    """
    id = re.escape(account) if account else "[UW][A-Z0-9]+"
    text, addressed = re.subn(rf"\A\s*<@{id}(?:\|[^<>\n]*)?>[\s,:]*", "", text)
    if account:
        text, among = re.subn(rf"[ \t]*<@{id}(?:\|[^<>\n]*)?>", "", text)
        addressed += among
    return text.strip() if addressed else text


def emoji_in(blocks: Any) -> dict[str, str]:
    """The signs of the emoji that a message's blocks hold, by the name under which its text has them."""
    return dict(_emoji_in(blocks))


def _emoji_in(blocks: Any) -> Iterator[tuple[str, str]]:
    """Looks through rich text, lists and quotes included, as deep as they are nested."""
    waiting: list[Any] = list(blocks) if isinstance(blocks, Sequence) and not isinstance(blocks, str) else []
    while waiting:
        element = waiting.pop()
        if not isinstance(element, Mapping):
            continue
        name, code = element.get("name"), element.get("unicode")
        if element.get("type") == "emoji" and isinstance(name, str) and isinstance(code, str):
            tone = element.get("skin_tone")
            sign = _from_code(code)
            if sign:
                yield (f"{name}::skin-tone-{tone}" if isinstance(tone, int) else name), sign
        inner = element.get("elements")
        waiting += inner if isinstance(inner, list) else []


def _from_code(code: str) -> str:
    """`1f44d-1f3fb` as the sign it stands for; nothing where it is not such a code."""
    try:
        sign = "".join(chr(int(part, 16)) for part in code.split("-"))
        sign.encode()
    except (ValueError, OverflowError):
        return ""
    return sign


def _unmarked(inside: str, names: Mapping[str, str]) -> str:
    """What stood where Slack now has `<inside>`."""
    target, bar, label = inside.partition("|")
    match target[:1]:
        case "@" | "#":
            return f"{target[0]}{names.get(target[1:], target[1:])}"
        case "!":
            return _special(target[1:], label)
        case _ if not bar:
            return target.removeprefix("mailto:").removeprefix("tel:")
    bare = _SCHEME.sub("", target, count=1)
    if target.startswith(("mailto:", "tel:")):
        return label or bare
    # Slack links "jess.me" by itself, which may well be a handle: then the label is what was typed.
    return label if bare.rstrip("/").casefold() == label.rstrip("/").casefold() else target


def _special(target: str, label: str) -> str:
    """`here`, `channel` and `everyone`, a group, or a date with its fallback."""
    kind, _, rest = target.partition("^")
    if kind == "date":
        return label
    named = label or rest.partition("^")[0] or kind
    return named if named.startswith("@") else f"@{named}"
