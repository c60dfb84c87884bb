from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.console.files import UPLOAD_LIMIT, attach, keep_file, read_upload, safe_name, size, take_uploads
from bot.errors import NotFound, TooLong
from bot.inbound import Upload
from bot.reply import Form, Input, InputKind, Section
from tests.console_core import SPECS
from tests.gallery import HOSTILE, LONG_EMOJI, LONG_NAME

IMPORT = next(spec for spec in SPECS if spec.name == "import")
LOG = next(spec for spec in SPECS if spec.name == "log")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a roster, touchpoints and a name with a blank."""
    (tmp_path / "people.csv").write_bytes(b"name\nJess\n")
    (tmp_path / "touch.csv").write_bytes(b"who\nJess\n")
    (tmp_path / "my people.csv").write_bytes(b"mine")
    return tmp_path


def test_a_path_in_the_text_becomes_an_upload(folder: Path) -> None:
    """The file is read, the rest of the text stays, and the argument is given the file's name."""
    text, args, uploads = take_uploads("people.csv dry run", IMPORT, folder)
    assert "dry run" == text
    assert (("roster", "people.csv"),) == args
    assert (Upload("people.csv", b"name\nJess\n"),) == uploads


def test_quotes_keep_a_path_with_blanks_together(folder: Path) -> None:
    """A path with blanks is typed in quotes, as in any shell."""
    assert ("now", (Upload("my people.csv", b"mine"),)) == take_uploads('"my people.csv" now', IMPORT, folder)[::2]


def test_files_come_in_the_order_of_their_arguments(folder: Path) -> None:
    """A file named for the second argument comes second, however early it was typed."""
    text, args, uploads = take_uploads("touchpoints:touch.csv people.csv", IMPORT, folder)
    assert "" == text
    assert (("roster", "people.csv"), ("touchpoints", "touch.csv")) == args
    assert ("people.csv", "touch.csv") == tuple(upload.name for upload in uploads)


def test_an_absolute_path_is_read(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A path in full is read wherever the terminal stands."""
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    assert 1 == len(take_uploads(str(folder / "people.csv"), IMPORT, elsewhere)[2])


def test_a_missing_file_is_named(folder: Path) -> None:
    """A word that can only be meant as a file says that there is none, and where it was looked for."""
    with pytest.raises(NotFound) as error:
        take_uploads("peple.csv", IMPORT, folder)
    assert f"There is no file peple.csv in {folder}. Type its path from there, or in full." == str(error.value)


def test_a_missing_file_is_looked_for_in_a_whole_path(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the folder is the one the process stands in, it is named and not called “.”; a whole path is named once."""
    monkeypatch.chdir(folder)
    with pytest.raises(NotFound, match=re.escape(f"There is no file peple.csv in {folder}. ")):
        take_uploads("peple.csv", IMPORT, Path())
    with pytest.raises(NotFound, match=r"^There is no file /nowhere/peple\.csv\.$"):
        take_uploads("/nowhere/peple.csv", IMPORT, Path())


def test_a_verb_without_files_reads_none(folder: Path) -> None:
    """A touchpoint that mentions a file is words, even where a file of that name lies around."""
    assert ("jess sent people.csv", (), ()) == take_uploads("jess sent people.csv", LOG, folder)


def test_a_web_address_is_no_file(folder: Path) -> None:
    """An address that ends like a file stays in the text."""
    assert "https://a.example/people.csv" == take_uploads("https://a.example/people.csv", IMPORT, folder)[0]


def test_a_file_over_the_limit_is_refused_whole(tmp_path: Path) -> None:
    """One byte over 20 MB is too much, and the sentence says how much may be; the limit itself is read."""
    path = tmp_path / "big.csv"
    with path.open("wb") as file:
        file.truncate(UPLOAD_LIMIT + 1)
    with pytest.raises(TooLong, match=r"big\.csv has over 20\.0 MB"):
        read_upload(path)
    with path.open("wb") as file:
        file.truncate(UPLOAD_LIMIT)
    assert UPLOAD_LIMIT == len(read_upload(path).content)


def test_a_form_takes_files_by_their_paths(folder: Path) -> None:
    """A path typed into a form is read; one that is not there is an error beside its input."""
    inputs = (
        Input(name="roster", label="Roster", kind=InputKind.FILE, value="people.csv"),
        Input(name="other", label="Other", kind=InputKind.FILE, value="missing.csv"),
        Input(name="mode", label="Mode", value="dry"),
    )
    form, args, uploads = attach(
        Form(id="drf_1", verb="import", title="Import", sections=(Section("Files", inputs),)), folder
    )
    assert (("roster", "people.csv"), ("other", "missing.csv"), ("mode", "dry")) == args
    assert ("people.csv",) == tuple(upload.name for upload in uploads)
    assert [None, True, None] == [field.error and "can't be read" in field.error for field in form.inputs]


def test_nothing_is_ever_overwritten(tmp_path: Path) -> None:
    """A second file of a name gets a number, and the first keeps its content."""
    paths = [keep_file(tmp_path, "roster.csv", content) for content in (b"one", b"two", b"three")]
    assert ["roster.csv", "roster-2.csv", "roster-3.csv"] == [path.name for path in paths]
    assert [b"one", b"two", b"three"] == [path.read_bytes() for path in paths]


def test_what_is_kept_is_for_nobody_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of personal data can be read by its owner alone, and its path is told in full."""
    monkeypatch.chdir(tmp_path)
    path = keep_file(Path(), "roster.csv", b"one")
    assert (0o600, tmp_path / "roster.csv") == (stat.S_IMODE(path.stat().st_mode), path)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("roster.csv", "roster.csv"),
        ("../../etc/passwd", "etc-passwd"),
        ("/abs.csv", "abs.csv"),
        ("C:\\x.csv", "C-x.csv"),
        (".bashrc", "bashrc"),
        ("..", "file"),
        ("", "file"),
        ("a\nb.csv", "a - b.csv"),
        ("Jess Park’s file.json", "Jess Park’s file.json"),
    ],
)
def test_a_name_cannot_leave_the_folder(name: str, safe: str) -> None:
    """Folders, leading dots and signs that some system forbids are taken out of a name."""
    assert safe == safe_name(name)


@pytest.mark.parametrize("name", [*HOSTILE.values(), LONG_NAME, LONG_EMOJI, LONG_NAME + ".csv"])
def test_hostile_names_can_be_written(tmp_path: Path, name: str) -> None:
    """Whatever a file is called, it is written into the folder itself."""
    assert tmp_path == keep_file(tmp_path, name, b"x").parent


@given(st.text())
def test_any_name_becomes_a_name(name: str) -> None:
    """A safe name is one path component that fits every file system, and is its own safe name."""
    safe = safe_name(name)
    assert Path(safe).name == safe
    assert 1 <= len(safe.encode()) <= 240
    assert not safe.startswith(".")


@pytest.mark.parametrize(
    ("count", "words"), [(1, "1 byte"), (1023, "1023 bytes"), (2048, "2 KB"), (1_500_000, "1.4 MB")]
)
def test_sizes_are_told_in_round_figures(count: int, words: str) -> None:
    """Bytes, KB and MB of 1,024."""
    assert words == size(count)
