"""The digests that a team has asked for: set up, listed and stopped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from bot.address import Place, PlaceKind, dm
from bot.model import Influencer, Member, Schedule
from bot.reply import (
    Action,
    Actions,
    Button,
    Option,
    Outcome,
    Reply,
    Select,
    Style,
    Text,
    Value,
    Where,
    callback,
    join,
    say,
)
from bot.views.settings import weekdays
from bot.views.words import Reader, count, doer, listed, near_day, short

_DAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
_OPTION = 75
"""Characters of an option that every platform shows."""

_NAMED = 5
"""Digests that come to a place already, and that are named when another one is set up there."""

_BRIEF = 34
"""Characters of the times in an option, as many as “Wednesdays and Thursdays at 09:00” has."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A digest that was asked for, and the date of the next one."""

    schedule: Schedule
    next_on: date


def times(days: Sequence[int], at: time) -> str:
    """`Mondays at 09:00`, `Mondays and Thursdays at 09:00`, `weekdays at 09:00`, `every day at 08:30`.

    What it says is read as the same again.
    """
    alone = {tuple(range(7)): "every day", tuple(range(5)): "weekdays"}.get(tuple(days))
    return f"{alone or listed([_DAYS[day] for day in days])} at {at.isoformat('minutes')}"


def is_own(place: Place, member: Member) -> bool:
    """Whether a place is the direct conversation with a member."""
    return place.kind is PlaceKind.DM and any(dm(account) == place for account in member.accounts)


def set_up(asked: Asked, others: Sequence[Schedule], reader: Reader, change: str) -> Reply:
    """Where it comes, when and first on which day, and who will be able to read it.

    `others` are the digests that come there already, each with a way to stop it.
    """
    schedule = asked.schedule
    sentence = say(
        "✓ You set up a digest in {where}: **{times}** ({zone}), the first {on}. {readers}",
        where=_where(schedule.place, reader.member),
        times=times(schedule.weekdays, schedule.at),
        zone=reader.team.timezone,
        on=near_day(asked.next_on, reader.today),
        readers=readers_of(schedule.place),
    )
    see = Button("See it now", callback("digest", what="now"))
    undo = Button("Undo", callback("undo", change=change))
    if not others:
        return Reply(blocks=(sentence, Actions((undo, see))))
    stop: Action = Button("Stop the other", callback("end_digest", digest=others[0].id))
    if len(others) > 1:
        stop = _stop(others)
    return Reply(blocks=(sentence, _come_here_too(others, reader), Actions((undo, stop, see))))


def _come_here_too(others: Sequence[Schedule], reader: Reader) -> Text:
    """`⚠ Another digest comes here already: Mondays at 09:00, set up by Ben.`"""
    known = [
        say("{times}, set up by {who}", times=times(one.weekdays, one.at), who=reader.who(one.set_up_by))
        for one in others[:_NAMED]
    ]
    if more := len(others) - len(known):
        known.append(say("and {more} more", more=more))
    how_many = "Another digest comes" if len(others) == 1 else f"{len(others)} other digests come"
    return say("⚠ " + how_many + " here already: {known}.", known=join("; ", known))


def readers_of(place: Place) -> Text:
    """Who will be able to read what is posted in a place."""
    if place.kind is PlaceKind.DM:
        return say("Only you can read it.")
    return say("Everybody in {place} can read it.", place=_where(place, None))


def about_new(place: Place, member: Member, zone: str) -> Text:
    """What to know before a digest is set up by form."""
    where = _where(place, member)
    return say(
        "It comes in {where}, by the clocks of {zone}. {readers}", where=where, zone=zone, readers=readers_of(place)
    )


def digests(asked: Sequence[Asked], reader: Reader, here: Place, *, may_set_up: bool, first: str = "") -> Reply:
    """The digests of the team, with a select to stop one; `first` says what led here, where something did."""
    opening = [say("{first}", first=first)] if first else []
    if not asked:
        nothing = say("The team has no digest yet. “digest here mon 09:00” sets one up in the place you say it in.")
        return Reply(blocks=(*opening, nothing, Actions(_offers(may_set_up=may_set_up))))
    head = say(
        "**{digests}**, by the clocks of {zone}:", digests=count(len(asked), "digest"), zone=reader.team.timezone
    )
    lines = [
        say(
            "{n}. {where}{here} — {times}, next {on}, set up by {who}",
            n=number,
            where=_where(one.schedule.place, reader.member),
            here=say(" (here)") if one.schedule.place == here else say(""),
            times=times(one.schedule.weekdays, one.schedule.at),
            on=near_day(one.next_on, reader.today),
            who=reader.who(one.schedule.set_up_by),
        )
        for number, one in enumerate(asked, start=1)
    ]
    actions = (*_offers(may_set_up=may_set_up), _stop([one.schedule for one in asked], numbered=True))
    return Reply(blocks=(*opening, join("\n", [head, *lines]), Actions(actions)))


def which_to_stop(schedules: Sequence[Schedule], reader: Reader) -> Reply:
    """Several digests come here: which one is to end?"""
    where = _where(schedules[0].place, reader.member)
    question = say("{digests} come in {where}. Which one stops?", digests=count(len(schedules), "digest"), where=where)
    return Reply(blocks=(question, Actions((_stop(schedules),))))


def stopped(schedule: Schedule, reader: Reader, change: str) -> Reply:
    """No more of this one."""
    sentence = say(
        "✓ Stopped: the digest in {where}, {times}.",
        where=_where(schedule.place, reader.member),
        times=times(schedule.weekdays, schedule.at),
    )
    return Reply(blocks=(sentence, Actions((Button("Undo", callback("undo", change=change)),))))


def stopped_before(by: Member | None, asks: Member) -> Reply:
    """Somebody was quicker to stop it."""
    return _already(say("Already done by {who}: this digest has stopped.", who=doer(by, asks, "somebody")))


def claimed(influencer: Influencer, change: str) -> Reply:
    """Whoever pressed answers for it now."""
    sentence = say("✓ You look after **{name}** now.", name=influencer.name)
    return Reply(blocks=(sentence, Actions((Button("Undo", callback("undo", change=change)),))))


def claimed_before(influencer: Influencer, owner: Member, by: Member | None, reader: Reader) -> Reply:
    """Somebody looks after them already, and who saw to that where it is remembered."""
    if owner.id == reader.member.id:
        return _already(say("You look after **{name}** already.", name=influencer.name))
    return _already(
        say(
            "Already done{by}: {owner} looks after **{name}**.",
            by=say(" by {who}", who=doer(by, reader.member)) if by else say(""),
            owner=owner.name,
            name=influencer.name,
        )
    )


def _already(sentence: Text) -> Reply:
    return Reply(blocks=(sentence,), outcome=Outcome.REFUSED)


def _where(place: Place, member: Member | None) -> Value:
    """`#marketing`, `your direct messages`."""
    if place.kind is PlaceKind.CHANNEL:
        return Where(place)
    return "your direct messages" if member is not None and is_own(place, member) else "somebody’s direct messages"


def _offers(*, may_set_up: bool) -> tuple[Button, ...]:
    show = Button("Show it now", callback("digest", what="now"))
    return (Button("Set one up here", callback("new_digest"), Style.PRIMARY), show) if may_set_up else (show,)


def _briefly(schedule: Schedule) -> str:
    """The times where there is little room: of many days `Mon Tue Wed at 09:00`."""
    said = times(schedule.weekdays, schedule.at)
    return said if len(said) <= _BRIEF else f"{weekdays(schedule.weekdays)} at {schedule.at.isoformat('minutes')}"


def _stop(schedules: Sequence[Schedule], *, numbered: bool = False) -> Action:
    """Of several that come to one place the times tell them apart; of a list, in which places are named, the number."""
    options = tuple(
        Option(short(f"{number}. {_briefly(one)}" if numbered else _briefly(one), _OPTION), one.id)
        for number, one in enumerate(schedules, start=1)
    )
    return Select("Stop one…", "digest", options, callback("end_digest"))
