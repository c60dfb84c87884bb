"""What a day's message says, read afresh each time it is posted or edited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.consequences import stand
from bot.model import (
    DAILY_CAP,
    Delivery,
    Influencer,
    Member,
    Nudge,
    NudgeReason,
    Occasion,
    Standing,
    Team,
    Touchpoint,
    influencer_in,
)
from bot.standing import concerns, holds, silent_days, urgency
from bot.store_port import Store
from bot.views.ideas import Known
from bot.views.nudges import RECENT, EndedNudge, Ending, Entry, Message, OpenNudge, ending_of


@dataclass(frozen=True, slots=True)
class Relationship:
    """Somebody who needs the reader: the nudges that hold, the most urgent one first."""

    influencer: Influencer
    standing: Standing
    nudges: tuple[Nudge, ...]


@dataclass(frozen=True, slots=True)
class Agenda:
    """What a message could show: whom it shows, how many have to wait, and whose nudges hold no longer."""

    shown: tuple[Relationship, ...]
    waiting: int
    gone: tuple[str, ...]

    @property
    def nudges(self) -> tuple[Nudge, ...]:
        """The nudges that the message carries; two of one person stand in one entry."""
        return tuple(nudge for relationship in self.shown for nudge in relationship.nudges)


async def agenda(store: Store, team: Team, delivery: Delivery, member: Member | None, now: datetime) -> Agenda:
    """The raised nudges of a member (`None`: of the team) that hold at this moment, the most urgent people first."""
    raised: dict[str, list[Nudge]] = {}
    for nudge in await store.nudges_raised(team.id, delivery.member):
        if nudge.delivery in {None, delivery.id}:
            raised.setdefault(nudge.influencer, []).append(nudge)
    today = now.astimezone(team.zone).date()
    holding, gone = [], set(raised)
    for influencer in await store.get_all(Influencer, team.id, list(raised)):
        standing = await stand(store, team, influencer, now)
        keys = [concern.key for concern in concerns(team, standing) if holds(concern, now)]
        nudges = sorted((n for n in raised[influencer.id] if n.id in keys), key=lambda nudge: keys.index(nudge.id))
        if len(nudges) == len(raised[influencer.id]):
            gone.discard(influencer.id)
        if nudges:
            holding.append(Relationship(influencer, standing, tuple(nudges)))
    holding.sort(key=lambda relationship: _order(relationship, today))
    cap = max(1, min(member.daily_cap, DAILY_CAP)) if member else DAILY_CAP
    return Agenda(tuple(holding[:cap]), len(holding[cap:]), tuple(sorted(gone)))


def _order(relationship: Relationship, today: date) -> tuple[int, float, str]:
    """Waiting on us by how long, then quiet by R."""
    first, standing = relationship.nudges[0], relationship.standing
    if first.reason is NudgeReason.WAITING_ON_US:
        return 0, (standing.waiting_since or first.since).toordinal(), relationship.influencer.id
    return 1, -urgency(standing, silent_days(standing, relationship.influencer, today)), relationship.influencer.id


async def first_message(store: Store, team: Team, member: Member | None, shown: Agenda, now: datetime) -> Message:
    """The message as it is posted."""
    today, people = now.astimezone(team.zone).date(), await _people(store, team)
    entries = [
        OpenNudge(one.nudges[0], await _known(store, team, one.influencer, one.standing, people, today))
        for one in shown.shown
    ]
    return Message(team, member, today, tuple(entries), shown.waiting)


async def message_now(store: Store, team: Team, member: Member | None, delivery: Delivery, now: datetime) -> Message:
    """A message that stands, with what has become of each of its nudges; people who were forgotten are left out.

    What was handed over is the new owner's to read about: here it stays handed over, whatever comes of it.
    """
    today, people = now.astimezone(team.zone).date(), await _people(store, team)
    by_person: dict[str, list[Nudge]] = {influencer_in(key): [] for key in delivery.nudges}
    for nudge in await store.get_all(Nudge, team.id, delivery.nudges):
        by_person[nudge.influencer].append(nudge)
    entries: list[Entry] = []
    for influencer in await store.get_all(Influencer, team.id, tuple(by_person)):
        nudges = by_person[influencer.id]
        mine = [nudge for nudge in nudges if nudge.delivery == delivery.id]
        if not mine:
            # One that was handed over and then withdrawn is not there any more.
            owner = nudges[0].member if nudges else influencer.owner
            ending = Ending.OVER if owner == delivery.member else Ending.HANDED_OVER
            entries.append(EndedNudge(influencer, ending, people.get(owner or "")))
        elif (still_open := next((nudge for nudge in mine if nudge.is_open), None)) is not None:
            standing = await stand(store, team, influencer, now)
            entries.append(OpenNudge(still_open, await _known(store, team, influencer, standing, people, today)))
        else:
            recent = await store.touchpoints(team.id, influencer.id, limit=RECENT)
            entries.append(ending_of(mine[0], influencer, recent, people))
    return Message(team, member, today, tuple(entries))


async def _people(store: Store, team: Team) -> dict[str, Member]:
    return {member.id: member for member in await store.members(team.id)}


async def _known(
    store: Store, team: Team, influencer: Influencer, standing: Standing, people: dict[str, Member], today: date
) -> Known:
    touch = await store.get(Touchpoint, team.id, standing.last.touchpoint) if standing.last else None
    return Known(
        influencer,
        standing,
        touch,
        people.get(touch.by or "") if touch else None,
        _next_occasion(await store.occasions(team.id, influencer.id), today),
    )


def _next_occasion(occasions: Sequence[Occasion], today: date) -> tuple[Occasion, date] | None:
    """The occasion that comes next, and on which date."""
    dated = [(occasion, on) for occasion in occasions if (on := _next_date(occasion, today)) is not None]
    return min(dated, key=lambda pair: (pair[1], pair[0].id), default=None)


def _next_date(occasion: Occasion, today: date) -> date | None:
    """When an occasion comes next, today included; 29 Feb falls to 28 Feb."""
    years = (today.year, today.year + 1) if occasion.yearly else (occasion.year or today.year,)
    return next((on for year in years if (on := _date_in(year, occasion)) >= today), None)


def _date_in(year: int, occasion: Occasion) -> date:
    try:
        return date(year, occasion.month, occasion.day)
    except ValueError:
        return date(year, 2, 28)
