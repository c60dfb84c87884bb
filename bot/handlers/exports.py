"""export: the whole team for restoring, sheets for a spreadsheet, one person's whole file."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated

from bot.commands import Who, command
from bot.consequences import book_of
from bot.context import Context
from bot.errors import NotAllowed, NotUnderstood
from bot.model import Influencer, Member, Nudge, Occasion, Promise, Schedule, Standing, Team, Touchpoint, standing_id
from bot.reading.people import read_member
from bot.reading.roster_columns import PROMISE_COLUMNS, ROSTER_COLUMNS, TOUCHPOINT_COLUMNS
from bot.reading.roster_people import YEARLY, People, yearly
from bot.reading.sheets import write_sheet
from bot.reading.team_file import TeamFile, settings_of, write_person, write_team
from bot.reply import Reply
from bot.roster.spelling import fold
from bot.store_port import Store
from bot.views.exports import (
    exported_person,
    exported_sheets,
    exported_team,
    person_cells,
    promise_cells,
    touchpoint_cells,
)


class Form(StrEnum):
    """What an export is for: JSON to restore from, CSV for a spreadsheet."""

    JSON = "json"
    CSV = "csv"


@command(
    "export",
    "Get everything as a file.",
    group="team",
    examples=("export", "export form:csv", "export jess"),
    writes=False,
)
async def export(
    ctx: Context,
    who: Annotated[Who | None, "One person’s whole file (the whole team if left out)"] = None,
    *,
    form: Annotated[Form | None, "json to restore from, csv for a spreadsheet"] = None,
) -> Reply:
    """The whole team for admins, one person for any member."""
    if who is None and not ctx.is_admin:
        raise NotAllowed("Exporting the whole team is for admins. “export <name>” gives you one person’s file.")
    if form is Form.CSV:
        return await _export_sheets(ctx, who)
    if who is not None:
        return await _export_person(ctx, who)
    file = await gather(ctx.store, ctx.team)
    content = await asyncio.to_thread(write_team, file)
    return exported_team(content, len(file.influencers), len(file.touchpoints), len(file.promises))


async def gather(store: Store, team: Team) -> TeamFile:
    """Everything of a team that a team file holds. Costs what there is."""
    return TeamFile(
        settings=settings_of(team),
        members=await store.everything(Member, team.id),
        influencers=await store.everything(Influencer, team.id),
        touchpoints=await store.everything(Touchpoint, team.id),
        promises=await store.everything(Promise, team.id),
        occasions=await store.everything(Occasion, team.id),
        nudges=await store.everything(Nudge, team.id),
        schedules=await store.everything(Schedule, team.id),
    )


class Names:
    """Names that `import` reads as the same people again: a person's own, else a handle, else the id."""

    def __init__(self, influencers: Sequence[Influencer], members: Sequence[Member], me: Member) -> None:
        self._people = People(influencers)
        self._members = {member.id: _member_cell(member, members, me) for member in members}

    def person(self, influencer: str) -> str:
        """What an influencer is called in a sheet."""
        person = self._people.by_id[influencer]
        for name in (person.name, *map(str, person.handles)):
            if [found.id for found in self._people.meant(name)] == [influencer]:
                return name
        return influencer

    def member(self, member: str | None) -> str:
        """What a member is called in a sheet; nothing for nobody."""
        return self._members.get(member, "") if member else ""


def _member_cell(member: Member, members: Sequence[Member], me: Member) -> str:
    try:
        return member.name if read_member(member.name, members, me, "owner") == member else member.id
    except NotUnderstood:
        return member.id


async def _export_person(ctx: Context, who: Influencer) -> Reply:
    store, team = ctx.store, ctx.team.id
    members = {member.id: member.name for member in await store.members(team)}
    standing = await store.get(Standing, team, standing_id(who.id))
    return exported_person(who, write_person(await book_of(store, team, who), standing, members))


async def _export_sheets(ctx: Context, who: Influencer | None) -> Reply:
    store, team = ctx.store, ctx.team.id
    everybody = await store.everything(Influencer, team)
    touchpoints: Sequence[Touchpoint]
    occasions: Sequence[Occasion]
    promises: Sequence[Promise]
    if who is None:
        wanted = [each for each in everybody if each.archived_at is None]
        touchpoints, occasions = await store.everything(Touchpoint, team), await store.everything(Occasion, team)
        promises = await store.everything(Promise, team)
    else:
        book = await book_of(store, team, who)
        wanted, touchpoints, occasions, promises = [who], book.touchpoints, book.occasions, book.promises
    names = Names(everybody, await store.members(team), ctx.member)
    sheets = await asyncio.to_thread(sheets_of, wanted, touchpoints, occasions, names, ctx.team_today)
    owed, rows = await asyncio.to_thread(promise_sheet, wanted, promises, names)
    return exported_sheets(*sheets, *((owed, rows) if rows else ()))


def sheets_of(
    wanted: Sequence[Influencer],
    touchpoints: Sequence[Touchpoint],
    occasions: Sequence[Occasion],
    names: Names,
    today: date,
) -> tuple[bytes, bytes, int, int]:
    """The two sheets and how many rows each has, people by name, touchpoints in the order in which they happened."""
    people = sorted(wanted, key=lambda each: (fold(each.name), each.id))
    days = yearly(occasions)
    touched: dict[str, list[Touchpoint]] = {each.id: [] for each in people}
    happened = sorted(touchpoints, key=lambda touch: (touch.on, touch.logged_at, touch.id))
    rows = []
    for touch in happened:
        if touch.influencer in touched:
            if touch.on <= today:
                touched[touch.influencer].append(touch)
            cells = touchpoint_cells(touch, names.person(touch.influencer), names.member(touch.by))
            rows.append([cells[column] for column in TOUCHPOINT_COLUMNS])
    roster = []
    for each in people:
        theirs = {label: days[each.id, label] for label in YEARLY if (each.id, label) in days}
        cells = person_cells(each, names.member(each.owner), theirs, touched[each.id])
        roster.append([cells[column] for column in ROSTER_COLUMNS])
    return write_sheet(ROSTER_COLUMNS, roster), write_sheet(TOUCHPOINT_COLUMNS, rows), len(roster), len(rows)


def promise_sheet(wanted: Sequence[Influencer], promises: Sequence[Promise], names: Names) -> tuple[bytes, int]:
    """The sheet of promises and how many rows it has: open ones first by when they are due, then those settled."""
    people = {each.id for each in wanted}
    ordered = sorted(
        (promise for promise in promises if promise.influencer in people),
        key=lambda promise: (not promise.is_open, promise.settled_on or promise.due or date.max, promise.id),
    )
    rows = []
    for promise in ordered:
        cells = promise_cells(promise, names.person(promise.influencer), names.member(promise.made_by))
        rows.append([cells[column] for column in PROMISE_COLUMNS])
    return write_sheet(PROMISE_COLUMNS, rows), len(rows)
