"""Parting: what becomes of a team when Rapport is taken out of its workspaces, and when it comes back."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from msgspec.structs import replace

from bot.address import Workspace
from bot.change import Change, Write, by_the_clock
from bot.clock import NewId
from bot.errors import Conflict, StoreFailed
from bot.model import Team
from bot.store_port import Store

KEPT_FOR = timedelta(days=30)
"""How long a team's data waits for it to come back (BEHAVIOUR, Who may do what)."""

log = structlog.get_logger()


async def take_out(store: Store, workspace: Workspace, *, now: datetime, new_id: NewId) -> None:
    """Notes that Rapport was taken out of a workspace; with the last one of a team its clock stands still.

    A workspace that nobody ever spoke in, or that was left before, changes nothing. Raises Conflict.
    """
    team = await store.team_at(workspace)
    if team is None or workspace in team.absent:
        return
    left = replace(team, absent=(*team.absent, workspace))
    if set(left.workspaces) <= set(left.absent):
        left = replace(left, abandoned_at=now, restanding=True)
    await store.commit(_parting(team, left, now, new_id))
    log.info("team.workspace_left", team=team.id, platform=workspace.platform, abandoned=left.abandoned_at is not None)


async def come_back(store: Store, workspace: Workspace, *, now: datetime, new_id: NewId) -> None:
    """Notes that Rapport is in a workspace again that it was taken out of; its team's clock goes on.

    A workspace that nobody ever spoke in, or that was not left, changes nothing. Raises Conflict.
    """
    team = await store.team_at(workspace)
    if team is None or workspace not in team.absent:
        return
    back = replace(
        team,
        absent=tuple(one for one in team.absent if one != workspace),
        abandoned_at=None,
        restanding=team.restanding or team.abandoned_at is not None,
    )
    await store.commit(_parting(team, back, now, new_id))
    log.info("team.workspace_back", team=team.id, platform=workspace.platform)


async def erase_abandoned(store: Store, now: datetime, new_id: NewId) -> int:
    """Erases the teams that have been gone for 30 days and says how many.

    A team first loses its workspaces, so that nobody can come back to what is half gone; killed after that, the next
    call goes on. One that meets a conflict is left for the next call. Raises StoreFailed.
    """
    erased = 0
    for team in await store.teams():
        if team.workspaces and (team.abandoned_at is None or now < team.abandoned_at + KEPT_FOR):
            continue
        try:
            if team.workspaces:
                await store.commit(_parting(team, replace(team, workspaces=(), absent=()), now, new_id))
            await store.erase_team(team.id)
        except Conflict as conflict:
            log.info("team.conflict", team=team.id, record=conflict.id)
        except StoreFailed:
            raise
        except Exception:  # one team that can't be erased must not keep another's data
            log.exception("team.not_erased", team=team.id)
        else:
            erased += 1
            log.info("team.erased", team=team.id)
    return erased


def _parting(before: Team, after: Team, now: datetime, new_id: NewId) -> Change:
    return by_the_clock("part", before.id, (Write(before, after),), now=now, new_id=new_id)
