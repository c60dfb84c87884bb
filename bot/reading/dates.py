"""Which day a text means: the date a sentence holds, a date asked for, a date to wait until.

What makes words a date of the sentence, rather than a date that it speaks of, is in `find_day`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.errors import NotUnderstood
from bot.reading.clauses import Clauses, clauses_of, fold, veil
from bot.reading.date_forms import Kind, Phrase, phrases
from bot.reading.durations import length_of, read_days
from bot.reading.incomplete import MONTHS, Sense, nearest
from bot.reading.periods import later, start_of

__all__ = ["Found", "find_day", "read_day", "read_days", "read_due", "read_since", "read_until", "unread_day"]

_EXAMPLES = "Try “yesterday”, “fri”, “14 mar” or “2026-03-14”."
_LATER_EXAMPLES = "Try “2 weeks”, “friday”, “next month” or “2026-03-14”."
_DUE_EXAMPLES = "Try “friday”, “3 dec”, “end of the month”, “2 weeks” or “2026-03-14”."

# What stands right before a date. The first kind belongs to it; after the second the day is only spoken of.
_LEAD = re.compile(
    r"(?<!\w)(on|by|until|till|til|before|due|from|since|after|about|re|of|than|for|regarding)(?::?\s+(?:the\s+)?)$"
)
_OF_THE_DATE = frozenset({"on"})
_OF_A_DEADLINE = frozenset({"on", "by", "until", "till", "til", "before", "due", "for"})
_DEADLINE = _OF_A_DEADLINE - {"on", "for"}
# A day is free-standing where its sentence could end behind it.
_GOES_ON = re.compile(
    r"\s+(?:and|but|so|or|because|as|who|where|when|while|she|he|they|we|i|it|at|with|w/|in|about|re|to|over|by|via|for"
    r"|on|from|after|before|during|near|@)(?!\w)"
)
_ARTICLE = re.compile(r"(?<!\w)(?:the|a|an|her|his|their|our|my|this|that|we|she|he|they|i|who|and|just|also)\s+$")
# Words before a day, in its clause, that make it a day to come or a day that is only spoken of.
_SPOKEN_OF = re.compile(
    r"(?<!\w)(?:will|won't|\w+'ll|\w+'d|would|going to|wants?|wanted|hopes?|plans?|planned|planning|free|available|due"
    r"|deadline|launches|launching|opens|opening on|moving|moves|coming|ready|scheduled|can't make|birthday|starts"
    r"|starting|leaves|leaving|travels|travelling|wedding|is on|are on"
    r"|to (?:post|send|meet|call|come|visit|launch|publish|do|have|be|get|go|talk|speak|share|join|film|record|deliver"
    r"|host|give|make|see|move|start|ship|reply|answer|write|sign|pay|chat|discuss|email|text))(?!\w)"
)
_SUBJECT = re.compile(
    r"\s*(?:and |but |because |as |that )?(?:she|he|they|her|his|their|it|its|who|the|which)(?:'\w+)?(?!\w)"
)
# Words before a day to come that report something instead of naming what will happen ("call tomorrow" names it).
_REPORTS = re.compile(
    r"(?<!\w)(?:(?!need|feed|meeting|briefing|tasting|screening|wedding|evening|morning)\w+(?:ed|ing)|sent|wrote|told|said"
    r"|says|met|asked|got|gave|made|rang|spoke|about|re|for|to|wants?|can|could|might|should|she|he|they|it|i|we|invite"
    r"|agenda|plans?)(?!\w)"
)
# "delivered 2/3 reels", "half of 1/2 the fee": parts of a whole.
_SHARE = re.compile(
    r"\d+/\d+(?!/)\s(?:of|the|done|stars|posts?|reels?|stor(?:y|ies)|videos?|pieces|people|days?|weeks?|hours?)(?!\w)"
)
_DAY_WORDS = re.compile(r"(?:today|tonight|yesterday|yday|this \w+|last night)")


@dataclass(frozen=True, slots=True)
class Found:
    """A day and the words that named it: `text[start:end]`."""

    day: date
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Line:
    """A veiled text with what is known about its parts; `past` is whether it tells what happened."""

    text: str
    today: date
    past: bool
    clauses: Clauses
    spoken_of: tuple[int, ...]
    reports: tuple[int, ...]

    def is_spoken_of(self, phrase: Phrase) -> bool:
        return _any_between(self.spoken_of, self.clauses.start(phrase.start), phrase.start)

    def is_reported(self, phrase: Phrase) -> bool:
        return _any_between(self.reports, self.clauses.start(phrase.start), phrase.start)


def find_day(text: str, today: date, *, past: bool) -> Found | None:
    """The day that a sentence happened (`past`) or is due on, or None; never raises.

    The words of a date count, outside quotes and links, by these rules:

    - A relative one ("yesterday", "last friday", "3 days ago") counts anywhere.
    - A weekday or calendar date counts where it begins the text, ends it, is all of its clause ("coffee, 14 mar, …"),
      or is free-standing in the first clause: its sentence could end there ("lunch on friday with her team", not "the
      friday brief").
    - A short form that is also a word ("sat", "sun") and "the 14th" need a preposition or the end of a clause.
    - A date after "about", "from", "since" and the like is only spoken of; of something that happened also one after
      "by", "until", "for", and a weekday or calendar date after "will", "free", "to send" and the like.
    - Of something that happened a day to come counts only where nothing is reported ("call tomorrow" is, "she’s
      posting tomorrow" is not); of something due only today or later counts, or a past day that is said to be one
      ("by last friday", "on 2026-11-06").
    - The first clause goes before later ones, and a deadline ("by friday") before all else.
    """
    veiled = veil(fold(text))
    known = phrases(veiled, today, Sense.PAST if past else Sense.DUE)
    best = _best(known, _line(veiled, known, today, past=past)) if known else None
    if best is None:
        return None
    start, phrase = best
    return Found(phrase.day, start, phrase.end) if phrase.day else None


def unread_day(text: str, today: date, *, past: bool = True) -> str | None:
    """The words, as typed, that stand where a sentence says when it happened, and name no day, or two: "12/11".

    Or when it is due, where not `past`. None where another day is named or none is wanted; never raises.
    """
    veiled = veil(fold(text))
    known = phrases(veiled, today, Sense.PAST if past else Sense.DUE)
    unread = [
        replace(phrase, day=today)
        for phrase in known
        if phrase.day is None and phrase.problem is not None and _SHARE.match(veiled, phrase.start) is None
    ]
    if not unread:
        return None
    line = _line(veiled, known, today, past=past)
    best = _best(unread, line) if _best(known, line) is None else None
    return text[best[1].start : best[1].end] if best else None


def _line(veiled: str, known: Sequence[Phrase], today: date, *, past: bool) -> _Line:
    clauses = clauses_of(veiled, ((phrase.start, phrase.end) for phrase in known))
    spoken_of = tuple(found.start() for found in _SPOKEN_OF.finditer(veiled))
    reports = tuple(found.start() for found in _REPORTS.finditer(veiled)) if past else ()
    return _Line(veiled, today, past, clauses, spoken_of, reports)


def _best(known: Sequence[Phrase], line: _Line) -> tuple[int, Phrase] | None:
    """The phrase that is the date of its sentence, and where it begins with its preposition."""
    fitting = [rank for phrase in known if (rank := _rank(phrase, line)) is not None]
    return min(fitting, key=lambda rank: rank[:2])[1:] if fitting else None


def _rank(phrase: Phrase, line: _Line) -> tuple[int, int, Phrase] | None:
    """How well a phrase qualifies, lowest first, and where it begins with its preposition; None if it doesn't."""
    if phrase.day is None:
        return None
    found = _LEAD.search(line.text[max(0, phrase.start - 20) : phrase.start])
    lead = found[1] if found else None
    start = phrase.start - (len(found[0]) if found else 0)
    if lead is not None and lead not in (_OF_THE_DATE if line.past else _OF_A_DEADLINE):
        return None
    if line.past:
        counts = _happened_on(phrase, lead, line)
    elif phrase.day < line.today:  # "by last friday", "on 2025-01-01": without its year it would be a day to come
        counts = lead in _DEADLINE or (lead == "on" and phrase.kind is Kind.FIXED)
    else:
        counts = lead is not None or _may_stand(phrase, lead, line)
    if not counts:
        return None
    deadline = -2 if lead in _DEADLINE else 0
    return deadline + min(line.clauses.number(phrase.start), 1), start, phrase


def _happened_on(phrase: Phrase, lead: str | None, line: _Line) -> bool:
    day, later_clause = phrase.day, line.clauses.number(phrase.start) > 0
    fills = _fills_clause(phrase, lead, line)
    if day is not None and line.today < day:
        return not later_clause and not line.is_reported(phrase) and _may_stand(phrase, lead, line)
    if fills:
        return True
    others = later_clause and _SUBJECT.match(line.text, line.clauses.start(phrase.start)) is not None
    if phrase.kind is Kind.RELATIVE:
        if not later_clause:
            return True
        is_day_word = _DAY_WORDS.match(line.text, phrase.start) is not None
        return not line.is_spoken_of(phrase) and (not others or (is_day_word and _ends_text(phrase, line)))
    if others or line.is_spoken_of(phrase):
        return False
    return _may_stand(phrase, lead, line)


def _may_stand(phrase: Phrase, lead: str | None, line: _Line) -> bool:
    """Whether words of this kind are a date where they stand."""
    if phrase.kind is Kind.RELATIVE:
        return True
    at_start, at_end = phrase.start <= line.clauses.first_word, _ends_text(phrase, line)
    ends = at_end or _ends_clause(phrase, line)
    article = lead is None and _ARTICLE.search(line.text[max(0, phrase.start - 8) : phrase.start]) is not None
    if phrase.kind is Kind.BARE:
        return (lead is not None or ends) and not article and _stands_early(phrase, line, at_end=at_end)
    # "the 14 march campaign" begins with a campaign, "14 march coffee" with a day.
    if at_start and not line.text.startswith("the ", phrase.start):
        return True
    free = ends or _GOES_ON.match(line.text, phrase.end) is not None
    return free and not article and _stands_early(phrase, line, at_end=at_end)


def _stands_early(phrase: Phrase, line: _Line, *, at_end: bool) -> bool:
    return at_end or line.clauses.number(phrase.start) == 0


def _fills_clause(phrase: Phrase, lead: str | None, line: _Line) -> bool:
    before = line.text[line.clauses.start(phrase.start) : phrase.start][-20:].strip()
    return before in {"", lead} and _ends_clause(phrase, line)


def _ends_clause(phrase: Phrase, line: _Line) -> bool:
    behind = line.text[phrase.end : phrase.end + 20].lstrip()
    return not behind or not (behind[0].isalnum() or behind[0] in "@&+/'-_%")


def _ends_text(phrase: Phrase, line: _Line) -> bool:
    return line.clauses.last_word <= phrase.end


def _any_between(positions: tuple[int, ...], start: int, end: int) -> bool:
    at = bisect_left(positions, start)
    return at < len(positions) and positions[at] < end


def read_day(text: str, today: date, *, past: bool) -> date:
    """The day that the whole text names: the latest that fits where `past`, else the next.

    Raises NotUnderstood where it names none, one that does not exist, or one that could be two.
    """
    sense = Sense.PAST if past else Sense.DUE
    phrase = _whole(text, today, sense)
    if phrase is not None and phrase.day is not None:
        return phrase.day
    if phrase is not None and phrase.problem is not None:
        raise NotUnderstood(f"{phrase.problem} {_EXAMPLES}")
    raise NotUnderstood(f"{_shown(text)} is not a date that I can read. {_EXAMPLES}")


def read_until(text: str, today: date) -> date:
    """The day to wait until: a length of time from today ("2w", "for two weeks"), or a day to come ("until friday").

    "next week" and "next month" begin on their first day. Raises NotUnderstood, also for today and the past.
    """
    words = re.sub(
        r"^(?:(?:for|until|till|til|to|in(?=\s[a-z]+$))\s+)+(?:the\s+(?:next|coming)\s+(?=\d|\w+\s\w))?",
        "",
        _words(text),
    )
    day = _until(words, today, text)
    if day <= today:
        raise NotUnderstood(f"{_shown(text)} is not a day to come. {_LATER_EXAMPLES}")
    return day


def read_due(text: str, today: date) -> date:
    """The last day on which something is in time: a day, or a length of time from today ("2w", "in two weeks").

    "next week" and "next month" end on their last working day and their last day; a day with its year may be past.
    Raises NotUnderstood.
    """
    words = re.sub(r"^(?:(?:by|due|until|till|til|before|within|in(?=\s[a-z]+$))\s+)+", "", _words(text))
    return _until(words, today, text, Sense.DUE)


def _until(words: str, today: date, text: str, sense: Sense = Sense.UNTIL) -> date:
    examples = _DUE_EXAMPLES if sense is Sense.DUE else _LATER_EXAMPLES
    phrase = _whole(words, today, sense)
    if phrase is not None and phrase.day is not None:
        return phrase.day
    if phrase is not None and phrase.problem is not None:
        raise NotUnderstood(f"{phrase.problem} {examples}")
    if words in MONTHS and sense is Sense.UNTIL:
        return nearest(MONTHS[words], 1, today + timedelta(days=1), sense)
    length = length_of(words)
    if length is None:
        raise NotUnderstood(f"{_shown(text)} is neither a length of time nor a day to come. {examples}")
    # The limit of a duration holds here too: a day ten years off is a slip.
    read_days(words)
    try:
        return later(today, *length)
    except (ValueError, OverflowError):
        raise NotUnderstood(f"{_shown(text)} is off the calendar. {examples}") from None


def read_since(text: str, today: date, *, past: bool = True) -> date:
    """The first day of a stretch up to today: a date, a month ("may"), a year, or a length of time ("3 weeks").

    "last month" begins on its first day. `past` has the meaning it has for read_day, which is asked in the end.
    """
    words = re.sub(r"^(?:since|from|in|the)\s+", "", _words(text))
    if words in MONTHS:
        return nearest(MONTHS[words], 1, today, Sense.PAST)
    if re.fullmatch(r"(?:19|20)\d\d", words) and 1990 <= int(words) <= today.year:
        return date(int(words), 1, 1)
    period = re.fullmatch(r"(this|last) (week|month|quarter|year)", words)
    if period:
        first = start_of(period[2], today)
        return first if period[1] == "this" else later(first, -1, period[2])
    length = length_of(re.sub(r"^(?:the )?(?:last|past)\s+", "", words)) if not words.isdigit() else None
    if length is not None:
        try:
            return later(today, -length[0], length[1])
        except (ValueError, OverflowError):
            raise NotUnderstood(f"{_shown(text)} is off the calendar. {_EXAMPLES}") from None
    return read_day(words, today, past=past)


def _whole(text: str, today: date, sense: Sense) -> Phrase | None:
    """The phrase that is all of a text, but for a preposition and punctuation around it."""
    words = re.sub(r"^(?:(?:on|by|before|due|the morning of)\s+)+", "", _words(text))
    if re.fullmatch(r"\d{1,2}\.\d{1,2}", words):
        words += "."
    found = phrases(words, today, sense)
    if len(found) == 1 and found[0].start == 0 and found[0].end == len(words):
        return found[0]
    found = phrases(stripped, today, sense) if (stripped := words.rstrip(".")) != words else []
    return found[0] if len(found) == 1 and found[0].start == 0 and found[0].end == len(stripped) else None


def _words(text: str) -> str:
    return " ".join(fold(text).split()).strip(' ,;:!?()"“”')


def _shown(text: str) -> str:
    words = " ".join(text.split())
    return f"“{words[:40]}…”" if len(words) > 41 else f"“{words}”" if words else "An empty text"
