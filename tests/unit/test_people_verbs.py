from __future__ import annotations

from bot.model import Handle, Influencer, Stage, Tier
from bot.reply import Form
from tests.desk import Desk, errors, labels, words


async def roster(desk: Desk) -> dict[str, Influencer]:
    """Everybody by name."""
    found = await desk.store.everything(Influencer, (await desk.team()).id)
    return {one.name: one for one in found}


async def test_somebody_is_added_with_everything_on_one_line(desk: Desk) -> None:
    """Name, handles, tier, owner, tags and contact in one line; the reply shows what was kept."""
    await desk.says("ben", "find")
    answer = await desk.says(
        "ana", "add Jess Park instagram:Jess.Cooks tiktok:@jess tier:A tag:food tag:travel owner:@ben email:j@x.example"
    )
    jess = (await roster(desk))["Jess Park"]
    assert (Handle("instagram", "jess.cooks"), Handle("tiktok", "jess")) == jess.handles
    assert (Tier.A, ("food", "travel"), "j@x.example") == (jess.tier, jess.tags, jess.email)
    assert (await desk.member("ben")).id == jess.owner
    assert "✓ Added: Jess Park — instagram:jess.cooks, tiktok:jess, owner @Ben, tier A, every 21 days" in words(answer)


async def test_whoever_adds_owns_unless_said_otherwise(desk: Desk) -> None:
    """Somebody answers for every relationship, unless nobody is meant to."""
    await desk.says("ana", "add Jess Park")
    await desk.says("ana", "add Sam Ode owner:nobody")
    assert (await desk.member("ana")).id == (await roster(desk))["Jess Park"].owner
    assert (await roster(desk))["Sam Ode"].owner is None


async def test_a_handle_belongs_to_one(desk: Desk) -> None:
    """A handle that is taken is left out and said, with whose it is; in a form it is named beside its input."""
    await desk.says("ana", "add Jess Park instagram:jess")
    answer = words(await desk.says("ana", "add Mona Ray instagram:@JESS tiktok:mona"))
    assert "⚠ instagram:jess belongs to Jess Park, so it was left out." in answer
    assert (Handle("tiktok", "mona"),) == (await roster(desk))["Mona Ray"].handles
    form = await desk.says("ana", "edit mona")
    assert "belongs to Jess Park" in errors(await desk.fills("ana", form, handles="instagram:jess"))["handles"]


async def test_a_namesake_is_asked_about(desk: Desk) -> None:
    """The same name again may be a slip; a second person is added when asked for."""
    await desk.says("ana", "add Jess Park")
    asked = await desk.says("ana", "add jess park tier:B")
    assert ["Show", "Add another"] == labels(asked)
    assert 1 == len(await roster(desk))
    await desk.presses("ana", asked, "Add another")
    assert 2 == len(await desk.store.everything(Influencer, (await desk.team()).id))


async def test_a_new_handle_of_somebody_there_is_not_lost(desk: Desk) -> None:
    """Whoever adds somebody twice may know more about them; what is theirs or another's is not offered."""
    await desk.says("ana", "add Jess Park instagram:jess")
    await desk.says("ana", "add Mona Ray x:mona")
    asked = await desk.says("ana", "add Jess Park tiktok:other instagram:jess x:mona")
    done = await desk.presses("ana", asked, "Add tiktok:other to Jess Park")

    assert ["Add tiktok:other to Jess Park", "Show", "Add another"] == labels(asked)
    assert {Handle("instagram", "jess"), Handle("tiktok", "other")} == set((await roster(desk))["Jess Park"].handles)
    assert "tiktok:other" in words(done)
    assert "Already done" in words(await desk.presses("ana", asked, "Add another"))
    assert ["Show", "Add another"] == labels(await desk.says("ana", "add Jess Park instagram:jess x:mona"))


async def test_somebody_archived_gets_a_new_handle_too(desk: Desk) -> None:
    """And several are counted."""
    await desk.says("ana", "add Jess Park")
    await desk.says("ana", "archive Jess Park")
    asked = await desk.says("ana", "add Jess Park tiktok:one x:two")
    await desk.presses("ana", asked, "Add 2 handles to Jess Park")

    (jess,) = await desk.store.everything(Influencer, (await desk.team()).id)
    assert {Handle("tiktok", "one"), Handle("x", "two")} == set(jess.handles)


async def test_a_similar_name_is_warned_about(desk: Desk) -> None:
    """The warning comes with the reply, never instead of it."""
    await desk.says("ana", "add Jess Parker")
    assert "⚠ Jess Parker sounds much the same" in words(await desk.says("ana", "add Jess Parkes"))


async def test_a_name_that_nobody_can_see_is_refused(desk: Desk) -> None:
    """Names of invisible characters only would never be found again."""
    await desk.says("ana", "add \u200b\u202e")
    assert {} == await roster(desk)


async def test_edit_writes_what_was_altered(desk: Desk) -> None:
    """The form shows the whole record; what a colleague changes meanwhile in another field stays."""
    await desk.says("ana", "add Jess Park tier:A")
    form = await desk.says("ana", "edit jess")
    await desk.says("ben", "tier jess B")
    answer = await desk.fills("ana", form, goal="a cookbook deal", handles="instagram:jess.cooks")
    assert "goal “a cookbook deal”" in words(answer)
    jess = (await roster(desk))["Jess Park"]
    assert (Tier.B, "a cookbook deal", (Handle("instagram", "jess.cooks"),)) == (jess.tier, jess.goal, jess.handles)


async def test_what_may_not_be_emptied_is_needed_in_its_form(desk: Desk) -> None:
    """No form lets an input be left out that is refused when it is empty, and none asks for one that is not."""
    await desk.says("ana", "add Jess Park instagram:jess.cooks tier:A email:j@x.example")
    edits = {
        "edit": await desk.says("ana", "edit jess"),
        "edit_touch": await desk.presses("ana", await desk.says("ana", "log jess coffee"), "Edit"),
        "edit_promise": await desk.presses("ana", await desk.says("ana", "promise jess the sample by friday"), "Edit"),
        "team_settings": await desk.presses("ana", await desk.says("ana", "settings"), "Change the team"),
        "my_settings": await desk.presses("ana", await desk.says("ana", "settings"), "Change mine"),
    }
    for verb, form in edits.items():
        assert isinstance(form, Form)
        assert verb == form.verb
        needed = {one.name for one in form.inputs if one.required}
        refused = set(errors(await desk.fills("ana", form, **{one.name: "" for one in form.inputs})))
        assert needed
        assert needed >= refused
        for name in needed:
            assert [name] == list(errors(await desk.fills("ana", form, **{name: ""})))


async def test_edit_can_clear_a_field(desk: Desk) -> None:
    """An emptied input empties the field; an emptied name is refused."""
    await desk.says("ana", "add Jess Park email:j@x.example")
    form = await desk.says("ana", "edit jess")
    assert ["name"] == list(errors(await desk.fills("ana", form, name="")))
    await desk.fills("ana", await desk.says("ana", "edit jess"), email="")
    assert (await roster(desk))["Jess Park"].email is None


async def test_notes_are_kept_and_edited_line_by_line(desk: Desk) -> None:
    """A standing fact keeps who wrote it when, also when another is added in the form."""
    await desk.says("ana", "add Jess Park")
    await desk.says("ben", "note jess allergic to peanuts")
    form = await desk.says("ana", "edit jess")
    await desk.fills("ana", form, notes="allergic to peanuts\nprefers calls")
    notes = (await roster(desk))["Jess Park"].notes
    assert ["allergic to peanuts", "prefers calls"] == [note.text for note in notes]
    assert [(await desk.member("ben")).id, (await desk.member("ana")).id] == [note.by for note in notes]


async def test_archive_wants_an_exact_name_and_restore_brings_back(desk: Desk) -> None:
    """Hidden from lists and names, and brought back whole."""
    await desk.says("ana", "add Jess Park")
    await desk.says("ana", "log jess coffee")
    assert "write the name in full" in words(await desk.says("ana", "archive jess"))
    assert "archived" in words(await desk.says("ana", "archive Jess Park"))
    assert "Nobody found" in words(await desk.says("ana", "find"))
    assert "Do you mean Jess Park, who is archived?" == words(await desk.says("ana", "log jess coffee"))
    await desk.says("ana", "restore Jess Park")
    assert "1 touchpoint" in words(await desk.says("ana", "show jess"))


async def test_the_plan_is_set_one_thing_at_a_time(desk: Desk) -> None:
    """tier, stage, own, cadence and tag each set one thing and show it."""
    await desk.says("ben", "find")
    await desk.says("ana", "add Jess Park")
    for line, said in (
        ("tier jess A", "tier none → A"),
        ("stage jess maintaining", "identified → maintaining"),
        ("own jess @ben", "owner you → @Ben"),
        ("cadence jess 3 weeks", "cadence every 21 days"),
        ("tag jess food #Ceramics", "tags food, ceramics"),
        ("tag jess -food", "tags ceramics"),
    ):
        assert said in words(await desk.says("ana", line))
    assert "nothing was changed" in words(await desk.says("ana", "tier jess A"))
    assert "“Z” is none of: A, B, C, D." in words(await desk.says("ana", "tier jess Z"))
    assert "Nobody in the team is called “@zoe”" in words(await desk.says("ana", "own jess @zoe"))


async def test_pause_and_resume_stop_and_start_the_clock(desk: Desk) -> None:
    """Paused, a relationship keeps its stage to come back to."""
    await desk.says("ana", "add Jess Park stage:maintaining")
    assert "the clock stands still" in words(await desk.says("ana", "pause jess"))
    assert "paused already" in words(await desk.says("ana", "pause jess"))
    assert "Jess Park — paused." in words(await desk.says("ana", "show jess"))
    await desk.says("ana", "resume jess")
    jess = (await roster(desk))["Jess Park"]
    assert (Stage.MAINTAINING, ()) == (jess.stage, jess.pauses)
    assert "neither paused nor snoozed" in words(await desk.says("ana", "resume jess"))


async def test_a_stage_of_paused_is_a_pause(desk: Desk) -> None:
    """Both ways of saying it stop the clock, and any other stage starts it again."""
    await desk.says("ana", "add Jess Park")
    await desk.says("ana", "stage jess paused")
    assert (await roster(desk))["Jess Park"].is_paused
    await desk.says("ana", "stage jess enhancing")
    assert not (await roster(desk))["Jess Park"].is_paused


async def test_a_snooze_ends_on_a_day_to_come(desk: Desk) -> None:
    """Durations and days are understood; a day that has passed is refused."""
    await desk.says("ana", "add Jess Park")
    assert "snoozed until Mon 7 Dec" in words(await desk.says("ana", "snooze jess 2w"))
    assert "snoozed until Fri 27 Nov" in words(await desk.says("ana", "snooze jess until friday"))
    assert "to come" in words(await desk.says("ana", "snooze jess 2026-01-01"))


async def test_namesakes_do_not_keep_a_form_from_being_sent(desk: Desk) -> None:
    """Two influencers, or two members, of one name: a form is filled so that it is clear whom it means."""
    desk.names["cleo"] = "Ben"
    for name in ("ben", "cleo"):
        await desk.says(name, "help")
    await desk.says("ana", "add Jess Park x:one")
    added = await desk.presses("ana", await desk.says("ana", "add Jess Park x:two"), "Add another")
    answer = await desk.fills("ana", await desk.presses("ana", added, "Log"), what="coffee")
    assert "✓ Logged: Jess Park" in words(answer)
    await desk.says("ana", f"own x:two {(await desk.member('ben')).id}")
    answer = await desk.fills("ana", await desk.says("ana", "edit x:two"), phone="123")
    assert "phone “123”" in words(answer)


async def test_a_form_leaves_what_was_added_meanwhile(desk: Desk) -> None:
    """Of a list, a form adds what its person added and takes out what they took out, and nothing else."""
    await desk.says("ana", "add Jess Park instagram:a tag:food")
    await desk.says("ana", "note jess one")
    await desk.says("ana", "note jess two")
    form = await desk.says("ana", "edit jess")
    await desk.says("ben", "note jess three")
    await desk.says("ben", "tag jess vegan")
    await desk.fills("ben", await desk.says("ben", "edit jess"), handles="instagram:a tiktok:b")
    await desk.fills("ana", form, notes="one", tags="food travel", handles="instagram:a x:jess")
    jess = (await roster(desk))["Jess Park"]
    assert ["one", "three"] == [note.text for note in jess.notes]
    assert ("food", "vegan", "travel") == jess.tags
    assert ["instagram:a", "tiktok:b", "x:jess"] == [str(handle) for handle in jess.handles]


async def test_what_a_form_overwrites_is_said(desk: Desk) -> None:
    """Where two changed one field, the form that was sent last counts, says so, and undo brings the other back."""
    await desk.says("ana", "add Jess Park")
    form = await desk.says("ana", "edit jess")
    await desk.fills("ben", await desk.says("ben", "edit jess"), goal="a cookbook deal")
    answer = await desk.fills("ana", form, goal="a TV slot")
    assert "⚠ While your form was open somebody changed the goal; yours counts now" in words(answer)
    await desk.presses("ana", answer, "Undo")
    assert "a cookbook deal" == (await roster(desk))["Jess Park"].goal


async def test_a_tier_and_a_cadence_can_be_taken_away(desk: Desk) -> None:
    """“none” clears what a verb sets."""
    await desk.says("ana", "add Jess Park tier:A")
    await desk.says("ana", "cadence jess 3 weeks")
    assert "cadence as the tier has it" in words(await desk.says("ana", "cadence jess none"))
    assert "tier A → none" in words(await desk.says("ana", "tier jess none"))


async def test_a_profiles_address_is_a_handle(desk: Desk) -> None:
    """An address pasted behind the name is kept as the handle it stands for; an empty key is no part of a name."""
    await desk.says("ana", "add Sam Ode https://instagram.com/Sam.Ode/ email:")
    assert (Handle("instagram", "sam.ode"),) == (await roster(desk))["Sam Ode"].handles


async def test_an_address_that_is_none_is_refused(desk: Desk) -> None:
    """A slip in an e-mail address is named."""
    assert "is no e-mail address" in words(await desk.says("ana", "add Sam Ode email:sam"))


async def test_namesakes_that_sound_alike_are_named_once(desk: Desk) -> None:
    """Two people of one name are one warning, in the singular; two names are in the plural."""
    first = await desk.says("ana", "add Jess Park")
    assert "⚠" not in words(first)
    await desk.presses("ana", await desk.says("ana", "add Jess Park"), "Add another")
    assert "⚠ Jess Park sounds much the same." in words(await desk.says("ana", "add Jess Parke"))
    assert "⚠ Jess Park and Jess Parke sound much the same." in words(await desk.says("ana", "add Jess Parks"))
