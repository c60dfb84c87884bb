"""Reading lines from whatever is piped in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Iterable
from typing import TextIO


async def lines_of(stream: TextIO) -> AsyncIterator[str]:
    """The lines of a stream that may have to be waited for, without holding up the loop."""
    while line := await asyncio.to_thread(stream.readline):
        yield line


async def each(lines: AsyncIterable[str] | Iterable[str]) -> AsyncIterator[str]:
    """The lines, wherever they come from."""
    if isinstance(lines, AsyncIterable):
        async for line in lines:
            yield line
    else:
        for line in lines:
            yield line
