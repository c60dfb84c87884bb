from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import iter_graphemes

from adapters.limits import and_more, beginning, clip, first

FAMILY = "👨‍👩‍👧‍👦"


def test_what_fits_stays_as_it_is() -> None:
    """A text within its limit is not touched, not even its blanks."""
    assert " a b " == clip(" a b ", 5)


def test_the_count_of_what_was_left_out_is_right() -> None:
    """The sentence says how many characters of the text are not there."""
    clipped = clip("x" * 3000, 1000)
    kept = clipped.index("…")
    assert f"… and {3000 - kept:,} more characters" == clipped[kept:]


def test_one_left_out_is_one_character() -> None:
    """The sentence does not say "1 more characters" where blanks made room for all but one."""
    assert clip("x" * 40 + " " * 30 + "yz", 71).endswith(("more characters", "more character"))


def test_a_short_limit_leaves_only_an_ellipsis() -> None:
    """Where a count would take the place of the words, the words win."""
    assert "Jess Maxi…" == clip("Jess Maximiliane Park", 10)


def test_an_emoji_is_kept_whole_or_left_out() -> None:
    """The cut never falls within a family."""
    assert "a" + FAMILY + "…" == clip("a" + FAMILY * 2, 10)


def test_an_accent_stays_on_its_letter() -> None:
    """A letter is left out together with its combining marks."""
    assert "ab…" == clip("abe\u0301\u0323cd", 5)


def test_one_endless_character_is_cut_all_the_same() -> None:
    """A letter with more marks than there is room for can't break the limit."""
    assert 10 == len(clip("Z" + "\u0350" * 500, 10))


def test_a_limit_of_nothing_is_refused() -> None:
    """Not even an ellipsis fits into no characters."""
    with pytest.raises(ValueError, match="nothing fits"):
        clip("x", 0)


@given(st.text(), st.integers(min_value=1, max_value=200))
def test_the_limit_holds(text: str, limit: int) -> None:
    """Whatever the text, the result fits."""
    assert len(clip(text, limit)) <= limit


@given(
    st.lists(st.sampled_from(["a", "é", "e\u0301", FAMILY, "🇩🇪", "漢", " "]), max_size=120).map("".join),
    st.integers(20, 200),
)
def test_cut_texts_end_on_whole_characters(text: str, limit: int) -> None:
    """What is kept is a run of whole graphemes from the beginning, and with the count makes up the text."""
    clipped = clip(text, limit)
    if clipped == text:
        return
    match = re.fullmatch(r"(.*)…(?: and ([\d,]+) more characters?)?", clipped, re.DOTALL)
    assert match is not None
    kept = match[1]
    assert text.startswith(kept)
    graphemes = list(iter_graphemes(text))
    # Trailing blanks are left off after the cut, so the kept part may end one blank short of a boundary.
    assert any("".join(graphemes[:count]) == kept for count in range(len(graphemes) + 1))
    if match[2]:
        assert len(text) == len(kept) + int(match[2].replace(",", ""))


def test_a_beginning_has_whole_characters_and_no_word_of_ours() -> None:
    """What goes on being typed is cut without a sign that would be sent along; what fits is whole."""
    assert ("a" + FAMILY, "ab", "ab") == (
        beginning("a" + FAMILY * 2, 10),
        beginning("abe\u0301", 3),
        beginning("ab", 2),
    )


def test_the_first_few_and_the_rest_as_a_number() -> None:
    """A list is cut to its limit, with the count of what is not shown; a short one is shown whole."""
    assert (("a", "b"), 3) == first(["a", "b", "c", "d", "e"], 2)
    assert (("a",), 0) == first(("a",), 2)


def test_more_is_only_said_where_there_is_more() -> None:
    """The sentence about what was left out is empty where nothing was."""
    assert ("…and 1,200 more rows", "…and 12 more", "") == (and_more(1200, "rows"), and_more(12), and_more(0, "rows"))
