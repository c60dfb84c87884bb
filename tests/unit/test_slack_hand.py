from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from tests.platform.slack.blocks import (
    Block,
    actions,
    asking,
    button,
    modal,
    option,
    picking,
    plain,
    rich,
    section,
    typing,
    words,
)
from tests.platform.slack.choosing import CantDo
from tests.platform.slack.entries import inputs_of
from tests.platform.slack.hand import Hand
from tests.platform.slack.seen import Seen
from tests.platform.slack.server import FakeSlack, open_slack
from tests.platform.slack.wording import written

Answers = Callable[["Bot", dict[str, Any]], Awaitable[Block | None]]


@dataclass
class Bot:
    """An app of a few lines: keeps what it hears, and answers as the test says."""

    client: AsyncWebClient
    answers: Answers
    heard: list[dict[str, Any]] = field(default_factory=list)

    async def hears(self, request: web.Request) -> web.Response:
        """One request, in any of Slack's three encodings."""
        payload: dict[str, Any]
        if request.content_type == "application/json":
            payload = await request.json()
        else:
            form = await request.post()
            payload = json.loads(str(form["payload"])) if "payload" in form else {k: str(v) for k, v in form.items()}
        self.heard.append(payload)
        body = await self.answers(self, payload)
        return web.Response() if body is None else web.json_response(body)


@asynccontextmanager
async def acting(answers: Answers) -> AsyncIterator[tuple[FakeSlack, Hand, Bot]]:
    """Ana at a Slack with a channel #team, and a bot that answers."""
    async with open_slack() as slack:
        ana = slack.add_user("Ana")
        slack.add_channel("team", [ana])
        client = AsyncWebClient(token=slack.team.bot_token, base_url=slack.api_url, retry_handlers=[])
        bot = Bot(client, answers)
        app = web.Application()
        app.router.add_post("/slack/events", bot.hears)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            slack.use_http(f"http://127.0.0.1:{runner.addresses[0][1]}")
            yield slack, Hand(slack, ana), bot
        finally:
            await runner.cleanup()


async def silent(_bot: Bot, _payload: dict[str, Any]) -> None:
    """Hears and says nothing."""


async def test_a_command_arrives_as_slack_writes_it() -> None:
    """Signs are escaped, people and channels come as ids with their names, addresses as links."""
    async with acting(silent) as (slack, ana, bot):
        ben = slack.add_user("Ben")
        seen = await ana.slash("own jess @ben in #team & a<b see jess.com", "#team")
        (heard,) = bot.heard
        channel = next(one.id for one in slack.channels.values() if one.name == "team")
        typed = f"own jess <@{ben}|ben> in <#{channel}|team> &amp; a&lt;b see <http://jess.com|jess.com>"
        assert typed == heard["text"]
        assert (ana.user, channel, "team", "T01", "/rapport") == (
            heard["user_id"],
            heard["channel_id"],
            heard["channel_name"],
            heard["team_id"],
            heard["command"],
        )
        assert heard["trigger_id"] in slack.triggers
        assert heard["response_url"] in slack.response_urls
        assert () == seen.messages


async def test_the_answer_to_a_command_is_seen() -> None:
    """What the acknowledgement says is a message for the one who typed."""

    async def answers(_bot: Bot, _payload: dict[str, Any]) -> Block:
        return {"text": "Nothing due."}

    async with acting(answers) as (slack, ana, _):
        seen = await ana.slash("due")
        assert ("Nothing due.", ana.user, ana.dm) == (
            seen.message.text,
            seen.message.ephemeral_to,
            seen.message.channel,
        )
        ben = Hand(slack, slack.add_user("Ben"))
        with pytest.raises(CantDo, match="is not in"):
            await ben.slash("due", "#team")


async def test_a_direct_message_arrives_as_an_event() -> None:
    """`message.im` in its envelope, with files and thread; an answer in the same conversation is seen."""

    async def answers(bot: Bot, payload: dict[str, Any]) -> None:
        await bot.client.chat_postMessage(channel=payload["event"]["channel"], text="Hello")

    async with acting(answers) as (slack, ana, bot):
        file = slack.add_file(ana.user, "roster.csv", b"name\n")
        seen = await ana.say_in_dm("import & this", files=[file], thread="1.000001")
        (heard,) = bot.heard
        assert ("event_callback", "T01") == (heard["type"], heard["team_id"])
        assert heard["event_id"].startswith("Ev")
        assert slack.team.bot_user == heard["authorizations"][0]["user_id"]
        event = heard["event"]
        assert ("message", "im", "file_share", "import &amp; this", "1.000001") == (
            event["type"],
            event["channel_type"],
            event["subtype"],
            event["text"],
            event["thread_ts"],
        )
        assert "roster.csv" == event["files"][0]["name"]
        assert ("Hello", ana.dm) == (seen.message.text, seen.message.channel)


async def test_a_mention_arrives_with_the_bot_in_front() -> None:
    """`app_mention` in the channel, also where that is shared with another company."""
    async with acting(silent) as (slack, ana, bot):
        shared = slack.add_channel("partners", [ana.user], ext_shared=True)
        await ana.mention("#partners", "how is jess?")
        (heard,) = bot.heard
        event = heard["event"]
        assert ("app_mention", shared) == (event["type"], event["channel"])
        assert f"<@{slack.team.bot_user}> how is jess?" == event["text"]
        assert heard["is_ext_shared_channel"] is True


async def test_tabs_people_and_shortcuts_are_told() -> None:
    """Opening a tab, changing one's zone, and both kinds of shortcut."""
    async with acting(silent) as (slack, ana, bot):
        await ana.open_home()
        await ana.open_messages()
        await ana.changes(zone="Asia/Tokyo")
        note = slack.say(ana.user, ana.dm, "jess wrote")
        await ana.message_shortcut(note, "log_message")
        await ana.global_shortcut("find")
        home, messages, change, message, everywhere = bot.heard
        assert ["home", "messages"] == [one["event"]["tab"] for one in (home, messages)]
        assert "Asia/Tokyo" == change["event"]["user"]["tz"]
        assert ("message_action", "log_message", "jess wrote", note.ts) == (
            message["type"],
            message["callback_id"],
            message["message"]["text"],
            message["message_ts"],
        )
        assert ("shortcut", "find") == (everywhere["type"], everywhere["callback_id"])
        assert "response_url" not in everywhere
        assert "channel" not in everywhere


async def with_buttons(bot: Bot, payload: dict[str, Any]) -> Block | None:
    """Says something with buttons, and afterwards what was pressed."""
    if payload.get("type") == "block_actions":
        return None
    menu = picking("overflow", action_id="menu:3", options=[option("Pause", "p"), option("Archive", "a")])
    select = picking(
        "static_select", action_id="choose:2", options=[option("A week", "7")], placeholder=plain("Snooze")
    )
    blocks = [rich(words("Jess")), actions(button(), select, menu)]
    if "command" in payload:
        return {"text": "Jess", "blocks": blocks}
    await bot.client.chat_postMessage(channel=payload["event"]["channel"], text="Jess", blocks=blocks)
    return None


async def test_a_press_on_a_message_says_what_and_where() -> None:
    """A button, an item of a menu, a choice: each as Slack tells it, with the message and a way to answer."""
    async with acting(with_buttons) as (slack, ana, bot):
        message = (await ana.say_in_dm("due")).message
        await ana.press(message, "Undo", beside="Jess")
        await ana.press(message, "Arch")
        await ana.choose(message, "Snooze", "A week")
        pressed, taken, chosen = (one["actions"][0] for one in bot.heard[1:])
        assert ("button", "press:1", "Undo") == (pressed["type"], pressed["action_id"], pressed["text"]["text"])
        assert ("overflow", "a") == (taken["type"], taken["selected_option"]["value"])
        assert ("static_select", "7") == (chosen["type"], chosen["selected_option"]["value"])
        assert pressed["action_ts"] < taken["action_ts"] < chosen["action_ts"]
        heard = bot.heard[1]
        assert {"type": "message", "message_ts": message.ts, "channel_id": ana.dm, "is_ephemeral": False} == heard[
            "container"
        ]
        assert message.ts == heard["message"]["ts"]
        assert message.ts == slack.response_urls[heard["response_url"]].message_ts
        assert pressed["block_id"] == message.blocks[1]["block_id"]


async def test_a_message_for_one_person_is_not_sent_along() -> None:
    """A press on an ephemeral message names it, without its content."""
    async with acting(with_buttons) as (_, ana, bot):
        message = (await ana.slash("due")).message
        await ana.press(message, "Undo")
        assert bot.heard[1]["container"]["is_ephemeral"] is True
        assert "message" not in bot.heard[1]


async def test_nobody_presses_what_is_not_there() -> None:
    """An unknown label, a select as a button, a button as a select, an option that is not offered, a gone message."""
    async with acting(with_buttons) as (_, ana, bot):
        message = (await ana.say_in_dm("due")).message
        for act in (
            ana.press(message, "Save"),
            ana.press(message, "Snooze"),
            ana.choose(message, "Undo", "A week"),
            ana.choose(message, "Snooze", "A month"),
        ):
            with pytest.raises(LookupError):
                await act
        message.deleted = True
        with pytest.raises(CantDo, match="gone"):
            await ana.press(message, "Undo")
        assert 1 == len(bot.heard)


async def test_edits_and_answers_by_url_are_seen() -> None:
    """What a press changes on the message, and what is taken away."""

    async def answers(bot: Bot, payload: dict[str, Any]) -> Block | None:
        if payload.get("type") != "block_actions":
            return await with_buttons(bot, payload)
        channel, ts = payload["container"]["channel_id"], payload["container"]["message_ts"]
        if len(bot.heard) == 2:
            await bot.client.chat_update(channel=channel, ts=ts, text="Done", blocks=payload["message"]["blocks"])
        else:
            await bot.client.chat_delete(channel=channel, ts=ts)
        return None

    async with acting(answers) as (slack, ana, _):
        message = (await ana.say_in_dm("due")).message
        edited = await ana.press(message, "Undo")
        assert ((message,), ()) == (edited.edited, edited.messages)
        gone = await ana.press(message, "Undo")
        assert ((message,), ()) == (gone.deleted, gone.edited)
        assert [] == slack.complaints


MAIL = option("Mail", "m")
FORM = modal(
    asking(picking("external_select", action_id="a", min_query_length=0), block_id="who"),
    asking(
        picking("multi_external_select", action_id="b", min_query_length=2, max_selected_items=2),
        block_id="people",
        optional=True,
    ),
    asking(typing(action_id="c", max_length=20), block_id="what", label=plain("What happened")),
    asking(picking("datepicker", action_id="d", initial_date="2026-11-22"), block_id="when"),
    asking(picking("checkboxes", action_id="e", options=[option("A gift", "yes")]), block_id="gift", optional=True),
    asking(
        picking("static_select", action_id="f", options=[MAIL, option("Call", "c")], initial_option=MAIL),
        block_id="how",
    ),
    asking(picking("users_select", action_id="g"), block_id="owner", optional=True),
    asking(picking("conversations_select", action_id="h"), block_id="place", optional=True),
    asking(picking("file_input", action_id="i", max_files=1), block_id="file", optional=True),
    section(plain("More"), accessory=button("more")),
)


async def with_form(bot: Bot, payload: dict[str, Any]) -> Block | None:
    """Opens a form, offers Jess and Sam, refuses `wrong`, asks again after `again`, and takes the rest."""
    match payload.get("type"):
        case "block_suggestion":
            names = ("Jess Park", "Sam Ode")
            fitting = [name for name in names if payload["value"].casefold() in name.casefold()]
            return {"options": [option(name, name.split()[0].casefold()) for name in fitting]}
        case "view_submission":
            what = payload["view"]["state"]["values"].get("what", {}).get("c", {}).get("value")
            if what == "wrong":
                return {"response_action": "errors", "errors": {"what": "That can’t be."}}
            again = copy_of(FORM, title=plain("Again"))
            return {"response_action": "update", "view": again} if what == "again" else None
        case "block_actions":
            view = payload["view"]
            await bot.client.views_update(
                view_id=view["id"], hash=view["hash"], view=copy_of(FORM, title=plain("More"))
            )
            return None
    await bot.client.views_open(trigger_id=payload["trigger_id"], view=FORM)
    return None


def copy_of(view: Block, **more: Any) -> Block:
    """The same view with other properties."""
    return {**json.loads(json.dumps(view)), **more}


async def test_a_form_is_filled_in_as_people_do() -> None:
    """Everything that can be chosen was offered, what nobody touched is sent as it stands, and the form closes."""
    async with acting(with_form) as (slack, ana, bot):
        ben = slack.add_user("Ben")
        file = slack.add_file(ana.user, "x.csv", b"x")
        opened = await ana.slash("log")
        assert opened.opened
        seen = await ana.submit(
            opened.form,
            {
                "who": "jess",
                "people": "jess, sam ode",
                "What happened": "coffee",
                "gift": True,
                "how": "Call",
                "owner": "Ben",
                "place": "#team",
                "file": file,
            },
        )
        assert seen.view is None
        state = bot.heard[-1]["view"]["state"]["values"]
        assert {"type": "external_select", "selected_option": option("Jess Park", "jess")} == state["who"]["a"]
        assert ["jess", "sam"] == [one["value"] for one in state["people"]["b"]["selected_options"]]
        assert {"type": "plain_text_input", "value": "coffee"} == state["what"]["c"]
        assert {"type": "datepicker", "selected_date": "2026-11-22"} == state["when"]["d"]
        assert ["yes"] == [one["value"] for one in state["gift"]["e"]["selected_options"]]
        assert "c" == state["how"]["f"]["selected_option"]["value"]
        assert ben == state["owner"]["g"]["selected_user"]
        assert "team" == slack.channels[state["place"]["h"]["selected_conversation"]].name
        assert [file] == [one["id"] for one in state["file"]["i"]["files"]]
        assert [] == slack.complaints


async def test_what_is_typed_stays() -> None:
    """Errors, an update by a button and another view after sending keep what stands in the inputs."""
    async with acting(with_form) as (slack, ana, _):
        form = (await ana.slash("log")).form
        seen = await ana.submit(form, {"who": "sam", "what": "wrong", "when": "2026-11-01"})
        assert {"what": "That can’t be."} == seen.form.errors
        await ana.press(form, "Undo")
        assert "More" == form.view["title"]["text"]
        seen = await ana.submit(form, {"what": "again"})
        assert "Again" == seen.form.view["title"]["text"]
        held = inputs_of(form.view, form.state)
        assert ("sam", "again", "2026-11-01", "m") == (held["who"], held["what"], held["when"], held["how"])
        assert (await ana.submit(form, {"what": "fine"})).view is None
        assert [] == slack.complaints


IMPOSSIBLE: list[tuple[dict[str, object], str]] = [
    ({"who": "kim"}, "offers"),
    ({"people": "j"}, "offers nothing yet"),
    ({"people": ("jess", "sam", "jess park")}, "takes 2 at most"),
    ({"what": "x" * 21}, "takes 0 to 20"),
    ({"what": "a\nb"}, "takes one line"),
    ({"when": "yesterday"}, "is a calendar"),
    ({"how": "Pigeon"}, "offers"),
    ({"how": ""}, "can't be emptied"),
    ({"owner": "Zoe"}, "nobody"),
    ({"colour": "red"}, "no input"),
    ({"who": "jess", "what": ""}, "can't be left empty"),
    ({"who": ""}, "can't be left empty"),
]


@pytest.mark.parametrize(("values", "why"), IMPOSSIBLE)
async def test_slack_lets_nobody_send_what_can_not_be(values: dict[str, object], why: str) -> None:
    """What the client refuses never reaches the app."""
    async with acting(with_form) as (_, ana, bot):
        form = (await ana.slash("log")).form
        with pytest.raises(CantDo, match=why):
            await ana.submit(form, values)
        assert "view_submission" not in [one.get("type") for one in bot.heard]


async def test_suggestions_are_asked_for_as_one_types() -> None:
    """A question carries view, input and what was typed; its offer is checked."""
    async with acting(with_form) as (slack, ana, bot):
        form = (await ana.slash("log")).form
        assert ("Jess Park",) == await ana.suggest(form, "who", "je")
        asked = bot.heard[-1]
        assert ("block_suggestion", "who", "a", "je", form.id) == (
            asked["type"],
            asked["block_id"],
            asked["action_id"],
            asked["value"],
            asked["view"]["id"],
        )
        assert not {"trigger_id", "response_url"} & asked.keys()
        assert [] == slack.complaints


async def test_a_closed_modal_takes_nothing() -> None:
    """After its cross was pressed a modal can't be sent or pressed, and whoever did not ask is not told."""
    async with acting(with_form) as (_, ana, bot):
        form = (await ana.slash("log")).form
        assert (await ana.close(form)).view is None
        for act in (ana.submit(form, {}), ana.press(form, "Undo"), ana.close(form)):
            with pytest.raises(CantDo, match="closed"):
                await act
        assert 1 == len(bot.heard)


async def test_home_is_pressed_too() -> None:
    """A button on the Home tab comes with the view, and no way to answer by URL."""

    async def answers(bot: Bot, payload: dict[str, Any]) -> None:
        if payload["type"] == "event_callback":
            home = {"type": "home", "blocks": [rich(words("Quiet")), actions(button())]}
            await bot.client.views_publish(user_id=payload["event"]["user"], view=home)

    async with acting(answers) as (_, ana, bot):
        seen = await ana.open_home()
        assert seen.home is not None
        assert (await ana.press(seen.home, "Undo")).home is None
        heard = bot.heard[-1]
        assert {"type": "view", "view_id": seen.home["id"]} == heard["container"]
        assert "home" == heard["view"]["type"]
        assert not {"response_url", "channel", "message"} & heard.keys()


async def test_what_comes_late_is_waited_for() -> None:
    """`sees` waits for what the bot says after its acknowledgement, and not for ever."""
    late: list[asyncio.Task[Any]] = []
    ready = asyncio.Event()

    async def answers(bot: Bot, payload: dict[str, Any]) -> None:
        async def later() -> None:
            await ready.wait()
            await bot.client.chat_postMessage(channel=payload["channel_id"], text="At last")

        late.append(asyncio.create_task(later()))

    async with acting(answers) as (_, ana, _):
        seen: Seen = await ana.slash("export")
        assert () == seen.messages
        ready.set()
        await ana.sees(lambda: ana.sees_in(ana.dm))
        assert ["At last"] == [message.text for message in ana.sees_in(ana.dm)]
        with pytest.raises(TimeoutError):
            await ana.sees(lambda: False, within=0.01)


@pytest.mark.parametrize(
    ("typed", "arrives"),
    [
        ("a & b <c>", "a &amp; b &lt;c&gt;"),
        ("@ana and @nobody", "<@U001> and @nobody"),
        ("in #team", "in <#C001>"),
        ("see https://a.example/x?y=1.", "see <https://a.example/x?y=1>."),
        ("mail ana@acme.com", "mail <mailto:ana@acme.com|ana@acme.com>"),
        ("insta:jess.me", "insta:<http://jess.me|jess.me>"),
    ],
)
async def test_typed_words_are_written_down_as_slack_does(typed: str, arrives: str) -> None:
    """Signs, mentions and addresses in an ordinary message."""
    async with open_slack() as slack:
        ana = slack.add_user("Ana")
        slack.add_channel("team", [ana])
        assert arrives == written(slack, "T01", typed)
