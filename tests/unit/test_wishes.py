from __future__ import annotations

import pytest

from bot.model import Influencer
from bot.reply import Form
from tests.desk import Desk, labels, words


@pytest.fixture
async def jess(desk: Desk) -> Desk:
    """A desk with one relationship."""
    await desk.says("ana", "add Jess Park tier:A")
    return desk


async def wishes(desk: Desk) -> tuple[str | None, str | None, str | None]:
    """What is recorded: their goal, why, and what we want."""
    (jess,) = await desk.store.everything(Influencer, (await desk.team()).id)
    return jess.goal, jess.motivation, jess.objective


BOTH = "goal jess a cookbook deal because she wants out of sponsored posts"


class TestGoal:
    async def test_the_goal_and_why(self, jess: Desk) -> None:
        """From one sentence, shown back as the recap has it."""
        answer = await jess.says("ana", BOTH)

        assert "✓ Jess Park wants a cookbook deal, because she wants out of sponsored posts." == words(answer)
        assert ["Undo", "Edit"] == labels(answer)
        assert ("a cookbook deal", "she wants out of sponsored posts", None) == await wishes(jess)
        assert "Jess wants a cookbook deal" in words(await jess.says("ana", "show jess"))

    async def test_a_new_goal_has_no_old_reason(self, jess: Desk) -> None:
        """It says what went; undo brings both back."""
        await jess.says("ana", BOTH)

        answer = await jess.says("ana", "goal jess a podcast")
        changed = await wishes(jess)
        await jess.presses("ana", answer, "Undo")

        assert words(answer).splitlines() == [
            "✓ Jess Park wants a podcast.",
            "The reason noted before went with the old wish: “she wants out of sponsored posts”.",
        ]
        assert ("a podcast", None, None) == changed
        assert ("a cookbook deal", "she wants out of sponsored posts", None) == await wishes(jess)

    async def test_a_reason_alone_joins_the_goal(self, jess: Desk) -> None:
        """There must be one."""
        nothing = await jess.says("ana", "goal jess because she is tired")
        await jess.says("ana", "goal jess a cookbook deal")
        await jess.says("ana", "goal jess so that she can rest")
        said = await wishes(jess)
        await jess.says("ana", 'goal jess why:"her kids"')

        assert words(nothing).startswith("Say what Jess Park wants, too.")
        assert ("a cookbook deal", "so that she can rest", None) == said
        assert ("a cookbook deal", "her kids", None) == await wishes(jess)

    async def test_the_same_again_is_refused(self, jess: Desk) -> None:
        """The goal alone leaves its reason be."""
        await jess.says("ana", BOTH)

        for line in (BOTH, "goal jess a cookbook deal"):
            assert words(await jess.says("ana", line)).startswith("That is how it is already for Jess Park")

    async def test_none_clears_it(self, jess: Desk) -> None:
        """With its reason, or the reason alone."""
        await jess.says("ana", BOTH)
        await jess.says("ana", "goal jess why:none")
        without_reason = await wishes(jess)

        answer = await jess.says("ana", "goal jess none")

        assert ("a cookbook deal", None, None) == without_reason
        assert "✓ What Jess Park wants is not noted any more." == words(answer)
        assert (None, None, None) == await wishes(jess)

    async def test_the_form_holds_what_is_recorded(self, jess: Desk) -> None:
        """What is emptied is cleared, what is not altered stays, and nothing in it is parted."""
        await jess.says("ana", BOTH)

        form = await jess.says("ana", "goal jess")
        assert isinstance(form, Form)
        shown = {one.name: one.value for one in form.inputs}
        await jess.says("ben", "goal jess a podcast because she loves audio")
        await jess.fills("ana", form, why="")
        emptied = await wishes(jess)
        await jess.fills("ana", await jess.says("ana", "goal jess"), what="fame because why not")

        assert {"what": "a cookbook deal", "why": "she wants out of sponsored posts"} == shown
        assert ("a podcast", None, None) == emptied
        assert ("fame because why not", None, None) == await wishes(jess)

    async def test_heard_twice_it_is_answered_the_same(self, jess: Desk) -> None:
        """A retry is no second wish."""
        first, again = [await jess.says("ana", BOTH, heard="x") for _ in range(2)]

        assert words(first) == words(again)


class TestObjective:
    async def test_what_we_want(self, jess: Desk) -> None:
        """Set, edited in its form, cleared."""
        answer = await jess.says("ana", "objective jess we want a spring launch video")
        said = await wishes(jess)
        form = await jess.presses("ana", answer, "Edit")
        assert isinstance(form, Form)
        await jess.fills("ana", form, what="two videos")
        edited = await wishes(jess)
        cleared = await jess.says("ana", "objective jess none")

        assert "✓ With Jess Park we want a spring launch video." == words(answer)
        assert ["a spring launch video"] == [one.value for one in form.inputs]
        assert ((None, None, "a spring launch video"), (None, None, "two videos")) == (said, edited)
        assert "✓ What we want from Jess Park is not noted any more." == words(cleared)

    async def test_after_a_question_about_the_name(self, jess: Desk) -> None:
        """The form opens for whoever was picked."""
        await jess.says("ana", "add Jess Liu")

        form = await jess.presses("ana", await jess.says("ana", "objective jess"), "Jess Liu")
        assert isinstance(form, Form)

        assert "With Jess Liu we want a reel" in words(await jess.fills("ana", form, what="a reel"))
