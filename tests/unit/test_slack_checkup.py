from __future__ import annotations

import io
from pathlib import Path

import pytest

from bot.doctor import doctor
from bot.settings import Settings
from tests.platform.slack.faults import error
from tests.platform.slack.server import FakeSlack, open_slack


async def report(slack: FakeSlack, folder: Path, **changed: str) -> tuple[int, list[str]]:
    """The exit code, and what the doctor says of Slack."""
    said = {
        "DATABASE_URL": f"tinydb:{folder / 'rapport.json'}",
        "SLACK_BOT_TOKEN": slack.team.bot_token or "",
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_API_URL": slack.api_url,
    }
    settings, output = Settings.model_validate(said | changed), io.StringIO()
    code = await doctor(lambda: settings, repair=False, output=output)
    lines = output.getvalue().splitlines()
    return code, [line for line in lines if " Slack " in f"{line[:24]} " or "Slack  " in line]


async def test_says_that_slack_takes_the_tokens(tmp_path: Path) -> None:
    """With everything that Rapport needs, in which workspace."""
    async with open_slack() as slack:
        _, lines = await report(slack, tmp_path)
    assert ["fine", "fine"] == [line.split()[0] for line in lines]
    assert "with every permission it needs" in lines[0]


async def test_names_the_permissions_that_are_missing(tmp_path: Path) -> None:
    """An app that was made before a permission was needed goes on without it, until somebody misses what it is for."""
    async with open_slack() as slack:
        grant = slack.grants[slack.team.bot_token or ""]
        weaker = slack.grant(grant.team, grant.enterprise, [one for one in grant.scopes if one != "files:write"])
        code, lines = await report(slack, tmp_path, SLACK_BOT_TOKEN=weaker.token)
    assert 1 == code
    assert "lacks files:write." in lines[0]


@pytest.mark.parametrize(
    ("method", "setting"), [("auth.test", "SLACK_BOT_TOKEN"), ("apps.connections.open", "SLACK_APP_TOKEN")]
)
async def test_says_which_token_slack_refuses(tmp_path: Path, method: str, setting: str) -> None:
    """And where a good one is found, without showing the one that is wrong."""
    async with open_slack() as slack:
        slack.faults.next(method, error("invalid_auth"))
        code, lines = await report(slack, tmp_path)
        token = slack.team.bot_token or ""
    assert 1 == code
    assert any(f"does not accept {setting} (invalid_auth)" in line for line in lines)
    assert not any(token in line for line in lines)


async def test_says_that_slack_does_not_answer(tmp_path: Path) -> None:
    """Which is no fault of the token's."""
    async with open_slack() as slack:
        _, lines = await report(slack, tmp_path, SLACK_API_URL="http://127.0.0.1:9/api/")
    assert all("does not answer" in line for line in lines)
