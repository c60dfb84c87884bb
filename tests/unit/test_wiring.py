from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.address import Person, dm
from bot.clock import random_id
from bot.inbound import Command
from bot.model import Delivery, DeliveryState
from bot.nudging import tick
from bot.settings import Settings
from bot.wiring import Office, Sample
from storage import open_store
from tests.desk import Desk


class Held:
    """Something that begins, and ends when it is let."""

    def __init__(self) -> None:
        self.begun, self.let = asyncio.Event(), asyncio.Event()

    async def has_begun(self) -> None:
        """Waits for it, and not for ever where it never comes."""
        await asyncio.wait_for(self.begun.wait(), timeout=30)

    async def __call__(self) -> None:
        self.begun.set()
        await self.let.wait()


@pytest.fixture
async def office(desk: Desk) -> Office:
    """An office in which a message to Ana is due."""
    made = Office(Settings.model_validate({}), desk.store, desk.clock, random_id)
    made.adapters["fake"] = desk.platform
    await desk.says("ana", "add Jess Park tier:A")
    await desk.says("ana", "log Jess Park call 2026-09-01")
    for _ in range(2):
        desk.clock.move(timedelta(days=1))
        await tick(desk.store, desk.clock(), random_id)
    return made


async def states(folder: Path, team: str) -> list[DeliveryState]:
    """What became of the messages, as a process finds it that starts later."""
    store = await open_store(f"tinydb:{folder / 'rapport.json'}")
    try:
        return [delivery.state for delivery in await store.everything(Delivery, team)]
    finally:
        await store.close()


async def test_a_message_on_its_way_is_sent_before_the_store_closes(desk: Desk, office: Office, tmp_path: Path) -> None:
    """Told to stop in the middle of a post, the process finishes it, and knows afterwards that it was sent."""
    team, post = (await desk.team()).id, Held()
    desk.platform.meanwhile = post
    office.start_clock()
    await post.has_begun()
    closing = asyncio.create_task(office.close())
    for _ in range(10):
        await asyncio.sleep(0)
    assert (False, False) == (closing.done(), desk.platform.is_closed)
    post.let.set()
    await closing
    assert (True, 1) == (desk.platform.is_closed, len(desk.messages_to("ana")))
    assert [DeliveryState.SENT] == await states(tmp_path, team)


async def test_a_job_that_does_not_finish_is_given_up(desk: Desk, office: Office, tmp_path: Path) -> None:
    """What hangs does not keep the process: it is cancelled, and the message is looked at after a restart."""
    team, post = (await desk.team()).id, Held()
    desk.platform.meanwhile = post
    office.start_clock()
    await post.has_begun()
    await office.close(within=0)
    assert [DeliveryState.SENDING] == await states(tmp_path, team)


async def test_closing_twice_or_before_the_start_is_no_failure(desk: Desk, office: Office) -> None:
    """An office whose clock never ran closes like any other."""
    await office.close()
    await office.close()
    assert True is desk.platform.is_closed


@pytest.mark.parametrize(
    ("setting", "said", "expected"),
    [
        ("UTC", "Europe/Lisbon", "Europe/Lisbon"),
        ("UTC", "Mars/Olympus", "UTC"),
        ("UTC", None, "UTC"),
        ("Asia/Tokyo", "Europe/Lisbon", "Asia/Tokyo"),
    ],
)
async def test_a_new_team_begins_in_a_zone_that_exists(
    desk: Desk, setting: str, said: str | None, expected: str
) -> None:
    """The settings come first, then what the platform says of who speaks, where there is such a zone."""
    office = Office(Settings.model_validate({"RAPPORT_TIMEZONE": setting}), desk.store, desk.clock, random_id)
    actor = replace(desk.actor("ana"), person=Person("fake", "elsewhere", "ana"), timezone=said)
    await office.dispatch(Command(verb="help", actor=actor, place=dm(actor.person), heard="h"))
    team = await desk.store.team_at(actor.person.home)
    assert expected == (team.timezone if team else None)


async def test_a_moved_clock_stops_at_every_quarter_of_an_hour(desk: Desk, office: Office) -> None:
    """What is due at half past nine comes at half past nine, whatever the minute at which the sample was opened."""
    desk.clock.move(timedelta(minutes=8))
    sample = Sample(office, desk.actor("ana"), random_id)
    await sample.open_sample()
    opened = office.desk.clock()
    try:
        await sample.later("2 days")
        found = await office.desk.store.everything(Delivery, (await desk.team()).id)
        posted = {one.updated_at.minute for one in found if one.state is DeliveryState.SENT}
        assert (8, {30}, opened + timedelta(days=2)) == (opened.minute, posted, office.desk.clock())
    finally:
        await sample.close()
