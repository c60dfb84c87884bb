"""Forms in a terminal: how they look written out, and how typed answers are read. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from msgspec.structs import replace
from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text as Line

from adapters.console import words
from adapters.console.render import NAME_LIMIT, VALUE_LIMIT, Look, draw_card, draw_text
from adapters.limits import clip
from adapters.safe import clean
from bot.errors import NotUnderstood, TooLong
from bot.reply import Form, Input, InputKind, Outcome

YES = "yes"
_YES = {"yes", "y", "true", "on", "x", "1", "✓"}
_NO = {"no", "n", "false", "off", "0", ""}


def draw_form(form: Form, look: Look) -> str:
    """The whole form written out: `name: label (hint) [value]` lines under their sections, and how to answer."""
    parts = list(_head(form, look))
    title = form.title
    for section in form.sections:
        if section.title != title:
            parts.append(Line(clean(section.title), "bold"))
            title = section.title
        parts.extend(_written_out(field) for field in section.inputs)
    parts.append(Line(words.FILL_HINT, "dim"))
    return draw_card(parts, look, outcome=Outcome.REFUSED if form.has_errors else Outcome.FINE)


def draw_head(form: Form, look: Look) -> str:
    """What stands above the questions when they are asked one by one."""
    outcome = Outcome.REFUSED if form.has_errors else Outcome.FINE
    return draw_card([*_head(form, look), Line(words.FORM_HINT, "dim")], look, outcome=outcome)


def options_of(field: Input) -> str:
    """`1 email, 2 call, 3 meeting`: a choice by number or by name."""
    return ", ".join(
        f"{number} {clip(clean(option.label), NAME_LIMIT)}" for number, option in enumerate(field.options, start=1)
    )


def shown_value(field: Input) -> str:
    """What an input holds, in the words in which it is typed."""
    if field.kind is InputKind.CHOICE:
        return next((option.label for option in field.options if option.value == field.value), field.value)
    return field.value


def find_input(form: Form, word: str) -> Input | None:
    """The input of that name or label, whatever its case."""
    wanted = word.casefold()
    return next((field for field in form.inputs if wanted in {field.name.casefold(), field.label.casefold()}), None)


def fill(form: Form, typed: Mapping[str, str]) -> Form:
    """The form with answers typed into it, by name or label; the others keep what they hold.

    Raises NotUnderstood for a name that the form does not have; whether the answers will do, `check` says.
    """
    given: dict[str, str] = {}
    for word, value in typed.items():
        field = find_input(form, word)
        if field is None:
            names = ", ".join(field.name for field in form.inputs)
            raise NotUnderstood(f"The form asks for no “{clip(clean(word), NAME_LIMIT)}”. It asks for {names}.")
        given[field.name] = value
    return with_values(form, given)


def with_values(form: Form, values: Mapping[str, str]) -> Form:
    """The form with other values in the inputs named, and without the errors of those."""
    return _mapped(
        form,
        lambda field: replace(field, value=values[field.name], error=None) if field.name in values else field,
    )


def with_error(form: Form, name: str, sentence: str) -> Form:
    """The form with what is wrong beside one of its inputs."""
    return _mapped(form, lambda field: replace(field, error=sentence) if field.name == name else field)


def check(form: Form) -> Form:
    """The form with what was typed turned into values; what can't be, has its error beside it.

    What was wrong with the form as a whole is for the core to find again.
    """
    return replace(_mapped(form, _checked), error=None)


def read_value(field: Input, typed: str) -> str:
    """The value that an answer stands for.

    Raises NotUnderstood for a missing answer, for a choice that there is not and for a flag that is neither yes nor
    no, TooLong over the input's limit.
    """
    value = typed.strip()
    if field.required and not value:
        raise NotUnderstood(f"{field.label} is needed.", field.name)
    if len(value) > field.limit:
        raise TooLong(f"{field.label} has at most {field.limit:,} characters, and this has {len(value):,}.", field.name)
    if field.kind is InputKind.CHOICE and value:
        return _read_choice(field, value)
    if field.kind is InputKind.FLAG:
        if value.casefold() not in _YES | _NO:
            raise NotUnderstood(f"{field.label}: yes or no?", field.name)
        return YES if value.casefold() in _YES else ""
    return value


def _mapped(form: Form, change: Callable[[Input], Input]) -> Form:
    return replace(
        form,
        sections=tuple(
            replace(section, inputs=tuple(change(field) for field in section.inputs)) for section in form.sections
        ),
    )


def _checked(field: Input) -> Input:
    try:
        return replace(field, value=read_value(field, field.value), error=None)
    except NotUnderstood as error:
        return replace(field, error=str(error))


def _read_choice(field: Input, typed: str) -> str:
    wanted = typed.casefold()
    for option in field.options:
        if wanted in {option.value.casefold(), option.label.casefold()}:
            return option.value
    if typed.isdecimal() and 1 <= int(typed) <= len(field.options):
        return field.options[int(typed) - 1].value
    begun = [option.value for option in field.options if option.label.casefold().startswith(wanted)]
    if len(begun) == 1:
        return begun[0]
    raise NotUnderstood(f"{field.label} is one of {options_of(field)}.", field.name)


def _head(form: Form, look: Look) -> Iterator[RenderableType]:
    yield Line(clean(form.title), "bold", overflow="fold")
    if form.about is not None:
        yield draw_text(form.about, look.zone)
    if form.error is not None:
        yield _error(form.error)


def _written_out(field: Input) -> RenderableType:
    line = Line.assemble((field.name, "cyan"), f": {clean(field.label)}", overflow="fold")
    if field.required:
        line.append(" (needed)", "dim")
    if field.hint:
        line.append(f" ({clean(field.hint)})", "dim")
    if field.kind is InputKind.CHOICE:
        line.append(f" ({options_of(field)})", "dim")
    elif field.kind is InputKind.FLAG:
        line.append(" (yes or no)", "dim")
    line.append(f" [{clip(clean(shown_value(field)), VALUE_LIMIT)}]")
    if field.error:
        line.append("\n  ").append_text(_error(field.error))
    return Padding(line, (0, 0, 0, 2), expand=False)


def _error(sentence: str) -> Line:
    return Line(f"! {clip(clean(sentence), VALUE_LIMIT)}", "yellow", overflow="fold")
