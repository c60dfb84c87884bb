from __future__ import annotations

import json
from collections.abc import Iterator
from io import StringIO

import pytest
import structlog

from bot.logs import start_log
from bot.settings import Settings


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    """Leaves logging as other tests expect it."""
    yield
    structlog.reset_defaults()


@pytest.mark.parametrize("form", ["json", "console"])
def test_an_exception_is_logged_without_its_words(form: str) -> None:
    """The type and the lines it passed are enough to find it; the message may hold what somebody wrote."""
    stream = StringIO()
    start_log(Settings.model_validate({"LOG_FORMAT": form}), stream)
    try:
        raise ValueError("Jess is allergic to peanuts")
    except ValueError:
        structlog.get_logger().exception("command.failed", verb="note")
    written = stream.getvalue()
    assert "peanuts" not in written
    assert "ValueError" in written
    assert "test_logs.py" in written
    if form == "json":
        assert "command.failed" == json.loads(written)["event"]


def test_what_is_less_than_the_level_is_left_out() -> None:
    """The level is a setting."""
    stream = StringIO()
    start_log(Settings.model_validate({"LOG_LEVEL": "error"}), stream)
    structlog.get_logger().warning("nudge.posted")
    assert "" == stream.getvalue()
