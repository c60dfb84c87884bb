"""Who may come in, and the team and the member that an account stands for; and who has gone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from msgspec.structs import replace

from bot.address import Person, dm
from bot.calendar import known_zone, zone_of
from bot.change import Write, by_the_clock, created
from bot.clock import NewId
from bot.consequences import with_consequences
from bot.context import stored
from bot.errors import NotAllowed
from bot.inbound import Actor, Role
from bot.model import NAME_LIMIT, Delivery, DeliveryKind, DeliveryState, Member, Team, notice_id
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

    Whoever had left is back, and so are the nudges about the relationships that are still theirs; the digests that came
    in their DM are not, they may ask for new ones. Raises NotAllowed for whoever is no member, and Conflict where
    somebody else's first contact came first: then the request is run again.
    """
    if not may_ask(actor):
        raise NotAllowed("Only members of this workspace can use Rapport. Ask one of its admins to invite you.")
    person, home = actor.person, actor.person.home
    team = await store.team_at(home)
    if team is None:
        team = found_team(actor, f"team_{home.platform}_{home.id}")
        change = by_the_clock("found", team.id, created(team), now=now, new_id=new_id)
        team = stored(await store.commit(change), Team)[0]
    id = f"mem_{person.platform}_{person.workspace}_{person.id}"
    # An account that was taken off somebody's comes back to them: nobody else can have it.
    member = await store.member_at(team.id, person) or await store.get(Member, team.id, id)
    seen = _as_seen(member or Member(id=id, team=team.id, name="", accounts=(person,)), actor)
    if member == seen:
        return team, seen
    back = await store.owned_by(team.id, seen.id) if member is not None and member.left_at is not None else ()
    pending = await with_consequences(
        store, team, (Write(member, seen),), now=now, by=None, influencers=[influencer.id for influencer in back]
    )
    return team, stored(
        await store.commit(by_the_clock("join", team.id, pending.writes, pending.reads, now=now, new_id=new_id)), Member
    )[0]


async def leave(store: Store, person: Person, *, now: datetime, new_id: NewId) -> None:
    """Marks as left the member whose only account this is; one among several is taken off the member instead.

    In the same commit the digests end that came in the DM of the account, whoever is left of the member; their nudges
    become the team's, and the admins are told of relationships that are theirs no longer to look after. An account that
    nobody has, or that was gone before, changes nothing. Raises Conflict.
    """
    team = await store.team_at(person.home)
    member = await store.member_at(team.id, person) if team is not None else None
    if team is None or member is None or member.left_at is not None:
        return
    unread = [Write(digest, None) for digest in await store.schedules(team.id) if digest.place == dm(person)]
    if others := tuple(account for account in member.accounts if account != person):
        admin_there = tuple(account for account in member.admin_accounts if account != person)
        stays = Write(member, replace(member, accounts=others, admin_accounts=admin_there))
        pending = await with_consequences(store, team, (stays, *unread), now=now, by=None)
    else:
        owned = await store.owned_by(team.id, member.id)
        needs_somebody = any(influencer.archived_at is None for influencer in owned)
        news = await _news_of(store, team, member, now) if needs_somebody else ()
        left = Write(member, replace(member, left_at=now))
        pending = await with_consequences(
            store, team, (left, *unread, *news), now=now, by=None, influencers=[influencer.id for influencer in owned]
        )
    await store.commit(by_the_clock("leave", team.id, pending.writes, pending.reads, now=now, new_id=new_id))


def _as_seen(member: Member, actor: Actor) -> Member:
    """A member as the platform shows them at this moment."""
    person = actor.person
    accounts = member.accounts if person in member.accounts else (*member.accounts, person)
    # Of somebody with several accounts the first one names them: else the name would change with every message.
    name = clean_line(actor.name)[:NAME_LIMIT] or person.id
    others = tuple(account for account in member.admin_accounts if account != person)
    admin_accounts = member.admin_accounts if person in member.admin_accounts else (*others, person)
    return replace(
        member,
        accounts=accounts,
        name=name if accounts[0] == person else member.name,
        admin_accounts=admin_accounts if actor.role is Role.ADMIN else others,
        seen_zone=known_zone(actor.timezone) or member.seen_zone,
        left_at=None,
    )


async def _news_of(store: Store, team: Team, member: Member, now: datetime) -> tuple[Write, ...]:
    """What tells each admin that a member has left; the team's channel, where no admin is known.

    Of somebody who leaves, comes back and leaves again within a day it is told once, unless it was not told at all.
    """
    admins = [one for one in await store.members(team.id) if one.hears_as_admin and one.id != member.id]
    readers: list[Member | None] = [*admins] or [None]
    day, writes = now.astimezone(team.zone).date(), []
    for reader in readers:
        id = notice_id(DeliveryKind.LEFT, f"{member.id}.{day}", reader.id if reader else team.id)
        known = await store.get(Delivery, team.id, id)
        news = Delivery(
            id=id,
            team=team.id,
            version=known.version if known else 0,
            kind=DeliveryKind.LEFT,
            about=member.id,
            member=reader.id if reader else None,
            on=now.astimezone(zone_of(team, reader)).date(),
            due_at=now,
            updated_at=now,
        )
        if known is None or known.state is DeliveryState.DROPPED:
            writes.append(Write(known, news))
    return tuple(writes)
