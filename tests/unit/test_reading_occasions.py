from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import NotUnderstood, TooLong
from bot.model import Medium, Occasion
from bot.reading.gestures import medium_of_gesture
from bot.reading.occasions import EARLIEST_YEAR, LABEL_LIMIT, OccasionRead, read_label, read_occasion
from bot.reading.wishes import Wish, read_wish, wanted

TODAY = date(2026, 11, 23)  # a Monday


def yearly(label: str, month: int, day: int, year: int | None = None) -> OccasionRead:
    """What comes every year."""
    return OccasionRead(label, month, day, year, yearly=True)


def once(label: str, on: date) -> OccasionRead:
    """What comes on one date."""
    return OccasionRead(label, on.month, on.day, on.year, yearly=False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("birthday 14 mar", yearly("birthday", 3, 14)),
        ("birthday mar 14", yearly("birthday", 3, 14)),
        ("birthday 14 mar 1991", yearly("birthday", 3, 14, 1991)),
        ("birthday March 14th, 1991", yearly("birthday", 3, 14, 1991)),
        ("birthday 1991-03-14", yearly("birthday", 3, 14, 1991)),
        ("birthday 14.3.1991", yearly("birthday", 3, 14, 1991)),
        ("birthday 14.3.91", yearly("birthday", 3, 14, 1991)),
        ("birthday 14 mar ’91", yearly("birthday", 3, 14, 1991)),
        ("birthday 3/14/1991", yearly("birthday", 3, 14, 1991)),
        ("birthday 14 mar 1958", yearly("birthday", 3, 14, 1958)),
        ("birthday 29 feb 1984", yearly("birthday", 2, 29, 1984)),
        ("birthday 29 feb", yearly("birthday", 2, 29)),
        ("14 mar birthday", yearly("birthday", 3, 14)),
        ("Her bday is on the 14th of March", yearly("birthday", 3, 14)),
        ("’s birthday: 14 mar", yearly("birthday", 3, 14)),
        ("born 14 mar 1991", yearly("birthday", 3, 14, 1991)),
        ("birthday tomorrow", yearly("birthday", 11, 24)),
        ("birthday on friday", yearly("birthday", 11, 27)),
        ("wedding anniversary 12 june 2015", yearly("wedding anniversary", 6, 12, 2015)),
        ("name day 6 dec", yearly("name day", 12, 6)),
        ("daughter's birthday 2 jan 2019", yearly("daughter's birthday", 1, 2, 2019)),
        ("channel launch 1 mar 2020 every year", yearly("channel launch", 3, 1, 2020)),
        ("studio opening 1 mar (yearly)", yearly("studio opening", 3, 1)),
    ],
)
def test_what_comes_every_year(text: str, expected: OccasionRead) -> None:
    """Birthdays, anniversaries and name days, and what is said to; a year is the one it began in."""
    assert expected == read_occasion(text, TODAY)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("book launch 3 dec 2026", once("book launch", date(2026, 12, 3))),
        ("book launch 3 dec", once("book launch", date(2026, 12, 3))),
        ("launch 3 jan", once("launch", date(2027, 1, 3))),
        ("launch today", once("launch", TODAY)),
        ("launch next friday", once("launch", date(2026, 12, 4))),
        ("launch in 3 weeks", once("launch", date(2026, 12, 14))),
        ("launch 29 feb", once("launch", date(2028, 2, 29))),
        ("launch end of march", once("launch", date(2027, 3, 31))),
        ("book tour 3 dec in Berlin", once("book tour in Berlin", date(2026, 12, 3))),
        ("birthday party 5 dec", once("birthday party", date(2026, 12, 5))),
        ("anniversary show 5 dec once only", once("anniversary show", date(2026, 12, 5))),
        ('launch of "Summer 2027" on 3 dec', once('launch of "Summer 2027"', date(2026, 12, 3))),
    ],
)
def test_what_comes_once(text: str, expected: OccasionRead) -> None:
    """Anything else is one date, the next one where no year is said."""
    assert expected == read_occasion(text, TODAY)


@pytest.mark.parametrize("text", ["birthday 14 dec 2026", "birthday 14 dec 2027", "anniversary 14 dec 2026"])
def test_a_year_to_come_is_no_beginning(text: str) -> None:
    """It says when the next one is; what has not begun yet can’t be counted."""
    found = read_occasion(text, TODAY)
    assert (12, 14, None, True) == (found.month, found.day, found.year, found.yearly)


def test_this_years_birthday_is_no_birth() -> None:
    """Nobody on a roster is a baby; a young anniversary is one."""
    assert read_occasion("birthday 14 mar 2026", TODAY).year is None
    assert 2026 == read_occasion("anniversary 14 mar 2026", TODAY).year


@pytest.mark.parametrize(
    ("text", "said", "argument"),
    [
        ("birthday 31 feb", "There is no 31 Feb.", "what"),
        ("birthday 31 feb 1985", "1985 has no 31 Feb.", "what"),
        ("birthday 29 feb 1985", "1985 has no 29 Feb.", "what"),
        ("birthday 29.2.1991", "1991 has no 29 Feb.", "what"),
        ("wedding anniversary 12/6", "“12/6” could be 12 Jun or 6 Dec.", "what"),
        ("birthday 14 mar 1890", "The years 1901 to 2046 work.", "what"),
        ("launch 3 dec 2025", "3 Dec 2025 is over.", "what"),
        ("launch yesterday", "22 Nov 2026 is over.", "what"),
        ("launch next month", "“next month” is no single day.", "what"),
        ("birthday", "I couldn’t find a day in “birthday”.", "what"),
        ("14 mar", "Say what the day is, too.", "what"),
    ],
)
def test_what_is_no_day_is_refused_in_a_sentence(text: str, said: str, argument: str) -> None:
    """Impossible, ambiguous, over, vague or missing: said as such, with what to write instead."""
    with pytest.raises(NotUnderstood) as error:
        read_occasion(text, TODAY)
    assert str(error.value).startswith(said)
    assert argument == error.value.argument


def test_the_day_may_stand_in_an_argument_of_its_own() -> None:
    """What is wrong with it is said of that argument, and words around a day are not let pass there."""
    assert yearly("birthday", 3, 14, 1991) == read_occasion("Birthday", TODAY, on="on 14 mar 1991")
    assert yearly("launch", 12, 3) == read_occasion("launch", TODAY, on="3 dec, every year")
    for day in ("soon", "14 mar or so", "12/6", "31 feb"):
        with pytest.raises(NotUnderstood) as error:
            read_occasion("birthday", TODAY, on=day)
        assert "on" == error.value.argument


def test_the_flag_counts_more_than_the_words() -> None:
    """In both directions."""
    assert not read_occasion("anniversary 14 mar", TODAY, every_year=False).yearly
    assert read_occasion("launch 14 mar", TODAY, every_year=True).yearly


def test_a_label_has_a_limit() -> None:
    """It stands in lines and options."""
    assert "x" * LABEL_LIMIT == read_label("x" * LABEL_LIMIT)
    with pytest.raises(TooLong, match="81 characters"):
        read_label("x" * (LABEL_LIMIT + 1))


@given(
    born=st.dates(date(EARLIEST_YEAR, 1, 1), TODAY - timedelta(days=366)),
    form=st.sampled_from(["%Y-%m-%d", "%d %B %Y", "%B %d, %Y", "%d.%m.%Y", "%d %b %Y"]),
)
def test_every_birth_is_read_as_it_is_written(born: date, form: str) -> None:
    """Whatever the year, which other dates of the product do not reach back to."""
    expected = yearly("birthday", born.month, born.day, born.year)
    assert expected == read_occasion(f"birthday {born.strftime(form)}", TODAY)


@given(st.text(max_size=60))
def test_nothing_that_is_typed_breaks_it(text: str) -> None:
    """It is read, or refused for an argument."""
    refused_for, found = None, None
    try:
        found = read_occasion(text, TODAY)
    except NotUnderstood as error:
        refused_for = error.argument

    assert "what" == refused_for or (found is not None and (found.yearly or found.year is not None))


@given(
    month=st.integers(1, 12),
    day=st.integers(1, 31),
    began=st.none() | st.integers(1901, 2026),
    today=st.dates(date(2024, 1, 1), date(2032, 12, 31)),
)
def test_a_yearly_occasion_comes_within_a_year(month: int, day: int, began: int | None, today: date) -> None:
    """Today or later, never more than a year ahead, on its own day but for 29 Feb, which falls to the 28th."""
    day = min(day, 29 if month == 2 else 30 if month in {4, 6, 9, 11} else 31)
    occasion = Occasion(id="occ_1", team="t", influencer="i", label="birthday", month=month, day=day, year=began)

    on = occasion.next_from(today)

    assert on is not None
    assert today <= on <= today + timedelta(days=366)
    assert occasion.in_year(on.year) == on
    assert (on.month, on.day) == (month, day) or ((month, day), (on.month, on.day)) == ((2, 29), (2, 28))
    assert occasion.next_from(on) == on


def test_one_date_comes_once() -> None:
    """On its day it is still to come, the day after it is over."""
    launch = Occasion(id="occ_1", team="t", influencer="i", label="launch", month=12, day=3, year=2026, yearly=False)
    assert date(2026, 12, 3) == launch.next_from(date(2026, 12, 3))
    assert launch.next_from(date(2026, 12, 4)) is None


@pytest.mark.parametrize(
    ("words", "medium"),
    [
        ("a small gift", Medium.GIFT),
        ("flowers with a card", Medium.GIFT),
        ("a personal birthday video message", Medium.DM),
        ("a handwritten note", Medium.GIFT),
        ("a postcard", Medium.GIFT),
        ("a letter by mail", Medium.GIFT),
        ("a voice note", Medium.DM),
        ("call them", Medium.CALL),
        ("something nice", Medium.OTHER),
    ],
)
def test_how_a_gesture_reaches_somebody(words: str, medium: Medium) -> None:
    """What is given counts most, then how it is sent."""
    assert medium is medium_of_gesture(words)


@pytest.mark.parametrize(
    ("text", "what", "why"),
    [
        (
            "a cookbook deal because she wants out of sponsored posts",
            "a cookbook deal",
            "she wants out of sponsored posts",
        ),
        ("wants a cookbook deal, because of her kids", "a cookbook deal", "of her kids"),
        ("a deal in order to get out", "a deal", "to get out"),
        ("a book so that she can quit", "a book", "so that she can quit"),
        ("more followers so they’re noticed", "more followers", "so they’re noticed"),
        ("a podcast since she loves audio", "a podcast", "she loves audio"),
        ("a podcast since 2024", "a podcast since 2024", None),
        ("to write a book", "to write a book", None),
        ("a bigger studio, so big", "a bigger studio, so big", None),
        ('a show called "Because I can"', 'a show called "Because I can"', None),
        ("because she is tired", None, "she is tired"),
        ("Because", "Because", None),
    ],
)
def test_a_wish_and_its_reason(text: str, what: str | None, why: str | None) -> None:
    """Parted where a reason begins, and nowhere else."""
    assert Wish(what, why) == read_wish(text)


def test_what_is_wanted_without_saying_so() -> None:
    """The subject and its verb go without saying."""
    assert "a spring launch video" == wanted("We want a spring launch video.")
    assert "wanted posters" == wanted("wanted posters")
