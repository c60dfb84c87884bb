"""What the fake Slack keeps: workspaces, people, channels, messages, views and what the bot asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

BOT_SCOPES = (
    "app_mentions:read",
    "assistant:write",
    "channels:read",
    "chat:write",
    "commands",
    "files:read",
    "files:write",
    "groups:read",
    "im:history",
    "im:write",
    "users:read",
)
"""What the app's manifest asks for (SLACK.md, Surfaces): a method that needs anything else answers missing_scope."""

APP_ID = "A0RAPPORT"


@dataclass
class FakeTeam:
    """A workspace; on Enterprise Grid it belongs to an organisation. Without a token the app is not installed."""

    id: str
    name: str
    domain: str
    enterprise: str | None
    bot_user: str
    bot_id: str
    bot_token: str | None = None


@dataclass
class Grant:
    """What a token may do. `team` is None for the token of a whole organisation.

    `revoked` is None, or the code that its holder is refused with from now on: token_revoked or account_inactive.
    """

    token: str
    team: str | None
    enterprise: str | None
    scopes: tuple[str, ...]
    bot_user: str
    bot_id: str
    revoked: str | None = None


@dataclass
class Offer:
    """What somebody allowed on the page that asks them, for a code that is used once."""

    team: str | None
    enterprise: str | None
    scopes: tuple[str, ...]
    user: str
    redirect_uri: str
    used: bool = False


@dataclass
class FakeUser:
    """An account of one workspace, as `users.info` shows it."""

    id: str
    name: str
    team: str
    zone: str
    admin: bool = False
    owner: bool = False
    guest: bool = False
    single_channel_guest: bool = False
    bot: bool = False
    deleted: bool = False
    stranger: bool = False


@dataclass
class FakeChannel:
    """A channel, or somebody's direct messages with the bot (then `user` is that person)."""

    id: str
    name: str
    team: str
    members: set[str]
    private: bool = False
    ext_shared: bool = False
    pending_ext_shared: bool = False
    org_shared: bool = False
    archived: bool = False
    user: str | None = None

    @property
    def is_dm(self) -> bool:
        """Whether it is somebody's direct messages with the bot."""
        return self.user is not None


@dataclass(frozen=True)
class Version:
    """What a message said before it was edited."""

    text: str
    blocks: list[dict[str, Any]]


@dataclass
class FakeMessage:
    """A message, with block ids and action ids filled in as Slack does.

    `via` says how it came: chat.postMessage, chat.postEphemeral, response_url, ack, files.completeUploadExternal, or
    user for what people wrote.
    """

    team: str
    channel: str
    ts: str
    user: str
    text: str
    blocks: list[dict[str, Any]]
    via: str
    thread_ts: str | None = None
    metadata: dict[str, Any] | None = None
    files: list[dict[str, Any]] = field(default_factory=list)
    ephemeral_to: str | None = None
    edited: list[Version] = field(default_factory=list)
    deleted: bool = False


@dataclass
class FakeView:
    """A modal that is open.

    `view` is as the bot sent it, with ids filled in; `state` is what stands in its inputs, by block id and action id;
    `errors` is what is shown beside them, by block id. `previous` is the view below it in the stack, `root` the lowest.
    `trouble` is Slack's own sentence where the app did not answer in time, or nothing that Slack understands.
    """

    id: str
    user: str
    team: str
    view: dict[str, Any]
    hash: str
    root: str
    previous: str | None = None
    state: dict[str, dict[str, Any]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    trouble: str | None = None


@dataclass
class FakeFile:
    """A file that somebody uploaded; one of the bot's is `complete` once it was shared or finished."""

    id: str
    name: str
    team: str
    user: str
    content: bytes
    mimetype: str
    title: str
    alt_text: str | None = None
    complete: bool = False
    channels: list[str] = field(default_factory=list)


@dataclass
class Trigger:
    """What lets the bot open one view; `until` is a time of the event loop, `view` the modal it was born in."""

    user: str
    until: float
    view: str | None = None
    used: bool = False


@dataclass
class ResponseUrl:
    """Where a late answer may go: five times, until an instant of Slack's clock. `message_ts`: born from a message."""

    team: str
    channel: str
    user: str
    until: datetime
    message_ts: str | None = None
    uses: int = 0


@dataclass(frozen=True)
class Call:
    """A request of the bot: `at` is in seconds of the event loop, `error` is Slack's code where it was refused."""

    method: str
    args: dict[str, Any]
    token: str | None
    at: float
    error: str | None


@dataclass(frozen=True)
class Delivered:
    """How the bot took what was delivered.

    `status` is None where nothing came back: no acknowledgement on a socket, or no answer in time. `body` is the
    acknowledgement's own, `{"text": …}` where it was plain words, None where it was empty. `seconds` is how long it
    took. `error` is what Slack would make of it: operation_timeout, http_error, connection_failed.
    """

    kind: str
    payload: dict[str, Any]
    status: int | None
    body: dict[str, Any] | None
    seconds: float
    error: str | None = None

    @property
    def is_acked(self) -> bool:
        """Whether Slack takes it as done."""
        return self.error is None
