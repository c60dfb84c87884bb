from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.model import Direction, Exchange, Medium, Standing, Touchpoint
from tests.desk import Desk, errors, labels, words


async def touches(desk: Desk) -> tuple[Touchpoint, ...]:
    """Everything that was logged."""
    return await desk.store.everything(Touchpoint, (await desk.team()).id)


async def test_the_example_of_the_manual(desk: Desk) -> None:
    """What was understood is shown back, with the day the next touch is due and why."""
    await desk.says("ana", "add Jess Park instagram:jess.cooks tier:A")
    answer = await desk.says("ana", "log jess coffee at VidCon, loves ceramics yesterday")
    assert (
        "✓ Logged: Jess Park — meeting, yesterday (Sun 22 Nov), by you: “coffee at VidCon, loves ceramics”.\n"
        "Next touch by Sun 13 Dec (tier A, every 21 days)."
    ) == words(answer)
    assert ["Undo", "Edit", "Add promise"] == labels(answer)


async def test_several_people_have_a_touchpoint_each(desk: Desk) -> None:
    """One line about several people is one touchpoint for each, undone together."""
    for name in ("Jess Park", "Sam Ode"):
        await desk.says("ana", f"add {name}")
    answer = await desk.says("ana", "log jess, sam sent the spring samples")
    assert 2 == len(await touches(desk))
    assert "Next touch with Sam Ode by" in words(answer)
    await desk.presses("ana", answer, "Undo")
    assert () == await touches(desk)


async def test_arguments_count_more_than_words(desk: Desk) -> None:
    """What is said by name overrides what the words suggest."""
    await desk.says("ana", "add Jess Park")
    await desk.says(
        "ana", "log jess coffee medium:email direction:inbound exchange:give on:2026-11-10 link:https://example.com/a"
    )
    (touch,) = await touches(desk)
    assert (Medium.EMAIL, Direction.INBOUND, Exchange.GIVE) == (touch.medium, touch.direction, touch.exchange)
    assert (date(2026, 11, 10), None, "https://example.com/a") == (touch.on, touch.at, touch.link)


async def test_a_link_that_is_none_is_refused(desk: Desk) -> None:
    """Only web addresses are links."""
    await desk.says("ana", "add Jess Park")
    assert "A link begins with https://" in words(await desk.says("ana", "log jess coffee link:javascript:alert(1)"))
    assert () == await touches(desk)


async def test_a_colleague_logs_for_another(desk: Desk) -> None:
    """Who of us it was can be said."""
    await desk.says("ben", "find")
    await desk.says("ana", "add Jess Park")
    assert "by @Ben" in words(await desk.says("ana", "log jess called about the launch by:ben"))


async def test_today_is_an_instant_and_other_days_are_dates(desk: Desk) -> None:
    """What happened just now has its moment, so that no time zone sees it in the future."""
    desk.zones["kim"] = "Asia/Kolkata"
    desk.clock.move(timedelta(hours=9))  # 20:00 UTC on Monday is Tuesday in Kolkata
    await desk.says("kim", "add Jess Park")
    await desk.says("kim", "log jess coffee")
    (touch,) = await touches(desk)
    assert (date(2026, 11, 24), desk.clock()) == (touch.on, touch.at)
    standing = (await desk.store.everything(Standing, touch.team))[0]
    assert date(2026, 11, 23) == standing.silent_since
    assert "today (Tue 24 Nov)" in words(await desk.says("kim", "history jess"))
    assert "today (Mon 23 Nov)" in words(await desk.says("ana", "history jess"))


async def test_a_planned_meeting_holds_the_silence(desk: Desk) -> None:
    """A touchpoint in the future does not count yet, and is shown as planned."""
    await desk.says("ana", "add Jess Park")
    await desk.says("ana", "log jess lunch on:2026-12-01")
    shown = words(await desk.says("ana", "show jess"))
    assert "Planned: Tue 1 Dec." in shown
    assert "No touchpoint yet" in shown


async def test_the_third_ask_since_a_give_is_warned_about(desk: Desk) -> None:
    """The warning comes with the reply, never instead of it."""
    await desk.says("ana", "add Jess Park")
    for day in ("2026-11-20", "2026-11-21"):
        assert "⚠" not in words(await desk.says("ana", f"log jess asked for a post exchange:ask on:{day}"))
    answer = words(await desk.says("ana", "log jess asked for a story exchange:ask"))
    assert "✓ Logged" in answer
    assert "⚠ This is ask number 3 to Jess Park since we last gave something." in answer


async def test_a_colleague_within_two_days_is_warned_about(desk: Desk) -> None:
    """Two of us reaching out at once is said, with what the other one did."""
    await desk.says("ana", "add Jess Park")
    await desk.says("ben", "log jess called about the launch yesterday")
    answer = words(await desk.says("ana", "log jess emailed the brief"))
    assert "⚠ @Ben was in touch with Jess Park yesterday (Sun 22 Nov): “called about the launch”" in answer


async def test_an_undisclosed_gift_and_mostly_paid_are_warned_about(desk: Desk) -> None:
    """A gift wants a disclosure note, and a paid relationship is called what it is."""
    await desk.says("ana", "add Jess Park")
    assert "without a disclosure note" in words(await desk.says("ana", "log jess sent a gift box"))
    await desk.says("ana", "log jess paid post paid:yes")
    answer = words(await desk.says("ana", "log jess paid reel paid:yes"))
    assert "2 of 3 touchpoints with Jess Park are paid: this is advertising, not a relationship yet." in answer


async def test_a_touchpoint_is_corrected_field_by_field(desk: Desk) -> None:
    """The form shows what is kept; only what was altered is written."""
    await desk.says("ana", "add Jess Park")
    logged = await desk.says("ana", "log jess coffee at VidCon yesterday")
    form = await desk.presses("ana", logged, "Edit")
    answer = await desk.fills("ana", form, medium="call", what="call after VidCon")
    assert "Changed: Jess Park — call with Jess, yesterday (Sun 22 Nov), by you: “call after VidCon”." in words(answer)
    (touch,) = await touches(desk)
    assert (Medium.CALL, date(2026, 11, 22)) == (touch.medium, touch.on)


async def test_two_who_correct_different_fields_both_count(desk: Desk) -> None:
    """A form writes nothing that its person did not alter, so a colleague's change stays."""
    await desk.says("ana", "add Jess Park")
    await desk.says("ana", "log jess coffee")
    first = await desk.presses("ana", await desk.says("ana", "history jess"), "Edit")
    second = await desk.presses("ben", await desk.says("ben", "history jess"), "Edit")
    await desk.fills("ana", first, medium="event")
    await desk.fills("ben", second, what="coffee and cake")
    (touch,) = await touches(desk)
    assert (Medium.EVENT, "coffee and cake") == (touch.medium, touch.note)


async def test_a_second_deletion_is_told_who_did_it(desk: Desk) -> None:
    """The button pressed again, by a colleague or by oneself, says by whom the touchpoint was deleted."""
    await desk.says("ana", "add Jess Park")
    await desk.says("ana", "log jess coffee")
    page = await desk.says("ben", "history jess")
    await desk.presses("ben", page, "Delete")
    said = [words(await desk.presses(who, page, press)) for who in ("ana", "ben") for press in ("Delete", "Edit")]
    assert ["This touchpoint was deleted already by Ben."] * 2 == said[:2]
    assert ["This touchpoint was deleted already by you."] * 2 == said[2:]
    desk.clock.move(timedelta(days=8))
    assert "This touchpoint was deleted already." == words(await desk.presses("ana", page, "Delete"))


async def test_a_deleted_touchpoint_can_be_brought_back(desk: Desk) -> None:
    """Deleting is a change like any other."""
    await desk.says("ana", "add Jess Park")
    await desk.says("ana", "log jess coffee")
    gone = await desk.presses("ana", await desk.says("ana", "history jess"), "Delete")
    assert "Removed: Jess Park — meeting" in words(gone)
    assert () == await touches(desk)
    await desk.presses("ana", gone, "Undo")
    assert 1 == len(await touches(desk))


async def test_the_history_is_paged_and_narrowed(desk: Desk) -> None:
    """Ten a page, newest first, by medium and from a day on."""
    await desk.says("ana", "add Jess Park")
    for day in range(1, 13):
        medium = "email" if day % 2 else "call"
        await desk.says("ana", f"log jess number {day} medium:{medium} on:2026-10-{day:02}")
    first = await desk.says("ana", "history jess")
    assert "number 12" in words(first).split("\n")[1]
    assert "number 2" not in words(first)
    assert "number 2" in words(await desk.presses("ana", first, "Older"))
    assert "6 touchpoints" in words(await desk.says("ana", "history jess medium:email"))
    assert "2 touchpoints" in words(await desk.says("ana", "history jess since:2026-10-11"))


@pytest.mark.parametrize("length", [3000, 3001])
async def test_a_note_holds_three_thousand_characters(desk: Desk, length: int) -> None:
    """Over the limit nothing is cut and nothing is stored; the limit is said."""
    await desk.says("ana", "add Jess Park")
    answer = words(await desk.says("ana", f"log jess {'x' * length}"))
    assert (length <= 3000) == bool(await touches(desk))
    assert ("holds 3,000 at most" in answer) == (length > 3000)


async def test_an_emptied_input_that_is_needed_is_named(desk: Desk) -> None:
    """Emptying a date is no way to delete it."""
    await desk.says("ana", "add Jess Park")
    form = await desk.presses("ana", await desk.says("ana", "log jess coffee"), "Edit")
    assert "on" in errors(await desk.fills("ana", form, on=""))


async def test_a_medium_that_is_given_decides_the_direction(desk: Desk) -> None:
    """A meeting is mutual also when only the argument says that it was one."""
    await desk.says("ana", "add Jess Park")
    await desk.says("ana", "log jess ceramics medium:meeting")
    (touch,) = await touches(desk)
    assert (Medium.MEETING, Direction.MUTUAL) == (touch.medium, touch.direction)


@pytest.mark.parametrize("line", ["log Jess Liu coffee", "note Jess Liu allergic", "tag Jess Liu food"])
async def test_words_for_a_stranger_go_to_nobody_of_that_first_name(desk: Desk, line: str) -> None:
    """A surname that nobody has is asked about, and whoever is added gets what was meant for them."""
    await desk.says("ana", "add Jess Park")
    asked = await desk.says("ana", line)
    assert "Nobody on the roster is called “Jess Liu”. The nearest names are:" == words(asked)
    assert ["Jess Park", "Add them"] == labels(asked)
    added = await desk.fills("ana", await desk.presses("ana", asked, "Add them"))
    assert "✓ " in words(done := await desk.presses("ana", added, "Go on"))
    assert "Jess Liu" in words(done)


async def test_words_for_somebody_archived_are_asked_about(desk: Desk) -> None:
    """Jess Park does not get what was said about the archived Jess Parker."""
    for name in ("Jess Park", "Jess Parker"):
        await desk.says("ana", f"add {name}")
    await desk.says("ana", "archive Jess Parker")
    asked = await desk.says("ana", "log jess parker hi")
    assert "Do you mean Jess Parker, who is archived?" == words(asked)
    assert () == await touches(desk)
    assert "Logged: Jess Parker" in words(await desk.presses("ana", asked, "Jess Parker"))


async def test_a_second_name_that_nobody_has_is_asked_about(desk: Desk) -> None:
    """`jess, sam coffee` is not logged for Jess alone; `jess, great chat` is."""
    await desk.says("ana", "add Jess Park")
    assert "Nobody on the roster is called “sam”." == words(await desk.says("ana", "log jess, sam coffee"))
    assert () == await touches(desk)
    assert "“great chat”" in words(await desk.says("ana", "log jess, great chat"))


async def test_a_call_that_was_taken_leaves_nobody_waiting(desk: Desk) -> None:
    """Who rang is kept; after a talk neither side owes an answer, after a missed call one does."""
    await desk.says("ana", "add Jess Park")
    for _ in range(4):
        assert "no answer" not in words(await desk.says("ana", "log jess called, he told me about Lisbon"))
    await desk.says("ana", "log jess she called, agreed on dates")
    (standing,) = await desk.store.everything(Standing, (await desk.team()).id)
    assert (0, None) == (standing.unanswered, standing.waiting_since)
    await desk.says("ana", "log jess called, no answer")
    (standing,) = await desk.store.everything(Standing, (await desk.team()).id)
    assert (1, None) == (standing.unanswered, standing.waiting_since)
    await desk.says("ana", "log jess missed call from her")
    (standing,) = await desk.store.everything(Standing, (await desk.team()).id)
    assert (0, date(2026, 11, 23)) == (standing.unanswered, standing.waiting_since)


async def test_a_corrected_note_says_again_whether_a_call_was_taken(desk: Desk) -> None:
    """The words decide, also the later ones."""
    await desk.says("ana", "add Jess Park")
    form = await desk.presses("ana", await desk.says("ana", "log jess called"), "Edit")
    await desk.fills("ana", form, what="called, no answer")
    (touch,) = await touches(desk)
    assert (Medium.CALL, False) == (touch.medium, touch.reached)


@pytest.mark.parametrize(("what", "unread"), [("coffee on 3/5", "3/5"), ("12/11 coffee", "12/11")])
async def test_a_date_that_can_not_be_read_is_warned_about(desk: Desk, what: str, unread: str) -> None:
    """Today is taken, and said to be; a retry is told the same, and a date that is given needs no warning."""
    await desk.says("ana", "add Jess Park")
    answer = words(await desk.says("ana", f"log jess {what}", heard="once"))
    assert f"⚠ I couldn’t tell which day “{unread}” is, so this is logged for today." in answer
    assert answer == words(await desk.says("ana", f"log jess {what}", heard="once"))
    assert "⚠" not in words(await desk.says("ana", f"log jess {what} on:2026-11-12"))


async def test_a_medium_may_be_called_as_people_call_it(desk: Desk) -> None:
    """`medium:coffee` is a meeting; a card needs no disclosure."""
    await desk.says("ana", "add Jess Park")
    await desk.says("ana", "log jess ceramics medium:coffee")
    (touch,) = await touches(desk)
    assert Medium.MEETING is touch.medium
    assert "is none of" in words(await desk.says("ana", "log jess ceramics medium:vase"))
    assert "disclosure" not in words(await desk.says("ana", "log jess sent a birthday card"))
