from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.handlers import all_verbs
from bot.model import PROMISES, Kept, Promise, Side, Touchpoint
from bot.promising import by_urgency, kept_of
from bot.reading.arguments import split
from bot.reply import Form
from bot.roster import Roster
from bot.store_port import RosterEntry
from bot.views.owing import owed, promised, when_due
from bot.views.promises import kept_sentence, open_sentence
from tests.desk import Desk, errors, labels, plain, words

TODAY = date(2026, 11, 23)  # a Monday
FRIDAY = date(2026, 11, 27)


async def promises_of(desk: Desk, name: str = "Jess Park") -> list[Promise]:
    """The promises of somebody in the order they were made."""
    team = await desk.team()
    who = next(entry.id for entry in await desk.store.roster(team.id) if entry.name == name)
    return sorted(await desk.store.promises(team.id, who), key=lambda one: one.id)


async def one_promise(desk: Desk) -> Promise:
    """The only promise of Jess Park."""
    (found,) = await promises_of(desk)
    return found


def values(form: object) -> dict[str, str]:
    """What a form is filled with."""
    assert isinstance(form, Form), form
    return {one.name: one.value for one in form.inputs}


class TestMakingOne:
    async def test_ours_is_kept_with_its_due_date(self, desk: Desk) -> None:
        """What was read is shown back, with a way back and what comes next."""
        await desk.says("ana", "add Jess Park")
        answer = await desk.says("ana", "promise jess send the sample by friday")
        kept = await one_promise(desk)

        assert "✓ We promised Jess Park to send the sample, due Fri 27 Nov." == words(answer)
        assert ["Undo", "Edit", "Kept"] == labels(answer)
        assert (Side.WE, "send the sample", FRIDAY, False) == (kept.side, kept.what, kept.due, kept.payment)
        assert (await desk.member("ana")).id == kept.made_by

    @pytest.mark.parametrize(
        "line",
        [
            "promise they jess draft by 3 dec",
            "promise theirs jess draft by 3 dec",
            "promise jess they draft by 3 dec",
            "promise jess she’ll draft by 3 dec",
            "promise jess draft by 3 dec side:them",
            "promise Them: jess draft by 3 dec",
        ],
    )
    async def test_theirs_is_told_by_a_word_in_front_or_behind_the_name(self, desk: Desk, line: str) -> None:
        """Or by its key."""
        await desk.says("ana", "add Jess Park")
        answer = words(await desk.says("ana", line))
        kept = await one_promise(desk)

        assert "✓ Jess Park promised the draft, due 3 Dec." == answer
        assert (Side.THEY, "draft", date(2026, 12, 3)) == (kept.side, kept.what, kept.due)

    @pytest.mark.parametrize("line", ["promise we jess the mug", "promise us jess the mug", "promise jess we the mug"])
    async def test_ours_can_be_said_as_well(self, desk: Desk, line: str) -> None:
        """As it is ours when nothing is said."""
        await desk.says("ana", "add Jess Park")
        await desk.says("ana", line)

        assert (Side.WE, "the mug", None) == ((one := await one_promise(desk)).side, one.what, one.due)

    @pytest.mark.parametrize(
        ("line", "side", "what"),
        [
            ("promise sam owes us a draft by friday", Side.THEY, "a draft"),
            ("promise sam she owes us a draft by friday", Side.THEY, "a draft"),
            ("promise sam she will send a draft by friday", Side.THEY, "will send a draft"),
            ("promise sam we owe her a mug by friday", Side.WE, "a mug"),
            ("promise sam she gets the sample by friday", Side.WE, "she gets the sample"),
            ("promise sam she’ll get the sample by friday", Side.WE, "she’ll get the sample"),
            ("promise sam they get the draft by friday", Side.WE, "they get the draft"),
            ("promise sam she gets us the draft by friday", Side.THEY, "gets us the draft"),
            ("promise sam side:we they will send a draft by friday", Side.WE, "they will send a draft"),
        ],
    )
    async def test_a_whole_sentence_says_whose_it_is(self, desk: Desk, line: str, side: Side, what: str) -> None:
        """What only says whose it is is no part of what was promised; a side that is set counts more than words."""
        await desk.says("ana", "add Sam Ode")
        answer = words(await desk.says("ana", line))
        (kept,) = await promises_of(desk, "Sam Ode")

        assert (side, what, FRIDAY) == (kept.side, kept.what, kept.due)
        assert answer.startswith("✓ We promised Sam Ode " if side is Side.WE else "✓ Sam Ode promised ")

    async def test_words_in_a_form_say_whose_it_is(self, desk: Desk) -> None:
        """As long as nothing is chosen there."""
        await desk.says("ana", "add Sam Ode")
        form = await desk.says("ana", "promise sam")
        answer = await desk.fills("ana", form, what="Sam will send the draft by friday")

        assert "✓ Sam Ode promised to send the draft, due Fri 27 Nov." == words(answer)

    async def test_behind_the_name_our_and_their_belong_to_the_words(self, desk: Desk) -> None:
        """`their favourite mug` is what was promised, by us."""
        await desk.says("ana", "add Jess Park")
        await desk.says("ana", "promise jess their favourite mug by friday")

        assert (Side.WE, "their favourite mug") == ((one := await one_promise(desk)).side, one.what)

    async def test_a_payment_is_a_promise_like_any_other(self, desk: Desk) -> None:
        """The sum is kept as it was written."""
        await desk.says("ana", "add Jess Park")
        answer = words(await desk.says("ana", "promise jess the fee of $1,500 by end of the month"))
        kept = await one_promise(desk)

        assert "✓ We promised Jess Park the fee of $1,500, a payment, due Mon 30 Nov." == answer
        assert (True, "$1,500") == (kept.payment, kept.value)

    async def test_what_is_said_by_its_key_goes_before_the_words(self, desk: Desk) -> None:
        """Then no words are taken for a date, and an explicit past day is late already."""
        await desk.says("ana", "add Jess Park")
        answer = words(
            await desk.says(
                "ana", "promise jess call by friday due:2026-11-06 payment:no value:€5 link:https://a.example"
            )
        )
        kept = await one_promise(desk)

        assert "due 6 Nov, 17 days late" in answer
        assert ("call by friday", date(2026, 11, 6), "€5", "https://a.example") == (
            kept.what, kept.due, kept.value, kept.link,
        )  # fmt: skip

    async def test_without_what_it_needs_it_opens_its_form(self, desk: Desk) -> None:
        """Filled with what was said; a date alone is no promise."""
        await desk.says("ana", "add Jess Park")
        bare = await desk.says("ana", "promise jess")
        dated = await desk.says("ana", "promise they jess by friday")

        assert ["who", "what", "due", "side", "payment", "value", "link"] == list(values(bare))
        assert ("", "2026-11-27", "they") == tuple(values(dated)[name] for name in ("what", "due", "side"))
        filled = await desk.fills("ana", dated, what="the draft")
        assert "✓ Jess Park promised the draft, due Fri 27 Nov." == words(filled)

    async def test_a_form_with_nothing_but_a_date_comes_back(self, desk: Desk) -> None:
        """With what is missing, and what was typed."""
        await desk.says("ana", "add Jess Park")
        again = await desk.fills("ana", await desk.says("ana", "promise jess"), what="by friday", due="whenever")
        assert ["due"] == list(errors(again))
        again = await desk.fills("ana", again, due="")
        assert ["what"] == list(errors(again))

    async def test_an_unreadable_day_is_named(self, desk: Desk) -> None:
        """It has no date then, and that is said."""
        await desk.says("ana", "add Jess Park")
        answer = words(await desk.says("ana", "promise jess the sample by 3/12"))

        assert "with no due date" in answer
        assert "couldn’t tell which day “3/12” is" in answer

    @pytest.mark.parametrize("words_of_it", ["by christmas", "before the launch", "until further notice", "net 30"])
    async def test_a_deadline_in_other_words_is_warned_of(self, desk: Desk, words_of_it: str) -> None:
        """Where a deadline stands that can't be read, nobody may believe that it was."""
        await desk.says("ana", "add Jess Park")
        answer = words(await desk.says("ana", f"promise jess the sample {words_of_it}"))

        assert "couldn’t tell which day" in answer
        assert (await one_promise(desk)).due is None

    async def test_several_people_get_one_each(self, desk: Desk) -> None:
        """Told in one reply, taken back in one go; with one of them is warned of what is open already."""
        for name in ("Jess Park instagram:jess.cooks", "Sam Ode", "Lee Fox"):
            await desk.says("ana", f"add {name}")
        await desk.says("ana", "promise sam send both by friday")
        answer = await desk.says("ana", "promise sam, jess.cooks and lee send both by friday")
        made = [await promises_of(desk, name) for name in ("Jess Park", "Sam Ode", "Lee Fox")]

        assert [
            "✓ We promised Sam Ode to send both, due Fri 27 Nov.",
            "✓ We promised Jess Park to send both, due Fri 27 Nov.",
            "✓ We promised Lee Fox to send both, due Fri 27 Nov.",
            "⚠ A very similar one is open already with Sam Ode: we promised to send both, due Fri 27 Nov.",
        ] == words(answer).splitlines()
        assert ["Undo"] == labels(answer)
        assert [1, 2, 1] == [len(found) for found in made]
        assert {("send both", FRIDAY)} == {(one.what, one.due) for found in made for one in found}
        await desk.presses("ana", answer, "Undo")
        assert [0, 1, 0] == [len(await promises_of(desk, name)) for name in ("Jess Park", "Sam Ode", "Lee Fox")]

    async def test_where_one_of_several_has_no_room_none_is_made(self, desk: Desk) -> None:
        """All or nothing, and it says with whom there are too many."""
        await desk.says("ana", "add Jess Park")
        await desk.says("ana", "add Sam Ode")
        for number in range(PROMISES):
            await desk.says("ana", f"promise jess mug {number}x")

        assert "promises with Jess Park already" in words(await desk.says("ana", "promise sam, jess the mug"))
        assert [] == await promises_of(desk, "Sam Ode")

    async def test_the_same_promise_twice_is_warned_of(self, desk: Desk) -> None:
        """It is noted all the same; one of the other side, or one that was kept, is no double."""
        await desk.says("ana", "add Jess Park")
        await desk.says("ana", "promise jess send the ceramic sample by friday")
        theirs = words(await desk.says("ana", "promise they jess send the ceramic sample by friday"))
        again = words(await desk.says("ana", "promise jess send ceramic smaple by monday"))

        assert "very similar" not in theirs
        assert "⚠ A very similar one is open already: we promised to send the ceramic sample, due Fri 27 Nov." in again
        assert 3 == len(await promises_of(desk))

    async def test_there_is_an_end_to_promises(self, desk: Desk) -> None:
        """Of the open ones; a settled one makes room."""
        await desk.says("ana", "add Jess Park")
        for number in range(PROMISES):
            await desk.says("ana", f"promise jess mug {number}x")
        refused = words(await desk.says("ana", "promise jess one more"))
        await desk.says("ana", "kept jess 7x")

        assert f"There are {PROMISES} open promises with Jess Park already" in refused
        assert "✓ We promised" in words(await desk.says("ana", "promise jess one more"))

    async def test_the_same_request_heard_twice_makes_one(self, desk: Desk) -> None:
        """And gets the same answer."""
        await desk.says("ana", "add Jess Park")
        first, second = [await desk.says("ana", "promise jess the mug by friday", heard="once") for _ in range(2)]

        assert words(first) == words(second)
        assert 1 == len(await promises_of(desk))

    async def test_undo_takes_it_back(self, desk: Desk) -> None:
        """As every change."""
        await desk.says("ana", "add Jess Park")
        await desk.presses("ana", await desk.says("ana", "promise jess the mug"), "Undo")

        assert [] == await promises_of(desk)

    async def test_a_touchpoint_that_was_logged_offers_a_promise(self, desk: Desk) -> None:
        """The form knows with whom."""
        await desk.says("ana", "add Jess Park")
        form = await desk.presses("ana", await desk.says("ana", "log jess coffee"), "Add promise")

        assert "Jess Park" == values(form)["who"]
        assert "✓ We promised Jess Park the mug" in words(await desk.fills("ana", form, what="the mug"))


class TestSettlingOne:
    async def test_the_only_open_one_is_kept(self, desk: Desk) -> None:
        """In time, with how many we kept."""
        await desk.says("ana", "add Jess Park")
        await desk.says("ana", "promise jess the ceramic sample by friday")
        answer = await desk.says("ben", "kept jess")
        kept = await one_promise(desk)

        assert "✓ Kept: the ceramic sample for Jess Park. We kept 1 of 1." == words(answer)
        assert ["Undo", "Log it"] == labels(answer)
        assert (Kept.KEPT, TODAY) == (kept.outcome, kept.settled_on)
        assert (await desk.member("ben")).id == kept.settled_by

    async def test_after_its_day_it_is_kept_late(self, desk: Desk) -> None:
        """Late in days, and counted as kept."""
        await desk.says("ana", "add Jess Park")
        await desk.says("ana", "promise jess the ceramic sample due:2026-11-21")
        assert "✓ Kept, 2 days late: the ceramic sample for Jess Park. We kept 1 of 1." == words(
            await desk.says("ana", "kept jess")
        )
        assert Kept.KEPT_LATE is (await one_promise(desk)).outcome

    @pytest.mark.parametrize("line", ["kept jess sample on:2026-11-20", "kept jess on:2026-11-20", "kept jess 20 nov"])
    async def test_the_day_it_was_kept_counts(self, desk: Desk, line: str) -> None:
        """Not the day it is told."""
        await desk.says("ana", "add Jess Park")
        await desk.says("ana", "promise jess the ceramic sample due:2026-11-21")
        assert "✓ Kept on Fri 20 Nov: the ceramic sample for Jess Park." in words(await desk.says("ana", line))
        assert Kept.KEPT is (await one_promise(desk)).outcome

    @pytest.mark.parametrize("verb", ["kept", "broken", "release"])
    async def test_nothing_is_settled_before_it_was_promised(self, desk: Desk, verb: str) -> None:
        """The day is refused, and the promise stays open; on its very day it can be settled."""
        await desk.says("ana", "add Jess Park")
        await desk.says("ana", "promise jess the sample by friday")
        desk.clock.move(timedelta(days=1))

        refused = words(await desk.says("ana", f"{verb} jess on:2026-11-22"))
        assert "That was promised yesterday (Mon 23 Nov): it can’t have been settled before." in refused
        assert (await one_promise(desk)).is_open
        assert "on Mon 23 Nov: the sample" in words(await desk.says("ana", f"{verb} jess on:2026-11-23"))

    async def test_nothing_is_kept_tomorrow(self, desk: Desk) -> None:
        """A day to come is refused."""
        await desk.says("ana", "add Jess Park")
        await desk.says("ana", "promise jess the sample")
        assert "still to come" in words(await desk.says("ana", "kept jess on:2026-11-24"))
        assert (await one_promise(desk)).is_open

    async def test_a_payment_that_was_kept_is_paid(self, desk: Desk) -> None:
        """Late or not."""
        await desk.says("ana", "add Jess Park")
        await desk.says("ana", "promise jess pay the invoice due:2026-11-21")
        assert "✓ Paid, 2 days late: “pay the invoice” for Jess Park. We kept 1 of 1." == words(
            await desk.says("ana", "kept jess")
        )

    async def test_several_are_asked_about(self, desk: Desk) -> None:
        """Words choose among them, with slips; a side narrows them; the day goes with the question."""
        await desk.says("ana", "add Jess Park")
        for line in ("promise jess the sample by friday", "promise jess the mug", "promise they jess draft"):
            await desk.says("ana", line)
        desk.clock.move(timedelta(days=1))
        question = await desk.says("ana", "kept jess yesterday")
        assert "Which promise with Jess Park was kept?" in words(question)
        assert "1. we owe the sample, due Fri 27 Nov." in words(question)
        assert "✓ Kept on Mon 23 Nov: the mug" in words(await desk.presses("ana", question, "Which", "2."))
        assert "✓ Kept: the draft from Jess Park. They kept 1 of 1." == words(await desk.says("ana", "kept they jess"))
        assert "✓ Kept: the sample" in words(await desk.says("ana", "kept jess sampel"))

    async def test_words_that_no_promise_has_are_asked_about(self, desk: Desk) -> None:
        """Even where there is but one: it may be another one that is meant."""
        await desk.says("ana", "add Jess Park")
        await desk.says("ana", "promise jess the sample")
        question = await desk.says("ana", "kept jess video")

        assert "No open promise says “video”. Which promise with Jess Park was kept?" in words(question)
        assert (await one_promise(desk)).is_open
        assert "✓ Kept: the sample" in words(await desk.presses("ana", question, "Which", "1."))

    async def test_nothing_open_says_so(self, desk: Desk) -> None:
        """With the side that was asked for."""
        await desk.says("ana", "add Jess Park")
        assert "There is no open promise with Jess Park." in words(await desk.says("ana", "kept jess"))
        assert "no open promise of theirs" in words(await desk.says("ana", "broken they jess draft"))

    async def test_what_was_settled_says_by_whom(self, desk: Desk) -> None:
        """Typed again or pressed again, whoever was quicker is named."""
        await desk.says("ana", "add Jess Park")
        made = await desk.says("ana", "promise jess the sample due:2026-11-20")
        await desk.says("ben", "kept jess")
        late = "Already done by @Ben, today (Mon 23 Nov): kept, 3 days late — the sample for Jess Park."

        assert late == words(await desk.presses("ana", made, "Kept"))
        assert late == words(await desk.says("ana", "broken jess sample"))
        assert (await desk.member("ben")).id == (await one_promise(desk)).settled_by

    async def test_broken_and_released(self, desk: Desk) -> None:
        """One stays on the record, the other counts for nobody."""
        await desk.says("ana", "add Jess Park")
        await desk.says("ana", "promise jess the sample")
        await desk.says("ana", "promise jess the mug")
        broken = await desk.says("ana", "broken jess sample")
        released = await desk.says("ana", "release jess mug")

        assert "✓ Broken: the sample for Jess Park. We kept 0 of 1." == words(broken)
        assert ["Undo"] == labels(broken)
        assert "✓ Released: the mug for Jess Park. We kept 0 of 1. It counts neither for nor against anybody." == words(
            released
        )

    async def test_undo_opens_it_again(self, desk: Desk) -> None:
        """And the same press may settle it once more."""
        await desk.says("ana", "add Jess Park")
        await desk.says("ana", "promise jess the sample")
        await desk.presses("ana", await desk.says("ana", "kept jess"), "Undo")
        assert (await one_promise(desk)).is_open
        assert "✓ Kept" in words(await desk.says("ana", "kept jess"))

    async def test_what_was_kept_can_be_logged(self, desk: Desk) -> None:
        """The form knows whom, what, when, which way and that money went."""
        await desk.says("ana", "add Jess Park")
        await desk.says("ana", "promise jess pay her $500")
        desk.clock.move(timedelta(days=1))
        form = await desk.presses("ana", await desk.says("ana", "kept jess on:2026-11-23"), "Log it")
        await desk.fills("ana", form)
        team = await desk.team()
        (touch,) = await desk.store.touchpoints(team.id, (await one_promise(desk)).influencer)

        assert isinstance(touch, Touchpoint)
        assert ("pay her $500", date(2026, 11, 23), True, "$500") == (touch.note, touch.on, touch.paid, touch.value)


class TestEditing:
    async def test_only_what_was_altered_is_written(self, desk: Desk) -> None:
        """What a colleague did meanwhile stays."""
        await desk.says("ana", "add Jess Park")
        made = await desk.says("ana", "promise jess the sample by friday")
        form = await desk.presses("ana", made, "Edit")
        other = await desk.presses("ben", made, "Edit")
        await desk.fills("ben", other, value="€40")
        await desk.fills("ana", form, what="the ceramic sample", due="", side="they", payment="yes")
        kept = await one_promise(desk)

        assert ("the ceramic sample", None, Side.THEY, True, "€40") == (
            kept.what, kept.due, kept.side, kept.payment, kept.value,
        )  # fmt: skip

    async def test_what_it_needs_stays(self, desk: Desk) -> None:
        """The words and the side can't be taken away, and a link is an address."""
        await desk.says("ana", "add Jess Park")
        form = await desk.presses("ana", await desk.says("ana", "promise jess the sample"), "Edit")
        assert ["what"] == list(errors(again := await desk.fills("ana", form, what="")))
        assert ["link"] == list(errors(await desk.fills("ana", again, what="it", link="example.com")))

    async def test_another_due_date_makes_another_outcome(self, desk: Desk) -> None:
        """Of one that was kept: in time or late."""
        await desk.says("ana", "add Jess Park")
        made = await desk.says("ana", "promise jess the sample by friday")
        await desk.says("ana", "kept jess")
        await desk.fills("ana", await desk.presses("ana", made, "Edit"), due="2026-11-20")

        assert Kept.KEPT_LATE is (await one_promise(desk)).outcome


class TestWhatIsOpen:
    async def test_late_ones_come_first_and_those_without_a_date_last(self, desk: Desk) -> None:
        """Each with whose it is, how late, and who looks after it."""
        await desk.says("ana", "add Jess Park")
        await desk.says("ben", "add Sam Ode")
        for line in (
            "promise jess the mug",
            "promise they sam draft by 3 dec",
            "promise jess the sample due:2026-11-06",
            "promise sam pay the invoice by tomorrow",
        ):
            await desk.says("ana", line)
        answer = await desk.says("ana", "promises all")

        assert [
            "4 open promises, 1 late.",
            "1. Jess Park — we owe the sample, due 6 Nov, 17 days late (you)",
            "2. Sam Ode — we promised to pay the invoice, due tomorrow (Tue 24 Nov) (@Ben)",
            "3. Sam Ode — Sam owes the draft, due 3 Dec (@Ben)",
            "4. Jess Park — we owe the mug, no date (you)",
        ] == words(answer).splitlines()
        assert words(await desk.says("ben", "promises")) == words(await desk.says("ben", "promises mine"))
        assert "2 open promises for Ben" in words(await desk.says("ana", "promises @ben"))
        assert "2 open promises with Jess Park, 1 late" in words(await desk.says("ana", "promises jess"))
        assert "✓ Kept: the draft" in words(await desk.presses("ana", answer, "Kept…", "3."))

    async def test_late_ones_alone_can_be_asked_for(self, desk: Desk) -> None:
        """Of oneself, of all or of one person; of a long list the pages are of late ones, too."""
        await desk.says("ana", "add Jess Park")
        await desk.says("ben", "add Sam Ode")
        assert "No late promises for you." == words(await desk.says("ana", "promises late"))
        for number in range(11):
            await desk.says("ana", f"promise jess mug {number}x due:2026-11-06")
        for line in ("promise jess the bowl by friday", "promise sam the mug due:2026-11-20"):
            await desk.says("ana", line)
        first = await desk.says("ana", "promises late")

        assert words(first).startswith("11 late promises for you, 1 to 10.")
        assert words(await desk.presses("ana", first, "More")).startswith("11 late promises for you, 11 to 11.\n11. ")
        assert words(await desk.says("ana", "promises all late")).startswith("12 late promises, 1 to 10.")
        assert words(await desk.says("ana", "promises late sam")).startswith("1 late promise with Sam Ode.")
        assert words(await desk.says("ana", "promises sam overdue")) == words(
            await desk.says("ana", "promises sam late")
        )

    async def test_somebody_may_be_called_late(self, desk: Desk) -> None:
        """Whole names go before the word."""
        await desk.says("ana", "add Late Night")
        await desk.says("ana", "promise “Late Night” the mug")

        assert words(await desk.says("ana", "promises late night")).startswith("1 open promise with Late Night.")

    async def test_one_can_be_opened_and_settled(self, desk: Desk) -> None:
        """With every outcome at hand; once settled it says so."""
        await desk.says("ana", "add Jess Park")
        await desk.says("ana", "promise jess the sample by friday")
        listed = await desk.says("ana", "promises")
        card = await desk.presses("ana", listed, "Broken, release or edit…", "1.")

        assert "Jess Park — we owe the sample, due Fri 27 Nov.\nNoted by you, today (Mon 23 Nov)." == words(card)
        assert ["Kept", "Broken", "Release", "Edit"] == labels(card)
        assert "✓ Released" in words(await desk.presses("ana", card, "Release"))
        assert "Already done by you" in words(await desk.presses("ana", card, "Broken"))
        assert "Already done by you" in words(await desk.presses("ana", listed, "Broken, release or edit…", "1."))

    async def test_they_are_paged(self, desk: Desk) -> None:
        """Ten a page, there and back."""
        await desk.says("ana", "add Jess Park")
        for number in range(12):
            await desk.says("ana", f"promise jess mug {number}x")
        first = await desk.says("ana", "promises jess")
        second = await desk.presses("ana", first, "More")

        assert "12 open promises with Jess Park, 1 to 10." in words(first)
        assert "12 open promises with Jess Park, 11 to 12." in words(second)
        assert words(first) == words(await desk.presses("ana", second, "Earlier"))

    async def test_nothing_open(self, desk: Desk) -> None:
        """How one is noted; and with somebody, how the settled ones came out."""
        await desk.says("ana", "add Jess Park")
        assert "No open promises for you." in words(await desk.says("ana", "promises"))
        await desk.says("ana", "promise jess the sample")
        await desk.says("ana", "kept jess")
        answer = await desk.says("ana", "promises jess")

        assert "No open promises with Jess Park. Promises: we kept 1 of 1." == words(answer)
        assert "Jess Park" == values(await desk.presses("ana", answer, "Add promise"))["who"]

    async def test_who_is_meant_may_have_to_be_asked(self, desk: Desk) -> None:
        """A name that fits two asks which; one that nobody has says so."""
        await desk.says("ana", "add Jess Park")
        await desk.says("ana", "add Jess Liu")
        await desk.says("ana", "promise “jess liu” the sample")
        question = await desk.says("ana", "promises jess")

        assert "Two people match “jess”" in words(question)
        assert "1 open promise with Jess Liu" in words(await desk.presses("ana", question, "Jess Liu"))
        assert "Nobody" in words(await desk.says("ana", "promises @xavier"))
        assert "Nobody" in words(await desk.says("ana", "promises xavier"))

    async def test_somebody_archived_is_left_out_of_the_teams(self, desk: Desk) -> None:
        """Who asks for them by name sees what is open."""
        await desk.says("ana", "add Jess Park")
        await desk.says("ana", "promise jess the sample")
        await desk.says("ana", "archive Jess Park")

        assert "No open promises." in words(await desk.says("ana", "promises all"))
        assert "1 open promise" in words(await desk.says("ana", "promises jess"))


class TestTheRecap:
    async def test_it_says_what_is_owed_and_what_was_kept(self, desk: Desk) -> None:
        """Ours and theirs, the most urgent three, and a button for the one of ours."""
        await desk.says("ana", "add Jess Park")
        await desk.says("ana", "promise jess the ceramic sample due:2026-11-06")
        await desk.says("ana", "promise they jess draft by 3 dec")
        recap = await desk.says("ana", "show jess")

        assert "Open: we owe the ceramic sample, due 6 Nov, 17 days late; Jess owes the draft, due 3 Dec." in words(
            recap
        )
        assert "Promises: we kept 0 of 1." in words(recap)
        assert "✓ Kept, 17 days late" in words(await desk.presses("ana", recap, "Promise kept"))
        assert "Promise kept" not in labels(await desk.says("ana", "show jess"))

    async def test_of_several_the_button_asks_which(self, desk: Desk) -> None:
        """Also when only one is left: it is not the one that the button was pressed for, perhaps."""
        await desk.says("ana", "add Jess Park")
        for line in ("promise jess mug by friday", "promise jess cup", "promise jess bowl", "promise they jess draft"):
            await desk.says("ana", line)
        recap = await desk.says("ana", "show jess")
        await desk.says("ben", "kept jess mug")
        await desk.says("ben", "kept jess cup")
        question = await desk.presses("ana", recap, "Promise kept")

        assert "; and 1 more." in words(recap)
        assert "Which promise with Jess Park was kept?" in words(question)
        assert "bowl" in words(question)
        assert "draft" not in words(question)

    async def test_what_nobody_knows_is_said(self, desk: Desk) -> None:
        """Until a goal is set."""
        await desk.says("ana", "add Jess Park")
        assert "We don’t know what Jess wants yet." in words(await desk.says("ana", "show jess"))
        await desk.fills("ana", await desk.says("ana", "edit jess"), goal="a cookbook deal")
        assert "We don’t know" not in words(await desk.says("ana", "show jess"))

    async def test_mostly_paid_is_remarked(self, desk: Desk) -> None:
        """From three touchpoints on, where more than half are paid."""
        await desk.says("ana", "add Jess Park")
        for line in ("log jess post paid:yes", "log jess post paid:yes", "log jess coffee"):
            assert "advertising" not in words(await desk.says("ana", "show jess"))
            await desk.says("ana", line)
        assert "⚠ 2 of 3 touchpoints with Jess Park are paid: this is advertising, not a relationship yet." in words(
            await desk.says("ana", "show jess")
        )


def a_promise(**fields: object) -> Promise:
    """A promise of ours, made long ago."""
    base: dict[str, object] = {
        "id": "prm_1", "team": "t", "influencer": "inf_1", "side": Side.WE, "what": "the ceramic sample",
        "made_at": datetime(2026, 1, 1, tzinfo=UTC), "made_by": None,
    }  # fmt: skip
    return Promise(**(base | fields))  # type: ignore[arg-type]  # fields by name


PROMISE = st.builds(
    lambda side, outcome, due: a_promise(side=side, outcome=outcome, due=due),
    st.sampled_from(Side),
    st.sampled_from([None, *Kept]),
    st.none() | st.dates(TODAY - timedelta(days=9), TODAY + timedelta(days=9)),
)


class TestTheCount:
    @pytest.mark.parametrize(
        ("outcome", "due", "counted"),
        [
            (Kept.KEPT, None, (1, 1)),
            (Kept.KEPT_LATE, date(2026, 11, 1), (1, 1)),
            (Kept.BROKEN, FRIDAY, (0, 1)),
            (Kept.RELEASED, date(2026, 11, 1), (0, 0)),
            (None, date(2026, 11, 22), (0, 1)),
            (None, TODAY, (0, 0)),
            (None, None, (0, 0)),
        ],
    )
    def test_what_counts(self, outcome: Kept | None, due: date | None, counted: tuple[int, int]) -> None:
        """What was settled or is late counts; what was released, or is still in time, counts for nothing."""
        assert counted == kept_of([a_promise(outcome=outcome, due=due)], Side.WE, TODAY)

    @given(st.lists(PROMISE, max_size=8), st.sampled_from(Side))
    def test_no_more_are_kept_than_were_made(self, promises: list[Promise], side: Side) -> None:
        """Of either side, whatever the order; and each side counts its own alone."""
        kept, of = kept_of(promises, side, TODAY)
        own = [one for one in promises if one.side is side]

        assert 0 <= kept <= of <= len(own)
        assert (kept, of) == kept_of(own[::-1], side, TODAY)

    def test_both_sides_are_said_where_there_are_any(self) -> None:
        """One sentence; none where nothing was put to the proof."""
        ours, theirs = a_promise(outcome=Kept.KEPT), a_promise(side=Side.THEY, outcome=Kept.BROKEN)
        said = kept_sentence([ours, ours, theirs], TODAY)

        assert said is not None
        assert "Promises: we kept 2 of 2, they kept 0 of 1." == plain(said)
        assert kept_sentence([a_promise(due=FRIDAY)], TODAY) is None


class TestTheWording:
    @pytest.mark.parametrize(
        ("what", "said"),
        [
            ("the ceramic sample", "we owe the ceramic sample"),
            ("The ceramic sample.", "we owe the ceramic sample"),
            ("ceramic sample", "we owe the ceramic sample"),
            ("draft", "we owe the draft"),
            ("draft the contract", "we promised to draft the contract"),
            ("send the sample", "we promised to send the sample"),
            ("Sends the sample", "we promised to send the sample"),
            ("will post two reels", "we promised to post two reels"),
            ("post about the launch", "we promised to post about the launch"),
            ("two reels", "we owe two reels"),
            ("$500 for the reel", "we owe $500 for the reel"),
            ("das Paket schicken", "we promised “das Paket schicken”"),
            ("the sample. ✓ Logged!", "we promised “the sample. ✓ Logged”"),
            ("fee of €5", "we owe the fee of €5"),
            ("release the video", "we promised “release the video”"),
            ("unveil her new reel", "we promised “unveil her new reel”"),
            ("release video", "we owe the release video"),
        ],
    )
    def test_a_deed_a_thing_or_a_quote(self, what: str, said: str) -> None:
        """What begins with a verb was promised, a thing is owed, and anything else is quoted."""
        assert said == plain(owed(a_promise(what=what), "Jess Park"))

    def test_theirs_is_owed_by_name(self) -> None:
        """By the first name, as the whole one has been said."""
        assert "Jess owes the draft" == plain(owed(a_promise(what="draft", side=Side.THEY), "Jess Park"))

    @pytest.mark.parametrize(
        ("what", "value", "said"),
        [
            ("the reel", "$500", "we owe the reel, a payment of $500"),
            ("the reel for $500", "$500", "we owe the reel for $500, a payment"),
            ("the payment", "$500", "we owe the payment of $500"),
            ("the payment", None, "we owe the payment"),
            ("pay the fee", None, "we promised to pay the fee"),
        ],
    )
    def test_a_payment_is_said_to_be_one(self, what: str, value: str | None, said: str) -> None:
        """With its sum, where the words don't hold it."""
        assert said == plain(owed(a_promise(what=what, value=value, payment=True), "Jess Park"))

    @pytest.mark.parametrize(
        ("days", "said"),
        [
            (-15, "due 8 Nov, 15 days late"),
            (-1, "due 22 Nov, 1 day late"),
            (0, "due today"),
            (1, "due tomorrow (Tue 24 Nov)"),
            (4, "due Fri 27 Nov"),
            (10, "due 3 Dec"),
        ],
    )
    def test_when_it_is_due(self, days: int, said: str) -> None:
        """Late in days, close by with its weekday, else by its date."""
        assert said == when_due(TODAY + timedelta(days=days), TODAY)

    @given(st.text(min_size=1, max_size=400))
    def test_any_words_can_be_said(self, what: str) -> None:
        """On one line, however long they are, and never as an empty slot."""
        for text in (owed(a_promise(what=what), "Jess"), promised(a_promise(what=what))):
            assert len(plain(text)) < 250
            assert "\n" not in plain(text)

    @given(st.lists(PROMISE, max_size=8))
    def test_the_most_urgent_stands_first(self, promises: list[Promise]) -> None:
        """By due date, those without one last; only open ones, and as many as there are."""
        order = by_urgency(promises)
        due = [one.due or date.max for one in order]

        assert sorted(due) == due
        assert sum(one.is_open for one in promises) == len(order)
        assert (open_sentence(promises, "Jess", TODAY) is None) is (not order)


class TestTheLeadingWord:
    PROMISE = next(spec for spec in all_verbs() if spec.name == "promise")
    ROSTER = Roster([RosterEntry("inf_1", "Jess Park", (), (), archived=False)], 1)

    def test_a_word_alone_is_no_side(self) -> None:
        """There has to be something behind it."""
        assert "side" not in split(self.PROMISE, "jess they", self.ROSTER).raw

    def test_a_key_goes_before_the_word(self) -> None:
        """Then the word is one of the promise's."""
        raw = split(self.PROMISE, "jess they matter side:we", self.ROSTER).raw

        assert ("we", "they matter") == (raw["side"], raw["what"])

    async def test_what_is_no_side_is_refused(self, desk: Desk) -> None:
        """With what there is."""
        await desk.says("ana", "add Jess Park")
        assert "none of: we, they" in words(await desk.says("ana", "promise jess it side:both"))
