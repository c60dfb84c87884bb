from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from slack_sdk.oauth.installation_store.models.installation import Installation

from adapters.slack.identity import REMOVED
from adapters.slack.installations import Installations
from adapters.slack.ways import Way
from bot.address import Workspace
from bot.change import Change
from bot.dispatch import Dispatch
from bot.errors import StoreFailed
from bot.model import Member, Team
from storage.vault import FileVault
from tests.console_core import ScriptedCore
from tests.platform.slack.bots import open_bot, open_core
from tests.platform.slack.faults import Fault, error, rate_limited, status
from tests.platform.slack.hand import Hand
from tests.platform.slack.server import FakeSlack
from tests.platform.slack.state import BOT_SCOPES, FakeTeam, Grant

ACME = Workspace("slack", "T01")


@pytest.fixture
def vault(tmp_path: Path) -> FileVault:
    """Where installations are kept."""
    return FileVault(tmp_path / "secrets", Fernet.generate_key().decode())


def by_oauth(slack: FakeSlack, vault: FileVault) -> dict[str, Any]:
    """How a bot runs that workspaces install themselves."""
    way = Way(client_id=slack.client_id, client_secret=slack.client_secret, signing_secret=slack.signing_secret)
    return {"way": way, "vault": vault}


async def keep(vault: FileVault, at: FakeTeam, grant: Grant | None = None) -> None:
    """Somebody has installed Rapport some time ago, in a workspace or with a grant in all of its organisation."""
    installation = Installation(
        enterprise_id=at.enterprise,
        team_id=None if grant else at.id,
        bot_token=grant.token if grant else at.bot_token,
        bot_id=at.bot_id,
        bot_user_id=at.bot_user,
        user_id="U1",
        is_enterprise_install=grant is not None,
        installed_at=1.0,
    )
    await Installations(vault, ScriptedCore()).save(installation)


def said(slack: FakeSlack, hand: Hand, text: str) -> dict[str, Any]:
    """Words in a DM, as Slack is going to tell of them."""
    message = slack.say(hand.user, hand.dm, text)
    event = {"type": "message", "channel_type": "im", "user": hand.user, "channel": hand.dm, "text": text}
    return slack.event_callback({**event, "ts": message.ts, "event_ts": message.ts})


async def team_of(core: Dispatch) -> Team:
    """The only team."""
    (team,) = await core.store.teams()
    return team


@pytest.mark.parametrize("fault", [rate_limited(30), error("internal_error"), status(500)])
async def test_a_hiccup_of_slack_s_turns_no_event_away(
    slack: FakeSlack, ana: Hand, vault: FileVault, fault: Fault
) -> None:
    """The first event after a start is heard, though Slack would not say whose the token is."""
    await keep(vault, slack.team)
    core = ScriptedCore()
    async with open_bot(slack, core, **by_oauth(slack, vault)):
        slack.faults.next("auth.test", fault, fault, fault)
        assert (await slack.deliver("event", said(slack, ana, "log jess coffee"))).is_acked
        await slack.quiet()
        slack.faults.clear()
    assert ["log jess coffee"] == [message.text for message in core.messages]


async def test_what_comes_after_the_end_is_not_heard(slack: FakeSlack, ana: Hand, tmp_path: Path) -> None:
    """With the one token of the settings: the team stays as it was left, and health says what to do."""
    async with open_core(tmp_path) as core, open_bot(slack, core) as bot:
        await ana.slash("add Jess Park")
        late = said(slack, ana, "due")
        await slack.uninstall()
        gone = await team_of(core)
        assert ((ACME,), REMOVED) == (gone.absent, bot.health())
        await slack.deliver("event", late)
        await slack.quiet()
        assert gone == await team_of(core)


async def test_installed_anew_the_team_is_back(slack: FakeSlack, ana: Hand, tmp_path: Path) -> None:
    """With the new token in the settings and before anybody speaks; what Slack tells late of the end is no news."""
    async with open_core(tmp_path) as core:
        async with open_bot(slack, core):
            await ana.slash("add Jess Park")
            await slack.uninstall()
            late = slack.event_callback({"type": "app_uninstalled"}, "T01") | {"event_time": 1_000}
        assert (ACME,) == (await team_of(core)).absent
        slack.grant("T01", None, BOT_SCOPES)
        async with open_bot(slack, core) as bot:
            assert (await slack.deliver("event", late)).is_acked
            team = await team_of(core)
            assert ((), None, None) == (team.absent, team.abandoned_at, bot.health())


async def test_a_leaver_is_not_lost_while_the_store_is_down(
    slack: FakeSlack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack is told to say it again, and then it is noted."""
    ben = Hand(slack, slack.add_user("Ben"))

    async def down(change: Change) -> Change:
        raise StoreFailed(f"{change.verb}: the disk is full")

    async with open_core(tmp_path) as core, open_bot(slack, core):
        await ben.slash("due")
        slack.change_user(ben.user, deleted=True)
        told = slack.event_callback({"type": "user_change", "user": slack.user_object(ben.user)})
        with monkeypatch.context() as patched:
            patched.setattr(core.store, "commit", down)
            assert 500 == (await slack.deliver("event", told)).status
        assert (await slack.deliver("event", told, retry_num=1)).is_acked
        (member,) = await core.store.everything(Member, (await team_of(core)).id)
        assert member.left_at is not None


async def test_who_is_deactivated_leaves_all_workspaces_of_the_organisation(slack: FakeSlack, vault: FileVault) -> None:
    """Slack tells an organisation's installation once; who is only taken off one workspace stays in the others."""
    first, *_ = [slack.add_team(id, enterprise="E1") for id in ("T02", "T03", "T04")]
    await keep(vault, first, slack.grant(None, "E1", BOT_SCOPES))
    ben = slack.add_user("Ben", team="T02")
    core = ScriptedCore()
    async with open_bot(slack, core, **by_oauth(slack, vault)):
        granted = {"type": "team_access_granted", "team_ids": ["T02", "T03"]}
        assert (await slack.deliver("event", granted, team="T02")).is_acked
        assert ["T02", "T03"] == [workspace.id for workspace in core.installs]
        user = slack.user_object(ben)
        user["enterprise_user"]["teams"] = ["T02"]
        await slack.deliver("event", {"type": "user_change", "user": user}, team="T02")
        assert (["T02"], ["T03"]) == (
            [actor.person.workspace for actor in core.noticed],
            [person.workspace for person in core.gone],
        )
        slack.change_user(ben, deleted=True)
        await slack.deliver("event", {"type": "user_change", "user": slack.user_object(ben)}, team="T02")
        assert ["T02", "T03"] == sorted(person.workspace for person in core.gone[1:])


async def test_one_workspace_of_an_organisation_goes(slack: FakeSlack, vault: FileVault) -> None:
    """It is told for that one, and the others are served by the same token as before."""
    first, _ = [slack.add_team(id, enterprise="E1") for id in ("T02", "T03")]
    await keep(vault, first, slack.grant(None, "E1", BOT_SCOPES))
    ben, kim = (Hand(slack, slack.add_user(name, team=team)) for name, team in (("Ben", "T02"), ("Kim", "T03")))
    core = ScriptedCore()
    async with open_bot(slack, core, **by_oauth(slack, vault)):
        await ben.slash("due")
        await kim.slash("due")
        late = said(slack, ben, "due")
        assert (await slack.deliver("event", {"type": "team_access_revoked", "team_ids": ["T02"]}, team="T03")).is_acked
        await slack.deliver("event", late)
        await slack.quiet()
        assert (["T02", "T03"], ["T02"], []) == (
            [workspace.id for workspace in core.installs],
            [workspace.id for workspace in core.abandoned],
            core.messages,
        )
        await kim.slash("find")
    assert ["due", "due", "find"] == [command.verb for command in core.commands]


@pytest.mark.parametrize("is_by_oauth", [True, False])
async def test_a_stranger_who_presses_is_refused_by_the_core(
    slack: FakeSlack, ana: Hand, vault: FileVault, *, is_by_oauth: bool
) -> None:
    """In a channel that is shared with their company: Rapport is installed here, and they are told why not for them."""
    await keep(vault, slack.team)
    slack.add_team("T09", name="Other")
    zed = slack.add_user("Zed", team="T09", stranger=True)
    channel = slack.add_channel("shared", [ana.user, zed], ext_shared=True)
    pressed = {
        "type": "block_actions",
        "team": {"id": "T09", "domain": "other"},
        "user": {"id": zed, "team_id": "T09"},
        "channel": {"id": channel, "name": "shared"},
        "container": {"type": "message", "message_ts": "1.0", "channel_id": channel, "is_ephemeral": False},
        "message": {"ts": "1.0", "team": "T01", "user": slack.team.bot_user, "bot_id": slack.team.bot_id},
        "response_url": slack.new_response_url(zed, channel),
        "trigger_id": slack.new_trigger(zed),
        "actions": [{"type": "button", "action_id": "press:1:due", "block_id": "b", "action_ts": "2.0"}],
    }
    core = ScriptedCore()
    async with open_bot(slack, core, **(by_oauth(slack, vault) if is_by_oauth else {})):
        assert (await slack.deliver("interaction", pressed)).is_acked
        await slack.quiet()
    assert [("T01", "stranger")] == [(one.actor.person.workspace, one.actor.role.value) for one in core.commands]
