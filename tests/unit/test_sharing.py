from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.address import Place, PlaceKind
from bot.inbound import Role
from bot.model import Delivery, DeliveryKind, DeliveryState, Draft, Promise, Schedule, Touchpoint
from bot.reply import CALLBACK_LIMIT, Answer, Button, Outcome, Reply, callback
from tests.desk import Desk, actions, labels, words
from tests.fakes import lost_answer, not_posted

GENERAL = "general"
READINGS = (
    "show jess",
    "due",
    "find",
    "find tier:A",
    "history jess",
    "promises",
    "occasion",
    "occasion jess",
    "digest now",
)


@pytest.fixture
async def jess(desk: Desk) -> Desk:
    """A desk with one relationship, of Ana's, who is quiet."""
    await desk.says("ben", "help")
    await desk.says("ana", "add Jess Park tier:A email:jess@example.com")
    await desk.says("ana", "log jess call about spring launch on:2026-08-01")
    await desk.says("ana", "promise jess send the sample by friday")
    await desk.says("ana", "occasion jess birthday 26 nov")
    return desk


async def share(desk: Desk, line: str, name: str = "ana") -> Answer:
    """Somebody reads in a channel, and shares it there; what they are told."""
    answer = await desk.says(name, line, channel=GENERAL)
    question = await desk.presses(name, answer, "Share", channel=GENERAL)
    return await desk.presses(name, question, "Share it here", channel=GENERAL)


async def shared(desk: Desk, line: str, name: str = "ana") -> Reply:
    """Somebody reads in a channel, and shares it there; what stands for all to read then."""
    await share(desk, line, name)
    await desk.turn()
    return stands(desk)[-1]


async def shared_or_not(desk: Desk) -> None:
    """Ana shares a recap, and whatever comes of it is done."""
    await share(desk, "show jess")
    await desk.turn()
    await desk.turn()


def stands(desk: Desk, channel: str = GENERAL) -> list[Reply]:
    """What can be read in a channel, oldest first."""
    return [message.reply for message in desk.platform.at(Place("fake", "acme", channel))]


async def deliveries(desk: Desk) -> list[Delivery]:
    """The messages that carry what was shared."""
    found = await desk.store.everything(Delivery, (await desk.team()).id)
    return [one for one in found if one.kind is DeliveryKind.SHARED]


class TestOffered:
    @pytest.mark.parametrize("line", READINGS)
    async def test_what_is_read_in_a_channel_can_be_shared(self, jess: Desk, line: str) -> None:
        """All can read it then, and it says by whom it was shared; what is answered before is the reader’s alone."""
        answer = await jess.says("ana", line, channel=GENERAL)
        public = await shared(jess, line)

        assert words(public).startswith("Shared by @Ana\n")
        assert "Share" in labels(answer)
        assert "Share" not in labels(public)

    async def test_contact_details_are_left_out(self, jess: Desk) -> None:
        """An e-mail address is for those who ask for it, and not for all who happen to read the channel."""
        assert "jess@example.com" in words(await jess.says("ana", "show jess", channel=GENERAL))
        assert "jess@example.com" not in words(await shared(jess, "show jess"))

    @pytest.mark.parametrize("line", READINGS)
    async def test_not_in_a_direct_message(self, jess: Desk, line: str) -> None:
        """There is nobody to share it with."""
        assert "Share" not in labels(await jess.says("ana", line))

    async def test_not_where_outsiders_are_known_to_read(self, jess: Desk) -> None:
        """It would only be refused."""
        jess.shared.add(GENERAL)
        assert "Share" not in labels(await jess.says("ana", "digest now", channel=GENERAL))

    @pytest.mark.parametrize(
        "line",
        ["log jess coffee", "settings", "help", "digest", "occasion jess launch 3 dec", "status", "show nobody-at-all"],
    )
    async def test_nothing_else_can_be(self, jess: Desk, line: str) -> None:
        """What writes, what is one's own, and what went wrong stay private."""
        assert "Share" not in labels(await jess.says("ana", line, channel=GENERAL))

    async def test_what_does_not_fit_into_a_button_is_not_offered(self, jess: Desk) -> None:
        """A search in many words still answers."""
        answer = await jess.says("ana", f"find {'spring launch ' * 4}", channel=GENERAL)
        fits = await jess.says("ana", "find spring launch", channel=GENERAL)

        assert ("Share" in labels(answer), "Share" in labels(fits)) == (False, True)

    async def test_a_recap_of_a_real_id_fits(self, jess: Desk) -> None:
        """Sixteen characters behind `inf_`, as the clock makes them."""
        encoded = callback("share", what=callback("show", who=f"inf_{'x' * 16}").encode()).encode()
        assert len(encoded) <= CALLBACK_LIMIT


class TestQuestion:
    async def test_it_says_who_will_be_able_to_read(self, jess: Desk) -> None:
        """And nothing is said to anybody before that is confirmed."""
        answer = await jess.says("ana", "show jess", channel=GENERAL)
        question = await jess.presses("ana", answer, "Share", channel=GENERAL)

        await jess.turn()

        assert [] == stands(jess)
        assert "Everybody in #general will be able to read this, guests too." == words(question)

    async def test_it_is_shared_once(self, jess: Desk) -> None:
        """A second click is told who did it, and so is nobody else’s press."""
        answer = await jess.says("ana", "show jess", channel=GENERAL)
        question = await jess.presses("ana", answer, "Share", channel=GENERAL)
        await jess.presses("ana", question, "Share it here", channel=GENERAL)

        assert "Already done by you." == words(await jess.presses("ana", question, "Share it here", channel=GENERAL))
        other = await jess.presses("ben", question, "Share it here", channel=GENERAL)
        assert "This was asked by somebody else. Ask for it yourself." == words(other)

    async def test_of_two_presses_at_once_one_shares(self, jess: Desk) -> None:
        """The other is told that it was done."""
        answer = await jess.says("ana", "show jess", channel=GENERAL)
        question = await jess.presses("ana", answer, "Share", channel=GENERAL)
        presses = (jess.presses("ana", question, "Share it here", channel=GENERAL) for _ in range(2))
        answers = sorted(map(words, await asyncio.gather(*presses)))
        await jess.turn()

        assert ["Already done by you.", "It will stand here in a moment."] == answers
        assert 1 == len(stands(jess))

    @pytest.mark.parametrize("is_posted", [True, False])
    async def test_undo_takes_it_away_first(self, jess: Desk, is_posted: bool) -> None:
        """And only after that what was changed before; what was not posted yet never is."""
        await jess.says("ana", "note jess loves ceramics")
        await share(jess, "show jess")
        if is_posted:
            await jess.turn()
        first = words(await jess.says("ana", "undo"))
        await jess.turn()

        assert ("↩ What you shared in #general is taken away.", []) == (first, stands(jess))
        assert words(await jess.says("ana", "undo")).startswith("↩ Took back “note”.")

    async def test_undo_goes_on_where_nothing_was_posted(self, jess: Desk) -> None:
        """There is nothing to take away."""
        await jess.says("ana", "note jess loves ceramics")
        jess.platform.failures = [not_posted(None)]
        await shared_or_not(jess)
        assert words(await jess.says("ana", "undo")).startswith("↩ Took back “note”.")

    async def test_a_press_heard_twice_shares_once(self, jess: Desk) -> None:
        """The second hearing is answered like the first."""
        answer = await jess.says("ana", "show jess", channel=GENERAL)
        question = await jess.presses("ana", answer, "Share", channel=GENERAL)
        first = await jess.presses("ana", question, "Share it here", channel=GENERAL, heard="once")
        again = await jess.presses("ana", question, "Share it here", channel=GENERAL, heard="once")

        await jess.turn()
        assert "It will stand here in a moment." == words(first) == words(again)
        assert 1 == len(stands(jess))

    async def test_it_is_shared_where_it_was_asked_for(self, jess: Desk) -> None:
        """Who will be able to read it was said of one place only."""
        answer = await jess.says("ana", "show jess", channel=GENERAL)
        question = await jess.presses("ana", answer, "Share", channel=GENERAL)

        elsewhere = await jess.presses("ana", question, "Share it here", channel="sales")
        assert words(elsewhere).startswith("It was to be shared in another place.")

    async def test_it_is_read_anew(self, jess: Desk) -> None:
        """What is shared is what holds when it is posted."""
        answer = await jess.says("ana", "show jess", channel=GENERAL)
        question = await jess.presses("ana", answer, "Share", channel=GENERAL)
        await jess.presses("ana", question, "Share it here", channel=GENERAL)
        await jess.says("ben", "log jess coffee")
        await jess.turn()

        (public,) = stands(jess)
        assert "In touch today" in words(public)

    async def test_whoever_has_gone_is_not_shared(self, jess: Desk) -> None:
        """With somebody who is forgotten goes every question about them."""
        answer = await jess.says("ana", "show jess", channel=GENERAL)
        question = await jess.presses("ana", answer, "Share", channel=GENERAL)
        preview = await jess.says("ana", "forget Jess Park")
        await jess.presses("ana", preview, "Forget")

        gone = await jess.presses("ana", question, "Share it here", channel=GENERAL)
        assert isinstance(gone, Reply)
        assert Outcome.REFUSED is gone.outcome


class TestAloud:
    async def test_nobody_is_called_you(self, jess: Desk) -> None:
        """Others would take it for themselves; and nobody is pinged but by being named at the top."""
        assert words(await shared(jess, "due")).splitlines()[1] == "1 person for Ana to get in touch with"
        assert "1 open promise for Ana." in words(await shared(jess, "promises"))
        assert "1 occasion of Ana’s in the next 30 days" in words(await shared(jess, "occasion mine"))
        recap = words(await shared(jess, "show jess"))
        assert "Owner: Ana." in recap
        assert 1 == recap.count("@Ana")

    async def test_whoever_is_shown_to_one_is_shown_to_all(self, jess: Desk) -> None:
        """A slip of the pen is shared as the person it was understood to be."""
        public = await shared(jess, "show jses park")
        assert words(public).startswith("Shared by @Ana\nJess Park")


class TestReaders:
    async def test_people_of_other_companies_get_nothing(self, jess: Desk) -> None:
        """At the question, and where they came in after it was asked."""
        answer = await jess.says("ana", "show jess", channel=GENERAL)
        question = await jess.presses("ana", answer, "Share", channel=GENERAL)
        jess.shared.add(GENERAL)
        refusals = [
            await jess.presses("ana", answer, "Share", channel=GENERAL),
            await jess.presses("ana", question, "Share it here", channel=GENERAL),
        ]

        for refusal in refusals:
            assert words(refusal).startswith("People of other companies read this place")

    async def test_a_place_where_nothing_can_be_posted_says_what_to_do(self, jess: Desk) -> None:
        """The platform’s own sentence, with the next step."""
        jess.hurdles[GENERAL] = "Type “/invite @Rapport” here first."
        answer = await jess.says("ana", "show jess", channel=GENERAL)

        refusal = await jess.presses("ana", answer, "Share", channel=GENERAL)
        assert "Type “/invite @Rapport” here first." == words(refusal)

    async def test_guests_share_nothing(self, jess: Desk) -> None:
        """Whoever lost their membership since the button was shown."""
        answer = await jess.says("ana", "show jess", channel=GENERAL)
        jess.roles["ana"] = Role.GUEST

        refusal = await jess.presses("ana", answer, "Share", channel=GENERAL)
        assert words(refusal).startswith("Only members of this workspace")


class TestPosted:
    async def test_what_comes_later_changes_nothing(self, jess: Desk) -> None:
        """It says what was so when it was shared: no contact and no nudge draws it anew."""
        public = await shared(jess, "due")
        await jess.says("ben", "log jess coffee")
        await jess.says("ana", "edit jess name:Jess Lee")
        await jess.waits(timedelta(days=2))

        assert ([public], []) == (stands(jess), jess.platform.edits)

    async def test_an_answer_of_the_platform_that_is_lost(self, jess: Desk) -> None:
        """It is looked up, and stands once."""
        jess.platform.failures = [lost_answer(stands=True)]
        await share(jess, "show jess")
        await jess.waits(timedelta(hours=1))

        assert 1 == len(stands(jess))

    async def test_whoever_shared_it_is_told_where_it_can_not_stand(self, jess: Desk) -> None:
        """Outsiders came in after the press, say; no admin hears of a place in which nothing is meant to come."""
        jess.platform.closed.add(Place("fake", "acme", GENERAL))
        await jess.says("cem", "help")
        await share(jess, "show jess", "cem")
        await jess.turn()
        await jess.turn()

        assert ([], []) == (stands(jess), jess.messages_to("ana"))
        (told,) = jess.messages_to("cem")
        assert words(told).startswith("What you shared in #general does not stand there")
        assert "Jess" not in words(told)

    async def test_a_loss_that_matters_is_news_to_an_admin_afterwards(self, jess: Desk) -> None:
        """What could not be shared in a place did not count as having told them of it."""
        jess.platform.closed.add(Place("fake", "acme", GENERAL))
        await share(jess, "show jess", "ben")
        await jess.turn()
        await jess.turn()
        await jess.says("ana", "digest here every day 09:00", channel=GENERAL)
        await jess.waits(timedelta(days=1))

        assert any(words(one).startswith("I can’t post in #general any more") for one in jess.messages_to("ana"))

    async def test_what_is_given_up_can_be_posted_again(self, jess: Desk) -> None:
        """An admin sees it among what did not get through."""
        jess.platform.failures = [not_posted(None)]
        await share(jess, "show jess")
        await jess.turn()
        status = await jess.says("ana", "status")
        assert "Answer shared by you, Mon 23 Nov — failed: refused" in words(status)
        assert [] == stands(jess)

        await jess.presses("ana", status, "Post again")
        await jess.turn()
        assert 1 == len(stands(jess))

    async def test_what_nobody_remembers_is_not_posted_again(self, jess: Desk) -> None:
        """A day later it is not known any more what was shared: only to be dropped, and said so to an older button."""
        jess.platform.failures = [not_posted(None)]
        await shared_or_not(jess)
        before = await jess.says("ana", "status")
        await jess.waits(timedelta(days=2))
        await jess.store.prune(jess.clock())
        after = await jess.says("ana", "status")
        refused = await jess.presses("ana", before, "Post again")

        assert (True, False) == ("Post again" in labels(before), "Post again" in labels(after))
        assert words(refused).startswith("It is too old to be shared again: ")
        assert {DeliveryState.FAILED, DeliveryState.SENT} == {one.state for one in await deliveries(jess)}

    @pytest.mark.parametrize("is_unknown", [True, False])
    async def test_whoever_shared_it_is_told_that_it_did_not_come(self, jess: Desk, is_unknown: bool) -> None:
        """Once, in their DM, with what to do; nobody else hears of it."""
        jess.platform.failures = [lost_answer(stands=False) if is_unknown else not_posted(None)]
        jess.platform.finds_in = frozenset() if is_unknown else frozenset(PlaceKind)
        await share(jess, "show jess", "ben")
        await jess.turn()
        await jess.waits(timedelta(hours=1))

        (told,) = jess.messages_to("ben")
        means = "may stand there or not" if is_unknown else "does not stand there: it could not be posted"
        assert words(told).startswith(f"What you shared in #general {means}")
        assert ([], []) == (stands(jess), jess.messages_to("ana"))

    async def test_whoever_shared_it_is_told_that_it_can_not_be_read_any_more(self, jess: Desk) -> None:
        """Somebody was forgotten before it was posted, say."""
        await share(jess, "show jess", "ben")
        await jess.presses("ana", await jess.says("ana", "forget Jess Park"), "Forget")
        await jess.turn()
        await jess.turn()

        (told,) = jess.messages_to("ben")
        assert words(told).startswith("What you shared in #general does not stand there")
        assert "Jess" not in words(told)

    async def test_who_has_left_shares_nothing(self, jess: Desk) -> None:
        """What was on its way in their name is dropped."""
        await share(jess, "show jess", "ben")
        await jess.core.leave(jess.actor("ben").person)
        await jess.turn()

        assert [] == stands(jess)
        assert [DeliveryState.DROPPED] == [one.state for one in await deliveries(jess)]


class TestForged:
    @pytest.mark.parametrize(
        "what",
        [
            "log?who=jess&what=coffee",
            "status",
            "export",
            "settings",
            "team_settings",
            "undo",
            "share?what=show%3Fwho%3Djess",
            "occasion?who=jess&what=launch%203%20dec",
            "digest?what=here%20mon%209",
            "digest",
            "show",
            "pick",
            "open_form",
            "nothing?at=all",
            "show?who=nobody-at-all",
            "?",
            "show?who=" + "x" * 200,
        ],
    )
    async def test_only_what_is_read_can_be_shared(self, jess: Desk, what: str) -> None:
        """Whatever a button is made to say, it writes nothing, and nothing is said to all."""
        before = await self._records(jess)
        answer = await jess.calls("ana", "share", what=what, channel=GENERAL)
        if actions(answer) and isinstance(answer, Reply) and answer.outcome is Outcome.FINE:
            answer = await jess.presses("ana", answer, "Share it here", channel=GENERAL)

        assert isinstance(answer, Reply)
        assert Outcome.REFUSED is answer.outcome
        assert before == await self._records(jess)

    async def test_in_a_direct_message_nothing_is_shared(self, jess: Desk) -> None:
        """Nor does anybody type it."""
        assert words(await jess.calls("ana", "share", what="show?who=jess")).startswith("There is nobody here")
        assert words(await jess.says("ana", "share show", channel=GENERAL)).startswith("I don’t know “share”.")

    async def test_the_form_of_another_verb_is_left_alone(self, jess: Desk) -> None:
        """Its Draft stays open."""
        form = await jess.says("ana", "log")
        draft = getattr(form, "id", "")
        answer = await jess.calls("ana", "share", draft=draft, what="show?who=jess", channel=GENERAL)
        (kept,) = [one for one in await jess.store.everything(Draft, (await jess.team()).id) if one.id == draft]

        assert "This can’t be shared." == words(answer)
        assert kept.closed_by is None

    async def _records(self, desk: Desk) -> int:
        team = (await desk.team()).id
        kinds = (Touchpoint, Promise, Schedule, Delivery)
        return sum([len(await desk.store.everything(kind, team)) for kind in kinds])


async def test_a_shared_message_still_works(jess: Desk) -> None:
    """Anybody of the team may go on from it, each for themselves."""
    public = await shared(jess, "show jess")
    form = await jess.presses("ben", public, "Log", channel=GENERAL)
    logged = await jess.fills("ben", form, in_channel=GENERAL, what="coffee")

    assert all(isinstance(one, Button) or one.label == "Snooze" for one in actions(public))
    assert "✓ Logged: Jess Park" in words(logged)
