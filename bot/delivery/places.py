"""Where a message goes: the owner's DM, the team's channel, an admin's DM."""

from __future__ import annotations

from collections.abc import Collection

from bot.address import Person, Place, PlaceKind, dm
from bot.model import Member, Team
from bot.store_port import Store


async def places_for(store: Store, team: Team, member: Member | None, platforms: Collection[str]) -> tuple[Place, ...]:
    """The places for a message to a member (`None`: to the team), the next for when the one before is lost.

    A member's DM is on the platform they prefer, else on the first of theirs that is connected. Only places on
    connected platforms count.
    """
    channel = [team.channel] if team.channel is not None and team.channel.platform in platforms else []
    if member is not None:
        return (*_dm_with(member, platforms), *channel)
    admins = [one for one in await store.members(team.id) if one.hears_as_admin]
    return (*channel, *(place for admin in admins for place in _dm_with(admin, platforms)))


def dm_of(member: Member, platforms: Collection[str]) -> tuple[Place, ...]:
    """A member's DM and no other place: on a platform that is not connected, too, where none of theirs is."""
    return tuple(_dm_with(member, platforms) or [dm(account) for account in member.accounts[:1]])


async def is_abandoned(store: Store, team: Team, place: Place) -> bool:
    """Whether a place is the DM of an account that has gone: of a member who left, or taken off one who stays."""
    if place.kind is not PlaceKind.DM:
        return False
    member = await store.member_at(team.id, Person(place.platform, place.workspace, place.id))
    return member is None or member.left_at is not None


def _dm_with(member: Member, platforms: Collection[str]) -> list[Place]:
    accounts = [account for account in member.accounts if account.platform in platforms]
    accounts.sort(key=lambda account: account.platform != member.preferred)
    return [dm(account) for account in accounts[:1]]
