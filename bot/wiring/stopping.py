"""Being told to stop: what runs is brought to its end."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any


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
