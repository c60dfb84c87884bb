from __future__ import annotations

import asyncio

from adapters.slack.errands import Errands


async def test_what_is_under_way_is_finished() -> None:
    """Closing waits for what was begun, and for what that begins, too."""
    errands, done = Errands(), []

    async def second() -> None:
        await asyncio.sleep(0)
        done.append("second")

    async def first() -> None:
        await asyncio.sleep(0)
        errands.start("second", second())
        done.append("first")

    errands.start("first", first())
    await errands.finish(within=5.0)
    assert ["first", "second"] == done
    assert not errands.is_open


async def test_what_was_heard_is_waited_for() -> None:
    """A command that has not been answered keeps the closing waiting."""
    errands, let_go = Errands(), asyncio.Event()

    async def command() -> None:
        with errands.hearing():
            await let_go.wait()

    asked = asyncio.create_task(command())
    await asyncio.sleep(0)
    closing = asyncio.create_task(errands.finish(within=5.0))
    await asyncio.sleep(0)
    assert not closing.done()
    let_go.set()
    await closing
    assert asked.done()


async def test_what_never_ends_is_given_up() -> None:
    """Closing takes no longer than it was given."""
    errands = Errands()
    task = errands.start("never", asyncio.Event().wait())
    await errands.finish(within=0.01)
    assert task.cancelled()


async def test_being_late_cancels_nothing() -> None:
    """Whoever waits no longer leaves the work to itself."""
    errands, let_go = Errands(), asyncio.Event()
    task = errands.start("slow", let_go.wait())
    assert not await errands.within(0.001, task)
    let_go.set()
    assert await errands.within(5.0, task)
    assert task.result() is True


async def test_what_fails_stays_in_its_task() -> None:
    """Whoever asks gets the error; who only waits does not."""
    errands = Errands()

    async def fail() -> None:
        raise RuntimeError("boom")

    task = errands.start("fail", fail())
    assert await errands.within(5.0, task)
    assert isinstance(task.exception(), RuntimeError)
    await errands.finish(within=1.0)


async def test_who_never_gets_an_answer_is_given_up() -> None:
    """What was heard does not keep the closing longer than it was given, either: whoever sent it sends it again."""
    errands = Errands()

    async def command() -> None:
        with errands.hearing():
            await asyncio.Event().wait()

    asked = asyncio.create_task(command())
    await asyncio.sleep(0)
    await errands.finish(within=0.01)
    await asyncio.wait({asked})
    assert asked.cancelled()
