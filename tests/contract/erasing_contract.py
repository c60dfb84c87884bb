"""What every store promises of a Change that erases. A store's tests subclass it as they do StoreContract."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import msgspec
import pytest

from bot.address import Person
from bot.change import Change, Write, created
from bot.errors import AlreadyDone, Conflict
from bot.model import (
    Delivery,
    DeliveryState,
    Draft,
    Handle,
    Influencer,
    Nudge,
    NudgeReason,
    Occasion,
    Promise,
    Record,
    Standing,
    Touchpoint,
    nudge_id,
)
from bot.store_port import Store
from tests.contract.records import (
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
    standing,
    team,
    touchpoint,
)
from tests.contract.store_contract import OTHER, Open, after

KINDS = (Influencer, Standing, Touchpoint, Promise, Occasion, Nudge)
"""What is kept about somebody."""

JESS = influencer("inf_1", name="Jess Park", aliases=("jp",), handles=(Handle("instagram", "jess.cooks"),))
NUDGE = nudge_id("inf_1", NudgeReason.QUIET, TODAY)


def theirs(id: str = "1") -> tuple[Record, ...]:
    """Something of each kind about inf_1."""
    records = touchpoint(f"tch_{id}"), promise(f"prm_{id}"), occasion(f"occ_{id}")
    return (*records, nudge(NUDGE)) if id == "1" else records


async def what_is_kept(store: Store, team: str = TEAM) -> list[Record]:
    """All that is kept of a team about anybody."""
    return [record for kind in KINDS for record in await store.everything(kind, team)]


async def erase(store: Store, *writes: Write, erases: tuple[str, ...] = ("inf_1",), id: str = "chg_erase") -> Change:
    """Forgets inf_1 with all that is kept about them, and does what else is to be done."""
    mine = [one for one in await what_is_kept(store) if "inf_1" in {one.id, getattr(one, "influencer", None)}]
    gone = (Write(record, None) for record in mine)
    asked = change(id, *gone, *writes, verb="forget", erases=erases, heard=f"press {id}", undoes="chg_1")
    return await store.commit(asked)


class ErasingContract:
    """Tests that ask for `reopen`, a fixture of the subclass."""

    @pytest.fixture
    async def store(self, reopen: Open) -> Store:
        """The store, open and empty."""
        return await reopen()

    async def test_nothing_is_left_but_who_when_and_what_was_heard(self, store: Store, reopen: Open) -> None:
        """The answer says all that was asked for; the audit keeps a head that names nobody, and nothing is kept."""
        await store.commit(change("chg_1", *created(JESS, standing("inf_1"), *theirs())))
        answer = await erase(store)
        assert (6, ("inf_1",)) == (len(answer.writes), answer.erases)
        assert set(answer.touched) == {write.id for write in answer.writes}
        head = change("chg_erase", verb="forget", heard="press chg_erase")
        for _again in range(2):
            assert [] == await what_is_kept(store)
            assert head == await store.change(TEAM, "chg_erase")
            assert change("chg_1") == await store.change(TEAM, "chg_1")
            assert ["chg_erase", "chg_1"] == [one.id for one in await store.change_heads(TEAM)]
            with pytest.raises(AlreadyDone) as done:
                await store.commit(change("chg_2", heard="press chg_erase"))
            assert head == done.value.change
            store = await reopen()

    async def test_other_changes_lose_what_is_about_them(self, store: Store, reopen: Open) -> None:
        """A shared Change keeps its other records and can be taken back; one about them alone stays as a head."""
        first = await store.commit(
            change("chg_1", *created(JESS, influencer("inf_2"), *theirs(), touchpoint("tch_9", influencer="inf_2")))
        )
        jess, ben, touch, *_others = after(first)
        renamed = msgspec.structs.replace(jess, name="Jess Lee")
        tagged = msgspec.structs.replace(ben, tags=("food",))
        await store.commit(change("chg_2", Write(jess, renamed), Write(ben, tagged), heard="press 2"))
        await store.commit(change("chg_3", Write(touch, msgspec.structs.replace(touch, note="a")), heard="press 3"))
        await store.commit(change("chg_4", *created(standing("inf_1")), undoes="chg_3"))
        await store.prune(NOW)
        await erase(store)
        for _again in range(2):
            one, two, three, four = [await store.change(TEAM, f"chg_{n}") for n in range(1, 5)]
            assert one is not None
            assert two is not None
            assert ("inf_2", "tch_9") == one.touched == tuple(write.id for write in one.writes)
            assert (("inf_2",), "press 2") == (two.touched, two.heard)
            assert [ben] == [write.before for write in two.writes]
            assert change("chg_3", heard="press 3") == three
            assert change("chg_4", undoes="chg_3") == four
            assert two == await store.change_heard(TEAM, "press 2")
            store = await reopen()

    async def test_what_was_forgotten_before_loses_their_ids(self, store: Store) -> None:
        """A Change of which only the head was left names them no longer, nor what was kept about them."""
        old = NOW - timedelta(days=30)
        await store.commit(change("chg_1", *created(JESS, *theirs(), influencer("inf_2")), at=old))
        await store.commit(change("chg_2", *created(touchpoint("tch_2")), at=old))
        await store.prune(NOW)
        await erase(store)
        assert [(), (), ("inf_2",)] == [one.touched for one in await store.change_heads(TEAM)]

    async def test_what_it_merely_updated_stays_known(self, store: Store) -> None:
        """Records of others that the Change changed, such as a message, keep their place in the audit."""
        records = after(await store.commit(change("chg_1", *created(JESS, influencer("inf_2"), delivery()))))
        ben, message = records[1], records[2]
        updated = msgspec.structs.replace(message, stale=True), msgspec.structs.replace(ben, goal="a book")
        await erase(store, Write(message, updated[0]), Write(ben, updated[1]))
        one = await store.change(TEAM, "chg_1")
        assert one is not None
        assert ("inf_2", message.id) == one.touched == tuple(write.id for write in one.writes)
        assert 2 == len(after(one))

    async def test_what_has_become_somebody_elses_stays_known(self, store: Store) -> None:
        """A touchpoint that was theirs and is another's by now loses what it was, and stays."""
        records = after(await store.commit(change("chg_1", *created(JESS, touchpoint("tch_1"), touchpoint("tch_2")))))
        moved = msgspec.structs.replace(records[1], influencer="inf_2")
        moved = after(await store.commit(change("chg_2", Write(records[1], moved))))[0]
        await store.commit(change("chg_3", Write(moved, msgspec.structs.replace(moved, note="a"))))
        await erase(store)
        found = [await store.change(TEAM, f"chg_{n}") for n in (1, 2, 3)]
        assert [("tch_1",), ("tch_1",), ("tch_1",)] == [one.touched for one in found if one]
        assert [0, 0, 1] == [len(one.writes) for one in found if one]
        assert ["tch_1"] == [one.id for one in await store.everything(Touchpoint, TEAM)]

    async def test_what_came_meanwhile_goes_too(self, store: Store) -> None:
        """What is kept about them goes, although the Change did not know of it."""
        first = await store.commit(change("chg_1", *created(JESS, touchpoint("tch_9", influencer="inf_2"))))
        await store.commit(change("chg_2", *created(standing("inf_1"), *theirs(), *theirs("2"))))
        await store.commit(
            change("chg_3", Write(first.writes[0].after, None), erases=("inf_1",)),
        )
        assert ["tch_9"] == [one.id for one in await what_is_kept(store)]
        two = await store.change(TEAM, "chg_2")
        assert two is not None
        assert ((), ()) == (two.touched, two.writes)

    async def test_goes_with_those_they_were_joined_from(self, store: Store) -> None:
        """What the audit says of a record that was merged into theirs is struck, too."""
        twin = after(await store.commit(change("chg_1", *created(influencer("inf_0", name="Jessica")))))[0]
        merged = msgspec.structs.replace(JESS, merged=("inf_0",))
        await store.commit(change("chg_2", Write(twin, None), *created(merged)))
        await store.commit(change("chg_3", *created(draft(values=(("note", "ask Jessica"),)))))
        await erase(store)
        assert [()] * 4 == [one.touched for one in await store.change_heads(TEAM) if one.id != "chg_3"] + [()]
        assert [()] * 4 == [one.writes for one in await store.changes(TEAM, limit=9)]
        assert () == await store.everything(Draft, TEAM)

    async def test_forms_that_say_who_they_are_go(self, store: Store, reopen: Open) -> None:
        """Drafts that hold an id of theirs, or what they are called, in what was given, filled in or typed."""
        texts = {
            "their id": "inf_1",
            "a touchpoint's id": "see tch_1",
            "a nudge's id": NUDGE,
            "their name": "coffee with  JESS\npark, again",
            "an alias": "JP!",
            "a handle": "https://instagram.com/Jess.Cooks/",
            "a first name": "jess",
            "somebody else": "coffee with Jessica Parker",
            "another id": "inf_10",
            "nothing": "",
        }
        places = ("given", "values", "typed")
        drafts = [
            draft(f"drf_{place} {what}", **{place: (("note", "x"), ("who", text))})
            for what, text in texts.items()
            for place in places
        ]
        await store.commit(change("chg_1", *created(JESS, *theirs())))
        await store.commit(change("chg_2", *created(*drafts)))
        await erase(store)
        for _again in range(2):
            kept = {one.id for one in await store.everything(Draft, TEAM)}
            left = ("somebody else", "another id", "nothing")
            assert {f"drf_{place} {what}" for what in left for place in places} == kept
            store = await reopen()

    async def test_the_form_it_was_asked_with_goes(self, store: Store) -> None:
        """A Draft that the Change closes goes where it tells who they are, and stays where it does not."""
        made = after(
            await store.commit(
                change("chg_1", *created(JESS, draft("drf_1", given=(("who", "inf_1"),)), draft("drf_2")))
            )
        )
        closing = [Write(one, msgspec.structs.replace(one, closed_by="mem_1", closed_at=NOW)) for one in made[1:]]
        answer = await erase(store, *closing, *created(draft("drf_3", values=(("name", "jess park"),))))
        assert {"inf_1", "drf_1", "drf_2", "drf_3"} == set(answer.touched)
        assert ["drf_2"] == [one.id for one in await store.everything(Draft, TEAM)]

    async def test_is_known_by_names_they_once_had(self, store: Store) -> None:
        """A form with a name that was changed since goes as well, as long as the audit knows that name."""
        jess = after(await store.commit(change("chg_1", *created(JESS))))[0]
        await store.commit(change("chg_2", Write(jess, msgspec.structs.replace(jess, name="Jay Lee", aliases=()))))
        await store.commit(change("chg_3", *created(draft(values=(("note", "Jess Park"),)))))
        await erase(store)
        assert () == await store.everything(Draft, TEAM)

    async def test_messages_keep_neither_their_nudges_nor_their_id(self, store: Store, reopen: Open) -> None:
        """Whatever became of a message, and in what the audit has of it; others' nudges stay, and its version moves."""
        others = nudge_id("inf_10", NudgeReason.QUIET, TODAY)
        kept = {"nudges": (NUDGE, others), "named": ("inf_1", "inf_10")}
        states = [state for state in DeliveryState if state not in {DeliveryState.SENDING, DeliveryState.SENT}]
        messages = [delivery(f"delivery:{state}", state=state, **kept) for state in states]
        made = after(await store.commit(change("chg_1", *created(JESS, *messages))))
        await store.commit(change("chg_2", Write(made[-1], msgspec.structs.replace(made[-1], stale=True))))
        await erase(store)
        for _again in range(2):
            found = await store.everything(Delivery, TEAM)
            assert {((others,), ("inf_10",))} == {(one.nudges, one.named) for one in found}
            changes = [await store.change(TEAM, id) for id in ("chg_1", "chg_2")]
            said = [record for one in changes if one for write in one.writes for record in (write.before, write.after)]
            assert len(states) + 2 == len([record for record in said if isinstance(record, Delivery)])
            assert {((others,), ("inf_10",))} == {(r.nudges, r.named) for r in said if isinstance(r, Delivery)}
            store = await reopen()
        with pytest.raises(Conflict):
            await store.commit(change("chg_3", Write(made[1], None)))

    @pytest.mark.parametrize("state", [DeliveryState.SENDING, DeliveryState.SENT])
    async def test_a_message_that_names_them_has_to_be_seen_to(self, store: Store, state: DeliveryState) -> None:
        """One that stands, or is being posted, and that the Change leaves as it is refuses it; nothing is erased."""
        message = delivery("delivery:digest:sch_1:2026-03-02", state=state, named=("inf_1", "inf_2"))
        made = after(await store.commit(change("chg_1", *created(JESS, message))))[1]
        with pytest.raises(Conflict):
            await erase(store)
        assert ["inf_1"] == [one.id for one in await store.everything(Influencer, TEAM)]
        await erase(store, Write(made, msgspec.structs.replace(made, retracted=True)), id="chg_2")
        (found,) = await store.everything(Delivery, TEAM)
        assert (("inf_2",), 2) == (found.named, found.version)

    async def test_a_message_that_is_taken_away_already_is_no_obstacle(self, store: Store) -> None:
        """It goes anyway."""
        message = delivery(state=DeliveryState.SENT, retracted=True, named=("inf_1",))
        await store.commit(change("chg_1", *created(JESS, message)))
        await erase(store)
        assert [()] == [one.named for one in await store.everything(Delivery, TEAM)]

    async def test_nudges_of_long_ago_leave_no_id(self, store: Store) -> None:
        """One that was withdrawn, and of which the audit has forgotten all but the id."""
        old = NOW - timedelta(days=30)
        await store.commit(change("chg_1", *created(JESS), at=old))
        made = after(await store.commit(change("chg_2", *created(nudge(NUDGE), influencer("inf_2")), at=old)))[0]
        await store.commit(change("chg_3", Write(made, None), at=old))
        await store.prune(NOW)
        await erase(store)
        assert {"inf_2"} == {id for one in await store.change_heads(TEAM) for id in one.touched}

    async def test_no_other_team_is_touched(self, store: Store, reopen: Open) -> None:
        """Another team's Changes, records and forms stay, whatever ids are erased and names they hold."""
        await store.commit(change("chg_1", *created(JESS)))
        mine = (influencer("inf_8", name="Jess Park", team=OTHER), touchpoint("tch_8", influencer="inf_1", team=OTHER))
        named = draft("drf_8", values=(("who", "Jess Park inf_1"),), team=OTHER)
        await store.commit(change("chg_8", *created(*mine, named), team=OTHER))
        kept, audit = await what_is_kept(store, OTHER), await store.change(OTHER, "chg_8")
        await erase(store, erases=("inf_1", "inf_8", "tch_8"))
        store = await reopen()
        assert kept == await what_is_kept(store, OTHER)
        assert audit == await store.change(OTHER, "chg_8")
        assert ["drf_8"] == [one.id for one in await store.everything(Draft, OTHER)]

    async def test_is_checked_like_any_other(self, store: Store) -> None:
        """An old version, an old read and what was heard before refuse it, and nothing is erased then."""
        jess = after(await store.commit(change("chg_1", *created(JESS), heard="press 1")))[0]
        newer = after(await store.commit(change("chg_2", Write(jess, msgspec.structs.replace(jess, goal="a")))))[0]
        with pytest.raises(Conflict):
            await store.commit(change("chg_3", Write(jess, None), erases=("inf_1",)))
        with pytest.raises(Conflict):
            await store.commit(change("chg_3", Write(newer, None), erases=("inf_1",), reads=(("inf_1", 1),)))
        with pytest.raises(AlreadyDone):
            await store.commit(change("chg_3", Write(newer, None), erases=("inf_1",), heard="press 1"))
        assert newer == await store.get(Influencer, TEAM, "inf_1")
        assert [1, 1] == [len(one.writes) for one in await store.changes(TEAM, limit=9)]

    async def test_a_handle_is_free_afterwards(self, store: Store) -> None:
        """Somebody else may be given the handle of who was erased."""
        await store.commit(change("chg_1", *created(JESS)))
        await erase(store)
        other = influencer("inf_2", handles=JESS.handles)
        made = after(await store.commit(change("chg_2", *created(other))))[0]
        assert made == await store.influencer_with(TEAM, JESS.handles[0])

    async def test_holds_against_commits_at_the_same_time(self, store: Store, reopen: Open) -> None:
        """What others commit as it is erased is either struck with the rest or refused; their own records stay."""
        jess, mark = after(await store.commit(change("chg_0", *created(JESS, standing("inf_1")))))

        async def log(n: int) -> Change:
            """As a verb logs: the touchpoint, and a standing that adds up."""
            counted = Write(mark, msgspec.structs.replace(mark, touchpoints=n))
            return await store.commit(change(f"chg_log {n}", *created(touchpoint(f"tch_{n}")), counted))

        async def add(n: int) -> Change:
            writes = created(influencer(f"inf_9{n}"), draft(f"drf_{n}", values=(("note", "Jess Park"),)))
            return await store.commit(change(f"chg_add {n}", *writes))

        forget = store.commit(change("chg_erase", Write(jess, None), erases=("inf_1",)))
        outcomes = await asyncio.gather(*map(add, range(9)), log(1), forget, log(2), return_exceptions=True)
        assert [] == [one for one in outcomes if not isinstance(one, (Change, Conflict))]
        store = await reopen()
        assert [f"inf_9{n}" for n in range(9)] == [one.id for one in await what_is_kept(store)]
        assert () == await store.everything(Draft, TEAM)
        named = {id for one in await store.change_heads(TEAM) for id in one.touched if not id.startswith("drf_")}
        assert {f"inf_9{n}" for n in range(9)} == named

    async def test_a_team_is_erased_with_all_that_was_kept_of_it(self, store: Store, reopen: Open) -> None:
        """Records, audit, inbound ids and the Team itself are gone for good; another team's are as they were."""
        for id in (TEAM, OTHER):
            await store.commit(change(f"chg_{id}_team", *created(team(id)), team=id))
            member_of = member(f"mem_{id}", team=id, accounts=(Person("console", id, "ana"),))
            await store.commit(change(f"chg_{id}", *created(member_of), team=id, heard=f"heard {id}"))
        await store.commit(change("chg_all", *created(JESS, standing(), *theirs(), delivery(), draft()), heard="all"))
        await store.erase_team(TEAM)
        await store.erase_team(TEAM)
        for found in (store, await reopen()):
            assert [OTHER] == [one.id for one in await found.teams()]
            assert [] == await what_is_kept(found)
            assert ((), None) == (await found.changes(TEAM, limit=9), await found.change_heard(TEAM, "all"))
            assert ((), ()) == (await found.roster(TEAM), await found.members(TEAM))
            assert [f"mem_{OTHER}"] == [one.id for one in await found.members(OTHER)]
            assert None is not await found.change_heard(OTHER, f"heard {OTHER}")

    async def test_what_is_on_its_way_to_an_erased_team_goes_with_it(self, store: Store) -> None:
        """A commit that is still being written when a team is erased leaves nothing behind."""
        await store.commit(change("chg_team", *created(team())))
        writing = [
            asyncio.create_task(store.commit(change(f"chg_{n}", *created(influencer(f"inf_{n}"))))) for n in range(9)
        ]
        await asyncio.gather(store.erase_team(TEAM), *writing)
        await store.erase_team(TEAM)
        assert ((), (), ()) == (await store.teams(), await store.roster(TEAM), await store.changes(TEAM, limit=9))
