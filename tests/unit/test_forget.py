from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.inbound import Upload
from bot.model import Delivery, DeliveryKind, Draft, Influencer, Nudge, Occasion, Promise, Touchpoint
from bot.reply import Form, Select
from tests.desk import Desk, actions, labels, words

NAME, HANDLE, NOTE = "Zenobia Quillfeather", "zq.unheard", "keeps axolotls"
TRACES = ("zenobia", "quillfeather", "zq.unheard", "axolotl", "bioluminescent", "marzipan", "zinnia", "theremin")


async def somebody(desk: Desk) -> None:
    """Zenobia with a little of everything, and Sam, in whose notes she stands."""
    for name in ("ana", "ben"):
        await desk.says(name, "help")
    await desk.says("ana", f"add {NAME} instagram:{HANDLE} tier:A owner:ana")
    await desk.says("ana", "add Sam Ode tier:A owner:ana")
    await desk.says("ana", f"note @{HANDLE} {NOTE}")
    await desk.says("ana", f"log @{HANDLE} call about bioluminescent cakes on:2026-08-01")
    await desk.says("ana", "log sam call on:2026-08-01")
    await desk.says("ana", f"promise @{HANDLE} the marzipan sample by 4 dec")
    await desk.says("ana", f"occasion @{HANDLE} birthday 3 dec")


async def forgets(desk: Desk) -> str:
    """Ana forgets Zenobia; what she is told."""
    return words(await desk.presses("ana", await desk.says("ana", f"forget {NAME}"), "Forget for good"))


async def people(desk: Desk) -> set[str]:
    """The names on the roster."""
    return {one.name for one in await desk.store.everything(Influencer, (await desk.team()).id)}


async def ids_of(desk: Desk, *names: str) -> tuple[str, ...]:
    """The ids of some people's records."""
    return tuple(one.id for one in await desk.store.everything(Influencer, (await desk.team()).id) if one.name in names)


def left_in(folder: Path, *ids: str) -> dict[str, list[str]]:
    """The traces that the files of a folder hold, and which of some ids, by file."""
    found = {path.name: path.read_bytes().lower() for path in folder.rglob("*") if path.is_file()}
    traces = (*TRACES, *ids)
    return {
        name: [trace for trace in traces if trace.encode() in content]
        for name, content in found.items()
        if any(trace.encode() in content for trace in traces)
    }


async def test_the_preview_says_what_goes_in_numbers(desk: Desk) -> None:
    """And that it can't be undone; nothing goes before the button, nor with the other one."""
    await somebody(desk)
    answer = await desk.says("ana", f"forget {NAME}")
    assert (
        f"Forget {NAME} for good? This erases 1 record, 1 touchpoint, 1 promise, 1 occasion and 1 standing note. It "
        "can’t be undone" in words(answer)
    )
    assert ["Forget for good", "Keep"] == labels(answer)
    assert "Nothing was changed." == words(await desk.presses("ana", answer, "Keep", heard="kept"))
    assert "Nothing was changed." == words(await desk.presses("ana", answer, "Keep", heard="kept"))
    for label in ("Forget for good", "Keep"):
        assert "You left it as it was, and it still is." in words(await desk.presses("ana", answer, label))
    assert {NAME, "Sam Ode"} == await people(desk)
    assert "Took back “occasion”" in words(await desk.says("ana", "undo"))


async def test_it_is_for_admins_and_wants_an_exact_name(desk: Desk) -> None:
    """Archived ones can be forgotten too."""
    await somebody(desk)
    assert "is for admins" in words(await desk.says("ben", f"forget {NAME}"))
    assert "write the name in full" in words(await desk.says("ana", "forget Zenobia")).lower()
    await desk.says("ana", f"archive {NAME}")
    assert "✓ Forgotten for good: 1 record, 1 touchpoint" in await forgets(desk)
    assert {"Sam Ode"} == await people(desk)


async def test_everything_about_them_goes_and_the_answer_names_nobody(desk: Desk) -> None:
    """Record, touchpoints, promises, occasions and nudges; Sam's stay."""
    await somebody(desk)
    said = await forgets(desk)
    assert "✓ Forgotten for good: 1 record, 1 touchpoint, 1 promise, 1 occasion and 1 standing note." in said
    assert not [trace for trace in TRACES if trace in said.lower()]
    team = (await desk.team()).id
    assert 1 == len(await desk.store.everything(Touchpoint, team))
    assert ((), ()) == (await desk.store.everything(Promise, team), await desk.store.everything(Occasion, team))
    assert "Nobody on the roster" in words(await desk.says("ana", f"show {NAME}"))


async def test_other_peoples_records_that_name_them_are_shown_to_be_edited(desk: Desk) -> None:
    """With the words before, without them after; each can be opened from the answer."""
    await somebody(desk)
    await desk.says("ben", "log sam met zenobia's agent too on:2026-11-20")
    await desk.says("ben", f"note sam is a cousin of {NAME}")
    await desk.says("ben", "goal sam to be like ZQ.unheard")
    await desk.says("ben", "promise sam to introduce Zenobia Quillfeather by 4 dec")
    preview = await desk.says("ana", f"forget {NAME}")
    assert "Other people’s records name them" in words(preview)
    assert "• Sam Ode, meeting of 20 Nov: “met zenobia's agent too”" in words(preview)
    answer = await desk.presses("ana", preview, "Forget for good")
    said = words(answer)
    assert "The name still stands in 4 records about other people." in said
    assert not [trace for trace in TRACES if trace in said.lower()]
    selects = [one for one in actions(answer) if isinstance(one, Select)]
    assert ["Edit a touchpoint…", "Edit a promise…", "Edit a record…"] == [one.label for one in selects]
    for select in selects:
        assert isinstance(await desk.presses("ana", answer, select.label, "Sam Ode"), Form)


async def test_a_second_press_says_so(desk: Desk) -> None:
    """Also by somebody else, and when the same press is heard again."""
    await somebody(desk)
    desk.admins.add("ben")
    mine, other = [await desk.says(name, f"forget {NAME}") for name in ("ana", "ben")]
    await desk.presses("ana", mine, "Forget for good", heard="press")
    assert "Already forgotten" in words(await desk.presses("ben", other, "Forget for good"))
    assert "done already" in words(await desk.presses("ana", mine, "Forget for good", heard="press"))


async def test_what_was_altered_since_is_shown_anew(desk: Desk) -> None:
    """The button does what was shown."""
    await somebody(desk)
    preview = await desk.says("ana", f"forget {NAME}")
    await desk.says("ben", f"note @{HANDLE} has moved to Lisbon")
    assert "Something has changed since you looked" in words(await desk.presses("ana", preview, "Forget for good"))
    assert NAME in await people(desk)


@pytest.mark.parametrize(
    "line",
    [
        f"log @{HANDLE} zinnia tea",
        f"promise @{HANDLE} a theremin",
        f"occasion @{HANDLE} launch 5 jan",
    ],
)
async def test_what_came_since_is_shown_before_it_goes(desk: Desk, line: str) -> None:
    """The press asks again, and the one after it erases that, too; the clock's own doings don't count."""
    await somebody(desk)
    preview = await desk.says("ana", f"forget {NAME}")
    await desk.says("ben", line)
    again = await desk.presses("ana", preview, "Forget for good")
    assert "Something has changed since you looked" in words(again)
    assert NAME in await people(desk)
    await desk.waits(timedelta(hours=24))
    assert "✓ Forgotten for good" in words(await desk.presses("ana", again, "Forget for good"))


async def test_whoever_was_merged_meanwhile_is_shown_as_what_they_are_part_of(desk: Desk) -> None:
    """The button neither erases more than it showed nor says that nothing is left."""
    await somebody(desk)
    await desk.says("ana", "add Zinnia Q tiktok:theremin")
    preview = await desk.says("ana", "forget @theremin")
    await desk.presses("ana", await desk.says("ana", f'merge "{NAME}" "Zinnia Q"'), "Merge")
    again = await desk.presses("ana", preview, "Forget for good")
    assert f"Something has changed since you looked; this is how it stands now. Forget {NAME} for good?" in words(again)
    assert NAME in await people(desk)
    await desk.presses("ana", again, "Forget for good")
    assert {"Sam Ode"} == await people(desk)


async def test_a_refusal_names_the_verb_as_people_know_it(desk: Desk) -> None:
    """Buttons, too, stand for something with a name."""
    await somebody(desk)
    await desk.says("ana", "add Zinnia Q")
    asked = (
        ("Forget", await desk.says("ana", f"forget {NAME}")),
        (
            "Merge",
            await desk.says("ana", f'merge "{NAME}" "Zinnia Q"'),
        ),
    )
    desk.admins.remove("ana")
    said = [words(await desk.presses("ana", answer, label)) for label, answer in asked]
    assert [
        "“Forget for good” is for admins of the team. Ask one of them to do it.",
        "“Merge two records” is for admins of the team. Ask one of them to do it.",
    ] == said


async def test_buttons_elsewhere_answer_without_a_name(desk: Desk) -> None:
    """Undo, show, edit, log and the buttons of a nudge are all answered, and name nobody."""
    await somebody(desk)
    logged = await desk.says("ana", f"log @{HANDLE} zinnia tea on:2026-08-02")
    recap = await desk.says("ana", f"show @{HANDLE}")
    history = await desk.says("ana", f"history @{HANDLE}")
    form = await desk.says("ana", f"edit @{HANDLE}")
    await desk.waits(timedelta(hours=24))
    (message,) = desk.messages_to("ana")
    await forgets(desk)
    shown = [(answer, label) for answer in (logged, recap, history, message) for label in labels(answer)]
    answers = [await desk.presses("ana", answer, label) for answer, label in shown]
    answers.append(await desk.fills("ana", form))
    assert "This person is not on the roster any more." in {words(one) for one in answers if not isinstance(one, Form)}
    for answer in answers:
        said = str(answer).lower() if isinstance(answer, Form) else words(answer).lower()
        assert not [trace for trace in TRACES if trace in said], said


async def test_undo_passes_over_what_was_erased_and_takes_back_the_rest(desk: Desk) -> None:
    """An import of several is taken back without the one who is forgotten."""
    await desk.says("ana", "help")
    rows = f"name,tier\n{NAME},A\nLee Fox,B\nMia Jung,C"
    await desk.presses("ana", await desk.says("ana", "import", files=(Upload("r.csv", rows.encode()),)), "Import")
    await desk.says("ana", f'log "{NAME}" theremin lesson')
    await forgets(desk)
    undone = words(await desk.says("ana", "undo"))
    assert "↩ Took back “import”.\nRemoved: Lee Fox.\nRemoved: Mia Jung." in undone
    assert set() == await people(desk)
    assert "nothing of yours to take back" in words(await desk.says("ana", "undo"))


async def test_a_nudge_with_somebody_else_is_edited_and_one_alone_is_taken_away(desk: Desk) -> None:
    """No message of ours that stands names them."""
    await somebody(desk)
    await desk.says("ben", "add Alone Quillfeather tier:A owner:ben")
    await desk.says("ben", 'log "Alone Quillfeather" call on:2026-08-01')
    await desk.waits(timedelta(hours=24))
    assert [1, 1] == [len(desk.messages_to(name)) for name in ("ana", "ben")]
    await forgets(desk)
    await desk.presses("ana", await desk.says("ana", "forget Alone Quillfeather"), "Forget")
    await desk.turn()
    (message,) = desk.messages_to("ana")
    assert ("Sam Ode" in words(message), "Zenobia" in words(message)) == (True, False)
    assert [] == desk.messages_to("ben")


async def test_whoever_was_merged_into_them_goes_too(desk: Desk, tmp_path: Path) -> None:
    """The record that was joined into theirs is no way back, neither is undoing the merge."""
    await somebody(desk)
    await desk.says("ana", "add Zinnia Q tiktok:theremin")
    ids = await ids_of(desk, NAME, "Zinnia Q")
    merge = await desk.presses("ana", await desk.says("ana", f'merge "{NAME}" "Zinnia Q"'), "Merge")
    await forgets(desk)
    assert "Nothing of that change is left" in words(await desk.presses("ana", merge, "Undo"))
    assert {} == left_in(tmp_path, *ids)
    assert {"Sam Ode"} == await people(desk)


async def test_a_button_of_a_merged_record_leads_to_the_one_that_stayed(desk: Desk) -> None:
    """What was posted before a merge still says whom it is about."""
    await somebody(desk)
    await desk.says("ana", "add Zinnia Q tiktok:theremin")
    recap = await desk.says("ana", "show @theremin")
    await desk.presses("ana", await desk.says("ana", f'merge "{NAME}" "Zinnia Q"'), "Merge")
    assert NAME in words(await desk.presses("ana", recap, "History"))


@pytest.mark.parametrize("restarted", [False, True])
async def test_no_file_and_no_message_holds_a_trace(desk: Desk, tmp_path: Path, *, restarted: bool) -> None:
    """Name, handle, notes, promise, occasion, log, edit, messages of every kind, drafts, import, merge: all gone."""
    await somebody(desk)
    await desk.says("ben", "help")
    await desk.says("ana", "digest here mon tue wed thu fri 09:00", channel="general")
    await desk.says("ana", "add Zinnia Q tiktok:theremin owner:ana")
    await desk.says("ana", "log @theremin lunch on:2026-07-01")
    await desk.presses("ana", await desk.says("ana", f'merge "{NAME}" "Zinnia Q"'), "Merge")
    await desk.fills("ana", await desk.says("ana", f"edit @{HANDLE}"), goal="to play the theremin", name=f"{NAME} II")
    await desk.waits(timedelta(hours=48))
    await desk.says("ana", "handover ana ben")
    await desk.waits(timedelta(hours=24))
    for line in (f"show @{HANDLE}", f"find {NAME}", "due all"):
        question = await desk.presses(
            "ana", await desk.says("ana", line, channel="general"), "Share", channel="general"
        )
        await desk.presses("ana", question, "Share it here", channel="general")
    await desk.turn()
    kinds = {one.kind for one in await desk.store.everything(Delivery, (await desk.team()).id) if one.posted}
    assert {DeliveryKind.NUDGES, DeliveryKind.DIGEST, DeliveryKind.HANDOVER, DeliveryKind.SHARED} == kinds
    found = await desk.says("ana", f"find {NAME}", channel="general")
    waiting = await desk.presses("ana", found, "Share", channel="general")
    await desk.presses("ana", found, "Share", channel="general")  # a question that nobody answers
    await desk.presses("ana", waiting, "Share it here", channel="general")  # on its way when they are forgotten
    assert any("Zenobia" in message.says for message in desk.platform.messages.values())
    await desk.says("ana", f"edit @{HANDLE}")  # a form that stays open
    await desk.says("ben", f"log @{HANDLE}")
    rows = f"name,tier\n{NAME} Junior,A\nLee Fox,B".encode()
    await desk.presses("ana", await desk.says("ana", "import", files=(Upload("r.csv", rows),)), "Import")
    await desk.says("ana", "import", files=(Upload("r.csv", rows.replace(b"Lee", b"Leo")),))  # waits for its button
    if restarted:
        await desk.store.compact()  # type: ignore[attr-defined]  # the TinyDB store's
    ids = await ids_of(desk, f"{NAME} II", f"{NAME} Junior")
    assert 2 == len(ids)
    assert {} != left_in(tmp_path, *ids)
    for name in (f"{NAME} II", f"{NAME} Junior"):
        preview = await desk.says("ana", f'forget "{name}"')
        await desk.presses("ana", preview, "Forget for good")
    await desk.turn()
    assert {} == left_in(tmp_path, *ids)
    standing = " ".join(message.says for message in desk.platform.messages.values()).lower()
    assert [] == [trace for trace in TRACES if trace in standing]
    team = (await desk.team()).id
    drafts = await desk.store.everything(Draft, team)
    assert [] == [draft for draft in drafts if draft.verb == "import_apply"]
    assert {"Sam Ode", "Lee Fox"} == await people(desk)
    assert {"Sam Ode"} >= {
        one.name for one in await desk.store.get_all(
            Influencer, team, [nudge.influencer for nudge in await desk.store.everything(Nudge, team)]
        )
    }  # fmt: skip
    assert await desk.store.everything(Delivery, team)
    while "nothing of yours" not in (said := words(await desk.says("ana", "undo"))):
        assert not [trace for trace in TRACES if trace in said.lower()], said
    assert {} == left_in(tmp_path, *ids)


async def test_whoever_was_parted_again_is_not_forgotten_with_the_other(desk: Desk) -> None:
    """A chain of merges undone in the middle leaves an id behind in a record that it is no part of any more."""
    for name in ("Al Aa", "Bo Bb", "Ci Cc"):
        await desk.says("ana", f"add {name}")
    first = await desk.presses("ana", await desk.says("ana", "merge Al Aa into Bo Bb"), "Merge")
    await desk.presses("ana", await desk.says("ana", "merge Bo Bb into Ci Cc"), "Merge")
    await desk.presses("ana", first, "Undo")
    assert {"Al Aa", "Ci Cc"} == await people(desk)
    (al,) = await ids_of(desk, "Al Aa")
    await desk.says("ana", f"log {al} coffee")

    await desk.presses("ana", await desk.says("ana", f"forget {(await ids_of(desk, 'Ci Cc'))[0]}"), "Forget for good")

    assert {"Al Aa"} == await people(desk)
    assert 1 == len(await desk.store.touchpoints((await desk.team()).id, al))


async def test_a_merge_that_was_undone_gives_nobody_back(desk: Desk, tmp_path: Path) -> None:
    """What the other record was in between held them too: no file says so any more, and no button brings it back."""
    await somebody(desk)
    (gone,) = await ids_of(desk, NAME)
    merged = await desk.presses("ana", await desk.says("ana", f"merge {NAME} into Sam Ode"), "Merge")
    parted = await desk.presses("ana", merged, "Undo")
    await forgets(desk)

    back = await desk.presses("ana", parted, "Bring back")

    assert {"Sam Ode"} == await people(desk)
    assert "zenobia" not in words(back).casefold()
    assert {} == left_in(tmp_path, gone)
