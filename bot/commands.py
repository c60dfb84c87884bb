"""@command: a verb is declared once, and its signature is the schema of everything that can call it.

    @command("log", "Log a touchpoint.", examples=("log jess coffee at VidCon yesterday",))
    async def log(ctx: Context, who: People, what: Words = "", *, on: PastDay | None = None) -> Reply: ...

Text parsing, help, forms, Discord's options and completion derive from the CommandSpec that the decorator returns. In
text, positional parameters are read in order and the keyword-only ones as `name:value`; a `Words` parameter takes the
rest of the line.
"""

from __future__ import annotations

import inspect
import re
import types
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum, StrEnum
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from bot.address import Place
from bot.change import Change
from bot.context import Context
from bot.inbound import Upload
from bot.model import Handle, Influencer, Member
from bot.reply import Answer, Reply

GROUP_LIMIT = 25
"""Subcommands and groups under one Discord command, and subcommands in one group."""


class Kind(StrEnum):
    """What an argument takes; the parser of each kind lives in `reading.arguments`."""

    INFLUENCER = "influencer"
    EXACT_INFLUENCER = "exact_influencer"
    INFLUENCERS = "influencers"
    MEMBER = "member"
    WORDS = "words"
    WORD = "word"
    PAST_DAY = "past_day"
    FUTURE_DAY = "future_day"
    DUE_DAY = "due_day"
    DAYS = "days"
    CHOICE = "choice"
    FLAG = "flag"
    FILE = "file"
    HANDLES = "handles"
    TAGS = "tags"
    PLACE = "place"


Who = Annotated[Influencer, Kind.INFLUENCER]
ExactWho = Annotated[Influencer, Kind.EXACT_INFLUENCER]
People = Annotated[tuple[Influencer, ...], Kind.INFLUENCERS]
Teammate = Annotated[Member, Kind.MEMBER]
Words = Annotated[str, Kind.WORDS]
Word = Annotated[str, Kind.WORD]
PastDay = Annotated[date, Kind.PAST_DAY]
FutureDay = Annotated[date, Kind.FUTURE_DAY]
DueDay = Annotated[date, Kind.DUE_DAY]
Days = Annotated[int, Kind.DAYS]
File = Annotated[Upload, Kind.FILE]
Handles = Annotated[tuple[Handle, ...], Kind.HANDLES]
Tags = Annotated[tuple[str, ...], Kind.TAGS]
InPlace = Annotated[Place | None, Kind.PLACE]

_ABOUT = {
    Kind.INFLUENCER: "Which influencer; a name or a handle",
    Kind.EXACT_INFLUENCER: "Which influencer; the full name or a handle",
}
"""The help line of whoever a verb is simply about."""


HIDDEN = object()
"""Marks an argument that only buttons set: in no help, no form and no option."""


FILLED = object()
"""Marks an argument that may be left unsaid, but not be emptied in a form that shows what it is."""


@dataclass(frozen=True, slots=True, eq=False)
class Bare:
    """Marks a keyed choice that may stand bare, too, without its key: at the head of the text or behind the names.

    `subjects` are words for its options that may stand in both places ("promise jess they draft"), `objects` those that
    say it in front of the names only, because behind them they belong to the text ("promise jess our feedback"). Both
    are understood behind the key, too. Words are in lower case, each with the option it stands for. `alone`: a word
    counts only where nothing else is said ("occasion mine"). What begins with `unless` makes a sentence of the word in
    front of it, which then says no option ("promise jess she gets the sample").
    """

    subjects: Mapping[str, str]
    objects: Mapping[str, str]
    alone: bool = False
    unless: re.Pattern[str] | None = None

    @property
    def words(self) -> dict[str, str]:
        """All the words, with the options they stand for."""
        return {**self.objects, **self.subjects}


@dataclass(frozen=True, slots=True)
class Linked:
    """Marks a person behind another, to whom a word may lead up: `merge jess with jessica`.

    `turning` words change the places of the two: `merge jessica into jess` is `merge jess jessica`. In lower case.
    """

    words: frozenset[str]
    turning: frozenset[str] = frozenset()


class Permission(StrEnum):
    """Who may use a verb."""

    MEMBER = "member"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a verb.

    `about` is its help line: what is asked and, behind a semicolon, how that is typed ("By when; friday, 3 dec or 2w"),
    which is not said where it is picked instead. `choices` are the values of a choice, `bare` the words that say it
    without its key, `linked` those that lead up to it; a `hidden` one is set by buttons only, a `filled` one can't be
    emptied in a form, a `clearable` one has to be said and can be “none”.
    """

    name: str
    kind: Kind
    required: bool
    keyed: bool
    about: str
    choices: type[Enum] | None = None
    hidden: bool = False
    filled: bool = False
    clearable: bool = False
    bare: Bare | None = None
    linked: Linked | None = None

    @property
    def options(self) -> tuple[str, ...]:
        """What a choice can be, as typed."""
        return tuple(str(choice.value) for choice in self.choices) if self.choices else ()


Handler = Callable[..., Awaitable[Answer]]
Teller = Callable[[Context, Change], Awaitable[Reply]]


@dataclass(frozen=True, slots=True)
class CommandSpec:
    """A verb: what it is called, what it takes, who may use it and what carries it out.

    `group` is where Discord puts it (`None`: among the everyday verbs). `writes` verbs ask before they act on a name
    found only through a typo; `newcomers` says that whoever is not on the roster can be added first, and the verb goes
    on with them; where `writes_with` names arguments, it writes only if one of them is said, and else looks.
    An `internal` verb is what buttons stand for: it can't be typed and isn't in help.
    `tells` words the answer from the Change that was made, so that a request heard twice is answered the same (`None`:
    in general words). `title` heads its form, where the summary is too long for that. `audience`: what it does depends
    on who reads a place, so that an adapter finds that out before it asks. `shares`: where it only looks, whoever asked
    may have what it says said again for everybody in the place. `submit` is the button of its form, where that neither
    saves nor shows.
    """

    name: str
    summary: str
    handler: Handler
    arguments: tuple[Argument, ...]
    group: str | None = None
    permission: Permission = Permission.MEMBER
    examples: tuple[str, ...] = ()
    writes: bool = True
    internal: bool = False
    tells: Teller | None = None
    title: str = ""
    newcomers: bool = False
    writes_with: tuple[str, ...] = ()
    audience: bool = False
    shares: bool = False
    submit: str = ""

    def argument(self, name: str) -> Argument | None:
        """The argument of that name."""
        return next((argument for argument in self.arguments if argument.name == name), None)

    @property
    def shown(self) -> tuple[Argument, ...]:
        """The arguments that people see."""
        return tuple(argument for argument in self.arguments if not argument.hidden)

    def as_said(self, said: Collection[str]) -> CommandSpec:
        """The verb where these arguments are said: one that could write may only look."""
        looks = self.writes_with and not any(name in said for name in self.writes_with)
        return replace(self, writes=False) if looks else self

    @property
    def usage(self) -> str:
        """`log <who> [what] [on:…]`."""
        words = [self.name]
        for argument in self.shown:
            word = f"{argument.name}:…" if argument.keyed else argument.name
            words.append(f"<{word}>" if argument.required else f"[{word}]")
        return " ".join(words)


def command(
    name: str,
    summary: str,
    *,
    group: str | None = None,
    permission: Permission = Permission.MEMBER,
    examples: tuple[str, ...] = (),
    writes: bool = True,
    internal: bool = False,
    tells: Teller | None = None,
    title: str = "",
    newcomers: bool = False,
    writes_with: tuple[str, ...] = (),
    audience: bool = False,
    shares: bool = False,
    submit: str = "",
) -> Callable[[Handler], CommandSpec]:
    """Turns an async handler into the CommandSpec that its signature describes.

    Raises TypeError for a parameter whose annotation is none of the kinds above.
    """

    def declare(handler: Handler) -> CommandSpec:
        hints = get_type_hints(handler, include_extras=True)
        parameters = list(inspect.signature(handler).parameters.values())
        if not parameters or hints[parameters[0].name] is not Context:
            raise TypeError(f"{name}: the first parameter of a handler is its Context")
        arguments = tuple(_argument(name, parameter, hints[parameter.name]) for parameter in parameters[1:])
        return CommandSpec(
            name,
            summary,
            handler,
            arguments,
            group=group,
            permission=permission,
            examples=examples,
            writes=writes,
            internal=internal,
            tells=tells,
            title=title,
            newcomers=newcomers,
            writes_with=writes_with,
            audience=audience,
            shares=shares,
            submit=submit,
        )

    return declare


def _argument(verb: str, parameter: inspect.Parameter, hint: Any) -> Argument:
    kind, about, choices = _read_hint(hint)
    if kind is None:
        raise TypeError(f"{verb}: {parameter.name} has an annotation that nothing can read: {hint}")
    extras = get_args(hint)[1:] if get_origin(hint) is Annotated else ()
    return Argument(
        name=parameter.name,
        kind=kind,
        required=parameter.default is inspect.Parameter.empty,
        keyed=parameter.kind is inspect.Parameter.KEYWORD_ONLY,
        about=about or _ABOUT.get(kind, ""),
        choices=choices,
        hidden=HIDDEN in extras,
        filled=FILLED in extras,
        clearable=parameter.default is inspect.Parameter.empty and _can_be_none(hint),
        bare=next((extra for extra in extras if isinstance(extra, Bare)), None),
        linked=next((extra for extra in extras if isinstance(extra, Linked)), None),
    )


def _can_be_none(hint: Any) -> bool:
    if get_origin(hint) is Annotated:
        hint = get_args(hint)[0]
    return type(None) in get_args(hint)


def _read_hint(hint: Any) -> tuple[Kind | None, str, type[Enum] | None]:
    """The kind, the help line and the choices that an annotation holds, `… | None` looked through."""
    kind: Kind | None = None
    about, choices = "", None
    if get_origin(hint) is Annotated:
        hint, *extras = get_args(hint)
        kind = next((extra for extra in extras if isinstance(extra, Kind)), None)
        about = next((extra for extra in extras if isinstance(extra, str) and not isinstance(extra, Kind)), "")
    if get_origin(hint) in {Union, types.UnionType}:
        for part in get_args(hint):
            inner, inner_about, inner_choices = _read_hint(part)
            kind, about, choices = kind or inner, about or inner_about, choices or inner_choices
    elif isinstance(hint, type) and issubclass(hint, Enum):
        kind, choices = kind or Kind.CHOICE, hint
    elif hint is bool:
        kind = kind or Kind.FLAG
    return kind, about, choices


def check_groups(specs: tuple[CommandSpec, ...]) -> None:
    """Raises ValueError where two verbs share a name or Discord could not hold them (25 under one command or group)."""
    typed = [spec for spec in specs if not spec.internal]
    names = [spec.name for spec in specs]
    if len(names) != len(set(names)):
        raise ValueError("two verbs have the same name")
    if {spec.group for spec in typed} & set(names):
        raise ValueError("a verb has the name of a group")
    groups: dict[str | None, int] = {}
    for spec in typed:
        groups[spec.group] = groups.get(spec.group, 0) + 1
    everyday = groups.pop(None, 0) + len(groups)
    if everyday > GROUP_LIMIT or any(count > GROUP_LIMIT for count in groups.values()):
        raise ValueError(f"Discord holds {GROUP_LIMIT} subcommands: {everyday} everyday ones, {groups}")
