"""A team at work in any order: what is derived stays right, handles stay unique, and undo leads all the way back."""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from msgspec.structs import replace

from bot.model import (
    Handle,
    Influencer,
    Member,
    Nudge,
    Occasion,
    Promise,
    Record,
    Standing,
    Team,
    Touchpoint,
    standing_id,
)
from bot.reply import Answer, Form, Outcome, Reply
from bot.standing import Book, reckon
from tests.desk import MEMORY, Desk, labels, open_desk, words

MEMBERS = st.sampled_from(("ana", "ben"))
NAMES = ("Jess Park", "Jess Liu", "Sam Ode", "Lee Fox")
PEOPLE = st.sampled_from(NAMES)
HANDLES = st.sampled_from(("", " instagram:jess", " tiktok:jess x:sam", " instagram:lee"))
DAYS = st.sampled_from(("", " yesterday", " on:today", " 3 days ago", " 2 weeks ago", " 40 days ago", " on:tomorrow"))
HAPPENED = st.sampled_from(
    ("coffee", "called", "replied: yes", "sent a gift", "asked for a reel", "emailed", "she wrote")
)
SETTINGS = st.sampled_from(
    (
        "tier {} A", "tier {} D", "tag {} food", "tag {} -food spring", "snooze {} 2w", "snooze {} 1d", "pause {}",
        "resume {}", "archive {}", "restore {}", "own {} @ben", "own {} nobody", "cadence {} 3 days",
        "stage {} paused", "stage {} enhancing", "stage {} ended", "note {} likes tea",
        "cadence {} 9 weeks", 'edit {} phone:1 name:"Kim Ray"',
        "edit {} handles:instagram:jess", "edit {} tags:food", "edit {} handles:tiktok:other",
        "promise {} send the sample by friday", "promise they {} the draft by yesterday",
        "promise {} pay $500 by 1 dec", "promise {} lend a hand", "kept {}", "broken {}",
        "release they {}", "kept {} sample",
        "occasion {} birthday 29 nov", "occasion {} birthday 29 feb", "occasion {} launch 3 dec 2026",
        "occasion {} anniversary tomorrow", "goal {} a book because fame", "goal {} none", "objective {} a launch",
    )
)  # fmt: skip
TEAM_SETTINGS = st.sampled_from(
    (
        {"sensitivity": "eager"}, {"sensitivity": "calm"}, {"timezone": "Pacific/Auckland"},
        {"tier_a": "3", "tier_d": "9"},
        {"days_off": "2026-11-24 2026-11-25"}, {"working_days": "sat sun"},
    )
)  # fmt: skip


class Work:
    """A desk on a store of its own, driven from plain functions."""

    def __init__(self) -> None:
        self._runner = asyncio.Runner()
        self._stack = AsyncExitStack()
        self._folder = tempfile.TemporaryDirectory(dir=MEMORY)
        self.desk: Desk = self._runner.run(self._stack.enter_async_context(open_desk(Path(self._folder.name))))
        for line in ("add Jess Park instagram:jess tier:A", "add Sam Ode x:sam"):
            self.says("ana", line)
        self.says("ben", "help")

    def close(self) -> None:
        """Leaves nothing behind."""
        self._runner.run(self._stack.aclose())
        self._runner.close()
        self._folder.cleanup()

    def says(self, name: str, line: str) -> Answer:
        """A line, answered without anything breaking."""
        return self._sound(self._runner.run(self.desk.says(name, line)))

    def presses(self, name: str, answer: Answer, label: str, choice: str = "") -> Answer:
        """A button or the option of a select."""
        return self._sound(self._runner.run(self.desk.presses(name, answer, label, choice)))

    def fills(self, name: str, form: Form, **values: str) -> Answer:
        """A form."""
        return self._sound(self._runner.run(self.desk.fills(name, form, **values)))

    def passes(self, hours: int) -> None:
        """Time goes by, and the clock wakes the process now and then."""
        self._runner.run(self.desk.waits(timedelta(hours=hours), timedelta(hours=max(1, hours // 4))))

    def touches(self, name: str, who: str, verb: str, choice: int, **values: str) -> None:
        """Edits or deletes one of the touchpoints that a history shows."""
        history = self.says(name, f'history "{who}"')
        if not isinstance(history, Reply) or f"{verb}…" not in labels(history):
            return
        answer = self.presses(name, history, f"{verb}…", f"{choice}." if f"\n{choice}. " in words(history) else "")
        if isinstance(answer, Form):
            self.fills(name, answer, **values)

    def changes_settings(self, values: dict[str, str]) -> None:
        """An admin changes the team's settings."""
        form = self.presses("ana", self.says("ana", "settings"), "Change the team")
        assert isinstance(form, Form)
        self.fills("ana", form, **values)

    def undoes_all(self, name: str) -> None:
        """Undo after undo, until there is nothing left to take back."""
        for _ in range(40):
            if "nothing of yours" in words(self.says(name, "undo")):
                return
        raise AssertionError("there is always one more change to take back")

    def everything(self, *kinds: type[Record]) -> dict[str, Record]:
        """What is stored, by id, without what the store counts."""
        team = self._runner.run(self.desk.team())
        found: dict[str, Record] = {}
        for kind in kinds:
            records = (team,) if kind is Team else self._runner.run(self.desk.store.everything(kind, team.id))
            found |= {record.id: replace(record, version=0) for record in records}
        return found

    def _sound(self, answer: Answer) -> Answer:
        if isinstance(answer, Reply) and answer.outcome is Outcome.BROKEN:
            raise AssertionError(words(answer))
        return answer


def check_standings(work: Work) -> None:
    """Each Standing is what its sources add up to, and there is one for everybody and for nobody else."""
    (team,) = work.everything(Team).values()
    assert isinstance(team, Team)
    people = work.everything(Influencer)
    touches, nudges = work.everything(Touchpoint).values(), work.everything(Nudge).values()
    promises, occasions = work.everything(Promise).values(), work.everything(Occasion).values()
    standings = work.everything(Standing)
    assert {standing_id(id) for id in people} == standings.keys()
    for id, influencer in people.items():
        assert isinstance(influencer, Influencer)
        expected = reckon(
            team,
            Book(
                influencer,
                [touch for touch in touches if isinstance(touch, Touchpoint) and touch.influencer == id],
                [promise for promise in promises if isinstance(promise, Promise) and promise.influencer == id],
                [occasion for occasion in occasions if isinstance(occasion, Occasion) and occasion.influencer == id],
                [nudge for nudge in nudges if isinstance(nudge, Nudge) and nudge.influencer == id],
            ),
            now=work.desk.clock(),
            before=None,
        )
        assert expected == standings[standing_id(id)]


def check_handles(work: Work) -> None:
    """A handle belongs to one influencer, the archived ones counted."""
    owners: dict[Handle, str] = {}
    for influencer in work.everything(Influencer).values():
        assert isinstance(influencer, Influencer)
        for handle in influencer.handles:
            assert owners.setdefault(handle, influencer.id) == influencer.id


def check_belonging(work: Work) -> None:
    """Nothing is kept about somebody who is not there."""
    people = work.everything(Influencer)
    kept = work.everything(Touchpoint, Promise, Occasion, Nudge).values()
    assert all(getattr(record, "influencer", None) in people for record in kept)


class TeamAtWork(RuleBasedStateMachine):
    """Two members and the clock do whatever they like."""

    def __init__(self) -> None:
        super().__init__()
        self.work = Work()
        self.undoable: list[Answer] = []

    @rule(name=MEMBERS, who=PEOPLE, handles=HANDLES)
    def add(self, name: str, who: str, handles: str) -> None:
        answer = self.work.says(name, f"add {who}{handles}")
        if "Add another" in labels(answer):
            answer = self.work.presses(name, answer, "Add another")
        self._keep(answer)

    @rule(name=MEMBERS, who=PEOPLE, what=HAPPENED, day=DAYS)
    def log(self, name: str, who: str, what: str, day: str) -> None:
        self._keep(self.work.says(name, f'log "{who}" {what}{day}'))

    @rule(name=MEMBERS, who=PEOPLE, line=SETTINGS)
    def set_one_thing(self, name: str, who: str, line: str) -> None:
        self._keep(self.work.says(name, line.format(f'"{who}"')))

    @rule(name=MEMBERS, who=PEOPLE, choice=st.integers(1, 4), on=st.sampled_from(("today", "2026-11-01", "2026-12-01")))
    def edit_a_touchpoint(self, name: str, who: str, choice: int, on: str) -> None:
        self.work.touches(name, who, "Edit", choice, on=on, direction="inbound")

    @rule(name=MEMBERS, who=PEOPLE, choice=st.integers(1, 4))
    def delete_a_touchpoint(self, name: str, who: str, choice: int) -> None:
        self.work.touches(name, who, "Delete", choice)

    @rule(keep=PEOPLE, lose=PEOPLE)
    def merge(self, keep: str, lose: str) -> None:
        answer = self.work.says("ana", f'merge "{keep}" "{lose}"')
        if isinstance(answer, Reply) and "Merge" in labels(answer):
            self._keep(self.work.presses("ana", answer, "Merge"))

    @rule(who=PEOPLE)
    def forget(self, who: str) -> None:
        answer = self.work.says("ana", f'forget "{who}"')
        if isinstance(answer, Reply) and "Forget for good" in labels(answer):
            self.work.presses("ana", answer, "Forget for good")

    @rule(source=MEMBERS, to=MEMBERS)
    def hand_over(self, source: str, to: str) -> None:
        self._keep(self.work.says("ana", f"handover @{source} @{to}"))

    @rule(name=MEMBERS, when=st.sampled_from(("here mon 09:00", "here daily 8:30", "off", "now")))
    def digest(self, name: str, when: str) -> None:
        self._keep(self.work.says(name, f"digest {when}"))

    @rule(values=TEAM_SETTINGS)
    def change_settings(self, values: dict[str, str]) -> None:
        self.work.changes_settings(values)

    @rule(name=MEMBERS)
    def undo(self, name: str) -> None:
        answer = self.work.says(name, "undo")
        if "Undo the rest" in labels(answer):
            self.work.presses(name, answer, "Undo the rest")

    @rule(name=MEMBERS, which=st.integers(0, 5))
    def undo_by_button(self, name: str, which: int) -> None:
        if which < len(self.undoable):
            self.work.presses(name, self.undoable[-1 - which], "Undo")

    @rule(hours=st.sampled_from((1, 12, 24, 24 * 4, 24 * 30)))
    def wait(self, hours: int) -> None:
        self.work.passes(hours)

    @invariant()
    def standings_are_what_their_sources_add_up_to(self) -> None:
        check_standings(self.work)

    @invariant()
    def handles_are_unique(self) -> None:
        check_handles(self.work)

    @invariant()
    def everything_belongs_to_somebody(self) -> None:
        check_belonging(self.work)

    def teardown(self) -> None:
        self.work.close()

    def _keep(self, answer: Answer) -> None:
        if isinstance(answer, Reply) and "Undo" in labels(answer):
            self.undoable.append(answer)


TestTeamAtWork = TeamAtWork.TestCase
TestTeamAtWork.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)


@settings(max_examples=100)
@given(
    deeds=st.lists(
        st.one_of(
            st.tuples(st.just("add {}{}"), PEOPLE, HANDLES),
            st.tuples(st.just('log "{}" {}'), PEOPLE, HAPPENED),
            st.tuples(SETTINGS, PEOPLE.map(lambda name: f'"{name}"')),
            st.tuples(st.sampled_from(("Edit", "Delete")), PEOPLE, st.integers(1, 3)),
            st.tuples(st.just("settings"), TEAM_SETTINGS),
        ),
        max_size=12,
    )
)
def test_undo_leads_all_the_way_back(deeds: list[tuple[str, ...]]) -> None:
    """Whatever one member did within a day, undoing all of it leaves everything as it was before."""
    work = Work()
    try:
        work.says("ana", "log jess coffee 3 days ago")
        work.passes(25)
        before = work.everything(Influencer, Touchpoint, Member, Team)
        for verb, *rest in deeds:
            if verb in {"Edit", "Delete"}:
                work.touches("ana", str(rest[0]), verb, int(rest[1]), what="something else")
            elif verb == "settings":
                work.changes_settings(rest[0])  # type: ignore[arg-type]  # the settings of a deed
            else:
                answer = work.says("ana", verb.format(*rest))
                if "Add another" in (labels(answer) if isinstance(answer, Reply) else ()):
                    work.presses("ana", answer, "Add another")
        work.undoes_all("ana")
        assert before == work.everything(Influencer, Touchpoint, Member, Team)
        check_standings(work)
    finally:
        work.close()
