from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.platform.slack.server import FakeSlack, open_slack
from tests.unit.test_fake_slack import client, refused


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    """A Slack with one workspace."""
    async with open_slack() as slack:
        yield slack


@pytest.fixture
async def bot(slack: FakeSlack) -> AsyncWebClient:
    """The client of Rapport in that workspace."""
    return client(slack, slack.team.bot_token)


def a_modal(title: str = "Log", *, inputs: tuple[str, ...] = ("who",)) -> dict[str, Any]:
    """A modal with plain inputs."""
    return {
        "type": "modal",
        "callback_id": "form",
        "title": {"type": "plain_text", "text": title},
        "submit": {"type": "plain_text", "text": "Save"},
        "blocks": [
            {
                "type": "input",
                "block_id": name,
                "label": {"type": "plain_text", "text": name},
                "element": {"type": "plain_text_input", "action_id": name},
            }
            for name in inputs
        ],
    }


def a_home(words: str) -> dict[str, Any]:
    """A Home tab that says something."""
    return {"type": "home", "blocks": [{"type": "section", "text": {"type": "plain_text", "text": words}}]}


async def test_a_trigger_opens_one_view(slack: FakeSlack, bot: AsyncWebClient) -> None:
    """It belongs to who did something; a second use, a made-up one and a late one are refused."""
    ana = slack.add_user("Ana")
    trigger = slack.new_trigger(ana)
    opened = await bot.views_open(trigger_id=trigger, view=a_modal())

    assert [(opened["view"]["id"], ana)] == [(view.id, view.user) for view in slack.views.values()]
    with refused("exchanged_trigger_id"):
        await bot.views_open(trigger_id=trigger, view=a_modal())
    with refused("invalid_trigger_id"):
        await bot.views_open(trigger_id="made up", view=a_modal())
    slack.trigger_life = -1
    with refused("expired_trigger_id"):
        await bot.views_open(trigger_id=slack.new_trigger(ana), view=a_modal())


async def test_of_two_updates_by_hash_one_wins(slack: FakeSlack, bot: AsyncWebClient) -> None:
    """An update with an old hash is refused, and what was typed stays in the inputs that are still there."""
    ana = slack.add_user("Ana")
    view = (await bot.views_open(trigger_id=slack.new_trigger(ana), view=a_modal(inputs=("who", "what"))))["view"]
    fake = slack.views[view["id"]]
    fake.state = {name: {name: {"type": "plain_text_input", "value": name}} for name in ("who", "what")}
    await bot.views_update(view_id=view["id"], hash=view["hash"], view=a_modal("Again"))

    assert ("Again", {"who"}) == (fake.view["title"]["text"], set(fake.state))
    with refused("hash_conflict"):
        await bot.views_update(view_id=view["id"], hash=view["hash"], view=a_modal("Too late"))
    with refused("not_found"):
        await bot.views_update(view_id="V999", view=a_modal())


async def test_three_modals_are_stacked_at_most(slack: FakeSlack, bot: AsyncWebClient) -> None:
    """Each is pushed by a trigger of the one below; closing the top shows that one again."""
    ana = slack.add_user("Ana")
    view = (await bot.views_open(trigger_id=slack.new_trigger(ana), view=a_modal()))["view"]
    for _ in range(2):
        view = (await bot.views_push(trigger_id=slack.new_trigger(ana, view["id"]), view=a_modal()))["view"]

    with refused("push_limit_reached"):
        await bot.views_push(trigger_id=slack.new_trigger(ana, view["id"]), view=a_modal())
    below = slack.close_view(view["id"])
    assert below is not None
    assert view["previous_view_id"] == below.id


async def test_a_home_tab_is_published_by_hash(slack: FakeSlack, bot: AsyncWebClient) -> None:
    """The latest stands; one that was made from an older one is refused."""
    ana = slack.add_user("Ana")
    first = (await bot.views_publish(user_id=ana, view=a_home("one")))["view"]
    await bot.views_publish(user_id=ana, view=a_home("two"), hash=first["hash"])

    with refused("hash_conflict"):
        await bot.views_publish(user_id=ana, view=a_home("three"), hash=first["hash"])
    assert "two" == slack.homes[ana]["blocks"][0]["text"]["text"]


async def test_a_view_that_slack_would_not_draw_is_refused(slack: FakeSlack, bot: AsyncWebClient) -> None:
    """The trigger is not spent by it, and the complaint says what is wrong."""
    trigger = slack.new_trigger(slack.add_user("Ana"))

    with refused("invalid_arguments"):
        await bot.views_open(trigger_id=trigger, view=a_modal("A title that is longer than Slack takes"))
    await bot.views_open(trigger_id=trigger, view=a_modal())
    assert 1 == len(slack.complaints)


async def test_somebody_waits_until_something_is_true(slack: FakeSlack, bot: AsyncWebClient) -> None:
    """`until` sees what a request changed as soon as it is over, and gives up where nothing does."""
    ana = slack.add_user("Ana")
    publishing = asyncio.create_task(bot.views_publish(user_id=ana, view=a_home("one")))
    await slack.until(lambda: ana in slack.homes)
    await publishing

    with pytest.raises(TimeoutError):
        await slack.until(lambda: len(slack.homes) == 2, within=0.001)
