from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.address import Person, Place, Workspace, dm
from bot.change import Change, Write
from bot.handlers.exports import Names, sheets_of
from bot.inbound import Actor, Command, Role, Upload
from bot.model import (
    Direction,
    Exchange,
    Handle,
    Influencer,
    Medium,
    Member,
    Occasion,
    Promise,
    Schedule,
    Stage,
    StandingNote,
    Team,
    Tier,
    Touchpoint,
)
from bot.reading.roster_csv import read_sheets
from bot.reading.roster_people import Known
from bot.reading.roster_plan import make_plan
from bot.reading.words import clean, clean_line
from bot.reply import Answer, File, Form, Outcome, Reply
from tests.desk import WORKSPACE, Desk, errors, labels, open_desk, words

ROSTER = (
    "name,handles,tier,owner,tags,birthday,note,last contact\n"
    "Jess Park,instagram:jess.cooks,A,ben,food; diy,14 Mar,allergic to peanuts,2026-10-01\n"
    "Sam Ode,,B,@ana,,,,\n"
)
TOUCHPOINTS = "influencer,date,medium,note,by\nJess Park,2026-11-01,coffee,hi,ana\nsam ode,2026-11-02,dm,=1+1,ben\n"


def upload(*files: str | bytes) -> tuple[Upload, ...]:
    """Files as they come along with a message."""
    contents = (file if isinstance(file, bytes) else file.encode() for file in files)
    return tuple(Upload(f"file{number}.csv", content) for number, content in enumerate(contents, start=1))


def files(answer: Answer) -> list[bytes]:
    """What is in the files of a reply."""
    assert isinstance(answer, Reply), answer
    return [block.content for block in answer.blocks if isinstance(block, File)]


async def counts(desk: Desk) -> tuple[int, int, int]:
    """How many influencers, touchpoints and occasions the team has."""
    team = (await desk.team()).id
    kinds = (Influencer, Touchpoint, Occasion)
    return tuple([len(await desk.store.everything(kind, team)) for kind in kinds])  # type: ignore[return-value]  # there are three kinds


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """Ana, an admin, and Ben at work."""
    async with open_desk(tmp_path) as desk:
        await desk.says("ben", "due")
        yield desk


@pytest.fixture
async def empty(tmp_path: Path) -> AsyncIterator[Desk]:
    """Another store with nobody in it."""
    (tmp_path / "other").mkdir()
    async with open_desk(tmp_path / "other") as desk:
        yield desk


async def imported(desk: Desk, *contents: str | bytes) -> Answer:
    """An import, looked at and done."""
    return await desk.presses("ana", await desk.says("ana", "import", files=upload(*contents)), "Import")


class TestImport:
    async def test_looks_before_it_writes(self, desk: Desk) -> None:
        """The dry run says what would happen and writes nothing; the button does exactly that."""
        looked = await desk.says("ana", "import", files=upload(ROSTER, TOUCHPOINTS))

        assert words(looked).startswith("Nothing is imported yet. This would add 2 people and 2 touchpoints.")
        assert "New: Jess Park and Sam Ode." in words(looked)
        assert (0, 0, 0) == await counts(desk)
        done = await desk.presses("ana", looked, "Import")
        assert "✓ Imported: 2 people and 2 touchpoints added." == words(done)
        assert (2, 2, 1) == await counts(desk)

    async def test_twice_is_once(self, desk: Desk) -> None:
        """The same files again have nothing to do, and no button."""
        await imported(desk, ROSTER, TOUCHPOINTS)
        again = await desk.says("ana", "import", files=upload(TOUCHPOINTS, ROSTER))

        assert "Nothing to change: 2 people and 2 touchpoints in this import, all known already." == words(again)
        assert [] == labels(again)

    async def test_standings_follow(self, desk: Desk) -> None:
        """What was imported is known to the recap at once."""
        await imported(desk, ROSTER, TOUCHPOINTS)

        assert "1 Nov" in words(await desk.says("ben", "show jess"))

    async def test_undo_takes_all_of_it_back(self, desk: Desk) -> None:
        """One undo, and the files can be imported again."""
        done = await imported(desk, ROSTER, TOUCHPOINTS)
        await desk.presses("ana", done, "Undo")

        assert (0, 0, 0) == await counts(desk)
        await imported(desk, ROSTER, TOUCHPOINTS)
        assert (2, 2, 1) == await counts(desk)

    async def test_errors_leave_nothing_half_done(self, desk: Desk) -> None:
        """One wrong line among right ones: no button, nothing written, and the line and the column are named."""
        wrong = await desk.says("ana", "import", files=upload(ROSTER + "Kim Ray,,E,zed,,,,\nLee Fox,,C,,,,,\n"))

        assert isinstance(wrong, Reply)
        assert ([], Outcome.REFUSED) == (labels(wrong), wrong.outcome)
        assert "Line 4, tier: “E” is not a tier. Expected: “A”, “B”, “C”, “D”." in words(wrong)
        assert (0, 0, 0) == await counts(desk)

    async def test_many_errors_are_counted(self, desk: Desk) -> None:
        """The first twenty are listed, and how many more there are."""
        wrong = await desk.says("ana", "import", files=upload("name,tier\n" + "".join(f"P{n},E\n" for n in range(32))))

        assert isinstance(wrong, Reply)
        assert words(wrong).startswith("32 problems, and nothing is imported.")
        assert [f"Line {n}, tier" for n in range(2, 22)] == re.findall(r"Line \d+, tier", words(wrong))
        assert "…and 12 more." in words(wrong)

    async def test_problems_are_lines_under_their_files(self, desk: Desk) -> None:
        """Each says to its end what was expected; where two files are wrong, their names stand above."""
        wrong = words(
            await desk.says("ana", "import", files=upload("name,tier\nSam,E\n", "influencer,date,note\nSam,soon,hi\n"))
        )

        assert "file1.csv\nLine 2, tier: “E” is not a tier. Expected: “A”, “B”, “C”, “D”." in wrong
        assert (
            "file2.csv\nLine 2, date: “soon” is not a date. Expected: “2026-03-14”, “14 Mar 2026”, “14.03.2026”."
            in wrong
        )

    async def test_the_dry_run_counts_what_is_then_done(self, desk: Desk) -> None:
        """Touchpoints that dates of last contact become are counted before as after, and said to be that."""
        roster = "name,last contact\nSam Ode,2026-10-01\nKim Ray,\n"
        looked = await desk.says("ana", "import", files=upload(roster))
        done = await desk.presses("ana", looked, "Import")

        assert "This would add 2 people and 1 touchpoint." in words(looked)
        assert "From the column “last contact”: 1 touchpoint." in words(looked)
        assert "✓ Imported: 2 people and 1 touchpoint added." == words(done)

    async def test_a_new_birthday_is_a_change_of_its_person(self, desk: Desk) -> None:
        """Counted as one before and after, and a last contact alone as a touchpoint."""
        await imported(desk, "name\nSam Ode\nKim Ray\n")
        looked = await desk.says(
            "ana", "import", files=upload("name,birthday,last contact\nSam Ode,14 Mar,\nKim Ray,,2026-10-01\n")
        )
        done = await desk.presses("ana", looked, "Import")

        assert "This would add 1 touchpoint and change 1 person." in words(looked)
        assert "Changed: Sam Ode (birthday)." in words(looked)
        assert "✓ Imported: 1 touchpoint added; 1 person changed." == words(done)

    async def test_who_is_renamed_is_told_under_the_name_that_is_known(self, desk: Desk) -> None:
        """The old name and the new one, so that nobody is renamed by a slip in a column of handles."""
        await imported(desk, "name,handles\nImp Two,x:two\n")
        looked = await desk.says("ana", "import", files=upload("name,handles,tier\nImp One,x:two,A\n"))

        assert "Changed: Imp Two (to be called Imp One, tier)." in words(looked)

    async def test_a_last_contact_waits_for_no_answer(self, desk: Desk) -> None:
        """A date alone doesn't say who wrote: the recap makes up no message without a reply."""
        await imported(desk, "name,last contact\nSam Ode,2026-11-01\n")

        recap = words(await desk.says("ben", "show sam"))
        assert "1 Nov" in recap
        assert "no reply" not in recap
        assert "unanswered" not in recap

    async def test_the_button_survives_a_restart(self, tmp_path: Path) -> None:
        """The files wait in the store, not in the process."""
        async with open_desk(tmp_path) as before:
            await before.says("ben", "due")
            looked = await before.says("ana", "import", files=upload(ROSTER))
        async with open_desk(tmp_path) as desk:
            await desk.presses("ana", looked, "Import", heard="after the restart")

            assert (2, 1, 1) == await counts(desk)

    async def test_the_button_acts_once(self, desk: Desk) -> None:
        """A second press is told who did it; the same press heard twice gets the same answer."""
        looked = await desk.says("ana", "import", files=upload(ROSTER, TOUCHPOINTS))
        first = await desk.presses("ana", looked, "Import", heard="press 1")
        retried = await desk.presses("ana", looked, "Import", heard="press 1")
        second = await desk.presses("ana", looked, "Import", heard="press 2")

        assert words(first) == words(retried)
        assert "Already done by you" in words(second)
        assert (2, 2, 1) == await counts(desk)

    async def test_what_has_moved_on_is_shown_again(self, desk: Desk) -> None:
        """Where the import would do something else by now, it says so and waits for another press."""
        looked = await desk.says("ana", "import", files=upload(ROSTER))
        await desk.says("ben", "add Jess Park")
        asked = await desk.presses("ana", looked, "Import")

        assert words(asked).startswith("Something has changed here since you looked")
        assert "add 1 person and 1 touchpoint and change 1 person" in words(asked)
        assert (1, 0, 0) == await counts(desk)
        await desk.presses("ana", asked, "Import")
        assert (2, 1, 1) == await counts(desk)

    async def test_without_files_it_asks_for_them(self, desk: Desk) -> None:
        """The bare verb opens its form."""
        form = await desk.says("ana", "import")

        assert isinstance(form, Form)
        assert ["roster", "touchpoints"] == [field.name for field in form.inputs]
        assert "Check" == form.submit
        assert {"roster": "Choose a file."} == errors(await desk.fills("ana", form))

    @pytest.mark.parametrize("said", ["", "import this", "Here is our roster", "share this", "thanks!", "import"])
    async def test_files_that_are_handed_over_are_looked_at(self, desk: Desk, said: str) -> None:
        """Whatever is said with them, as long as it is no other verb: nothing is written before it is confirmed."""
        looked = await desk.tells("ana", said, files=upload(ROSTER))

        assert ["Import"] == labels(looked)[:1]
        assert (0, 0, 0) == await counts(desk)

    async def test_a_verb_that_comes_with_a_sheet_is_done(self, desk: Desk) -> None:
        """And what comes with a picture is read as it stands."""
        await desk.tells("ana", "add Jess Park", files=upload(ROSTER))
        picture = (Upload("jess.png", b"x"),)

        assert (1, 0, 0) == await counts(desk)
        assert words(await desk.tells("ana", "hello")) == words(await desk.tells("ana", "hello", files=picture))

    async def test_is_for_admins(self, desk: Desk) -> None:
        """Members can't import, nor press an admin's button."""
        looked = await desk.says("ana", "import", files=upload(ROSTER))

        assert "for admins" in words(await desk.says("ben", "import", files=upload(ROSTER)))
        assert isinstance(await desk.presses("ben", looked, "Import"), Reply)
        assert (0, 0, 0) == await counts(desk)

    async def test_what_is_odd_is_said(self, desk: Desk) -> None:
        """Columns nothing is read from, a guessed encoding and copied lines come with the dry run."""
        sheet = "influencer;date;note;Mood\nSam;2026-01-01;é;good\nSam;2026-01-01;é;bad\n".encode("cp1252")
        said = words(await desk.says("ana", "import", files=upload("name\nSam\n", sheet)))

        assert "file2.csv: nothing is read from Mood." in said
        assert "Windows-1252" in said
        assert "1 line is the same as another line and counted once." in said

    async def test_anniversaries_have_a_column(self, desk: Desk) -> None:
        """Like birthdays: noted, mended and left alone where the cell says the same."""
        sheet = "name,birthday,anniversary\nSam Ode,14 Mar,2019-06-01\n"
        await imported(desk, sheet)
        again = await desk.says("ana", "import", files=upload(sheet))
        mended = await desk.says("ana", "import", files=upload("name,anniversary\nSam Ode,2 Jun\n"))
        await desk.presses("ana", mended, "Import")
        kept = await desk.store.everything(Occasion, (await desk.team()).id)

        assert words(again).startswith("Nothing to change")
        assert "Changed: Sam Ode (anniversary)." in words(mended)
        assert {("birthday", 3, 14, None), ("anniversary", 6, 2, None)} == {
            (one.label, one.month, one.day, one.year) for one in kept
        }

    async def test_a_day_that_comes_but_once_is_no_birthday(self, desk: Desk) -> None:
        """What was imported as a birthday and made something else since is left; the birthday is noted anew."""
        sheet = "name,birthday\nSam Ode,14 Mar\n"
        await imported(desk, sheet)
        team = (await desk.team()).id
        (day,) = await desk.store.everything(Occasion, team)
        launch = msgspec.structs.replace(day, label="launch")
        await desk.store.commit(
            Change(id="c", team=team, at=desk.clock(), by=None, verb="x", writes=(Write(day, launch),))
        )
        await imported(desk, sheet)

        assert ["birthday", "launch"] == sorted(one.label for one in await desk.store.everything(Occasion, team))

    async def test_promises_are_not_read_from_a_sheet(self, desk: Desk) -> None:
        """Their sheet is told from a roster and refused with what to do instead."""
        await imported(desk, ROSTER)
        await desk.says("ben", "promise jess send the ceramic sample by tomorrow")
        sheets = files(await desk.says("ana", "export form:csv"))
        refused = await desk.says("ana", "import", files=upload(*sheets))

        assert 3 == len(sheets)
        assert "which are not read from a sheet: leave this file out" in words(refused)
        assert "Nothing to change" in words(await desk.says("ana", "import", files=upload(*sheets[:2])))


class TestExport:
    async def test_sheets_read_back_change_nothing(self, desk: Desk) -> None:
        """What `export form:csv` writes, `import` knows, every line of it."""
        await imported(desk, ROSTER, TOUCHPOINTS)
        sheets = files(await desk.says("ana", "export form:csv"))
        again = await desk.says("ana", "import", files=upload(*sheets))

        assert "Nothing to change: 2 people and 2 touchpoints in this import, all known already." == words(again)
        assert b'"\'=1+1"' in sheets[1]

    async def test_sheets_are_read_by_another_team(self, desk: Desk, empty: Desk) -> None:
        """In an empty team they make the same people and touchpoints."""
        await imported(desk, ROSTER, TOUCHPOINTS)
        await empty.says("ben", "due")
        await imported(empty, *files(await desk.says("ana", "export form:csv")))

        assert await counts(desk) == await counts(empty)

    async def test_a_restored_team_exports_the_same_bytes(self, desk: Desk, empty: Desk) -> None:
        """Export, import into an empty store, export: equal, a year of work and its nudges included."""
        await imported(desk, ROSTER, TOUCHPOINTS)
        await desk.says("ben", "log jess replied: yes to the launch")
        await desk.waits(timedelta(days=5), timedelta(hours=3))
        await desk.says("ana", "pause sam")
        whole = files(await desk.says("ana", "export"))
        empty.clock.move(timedelta(days=5))
        looked = await empty.says("ana", "import", files=(Upload("team.json", whole[0]),))
        await empty.presses("ana", looked, "Import")

        assert "This would restore 2 influencers, 3 touchpoints, 1 occasion, 1 nudge and 2 members" in words(looked)
        assert whole == files(await empty.says("ana", "export"))

    async def test_promises_days_digests_and_merges_come_back(self, desk: Desk, empty: Desk) -> None:
        """A team with all of it exports, restores and exports the same bytes, and goes on where it was."""
        await imported(desk, ROSTER, TOUCHPOINTS)
        await desk.says("ben", "promise jess send the ceramic sample by tomorrow")
        await desk.says("ana", "promise they sam draft by 3 dec")
        await desk.says("ana", "promise sam pay the invoice of €900")
        await desk.says("ana", "kept sam invoice")
        await desk.says("ana", "occasion sam book launch 30 nov 2026")
        await desk.says("ana", "digest here mon 09:00", channel="team")
        await desk.says("ben", "add Samuel Ode x:samode")
        await desk.presses("ana", await desk.says("ana", "merge sam ode, samuel ode"), "Merge")
        await desk.waits(timedelta(days=3), timedelta(hours=3))
        whole = files(await desk.says("ana", "export"))
        empty.clock.move(timedelta(days=3))
        looked = await empty.says("ana", "import", files=(Upload("team.json", whole[0]),))
        done = await empty.presses("ana", looked, "Import")

        assert "3 promises, 2 occasions" in words(looked)
        assert "1 digest and 2 members" in words(looked)
        assert "3 promises added; 1 digest set up" in words(done)
        assert whole == files(await empty.says("ana", "export"))
        for question in ("due", "show jess", "show sam", "promises sam", "occasion"):
            assert words(await desk.says("ben", question)) == words(await empty.says("ben", question))
        await empty.waits(timedelta(days=5), timedelta(hours=3))
        (digest,) = empty.platform.at(Place("fake", WORKSPACE, "team"))
        assert "week of" in words(digest.reply)

    async def test_undo_takes_a_restore_back(self, desk: Desk, empty: Desk) -> None:
        """Promises and digests go with everybody else, and the digest is not sent."""
        await imported(desk, ROSTER, TOUCHPOINTS)
        await desk.says("ben", "promise jess send the ceramic sample by tomorrow")
        await desk.says("ana", "digest here mon 09:00", channel="team")
        whole = files(await desk.says("ana", "export"))
        await empty.says("ben", "due")
        done = await imported(empty, *whole)
        await empty.presses("ana", done, "Undo")
        await empty.waits(timedelta(days=8), timedelta(hours=3))

        assert (0, 0, 0) == await counts(empty)
        assert ((), ()) == tuple(
            [await empty.store.everything(kind, (await empty.team()).id) for kind in (Promise, Schedule)]
        )
        assert [] == empty.platform.at(Place("fake", WORKSPACE, "team"))

    async def test_a_team_that_is_not_empty_is_not_restored_into(self, desk: Desk) -> None:
        """A restore is refused with a sentence where there are influencers, before and at the button."""
        await desk.says("ben", "add Kim Ray")
        whole = files(await desk.says("ana", "export"))
        await desk.says("ben", "undo")
        looked = await desk.says("ana", "import", files=(Upload("team.json", whole[0]),))
        await desk.says("ben", "add Lee Fox")

        for refused in (
            await desk.says("ana", "import", files=(Upload("team.json", whole[0]),)),
            await desk.presses("ana", looked, "Import"),
        ):
            assert "this one has influencers" in words(refused)
        assert (1, 0, 0) == await counts(desk)

    async def test_a_file_restored_beside_its_team_gets_ids_of_its_own(self, desk: Desk) -> None:
        """In another team of the same store nothing clashes, and neither team sees the other's."""
        await imported(desk, ROSTER, TOUCHPOINTS)
        whole = files(await desk.says("ana", "export"))
        zoe = Person("fake", "other", "zoe")

        async def ask(heard: str, **facts: object) -> Answer:
            actor = Actor(person=zoe, name="Zoe", role=Role.ADMIN)
            command = {"verb": "import", "actor": actor, "place": dm(zoe), "heard": heard} | facts
            return await desk.core.dispatch(Command(**command))  # type: ignore[arg-type]  # built from parts

        looked = await ask("z1", uploads=(Upload("team.json", whole[0]),))
        assert isinstance(looked, Reply)
        draft = next(value for block in looked.blocks for value in _drafts(block))
        done = await ask("z2", verb="import_apply", args=(("draft", draft),))
        other = await desk.store.team_at(Workspace("fake", "other"))

        assert "No account here: Ana and Ben." in words(looked)
        assert "2 people and 2 touchpoints added" in words(done)
        assert other is not None
        theirs = {record.id for record in await desk.store.everything(Influencer, other.id)}
        ours = {record.id for record in await desk.store.everything(Influencer, (await desk.team()).id)}
        assert (2, set()) == (len(theirs), theirs & ours)

    async def test_a_team_file_comes_alone(self, desk: Desk) -> None:
        """Beside a sheet, or damaged, it is refused with its name."""
        beside = await desk.says("ana", "import", files=upload("{}", ROSTER))
        damaged = await desk.says("ana", "import", files=upload('{"format":'))

        assert "imported alone" in words(beside)
        assert "cut off or damaged" in words(damaged)

    async def test_one_person_is_for_every_member(self, desk: Desk) -> None:
        """A member gets one person's whole file, and the whole team only as an admin."""
        await imported(desk, ROSTER, TOUCHPOINTS)
        one = files(await desk.says("ben", "export jess"))
        sheets = files(await desk.says("ben", "export jess form:csv"))

        assert [True, True, False] == [word in one[0] for word in (b"Jess Park", b"no peanuts"[3:], b"Sam Ode")]
        await desk.says("ben", "promise jess send the ceramic sample by tomorrow")
        await desk.says("ben", "promise sam pay the invoice")
        (owing,) = files(await desk.says("ben", "export jess"))
        assert [True, False] == [word in owing for word in (b"send the ceramic sample", b"pay the invoice")]
        assert [2, 2] == [len(sheet.strip().splitlines()) for sheet in sheets]
        assert "for admins" in words(await desk.says("ben", "export"))
        assert "for admins" in words(await desk.says("ben", "export form:csv"))


def _drafts(block: object) -> list[str]:
    items = getattr(block, "items", ())
    return [dict(item.callback.args)["draft"] for item in items if hasattr(item, "callback")]


async def test_sixty_people_and_two_thousand_touchpoints(desk: Desk, empty: Desk) -> None:
    """A real roster: imported in one Change, exported either way, and equal after."""
    roster = "name,handles,tier,owner,birthday\n" + "".join(
        f"Person {n},instagram:user{n},{'ABCD'[n % 4]},{'ana' if n % 2 else 'ben'},{n % 28 + 1} Mar\n"
        for n in range(60)
    )
    start = date(2025, 1, 1)
    touches = "influencer,date,medium,direction,note\n" + "".join(
        f"Person {n % 60},{start + timedelta(days=n // 4)},{'dm' if n % 3 else 'call'},,talked about {n}\n"
        for n in range(2000)
    )
    await imported(desk, roster, touches)
    sheets = files(await desk.says("ana", "export form:csv"))
    again = await desk.says("ana", "import", files=upload(*sheets))
    whole = files(await desk.says("ana", "export"))
    await imported(empty, *whole)

    assert (60, 2000, 60) == await counts(desk)
    assert words(again).startswith("Nothing to change: 60 people and 2,000 touchpoints")
    assert whole == files(await empty.says("ana", "export"))


NOW = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
TEAM = Team(id="team_1", team="team_1", name="Acme", workspaces=(), created_at=NOW)
lines = st.text(max_size=40).map(clean_line)
texts = st.text(max_size=60).map(clean)
handles = (
    st.from_regex(r"[a-z]{2,8}:[^\s:@,;/]{1,9}", fullmatch=True)
    .map(lambda typed: clean_line(typed).casefold())
    .filter(re.compile(r"[a-z]{2,8}:[^\s:@,;/]{1,9}").fullmatch)
    .map(lambda typed: Handle(*typed.split(":", 1)))
)
people = st.builds(
    Influencer,
    id=st.uuids().map(lambda value: f"inf_{value.hex}"),
    team=st.just("team_1"),
    name=lines.filter(bool),
    aliases=st.lists(lines.filter(bool), max_size=2).map(tuple),
    handles=st.lists(handles, max_size=2, unique=True).map(tuple),
    email=st.none() | lines.filter(bool),
    phone=st.none() | lines.filter(bool),
    address=st.none() | texts.filter(bool),
    notes=st.lists(st.builds(StandingNote, texts.filter(bool), st.none(), st.just(NOW)), max_size=2).map(tuple),
    tags=st.lists(st.sampled_from(("food", "=diy", "été")), unique=True).map(tuple),
    tier=st.none() | st.sampled_from(Tier),
    cadence=st.none() | st.integers(1, 3650),
    stage=st.sampled_from(Stage),
    owner=st.sampled_from((None, "mem_1", "mem_2", "mem_3")),
    goal=st.none() | texts.filter(bool),
    objective=st.none() | texts.filter(bool),
    added_at=st.just(NOW),
)
members = [
    Member(id=f"mem_{n}", team="team_1", name=name, accounts=()) for n, name in enumerate(("", "Ana", "Ana", "me"))
]


@given(st.data())
def test_any_team_read_back_changes_nothing(data: st.DataObject) -> None:
    """Whatever people are called and whatever was noted, the exported sheets say nothing new to their own team."""
    roster = {person.id: person for person in data.draw(st.lists(people, max_size=4))}
    if _handles_clash(list(roster.values())):
        return
    touchpoint = st.builds(
        Touchpoint,
        id=st.uuids().map(lambda value: f"tch_{value.hex}"),
        team=st.just("team_1"),
        influencer=st.sampled_from(sorted(roster) or [""]),
        on=st.dates(date(1990, 1, 1), date(2030, 1, 1)),
        medium=st.sampled_from(Medium),
        direction=st.sampled_from(Direction),
        exchange=st.sampled_from(Exchange),
        note=texts,
        value=st.none() | lines.filter(bool),
        link=st.none() | texts.map(lambda text: f"https://{text}".strip()),
        by=st.sampled_from((None, "mem_1", "mem_3")),
        logged_at=st.just(NOW),
    )
    touches = data.draw(st.lists(touchpoint, max_size=4)) if roster else []
    names = Names(list(roster.values()), members, members[1])
    born = [
        Occasion(
            id=f"occ_{n}", team="team_1", influencer=id, label="birthday", month=2, day=29, year=1988 if n else None
        )
        for n, id in enumerate(roster)
    ]
    roster_sheet, touch_sheet, *_ = sheets_of(list(roster.values()), touches, born, names, NOW.date())
    known = Known(
        team=TEAM,
        me=members[1],
        members=members,
        influencers=list(roster.values()),
        touchpoints=touches,
        occasions=born,
        now=NOW,
        today=NOW.date(),
        new_id=lambda prefix: f"{prefix}_new",
    )
    made = make_plan(read_sheets([("r", roster_sheet), ("t", touch_sheet)], NOW.date()), known)

    assert ((), ()) == (made.problems, made.writes)


def _handles_clash(roster: list[Influencer]) -> bool:
    handles = [str(handle).casefold() for person in roster for handle in person.handles]
    return len(handles) != len(set(handles))
