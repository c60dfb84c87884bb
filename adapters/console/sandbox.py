"""What the terminal needs to play with: a store that is thrown away and a clock that can be moved."""

from __future__ import annotations

from typing import Protocol


class Sandbox(Protocol):
    """The throwaway store in which everything can be tried and time can be moved."""

    @property
    def in_sample(self) -> bool:
        """Whether it is what answers now."""
        ...

    async def open_sample(self) -> str:
        """Puts the throwaway store in the place of the real one and says so; raises Refused where it can't."""
        ...

    async def later(self, words: str) -> str:
        """Moves the clock on, delivers what falls due on the way, and says where it stands; raises Refused."""
        ...
