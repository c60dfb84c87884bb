"""Finding people by handle, name, the beginning of a name, or a name with a typo in it."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from bot.roster.index import Asked, Index, People
from bot.roster.lines import Lead, read_lead
from bot.roster.match import How, Match
from bot.roster.ordinary import ORDINARY
from bot.roster.spelling import fold
from bot.roster.surnames import MediumAt, no_medium
from bot.store_port import RosterEntry, Store

__all__ = ["How", "Lead", "Match", "Roster", "Rosters"]

_NEAREST = 5

MANY = 1_000
"""People from which on a roster is built in a thread: 10,000 take 0.2 s, in which others want their answers."""


class Roster:
    """The names of one team at one revision. Nothing here raises, whatever is typed."""

    def __init__(self, entries: Sequence[RosterEntry], revision: int) -> None:
        self.revision = revision
        self._entries = tuple(sorted(entries, key=lambda entry: (fold(entry.name), entry.name, entry.id)))
        self._index = Index(self._entries)
        self._everybody = frozenset(range(len(self._entries)))
        self._active = frozenset(who for who, entry in enumerate(self._entries) if not entry.archived)
        self._archived = self._everybody - self._active

    def find(self, typed: str, *, archived: bool = False) -> Match:
        """Who can be meant by a name as typed. The archived count only where asked for, or where their id was typed."""
        return self._find(typed, self._among(archived=archived))

    def lead(self, text: str, *, several: bool = True, archived: bool = False, medium_at: MediumAt = no_medium) -> Lead:
        """The people that a line starts with, or only the first of them, and the rest of the line.

        Somebody archived, unless they count, is in doubt: `is_typo`. `medium_at` tells a note from a surname.
        """

        def find(name: str, loosest: How | None = None) -> Match:
            match = self._find(name, self._among(archived=archived), loosest)
            if archived or not self._archived or (match.entries and not match.is_typo):
                return match
            # Who is archived must not lend their words to whoever has the beginning of their name.
            hidden = self._find(name, self._archived, How.PREFIX if loosest is How.PREFIX else How.FIRST_NAME)
            return Match(hidden.entries, How.TYPO, (), hidden.asked) if hidden.entries else match

        return read_lead(text, find, several=several, medium_at=medium_at)

    def complete(self, typed: str, limit: int = 25, *, archived: bool = False) -> tuple[RosterEntry, ...]:
        """Up to `limit` people for a name still being typed, likeliest first; nothing typed: the first by name."""
        among = self._among(archived=archived)
        asked = Asked(typed)
        if not asked.handle:
            return self._named(sorted(among)[:limit])
        chosen: dict[int, None] = {}
        for group in self._suggestions(asked, among, limit):
            chosen.update(dict.fromkeys(who for who in group if who in among))
            if len(chosen) >= limit:
                break
        return self._named(list(chosen)[:limit])

    def similar(self, name: str) -> tuple[RosterEntry, ...]:
        """Up to 5 people, the archived too, who have this name or one easily taken for it, most alike first."""
        return self._named(self._index.alike(Asked(name))[:_NEAREST])

    def _find(self, typed: str, among: People, loosest: How | None = None) -> Match:
        named = " ".join(typed.split())
        if (who := self._index.by_id(named)) is not None:
            return Match(self._named([who]), How.EXACT, (), named)
        asked = Asked(typed)
        for how, people in self._index.levels(asked, among, loosest or How.TYPO):
            if loosest and how.is_looser_than(loosest):
                return Match((), None, (), named)
            if people:
                # "call" is hardly the beginning of Callum: whoever writes should ask.
                is_doubtful = how is How.PREFIX and asked.handle in ORDINARY and not asked.explicit
                return Match(self._named(sorted(people)), How.TYPO if is_doubtful else how, (), named)
        if loosest:
            return Match((), None, (), named)
        nearest = (who for group in self._index.resembling(asked, 2 * _NEAREST) for who in group if who in among)
        return Match((), None, self._named(islice(dict.fromkeys(nearest), _NEAREST)), named)

    def _suggestions(self, asked: Asked, among: People, limit: int) -> Iterator[Iterable[int]]:
        for _, people in self._index.levels(asked, among):
            # "jess" is more often the beginning of a first name than of a handle or a surname.
            yield sorted(people, key=lambda who: (not self._index.stands_first(asked, who, whole=False), who))
        yield from self._index.containing(asked)
        yield from self._index.resembling(asked, limit)

    def _among(self, *, archived: bool) -> People:
        return self._everybody if archived else self._active

    def _named(self, people: Iterable[int]) -> tuple[RosterEntry, ...]:
        return tuple(self._entries[who] for who in people)


class Rosters:
    """The rosters looked in lately, each built again when its team's names have moved on."""

    def __init__(self, most: int = 64) -> None:
        """`most` teams are kept, those asked for last; a team of 10,000 takes some 25 MB."""
        self._most = most
        self._kept: OrderedDict[str, Roster] = OrderedDict()

    async def of(self, store: Store, team: str) -> Roster:
        """The team's roster as the store now has it. Raises what the store raises."""
        # Read before the names: should they move in between, the roster counts as old and the next look-up sees it.
        revision = await store.roster_revision(team)
        if not self._has(team, revision):
            entries = await store.roster(team)
            many = len(entries) > MANY
            roster = await asyncio.to_thread(Roster, entries, revision) if many else Roster(entries, revision)
            if not self._has_newer(team, revision):  # somebody else may have built it while we waited
                self._kept[team] = roster
        self._kept.move_to_end(team)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return self._kept[team]

    def _has_newer(self, team: str, revision: int) -> bool:
        kept = self._kept.get(team)
        return kept is not None and kept.revision >= revision

    def _has(self, team: str, revision: int) -> bool:
        kept = self._kept.get(team)
        return kept is not None and kept.revision == revision
