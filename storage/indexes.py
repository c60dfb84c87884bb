"""Indexes: under which keys each document is found, and in which order.

An index entry is a group (`("touchpoints of", team, influencer)`) and a place in it: a sort key that ends in the id of
the record. Keys are read from the documents themselves, each through a view that decodes only the fields it names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from math import inf
from typing import Any

import msgspec

from bot.model import DeliveryState, NudgeState
from storage.ordered import Entry, Ordered
from storage.views import (
    ChangeView,
    DeliveryView,
    DraftView,
    InfluencerView,
    MemberView,
    NudgeView,
    OccasionView,
    PromiseView,
    ScheduleView,
    StandingView,
    TeamView,
    TouchpointView,
)

Group = tuple[str | None, ...]
"""The name of an index and what it is about."""

Keys = Sequence[tuple[Group, Entry]]


def _teams(view: TeamView, _doc_id: int) -> Keys:
    places = [(("team at", place.platform, place.id), (view.id,)) for place in view.workspaces]
    return [(("teams",), (view.id,)), *places]


def _members(view: MemberView, _doc_id: int) -> Keys:
    id, team = view.id, view.team
    accounts = [(("member at", team, one.platform, one.workspace, one.id), (id,)) for one in view.accounts]
    return [(("members", team), (id,)), (("members by name", team), (view.name.casefold(), id)), *accounts]


def _influencers(view: InfluencerView, _doc_id: int) -> Keys:
    id, team = view.id, view.team
    handles = [(("handle", team, handle.network, handle.name), (id,)) for handle in view.handles]
    owned = ("owned by", team, view.owner), (view.name.casefold(), id)
    return [(("influencers", team), (id,)), owned, *handles]


def _touchpoints(view: TouchpointView, _doc_id: int) -> Keys:
    """One key only, of a number that costs a second at a million when there are two."""
    place = (view.on.toordinal(), view.logged_at.timestamp(), view.id)
    return ((("touchpoints of", view.team, view.influencer), place),)


def _promises(view: PromiseView, _doc_id: int) -> Keys:
    """Open ones by when they are due, those without a date last; settled ones by the day that happened on."""
    id, team = view.id, view.team
    keys: list[tuple[Group, Entry]] = [(("promises", team), (id,)), (("promises of", team, view.influencer), (id,))]
    if view.outcome is None:
        keys.append((("promises open", team), (inf if view.due is None else view.due.toordinal(), id)))
    elif view.settled_on is not None:
        instant = 0.0 if view.settled_at is None else view.settled_at.timestamp()
        keys.append((("promises settled", team), (view.settled_on.toordinal(), instant, id)))
    return keys


def _occasions(view: OccasionView, _doc_id: int) -> Keys:
    place, team = (view.id,), view.team
    of, on = ("occasions of", team, view.influencer), ("occasions on", team, on_day(view.month, view.day))
    return ((("occasions", team), place), (of, place), (on, place))


def _standings(view: StandingView, _doc_id: int) -> Keys:
    id, team = view.id, view.team
    keys: list[tuple[Group, Entry]] = [(("standings", team), (id,))]
    if view.archived or view.paused:
        keys.append((("standings at rest", team), (id,)))  # they are fewer than those that are kept up
    if view.attention_at is not None:
        place = (view.attention_at.timestamp(), id)
        keys.append((("attention", team), place))
        if view.owner is not None:
            keys.append((("attention of", team, view.owner), place))
    if view.due_at is not None:
        keys.append((("standings due",), (view.due_at.timestamp(), id)))
    return keys


def _nudges(view: NudgeView, _doc_id: int) -> Keys:
    id, team = view.id, view.team
    place = (view.raised_at.timestamp(), id)
    keys: list[tuple[Group, Entry]] = [(("nudges", team), (id,)), (("nudges of", team, view.influencer), place)]
    if view.state is NudgeState.RAISED:
        keys.append((("nudges raised", team, view.member), place))
    return keys


def _deliveries(view: DeliveryView, _doc_id: int) -> Keys:
    id, team = view.id, view.team
    updated = (view.updated_at.timestamp(), id)
    keys: list[tuple[Group, Entry]] = [(("deliveries", team), (id,)), (("deliveries by age",), updated)]
    if view.due_at is not None:
        keys.append((("deliveries due",), (view.due_at.timestamp(), id)))
    if view.state in {DeliveryState.UNKNOWN, DeliveryState.FAILED}:
        keys.append((("deliveries stuck", team), updated))
    return keys


def _drafts(view: DraftView, _doc_id: int) -> Keys:
    return ((("drafts", view.team), (view.id,)), (("drafts by age",), (view.opened_at.timestamp(), view.id)))


def _schedules(view: ScheduleView, _doc_id: int) -> Keys:
    return ((("schedules", view.team), (view.id,)),)


def _changes(view: ChangeView, doc_id: int) -> Keys:
    """Changes of one instant are kept in the order they were committed in, which is that of their document ids."""
    place, team = (view.at.timestamp(), doc_id, view.id), view.team
    keys: list[tuple[Group, Entry]] = [(("changes", team), place)]
    if view.by is not None:
        keys.append((("changes by", team, view.by), place))
    if view.heard is not None:
        keys.append((("heard", team, view.heard), place))
    if view.writes:
        keys.append((("changes with befores",), place))
    return keys


class _Index(msgspec.Struct, frozen=True):
    """How one table is indexed."""

    view: Callable[[bytes], Any]
    keys: Callable[[Any, int], Keys]


def _index(view: type[msgspec.Struct], keys: Callable[[Any, int], Keys]) -> _Index:
    return _Index(msgspec.json.Decoder(view).decode, keys)


INDEXED: Mapping[str, _Index] = {
    "teams": _index(TeamView, _teams),
    "members": _index(MemberView, _members),
    "influencers": _index(InfluencerView, _influencers),
    "touchpoints": _index(TouchpointView, _touchpoints),
    "promises": _index(PromiseView, _promises),
    "occasions": _index(OccasionView, _occasions),
    "standings": _index(StandingView, _standings),
    "nudges": _index(NudgeView, _nudges),
    "deliveries": _index(DeliveryView, _deliveries),
    "drafts": _index(DraftView, _drafts),
    "schedules": _index(ScheduleView, _schedules),
    "changes": _index(ChangeView, _changes),
}
"""The tables that are indexed, which are those whose documents have an id of ours."""


class Indexes:
    """All groups of all indexes."""

    def __init__(self) -> None:
        """Starts empty."""
        self._groups: dict[Group, Ordered] = {}
        self._families: dict[Group, set[Group]] = {}

    def add(self, group: Group, entry: Entry) -> None:
        """Enters a record."""
        (self._groups.get(group) or self._begun(group)).add(entry)

    def take(self, piles: Mapping[Group, list[Entry]]) -> None:
        """Takes over the entries of many records, of groups that are not there yet, and puts them in order."""
        for group, entries in piles.items():
            self._begun(group).take(entries)

    def discard(self, group: Group, entry: Entry) -> None:
        """Takes a record out; a group that holds nothing any more is forgotten."""
        ordered = self._groups.get(group)
        if ordered is None:
            return
        ordered.discard(entry)
        if not ordered:
            del self._groups[group]
            family = self._families[group[:2]]
            family.discard(group)
            if not family:
                del self._families[group[:2]]

    def ascending(self, group: Group, *, since: Entry | None = None, until: float | None = None) -> Iterator[Entry]:
        """The entries of a group from the first that is not below `since`, up to and with the sort key `until`."""
        ordered = self._groups.get(group)
        if ordered is None:
            return
        for entry in iter(ordered) if since is None else ordered.since(since):
            if until is not None and entry[0] > until:
                return
            yield entry

    def descending(self, group: Group) -> Iterator[Entry]:
        """The entries of a group, last first."""
        ordered = self._groups.get(group)
        return iter(()) if ordered is None else reversed(ordered)

    def family(self, name: str, team: str) -> Iterator[Entry]:
        """The entries of all groups of an index that are about a team, in no order."""
        for group in self._families.get((name, team), ()):
            yield from self._groups[group]

    def family_between(self, name: str, team: str, low: Entry, high: Entry) -> Iterator[Entry]:
        """The entries of all groups of an index that are about a team from `low` to below `high`, in no order."""
        for group in self._families.get((name, team), ()):
            yield from self._groups[group].between(low, high)

    def size(self, group: Group) -> int:
        """How many records a group holds; costs a thousandth of them."""
        ordered = self._groups.get(group)
        return 0 if ordered is None else len(ordered)

    def _begun(self, group: Group) -> Ordered:
        """A group that holds nothing yet."""
        ordered = self._groups[group] = Ordered()
        self._families.setdefault(group[:2], set()).add(group)
        return ordered

    def first(self, group: Group) -> str | None:
        """The id of the first record of a group."""
        for entry in self.ascending(group):
            found: str = entry[-1]
            return found
        return None


def on_day(month: int, day: int) -> str:
    """A day of any year, as groups are named by it."""
    return f"{month:02}-{day:02}"


def ids(entries: Iterator[Entry], limit: int | None = None, skip: int = 0) -> tuple[str, ...]:
    """The ids in index entries."""
    stop = None if limit is None else skip + max(limit, 0)
    return tuple([entry[-1] for entry in islice(entries, skip, stop)])
