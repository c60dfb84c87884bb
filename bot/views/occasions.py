"""Occasions in words: what was noted, what comes next with somebody, and what the team has before it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.model import Influencer, Occasion
from bot.reply import OPTION_LIMIT, Action, Actions, Button, Option, Reply, Select, Text, Value, callback, join, say
from bot.views.words import Reader, birthday, count, day, listed, short, told_apart, weekday

PAGE = 20
"""Occasions on one page of the team's list."""

AHEAD = 30
"""Days that the team's list looks ahead."""

LINES = 5
"""Occasions in one Text, so that a platform clips none of them."""

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_A_WEEK = 7
"""Days from which on the name of a weekday no longer says which one is meant."""

_OPTION = 80
"""Characters of an option that every platform shows."""


@dataclass(frozen=True, slots=True)
class Coming:
    """An occasion of somebody, and the date it comes next."""

    occasion: Occasion
    influencer: Influencer
    on: date


def capital(words: str) -> str:
    """Words at the beginning of a sentence."""
    return words[:1].upper() + words[1:]


def is_birthday(occasion: Occasion) -> bool:
    """Whether it is the day they were born themselves, so that they turn an age on it."""
    return occasion.label.casefold() == "birthday"


def years_on(occasion: Occasion, on: date) -> int | None:
    """How many years a yearly occasion has come round on a date; `None` where nobody knows, or it has only begun."""
    if not occasion.yearly or occasion.year is None or on.year <= occasion.year:
        return None
    return on.year - occasion.year


def coming(occasion: Occasion, on: date, today: date, *, first: bool = True) -> Text:
    """`Birthday tomorrow, turning 35`, `Book launch in 9 days, on Thu 3 Dec`; not `first` in a line `birthday …`."""
    years = years_on(occasion, on)
    turning = "" if years is None else f", turning {years}" if is_birthday(occasion) else f", {count(years, 'year')}"
    when = occasion_when(on, today)
    return say("{label} {when}", label=capital(occasion.label) if first else occasion.label, when=when + turning)


def occasion_when(on: date, today: date) -> str:
    """`today`, `tomorrow`, `on Saturday (5 Dec)`, `in 9 days, on Sat 5 Dec`."""
    days = (on - today).days
    if days in {0, 1}:
        return "tomorrow" if days else "today"
    if 1 < days < _A_WEEK:
        return f"on {_WEEKDAYS[on.weekday()]} ({day(on, today)})"
    return f"in {count(days, 'day')}, on {weekday(on, today)}" if days > 0 else f"on {weekday(on, today)}"


def weekday_name(on: date) -> str:
    """`Saturday`."""
    return _WEEKDAYS[on.weekday()]


def occasion_fact(occasion: Occasion, today: date) -> Text:
    """`birthday, 14 Mar (turns 35 in 2026)`, `book launch, Thu 3 Dec`, `29 Feb` with the day it falls to this time."""
    on = occasion.next_from(today)
    if not occasion.yearly:
        once = occasion.in_year(occasion.year or today.year)
        return say("{label}, {day}", label=occasion.label, day=weekday(once, today) + ("" if on else " (over)"))
    facts = []
    if on is not None and (years := years_on(occasion, on)) is not None:
        facts.append(f"turns {years} in {on.year}" if is_birthday(occasion) else f"{count(years, 'year')} in {on.year}")
    elif occasion.year is not None:
        facts.append(f"since {occasion.year}")
    if on is not None and (on.month, on.day) != (occasion.month, occasion.day):
        facts.append(f"next on {weekday(on, today)}")
    said = f" ({', '.join(facts)})" if facts else ""
    return say("{label}, {day}", label=occasion.label, day=birthday(occasion.month, occasion.day) + said)


def noted(
    occasion: Occasion,
    influencer: Influencer,
    reader: Reader,
    *,
    reminders: Sequence[date] | None,
    before: Occasion | None,
    change: str,
) -> Reply:
    """What is kept, what it takes the place of, and when somebody is reminded; with a way back.

    `before` is the same occasion as it was, `reminders` are the days on which the owner is still told of it; `None`
    where nobody is told of anything.
    """
    lines = [say("✓ Noted: **{name}** — {fact}.", name=influencer.name, fact=occasion_fact(occasion, reader.today))]
    if before is not None:
        lines.append(say("This replaces: {fact}.", fact=occasion_fact(before, reader.today)))
    if reminders is not None:
        lines.append(_reminding(occasion, influencer, reader, reminders))
    elif influencer.is_paused:
        lines.append(say("Nobody is reminded while the relationship is paused."))
    buttons = (
        Button("Undo", callback("undo", change=change)),
        Button("Edit", callback("edit_occasion", occasion=occasion.id)),
    )
    return Reply(blocks=(join("\n", lines), Actions(buttons)))


def _reminding(occasion: Occasion, influencer: Influencer, reader: Reader, reminders: Sequence[date]) -> Text:
    """`I’ll remind you today and on Mon 30 Nov.`"""
    if not reminders:
        return say("This time no reminder will come in time." if occasion.yearly else "No reminder will come in time.")
    owner = reader.people.get(influencer.owner or "")
    whom: Value = reader.who(owner.id) if owner is not None and owner.left_at is None else "the team"
    later = listed([weekday(on, reader.today) for on in reminders if on != reader.today])
    days = listed([*(["today"] if reader.today in reminders else []), *([f"on {later}"] if later else [])])
    return say("I’ll remind {whom} {days}.", whom=whom, days=days)


def occasions_of(influencer: Influencer, occasions: Sequence[Occasion], reader: Reader) -> Reply:
    """One person's occasions, the next one first, what is over last; each can be edited or removed."""
    add = Button("Add", callback("new_occasion", who=influencer.id))
    if not occasions:
        nothing = say("No occasions are noted for **{name}** yet.", name=influencer.name)
        return Reply(blocks=(nothing, Actions((add,))))
    ordered = sorted(occasions, key=lambda one: (one.next_from(reader.today) or date.max, one.id))
    head = say("**{name}** — {occasions}:", name=influencer.name, occasions=count(len(ordered), "occasion"))
    lines = [say("• {fact}", fact=occasion_fact(one, reader.today)) for one in ordered]
    options = tuple(_option(one) for one in ordered[:OPTION_LIMIT])
    actions = (
        add,
        Select("Edit…", "occasion", options, callback("edit_occasion")),
        Select("Remove…", "occasion", options, callback("remove_occasion")),
    )
    return Reply(blocks=(head, *_in_parts(lines), Actions(actions)))


def team_occasions(page: Sequence[Coming], total: int, reader: Reader, *, skip: int, mine: bool = False) -> Reply:
    """What the next 30 days bring to the team, or to those whom the reader looks after, by date, twenty a page."""
    add, whose = Button("Add", callback("new_occasion")), _whose(reader) if mine else say("")
    if not page:
        nothing = say("No occasions{whose} in the next {days}.", whose=whose, days=count(AHEAD, "day"))
        return Reply(blocks=(nothing, Actions((add,))))
    marks = told_apart(_people(page), reader.people, reader.today)
    places = f", {skip + 1} to {skip + len(page)}" if len(page) < total else ""
    head = say(
        "**{occasions}{whose} in the next {days}**{page}",
        occasions=count(total, "occasion"),
        whose=whose,
        days=count(AHEAD, "day"),
        page=say(places),
    )
    lines = [_team_line(one, reader, marks) for one in page]
    actions: list[Action] = [add]
    for label, to, there in (("Earlier", skip - PAGE, skip > 0), ("More", skip + PAGE, skip + PAGE < total)):
        if there and not (mine and reader.aloud):  # whoever presses would see their own
            narrowed = {"whose": "mine"} if mine else {}
            actions.append(Button(label, callback("occasion", **narrowed, skip=str(max(0, to)))))
    return Reply(blocks=(head, *_in_parts(lines), Actions(tuple(actions))))


def removed_already(by: str | None) -> str:
    """What is said of an occasion that is not there any more; `by` is who took it away, where that is known."""
    return f"This occasion was removed already{f' by {by}' if by else ''}."


def day_as_typed(occasion: Occasion) -> str:
    """The day of an occasion as somebody could have typed it: `14 Mar 1991`."""
    return birthday(occasion.month, occasion.day) + (f" {occasion.year}" if occasion.year is not None else "")


def _whose(reader: Reader) -> Text:
    """` of yours`, said aloud ` of Ana’s`."""
    return say(" of {name}’s", name=reader.member.name) if reader.aloud else say(" of yours")


def _people(page: Iterable[Coming]) -> list[Influencer]:
    return list({one.influencer.id: one.influencer for one in page}.values())


def _team_line(one: Coming, reader: Reader, marks: Mapping[str, str]) -> Text:
    mark = marks.get(one.influencer.id)
    years = years_on(one.occasion, one.on)
    turning = "" if years is None else f", turns {years}" if is_birthday(one.occasion) else f", {count(years, 'year')}"
    near = {0: "today", 1: "tomorrow"}.get((one.on - reader.today).days)
    return say(
        "• {day} — **{name}**{mark}: {label}{years} ({owner})",
        day=f"{weekday(one.on, reader.today)}, {near}" if near else weekday(one.on, reader.today),
        name=one.influencer.name,
        mark=say(" · {mark}", mark=mark) if mark else say(""),
        label=one.occasion.label,
        years=say(turning),
        owner=reader.owner_aside(one.influencer.owner),
    )


def _in_parts(lines: Sequence[Text]) -> list[Text]:
    return [join("\n", list(lines[start : start + LINES])) for start in range(0, len(lines), LINES)]


def _option(occasion: Occasion) -> Option:
    once = f" {occasion.year}" if not occasion.yearly and occasion.year else ""
    when = birthday(occasion.month, occasion.day) + once
    return Option(f"{short(occasion.label, _OPTION - len(when) - 2)}, {when}", occasion.id)
