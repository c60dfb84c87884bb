"""What every store promises, whatever it keeps its records in. A store's tests subclass it and open it for real."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, timedelta

import msgspec
import pytest

from bot.address import Person, Workspace
from bot.change import Change, Write, created
from bot.errors import AlreadyDone, Conflict
from bot.model import (
    Delivery,
    DeliveryState,
    Draft,
    Handle,
    Influencer,
    Kept,
    Medium,
    Member,
    NudgeState,
    Occasion,
    Promise,
    Record,
    Schedule,
    Standing,
    Team,
    Touchpoint,
)
from bot.store_port import ChangeHead, RosterEntry, Store
from tests.contract.records import (
    FULL,
    NOW,
    TEAM,
    TODAY,
    change,
    delivery,
    draft,
    influencer,
    member,
    nudge,
    occasion,
    promise,
    schedule,
    standing,
    team,
    touchpoint,
)

Open = Callable[[], Awaitable[Store]]
"""Closes the store that it opened last, if any, and opens the same one again."""

OTHER = "team_2"
DAY = timedelta(days=1)


def after(committed: Change) -> list[Record]:
    """The records that a Change left behind."""
    return [write.after for write in committed.writes if write.after is not None]


def ids_of(records: tuple[Record, ...]) -> str:
    """The numbers that ids end in, in the order of the records."""
    return " ".join(record.id.rpartition("_")[2] for record in records)


class StoreContract:
    """Tests that ask for `reopen`, a fixture of the subclass."""

    @pytest.fixture
    async def store(self, reopen: Open) -> Store:
        """The store, open and empty."""
        return await reopen()

    async def test_keeps_every_field_of_every_kind(self, store: Store, reopen: Open) -> None:
        """A record of each kind comes back equal, at once and after the store was opened again."""
        records = after(await store.commit(change("chg_1", *created(*FULL))))
        for record in records:
            assert record == await store.get(type(record), TEAM, record.id)
        store = await reopen()
        for record in records:
            assert record == await store.get(type(record), TEAM, record.id)

    async def test_a_new_record_has_version_1(self, store: Store) -> None:
        """The store sets versions: 1 for what is new, one more for every change."""
        first = after(await store.commit(change("chg_1", *created(occasion()))))[0]
        assert 1 == first.version
        renamed = msgspec.structs.replace(first, label="launch")
        second = after(await store.commit(change("chg_2", Write(first, renamed))))[0]
        assert 2 == second.version
        assert second == await store.get(Occasion, TEAM, first.id)

    async def test_a_record_made_again_goes_on_from_its_version(self, store: Store) -> None:
        """What is removed and brought back has a version of its own, so that who read it before is told."""
        first = after(await store.commit(change("chg_1", *created(occasion()))))[0]
        await store.commit(change("chg_2", Write(first, None)))
        assert None is await store.get(Occasion, TEAM, first.id)
        back = after(await store.commit(change("chg_3", *created(first))))[0]
        assert 2 == back.version
        with pytest.raises(Conflict):
            await store.commit(change("chg_4", Write(first, None)))

    async def test_fills_in_what_was_touched(self, store: Store) -> None:
        """A committed Change says which records it was about, and the audit holds it as it was answered."""
        committed = await store.commit(change("chg_1", *created(influencer(), touchpoint())))
        assert ("inf_1", "tch_1") == committed.touched
        assert committed == await store.change(TEAM, "chg_1")

    async def test_refuses_an_old_version(self, store: Store) -> None:
        """A commit that goes out from a version that is no longer stored is a Conflict, and nothing of it is kept."""
        first = after(await store.commit(change("chg_1", *created(occasion()))))[0]
        await store.commit(change("chg_2", Write(first, msgspec.structs.replace(first, label="a"))))
        stale = change("chg_3", *created(influencer()), Write(first, msgspec.structs.replace(first, label="b")))
        with pytest.raises(Conflict) as conflict:
            await store.commit(stale)
        assert first.id == conflict.value.id
        assert None is await store.get(Influencer, TEAM, "inf_1")
        assert None is await store.change(TEAM, "chg_3")

    async def test_refuses_to_make_what_is_there(self, store: Store) -> None:
        """Two can't create the same id: that is how nudges and deliveries are claimed."""
        await store.commit(change("chg_1", *created(delivery())))
        with pytest.raises(Conflict):
            await store.commit(change("chg_2", *created(delivery())))

    async def test_refuses_to_change_what_is_gone(self, store: Store) -> None:
        """What was removed meanwhile is a Conflict."""
        first = after(await store.commit(change("chg_1", *created(occasion()))))[0]
        await store.commit(change("chg_2", Write(first, None)))
        with pytest.raises(Conflict):
            await store.commit(change("chg_3", Write(first, first)))

    async def test_refuses_what_was_decided_on_an_old_version(self, store: Store) -> None:
        """A read at a version that is no longer stored is a Conflict, and nothing of the Change is kept."""
        first = after(await store.commit(change("chg_1", *created(occasion()))))[0]
        await store.commit(change("chg_2", *created(touchpoint("tch_1")), reads=((first.id, 1),)))
        await store.commit(change("chg_3", Write(first, msgspec.structs.replace(first, label="launch"))))
        with pytest.raises(Conflict) as conflict:
            await store.commit(change("chg_4", *created(touchpoint("tch_2")), reads=(("tch_1", 1), (first.id, 1))))
        assert first.id == conflict.value.id
        assert None is await store.get(Touchpoint, TEAM, "tch_2")
        assert None is await store.change(TEAM, "chg_4")
        await store.commit(change("chg_5", *created(touchpoint("tch_2")), reads=(("tch_1", 1), (first.id, 2))))
        assert None is not await store.get(Touchpoint, TEAM, "tch_2")

    async def test_what_is_not_there_reads_as_version_0(self, store: Store) -> None:
        """A Change may rest on a record's absence, and none on a record that is gone or another team's."""
        first = after(await store.commit(change("chg_1", *created(occasion()))))[0]
        await store.commit(change("chg_2", *created(touchpoint("tch_1")), reads=(("occ_2", 0),)))
        for read in ((first.id, 0), ("occ_2", 1)):
            with pytest.raises(Conflict):
                await store.commit(change("chg_3", *created(touchpoint("tch_2")), reads=(read,)))
        theirs = created(touchpoint("tch_2", team=OTHER))
        with pytest.raises(Conflict):
            await store.commit(change("chg_3", *theirs, team=OTHER, reads=((first.id, 1),)))
        await store.commit(change("chg_4", Write(first, None)))
        with pytest.raises(Conflict):
            await store.commit(change("chg_5", *created(touchpoint("tch_2")), reads=((first.id, 1),)))
        await store.commit(change("chg_6", *created(touchpoint("tch_2")), reads=((first.id, 0),)))

    async def test_a_record_may_be_both_read_and_written(self, store: Store) -> None:
        """What a Change reads it may write, too: the version that was read is the one before it."""
        first = after(await store.commit(change("chg_1", *created(occasion()), reads=(("occ_1", 0),))))[0]
        renamed = msgspec.structs.replace(first, label="launch")
        await store.commit(change("chg_2", Write(first, renamed), reads=((first.id, 1),)))
        with pytest.raises(Conflict):
            await store.commit(change("chg_3", Write(renamed, None), reads=((first.id, 1),)))

    async def test_what_was_read_is_not_kept(self, store: Store) -> None:
        """A committed Change no longer says what it was decided on, at once and in the audit."""
        await store.commit(change("chg_1", *created(occasion())))
        committed = await store.commit(change("chg_2", *created(touchpoint()), reads=(("occ_1", 1),)))
        assert () == committed.reads
        assert committed == await store.change(TEAM, "chg_2")

    async def test_a_read_sees_what_is_queued(self, store: Store) -> None:
        """At once with a commit that changes a record, those decided on it before count and those after are refused."""
        first = after(await store.commit(change("chg_0", *created(occasion()))))[0]

        async def rest_on(id: str) -> str | None:
            try:
                await store.commit(change(f"chg_{id}", *created(touchpoint(id)), reads=((first.id, 1),)))
            except Conflict:
                seen = await store.get(Occasion, TEAM, first.id)
                return seen.label if seen else None
            return "done"

        async def rename() -> str | None:
            await store.commit(change("chg_1", Write(first, msgspec.structs.replace(first, label="launch"))))
            return None

        outcomes = await asyncio.gather(rest_on("tch_1"), rename(), rest_on("tch_2"))
        assert ["done", None, "launch"] == list(outcomes)
        assert ["tch_1"] == [one.id for one in await store.everything(Touchpoint, TEAM)]

    async def test_a_handle_belongs_to_one_influencer(self, store: Store, reopen: Open) -> None:
        """Who is added or edited can't have a handle that another one of the team has, archived or not."""
        theirs = Handle("instagram", "zoe")
        await store.commit(change("chg_1", *created(influencer("inf_1", handles=(theirs,), archived_at=NOW))))
        jess = after(await store.commit(change("chg_2", *created(influencer("inf_2")))))[0]
        store = await reopen()
        with pytest.raises(Conflict) as conflict:
            await store.commit(change("chg_3", *created(influencer("inf_3", handles=(theirs,)))))
        assert "inf_1" == conflict.value.id
        with pytest.raises(Conflict):
            await store.commit(change("chg_4", Write(jess, msgspec.structs.replace(jess, handles=(theirs,)))))
        assert ["inf_1", "inf_2"] == [one.id for one in await store.everything(Influencer, TEAM)]
        assert jess == await store.get(Influencer, TEAM, "inf_2")

    async def test_a_handle_is_taken_on_its_own_network_in_its_own_team(self, store: Store) -> None:
        """The same name on another network, or on another team's roster, is another handle."""
        zoe, elsewhere = Handle("instagram", "zoe"), Handle("tiktok", "zoe")
        records = influencer("inf_1", handles=(zoe,)), influencer("inf_2", handles=(elsewhere,))
        await store.commit(change("chg_1", *created(*records)))
        await store.commit(change("chg_2", *created(influencer("inf_3", handles=(zoe,), team=OTHER)), team=OTHER))
        found = await store.influencer_with(OTHER, zoe)
        assert found is not None
        assert "inf_3" == found.id

    async def test_a_handle_moves_on_within_a_change(self, store: Store) -> None:
        """Whoever loses a handle, or goes, frees it for another one in the same Change and afterwards."""
        handle = Handle("instagram", "zoe")
        records = influencer("inf_1", handles=(handle,)), influencer("inf_2")
        one, two = after(await store.commit(change("chg_1", *created(*records))))
        gives = Write(one, msgspec.structs.replace(one, handles=()))
        gets = Write(two, msgspec.structs.replace(two, handles=(handle,)))
        two = after(await store.commit(change("chg_2", gets, gives)))[0]
        assert two == await store.influencer_with(TEAM, handle)
        third = created(influencer("inf_3", handles=(handle,)))
        third_one = after(await store.commit(change("chg_3", *third, Write(two, None))))[0]
        assert third_one == await store.influencer_with(TEAM, handle)
        await store.commit(change("chg_4", Write(third_one, msgspec.structs.replace(third_one, handles=()))))
        await store.commit(change("chg_5", *created(influencer("inf_4", handles=(handle,)))))

    async def test_one_of_two_who_want_a_handle_at_once_gets_it(self, store: Store) -> None:
        """Several add an influencer with the same handle at the same time: exactly one is done."""
        handle = Handle("instagram", "zoe")
        adds = [created(influencer(f"inf_{n}", handles=(handle,))) for n in range(4)]
        outcomes = await asyncio.gather(
            *(store.commit(change(f"chg_{n}", *add)) for n, add in enumerate(adds)), return_exceptions=True
        )
        done = [outcome for outcome in outcomes if isinstance(outcome, Change)]
        assert 1 == len(done)
        assert 3 == len([outcome for outcome in outcomes if isinstance(outcome, Conflict)])
        assert after(done[0]) == list(await store.everything(Influencer, TEAM))

    async def test_a_handle_follows_what_is_queued(self, store: Store) -> None:
        """A handle that somebody is losing at the same time is free for who comes next, and for one only."""
        handle = Handle("instagram", "zoe")
        one = after(await store.commit(change("chg_0", *created(influencer("inf_1", handles=(handle,))))))[0]
        outcomes = await asyncio.gather(
            store.commit(change("chg_1", Write(one, msgspec.structs.replace(one, handles=())))),
            store.commit(change("chg_2", *created(influencer("inf_2", handles=(handle,))))),
            store.commit(change("chg_3", *created(influencer("inf_3", handles=(handle,))))),
            return_exceptions=True,
        )
        assert [Change, Change, Conflict] == [type(outcome) for outcome in outcomes]
        found = await store.influencer_with(TEAM, handle)
        assert found is not None
        assert "inf_2" == found.id

    async def test_refuses_a_handle_twice(self, store: Store) -> None:
        """A Change that gives two influencers the same handle is no Change."""
        handles = (Handle("instagram", "zoe"),)
        both = created(influencer("inf_1", handles=handles), influencer("inf_2", handles=handles))
        with pytest.raises(ValueError, match="can't both have instagram:zoe"):
            await store.commit(change("chg_1", *both))

    async def test_one_of_two_at_once_wins(self, store: Store) -> None:
        """Two commits on one version at the same time: exactly one is done, and the other one reads the winner's."""
        first = after(await store.commit(change("chg_0", *created(occasion()))))[0]

        async def rename(label: str) -> str | None:
            try:
                await store.commit(change(f"chg_{label}", Write(first, msgspec.structs.replace(first, label=label))))
            except Conflict:
                seen = await store.get(Occasion, TEAM, first.id)
                return seen.label if seen else None
            return None

        lost = [label for label in await asyncio.gather(*(rename(label) for label in "abcdef")) if label is not None]
        winner = await store.get(Occasion, TEAM, first.id)
        assert winner is not None
        assert [winner.label] * 5 == lost

    async def test_many_at_once_are_all_done(self, store: Store, reopen: Open) -> None:
        """A hundred commits that don't touch one another all count, and are still there later."""
        ids = [f"occ_{n:03d}" for n in range(100)]
        await asyncio.gather(*(store.commit(change(f"chg_{id}", *created(occasion(id)))) for id in ids))
        store = await reopen()
        assert ids == [record.id for record in await store.everything(Occasion, TEAM)]

    async def test_hears_nothing_twice(self, store: Store, reopen: Open) -> None:
        """The second commit of one inbound id is AlreadyDone with the first Change, also in a store opened anew."""
        first = await store.commit(change("chg_1", *created(occasion()), heard="press 1"))
        for _again in range(2):
            with pytest.raises(AlreadyDone) as done:
                await store.commit(change("chg_2", *created(occasion("occ_2")), heard="press 1"))
            assert first == done.value.change
            store = await reopen()
        assert None is await store.get(Occasion, TEAM, "occ_2")
        assert first == await store.change_heard(TEAM, "press 1")
        assert None is await store.change_heard(TEAM, "press 2")

    async def test_a_retry_is_already_done_before_it_is_a_conflict(self, store: Store) -> None:
        """The same Change again is AlreadyDone, although its records are there by now."""
        asked = change("chg_1", *created(occasion()), heard="press 1")
        await store.commit(asked)
        with pytest.raises(AlreadyDone):
            await store.commit(asked)

    async def test_hears_nothing_twice_at_once(self, store: Store) -> None:
        """Two commits of one inbound id at the same time: one is done, the other AlreadyDone with it."""
        outcomes = await asyncio.gather(
            *(store.commit(change(f"chg_{n}", *created(occasion(f"occ_{n}")), heard="press 1")) for n in range(4)),
            return_exceptions=True,
        )
        done = [outcome for outcome in outcomes if isinstance(outcome, Change)]
        assert 1 == len(done)
        assert [done[0]] * 3 == [o.change for o in outcomes if isinstance(o, AlreadyDone)]

    async def test_what_was_heard_belongs_to_its_team(self, store: Store) -> None:
        """Another team may have heard the same id."""
        await store.commit(change("chg_1", *created(occasion()), heard="press 1"))
        await store.commit(change("chg_2", *created(occasion("occ_2", team=OTHER)), team=OTHER, heard="press 1"))
        assert None is not await store.get(Occasion, OTHER, "occ_2")

    async def test_refuses_another_teams_record(self, store: Store) -> None:
        """A Change that holds a record of another team is no Change."""
        with pytest.raises(ValueError, match="belongs to"):
            await store.commit(change("chg_1", *created(occasion(team=OTHER))))
        await store.commit(change("chg_2", *created(occasion(team=OTHER)), team=OTHER))
        theirs = await store.get(Occasion, OTHER, "occ_1")
        with pytest.raises(ValueError, match="belongs to"):
            await store.commit(change("chg_3", Write(theirs, None)))

    async def test_refuses_a_record_twice(self, store: Store) -> None:
        """A record stands in one Write only."""
        with pytest.raises(ValueError, match="two writes"):
            await store.commit(change("chg_1", *created(occasion(), occasion())))

    async def test_no_team_sees_another_teams_records(self, store: Store) -> None:
        """Every question asked for another team finds nothing, although ids, names and accounts are the same."""
        await store.commit(change("chg_1", *created(*FULL), heard="press 1"))
        assert [None] * len(FULL) == [await store.get(type(record), OTHER, record.id) for record in FULL]
        assert [()] * len(FULL) == [await store.get_all(type(record), OTHER, (record.id,)) for record in FULL]
        assert [()] * len(FULL) == [await store.everything(type(record), OTHER) for record in FULL]
        assert None is await store.member_at(OTHER, Person("console", TEAM, "mem_1"))
        assert () == await store.members(OTHER)
        assert () == await store.roster(OTHER)
        assert None is await store.influencer_with(OTHER, Handle("instagram", "zoe.x"))
        assert () == await store.touchpoints(OTHER, "inf_1")
        assert () == await store.notes_with(OTHER, ["script"], limit=9)
        assert () == await store.occasions(OTHER, "inf_1")
        assert () == await store.occasions_on(OTHER, [(3, 14)])
        assert () == await store.promises(OTHER, "inf_1")
        assert () == await store.promises_due(OTHER)
        assert () == await store.promises_settled(OTHER, TODAY - DAY)
        assert () == await store.touchpoints_between(OTHER, TODAY - DAY, TODAY + DAY)
        assert () == await store.schedules(OTHER)
        assert 0 == await store.kept_up(OTHER)
        assert () == await store.owned_by(OTHER, "mem_1")
        assert () == await store.needing_attention(OTHER, NOW + DAY)
        assert () == await store.needing_attention(OTHER, NOW + DAY, owner="mem_1")
        assert () == await store.attention_after(OTHER, NOW - DAY, limit=9)
        assert () == await store.deliveries_stuck(OTHER)
        assert () == await store.nudges_of(OTHER, "inf_1")
        assert () == await store.nudges_raised(OTHER, "mem_1")
        assert () == await store.changes(OTHER, limit=9)
        assert None is await store.change(OTHER, "chg_1")
        assert None is await store.change_heard(OTHER, "press 1")

    async def test_get_all_keeps_the_order_asked_for(self, store: Store) -> None:
        """Records come in the order of the ids; those that are not there are left out."""
        await store.commit(change("chg_1", *created(*(occasion(f"occ_{n}") for n in range(3)))))
        found = await store.get_all(Occasion, TEAM, ("occ_2", "occ_9", "occ_0"))
        assert ["occ_2", "occ_0"] == [record.id for record in found]

    async def test_everything_is_all_of_one_kind_by_id(self, store: Store) -> None:
        """All records of a kind come in the order of their ids, whatever order they were made in."""
        for id in ("occ_b", "occ_c", "occ_a"):
            await store.commit(change(f"chg_{id}", *created(occasion(id))))
        assert ["occ_a", "occ_b", "occ_c"] == [record.id for record in await store.everything(Occasion, TEAM)]
        assert () == await store.everything(Touchpoint, TEAM)

    async def test_finds_teams_by_workspace(self, store: Store, reopen: Open) -> None:
        """A team works in all its workspaces, and in one it has left no longer."""
        both = team(workspaces=(Workspace("slack", "W"), Workspace("discord", "W")))
        first = after(await store.commit(change("chg_1", *created(both), verb="link")))[0]
        await store.commit(change("chg_2", *created(team(OTHER)), team=OTHER))
        store = await reopen()
        assert {TEAM, OTHER} == {found.id for found in await store.teams()}
        assert first == await store.team_at(Workspace("discord", "W"))
        assert None is await store.team_at(Workspace("slack", "V"))
        fewer = msgspec.structs.replace(first, workspaces=(Workspace("slack", "W"),))
        await store.commit(change("chg_3", Write(first, fewer)))
        assert None is await store.team_at(Workspace("discord", "W"))
        assert (await store.get(Team, TEAM, TEAM),) == await store.everything(Team, TEAM)

    async def test_finds_members_by_account_and_lists_them_by_name(self, store: Store) -> None:
        """A member answers to every account of theirs."""
        ana = member("mem_2", name="ana", accounts=(Person("slack", "W", "U1"), Person("discord", "G", "U1")))
        zoe, ben = member("mem_1", name="Zoe"), member("mem_3", name="Ben", left_at=NOW)
        await store.commit(change("chg_1", *created(zoe, ana, ben)))
        found = await store.member_at(TEAM, Person("discord", "G", "U1"))
        assert found is not None
        assert "mem_2" == found.id
        assert None is await store.member_at(TEAM, Person("discord", "W", "U1"))
        assert ["ana", "Ben", "Zoe"] == [one.name for one in await store.members(TEAM)]

    async def test_the_roster_is_every_name(self, store: Store) -> None:
        """The roster holds what influencers are found by, archived ones too."""
        handle = Handle("instagram", "zoe")
        zoe = influencer("inf_1", name="Zoe", aliases=("z",), handles=(handle,))
        await store.commit(change("chg_1", *created(zoe, influencer("inf_2", name="Old", archived_at=NOW))))
        expected = {RosterEntry("inf_1", "Zoe", ("z",), (handle,), False), RosterEntry("inf_2", "Old", (), (), True)}
        assert expected == set(await store.roster(TEAM))

    @pytest.mark.parametrize(
        ("field", "value", "moves"),
        [
            ("name", "Zoë", True),
            ("aliases", ("z",), True),
            ("handles", (Handle("instagram", "zoe"),), True),
            ("archived_at", NOW, True),
            ("goal", "a book", False),
            ("owner", "mem_2", False),
        ],
    )
    async def test_the_roster_revision_moves_with_names(
        self, store: Store, field: str, value: object, moves: bool
    ) -> None:
        """Only what changes how influencers are found moves the revision, and only that of their team."""
        first = after(await store.commit(change("chg_1", *created(influencer()))))[0]
        before, elsewhere = await store.roster_revision(TEAM), await store.roster_revision(OTHER)
        await store.commit(change("chg_2", Write(first, msgspec.structs.replace(first, **{field: value}))))
        assert moves == (await store.roster_revision(TEAM) != before)
        assert elsewhere == await store.roster_revision(OTHER)

    async def test_the_roster_revision_moves_with_people(self, store: Store) -> None:
        """Adding and removing an influencer moves the revision; a touchpoint does not."""
        seen = [await store.roster_revision(TEAM)]
        first = after(await store.commit(change("chg_1", *created(influencer()))))[0]
        seen.append(await store.roster_revision(TEAM))
        await store.commit(change("chg_2", *created(touchpoint())))
        assert seen[-1] == await store.roster_revision(TEAM)
        await store.commit(change("chg_3", Write(first, None)))
        seen.append(await store.roster_revision(TEAM))
        assert sorted(set(seen)) == seen

    async def test_finds_influencers_by_handle_and_owner(self, store: Store) -> None:
        """A handle leads to its influencer until it moves on; owners have their own by name."""
        handle = Handle("tiktok", "jess")
        jess = influencer("inf_1", name="jess", handles=(handle,), owner="mem_1")
        records = (jess, influencer("inf_2", name="Adam", owner="mem_1"), influencer("inf_3", name="Lee"))
        first = after(await store.commit(change("chg_1", *created(*records))))[0]
        assert first == await store.influencer_with(TEAM, handle)
        assert ["Adam", "jess"] == [one.name for one in await store.owned_by(TEAM, "mem_1")]
        assert ["Lee"] == [one.name for one in await store.owned_by(TEAM, None)]
        await store.commit(change("chg_2", Write(first, msgspec.structs.replace(first, handles=(), owner=None))))
        assert None is await store.influencer_with(TEAM, handle)
        assert ["jess", "Lee"] == [one.name for one in await store.owned_by(TEAM, None)]

    async def test_touchpoints_come_newest_first(self, store: Store, reopen: Open) -> None:
        """Newest day first, then the one logged last; narrowed by medium and day, and paged."""
        points = (
            touchpoint("tch_1", on=TODAY - 2 * DAY, medium=Medium.EMAIL),
            touchpoint("tch_2", on=TODAY, logged_at=NOW - DAY),
            touchpoint("tch_3", on=TODAY, logged_at=NOW, medium=Medium.EMAIL),
            touchpoint("tch_4", on=TODAY - DAY),
            touchpoint("tch_5", influencer="inf_2"),
            touchpoint("tch_6", on=TODAY, logged_at=NOW),
        )
        await store.commit(change("chg_1", *created(*points)))

        async def ids(**narrow: object) -> str:
            found = await store.touchpoints(TEAM, "inf_1", **narrow)  # type: ignore[arg-type]  # spelled out below
            return " ".join(point.id.removeprefix("tch_") for point in found)

        for _again in range(2):
            assert "6 3 2 4 1" == await ids()
            assert "3 1" == await ids(medium=Medium.EMAIL)
            assert "1" == await ids(medium=Medium.EMAIL, skip=1, limit=1)
            assert "6 3 2 4" == await ids(since=TODAY - DAY)
            assert "3 2" == await ids(skip=1, limit=2)
            assert "1" == await ids(skip=4, limit=9)
            assert "" == await ids(limit=0)
            store = await reopen()

    async def test_finds_notes_by_words(self, store: Store) -> None:
        """Every word must begin one of the note's; case and diacritics don't matter; newest first."""
        points = (
            touchpoint("tch_1", note="Loves Ceramics and café visits", on=TODAY - DAY),
            touchpoint("tch_2", note="CERAMICS workshop"),
            touchpoint("tch_3", note="moves to Łódź; straße 5"),
            touchpoint("tch_4", note="geometrics"),
        )
        await store.commit(change("chg_1", *created(*points)))

        async def ids(*words: str, limit: int = 9) -> list[str]:
            return [point.id for point in await store.notes_with(TEAM, words, limit=limit)]

        assert ["tch_2", "tch_1"] == await ids("ceramics")
        assert ["tch_2"] == await ids("ceramics", limit=1)
        assert ["tch_1"] == await ids("cerámic", "CAFE")
        assert ["tch_3"] == await ids("Strasse")
        assert [] == await ids("metrics")
        assert [] == await ids("ceramics", "absent")
        assert [] == await ids()

    async def test_lists_occasions_and_nudges_of_an_influencer(self, store: Store) -> None:
        """Occasions by id; nudges oldest first, and those raised by whom they are for."""
        await store.commit(change("chg_1", *created(occasion("occ_2"), occasion("occ_1"))))
        assert ["occ_1", "occ_2"] == [one.id for one in await store.occasions(TEAM, "inf_1")]
        nudges = (
            nudge("nudge:b", raised_at=NOW),
            nudge("nudge:a", raised_at=NOW + DAY),
            nudge("nudge:c", raised_at=NOW - DAY, state=NudgeState.OVER),
            nudge("nudge:d", influencer="inf_2", member=None),
        )
        first = after(await store.commit(change("chg_2", *created(*nudges))))[0]
        assert ["nudge:c", "nudge:b", "nudge:a"] == [one.id for one in await store.nudges_of(TEAM, "inf_1")]
        assert ["nudge:b", "nudge:a"] == [one.id for one in await store.nudges_raised(TEAM, "mem_1")]
        assert ["nudge:d"] == [one.id for one in await store.nudges_raised(TEAM, None)]
        sent = msgspec.structs.replace(first, state=NudgeState.SENT)
        await store.commit(change("chg_3", Write(first, sent)))
        assert ["nudge:a"] == [one.id for one in await store.nudges_raised(TEAM, "mem_1")]

    async def test_lists_promises_by_when_they_are_due(self, store: Store, reopen: Open) -> None:
        """Open ones, earliest first and by id on one day; those without a date last, and never up to a date."""
        promises = (
            promise("prm_1", due=TODAY + DAY),
            promise("prm_2", due=None),
            promise("prm_3", due=TODAY - DAY, influencer="inf_2"),
            promise("prm_5", due=TODAY),
            promise("prm_4", due=TODAY),
            promise("prm_6", due=TODAY, outcome=Kept.KEPT, settled_on=TODAY, settled_at=NOW),
            promise("prm_7", due=None),
        )
        await store.commit(change("chg_1", *created(*promises)))
        await store.commit(change("chg_2", *created(promise("prm_8", due=TODAY, team=OTHER)), team=OTHER))

        async def due(by: date | None = None) -> str:
            return ids_of(await store.promises_due(TEAM, by))

        for _again in range(2):
            assert "3 4 5 1 2 7" == await due()
            assert "3 4 5" == await due(TODAY)
            assert "3" == await due(TODAY - DAY)
            assert "" == await due(TODAY - 2 * DAY)
            assert "1 2 4 5 6 7" == ids_of(await store.promises(TEAM, "inf_1"))
            assert "3" == ids_of(await store.promises(TEAM, "inf_2"))
            store = await reopen()

    async def test_lists_promises_by_when_they_were_settled(self, store: Store, reopen: Open) -> None:
        """From a date on, earliest first, those of one day in the order in which they were settled."""
        promises = (
            promise("prm_1", outcome=Kept.BROKEN, settled_on=TODAY, settled_at=NOW),
            promise("prm_2", outcome=Kept.KEPT, settled_on=TODAY, settled_at=NOW - DAY / 24),
            promise("prm_3", outcome=Kept.RELEASED, settled_on=TODAY - DAY, settled_at=NOW, influencer="inf_2"),
            promise("prm_4"),
        )
        await store.commit(change("chg_1", *created(*promises)))
        for _again in range(2):
            assert "3 2 1" == ids_of(await store.promises_settled(TEAM, TODAY - DAY))
            assert "2 1" == ids_of(await store.promises_settled(TEAM, TODAY))
            assert "" == ids_of(await store.promises_settled(TEAM, TODAY + DAY))
            store = await reopen()

    async def test_a_promise_moves_with_what_becomes_of_it(self, store: Store) -> None:
        """Put off, given to somebody else, settled, opened again, settled otherwise, removed: it is found as it is."""
        (one,) = after(await store.commit(change("chg_0", *created(promise()))))
        kept = {"outcome": Kept.KEPT, "settled_on": TODAY, "settled_at": NOW, "settled_by": "mem_1"}
        opened = dict.fromkeys(kept)
        steps: list[tuple[dict[str, object], str, str, str, str]] = [
            ({"due": TODAY + DAY}, "", "1", "", "1"),
            ({"due": None}, "", "1", "", "1"),
            ({"due": TODAY, "influencer": "inf_2"}, "1", "1", "", ""),
            (kept, "", "", "1", ""),
            (opened | {"influencer": "inf_1"}, "1", "1", "", "1"),
            (kept | {"outcome": Kept.BROKEN, "settled_on": TODAY - DAY}, "", "", "", "1"),
        ]
        for number, (fields, due, is_open, settled, of) in enumerate(steps, start=1):
            moved = msgspec.structs.replace(one, **fields)
            (one,) = after(await store.commit(change(f"chg_{number}", Write(one, moved))))
            assert due == ids_of(await store.promises_due(TEAM, TODAY))
            assert is_open == ids_of(await store.promises_due(TEAM))
            assert settled == ids_of(await store.promises_settled(TEAM, TODAY))
            assert of == ids_of(await store.promises(TEAM, "inf_1"))
        await store.commit(change("chg_last", Write(one, None)))
        assert () == await store.promises_settled(TEAM, TODAY - 9 * DAY)
        assert () == await store.everything(Promise, TEAM)

    async def test_lists_touchpoints_of_some_days(self, store: Store, reopen: Open) -> None:
        """Of all influencers of the team, from one day up to, not including, another; a moved one where it is now."""
        points = (
            touchpoint("tch_1", on=TODAY - 2 * DAY),
            touchpoint("tch_2", on=TODAY - DAY),
            touchpoint("tch_3", on=TODAY - DAY, influencer="inf_2"),
            touchpoint("tch_4", on=TODAY),
            touchpoint("tch_5", on=TODAY + DAY, influencer="inf_3"),
        )
        first, *_others = after(await store.commit(change("chg_1", *created(*points))))
        await store.commit(change("chg_2", *created(touchpoint("tch_6", team=OTHER)), team=OTHER))

        async def between(since: date, until: date) -> str:
            return " ".join(sorted(one.id[-1] for one in await store.touchpoints_between(TEAM, since, until)))

        store = await reopen()
        assert "2 3" == await between(TODAY - DAY, TODAY)
        assert "2 3 4" == await between(TODAY - DAY, TODAY + DAY)
        assert "1 2 3 4 5" == await between(TODAY - 9 * DAY, TODAY + 9 * DAY)
        assert "" == await between(TODAY, TODAY)
        assert "" == await between(TODAY + DAY, TODAY)
        moved = msgspec.structs.replace(first, on=TODAY, influencer="inf_3")
        await store.commit(change("chg_3", Write(first, moved)))
        assert "1 4" == await between(TODAY, TODAY + DAY)
        assert "2 3" == await between(TODAY - 9 * DAY, TODAY)

    async def test_finds_occasions_by_their_day(self, store: Store, reopen: Open) -> None:
        """On any of some days of the year, of any year or none, by id; a moved one on the day it is moved to."""
        records = (
            occasion("occ_4", month=3, day=14),
            occasion("occ_1", month=3, day=14, year=1990, influencer="inf_2"),
            occasion("occ_2", month=3, day=14, year=2020, yearly=False),
            occasion("occ_3", month=2, day=29),
            occasion("occ_5", month=11, day=1),
            occasion("occ_6", month=1, day=11),
        )
        first, *_others = after(await store.commit(change("chg_1", *created(*records))))
        await store.commit(change("chg_2", *created(occasion("occ_7", team=OTHER)), team=OTHER))
        store = await reopen()
        assert "1 2 4" == ids_of(await store.occasions_on(TEAM, [(3, 14)]))
        assert "1 2 3 4" == ids_of(await store.occasions_on(TEAM, [(3, 14), (2, 29), (3, 14), (2, 28)]))
        assert "5" == ids_of(await store.occasions_on(TEAM, [(11, 1)]))
        assert "" == ids_of(await store.occasions_on(TEAM, []))
        moved = msgspec.structs.replace(first, month=3, day=15, influencer="inf_2")
        await store.commit(change("chg_3", Write(first, moved)))
        assert "1 2" == ids_of(await store.occasions_on(TEAM, [(3, 14)]))
        assert "4" == ids_of(await store.occasions_on(TEAM, [(3, 15)]))
        assert "1 4" == ids_of(await store.occasions(TEAM, "inf_2"))

    async def test_lists_schedules(self, store: Store, reopen: Open) -> None:
        """The digests that a team has asked for, by id, until they are taken away."""
        (one, _two) = after(await store.commit(change("chg_1", *created(schedule("sch_2"), schedule("sch_1")))))
        await store.commit(change("chg_2", *created(schedule("sch_3", team=OTHER)), team=OTHER))
        store = await reopen()
        assert "1 2" == ids_of(await store.schedules(TEAM))
        assert await store.schedules(TEAM) == await store.everything(Schedule, TEAM)
        await store.commit(change("chg_3", Write(one, None)))
        assert "1" == ids_of(await store.schedules(TEAM))

    async def test_counts_relationships_that_are_kept_up(self, store: Store, reopen: Open) -> None:
        """Those that are neither archived nor paused, as they are archived, paused, restored and removed."""
        assert 0 == await store.kept_up(TEAM)
        standings = (
            standing("inf_1"),
            standing("inf_2", archived=True),
            standing("inf_3", paused=True),
            standing("inf_4", archived=True, paused=True),
            standing("inf_5"),
        )
        (one, *_others, last) = after(await store.commit(change("chg_1", *created(*standings))))
        await store.commit(change("chg_2", *created(standing("inf_6", team=OTHER)), team=OTHER))
        store = await reopen()
        assert 2 == await store.kept_up(TEAM)
        for number, (fields, left) in enumerate([({"archived": True}, 1), ({"paused": True}, 1), ({}, 1)], start=3):
            moved = msgspec.structs.replace(one, **fields)
            (one,) = after(await store.commit(change(f"chg_{number}", Write(one, moved))))
            assert left == await store.kept_up(TEAM)
        restored = msgspec.structs.replace(one, archived=False, paused=False)
        await store.commit(change("chg_8", Write(one, restored), Write(last, None)))
        assert 1 == await store.kept_up(TEAM)

    async def test_lists_who_needs_attention(self, store: Store, reopen: Open) -> None:
        """Standings by the instant they need their owner at: up to one, or after one; everybody's or one member's."""
        standings = (
            standing("inf_1", attention_at=NOW, owner="mem_1"),
            standing("inf_2", attention_at=NOW - DAY),
            standing("inf_3", attention_at=NOW + DAY, owner="mem_1"),
            standing("inf_4", attention_at=NOW + 2 * DAY, owner="mem_2"),
            standing("inf_5"),
        )
        first = after(await store.commit(change("chg_1", *created(*standings))))[0]
        store = await reopen()

        def names(found: tuple[Standing, ...]) -> str:
            return " ".join(one.influencer.removeprefix("inf_") for one in found)

        assert "2 1" == names(await store.needing_attention(TEAM, NOW))
        assert "2" == names(await store.needing_attention(TEAM, NOW, limit=1))
        assert "1" == names(await store.needing_attention(TEAM, NOW, owner="mem_1"))
        assert "3 4" == names(await store.attention_after(TEAM, NOW, limit=9))
        assert "3" == names(await store.attention_after(TEAM, NOW, limit=1))
        assert "4" == names(await store.attention_after(TEAM, NOW, owner="mem_2", limit=9))
        assert isinstance(first, Standing)
        await store.commit(change("chg_2", Write(first, msgspec.structs.replace(first, attention_at=None))))
        assert "2" == names(await store.needing_attention(TEAM, NOW))

    async def test_says_what_is_due_in_all_teams(self, store: Store, reopen: Open) -> None:
        """Standings and deliveries whose instant has come, earliest first, until it is taken away."""
        mine = (standing("inf_1", due_at=NOW), standing("inf_2", due_at=NOW + DAY), delivery("delivery:1", due_at=NOW))
        theirs = (standing("inf_3", due_at=NOW - DAY, team=OTHER), delivery("delivery:2", due_at=None, team=OTHER))
        first = after(await store.commit(change("chg_1", *created(*mine))))[0]
        await store.commit(change("chg_2", *created(*theirs), team=OTHER))
        store = await reopen()
        assert ["inf_3", "inf_1"] == [one.influencer for one in await store.standings_due(NOW, limit=9)]
        assert ["inf_3"] == [one.influencer for one in await store.standings_due(NOW, limit=1)]
        assert ["delivery:1"] == [one.id for one in await store.deliveries_due(NOW, limit=9)]
        assert () == await store.deliveries_due(NOW - DAY, limit=9)
        await store.commit(change("chg_3", Write(first, msgspec.structs.replace(first, due_at=None))))
        assert ["inf_3"] == [one.influencer for one in await store.standings_due(NOW, limit=9)]

    async def test_lists_deliveries_that_are_stuck(self, store: Store) -> None:
        """Unknown and failed ones, oldest first."""
        await store.commit(
            change(
                "chg_1",
                *created(
                    delivery("delivery:1", state=DeliveryState.FAILED),
                    delivery("delivery:2", state=DeliveryState.UNKNOWN, updated_at=NOW - DAY),
                    delivery("delivery:3", state=DeliveryState.SENT),
                ),
            )
        )
        assert ["delivery:2", "delivery:1"] == [one.id for one in await store.deliveries_stuck(TEAM)]

    async def test_lists_changes_newest_first(self, store: Store, reopen: Open) -> None:
        """Changes come newest first, those of one instant in the order of their commits."""
        for n, (by, at) in enumerate([("mem_1", NOW - DAY), ("mem_2", NOW), (None, NOW), ("mem_1", NOW)]):
            await store.commit(change(f"chg_{'dbca'[n]}", *created(occasion(f"occ_{n}")), by=by, at=at))
        for _again in range(2):
            assert "acbd" == "".join(one.id[-1] for one in await store.changes(TEAM, limit=9))
            assert "ac" == "".join(one.id[-1] for one in await store.changes(TEAM, limit=2))
            assert "acb" == "".join(one.id[-1] for one in await store.change_heads(TEAM, since=NOW))
            store = await reopen()

    async def test_tells_heads_of_changes_newest_first(self, store: Store, reopen: Open) -> None:
        """A head says who, when, which verb and which records, also when the befores are forgotten."""
        made = (
            change("chg_1", *created(occasion("occ_1"), occasion("occ_2")), at=NOW - DAY, heard="h_1"),
            change("chg_2", *created(occasion("occ_3")), by="mem_2", verb="undo", undoes="chg_1"),
            change("chg_3", *created(occasion("occ_4")), by=None),
        )
        for one in made:
            await store.commit(one)
        first = ChangeHead("chg_1", NOW - DAY, "mem_1", "log", None, ("occ_1", "occ_2"), "h_1")
        for _again in range(2):
            assert "321" == "".join(one.id[-1] for one in await store.change_heads(TEAM))
            assert "32" == "".join(one.id[-1] for one in await store.change_heads(TEAM, limit=2))
            assert "32" == "".join(one.id[-1] for one in await store.change_heads(TEAM, since=NOW))
            assert (first,) == await store.change_heads(TEAM, by="mem_1")
            (second,) = await store.change_heads(TEAM, by="mem_2")
            assert ("undo", "chg_1", ("occ_3",)) == (second.verb, second.undoes, second.touched)
            assert () == await store.change_heads(OTHER)
            store = await reopen()
        await store.prune(NOW + 8 * DAY)
        assert (first,) == await store.change_heads(TEAM, by="mem_1")

    async def test_a_change_remembers_what_was(self, store: Store, reopen: Open) -> None:
        """The audit holds the records before and after, as undo needs them."""
        first = after(await store.commit(change("chg_1", *created(influencer()))))[0]
        renamed = msgspec.structs.replace(first, name="Jo")
        second = await store.commit(change("chg_2", Write(first, renamed), *created(touchpoint()), undoes="chg_0"))
        store = await reopen()
        assert second == await store.change(TEAM, "chg_2")
        assert first == second.writes[0].before

    async def test_the_audit_names_drafts_and_holds_none(self, store: Store, reopen: Open) -> None:
        """A Change is answered with its Drafts; what remembers it later says which they were, and the rest of it."""
        first = await store.commit(change("chg_1", *created(draft(), occasion()), heard="press 1"))
        open_draft, launch = after(first)
        assert isinstance(open_draft, Draft)
        closing = Write(open_draft, msgspec.structs.replace(open_draft, closed_by="mem_1", closed_at=NOW))
        closed = after(await store.commit(change("chg_2", closing)))[0]
        for _again in range(2):
            with pytest.raises(AlreadyDone) as done:
                await store.commit(change("chg_3", *created(draft("drf_2")), heard="press 1"))
            assert msgspec.structs.replace(first, writes=created(launch)) == done.value.change
            assert ("drf_1", "occ_1") == done.value.change.touched
            assert done.value.change == await store.change_heard(TEAM, "press 1")
            kept = await store.change(TEAM, "chg_2")
            assert kept is not None
            assert ((), ("drf_1",)) == (kept.writes, kept.touched)
            assert closed == await store.get(Draft, TEAM, "drf_1")
            store = await reopen()

    async def test_a_draft_heard_twice_at_once_is_there_for_both(self, store: Store) -> None:
        """Who is AlreadyDone while the first is still on its way reads its Draft by the id that was touched."""
        outcomes = await asyncio.gather(
            *(store.commit(change(f"chg_{n}", *created(draft(f"drf_{n}")), heard="press 1")) for n in range(2)),
            return_exceptions=True,
        )
        assert isinstance(outcomes[0], Change)
        assert isinstance(outcomes[1], AlreadyDone)
        assert outcomes[0].touched == outcomes[1].change.touched
        assert after(outcomes[0]) == [await store.get(Draft, TEAM, outcomes[1].change.touched[0])]

    async def test_a_removed_draft_stays_removed(self, store: Store, reopen: Open) -> None:
        """A Change may remove a Draft, too, and does so for good."""
        first = after(await store.commit(change("chg_1", *created(draft(), occasion()))))[0]
        await store.commit(change("chg_2", Write(first, None), *created(occasion("occ_2"))))
        store = await reopen()
        assert () == await store.everything(Draft, TEAM)
        assert ["occ_1", "occ_2"] == [one.id for one in await store.everything(Occasion, TEAM)]

    async def test_forgets_what_was_kept_long_enough(self, store: Store, reopen: Open) -> None:
        """After 7 days a Change keeps who, when, what; drafts go after 24 hours, deliveries after 90 days."""
        await store.commit(change("chg_1", *created(occasion()), at=NOW - 7 * DAY, heard="press 1"))
        await store.commit(change("chg_2", *created(occasion("occ_2")), at=NOW - 6 * DAY))
        drafts = created(draft("drf_1", opened_at=NOW - DAY), draft("drf_2", opened_at=NOW - DAY / 2))
        old = delivery("delivery:1", updated_at=NOW - 90 * DAY)
        young = delivery("delivery:2", updated_at=NOW - 89 * DAY)
        await store.commit(change("chg_3", *drafts, *created(old, young)))
        assert 3 == await store.prune(NOW)
        assert 0 == await store.prune(NOW)
        store = await reopen()
        bare = change("chg_1", at=NOW - 7 * DAY, heard="press 1", touched=("occ_1",))
        assert bare == await store.change(TEAM, "chg_1")
        kept = await store.change(TEAM, "chg_2")
        assert kept is not None
        assert 1 == len(kept.writes)
        assert ["drf_2"] == [one.id for one in await store.everything(Draft, TEAM)]
        assert ["delivery:2"] == [one.id for one in await store.everything(Delivery, TEAM)]
        with pytest.raises(AlreadyDone):
            await store.commit(change("chg_4", heard="press 1"))

    async def test_one_who_stops_waiting_does_no_harm(self, store: Store, reopen: Open) -> None:
        """A commit whose caller is cancelled is wholly there or wholly not, now and in a store opened anew."""
        tasks = [
            asyncio.create_task(store.commit(change(f"chg_{n}", *created(occasion(f"occ_{n}"), member(f"mem_{n}")))))
            for n in range(20)
        ]
        await asyncio.sleep(0)
        for task in tasks[::2]:
            task.cancel()
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        assert [n for n in range(20) if n % 2] == [n for n in range(20) if isinstance(outcomes[n], Change)]
        await store.commit(change("chg_last", *created(occasion("occ_last"))))
        seen = await store.everything(Occasion, TEAM)
        assert [one.id[4:] for one in seen if one.id != "occ_last"] == [
            one.id[4:] for one in await store.everything(Member, TEAM)
        ]
        store = await reopen()
        assert seen == await store.everything(Occasion, TEAM)

    async def test_closing_twice_does_nothing(self, store: Store) -> None:
        """A second close is no error."""
        await store.commit(change("chg_1", *created(occasion())))
        await store.close()
        await store.close()
