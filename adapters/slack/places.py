"""Where something is said on Slack: the DM with somebody, and who reads a channel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from adapters.slack.clients import Clients
from adapters.slack.names import PLATFORM
from adapters.slack.refusals import CHANNELS_ONLY, LOST, Unanswered, code_behind, unanswered
from bot.address import Person, Place, PlaceKind, dm
from bot.errors import NotPosted, PlaceLost, PostError

DMS_KEPT = 10_000


class Audience(msgspec.Struct, frozen=True):
    """Who reads a channel: `outsiders` are people of other companies; `hurdle` says why we can post nothing there."""

    outsiders: bool = False
    hurdle: str = ""


class Places:
    """Remembers the conversations with people, which never change; who reads a channel it asks anew each time."""

    def __init__(self, clients: Clients) -> None:
        """Knows no conversation yet."""
        self._clients = clients
        self._dms: dict[tuple[str, str], str] = {}

    async def dm(self, workspace: str, user: str) -> str:
        """The id of our conversation with somebody, opened where there is none yet.

        Raises PlaceLost where there can be none, NotPosted where Slack did not answer.
        """
        if (known := self._dms.get((workspace, user))) is not None:
            return known
        async with self._clients.question(workspace) as client:
            answer = await client.conversations_open(users=user)
        channel = (answer.get("channel") or {}).get("id")
        if not isinstance(channel, str):
            raise NotPosted("Slack opened no conversation.")
        self.learn(workspace, user, channel)
        return channel

    def learn(self, workspace: str, user: str, channel: str) -> None:
        """Takes over what an event told: that this conversation is ours with somebody."""
        self._dms[workspace, user] = channel
        if len(self._dms) > DMS_KEPT:
            del self._dms[next(iter(self._dms))]

    def forget(self, workspace: str, user: str) -> None:
        """Opens the conversation with somebody anew the next time."""
        self._dms.pop((workspace, user), None)

    async def audience(self, workspace: str, channel: str) -> Audience:
        """Who reads a channel at this moment: one question to Slack each time. Raises Unanswered, StoreFailed."""
        try:
            async with self._clients.question(workspace) as client:
                answer = await client.conversations_info(channel=channel)
        except PlaceLost as error:
            return Audience(hurdle=str(error))
        except PostError as error:
            # A group DM: to see one takes a scope that Rapport does not ask for.
            if code_behind(error) == "missing_scope":
                return Audience(hurdle=CHANNELS_ONLY)
            raise unanswered(error) from error
        found = answer.get("channel")
        if not isinstance(found, Mapping):
            raise Unanswered
        return audience_of(found)

    async def place(self, workspace: str, channel: str, user: str) -> Place:
        """The place that a conversation is, where `user` speaks in it.

        Our own DM with them is addressed by the person; a command can come from any other DM, too. Raises Unanswered,
        StoreFailed.
        """
        if channel.startswith("D"):
            try:
                is_ours = channel == await self.dm(workspace, user)
            except PlaceLost:
                is_ours = False
            except PostError as error:
                raise unanswered(error) from error
            if is_ours:
                return dm(Person(PLATFORM, workspace, user))
        return Place(PLATFORM, workspace, channel)

    async def channel(self, place: Place) -> str:
        """The id under which Slack takes messages for a place. Raises as `dm`."""
        return await self.dm(place.workspace, place.id) if place.kind is PlaceKind.DM else place.id


def audience_of(channel: Mapping[str, Any]) -> Audience:
    """Who reads a channel, from Slack's channel object; one shared within an organization has no outsiders."""
    outsiders = any(
        channel.get(name)
        for name in ("is_ext_shared", "is_pending_ext_shared", "pending_shared", "pending_connected_team_ids")
    )
    hurdle = ""
    if channel.get("is_archived"):
        hurdle = LOST["is_archived"]
    elif not any(channel.get(name) for name in ("is_member", "is_im", "is_mpim")):
        hurdle = LOST["not_in_channel"]
    return Audience(outsiders, hurdle)
