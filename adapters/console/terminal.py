"""The prompt: lines with completion and history, forms question by question, and messages above what is typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

from prompt_toolkit import PromptSession
from prompt_toolkit.application import run_in_terminal
from prompt_toolkit.completion import Completer, PathCompleter, WordCompleter
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.patch_stdout import patch_stdout
from prompt_toolkit.validation import ValidationError, Validator
from rich.text import Text as Line

from adapters.console import words
from adapters.console.adapter import Console, straight
from adapters.console.completer import AnswerCompleter, LineCompleter
from adapters.console.forms import YES, options_of, read_value, shown_value
from adapters.console.render import to_text
from adapters.safe import clean
from bot.commands import CommandSpec
from bot.errors import NotUnderstood
from bot.reply import Answer, Form, Input, InputKind, Option

ARROW = " > "


class Talk(Protocol):
    """What the prompt needs of the session that it reads for."""

    console: Console
    specs: tuple[CommandSpec, ...]
    history: Path | None
    form: Form | None
    over: bool

    @property
    def prompt(self) -> str: ...

    async def line(self, text: str) -> Answer | None: ...

    async def submit(self, form: Form, values: Mapping[str, str]) -> Answer | None: ...

    async def put_aside(self, form: Form, typed: Mapping[str, str]) -> None: ...

    async def options(self, verb: str, argument: str, typed: str) -> tuple[Option, ...]: ...


async def converse(talk: Talk) -> None:
    """Prompts for lines and for the answers to forms until Ctrl-D or `:quit`.

    What is posted meanwhile appears above the prompt, which keeps what is being typed.
    """
    prompt: PromptSession[str] = PromptSession(
        history=_history(talk.history),
        completer=LineCompleter(talk.specs, talk.options),
        complete_while_typing=True,
        reserve_space_for_menu=6,
    )
    talk.console.through = _above_prompt
    try:
        with patch_stdout(raw=True):
            while not talk.over:
                try:
                    text = await prompt.prompt_async(_prompt_text(talk))
                except KeyboardInterrupt:
                    await talk.console.remark(words.told(words.CTRL_C))
                    continue
                except EOFError:
                    break
                await talk.line(text)
                while (form := talk.form) is not None:
                    await _answer_form(talk, form)
    finally:
        talk.console.through = straight


async def _answer_form(talk: Talk, form: Form) -> None:
    """Asks what the form asks, or what came back for correction, and sends it; Ctrl-C puts it aside."""
    typed: dict[str, str] = {}
    title = form.title
    some_wrong = any(field.error for field in form.inputs)  # else it is the whole, and any answer may have to change
    for section in form.sections:
        for field in section.inputs:
            if some_wrong and not field.error:
                continue
            if section.title != title:
                title = section.title
                await _write(talk, Line(f"{clean(title)}\n", "bold underline"))
            await _write(talk, _question(field))
            # One prompt a question: a PromptSession keeps the completer of the question before where the next has none.
            prompt: PromptSession[str] = PromptSession(
                FormattedText([("ansicyan", ARROW)]),
                completer=_completer(talk, form, field),
                validator=Answerable(field),
                validate_while_typing=False,
                key_bindings=_new_line_keys(),
                reserve_space_for_menu=6,
            )
            try:
                typed[field.name] = await prompt.prompt_async(default=_default(field))
            except (KeyboardInterrupt, EOFError):
                await talk.put_aside(form, typed)
                return
    await talk.submit(form, typed)


class Answerable(Validator):
    """Accepts an answer that the input can take; else says under the line why not."""

    def __init__(self, field: Input) -> None:
        self._field = field

    def validate(self, document: Document) -> None:
        """Raises ValidationError with the sentence."""
        try:
            read_value(self._field, document.text)
        except NotUnderstood as error:
            raise ValidationError(message=str(error), cursor_position=len(document.text)) from error


def _question(field: Input) -> Line:
    line = Line(clean(field.label), "bold", overflow="fold")
    about = [clean(field.hint)] if field.hint else []
    if field.kind is InputKind.CHOICE:
        about.append(options_of(field))
    elif field.kind is InputKind.FLAG:
        about.append("yes or no")
    if about:
        line.append(" · " + " · ".join(about), "not bold dim")
    if field.error:
        line.append(f"\n! {clean(field.error)}", "not bold yellow")
    return line


def _default(field: Input) -> str:
    if field.kind is InputKind.FLAG:
        return "yes" if field.value == YES else "no"
    return shown_value(field)


def _completer(talk: Talk, form: Form, field: Input) -> Completer | None:
    match field.kind:
        case InputKind.PERSON | InputKind.PEOPLE | InputKind.MEMBER:
            return AnswerCompleter(talk.options, form.verb, field.name, several=field.kind is InputKind.PEOPLE)
        case InputKind.CHOICE:
            return WordCompleter([clean(option.label) for option in field.options], ignore_case=True, sentence=True)
        case InputKind.FLAG:
            return WordCompleter(["yes", "no"])
        case InputKind.FILE:
            return PathCompleter(expanduser=True)
        case _:
            return None


def _new_line_keys() -> KeyBindings:
    keys = KeyBindings()

    @keys.add("escape", "enter")
    def _start_line(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text("\n")

    return keys


def _prompt_text(talk: Talk) -> FormattedText:
    return FormattedText([("bold ansicyan", clean(talk.prompt)), ("ansicyan", ARROW)])


def _history(path: Path | None) -> History:
    if path is None:
        return InMemoryHistory()
    path.parent.mkdir(parents=True, exist_ok=True)
    # It holds what people wrote: nobody else's business on a shared machine.
    path.touch(mode=0o600)
    return FileHistory(str(path))


async def _write(talk: Talk, line: Line) -> None:
    await talk.console.write(to_text([line], talk.console.look))


async def _above_prompt(write: Callable[[], None]) -> None:
    await run_in_terminal(write)
