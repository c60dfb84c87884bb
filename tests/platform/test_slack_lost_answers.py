from __future__ import annotations

import asyncio

import pytest

from bot.reply import Actions, Answer, Button, Form, Input, Reply, Section, callback, say
from tests.console_core import ScriptedCore
from tests.platform.slack.bots import open_bot
from tests.platform.slack.faults import Fault, drop_after, error, status
from tests.platform.slack.hand import Hand
from tests.platform.slack.server import FakeSlack
from tests.platform.slack.state import FakeMessage

FORM = Form(
    id="drf_1", verb="note", title="Note a fact", sections=(Section("Note", (Input(name="what", label="What"),)),)
)
CARD = Reply(blocks=(say("Jess is quiet."), Actions((Button("Snooze", callback("snooze", who="inf_1")),))))
SCRIPT: dict[str, Answer] = {"card": CARD, "fill": FORM}
LOST, UNSEEN = status(503), drop_after()
"""An answer that is not posted, and one that is: who posts it can't tell one from the other."""


def said(messages: list[FakeMessage], text: str) -> int:
    """In how many messages something stands."""
    return sum(text in message.text for message in messages)


@pytest.mark.parametrize(("fault", "times"), [(LOST, 1), (UNSEEN, 2)])
async def test_a_late_answer_to_a_command_arrives(
    slack: FakeSlack, ana: Hand, ben: Hand, channel: str, fault: Fault, times: int
) -> None:
    """Twice where it stood after all, which only the one who asked sees, rather than never."""
    core = ScriptedCore()
    core.gate = asyncio.Event()
    async with open_bot(slack, core, patience=0.05):
        await ana.slash("log jess coffee", channel)
        slack.faults.next("response_url", fault)
        core.gate.set()
        await ana.sees(lambda: times == said(ana.sees_in(channel), "done: log jess coffee"))
        assert [] == ben.sees_in(channel)


@pytest.mark.parametrize(("fault", "times"), [(LOST, 1), (UNSEEN, 2)])
async def test_a_sent_form_is_answered(
    slack: FakeSlack, ana: Hand, ben: Hand, channel: str, fault: Fault, times: int
) -> None:
    """The modal closes, and whoever filled it in reads what came of it."""
    async with open_bot(slack, ScriptedCore(SCRIPT)):
        opened = (await ana.slash("fill", channel)).form
        slack.faults.next("response_url", fault)
        seen = await ana.submit(opened, {"what": "loves tea"})
        assert (None, times) == (seen.view, said(ana.sees_in(channel), "done: note"))
        assert [] == ben.sees_in(channel)


@pytest.mark.parametrize(("fault", "times"), [(LOST, 1), (UNSEEN, 2)])
async def test_a_press_in_the_dm_is_answered(slack: FakeSlack, ana: Hand, fault: Fault, times: int) -> None:
    """Nobody else reads there either."""
    async with open_bot(slack, ScriptedCore(SCRIPT)):
        card = (await ana.slash("card")).message
        slack.faults.next("chat.postMessage", fault)
        await ana.press(card, "Snooze")
        assert times == said(ana.sees_in(ana.dm), "done: snooze")


async def test_no_answer_is_said_three_times(slack: FakeSlack, ana: Hand, channel: str) -> None:
    """After two ways of which nobody knows what came, a third is not tried."""
    async with open_bot(slack, ScriptedCore(SCRIPT)):
        card = (await ana.slash("card", channel)).message
        slack.faults.next("response_url", UNSEEN)
        slack.faults.next("chat.postEphemeral", UNSEEN)
        await ana.press(card, "Snooze")
        assert (2, 0) == (said(ana.sees_in(channel), "done: snooze"), said(ana.sees_in(ana.dm), "done: snooze"))


async def test_what_is_refused_for_sure_is_said_another_way(slack: FakeSlack, ana: Hand, channel: str) -> None:
    """A definite refusal leaves no doubt: the next way is taken, and nothing is said twice."""
    async with open_bot(slack, ScriptedCore(SCRIPT)):
        card = (await ana.slash("card", channel)).message
        slack.faults.next("response_url", status(404))
        slack.faults.next("chat.postEphemeral", error("user_not_in_channel"))
        await ana.press(card, "Snooze")
        assert (0, 1) == (said(ana.sees_in(channel), "done: snooze"), said(ana.sees_in(ana.dm), "done: snooze"))
