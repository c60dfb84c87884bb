from __future__ import annotations

import asyncio
import gc
import json
import logging
from collections.abc import Iterator
from io import StringIO

import pytest
import structlog

from bot.logs import start_log
from bot.settings import Settings


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    """Leaves logging as other tests expect it."""
    root = logging.getLogger()
    handlers, level, loud = root.handlers[:], root.level, logging.raiseExceptions
    yield
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.raiseExceptions = loud


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


def logged(stream: StringIO) -> list[dict[str, str]]:
    """The JSON lines that were written."""
    return [json.loads(line) for line in stream.getvalue().splitlines()]


@pytest.mark.parametrize("form", ["json", "console"])
def test_what_a_library_logs_about_an_exception_is_without_its_words(form: str) -> None:
    """However a library puts an exception into its record, type and lines are shown, and no word of it."""
    stream = StringIO()
    start_log(Settings.model_validate({"LOG_FORMAT": form}), stream)
    library = logging.getLogger("apscheduler.executors.default")
    try:
        try:
            raise KeyError("Jess is allergic to peanuts")
        except KeyError as cause:
            raise ValueError("about peanuts:\nJess") from cause
    except ValueError as error:
        library.exception("Job %s raised an exception", "tick")
        library.exception(f"listener failed (error: {error})")
        library.error("it was %r", error)
        library.error("it was %(this)s", {"this": error})
        library.error(error)
        library.error("for want of %r", error.__cause__, exc_info=error)
    written = stream.getvalue()
    assert ("peanuts" in written, "Jess" in written, "Traceback" in written) == (False, False, False)
    assert ("Job tick raised an exception" in written, "test_logs.py" in written) == (True, True)
    assert 6 == len(written.splitlines())
    if form == "json":
        assert "apscheduler.executors.default" == logged(stream)[0]["logger"]
        assert "listener failed (error: ValueError)" == logged(stream)[1]["event"]
        assert ["ValueError"] * 3 == [line["error"] for line in logged(stream) if "error" in line]


async def test_a_task_that_nobody_waited_for_is_logged_without_its_words() -> None:
    """asyncio writes the exception into its message, and a traceback below; both stay out of the log."""
    stream = StringIO()
    start_log(Settings.model_validate({"LOG_FORMAT": "json"}), stream)

    async def fail() -> None:
        raise ValueError("Jess is allergic to peanuts")

    task = asyncio.create_task(fail())
    await asyncio.wait([task])
    del task
    gc.collect()
    assert "peanuts" not in stream.getvalue()
    assert [("Task exception was never retrieved", "ValueError")] == [
        (line["event"], line["error"]) for line in logged(stream)
    ]


def test_a_record_that_can_not_be_filled_in_is_written_as_it_stands(capsys: pytest.CaptureFixture[str]) -> None:
    """Arguments that do not fit are left out, and nothing goes to standard error."""
    stream = StringIO()
    start_log(Settings.model_validate({"LOG_FORMAT": "json"}), stream)
    logging.getLogger("library").warning("%s of %s", "peanuts")  # noqa: PLE1206 - a library's mistake
    assert ["%s of %s"] == [line["event"] for line in logged(stream)]
    assert ("", "") == capsys.readouterr()


def test_a_second_start_writes_each_record_once() -> None:
    """Who starts the log again moves it, libraries' records too."""
    first, second = StringIO(), StringIO()
    for stream in (first, second):
        start_log(Settings.model_validate({"LOG_FORMAT": "json"}), stream)
    logging.getLogger("library").warning("slow")
    logging.getLogger("library").info("chatter")
    assert ("", ["slow"]) == (first.getvalue(), [line["event"] for line in logged(second)])
