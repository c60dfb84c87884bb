from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Promise, Side
from bot.reading.promises import is_alike, matching, read_promise

TODAY = date(2026, 11, 23)  # a Monday

PIECES = """
    send the ceramic sample by friday 3 dec march issue pay her $1,500 €50 fee invoice until next week in two weeks
    she owes us Sam will promised that I'll
    2026-11-06 3/12 before monday tomorrow eom , . ; : “ ” draft – ( ) to we https://example.com/a 1200
"""
WORDS = st.lists(st.sampled_from(PIECES.split()), max_size=14).map(" ".join)


@pytest.mark.parametrize(
    ("text", "what", "due"),
    [
        ("send the sample by friday", "send the sample", date(2026, 11, 27)),
        ("by friday send the sample", "send the sample", date(2026, 11, 27)),
        ("the report by end of the month", "the report", date(2026, 11, 30)),
        ("the contract by the end of next week", "the contract", date(2026, 12, 4)),
        ("the mug until 3 dec", "the mug", date(2026, 12, 3)),
        ("reply before monday", "reply", date(2026, 11, 30)),
        ("reply by tomorrow", "reply", date(2026, 11, 24)),
        ("two reels in two weeks", "two reels", date(2026, 12, 7)),
        ("review it within 3 days", "review it", date(2026, 11, 26)),
        ("photos 2026-12-05", "photos", date(2026, 12, 5)),
        ("the brief on 3 dec", "the brief", date(2026, 12, 3)),
        ("call on monday about the launch", "call about the launch", date(2026, 11, 30)),
        ("her fee (by friday)", "her fee", date(2026, 11, 27)),
        ("to send the draft due friday", "send the draft", date(2026, 11, 27)),
    ],
)
def test_the_due_date_is_read_from_the_words(text: str, what: str, due: date) -> None:
    """Leading or trailing, as a day, a weekday, a stretch of time or the end of one; the rest is what was promised."""
    found = read_promise(text, TODAY)

    assert (what, due) == (found.what, found.due)


@pytest.mark.parametrize(
    ("text", "what", "due"),
    [
        ("send the March issue by friday", "send the March issue", date(2026, 11, 27)),
        ("feature her in the 14 march campaign", "feature her in the 14 march campaign", None),
        ("send the friday newsletter", "send the friday newsletter", None),
        ("photos from may by eom", "photos from may", date(2026, 11, 30)),
        ("post “by friday” on her wall", "post “by friday” on her wall", None),
    ],
)
def test_what_only_looks_like_a_date_stays(text: str, what: str, due: date | None) -> None:
    """An issue of March, a campaign, a newsletter and quoted words are part of what was promised."""
    found = read_promise(text, TODAY)

    assert (what, due) == (found.what, found.due)


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("the sample by 6 nov", date(2027, 11, 6)),
        ("the sample by 2026-11-06", date(2026, 11, 6)),
        ("the sample due 6 Nov 2026", date(2026, 11, 6)),
        ("the sample on 2025-01-01", date(2025, 1, 1)),
        ("on 2025-01-01 the sample", date(2025, 1, 1)),
        ("the sample by last friday", date(2026, 11, 20)),
        ("the sample by yesterday", date(2026, 11, 22)),
    ],
)
def test_a_day_that_has_passed_is_the_next_such_day_unless_its_year_is_said(text: str, due: date) -> None:
    """Without a year what is due is still to come; what is said to be past is late already."""
    found = read_promise(text, TODAY)

    assert ("the sample", due) == (found.what, found.due)


def test_a_day_that_could_be_two_is_said_to_be_unread() -> None:
    """The words stay, and are named, so that nobody takes the promise for dated."""
    found = read_promise("the sample by 3/12", TODAY)

    assert ("the sample by 3/12", None, "3/12") == (found.what, found.due, found.unread)


@pytest.mark.parametrize(
    ("text", "unread"),
    [
        ("the sample by christmas", "christmas"),
        ("the sample by Easter, with a card", "Easter"),
        ("the sample before the launch", "the launch"),
        ("keep the price until further notice", "further notice"),
        ("pay the invoice net 30", "net 30"),
        ("pay it net-60 days", "net-60 days"),
        ("the sample by email", None),
        ("help by sharing her post", None),
        ("the photo by her", None),
        ("the photo by @ben", None),
        ("stand by", None),
        ("the print “by the window”", None),
        ("pay the invoice net 30 by friday", None),
    ],
)
def test_a_deadline_in_other_words_is_unread(text: str, unread: str | None) -> None:
    """What stands where a deadline does and is none that is known here; how, and by whom, is no deadline."""
    assert unread == read_promise(text, TODAY).unread


@pytest.mark.parametrize(
    ("text", "payment", "value"),
    [
        ("pay the invoice by friday", True, None),
        ("send the invoice by friday", False, None),
        ("pay her $1,500 for the reel by 3 dec", True, "$1,500"),
        ("owe them $500", True, "$500"),
        ("€500 for the launch reel by friday", True, "€500"),
        ("send a €50 voucher", False, "€50"),
        ("pay 500 by friday", True, "500"),
        ("pay 2 invoices by friday", True, None),
        ("payment of 1200 by friday", True, "1200"),
        ("the honorarium by end of month", True, None),
        ("transfer $200 by friday", True, "$200"),
        ("pay attention to her stories", False, None),
        ("pay her a visit", False, None),
        ("send payment details", False, None),
        ("the ceramic sample", False, None),
    ],
)
def test_money_owed_is_told_by_the_words(text: str, payment: bool, value: str | None) -> None:
    """A fee, an invoice to be paid or a sum is a payment; a paper about money and a gift's worth are not."""
    found = read_promise(text, TODAY)

    assert (payment, value) == (found.payment, found.value)


@pytest.mark.parametrize(
    ("text", "side", "what"),
    [
        ("Sam owes us a draft by friday", Side.THEY, "a draft"),
        ("Sam Ode will send the draft by friday", Side.THEY, "send the draft"),
        ("by friday sam sends the draft", Side.THEY, "sends the draft"),
        ("she owes us the draft", Side.THEY, "the draft"),
        ("they will deliver by friday", Side.THEY, "deliver"),
        ("he’ll post it", Side.THEY, "post it"),
        ("owes us the draft", Side.THEY, "the draft"),
        ("Sam promised that she will send the draft", Side.THEY, "send the draft"),
        ("we owe Sam the sample", Side.WE, "the sample"),
        ("I'll send the sample", Side.WE, "send the sample"),
        ("we have promised her to call", Side.WE, "call"),
        ("Sam is owed €500", Side.WE, "€500"),
        ("she needs the sample", None, "she needs the sample"),
        ("Sam will get the sample", Side.WE, "Sam will get the sample"),
        ("she gets the sample by friday", Side.WE, "she gets the sample"),
        ("they get the draft", Side.WE, "they get the draft"),
        ("Sam receives the sample", Side.WE, "Sam receives the sample"),
        ("she gets us the draft", Side.THEY, "gets us the draft"),
        ("she will get back to us", Side.THEY, "get back to us"),
        ("Sam to send the draft", Side.THEY, "send the draft"),
        ("Sam to get the sample", None, "Sam to get the sample"),
        ("she is in, will post on friday", Side.THEY, "she is in, will post"),
        ("Sam: is in and will post", Side.THEY, "Sam: is in and will post"),
        ("she is in, we will post", None, "she is in, we will post"),
        ("she loved it, the courier will bring more", None, "she loved it, the courier will bring more"),
        ("they'll be paid on time", None, "they'll be paid on time"),
        ("we loved it. Can you send more?", None, "we loved it. Can you send more?"),
        ("send Sam the sample", None, "send Sam the sample"),
        ("Sam will", None, "Sam will"),
    ],
)
def test_a_sentence_says_whose_promise_it_is(text: str, side: Side | None, what: str) -> None:
    """Whoever gets something, or something done, promises nothing by it; then the words stay as they are."""
    found = read_promise(text, TODAY, names=("Sam Ode", "Sam"))

    assert (side, what) == (found.side, found.what)


def test_a_side_that_is_given_keeps_the_words_that_contradict_it() -> None:
    """Nobody's words lose their meaning."""
    assert "she owes us the draft" == read_promise("she owes us the draft", TODAY, side=Side.WE).what
    assert "the draft" == read_promise("owes us the draft", TODAY, side=Side.THEY).what


def test_only_a_date_leaves_nothing_promised() -> None:
    """Then there is nothing to note."""
    assert "" == read_promise("by friday", TODAY).what


def test_words_are_not_taken_for_a_date_where_one_was_given() -> None:
    """Who says `due:` means every word as what was promised."""
    found = read_promise("call by friday", TODAY, dated=False)

    assert ("call by friday", None) == (found.what, found.due)


@given(st.text(max_size=200) | WORDS)
def test_reading_never_fails_and_keeps_what_was_typed(text: str) -> None:
    """Whatever is typed: what is promised is made of the letters typed, in their order."""
    what = read_promise(text, TODAY, names=("Sam",)).what

    letters = iter(text)
    assert all(letter in letters for letter in what if letter.isalnum())


@given(WORDS)
def test_case_and_a_full_stop_change_nothing(text: str) -> None:
    """Due date and payment are the same in capitals, and with the mark that ends a sentence."""
    plain = read_promise(text, TODAY)
    loud = read_promise(f"{text.upper()} .", TODAY)

    assert (plain.due, plain.payment) == (loud.due, loud.payment)


@given(st.dates(date(2026, 11, 24), date(2040, 12, 31)), st.sampled_from(["by", "until", "due", "before"]))
def test_any_day_behind_a_deadlines_word_is_due(day: date, word: str) -> None:
    """Written with its year it is that very day, in either order of the sentence."""
    behind, before = f"the sample {word} {day}", f"{word} {day} the sample"

    assert {("the sample", day)} == {(one.what, one.due) for one in (read_promise(s, TODAY) for s in (behind, before))}


def promise(id: str, what: str) -> Promise:
    """An open promise of ours."""
    at = datetime(2026, 11, 1, tzinfo=UTC)
    return Promise(id=id, team="t", influencer="inf_1", side=Side.WE, what=what, made_at=at, made_by=None)


SAMPLE, DRAFT, TILES = promise("prm_1", "send the ceramic sample"), promise("prm_2", "draft"), promise("prm_3", "tiles")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("sample", (SAMPLE,)),
        ("the SAMPLE", (SAMPLE,)),
        ("sampel", (SAMPLE,)),
        ("ceram", (SAMPLE,)),
        ("draft", (DRAFT,)),
        ("draught", ()),
        ("sample draft", ()),
        ("", ()),
    ],
)
def test_a_promise_is_found_by_its_words(typed: str, found: tuple[Promise, ...]) -> None:
    """By any of them, begun or with a slip; words that none of them has find none."""
    assert found == matching(typed, (SAMPLE, DRAFT, TILES))


def test_words_as_they_stand_go_before_slips() -> None:
    """`tiles` is not `tile`, where both were promised."""
    tile = promise("prm_4", "tile")

    assert ((TILES,), (tile,)) == (matching("tiles", (TILES, tile)), matching("tile", (TILES, tile)))


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("send the ceramic sample", "send ceramic sample", True),
        ("the ceramic sample", "ceramic smaple", True),
        ("the draft", "the contract", False),
        ("send the sample", "send the contract", False),
        ("", "", True),
    ],
)
def test_one_promise_noted_twice_is_recognised(one: str, other: str, alike: bool) -> None:
    """The same words in another order or with a slip are alike."""
    assert alike is is_alike(one, other)
