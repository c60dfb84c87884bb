from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from storage.opening import open_tiny
from storage.tiny import TinyStore
from tests.contract.erasing_contract import ErasingContract
from tests.contract.store_contract import Open, StoreContract


@asynccontextmanager
async def opener(path: Path) -> AsyncIterator[Open]:
    """Opens and closes one store on a real file."""
    opened: list[TinyStore] = []

    async def open_again() -> TinyStore:
        for store in opened:
            await store.close()
        opened.append(open_tiny(path))
        return opened[-1]

    yield open_again
    for store in opened:
        await store.close()


class TestTinyStore(StoreContract, ErasingContract):
    @pytest.fixture
    async def reopen(self, tmp_path: Path) -> AsyncIterator[Open]:
        """Opens the store anew from its snapshot, into which closing folds the journal."""
        async with opener(tmp_path / "data" / "rapport.json") as reopen:
            yield reopen


class TestTinyStoreFromItsJournal(StoreContract, ErasingContract):
    @pytest.fixture
    async def reopen(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Open]:
        """Opens the store anew from its journal, as a large store or a crash leaves it."""
        monkeypatch.setattr("storage.tiny.CLOSING_LIMIT", 0)
        async with opener(tmp_path / "data" / "rapport.json") as reopen:
            yield reopen
