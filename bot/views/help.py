"""Help from the declarations, and the sentences for what went wrong."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.commands import Argument, CommandSpec, Permission
from bot.reply import (
    Actions,
    Button,
    Callback,
    Divider,
    Fields,
    Outcome,
    Reply,
    Style,
    Text,
    callback,
    join,
    say,
)
from bot.views.words import short

ALL = "all"
"""What stands behind `help` for every verb there is."""

ABOUT = (
    "**Rapport** remembers every touchpoint with your influencers, and what both sides want and have promised. It "
    "tells you when a relationship has gone quiet, and it never writes to an influencer itself."
)

NOBODY_YET = "Nobody is on the roster yet. Start with one person whom you work with; the rest can follow."

_FIRST_LINES = (
    "add Jess Park instagram:jess.cooks",
    "log jess coffee at VidCon, loves ceramics",
    "show jess",
)
"""What somebody does first, and then every day."""

_ALL = Button("All commands", callback("help", verb=ALL))

_LINE = 40
"""Characters of a line on a button."""

_GROUPS = {None: "Every day", "plan": "The plan", "people": "The roster", "team": "The team"}

_SHORT = 4
"""Letters up to which a verb with two slips in it is another word."""

_LONG = 8
"""Letters from which on a verb with two slips in it is hardly another word: `gesture` is no way to write `restore`."""


def start(due: Reply | None) -> Reply:
    """How to begin: who is due, three lines to try, and the way to all the others; `None`: nobody is on the roster."""
    lines = join("\n", [say("{line}", line=f"/rapport {line}") for line in _FIRST_LINES])
    example = say("For example:\n{lines}", lines=lines)
    if due is None:
        first = Button("Add an influencer", callback("new"), Style.PRIMARY)
        return Reply(blocks=(say(ABOUT), say(NOBODY_YET), example, Actions((first, _ALL))))
    log, add = Button("Log", callback("new_touch"), Style.PRIMARY), Button("Add", callback("new"))
    return Reply(blocks=(*due.blocks, Divider(), example, Actions((log, add, _ALL))))


def overview(specs: Sequence[CommandSpec], *, is_admin: bool) -> Reply:
    """All verbs by group, each with its line; those for admins are shown to admins."""
    blocks: list[Text | Fields] = [say("**All commands**; “help log” shows how one is used, with examples.")]
    for group, title in _GROUPS.items():
        rows = [
            (spec.name, say("{summary}", summary=_summary(spec)))
            for spec in specs
            if spec.group == group and not spec.internal and (is_admin or spec.permission is Permission.MEMBER)
        ]
        if rows:
            blocks += [say(f"**{title}**"), Fields(tuple(rows))]
    return Reply(blocks=tuple(blocks))


def usage(spec: CommandSpec) -> Reply:
    """One verb: what it does, how it is written, what it takes, with examples."""
    blocks: list[Text | Fields] = [
        say("**{name}** — {summary}", name=spec.name, summary=_summary(spec)),
        say("Usage: {usage}", usage=spec.usage),
    ]
    if spec.shown:
        blocks.append(Fields(tuple((argument.name, say("{about}", about=_about(argument))) for argument in spec.shown)))
    if spec.examples:
        lines = [say("{line}", line=f"/rapport {line}") for line in spec.examples]
        blocks.append(say("For example:\n{lines}", lines=join("\n", lines)))
    return Reply(blocks=tuple(blocks))


def thanked() -> Reply:
    """A word in return."""
    return Reply(blocks=(say("You’re welcome."),))


def nearest_verb(typed: str, specs: Sequence[CommandSpec]) -> CommandSpec | None:
    """The verb that was most likely meant, if any comes near."""
    verbs = {spec.name: spec for spec in specs if not spec.internal}
    slips = 2 if len(typed) > _SHORT else 1
    found = process.extractOne(typed.casefold()[:40], verbs, scorer=OSA.distance, processor=_name, score_cutoff=slips)
    return found[0] if found else None


def is_slip(typed: str, verb: CommandSpec) -> bool:
    """Whether a word is a slip in a verb, and hardly a word of its own: one letter, or two in a long one."""
    return OSA.distance(typed.casefold()[:40], verb.name) <= (2 if len(typed) >= _LONG else 1)


def not_a_verb(typed: str, nearest: CommandSpec | None, meant: tuple[str, Callback] | None = None) -> Reply:
    """Nothing is called that; the nearest verb, and where help is.

    `meant` is the line as it would be written with that verb, and what it does then.
    """
    if nearest is None:
        sentence = say("I don’t know “{typed}”. “help all” lists everything I can do.", typed=typed[:60])
        return Reply(blocks=(sentence, Actions((Button("Help", callback("help")), _ALL))), outcome=Outcome.REFUSED)
    sentence = say(
        "I don’t know “{typed}”. Did you mean **{verb}**? Usage: {usage}",
        typed=typed[:60],
        verb=nearest.name,
        usage=nearest.usage,
    )
    buttons = [Button(f"Help on {nearest.name}", callback("help", verb=nearest.name))]
    if meant is not None:
        line, does = meant
        buttons.insert(0, Button(short(line, _LINE), does, Style.PRIMARY))
    return Reply(blocks=(sentence, Actions(tuple(buttons))), outcome=Outcome.REFUSED)


def refused(sentence: str, spec: CommandSpec | None = None) -> Reply:
    """A request that can't be met; `spec` is the verb that was not understood, where its help says how it is used."""
    blocks: tuple[Text | Actions, ...] = (say("{sentence}", sentence=sentence),)
    if spec is not None and not spec.internal:
        blocks += (Actions((Button(f"Help on {spec.name}", callback("help", verb=spec.name)),)),)
    return Reply(blocks=blocks, outcome=Outcome.REFUSED)


def trouble(sentence: str, outcome: Outcome = Outcome.BROKEN) -> Reply:
    """Something of ours is broken, or does not answer."""
    return Reply(blocks=(say("{sentence}", sentence=sentence),), outcome=outcome)


def done_before() -> Reply:
    """A request that was carried out so long ago that nobody remembers what it changed."""
    return Reply(blocks=(say("✓ That was done already."),))


def _summary(spec: CommandSpec) -> str:
    return spec.summary + (" (admins)" if spec.permission is Permission.ADMIN else "")


def _about(argument: Argument) -> str:
    choices = f" One of: {', '.join(argument.options)}." if argument.options else ""
    needed = "" if argument.required or "left out" in argument.about else " Can be left out."
    return f"{argument.about}.{choices}{needed}" if argument.about else f"{choices}{needed}".strip()


def _name(spec: CommandSpec | str) -> str:
    return spec if isinstance(spec, str) else spec.name
