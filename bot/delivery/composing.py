"""What a day's message says, read afresh each time it is posted or edited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.calendar import zone_of
from bot.concerns import concerns, holds
from bot.consequences import stand
from bot.endings import RECENT, EndedNudge, Ending, ending_of
from bot.model import (
    DAILY_CAP,
    Delivery,
    Influencer,
    Member,
    Nudge,
    NudgeReason,
    Occasion,
    Promise,
    Standing,
    Team,
    Touchpoint,
    influencer_in,
)
from bot.standing import silent_days, urgency
from bot.store_port import Store
from bot.views.ideas import Known
from bot.views.nudges import Entry, Message, OpenNudge


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
    """The raised nudges of a member (`None`: of the team) that hold at this moment, the most urgent people first.

    One that is for a later date than the message's is left for the message of that date, and an occasion that is over
    where its reader is goes untold.
    """
    raised: dict[str, list[Nudge]] = {}
    for nudge in await store.nudges_raised(team.id, delivery.member):
        if nudge.delivery in {None, delivery.id}:
            raised.setdefault(nudge.influencer, []).append(nudge)
    today, team_today = _today(team, member, now), now.astimezone(team.zone).date()
    holding, gone = [], set(raised)
    for influencer in await store.get_all(Influencer, team.id, list(raised)):
        standing = await stand(store, team, influencer, now)
        keys = [concern.key for concern in concerns(team, standing) if holds(concern, now)]
        nudges = sorted((n for n in raised[influencer.id] if n.id in keys), key=lambda nudge: keys.index(nudge.id))
        if len(nudges) == len(raised[influencer.id]):
            gone.discard(influencer.id)
        if timely := tuple(nudge for nudge in nudges if _is_timely(nudge, delivery.on, today)):
            holding.append(Relationship(influencer, standing, timely))
    holding.sort(key=lambda relationship: _order(relationship, team_today))
    cap = max(1, min(member.daily_cap, DAILY_CAP)) if member else DAILY_CAP
    return Agenda(tuple(holding[:cap]), len(holding[cap:]), tuple(sorted(gone)))


def _is_timely(nudge: Nudge, on: date, today: date) -> bool:
    """Whether the message of a date may tell of a nudge, where that is read `today`."""
    is_over = nudge.reason is NudgeReason.OCCASION and nudge.since < today
    return not is_over and (nudge.on is None or nudge.on <= on)


def _order(relationship: Relationship, team_today: date) -> tuple[int, float, str]:
    """Waiting on us by how long, promises and occasions by their date, then quiet by R."""
    rank, _ = _urgency(relationship.nudges[0])
    return rank, _within_reason(relationship, team_today), relationship.influencer.id


def _within_reason(relationship: Relationship, team_today: date) -> float:
    first, standing = relationship.nudges[0], relationship.standing
    match first.reason:
        case NudgeReason.WAITING_ON_US:
            return (standing.waiting_since or first.since).toordinal()
        case NudgeReason.PROMISE:  # after a snooze its nudge begins later
            return next((owed.due for owed in standing.owed if owed.promise == first.about), first.since).toordinal()
        case NudgeReason.OCCASION:
            return first.since.toordinal()
        case NudgeReason.QUIET:
            return -urgency(standing, silent_days(standing, relationship.influencer, team_today))


def _urgency(nudge: Nudge) -> tuple[int, date]:
    """The order in which the nudges of one person are told."""
    return list(NudgeReason).index(nudge.reason), nudge.since


async def first_message(store: Store, team: Team, member: Member | None, shown: Agenda, now: datetime) -> Message:
    """The message as it is posted."""
    today, people = _today(team, member, now), await _people(store, team)
    entries = [
        OpenNudge(one.nudges, await _known(store, team, one.influencer, one.standing, people, today))
        for one in shown.shown
    ]
    return Message(team, member, today, now.astimezone(team.zone).date(), tuple(entries), shown.waiting)


async def message_now(store: Store, team: Team, member: Member | None, delivery: Delivery, now: datetime) -> Message:
    """A message that stands, with what has become of each of its nudges; people who were forgotten are left out.

    What was handed over is the new owner's to read about: here it stays handed over, whatever comes of it.
    """
    today, people = _today(team, member, now), await _people(store, team)
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
        elif still_open := tuple(sorted((nudge for nudge in mine if nudge.is_open), key=_urgency)):
            standing = await stand(store, team, influencer, now)
            entries.append(OpenNudge(still_open, await _known(store, team, influencer, standing, people, today)))
        else:
            recent = await store.touchpoints(team.id, influencer.id, limit=RECENT)
            promises, occasions = await _matters(store, team, influencer)
            about = min(mine, key=_urgency)
            promise, occasion = promises.get(about.about or ""), occasions.get(about.about or "")
            zone = zone_of(team, member)
            entries.append(ending_of(about, influencer, recent, people, zone, promise=promise, occasion=occasion))
    return Message(team, member, today, now.astimezone(team.zone).date(), tuple(entries))


def _today(team: Team, member: Member | None, now: datetime) -> date:
    """The date where the reader of a message is."""
    return now.astimezone(zone_of(team, member)).date()


async def _people(store: Store, team: Team) -> dict[str, Member]:
    return {member.id: member for member in await store.members(team.id)}


async def _known(
    store: Store, team: Team, influencer: Influencer, standing: Standing, people: dict[str, Member], today: date
) -> Known:
    touch = await store.get(Touchpoint, team.id, standing.last.touchpoint) if standing.last else None
    promises, occasions = await _matters(store, team, influencer)
    coming = (day for day in standing.occasions if day.on >= today and day.occasion in occasions)
    return Known(
        influencer,
        standing,
        touch,
        people.get(touch.by or "") if touch else None,
        next(((occasions[day.occasion], day.on) for day in coming), None),
        promises,
        occasions,
    )


async def _matters(store: Store, team: Team, influencer: Influencer) -> tuple[dict[str, Promise], dict[str, Occasion]]:
    """What nudges of an influencer can be about: promises and occasions by id."""
    promises = await store.promises(team.id, influencer.id)
    occasions = await store.occasions(team.id, influencer.id)
    return {promise.id: promise for promise in promises}, {occasion.id: occasion for occasion in occasions}
