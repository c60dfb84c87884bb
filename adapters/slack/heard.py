"""Heard: what this process has heard already, so that a second delivery waits for the first or shares its outcome."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from bot.reply import Form, Outcome, Reply

T = TypeVar("T")

KEPT = 10_000
"""Ids that are remembered: a busy team's week. What is older is known to the store, if it changed anything."""


class Heard:
    """Remembers inbound ids and what came of them; the store remembers those that changed something, for longer."""

    def __init__(self, kept: int = KEPT) -> None:
        """Has heard nothing yet, and remembers the last `kept` ids."""
        self._kept = kept
        self._outcomes: dict[str, Any] = {}
        self._at_work: dict[str, asyncio.Task[Any]] = {}

    async def once(self, id: str, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """The outcome of `work` for this id, which is started only if it is neither under way nor settled.

        Whoever hears the id meanwhile gets the same outcome or the same error, and being cancelled stops only their own
        waiting. A settled outcome is shared later, too: keep it small. After an error, or an answer that says the
        request may be sent again (anything but a fine Reply or a Form without errors), the id may be tried again.
        """
        if id in self._outcomes:
            settled: T = self._outcomes[id]
            return settled
        task: asyncio.Task[T] | None = self._at_work.get(id)
        if task is None:
            task = self._at_work[id] = asyncio.create_task(work(), name="slack.heard")
            task.add_done_callback(lambda done: self._end(id, done))
        return await asyncio.shield(task)

    def _end(self, id: str, task: asyncio.Task[Any]) -> None:
        del self._at_work[id]
        if task.cancelled() or task.exception() is not None or not is_settled(task.result()):
            return
        self._outcomes[id] = task.result()
        if len(self._outcomes) > self._kept:
            del self._outcomes[next(iter(self._outcomes))]


def is_settled(outcome: object) -> bool:
    """Whether the same request would only be answered the same: nothing went wrong that may have been mended since."""
    match outcome:
        case Reply():
            return outcome.outcome is Outcome.FINE
        case Form():
            return not outcome.has_errors
        case _:
            return True
