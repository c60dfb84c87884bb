from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.address import Person, Workspace
from bot.change import Change, created
from bot.doctor import Finding, State, doctor, examine, machine, report
from bot.model import Direction, Influencer, Medium, Member, Team, Touchpoint
from bot.settings import Settings, load_settings
from storage import open_tiny

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)

HOLDER = """
import sys
from pathlib import Path
from storage import open_tiny
store = open_tiny(Path(sys.argv[1]))
print("open", flush=True)
sys.stdin.read()
"""


def clock() -> datetime:
    """The moment at which the patient is looked at."""
    return NOW


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the store of this test is to be."""
    return tmp_path / "data" / "rapport.json"


def settings_for(path: Path) -> Settings:
    """Settings that name a store, whatever the environment says."""
    return Settings.model_validate({"DATABASE_URL": f"tinydb:{path}"})


async def filled(path: Path, at: datetime = NOW - timedelta(days=1), zone: str = "Europe/Berlin") -> None:
    """A store with a team, a member, and five influencers who came one by one, the first with a touchpoint."""
    store = open_tiny(path)
    team = Team(id="team_1", team="team_1", name="T", workspaces=(Workspace("console", "t"),), created_at=at)
    member = Member(id="mem_1", team="team_1", name="Mia", accounts=(Person("console", "t", "mia"),), timezone=zone)
    touch = Touchpoint(
        id="tch_1",
        team="team_1",
        influencer="inf_0",
        on=at.date(),
        medium=Medium.CALL,
        direction=Direction.MUTUAL,
        logged_at=at,
    )
    steps = [(team, member), (touch,)]
    people = [Influencer(id=f"inf_{n}", team="team_1", name=f"Person {n}", added_at=at) for n in range(5)]
    for number, records in enumerate([*steps, *((person,) for person in people)]):
        writes = created(*records)
        await store.commit(
            Change(id=f"chg_{number}", team="team_1", at=at, by="mem_1", verb=f"verb{number}", writes=writes)
        )
    await store.close()


@pytest.fixture
def journal(monkeypatch: pytest.MonkeyPatch, path: Path) -> Callable[[], Path]:
    """Closing leaves everything in the journal, as a crash does; says which file that is."""
    monkeypatch.setattr("storage.tiny.CLOSING_LIMIT", 0)
    return lambda: max(path.parent.glob("*.journal.*"))


def damage(file: Path, line: int) -> None:
    """Changes one bit in the middle of a line, counted from 0."""
    lines = file.read_bytes().splitlines(keepends=True)
    middle = len(lines[line]) // 2
    lines[line] = lines[line][:middle] + bytes([lines[line][middle] ^ 1]) + lines[line][middle + 1 :]
    file.write_bytes(b"".join(lines))


async def looked_at(path: Path) -> dict[str, Finding]:
    """What an examination finds, by subject."""
    findings = await examine(settings_for(path), clock=clock, output=io.StringIO())
    assert len(findings) == len({finding.subject for finding in findings})
    return {finding.subject: finding for finding in findings}


async def run(path: Path, *, repair: bool = False) -> tuple[int, str]:
    """The exit code and what was written."""
    output = io.StringIO()
    code = await doctor(lambda: settings_for(path), repair=repair, output=output, clock=clock)
    return code, output.getvalue()


def contents(folder: Path) -> dict[str, bytes]:
    """The files of a folder."""
    return {file.name: file.read_bytes() for file in folder.iterdir()}


@contextmanager
def held_by_another_process(path: Path) -> Iterator[int]:
    """A process that has the store open for writing."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, path],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        assert b"open\n" == process.stdout.readline()
        yield process.pid
    finally:
        process.communicate()


async def test_a_healthy_store_is_fine(path: Path) -> None:
    """All is fine, the store is counted, and nothing is changed by looking."""
    await filled(path)
    before = contents(path.parent)

    code, said = await run(path)

    assert 0 == code
    assert "is sound: 1 team, 5 influencers, 1 touchpoint; 0 commits in the journal." in said
    assert "No process has the store open." in said
    assert said.endswith("\nAll is well.\n")
    assert before == contents(path.parent)


async def test_before_the_first_start_all_is_fine(path: Path) -> None:
    """Where there is no store yet it says so, and makes neither store nor folder."""
    code, said = await run(path)

    assert 0 == code
    assert "There is none yet" in said
    assert f"{path.parent} will be made at the first start." in said
    assert not path.parent.exists()


async def test_settings_are_named(path: Path) -> None:
    """Each setting stands there with its value, in brackets where it was left out."""
    said = (await looked_at(path))["Settings"].sentence
    assert f"DATABASE_URL=tinydb:{path} " in said
    assert "(RAPPORT_TIMEZONE=UTC)" in said


async def test_a_password_is_not_shown(path: Path) -> None:
    """Who pastes the report into a chat gives no password away."""
    settings = settings_for(path).model_copy(update={"database_url": f"tinydb://ana:secret@host{path}"})
    findings = await examine(settings, clock=clock, output=io.StringIO())
    assert "secret" not in findings[0].sentence


@pytest.mark.parametrize("url", ["rapport.json", "tinydb:", "tinydb:/", "mysql://x"])
async def test_a_wrong_database_url_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """A URL that names no store is broken, with what it should be; the machine is looked at all the same."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", url)
    output = io.StringIO()

    code = await doctor(load_settings, repair=True, output=output, clock=clock)

    said = output.getvalue()
    assert 1 == code
    assert said.startswith("broken     Settings")
    assert "DATABASE_URL" in said
    assert "tinydb:data/rapport.json" in said
    assert "fine       Python" in said


async def test_a_broken_journal_is_shown(path: Path, journal: Callable[[], Path]) -> None:
    """It says where, what cutting it off would lose, and how; and changes nothing without being told to."""
    await filled(path)
    damage(journal(), 4)
    before = contents(path.parent)

    code, said = await run(path)

    assert 1 == code
    assert f"{journal()}, line 5 (byte " in said
    assert "doctor --repair` would cut" in said
    assert "Lines of the journal that this loses: 4." in said
    assert [False, True, True, True] == [f"verb{n}, 2026-11-22" in said for n in (3, 4, 5, 6)]
    assert before == contents(path.parent)


async def test_a_repair_cuts_and_keeps_a_copy(path: Path, journal: Callable[[], Path]) -> None:
    """What comes before the damage is there again, the journal as it was lies beside, and the store is fine."""
    await filled(path)
    damage(journal(), 4)
    damaged = journal().read_bytes()

    code, said = await run(path, repair=True)

    assert 0 == code
    assert "\nRepaired:\n" in said
    assert "is sound: 1 team, 1 influencer, 1 touchpoint" in said.partition("Afterwards:")[2]
    assert [damaged] == [kept.read_bytes() for kept in path.parent.glob("*.kept-*")]


async def test_a_long_loss_is_cut_short(path: Path, journal: Callable[[], Path]) -> None:
    """Of many lost commits the first are named and the rest counted."""
    await filled(path)
    store = open_tiny(path)
    for number in range(40):
        person = Influencer(id=f"inf_more_{number}", team="team_1", name="More", added_at=NOW)
        writes = created(person)
        change = Change(id=f"chg_more_{number}", team="team_1", at=NOW, by=None, verb="add", writes=writes)
        await store.commit(change)
    await store.close()
    damage(journal(), 8)

    said = (await looked_at(path))["Store"].sentence

    assert 20 == said.count("  commit ")
    assert "…and 19 more" in said


async def test_a_repair_does_nothing_where_nothing_is_wrong(path: Path, journal: Callable[[], Path]) -> None:
    """A sound store is left as it is, byte for byte."""
    await filled(path)
    before = contents(path.parent)

    code, said = await run(path, repair=True)

    assert 0 == code
    assert said.endswith("There is nothing to repair.\n")
    assert before == contents(path.parent)


async def test_a_torn_tail_is_nothing_to_repair(path: Path, journal: Callable[[], Path]) -> None:
    """A write that was cut off by a crash was promised to nobody: the store is sound, and says so."""
    await filled(path)
    journal().write_bytes(journal().read_bytes() + b"0123abcd 9 {")

    store = (await looked_at(path))["Store"]

    assert State.FINE is store.state
    assert "The last 12 bytes are a write that never finished" in store.sentence


async def test_a_damaged_snapshot_has_no_remedy(path: Path) -> None:
    """What can't be repaired is said to need the last backup, and is left alone by a repair."""
    await filled(path)
    damage(path, 6)
    before = contents(path.parent)

    code, said = await run(path, repair=True)

    assert 1 == code
    assert "put the last backup in its place" in said
    assert "Not repaired: " in said
    assert before == contents(path.parent)


async def test_a_missing_snapshot_is_noticed(path: Path, journal: Callable[[], Path]) -> None:
    """A journal alone is not taken for a store that was never there."""
    await filled(path)
    journal().with_name(path.name).unlink()

    store = (await looked_at(path))["Store"]

    assert State.BROKEN is store.state
    assert f"{path} is missing" in store.sentence


async def test_who_has_it_open_is_said(path: Path) -> None:
    """Beside a process that writes, the store is read all the same, and the process is named."""
    await filled(path)
    with held_by_another_process(path) as process:
        found = await looked_at(path)

        assert f"Process {process} has the store open." == found["Running"].sentence
        assert State.FINE is found["Store"].state
    assert "No process has the store open." == (await looked_at(path))["Running"].sentence


async def test_no_repair_while_it_is_open(path: Path, journal: Callable[[], Path]) -> None:
    """What another process writes is not cut under its hands."""
    await filled(path)
    with held_by_another_process(path) as process:
        damage(journal(), 4)
        before = contents(path.parent)

        code, said = await run(path, repair=True)

        assert 1 == code
        assert f"Not repaired: already open in process {process}" in said
        assert before == contents(path.parent)


async def test_asking_who_has_it_open_leaves_it_free(path: Path) -> None:
    """After an examination the store can be opened for writing."""
    await filled(path)
    await looked_at(path)
    await open_tiny(path).close()


async def test_a_file_in_place_of_the_folder_is_broken(path: Path) -> None:
    """Where the data folder can't be, it says what is in the way."""
    path.parent.write_text("in the way")
    found = (await looked_at(path))["Data folder"]
    assert (State.BROKEN, True) == (found.state, f"{path.parent} is a file" in found.sentence)

    deeper = path.parent / "deeper" / "rapport.json"
    found = (await looked_at(deeper))["Data folder"]
    assert (State.BROKEN, True) == (found.state, f"can't be made: {path.parent} is a file" in found.sentence)


async def test_a_folder_in_place_of_the_file_is_broken(path: Path) -> None:
    """A URL that names a folder is no store."""
    await filled(path)
    found = (await looked_at(path.parent))["Store"]
    assert (State.BROKEN, True) == (found.state, f"{path.parent} can't be read" in found.sentence)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
async def test_a_folder_that_may_not_be_written_is_broken(path: Path) -> None:
    """Where nothing can be saved it says whose the folder must be."""
    path.parent.mkdir(mode=0o500)
    found = (await looked_at(path))["Data folder"]
    assert (State.BROKEN, True) == (found.state, "may not write" in found.sentence)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give a folder away")
async def test_somebody_elses_folder_needs_attention(path: Path) -> None:
    """Root is told whose folder it is about to write files into that the owner can't read."""
    path.parent.mkdir(mode=0o700)
    os.chown(path.parent, 12345, -1)
    found = (await looked_at(path))["Data folder"]
    assert (State.ATTENTION, True) == (found.state, "belongs to user 12345" in found.sentence)


@pytest.mark.parametrize(("mode", "state"), [(0o700, State.FINE), (0o750, State.ATTENTION), (0o705, State.ATTENTION)])
async def test_a_folder_that_others_can_read_needs_attention(path: Path, mode: int, state: State) -> None:
    """It says how to keep others out."""
    await filled(path)
    path.parent.chmod(mode)
    found = (await looked_at(path))["Data folder"]
    assert (state, state is State.ATTENTION) == (found.state, f"chmod 700 {path.parent}" in found.sentence)


async def test_a_file_that_others_can_read_needs_attention(path: Path) -> None:
    """A snapshot that was copied back is readable for others more often than not."""
    await filled(path)
    assert "Privacy" not in await looked_at(path)
    (path.parent / path.name).chmod(0o644)
    found = (await looked_at(path))["Privacy"]
    assert (State.ATTENTION, True) == (found.state, f"chmod 600 {path}" in found.sentence)


@pytest.mark.parametrize(
    ("free", "store", "state"),
    [
        (10**9, 10**6, State.FINE),
        (10**8, 10**6, State.ATTENTION),
        (10**9, 4 * 10**8, State.ATTENTION),
        (10**6, 0, State.BROKEN),
        (10**9, 2 * 10**9, State.BROKEN),
    ],
)
def test_room_is_measured_by_the_store(free: int, store: int, state: State) -> None:
    """There must be room for a second snapshot, and always for the next writes."""
    assert state is machine.room(free, store).state


async def test_a_clock_that_is_behind_needs_attention(path: Path) -> None:
    """A clock before the newest change in the store is wrong, or was."""
    await filled(path, at=NOW + timedelta(days=2))
    found = (await looked_at(path))["Clock"]
    assert (State.ATTENTION, True) == (found.state, "2026-11-25 09:30 UTC" in found.sentence)


async def test_the_zones_of_members_must_load(path: Path) -> None:
    """A zone that this machine has no data for is named, with what brings it."""
    await filled(path, zone="Mars/Olympus_Mons")
    found = (await looked_at(path))["Time zones"]
    assert (State.BROKEN, True) == (found.state, "Mars/Olympus_Mons" in found.sentence)


@pytest.mark.parametrize(("encoding", "state"), [("utf-8", State.FINE), ("UTF8", State.FINE), ("ascii", None)])
def test_a_terminal_without_utf8_needs_attention(encoding: str, state: State | None) -> None:
    """Names come out wrong there."""
    assert (state or State.ATTENTION) is machine.letters(encoding).state


async def test_a_report_comes_out_on_any_terminal(path: Path, journal: Callable[[], Path]) -> None:
    """Letters that the terminal does not have become question marks and stop nothing."""
    await filled(path)
    damage(journal(), 1)
    raw = io.BytesIO()
    output = io.TextIOWrapper(raw, encoding="ascii")

    code = await doctor(lambda: settings_for(path.parent / "Zoë" / "x.json"), repair=False, output=output, clock=clock)

    output.flush()
    assert 1 == code
    assert b"attention  Letters" in raw.getvalue()
    assert b"Zo?" in raw.getvalue()


def test_an_old_python_is_broken() -> None:
    """Three numbers older than the oldest that Rapport is made for."""
    assert [State.BROKEN, State.FINE, State.FINE] == [
        machine.python(version).state for version in ((3, 10, 14), (3, 11, 0), (3, 14, 2))
    ]


def test_a_report_lines_up() -> None:
    """Subjects stand under one another, further lines under the first, and the end counts."""
    findings = (
        Finding("Store", State.BROKEN, "One.\nTwo."),
        Finding("Data folder", State.ATTENTION, "Three."),
        Finding("Disk", State.FINE, "Four."),
    )
    assert report(findings) == (
        "broken     Store        One.\n"
        "                        Two.\n"
        "attention  Data folder  Three.\n"
        "fine       Disk         Four.\n"
        "\n"
        "1 broken, 1 to look after; the sentences say what to do.\n"
    )
