from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from adapters.slack import words
from adapters.slack.asking import Asking
from adapters.slack.clients import Clients
from adapters.slack.downloads import Downloads
from adapters.slack.people import People
from adapters.slack.places import Places
from adapters.slack.sources import who
from bot.errors import StoreFailed
from bot.handlers import all_verbs
from tests.console_core import ScriptedCore
from tests.platform.slack.server import FakeSlack, open_slack
from tests.platform.slack.tokens import OneToken


class FailingToken(OneToken):
    """A token that can't be read from some time on."""

    is_lost = False

    async def token(self, workspace: str) -> str | None:
        """The token, as long as it can be read."""
        if self.is_lost:
            raise StoreFailed("disk full")
        return await super().token(workspace)


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    """A Slack with the app in one workspace."""
    async with open_slack() as opened:
        yield opened


@pytest.fixture
def core() -> ScriptedCore:
    """Whoever is asked."""
    return ScriptedCore()


@pytest.fixture
def token(slack: FakeSlack) -> FailingToken:
    """The workspace's token."""
    return FailingToken(str(slack.team.bot_token), "T01")


@pytest.fixture
async def asking(slack: FakeSlack, core: ScriptedCore, token: FailingToken) -> AsyncIterator[Asking]:
    """Who asks there."""
    clients = Clients(token, slack.api_url)
    people = People(clients)
    yield Asking(core, all_verbs(), people, Places(clients), Downloads(clients, slack.api_url), clients)
    await people.close()
    await clients.close()


def mention(slack: FakeSlack, user: str, text: str) -> dict[str, object]:
    """Words with our name in a channel."""
    channel = slack.add_channel("team", [user])
    message = slack.say(user, channel, f"<@{slack.team.bot_user}> {text}")
    event = {"type": "app_mention", "user": user, "channel": channel, "text": message.text, "ts": message.ts}
    return slack.event_callback(event)


async def test_a_store_that_fails_is_not_called_slacks_silence(
    slack: FakeSlack, asking: Asking, core: ScriptedCore, token: FailingToken
) -> None:
    """Where the token can't be read nothing is done, and the answer says whose fault that is."""
    body = {
        "command": "/rapport",
        "text": "due",
        "team_id": "T01",
        "user_id": slack.add_user("Ana"),
        "channel_id": slack.add_channel("team"),
        "trigger_id": "1.2.x",
    }
    token.is_lost = True
    assert words.STORE_SILENT == (await asking.command(body, who(body))).answer
    assert [] == core.commands


@pytest.mark.parametrize("files", [False, True])
async def test_what_is_said_while_the_store_fails_is_heard_again(
    slack: FakeSlack, asking: Asking, core: ScriptedCore, token: FailingToken, files: bool
) -> None:
    """Slack sends words again: what came along counts as not there yet, and not as lost."""
    ana = slack.add_user("Ana")
    body = mention(slack, ana, "import")
    if files:
        await asking.message(body, who(body))  # who she is, is known now
        core.messages.clear()
        body["event"] = {**body["event"], "files": [{"id": slack.add_file(ana, "a.csv", b"name\n")}]}  # type: ignore[dict-item] # an event is an object
    token.is_lost = True
    with pytest.raises(StoreFailed):
        await asking.message(body, who(body))
    assert [] == core.messages


@pytest.mark.parametrize(
    "said",
    ["digest {there} mon 09:00", "digest: {there} mon 09:00", "Digest, {there}", "rapport:digest {there}"],
)
async def test_who_reads_is_found_out_however_the_verb_is_written(
    slack: FakeSlack, asking: Asking, core: ScriptedCore, said: str
) -> None:
    """The core takes punctuation behind a verb, so that it can't keep from being asked who reads a place."""
    there = slack.add_channel("campaign", ext_shared=True)
    body = mention(slack, slack.add_user("Ana"), said.format(there=f"<#{there}>"))
    await asking.message(body, who(body))
    assert [True] == [message.outsiders for message in core.messages]
