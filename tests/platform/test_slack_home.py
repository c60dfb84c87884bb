from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.inbound import Command
from bot.reply import Actions, Answer, Button, Form, Input, Outcome, Reply, Section, callback, say
from tests.console_core import ScriptedCore, plain
from tests.platform.slack.bots import HTTP, SOCKET, open_bot, open_core
from tests.platform.slack.faults import Fault, error, status
from tests.platform.slack.hand import Hand
from tests.platform.slack.server import FakeSlack

FORM = Form(
    id="drf_1", verb="note", title="Note a fact", sections=(Section("Note", (Input(name="what", label="What"),)),)
)


class Homely(ScriptedCore):
    """A ScriptedCore whose Home counts how often it was drawn."""

    def __init__(self, script: dict[str, Answer] | None = None) -> None:
        super().__init__(script)
        self.drawn = 0
        self.held: asyncio.Event | None = None
        self.drawing = asyncio.Event()

    async def dispatch(self, command: Command) -> Answer:
        """A Home with two buttons, and everything else by the script."""
        if command.verb != "home":
            return await super().dispatch(command)
        self.drawn += 1
        number = self.drawn
        self.drawing.set()
        if self.held is not None:
            await self.held.wait()
        buttons = Actions((Button("Due", callback("due")), Button("Note", callback("fill"))))
        return Reply(blocks=(say("Drawing {number}.", number=number), buttons))


@pytest.mark.parametrize("over", [HTTP, SOCKET])
async def test_home_is_drawn_when_it_is_opened(slack: FakeSlack, ana: Hand, over: str) -> None:
    """Every time, with what is true then."""
    async with open_bot(slack, Homely(), over=over):
        assert "Drawing 1." in str((await ana.open_home()).home)
        assert "Drawing 2." in str((await ana.open_home()).home)


async def test_home_for_a_new_team_a_busy_one_and_a_stranger(slack: FakeSlack, ana: Hand, tmp_path: Path) -> None:
    """Each sees what helps them, and somebody who may not come in sees that and nothing else."""
    gil = Hand(slack, slack.add_user("Gil", guest=True))
    async with open_core(tmp_path) as core, open_bot(slack, core):
        first = str((await ana.open_home()).home)
        await ana.slash("add Jess Park")
        busy = str((await ana.open_home()).home)
        refused = str((await gil.open_home()).home)
        assert first != busy
        assert "Jess Park" in busy
        assert "Only members of this workspace" in refused
        assert "Jess Park" not in refused


async def test_the_latest_drawing_wins(slack: FakeSlack, ana: Hand) -> None:
    """Drawings of one tab wait for one another; those that would only repeat what comes are not made."""
    core = Homely()
    core.held = asyncio.Event()
    async with open_bot(slack, core):
        opened = [asyncio.create_task(ana.slack.deliver("event", home_opened(ana))) for _ in range(4)]
        await core.drawing.wait()
        core.held.set()
        assert [True] * 4 == [one.is_acked for one in await asyncio.gather(*opened)]
        await slack.quiet()
        assert 2 >= core.drawn
        assert f"Drawing {core.drawn}." in str(slack.homes[ana.user])


async def test_a_tab_drawn_elsewhere_is_drawn_again(slack: FakeSlack, ana: Hand) -> None:
    """Another process may have been there: what is fresh is drawn over it."""
    async with open_bot(slack, Homely()):
        await ana.open_home()
        slack.homes[ana.user]["hash"] = "somebody-elses"
        seen = await ana.open_home()
        assert "Drawing 3." in str(seen.home)


@pytest.mark.parametrize("fault", [error("not_enabled"), status(500), error("invalid_arguments")])
async def test_a_tab_that_can_not_be_published_hurts_nobody(slack: FakeSlack, ana: Hand, fault: Fault) -> None:
    """The event is acknowledged: the tab is drawn when it is opened the next time."""
    async with open_bot(slack, Homely()):
        slack.faults.next("views.publish", fault)
        assert (await ana.open_home()).delivered.is_acked
        assert (await ana.open_home()).home is not None


async def test_with_the_store_down_home_says_so_and_is_sent_again(slack: FakeSlack, ana: Hand) -> None:
    """Whoever looks is told; Slack's retry draws it."""
    async with open_bot(slack, ScriptedCore({"home": plain("Nothing can be read right now.", Outcome.DOWN)})):
        seen = await ana.open_home()
        assert not seen.delivered.is_acked
        assert "Nothing can be read right now." in str(seen.home)


async def test_a_press_at_home_is_answered_in_a_modal(slack: FakeSlack, ana: Hand) -> None:
    """Nothing is said in a conversation, and the tab stays: what was only looked at has changed nothing."""
    async with open_bot(slack, Homely()):
        home = (await ana.open_home()).home
        assert home is not None
        seen = await ana.press(home, "Due")
        assert "done: due" in str(seen.form.view)
        assert () == seen.messages
        assert "Drawing 1." in str(slack.homes[ana.user])


async def test_a_form_over_what_was_looked_at(slack: FakeSlack, ana: Hand) -> None:
    """It opens on top of it, so that cancelling brings that back; nothing has changed until it is sent."""
    shown = Reply(blocks=(say("**Jess Park** — A"), Actions((Button("Log", callback("fill")),))))
    async with open_bot(slack, Homely({"fill": FORM, "due": shown})):
        home = (await ana.open_home()).home
        assert home is not None
        recap = (await ana.press(home, "Due")).form
        assert "Jess Park" == recap.view["title"]["text"]
        await ana.close((await ana.press(recap, "Log")).form)
        assert recap is ana.view
        await ana.submit((await ana.press(recap, "Log")).form, {"what": "loves tea"})
        await ana.sees(lambda: "Drawing 2." in str(slack.homes[ana.user]))


async def test_the_title_of_a_modal_is_what_it_is_about(slack: FakeSlack, ana: Hand) -> None:
    """Where that is short, and known: a refusal is about nothing."""
    long = Reply(blocks=(say("**{name}** — A", name="A" * 25),))
    refused = Reply(blocks=(say("Did you mean **log**?"),), outcome=Outcome.REFUSED)
    for reply in (long, refused, plain("Nothing.")):
        async with open_bot(slack, Homely({"due": reply})):
            home = (await ana.open_home()).home
            assert home is not None
            assert "Rapport" == (await ana.press(home, "Due")).form.view["title"]["text"]


async def test_a_form_from_home_stays_in_its_modal(slack: FakeSlack, ana: Hand) -> None:
    """What comes of it is shown there, and the tab is drawn anew."""
    async with open_bot(slack, Homely({"fill": FORM})):
        home = (await ana.open_home()).home
        assert home is not None
        seen = await ana.submit((await ana.press(home, "Note")).form, {"what": "loves tea"})
        assert "done: note" in str(seen.form.view)
        assert () == seen.messages
        await ana.sees(lambda: "Drawing 2." in str(slack.homes[ana.user]))


async def test_what_comes_of_a_pushed_form_takes_the_place_of_what_it_was_opened_from(
    slack: FakeSlack, ana: Hand
) -> None:
    """Nothing is left beneath it that tells of what is over, and the tab is drawn anew."""
    card = Reply(blocks=(say("Due: Jess"), Actions((Button("Edit", callback("fill")),))))
    async with open_bot(slack, Homely({"due": card, "fill": FORM})):
        home = (await ana.open_home()).home
        assert home is not None
        pushed = (await ana.press((await ana.press(home, "Due")).form, "Edit")).form
        assert 2 == len(slack.views)
        seen = await ana.submit(pushed, {"what": "loves tea"})
        assert () == seen.messages
        (left,) = slack.views.values()
        assert "done: note" in str(left.view)
        assert "Due: Jess" not in str(left.view)
        await ana.sees(lambda: "Drawing 2." in str(slack.homes[ana.user]))


async def test_what_comes_of_a_pushed_form_is_said_where_there_is_nothing_left_to_take_its_place(
    slack: FakeSlack, ana: Hand
) -> None:
    """By DM, where what it was opened from can't be changed."""
    card = Reply(blocks=(say("Due: Jess"), Actions((Button("Edit", callback("fill")),))))
    async with open_bot(slack, Homely({"due": card, "fill": FORM})):
        home = (await ana.open_home()).home
        assert home is not None
        pushed = (await ana.press((await ana.press(home, "Due")).form, "Edit")).form
        slack.faults.next("views.update", error("not_found"))
        assert "done: note" in (await ana.submit(pushed, {"what": "loves tea"})).message.text


async def test_a_slow_press_at_home_is_told_of_in_a_modal(slack: FakeSlack, ana: Hand) -> None:
    """The modal opens while Slack still lets it, and holds the answer when it is there."""
    core = Homely()
    async with open_bot(slack, core, patience=0.05):
        home = (await ana.open_home()).home
        assert home is not None
        core.gate = asyncio.Event()
        seen = await ana.press(home, "Due")
        assert "Still working…" in str(seen.form.view)
        core.gate.set()
        await ana.sees(lambda: ana.view is not None and "done: due" in str(ana.view.view))


async def test_a_press_at_home_after_the_trigger_is_answered_by_dm(slack: FakeSlack, ana: Hand) -> None:
    """Where no modal can be opened any more, the answer is not lost."""
    async with open_bot(slack, Homely()):
        home = (await ana.open_home()).home
        assert home is not None
        slack.faults.next("views.open", error("expired_trigger_id"))
        seen = await ana.press(home, "Due")
        assert (None, "done: due") == (seen.view, seen.message.text)


async def test_prompts_are_suggested(slack: FakeSlack, ana: Hand, tmp_path: Path) -> None:
    """In the messages tab, and each of them is understood when it is said."""
    async with open_core(tmp_path) as core, open_bot(slack, core):
        await ana.slash("add Jess Park")
        await ana.open_messages()
        prompts = slack.prompts[ana.user]
        assert 1 <= len(prompts) <= 4
        for prompt in prompts:
            seen = await ana.say_in_dm(prompt["message"])
            assert "is no command" not in seen.message.text
            assert "didn’t follow" not in seen.message.text


async def test_a_plan_without_agents_lacks_nothing_else(slack: FakeSlack, ana: Hand) -> None:
    """There are no prompts then, and everything else works."""
    slack.has_agent = False
    async with open_bot(slack, Homely()):
        assert (await ana.open_messages()).delivered.is_acked
        assert {} == slack.prompts
        assert "heard: due" == (await ana.say_in_dm("due")).message.text


def home_opened(hand: Hand) -> dict[str, object]:
    """The event that somebody looks at Home."""
    return {"type": "app_home_opened", "user": hand.user, "channel": hand.dm, "tab": "home", "event_ts": "1.0"}
