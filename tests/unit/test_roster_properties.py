"""What holds for every roster and everything that can be typed."""

from __future__ import annotations

import unicodedata

from hypothesis import assume, example, given
from hypothesis import strategies as st

from bot.model import Handle
from bot.roster import How, Match, Roster
from bot.roster.spelling import fold, spellings
from bot.store_port import RosterEntry

WORDS = [
    "Jess",
    "Jessica",
    "Jes",
    "Sam",
    "Samantha",
    "Ana",
    "Maria",
    "López",
    "Søren",
    "O’Brien",
    "Anne-Marie",
    "J.P.",
    "Müge",
    "Zoë",
    "Łukasz",
    "Will",
    "May",
    "Lee",
    "Li",
    "X",
]
STRANGE = [
    "김민준",
    "小林",
    "Дмитрий",
    "محمد",
    "किरण",
    "🔥",
    "A$AP",
    "x" * 80,
    "\u202eevil",
    "Tom & Jerry",
    "Straße",
    "§",
]

real_names = st.lists(st.sampled_from(WORDS + STRANGE), min_size=1, max_size=4).map(" ".join)
any_names = real_names | st.text(min_size=1, max_size=40)
handles = st.builds(
    Handle,
    st.sampled_from(["instagram", "tiktok", "x", "elsewhere"]),
    st.from_regex(r"[a-z0-9._]{1,20}", fullmatch=True) | st.sampled_from(["jess", "sam", "jess.cooks", "li"]),
)


@st.composite
def entries(draw: st.DrawFn, names: st.SearchStrategy[str] = any_names) -> tuple[RosterEntry, ...]:
    """A small roster in which names and handles collide often."""
    count = draw(st.integers(0, 12))
    return tuple(
        RosterEntry(
            f"inf_{number:04}",
            draw(names),
            tuple(draw(st.lists(names, max_size=1))),
            tuple(draw(st.lists(handles, max_size=2))),
            draw(st.booleans()),
        )
        for number in range(count)
    )


hostile = (
    st.text(max_size=60)
    | real_names
    | st.builds(str.__mul__, st.text(min_size=1, max_size=6), st.integers(1, 500))
    | st.text(alphabet=st.sampled_from("\x00\x07\u200b\u200f\u202e\ufeff\ud800\u0301 ,:;&+@\"'’“<>🔥é"), max_size=60)
    | st.from_regex(r"(jess|sam|Ana)( and |, |\+| & |: )(jess p|will|lee's|Jessi) [a-z ]{0,20}", fullmatch=True)
)


def found(match: Match) -> tuple[object, ...]:
    """What a match says, apart from how the name was typed."""
    return match.how, match.entries, match.nearest


@given(entries(), hostile, st.booleans())
@example((), "", False)
def test_nothing_typed_raises(people: tuple[RosterEntry, ...], typed: str, archived: bool) -> None:
    """Any text gets an answer, and one that is consistent with itself."""
    roster = Roster(people, 1)
    match = roster.find(typed, archived=archived)
    assert bool(match.entries) == (match.how is not None)
    assert not (match.entries and match.nearest)
    assert len(match.nearest) <= 5
    assert len(roster.complete(typed, limit=3)) <= 3
    assert len(roster.similar(typed)) <= 5
    assert len(set(match.entries)) == len(match.entries)


@given(entries(), hostile)
def test_a_lead_leaves_the_rest_as_typed(people: tuple[RosterEntry, ...], text: str) -> None:
    """The rest is the end of the text, the names asked for come from its beginning, and nobody is listed twice."""
    lead = Roster(people, 1).lead(text)
    assert text.endswith(lead.rest)
    named = [match.entries for match in lead.matches if match.entries]
    assert len(set(named)) == len(named)
    start = " ".join(text[: len(text) - len(lead.rest)].split())
    assert all(match.asked in start for match in lead.matches)
    assert bool(lead.matches) or not lead.rest


@given(entries(), hostile, st.sampled_from([str.upper, str.lower, str.title, str.swapcase]))
def test_case_changes_no_answer(people: tuple[RosterEntry, ...], typed: str, recase: object) -> None:
    """JESS, jess and Jess are one name, in every script."""
    assert callable(recase)
    roster = Roster(people, 1)
    assert found(roster.find(typed)) == found(roster.find(recase(typed)))


@given(entries(real_names), real_names)
def test_diacritics_change_no_answer(people: tuple[RosterEntry, ...], typed: str) -> None:
    """Whoever's keyboard has no é finds the same people."""
    apart = unicodedata.normalize("NFD", typed)
    plain = "".join(c for c in apart if not "\u0300" <= c <= "\u036f")
    roster = Roster(people, 1)
    assert found(roster.find(typed)) == found(roster.find(apart)) == found(roster.find(plain))


@given(entries(), st.data())
def test_a_full_name_and_a_handle_find_their_person(people: tuple[RosterEntry, ...], data: st.DataObject) -> None:
    """Everybody is found by name, alias, handle and id, possibly among equals."""
    assume(people)
    roster, person = Roster(people, 1), data.draw(st.sampled_from(people))
    assert person in roster.find(person.id).entries
    spelled = [name for name in (person.name, *person.aliases) if spellings(name)]
    for typed in (*spelled, *map(str, person.handles), *(f"@{handle.name}" for handle in person.handles)):
        ids = {other.id for other in people}
        networks = {handle.network for other in people for handle in other.handles}
        # A person may be *called* like an id or an account of somebody else, which then is what is meant.
        assume(fold(typed) not in ids)
        assume(typed not in spelled or fold(typed).partition(":")[0] not in networks)
        assert person in roster.find(typed, archived=True).entries


@given(entries(real_names), st.data())
def test_a_typo_shares_something_with_what_was_typed(people: tuple[RosterEntry, ...], data: st.DataObject) -> None:
    """Nobody is found through a typo with whom what was typed has no two letters in common.

    Unless it is how their name begins: an ordinary word ("a" for Ana) counts as a typo although it is none.
    """
    assume(people)
    name = data.draw(st.sampled_from(people)).name
    cut = data.draw(st.integers(0, len(name)))
    typed = name[:cut] + data.draw(st.sampled_from("aeimx ")) + name[cut + data.draw(st.integers(0, 2)) :]
    match = Roster(people, 1).find(typed)
    if match.how is How.TYPO:
        letters = set(fold(typed))
        for entry in match.entries:
            spelled = (entry.name, *entry.aliases, *(handle.name for handle in entry.handles))
            folded = fold(" ".join(spelled))
            there = set(folded) - {" "}
            # An ordinary word that begins a name ("a" for Ana) counts as a typo although it is none.
            begins = any(word.startswith(fold(typed)) for word in folded.split())
            assert begins or len(letters & there) >= min(2, len(there))


@given(entries(), hostile, st.randoms(use_true_random=False))
def test_the_order_of_entries_is_irrelevant(people: tuple[RosterEntry, ...], typed: str, chance: object) -> None:
    """The store may hand the roster over in any order."""
    shuffled = list(people)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]  # a Random, whose module is banned outside clock.py
    one, other = Roster(people, 1), Roster(shuffled, 1)
    assert found(one.find(typed)) == found(other.find(typed))
    assert one.complete(typed) == other.complete(typed)
    assert one.similar(typed) == other.similar(typed)
    assert one.lead(typed) == other.lead(typed)


@given(entries(), hostile)
def test_the_archived_do_not_exist_unless_asked_for(people: tuple[RosterEntry, ...], typed: str) -> None:
    """Hiding people changes no answer about the others."""
    assume(fold(typed) not in {person.id for person in people})
    everybody = Roster(people, 1)
    active = Roster([person for person in people if not person.archived], 1)
    assert found(active.find(typed))[:2] == found(everybody.find(typed))[:2]


@given(st.text(max_size=40))
def test_folding_twice_is_folding_once(text: str) -> None:
    """A spelling is compared by what it is, however often it went through the index."""
    assert fold(text) == fold(fold(text))
