from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.safe import GRAPHEME_LIMIT, clean, clean_lines, sendable, web_address
from tests.gallery import HOSTILE


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_words_become_one_visible_line(words: str) -> None:
    """No control character, line break, override or lone surrogate is left."""
    cleaned = clean(words)
    assert set() == {char for char in cleaned if unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"}}
    assert not set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069") & set(cleaned)


@given(st.text())
def test_any_text_becomes_one_line_that_can_be_written(text: str) -> None:
    """Whatever is cleaned can be encoded, has no line break and is not changed by cleaning it again."""
    cleaned = clean(text)
    assert 1 >= len(cleaned.splitlines())
    assert cleaned == cleaned.encode().decode()
    assert clean(cleaned) == cleaned


def test_where_lines_may_stay_they_stay() -> None:
    """Every kind of line break is one, what can't be seen is gone, and a flood of empty lines is a single one."""
    assert "Jess\n  ✓ Logged\n\nthe end\n" == clean_lines("Je\u202ess\r\n  ✓ Logged\x85\n \n\t\n\nthe\tend\u2028")


@given(st.text())
def test_what_is_sent_can_be_written_and_is_not_changed_again(text: str) -> None:
    """Whatever there is on several lines can be encoded, and stays as it is when it is made safe once more."""
    for made_safe, left in ((clean_lines, {"\n"}), (sendable, {"\n", "\t"})):
        safe = made_safe(text)
        assert safe == safe.encode().decode()
        assert made_safe(safe) == safe
        assert set() == {char for char in safe if unicodedata.category(char) in {"Cc", "Cs"}} - left


def test_a_line_break_is_shown_as_a_mark() -> None:
    """A value can't begin a line of its own, and its reader sees that it wanted to."""
    assert "Jess ⏎ ✓ Logged" == clean("Jess\r\n  \n✓ Logged\n")


def test_a_colour_code_is_taken_out_whole() -> None:
    """What only set colours leaves nothing behind, also in its one-character form."""
    assert "red" == clean("\x1b[1;31mred\x1b[0m\x9b0m")


EMOJI = HOSTILE["emoji"].partition(" 👩\u200d")[0]


@pytest.mark.parametrize("words", ["José", "e\u0301", EMOJI, "नमस्ते", "漢字", "שלום \u200f!", "a\u00adb", "**b** [red]"])
def test_ordinary_writing_is_left_alone(words: str) -> None:
    """Accents, scripts, emoji and what looks like markup stay as they were written."""
    assert words == clean(words)


def test_a_tower_of_accents_is_cut_and_says_so() -> None:
    """Marks that would climb over other lines end in an ellipsis."""
    assert "Z" + "\u0350" * (GRAPHEME_LIMIT - 1) + "…x" == clean("Z" + "\u0350" * 400 + "x")


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://a b",
        "https://a\nb",
        "https://a\u202eb",
        "ftp://x",
        "",
        "https://",
    ],
)
def test_only_web_addresses_are_links(url: str) -> None:
    """Anything that is not plainly an address on the web is no link."""
    assert None is web_address(url)


def test_a_web_address_is_shown_as_it_is() -> None:
    """http and https are links."""
    assert ("http://a.example", "HTTPS://a.example/p?q=1") == (
        web_address("http://a.example"),
        web_address("HTTPS://a.example/p?q=1"),
    )
