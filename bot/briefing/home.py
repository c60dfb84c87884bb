"""What a Home tab shows, read from the store: it costs what is due in the team, and what it shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from bot.briefing.digest import left_in_peace
from bot.briefing.readers import reader_of
from bot.briefing.urgent import by_first_need, parts_of
from bot.calendar import marks_of
from bot.model import Influencer, Member, Promise, Team
from bot.needs import Need, needs_of
from bot.promising import by_urgency
from bot.store_port import Store
from bot.views.digest_facts import Celebrated
from bot.views.home import NAMED, HomeFacts, TeamFigures
from bot.views.open_promises import PromiseLine

WEEK = timedelta(days=7)
"""How far it looks ahead for occasions, and for promises that are due."""

_NAMED: Mapping[Need, int] = dict.fromkeys((Need.WAITING_ON_US, Need.QUIET, Need.PLAN, Need.FIRST_CONTACT), NAMED)
"""How many each part names; promises and occasions have sections of their own, whatever else a relationship needs."""


async def gather_home(store: Store, team: Team, member: Member, now: datetime) -> HomeFacts:
    """What there is for a member; of the whole team where no relationship is theirs."""
    reader = await reader_of(store, team, member, now)
    today = now.astimezone(team.zone).date()
    number = sum(one.archived_at is None for one in await store.owned_by(team.id, member.id))
    owner = member.id if number else None
    all_due = await store.needing_attention(team.id, now)
    own_due = [one for one in all_due if owner in {None, one.owner}]
    open_ones = await store.promises_due(team.id, reader.today + WEEK)
    promises = await _promises(store, team, open_ones, owner)
    occasions = await _occasions(store, team, owner, today)
    return HomeFacts(
        reader=reader,
        today=today,
        number=number,
        due=sum(bool(needs_of(team, one, today)) for one in own_due),
        team=TeamFigures(
            kept_up=await store.kept_up(team.id),
            late=sum(one.is_late(reader.today) for one in open_ones),
            due={need: len(found) for need, found in by_first_need(team, all_due, today, tuple(_NAMED)).items()},
        ),
        parts=await parts_of(store, team, own_due, today, _NAMED),
        occasions=occasions[:NAMED],
        occasions_total=len(occasions),
        promises=promises[:NAMED],
        promises_total=len(promises),
        late=sum(line.promise.is_late(reader.today) for line in promises),
        coming=await _coming(store, team, owner, now),
    )


async def _promises(
    store: Store, team: Team, open_ones: Sequence[Promise], owner: str | None
) -> tuple[PromiseLine, ...]:
    """The open promises that are late or due within a week, of whoever answers for them, late ones first."""
    people = await store.get_all(Influencer, team.id, tuple(dict.fromkeys(one.influencer for one in open_ones)))
    by_id = {one.id: one for one in people if one.archived_at is None}
    return tuple(
        PromiseLine(one, by_id[one.influencer])
        for one in by_urgency(open_ones)
        if one.influencer in by_id and owner in {None, by_id[one.influencer].owner or one.made_by}
    )


async def _occasions(store: Store, team: Team, owner: str | None, today: date) -> tuple[Celebrated, ...]:
    """The occasions of the next seven days, the nearest first."""
    days = [today + timedelta(days=ahead) for ahead in range(WEEK.days)]
    found = await store.occasions_on(team.id, marks_of(days))
    stopped = await left_in_peace(store, team, (one.influencer for one in found), paused=True)
    people = await store.get_all(Influencer, team.id, tuple(dict.fromkeys(one.influencer for one in found)))
    by_id = {one.id: one for one in people if one.id not in stopped and owner in {None, one.owner}}
    dated = sorted(
        (on, one.id, one)
        for one in found
        if one.influencer in by_id and (on := one.next_from(today)) is not None and on in days
    )
    return tuple(Celebrated(by_id[one.influencer], one, on) for on, _, one in dated)


async def _coming(store: Store, team: Team, owner: str | None, now: datetime) -> tuple[Influencer, date] | None:
    """Who needs the reader next, and on which date."""
    for standing in await store.attention_after(team.id, now, owner=owner, limit=1):
        influencer = await store.get(Influencer, team.id, standing.influencer)
        if influencer is not None and standing.attention_at is not None:
            return influencer, standing.attention_at.astimezone(team.zone).date()
    return None
