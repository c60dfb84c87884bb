"""The settings of a team and of a member, as they are now."""

from __future__ import annotations

from collections.abc import Iterable

from bot.address import Place
from bot.model import Cadences, Member, Team, Tier
from bot.reply import Actions, Button, Fields, Link, Reply, Where, callback, join, say
from bot.views.words import every, full_day

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def settings(team: Team, member: Member, *, is_admin: bool) -> Reply:
    """The team's settings and the member's own, each with the way to change them."""
    gestures = [
        say("{gesture}", gesture=Link(gesture.text, gesture.link) if gesture.link else gesture.text)
        for gesture in team.gestures
    ]
    team_rows = (
        ("Time zone", say("{zone}", zone=team.timezone)),
        ("Holidays of", say("{country}", country=team.country or "no country")),
        ("Working days", say("{days}", days=weekdays(team.working_days))),
        ("Days off", say("{days}", days=", ".join(map(full_day, team.days_off)) or "none")),
        ("Nudge hour", say("{hour}", hour=team.nudge_hour.isoformat("minutes"))),
        ("Tiers", say("{cadences}", cadences=cadences(team.cadences))),
        ("Sensitivity", say("{sensitivity}", sensitivity=team.sensitivity.value)),
        ("Team channel", say("{channel}", channel=Where(team.channel) if team.channel else "none")),
        ("Gestures", join("; ", gestures or [say("none")])),
    )
    own_rows = (
        ("Time zone", say("{zone}", zone=_zone(member, team))),
        ("Nudges", say("{nudges}", nudges="on" if member.nudges else "off")),
        ("Nudge hour", say("{hour}", hour=_hour(member, team))),
        ("People a day", say("{cap}", cap=member.daily_cap)),
    )
    buttons = [Button("Change mine", callback("my_settings"))]
    if is_admin:
        buttons.append(Button("Change the team’s", callback("team_settings")))
    return Reply(
        blocks=(
            say("**{name}**", name=team.name),
            Fields(team_rows),
            say("**You**"),
            Fields(own_rows),
            Actions(tuple(buttons)),
        )
    )


def weekdays(days: Iterable[int]) -> str:
    """`Mon Tue Wed`."""
    return " ".join(WEEKDAYS[index] for index in days)


def cadences(plan: Cadences) -> str:
    """`A every 21 days, B every 60 days, …`."""
    return ", ".join(f"{tier} {every(plan.of(tier))}" for tier in Tier)


def place_as_typed(place: Place | None) -> str:
    """A place in a form, as somebody could have typed it; nothing where there is none."""
    return f"#{place.id.lstrip('#')}" if place else ""


def _zone(member: Member, team: Team) -> str:
    if member.timezone:
        return member.timezone
    return f"{member.seen_zone} (your platform’s)" if member.seen_zone else f"{team.timezone} (the team’s)"


def _hour(member: Member, team: Team) -> str:
    own = member.nudge_hour
    return own.isoformat("minutes") if own else f"{team.nudge_hour.isoformat('minutes')} (the team’s)"
