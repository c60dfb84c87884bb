"""A year with one creator: on which days something happened, and what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, time, timedelta
from itertools import pairwise
from zlib import crc32

from bot import rhythm
from bot.calendar import instant
from bot.model import Team, Touchpoint
from bot.sample.conversations import MOMENTS, OPENING, PAID, PLACES, SETTLED, THEMES, Moment, Said
from bot.sample.people import Sketch

YEAR = 365
"""Days that the sample goes back."""

_LATELY = 8
"""Days on which something happened, within which nothing is told twice."""

_GOLDEN = 0.6180339887
"""Multiples of it, without their whole part, are spread evenly and show no pattern."""

_STRIDES = (5, 8, 12, 17, 21)
"""Steps through the moments: creators of one theme don't tell the same story."""

_TRIES = 8
"""How often the silence is fitted: moving it moves weekends, pauses and so the day that it is fitted to."""


def touchpoints_of(
    sketch: Sketch, team: Team, influencer: str, members: Sequence[str], today: date
) -> Iterator[Touchpoint]:
    """The touchpoints of a sketch, oldest first; `members` are its owner and then all who now and then step in."""
    if not sketch.every:
        return
    seed = crc32(sketch.name.encode())
    stories = _stories(sketch, seed, team, today)
    number = 0
    for at, (on, moment) in enumerate(stories):
        by = members[0] if at % 6 else members[1 + (seed + at) % (len(members) - 1)]
        for place, said in enumerate(moment):
            number += 1
            moment_of_day = time(9 + 2 * place + (seed + at) % 4, (seed + 7 * number) % 60)
            when = instant(on, moment_of_day, team.zone)
            yield Touchpoint(
                id=f"tch_{influencer.removeprefix('inf_')}_{number:03}",
                team=team.id,
                influencer=influencer,
                on=on,
                at=when,
                medium=said.medium,
                direction=said.direction,
                exchange=said.exchange,
                paid=said.paid,
                disclosed=said.disclosed,
                note=_worded(said, sketch, seed, at),
                value=said.value,
                by=by,
                logged_at=when,
            )


def _stories(sketch: Sketch, seed: int, team: Team, today: date) -> list[tuple[date, Moment]]:
    """What happened on which day, oldest first."""
    days = _days(sketch, seed, team, today)
    ending = {said.before: tuple(one for one in sketch.ending if one.before == said.before) for said in sketch.ending}
    told = PAID if sketch.only_paid else MOMENTS
    stride = 1 if sketch.only_paid else _STRIDES[seed % len(_STRIDES)]
    stories: list[tuple[date, Moment]] = []
    for at, on in enumerate(days):
        if (last := ending.get((days[-1] - on).days)) is not None:
            moment = last
        elif at == 0 and sketch.known_for < YEAR and not sketch.only_paid:
            moment = OPENING
        elif at == len(days) - 1 - len(ending) and not sketch.only_paid:
            lately = [moment for _, moment in stories[-_LATELY:]]
            moment = next(one for one in SETTLED[seed % len(SETTLED) :] + SETTLED if one not in lately)
        else:
            moment = told[(seed + at * stride) % len(told)]
        stories.append((on, moment))
    return stories


def _days(sketch: Sketch, seed: int, team: Team, today: date) -> list[date]:
    """The days on which something happened, oldest first, so that the newest is as old as the sketch wants it."""
    silence = sketch.silence
    days = _active(sketch, seed, today, silence)
    if sketch.quiet_in is None:
        return days
    cadence = sketch.cadence or (team.cadences.of(sketch.tier) if sketch.tier else None)
    for _ in range(_TRIES):
        pauses = [(after - before).days for before, after in pairwise(days)]
        fitting = max(1, rhythm.nudge_after(rhythm.learn(pauses, cadence)) - sketch.quiet_in)
        if fitting == silence:
            break
        silence = fitting
        days = _active(sketch, seed, today, silence)
    return days


def _active(sketch: Sketch, seed: int, today: date, silence: int) -> list[date]:
    """The days that end `silence` days ago, in the rhythm of the sketch, its working week and what ends it."""
    last = today - timedelta(days=silence)
    days = {last - timedelta(days=said.before) for said in sketch.ending} | {last}
    first = today - timedelta(days=min(sketch.known_for, YEAR))
    day, number = min(days), 0
    while True:
        number += 1
        wait = sketch.every * (0.55 + 0.9 * ((seed % 1000 + number) * _GOLDEN % 1))
        day -= timedelta(days=max(1, round(wait)))
        if day < first:
            return sorted(days)
        days.add(max(first, _on_a_weekday(day)))


def _on_a_weekday(day: date) -> date:
    """A Saturday's work was done on Friday, a Sunday's too."""
    return day - timedelta(days=max(0, day.weekday() - 4))


def _worded(said: Said, sketch: Sketch, seed: int, at: int) -> str:
    """The note with its slots filled; all notes of one day speak of the same things."""
    theme = THEMES[sketch.tags.split()[0]]
    thing = theme.things[(seed + at // 3) % len(theme.things)]
    return said.note.format(
        topic=theme.topics[(seed + at // 4) % len(theme.topics)],
        thing=thing,
        thing_=thing.capitalize(),
        place=PLACES[(seed + at) % len(PLACES)],
    )
