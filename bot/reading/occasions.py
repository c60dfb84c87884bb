"""Which occasion a text means: its label, its day of the year, and whether it comes again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from bot.errors import NotUnderstood
from bot.reading.clauses import fold, veil
from bot.reading.date_forms import Phrase, phrases
from bot.reading.incomplete import MONTHS, OLDEST_YEAR, YEARS_AHEAD, Sense, short
from bot.reading.words import within

LABEL_LIMIT = 80
"""Characters in the label of an occasion: a line of a list, and an option of a select with its date."""

EARLIEST_YEAR = 1901
"""The first year that anybody on a roster can have been born in."""

_EXAMPLES = "Try “birthday 14 mar”, “birthday 14 mar 1991” or “book launch 3 dec 2026”."
_DAY_EXAMPLES = "Try “14 mar”, “14 mar 1991” or “3 dec 2026”."

_MONTH = "(?:" + "|".join(sorted(MONTHS, key=len, reverse=True)) + ")"
_SHORT_YEAR = re.compile(
    rf"(?<![\d/.-])(?P<day>\d{{1,2}}[./-]\d{{1,2}}[./-]|\d{{1,2}}(?:st|nd|rd|th)?[\s.-]{{0,2}}{_MONTH}[\s.,-]{{1,2}}'?)"
    r"(?P<year>\d{2})(?![\d:.,/-]|\s?(?:[ap]m|h)\b)"
)
_OLD_YEAR = re.compile(r"(?<!\d)19(?:0[1-9]|[1-8]\d)(?!\d)")
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_EVERY_YEAR = re.compile(r"[,;(\s]*(?<!\w)(?:every year|each year|every yr|yearly|annually|once a year)(?!\w)\)?")
_ONCE = re.compile(r"[,;(\s]*(?<!\w)(?:once only|only once|just once|this year only|one-off)(?!\w)\)?")
# A stretch of time, which has no day of its own.
_STRETCH = re.compile(r"(?:(?:at|over|on|the|this|next|last|past|coming)\s)*(?:week(?:end)?|month|quarter|year)")
_YEARLY_LABEL = re.compile(r"(?<!\w)(?:birthdays?|b-?days?|annivers\w+|name[\s-]?days?)(?!\w)")
_PARTY = re.compile(r"(?<!\w)(?:party|dinner|lunch|brunch|trip|gift|present|event|bash|celebrations?)(?!\w)")
_BIRTHDAY = re.compile(r"b-?day|birthday|date of birth|dob|born", re.IGNORECASE)
_BEFORE_LABEL = re.compile(
    r"^(?:(?:is|has)\s+(?:a|an|her|his|their)?\s*|(?:the|her|his|their|a|an|our|my)\s+)+", re.IGNORECASE
)
_AFTER_LABEL = re.compile(r"(?:\s+|^)(?:is|was|falls|comes|starts|happens|on|the|at|in|for)$", re.IGNORECASE)
_POSSESSIVE = re.compile(r"^\s*[’']s\s+")
_QUOTED = re.compile(r"[\"“]([^\"“”]+)[\"”]")
_PUNCTUATION = " \t\n,;:.!?-–—()[]"


@dataclass(frozen=True, slots=True)
class OccasionRead:
    """What a text says about an occasion; of a yearly one `year` is when it began, where that is said."""

    label: str
    month: int
    day: int
    year: int | None
    yearly: bool


def read_occasion(text: str, today: date, *, on: str | None = None, every_year: bool | None = None) -> OccasionRead:
    """The occasion that a text names, with its day in the same words (`birthday 14 mar 1991`) or in `on`.

    A birthday, an anniversary and a name day come every year, and so does what is said to (`every year`, or the flag
    `every_year`); anything else is one date, the next that fits where no year is said. The year of a yearly one is when
    it began: one that has yet to come, or has only just, says when the next is and nothing more.

    Raises NotUnderstood, naming the argument `what` or `on`: no label, no day, none that exists, one that could be two,
    or a single date that is over. Raises TooLong for a label of over 80 characters.
    """
    argument = "what" if on is None else "on"
    said = fold(f"{text}\n{on or ''}")
    label_words, words = _without_rule(text), _without_rule(text if on is None else on)
    words = _with_full_years(words, today)
    start, end, found, year = _dated(words, today, whole=on is not None, argument=argument)
    if on is None:
        label_words = f"{_AFTER_LABEL.sub('', words[:start].rstrip(_PUNCTUATION))} {words[end:]}"
    label = read_label(label_words)
    yearly = bool(_EVERY_YEAR.search(said)) or (_comes_yearly(label) and not _ONCE.search(said))
    return _settled(label, found, year, today, yearly=yearly if every_year is None else every_year, argument=argument)


def read_label(text: str) -> str:
    """What an occasion is called, without the words around it: `birthday` for “Her bday is on”.

    Raises NotUnderstood where nothing is left, TooLong where too much is.
    """
    label = _POSSESSIVE.sub("", " ".join(text.split())).strip(_PUNCTUATION)
    while (shorter := _AFTER_LABEL.sub("", label).strip(_PUNCTUATION)) != label:
        label = shorter
    label = _BEFORE_LABEL.sub("", label).strip(_PUNCTUATION)
    if quoted := _QUOTED.fullmatch(label):
        label = quoted[1].strip()
    if not label:
        raise NotUnderstood(f"Say what the day is, too. {_EXAMPLES}", "what")
    if _BIRTHDAY.fullmatch(label):
        return "birthday"
    return within(label, LABEL_LIMIT, "what")


def _settled(label: str, found: date, year: int | None, today: date, *, yearly: bool, argument: str) -> OccasionRead:
    if not yearly:
        on = found if year is None else date(year, found.month, found.day)
        if on < today:
            raise NotUnderstood(
                f"{on.day} {short(on.month)} {on.year} is over. Say a day to come, or “every year” if it comes again.",
                argument,
            )
        return OccasionRead(label, on.month, on.day, on.year, yearly=False)
    if year is not None and date(year, found.month, found.day) > today:
        year = None
    if year == today.year and label == "birthday":
        year = None  # nobody on a roster was born this year: it is this year's birthday that was meant
    return OccasionRead(label, found.month, found.day, year, yearly=True)


def _comes_yearly(label: str) -> bool:
    folded = fold(label)
    return _YEARLY_LABEL.search(folded) is not None and _PARTY.search(folded) is None


def _without_rule(text: str) -> str:
    """The text without the words that say how often; what is left keeps its letters."""
    for rule in (_EVERY_YEAR, _ONCE):
        if found := rule.search(fold(text)):
            text = f"{text[: found.start()]} {text[found.end() :]}"
    return text.strip()


def _with_full_years(text: str, today: date) -> str:
    """The text with the years of its dates in four digits: `14.3.91`."""
    newest = (today.year + 10) % 100

    def full(found: re.Match[str]) -> str:
        year, day = int(found["year"]), found["day"].rstrip("'")
        return f"{day}{2000 + year if year <= newest else 1900 + year}"

    folded = veil(fold(text))
    for found in reversed(list(_SHORT_YEAR.finditer(folded))):
        text = text[: found.start()] + full(found) + text[found.end() :]
    return text


def _dated(text: str, today: date, *, whole: bool, argument: str) -> tuple[int, int, date, int | None]:
    """Where a text names its day, `text[start:end]`; a date with that month and day; the year, where one is said.

    Years before 1990, which nothing else is dated by, are read as a year of the same calendar, 28, 56 or 84 years on.
    """
    folded = veil(fold(text))
    known = phrases(_OLD_YEAR.sub(lambda old: str(_same_calendar(int(old[0]))), folded), today, Sense.UNTIL)
    phrase = _chosen(known, folded, whole=whole)
    examples = _DAY_EXAMPLES if whole else _EXAMPLES
    if phrase is None:
        raise NotUnderstood(f"I couldn’t find a day in {_shown(text)}. {examples}", argument)
    words = folded[phrase.start : phrase.end]
    said = _YEAR.search(words)
    year = int(said[0]) if said else None
    if phrase.day is None:
        raise NotUnderstood(f"{_problem(phrase, year, today)} {examples}", argument)
    if _STRETCH.fullmatch(words):
        raise NotUnderstood(f"“{words}” is no single day. {examples}", argument)
    return phrase.start, phrase.end, phrase.day, year


def _chosen(known: list[Phrase], text: str, *, whole: bool) -> Phrase | None:
    """The phrase that ends the text, else the one that begins it, else the only one there is."""
    ending = [one for one in known if not text[one.end :].strip(_PUNCTUATION)]
    beginning = [one for one in known if not text[: one.start].strip(_PUNCTUATION).removesuffix("on")]
    if whole:
        return next((one for one in ending if one in beginning), None)
    found = ending or beginning or (known if len(known) == 1 else [])
    return found[0] if found else None


def _problem(phrase: Phrase, year: int | None, today: date) -> str:
    """Why there is no such day, said of the year that was written."""
    problem = phrase.problem or "That is no date."
    if year is None:
        return problem
    if year < EARLIEST_YEAR or year > today.year + YEARS_AHEAD:
        return f"The years {EARLIEST_YEAR} to {today.year + YEARS_AHEAD} work."
    return problem.replace(str(_same_calendar(year)), str(year))


def _same_calendar(year: int) -> int:
    """The year itself from 1990 on, else the first one after that whose days fall like its own."""
    return year + 28 * max(0, -(-(OLDEST_YEAR - year) // 28))


def _shown(text: str) -> str:
    words = " ".join(text.split())
    return f"“{words[:40]}…”" if len(words) > 41 else f"“{words}”" if words else "an empty text"
