"""The program as people start it: real processes, their output and their exit codes."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest

from tests.platform.processes import environment


def rapport(folder: Path, *arguments: str, lines: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
    """Runs `python -m bot` with piped lines."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        input=lines,
        capture_output=True,
        text=True,
        cwd=folder,
        env=environment(folder, **settings),
        timeout=60,
        check=False,
    )


def test_piped_lines_are_done_one_by_one(tmp_path: Path) -> None:
    """The three lines of the README add, log and show, and the exit code says that all were understood."""
    done = rapport(
        tmp_path,
        lines="/rapport add Jess Park instagram:jess.cooks tier:A\n"
        "/rapport log jess coffee yesterday\n"
        "/rapport show jess\n",
    )
    assert (0, "") == (done.returncode, done.stderr)
    assert "✓ Added: Jess Park — instagram:jess.cooks" in done.stdout
    assert "✓ Logged: Jess Park — meeting, yesterday" in done.stdout
    assert "Jess Park (@jess.cooks) — on track." in done.stdout
    assert "\x1b" not in done.stdout


def test_a_line_that_was_not_understood_fails_the_run(tmp_path: Path) -> None:
    """Piped input exits with 1 if any line was refused, and goes on to the end all the same."""
    done = rapport(tmp_path, lines="/rapport lgo\n/rapport add Jess Park\n")
    assert 1 == done.returncode
    assert "✓ Added: Jess Park" in done.stdout


def test_what_was_written_is_there_the_next_time(tmp_path: Path) -> None:
    """A second process finds what the first one kept."""
    rapport(tmp_path, lines="/rapport add Jess Park\n")
    assert "Jess Park" in rapport(tmp_path, lines="/rapport find\n").stdout


def test_a_wrong_setting_is_named(tmp_path: Path) -> None:
    """Before anything starts, with what to do, and exit code 2."""
    done = rapport(tmp_path, DATABASE_URL="mysql://x", RAPPORT_TIMEZONE="Mars/Base")
    assert 2 == done.returncode
    assert "DATABASE_URL: must be tinydb:" in done.stderr
    assert "RAPPORT_TIMEZONE: is no time zone" in done.stderr


def test_doctor_and_backup_work_from_the_command_line(tmp_path: Path) -> None:
    """Both read beside whatever runs, and the backup opens by itself."""
    rapport(tmp_path, lines="/rapport add Jess Park\n")
    assert "All is well." in rapport(tmp_path, "doctor").stdout
    copy = tmp_path / "copy.json"
    assert "Written:" in rapport(tmp_path, "backup", str(copy)).stdout
    assert "Jess Park" in rapport(tmp_path, lines="/rapport find\n", DATABASE_URL=f"tinydb:{copy}").stdout
    again = rapport(tmp_path, "backup", str(copy))
    assert (2, True) == (again.returncode, "there already" in again.stderr)


def open_terminal(folder: Path) -> pexpect.spawn[str]:
    """The program on a terminal of its own."""
    command = pexpect.spawn(
        sys.executable,
        ["-m", "bot"],
        cwd=str(folder),
        env=environment(folder, TERM="xterm"),
        encoding="utf-8",
        dimensions=(50, 120),
        timeout=30,
    )
    command.expect("New here")
    return command


def test_a_newcomer_sees_a_nudge_within_a_minute(tmp_path: Path) -> None:
    """:sample, then :later 3 weeks: nudges arrive, and one of their buttons works."""
    terminal = open_terminal(tmp_path)
    terminal.sendline(":sample")
    terminal.expect("This is a sample")
    terminal.sendline(":later 3 weeks")
    terminal.expect("DM to Ana")
    terminal.expect("It is now")
    numbers = re.findall(r"\[(\d+)\] Not needed", str(terminal.before))
    terminal.sendline(numbers[-1])
    terminal.expect("not needed")
    terminal.sendline(":quit")
    terminal.expect(pexpect.EOF)


def test_the_second_process_on_one_file_gets_the_sentence(tmp_path: Path) -> None:
    """One process per TinyDB file; the other one is told which has it, and what to use for several."""
    terminal = open_terminal(tmp_path)
    done = rapport(tmp_path, lines="/rapport find\n")
    assert 2 == done.returncode
    sentence = f"already open in process {terminal.pid}: one process per TinyDB file; for several use PostgreSQL"
    assert sentence in done.stderr
    terminal.sendline(":quit")
    terminal.expect(pexpect.EOF)


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGHUP])
def test_it_stops_when_it_is_told_to(tmp_path: Path, sign: signal.Signals) -> None:
    """Told to stop, it closes the store and is gone within ten seconds; the next one starts at once."""
    terminal = open_terminal(tmp_path)
    terminal.sendline("/rapport add Jess Park")
    terminal.expect("Added")
    terminal.kill(sign)
    terminal.expect(pexpect.EOF, timeout=10)
    assert not terminal.isalive()
    assert "Jess Park" in rapport(tmp_path, lines="/rapport find\n").stdout
