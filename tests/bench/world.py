"""Worlds: made-up rosters of any size, with the touchpoints, Standings and audit that a team's work leaves behind.

Nothing is drawn at random. Every relationship follows one of a few histories; what the product reckons from a history
is reckoned once for each day that it may turn quiet on, so that a million Standings are right and quickly made.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import chain
from multiprocessing import get_context
from pathlib import Path

from msgspec.structs import replace

from bot.address import Person, Place, Workspace
from bot.model import (
    Direction,
    Handle,
    Influencer,
    Kept,
    Medium,
    Member,
    Occasion,
    OccasionDay,
    Owed,
    Promise,
    Record,
    Side,
    Stage,
    Standing,
    Team,
    Tier,
    Touchpoint,
    standing_id,
)
from bot.standing import Book, reckon
from storage import rows
from storage.disk import Files
from storage.snapshot import write_snapshot
from storage.tables import Rows
from tests.bench.names import account_of, name_of
from tests.desk import NOON, WORKSPACE

TEAM = Team(
    id=f"team_fake_{WORKSPACE}",
    team=f"team_fake_{WORKSPACE}",
    version=1,
    name="Acme",
    workspaces=(Workspace("fake", WORKSPACE),),
    timezone="Europe/Berlin",
    channel=Place("fake", WORKSPACE, "team"),
    created_at=NOON - timedelta(days=900),
)
MEMBERS = tuple(
    Member(
        id=f"mem_fake_{WORKSPACE}_{name.casefold()}",
        team=TEAM.id,
        version=1,
        name=name,
        accounts=(Person("fake", WORKSPACE, name.casefold()),),
        timezone="Europe/Berlin",
    )
    for name in ("Ana", "Ben", "Cleo", "Dev", "Eve", "Fay", "Gus", "Hal", "Ida", "Jo")
)

HISTORIES = 24
"""Different courses that a relationship takes."""

DAYS = 9
"""Days ahead on each of which the same number of relationships turns quiet, where a world has a `due_daily`."""

_MOMENTS = (
    (Medium.CALL, Direction.MUTUAL, "Long call about the spring line; wants to film it in her own kitchen."),
    (Medium.EMAIL, Direction.OUTBOUND, "Sent the brief, two dates and the brand book."),
    (Medium.DM, Direction.INBOUND, "Loves the new glaze, would do a launch with us."),
    (Medium.MEETING, Direction.MUTUAL, "Coffee at VidCon. Moving to Lisbon in May, looking for a studio there."),
    (Medium.COMMENT, Direction.OUTBOUND, "Congratulated on the 100k."),
    (Medium.GIFT, Direction.OUTBOUND, "Sent the sample box with a handwritten card, no strings attached."),
    (Medium.DM, Direction.INBOUND, "Asked when the next drop is."),
)


@dataclass(frozen=True, slots=True)
class World:
    """How much there is of everything; each influencer brings a Standing, each touchpoint the Change that logged it.

    Without a `due_daily` a few in a hundred are quiet already. With one, nobody is, and as many turn quiet on each of
    the next DAYS days; only those then have touchpoints. `promised`: every tenth has a promise, open or kept.
    """

    influencers: int
    touches: int = 10
    due_daily: int = 0
    promised: bool = False

    @property
    def documents(self) -> int:
        """How many documents it has."""
        storied = self.due_daily * DAYS or self.influencers
        promises = (self.influencers + 9) // 10 if self.promised else 0
        records = 2 * self.influencers + (self.influencers + 3) // 4 + promises
        return 1 + len(MEMBERS) + records + 2 * self.touches * storied

    @classmethod
    def of(cls, documents: int) -> World:
        """A world of at most so many documents."""
        return cls(int((documents - 2 - len(MEMBERS)) / (2.25 + 2 * cls(0).touches)))


def write_world(world: World, path: Path) -> None:
    """Writes a world as a store's snapshot, in a process of its own, whose memory is gone when it is done."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        pool.submit(_write, world, path).result()


def influencer_id(number: int) -> str:
    """The id of a person by their number."""
    return f"inf_b{number:015}"


def _write(world: World, path: Path) -> None:
    write_snapshot(path, Files(path).unfinished, _rows(world), world.influencers)


def _rows(world: World) -> Rows:
    tables: dict[str, list[bytes]] = {table: [] for table in (*rows.TABLES.values(), rows.CHANGES)}
    for record in chain((TEAM,), MEMBERS, *(relationship(world, number) for number in range(world.influencers))):
        tables[rows.TABLES[type(record)]].append(rows.dump(record))
        if isinstance(record, Touchpoint):
            tables[rows.CHANGES].append(rows.dump_stored(_logged(record)))
    return {table: dict(enumerate(documents, start=1)) for table, documents in tables.items()}


def relationship(world: World, number: int) -> Iterator[Record]:
    """An influencer with everything that is about them."""
    history, owner = number % HISTORIES, MEMBERS[number % len(MEMBERS)].id
    turns_quiet = _turns_quiet(world, number, _patience(history, world.touches))
    touches, standing = _course(history, world.touches, turns_quiet)
    id = influencer_id(number)
    own = [replace(touch, id=f"tch_b{number:09}{at:06}", influencer=id, by=owner) for at, touch in enumerate(touches)]
    yield _influencer(number, owner)
    last = replace(standing.last, touchpoint=own[-1].id, by=owner) if standing.last else None
    standing = replace(standing, id=standing_id(id), influencer=id, owner=owner, last=last)
    if number % 4 == 0:
        birthday = _birthday(number)
        yield birthday
        on = birthday.next_from(NOON.date())
        standing = replace(standing, occasions=(OccasionDay(birthday.id, on),) if on else ())
    if world.promised and number % 10 == 0:
        promise = _promise(number, owner)
        yield promise
        owed = (Owed(promise.id, promise.side, promise.due),) if promise.is_open and promise.due else ()
        standing = replace(standing, owed=owed)
    yield standing
    if not world.due_daily or number < world.due_daily * DAYS:
        yield from own


def _birthday(number: int) -> Occasion:
    """In the middle of March, four months off."""
    day = 10 + number // 4 % 10
    id = f"occ_b{number:015}"
    return Occasion(
        id=id, team=TEAM.id, version=1, influencer=influencer_id(number), label="birthday", month=3, day=day
    )


def _promise(number: int, owner: str) -> Promise:
    """Ours and theirs, some late, some of this week, every third one kept."""
    due = NOON.date() + timedelta(days=number // 10 % 12 - 4)
    kept = number // 10 % 3 == 0
    return Promise(
        id=f"prm_b{number:015}",
        team=TEAM.id,
        version=1,
        influencer=influencer_id(number),
        side=Side.THEY if number // 10 % 4 == 3 else Side.WE,
        what="send the spring samples",
        due=due,
        made_at=NOON - timedelta(days=30),
        made_by=owner,
        outcome=Kept.KEPT if kept else None,
        settled_on=NOON.date() - timedelta(days=2) if kept else None,
        settled_by=owner if kept else None,
    )


def _influencer(number: int, owner: str) -> Influencer:
    account = account_of(number)
    return Influencer(
        id=influencer_id(number),
        team=TEAM.id,
        version=1,
        name=name_of(number),
        handles=(Handle("instagram", account), Handle("tiktok", account.replace(".", ""))),
        email=f"{account}@creators.example",
        tags=("food", "ceramics"),
        tier=Tier.B,
        stage=Stage.MAINTAINING,
        owner=owner,
        goal="a cookbook deal",
        added_at=NOON - timedelta(days=800),
        added_by=MEMBERS[0].id,
    )


def _turns_quiet(world: World, number: int, patience: int) -> int:
    """In how many days a relationship turns quiet that would do so `patience` days after its last contact."""
    if not world.due_daily:
        return number % (patience + 1)
    day, _ = divmod(number, world.due_daily)
    return day + 1 if day < DAYS else DAYS + 1 + number % (patience - DAYS)


@cache
def _patience(history: int, touches: int) -> int:
    standing = _course(history, touches, None)[1]
    if standing.nudge_after is None or standing.nudge_after <= DAYS:
        raise ValueError(f"history {history} turns quiet too soon to be of use")
    return standing.nudge_after


@cache
def _course(history: int, touches: int, turns_quiet: int | None) -> tuple[tuple[Touchpoint, ...], Standing]:
    """The touchpoints of a history, oldest first, and what they add up to; `None`: the last one is today's."""
    today = NOON.date()
    newest = today if turns_quiet is None else today + timedelta(days=turns_quiet - _patience(history, touches))
    told = tuple(_touch(history, at, on) for at, on in enumerate(_days(history, touches, newest)))
    standing = reckon(TEAM, Book(_influencer(0, MEMBERS[0].id), told), now=NOON, before=None)
    return told, replace(standing, version=1)


def _days(history: int, touches: int, newest: date) -> list[date]:
    """The days something happened on, oldest first, at a pace of two to eight weeks that comes and goes by a third."""
    pace = 14 + 2 * history
    days = [newest]
    while len(days) < touches:
        days.append(days[-1] - timedelta(days=pace + (len(days) * 7 + history) % (pace // 3)))
    return days[::-1]


def _touch(history: int, at: int, on: date) -> Touchpoint:
    """Whoever wrote last, a call ended it, so that nobody waits for an answer."""
    medium, direction, note = _MOMENTS[(history + at) % len(_MOMENTS)]
    when = datetime.combine(on, time(10, at), tzinfo=NOON.tzinfo)
    return Touchpoint(
        id="",
        team=TEAM.id,
        version=1,
        influencer="",
        on=on,
        at=when,
        medium=medium,
        direction=direction if direction is not Direction.INBOUND else Direction.MUTUAL,
        note=note,
        by="",
        logged_at=when,
    )


def _logged(touch: Touchpoint) -> rows.StoredChange:
    """The Change that logged a touchpoint, as the audit keeps it after its 7 days."""
    return rows.StoredChange(
        v=rows.SHAPE,
        id=f"chg_{touch.id.removeprefix('tch_')}",
        team=touch.team,
        at=touch.logged_at,
        by=touch.by,
        verb="log",
        heard=f"heard_{touch.id.removeprefix('tch_')}",
        undoes=None,
        writes=(),
        touched=(touch.id, standing_id(touch.influencer)),
    )
