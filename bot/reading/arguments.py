"""From what was typed, pressed or filled in to the typed arguments of a verb.

First `split` finds which words belong to which argument; then `read` makes values of them. Both know only the
declaration of the verb, so that a new verb is read without a line here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bot.address import Place
from bot.commands import Argument, CommandSpec, Kind
from bot.errors import NotUnderstood
from bot.inbound import Upload
from bot.model import CADENCE_LIMIT, Medium, Member
from bot.reading.dates import read_day, read_days, read_due, read_since, read_until
from bot.reading.media import medium_at, read_medium
from bot.reading.people import NOBODY, read_member, with_names
from bot.reading.places import read_place
from bot.reading.words import clean, read_handles, read_line, read_tags, read_words
from bot.roster import How, Match, Roster
from bot.roster.spelling import accounts, fold, is_account

_KEYED = re.compile(r"""(?<!\S)([\w-]+):(?://)?("[^"]*"|“[^”]*”|\S*)""")
_NAME = re.compile(r"""\s*"([^"]*)"|\s*“([^”]*)”|([^,;&+\n]+)""")
_QUOTES = '"“”'
_YES = frozenset({"yes", "y", "true", "on", "1", "✓"})
_NO = frozenset({"", "no", "n", "false", "off", "0"})
_ONE_WORD = frozenset(
    {Kind.CHOICE, Kind.WORD, Kind.FLAG, Kind.MEMBER, Kind.DAYS, Kind.PAST_DAY, Kind.FUTURE_DAY, Kind.DUE_DAY}
)
PEOPLE = frozenset({Kind.INFLUENCER, Kind.EXACT_INFLUENCER, Kind.INFLUENCERS})


class Doubt(Exception):
    """A name that does not say who is meant: several fit, nobody does, or somebody only if it is a slip of the pen."""

    def __init__(self, argument: str, match: Match) -> None:
        """`argument` is the one that the name was typed for."""
        super().__init__(argument)
        self.argument = argument
        self.match = match


@dataclass(frozen=True, slots=True)
class Known:
    """What reading needs to know: the names there are, who speaks, what day it is where they are, and where they do."""

    roster: Roster
    members: Sequence[Member]
    me: Member
    today: date
    place: Place
    uploads: tuple[Upload, ...] = ()


@dataclass(frozen=True, slots=True)
class Values:
    """Typed arguments by name; people are ids still. `slips` are the names that were understood through a typo."""

    typed: dict[str, Any]
    slips: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class Parts:
    """Which words belong to which argument, and the names at the head of a line that may not be names at all."""

    raw: dict[str, str]
    doubts: tuple[Doubt, ...]


def split(spec: CommandSpec, text: str, roster: Roster) -> Parts:
    """Which words behind a verb belong to which argument; raises NotUnderstood where some belong to none."""
    text, found = _keyed(spec, clean(text))
    text = _bare(spec, text, found, behind=False)
    doubts: list[Doubt] = []
    positional = [argument for argument in spec.arguments if not argument.keyed]
    while text and positional:
        argument, *positional = positional
        if argument.kind in PEOPLE and positional:
            lead = roster.lead(
                text,
                several=argument.kind is Kind.INFLUENCERS,
                archived=argument.kind is Kind.EXACT_INFLUENCER or not spec.writes,
                medium_at=medium_at,
            )
            text, is_turned = _linked(positional[0], lead.rest)
            if is_turned:
                argument, positional[0] = positional[0], argument
            found[argument.name] = ", ".join(_quoted(match.asked) for match in lead.matches)
            doubts += [Doubt(argument.name, match) for match in lead.matches if match.is_typo]
            text = _bare(spec, text, found, behind=True)
        else:
            found[argument.name], text = _take(argument, text, last=not positional)
    if text:
        raise NotUnderstood(f"I don’t know what to do with “{text[:80]}”. Usage: {spec.usage}")
    return Parts({name: value for name, value in found.items() if value}, tuple(doubts))


def _keyed(spec: CommandSpec, text: str) -> tuple[str, dict[str, str]]:
    """The `name:value` words, and the text without them; a key that no argument has may be a handle's network."""
    handles = next((argument.name for argument in spec.arguments if argument.kind is Kind.HANDLES), None)
    first = next((argument for argument in spec.arguments if not argument.keyed), None)
    names_somebody = first is not None and first.kind in PEOPLE
    found: dict[str, str] = {}

    def take(match: re.Match[str]) -> str:
        key, value = match[1].casefold(), match[2].strip('"“”')
        argument = next((one for one in spec.shown if one.name == key), None)
        if match.start() == 0 and argument is None and names_somebody:
            return match[0]  # "edit instagram:jess.cooks" says whom, not what
        if argument is None and handles is not None and "//" not in match[0] and value:
            found[handles] = f"{found.get(handles, '')} {key}:{value}".strip()
            return ""
        if argument is None or match[0].startswith(f"{match[1]}://"):
            return match[0]
        known = found.get(key)
        found[key] = f"{known} {value}" if known and argument.kind in {Kind.TAGS, Kind.HANDLES} else value
        return ""

    text = _KEYED.sub(take, text).strip()
    if handles is not None and not names_somebody:
        text, profiles = _profiles(text)
        found[handles] = " ".join(filter(None, (found.get(handles, ""), *profiles)))
    return text, found


def _bare(spec: CommandSpec, text: str, found: dict[str, str], *, behind: bool) -> str:
    """The text without the word at its head that is the value of a choice; `behind` the names fewer words are."""
    for argument in spec.arguments:
        if argument.bare is None or argument.name in found:
            continue
        word, _, rest = text.partition(" ")
        words = argument.bare.subjects if behind else argument.bare.words
        option = words.get(word.casefold().replace("’", "'").rstrip(":,"))
        is_sentence = argument.bare.unless is not None and argument.bare.unless.match(rest.lstrip()) is not None
        if option is not None and not is_sentence and bool(rest.strip()) is not argument.bare.alone:
            found[argument.name], text = option, rest.strip()
    return text


def _linked(argument: Argument, text: str) -> tuple[str, bool]:
    """The text without the word that leads up to an argument, and whether that word changes places."""
    word, _, rest = text.partition(" ")
    link, folded = argument.linked, word.casefold()
    if link is None or folded not in link.words | link.turning:
        return text, False
    return rest.strip(), folded in link.turning


def _profiles(text: str) -> tuple[str, list[str]]:
    """The text without the addresses of profiles (`https://instagram.com/jess`), and these as handles."""
    kept, found = [], []
    for word in text.split():
        if "/" in word and is_account(word):
            found.append(accounts(fold(word))[-1])
        else:
            kept.append(word)
    return " ".join(kept), found


def _take(argument: Argument, text: str, *, last: bool) -> tuple[str, str]:
    """The words at the beginning of a text that an argument takes, and the rest."""
    if argument.kind in _ONE_WORD and not last:
        word, _, rest = text.partition(" ")
        return word, rest.strip()
    return text, ""


def _quoted(name: str) -> str:
    """A name that stays in one piece in a list of names, in quotes only where it would not without."""
    if names(name) == [name] and not any(mark in name for mark in _QUOTES):
        return name
    return '"' + name.replace('"', "") + '"'


def read(spec: CommandSpec, raw: Mapping[str, str], known: Known) -> Values:
    """The typed values of the arguments that are there; one without a letter to be seen counts as left out.

    Raises Doubt for a name that does not say who is meant, and NotUnderstood, naming the argument, for anything else.
    """
    typed: dict[str, Any] = {}
    slips: list[Match] = []
    uploads = list(known.uploads)
    for argument in spec.arguments:
        if argument.kind is Kind.FILE:
            if uploads:
                typed[argument.name] = uploads.pop(0)
            continue
        value = raw.get(argument.name, "").strip()
        if not clean(value):
            continue
        if argument.clearable and value.casefold() in NOBODY:
            typed[argument.name] = None
        elif argument.kind in PEOPLE:
            typed[argument.name], slipped = _people(spec, argument, value, known.roster)
            slips += slipped
        else:
            typed[argument.name] = _value(argument, value, known)
    return Values(typed, tuple(slips))


def misread(spec: CommandSpec, raw: Mapping[str, str], known: Known) -> dict[str, Doubt | NotUnderstood]:
    """Everything that keeps arguments from being read, by argument: what a form that comes back says at once."""
    wrong: dict[str, Doubt | NotUnderstood] = {}
    for argument in spec.arguments:
        try:
            read(replace(spec, arguments=(argument,)), raw, known)
        except (Doubt, NotUnderstood) as error:
            wrong[argument.name] = error
    return wrong


def names(value: str) -> list[str]:
    """The names in a list of people: commas, semicolons, “and”, “&” and “+” part them, quotes keep one together."""
    found = []
    for match in _NAME.finditer(value):
        if match[3] is not None:
            found += [part.strip() for part in re.split(r"\s+and\s+|^and\s+", match[3]) if part.strip()]
        elif name := (match[1] or match[2] or "").strip():
            found.append(name)
    return found


def _people(spec: CommandSpec, argument: Argument, value: str, roster: Roster) -> tuple[Any, list[Match]]:
    several = argument.kind is Kind.INFLUENCERS
    asked = names(value) if several else [value.strip('"“”')]
    found: dict[str, None] = {}
    slips = []
    for name in asked:
        match = roster.find(name, archived=argument.kind is Kind.EXACT_INFLUENCER or not spec.writes)
        exact_only = argument.kind is Kind.EXACT_INFLUENCER and match.how is not How.EXACT
        if match.one is None or exact_only or (match.is_typo and spec.writes):
            raise Doubt(argument.name, match)
        if match.is_typo:
            slips.append(match)
        found[match.one.id] = None
    if not found:
        raise NotUnderstood("Say who it is about, by name or handle.", argument.name)
    return (tuple(found) if several else next(iter(found))), slips


def _value(argument: Argument, value: str, known: Known) -> Any:  # noqa: C901 - one line a kind
    name = argument.name
    match argument.kind:
        case Kind.WORDS:
            return with_names(read_words(value, name), known.members)
        case Kind.WORD:
            return read_line(value, name)
        case Kind.MEMBER:
            return read_member(value, known.members, known.me, name)
        case Kind.PAST_DAY:
            reader = read_since if name == "since" else read_day
            return _naming(name, lambda: reader(value, known.today, past=True))
        case Kind.FUTURE_DAY:
            return _naming(name, lambda: read_until(value, known.today))
        case Kind.DUE_DAY:
            return _naming(name, lambda: read_due(value, known.today))
        case Kind.DAYS:
            return _naming(name, lambda: read_cadence(value))
        case Kind.CHOICE:
            return _choice(argument, value)
        case Kind.FLAG:
            return _flag(name, value)
        case Kind.HANDLES:
            return read_handles(value)
        case Kind.TAGS:
            return read_tags(value, name)
        case Kind.PLACE:
            return read_place(value, known.place, name)
    raise AssertionError(argument.kind)


def _naming(argument: str, read_it: Any) -> Any:
    """Says for which argument something was not understood."""
    try:
        return read_it()
    except NotUnderstood as error:
        raise NotUnderstood(str(error), argument) from None


def read_cadence(value: str) -> int:
    """The days of a cadence: `3 weeks` is 21. Raises NotUnderstood, also for more or less than a cadence can have."""
    days = read_days(value)
    if not 1 <= days <= CADENCE_LIMIT:
        raise NotUnderstood(f"Between 1 and {CADENCE_LIMIT:,} days, not {days:,}.")
    return days


def _choice(argument: Argument, value: str) -> Any:
    if argument.choices is None:
        raise AssertionError(argument)
    wanted = value.casefold().replace(" ", "_").replace("-", "_")
    options = {option.casefold(): option for option in argument.options}
    begins = [option for key, option in options.items() if key.startswith(wanted)]
    if argument.bare is not None and value.casefold() in argument.bare.words:
        return argument.choices(argument.bare.words[value.casefold()])
    if wanted in options:
        return argument.choices(options[wanted])
    if len(begins) == 1:
        return argument.choices(begins[0])
    if argument.choices is Medium and (medium := read_medium(value)) is not None:
        return medium
    listed = ", ".join(option.replace("_", " ") for option in argument.options)
    raise NotUnderstood(f"“{value[:60]}” is none of: {listed}.", argument.name)


def _flag(argument: str, value: str) -> bool:
    if value.casefold() in _YES:
        return True
    if value.casefold() in _NO:
        return False
    raise NotUnderstood(f"“{value[:60]}” is neither yes nor no.", argument)
