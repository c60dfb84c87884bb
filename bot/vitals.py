"""Vitals: what one process knows of its own health, for `status` to show; the wiring keeps them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

VERSION = "0.1.0"
"""Rapport's own version, the same as in pyproject.toml."""


@dataclass(slots=True)
class Vitals:
    """When the clock last did its work, and what the process is connected to.

    `store` is the kind of the store as people call it, `python` the version that runs; `platforms` are the names of the
    connected ones, which may come and go; `troubles` says what is wrong with those that are not well, each in a
    sentence for admins. `None` for a moment: it has not been done yet.
    """

    store: str = ""
    python: str = ""
    platforms: Collection[str] = field(default_factory=tuple)
    ticked_at: datetime | None = None
    delivered_at: datetime | None = None
    troubles: Callable[[], Mapping[str, str]] = dict
