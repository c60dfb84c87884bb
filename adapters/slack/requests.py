"""One request as it came: who sent it, where its answer goes, and what that may take the place of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapters.slack.answers import Over, Window
from adapters.slack.names import PLATFORM
from adapters.slack.sources import Source, back_of, found, meta_of, who, within
from adapters.slack.views import Shown
from bot.address import Person
from bot.reply import Answer, Reply


class Request:
    """One request as it came: who sent it, where the answer goes as far as that is known, and when it was heard."""

    __slots__ = ("at", "back", "below", "is_on_top", "pressed", "reader", "source", "trigger", "view_id", "window")

    def __init__(self, body: Mapping[str, Any], at: float) -> None:
        """`at` is a time of the event loop. Raises Malformed for what is pressed in a modal that is not ours."""
        self.source = source = who(body)
        self.back, self.at = back_of(body, source), at
        self.reader = Person(PLATFORM, source.workspace, source.user)
        self.trigger = source.trigger or ""
        below, lowest = found(body, "view", "previous_view_id"), found(body, "view", "root_view_id")
        self.below = Window(Shown(below), self.back) if below is not None else None
        # Slack holds three modals above one another.
        self.is_on_top = below is not None and below != lowest
        self.view_id = found(body, "view", "id") or ""
        self.window: Window | None = None
        if found(body, "type") == "block_actions" and found(body, "view", "type") == "modal":
            self.window = Window(Shown(self.view_id, found(body, "view", "hash")), meta_of(body).back)
        self.pressed = _pressed(body, source)

    def spent_by(self, answer: Answer) -> Over | None:
        """What an answer takes the place of: the message that was pressed, where nobody but the reader sees it."""
        return self.pressed if isinstance(answer, Reply) and answer.replaces else None


def _pressed(body: Mapping[str, Any], source: Source) -> Over | None:
    """The message whose button was pressed, where it can be changed and is in nobody else's eyes."""
    if found(body, "container", "type") != "message":
        return None
    if within(body, "container", "is_ephemeral") is True:
        return Over()
    # Our own DM: in those of other people nothing of ours stands but what one of them sees alone.
    return Over(source.message) if (source.channel or "").startswith("D") else None
