"""The spellings of a roster, ordered so that ten thousand people are searched in a few milliseconds."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot.roster.match import How
from bot.roster.slips import Lexicon, edits_allowed, likeness
from bot.roster.spelling import account, accounts, fold, spellings
from bot.store_port import RosterEntry

People = frozenset[int]
"""Who, as positions in the roster."""

NOBODY: People = frozenset()

_READ = 1_000
"""Characters; what is longer is not looked up at all."""

_FUZZY_LENGTH = 64
"""Letters; what is longer is found as it stands or not at all, so that a pasted page costs nothing."""

_FUZZY_WORDS = 6


class Asked:
    """A name as typed, with all that it is looked up by."""

    __slots__ = ("accounts", "explicit", "handle", "keys", "words")

    def __init__(self, typed: str) -> None:
        text = typed if len(typed) <= _READ else ""
        folded = fold(text)
        self.accounts = accounts(folded)
        self.explicit = folded.startswith("@")
        self.handle = folded.removeprefix("@")
        self.keys = spellings(text)
        self.words = tuple(tuple(key.split()) for key in self.keys)

    @property
    def is_brief(self) -> bool:
        """Whether it can be a name written loosely: neither nothing nor a paragraph."""
        return bool(self.keys) and len(self.handle) <= _FUZZY_LENGTH and len(self.words[0]) <= _FUZZY_WORDS


class Index:
    """Finds people by their spellings. Whoever asks says `among` whom; the rest might as well not be there."""

    def __init__(self, entries: Sequence[RosterEntry]) -> None:
        self._ids: dict[str, int] = {}
        self._accounts: dict[str, list[int]] = {}
        self._handles: dict[str, list[int]] = {}
        self._names: dict[str, list[int]] = {}
        self._words: dict[str, list[int]] = {}
        self._names_of: list[frozenset[str]] = []
        self._words_of: list[frozenset[str]] = []
        for position, entry in enumerate(entries):
            self._add(position, entry)
        self._networks = frozenset(known_as.partition(":")[0] for known_as in self._accounts)
        self._unspaced = _unspaced((self._names, self._handles))
        self._sorted_words = sorted(self._words)
        self._sorted_handles = sorted(self._handles)
        self._near_words = Lexicon(self._words)
        self._near_handles = Lexicon(self._handles)
        self._near_names = Lexicon(self._names)

    def _add(self, position: int, entry: RosterEntry) -> None:
        self._ids[entry.id.casefold()] = position
        names = frozenset(spelling for name in (entry.name, *entry.aliases) for spelling in spellings(name))
        words = frozenset(word for name in names for word in name.split())
        self._names_of.append(names)
        self._words_of.append(words)
        for index, spelled in (
            (self._names, names),
            (self._words, words),
            (self._handles, {fold(handle.name).removeprefix("@") for handle in entry.handles}),
            (self._accounts, {account(handle.network, handle.name) for handle in entry.handles}),
        ):
            for spelling in spelled - {""}:
                index.setdefault(spelling, []).append(position)

    def by_id(self, typed: str) -> int | None:
        """Whose id was typed."""
        return self._ids.get(typed.strip().casefold())

    def levels(self, asked: Asked, among: People, loosest: How = How.TYPO) -> Iterator[tuple[How, People]]:
        """Who fits at each level down to `loosest`, surest first; a level may be empty, and costs only when reached."""
        held = _all(self._accounts, asked.accounts) & among
        if self._is_account(asked):
            # One account is meant, and the same name on another network may be somebody else.
            yield How.EXACT, held
            if not How.TYPO.is_looser_than(loosest):
                yield How.TYPO, self._slipped_accounts(asked) & among
            return
        handles = _all(self._handles, (asked.handle,)) & among
        exact = handles | (_all(self._names, asked.keys) & among)
        called = self._called(asked) & among
        if exact == handles and called - handles and not asked.explicit:
            # "jess" is somebody's handle, but the others who are called Jess are as likely meant.
            yield How.FIRST_NAME, handles | called
        yield How.EXACT, exact
        yield How.FIRST_NAME, called
        if asked.is_brief and not How.PREFIX.is_looser_than(loosest):
            yield How.PREFIX, self.begun(asked) & among
        if asked.is_brief and not How.TYPO.is_looser_than(loosest):
            yield How.TYPO, self._slipped(asked, among)

    def _is_account(self, asked: Asked) -> bool:
        return any(known_as.partition(":")[0] in self._networks for known_as in asked.accounts)

    def _called(self, asked: Asked) -> People:
        """Whose names hold every word typed, in any order: by first name, surname, or without a middle name."""
        return NOBODY.union(*map(self._holding, asked.words))

    def _holding(self, words: tuple[str, ...]) -> People:
        """A single letter alone is nobody's name, and a word typed twice is not half of one."""
        if words == _initial(words) or len(set(words)) < len(words):
            return NOBODY
        found = [self._words.get(word, ()) for word in words]
        return frozenset(min(found, key=len)).intersection(*found) if all(found) else NOBODY

    def stands_first(self, asked: Asked, who: int, *, whole: bool) -> bool:
        """Whether a name or handle of theirs begins with what was typed; `whole`: with nothing less than its words."""
        names = self._names_of[who]
        if any(name == key or name.startswith(key + " " * whole) for key in asked.keys for name in names):
            return True
        return whole and who in self._handles.get(asked.handle, ())

    def begun(self, asked: Asked) -> People:
        """Whose name or handle begins with what was typed; in several words, the last may be begun."""
        found = set(_all(self._handles, _starting(self._sorted_handles, asked.handle)))
        for words in asked.words:
            *whole, begun = words
            if not whole:
                found |= _all(self._words, _starting(self._sorted_words, begun))
                continue
            found |= {
                who
                for who in self._holding(tuple(whole))
                if any(word.startswith(begun) and word not in whole for word in self._words_of[who])
            }
        return frozenset(found)

    def _slipped(self, asked: Asked, among: People) -> People:
        """Who is the fewest edits away, in all words together; a space lost or misplaced is the slightest slip."""
        found: dict[int, int] = {}
        for words in asked.words:
            unspaced = "".join(words)
            distances = dict.fromkeys(self._unspaced.get(unspaced, ()), 0)
            distances |= self._slipped_words(words, edits_allowed(len(unspaced)))
            _keep_least(found, distances)
        for handle, edits in self._near_handles.slips(asked.handle).items():
            _keep_least(found, dict.fromkeys(self._handles[handle], edits))
        reachable = {who: edits for who, edits in found.items() if who in among}
        least = min(reachable.values(), default=0)
        return frozenset(who for who, edits in reachable.items() if edits == least)

    def _slipped_words(self, words: tuple[str, ...], most: int) -> dict[int, int]:
        """Whose names hold a near word for every word typed, with their edits added up, at most so many."""
        if len(set(words)) < len(words):
            return {}
        sums: dict[int, int] | None = None
        for word in words:
            near: dict[int, int] = {}
            for spelling, edits in self._near_words.slips(word).items():
                _keep_least(near, dict.fromkeys(self._words[spelling], edits))
            sums = near if sums is None else {who: sums[who] + near[who] for who in sums.keys() & near.keys()}
        # One word of a name can't stand for two that were typed.
        return {
            who: edits
            for who, edits in (sums or {}).items()
            if edits <= most and len(words) <= len(self._words_of[who])
        }

    def _slipped_accounts(self, asked: Asked) -> People:
        found: set[int] = set()
        for known_as in asked.accounts:
            network, _, name = known_as.partition(":")
            for handle in self._near_handles.slips(name):
                found.update(self._accounts.get(f"{network}:{handle}", ()))
        return frozenset(found)

    def resembling(self, asked: Asked, limit: int) -> Iterator[Iterable[int]]:
        """Groups of people whose names are not what was typed but look like it, likeliest first; may repeat people."""
        if not asked.is_brief:
            return
        name = asked.accounts[0].partition(":")[2] if self._is_account(asked) else asked.handle
        if name != asked.handle:
            yield sorted(_all(self._handles, (name,)))
        scored = [(-score, handle, self._handles) for handle, score in self._near_handles.closest(name, limit)]
        index, lexicon = (self._names, self._near_names) if " " in asked.keys[0] else (self._words, self._near_words)
        scored += [(-score, word, index) for word, score in lexicon.closest(asked.keys[0], limit)]
        for _, spelling, found_in in sorted(scored, key=lambda found: found[:2]):
            yield found_in[spelling]
        yield sorted(self.begun(asked))
        if " " in asked.keys[0]:
            for word in asked.words[0]:
                yield self._words.get(word, ())

    def containing(self, asked: Asked) -> Iterator[Iterable[int]]:
        """Groups of people with what was typed anywhere in a name or handle; it has at least three letters."""
        part = asked.keys[0] if asked.keys else ""
        if not 3 <= len(part) <= _FUZZY_LENGTH:
            return
        for index in (self._names, self._handles):
            yield sorted({who for spelling, people in index.items() if part in spelling for who in people})

    def alike(self, asked: Asked) -> list[int]:
        """Who may be the same person under another spelling, most alike first.

        Every word of the shorter name must be a word of the longer one, a slip for one, or its short form (Jess,
        Jessica); a handle may be the name without spaces.
        """
        found = set(self._called(asked) | _all(self._names, asked.keys))
        for words in asked.words if asked.is_brief else ():
            unspaced = "".join(words)
            found |= _all(self._unspaced, (unspaced,)) | _all(self._handles, (unspaced,))
            shared = Counter(who for word in words for who in self._kin(word))
            found |= {who for who, count in shared.items() if count >= min(len(words), len(self._words_of[who]))}
        return sorted(found, key=lambda who: (-likeness(asked.keys, self._names_of[who]), who))

    def _kin(self, word: str) -> People:
        longer = _starting(self._sorted_words, word) if len(word) >= 3 else ()
        shorter = (word[:length] for length in range(3, len(word)))
        return _all(self._words, (*self._near_words.slips(word), *longer, *shorter, word))


def _initial(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for word in words[:1] if len(word) == 1 and word.isascii())


def _all(index: Mapping[str, Iterable[int]], spelled: Iterable[str]) -> People:
    return NOBODY.union(*[index.get(spelling, ()) for spelling in spelled])


def _starting(spelled: Sequence[str], start: str) -> Sequence[str]:
    """The part of a sorted sequence that begins with `start`."""
    if not start:
        return ()
    return spelled[bisect_left(spelled, start) : bisect_left(spelled, start + chr(0x10FFFF))]


def _unspaced(indexes: Iterable[Mapping[str, Sequence[int]]]) -> dict[str, set[int]]:
    """Names and handles by their letters alone: `jesscooks` for @jess.cooks."""
    unspaced: dict[str, set[int]] = {}
    for index in indexes:
        for spelling, people in index.items():
            if letters := "".join(filter(str.isalnum, spelling)):
                unspaced.setdefault(letters, set()).update(people)
    return unspaced


def _keep_least(kept: dict[int, int], more: Mapping[int, int]) -> None:
    for who, edits in more.items():
        if edits < kept.get(who, edits + 1):
            kept[who] = edits
