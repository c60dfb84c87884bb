from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.async_context import AsyncBoltContext

from adapters.slack.authorizing import ByAccess
from adapters.slack.identity import REMOVED, OneWorkspace
from bot.address import Workspace
from bot.clock import MovableClock
from bot.errors import NotPosted, StoreFailed
from tests.console_core import ScriptedCore
from tests.platform.slack.faults import error, status
from tests.platform.slack.server import FakeSlack, open_slack

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
ACME = Workspace("slack", "T01")


class Told(ScriptedCore):
    """A core whose store fails as often as it is told to, and that says when it heard of an installation."""

    def __init__(self, failures: int = 0) -> None:
        super().__init__()
        self.failures = failures
        self.has_installs = asyncio.Event()

    async def installed(self, workspace: Workspace) -> None:
        """Remembers it, where the store does."""
        self._fail()
        await super().installed(workspace)
        self.has_installs.set()

    async def uninstalled(self, workspace: Workspace) -> None:
        """The same."""
        self._fail()
        await super().uninstalled(workspace)

    async def hears_of_installation(self) -> None:
        """Waits for the next one."""
        async with asyncio.timeout(2):
            await self.has_installs.wait()
        self.has_installs.clear()

    def _fail(self) -> None:
        if self.failures:
            self.failures -= 1
            raise StoreFailed("broken")


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    """A Slack that knows its tokens."""
    async with open_slack() as opened:
        yield opened


@pytest.fixture
def clock() -> MovableClock:
    """A clock to move."""
    return MovableClock(NOW)


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """What Slack refused is asked again soon."""
    monkeypatch.setattr("adapters.slack.identity.ASK_AGAIN", 0.02)


@asynccontextmanager
async def logged_in(slack: FakeSlack, core: Told, clock: MovableClock) -> AsyncIterator[OneWorkspace]:
    """A process with the token of T01, whose core knows of it."""
    one = OneWorkspace(slack.team.bot_token or "", slack.api_url, core, clock)
    asking = asyncio.create_task(one.log_in())
    try:
        await core.hears_of_installation()
        yield one
    finally:
        asking.cancel()
        await one.close()


async def authorized(one: OneWorkspace, team: str, org: str | None = None) -> AuthorizeResult | None:
    """What Bolt finds for a request from a workspace."""
    context = AsyncBoltContext({"is_enterprise_install": org is not None})
    return await ByAccess(one)(context=context, enterprise_id=org, team_id=team, user_id="U9")


async def gone(one: OneWorkspace, at: datetime, team: str = "T01") -> None:
    """Slack tells that Rapport was taken out of a workspace."""
    await one.uninstalled(team, None, org_wide=False, at=at.timestamp())


async def test_a_login_brings_the_team_back(slack: FakeSlack, clock: MovableClock) -> None:
    """Without a word from anybody, and as soon as Slack answers and the store takes it."""
    core = Told(failures=1)
    slack.faults.next("auth.test", error("internal_error"), status(500))
    async with logged_in(slack, core, clock) as one:
        assert ([ACME], None) == (core.installs, one.health())
        assert await authorized(one, "T01") is not None
        assert await authorized(one, "T02") is None


async def test_an_end_is_believed(slack: FakeSlack, clock: MovableClock) -> None:
    """No token, no rights for what comes late, and health says what to do."""
    core = Told()
    async with logged_in(slack, core, clock) as one:
        await slack.uninstall()
        await gone(one, NOW + timedelta(minutes=1))
        assert [ACME] == core.abandoned
        assert (None, None, REMOVED) == (await one.token("T01"), await authorized(one, "T01"), one.health())
        asked = len(slack.calls)
        await slack.until(lambda: len(slack.calls) >= asked + 2, 2.0)
        assert ([ACME], REMOVED) == (core.installs, one.health())


async def test_a_token_that_works_again_ends_the_end(slack: FakeSlack, clock: MovableClock) -> None:
    """It goes on being asked for, and the team is back."""
    core = Told()
    async with logged_in(slack, core, clock) as one:
        await gone(one, NOW + timedelta(minutes=1))
        clock.move(timedelta(minutes=2))
        await core.hears_of_installation()
        assert (slack.team.bot_token, None) == (await one.token("T01"), one.health())


async def test_the_end_of_an_earlier_installation_is_not_this_one_s(slack: FakeSlack, clock: MovableClock) -> None:
    """Slack repeats events for a day; and what other workspaces do with the same app is their business."""
    core = Told()
    async with logged_in(slack, core, clock) as one:
        await gone(one, NOW - timedelta(hours=1))
        await gone(one, NOW + timedelta(hours=1), team="T02")
        assert ([], None) == (core.abandoned, one.health())
        assert await authorized(one, "T01") is not None


async def test_an_end_is_heard_again_where_it_was_not_stored(slack: FakeSlack, clock: MovableClock) -> None:
    """The token counts for nothing at once all the same."""
    core = Told()
    async with logged_in(slack, core, clock) as one:
        await slack.uninstall()
        core.failures = 1
        with pytest.raises(StoreFailed):
            await gone(one, NOW)
        assert await one.token("T01") is None
        await gone(one, NOW)
        assert [ACME] == core.abandoned


async def test_while_slack_is_silent_requests_are_put_off(slack: FakeSlack, clock: MovableClock) -> None:
    """They are not taken for a stranger's, which would be acknowledged and lost."""
    one = OneWorkspace(slack.team.bot_token or "", slack.api_url, ScriptedCore(), clock)
    slack.faults.next("auth.test", error("internal_error"))
    with pytest.raises(NotPosted):
        await authorized(one, "T01")
    await one.close()


async def test_a_token_of_an_organisation_serves_all_its_workspaces(slack: FakeSlack, clock: MovableClock) -> None:
    """Each is told of when it is heard from or given to, and when it is taken away or all of them are."""
    for team in ("T02", "T03", "T04"):
        slack.add_team(team, enterprise="E1")
    core = Told()
    token = slack.grant(None, "E1", ["chat:write"]).token
    one = OneWorkspace(token, slack.api_url, core, clock)
    assert await authorized(one, "T02", "E1") is not None
    assert await authorized(one, "T01") is None
    await one.granted(["T03", "T04"], "E1", at=NOW.timestamp())
    await one.withdrawn(["T04"], "E1", at=NOW.timestamp())
    assert ({"T02", "T03"}, token) == (set(await one.workspaces("E1")), await one.token("T02"))
    await one.uninstalled(None, "E1", org_wide=True, at=NOW.timestamp())
    assert (["T02", "T03", "T04"], {"T02", "T03", "T04"}) == (
        [one.id for one in core.installs],
        {one.id for one in core.abandoned},
    )
    await one.close()
