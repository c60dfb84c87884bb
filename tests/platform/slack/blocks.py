"""Small blocks, elements and payloads, right as they are, for tests to plant faults in."""

from __future__ import annotations

from typing import Any

Block = dict[str, Any]
"""A block, an element, a text object or a whole payload, as it travels."""


def plain(text: str) -> Block:
    """Words that are shown as they stand."""
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str, **more: Any) -> Block:
    """Words that Slack parses."""
    return {"type": "mrkdwn", "text": text, **more}


def option(label: str = "One", value: str = "1") -> Block:
    """Something to choose."""
    return {"text": plain(label), "value": value}


def button(action_id: str = "press:1", **more: Any) -> Block:
    """A button `Undo`."""
    return {"type": "button", "text": plain("Undo"), "action_id": action_id, **more}


def actions(*elements: Any, **more: Any) -> Block:
    """Things to press."""
    return {"type": "actions", "elements": list(elements), **more}


def rich(*leaves: Any) -> Block:
    """One paragraph of rich text."""
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(leaves)}]}


def words(text: str) -> Block:
    """A literal part of a paragraph."""
    return {"type": "text", "text": text}


def table(*rows: list[Any], **more: Any) -> Block:
    """A table of cells."""
    return {"type": "table", "rows": list(rows), **more}


def cell(text: str) -> Block:
    """A cell of literal words."""
    return {"type": "raw_text", "text": text}


def asking(element: Block, **more: Any) -> Block:
    """An input `Who` with an element."""
    return {"type": "input", "block_id": "who", "label": plain("Who"), "element": element, **more}


def typing(**more: Any) -> Block:
    """An element to type into."""
    return {"type": "plain_text_input", "action_id": "who", **more}


def picking(kind: str = "external_select", **more: Any) -> Block:
    """An element to choose from; without more, an external select."""
    return {"type": kind, "action_id": "who", **more}


def section(text: Any, **more: Any) -> Block:
    """A section with a text object."""
    return {"type": "section", "text": text, **more}


def message(*blocks: Any, **more: Any) -> Block:
    """A message with these blocks."""
    return {"channel": "C01", "text": "Hi", "blocks": list(blocks), **more}


def modal(*blocks: Any, **more: Any) -> Block:
    """A modal `Log` with these blocks."""
    return {"type": "modal", "title": plain("Log"), "submit": plain("Save"), "blocks": list(blocks), **more}
