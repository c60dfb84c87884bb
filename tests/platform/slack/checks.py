"""Everything that Slack refuses in what we send, and everything that our own rules keep out; pure.

Each complaint is one sentence that begins with the path of what is wrong. An empty list: it may go out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from tests.platform.slack.checks_blocks import BLOCKS, characters
from tests.platform.slack.checks_elements import OPTION, OPTION_GROUP, check_choices, plain
from tests.platform.slack.checks_rules import (
    Rule,
    among,
    both,
    exactly_one,
    flag,
    forbidden,
    items,
    kinds,
    like,
    many,
    record,
    repeated,
    typed,
    words,
)
from tests.platform.slack.checks_words import check_escaping, check_parsed

_At = tuple[str, Mapping[str, Any]]

BLOCKS_IN_MESSAGE = 50
BLOCKS_IN_VIEW = 100
MESSAGE_TEXT = 40_000
"""Slack cuts a message's text there, in characters."""
TEXT_ADVISED = 4_000
"""In bytes: chat.update refuses longer texts (`msg_too_long`), and posts of longer ones are split in two."""
MESSAGE_WEIGHT = 12_000
"""Characters shown in all blocks of a message, and 100 more for each block.

Slack publishes no number for `msg_blocks_too_long`; people measured refusals from about 13,200 on
(github.com/slackapi/bolt-js/issues/2509) and, with many blocks, well below.
"""
_WEIGHT_OF_A_BLOCK = 100
VIEW_BYTES = 250_000

# docs.slack.dev lists tables for Home tabs as well, where they are not drawn.
_NOT_ON = {"message": {"alert"}, "modal": {"table"}, "home": {"alert", "table"}}
_ELEMENTS_ONLY_ON = {
    "datetimepicker": {"message", "modal"},
    "email_text_input": {"modal"},
    "file_input": {"modal"},
    "number_input": {"modal"},
    "url_text_input": {"modal"},
}


def _anything(_path: str, _value: Any) -> Iterator[str]:
    """Looked at elsewhere, or nobody's business."""
    return iter(())


def _object(path: str, value: Any) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield f"{path} is not an object."


_TS = like(r"\d+\.\d{6}", "a ts")
_METADATA = record({"event_type": like(r"\w+", "an event type"), "event_payload": _object})


def _metadata(path: str, value: Any) -> Iterator[str]:
    # An edit takes metadata away with an empty object.
    if value != {}:
        yield from _METADATA(path, value)


_ARGUMENTS: dict[str, Rule] = {
    "token": _anything,
    "channel": like(r"[CDGU][A-Z0-9]+", "the id of a channel"),
    "user": like(r"[UW][A-Z0-9]+", "the id of an account"),
    "ts": _TS,
    "thread_ts": _TS,
    "reply_broadcast": flag,
    "metadata": _metadata,
    "mrkdwn": flag,
    "unfurl_links": flag,
    "unfurl_media": flag,
    "response_type": among("ephemeral", "in_channel"),
    "replace_original": flag,
    "delete_original": flag,
    "parse": among("none"),
    "link_names": forbidden("would turn names in what people wrote into pings"),
    "attachments": forbidden("are Slack's legacy, whose fields are mrkdwn"),
    "blocks": _anything,
    "text": _anything,
}


def check_message(payload: Mapping[str, Any]) -> list[str]:
    """A message as it is posted, edited, sent to a response_url or sent as the acknowledgement of a command.

    `blocks` and `metadata` may still be the JSON text as which they travel in a form.
    """
    payload = {name: _parsed(name, value) for name, value in payload.items() if value is not None}
    return list(_message(payload))


def check_view(view: Mapping[str, Any]) -> list[str]:
    """A modal or a Home tab."""
    rule = {"modal": _MODAL, "home": _HOME}.get(str(view.get("type")))
    if rule is None:
        return [f"view.type is {view.get('type')!r}, and only modal, home are allowed."]
    surface = str(view["type"])
    found = [*rule("view", view), *_together("view.blocks", view.get("blocks"), surface)]
    blocks = [block for block in items(view.get("blocks")) if isinstance(block, Mapping)]
    if surface == "modal" and "submit" not in view and any(block.get("type") == "input" for block in blocks):
        found.append("view has an input and no submit.")
    if (size := len(json.dumps(view, ensure_ascii=False).encode(errors="surrogatepass"))) > VIEW_BYTES:
        found.append(f"view has {size:,} bytes, and {VIEW_BYTES:,} are allowed.")
    return found


def check_response_action(body: Mapping[str, Any], view: Mapping[str, Any] | None = None) -> list[str]:
    """The acknowledgement of a form; with the `view` that was sent, errors must stand beside its inputs."""
    if not body:
        return []
    rule = _RESPONSES.get(str(body.get("response_action")))
    if rule is None:
        return [f"response_action is {body.get('response_action')!r}, and only {', '.join(_RESPONSES)} are allowed."]
    found = list(rule("response", body))
    if "view" in body and isinstance(body["view"], Mapping):
        found += check_view(body["view"])
        if body["view"].get("type") == "home":
            found.append("view.type is 'home', which no form turns into.")
    errors = body.get("errors")
    if view is not None and isinstance(errors, Mapping):
        inputs = {block.get("block_id") for block in items(view.get("blocks")) if block.get("type") == "input"}
        found += [f"response.errors.{name} is beside no input of the form." for name in errors if name not in inputs]
    return found


def check_options(body: Mapping[str, Any]) -> list[str]:
    """What is offered for something typed into an external select."""
    return [*_OFFER("suggestion", body), *check_choices("suggestion", body)]


_OFFER = both(
    record({}, {"options": many(OPTION, 0, 100), "option_groups": many(OPTION_GROUP, 0, 100)}),
    exactly_one("options", "option_groups"),
)
_ALL_BLOCKS = kinds("a block", BLOCKS)
_VIEW: dict[str, Rule] = {
    "private_metadata": words(3000, least=0),
    "callback_id": words(255),
    "external_id": words(255),
}
_MODAL = typed(
    "modal",
    {"title": plain(24), "blocks": many(_ALL_BLOCKS, 1, BLOCKS_IN_VIEW)},
    {"submit": plain(24), "close": plain(24), "clear_on_close": flag, "notify_on_close": flag, **_VIEW},
)
_HOME = typed("home", {"blocks": many(_ALL_BLOCKS, 1, BLOCKS_IN_VIEW)}, _VIEW)


def _check_errors(path: str, value: Any) -> Iterator[str]:
    if not isinstance(value, Mapping) or not value:
        yield f"{path} names no input."
        return
    for name, sentence in value.items():
        yield from words(3000)(f"{path}.{name}", sentence)


_RESPONSES: dict[str, Rule] = {
    "errors": record({"response_action": among("errors"), "errors": _check_errors}),
    "update": record({"response_action": among("update"), "view": _anything}),
    "push": record({"response_action": among("push"), "view": _anything}),
    "clear": record({"response_action": among("clear")}),
}


def _parsed(name: str, value: Any) -> Any:
    if name not in {"blocks", "metadata"} or not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _message(payload: Mapping[str, Any]) -> Iterator[str]:
    for name, value in payload.items():
        if name in _ARGUMENTS:
            yield from _ARGUMENTS[name](name, value)
        else:
            yield f"{name} is an argument that Slack does not know there."
    if payload.get("delete_original") is True:
        return
    yield from _message_text(payload)
    if "blocks" in payload:
        yield from many(_ALL_BLOCKS, 0, BLOCKS_IN_MESSAGE)("blocks", payload["blocks"])
        yield from _together("blocks", payload["blocks"], "message")
        yield from _weight(payload["blocks"])


def _message_text(payload: Mapping[str, Any]) -> Iterator[str]:
    if "text" not in payload:
        yield "text is missing: notifications and screen readers need it."
        return
    text = payload["text"]
    yield from words(MESSAGE_TEXT)("text", text)
    if not isinstance(text, str):
        return
    if (size := len(text.encode(errors="surrogatepass"))) > TEXT_ADVISED:
        yield f"text has {size:,} bytes: over {TEXT_ADVISED:,} Slack refuses it in an edit and splits it in a post."
    if payload.get("blocks"):
        yield from check_escaping("text", text)
    else:
        yield from check_parsed("text", text, verbatim=True, formats=payload.get("mrkdwn") is not False)


def _weight(blocks: Any) -> Iterator[str]:
    if not isinstance(blocks, list | tuple):
        return
    weight = characters(blocks) + _WEIGHT_OF_A_BLOCK * len(blocks)
    if weight > MESSAGE_WEIGHT:
        yield f"blocks weigh {weight:,} characters, and from {MESSAGE_WEIGHT:,} on Slack may say msg_blocks_too_long."


def _together(path: str, blocks: Any, surface: str) -> Iterator[str]:
    """What is wrong with blocks only because they stand together, or stand where they do."""
    if not isinstance(blocks, list | tuple):
        return
    there = [(f"{path}[{index}]", block) for index, block in enumerate(blocks) if isinstance(block, Mapping)]
    elements = [pair for at, block in there for pair in elements_of(at, block)]
    yield from _out_of_place(there, elements, surface)
    if len([at for at, block in there if block.get("type") == "table"]) > 1:
        yield f"{path} has more than one table (only_one_table_allowed)."
    if len([at for at, element in elements if element.get("focus_on_load") is True]) > 1:
        yield f"{path} has more than one element with focus_on_load."
    # Slack only wants an action_id to be its block's own; ours tell the whole message's buttons apart.
    for name, things in (("block_id", there), ("action_id", elements)):
        for id in repeated([thing[name] for _, thing in things if isinstance(thing.get(name), str)]):
            yield f"{path} has the {name} {id!r} more than once."


def _out_of_place(there: list[_At], elements: list[_At], surface: str) -> Iterator[str]:
    for at, block in there:
        if str(block.get("type")) in _NOT_ON[surface]:
            yield f"{at} is of type {block['type']}, which a {surface} does not show."
    for at, element in elements:
        if surface not in _ELEMENTS_ONLY_ON.get(str(element.get("type")), {surface}):
            yield f"{at} is of type {element['type']}, which a {surface} does not allow."
        if surface == "message" and element.get("focus_on_load"):
            yield f"{at}.focus_on_load is set, and a message takes no focus."


def elements_of(path: str, block: Mapping[str, Any]) -> list[_At]:
    """What can be pressed, chosen or filled in in a block, each with its path."""
    found: list[tuple[str, Any]] = []
    match block.get("type"):
        case "actions":
            found = [(f"{path}.elements[{index}]", one) for index, one in enumerate(items(block.get("elements")))]
        case "section":
            found = [(f"{path}.accessory", block.get("accessory"))]
        case "input":
            found = [(f"{path}.element", block.get("element"))]
    return [(at, one) for at, one in found if isinstance(one, Mapping) and one.get("type") != "image"]
