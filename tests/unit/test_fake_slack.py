from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import MovableClock
from tests.fakes import MONDAY
from tests.platform.slack.faults import drop_after, drop_before, error, rate_limited, slow, status
from tests.platform.slack.server import FakeSlack, open_slack


@pytest.fixture
def clock() -> MovableClock:
    """A clock that stands still until it is moved."""
    return MovableClock(MONDAY)


@pytest.fixture
async def slack(clock: MovableClock) -> AsyncIterator[FakeSlack]:
    """A Slack with one workspace."""
    async with open_slack(clock) as slack:
        yield slack


@pytest.fixture
async def bot(slack: FakeSlack) -> AsyncWebClient:
    """The client of Rapport in that workspace."""
    return client(slack, slack.team.bot_token)


def client(slack: FakeSlack, token: str | None) -> AsyncWebClient:
    """A client that tries nothing twice."""
    return AsyncWebClient(token=token, base_url=slack.api_url, retry_handlers=[])


@contextmanager
def refused(code: str) -> Iterator[None]:
    """Slack says no with this code."""
    with pytest.raises(SlackApiError) as refusal:
        yield
    assert code == refusal.value.response["error"]


async def test_a_token_says_whose_it_is(slack: FakeSlack, bot: AsyncWebClient) -> None:
    """auth.test names the workspace and the bot, and the answer carries the token's scopes."""
    answer = await bot.auth_test()

    assert ("T01", "U0RAPPORT", "B0RAPPORT") == (answer["team_id"], answer["user_id"], answer["bot_id"])
    assert "chat:write" in answer.headers["x-oauth-scopes"]


async def test_a_stranger_s_token_is_refused(slack: FakeSlack) -> None:
    """No token, an unknown one and one that was revoked are told apart."""
    with refused("not_authed"):
        await client(slack, None).auth_test()
    with refused("invalid_auth"):
        await client(slack, "xoxb-no").auth_test()
    token = slack.team.bot_token
    await client(slack, token).auth_revoke()
    with refused("token_revoked"):
        await client(slack, token).auth_test()


async def test_what_there_is_not_is_said_so(bot: AsyncWebClient) -> None:
    """An unknown method is refused by Slack's code."""
    with refused("unknown_method"):
        await bot.api_call("chat.shout")


async def test_a_scope_that_is_not_held_is_missed(slack: FakeSlack, bot: AsyncWebClient) -> None:
    """Reading a channel's messages needs a scope that Rapport has not asked for; its own messages don't."""
    ana = slack.add_user("Ana")
    channel = slack.add_channel("general", [ana])

    with refused("missing_scope"):
        await bot.conversations_history(channel=channel)
    assert [] == (await bot.conversations_history(channel=slack.dm_of(ana)))["messages"]


async def test_a_message_stands_until_it_is_deleted(slack: FakeSlack, bot: AsyncWebClient) -> None:
    """A message is posted, edited with its earlier words kept, found by permalink, and deleted."""
    channel = slack.add_channel("general")
    posted = await bot.chat_postMessage(channel=channel, text="one")
    await bot.chat_update(channel=channel, ts=posted["ts"], text="two")
    link = await bot.chat_getPermalink(channel=channel, message_ts=posted["ts"])
    (message,) = slack.messages

    assert ("two", ["one"]) == (message.text, [version.text for version in message.edited])
    assert f"https://t01.slack.com/archives/{channel}/p{posted['ts'].replace('.', '')}" == link["permalink"]
    await bot.chat_delete(channel=channel, ts=posted["ts"])
    assert message.deleted
    with refused("message_not_found"):
        await bot.chat_update(channel=channel, ts=posted["ts"], text="three")


async def test_places_are_refused_by_name(slack: FakeSlack, bot: AsyncWebClient) -> None:
    """Unknown, private to others, without the bot, archived, or without who should read it: each has its code."""
    ana = slack.add_user("Ana")
    elsewhere = slack.add_channel("elsewhere", [ana], bot_in=False)
    private = slack.add_channel("private", [ana], bot_in=False, private=True)
    archived = slack.add_channel("archived", [ana])
    slack.channels[archived].archived = True

    for channel, code in (
        ("C999", "channel_not_found"),
        (private, "channel_not_found"),
        (elsewhere, "not_in_channel"),
        (archived, "is_archived"),
    ):
        with refused(code):
            await bot.chat_postMessage(channel=channel, text="hello")
    with refused("user_not_in_channel"):
        await bot.chat_postEphemeral(channel=slack.add_channel("general"), user=ana, text="hello")
    assert [] == slack.messages


async def test_only_what_slack_takes_is_taken(slack: FakeSlack, bot: AsyncWebClient) -> None:
    """Nothing at all, too much of it, and blocks that Slack would not draw are refused, the last with a complaint."""
    channel = slack.add_channel("general")

    with refused("no_text"):
        await bot.api_call("chat.postMessage", json={"channel": channel})
    with refused("msg_too_long"):
        await bot.chat_postMessage(channel=channel, text="x" * 40_001)
    with refused("invalid_blocks"):
        await bot.chat_postMessage(channel=channel, text="hello", blocks=[{"type": "nonsense"}])
    assert slack.complaints


async def test_direct_messages_are_opened_by_person(slack: FakeSlack, bot: AsyncWebClient) -> None:
    """The same person has the same DM; bots and those who left have none."""
    ana = slack.add_user("Ana")
    opened = await bot.conversations_open(users=ana)

    assert slack.dm_of(ana) == opened["channel"]["id"]
    with refused("cannot_dm_bot"):
        await bot.conversations_open(users=slack.team.bot_user)
    with refused("user_disabled"):
        await bot.conversations_open(users=slack.add_user("Ben", deleted=True))
    with refused("user_not_found"):
        await bot.conversations_open(users="U999")


async def test_ts_never_repeat_while_the_clock_stands(
    slack: FakeSlack, bot: AsyncWebClient, clock: MovableClock
) -> None:
    """Messages are numbered by microseconds from Slack's clock on, and follow it when it moves."""
    channel = slack.add_channel("general")
    first = [(await bot.chat_postMessage(channel=channel, text="x"))["ts"] for _ in range(3)]
    clock.move(timedelta(hours=1))
    later = (await bot.chat_postMessage(channel=channel, text="x"))["ts"]
    start = int(MONDAY.timestamp())

    assert [f"{start}.000000", f"{start}.000001", f"{start}.000002"] == first
    assert f"{start + 3600}.000000" == later


async def test_history_is_looked_up_by_key(slack: FakeSlack, bot: AsyncWebClient, clock: MovableClock) -> None:
    """A DM's history comes newest first, page by page, from a moment on, with metadata where that is asked for."""
    ana = slack.add_user("Ana")
    dm = slack.dm_of(ana)
    slack.say(ana, dm, "before")
    clock.move(timedelta(minutes=1))
    for key in ("k1", "k2"):
        metadata = {"event_type": "rapport", "event_payload": {"key": key}}
        await bot.chat_postMessage(channel=dm, text=key, metadata=metadata)
    oldest = f"{MONDAY.timestamp():.6f}"
    page = await bot.conversations_history(channel=dm, oldest=oldest, limit=1, include_all_metadata=True)
    cursor = page["response_metadata"]["next_cursor"]
    rest = await bot.conversations_history(channel=dm, oldest=oldest, limit=1, cursor=cursor)

    assert ["k2"] == [m["metadata"]["event_payload"]["key"] for m in page["messages"]]
    assert [("k1", False)] == [(m["text"], "metadata" in m) for m in rest["messages"]]
    assert not rest["has_more"]


async def test_a_thread_is_read_from_its_first_message(slack: FakeSlack, bot: AsyncWebClient) -> None:
    """Replies are in the thread's and not in the channel's history."""
    ana = slack.add_user("Ana")
    dm = slack.dm_of(ana)
    said = slack.say(ana, dm, "help")
    await bot.chat_postMessage(channel=dm, text="usage", thread_ts=said.ts)

    thread = await bot.conversations_replies(channel=dm, ts=said.ts)
    assert ["help", "usage"] == [m["text"] for m in thread["messages"]]
    assert ["help"] == [m["text"] for m in (await bot.conversations_history(channel=dm))["messages"]]


async def test_people_are_shown_as_they_are_now(slack: FakeSlack, bot: AsyncWebClient) -> None:
    """users.info has zone, role and leaving; a person of no shared channel is not visible."""
    ana = slack.add_user("Ana", admin=True)
    shown = (await bot.users_info(user=ana))["user"]
    slack.change_user(ana, zone="Asia/Tokyo", deleted=True)
    stranger = slack.add_user("Sam", team="T77", stranger=True)

    assert ("Europe/Berlin", 3600, True) == (shown["tz"], shown["tz_offset"], shown["is_admin"])
    assert (await bot.users_info(user=ana))["user"]["deleted"]
    with refused("user_not_visible"):
        await bot.users_info(user=stranger)
    slack.add_channel("shared", [ana, stranger], ext_shared=True)
    assert (await bot.users_info(user=stranger))["user"]["is_stranger"]


async def test_a_channel_says_who_else_reads_it(slack: FakeSlack, bot: AsyncWebClient) -> None:
    """conversations.info tells of other companies and of membership."""
    shared = (await bot.conversations_info(channel=slack.add_channel("x", ext_shared=True)))["channel"]
    outside = (await bot.conversations_info(channel=slack.add_channel("y", bot_in=False)))["channel"]

    assert (True, True) == (shared["is_ext_shared"], shared["is_member"])
    assert (False, False) == (outside["is_ext_shared"], outside["is_member"])


async def test_a_file_is_uploaded_in_three_calls(slack: FakeSlack, bot: AsyncWebClient) -> None:
    """What the SDK uploads stands in the channel with its title, and is downloaded with the token only."""
    channel = slack.add_channel("general")
    await bot.files_upload_v2(
        channel=channel, content=b"\x89PNG", filename="c.png", title="Chart", alt_txt="A line", initial_comment="Here"
    )
    (message,) = slack.messages
    (file,) = message.files

    assert ("Here", "Chart", "files.completeUploadExternal") == (message.text, file["title"], message.via)
    async with aiohttp.ClientSession() as session:
        async with session.get(file["url_private_download"]) as response:
            assert ("text/html", True) == (response.content_type, b"Sign in" in await response.read())
        headers = {"Authorization": f"Bearer {slack.team.bot_token}"}
        async with session.get(file["url_private_download"], headers=headers) as response:
            assert b"\x89PNG" == await response.read()
    assert "Chart" == (await bot.files_info(file=file["id"]))["file"]["title"]


async def test_agent_methods_work_on_some_plans_only(slack: FakeSlack, bot: AsyncWebClient) -> None:
    """Prompts are kept by person; a plan without the agent surface refuses them."""
    ana = slack.add_user("Ana")
    prompts = [{"title": "Who is due?", "message": "due"}]
    await bot.assistant_threads_setSuggestedPrompts(channel_id=slack.dm_of(ana), prompts=prompts)

    assert {ana: prompts} == slack.prompts
    slack.has_agent = False
    with refused("feature_not_enabled"):
        await bot.assistant_threads_setSuggestedPrompts(channel_id=slack.dm_of(ana), prompts=prompts)


async def test_faults_are_met_once_and_in_order(slack: FakeSlack, bot: AsyncWebClient) -> None:
    """A refusal, a limit, a 500 and a cut leave nothing behind; what is cut afterwards or late stands."""
    channel = slack.add_channel("general")
    slack.faults.next("chat.postMessage", error("fatal_error"), rate_limited(7), status(500), drop_before())

    with refused("fatal_error"):
        await bot.chat_postMessage(channel=channel, text="1")
    with pytest.raises(SlackApiError) as limited:
        await bot.chat_postMessage(channel=channel, text="2")
    with pytest.raises(SlackApiError) as broken:
        await bot.chat_postMessage(channel=channel, text="3")
    with pytest.raises(aiohttp.ClientError):
        await bot.chat_postMessage(channel=channel, text="4")
    assert (429, "7", 500) == (
        limited.value.response.status_code,
        limited.value.response.headers["Retry-After"],
        broken.value.response.status_code,
    )
    assert [] == slack.messages

    slack.faults.next("chat.postMessage", drop_after(), slow(0.001))
    with pytest.raises(aiohttp.ClientError):
        await bot.chat_postMessage(channel=channel, text="5")
    await bot.chat_postMessage(channel=channel, text="6")
    await bot.chat_postMessage(channel=channel, text="7")
    assert ["5", "6", "7"] == [message.text for message in slack.messages]
    assert ["fatal_error", "ratelimited", None, None, None, None, None] == [call.error for call in slack.calls]


async def test_a_channel_s_pace_is_held_where_it_is_set(slack: FakeSlack, bot: AsyncWebClient) -> None:
    """Too early a second message in a channel is a 429 with Retry-After; another channel is free."""
    channel, other = slack.add_channel("general"), slack.add_channel("random")
    slack.pace = 60
    await bot.chat_postMessage(channel=channel, text="1")

    with refused("ratelimited"):
        await bot.chat_postMessage(channel=channel, text="2")
    await bot.chat_postMessage(channel=other, text="3")
    assert ["1", "3"] == [message.text for message in slack.messages]
