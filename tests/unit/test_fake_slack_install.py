from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import pytest
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from tests.platform.slack.browser import Browser
from tests.platform.slack.server import FakeSlack, open_slack
from tests.unit.test_fake_slack import client, refused

# slack_sdk still makes its client id and secret known by aiohttp's BasicAuth.
pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")

REDIRECT = "https://rapport.example/slack/oauth_redirect"


class Installing:
    """A small bot that can be installed, and keeps what it is told."""

    def __init__(self, slack: FakeSlack) -> None:
        self.slack = slack
        self.access: dict[str, Any] = {}
        self.events: list[dict[str, Any]] = []

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/slack/install", self.page),
            web.get("/slack/oauth_redirect", self.back),
            web.post("/slack/events", self.heard),
        ]

    async def page(self, _: web.Request) -> web.Response:
        query = {"client_id": self.slack.client_id, "scope": "chat:write,commands", "state": "s1"}
        address = "https://slack.com/oauth/v2/authorize?" + urlencode(query | {"redirect_uri": REDIRECT})
        page = web.Response(text=f'<a href="{address.replace("&", "&amp;")}">Add</a>', content_type="text/html")
        page.set_cookie("state", "s1", secure=True, httponly=True)
        return page

    async def back(self, request: web.Request) -> web.Response:
        if request.cookies.get("state") != request.query["state"]:
            return web.Response(status=400, text="stranger")
        if "error" in request.query:
            return web.Response(text=request.query["error"])
        self.access = dict((await self.exchange(request.query["code"])).data)
        return web.Response(text="installed")

    async def exchange(self, code: str) -> Any:
        return await AsyncWebClient(base_url=self.slack.api_url).oauth_v2_access(
            client_id=self.slack.client_id, client_secret=self.slack.client_secret, code=code, redirect_uri=REDIRECT
        )

    async def heard(self, request: web.Request) -> web.Response:
        self.events.append(await request.json())
        return web.Response()


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    """A Slack with one workspace."""
    async with open_slack() as slack:
        yield slack


@pytest.fixture
async def bot(slack: FakeSlack) -> AsyncIterator[Installing]:
    """A bot that listens, in no workspace but T01."""
    bot = Installing(slack)
    app = web.Application()
    app.add_routes(bot.routes())
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    bot_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    slack.use_http(bot_url)
    yield bot
    await runner.cleanup()


@pytest.fixture
async def browser(slack: FakeSlack, bot: Installing) -> AsyncIterator[Browser]:
    """Somebody's browser."""
    async with Browser(slack, slack.bot_url) as browser:
        yield browser


async def test_a_workspace_installs_by_oauth(slack: FakeSlack, bot: Installing, browser: Browser) -> None:
    """The token that comes out of it speaks in that workspace only, with the scopes that were asked for."""
    slack.add_team("T02", name="Beta")
    ben = slack.add_user("Ben", team="T02")
    page = await browser.install(ben, team="T02")
    beta = client(slack, bot.access["access_token"])

    assert ("installed", "T02", "chat:write,commands") == (page.text, bot.access["team"]["id"], bot.access["scope"])
    assert "T02" == (await beta.auth_test())["team_id"]
    await beta.chat_postMessage(channel=slack.add_channel("general", team="T02"), text="hello")
    with refused("channel_not_found"):
        await beta.chat_postMessage(channel=slack.add_channel("general"), text="hello")
    with refused("missing_scope"):
        await beta.users_info(user=ben)


async def test_a_code_is_used_once_with_the_right_secret(slack: FakeSlack, bot: Installing, browser: Browser) -> None:
    """A second use, a made-up code and a wrong secret are refused."""
    slack.add_team("T02")
    await browser.install(slack.add_user("Ben", team="T02"), team="T02")

    with refused("code_already_used"):
        await bot.exchange(next(iter(slack.offers)))
    with refused("invalid_code"):
        await bot.exchange("made up")
    with refused("bad_client_secret"):
        await AsyncWebClient(base_url=slack.api_url).oauth_v2_access(
            client_id=slack.client_id, client_secret="no", code="x"
        )


async def test_the_browser_keeps_its_cookies(slack: FakeSlack, bot: Installing, browser: Browser) -> None:
    """Another browser that comes back with the same address is a stranger; cancelling says so."""
    address = await browser.asked()

    assert "access_denied" == (await browser.cancel(address)).text
    async with Browser(slack, slack.bot_url) as other:
        assert "stranger" == (await other.authorize(address, slack.add_user("Eve"), team="T01")).text


async def test_an_organisation_installs_for_all_its_workspaces(
    slack: FakeSlack, bot: Installing, browser: Browser
) -> None:
    """One token serves them all; events say that it is org-wide."""
    for id in ("T11", "T12"):
        slack.add_team(id, enterprise="E01")
    ida = slack.add_user("Ida", team="T12")
    await browser.install(ida, enterprise="E01")
    org = client(slack, bot.access["access_token"])
    for id in ("T11", "T12"):
        await org.chat_postMessage(channel=slack.add_channel("general", team=id), text=id)
    delivered = await slack.deliver("event", {"type": "app_home_opened", "user": ida, "tab": "home"})

    assert (True, None, "E01") == (
        bot.access["is_enterprise_install"],
        bot.access["team"],
        bot.access["enterprise"]["id"],
    )
    assert ["T11", "T12"] == [message.team for message in slack.messages]
    (authorization,) = delivered.payload["authorizations"]
    assert ("T12", "E01", True) == (
        delivered.payload["team_id"],
        authorization["enterprise_id"],
        authorization["is_enterprise_install"],
    )


async def test_removing_the_app_is_told_and_ends_its_token(slack: FakeSlack, bot: Installing) -> None:
    """By an administrator or by the app itself: both events come, and the token is refused."""
    token = slack.team.bot_token
    told = await slack.uninstall()

    assert ["tokens_revoked", "app_uninstalled"] == [delivered.payload["event"]["type"] for delivered in told]
    with refused("account_inactive"):
        await client(slack, token).auth_test()

    again = slack.add_team("T02", installed=True)
    await client(slack, again.bot_token).apps_uninstall(client_id=slack.client_id, client_secret=slack.client_secret)
    await slack.quiet()
    assert [("T02", "tokens_revoked"), ("T02", "app_uninstalled")] == [
        (event["team_id"], event["event"]["type"]) for event in bot.events[2:]
    ]


async def test_changes_of_people_are_told(slack: FakeSlack, bot: Installing) -> None:
    """user_change has the person as they are now."""
    ana = slack.add_user("Ana")
    slack.change_user(ana, zone="Asia/Tokyo")
    delivered = await slack.tell_user_change(ana)

    assert delivered.is_acked
    assert ["Asia/Tokyo"] == [event["event"]["user"]["tz"] for event in bot.events]
