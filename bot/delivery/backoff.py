"""How long to wait before the next attempt."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

ATTEMPTS = 8
"""Attempts after which a message or an edit is given up."""

_FIRST = timedelta(seconds=30)
_LONGEST = timedelta(hours=1)


def wait(key: str, attempt: int, retry_after: float = 0.0) -> timedelta:
    """What to wait after the `attempt`-th try (from 1) failed: 30 s doubling up to an hour, at least `retry_after`.

    Up to half as much again is added, so that what failed together is not tried together: the share is drawn from the
    key and the attempt, and is the same each time.
    """
    share = int.from_bytes(sha256(f"{key}:{attempt}".encode()).digest()[:4]) / 2**32
    doubled = min(_FIRST * int(2 ** (min(attempt, 20) - 1)), _LONGEST)
    return max(doubled, timedelta(seconds=retry_after)) * (1 + share / 2)
