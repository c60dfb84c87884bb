from __future__ import annotations

import pytest

from tests.story.console_stage import open_console_stage
from tests.story.slack_stage import open_slack_over_http, open_slack_over_socket
from tests.story.stage import OpenStage

PLATFORMS: dict[str, OpenStage] = {
    "console": open_console_stage,
    "slack-http": open_slack_over_http,
    "slack-socket": open_slack_over_socket,
}
"""The stages on which every story is played."""


@pytest.fixture(params=PLATFORMS)
def open_stage(request: pytest.FixtureRequest) -> OpenStage:
    """One platform after the other."""
    return PLATFORMS[request.param]
