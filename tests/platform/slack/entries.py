"""What stands in the inputs of a view or a message, in the shape in which Slack tells an app (`state.values`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Entry = dict[str, Any]
"""What stands in one input: its type, and `value`, `selected_option` … after its type."""

HELD_IN = {
    "plain_text_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "number_input": "value",
    "static_select": "selected_option",
    "external_select": "selected_option",
    "radio_buttons": "selected_option",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "checkboxes": "selected_options",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "users_select": "selected_user",
    "channels_select": "selected_channel",
    "conversations_select": "selected_conversation",
    "multi_users_select": "selected_users",
    "multi_channels_select": "selected_channels",
    "multi_conversations_select": "selected_conversations",
    "file_input": "files",
}
"""Under which name an entry has what it holds; a list where it may hold several things."""


def holds_several(kind: str) -> bool:
    """Whether an element of this type holds a list."""
    return HELD_IN[kind].endswith("s")


def stateful(blocks: Iterable[Mapping[str, Any]]) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Every element that holds something, with its block."""
    for block in blocks:
        for element in (block.get("element"), block.get("accessory"), *_elements(block)):
            if isinstance(element, Mapping) and element.get("type") in HELD_IN:
                yield block, element


def first_entry(element: Mapping[str, Any]) -> Entry:
    """What an element holds before anybody touches it: what it says as `initial_…`."""
    kind = element["type"]
    name = HELD_IN[kind]
    initial = element.get("initial_value" if name == "value" else name.replace("selected", "initial", 1))
    return {"type": kind, name: _nothing(kind) if initial in (None, "") else initial}


def settled(
    blocks: Iterable[Mapping[str, Any]], state: Mapping[str, Mapping[str, Entry]]
) -> dict[str, dict[str, Entry]]:
    """The state with what untouched inputs hold; what was typed stays."""
    whole: dict[str, dict[str, Entry]] = {}
    for block, element in stateful(blocks):
        block_id, action_id = block["block_id"], element["action_id"]
        known = state.get(block_id, {}).get(action_id)
        fits = known is not None and known.get("type") == element["type"]
        whole.setdefault(block_id, {})[action_id] = known if known is not None and fits else first_entry(element)
    return whole


def held(entry: Entry) -> Any:
    """What an entry holds: a string, an option, a list …, or None."""
    return entry[HELD_IN[entry["type"]]]


def is_empty(entry: Entry) -> bool:
    """Whether somebody left it empty."""
    return held(entry) in (None, "", [])


def inputs_of(view: Mapping[str, Any], state: Mapping[str, Mapping[str, Entry]]) -> dict[str, str]:
    """What the inputs of a form hold, by block id, in words as the core writes them.

    Several things have commas between; a conversation is `#` and its id; options are their values.
    """
    inputs = [(block, element) for block, element in stateful(view["blocks"]) if block["type"] == "input"]
    whole = settled(view["blocks"], state)
    return {block["block_id"]: _in_words(whole[block["block_id"]][element["action_id"]]) for block, element in inputs}


def _in_words(entry: Entry) -> str:
    what = held(entry)
    if what is None:
        return ""
    things = what if isinstance(what, list) else [what]
    return ", ".join(_thing(entry["type"], thing) for thing in things)


def _thing(kind: str, thing: Any) -> str:
    if isinstance(thing, Mapping):
        return str(thing.get("value") or thing.get("name"))
    return f"#{thing}" if kind.endswith(("conversations_select", "channels_select")) else str(thing)


def _nothing(kind: str) -> Any:
    return [] if holds_several(kind) else None


def _elements(block: Mapping[str, Any]) -> Iterable[Any]:
    return block.get("elements", ()) if block.get("type") == "actions" else ()
