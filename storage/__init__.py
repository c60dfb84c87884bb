"""Where the records are kept: TinyDB for one process."""

from __future__ import annotations

from pathlib import Path

from bot.errors import SettingsError
from storage.errors import Damaged, InUse
from storage.opening import open_tiny
from storage.repair import Inspection, inspect, repair
from storage.tiny import TinyStore

__all__ = ["Damaged", "InUse", "Inspection", "TinyStore", "inspect", "open_store", "open_tiny", "path_of", "repair"]

TINYDB = "tinydb:"


def path_of(url: str) -> Path:
    """The file that a `tinydb:` URL names. SettingsError for any other URL, with what would be right."""
    scheme, _colon, path = url.partition(":")
    if scheme != "tinydb" or not path.strip("/"):
        raise SettingsError(
            f"DATABASE_URL is {scheme}:…; it must be tinydb:<file>, for instance tinydb:data/rapport.json"
        )
    return Path(path.removeprefix("//") if path.startswith("///") else path).expanduser()


async def open_store(url: str, *, read_only: bool = False) -> TinyStore:
    """Opens the store that a URL names; `tinydb:data/rapport.json` is a file, made where there is none.

    Raises SettingsError for a URL that names no store, and StoreFailed, with what to do, where it can't be opened.
    Reading only works beside the process that writes, and shows the store as it is now.
    """
    return open_tiny(path_of(url), read_only=read_only)
