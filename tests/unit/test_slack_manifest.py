from __future__ import annotations

import ast
import inspect
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from adapters import slack
from adapters.slack import words
from adapters.slack.events import Events
from adapters.slack.installing import REDIRECT_PATH
from adapters.slack.listeners import Listeners
from adapters.slack.names import COMMAND, EVENTS, EVENTS_PATH, FORM, MESSAGE_ACTIONS, SHORTCUTS
from tests.platform.slack.state import BOT_SCOPES

FOLDER = Path(slack.__file__).parent
HOST = "https://YOUR-HOST"

METHOD_SCOPES: dict[str, frozenset[str]] = {
    "apps_connections_open": frozenset(),  # of the app's own token, which has no scope of the bot
    "assistant_threads_setSuggestedPrompts": frozenset({"assistant:write"}),
    "auth_test": frozenset(),
    "chat_delete": frozenset({"chat:write"}),
    "chat_getPermalink": frozenset(),
    "chat_postEphemeral": frozenset({"chat:write"}),
    "chat_postMessage": frozenset({"chat:write"}),
    "chat_update": frozenset({"chat:write"}),
    # Of DMs only; in channels they would take history scopes, which nobody wants to give.
    "conversations_history": frozenset({"im:history"}),
    "conversations_replies": frozenset({"im:history"}),
    # Public and private channels; a DM's audience is known.
    "conversations_info": frozenset({"channels:read", "groups:read"}),
    "conversations_open": frozenset({"im:write"}),
    "files_info": frozenset({"files:read"}),
    "files_upload_v2": frozenset({"files:write"}),
    "oauth_v2_access": frozenset(),
    "users_info": frozenset({"users:read"}),
    "views_open": frozenset(),
    "views_push": frozenset(),
    "views_publish": frozenset(),
    "views_update": frozenset(),
}
"""What Slack's documentation says a method needs, for every method that Rapport calls."""

EVENT_SCOPES: dict[str, frozenset[str]] = {
    "app_home_opened": frozenset(),
    "app_mention": frozenset({"app_mentions:read"}),
    "app_uninstalled": frozenset(),
    "message.im": frozenset({"im:history"}),
    "team_access_granted": frozenset(),
    "team_access_revoked": frozenset(),
    "tokens_revoked": frozenset(),
    "user_change": frozenset({"users:read"}),
}
"""The same for events."""

COMMAND_SCOPES = frozenset({"commands"})
"""Slash commands and shortcuts."""


def manifest(name: str) -> dict[str, Any]:
    """A manifest as it is pasted into Slack's page."""
    found: dict[str, Any] = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return found


SOCKET, HTTP = manifest("manifest.json"), manifest("manifest-http.json")
both = pytest.mark.parametrize("app", [SOCKET, HTTP], ids=["socket", "http"])


class Register:
    """Stands where Bolt's app does, and notes what is listened for."""

    def __init__(self) -> None:
        self.heard: dict[str, set[str]] = {}
        self.takes: dict[str, list[re.Pattern[str]]] = {}

    def __getattr__(self, kind: str) -> Callable[[object], Callable[[object], None]]:
        """`app.view("form")(listener)`: by name, or by what names may look like."""

        def listen(to: object) -> Callable[[object], None]:
            if isinstance(to, str):
                self.heard.setdefault(kind, set()).add(to)
            elif isinstance(to, re.Pattern):
                self.takes.setdefault(kind, []).append(to)
            return lambda listener: None

        return listen


def listened_for() -> Register:
    """What the listeners have Bolt call them for."""
    nobody, register = cast("Any", None), Register()
    events = Events(nobody, nobody, nobody, nobody, nobody, nobody, nobody, nobody, nobody)
    Listeners(nobody, nobody, events, nobody, nobody, patience=2.0).join(cast("Any", register))
    return register


def methods_called() -> Iterator[str]:
    """The Web API methods in the package's source: as methods of a client, and by name where they are called so."""
    methods = inspect.getmembers(AsyncWebClient, inspect.iscoroutinefunction)
    # `api_call` takes any method's name, which is found as such.
    known = {name for name, _ in methods if not name.startswith("_") and name != "api_call"}
    for path in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in known:
                yield node.attr
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and "." in node.value:
                name = node.value.replace(".", "_")
                if name in known:
                    yield name


def difference(one: Any, other: Any, path: str = "") -> set[str]:
    """The paths at which two documents differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        parts = [difference(one.get(key), other.get(key), f"{path}.{key}") for key in one.keys() | other.keys()]
        return set().union(*parts)
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = enumerate(zip(one, other, strict=True))
        return set().union(*(difference(a, b, f"{path}[{index}]") for index, (a, b) in pairs))
    return set() if one == other else {path.removeprefix(".")}


def test_the_two_differ_only_where_the_transport_does() -> None:
    """Whoever changes from one to the other changes addresses, and what goes with many workspaces."""
    expected = {
        "features.slash_commands[0].url",
        "oauth_config.redirect_urls",
        "settings.event_subscriptions.request_url",
        "settings.interactivity.message_menu_options_url",
        "settings.interactivity.request_url",
        # One bot token is of one workspace; an organisation's comes from the install page.
        "settings.org_deploy_enabled",
        "settings.socket_mode_enabled",
    }
    assert expected == difference(SOCKET, HTTP)


def test_http_knows_where_we_listen() -> None:
    """Everything comes in at the one address that the door opens, external selects too, and OAuth at its own."""
    settings = HTTP["settings"]
    addresses = [
        HTTP["features"]["slash_commands"][0]["url"],
        settings["event_subscriptions"]["request_url"],
        settings["interactivity"]["request_url"],
        settings["interactivity"]["message_menu_options_url"],
    ]
    assert [HOST + EVENTS_PATH] * 4 == addresses
    assert [HOST + REDIRECT_PATH] == HTTP["oauth_config"]["redirect_urls"]


def test_sockets_need_no_address() -> None:
    """In Socket Mode there is nothing to fill in before the manifest can be pasted."""
    assert "://" not in (FOLDER / "manifest.json").read_text(encoding="utf-8")
    assert (True, False) == (SOCKET["settings"]["socket_mode_enabled"], HTTP["settings"]["socket_mode_enabled"])


@both
def test_what_can_be_typed_and_chosen_is_listened_for(app: dict[str, Any]) -> None:
    """The command and every shortcut of the manifest have a listener, and no listener waits for another one."""
    commands = {command["command"] for command in app["features"]["slash_commands"]}
    shortcuts = {
        kind: {one["callback_id"] for one in app["features"]["shortcuts"] if one["type"] == kind}
        for kind in ("global", "message")
    }
    register = listened_for()
    heard = register.heard
    assert {COMMAND} == commands
    assert any(pattern.search(COMMAND) for pattern in register.takes["command"])
    assert set(SHORTCUTS) == shortcuts["global"] == heard["global_shortcut"]
    assert set(MESSAGE_ACTIONS) == shortcuts["message"] == heard["message_shortcut"]
    assert {FORM} == heard["view"]


@both
def test_what_happens_is_listened_for(app: dict[str, Any]) -> None:
    """Every event of the manifest has a listener, and no listener waits for an event that never comes."""
    subscribed = app["settings"]["event_subscriptions"]["bot_events"]
    assert sorted(EVENTS) == subscribed
    assert {event.partition(".")[0] for event in EVENTS} == listened_for().heard["event"]
    assert app["settings"]["interactivity"]["is_enabled"]


@both
def test_the_scopes_are_those_that_are_used(app: dict[str, Any]) -> None:
    """Each scope is needed by something that the code calls or hears, and nothing that it does lacks one."""
    called = set(methods_called())
    assert METHOD_SCOPES.keys() == called
    needed = COMMAND_SCOPES.union(*(METHOD_SCOPES[method] for method in called))
    needed = needed.union(*(EVENT_SCOPES[event] for event in app["settings"]["event_subscriptions"]["bot_events"]))
    assert sorted(needed) == app["oauth_config"]["scopes"]["bot"]
    assert {"bot"} == app["oauth_config"]["scopes"].keys()


@both
def test_the_agent_suggests_what_the_messages_tab_does(app: dict[str, Any]) -> None:
    """New apps have an agent view, whose prompts are ours, and no assistant view."""
    features = app["features"]
    prompts = [(prompt["title"], prompt["message"]) for prompt in features["agent_view"]["suggested_prompts"]]
    assert list(words.PROMPTS) == prompts
    assert len(prompts) <= 4
    assert len(features["agent_view"]["agent_description"]) <= 300
    assert "assistant_view" not in features


@both
def test_home_and_messages_are_open(app: dict[str, Any]) -> None:
    """The Home tab is there, people can write to Rapport, and it looks awake."""
    expected = {"home_tab_enabled": True, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False}
    assert expected == app["features"]["app_home"]
    assert {"display_name": "Rapport", "always_online": True} == app["features"]["bot_user"]


@both
def test_mentions_in_a_command_arrive_as_ids(app: dict[str, Any]) -> None:
    """Names are ambiguous and change: Slack is to escape what is typed behind the command."""
    assert app["features"]["slash_commands"][0]["should_escape"] is True


@both
def test_tokens_are_not_rotated(app: dict[str, Any]) -> None:
    """Bolt refreshes a rotating token once for each of several events at a time, and all but one are spent."""
    assert app["settings"]["token_rotation_enabled"] is False


@both
def test_slack_takes_the_texts(app: dict[str, Any]) -> None:
    """Names and descriptions have the lengths that Slack's manifest reference states; shortcuts begin with a verb."""
    shown, features = app["display_information"], app["features"]
    assert 1 <= len(shown["name"]) <= 35
    assert 1 <= len(shown["description"]) <= 140
    assert 175 <= len(shown["long_description"]) <= 4000
    assert re.fullmatch(r"#[0-9A-F]{6}", shown["background_color"])
    for shortcut in features["shortcuts"]:
        assert len(shortcut["name"]) <= 24
        assert 1 <= len(shortcut["description"]) <= 150
        assert shortcut["name"].split()[0] in {"Log", "Find", "Make"}
    command = features["slash_commands"][0]
    assert 1 <= len(command["description"]) <= 2000
    assert 1 <= len(command["usage_hint"]) <= 1000


@both
def test_the_shortcuts_have_their_names(app: dict[str, Any]) -> None:
    """Two stand in the menu of every message, two beside the message box."""
    named = {(one["type"], one["callback_id"]): one["name"] for one in app["features"]["shortcuts"]}
    assert {
        ("message", "log_message"): "Log as touchpoint",
        ("message", "promise_message"): "Make a promise",
        ("global", "log_touchpoint"): "Log a touchpoint",
        ("global", "find_influencer"): "Find an influencer",
    } == named


def test_the_fake_grants_what_the_manifest_asks_for() -> None:
    """What the other tests are allowed to do is what an installed app may do."""
    assert SOCKET["oauth_config"]["scopes"]["bot"] == sorted(BOT_SCOPES)
