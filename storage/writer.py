"""The journal's writer: one thread that writes whatever waits in one go, syncs once, and says so."""

from __future__ import annotations

import threading
from asyncio import AbstractEventLoop, Future
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue

from bot.errors import StoreFailed
from storage.disk import Files, Medium, OpenMedium, sync_folder
from storage.journal import header, line
from storage.tables import Move

AHEAD = 256 * 1024
"""Bytes of zeros that are written ahead of the journal's end."""


class Ticket:
    """A commit on its way: what will stand in the journal, what it will do to the tables, and who waits for it."""

    __slots__ = ("failure", "handles", "heard", "moves", "n", "names", "payload", "settled", "waiters")

    def __init__(self, n: int, payload: bytes, moves: list[Move], names: list[tuple[str, str]]) -> None:
        """A commit that has its number; `names` are the tables and ids of the records it is about."""
        self.n = n
        self.payload = payload
        self.moves = moves
        self.names = names
        self.heard: tuple[str, str] | None = None
        self.handles: tuple[tuple[str, str, str], ...] = ()
        self.failure: StoreFailed | None = None
        self.settled = False
        self.waiters: list[Future[None]] = []

    def wait(self, loop: AbstractEventLoop) -> Future[None]:
        """Done when the commit is durable and applied; StoreFailed where it never will be.

        Everybody gets a future of their own, so that one who stops waiting takes nothing from the others.
        """
        waiter: Future[None] = loop.create_future()
        if self.settled:
            _answer(waiter, self.failure)
        else:
            self.waiters.append(waiter)
        return waiter

    def settle(self) -> None:
        """Tells everybody who waits."""
        self.settled = True
        for waiter in self.waiters:
            _answer(waiter, self.failure)


class Rotation:
    """The wish to go on in a new journal; `generation` is the one that is written to once it is `done`.

    `after` is the last commit in the journals before it.
    """

    def __init__(self) -> None:
        """A wish that stands in line like a commit."""
        self.done = threading.Event()
        self.generation = 0
        self.after = 0
        self.failure: StoreFailed | None = None


class Writer:
    """Writes tickets to the journal in the order in which they were handed over.

    After a failed write or sync the journal is cut back to what was promised, and everything from then on is refused:
    what the disk holds beyond that point is not known to anybody.
    """

    def __init__(
        self,
        files: Files,
        *,
        generation: int,
        after: int,
        end: int | None,
        open_medium: OpenMedium,
        on_settled: Callable[[], None],
    ) -> None:
        """Goes on at byte `end` of a journal whose last commit is `after`, or starts it where `end` is None.

        `on_settled` is called in the writer's thread after every write. Raises OSError where the file can't be opened.
        """
        self.failure: StoreFailed | None = None
        self.settled: deque[Ticket] = deque()
        self._files = files
        self._open_medium = open_medium
        self._on_settled = on_settled
        self._generation = generation
        self._after = after
        self._queue: SimpleQueue[Ticket | Rotation | None] = SimpleQueue()
        self._news = threading.Condition()
        self._medium: Medium
        if end is None:
            self._medium, self._end = self._start_journal(generation)
        else:
            self._medium, self._end = open_medium(files.journal(generation)), end
            self._medium.truncate(end)
            self._medium.sync()
        self._room = self._end
        self._thread = threading.Thread(target=self._run, name="rapport-journal", daemon=True)
        self._thread.start()

    def submit(self, ticket: Ticket) -> None:
        """Hands a ticket over; it comes back in `settled`, durable or with its failure."""
        self._queue.put(ticket)

    def rotate(self) -> Rotation:
        """Asks for a new journal, after everything handed over before."""
        rotation = Rotation()
        self._queue.put(rotation)
        return rotation

    def wait_for(self, ticket: Ticket) -> None:
        """Blocks until a ticket is among the settled ones, which its caller is to look through then."""
        with self._news:
            self._news.wait_for(lambda: self._after >= ticket.n or self.failure is not None)

    def close(self) -> None:
        """Finishes what was handed over and lets go of the file. Blocks; call it once. Raises OSError."""
        self._queue.put(None)
        self._thread.join()
        try:
            if self.failure is None:
                self._medium.truncate(self._end)
                self._medium.sync()
        finally:
            self._medium.close()

    def _run(self) -> None:
        going = True
        while going:
            waiting = [self._queue.get()]
            while not self._queue.empty():
                waiting.append(self._queue.get_nowait())
            tickets: list[Ticket] = []
            for item in waiting:
                if isinstance(item, Ticket):
                    tickets.append(item)
                    continue
                self._write(tickets)
                tickets = []
                if item is None:
                    going = False
                else:
                    self._rotate(item)
            self._write(tickets)

    def _write(self, tickets: list[Ticket]) -> None:
        if not tickets:
            return
        if self.failure is None:
            try:
                self._append(b"".join([line(self._after + 1, ticket.payload) for ticket in tickets]))
            except Exception as problem:  # noqa: BLE001 - whatever it was, nobody knows what the journal now holds
                self._give_up(problem)
        for ticket in tickets:
            ticket.failure = self.failure
        with self._news:
            if self.failure is None:
                self._after = tickets[-1].n
            self.settled.extend(tickets)
            self._news.notify_all()
        self._on_settled()

    def _append(self, content: bytes) -> None:
        end = self._end + len(content)
        if end > self._room:
            self._medium.write_at(content + bytes(AHEAD), self._end)
            self._room = end + AHEAD
        else:
            self._medium.write_at(content, self._end)
        self._medium.sync()
        self._end = end

    def _give_up(self, problem: Exception) -> None:
        """Stops for good, and takes back what was not promised as far as the disk lets us."""
        self.failure = StoreFailed(
            f"the disk refused a write ({_reason(problem)}): nothing from here on was saved. "
            "Make room or replace the disk, then start Rapport again"
        )
        # Where even that fails, whole commits stay behind that nobody was promised, and a torn one: both read well.
        with suppress(OSError):
            self._medium.truncate(self._end)
            self._medium.sync()

    def _start_journal(self, generation: int) -> tuple[Medium, int]:
        path = self._files.journal(generation)
        content = header(self._after)
        medium = self._open_medium(path)
        try:
            medium.truncate(0)
            medium.write_at(content, 0)
            medium.sync()
            sync_folder(path.parent)
        except OSError:
            medium.close()
            path.unlink()
            raise
        return medium, len(content)

    def _rotate(self, rotation: Rotation) -> None:
        try:
            if self.failure is None:
                medium, end = self._start_journal(self._generation + 1)
                old, old_end = self._medium, self._end
                self._medium, self._end, self._room = medium, end, end
                self._generation += 1
                with suppress(OSError):  # the zeros at its end do no harm
                    old.truncate(old_end)
                old.close()
        except OSError as problem:
            rotation.failure = StoreFailed(f"no new journal could be started ({_reason(problem)})")
            if self._files.journal(self._generation + 1).exists():
                self._give_up(problem)
        rotation.generation, rotation.after = self._generation, self._after
        rotation.failure = rotation.failure or self.failure
        rotation.done.set()


def _reason(problem: Exception) -> str:
    return problem.strerror if isinstance(problem, OSError) and problem.strerror else repr(problem)


def _answer(waiter: Future[None], failure: StoreFailed | None) -> None:
    if waiter.done():
        return
    if failure is None:
        waiter.set_result(None)
    else:
        waiter.set_exception(StoreFailed(str(failure)))
