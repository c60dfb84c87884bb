"""The machine and the commit that figures belong to, and a folder on it whose fsyncs cost what they cost."""

from __future__ import annotations

import os
import platform
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]

IN_MEMORY = frozenset({"tmpfs", "ramfs"})
"""Kinds of file systems on which an fsync does nothing."""


@dataclass(frozen=True, slots=True)
class Machine:
    """Where and of what figures were taken."""

    processor: str
    cores: int
    memory: str
    system: str
    python: str
    filesystem: str
    commit: str


def machine(folder: Path) -> Machine:
    """This machine, with the file system of a folder."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return Machine(
        processor=_processor(),
        cores=cores,
        memory=f"{memory / 2**30:.0f} GiB",
        system=f"{platform.system()} {platform.release().partition('-')[0]}",
        python=f"{platform.python_implementation()} {platform.python_version()}",
        filesystem=kind_of(folder),
        commit=_commit(),
    )


@contextmanager
def workshop(chosen: Path | None) -> Iterator[Path]:
    """A folder for the files that are measured, gone afterwards: in the one chosen, the system's or the checkout.

    OSError where none of them is on a disk: figures about durable writes would be worth nothing.
    """
    candidates = (chosen,) if chosen else (Path(tempfile.gettempdir()), CHECKOUT)
    place = next((one for one in candidates if kind_of(one) not in IN_MEMORY), None)
    if place is None:
        raise OSError(f"{candidates[0]} is in memory, where an fsync does nothing; name a folder on a disk: --folder")
    with tempfile.TemporaryDirectory(prefix="rapport-bench-", dir=place) as folder:
        yield Path(folder)


def kind_of(folder: Path) -> str:
    """The kind of file system that a folder is on, where the system tells."""
    table = Path("/proc/self/mounts")
    if not table.exists():
        return "unknown"
    mounts = [line.split()[1:3] for line in table.read_text(encoding="utf-8", errors="replace").splitlines()]
    above = [(len(Path(where).parts), kind) for where, kind in mounts if folder.resolve().is_relative_to(where)]
    # Of two mounts on one place the later one is seen.
    return max(reversed(above), key=lambda mount: mount[0], default=(0, "unknown"))[1]


def _processor() -> str:
    known = Path("/proc/cpuinfo")
    lines = known.read_text(encoding="utf-8", errors="replace").splitlines() if known.exists() else []
    models = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(models, platform.processor() or platform.machine())


def _commit() -> str:
    """The commit that is checked out, and whether the files still are what it says."""
    if not (CHECKOUT / ".git").exists():
        return "not a git checkout"
    commit = _git("rev-parse", "--short=12", "HEAD")
    changed = [line for line in _git("status", "--porcelain").splitlines() if not line.endswith("docs/bench.md")]
    return f"{commit} with changes that are not committed" if changed else commit


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=CHECKOUT, capture_output=True, text=True, check=True).stdout.rstrip()
