from __future__ import annotations

import pytest

from adapters.slack.downloads import is_slacks
from adapters.slack.ways import Way

API = "https://slack.com/api/"


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"bot_token": "xoxb-1"},
        {"app_token": "xapp-1"},
        {"client_id": "1", "app_token": "xapp-1"},
        {"bot_token": "xoxb-1", "client_id": "1", "client_secret": "s", "app_token": "xapp-1"},
    ],
)
def test_half_a_way_is_none(given: dict[str, str]) -> None:
    """There is one way in and one way to hear, or it is refused."""
    with pytest.raises(ValueError, match="Slack needs"):
        Way(**given)


def test_a_way_shows_no_secret() -> None:
    """However it is printed."""
    way = Way(bot_token="xoxb-secret", app_token="xapp-secret", signing_secret="secret")
    assert "secret" not in f"{way} {way!r} {[way]}"


@pytest.mark.parametrize(
    ("address", "api_url", "expected"),
    [
        ("https://files.slack.com/files-pri/T01-F01/download/a.csv", API, True),
        ("https://acme.enterprise.slack.com/files-pri/a.csv", API, True),
        ("http://files.slack.com/a.csv", API, False),
        ("https://files.slack.com:8443/a.csv", API, False),
        ("https://files.slack.com.evil.example/a.csv", API, False),
        ("https://evilslack.com/a.csv", API, False),
        ("https://files.slack.com@evil.example/a.csv", API, False),
        ("https://evil.example@files.slack.com/a.csv", API, False),
        ("https://169.254.169.254/latest", API, False),
        ("file:///etc/passwd", API, False),
        ("", API, False),
        ("http://127.0.0.1:4000/files/a.csv", "http://127.0.0.1:4000/api/", True),
        ("http://127.0.0.1:4001/files/a.csv", "http://127.0.0.1:4000/api/", False),
    ],
)
def test_the_token_goes_to_slack_only(address: str, api_url: str, expected: bool) -> None:
    """Whatever address a file claims to have."""
    assert expected is is_slacks(address, api_url)
