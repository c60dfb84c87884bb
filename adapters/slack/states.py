"""States: what ties Slack's answer after an installation to the browser that asked for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore

from bot.adapter_port import Vault

LIFETIME = timedelta(minutes=10)
"""How long somebody may take to read what Slack asks and to agree."""

_PREFIX = "slack:state:"
_LONGEST = 100
_SWEEP_EVERY = timedelta(minutes=1)


class States(AsyncOAuthStateStore):
    """States that were given out and are good once, for ten minutes, after a restart too. Raises StoreFailed."""

    def __init__(self, vault: Vault, new_id: Callable[[str], str], clock: Callable[[], datetime]) -> None:
        self._vault, self._new_id, self._clock = vault, new_id, clock
        self._swept: datetime | None = None

    async def async_issue(self, *_args: Any, **_named: Any) -> str:
        """A state that nobody has had before."""
        now = self._clock()
        await self._sweep(now)
        state = self._new_id("state")
        await self._vault.put(_PREFIX + state, now.isoformat().encode())
        return state

    async def async_consume(self, state: str) -> bool:
        """Whether a state was given out in the last ten minutes and not used since; it can't be used again."""
        if len(state) > _LONGEST:
            return False
        given_out = await self._vault.get(_PREFIX + state)
        if given_out is None:
            return False
        is_ours = await self._vault.delete(_PREFIX + state)
        return is_ours and not _is_over(given_out, self._clock())

    async def _sweep(self, now: datetime) -> None:
        """Takes away what nobody came back with; anybody can ask for states, and most who look never install."""
        if self._swept is not None and now < self._swept + _SWEEP_EVERY:
            return
        self._swept = now
        for key in await self._vault.keys(_PREFIX):
            given_out = await self._vault.get(key)
            if given_out is not None and _is_over(given_out, now):
                await self._vault.delete(key)


def _is_over(given_out: bytes, now: datetime) -> bool:
    return datetime.fromisoformat(given_out.decode()) + LIFETIME <= now
