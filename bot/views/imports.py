"""What an import would do, what keeps it from being done, and what it did."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

from bot.change import Change
from bot.model import Draft, Influencer, Occasion, Promise, Schedule, Touchpoint
from bot.reply import Actions, Button, Outcome, Reply, Style, Text, callback, join, say
from bot.views.words import count, listed, listed_texts

PROBLEMS_SHOWN = 20
PROBLEMS_TOGETHER = 5
"""Lines about problems in one Text: few enough for a block of 3,000 characters, unless names are of the longest."""
NAMES_SHOWN = 5


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
    """What an import would do. `changed` are names as they are, with the columns that are new and the new name if any.

    `last_contacts` are those of the touchpoints added that the column of this name becomes. `ignored` are columns by
    file that nothing is read from, `remarks` what had to be guessed, by file.
    """

    added: tuple[str, ...] = ()
    changed: tuple[tuple[str, tuple[str, ...], str | None], ...] = ()
    unchanged: int = 0
    touchpoints_added: int = 0
    last_contacts: int = 0
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
    """What a team file holds. `strangers` are members without an account in this team's workspaces.

    `digests` are those that can be restored, `digests_left` those in other workspaces.
    """

    members: int
    influencers: int
    touchpoints: int
    promises: int
    occasions: int
    nudges: int
    digests: int
    strangers: tuple[str, ...]
    channel_left: bool
    digests_left: int


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
                *([count(tally.promises, "promise")] if tally.promises else []),
                *([count(tally.occasions, "occasion")] if tally.occasions else []),
                *([count(tally.nudges, "nudge")] if tally.nudges else []),
                *([count(tally.digests, "digest")] if tally.digests else []),
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
    if tally.digests_left:
        digests = f"{count(tally.digests_left, 'digest')} {'is' if tally.digests_left == 1 else 'are'}"
        notes.append(say("{digests} for other workspaces and left out: “digest here” sets one up.", digests=digests))
    button = Button("Import", callback("import_apply", draft=question.id), Style.PRIMARY)
    return Reply(blocks=(first, *notes, Actions((button,))))


def not_importable(problems: Sequence[Problem], tally: Tally | None = None) -> Reply:
    """Everything that is wrong, by line, the first twenty of it; nothing can be applied.

    They are lines of text and not a table: what was expected stands at the end of each, and has to be read.
    """
    many = len(problems) > 1
    many_files = len({problem.file for problem in problems}) > 1
    first = say(
        "**{problems}**, and nothing is imported. Correct {it}, then import the {file} again: lines known already are "
        "not added twice.",
        problems=count(len(problems), "problem"),
        it="them" if many else "it",
        file="files" if many_files else "file",
    )
    blocks = [first]
    by_file = groupby(problems[:PROBLEMS_SHOWN], key=lambda problem: problem.file)
    for file, found in ((file, [_line(problem) for problem in group]) for file, group in by_file):
        if many_files:
            found[0] = say("**{file}**\n{line}", file=file[:60], line=found[0])
        blocks += [join("\n", found[at : at + PROBLEMS_TOGETHER]) for at in range(0, len(found), PROBLEMS_TOGETHER)]
    if len(problems) > PROBLEMS_SHOWN:
        blocks.append(say("…and {more} more.", more=len(problems) - PROBLEMS_SHOWN))
    if tally is not None:
        blocks += _notes(tally)
    return Reply(blocks=tuple(blocks), outcome=Outcome.REFUSED)


def imported(change: Change) -> Reply:
    """What an import did, with the way back."""
    new, known = _people(change)
    touches = [write.before is None for write in change.writes if isinstance(write.record, Touchpoint)]
    promises, digests = (sum(isinstance(write.record, kind) for write in change.writes) for kind in (Promise, Schedule))
    added = [
        *_counted(new, "person", "people"),
        *_counted(touches.count(True), "touchpoint"),
        *_counted(promises, "promise"),
    ]
    changed = [*_counted(known, "person", "people"), *_counted(touches.count(False), "touchpoint")]
    groups = ((added, "added"), (changed, "changed"), (_counted(digests, "digest"), "set up"))
    parts = [f"{listed(counted)} {did}" for counted, did in groups if counted]
    first = say("✓ Imported: {what}.", what="; ".join(parts)) if parts else say("✓ Imported.")
    return Reply(blocks=(first, Actions((Button("Undo", callback("undo", change=change.id)),))))


def _people(change: Change) -> tuple[int, int]:
    """How many people a Change adds and how many it changes; a birthday is one of their facts, as in the dry run."""
    new: set[str] = set()
    known: set[str] = set()
    for write in change.writes:
        match write.record:
            case Influencer(id=who):
                (new if write.before is None else known).add(who)
            case Occasion(influencer=who):
                known.add(who)
    return len(new), len(known - new)


def _counted(number: int, one: str, many: str | None = None) -> list[str]:
    return [count(number, one, many)] if number else []


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
            say("{name} ({columns})", name=name, columns=join(", ", [_column(column, renamed) for column in columns]))
            for name, columns, renamed in tally.changed[:NAMES_SHOWN]
        ]
        more = len(tally.changed) - len(shown)
        tail = say(" and {more} more", more=more) if more else say("")
        found.append(say("Changed: {names}{tail}.", names=join(", ", shown), tail=tail))
    if tally.last_contacts:
        touches = count(tally.last_contacts, "touchpoint")
        found.append(say("From the column “last contact”: {touches}.", touches=touches))
    return found


def _column(column: str, renamed: str | None) -> Text:
    return say("to be called {name}", name=renamed) if column == "name" and renamed else say(column.replace("_", " "))


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


def _line(problem: Problem) -> Text:
    """`Line 4, tier: “E” is not a tier. Expected: …`, as far as there is a line and a column."""
    sentence = say("{sentence}", sentence=problem.sentence)
    if not problem.line:
        return sentence
    column = say(", {column}", column=problem.column[:60]) if problem.column else say("")
    return say("**Line {line}**{column}: {sentence}", line=f"{problem.line:,}", column=column, sentence=sentence)
