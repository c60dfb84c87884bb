from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.oauth.installation_store.models.installation import Installation
from slack_sdk.web.async_client import AsyncWebClient
from structlog.testing import capture_logs

from adapters.slack.installations import Installations
from bot.errors import StoreFailed
from storage.vault import FileVault
from tests.platform.slack.server import FakeSlack, open_slack

KEY = Fernet.generate_key().decode()
LATER = 2_000_000_000.0


@pytest.fixture
def vault(tmp_path: Path) -> FileVault:
    """Where the tokens of this test lie."""
    return FileVault(tmp_path / "secrets", KEY)


@pytest.fixture
def installations(vault: FileVault) -> Installations:
    """Nobody has installed anything."""
    return Installations(vault)


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    """A Slack that knows its tokens."""
    async with open_slack() as opened:
        yield opened


class BrokenVault(FileVault):
    """A disk that gave up."""

    async def get(self, key: str) -> bytes | None:
        """Fails."""
        raise StoreFailed("broken")


class Telling:
    """Whoever is told that a workspace has gone; fails as often as it is told to."""

    def __init__(self, failures: int = 0) -> None:
        self.told: list[str] = []
        self.failures = failures

    async def __call__(self, workspace: str) -> None:
        if self.failures:
            self.failures -= 1
            raise StoreFailed("broken")
        self.told.append(workspace)


def installation(
    token: str, team: str | None = "T1", org: str | None = None, user: str = "U1", at: float = 1_000_000_000.0
) -> Installation:
    """What Slack gave when somebody installed Rapport, with a token of their own that nobody asked for."""
    return Installation(
        app_id="A1",
        enterprise_id=org,
        team_id=team,
        team_name="Acme",
        bot_token=token,
        bot_id="B1",
        bot_user_id="U0",
        bot_scopes=["chat:write"],
        user_id=user,
        user_token="xoxp-1",
        is_enterprise_install=team is None,
        installed_at=at,
    )


async def authorized(
    installations: Installations, slack: FakeSlack, team: str, org: str | None = None, *, org_wide: bool = False
) -> AuthorizeResult | None:
    """What Bolt finds for a request from a workspace."""
    context = AsyncBoltContext({"client": AsyncWebClient(base_url=slack.api_url), "is_enterprise_install": org_wide})
    return await installations.authorize(context=context, enterprise_id=org, team_id=team, user_id="U9")


async def found_token(
    installations: Installations, team: str, org: str | None = None, *, org_wide: bool = False
) -> str | None:
    """The token that Bolt finds for a request from a workspace."""
    found = await installations.async_find_installation(enterprise_id=org, team_id=team, is_enterprise_install=org_wide)
    bot = await installations.async_find_bot(enterprise_id=org, team_id=team, is_enterprise_install=org_wide)
    assert (found and found.bot_token) == (bot and bot.bot_token)
    return found.bot_token if found is not None else None


async def test_a_workspace_is_found_after_a_restart(installations: Installations, vault: FileVault) -> None:
    """By Slack's request and by its id alone; other workspaces are not."""
    await installations.async_save(installation("xoxb-1"))
    restarted = Installations(vault)
    assert ("xoxb-1", "xoxb-1") == (await found_token(restarted, "T1"), await restarted.token("T1"))
    assert (None, None) == (await found_token(restarted, "T2"), await restarted.token("T2"))


async def test_only_the_bot_token_is_kept(installations: Installations, vault: FileVault) -> None:
    """Tokens of people are dropped, so that nobody has an installation of their own."""
    await installations.async_save(installation("xoxb-1"))
    found = await installations.async_find_installation(enterprise_id=None, team_id="T1")
    assert found is not None
    assert (None, "U1", ["chat:write"]) == (found.user_token, found.user_id, list(found.bot_scopes or ()))
    assert b"xoxp" not in (await vault.get("slack:installation:workspace:T1") or b"")
    assert await installations.async_find_installation(enterprise_id=None, team_id="T1", user_id="U1") is None


async def test_what_can_not_speak_is_no_installation(installations: Installations) -> None:
    """One without a bot token is refused."""
    with pytest.raises(ValueError, match="bot token"):
        await installations.async_save(installation(""))


async def test_who_installed_stays_when_the_bot_is_saved(installations: Installations) -> None:
    """Saving the bot's part changes the token and keeps the person."""
    await installations.async_save(installation("xoxb-1", user="U7"))
    await installations.async_save_bot(installation("xoxb-2").to_bot())
    found = await installations.async_find_installation(enterprise_id=None, team_id="T1")
    assert found is not None
    assert ("xoxb-2", "U7") == (found.bot_token, found.user_id)


async def test_an_organisation_serves_each_of_its_workspaces(installations: Installations, vault: FileVault) -> None:
    """Every request says so; from the first one on the workspace's id alone is enough, after a restart too."""
    await installations.async_save(installation("xoxb-org", team=None, org="E1"))
    assert await installations.token("T1") is None
    assert "xoxb-org" == await found_token(installations, "T1", "E1", org_wide=True)
    assert "xoxb-org" == await found_token(installations, "T2", "E1", org_wide=True)
    restarted = Installations(vault)
    assert ("xoxb-org", "xoxb-org", None) == (
        await restarted.token("T1"),
        await restarted.token("T2"),
        await restarted.token("T3"),
    )
    assert "xoxb-org" == await found_token(restarted, "T1", "E1")


async def test_nobody_belongs_to_an_organisation_that_has_not_installed(installations: Installations) -> None:
    """What a request says of an unknown organisation is not remembered."""
    assert await found_token(installations, "T1", "E1", org_wide=True) is None
    await installations.async_save(installation("xoxb-org", team=None, org="E1"))
    assert await installations.token("T1") is None


async def test_the_latest_installation_of_a_workspace_counts(installations: Installations) -> None:
    """One of its own takes the place of the organisation's, and the other way round, as Slack's requests tell."""
    await installations.async_save(installation("xoxb-org", team=None, org="E1"))
    await found_token(installations, "T1", "E1", org_wide=True)
    await installations.async_save(installation("xoxb-own", org="E1"))
    assert ("xoxb-own", "xoxb-own") == (await installations.token("T1"), await found_token(installations, "T1", "E1"))
    assert "xoxb-org" == await found_token(installations, "T1", "E1", org_wide=True)
    assert "xoxb-org" == await installations.token("T1")


async def test_slack_is_asked_once_whose_token_it_is(installations: Installations, slack: FakeSlack) -> None:
    """However many requests come."""
    await installations.async_save(installation(slack.team.bot_token or "", team="T01"))
    for _ in range(3):
        result = await authorized(installations, slack, "T01")
        assert result is not None
        assert (slack.team.bot_token, slack.team.bot_user) == (result.bot_token, result.bot_user_id)
    assert ["auth.test"] == [call.method for call in slack.calls]


async def test_who_uninstalls_is_let_in_no_longer(installations: Installations, slack: FakeSlack) -> None:
    """From that moment on, though the token was known to be good; and nothing of it stays in memory or on the disk."""
    await installations.async_save(installation(slack.team.bot_token or "", team="T01"))
    assert await authorized(installations, slack, "T01") is not None
    assert ("T01",) == await installations.revoke("T01", None, org_wide=False, at=LATER)
    assert await authorized(installations, slack, "T01") is None
    assert ({}, None) == (installations.authorize.authorize_result_cache, await installations.token("T01"))


async def test_an_earlier_token_is_not_kept_in_memory(installations: Installations, slack: FakeSlack) -> None:
    """Installing again drops what was known of the token before."""
    await installations.async_save(installation(slack.team.bot_token or "", team="T01"))
    await authorized(installations, slack, "T01")
    await installations.async_save(installation("xoxb-another", team="T01"))
    assert {} == installations.authorize.authorize_result_cache


async def test_a_request_fails_where_the_vault_does(tmp_path: Path, slack: FakeSlack) -> None:
    """It is not taken for one from a stranger, which Slack would not repeat."""
    with pytest.raises(StoreFailed):
        await authorized(Installations(BrokenVault(tmp_path, KEY)), slack, "T01")


async def test_uninstalling_takes_the_token_and_tells(installations: Installations) -> None:
    """And tells again when it is heard again, or when telling failed; the token is gone at once all the same."""
    await installations.async_save(installation("xoxb-1"))
    await installations.async_save(installation("xoxb-2", team="T2"))
    tell = Telling(failures=1)
    with pytest.raises(StoreFailed):
        await installations.uninstalled("T1", None, org_wide=False, at=LATER, tell=tell)
    assert (None, []) == (await installations.token("T1"), tell.told)
    for _ in range(2):
        await installations.uninstalled("T1", None, org_wide=False, at=LATER, tell=tell)
    assert (["T1", "T1"], "xoxb-2") == (tell.told, await installations.token("T2"))


@pytest.mark.parametrize("org_wide", [True, False])
async def test_an_organisation_that_uninstalls_is_told_for_all_its_workspaces(
    installations: Installations, *, org_wide: bool
) -> None:
    """Whether or not Slack says that it is about all of it, and again where telling failed half-way."""
    await installations.async_save(installation("xoxb-org", team=None, org="E1"))
    await installations.async_save(installation("xoxb-other", team=None, org="E2"))
    for team, org in (("T1", "E1"), ("T2", "E1"), ("T3", "E2")):
        await found_token(installations, team, org, org_wide=True)
    tell = Telling(failures=1)
    with pytest.raises(StoreFailed):
        await installations.uninstalled("T2", "E1", org_wide=org_wide, at=LATER, tell=tell)
    assert (None, None) == (await installations.token("T1"), await installations.token("T2"))
    await installations.uninstalled("T2", "E1", org_wide=org_wide, at=LATER, tell=tell)
    assert (["T1", "T2"], "xoxb-other") == (sorted(tell.told), await installations.token("T3"))


async def test_an_organisation_is_named_without_a_workspace(installations: Installations) -> None:
    """As Slack may do when all of it uninstalls."""
    await installations.async_save(installation("xoxb-org", team=None, org="E1"))
    await found_token(installations, "T1", "E1", org_wide=True)
    assert ("T1",) == await installations.revoke(None, "E1", org_wide=False, at=LATER)
    assert await installations.token("T1") is None


async def test_a_late_word_takes_nothing_from_who_has_come_back(installations: Installations) -> None:
    """Slack repeats events for a day: what was installed after it happened stays, and nobody is told."""
    await installations.async_save(installation("xoxb-new", at=2_000.5))
    tell = Telling()
    await installations.uninstalled("T1", None, org_wide=False, at=1_999, tell=tell)
    assert ([], "xoxb-new") == (tell.told, await installations.token("T1"))
    await installations.uninstalled("T1", None, org_wide=False, at=2_000, tell=tell)
    assert (["T1"], None) == (tell.told, await installations.token("T1"))


async def test_bolt_s_own_listeners_delete(installations: Installations) -> None:
    """A person's token is nobody's business; the bot's goes, by whichever of the SDK's names."""
    for delete in (
        installations.async_delete_bot,
        installations.async_delete_installation,
        installations.async_delete_all,
    ):
        await installations.async_save(installation("xoxb-1"))
        await installations.async_delete_installation(enterprise_id=None, team_id="T1", user_id="U1")
        assert "xoxb-1" == await installations.token("T1")
        await delete(enterprise_id=None, team_id="T1")
        assert await installations.token("T1") is None


async def test_what_is_no_installation_any_more_is_none(installations: Installations, vault: FileVault) -> None:
    """As from another version; the log says so and nothing of what stood there."""
    await vault.put("slack:installation:workspace:T1", b'{"bot_token": "xoxb-1"}')
    with capture_logs() as logs:
        assert await installations.token("T1") is None
    assert ["slack.installation_unreadable"] == [entry["event"] for entry in logs]
    assert "xoxb" not in str(logs)
