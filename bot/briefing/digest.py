"""What a digest says, read from the store when it is posted: it costs what it shows, who is quiet and what happened."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from bot.briefing.urgent import parts_of
from bot.calendar import marks_of
from bot.concerns import occasions_now, owed_now
from bot.model import Exchange, Influencer, Occasion, Promise, Schedule, Side, Standing, Team, standing_id
from bot.needs import Need
from bot.promising import by_urgency, kept_of
from bot.reading.periods import start_of
from bot.store_port import Store
from bot.views.digest import LATE_NAMED, NAMED, NAMED_BY_THE_PLAN, SOON_NAMED
from bot.views.digest_facts import Celebrated, DigestFacts, Happened, Owing

WEEK = timedelta(days=7)
"""How far a digest looks ahead, and back."""


_NAMED = {
    Need.WAITING_ON_US: NAMED,
    Need.QUIET: NAMED,
    Need.PLAN: NAMED_BY_THE_PLAN,
    Need.FIRST_CONTACT: NAMED_BY_THE_PLAN,
}
"""How many each part names; promises and occasions have lines of their own, whatever else a relationship needs."""


async def gather(store: Store, team: Team, now: datetime, on: date, schedule: Schedule | None) -> DigestFacts:
    """What there is to say at an instant in the digest of a date of the team's zone.

    `schedule` is the one that asked for it, `None` where somebody wants it at once.
    """
    today = now.astimezone(team.zone).date()
    standings = await store.needing_attention(team.id, now)
    parts = await parts_of(store, team, standings, today, _NAMED)
    owing = await _owing(store, team, standings, today, today + WEEK)
    occasions, occasions_total = await _occasions(store, team, standings, today, today + WEEK)
    happened, met = await _happened(store, team, on)
    named = (
        *(line.influencer for need in (Need.WAITING_ON_US, Need.QUIET) for line in parts[need].lines),
        *(influencer for _, influencer in owing.named),
        *(one.influencer for one in occasions),
        *(line.influencer for need in (Need.PLAN, Need.FIRST_CONTACT) for line in parts[need].lines),
        *await store.get_all(Influencer, team.id, met),
    )
    return DigestFacts(
        team=team,
        people={member.id: member for member in await store.members(team.id)},
        schedule=schedule,
        on=on,
        today=today,
        waiting=parts[Need.WAITING_ON_US],
        quiet=parts[Need.QUIET],
        plan=parts[Need.PLAN],
        first_contacts=parts[Need.FIRST_CONTACT],
        occasions=occasions,
        occasions_total=occasions_total,
        owing=owing,
        happened=happened,
        unknown=_unknown(named),
        kept_up=await store.kept_up(team.id),
        coming=await _coming(store, team, now),
    )


async def _owing(store: Store, team: Team, standings: Sequence[Standing], today: date, until: date) -> Owing:
    """Both sides' promises that are late, ours that are due before a date, and how we did in this quarter."""
    open_ones = await store.promises_due(team.id, until - timedelta(days=1))
    archived = await left_in_peace(store, team, (one.influencer for one in open_ones))
    dated = [one for one in open_ones if one.influencer not in archived]
    late = {side: [one for one in dated if one.side is side and one.is_late(today)] for side in Side}
    ours_soon = {one.id: one for one in dated if one.side is Side.WE and not one.is_late(today)}
    # One that is due behind a long holiday is already called for.
    called = {
        one.promise: None
        for standing in standings
        for one in (owed_now(team, standing, today) if standing.owed else ())
        if one.side is Side.WE and one.due >= until
    }
    ours_soon |= {one.id: one for one in await store.get_all(Promise, team.id, list(called))}
    all_late, soon = (*late[Side.WE], *late[Side.THEY]), by_urgency(ours_soon.values())
    urgent = (*all_late[:LATE_NAMED], *soon[:SOON_NAMED])
    people = {one.id: one for one in await store.get_all(Influencer, team.id, [one.influencer for one in urgent])}
    return Owing(
        late=len(late[Side.WE]),
        theirs_late=len(late[Side.THEY]),
        soon=len(ours_soon),
        named=tuple((one, people[one.influencer]) for one in urgent if one.influencer in people),
        kept=kept_of(await _judged(store, team, dated, today), Side.WE, today),
    )


async def _judged(store: Store, team: Team, open_ones: Iterable[Promise], today: date) -> list[Promise]:
    """The promises of this quarter: those settled in it, and of the open ones those that came due in it.

    What was settled counts whoever it was with; the open ones are those of people with whom we keep up.
    """
    since = start_of("quarter", today)
    still_open = [one for one in open_ones if one.due is not None and one.due >= since]
    return [*await store.promises_settled(team.id, since), *still_open]


async def _occasions(
    store: Store, team: Team, standings: Sequence[Standing], today: date, until: date
) -> tuple[tuple[Celebrated, ...], int]:
    """The occasions from today up to a date, and those farther off of which somebody has to be told already."""
    days = [today + timedelta(days=ahead) for ahead in range((until - today).days)]
    found = {one.id: one for one in await store.occasions_on(team.id, marks_of(days))}
    called = {
        day.occasion
        for standing in standings
        if standing.occasions
        for day in occasions_now(team, standing, today)
        if day.on >= until
    }
    found |= {one.id: one for one in await store.get_all(Occasion, team.id, sorted(called))}
    stopped = await left_in_peace(store, team, (one.influencer for one in found.values()), paused=True)
    dated = sorted(
        (on, one.id)
        for one in found.values()
        if one.influencer not in stopped
        and (on := one.next_from(today)) is not None
        and (on < until or one.id in called)
    )
    shown = [(found[id], on) for on, id in dated[:NAMED]]
    people = {one.id: one for one in await store.get_all(Influencer, team.id, [one.influencer for one, _ in shown])}
    celebrated = (Celebrated(people[one.influencer], one, on) for one, on in shown if one.influencer in people)
    return tuple(celebrated), len(dated)


async def left_in_peace(store: Store, team: Team, influencers: Iterable[str], *, paused: bool = False) -> set[str]:
    """Those of some influencers who are archived, or `paused` as well."""
    ids = [standing_id(influencer) for influencer in dict.fromkeys(influencers)]
    standings = await store.get_all(Standing, team.id, ids)
    return {one.influencer for one in standings if one.archived or (paused and one.paused)}


async def _happened(store: Store, team: Team, on: date) -> tuple[Happened, list[str]]:
    """What happened in the week before a date, and with whom, those most in touch first; automatic ones don't count."""
    touches = [one for one in await store.touchpoints_between(team.id, on - WEEK, on) if not one.automatic]
    met: dict[str, int] = defaultdict(int)
    for touch in touches:
        met[touch.influencer] += 1
    happened = Happened(
        touchpoints=len(touches),
        people=len(met),
        members=len({touch.by for touch in touches} - {None}),
        gives=sum(touch.exchange is Exchange.GIVE for touch in touches),
        asks=sum(touch.exchange is Exchange.ASK for touch in touches),
    )
    return happened, sorted(met, key=lambda influencer: (-met[influencer], influencer))


def _unknown(named: Iterable[Influencer]) -> tuple[Influencer, ...]:
    """Those of whom nobody knows what they want, each once; not those whom nobody keeps up with."""
    by_id: dict[str, Influencer] = {}
    for one in named:
        by_id.setdefault(one.id, one)
    return tuple(one for one in by_id.values() if not one.goal and one.archived_at is None and not one.stage.is_stopped)


async def _coming(store: Store, team: Team, now: datetime) -> tuple[Influencer, date] | None:
    """Who needs attention next, and on which date."""
    for standing in await store.attention_after(team.id, now, limit=1):
        influencer = await store.get(Influencer, team.id, standing.influencer)
        if influencer is not None and standing.attention_at is not None:
            return influencer, standing.attention_at.astimezone(team.zone).date()
    return None
