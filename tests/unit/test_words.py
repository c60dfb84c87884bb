"""What people typed, made safe to keep."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import NotUnderstood, TooLong
from bot.model import HANDLES, TAGS, Handle
from bot.reading.words import clean, clean_line, read_handles, read_tags, sound

ANYTHING = st.text(st.characters(exclude_categories=()), max_size=60)


@given(text=ANYTHING)
def test_what_is_clean_stays_as_it_is(text: str) -> None:
    """Cleaning twice is cleaning once, so that a form can be sent back without changing anything."""
    assert clean(text) == clean(clean(text))
    assert clean_line(text) == clean_line(clean_line(text))


@given(text=ANYTHING)
def test_nothing_is_kept_that_cannot_be_seen(text: str) -> None:
    """No control characters, no overrides of direction, no surrogates; NFC, and lines without blanks at their ends."""
    kept = clean(text)
    joiners = {"\u200c", "\u200d", *map(chr, range(0xE0020, 0xE0080))}
    seen = {unicodedata.category(letter) for letter in kept if letter != "\n" and letter not in joiners}
    assert not seen & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    assert kept == unicodedata.normalize("NFC", kept)
    assert all(line == line.strip() for line in kept.split("\n"))
    assert "\n" not in clean_line(text)
    kept.encode()


@pytest.mark.parametrize("text", ["", " \t\n", "\u200b", "\u200d\u200d", "\u3164", "\u2800", "\ufe0f", "\x00"])
def test_what_nobody_could_see_is_nothing(text: str) -> None:
    """A name of fillers and joiners is no name."""
    assert "" == clean(text)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a\u200b\u0301", "á"),
        ("one\r\ntwo\rthree\u2028four\x0bfive\x85six", "one\ntwo\nthree\nfour\nfive\nsix"),
        ("safe \u202egnp.exe", "safe gnp.exe"),
        ("👩\u200d👧", "👩\u200d👧"),
        ("a\t b\u00a0 c", "a b c"),
    ],
)
def test_what_is_seen_is_kept(text: str, kept: str) -> None:
    """Letters, lines and emoji stay; what stood between a letter and its accent does not part them."""
    assert kept == clean(text)


def test_halves_of_a_pair_are_joined_and_stray_ones_replaced() -> None:
    """A store writes UTF-8, which has no surrogates."""
    assert "\U0001f600" == sound("\ud83d\ude00")
    assert "a\ufffdb" == sound("a\ud83db")


def test_tags_are_counted_and_measured() -> None:
    """So many, and each so long; the refusal names the argument that they were for."""
    assert ("food", "ceramics") == read_tags("#Food, ceramics;food")
    assert TAGS == len(read_tags(" ".join(map(str, range(TAGS)))))
    with pytest.raises(TooLong, match=r"51.*“tags” holds 50 at most") as error:
        read_tags(" ".join(map(str, range(TAGS + 1))), "tags")
    assert "tags" == error.value.argument


def test_a_network_may_be_one_letter() -> None:
    """X is one."""
    assert (Handle("x", "sam"),) == read_handles("X:@Sam")


def test_handles_are_counted() -> None:
    """As many as fit into an input of a form."""
    assert HANDLES == len(read_handles(" ".join(f"x:u{number}" for number in range(HANDLES))))
    with pytest.raises(TooLong, match="20 at most"):
        read_handles(" ".join(f"x:u{number}" for number in range(HANDLES + 1)))
    with pytest.raises(NotUnderstood, match="not a handle"):
        read_handles("jess")
