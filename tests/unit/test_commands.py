"""The @command declaration: what derives from a signature, and that every verb there is keeps to the platforms."""

from __future__ import annotations

import string
from datetime import date
from typing import Annotated

import pytest

from bot.commands import (
    GROUP_LIMIT,
    HIDDEN,
    Argument,
    CommandSpec,
    Kind,
    Permission,
    Who,
    Word,
    Words,
    check_groups,
    command,
)
from bot.context import Context
from bot.errors import NotUnderstood
from bot.forms import _KINDS, form_of
from bot.handlers import all_verbs
from bot.inbound import Upload
from bot.model import Draft, Handle, Medium, Member
from bot.reading.arguments import Known, read, split
from bot.reply import Reply, say
from bot.roster import Roster
from bot.store_port import RosterEntry
from tests.desk import NOON, Desk, words
from tests.fakes import CHANNEL

VERBS = all_verbs()
TYPED = tuple(spec for spec in VERBS if not spec.internal)
NAME_LIMIT = 32
"""Characters in the name of a Discord command or option."""
LINE_LIMIT = 100
"""Characters in the description of a Discord command or option."""


def by_name(spec: CommandSpec) -> str:
    """What a case is called."""
    return spec.name


def declared(**fields: object) -> CommandSpec:
    """A verb that does nothing."""

    async def handler(ctx: Context) -> Reply:
        return Reply(blocks=(say("Done."),))

    return CommandSpec(handler=handler, summary="Does nothing.", arguments=(), **{"name": "nothing"} | fields)  # type: ignore[arg-type]  # fields by name


class TestTheDeclaration:
    def test_the_signature_is_the_schema(self) -> None:
        """Kinds, help lines, choices and defaults come from the annotations, keyed arguments from the bare star."""

        @command("greet", "Say hello.", examples=("greet jess",), title="Hello")
        async def greet(
            ctx: Context,
            who: Annotated[Who, "Whom"],
            what: Annotated[Words, "With which words"] = "",
            *,
            medium: Annotated[Medium | None, "How"] = None,
            loudly: Annotated[bool | None, "Whether to shout"] = None,
            skip: Annotated[Word | None, HIDDEN] = None,
        ) -> Reply:
            return Reply(blocks=(say("Hello."),))

        assert ("greet", "Say hello.", "Hello") == (greet.name, greet.summary, greet.title)
        assert (
            Argument("who", Kind.INFLUENCER, required=True, keyed=False, about="Whom"),
            Argument("what", Kind.WORDS, required=False, keyed=False, about="With which words"),
            Argument("medium", Kind.CHOICE, required=False, keyed=True, about="How", choices=Medium),
            Argument("loudly", Kind.FLAG, required=False, keyed=True, about="Whether to shout"),
            Argument("skip", Kind.WORD, required=False, keyed=True, about="", hidden=True),
        ) == greet.arguments
        assert "greet <who> [what] [medium:…] [loudly:…]" == greet.usage
        assert ("who", "what", "medium", "loudly") == tuple(argument.name for argument in greet.shown)

    def test_what_nothing_can_read_is_refused(self) -> None:
        """A parameter of another kind, or a handler that takes no Context, is an error where it is declared."""

        async def odd(ctx: Context, weight: float) -> Reply:
            return Reply(blocks=(say("Done."),))

        async def bare(who: Who) -> Reply:
            return Reply(blocks=(say("Done."),))

        with pytest.raises(TypeError, match="weight"):
            command("weigh", "Weigh.")(odd)
        with pytest.raises(TypeError, match="Context"):
            command("bare", "Bare.")(bare)


class TestWhatDiscordHolds:
    def test_all_verbs_fit(self) -> None:
        """No two verbs share a name, and no group has more than 25."""
        check_groups(VERBS)

    def test_two_verbs_of_one_name_are_refused(self) -> None:
        """Also where one of them is internal: a button could not say which it means."""
        with pytest.raises(ValueError, match="same name"):
            check_groups((declared(), declared(internal=True)))

    @pytest.mark.parametrize("group", [None, "plan"])
    def test_a_group_that_is_too_large_is_refused(self, group: str | None) -> None:
        """The 26th verb of a group, or among the everyday ones, has no place; internal ones need none."""
        full = tuple(declared(name=f"verb{number}", group=group) for number in range(GROUP_LIMIT))
        check_groups((*full, declared(name="pressed", group=group, internal=True)))
        with pytest.raises(ValueError, match="25"):
            check_groups((*full, declared(name="last", group=group)))

    def test_groups_take_places_among_the_everyday_verbs(self) -> None:
        """24 verbs and one group are 25 children; a second group is one too many."""
        everyday = tuple(declared(name=f"verb{number}") for number in range(GROUP_LIMIT - 1))
        check_groups((*everyday, declared(name="a", group="one")))
        with pytest.raises(ValueError, match="25"):
            check_groups((*everyday, declared(name="a", group="one"), declared(name="b", group="two")))

    @pytest.mark.parametrize("spec", TYPED, ids=by_name)
    def test_names_and_lines_fit(self, spec: CommandSpec) -> None:
        """Names are of at most 32 lower-case letters, lines are there and of at most 100 characters."""
        names = [spec.name, *(argument.name for argument in spec.arguments), *([spec.group] if spec.group else [])]
        assert all(0 < len(name) <= NAME_LIMIT for name in names)
        assert all(set(name) <= set(string.ascii_lowercase + "_") for name in names)
        lines = [spec.summary, *(argument.about for argument in spec.shown)]
        assert all(0 < len(line) <= LINE_LIMIT for line in lines)
        assert len(spec.arguments) <= GROUP_LIMIT
        assert all(len(argument.options) <= GROUP_LIMIT for argument in spec.arguments)

    @pytest.mark.parametrize("spec", VERBS, ids=by_name)
    def test_what_is_needed_comes_first(self, spec: CommandSpec) -> None:
        """Discord lists required options before the others, and so do we."""
        needed = [argument.required for argument in spec.shown]
        assert sorted(needed, reverse=True) == needed

    @pytest.mark.parametrize("spec", TYPED, ids=by_name)
    def test_what_is_asked_stands_before_how_it_is_typed(self, spec: CommandSpec) -> None:
        """Where something is picked, only what stands before the semicolon is said; it is never nothing."""
        asked = [argument.about.partition("; ")[0] for argument in spec.shown]
        assert [] == [about for about in asked if not about or ";" in about or "commas" in about]

    @pytest.mark.parametrize("spec", [spec for spec in VERBS if spec.shown], ids=by_name)
    def test_the_parts_of_a_form_have_no_titles_of_their_own(self, spec: CommandSpec) -> None:
        """They are cut to what a platform holds; one that shows all of them at once has nothing to say in between."""
        form = form_of(spec, Draft(id="drf_1", team="team_1", verb=spec.name, member="mem_1", opened_at=NOON))
        assert {form.title} == {section.title for section in form.sections}
        assert tuple(argument.name for argument in spec.shown) == tuple(field.name for field in form.inputs)


class TestReading:
    @pytest.mark.parametrize("spec", VERBS, ids=by_name)
    def test_every_kind_is_known_to_forms(self, spec: CommandSpec) -> None:
        """An argument without an input could not be asked for."""
        assert {argument.kind for argument in spec.arguments} <= _KINDS.keys()

    @pytest.mark.parametrize("kind", Kind)
    def test_every_kind_is_read(self, kind: Kind) -> None:
        """A value of each kind is understood, or refused for its own argument."""
        assert kind in _KINDS
        choices = Medium if kind is Kind.CHOICE else None
        argument = Argument("it", kind, required=True, keyed=False, about="It", choices=choices)
        spec = CommandSpec("take", "Take it.", _never, (argument,))
        values = {Kind.PAST_DAY: "yesterday", Kind.FUTURE_DAY: "2w", Kind.DAYS: "3 weeks", Kind.CHOICE: "email"}
        values |= {Kind.DUE_DAY: "end of the month", Kind.PLACE: "here"}
        values |= {Kind.FLAG: "yes", Kind.HANDLES: "instagram:jess", Kind.MEMBER: "me"}
        found = read(spec, {"it": values.get(kind, "Jess Park")}, _known())
        assert "it" in found.typed

    @pytest.mark.parametrize("spec", TYPED, ids=by_name)
    def test_every_verb_has_examples_that_work(self, spec: CommandSpec) -> None:
        """What help shows can be typed as it stands, and leaves nothing out that is needed."""
        assert spec.examples
        for line in spec.examples:
            verb, _, text = line.partition(" ")
            assert spec.name == verb
            known = _known()
            parts = split(spec, text, known.roster)
            assert () == parts.doubts
            found = read(spec, parts.raw, known)
            assert {argument.name for argument in spec.arguments if argument.required} <= found.typed.keys()

    @pytest.mark.parametrize(
        ("line", "keep", "lose"),
        [
            ("Jess Park Kim Ray", "Jess Park", "Kim Ray"),
            ("Jess Park with Kim Ray", "Jess Park", "Kim Ray"),
            ("Jess Park and Kim Ray", "Jess Park", "Kim Ray"),
            ("Jess Park into Kim Ray", "Kim Ray", "Jess Park"),
            ('"Jess Park" INTO "Kim Ray"', '"Kim Ray"', "Jess Park"),
            ("Jess Park into", None, "Jess Park"),
            ("Jess Park with", "Jess Park", None),
            ("Nobody Known into Kim Ray", "Kim Ray", "Nobody Known"),
        ],
    )
    def test_a_word_between_two_people_says_which_is_which(self, line: str, keep: str | None, lose: str | None) -> None:
        """“With” and “and” part them, “into” turns them round; quotes, strangers and missing ones change nothing."""
        merge = next(spec for spec in TYPED if spec.name == "merge")
        raw = split(merge, line, _known().roster).raw
        assert (keep, lose) == (raw.get("keep"), raw.get("lose"))

    def test_words_that_belong_to_nothing_are_refused_with_the_usage(self) -> None:
        """A verb without arguments does not guess what was meant by some."""
        undo = next(spec for spec in TYPED if spec.name == "undo")
        with pytest.raises(NotUnderstood, match="Usage: undo"):
            split(undo, "everything please", _known().roster)


async def test_help_speaks_of_every_verb(desk: Desk) -> None:
    """The overview lists each verb with its line, and help on a verb shows its usage and all of its examples."""
    overview = words(await desk.presses("ana", await desk.says("ana", "help"), "All commands"))
    for spec in TYPED:
        assert f"{spec.name}: {spec.summary}" in overview
        usage = words(await desk.says("ana", f"help {spec.name}"))
        assert f"Usage: {spec.usage}" in usage
        assert all(f"/rapport {line}" in usage for line in spec.examples)
        assert all(f"{argument.name}: " in usage for argument in spec.shown)


async def test_help_leaves_out_what_is_for_admins(desk: Desk) -> None:
    """A member is not offered what would be refused."""
    overview = words(await desk.says("ben", "help all"))
    for spec in TYPED:
        assert (spec.permission is Permission.MEMBER) == (f"\n{spec.name}: {spec.summary}" in overview)


async def _never(ctx: Context) -> Reply:
    raise AssertionError(ctx)


def _known() -> Known:
    """A roster with the people of the examples, and the members who own them."""
    people = (("Jess Park", "jess.cooks"), ("Jessica Park", "jessica.park"), ("Sam Ode", "sam.ode"))
    entries = [
        RosterEntry(f"inf_{name}", name, (), (Handle("instagram", handle),), archived=False) for name, handle in people
    ]
    members = tuple(Member(id=f"mem_{name}", team="t", name=name, accounts=()) for name in ("Ana", "Ben"))
    uploads = (Upload("roster.csv", b"name\nJess\n"),)
    return Known(Roster(entries, 1), members, members[0], date(2026, 11, 23), CHANNEL, uploads)
