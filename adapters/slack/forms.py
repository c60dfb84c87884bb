"""Form → a Slack modal, and what was filled into one → values by name. Pure.

What nobody touches comes back as the Form held it: where Slack's own element could not hold a value exactly, a plain
text input stands in its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from adapters.limits import beginning, clip
from adapters.safe import clean, sendable
from adapters.slack.back import Meta, encode
from adapters.slack.names import FORM
from adapters.slack.render import LABEL_LIMIT, OPTION_LIMIT, PLACEHOLDER_LIMIT, TITLE_LIMIT, fits_option, plain_text
from adapters.slack.rich import EMPTY, block, rich_text, words
from bot.reply import Form, Input, InputKind

TYPED_LIMIT = 3_000
"""Characters of a plain text input."""
SENTENCE_LIMIT = 300
"""Characters of what is said to be wrong with one input."""
HEADER_LIMIT = 150
HINT_LIMIT = 2_000

YES = "yes"
NONE = "(none)"
"""The option that takes a choice back: Slack's selects can't be emptied once something was chosen."""

_WRONG, _CUT = "wrong:", "cut:"  # what the block_ids of our own lines begin with; the inputs' are their names
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_CHANNEL = re.compile(r"#([CG][A-Z0-9]+)")
_PLACEHOLDERS = {
    InputKind.CHOICE: "Choose",
    InputKind.DAY: "Choose a day",
    InputKind.PERSON: "Type a name",
    InputKind.PEOPLE: "Type a name, or several one after the other",
    InputKind.MEMBER: "Choose somebody of the team",
    InputKind.PLACE: "Choose a channel",
}

View = Mapping[str, Any]
Element = dict[str, Any]


def draw_form(form: Form, meta: Meta, known: Mapping[str, str] | None = None) -> dict[str, Any]:
    """A form as a modal with callback_id `form`, whose inputs have their names as block_id and action_id.

    What is wrong stands below the input it is about. `known` are labels of values that were chosen before (see
    `labels`): an id is no name to show to anybody.
    """
    blocks: list[dict[str, Any]] = []
    if form.error:
        blocks.append(_line(_WRONG, f"⚠ {form.error}"))
    if form.about is not None:
        blocks.append(rich_text(form.about, meta.back.workspace))
    for section in form.sections:
        if section.title != form.title:
            blocks.append({"type": "header", "text": plain_text(section.title, HEADER_LIMIT)})
        for field in section.inputs:
            blocks += _input(field, known or {})
    return {
        "type": "modal",
        "callback_id": FORM,
        "title": plain_text(form.title, TITLE_LIMIT),
        "submit": plain_text(form.submit, TITLE_LIMIT),
        "close": plain_text("Cancel", TITLE_LIMIT),
        "blocks": blocks,
        "private_metadata": encode(meta),
    }


def values(view: View) -> tuple[tuple[str, str], ...]:
    """Every input of a sent form by name, with an empty string where it was left empty; files are not among them."""
    return tuple((name, _value(state)) for name, state in _states(view))


def file_ids(view: View) -> tuple[str, ...]:
    """The files that were uploaded into a form, in order."""
    return tuple(str(file["id"]) for _, state in _states(view) for file in state.get("files") or ())


def labels(view: View) -> dict[str, str]:
    """What stands on everything that is chosen in a form, by its value: so that it still does when it is drawn anew."""
    chosen = [option for _, state in _states(view) for option in _chosen(state)]
    return {str(option["value"]): str(option["text"]["text"]) for option in chosen}


def inline_errors(form: Form, view: View) -> dict[str, str] | None:
    """What is wrong with a sent form, by block_id; `None` where the form has to be drawn anew to say it.

    That is so where something is wrong with the whole of it, where it asks for something else than was sent, and where
    what was wrong before would still stand there.
    """
    blocks = view.get("blocks") or ()
    asked = {block.get("block_id") for block in blocks if block.get("type") == "input"}
    is_marked = any(str(block.get("block_id", "")).startswith(_WRONG) for block in blocks)
    errors = {field.name: clip(clean(field.error), SENTENCE_LIMIT) for field in form.inputs if field.error}
    if form.error or is_marked or not errors or asked != {field.name for field in form.inputs}:
        return None
    return errors


def _input(field: Input, known: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """The block of an input, and below it what is wrong with it or missing from it."""
    element = _element(field, known)
    drawn: dict[str, Any] = {
        "type": "input",
        "block_id": field.name,
        "label": plain_text(field.label, HINT_LIMIT),
        "element": {**element, "action_id": field.name},
        # Nobody can be made to tick a box.
        "optional": not field.required or element["type"] == "checkboxes",
    }
    if hint := _hint(field, element):
        drawn["hint"] = plain_text(hint, HINT_LIMIT)
    yield drawn
    if field.error:
        yield _line(f"{_WRONG}{field.name}", f"⚠ {field.error}")
    whole, fits = len(sendable(field.value)), len(element.get("initial_value", ""))
    if element["type"] == "plain_text_input" and fits < whole:
        yield _line(f"{_CUT}{field.name}", f"⚠ Only the first {fits:,} of {whole:,} characters fit here and are sent.")


def _hint(field: Input, element: Element) -> str:
    """The hint without the advice on typing where nothing is typed; nothing where that is the label once more."""
    hint = field.hint if element["type"] == "plain_text_input" else field.hint.partition(";")[0]
    return "" if _letters(hint) == _letters(field.label) else hint


def _letters(words: str) -> str:
    return "".join(filter(str.isalnum, words)).casefold()


def _element(field: Input, known: Mapping[str, str]) -> Element:
    """Slack's element for an input if it can hold what the input holds, else a plain text input."""
    value = field.value
    drawn: Element | None = None
    match field.kind:
        case InputKind.CHOICE:
            drawn = _choice(field)
        case InputKind.DAY if not value or _is_day(value):
            drawn = {"type": "datepicker", **({"initial_date": value} if value else {})}
        case InputKind.PERSON | InputKind.MEMBER:
            drawn = _somebody(value, known)
        case InputKind.PEOPLE:
            drawn = _people(value, known)
        case InputKind.PLACE if not value or _CHANNEL.fullmatch(value):
            drawn = {"type": "conversations_select", "filter": {"include": ["public", "private"]}}
            drawn |= {"initial_conversation": value.removeprefix("#")} if value else {}
        case InputKind.FLAG if value in {"", YES}:
            ticked = _option(YES, "Yes")
            return {"type": "checkboxes", "options": [ticked], **({"initial_options": [ticked]} if value else {})}
        case InputKind.FILE:
            return {"type": "file_input", "max_files": 1}
    if drawn is None:
        return _typed(field)
    return {**drawn, "placeholder": plain_text(_PLACEHOLDERS[field.kind], PLACEHOLDER_LIMIT)}


def _typed(field: Input) -> Element:
    """A plain text input with as much of the value as it holds; too long a value may be shortened in it."""
    value = beginning(sendable(field.value), TYPED_LIMIT)
    limit = field.limit if len(value) <= field.limit else TYPED_LIMIT
    element: Element = {"type": "plain_text_input", "max_length": max(1, min(limit, TYPED_LIMIT))}
    if field.kind is InputKind.LONG_TEXT or "\n" in value:
        element["multiline"] = True
    return {**element, "initial_value": value} if value else element


def _choice(field: Input) -> Element | None:
    offered = {one.value: _option(one.value, one.label) for one in field.options if fits_option(one.value)}
    if field.value and field.value not in offered and fits_option(field.value):
        offered = {field.value: _option(field.value, field.value), **offered}
    if NONE in offered or not offered or (field.value and field.value not in offered):
        return None
    options = list(offered.values())[: OPTION_LIMIT - 1]
    if not field.required:
        options.append(_option(NONE, NONE))
    initial = {"initial_option": offered[field.value]} if field.value else {}
    return {"type": "static_select", "options": options, **initial}


def _somebody(value: str, known: Mapping[str, str]) -> Element | None:
    if value and not fits_option(value):
        return None
    initial = {"initial_option": _option(value, known.get(value, value))} if value else {}
    return {"type": "external_select", "min_query_length": 0, **initial}


def _people(value: str, known: Mapping[str, str]) -> Element | None:
    names = _names(value)
    if len(names) > OPTION_LIMIT or len(names) != len(set(names)) or not all(map(fits_option, names)):
        return None
    chosen = [_option(name, known.get(name, name.strip('"“”') or name)) for name in names]
    initial = {"initial_options": chosen} if chosen else {}
    return {"type": "multi_external_select", "min_query_length": 0, **initial}


def _names(value: str) -> list[str]:
    """The names in a list of people as they are written, quotes and all; joined with `, ` they are the value again."""
    names: list[str] = []
    is_quoted = False
    for part in value.split(", ") if value else ():
        if is_quoted:
            names[-1] += f", {part}"
        else:
            names.append(part)
        is_quoted ^= part.count('"') % 2 == 1
    return names


def _option(value: str, label: str) -> dict[str, Any]:
    return {"text": plain_text(label, LABEL_LIMIT), "value": value}


def _is_day(value: str) -> bool:
    if not _DAY.fullmatch(value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _line(id: str, sentence: str) -> dict[str, Any]:
    return {**block([words(clip(clean(sentence) or EMPTY, SENTENCE_LIMIT))]), "block_id": id}


def _states(view: View) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """What is in every input of a sent form, by its name."""
    filled = (view.get("state") or {}).get("values") or {}
    for drawn in view.get("blocks") or ():
        if drawn.get("type") == "input":
            name = drawn["block_id"]
            yield name, (filled.get(name) or {}).get(drawn["element"]["action_id"]) or {}


def _chosen(state: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The options that are selected in an element, one or several."""
    one = state.get("selected_option")
    return [one] if one else list(state.get("selected_options") or ())


def _value(state: Mapping[str, Any]) -> str:
    """What is in an element, whatever kind it is of."""
    if "selected_option" in state or "selected_options" in state:
        joined = ", ".join(str(option["value"]) for option in _chosen(state))
        return "" if state.get("type") == "static_select" and joined == NONE else joined
    if channel := state.get("selected_conversation"):
        return f"#{channel}"
    return str(state.get("selected_date") or state.get("value") or "")
