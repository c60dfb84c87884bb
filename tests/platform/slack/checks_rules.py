"""The small language in which Slack's payloads are described: a rule looks at one value and says what is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

Rule = Callable[[str, Any], Iterator[str]]
"""Takes the path of a value and the value; yields one sentence, beginning with a path, for everything wrong with it."""

_SURROGATE = re.compile("[\\ud800-\\udfff]")
WEB = re.compile(r"https?://[^\s<>|]+")


def words(most: int, *, least: int = 1) -> Rule:
    """A string of so many characters; one that must have some needs more than blanks."""

    def rule(path: str, value: Any) -> Iterator[str]:
        if not isinstance(value, str):
            yield f"{path} is {_kind_of(value)} where text is expected."
        elif _SURROGATE.search(value):
            yield f"{path} has half a character (a lone surrogate), which no UTF-8 can hold."
        elif len(value) > most:
            yield f"{path} has {len(value):,} characters, and {most:,} are allowed."
        elif len(value) < least or (least and not value.strip()):
            yield f"{path} is empty."

    return rule


def flag(path: str, value: Any) -> Iterator[str]:
    """True or false."""
    if not isinstance(value, bool):
        yield f"{path} is {_kind_of(value)} where true or false is expected."


def whole(least: int, most: int) -> Rule:
    """A whole number between two bounds, both allowed."""

    def rule(path: str, value: Any) -> Iterator[str]:
        if isinstance(value, bool) or not isinstance(value, int):
            yield f"{path} is {_kind_of(value)} where a whole number is expected."
        elif not least <= value <= most:
            yield f"{path} is {value}, and {least:,} to {most:,} are allowed."

    return rule


def number(path: str, value: Any) -> Iterator[str]:
    """Any number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        yield f"{path} is {_kind_of(value)} where a number is expected."


def among(*allowed: str) -> Rule:
    """One of these strings."""

    def rule(path: str, value: Any) -> Iterator[str]:
        if value not in allowed:
            yield f"{path} is {value!r}, and only {', '.join(allowed)} are allowed."

    return rule


def like(pattern: str, what: str) -> Rule:
    """A string of a certain look; `what` names it with its article."""
    look = re.compile(pattern)

    def rule(path: str, value: Any) -> Iterator[str]:
        if not isinstance(value, str) or not look.fullmatch(value):
            yield f"{path} is {value!r}, which is not {what}."

    return rule


def web(path: str, value: Any) -> Iterator[str]:
    """An http(s) address; no other scheme may come from us."""
    if not isinstance(value, str) or not WEB.fullmatch(value):
        yield f"{path} is {value!r}, which is not an http(s) address."
    elif len(value) > 3000:
        yield f"{path} has {len(value):,} characters, and 3,000 are allowed."


def many(rule: Rule, least: int, most: int) -> Rule:
    """A list with so many items, each of them obeying a rule."""

    def each(path: str, value: Any) -> Iterator[str]:
        if not isinstance(value, list | tuple):
            yield f"{path} is {_kind_of(value)} where a list is expected."
            return
        if not least <= len(value) <= most:
            yield f"{path} has {len(value)} items, and {least:,} to {most:,} are allowed."
        for index, item in enumerate(value):
            yield from rule(f"{path}[{index}]", item)

    return each


def record(needed: Mapping[str, Rule], optional: Mapping[str, Rule] | None = None) -> Rule:
    """An object with these properties and no others; a property that is null counts as a wrong one."""
    known = {**needed, **(optional or {})}

    def rule(path: str, value: Any) -> Iterator[str]:
        if not isinstance(value, Mapping):
            yield f"{path} is {_kind_of(value)} where an object is expected."
            return
        for name in needed.keys() - value.keys():
            yield f"{path} has no {name}."
        for name, inner in value.items():
            if name in known:
                yield from known[name](f"{path}.{name}", inner)
            else:
                yield f"{path}.{name} is a property that Slack does not know there."

    return rule


def typed(name: str, needed: Mapping[str, Rule], optional: Mapping[str, Rule] | None = None) -> Rule:
    """An object that says in `type` what it is."""
    return record({"type": among(name), **needed}, optional)


def kinds(what: str, known: Mapping[str, Rule]) -> Rule:
    """An object of one of several types, each with its own rule."""

    def rule(path: str, value: Any) -> Iterator[str]:
        if not isinstance(value, Mapping):
            yield f"{path} is {_kind_of(value)} where {what} is expected."
        elif not isinstance(value.get("type"), str) or value["type"] not in known:
            yield f"{path}.type is {value.get('type')!r}, which is not {what} that may stand there."
        else:
            yield from known[value["type"]](path, value)

    return rule


def both(*rules: Rule) -> Rule:
    """A value that obeys several rules."""

    def rule(path: str, value: Any) -> Iterator[str]:
        for one in rules:
            yield from one(path, value)

    return rule


def exactly_one(*names: str) -> Rule:
    """An object that has one of several properties, and only one."""

    def rule(path: str, value: Any) -> Iterator[str]:
        there = [name for name in names if isinstance(value, Mapping) and name in value]
        if len(there) != 1:
            yield f"{path} has {' and '.join(there) or 'none'} of {', '.join(names)}, and needs exactly one."

    return rule


def at_least_one(*names: str) -> Rule:
    """An object that has one of several properties or more."""

    def rule(path: str, value: Any) -> Iterator[str]:
        if isinstance(value, Mapping) and not any(name in value for name in names):
            yield f"{path} has none of {', '.join(names)}, and needs one."

    return rule


def forbidden(why: str) -> Rule:
    """Whatever is there should not be."""

    def rule(path: str, _value: Any) -> Iterator[str]:
        yield f"{path} {why}."

    return rule


def items(value: Any) -> list[Any]:
    """The items of a list, and none of anything else."""
    return list(value) if isinstance(value, list | tuple) else []


def repeated(values: Collection[Any]) -> list[Any]:
    """What occurs more than once, in order, each once."""
    seen: list[Any] = []
    twice: list[Any] = []
    for value in values:
        if value in seen and value not in twice:
            twice.append(value)
        seen.append(value)
    return twice


def _kind_of(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true or false"
        case str():
            return "text"
        case int() | float():
            return "a number"
        case Mapping():
            return "an object"
        case list() | tuple():
            return "a list"
        case _:
            return f"a {type(value).__name__}"
