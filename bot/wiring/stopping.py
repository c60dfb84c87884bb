"""Being told to stop: what runs is brought to its end."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

import structlog

GONE_WITHIN = 9.0
"""Seconds after which a service that was told to stop is gone, whatever hangs: hosts kill it after 10."""

log = structlog.get_logger()


def told_to_stop() -> asyncio.Event:
    """An event that is set when the process is told to stop, by a signal or by Ctrl-C.

    From then on it has nine seconds. Closing takes eight at most; but Python waits for threads before it ends, and one
    that looks up a name can't be called off.
    """
    told = asyncio.Event()

    def tell() -> None:
        if not told.is_set():
            last = threading.Timer(GONE_WITHIN, _go)
            last.daemon = True
            last.start()
        told.set()

    with suppress(NotImplementedError, AttributeError):  # Windows has no handlers in a loop: Ctrl-C ends the process
        for stop in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(stop, tell)
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


def _go() -> None:
    log.error("service.cut_off", after=GONE_WITHIN)
    os._exit(0)  # as `sys.exit` would wait for the very threads that hang
