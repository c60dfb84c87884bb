from __future__ import annotations

import csv
import io
import re
from datetime import UTC, date, datetime, time, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.address import Person, Place, Workspace
from bot.concerns import LEADS, MARK
from bot.model import (
    Direction,
    Gesture,
    Handle,
    Influencer,
    Kept,
    Medium,
    Member,
    Nudge,
    NudgeReason,
    NudgeState,
    Occasion,
    Promise,
    Record,
    Schedule,
    Side,
    StandingNote,
    Team,
    Tier,
    Touchpoint,
    nudge_id,
)
from bot.reading.restore_plan import plan_restore
from bot.reading.roster_columns import PROMISE_COLUMNS, ROSTER_COLUMNS, TOUCHPOINT_COLUMNS
from bot.reading.sheets import Unreadable, guarded, write_sheet
from bot.reading.team_file import TeamFile, is_team_file, read_team, settings_of, write_person, write_team
from bot.standing import Book
from bot.views.exports import person_cells, promise_cells, touchpoint_cells

NOW = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
HOME = Workspace("fake", "acme")
TEAM = Team(
    id="team_1",
    team="team_1",
    version=7,
    name="Acme",
    workspaces=(HOME,),
    timezone="Europe/Berlin",
    days_off=(date(2026, 12, 24),),
    channel=Place("fake", "acme", "team"),
    gestures=(Gesture("Send a card", "https://cards.example"),),
    created_at=NOW,
)
ANA = Member(
    id="mem_fake_acme_ana", team="team_1", version=2, name="Ana", accounts=(Person("fake", "acme", "ana"),), admin=True
)
JESS = Influencer(
    id="inf_jess",
    team="team_1",
    version=3,
    name="Jess Park",
    handles=(Handle("instagram", "jess.cooks"),),
    notes=(StandingNote("no peanuts", ANA.id, NOW),),
    tier=Tier.A,
    owner=ANA.id,
    added_at=NOW,
    added_by=ANA.id,
    merged=("inf_jessica",),
)
COFFEE = Touchpoint(
    id="tch_1",
    team="team_1",
    version=1,
    influencer="inf_jess",
    on=date(2026, 11, 1),
    medium=Medium.MEETING,
    direction=Direction.MUTUAL,
    note="=HYPERLINK(…)",
    by=ANA.id,
    logged_at=NOW,
)
BORN = Occasion(
    id="occ_1", team="team_1", version=1, influencer="inf_jess", label="birthday", month=2, day=29, added_by=ANA.id
)
QUIET = Nudge(
    id="nudge:inf_jess:quiet:2026-11-01",
    team="team_1",
    version=1,
    influencer="inf_jess",
    reason=NudgeReason.QUIET,
    since=date(2026, 11, 1),
    member=ANA.id,
    state=NudgeState.SENT,
    raised_at=NOW,
    delivery="delivery:nudges:mem_fake_acme_ana:2026-11-20",
)
SAMPLE = Promise(
    id="prm_sample",
    team="team_1",
    version=4,
    influencer="inf_jess",
    side=Side.WE,
    what="send the ceramic sample",
    due=date(2026, 11, 6),
    link="https://drive.example/sample",
    made_at=NOW,
    made_by=ANA.id,
)
FEE = Promise(
    id="prm_fee",
    team="team_1",
    version=1,
    influencer="inf_jess",
    side=Side.WE,
    what="pay for the reel",
    payment=True,
    value="€900",
    made_at=NOW,
    made_by=ANA.id,
    outcome=Kept.KEPT_LATE,
    settled_on=date(2026, 11, 20),
    settled_by=ANA.id,
    settled_at=NOW,
)
LATE = Nudge(
    id="nudge:inf_jess:promise.sample:2026-11-06",
    team="team_1",
    influencer="inf_jess",
    reason=NudgeReason.PROMISE,
    since=date(2026, 11, 6),
    about=SAMPLE.id,
    on=date(2026, 11, 6),
    member=ANA.id,
    raised_at=NOW,
)
SOON = tuple(
    Nudge(
        id=f"nudge:inf_jess:occasion.{BORN.id[-6:]}{lead}:2027-02-28",
        team="team_1",
        influencer="inf_jess",
        reason=NudgeReason.OCCASION,
        since=date(2027, 2, 28),
        about=BORN.id,
        on=date(2027, 2, 28) - timedelta(days=lead),
        member=ANA.id,
        raised_at=NOW,
    )
    for lead in LEADS
)
MONDAYS = Schedule(
    id="sch_mondays",
    team="team_1",
    version=2,
    place=Place("fake", "acme", "team"),
    weekdays=(0, 3),
    at=time(9),
    set_up_by=ANA.id,
    set_up_at=NOW,
)
FILE = TeamFile(
    settings=settings_of(TEAM),
    members=(ANA,),
    influencers=(JESS,),
    touchpoints=(COFFEE,),
    promises=(FEE, SAMPLE),
    occasions=(BORN,),
    nudges=(QUIET, *SOON, LATE),
    schedules=(MONDAYS,),
)
EMPTY = Team(id="team_2", team="team_2", name="New", workspaces=(HOME,), created_at=NOW)

ACTING = re.compile(r'(?:^|[;,|\t\r\n])[\s"]*[=+\-@\uff1d\uff0b\uff0d\uff20]')


class TestSheets:
    @given(st.text())
    def test_no_cell_is_a_formula(self, text: str) -> None:
        """Whatever somebody wrote, no program sees a formula, whichever delimiter its country has."""
        assert not ACTING.search(guarded(text))

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("=1+1", "'=1+1"),
            ("+49 30 1234", "'+49 30 1234"),
            ("@jess", "'@jess"),
            ("-", "'-"),
            ("'=1", "''=1"),
            ('x;"=1', "x;\"'=1"),
            ("list:\n- milk", "list:\n'- milk"),
            ("a - b, it’s 1+1=2", "a - b, it’s 1+1=2"),
        ],
    )
    def test_only_what_could_act_is_touched(self, text: str, expected: str) -> None:
        """An apostrophe stands where a formula could begin, and nowhere else."""
        assert expected == guarded(text)

    def test_excel_reads_it(self) -> None:
        """UTF-8 with its mark, every cell quoted, lines ended as CSV has them."""
        assert b'\xef\xbb\xbf"name"\r\n"Zo\xc3\xab ""Z"""\r\n' == write_sheet(("name",), [('Zoë "Z"',)])

    def test_a_row_holds_every_column(self) -> None:
        """The views know the same columns as the reader."""
        person = person_cells(JESS, "Ana", {"birthday": BORN}, [COFFEE])
        touch = touchpoint_cells(COFFEE, "Jess Park", "Ana")
        promise = promise_cells(FEE, "Jess Park", "Ana")

        assert (ROSTER_COLUMNS, TOUCHPOINT_COLUMNS, PROMISE_COLUMNS) == (tuple(person), tuple(touch), tuple(promise))
        assert ("ours", "yes", "€900", "kept late", "2026-11-20") == tuple(
            promise[column] for column in ("whose", "payment", "value", "outcome", "settled")
        )
        assert ("29 Feb", "2026-11-01", "no peanuts") == (person["birthday"], person["last contact"], person["note"])

    def test_a_sheet_is_plain_csv(self) -> None:
        """Any reader of CSV finds the cells."""
        content = write_sheet(("note",), [('a\r\nb; "c", d',)]).decode("utf-8-sig")

        assert [["note"], ['a\r\nb; "c", d']] == list(csv.reader(io.StringIO(content, newline="")))


class TestTeamFile:
    def test_what_is_written_is_read_back(self) -> None:
        """All records come back but for their team, their version and where a nudge was posted."""
        read = read_team("x.json", write_team(FILE))

        def home(record: msgspec.Struct) -> dict[str, object]:
            return msgspec.structs.asdict(record) | {"team": "", "version": 0}

        assert settings_of(TEAM) == read.settings
        kept = (*read.influencers, *read.touchpoints, *read.promises, *read.occasions, *read.schedules)
        assert [home(record) for record in (JESS, COFFEE, FEE, SAMPLE, BORN, MONDAYS)] == list(map(home, kept))
        nudges = {nudge.id: home(nudge) for nudge in read.nudges}
        assert {nudge.id: home(nudge) | {"delivery": None} for nudge in FILE.nudges} == nudges

    def test_the_same_team_gives_the_same_bytes(self) -> None:
        """In whatever order a store answers; neither the moment nor the versions are in it."""
        other = msgspec.structs.replace(COFFEE, id="tch_0", version=9)
        one = msgspec.structs.replace(FILE, touchpoints=(COFFEE, other))
        two = msgspec.structs.replace(FILE, touchpoints=(msgspec.structs.replace(other, version=1), COFFEE))

        assert write_team(one) == write_team(two)

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            (b'"rapport team"', b'"something"', "not an export"),
            (b'"version":2', b'"version":3', "version 3"),
            (b"Europe/Berlin", b"Mars/Phobos", "no time zone"),
            (b'"A":21', b'"A":0', "Cadences"),
            (b'"tier":"A"', b'"tier":"Z"', "Number 1 of the influencers"),
            (b'"month":2', b'"month":13', "calendar"),
            (b'"influencer":"inf_jess","on"', b'"influencer":"inf_sam","on"', "not in the file"),
            (b'"daily_cap":5', b'"daily_cap":500', "people a day"),
            (b'"seen_zone":null', b'"seen_zone":"Mars/Phobos"', "time zone that does not exist"),
            (b'"Jess Park"', b'"' + b"x" * 201 + b'"', "201 characters"),
            (b'"id":"occ_1"', b'"id":"occ_1","team":"team_9"', "not a record"),
            (b'"nudges":[', b'"others":[', "list of nudges"),
            (b'"promises":[', b'"others":[', "list of promises"),
            (b'"schedules":[', b'"others":[', "list of schedules"),
            (b'"settled_on":"2026-11-20"', b'"settled_on":null', "settled without a day"),
            (b'"what":"pay for the reel"', b'"what":" "', "says nothing"),
            (b'"side":"we"', b'"side":"us"', "Number 1 of the promises"),
            (b'"influencer":"inf_jess","side"', b'"influencer":"inf_sam","side"', "not in the file"),
            (b'"value":"\xe2\x82\xac900"', b'"value":"' + b"9" * 201 + b'"', "200 characters"),
            (b'"yearly":true', b'"yearly":false', "calendar"),
            (b'"label":"birthday"', b'"label":" "', "called something"),
            (b'"about":"prm_sample"', b'"about":null', "which promise or occasion"),
            (b"occasion.occ_17", b"occasion.occ_1", "how long before"),
            (b"occasion.occ_17", b"occasion.occ_11", "Two of the nudges"),
            (b'"weekdays":[0,3]', b'"weekdays":[]', "on no day"),
            (b'"weekdays":[0,3]', b'"weekdays":[7]', "on no day"),
            (b'"at":"09:00:00"', b'"at":"09:00:00+05:00"', "the team’s"),
            (b"]}\n", b"", "cut off"),
            (b'"format"', b'"format":' + b'{"a":' * 900 + b"1" + b"}" * 900 + b',"x"', "not an export"),
        ],
    )
    def test_what_could_not_be_true_is_refused(self, old: bytes, new: bytes, said: str) -> None:
        """A file that was altered, cut or comes from elsewhere is refused with a reason."""
        content = write_team(FILE)
        assert old in content

        with pytest.raises(Unreadable) as caught:
            read_team("x.json", content.replace(old, new))
        assert said in caught.value.problem.sentence

    def test_two_nudges_of_one_silence_are_refused(self) -> None:
        """A silence is raised once: two nudges about the same could not both be kept, whatever their ids say."""
        twice = msgspec.structs.replace(FILE, nudges=(QUIET, msgspec.structs.replace(QUIET, id="nudge:other")))

        with pytest.raises(Unreadable, match="same silence or day of the same person"):
            read_team("x.json", write_team(twice))

    def test_a_file_of_the_first_version_is_read(self) -> None:
        """It has neither promises nor digests, and its records lack what was added since."""
        document = msgspec.json.decode(write_team(FILE)) | {"version": 1}
        del document["promises"], document["schedules"]
        document["nudges"] = [nudge for nudge in document["nudges"] if nudge["id"] == QUIET.id]
        for table, added in (
            ("influencers", "merged"),
            ("occasions", "added_by"),
            ("nudges", "about"),
            ("nudges", "on"),
        ):
            del document[table][0][added]
        read = read_team("x.json", msgspec.json.encode(document))

        assert ((), (), ()) == (read.promises, read.schedules, read.influencers[0].merged)
        assert ("Jess Park", None, None) == (read.influencers[0].name, read.nudges[0].about, read.occasions[0].added_by)

    @pytest.mark.parametrize(
        ("records", "said"),
        [
            ({"promises": [msgspec.structs.replace(SAMPLE, id=f"prm_{n}") for n in range(201)]}, "promises are open"),
            ({"occasions": [msgspec.structs.replace(BORN, id=f"occ_{n}") for n in range(101)]}, "100 occasions"),
            ({"schedules": [msgspec.structs.replace(MONDAYS, id=f"sch_{n}") for n in range(101)]}, "100 digests"),
            ({"schedules": [MONDAYS, MONDAYS]}, "Two of the digests"),
        ],
    )
    def test_more_than_anybody_could_have_is_refused(self, records: dict[str, list[Record]], said: str) -> None:
        """One file can't bring so much of one influencer, or so many digests, that every day with them is slow."""
        file = msgspec.structs.replace(FILE, nudges=(), **{name: tuple(each) for name, each in records.items()})

        with pytest.raises(Unreadable, match=said):
            read_team("x.json", write_team(file))

    @given(st.binary(max_size=200), st.integers(0, 3000))
    def test_damage_is_refused_or_read(self, junk: bytes, where: int) -> None:
        """Whatever is put into the middle of a file, it is read or refused."""
        content = write_team(FILE)
        with_junk = content[:where] + junk + content[where:]

        try:
            read: TeamFile | Unreadable = read_team("x.json", with_junk)
        except Unreadable as error:
            read = error

        assert isinstance(read, TeamFile) or read.problem.sentence

    def test_it_is_told_from_a_sheet(self) -> None:
        """JSON begins with a brace, a table never does."""
        assert [True, True, False] == [is_team_file(content) for content in (write_team(FILE), b" {", b"name\n{")]

    def test_one_persons_file_holds_everything_and_is_no_team(self) -> None:
        """It names the members it speaks of, and is refused as a team."""
        content = write_person(Book(JESS, (COFFEE,), (FEE, SAMPLE), (BORN,), (QUIET,)), None, {ANA.id: "Ana"})
        document = msgspec.json.decode(content)

        assert ["Jess Park", 1, 2, 1, 1, {ANA.id: "Ana"}] == [
            document["influencer"]["name"],
            *(len(document[name]) for name in ("touchpoints", "promises", "occasions", "nudges")),
            document["members"],
        ]
        with pytest.raises(Unreadable, match="one person"):
            read_team("x.json", content)


class TestRestore:
    def test_records_keep_their_ids(self) -> None:
        """In a store where they are free, everything is what it was, in its new team."""
        made = plan_restore(FILE, EMPTY, (), fresh_ids=False)

        ids = {"inf_jess", "tch_1", "prm_fee", "prm_sample", "occ_1", "sch_mondays", ANA.id, "team_2"}
        assert ids | {nudge.id for nudge in FILE.nudges} == {write.id for write in made.writes}
        assert {"team_2"} == {write.record.team for write in made.writes}
        assert settings_of(TEAM) == settings_of(made.team)

    def test_taken_ids_are_made_anew_and_still_belong_together(self) -> None:
        """Fresh ids are the same for the same file, and what was about Jess is about Jess."""
        made = plan_restore(FILE, EMPTY, (), fresh_ids=True)
        again = plan_restore(FILE, EMPTY, (), fresh_ids=True)
        (jess,) = [write.after for write in made.writes if isinstance(write.after, Influencer)]
        (coffee,) = [write.after for write in made.writes if isinstance(write.after, Touchpoint)]
        nudges = [write.after for write in made.writes if isinstance(write.after, Nudge)]
        (quiet,) = [nudge for nudge in nudges if nudge.reason is NudgeReason.QUIET]

        assert made == again
        assert jess.id not in {"inf_jess", ""}
        assert (jess.id, jess.id, f"nudge:{jess.id}:quiet:2026-11-01") == (
            coffee.influencer,
            quiet.influencer,
            quiet.id,
        )

    def test_nudges_about_promises_and_occasions_follow_them(self) -> None:
        """With fresh ids each is found by what it is about and for which day, as if it had been raised here."""
        made = plan_restore(FILE, EMPTY, (), fresh_ids=True)
        records = [write.after for write in made.writes]
        (open_one,) = [one for one in records if isinstance(one, Promise) and one.is_open]
        (born,) = [one for one in records if isinstance(one, Occasion)]
        nudges = [one for one in records if isinstance(one, Nudge) and one.about]

        assert {
            nudge_id(born.influencer, NudgeReason.PROMISE, SAMPLE.due or NOW.date(), open_one.id[-MARK:]): open_one.id,
            **{
                nudge_id(born.influencer, NudgeReason.OCCASION, date(2027, 2, 28), f"{born.id[-MARK:]}{lead}"): born.id
                for lead in LEADS
            },
        } == {nudge.id: nudge.about for nudge in nudges}

    def test_digests_stay_where_they_are(self) -> None:
        """A digest of a workspace that is the team's is kept as it is, whichever of its platforms that is on."""
        elsewhere = msgspec.structs.replace(MONDAYS, id="sch_there", place=Place("other", "guild", "7"))
        file = msgspec.structs.replace(FILE, schedules=(MONDAYS, elsewhere))
        both = msgspec.structs.replace(EMPTY, workspaces=(HOME, Workspace("other", "guild")))
        made = plan_restore(file, both, (), fresh_ids=False)
        digests = [one.after for one in made.writes if isinstance(one.after, Schedule)]

        assert [MONDAYS.place, elsewhere.place] == [digest.place for digest in digests]
        assert {ANA.id} == {digest.set_up_by for digest in digests}

    @pytest.mark.parametrize(
        "strange", ["inf_" + "x" * 21, "inf_Jess", "inf_a-b", "inf_a_b", "inf_a\nb", "inf_", "jess"]
    )
    def test_ids_that_no_button_could_carry_are_made_anew(self, strange: str) -> None:
        """What is too long, or not of the letters of our ids, gets one that is; what was about it still is."""
        jess, coffee = (
            msgspec.structs.replace(FILE.influencers[0], id=strange),
            msgspec.structs.replace(FILE.touchpoints[0], influencer=strange),
        )
        file = msgspec.structs.replace(
            FILE, influencers=(jess,), touchpoints=(coffee,), promises=(), occasions=(), nudges=()
        )
        made = plan_restore(file, EMPTY, (), fresh_ids=False)
        (person,) = [write.after for write in made.writes if isinstance(write.after, Influencer)]
        (touch,) = [write.after for write in made.writes if isinstance(write.after, Touchpoint)]

        assert re.fullmatch(r"inf_[0-9a-z]{1,20}", person.id)
        assert (person.id, coffee.id) == (touch.influencer, touch.id)

    def test_a_member_with_a_strange_id_gets_a_new_one(self) -> None:
        """Members too: an id that is neither that of their account nor one of ours is not kept, and they still own."""
        strange = "mem_" + "x" * 40
        ana = msgspec.structs.replace(FILE.members[0], id=strange, accounts=())
        jess = msgspec.structs.replace(FILE.influencers[0], owner=strange)
        made = plan_restore(
            msgspec.structs.replace(FILE, members=(ana,), influencers=(jess,)), EMPTY, (), fresh_ids=False
        )
        (member,) = [write.after for write in made.writes if isinstance(write.after, Member)]
        (person,) = [write.after for write in made.writes if isinstance(write.after, Influencer)]

        assert re.fullmatch(r"mem_[0-9a-z]{20}", member.id)
        assert member.id == person.owner

    def test_whoever_is_here_already_stays_who_they_are(self) -> None:
        """A member with the same account keeps their id, and owns what they owned."""
        here = Member(id="mem_here", team="team_2", version=1, name="Ana P", accounts=ANA.accounts)
        made = plan_restore(FILE, EMPTY, (here,), fresh_ids=False)
        (member,) = [write for write in made.writes if isinstance(write.record, Member)]
        (jess,) = [write.after for write in made.writes if isinstance(write.after, Influencer)]

        assert (here, "mem_here", True) == (
            member.before,
            member.id,
            isinstance(member.after, Member) and member.after.admin,
        )
        assert ("mem_here", "mem_here") == (jess.owner, jess.notes[0].by)

    def test_nothing_of_other_workspaces_comes_in(self) -> None:
        """Accounts, their ids and a channel elsewhere are left out: nobody there could ever be posted to."""
        elsewhere = Team(
            id="team_3", team="team_3", name="New", workspaces=(Workspace("fake", "other"),), created_at=NOW
        )
        made = plan_restore(FILE, elsewhere, (), fresh_ids=False)
        (member,) = [write.after for write in made.writes if isinstance(write.after, Member)]

        assert ((), None, True, ("Ana",)) == (member.accounts, made.team.channel, made.channel_left, made.strangers)
        assert (1, []) == (made.digests_left, [one for one in made.writes if isinstance(one.record, Schedule)])
        assert ANA.id != member.id
        assert elsewhere.workspaces == made.team.workspaces
