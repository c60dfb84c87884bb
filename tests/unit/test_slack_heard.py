from __future__ import annotations

import asyncio

import pytest

from adapters.slack.heard import Heard
from bot.reply import Answer, Form, Input, Outcome, Reply, Section, say


class Work:
    """Something to be done, which waits until it is let go and then answers, or fails, with what comes next."""

    def __init__(self, *outcomes: object) -> None:
        self.started = 0
        self.begun, self.may_end = asyncio.Event(), asyncio.Event()
        self._outcomes = list(outcomes)

    async def __call__(self) -> object:
        """Does it once more."""
        self.started += 1
        outcome = self._outcomes.pop(0)
        self.begun.set()
        await self.may_end.wait()
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


class Lost(Exception):
    """What went wrong."""


def reply(outcome: Outcome) -> Reply:
    """An answer that says how it went."""
    return Reply(blocks=(say("So it went."),), outcome=outcome)


def form(error: str | None) -> Form:
    """A form, perhaps come back."""
    return Form(
        id="drf_1", verb="log", title="Log", sections=(Section("Log", (Input(name="a", label="A"),)),), error=error
    )


async def test_heard_at_once_it_is_done_once() -> None:
    """Several deliveries at the same time start the work once and get its one outcome."""
    heard, work = Heard(), Work("logged")
    hearings = [asyncio.create_task(heard.once("slack:Ev1", work)) for _ in range(4)]
    await work.begun.wait()
    work.may_end.set()
    assert ["logged"] * 4 == await asyncio.gather(*hearings)
    assert 1 == work.started


async def test_heard_later_it_is_not_done_again() -> None:
    """A delivery after the work was done gets the outcome that it had."""
    heard, work = Heard(), Work("logged")
    work.may_end.set()
    assert "logged" == await heard.once("slack:Ev1", work)
    assert "logged" == await heard.once("slack:Ev1", work)
    assert 1 == work.started


async def test_nothing_is_an_outcome_too() -> None:
    """Work that has nothing to say is not done twice, either."""
    heard, work = Heard(), Work(None)
    work.may_end.set()
    assert None is await heard.once("slack:Ev1", work)
    assert None is await heard.once("slack:Ev1", work)
    assert 1 == work.started


async def test_two_ids_are_two_requests() -> None:
    """What has another id is done, whatever was done before."""
    heard, work = Heard(), Work("first", "second")
    work.may_end.set()
    assert ("first", "second") == (await heard.once("slack:Ev1", work), await heard.once("slack:Ev2", work))


async def test_what_failed_may_be_tried_again() -> None:
    """All who heard it get the error; the next delivery does the work again."""
    heard, work = Heard(), Work(Lost(), "logged")
    hearings = [asyncio.create_task(heard.once("slack:Ev1", work)) for _ in range(2)]
    await work.begun.wait()
    work.may_end.set()
    assert [Lost, Lost] == [type(error) for error in await asyncio.gather(*hearings, return_exceptions=True)]
    assert "logged" == await heard.once("slack:Ev1", work)
    assert "logged" == await heard.once("slack:Ev1", work)
    assert 2 == work.started


@pytest.mark.parametrize("first", [reply(Outcome.DOWN), reply(Outcome.REFUSED), reply(Outcome.BROKEN), form("Wrong.")])
async def test_what_was_not_done_may_be_asked_again(first: Answer) -> None:
    """A refusal and a form with errors are no last word: the same form sent again is judged again."""
    heard, work = Heard(), Work(first, reply(Outcome.FINE))
    work.may_end.set()
    assert first == await heard.once("slack:V1", work)
    assert reply(Outcome.FINE) == await heard.once("slack:V1", work)


@pytest.mark.parametrize("first", [reply(Outcome.FINE), form(None)])
async def test_what_was_answered_is_answered_the_same(first: Answer) -> None:
    """A fine reply and a form to fill are the last word."""
    heard, work = Heard(), Work(first)
    work.may_end.set()
    assert first == await heard.once("slack:V1", work)
    assert first == await heard.once("slack:V1", work)
    assert 1 == work.started


async def test_work_outlives_who_asked_for_it() -> None:
    """A connection that breaks off does not stop what it had started: the retry gets the outcome."""
    heard, work = Heard(), Work("logged")
    first = asyncio.create_task(heard.once("slack:Ev1", work))
    await work.begun.wait()
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    second = asyncio.create_task(heard.once("slack:Ev1", work))
    await work.begun.wait()
    work.may_end.set()
    assert "logged" == await second
    assert 1 == work.started


async def test_work_that_is_given_up_may_be_tried_again() -> None:
    """Work that was cancelled itself, as when the process stops, has no outcome to share."""
    heard, work = Heard(), Work("given up", "logged")
    hearing = asyncio.create_task(heard.once("slack:Ev1", work))
    await work.begun.wait()
    at_work = next(task for task in asyncio.all_tasks() if task.get_name() == "slack.heard")
    at_work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await hearing
    work.may_end.set()
    assert "logged" == await heard.once("slack:Ev1", work)


async def test_only_so_many_are_remembered() -> None:
    """The oldest outcome is forgotten first, so that memory stays bounded."""
    heard, work = Heard(kept=2), Work("1", "2", "3", "1 again")
    work.may_end.set()
    for id in ("slack:Ev1", "slack:Ev2", "slack:Ev3"):
        await heard.once(id, work)
    assert "3" == await heard.once("slack:Ev3", work)
    assert "2" == await heard.once("slack:Ev2", work)
    assert "1 again" == await heard.once("slack:Ev1", work)
