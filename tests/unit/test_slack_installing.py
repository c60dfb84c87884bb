from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from aiohttp import web
from cryptography.fernet import Fernet
from structlog.testing import capture_logs

from adapters.slack.clients import Clients
from adapters.slack.errands import Errands
from adapters.slack.installations import Installations
from adapters.slack.installing import Installing, manifest_scopes
from adapters.slack.pages import SENTENCES, Problem, installed_page, problem_page
from adapters.slack.states import States
from bot.address import Workspace
from bot.clock import MovableClock, random_id
from bot.errors import StoreFailed
from storage.vault import FileVault
from tests.console_core import ScriptedCore
from tests.platform.slack.browser import Browser, Page
from tests.platform.slack.faults import error, status
from tests.platform.slack.server import FakeSlack, open_slack

KEY = Fernet.generate_key().decode()
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
PUBLIC = "https://rapport.example.com"
SCOPES = ("chat:write", "commands")


class FullVault(FileVault):
    """A disk that takes nothing more from a moment on."""

    is_full = False

    async def put(self, key: str, secret: bytes) -> None:
        """Fails once it is full."""
        if self.is_full:
            raise StoreFailed("full")
        await super().put(key, secret)

    async def add(self, key: str, secret: bytes) -> bool:
        """Fails once it is full."""
        if self.is_full:
            raise StoreFailed("full")
        return await super().add(key, secret)


@dataclass
class Site:
    """Rapport's pages as they are reached in a test."""

    slack: FakeSlack
    vault: FullVault
    url: str
    clock: MovableClock
    installations: Installations
    errands: Errands
    core: ScriptedCore
    welcomed: list[tuple[str | None, str | None, str]] = field(default_factory=list)
    trouble: Exception | None = None

    async def welcome(self, workspace: str | None, org: str | None, user: str) -> None:
        """Takes down who is to be welcomed."""
        self.welcomed.append((workspace, org, user))
        if self.trouble is not None:
            raise self.trouble

    def browser(self) -> Browser:
        """Somebody's browser."""
        return Browser(self.slack, self.url)


@asynccontextmanager
async def open_site(
    slack: FakeSlack, folder: Path, clock: MovableClock, *, secret: str | None = None, port: int = 0
) -> AsyncIterator[Site]:
    """Rapport's pages, on a free port if none is named, with what an earlier one has left in the folder."""
    vault, errands, core = FullVault(folder / "secrets", KEY), Errands(), ScriptedCore()
    installations = Installations(vault, core)
    clients = Clients(installations, slack.api_url)
    site = Site(slack, vault, "", clock, installations, errands, core)
    installing = Installing(
        installations,
        vault=vault,
        clients=clients,
        client_id=slack.client_id,
        client_secret=secret or slack.client_secret,
        scopes=SCOPES,
        api_url=slack.api_url,
        public_url=PUBLIC,
        new_id=random_id,
        clock=clock,
        errands=errands,
        installed=site.welcome,
    )
    app = web.Application()
    app.add_routes(installing.routes())
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        site.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield site
    finally:
        await errands.finish(within=1)
        await runner.cleanup()
        await clients.close()


@pytest.fixture
def clock() -> MovableClock:
    """A clock to move."""
    return MovableClock(NOW)


@pytest.fixture
async def slack(clock: MovableClock) -> AsyncIterator[FakeSlack]:
    """A Slack with a second workspace that has not installed anything."""
    async with open_slack(clock) as opened:
        opened.add_team("T02", name="Ceramics & <Co>")
        yield opened


@pytest.fixture
async def site(slack: FakeSlack, tmp_path: Path, clock: MovableClock) -> AsyncIterator[Site]:
    """Rapport's pages."""
    async with open_site(slack, tmp_path, clock) as opened:
        yield opened


def shows(page: Page, problem: Problem) -> bool:
    """Whether a page says what went wrong, and how to try again."""
    sentence = SENTENCES[problem]
    words = sentence.words.partition("{")[0].split("’", maxsplit=1)[0]
    return (page.status, True, True) == (sentence.status, words in page.text, 'href="/slack/install"' in page.text)


async def test_somebody_installs_rapport(site: Site) -> None:
    """From the page to a token that works, a page that leads on, and word of who it was, once."""
    async with site.browser() as browser:
        page = await browser.install("U7", team="T02")
    assert 200 == page.status
    assert "Ceramics &amp; &lt;Co&gt; has Rapport now" in page.text
    assert f'href="{site.slack.base_url}/app_redirect?app=A0RAPPORT&amp;team=T02"' in page.text
    assert site.slack.teams["T02"].bot_token == await site.installations.token("T02")
    assert ([("T02", None, "U7")], [Workspace("slack", "T02")]) == (site.welcomed, site.core.installs)
    assert [] == site.slack.complaints


async def test_slack_is_asked_for_what_the_app_needs(site: Site) -> None:
    """Its scopes, no one's own token, and the way back to where Rapport is reached."""
    async with site.browser() as browser:
        asked = await browser.asked("/slack/install?team=T02")
    query = parse_qs(urlsplit(asked).query, keep_blank_values=True)
    assert query.pop("state")
    assert {
        "client_id": [site.slack.client_id],
        "scope": ["chat:write,commands"],
        "user_scope": [""],
        "redirect_uri": [f"{PUBLIC}/slack/oauth_redirect"],
        "team": ["T02"],
    } == query


async def test_an_organisation_installs_rapport(site: Site) -> None:
    """Its admin is led on to choose workspaces, each of which is served as soon as it is heard from."""
    site.slack.add_team("T03", enterprise="E1")
    async with site.browser() as browser:
        page = await browser.install("U7", enterprise="E1")
    assert "/manage/organization/apps/profile/A0RAPPORT/workspaces/add" in page.text
    assert [(None, "E1", "U7")] == site.welcomed
    await site.installations.serving("T03", "E1")
    assert site.slack.teams["T03"].bot_token == await site.installations.token("T03")


async def test_somebody_declines(site: Site) -> None:
    """Nothing is installed, nobody is welcomed, and they can try again."""
    async with site.browser() as browser:
        page = await browser.cancel(await browser.asked())
    assert shows(page, Problem.DECLINED)
    assert ([], None) == (site.welcomed, await site.installations.token("T02"))


async def test_slack_leads_back_twice(site: Site) -> None:
    """The second time, by going back or reloading, nothing happens again."""
    async with site.browser() as browser:
        asked = await browser.asked()
        await browser.authorize(asked, "U7", team="T02")
        page = await browser.authorize(asked, "U7", team="T02")
    assert shows(page, Problem.OVER)
    assert [("T02", None, "U7")] == site.welcomed


async def test_ten_minutes_are_enough(site: Site) -> None:
    """After them the way back is closed."""
    async with site.browser() as browser:
        asked = await browser.asked()
        site.clock.move(timedelta(minutes=9, seconds=59))
        assert 200 == (await browser.authorize(asked, "U7", team="T02")).status
        asked = await browser.asked()
        site.clock.move(timedelta(minutes=10))
        assert shows(await browser.authorize(asked, "U7", team="T02"), Problem.OVER)


async def test_rapport_restarts_while_somebody_reads(slack: FakeSlack, tmp_path: Path, clock: MovableClock) -> None:
    """The state is found again."""
    async with open_site(slack, tmp_path, clock) as before:
        url = before.url
        browser = before.browser()
        asked = await browser.asked()
    async with open_site(slack, tmp_path, clock, port=urlsplit(url).port or 0), browser:
        assert 200 == (await browser.authorize(asked, "U7", team="T02")).status


async def test_another_browser_can_not_end_what_one_began(site: Site) -> None:
    """A link to Slack's answer that somebody was tricked into opening installs nothing."""
    async with site.browser() as mine, site.browser() as theirs:
        page = await theirs.authorize(await mine.asked(), "U7", team="T02")
        assert shows(page, Problem.OTHER_BROWSER)
    assert [] == site.welcomed


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("", Problem.OTHER_BROWSER),
        ("?state=x", Problem.OTHER_BROWSER),
        ("?error=invalid_team_for_non_distributed_app", Problem.REFUSED),
        ("?error=%3Cscript%3Ealert(1)%3C/script%3E", Problem.REFUSED),
        ("?error=%ff&state=%00", Problem.REFUSED),
        ("?code=" + "x" * 5000, Problem.OTHER_BROWSER),
    ],
)
async def test_whatever_is_opened_gets_a_page(site: Site, query: str, problem: Problem) -> None:
    """With what to do next, and with nothing that the visitor brought along."""
    async with site.browser() as browser:
        page = await browser.open(f"/slack/oauth_redirect{query}")
    assert shows(page, problem)
    assert "alert" not in page.text


async def test_a_visitor_can_not_change_what_is_asked(site: Site) -> None:
    """A link to the install page with more in it than a workspace's id leads to the same question."""
    async with site.browser() as browser:
        asked = await browser.asked('/slack/install?team=T1%26user_scope%3Dadmin"><script>')
    query = parse_qs(urlsplit(asked).query, keep_blank_values=True)
    assert ([""], None) == (query["user_scope"], query.get("team"))


async def test_a_code_that_slack_does_not_know(site: Site) -> None:
    """Made up, or used before."""
    async with site.browser() as browser:
        asked = await browser.asked()
        state = parse_qs(urlsplit(asked).query)["state"][0]
        page = await browser.open(f"/slack/oauth_redirect?code=made-up&state={state}")
    assert shows(page, Problem.CODE)


async def test_a_state_without_a_code(site: Site) -> None:
    """As when an address was cut off."""
    async with site.browser() as browser:
        state = parse_qs(urlsplit(await browser.asked()).query)["state"][0]
        assert shows(await browser.open(f"/slack/oauth_redirect?state={state}"), Problem.CODE)


async def test_slack_gives_less_than_was_asked_for(site: Site) -> None:
    """Nothing is kept, and what is missing is named: the app in Slack is not the one of the manifest."""
    async with site.browser() as browser:
        asked = await browser.asked()
        page = await browser.authorize(asked.replace("%2Ccommands", ""), "U7", team="T02")
    assert shows(page, Problem.SCOPES)
    assert "Missing: commands." in page.text
    assert (None, []) == (await site.installations.token("T02"), site.welcomed)


async def test_wrong_credentials_are_the_operator_s(slack: FakeSlack, tmp_path: Path, clock: MovableClock) -> None:
    """The page names the settings; the log has Slack's code, and neither code nor secret."""
    async with open_site(slack, tmp_path, clock, secret="wrong-secret") as site, site.browser() as browser:
        with capture_logs() as logs:
            assert shows(await browser.install("U7", team="T02"), Problem.CREDENTIALS)
    (entry,) = [entry for entry in logs if entry["event"] == "slack.install_failed"]
    assert "bad_client_secret" == entry["code"]
    assert not any(word in str(logs) for word in ("wrong-secret", "code-0", "state_"))


@pytest.mark.parametrize("fault", [status(503), status(200), error("internal_error")])
@pytest.mark.parametrize("method", ["oauth.v2.access", "auth.test"])
async def test_slack_does_not_answer(site: Site, method: str, fault: Any) -> None:
    """A page says so, nothing is kept, and the next try works."""
    site.slack.faults.next(method, fault)
    async with site.browser() as browser:
        assert shows(await browser.install("U7", team="T02"), Problem.UNREACHABLE)
        assert await site.installations.token("T02") is None
        assert 200 == (await browser.install("U7", team="T02")).status


async def test_the_disk_is_full(site: Site) -> None:
    """Before or after Slack was asked: a page, no welcome, and no traceback."""
    async with site.browser() as browser:
        asked = await browser.asked()
        site.vault.is_full = True
        assert shows(await browser.authorize(asked, "U7", team="T02"), Problem.NOT_KEPT)
    assert [] == site.welcomed


async def test_the_disk_was_full_from_the_beginning(site: Site) -> None:
    """Where not even the key can be kept that ties Slack's answers to browsers, the page says so."""
    site.vault.is_full = True
    async with site.browser() as browser:
        assert shows(await browser.open("/slack/install"), Problem.NOT_KEPT)


async def test_while_stopping_nothing_is_begun(site: Site) -> None:
    """Rapport asks to come back in a minute."""
    await site.errands.finish(within=1)
    async with site.browser() as browser:
        assert shows(await browser.open("/slack/install"), Problem.NOT_KEPT)


async def test_a_welcome_that_fails_takes_nothing_back(site: Site) -> None:
    """The installation stands, and the log knows."""
    site.trouble = StoreFailed("full")
    async with site.browser() as browser:
        with capture_logs() as logs:
            assert 200 == (await browser.install("U7", team="T02")).status
    assert await site.installations.token("T02") is not None
    assert "slack.errand_failed" in {entry["event"] for entry in logs}


async def test_pages_keep_what_they_know_to_themselves(site: Site) -> None:
    """No script runs in them, no other page frames them, no cache keeps them, and no link passes their address on."""
    async with aiohttp.ClientSession() as session, session.get(f"{site.url}/slack/install") as response:
        headers, text = response.headers, await response.text()
        cookie = response.cookies["slack-app-oauth-state"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert ("no-store", "no-referrer", "DENY") == (
        headers["Cache-Control"],
        headers["Referrer-Policy"],
        headers["X-Frame-Options"],
    )
    assert (True, True, "Lax", "600") == (cookie["secure"], cookie["httponly"], cookie["samesite"], cookie["max-age"])
    assert '<html lang="en">' in text
    assert "<script" not in text


async def test_asking_for_states_fills_no_disk(site: Site, tmp_path: Path) -> None:
    """Anybody can open the page, as often as they like: nothing is kept of it but one key, at the first."""
    async with site.browser() as browser:
        for _ in range(20):
            assert 200 == (await browser.open("/slack/install")).status
    assert 1 == len(list((tmp_path / "secrets").iterdir()))


async def test_a_page_is_not_begun_by_asking_for_its_headers(site: Site) -> None:
    """HEAD, as link previews send it, is no beginning of an installation."""
    async with aiohttp.ClientSession() as session:
        for path in ("/slack/install", "/slack/oauth_redirect"):
            async with session.head(site.url + path) as response:
                assert 405 == response.status


@pytest.fixture
def states(tmp_path: Path, clock: MovableClock) -> States:
    """States, and none given out."""
    return States(FileVault(tmp_path / "secrets", KEY), random_id, clock)


async def test_a_state_is_good_once(states: States, clock: MovableClock) -> None:
    """Not a second time, however it is spelled; another one is another one, until ten minutes are over."""
    used, kept, late = [await states.async_issue() for _ in range(3)]
    assert await states.async_consume(used)
    assert [False, False] == [await states.async_consume(state) for state in (used, used.rstrip("=") + "====")]
    clock.move(timedelta(minutes=9, seconds=59))
    assert await states.async_consume(kept)
    clock.move(timedelta(seconds=1))
    assert not await states.async_consume(late)


@pytest.mark.parametrize("state", ["", "x", "state_1", "gAAAAA", "é" * 100, "=" * 100, "A" * 1_000, "\x00"])
async def test_a_state_that_nobody_gave_out(states: States, state: str) -> None:
    """Is good for nothing, whatever it looks like."""
    assert not await states.async_consume(state)


async def test_a_state_of_another_house(states: States, tmp_path: Path, clock: MovableClock) -> None:
    """Is sealed by another key; after a restart it is the same house, and what was used is another matter."""
    elsewhere = States(FileVault(tmp_path / "elsewhere", KEY), random_id, clock)
    assert not await states.async_consume(await elsewhere.async_issue())
    restarted = States(FileVault(tmp_path / "secrets", KEY), random_id, clock)
    assert await restarted.async_consume(await states.async_issue())


async def test_what_was_used_is_remembered_in_bounds(
    states: States, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No longer than it would be good, and not more than so many: memory has an end, too."""
    monkeypatch.setattr("adapters.slack.states.USED_KEPT", 3)
    given = [await states.async_issue() for _ in range(5)]
    assert [True] * 5 == [await states.async_consume(state) for state in given]
    assert [False] * 3 == [await states.async_consume(state) for state in given[2:]]


def test_names_are_shown_as_they_are() -> None:
    """Whatever a workspace is called, nothing of it becomes a tag or leaves its attribute."""
    page = installed_page('<b>"Ada"</b>', 'https://x.example/"><script>')
    assert ("&lt;b&gt;&quot;Ada&quot;&lt;/b&gt;" in page, "<script" in page) == (True, False)


def test_every_problem_has_a_page() -> None:
    """With a sentence, a way to try again, and no slot left open."""
    for problem in Problem:
        page = problem_page(problem, "/slack/install", ("users:read",) if problem is Problem.SCOPES else ())
        assert ("Try again" in page, "{missing}" in page) == (True, False)


def test_the_manifest_says_what_is_asked_for() -> None:
    """The scopes come from the manifest that the app was made from."""
    assert {"chat:write", "commands", "im:write"} <= set(manifest_scopes())
