"""What a person does in Slack, with everything that Slack makes of it, and what they see then."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from tests.platform.slack.checks import check_options, check_response_action
from tests.platform.slack.choosing import CantDo, Chooser, Option
from tests.platform.slack.entries import HELD_IN, is_empty, settled, stateful
from tests.platform.slack.reading import Pressable, Reader, find
from tests.platform.slack.seen import Seen, before, since, top_view
from tests.platform.slack.server import FakeSlack
from tests.platform.slack.state import Delivered, FakeChannel, FakeMessage, FakeView
from tests.platform.slack.surfaces import Surface, input_of, named, pressed, shown, stands, whence
from tests.platform.slack.wording import rich, written

_FOR_GOOD = {"static_select", "radio_buttons"}
"""In these one may choose anew, but not take a choice back."""


@dataclass
class Hand:
    """Somebody in Slack. Every act waits until the bot has done what it does at once, and returns what is seen then.

    CantDo, a LookupError, is raised for what Slack's clients would not let a person do. `team` is the workspace they
    act in, where it is not their own.
    """

    slack: FakeSlack
    user: str
    team: str = ""

    def __post_init__(self) -> None:
        """Acts in their own workspace unless it was said otherwise."""
        self.team = self.team or self.slack.users[self.user].team

    @property
    def dm(self) -> str:
        """Their direct messages with the bot."""
        return self.slack.dm_of(self.user, self.team)

    @property
    def reader(self) -> Reader:
        """How they read: names as Slack shows them, their own zone."""
        return Reader(self.called, ZoneInfo(self.slack.users[self.user].zone), self.slack.clock())

    def called(self, id: str) -> str:
        """What Slack shows for an account or a channel."""
        if id in self.slack.users:
            return f"@{self.slack.users[id].name}"
        return f"#{self.slack.channels[id].name}" if id in self.slack.channels else id

    @property
    def view(self) -> FakeView | None:
        """The modal that is on top for them."""
        return top_view(self.slack, self.user)

    async def slash(self, text: str = "", channel: str = "", *, command: str = "/rapport") -> Seen:
        """Types a command, in their direct messages with the bot unless a channel is named."""
        place = self._channel(channel or self.dm)
        typed = written(self.slack, self.team, text, labels=True)
        fields = {"user_id": self.user, "channel_id": place.id, "command": command, "text": typed}
        return await self._does("command", fields)

    async def say_in_dm(self, text: str, *, files: Collection[str] = (), thread: str | None = None) -> Seen:
        """Writes to the bot directly; `files` are ids of `add_file`, `thread` the ts of a thread's first message."""
        event = self._said(self.dm, text, files, thread) | {"channel_type": "im"}
        return await self._does("event", event | ({"subtype": "file_share"} if files else {}))

    async def mention(self, channel: str, text: str, *, files: Collection[str] = (), thread: str | None = None) -> Seen:
        """Writes in a channel, with a mention of the bot in front."""
        bot = self.slack.teams[self.team].bot_user
        event = self._said(self._channel(channel).id, text, files, thread, to=f"<@{bot}> ")
        return await self._does("event", event | {"type": "app_mention"})

    async def open_home(self) -> Seen:
        """Opens the bot's Home tab."""
        return await self._opens("home")

    async def open_messages(self) -> Seen:
        """Opens the bot's Messages tab."""
        return await self._opens("messages")

    async def changes(self, **facts: Any) -> Seen:
        """Something about them changes (`zone`, `deleted`, …), and Slack tells the bot."""
        self.slack.change_user(self.user, **facts)
        event = {"type": "user_change", "user": self.slack.user_object(self.user)}
        return await self._does("event", event | {"event_ts": self.slack.new_ts("user_change")})

    async def message_shortcut(self, message: FakeMessage, callback_id: str) -> Seen:
        """Chooses a shortcut from the menu of a message."""
        shortcut = {
            "type": "message_action",
            "callback_id": callback_id,
            "user": {"id": self.user},
            "channel": named(self.slack, message.channel),
            "message_ts": message.ts,
            "message": self.slack.message_object(message),
            "action_ts": self._now(),
            # Late answers come beside the message: it isn't the app's to replace.
            "response_url": self.slack.new_response_url(self.user, message.channel),
        }
        return await self._does("interaction", shortcut)

    async def global_shortcut(self, callback_id: str) -> Seen:
        """Chooses a shortcut that belongs to no message."""
        shortcut = {"type": "shortcut", "callback_id": callback_id, "user": {"id": self.user}}
        return await self._does("interaction", shortcut | {"action_ts": self._now()})

    async def press(self, where: Surface, label: str, *, beside: str = "") -> Seen:
        """Presses a button, or takes an item of a menu, by its label or how that begins.

        `beside` picks the paragraph above it, by how it begins, where several have such a button.
        """
        self._settle()
        on = find(shown(where), label, self.reader, beside)
        if on.element["type"] in HELD_IN:
            raise CantDo(f"[{label}] is something to choose from")
        return await self._acts(where, on, pressed(on))

    async def choose(self, where: Surface, select: str, option: object, *, beside: str = "") -> Seen:
        """Chooses from a select, a calendar or boxes by what it says while nothing is chosen."""
        self._settle()
        chosen = find(shown(where), select, self.reader, beside)
        if chosen.element["type"] not in HELD_IN:
            raise CantDo(f"[{select}] is a button")
        entry = await self._chooser(where, chosen.block, chosen.element).entry(option)
        if isinstance(where, FakeView):
            where.state.setdefault(chosen.block["block_id"], {})[chosen.element["action_id"]] = entry
        return await self._acts(where, chosen, entry)

    async def fill(self, view: FakeView, values: Mapping[str, object]) -> None:
        """Types and chooses in a form, by the inputs' names (block ids) or labels, without sending it."""
        self._settle()
        stands(self.slack, view)
        for name, value in values.items():
            block, element = input_of(view, name)
            entry = await self._chooser(view, block, element).entry(value)
            was = view.state[block["block_id"]][element["action_id"]]
            if element["type"] in _FOR_GOOD and is_empty(entry) and not is_empty(was):
                raise CantDo(f"{name} can't be emptied again: choose something else")
            view.state[block["block_id"]][element["action_id"]] = entry

    async def submit(self, view: FakeView, values: Mapping[str, object] | None = None) -> Seen:
        """Sends a form as it stands, with these inputs changed.

        CantDo where something that is needed is empty, which Slack says without asking the app.
        """
        await self.fill(view, values or {})
        if "submit" not in view.view:
            raise CantDo("this modal has nothing to send")
        for block, element in stateful(view.view["blocks"]):
            entry = view.state[block["block_id"]][element["action_id"]]
            if block["type"] == "input" and not block.get("optional") and is_empty(entry):
                raise CantDo(f"{block['label']['text']} can't be left empty")
        sent = view.view
        form = {"type": "view_submission", "user": {"id": self.user}, "view": view.id, "response_urls": []}
        seen = await self._does("interaction", form)
        self.slack.complaints += [
            f"ack of view_submission: {each}" for each in check_response_action(seen.delivered.body or {}, sent)
        ]
        return seen

    async def close(self, view: FakeView) -> Seen:
        """Closes a modal with its button; the app hears of it if it wanted to."""
        stands(self.slack, view)
        self._settle()
        form = {"type": "view_closed", "user": {"id": self.user}, "view": view.id, "is_cleared": False}
        whole = bool(view.view.get("clear_on_close"))
        if not view.view.get("notify_on_close"):
            then = before(self.slack, self.user)
            self.slack.close_view(view.id, whole_stack=whole)
            return since(then, self.slack, self.user, Delivered("interaction", form, None, None, 0.0))
        seen = await self._does("interaction", form)
        self.slack.close_view(view.id, whole_stack=whole)
        return seen

    async def suggest(self, view: FakeView, name: str, typed: str) -> tuple[str, ...]:
        """The labels that an external select offers for what was typed so far."""
        self._settle()
        block, element = input_of(view, name)
        return tuple(option["text"]["text"] for option in await self._offered(view, block, element, typed))

    async def sees(self, predicate: Callable[[], object], within: float = 2.0) -> None:
        """Waits for what comes late; TimeoutError where it does not."""
        await self.slack.until(predicate, within)
        self._settle()

    def sees_in(self, channel: str) -> list[FakeMessage]:
        """The bot's messages that they see in a channel, oldest first."""
        return self.slack.seen_by(self.user, channel)

    async def _opens(self, tab: str) -> Seen:
        event: dict[str, Any] = {"type": "app_home_opened", "user": self.user, "channel": self.dm, "tab": tab}
        event["event_ts"] = self._now()
        if tab == "home" and self.user in self.slack.homes:
            event["view"] = self.slack.homes[self.user]
        return await self._does("event", event)

    def _said(
        self, channel: str, text: str, files: Collection[str], thread: str | None, to: str = ""
    ) -> dict[str, Any]:
        typed = to + written(self.slack, self.team, text)
        message = self.slack.say(self.user, channel, typed, thread_ts=thread, files=files)
        event: dict[str, Any] = {
            "type": "message",
            "client_msg_id": f"client-{message.ts}",
            "user": self.user,
            "team": self.team,
            "channel": channel,
            "text": typed,
            "ts": message.ts,
            "event_ts": message.ts,
            "blocks": rich(text),
        }
        event |= {"thread_ts": thread} if thread else {}
        return event | ({"files": message.files, "upload": False} if files else {})

    async def _acts(self, where: Surface, on: Pressable, what: Mapping[str, Any]) -> Seen:
        """Delivers what was pressed or chosen, from wherever it stands."""
        element = {name: on.element[name] for name in ("action_id", "type") if name in on.element}
        action = element | dict(what) | {"block_id": on.block["block_id"], "action_ts": self._now()}
        payload = {"type": "block_actions", "user": {"id": self.user}, "actions": [action]}
        return await self._does("interaction", payload | whence(self.slack, self.user, where))

    def _chooser(self, where: Surface, block: Mapping[str, Any], element: Mapping[str, Any]) -> Chooser:
        async def ask(typed: str) -> Sequence[Option]:
            return await self._offered(where, block, element, typed)

        return Chooser(self.slack, self.team, element, ask)

    async def _offered(
        self, where: Surface, block: Mapping[str, Any], element: Mapping[str, Any], typed: str
    ) -> Sequence[Option]:
        question = {
            "type": "block_suggestion",
            "user": {"id": self.user},
            "action_id": element["action_id"],
            "block_id": block["block_id"],
            "value": typed,
        }
        place = whence(self.slack, self.user, where)
        asked = question | {name: place[name] for name in place.keys() - {"state", "response_url"}}
        delivered = await self.slack.deliver("suggestion", asked, team=self.team)
        body = delivered.body or {}
        self.slack.complaints += [f"options for {typed!r}: {each}" for each in check_options(body)]
        groups = [group["options"] for group in body.get("option_groups", ())]
        return [*body.get("options", ()), *(option for group in groups for option in group)]

    async def _does(self, kind: str, payload: dict[str, Any]) -> Seen:
        self._settle()
        then = before(self.slack, self.user)
        delivered = await self.slack.deliver(kind, payload, team=self.team)
        await self.slack.quiet()
        self._settle()
        return since(then, self.slack, self.user, delivered)

    def _settle(self) -> None:
        """What stands in the inputs of their modals is what they see there, touched or not."""
        for view in self.slack.views.values():
            if view.user == self.user:
                view.state = settled(view.view["blocks"], view.state)

    def _stands(self, view: FakeView) -> None:
        if self.slack.views.get(view.id) is not view:
            raise CantDo("the modal is closed")

    def _channel(self, channel: str) -> FakeChannel:
        """A channel they are in, by id or name."""
        for one in self.slack.channels.values():
            if channel in {one.id, one.name, f"#{one.name}"}:
                if self.user not in one.members:
                    raise CantDo(f"{self.called(self.user)} is not in {channel}")
                return one
        raise CantDo(f"there is no channel {channel!r}")

    def _now(self) -> str:
        return self.slack.new_ts(f"acts-{self.user}")
