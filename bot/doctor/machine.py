"""The machine that Rapport runs on: Python, time zones, the terminal, the clock, the data folder and its disk."""

from __future__ import annotations

import codecs
import os
import shutil
import stat
from collections.abc import Iterable
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from bot.calendar import known_zone
from bot.doctor.findings import Finding, attention, broken, fine

OLDEST_PYTHON = (3, 11)

MEGABYTE = 1_000_000
LITTLE_ROOM = 200 * MEGABYTE
"""Free bytes below which there is something to do, however small the store is."""

NO_ROOM = 10 * MEGABYTE
"""Free bytes below which the next writes will fail."""

SKEW = timedelta(minutes=1)
"""How far clocks may differ without anybody being wrong about the day."""

_TRIED = ("Europe/Berlin", "America/New_York", "Asia/Kolkata")
"""Zones that every set of time zone data has."""


def python(running: tuple[int, int, int]) -> Finding:
    """Whether the running Python is one that Rapport is made for."""
    shown, oldest = ".".join(map(str, running)), ".".join(map(str, OLDEST_PYTHON))
    if running[:2] < OLDEST_PYTHON:
        return broken("Python", f"{shown} is too old. Install Python {oldest} or newer and set up Rapport again.")
    return fine("Python", f"{shown}.")


def zones(keys: Iterable[str]) -> Finding:
    """Whether the zones that people live in can be loaded, and whether there is data of Rapport's own for them."""
    missing = sorted(key for key in {*_TRIED, *keys} if known_zone(key) is None)
    if missing:
        return broken(
            "Time zones",
            f"There is no data for {', '.join(missing)}. Bring the data up to date with `pip install -U tzdata`; "
            "a zone that is still missing then is misspelt: change it in the settings.",
        )
    try:
        data = version("tzdata")
    except PackageNotFoundError:
        return attention("Time zones", "Only the system's own data is there. Install Rapport's with `make setup`.")
    return fine("Time zones", f"All load; tzdata is {data}.")


def letters(encoding: str | None) -> Finding:
    """Whether what is written to an output in that encoding comes out as it was meant; `None` takes any letter."""
    if encoding is None or codecs.lookup(encoding).name == "utf-8":
        return fine("Letters", "The terminal takes UTF-8.")
    return attention(
        "Letters",
        f"The terminal takes {encoding}, in which names like Zoë or Łukasz come out wrong. "
        "Set LANG=C.UTF-8 or PYTHONUTF8=1 before starting Rapport.",
    )


def clock(now: datetime, newest: datetime | None) -> Finding:
    """Whether the clock is behind what the store already holds; `newest` is its newest change."""
    if newest is not None and now + SKEW < newest:
        return attention(
            "Clock",
            f"It says {_at(now)}, but the newest change in the store is from {_at(newest)}. "
            "Set the machine's clock, best by a time service: until then nudges wait and dates come out wrong.",
        )
    return fine("Clock", f"{_at(now)}.")


def _at(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def folder(path: Path) -> Finding:
    """Whether the data folder is there, or can be made, and is for nobody else to read."""
    subject = "Data folder"
    if not _is_there(path):
        there = next(parent for parent in path.absolute().parents if _is_there(parent))
        if not there.is_dir():
            return broken(subject, f"{path} can't be made: {there} is a file. Move it away, or change DATABASE_URL.")
        if not os.access(there, os.W_OK | os.X_OK):
            return broken(subject, f"{path} can't be made: {_you()} may not write in {there}. Change that, or make it.")
        return fine(subject, f"{path} will be made at the first start.")
    if not path.is_dir():
        return broken(subject, f"{path} is a file, not a folder. Move it away, or change DATABASE_URL.")
    if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        return broken(subject, f"{_you().capitalize()} may not write in {path}. Run as its owner, or `chown` it.")
    about = path.stat()
    if about.st_uid != os.geteuid():
        return attention(
            subject,
            f"{path} belongs to user {about.st_uid}, but this is user {os.geteuid()}: what it writes there, the other "
            "may not read. Run Rapport, and this, as the owner.",
        )
    if about.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return attention(subject, f"Others on this machine can look into {path}. `chmod 700 {path}` keeps them out.")
    return fine(subject, f"{path} is there, and yours alone.")


def _is_there(path: Path) -> bool:
    """Whether a path can be reached; one behind a folder that may not be entered can't."""
    try:
        path.stat()
    except OSError:
        return False
    return True


def _you() -> str:
    return f"user {os.geteuid()}"


def free_bytes(path: Path) -> int:
    """The free bytes where a path is or will be."""
    there = next(place for place in (path.absolute(), *path.absolute().parents) if _is_there(place))
    return shutil.disk_usage(there).free


def room(free: int, store: int) -> Finding:
    """Whether `free` bytes are enough to go on with a store of so many: its snapshot is written beside the old one."""
    shown = f"{free // MEGABYTE:,} MB"
    if free < max(NO_ROOM, store):
        return broken("Disk", f"Only {shown} are free: the next writes will be refused. Make room now.")
    if free < max(LITTLE_ROOM, 3 * store):
        return attention("Disk", f"Only {shown} are free. Make room before the store has to be written anew.")
    return fine("Disk", f"{shown} free.")
