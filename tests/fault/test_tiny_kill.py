from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

KILLS = 200
PROMISED = 4000
"""Commits that must have been promised over all, a fifth of what a slow machine does: else nothing was tested."""

ROOT = Path(__file__).parents[2]


def test_a_killed_writer_loses_nothing_it_promised(tmp_path: Path) -> None:
    """Of 200 processes killed as they write and compact, every promised commit is there, and nothing is half there."""
    command = [sys.executable, "-m", "tests.fault.killing", str(tmp_path), str(KILLS), "20260302"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (0, "") == (done.returncode, done.stderr)
    outcome = json.loads(done.stdout)
    assert [] == outcome["wrong"]
    assert KILLS == outcome["killed"]
    assert outcome["killed while writing"] >= KILLS // 2
    assert outcome["compactions seen"] >= KILLS // 20
    assert outcome["promised"] >= PROMISED
