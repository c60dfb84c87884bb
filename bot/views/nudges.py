"""Nudges in words: the day's message to an owner.

A message for five people is held to 40 parts (Discord counts every text, row, button and select): one Text and one
Actions a person, no dividers. Why comes first, what somebody wrote last: where a platform clips, it clips a note.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.calendar import zone_of
from bot.endings import EndedNudge
from bot.model import Direction, Member, Nudge, NudgeReason, Side, Team, Touchpoint
from bot.reply import Action, Actions, Button, Callback, Option, Reply, Select, Text, Who, callback, join, say
from bot.views.endings import ended_sentence
from bot.views.ideas import Known, idea
from bot.views.reasons import reason
from bot.views.touches import medium_word
from bot.views.words import count, ended, first_name, listed_texts, quoted, weekday

_NOT_NEEDED = {
    NudgeReason.WAITING_ON_US: "No answer needed",
    NudgeReason.PROMISE: "No reminder needed",
    NudgeReason.OCCASION: "No gesture needed",
    NudgeReason.QUIET: "The silence is fine",
}
"""What is not needed, where a person has several nudges."""


class SnoozeFor(StrEnum):
    """How long the button of a nudge can snooze."""

    THREE_DAYS = "3_days"
    ONE_WEEK = "1_week"
    TWO_WEEKS = "2_weeks"
    ONE_MONTH = "1_month"


@dataclass(frozen=True, slots=True)
class OpenNudge:
    """A relationship that needs somebody: its nudges, of which there is one at least, the most urgent first."""

    nudges: tuple[Nudge, ...]
    known: Known

    @property
    def first(self) -> Nudge:
        """The most urgent one, which the buttons act on."""
        return self.nudges[0]


Entry = OpenNudge | EndedNudge


@dataclass(frozen=True, slots=True)
class Message:
    """The day's message to a member (`None`: to the team); `more` people are left out.

    `today` is the reader's date, by which things are due and happened; silence is counted by `team_today`.
    """

    team: Team
    member: Member | None
    today: date
    team_today: date
    entries: tuple[Entry, ...]
    more: int = 0

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the reader."""
        return zone_of(self.team, self.member)


def nudge_message(message: Message) -> Reply:
    """The message in full, for a DM or for the team's own relationships in its channel."""
    blocks: list[Text | Actions] = [_opening(message)]
    for entry in message.entries:
        if isinstance(entry, OpenNudge):
            blocks += [_open_entry(message, entry), Actions(_buttons(entry))]
        else:
            blocks.append(ended_sentence(entry, message.today))
    if message.more:
        blocks.append(_more(message))
    return Reply(blocks=tuple(blocks), private=False)


def names_only(message: Message) -> Reply:
    """The message for a channel in place of a closed DM: names, and nothing about them."""
    names = {ended: [_name(entry) for entry in message.entries if _is_ended(entry) is ended] for ended in (False, True)}
    owner = Who(message.member.name, message.member.accounts) if message.member else "everybody"
    lines = []
    if names[False]:
        verb = "need" if len(names[False]) > 1 else "needs"
        lines.append(
            say(
                "{owner}: {names} " + verb + " you. {due} says why.",
                owner=owner,
                names=_all(names[False]),
                due="/rapport due" if message.member else "/rapport due all",
            )
        )
    if names[True]:
        lines.append(say("✓ Done: {names}.", names=_all(names[True])))
    if message.more:
        lines.append(_more(message))
    if names[False] and message.member:
        lines.append(say("This would be a direct message, but yours are closed to Rapport."))
    return Reply(blocks=(join("\n", lines or [_nothing_left()]),), private=False)


def why(entry: OpenNudge, today: date, team_today: date) -> Text:
    """The reasons in numbers, most urgent first, each once."""
    known = entry.known
    told: dict[tuple[NudgeReason, str | None], Text] = {}
    for nudge in entry.nudges:
        sentence = reason(nudge, known.influencer, known.standing, known.promises, known.occasions, today, team_today)
        told.setdefault((nudge.reason, nudge.about), sentence)
    return join(" ", list(told.values()))


def _opening(message: Message) -> Text:
    number = sum(isinstance(entry, OpenNudge) for entry in message.entries)
    if number == 0:
        return _nothing_left()
    if message.member is None:
        need = "needs" if number == 1 else "need"
        return say("{number} that nobody looks after " + need + " somebody.", number=count(number, "relationship"))
    return say("{number} you today.", number=count(number, "relationship needs", "relationships need"))


def _nothing_left() -> Text:
    return say("Nothing is left to do here.")


def _more(message: Message) -> Text:
    """Where the rest is: among one's own, or, of those whom nobody looks after, among everybody’s."""
    if message.member is None:
        more = count(message.more, "more needs somebody", "more need somebody")
        return say("{more}: /rapport due all shows everybody.", more=more)
    more = count(message.more, "more needs you", "more need you")
    return say("{more}: /rapport due shows everybody.", more=more)


def _open_entry(message: Message, entry: OpenNudge) -> Text:
    known, today, team_today = entry.known, message.today, message.team_today
    lines = [
        say("**{name}** — {why}", name=known.influencer.name, why=why(entry, today, team_today)),
        say("Idea: {idea}", idea=idea(known, entry.first, message.team, today, team_today)),
    ]
    if known.touch is not None:
        lines.append(_last(known, known.touch, message))
    return join("\n", lines)


def _last(known: Known, touch: Touchpoint, message: Message) -> Text:
    """`Last: Ana, DM to Jess, Sun 18 Oct — “asked about spring launch”.`"""
    whom = {Direction.OUTBOUND: "to", Direction.INBOUND: "from", Direction.MUTUAL: "with"}[touch.direction]
    by = (
        say("{who}, ", who=known.last_by.name)
        if known.last_by and touch.direction is not Direction.INBOUND
        else say("")
    )
    return ended(
        say(
            "Last: {by}{medium} " + whom + " {name}, {day}{note}",
            by=by,
            medium=medium_word(touch.medium),
            name=first_name(known.influencer.name),
            day=weekday(touch.day(message.zone), message.today),
            note=say(" — {note}", note=quoted(touch.note)) if touch.note else say(""),
        )
    )


def _buttons(entry: OpenNudge) -> tuple[Action, ...]:
    """Three buttons and a select, about the most urgent nudge: more, for five people, is more than Discord holds."""
    nudge = entry.first
    lengths = tuple(Option(length.value.replace("_", " "), length.value) for length in SnoozeFor)
    several = len({(one.reason, one.about) for one in entry.nudges}) > 1
    return (
        _deed(entry),
        Button(_NOT_NEEDED[nudge.reason] if several else "Not needed", _about("not_needed", nudge)),
        Button("Hand over", _about("hand_over", nudge)),
        Select("Snooze", "length", lengths, _about("snooze_nudge", nudge)),
    )


def _deed(entry: OpenNudge) -> Button:
    """What says that it has been done."""
    nudge = entry.first
    promise = entry.known.promises.get(nudge.about or "")
    if nudge.reason is NudgeReason.PROMISE and promise is not None:
        label = "Promise kept" if promise.side is Side.WE else "They kept it"
        return Button(label, callback("settle", promise=promise.id, outcome="kept"))
    if nudge.reason is NudgeReason.OCCASION:
        return Button("I did it", _about("gesture", nudge))
    return Button("I reached out", _about("reached", nudge))


def _about(verb: str, nudge: Nudge) -> Callback:
    return callback(verb, nudge=nudge.id)


def _name(entry: Entry) -> str:
    return entry.known.influencer.name if isinstance(entry, OpenNudge) else entry.influencer.name


def _is_ended(entry: Entry) -> bool:
    return isinstance(entry, EndedNudge)


def _all(names: Sequence[str]) -> Text:
    return listed_texts([say("**{name}**", name=name) for name in names])
