from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from adapters.slack.clients import Clients
from adapters.slack.lanes import IDLE_KEPT, Lanes
from adapters.slack.places import Places
from adapters.slack.posting import Posting
from adapters.slack.refusals import LOST, NEVER, SHARED, RateLimited, refusal, retry_after
from adapters.slack.render import Surface, draw_reply
from bot.address import Person, Place, Posted, dm
from bot.errors import NotPosted, PlaceLost, PostError, PostUnknown
from bot.reply import File, Image, Reply, say
from tests.platform.slack.faults import drop_after, drop_before, error, rate_limited, slow, status
from tests.platform.slack.server import FakeSlack, open_slack
from tests.platform.slack.tokens import OneToken

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
IMPATIENT = 0.3
PICTURE = Image("recap.png", b"\x89PNG\r\n\x1a\n", "Touchpoints a week: 3, 5, 8.")


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    """A Slack with the app in one workspace; what it was sent was fit for Slack."""
    async with open_slack() as opened:
        yield opened
        assert [] == opened.complaints


@pytest.fixture
async def clients(slack: FakeSlack) -> AsyncIterator[Clients]:
    """Connections to that Slack, given up soon."""
    token = slack.team.bot_token
    assert token is not None
    clients = Clients(OneToken(token, "T01"), slack.api_url, call_within=IMPATIENT)
    yield clients
    await clients.close()


@pytest.fixture
async def posting(clients: Clients) -> AsyncIterator[Posting]:
    """Who posts there, as fast as can be."""
    posting = Posting(clients, Places(clients), pace=0)
    yield posting
    await posting.close()


@pytest.fixture
def ben(slack: FakeSlack) -> Place:
    """The DM with a member."""
    return dm(Person("slack", "T01", slack.add_user("Ben")))


@pytest.fixture
def general(slack: FakeSlack) -> Place:
    """A channel of the team."""
    return Place("slack", "T01", slack.add_channel("general"))


def sentence(words: str = "Jess is quiet.") -> Reply:
    """A Reply of one sentence."""
    return Reply(blocks=(say("{words}", words=words),), private=False)


def standing(slack: FakeSlack) -> list[str]:
    """What stands, in order."""
    return [message.text for message in slack.messages if not message.deleted]


def asked(slack: FakeSlack, method: str) -> int:
    """How often a method was called."""
    return sum(call.method == method for call in slack.calls)


async def outcome(posting: Posting, place: Place, key: str = "key") -> PostError | Posted:
    """What a post came to."""
    try:
        return await posting.post(place, sentence(), key)
    except PostError as failure:
        return failure


class TestPost:
    async def test_into_a_dm(self, slack: FakeSlack, posting: Posting, ben: Place) -> None:
        """A post to a person stands in their DM under its key, with words for notifications and no previews."""
        posted = await posting.post(ben, sentence(), "delivery:1")
        (message,) = slack.messages
        assert (slack.dm_of(ben.id), "Jess is quiet.") == (message.channel, message.text)
        assert Posted(ben, message.ts) == posted
        assert {"event_type": "rapport_message", "event_payload": {"key": "delivery:1"}} == message.metadata
        (call,) = [call for call in slack.calls if call.method == "chat.postMessage"]
        assert (False, False) == (call.args["unfurl_links"], call.args["unfurl_media"])

    async def test_under_one_key_once(self, slack: FakeSlack, posting: Posting, general: Place) -> None:
        """Two at once and one later are one message."""
        first, second = await asyncio.gather(outcome(posting, general), outcome(posting, general))
        assert first == second == await outcome(posting, general)
        assert ["Jess is quiet."] == standing(slack)

    async def test_again_after_a_refusal(self, slack: FakeSlack, posting: Posting, general: Place) -> None:
        """What surely does not stand may be posted under the same key."""
        slack.faults.next("chat.postMessage", error("service_unavailable"))
        assert isinstance(await outcome(posting, general), NotPosted)
        assert isinstance(await outcome(posting, general), Posted)
        assert ["Jess is quiet."] == standing(slack)

    async def test_waiting_can_be_given_up(self, slack: FakeSlack, posting: Posting, general: Place) -> None:
        """A post whose waiter is cancelled goes through, and who asks again learns where it stands."""
        slack.faults.next("chat.postMessage", slow(IMPATIENT / 3))
        impatient = asyncio.ensure_future(posting.post(general, sentence(), "key"))
        await slack.until(lambda: slack.messages)
        impatient.cancel()
        assert Posted(general, slack.messages[0].ts) == await outcome(posting, general)
        assert ["Jess is quiet."] == standing(slack)

    async def test_not_before_other_companies(self, slack: FakeSlack, posting: Posting, general: Place) -> None:
        """Who reads a channel is asked before each post; one shared with others gets none."""
        await posting.post(general, sentence(), "one")
        slack.channels[general.id].ext_shared = True
        with pytest.raises(PlaceLost, match=SHARED):
            await posting.post(general, sentence(), "two")
        assert 1 == len(slack.messages)
        assert 2 == asked(slack, "conversations.info")

    async def test_not_where_it_can_not(self, slack: FakeSlack, posting: Posting) -> None:
        """A channel without us, another workspace and another platform are no place to post."""
        outside = slack.add_channel("outside", bot_in=False)
        for place in (
            Place("slack", "T01", outside),
            Place("slack", "T01", "C999"),
            Place("slack", "T99", "C001"),
            Place("discord", "T01", outside),
            dm(Person("slack", "T01", "U999")),
        ):
            assert isinstance(await outcome(posting, place), PlaceLost)
        assert 0 == asked(slack, "chat.postMessage")

    async def test_not_unasked(self, slack: FakeSlack, posting: Posting, general: Place) -> None:
        """Where Slack does not say who reads a channel nothing is posted, and it is tried again."""
        slack.faults.next("conversations.info", status(500))
        assert isinstance(await outcome(posting, general), NotPosted)
        assert [] == standing(slack)
        assert isinstance(await outcome(posting, general), Posted)

    async def test_dm_that_moved(self, slack: FakeSlack, posting: Posting, ben: Place) -> None:
        """A conversation that is gone is opened anew with the next attempt."""
        assert isinstance(await outcome(posting, ben, "one"), Posted)
        slack.faults.next("chat.postMessage", error("channel_not_found"))
        assert isinstance(await outcome(posting, ben, "two"), PlaceLost)
        assert isinstance(await outcome(posting, ben, "two"), Posted)
        assert 2 == asked(slack, "conversations.open")

    async def test_says_nothing_of_it_elsewhere(
        self, slack: FakeSlack, posting: Posting, ben: Place, caplog: pytest.LogCaptureFixture
    ) -> None:
        """Neither what is posted nor the token gets into the logs, at any level, however it ends."""
        caplog.set_level(logging.DEBUG)
        slack.faults.next("chat.postMessage", error("internal_error"), drop_after())
        for key in ("one", "two", "three"):
            await outcome(posting, ben, key)
        assert 3 == asked(slack, "chat.postMessage")
        assert "Jess" not in caplog.text
        assert str(slack.team.bot_token) not in caplog.text

    async def test_after_closing(self, slack: FakeSlack, posting: Posting, general: Place) -> None:
        """What is under way when it closes is finished; afterwards surely nothing is posted."""
        slack.faults.next("chat.postMessage", slow(IMPATIENT / 3))
        posting_it = asyncio.ensure_future(outcome(posting, general))
        await slack.until(lambda: slack.messages)
        await posting.close(within=5.0)
        assert isinstance(await posting_it, Posted)
        await posting.close()
        assert isinstance(await outcome(posting, general, "another"), NotPosted)
        assert 1 == len(slack.messages)


class TestFaults:
    @pytest.mark.parametrize(
        ("fault", "stands"),
        [
            (drop_before(), 0),
            (drop_after(), 1),
            (status(500), 0),
            (status(503, processed=True), 1),
            (slow(2 * IMPATIENT), 1),
            (error("fatal_error"), 0),
            (error("internal_error"), 0),
        ],
        ids=["drop before", "drop after", "500", "503 after", "slow", "fatal_error", "internal_error"],
    )
    async def test_lost_answers(self, slack: FakeSlack, posting: Posting, ben: Place, fault: Any, stands: int) -> None:
        """A lost answer leaves it unknown, nothing is sent twice, and a look tells what stands."""
        slack.faults.next("chat.postMessage", fault)
        assert isinstance(await outcome(posting, ben), PostUnknown)
        assert stands == len(slack.messages)
        assert 1 == asked(slack, "chat.postMessage")
        found = await posting.find(ben, "key", LONG_AGO)
        assert found == (Posted(ben, slack.messages[0].ts) if stands else None)
        if found is None:
            assert isinstance(await outcome(posting, ben), Posted)
        assert ["Jess is quiet."] == standing(slack)

    async def test_rate_limit_holds_the_channel(
        self, slack: FakeSlack, posting: Posting, general: Place, ben: Place
    ) -> None:
        """After a 429 nobody asks for that channel until the pause is over; others go on."""
        slack.faults.next("chat.postMessage", rate_limited(70))
        first, second = await outcome(posting, general, "one"), await outcome(posting, general, "two")
        assert isinstance(first, NotPosted)
        assert isinstance(second, NotPosted)
        assert 70 == first.retry_after
        assert second.retry_after is not None
        assert 60 < second.retry_after <= 70
        assert 1 == asked(slack, "chat.postMessage")
        assert isinstance(await outcome(posting, ben, "three"), Posted)

    async def test_refused_connection(self, ben: Place, unused_tcp_port: int) -> None:
        """Where no connection came about nothing was posted."""
        clients = Clients(OneToken("xoxb-1", "T01"), f"http://127.0.0.1:{unused_tcp_port}/api/")
        places = Places(clients)
        places.learn("T01", ben.id, "D001")
        posting = Posting(clients, places, pace=0)
        failure = await outcome(posting, ben)
        assert isinstance(failure, NotPosted)
        assert failure.retry_after is not None
        await posting.close()
        await clients.close()

    @pytest.mark.parametrize(
        ("code", "kind", "is_final"),
        [
            *(
                (code, PlaceLost, False)
                for code in ("is_archived", "not_in_channel", "account_inactive", "user_disabled")
            ),
            ("restricted_action_read_only_channel", PlaceLost, False),
            *((code, NotPosted, True) for code in ("msg_too_long", "invalid_blocks", "no_text", "missing_scope")),
            *(
                (code, NotPosted, False)
                for code in ("ratelimited", "service_unavailable", "request_timeout", "new_one")
            ),
        ],
    )
    async def test_refusals(
        self, slack: FakeSlack, posting: Posting, ben: Place, code: str, kind: type[PostError], is_final: bool
    ) -> None:
        """What Slack refuses does not stand; its code says whether there is a next time."""
        slack.faults.next("chat.postMessage", error(code))
        failure = await outcome(posting, ben)
        assert kind is (NotPosted if isinstance(failure, NotPosted) else type(failure))
        assert is_final == (getattr(failure, "retry_after", 0.0) is None)
        assert [] == standing(slack)
        assert str(failure).endswith((".", "it."))

    def test_codes_are_told_apart(self) -> None:
        """No code means two things, and every sentence is one."""
        assert set() == set(LOST) & NEVER
        assert all(sentence.endswith(".") and sentence[0].isupper() for sentence in LOST.values())

    @pytest.mark.parametrize(
        ("failure", "kind"),
        [
            (TimeoutError(), PostUnknown),
            (aiohttp.ServerDisconnectedError(), PostUnknown),
            (aiohttp.ClientOSError(104, "reset"), PostUnknown),
            (aiohttp.ClientPayloadError(), PostUnknown),
            (aiohttp.ConnectionTimeoutError(), NotPosted),
            (AttributeError("'str' object has no attribute 'get'"), PostUnknown),
        ],
    )
    def test_failures_on_the_way(self, failure: Exception, kind: type[PostError]) -> None:
        """Only where nothing can have been sent is it sure that nothing stands."""
        assert kind is type(refusal(failure))

    @pytest.mark.parametrize(
        ("headers", "seconds"),
        [({"Retry-After": "30"}, 30), ({"retry-after": "0"}, 0), ({}, 30), ({"Retry-After": "soon"}, 30)],
    )
    def test_retry_after(self, headers: dict[str, str], seconds: float) -> None:
        """All digits count, and what is no number is half a minute."""
        assert seconds == retry_after(headers)


class TestEdit:
    async def test_edit(self, slack: FakeSlack, posting: Posting, general: Place) -> None:
        """An edited message says the new and keeps its key."""
        posted = await posting.post(general, sentence(), "key")
        await posting.edit(posted, sentence("Ana reached out."))
        assert ["Ana reached out."] == standing(slack)
        assert "key" == (slack.messages[0].metadata or {})["event_payload"]["key"]

    async def test_edit_before_other_companies(self, slack: FakeSlack, posting: Posting, general: Place) -> None:
        """In a channel that is shared by now nothing new is said: the message is taken away, twice does no harm."""
        posted = await posting.post(general, sentence(), "key")
        slack.channels[general.id].ext_shared = True
        await posting.edit(posted, sentence("Ana reached out."))
        await posting.edit(posted, sentence("Ana reached out."))
        assert [] == standing(slack)
        assert 0 == asked(slack, "chat.update")

    async def test_edit_unasked(self, slack: FakeSlack, posting: Posting, general: Place) -> None:
        """While Slack does not say who reads a channel, nothing is changed there."""
        posted = await posting.post(general, sentence(), "key")
        slack.faults.next("conversations.info", error("internal_error"))
        with pytest.raises(NotPosted):
            await posting.edit(posted, sentence("Ana reached out."))
        assert ["Jess is quiet."] == standing(slack)

    async def test_edit_of_what_is_gone(self, slack: FakeSlack, posting: Posting, general: Place) -> None:
        """There is nothing to edit any more."""
        posted = await posting.post(general, sentence(), "key")
        slack.messages[0].deleted = True
        with pytest.raises(PlaceLost):
            await posting.edit(posted, sentence("Ana reached out."))

    async def test_delete(self, slack: FakeSlack, posting: Posting, ben: Place) -> None:
        """What is taken away is gone, is found no more, and may be posted anew; twice does no harm."""
        posted = await posting.post(ben, sentence(), "key")
        await posting.delete(posted)
        await posting.delete(posted)
        assert [] == standing(slack)
        assert None is await posting.find(ben, "key", LONG_AGO)
        assert posted != await posting.post(ben, sentence(), "key")

    @pytest.mark.parametrize(
        "place", [Place("slack", "T99", "C001"), Place("slack", "T01", "C999"), Place("x", "T01", "C")]
    )
    async def test_elsewhere(self, posting: Posting, place: Place) -> None:
        """What is not ours can be neither edited nor taken away."""
        with pytest.raises(PlaceLost):
            await posting.edit(Posted(place, "1.0"), sentence())
        with pytest.raises(PlaceLost):
            await posting.delete(Posted(place, "1.0"))

    @pytest.mark.parametrize("method", ["chat.update", "chat.delete"])
    @pytest.mark.parametrize(("fault", "kind"), [(rate_limited(9), RateLimited), (drop_after(), PostUnknown)])
    async def test_faults(
        self, slack: FakeSlack, posting: Posting, ben: Place, method: str, fault: Any, kind: type[PostError]
    ) -> None:
        """A failed edit says whether it was done, as a post does."""
        posted = await posting.post(ben, sentence(), "key")
        slack.faults.next(method, fault)
        with pytest.raises(kind):
            await (posting.edit(posted, sentence()) if method == "chat.update" else posting.delete(posted))


class TestFind:
    async def test_by_its_key(self, slack: FakeSlack, posting: Posting, ben: Place) -> None:
        """A message is found however much was said after it, and only under its own key."""
        posted = await posting.post(ben, sentence(), "key")
        await posting.post(ben, sentence(), "another")
        for _ in range(250):
            slack.say(ben.id, slack.dm_of(ben.id), "hi")
        assert posting.can_find(ben)
        assert posted == await posting.find(ben, "key", LONG_AGO)
        assert None is await posting.find(ben, "unknown", LONG_AGO)

    async def test_since(self, slack: FakeSlack, posting: Posting, ben: Place) -> None:
        """What was posted before is not looked at."""
        posted = await posting.post(ben, sentence(), "key")
        at = datetime.fromtimestamp(float(posted.message), UTC)
        assert posted == await posting.find(ben, "key", at - timedelta(seconds=1))
        assert None is await posting.find(ben, "key", at + timedelta(seconds=1))

    async def test_unanswered(self, slack: FakeSlack, posting: Posting, ben: Place) -> None:
        """Where Slack does not say, nobody may believe that it is not there."""
        await posting.post(ben, sentence(), "key")
        for fault in (rate_limited(60), status(500), error("internal_error")):
            slack.faults.next("conversations.history", fault)
            with pytest.raises(NotPosted):
                await posting.find(ben, "key", LONG_AGO)

    async def test_in_channels(self, posting: Posting, clients: Clients, general: Place) -> None:
        """Channels can't be read; what this process posted it knows, another doesn't."""
        posted = await posting.post(general, sentence(), "key")
        assert not posting.can_find(general)
        assert posted == await posting.find(general, "key", LONG_AGO)
        assert None is await Posting(clients, Places(clients)).find(general, "key", LONG_AGO)


class TestFiles:
    async def test_follow_in_the_thread(self, slack: FakeSlack, posting: Posting, ben: Place) -> None:
        """A picture comes under its message, with words for those who do not see it."""
        posted = await posting.post(ben, Reply(blocks=(say("A year."), PICTURE)), "key")
        message, files = slack.messages
        assert posted.message == message.ts == files.thread_ts
        assert slack.dm_of(ben.id) == files.channel
        (file,) = slack.files.values()
        assert ("recap.png", PICTURE.png, PICTURE.alt) == (file.name, file.content, file.alt_text)

    @pytest.mark.parametrize("step", ["files.getUploadURLExternal", "upload", "files.completeUploadExternal"])
    @pytest.mark.parametrize("fault", [status(500), drop_before(), rate_limited(60)], ids=["500", "drop", "429"])
    async def test_loss_is_told(self, slack: FakeSlack, posting: Posting, ben: Place, step: str, fault: Any) -> None:
        """A message stands whatever becomes of its file, and a line under it says so."""
        slack.faults.next(step, fault)
        reply = Reply(blocks=(say("Here."), File("roster.csv", b"name\n", "Everybody.")))
        posted = await posting.post(ben, reply, "key")
        message, line = slack.messages
        assert posted == Posted(ben, message.ts)
        assert message.ts == line.thread_ts
        assert "roster.csv" in line.text

    async def test_shared_once(self, slack: FakeSlack, posting: Posting, ben: Place) -> None:
        """Where the answer to the last step is lost, the files are not shared again."""
        slack.faults.next("files.completeUploadExternal", drop_after())
        await posting.post(ben, Reply(blocks=(say("A year."), PICTURE)), "key")
        assert 1 == asked(slack, "files.completeUploadExternal")
        assert 1 == sum(bool(message.files) for message in slack.messages)

    async def test_short_pause(self, slack: FakeSlack, posting: Posting, ben: Place) -> None:
        """A refusal that says to try again is tried again."""
        slack.faults.next("files.completeUploadExternal", rate_limited(0))
        await posting.post(ben, Reply(blocks=(say("A year."), PICTURE)), "key")
        assert 1 == sum(bool(message.files) for message in slack.messages)
        assert 2 == len(slack.messages)


class TestSay:
    async def test_to_all_and_to_one(self, slack: FakeSlack, posting: Posting, general: Place) -> None:
        """An answer is for all in the channel, in a thread where one is named, or for one alone."""
        ana = slack.add_user("Ana")
        slack.channels[general.id].members.add(ana)
        drawn = draw_reply(sentence(), Surface.MESSAGE, "T01")
        first = await posting.say("T01", general.id, drawn)
        await posting.say("T01", general.id, drawn, thread=first)
        private = await posting.say("T01", general.id, drawn, user=ana)
        assert [None, first, None] == [message.thread_ts for message in slack.messages]
        assert [None, None, ana] == [message.ephemeral_to for message in slack.messages]
        assert private == slack.messages[-1].ts

    async def test_under_a_key_once(self, slack: FakeSlack, posting: Posting, general: Place) -> None:
        """What is said twice under a key stands once."""
        drawn = draw_reply(sentence(), Surface.MESSAGE, "T01")
        first = await posting.say("T01", general.id, drawn, key="share:1")
        assert first == await posting.say("T01", general.id, drawn, key="share:1")
        assert 1 == len(slack.messages)

    async def test_waits_out_two_pauses(self, slack: FakeSlack, posting: Posting, general: Place) -> None:
        """Two pauses are waited out; after the third the answer is given up."""
        drawn = draw_reply(sentence(), Surface.MESSAGE, "T01")
        slack.faults.next("chat.postMessage", rate_limited(0), rate_limited(0))
        await posting.say("T01", general.id, drawn)
        slack.faults.next("chat.postMessage", rate_limited(0), rate_limited(0), rate_limited(0))
        with pytest.raises(RateLimited):
            await posting.say("T01", general.id, drawn)
        assert 1 == len(slack.messages)

    async def test_long_pause(self, slack: FakeSlack, posting: Posting, general: Place) -> None:
        """Nobody waits for an answer for a minute."""
        slack.faults.next("chat.postMessage", rate_limited(60))
        with pytest.raises(RateLimited):
            await posting.say("T01", general.id, draw_reply(sentence(), Surface.MESSAGE, "T01"))
        assert 1 == asked(slack, "chat.postMessage")

    async def test_private_files_go_by_dm(self, slack: FakeSlack, posting: Posting, general: Place) -> None:
        """A file can't be for one person in a channel: it comes in the DM, and the answer says so."""
        ana = slack.add_user("Ana")
        slack.channels[general.id].members.add(ana)
        drawn = draw_reply(Reply(blocks=(say("A year."), PICTURE)), Surface.MESSAGE, "T01")
        await posting.say("T01", general.id, drawn, user=ana)
        answer, files = slack.messages
        assert (general.id, slack.dm_of(ana)) == (answer.channel, files.channel)
        assert None is files.thread_ts
        assert "direct messages" in str(answer.blocks)


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now, self.slept = 100.0, list[float]()

    def __call__(self) -> float:
        """The time, in seconds."""
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Lets the time pass at once, and others run."""
        self.slept.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)


class TestLanes:
    async def test_pace(self) -> None:
        """Between two messages in a channel there is a second; an edit keeps its place and waits for nothing."""
        time, times = Time(), list[float]()
        lanes = Lanes(1.0, time=time, sleep=time.sleep)
        for paced in (True, True, False, True):
            async with lanes.turn("T01", "C1", within=10, paced=paced):
                times.append(time.now)
        assert [100, 101, 101, 102] == times

    async def test_first_come(self) -> None:
        """In a channel all have their turn in the order in which they came, one at a time."""
        time, turns, inside = Time(), list[int](), 0
        lanes = Lanes(1.0, time=time, sleep=time.sleep)

        async def stand(number: int) -> None:
            nonlocal inside
            async with lanes.turn("T01", "C1", within=60):
                inside += 1
                assert 1 == inside
                await asyncio.sleep(0)
                turns.append(number)
                inside -= 1

        await asyncio.gather(*map(stand, range(10)))
        assert list(range(10)) == turns
        assert 109 == time.now

    async def test_channels_side_by_side(self) -> None:
        """What hangs in one channel holds up no other, and a channel of the same id elsewhere is another one."""
        lanes = Lanes(0)
        async with (
            lanes.turn("T01", "C1", within=1),
            lanes.turn("T01", "C2", within=1),
            lanes.turn("T02", "C1", within=1),
        ):
            assert 3 == len(lanes)

    async def test_gives_up(self) -> None:
        """Whoever can't have their turn in time is told so, and the queue goes on without them."""
        lanes = Lanes(0)
        async with lanes.turn("T01", "C1", within=1):
            with pytest.raises(NotPosted):
                async with lanes.turn("T01", "C1", within=0):
                    pytest.fail("the turn was taken")
        async with lanes.turn("T01", "C1", within=1):
            pass

    async def test_pause(self) -> None:
        """A pause is waited out by all who have the time; the others are told how long it is."""
        time = Time()
        lanes = Lanes(1.0, time=time, sleep=time.sleep)
        with pytest.raises(RateLimited):
            async with lanes.turn("T01", "C1", within=10):
                raise RateLimited(30)
        with pytest.raises(RateLimited) as told:
            async with lanes.turn("T01", "C1", within=10):
                pytest.fail("the turn was taken")
        assert 30 == told.value.retry_after
        async with lanes.turn("T01", "C1", within=40, paced=False):
            assert 130 == time.now

    async def test_forgets_idle_channels(self) -> None:
        """Memory does not grow with every channel that was ever written in, and a pause is not forgotten."""
        time = Time()
        lanes = Lanes(1.0, time=time, sleep=time.sleep)
        with pytest.raises(RateLimited):
            async with lanes.turn("T01", "held", within=10):
                raise RateLimited(1_000)
        for number in range(3 * IDLE_KEPT):
            async with lanes.turn("T01", f"C{number}", within=10):
                time.now += 0.1
        assert len(lanes) <= IDLE_KEPT + 1
        with pytest.raises(RateLimited):
            async with lanes.turn("T01", "held", within=10):
                pytest.fail("the turn was taken")
