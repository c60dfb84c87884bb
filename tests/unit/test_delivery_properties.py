from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.address import PlaceKind
from bot.change import Write
from bot.clock import MovableClock
from bot.concerns import concerns, holds, is_ended
from bot.consequences import retract
from bot.consequences.pending import Pending
from bot.delivery import deliver
from bot.delivery.composing import message_now
from bot.model import (
    Delivery,
    DeliveryState,
    Direction,
    Influencer,
    Kept,
    Member,
    Nudge,
    NudgeState,
    Occasion,
    Promise,
    Side,
    Team,
)
from bot.nudging import tick
from bot.reply import Callback, Reply
from bot.views.nudges import names_only, nudge_message
from storage import open_store
from tests.fakes import (
    CHANNEL,
    MONDAY,
    FakeAdapter,
    Killed,
    Office,
    a_member,
    a_team,
    an_influencer,
    killed,
    lost_answer,
    not_posted,
    place_lost,
    pressable,
    words_of,
)

MEMBERS = (a_member("Ana"), a_member("Ben", timezone="Asia/Kolkata"))
PEOPLE = tuple(an_influencer(name) for name in ("Jess P", "Lee F", "Sam O", "Kim R", "Max A", "Zoe B", "Tom C"))

ABOUT_SOMEBODY = {"log", "plan", "delete", "promise", "keep", "occasion", "forget", "snooze", "own"}
"""Steps whose second word is one of PEOPLE, who may have been forgotten."""

people, members = st.sampled_from(range(len(PEOPLE))), st.sampled_from(range(len(MEMBERS)))
waits = st.tuples(st.just("wait"), st.integers(1, 80))
steps = st.one_of(
    st.tuples(st.just("log"), people, st.sampled_from(list(Direction))),
    st.tuples(st.just("plan"), people, st.integers(1, 9)),
    st.tuples(st.just("delete"), people),
    st.tuples(st.just("promise"), people, st.integers(-3, 9), st.sampled_from(list(Side))),
    st.tuples(st.just("keep"), people),
    st.tuples(st.just("occasion"), people, st.integers(0, 12)),
    st.tuples(st.just("forget"), people),
    st.tuples(st.just("hour"), members, st.integers(0, 23)),
    st.tuples(st.just("snooze"), people, st.integers(1, 20)),
    st.tuples(st.just("own"), people, st.sampled_from([*(member.id for member in MEMBERS), None])),
    st.tuples(st.just("not_needed"), st.integers(0, 9)),
    st.tuples(st.just("mute"), members, st.booleans()),
    st.tuples(st.just("leave"), members, st.booleans()),
    st.tuples(
        st.just("fail"),
        st.sampled_from(
            [
                not_posted(),
                not_posted(None),
                not_posted(7000),
                place_lost(),
                lost_answer(stands=True),
                lost_answer(stands=False),
                killed(stands=True),
                killed(stands=False),
            ]
        ),
    ),
    st.tuples(
        st.just("fail_edit"), st.sampled_from([not_posted(), lost_answer(stands=True), lost_answer(stands=False)])
    ),
    st.tuples(st.just("fail_find"), st.sampled_from([not_posted(), lost_answer(stands=False)])),
)


@asynccontextmanager
async def an_office() -> AsyncIterator[Office]:
    """A real store with two members and seven people, who have been silent for different whiles."""
    with TemporaryDirectory() as folder:
        store = await open_store(f"tinydb:{Path(folder) / 'rapport.json'}")
        office = Office(store, MovableClock(MONDAY))
        await office.add(a_team(channel=CHANNEL), *MEMBERS)
        for n, person in enumerate(PEOPLE):
            await office.add(person)
            await office.log(person, date(2026, 11, 23) - timedelta(days=44 + 3 * n))
        yield office
        await store.close()


async def forget(office: Office, who: Influencer) -> None:
    """Takes somebody away with all that is about them, and from what was said."""
    store, stored = office.store, await office.store.get(Influencer, "team_1", who.id)
    kept = [
        *await store.touchpoints("team_1", who.id),
        *await store.promises("team_1", who.id),
        *await store.occasions("team_1", who.id),
    ]
    pending = Pending(store, await office.team(), [Write(record, None) for record in (*kept, stored)])
    told = [one for one in await store.everything(Delivery, "team_1") if any(who.id in nudge for nudge in one.nudges)]
    await retract(pending, told, office.now)
    await office.write(*pending.writes)


async def wake(office: Office, adapter: FakeAdapter) -> None:
    """One wake-up, which may be the last of its process."""
    try:
        await tick(office.store, office.now, office.new_id)
        await deliver(office.store, {"fake": adapter}, office.clock, office.new_id)
    except* Killed:
        pass


async def take(  # noqa: C901, PLR0912 - one case a step
    office: Office, adapter: FakeAdapter, step: tuple[Any, ...]
) -> None:
    """One thing that somebody does, or that happens."""
    today = office.now.date()
    if step[0] in ABOUT_SOMEBODY and await office.store.get(Influencer, "team_1", PEOPLE[step[1]].id) is None:
        return
    match step:
        case "log", who, direction:
            await office.log(PEOPLE[who], today, direction, by="mem_ben")
        case "plan", who, days:
            await office.log(PEOPLE[who], today + timedelta(days=days))
        case "delete", who:
            for touch in await office.store.touchpoints("team_1", PEOPLE[who].id, limit=1):
                await office.write(Write(touch, None))
        case "promise", who, days, side:
            await office.add(
                Promise(
                    id=office.new_id("prm").replace("_", "_00000"),
                    team="team_1",
                    influencer=PEOPLE[who].id,
                    side=side,
                    what="the sample",
                    due=today + timedelta(days=days),
                    made_at=office.now,
                    made_by=None,
                )
            )
        case "keep", who:
            open_ones = [one for one in await office.store.promises("team_1", PEOPLE[who].id) if one.is_open]
            for promise in open_ones[:1]:
                await office.change(promise, outcome=Kept.KEPT, settled_on=today, settled_at=office.now)
        case "occasion", who, days:
            on = today + timedelta(days=days)
            await office.add(
                Occasion(
                    id=office.new_id("occ").replace("_", "_00000"),
                    team="team_1",
                    influencer=PEOPLE[who].id,
                    label="birthday",
                    month=on.month,
                    day=on.day,
                )
            )
        case "forget", who:
            await forget(office, PEOPLE[who])
        case "hour", member, hour:
            await office.change(MEMBERS[member], nudge_hour=time(hour))
        case "snooze", who, days:
            await office.change(PEOPLE[who], snoozed_until=today + timedelta(days=days))
        case "own", who, owner:
            await office.change(PEOPLE[who], owner=owner)
        case "not_needed", number:
            pressed = [one for one in await office.store.everything(Nudge, "team_1") if one.state is NudgeState.SENT]
            for nudge in pressed[number : number + 1]:
                await office.change(nudge, state=NudgeState.NOT_NEEDED, closed_by="mem_ana", closed_at=office.now)
        case "mute", member, wanted:
            await office.change(MEMBERS[member], nudges=wanted)
        case "leave", member, leaves:
            await office.change(MEMBERS[member], left_at=office.now if leaves else None)
        case "wait", hours:
            for _ in range(hours):
                office.move(hours=1)
                await wake(office, adapter)
        case "fail", failure:
            adapter.failures.append(failure)
        case "fail_edit", failure:
            adapter.edit_failures.append(failure)
        case "fail_find", failure:
            adapter.find_failures.append(failure)


@settings(max_examples=60)
@given(st.lists(st.one_of(waits, steps), min_size=10, max_size=30))
async def test_whatever_happens_nothing_is_lost_and_nothing_said_twice(story: list[tuple[Any, ...]]) -> None:
    """Logs, presses, leavers, refusals, crashes in any order, then ten quiet days.

    Then whoever needs somebody has a nudge, every nudge of somebody who wants nudges has gone out, no message stands
    twice, and each that stands says what is so.
    """
    async with an_office() as office:
        adapter = FakeAdapter()
        for step in story:
            await take(office, adapter, step)
        for failures in (adapter.failures, adapter.edit_failures, adapter.find_failures):
            failures.clear()
        await take(office, adapter, ("wait", 24 * 10))

        keys = [message.key for message in adapter.messages.values()]
        assert len(set(keys)) == len(keys)
        deliveries = await office.store.everything(Delivery, "team_1")
        assert not [one for one in deliveries if one.state in {DeliveryState.SENDING, DeliveryState.UNKNOWN}]
        gone = {one.name for one in PEOPLE} - {one.name for one in await office.store.roster("team_1")}
        assert not [name for name in gone if any(name in said for said in adapter.said)]
        await _nobody_is_forgotten(office)
        await _all_has_gone_out(office, deliveries)
        await _all_is_so(office, adapter, deliveries)


async def _nobody_is_forgotten(office: Office) -> None:
    """What needs somebody has an open nudge, unless it was not needed or somebody has reached out."""
    team = await office.team()
    for influencer in await office.store.everything(Influencer, "team_1"):
        nudges = {nudge.id: nudge for nudge in await office.store.nudges_of("team_1", influencer.id)}
        past = [(touch.day(team.zone), touch) for touch in await office.store.touchpoints("team_1", influencer.id)]
        for concern in concerns(team, await office.standing(influencer)):
            if holds(concern, office.now):
                nudge = nudges[concern.key]
                assert nudge.is_open or is_ended(nudge, past), nudge


async def _all_has_gone_out(office: Office, deliveries: tuple[Delivery, ...]) -> None:
    """Only for those who want none, a nudge may wait; for others at most until the next working day's hour."""
    waiting = {one.member for one in deliveries if one.state is DeliveryState.PENDING}
    members = {member.id: member for member in await office.store.members("team_1")}
    for nudge in await office.store.everything(Nudge, "team_1"):
        if nudge.state is NudgeState.RAISED:
            owner = members.get(nudge.member or "")
            assert owner is None or not owner.nudges or owner.left_at or nudge.member in waiting, nudge
            assert owner is not None or nudge.member in waiting, nudge
            influencer = await office.store.get(Influencer, "team_1", nudge.influencer)
            assert influencer is not None


async def _all_is_so(office: Office, adapter: FakeAdapter, deliveries: tuple[Delivery, ...]) -> None:
    """Each message shows those of its nudges as open that are."""
    team = await office.store.get(Team, "team_1", "team_1")
    assert team is not None
    for delivery in deliveries:
        if delivery.state is not DeliveryState.SENT:
            continue
        assert delivery.posted is not None
        assert None is delivery.due_at
        member = await office.store.get(Member, "team_1", delivery.member) if delivery.member else None
        expected = await message_now(office.store, team, member, delivery, office.now)
        stands = adapter.messages[delivery.posted.message].reply
        if delivery.member is not None and delivery.posted.place.kind is PlaceKind.CHANNEL:
            assert words_of(names_only(expected)) == words_of(stands)
        else:
            assert _open(nudge_message(expected)) == _open(stands)


def _open(reply: Reply) -> list[Callback]:
    """What can still be pressed, and so which nudges a message shows as open."""
    return [item.callback for item in pressable(reply)]
