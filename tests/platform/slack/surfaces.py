"""Where something can be pressed, and how Slack tells an app where it was."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.platform.slack.choosing import CantDo
from tests.platform.slack.entries import Entry, settled, stateful
from tests.platform.slack.objects import message_object
from tests.platform.slack.reading import Pressable
from tests.platform.slack.seen import Home
from tests.platform.slack.state import FakeMessage, FakeView
from tests.platform.slack.world import World

Surface = FakeMessage | FakeView | Home
"""A message, an open modal or a Home tab."""


def whence(world: World, user: str, where: Surface) -> dict[str, Any]:
    """Where an interaction comes from, as its payload says it; CantDo for what is gone."""
    match where:
        case FakeMessage():
            if where.deleted:
                raise CantDo("the message is gone")
            return _from_message(world, user, where)
        case FakeView():
            stands(world, where)
            return {"container": {"type": "view", "view_id": where.id}, "view": where.id}
    view = where | {"state": {"values": settled(where["blocks"], {})}}
    return {"container": {"type": "view", "view_id": where["id"]}, "view": view}


def _from_message(world: World, user: str, message: FakeMessage) -> dict[str, Any]:
    is_ephemeral = message.ephemeral_to is not None
    container = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": message.channel,
        "is_ephemeral": is_ephemeral,
    }
    place: dict[str, Any] = {
        "container": container | ({"thread_ts": message.thread_ts} if message.thread_ts else {}),
        "channel": named(world, message.channel),
        "state": {"values": settled(message.blocks, {})},
        "response_url": world.new_response_url(user, message.channel, message.ts),
    }
    # Slack keeps no message that only one person sees, and sends none along.
    if is_ephemeral:
        return place
    return place | {"message": message_object(message, world.teams[message.team].bot_id)}


def named(world: World, channel: str) -> dict[str, str]:
    """A channel as interactions name it."""
    place = world.channels[channel]
    return {"id": place.id, "name": "directmessage" if place.is_dm else place.name}


def stands(world: World, view: FakeView) -> None:
    """CantDo unless a modal is open."""
    if world.views.get(view.id) is not view:
        raise CantDo("the modal is closed")


def shown(where: Surface) -> Mapping[str, Any]:
    """Its text and blocks."""
    match where:
        case FakeMessage():
            return {"text": where.text, "blocks": where.blocks}
        case FakeView():
            return where.view
    return where


def pressed(on: Pressable) -> Entry:
    """What a button or an item of a menu says of itself when it is pressed."""
    if on.option is not None:
        return {"selected_option": dict(on.option)}
    return {name: on.element[name] for name in ("text", "value", "style", "url") if name in on.element}


def input_of(view: FakeView, name: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The input of a form, by block id or label."""
    for block, element in stateful(view.view["blocks"]):
        if block["type"] == "input" and name in {block["block_id"], block["label"]["text"]}:
            return block, element
    raise CantDo(f"the form has no input {name!r}")
