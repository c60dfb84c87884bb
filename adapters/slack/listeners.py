"""What Bolt calls for commands, presses, forms, shortcuts and suggestions: answered in time, or told to wait."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Coroutine
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_bolt.response import BoltResponse

from adapters.slack import words
from adapters.slack.answers import Answers, Over, Window, modal
from adapters.slack.asking import Asked, Asking
from adapters.slack.errands import Errands
from adapters.slack.events import Events
from adapters.slack.forms import inline_errors, labels
from adapters.slack.home import Home
from adapters.slack.names import ACTIONS, FORM, LINK, MESSAGE_ACTIONS, SHORTCUTS
from adapters.slack.refusals import Unanswered
from adapters.slack.render import LABEL_LIMIT, OPTION_LIMIT, fits_option, plain_text
from adapters.slack.requests import Request
from adapters.slack.sources import Malformed, found, who, within
from adapters.slack.views import Shown
from bot.errors import PostError, RapportError, StoreFailed
from bot.reply import Form, Option, Outcome, Reply

ACK_WITHIN = 2.6
"""Seconds after which Slack is answered whatever is still under way; it gives up after three."""

SUGGEST_WITHIN = 2.0
"""Seconds for a suggestion: a list that comes later is shown to nobody."""

SETTLE = 0.7
"""Seconds between telling Slack what a modal is to show and changing that: the other way round the first would win."""

Body = dict[str, Any]

log = structlog.get_logger()


class Listeners:
    """Everything that people do in Slack, from the request to its acknowledgement."""

    def __init__(
        self, asking: Asking, answers: Answers, events: Events, home: Home, errands: Errands, *, patience: float
    ) -> None:
        """`patience`: seconds that an answer may take before "Still working…"."""
        self._asking, self._answers, self._events, self._home = asking, answers, events, home
        self._errands, self._patience = errands, patience

    def join(self, app: AsyncApp) -> None:
        """Has Bolt call us."""
        # Whatever a workspace has renamed it to.
        app.command(re.compile("/"))(self.command)
        app.action(ACTIONS)(self.press)
        app.view(FORM)(self.submission)
        for shortcut in SHORTCUTS:
            app.global_shortcut(shortcut)(self.shortcut)
        for action in MESSAGE_ACTIONS:
            app.message_shortcut(action)(self.message_action)
        app.options(re.compile(""))(self.suggestion)
        self._events.join(app)
        # What is left over is no business of ours, and Slack need not send it again.
        app.action(re.compile(""))(_nothing)
        app.view(re.compile(""))(_nothing)
        app.shortcut(re.compile(""))(_nothing)
        app.error(_failed)

    async def command(self, ack: AsyncAck, body: Body) -> None:
        """`/rapport …`: the acknowledgement is the answer, where it is there in time."""
        request = Request(body, asyncio.get_running_loop().time())
        task = self._errands.start("command", self._asking.command(body, request.source))
        if not await self._errands.within(self._patience, task):
            await self._put_off(ack, task, request)
            return
        asked = task.result()
        if isinstance(asked.answer, Form):
            await self._before_ack(request, self._show(request, asked))
            await ack()
            return
        said, drawn = self._answers.spoken(asked.answer, asked.back)
        if drawn.files:
            self._errands.start("files", self._answers.bring_files(asked.back, request.reader, drawn))
        await ack(said)

    async def press(self, ack: AsyncAck, body: Body) -> None:
        """A button, a select or a menu; a link needs nothing but the acknowledgement."""
        if str(found(body, "actions", 0, "action_id")).startswith(f"{LINK}:"):
            await ack()
            return
        request = Request(body, asyncio.get_running_loop().time())
        task = self._errands.start("press", self._asking.press(body, request.source))
        if await self._errands.within(self._patience, task):
            await self._before_ack(request, self._answer_press(request, task.result()))
        else:
            self._errands.start("late_press", self._late_press(task, request))
        await ack()

    async def submission(self, ack: AsyncAck, body: Body) -> None:
        """A form: what is wrong stands beside its inputs, and what went well where the form came from."""
        request = Request(body, asyncio.get_running_loop().time())
        task = self._errands.start("form", self._asking.submission(body, request.source))
        if not await self._errands.within(self._patience, task):
            self._errands.start("late_form", self._late_form(task, request))
            await ack(response_action="update", view=modal(words.STILL_WORKING, request.back))
            return
        asked = task.result()
        match asked.answer:
            case Form() as form if (errors := inline_errors(form, within(body, "view"))) is not None:
                await ack(response_action="errors", errors=errors)
            case Form() as form:
                view = modal(form, asked.back, labels(within(body, "view")))
                await ack(response_action="update", view=view)
            case Reply(outcome=Outcome.FINE) if asked.back.at_home and request.below is not None:
                # What the form was opened from tells of what is over: the answer takes its place, and the form closes.
                await self._before_ack(request, self._answer_below(request.below, request, asked))
                await ack()
            case Reply() as reply if asked.back.at_home or reply.outcome is not Outcome.FINE:
                self._errands.start("files", self._after_modal(request, asked))
                # Pushed on top of the form, which is there again when that is closed, with all that was typed.
                how = "update" if reply.outcome is Outcome.FINE or request.is_on_top else "push"
                await ack(response_action=how, view=modal(reply, asked.back))
            case reply:
                await self._before_ack(request, self._answers.tell(asked.back, request.reader, reply))
                await ack(response_action="clear")

    async def shortcut(self, ack: AsyncAck, body: Body) -> None:
        """A global shortcut."""
        request = Request(body, asyncio.get_running_loop().time())
        await self._opened(ack, request, self._asking.shortcut(body, request.source))

    async def message_action(self, ack: AsyncAck, body: Body, context: AsyncBoltContext) -> None:
        """A shortcut of a message."""
        request = Request(body, asyncio.get_running_loop().time())
        ours = [id for id in (context.bot_user_id, context.bot_id) if id]
        await self._opened(ack, request, self._asking.message_action(body, request.source, ours))

    async def suggestion(self, ack: AsyncAck, body: Body) -> None:
        """What can be chosen for what is being typed; nothing, where it is not known in time."""
        options: tuple[Option, ...] = ()
        try:
            async with asyncio.timeout(SUGGEST_WITHIN):
                options = await self._asking.options(body, who(body))
        except (Malformed, Unanswered, StoreFailed, TimeoutError) as error:
            log.info("slack.no_suggestion", why=type(error).__name__)
        fitting = [one for one in options if fits_option(one.value)]
        await ack(options=[_option(one) for one in fitting[:OPTION_LIMIT]])

    async def _before_ack(self, request: Request, work: Coroutine[Any, Any, None]) -> None:
        """Brings an answer before the request is acknowledged, or behind that where it takes too long."""
        task = self._errands.start("answer", work)
        spent = asyncio.get_running_loop().time() - request.at
        await self._errands.within(ACK_WITHIN - spent, task)

    async def _opened(self, ack: AsyncAck, request: Request, work: Coroutine[Any, Any, Asked]) -> None:
        task = self._errands.start("shortcut", work)
        if await self._errands.within(self._patience, task):
            await self._before_ack(request, self._show(request, task.result()))
        else:
            self._errands.start("late_shortcut", self._late(task, request))
        await ack()

    async def _show(self, request: Request, asked: Asked) -> None:
        """A form in a modal; words where they can be read."""
        if isinstance(asked.answer, Form):
            await self._answers.show(request.trigger, asked.back, request.reader, asked.answer)
        else:
            await self._answers.tell(asked.back, request.reader, asked.answer)

    async def _answer_press(self, request: Request, asked: Asked) -> None:
        if request.window is not None and isinstance(asked.answer, Form):
            await self._answers.push(request.trigger, request.window, request.reader, asked.answer)
        elif request.window is not None:
            await self._answers.show_in(request.window, request.reader, asked.answer)
        elif asked.back.at_home or isinstance(asked.answer, Form):
            await self._answers.show(request.trigger, asked.back, request.reader, asked.answer)
        else:
            await self._answers.tell(asked.back, request.reader, asked.answer, request.spent_by(asked.answer))
        await self._draw_after(request, asked)

    async def _answer_below(self, below: Window, request: Request, asked: Asked) -> None:
        await self._answers.show_in(below, request.reader, asked.answer)
        await self._draw_after(request, asked)

    async def _draw_after(self, request: Request, asked: Asked) -> None:
        """Draws the Home tab anew from which something was done that it may tell of."""
        if asked.back.at_home and asked.changes:
            await self._home.draw(request.reader)

    async def _put_off(self, ack: AsyncAck, task: asyncio.Task[Asked], request: Request) -> None:
        """Has whoever gave a command wait; the answer takes the place of what says so.

        In our DM that is a message of our own: what the acknowledgement says there could not be changed into one.
        """
        if request.back.place.startswith("D"):
            self._errands.start("late_command", self._late_by_dm(task, request))
            await ack()
            return
        self._errands.start("late_command", self._late(task, request, Over()))
        await ack(self._answers.spoken(words.STILL_WORKING, request.back)[0])

    async def _late(self, task: asyncio.Task[Asked], request: Request, over: Over | None = None) -> None:
        """An answer that took too long for a modal to be opened."""
        asked = await task
        await self._answers.tell(asked.back, request.reader, asked.answer, over)

    async def _late_by_dm(self, task: asyncio.Task[Asked], request: Request) -> None:
        over = await self._answers.note(request.back, request.reader, words.STILL_WORKING)
        await self._late(task, request, over)

    async def _late_press(self, task: asyncio.Task[Asked], request: Request) -> None:
        """Says that it is being worked on where it was pressed, and later there what came of it."""
        waiting, noted = words.STILL_WORKING, None
        if request.window is not None:
            window: Window | None = request.window
        elif request.back.at_home:
            shown = await self._answers.show(request.trigger, request.back, request.reader, waiting)
            window = Window(shown, request.back) if shown is not None else None
        else:
            noted = await self._answers.note(request.back, request.reader, waiting)
            window = None
        asked = await task
        if window is not None:
            await self._answers.show_in(window, request.reader, asked.answer, is_late=True)
        elif (spent := request.spent_by(asked.answer)) is not None:
            await self._answers.tell(asked.back, request.reader, asked.answer, spent)
            await self._answers.unsay(request.reader, noted or Over())
        else:
            await self._answers.tell(asked.back, request.reader, asked.answer, noted)
        await self._draw_after(request, asked)

    async def _late_form(self, task: asyncio.Task[Asked], request: Request) -> None:
        """Puts what came of a form into the modal that says that it is being worked on."""
        asked = await task
        spent = asyncio.get_running_loop().time() - request.at
        await asyncio.sleep(max(0.0, self._patience + SETTLE - spent))
        window, answer = Window(Shown(request.view_id), asked.back), asked.answer
        is_done = isinstance(answer, Reply) and answer.outcome is Outcome.FINE and not asked.back.at_home
        if is_done:
            await self._answers.tell(asked.back, request.reader, answer)
            await self._answers.close_with(window, words.DONE_ELSEWHERE)
            return
        await self._answers.show_in(window, request.reader, answer, is_late=True)
        await self._draw_after(request, asked)

    async def _after_modal(self, request: Request, asked: Asked) -> None:
        """What follows an answer that stays in its modal: its files, and the Home tab that it may have changed."""
        await self._answers.bring_files_of(request.back, request.reader, asked.answer)
        await self._draw_after(request, asked)


def _option(option: Option) -> dict[str, Any]:
    return {"text": plain_text(option.label, LABEL_LIMIT), "value": option.value}


async def _nothing(ack: AsyncAck) -> None:
    await ack()


async def _failed(error: Exception, body: Body) -> BoltResponse | None:
    """What no listener caught: Slack is told that it failed, so that it sends an event again."""
    if isinstance(error, Malformed):
        # Sent again it would be the same.
        log.warning("slack.malformed", why=str(error))
        return BoltResponse(status=200, body="")
    if "command" in body and isinstance(error, PostError | StoreFailed):
        # Slack shows it to whoever gave the command.
        return BoltResponse(status=200, body=words.NOT_NOW)
    kind = found(body, "event", "type") or found(body, "type")
    if isinstance(error, RapportError):
        # An event is sent again; of what was pressed Slack says itself that it did not work.
        log.warning("slack.request_put_off", kind=kind, why=type(error).__name__)
    else:
        log.error("slack.request_failed", kind=kind, exc_info=error)
    return BoltResponse(status=500, body="")
