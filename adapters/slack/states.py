"""States: what ties Slack's answer after an installation to the browser that asked for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore

from bot.adapter_port import Vault

LIFETIME = timedelta(minutes=10)
"""How long somebody may take to read what Slack asks and to agree."""

USED_KEPT = 10_000
"""States of which it is known that they were used; one more that is forgotten still has a code that Slack has spent."""

_KEY = "slack:state-key"
_LONGEST = 300


class States(AsyncOAuthStateStore):
    """States that were given out and are good once, for ten minutes, after a restart too. Raises StoreFailed.

    Nothing is kept of one that is given out, for anybody can ask for any number: it holds its own time, sealed by a key
    that lies in the vault.
    """

    def __init__(self, vault: Vault, new_id: Callable[[str], str], clock: Callable[[], datetime]) -> None:
        self._vault, self._new_id, self._clock = vault, new_id, clock
        self._lock = asyncio.Lock()
        self._seal: Fernet | None = None
        self._used: dict[str, datetime] = {}

    async def async_issue(self, *_args: Any, **_named: Any) -> str:
        """A state that nobody has had before."""
        seal = await self._sealed_by()
        nonce = self._new_id("state").encode()
        return seal.encrypt_at_time(nonce, int(self._clock().timestamp())).decode()

    async def async_consume(self, state: str) -> bool:
        """Whether a state was given out in the last ten minutes and not used since; it can't be used again."""
        if len(state) > _LONGEST or not state.isascii():
            return False
        seal, now = await self._sealed_by(), self._clock()
        try:
            # Base64 can say the same in several ways: what is used is what the state holds.
            nonce = seal.decrypt(state.encode()).decode()
            over = datetime.fromtimestamp(seal.extract_timestamp(state.encode()), UTC) + LIFETIME
        except InvalidToken:
            return False
        if over <= now or nonce in self._used:
            return False
        self._use(nonce, over, now)
        return True

    def _use(self, nonce: str, over: datetime, now: datetime) -> None:
        self._used = {used: end for used, end in self._used.items() if end > now}
        if len(self._used) >= USED_KEPT:
            del self._used[next(iter(self._used))]
        self._used[nonce] = over

    async def _sealed_by(self) -> Fernet:
        """The seal, made when first needed."""
        async with self._lock:
            while self._seal is None:
                key = await self._vault.get(_KEY)
                if key is not None:
                    self._seal = Fernet(key)
                else:
                    await self._vault.add(_KEY, Fernet.generate_key())
        return self._seal
