from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.inbound import Message
from bot.reply import Answer, Outcome
from storage import open_store
from tests.console_core import ScriptedCore, plain
from tests.platform.slack.bots import HTTP, SOCKET, core_on, open_bot, open_core
from tests.platform.slack.faults import Fault, drop_after, error, status
from tests.platform.slack.hand import Hand
from tests.platform.slack.server import FakeSlack

DOWN = plain("Nothing was saved. Try again in a minute.", Outcome.DOWN)


class Listening(ScriptedCore):
    """A ScriptedCore that answers words by a list, and waits where it is told to."""

    def __init__(self, *answers: Answer) -> None:
        super().__init__()
        self.answers = list(answers)
        self.heard = asyncio.Event()

    async def hear(self, message: Message) -> Answer:
        """The next answer, else what was said."""
        self.messages.append(message)
        self.heard.set()
        if self.gate is not None:
            await self.gate.wait()
        return self.answers.pop(0) if self.answers else plain(f"heard: {message.text}")


def said(slack: FakeSlack, user: Hand, text: str) -> dict[str, object]:
    """What somebody writes to the bot, as an event in its envelope that can be delivered again and again."""
    message = slack.say(user.user, user.dm, text)
    return slack.event_callback(
        {
            "type": "message",
            "channel_type": "im",
            "user": user.user,
            "channel": user.dm,
            "text": text,
            "ts": message.ts,
            "event_ts": message.ts,
        }
    )


@pytest.mark.parametrize("over", [HTTP, SOCKET])
async def test_words_are_answered_in_their_thread(slack: FakeSlack, ana: Hand, over: str) -> None:
    """What is said in a DM is answered in the thread of what was said, and in a thread where that was one."""
    async with open_bot(slack, Listening(), over=over):
        seen = await ana.say_in_dm("show jess")
        assert seen.delivered.is_acked
        assert ("heard: show jess", slack.said[-1].ts) == (seen.message.text, seen.message.thread_ts)
        again = await ana.say_in_dm("and sam?", thread=slack.said[0].ts)
        assert slack.said[0].ts == again.message.thread_ts


@pytest.mark.parametrize("over", [HTTP, SOCKET])
async def test_an_event_delivered_four_times_acts_once(slack: FakeSlack, ana: Hand, tmp_path: Path, over: str) -> None:
    """All four are acknowledged, one touchpoint is logged, and one answer stands."""
    async with open_core(tmp_path) as core, open_bot(slack, core, over=over):
        await ana.slash("add Jess Park")
        event = said(slack, ana, "log jess coffee")
        first = [slack.deliver("event", event), slack.deliver("event", event)]
        delivered = [*await asyncio.gather(*first)]
        for number in (2, 3):
            delivered.append(await slack.deliver("event", event, retry_num=number))
        await slack.quiet()
        assert [True] * 4 == [one.is_acked for one in delivered]
        answers = [message for message in ana.sees_in(ana.dm) if message.text.startswith("✓ Logged")]
        assert 1 == len(answers)
        history = await ana.slash("history jess")
        assert 1 == str(history.message.blocks).count("“coffee”")


async def test_a_retry_that_was_never_seen_is_processed(slack: FakeSlack, ana: Hand) -> None:
    """The first delivery that a process hears may be Slack's third: the retry's number alone says nothing."""
    core = Listening()
    async with open_bot(slack, core):
        delivered = await slack.deliver("event", said(slack, ana, "due"), retry_num=3)
        await slack.quiet()
        assert delivered.is_acked
        assert ["due"] == [message.text for message in core.messages]
        assert ["heard: due"] == [message.text for message in ana.sees_in(ana.dm)]


async def test_an_answer_given_before_a_crash_is_not_given_again(slack: FakeSlack, ana: Hand, tmp_path: Path) -> None:
    """A process that died between its answer and the acknowledgement is followed by one that finds the answer."""
    store = await open_store(f"tinydb:{tmp_path / 'rapport.json'}")
    event = said(slack, ana, "add Jess Park")
    async with open_bot(slack, core_on(store)):
        await slack.deliver("event", event)
    before = ana.sees_in(ana.dm)
    assert 1 == len(before)
    async with open_bot(slack, core_on(store)):
        delivered = await slack.deliver("event", event, retry_num=1)
        await slack.quiet()
        assert delivered.is_acked
        assert before == ana.sees_in(ana.dm)
        other = said(slack, ana, "due")
        await slack.deliver("event", other, retry_num=1)
        await slack.quiet()
        assert 2 == len(ana.sees_in(ana.dm))
    await store.close()


@pytest.mark.parametrize("over", [HTTP, SOCKET])
async def test_with_the_store_down_slack_sends_it_again(slack: FakeSlack, ana: Hand, over: str) -> None:
    """While nothing can be stored an event is refused, without an answer; the retry is done, and answered once."""
    slack.patience = 0.5
    async with open_bot(slack, Listening(DOWN, DOWN), over=over):
        event = said(slack, ana, "log jess coffee")
        refused = [await slack.deliver("event", event), await slack.deliver("event", event, retry_num=1)]
        assert [False, False] == [one.is_acked for one in refused]
        if over == HTTP:
            assert [500, 500] == [one.status for one in refused]
        assert [] == ana.sees_in(ana.dm)
        assert (await slack.deliver("event", event, retry_num=2)).is_acked
        await slack.quiet()
        assert ["heard: log jess coffee"] == [message.text for message in ana.sees_in(ana.dm)]


async def test_the_acknowledgement_follows_the_commit(slack: FakeSlack, ana: Hand) -> None:
    """While the core is at work nothing is acknowledged: who is killed now hears it again."""
    core = Listening()
    core.gate = asyncio.Event()
    async with open_bot(slack, core):
        delivery = asyncio.create_task(slack.deliver("event", said(slack, ana, "log jess coffee")))
        await core.heard.wait()
        assert not delivery.done()
        core.gate.set()
        assert (await delivery).is_acked
        await slack.quiet()


async def test_a_retry_waits_for_what_is_under_way(slack: FakeSlack, ana: Hand) -> None:
    """A slow store is asked once: the retry shares its outcome, and one answer stands."""
    slack.patience = 0.2
    core = Listening()
    core.gate = asyncio.Event()
    async with open_bot(slack, core):
        event = said(slack, ana, "log jess coffee")
        assert not (await slack.deliver("event", event)).is_acked
        slack.patience = 3.0
        retry = asyncio.create_task(slack.deliver("event", event, retry_num=1))
        core.gate.set()
        assert (await retry).is_acked
        await slack.quiet()
        assert 1 == len(core.messages)
        assert 1 == len(ana.sees_in(ana.dm))


async def test_a_slow_post_does_not_hold_the_acknowledgement(slack: FakeSlack, ana: Hand) -> None:
    """What is stored is acknowledged in three seconds, however long Slack takes to post the answer."""
    async with open_bot(slack, Listening(), pace=3.5):
        await ana.say_in_dm("due")
        delivered = await slack.deliver("event", said(slack, ana, "find"))
        assert delivered.is_acked
        assert 1 == len(ana.sees_in(ana.dm))
        await ana.sees(lambda: 2 == len(ana.sees_in(ana.dm)))


@pytest.mark.parametrize("fault", [error("fatal_error"), status(503), drop_after()])
async def test_a_lost_answer_is_posted_once(slack: FakeSlack, ana: Hand, fault: Fault) -> None:
    """Where nobody knows whether the answer stands, Slack's retry has it looked up, and posted if it does not."""
    async with open_bot(slack, Listening()):
        await ana.say_in_dm("due")
        slack.faults.next("chat.postMessage", fault)
        event = said(slack, ana, "find")
        first = await slack.deliver("event", event)
        assert not first.is_acked
        assert (await slack.deliver("event", event, retry_num=1)).is_acked
        await slack.quiet()
        assert ["heard: due", "heard: find"] == [message.text for message in ana.sees_in(ana.dm)]


@pytest.mark.parametrize("fault", [Fault(seconds=2.6, status=503), Fault(processed=True, seconds=2.6, is_dropped=True)])
async def test_an_answer_lost_behind_its_acknowledgement_is_posted_once(
    slack: FakeSlack, ana: Hand, fault: Fault
) -> None:
    """Slack does not ask for it again then: it is looked up, and posted if it does not stand."""
    async with open_bot(slack, Listening()):
        slack.faults.next("chat.postMessage", fault)
        assert (await slack.deliver("event", said(slack, ana, "log jess coffee"))).is_acked
        await ana.sees(lambda: [call for call in slack.calls if call.method == "conversations.replies"], within=4.0)
        await ana.sees(lambda: ana.sees_in(ana.dm))
        await slack.quiet()
        assert ["heard: log jess coffee"] == [message.text for message in ana.sees_in(ana.dm)]


@pytest.mark.parametrize(("fault", "stands"), [(drop_after(), 1), (status(503), 0)])
async def test_a_mention_is_not_answered_twice(slack: FakeSlack, ana: Hand, fault: Fault, stands: int) -> None:
    """What only one person sees can't be looked up: it counts as answered, and Slack does not send it again."""
    channel = slack.add_channel("team", [ana.user])
    core = Listening()
    async with open_bot(slack, core):
        slack.faults.next("chat.postEphemeral", fault)
        assert (await ana.mention(channel, "due")).delivered.is_acked
        assert (stands, 1) == (len(ana.sees_in(channel)), len(core.messages))


async def test_edits_bots_and_itself_are_not_answered(slack: FakeSlack, ana: Hand) -> None:
    """Only what a person says is said to Rapport."""
    core = Listening()
    async with open_bot(slack, core):
        event = dict(said(slack, ana, "due")["event"])  # type: ignore[call-overload] # an event is an object
        changed = {"subtype": "message_changed", "message": event, "channel": ana.dm, "channel_type": "im"}
        for other in (
            event | {"bot_id": "B1", "user": "U0OTHERBOT"},
            event | {"bot_id": slack.team.bot_id, "user": slack.team.bot_user},
            event | {"edited": {"user": ana.user, "ts": "1.1"}},
            {"type": "message", "ts": "2.2"} | changed,
        ):
            assert (await slack.deliver("event", other)).is_acked
        await slack.quiet()
        assert [] == core.messages


async def test_whatever_else_happens_is_acknowledged(slack: FakeSlack, ana: Hand) -> None:
    """An event that nobody asked for is not sent again and again."""
    async with open_bot(slack, ScriptedCore()):
        assert (await slack.deliver("event", {"type": "reaction_added", "user": ana.user})).is_acked


async def test_a_mention_is_answered_to_the_one_who_made_it(slack: FakeSlack, ana: Hand) -> None:
    """In the channel, in its thread if it was in one, and nobody else sees it."""
    ben = Hand(slack, slack.add_user("Ben"))
    channel = slack.add_channel("team", [ana.user, ben.user])
    core = Listening()
    async with open_bot(slack, core):
        seen = await ana.mention(channel, "due")
        assert ("heard: due", ana.user, None) == (
            seen.message.text,
            seen.message.ephemeral_to,
            seen.message.thread_ts,
        )
        assert [] == ben.sees_in(channel)
        root = slack.said[0].ts
        assert root == (await ana.mention(channel, "due", thread=root)).message.thread_ts
        assert ["due", "due"] == [message.text for message in core.messages]


async def test_slack_silent_about_who_it_is_has_it_sent_again(slack: FakeSlack, ana: Hand) -> None:
    """Nobody is let in, nor called a guest, whom Slack does not describe: the retry does it."""
    core = Listening()
    async with open_bot(slack, core):
        slack.faults.next("users.info", status(503))
        event = said(slack, ana, "due")
        assert not (await slack.deliver("event", event)).is_acked
        assert [] == core.messages
        assert (await slack.deliver("event", event, retry_num=1)).is_acked
        await slack.quiet()
        assert ["due"] == [message.text for message in core.messages]


async def test_files_come_along(slack: FakeSlack, ana: Hand) -> None:
    """What is uploaded with a message reaches the core under its name; what is too large is told of."""
    core = Listening()
    async with open_bot(slack, core):
        file = slack.add_file(ana.user, "roster.csv", b"name\nJess Park\n")
        await ana.say_in_dm("import", files=[file])
        assert [("roster.csv", b"name\nJess Park\n")] == [
            (upload.name, upload.content) for upload in core.messages[0].uploads
        ]
        large = slack.add_file(ana.user, "all.csv", b"x" * (2 * 1024 * 1024 + 1))
        seen = await ana.say_in_dm("import", files=[large])
        assert "“all.csv” is larger than 2 MB." in seen.message.text
        assert 1 == len(core.messages)
        gil = Hand(slack, slack.add_user("Gil", guest=True))
        downloads = len([call for call in slack.calls if call.method == "download"])
        await gil.say_in_dm("import", files=[slack.add_file(gil.user, "mine.csv", b"name\n")])
        assert downloads == len([call for call in slack.calls if call.method == "download"])


async def test_who_is_named_becomes_known(slack: FakeSlack, ana: Hand, tmp_path: Path) -> None:
    """A relationship can be given to somebody who never spoke to Rapport, by mentioning them."""
    slack.add_user("Ben")
    slack.add_user("Gil", guest=True)
    async with open_core(tmp_path) as core, open_bot(slack, core):
        await ana.slash("add Jess Park")
        assert "✓" in (await ana.slash("own jess @Ben")).message.text
        assert "✓" not in (await ana.slash("own jess @Gil")).message.text


async def test_somebody_who_leaves_is_told_of(slack: FakeSlack, ana: Hand) -> None:
    """Whoever is deactivated or becomes a guest is gone; whoever moves to another zone is kept up."""
    ben, kim = Hand(slack, slack.add_user("Ben")), Hand(slack, slack.add_user("Kim"))
    core = Listening()
    async with open_bot(slack, core):
        await ana.changes(zone="America/New_York")
        await ben.changes(deleted=True)
        await kim.changes(guest=True)
        assert ["America/New_York"] == [actor.timezone for actor in core.noticed]
        assert [ben.user, kim.user] == [person.id for person in core.gone]
        await kim.slash("due")
        assert "guest" == core.commands[-1].actor.role.value


async def test_somebody_who_leaves_while_the_store_is_down_is_told_of_again(
    slack: FakeSlack, ana: Hand, tmp_path: Path
) -> None:
    """It is not acknowledged, so that Slack sends it again; then it counts."""
    ben = Hand(slack, slack.add_user("Ben"))
    store = await open_store(f"tinydb:{tmp_path / 'rapport.json'}")
    async with open_bot(slack, core_on(store)):
        await ben.slash("help")
        await store.close()
        gone = (await ben.changes(deleted=True)).delivered
        assert not gone.is_acked
    store = await open_store(f"tinydb:{tmp_path / 'rapport.json'}")
    async with open_bot(slack, core_on(store)):
        assert (await slack.deliver("event", gone.payload, retry_num=1)).is_acked
    (team,) = await store.teams()
    assert [True] == [member.left_at is not None for member in await store.members(team.id)]
    await store.close()


async def test_an_uninstall_is_told_to_the_core(slack: FakeSlack, ana: Hand) -> None:
    """Once, though Slack tells of it by two events; a revoked token of a person is none of it."""
    core = Listening()
    async with open_bot(slack, core):
        revoked = {"type": "tokens_revoked", "tokens": {"oauth": [ana.user], "bot": []}}
        assert (await slack.deliver("event", revoked)).is_acked
        assert [] == core.abandoned
        delivered = await slack.uninstall(slack.team)
        assert [True] * len(delivered) == [one.is_acked for one in delivered]
        assert {"T01"} == {workspace.id for workspace in core.abandoned}
