"""Who is found by what, and who a line starts with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import pytest

from bot.model import Handle
from bot.reading.media import medium_at
from bot.roster import How, Lead, Match, Roster, Rosters
from bot.store_port import RosterEntry, Store

PEOPLE: dict[str, tuple[str, ...]] = {
    "Jess Park": ("instagram:jess.cooks",),
    "Jess Liu": ("tiktok:jliu", "instagram:jliu"),
    "Sam Ode": ("youtube:samode",),
    "Samantha Ray": ("instagram:sam_ray",),
    "Ana Maria López": ("instagram:ana.maria",),
    "Søren Łukasz": (),
    "Anne-Marie O’Brien": (),
    "J.P. Morgan": (),
    "Will Stone": (),
    "Lee Fox": ("twitch:foxy",),
    "Kimberly Ray": (),
    "Callum Reed": (),
    "김민준": (),
    "Дмитрий Орлов": (),
    "محمد علي": (),
    "🔥": (),
}


def entry(
    name: str, *handles: str, aliases: tuple[str, ...] = (), archived: bool = False, id: str | None = None
) -> RosterEntry:
    """Somebody with handles written `network:name`."""
    split = tuple(Handle(*handle.split(":")) for handle in handles)
    return RosterEntry(id or "inf_" + name.lower().replace(" ", ""), name, aliases, split, archived)


def roster(*more: RosterEntry) -> Roster:
    """The people above and some more."""
    return Roster((*(entry(name, *handles) for name, handles in PEOPLE.items()), *more), revision=1)


def names(found: Match | Sequence[RosterEntry]) -> list[str]:
    """The names of who was found, in order."""
    return [one.name for one in (found.entries if isinstance(found, Match) else found)]


@pytest.mark.parametrize(
    ("typed", "how", "expected"),
    [
        ("inf_jesspark", How.EXACT, ["Jess Park"]),
        ("instagram:jess.cooks", How.EXACT, ["Jess Park"]),
        ("IG:@Jess.Cooks", How.EXACT, ["Jess Park"]),
        ("@jess.cooks", How.EXACT, ["Jess Park"]),
        ("jess.cooks", How.EXACT, ["Jess Park"]),
        ("https://www.instagram.com/jess.cooks/?hl=en", How.EXACT, ["Jess Park"]),
        ("tiktok.com/@jliu", How.EXACT, ["Jess Liu"]),
        ("Jess Park", How.EXACT, ["Jess Park"]),
        ("  JESS   park ", How.EXACT, ["Jess Park"]),
        ("jess", How.FIRST_NAME, ["Jess Liu", "Jess Park"]),
        ("park", How.FIRST_NAME, ["Jess Park"]),
        ("park jess", How.FIRST_NAME, ["Jess Park"]),
        ("ana lopez", How.FIRST_NAME, ["Ana Maria López"]),
        ("sam", How.FIRST_NAME, ["Sam Ode"]),
        ("sama", How.PREFIX, ["Samantha Ray"]),
        ("jess p", How.PREFIX, ["Jess Park"]),
        ("ana lo", How.PREFIX, ["Ana Maria López"]),
        ("foxy", How.EXACT, ["Lee Fox"]),
        ("soren lukasz", How.EXACT, ["Søren Łukasz"]),
        ("anne marie obrien", How.FIRST_NAME, ["Anne-Marie O’Brien"]),
        ("annemarie o'brien", How.EXACT, ["Anne-Marie O’Brien"]),
        ("jp morgan", How.EXACT, ["J.P. Morgan"]),
        ("김민준", How.EXACT, ["김민준"]),
        ("дмитрий", How.FIRST_NAME, ["Дмитрий Орлов"]),
        ("Дмитрии", How.FIRST_NAME, ["Дмитрий Орлов"]),
        ("علي", How.FIRST_NAME, ["محمد علي"]),
        ("🔥", How.EXACT, ["🔥"]),
        ("samnatha", How.TYPO, ["Samantha Ray"]),
        ("jess prak", How.TYPO, ["Jess Park"]),
        ("jesspark", How.TYPO, ["Jess Park"]),
        ("jess cooks", How.TYPO, ["Jess Park"]),
        ("jess.coks", How.TYPO, ["Jess Park"]),
        ("instagram:jess.cook", How.TYPO, ["Jess Park"]),
        ("kimberley", How.TYPO, ["Kimberly Ray"]),
        ("call", How.TYPO, ["Callum Reed"]),
        ("imberly", How.TYPO, ["Kimberly Ray"]),
        ("ikmberly", How.TYPO, ["Kimberly Ray"]),
        ("lopes", How.TYPO, ["Ana Maria López"]),
    ],
)
def test_finds_by_the_surest_level_that_fits(typed: str, how: How, expected: list[str]) -> None:
    """Handles, names in any spelling, beginnings and typos all find who is meant, and say by what."""
    match = roster().find(typed)
    assert (how, expected) == (match.how, names(match))


@pytest.mark.parametrize(
    ("typed", "not_meant"),
    [
        ("pam", "Sam Ode"),
        ("bess", "Jess Park"),
        ("les", "Lee Fox"),
        ("harry", "Larry Page"),
        ("jim park", "Kim Park"),
        ("sam13", "Sam Twelve"),
        ("tiktok:jess.cooks", "Jess Park"),
    ],
)
def test_a_false_friend_is_only_near(typed: str, not_meant: str) -> None:
    """Another first letter, digit or network is another person: offered, never taken for a typo."""
    match = roster(entry("Larry Page"), entry("Kim Park"), entry("Sam Twelve", "x:sam12")).find(typed)
    assert ((), None) == (match.entries, match.how)
    assert not_meant in names(match.nearest)


@pytest.mark.parametrize("typed", ["", " ", "\u200b", "!!!", "...", "@", ":", "instagram:", "x" * 3000, "no " * 1500])
def test_nothing_in_particular_finds_nobody(typed: str) -> None:
    """Symbols, blanks and pasted pages are nobody's name."""
    match = roster().find(typed)
    assert ((), None) == (match.entries, match.how)


def test_a_long_name_is_found_as_it_stands() -> None:
    """Only looseness ends at 64 letters: a very long name still finds its person."""
    name = "Anastasia " * 30
    assert [name] == names(roster(entry(name, id="inf_long")).find(name))


def test_someone_elses_handle_does_not_hide_a_first_name() -> None:
    """`jess` is asked about where it is one's handle and others' first name; `@jess` is the handle."""
    people = roster(entry("Mia Wong", "instagram:jess"))
    assert (How.FIRST_NAME, ["Jess Liu", "Jess Park", "Mia Wong"]) == (
        people.find("jess").how,
        names(people.find("jess")),
    )
    assert (How.EXACT, ["Mia Wong"]) == (people.find("@jess").how, names(people.find("@jess")))


def test_a_name_with_nothing_else_goes_before_a_first_name() -> None:
    """Whoever is called just Jess, or goes by it, is meant by `jess`."""
    assert ["Jess"] == names(roster(entry("Jess")).find("jess"))
    assert ["Jessica Tan"] == names(roster(entry("Jessica Tan", aliases=("Jess",))).find("jess"))


def test_namesakes_are_all_found() -> None:
    """Two people of one name are both offered."""
    match = roster(entry("Jess Park", id="inf_other")).find("jess park")
    assert (None, 2) == (match.one, len(match.entries))


def test_the_fewest_edits_win() -> None:
    """A typo finds the closest name, not all that are close."""
    assert ["Martina Bo"] == names(roster(entry("Martina Bo"), entry("Marvina Bo")).find("martinaa"))


@pytest.mark.parametrize("typed", ["zoe zoe", "zoe zoee"])
def test_one_word_of_a_name_does_not_stand_for_two(typed: str) -> None:
    """A word typed twice, rightly or nearly, is not somebody who has it once."""
    assert [] == names(roster(entry("Zoe")).find(typed))
    assert [] == names(roster(entry("Zoe")).find("lee lee"))


def test_the_archived_are_found_only_where_asked_for() -> None:
    """An archived person neither answers nor makes a name ambiguous, except by id."""
    people = roster(entry("Sam Old", "x:oldsam", archived=True))
    assert ["Sam Ode"] == names(people.find("sam"))
    assert ["Sam Ode", "Sam Old"] == names(people.find("sam", archived=True))
    assert [] == names(people.find("oldsam"))
    assert ["Sam Old"] == names(people.find("inf_samold"))
    assert "Sam Old" not in names(people.complete("sam"))
    assert "Sam Old" not in names(people.find("samm oldd").nearest)


def test_a_match_says_what_was_asked_and_whether_to_ask_back() -> None:
    """One entry is `one`; only a typo is doubtful."""
    found, doubtful = roster().find("  Sam   Ode "), roster().find("sam odee")
    assert ("Sam Ode", "Sam Ode", False) == (found.asked, found.one.name if found.one else None, found.is_typo)
    assert doubtful.is_typo


def test_nearest_come_closest_first_and_at_most_five() -> None:
    """Who is nobody's typo still gets likely names to choose from."""
    people = roster(*(entry(f"Jessica {last}", id=last) for last in ("Abc", "Def", "Ghi", "Jkl", "Mno", "Pqr")))
    nearest = people.find("jessicxyz").nearest
    assert 5 == len(nearest)
    assert all(one.name.startswith("Jessica") for one in nearest)


@pytest.mark.parametrize(
    ("text", "expected", "rest"),
    [
        ("jess park coffee yesterday", [["Jess Park"]], "coffee yesterday"),
        ("jess coffee, loves ceramics", [["Jess Liu", "Jess Park"]], "coffee, loves ceramics"),
        (
            "jess, sam coffee at VidCon, loves ceramics yesterday",
            [["Jess Liu", "Jess Park"], ["Sam Ode"]],
            "coffee at VidCon, loves ceramics yesterday",
        ),
        ("ana maria lopez called", [["Ana Maria López"]], "called"),
        ("jess p coffee", [["Jess Park"]], "coffee"),
        ("jess l. coffee", [["Jess Liu"]], "coffee"),
        ("ana a cookbook deal", [["Ana Maria López"]], "a cookbook deal"),
        ("lee and sam coffee", [["Lee Fox"], ["Sam Ode"]], "coffee"),
        ("lee & sam: yes", [["Lee Fox"], ["Sam Ode"]], "yes"),
        ("lee+sam coffee", [["Lee Fox"], ["Sam Ode"]], "coffee"),
        ("lee, , sam coffee", [["Lee Fox"], ["Sam Ode"]], "coffee"),
        ("lee,sam, and will", [["Lee Fox"], ["Sam Ode"], ["Will Stone"]], ""),
        ("lee， sam coffee", [["Lee Fox"], ["Sam Ode"]], "coffee"),
        ("lee, lee fox coffee", [["Lee Fox"]], "coffee"),
        ("lee: yes to launch", [["Lee Fox"]], "yes to launch"),
        ("lee - wants a sample", [["Lee Fox"]], "wants a sample"),
        ("lee's manager called", [["Lee Fox"]], "manager called"),
        ("lee 🔥 post", [["Lee Fox"]], "🔥 post"),
        ("lee, loves ceramics", [["Lee Fox"]], "loves ceramics"),
        ("lee, call about spring", [["Lee Fox"]], "call about spring"),
        ("lee, will send a sample", [["Lee Fox"]], "will send a sample"),
        ("lee, Will coffee", [["Lee Fox"], ["Will Stone"]], "coffee"),
        ("lee and i had lunch", [["Lee Fox"]], "and i had lunch"),
        ("lee and sam's agent met", [["Lee Fox"]], "and sam's agent met"),
        ('"Jess Park" coffee', [["Jess Park"]], "coffee"),
        ("“jess park”, “sam ode” coffee", [["Jess Park"], ["Sam Ode"]], "coffee"),
        ("@jess.cooks posted", [["Jess Park"]], "posted"),
        ("instagram:jess.cooks posted", [["Jess Park"]], "posted"),
        ("https://instagram.com/jess.cooks posted", [["Jess Park"]], "posted"),
        ("  lee  ", [["Lee Fox"]], ""),
        ("김민준, lee coffee", [["김민준"], ["Lee Fox"]], "coffee"),
        ("Sam", [["Sam Ode"]], ""),
    ],
)
def test_a_line_starts_with_people(text: str, expected: list[list[str]], rest: str) -> None:
    """The longest name wins, lists go on only where a name is surer than a note, and the rest stays as typed."""
    lead = roster().lead(text)
    assert (expected, rest) == ([names(match) for match in lead.matches], lead.rest)
    assert not any(match.is_typo for match in lead.matches)


@pytest.mark.parametrize(
    ("text", "expected", "rest"),
    [
        ("samnatha coffee", ["Samantha Ray"], "coffee"),
        ("jes park coffee", ["Jess Park"], "coffee"),
        ("lee, kimberley coffee", ["Kimberly Ray"], "coffee"),
        ("lee, Kimberley coffee", ["Kimberly Ray"], "coffee"),
        ("lee, calum coffee", ["Callum Reed"], "coffee"),
        ("lee, kim coffee", ["Kimberly Ray"], "coffee"),
    ],
)
def test_a_doubtful_name_in_a_line_is_a_typo(text: str, expected: list[str], rest: str) -> None:
    """A typo, or a mere beginning where a note may start, is neither believed nor swallowed: it is asked about."""
    lead = roster().lead(text)
    assert (expected, rest) == (names(lead.matches[-1]), lead.rest)
    assert lead.matches[-1].is_typo


def test_the_beginning_of_a_name_at_the_end_of_a_list_is_no_doubt() -> None:
    """`lee, kim` can only be two people."""
    assert [How.FIRST_NAME, How.PREFIX] == [match.how for match in roster().lead("lee, kim").matches]


@pytest.mark.parametrize(
    ("text", "asked", "rest"),
    [
        ("zoe coffee", "zoe", "coffee"),
        ("Zoe Quinn coffee", "Zoe Quinn", "coffee"),
        ('"the rock" lunch', "the rock", "lunch"),
        ("@zoe.q posted", "@zoe.q", "posted"),
        ("instagram:zoe.q posted", "instagram:zoe.q", "posted"),
        ("zoe's manager", "zoe", "manager"),
        ("call with someone", "call", "with someone"),
        ("+ coffee", "+", "coffee"),
    ],
)
def test_an_unknown_name_in_a_line_is_named(text: str, asked: str, rest: str) -> None:
    """What was probably meant as the name is handed back to be offered for adding."""
    (match,), left = (lead := roster().lead(text)).matches, lead.rest
    assert ((), asked, rest) == (match.entries, match.asked, left)


def test_a_word_of_notes_is_no_beginning_of_a_name() -> None:
    """`call` where a name belongs is not Callum, who is only offered."""
    (match,) = roster().lead("call with someone").matches
    assert (None, ["Callum Reed"]) == (match.how, names(match.nearest))


def test_where_one_person_is_wanted_a_list_is_not_read() -> None:
    """`goal lee, sam knows more` is about Lee alone."""
    lead = roster().lead("lee, sam knows more", several=False)
    assert ([["Lee Fox"]], "sam knows more") == ([names(match) for match in lead.matches], lead.rest)


def test_an_unknown_name_does_not_end_a_list() -> None:
    """Who follows an unknown name is still found."""
    lead = roster().lead("Zoe, sam coffee")
    assert ([[], ["Sam Ode"]], "coffee") == ([names(match) for match in lead.matches], lead.rest)


@pytest.mark.parametrize("text", ["", "  ", " , ,"])
def test_a_line_without_a_word_starts_with_nobody(text: str) -> None:
    """Nothing asked, nothing answered."""
    assert Lead((), "") == roster().lead(text)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("je", ["Jess Liu", "Jess Park"]),
        ("sam", ["Sam Ode", "Samantha Ray"]),
        ("ray", ["Kimberly Ray", "Samantha Ray"]),
        ("cooks", ["Jess Park"]),
        ("samnt", ["Samantha Ray"]),
        ("jess pa", ["Jess Park"]),
        ("jess prk", ["Jess Park"]),
        ("@foxy", ["Lee Fox"]),
    ],
)
def test_completion_offers_the_likeliest_first(typed: str, first: list[str]) -> None:
    """What is typed so far, right or not quite, brings up who is meant."""
    assert first == names(roster().complete(typed))[: len(first)]


def test_completion_of_nothing_is_the_start_of_the_roster() -> None:
    """Nothing typed: the first by name, as many as asked for."""
    assert ["Ana Maria López", "Anne-Marie O’Brien", "Callum Reed"] == names(roster().complete(" ", limit=3))
    assert 25 == len(Roster([entry(f"Person {n}") for n in range(40)], 1).complete("pers"))


@pytest.mark.parametrize(
    ("added", "expected"),
    [
        ("Jess Park", ["Jess Park"]),
        ("jes park", ["Jess Park"]),
        ("Jessica Park", ["Jess Park"]),
        ("Ana López", ["Ana Maria López"]),
        ("Ana Maria Lopez Garcia", ["Ana Maria López"]),
        ("jesscooks", ["Jess Park", "Jess Liu"]),
        ("Foxy", ["Lee Fox"]),
        ("Sam", ["Sam Ode", "Samantha Ray"]),
        ("Jess Tan", []),
        ("🎉", []),
        ("", []),
    ],
)
def test_similar_names_are_pointed_out_before_adding(added: str, expected: list[str]) -> None:
    """Other spellings and short forms of a name are similar; sharing a first name is not."""
    assert expected == names(roster().similar(added))


def test_the_archived_are_similar_too() -> None:
    """Adding somebody who is only archived would make a second record of them."""
    assert ["Zoe Quinn"] == names(roster(entry("Zoe Quinn", archived=True)).similar("zoe quin"))


@pytest.mark.parametrize(
    ("text", "asked", "rest"),
    [
        ("Lee Quinn coffee", "Lee Quinn", "coffee"),
        ("Lee de Luca coffee", "Lee de Luca", "coffee"),
        ("Lee Quinn’s manager called", "Lee Quinn", "manager called"),
        ("Lee O'Hara coffee", "Lee O'Hara", "coffee"),
        ("Lee Quinn's manager called", "Lee Quinn", "manager called"),
        ("sam, Lee Quinn coffee", "Lee Quinn", "coffee"),
        ("lee, zoe coffee", "zoe", "coffee"),
        ("lee & zoe called", "zoe", "called"),
        ("lee and Zoe coffee", "Zoe", "coffee"),
        ("lee, Zoe wants a sample", "Zoe", "wants a sample"),
        ("lee; Zoe Quinn lunch", "Zoe Quinn", "lunch"),
    ],
)
def test_what_looks_like_a_name_is_not_left_to_the_note(text: str, asked: str, rest: str) -> None:
    """A surname that nobody has, and one more in a list whom nobody knows, are asked about and dropped by nobody."""
    lead = roster().lead(text, medium_at=medium_at)
    assert ((), asked, rest) == (lead.matches[-1].entries, lead.matches[-1].asked, lead.rest)


def test_the_first_name_of_an_unknown_surname_is_nearest() -> None:
    """`Lee Quinn` is offered Lee Fox before anybody else."""
    (match,) = roster().lead("Lee Quinn coffee", medium_at=medium_at).matches
    assert "Lee Fox" == match.nearest[0].name


@pytest.mark.parametrize(
    ("text", "expected", "rest"),
    [
        ("lee, zoe, sam coffee", ["Lee Fox", "zoe", "Sam Ode"], "coffee"),
        ("lee, zoe, quinn coffee", ["Lee Fox"], "zoe, quinn coffee"),
    ],
)
def test_a_list_goes_on_behind_an_unknown_name(text: str, expected: list[str], rest: str) -> None:
    """A small word between two commas is a name where a known one follows."""
    lead = roster().lead(text, medium_at=medium_at)
    assert (expected, rest) == ([match.one.name if match.one else match.asked for match in lead.matches], lead.rest)


def test_a_capital_behind_a_small_first_name_is_asked_about_and_stays_in_the_note() -> None:
    """`sam Berlin trip` may be about a Sam Berlin or a trip to Berlin: no word of it is lost."""
    lead = roster().lead("sam Berlin trip", medium_at=medium_at)
    (match,) = lead.matches
    assert ("sam", ["Sam Ode"], True, "Berlin trip") == (match.asked, names(match), match.is_typo, lead.rest)


@pytest.mark.parametrize(
    "text",
    [
        "lee Coffee at VidCon",
        "Lee Called about spring",
        "Lee VidCon booth chat",
        "Lee Friday coffee",
        "Lee Instagram story mention",
        "Lee PR package",
        "Lee A",
        "Lee She said yes",
        "Lee She’s in",
        "Lee’s Cookbook deal",
        "LEE LOVES IT",
        "lee\nBerlin trip",
        "lee: Berlin trip",
        "lee, great chat",
        "lee, zoom call",
        "lee, manager called",
        "lee, spring samples sent",
        "lee, ceramics",
        "lee and Ben had lunch",
        "lee; loves ceramics",
        "foxy Berlin trip",
    ],
)
def test_a_note_with_capitals_is_no_doubt(text: str) -> None:
    """Media, days, networks, sentence words and what stands behind a colon, a break or a handle are no surname."""
    (match,) = roster().lead(text, medium_at=medium_at).matches
    assert (["Lee Fox"], False) == (names(match), match.is_typo)


def test_semicolons_part_people_too() -> None:
    """`lee; sam` is a list like `lee, sam`."""
    lead = roster().lead("lee; sam coffee")
    assert ([["Lee Fox"], ["Sam Ode"]], "coffee") == ([names(match) for match in lead.matches], lead.rest)


@pytest.mark.parametrize(
    ("text", "rest"), [("sam ode jr hi", "hi"), ('"sam ode jr" hi', "hi"), ("lee, zed hi", "hi"), ("zed", "")]
)
def test_the_archived_are_asked_about(text: str, rest: str) -> None:
    """Words for somebody archived go to nobody whose name is the beginning of theirs: the archived one is in doubt."""
    people = roster(entry("Sam Ode Jr", archived=True), entry("Zed Zulu", archived=True))
    lead = people.lead(text)
    match = lead.matches[-1]
    assert (True, [True], rest) == (match.is_typo, [one.archived for one in match.entries], lead.rest)


def test_whoever_is_active_goes_before_the_archived() -> None:
    """`sam` is the Sam who is here; where the archived count, both are."""
    people = roster(entry("Sam Old", archived=True))
    assert [["Sam Ode"]] == [names(match) for match in people.lead("sam coffee").matches]
    assert [["Sam Ode", "Sam Old"]] == [names(match) for match in people.lead("sam coffee", archived=True).matches]


class Names:
    """A store that knows names only, and counts how often it was asked for them."""

    def __init__(self) -> None:
        self.entries: tuple[RosterEntry, ...] = (entry("Jess Park"),)
        self.revision = 1
        self.reads = 0

    async def roster_revision(self, team: str) -> int:
        return self.revision

    async def roster(self, team: str) -> tuple[RosterEntry, ...]:
        self.reads += 1
        return self.entries


async def test_a_roster_is_built_again_only_when_names_moved() -> None:
    """The same revision costs nothing; another one shows at the next look-up."""
    store, rosters = Names(), Rosters()
    first = await rosters.of(cast(Store, store), "team_a")
    assert first is await rosters.of(cast(Store, store), "team_a")
    store.entries, store.revision = (entry("Sam Ode"),), 2
    assert ["Sam Ode"] == names((await rosters.of(cast(Store, store), "team_a")).find("sam"))
    assert 2 == store.reads


async def test_only_the_rosters_used_last_are_kept() -> None:
    """Memory is bounded: the team that nobody asked about for longest goes."""
    store, rosters = Names(), Rosters(most=2)
    for team in ("team_a", "team_b", "team_a", "team_c", "team_a"):
        await rosters.of(cast(Store, store), team)
    assert 3 == store.reads
    await rosters.of(cast(Store, store), "team_b")
    assert 4 == store.reads
