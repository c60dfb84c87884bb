"""What the bot says without calling a method: in its acknowledgements, and to a response URL."""

from __future__ import annotations

from typing import Any

from tests.platform.slack.asked import check_message, put_message
from tests.platform.slack.checks import check_options, check_response_action
from tests.platform.slack.objects import with_ids
from tests.platform.slack.state import Delivered, ResponseUrl, Version
from tests.platform.slack.web_api_views import change, push
from tests.platform.slack.world import Refused, World

MOST_USES = 5

TROUBLE = "We had some trouble connecting. Try again?"
"""What Slack says in a modal whose submission the app did not acknowledge."""


def take_ack(world: World, delivered: Delivered) -> None:
    """Lets happen what an acknowledgement says; what Slack would not understand becomes a complaint."""
    try:
        match delivered.kind, delivered.payload.get("type"):
            case "command", _ if delivered.is_acked:
                _answer_command(world, delivered)
            case "suggestion", _ if delivered.is_acked:
                wrong = check_options(delivered.body or {})
                world.complaints.extend(f"ack of a suggestion: {complaint}" for complaint in wrong)
            case "interaction", "view_submission":
                _answer_submission(world, delivered)
            case "interaction", type if delivered.body:
                world.complaints.append(f"ack of {type}: it takes no body")
            case _:
                pass
    except Refused as refused:
        world.complaints.append(f"ack of {delivered.kind}: {refused.code}")


def respond(world: World, url: str, payload: dict[str, Any]) -> None:
    """A late answer; raises Refused where the URL is spent or unknown, or the message no good.

    What was born from a message replaces it unless `replace_original` is false or a `response_type` is given; of a
    command that is what its acknowledgement said, where the one who gave it alone sees that.
    """
    where = world.response_urls.get(url)
    if where is None or world.clock() > where.until:
        raise Refused("expired_url")
    if where.uses >= MOST_USES:
        world.complaints.append(f"response_url: used more than {MOST_USES} times")
        raise Refused("used_url")
    where.uses += 1
    original = world.message(where.channel, where.message_ts) if where.message_ts else None
    if _flag(payload, "delete_original"):
        if original is not None:
            original.deleted = True
        return
    check_message(world, payload, "response_url")
    replaces = _flag(payload, "replace_original", unless_said="response_type" not in payload)
    if where.message_ts and replaces:
        if original is not None:
            original.edited.append(Version(original.text, original.blocks))
            original.text = str(payload.get("text") or "")
            original.blocks = with_ids(payload.get("blocks") or (), world.new_id)
        return
    _put(world, where, payload, "response_url")


def _put(world: World, where: ResponseUrl, payload: dict[str, Any], via: str) -> None:
    is_public = payload.get("response_type") == "in_channel"
    channel = world.channels[where.channel]
    put_message(world, channel, payload, via, ephemeral_to=None if is_public else where.user)


def _answer_command(world: World, delivered: Delivered) -> None:
    if not delivered.body:
        return
    check_message(world, delivered.body, "ack of a command")
    fields = delivered.payload
    channel = world.channels[fields["channel_id"]]
    where = ResponseUrl(channel.team, channel.id, fields["user_id"], world.clock())
    _put(world, where, delivered.body, "ack")
    said, late = world.messages[-1], world.response_urls.get(fields.get("response_url", ""))
    if late is not None and said.ephemeral_to is not None:
        late.message_ts = said.ts


def _answer_submission(world: World, delivered: Delivered) -> None:
    view = world.views.get(delivered.payload["view"]["id"])
    if view is None:
        return
    body = delivered.body or {}
    view.errors, view.trouble = {}, None
    wrong = check_response_action(body, view.view)
    world.complaints.extend(f"ack of view_submission: {complaint}" for complaint in wrong)
    if wrong or not delivered.is_acked:
        view.trouble = TROUBLE
        return
    match body.get("response_action"):
        case "errors":
            view.errors = dict(body["errors"])
        case "update":
            change(world, view, body["view"])
        case "push":
            push(world, view, body["view"])
        case action:
            world.close_view(view.id, whole_stack=action == "clear")


def _flag(payload: dict[str, Any], name: str, *, unless_said: bool = False) -> bool:
    said = payload.get(name)
    return unless_said if said is None else str(said).lower() in {"1", "true"}
