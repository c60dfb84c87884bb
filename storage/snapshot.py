"""Snapshot: all tables in one file that stock TinyDB opens, under a seal that shows whether a bit of it has changed.

The file is TinyDB's own JSON, one document a line. Two tables more than ours are in it: `_rapport`, first, with the
number of the last commit it holds, and `_seal`, last, with the CRC-32 of everything before.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from zlib import crc32

import msgspec

from storage.disk import Files, replacing
from storage.errors import Damaged

FORMAT = 1
"""The version of the file's layout."""

ABOUT = "_rapport"
SEAL = "_seal"
RESERVED = (ABOUT, SEAL)
"""The names of tables that belong to the snapshot itself."""

_BLOCK = 256
"""Documents written at once: a few hundred microseconds, so that a snapshot in a thread holds up no commit."""

_SWALLOW = 8 * 1024 * 1024
"""Bytes given to the disk at once: it syncs the journal's next line only after what it has swallowed."""

_decode = msgspec.json.Decoder(dict[str, dict[int, msgspec.Raw]]).decode


class About(msgspec.Struct, frozen=True):
    """What a snapshot says of itself."""

    format: int
    sequence: int


class Snapshot(msgspec.Struct, frozen=True):
    """A snapshot as read: its tables, as views into the file, and the number of the last commit it holds."""

    rows: dict[str, dict[int, msgspec.Raw]]
    sequence: int
    size: int


def write_snapshot(target: Path, unfinished: Path, rows: Mapping[str, Mapping[int, bytes]], sequence: int) -> int:
    """Writes a snapshot in place of the one that is there, whole or not at all, and says its size in bytes."""
    size = crc = synced = 0
    with replacing(target, unfinished) as file:
        for block in _blocks(rows, sequence):
            crc = crc32(block, crc)
            size += file.write(block)
            if size - synced > _SWALLOW:
                file.flush()
                os.fsync(file.fileno())
                synced = size
        size += file.write(_seal(crc))
    return size


def write_copy(target: Path, rows: Mapping[str, Mapping[int, bytes]], sequence: int) -> None:
    """Writes a snapshot where there is nothing yet. FileExistsError; OSError."""
    if target.exists():
        raise FileExistsError(f"{target} is there already; a backup replaces nothing")
    write_snapshot(target, Files(target).unfinished, rows, sequence)


def read_snapshot(path: Path) -> Snapshot:
    """Reads a snapshot. Damaged where it is not exactly what was written, with what to do; FileNotFoundError."""
    content = path.read_bytes()
    end = content.rfind(_seal(0)[:12])
    if end < 0 or content[end:] != _seal(crc32(memoryview(content)[:end])):
        raise Damaged(_what_is_wrong(path, content))
    return opened(path, content)


def opened(path: Path, content: bytes) -> Snapshot:
    """Reads the content of a snapshot whose seal was looked at. Damaged where they are not ours to read."""
    try:
        tables = _decode(content)
        about = msgspec.json.decode(tables.pop(ABOUT)[1], type=About)
        if about.format != FORMAT:
            raise Damaged(f"{path} has format {about.format}; this version of Rapport reads format {FORMAT}")
        tables.pop(SEAL, None)
    except (KeyError, ValueError, msgspec.MsgspecError) as problem:
        raise Damaged(f"{path} holds what this version of Rapport can't read: {problem}") from problem
    return Snapshot(tables, about.sequence, len(content))


def is_edited(content: bytes) -> bool:
    """Whether another program wrote a snapshot of ours anew as stock TinyDB does: whole, without our line breaks."""
    try:
        tables = json.loads(content)
    except ValueError:
        return False
    return isinstance(tables, dict) and ABOUT in tables and json.dumps(tables).encode() == content.strip()


def _blocks(rows: Mapping[str, Mapping[int, bytes]], sequence: int) -> Iterator[bytes]:
    yield b'{"%b":{"1":%b}' % (ABOUT.encode(), msgspec.json.encode(About(FORMAT, sequence)))
    for table, documents in rows.items():
        yield b",\n%b:{\n" % msgspec.json.encode(table)
        lines = (b'"%d":%b' % row for row in documents.items())
        separator = b""
        while block := b",\n".join(islice(lines, _BLOCK)):
            yield separator + block
            separator = b",\n"
        yield b"}"


def _seal(crc: int) -> bytes:
    return b',\n"%b":{"1":{"crc32":"%08x"}}}\n' % (SEAL.encode(), crc)


def _what_is_wrong(path: Path, content: bytes) -> str:
    if is_edited(content):
        return (
            f"{path} was written by another program since Rapport closed it. "
            "See what changed and accept it with `python -m bot doctor --repair`"
        )
    if ABOUT.encode() not in content[:64]:
        return f"{path} is not a file of Rapport's. Move it away, or name another one in DATABASE_URL"
    return (
        f"{path} is damaged: its checksum does not fit its content. Nothing was opened and nothing changed; "
        "put the last backup in its place"
    )
