from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from adapters.slack.keys import key_of
from adapters.slack.words import NOT_INSTALLED_HERE
from bot.model import DeliveryState
from storage.vault import FileVault
from tests.platform.processes import Rapport, environment, let_leases_run_out, stored_delivery, touches
from tests.platform.slack.bots import HTTP, SOCKET
from tests.platform.slack.browser import Browser
from tests.platform.slack.delivery import FORM
from tests.platform.slack.faults import Fault, drop_after, error, slow, status
from tests.platform.slack.hand import Hand
from tests.platform.slack.server import FakeSlack, open_slack
from tests.platform.slack.state import Delivered, FakeMessage

NAME, NOTE = "Quillon Marsh", "brought persimmons"
TRANSPORTS = pytest.mark.parametrize("over", [HTTP, SOCKET])


@pytest.fixture
async def slack(tmp_path: Path) -> AsyncIterator[FakeSlack]:
    """A Slack in which nothing may be said that Slack would not take; no log of a run beside it gives anything away."""
    async with open_slack() as slack:
        yield slack
        assert [] == slack.complaints
        log = (tmp_path / "bot.log").read_text(encoding="utf-8")
        assert "slack.started" in log
        assert [] == [secret for secret in secrets_of(slack) if secret.casefold() in log.casefold()]


def secrets_of(slack: FakeSlack) -> list[str]:
    """What may stand in no log: tokens, what is signed with, addresses that anybody may answer to, people's words."""
    credentials = [*slack.grants, *slack.offers, slack.app_token, slack.signing_secret, slack.client_secret]
    words = [*NAME.split(), *NOTE.split(), *(message.text for message in slack.said if message.text)]
    return [*credentials, *slack.response_urls, "/respond/", "v0=", *slack.triggers, *words]


def said(slack: FakeSlack, user: Hand, text: str) -> dict[str, Any]:
    """What somebody writes to the bot, as an event in its envelope that can be delivered again."""
    message = slack.say(user.user, user.dm, text)
    event = {"type": "message", "channel_type": "im", "user": user.user, "channel": user.dm, "text": text}
    return slack.event_callback(event | {"ts": message.ts, "event_ts": message.ts})


def answers(user: Hand) -> list[FakeMessage]:
    """What confirms in somebody's DM that it was logged."""
    return [message for message in user.sees_in(user.dm) if message.text.startswith("✓ Logged")]


async def hit(slack: FakeSlack, method: str, work: Coroutine[Any, Any, Delivered]) -> asyncio.Task[Delivered]:
    """Begins a delivery, and returns once it has come as far as the next request of a method."""
    before = len(slack.calls)
    task = asyncio.create_task(work)
    await slack.until(lambda: any(call.method == method for call in slack.calls[before:]), 5.0)
    return task


async def test_what_refuses_it_does_not_end_it(slack: FakeSlack, ana: Hand, tmp_path: Path) -> None:
    """A wrong token and a rejected socket are tried again; /healthz says 503 and why, and then that all is well."""
    token = "xoxb-wrong"
    slack.faults.socket_refused(True)
    rapport = Rapport(slack, tmp_path, over=SOCKET, settings={"SLACK_BOT_TOKEN": token})
    try:
        await rapport.start(connects=False)
        said = await rapport.until_healthz(lambda status, _: status == 503)
        assert "Slack does not accept SLACK_BOT_TOKEN" in said["troubles"]["slack"]
        await slack.until(lambda: slack.sockets.refusals, 10.0)
        slack.grants[token] = replace(slack.grants[slack.team.bot_token or ""], token=token)
        slack.faults.socket_refused(False)
        await slack.until(lambda: slack.sockets.count, 20.0)
        assert {"ok": True, "troubles": {}} == await rapport.until_healthz(lambda status, _: status == 200)
        assert (await ana.slash(f"add {NAME}")).message.text.startswith("✓ Added")
        rapport.tell_to_stop()
        assert 0 == await rapport.gone()
    finally:
        await rapport.close()


@TRANSPORTS
async def test_it_starts_works_and_stops(slack: FakeSlack, ana: Hand, tmp_path: Path, over: str) -> None:
    """/healthz says ok, a command is done; SIGTERM ends it in time with code 0, when what was heard is answered."""
    ben = Hand(slack, slack.add_user("Ben"))
    async with Rapport(slack, tmp_path, over=over) as rapport:
        assert (200, {"ok": True, "troubles": {}}) == await rapport.healthz()
        await ana.slash(f"add {NAME}")
        slack.faults.next("users.info", slow(0.5))
        log = {"user_id": ben.user, "channel_id": ben.dm, "text": f"log quillon {NOTE}"}
        under_way = await hit(slack, "users.info", slack.deliver("command", log))
        rapport.tell_to_stop()
        assert 0 == await rapport.gone()
        assert (await under_way).is_acked
        assert 1 == len(answers(ben)) == len(await touches(rapport))
        assert 0 == slack.sockets.count


POINTS = {
    "before the commit": ("users.info", Fault(seconds=20, is_dropped=True), 0, 0),
    "between commit and answer": ("chat.postMessage", Fault(seconds=20, is_dropped=True), 1, 0),
    "between answer and acknowledgement": ("chat.postMessage", slow(20), 1, 1),
}
"""Where a process is killed: the request that does not come back, and how much is stored and answered by then."""


@pytest.mark.parametrize(("over", "rounds"), [(HTTP, 2), (SOCKET, 1)])
async def test_killed_before_the_acknowledgement(
    slack: FakeSlack, ana: Hand, tmp_path: Path, over: str, rounds: int
) -> None:
    """Wherever kill -9 meets an event that is being heard, Slack's retry to the next process leaves one of each.

    One touchpoint, one answer. What was stored and said when it was killed shows that each point was really hit.
    """
    met: Counter[tuple[int, int]] = Counter()
    async with Rapport(slack, tmp_path, over=over) as rapport:
        await ana.slash(f"add {NAME}")
        for number, (method, fault, stored, answered) in enumerate(list(POINTS.values()) * rounds, start=1):
            # A stranger to the process: who they are is asked for.
            user = Hand(slack, slack.add_user(f"Member {number}"))
            event = said(slack, user, f"log quillon {NOTE} no {number}")
            slack.faults.next(method, fault)
            first = await hit(slack, method, slack.deliver("event", event))
            await rapport.kill()
            assert not (await first).is_acked
            now = [touch for touch in await touches(rapport) if touch.note.endswith(f"no {number}")]
            assert (stored, answered) == (len(now), len(answers(user)))
            met[stored, answered] += 1
            await rapport.start()
            again = await slack.deliver("event", event, retry_num=1)
            assert again.is_acked
            await slack.quiet()
            assert 1 == len(answers(user))
        assert dict.fromkeys([(0, 0), (1, 0), (1, 1)], rounds) == met
        assert len(POINTS) * rounds == len(await touches(rapport))


@pytest.mark.parametrize(("fault", "standing"), [(slow(20), 1), (Fault(seconds=20, is_dropped=True), 0)])
async def test_killed_between_post_and_record(
    slack: FakeSlack, ana: Hand, tmp_path: Path, fault: Fault, standing: int
) -> None:
    """A message that a process did not live to record is looked up by its key in the DM: in the end it stands once."""
    ben = Hand(slack, slack.add_user("Ben"))
    async with Rapport(slack, tmp_path) as rapport:
        await ana.slash(f"add {NAME}")
        await ana.slash("own quillon @Ana")
        await ana.slash("handover @Ana @Ben")
        await rapport.kill()
        assert [] == ben.sees_in(ben.dm)
        slack.faults.next("chat.postMessage", fault)
        # A process begins with what waits to be posted.
        await posted(slack, rapport.start())
        await rapport.kill()
        assert standing == len(ben.sees_in(ben.dm))
        (delivery,) = await let_leases_run_out(rapport)
        await rapport.start()
        await slack.until(lambda: any(call.method == "conversations.history" for call in slack.calls), 10.0)
        await slack.quiet()
        rapport.tell_to_stop()
        assert 0 == await rapport.gone()
        (message,) = ben.sees_in(ben.dm)
        assert key_of({"metadata": message.metadata}) is not None
        found = await stored_delivery(rapport, delivery)
        assert found.posted is not None
        assert (DeliveryState.SENT, message.ts) == (found.state, found.posted.message)


async def posted(slack: FakeSlack, work: Awaitable[None]) -> None:
    """Waits for work, and for the next request to post something."""
    before = len(slack.calls)
    await work
    await slack.until(lambda: any(call.method == "chat.postMessage" for call in slack.calls[before:]), 10.0)


def refused(folder: Path, **settings: str) -> tuple[int, str]:
    """The exit code and the words of a process that should not start."""
    done = subprocess.run(
        [sys.executable, "-m", "bot"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        cwd=folder,
        env=environment(folder, **settings),
        timeout=60,
        check=False,
    )
    assert "" == done.stdout
    return done.returncode, done.stderr


def test_half_set_settings_are_named(tmp_path: Path) -> None:
    """Everything that is missing or misplaced, with what to do, at exit code 2; nothing was begun."""
    code, words = refused(tmp_path, SLACK_BOT_TOKEN="xapp-1-secret", SLACK_SIGNING_SECRET="hush")
    assert 2 == code
    assert "SLACK_BOT_TOKEN: holds an app-level token (xapp-…): that is for SLACK_APP_TOKEN" in words
    assert "PORT: is missing. With SLACK_SIGNING_SECRET Slack comes by HTTP: say on which port" in words
    assert "secret" not in words.replace("SLACK_SIGNING_SECRET", "")
    assert "hush" not in words
    assert [] == list(tmp_path.iterdir())


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    """One sentence with what to do, at exit code 2."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        given = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "hush", "SLACK_API_URL": "http://127.0.0.1:1/"}
        code, words = refused(tmp_path, PORT=str(port), RAPPORT_HOST="127.0.0.1", **given)
    assert 2 == code
    assert words.startswith(f"PORT: nothing can listen on 127.0.0.1:{port}")
    assert 1 == words.count("\n")


async def test_the_log_of_troubles_gives_nothing_away(slack: FakeSlack, ana: Hand, tmp_path: Path) -> None:
    """Whatever goes wrong around a request, the log has the event and none of the words, tokens or addresses.

    Here everything is logged; the fixture looks for what must not be.
    """
    async with Rapport(slack, tmp_path) as rapport:
        await ana.slash(f"add {NAME}")
        slack.faults.next("chat.postMessage", status(500), error("invalid_blocks"), drop_after())
        for _ in range(3):
            await slack.deliver("event", said(slack, ana, f"log quillon {NOTE}"))
        slack.faults.next("views.open", status(503), error("expired_trigger_id"))
        await ana.slash("log")
        await ana.slash("log")
        slack.faults.next("response_url", status(500))
        await ana.slash("log")
        body = f"command=%2Frapport&text={NOTE}&token={slack.team.bot_token}".encode()
        for headers in ({}, slack.signed.headers(b"another body", FORM)):
            assert 401 == (await slack.signed.post(f"{rapport.url}/slack/events", body, headers)).status
        headers = slack.signed.headers(body := f"{{{NOTE}".encode(), "application/json")
        assert 400 == (await slack.signed.post(f"{rapport.url}/slack/events", body, headers)).status
        await slack.quiet()
        rapport.tell_to_stop()
        assert 0 == await rapport.gone()
        events = {json.loads(line)["event"] for line in rapport.log.splitlines()}
    expected = {"slack.turned_away", "slack.request_put_off", "service.stopping"}
    assert expected <= events, events


async def test_installed_removed_and_installed_again(slack: FakeSlack, tmp_path: Path) -> None:
    """Tokens are off the disk once an uninstall is acknowledged; nobody there gets at the roster until it is back."""
    key = Fernet.generate_key().decode()
    team = slack.add_team("T02", name="Other")
    cleo = Hand(slack, slack.add_user("Cleo", team=team.id, admin=True))
    settings = {
        "SLACK_CLIENT_ID": slack.client_id,
        "SLACK_CLIENT_SECRET": slack.client_secret,
        "RAPPORT_SECRET_KEY": key,
        "RAPPORT_PUBLIC_URL": "https://rapport.example.com",
    }
    async with Rapport(slack, tmp_path, settings=settings) as rapport, Browser(slack, rapport.url) as browser:
        vault = FileVault(tmp_path / "data" / "rapport.json.secrets", key)
        assert 200 == (await browser.install(cleo.user, team=team.id)).status
        await slack.quiet()
        assert (await cleo.slash(f"add {NAME}")).message.text.startswith("✓ Added")
        token = team.bot_token or ""
        assert token in await secrets_on_disk(vault)
        before = await cleo.slash("find")
        assert [True, True] == [one.is_acked for one in await slack.uninstall(team)]
        assert token not in await secrets_on_disk(vault)
        calls = len(slack.calls)
        assert NOT_INSTALLED_HERE == (await cleo.slash("find")).message.text
        assert ["response_url"] == [call.method for call in slack.calls[calls:]]
        assert 200 == (await browser.install(cleo.user, team=team.id)).status
        await slack.quiet()
        again = await cleo.slash("find")
        assert NAME in str(before.message.blocks)
        assert NAME in str(again.message.blocks)
    assert key not in rapport.log


async def secrets_on_disk(vault: FileVault) -> str:
    """Everything that can be read in a vault, in one string."""
    kept = [await vault.get(key) for key in await vault.keys("")]
    return " ".join(secret.decode() for secret in kept if secret is not None)
