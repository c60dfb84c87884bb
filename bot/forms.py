"""Forms derived from the declarations, and the Drafts that keep what they hold."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from bot.change import Change, Write, created
from bot.commands import Argument, CommandSpec, Kind
from bot.context import Context
from bot.errors import AlreadyDone, NotFound
from bot.model import Draft, Tier
from bot.reply import (
    FORM_TITLE_LIMIT,
    INPUT_HINT_LIMIT,
    INPUT_LABEL_LIMIT,
    SECTION_LIMIT,
    Form,
    Input,
    InputKind,
    Option,
    Section,
    Text,
)

NEEDED = "This is needed."
"""What is said of an input that may not be left empty."""

EXPIRED = "This has expired: forms and questions wait for 24 hours. Start again, it won’t take long."

OPENED = "form"
"""The verb under which the audit knows that a form was opened; nothing of it can be undone."""

_KINDS = {
    Kind.INFLUENCER: InputKind.PERSON,
    Kind.EXACT_INFLUENCER: InputKind.PERSON,
    Kind.INFLUENCERS: InputKind.PEOPLE,
    Kind.MEMBER: InputKind.MEMBER,
    Kind.WORDS: InputKind.LONG_TEXT,
    Kind.WORD: InputKind.TEXT,
    Kind.PAST_DAY: InputKind.DAY,
    Kind.FUTURE_DAY: InputKind.DAY,
    Kind.DUE_DAY: InputKind.DAY,
    Kind.DAYS: InputKind.TEXT,
    Kind.CHOICE: InputKind.CHOICE,
    Kind.FLAG: InputKind.FLAG,
    Kind.FILE: InputKind.FILE,
    Kind.HANDLES: InputKind.TEXT,
    Kind.TAGS: InputKind.TEXT,
    Kind.PLACE: InputKind.PLACE,
}


_LABELS = {
    "timezone": "Time zone",
    "on": "Date",
    "by": "By whom",
    "tag": "Tags",
    "to": "Set to",
    "handover to": "New owner",
    "handover who": "Whose relationships",
    "merge keep": "Which one stays",
    "merge lose": "Which one goes into it",
    **{f"tier_{tier.lower()}": f"Tier {tier}" for tier in Tier},
}
"""Where an input is called something else than its argument is typed as; in the form of one verb, behind its name."""


def form_of(
    spec: CommandSpec,
    draft: Draft,
    *,
    errors: Mapping[str, str] | None = None,
    error: str | None = None,
    about: Text | None = None,
) -> Form:
    """The form of a verb: an input for each argument that the Draft does not already give, filled from its values.

    `errors` are by input, `error` is about the whole.
    """
    values, given = dict(draft.values if draft.typed is None else draft.typed), dict(draft.given)
    inputs = [
        _input(spec, argument, values.get(argument.name, ""), (errors or {}).get(argument.name))
        for argument in spec.shown
        if argument.name not in given
    ]
    title = _clip(spec.title or spec.summary.rstrip("."), FORM_TITLE_LIMIT)
    # Cut to what a platform holds at once, not by what belongs together: the parts have no titles of their own.
    parts = (inputs[start : start + SECTION_LIMIT] for start in range(0, len(inputs), SECTION_LIMIT))
    sections = tuple(Section(title, tuple(part)) for part in parts)
    submit = spec.submit or ("Save" if spec.writes else "Show")
    return Form(id=draft.id, verb=spec.name, title=title, sections=sections, submit=submit, about=about, error=error)


async def ask(
    ctx: Context,
    spec: CommandSpec,
    values: Mapping[str, str],
    *,
    given: Mapping[str, str] | None = None,
    about: Text | None = None,
    closes: Draft | None = None,
) -> Form:
    """Opens the form of a verb, filled with `values`; `given` are arguments it passes on without showing them.

    The Draft is durable before the form is shown, so that it outlives a restart. It `closes` the question that led to
    it. Heard twice, it is the same form.
    """
    draft = Draft(
        id=ctx.new_id("drf"),
        team=ctx.team.id,
        verb=spec.name,
        member=ctx.member.id,
        given=tuple((given or {}).items()),
        values=tuple(values.items()),
        opened_at=ctx.now,
    )
    return form_of(spec, await keep(ctx, draft, closes), about=about)


async def keep(ctx: Context, draft: Draft, closes: Draft | None = None) -> Draft:
    """Stores a new Draft and answers with it as stored; heard twice, with the one that the first hearing made.

    The one that it `closes` goes on in it.
    """
    writes = created(draft)
    if closes is not None:
        writes = (*writes, Write(closes, replace(closes, closed_by=ctx.member.id, closed_at=ctx.now)))
    # Not the request's own id: what it asks for is still to be done, perhaps under the same id.
    return await _commit(ctx, writes, heard=f"{ctx.heard}:asked")


async def decline(ctx: Context, draft: Draft) -> None:
    """Answers a question with a no: its other button does nothing any more."""
    after = replace(draft, closed_by=ctx.member.id, closed_at=ctx.now, declined=True)
    await _commit(ctx, (Write(draft, after),), heard=ctx.heard)


async def keep_typed(ctx: Context, draft: Draft, typed: Mapping[str, str]) -> Draft:
    """Stores what was typed into a form that comes back for correction."""
    after = replace(draft, typed=tuple(typed.items()))
    return draft if after == draft else await _commit(ctx, (Write(draft, after),), heard=None)


async def _commit(ctx: Context, writes: tuple[Write, ...], *, heard: str | None) -> Draft:
    """The Draft of the first write, as it is stored; the audit keeps what changed about Drafts by id only."""
    change = Change(
        id=ctx.new_id("chg"),
        team=ctx.team.id,
        at=ctx.now,
        by=ctx.member.id,
        verb=OPENED,
        heard=heard,
        writes=writes,
    )
    try:
        change = await ctx.store.commit(change)
    except AlreadyDone as done:
        change = done.change
    draft = await ctx.store.get(Draft, ctx.team.id, change.touched[0])
    if draft is None:
        raise NotFound(EXPIRED)
    return draft


def _input(spec: CommandSpec, argument: Argument, value: str, error: str | None) -> Input:
    label = _LABELS.get(f"{spec.name} {argument.name}") or _LABELS.get(argument.name)
    label = label or argument.name.replace("_", " ").capitalize()
    return Input(
        name=argument.name,
        label=_clip(label, INPUT_LABEL_LIMIT),
        kind=_KINDS[argument.kind],
        required=argument.required or argument.filled,
        value=value,
        hint=_clip(argument.about, INPUT_HINT_LIMIT),
        options=tuple(Option(option.replace("_", " "), option) for option in argument.options),
        error=error,
    )


def _clip(words: str, limit: int) -> str:
    return words if len(words) <= limit else words[: limit - 1].rstrip() + "…"
