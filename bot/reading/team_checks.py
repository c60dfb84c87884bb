"""What can't be true of one team, however well a team file is formed: the first sentence is what its sender is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Protocol

import msgspec

from bot.calendar import known_zone
from bot.concerns import LEADS, MARK
from bot.model import (
    CADENCE_LIMIT,
    DAILY_CAP,
    NAME_LIMIT,
    OCCASIONS,
    PROMISES,
    Cadences,
    Influencer,
    Member,
    Nudge,
    NudgeReason,
    Occasion,
    Promise,
    Record,
    Schedule,
    Touchpoint,
)

BROUGHT_TOGETHER = 4
"""How many times as much as may be added to one influencer a file may hold of them: merging and undoing add up."""

DIGESTS = 100
"""Digests of one team in a file."""


class TeamSettings(Protocol):
    """The settings that can be wrong."""

    @property
    def timezone(self) -> str: ...
    @property
    def cadences(self) -> Cadences: ...
    @property
    def working_days(self) -> tuple[int, ...]: ...


class TeamRecords(Protocol):
    """The records that can contradict one another."""

    @property
    def members(self) -> tuple[Member, ...]: ...
    @property
    def influencers(self) -> tuple[Influencer, ...]: ...
    @property
    def touchpoints(self) -> tuple[Touchpoint, ...]: ...
    @property
    def promises(self) -> tuple[Promise, ...]: ...
    @property
    def occasions(self) -> tuple[Occasion, ...]: ...
    @property
    def nudges(self) -> tuple[Nudge, ...]: ...
    @property
    def schedules(self) -> tuple[Schedule, ...]: ...


def wrong_settings(settings: TeamSettings) -> str | None:
    """What is wrong with the settings of a team."""
    if known_zone(settings.timezone) is None:
        return f"“{settings.timezone[:40]}” is no time zone; expected one like “Europe/Berlin”."
    if not all(1 <= days <= CADENCE_LIMIT for days in msgspec.structs.astuple(settings.cadences)):
        return f"Cadences are 1 to {CADENCE_LIMIT:,} days."
    if not _are_weekdays(settings.working_days):
        return "Working days are numbers from 0, Monday, to 6, Sunday."
    return None


def contradictions(file: TeamRecords) -> Iterator[str]:
    """What can't be true of one team, a sentence each. Costs what there is."""
    yield from _wrong_references(file)
    yield from _wrong_influencers(file.influencers)
    yield from _wrong_promises(file.promises)
    yield from _wrong_occasions(file.occasions)
    yield from _wrong_nudges(file.nudges)
    yield from _wrong_digests(file.schedules)
    yield from _wrong_members(file.members)


def lead_of(nudge: Nudge) -> str:
    """For which of its days a nudge about an occasion was raised, as its id says it; "" for none of them.

    Two nudges about one occasion differ in nothing else.
    """
    mark = nudge.id.rpartition(":")[0].rpartition(":")[2].partition(".")[2]
    lead = mark.removeprefix((nudge.about or "")[-MARK:])
    return lead if nudge.reason is NudgeReason.OCCASION and lead in map(str, LEADS) else ""


def _wrong_references(file: TeamRecords) -> Iterator[str]:
    about: Mapping[str, Sequence[Touchpoint | Promise | Occasion | Nudge]] = {
        "touchpoints": file.touchpoints,
        "promises": file.promises,
        "occasions": file.occasions,
        "nudges": file.nudges,
    }
    everything: Mapping[str, Sequence[Record]] = {
        "members": file.members,
        "influencers": file.influencers,
        **about,
        "digests": file.schedules,
    }
    for table, all_of_it in everything.items():
        if len({record.id for record in all_of_it}) != len(all_of_it):
            yield f"Two of the {table} have the same id. Export the team again."
    people = {influencer.id for influencer in file.influencers}
    for table, records in about.items():
        if any(record.influencer not in people for record in records):
            yield f"One of the {table} is about somebody who is not in the file. Export the team again."


def _wrong_influencers(influencers: Sequence[Influencer]) -> Iterator[str]:
    handles = [handle for person in influencers for handle in person.handles]
    if len(handles) != len(set(handles)):
        yield "Two influencers have the same handle. Export the team again."
    if any(person.cadence is not None and not 1 <= person.cadence <= CADENCE_LIMIT for person in influencers):
        yield f"Cadences are 1 to {CADENCE_LIMIT:,} days."


def _wrong_promises(promises: Sequence[Promise]) -> Iterator[str]:
    if not all(promise.what.strip() for promise in promises):
        yield "One of the promises says nothing."
    if any((promise.outcome is None) != (promise.settled_on is None) for promise in promises):
        yield "One of the promises is settled without a day, or has the day and is not settled."
    if any(len(promise.value or "") > NAME_LIMIT for promise in promises):
        yield f"The value of one of the promises has more than {NAME_LIMIT} characters."
    at_most = PROMISES * BROUGHT_TOGETHER
    if max(Counter(promise.influencer for promise in promises if promise.is_open).values(), default=0) > at_most:
        yield f"More than {at_most} promises are open with one influencer."


def _wrong_occasions(occasions: Sequence[Occasion]) -> Iterator[str]:
    if not all(map(_is_day, occasions)):
        yield "One of the occasions is on a day that is not on the calendar."
    if not all(0 < len(occasion.label.strip()) <= NAME_LIMIT for occasion in occasions):
        yield f"Occasions are called something, in at most {NAME_LIMIT} characters."
    at_most = OCCASIONS * BROUGHT_TOGETHER
    if max(Counter(occasion.influencer for occasion in occasions).values(), default=0) > at_most:
        yield f"One influencer has more than {at_most} occasions."


def _wrong_nudges(nudges: Sequence[Nudge]) -> Iterator[str]:
    if any((nudge.about is None) != (nudge.reason not in _ABOUT) for nudge in nudges):
        yield "One of the nudges doesn’t say which promise or occasion it is about. Export the team again."
    if any(nudge.reason is NudgeReason.OCCASION and not lead_of(nudge) for nudge in nudges):
        yield "One of the nudges doesn’t say how long before its occasion it is. Export the team again."
    once = {(nudge.influencer, nudge.reason, nudge.since, nudge.about, lead_of(nudge)) for nudge in nudges}
    if len(once) != len(nudges):
        yield "Two of the nudges are about the same silence or day of the same person. Export the team again."


_ABOUT = frozenset({NudgeReason.PROMISE, NudgeReason.OCCASION})


def _wrong_digests(schedules: Sequence[Schedule]) -> Iterator[str]:
    if not all(schedule.weekdays and _are_weekdays(schedule.weekdays) for schedule in schedules):
        yield "One of the digests is on no day, or on a day that is none from 0, Monday, to 6, Sunday."
    if any(schedule.at.tzinfo is not None for schedule in schedules):
        yield "One of the digests has a time zone of its own. Digests are sent in the team’s."
    if len(schedules) > DIGESTS:
        yield f"There are more than {DIGESTS} digests."


def _wrong_members(members: Sequence[Member]) -> Iterator[str]:
    accounts = [person for member in members for person in member.accounts]
    if len(accounts) != len(set(accounts)):
        yield "Two members have the same account. Export the team again."
    if any(not 0 <= member.daily_cap <= DAILY_CAP for member in members):
        yield f"One of the members wants more than {DAILY_CAP} people a day."
    if not all(
        known_zone(zone) for member in members for zone in (member.timezone, member.seen_zone) if zone is not None
    ):
        yield "One of the members has a time zone that does not exist."


def _is_day(occasion: Occasion) -> bool:
    leap = 2024  # has every day: a birthday on 29 Feb is every year's
    try:
        date(leap if occasion.yearly else occasion.year or 0, occasion.month, occasion.day)
        return occasion.year is None or date.min.year <= occasion.year <= date.max.year
    except (ValueError, OverflowError):
        return False


def _are_weekdays(days: Sequence[int]) -> bool:
    return all(0 <= day <= 6 for day in days)
