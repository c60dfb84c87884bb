"""The verbs that take a roster in and give it out: import, export."""

from __future__ import annotations

import asyncio
import base64
import zlib
from collections.abc import Mapping
from typing import Annotated

from bot.change import Change
from bot.commands import CommandSpec, File, Permission, command
from bot.context import Context
from bot.errors import NotFound, NotUnderstood, Refused
from bot.forms import ask, keep
from bot.handlers.exports import export
from bot.model import Draft, Influencer, Occasion, Record, Schedule, Team, Touchpoint
from bot.reading.restore_plan import Restore, plan_restore
from bot.reading.roster_csv import read_sheets
from bot.reading.roster_people import Known
from bot.reading.roster_plan import Plan, make_plan
from bot.reading.roster_rows import Sheets
from bot.reading.sheets import Problem, Unreadable
from bot.reading.team_file import (
    TEAM_FILE_LIMIT,
    TeamFile,
    is_team_file,
    read_team,
)
from bot.reply import Answer, Reply
from bot.store_port import Store
from bot.views.imports import RestoreTally, Tally, dry_run, imported, not_importable, restore_preview, which_files

GROUP = "team"
APPLY = "import_apply"
_SEAL = "seal"

Files = tuple[tuple[str, bytes], ...]


@command(
    "import",
    "Import people and touchpoints from files.",
    title="Import",
    group=GROUP,
    permission=Permission.ADMIN,
    examples=("import",),
    submit="Check",
)
async def import_(
    ctx: Context,
    *,
    roster: Annotated[File | None, "People as CSV, or a whole team as JSON"] = None,
    touchpoints: Annotated[File | None, "Touchpoints as CSV"] = None,
) -> Answer:
    """Says what the files would do, and keeps them until the button is pressed; nothing is written before."""
    uploads = tuple(dict.fromkeys((*ctx.uploads, *filter(None, (roster, touchpoints)))))
    if not uploads and ctx.draft is not None:
        raise NotUnderstood("Choose a file.", "roster")
    if not uploads:
        return await ask(ctx, import_, {}, about=which_files())
    files = tuple((upload.name[:100], upload.content) for upload in uploads)
    return await _preview(ctx, files)


async def _tell_imported(_: Context, change: Change) -> Reply:
    return imported(change)


@command(APPLY, "Do an import.", internal=True, permission=Permission.ADMIN, tells=_tell_imported)
async def import_apply(ctx: Context) -> Reply:
    """Does what the dry run said, all of it or nothing; where that is something else by now, it says so instead."""
    if ctx.draft is None or ctx.draft.verb != APPLY:
        raise NotFound("These files are not here any more. Import them again.")
    files = tuple((name, _unpacked(packed)) for name, packed in ctx.draft.values)
    if is_team_file(files[0][1]):
        restore = await _restore(ctx, files[0])
        return imported(await ctx.commit(*restore.writes, team=restore.team))
    sheets, plan = await _plan(ctx, files)
    if plan.problems:
        return not_importable(plan.problems, _tally(sheets, plan))
    if plan.seal != dict(ctx.draft.given).get(_SEAL):
        return await _sheets_preview(ctx, files, sheets, plan, moved_on=True)
    return imported(await ctx.commit(*plan.writes))


async def prepare_restore(store: Store, team: Team, file: TeamFile) -> Restore:
    """What it takes to restore a team file into a team; Refused where there are influencers in it already.

    Ids that records of another team in the same store have are made anew.
    """
    if await store.roster(team.id):
        raise Refused(
            "A team file is restored into an empty team, and this one has influencers. Import people as CSV instead: "
            "that adds to what is here."
        )
    others = [other.id for other in await store.teams() if other.id != team.id]
    taken = [kind for kind, ids in _ids_in(file).items() for other in others if await store.get_all(kind, other, ids)]
    return plan_restore(file, team, await store.members(team.id), fresh_ids=bool(taken))


def _ids_in(file: TeamFile) -> Mapping[type[Record], tuple[str, ...]]:
    """The ids of people and digests: what is about people comes and goes with them."""
    return {
        Influencer: tuple(influencer.id for influencer in file.influencers),
        Schedule: tuple(schedule.id for schedule in file.schedules),
    }


async def _preview(ctx: Context, files: Files) -> Reply:
    if not any(is_team_file(content) for _, content in files):
        return await _sheets_preview(ctx, files, *await _plan(ctx, files))
    try:
        file = await _team_file(files)
    except Unreadable as error:
        return not_importable((error.problem,))
    restore = await prepare_restore(ctx.store, ctx.team, file)
    tally = RestoreTally(
        members=len(file.members),
        influencers=len(file.influencers),
        touchpoints=len(file.touchpoints),
        promises=len(file.promises),
        occasions=len(file.occasions),
        nudges=len(file.nudges),
        digests=len(file.schedules) - restore.digests_left,
        strangers=restore.strangers,
        channel_left=restore.channel_left,
        digests_left=restore.digests_left,
    )
    return restore_preview(tally, await _keep(ctx, files, ""))


async def _sheets_preview(ctx: Context, files: Files, sheets: Sheets, plan: Plan, *, moved_on: bool = False) -> Reply:
    tally = _tally(sheets, plan)
    if plan.problems:
        return not_importable(plan.problems, tally)
    question = await _keep(ctx, files, plan.seal) if tally.does_something else None
    return dry_run(tally, question, moved_on=moved_on)


async def _plan(ctx: Context, files: Files) -> tuple[Sheets, Plan]:
    """What two sheets say and would do, worked out beside the event loop."""
    sheets = await asyncio.to_thread(read_sheets, files, ctx.team_today)
    dated = sheets.touchpoints.rows or any(row.last_contact for row in sheets.roster.rows)
    known = Known(
        team=ctx.team,
        me=ctx.member,
        members=await ctx.store.members(ctx.team.id),
        influencers=await ctx.store.everything(Influencer, ctx.team.id),
        touchpoints=await ctx.store.everything(Touchpoint, ctx.team.id) if dated else (),
        occasions=await ctx.store.everything(Occasion, ctx.team.id),
        now=ctx.now,
        today=ctx.team_today,
        new_id=ctx.new_id,
    )
    return sheets, await asyncio.to_thread(make_plan, sheets, known)


async def _team_file(files: Files) -> TeamFile:
    """The team in the only file there is; Unreadable where it is none or not the only one."""
    name, content = next(file for file in files if is_team_file(file[1]))
    if len(files) > 1:
        raise Unreadable(Problem(name, 0, "", "A team file is imported alone. Leave the other files out."))
    if len(content) > TEAM_FILE_LIMIT:
        sentence = (
            f"This file has {len(content):,} bytes; {TEAM_FILE_LIMIT:,} are read at most. "
            "Export the team as CSV instead, and import that in parts."
        )
        raise Unreadable(Problem(name, 0, "", sentence))
    return await asyncio.to_thread(read_team, name, content)


async def _restore(ctx: Context, file: tuple[str, bytes]) -> Restore:
    try:
        return await prepare_restore(ctx.store, ctx.team, await _team_file((file,)))
    except Unreadable as error:
        raise Refused(error.problem.sentence) from None


async def _keep(ctx: Context, files: Files, seal: str) -> Draft:
    """The files in a Draft, packed: a roster of text takes a fifth of its size, and the journal keeps it for a day."""
    packed = await asyncio.to_thread(lambda: tuple((name, _packed(content)) for name, content in files))
    draft = Draft(
        id=ctx.new_id("drf"),
        team=ctx.team.id,
        verb=APPLY,
        member=ctx.member.id,
        given=((_SEAL, seal),),
        values=packed,
        opened_at=ctx.now,
    )
    return await keep(ctx, draft)


def _packed(content: bytes) -> str:
    return base64.b64encode(zlib.compress(content)).decode()


def _unpacked(packed: str) -> bytes:
    return zlib.decompress(base64.b64decode(packed))


def _tally(sheets: Sheets, plan: Plan) -> Tally:
    readings = (sheets.roster, sheets.touchpoints)
    return Tally(
        added=plan.added,
        changed=plan.changed,
        unchanged=plan.unchanged,
        touchpoints_added=len(plan.touchpoints.added) + plan.last_contacts,
        last_contacts=plan.last_contacts,
        touchpoints_changed=len(plan.touchpoints.changed),
        touchpoints_unchanged=plan.touchpoints.unchanged,
        repeated=plan.touchpoints.repeated,
        ignored=tuple((reading.file, reading.ignored) for reading in readings if reading.ignored),
        remarks=tuple((reading.file, remark) for reading in readings for remark in reading.remarks),
    )


HANDLERS: tuple[CommandSpec, ...] = (import_, import_apply, export)
