"""The verbs about who somebody is: add, edit, note; and archive, restore."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any

from msgspec.structs import replace

from bot.change import Write, created
from bot.commands import FILLED, HIDDEN, CommandSpec, Days, ExactWho, Handles, Tags, Teammate, Who, Word, Words, command
from bot.context import Context
from bot.errors import NotUnderstood, Refused
from bot.forms import ask, keep
from bot.handlers import archiving
from bot.handlers.telling import altered, owner_as_typed, reader_of, setting, tell
from bot.model import HANDLES, NAME_LIMIT, NOTE_LIMIT, NOTES, Draft, Handle, Influencer, Stage, StandingNote, Tier
from bot.reading.people import still_here
from bot.reading.words import clean, few, read_handles, read_tags, within
from bot.reply import Answer, Reply
from bot.views.people import added, already_there, handle_taken, notes_left_out, overtook

_LINE_MARK = "⏎"
"""Stands for a line break within a note where every line is a note."""

_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
"""Enough to catch a slip; whether mail arrives there, only mail can tell."""

_STAGES_BY_HAND = frozenset({Stage.IDENTIFIED, Stage.ESTABLISHING, Stage.MAINTAINING, Stage.ENHANCING})


@command(
    "add",
    "Add an influencer.",
    examples=("add Jess Park instagram:jess.cooks tier:A", "add Sam Ode email:sam@ode.example tag:food owner:@ana"),
)
async def add(
    ctx: Context,
    name: Annotated[Word, "As the team calls them"],
    *,
    handles: Annotated[Handles | None, "Network and user name; instagram:jess.cooks"] = None,
    tier: Annotated[Tier | None, "How often to be in touch"] = None,
    owner: Annotated[Teammate | None, "Who answers for the relationship (you if left out)"] = None,
    tag: Annotated[Tags | None, "Words to find them by; with spaces between"] = None,
    stage: Annotated[Stage | None, "How far the relationship has come"] = None,
    cadence: Annotated[Days | None, "Days between touchpoints, if not the tier’s; 3 weeks"] = None,
    email: Annotated[Word | None, "E-mail"] = None,
    phone: Annotated[Word | None, "Phone"] = None,
    manager: Annotated[Word | None, "Manager or agency"] = None,
    another: Annotated[bool | None, HIDDEN] = None,
    then: Annotated[Word | None, HIDDEN] = None,
) -> Answer:
    """A new influencer, owned by whoever adds them unless said otherwise; a namesake is asked about first.

    `another` says that the namesake is somebody else; `then` is the question that nobody on the roster answered.
    """
    _check_email(email)
    taken = await _taken(ctx, handles or ())
    alike = ctx.roster.similar(name)
    same = [entry for entry in alike if entry.name.casefold() == name.casefold()]
    if same and not another:
        given = tuple((dict(ctx.given) | {"another": "yes"}).items())
        question = Draft(
            id=ctx.new_id("drf"), team=ctx.team.id, verb="add", member=ctx.member.id, given=given, opened_at=ctx.now
        )
        more = [handle for handle in handles or () if handle not in taken]
        return already_there(same[0], await keep(ctx, question), more)
    influencer = Influencer(
        id=ctx.new_id("inf"),
        team=ctx.team.id,
        name=name,
        handles=tuple(handle for handle in handles or () if handle not in taken),
        tier=tier,
        owner=still_here(owner, "owner").id if owner else None if _says_nobody(ctx) else ctx.member.id,
        tags=tag or (),
        stage=_stage(stage),
        cadence=cadence,
        email=email,
        phone=phone,
        manager=manager,
        added_at=ctx.now,
        added_by=ctx.member.id,
    )
    change = await ctx.commit(*created(influencer))
    waiting = await ctx.store.get(Draft, ctx.team.id, then) if then else None
    others = [entry for entry in alike if entry not in same]
    return added(change, await reader_of(ctx), alike=others, taken=taken, waiting=waiting)


@command("add_handles", "Give somebody more handles.", internal=True)
async def add_handles(ctx: Context, who: ExactWho, handles: Handles) -> Reply:
    """What was typed for somebody new, who was on the roster already; handles that are others’ by now are left out."""
    taken = await _taken(ctx, handles, who)
    more = tuple(handle for handle in handles if handle not in taken and handle not in who.handles)
    return await tell(ctx, await ctx.commit(setting(who, handles=few((*who.handles, *more), HANDLES, "handles"))))


@command("new", "Open the form to add somebody.", internal=True, title="Add an influencer")
async def new(ctx: Context) -> Answer:
    """The form of `add`, with the name that nobody was found under; what it was asked for goes on afterwards."""
    question = ctx.draft
    asked = dict(question.given).get("asked", "") if question else ""
    return await ask(ctx, add, {"name": asked}, given={"then": question.id} if question else None)


@command(
    "edit", "Edit everything about an influencer.", examples=("edit jess",), title="Edit an influencer", newcomers=True
)
async def edit(
    ctx: Context,
    who: Who,
    *,
    name: Annotated[Word | None, "As the team calls them", FILLED] = None,
    aliases: Annotated[Words | None, "Other names; one a line"] = None,
    handles: Annotated[Handles | None, "Network and user name; instagram:jess.cooks"] = None,
    tags: Annotated[Tags | None, "Words to find them by; with spaces between"] = None,
    tier: Annotated[Tier | None, "How often to be in touch"] = None,
    cadence: Annotated[Days | None, "Days between touchpoints, if not the tier’s; 3 weeks"] = None,
    owner: Annotated[Teammate | None, "Who answers for the relationship"] = None,
    email: Annotated[Word | None, "E-mail"] = None,
    phone: Annotated[Word | None, "Phone"] = None,
    manager: Annotated[Word | None, "Manager or agency"] = None,
    address: Annotated[Words | None, "Where parcels go"] = None,
    goal: Annotated[Words | None, "What they want"] = None,
    motivation: Annotated[Words | None, "Why they want it"] = None,
    objective: Annotated[Words | None, "What we want"] = None,
    notes: Annotated[Words | None, "Standing facts; one a line"] = None,
) -> Answer:
    """Opens the form of the record, or writes what was altered in it and nothing else."""
    wanted = altered(ctx) - {"who"}
    if ctx.draft is None and not wanted:
        about = notes_left_out(len(who.notes) - len(_fitting(who)))
        return await ask(ctx, edit, await _shown(ctx, who), given={"who": who.id}, about=about)
    typed: dict[str, Any] = {
        "name": name,
        "tier": tier,
        "cadence": cadence,
        "owner": owner.id if owner else None,
        "email": email,
        "phone": phone,
        "manager": manager,
        "address": address,
        "goal": goal,
        "motivation": motivation,
        "objective": objective,
    }
    lists: dict[str, Callable[[str], tuple[Any, ...]]] = {
        "aliases": _aliases,
        "handles": read_handles,
        "tags": lambda text: read_tags(text, "tags"),
        "notes": lambda text: _notes(ctx, who, text),
    }
    _check_email(email)
    if owner is not None and "owner" in wanted:
        still_here(owner, "owner")
    given, filled = dict(ctx.given), dict(ctx.draft.values) if ctx.draft else {}
    fields = {field: typed[field] for field in wanted & typed.keys()}
    for field in wanted & lists.keys():
        told = lists[field](given[field])
        fields[field] = _edited(getattr(who, field), lists[field](filled[field]), told) if ctx.draft else told
    now_shown = await _shown(ctx, who)
    overtaken = [field for field in typed if field in fields and ctx.draft and now_shown[field] != filled.get(field)]
    if "name" in fields and not name:
        raise NotUnderstood("A name is needed.", "name")
    if "handles" in fields:
        for handle, other in (await _taken(ctx, fields["handles"], who)).items():
            raise NotUnderstood(handle_taken(handle, other), "handles")
    reply = await tell(ctx, await ctx.commit(Write(who, replace(who, **fields))))
    return replace(reply, blocks=(*reply.blocks, overtook(overtaken))) if overtaken else reply


@command(
    "note",
    "Keep a standing fact about an influencer.",
    examples=("note jess allergic to peanuts",),
    title="Keep a standing fact",
    newcomers=True,
)
async def note(
    ctx: Context, who: Annotated[Who, "About whom"], what: Annotated[Words, "What should be remembered"]
) -> Reply:
    """A fact, not a touchpoint: it changes nothing about the rhythm."""
    if any(kept.text == what for kept in who.notes):
        raise Refused(f"That is noted already about {who.name}.")
    if len(who.notes) >= NOTES:
        raise Refused(f"{who.name} has {NOTES} notes already: clear some of them with “edit {who.name}” first.")
    kept = (*who.notes, StandingNote(what, ctx.member.id, ctx.now))
    return await tell(ctx, await ctx.commit(Write(who, replace(who, notes=kept))))


async def _taken(ctx: Context, handles: tuple[Handle, ...], of: Influencer | None = None) -> dict[Handle, Influencer]:
    """Handles that belong to somebody else, and to whom: a handle belongs to one influencer of the team."""
    taken = {}
    for handle in handles:
        other = await ctx.store.influencer_with(ctx.team.id, handle)
        if other is not None and (of is None or other.id != of.id):
            taken[handle] = other
    return taken


def _aliases(typed: str) -> tuple[str, ...]:
    """Other names, each as long as a name may be."""
    lines = dict.fromkeys(filter(None, clean(typed).split("\n")))
    return tuple(within(line, NAME_LIMIT, "aliases") for line in lines)


def _check_email(email: str | None) -> None:
    if email and not _EMAIL.fullmatch(email):
        raise NotUnderstood(f"“{email[:60]}” is no e-mail address: write it as jess@example.com.", "email")


def _says_nobody(ctx: Context) -> bool:
    return bool(dict(ctx.given).get("owner", "").strip())


def _stage(stage: Stage | None) -> Stage:
    if stage is not None and stage not in _STAGES_BY_HAND:
        raise NotUnderstood("Somebody new is identified, establishing, maintaining or enhancing.", "stage")
    return stage or Stage.IDENTIFIED


def _edited(now: tuple[Any, ...], filled: tuple[Any, ...], typed: tuple[Any, ...]) -> tuple[Any, ...]:
    """A list as it is now, with what a form added to it and took out of it: what others did to it meanwhile stays."""
    if now == filled:
        return typed
    kept = [one for one in now if one in typed or one not in filled]
    return (*kept, *(one for one in typed if one not in filled and one not in kept))


def _notes(ctx: Context, who: Influencer, typed: str) -> tuple[StandingNote, ...]:
    """The lines of a form as notes; a line that stands there already keeps who wrote it when."""
    known = {_one_line(kept.text): kept for kept in who.notes}
    lines = dict.fromkeys(filter(None, clean(typed).split("\n")))
    told = [known.get(line) or StandingNote(line.replace(_LINE_MARK, "\n"), ctx.member.id, ctx.now) for line in lines]
    return few(tuple(told), NOTES, "notes")


def _fitting(who: Influencer) -> tuple[StandingNote, ...]:
    """The oldest notes, as many as an input of a form holds."""
    room = NOTE_LIMIT + 1
    for number, kept in enumerate(who.notes):
        room -= len(kept.text) + 1
        if room < 0:
            return who.notes[:number]
    return who.notes


def _one_line(text: str) -> str:
    """A note in one line of a form, no longer than it is: the notes there are parted by lines."""
    return text.replace("\n", _LINE_MARK)


async def _shown(ctx: Context, who: Influencer) -> dict[str, str]:
    """A record as its form shows it."""
    people = (await reader_of(ctx)).people
    return {
        "name": who.name,
        "aliases": "\n".join(who.aliases),
        "handles": " ".join(map(str, who.handles)),
        "tags": " ".join(who.tags),
        "tier": who.tier.value if who.tier else "",
        "cadence": str(who.cadence or ""),
        "owner": owner_as_typed(who.owner, people),
        "email": who.email or "",
        "phone": who.phone or "",
        "manager": who.manager or "",
        "address": who.address or "",
        "goal": who.goal or "",
        "motivation": who.motivation or "",
        "objective": who.objective or "",
        "notes": "\n".join(_one_line(kept.text) for kept in _fitting(who)),
    }


HANDLERS: tuple[CommandSpec, ...] = (add, edit, note, *archiving.HANDLERS, new, add_handles)
