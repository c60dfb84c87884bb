"""The verbs, one file a family."""

from __future__ import annotations

from bot.commands import CommandSpec
from bot.handlers import (
    digests,
    forgetting,
    handover,
    home,
    lists,
    merging,
    nudges,
    occasions,
    people,
    plan,
    promises,
    roster_files,
    sharing,
    status,
    team,
    touchpoints,
    undo,
    wishes,
)
from bot.vitals import Vitals


def all_verbs(vitals: Vitals | None = None) -> tuple[CommandSpec, ...]:
    """Every verb there is, the everyday ones first, as help lists them; `vitals` are those of this process."""
    verbs: tuple[CommandSpec, ...] = ()
    help_verb = team.help_for(lambda: verbs)
    families = (
        touchpoints,
        lists,
        people,
        promises,
        occasions,
        wishes,
        plan,
        digests,
        undo,
        team,
        handover,
        merging,
        forgetting,
        roster_files,
        status,
        nudges,
        home,
    )
    own = (status.status_of(vitals or Vitals()), sharing.share_for(lambda: verbs))
    verbs = (help_verb, *(verb for family in families for verb in family.HANDLERS), *own)
    return verbs
