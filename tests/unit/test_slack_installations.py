from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.oauth.installation_store.models.installation import Installation
from structlog.testing import capture_logs

from adapters.slack.authorizing import ByAccess
from adapters.slack.installations import Installations
from bot.address import Workspace
from bot.errors import StoreFailed
from storage.vault import FileVault
from tests.console_core import ScriptedCore

KEY = Fernet.generate_key().decode()
INSTALLED, LATER = 1_000_000_000.0, 2_000_000_000.0


class Told(ScriptedCore):
    """A core whose store fails as often as it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.failures = 0
        self.said: list[str] = []
        self.is_telling = asyncio.Event()

    @property
    def back(self) -> list[str]:
        """The workspaces that Rapport is in, in the order in which that was told."""
        return [workspace.id for workspace in self.installs]

    @property
    def left(self) -> list[str]:
        """The workspaces that it was taken out of."""
        return [workspace.id for workspace in self.abandoned]

    async def uninstalled(self, workspace: Workspace) -> None:
        """Remembers it, where the store does, once the gate is open."""
        self._fail()
        self.is_telling.set()
        if self.gate is not None:
            await self.gate.wait()
        self.said.append("gone")
        await super().uninstalled(workspace)

    async def installed(self, workspace: Workspace) -> None:
        """The same."""
        self._fail()
        self.said.append("back")
        await super().installed(workspace)

    def _fail(self) -> None:
        if self.failures:
            self.failures -= 1
            raise StoreFailed("broken")


@pytest.fixture
def vault(tmp_path: Path) -> FileVault:
    """Where the tokens of this test lie."""
    return FileVault(tmp_path / "secrets", KEY)


@pytest.fixture
def core() -> Told:
    """Who is told."""
    return Told()


@pytest.fixture
def installations(vault: FileVault, core: Told) -> Installations:
    """Nobody has installed anything."""
    return Installations(vault, core)


class BrokenVault(FileVault):
    """A disk that gave up."""

    async def get(self, key: str) -> bytes | None:
        """Fails."""
        raise StoreFailed("broken")


def installation(
    token: str, team: str | None = "T1", org: str | None = None, user: str = "U1", at: float = INSTALLED
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
    installations: Installations,
    team: str | None,
    org: str | None = None,
    *,
    org_wide: bool = False,
    at: float | None = None,
) -> AuthorizeResult | None:
    """What Bolt finds for a request from a workspace."""
    context = AsyncBoltContext({"is_enterprise_install": org_wide, "happened_at": at})
    return await ByAccess(installations)(context=context, enterprise_id=org, team_id=team, user_id="U9")


async def heard(installations: Installations, *teams: str, org: str = "E1") -> None:
    """Requests come from workspaces by their organisation's installation."""
    for team in teams:
        assert await authorized(installations, team, org, org_wide=True) is not None


async def tried_until_told(work: Callable[[], Awaitable[None]]) -> None:
    """Slack tells of something again and again."""
    while True:
        try:
            return await work()
        except StoreFailed:
            continue


async def test_a_workspace_is_found_after_a_restart(installations: Installations, vault: FileVault) -> None:
    """By its id alone; other workspaces are not."""
    await installations.save(installation("xoxb-1"))
    restarted = Installations(vault, ScriptedCore())
    assert ("xoxb-1", None) == (await restarted.token("T1"), await restarted.token("T2"))
    assert await authorized(restarted, "T2") is None


async def test_slack_is_not_asked_whose_token_it_is(installations: Installations) -> None:
    """What was kept at the installation says it, so that no hiccup of Slack's turns an event away for good."""
    await installations.save(installation("xoxb-1"))
    result = await authorized(installations, "T1")
    assert result is not None
    assert ("xoxb-1", "U0", "B1", "T1") == (result.bot_token, result.bot_user_id, result.bot_id, result.team_id)


async def test_only_the_bot_token_is_kept(installations: Installations, vault: FileVault) -> None:
    """Nothing of who installed it."""
    await installations.save(installation("xoxb-1", user="U777"))
    kept = await vault.get("slack:installation:workspace:T1") or b""
    assert (True, False, False) == (b"xoxb-1" in kept, b"xoxp" in kept, b"U777" in kept)


async def test_what_can_not_speak_is_no_installation(installations: Installations) -> None:
    """One without a bot token is refused."""
    with pytest.raises(ValueError, match="bot token"):
        await installations.save(installation(""))


async def test_the_core_knows_of_an_installation(installations: Installations, core: Told) -> None:
    """A team that was gone is back before anybody speaks; where it can't be told, the page says that it failed."""
    core.failures = 1
    with pytest.raises(StoreFailed):
        await installations.save(installation("xoxb-1"))
    await installations.save(installation("xoxb-1"))
    assert ["T1"] == core.back


async def test_a_start_makes_up_for_what_was_not_told(
    installations: Installations, vault: FileVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between keeping a token and telling, a team would be erased though Rapport is installed."""
    monkeypatch.setattr("adapters.slack.installations.ASK_AGAIN", 0)
    await installations.save(installation("xoxb-1"))
    await installations.save(installation("xoxb-org", team=None, org="E1"))
    await heard(installations, "T2", "T3")
    await installations.withdrawn(["T3"], "E1", at=LATER)
    core = Told()
    core.failures = 1
    await Installations(vault, core).log_in()
    assert {"T1", "T2"} == set(core.back)


async def test_an_organisation_serves_each_of_its_workspaces(
    installations: Installations, vault: FileVault, core: Told
) -> None:
    """Every request says so; from the first one on the workspace's id alone is enough, after a restart too."""
    await installations.save(installation("xoxb-org", team=None, org="E1"))
    assert await installations.token("T1") is None
    await heard(installations, "T1", "T2", "T1")
    assert ["T1", "T2"] == core.back
    restarted = Installations(vault, core)
    assert ["xoxb-org", "xoxb-org", None] == [await restarted.token(team) for team in ("T1", "T2", "T3")]
    assert ("T1", "T2") == await restarted.workspaces("E1")
    assert ["T1", "T2"] == core.back


async def test_a_workspace_that_could_not_be_told_of_is_told_with_the_next_request(
    installations: Installations, core: Told
) -> None:
    """The request fails, and Slack sends it again."""
    await installations.save(installation("xoxb-org", team=None, org="E1"))
    core.failures = 1
    with pytest.raises(StoreFailed):
        await heard(installations, "T1")
    await heard(installations, "T1")
    assert ["T1"] == core.back


async def test_nobody_belongs_to_an_organisation_that_has_not_installed(installations: Installations) -> None:
    """What a request says of an unknown organisation is not remembered."""
    assert await authorized(installations, "T1", "E1", org_wide=True) is None
    await installations.save(installation("xoxb-org", team=None, org="E1"))
    assert await installations.token("T1") is None


async def test_a_workspace_s_own_installation_goes_first(installations: Installations) -> None:
    """For who asks and for who speaks alike, whatever a request came by."""
    await installations.save(installation("xoxb-org", team=None, org="E1"))
    await heard(installations, "T1")
    await installations.save(installation("xoxb-own", org="E1"))
    result = await authorized(installations, "T1", "E1", org_wide=True)
    assert ("xoxb-own", "xoxb-own") == (result and result.bot_token, await installations.token("T1"))


async def test_who_uninstalls_is_let_in_no_longer(installations: Installations, core: Told, tmp_path: Path) -> None:
    """From that moment on; nothing of the token stays on the disk, and others keep theirs."""
    await installations.save(installation("xoxb-1"))
    await installations.save(installation("xoxb-2", team="T2"))
    await installations.uninstalled("T1", None, org_wide=False, at=LATER)
    assert (None, None) == (await authorized(installations, "T1"), await installations.token("T1"))
    assert (["T1"], "xoxb-2", 1) == (
        core.left,
        await installations.token("T2"),
        len([*(tmp_path / "secrets").glob("*.secret")]),
    )


async def test_a_request_fails_where_the_vault_does(tmp_path: Path, core: Told) -> None:
    """It is not taken for one from a stranger, which Slack would not repeat."""
    with pytest.raises(StoreFailed):
        await authorized(Installations(BrokenVault(tmp_path, KEY), core), "T1")


async def test_an_end_is_told_until_it_is_heard(installations: Installations, core: Told) -> None:
    """The token is gone at once all the same."""
    await installations.save(installation("xoxb-1"))
    core.failures = 1
    with pytest.raises(StoreFailed):
        await installations.uninstalled("T1", None, org_wide=False, at=LATER)
    assert (None, []) == (await installations.token("T1"), core.left)
    for _ in range(2):
        await installations.uninstalled("T1", None, org_wide=False, at=LATER)
    assert ["T1", "T1"] == core.left


@pytest.mark.parametrize(("team", "org_wide"), [("T2", True), ("T2", False), (None, False)])
async def test_an_organisation_that_uninstalls_is_told_for_all_its_workspaces(
    installations: Installations, core: Told, team: str | None, *, org_wide: bool
) -> None:
    """Whether or not Slack says that it is about all of it, again where it failed, but not for who has their own."""
    await installations.save(installation("xoxb-org", team=None, org="E1"))
    await installations.save(installation("xoxb-other", team=None, org="E2"))
    await heard(installations, "T1", "T2", "T4")
    await heard(installations, "T3", org="E2")
    await installations.save(installation("xoxb-own", team="T4", org="E1"))
    core.failures = 1
    await tried_until_told(lambda: installations.uninstalled(team, "E1", org_wide=org_wide, at=LATER))
    assert {"T1", "T2"} == set(core.left)
    tokens = [await installations.token(one) for one in ("T1", "T2", "T3", "T4")]
    assert [None, None, "xoxb-other", "xoxb-own"] == tokens


async def test_an_organisation_that_comes_back_brings_its_workspaces(
    installations: Installations, vault: FileVault, core: Told
) -> None:
    """Those whose people only read would be erased otherwise."""
    await installations.save(installation("xoxb-org", team=None, org="E1"))
    await heard(installations, "T1", "T2")
    await installations.uninstalled(None, "E1", org_wide=True, at=INSTALLED + 1)
    core.installs.clear()
    restarted = Installations(vault, core)
    await restarted.save(installation("xoxb-new", team=None, org="E1", at=LATER))
    assert (["T1", "T2"], "xoxb-new") == (core.back, await restarted.token("T2"))


async def test_an_organisation_takes_rapport_out_of_one_workspace(
    installations: Installations, vault: FileVault, core: Told
) -> None:
    """That one is gone, whatever was said there before and comes late; its token serves the others."""
    await installations.save(installation("xoxb-org", team=None, org="E1"))
    await heard(installations, "T1", "T2")
    core.failures = 1
    await tried_until_told(lambda: installations.withdrawn(["T1", "T9"], "E1", at=INSTALLED + 10))
    assert ({"T1", "T9"}, None, "xoxb-org") == (
        set(core.left),
        await installations.token("T1"),
        await installations.token("T2"),
    )
    for known in (installations, Installations(vault, core)):
        assert await authorized(known, "T1", "E1", org_wide=True, at=INSTALLED + 9) is None
    assert (["T1", "T2"], ("T2",)) == (core.back, await installations.workspaces("E1"))


async def test_an_organisation_gives_rapport_to_a_workspace(installations: Installations, core: Told) -> None:
    """It is there before anybody speaks; what comes later than it happened undoes nothing that was said since."""
    await installations.save(installation("xoxb-org", team=None, org="E1"))
    await installations.granted(["T1", "T2"], "E1", at=INSTALLED + 20)
    await installations.withdrawn(["T1"], "E1", at=INSTALLED + 10)
    await installations.withdrawn(["T2"], "E1", at=INSTALLED + 30)
    await installations.granted(["T2"], "E1", at=INSTALLED + 20)
    assert (["T1", "T2"], ["T2"]) == (core.back, core.left)
    await heard(installations, "T2")
    assert (["T1", "T2", "T2"], "xoxb-org") == (core.back, await installations.token("T2"))


async def test_a_late_word_takes_nothing_from_who_has_come_back(installations: Installations, core: Told) -> None:
    """Slack repeats events for a day: what was installed after it happened stays, and nobody is told."""
    await installations.save(installation("xoxb-new", at=2_000.5))
    await installations.uninstalled("T1", None, org_wide=False, at=1_999)
    assert ([], "xoxb-new") == (core.left, await installations.token("T1"))
    await installations.uninstalled("T1", None, org_wide=False, at=2_000)
    assert (["T1"], None) == (core.left, await installations.token("T1"))


async def test_an_end_and_a_beginning_are_told_in_their_order(installations: Installations, core: Told) -> None:
    """However the core takes its time: what is told last is what is true."""
    await installations.save(installation("xoxb-1"))
    core.gate = asyncio.Event()
    ending = asyncio.create_task(installations.uninstalled("T1", None, org_wide=False, at=LATER))
    await core.is_telling.wait()
    saving = asyncio.create_task(installations.save(installation("xoxb-2", at=LATER + 1)))
    await asyncio.wait({saving}, timeout=0.1)
    core.gate.set()
    await asyncio.gather(ending, saving)
    assert (["back", "gone", "back"], "xoxb-2") == (core.said, await installations.token("T1"))


@pytest.mark.parametrize("key", ["slack:installation:workspace:T1", "slack:org-of:T1"])
async def test_what_can_not_be_read_any_more_is_not_there(
    installations: Installations, vault: FileVault, key: str
) -> None:
    """As from another version; the log says so and nothing of what stood there."""
    await vault.put(key, b'{"bot_token": "xoxb-1"}')
    with capture_logs() as logs:
        assert await installations.token("T1") is None
    assert [True] == [entry["event"].endswith("_unreadable") for entry in logs]
    assert "xoxb" not in str(logs)
