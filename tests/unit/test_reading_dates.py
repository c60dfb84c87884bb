from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import NotUnderstood
from bot.reading.dates import Found, find_day, read_day, read_days, read_since, read_until, unread_day

MONDAY = date(2026, 11, 23)

PAST = {
    # relative words count anywhere
    "coffee at VidCon, loves ceramics yesterday": ("2026-11-22", "yesterday"),
    "called this morning, he's moving to Lisbon in May": ("2026-11-23", "this morning"),
    "talked last night about her flat": ("2026-11-22", "last night"),
    "had a long call yesterday afternoon, free from march": ("2026-11-22", "yesterday afternoon"),
    "called the day before yesterday, no answer": ("2026-11-21", "the day before yesterday"),
    "sent a box two weeks ago": ("2026-11-09", "two weeks ago"),
    "met 3 days ago at the fair": ("2026-11-20", "3 days ago"),
    "a month ago we had lunch": ("2026-10-23", "a month ago"),
    "a couple of days ago she wrote": ("2026-11-21", "a couple of days ago"),
    "we talked last week, she's nervous": ("2026-11-16", "last week"),
    "lunch last thursday, super nice": ("2026-11-19", "last thursday"),
    "ran into her at the weekend, says hi": ("2026-11-21", "at the weekend"),
    "launching today": ("2026-11-23", "today"),
    "coffee (yesterday) with her team": ("2026-11-22", "yesterday"),
    "coffee with YESTERDAY’s crowd yesterday!!": ("2026-11-22", "yesterday"),
    # weekdays and calendar dates: at an end, alone in a clause, or free-standing in the first
    "call fri": ("2026-11-20", "fri"),
    "friday: call about the reel": ("2026-11-20", "friday"),
    "friday call about the reel": ("2026-11-20", "friday"),
    "monday": ("2026-11-16", "monday"),
    "emailed the spring brief on friday": ("2026-11-20", "on friday"),
    "went live on sunday, 210k views": ("2026-11-22", "on sunday"),
    "lunch friday with her team, keen": ("2026-11-20", "friday"),
    "met at the fair in Cologne on 12 nov": ("2026-11-12", "on 12 nov"),
    "on the 5th I had lunch with both": ("2026-11-05", "on the 5th"),
    "gifted the starter kit on the 18th": ("2026-11-18", "on the 18th"),
    "coffee, 14 mar, loved it": ("2026-03-14", "14 mar"),
    "coffee 14 March 2025": ("2025-03-14", "14 March 2025"),
    "coffee mar 14": ("2026-03-14", "mar 14"),
    "coffee March 14, 2026, loved it": ("2026-03-14", "March 14, 2026"),
    "call 14.3.": ("2026-03-14", "14.3."),
    "call 14.3.2025, nice": ("2025-03-14", "14.3.2025"),
    "2026-03-14 lunch": ("2026-03-14", "2026-03-14"),
    "lunch 3/14": ("2026-03-14", "3/14"),
    "lunch 14/3": ("2026-03-14", "14/3"),
    "coffee sat": ("2026-11-21", "sat"),
    "party on sat with everybody": ("2026-11-21", "on sat"),
    "lunch fri 20 nov": ("2026-11-20", "fri 20 nov"),
    "paid by bank on friday #ad": ("2026-11-20", "on friday"),
    "reel up friday https://example.com/2026/03/14": ("2026-11-20", "friday"),
    "Spoke on tuesday. It might happen in feb": ("2026-11-17", "on tuesday"),
    "dinner 12 dec": ("2025-12-12", "12 dec"),
    "lunch 29 feb": ("2024-02-29", "29 feb"),
    # a day to come counts where nothing is reported
    "call tomorrow": ("2026-11-24", "tomorrow"),
    "dinner next friday": ("2026-12-04", "next friday"),
}

NOT_THE_DAY = (
    "he's moving to Lisbon in May",
    "she may want 3 mugs",
    "we sat down for a second",
    "sat with her in the sun",
    "coffee in the sun",
    "the 14 march campaign brief sent",
    "sent the 14 march campaign brief",
    "sent the friday brief",
    "left a comment under yesterday's post",
    "left a comment under yesterdays post",
    "wants to talk about friday",
    "photos from last week",
    "no word since monday",
    "asked for the draft by friday",
    "away until 3 dec",
    "asked her to post on friday",
    "called, she's free on friday",
    "called, she's posting tomorrow",
    "agreed to meet tomorrow",
    "sent the brief for next week",
    "call, can't make the 10th, proposes the week after",
    "sent flowers – her mum passed away last week",
    "asked for a reel in January",
    "“coffee yesterday” was all",
    'texted "see you yesterday"',
    "@friday called",
    "#monday motivation reel",
    "support is 24/7",
    "paid 3.5k",
    "met at 10:30",
    "lunch 3/4",
    "email 31 feb",
    "half a year ago",
    "march",
    "mark and april came to the fair",
    "",
)

FUTURE = {
    "send the sample by friday": ("2026-11-27", "by friday"),
    "draft by 3 dec": ("2026-12-03", "by 3 dec"),
    "the contract next week": ("2026-12-04", "next week"),
    "samples by the end of the month": ("2026-11-30", "by the end of the month"),
    "the kiln by the end of January": ("2027-01-31", "by the end of January"),
    "reply in two weeks": ("2026-12-07", "in two weeks"),
    "tomorrow send her the link": ("2026-11-24", "tomorrow"),
    "the invoice this week": ("2026-11-27", "this week"),
    "friday's notes by monday": ("2026-11-30", "by monday"),
    "the 14 mar brief by thursday": ("2026-11-26", "by thursday"),
    "feedback on the draft before 1 march": ("2027-03-01", "before 1 march"),
    "a reel for christmas, draft due 10.12.": ("2026-12-10", "due 10.12."),
    "an answer tomorrow, the contract by friday": ("2026-11-27", "by friday"),
}


def words_of(text: str, found: Found | None) -> tuple[str, str] | None:
    """The day and the words that named it, as the tables have them."""
    return (found.day.isoformat(), text[found.start : found.end]) if found else None


@pytest.mark.parametrize(("text", "expected"), PAST.items())
def test_finds_the_day_something_happened(text: str, expected: tuple[str, str]) -> None:
    """A note's own date is found, with exactly the words that named it."""
    assert expected == words_of(text, find_day(text, MONDAY, past=True))


@pytest.mark.parametrize("text", NOT_THE_DAY)
def test_leaves_alone_what_is_only_spoken_of(text: str) -> None:
    """Words that are no date, or a date of something else, don't become the date of a touchpoint."""
    assert None is find_day(text, MONDAY, past=True)


@pytest.mark.parametrize(("text", "expected"), FUTURE.items())
def test_finds_the_day_something_is_due(text: str, expected: tuple[str, str]) -> None:
    """A promise's due date is found, a deadline before any other day."""
    assert expected == words_of(text, find_day(text, MONDAY, past=False))


@pytest.mark.parametrize("text", ["sent yesterday", "promised last week", "talk about friday", "send photos"])
def test_nothing_is_due_in_the_past(text: str) -> None:
    """What lies behind us, or is only spoken of, is no due date."""
    assert None is find_day(text, MONDAY, past=False)


@pytest.mark.parametrize(
    ("text", "past", "future"),
    [
        ("today", "2026-11-23", "2026-11-23"),
        ("fri", "2026-11-20", "2026-11-27"),
        ("monday", "2026-11-16", "2026-11-30"),
        ("on monday", "2026-11-16", "2026-11-30"),
        ("next friday", "2026-12-04", "2026-12-04"),
        ("last tues", "2026-11-17", "2026-11-17"),
        ("this friday", "2026-11-27", "2026-11-27"),
        ("friday next week", "2026-12-04", "2026-12-04"),
        ("23 nov", "2026-11-23", "2026-11-23"),
        ("22 nov", "2026-11-22", "2027-11-22"),
        ("14 mar.", "2026-03-14", "2027-03-14"),
        ("Mar. 14", "2026-03-14", "2027-03-14"),
        ("14.3", "2026-03-14", "2027-03-14"),
        ("14.3.25", "2025-03-14", "2025-03-14"),
        ("4/4", "2026-04-04", "2027-04-04"),
        ("29 feb", "2024-02-29", "2028-02-29"),
        ("the 31st", "2026-10-31", "2026-12-31"),
        ("Sunday, 14th of March 2021", "2021-03-14", "2021-03-14"),
        ("2026/03/14", "2026-03-14", "2026-03-14"),
        ("14-03-2026", "2026-03-14", "2026-03-14"),
        ("a week ago", "2026-11-16", "2026-11-16"),
        ("end of last month", "2026-10-31", "2026-10-31"),
        (" “Yesterday”! ", "2026-11-22", "2026-11-22"),
    ],
)
def test_reads_a_date_that_was_asked_for(text: str, past: str, future: str) -> None:
    """The whole text is a date, completed towards the past or the future."""
    assert date.fromisoformat(past) == read_day(text, MONDAY, past=True)
    assert date.fromisoformat(future) == read_day(text, MONDAY, past=False)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("31 feb", "There is no 31 Feb."),
        ("2026-02-30", "2026 has no 30 Feb."),
        ("2026-13-01", "2026 has no 1 of month 13."),
        ("3/4", "“3/4” could be 3 Apr or 4 Mar."),
        ("the 32nd", "No month has a day 32."),
        ("1 jan 1980", "the years 1990 to 2046 work"),
        ("9999 years ago", "out of range"),
        ("in May", "is not a date"),
        ("soonish", "“soonish” is not a date"),
        ("", "An empty text is not a date"),
        ("yesterday and friday", "is not a date"),
        ("x" * 3000, "…” is not a date"),
    ],
)
def test_says_why_a_date_is_none(text: str, says: str) -> None:
    """Impossible, ambiguous and unreadable dates are refused with the reason and with what works."""
    with pytest.raises(NotUnderstood) as refused:
        read_day(text, MONDAY, past=True)
    assert says in str(refused.value)
    assert str(refused.value).endswith("Try “yesterday”, “fri”, “14 mar” or “2026-03-14”.")
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("3 weeks", 21),
        ("2w", 14),
        ("10d", 10),
        ("21", 21),
        ("1 day", 1),
        ("a month", 30),
        ("month", 30),
        ("every 3 weeks", 21),
        ("every week", 7),
        ("every other week", 14),
        ("once a month", 30),
        ("6 months", 180),
        ("12 months", 365),
        ("18 months", 545),
        ("half a year", 180),
        ("a year", 365),
        ("fortnight", 14),
        ("Weekly.", 7),
        ("quarterly", 90),
        ("twelve days", 12),
        ("a couple of weeks", 14),
        ("3-week", 21),
        ("3650", 3650),
    ],
)
def test_reads_durations(text: str, days: int) -> None:
    """A duration in the words people use, in days."""
    assert days == read_days(text)


@pytest.mark.parametrize(
    "text", ["", "0", "0w", "3651", "99999", "-3", "two", "weeks ago", "1.5 weeks", "soon", "3 parsecs"]
)
def test_refuses_what_is_no_duration(text: str) -> None:
    """What is no length of time, or out of range, is refused with a sentence."""
    with pytest.raises(NotUnderstood, match=r"^.+\.$"):
        read_days(text)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2w", "2026-12-07"),
        ("two weeks", "2026-12-07"),
        ("for two weeks", "2026-12-07"),
        ("for the next 3 weeks", "2026-12-14"),
        ("in 3 days", "2026-11-26"),
        ("a month", "2026-12-23"),
        ("10", "2026-12-03"),
        ("until friday", "2026-11-27"),
        ("till mon", "2026-11-30"),
        ("tomorrow", "2026-11-24"),
        ("next week", "2026-11-30"),
        ("until next month", "2026-12-01"),
        ("next year", "2027-01-01"),
        ("1 mar", "2027-03-01"),
        ("until january", "2027-01-01"),
        ("in january", "2027-01-01"),
        ("november", "2027-11-01"),
        ("until the 14th", "2026-12-14"),
        ("the weekend", "2026-11-28"),
        ("the end of the month", "2026-11-30"),
        ("2027-06-01", "2027-06-01"),
    ],
)
def test_reads_until_when(text: str, day: str) -> None:
    """A snooze ends after a length of time or on a day to come; periods end it on their first day."""
    assert date.fromisoformat(day) == read_until(text, MONDAY)


@pytest.mark.parametrize(
    "text", ["", "today", "yesterday", "2020-01-01", "last week", "after easter", "31 feb", "0", "9999w"]
)
def test_refuses_to_wait_until_then(text: str) -> None:
    """What is not a day to come is refused with a sentence that names what works, or the range."""
    with pytest.raises(NotUnderstood, match=r"(Try “2 weeks”|from 1 to 3650 days)"):
        read_until(text, MONDAY)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("may", "2026-05-01"),
        ("since december", "2025-12-01"),
        ("november", "2026-11-01"),
        ("2025", "2025-01-01"),
        ("last month", "2026-10-01"),
        ("this year", "2026-01-01"),
        ("3 weeks", "2026-11-02"),
        ("the last 3 weeks", "2026-11-02"),
        ("2w", "2026-11-09"),
        ("fri", "2026-11-20"),
        ("1 mar", "2026-03-01"),
    ],
)
def test_reads_since_when(text: str, day: str) -> None:
    """A history begins with a date, a month, a year or a length of time before today."""
    assert date.fromisoformat(day) == read_since(text, MONDAY, past=True)


def test_a_new_year_turns_the_right_way() -> None:
    """Around New Year a date without a year falls into the year that its direction asks for."""
    new_year = date(2027, 1, 1)
    assert date(2026, 12, 31) == read_day("31 dec", new_year, past=True)
    assert date(2027, 12, 31) == read_day("31 dec", new_year, past=False)
    assert date(2026, 12, 31) == read_day("yesterday", new_year, past=True)
    assert date(2026, 12, 1) == read_since("last month", new_year)


def test_a_month_ago_ends_with_a_shorter_month() -> None:
    """A month before the 31st is the last day of a shorter month."""
    assert date(2026, 2, 28) == read_day("a month ago", date(2026, 3, 31), past=True)
    assert date(2028, 2, 29) == read_until("a month", date(2028, 1, 31))


WORDS = st.sampled_from(
    [
        "yesterday",
        "today",
        "friday",
        "sat",
        "14 mar",
        "mar 14",
        "31 feb",
        "2026-03-14",
        "3/4",
        "14.3.",
        "the 14th",
        "two weeks ago",
        "last week",
        "next",
        "until",
        "by",
        "on",
        "in",
        "may",
        "a",
        "month",
        "9999",
        "years",
        "ago",
        "end of the",
        "“",
        "”",
        '"',
        ",",
        ".",
        " - ",
        "(",
        ")",
        "https://a.b/c",
        "she",
        "will",
        "about",
        "\n",
        "🎉",
        "é",
        "İ",
        "\u202e",
        "\x00",
    ]
)
TEXTS = st.one_of(
    st.text(max_size=300), st.lists(WORDS, max_size=40).map(" ".join), st.lists(WORDS, max_size=40).map("".join)
)
DAYS = st.dates(date(1991, 1, 1), date(2100, 12, 31))


@given(text=TEXTS, today=DAYS, past=st.booleans())
def test_any_text_has_one_day_or_none(text: str, today: date, past: bool) -> None:
    """No text raises; what is found lies in the text and within the years that are read, and is found again."""
    found = find_day(text, today, past=past)
    assert found == find_day(text, today, past=past)
    if found is not None:
        assert 0 <= found.start < found.end <= len(text)
        assert 1990 <= found.day.year <= today.year + 20
        assert past or today <= found.day or f"{found.day:%y}" in text, "only a day with its year may be past"


def refusal(read_it: Callable[[], object]) -> str | None:
    """The sentence with which a reader refuses, or None where it reads."""
    try:
        read_it()
    except NotUnderstood as refused:
        return str(refused)
    return None


@given(text=TEXTS, today=DAYS)
def test_any_argument_is_read_or_refused(text: str, today: date) -> None:
    """Every reader gives a value of its range or refuses with a whole sentence."""
    for read_it in (
        lambda: read_day(text, today, past=True),
        lambda: read_day(text, today, past=False),
        lambda: read_since(text, today),
        lambda: read_days(text),
        lambda: read_until(text, today),
    ):
        said = refusal(read_it)
        assert said is None or (said.endswith(".") and len(said) < 200)


@given(today=DAYS, ahead=st.integers(1, 5000))
def test_a_written_date_is_read_back(today: date, ahead: int) -> None:
    """Every ISO date within the range is read as itself, asked for or found."""
    day = min(today + timedelta(days=ahead), date(today.year + 20, 12, 31))
    assert day == read_day(day.isoformat(), today, past=False)
    assert day == read_until(day.isoformat(), today)
    found = find_day(f"draft by {day.isoformat()}", today, past=False)
    assert found is not None
    assert day == found.day


@given(today=DAYS, name=st.sampled_from(["mon", "tuesday", "weds", "thurs", "fri", "saturday", "sun"]))
def test_a_weekday_is_within_the_week(today: date, name: str) -> None:
    """A weekday is one to seven days off, never today, and last and next lie on the same weekday."""
    last, coming = read_day(name, today, past=True), read_day(name, today, past=False)
    assert 1 <= (today - last).days <= 7
    assert 1 <= (coming - today).days <= 7
    assert last.weekday() == coming.weekday()


@given(days=st.integers(1, 3650))
def test_days_are_read_as_they_are_shown(days: int) -> None:
    """“N days” is N, as is the bare number."""
    assert days == read_days(f"{days} days") == read_days(str(days))


@pytest.mark.parametrize(
    ("text", "unread"),
    [
        ("coffee on 3/5", "3/5"),
        ("12/11 coffee", "12/11"),
        ("coffee on 31 Feb", "31 Feb"),
        ("coffee 2019-02-30", "2019-02-30"),
        ("coffee on 3/5, yesterday", None),
        ("coffee on 12.11.", None),
        ("delivered 2/3 reels", None),
        ("paid 1/2 of the fee", None),
        ("answers 24/7", None),
        ("she is free on 3/5", None),
        ("sent the 3/5 brief", None),
        ("said “see you on 3/5”", None),
        ("", None),
    ],
)
def test_a_day_that_can_not_be_read_is_named(text: str, unread: str | None) -> None:
    """What stands where the date would and is none, or two, is handed back as typed."""
    assert unread == unread_day(text, date(2026, 11, 23))
