"""What is still at work: requests that have not been answered and answers that are still on their way."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import structlog

T = TypeVar("T")

log = structlog.get_logger()


class Errands:
    """Keeps hold of what goes on beside a request, names it, and says when all of it is done."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()
        self._requests = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self.is_open = True
        """Whether requests are still heard."""

    @contextmanager
    def request(self) -> Iterator[None]:
        """Counts a request as at work until it has been answered."""
        self._requests += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._requests -= 1
            if self._requests == 0:
                self._idle.set()

    def start(self, name: str, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Has work go on by itself; what goes wrong in it is told to the log under its name."""
        task = asyncio.create_task(work, name=f"slack.{name}")
        self._tasks.add(task)
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
        loop = asyncio.get_running_loop()
        over = loop.time() + within
        while (self._tasks or self._requests) and loop.time() < over:
            idle = asyncio.ensure_future(self._idle.wait())
            waiting = {*self._tasks, *(() if self._idle.is_set() else (idle,))}
            await asyncio.wait(waiting, timeout=over - loop.time(), return_when=asyncio.FIRST_COMPLETED)
            idle.cancel()
        for task in self._tasks:
            log.error("slack.errand_given_up", errand=task.get_name())
            task.cancel()
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=1.0)

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("slack.errand_failed", errand=task.get_name(), exc_info=error)
