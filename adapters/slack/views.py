"""Views of Slack as they are opened, changed and published, each with the hash by which the latest one wins."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import msgspec

from adapters.slack.clients import ASK_WITHIN, Clients
from adapters.slack.refusals import code_behind, harmless
from bot.errors import PostError

OVERTAKEN = "hash_conflict"
"""Slack's code where a view was changed since its hash was read."""


class Shown(msgspec.Struct, frozen=True):
    """A view as Slack shows it: its id, and the hash of what it shows."""

    id: str
    hash: str | None = None


class Views:
    """Opens and changes what people look at. Every method raises PostError where Slack does not take it."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    async def open(self, workspace: str, trigger: str, view: Mapping[str, Any]) -> Shown:
        """Opens a modal; a trigger is good for one, for about three seconds."""
        with harmless():
            async with asyncio.timeout(ASK_WITHIN):
                client = await self._clients.posting(workspace)
                return _shown(await client.views_open(trigger_id=trigger, view=dict(view)))

    async def push(self, workspace: str, trigger: str, view: Mapping[str, Any]) -> Shown:
        """Opens a modal on top of the one in which something was pressed; Slack holds three above one another."""
        with harmless():
            async with asyncio.timeout(ASK_WITHIN):
                client = await self._clients.posting(workspace)
                return _shown(await client.views_push(trigger_id=trigger, view=dict(view)))

    async def update(self, workspace: str, shown: Shown, view: Mapping[str, Any]) -> Shown:
        """Sets what an open modal shows; with a hash only if it still shows that."""
        async with self._clients.question(workspace) as client:
            return _shown(await client.views_update(view_id=shown.id, hash=shown.hash, view=dict(view)))

    async def publish(self, workspace: str, user: str, view: Mapping[str, Any], latest: str | None) -> Shown:
        """Sets what somebody's Home tab shows; with the hash of the `latest` only if it still shows that."""
        async with self._clients.question(workspace) as client:
            return _shown(await client.views_publish(user_id=user, hash=latest, view=dict(view)))


def is_overtaken(error: PostError) -> bool:
    """Whether a view was not changed because somebody else had changed it first."""
    return code_behind(error) == OVERTAKEN


def _shown(answer: Any) -> Shown:
    view = answer.get("view") or {}
    return Shown(str(view.get("id", "")), view.get("hash"))
