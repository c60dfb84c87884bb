"""Where an answer goes: into the conversation, or into the modal in which something was pressed or sent."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator, Mapping
from typing import Any

import msgspec
import structlog
from slack_sdk.errors import SlackApiError

from adapters.slack import words
from adapters.slack.back import Back, Meta
from adapters.slack.clients import ASK_WITHIN, Clients
from adapters.slack.forms import draw_form
from adapters.slack.keys import key_of
from adapters.slack.places import Places
from adapters.slack.posting import Posting
from adapters.slack.refusals import code_of, harmless, refusals
from adapters.slack.render import Drawn, Surface, draw_reply, saying
from adapters.slack.views import Shown, Views, is_overtaken
from bot.address import Person, PlaceKind
from bot.errors import NotPosted, PostError, PostUnknown
from bot.reply import Answer, Form, Reply

EPHEMERAL, IN_CHANNEL = "ephemeral", "in_channel"

log = structlog.get_logger()


class Window(msgspec.Struct, frozen=True):
    """An open modal, and where answers go that it can't take."""

    shown: Shown
    back: Back


class Answers:
    """Brings answers to whoever asked. Where Slack does not take one, it is brought another way, and then lost."""

    def __init__(self, clients: Clients, places: Places, posting: Posting, views: Views) -> None:
        self._clients, self._places, self._posting, self._views = clients, places, posting, views

    async def tell(self, back: Back, reader: Person, answer: Answer) -> None:
        """Says an answer in the conversation that was asked in; a form comes as a button that opens it.

        In the reader's own DM it is a message; in a channel only the reader sees it, unless it is meant for all. Where
        nobody knows whether it stands, what only the reader sees is said once more; what is for all never is, and the
        reader is told to look.
        """
        reply = words.form_ready(answer.id) if isinstance(answer, Form) else answer
        drawn = draw_reply(reply, Surface.MESSAGE, back.workspace)
        try:
            await self._tell(back, reader, drawn, is_for_all=_is_for_all(back, reply))
        except PostUnknown:
            await self._doubt(back, reader, reply)
        except PostError as error:
            log.error("slack.answer_lost", workspace=back.workspace, why=str(error))

    async def note(self, back: Back, reader: Person, reply: Reply) -> None:
        """Says something in passing that only the reader sees, wherever it is; if Slack does not take it, so be it."""
        drawn = draw_reply(reply, Surface.MESSAGE, back.workspace)
        try:
            if back.response_url is not None:
                await self._respond(back, drawn, EPHEMERAL)
            else:
                channel = await self._places.channel(back.where)
                await self._posting.say(back.workspace, channel, drawn, user=reader.id, thread=back.thread)
        except PostError as error:
            log.info("slack.note_lost", workspace=back.workspace, why=str(error))

    async def answer_message(
        self, back: Back, reader: Person, answer: Answer, *, key: str, is_redelivered: bool
    ) -> None:
        """Answers words that were said in a DM, in their thread, once under a key. Raises PostError.

        `is_redelivered`: an earlier process may have answered and died before it could say so; then it is looked up.
        """
        reply = words.form_ready(answer.id) if isinstance(answer, Form) else answer
        drawn = draw_reply(reply, Surface.MESSAGE, back.workspace)
        channel = await self._places.dm(reader.workspace, reader.id)
        if is_redelivered and await self._stands(back, channel, key):
            log.info("slack.answered_before", workspace=back.workspace)
            return
        await self._posting.say(back.workspace, channel, drawn, thread=back.thread, key=key)

    async def answer_mention(self, back: Back, reader: Person, answer: Answer) -> None:
        """Answers a mention where it was made, seen by the one who made it alone.

        Raises NotPosted, PlaceLost. Where nobody knows whether it stands it counts as answered: Slack would have the
        mention heard again, and an answer that only one person sees can't be looked up.
        """
        reply = words.form_ready(answer.id) if isinstance(answer, Form) else answer
        drawn = draw_reply(reply, Surface.MESSAGE, back.workspace)
        user = reader.id if reply.private else None
        try:
            await self._posting.say(back.workspace, back.place, drawn, user=user, thread=back.thread)
        except PostUnknown:
            await self._doubt(back, reader, reply)

    async def show(self, trigger: str, back: Back, reader: Person, answer: Answer) -> Shown | None:
        """Opens a modal with an answer; where that is not possible any more, says it in the conversation."""
        try:
            shown = await self._views.open(back.workspace, trigger, _view(answer, back))
        except PostError as error:
            log.info("slack.modal_not_opened", workspace=back.workspace, why=str(error))
            await self.tell(back, reader, answer)
            return None
        await self.bring_files_of(back, reader, answer)
        return shown

    async def show_in(self, window: Window, reader: Person, answer: Answer, *, is_late: bool = False) -> None:
        """Shows an answer in an open modal.

        Where it shows something else by now, the latest wins; but one who had to wait has moved on, and is not torn
        away from that: then, and where it is closed, the answer comes in the conversation.
        """
        back, view = window.back, _view(answer, window.back)
        try:
            try:
                await self._views.update(back.workspace, window.shown, view)
            except PostError as error:
                if is_late or not is_overtaken(error):
                    raise
                await self._views.update(back.workspace, Shown(window.shown.id), view)
        except PostError as error:
            log.info("slack.modal_not_changed", workspace=back.workspace, why=str(error))
            await self.tell(back, reader, answer)
            return
        await self.bring_files_of(back, reader, answer)

    async def close_with(self, window: Window, reply: Reply) -> None:
        """Leaves last words in a modal, which only people can close; one that is closed needs none."""
        try:
            await self._views.update(window.back.workspace, window.shown, _view(reply, window.back))
        except PostError as error:
            log.info("slack.modal_not_changed", workspace=window.back.workspace, why=str(error))

    def view(self, answer: Answer, back: Back, known: Mapping[str, str] | None = None) -> dict[str, Any]:
        """The modal that shows an answer; `known` are labels of what was chosen in it before."""
        return _view(answer, back, known)

    def spoken(self, reply: Reply, back: Back) -> tuple[dict[str, Any], Drawn]:
        """A reply as the acknowledgement of a command, and how it is drawn: in our DM it is to stay there."""
        drawn = draw_reply(reply, Surface.MESSAGE, back.workspace)
        is_to_stay = back.kind is PlaceKind.DM or not reply.private
        return _said(drawn, IN_CHANNEL if is_to_stay else EPHEMERAL), drawn

    async def bring_files(self, back: Back, reader: Person, drawn: Drawn) -> None:
        """Brings the files of an answer that could not carry them, by DM."""
        if not drawn.files:
            return
        try:
            channel = await self._places.dm(reader.workspace, reader.id)
            await self._posting.bring(back.workspace, channel, drawn.files)
        except PostError as error:
            log.error("slack.files_lost", workspace=back.workspace, files=len(drawn.files), why=str(error))

    async def bring_files_of(self, back: Back, reader: Person, answer: Answer) -> None:
        """The same for what a modal shows."""
        if isinstance(answer, Reply):
            await self.bring_files(back, reader, draw_reply(answer, Surface.MODAL, back.workspace))

    async def _tell(self, back: Back, reader: Person, drawn: Drawn, *, is_for_all: bool) -> None:
        """Brings an answer in the first way that takes it. Raises as the last way did that was tried.

        One of which nobody knows whether it did ends it, unless only the reader sees it: then one more is tried.
        """
        is_in_doubt, failure = False, PostError("there is no way to answer")
        for way in self._ways(back, reader, drawn, is_for_all=is_for_all):
            try:
                await way
            except PostUnknown as error:
                if is_for_all or is_in_doubt:
                    raise
                is_in_doubt, failure = True, error
            except PostError as error:
                failure = error
            else:
                return
            log.info("slack.answered_another_way", workspace=back.workspace, why=str(failure))
        raise failure

    def _ways(
        self, back: Back, reader: Person, drawn: Drawn, *, is_for_all: bool
    ) -> Iterator[Coroutine[Any, Any, None]]:
        """How an answer can be brought, best first; in a DM there is one way, and it is tried again."""
        if back.kind is PlaceKind.DM:
            yield self._by_dm(back, reader, drawn, back.thread)
            yield self._by_dm(back, reader, drawn, back.thread)
            return
        if back.response_url is not None:
            yield self._by_address(back, reader, drawn, IN_CHANNEL if is_for_all else EPHEMERAL)
        yield self._in_channel(back, drawn, None if is_for_all else reader.id)
        # Not in this conversation, then: a DM with the reader is always there.
        yield self._by_dm(back, reader, drawn, None)

    async def _by_address(self, back: Back, reader: Person, drawn: Drawn, how: str) -> None:
        await self._respond(back, drawn, how)
        await self.bring_files(back, reader, drawn)

    async def _in_channel(self, back: Back, drawn: Drawn, user: str | None) -> None:
        await self._posting.say(back.workspace, back.place, drawn, user=user, thread=back.thread)

    async def _by_dm(self, back: Back, reader: Person, drawn: Drawn, thread: str | None) -> None:
        channel = await self._places.dm(back.workspace, reader.id)
        await self._posting.say(back.workspace, channel, drawn, thread=thread)

    async def _doubt(self, back: Back, reader: Person, reply: Reply) -> None:
        """Has whoever asked know that an answer for all may not stand."""
        log.warning("slack.answer_unknown", workspace=back.workspace)
        if _is_for_all(back, reply):
            await self.tell(back, reader, words.MAY_NOT_STAND)

    async def _respond(self, back: Back, drawn: Drawn, how: str) -> None:
        """Posts to a response URL, once. Raises NotPosted where it was not taken, PostUnknown where nobody knows."""
        with harmless():
            client = await self._clients.posting(back.workspace)
        if client.session is None or back.response_url is None:
            raise NotPosted("There is no address to respond to.", None)
        said: dict[str, Any] = {**_said(drawn, how), "replace_original": False}
        if back.thread is not None:
            said["thread_ts"] = back.thread
        with refusals():
            async with asyncio.timeout(ASK_WITHIN), client.session.post(back.response_url, json=said) as answer:
                status = answer.status
        if status >= 500:
            raise PostUnknown(f"Slack had a failure of its own ({status}).")
        if status >= 300:
            raise NotPosted(f"Slack refused it (HTTP {status}).", None)

    async def _stands(self, back: Back, channel: str, key: str) -> bool:
        """Whether an answer stands in a thread under a key. Raises NotPosted where Slack does not say."""
        if back.thread is None:
            return False
        with harmless():
            async with asyncio.timeout(ASK_WITHIN):
                client = await self._clients.asking(back.workspace)
                cursor: str | None = None
                while True:
                    try:
                        page = await client.conversations_replies(
                            channel=channel, ts=back.thread, include_all_metadata=True, limit=200, cursor=cursor
                        )
                    except SlackApiError as error:
                        if code_of(error) in {"thread_not_found", "message_not_found"}:
                            return False
                        raise
                    if any(key_of(message) == key for message in page.get("messages") or ()):
                        return True
                    if not (cursor := (page.get("response_metadata") or {}).get("next_cursor")):
                        return False


def _view(answer: Answer, back: Back, known: Mapping[str, str] | None = None) -> dict[str, Any]:
    if isinstance(answer, Form):
        return draw_form(answer, Meta(answer.verb, answer.id, back), known)
    return saying(words.ANSWER_TITLE, draw_reply(answer, Surface.MODAL, back.workspace), Meta("", None, back))


def _is_for_all(back: Back, reply: Reply) -> bool:
    """Whether others read it, too: in our DM there are none."""
    return not reply.private and back.kind is not PlaceKind.DM


def _said(drawn: Drawn, how: str) -> dict[str, Any]:
    return {"response_type": how, "text": drawn.text, "blocks": list(drawn.blocks)}
