"""The recap: the answer to “how are we doing with X?”."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.model import Direction, Influencer, Occasion, Standing, Touchpoint
from bot.reply import Action, Actions, Button, Option, Reply, Select, Style, Text, callback, join, say
from bot.standing import Status, learned, silent_days, status
from bot.views.touches import medium_word
from bot.views.words import Reader, birthday, count, day, every, handle_of, near_day, quoted, weekday

OWN_PAUSES = 5
"""Pauses from which on “you usually” is the relationship's own word and no longer the plan's."""

SNOOZES = (("3 days", "3d"), ("1 week", "1w"), ("2 weeks", "2w"), ("1 month", "1 month"))
"""How long a button snoozes, as shown and as the snooze verb reads it."""

_STATUS = {
    Status.WAITING_ON_US: "waiting on us",
    Status.WAITING_ON_THEM: "waiting on them",
    Status.DUE_SOON: "due soon",
    Status.ON_TRACK: "on track",
}


def status_word(found: Status) -> str:
    """`waiting on us`, `quiet`."""
    return _STATUS.get(found, found.value)


def recap(
    influencer: Influencer,
    standing: Standing,
    last: Touchpoint | None,
    occasions: Sequence[Occasion],
    reader: Reader,
    team_today: date,
) -> Reply:
    """Where a relationship stands, what was last, what both sides want, and what to do next."""
    found = status(standing, team_today)
    handle = handle_of(influencer)
    head = say(
        "**{name}**{handle} — {status}. {silence}{owner}{stage}{archived}",
        name=influencer.name,
        handle=say(" ({handle})", handle=handle) if handle else say(""),
        status=status_word(found),
        silence=_silence(influencer, standing, found, team_today),
        owner=say(" Owner: {who}.", who=reader.who(influencer.owner)),
        stage=say(" Stage: {stage}.", stage=influencer.stage.value),
        archived=say(" Archived.") if influencer.archived_at else say(""),
    )
    lines = [head, *_last(standing, last, reader), *_wishes(influencer), *_figures(influencer, standing, occasions)]
    lines += [_note(note.text, note.by, reader) for note in influencer.notes[-3:]]
    if standing.next_planned:
        lines.append(say("Planned: {day}.", day=near_day(standing.next_planned, reader.today)))
    return Reply(blocks=(join("\n", lines), Actions(_actions(influencer, found))))


def plan_of(standing: Standing) -> str:
    """`every 21 days`, or that there is no plan of their own."""
    return every(standing.cadence) if standing.cadence else "every 14 days (no tier yet)"


def _silence(influencer: Influencer, standing: Standing, found: Status, today: date) -> Text:
    if found is Status.PAUSED:
        since = influencer.pauses[-1].since if influencer.is_paused else None
        return say("The clock stands still since {day}.", day=day(since, today)) if since else say("No nudges.")
    if standing.silent_since is None:
        first = say("No touchpoint yet; ")
        planned = standing.planned_on or today
        return say("{first}first contact planned by {day}.", first=first, day=weekday(planned, today))
    known = learned(standing)
    silence = silent_days(standing, influencer, today)
    usual = (
        f"you usually talk about {every(known.usual)}" if known.n >= OWN_PAUSES else f"the plan is {plan_of(standing)}"
    )
    snoozed = (
        say(" Snoozed until {day}.", day=weekday(standing.snoozed_until, today))
        if found is Status.SNOOZED and standing.snoozed_until
        else say("")
    )
    waiting = (
        say(" They wrote {days} ago.", days=count((today - standing.waiting_since).days, "day"))
        if standing.waiting_since and standing.waiting_since < today
        else say("")
    )
    return say(
        "{silence} since last contact; {usual}.{waiting}{snoozed}",
        silence=count(silence, "day"),
        usual=usual,
        waiting=waiting,
        snoozed=snoozed,
    )


def _last(standing: Standing, last: Touchpoint | None, reader: Reader) -> list[Text]:
    if last is None:
        return []
    whom = {Direction.OUTBOUND: "to them", Direction.INBOUND: "from them", Direction.MUTUAL: "with them"}
    unanswered = say("")
    if last.direction is Direction.OUTBOUND and standing.unanswered > 1:
        unanswered = say(" (no reply; {count} unanswered)", count=standing.unanswered)
    elif last.direction is Direction.OUTBOUND and standing.unanswered:
        unanswered = say(" (no reply)")
    return [
        say(
            "Last: {who}, {medium} {whom}, {day}{note}{unanswered}.",
            who=reader.who(last.by),
            medium=medium_word(last.medium),
            whom=whom[last.direction],
            day=near_day(reader.day_of(last), reader.today),
            note=say(" — {note}", note=quoted(last.note)) if last.note else say(""),
            unanswered=unanswered,
        )
    ]


def _wishes(influencer: Influencer) -> list[Text]:
    """Both sides' objectives, where they are known."""
    sentences = []
    if influencer.goal:
        why = say(", because {why}", why=influencer.motivation) if influencer.motivation else say("")
        sentences.append(say("{name} wants {goal}{why}.", name=_first_name(influencer), goal=influencer.goal, why=why))
    if influencer.objective:
        sentences.append(say("We want {objective}.", objective=influencer.objective))
    return [join(" ", sentences)] if sentences else []


def _figures(influencer: Influencer, standing: Standing, occasions: Sequence[Occasion]) -> list[Text]:
    facts = [f"{count(standing.touchpoints, 'touchpoint')}, give/ask {standing.gives}/{standing.asks}"]
    if standing.paid:
        facts[0] += f", paid {standing.paid} of {standing.touchpoints}"
    facts[0] += "."
    tier = f"Tier {influencer.tier}, " if influencer.tier else "No tier, "
    facts.append(f"{tier}{plan_of(standing)}.")
    parts = [say("{facts}", facts=" ".join(facts))]
    parts += [
        say("{label} {day}.", label=occasion.label.capitalize(), day=birthday(occasion.month, occasion.day))
        for occasion in occasions
    ]
    if influencer.tags:
        parts.append(say("Tags: {tags}.", tags=", ".join(influencer.tags)))
    return [join(" ", parts)]


def _note(text: str, by: str | None, reader: Reader) -> Text:
    return say("Note by {who}: {note}", who=reader.who(by), note=quoted(text))


def _actions(influencer: Influencer, found: Status) -> tuple[Action, ...]:
    log = Button("Log", callback("new_touch", who=influencer.id), Style.PRIMARY)
    edit = Button("Edit", callback("edit", who=influencer.id))
    history = Button("History", callback("history", who=influencer.id))
    if influencer.archived_at:
        return (history, Button("Restore", callback("restore", who=influencer.id)))
    if found is Status.PAUSED:
        return (log, Button("Resume", callback("resume", who=influencer.id)), edit, history)
    return (log, snooze_select(influencer.id), edit, history)


def snooze_select(influencer: str) -> Select:
    """Snooze ▾."""
    options = tuple(Option(label, value) for label, value in SNOOZES)
    return Select("Snooze", "until", options, callback("snooze", who=influencer))


def _first_name(influencer: Influencer) -> str:
    return influencer.name.split()[0] if influencer.name.split() else influencer.name
