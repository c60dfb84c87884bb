from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.desk import Desk, open_desk

# A busy machine must not fail a property: what is slow is the benchmarks' business.
settings.register_profile("rapport", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
# The same examples every time: what passed once passes again. `pytest --hypothesis-profile=wander` looks further.
settings.register_profile("wander", parent=settings.get_profile("rapport"), derandomize=False, max_examples=500)
settings.load_profile("rapport")


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """A team at work on a store of its own."""
    async with open_desk(tmp_path) as opened:
        yield opened
