"""The wording that every view shares: dates, counts, people and quotes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.model import Influencer, Member, Record, Team, Touchpoint
from bot.reply import Option, Text, Value, Who, join, say, spans

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_REASONS = frozenset({"to", "for", "because", "so", "as", "since", "in"})
"""Words with which a reason links itself to what it is the reason for."""

_GLANCE = 200
"""Characters of a note where it stands for what happened last."""

Named = TypeVar("Named", Influencer, Member)

People = Mapping[str, Member]
"""The members of a team by id."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: their team, its members, and what day it is where they are.

    `aloud`: everybody in a place reads it with them, so that members go by their names and are not pinged.
    """

    member: Member
    team: Team
    people: People
    zone: ZoneInfo
    today: date
    aloud: bool = False

    def day_of(self, touch: Touchpoint) -> date:
        """The date of a touchpoint on the reader's calendar."""
        return touch.day(self.zone)

    def who(self, member: str | None) -> Value:
        """A member as the reader calls them: `you`, their name with a native mention, `nobody`, `a former member`."""
        if self.aloud:
            known = self.people.get(member or "")
            return known.name if known else member_text(member, self.people)
        return "you" if member == self.member.id else member_text(member, self.people)

    def owner(self, member: str | None) -> Value:
        """Who looks after a relationship, as the reader calls them; where they have left `nobody (Ben left)`."""
        return self._left(member, "nobody ({name} left)") or self.who(member)

    def owner_aside(self, member: str | None) -> Value:
        """The same to stand between brackets: `nobody, Ben left`."""
        return self._left(member, "nobody, {name} left") or self.who(member)

    def _left(self, member: str | None, wording: str) -> str | None:
        known = self.people.get(member or "")
        return None if known is None or known.left_at is None else wording.format(name=known.name)


def is_nobodys(owner: str | None, people: People) -> bool:
    """Whether nobody looks after a relationship: it has no owner, or one who has left."""
    known = people.get(owner or "")
    return known is None or known.left_at is not None


def doer(by: Member | None, asks: Member, unknown: str = "a former member") -> str:
    """Who did something already, to whoever asks for it once more: `you`, or their name."""
    return unknown if by is None else "you" if by.id == asks.id else by.name


def short(words: str, limit: int) -> str:
    """The words, or as many of them as fit with an ellipsis, for the label of a button."""
    return words if len(words) <= limit else words[: limit - 1].rstrip() + "…"


def day(on: date, today: date) -> str:
    """`21 Nov`, with the year where it is not this one."""
    return f"{on.day} {_MONTHS[on.month - 1]}" + (f" {on.year}" if on.year != today.year else "")


def weekday(on: date, today: date) -> str:
    """`Sat 21 Nov`."""
    return f"{_DAYS[on.weekday()]} {day(on, today)}"


def full_day(on: date) -> str:
    """`21 Nov 2026`, whatever year it is."""
    return f"{on.day} {_MONTHS[on.month - 1]} {on.year}"


def near_day(on: date, today: date) -> str:
    """`yesterday (Sat 21 Nov)` close by, `Mon 2 Nov` farther away."""
    near = {0: "today", -1: "yesterday", 1: "tomorrow"}.get((on - today).days)
    return f"{near} ({weekday(on, today)})" if near else weekday(on, today)


def soon(on: date, today: date) -> str:
    """`tomorrow`, `Wed 25 Nov`: a day to come, where there is no room for both."""
    return {0: "today", 1: "tomorrow"}.get((on - today).days) or weekday(on, today)


def birthday(month: int, day_of_month: int) -> str:
    """`14 Mar`, for a day that comes every year."""
    return f"{day_of_month} {_MONTHS[month - 1]}"


def count(number: int, one: str, many: str | None = None) -> str:
    """`1 day`, `2 days`, `1,200 people`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def ago(on: date, today: date) -> str:
    """`today`, `yesterday`, `4 days ago`."""
    days = (today - on).days
    return {0: "today", 1: "yesterday"}.get(days, f"{count(days, 'day')} ago") if days >= 0 else weekday(on, today)


def every(days: int) -> str:
    """`every day`, `every 21 days`."""
    return "every day" if days == 1 else f"every {count(days, 'day')}"


def listed(words: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def listed_texts(parts: Sequence[Text]) -> Text:
    """The same for Texts."""
    if len(parts) < 2:
        return join("", list(parts))
    return say("{first} and {last}", first=join(", ", list(parts[:-1])), last=parts[-1])


def because(reason: str | None) -> Text:
    """`, to get out of …` or `, because …`: why somebody wants something, however it was written down."""
    if not reason:
        return say("")
    own_link = reason.partition(" ")[0].casefold() in _REASONS
    return say(", {reason}" if own_link else ", because {reason}", reason=reason)


def told_apart(people: Sequence[Influencer], members: People, today: date) -> dict[str, str]:
    """What tells namesakes apart, by id: a handle, else the first of owner, tier and day of adding that differs.

    Whoever has a name of their own among these people is left out.
    """
    marks: dict[str, str] = {}
    for group in _namesakes(people):
        marks |= _marks(group, members, today)
    return marks


def members_apart(members: Sequence[Member]) -> dict[str, str]:
    """The same for members, as it stands behind their names: whether they are admins, else their zone, else a number.

    The ids of accounts would tell nobody who it is.
    """
    marks: dict[str, str] = {}
    for group in _namesakes(sorted(members, key=lambda one: one.id)):  # the numbers stay theirs
        facts = [
            (
                " · admin" if one.hears_as_admin else " · member",
                f" · {one.timezone or one.seen_zone or 'no time zone'}",
                f" ({number})",
            )
            for number, one in enumerate(group, start=1)
        ]
        marks |= _telling(group, facts)
    return marks


def member_options(members: Sequence[Member]) -> tuple[Option, ...]:
    """Members to choose from, each by a label of their own."""
    marks = members_apart(members)
    return tuple(Option(one.name + marks.get(one.id, ""), one.id) for one in members)


def _namesakes(people: Sequence[Named]) -> list[list[Named]]:
    """Those who share a name, each group once."""
    alike: dict[str, list[Named]] = {}
    for one in people:
        alike.setdefault(" ".join(one.name.casefold().split()), []).append(one)
    return [group for group in alike.values() if len(group) > 1]


def _marks(group: Sequence[Influencer], members: People, today: date) -> dict[str, str]:
    marks = {one.id: handle for one in group if (handle := handle_of(one))}
    rest = [one for one in group if one.id not in marks]
    facts = [
        (
            "nobody’s" if is_nobodys(one.owner, members) else f"{members[one.owner or ''].name}’s",
            f"tier {one.tier}" if one.tier else "no tier",
            f"added {day(one.added_at.date(), today)}",
            f"id …{one.id[-4:]}",
        )
        for one in rest
    ]
    return marks | _telling(rest, facts)


def _telling(group: Sequence[Record], facts: Sequence[Sequence[str]]) -> dict[str, str]:
    """The first kind of fact that is another one for each of a group, by id; else the ids."""
    telling = (kind for kind in zip(*facts, strict=True) if len(set(kind)) == len(group))
    chosen = next(telling, [one.id for one in group])
    return {one.id: mark for one, mark in zip(group, chosen, strict=True)}


def briefly_quoted(note: str) -> Text:
    """As much of a note as is read at one glance, between quotation marks; the whole is in the history."""
    return quoted(short(note, _GLANCE))


def quoted(note: str) -> Text:
    """A note between quotation marks; nothing for an empty one."""
    return say("“{note}”", note=note) if note else say("")


def ended(text: Text) -> Text:
    """A sentence with its full stop; none behind words of theirs, quoted or not, that have a mark of their own."""
    last = "".join(str(span.value) for span in tuple(spans(text))[-2:]).rstrip("” ")
    return text if last.endswith((".", "!", "?", "…")) else say("{text}.", text=text)


def member_text(member: str | None, people: People) -> Value:
    """A member by name with a native mention, `nobody`, or `a former member`."""
    if member is None:
        return "nobody"
    known = people.get(member)
    return Who(known.name, known.accounts) if known else "a former member"


def first_name(name: str) -> str:
    """`Jess`, for a sentence in which the whole name has been said."""
    return name.split(maxsplit=1)[0] if name.split() else name


def handle_of(influencer: Influencer) -> str:
    """`@jess.cooks`, or nothing where there is no handle."""
    return f"@{influencer.handles[0].name}" if influencer.handles else ""
