"""Text objects, options and everything that can be pressed, chosen or filled in, as rules.

Limits are those of docs.slack.dev/reference/block-kit (block-elements, composition-objects); where the pages disagree
with what Slack does, a comment says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.platform.slack.checks_rules import (
    Rule,
    among,
    at_least_one,
    both,
    exactly_one,
    flag,
    items,
    kinds,
    like,
    many,
    record,
    repeated,
    typed,
    web,
    whole,
    words,
)
from tests.platform.slack.checks_words import check_parsed

_TEXT_INPUT_LIMIT = 3000


def plain(most: int) -> Rule:
    """A plain_text object, whose text is shown as it stands."""
    return typed("plain_text", {"text": words(most)}, {"emoji": flag})


def mrkdwn(most: int) -> Rule:
    """An mrkdwn object, in which nothing may be formatted or linked by itself."""
    return both(typed("mrkdwn", {"text": words(most)}, {"verbatim": flag}), _unmarked)


def _unmarked(path: str, value: Any) -> Iterator[str]:
    text = value.get("text") if isinstance(value, Mapping) else None
    if isinstance(text, str):
        yield from check_parsed(f"{path}.text", text, verbatim=value.get("verbatim") is True)


def either(most: int) -> Rule:
    """A text object of one of the two types."""
    return kinds("a text object", {"plain_text": plain(most), "mrkdwn": mrkdwn(most)})


_COLOUR = among("primary", "danger")
ID = words(255)
ACCOUNT = like(r"[UW][A-Z0-9]+", "the id of an account")
PLACE = like(r"[CDG][A-Z0-9]+", "the id of a conversation")
_CONFIRM = record(
    {"title": plain(100), "text": either(300), "confirm": plain(30), "deny": plain(30)}, {"style": _COLOUR}
)

OPTION = record({"text": plain(75), "value": words(150)}, {"description": plain(75)})
_OPTION_OF_MENU = record({"text": plain(75), "value": words(150)}, {"description": plain(75), "url": web})
_OPTION_TO_TICK = record({"text": either(75), "value": words(150)}, {"description": either(75)})
OPTION_GROUP = record({"label": plain(75), "options": many(OPTION, 1, 100)})

_SHARED: dict[str, Rule] = {"confirm": _CONFIRM, "focus_on_load": flag}
_SELECT: dict[str, Rule] = {**_SHARED, "placeholder": plain(150)}
_SEVERAL: dict[str, Rule] = {**_SELECT, "max_selected_items": whole(1, 1000)}
_TYPED: dict[str, Rule] = {
    "placeholder": plain(150),
    "focus_on_load": flag,
    "initial_value": words(_TEXT_INPUT_LIMIT, least=0),
    "dispatch_action_config": record(
        {"trigger_actions_on": many(among("on_enter_pressed", "on_character_entered"), 1, 2)}
    ),
}
_CONVERSATIONS: dict[str, Rule] = {
    "default_to_current_conversation": flag,
    "filter": both(
        record(
            {},
            {
                "include": many(among("im", "mpim", "private", "public"), 1, 4),
                "exclude_external_shared_channels": flag,
                "exclude_bot_users": flag,
            },
        ),
        at_least_one("include", "exclude_external_shared_channels", "exclude_bot_users"),
    ),
}
_LISTED: dict[str, Rule] = {"options": many(OPTION, 1, 100), "option_groups": many(OPTION_GROUP, 1, 100)}


def offered(element: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The options that an element lists itself, those in groups too, as far as they are objects."""
    groups = [group for group in items(element.get("option_groups")) if isinstance(group, Mapping)]
    lists = [element.get("options"), *(group.get("options") for group in groups)]
    return [option for options in lists for option in items(options) if isinstance(option, Mapping)]


def check_choices(path: str, element: Any) -> Iterator[str]:
    """Options that can't be told apart by their value, and what is chosen at first without being offered."""
    if not isinstance(element, Mapping):
        return
    options = offered(element)
    for value in repeated([option.get("value") for option in options]):
        yield f"{path} offers the value {value!r} more than once."
    initial = [element["initial_option"]] if "initial_option" in element else items(element.get("initial_options"))
    if options:
        for option in initial:
            if option not in options:
                yield f"{path} begins with {option!r}, which it does not offer."


def _check_lengths(path: str, element: Any) -> Iterator[str]:
    """Words that stand in an input although they are longer than it allows."""
    if not isinstance(element, Mapping):
        return
    least, most = element.get("min_length", 0), element.get("max_length", _TEXT_INPUT_LIMIT)
    if not (isinstance(least, int) and isinstance(most, int)):
        return
    if least > most:
        yield f"{path} asks for at least {least} and at most {most} characters."
    if isinstance(element.get("initial_value"), str) and len(element["initial_value"]) > most:
        yield f"{path}.initial_value has {len(element['initial_value']):,} characters, and max_length is {most:,}."


def _active(name: str, needed: Mapping[str, Rule], optional: Mapping[str, Rule] | None = None) -> Rule:
    """An element that reports to the app. Slack would make up an action_id; we could not tell what was pressed."""
    return both(typed(name, {"action_id": ID, **needed}, optional), check_choices)


_DAY = like(r"\d{4}-\d{2}-\d{2}", "a day as YYYY-MM-DD")
_TIME = like(r"([01]\d|2[0-3]):[0-5]\d", "a time as HH:mm")
IMAGE_SOURCE: dict[str, Rule] = {
    "image_url": web,
    "slack_file": both(
        record({}, {"id": like(r"F[A-Z0-9]+", "the id of a file"), "url": web}), exactly_one("id", "url")
    ),
}
IMAGE = both(typed("image", {"alt_text": words(2000)}, IMAGE_SOURCE), exactly_one("image_url", "slack_file"))

BUTTON = _active(
    "button",
    {"text": plain(75)},
    {"value": words(2000), "url": web, "style": _COLOUR, "confirm": _CONFIRM, "accessibility_label": words(75)},
)
# The page of the overflow menu asked for two options for years; today it and the SDK say one.
_OVERFLOW = _active("overflow", {"options": many(_OPTION_OF_MENU, 1, 5)}, {"confirm": _CONFIRM})

SELECTS: dict[str, Rule] = {
    "static_select": both(
        _active("static_select", {}, {**_SELECT, **_LISTED, "initial_option": OPTION}),
        exactly_one("options", "option_groups"),
    ),
    "multi_static_select": both(
        _active("multi_static_select", {}, {**_SEVERAL, **_LISTED, "initial_options": many(OPTION, 1, 100)}),
        exactly_one("options", "option_groups"),
    ),
    "external_select": _active(
        "external_select", {}, {**_SELECT, "initial_option": OPTION, "min_query_length": whole(0, 1000)}
    ),
    "multi_external_select": _active(
        "multi_external_select",
        {},
        {**_SEVERAL, "initial_options": many(OPTION, 1, 100), "min_query_length": whole(0, 1000)},
    ),
    "users_select": _active("users_select", {}, {**_SELECT, "initial_user": ACCOUNT}),
    "multi_users_select": _active("multi_users_select", {}, {**_SEVERAL, "initial_users": many(ACCOUNT, 1, 1000)}),
    "channels_select": _active(
        "channels_select", {}, {**_SELECT, "initial_channel": PLACE, "response_url_enabled": flag}
    ),
    "multi_channels_select": _active(
        "multi_channels_select", {}, {**_SEVERAL, "initial_channels": many(PLACE, 1, 1000)}
    ),
    "conversations_select": _active(
        "conversations_select",
        {},
        {**_SELECT, **_CONVERSATIONS, "initial_conversation": PLACE, "response_url_enabled": flag},
    ),
    "multi_conversations_select": _active(
        "multi_conversations_select",
        {},
        {**_SEVERAL, **_CONVERSATIONS, "initial_conversations": many(PLACE, 1, 1000)},
    ),
}
_PICKERS: dict[str, Rule] = {
    "datepicker": _active("datepicker", {}, {**_SELECT, "initial_date": _DAY}),
    "timepicker": _active("timepicker", {}, {**_SELECT, "initial_time": _TIME, "timezone": words(100)}),
    "datetimepicker": _active("datetimepicker", {}, {**_SHARED, "initial_date_time": whole(10**9, 10**10 - 1)}),
    "checkboxes": _active(
        "checkboxes",
        {"options": many(_OPTION_TO_TICK, 1, 10)},
        {**_SHARED, "initial_options": many(_OPTION_TO_TICK, 1, 10)},
    ),
    "radio_buttons": _active(
        "radio_buttons", {"options": many(_OPTION_TO_TICK, 1, 10)}, {**_SHARED, "initial_option": _OPTION_TO_TICK}
    ),
}
_WRITTEN: dict[str, Rule] = {
    "plain_text_input": both(
        _active(
            "plain_text_input",
            {},
            {
                **_TYPED,
                "multiline": flag,
                "min_length": whole(0, _TEXT_INPUT_LIMIT),
                "max_length": whole(1, _TEXT_INPUT_LIMIT),
            },
        ),
        _check_lengths,
    ),
    "email_text_input": _active("email_text_input", {}, _TYPED),
    "url_text_input": _active("url_text_input", {}, _TYPED),
    "number_input": _active(
        "number_input",
        {"is_decimal_allowed": flag},
        {**_TYPED, "min_value": words(100), "max_value": words(100)},
    ),
    "file_input": _active(
        "file_input", {}, {"filetypes": many(like(r"[a-z0-9]+", "a file type"), 1, 100), "max_files": whole(1, 10)}
    ),
}

OF_ACTIONS = {"button": BUTTON, "overflow": _OVERFLOW, **SELECTS, **_PICKERS}
OF_INPUT = {**SELECTS, **_PICKERS, **_WRITTEN}
# A datetimepicker "must be used inside the actions block or input block".
ACCESSORIES = {
    "image": IMAGE,
    **{name: rule for name, rule in OF_ACTIONS.items() if name != "datetimepicker"},
}
