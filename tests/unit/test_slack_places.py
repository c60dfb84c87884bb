from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from adapters.slack.clients import Clients
from adapters.slack.places import Audience, Places, audience_of
from adapters.slack.refusals import LOST, NOT_INSTALLED, Unanswered
from bot.address import Person, Place, dm
from bot.errors import NotPosted, PlaceLost
from tests.platform.slack.faults import drop_before, error, rate_limited, status
from tests.platform.slack.server import FakeSlack, open_slack
from tests.platform.slack.tokens import OneToken


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    """A Slack with the app in one workspace."""
    async with open_slack() as opened:
        yield opened


@pytest.fixture
async def places(slack: FakeSlack) -> AsyncIterator[Places]:
    """Who asks that Slack."""
    token = slack.team.bot_token
    assert token is not None
    clients = Clients(OneToken(token, "T01"), slack.api_url)
    yield Places(clients)
    await clients.close()


def asked(slack: FakeSlack, method: str) -> int:
    """How often a method was called."""
    return sum(call.method == method for call in slack.calls)


@pytest.mark.parametrize(
    ("facts", "audience"),
    [
        ({"is_member": True}, Audience()),
        ({"is_member": True, "is_shared": True, "is_org_shared": True}, Audience()),
        ({"is_member": True, "is_ext_shared": True}, Audience(outsiders=True)),
        ({"is_member": True, "is_pending_ext_shared": True}, Audience(outsiders=True)),
        ({"is_member": True, "pending_shared": ["T99"]}, Audience(outsiders=True)),
        ({"is_member": True, "pending_shared": []}, Audience()),
        ({"is_member": False}, Audience(hurdle=LOST["not_in_channel"])),
        ({"is_member": True, "is_archived": True}, Audience(hurdle=LOST["is_archived"])),
        ({"is_im": True}, Audience()),
        ({"is_im": True, "is_ext_shared": True}, Audience(outsiders=True)),
        ({}, Audience(hurdle=LOST["not_in_channel"])),
    ],
)
def test_audience_of(facts: dict[str, Any], audience: Audience) -> None:
    """Another company counts from its invitation on, another workspace of the organization does not."""
    assert audience == audience_of(facts)


async def test_dm_is_opened_once(slack: FakeSlack, places: Places) -> None:
    """The conversation with somebody is opened, and remembered."""
    ben = slack.add_user("Ben")
    assert slack.dm_of(ben) == await places.dm("T01", ben)
    assert slack.dm_of(ben) == await places.dm("T01", ben)
    assert 1 == asked(slack, "conversations.open")


async def test_forgotten_dm_is_opened_anew(slack: FakeSlack, places: Places) -> None:
    """What an event told is believed, until a post there shows otherwise."""
    ben = slack.add_user("Ben")
    places.learn("T01", ben, "D999")
    assert "D999" == await places.dm("T01", ben)
    places.forget("T01", ben)
    assert slack.dm_of(ben) == await places.dm("T01", ben)


async def test_dm_that_there_can_not_be(slack: FakeSlack, places: Places) -> None:
    """Nobody there, or a bot, or no installation: the place is lost, and a sentence says why."""
    with pytest.raises(PlaceLost, match="not in the Slack workspace"):
        await places.dm("T01", "U999")
    with pytest.raises(PlaceLost, match="bot"):
        await places.dm("T01", slack.add_user("Zap", bot=True))
    with pytest.raises(PlaceLost, match="not installed"):
        await places.dm("T99", "U001")


@pytest.mark.parametrize("fault", [error("internal_error"), rate_limited(60), status(500)])
async def test_dm_unanswered(slack: FakeSlack, places: Places, fault: Any) -> None:
    """An opening that failed posted nothing, and may be tried again."""
    ben = slack.add_user("Ben")
    slack.faults.next("conversations.open", fault)
    with pytest.raises(NotPosted) as caught:
        await places.dm("T01", ben)
    assert caught.value.retry_after is not None
    assert slack.dm_of(ben) == await places.dm("T01", ben)


async def test_audience_is_asked_each_time(slack: FakeSlack, places: Places) -> None:
    """A channel that was the team's alone may be shared a moment later."""
    channel = slack.add_channel("general")
    assert Audience() == await places.audience("T01", channel)
    slack.channels[channel].ext_shared = True
    assert Audience(outsiders=True) == await places.audience("T01", channel)


async def test_audience_with_hurdles(slack: FakeSlack, places: Places) -> None:
    """Where nothing can be posted a sentence says why, and what to do."""
    assert LOST["not_in_channel"] == (await places.audience("T01", slack.add_channel("a", bot_in=False))).hurdle
    private = slack.add_channel("b", bot_in=False, private=True)
    assert "/invite @Rapport" in (await places.audience("T01", private)).hurdle
    assert LOST["channel_not_found"] == (await places.audience("T01", "C999")).hurdle
    assert NOT_INSTALLED == (await places.audience("T99", "C999")).hurdle
    slack.faults.next("conversations.info", error("missing_scope"))
    assert "nowhere else" in (await places.audience("T01", "G999")).hurdle


@pytest.mark.parametrize("fault", [error("internal_error"), rate_limited(60), status(503)])
async def test_audience_unanswered(slack: FakeSlack, places: Places, fault: Any) -> None:
    """Where Slack does not say who reads a channel, nobody may take it for the team's own."""
    channel = slack.add_channel("general")
    slack.faults.next("conversations.info", fault)
    with pytest.raises(Unanswered):
        await places.audience("T01", channel)


async def test_a_drop_is_asked_again(slack: FakeSlack, places: Places) -> None:
    """A question may be put twice."""
    channel = slack.add_channel("general")
    slack.faults.next("conversations.info", drop_before())
    assert Audience() == await places.audience("T01", channel)


async def test_place(slack: FakeSlack, places: Places) -> None:
    """Our own DM is addressed by the person; a channel, and a DM of others, by its own id."""
    ben = slack.add_user("Ben")
    assert dm(Person("slack", "T01", ben)) == await places.place("T01", slack.dm_of(ben), ben)
    assert Place("slack", "T01", "C001") == await places.place("T01", "C001", ben)
    assert Place("slack", "T01", "D999") == await places.place("T01", "D999", ben)


async def test_place_unanswered(slack: FakeSlack, places: Places) -> None:
    """Whether a DM is ours can't be guessed."""
    ben = slack.add_user("Ben")
    slack.faults.next("conversations.open", status(500))
    with pytest.raises(Unanswered):
        await places.place("T01", slack.dm_of(ben), ben)
