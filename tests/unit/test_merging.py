from __future__ import annotations

import pytest

from bot.model import (
    HANDLES,
    NOTE_LIMIT,
    NOTES,
    Delivery,
    Handle,
    Influencer,
    Kept,
    Nudge,
    Occasion,
    Promise,
    Side,
    Stage,
    Standing,
    Tier,
)
from tests.desk import Desk, labels, words

MERGE = 'merge "Jess Park" "Jessica Park"'


async def two(desk: Desk) -> None:
    """Jess, and the same person once more as Jessica."""
    await desk.says("ben", "help")
    await desk.says("ana", "add Jess Park instagram:jess.cooks tier:A")
    await desk.says("ana", "add Jessica Park tiktok:jessica tag:food owner:ben")
    await desk.says("ana", "log @jess.cooks coffee on:2026-10-01")
    await desk.says("ben", "log @jessica call on:2026-11-01")


async def everybody(desk: Desk) -> dict[str, Influencer]:
    """The roster by name."""
    return {one.name: one for one in await desk.store.everything(Influencer, (await desk.team()).id)}


async def merged(desk: Desk, line: str = MERGE) -> Influencer:
    """Merges and answers with the one who is left."""
    await desk.presses("ana", await desk.says("ana", line), "Merge")
    (left,) = (await everybody(desk)).values()
    return left


async def test_a_preview_says_what_moves_what_is_taken_over_and_what_differs(desk: Desk) -> None:
    """Nothing is written before the button; what is dropped is said to be kept."""
    await two(desk)
    await desk.says("ana", "edit @jessica phone:123 email:jessica@x.example cadence:30d")
    await desk.says("ana", "edit @jess.cooks email:jess@x.example")
    answer = await desk.says("ana", MERGE)
    said = words(answer)
    assert (
        "Nothing is merged yet. Jess Park stays and takes over what Jessica Park has: 1 touchpoint, the name Jessica "
        "Park, the handle tiktok:jessica and the tag food." in said
    )
    assert "Taken over as well, where Jess Park has nothing:\n• phone: “123”." in said
    assert "• email: “jess@x.example” stays; “jessica@x.example” is kept as a note." in said
    assert "• cadence: “every 30 days” is kept as a note." in said
    assert "• owner: “Ana” stays; “Ben” is kept as a note." in said
    assert ["Merge", "Not now"] == labels(answer)
    assert {"Jess Park", "Jessica Park"} == set(await everybody(desk))
    assert "Nothing was changed." == words(await desk.presses("ana", answer, "Not now"))
    assert "You left it as it was, and it still is." in words(await desk.presses("ana", answer, "Merge"))


async def test_everything_ends_up_in_the_one_that_stays(desk: Desk) -> None:
    """Names, handles, tags, touchpoints; what differed is in a note, and the other record is gone."""
    await two(desk)
    await desk.says("ana", "edit @jessica email:jessica@x.example")
    await desk.says("ana", "edit @jess.cooks email:jess@x.example")
    jessica = (await everybody(desk))["Jessica Park"]
    left = await merged(desk)
    team = (await desk.team()).id
    touches = await desk.store.touchpoints(team, left.id)
    assert ("Jess Park", ("Jessica Park",), ("food",), Tier.A) == (left.name, left.aliases, left.tags, left.tier)
    assert (Handle("instagram", "jess.cooks"), Handle("tiktok", "jessica")) == left.handles
    assert (jessica.id,) == left.merged
    assert 2 == len(touches)
    assert ["From the record of Jessica Park, merged on 23 Nov 2026:\nemail: jessica@x.example\nowner: Ben"] == [
        note.text for note in left.notes
    ]
    (standing,) = await desk.store.everything(Standing, team)
    assert (left.id, 2) == (standing.influencer, standing.touchpoints)
    assert "Jess Park" in words(await desk.says("ana", "show jessica park"))


async def test_undo_makes_two_of_one_again(desk: Desk) -> None:
    """Both have their handles and touchpoints; what came meanwhile stays with the one that it was logged on."""
    await two(desk)
    before = await everybody(desk)
    answer = await desk.presses("ana", await desk.says("ana", MERGE), "Merge")
    await desk.says("ben", "log jess lunch on:2026-11-20")
    await desk.says("ben", "note jess allergic to nuts")
    undone = await desk.presses("ana", answer, "Undo")
    assert (
        "↩ Took back “merge”.\nJess Park and Jessica Park are two records again. "
        "1 touchpoint went back to Jessica Park." in words(undone)
    )
    assert ["Bring back"] == labels(undone)
    after = await everybody(desk)
    team = (await desk.team()).id
    for name, one in before.items():
        assert (one.handles, one.aliases, one.tags, ()) == (
            after[name].handles,
            after[name].aliases,
            after[name].tags,
            after[name].merged,
        )
    assert ["allergic to nuts"] == [note.text for note in after["Jess Park"].notes]
    assert [2, 1] == [len(await desk.store.touchpoints(team, after[name].id)) for name in ("Jess Park", "Jessica Park")]
    assert {"tiktok:jessica"} == set(map(str, (await everybody(desk))["Jessica Park"].handles))
    again = await desk.presses("ana", undone, "Bring back")
    assert "Jessica Park" in words(again)
    assert {"Jess Park"} == set(await everybody(desk))


async def test_undo_tells_what_went_back_and_nothing_else(desk: Desk) -> None:
    """What a colleague made of a promise meanwhile goes back with it, and is not said to have stayed."""
    await desk.says("ben", "help")
    await desk.says("ana", "add Lea Fox")
    await desk.says("ana", "add Kim Ray")
    await desk.says("ana", "promise lea a ceramic sample")
    answer = await desk.presses("ana", await desk.says("ana", "merge Lea Fox into Kim Ray"), "Merge")
    await desk.says("ben", "kept kim sample")
    undone = await desk.presses("ana", answer, "Undo")
    assert "↩ Took back “merge”.\nKim Ray and Lea Fox are two records again. 1 promise went back to Lea Fox." == words(
        undone
    )
    assert ["Bring back"] == labels(undone)
    (promise,) = await desk.store.everything(Promise, (await desk.team()).id)
    assert ((await everybody(desk))["Lea Fox"].id, Kept.KEPT) == (promise.influencer, promise.outcome)


async def test_what_stays_after_an_undo_is_named_as_it_is_now(desk: Desk) -> None:
    """What went on to a third record since is named by that one, not by the one that it went from."""
    await two(desk)
    desk.admins.add("ben")
    await desk.says("ana", "add Kim Ray")
    answer = await desk.presses("ana", await desk.says("ana", MERGE), "Merge")
    await desk.presses("ben", await desk.says("ben", "merge Jess Park into Kim Ray"), "Merge")
    undone = words(await desk.presses("ana", answer, "Undo"))
    assert "• the call with Kim Ray, changed since by @Ben" in undone


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("merge Jess Park into Jessica Park", "Jessica Park"),
        ("merge Jess Park with Jessica Park", "Jess Park"),
        ("merge Jess Park and Jessica Park", "Jess Park"),
        ("merge @jess.cooks @jessica", "Jess Park"),
    ],
)
async def test_people_say_which_one_stays(desk: Desk, line: str, kept: str) -> None:
    """What goes “into” another is gone; without that word the first one stays."""
    await two(desk)
    assert kept == (await merged(desk, line)).name


@pytest.mark.parametrize("line", ["merge Jess Park into Zed Zog", "forget Zed Zog", "kept zed sample"])
async def test_nobody_is_added_to_be_merged_or_forgotten(desk: Desk, line: str) -> None:
    """Where it makes no sense to go on with somebody new, none is offered; where it does, it is."""
    await two(desk)
    answer = await desk.says("ana", line)
    assert "Nobody on the roster is called “zed" in words(answer).replace("Zed", "zed")
    assert [] == labels(answer)
    assert ["Add them"] == labels(await desk.says("ana", "note Zed Zog likes tea"))
    assert "Someone new" not in labels(await desk.says("ana", "show park"))
    assert "Someone new" in labels(await desk.says("ana", "log park coffee"))


async def test_a_second_press_says_who_was_quicker(desk: Desk) -> None:
    """Already merged by Ana, today."""
    await two(desk)
    desk.admins.add("ben")
    preview = await desk.says("ben", MERGE)
    await merged(desk)
    assert "Already merged into Jess Park by Ana, today." == words(await desk.presses("ben", preview, "Merge"))


async def test_what_was_altered_since_is_shown_anew(desk: Desk) -> None:
    """The button does what was shown, or shows what it would do now."""
    await two(desk)
    preview = await desk.says("ana", MERGE)
    await desk.says("ben", "tier @jessica B")
    again = await desk.presses("ana", preview, "Merge")
    assert "Something has changed since you looked" in words(again)
    assert "• tier: “A” stays; “B” is kept as a note." in words(again)
    await desk.presses("ana", again, "Merge")
    assert {"Jess Park"} == set(await everybody(desk))


async def test_who_may_and_what_cannot_be(desk: Desk) -> None:
    """Admins only, two records, exact names, and nobody is hidden by it."""
    await two(desk)
    assert "is for admins" in words(await desk.says("ben", MERGE))
    assert "Both are Jess Park" in words(await desk.says("ana", 'merge "Jess Park" @jess.cooks'))
    assert "write the name in full" in words(await desk.says("ana", 'merge "Jess Par" "Jessica Park"')).lower()
    await desk.says("ana", "archive @jess.cooks")
    assert "Jess Park is archived and Jessica Park is not" in words(await desk.says("ana", MERGE))


async def test_one_that_is_gone_is_said(desk: Desk) -> None:
    """A preview whose people are not there any more does nothing."""
    await two(desk)
    preview = await desk.says("ana", MERGE)
    await desk.says("ana", "undo")  # the log
    await desk.says("ana", "undo")  # the second add is Ben's to log on, so it stays
    await desk.presses("ana", await desk.says("ana", "forget @jess.cooks"), "Forget")
    assert "nothing to merge" in words(await desk.presses("ana", preview, "Merge"))


async def test_nothing_is_lost_where_there_is_no_room(desk: Desk) -> None:
    """Handles beyond the limit are kept as a note; notes beyond theirs stop the merge."""
    await two(desk)
    ours = " ".join(f"x:jess{number}" for number in range(HANDLES))
    await desk.fills("ana", await desk.says("ana", "edit @jess.cooks"), handles=ours)
    await desk.says("ana", "edit @jessica goal:" + '"' + "g" * (NOTE_LIMIT - 10) + '"')
    await desk.says("ana", 'edit "Jess Park" goal:fame')
    left = await merged(desk)
    assert HANDLES == len(left.handles)
    kept = "".join(note.text for note in left.notes)
    assert "handles beyond 20: tiktok:jessica" in kept
    assert "g" * 1000 in kept
    assert all(len(note.text) <= NOTE_LIMIT for note in left.notes)


async def test_too_many_notes_stop_it(desk: Desk) -> None:
    """A merge that would have to drop notes is not made."""
    await two(desk)
    for who, number in (("@jess.cooks", NOTES), ("@jessica", 1)):
        lines = "\n".join(f"{who} fact {index}" for index in range(number))
        await desk.fills("ana", await desk.says("ana", f"edit {who}"), notes=lines)
    assert f"one person has {NOTES} at most" in words(await desk.says("ana", MERGE))


async def test_occasions_and_promises_move(desk: Desk) -> None:
    """The same birthday stays once, with the year that either knows; another date of it is kept as a note."""
    await two(desk)
    team = (await desk.team()).id
    people = await everybody(desk)
    jess, jessica = people["Jess Park"].id, people["Jessica Park"].id
    from bot.change import Change, created  # noqa: PLC0415 - only here

    records = (
        Occasion(id="occ_1", team=team, influencer=jess, label="birthday", month=3, day=14),
        Occasion(id="occ_2", team=team, influencer=jessica, label="Birthday", month=3, day=14, year=1994),
        Occasion(id="occ_3", team=team, influencer=jessica, label="launch", month=12, day=1, year=2026, yearly=False),
        Occasion(id="occ_4", team=team, influencer=jess, label="anniversary", month=5, day=5),
        Occasion(id="occ_5", team=team, influencer=jessica, label="anniversary", month=6, day=6),
        Promise(
            id="prm_1", team=team, influencer=jessica, side=Side.WE, what="a sample", made_at=desk.clock(), made_by=None
        ),
    )
    await desk.store.commit(
        Change(id="chg_x", team=team, at=desk.clock(), by=None, verb="test", writes=created(*records))
    )
    left = await merged(desk)
    kept = {one.id: one for one in await desk.store.occasions(team, left.id)}
    assert {"occ_1", "occ_3", "occ_4"} == kept.keys()
    assert 1994 == kept["occ_1"].year
    assert "anniversary: 6 Jun" in left.notes[-1].text
    assert ["prm_1"] == [promise.id for promise in await desk.store.promises(team, left.id)]


async def test_a_plan_is_not_mixed(desk: Desk) -> None:
    """A record with a plan keeps it; one without takes tier, cadence and stage of the other."""
    await desk.says("ana", "add Jess Park")
    await desk.says("ana", "add Jessica Park tier:B cadence:30d stage:maintaining")
    left = await merged(desk)
    assert (Tier.B, 30, Stage.MAINTAINING) == (left.tier, left.cadence, left.stage)


async def test_nudges_of_the_one_that_goes_are_over(desk: Desk) -> None:
    """No message offers buttons for somebody who is not there."""
    from datetime import timedelta  # noqa: PLC0415 - only here

    await desk.says("ana", "add Jess Park tier:A")
    await desk.says("ana", "add Jessica Park tier:A")
    await desk.says("ana", 'log "Jessica Park" call on:2026-08-01')
    await desk.waits(timedelta(hours=24))
    (message,) = desk.messages_to("ana")
    left = await merged(desk)
    await desk.turn()
    team = (await desk.team()).id
    assert {left.id} >= {nudge.influencer for nudge in await desk.store.everything(Nudge, team)}
    assert "over" in words(await desk.presses("ana", message, "Not needed"))
    assert await desk.store.everything(Delivery, team)


@pytest.mark.parametrize("line", ["log @jessica tea on:2026-11-02", "promise @jessica a cup of tea"])
async def test_what_comes_in_between_is_not_lost(desk: Desk, line: str) -> None:
    """What is kept about the one that goes while the merge is being decided makes it be decided again."""
    await two(desk)
    preview = await desk.says("ana", MERGE)
    real = desk.store.promises
    logged: list[str] = []

    async def promises(team: str, influencer: str) -> tuple[Promise, ...]:
        found = await real(team, influencer)
        if not logged and influencer == (await everybody(desk))["Jessica Park"].id:
            logged.append(influencer)
            core, desk.core = desk.core, desk.core_on(desk.store)
            await desk.says("ben", line)
            desk.core = core
        return found

    desk.core = desk.core_on(_With(desk.store, promises))  # type: ignore[arg-type]  # all else is the real store's
    await desk.presses("ana", preview, "Merge")
    team = (await desk.team()).id
    (left,) = (await everybody(desk)).values()
    kept = (*await desk.store.touchpoints(team, left.id), *await desk.store.promises(team, left.id))
    assert 3 == len(kept)


class _With:
    """A store one of whose reads is another."""

    def __init__(self, store: object, promises: object) -> None:
        self._store, self.promises = store, promises

    def __getattr__(self, name: str) -> object:
        """Everything else is the real store's."""
        return getattr(self._store, name)
