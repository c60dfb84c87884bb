"""export: the whole team for restoring, sheets for a spreadsheet, one person's whole file."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated

from bot.commands import Who, command
from bot.context import Context
from bot.errors import NotAllowed, NotUnderstood
from bot.model import Influencer, Member, Nudge, Occasion, Standing, Team, Touchpoint, standing_id
from bot.reading.people import read_member
from bot.reading.roster_columns import ROSTER_COLUMNS, TOUCHPOINT_COLUMNS
from bot.reading.roster_people import BIRTHDAY, People
from bot.reading.sheets import write_sheet
from bot.reading.team_file import TeamFile, settings_of, write_person, write_team
from bot.reply import Reply
from bot.roster.spelling import fold
from bot.store_port import Store
from bot.views.exports import exported_person, exported_sheets, exported_team, person_cells, touchpoint_cells


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
    who: Annotated[Who | None, "One person’s whole file; the whole team if left out"] = None,
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
    return exported_team(content, len(file.influencers), len(file.touchpoints))


async def gather(store: Store, team: Team) -> TeamFile:
    """Everything of a team that a team file holds. Costs what there is."""
    return TeamFile(
        settings=settings_of(team),
        members=await store.everything(Member, team.id),
        influencers=await store.everything(Influencer, team.id),
        touchpoints=await store.everything(Touchpoint, team.id),
        occasions=await store.everything(Occasion, team.id),
        nudges=await store.everything(Nudge, team.id),
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
    content = write_person(
        who,
        await store.get(Standing, team, standing_id(who.id)),
        await store.touchpoints(team, who.id),
        await store.occasions(team, who.id),
        await store.nudges_of(team, who.id),
        members,
    )
    return exported_person(who, content)


async def _export_sheets(ctx: Context, who: Influencer | None) -> Reply:
    store, team = ctx.store, ctx.team.id
    everybody = await store.everything(Influencer, team)
    if who is None:
        wanted: Sequence[Influencer] = [each for each in everybody if each.archived_at is None]
        touchpoints, occasions = await store.everything(Touchpoint, team), await store.everything(Occasion, team)
    else:
        wanted = [who]
        touchpoints, occasions = await store.touchpoints(team, who.id), await store.occasions(team, who.id)
    names = Names(everybody, await store.members(team), ctx.member)
    sheets = await asyncio.to_thread(sheets_of, wanted, touchpoints, occasions, names, ctx.team_today)
    return exported_sheets(*sheets)


def sheets_of(
    wanted: Sequence[Influencer],
    touchpoints: Sequence[Touchpoint],
    occasions: Sequence[Occasion],
    names: Names,
    today: date,
) -> tuple[bytes, bytes, int, int]:
    """The two sheets and how many rows each has, people by name, touchpoints in the order in which they happened."""
    people = sorted(wanted, key=lambda each: (fold(each.name), each.id))
    born = {occasion.influencer: occasion for occasion in occasions if fold(occasion.label) == BIRTHDAY}
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
        cells = person_cells(each, names.member(each.owner), born.get(each.id), touched[each.id])
        roster.append([cells[column] for column in ROSTER_COLUMNS])
    return write_sheet(ROSTER_COLUMNS, roster), write_sheet(TOUCHPOINT_COLUMNS, rows), len(roster), len(rows)
