"""Who and where, on which platform: the only words the core has for the outside world."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Workspace(msgspec.Struct, frozen=True):
    """A Slack workspace, a Discord server or this terminal; `id` is the platform's own and stays opaque."""

    platform: str
    id: str


class Person(msgspec.Struct, frozen=True):
    """An account of a human being in one workspace."""

    platform: str
    workspace: str
    id: str

    @property
    def home(self) -> Workspace:
        """The workspace in which this account lives."""
        return Workspace(self.platform, self.workspace)


class PlaceKind(StrEnum):
    """How public a place is."""

    DM = "dm"
    CHANNEL = "channel"


class Place(msgspec.Struct, frozen=True):
    """Where something is said.

    A DM is addressed by the account it is with: its `id` is that person's, and the adapter opens the conversation.
    """

    platform: str
    workspace: str
    id: str
    kind: PlaceKind = PlaceKind.CHANNEL

    @property
    def home(self) -> Workspace:
        """The workspace this place belongs to."""
        return Workspace(self.platform, self.workspace)


class Posted(msgspec.Struct, frozen=True):
    """The address of a message that stands on a platform, so that it can be edited later."""

    place: Place
    message: str


def dm(person: Person) -> Place:
    """The direct conversation with a person."""
    return Place(person.platform, person.workspace, person.id, PlaceKind.DM)
