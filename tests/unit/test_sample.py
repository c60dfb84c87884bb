from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from bot.address import Person, Place, Workspace
from bot.change import Change, Write, created
from bot.errors import Conflict
from bot.model import (
    Gesture,
    Influencer,
    Kept,
    Member,
    Nudge,
    NudgeReason,
    Occasion,
    Promise,
    Schedule,
    Side,
    Standing,
    Team,
    Touchpoint,
)
from bot.nudging import tick
from bot.sample import fill
from bot.standing import Book, Status, is_quiet, reckon, status
from storage import TinyStore, open_tiny

NOW = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
WEEK = tuple(NOW + timedelta(days=day) for day in range(7))
SEASONS = tuple(NOW + timedelta(days=day) for day in (46, 98, 127, 300, 460))


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[TinyStore]:
    """An empty store."""
    opened = open_tiny(tmp_path / "rapport.json")
    yield opened
    await opened.close()


async def found(store: TinyStore, name: str = "Mia", zone: str = "Europe/Berlin") -> tuple[Team, Member]:
    """A team and its first member, as a first contact makes them."""
    team = Team(
        id="team_1",
        team="team_1",
        name="Team",
        workspaces=(Workspace("console", "local"),),
        timezone=zone,
        created_at=NOW,
    )
    me = Member(id="mem_me", team=team.id, name=name, accounts=(Person("console", "local", name.casefold()),))
    change = Change(id="chg_1", team=team.id, at=NOW, by=None, verb="found", writes=created(team, me))
    stored = await store.commit(change)
    records = [write.after for write in stored.writes]
    assert isinstance(records[0], Team)
    assert isinstance(records[1], Member)
    return records[0], records[1]


async def sample(store: TinyStore, now: datetime = NOW, **asked: str) -> tuple[Team, Member]:
    """The same with the sample on its roster."""
    team, me = await found(store, **asked)
    await fill(store, team, me, now=now)
    return team, me


async def statuses(store: TinyStore, now: datetime) -> Counter[Status]:
    """How many relationships stand how."""
    today = now.astimezone((await store.teams())[0].zone).date()
    return Counter(status(standing, today) for standing in await store.everything(Standing, "team_1"))


async def test_it_says_how_many_are_on_the_roster(store: TinyStore) -> None:
    """The number it answers with is that of the influencers, about forty, with a year of touchpoints."""
    team, me = await found(store)

    count = await fill(store, team, me, now=NOW)

    roster = await store.everything(Influencer, team.id)
    assert count == len(roster) == len({one.name for one in roster})
    assert 35 <= count <= 45
    assert 600 <= len(await store.everything(Touchpoint, team.id)) <= 900


async def test_two_people_are_called_jess(store: TinyStore) -> None:
    """A newcomer who asks for Jess meets the question which one."""
    await sample(store)
    assert 2 == sum(entry.name.startswith("Jess ") for entry in await store.roster("team_1"))


async def test_each_handle_belongs_to_one(store: TinyStore) -> None:
    """Nobody shares a handle, and each is found by it."""
    await sample(store)
    for one in await store.everything(Influencer, "team_1"):
        for handle in one.handles:
            assert handle == type(handle)(handle.network.lower(), handle.name.lower())
            assert one == await store.influencer_with("team_1", handle)


async def test_two_colleagues_join(store: TinyStore) -> None:
    """Ana and Ben are members with accounts in the same workspace, and own some; others are mine or nobody's."""
    await sample(store)
    for name in ("ana", "ben"):
        member = await store.member_at("team_1", Person("console", "local", name))
        assert member is not None
        assert (name.title(), True) == (member.name, len(await store.owned_by("team_1", member.id)) > 5)
    assert len(await store.owned_by("team_1", "mem_me")) > 10
    assert 1 == len(await store.owned_by("team_1", None))


@pytest.mark.parametrize(("name", "members"), [("Ana", ["Ana", "Ben"]), ("Ben", ["Ana", "Ben"]), ("Zed", None)])
async def test_nobody_is_there_twice(store: TinyStore, name: str, members: list[str] | None) -> None:
    """Who is called as one of the colleagues takes their place."""
    await sample(store, name=name)
    assert (members or ["Ana", "Ben", "Zed"]) == sorted(member.name for member in await store.members("team_1"))


async def test_a_colleague_who_is_there_already_stays(store: TinyStore) -> None:
    """A member who has Ana's account is Ana; no second record is made for it."""
    team, me = await found(store)
    ana = Member(id="mem_known", team=team.id, name="Ana B.", accounts=(Person("console", "local", "ana"),))
    await store.commit(Change(id="chg_2", team=team.id, at=NOW, by=None, verb="join", writes=created(ana)))

    await fill(store, team, me, now=NOW)

    assert ["Ana B.", "Ben", "Mia"] == [member.name for member in await store.members(team.id)]
    assert len(await store.owned_by(team.id, "mem_known")) > 5


@pytest.mark.parametrize("now", [*WEEK, *SEASONS])
async def test_there_is_something_to_do_at_once(store: TinyStore, now: datetime) -> None:
    """On whatever day it is opened, some of mine wait or are quiet, more come within days, and most are well."""
    await sample(store, now)
    due = await store.needing_attention("team_1", now, owner="mem_me")
    coming = await store.attention_after("team_1", now, owner="mem_me", limit=5)

    assert 2 <= sum(standing.waiting_since is not None for standing in due) <= 3
    today = now.astimezone((await store.teams())[0].zone).date()
    assert 2 <= sum(standing.waiting_since is None and is_quiet(standing, today) for standing in due) <= 4
    assert 5 <= len(due) <= 12
    assert 3 <= sum(one.attention_at is not None and one.attention_at <= now + timedelta(days=7) for one in coming)
    found = await statuses(store, now)
    assert found[Status.ON_TRACK] + found[Status.DUE_SOON] > 20
    for kind in (Status.PAUSED, Status.SNOOZED, Status.WAITING_ON_THEM):
        assert 1 == found[kind]


@pytest.mark.parametrize("now", [WEEK[0], WEEK[5]])
async def test_three_weeks_bring_nudges(store: TinyStore, now: datetime) -> None:
    """When the clock is moved by three weeks, several more nudges of both kinds are raised for me."""
    await sample(store, now)
    numbers = iter(range(1000))

    await tick(store, now, lambda prefix: f"{prefix}_{next(numbers)}")
    at_first = {nudge.id for nudge in await store.nudges_raised("team_1", "mem_me")}
    await tick(store, now + timedelta(weeks=3), lambda prefix: f"{prefix}_{next(numbers)}")
    later = [nudge for nudge in await store.nudges_raised("team_1", "mem_me") if nudge.id not in at_first]

    assert len(at_first) >= 4
    reasons = Counter(nudge.reason for nudge in later)
    assert reasons[NudgeReason.QUIET] >= 5
    assert reasons[NudgeReason.WAITING_ON_US] >= 1
    assert len(await store.everything(Nudge, "team_1")) > len(at_first) + len(later)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Pacific/Auckland", "America/Los_Angeles"])
async def test_standings_are_what_the_touchpoints_add_up_to(store: TinyStore, zone: str) -> None:
    """Every standing in the sample equals the one that its touchpoints give when reckoned anew."""
    team, _ = await sample(store, zone=zone)
    for one in await store.everything(Influencer, team.id):
        standing = await store.get(Standing, team.id, f"std:{one.id}")
        book = Book(
            one,
            await store.touchpoints(team.id, one.id),
            await store.promises(team.id, one.id),
            await store.occasions(team.id, one.id),
        )
        assert standing == reckon(team, book, now=NOW, before=standing)


@pytest.mark.parametrize("now", WEEK)
async def test_a_year_ends_before_now(store: TinyStore, now: datetime) -> None:
    """Touchpoints lie within the last year and before now, dated as the team's calendar has them."""
    team, _ = await sample(store, now)
    for touch in await store.everything(Touchpoint, team.id):
        assert touch.at is not None
        assert now - timedelta(days=366) < touch.at < now
        assert touch.on == touch.at.astimezone(team.zone).date()
        assert touch.note.strip()
        assert not {"{", "}"} & set(touch.note)


async def test_notes_are_not_told_over_and_over(store: TinyStore) -> None:
    """The hundreds of notes are mostly different, and no two in a row with one person are the same."""
    team, _ = await sample(store)
    touches = await store.everything(Touchpoint, team.id)
    assert len({touch.note for touch in touches}) > len(touches) / 3
    for one in await store.everything(Influencer, team.id):
        notes = [touch.note for touch in await store.touchpoints(team.id, one.id)]
        assert all(newer != older for newer, older in pairwise(notes))


async def test_birthdays_come_soon_and_later(store: TinyStore) -> None:
    """Many have a birthday on record, some of them within a month, and one on a day that most years don't have."""
    await sample(store)
    occasions = [one for one in await store.everything(Occasion, "team_1") if one.label == "birthday"]
    ahead = [(NOW + timedelta(days=day)).date() for day in range(31)]
    soon = [one for one in occasions if (one.month, one.day) in {(day.month, day.day) for day in ahead}]
    assert len(occasions) > 15
    assert len(soon) >= 4
    assert 1 == sum((one.month, one.day) == (2, 29) for one in occasions)


@pytest.mark.parametrize("now", [*WEEK, *SEASONS])
async def test_there_are_days_of_other_kinds(store: TinyStore, now: datetime) -> None:
    """Launches come once and anniversaries every year, all of them still ahead."""
    await sample(store, now)
    others = [one for one in await store.everything(Occasion, "team_1") if one.label != "birthday"]
    assert {True, False} == {one.yearly for one in others}
    assert all(one.next_from(now.date()) is not None for one in others)


@pytest.mark.parametrize("now", [*WEEK, *SEASONS])
async def test_promises_stand_in_every_way(store: TinyStore, now: datetime) -> None:
    """Ours and theirs, late, due, without a date and settled in each way, payments among the open ones."""
    team, _ = await sample(store, now)
    today = now.astimezone(team.zone).date()
    promises = await store.everything(Promise, team.id)
    of_jess = [one for one in promises if one.influencer == "inf_sample_01"]

    assert {None, *Kept} == {one.outcome for one in promises}
    assert set(Side) == {one.side for one in promises if one.is_late(today)}
    assert {True, False} == {one.due is None for one in promises if one.is_open}
    assert 1 <= sum(one.payment and one.is_late(today) for one in promises) < sum(one.payment for one in promises)
    assert (6, 1) == (sum(one.outcome is not None for one in of_jess if one.side is Side.WE), sum(map(_open, of_jess)))
    assert all(one.made_at < now and (one.settled_at is None or one.settled_at < now) for one in promises)
    assert all(one.outcome is not Kept.KEPT or one.due is None or _kept_in_time(one) for one in promises)


async def test_some_wishes_are_not_known(store: TinyStore) -> None:
    """Most have a goal; of a few it is still to be asked, so that the digest has something to say."""
    await sample(store)
    unknown = sum(one.goal is None for one in await store.everything(Influencer, "team_1"))
    assert 3 <= unknown <= 10


async def test_the_team_has_gestures_and_a_digest(store: TinyStore) -> None:
    """Where the team has a channel, it gets a digest there, and gestures, some with a link that helps to do them."""
    team, me = await found(store)
    channel = Place("console", "local", "team")
    settled = replace(team, channel=channel)
    change = Change(id="chg_2", team=team.id, at=NOW, by=None, verb="settings", writes=(Write(team, settled),))
    await store.commit(change)
    await fill(store, team, me, now=NOW)
    (digest,) = await store.schedules(team.id)
    (stored,) = await store.teams()

    assert (channel, (0,), time(9)) == (digest.place, digest.weekdays, digest.at)
    assert digest.set_up_by in {member.id for member in await store.members(team.id)}
    assert any(gesture.link for gesture in stored.gestures)


async def test_gestures_of_ones_own_are_left_alone(store: TinyStore) -> None:
    """A team that has a list keeps it; without a channel there is no digest."""
    team, me = await found(store)
    settled = replace(team, gestures=(Gesture("cake"),))
    change = Change(id="chg_2", team=team.id, at=NOW, by=None, verb="settings", writes=(Write(team, settled),))
    await store.commit(change)
    await fill(store, team, me, now=NOW)

    assert [(Gesture("cake"),)] == [stored.gestures for stored in await store.teams()]
    assert () == await store.schedules(team.id)


def _open(promise: Promise) -> bool:
    return promise.is_open


def _kept_in_time(promise: Promise) -> bool:
    return promise.due is not None and promise.settled_on is not None and promise.settled_on <= promise.due


async def test_everybody_sees_the_same(tmp_path: Path) -> None:
    """Two samples of one moment are equal in every record."""

    async def records(folder: str) -> list[Any]:
        store = open_tiny(tmp_path / folder / "rapport.json")
        await sample(store)
        kinds: tuple[type[Any], ...] = (Member, Influencer, Touchpoint, Promise, Occasion, Standing, Schedule)
        found = [await store.everything(kind, "team_1") for kind in kinds]
        await store.close()
        return found

    assert await records("one") == await records("two")


async def test_undo_does_not_take_it_back(store: TinyStore) -> None:
    """It is nobody's change, so that no member's undo reaches it."""
    await sample(store)
    assert ["sample"] == [change.verb for change in await store.changes("team_1", limit=1)]
    assert () == await store.change_heads("team_1", by="mem_me")


async def test_a_second_sample_is_refused(store: TinyStore) -> None:
    """On a roster that has the sample already nothing is doubled."""
    team, me = await sample(store)
    with pytest.raises(Conflict):
        await fill(store, team, me, now=NOW)
