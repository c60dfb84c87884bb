"""Who reads what is said, asked for or sent."""

from __future__ import annotations

from datetime import datetime

from bot.calendar import zone_of
from bot.model import Member, Team
from bot.store_port import Store
from bot.views.words import Reader


async def reader_of(store: Store, team: Team, member: Member, now: datetime) -> Reader:
    """A member as views see them, in their own zone."""
    zone = zone_of(team, member)
    people = {one.id: one for one in await store.members(team.id)}
    return Reader(member, team, people, zone, now.astimezone(zone).date())
