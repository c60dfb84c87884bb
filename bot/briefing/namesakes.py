"""What tells people of one name apart, read from the store only where there are such."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from bot.model import Influencer
from bot.store_port import RosterEntry, Store
from bot.views.words import told_apart


async def marks_of(store: Store, team: str, entries: Sequence[RosterEntry], today: date) -> dict[str, str]:
    """What tells those apart who have one name among these people, by id."""
    names = Counter(entry.name.casefold() for entry in entries)
    alike = [entry.id for entry in entries if names[entry.name.casefold()] > 1]
    if not alike:
        return {}
    members = {member.id: member for member in await store.members(team)}
    return told_apart(await store.get_all(Influencer, team, alike), members, today)
