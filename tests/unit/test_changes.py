from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from bot.address import Person, Place, PlaceKind
from bot.change import Change, Write, created
from bot.model import (
    Delivery,
    Direction,
    Handle,
    Influencer,
    Kept,
    Medium,
    Member,
    Nudge,
    NudgeReason,
    NudgeState,
    Occasion,
    Pause,
    Promise,
    Record,
    Schedule,
    Side,
    Stage,
    Standing,
    StandingNote,
    Team,
    Tier,
    Touchpoint,
)
from bot.reply import say
from bot.views.changes import SHOWN, describe, named, told
from bot.views.words import Reader
from tests.desk import labels, plain, words

NOW = datetime(2026, 11, 21, 11, 0, tzinfo=UTC)
TEAM = Team(id="team_1", team="team_1", name="Acme", workspaces=(), created_at=NOW)
ANA = Member(id="mem_ana", team="team_1", name="Ana", accounts=(Person("fake", "acme", "ana"),))
READER = Reader(ANA, TEAM, {ANA.id: ANA}, ZoneInfo("UTC"), NOW.date())
JESS = Influencer(id="inf_jess", team="team_1", name="Jess Park", added_at=NOW)
JESSICA = replace(JESS, id="inf_jessica", name="Jessica Park", handles=(Handle("instagram", "jess"),))
NAMES = {JESS.id: JESS.name, JESSICA.id: JESSICA.name}
SAMPLE = Promise(
    id="prm_1",
    team="team_1",
    influencer=JESS.id,
    side=Side.WE,
    what="send the ceramic sample",
    due=date(2026, 11, 6),
    made_at=NOW,
    made_by=ANA.id,
)
FEE = replace(SAMPLE, id="prm_2", what="the reel", payment=True, value="€900", due=date(2027, 1, 4))
BORN = Occasion(id="occ_1", team="team_1", influencer=JESS.id, label="birthday", month=3, day=14)
LAUNCH = replace(BORN, id="occ_2", label="book launch", month=12, day=3, year=2026, yearly=False)
MONDAYS = Schedule(
    id="sch_1",
    team="team_1",
    place=Place("fake", "acme", "team"),
    weekdays=(0,),
    at=time(9),
    set_up_by=ANA.id,
    set_up_at=NOW,
)
COFFEE = Touchpoint(
    id="tch_1",
    team="team_1",
    influencer=JESS.id,
    on=NOW.date(),
    medium=Medium.MEETING,
    direction=Direction.MUTUAL,
    note="coffee",
    logged_at=NOW,
)
QUIET = Nudge(
    id="nudge:inf_jess:quiet:2026-11-01",
    team="team_1",
    influencer=JESS.id,
    reason=NudgeReason.QUIET,
    since=date(2026, 11, 1),
    member=ANA.id,
    raised_at=NOW,
)


def said(*writes: Write) -> list[str]:
    """What is told of writes, in plain words."""
    return [plain(sentence) for sentence in describe(writes, NAMES, READER)]


def settled(promise: Promise, outcome: Kept) -> Promise:
    """The promise as it came out."""
    return replace(promise, outcome=outcome, settled_on=NOW.date(), settled_by=ANA.id, settled_at=NOW)


class TestPromises:
    def test_made_and_removed(self) -> None:
        """Whose it is, what, whether money is owed and when; the year where it is another."""
        due = "we promised to send the ceramic sample, due Fri 6 Nov."
        draft = replace(SAMPLE, side=Side.THEY, what="draft", due=None)

        assert [f"Noted: Jess Park — {due}"] == said(Write(None, SAMPLE))
        assert [f"Removed: Jess Park — {due}"] == said(Write(SAMPLE, None))
        assert ["Noted: Jess Park — they promised the draft."] == said(Write(None, draft))
        assert ["Noted: Jess Park — we promised the reel, a payment of €900, due Mon 4 Jan 2027."] == said(
            Write(None, FEE)
        )

    @pytest.mark.parametrize(
        ("outcome", "word"),
        [
            (Kept.KEPT, "Kept"),
            (Kept.KEPT_LATE, "Kept late"),
            (Kept.BROKEN, "Broken"),
            (Kept.RELEASED, "Released"),
        ],
    )
    def test_settled_and_open_again(self, outcome: Kept, word: str) -> None:
        """How it came out is the first word; taken back, it is open again."""
        after = settled(SAMPLE, outcome)
        promise = "Jess Park — we promised to send the ceramic sample, due Fri 6 Nov."

        assert [f"{word}: {promise}"] == said(Write(SAMPLE, after))
        assert [f"Open again: {promise}"] == said(Write(after, SAMPLE))

    @pytest.mark.parametrize(
        ("facts", "change"),
        [
            ({"due": date(2026, 11, 27)}, "Fri 6 Nov → Fri 27 Nov"),
            ({"due": None}, "Fri 6 Nov → no date"),
            ({"what": "send two samples"}, "was to send the ceramic sample"),
            ({"side": Side.THEY}, "ours → theirs"),
            ({"payment": True}, "a payment now"),
            ({"value": "€60"}, "no value → €60"),
            ({"link": "https://a.example"}, "link"),
        ],
    )
    def test_changed(self, facts: dict[str, Any], change: str) -> None:
        """What is new, beside the promise as it now is."""
        (sentence,) = said(Write(SAMPLE, replace(SAMPLE, **facts)))

        assert sentence.startswith("Changed: Jess Park — ")
        assert sentence.endswith(f": {change}.") or change == "link"
        assert change in sentence


class TestOccasions:
    def test_noted_and_removed(self) -> None:
        """With the year where it is known when it began, or where it comes but once."""
        born = replace(BORN, year=1993)

        assert ["Noted: Jess Park — birthday, 14 Mar."] == said(Write(None, BORN))
        assert ["Noted: Jess Park — birthday, 14 Mar 1993."] == said(Write(None, born))
        assert ["Removed: Jess Park — book launch, 3 Dec 2026."] == said(Write(LAUNCH, None))

    def test_changed(self) -> None:
        """From what to what, and nothing of what stayed."""
        moved = replace(LAUNCH, day=10)
        yearly = replace(LAUNCH, label="anniversary", yearly=True)

        assert ["Changed: Jess Park — book launch: 3 Dec 2026 → 10 Dec 2026."] == said(Write(LAUNCH, moved))
        assert ["Changed: Jess Park — book launch: book launch → anniversary, once → every year."] == said(
            Write(LAUNCH, yearly)
        )


class TestDigests:
    def test_set_up_changed_and_stopped(self) -> None:
        """Where it comes and when."""
        twice = replace(MONDAYS, weekdays=(0, 3), at=time(8, 30))
        own = replace(MONDAYS, place=Place("fake", "acme", "ana", PlaceKind.DM))

        assert ["Set up: the digest in #team, Mondays at 09:00."] == said(Write(None, MONDAYS))
        assert ["Stopped: the digest in #team, Mondays at 09:00."] == said(Write(MONDAYS, None))
        assert ["Changed: the digest in #team: Mondays at 09:00 → Mondays and Thursdays at 08:30."] == said(
            Write(MONDAYS, twice)
        )
        assert ["Set up: the digest in a direct message, Mondays at 09:00."] == said(Write(None, own))


class TestMerging:
    def moves(self, *records: Touchpoint | Promise | Occasion, to: Influencer) -> tuple[Write, ...]:
        """What goes to one influencer from the other."""
        other = JESSICA if to is JESS else JESS
        return tuple(
            Write(replace(record, influencer=other.id), replace(record, influencer=to.id)) for record in records
        )

    def test_what_moves_is_told_in_numbers(self) -> None:
        """A merge of a thousand touchpoints is one sentence, and so is its undoing."""
        touches = [replace(COFFEE, id=f"tch_{n}") for n in range(1000)]
        merged = replace(JESS, merged=(JESSICA.id,), handles=JESSICA.handles)
        into = self.moves(*touches, SAMPLE, FEE, BORN, to=JESS)
        apart = self.moves(*touches, SAMPLE, FEE, BORN, to=JESSICA)

        assert ["Jessica Park is part of Jess Park now, with 1,000 touchpoints, 2 promises and 1 occasion."] == said(
            Write(JESS, merged), Write(JESSICA, None), *into
        )
        assert [
            "Jess Park and Jessica Park are two records again. "
            "1,000 touchpoints, 2 promises and 1 occasion went back to Jessica Park."
        ] == said(Write(merged, JESS), Write(None, JESSICA), *apart)

    def test_nothing_but_names(self) -> None:
        """Two of whom nothing was kept are joined in a short sentence."""
        merged = replace(JESS, merged=(JESSICA.id,))

        assert ["Jessica Park is part of Jess Park now."] == said(Write(JESS, merged), Write(JESSICA, None))
        assert ["Jess Park and Jessica Park are two records again."] == said(Write(merged, JESS), Write(None, JESSICA))

    def test_what_a_merge_drops_is_told(self) -> None:
        """A second birthday is removed, and its nudges, which follow, go without saying."""
        merged = replace(JESS, merged=(JESSICA.id,))
        hers = replace(QUIET, state=NudgeState.NOT_NEEDED)

        assert ["Jessica Park is part of Jess Park now.", "Removed: Jessica Park — birthday, 14 Mar."] == said(
            Write(JESS, merged),
            Write(JESSICA, None),
            Write(replace(BORN, influencer=JESSICA.id), None),
            Write(None, hers),
        )

    def test_a_correction_of_whom_is_no_merge(self) -> None:
        """Several that went to somebody else are told together, a single one as itself."""
        one = self.moves(COFFEE, to=JESS)
        two = self.moves(COFFEE, SAMPLE, to=JESS)

        assert ["Changed: Jess Park — meeting, today (Sat 21 Nov): “coffee”."] == said(*one)
        assert ["1 touchpoint and 1 promise went from Jessica Park to Jess Park."] == said(*two)


class TestOthers:
    def test_what_follows_goes_without_saying(self) -> None:
        """Standings, messages and nudges that were raised or ended are not told."""
        delivery = Delivery(id="delivery:x", team="team_1", member=ANA.id, on=NOW.date(), due_at=NOW, updated_at=NOW)
        standing = Standing(id="std:inf_jess", team="team_1", influencer=JESS.id)
        over = replace(QUIET, state=NudgeState.OVER)

        assert [] == said(*created(delivery, standing, QUIET), Write(QUIET, over), Write(QUIET, None))

    def test_nudges_of_one_person_are_told_once(self) -> None:
        """Both leads of an occasion are not needed in one sentence; those of another person are another's."""
        excused = replace(QUIET, state=NudgeState.NOT_NEEDED)
        other = replace(excused, id="nudge:other", influencer=JESSICA.id)
        writes = (Write(QUIET, excused), Write(None, replace(excused, id="nudge:more")), Write(None, other))

        assert ["Nudge about Jess Park: not needed.", "Nudge about Jessica Park: not needed."] == said(*writes)
        assert ["Nudge about Jess Park: open again."] == said(Write(excused, QUIET))

    def test_equal_touchpoints_are_two(self) -> None:
        """What was logged twice is told twice."""
        writes = created(COFFEE, replace(COFFEE, id="tch_2"))

        assert 2 == len(said(*writes))

    @pytest.mark.parametrize(
        ("record", "name"),
        [
            (SAMPLE, "the promise “send the ceramic sample” to Jess Park"),
            (replace(SAMPLE, side=Side.THEY, what="draft"), "the promise “draft” of Jess Park"),
            (BORN, "the birthday of Jess Park"),
            (MONDAYS, "the digest in #team"),
            (COFFEE, "the meeting with Jess Park"),
            (JESS, "Jess Park"),
            (ANA, "Ana"),
            (TEAM, "the team’s settings"),
        ],
    )
    def test_things_have_names(self, record: Record, name: str) -> None:
        """What undo left as it is can be told from everything else."""
        assert name == plain(say("{named}", named=named(record, NAMES)))

    def test_a_long_promise_is_named_in_short(self) -> None:
        """Among other things its first words stand for it."""
        assert 100 > len(str(named(replace(SAMPLE, what="word " * 600), NAMES)))

    def test_what_was_told_can_be_taken_back(self) -> None:
        """The first ten are told, the rest counted, and one button undoes all of it."""
        promises = [replace(SAMPLE, id=f"prm_{n}", what=f"send {n}") for n in range(SHOWN + 5)]
        change = Change(id="chg_1", team="team_1", at=NOW, by=ANA.id, verb="promise", writes=created(*promises))
        reply = told(change, NAMES, READER)

        assert words(reply).endswith("…and 5 more.")
        assert SHOWN == words(reply).count("✓ Noted: Jess Park")
        assert ["Undo"] == labels(reply)

    def test_what_is_long_is_told_in_short(self) -> None:
        """Wishes, notes, lists and what was logged are quoted by their first words, with an ellipsis for the rest."""
        words_of_many = "a cookbook " * 250
        notes = tuple(StandingNote(f"{number} {words_of_many}", None, NOW) for number in range(20))
        many = tuple(f"Jess the {number}th" for number in range(200))
        touch = replace(COFFEE, note=words_of_many)

        for write in (
            Write(JESS, replace(JESS, goal=words_of_many)),
            Write(JESS, replace(JESS, notes=notes)),
            Write(JESS, replace(JESS, aliases=many)),
            Write(None, touch),
        ):
            (sentence,) = said(write)
            assert 1_000 > len(sentence)
            assert "…" in sentence
        assert "and 15 more" in said(Write(JESS, replace(JESS, notes=notes)))[0]

    def test_a_clock_that_stops_is_told(self) -> None:
        """A pause is heard of as what it does, not as the record of it."""
        paused = replace(JESS, pauses=(Pause(since=NOW.date(), stage=Stage.IDENTIFIED),), stage=Stage.PAUSED)

        assert ["Jess Park: stage identified → paused, the clock stands still."] == said(Write(JESS, paused))
        assert ["Jess Park: stage paused → identified, the clock runs again."] == said(Write(paused, JESS))

    def test_a_persons_facts_are_told_as_before(self) -> None:
        """Beside promises and days, what is set about somebody is one sentence."""
        after = replace(JESS, tier=Tier.A)

        assert ["Jess Park: tier none → A (every 21 days).", "Noted: Jess Park — birthday, 14 Mar."] == said(
            Write(None, BORN), Write(JESS, after)
        )
