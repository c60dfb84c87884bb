from __future__ import annotations

import pytest

from bot.errors import NotUnderstood
from bot.reading.zones import read_zone


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("Berlin", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("America/New York", "America/New_York"),
        ("Tokyo", "Asia/Tokyo"),
        ("Singapore", "Singapore"),
        ("utc", "UTC"),
    ],
)
def test_a_zone_is_known_by_its_name_or_its_city(typed: str, zone: str) -> None:
    """In capitals or not, with spaces or underscores."""
    assert zone == read_zone(typed)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Istanbul", "Asia/Istanbul or Europe/Istanbul"),
        ("Berlin Time", "is no time zone I know"),
        ("East", "is no time zone I know"),
        ("North", "is no time zone I know"),
        ("Europe", "is no time zone I know"),
        ("../../etc/passwd", "is no time zone I know"),
        ("", "is no time zone I know"),
        ("x" * 5000, "is no time zone I know"),
    ],
)
def test_what_names_no_zone_or_two_is_refused(typed: str, said: str) -> None:
    """With what it could be."""
    with pytest.raises(NotUnderstood, match=said) as error:
        read_zone(typed)
    assert "timezone" == error.value.argument
