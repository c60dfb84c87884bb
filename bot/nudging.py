"""tick: what has become due is raised, as nudges and as the messages that will carry them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

import structlog

from bot.change import Write, by_the_clock
from bot.clock import NewId
from bot.concerns import concerns, holds
from bot.consequences import Pending, recipient_of, restand, stand, with_consequences
from bot.errors import Conflict, StoreFailed
from bot.model import Influencer, Nudge, Record, Standing, Team
from bot.store_port import Store

BATCH = 200
"""Standings of one owner that are raised in one commit."""

AT_ONCE = 1_000
"""Standings that are asked for at a time."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class TickResult:
    """What a tick did: nudges raised or open again, standings recomputed for a setting, batches left to the next."""

    raised: int = 0
    restood: int = 0
    left: int = 0


async def tick(store: Store, now: datetime, new_id: NewId) -> TickResult:
    """Raises a nudge for every reason that has come to hold by `now`, each once, however often and by whomever it runs.

    Costs what is due. What meets a concurrent change, or goes wrong, is left for the next tick and holds up nobody
    else. Raises StoreFailed.
    """
    restood = await _restand(store, now, new_id)
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
            mine = tuple(group)
            for start in range(0, len(mine), BATCH):
                count = await _try_to_raise(store, team_id, mine[start : start + BATCH], now, new_id)
                raised, left = raised + (count or 0), left + (count is None)


def _batch(standing: Standing) -> tuple[str, str]:
    return standing.team, standing.owner or ""


def _is_opened(before: Record | None, after: Nudge) -> bool:
    return after.is_open and not (isinstance(before, Nudge) and before.is_open)


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
        except StoreFailed:
            raise
        except Exception:  # one team that goes wrong must not hold up the others
            log.exception("restand.broken", team=team.id)
    return restood


async def _try_to_raise(
    store: Store, team_id: str, batch: tuple[Standing, ...], now: datetime, new_id: NewId
) -> int | None:
    """How many nudges a batch raised; `None` where it is left for the next tick."""
    try:
        # Read for each batch: a setting that moves during a tick holds for what is left of it.
        team = await store.get(Team, team_id, team_id)
        return await _raise(store, team, batch, now, new_id) if team is not None else 0
    except Conflict as conflict:
        log.info("tick.conflict", team=team_id, record=conflict.id)
    except StoreFailed:
        raise
    except Exception:  # one owner's relationships that go wrong must not hold up anybody else's
        log.exception("tick.broken", team=team_id, standings=[standing.id for standing in batch])
    return None


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
                about=concern.about,
                on=concern.on,
                member=recipient,
                raised_at=now,
            )
            for concern in concerns(team, await stand(store, team, influencer, now))
            if holds(concern, now) and concern.key not in known
        ]
    pending = await with_consequences(
        store,
        team,
        [Write(None, nudge) for nudge in nudges],
        now=now,
        by=None,
        influencers=[standing.influencer for standing in batch],
    )
    writes = pending.writes
    if not writes:
        log.warning("tick.nothing_moved", team=team.id, standings=[standing.id for standing in batch])
        return 0
    await store.commit(by_the_clock("tick", team.id, writes, pending.reads, now=now, new_id=new_id))
    raised = [
        write.after for write in writes if isinstance(write.after, Nudge) and _is_opened(write.before, write.after)
    ]
    for nudge in raised:
        log.info("nudge.raised", team=team.id, nudge=nudge.id, reason=nudge.reason.value, member=nudge.member)
    return len(raised)
