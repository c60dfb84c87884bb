from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp

from tests.platform.slack.server import FakeSlack, open_slack
from tests.unit.test_fake_slack_delivery import a_message, an_app, over_sockets


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    """A Slack with one workspace."""
    async with open_slack() as slack:
        yield slack


async def test_nobody_to_deliver_to_is_no_answer(slack: FakeSlack) -> None:
    """Without a socket nothing is acknowledged."""
    ana = slack.add_user("Ana")
    delivered = await slack.deliver("command", {"user_id": ana, "channel_id": slack.dm_of(ana)})

    assert (None, "connection_failed") == (delivered.status, delivered.error)


async def test_a_bot_finds_a_new_socket(slack: FakeSlack) -> None:
    """When its socket is dropped or asked to go, and also when Slack refused it for a while."""
    ana = slack.add_user("Ana")
    app = an_app(slack)

    @app.command("/rapport")
    async def answer(ack: AsyncAck) -> None:
        await ack("here")

    async with over_sockets(slack, app) as handler:
        await slack.sockets.disconnect()
        await slack.until(lambda: slack.sockets.count == 1)
        slack.faults.socket_refused(True)
        slack.faults.socket_dropped()
        await slack.until(lambda: slack.sockets.refusals > 1)
        slack.faults.socket_refused(False)
        # The SDK tries the same address for ever (SLACK.md): whoever watches over it makes it ask for a new one.
        handler.client.wss_uri = None
        await slack.until(lambda: slack.sockets.count == 1)
        await slack.deliver("command", {"user_id": ana, "channel_id": slack.dm_of(ana)})

    assert ["here"] == [message.text for message in slack.messages]


async def test_any_socket_gets_a_delivery_once(slack: FakeSlack) -> None:
    """Of several sockets each has its turn."""
    ana = slack.add_user("Ana")
    heard: list[str] = []

    def one(name: str) -> AsyncApp:
        app = an_app(slack)

        @app.event("message")
        async def hear() -> None:
            heard.append(name)

        return app

    async with over_sockets(slack, one("a")), over_sockets(slack, one("b")):
        for _ in range(4):
            await slack.deliver("event", a_message(ana, slack.dm_of(ana)))

    assert ["a", "b", "a", "b"] == heard
