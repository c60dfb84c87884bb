"""What is still at work: what was heard and has not been answered, and answers that are still on their way."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

import structlog

from bot.adapter_port import LET_GO_WITHIN

T = TypeVar("T")

log = structlog.get_logger()


class Errands:
    """Keeps hold of what goes on beside what was heard, names it, and says when all of it is done."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()
        self._hearing: set[asyncio.Task[Any]] = set()
        self._idle = asyncio.Event()
        self._idle.set()
        self.is_open = True
        """Whether anything is still heard."""

    @contextmanager
    def hearing(self) -> Iterator[None]:
        """Counts the task that it is entered in as at work until it is left, that is, until it is answered."""
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("nothing is heard outside of a task")
        self._hearing.add(task)
        self._idle.clear()
        try:
            yield
        finally:
            self._hearing.discard(task)
            self._rest()

    def start(self, name: str, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Has work go on by itself; what goes wrong in it is told to the log under its name."""
        task = asyncio.create_task(work, name=f"slack.{name}")
        self._tasks.add(task)
        self._idle.clear()
        task.add_done_callback(self._done)
        return task

    async def within(self, seconds: float, task: asyncio.Task[Any]) -> bool:
        """Whether a task was done in so many seconds; if not it goes on. What it raises stays in it."""
        if seconds > 0:
            await asyncio.wait({task}, timeout=seconds)
        return task.done()

    async def finish(self, within: float) -> None:
        """Hears nothing any more, and waits for what is at work; what is not done by then is given up."""
        self.is_open = False
        if await self._is_idle(within):
            return
        log.error(
            "slack.given_up",
            errands=sorted(task.get_name().removeprefix("slack.") for task in self._tasks),
            unanswered=len(self._hearing),
        )
        for task in (*self._tasks, *self._hearing):
            task.cancel()
        await self._is_idle(LET_GO_WITHIN)

    async def _is_idle(self, within: float) -> bool:
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                await self._idle.wait()
        return self._idle.is_set()

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        self._rest()
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("slack.errand_failed", errand=task.get_name(), exc_info=error)

    def _rest(self) -> None:
        if not self._tasks and not self._hearing:
            self._idle.set()
