from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from bot.change import Change, Write
from bot.model import Gesture, Influencer, Member, Nudge, NudgeState, Touchpoint
from bot.reply import Form, Reply
from tests.desk import Desk, labels, words

HOUR = timedelta(hours=24)


async def nudged(desk: Desk, *names: str) -> Reply:
    """Ana gets a nudge about people who have been silent for long; Ben is of the team too."""
    await desk.says("ben", "help")
    for name in names or ("Jess Park",):
        await desk.says("ana", f"add {name} tier:A owner:@ana")
        await desk.says("ana", f'log "{name}" call about spring launch on:2026-08-01')
    await desk.waits(HOUR)
    (message,) = desk.messages_to("ana")
    return message


async def someone(desk: Desk, name: str) -> Influencer:
    """An influencer by name."""
    team = await desk.team()
    return next(one for one in await desk.store.everything(Influencer, team.id) if one.name == name)


class TestReached:
    async def test_it_opens_the_filled_form_and_the_log_ends_the_nudge(self, desk: Desk) -> None:
        """Sent as it stands but for the words, it is a touchpoint of today, and the message says so."""
        message = await nudged(desk)

        form = await desk.presses("ana", message, "I reached out")
        assert isinstance(form, Form)
        filled = {one.name: one.value for one in form.inputs if one.value}
        answer = await desk.fills("ana", form, what="called about summer")
        await desk.turn()

        assert {"who": "Jess Park", "direction": "outbound", "on": "2026-11-24"} == filled
        assert words(answer).startswith("✓ Logged: Jess Park — call to Jess, today")
        assert "Jess Park — ✓ Ana logged a call, 24 Nov." in words(desk.messages_to("ana")[0])

    async def test_after_a_colleague_was_quicker(self, desk: Desk) -> None:
        """No form: who did what, and when."""
        message = await nudged(desk)
        await desk.says("ben", "log jess meeting")
        desk.clock.move(timedelta(minutes=5))

        answer = await desk.presses("ana", message, "I reached out")

        said = "Already done by Ben, 5 minutes ago: Jess Park — ✓ Ben logged a meeting, 24 Nov."
        assert (said, []) == (words(answer), labels(answer))


class TestSnooze:
    async def test_it_silences_until_the_day_and_undo_brings_it_back(self, desk: Desk) -> None:
        """Two weeks from today; the message is edited both times."""
        message = await nudged(desk)

        answer = await desk.presses("ana", message, "Snooze", "2 weeks")
        await desk.turn()
        snoozed = words(desk.messages_to("ana")[0])
        states = [one.state for one in await desk.store.everything(Nudge, (await desk.team()).id)]
        undone = await desk.presses("ana", answer, "Undo")
        await desk.turn()

        assert ("✓ Jess Park is snoozed until Tue 8 Dec.", [NudgeState.DEALT_WITH]) == (words(answer), states)
        assert "Jess Park — snoozed until Tue 8 Dec." in snoozed
        assert "snoozed" in words(undone)
        assert ["I reached out", "Not needed", "Hand over", "Snooze"] == labels(desk.messages_to("ana")[0])

    async def test_when_it_ends_there_is_one_more(self, desk: Desk) -> None:
        """If still silent then."""
        message = await nudged(desk)
        await desk.presses("ana", message, "Snooze", "1 month")

        await desk.waits(timedelta(days=45), timedelta(hours=6))

        assert 2 == len(desk.messages_to("ana"))

    async def test_a_second_press_is_told_who_did_it(self, desk: Desk) -> None:
        """Whatever button it is."""
        message = await nudged(desk)
        await desk.presses("ana", message, "Snooze", "1 week")

        answers = [
            words(await desk.presses("ben", message, label, choice))
            for label, choice in (("Snooze", "3 days"), ("Not needed", ""), ("Hand over", ""))
        ]

        own = words(await desk.presses("ana", message, "Snooze", "3 days"))

        assert {"Already done by Ana, just now: Jess Park — snoozed until Tue 1 Dec."} == set(answers)
        assert "Already done by you, just now: Jess Park — snoozed until Tue 1 Dec." == own

    async def test_heard_twice_it_is_answered_the_same(self, desk: Desk) -> None:
        """A retry is no second press."""
        message = await nudged(desk)

        first = await desk.presses("ana", message, "Snooze", "1 week", heard="p1")
        desk.clock.move(timedelta(minutes=1))
        again = await desk.presses("ana", message, "Snooze", "1 week", heard="p1")

        assert words(first) == words(again)


class TestNotNeeded:
    async def test_it_is_remembered(self, desk: Desk) -> None:
        """The same silence is not raised again, in months."""
        message = await nudged(desk)

        answer = await desk.presses("ben", message, "Not needed")
        await desk.waits(timedelta(days=90), timedelta(hours=12))

        assert "✓ Jess Park: not needed. Nobody will be nudged about this silence again." == words(answer)
        assert ["Nothing is left to do here.\nJess Park — not needed (Ben)."] == [
            words(one) for one in desk.messages_to("ana")
        ]

    async def test_undo_opens_it_again(self, desk: Desk) -> None:
        """The message has its buttons back."""
        message = await nudged(desk)
        answer = await desk.presses("ana", message, "Not needed")
        await desk.turn()

        await desk.presses("ana", answer, "Undo")
        await desk.turn()

        assert "1 relationship needs you today." in words(desk.messages_to("ana")[0])


class TestHandOver:
    async def test_it_asks_to_whom_and_moves_the_nudge(self, desk: Desk) -> None:
        """Ben gets it with his next message; Ana's says so."""
        message = await nudged(desk)

        question = await desk.presses("ana", message, "Hand over")
        answer = await desk.presses("ana", question, "Hand over", "Ben")
        await desk.waits(HOUR)

        assert "Who looks after Jess Park from now on?" == words(question)
        assert "✓ @Ben looks after Jess Park now." == words(answer)
        assert "Jess Park — handed over to Ben." in words(desk.messages_to("ana")[0])
        assert "Jess Park — One touchpoint so far" in words(desk.messages_to("ben")[0])

    async def test_a_second_choice_is_told_who_was_quicker(self, desk: Desk) -> None:
        """The question stands open at two; only the first answer moves the owner."""
        message = await nudged(desk)
        await desk.says("cem", "help")
        first, second = [await desk.presses(name, message, "Hand over") for name in ("ana", "cem")]
        await desk.presses("ana", first, "Hand over", "Ben")
        desk.clock.move(timedelta(hours=2))

        answer = await desk.presses("cem", second, "Hand over", "Cem")

        assert "Already done by Ana, 2 hours ago: Jess Park — handed over to Ben." == words(answer)
        assert (await desk.member("ben")).id == (await someone(desk, "Jess Park")).owner

    async def test_with_nobody_else_it_says_so(self, desk: Desk) -> None:
        """A team of one."""
        await desk.says("ana", "add Jess Park tier:A owner:@ana")
        await desk.says("ana", "log jess call on:2026-08-01")
        await desk.waits(HOUR)

        answer = await desk.presses("ana", desk.messages_to("ana")[0], "Hand over")

        assert words(answer).startswith("There is nobody else in the team to hand Jess Park to.")

    async def test_a_team_too_large_for_a_select_gets_a_form(self, desk: Desk) -> None:
        """Twenty-five options are what both platforms hold; the form takes a name."""
        message = await nudged(desk)
        for n in range(26):
            await desk.says(f"zoe{n:02}", "help")

        form = await desk.presses("ana", message, "Hand over")
        answer = await desk.fills("ana", form, to="zoe07")

        assert isinstance(form, Form)
        assert "✓ @Zoe07 looks after Jess Park now." == words(answer)
        owner = (await someone(desk, "Jess Park")).owner or ""
        member = await desk.store.get(Member, (await desk.team()).id, owner)
        assert member is not None
        assert "Zoe07" == member.name


async def test_a_nudge_that_was_withdrawn_is_over(desk: Desk) -> None:
    """A button of a message that was never edited, about a person who is gone."""
    message = await nudged(desk)
    await desk.says("ana", "undo")
    await desk.says("ana", "undo")

    answer = await desk.presses("ana", message, "Not needed")

    assert "This nudge is over: nothing is left to do about it." == words(answer).splitlines()[0]


async def test_every_button_fits_and_five_people_fit_one_message(desk: Desk) -> None:
    """Forty parts on Discord, counted as it counts: texts, rows, and what is in the rows."""
    message = await nudged(desk, "Jess Park", "Lee Fox", "Sam Ode", "Kim Ray", "Max Orr", "Zoe Ash")

    texts = len(message.blocks) - 5
    rows = 5 * 2  # a select takes a row of its own

    assert 20 == len(labels(message))
    assert texts + rows + 20 <= 40


async def reminded(desk: Desk, *lines: str) -> Reply:
    """Ana is told of what `lines` have noted about Jess, with whom she spoke today; Ben is of the team too."""
    await desk.says("ben", "help")
    await desk.says("ana", "add Jess Park tier:A owner:@ana")
    await desk.says("ana", "log jess call")
    for line in lines:
        await desk.says("ana", line)
    await desk.waits(HOUR)
    (message,) = desk.messages_to("ana")
    return message


class TestGesture:
    async def test_one_press_logs_it_as_a_give(self, desk: Desk) -> None:
        """What the nudge proposed, today, by whoever pressed; the message says so."""
        message = await reminded(desk, "note jess loves ceramics", "occasion jess birthday 1 dec 1991")

        answer = await desk.presses("ben", message, "I did it")
        await desk.turn()

        assert (
            "Jess Park — Birthday in 7 days, on Tue 1 Dec, turning 35.\n"
            "Idea: A personal birthday video message, with no ask (remember: “loves ceramics”)." in words(message)
        )
        assert words(answer).startswith(
            "✓ Logged: Jess Park — DM to Jess, today (Tue 24 Nov), by you, a give: “a personal birthday video message”."
        )
        assert ["Undo", "Edit"] == labels(answer)[:2]
        assert "Jess Park — ✓ Ben logged a DM, 24 Nov." in words(desk.messages_to("ana")[0])

    async def test_it_ends_the_reminder_of_the_day_before_too(self, desk: Desk) -> None:
        """Both are about one day."""
        message = await reminded(desk, "occasion jess birthday 1 dec")
        await desk.presses("ana", message, "I did it")

        await desk.waits(timedelta(days=8), timedelta(hours=6))

        assert 1 == len(desk.messages_to("ana"))

    @pytest.mark.parametrize("pressed", [0, 1])
    @pytest.mark.parametrize(
        ("label", "choice", "said"),
        [
            ("I did it", "", "✓ Ana logged a DM, 30 Nov"),
            ("Not needed", "", "not needed (Ana)"),
            ("Snooze", "1 week", "snoozed until Mon 7 Dec"),
        ],
    )
    async def test_both_reminders_stand_for_the_occasion(
        self, desk: Desk, pressed: int, label: str, choice: str, said: str
    ) -> None:
        """When the second has come the first goes on working, and both messages say what came of it."""
        await reminded(desk, "occasion jess birthday 1 dec")
        await desk.waits(timedelta(days=6), timedelta(hours=6))
        both = desk.messages_to("ana")

        await desk.presses("ana", both[pressed], label, choice)
        await desk.turn()
        again = await desk.presses("ben", both[1 - pressed], label, choice)

        assert [f"Jess Park — {said}."] * 2 == [words(one).splitlines()[1] for one in desk.messages_to("ana")]
        assert f"Already done by Ana, just now: Jess Park — {said}." == words(again)

    async def test_undone_the_nudge_is_open_again(self, desk: Desk) -> None:
        """The message has its buttons back."""
        message = await reminded(desk, "occasion jess birthday 1 dec")
        answer = await desk.presses("ana", message, "I did it")
        await desk.turn()

        await desk.presses("ana", answer, "Undo")
        await desk.turn()

        assert ["I did it", "Not needed", "Hand over", "Snooze"] == labels(desk.messages_to("ana")[0])

    async def test_a_second_press_is_told_who_did_it(self, desk: Desk) -> None:
        """And logs nothing."""
        message = await reminded(desk, "occasion jess birthday 1 dec")
        await desk.presses("ana", message, "I did it")
        desk.clock.move(timedelta(minutes=5))

        answer = await desk.presses("ben", message, "I did it")

        assert "Already done by Ana, 5 minutes ago: Jess Park — ✓ Ana logged a DM, 24 Nov." == words(answer)
        assert 2 == len(await desk.store.everything(Touchpoint, (await desk.team()).id))

    async def test_heard_twice_it_is_logged_once(self, desk: Desk) -> None:
        """And answered the same."""
        message = await reminded(desk, "occasion jess birthday 1 dec")

        first, again = [await desk.presses("ana", message, "I did it", heard="p") for _ in range(2)]

        assert words(first) == words(again)
        assert 2 == len(await desk.store.everything(Touchpoint, (await desk.team()).id))

    async def test_a_gift_is_a_gift(self, desk: Desk) -> None:
        """By the team's own list; with the warning that a gift has."""
        message = await reminded(desk, "occasion jess book launch 1 dec")
        team = await desk.team()
        given = Change(
            id="chg_x",
            team=team.id,
            at=desk.clock(),
            by=None,
            verb="test",
            writes=(Write(team, replace(team, gestures=(Gesture("send flowers"),))),),
        )
        await desk.store.commit(given)

        answer = await desk.presses("ana", message, "I did it")

        assert "gift to Jess" in words(answer)
        assert "“send flowers for the book launch”" in words(answer)
        assert "⚠ A gift to Jess Park without a disclosure note" in words(answer)

    async def test_after_the_occasion_was_removed(self, desk: Desk) -> None:
        """Whatever became of the nudge, nothing is logged."""
        message = await reminded(desk, "occasion jess birthday 1 dec")
        await desk.presses("ben", await desk.says("ben", "occasion jess"), "Remove", "birthday")

        answer = await desk.presses("ana", message, "I did it")

        assert words(answer).startswith("Already done by Ben")
        assert 1 == len(await desk.store.everything(Touchpoint, (await desk.team()).id))


class TestSeveralReasons:
    async def test_one_entry_says_them_all_and_goes_on_with_the_rest(self, desk: Desk) -> None:
        """The buttons are about the most urgent; when that is done, about the next."""
        message = await reminded(
            desk, "promise jess send the ceramic sample by tomorrow", "occasion jess birthday 1 dec"
        )
        said = words(message)

        await desk.presses("ana", message, "No reminder needed")
        await desk.turn()
        rest = desk.messages_to("ana")[0]
        await desk.presses("ana", rest, "Not needed")
        await desk.turn()

        assert "We promised to send the ceramic sample, due today. Birthday in 7 days, on Tue 1 Dec." in said
        assert ["Promise kept", "No reminder needed", "Hand over", "Snooze"] == labels(message)
        assert "Jess Park — Birthday in 7 days, on Tue 1 Dec." in words(rest)
        assert ["I did it", "Not needed", "Hand over", "Snooze"] == labels(rest)
        assert "Nothing is left to do here.\nJess Park — not needed (Ana)." == words(desk.messages_to("ana")[0])

    async def test_a_promise_is_kept_from_its_nudge(self, desk: Desk) -> None:
        """The message says who kept it."""
        message = await reminded(desk, "promise jess the ceramic sample by tomorrow")

        answer = await desk.presses("ana", message, "Promise kept")
        again = await desk.presses("ben", message, "Promise kept")
        await desk.turn()

        assert "Kept" in words(answer)
        assert words(again).startswith("Already done by @Ana")
        assert "Jess Park — ✓ Ana kept the ceramic sample, 24 Nov." in words(desk.messages_to("ana")[0])

    async def test_what_is_not_needed_is_said(self, desk: Desk) -> None:
        """The promise stays; the occasion is named by its day."""
        message = await reminded(
            desk, "promise jess send the ceramic sample by tomorrow", "occasion jess birthday 1 dec"
        )

        promise = await desk.presses("ana", message, "No reminder needed")
        await desk.turn()
        occasion = await desk.presses("ana", desk.messages_to("ana")[0], "Not needed")

        assert "✓ Jess Park: not needed. The promise stays open, and nobody will be nudged about it again." == words(
            promise
        )
        again = "Nobody will be nudged about this occasion (Tue 1 Dec) again."
        assert f"✓ Jess Park: not needed. {again}" == words(occasion)
