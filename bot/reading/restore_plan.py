"""How a team file comes home: which ids its records keep, and whose members they belong to."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from msgspec.structs import replace

from bot.address import Person
from bot.change import Write
from bot.concerns import MARK
from bot.model import (
    Influencer,
    Member,
    Nudge,
    NudgeReason,
    Occasion,
    Promise,
    Record,
    Schedule,
    StandingNote,
    Team,
    Touchpoint,
    nudge_id,
)
from bot.reading.roster_people import meaning_id
from bot.reading.team_checks import lead_of
from bot.reading.team_file import Settings, TeamFile

R = TypeVar("R", bound=Record)
A = TypeVar("A", Touchpoint, Promise, Occasion)

_Who = Callable[[str | None], str | None]
"""The id here of a member of the file; `None` for nobody, and for somebody who is not in it."""

_OURS = re.compile(r"[a-z]{3}_[0-9a-z]{1,20}")
"""Ids as Rapport makes them: buttons carry them, and what a button carries has to stay short."""

_ABOUT = {NudgeReason.PROMISE: "prm", NudgeReason.OCCASION: "occ"}
"""Of what kind the record is that a nudge is about, by its reason."""

_NEUTRAL_MEMBER = re.compile(r"mem_[0-9a-z]{1,20}")


@dataclass(frozen=True, slots=True)
class Restore:
    """The writes that fill an empty team, and the Team as they leave it.

    `strangers` are names of members who have no account in the team's workspaces: they own and have logged, and can't
    be written to. `channel_left` says that the team channel is in a workspace that isn't this team's, `digests_left`
    how many digests are.
    """

    writes: tuple[Write, ...]
    team: Team
    strangers: tuple[str, ...]
    channel_left: bool
    digests_left: int


def plan_restore(file: TeamFile, team: Team, members: Sequence[Member], *, fresh_ids: bool) -> Restore:
    """What it takes to make an empty team the one in the file.

    Records keep their ids. With `fresh_ids`, because another team here has records of theirs, all get new ones, made
    from the old so that they still belong together. Accounts, a channel and digests are taken only in workspaces that
    are the team's own, whichever platforms these are on: nothing can be posted to other people's by importing a file.
    """
    homes = _Homes(team, fresh_ids)
    kept, seats = _seated(file.members, team, members)
    writes = [
        Write(next((stored for stored in members if stored.id == member.id), None), member) for member in kept.values()
    ]

    def who(member: str | None) -> str | None:
        return seats.get(member) if member else None

    made: list[Record] = [_influencer(homes, who, each) for each in file.influencers]
    made += [homes.about("tch", each, by=who(each.by)) for each in file.touchpoints]
    made += [
        homes.about("prm", each, made_by=who(each.made_by), settled_by=who(each.settled_by)) for each in file.promises
    ]
    made += [homes.about("occ", each, added_by=who(each.added_by)) for each in file.occasions]
    made += [_nudge(homes, who, each) for each in file.nudges]
    digests = [each for each in file.schedules if each.place.home in team.workspaces]
    made += [_digest(homes, who, each) for each in digests]
    settled, channel_left = _settled(team, file.settings)
    writes += [Write(team, settled), *(Write(None, record) for record in made)]
    strangers = tuple(member.name for member in kept.values() if not member.accounts)
    changing = tuple(write for write in writes if write.before != write.after)
    return Restore(changing, settled, strangers, channel_left, len(file.schedules) - len(digests))


class _Homes:
    """Gives records their team and their ids in it."""

    def __init__(self, team: Team, fresh_ids: bool) -> None:
        self.team = team
        self._fresh = fresh_ids

    def id(self, prefix: str, old: str) -> str:
        """The id of a record here: its own where that is one of ours and free."""
        keeps = not self._fresh and _OURS.fullmatch(old) is not None and old.startswith(f"{prefix}_")
        return old if keeps else meaning_id(prefix, self.team.id, old)

    def at_home(self, record: R, prefix: str, **facts: object) -> R:
        """A record of a file as one of the team's."""
        return replace(record, id=self.id(prefix, record.id), team=self.team.id, **facts)

    def about(self, prefix: str, record: A, **facts: object) -> A:
        """The same for a record that is about an influencer."""
        return self.at_home(record, prefix, influencer=self.id("inf", record.influencer), **facts)


def _influencer(homes: _Homes, who: _Who, each: Influencer) -> Influencer:
    return homes.at_home(
        each,
        "inf",
        owner=who(each.owner),
        added_by=who(each.added_by),
        notes=tuple(StandingNote(note.text, who(note.by), note.at) for note in each.notes),
        merged=tuple(homes.id("inf", other) for other in each.merged),
    )


def _nudge(homes: _Homes, who: _Who, each: Nudge) -> Nudge:
    """A nudge with the id that its meaning gives it here; the message it stood in is elsewhere."""
    influencer = homes.id("inf", each.influencer)
    about = homes.id(_ABOUT[each.reason], each.about) if each.about and each.reason in _ABOUT else None
    mark = about[-MARK:] + lead_of(each) if about else ""
    return replace(
        each,
        id=nudge_id(influencer, each.reason, each.since, mark),
        team=homes.team.id,
        influencer=influencer,
        about=about,
        member=who(each.member),
        closed_by=who(each.closed_by),
        delivery=None,
    )


def _digest(homes: _Homes, who: _Who, each: Schedule) -> Schedule:
    by = who(each.set_up_by) or meaning_id("mem", homes.team.id, each.set_up_by)
    return homes.at_home(each, "sch", set_up_by=by)


def _seated(asked: Sequence[Member], team: Team, members: Sequence[Member]) -> tuple[dict[str, Member], dict[str, str]]:
    """The members as they will be, by id, and under which id each of the file's is found.

    Who is here already, by account or id, stays who they are and gets the settings they had.
    """
    here = {person: member for member in members for person in member.accounts}
    by_id = {member.id: member for member in members}
    kept: dict[str, Member] = {}
    seats: dict[str, str] = {}
    for member in asked:
        accounts = tuple(person for person in member.accounts if person.home in team.workspaces)
        stored = next((here[person] for person in accounts if person in here), by_id.get(member.id))
        if stored is None:
            seat = member.id if _may_keep(member.id, accounts) else meaning_id("mem", team.id, member.id)
            kept[seat] = replace(member, id=seat, team=team.id, accounts=accounts)
        else:
            seat, now = stored.id, kept.get(stored.id, stored)
            kept[seat] = replace(
                now,
                accounts=tuple(dict.fromkeys((*accounts, *now.accounts))),
                admin=member.admin or now.admin,
                timezone=member.timezone,
                nudges=member.nudges,
                nudge_hour=member.nudge_hour,
                daily_cap=member.daily_cap,
                preferred=member.preferred,
            )
        seats[member.id] = seat
    return kept, seats


def _may_keep(id: str, accounts: Sequence[Person]) -> bool:
    """Whether a member's id is not that of an account elsewhere, who will want it one day."""
    own = {f"mem_{person.platform}_{person.workspace}_{person.id}" for person in accounts}
    return id in own or _NEUTRAL_MEMBER.fullmatch(id) is not None


def _settled(team: Team, settings: Settings) -> tuple[Team, bool]:
    """The team with the file's settings, and whether its channel had to be left out."""
    facts = {name: getattr(settings, name) for name in settings.__struct_fields__}
    channel = settings.channel
    left = channel is not None and channel.home not in team.workspaces
    return replace(team, **facts | {"channel": team.channel if left else channel}), left
