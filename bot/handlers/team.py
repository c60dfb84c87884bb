"""The verbs about the team and oneself: help and settings."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Annotated, Any

from msgspec.structs import replace

from bot.address import Place
from bot.calendar import public_holidays
from bot.change import Write
from bot.commands import FILLED, CommandSpec, InPlace, Permission, Word, Words, command
from bot.context import Context
from bot.errors import NotUnderstood
from bot.forms import NEEDED, ask
from bot.handlers.lists import due_list
from bot.handlers.telling import altered, has_roster, tell
from bot.model import DAILY_CAP, Cadences, Gesture, Sensitivity, Team
from bot.reading.arguments import read_cadence
from bot.reading.dates import read_day
from bot.reading.schedules import read_hour
from bot.reading.small_talk import THANKS
from bot.reading.zones import read_zone
from bot.reply import Answer, Reply
from bot.views.help import ALL, nearest_verb, not_a_verb, overview, start, thanked, usage
from bot.views.settings import WEEKDAYS, place_as_typed
from bot.views.settings import settings as settings_view

_MOVES_STANDINGS = frozenset({"timezone", "country", "working_days", "days_off", "cadences", "sensitivity"})


def help_for(specs: Callable[[], Sequence[CommandSpec]]) -> CommandSpec:
    """The help verb, which speaks about all the others."""

    @command("help", "How to start, or how a verb is used.", examples=("help", "help log", "help all"), writes=False)
    async def help_verb(ctx: Context, verb: Annotated[Word | None, "Which verb; “all” lists them"] = None) -> Reply:
        """Your due list and how to start, all verbs, or one verb with examples."""
        if verb is None:
            return start(await due_list(ctx) if await has_roster(ctx) else None)
        wanted = verb.casefold().removeprefix("/rapport").strip()
        if wanted == ALL:
            return overview(specs(), is_admin=ctx.is_admin)
        spec = next((spec for spec in specs() if spec.name == wanted and not spec.internal), None)
        return usage(spec) if spec else not_a_verb(verb, nearest_verb(verb, specs()))

    return help_verb


@command(THANKS, "What is said to thanks.", internal=True, writes=False)
async def thanks(_: Context) -> Reply:
    """A word in return."""
    return thanked()


@command("settings", "The team’s settings and yours.", examples=("settings",), writes=False)
async def settings(ctx: Context) -> Reply:
    """What is set now, and the way to change it."""
    return settings_view(ctx.team, ctx.member, is_admin=ctx.is_admin)


@command(
    "team_settings",
    "Change the team’s settings.",
    permission=Permission.ADMIN,
    internal=True,
    title="Team settings",
    audience=True,
)
async def team_settings(
    ctx: Context,
    *,
    name: Annotated[Word | None, "What the team is called", FILLED] = None,
    timezone: Annotated[Word | None, "A city’s zone; Europe/Berlin", FILLED] = None,
    country: Annotated[Word | None, "Whose public holidays; DE, US or US-CA"] = None,
    working_days: Annotated[Word | None, "Mon Tue Wed Thu Fri", FILLED] = None,
    days_off: Annotated[Words | None, "Dates when nobody works; with spaces or lines between"] = None,
    nudge_hour: Annotated[Word | None, "When nudges come; 09:30", FILLED] = None,
    channel: Annotated[InPlace, "Where nudges without an owner go; here, none or #name"] = None,
    sensitivity: Annotated[Sensitivity | None, "How soon a silence counts as quiet"] = None,
    gestures: Annotated[Words | None, "Personal acts; one a line, a link may follow"] = None,
    tier_a: Annotated[Word | None, "Days between touchpoints"] = None,
    tier_b: Annotated[Word | None, "Days between touchpoints"] = None,
    tier_c: Annotated[Word | None, "Days between touchpoints"] = None,
    tier_d: Annotated[Word | None, "Days between touchpoints"] = None,
) -> Answer:
    """Opens the form, or writes what was altered in it."""
    wanted = altered(ctx)
    if ctx.draft is None and not wanted:
        return await ask(ctx, team_settings, _team_shown(ctx.team))
    team = ctx.team
    read: dict[str, Callable[[], Any]] = {
        "name": lambda: _needed(name, "name"),
        "timezone": lambda: read_zone(_needed(timezone, "timezone")),
        "country": lambda: _country(country, ctx.today),
        "working_days": lambda: _weekdays(working_days),
        "days_off": lambda: _dates(days_off, ctx.today),
        "nudge_hour": lambda: read_hour(_needed(nudge_hour, "nudge_hour"), "nudge_hour"),
        "channel": lambda: _channel(ctx, channel),
        "sensitivity": lambda: sensitivity or Sensitivity.BALANCED,
        "gestures": lambda: _gestures(gestures or ""),
    }
    tiers = {"tier_a": tier_a, "tier_b": tier_b, "tier_c": tier_c, "tier_d": tier_d}
    read |= {field: _cadence(field, typed) for field, typed in tiers.items()}
    fields = _read(read, wanted)
    changed = {field[-1].upper(): fields.pop(field) for field in tiers if field in fields}
    after = replace(team, **fields, cadences=replace(team.cadences, **changed))
    if any(getattr(team, field) != getattr(after, field) for field in _MOVES_STANDINGS):
        after = replace(after, restanding=True)
    return await tell(ctx, await ctx.commit(Write(team, after), team=after))


@command("my_settings", "Change your own settings.", internal=True, title="Your settings")
async def my_settings(
    ctx: Context,
    *,
    timezone: Annotated[Word | None, "A city’s zone (your platform’s if empty); Europe/Berlin"] = None,
    nudges: Annotated[bool | None, "Whether you want nudges"] = None,
    nudge_hour: Annotated[Word | None, "When they come (as the team’s do if empty); 09:30"] = None,
    daily_cap: Annotated[Word | None, "People a day at most; 1 to 5", FILLED] = None,
) -> Answer:
    """Opens the form, or writes what was altered in it."""
    wanted = altered(ctx)
    member = ctx.member
    if ctx.draft is None and not wanted:
        shown = {
            "timezone": member.timezone or "",
            "nudges": "yes" if member.nudges else "",
            "nudge_hour": member.nudge_hour.isoformat("minutes") if member.nudge_hour else "",
            "daily_cap": str(member.daily_cap),
        }
        return await ask(ctx, my_settings, shown)
    read: dict[str, Callable[[], Any]] = {
        "timezone": lambda: read_zone(timezone) if timezone else None,
        "nudges": lambda: bool(nudges),
        "nudge_hour": lambda: read_hour(nudge_hour, "nudge_hour") if nudge_hour else None,
        "daily_cap": lambda: _cap(daily_cap or ""),
    }
    after = replace(member, **_read(read, wanted))
    return await tell(ctx, await ctx.commit(Write(member, after)))


def _team_shown(team: Team) -> dict[str, str]:
    return {
        "name": team.name,
        "timezone": team.timezone,
        "country": team.country or "",
        "working_days": " ".join(WEEKDAYS[index] for index in team.working_days),
        "days_off": " ".join(day.isoformat() for day in team.days_off),
        "nudge_hour": team.nudge_hour.isoformat("minutes"),
        "channel": place_as_typed(team.channel),
        "sensitivity": team.sensitivity.value,
        "gestures": "\n".join(f"{gesture.text} {gesture.link or ''}".strip() for gesture in team.gestures),
        **{f"tier_{tier.lower()}": str(getattr(team.cadences, tier)) for tier in "ABCD"},
    }


def _needed(typed: str | None, argument: str) -> str:
    if not typed:
        raise NotUnderstood(NEEDED, argument)
    return typed


def _read(read: Mapping[str, Callable[[], Any]], wanted: Collection[str]) -> dict[str, Any]:
    """The fields that are wanted; NotUnderstood, with all that can't be read, where some can't."""
    fields: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for field in (field for field in read if field in wanted):
        try:
            fields[field] = read[field]()
        except NotUnderstood as error:
            wrong[field] = str(error)
    for field, sentence in wrong.items():
        raise NotUnderstood(sentence, field, wrong)
    return fields


def _cadence(field: str, typed: str | None) -> Callable[[], int]:
    """Reads the days of a tier; those that Rapport comes with where nothing is said."""
    return lambda: read_cadence(typed) if typed else getattr(Cadences(), field[-1].upper())


def _country(typed: str | None, today: date) -> str | None:
    if not typed:
        return None
    country = typed.upper()
    if not public_holidays(country, today.year):
        raise NotUnderstood(
            f"I know no public holidays of “{typed[:60]}”. Write the country’s two letters, as in DE, US or US-CA.",
            "country",
        )
    return country


def _weekdays(typed: str | None) -> tuple[int, ...]:
    known = [day.casefold() for day in WEEKDAYS]
    words = (typed or "").replace(",", " ").casefold().split()
    if not words or any(word[:3] not in known for word in words):
        raise NotUnderstood("Write the days on which you work, as in “Mon Tue Wed Thu Fri”.", "working_days")
    return tuple(sorted({known.index(word[:3]) for word in words}))


def _dates(typed: str | None, today: date) -> tuple[date, ...]:
    words = (typed or "").replace(",", " ").split()
    try:
        return tuple(sorted({read_day(word, today, past=False) for word in words}))
    except NotUnderstood as error:
        raise NotUnderstood(str(error), "days_off") from None


def _cap(typed: str) -> int:
    if not typed.isdecimal() or not 1 <= int(typed) <= DAILY_CAP:
        raise NotUnderstood(f"Between 1 and {DAILY_CAP} people a day.", "daily_cap")
    return int(typed)


def _channel(ctx: Context, channel: Place | None) -> Place | None:
    """The team's channel, unless others than the team would read what is said there, or nothing could be said."""
    if channel is not None and (ctx.outsiders or ctx.hurdle):
        others = "People of other companies read that channel. Choose one of your own: nudges name people."
        raise NotUnderstood(others if ctx.outsiders else ctx.hurdle, "channel")
    return channel


def _gestures(typed: str) -> tuple[Gesture, ...]:
    found = []
    for line in filter(None, (line.strip() for line in typed.split("\n"))):
        words, _, last = line.rpartition(" ")
        has_link = last.startswith(("https://", "http://"))
        found.append(Gesture(words if has_link and words else line, last if has_link and words else None))
    return tuple(found)


HANDLERS: tuple[CommandSpec, ...] = (thanks, settings, team_settings, my_settings)
