"""The golden files are those of what there is: a specimen that went leaves none behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.gallery import GALLERY
from tests.gallery_product import NAMES
from tests.golden.test_slack import WITH_TABLES

SHAPES = [one.name for one in GALLERY]
FILES = {
    "test_console": {
        *(f"test_plain_lines_are_as_reviewed[{name}].txt" for name in SHAPES),
        *(f"test_cards_are_as_reviewed[{name}].txt" for name in SHAPES),
        "test_the_head_of_a_form_is_as_reviewed.txt",
    },
    "test_product": {f"test_what_the_product_says_is_as_reviewed[{name}].txt" for name in NAMES},
    "test_slack": {
        *(f"test_every_shape_is_as_reviewed[{name}].json" for name in SHAPES),
        *(f"test_tables_at_home_are_as_reviewed[{one.name}].json" for one in WITH_TABLES),
        *(f"test_what_the_product_says_is_as_reviewed[{name}].json" for name in NAMES),
    },
}


@pytest.mark.parametrize("folder", FILES)
def test_no_golden_file_is_left_over(folder: str) -> None:
    """Each belongs to a test of today."""
    found = {path.name for path in (Path(__file__).parent / "__snapshots__" / folder).iterdir()}
    assert set() == found ^ FILES[folder]
