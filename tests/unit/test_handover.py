from __future__ import annotations

from datetime import timedelta

from bot.model import Delivery, DeliveryKind, Influencer, Nudge
from bot.reply import Form, Reply
from tests.desk import Desk, errors, labels, words


async def cast(desk: Desk, number: int = 2) -> None:
    """Ana, an admin, Ben, who looks after some people, and Cem."""
    for name in ("ana", "ben", "cem"):
        await desk.says(name, "help")
    for index in range(number):
        await desk.says("ben", f"add {chr(65 + index)}da Park{index} tier:A")


async def owners(desk: Desk) -> dict[str, str | None]:
    """Who looks after whom, by first name and member."""
    team = (await desk.team()).id
    names = {member.id: member.name for member in await desk.store.members(team)}
    people = await desk.store.everything(Influencer, team)
    return {one.name.split()[0]: names.get(one.owner or "") for one in people}


async def handovers(desk: Desk) -> list[Delivery]:
    """The messages about handovers."""
    found = await desk.store.everything(Delivery, (await desk.team()).id)
    return [one for one in found if one.kind is DeliveryKind.HANDOVER]


async def test_everything_moves_at_once_and_undo_brings_it_back(desk: Desk) -> None:
    """Archived ones move too, the answer says how many and who, and it is one Change."""
    await cast(desk, 3)
    await desk.says("ben", "archive Bda Park1")
    answer = await desk.says("ana", "handover @ben @cem")
    assert (
        "✓ Handed over from @Ben to @Cem: 3 relationships (1 archived) — Ada Park0, Bda Park1 and Cda Park2."
        in words(answer)
    )
    assert ["Undo", "Briefs"] == labels(answer)
    assert {"Ada": "Cem", "Bda": "Cem", "Cda": "Cem"} == await owners(desk)
    await desk.presses("ana", answer, "Undo")
    assert {"Ada": "Ben", "Bda": "Ben", "Cda": "Ben"} == await owners(desk)


async def test_ones_own_may_be_handed_over_by_anybody_and_others_by_admins(desk: Desk) -> None:
    """Ben may give away his own, not take Ana's."""
    await cast(desk)
    await desk.says("ana", "add Lee Fox")
    assert "is for admins" in words(await desk.says("ben", "handover ana ben"))
    assert "2 relationships" in words(await desk.says("ben", "handover me cem"))


async def test_what_cannot_be_is_said(desk: Desk) -> None:
    """To oneself, to nobody, to somebody who left, of somebody who looks after nobody."""
    await cast(desk)
    await desk.core.leave(desk.actor("cem").person)
    assert "Ben’s already" in words(await desk.says("ana", "handover ben ben"))
    assert "Choose a member" in words(await desk.says("ana", "handover ben nobody"))
    assert "Say whose" in words(await desk.says("ana", "handover nobody ben"))
    assert "Cem has left the team" in words(await desk.says("ana", "handover ben Cem"))
    assert "You look after nobody" in words(await desk.says("ana", "handover me ben"))


async def test_without_arguments_it_is_a_form_that_comes_back_with_what_is_wrong(desk: Desk) -> None:
    """Both questions have names of their own, and a wrong answer is said beside it."""
    await cast(desk)
    form = await desk.says("ana", "handover")
    assert isinstance(form, Form)
    assert ["Whose relationships", "New owner"] == [one.label for one in form.inputs]
    again = await desk.fills("ana", form, who="ben", to="ben")
    assert {"to": "These are Ben’s already. Choose somebody else."} == errors(again)
    assert "2 relationships" in words(await desk.fills("ana", again, to="cem"))


async def test_the_new_owner_gets_a_brief_of_each(desk: Desk) -> None:
    """Status, last contact, both sides' wishes, what is open and noted; five a page."""
    await cast(desk, 7)
    await desk.says("ben", "log ada coffee at VidCon on:2026-10-20")
    await desk.says("ben", "goal ada a cookbook deal because she is tired of ads")
    await desk.says("ben", "objective ada a launch video")
    await desk.says("ben", "note ada allergic to peanuts")
    answer = await desk.says("ana", "handover @ben @cem")
    assert "@Cem gets a message with a brief of each." in words(answer)
    await desk.turn()
    (message,) = desk.messages_to("cem")
    said = words(message)
    assert "@Ana handed you 7 relationships that @Ben looked after." in said
    assert "Last contact: @Ben, meeting with Ada, Tue 20 Oct — “coffee at VidCon”" in said
    assert "Note: “allergic to peanuts”" in said
    assert "Eda Park4" in said
    assert "Fda Park5" not in said
    assert ["Ada Park0", "Bda Park1", "Cda Park2", "Dda Park3", "Eda Park4", "More"] == labels(message)
    more = await desk.presses("cem", message, "More")
    assert ["Fda Park5", "Gda Park6", "Earlier"] == labels(more)
    earlier = await desk.presses("cem", more, "Earlier")
    # What was sent stays; a page that was turned makes room for the next one.
    assert [False, True] == [isinstance(one, Reply) and one.replaces for one in (more, earlier)]


async def test_who_takes_over_themselves_is_not_written_to(desk: Desk) -> None:
    """Whoever pressed it has the briefs behind a button."""
    await cast(desk)
    answer = await desk.says("ana", "handover @ben @ana")
    assert [] == await handovers(desk)
    assert "Briefs of" not in words(answer)
    assert "You took over 2 relationships that @Ben looked after." in words(await desk.presses("ana", answer, "Briefs"))


async def test_a_handover_that_was_taken_back_tells_nobody(desk: Desk) -> None:
    """Undone before the message went out, none goes out; the button says that nothing is left."""
    await cast(desk)
    answer = await desk.says("ana", "handover @ben @cem")
    await desk.presses("ana", answer, "Undo")
    await desk.turn()
    assert [] == desk.messages_to("cem")
    assert "Nothing of that handover is left" in words(await desk.presses("ana", answer, "Briefs"))


async def test_heard_twice_it_is_done_once(desk: Desk) -> None:
    """The same request answers the same, and one message goes out."""
    await cast(desk)
    first = await desk.says("ana", "handover @ben @cem", heard="h1")
    assert words(first) == words(await desk.says("ana", "handover @ben @cem", heard="h1"))
    assert 1 == len(await handovers(desk))


async def test_a_second_handover_is_told_who_was_quicker(desk: Desk) -> None:
    """Who moved them, and to whom."""
    await cast(desk)
    await desk.says("ben", "handover me cem")
    assert "Already done by Ben: what Ben looked after was handed over to Cem." in words(
        await desk.says("ana", "handover ben ana")
    )
    assert "Already done by you: what you looked after was handed over to Cem." in words(
        await desk.says("ben", "handover me ana")
    )


async def test_open_nudges_follow_to_the_new_owner(desk: Desk) -> None:
    """What was raised for the one who had them is raised for the one who has them."""
    await cast(desk, 1)
    await desk.says("ben", "log ada call on:2026-08-01")
    await desk.waits(timedelta(hours=24))
    await desk.says("ana", "handover @ben @cem")
    (nudge,) = await desk.store.everything(Nudge, (await desk.team()).id)
    assert (await desk.member("cem")).id == nudge.member


async def test_a_thousand_relationships_move_in_one_commit(desk: Desk) -> None:
    """Nothing of it is left half-done, and undo takes it all back."""
    await cast(desk, 0)
    rows = "name,owner\n" + "\n".join(f"Person{number} Fox,ben" for number in range(1200))
    from bot.inbound import Upload  # noqa: PLC0415 - only here

    preview = await desk.says("ana", "import", files=(Upload("roster.csv", rows.encode()),))
    await desk.presses("ana", preview, "Import")
    answer = await desk.says("ana", "handover @ben @cem")
    assert "1,200 relationships" in words(answer)
    await desk.presses("ana", answer, "Undo")
    assert 1200 == len(await desk.store.owned_by((await desk.team()).id, (await desk.member("ben")).id))
