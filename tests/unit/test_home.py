from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest

from bot.inbound import Role
from bot.model import Influencer
from bot.reply import Actions, Outcome, Reply, Select
from tests.desk import Desk, actions, labels, words


async def a_roster(desk: Desk) -> None:
    """Ana looks after Jess, who is quiet, Ben after Sam, who waits, and nobody after Lee."""
    await desk.says("ana", "add Jess Park tier:A")
    await desk.says("ben", "add Sam Ode tier:A")
    await desk.says("ana", "add Lee Fox tier:A")
    await desk.says("ana", "own lee nobody")
    await desk.says("ana", "log jess call about spring launch on:2026-08-01")
    await desk.says("ben", "log sam they replied: when do we start? 4 days ago")
    await desk.says("ben", "log lee met at the fair on:2026-08-01")


class TestNewTeam:
    async def test_it_says_what_this_is_and_the_first_step(self, desk: Desk) -> None:
        """One press adds somebody; an admin may bring a file."""
        shown = await desk.calls("ana", "home")
        form = await desk.presses("ana", shown, "Add an influencer")
        added = await desk.fills("ana", form, name="Jess Park")

        assert words(shown).startswith("Rapport remembers every touchpoint with your influencers")
        assert ["Add an influencer", "Import a roster", "Settings", "Help"] == labels(shown)
        assert words(added).startswith("✓ Added: Jess Park")
        assert words(await desk.calls("ana", "home")).startswith("Nothing due for you. You look after 1 relationship.")

    async def test_what_only_admins_may_do_is_not_offered_to_others(self, desk: Desk) -> None:
        """Ben is none."""
        assert ["Add an influencer", "Help"] == labels(await desk.calls("ben", "home"))


class TestOwn:
    async def test_ones_own_come_first_and_the_team_in_a_line(self, desk: Desk) -> None:
        """Ana sees whom she looks after and why they need her, and of the others how many there are."""
        await a_roster(desk)
        shown = await desk.calls("ana", "home")

        assert [
            "1 person for you to get in touch with",
            "Quiet (1)",
            "• Jess Park — 114 days, plan 21",
            "The team: 3 relationships; 1 waiting on us and 2 quiet.",
        ] == words(shown).splitlines()
        assert ["Show…", "Log…", "Log", "Add", "Find", "Everybody due", "Settings", "Help"] == labels(shown)

    async def test_every_section_has_its_people(self, desk: Desk) -> None:
        """Waiting on us, quiet, due by the plan, this week’s occasions and promises, each with its figures."""
        await a_roster(desk)
        await desk.says("ben", "own lee me")
        await desk.says("ben", "promise sam send the contract by friday")
        await desk.says("ben", "promise sam call her by 2027-03-01")
        await desk.says("ben", "occasion lee birthday 26 nov")
        await desk.says("ben", "occasion lee wedding 3 dec")
        await desk.says("ben", "add Kim Ray cadence:7")
        desk.clock.move(timedelta(days=8))
        shown = words(await desk.calls("ben", "home"))

        assert "Waiting on us (1)\n• Sam Ode — wrote 12 days ago" in shown
        assert "Quiet (1)\n• Lee Fox — 122 days, plan 21" in shown
        assert "Due by the plan (1)\n• Kim Ray — first contact was planned by Mon 30 Nov" in shown
        assert "This week’s occasions (1)\n• Lee Fox — wedding on Thursday (3 Dec)" in shown
        assert "Promises this week (1, 1 late)\n• Sam Ode — we promised to send the contract, due 27 Nov" in shown

    async def test_a_long_section_says_how_many_more_and_where(self, desk: Desk) -> None:
        """Five people, then the number of the others and a way to all of them."""
        for number in range(7):
            await desk.says("ana", f"add Noa Twin{number}")
            await desk.says("ana", f"log noa twin{number} call on:2026-08-01")
            await desk.says("ana", f"occasion noa twin{number} birthday 24 nov")
            await desk.says("ana", f"promise noa twin{number} the sample by 2026-11-01")
        shown = await desk.calls("ana", "home")

        assert 3 == words(shown).count("…and 2 more")
        lists: Mapping[str, str] = {
            "See all who are due": await self._all(desk, shown, "See all who are due"),
            "See all occasions": await self._all(desk, shown, "See all occasions"),
            "See all promises": await self._all(desk, shown, "See all promises"),
        }
        assert {
            "See all who are due": "7 people for you to get in touch with",
            "See all occasions": "7 occasions of yours in the next 30 days",
            "See all promises": "7 open promises for you, 7 late.",
        } == lists

    async def _all(self, desk: Desk, shown: object, label: str) -> str:
        assert isinstance(shown, Reply)
        return words(await desk.presses("ana", shown, label)).splitlines()[0]

    async def test_whoever_is_named_can_be_opened_and_logged(self, desk: Desk) -> None:
        """Each once, however many sections name them."""
        await a_roster(desk)
        await desk.says("ana", "occasion jess birthday 26 nov")
        shown = await desk.calls("ana", "home")

        options = [len(one.options) for one in actions(shown) if isinstance(one, Select)]
        assert [1, 1] == options
        assert words(await desk.presses("ana", shown, "Show…", "Jess")).startswith("Jess Park — quiet.")
        form = await desk.presses("ana", shown, "Log…", "Jess")
        assert "✓ Logged: Jess Park" in words(await desk.fills("ana", form, what="coffee"))

    async def test_who_comes_next_where_nobody_is_due(self, desk: Desk) -> None:
        """A calm day says so, and when it ends."""
        await desk.says("ana", "add Jess Park tier:A")
        await desk.says("ana", "log jess coffee")

        assert words(await desk.calls("ana", "home")).startswith(
            "Nothing due for you. You look after 1 relationship. Next: Jess Park, Mon 14 Dec."
        )


class TestNoneOfOnesOwn:
    async def test_the_teams_picture_and_how_to_take_somebody_over(self, desk: Desk) -> None:
        """Cleo looks after nobody: she sees who needs whom, and takes Lee with one press."""
        await a_roster(desk)
        shown = await desk.calls("cleo", "home")

        assert [
            "You look after nobody yet. The team: 3 relationships; 1 waiting on us and 2 quiet.",
            "“own <name> me” makes a relationship yours, and I tell you when it needs you.",
            "Waiting on us (1)",
            "• Sam Ode — wrote 4 days ago (@Ben)",
            "Quiet (2)",
            "• Jess Park — 114 days, plan 21 (@Ana)",
            "• Lee Fox — 114 days, plan 21 (nobody)",
        ] == words(shown).splitlines()
        assert "✓ You look after Lee Fox now." == words(await desk.presses("cleo", shown, "Claim Lee Fox"))
        assert words(await desk.calls("cleo", "home")).startswith("1 person for you to get in touch with")


@pytest.mark.parametrize("role", [Role.GUEST, Role.STRANGER, Role.BOT])
async def test_whoever_may_not_use_it_is_told_so_in_a_sentence(desk: Desk, role: Role) -> None:
    """Nothing of the team is said, and nothing can be pressed."""
    await a_roster(desk)
    desk.roles["eve"] = role
    shown = await desk.calls("eve", "home")

    assert "Only members of this workspace can use Rapport. Ask one of its admins to invite you." == words(shown)
    assert isinstance(shown, Reply)
    assert (Outcome.REFUSED, []) == (shown.outcome, [one for one in shown.blocks if isinstance(one, Actions)])


async def test_archived_people_are_nowhere_on_it(desk: Desk) -> None:
    """Neither as due nor with their occasions and promises, nor as a relationship of one’s own."""
    await desk.says("ana", "add Jess Park tier:A")
    await desk.says("ana", "log jess call on:2026-08-01")
    await desk.says("ana", "occasion jess birthday 26 nov")
    await desk.says("ana", "promise jess the sample by friday")
    await desk.says("ana", "archive Jess Park")

    shown = words(await desk.calls("ana", "home"))
    assert "Jess" not in shown
    assert shown.startswith("You look after nobody yet.")


class TestWelcome:
    async def test_a_new_team_reads_what_happens_and_what_to_do(self, desk: Desk) -> None:
        """What it is, the next step, who may use it, when it speaks up, and how it gets into a channel."""
        shown = await desk.calls("ana", "welcome")
        said = words(shown)

        assert said.startswith("Rapport remembers every touchpoint")
        assert "Next: add somebody you work with, or import your roster." in said
        assert "guests and people of other companies can’t" in said
        assert "at 09:30 (Europe/Berlin; “settings” changes that)" in said
        assert "invite me into a channel" in said
        assert ["Add an influencer", "Import a roster", "Settings", "Help"] == labels(shown)

    async def test_a_team_that_is_back_is_told_that_all_is_there(self, desk: Desk) -> None:
        """Installed again, nobody starts anew."""
        await a_roster(desk)
        shown = await desk.calls("ana", "welcome")

        assert words(shown).startswith("Rapport is here. It knows 3 relationships of your team already")
        assert words(await desk.presses("ana", shown, "Due")).startswith("3 people to get in touch with")

    async def test_the_first_admin_is_greeted_once(self, desk: Desk) -> None:
        """Not if somebody was before, by installing it, and no member; nor is it for anybody to undo."""
        desk.admins.add("ben")
        said = [words(await desk.calls(name, "welcome", first="yes")) for name in ("cem", "ben")]
        await desk.calls("ben", "welcomed")
        said += [words(await desk.calls(name, "welcome", first="yes")) for name in ("ana", "ben")]

        assert [False, True, False, False] == [one.startswith("Rapport remembers every") for one in said]
        assert "nothing of yours" in words(await desk.says("ben", "undo"))

    async def test_words_that_were_not_posted_do_not_count(self, desk: Desk) -> None:
        """Until it is known that they stand, the next admin is greeted, too."""
        desk.admins.add("ben")
        said = [words(await desk.calls(name, "welcome", first="yes")) for name in ("ana", "ben")]
        assert [True, True] == [one.startswith("Rapport remembers every") for one in said]

    async def test_whoever_installs_it_is_greeted_each_time(self, desk: Desk) -> None:
        """And nobody who comes by after them."""
        said = [words(await desk.calls("ana", "welcome")) for _ in range(2)]
        await desk.calls("ana", "welcomed")

        assert said[0] == said[1]
        assert "first admin" in words(await desk.calls("ana", "welcome", first="yes"))

    async def test_nobody_types_these(self, desk: Desk) -> None:
        """They are what a platform asks for by itself."""
        for verb in ("home", "welcome"):
            assert words(await desk.says("ana", verb)).startswith(f"I don’t know “{verb}”.")
        assert () == await desk.store.everything(Influencer, (await desk.team()).id)
