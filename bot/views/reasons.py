"""Why a relationship needs somebody, in numbers: a sentence for each reason to nudge."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from msgspec.structs import replace

from bot.model import Influencer, Nudge, NudgeReason, Occasion, Promise, Side, Standing
from bot.reply import Text, say
from bot.views.occasions import coming, occasion_when
from bot.views.owing import owed, when_due
from bot.views.quiet import quiet_sentence
from bot.views.words import ago, ended


def reason(
    nudge: Nudge,
    influencer: Influencer,
    standing: Standing,
    promises: Mapping[str, Promise],
    occasions: Mapping[str, Occasion],
    today: date,
    team_today: date,
) -> Text:
    """`Wrote 4 days ago, unanswered.`, `We owe the ceramic sample, due today.`, `Birthday tomorrow.`, `Quiet for …`.

    `promises` and `occasions` are by id; one that is missing is told without its words. `today` is the reader's date,
    by which promises and occasions are due; silence is counted by `team_today`.
    """
    match nudge.reason:
        case NudgeReason.WAITING_ON_US:
            return say("Wrote {ago}, unanswered.", ago=ago(standing.waiting_since or nudge.since, team_today))
        case NudgeReason.PROMISE:
            promise = promises.get(nudge.about or "")
            if promise is None:
                return say("A promise is due.")
            return ended(promise_due(promise, influencer.name, today))
        case NudgeReason.OCCASION:
            occasion = occasions.get(nudge.about or "")
            if occasion is None:
                return say("An occasion {when}.", when=occasion_when(nudge.since, today))
            return say("{coming}.", coming=coming(occasion, nudge.since, today))
        case NudgeReason.QUIET:
            tier = influencer.tier if influencer.cadence is None else None
            return quiet_sentence(standing, influencer, team_today, tier)


def promise_due(promise: Promise, name: str, today: date) -> Text:
    """`We owe the ceramic sample, due 6 Nov, 15 days late`, `Jess promised to send the draft, due on Saturday`."""
    said = owed(promise, name)
    if promise.side is Side.WE:
        said = replace(said, values=tuple((slot, "We" if slot == "who" else value) for slot, value in said.values))
    return say("{owed}, {due}", owed=said, due=when_due(promise.due, today, briefly=True)) if promise.due else said
