"""How a person reads what was sent to Slack: blocks → paragraphs in plain words, and what can be pressed below them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.platform.slack.checks_words import TOKEN
from tests.story.stage import Part


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: what an account or a channel is called there, in which zone, and when.

    `moment` words an instant where Slack's own wording (`yesterday at 2:03 PM`) is not wanted.
    """

    names: Callable[[str], str]
    zone: ZoneInfo
    now: datetime
    moment: Callable[[datetime], str] | None = None


@dataclass(frozen=True, slots=True)
class Pressable:
    """Something that can be pressed or chosen from: where it stands, and the option if it is one of a menu."""

    label: str
    block: Mapping[str, Any]
    element: Mapping[str, Any]
    option: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph with what can be pressed right below it."""

    words: str
    pressables: tuple[Pressable, ...] = ()


def read(payload: Mapping[str, Any], reader: Reader) -> tuple[Part, ...]:
    """A message or a view as its reader sees it: the blocks, or the text where there are none."""
    return tuple(Part(each.words, tuple(one.label for one in each.pressables)) for each in paragraphs(payload, reader))


def paragraphs(payload: Mapping[str, Any], reader: Reader) -> tuple[Paragraph, ...]:
    """The same with the elements behind the labels; a menu's options count as buttons."""
    if not payload.get("blocks"):
        return (Paragraph(read_parsed(payload["text"], reader)),) if payload.get("text") else ()
    found: list[Paragraph] = []
    for block in payload["blocks"]:
        pressables = tuple(_pressables(block))
        found += [Paragraph(words) for words in _words(block, reader)]
        if pressables:
            above = found.pop() if found and not found[-1].pressables else Paragraph("")
            found.append(Paragraph(above.words, pressables))
    return tuple(found)


def find(payload: Mapping[str, Any], label: str, reader: Reader, beside: str = "") -> Pressable:
    """What has this label, or else the first that begins with it; `beside` picks a paragraph by how it begins.

    LookupError where there is none.
    """
    here = [each for each in paragraphs(payload, reader) if each.words.startswith(beside)]
    offered = [one for each in here for one in each.pressables]
    for fits in (str.__eq__, str.startswith):
        for one in offered:
            if fits(one.label, label):
                return one
    raise LookupError(f"no [{label}] beside {beside!r}, only {[one.label for one in offered]}")


def read_parsed(text: str, reader: Reader) -> str:
    """Parsed text (`text`, mrkdwn): tokens by name, escapes undone, marks gone."""
    plain = TOKEN.sub(lambda token: _read_token(token[1], reader), text)
    plain = re.sub(r"(?<!\w)([*_~`])(?=\S)([^\n]*?)(?<=\S)\1(?!\w)", r"\2", plain)
    return plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _read_token(inner: str, reader: Reader) -> str:
    address, _, label = inner.partition("|")
    match inner[:1]:
        case "@" | "#":
            return reader.names(address[1:])
        case "!":
            kind, *parts = address[1:].split("^")
            return read_date(int(parts[0]), parts[1], reader) if kind == "date" else f"@{kind}"
    return label or address


def read_date(timestamp: int, pattern: str, reader: Reader) -> str:
    """An instant by one of Slack's formats, in English with a 24-hour clock, where and when the reader is."""
    moment = datetime.fromtimestamp(timestamp, UTC).astimezone(reader.zone)
    if reader.moment is not None:
        return reader.moment(moment)
    return re.sub(r"\{(\w+)\}", lambda token: _read_date_token(token[1], moment, reader), pattern)


def _read_date_token(token: str, moment: datetime, reader: Reader) -> str:
    today = reader.now.astimezone(reader.zone).date()
    near = {today - timedelta(1): "yesterday", today: "today", today + timedelta(1): "tomorrow"}
    if token.endswith("_pretty") and moment.date() in near:
        return near[moment.date()]
    match token.removesuffix("_pretty"):
        case "date_num":
            return f"{moment:%Y-%m-%d}"
        case "date_slash":
            return f"{moment:%d/%m/%Y}"
        case "date_short":
            return f"{moment:%b} {moment.day}, {moment.year}"
        case "date_long" | "day_divider":
            return f"{moment:%A, %B} {moment.day}, {moment.year}"
        case "date_long_full":
            return f"{moment:%B} {moment.day}, {moment.year}"
        case "date":
            return f"{moment:%B} {moment.day}"
        case "time":
            return f"{moment:%H:%M}"
        case "time_secs":
            return f"{moment:%H:%M:%S}"
    raise ValueError(f"{{{token}}} is not a token of Slack's")


def _words(block: Mapping[str, Any], reader: Reader) -> Iterator[str]:
    """The paragraphs of a block."""
    match block["type"]:
        case "rich_text":
            for paragraph in block["elements"]:
                yield from _read_rich(paragraph, reader)
        case "section":
            yield from (_text(text, reader) for text in (block.get("text"), *block.get("fields", ())) if text)
        case "header" | "alert":
            yield _text(block["text"], reader)
        case "context":
            yield " ".join(
                one["alt_text"] if one["type"] == "image" else _text(one, reader) for one in block["elements"]
            )
        case "table":
            for row in block["rows"]:
                yield " | ".join(_cell(cell, reader) for cell in row)
        case "image":
            yield block["alt_text"]
        case "input":
            yield "\n".join(_text(block[name], reader) for name in ("label", "hint") if name in block)


def _text(text: Mapping[str, Any], reader: Reader) -> str:
    return read_parsed(text["text"], reader) if text["type"] == "mrkdwn" else str(text["text"])


def _cell(cell: Mapping[str, Any], reader: Reader) -> str:
    if cell["type"] == "rich_text":
        return "\n".join(words for paragraph in cell["elements"] for words in _read_rich(paragraph, reader))
    return str(cell.get("text", cell.get("value", "")))


def _read_rich(paragraph: Mapping[str, Any], reader: Reader) -> Iterator[str]:
    if paragraph["type"] == "rich_text_list":
        for item in paragraph["elements"]:
            yield from _read_rich(item, reader)
    else:
        yield "".join(_leaf(leaf, reader) for leaf in paragraph["elements"])


def _leaf(leaf: Mapping[str, Any], reader: Reader) -> str:
    match leaf["type"]:
        case "text":
            return str(leaf["text"])
        case "link":
            return str(leaf.get("text") or leaf["url"])
        case "user" | "channel" as kind:
            return reader.names(leaf[f"{kind}_id"])
        case "date":
            return read_date(leaf["timestamp"], leaf["format"], reader)
        case "emoji":
            return f":{leaf['name']}:"
        case "broadcast":
            return f"@{leaf['range']}"
    return f"[{leaf['type']}]"


def _pressables(block: Mapping[str, Any]) -> Iterator[Pressable]:
    elements: Iterable[Mapping[str, Any]] = ()
    match block["type"]:
        case "actions":
            elements = block["elements"]
        case "section" if "accessory" in block:
            elements = (block["accessory"],)
    for element in elements:
        if element["type"] == "overflow":
            yield from (Pressable(option["text"]["text"], block, element, option) for option in element["options"])
        elif element["type"] != "image":
            label = element.get("text") or element.get("placeholder") or {"text": element["type"]}
            yield Pressable(label["text"], block, element)
