"""A check-up: whether Slack takes the credentials that Rapport was given, and lets it do what it has to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.clients import Clients
from adapters.slack.installing import manifest_scopes
from adapters.slack.refusals import NO_GOOD_TOKEN, code_behind, harmless
from adapters.slack.ways import Way
from bot.errors import PostError


class _Nobody:
    """The Tokens of no workspace: the ones that are looked at are named with each question."""

    async def token(self, workspace: str) -> str | None:
        """None."""
        return None


class Checked(msgspec.Struct, frozen=True):
    """What came of it, with what to do; nothing of a token."""

    is_well: bool
    sentence: str


async def check_up(way: Way, api_url: str | None) -> tuple[Checked, ...]:
    """Asks Slack about each token. Nothing is changed by it, and no message is posted."""
    clients = Clients(_Nobody(), api_url)
    try:
        found = []
        if way.bot_token is not None:
            found.append(await _of_bot(clients, way.bot_token))
        if way.app_token is not None:
            found.append(await _of_socket(clients, way.app_token))
        if way.by_oauth:
            found.append(Checked(True, "Workspaces install Rapport themselves, at /slack/install."))
        return tuple(found)
    finally:
        await clients.close()


async def _of_bot(clients: Clients, token: str) -> Checked:
    try:
        with harmless():
            answer = await clients.with_token(token).auth_test()
    except PostError as error:
        return _refused(error, "SLACK_BOT_TOKEN", "Copy the bot token anew from the app’s page “Install App”.")
    where, scopes = answer.get("team") or "a workspace", _scopes(answer)
    if not scopes:
        return Checked(True, f"Connected to {where}, which does not say what Rapport may do there.")
    missing = sorted(set(manifest_scopes()) - scopes)
    if missing:
        return Checked(
            False,
            f"The app lacks {', '.join(missing)}. Paste the manifest again under “App Manifest”, then install the app "
            "once more.",
        )
    return Checked(True, f"Connected to {where}, with every permission it needs.")


async def _of_socket(clients: Clients, token: str) -> Checked:
    try:
        with harmless():
            await clients.with_token(token).apps_connections_open(app_token=token)
    except PostError as error:
        return _refused(
            error,
            "SLACK_APP_TOKEN",
            "Make one with the scope connections:write under “Basic Information”, and switch Socket Mode on.",
        )
    return Checked(True, "Socket Mode is open to it.")


def _refused(error: PostError, setting: str, remedy: str) -> Checked:
    code = code_behind(error)
    if code is None:
        return Checked(False, f"Slack does not answer: {error}")
    is_refused = code in NO_GOOD_TOKEN
    return Checked(
        False, f"Slack does not accept {setting} ({code}). {remedy if is_refused else 'See docs/setup-slack.md.'}"
    )


def _scopes(answer: AsyncSlackResponse) -> set[str]:
    """What the token may do, as Slack says beside every answer; nothing where a proxy has taken that out."""
    headers: Mapping[str, Any] = {name.lower(): value for name, value in answer.headers.items()}
    return {scope.strip() for scope in str(headers.get("x-oauth-scopes", "")).split(",") if scope.strip()}
