from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.address import Place
from bot.clock import system_clock
from bot.delivery import deliver
from bot.reply import Actions, Answer, Button, File, Form, Input, Option, Outcome, Reply, Section, Select, callback, say
from storage import open_store
from tests.console_core import ScriptedCore, plain
from tests.platform.slack.bots import HTTP, SOCKET, core_on, open_bot, open_core
from tests.platform.slack.faults import error, status
from tests.platform.slack.hand import Hand
from tests.platform.slack.server import FakeSlack
from tests.platform.slack.state import FakeMessage

FORM = Form(
    id="drf_1", verb="note", title="Note a fact", sections=(Section("Note", (Input(name="what", label="What"),)),)
)
CARD = Reply(
    blocks=(
        say("Jess is quiet."),
        Actions(
            (
                Button("Snooze", callback("snooze", who="inf_1")),
                Button("Note", callback("note", who="inf_1")),
                Select("Until", "until", (Option("1 week", "1w"), Option("2 weeks", "2w")), callback("snooze")),
            ),
            more=(Button("Hand over", callback("handover", who="inf_1")),),
        ),
    )
)
SCRIPT: dict[str, Answer] = {"card": CARD, "note": FORM, "open_form": FORM}


def texts(messages: object) -> list[str]:
    """What messages say."""
    assert isinstance(messages, list | tuple)
    return [message.text for message in messages if isinstance(message, FakeMessage)]


@pytest.mark.parametrize("over", [HTTP, SOCKET])
async def test_a_command_is_answered_by_its_acknowledgement(
    slack: FakeSlack, ana: Hand, ben: Hand, channel: str, over: str
) -> None:
    """In a channel only the one who gave it sees the answer; in the DM it is a message that stays."""
    async with open_bot(slack, ScriptedCore(), over=over):
        seen = await ana.slash("due mine", channel)
        assert ("done: due mine", ana.user, "ack") == (
            seen.message.text,
            seen.message.ephemeral_to,
            seen.message.via,
        )
        assert [] == ben.sees_in(channel)
        assert None is (await ana.slash("due")).message.ephemeral_to


async def test_the_bare_command_asks_for_help(slack: FakeSlack, ana: Hand) -> None:
    """`/rapport` alone is `help`, and a verb is read whatever its case."""
    core = ScriptedCore()
    async with open_bot(slack, core):
        await ana.slash("")
        await ana.slash("DUE mine")
        assert [("help", ""), ("due", "mine")] == [(command.verb, command.text) for command in core.commands]


async def test_a_form_opens_at_once(slack: FakeSlack, ana: Hand, channel: str) -> None:
    """A verb that lacks something opens its form in a modal, and nothing is said."""
    async with open_bot(slack, ScriptedCore(SCRIPT)):
        seen = await ana.slash("note", channel)
        assert "Note a fact" == seen.form.view["title"]["text"]
        assert () == seen.messages


async def test_a_form_that_can_not_be_opened_is_behind_a_button(slack: FakeSlack, ana: Hand, channel: str) -> None:
    """Slack takes a trigger for three seconds; the button brings a new one."""
    core = ScriptedCore(SCRIPT)
    async with open_bot(slack, core):
        slack.faults.next("views.open", error("expired_trigger_id"))
        seen = await ana.slash("note", channel)
        assert (None, "The form “Note a fact” waits here for 24 hours.") == (seen.view, seen.message.text)
        opened = await ana.press(seen.message, "Open the form")
        assert "Note a fact" == opened.form.view["title"]["text"]
        assert ("open_form", (("draft", "drf_1"),)) == (core.commands[-1].verb, core.commands[-1].args)


@pytest.mark.parametrize("over", [HTTP, SOCKET])
async def test_a_slow_store_is_acknowledged_in_time_and_answered_later(
    slack: FakeSlack, ana: Hand, channel: str, over: str
) -> None:
    """Slack waits three seconds; whoever asked is told that it goes on, and gets the answer when it is there."""
    core = ScriptedCore()
    core.gate = asyncio.Event()
    async with open_bot(slack, core, over=over):
        seen = await ana.slash("due", channel)
        assert seen.delivered.is_acked
        assert seen.message.text.startswith("Still working…")
        core.gate.set()
        await ana.sees(lambda: "done: due" in texts(ana.sees_in(channel)))
        assert [ana.user] == [message.ephemeral_to for message in ana.sees_in(channel)]


async def test_a_late_form_waits_behind_a_button(slack: FakeSlack, ana: Hand) -> None:
    """A trigger does not live that long."""
    core = ScriptedCore(SCRIPT)
    core.gate = asyncio.Event()
    async with open_bot(slack, core, patience=0.05):
        await ana.slash("note")
        core.gate.set()
        await ana.sees(lambda: "waits here" in ana.sees_in(ana.dm)[-1].text)
        seen = await ana.press(ana.sees_in(ana.dm)[-1], "Open the form")
        assert "Note a fact" == seen.form.view["title"]["text"]


async def test_a_late_answer_whose_address_is_spent_comes_by_dm(slack: FakeSlack, ana: Hand, channel: str) -> None:
    """A response URL is good for half an hour; nothing that was done goes unsaid."""
    core = ScriptedCore()
    core.gate = asyncio.Event()
    async with open_bot(slack, core, patience=0.05):
        await ana.slash("due", channel)
        slack.response_urls.clear()
        slack.faults.next("chat.postEphemeral", error("not_in_channel"))
        core.gate.set()
        await ana.sees(lambda: "done: due" in texts(ana.sees_in(ana.dm)))


@pytest.mark.parametrize("over", [HTTP, SOCKET])
async def test_a_press_in_a_channel_is_answered_privately(
    slack: FakeSlack, ana: Hand, ben: Hand, channel: str, over: str
) -> None:
    """Whoever pressed sees the answer, and the message stays as it is."""
    core = ScriptedCore(SCRIPT)
    async with open_bot(slack, core, over=over) as bot:
        await bot.post(Place("slack", "T01", channel), CARD, "digest")
        (card,) = ben.sees_in(channel)
        seen = await ben.press(card, "Snooze")
        assert ("done: snooze", ben.user, "response_url") == (
            seen.message.text,
            seen.message.ephemeral_to,
            seen.message.via,
        )
        assert not card.edited
        assert (("who", "inf_1"),) == core.commands[-1].args
        assert core.commands[-1].posted is not None
        assert card.ts == core.commands[-1].posted.message


async def test_selects_and_menus_are_presses_too(slack: FakeSlack, ana: Hand) -> None:
    """What was chosen becomes the argument that the select names; a menu's item is a button."""
    core = ScriptedCore(SCRIPT)
    async with open_bot(slack, core):
        card = (await ana.slash("card")).message
        await ana.choose(card, "Until", "2 weeks")
        assert ("snooze", (("until", "2w"),)) == (core.commands[-1].verb, core.commands[-1].args)
        await ana.press(card, "Hand over")
        assert ("handover", (("who", "inf_1"),)) == (core.commands[-1].verb, core.commands[-1].args)


async def test_a_press_in_the_dm_is_answered_in_its_thread(slack: FakeSlack, ana: Hand) -> None:
    """A message that stays, where the conversation is."""
    core = ScriptedCore(SCRIPT | {"": CARD})
    async with open_bot(slack, core):
        card = (await ana.say_in_dm("jess?")).message
        seen = await ana.press(card, "Snooze")
        assert ("done: snooze", None, card.thread_ts) == (
            seen.message.text,
            seen.message.ephemeral_to,
            seen.message.thread_ts,
        )
        assert ("dm", ana.user) == (core.commands[-1].place.kind.value, core.commands[-1].place.id)


async def test_a_button_opens_a_form(slack: FakeSlack, ana: Hand) -> None:
    """In a modal, with nothing said."""
    async with open_bot(slack, ScriptedCore(SCRIPT)):
        seen = await ana.press((await ana.slash("card")).message, "Note")
        assert ("Note a fact", ()) == (seen.form.view["title"]["text"], seen.messages)


async def test_a_slow_press_is_told_of_and_answered_later(slack: FakeSlack, ana: Hand, channel: str) -> None:
    """A button can't be acknowledged with words; a note that only the presser sees says that it goes on."""
    core = ScriptedCore(SCRIPT)
    async with open_bot(slack, core, patience=0.05):
        card = (await ana.slash("card", channel)).message
        core.gate = asyncio.Event()
        seen = await ana.press(card, "Snooze")
        assert seen.delivered.is_acked
        assert seen.message.text.startswith("Still working…")
        core.gate.set()
        await ana.sees(lambda: "done: snooze" in texts(ana.sees_in(channel)))


async def test_a_press_delivered_twice_is_one_request(slack: FakeSlack, ana: Hand) -> None:
    """The same press has the same id, another press another: what acts once is the core's to say."""
    core = ScriptedCore(SCRIPT)
    async with open_bot(slack, core):
        card = (await ana.slash("card")).message
        seen = await ana.press(card, "Snooze")
        await slack.deliver("interaction", seen.delivered.payload)
        await ana.press(card, "Snooze")
        first, again, second = [command.heard for command in core.commands if command.verb == "snooze"]
        assert first == again != second


async def test_a_button_pressed_twice_acts_once(slack: FakeSlack, ana: Hand, tmp_path: Path) -> None:
    """The second press finds that it is done; a stale button says so instead of doing something else."""
    async with open_core(tmp_path) as core, open_bot(slack, core):
        await ana.slash("add Jess Park")
        logged = (await ana.slash("log jess coffee")).message
        assert "Took back “log”" in (await ana.press(logged, "Undo")).message.text
        assert "That is taken back already." == (await ana.press(logged, "Undo")).message.text
        assert "Jess Park" in (await ana.slash("show jess")).message.text


async def test_a_press_is_checked_anew(slack: FakeSlack, ana: Hand, ben: Hand, channel: str, tmp_path: Path) -> None:
    """Who may not do what a button says is told so privately, even where they could see the button."""
    async with open_core(tmp_path) as core, open_bot(slack, core):
        await ana.slash("add Jess Park")
        preview = (await ana.slash("forget Jess Park", channel)).message
        preview.ephemeral_to = None
        refused = await ben.press(preview, "Forget for good")
        assert refused.message.text.startswith("This was asked by somebody else.")
        assert ben.user == refused.message.ephemeral_to
        assert "Jess Park" in (await ana.slash("show jess")).message.text


@pytest.mark.parametrize("facts", [{"guest": True}, {"bot": True}, {"stranger": True}, {"deleted": True}])
async def test_who_is_no_member_is_refused_privately(
    slack: FakeSlack, ana: Hand, tmp_path: Path, facts: dict[str, Any]
) -> None:
    """Guests, bots and people of other companies are told so, and nobody else sees that."""
    gil = Hand(slack, slack.add_user("Gil", **facts))
    shared = slack.add_channel("campaign", [ana.user, gil.user])
    async with open_core(tmp_path) as core, open_bot(slack, core):
        await ana.slash("add Jess Park")
        for seen in (await gil.slash("show jess", shared), await gil.mention(shared, "show jess")):
            assert "Only members of this workspace" in seen.message.text
            assert gil.user == seen.message.ephemeral_to
        card = (await ana.slash("show jess", shared)).message
        card.ephemeral_to = None  # whatever a client may show them
        seen = await gil.press(card, "Log")
        assert ("Only members of this workspace" in seen.message.text, gil.user, None) == (
            True,
            seen.message.ephemeral_to,
            seen.view,
        )


async def test_people_of_another_company_in_a_shared_channel(slack: FakeSlack, ana: Hand, tmp_path: Path) -> None:
    """They may press what they see there, and learn nothing but that they may not."""
    other = slack.add_team("T02", name="Partner")
    zoe = slack.add_user("Zoe", team=other.id)
    shared = slack.add_channel("campaign", [ana.user, zoe], ext_shared=True)
    async with open_core(tmp_path) as core, open_bot(slack, core):
        await ana.slash("add Jess Park")
        stranger = Hand(slack, zoe, team="T01")
        seen = await stranger.mention(shared, "show jess")
        assert "Only members of this workspace" in seen.message.text
        assert zoe == seen.message.ephemeral_to


async def test_a_press_in_a_thread_is_answered_there(slack: FakeSlack, ana: Hand, channel: str) -> None:
    """Privately, and not in the channel above it."""
    core = ScriptedCore(SCRIPT | {"": CARD})
    async with open_bot(slack, core):
        root = slack.say(ana.user, channel, "What about Jess?").ts
        card = (await ana.mention(channel, "jess?", thread=root)).message
        seen = await ana.press(card, "Snooze")
        assert (root, ana.user) == (seen.message.thread_ts, seen.message.ephemeral_to)


async def test_nobody_is_let_in_whom_slack_does_not_describe(slack: FakeSlack, ana: Hand) -> None:
    """Where Slack does not say who asks, that is said, and nothing is done."""
    core = ScriptedCore()
    async with open_bot(slack, core):
        slack.faults.next("users.info", status(503))
        seen = await ana.slash("due")
        assert "Slack does not answer" in seen.message.text
        assert [] == core.commands


async def test_a_store_that_is_down_is_said(slack: FakeSlack, ana: Hand, tmp_path: Path) -> None:
    """A command is not sent again by Slack, so whoever gave it is told to."""
    store = await open_store(f"tinydb:{tmp_path / 'rapport.json'}")
    async with open_bot(slack, core_on(store)):
        await ana.slash("add Jess Park")
        await store.close()
        seen = await ana.slash("log jess coffee")
        assert seen.delivered.is_acked
        assert "✓" not in seen.message.text


async def test_files_come_by_dm(slack: FakeSlack, ana: Hand, channel: str) -> None:
    """What only one person sees can't carry a file; it follows in the DM, and the answer says so."""
    reply = Reply(blocks=(say("Here is everybody."), File("roster.csv", b"name\n", "Everybody.")))
    async with open_bot(slack, ScriptedCore({"export": reply})):
        await ana.slash("export", channel)
        await ana.sees(lambda: [file for message in ana.sees_in(ana.dm) for file in message.files])
        assert [] == [file for message in ana.sees_in(channel) for file in message.files]


@pytest.mark.parametrize("action", ["press:1:", "press:", "menu:3", "bogus", "choose:1:until"])
async def test_a_damaged_button_is_answered(slack: FakeSlack, ana: Hand, action: str) -> None:
    """Nothing that is pressed breaks Rapport or goes without an acknowledgement."""
    core = ScriptedCore(SCRIPT)
    async with open_bot(slack, core):
        card = (await ana.slash("card")).message
        payload = (await ana.press(card, "Snooze")).delivered.payload
        payload = payload | {"actions": [payload["actions"][0] | {"action_id": action}]}
        heard = len(core.commands)
        assert (await slack.deliver("interaction", payload)).is_acked
        await slack.quiet()
        assert heard == len(core.commands)
        if action != "bogus":
            assert "out of date" in ana.sees_in(ana.dm)[-1].text


async def test_what_is_shared_stands_for_all_until_they_are_forgotten(
    slack: FakeSlack, ana: Hand, ben: Hand, channel: str, tmp_path: Path
) -> None:
    """Nobody else sees the answers to the presses; the message is one of ours, and can be taken away."""
    async with open_core(tmp_path) as core, open_bot(slack, core) as bot:
        await ana.slash("add Jess Park")
        card = (await ana.slash("show jess", channel)).message
        question = (await ana.press(card, "Share")).message
        await ana.press(question, "Share it here")
        assert "in a moment" in question.text
        assert [] == ben.sees_in(channel)

        await deliver(core.store, {"slack": bot}, system_clock, core.new_id)
        (shared,) = ben.sees_in(channel)
        assert ("Jess Park" in shared.text, "chat.postMessage") == (True, shared.via)

        await ana.press((await ana.slash("forget Jess Park")).message, "Forget for good")
        await deliver(core.store, {"slack": bot}, system_clock, core.new_id)
        assert [] == ben.sees_in(channel)


async def test_nothing_is_shared_where_outsiders_have_come_in(
    slack: FakeSlack, ana: Hand, channel: str, tmp_path: Path
) -> None:
    """Between the press and the post: whoever shared it is told in their direct messages."""
    async with open_core(tmp_path) as core, open_bot(slack, core) as bot:
        await ana.slash("add Jess Park")
        card = (await ana.slash("show jess", channel)).message
        await ana.press((await ana.press(card, "Share")).message, "Share it here")
        slack.channels[channel].ext_shared = True
        await deliver(core.store, {"slack": bot}, system_clock, core.new_id)

        assert [] == [message for message in ana.sees_in(channel) if message.ephemeral_to is None]
        assert "does not stand there" in ana.sees_in(ana.dm)[-1].text


async def test_outsiders_are_found_out_before_it_is_asked(slack: FakeSlack, ana: Hand) -> None:
    """Verbs that mind who reads a place know of people of other companies, and why nothing can be posted."""
    shared = slack.add_channel("campaign", [ana.user], ext_shared=True)
    own = slack.add_channel("team", [ana.user])
    closed = slack.add_channel("quiet", [ana.user], bot_in=False)
    core = ScriptedCore()
    async with open_bot(slack, core):
        for place in (shared, own, closed):
            await ana.slash("digest here mon 09:00", place)
        await ana.slash("digest #campaign mon 09:00", own)
        await ana.slash("due", shared)
        said = [(command.outsiders, "/invite @Rapport" in command.hurdle) for command in core.commands]
        assert [(True, False), (False, False), (False, True), (True, False), (False, False)] == said


async def test_two_people_ask_at_the_same_time(slack: FakeSlack, ana: Hand, ben: Hand, channel: str) -> None:
    """Each gets their own answer, and Slack is asked once who each of them is."""
    async with open_bot(slack, ScriptedCore()):
        await asyncio.gather(*(hand.slash("due", channel) for hand in (ana, ben, ana, ben)))
        assert [2, 2] == [len(hand.sees_in(channel)) for hand in (ana, ben)]
        assert 2 == len([call for call in slack.calls if call.method == "users.info"])


async def test_what_was_refused_is_said(slack: FakeSlack, ana: Hand, channel: str) -> None:
    """A refusal is an answer like any other."""
    async with open_bot(slack, ScriptedCore({"due": plain("Not now.", Outcome.REFUSED)})):
        assert "Not now." == (await ana.slash("due", channel)).message.text
