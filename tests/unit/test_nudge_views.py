from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from bot.model import (
    Direction,
    Gesture,
    Influencer,
    Medium,
    Nudge,
    NudgeReason,
    NudgeState,
    Occasion,
    Standing,
    Team,
    Tier,
    Touchpoint,
)
from bot.reply import Reply, Text, callback, spans
from bot.standing import reckon
from bot.views.ideas import Known, idea
from bot.views.nudges import (
    EndedNudge,
    Ending,
    Message,
    OpenNudge,
    already,
    ended_sentence,
    ending_of,
    names_only,
    nudge_message,
)
from bot.views.quiet import quiet_sentence
from tests.fakes import MONDAY, a_member, a_team, an_influencer, pressable, words_of

TODAY = date(2026, 11, 23)
TEAM = a_team()
ANA, BEN = a_member("Ana"), a_member("Ben")
JESS = an_influencer("Jess Park")


def touch(on: date, **fields: Any) -> Touchpoint:
    """A call to Jess by Ana."""
    given: dict[str, Any] = {
        "id": f"tch_{on}",
        "medium": Medium.CALL,
        "direction": Direction.MUTUAL,
        "by": ANA.id,
        "logged_at": MONDAY,
    }
    return Touchpoint(team="team_1", influencer=JESS.id, on=on, **(given | fields))


def silent(days: int, *pauses: int, who: Influencer = JESS, team: Team = TEAM) -> Standing:
    """A standing with these pauses, oldest first, and a silence of so many days."""
    on = TODAY - timedelta(days=days)
    touches = [touch(on)]
    for pause in reversed(pauses):
        on -= timedelta(days=pause)
        touches.append(touch(on))
    return reckon(team, who, touches, (), now=MONDAY, before=None)


def plain(text: Text) -> str:
    """A Text as plain words."""
    return "".join(str(getattr(span.value, "name", getattr(span.value, "label", span.value))) for span in spans(text))


def a_nudge(reason: NudgeReason = NudgeReason.QUIET, **fields: Any) -> Nudge:
    """A nudge about Jess for Ana."""
    given: dict[str, Any] = {
        "id": f"nudge:inf_jess:{reason}:2026-08-15",
        "influencer": JESS.id,
        "member": ANA.id,
        "since": date(2026, 8, 15),
    }
    return Nudge(team="team_1", reason=reason, raised_at=MONDAY, **(given | fields))


def message(*entries: OpenNudge | EndedNudge, more: int = 0, member: Any = ANA, team: Team = TEAM) -> Message:
    """The day's message to Ana."""
    return Message(team, member, TODAY, entries, more)


def entry(who: Influencer = JESS, days: int = 100) -> OpenNudge:
    """Somebody quiet."""
    return OpenNudge(a_nudge(influencer=who.id), Known(who, silent(days, who=who)))


class TestQuietSentence:
    def test_a_rhythm_of_its_own(self) -> None:
        """From five pauses on: the usual pause, how many were shorter, and the longest."""
        standing = silent(23, 9, 9, 9, 31, 9, 9, 9, 9, 9, 9, 9, 9)

        assert (
            "Quiet for 23 days. You usually talk about every 11 days; "
            "longer than 11 of your last 12 pauses (longest: 31)."
            == plain(quiet_sentence(standing, JESS, TODAY, Tier.A))
        )

    def test_a_few_pauses_and_the_plan(self) -> None:
        """From one to four; the tier is named where the plan is the tier's."""
        who = replace(JESS, tier=Tier.B)

        three = plain(quiet_sentence(silent(23, 30, 35, 40, who=who), who, TODAY, Tier.B))
        one = plain(quiet_sentence(silent(1, 30, who=who), who, TODAY, None))

        assert (
            "Quiet for 23 days. Your first 3 pauses and the plan (tier B, every 60 days) suggest about every 39."
            == three
        )
        assert "Quiet for 1 day. Your first pause and the plan (every 60 days) suggest about every 39." == one

    def test_one_touchpoint_so_far(self) -> None:
        """Only the plan is there to compare with."""
        nobody = replace(JESS, tier=None)

        assert "One touchpoint so far, 41 days ago; the plan is every 21 days." == plain(
            quiet_sentence(silent(41), JESS, TODAY, Tier.A)
        )
        assert "One touchpoint so far, 41 days ago; without a plan, 14 days are assumed." == plain(
            quiet_sentence(silent(41, who=nobody), nobody, TODAY, None)
        )

    def test_several_on_one_day_are_no_rhythm_yet(self) -> None:
        """Two touchpoints, no pause."""
        day = TODAY - timedelta(days=41)
        both = [touch(day), touch(day, id="tch_2")]
        standing = reckon(TEAM, JESS, both, (), now=MONDAY, before=None)

        assert "Quiet for 41 days, after 2 touchpoints; the plan is every 21 days." == plain(
            quiet_sentence(standing, JESS, TODAY, Tier.A)
        )

    def test_a_rhythm_that_has_changed(self) -> None:
        """The last five pauses against all before."""
        standing = silent(23, 20, 20, 20, 20, 20, 9, 9, 9, 9, 9)

        assert (
            "Quiet for 23 days. You talk lately about every 9 days (before: 20); "
            "longer than any of your last 10 pauses (longest: 20)."
            == plain(quiet_sentence(standing, JESS, TODAY, Tier.A))
        )


class TestMessage:
    def test_why_the_idea_and_what_was_last(self) -> None:
        """In this order, so that a long note costs nothing else when it is clipped."""
        known = Known(replace(JESS, goal="a cookbook deal"), silent(100), touch(date(2026, 8, 15), note="spring"), ANA)

        found = nudge_message(message(OpenNudge(a_nudge(), known)))

        assert [
            "1 relationship needs you today.",
            "Jess Park — One touchpoint so far, 100 days ago; the plan is every 21 days.",
            "Idea: Jess Park wants a cookbook deal: ask how it is going, or offer help.",
            "Last: Ana, call with Jess Park, 15 Aug — “spring”",
        ] == words_of(found).splitlines()
        assert not found.private

    def test_waiting_on_us_says_since_when(self) -> None:
        """In days, and that nobody answered; what came from them is nobody's of ours."""
        last = touch(date(2026, 11, 19), direction=Direction.INBOUND, medium=Medium.OTHER)
        standing = reckon(TEAM, JESS, [last], (), now=MONDAY, before=None)
        known = Known(JESS, standing, last, ANA)

        lines = words_of(nudge_message(message(OpenNudge(a_nudge(NudgeReason.WAITING_ON_US), known)))).splitlines()

        assert "Jess Park — Wrote 4 days ago, unanswered." == lines[1]
        assert "Last: contact from Jess Park, 19 Nov." == lines[3]

    def test_every_open_nudge_has_its_buttons_and_no_ended_one(self) -> None:
        """They name the nudge, so that they work after a restart."""
        found = nudge_message(message(entry(), EndedNudge(an_influencer("Lee Fox"), Ending.NOT_NEEDED, BEN), more=2))

        nudge = a_nudge().id
        assert [
            callback("reached", nudge=nudge),
            callback("not_needed", nudge=nudge),
            callback("hand_over", nudge=nudge),
            callback("snooze_nudge", nudge=nudge),
        ] == [item.callback for item in pressable(found)]
        assert "Lee Fox — not needed (Ben)." in words_of(found)
        assert words_of(found).endswith("2 more need you: /rapport due shows everybody.")

    def test_singular_and_plural(self) -> None:
        """For a member and for the team, with one and with two, and with nothing left."""
        two = (entry(), entry(an_influencer("Lee Fox")))
        ended = EndedNudge(JESS, Ending.OVER)

        openings = [
            words_of(nudge_message(message(*entries, member=member))).splitlines()[0]
            for member in (ANA, None)
            for entries in (two[:1], two, (ended,))
        ]

        assert [
            "1 relationship needs you today.",
            "2 relationships need you today.",
            "Nothing is left to do here.",
            "1 relationship that nobody looks after needs somebody.",
            "2 relationships that nobody looks after need somebody.",
            "Nothing is left to do here.",
        ] == openings

    def test_what_people_wrote_is_never_ours(self) -> None:
        """Names, goals, notes and gestures stand in slots, where a renderer escapes them."""
        evil = "<!channel> **@everyone** {name}"
        team = a_team(gestures=(Gesture(evil),))
        who = replace(JESS, name=evil, goal=evil, motivation=evil)
        known = Known(who, silent(100), touch(date(2026, 8, 15), note=evil), replace(ANA, name=evil))
        drawn = (
            nudge_message(message(OpenNudge(a_nudge(), known), team=team)),
            names_only(message(OpenNudge(a_nudge(), known), EndedNudge(who, Ending.LOGGED, ANA))),
        )

        for reply in drawn:
            ours = [span.value for text in _texts(reply) for span in spans(text) if span.ours]
            assert not any("everyone" in str(words) or "channel>" in str(words) for words in ours)

    def test_names_only_is_names_only(self) -> None:
        """No number, no note, no button; the owner is called."""
        known = Known(replace(JESS, goal="a secret"), silent(100), touch(date(2026, 8, 15), note="a secret"), ANA)

        found = names_only(message(OpenNudge(a_nudge(), known)))

        assert (
            "Ana: Jess Park needs you. /rapport due says why.\n"
            "This would be a direct message, but yours are closed to Rapport." == words_of(found)
        )
        assert [] == pressable(found)


def _texts(reply: Reply) -> list[Text]:
    return [block for block in reply.blocks if isinstance(block, Text)]


class TestIdea:
    @pytest.mark.parametrize(
        ("days", "said"),
        [
            (0, "Jess Park’s birthday is today: a personal video message, for example."),
            (1, "Jess Park’s birthday is tomorrow: a personal video message, for example."),
            (30, "Jess Park’s birthday is 23 Dec: a personal video message, for example."),
            (31, "Ask what Jess Park wants: we don’t know it yet."),
        ],
    )
    def test_an_occasion_that_is_near_comes_first(self, days: int, said: str) -> None:
        """Within thirty days."""
        on = TODAY + timedelta(days=days)
        birthday = Occasion(id="occ_1", team="team_1", influencer=JESS.id, label="birthday", month=on.month, day=on.day)
        known = Known(JESS, silent(50), occasion=(birthday, on))

        assert said == plain(idea(known, NudgeReason.QUIET, TEAM, TODAY))

    def test_after_asking_twice_a_gesture_of_the_teams_list(self) -> None:
        """The same for the same silence, another one for the next; a personal note where the list is empty."""
        team = a_team(gestures=(Gesture("send cookies"), Gesture("a video", "https://example.org/how")))
        standing = replace(silent(50), asks_since_give=2)
        later = replace(standing, silent_since=(standing.silent_since or TODAY) + timedelta(days=1))

        drawn = {plain(idea(Known(JESS, one), NudgeReason.QUIET, team, TODAY)) for one in (standing, standing, later)}

        assert {
            "2 asks since we last gave something: send cookies.",
            "2 asks since we last gave something: a video.",
        } == drawn
        assert "2 asks since we last gave something: send a personal note with no ask." == plain(
            idea(Known(JESS, standing), NudgeReason.QUIET, TEAM, TODAY)
        )

    def test_their_goal_and_why_they_want_it(self) -> None:
        """As recorded."""
        who = replace(JESS, goal="a cookbook deal", motivation="out of sponsored posts")

        assert (
            "Jess Park wants a cookbook deal, because out of sponsored posts: ask how it is going, or offer help."
            == plain(idea(Known(who, silent(50)), NudgeReason.QUIET, TEAM, TODAY))
        )

    def test_who_waits_is_answered_first(self) -> None:
        """With their last words, before any occasion or goal; a nudge about the silence says that they wait."""
        last = touch(date(2026, 11, 19), direction=Direction.INBOUND, medium=Medium.EMAIL, note="can you send it?")
        who = replace(JESS, goal="a cookbook deal")
        standing = reckon(TEAM, who, [last], (), now=MONDAY, before=None)

        waiting, silence = (
            plain(idea(Known(who, standing, last), reason, TEAM, TODAY))
            for reason in (NudgeReason.WAITING_ON_US, NudgeReason.QUIET)
        )

        assert "Answer Jess Park: “can you send it?”" == waiting
        assert "Answer Jess Park, who wrote 4 days ago and waits: “can you send it?”" == silence

    def test_what_is_planned_is_a_reason_to_snooze(self) -> None:
        """Where they wait for an answer and a touchpoint is planned."""
        standing = replace(silent(50), next_planned=date(2026, 12, 3))

        assert "A touchpoint is planned for 3 Dec: answer, or snooze until then." == plain(
            idea(Known(JESS, standing), NudgeReason.WAITING_ON_US, TEAM, TODAY)
        )

    def test_who_was_never_given_anything(self) -> None:
        """After a few touchpoints without a give, and without a goal to go by."""
        assert "We never gave anything yet: send a personal note with no ask." == plain(
            idea(Known(JESS, silent(50, 10, 10)), NudgeReason.QUIET, TEAM, TODAY)
        )


class TestEndings:
    @pytest.mark.parametrize(
        ("nudge", "who", "said"),
        [
            (
                a_nudge(state=NudgeState.OVER, closed_by=BEN.id, closed_at=MONDAY),
                replace(JESS, snoozed_until=date(2027, 1, 4)),
                "snoozed until 4 Jan 2027",
            ),
            (a_nudge(state=NudgeState.NOT_NEEDED, closed_by=BEN.id, closed_at=MONDAY), JESS, "not needed (Ben)"),
            (a_nudge(member=BEN.id), JESS, "handed over to Ben"),
            (a_nudge(member=None), JESS, "handed over to the team"),
            (a_nudge(state=NudgeState.OVER), replace(JESS, archived_at=MONDAY), "archived"),
            (a_nudge(state=NudgeState.OVER), JESS, "✓ no longer due"),
        ],
    )
    def test_each_in_a_sentence(self, nudge: Nudge, who: Influencer, said: str) -> None:
        """Without a touchpoint that was logged at that moment."""
        older = touch(TODAY, logged_at=MONDAY - timedelta(seconds=1))

        found = ending_of(nudge, who, [older], {ANA.id: ANA, BEN.id: BEN})

        assert f"Jess Park — {said}." == plain(ended_sentence(found, TODAY))

    @pytest.mark.parametrize("medium", list(Medium))
    def test_a_log_says_who_what_and_when(self, medium: Medium) -> None:
        """Every medium has its article."""
        over = a_nudge(state=NudgeState.OVER, closed_by=BEN.id, closed_at=MONDAY)

        said = plain(ended_sentence(ending_of(over, JESS, [touch(TODAY, medium=medium)], {ANA.id: ANA}), TODAY))

        word = {"other": "touchpoint", "dm": "DM"}.get(medium, medium.value)
        article = "an" if word[0] in "aeiou" else "a"
        assert f"Jess Park — ✓ Ana logged {article} {word}, 23 Nov." == said

    @pytest.mark.parametrize(
        ("later", "said"),
        [
            (timedelta(seconds=59), "just now"),
            (timedelta(minutes=1), "1 minute ago"),
            (timedelta(minutes=59), "59 minutes ago"),
            (timedelta(hours=23), "23 hours ago"),
            (timedelta(days=2), "2 days ago"),
        ],
    )
    def test_a_second_press_is_told_how_long_ago(self, later: timedelta, said: str) -> None:
        """In the largest whole unit."""
        closed = a_nudge(state=NudgeState.NOT_NEEDED, closed_by=BEN.id, closed_at=MONDAY)

        found = already(closed.closed_at, EndedNudge(JESS, Ending.NOT_NEEDED, BEN), BEN, MONDAY + later, TODAY)

        assert f"Already done by Ben, {said}: Jess Park — not needed (Ben)." == words_of(found)


def test_the_longest_nudge_id_fits_a_button() -> None:
    """Ids as `random_id` makes them, and the longest reason."""
    longest = f"nudge:inf_{'x' * 16}:waiting_on_us:2026-11-23"
    known = Known(JESS, silent(50))

    found = nudge_message(message(OpenNudge(a_nudge(id=longest), known)))

    assert all(len(item.callback.encode()) <= 90 for item in pressable(found))
