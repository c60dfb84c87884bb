"""Handles: whose each of them is, with what is still on its way to the disk, and which of them change hands."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from storage.indexes import ids
from storage.tables import Tables
from storage.views import InfluencerView
from storage.writer import Ticket

Name = tuple[str, str, str]
"""A team, a network and a user name on it."""

_view = msgspec.json.Decoder(InfluencerView).decode


class Hands(msgspec.Struct, frozen=True):
    """What a commit does to handles: who is given each of them, and who no longer has it."""

    given: dict[Name, str]
    taken: frozenset[tuple[Name, str]]


NOTHING = Hands({}, frozenset())
"""What a commit that writes no influencer does to handles."""


class Handles:
    """Whose each handle is as of the last commit in line."""

    def __init__(self, tables: Tables) -> None:
        """Nothing is in line yet."""
        self._tables = tables
        self._queued: dict[Name, tuple[Ticket, str | None]] = {}

    def in_the_way(self, hands: Hands) -> tuple[str, Ticket | None] | None:
        """Somebody who keeps a handle that others are given; the ticket is set where that is still in line."""
        for name, id_ in hands.given.items():
            for holder, ticket in self._holders(name):
                if holder != id_ and (name, holder) not in hands.taken:
                    return holder, ticket
        return None

    def queue(self, ticket: Ticket, hands: Hands) -> None:
        """Remembers what a ticket does, until it is forgotten."""
        for name, _holder in hands.taken:
            self._queued[name] = (ticket, None)
        for name, id_ in hands.given.items():
            self._queued[name] = (ticket, id_)
        ticket.handles = (*(name for name, _holder in hands.taken), *hands.given)

    def forget(self, ticket: Ticket) -> None:
        """Takes a settled ticket out of what is queued."""
        for name in ticket.handles:
            if name in self._queued and self._queued[name][0] is ticket:
                del self._queued[name]

    def _holders(self, name: Name) -> Iterable[tuple[str, Ticket | None]]:
        queued = self._queued.get(name)
        if queued is None:
            return [(id_, None) for id_ in ids(self._tables.indexes.ascending(("handle", *name)))]
        return () if queued[1] is None else ((queued[1], queued[0]),)


def hands_of(documents: Iterable[tuple[bytes | None, bytes | None]]) -> Hands:
    """What documents of influencers, before and after, do to handles. ValueError where two are given the same one."""
    given: dict[Name, str] = {}
    taken: set[tuple[Name, str]] = set()
    for before, after in documents:
        had, has = _names(before), _names(after)
        taken.update((name, id_) for name, id_ in had.items() if name not in has)
        for name, id_ in has.items():
            if name not in had and given.setdefault(name, id_) != id_:
                raise ValueError(f"{given[name]} and {id_} can't both have {name[1]}:{name[2]}")
    return Hands(given, frozenset(taken)) if given or taken else NOTHING


def _names(document: bytes | None) -> dict[Name, str]:
    if document is None:
        return {}
    view = _view(document)
    return {(view.team, handle.network, handle.name): view.id for handle in view.handles}
