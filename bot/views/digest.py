"""The digest: what stands in a channel for everybody to read, so it names members and mentions nobody.

A part names ten people at most and shortens their names; where that would be too long for one message, it names fewer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from msgspec import structs

from bot.model import Influencer, Promise, Schedule
from bot.reply import Actions, Button, Reply, Text, callback, join, say, spans
from bot.standing import silent_days
from bot.views.digest_facts import Celebrated, DigestFacts
from bot.views.lists import Line
from bot.views.owing import owed, when_due
from bot.views.quiet import measure
from bot.views.recap import plan_of
from bot.views.words import People, ago, count, day, first_name, is_nobodys, short, soon, told_apart, weekday

NAMED = 10
"""People whom a part of the digest names."""

NAMED_BY_THE_PLAN = 5
"""The same, of those who are due by the plan only, and of first contacts."""

FEWER = (5, 3)
"""The same where ten names are too long for one message."""

ROOM = 3600
"""Characters of a digest at most: a Discord message holds 4,000, with what its markup takes."""

CLAIMS = 5
"""Relationships without an owner that have a button."""

LATE_NAMED = 3
"""Late promises that are named."""

SOON_NAMED = 2
"""Promises of ours that are due this week, and that are named."""

_NAME, _MARK, _OWNER, _LABEL, _WHAT, _VALUE = 32, 16, 20, 24, 50, 20
"""Characters of names, marks that tell namesakes apart, owners, occasions, promises and what these are worth."""


def digest(facts: DigestFacts) -> Reply:
    """The week, or the day where a digest comes on several days a week, as everybody in the place may read it."""
    shown = as_shown(facts)
    return Reply(blocks=(*_said(shown), Actions(_buttons(shown))), private=False)


def as_shown(facts: DigestFacts) -> DigestFacts:
    """The facts with no more names in each part than there is room for in one message."""
    shown = facts
    for most in (NAMED, *FEWER):
        shown = _naming(facts, most)
        if sum(len(str(span.value)) for text in _said(shown) for span in spans(text)) <= ROOM:
            break
    return shown


def _naming(facts: DigestFacts, most: int) -> DigestFacts:
    """The same with so many names in each part at most."""
    waiting, quiet, plan, first = (replace(part, lines=part.lines[:most]) for part in facts.parts)
    owing = replace(facts.owing, named=facts.owing.named[:most])
    occasions = facts.occasions[:most]
    return replace(
        facts, waiting=waiting, quiet=quiet, plan=plan, first_contacts=first, occasions=occasions, owing=owing
    )


def _said(facts: DigestFacts) -> list[Text]:
    head = say("**Influencer relationships — {when}**", when=_when(facts))
    body = _news(facts, _marks(facts)) if facts.has_news else [_nothing_due(facts)]
    last = [_last_week(facts)] if facts.kept_up or facts.happened.touchpoints else []
    foot = [_set_up_by(facts, facts.schedule)] if facts.schedule is not None else []
    return [head, *body, *last, *foot]


def plain_member(member: str | None, people: People) -> str:
    """A member by name and without a mention: `Ana`, `nobody`, `a former member`."""
    if member is None:
        return "nobody"
    known = people.get(member)
    return short(known.name, _OWNER) if known else "a former member"


def _when(facts: DigestFacts) -> str:
    is_weekly = facts.schedule is not None and len(facts.schedule.weekdays) == 1
    return f"week of {day(facts.on, facts.on)}" if is_weekly else weekday(facts.on, facts.on)


def _marks(facts: DigestFacts) -> Mapping[str, str]:
    """What tells namesakes apart; somebody who is named twice, waiting and with a birthday, say, is no namesake."""
    lines = (line.influencer for part in facts.parts for line in part.lines)
    owed_to = (influencer for _, influencer in facts.owing.named)
    named = {one.id: one for one in (*lines, *(one.influencer for one in facts.occasions), *owed_to)}
    return told_apart(list(named.values()), facts.people, facts.today)


def _news(facts: DigestFacts, marks: Mapping[str, str]) -> list[Text]:
    titled = (
        ("Waiting on us", facts.waiting, _waiting),
        ("Quiet", facts.quiet, _quiet),
        ("Due by the plan", facts.plan, _planned),
        ("First contact", facts.first_contacts, _first_contact),
    )
    lines = [
        say(
            "**{title}** ({total}): {people}",
            title=title,
            total=part.total,
            people=_listed([wording(line, facts, marks) for line in part.lines], part.total),
        )
        for title, part, wording in titled
        if part.total
    ]
    if facts.occasions_total:
        shown = [_occasion(one, facts, marks) for one in facts.occasions]
        lines.append(say("**Occasions**: {occasions}", occasions=_listed(shown, facts.occasions_total)))
    return [*lines, *_promises(facts, marks)]


def _listed(shown: Sequence[Text], total: int) -> Text:
    """`a · b …and 12 more`."""
    listed = join(" · ", list(shown))
    return say("{listed} …and {more} more", listed=listed, more=total - len(shown)) if total > len(shown) else listed


def _waiting(line: Line, facts: DigestFacts, marks: Mapping[str, str]) -> Text:
    wrote = ago(line.standing.waiting_since or facts.today, facts.today)
    return say(
        "{who} — wrote {ago} ({owner})", who=_called(line.influencer, marks), ago=wrote, owner=_owner(line, facts)
    )


def _quiet(line: Line, facts: DigestFacts, marks: Mapping[str, str]) -> Text:
    days = count(silent_days(line.standing, line.influencer, facts.today), "day")
    return say(
        "{who}, {days}, {measure} ({owner})",
        who=_called(line.influencer, marks),
        days=days,
        measure=measure(line.standing),
        owner=_owner(line, facts),
    )


def _planned(line: Line, facts: DigestFacts, marks: Mapping[str, str]) -> Text:
    past = (facts.today - (line.standing.planned_on or facts.today)).days
    since = f"{count(past, 'day')} past" if past > 0 else "today"
    plan = plan_of(line.standing)
    return say(
        "{who}, {since}, {plan} ({owner})",
        who=_called(line.influencer, marks),
        since=since,
        plan=plan,
        owner=_owner(line, facts),
    )


def _first_contact(line: Line, facts: DigestFacts, marks: Mapping[str, str]) -> Text:
    by = line.standing.planned_on or facts.today
    return say(
        "{who}, planned by {day} ({owner})",
        who=_called(line.influencer, marks),
        day=weekday(by, facts.today),
        owner=_owner(line, facts),
    )


def _occasion(one: Celebrated, facts: DigestFacts, marks: Mapping[str, str]) -> Text:
    who, label = _called(one.influencer, marks), short(one.occasion.label, _LABEL)
    return say("{who}’s {label}, {day}", who=who, label=label, day=soon(one.on, facts.today))


def _called(influencer: Influencer, marks: Mapping[str, str]) -> str:
    """A name, with what tells it from another of the same name."""
    name, mark = short(influencer.name, _NAME), marks.get(influencer.id)
    return f"{name} · {short(mark, _MARK)}" if mark else name


def _owner(line: Line, facts: DigestFacts) -> str:
    """`Ana`, `nobody`; of somebody who has left `nobody, Ben left`."""
    owner, known = plain_member(line.standing.owner, facts.people), facts.people.get(line.standing.owner or "")
    return owner if known is None or known.left_at is None else f"nobody, {owner} left"


def _promises(facts: DigestFacts, marks: Mapping[str, str]) -> list[Text]:
    """`Promises: 1 of ours late, 3 due this week; 2 of theirs late. We kept 12 of 14 this quarter.`"""
    owing = facts.owing
    whose = " of ours" if owing.theirs_late else ""
    ours = [f"{owing.late}{whose} late"] if owing.late else []
    ours += [f"{owing.soon} due this week"] if owing.soon else []
    counts = [", ".join(ours)] if ours else []
    counts += [f"{owing.theirs_late} of theirs late"] if owing.theirs_late else []
    kept, of = owing.kept
    record = [f"We kept {kept} of {of} this quarter."] if of else []
    sentences = [f"{'; '.join(counts)}.", *record] if counts else record
    if not sentences:
        return []
    lines = [say("**Promises**: {sentences}", sentences=" ".join(sentences))]
    lines += [_owed(promise, influencer, facts, marks) for promise, influencer in owing.named]
    late = sum(promise.is_late(facts.today) for promise, _ in owing.named)
    more_late, more_soon = owing.late + owing.theirs_late - late, owing.soon - (len(owing.named) - late)
    more = [f"{more_late} more late"] if more_late else []
    more += [f"{more_soon} more due this week"] if more_soon else []
    return [join("\n", [*lines, *([say("…and {more}", more=", ".join(more))] if more else [])])]


def _owed(promise: Promise, influencer: Influencer, facts: DigestFacts, marks: Mapping[str, str]) -> Text:
    late = (facts.today - (promise.due or facts.today)).days
    return say(
        "• {who}: {owed}, {when}",
        who=_called(influencer, marks),
        owed=owed(
            structs.replace(promise, value=short(promise.value or "", _VALUE) or None),
            short(influencer.name, _NAME),
            limit=_WHAT,
        ),
        when=f"{count(late, 'day')} late" if late > 0 else when_due(promise.due, facts.today),
    )


def _nothing_due(facts: DigestFacts) -> Text:
    """`Nothing due. 23 relationships on track; next: Kim Ray, Wed 25 Nov.`"""
    if not facts.kept_up:
        return say("Nothing due: nobody is on the roster yet. “add” is where it starts.")
    on_track = say("Nothing due. {number} on track", number=count(facts.kept_up, "relationship"))
    if facts.coming is None:
        return say("{on_track}.", on_track=on_track)
    influencer, on = facts.coming
    name = short(influencer.name, _NAME)
    return say("{on_track}; next: {name}, {day}.", on_track=on_track, name=name, day=weekday(on, facts.today))


def _last_week(facts: DigestFacts) -> Text:
    """`Last week: 14 touchpoints with 9 people by 4 of us; 3 gives, 1 ask. We don’t know what Jess wants yet (3).`"""
    week = facts.happened
    said = "Last week: no touchpoints."
    if week.touchpoints:
        by = f" by {week.members} of us" if week.members else ""
        balance = f"; {count(week.gives, 'give')}, {count(week.asks, 'ask')}" if week.gives or week.asks else ""
        with_whom = count(week.people, "person", "people")
        said = f"Last week: {count(week.touchpoints, 'touchpoint')} with {with_whom}{by}{balance}."
    if not facts.unknown:
        return say("{said}", said=said)
    first, number = facts.unknown[0], len(facts.unknown)
    return say(
        "{said} We don’t know what {name} wants yet{number}.",
        said=said,
        name=short(first_name(first.name), _NAME),
        number=say(" ({number})", number=number) if number > 1 else say(""),
    )


def _set_up_by(facts: DigestFacts, schedule: Schedule) -> Text:
    return say("Set up by {who} · change it with /rapport digest", who=plain_member(schedule.set_up_by, facts.people))


def _buttons(facts: DigestFacts) -> tuple[Button, ...]:
    marks = _marks(facts)
    lines = [line for part in facts.parts for line in part.lines]
    nobodys = [line.influencer for line in lines if is_nobodys(line.standing.owner, facts.people)]
    claims = [Button(f"Claim {_called(one, marks)}", callback("claim", who=one.id)) for one in nobodys[:CLAIMS]]
    return (*claims, Button("See all", callback("due", whose="all")))
