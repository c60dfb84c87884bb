"""Where an answer goes: into the conversation, or into the modal in which something was pressed or sent."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator, Mapping
from typing import Any

import msgspec
import structlog

from adapters.slack import words
from adapters.slack.back import Back, Meta
from adapters.slack.clients import ASK_WITHIN, Clients
from adapters.slack.forms import draw_form
from adapters.slack.keys import look_in_thread
from adapters.slack.places import Places
from adapters.slack.posting import Posting
from adapters.slack.refusals import Unanswered, harmless, refusals
from adapters.slack.render import Drawn, Surface, draw_reply, saying, subject
from adapters.slack.views import Shown, Views, is_overtaken
from bot.address import Person, PlaceKind, Posted, dm
from bot.errors import NotPosted, PostError, PostUnknown, StoreFailed
from bot.reply import Answer, Form, Reply

EPHEMERAL, IN_CHANNEL = "ephemeral", "in_channel"

log = structlog.get_logger()


class Window(msgspec.Struct, frozen=True):
    """An open modal, and where answers go that it can't take."""

    shown: Shown
    back: Back


class Over(msgspec.Struct, frozen=True):
    """What an answer takes the place of: a message in our DM with the reader, or what the response URL stands for."""

    message: str | None = None


class Answers:
    """Brings answers to whoever asked. Where Slack does not take one, it is brought another way, and then lost."""

    def __init__(self, clients: Clients, places: Places, posting: Posting, views: Views) -> None:
        self._clients, self._places, self._posting, self._views = clients, places, posting, views

    async def tell(self, back: Back, reader: Person, answer: Answer, over: Over | None = None) -> None:
        """Says an answer in the conversation that was asked in; a form comes as a button that opens it.

        In the reader's own DM it is a message; in a channel only the reader sees it. Where nobody knows whether it
        stands it is said once more. It comes beside what it should be `over`, where Slack does not let that be changed.
        """
        try:
            await self._tell(back, reader, _spoken(answer), over)
        except PostUnknown:
            log.warning("slack.answer_unknown", workspace=back.workspace)
        except PostError as error:
            log.error("slack.answer_lost", workspace=back.workspace, why=str(error))

    async def note(self, back: Back, reader: Person, reply: Reply) -> Over | None:
        """Says something in passing that only the reader sees; if Slack does not take it, so be it.

        Returns where the answer can take its place: in our DM.
        """
        drawn = draw_reply(reply, Surface.MESSAGE, back.workspace)
        try:
            place = await self._places.place(back.workspace, back.place, reader.id)
            if PlaceKind.DM in {place.kind, back.kind}:
                channel = await self._places.dm(back.workspace, reader.id)
                return Over(await self._posting.say(back.workspace, channel, drawn, thread=back.thread))
            await self._respond(back, drawn, over=False)
        except (PostError, Unanswered, StoreFailed) as error:
            log.info("slack.note_lost", workspace=back.workspace, why=str(error))
        return None

    async def unsay(self, reader: Person, over: Over) -> None:
        """Takes away what stands in our DM; if Slack does not take it away, so be it."""
        if over.message is None:
            return
        try:
            await self._posting.delete(Posted(dm(reader), over.message))
        except PostError as error:
            log.info("slack.note_stays", workspace=reader.workspace, why=str(error))

    async def answer_message(
        self, back: Back, reader: Person, answer: Answer, *, key: str, is_redelivered: bool
    ) -> None:
        """Answers words that were said in a DM, in their thread, once under a key. Raises PostError.

        `is_redelivered`: an earlier process may have answered and died before it could say so; then it is looked up.
        """
        drawn = draw_reply(_spoken(answer), Surface.MESSAGE, back.workspace)
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
        drawn = draw_reply(_spoken(answer), Surface.MESSAGE, back.workspace)
        try:
            await self._in_channel(back, reader, drawn)
        except PostUnknown:
            log.warning("slack.answer_unknown", workspace=back.workspace)

    async def show(self, trigger: str, back: Back, reader: Person, answer: Answer) -> Shown | None:
        """Opens a modal with an answer; where that is not possible any more, says it in the conversation."""
        try:
            shown = await self._views.open(back.workspace, trigger, modal(answer, back))
        except PostError as error:
            log.info("slack.modal_not_opened", workspace=back.workspace, why=str(error))
            await self.tell(back, reader, answer)
            return None
        await self.bring_files_of(back, reader, answer)
        return shown

    async def push(self, trigger: str, window: Window, reader: Person, form: Form) -> None:
        """Opens a form on top of a modal, which is there again when that is cancelled; else shows it in the modal."""
        try:
            await self._views.push(window.back.workspace, trigger, modal(form, window.back))
        except PostError as error:
            log.info("slack.modal_not_pushed", workspace=window.back.workspace, why=str(error))
            await self.show_in(window, reader, form)

    async def show_in(self, window: Window, reader: Person, answer: Answer, *, is_late: bool = False) -> None:
        """Shows an answer in an open modal.

        Where it shows something else by now, the latest wins; but one who had to wait has moved on, and is not torn
        away from that: then, and where it is closed, the answer comes in the conversation.
        """
        back, view = window.back, modal(answer, window.back)
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
            await self._views.update(window.back.workspace, window.shown, modal(reply, window.back))
        except PostError as error:
            log.info("slack.modal_not_changed", workspace=window.back.workspace, why=str(error))

    def spoken(self, reply: Reply, back: Back) -> tuple[dict[str, Any], Drawn]:
        """A reply as the acknowledgement of a command, and how it is drawn: in our DM it is to stay there."""
        drawn = draw_reply(reply, Surface.MESSAGE, back.workspace)
        return _said(drawn, IN_CHANNEL if back.kind is PlaceKind.DM else EPHEMERAL), drawn

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

    async def _tell(self, back: Back, reader: Person, reply: Reply, over: Over | None) -> None:
        """Brings an answer in the first way that takes it. Raises as the last way did that was tried.

        After one of which nobody knows whether it did, one more is tried.
        """
        is_in_doubt, failure = False, PostError("there is no way to answer")
        for way in self._ways(back, reader, reply, over):
            try:
                await way
            except PostUnknown as error:
                if is_in_doubt:
                    raise
                is_in_doubt, failure = True, error
            except PostError as error:
                failure = error
            else:
                return
            log.info("slack.answered_another_way", workspace=back.workspace, why=str(failure))
        raise failure

    def _ways(self, back: Back, reader: Person, reply: Reply, over: Over | None) -> Iterator[Coroutine[Any, Any, None]]:
        """How an answer can be brought, best first; to say something new in a DM there is one way, tried again."""
        drawn = draw_reply(reply, Surface.MESSAGE, back.workspace)
        if back.kind is PlaceKind.DM:
            if over is not None and over.message is not None:
                yield self._in_place(back, reader, reply, Posted(dm(reader), over.message))
            yield self._by_dm(back, reader, drawn, back.thread)
            yield self._by_dm(back, reader, drawn, back.thread)
            return
        if back.response_url is not None:
            yield self._by_address(back, reader, drawn, over=over == Over())
        yield self._in_channel(back, reader, drawn)
        # Not in this conversation, then: a DM with the reader is always there.
        yield self._by_dm(back, reader, drawn, None)

    async def _in_place(self, back: Back, reader: Person, reply: Reply, posted: Posted) -> None:
        await self._posting.edit(posted, reply)
        await self.bring_files(back, reader, draw_reply(reply, Surface.MESSAGE, back.workspace))

    async def _by_address(self, back: Back, reader: Person, drawn: Drawn, *, over: bool) -> None:
        await self._respond(back, drawn, over=over)
        await self.bring_files(back, reader, drawn)

    async def _in_channel(self, back: Back, reader: Person, drawn: Drawn) -> None:
        await self._posting.say(back.workspace, back.place, drawn, user=reader.id, thread=back.thread)

    async def _by_dm(self, back: Back, reader: Person, drawn: Drawn, thread: str | None) -> None:
        channel = await self._places.dm(back.workspace, reader.id)
        await self._posting.say(back.workspace, channel, drawn, thread=thread)

    async def _respond(self, back: Back, drawn: Drawn, *, over: bool) -> None:
        """Says something to a response URL, once, that only the reader sees; `over` what it stands for.

        Raises NotPosted where it was not taken, PostUnknown where nobody knows.
        """
        with harmless():
            client = await self._clients.posting(back.workspace)
        if client.session is None or back.response_url is None:
            raise NotPosted("There is no address to respond to.", None)
        said: dict[str, Any] = {**_said(drawn, EPHEMERAL), "replace_original": over}
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
        async with self._clients.question(back.workspace) as client:
            return await look_in_thread(client, channel, back.thread, key) is not None


def _spoken(answer: Answer) -> Reply:
    """An answer as a message can say it."""
    return words.form_ready(answer) if isinstance(answer, Form) else answer


def modal(answer: Answer, back: Back, known: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The modal that shows an answer; `known` are labels of what was chosen in it before."""
    if isinstance(answer, Form):
        return draw_form(answer, Meta(answer.verb, answer.id, back), known)
    title = subject(answer) or words.ANSWER_TITLE
    return saying(title, draw_reply(answer, Surface.MODAL, back.workspace), Meta("", None, back))


def _said(drawn: Drawn, how: str) -> dict[str, Any]:
    return {"response_type": how, "text": drawn.text, "blocks": list(drawn.blocks)}
