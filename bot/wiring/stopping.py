"""Being told to stop: what runs is brought to its end."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any


def told_to_stop() -> asyncio.Event:
    """An event that is set when the process is told to stop, by a signal or by Ctrl-C."""
    told = asyncio.Event()
    with suppress(NotImplementedError, AttributeError):  # Windows has no handlers in a loop: Ctrl-C ends the process
        for stop in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(stop, told.set)
    return told


async def until_stopped(work: Coroutine[Any, Any, int]) -> int:
    """Runs to the end, or until the process is told to stop; that is no failure."""
    task = asyncio.create_task(work)
    with suppress(NotImplementedError, AttributeError):  # Windows has neither SIGHUP nor handlers in a loop
        for stop in (signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(stop, task.cancel)
    try:
        return await task
    except asyncio.CancelledError:
        return 0
