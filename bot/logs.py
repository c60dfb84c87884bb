"""Logs: events with fields, never what people wrote; what libraries log goes the same way."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import Any, TextIO

import structlog
from structlog.stdlib import ProcessorFormatter

from bot.settings import Settings


def _where_it_went_wrong(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """An exception as its type and the lines it passed, without its message: that may hold what people wrote."""
    raised = event.pop("exc_info", None)
    error = _error_in(raised)
    if error is not None:
        frames = traceback.extract_tb(error.__traceback__)
        event["error"] = type(error).__name__
        event["passed"] = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    return event


def _error_in(raised: object) -> BaseException | None:
    """The exception that a record is about, in any of the forms in which it may be given."""
    if isinstance(raised, tuple):
        return raised[1] if isinstance(raised[1], BaseException) else None
    return raised if isinstance(raised, BaseException) else sys.exc_info()[1] if raised else None


def _of_a_library(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A record of the standard library's logging as an event: its first line, without what exceptions say.

    asyncio writes the exception of a task into its message, others theirs with `%s`.
    """
    record, arguments = event["_record"], event.pop("positional_args", ())
    event.pop("stack_info", None)
    if isinstance(record.msg, BaseException):
        text = type(record.msg).__name__
    else:
        text = _without_words(_filled_in(str(record.msg), arguments), _error_in(event.get("exc_info")))
    event["event"] = (text.splitlines() or [""])[0]
    event["logger"] = record.name
    return event


def _filled_in(template: str, arguments: Any) -> str:
    """A message with its arguments, exceptions among them by their type; as it stands where they do not fit."""
    if not arguments:
        return template
    try:
        if isinstance(arguments, Mapping):
            return template % {name: _by_type(value) for name, value in arguments.items()}
        return template % tuple(map(_by_type, arguments))
    except (TypeError, ValueError, KeyError):
        return template


def _by_type(value: object) -> object:
    return type(value).__name__ if isinstance(value, BaseException) else value


def _without_words(text: str, error: BaseException | None) -> str:
    """A message without what the exception it is about, or one behind it, says."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        for words in (repr(error), str(error)):
            if words:
                text = text.replace(words, type(error).__name__)
        error = error.__cause__ or error.__context__
    return text


def start_log(settings: Settings, stream: TextIO) -> None:
    """Writes events with fields to a stream from now on, in words or as JSON lines, as the settings say."""
    level = getattr(logging, settings.log_level.upper())
    render = (
        structlog.processors.JSONRenderer()
        if settings.log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=stream.isatty())
    )
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _where_it_went_wrong,
    ]
    structlog.configure(
        processors=[*shared, render],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(stream),
    )
    formatter = ProcessorFormatter(
        foreign_pre_chain=[_of_a_library, *shared],
        processors=[ProcessorFormatter.remove_processors_meta, render],
        use_get_message=False,
        pass_foreign_args=True,
    )
    _hear_libraries(formatter, stream, max(level, logging.WARNING))


def _hear_libraries(formatter: ProcessorFormatter, stream: TextIO, level: int) -> None:
    """Has everything that libraries log written to a stream from now on, and not any more to the one before."""
    root = logging.getLogger()
    for handler in [one for one in root.handlers if isinstance(one.formatter, ProcessorFormatter)]:
        root.removeHandler(handler)
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    root.addHandler(handler)
    root.setLevel(level)
    logging.raiseExceptions = False  # or a record that can't be written would be, arguments and all, to stderr
