"""What a Home tab shows, and the first words after Rapport was installed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.model import Influencer, Team
from bot.needs import Need
from bot.reply import (
    OPTION_LIMIT,
    Actions,
    Block,
    Button,
    Divider,
    Reply,
    Style,
    Text,
    callback,
    join,
    say,
)
from bot.views.digest_facts import Celebrated, Part
from bot.views.help import ABOUT, NOBODY_YET
from bot.views.lists import called, chosen, looked_after, named, why
from bot.views.occasions import coming
from bot.views.open_promises import PromiseLine
from bot.views.owing import owed, when_due
from bot.views.words import Reader, count, is_nobodys, listed, soon, told_apart

NAMED = 5
"""People whom a section names."""

CLAIMS = 3
"""Relationships without an owner that have a button."""

_WHAT = 80
"""Characters of a promise's words."""

_DUE = (
    ("Waiting on us", (Need.WAITING_ON_US,)),
    ("Quiet", (Need.QUIET,)),
    ("Due by the plan", (Need.PLAN, Need.FIRST_CONTACT)),
)
"""The sections about who is due, and what puts somebody there."""


@dataclass(frozen=True, slots=True)
class TeamFigures:
    """How the whole team stands: relationships that are kept up, those that need somebody, and late promises."""

    kept_up: int
    late: int
    due: Mapping[Need, int]


@dataclass(frozen=True, slots=True)
class HomeFacts:
    """All that a Home tab shows to somebody.

    `today` is a date of the team's zone, `number` how many relationships are theirs, `due` how many of these need
    them. The parts are of theirs only, or, where none is, of the whole team's; so is `coming`, who is next and when.
    """

    reader: Reader
    today: date
    number: int
    due: int
    team: TeamFigures
    parts: Mapping[Need, Part]
    occasions: tuple[Celebrated, ...] = ()
    occasions_total: int = 0
    promises: tuple[PromiseLine, ...] = ()
    promises_total: int = 0
    late: int = 0
    coming: tuple[Influencer, date] | None = None

    @property
    def is_own(self) -> bool:
        """Whether it is about relationships of the reader's own."""
        return self.number > 0


def home(facts: HomeFacts) -> Reply:
    """The reader's own relationships, the most urgent first; then the team in one line, and where to go from here."""
    marks = _marks(facts)
    blocks: list[Block] = [_head(facts)]
    blocks += _due(facts, marks)
    blocks += _occasions(facts, marks)
    blocks += _promises(facts, marks)
    blocks += _people(facts, marks)
    blocks += [Divider(), _team(facts.team)] if facts.is_own else []
    return Reply(blocks=(*blocks, _ways(first=not facts.is_own)))


def new_team(*, is_admin: bool) -> Reply:
    """Nobody is on the roster yet: what this is, and the first step."""
    return Reply(blocks=(say(ABOUT), say(NOBODY_YET), Actions(_first_steps(is_admin=is_admin))))


def welcome(team: Team, number: int, *, is_admin: bool) -> Reply:
    """What whoever installed Rapport reads first; `number` is how many relationships it knows already."""
    who = say(
        "Everybody in this workspace can use it with “/rapport”, or by writing to me here; guests and people of other "
        "companies can’t. My answers are private unless you share them. Whoever looks after a relationship hears from "
        "me when it needs them, once a day at {hour} ({zone}; “settings” changes that).",
        hour=team.nudge_hour.isoformat("minutes"),
        zone=team.timezone,
    )
    digest = say("For a weekly summary, invite me into a channel and say “/rapport digest here mon 09:00” there.")
    if number:
        known = say(
            "**Rapport** is here. It knows {relationships} of your team already: “due” says who needs you.",
            relationships=count(number, "relationship"),
        )
        due = Button("Due", callback("due", whose="all"), Style.PRIMARY)
        return Reply(blocks=(known, who, digest, Actions((due, _SETTINGS, _HELP))))
    first = say("Next: add somebody you work with" + (", or import your roster." if is_admin else "."))
    return Reply(blocks=(say(ABOUT), first, who, digest, Actions(_first_steps(is_admin=is_admin))))


_SETTINGS = Button("Settings", callback("settings"))
_HELP = Button("Help", callback("help"))


def _first_steps(*, is_admin: bool) -> tuple[Button, ...]:
    add = Button("Add an influencer", callback("new"), Style.PRIMARY)
    if not is_admin:
        return add, _HELP
    return add, Button("Import a roster", callback("import")), _SETTINGS, _HELP


def _head(facts: HomeFacts) -> Text:
    """Whether anybody needs the reader, in a sentence."""
    if not facts.is_own:
        how = say("“own <name> me” makes a relationship yours, and I tell you when it needs you.")
        start = say("You look after nobody yet. {team}", team=_team(facts.team))
        return join("\n", [start, how])
    if facts.due:
        return say("**{people} for you to get in touch with**", people=count(facts.due, "person", "people"))
    number = looked_after(facts.number, "You look")
    if facts.coming is None:
        return say("Nothing due for you. {number}", number=number)
    influencer, on = facts.coming
    following = say("Next: {name}, {day}.", name=influencer.name, day=soon(on, facts.reader.today))
    return say("Nothing due for you. {number} {following}", number=number, following=following)


def _due(facts: HomeFacts, marks: Mapping[str, str]) -> list[Block]:
    """Who waits, who is quiet, and what the plan wants; and where there are more of them than are named."""
    blocks: list[Block] = []
    clipped = False
    for title, needs in _DUE:
        lines = [(line, need) for need in needs if need in facts.parts for line in facts.parts[need].lines][:NAMED]
        total = sum(facts.parts[need].total for need in needs if need in facts.parts)
        if not lines:
            continue
        said = [
            say(
                "• **{name}** — {first}{why}{owner}",
                name=named(line.influencer, marks),
                first=say("first contact " if need is Need.FIRST_CONTACT else ""),
                why=why(line, need, facts.reader, facts.today),
                owner=say("") if facts.is_own else say(" ({who})", who=facts.reader.owner_aside(line.standing.owner)),
            )
            for line, need in lines
        ]
        blocks.append(_section(title, total, said))
        clipped = clipped or total > len(said)
    if clipped:
        whose = {} if facts.is_own else {"whose": "all"}
        blocks.append(Actions((Button("See all who are due", callback("due", **whose)),)))
    return blocks


def _occasions(facts: HomeFacts, marks: Mapping[str, str]) -> list[Block]:
    if not facts.occasions:
        return []
    lines = [
        say(
            "• **{name}** — {coming}",
            name=named(one.influencer, marks),
            coming=coming(one.occasion, one.on, facts.reader.today, first=False),
        )
        for one in facts.occasions
    ]
    section = _section("This week’s occasions", facts.occasions_total, lines)
    whose = "mine" if facts.is_own else "all"
    see = Actions((Button("See all occasions", callback("occasion", whose=whose)),))
    return [section, see] if facts.occasions_total > len(lines) else [section]


def _promises(facts: HomeFacts, marks: Mapping[str, str]) -> list[Block]:
    if not facts.promises:
        return []
    lines = [
        say(
            "• **{name}** — {owed}, {due}",
            name=named(line.influencer, marks),
            owed=owed(line.promise, line.influencer.name, limit=_WHAT),
            due=when_due(line.promise.due, facts.reader.today),
        )
        for line in facts.promises
    ]
    late = say(", {late} late", late=facts.late) if facts.late else say("")
    section = _section("Promises this week", facts.promises_total, lines, late)
    whose = "mine" if facts.is_own else "all"
    see = Actions((Button("See all promises", callback("promises", whose=whose)),))
    return [section, see] if facts.promises_total > len(lines) else [section]


def _section(title: str, total: int, lines: Sequence[Text], behind: Text | None = None) -> Text:
    """`Quiet (14)`, its lines, and how many more there are."""
    more = [say("…and {more} more", more=total - len(lines))] if total > len(lines) else []
    head = say("**{title}** ({total}{behind})", title=title, total=total, behind=behind or say(""))
    return join("\n", [head, *lines, *more])


def _people(facts: HomeFacts, marks: Mapping[str, str]) -> list[Block]:
    """Everybody who is named, to look at and to log; and those whom somebody without any can take over."""
    people = _named(facts)[:OPTION_LIMIT]
    if not people:
        return []
    if not facts.is_own:
        lines = [line for part in facts.parts.values() for line in part.lines]
        nobodys = [line.influencer for line in lines if is_nobodys(line.standing.owner, facts.reader.people)]
        claims = tuple(Button(f"Claim {called(one, marks)}", callback("claim", who=one.id)) for one in nobodys[:CLAIMS])
        return [Actions((*claims, chosen("Show…", "show", people, marks)))]
    log, show = chosen("Log…", "new_touch", people, marks), chosen("Show…", "show", people, marks)
    return [Actions((show, log))]


def _named(facts: HomeFacts) -> list[Influencer]:
    """Whom it names, each once, the most urgent first."""
    due = (line.influencer for part in facts.parts.values() for line in part.lines)
    others = (*(one.influencer for one in facts.occasions), *(line.influencer for line in facts.promises))
    return list({one.id: one for one in (*due, *others)}.values())


def _marks(facts: HomeFacts) -> Mapping[str, str]:
    return told_apart(_named(facts), facts.reader.people, facts.reader.today)


def _team(team: TeamFigures) -> Text:
    """`The team: 23 relationships; 3 waiting on us, 12 quiet and 8 due by the plan. 2 promises are late.`"""
    figures = [(title.lower(), sum(team.due.get(need, 0) for need in needs)) for title, needs in _DUE]
    due = listed([f"{number} {what}" for what, number in figures if number]) or "nobody is due"
    late = f" {count(team.late, 'promise is', 'promises are')} late." if team.late else ""
    return say("The team: {number}; {due}.{late}", number=count(team.kept_up, "relationship"), due=due, late=say(late))


def _ways(*, first: bool) -> Actions:
    """Where to go from here; the team's list stands in front for whoever has none of their own."""
    due = Button("Everybody due", callback("due", whose="all"))
    log, add = Button("Log", callback("new_touch"), Style.PRIMARY), Button("Add", callback("new"))
    find = Button("Find", callback("show"))
    items = (due, log, add, find, _SETTINGS) if first else (log, add, find, due, _SETTINGS)
    return Actions(items, (_HELP,))
