"""Who has left the team, and whom that leaves without anybody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.model import Influencer, Member
from bot.reply import Actions, Button, Reply, Style, Text, callback, join, say
from bot.views.lists import Line
from bot.views.recap import status_word
from bot.views.words import ago, count, handle_of, near_day

SHOWN = 15
"""Relationships of somebody who left before it is said how many more there are."""

_TOGETHER = 5
"""Lines in one Text: few enough for a block of 3,000 characters, even with the longest names."""


def left(member: Member, on: date, lines: Sequence[Line], team_today: date) -> Reply:
    """Who left and when, and how their relationships stand, the most urgent first."""
    head = say(
        "**{name} has left the team**, {day}. {number} a new owner; until then the nudges go to the team. Nothing is "
        "deleted.",
        name=member.name,
        day=near_day(on, team_today),
        number=count(len(lines), "relationship needs", "relationships need"),
    )
    shown = [_line(line, team_today) for line in lines[:SHOWN]]
    if more := len(lines) - len(shown):
        shown.append(say("…and {more} more.", more=more))
    parts = [join("\n", shown[start : start + _TOGETHER]) for start in range(0, len(shown), _TOGETHER)]
    give = Button("Hand over…", callback("hand_all_over", who=member.id), Style.PRIMARY)
    return Reply(blocks=(head, *parts, Actions((give,))), private=False)


def _line(line: Line, today: date) -> Text:
    last = line.standing.last
    return say(
        "• {name}{handle} — {status}, {last}",
        name=line.influencer.name,
        handle=_handle(line.influencer),
        status=status_word(line.standing, today),
        last=f"last contact {ago(last.on, today)}" if last else "no contact yet",
    )


def _handle(influencer: Influencer) -> Text:
    handle = handle_of(influencer)
    return say(" ({handle})", handle=handle) if handle else say("")
