"""What a request still lacks: its form, its form once more with what was wrong, or a question about a name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from msgspec.structs import replace

from bot.briefing.namesakes import marks_of
from bot.commands import CommandSpec, Permission
from bot.context import Context
from bot.errors import NotAllowed, NotFound, NotUnderstood, Refused
from bot.forms import EXPIRED, NEEDED, ask, form_of, keep, keep_typed
from bot.handlers.telling import names_as_typed
from bot.inbound import Command
from bot.model import Draft, Member, Team
from bot.reading.arguments import PEOPLE, Doubt, Known, misread, names, split
from bot.reply import Callback, Form, Reply
from bot.roster import Roster
from bot.store_port import Store
from bot.views.doubts import asked_about, doubt_sentence, nobody, which_one
from bot.views.help import is_slip, nearest_verb, not_a_verb
from bot.views.words import doer

PICK = "pick"
"""The verb behind the buttons of a question about a name."""

OPEN = "open_form"
"""The verb behind a button that opens a form once more: one that came too late, or that has to be corrected."""

_ASKED = ("asked for", "asked")
"""What a Draft that holds a question says besides the arguments: for which of them, and the name in doubt."""

_SPENT = frozenset({"draft", "skip"})
"""The arguments of buttons that answer a question, which waits in a Draft, or turn a page."""

STAYS = "stays"
"""The argument of such a button whose message stays all the same."""

KEPT = timedelta(hours=24)
"""How long a form or a question waits for its answer."""


async def draft_of(store: Store, command: Command, team: Team, member: Member, now: datetime) -> Draft | None:
    """The form or question that a request answers.

    Raises NotFound where it has expired, NotAllowed where it is somebody else's, and Refused, with by whom, where it
    was answered before; the same answer heard twice is none of these.
    """
    wanted = command.draft or dict(command.args).get("draft")
    if wanted is None:
        return None
    draft = await store.get(Draft, team.id, wanted)
    if draft is None or draft.opened_at + KEPT < now:
        raise NotFound(EXPIRED)
    if draft.member != member.id:
        if command.draft is None and command.verb != OPEN:
            raise NotAllowed("This was asked by somebody else. Ask for it yourself.")
        raise NotAllowed("This form was opened by somebody else. Open one of your own.")
    if draft.closed_by is None or await store.change_heard(team.id, command.heard) is not None:
        return draft
    if draft.declined:
        raise Refused("You left it as it was, and it still is. Ask for it again if you have changed your mind.")
    raise Refused(f"Already done by {doer(await store.get(Member, team.id, draft.closed_by), member)}.")


def is_form(draft: Draft | None, spec: CommandSpec) -> bool:
    """Whether a Draft is the form of a verb, and not a question about a name or a file that waits for its button."""
    return draft is not None and bool(spec.shown) and draft.verb == spec.name and _ASKED[0] not in dict(draft.given)


def kept_arguments(draft: Draft | None) -> dict[str, str]:
    """The arguments that a Draft holds already: given ones, and what was typed into sections that were sent before."""
    if draft is None:
        return {}
    given = {name: value for name, value in draft.given if name not in _ASKED}
    return given | dict(draft.typed or ())


def takes_its_place(command: Command) -> bool:
    """Whether a button answered the question in its message or turned its page, so that the answer stands for both.

    Not where the button says that its message `stays`, for what else it says.
    """
    said = dict(command.args)
    return STAYS not in said and not _SPENT.isdisjoint(said)


def picked(command: Command, draft: Draft) -> Command:
    """The request that a question was about, with the person who was picked in the place of the name in doubt."""
    given = dict(draft.given)
    argument, asked = (given.pop(name, "") for name in _ASKED)
    chosen = dict(command.args).get("who", "")
    people = [chosen if name.strip() == asked else name for name in names(given.get(argument, ""))]
    if chosen not in people:
        people = [chosen]
    given[argument] = ", ".join(f'"{name}"' for name in people)
    return replace(command, verb=draft.verb, args=tuple(given.items()), text="")


def unknown_verb(command: Command, specs: Iterable[CommandSpec], roster: Roster, *, is_admin: bool) -> Reply:
    """No verb is called so: the nearest of those that somebody may use, with a button that does with it what was said.

    The button is left out where another word may have been meant, and where what follows does not fit the verb, names
    nobody, or is too much to travel in it.
    """
    allowed = [spec for spec in specs if is_admin or spec.permission is Permission.MEMBER]
    nearest = nearest_verb(command.verb, allowed)
    if nearest is None or not is_slip(command.verb, nearest):
        return not_a_verb(command.verb, nearest)
    try:
        parts = split(nearest, command.text, roster)
        meant = f"{nearest.name} {command.text}".strip(), Callback(nearest.name, tuple(parts.raw.items()))
    except (NotUnderstood, ValueError):
        return not_a_verb(command.verb, nearest)
    people = [parts.raw.get(one.name, "") for one in nearest.arguments if one.kind in PEOPLE]
    is_known = all(roster.find(name, archived=True).how is not None for value in people for name in names(value))
    return not_a_verb(command.verb, nearest, meant if is_known else None)


async def ask_for(ctx: Context, spec: CommandSpec, raw: Mapping[str, str], missing: tuple[str, ...]) -> Form:
    """The form of a verb that was called without what it needs; a question that led here is answered by it."""
    if is_form(ctx.draft, spec):
        return await send_back(ctx, spec, raw, dict.fromkeys(missing, NEEDED))
    return await ask(ctx, spec, raw, closes=ctx.draft)


async def ask_again(
    ctx: Context, spec: CommandSpec, raw: Mapping[str, str], known: Known, first: Doubt | NotUnderstood
) -> Form:
    """A form back for correction, with everything that is wrong in it and not only what was met first."""
    wrong = misread(spec, raw, known) | {first.argument or "": first}
    errors = _sentences(spec, wrong) | (dict(first.others) if isinstance(first, NotUnderstood) else {})
    missing = [one.name for one in spec.arguments if one.required and not raw.get(one.name, "").strip()]
    return await send_back(ctx, spec, raw, dict.fromkeys(missing, NEEDED) | errors)


async def send_back(
    ctx: Context, spec: CommandSpec, raw: Mapping[str, str], errors: Mapping[str, str], *, error: str | None = None
) -> Form:
    """The form that was sent, with what was typed and what is wrong with it; `error` is about the whole.

    Without errors it is a form of which one section was sent: the others are still to be filled.
    """
    if ctx.draft is None:
        raise ValueError("only a form that was sent can come back")
    given = dict(ctx.draft.given)
    people = {one.name for one in spec.arguments if one.kind in PEOPLE}
    typed = {
        name: names_as_typed(ctx, value) if name in people else value
        for name, value in raw.items()
        if name not in given or name in errors
    }
    return form_of(spec, await keep_typed(ctx, ctx.draft, typed), errors=errors, error=error)


def open_again(spec: CommandSpec, draft: Draft, known: Known) -> Form:
    """A form as it was left, with what is wrong in what was typed."""
    if draft.typed is None:
        return form_of(spec, draft)
    wrong = misread(spec, kept_arguments(draft), known)
    return form_of(spec, draft, errors=_sentences(spec, wrong))


async def which(ctx: Context, spec: CommandSpec, raw: Mapping[str, str], doubt: Doubt) -> Reply:
    """Asks who is meant; what was said otherwise waits in a Draft, and the button says who it was."""
    # Whoever only wants to look may have found somebody to add, unless somebody is called so.
    newcomers = spec.newcomers or (spec.permission is Permission.MEMBER and not spec.writes and not doubt.match.entries)
    if not asked_about(doubt.match) and not newcomers:
        return nobody(doubt.match)
    asked = dict(zip(_ASKED, (doubt.argument, doubt.match.asked), strict=True))
    draft = Draft(
        id=ctx.new_id("drf"),
        team=ctx.team.id,
        verb=spec.name,
        member=ctx.member.id,
        given=tuple((dict(raw) | asked).items()),
        opened_at=ctx.now,
    )
    question = await keep(ctx, draft, closes=ctx.draft)
    marks = await marks_of(ctx.store, ctx.team.id, asked_about(doubt.match), ctx.today)
    return which_one(doubt.match, question, marks, newcomers=newcomers)


def _sentences(spec: CommandSpec, wrong: Mapping[str, Doubt | NotUnderstood]) -> dict[str, str]:
    """What is wrong in a form, by input."""
    return {
        name: doubt_sentence(one.match, newcomers=spec.newcomers) if isinstance(one, Doubt) else str(one)
        for name, one in wrong.items()
    }
