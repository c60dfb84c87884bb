"""The store as its files show it: what is in it, whether it is sound, who has it open, and its repair."""

from __future__ import annotations

import asyncio
import fcntl
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.doctor.findings import Finding, attention, broken, fine
from bot.errors import StoreFailed
from bot.model import Member
from storage import Inspection, inspect, open_tiny, repair
from storage.disk import Files

SHOWN = 20
"""Lost commits that are named one by one."""


@dataclass(frozen=True, slots=True)
class Examined:
    """What the store's files show: findings, the zones of its people, its newest change and its size in bytes.

    `damage` is what was found where something is wrong with the files.
    """

    findings: tuple[Finding, ...]
    zones: tuple[str, ...] = ()
    newest: datetime | None = None
    size: int = 0
    damage: Inspection | None = None


async def examine_store(path: Path) -> Examined:
    """Looks at the store in a file without changing anything, also beside the process that writes it."""
    try:
        size = await asyncio.to_thread(_size, path)
        if size == 0:
            return Examined((fine("Store", f"There is none yet; {path} is made at the first start."),))
        found = await asyncio.to_thread(inspect, path)
        if found.problem is not None:
            return Examined((broken("Store", told(found)), await _holder(path)), size=size, damage=found)
        zones, newest = await _read(path)
        findings = (fine("Store", _content(found)), *await asyncio.to_thread(_privacy, path), await _holder(path))
    except FileNotFoundError:
        return Examined((broken("Store", _without_snapshot(path)),))
    except (StoreFailed, OSError) as problem:
        return Examined((broken("Store", f"{path} can't be read: {_reason(problem)}."),))
    return Examined(findings, zones, newest, size)


async def mend(path: Path) -> tuple[str, ...]:
    """Repairs the store in a file and says line by line what was done; StoreFailed where it can't be."""
    try:
        return await asyncio.to_thread(repair, path)
    except OSError as problem:
        raise StoreFailed(f"{path} can't be repaired: {_reason(problem)}") from problem


def told(found: Inspection) -> str:
    """What is wrong with a store, what repairing it would do, and what that would lose, over several lines."""
    lines = [f"{found.problem}."]
    if found.remedy is None:
        lines.append("There is nothing to repair it with: put the last backup in its place.")
    else:
        lines.append(f"`python -m bot doctor --repair` would {found.remedy}, and keep a copy.")
    if found.lines_lost:
        lines.append(f"Lines of the journal that this loses: {found.lines_lost}. Of these can be read:")
        lines += [f"  {commit}" for commit in found.lost[:SHOWN]] or ["  none"]
    if len(found.lost) > SHOWN:
        lines.append(f"  …and {len(found.lost) - SHOWN} more")
    return "\n".join(lines)


async def _read(path: Path) -> tuple[tuple[str, ...], datetime | None]:
    """The zones that people live in, and when the newest change was made."""
    store = open_tiny(path, read_only=True)
    try:
        zones: set[str] = set()
        moments: list[datetime] = []
        for team in await store.teams():
            zones.add(team.timezone)
            members = await store.everything(Member, team.id)
            zones |= {zone for member in members for zone in (member.timezone, member.seen_zone) if zone}
            moments += [change.at for change in await store.changes(team.id, limit=1)]
        return tuple(sorted(zones)), max(moments, default=None)
    finally:
        await store.close()


def _content(found: Inspection) -> str:
    counted = [_count(found.documents.get(table, 0), table) for table in ("teams", "influencers", "touchpoints")]
    commits = sum(journal.commits for journal in found.journals)
    said = f"{found.path} is sound: {', '.join(counted)}; {_count(commits, 'commits')} in the journal."
    torn = sum(journal.torn for journal in found.journals)
    return f"{said} The last {torn} bytes are a write that never finished, which no one was told of." if torn else said


def _count(number: int, nouns: str) -> str:
    return f"{number:,} {nouns if number != 1 else nouns.removesuffix('s')}"


def _privacy(path: Path) -> Sequence[Finding]:
    """What others on the machine may read of the store's files."""
    exposed = [file.name for file in _files(path) if file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)]
    if not exposed:
        return ()
    names = " ".join(str(path.with_name(name)) for name in exposed)
    return (attention("Privacy", f"Others on this machine may read what is stored. `chmod 600 {names}` ends that."),)


async def _holder(path: Path) -> Finding:
    process = await asyncio.to_thread(_process_of, Files(path).lock)
    if process is None:
        return fine("Running", "No process has the store open.")
    return fine("Running", f"Process {process} has the store open.")


def _process_of(lock: Path) -> str | None:
    """Which process holds a lock; asking takes it, shared, for no longer than the question."""
    try:
        with lock.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return file.read(32).decode("ascii", "replace").strip() or "unknown"
    except FileNotFoundError:
        pass
    return None


def _size(path: Path) -> int:
    return sum(file.stat().st_size for file in _files(path))


def _files(path: Path) -> list[Path]:
    """The files of a store that hold what people wrote, those that repairs have kept too."""
    files = Files(path)
    if not path.parent.is_dir():
        return []
    journals = [files.journal(generation) for generation in files.generations()]
    return [file for file in (path, *journals, *sorted(path.parent.glob(f"{path.name}*.kept-*"))) if file.exists()]


def _without_snapshot(path: Path) -> str:
    return f"{path} is missing, but its journal is there. Put it back, or the last backup and the journal away."


def _reason(problem: BaseException) -> str:
    return problem.strerror if isinstance(problem, OSError) and problem.strerror else str(problem).rstrip(".")
