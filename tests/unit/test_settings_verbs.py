from __future__ import annotations

from datetime import date, time

import pytest

from bot.address import Place
from bot.model import Gesture, Sensitivity, Standing
from bot.reply import Answer, Fields, Form, InputKind, Reply, Text, Where, spans
from tests.desk import WORKSPACE, Desk, errors, words


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


async def test_everything_that_cannot_be_read_is_said_at_once(desk: Desk) -> None:
    """And what can be is kept in the form."""
    wrong = {"timezone": "Berlin Time", "country": "Narnia", "nudge_hour": "25:00", "tier_a": "never", "name": ""}
    form = await desk.presses("ana", await desk.says("ana", "settings"), "Change the team’s")
    again = await desk.fills("ana", form, **wrong, tier_b="30")
    assert isinstance(again, Form)
    assert set(wrong) == set(errors(again))
    assert "30" == next(one.value for one in again.inputs if one.name == "tier_b")

    form = await desk.presses("ben", await desk.says("ben", "settings"), "Change mine")
    mine = {"timezone": "Berlin Time", "nudge_hour": "soon", "daily_cap": "6"}
    assert set(mine) == set(errors(await desk.fills("ben", form, **mine)))


async def test_a_zone_and_an_hour_may_be_written_as_people_do(desk: Desk) -> None:
    """A city is enough, and the hour is read as a digest's is; what is emptied is as Rapport comes."""
    form = await desk.presses("ana", await desk.says("ana", "settings"), "Change the team’s")
    await desk.fills("ana", form, timezone="new york", nudge_hour="8am", tier_a="2 weeks", tier_b="")
    team = await desk.team()
    assert ("America/New_York", time(8), 14, 60) == (team.timezone, team.nudge_hour, team.cadences.A, team.cadences.B)


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
    assert "Your settings: nudges off" in words(answer).replace(" — ", ": ")
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


class TestChannel:
    async def _set(self, desk: Desk, typed: str, in_channel: str = "") -> Answer:
        form = await desk.presses("ana", await desk.says("ana", "settings"), "Change the team’s")
        return await desk.fills("ana", form, in_channel=in_channel, channel=typed)

    async def test_it_is_chosen_in_a_field_of_its_own(self, desk: Desk) -> None:
        """A platform may offer its channels there; what is set already is filled in as one would type it."""
        form = await desk.presses("ana", await desk.says("ana", "settings"), "Change the team’s")
        assert isinstance(form, Form)
        assert [(InputKind.PLACE, "#team")] == [(one.kind, one.value) for one in form.inputs if one.name == "channel"]

    @pytest.mark.parametrize(
        ("typed", "expected"),
        [
            ("#C0123", "C0123"),
            ("C0123", "C0123"),
            ("<#C0123|marketing>", "C0123"),
            ("<#C0123>", "C0123"),
            ("here", "general"),
            ("none", None),
            ("", None),
        ],
    )
    async def test_it_is_read_however_it_is_named(self, desk: Desk, typed: str, expected: str | None) -> None:
        """By mention or id, as the place one is in, or as none; always one of the workspace that it is said in."""
        await self._set(desk, typed, in_channel="general")
        place = Place("fake", WORKSPACE, expected) if expected else None
        assert place == (await desk.team()).channel

    @pytest.mark.parametrize("typed", ["two words", "<@U1>", "<!channel>"])
    async def test_what_is_no_channel_is_said_to_be_none(self, desk: Desk, typed: str) -> None:
        """At its field, with the way to say it."""
        assert ["channel"] == list(errors(await self._set(desk, typed, in_channel="general")))

    async def test_here_is_no_direct_message(self, desk: Desk) -> None:
        """What nobody looks after is for all."""
        assert {"channel": "This is a direct message: say “here” in the channel you mean."} == errors(
            await self._set(desk, "here")
        )

    async def test_others_must_not_read_it(self, desk: Desk) -> None:
        """Nudges without an owner name people."""
        desk.shared.add("agency")
        answer = await self._set(desk, "#agency", in_channel="agency")

        assert errors(answer)["channel"].startswith("People of other companies read that channel.")
        assert "team" == getattr((await desk.team()).channel, "id", None)

    async def test_it_must_be_open_to_us(self, desk: Desk) -> None:
        """The platform’s sentence says how."""
        desk.hurdles["attic"] = "Type “/invite @Rapport” there first."
        answer = await self._set(desk, "#attic", in_channel="attic")

        assert {"channel": "Type “/invite @Rapport” there first."} == errors(answer)

    async def test_what_stays_as_it_is_meets_no_hurdle(self, desk: Desk) -> None:
        """Somebody changes the hour, from wherever; with none there is nobody to read it."""
        desk.shared.add("agency")
        form = await desk.presses("ana", await desk.says("ana", "settings"), "Change the team’s")
        await desk.fills("ana", form, in_channel="agency", nudge_hour="10:00")
        await self._set(desk, "none", in_channel="agency")

        team = await desk.team()
        assert (time(10), None) == (team.nudge_hour, team.channel)

    async def test_it_is_named_natively_wherever_it_is_shown(self, desk: Desk) -> None:
        """In settings, in what changed and in what was taken back."""
        answer = await self._set(desk, "#C0123")
        shown = await desk.says("ana", "settings")
        undone = await desk.says("ana", "undo")

        expected = Where(Place("fake", WORKSPACE, "C0123"))
        assert expected in _values(answer)
        assert expected in _values(shown)
        assert Where(Place("fake", WORKSPACE, "team")) in _values(undone)


def _values(answer: Answer) -> list[object]:
    """Everything that stands in a slot of an answer."""
    assert isinstance(answer, Reply)
    texts = [block for block in answer.blocks if isinstance(block, Text)]
    texts += [text for block in answer.blocks if isinstance(block, Fields) for _, text in block.rows]
    return [span.value for text in texts for span in spans(text)]
