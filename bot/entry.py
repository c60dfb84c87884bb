"""Who may come in, and the team and the member that an account stands for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec.structs import replace

from bot.change import Change, Write
from bot.clock import NewId
from bot.context import R, stored
from bot.errors import NotAllowed
from bot.inbound import Actor, Role
from bot.model import NAME_LIMIT, Member, Team
from bot.reading.words import clean_line
from bot.store_port import Store

Founder = Callable[[Actor, str], Team]
"""Makes the Team record for a workspace that has none, given who spoke first and the id it must have."""


def may_ask(actor: Actor) -> bool:
    """Whether an account is a member of its workspace: guests, strangers and bots are not."""
    return actor.role in {Role.MEMBER, Role.ADMIN}


async def enter(
    store: Store, actor: Actor, *, now: datetime, new_id: NewId, found_team: Founder
) -> tuple[Team, Member]:
    """The team and the member of an account, made on the first contact and kept up to date after.

    Raises NotAllowed for whoever is no member, and Conflict where somebody else's first contact came first: then the
    request is run again.
    """
    if not may_ask(actor):
        raise NotAllowed("Only members of this workspace can use Rapport. Ask one of its admins to invite you.")

    async def join(team: str, verb: str, write: Write, kind: type[R]) -> R:
        change = Change(id=new_id("chg"), team=team, at=now, by=None, verb=verb, writes=(write,))
        return stored(await store.commit(change), kind)[0]

    person, home = actor.person, actor.person.home
    team = await store.team_at(home)
    if team is None:
        team = found_team(actor, f"team_{home.platform}_{home.id}")
        team = await join(team.id, "found", Write(None, team), Team)
    member = await store.member_at(team.id, person)
    name, zone = clean_line(actor.name)[:NAME_LIMIT] or person.id, known_zone(actor.timezone)
    if member is None:
        id = f"mem_{person.platform}_{person.workspace}_{person.id}"
        member = Member(id=id, team=team.id, name=name, accounts=(person,), seen_zone=zone)
        return team, await join(team.id, "join", Write(None, member), Member)
    # Of somebody with several accounts the first one names them: else the name would change with every message.
    called = name if member.accounts[0] == person else member.name
    seen = replace(member, name=called, seen_zone=zone or member.seen_zone, left_at=None)
    return team, member if seen == member else await join(team.id, "join", Write(member, seen), Member)


def known_zone(timezone: str | None) -> str | None:
    """A time zone that a platform names, if there is one of that name: one that is none would stop every nudge."""
    try:
        return ZoneInfo(timezone).key if timezone else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
