"""The verbs about what both sides want: goal is theirs, with why they want it; objective is ours."""

from __future__ import annotations

from typing import Annotated

from bot.change import Change
from bot.commands import CommandSpec, Who, Words, command
from bot.context import Context
from bot.errors import NotUnderstood
from bot.forms import ask
from bot.handlers.telling import altered, setting, tell
from bot.model import Influencer
from bot.reading.people import NOBODY
from bot.reading.wishes import Wish, read_wish, wanted
from bot.reply import Answer, Reply
from bot.views.wishes import wish_told


async def _tell(ctx: Context, change: Change) -> Reply:
    for write in change.writes:
        if isinstance(write.after, Influencer):
            before = write.before if isinstance(write.before, Influencer) else None
            return wish_told(before, write.after, change.verb, change.id)
    return await tell(ctx, change)


@command(
    "goal",
    "Note what somebody wants, and why.",
    examples=("goal jess a cookbook deal because she wants out of sponsored posts", "goal jess none"),
    title="What they want",
    tells=_tell,
    newcomers=True,
)
async def goal(
    ctx: Context,
    who: Annotated[Who, "Who wants it"],
    what: Annotated[Words | None, "What they want; “because …” says why; “none” clears it"] = None,
    *,
    why: Annotated[Words | None, "Why they want it, if not in the words"] = None,
) -> Answer:
    """Without words it opens its form; a new goal without a reason has none, as the old one was another's."""
    if _is_form(ctx):
        typed = {"what": _or_none(what), "why": _or_none(why)}
        fields = {"what": "goal", "why": "motivation"}
        return await _set(ctx, who, {fields[name]: typed[name] for name in altered(ctx) & typed.keys()})
    if what is None and why is None:
        shown = {"what": who.goal or "", "why": who.motivation or ""}
        return await ask(ctx, goal, shown, given={"who": who.id}, closes=ctx.draft)
    if what is not None and _or_none(what) is None:
        return await _set(ctx, who, {"goal": None, "motivation": None})
    wish = read_wish(what or "") if why is None else Wish(wanted(what or "") or None, _or_none(why))
    if wish.what is None:
        if not who.goal:
            raise NotUnderstood(f"Say what {who.name} wants, too.", "what")
        return await _set(ctx, who, {"motivation": wish.why})
    keeps_reason = wish.why is None and why is None and wish.what == who.goal
    return await _set(ctx, who, {"goal": wish.what, "motivation": who.motivation if keeps_reason else wish.why})


@command(
    "objective",
    "Note what we want from a relationship.",
    group="plan",
    examples=("objective jess a spring launch video", "objective jess none"),
    title="What we want",
    tells=_tell,
    newcomers=True,
)
async def objective(
    ctx: Context,
    who: Annotated[Who, "From whom"],
    what: Annotated[Words | None, "What we want from the relationship; “none” clears it"] = None,
) -> Answer:
    """Without words it opens its form."""
    if _is_form(ctx):
        return await _set(ctx, who, {"objective": _or_none(what)} if "what" in altered(ctx) else {})
    if what is None:
        return await ask(ctx, objective, {"what": who.objective or ""}, given={"who": who.id}, closes=ctx.draft)
    return await _set(ctx, who, {"objective": wanted(what) if _or_none(what) else None})


async def _set(ctx: Context, who: Influencer, fields: dict[str, str | None]) -> Reply:
    return await _tell(ctx, await ctx.commit(setting(who, **fields)))


def _is_form(ctx: Context) -> bool:
    """Whether what was typed comes from the form, in which an empty input is one that was emptied."""
    return ctx.draft is not None and "what" in dict(ctx.draft.values)


def _or_none(typed: str | None) -> str | None:
    return None if not typed or typed.casefold().strip() in NOBODY else typed


HANDLERS: tuple[CommandSpec, ...] = (goal, objective)
