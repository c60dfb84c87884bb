"""The recap: the answer to “how are we doing with X?”."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.model import Direction, Influencer, Occasion, Promise, Side, Standing, Touchpoint
from bot.promising import by_urgency
from bot.reply import Action, Actions, Button, Option, Reply, Select, Style, Text, callback, join, say
from bot.standing import PATIENT_AFTER, Status, is_mostly_paid, learned, silent_days, status
from bot.views.occasions import coming
from bot.views.promises import kept_sentence, open_sentence
from bot.views.quiet import OWN_PAUSES, next_touch
from bot.views.touches import medium_word, warn_mostly_paid
from bot.views.words import (
    Reader,
    because,
    birthday,
    briefly_quoted,
    count,
    day,
    ended,
    every,
    first_name,
    handle_of,
    near_day,
    weekday,
)

NOTES_SHOWN = 3
OCCASIONS_SHOWN = 3

COMING_SOON = 31
"""Days before an occasion from which on it is said how far off it is."""

SNOOZES = (("3 days", "3d"), ("1 week", "1w"), ("2 weeks", "2w"), ("1 month", "1 month"))
"""How long a button snoozes, as shown and as the snooze verb reads it."""

_STATUS = {
    Status.WAITING_ON_US: "waiting on us",
    Status.WAITING_ON_THEM: "waiting on them",
    Status.DUE_SOON: "due soon",
    Status.ON_TRACK: "on track",
}


def status_word(standing: Standing, today: date) -> str:
    """`waiting on us`, `quiet`, `due soon`; from the planned day on `due`, unless something takes the plan's place."""
    found = status(standing, today)
    if found is Status.DUE_SOON and standing.next_planned is not None:
        return f"planned for {weekday(standing.next_planned, today)}"
    if found is Status.DUE_SOON and standing.planned_on is not None and standing.planned_on <= today:
        return "no nudge needed" if standing.excused else "due"
    return _STATUS.get(found, found.value)


def recap(
    influencer: Influencer,
    standing: Standing,
    last: Touchpoint | None,
    occasions: Sequence[Occasion],
    reader: Reader,
    team_today: date,
    promises: Sequence[Promise] = (),
) -> Reply:
    """Where a relationship stands, what was last, what both sides want and promised, and what to do next."""
    found = status(standing, team_today)
    handle = handle_of(influencer)
    head = say(
        "**{name}**{handle} — {status}. {silence} Owner: {owner}. Stage: {stage}.",
        name=influencer.name,
        handle=say(" ({handle})", handle=handle) if handle else say(""),
        status="archived" if influencer.archived_at else status_word(standing, team_today),
        silence=_silence(influencer, standing, found, team_today),
        owner=reader.owner(influencer.owner),
        stage=influencer.stage.value,
    )
    kept, owing = kept_sentence(promises, reader.today), open_sentence(promises, influencer.name, reader.today)
    figures = [*([kept] if kept else []), *_figures(influencer, standing, occasions, team_today)]
    figures = [join(" ", figures), *_remarks(influencer, standing)]
    if standing.next_planned:
        figures.append(say("Planned: {day}.", day=near_day(standing.next_planned, reader.today)))
    # In parts, so that a long note is what a platform clips, and not the figures behind it.
    parts = (
        [head, *_last(influencer, standing, last, reader)],
        _wishes(influencer),
        [owing] if owing else [],
        figures,
        # Phone and address are nobody's business who did not ask for them.
        [*([] if reader.aloud else _reached_at(influencer)), *_notes(influencer, reader)],
    )
    said = [join("\n", part) for part in parts if part]
    return Reply(blocks=(*said, _actions(influencer, found, promises)))


def plan_of(standing: Standing) -> str:
    """`every 21 days`, or that there is no plan of their own."""
    return every(standing.cadence) if standing.cadence else "every 14 days (no tier yet)"


def _silence(influencer: Influencer, standing: Standing, found: Status, today: date) -> Text:
    if found is Status.PAUSED:
        since = influencer.pauses[-1].since if influencer.is_paused else None
        return say("The clock has stood still since {day}.", day=weekday(since, today)) if since else say("No nudges.")
    if standing.silent_since is None:
        planned = standing.planned_on or today
        was = "was " if planned < today else ""
        return say("No touchpoint yet; first contact " + was + "planned by {day}.", day=weekday(planned, today))
    known = learned(standing)
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
    silence = _how_long(influencer, standing, today)
    return say("{silence}; {usual}.{waiting}{snoozed}", silence=silence, usual=usual, waiting=waiting, snoozed=snoozed)


def _how_long(influencer: Influencer, standing: Standing, today: date) -> str:
    """`34 days since last contact`; where the silence is another length than that, what makes it so."""
    if standing.silent_since == today:
        return "In touch today"
    silence = silent_days(standing, influencer, today)
    if standing.last is None or (today - standing.last.on).days == silence:
        return f"{count(silence, 'day')} since last contact"
    if standing.unanswered > PATIENT_AFTER:
        return f"{count(silence, 'day')} of silence, our last {standing.unanswered} unanswered"
    since = standing.silent_since
    if since is not None and any(pause.until is None or pause.until > since for pause in influencer.pauses):
        return f"{count(silence, 'day')} of silence, days paused left out"
    return f"{count(silence, 'day')} of silence"  # what came since was automatic


def _last(influencer: Influencer, standing: Standing, last: Touchpoint | None, reader: Reader) -> list[Text]:
    if last is None:
        return []
    whom = {Direction.OUTBOUND: "to {name}", Direction.INBOUND: "from {name}", Direction.MUTUAL: "with {name}"}
    # Whoever logged what came from them did not send it.
    is_ours = last.by is not None and last.direction is not Direction.INBOUND
    unanswered = say("")
    if last.direction is Direction.OUTBOUND and standing.unanswered > 1:
        unanswered = say(" (no reply; {count} unanswered)", count=standing.unanswered)
    elif last.direction is Direction.OUTBOUND and standing.unanswered and reader.day_of(last) < reader.today:
        unanswered = say(" (no reply)")
    return [
        ended(
            say(
                "Last: {who}{medium} {whom}, {day}{note}{unanswered}",
                who=say("{who}, ", who=reader.who(last.by)) if is_ours else say(""),
                medium=medium_word(last.medium),
                whom=say(whom[last.direction], name=first_name(influencer.name)),
                day=near_day(reader.day_of(last), reader.today),
                note=say(" — {note}", note=briefly_quoted(last.note)) if last.note else say(""),
                unanswered=unanswered,
            )
        )
    ]


def _wishes(influencer: Influencer) -> list[Text]:
    """Both sides' objectives, where they are known."""
    sentences = []
    if influencer.goal:
        why = because(influencer.motivation)
        wants = say("{name} wants {goal}{why}", name=first_name(influencer.name), goal=influencer.goal, why=why)
        sentences.append(ended(wants))
    elif influencer.archived_at is None:
        sentences.append(say("We don’t know what {name} wants yet.", name=first_name(influencer.name)))
        if influencer.motivation:
            why = say("What moves {name}: {why}", name=first_name(influencer.name), why=influencer.motivation)
            sentences.append(ended(why))
    if influencer.objective:
        sentences.append(ended(say("We want {objective}", objective=influencer.objective)))
    return [join(" ", sentences)] if sentences else []


def _remarks(influencer: Influencer, standing: Standing) -> list[Text]:
    """What to mind about the balance."""
    return [warn_mostly_paid(influencer.name, standing)] if is_mostly_paid(standing) else []


def _figures(influencer: Influencer, standing: Standing, occasions: Sequence[Occasion], today: date) -> list[Text]:
    facts = []
    if standing.touchpoints:
        paid = f", paid {standing.paid} of {standing.touchpoints}" if standing.paid else ""
        touchpoints = count(standing.touchpoints, "touchpoint")
        facts.append(f"{touchpoints}, give/ask {standing.gives}/{standing.asks}{paid}.")
    facts.append(f"{_plan(influencer, standing)}.")
    # Without a touchpoint the first sentence says by when.
    if standing.silent_since is not None and (by := next_touch(standing)) is not None:
        facts.append(f"Next touch {'by' if by > today else 'was due by'} {weekday(by, today)}.")
    parts = [say("{facts}", facts=" ".join(facts))]
    parts += _occasions(occasions, today)
    if influencer.tags:
        parts.append(say("Tags: {tags}.", tags=", ".join(influencer.tags)))
    return [join(" ", parts)]


def _occasions(occasions: Sequence[Occasion], today: date) -> list[Text]:
    """The next ones, nearest first: `Birthday 14 Mar.`, from a month before it `Birthday in 9 days, on Sat 14 Mar.`"""
    found = sorted((on, one.id, one) for one in occasions if (on := one.next_from(today)) is not None)
    said = [
        say("{coming}.", coming=coming(one, on, today))
        if (on - today).days <= COMING_SOON
        else say(
            "{label} {day}.",
            label=one.label[:1].upper() + one.label[1:],
            day=birthday(one.month, one.day) if one.yearly else day(on, today),
        )
        for on, _, one in found[:OCCASIONS_SHOWN]
    ]
    more = len(found) - len(said)
    return [*said, say("{more} later.", more=count(more, "occasion"))] if more else said


def _plan(influencer: Influencer, standing: Standing) -> str:
    """`Tier A, every 21 days`; a cadence of their own is said to be one."""
    if standing.cadence is None:
        return "No tier yet, every 14 days"
    own = "own cadence " if influencer.cadence is not None and influencer.tier else ""
    return f"{f'Tier {influencer.tier}' if influencer.tier else 'No tier'}, {own}{every(standing.cadence)}"


def _reached_at(influencer: Influencer) -> list[Text]:
    """Where to reach them, and under which other names; only what is known."""
    facts = [
        ("also known as", ", ".join(influencer.aliases)),
        ("also on", ", ".join(map(str, influencer.handles[1:]))),
        ("email", influencer.email),
        ("phone", influencer.phone),
        ("manager", influencer.manager),
        ("parcels to", influencer.address),
    ]
    known = [say(label + " {fact}", fact=fact) for label, fact in facts if fact]
    return [say("Contact: {facts}.", facts=join("; ", known))] if known else []


def _notes(influencer: Influencer, reader: Reader) -> list[Text]:
    """The newest notes, and how many there are besides."""
    shown = influencer.notes[-NOTES_SHOWN:]
    lines = [_note(note.text, note.by, reader) for note in shown]
    more = len(influencer.notes) - len(shown)
    return [*lines, say("{more}: see “edit”.", more=count(more, "earlier note"))] if more else lines


def _note(text: str, by: str | None, reader: Reader) -> Text:
    who = say(" by {who}", who=reader.who(by)) if by else say("")
    return say("Note{who}: {note}", who=who, note=briefly_quoted(text))


def _actions(influencer: Influencer, found: Status, promises: Sequence[Promise]) -> Actions:
    """What is done most stands in sight, what is rarely wanted can wait in a menu."""
    log = Button("Log", callback("new_touch", who=influencer.id), Style.PRIMARY)
    edit = Button("Edit", callback("edit", who=influencer.id))
    history = Button("History", callback("history", who=influencer.id))
    if influencer.archived_at:
        return Actions((history, Button("Restore", callback("restore", who=influencer.id))))
    resume = Button("Resume", callback("resume", who=influencer.id))
    wait: Action = resume if found is Status.PAUSED else snooze_select(influencer.id)
    return Actions((log, wait, *_promise_kept(influencer, promises)), (edit, history))


def _promise_kept(influencer: Influencer, promises: Sequence[Promise]) -> tuple[Button, ...]:
    """Settles the one open promise of ours; of several it asks which."""
    ours = [one for one in by_urgency(promises) if one.side is Side.WE]
    if not ours:
        return ()
    if len(ours) > 1:
        return (Button("Promise kept", callback("kept", who=influencer.id, side=Side.WE.value, pick="yes")),)
    return (Button("Promise kept", callback("settle", promise=ours[0].id, outcome="kept")),)


def snooze_select(influencer: str) -> Select:
    """Snooze ▾."""
    options = tuple(Option(label, value) for label, value in SNOOZES)
    return Select("Snooze", "until", options, callback("snooze", who=influencer))
