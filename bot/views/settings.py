"""The settings of a team and of a member, as they are now."""

from __future__ import annotations

from bot.address import Place
from bot.model import Member, Team
from bot.reply import Actions, Button, Fields, Reply, callback, say
from bot.views.words import every

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def settings(team: Team, member: Member, *, is_admin: bool) -> Reply:
    """The team's settings and the member's own, each with the way to change them."""
    cadences = ", ".join(f"{tier} {every(getattr(team.cadences, tier))}" for tier in "ABCD")
    team_rows = (
        ("Time zone", say("{zone}", zone=team.timezone)),
        ("Holidays of", say("{country}", country=team.country or "no country")),
        ("Working days", say("{days}", days=" ".join(WEEKDAYS[index] for index in team.working_days))),
        ("Days off", say("{days}", days=", ".join(day.isoformat() for day in team.days_off) or "none")),
        ("Nudge hour", say("{hour}", hour=team.nudge_hour.isoformat("minutes"))),
        ("Tiers", say("{cadences}", cadences=cadences)),
        ("Sensitivity", say("{sensitivity}", sensitivity=team.sensitivity.value)),
        ("Team channel", say("{channel}", channel=place_name(team.channel) or "none")),
        ("Gestures", say("{gestures}", gestures="; ".join(gesture.text for gesture in team.gestures) or "none")),
    )
    own_rows = (
        ("Time zone", say("{zone}", zone=member.timezone or f"{team.timezone} (the team’s)")),
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


def place_name(place: Place | None) -> str:
    """A place as people write it."""
    return f"#{place.id.lstrip('#')}" if place else ""


def _hour(member: Member, team: Team) -> str:
    own = member.nudge_hour
    return own.isoformat("minutes") if own else f"{team.nudge_hour.isoformat('minutes')} (the team’s)"
