"""What admins are told when a member has left: the relationships that need somebody else."""

from __future__ import annotations

from datetime import datetime

from bot.briefing.said import Said
from bot.briefing.urgent import in_order
from bot.model import Delivery, Member, Standing, Team, standing_id
from bot.needs import needs_of
from bot.store_port import Store
from bot.views.leaving import SHOWN, left
from bot.views.lists import Line


async def left_message(store: Store, team: Team, delivery: Delivery, now: datetime) -> Said | None:
    """Who left, and their relationships as they stand now, the most urgent first; archived ones need nobody.

    `None` where nothing is theirs any more, and where they are back.
    """
    member = await store.get(Member, team.id, delivery.about or "")
    if member is None or member.left_at is None:
        return None
    owned = {one.id: one for one in await store.owned_by(team.id, member.id) if one.archived_at is None}
    if not owned:
        return None
    today = now.astimezone(team.zone).date()
    standings = await store.get_all(Standing, team.id, [standing_id(id) for id in owned])
    lines = [Line(owned[one.influencer], one) for one in standings]
    needs = [(line, next(iter(needs_of(team, line.standing, today)), None)) for line in lines]
    urgent = in_order(team, needs, today)
    reply = left(member, member.left_at.astimezone(team.zone).date(), urgent, today)
    return Said(reply, tuple(line.influencer for line in urgent[:SHOWN]))
