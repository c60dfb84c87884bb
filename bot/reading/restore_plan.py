"""How a team file comes home: which ids its records keep, and whose members they belong to."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from msgspec.structs import replace

from bot.address import Person
from bot.change import Write
from bot.model import Influencer, Member, Record, StandingNote, Team, nudge_id
from bot.reading.roster_people import meaning_id
from bot.reading.team_file import Settings, TeamFile

R = TypeVar("R", bound=Record)

_OURS = re.compile(r"[a-z]{3}_[0-9a-z]{1,20}")
"""Ids as Rapport makes them: buttons carry them, and what a button carries has to stay short."""

_NEUTRAL_MEMBER = re.compile(r"mem_[0-9a-z]{1,20}")


@dataclass(frozen=True, slots=True)
class Restore:
    """The writes that fill an empty team, and the Team as they leave it.

    `strangers` are names of members who have no account in the team's workspaces: they own and have logged, and can't
    be written to. `channel_left` says that the team channel is in a workspace that isn't this team's.
    """

    writes: tuple[Write, ...]
    team: Team
    strangers: tuple[str, ...]
    channel_left: bool


def plan_restore(file: TeamFile, team: Team, members: Sequence[Member], *, fresh_ids: bool) -> Restore:
    """What it takes to make an empty team the one in the file.

    Records keep their ids. With `fresh_ids`, because another team here has records of theirs, all get new ones, made
    from the old so that they still belong together. Accounts and a channel are taken only in workspaces that are the
    team's own: nothing can be posted to other people's by importing a file.
    """
    homes = _Homes(team, fresh_ids)
    kept, seats = _seated(file.members, team, members)
    writes = [
        Write(next((stored for stored in members if stored.id == member.id), None), member) for member in kept.values()
    ]

    def who(member: str | None) -> str | None:
        return seats.get(member) if member else None

    people = [_influencer(homes, who, each) for each in file.influencers]
    touches = [
        homes.at_home(each, "tch", influencer=homes.id("inf", each.influencer), by=who(each.by))
        for each in file.touchpoints
    ]
    occasions = [homes.at_home(each, "occ", influencer=homes.id("inf", each.influencer)) for each in file.occasions]
    nudges = [
        replace(
            each,
            id=nudge_id(homes.id("inf", each.influencer), each.reason, each.since),
            team=team.id,
            influencer=homes.id("inf", each.influencer),
            member=who(each.member),
            closed_by=who(each.closed_by),
            delivery=None,
        )
        for each in file.nudges
    ]
    settled, channel_left = _settled(team, file.settings)
    made: list[Record] = [*people, *touches, *occasions, *nudges]
    writes += [Write(team, settled), *(Write(None, record) for record in made)]
    strangers = tuple(member.name for member in kept.values() if not member.accounts)
    changing = tuple(write for write in writes if write.before != write.after)
    return Restore(changing, settled, strangers, channel_left)


class _Homes:
    """Gives records their team and their ids in it."""

    def __init__(self, team: Team, fresh_ids: bool) -> None:
        self._team = team
        self._fresh = fresh_ids

    def id(self, prefix: str, old: str) -> str:
        """The id of a record here: its own where that is one of ours and free."""
        keeps = not self._fresh and _OURS.fullmatch(old) is not None and old.startswith(f"{prefix}_")
        return old if keeps else meaning_id(prefix, self._team.id, old)

    def at_home(self, record: R, prefix: str, **facts: object) -> R:
        """A record of a file as one of the team's."""
        return replace(record, id=self.id(prefix, record.id), team=self._team.id, **facts)


def _influencer(homes: _Homes, who: Callable[[str | None], str | None], each: Influencer) -> Influencer:
    notes = tuple(StandingNote(note.text, who(note.by), note.at) for note in each.notes)
    return homes.at_home(each, "inf", owner=who(each.owner), added_by=who(each.added_by), notes=notes)


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
