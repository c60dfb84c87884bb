from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "adapters", "storage")
CONTRACTS = {
    contract["id"]: contract["name"]
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
}

# (contract, file, line planted in it)
PLANTED_IMPORTS = (
    ("ladder", "bot/utils.py", "HANDY = 1"),
    ("ladder", "bot/model.py", "from bot import store_port"),
    ("ladder", "bot/change.py", "from bot.inbound import Command"),
    ("adapters-ladder", "adapters/utils.py", "HANDY = 1"),
    ("adapters-ladder", "adapters/slack/__init__.py", "from adapters import console"),
    ("adapters-joined-in-wiring", "bot/model.py", "import adapters"),
    ("storage-joined-in-wiring", "bot/store_port.py", "import storage"),
    ("storage-joined-in-wiring", "adapters/console/planted.py", "import storage"),
    ("adapters-see", "adapters/console/planted.py", "from bot.model import Influencer"),
    ("adapters-see", "adapters/console/planted.py", "from bot import clock"),
    ("storage-sees", "storage/planted.py", "from bot import clock"),
    ("storage-sees", "storage/planted.py", "from bot.reply import Reply"),
    ("databases-in-storage", "bot/model.py", "import tinydb"),
    ("databases-in-storage", "adapters/console/planted.py", "from sqlalchemy import text"),
    ("platforms-in-adapters", "bot/model.py", "from rich.table import Table"),
    ("platforms-in-adapters", "adapters/console/planted.py", "import discord"),
    ("platforms-in-adapters", "storage/planted.py", "import slack_sdk"),
    ("one-scheduler", "bot/model.py", "from apscheduler.schedulers.asyncio import AsyncIOScheduler"),
)

CLOCK_READ = "from datetime import UTC, datetime\n\nNOW = datetime.now(UTC)\n"
CHANCE = "import uuid\n\nID = uuid.uuid4()\n"
ENVIRONMENT_READ = "import os\n\nHOME = os.environ\n"

# Put together here so that this file does not name them either.
INDEX_HOSTS = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("yarnpkg", "com"),
        ("anaconda", "org"),
        ("crates", "io"),
        ("rubygems", "org"),
        ("deb", "debian", "org"),
        ("proxy", "golang", "org"),
    )
)


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the packages and their contracts, free to be damaged."""
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def broken_contracts(house: Path) -> set[str]:
    """The ids of the contracts that import-linter finds broken in `house`."""
    run = subprocess.run(
        [sys.executable, Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=house,
        capture_output=True,
        check=False,
        text=True,
    )
    verdicts = dict(re.findall(r"^(.+?) (KEPT|BROKEN)\b", run.stdout, flags=re.MULTILINE))
    assert set(CONTRACTS.values()) == set(verdicts), run.stdout + run.stderr
    broken = {id for id, name in CONTRACTS.items() if verdicts[name] == "BROKEN"}
    assert bool(broken) == bool(run.returncode)
    return broken


def banned(source: str, path: str) -> bool:
    """Whether ruff refuses `source` at `path` for a banned clock, id or environment."""
    run = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--no-cache", "--quiet", "--stdin-filename", path, "-"],
        cwd=ROOT,
        input=source,
        capture_output=True,
        check=False,
        text=True,
    )
    assert not run.stderr
    return "TID251" in run.stdout


def test_the_house_keeps_its_contracts(house: Path) -> None:
    """An untouched copy breaks no contract."""
    assert set() == broken_contracts(house)


@pytest.mark.parametrize(("contract", "path", "line"), PLANTED_IMPORTS)
def test_a_planted_import_breaks_its_contract(house: Path, contract: str, path: str, line: str) -> None:
    """An import that a contract forbids breaks that contract, and with it whichever else it runs into."""
    planted = house / path
    planted.parent.mkdir(exist_ok=True)
    with planted.open("a") as file:
        file.write(f"\n{line}\n")

    assert contract in broken_contracts(house)


def test_every_contract_is_tested() -> None:
    """No contract stands in pyproject.toml that is not broken on purpose here."""
    assert set(CONTRACTS) == {contract for contract, _, _ in PLANTED_IMPORTS}


@pytest.mark.parametrize("source", [CLOCK_READ, CHANCE, ENVIRONMENT_READ])
@pytest.mark.parametrize("path", ["bot/views/planted.py", "adapters/planted.py", "storage/planted.py"])
def test_time_chance_and_environment_are_banned(source: str, path: str) -> None:
    """Rules, adapters and storage can neither read the clock or the environment nor draw an id."""
    assert banned(source, path)


@pytest.mark.parametrize(
    ("source", "path"),
    [
        (CLOCK_READ, "bot/clock.py"),
        (CHANCE, "bot/clock.py"),
        (ENVIRONMENT_READ, "bot/settings.py"),
    ],
)
def test_one_module_reads_each(source: str, path: str) -> None:
    """The clock's module may read the clock and draw ids, the settings' module the environment."""
    assert not banned(source, path)


def test_no_package_index_is_named() -> None:
    """Nothing committed names a package index's host, so that whoever installs chooses where from."""
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    paths = [ROOT / name for name in tracked.decode().split("\0") if name]

    naming = {
        str(path.relative_to(ROOT))
        for path in paths
        if path.is_file() and any(host.encode() in path.read_bytes() for host in INDEX_HOSTS)
    }

    assert paths
    assert set() == naming
