from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from adapters.slack.clients import Clients
from adapters.slack.views import Shown, Views
from bot.errors import NotPosted, StoreFailed

VIEW: dict[str, Any] = {"type": "home", "blocks": []}


class NoTokens:
    """Tokens that can't be read."""

    async def token(self, workspace: str) -> str | None:
        """Fails."""
        raise StoreFailed("disk full")


@pytest.mark.parametrize(
    "show",
    [
        lambda views: views.open("T01", "trigger", VIEW),
        lambda views: views.update("T01", Shown("V1"), VIEW),
        lambda views: views.publish("T01", "U1", VIEW, None),
    ],
    ids=["open", "update", "publish"],
)
async def test_what_can_not_be_shown_is_not_posted(show: Callable[[Views], Awaitable[Shown]]) -> None:
    """Where the token can't be read, whoever shows something learns that it is not shown, and says it another way."""
    with pytest.raises(NotPosted):
        await show(Views(Clients(NoTokens())))
