"""The only sources of time and of chance, so that everything else can be told what time it is."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]
"""Says the present instant, aware and in UTC."""

NewId = Callable[[str], str]
"""Makes an id that nobody has had before, from a prefix that says what it names (`inf`, `tch`, `chg`)."""

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def system_clock() -> datetime:
    """The machine's clock."""
    return datetime.now(UTC)


def random_id(prefix: str) -> str:
    """`inf_4t9w…`: 80 random bits after the prefix, in an alphabet without letters that look alike."""
    return prefix + "_" + "".join(secrets.choice(_ALPHABET) for _ in range(16))


class MovableClock:
    """A clock for trying things out: it stands still until it is moved, and never goes back."""

    def __init__(self, now: datetime) -> None:
        """Starts at `now`, which is aware."""
        self._now = now.astimezone(UTC)

    def __call__(self) -> datetime:
        """The instant it was last moved to."""
        return self._now

    def move(self, by: timedelta) -> datetime:
        """Goes forward and says where it now stands; a negative step raises ValueError."""
        if by < timedelta(0):
            raise ValueError("a clock only goes forward")
        self._now += by
        return self._now
