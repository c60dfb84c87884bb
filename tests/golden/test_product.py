"""What the console makes of everything the product says; a changed file is reviewed like code."""

from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.gallery_product import NAMES, specimen
from tests.golden.files import TextFile
from tests.golden.test_console import PLAIN, draw


@pytest.fixture
def golden(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """The files beside this test."""
    return snapshot.use_extension(TextFile)


@pytest.mark.parametrize("name", NAMES)
def test_what_the_product_says_is_as_reviewed(name: str, golden: SnapshotAssertion) -> None:
    """Piped, at a width of 80, every answer reads as its golden file has it."""
    assert draw(specimen(name).answer, PLAIN) == golden
