"""What somebody sees in Slack after something happened, compared with what they saw before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.platform.slack.state import Delivered, FakeMessage, FakeView
from tests.platform.slack.world import World

Home = dict[str, Any]
"""A Home tab as Slack keeps it: the published view with its id and hash."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody sees after they did something.

    `messages` are new, `edited` and `deleted` stood before; `view` is the modal that is on top now, if any, and
    `opened` whether it was not there before; `home` is their Home tab, if it was published.
    """

    delivered: Delivered
    messages: tuple[FakeMessage, ...]
    edited: tuple[FakeMessage, ...]
    deleted: tuple[FakeMessage, ...]
    view: FakeView | None
    opened: bool
    home: Home | None

    @property
    def message(self) -> FakeMessage:
        """The one new message; AssertionError where there are none or several."""
        assert len(self.messages) == 1, self.messages
        return self.messages[0]

    @property
    def form(self) -> FakeView:
        """The modal that is open; AssertionError where there is none."""
        assert self.view is not None, f"no modal is open; said: {[message.text for message in self.messages]}"
        return self.view


@dataclass(frozen=True, slots=True)
class Before:
    """What there was: messages by identity with their edits and whether they were gone, modals, the Home's hash."""

    messages: Mapping[int, tuple[int, bool]]
    views: frozenset[str]
    home: str | None


def before(world: World, user: str) -> Before:
    """What there is now."""
    there = {id(message): (len(message.edited), message.deleted) for message in world.messages}
    return Before(there, frozenset(world.views), (world.homes.get(user) or {}).get("hash"))


def since(then: Before, world: World, user: str, delivered: Delivered) -> Seen:
    """What somebody sees now that there was not then."""
    now = [(message, then.messages.get(id(message))) for message in world.messages if _is_seen(world, user, message)]
    view, home = top_view(world, user), world.homes.get(user)
    return Seen(
        delivered,
        tuple(message for message, was in now if was is None and not message.deleted),
        tuple(message for message, was in now if was and was[0] != len(message.edited) and not message.deleted),
        tuple(message for message, was in now if was and not was[1] and message.deleted),
        view,
        view is not None and view.id not in then.views,
        home if home is not None and home["hash"] != then.home else None,
    )


def top_view(world: World, user: str) -> FakeView | None:
    """The modal that is on top for somebody."""
    theirs = [view for view in world.views.values() if view.user == user]
    below = {view.previous for view in theirs}
    return next((view for view in reversed(theirs) if view.id not in below), None)


def _is_seen(world: World, user: str, message: FakeMessage) -> bool:
    return message.ephemeral_to in {None, user} and user in world.channels[message.channel].members
