from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.address import Place
from bot.reply import Actions, Answer, Button, Form, Input, Reply, Section, callback, say
from tests.console_core import ScriptedCore
from tests.platform.slack.bots import open_bot, open_core
from tests.platform.slack.faults import Fault, drop_before, error, rate_limited
from tests.platform.slack.hand import Hand
from tests.platform.slack.server import FakeSlack

LOGGED = Reply(blocks=(say("✓ Logged."),), replaces=True)
QUESTION = Reply(
    blocks=(
        say("Who do you mean?"),
        Actions((Button("Jess", callback("pick")), Button("Help", callback("help")), Button("New", callback("new")))),
    )
)
FORM = Form(
    id="drf_1", verb="add", title="Add somebody", sections=(Section("Add", (Input(name="name", label="Name"),)),)
)
SCRIPT: dict[str, Answer] = {"ask": QUESTION, "": QUESTION, "pick": LOGGED, "new": FORM}


def shown(hand: Hand, channel: str) -> list[str]:
    """What somebody reads of ours in a conversation."""
    return [message.text for message in hand.sees_in(channel)]


@pytest.mark.parametrize("in_dm", [True, False])
async def test_an_answer_takes_the_place_of_its_question(
    slack: FakeSlack, ana: Hand, channel: str, in_dm: bool
) -> None:
    """In the DM the message is edited, in a channel what she alone sees is replaced: no buttons stay behind."""
    place = ana.dm if in_dm else channel
    async with open_bot(slack, ScriptedCore(SCRIPT)):
        await ana.press((await ana.slash("ask", place)).message, "Jess")
        assert ["✓ Logged."] == shown(ana, place)


async def test_an_answer_in_a_thread_of_the_dm_takes_its_place_there(slack: FakeSlack, ana: Hand) -> None:
    """Where the conversation is."""
    async with open_bot(slack, ScriptedCore(SCRIPT)):
        question = (await ana.say_in_dm("log jess coffee")).message
        await ana.press(question, "Jess")
        assert ("✓ Logged.", 1) == (question.text, len(question.edited))


async def test_other_answers_come_beside_what_was_pressed(slack: FakeSlack, ana: Hand, channel: str) -> None:
    """Its other buttons are of use yet; so it is when a button opens a form."""
    async with open_bot(slack, ScriptedCore(SCRIPT)):
        question = (await ana.slash("ask", channel)).message
        await ana.press(question, "Help")
        assert "Add somebody" == (await ana.press(question, "New")).form.view["title"]["text"]
        assert ["Who do you mean?", "done: help"] == shown(ana, channel)


async def test_what_others_read_is_never_replaced(slack: FakeSlack, ana: Hand, channel: str) -> None:
    """The answer is for whoever pressed alone, and the message is everybody's."""
    async with open_bot(slack, ScriptedCore(SCRIPT)) as bot:
        await bot.post(Place("slack", "T01", channel), QUESTION, "digest")
        (posted,) = ana.sees_in(channel)
        seen = await ana.press(posted, "Jess")
        assert ("✓ Logged.", ana.user, []) == (seen.message.text, seen.message.ephemeral_to, posted.edited)


async def test_what_can_not_be_changed_is_answered_beside(slack: FakeSlack, ana: Hand) -> None:
    """Somebody has deleted it, say: the answer is not lost."""
    async with open_bot(slack, ScriptedCore(SCRIPT)):
        question = (await ana.slash("ask")).message
        slack.faults.next("chat.update", error("message_not_found"))
        await ana.press(question, "Jess")
        assert ["Who do you mean?", "✓ Logged."] == shown(ana, ana.dm)


@pytest.mark.parametrize("in_dm", [True, False])
async def test_a_late_answer_takes_the_place_of_the_note(
    slack: FakeSlack, ana: Hand, channel: str, in_dm: bool
) -> None:
    """Nothing says “Still working…” any more when it is done."""
    core, place = ScriptedCore(), ana.dm if in_dm else channel
    core.gate = asyncio.Event()
    async with open_bot(slack, core, patience=0.05):
        await ana.slash("due", place)
        await ana.sees(lambda: [text for text in shown(ana, place) if text.startswith("Still working…")])
        core.gate.set()
        await ana.sees(lambda: ["done: due"] == shown(ana, place))


@pytest.mark.parametrize(("label", "left"), [("Jess", ["✓ Logged."]), ("Help", ["Who do you mean?", "done: help"])])
async def test_a_late_answer_to_a_press_leaves_no_note(
    slack: FakeSlack, ana: Hand, label: str, left: list[str]
) -> None:
    """It comes where the note stood, or where the question stood, and then the note goes."""
    core = ScriptedCore(SCRIPT)
    async with open_bot(slack, core, patience=0.05):
        question = (await ana.slash("ask")).message
        core.gate = asyncio.Event()
        await ana.press(question, label)
        await ana.sees(lambda: shown(ana, ana.dm)[-1].startswith("Still working…"))
        core.gate.set()
        await ana.sees(lambda: left == shown(ana, ana.dm))


async def test_a_question_of_the_product_goes_with_its_answer(slack: FakeSlack, ana: Hand, tmp_path: Path) -> None:
    """Who is meant, whether it is to be done, and which page: what came of it stands there."""
    async with open_core(tmp_path) as core, open_bot(slack, core):
        for name in ("Jess Park", "Jess Liu"):
            await ana.slash(f"add {name}")
        asked = (await ana.slash("log jess coffee")).message
        await ana.press(asked, "Jess Park")
        sure = (await ana.slash("forget Jess Liu")).message
        await ana.press(sure, "Keep")
        assert (True, "Nothing was changed.") == (asked.text.startswith("✓ Logged: Jess Park"), sure.text)


async def test_the_first_admin_who_comes_by_is_greeted(slack: FakeSlack, ana: Hand, tmp_path: Path) -> None:
    """Once in the life of the team, whoever comes, by whichever tab, and however often the process begins anew."""
    ben, cem = Hand(slack, slack.add_user("Ben")), Hand(slack, slack.add_user("Cem", admin=True))
    async with open_core(tmp_path) as core:
        async with open_bot(slack, core):
            await ben.open_home()
            await ana.open_messages()
            await ana.sees(lambda: [text for text in shown(ana, ana.dm) if text.startswith("Rapport remembers every")])
            await ana.open_home()
        async with open_bot(slack, core):
            await cem.open_home()
            await ana.open_home()
        assert (0, 1, 0) == tuple(len(shown(hand, hand.dm)) for hand in (ben, ana, cem))


@pytest.mark.parametrize(
    ("fault", "greeted"), [(rate_limited(0), 1), (error("channel_not_found"), 1), (drop_before(), 0)]
)
async def test_first_words_that_failed_are_said_at_the_next_opening(
    slack: FakeSlack, ana: Hand, tmp_path: Path, fault: Fault, greeted: int
) -> None:
    """Where they surely do not stand; where nobody can tell, they are rather lost than said twice."""
    async with open_core(tmp_path) as core, open_bot(slack, core):
        slack.faults.next("chat.postMessage", fault)
        await ana.open_home()
        await slack.until(lambda: [call for call in slack.calls if call.method == "chat.postMessage"], within=5)
        await slack.quiet()
        before = len(shown(ana, ana.dm))
        await ana.open_home()
        await slack.quiet()
        assert (0, greeted) == (before, len(shown(ana, ana.dm)))
