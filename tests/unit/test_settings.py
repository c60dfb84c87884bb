from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from bot.errors import SettingsError
from bot.settings import Settings, load_settings

KEY = Fernet.generate_key().decode()

SOCKET = {"SLACK_APP_TOKEN": "xapp-1-A1-2-abc"}
HTTP = {"SLACK_SIGNING_SECRET": "0123abcd", "PORT": "3000"}
ONE = {"SLACK_BOT_TOKEN": "xoxb-1-2-abc"}
MANY = {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "hush", "RAPPORT_SECRET_KEY": KEY, "PORT": "3000"}
ALL_OF_SLACK = ("SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_BOT_TOKEN", "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET")


@pytest.fixture(autouse=True)
def nothing_is_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the machine's environment says, and whatever stands in the `.env` of whoever runs the tests."""
    monkeypatch.chdir(tmp_path)
    for field in Settings.model_fields.values():
        monkeypatch.delenv(str(field.validation_alias), raising=False)


def told(monkeypatch: pytest.MonkeyPatch, **variables: str) -> Settings:
    """The settings under an environment."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return load_settings()


def refused(monkeypatch: pytest.MonkeyPatch, **variables: str) -> list[str]:
    """What is said about an environment that is wrong, by setting."""
    with pytest.raises(SettingsError) as refusal:
        told(monkeypatch, **variables)
    first, *problems = str(refusal.value).splitlines()
    assert "Mend them in the environment or in .env" in first
    return [problem.strip() for problem in problems]


def test_with_nothing_set_no_platform_runs() -> None:
    """The console opens, on a store beside it."""
    settings = load_settings()
    assert ((), None) == (settings.platforms, settings.slack)
    assert (None, "0.0.0.0", "tinydb:data/rapport.json") == (settings.port, settings.host, settings.database_url)  # noqa: S104 - the default


@pytest.mark.parametrize(
    "more", [{"PORT": "3000"}, {"RAPPORT_SECRET_KEY": KEY}, {"SLACK_API_URL": "http://localhost/api"}]
)
def test_what_goes_with_slack_is_not_slack(monkeypatch: pytest.MonkeyPatch, more: dict[str, str]) -> None:
    """A port, a key or an address alone say nothing about a platform."""
    assert () == told(monkeypatch, **more).platforms


@pytest.mark.parametrize("hears", [SOCKET, HTTP])
@pytest.mark.parametrize("speaks", [ONE, MANY])
def test_slack_runs_four_ways(monkeypatch: pytest.MonkeyPatch, hears: dict[str, str], speaks: dict[str, str]) -> None:
    """By socket or HTTP, for one workspace or many."""
    settings = told(monkeypatch, **(hears | speaks))
    assert ("slack",) == settings.platforms
    slack = settings.slack
    assert slack is not None
    assert (hears is HTTP, speaks is MANY) == (slack.by_http, slack.by_oauth)
    assert (slack.by_http, not slack.by_http) == (slack.signing_secret is not None, slack.app_token is not None)
    assert (slack.by_oauth, not slack.by_oauth) == (slack.client_secret is not None, slack.bot_token is not None)


def test_every_other_mixture_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of all ways to set Slack's five, with all else in place, only the four are whole; none is taken for none."""
    values = SOCKET | HTTP | ONE | MANY
    whole = set()
    for count in range(1, len(ALL_OF_SLACK) + 1):
        for names in combinations(ALL_OF_SLACK, count):
            given = {name: values[name] for name in names}
            settings = Settings.model_validate(given | {"PORT": "3000", "RAPPORT_SECRET_KEY": KEY})
            if not list(settings.problems()):
                assert settings.slack is not None
                whole.add(frozenset(names))
                continue
            with pytest.raises(SettingsError):
                _ = settings.slack
    ways = [(hears, speaks) for hears in ALL_OF_SLACK[:2] for speaks in (ALL_OF_SLACK[2:3], ALL_OF_SLACK[3:])]
    assert {frozenset((hears, *speaks)) for hears, speaks in ways} == whole


@pytest.mark.parametrize(
    ("given", "setting", "words"),
    [
        (SOCKET, "SLACK_BOT_TOKEN", "Bot User OAuth Token"),
        (ONE, "SLACK_APP_TOKEN", "connections:write"),
        (ONE, "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET and PORT"),
        (HTTP | ONE | {"PORT": ""}, "PORT", "PORT=3000"),
        (SOCKET | MANY | {"PORT": ""}, "PORT", "web page"),
        (SOCKET | MANY | {"RAPPORT_SECRET_KEY": ""}, "RAPPORT_SECRET_KEY", "Fernet.generate_key()"),
        (SOCKET | MANY | {"SLACK_CLIENT_SECRET": ""}, "SLACK_CLIENT_SECRET", "Basic Information"),
        (SOCKET | MANY | {"SLACK_CLIENT_ID": " "}, "SLACK_CLIENT_ID", "Basic Information"),
        (SOCKET | MANY | ONE, "SLACK_BOT_TOKEN", "leave it out"),
        (SOCKET | HTTP | ONE, "SLACK_APP_TOKEN and SLACK_SIGNING_SECRET", "leave one of them out"),
        (SOCKET | {"SLACK_BOT_TOKEN": "xapp-1"}, "SLACK_BOT_TOKEN", "for SLACK_APP_TOKEN"),
        (ONE | {"SLACK_APP_TOKEN": "xoxb-1"}, "SLACK_APP_TOKEN", "for SLACK_BOT_TOKEN"),
        (SOCKET | {"SLACK_BOT_TOKEN": "xoxp-1"}, "SLACK_BOT_TOKEN", "must begin with xoxb-"),
        (SOCKET | {"SLACK_BOT_TOKEN": "xoxe.xoxb-1"}, "SLACK_BOT_TOKEN", "token rotation is off"),
        (ONE | {"SLACK_APP_TOKEN": "abc"}, "SLACK_APP_TOKEN", "must begin with xapp-"),
        ({"PORT": "web"}, "PORT", "integer"),
        ({"PORT": "70000"}, "PORT", "65535"),
        ({"RAPPORT_SECRET_KEY": "password"}, "RAPPORT_SECRET_KEY", "Fernet.generate_key()"),
        ({"RAPPORT_SECRET_KEY": f"{KEY},"}, "RAPPORT_SECRET_KEY", "Fernet.generate_key()"),
        ({"RAPPORT_PUBLIC_URL": "rapport.example.com"}, "RAPPORT_PUBLIC_URL", "https"),
        ({"RAPPORT_PUBLIC_URL": "http://rapport.example.com"}, "RAPPORT_PUBLIC_URL", "https"),
        ({"SLACK_API_URL": "slack.com"}, "SLACK_API_URL", "web address"),
        ({"SLACK_API_URL": "http://[broken"}, "SLACK_API_URL", "web address"),
    ],
)
def test_what_is_wrong_is_named_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], setting: str, words: str
) -> None:
    """One line for what is missing, half set, contradictory or in the wrong place."""
    (problem,) = refused(monkeypatch, **given)
    assert problem.startswith(f"{setting}: ")
    assert words in problem


def test_all_that_is_wrong_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tokens in one another's place are two mistakes."""
    problems = refused(monkeypatch, SLACK_BOT_TOKEN="xapp-1", SLACK_APP_TOKEN="xoxb-1")
    assert ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"] == [problem.partition(":")[0] for problem in problems]


def test_secrets_are_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither by the settings, nor by what is made of them, nor by a refusal."""
    secrets = {"SLACK_BOT_TOKEN": "xoxb-hush", "SLACK_APP_TOKEN": "xapp-hush", "RAPPORT_SECRET_KEY": KEY}
    settings = told(monkeypatch, **secrets)
    shown = f"{settings!r} {settings} {settings.slack!r} {settings.model_dump()}"
    shown += " ".join(refused(monkeypatch, SLACK_CLIENT_SECRET="hush", SLACK_SIGNING_SECRET="hush"))
    shown += " ".join(refused(monkeypatch, RAPPORT_SECRET_KEY="hush,hush"))
    assert not re.search(f"hush|{re.escape(KEY)}", shown)


def test_several_keys_are_parted_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest first, while the old one is still needed."""
    both = f"{KEY}, {Fernet.generate_key().decode()}"
    settings = told(monkeypatch, RAPPORT_SECRET_KEY=both)
    assert settings.secret_key is not None
    assert both == settings.secret_key.get_secret_value()


@pytest.mark.parametrize(
    ("variable", "given", "taken"),
    [
        ("SLACK_API_URL", "http://127.0.0.1:8080/api", "http://127.0.0.1:8080/api/"),
        ("SLACK_API_URL", "https://slack.com/api/", "https://slack.com/api/"),
        ("RAPPORT_PUBLIC_URL", "https://rapport.example.com/", "https://rapport.example.com"),
        ("RAPPORT_PUBLIC_URL", "http://localhost:3000", "http://localhost:3000"),
        ("RAPPORT_HOST", " 127.0.0.1 ", "127.0.0.1"),
    ],
)
def test_addresses_are_brought_into_one_shape(
    monkeypatch: pytest.MonkeyPatch, variable: str, given: str, taken: str
) -> None:
    """The Web API's ends with a slash, the public one does not."""
    settings = told(monkeypatch, **{variable: given})
    assert taken in {settings.slack_api_url, settings.public_url, settings.host}


def test_a_template_that_was_not_filled_in_says_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """`SLACK_BOT_TOKEN=` in the environment or in `.env` is no token."""
    (tmp_path / ".env").write_text("SLACK_APP_TOKEN=\nPORT=\nRAPPORT_SECRET_KEY=\n")
    settings = told(monkeypatch, SLACK_BOT_TOKEN="", RAPPORT_PUBLIC_URL=" ")
    assert ((), None, None, None) == (settings.platforms, settings.port, settings.secret_key, settings.public_url)


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """And what it does not say, the file does."""
    (tmp_path / ".env").write_text("SLACK_APP_TOKEN=xapp-file\nSLACK_BOT_TOKEN=xoxb-file\n")
    slack = told(monkeypatch, SLACK_BOT_TOKEN="xoxb-environment").slack
    assert slack is not None
    assert slack.bot_token is not None
    assert slack.app_token is not None
    assert ("xoxb-environment", "xapp-file") == (
        slack.bot_token.get_secret_value(),
        slack.app_token.get_secret_value(),
    )


def test_the_example_explains_every_setting() -> None:
    """Each stands in `.env.example`, commented out, with its default where it has one; and no others do."""
    lines = (Path(__file__).parents[2] / ".env.example").read_text(encoding="utf-8").splitlines()
    shown = dict(re.findall(r"^#([A-Z_]+)=(.*)$", "\n".join(lines), flags=re.MULTILINE))
    fields = {str(field.validation_alias): field.default for field in Settings.model_fields.values()}
    assert set(fields) == set(shown)
    for name, default in fields.items():
        assert default is None or str(default).casefold() == shown[name].casefold()
    assert all(line.startswith("#") or not line for line in lines)
