from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from bot.change import Change, Write
from bot.errors import Conflict
from bot.model import Handle, Influencer, Standing, Tier, Touchpoint
from tests.desk import Desk, labels, words


async def jess(desk: Desk) -> Influencer:
    """The only influencer."""
    (found,) = await desk.store.everything(Influencer, (await desk.team()).id)
    return found


async def test_undo_goes_back_step_by_step(desk: Desk) -> None:
    """Each undo takes back one change further and says what it undid."""
    await desk.says("ana", "add Jess Park")
    await desk.says("ana", "tier jess A")
    await desk.says("ana", "log jess coffee")
    assert "Took back “log”.\nRemoved: Jess Park — meeting" in words(await desk.says("ana", "undo"))
    assert "Took back “tier”.\nJess Park: tier A → none." in words(await desk.says("ana", "undo"))
    assert "Took back “add”.\nRemoved: Jess Park." in words(await desk.says("ana", "undo"))
    assert "nothing of yours to take back" in words(await desk.says("ana", "undo"))
    assert () == await desk.store.everything(Standing, (await desk.team()).id)


async def test_undo_is_ones_own_and_of_the_last_day(desk: Desk) -> None:
    """A colleague's change and one of the day before yesterday are not taken back."""
    await desk.says("ana", "add Jess Park")
    assert "nothing of yours" in words(await desk.says("ben", "undo"))
    desk.clock.move(timedelta(hours=25))
    assert "nothing of yours" in words(await desk.says("ana", "undo"))


async def test_what_others_changed_since_is_left_and_offered(desk: Desk) -> None:
    """A field that a colleague has changed stays, is said, and can be taken back on purpose, alone."""
    await desk.says("ana", "add Jess Park")
    await desk.says("ana", "tier jess A")
    await desk.says("ben", "tier jess B")
    await desk.says("ben", "note jess allergic to nuts")
    answer = await desk.says("ana", "undo")
    assert "• Jess Park, changed since by @Ben" in words(answer)
    assert Tier.B == (await jess(desk)).tier
    assert ["Undo the rest"] == labels(answer)
    rest = await desk.presses("ana", answer, "Undo the rest")
    assert (None, 1) == ((await jess(desk)).tier, len((await jess(desk)).notes))
    await desk.presses("ana", rest, "Bring back")
    assert Tier.B == (await jess(desk)).tier


async def test_what_is_taken_back_in_part_is_told_so(desk: Desk) -> None:
    """Of a record of which some fields went back, only what a colleague has changed since is said to stay."""
    await desk.says("ana", "add Jess Park")
    await desk.says("ana", "edit jess tier:A goal:fame")
    await desk.says("ben", "tier jess B")
    answer = words(await desk.says("ana", "undo"))
    assert "Jess Park: goal removed." in answer
    assert "Left as it is:\n• Jess Park, in what @Ben changed since" in answer


@pytest.mark.parametrize(
    ("line", "said"),
    [("digest here mon 09:00", "set up a digest"), ("digest off", "stop a digest")],
)
async def test_what_one_verb_did_is_told_by_what_it_did(desk: Desk, line: str, said: str) -> None:
    """A digest is set up and stopped with one verb, which would not say which of it was taken back."""
    if line == "digest off":
        await desk.says("ana", "digest here mon 09:00", channel="team")
    await desk.says("ana", line, channel="team")
    assert words(await desk.says("ana", "undo")).startswith(f"↩ Took back “{said}”.")


async def test_what_others_did_elsewhere_stays(desk: Desk) -> None:
    """Undo takes back its own field, and of a list what it added, whatever colleagues did beside it."""
    await desk.says("ana", "add Jess Park")
    await desk.says("ana", "tag jess food")
    await desk.says("ben", "tag jess vegan")
    await desk.says("ben", "tier jess B")
    answer = await desk.says("ana", "undo")
    assert ["Bring back"] == labels(answer)
    assert (("vegan",), Tier.B) == ((await jess(desk)).tags, (await jess(desk)).tier)
    await desk.presses("ana", answer, "Bring back")
    assert {"vegan", "food"} == set((await jess(desk)).tags)
    assert "Took back “tag”" in words(await desk.says("ana", "undo"))


async def test_undo_passes_over_what_is_gone(desk: Desk) -> None:
    """Where nothing of a change is left, the next older one is taken back."""
    await desk.says("ana", "add Jess Park")
    await desk.says("ana", "add Kim Ray")
    await desk.says("ben", "note jess Q1 early")
    await desk.says("ben", "log kim coffee")
    await desk.presses("ana", await desk.says("ana", "undo"), "Undo the rest")
    assert "Took back “note”" in words(await desk.says("ben", "undo"))


async def test_somebody_with_touchpoints_of_others_is_not_taken_off(desk: Desk) -> None:
    """Undoing an add leaves the person where a colleague has logged since."""
    await desk.says("ana", "add Jess Park")
    await desk.says("ben", "log jess coffee")
    answer = words(await desk.says("ana", "undo"))
    assert "• Jess Park, changed since by @Ben" in answer
    assert "Jess Park" == (await jess(desk)).name
    assert 1 == len(await desk.store.everything(Touchpoint, (await desk.team()).id))


async def test_one_of_two_records_is_set_back(desk: Desk) -> None:
    """Record by record: what nobody changed goes back, the rest stays."""
    await desk.says("ana", "add Jess Park")
    await desk.says("ana", "add Sam Ode")
    await desk.says("ana", "log jess, sam coffee")
    form = await desk.presses("ben", await desk.says("ben", "history sam"), "Edit")
    await desk.fills("ben", form, what="coffee and cake")
    answer = words(await desk.says("ana", "undo"))
    assert "Removed: Jess Park — meeting" in answer
    assert "• the meeting with Sam Ode, changed since by @Ben" in answer
    (left,) = await desk.store.everything(Touchpoint, (await desk.team()).id)
    assert "coffee and cake" == left.note


async def test_a_button_takes_back_its_own_change_once(desk: Desk) -> None:
    """The button under a reply means that change, also when others came after; a second press says so."""
    await desk.says("ana", "add Jess Park")
    logged = await desk.says("ana", "log jess coffee")
    await desk.says("ana", "tier jess A")
    assert "Took back “log”" in words(await desk.presses("ana", logged, "Undo"))
    assert "taken back already" in words(await desk.presses("ana", logged, "Undo"))
    assert "Only your own changes" in words(await desk.presses("ben", logged, "Undo"))
    assert Tier.A == (await jess(desk)).tier


async def test_an_undo_heard_twice_undoes_once(desk: Desk) -> None:
    """A redelivered undo takes back no second change, and answers the same."""
    await desk.says("ana", "add Jess Park")
    await desk.says("ana", "log jess coffee")
    first = await desk.says("ana", "undo", heard="h")
    assert words(first) == words(await desk.says("ana", "undo", heard="h"))
    assert "Jess Park" == (await jess(desk)).name


async def test_opening_a_form_is_nothing_to_undo(desk: Desk) -> None:
    """Forms that were opened are passed over."""
    await desk.says("ana", "add Jess Park")
    await desk.says("ana", "log jess")
    assert "Took back “add”" in words(await desk.says("ana", "undo"))


async def test_forms_do_not_crowd_out_what_can_be_undone(desk: Desk) -> None:
    """However many forms were opened since, the last change of the day is still found."""
    await desk.says("ana", "add Jess Park")
    for _ in range(101):
        await desk.says("ana", "log")
    assert "Took back “add”" in words(await desk.says("ana", "undo"))


async def test_every_change_of_the_day_can_be_taken_back(desk: Desk) -> None:
    """Step by step undo goes back through more than a hundred changes, to the first."""
    await desk.says("ana", "add Jess Park")
    for n in range(1, 61):
        await desk.says("ana", f"cadence Jess Park {n}d")
    steps = 0
    while "Took back" in words(await desk.says("ana", "undo")):
        steps += 1
    assert (61, ()) == (steps, await desk.store.everything(Influencer, (await desk.team()).id))


async def test_who_changed_it_since_is_known_however_much_happened(desk: Desk) -> None:
    """A colleague is named also when a hundred changes of others came after."""
    await desk.says("ana", "add Jess Park")
    await desk.says("ana", "tier jess A")
    await desk.says("ben", "tier jess B")
    for _ in range(101):
        await desk.says("cleo", "log")
    assert "• Jess Park, changed since by @Ben" in words(await desk.says("ana", "undo"))


async def test_what_is_as_it_was_already_is_not_left(desk: Desk) -> None:
    """A record that a colleague has set back needs no second undo, and none is offered."""
    await desk.says("ana", "add Jess Park")
    await desk.says("ana", "add Sam Ode")
    await desk.says("ana", "log jess, sam coffee")
    await desk.presses("ben", await desk.says("ben", "history sam"), "Delete")
    answer = await desk.says("ana", "undo")
    assert "Removed: Jess Park — meeting" in words(answer)
    assert ("Left" in words(answer), labels(answer)) == (False, ["Bring back"])


async def touch(desk: Desk) -> Touchpoint:
    """The only touchpoint."""
    (found,) = await desk.store.everything(Touchpoint, (await desk.team()).id)
    return found


async def stale_write(desk: Desk, seen: Touchpoint) -> None:
    """Somebody writes what they decided on a touchpoint as they saw it."""
    change = Write(seen, replace(seen, note="decided on what was"))
    await desk.store.commit(
        Change(id="chg_stale", team=seen.team, at=desk.clock(), by=None, verb="test", writes=(change,))
    )


async def test_a_record_brought_back_is_not_taken_for_the_one_that_was_seen(desk: Desk) -> None:
    """Whatever was decided on a record before it was deleted is refused after it came back."""
    await desk.says("ana", "add Jess Park")
    await desk.says("ana", "log jess coffee")
    first = await touch(desk)
    form = await desk.presses("ana", await desk.says("ana", "history jess"), "Edit")
    await desk.fills("ana", form, what="tea")
    edited = await touch(desk)
    await desk.presses("ana", await desk.says("ana", "history jess"), "Delete")
    await desk.says("ana", "undo")
    assert edited.version < (await touch(desk)).version
    for seen in (first, edited):
        with pytest.raises(Conflict):
            await stale_write(desk, seen)


async def test_a_record_brought_back_with_the_rest_goes_on_from_its_last_version(desk: Desk) -> None:
    """Also what others had done to it before it went counts: their versions don't come again."""
    await desk.says("ana", "add Jess Park")
    await desk.says("ana", "log jess coffee")
    form = await desk.presses("ana", await desk.says("ana", "history jess"), "Edit")
    await desk.fills("ana", form, what="tea")
    for what in ("cake", "bread"):
        form = await desk.presses("ben", await desk.says("ben", "history jess"), "Edit")
        await desk.fills("ben", form, what=what)
    last = await touch(desk)
    await desk.presses("ben", await desk.says("ben", "history jess"), "Delete")
    answer = await desk.says("ana", "undo")
    assert "• the meeting with Jess Park, changed since by @Ben" in words(answer)
    await desk.presses("ana", answer, "Undo the rest")
    assert ("coffee", last.version + 1) == ((await touch(desk)).note, (await touch(desk)).version)


async def test_standings_follow_an_undo(desk: Desk) -> None:
    """What is derived is recomputed, not restored."""
    await desk.says("ana", "add Jess Park")
    await desk.says("ana", "log jess coffee on:2026-11-01")
    await desk.says("ana", "log jess coffee")
    await desk.says("ana", "undo")
    (standing,) = await desk.store.everything(Standing, (await desk.team()).id)
    assert (1, "2026-11-01") == (standing.touchpoints, str(standing.silent_since))


async def test_a_handle_that_is_somebody_elses_now_is_left_out_and_said(desk: Desk) -> None:
    """A handle belongs to one influencer, after an undo too."""
    await desk.says("ana", "add Sam Ode x:sam")
    await desk.says("ana", "edit sam handles:tiktok:sammy")
    await desk.says("ben", "add Lee Fox x:sam")
    answer = words(await desk.says("ana", "undo"))
    assert "⚠ x:sam belongs to Lee Fox now, so it was left out." in answer
    people = await desk.store.everything(Influencer, (await desk.team()).id)
    assert {"Sam Ode": (), "Lee Fox": (Handle("x", "sam"),)} == {one.name: one.handles for one in people}


async def test_undoing_the_rest_of_an_add_takes_what_is_about_them_along(desk: Desk) -> None:
    """No touchpoint stays behind without its influencer, and none comes back alone."""
    await desk.says("ana", "add Sam Ode")
    logged = await desk.says("ben", "log sam coffee")
    await desk.presses("ben", await desk.says("ben", "history sam"), "Delete")
    deleted = await desk.says("ben", "log sam call")
    answer = await desk.says("ana", "undo")
    assert "Removed: Sam Ode" in words(await desk.presses("ana", answer, "Undo the rest"))
    team = (await desk.team()).id
    assert () == await desk.store.everything(Touchpoint, team)
    for pressed in (logged, deleted):
        await desk.presses("ben", pressed, "Undo")
    await desk.says("ben", "undo")
    assert () == await desk.store.everything(Touchpoint, team)
