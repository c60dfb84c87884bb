"""What simple emulators of Slack can't draw → what they can, and back what they leave out. Pure.

They draw sections, buttons, static selects, date pickers and inputs to type into. Rapport's words are rich text, people
are looked up as they are typed, and lists are tables: those are said here in plainer blocks. What an emulator draws is
passed on as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from tests.platform.slack.reading import Reader, read_date

Payload = dict[str, Any]

SECTION_LIMIT = 3_000
"""Characters of a section's text."""
OPTION_LIMIT = 100
"""Options of a static select."""

WORD_JOINER = "\u2060"
_CHUNK = 1_000  # characters of one run of text: neutralising may make three out of one
_TWINS = str.maketrans({"*": "∗", "~": "∼", "`": "ˋ", "<": "‹", ">": "›", "&": f"&{WORD_JOINER}"})
_OPENING = re.compile(r"(?<!\w)_|:(?=//|[\w+'-]+:)")
_BOLD_LINE = re.compile(r"(?m)^([^\S\n]*)(\S(?:.*\S)?)")


def plainer(payload: Mapping[str, Any], reader: Reader, offered: Mapping[str, Sequence[Payload]]) -> Payload:
    """A message, a view, or whatever holds one of them, with its blocks in a form that is drawn.

    `reader` says in which zone dates are written; `offered` are the options of external selects, by action_id.
    """
    drawn = dict(payload)
    if isinstance(drawn.get("blocks"), list):
        drawn["blocks"] = [one for block in drawn["blocks"] for one in _blocks(block, reader, offered)]
    if isinstance(drawn.get("view"), Mapping):
        drawn["view"] = plainer(drawn["view"], reader, offered)
    return drawn


def looked_up(payload: Mapping[str, Any]) -> tuple[Payload, ...]:
    """The input blocks of a view whose one answer is looked up elsewhere, also before anything is typed."""
    view = payload.get("view")
    blocks = view.get("blocks") or () if isinstance(view, Mapping) else ()
    inputs = [block for block in blocks if block.get("type") == "input"]
    return tuple(block for block in inputs if block["element"]["type"] == "external_select")


def completed(payload: Mapping[str, Any]) -> Payload:
    """What an emulator sends to the bot, with what Slack would say too.

    An input that nobody touched holds what it was drawn with; what is pressed at Home stands in a view and in no
    channel; and a message that only one person sees says so.
    """
    whole = dict(payload)
    match payload.get("type"):
        case "view_submission":
            whole["view"] = _filled(payload["view"])
        case "block_actions" if not payload.get("message") and not payload.get("view"):
            whole["view"] = {"type": "home", "id": "VHOME", "blocks": []}
            whole["container"] = {"type": "view", "view_id": "VHOME"}
            for absent in ("channel", "message", "response_url"):
                whole.pop(absent, None)
        case "block_actions" if (payload.get("message") or {}).get("subtype") == "ephemeral":
            whole["container"] = {**payload["container"], "is_ephemeral": True}
    return whole


def literal(text: str) -> str:
    """The words as mrkdwn that shows them as they are: marks, mentions, links and emoji do nothing.

    Nothing is escaped, for not every emulator undoes that: the marks give way to their likes.
    """
    calm = text.translate(_TWINS)
    return _OPENING.sub(lambda mark: WORD_JOINER + mark[0] if mark[0] == "_" else mark[0] + WORD_JOINER, calm)


def _blocks(block: Payload, reader: Reader, offered: Mapping[str, Sequence[Payload]]) -> Iterator[Payload]:
    match block.get("type"):
        case "rich_text":
            lines = ([*_rich(element, reader), "\n"] for element in block["elements"])
            yield from _sections((piece for line in lines for piece in line), block.get("block_id"))
        case "table":
            yield from _sections(_rows(block["rows"], reader), block.get("block_id"))
        case "input":
            yield {**block, "element": _element(block["element"], offered)}
        case "actions":
            yield {**block, "elements": [_element(one, offered) for one in block["elements"]]}
        case _:
            yield block


def _sections(pieces: Iterable[str], id: str | None) -> Iterator[Payload]:
    """Sections of mrkdwn that hold the pieces, the first one under the id of what they stand for."""
    text, named = "", {"block_id": id} if id else {}
    for piece in pieces:
        if len(text) + len(piece) > SECTION_LIMIT:
            yield _section(text, named)
            text, named = "", {}
        text += piece
    if text.strip("\n") or named:
        yield _section(text, named)


def _section(text: str, named: Mapping[str, str]) -> Payload:
    return {"type": "section", **named, "text": {"type": "mrkdwn", "text": text.strip("\n") or "–"}}


def _rich(element: Mapping[str, Any], reader: Reader, *, bold: bool = False) -> Iterator[str]:
    """A paragraph of rich text; a list has a bullet before each of its items."""
    if element["type"] == "rich_text_list":
        for item in element["elements"]:
            yield "\n• "
            yield from _rich(item, reader, bold=bold)
        return
    for leaf in element["elements"]:
        is_bold = bold or bool((leaf.get("style") or {}).get("bold"))
        for piece in _leaf(leaf, reader):
            yield _bold(piece) if is_bold else piece


def _leaf(leaf: Mapping[str, Any], reader: Reader) -> Iterator[str]:
    match leaf["type"]:
        case "text":
            text = leaf["text"]
            yield from (literal(text[start : start + _CHUNK]) for start in range(0, len(text), _CHUNK))
        case "user":
            yield f"<@{leaf['user_id']}>"
        case "channel":
            yield f"<#{leaf['channel_id']}>"
        case "link":
            yield f"<{leaf['url']}|{literal(leaf.get('text') or leaf['url'])}>"
        case "date":
            yield read_date(leaf["timestamp"], leaf["format"], reader)
        case "emoji":
            yield f":{leaf['name']}:"
        case kind:
            yield f"[{kind}]"


def _bold(text: str) -> str:
    """The same in bold: a mark holds for one line, and not for the space around the words."""
    return _BOLD_LINE.sub(r"\1*\2*", text)


def _rows(rows: Sequence[Sequence[Payload]], reader: Reader) -> Iterator[str]:
    """A line for each row: its first cell in bold, the others behind the heads of their columns."""
    heads, *others = rows
    for row in others or [heads]:
        for number, cell in enumerate(row):
            head = "".join(_cell(heads[number], reader)) if number < len(heads) and others else ""
            if number:
                yield (" — " if number == 1 else " · ") + (f"{head.strip()}: " if head else "")
            yield from _cell(cell, reader, bold=number == 0)
        yield "\n"


def _cell(cell: Payload, reader: Reader, *, bold: bool = False) -> Iterator[str]:
    """A cell in words; the heads' own bold is left out, for it would not differ from that of the first column."""
    if cell["type"] != "rich_text":
        said = literal(str(cell.get("text", cell.get("value", ""))))
        yield _bold(said) if bold else said
        return
    for element in cell["elements"]:
        bare = [{name: what for name, what in leaf.items() if name != "style"} for leaf in element["elements"]]
        yield from _rich({**element, "elements": bare}, reader, bold=bold)


def _element(element: Payload, offered: Mapping[str, Sequence[Payload]]) -> Payload:
    """An element that is drawn, in place of one that looks its options up or holds several."""
    match element["type"]:
        case "external_select":
            initial = element.get("initial_option")
            found = [one for one in offered.get(element["action_id"], ()) if initial != one]
            options = [*([initial] if initial else []), *found][:OPTION_LIMIT]
            if not options:
                return _typed(element, "")
            kept = _kept(element, "action_id", "placeholder", "initial_option")
            return _shown({"type": "static_select", "options": options, **kept})
        case "static_select":
            return _shown(element)
        case "multi_external_select":
            return _typed(element, ", ".join(one["text"]["text"] for one in element.get("initial_options") or ()))
        case "conversations_select":
            return _typed(element, f"#{there}" if (there := element.get("initial_conversation")) else "")
    return element


def _typed(element: Payload, value: str) -> Payload:
    """An input to type into, in place of one to choose in."""
    kept = _kept(element, "action_id", "placeholder")
    return {"type": "plain_text_input", **kept, **({"initial_value": value} if value else {})}


def _kept(element: Payload, *names: str) -> Payload:
    return {name: element[name] for name in names if name in element}


def _shown(select: Payload) -> Payload:
    """A select whose placeholder is what is chosen in it: emulators show the one and not the other."""
    initial = select.get("initial_option")
    return {**select, "placeholder": initial["text"]} if initial else select


def _filled(view: Mapping[str, Any]) -> Payload:
    """A sent form in which what was not touched holds its initial value.

    An emulator says null of those; whoever emptied one sends an empty string. Of checkboxes nobody can tell.
    """
    values = {block: dict(states) for block, states in ((view.get("state") or {}).get("values") or {}).items()}
    for block in view.get("blocks") or ():
        element = block.get("element") or {}
        state = values.get(block.get("block_id"), {}).get(element.get("action_id"))
        for initial, holds in _HOLDS.items():
            if state is not None and initial in element and state.get(holds) is None:
                values[block["block_id"]][element["action_id"]] = {**state, holds: element[initial]}
    return {**view, "state": {"values": values}}


_HOLDS = {"initial_value": "value", "initial_date": "selected_date", "initial_option": "selected_option"}
"""Where the state of an element holds what it was drawn with."""
