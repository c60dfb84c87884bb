"""The sample: a made-up roster and a year with it, for a store that is thrown away.

Nothing is drawn at random: what happened follows from the names and from `now`, so that everybody sees the same sample.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from bot.address import Person
from bot.calendar import start_of
from bot.change import Change, created
from bot.consequences import with_consequences
from bot.model import Handle, Influencer, Member, Occasion, Pause, Record, Stage, StandingNote, Team
from bot.sample.people import ANA, BEN, ME, ROSTER, Sketch
from bot.sample.year import touchpoints_of
from bot.store_port import Store

COLLEAGUES: Final = {ANA: "Ana", BEN: "Ben"}
"""The accounts of the two made-up members, and what they are called."""


async def fill(store: Store, team: Team, me: Member, *, now: datetime) -> int:
    """Puts the sample on the empty roster of a team, in one Change of nobody's, and says how many influencers it has.

    `me` answers for some of them, Ana and Ben for the others; they join as members in the workspace of `me`'s first
    account, unless they are there already. Standings are as of `now`, and everything is ready for the next tick.
    Conflict where the team has the sample already.
    """
    owners, joining = await _members(store, team, me)
    records: list[Record] = [*joining]
    for number, sketch in enumerate(ROSTER, start=1):
        records += _relationship(f"sample_{number:02}", sketch, team, owners, now)
    writes = await with_consequences(store, team, created(*records), now=now, by=None)
    change = Change(id=f"chg_sample_{team.id}", team=team.id, at=now, by=None, verb="sample", writes=writes)
    await store.commit(change)
    return len(ROSTER)


async def _members(store: Store, team: Team, me: Member) -> tuple[Mapping[str | None, Member], tuple[Member, ...]]:
    """Who the owners of the sample are, and those of them who have to join first."""
    owners: dict[str | None, Member] = {ME: me}
    joining = []
    account = me.accounts[0]
    for name, called in COLLEAGUES.items():
        person = Person(account.platform, account.workspace, name)
        known = me if _goes_by(me, called) else await store.member_at(team.id, person)
        if known is None:
            id = f"mem_{person.platform}_{person.workspace}_{person.id}"
            known = Member(id=id, team=team.id, name=called, accounts=(person,), seen_zone=me.seen_zone)
            joining.append(known)
        owners[name] = known
    return owners, tuple(joining)


def _goes_by(member: Member, name: str) -> bool:
    return name.casefold() in {member.name.casefold(), *(account.id.casefold() for account in member.accounts)}


def _relationship(
    key: str, sketch: Sketch, team: Team, owners: Mapping[str | None, Member], now: datetime
) -> Iterable[Record]:
    """An influencer with occasions and touchpoints, as they are created."""
    today = now.astimezone(team.zone).date()
    owner = owners.get(sketch.owner)
    added = start_of(today - timedelta(days=sketch.known_for), team.zone)
    yield Influencer(
        id=f"inf_{key}",
        team=team.id,
        name=sketch.name,
        handles=tuple(Handle(*handle.split(":")) for handle in sketch.handles.split()),
        email=sketch.email,
        manager=sketch.manager,
        notes=(StandingNote(sketch.note, owner.id if owner else None, added),) if sketch.note else (),
        tags=tuple(sketch.tags.split()),
        tier=sketch.tier,
        cadence=sketch.cadence,
        stage=Stage.PAUSED if sketch.paused_for else sketch.stage,
        owner=owner.id if owner else None,
        goal=sketch.goal,
        motivation=sketch.motivation,
        objective=sketch.objective,
        pauses=(Pause(today - timedelta(days=sketch.paused_for), stage=sketch.stage),) if sketch.paused_for else (),
        snoozed_until=today + timedelta(days=sketch.snoozed_for) if sketch.snoozed_for else None,
        added_at=added,
        added_by=owner.id if owner else None,
    )
    if sketch.birthday_in is not None:
        on = today + timedelta(days=sketch.birthday_in)
        yield Occasion(
            id=f"occ_{key}",
            team=team.id,
            influencer=f"inf_{key}",
            label="birthday",
            month=on.month,
            day=on.day,
            year=sketch.born,
        )
    colleagues = tuple(dict.fromkeys(member.id for member in owners.values()))
    yield from touchpoints_of(sketch, team, f"inf_{key}", (owner.id if owner else colleagues[-1], *colleagues), today)


__all__ = ["COLLEAGUES", "fill"]
