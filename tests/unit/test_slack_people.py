from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from adapters.slack.clients import Clients
from adapters.slack.people import People, actor_in
from adapters.slack.refusals import Unanswered
from bot.address import Person
from bot.errors import StoreFailed
from bot.inbound import Role
from tests.platform.slack.faults import drop_before, error, rate_limited, status
from tests.platform.slack.server import FakeSlack, open_slack
from tests.platform.slack.tokens import OneToken


class NoTokens:
    """Tokens that can't be read."""

    async def token(self, workspace: str) -> str | None:
        """Fails."""
        raise StoreFailed("disk full")


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    """A Slack with the app in one workspace."""
    async with open_slack() as opened:
        yield opened


@pytest.fixture
def clock() -> list[float]:
    """The time by which people are remembered, to be set."""
    return [0.0]


@pytest.fixture
async def people(slack: FakeSlack, clock: list[float]) -> AsyncIterator[People]:
    """Who asks that Slack."""
    token = slack.team.bot_token
    assert token is not None
    clients = Clients(OneToken(token, "T01"), slack.api_url)
    people = People(clients, time=lambda: clock[0])
    yield people
    await people.close()
    await clients.close()


def asked(slack: FakeSlack, method: str = "users.info") -> int:
    """How often a method was called."""
    return sum(call.method == method for call in slack.calls)


def a_user(**facts: Any) -> dict[str, Any]:
    """Slack's object of a member of T01, with some facts set."""
    return {"id": "U1", "team_id": "T01", "name": "ben", "profile": {"display_name": "Ben"}} | facts


@pytest.mark.parametrize(
    ("facts", "role"),
    [
        ({}, Role.MEMBER),
        ({"is_admin": True}, Role.ADMIN),
        ({"is_owner": True}, Role.ADMIN),
        ({"is_primary_owner": True}, Role.ADMIN),
        ({"is_restricted": True}, Role.GUEST),
        ({"is_restricted": True, "is_ultra_restricted": True}, Role.GUEST),
        ({"is_bot": True}, Role.BOT),
        ({"id": "USLACKBOT"}, Role.BOT),
        ({"deleted": True, "is_admin": True}, Role.STRANGER),
        ({"is_stranger": True, "is_admin": True}, Role.STRANGER),
        ({"team_id": "T99", "is_admin": True}, Role.STRANGER),
        ({"team_id": None}, Role.STRANGER),
        ({"team_id": "T99", "enterprise_user": {"teams": ["T99", "T01"]}}, Role.MEMBER),
        ({"team_id": "T99", "enterprise_user": {"teams": ["T99"]}, "is_owner": True}, Role.STRANGER),
    ],
)
def test_role(facts: dict[str, Any], role: Role) -> None:
    """Only people of the workspace are members, and what Slack leaves open lets nobody in."""
    assert role is actor_in("T01", a_user(**facts)).role


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"profile": {"display_name": "Ben", "real_name": "Ben Ode"}}, "Ben"),
        ({"profile": {"display_name": "", "real_name": "Ben Ode"}}, "Ben Ode"),
        ({"profile": {}, "real_name": "Ben O."}, "Ben O."),
        ({"profile": None}, "ben"),
        ({"profile": {}, "name": None}, "U1"),
    ],
)
def test_name(facts: dict[str, Any], name: str) -> None:
    """Somebody is called what they call themselves, else by their real name."""
    assert name == actor_in("T01", a_user(**facts)).name


def test_zone_not_offset() -> None:
    """The zone's name is kept, which holds through the year."""
    assert "Europe/Berlin" == actor_in("T01", a_user(tz="Europe/Berlin", tz_offset=3600)).timezone
    assert None is actor_in("T01", a_user(tz_offset=3600)).timezone


async def test_asks_slack_once(slack: FakeSlack, people: People) -> None:
    """Somebody who speaks again is known, and several who ask at once ask once."""
    ben = slack.add_user("Ben", zone="America/New_York")
    first, second = await asyncio.gather(people.actor("T01", ben), people.actor("T01", ben))
    assert first == second == await people.actor("T01", ben)
    assert (Person("slack", "T01", ben), "Ben", Role.MEMBER, "America/New_York") == (
        first.person,
        first.name,
        first.role,
        first.timezone,
    )
    assert 1 == asked(slack)


async def test_forgets_after_minutes(slack: FakeSlack, people: People, clock: list[float]) -> None:
    """A role is taken for granted for five minutes and no longer."""
    ben = slack.add_user("Ben", admin=True)
    assert Role.ADMIN is (await people.actor("T01", ben)).role
    slack.change_user(ben, admin=False)
    clock[0] = 299
    assert Role.ADMIN is (await people.actor("T01", ben)).role
    clock[0] = 300
    assert Role.MEMBER is (await people.actor("T01", ben)).role


async def test_change_is_known_at_once(slack: FakeSlack, people: People) -> None:
    """What an event says of somebody holds from then on, without a question."""
    ben = slack.add_user("Ben")
    await people.actor("T01", ben)
    changed = people.changed("T01", a_user(id=ben, is_restricted=True))
    assert Role.GUEST is changed.role
    assert changed == await people.actor("T01", ben)
    assert 1 == asked(slack)


async def test_event_beats_an_older_answer(slack: FakeSlack, people: People) -> None:
    """An answer that was under way when the event came does not bring back what was before."""
    ben = slack.add_user("Ben", admin=True)
    asking = asyncio.ensure_future(people.actor("T01", ben))
    await asyncio.sleep(0)
    changed = people.changed("T01", a_user(id=ben, deleted=True))
    await asking
    assert changed == await people.actor("T01", ben)


async def test_stranger_where_slack_shows_nobody(slack: FakeSlack, people: People) -> None:
    """An account that the app may not see belongs to somebody else's company."""
    assert Role.STRANGER is (await people.actor("T01", "U999")).role


@pytest.mark.parametrize(
    "fault",
    [error("internal_error"), error("invalid_auth"), rate_limited(60), status(500)],
    ids=lambda fault: fault.code,
)
async def test_lets_nobody_in_unasked(slack: FakeSlack, people: People, fault: Any) -> None:
    """Where Slack does not say who it is nobody is let in, or called a guest; the next time it is asked again."""
    ben = slack.add_user("Ben")
    slack.faults.next("users.info", fault)
    with pytest.raises(Unanswered, match="Slack does not answer"):
        await people.actor("T01", ben)
    assert Role.MEMBER is (await people.actor("T01", ben)).role


@pytest.mark.parametrize("fault", [drop_before(), rate_limited(0)], ids=["dropped", "rate limited"])
async def test_waits_out_what_is_short(slack: FakeSlack, people: People, fault: Any) -> None:
    """A dropped connection and a short pause are not worth telling anybody."""
    ben = slack.add_user("Ben")
    slack.faults.next("users.info", fault)
    assert Role.MEMBER is (await people.actor("T01", ben)).role


async def test_one_who_leaves_takes_nobody_along(slack: FakeSlack, people: People) -> None:
    """Of two who wait for an answer one may give up; the other gets it."""
    ben = slack.add_user("Ben")
    first = asyncio.ensure_future(people.actor("T01", ben))
    second = asyncio.ensure_future(people.actor("T01", ben))
    await asyncio.sleep(0)
    first.cancel()
    assert "Ben" == (await second).name


async def test_a_store_that_fails_is_no_silence_of_slacks(slack: FakeSlack) -> None:
    """Where the token can't be read, that is what is said."""
    people = People(Clients(NoTokens(), slack.api_url))
    with pytest.raises(StoreFailed, match="disk full"):
        await people.actor("T01", slack.add_user("Ben"))


async def test_unknown_workspace(people: People) -> None:
    """In a workspace without a token nobody is known."""
    with pytest.raises(Unanswered):
        await people.actor("T99", "U001")
