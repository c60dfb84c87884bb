from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from bot.calendar import latest_end
from bot.endings import EndedNudge, Ending, ending_of
from bot.model import (
    Direction,
    Gesture,
    Influencer,
    Kept,
    Medium,
    Nudge,
    NudgeReason,
    NudgeState,
    Occasion,
    Promise,
    Side,
    Standing,
    StandingNote,
    Team,
    Tier,
    Touchpoint,
)
from bot.reply import CALLBACK_LIMIT, Callback, Reply, Select, Text, callback, spans
from bot.standing import Book, reckon
from bot.views.endings import ended_sentence
from bot.views.ideas import BIRTHDAY_GESTURES, GESTURES, Known, gesture_for, gesture_note, idea
from bot.views.nudge_answers import already, hand_over_to, owner_mark
from bot.views.nudges import Message, OpenNudge, names_only, nudge_message
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
    return reckon(team, Book(who, touches), now=MONDAY, before=None)


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
    return Message(team, member, TODAY, TODAY, entries, more)


def entry(who: Influencer = JESS, days: int = 100) -> OpenNudge:
    """Somebody quiet."""
    return OpenNudge((a_nudge(influencer=who.id),), Known(who, silent(days, who=who)))


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
        standing = reckon(TEAM, Book(JESS, both), now=MONDAY, before=None)

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

        found = nudge_message(message(OpenNudge((a_nudge(),), known)))

        assert [
            "1 relationship needs you today.",
            "Jess Park — One touchpoint so far, 100 days ago; the plan is every 21 days.",
            "Idea: Jess Park wants a cookbook deal: ask how it is going, or offer help.",
            "Last: Ana, call with Jess, Sat 15 Aug — “spring”.",
        ] == words_of(found).splitlines()
        assert not found.private

    def test_waiting_on_us_says_since_when(self) -> None:
        """In days, and that nobody answered; what came from them is nobody's of ours."""
        last = touch(date(2026, 11, 19), direction=Direction.INBOUND, medium=Medium.OTHER)
        standing = reckon(TEAM, Book(JESS, [last]), now=MONDAY, before=None)
        known = Known(JESS, standing, last, ANA)

        lines = words_of(nudge_message(message(OpenNudge((a_nudge(NudgeReason.WAITING_ON_US),), known)))).splitlines()

        assert "Jess Park — Wrote 4 days ago, unanswered." == lines[1]
        assert "Last: contact from Jess, Thu 19 Nov." == lines[3]

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

    def test_what_nobody_looks_after_is_found_among_all(self) -> None:
        """One’s own list has none of them, so that it is not where the rest is."""
        drawn = (
            nudge_message(message(entry(), more=1, member=None)),
            names_only(message(entry(), more=2, member=None)),
        )

        assert words_of(drawn[0]).endswith("1 more needs somebody: /rapport due all shows everybody.")
        assert "Jess Park needs you. /rapport due all says why." in words_of(drawn[1])
        assert words_of(drawn[1]).endswith("2 more need somebody: /rapport due all shows everybody.")

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
            nudge_message(message(OpenNudge((a_nudge(),), known), team=team)),
            names_only(message(OpenNudge((a_nudge(),), known), EndedNudge(who, Ending.LOGGED, ANA))),
        )

        for reply in drawn:
            ours = [span.value for text in _texts(reply) for span in spans(text) if span.ours]
            assert not any("everyone" in str(words) or "channel>" in str(words) for words in ours)

    def test_names_only_is_names_only(self) -> None:
        """No number, no note, no button; the owner is called."""
        known = Known(replace(JESS, goal="a secret"), silent(100), touch(date(2026, 8, 15), note="a secret"), ANA)

        found = names_only(message(OpenNudge((a_nudge(),), known)))

        assert (
            "Ana: Jess Park needs you. /rapport due says why.\n"
            "This would be a direct message, but yours are closed to Rapport." == words_of(found)
        )
        assert [] == pressable(found)


def _texts(reply: Reply) -> list[Text]:
    return [block for block in reply.blocks if isinstance(block, Text)]


class TestTwoDates:
    """The reader is a day ahead of the team."""

    def _said(self, nudge: Nudge, known: Known) -> str:
        ahead = Message(TEAM, ANA, TODAY + timedelta(days=1), TODAY, (OpenNudge((nudge,), known),))
        return words_of(nudge_message(ahead)).splitlines()[1].partition(" — ")[2]

    def test_what_is_due_is_due_where_it_is_read(self) -> None:
        """Promises and occasions."""
        due = TODAY + timedelta(days=1)
        sample, birthday = replace(A_SAMPLE, due=due), replace(A_BIRTHDAY, month=due.month, day=due.day + 1)

        assert "We owe the ceramic sample, due today." == self._said(about(sample, due), matters(sample))
        assert "Birthday tomorrow, turning 35." == self._said(
            about(birthday, due + timedelta(days=1)), matters(birthday)
        )

    def test_silence_is_counted_where_the_team_is(self) -> None:
        """So is waiting: by the dates that the rhythm is reckoned by."""
        waiting = replace(silent(10), waiting_since=TODAY - timedelta(days=4))

        assert "Wrote 4 days ago, unanswered." == self._said(a_nudge(NudgeReason.WAITING_ON_US), Known(JESS, waiting))
        assert self._said(a_nudge(), Known(JESS, silent(41))).startswith("One touchpoint so far, 41 days ago;")


class TestIdea:
    @pytest.mark.parametrize(
        ("days", "said"),
        [
            (0, "Jess Park’s birthday is today: a personal birthday video message, for example."),
            (1, "Jess Park’s birthday is tomorrow: a personal birthday video message, for example."),
            (30, "Jess Park’s birthday is on Wed 23 Dec: a personal birthday video message, for example."),
            (31, "Ask what Jess Park wants: we don’t know it yet."),
        ],
    )
    def test_an_occasion_that_is_near_comes_first(self, days: int, said: str) -> None:
        """Within thirty days."""
        on = TODAY + timedelta(days=days)
        birthday = Occasion(id="occ_1", team="team_1", influencer=JESS.id, label="birthday", month=on.month, day=on.day)
        known = Known(JESS, silent(50), occasion=(birthday, on))

        assert said == plain(idea(known, a_nudge(), TEAM, TODAY, TODAY))

    def test_after_asking_twice_a_gesture_of_the_teams_list(self) -> None:
        """The same for the same silence, another one for the next; a personal note where the list is empty."""
        team = a_team(gestures=(Gesture("send cookies"), Gesture("a video", "https://example.org/how")))
        standing = replace(silent(50), asks_since_give=2)
        later = replace(standing, silent_since=(standing.silent_since or TODAY) + timedelta(days=1))

        drawn = {plain(idea(Known(JESS, one), a_nudge(), team, TODAY, TODAY)) for one in (standing, standing, later)}

        assert {
            "2 asks since we last gave something: send cookies.",
            "2 asks since we last gave something: a video.",
        } == drawn
        assert "2 asks since we last gave something: send a personal note with no ask." == plain(
            idea(Known(JESS, standing), a_nudge(), TEAM, TODAY, TODAY)
        )

    def test_their_goal_and_why_they_want_it(self) -> None:
        """As recorded."""
        who = replace(JESS, goal="a cookbook deal", motivation="out of sponsored posts")

        assert (
            "Jess Park wants a cookbook deal, because out of sponsored posts: ask how it is going, or offer help."
            == plain(idea(Known(who, silent(50)), a_nudge(), TEAM, TODAY, TODAY))
        )

    def test_who_waits_is_answered_first(self) -> None:
        """With their last words, before any occasion or goal; a nudge about the silence says that they wait."""
        last = touch(date(2026, 11, 19), direction=Direction.INBOUND, medium=Medium.EMAIL, note="can you send it?")
        who = replace(JESS, goal="a cookbook deal")
        standing = reckon(TEAM, Book(who, [last]), now=MONDAY, before=None)

        waiting, silence = (
            plain(idea(Known(who, standing, last), a_nudge(reason), TEAM, TODAY, TODAY))
            for reason in (NudgeReason.WAITING_ON_US, NudgeReason.QUIET)
        )

        assert "Answer what Jess Park wrote: “can you send it?”" == waiting
        assert "Answer Jess Park, who wrote 4 days ago and waits: “can you send it?”" == silence

    def test_what_is_planned_is_a_reason_to_snooze(self) -> None:
        """Where they wait for an answer and a touchpoint is planned."""
        standing = replace(silent(50), next_planned=date(2026, 12, 3))

        assert "A touchpoint is planned for Thu 3 Dec: answer, or snooze until then." == plain(
            idea(Known(JESS, standing), a_nudge(NudgeReason.WAITING_ON_US), TEAM, TODAY, TODAY)
        )

    def test_who_was_never_given_anything(self) -> None:
        """After a few touchpoints without a give, and without a goal to go by."""
        assert "We never gave anything yet: send a personal note with no ask." == plain(
            idea(Known(JESS, silent(50, 10, 10)), a_nudge(), TEAM, TODAY, TODAY)
        )


class TestEndings:
    @pytest.mark.parametrize(
        ("nudge", "who", "said"),
        [
            (
                a_nudge(state=NudgeState.OVER, closed_by=BEN.id, closed_at=MONDAY),
                replace(JESS, snoozed_until=date(2027, 1, 4)),
                "snoozed until Mon 4 Jan 2027",
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

        found = ending_of(nudge, who, [older], {ANA.id: ANA, BEN.id: BEN}, TEAM.zone)

        assert f"Jess Park — {said}." == plain(ended_sentence(found, TODAY))

    @pytest.mark.parametrize("medium", list(Medium))
    def test_a_log_says_who_what_and_when(self, medium: Medium) -> None:
        """Every medium has its article."""
        over = a_nudge(state=NudgeState.OVER, closed_by=BEN.id, closed_at=MONDAY)

        said = plain(
            ended_sentence(ending_of(over, JESS, [touch(TODAY, medium=medium)], {ANA.id: ANA}, TEAM.zone), TODAY)
        )

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

        found = already(closed.closed_at, EndedNudge(JESS, Ending.NOT_NEEDED, BEN), BEN, ANA, MONDAY + later, TODAY)

        assert f"Already done by Ben, {said}: Jess Park — not needed (Ben)." == words_of(found)


A_DRAFT = Promise(
    id="prm_1", team="team_1", influencer=JESS.id, side=Side.THEY, what="the draft", made_at=MONDAY, made_by=ANA.id
)
A_SAMPLE = replace(A_DRAFT, id="prm_2", side=Side.WE, what="the ceramic sample")
A_BIRTHDAY = Occasion(id="occ_1", team="team_1", influencer=JESS.id, label="birthday", month=12, day=5, year=1991)
A_LAUNCH = replace(A_BIRTHDAY, id="occ_2", label="book launch", day=3, year=2026, yearly=False)


def about(matter: Promise | Occasion, on: date) -> Nudge:
    """A nudge about a promise, or about an occasion on a date."""
    reason = NudgeReason.PROMISE if isinstance(matter, Promise) else NudgeReason.OCCASION
    return a_nudge(reason, id=f"nudge:inf_jess:{reason}.{matter.id}:{on}", about=matter.id, since=on)


def matters(*of: Promise | Occasion, who: Influencer = JESS) -> Known:
    """What is known of somebody quiet with these promises and occasions."""
    return Known(
        who,
        silent(50, who=who),
        promises={one.id: one for one in of if isinstance(one, Promise)},
        occasions={one.id: one for one in of if isinstance(one, Occasion)},
    )


def reasons(known: Known, *nudges: Nudge) -> str:
    """The first line of an entry, without the name."""
    return words_of(nudge_message(message(OpenNudge(nudges, known)))).splitlines()[1].partition(" — ")[2]


class TestReasons:
    @pytest.mark.parametrize(
        ("promise", "due", "said"),
        [
            (A_SAMPLE, date(2026, 11, 6), "We owe the ceramic sample, due 6 Nov, 17 days late."),
            (A_SAMPLE, date(2026, 11, 22), "We owe the ceramic sample, due 22 Nov, 1 day late."),
            (A_SAMPLE, TODAY, "We owe the ceramic sample, due today."),
            (A_SAMPLE, date(2026, 11, 24), "We owe the ceramic sample, due tomorrow."),
            (A_SAMPLE, date(2026, 11, 28), "We owe the ceramic sample, due on Saturday."),
            (A_SAMPLE, date(2026, 12, 28), "We owe the ceramic sample, due 28 Dec."),
            (A_DRAFT, date(2026, 11, 21), "Jess owes the draft, due 21 Nov, 2 days late."),
            (replace(A_SAMPLE, what="send the sample"), TODAY, "We promised to send the sample, due today."),
            (
                replace(A_SAMPLE, what="the fee", payment=True, value="$500"),
                TODAY,
                "We owe the fee, a payment of $500, due today.",
            ),
        ],
    )
    def test_a_promise_says_by_when_and_how_late(self, promise: Promise, due: date, said: str) -> None:
        """Ours and theirs, in days; on a weekend by its name."""
        promise = replace(promise, due=due)

        assert said == reasons(matters(promise), about(promise, due))

    @pytest.mark.parametrize(
        ("on", "said"),
        [
            (TODAY, "Birthday today, turning 35."),
            (date(2026, 11, 24), "Birthday tomorrow, turning 35."),
            (date(2026, 11, 28), "Birthday on Saturday (28 Nov), turning 35."),
            (date(2026, 12, 2), "Birthday in 9 days, on Wed 2 Dec, turning 35."),
            (date(2027, 1, 1), "Birthday in 39 days, on Fri 1 Jan 2027, turning 36."),
        ],
    )
    def test_an_occasion_says_when_it_is(self, on: date, said: str) -> None:
        """And what age they turn, where the year is known."""
        birthday = replace(A_BIRTHDAY, month=on.month, day=on.day)

        assert said == reasons(matters(birthday), about(birthday, on))

    def test_only_birthdays_have_an_age(self) -> None:
        """Other years are counted, a single day and an unknown year are not."""
        wedding = replace(A_BIRTHDAY, label="wedding anniversary", year=2014)
        unknown = replace(A_BIRTHDAY, year=None)

        assert [
            "Wedding anniversary in 12 days, on Sat 5 Dec, 12 years.",
            "Birthday in 12 days, on Sat 5 Dec.",
            "Book launch in 10 days, on Thu 3 Dec.",
        ] == [reasons(matters(one), about(one, one.in_year(2026))) for one in (wedding, unknown, A_LAUNCH)]

    def test_several_stand_in_one_entry(self) -> None:
        """Each once, the most urgent first, with three buttons and a select about that one."""
        promise = replace(A_SAMPLE, due=TODAY)
        nudges = (
            about(promise, TODAY),
            about(A_LAUNCH, date(2026, 12, 3)),
            replace(about(A_LAUNCH, date(2026, 12, 3)), id="nudge:inf_jess:occasion.1:2026-12-03"),
            a_nudge(),
        )

        found = nudge_message(message(OpenNudge(nudges, matters(promise, A_LAUNCH))))

        assert words_of(found).splitlines()[1] == (
            "Jess Park — We owe the ceramic sample, due today. Book launch in 10 days, on Thu 3 Dec. "
            "One touchpoint so far, 50 days ago; the plan is every 21 days."
        )
        assert ["Promise kept", "No reminder needed", "Hand over", "Snooze"] == [one.label for one in pressable(found)]
        assert [callback("not_needed", nudge=nudges[0].id)] == [pressable(found)[1].callback]

    @pytest.mark.parametrize(
        ("nudge", "label", "pressed"),
        [
            (a_nudge(), "I reached out", callback("reached", nudge=a_nudge().id)),
            (
                about(A_SAMPLE, TODAY),
                "Promise kept",
                callback("settle", promise="prm_2", outcome="kept"),
            ),
            (about(A_DRAFT, TODAY), "They kept it", callback("settle", promise="prm_1", outcome="kept")),
            (
                about(A_LAUNCH, date(2026, 12, 3)),
                "I did it",
                callback("gesture", nudge="nudge:inf_jess:occasion.occ_2:2026-12-03"),
            ),
        ],
    )
    def test_the_first_button_does_what_is_asked_for(self, nudge: Nudge, label: str, pressed: Callback) -> None:
        """Each reason has its own; where there is one reason only, it goes without saying what is not needed."""
        buttons = pressable(nudge_message(message(OpenNudge((nudge,), matters(A_SAMPLE, A_DRAFT, A_LAUNCH)))))

        assert (label, pressed) == (buttons[0].label, buttons[0].callback)
        assert "Not needed" == buttons[1].label

    def test_what_was_removed_meanwhile_is_told_without_its_words(self) -> None:
        """Until the message is edited."""
        nudges = (about(A_SAMPLE, TODAY), about(A_LAUNCH, date(2026, 12, 3)))

        found = reasons(matters(), *nudges)

        assert "A promise is due. An occasion in 10 days, on Thu 3 Dec." == found


class TestIdeaOfItsOwn:
    @pytest.mark.parametrize(
        ("promise", "said"),
        [
            (A_DRAFT, "Ask Jess Park kindly how it is coming along, and whether anything is in the way."),
            (A_SAMPLE, "Keep it in time, or tell Jess Park now that it will be later."),
            (replace(A_SAMPLE, due=date(2026, 11, 6)), "Keep it today, or tell Jess Park when it will come."),
            (
                replace(A_SAMPLE, payment=True, link="https://example.org/pay"),
                "Pay it now, and tell Jess Park that the money is on its way (link).",
            ),
        ],
    )
    def test_a_promise_is_kept_or_asked_for_kindly(self, promise: Promise, said: str) -> None:
        """Ours and theirs, with its link."""
        assert said == plain(idea(matters(promise), about(promise, TODAY), TEAM, TODAY, TODAY))

    def test_a_silence_may_be_broken_by_a_promise(self) -> None:
        """The open one that is due first, ours before theirs; settled ones are no idea."""
        ours, theirs = replace(A_SAMPLE, due=date(2026, 12, 3)), replace(A_DRAFT, due=date(2026, 12, 3))
        kept = replace(A_SAMPLE, id="prm_3", due=TODAY, outcome=Kept.KEPT)

        assert "We owe the ceramic sample, due 3 Dec: keep it, or say when you will." == plain(
            idea(matters(theirs, ours, kept), a_nudge(), TEAM, TODAY, TODAY)
        )
        assert "Jess owes the draft, due 3 Dec: ask kindly how it is coming along." == plain(
            idea(matters(theirs), a_nudge(), TEAM, TODAY, TODAY)
        )

    def test_an_occasion_calls_for_a_gesture_that_pleases(self) -> None:
        """Of the team's own list with its link, and with what a standing note says of their taste."""
        notes = tuple(StandingNote(text, None, MONDAY) for text in ("loves ceramics", "moved to Lisbon"))
        who = replace(JESS, notes=notes)
        team = a_team(gestures=(Gesture("a card", "https://example.org/cards"),))
        nudge = about(A_BIRTHDAY, date(2026, 12, 5))

        assert "A personal birthday video message, with no ask." == plain(
            idea(matters(A_BIRTHDAY), nudge, TEAM, TODAY, TODAY)
        )
        assert "A card, with no ask (remember: “loves ceramics”)." == plain(
            idea(matters(A_BIRTHDAY, who=who), nudge, team, TODAY, TODAY)
        )

    def test_gestures_take_turns_and_fit(self) -> None:
        """What says “birthday” is for birthdays; the same occasion gets the same however often it is asked."""
        cake, cards, flowers = Gesture("a birthday cake"), Gesture("a card"), Gesture("flowers")
        team = a_team(gestures=(cake, cards, flowers))
        years = [date(year, 12, 5) for year in range(2026, 2030)]

        def drawn(team: Team, occasion: Occasion) -> set[Gesture]:
            twice = [[gesture_for(team, JESS, occasion, on) for on in years] for _ in range(2)]
            assert twice[0] == twice[1]
            return set(twice[0])

        assert {cake} == drawn(team, A_BIRTHDAY)
        assert {cards, flowers} == drawn(team, A_LAUNCH)
        assert set(BIRTHDAY_GESTURES) == drawn(TEAM, A_BIRTHDAY)
        assert set(GESTURES) == drawn(TEAM, A_LAUNCH) == drawn(a_team(gestures=(cake,)), A_LAUNCH)

    def test_the_note_says_what_it_was_for(self) -> None:
        """Once."""
        assert "a handwritten note for the book launch" == gesture_note(GESTURES[0], A_LAUNCH)
        assert "a personal birthday video message" == gesture_note(BIRTHDAY_GESTURES[0], A_BIRTHDAY)


class TestEndingsOfPromisesAndOccasions:
    @pytest.mark.parametrize(
        ("promise", "said"),
        [
            (replace(A_SAMPLE, outcome=Kept.KEPT), "✓ Ana kept the ceramic sample, 23 Nov"),
            (replace(A_SAMPLE, outcome=Kept.KEPT_LATE, what="send it"), "✓ Ana kept “send it”, 23 Nov"),
            (replace(A_DRAFT, outcome=Kept.KEPT), "✓ Jess kept the draft, 23 Nov"),
            (replace(A_DRAFT, outcome=Kept.BROKEN), "the draft: broken (Ana)"),
            (replace(A_DRAFT, outcome=Kept.RELEASED), "the draft: released (Ana)"),
            (A_DRAFT, "✓ no longer due"),
            (None, "✓ no longer due"),
        ],
    )
    def test_a_promise_was_settled(self, promise: Promise | None, said: str) -> None:
        """By whom, and how it came out."""
        promise = promise and replace(promise, settled_by=ANA.id, settled_on=TODAY)
        over = a_nudge(NudgeReason.PROMISE, state=NudgeState.OVER, closed_by=ANA.id, closed_at=MONDAY)

        found = ending_of(over, JESS, [], {ANA.id: ANA}, TEAM.zone, promise=promise)

        assert f"Jess Park — {said}." == plain(ended_sentence(found, TODAY))

    @pytest.mark.parametrize(
        ("on", "left", "said"),
        [
            (date(2026, 12, 5), timedelta(seconds=1), "birthday, 5 Dec: another reminder takes its place"),
            (date(2026, 12, 5), timedelta(0), "birthday, 5 Dec: the day has passed"),
            (date(2026, 12, 4), timedelta(0), "✓ no longer due"),
        ],
    )
    def test_a_day_has_passed_when_it_is_over_everywhere(self, on: date, left: timedelta, said: str) -> None:
        """Closed before that there is another reminder; one about a day that was moved is no longer due."""
        over = a_nudge(
            NudgeReason.OCCASION, since=on, about="occ_1", state=NudgeState.OVER, closed_at=latest_end(on) - left
        )

        found = ending_of(over, JESS, [], {}, TEAM.zone, occasion=A_BIRTHDAY)

        assert f"Jess Park — {said}." == plain(ended_sentence(found, TODAY))

    def test_a_snooze_of_long_ago_ended_nothing(self) -> None:
        """Snoozed for three days when it was told, and left alone after that."""
        over = a_nudge(
            NudgeReason.OCCASION,
            since=date(2026, 12, 5),
            about="occ_1",
            state=NudgeState.OVER,
            closed_at=latest_end(date(2026, 12, 5)),
        )

        found = ending_of(over, replace(JESS, snoozed_until=date(2026, 12, 1)), [], {}, TEAM.zone, occasion=A_BIRTHDAY)

        assert Ending.PASSED is found.ending

    @pytest.mark.parametrize(("zone", "on"), [("America/New_York", "22 Nov"), ("Asia/Kolkata", "23 Nov")])
    def test_a_log_is_dated_where_it_is_read(self, zone: str, on: str) -> None:
        """Half past one in the morning in Berlin is still yesterday in New York."""
        early = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)
        over = a_nudge(state=NudgeState.OVER, closed_at=early)

        found = ending_of(over, JESS, [touch(TODAY, at=early, logged_at=early)], {ANA.id: ANA}, ZoneInfo(zone))

        assert f"Jess Park — ✓ Ana logged a call, {on}." == plain(ended_sentence(found, TODAY))


@pytest.mark.parametrize("reason", ["waiting_on_us", "occasion.xxxxxx7", "promise.xxxxxx"])
def test_the_longest_nudge_id_fits_every_button(reason: str) -> None:
    """Ids as `random_id` makes them, each reason with its mark; the owner's mark stands beside it."""
    longest = a_nudge(NudgeReason.OCCASION, id=f"nudge:inf_{'x' * 16}:{reason}:2026-11-23")
    who = replace(JESS, owner=f"mem_{'x' * 16}")

    replies = (
        nudge_message(message(OpenNudge((longest,), Known(who, silent(50))))),
        hand_over_to(longest, who, [BEN]),
    )

    for reply in replies:
        for item in pressable(reply):
            argument = len(item.argument) + 2 if isinstance(item, Select) else 0
            assert len(item.callback.encode()) + argument <= CALLBACK_LIMIT
    assert "x" * 8 == owner_mark(who)
