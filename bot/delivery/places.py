"""Where a message goes: the owner's DM, the team's channel, an admin's DM."""

from __future__ import annotations

from collections.abc import Collection

from bot.address import Place, PlaceKind, dm
from bot.model import Delivery, Member, Team
from bot.store_port import Store


async def places_for(store: Store, team: Team, member: Member | None, platforms: Collection[str]) -> tuple[Place, ...]:
    """The places for a message to a member (`None`: to the team), the next for when the one before is lost.

    A member's DM is on the platform they prefer, else on the first of theirs that is connected. Only places on
    connected platforms count.
    """
    channel = [team.channel] if team.channel is not None and team.channel.platform in platforms else []
    if member is not None:
        return (*_dm_with(member, platforms), *channel)
    admins = [one for one in await store.members(team.id) if one.admin and one.left_at is None]
    return (*channel, *(place for admin in admins for place in _dm_with(admin, platforms)))


def _dm_with(member: Member, platforms: Collection[str]) -> list[Place]:
    accounts = [account for account in member.accounts if account.platform in platforms]
    accounts.sort(key=lambda account: account.platform != member.preferred)
    return [dm(account) for account in accounts[:1]]


def shows_names_only(delivery: Delivery) -> bool:
    """Whether a message to a member has to do without what is recorded: it stands in a channel."""
    return delivery.member is not None and delivery.place is not None and delivery.place.kind is PlaceKind.CHANNEL
