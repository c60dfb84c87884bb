"""Finishing what is being typed: people of the roster, and members of the team."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from bot.briefing.namesakes import marks_of
from bot.commands import CommandSpec, Kind
from bot.inbound import Question
from bot.model import Member
from bot.reading.arguments import PEOPLE
from bot.reply import OPTION_LIMIT, Option
from bot.roster import Rosters
from bot.store_port import Store
from bot.views.doubts import named
from bot.views.words import member_options

_LAST_NAME = re.compile(r"^(.*[,&+]\s*)?(.*)$", re.DOTALL)


async def complete(
    store: Store, rosters: Rosters, spec: CommandSpec, question: Question, today: date
) -> tuple[Option, ...]:
    """At most 25 ways to finish, best first, each by a label of its own; nothing for an argument that takes no person.

    The value of an option stands for the whole of what is typed: in a list of names the earlier ones stay.
    """
    argument = spec.argument(question.argument)
    team = await store.team_at(question.actor.person.home)
    if argument is None or team is None:
        return ()
    if argument.kind is Kind.MEMBER:
        return _members(await store.members(team.id), question.typed)
    if argument.kind not in PEOPLE:
        return ()
    roster = await rosters.of(store, team.id)
    archived = argument.kind is Kind.EXACT_INFLUENCER or not spec.writes
    before, name = "", question.typed
    if argument.kind is Kind.INFLUENCERS and (last := _LAST_NAME.match(question.typed)):
        before, name = last[1] or "", last[2]
    found = roster.complete(name, OPTION_LIMIT, archived=archived)
    marks = await marks_of(store, team.id, found, today)
    return tuple(Option(before + named(entry, marks.get(entry.id)), before + entry.id) for entry in found)


def _members(members: Sequence[Member], typed: str) -> tuple[Option, ...]:
    """Members with a name that begins as typed; those who left are not offered."""
    wanted = typed.casefold().lstrip("@")
    here = [member for member in members if member.left_at is None]
    found = [member for member in here if any(name.startswith(wanted) for name in _names(member))]
    return member_options(found[:OPTION_LIMIT])


def _names(member: Member) -> tuple[str, ...]:
    name = member.name.casefold()
    return (name, *name.split())
