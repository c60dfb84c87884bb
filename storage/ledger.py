"""The ledger: the one way in which documents change. It checks, numbers, queues and, when durable, applies.

Everything here happens in the thread that opened the store; only the writer's queue and its list of settled tickets are
shared with the writer's thread. So there is nothing to lock, and no order of locks to get wrong.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import NoReturn

import msgspec

from bot.change import Change, Write, ids
from bot.errors import Conflict, StoreFailed
from storage import rows as shapes
from storage.checks import check_form, fits, is_at, versioned
from storage.disk import Files, OpenMedium
from storage.erasing import UNSURVEYED, Part, Survey, struck
from storage.handles import NOTHING, Handles, Hands, hands_of
from storage.indexes import INDEXED
from storage.journal import Entry, entry_of, payload
from storage.tables import Move, Tables, head
from storage.writer import Rotation, Ticket, Writer


class Overtaken(Exception):
    """Something that is still on its way to the disk comes first: what to say is known when its ticket has settled."""

    def __init__(self, ticket: Ticket, id: str | None = None) -> None:
        """`id` is the record that is being changed; None where it is the same inbound id that is being committed."""
        super().__init__("a commit that is still being written comes first")
        self.ticket = ticket
        self.id = id


class Done(Exception):
    """The inbound id was committed before, by the Change with this id."""

    def __init__(self, change: str) -> None:
        """`change` is the id of the earlier Change."""
        super().__init__(change)
        self.change = change


class Ledger:
    """Commits to the tables through the journal."""

    def __init__(
        self, tables: Tables, files: Files, *, generation: int, sequence: int, end: int | None, open_medium: OpenMedium
    ) -> None:
        """Goes on after commit `sequence`; see Writer for the rest. Raises OSError."""
        self.tables = tables
        self.applied = sequence
        self.size = 0
        self._issued = sequence
        self._queued: dict[tuple[str, int], tuple[Ticket, bytes | None]] = {}
        self._doc_ids: dict[tuple[str, str], int] = {}
        self._heard: dict[tuple[str, str], Ticket] = {}
        self._handles = Handles(tables)
        self._last: Ticket | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._writer = Writer(
            files,
            generation=generation,
            after=sequence,
            end=end,
            open_medium=open_medium,
            on_settled=self._tell,
        )
        self._on_applied: Callable[[], None] = lambda: None

    @property
    def failure(self) -> StoreFailed | None:
        """Why nothing can be written any more, if so."""
        return self._writer.failure

    def commit(self, change: Change, survey: Survey = UNSURVEYED) -> tuple[Change, Ticket]:
        """Checks a Change and puts it in line; the Change that comes back is the one that will be stored.

        `survey` is for one that erases. ValueError, Conflict and StoreFailed as the port has them; Done and Overtaken
        where it has AlreadyDone, or where an answer has to wait.
        """
        self._refuse_if_failed()
        check_form(change)
        self._check_heard(change)
        self._check_reads(change)
        befores = [self._checked_before(write, change.team) for write in change.writes]
        change = msgspec.structs.replace(
            change, writes=tuple(map(versioned, change.writes)), reads=(), touched=change.touched or ids(change.writes)
        )
        afters = [None if write.after is None else shapes.dump(write.after) for write in change.writes]
        stored = shapes.dump_stored(shapes.stored(change, befores, afters))
        parts = [
            Part(shapes.TABLES[type(write.record)], write.id, before, after)
            for write, before, after in zip(change.writes, befores, afters, strict=True)
        ]
        if change.erases:
            parts = struck(change, parts, self, survey)
        hands = self._checked_hands(parts)
        moves: list[Move] = [(part.table, self._doc_id(part.table, part.id), part.after) for part in parts]
        audit: Move = (shapes.CHANGES, self.tables.reserve(shapes.CHANGES), stored)
        names = [*((part.table, part.id) for part in parts), (shapes.CHANGES, change.id)]
        entry = entry_of(self._issued + 1, moves, audit, erases=bool(change.erases))
        ticket = self._queue(entry, [*moves, audit], names)
        if hands is not NOTHING:
            self._handles.queue(ticket, hands)
        if change.heard is not None:
            ticket.heard = (change.team, change.heard)
            self._heard[ticket.heard] = ticket
        return change, ticket

    def move(self, moves: Sequence[Move]) -> Ticket:
        """Puts moves of documents in line that are no Change: TinyDB's own verbs, and forgetting.

        Overtaken where one of the documents is being changed by a commit on its way; ValueError where a document does
        not fit its table, its id stands elsewhere in it or its handle is another's.
        """
        self._refuse_if_failed()
        names = []
        for table, doc_id, document in moves:
            queued = self._queued.get((table, doc_id))
            if queued is not None:
                raise Overtaken(queued[0])
            if table in INDEXED:
                names.append(self._checked_name(table, doc_id, document))
        self._refuse_if_taken(moves)
        return self._queue(entry_of(self._issued + 1, moves), list(moves), names)

    def latest(self, table: str, id_: str) -> bytes | None:
        """A record as the last commit in line leaves it."""
        return self._current(table, id_)[0]

    def waiting(self, table: str) -> Sequence[str]:
        """The ids of the records of a table that commits in line are about."""
        return [id_ for name, id_ in self._doc_ids if name == table]

    def refuse(self, table: str, id_: str) -> NoReturn:
        """Conflict or Overtaken over a record that is not as a Change was decided on."""
        _document, ticket = self._current(table, id_)
        raise Conflict(id_) if ticket is None else Overtaken(ticket, id_)

    def rotate(self) -> Rotation:
        """Asks for a new journal. All commits of the old ones are applied when it is done and `settle` was called."""
        self.size = 0
        return self._writer.rotate()

    def finish(self, ticket: Ticket) -> None:
        """Blocks until a ticket has settled. Raises StoreFailed."""
        self._writer.wait_for(ticket)
        self.settle()
        if ticket.failure is not None:
            raise StoreFailed(str(ticket.failure))

    def flush(self) -> None:
        """Blocks until everything in line has settled. Raises StoreFailed."""
        if self._last is not None and not self._last.settled:
            self.finish(self._last)

    def settle(self) -> None:
        """Applies what has become durable, in its order, and tells who waited."""
        settled = self._writer.settled
        while settled:
            ticket = settled.popleft()
            if ticket.failure is None:
                self.tables.apply(ticket.moves, ticket.n)
                self.applied = ticket.n
            self._forget(ticket)
            ticket.settle()
        self._on_applied()

    def join(self) -> None:
        """Finishes what is in line and lets go of the journal; `settle` must follow. Blocks. Raises OSError."""
        self._loop = None
        self._writer.close()

    def listen(self, on_applied: Callable[[], None]) -> None:
        """What to call whenever commits were applied."""
        self._on_applied = on_applied

    def _tell(self) -> None:
        """In the writer's thread: has `settle` called where the store lives, if its loop runs."""
        loop = self._loop
        if loop is None:
            return
        try:
            loop.call_soon_threadsafe(self.settle)
        except RuntimeError:
            return  # the loop is closed: nobody waits, and the next commit finds what was settled

    def _queue(self, entry: Entry, moves: list[Move], names: list[tuple[str, str]]) -> Ticket:
        """Puts an entry in line; `names` are the tables and ids of the records of ours among its moves."""
        ticket = Ticket(entry.n, payload(entry), moves, names)
        try:
            self._loop = asyncio.get_running_loop()
        except RuntimeError:
            self._loop = None
        self._issued = entry.n
        self._last = ticket
        self.size += len(ticket.payload)
        for table, doc_id, document in moves:
            self._queued[table, doc_id] = (ticket, document)
        for name, move in zip(names, (move for move in moves if move[0] in INDEXED), strict=True):
            self._doc_ids[name] = move[1]
        self._writer.submit(ticket)
        return ticket

    def _forget(self, ticket: Ticket) -> None:
        """Takes a settled ticket out of what is queued."""
        for table, doc_id, _document in ticket.moves:
            queued = self._queued.get((table, doc_id))
            if queued is not None and queued[0] is ticket:
                del self._queued[table, doc_id]
        for name in ticket.names:
            if name in self._doc_ids and (name[0], self._doc_ids[name]) not in self._queued:
                del self._doc_ids[name]
        if ticket.heard is not None:
            self._heard.pop(ticket.heard, None)
        self._handles.forget(ticket)

    def _refuse_if_failed(self) -> None:
        if self._writer.failure is not None:
            raise StoreFailed(str(self._writer.failure))

    def _check_heard(self, change: Change) -> None:
        if change.heard is None:
            return
        ticket = self._heard.get((change.team, change.heard))
        if ticket is not None:
            raise Overtaken(ticket)
        earlier = self.tables.indexes.first(("heard", change.team, change.heard))
        if earlier is not None:
            raise Done(earlier)

    def _doc_id(self, table: str, id_: str) -> int:
        doc_id = self._doc_ids.get((table, id_))
        if doc_id is None:
            doc_id = self.tables.doc_id(table, id_)
        return self.tables.reserve(table) if doc_id is None else doc_id

    def _checked_name(self, table: str, doc_id: int, document: bytes | None) -> tuple[str, str]:
        """The table and id of a record that is moved without a Change."""
        if document is None:
            return table, head(self.tables.rows[table][doc_id]).id
        shapes.check(table, document)
        id_ = head(document).id
        standing = self.tables.rows.get(table, {}).get(doc_id)
        if standing is not None and head(standing).id != id_:
            raise ValueError(f"the id of {head(standing).id} can't be changed")
        if (table, id_) in self._doc_ids:
            raise Overtaken(self._queued[table, self._doc_ids[table, id_]][0])
        if self.tables.doc_id(table, id_) not in {None, doc_id}:
            raise ValueError(f"{id_} is there already")
        return table, id_

    def _checked_before(self, write: Write, team: str) -> bytes | None:
        """The document that a Write goes out from, stored or queued. Conflict or Overtaken where it is not `before`."""
        document, ticket = self._current(shapes.TABLES[type(write.record)], write.id)
        if not fits(write.before, document, team):
            raise Conflict(write.id) if ticket is None else Overtaken(ticket, write.id)
        return document

    def _check_reads(self, change: Change) -> None:
        """Conflict or Overtaken where a record that the Change was decided on is not at the version it was read at."""
        for id_, version in change.reads:
            found: tuple[bytes | None, Ticket | None] = (None, None)
            for table in shapes.KINDS:
                found = self._current(table, id_)
                if found != (None, None):
                    break
            document, ticket = found
            if not is_at(version, document, change.team):
                raise Conflict(id_) if ticket is None else Overtaken(ticket, id_)

    def _current(self, table: str, id_: str) -> tuple[bytes | None, Ticket | None]:
        """The document of a record as the last commit in line leaves it, and that commit where it is not settled."""
        doc_id = self._doc_ids.get((table, id_))
        if doc_id is None:
            return self.tables.document(table, id_), None
        ticket, document = self._queued[table, doc_id]
        return document, ticket

    def _checked_hands(self, parts: Sequence[Part]) -> Hands:
        """What a commit does to handles. Conflict or Overtaken where it gives one that another influencer keeps."""
        influencers = [part for part in parts if part.table == "influencers"]
        if not influencers:
            return NOTHING
        hands = hands_of((part.before, part.after) for part in influencers)
        holder = self._handles.in_the_way(hands)
        if holder is not None:
            raise Conflict(holder[0]) if holder[1] is None else Overtaken(holder[1], holder[0])
        return hands

    def _refuse_if_taken(self, moves: Sequence[Move]) -> None:
        """ValueError where moves without a Change give a handle that another influencer keeps."""
        rows = self.tables.rows.get("influencers", {})
        hands = hands_of((rows.get(doc_id), doc) for table, doc_id, doc in moves if table == "influencers")
        holder = self._handles.in_the_way(hands)
        if holder is not None:
            raise ValueError(f"{holder[0]} has a handle that another influencer would be given")
