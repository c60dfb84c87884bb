"""What a quarter left behind, posted and stored, laid beside the book."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta

from bot.inbound import Upload
from tests.story.book import Book
from tests.story.figures import Figures, in_order
from tests.story.posted import differences, local, nudges_beside, reader
from tests.story.quarter import MINUTE, Quarter
from tests.story.reasons import MONTHS
from tests.story.stage import Message

_DIGEST = "Influencer relationships — "
_NUDGES = re.compile(r"\d+ relationships? (?:needs?|that nobody looks after needs?)\b.*")


def mistakes(quarter: Quarter) -> list[str]:
    """What ought to have been posted and was not, and the other way round; each on its reader's clock."""
    book, found = quarter.book, quarter.stage.posted()
    nudges = [each for each in found if _NUDGES.fullmatch(_head(each))]
    digests = [each for each in found if _head(each).startswith(_DIGEST)]
    news = [each for each in found if each not in nudges and each not in digests]
    due = [f"{due.at:%a %d %b %H:%M} {due.place}: {due.figures}" for due in book.digests]
    noticed = [f"{at + MINUTE:%a %d %b %H:%M} news for {name}" for name, at in book.notices]
    return [
        *nudges_beside(book, nudges),
        *differences(due, (_digest(book, each) for each in digests)),
        *differences(noticed, (f"{local(book, each):%a %d %b %H:%M} news for {reader(book, each)}" for each in news)),
    ]


def _digest(book: Book, message: Message) -> str:
    at = local(book, message)
    return f"{at:%a %d %b %H:%M} {message.place}: {figures_in(message.first.words, at.date())}"


def _head(message: Message) -> str:
    return message.first.parts[0].words


def figures_in(words: str, today: date) -> Figures:
    """The figures of a digest as they are written in it."""
    lines = {head: rest for head, _, rest in (line.partition(": ") for line in words.splitlines())}
    promises = next((rest for head, rest in lines.items() if head == "Promises"), "")
    week = lines.get("Last week", "")
    plan = next((head for head in lines if head.startswith("Due by the plan (")), "")
    return Figures(
        has_news="Nothing due. " not in words,
        waiting=_names(lines, "Waiting on us", r"(.+?) — wrote .+"),
        quiet=_names(lines, "Quiet", r"(.+?), \d+ days?, .+"),
        plan=_number(r"\((\d+)\)", plan),
        occasions=in_order(_occasion(one, today) for one in lines.get("Occasions", "").split(" · ") if one),
        late=_number(r"(?:^|, )(\d+)(?: of ours)? late", promises),
        theirs_late=_number(r"(\d+) of theirs late", promises),
        due=_number(r"(\d+) due this week", promises),
        kept=_number(r"We kept (\d+) of", promises),
        of=_number(r"We kept \d+ of (\d+) this quarter", promises),
        touchpoints=_number(r"(\d+) touchpoints?", week),
        people=_number(r"with (\d+) (?:person|people)", week),
        by=_number(r"by (\d+) of us", week),
        gives=_number(r"(\d+) gives?", week),
        asks=_number(r"(\d+) asks?", week),
    )


def _names(lines: dict[str, str], title: str, pattern: str) -> tuple[str, ...]:
    head = next((head for head in lines if re.fullmatch(rf"{title} \(\d+\)", head)), None)
    if head is None:
        return ()
    names = in_order(match[1] for one in lines[head].split(" · ") if (match := re.fullmatch(pattern, one)))
    assert len(names) == int(head.removeprefix(f"{title} (").removesuffix(")")), (head, lines[head])
    return names


def _occasion(written: str, today: date) -> tuple[str, str, date]:
    match = re.fullmatch(r"(.+)’s (.+), (.+)", written)
    assert match is not None, written
    return match[1], match[2], _day(match[3], today)


def _day(written: str, today: date) -> date:
    """`today`, `tomorrow` or `Sun 17 Jan`."""
    near = {"today": 0, "tomorrow": 1}
    if written in near:
        return today + timedelta(days=near[written])
    name, day, month = written.split()
    on = date(today.year, MONTHS.index(month) + 1, int(day))
    assert f"{on:%a}" == name, written
    return on


def _number(pattern: str, words: str) -> int:
    found = re.search(pattern, words)
    return int(found[1]) if found else 0


def as_written_down(quarter: Quarter) -> list[str]:
    """Who looks after whom, what happened, what was promised and which days matter, as the book has it."""
    found = []
    for person in quarter.book.people.values():
        until = person.snoozed_until or ""
        found.append(f"{person.name}: {person.tier or 'no tier'}, {person.owner or 'nobody'}, snoozed {until}")
        found += [
            f"{person.name}: {'we' if one.ours else 'they'}, {one.due}, {one.outcome or 'open'} {one.settled_on or ''}"
            for one in person.promises
        ]
        found += [f"{person.name}: {one.label} {one.day}.{one.month}.{one.year or ''}" for one in person.days]
    return [*found, *(f"{one.on} {one.who}, {one.by}, {one.exchange or 'neutral'}" for one in quarter.book.contacts)]


def as_kept(file: Upload) -> list[str]:
    """The same as a team file has it."""
    document = json.loads(file.content)
    members = {each["id"]: each["name"] for each in document["members"]} | {None: "nobody"}
    people = {each["id"]: each["name"] for each in document["influencers"]}
    found = [
        f"{each['name']}: {each['tier'] or 'no tier'}, {members[each['owner']]}, snoozed {each['snoozed_until'] or ''}"
        for each in document["influencers"]
    ]
    found += [
        f"{people[each['influencer']]}: {each['side']}, {each['due']}, "
        f"{each['outcome'] or 'open'} {each['settled_on'] or ''}"
        for each in document["promises"]
    ]
    found += [
        f"{people[each['influencer']]}: {each['label']} {each['day']}.{each['month']}.{each['year'] or ''}"
        for each in document["occasions"]
    ]
    return found + [
        f"{each['on']} {people[each['influencer']]}, {members[each['by']]}, {each['exchange']}"
        for each in document["touchpoints"]
    ]
