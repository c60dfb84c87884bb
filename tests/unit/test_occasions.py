from __future__ import annotations

from datetime import timedelta

import pytest

from bot.model import OCCASIONS, Occasion
from bot.reply import Form
from tests.desk import Desk, errors, labels, words


async def kept(desk: Desk) -> list[str]:
    """The occasions there are, in short."""
    found = await desk.store.everything(Occasion, (await desk.team()).id)
    return [f"{one.label} {one.day}.{one.month}.{one.year or ''}{'*' if one.yearly else ''}" for one in found]


@pytest.fixture
async def jess(desk: Desk) -> Desk:
    """A desk with one relationship, of Ana."""
    await desk.says("ana", "add Jess Park tier:A")
    return desk


class TestNoting:
    async def test_a_birthday_comes_every_year_and_says_the_age(self, jess: Desk) -> None:
        """And when its owner is reminded: a week and a day before, on working days."""
        answer = await jess.says("ana", "occasion jess birthday 14 mar 1991")

        assert words(answer).splitlines() == [
            "✓ Noted: Jess Park — birthday, 14 Mar (turns 36 in 2027).",
            "I’ll remind you on Fri 5 Mar 2027 and Fri 12 Mar 2027.",
        ]
        assert ["Undo", "Edit"] == labels(answer)
        assert ["birthday 14.3.1991*"] == await kept(jess)

    async def test_a_launch_comes_once(self, jess: Desk) -> None:
        """The owner is called by name to others; a lead that is over is made up for at the next nudge hour."""
        answer = await jess.says("ben", "occasion jess book launch 26 nov")

        assert words(answer).splitlines() == [
            "✓ Noted: Jess Park — book launch, Thu 26 Nov.",
            "I’ll remind @Ana on Tue 24 Nov and Wed 25 Nov.",
        ]
        assert ["book launch 26.11.2026"] == await kept(jess)

    @pytest.mark.parametrize(
        ("line", "said"),
        [
            ("launch tomorrow", "I’ll remind you on Tue 24 Nov."),
            ("birthday today", "This time no reminder will come in time."),
            ("launch today", "No reminder will come in time."),
        ],
    )
    async def test_noted_after_the_hour_it_says_what_will_come(self, jess: Desk, line: str, said: str) -> None:
        """On the day itself at the latest; and so it comes."""
        answer = await jess.says("ana", f"occasion jess {line}")
        await jess.waits(timedelta(days=2))

        assert said == words(answer).splitlines()[1]
        assert ("I’ll" in said) == bool(jess.messages_to("ana"))

    async def test_noted_before_the_hour_of_the_day_it_says_today(self, jess: Desk) -> None:
        """A week before, and the day before."""
        await jess.waits(timedelta(hours=20))

        assert "I’ll remind you today and on Mon 30 Nov." in words(await jess.says("ana", "occasion jess launch 1 dec"))

    async def test_nobody_is_reminded_where_the_clock_stands_still(self, jess: Desk) -> None:
        """Paused, and with an owner who wants no nudges; without an owner it is the team."""
        await jess.says("ana", "own jess nobody")
        team = words(await jess.says("ana", "occasion jess launch 3 dec"))
        await jess.says("ana", "pause jess")
        paused = words(await jess.says("ana", "occasion jess opening 3 dec"))

        assert "I’ll remind the team on Thu 26 Nov and Wed 2 Dec." in team
        why = "Nobody is reminded while the relationship is paused."
        assert f"✓ Noted: Jess Park — opening, Thu 3 Dec.\n{why}" == paused

    async def test_the_29th_of_february_says_where_it_falls(self, jess: Desk) -> None:
        """In years without it."""
        answer = await jess.says("ana", "occasion jess birthday 29 feb 1992")

        assert "birthday, 29 Feb (turns 35 in 2027, next on Sun 28 Feb 2027)." in words(answer)

    async def test_the_same_label_again_takes_its_place(self, jess: Desk) -> None:
        """And says what it replaces; a corrected day keeps the year; the same day again is refused."""
        await jess.says("ana", "occasion jess birthday 14 mar 1991")

        replaced = await jess.says("ben", "occasion jess Birthday 15 mar")
        again = await jess.says("ben", "occasion jess birthday 15 mar")

        assert "This replaces: birthday, 14 Mar (turns 36 in 2027)." in words(replaced)
        assert words(again).startswith("That is noted already for Jess Park")
        assert ["birthday 15.3.1991*"] == await kept(jess)

    async def test_undo_takes_it_back(self, jess: Desk) -> None:
        """With what it replaced."""
        await jess.says("ana", "occasion jess birthday 14 mar")
        answer = await jess.says("ana", "occasion jess birthday 15 mar")

        await jess.presses("ana", answer, "Undo")

        assert ["birthday 14.3.*"] == await kept(jess)

    async def test_heard_twice_it_is_noted_once(self, jess: Desk) -> None:
        """And answered the same."""
        first = await jess.says("ana", "occasion jess birthday 14 mar", heard="x")
        again = await jess.says("ana", "occasion jess birthday 14 mar", heard="x")

        assert words(first) == words(again)
        assert ["birthday 14.3.*"] == await kept(jess)

    async def test_typed_options(self, jess: Desk) -> None:
        """As Discord sends them."""
        await jess.says("ana", 'occasion jess opening on:"3 dec" every_year:yes')

        assert ["opening 3.12.*"] == await kept(jess)

    async def test_there_is_a_limit(self, jess: Desk) -> None:
        """What is there already can still be replaced."""
        for number in range(OCCASIONS):
            await jess.says("ana", f"occasion jess day{number} 3 dec")

        full = await jess.says("ana", "occasion jess one more 3 dec")
        replaced = await jess.says("ana", "occasion jess day7 4 dec")

        assert f"Jess Park has {OCCASIONS} occasions already: remove one of them first." in words(full)
        assert "This replaces: day7, Thu 3 Dec." in words(replaced)
        assert len(labels(await jess.says("ana", "occasion jess"))) == 3

    @pytest.mark.parametrize(
        ("line", "said"),
        [
            ("occasion jess birthday 31 feb", "There is no 31 Feb."),
            ("occasion jess birthday 12/6", "“12/6” could be 12 Jun or 6 Dec."),
            ("occasion jess launch 3 dec 2020", "3 Dec 2020 is over."),
            ("occasion jess on:friday", "Say what the day is"),
        ],
    )
    async def test_what_can_not_be_read_is_refused(self, jess: Desk, line: str, said: str) -> None:
        """In a sentence, and nothing is kept."""
        assert words(await jess.says("ana", line)).startswith(said)
        assert [] == await kept(jess)


class TestForms:
    async def test_add_opens_the_form(self, jess: Desk) -> None:
        """Nothing is asked for by a command without words; what is wrong comes back with the form."""
        form = await jess.presses("ana", await jess.says("ana", "occasion"), "Add")
        assert isinstance(form, Form)

        empty = await jess.fills("ana", form)
        wrong = await jess.fills("ana", form, who="jess", what="name day", on="31 feb")
        done = await jess.fills("ana", form, who="jess", what="name day", on="6 dec", every_year="")

        assert "who" in errors(empty)
        assert ["on"] == list(errors(wrong))
        assert "✓ Noted: Jess Park — name day, 6 Dec." in words(done)

    async def test_add_on_a_person_knows_whom(self, jess: Desk) -> None:
        """And needs a label."""
        form = await jess.presses("ana", await jess.says("ana", "occasion jess"), "Add")
        assert isinstance(form, Form)

        assert {"who": "Jess Park"} == {one.name: one.value for one in form.inputs if one.value}
        assert {"what": "Say what the day is: birthday, launch, anniversary."} == errors(await jess.fills("ana", form))

    async def test_edit_keeps_what_was_altered(self, jess: Desk) -> None:
        """The label, the day, whether it comes again; each alone."""
        answer = await jess.says("ana", "occasion jess launch 3 dec")

        form = await jess.presses("ana", answer, "Edit")
        assert isinstance(form, Form)
        shown = {one.name: one.value for one in form.inputs}
        unchanged = await jess.fills("ana", form)
        await jess.fills("ana", await jess.presses("ana", answer, "Edit"), what="the book launch")
        named = await kept(jess)
        await jess.fills("ana", await jess.presses("ana", answer, "Edit"), on="4 dec")
        moved = await kept(jess)
        await jess.fills("ana", await jess.presses("ana", answer, "Edit"), every_year="yes")

        assert {"what": "launch", "on": "3 Dec 2026", "every_year": ""} == shown
        assert "✓ Nothing had to be changed." == words(unchanged)
        assert (["book launch 3.12.2026"], ["book launch 4.12.2026"]) == (named, moved)
        assert ["book launch 4.12.*"] == await kept(jess)

    async def test_edit_may_take_the_year_away(self, jess: Desk) -> None:
        """What was said wrongly can be unsaid; a birthday can’t become a day that is over."""
        answer = await jess.says("ana", "occasion jess birthday 14 mar 1991")
        form = await jess.presses("ana", answer, "Edit")

        over = await jess.fills("ana", form, every_year="")
        await jess.fills("ana", form, on="14 mar", every_year="yes")

        assert "14 Mar 1991 is over." in errors(over)["on"]
        assert ["birthday 14.3.*"] == await kept(jess)

    async def test_two_can_not_have_one_name(self, jess: Desk) -> None:
        """They could not be told apart."""
        await jess.says("ana", "occasion jess launch 3 dec")
        answer = await jess.says("ana", "occasion jess opening 4 dec")

        back = await jess.fills("ana", await jess.presses("ana", answer, "Edit"), what="Launch")

        assert {"what": "Another occasion is called “Launch” already: remove it first."} == errors(back)


class TestLists:
    async def test_of_one_person(self, jess: Desk) -> None:
        """The next one first; each can be removed, once."""
        await jess.says("ana", "occasion jess birthday 14 mar")
        await jess.says("ana", "occasion jess launch 3 dec")
        listed = await jess.says("ana", "occasion jess")

        removed = await jess.presses("ana", listed, "Remove", "launch")
        again = await jess.presses("ben", listed, "Remove", "launch")

        assert words(listed).splitlines() == ["Jess Park — 2 occasions:", "• launch, Thu 3 Dec", "• birthday, 14 Mar"]
        assert ["Add", "Edit…", "Remove…"] == labels(listed)
        assert words(removed).startswith("✓ Removed: Jess Park — launch")
        assert words(again).startswith("This occasion was removed already by Ana.")
        assert ["birthday 14.3.*"] == await kept(jess)

    async def test_of_one_person_without_any(self, jess: Desk) -> None:
        """It says so and offers to add."""
        answer = await jess.says("ana", "occasion jess")

        assert ("No occasions are noted for Jess Park yet.", ["Add"]) == (words(answer), labels(answer))

    async def test_what_is_over_says_so(self, jess: Desk) -> None:
        """A single date that has passed stays until it is removed."""
        await jess.says("ana", "occasion jess launch tomorrow")
        jess.clock.move(timedelta(days=2))

        assert "• launch, Tue 24 Nov (over)" in words(await jess.says("ana", "occasion jess"))

    async def test_of_the_team_by_date(self, desk: Desk) -> None:
        """Thirty days, the first and the last included; archived people and what comes later are left out."""
        for name in ("Jess Park", "Lee Fox", "Sam Ode"):
            await desk.says("ana", f"add {name}")
        for line in (
            "lee birthday today",
            "jess birthday 23 dec 1990",
            "lee launch 24 dec",
            "jess launch tomorrow",
            "sam birthday 1 dec",
        ):
            await desk.says("ana", f"occasion {line}")
        await desk.says("ana", "archive Sam Ode")

        assert words(await desk.says("ben", "occasion")).splitlines() == [
            "3 occasions in the next 30 days",
            "• Mon 23 Nov, today — Lee Fox: birthday (@Ana)",
            "• Tue 24 Nov, tomorrow — Jess Park: launch (@Ana)",
            "• Wed 23 Dec — Jess Park: birthday, turns 36 (@Ana)",
        ]

    @pytest.mark.parametrize(("days", "said"), [(80, "Sun 28 Feb 2027"), (80 + 365, "Tue 29 Feb")])
    async def test_the_29th_of_february_is_never_missed(self, jess: Desk, days: int, said: str) -> None:
        """On the 28th where there is none."""
        await jess.says("ana", "occasion jess birthday 29 feb")
        jess.clock.move(timedelta(days=days))

        assert f"• {said.removesuffix(' 2027')} — Jess Park: birthday" in words(await jess.says("ana", "occasion"))

    async def test_all_and_mine(self, desk: Desk) -> None:
        """Everybody’s is what it shows anyway; mine are of those whom I look after, on every page."""
        for number in range(22):
            await desk.says("ana", f"add Person{number:02}")
            await desk.says("ana", f"occasion person{number:02} launch 3 dec")
        await desk.says("ben", "add Lee Fox")
        await desk.says("ben", "occasion lee launch 3 dec")

        everybodys, mine = [await desk.says("ana", f"occasion {whose}") for whose in ("all", "mine")]
        more = await desk.presses("ana", mine, "More")

        assert "23 occasions in the next 30 days, 1 to 20" == words(everybodys).splitlines()[0]
        assert "22 occasions of yours in the next 30 days, 1 to 20" == words(mine).splitlines()[0]
        assert "22 occasions of yours in the next 30 days, 21 to 22" == words(more).splitlines()[0]
        assert "No occasions of yours in the next 30 days." == words(await desk.says("cem", "occasion mine"))

    async def test_looking_at_the_archived_asks_nothing(self, jess: Desk) -> None:
        """Noting something for them does."""
        await jess.says("ana", "occasion jess launch 3 dec")
        await jess.says("ana", "archive Jess Park")

        looked = [words(await jess.says("ana", f"occasion {name}")) for name in ("jess park", "jess")]
        wrote = await jess.says("ana", "occasion jess park opening 4 dec")

        assert ["Jess Park — 1 occasion:\n• launch, Thu 3 Dec"] * 2 == looked
        assert "Do you mean Jess Park, who is archived?" == words(wrote)

    async def test_of_nobody(self, desk: Desk) -> None:
        """It says so and offers to add."""
        answer = await desk.says("ana", "occasion")

        assert ("No occasions in the next 30 days.", ["Add"]) == (words(answer), labels(answer))

    async def test_it_is_paged(self, desk: Desk) -> None:
        """Twenty a page, with how many there are."""
        for number in range(23):
            await desk.says("ana", f"add Person{number:02}")
            await desk.says("ana", f"occasion person{number:02} launch 3 dec")

        first = await desk.says("ana", "occasion")
        second = await desk.presses("ana", first, "More")
        back = await desk.presses("ana", second, "Earlier")

        assert "23 occasions in the next 30 days, 1 to 20" == words(first).splitlines()[0]
        assert "23 occasions in the next 30 days, 21 to 23" == words(second).splitlines()[0]
        assert words(first) == words(back)
