"""The verbs, one file a family."""

from __future__ import annotations

from bot.commands import CommandSpec
from bot.handlers import lists, nudges, people, plan, roster_files, team, touchpoints, undo


def all_verbs() -> tuple[CommandSpec, ...]:
    """Every verb there is, the everyday ones first, as help lists them."""
    verbs: tuple[CommandSpec, ...] = ()
    help_verb = team.help_for(lambda: verbs)
    families = (touchpoints, lists, people, plan, undo, team, roster_files, nudges)
    verbs = (help_verb, *(verb for family in families for verb in family.HANDLERS))
    return verbs
