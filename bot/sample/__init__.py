"""The sample: a made-up roster and a year with it, for a store that is thrown away.

Nothing is drawn at random: what happened follows from the names and from `now`, so that everybody sees the same sample.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Final

from msgspec.structs import replace

from bot.address import Person
from bot.calendar import start_of
from bot.change import Change, Write, created
from bot.consequences import with_consequences
from bot.model import (
    Handle,
    Influencer,
    Member,
    Occasion,
    Pause,
    Promise,
    Record,
    Schedule,
    Stage,
    StandingNote,
    Team,
)
from bot.sample.people import ANA, BEN, ME, ROSTER, Sketch
from bot.sample.promises import DAYS, DIGEST_DAY, DIGEST_HOUR, GESTURES, PROMISES, Day, Pledge
from bot.sample.year import touchpoints_of
from bot.store_port import Store

OFFICE_HOURS: Final = timedelta(hours=10)
"""How far into its day a promise was given or settled."""

COLLEAGUES: Final = {ANA: "Ana", BEN: "Ben"}
"""The accounts of the two made-up members, and what they are called."""


async def fill(store: Store, team: Team, me: Member, *, now: datetime) -> int:
    """Puts the sample on the empty roster of a team, in one Change of nobody's, and says how many influencers it has.

    The team gets a list of gestures where it has none, and where it has a channel a digest there on Mondays.
    `me` answers for some of them, Ana and Ben for the others; they join as members in the workspace of `me`'s first
    account, unless they are there already. Standings are as of `now`, and everything is ready for the next tick.
    Conflict where the team has the sample already.
    """
    owners, joining = await _members(store, team, me)
    records: list[Record] = [*joining]
    for number, sketch in enumerate(ROSTER, start=1):
        records += _relationship(f"sample_{number:02}", sketch, team, owners, now)
    known = await store.get(Team, team.id, team.id) or team
    settled = replace(known, gestures=known.gestures or GESTURES)
    records += _digest(settled, owners[ANA], now)
    changes = (*created(*records), *([Write(known, settled)] if settled != known else []))
    pending = await with_consequences(store, settled, changes, now=now, by=None)
    change = Change(
        id=f"chg_sample_{team.id}",
        team=team.id,
        at=now,
        by=None,
        verb="sample",
        writes=pending.writes,
        reads=pending.reads,
    )
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
    by = owner.id if owner else None
    for number, day in enumerate(_days(sketch), start=1):
        yield _occasion(f"{key}_{number}", day, f"inf_{key}", team, by, today)
    for number, pledge in enumerate(PROMISES.get(sketch.name, ()), start=1):
        yield _promise(f"{key}_{number}", pledge, f"inf_{key}", team, by, today)
    colleagues = tuple(dict.fromkeys(member.id for member in owners.values()))
    yield from touchpoints_of(sketch, team, f"inf_{key}", (owner.id if owner else colleagues[-1], *colleagues), today)


def _days(sketch: Sketch) -> Iterable[Day]:
    """The birthday, where it is known, and what else is coming."""
    if sketch.birthday_in is not None:
        yield Day(label="birthday", ahead=sketch.birthday_in, year=sketch.born)
    yield from DAYS.get(sketch.name, ())


def _occasion(key: str, day: Day, influencer: str, team: Team, by: str | None, today: date) -> Occasion:
    on = today + timedelta(days=day.ahead)
    return Occasion(
        id=f"occ_{key}",
        team=team.id,
        influencer=influencer,
        label=day.label,
        month=day.month or on.month,
        day=day.day or on.day,
        year=day.year if day.yearly else on.year,
        yearly=day.yearly,
        added_by=by,
    )


def _promise(key: str, pledge: Pledge, influencer: str, team: Team, by: str | None, today: date) -> Promise:
    made = start_of(today + timedelta(days=pledge.made), team.zone) + OFFICE_HOURS
    settled_on = today + timedelta(days=pledge.settled) if pledge.settled is not None else None
    return Promise(
        id=f"prm_{key}",
        team=team.id,
        influencer=influencer,
        side=pledge.side,
        what=pledge.what,
        due=today + timedelta(days=pledge.due) if pledge.due is not None else None,
        payment=pledge.payment,
        value=pledge.value,
        link=pledge.link,
        made_at=made,
        made_by=by,
        outcome=pledge.outcome,
        settled_on=settled_on,
        settled_by=by if settled_on else None,
        settled_at=start_of(settled_on, team.zone) + OFFICE_HOURS if settled_on else None,
    )


def _digest(team: Team, by: Member, now: datetime) -> Iterable[Schedule]:
    if team.channel is not None:
        yield Schedule(
            id=f"sch_sample_{team.id}",
            team=team.id,
            place=team.channel,
            weekdays=(DIGEST_DAY,),
            at=time(DIGEST_HOUR),
            set_up_by=by.id,
            set_up_at=now,
        )


__all__ = ["COLLEAGUES", "fill"]
