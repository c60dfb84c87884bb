from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.clock import MovableClock
from tests.fakes import MONDAY
from tests.platform.slack.faults import status
from tests.platform.slack.server import FakeSlack, open_slack
from tests.unit.test_fake_slack import client
from tests.unit.test_fake_slack_views import a_modal


@pytest.fixture
def clock() -> MovableClock:
    """A clock that stands still until it is moved."""
    return MovableClock(MONDAY)


@pytest.fixture
async def slack(clock: MovableClock) -> AsyncIterator[FakeSlack]:
    """A Slack with one workspace."""
    async with open_slack(clock) as slack:
        yield slack


def an_app(slack: FakeSlack) -> AsyncApp:
    """Bolt's app, which answers when its listener is done."""
    return AsyncApp(
        client=client(slack, slack.team.bot_token),
        signing_secret=slack.signing_secret,
        process_before_response=True,
    )


@asynccontextmanager
async def over_http(slack: FakeSlack, app: AsyncApp) -> AsyncIterator[str]:
    """The app listens to signed requests; where, is yielded."""
    runner = web.AppRunner(app.web_app("/slack/events"), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        slack.use_http(url)
        yield url
    finally:
        await runner.cleanup()


@asynccontextmanager
async def over_sockets(
    slack: FakeSlack, app: AsyncApp, interval: float = 0.02
) -> AsyncIterator[AsyncSocketModeHandler]:
    """The app listens on a socket, and looks after it every `interval` seconds."""
    web_client = AsyncWebClient(token=slack.app_token, base_url=slack.api_url)
    handler = AsyncSocketModeHandler(app, slack.app_token, web_client=web_client, ping_interval=interval)
    await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt's handlers have no annotations
    try:
        yield handler
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]  # the same


@asynccontextmanager
async def over(transport: str, slack: FakeSlack, app: AsyncApp) -> AsyncIterator[None]:
    """Over either of the two."""
    if transport == "http":
        async with over_http(slack, app):
            yield
    else:
        async with over_sockets(slack, app):
            yield


both = pytest.mark.parametrize("transport", ["http", "sockets"])


def a_message(user: str, channel: str, text: str = "hello") -> dict[str, Any]:
    """What somebody wrote, as an event."""
    return {"type": "message", "channel": channel, "channel_type": "im", "user": user, "text": text, "ts": "1.000001"}


@both
async def test_a_command_is_answered_by_its_ack(slack: FakeSlack, transport: str) -> None:
    """The acknowledgement's words are seen by who asked, and by nobody else."""
    ana = slack.add_user("Ana")
    channel = slack.add_channel("general", [ana])
    app = an_app(slack)

    @app.command("/rapport")
    async def answer(ack: AsyncAck, command: dict[str, Any]) -> None:
        await ack(f"you said {command['text']}")

    async with over(transport, slack, app):
        delivered = await slack.deliver("command", {"user_id": ana, "channel_id": channel, "text": "due"})

    assert (200, None, "command") == (delivered.status, delivered.error, delivered.kind)
    assert [("you said due", "ack", ana)] == [(m.text, m.via, m.ephemeral_to) for m in slack.messages]
    assert [] == slack.complaints


@both
async def test_an_event_comes_in_its_envelope_with_its_retry(slack: FakeSlack, transport: str) -> None:
    """First deliveries over sockets count nought, those over HTTP nothing; a retry has number and reason."""
    ana = slack.add_user("Ana")
    heard = []
    app = an_app(slack)

    @app.event("message")
    async def hear(body: dict[str, Any], request: Any) -> None:
        heard.append((body["event_id"], request.headers.get("x-slack-retry-num"), body["event"]["text"]))

    async with over(transport, slack, app):
        first = await slack.deliver("event", a_message(ana, slack.dm_of(ana)))
        await slack.deliver("event", first.payload, retry_num=1)

    start = None if transport == "http" else ["0"]
    assert [("Ev001", start, "hello"), ("Ev001", ["1"], "hello")] == heard


@both
async def test_an_event_is_delivered_until_it_is_acknowledged(slack: FakeSlack, transport: str) -> None:
    """A listener that fails twice is asked three times, with the same event."""
    ana = slack.add_user("Ana")
    # Over HTTP a failure is answered at once; over sockets it is the silence that tells.
    slack.patience = 3.0 if transport == "http" else 0.25
    ids = []
    app = an_app(slack)

    @app.event("message")
    async def hear(body: dict[str, Any]) -> None:
        ids.append(body["event_id"])
        if len(ids) < 3:
            raise RuntimeError

    async with over(transport, slack, app):
        tries = await slack.deliver_event_until_acked(a_message(ana, slack.dm_of(ana)))

    assert [False, False, True] == [delivered.is_acked for delivered in tries]
    assert ["Ev001"] * 3 == ids


@both
async def test_a_command_that_takes_too_long_times_out(slack: FakeSlack, transport: str) -> None:
    """Slack gives up, and whatever the bot says later in its acknowledgement is seen by nobody."""
    ana = slack.add_user("Ana")
    slack.patience = 0.02
    go = asyncio.Event()
    app = an_app(slack)

    @app.command("/rapport")
    async def answer(ack: AsyncAck) -> None:
        await go.wait()
        await ack("late")

    async with over(transport, slack, app):
        delivered = await slack.deliver("command", {"user_id": ana, "channel_id": slack.dm_of(ana)})
        go.set()
        await slack.quiet()

    assert (None, "operation_timeout", []) == (delivered.status, delivered.error, slack.messages)


@both
async def test_a_form_stays_open_with_errors_and_closes_without(slack: FakeSlack, transport: str) -> None:
    """Errors stand beside their inputs; an empty acknowledgement closes the modal; a failure shows trouble."""
    ana = slack.add_user("Ana")
    app = an_app(slack)
    acks: list[dict[str, Any]] = [{"response_action": "errors", "errors": {"who": "Who is that?"}}, {}]

    @app.command("/rapport")
    async def form(ack: AsyncAck, client: AsyncWebClient, command: dict[str, Any]) -> None:
        await client.views_open(trigger_id=command["trigger_id"], view=a_modal())
        await ack()

    @app.view("form")
    async def submitted(ack: AsyncAck) -> None:
        await ack(**acks.pop(0))

    async with over(transport, slack, app):
        await slack.deliver("command", {"user_id": ana, "channel_id": slack.dm_of(ana)})
        (view,) = slack.views.values()
        submission = {"type": "view_submission", "user": {"id": ana}, "view": view.id}
        await slack.deliver("interaction", submission)
        assert {"who": "Who is that?"} == view.errors
        closing = await slack.deliver("interaction", submission)
        assert ({}, {}) == (slack.views, view.errors)
        slack.views[view.id] = view
        slack.patience = 0.1
        await slack.deliver("interaction", closing.payload)

    assert view.trouble is not None
    assert [] == slack.complaints


@both
async def test_late_answers_go_to_the_response_url(slack: FakeSlack, clock: MovableClock, transport: str) -> None:
    """Five of them, for half an hour; a press may replace or delete its message, others see what is meant for all."""
    ana = slack.add_user("Ana")
    channel = slack.add_channel("general", [ana])
    app = an_app(slack)

    @app.command("/rapport")
    async def answer(ack: AsyncAck, respond: AsyncRespond) -> None:
        await ack()
        await respond("private")
        await respond("public", response_type="in_channel")

    async with over(transport, slack, app):
        delivered = await slack.deliver("command", {"user_id": ana, "channel_id": channel})
    hook = AsyncWebhookClient(delivered.payload["response_url"])
    more = [(await hook.send(text="more")).status_code for _ in range(4)]

    assert [("private", ana), ("public", None)] == [(m.text, m.ephemeral_to) for m in slack.messages[:2]]
    assert [200, 200, 200, 404] == more

    private = slack.messages[0]
    pressed = AsyncWebhookClient(slack.new_response_url(ana, channel, private.ts))
    await pressed.send(text="replaced", replace_original=True)
    assert ("replaced", ["private"]) == (private.text, [version.text for version in private.edited])
    await pressed.send(delete_original=True)
    assert private.deleted
    clock.move(timedelta(minutes=31))
    late = await pressed.send(text="too late", replace_original=False)
    assert (404, True) == (late.status_code, "expired_url" in late.body)


async def test_a_wrong_signature_is_refused_by_the_bot(slack: FakeSlack) -> None:
    """Only what is signed with the app's secret reaches a listener."""
    app = an_app(slack)
    async with over_http(slack, app) as url:
        body = b"command=%2Frapport"
        headers = slack.signed.headers(body, "application/x-www-form-urlencoded")
        forged = headers | {"X-Slack-Signature": "v0=" + "0" * 64}
        answer = await slack.signed.post(f"{url}/slack/events", body, forged)

    assert (401, "http_error") == (answer.status, answer.error)


async def test_an_event_without_its_scope_is_never_delivered(slack: FakeSlack) -> None:
    """A test that tries is told so."""
    ana = slack.add_user("Ana")
    (grant,) = slack.grants.values()
    grant.scopes = ("chat:write",)

    with pytest.raises(LookupError, match="im:history"):
        await slack.deliver("event", a_message(ana, slack.dm_of(ana)))


async def test_response_urls_fail_on_demand(slack: FakeSlack) -> None:
    """Slack's own trouble reaches late answers too."""
    ana = slack.add_user("Ana")
    slack.faults.next("response_url", status(500))
    hook = AsyncWebhookClient(slack.new_response_url(ana, slack.dm_of(ana)))

    assert [500, 200] == [(await hook.send(text="late")).status_code for _ in range(2)]
    assert ["late"] == [message.text for message in slack.messages]


async def test_somebody_of_another_company_is_met_in_our_workspace(slack: FakeSlack) -> None:
    """What they press in a shared channel comes with our workspace, and with theirs as their own."""
    sam = slack.add_user("Sam", team="T77", stranger=True)
    channel = slack.add_channel("shared", [sam], ext_shared=True)
    pressed = {"type": "block_actions", "user": {"id": sam}, "channel": {"id": channel}, "actions": []}
    payload = (await slack.deliver("interaction", pressed, team="T77")).payload

    assert ("T01", "T77") == (payload["team"]["id"], payload["user"]["team_id"])
