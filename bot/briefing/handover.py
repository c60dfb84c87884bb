"""The briefs of a handover: for each relationship what its new owner needs to know, as it stands now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from msgspec.structs import replace

from bot.briefing.readers import reader_of
from bot.briefing.said import Said
from bot.change import Change
from bot.consequences import stand
from bot.model import Delivery, Influencer, Member, Team, Touchpoint
from bot.reply import Reply, Text
from bot.roster.spelling import fold
from bot.store_port import Store
from bot.views.handover import PAGE, Brief, brief_page, handed_over_now, handed_to_you, nothing_left
from bot.views.words import Reader


async def brief_message(store: Store, team: Team, delivery: Delivery, now: datetime) -> Said | None:
    """What a new owner is sent: who handed over, and the first page of briefs.

    `None` where nothing of the handover is theirs any more.
    """
    change = await store.change(team.id, delivery.about or "")
    member = await store.get(Member, team.id, delivery.member or "")
    if change is None or member is None:
        return None
    people = [one for one in await handed_over(store, team, change) if one.owner == member.id]
    if not people:
        return None
    reader = await reader_of(store, team, member, now)
    head = handed_to_you(change.by, giver_of(change), len(people), reader)
    page = await _page(store, team, people, reader, now, head=head, change=change.id, skip=0, stays=True)
    return Said(replace(page, private=False), tuple(people[:PAGE]))


async def brief_list(store: Store, team: Team, change: Change, reader: Reader, now: datetime, skip: int) -> Reply:
    """A page of the briefs of a handover, for whoever looks; those that have gone to somebody else are left out."""
    taker = taker_of(change)
    people = [one for one in await handed_over(store, team, change) if taker is None or one.owner == taker]
    if not people:
        return nothing_left()
    head = handed_over_now(len(people))
    if taker == reader.member.id:
        head = handed_to_you(change.by, giver_of(change), len(people), reader)
    return await _page(store, team, people, reader, now, head=head, change=change.id, skip=min(skip, len(people) - 1))


async def handed_over(store: Store, team: Team, change: Change) -> list[Influencer]:
    """Whom a handover was about, as they are now, by name.

    The audit remembers which they were longer than what they were.
    """
    people = await store.get_all(Influencer, team.id, change.touched)
    return sorted(people, key=lambda one: (fold(one.name), one.id))


def giver_of(change: Change) -> str | None:
    """Who looked after the relationships of a handover before; `None` where that is forgotten."""
    return next((write.before.owner for write in change.writes if isinstance(write.before, Influencer)), None)


def taker_of(change: Change) -> str | None:
    """Who looks after them since; `None` where that is forgotten."""
    return next((write.after.owner for write in change.writes if isinstance(write.after, Influencer)), None)


async def _page(
    store: Store,
    team: Team,
    people: Sequence[Influencer],
    reader: Reader,
    now: datetime,
    *,
    head: Text,
    change: str,
    skip: int,
    stays: bool = False,
) -> Reply:
    today = now.astimezone(team.zone).date()
    briefs = [await _brief(store, team, influencer, now, today) for influencer in people[skip : skip + PAGE]]
    return brief_page(head, briefs, len(people), reader, today, change=change, skip=skip, stays=stays)


async def _brief(store: Store, team: Team, influencer: Influencer, now: datetime, today: date) -> Brief:
    standing = await stand(store, team, influencer, now)
    last = await store.get(Touchpoint, team.id, standing.last.touchpoint) if standing.last else None
    dated = [
        (occasion, on)
        for occasion in await store.occasions(team.id, influencer.id)
        if (on := occasion.next_from(today)) is not None
    ]
    following = min(dated, key=lambda pair: (pair[1], pair[0].id), default=None)
    return Brief(influencer, standing, last, await store.promises(team.id, influencer.id), following)
