from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

DUE = 500
KILLS = 10
"""Kills that there must have been at least, and in each phase of a post a third of them: else nothing was tested."""

WORLDS = int(os.environ.get("RAPPORT_SOAK", "1"))
"""How often the whole is done, each time with other chances."""

ROOT = Path(__file__).parents[2]


def killed_again_and_again(folder: Path, seed: int, *, finds: bool) -> dict[str, Any]:
    """What came of 500 deliveries whose process is killed until one gets to the end."""
    command = [sys.executable, "-m", "tests.fault.delivering", str(folder), str(seed), "finds" if finds else "blind"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert 0 == done.returncode, done.stderr
    outcome: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert KILLS <= outcome["kills"], outcome
    assert all(KILLS // 3 <= hits for hits in outcome["hit"].values()), outcome
    assert DUE // 4 <= outcome["posted"], outcome
    assert (DUE, ["digest", "nudges"]) == (outcome["due"], outcome["kinds"])
    assert ["occasion", "promise", "quiet"] == outcome["reasons"]
    return outcome


@pytest.mark.parametrize("world", range(WORLDS))
def test_what_can_be_looked_up_is_posted_once(tmp_path: Path, world: int) -> None:
    """Of 500 messages none is missed and none is posted twice, however often their process dies at it."""
    outcome = killed_again_and_again(tmp_path, 20261123 + world, finds=True)

    assert (DUE, 0, []) == (outcome["stand"], outcome["missing"], outcome["twice"])
    assert (0, [], []) == (outcome["listed"], outcome["not due"], outcome["not at an end"])
    assert (250, []) == (outcome["digests ahead"], outcome["still raised"])


@pytest.mark.parametrize("world", range(WORLDS))
def test_what_can_t_be_looked_up_is_never_posted_twice(tmp_path: Path, world: int) -> None:
    """What is missing is listed as unknown, and so is nothing but what a process that was killed had in its hands."""
    outcome = killed_again_and_again(tmp_path, 20261123 + world, finds=False)

    assert [] == outcome["twice"]
    assert 0 < outcome["missing"] <= outcome["listed"]
    assert DUE == outcome["stand"] + outcome["missing"]
    assert ([], [], []) == (
        outcome["missing and not listed"],
        outcome["listed and never in hand"],
        outcome["listed as another than unknown"],
    )
    assert ([], []) == (outcome["not due"], outcome["not at an end"])
    assert (250, []) == (outcome["digests ahead"], outcome["still raised"])
