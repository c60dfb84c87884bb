"""A Slack that nothing may be said to which Slack would not take, and who uses it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.platform.slack.hand import Hand
from tests.platform.slack.server import FakeSlack, open_slack


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    """A Slack in which nothing may be said that Slack would not take."""
    async with open_slack() as slack:
        yield slack
        assert [] == slack.complaints


@pytest.fixture
def ana(slack: FakeSlack) -> Hand:
    """An admin of the workspace."""
    return Hand(slack, slack.add_user("Ana", admin=True))


@pytest.fixture
def ben(slack: FakeSlack) -> Hand:
    """A member of the workspace."""
    return Hand(slack, slack.add_user("Ben"))


@pytest.fixture
def channel(slack: FakeSlack, ana: Hand, ben: Hand) -> str:
    """A channel with both of them and the bot."""
    return slack.add_channel("team", [ana.user, ben.user])
