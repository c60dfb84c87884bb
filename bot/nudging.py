"""tick: what has become due is raised, as nudges and as the messages that will carry them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

import structlog

from bot.change import Change, Write
from bot.clock import NewId
from bot.consequences import Pending, recipient_of, restand, stand, with_consequences
from bot.errors import Conflict
from bot.model import Influencer, Nudge, Standing, Team
from bot.standing import concerns, holds
from bot.store_port import Store

BATCH = 200
"""Standings of one owner that are raised in one commit."""

AT_ONCE = 1_000
"""Standings that are asked for at a time."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class TickResult:
    """What a tick did: nudges raised, standings recomputed for a setting, batches left to the next tick."""

    raised: int = 0
    restood: int = 0
    left: int = 0


async def tick(store: Store, now: datetime, new_id: NewId) -> TickResult:
    """Raises a nudge for every reason that has come to hold by `now`, each once, however often and by whomever it runs.

    Costs what is due. What meets a concurrent change is left for the next tick. Raises StoreFailed.
    """
    restood = await _restand(store, now, new_id)
    teams: dict[str, Team | None] = {}
    looked_at: set[str] = set()
    raised = left = 0
    while True:
        due = await store.standings_due(now, limit=AT_ONCE + len(looked_at))
        # One that stays due, as its batch met a conflict, is not looked at twice in a tick: it would be for ever.
        fresh = [standing for standing in due if standing.id not in looked_at]
        if not fresh:
            return TickResult(raised, restood, left)
        looked_at.update(standing.id for standing in fresh)
        for (team_id, _), group in groupby(sorted(fresh, key=_batch), key=_batch):
            if team_id not in teams:
                teams[team_id] = await store.get(Team, team_id, team_id)
            if (team := teams[team_id]) is None:
                continue
            mine = tuple(group)
            for start in range(0, len(mine), BATCH):
                try:
                    raised += await _raise(store, team, mine[start : start + BATCH], now, new_id)
                except Conflict as conflict:
                    left += 1
                    log.info("tick.conflict", team=team.id, record=conflict.id)


def _batch(standing: Standing) -> tuple[str, str]:
    return standing.team, standing.owner or ""


async def _restand(store: Store, now: datetime, new_id: NewId) -> int:
    """Recomputes what depends on settings that have moved, before anything is raised by the old ones."""
    restood = 0
    for team in await store.teams():
        if not team.restanding:
            continue
        try:
            restood += await restand(store, team, now=now, new_id=new_id)
        except Conflict as conflict:
            log.info("restand.conflict", team=team.id, record=conflict.id)
    return restood


async def _raise(store: Store, team: Team, batch: tuple[Standing, ...], now: datetime, new_id: NewId) -> int:
    """Raises what holds for the relationships of one owner, in one commit that also moves their standings on."""
    influencers = await store.get_all(Influencer, team.id, [standing.influencer for standing in batch])
    owners = Pending(store, team, ())
    nudges = []
    for influencer in influencers:
        known = {nudge.id for nudge in await store.nudges_of(team.id, influencer.id)}
        recipient = await recipient_of(owners, influencer.owner)
        nudges += [
            Nudge(
                id=concern.key,
                team=team.id,
                influencer=influencer.id,
                reason=concern.reason,
                since=concern.since,
                member=recipient,
                raised_at=now,
            )
            for concern in concerns(team, await stand(store, team, influencer, now))
            if holds(concern, now) and concern.key not in known
        ]
    writes = await with_consequences(
        store,
        team,
        [Write(None, nudge) for nudge in nudges],
        now=now,
        by=None,
        influencers=[standing.influencer for standing in batch],
    )
    if not writes:
        log.warning("tick.nothing_moved", team=team.id, standings=[standing.id for standing in batch])
        return 0
    await store.commit(Change(id=new_id("chg"), team=team.id, at=now, by=None, verb="tick", writes=writes))
    raised = [write.after for write in writes if write.before is None and isinstance(write.after, Nudge)]
    for nudge in raised:
        log.info("nudge.raised", team=team.id, nudge=nudge.id, reason=nudge.reason.value, member=nudge.member)
    return len(raised)
