"""What we say, as plain data that any platform can draw: Reply, Form and their parts.

A template is ours and may hold `**bold**` and `{slots}`; the values are other people's, and a renderer escapes them, so
that nothing which somebody wrote can format or ping. Limits of identity are kept here, where the thing is made: a
callback fits a Discord custom_id with room for a fresh suffix, a form's title fits Slack's modal, a section fits a
Discord modal. Limits of size are the renderers' business: they clip and say how much was left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from urllib.parse import quote, unquote

import msgspec

from bot.address import Person, Place

CALLBACK_LIMIT = 90  # a Discord custom_id holds 100 characters; ten are left for a fresh suffix
FORM_TITLE_LIMIT = 24  # Slack's modal title
INPUT_LABEL_LIMIT = 45  # Discord's modal label
INPUT_HINT_LIMIT = 100  # Discord's modal description and placeholder
SECTION_LIMIT = 5  # inputs in one Discord modal
OPTION_LIMIT = 25  # options in one Discord select
TEMPLATES_KEPT = 4_096  # templates that are taken apart once; all are ours, and there are fewer

_MARKUP = re.compile(r"(\*\*)|\{(\w+)\}")


class Who(msgspec.Struct, frozen=True, tag=True):
    """A member, mentioned natively where the place allows it; else by name."""

    name: str
    accounts: tuple[Person, ...] = ()


class Where(msgspec.Struct, frozen=True, tag=True):
    """A place, named natively: as a link to the channel where a platform has such, else as `#id`."""

    place: Place


class Link(msgspec.Struct, frozen=True, tag=True):
    """An address on the web under a label; only http and https become links."""

    label: str
    url: str


class Text(msgspec.Struct, frozen=True, tag=True):
    """A sentence of ours with other people's values in its slots; a value may be a Text again."""

    template: str
    values: tuple[tuple[str, Value], ...] = ()


Value = str | int | datetime | Who | Where | Link | Text


class Span(msgspec.Struct, frozen=True):
    """A run of a Text as a renderer meets it: `ours` is markup-free wording, everything else must be escaped."""

    value: str | int | datetime | Who | Where | Link
    bold: bool
    ours: bool


def say(template: str, /, **values: Value) -> Text:
    """A Text; every slot must have a value and every value a slot, else ValueError."""
    slots = {slot for _, slot in _parts(template) if slot}
    if slots != values.keys():
        raise ValueError(f"slots {sorted(slots)} and values {sorted(values)} differ in {template!r}")
    return Text(template, tuple(values.items()))


def join(separator: str, parts: tuple[Text, ...] | list[Text]) -> Text:
    """Several Texts as one, with our `separator` between them."""
    names = [f"p{index}" for index in range(len(parts))]
    return Text(separator.join(f"{{{name}}}" for name in names), tuple(zip(names, parts, strict=True)))


def spans(text: Text, *, bold: bool = False) -> Iterator[Span]:
    """The runs of a Text in order, nested ones unfolded; adjacent runs are not merged."""
    found: list[Span] = []
    _unfold(text, bold, found)
    return iter(found)


def _unfold(text: Text, bold: bool, found: list[Span]) -> None:
    """Into a list: generators within generators, as deep as Texts are nested, take several times as long."""
    values = dict(text.values)
    for literal, slot in _parts(text.template):
        if literal:
            found.append(Span(literal, bold, ours=True))
        if slot is None:
            bold = not bold
        elif slot:
            value = values[slot]
            if isinstance(value, Text):
                _unfold(value, bold, found)
            else:
                found.append(Span(value, bold, ours=False))


@lru_cache(maxsize=TEMPLATES_KEPT)
def _parts(template: str) -> tuple[tuple[str, str | None], ...]:
    """Our words, each with the slot behind them; `None` behind them is where bold begins or ends, "" the very end."""
    ends = [0, *(match.end() for match in _MARKUP.finditer(template))]
    marks = [(match.start(), match[2]) for match in _MARKUP.finditer(template)]
    parts = [(template[end:start], slot) for end, (start, slot) in zip(ends, marks, strict=False)]
    return (*parts, (template[ends[-1] :], ""))


class Callback(msgspec.Struct, frozen=True):
    """What a button or a select stands for: a verb and arguments, short enough to travel as an id.

    Raises ValueError when it would not fit; what is longer belongs into a Draft.
    """

    verb: str
    args: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        """Refuses what could not travel."""
        if len(self.encode()) > CALLBACK_LIMIT:
            raise ValueError(f"a callback holds {CALLBACK_LIMIT} characters: {self.encode()}")

    def encode(self) -> str:
        """`verb?name=value&…`, with everything but letters, digits, `_.-~:` quoted."""
        return self.verb + "".join(
            f"{'&' if index else '?'}{name}={quote(value, safe=':')}" for index, (name, value) in enumerate(self.args)
        )

    @classmethod
    def decode(cls, encoded: str) -> Callback:
        """The reverse of `encode`; whatever is malformed raises ValueError."""
        verb, _, rest = encoded.partition("?")
        pairs = [pair.partition("=") for pair in rest.split("&")] if rest else []
        return cls(verb, tuple((name, unquote(value)) for name, _, value in pairs))


def callback(verb: str, /, **args: str) -> Callback:
    """A Callback with its arguments by name."""
    return Callback(verb, tuple(args.items()))


class Style(StrEnum):
    """How loud a button is."""

    PLAIN = "plain"
    PRIMARY = "primary"
    DANGER = "danger"


class Option(msgspec.Struct, frozen=True):
    """One thing to choose; `label` may hold other people's words and is always drawn as plain text."""

    label: str
    value: str


class Button(msgspec.Struct, frozen=True, tag=True):
    """Does what its callback says when pressed; `label` is drawn as plain text."""

    label: str
    callback: Callback
    style: Style = Style.PLAIN


class LinkButton(msgspec.Struct, frozen=True, tag=True):
    """Opens a web address."""

    label: str
    url: str


class Select(msgspec.Struct, frozen=True, tag=True):
    """Offers at most 25 options; the one chosen becomes the callback's argument `argument`."""

    label: str
    argument: str
    options: tuple[Option, ...]
    callback: Callback

    def __post_init__(self) -> None:
        """Refuses what a platform could not show."""
        if not 1 <= len(self.options) <= OPTION_LIMIT:
            raise ValueError(f"a select has 1 to {OPTION_LIMIT} options, not {len(self.options)}")
        if len(self.callback.encode()) + len(self.argument) + 2 > CALLBACK_LIMIT:
            raise ValueError(f"the callback of a select travels with its argument: {self.callback.encode()}")


Action = Button | LinkButton | Select


class Fields(msgspec.Struct, frozen=True, tag=True):
    """Short facts, each under a label of ours."""

    rows: tuple[tuple[str, Text], ...]


class Table(msgspec.Struct, frozen=True, tag=True):
    """Rows of cells under column heads of ours; every row has as many cells as there are columns."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Text, ...], ...]


class Image(msgspec.Struct, frozen=True, tag=True):
    """A picture (PNG) with words for those who do not see it."""

    name: str
    png: bytes
    alt: str


class File(msgspec.Struct, frozen=True, tag=True):
    """A file to keep; `about` says in a sentence what is in it."""

    name: str
    content: bytes
    about: str


class Divider(msgspec.Struct, frozen=True, tag=True):
    """A pause between parts."""


class Actions(msgspec.Struct, frozen=True, tag=True):
    """What can be done next, most likely first; the buttons in `more` can wait in a menu where a platform has one."""

    items: tuple[Action, ...]
    more: tuple[Button, ...] = ()

    @property
    def all(self) -> tuple[Action, ...]:
        """Everything that can be done, in order."""
        return (*self.items, *self.more)


Block = Text | Fields | Table | Image | File | Divider | Actions


class Outcome(StrEnum):
    """How it went: `refused` is the user's to mend, `broken` is ours; `down`: nothing was done, hear it again later."""

    FINE = "fine"
    REFUSED = "refused"
    DOWN = "down"
    BROKEN = "broken"


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """An answer or a message. An answer is `private`: seen by the one who asked alone, whatever the place.

    The first Text stands for the whole where there is room for no more, as in a notification. One that `replaces`
    makes the message pointless whose button was pressed, and takes its place where nobody else reads that.
    """

    blocks: tuple[Block, ...]
    private: bool = True
    outcome: Outcome = Outcome.FINE
    replaces: bool = False

    def __post_init__(self) -> None:
        """Refuses what nobody could be told."""
        if not any(isinstance(block, Text) for block in self.blocks):
            raise ValueError("a Reply has at least one Text: notifications and screen readers need it")


class InputKind(StrEnum):
    """What an input of a form takes; its value is always a string (a flag's is `yes` or empty).

    `person` and `people` are influencers by name, several with commas between; `member` is one of the team; `place` is
    one of the platform's, `#` and its id.
    """

    TEXT = "text"
    LONG_TEXT = "long_text"
    CHOICE = "choice"
    DAY = "day"
    PERSON = "person"
    PEOPLE = "people"
    MEMBER = "member"
    PLACE = "place"
    FLAG = "flag"
    FILE = "file"


class Input(msgspec.Struct, frozen=True, kw_only=True):
    """One question of a form, with what it holds already and what was wrong with that.

    What stands in `hint` behind a semicolon is how the answer is typed; it is left out where it is picked instead.
    """

    name: str
    label: str
    kind: InputKind = InputKind.TEXT
    required: bool = False
    value: str = ""
    hint: str = ""
    options: tuple[Option, ...] = ()
    limit: int = 3000
    error: str | None = None

    def __post_init__(self) -> None:
        """Refuses what a platform could not show."""
        if len(self.label) > INPUT_LABEL_LIMIT or len(self.hint) > INPUT_HINT_LIMIT:
            raise ValueError(f"the label or hint of input {self.name!r} is too long")
        if len(self.options) > OPTION_LIMIT or (self.kind is InputKind.CHOICE and not self.options):
            raise ValueError(f"input {self.name!r} has 1 to {OPTION_LIMIT} options")


class Section(msgspec.Struct, frozen=True):
    """At most five inputs, under a title of at most 24 characters.

    Those titled as their form belong together no more than others do: they are its next ones, and need no heading.
    """

    title: str
    inputs: tuple[Input, ...]

    def __post_init__(self) -> None:
        """Refuses what a platform could not show."""
        if not 1 <= len(self.inputs) <= SECTION_LIMIT or len(self.title) > FORM_TITLE_LIMIT:
            raise ValueError(f"section {self.title!r} has 1 to {SECTION_LIMIT} inputs and a short title")


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """Questions that are answered together; `id` is that of its Draft, and the sent form names it.

    A form that comes back with errors holds everything that was typed; `error` is about the whole of it. `about` says
    what to know before filling it in; a platform whose forms hold nothing but inputs leaves it out.
    """

    id: str
    verb: str
    title: str
    sections: tuple[Section, ...]
    submit: str = "Save"
    about: Text | None = None
    error: str | None = None

    def __post_init__(self) -> None:
        """Refuses what a platform could not show, and two inputs of one name."""
        names = [field.name for field in self.inputs]
        if not names or len(names) != len(set(names)):
            raise ValueError(f"the inputs of form {self.title!r} need names of their own")
        if len(self.title) > FORM_TITLE_LIMIT or len(self.submit) > FORM_TITLE_LIMIT:
            raise ValueError(f"form {self.title!r} has a title or button of over {FORM_TITLE_LIMIT} characters")

    @property
    def inputs(self) -> tuple[Input, ...]:
        """All its inputs in order."""
        return tuple(field for section in self.sections for field in section.inputs)

    @property
    def has_errors(self) -> bool:
        """Whether it came back for correction."""
        return self.error is not None or any(field.error for field in self.inputs)


Answer = Reply | Form
