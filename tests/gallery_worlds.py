"""The rosters of the product's gallery: an ordinary one, one as large as its limits, and a hostile one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from msgspec.structs import replace

from bot.address import Person, Place, Workspace
from bot.change import Change, Write, created
from bot.consequences import with_consequences
from bot.model import (
    NAME_LIMIT,
    NOTE_LIMIT,
    NOTES,
    Direction,
    Exchange,
    Gesture,
    Handle,
    Influencer,
    Medium,
    Member,
    Occasion,
    Pause,
    Record,
    Stage,
    StandingNote,
    Team,
    Tier,
    Touchpoint,
)
from bot.reading.words import clean, clean_line
from tests.desk import NOON, WORKSPACE, Desk
from tests.gallery import HOSTILE

TEAM = f"team_fake_{WORKSPACE}"
TODAY = date(2026, 11, 23)
ANA, BEN, FORMER = "mem_fake_acme_ana", "mem_fake_acme_ben", "mem_gone"

PLAIN_NAMES = {
    "quiet": "Jess Park",
    "alike": "Jess Liu",
    "waiting": "Sam Ode",
    "plan": "Lee Fox",
    "soon": "Kim Ray",
    "new": "Mia Jung",
    "paused": "Ola Berg",
    "snoozed": "Ann Cole",
    "planned": "Pat Reyes",
    "archived": "Tom Weir",
    "paid": "Zoe Hart",
}
_MARKS = "<!channel> <@U1> @everyone <t:0> [x](http://evil.example) *b* _i_ ~s~ `c` [red]r[/red] {slot} **b** &amp;"


@dataclass(frozen=True, slots=True)
class World:
    """A roster: what people are called on it and what their notes say; `many` more people share a first name."""

    name: str
    called: Callable[[str], str]
    note: Callable[[str], str]
    many: int = 0
    touches: int = 12
    notes: int = 2
    labels: int = 2
    silence: int = 34


def _long_name(plain: str) -> str:
    return f"{plain} {'Maximiliane-Theodora ' * 10}"[:NAME_LIMIT].strip()


def _long_note(plain: str) -> str:
    return f"{plain} {'She loves ceramics and early mornings. ' * 90}"[:NOTE_LIMIT].strip()


def _hostile_name(plain: str) -> str:
    return clean_line(f"{plain} {_MARKS} {HOSTILE['bidi']} {HOSTILE['emoji']}")[:NAME_LIMIT].strip()


def _hostile_note(plain: str) -> str:
    return clean("\n".join((plain, _MARKS, *HOSTILE.values())))[:NOTE_LIMIT].strip()


ORDINARY = World("ordinary", lambda plain: plain, lambda plain: plain)
WORST = World("worst", _long_name, _long_note, many=30, touches=60, notes=NOTES, labels=40, silence=64)
HOSTILITY = World("hostile", _hostile_name, _hostile_note, many=2)
WORLDS = (ORDINARY, WORST, HOSTILITY)


def influencer(world: World, key: str, **fields: object) -> Influencer:
    """Somebody on a roster; `inf_<key>` is their id."""
    first, _, last = PLAIN_NAMES.get(key, f"Jess Twin{key}").partition(" ")
    base = Influencer(
        id=f"inf_{key}",
        team=TEAM,
        name=world.called(f"{first} {last}"),
        handles=(Handle("instagram", f"{first}.{last}".casefold()),),
        tier=Tier.A,
        stage=Stage.MAINTAINING,
        owner=ANA,
        added_at=datetime(2026, 1, 5, 9, tzinfo=UTC),
        added_by=ANA,
    )
    return replace(base, **fields)


def touch(key: str, number: int, on: date, note: str, **fields: object) -> Touchpoint:
    """One contact, by Ana and outbound unless said otherwise."""
    base = Touchpoint(
        id=f"tch_{key}_{number:03}",
        team=TEAM,
        influencer=f"inf_{key}",
        on=on,
        medium=Medium.DM,
        direction=Direction.OUTBOUND,
        note=note,
        by=ANA,
        logged_at=datetime.combine(on, time(12), UTC),
    )
    return replace(base, **fields)


def people_of(world: World) -> list[Influencer]:
    """One person for each status, and as many of one first name as the roster has."""
    kept = tuple(
        StandingNote(world.note(f"Fact {number}."), (ANA, BEN, FORMER, None)[number % 4], NOON)
        for number in range(1, world.notes + 1)
    )
    marks = tuple(clean_line(world.note("food"))[:48].split() or ["food"])
    tags = tuple(dict.fromkeys((*marks[:3], *(f"tag-{number}" for number in range(world.labels)))))
    wishes = {
        "goal": world.note("a cookbook deal"),
        "motivation": world.note("to get out of sponsored posts"),
        "objective": world.note("a spring launch video"),
    }
    lines = {field: world.called(field) for field in ("email", "phone", "manager")}
    quiet = influencer(
        world, "quiet", notes=kept, tags=tags, aliases=(world.called("Jessica"),), address=world.note("12 Elm Rd"),
        **wishes, **lines,
    )  # fmt: skip
    new = {"tier": None, "stage": Stage.IDENTIFIED, "added_at": NOON - timedelta(days=1)}
    stopped = (Pause(TODAY - timedelta(days=40), stage=Stage.ESTABLISHING),)
    return [
        quiet,
        influencer(world, "alike", tier=None, owner=None),
        influencer(world, "waiting", owner=BEN, tier=Tier.B),
        influencer(world, "plan", owner=None, tier=Tier.B, handles=()),
        influencer(world, "soon", cadence=30),
        influencer(world, "new", **new),
        influencer(world, "paused", stage=Stage.PAUSED, pauses=stopped),
        influencer(world, "snoozed", snoozed_until=TODAY + timedelta(days=9)),
        influencer(world, "planned"),
        influencer(world, "archived", archived_at=NOON - timedelta(days=3)),
        influencer(world, "paid", owner=FORMER, tier=Tier.D),
        *(influencer(world, f"{number}", handles=(), tier=None) for number in range(world.many)),
    ]


def touches_of(world: World) -> list[Touchpoint]:
    """What happened: a rhythm that stopped, a question that waits, one contact, asks and payments."""

    def on(days: int) -> date:
        return TODAY - timedelta(days=days)

    found = [
        touch(
            "quiet", number, on(world.silence + 9 * number), world.note(f"note {number}"),
            medium=tuple(Medium)[number % len(Medium)],
            direction=(Direction.OUTBOUND, Direction.OUTBOUND, Direction.INBOUND, Direction.MUTUAL)[number % 4],
            exchange=tuple(Exchange)[number % 3],
            paid=number % 5 == 3,
            disclosed=number % 2 == 0,
            value="€1,200" if number % 5 == 3 else None,
            link="https://example.com/p/1?a=b&c=d" if number % 4 == 1 else None,
            by=(ANA, BEN, FORMER, None)[number % 4],
        )
        for number in range(world.touches)
    ]  # fmt: skip
    found += [
        touch("waiting", 2, on(4), world.note("when do we start?"), medium=Medium.EMAIL, direction=Direction.INBOUND),
        touch("waiting", 1, on(30), world.note("hello"), by=BEN),
        touch("plan", 2, on(95), world.note("met at the fair"), medium=Medium.MEETING, direction=Direction.MUTUAL),
        touch("plan", 1, on(125), ""),
        touch("soon", 1, on(28), world.note("sent the brief"), exchange=Exchange.ASK),
        touch("paused", 1, on(60), world.note("last words")),
        touch("snoozed", 1, on(80), world.note("on holiday"), medium=Medium.CALL, direction=Direction.MUTUAL),
        touch("planned", 2, TODAY + timedelta(days=3), world.note("lunch"), medium=Medium.MEETING),
        touch("planned", 1, on(50), ""),
        touch("archived", 1, on(200), world.note("moved on")),
        touch("alike", 1, on(1), world.note("said hi"), by=BEN, medium=Medium.COMMENT),
    ]
    found += [
        touch("paid", number, on(20 * number), "", paid=True, exchange=Exchange.ASK, medium=Medium.POST, by=BEN)
        for number in range(1, 4)
    ]
    return found


async def settle(desk: Desk, world: World) -> None:
    """Puts a roster and its past into the store of a desk."""

    def member(id: str, account: str, name: str, **fields: object) -> Member:
        person = Person("fake", WORKSPACE, account)
        return Member(id=id, team=TEAM, name=name, accounts=(person,), seen_zone="Europe/Berlin", **fields)  # type: ignore[arg-type]  # fields by name

    gestures = (
        Gesture(world.note("a video message")[:200], "https://example.com/video"),
        Gesture("a handwritten card"),
    )
    team = Team(
        id=TEAM,
        team=TEAM,
        name=world.called("Acme"),
        workspaces=(Workspace("fake", WORKSPACE),),
        timezone="Europe/Berlin",
        country="DE",
        days_off=(date(2026, 12, 24), date(2027, 1, 2)),
        channel=Place("fake", WORKSPACE, "team"),
        gestures=gestures if world is not ORDINARY else gestures[1:],
        created_at=NOON,
    )
    members = (
        member(ANA, "ana", "Ana"),
        member(BEN, "ben", "Ben"),
        member(FORMER, "gone", world.called("Flo Gone"), left_at=NOON - timedelta(days=9)),
    )
    birthday = Occasion(id="occ_1", team=TEAM, influencer="inf_quiet", label="birthday", month=3, day=14, year=1994)
    launch = Occasion(
        id="occ_2", team=TEAM, influencer="inf_soon", label=world.called("launch"), month=11, day=26, year=2026
    )
    records: tuple[Record, ...] = (*people_of(world), *touches_of(world), birthday, launch)
    await _commit(desk, created(team, *members), team)
    await _commit(desk, created(*records), team)


async def _commit(desk: Desk, writes: Sequence[Write], team: Team) -> None:
    # A moment ago, so that the clock has not yet raised what follows from it.
    then = desk.clock() - timedelta(minutes=1)
    pending = await with_consequences(desk.store, team, writes, now=then, by=None)
    await desk.store.commit(
        Change(id=desk.core.new_id("chg"), team=TEAM, at=then, by=None, verb="settle", writes=pending.writes)
    )
