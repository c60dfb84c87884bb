from __future__ import annotations

import asyncio
from pathlib import Path

from bot.change import Write, created
from bot.model import Draft, Influencer
from storage.erasing import surveyed
from storage.opening import open_tiny
from tests.contract.records import TEAM, change, draft, influencer, touchpoint


async def test_what_came_after_the_survey_is_struck_too(tmp_path: Path) -> None:
    """A Change that became durable, and one that waits, between looking and erasing lose what they said."""
    store = open_tiny(tmp_path / "rapport.json")
    await store.commit(change("chg_1", *created(influencer(name="Jess Park"))))
    jess = await store.get(Influencer, TEAM, "inf_1")
    erasing = change("chg_9", Write(jess, None), erases=("inf_1",))
    survey = await surveyed(store._tables, erasing)
    assert (frozenset({"chg_1"}), 1) == (survey.found, survey.upto)
    form = draft(values=(("note", "Jess Park"),))
    await store.commit(change("chg_2", *created(touchpoint("tch_1"), influencer("inf_2"))))
    waiting = asyncio.create_task(store.commit(change("chg_3", *created(touchpoint("tch_2"), form))))
    await asyncio.sleep(0)
    _stored, ticket = store._writing().ledger.commit(erasing, survey)
    await ticket.wait(asyncio.get_running_loop())
    await waiting
    touched = {one.id: one.touched for one in await store.change_heads(TEAM)}
    assert {"chg_9": (), "chg_3": ("drf_1",), "chg_2": ("inf_2",), "chg_1": ()} == touched
    assert ["inf_2"] == [write.id for one in await store.changes(TEAM, limit=9) for write in one.writes]
    assert () == await store.everything(Draft, TEAM)
    await store.close()


async def test_looks_through_other_teams_not_at_all(tmp_path: Path) -> None:
    """What another team's Changes hold is not found, however alike."""
    store = open_tiny(tmp_path / "rapport.json")
    await store.commit(change("chg_1", *created(influencer(team="team_2")), team="team_2"))
    survey = await surveyed(store._tables, change("chg_9", erases=("inf_1",)))
    assert (frozenset(), 0) == (survey.found, survey.upto)
    await store.close()
