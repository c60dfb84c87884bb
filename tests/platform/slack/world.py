"""Everything that is true on the fake Slack, and how a test sets it up. Nothing here knows of a network."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from itertools import count
from typing import Any

from bot.clock import Clock
from tests.platform.slack.objects import file_object
from tests.platform.slack.state import (
    APP_ID,
    BOT_SCOPES,
    Call,
    Delivered,
    FakeChannel,
    FakeFile,
    FakeMessage,
    FakeTeam,
    FakeUser,
    FakeView,
    Grant,
    Offer,
    ResponseUrl,
    Trigger,
)


class Refused(Exception):
    """Slack says no: `ok: false` with `code`, and whatever else belongs into the answer."""

    def __init__(self, code: str, **more: Any) -> None:
        """`code` is Slack's own."""
        super().__init__(code)
        self.code = code
        self.more = more


class World:
    """Workspaces and what happens in them. Workspace T01 has the app installed from the start.

    `messages` are the app's, in the order they came; what people write is in `said`. `complaints` collects everything
    that Slack would have refused or misread: a test asserts that it is empty. With `has_agent` off the workspaces are
    on a plan without the agent surface. `pace` is the fewest seconds between two messages in a channel, None for any.
    `homes` are the Home tabs that were published, by user, as Slack answers them (with id and hash).
    `trigger_life` is in seconds of the event loop; all else follows `clock`.
    """

    client_id = "1000.2000"
    client_secret = "client-secret"
    signing_secret = "signing-secret"
    app_token = "xapp-1-A0RAPPORT-1"

    def __init__(self, clock: Clock) -> None:
        """A workspace T01 with the app and nobody else."""
        self.clock = clock
        self.base_url = ""
        self.has_agent = True
        self.has_home = True
        self.pace: float | None = None
        self.last_posted: dict[str, float] = {}
        self.trigger_life = 3.0
        self.teams: dict[str, FakeTeam] = {}
        self.grants: dict[str, Grant] = {}
        self.offers: dict[str, Offer] = {}
        self.announcements: list[tuple[str, dict[str, Any]]] = []
        self.users: dict[str, FakeUser] = {}
        self.channels: dict[str, FakeChannel] = {}
        self.messages: list[FakeMessage] = []
        self.said: list[FakeMessage] = []
        self.views: dict[str, FakeView] = {}
        self.homes: dict[str, dict[str, Any]] = {}
        self.prompts: dict[str, list[dict[str, str]]] = {}
        self.statuses: dict[tuple[str, str], str] = {}
        self.titles: dict[tuple[str, str], str] = {}
        self.files: dict[str, FakeFile] = {}
        self.expected_lengths: dict[str, int] = {}
        self.tickets: set[str] = set()
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.calls: list[Call] = []
        self.deliveries: list[Delivered] = []
        self.complaints: list[str] = []
        self._numbers: defaultdict[str, count[int]] = defaultdict(lambda: count(1))
        self._last_ts: defaultdict[str, int] = defaultdict(int)
        self.team = self.add_team("T01", name="Acme", installed=True)

    def new_id(self, prefix: str) -> str:
        """`U001`, `U002` …: ids in order, by what they name."""
        return f"{prefix}{next(self._numbers[prefix]):03d}"

    def new_ts(self, channel: str) -> str:
        """The time by Slack's clock as a message's ts, later than every other of its channel."""
        now = self.clock()
        micros = int(now.replace(microsecond=0).timestamp()) * 1_000_000 + now.microsecond
        self._last_ts[channel] = micros = max(micros, self._last_ts[channel] + 1)
        return f"{micros // 1_000_000}.{micros % 1_000_000:06d}"

    def add_team(
        self, id: str | None = None, *, name: str = "", enterprise: str | None = None, installed: bool = False
    ) -> FakeTeam:
        """Another workspace; the app comes by OAuth, or is there at once with `installed`.

        The workspaces of one organisation (`enterprise`) share a bot user, as with an org-wide install.
        """
        id = id or f"T{next(self._numbers['T']) + 1:02d}"
        bot = "RAPPORT" if id == "T01" else f"RAPPORT{enterprise or id}"
        team = FakeTeam(id, name or f"Team {id}", id.lower(), enterprise, f"U0{bot}", f"B0{bot}")
        self.teams[id] = team
        self.users[team.bot_user] = FakeUser(team.bot_user, "Rapport", id, "UTC", bot=True)
        if installed:
            team.bot_token = self.grant(team.id, enterprise, BOT_SCOPES).token
        return team

    def grant(self, team: str | None, enterprise: str | None, scopes: Iterable[str]) -> Grant:
        """A new bot token for a workspace, or with `team` None for a whole organisation."""
        bot = self.teams[team] if team else self.teams_of(enterprise)[0]
        token = f"xoxb-{self.new_id((team or enterprise or '') + '-')}"
        self.grants[token] = Grant(token, team, enterprise, tuple(scopes), bot.bot_user, bot.bot_id)
        for installed in [bot] if team else self.teams_of(enterprise):
            installed.bot_token = token
        return self.grants[token]

    def teams_of(self, enterprise: str | None) -> list[FakeTeam]:
        """The workspaces of an organisation."""
        return [team for team in self.teams.values() if enterprise is not None and team.enterprise == enterprise]

    def add_user(self, name: str, *, zone: str = "Europe/Berlin", team: str = "T01", **facts: bool) -> str:
        """Somebody with an account; `facts` are those of FakeUser: admin, owner, guest, bot, deleted, stranger …"""
        user = FakeUser(self.new_id("U"), name, team, zone, **facts)
        self.users[user.id] = user
        return user.id

    def change_user(self, id: str, **facts: Any) -> FakeUser:
        """Sets facts of somebody; nobody is told until `tell_user_change`."""
        user = self.users[id]
        for name, value in facts.items():
            if not hasattr(user, name):
                raise AttributeError(name)
            setattr(user, name, value)
        return user

    def add_channel(
        self,
        name: str,
        members: Iterable[str] = (),
        *,
        team: str = "T01",
        bot_in: bool = True,
        private: bool = False,
        ext_shared: bool = False,
    ) -> str:
        """A channel, `ext_shared` with another company; what else is true of it, FakeChannel has as fields."""
        bots = {self.teams[team].bot_user} if bot_in else set()
        id = self.new_id("C")
        self.channels[id] = FakeChannel(id, name, team, bots.union(members), private=private, ext_shared=ext_shared)
        return id

    def dm_of(self, user: str, team: str | None = None) -> str:
        """Somebody's direct messages with the bot of a workspace: their own, or ours if they come from elsewhere."""
        at = self.teams.get(team or self.users[user].team, self.team)
        for channel in self.channels.values():
            if (channel.user, channel.team) == (user, at.id):
                return channel.id
        id = self.new_id("D")
        self.channels[id] = FakeChannel(id, "", at.id, {user, at.bot_user}, private=True, user=user)
        return id

    def say(
        self, user: str, channel: str, text: str, *, thread_ts: str | None = None, files: Iterable[str] = ()
    ) -> FakeMessage:
        """Somebody writes; the bot is not told: that is a `deliver`. `files` are ids of `add_file`."""
        shared = [file_object(self.files[id], self.base_url) for id in files]
        team = self.channels[channel].team
        ts = self.new_ts(channel)
        message = FakeMessage(team, channel, ts, user, text, [], "user", thread_ts=thread_ts, files=shared)
        self.said.append(message)
        return message

    def add_file(self, user: str, name: str, content: bytes, mimetype: str = "text/csv") -> str:
        """Somebody uploads a file; it is shared by `say` or chosen in a form."""
        file = FakeFile(self.new_id("F"), name, self.users[user].team, user, content, mimetype, name, complete=True)
        self.files[file.id] = file
        return file.id

    def new_trigger(self, user: str, view: str | None = None) -> str:
        """A trigger id of something that somebody just did; `view` is the modal in which they did it."""
        id = f"{self.new_id('trigger.')}.{user}"
        until = asyncio.get_running_loop().time() + self.trigger_life
        self.triggers[id] = Trigger(user, until, view)
        return id

    def new_response_url(self, user: str, channel: str, message_ts: str | None = None) -> str:
        """Where late answers to a command may go, or to a press on the message `message_ts`."""
        team = self.channels[channel].team
        url = f"{self.base_url}/respond/{team}/{self.new_id('r')}"
        until = self.clock() + timedelta(minutes=30)
        self.response_urls[url] = ResponseUrl(team, channel, user, until, message_ts)
        return url

    def new_socket_url(self) -> str:
        """Where one socket may connect, once."""
        ticket = self.new_id("ticket-")
        self.tickets.add(ticket)
        return f"{self.base_url.replace('http', 'ws', 1)}/link/?ticket={ticket}&app_id={APP_ID}"

    def message(self, channel: str, ts: str) -> FakeMessage | None:
        """The message of a channel that stands, the app's or somebody else's."""
        for message in (*self.messages, *self.said):
            if (message.channel, message.ts, message.deleted) == (channel, ts, False):
                return message
        return None

    def seen_by(self, user: str, channel: str) -> list[FakeMessage]:
        """The app's messages that somebody sees in a channel, oldest first."""
        return [m for m in self.messages if m.channel == channel and not m.deleted and m.ephemeral_to in {None, user}]

    def close_view(self, id: str, *, whole_stack: bool = False) -> FakeView | None:
        """A modal is closed; says which one below it shows now. Events of closing are not this one's business."""
        closed = self.views.pop(id, None)
        if closed is None:
            return None
        if whole_stack:
            for other in [view for view in self.views.values() if view.root == closed.root]:
                del self.views[other.id]
            return None
        return self.views.get(closed.previous) if closed.previous else None
