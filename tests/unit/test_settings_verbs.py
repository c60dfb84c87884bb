from __future__ import annotations

from datetime import date, time

from bot.model import Gesture, Sensitivity, Standing
from tests.desk import Desk, errors, words


async def test_the_teams_settings_are_shown_and_changed(desk: Desk) -> None:
    """An admin's form writes what was altered, says it, and can be undone."""
    shown = await desk.says("ana", "settings", channel="general")
    assert "Time zone: Europe/Berlin" in words(shown)
    form = await desk.presses("ana", shown, "Change the team’s")
    answer = await desk.fills(
        "ana",
        form,
        timezone="America/New_York",
        country="us-ca",
        working_days="Sun Mon Tue",
        days_off="2026-12-24, 2026-12-31",
        nudge_hour="8:15".zfill(5),
        sensitivity="eager",
        gestures="A handwritten note\nA video message https://example.com/video",
        tier_a="14",
    )
    team = await desk.team()
    assert ("America/New_York", "US-CA", (0, 1, 6)) == (team.timezone, team.country, team.working_days)
    assert ((date(2026, 12, 24), date(2026, 12, 31)), time(8, 15)) == (team.days_off, team.nudge_hour)
    assert (Sensitivity.EAGER, 14, 60) == (team.sensitivity, team.cadences.A, team.cadences.B)
    assert (Gesture("A handwritten note"), Gesture("A video message", "https://example.com/video")) == team.gestures
    assert "time zone America/New_York" in words(answer)
    await desk.presses("ana", answer, "Undo")
    assert "Europe/Berlin" == (await desk.team()).timezone


async def test_a_setting_that_cannot_be_read_is_named(desk: Desk) -> None:
    """Zones, countries, days and hours are checked one by one."""
    shown = await desk.says("ana", "settings")
    for field, value in (
        ("timezone", "Berlin Time"),
        ("country", "Narnia"),
        ("working_days", "someday"),
        ("nudge_hour", "25:00"),
        ("days_off", "31 feb"),
        ("tier_a", "never"),
        ("channel", "here"),
    ):
        form = await desk.presses("ana", shown, "Change the team’s")
        assert [field] == list(errors(await desk.fills("ana", form, **{field: value})))


async def test_standings_follow_a_setting(desk: Desk) -> None:
    """A tier's cadence that moves is counted at once for everybody in the tier."""
    await desk.says("ana", "add Jess Park tier:A")
    await desk.says("ana", "log jess coffee")
    form = await desk.presses("ana", await desk.says("ana", "settings"), "Change the team’s")
    await desk.fills("ana", form, tier_a="90")
    (standing,) = await desk.store.everything(Standing, (await desk.team()).id)
    assert (90, date(2027, 2, 21)) == (standing.cadence, standing.planned_on)
    assert not (await desk.team()).restanding


async def test_my_settings_are_mine(desk: Desk) -> None:
    """Zone, hour, cap and mute are each member's own."""
    form = await desk.presses("ben", await desk.says("ben", "settings"), "Change mine")
    answer = await desk.fills("ben", form, nudges="", nudge_hour="10:00", daily_cap="2")
    assert "nudges off" in words(answer)
    ben = await desk.member("ben")
    assert (False, time(10), 2) == (ben.nudges, ben.nudge_hour, ben.daily_cap)
    form = await desk.presses("ben", await desk.says("ben", "settings"), "Change mine")
    assert ["daily_cap"] == list(errors(await desk.fills("ben", form, daily_cap="6")))


async def test_a_settings_channel_is_here_or_by_name(desk: Desk) -> None:
    """Where nudges without an owner go."""
    shown = await desk.says("ana", "settings")
    for typed, expected in (("none", None), ("#influencers", "influencers")):
        form = await desk.presses("ana", shown, "Change the team’s")
        await desk.fills("ana", form, channel=typed)
        channel = (await desk.team()).channel
        assert expected == (channel.id if channel else None)


async def test_a_zone_that_somebody_chose_stays(desk: Desk) -> None:
    """What the platform says about somebody's zone does not override what they chose."""
    form = await desk.presses("ben", await desk.says("ben", "settings"), "Change mine")
    await desk.fills("ben", form, timezone="Asia/Kolkata")
    assert "Time zone: Asia/Kolkata" in words(await desk.says("ben", "settings"))
    form = await desk.presses("ben", await desk.says("ben", "settings"), "Change mine")
    await desk.fills("ben", form, timezone="")
    assert "Time zone: Europe/Berlin (your platform’s)" in words(await desk.says("ben", "settings"))
