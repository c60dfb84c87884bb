from __future__ import annotations

import typing
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from bot.address import Person, Place, PlaceKind, dm
from bot.briefing.leaving import left_message
from bot.change import Change, Write
from bot.errors import Conflict, StoreError, StoreFailed
from bot.inbound import Role
from bot.model import Delivery, DeliveryKind, Influencer, Member, Nudge, NudgeState, Record, Schedule, Standing
from bot.reply import Form
from bot.store_port import Store
from tests.desk import Desk, labels, words


class Counting:
    """A store that keeps what was asked for by id."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.asked: list[tuple[str, type[Record]]] = []

    def __getattr__(self, name: str) -> Any:
        """Everything else is the real store's."""
        return getattr(self._store, name)

    async def get(self, kind: type[Record], team: str, id: str) -> Record | None:
        """The real answer, counted."""
        self.asked.append(("get", kind))
        return await self._store.get(kind, team, id)

    async def get_all(self, kind: type[Record], team: str, ids: Sequence[str]) -> tuple[Record, ...]:
        """The real answer, counted."""
        self.asked.append(("get_all", kind))
        return await self._store.get_all(kind, team, ids)


class Refusing:
    """A store that takes nothing."""

    def __init__(self, store: Store, error: StoreError) -> None:
        self._store, self._error = store, error

    def __getattr__(self, name: str) -> Any:
        """Reading is the real store's."""
        return getattr(self._store, name)

    async def commit(self, change: Change) -> Change:
        """Refuses."""
        raise self._error


async def cast(desk: Desk) -> None:
    """Ana, an admin, Cem, who is none, and Ben, who looks after two people, one of them silent for long."""
    for name in ("ana", "ben", "cem"):
        await desk.says(name, "help")
    for name in ("Jess Park", "Lee Fox"):
        await desk.says("ben", f"add {name} tier:A")
    await desk.says("ben", "log jess call about spring launch on:2026-08-01")
    await desk.says("ben", "log lee call on:2026-11-20")


async def gone(desk: Desk, name: str = "ben") -> None:
    """An account is gone from the workspace."""
    await desk.core.leave(desk.actor(name).person)


async def news(desk: Desk) -> list[Delivery]:
    """The messages about who left."""
    found = await desk.store.everything(Delivery, (await desk.team()).id)
    return [one for one in found if one.kind is DeliveryKind.LEFT]


async def nudge(desk: Desk) -> Nudge:
    """The only nudge."""
    (found,) = await desk.store.everything(Nudge, (await desk.team()).id)
    return found


async def test_admins_are_told_who_left_and_whom_that_leaves(desk: Desk) -> None:
    """The most urgent first, with a button to hand them over; nothing is deleted, and others are not told."""
    await cast(desk)
    await gone(desk)
    await desk.turn()
    assert (await desk.member("ben")).left_at == desk.clock()
    (message,) = desk.messages_to("ana")
    said = words(message)
    assert "Ben has left the team, today (Mon 23 Nov). 2 relationships need a new owner;" in said
    assert said.index("• Jess Park — quiet, last contact 114 days ago") < said.index("• Lee Fox — on track")
    assert ["Hand over…"] == labels(message)
    assert [] == desk.messages_to("cem")
    assert 2 == len(await desk.store.owned_by((await desk.team()).id, (await desk.member("ben")).id))


async def test_who_waits_and_what_is_owed_come_before_silences(desk: Desk) -> None:
    """In the order of the due list."""
    await cast(desk)
    for name in ("Ida Waits", "Moe Owed"):
        await desk.says("ben", f"add {name} tier:A")
        await desk.says("ben", f"log {name} call on:2026-11-20")
    await desk.says("ben", "log ida replied: yes on:2026-11-22")
    await desk.says("ben", "promise moe the mug due:2026-11-06")
    await gone(desk)
    await desk.turn()
    (message,) = desk.messages_to("ana")
    names = [line[2:].split(" — ")[0] for line in words(message).splitlines() if line.startswith("• ")]
    assert ["Ida Waits", "Moe Owed", "Jess Park", "Lee Fox"] == names


async def test_standings_are_read_together(desk: Desk) -> None:
    """However many relationships somebody leaves, that is one read."""
    await cast(desk)
    await gone(desk)
    (delivery,) = await news(desk)
    counting = Counting(desk.store)
    assert await left_message(typing.cast("Store", counting), await desk.team(), delivery, desk.clock()) is not None
    assert [("get", Member), ("get_all", Standing)] == counting.asked


async def test_heard_twice_it_is_done_once(desk: Desk) -> None:
    """One mark, one message."""
    await cast(desk)
    await gone(desk)
    left_at = (await desk.member("ben")).left_at
    desk.clock.move(timedelta(hours=1))
    await gone(desk)
    assert left_at == (await desk.member("ben")).left_at
    assert 1 == len(await news(desk))


@pytest.mark.parametrize("error", [StoreFailed("disk full"), Conflict("mem_1")])
async def test_what_the_store_did_not_take_is_to_be_heard_again(desk: Desk, error: StoreError) -> None:
    """That somebody left, or is called otherwise, nobody says twice, so that whoever told it learns it was not kept."""
    await cast(desk)
    desk.core.store = typing.cast("Store", Refusing(desk.store, error))
    with pytest.raises(StoreFailed):
        await gone(desk)
    with pytest.raises(StoreFailed):
        await desk.core.notice(replace(desk.actor("ben"), name="Benjamin"))
    desk.core.store = desk.store
    await gone(desk)
    assert (await desk.member("ben")).left_at is not None


async def test_an_account_that_nobody_has_changes_nothing(desk: Desk) -> None:
    """Of those who never spoke, and of workspaces without a team."""
    await cast(desk)
    before = await desk.store.change_heads((await desk.team()).id)
    await gone(desk, "dee")
    await desk.core.leave(Person("fake", "elsewhere", "ben"))
    assert before == await desk.store.change_heads((await desk.team()).id)


async def test_nobody_is_told_of_somebody_who_looked_after_nobody(desk: Desk) -> None:
    """Or only after archived ones."""
    await cast(desk)
    await gone(desk, "cem")
    await desk.says("ben", "archive Jess Park")
    await desk.says("ben", "archive Lee Fox")
    await gone(desk)
    assert [] == await news(desk)


async def test_their_nudges_become_the_teams_and_theirs_again(desk: Desk) -> None:
    """What is open goes to the team's channel, and back with them when they say anything."""
    await cast(desk)
    await desk.waits(timedelta(hours=24))
    assert (await desk.member("ben")).id == (await nudge(desk)).member
    await gone(desk)
    assert (None, NudgeState.RAISED) == ((await nudge(desk)).member, (await nudge(desk)).state)
    await desk.waits(timedelta(hours=24))
    channel = Place("fake", "acme", "team")
    assert any("Jess Park" in message.says for message in desk.platform.at(channel))
    await desk.says("ben", "help")
    assert (await desk.member("ben")).left_at is None
    assert (await desk.member("ben")).id == (await nudge(desk)).member


async def test_whoever_is_back_is_not_told_of(desk: Desk) -> None:
    """A message that has not gone out yet has nothing to say any more; gone again, it has."""
    await cast(desk)
    await gone(desk)
    await desk.says("ben", "help")
    await desk.turn()
    assert [] == desk.messages_to("ana")
    await gone(desk)
    await desk.turn()
    assert 1 == len(desk.messages_to("ana"))


async def test_the_button_opens_the_handover_with_who_it_is_about(desk: Desk) -> None:
    """Handed over, they are nobody's news any more, and a second press says who did it."""
    await cast(desk)
    desk.admins.add("cem")
    await desk.says("cem", "help")
    await gone(desk)
    await desk.turn()
    (mine,), (other,) = desk.messages_to("ana"), desk.messages_to("cem")
    form = await desk.presses("ana", mine, "Hand over…")
    assert isinstance(form, Form)
    assert {"who": "Ben", "to": ""} == {one.name: one.value for one in form.inputs}
    assert "2 relationships" in words(await desk.fills("ana", form, to="ana"))
    assert "Already done by Ana: what Ben looked after was handed over to Ana." in words(
        await desk.presses("cem", other, "Hand over…")
    )


async def test_an_admin_is_whoever_the_platform_says_is_one_when_they_speak(desk: Desk) -> None:
    """Who is one no longer is not told; whoever was named one is."""
    await cast(desk)
    desk.roles["ana"] = Role.MEMBER
    await desk.says("ana", "help")
    assert not (await desk.member("ana")).hears_as_admin
    cem = await desk.member("cem")
    change = Write(cem, replace(cem, admin=True))
    await desk.store.commit(Change(id="chg_x", team=cem.team, at=desk.clock(), by=None, verb="test", writes=(change,)))
    await gone(desk)
    await desk.turn()
    assert [0, 1] == [len(desk.messages_to(name)) for name in ("ana", "cem")]


async def test_without_an_admin_the_team_is_told(desk: Desk) -> None:
    """In its channel: somebody has to know."""
    await cast(desk)
    desk.roles["ana"] = Role.MEMBER
    await desk.says("ana", "help")
    await gone(desk)
    await desk.turn()
    assert ["Ben has left"] == [message.says[:12] for message in desk.platform.at(Place("fake", "acme", "team"))]


async def test_one_account_among_several_is_taken_off(desk: Desk) -> None:
    """The member stays, and the account comes back to them and to nobody else."""
    await cast(desk)
    ben = await desk.member("ben")
    second = Person("fake", "acme", "ben2")
    change = Write(ben, replace(ben, accounts=(*ben.accounts, second)))
    await desk.store.commit(Change(id="chg_x", team=ben.team, at=desk.clock(), by=None, verb="test", writes=(change,)))
    await gone(desk)
    kept = await desk.store.get(Member, ben.team, ben.id)
    assert kept is not None
    assert ((second,), None) == (kept.accounts, kept.left_at)
    assert [] == await news(desk)
    await desk.says("ben", "help")
    assert (ben.id, (second, desk.actor("ben").person)) == (
        (await desk.member("ben")).id,
        (await desk.member("ben")).accounts,
    )


async def test_nothing_is_given_to_somebody_who_left(desk: Desk) -> None:
    """Own, add, edit and the button of a nudge refuse them."""
    await cast(desk)
    await gone(desk)
    assert "Ben has left the team" in words(await desk.says("ana", "own jess @ben"))
    assert "Ben has left the team" in words(await desk.says("ana", "add Kim Ray owner:Ben"))
    assert "Ben has left the team" in words(await desk.says("ana", "edit jess owner:Ben"))
    people = await desk.store.everything(Influencer, (await desk.team()).id)
    assert {"Jess Park", "Lee Fox"} == {one.name for one in people}


async def test_a_message_that_waits_for_them_becomes_the_teams(desk: Desk) -> None:
    """Nothing is written to an account that is gone."""
    await cast(desk)
    await desk.waits(timedelta(hours=20), step=timedelta(hours=20))
    await gone(desk)
    await desk.waits(timedelta(hours=24))
    assert [] == desk.platform.at(dm(desk.actor("ben").person))


class TestDigestsInADm:
    async def _asked(self, desk: Desk) -> None:
        await cast(desk)
        await desk.says("ben", "digest here every day 09:00")
        await desk.says("ben", "digest here every day 09:00", channel="general")

    async def _places(self, desk: Desk) -> list[PlaceKind]:
        return [one.place.kind for one in await desk.store.schedules((await desk.team()).id)]

    async def test_end_with_the_account_they_came_to(self, desk: Desk) -> None:
        """In the same commit; the one in a channel goes on, and whoever comes back has to ask anew."""
        await self._asked(desk)
        await gone(desk)
        (change,) = await desk.store.changes((await desk.team()).id, limit=1)
        await desk.waits(timedelta(hours=24))

        assert ("leave", 1) == (change.verb, sum(isinstance(write.before, Schedule) for write in change.writes))
        assert ([PlaceKind.CHANNEL], []) == (await self._places(desk), desk.messages_to("ben"))
        await desk.says("ben", "help")
        assert [PlaceKind.CHANNEL] == await self._places(desk)

    async def test_end_with_one_account_of_several(self, desk: Desk) -> None:
        """Ben stays, and his digest in the other workspace does."""
        await self._asked(desk)
        ben = await desk.member("ben")
        other = Person("fake", "other", "ben")
        write = Write(ben, replace(ben, accounts=(*ben.accounts, other)))
        (mine,) = [one for one in await desk.store.schedules(ben.team) if one.place.kind is PlaceKind.DM]
        there = replace(mine, id="sch_there", version=0, place=dm(other))
        await desk.store.commit(
            Change(id="chg_x", team=ben.team, at=desk.clock(), by=None, verb="test", writes=(write, Write(None, there)))
        )

        await gone(desk)

        left = [one.place for one in await desk.store.schedules(ben.team)]
        assert (True, None) == (dm(other) in left, (await desk.store.get(Member, ben.team, ben.id)).left_at)  # type: ignore[union-attr]
        assert desk.dm("ben") not in left

    async def test_one_that_is_left_over_is_called_off_when_it_is_due(self, desk: Desk) -> None:
        """Set up by an earlier version, say: nothing is posted, and the digest ends."""
        await self._asked(desk)
        ben = await desk.member("ben")
        left = Write(ben, replace(ben, left_at=desk.clock()))
        await desk.store.commit(
            Change(id="chg_x", team=ben.team, at=desk.clock(), by=None, verb="test", writes=(left,))
        )

        await desk.waits(timedelta(hours=24))

        assert ([PlaceKind.CHANNEL], []) == (await self._places(desk), desk.messages_to("ben"))
