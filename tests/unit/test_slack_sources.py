from __future__ import annotations

from typing import Any

import pytest

from adapters.slack.sources import Malformed, Source, kind_of, who
from tests import slack_payloads as sent

GRID: dict[str, Any] = {"enterprise": {"id": "E1", "name": "Org"}, "is_enterprise_install": True}


def test_a_command() -> None:
    """A command says all of it itself, as words."""
    expected = Source(workspace="T01", user="U1", channel="C1", trigger="1.2.x")
    assert expected == who(sent.command("due"))


def test_a_command_in_an_organisation() -> None:
    """Where Rapport is installed for an organisation the workspace is the one in which it was typed."""
    source = who(sent.command("due", enterprise_id="E1", is_enterprise_install="true"))
    assert ("T01", "E1", True) == (source.workspace, source.enterprise, source.org_wide)


def test_a_press_in_a_message() -> None:
    """A button knows its message and the thread that this is in."""
    body = sent.press("press:0:undo")
    body["container"]["thread_ts"] = "1700000000.000100"
    expected = Source(
        workspace="T01",
        user="U1",
        channel="C1",
        thread="1700000000.000100",
        message="1700000001.000200",
        trigger="1.2.x",
    )
    assert expected == who(body)


def test_a_press_in_an_ephemeral_message() -> None:
    """There the message itself does not come along; its place does."""
    source = who(sent.press("press:0:undo", ephemeral=True))
    assert ("T01", "C1", "1700000001.000200") == (source.workspace, source.channel, source.message)


@pytest.mark.parametrize("kind", ["modal", "home"])
def test_a_press_in_a_view(kind: str) -> None:
    """A modal and the Home tab belong to a person, not to a place."""
    source = who(sent.press_in_view("press:0:undo", kind))
    assert ("T01", "U1", None, None) == (source.workspace, source.user, source.channel, source.message)


def test_a_press_from_the_other_side_of_a_shared_channel() -> None:
    """Somebody of another company presses a button of ours: it was said to our Rapport, by somebody who lives there."""
    body = sent.press(
        "press:0:undo", team={"id": "T99", "domain": "other"}, user={"id": "U9", "username": "x", "team_id": "T99"}
    )
    source = who(body)
    assert ("T01", "U9") == (source.workspace, source.user)


def test_a_form() -> None:
    """A form is its person's."""
    source = who(sent.submission())
    assert Source(workspace="T01", user="U1", trigger="1.2.x") == source


def test_a_form_from_the_other_side_of_a_shared_channel() -> None:
    """The view says in which workspace Rapport is installed, and the team whose person sent it."""
    team = {"id": "T99", "domain": "other", "enterprise_id": "E9", "enterprise_name": "Other"}
    body = sent.submission(sent.view(team_id="T99"), team=team, user={"id": "U9", "team_id": "T99"})
    assert "T01" == who(body).workspace


def test_a_form_in_an_organisation() -> None:
    """There is no team then, and the installation is the organisation's: the view knows the workspace."""
    body = sent.submission(sent.view(app_installed_team_id="E1"), team=None, **GRID)
    source = who(body)
    assert ("T01", "E1", True) == (source.workspace, source.enterprise, source.org_wide)


def test_a_modal_belongs_where_it_was_opened_from() -> None:
    """An organisation's installation names the person's team, which may be another one; the modal says which it is."""
    for body in (
        sent.press_in_view("press:0:share", team=None, user={"id": "U1", "team_id": "T02"}, **GRID),
        sent.submission(team={"id": "T02"}, user={"id": "U1", "team_id": "T02"}, **GRID),
        sent.suggestion("who", "jes", team={"id": "T02"}, **GRID),
    ):
        body["view"] |= {"app_installed_team_id": "E1", "team_id": "T02"}
        assert "T01" == who(body).workspace
        # Another's metadata says nothing.
        assert "T02" == who(body | {"view": body["view"] | {"private_metadata": "{}"}}).workspace


@pytest.mark.parametrize("kind", ["team_access_granted", "team_access_revoked"])
def test_an_event_about_workspaces_is_their_organisation_s(kind: str) -> None:
    """The workspace and the installation that stand around it, in Slack's own example too, are any."""
    body = sent.event({"type": kind, "team_ids": ["T02"]}, enterprise_id="E1")
    assert Source(workspace="", enterprise="E1", org_wide=True, at=1700000001.0) == who(body)


def test_a_press_in_an_organisation() -> None:
    """Without a team, and from a message that the organisation's token posted, it is the workspace of the person."""
    body = sent.press("press:0:undo", team=None, **GRID)
    body["message"]["team"] = "E1"
    assert "T01" == who(body).workspace


def test_a_suggestion() -> None:
    """Letters typed into a form come without a trigger."""
    assert Source(workspace="T01", user="U1") == who(sent.suggestion("who", "jes"))


def test_shortcuts() -> None:
    """A global one has no place; that of a message names it, and the author's team is not ours."""
    assert Source(workspace="T01", user="U1", trigger="1.2.x") == who(sent.shortcut("log_touchpoint"))
    message = who(sent.message_action("log_message", {"text": "hi", "thread_ts": "1700000000.000100"}))
    assert ("T01", "C1", "1700000001.000200", "1700000000.000100") == (
        message.workspace,
        message.channel,
        message.message,
        message.thread,
    )


def test_words_in_a_dm() -> None:
    """A message says who spoke and under which timestamp; without a thread there is none."""
    expected = Source(
        workspace="T01", user="U1", channel="D1", message="1700000001.000200", thread=None, at=1700000001.0
    )
    assert expected == who(sent.event(sent.dm_message("due")))


def test_words_of_a_stranger_in_a_shared_channel() -> None:
    """The authorization names our workspace, the event the stranger's."""
    said = sent.mention("<@U0> due", user="U9", user_team="E9", team="T01")
    source = who(sent.event(said, team_id="T99", is_ext_shared_channel=True))
    assert ("T01", "U9") == (source.workspace, source.user)


def test_an_event_in_an_organisation() -> None:
    """The authorization has no team there: the workspace is the one around it."""
    authorization = {"enterprise_id": "E1", "team_id": None, "user_id": "W0", "is_bot": True}
    body = sent.event(
        {"type": "app_home_opened", "user": "W1", "channel": "D1", "tab": "home", "event_ts": "1.2"},
        enterprise_id="E1",
        context_team_id=None,
        authorizations=[authorization | {"is_enterprise_install": True}],
    )
    expected = Source(workspace="T01", enterprise="E1", org_wide=True, user="W1", channel="D1", at=1700000001.0)
    assert expected == who(body)


def test_a_changed_account() -> None:
    """In `user_change` the account is described whole."""
    body = sent.event({"type": "user_change", "user": {"id": "U2", "team_id": "T01", "deleted": True}})
    assert ("T01", "U2") == (who(body).workspace, who(body).user)


@pytest.mark.parametrize("about", [{"type": "app_uninstalled"}, {"type": "tokens_revoked", "tokens": {"bot": ["U0"]}}])
def test_the_end_of_an_installation(about: dict[str, Any]) -> None:
    """Nobody is behind it, and there is no authorization any more."""
    assert Source(workspace="T01", at=1700000001.0) == who(sent.event(about, authorizations=[]))


def test_the_end_of_an_organisations_installation() -> None:
    """It is about no workspace, but about all of the organisation."""
    body = sent.event(
        {"type": "app_uninstalled"}, team_id=None, context_team_id=None, enterprise_id="E1", authorizations=[]
    )
    assert Source(workspace="", enterprise="E1", at=1700000001.0) == who(body)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"type": "event_callback"},
        {"type": "event_callback", "event": "x", "authorizations": "x"},
        {"type": "block_actions", "user": {"id": "U1"}},
        {"type": "block_actions", "user": "U1", "team": "T01"},
        sent.command("my secret") | {"user_id": None},
        sent.command("my secret") | {"team_id": 7},
    ],
)
def test_what_says_nothing_is_refused(body: dict[str, Any]) -> None:
    """A payload without person or workspace raises one error of ours, which repeats none of it."""
    with pytest.raises(Malformed) as error:
        who(body)
    assert "secret" not in str(error.value)


def test_only_names_of_slacks_are_logged() -> None:
    """A payload is called by its kind; what could be anything else is not repeated."""
    kinds = [kind_of(body) for body in (sent.command("x"), sent.press("x"), sent.event({"type": "user_change"}))]
    assert ["command", "block_actions", "user_change"] == kinds
    assert "payload" == kind_of({"type": "my secret plan"})
    assert "payload" == kind_of({"type": "x" * 41})
