from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot import rhythm
from bot.concerns import concerns, holds
from bot.model import (
    Direction,
    Exchange,
    Influencer,
    Medium,
    Nudge,
    NudgeReason,
    NudgeState,
    Pause,
    Sensitivity,
    Stage,
    Standing,
    Team,
    Tier,
    Touchpoint,
)
from bot.standing import Book, Status, cadence_of, reckon, silent_days, status, urgency
from tests.fakes import MONDAY, a_team, an_influencer

TODAY = date(2026, 11, 23)
TEAM = a_team()
JESS = an_influencer("Jess Park")
IN, OUT, BOTH = Direction.INBOUND, Direction.OUTBOUND, Direction.MUTUAL


def touch(ago: int, direction: Direction = OUT, **fields: Any) -> Touchpoint:
    """A touchpoint so many days before TODAY; the id says which, so that two of a day differ by direction."""
    on = TODAY - timedelta(days=ago)
    given: dict[str, Any] = {
        "id": f"tch_{ago}_{direction}",
        "medium": Medium.EMAIL,
        "logged_at": datetime(on.year, on.month, on.day, 12, tzinfo=UTC),
    }
    return Touchpoint(team="team_1", influencer=JESS.id, on=on, direction=direction, **(given | fields))


def stands(
    *touches: Touchpoint,
    who: Influencer = JESS,
    team: Team = TEAM,
    nudges: tuple[Nudge, ...] = (),
    now: datetime = MONDAY,
) -> Standing:
    """What these touchpoints add up to."""
    return reckon(team, Book(who, touches, nudges=nudges), now=now, before=None)


def nudge(standing: Standing, reason: NudgeReason, state: NudgeState, **fields: Any) -> Nudge:
    """A nudge for the concern of a standing that has this reason."""
    concern = next(concern for concern in concerns(TEAM, standing) if concern.reason is reason)
    return Nudge(
        id=concern.key,
        team="team_1",
        influencer=JESS.id,
        reason=reason,
        since=concern.since,
        member=None,
        state=state,
        raised_at=MONDAY,
        **fields,
    )


class TestSilence:
    def test_without_a_touchpoint_there_is_a_first_contact_planned(self) -> None:
        """One cadence from the day of adding, and no nudge ever."""
        who = replace(JESS, added_at=MONDAY)

        found = stands(who=who)

        assert (None, None, TODAY + timedelta(days=21), None) == (
            found.silent_since,
            found.quiet_on,
            found.planned_on,
            found.due_at,
        )
        assert datetime(2026, 12, 13, 23, 0, tzinfo=UTC) == found.attention_at
        assert Status.NEW is status(found, TODAY)

    def test_the_first_touchpoint_works_from_the_plan(self) -> None:
        """Quiet on the day that the rhythm without a pause says, due at its first moment in the team's zone."""
        found = stands(touch(10))

        after = rhythm.nudge_after(rhythm.learn((), 21))
        assert (TODAY - timedelta(days=10), after) == (found.silent_since, found.nudge_after)
        assert TODAY + timedelta(days=after - 10) == found.quiet_on
        assert (TODAY + timedelta(days=11), Status.ON_TRACK) == (found.planned_on, status(found, TODAY))

    def test_a_team_that_is_eager_hears_sooner(self) -> None:
        """Sensitivity moves the nudge day, and a changed cadence moves the plan."""
        eager, calm = (
            stands(touch(10), team=a_team(sensitivity=one)).nudge_after for one in (Sensitivity.EAGER, Sensitivity.CALM)
        )
        own = replace(JESS, cadence=90)

        assert (eager or 0) < (calm or 0)
        assert (90, 60) == (cadence_of(TEAM, own), cadence_of(TEAM, replace(JESS, tier=Tier.B)))
        assert None is cadence_of(TEAM, replace(JESS, tier=None))

    def test_several_on_one_day_are_one_active_day(self) -> None:
        """Three touchpoints, one pause."""
        found = stands(touch(30), touch(10), touch(10, BOTH))

        assert ((20.0,), 3) == (found.pauses, found.touchpoints)

    def test_a_day_is_the_teams_day(self) -> None:
        """Logged late in the evening in New York it is tomorrow in Berlin."""
        late = touch(1, at=datetime(2026, 11, 23, 1, 0, tzinfo=UTC))

        assert TODAY == stands(late).silent_since

    def test_a_touchpoint_to_come_holds_the_nudge(self) -> None:
        """It is not counted before its day, on which the standing is looked at again."""
        found = stands(touch(300), touch(-5))

        assert (1, TODAY + timedelta(days=5), ()) == (found.touchpoints, found.next_planned, concerns(TEAM, found))
        assert datetime(2026, 11, 27, 23, 0, tzinfo=UTC) == found.due_at
        assert (None, Status.ON_TRACK) == (found.attention_at, status(replace(found, planned_on=None), TODAY))

    def test_when_its_day_comes_it_breaks_the_silence(self) -> None:
        """The same touchpoints, five days later."""
        found = stands(touch(300), touch(-5), now=MONDAY + timedelta(days=5))

        assert (None, TODAY + timedelta(days=5)) == (found.next_planned, found.silent_since)

    def test_automatic_ones_break_no_silence(self) -> None:
        """They are counted as touchpoints, not for the rhythm."""
        found = stands(touch(50), touch(3, automatic=True))

        assert (TODAY - timedelta(days=50), 2) == (found.silent_since, found.touchpoints)

    def test_the_third_message_without_an_answer_breaks_no_silence(self) -> None:
        """Two do; once they answer, all count."""
        alone = stands(touch(50), touch(40), touch(30), touch(20))
        answered = stands(touch(50), touch(40), touch(30), touch(20), touch(10, IN))

        assert (TODAY - timedelta(days=40), 4) == (alone.silent_since, alone.unanswered)
        assert (TODAY - timedelta(days=10), 0, 4) == (answered.silent_since, answered.unanswered, len(answered.pauses))
        assert Status.WAITING_ON_THEM is status(replace(alone, quiet_on=None), TODAY)

    def test_days_paused_are_no_silence(self) -> None:
        """Ten days of the clock standing still move the quiet day by ten, and are not said either."""
        pause = Pause(TODAY - timedelta(days=15), TODAY - timedelta(days=5))
        who = replace(JESS, pauses=(pause,))

        plain, paused = stands(touch(20)), stands(touch(20), who=who)

        assert plain.quiet_on is not None
        assert plain.quiet_on + timedelta(days=10) == paused.quiet_on
        assert (20, 10) == (silent_days(plain, JESS, TODAY), silent_days(paused, who, TODAY))

    def test_while_paused_ended_or_archived_nothing_is_due(self) -> None:
        """However long the silence."""
        people = (
            replace(JESS, pauses=(Pause(TODAY - timedelta(days=5)),)),
            replace(JESS, stage=Stage.ENDED),
            replace(JESS, archived_at=MONDAY),
        )

        for who in people:
            found = stands(touch(300), who=who)
            assert ((), None, None) == (concerns(TEAM, found), found.attention_at, found.due_at)

    @given(
        days=st.lists(st.tuples(st.integers(0, 500), st.sampled_from([IN, OUT, BOTH])), max_size=30, unique=True),
        order=st.randoms(use_true_random=False),
    )
    def test_the_order_they_come_in_is_irrelevant(self, days: list[tuple[int, Direction]], order: Any) -> None:
        """Late, imported, deleted and logged again: the same touchpoints are the same standing."""
        touches = [touch(*one) for one in days]
        shuffled = list(touches)
        order.shuffle(shuffled)

        assert stands(*touches) == stands(*shuffled)


class TestConversation:
    def test_an_inbound_message_waits_from_the_first_of_them(self) -> None:
        """Two in a row wait since the first; the owner is nudged after two working days."""
        found = stands(touch(20), touch(6, IN), touch(1, IN))

        (concern, *_) = concerns(TEAM, found)
        assert (TODAY - timedelta(days=6), Status.WAITING_ON_US) == (found.waiting_since, status(found, TODAY))
        assert (NudgeReason.WAITING_ON_US, datetime(2026, 11, 18, 23, 0, tzinfo=UTC)) == (concern.reason, concern.at)
        assert "nudge:inf_jess:waiting_on_us:2026-11-17" == concern.key

    @pytest.mark.parametrize("answer", [OUT, BOTH])
    def test_an_answer_or_a_meeting_ends_the_wait(self, answer: Direction) -> None:
        """Either way it is not on us any more."""
        assert None is stands(touch(6, IN), touch(1, answer)).waiting_since

    def test_a_weekend_gives_no_blame(self) -> None:
        """Written on Friday, seen on Monday: it has not waited for two working days."""
        found = stands(touch(3, IN))

        assert [False] == [holds(one, MONDAY) for one in concerns(TEAM, found) if one.reason == "waiting_on_us"]

    def test_not_needed_excuses_what_was_written_before(self) -> None:
        """A later message waits again."""
        first = stands(touch(6, IN))
        excused = nudge(first, NudgeReason.WAITING_ON_US, NudgeState.NOT_NEEDED, closed_at=MONDAY - timedelta(days=2))

        assert None is stands(touch(6, IN), nudges=(excused,)).waiting_since
        assert TODAY - timedelta(days=1) == stands(touch(6, IN), touch(1, IN), nudges=(excused,)).waiting_since

    def test_a_call_that_was_taken_is_a_conversation_whoever_rang(self) -> None:
        """It neither waits nor counts as unanswered, and every such call breaks the silence; a missed one does not."""
        talked = stands(
            *(touch(ago, OUT, medium=Medium.CALL) for ago in (40, 30, 20, 10)), touch(5, IN, medium=Medium.CALL)
        )
        missed = stands(*(touch(ago, OUT, medium=Medium.CALL, reached=False) for ago in (40, 30, 20, 10)))
        rang = stands(touch(5, IN, medium=Medium.CALL, reached=False))

        assert (0, None, TODAY - timedelta(days=5)) == (talked.unanswered, talked.waiting_since, talked.silent_since)
        assert (4, TODAY - timedelta(days=30)) == (missed.unanswered, missed.silent_since)
        assert TODAY - timedelta(days=5) == rang.waiting_since


class TestBalance:
    def test_gives_asks_and_payments_are_counted(self) -> None:
        """And the asks since the last give."""
        give, ask = Exchange.GIVE, Exchange.ASK
        found = stands(
            touch(50, exchange=ask),
            touch(40, exchange=give),
            touch(30, exchange=ask, paid=True),
            touch(20, exchange=ask),
        )

        assert (1, 3, 2, 1) == (found.gives, found.asks, found.asks_since_give, found.paid)

    def test_last_contact_is_of_one_touchpoint(self) -> None:
        """The newest that is not in the future: who, when and what belong together."""
        found = stands(touch(9, by="mem_ana"), touch(2, IN, by="mem_ben", medium=Medium.DM), touch(-3))

        assert found.last is not None
        assert ("tch_2_inbound", TODAY - timedelta(days=2), Medium.DM, IN, "mem_ben") == (
            found.last.touchpoint,
            found.last.on,
            found.last.medium,
            found.last.direction,
            found.last.by,
        )


class TestDue:
    def test_what_was_raised_is_not_due_again(self) -> None:
        """But it still needs attention."""
        before = stands(touch(300))
        raised = nudge(before, NudgeReason.QUIET, NudgeState.SENT)

        found = stands(touch(300), nudges=(raised,))

        assert before.due_at is not None
        assert (None, before.attention_at) == (found.due_at, found.attention_at)

    def test_what_is_not_needed_needs_no_attention(self) -> None:
        """The same silence is not raised again; the next one is."""
        closed = nudge(stands(touch(300)), NudgeReason.QUIET, NudgeState.NOT_NEEDED)

        found = stands(touch(300), nudges=(closed,))
        later = stands(touch(300), touch(200), nudges=(closed,))

        assert (None, None) == (found.due_at, found.attention_at)
        assert None is not later.due_at

    def test_a_snooze_holds_until_its_day_and_then_counts_once_more(self) -> None:
        """The concern begins anew on that day, also where the old nudge was sent."""
        sent = nudge(stands(touch(300)), NudgeReason.QUIET, NudgeState.OVER)
        who = replace(JESS, snoozed_until=TODAY + timedelta(days=14))

        found = stands(touch(300), who=who, nudges=(sent,))

        (concern,) = concerns(TEAM, found)
        assert datetime(2026, 12, 6, 23, 0, tzinfo=UTC) == concern.at == found.due_at == found.attention_at
        assert [Status.SNOOZED, Status.QUIET] == [status(found, day) for day in (TODAY, TODAY + timedelta(days=14))]

    def test_a_snooze_of_the_past_does_not_outlive_the_silence(self) -> None:
        """Snoozed until last month; talked since: the key is that of the new silence."""
        who = replace(JESS, snoozed_until=TODAY - timedelta(days=100))

        (concern,) = concerns(TEAM, stands(touch(60), who=who))

        assert TODAY - timedelta(days=60) == concern.since


class TestAttention:
    @given(
        days=st.lists(st.tuples(st.integers(-20, 120), st.sampled_from([IN, OUT, BOTH])), max_size=6, unique=True),
        snoozed=st.none() | st.integers(-60, 30),
        paused=st.booleans(),
        is_not_needed=st.booleans(),
    )
    def test_it_is_what_status_and_plan_say(
        self, days: list[tuple[int, Direction]], snoozed: int | None, paused: bool, is_not_needed: bool
    ) -> None:
        """Whoever waits on us, is quiet or past the plan needs attention, and nobody else does."""
        who = replace(
            JESS,
            added_at=MONDAY - timedelta(days=60),
            snoozed_until=None if snoozed is None else TODAY + timedelta(days=snoozed),
            pauses=(Pause(TODAY - timedelta(days=5)),) if paused else (),
        )
        touches = [touch(*one) for one in days]
        before = stands(*touches, who=who)
        quiet = [one for one in concerns(TEAM, before) if one.reason is NudgeReason.QUIET]
        nudges = (nudge(before, NudgeReason.QUIET, NudgeState.NOT_NEEDED),) if is_not_needed and quiet else ()

        found = stands(*touches, who=who, nudges=nudges)

        now = status(found, TODAY)
        is_past = found.planned_on is not None and found.planned_on <= TODAY and found.next_planned is None
        silence = not nudges and (now is Status.QUIET or is_past)
        expected = now not in {Status.PAUSED, Status.SNOOZED} and (now is Status.WAITING_ON_US or silence)
        assert expected == (found.attention_at is not None and found.attention_at <= MONDAY)

    def test_an_answer_is_awaited_from_the_day_they_wrote(self) -> None:
        """The nudge leaves two working days, the list does not."""
        found = stands(touch(0, IN))

        assert (datetime(2026, 11, 22, 23, 0, tzinfo=UTC), datetime(2026, 11, 24, 23, 0, tzinfo=UTC)) == (
            found.attention_at,
            found.due_at,
        )

    def test_the_day_of_the_plan_needs_attention_and_no_nudge(self) -> None:
        """Attention begins on the planned day, a nudge is due when the silence is unusual."""
        found = stands(touch(10))

        assert (datetime(2026, 12, 3, 23, 0, tzinfo=UTC), True) == (
            found.attention_at,
            found.due_at is not None and found.attention_at is not None and found.attention_at < found.due_at,
        )


class TestStatus:
    def test_of_those_that_apply_the_first_counts(self) -> None:
        """Everything at once, then one after the other taken away, in BEHAVIOUR's order."""
        everything = replace(
            stands(touch(300)),
            paused=True,
            snoozed_until=TODAY + timedelta(days=1),
            waiting_since=TODAY,
            unanswered=2,
            planned_on=TODAY,
        )
        steps: list[dict[str, Any]] = [
            {},
            {"paused": False},
            {"snoozed_until": TODAY},
            {"waiting_since": None},
            {"quiet_on": None},
            {"unanswered": 1},
            {"planned_on": TODAY + timedelta(days=8)},
            {"touchpoints": 0},
        ]
        found = []
        for step in steps:
            everything = replace(everything, **step)
            found.append(status(everything, TODAY))

        assert list(Status) == found

    def test_urgency_grows_with_the_silence(self) -> None:
        """R, and 0 where nothing has been heard yet."""
        found = stands(touch(60), touch(40), touch(20))

        assert sorted(ranks := [urgency(found, days) for days in (1, 10, 20, 60)]) == ranks
        assert 0.0 == urgency(stands(), 50)
