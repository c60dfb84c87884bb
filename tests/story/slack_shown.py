"""What somebody in the fake Slack was shown: messages and modals as a story sees them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from adapters.slack.keys import key_of
from bot.inbound import Upload
from tests.platform.slack.entries import inputs_of
from tests.platform.slack.reading import Reader, read
from tests.platform.slack.server import FakeSlack
from tests.platform.slack.state import FakeMessage, FakeView
from tests.platform.slack.surfaces import shown as payload_of
from tests.story.stage import Asked, Message, Part, Said, Shown

FORM = "form"
"""The callback id of modals that ask; others only say something."""

Surface = FakeMessage | FakeView

_ANSWERS = ("answer:", "welcome")
"""How the keys begin under which something stands that was asked for."""


@dataclass(frozen=True, slots=True)
class Stands:
    """Where something stands, and the id of the channel in which it was asked."""

    surface: Surface
    channel: str


class Eyes:
    """Reads what stands in Slack. What was posted once is read once, however often the story looks."""

    def __init__(self, slack: FakeSlack, zone: ZoneInfo) -> None:
        """`zone` is that of whoever reads a channel."""
        self._slack, self._zone = slack, zone
        self._read: dict[int, list[Said]] = {}

    def shown(self, user: str, surface: Surface, channel: str, files: Sequence[FakeMessage] = ()) -> Shown:
        """A message or a modal in front of somebody; `files` are the messages that brought what belongs to it."""
        zone = ZoneInfo(self._slack.users[user].zone)
        if isinstance(surface, FakeView) and surface.view["callback_id"] == FORM:
            return self._asked(surface, zone, channel)
        brought = tuple(self._upload(file) for message in files for file in message.files)
        return Said(self._parts(payload_of(surface), zone), brought, Stands(surface, channel))

    def posted(self) -> tuple[Message, ...]:
        """Everything that the bot has posted without being asked for."""
        return tuple(self._posted(message) for message in self._slack.messages if is_unasked(message))

    def _posted(self, message: FakeMessage) -> Message:
        versions = self._read.setdefault(id(message), [])
        payloads = [*({"text": one.text, "blocks": one.blocks} for one in message.edited), payload_of(message)]
        channel = self._slack.channels[message.channel]
        zone = ZoneInfo(self._slack.users[channel.user].zone) if channel.user else self._zone
        for payload in payloads[len(versions) :]:
            versions.append(Said(self._parts(payload, zone), (), Stands(message, message.channel)))
        place = self._slack.users[channel.user].name.lower() if channel.user else f"#{channel.name}"
        # Slack's own time of a message is a little later where another one of the same instant stands there.
        at = datetime.fromtimestamp(int(message.ts.partition(".")[0]), self._slack.clock().tzinfo)
        return Message(place, at, versions[0], versions[-1], message.deleted)

    def _asked(self, form: FakeView, zone: ZoneInfo, channel: str) -> Asked:
        about: tuple[Part, ...] = ()
        errors = dict(form.errors)
        for block in form.view["blocks"]:
            parts = self._parts({"blocks": [block]}, zone)
            match block["block_id"].partition(":"):
                case "wrong", ":", name:
                    errors[name] = parts[0].words.removeprefix("⚠ ")
                case _ if block["type"] == "rich_text":
                    about = about or parts
        words = "\n".join(part.words for part in about) or form.view["title"]["text"]
        return Asked(words, inputs_of(form.view, form.state), errors, Stands(form, channel))

    def _parts(self, payload: Mapping[str, Any], zone: ZoneInfo) -> tuple[Part, ...]:
        return read(payload, Reader(self._called, zone, self._slack.clock(), _moment))

    def _called(self, id: str) -> str:
        if id in self._slack.users:
            return self._slack.users[id].name
        return f"#{self._slack.channels[id].name}" if id in self._slack.channels else id

    def _upload(self, file: Mapping[str, Any]) -> Upload:
        kept = self._slack.files[file["id"]]
        return Upload(kept.name, kept.content)


def files_announced(blocks: Sequence[Mapping[str, Any]]) -> int:
    """How many pictures and files an answer says are coming."""
    return sum(
        leaf.get("text") in {"File: ", "Picture: "} and "style" in leaf
        for block in blocks
        if block["type"] == "rich_text"
        for paragraph in block["elements"]
        for leaf in paragraph["elements"]
    )


def is_unasked(message: FakeMessage) -> bool:
    """Whether a message was posted without being asked for, so that no answer ever takes its place."""
    key = key_of({"metadata": message.metadata})
    return key is not None and not key.startswith(_ANSWERS)


def _moment(at: datetime) -> str:
    """Worded as in the terminal, so that the same story reads the same."""
    return f"{at:%a} {at.day} {at:%b %Y, %H:%M}"
