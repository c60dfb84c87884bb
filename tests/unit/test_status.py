from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec.structs import replace

from bot.address import Place
from bot.change import Change, Write
from bot.clock import random_id
from bot.inbound import Command
from bot.model import Delivery, DeliveryKind, DeliveryState, Nudge, NudgeState
from bot.reply import Outcome, Reply, say
from bot.settings import Settings
from bot.views.status import status
from bot.views.words import Reader
from bot.vitals import VERSION, Vitals
from bot.wiring import Office
from tests.desk import Desk, labels, words
from tests.fakes import lost_answer, not_posted

HOUR = timedelta(hours=24)
MARKETING = Place("fake", "acme", "marketing")


async def stuck(desk: Desk) -> list[Delivery]:
    """What did not get through."""
    return list(await desk.store.deliveries_stuck((await desk.team()).id))


async def unknown_nudges(desk: Desk) -> None:
    """Ana's message about Jess was posted, and nobody knows whether it stands."""
    desk.platform.finds_in = frozenset()
    desk.platform.failures = [lost_answer(stands=False)]
    await desk.says("ben", "help")
    await desk.says("ana", "add Jess Park tier:A")
    await desk.says("ana", "log jess call about spring launch on:2026-08-01")
    await desk.waits(HOUR)


async def failed_digest(desk: Desk) -> None:
    """Tuesday's digest in #marketing was refused for good."""
    await desk.says("ana", "digest here tue 09:00", channel="marketing")
    desk.platform.failures = [not_posted(None)]
    while not any(one.kind is DeliveryKind.DIGEST for one in await stuck(desk)):
        await desk.waits(timedelta(hours=1))


async def test_all_is_well(desk: Desk) -> None:
    """Health and versions, and that nothing is stuck."""
    answer = await desk.says("ana", "status")

    assert words(answer).startswith("Rapport is running.\nStore: answers")
    assert f"Versions: Rapport {VERSION}" in words(answer)
    assert words(answer).endswith("Every message got through.")


async def test_a_platform_that_is_not_well_is_named(desk: Desk) -> None:
    """What is wrong with it is said first; of one that is well nothing is."""
    await desk.says("ana", "help")
    member, team = await desk.member("ana"), await desk.team()
    vitals = Vitals(platforms=("discord", "slack"))
    vitals.troubles = lambda: {"slack": "not connected for 3 minutes"}
    said = words(status(vitals, (), Reader(member, team, {}, team.zone, desk.clock().date()), desk.clock()))

    assert ["Rapport is running.", "⚠ Slack: not connected for 3 minutes.", "Store: answers"] == said.splitlines()[:3]
    assert "Platforms: discord and slack" in said
    assert "⚠" not in words(await desk.says("ana", "status"))


async def test_it_is_for_admins(desk: Desk) -> None:
    """Ben is none; nor may he press the buttons."""
    await unknown_nudges(desk)
    answer = await desk.says("ana", "status")
    refusals = [
        await desk.says("ben", "status"),
        await desk.presses("ben", answer, "Post again"),
        await desk.presses("ben", answer, "Drop"),
    ]

    assert {Outcome.REFUSED} == {reply.outcome for reply in refusals if isinstance(reply, Reply)}
    assert ["“status”", "“Post again”", "“Drop”"] == [words(reply).split(" is for")[0] for reply in refusals]
    assert 1 == len(await stuck(desk))


async def test_the_version_is_that_of_the_project() -> None:
    """Said in one place more, as the project's file is not there where Rapport runs."""
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())

    assert project["project"]["version"] == VERSION


async def test_what_is_stuck_is_shown_with_why(desk: Desk) -> None:
    """Whom it is for or where it goes, of which date, how it ended, and two ways on."""
    await unknown_nudges(desk)
    await failed_digest(desk)

    answer = await desk.says("ana", "status")

    assert "2 messages did not get through" in words(answer)
    assert (
        "Nudges for you, Tue 24 Nov — unknown: The answer was lost, and the platform can’t be asked whether it stands."
        in words(answer)
    )
    assert "Digest in #marketing, Tue 1 Dec — failed: refused" in words(answer)
    assert ["Post again", "Drop", "Post again", "Drop"] == labels(answer)


class TestPostAgain:
    async def test_an_unknown_message_goes_out_again_with_its_nudges(self, desk: Desk) -> None:
        """At once, and its buttons work."""
        await unknown_nudges(desk)
        desk.platform.messages.clear()

        answer = await desk.presses("ana", await desk.says("ana", "status"), "Post again")
        await desk.turn()

        assert "✓ It goes out again: Nudges for you, Tue 24 Nov." == words(answer)
        (message,) = desk.messages_to("ana")
        assert "Jess Park" in words(message)
        (nudge,) = await desk.store.everything(Nudge, (await desk.team()).id)
        assert (NudgeState.SENT, []) == (nudge.state, await stuck(desk))

    async def test_undo_passes_it_over(self, desk: Desk) -> None:
        """It takes back what Ana did before; the nudge goes out all the same."""
        await unknown_nudges(desk)
        desk.platform.messages.clear()
        await desk.says("ana", "add Kim Ray")
        await desk.presses("ana", await desk.says("ana", "status"), "Post again")

        assert "Took back “add”" in words(await desk.says("ana", "undo"))
        await desk.turn()

        (message,) = desk.messages_to("ana")
        assert "Jess Park" in words(message)

    async def test_what_was_dealt_with_meanwhile_is_not_told_again(self, desk: Desk) -> None:
        """Nothing is left to say, and nothing is."""
        await unknown_nudges(desk)
        await desk.says("ana", "log jess called today")

        await desk.presses("ana", await desk.says("ana", "status"), "Post again")
        await desk.waits(HOUR)

        assert ([], []) == (desk.messages_to("ana"), await stuck(desk))

    async def test_a_second_press_is_told_who_was_quicker(self, desk: Desk) -> None:
        """Whichever button it is on."""
        desk.admins.add("ben")
        await unknown_nudges(desk)
        shown = await desk.says("ana", "status")
        await desk.presses("ana", shown, "Post again")
        desk.clock.move(timedelta(minutes=5))
        await desk.turn()

        answers = [await desk.presses("ben", shown, label) for label in ("Post again", "Drop")]

        expected = "Already posted again by @Ana, 5 minutes ago: Nudges for @Ana, Tue 24 Nov."
        assert [expected, expected] == [words(answer) for answer in answers]
        assert 1 == len(desk.messages_to("ana"))

    async def test_heard_twice_it_is_done_once(self, desk: Desk) -> None:
        """And answered the same."""
        await unknown_nudges(desk)
        shown = await desk.says("ana", "status")

        first = await desk.presses("ana", shown, "Post again", heard="h")
        second = await desk.presses("ana", shown, "Post again", heard="h")

        assert words(first) == words(second)

    async def test_a_digest_goes_out_again(self, desk: Desk) -> None:
        """And the next one waits as it did."""
        await failed_digest(desk)
        answer = await desk.presses("ana", await desk.says("ana", "status"), "Post again")
        await desk.turn()

        assert words(answer).startswith("✓ It goes out again: Digest in #marketing, Tue 24 Nov")
        assert 1 == len(desk.platform.at(MARKETING))
        states = [one.state for one in await _digests(desk)]
        assert [DeliveryState.SENT, DeliveryState.PENDING] == states

    async def test_a_digest_of_old_does_not(self, desk: Desk) -> None:
        """A week later the next one stands there."""
        await failed_digest(desk)
        shown = await desk.says("ana", "status")
        await desk.waits(7 * HOUR, step=timedelta(hours=3))

        answer = await desk.presses("ana", shown, "Post again")
        await desk.turn()

        assert words(answer).startswith("A later digest has come since")
        assert (1, 1) == (len(desk.platform.at(MARKETING)), len(await stuck(desk)))

    async def test_what_should_be_gone_is_taken_away(self, desk: Desk) -> None:
        """Tried once more, it works."""
        await unknown_nudges(desk)
        (one,) = await stuck(desk)
        posted = await desk.platform.post(desk.dm("ana"), Reply(blocks=(say("Jess is quiet."),)), "key")
        await _set(desk, one, state=DeliveryState.FAILED, retracted=True, posted=posted)

        shown = await desk.says("ana", "status")
        answer = await desk.presses("ana", shown, "Try again")
        await desk.turn()

        assert words(answer).startswith("✓ It is tried once more to take it away")
        assert ([posted], []) == (desk.platform.deletions, await stuck(desk))


class TestDrop:
    async def test_it_is_left_at_that(self, desk: Desk) -> None:
        """Nothing more comes of it, and a second press is told by whom."""
        await unknown_nudges(desk)
        shown = await desk.says("ana", "status")
        attempts = len(desk.platform.attempts)

        answer = await desk.presses("ana", shown, "Drop")
        again = await desk.presses("ana", shown, "Drop")
        await desk.waits(HOUR)

        assert "✓ Dropped: Nudges for you, Tue 24 Nov. It won’t be posted." == words(answer)
        assert "Already dropped by you, just now: Nudges for you, Tue 24 Nov." == words(again)
        assert ([], attempts) == (await stuck(desk), len(desk.platform.attempts))

    async def test_a_dropped_digest_stays_dropped(self, desk: Desk) -> None:
        """Also when its schedule is set anew on the same day; the next one comes as it would."""
        await failed_digest(desk)
        await desk.presses("ana", await desk.says("ana", "status"), "Drop")
        await desk.says("ana", "digest off", channel="marketing")
        await desk.says("ana", "undo")

        assert [DeliveryState.DROPPED, DeliveryState.PENDING] == [one.state for one in await _digests(desk)]

    async def test_a_message_that_is_kept_no_longer(self, desk: Desk) -> None:
        """Pruned after 90 days."""
        await unknown_nudges(desk)
        shown = await desk.says("ana", "status")
        (one,) = await stuck(desk)
        await _set(desk, one, gone=True)

        answer = await desk.presses("ana", shown, "Drop")

        assert "This message is not kept any more: nothing is left to do about it." == words(answer)


async def test_more_than_five_are_on_pages(desk: Desk) -> None:
    """Five with their buttons, and the way to the next."""
    await desk.says("ana", "help")
    team = await desk.team()
    for number in range(12):
        one = Delivery(
            id=f"delivery:left:mem_{number:02}:mem_x",
            team=team.id,
            kind=DeliveryKind.LEFT,
            member=(await desk.member("ana")).id,
            on=datetime(2026, 11, 1, tzinfo=UTC).date() + timedelta(number),
            state=DeliveryState.FAILED,
            due_at=None,
            problem="closed",
            updated_at=desk.clock(),
        )
        await _put(desk, one)

    first = await desk.says("ana", "status")
    second = await desk.presses("ana", first, "Next 5")
    third = await desk.presses("ana", second, "Next 2")

    assert [11, 12, 5] == [len(labels(page)) for page in (first, second, third)]
    assert ("…and 7 more" in words(first), "…and 2 more" in words(second)) == (True, True)
    assert "Thu 12 Nov" in words(third)


async def test_the_process_says_what_it_does(desk: Desk, tmp_path: Path) -> None:
    """When it last ticked and delivered, on which platforms, and on what kind of store."""
    office = Office(Settings.model_validate({}), desk.store, desk.clock, random_id)
    office.adapters["fake"] = desk.platform
    office.start_clock()
    while office.vitals.ticked_at is None or office.vitals.delivered_at is None:
        await desk.says("ana", "help")
    desk.clock.move(timedelta(minutes=2))
    actor = desk.actor("ana")
    answer = await office.dispatch(Command(verb="status", actor=actor, place=desk.dm("ana"), heard="h", typed=True))
    await office.close()

    lines = words(answer).splitlines()
    assert [
        "Store: answers (TinyDB)",
        "Platforms: fake",
        "Last tick: 2 minutes ago",
        "Last delivery: 2 minutes ago",
    ] == lines[1:5]
    assert "Python 3." in lines[5]


async def _digests(desk: Desk) -> list[Delivery]:
    found = await desk.store.everything(Delivery, (await desk.team()).id)
    return sorted((one for one in found if one.kind is DeliveryKind.DIGEST), key=lambda one: one.on)


async def _put(desk: Desk, one: Delivery) -> None:
    await desk.store.commit(_change(desk, Write(None, one)))


async def _set(desk: Desk, one: Delivery, *, gone: bool = False, **fields: object) -> None:
    after = None if gone else replace(one, **fields)
    await desk.store.commit(_change(desk, Write(one, after)))


def _change(desk: Desk, *writes: Write) -> Change:
    team = next(write.record.team for write in writes)
    return Change(id=desk.core.new_id("chg"), team=team, at=desk.clock(), by=None, verb="test", writes=writes)
