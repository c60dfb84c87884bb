"""One request to the Web API, and what all methods read from it in the same way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.platform.slack import checks
from tests.platform.slack.objects import message_object, with_ids
from tests.platform.slack.state import FakeChannel, FakeMessage, FakeTeam, FakeUser, Grant
from tests.platform.slack.world import Refused, World

LONGEST_TEXT = 40_000
"""Characters of a message's text: Slack cuts what is longer or refuses it as msg_too_long."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked, by whom. Every method raises Refused with Slack's code."""

    world: World
    grant: Grant
    args: Mapping[str, Any]

    def needs(self, *names: str) -> tuple[Any, ...]:
        """Arguments that have to be there, or it is refused as invalid_arguments."""
        missing = [name for name in names if self.args.get(name) in (None, "")]
        if missing:
            messages = [f"[ERROR] missing required field: {name}" for name in missing]
            raise Refused("invalid_arguments", response_metadata={"messages": messages})
        return tuple(self.args[name] for name in names)

    def flag(self, name: str) -> bool:
        """A yes or no, in any of the spellings that Slack takes."""
        return str(self.args.get(name, "")).lower() in {"1", "true"}

    @property
    def teams(self) -> list[FakeTeam]:
        """The workspaces that the token is good for."""
        if self.grant.team is not None:
            return [self.world.teams[self.grant.team]]
        return self.world.teams_of(self.grant.enterprise)

    def requires(self, scope: str) -> None:
        """Refuses a token without a scope."""
        if scope not in self.grant.scopes:
            raise Refused("missing_scope", needed=scope, provided=",".join(self.grant.scopes))

    def user(self, id: str) -> FakeUser:
        """Somebody the bot can see: of its workspaces, or in a channel that is shared with it."""
        user = self.world.users.get(id)
        if user is None:
            raise Refused("user_not_found")
        ids = {team.id for team in self.teams}
        shares = any(id in channel.members and channel.team in ids for channel in self.world.channels.values())
        if user.team not in ids and not shares:
            raise Refused("user_not_visible")
        return user

    def channel(self, id: str) -> FakeChannel:
        """A channel the bot can see: of its workspaces, and private ones only where it is a member."""
        channel = self.world.channels.get(id)
        if channel is None or channel.team not in {team.id for team in self.teams}:
            raise Refused("channel_not_found")
        if channel.private and self.bot_in(channel) not in channel.members:
            raise Refused("channel_not_found")
        return channel

    def bot_in(self, channel: FakeChannel) -> str:
        """The bot's account where a channel is."""
        return self.world.teams[channel.team].bot_user

    def channel_to_write_in(self, id: str) -> FakeChannel:
        """A channel the bot may post to now; somebody's id stands for their direct messages."""
        if id in self.world.users:
            id = self.world.dm_of(self.user(id).id, self.teams[0].id)
        channel = self.channel(id)
        if channel.archived:
            raise Refused("is_archived")
        if self.bot_in(channel) not in channel.members:
            raise Refused("not_in_channel")
        return channel

    def shown(self, message: FakeMessage, *, with_metadata: bool = False) -> dict[str, Any]:
        """A message as answers have it."""
        return message_object(message, self.world.teams[message.team].bot_id, with_metadata=with_metadata)


def check_message(world: World, payload: Mapping[str, Any], origin: str) -> None:
    """Refuses a message as Slack would, and keeps in mind what was wrong with it."""
    if not any(payload.get(name) for name in ("text", "blocks", "attachments")):
        raise Refused("no_text")
    if len(str(payload.get("text") or "")) > LONGEST_TEXT:
        world.complaints.append(f"{origin}: a text of more than {LONGEST_TEXT} characters")
        raise Refused("msg_too_long")
    complaints = [*checks.check_message(payload), *_unknown_files(world, payload.get("blocks") or ())]
    if complaints:
        world.complaints.extend(f"{origin}: {complaint}" for complaint in complaints)
        raise Refused("invalid_blocks", errors=complaints, response_metadata={"messages": complaints})


def check_view(world: World, view: Any, origin: str) -> None:
    """Refuses a view as Slack would, and keeps in mind what was wrong with it."""
    if not isinstance(view, dict):
        raise Refused("invalid_arguments", response_metadata={"messages": ["[ERROR] view is no object"]})
    complaints = [*checks.check_view(view), *_unknown_files(world, view.get("blocks") or ())]
    if complaints:
        world.complaints.extend(f"{origin}: {complaint}" for complaint in complaints)
        raise Refused("invalid_arguments", response_metadata={"messages": complaints})


def _unknown_files(world: World, blocks: Any) -> list[str]:
    wanted = [block.get("slack_file", {}).get("id") for block in blocks if isinstance(block, dict)]
    return [f"slack_file {id} is not there" for id in wanted if id and not _is_complete(world, id)]


def _is_complete(world: World, id: str) -> bool:
    return id in world.files and world.files[id].complete


def put_message(
    world: World, channel: FakeChannel, payload: Mapping[str, Any], via: str, *, ephemeral_to: str | None = None
) -> FakeMessage:
    """The app's message stands from now on."""
    message = FakeMessage(
        team=channel.team,
        channel=channel.id,
        ts=world.new_ts(channel.id),
        user=world.teams[channel.team].bot_user,
        text=str(payload.get("text") or ""),
        blocks=with_ids(payload.get("blocks") or (), world.new_id),
        via=via,
        thread_ts=payload.get("thread_ts"),
        metadata=payload.get("metadata"),
        ephemeral_to=ephemeral_to,
    )
    world.messages.append(message)
    return message
