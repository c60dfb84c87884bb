"""What Tab offers: the console's words, verbs with what they do, arguments, and names from the core."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from adapters.console import words
from adapters.limits import clip
from adapters.safe import clean
from bot.commands import Argument, CommandSpec, Kind
from bot.reply import Option

Options = Callable[[str, str, str], Awaitable[tuple[Option, ...]]]
"""Verb, argument and what was typed of it → ways to finish it."""

MENU_WIDTH = 60
DETAIL = " · "
"""Parts a name from what tells two of that name apart, in the labels of the core's options."""

_PREFIX = re.compile(r"\s*/(?:rapport(?:\s+|\Z))?", re.IGNORECASE)
_NAMES = frozenset({Kind.INFLUENCER, Kind.EXACT_INFLUENCER, Kind.INFLUENCERS, Kind.MEMBER})
_NAME_WORDS = 4  # a name has rarely more; behind that, what is typed is about something else


@dataclass(frozen=True, slots=True)
class Half:
    """An argument in the middle of being typed: what its spec says, and what is there of it."""

    argument: Argument
    typed: str


def offer_words(typed: str) -> Iterator[Completion]:
    """The console's own words."""
    for usage, about in words.CONSOLE_WORDS:
        word = usage.split()[0]
        if word.startswith(typed.lower()):
            yield _completion(word, typed, usage, about)


def offer_verbs(specs: tuple[CommandSpec, ...], typed: str) -> Iterator[Completion]:
    """Verbs that begin so; with nothing typed, all."""
    for spec in sorted(specs, key=lambda spec: spec.name):
        if not spec.internal and spec.name.startswith(typed.lower()):
            yield _completion(spec.name, typed, spec.name, spec.summary)


def offer_arguments(spec: CommandSpec, typed: str) -> Iterator[Completion]:
    """`name:` for the arguments that are given by name."""
    for argument in spec.arguments:
        if argument.keyed and argument.name.startswith(typed.lower()) and typed != argument.name:
            yield _completion(f"{argument.name}:", typed, f"{argument.name}:", argument.about)


def half_typed(spec: CommandSpec, rest: str) -> Half | None:
    """The argument that the end of the line is about, where it is one that can be completed."""
    last = rest.rpartition(" ")[2]
    name, colon, value = last.partition(":")
    if colon and (argument := spec.argument(name)) is not None:
        return Half(argument, value)
    positional = [argument for argument in spec.arguments if not argument.keyed]
    if not positional:
        return None
    opening = positional[0]
    typed = rest.rpartition(",")[2].lstrip() if opening.kind is Kind.INFLUENCERS else rest
    if opening.kind in _NAMES and len(typed.split()) <= _NAME_WORDS and not ("," not in rest and _is_past(typed)):
        return Half(opening, typed)
    choice = next((argument for argument in positional if argument.kind is Kind.CHOICE), None)
    return Half(choice, last) if choice is not None else None


class LineCompleter(Completer):
    """Completes a line of the console."""

    def __init__(self, specs: tuple[CommandSpec, ...], options: Options) -> None:
        """`options` asks the core, which answers only those who may ask."""
        self._specs = {spec.name: spec for spec in specs if not spec.internal}
        self._options = options

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """What needs no asking."""
        line = document.text_before_cursor
        if line.startswith(":"):
            return () if " " in line else tuple(offer_words(line))
        match = _PREFIX.match(line)
        if match is None:
            return ()
        verb, space, _ = line[match.end() :].partition(" ")
        return () if space else tuple(offer_verbs(tuple(self._specs.values()), verb))

    async def get_completions_async(
        self, document: Document, complete_event: CompleteEvent
    ) -> AsyncGenerator[Completion, None]:
        """The same, and behind a verb what the core offers for its argument, then the arguments by name."""
        for completion in self.get_completions(document, complete_event):
            yield completion
        line = document.text_before_cursor
        match = _PREFIX.match(line)
        verb, space, rest = line[match.end() :].partition(" ") if match else ("", "", "")
        spec = self._specs.get(verb.lower())
        if spec is None or not space:
            return
        half = half_typed(spec, rest.lstrip())
        if half is not None:
            for completion in _typable(await self._offered(spec, half), half.typed):
                yield completion
        last = rest.rpartition(" ")[2]
        if last or complete_event.completion_requested:
            for completion in offer_arguments(spec, last):
                yield completion

    async def _offered(self, spec: CommandSpec, half: Half) -> tuple[Option, ...]:
        if half.argument.kind is Kind.CHOICE:
            begun = half.typed.lower()
            return tuple(Option(value, value) for value in half.argument.options if value.lower().startswith(begun))
        return await self._options(spec.name, half.argument.name, half.typed)


class AnswerCompleter(Completer):
    """Completes the answer to one question of a form; of several people, the last."""

    def __init__(self, options: Options, verb: str, argument: str, *, several: bool) -> None:
        """`several` people are typed with commas between."""
        self._options, self._verb, self._argument, self._several = options, verb, argument, several

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """Nothing: every answer is asked for."""
        return ()

    async def get_completions_async(
        self,
        document: Document,
        complete_event: CompleteEvent,
    ) -> AsyncGenerator[Completion, None]:
        """What the core offers."""
        typed = document.text_before_cursor
        if self._several:
            typed = typed.rpartition(",")[2].lstrip()
        for completion in _typable(await self._options(self._verb, self._argument, typed), typed):
            yield completion


def _typable(options: tuple[Option, ...], typed: str) -> Iterator[Completion]:
    """Names as people type them: the core's value may be an id, which stays for those who share a name."""
    names = [option.label.partition(DETAIL)[0] for option in options]
    for name, option in zip(names, options, strict=True):
        yield _completion(name if names.count(name) == 1 else f'"{option.value}"', typed, option.label, "")


def _is_past(typed: str) -> bool:
    """Whether the name is finished: two blanks, or a colon from an argument given by name."""
    return "  " in typed or ":" in typed


def _completion(text: str, typed: str, display: str, about: str) -> Completion:
    return Completion(
        clean(text),
        start_position=-len(typed),
        display=clip(clean(display), MENU_WIDTH),
        display_meta=clip(clean(about), MENU_WIDTH),
    )
