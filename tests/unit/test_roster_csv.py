from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.address import Workspace
from bot.change import Write
from bot.errors import NotUnderstood
from bot.model import (
    Direction,
    Exchange,
    Handle,
    Influencer,
    Medium,
    Member,
    Occasion,
    Pause,
    Stage,
    Team,
    Tier,
    Touchpoint,
)
from bot.reading import cells
from bot.reading.cells import Birthday, Order
from bot.reading.roster_columns import ROSTER_COLUMNS, TOUCHPOINT_COLUMNS, roster_column, touchpoints_column
from bot.reading.roster_csv import read_sheets
from bot.reading.roster_people import Known
from bot.reading.roster_plan import LAST_CONTACT, Plan, make_plan
from bot.reading.roster_rows import PersonRow, Sheets
from bot.reading.sheets import SHEET_LIMIT, read_sheet, write_sheet

NOW = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
TODAY = NOW.date()
TEAM = Team(id="team_1", team="team_1", name="Acme", workspaces=(Workspace("fake", "acme"),), created_at=NOW)
ANA = Member(id="mem_ana", team="team_1", name="Ana", accounts=(), admin=True)
BEN = Member(id="mem_ben", team="team_1", name="Ben", accounts=())


def person(id: str, name: str, **facts: Any) -> Influencer:
    """Somebody on the roster."""
    return Influencer(id=id, team="team_1", name=name, added_at=NOW, version=1, **facts)


def touch(id: str, influencer: str, on: str, **facts: Any) -> Touchpoint:
    """A DM to somebody."""
    defaults = {"medium": Medium.DM, "direction": Direction.OUTBOUND} | facts
    return Touchpoint(id=id, team="team_1", influencer=influencer, on=date.fromisoformat(on), logged_at=NOW, **defaults)


JESS = person("inf_jess", "Jess Park", handles=(Handle("instagram", "jess.cooks"),), tier=Tier.B)


def read(*files: str | bytes) -> Sheets:
    """What some files say."""
    contents = (file if isinstance(file, bytes) else file.encode() for file in files)
    return read_sheets([(f"{number}.csv", content) for number, content in enumerate(contents)], TODAY)


def plan(
    *files: str | bytes,
    people: Sequence[Influencer] = (),
    touches: Sequence[Touchpoint] = (),
    occasions: Sequence[Occasion] = (),
) -> Plan:
    """What importing some files would do to a team."""
    numbers = count(1)
    known = Known(
        team=TEAM,
        me=ANA,
        members=(ANA, BEN),
        influencers=people,
        touchpoints=touches,
        occasions=occasions,
        now=NOW,
        today=TODAY,
        new_id=lambda prefix: f"{prefix}_{next(numbers)}",
    )
    return make_plan(read(*files), known)


def after(made: Plan, kind: type) -> list[Any]:
    """The records of a kind as a plan leaves them."""
    return [write.after for write in made.writes if isinstance(write.after, kind)]


def applied(made: Plan, *, people: Sequence[Influencer] = ()) -> dict[str, Any]:
    """A team after a plan, as arguments of the next `plan`."""
    records = {record.id: record for record in people} | {write.id: write.after for write in made.writes}
    return {
        "people": [record for record in records.values() if isinstance(record, Influencer)],
        "touches": [record for record in records.values() if isinstance(record, Touchpoint)],
        "occasions": [record for record in records.values() if isinstance(record, Occasion)],
    }


class TestSheets:
    @pytest.mark.parametrize(
        "content",
        [
            "name,tier\nZoë Müller,A\n".encode(),
            "\ufeffname,tier\nZoë Müller,A\n".encode(),
            "name\ttier\r\nZoë Müller\tA\r\n".encode("utf-16"),
            "name;tier\rZoë Müller;A\r".encode("cp1252"),
            "sep=;\nname;tier\nZoë Müller;A\n".encode(),
            '"name","tier"\n"Zoë Müller","A"'.encode(),
            "\n\nname|tier\n\n  Zoë Müller  |A|||\n|\n".encode(),
        ],
    )
    def test_reads_what_spreadsheets_save(self, content: bytes) -> None:
        """Encodings, delimiters, line ends, Excel's first line and white space make no difference."""
        rows = read(content).roster.rows

        assert [("Zoë Müller", Tier.A)] == [(row.name, row.tier) for row in rows]

    def test_says_what_it_guessed(self) -> None:
        """A file without Unicode is read, and the person is asked to look at the accents."""
        assert "Windows-1252" in read("name\nZoë".encode("cp1252")).roster.remarks[0]

    def test_lines_are_counted_as_an_editor_counts_them(self) -> None:
        """Quoted line breaks, empty lines and `sep=` count."""
        sheets = read('sep=,\nname,tier\n"Jess\nPark",A\n\nSam,E\n')

        assert [6] == [problem.line for problem in sheets.problems]
        assert [3] == [row.line for row in sheets.roster.rows]

    @pytest.mark.parametrize(
        ("content", "line", "said"),
        [
            (b"", 0, "nothing in this file"),
            (b"PK\x03\x04rest", 0, "workbook"),
            (b"name\nJ\x81ss", 2, "can’t be read"),
            ("name\nJess".encode("utf-16-le"), 0, "not look like text"),
            (b'name,tier\n"Jess,A\nSam,B\n', 2, "not closed"),
            (b"colour,size\nred,5\n", 1, "can’t tell"),
            (b"name,creator\nJess,Jess\n", 1, "both are the name"),
            (b"name,tier\nJess,A,B\n", 2, "more cells"),
            (b"name\n" + b"x" * SHEET_LIMIT, 0, "2,000,000"),
        ],
    )
    def test_refuses_what_it_cannot_read(self, content: bytes, line: int, said: str) -> None:
        """A file that can't be read as a table is one problem, at its line, that says what to do."""
        (problem,) = read(content).problems

        assert line == problem.line
        assert said in problem.sentence

    def test_two_of_a_kind_are_refused(self) -> None:
        """Two rosters in one import would hide which line is meant."""
        (problem,) = read("name\nJess\n", "name\nSam\n").problems

        assert "second file" in problem.sentence

    @given(
        st.lists(
            st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=2, max_size=2)
        )
    )
    def test_whatever_is_written_is_read_back(self, rows: list[list[str]]) -> None:
        """Any cells, formulas and delimiters among them, come back as they were but for outer white space."""
        content = write_sheet(("name", "tier"), rows)
        kept = [tuple(cell.strip() for cell in row) for row in rows]

        if len(content) <= SHEET_LIMIT:
            sheet = read_sheet("x", content, lambda head: head in {"name", "tier"})
            assert [row for row in kept if any(row)] == [row.cells for row in sheet.rows]

    @given(st.binary(max_size=300))
    def test_any_bytes_are_read_or_refused(self, content: bytes) -> None:
        """Nothing that is uploaded raises."""
        assert read(content) == read(content)


class TestCells:
    @pytest.mark.parametrize(
        "text",
        [
            "2026-03-14",
            "2026/3/14",
            "2026-03-14T10:30:00Z",
            "2026-03-14 10:30",
            "14.03.2026",
            "14. 3. 2026",
            "14/03/2026",
            "03/14/2026 10:30 AM",
            "14 Mar 2026",
            "14-Mar-2026",
            "Sat, 14 March 2026",
            "14th march 2026",
            "Mar 14, 2026",
            "March 14th 2026",
        ],
    )
    def test_reads_dates(self, text: str) -> None:
        """A date with its year is read in the forms that spreadsheets and people use."""
        assert date(2026, 3, 14) == cells.day(text, TODAY, None)

    @pytest.mark.parametrize(
        "text", ["yesterday", "14 Mar", "2026-02-30", "03/04/2026", "32/13/2026", "1989-12-31", "2062-01-01", "14.3.26"]
    )
    def test_refuses_what_is_no_date_or_two(self, text: str) -> None:
        """What depends on the day of reading, is not on the calendar or can be two dates is not guessed."""
        with pytest.raises(NotUnderstood):
            cells.day(text, TODAY, None)

    def test_one_date_tells_how_all_are_read(self) -> None:
        """A column of dates with slashes is read one way, told by a date that can only be read so."""
        sheets = read("influencer,date,note\nJess,03/14/2026,a\nJess,03/04/2026,b\n")

        assert [date(2026, 3, 14), date(2026, 3, 4)] == [row.date for row in sheets.touchpoints.rows]
        assert ("Dates with slashes were read month first.",) == sheets.touchpoints.remarks
        assert cells.order_of(["14/03/2026", "03/14/2026"]) is None
        assert Order.DAY is cells.order_of(["14/03/2026", "03/04/2026"])

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("14 mar", Birthday(3, 14)),
            ("14-Mar", Birthday(3, 14)),
            ("March 14", Birthday(3, 14)),
            ("--03-14", Birthday(3, 14)),
            ("14.3.", Birthday(3, 14)),
            ("1990-03-14", Birthday(3, 14, 1990)),
            ("29 Feb", Birthday(2, 29)),
        ],
    )
    def test_reads_birthdays(self, text: str, expected: Birthday) -> None:
        """A birthday needs no year."""
        assert expected == cells.birthday(text, TODAY, None)

    @pytest.mark.parametrize("text", ["30 feb", "2027-03-14", "soon", "14"])
    def test_refuses_other_birthdays(self, text: str) -> None:
        """A day that doesn't exist, or is still to come, is nobody's."""
        with pytest.raises(NotUnderstood):
            cells.birthday(text, TODAY, None)

    def test_reads_handles_as_people_keep_them(self) -> None:
        """In one column with networks, as addresses of profiles, or in a column called like a network."""
        row = read(
            "name,handles,IG,YouTube,Twitter\nJess,tiktok:Jess,@jess.cooks,https://www.youtube.com/@jesscooks,jess\n"
        ).roster.rows[0]

        assert ("tiktok:jess", "instagram:jess.cooks", "youtube:jesscooks", "x:jess") == tuple(map(str, row.handles))

    def test_reads_a_line(self) -> None:
        """Every column in one of its spellings."""
        row = read(
            "Creator,Aliases,Agency,Tier,Cadence,Owner,Tags,Stage,Notes,Last Contact\n"
            'Jess Park,Jessica; JP,Talent,tier a,3 weeks,@ben,"#Food, diy",Maintaining,"loves\nceramics",2026-11-01\n'
        ).roster.rows[0]

        assert (
            PersonRow(
                line=2,
                name="Jess Park",
                aliases=("Jessica", "JP"),
                manager="Talent",
                tier=Tier.A,
                cadence=21,
                owner="@ben",
                tags=("food", "diy"),
                stage=Stage.MAINTAINING,
                note=("loves", "ceramics"),
                last_contact=date(2026, 11, 1),
            )
            == row
        )

    def test_everything_wrong_in_a_line_is_said(self) -> None:
        """Each cell that can't be read is a problem of its own, with its column and what was expected."""
        problems = read("name,tier,cadence,stage,birthday,last contact\nJess,E,soon,gone,30 feb,2030-01-01\n").problems

        assert ["tier", "cadence", "stage", "birthday", "last contact"] == [problem.column for problem in problems]
        assert {2} == {problem.line for problem in problems}
        assert "Expected: “A”, “B”, “C”, “D”." in problems[0].sentence

    def test_limits_are_stated(self) -> None:
        """A name of 201 characters and a note of 3,001 are refused with the limit, and nothing is cut off."""
        roster = read(f"name\n{'x' * 201}\n").problems
        notes = read(f"influencer,date,note\nJess,2026-01-01,{'x' * 3001}\n").problems

        assert ["200" in roster[0].sentence, "3,000" in notes[0].sentence] == [True, True]

    def test_lists_have_limits_too(self) -> None:
        """What a line adds counts together with what is there: 20 handles, 50 tags."""
        full = replace(
            JESS, tags=tuple(f"tag{n}" for n in range(50)), handles=tuple(Handle("x", f"u{n}") for n in range(20))
        )
        made = plan("name,handles,tags\nJess Park,x:another,\n", people=[full])
        again = plan("name,handles,tags\nJess Park,,another\n", people=[full])

        assert ["handles", "tags"] == [problem.column for problem in (*made.problems, *again.problems)]

    def test_columns_nobody_knows_are_named(self) -> None:
        """What nothing is read from is listed, not lost in silence."""
        assert ("Shoe size",) == read("name,Shoe size\nJess,38\n").roster.ignored

    def test_our_own_columns_are_known(self) -> None:
        """Every column that `export` writes is read as itself."""
        assert ROSTER_COLUMNS == tuple(map(roster_column, ROSTER_COLUMNS))
        assert TOUCHPOINT_COLUMNS == tuple(map(touchpoints_column, TOUCHPOINT_COLUMNS))

    @given(st.lists(st.text(), min_size=len(ROSTER_COLUMNS), max_size=len(ROSTER_COLUMNS)), st.text())
    def test_any_text_in_any_cell_is_read_or_refused(self, row: list[str], note: str) -> None:
        """Nothing raises, and where there is a problem there is nothing to apply."""
        roster = write_sheet(ROSTER_COLUMNS, [row, ["Jess Park", *row[1:]]])
        touches = write_sheet(("influencer", "date", "note", *row[:1]), [("Jess Park", "2026-01-01", note, note)])
        made = plan(roster, touches, people=[JESS])

        assert not (made.problems and made.writes)


class TestPeople:
    def test_a_new_person_gets_what_the_line_says(self) -> None:
        """An influencer, a birthday and the date of last contact as a touchpoint, all from one line."""
        made = plan(
            "name,handles,tier,owner,tags,birthday,note,last contact\n"
            "Jess Park,instagram:jess.cooks,A,ben,food;diy,14 Mar,no peanuts,2026-10-01\n"
        )
        (jess,) = after(made, Influencer)
        (born,) = after(made, Occasion)
        (last,) = after(made, Touchpoint)

        assert ("Jess Park", Tier.A, "mem_ben", ("food", "diy")) == (jess.name, jess.tier, jess.owner, jess.tags)
        assert ["no peanuts"] == [note.text for note in jess.notes]
        assert (jess.id, "birthday", 3, 14) == (born.influencer, born.label, born.month, born.day)
        assert (date(2026, 10, 1), LAST_CONTACT, Medium.OTHER) == (last.on, last.note, last.medium)
        assert Direction.MUTUAL is last.direction

    def test_an_empty_cell_changes_nothing(self) -> None:
        """Only what a cell says is set; lists are added to."""
        made = plan(
            "name,handles,tier,goal,email\nJess Park,tiktok:jess,,a cookbook,\n",
            people=[replace(JESS, email="jess@example.com")],
        )
        (jess,) = after(made, Influencer)

        assert ("instagram:jess.cooks", "tiktok:jess") == tuple(map(str, jess.handles))
        assert (Tier.B, "a cookbook", "jess@example.com") == (jess.tier, jess.goal, jess.email)
        assert (("Jess Park", ("handles", "goal"), None),) == made.changed

    @pytest.mark.parametrize(
        "line",
        [
            "Jess Park,,",
            "jess park,,",
            "JESS  PARK,,",
            ",instagram:Jess.Cooks,",
            ",ig:jess.cooks,",
            "Jess Park,,inf_jess",
        ],
    )
    def test_a_person_is_known_again(self, line: str) -> None:
        """By id, handle or full name, case aside, a line is about who is there already."""
        made = plan(f"name,handles,id\n{line}\n", people=[JESS])

        assert ((), (), 1) == (made.writes, made.problems, made.unchanged)

    def test_a_handle_knows_a_person_under_a_new_name(self) -> None:
        """Matched by handle, the name is one more fact that a line may change."""
        made = plan("name,handles\nJessica Park,instagram:jess.cooks\n", people=[JESS])

        assert ["Jessica Park"] == [jess.name for jess in after(made, Influencer)]

    @pytest.mark.parametrize(
        ("file", "line", "said"),
        [
            ("name\nSam Ode\n", 2, "2 people are called"),
            ("name,handles\nSam Ode,instagram:jess.cooks\n", 2, "belongs to “Jess Park”"),
            ("name,handles\nX,instagram:jess.cooks tiktok:sam\n", 2, "at once"),
            ("name,handles\n,tiktok:nobody\n", 2, "need a name"),
            ("name\nJess Park\njess park\n", 3, "same person as in line 2"),
            ("name\nNew One\nNew One\n", 3, "same name"),
            ("name,handles\nNew,x:a\nOther,x:a\n", 3, "same person as in line 2"),
            ("name,owner\nNew One,zed\n", 2, "Nobody in the team"),
        ],
    )
    def test_what_is_in_doubt_is_refused_by_line(self, file: str, line: int, said: str) -> None:
        """Whoever could be somebody else is not guessed, and then nothing at all is written."""
        sams = [person("inf_s1", "Sam Ode", handles=(Handle("tiktok", "sam"),)), person("inf_s2", "Sam Ode")]
        made = plan(file + "Right Row\n", people=[JESS, *sams])

        assert [(line, True)] == [(problem.line, said in problem.sentence) for problem in made.problems]
        assert () == made.writes

    def test_two_new_people_of_one_name_need_handles(self) -> None:
        """Each known by a handle of their own, they are two."""
        assert ("Jo", "Jo") == plan("name,handles\nJo,x:a1\nJo,x:b2\n").added

    def test_imported_again_nothing_changes(self) -> None:
        """The same roster a second time, whatever it holds, has nothing to do."""
        file = (
            "name,aliases,handles,tier,cadence,owner,tags,stage,birthday,goal,note,last contact\n"
            'Jess Park,"J;P",instagram:jess,A,3 weeks,ben,food;diy,paused,1990-03-14,a book,"one\ntwo",2026-10-01\n'
            "Sam Ode,,,,,nobody,,ended,29 feb,,,\n"
        )
        again = plan(file, **applied(plan(file)))

        assert ((), (), 2) == (again.writes, again.problems, again.unchanged)

    def test_pausing_stops_the_clock(self) -> None:
        """The stage `paused` begins a pause today, another ends it."""
        (paused,) = after(plan("name,stage\nJess Park,paused\n", people=[JESS]), Influencer)
        since = replace(JESS, stage=Stage.PAUSED, pauses=(Pause(since=date(2026, 11, 1)),))
        (back,) = after(plan("name,stage\nJess Park,maintaining\n", people=[since]), Influencer)

        assert (Stage.PAUSED, (Pause(since=TODAY),)) == (paused.stage, paused.pauses)
        assert (Stage.MAINTAINING, TODAY) == (back.stage, back.pauses[0].until)

    def test_last_contact_is_no_news_where_there_was_one_since(self) -> None:
        """A touchpoint of that day or later, known or in the same import, makes the date needless."""
        roster = "name,last contact\nJess Park,2026-10-01\n"
        known = plan(roster, people=[JESS], touches=[touch("tch_1", "inf_jess", "2026-10-01")])
        together = plan(roster, "influencer,date,note\nJess Park,2026-10-02,hi\n", people=[JESS])

        assert [] == after(known, Touchpoint)
        assert [date(2026, 10, 2)] == [found.on for found in after(together, Touchpoint)]


class TestTouchpoints:
    def test_reads_what_happened(self) -> None:
        """Whom, when, how and who of us; what a cell leaves open is the usual."""
        made = plan(
            "influencer,date,medium,direction,exchange,paid,note,link,value,by\n"
            "jess park,2026-03-14,coffee at VidCon,,give,yes,ceramics,https://a.example/1,€50,ben\n"
            "@jess.cooks,14 Mar 2026,dm,received,,,,,,\n",
            people=[JESS],
        )
        first, second = after(made, Touchpoint)

        assert (Medium.MEETING, Direction.MUTUAL, Exchange.GIVE, True) == (
            first.medium,
            first.direction,
            first.exchange,
            first.paid,
        )
        assert ("ceramics", "https://a.example/1", "€50", "mem_ben") == (first.note, first.link, first.value, first.by)
        assert (Medium.DM, Direction.INBOUND, Exchange.NEUTRAL, None) == (
            second.medium,
            second.direction,
            second.exchange,
            second.by,
        )

    def test_a_day_keeps_the_order_of_the_file(self) -> None:
        """What was written first counts as logged first, and none of it in the future."""
        lines = "".join(f"Jess Park,2026-03-14,note {number}\n" for number in range(20))
        made = after(plan("influencer,date,note\n" + lines, people=[JESS]), Touchpoint)

        assert [f"note {number}" for number in range(20)] == [
            found.note for found in sorted(made, key=lambda found: found.logged_at)
        ]
        assert all(found.logged_at < NOW for found in made)

    def test_imported_again_nothing_is_doubled(self) -> None:
        """In another order, too; and one new line among them is the only one added."""
        head, *lines = (
            "influencer,date,medium,note,value,by",
            "Jess Park,2026-03-14,dm,hi,,",
            "Jess Park,2026-03-14,dm,hi,5,",
            "Jess Park,2026-03-14,dm,hi,7,ana",
            "Jess Park,2026-03-15,call,,,",
        )
        first = plan("\n".join((head, *lines)), people=[JESS])
        state = applied(first, people=[JESS])
        again = plan("\n".join((head, *reversed(lines))), **state)
        more = plan("\n".join((head, "Jess Park,2026-03-16,call,,,", *lines)), **state)

        assert [4, 0, 1] == [len(made.touchpoints.added) for made in (first, again, more)]
        assert ((), 4) == (again.writes, again.touchpoints.unchanged)

    def test_an_open_cell_does_not_take_another_lines_touchpoint(self) -> None:
        """Of two that differ in their value alone, the one without is not mistaken for the one with."""
        stored = [
            touch("tch_1", "inf_jess", "2026-03-14", note="hi", value="5"),
            touch("tch_2", "inf_jess", "2026-03-14", note="hi"),
        ]
        head, plain, valued = (
            "influencer,date,medium,note,value\n",
            "Jess Park,2026-03-14,dm,hi,\n",
            "inf_jess,2026-03-14,dm,hi,5\n",
        )

        assert () == plan(head + plain + valued, people=[JESS], touches=stored).writes

    def test_copies_of_a_line_are_counted_once(self) -> None:
        """A line that is another's copy in every cell is one touchpoint, and it is said."""
        made = plan("influencer,date,note\n" + "Jess Park,2026-03-14,hi\n" * 3, people=[JESS])

        assert (1, 2) == (len(made.touchpoints.added), made.touchpoints.repeated)

    def test_what_a_line_adds_to_a_known_touchpoint_is_a_change(self) -> None:
        """A value that was not known is set on the touchpoint that was logged by hand."""
        logged = touch("tch_by_hand", "inf_jess", "2026-03-14", note="hi", by="mem_ana")
        made = plan(
            "influencer,date,medium,note,value\nJess Park,2026-03-14,dm,hi,€50\n", people=[JESS], touches=[logged]
        )

        assert (Write(logged, replace(logged, value="€50")),) == made.writes

    def test_what_was_edited_since_is_left(self) -> None:
        """A touchpoint that was imported and then reworded does not come back in its old words."""
        file = "influencer,date,note\nJess Park,2026-03-14,hi\n"
        (imported,) = after(plan(file, people=[JESS]), Touchpoint)

        assert () == plan(file, people=[JESS], touches=[replace(imported, note="hello")]).writes

    def test_people_of_the_same_import_are_found(self) -> None:
        """Touchpoints may be with whoever the roster beside them adds."""
        made = plan("influencer,date,note\nsam,2026-03-14,hi\n", "name,handles\nSam Ode,x:sam\n")

        assert [made.writes[0].id] == [found.influencer for found in after(made, Touchpoint)]

    @pytest.mark.parametrize(
        ("line", "column"),
        [
            ("Nobody,2026-03-14,dm,,", "influencer"),
            ("Sam Ode,2026-03-14,dm,,", "influencer"),
            ("Jess Park,2026-03-14,dm,,zed", "by"),
            ("Jess Park,tomorrow,dm,,", "date"),
            ("Jess Park,2026-03-14,blah,,", "medium"),
            ("Jess Park,2026-03-14,dm,ftp://x,", "link"),
            ("Jess Park,,dm,,", "date"),
        ],
    )
    def test_what_is_wrong_is_said_by_line_and_column(self, line: str, column: str) -> None:
        """One wrong line is enough to write nothing."""
        sams = [person("inf_s1", "Sam Ode"), person("inf_s2", "Sam Ode")]
        made = plan(f"influencer,date,medium,link,by\nJess Park,2026-01-01,dm,,\n{line}\n", people=[JESS, *sams])

        assert [(3, column)] == [(problem.line, problem.column) for problem in made.problems]
        assert () == made.writes

    @pytest.mark.parametrize(
        ("row", "typed"),
        [
            ("Sam Ode,x:nobody at all here,A,", "sam ode"),
            ("Sam Ode,sam!,A,", "Sam Ode"),
            ("Sam Ode,https://nowhere.example/sam x:samode,A,", "@samode"),
            ("Sam Ode,,A,zed", "sam ode"),
            ("Sam Ode,x:sam,E,", "x:sam"),
            (f"Sam {'Ode' * 100},x:sam,A,", "@sam"),
            ("Sam Ode,x:jess instagram:jess.cooks tiktok:sam,A,", "sam ode"),
            ("Sam Ode,,A,,one cell too many", "Ode"),
        ],
    )
    def test_who_stands_in_a_wrong_line_is_no_stranger(self, row: str, typed: str) -> None:
        """Whatever is wrong with their own line, touchpoints with them are no problem beside it."""
        others = [JESS, person("inf_x", "Xena", handles=(Handle("x", "jess"),))]
        made = plan(
            f"name,handles,tier,owner\n{row}\n", f"influencer,date,note\n{typed},2026-03-14,hi\n", people=others
        )

        assert {"0.csv"} == {problem.file for problem in made.problems}
        assert () == made.writes

    def test_a_broken_roster_line_is_not_blamed_twice(self) -> None:
        """Touchpoints with a person whose own line is wrong are no problem of theirs."""
        made = plan("name,tier\nSam Ode,E\n", "influencer,date,note\nSam Ode,2026-03-14,hi\n")

        assert ["tier"] == [problem.column for problem in made.problems]

    def test_all_that_can_be_known_is_said_at_once(self) -> None:
        """Wrong cells, unknown owners and unknown people, in one row and in two files, don't wait for each other."""
        made = plan(
            "name,handles,tier,owner,cadence\nSam Ode,,E,zed,soon\nKim Ray,bad!,A,zed,\nLee Fox,,A,ana,\n,,E,,\n",
            "influencer,date,note,by\nSam Ode,soon,hi,zed\nNobody,2026-03-14,hi,zed\nStranger,soon,hi,\n"
            "Lee Fox,2026-03-14,hi,ana\nKim Ray,2026-03-14,hi,\n",
        )

        assert [
            ("0.csv", 2, "cadence"),
            ("0.csv", 2, "owner"),
            ("0.csv", 2, "tier"),
            ("0.csv", 3, "handles"),
            ("0.csv", 3, "owner"),
            ("0.csv", 5, "name"),
            ("0.csv", 5, "tier"),
            ("1.csv", 2, "by"),
            ("1.csv", 2, "date"),
            ("1.csv", 3, "by"),
            ("1.csv", 3, "influencer"),
            ("1.csv", 4, "date"),
            ("1.csv", 4, "influencer"),
        ] == sorted((problem.file, problem.line, problem.column) for problem in made.problems)

    def test_a_line_that_could_be_two_people_has_its_owner_looked_at_too(self) -> None:
        """Who is meant is one problem, who answers for them another."""
        made = plan("name,owner\nSam,zed\n", people=[person("inf_s1", "Sam"), person("inf_s2", "Sam")])

        assert ["name", "owner"] == [problem.column for problem in made.problems]
