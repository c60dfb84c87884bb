"""Help from the declarations, and the sentences for what went wrong."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.commands import Argument, CommandSpec, Permission
from bot.reply import Actions, Button, Fields, Outcome, Reply, Text, callback, join, say

_GROUPS = {None: "Every day", "plan": "The plan", "people": "The roster", "team": "The team"}


_SHORT = 4
"""Letters up to which a verb with two slips in it is another word."""


def overview(specs: Sequence[CommandSpec], *, is_admin: bool) -> Reply:
    """All verbs by group, each with its line; those for admins are shown to admins."""
    blocks: list[Text | Fields] = [
        say(
            "**Rapport** remembers every touchpoint with your influencers and speaks up when one goes quiet. "
            "Start with “add”, then “log” what happened; “help log” shows how each is used."
        )
    ]
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


def not_a_verb(typed: str, nearest: CommandSpec | None) -> Reply:
    """Nothing is called that; the nearest verb, and where help is."""
    if nearest is None:
        sentence = say("I don’t know “{typed}”. “help” lists everything I can do.", typed=typed[:60])
        return Reply(blocks=(sentence, Actions((Button("Help", callback("help")),))), outcome=Outcome.REFUSED)
    sentence = say(
        "I don’t know “{typed}”. Did you mean **{verb}**? Usage: {usage}",
        typed=typed[:60],
        verb=nearest.name,
        usage=nearest.usage,
    )
    help_button = Button(f"Help on {nearest.name}", callback("help", verb=nearest.name))
    return Reply(blocks=(sentence, Actions((help_button,))), outcome=Outcome.REFUSED)


def refused(sentence: str, spec: CommandSpec | None = None) -> Reply:
    """A request that can't be met, and how the verb is used."""
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
