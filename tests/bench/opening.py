"""How long a large store takes to open, and how much memory its documents take.

    python -m tests.bench.opening open FILE
    python -m tests.bench.opening parse FILE

do it once, in a process with nothing else in its memory, and print what it took as JSON. Memory is what
/proc says of it, which only Linux has.
"""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import msgspec

from storage import open_tiny
from tests.bench.figures import Aim, Family, Figure, in_ms
from tests.bench.scale import Scale
from tests.bench.timing import clocked
from tests.bench.world import World, write_world

METHOD = """\
Each opening is of a process of its own, with nothing in the journal and the file in the system's cache, until the first
question can be answered: the file read, its checksum compared, every document indexed. The floor is msgspec parsing the
same bytes, read beforehand, in a process of its own with garbage collection off. Both take turns; the median of three
counts. Of 22 documents, 10 are touchpoints and 10 the Changes that logged them. Memory is what the process has resident
after opening less what it had before, against the size of the file; at the peak is the most it had meanwhile."""

ROUNDS = 3


class Opened(msgspec.Struct, frozen=True):
    """What it took to open or to parse once: seconds, and bytes of memory."""

    seconds: float
    resident: int = 0
    peak: int = 0


async def measure(scale: Scale, folder: Path) -> Family:
    """Time and memory at each number of documents."""
    figures: list[Figure] = []
    for most in scale.documents:
        world = World.of(most)
        path = folder / f"opening-{most}" / "rapport.json"
        await asyncio.to_thread(write_world, world, path)
        figures += await _of(world.documents, path, size=(await asyncio.to_thread(path.stat)).st_size)
        path.unlink()
    return Family("Opening", METHOD, tuple(figures))


async def _of(documents: int, path: Path, size: int) -> list[Figure]:
    opened, parsed = [], []
    for _ in range(ROUNDS):
        parsed.append(await _in_own_process("parse", path))
        opened.append(await _in_own_process("open", path))
    parse = median(one.seconds for one in parsed)
    seconds = median(one.seconds for one in opened)
    resident = median(one.resident for one in opened) / documents
    peak = median(one.peak for one in opened) / documents
    name = f"{documents:,} documents"
    in_file, parsing = size / documents, f"parsing its {size / 1e6:,.0f} MB"
    return [
        Figure(f"opening {name}", in_ms(seconds), "ms", parsing, in_ms(parse), Aim(times=3.5)),
        Figure(f"memory, each of {name}", resident, "B", "in the file", in_file, Aim(most=1500)),
        Figure(f"memory at the peak, each of {name}", peak, "B", "in the file", in_file),
    ]


async def _in_own_process(what: str, path: Path) -> Opened:
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.opening", what, str(path), stdout=asyncio.subprocess.PIPE
    )
    output, _ = await child.communicate()
    if child.returncode:
        raise RuntimeError(f"{what} {path} failed with exit code {child.returncode}")
    return msgspec.json.decode(output, type=Opened)


def open_once(path: Path) -> Opened:
    """Opens a store for reading, which reads and indexes as much as for writing."""
    before = _resident()
    stores = []
    seconds = clocked(lambda: stores.append(open_tiny(path, read_only=True)))
    return Opened(seconds, resident=_resident() - before, peak=_peak() - before)


def parse_once(path: Path) -> Opened:
    """Parses a file's content to Python's own types."""
    content = path.read_bytes()
    gc.disable()
    parsed = []
    return Opened(clocked(lambda: parsed.append(msgspec.json.decode(content))))


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _peak() -> int:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))


def main(arguments: Sequence[str]) -> int:
    """Opens or parses one file and prints what it took."""
    what, path = arguments
    took = open_once(Path(path)) if what == "open" else parse_once(Path(path))
    sys.stdout.buffer.write(msgspec.json.encode(took))
    sys.stdout.flush()
    os._exit(0)  # taking a million documents apart again is not measured, and nobody waits for it


if __name__ == "__main__":
    main(sys.argv[1:])
