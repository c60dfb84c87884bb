"""One queue a channel: a message at a time, some time between two, and a pause where Slack asks for one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from adapters.slack.refusals import SOON, RateLimited
from bot.errors import NotPosted

PACE = 1.0
"""Seconds between two messages in one channel: docs.slack.dev/apis/web-api/rate-limits, "1 message per second"."""

IDLE_KEPT = 256
"""Queues above which those are dropped that nobody stands in."""


def loop_time() -> float:
    """Seconds by the running event loop's clock."""
    return asyncio.get_running_loop().time()


@dataclass(slots=True)
class Lane:
    """The queue of one channel; times are those of the event loop, in seconds."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    standing: int = 0
    free_at: float = 0.0
    held_until: float = 0.0


class Lanes:
    """The queues of all channels. They don't wait for one another; in each it is first come, first served."""

    def __init__(
        self,
        pace: float = PACE,
        *,
        time: Callable[[], float] = loop_time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`pace` in seconds."""
        self._pace, self._time, self._sleep = pace, time, sleep
        self._lanes: dict[tuple[str, str], Lane] = {}

    def __len__(self) -> int:
        return len(self._lanes)

    @asynccontextmanager
    async def turn(self, workspace: str, channel: str, *, within: float, paced: bool = True) -> AsyncIterator[None]:
        """A turn in a channel's queue; RateLimited raised inside makes the whole queue wait that long.

        Raises RateLimited or NotPosted where the turn would not come `within` so many seconds. What is not `paced` is
        no message of its own (an edit, say): it keeps its place in the queue, and Slack's pauses, but not the pace.
        """
        ends = self._time() + within
        lane = self._enter(workspace, channel)
        try:
            await self._reach_front(lane, within)
            try:
                opens = max(lane.held_until, lane.free_at if paced else 0.0)
                if (wait := opens - self._time()) > 0:
                    if opens > ends:
                        raise RateLimited(wait)
                    await self._sleep(wait)
                try:
                    yield
                except RateLimited as error:
                    lane.held_until = self._time() + error.seconds
                    raise
                finally:
                    if paced:
                        lane.free_at = self._time() + self._pace
            finally:
                lane.lock.release()
        finally:
            lane.standing -= 1

    async def _reach_front(self, lane: Lane, within: float) -> None:
        if (held := lane.held_until - self._time()) > within:
            raise RateLimited(held)
        try:
            async with asyncio.timeout(within):
                await lane.lock.acquire()
        except TimeoutError as error:
            raise NotPosted("Too many messages wait for this channel.", SOON) from error

    def _enter(self, workspace: str, channel: str) -> Lane:
        if len(self._lanes) > IDLE_KEPT:
            now = self._time()
            self._lanes = {
                key: lane
                for key, lane in self._lanes.items()
                if lane.standing or max(lane.free_at, lane.held_until) > now
            }
        lane = self._lanes.setdefault((workspace, channel), Lane())
        lane.standing += 1
        return lane
