"""What an import would do, what keeps it from being done, and what it did."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from bot.change import Change
from bot.model import Draft, Influencer, Record, Touchpoint
from bot.reply import Actions, Button, Outcome, Reply, Style, Table, Text, callback, join, say
from bot.views.words import count, listed, listed_texts

PROBLEMS_SHOWN = 20
NAMES_SHOWN = 5

R = TypeVar("R", bound=Record)


class Problem(Protocol):
    """What is wrong in a file; line 0 is the whole file."""

    @property
    def file(self) -> str: ...
    @property
    def line(self) -> int: ...
    @property
    def column(self) -> str: ...
    @property
    def sentence(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What an import would do. `changed` are names with the columns that are new.

    `ignored` are columns by file that nothing is read from, `remarks` what had to be guessed, by file.
    """

    added: tuple[str, ...] = ()
    changed: tuple[tuple[str, tuple[str, ...]], ...] = ()
    unchanged: int = 0
    touchpoints_added: int = 0
    touchpoints_changed: int = 0
    touchpoints_unchanged: int = 0
    repeated: int = 0
    ignored: tuple[tuple[str, tuple[str, ...]], ...] = ()
    remarks: tuple[tuple[str, str], ...] = ()

    @property
    def does_something(self) -> bool:
        """Whether there is anything to apply."""
        return bool(self.added or self.changed or self.touchpoints_added or self.touchpoints_changed)


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreTally:
    """What a team file holds. `strangers` are members without an account in this team's workspaces."""

    members: int
    influencers: int
    touchpoints: int
    occasions: int
    nudges: int
    strangers: tuple[str, ...]
    channel_left: bool


def which_files() -> Text:
    """What the form of `import` asks for."""
    return say(
        "A roster as CSV, with at least a column “name”; touchpoints as a second CSV with “influencer”, “date” and "
        "“medium” or “note”. Or a JSON export, into an empty team. You see what it does before anything is written."
    )


def dry_run(tally: Tally, question: Draft | None, *, moved_on: bool = False) -> Reply:
    """What an import would do, with the button that does exactly that; the files wait in the question's Draft."""
    lead = (
        say("Something has changed here since you looked; this is what the import would do now. ")
        if moved_on
        else say("")
    )
    if question is None:
        blocks = [say("{lead}Nothing to change: {known}.", lead=lead, known=_known(tally)), *_notes(tally)]
        return Reply(blocks=tuple(blocks))
    first = say("{lead}Nothing is imported yet. This would {what}.", lead=lead, what=_would(tally))
    details = [*_named(tally), *_notes(tally)]
    button = Button("Import", callback("import_apply", draft=question.id), Style.PRIMARY)
    return Reply(blocks=(first, *details, Actions((button,))))


def restore_preview(tally: RestoreTally, question: Draft) -> Reply:
    """What a team file would bring into the empty team."""
    first = say(
        "Nothing is imported yet. This would restore {what}, and the team’s settings.",
        what=listed(
            [
                count(tally.influencers, "influencer"),
                count(tally.touchpoints, "touchpoint"),
                count(tally.occasions, "occasion"),
                count(tally.nudges, "nudge"),
                count(tally.members, "member"),
            ]
        ),
    )
    notes = []
    if tally.strangers:
        notes.append(
            say(
                "No account here: {names}. They keep what they own and logged, and can’t be sent nudges.",
                names=_some(tally.strangers),
            )
        )
    if tally.channel_left:
        notes.append(say("The team channel is in another workspace and is left out: set it with “settings”."))
    button = Button("Import", callback("import_apply", draft=question.id), Style.PRIMARY)
    return Reply(blocks=(first, *notes, Actions((button,))))


def not_importable(problems: Sequence[Problem], tally: Tally | None = None) -> Reply:
    """Everything that is wrong, by line, the first twenty of it; nothing can be applied."""
    many = len(problems) > 1
    first = say(
        "**{problems}**, and nothing is imported. Correct {it}, then import the {file} again: what is right is not "
        "doubled by that.",
        problems=count(len(problems), "problem"),
        it="them" if many else "it",
        file="files" if len({problem.file for problem in problems}) > 1 else "file",
    )
    several = len({problem.file for problem in problems}) > 1
    columns = (*(("File",) if several else ()), "Line", "Column", "What is wrong")
    rows = tuple(_row(problem, with_file=several) for problem in problems[:PROBLEMS_SHOWN])
    blocks: list[Text | Table] = [first, Table(columns, rows)]
    if len(problems) > PROBLEMS_SHOWN:
        blocks.append(say("…and {more} more.", more=len(problems) - PROBLEMS_SHOWN))
    if tally is not None:
        blocks += _notes(tally)
    return Reply(blocks=tuple(blocks), outcome=Outcome.REFUSED)


def imported(change: Change) -> Reply:
    """What an import did, with the way back."""
    people = _touched(change, Influencer)
    touches = _touched(change, Touchpoint)
    parts = [
        *_counted(people[0], "person", "people", "added"),
        *_counted(people[1], "person", "people", "changed"),
        *_counted(touches[0], "touchpoint", "touchpoints", "added"),
        *_counted(touches[1], "touchpoint", "touchpoints", "changed"),
    ]
    first = say("✓ Imported: {what}.", what=listed(parts)) if parts else say("✓ Imported.")
    return Reply(blocks=(first, Actions((Button("Undo", callback("undo", change=change.id)),))))


def _touched(change: Change, kind: type[R]) -> tuple[int, int]:
    """How many records of a kind a Change made and changed."""
    writes = [write for write in change.writes if isinstance(write.record, kind)]
    made = sum(write.before is None for write in writes)
    return made, len(writes) - made


def _counted(number: int, one: str, many: str, did: str) -> list[str]:
    return [f"{count(number, one, many)} {did}"] if number else []


def _would(tally: Tally) -> Text:
    parts = [
        *_doing("add", len(tally.added), tally.touchpoints_added),
        *_doing("change", len(tally.changed), tally.touchpoints_changed),
    ]
    known = tally.unchanged + tally.touchpoints_unchanged
    tail = say("; {lines} known already", lines=_lines_are(known)) if known else say("")
    return say("{parts}{tail}", parts=listed_texts(parts), tail=tail)


def _doing(verb: str, people: int, touchpoints: int) -> list[Text]:
    what = [
        *([say("**{people}**", people=count(people, "person", "people"))] if people else []),
        *([say("**{touches}**", touches=count(touchpoints, "touchpoint"))] if touchpoints else []),
    ]
    return [say(verb + " {what}", what=listed_texts(what))] if what else []


def _lines_are(number: int) -> str:
    return f"{count(number, 'line')} {'is' if number == 1 else 'are'}"


def _known(tally: Tally) -> str:
    parts = [
        *([count(tally.unchanged, "person", "people")] if tally.unchanged else []),
        *([count(tally.touchpoints_unchanged, "touchpoint")] if tally.touchpoints_unchanged else []),
    ]
    return f"{listed(parts)} in this import, all known already" if parts else "there are no lines below the header"


def _named(tally: Tally) -> list[Text]:
    """Some of the names, so that a wrong file is noticed."""
    found = []
    if tally.added:
        found.append(say("New: {names}.", names=_some(tally.added)))
    if tally.changed:
        shown = [
            say("{name} ({columns})", name=name, columns=", ".join(column.replace("_", " ") for column in columns))
            for name, columns in tally.changed[:NAMES_SHOWN]
        ]
        more = len(tally.changed) - len(shown)
        tail = say(" and {more} more", more=more) if more else say("")
        found.append(say("Changed: {names}{tail}.", names=join(", ", shown), tail=tail))
    return found


def _notes(tally: Tally) -> list[Text]:
    found = []
    if tally.repeated:
        found.append(say("{lines} the same as another line and counted once.", lines=_lines_are(tally.repeated)))
    for file, columns in tally.ignored:
        found.append(say("{file}: nothing is read from {columns}.", file=file, columns=_some(columns)))
    for file, remark in tally.remarks:
        found.append(say("{file}: {remark}", file=file, remark=remark))
    return found


def _some(names: Iterable[str]) -> str:
    """The first few, and how many more."""
    every = tuple(names)
    more = len(every) - NAMES_SHOWN
    return listed(every) if more <= 0 else f"{', '.join(every[:NAMES_SHOWN])} and {more:,} more"


def _row(problem: Problem, *, with_file: bool) -> tuple[Text, ...]:
    line = say("{line}", line=problem.line) if problem.line else say("–")
    cells = (line, say("{column}", column=problem.column[:60]), say("{sentence}", sentence=problem.sentence))
    return (say("{file}", file=problem.file[:60]), *cells) if with_file else cells
