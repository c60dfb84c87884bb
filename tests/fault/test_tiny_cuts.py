from __future__ import annotations

import random
import shutil
from pathlib import Path

import msgspec
import pytest

from bot.change import Write, created
from bot.model import Occasion
from storage.disk import Files
from storage.errors import Damaged
from storage.journal import header
from storage.opening import open_tiny
from storage.recovery import recover_beside
from storage.repair import inspect, repair
from tests.contract.records import TEAM, change, influencer, occasion, touchpoint

State = dict[str, dict[int, bytes]]

FLIPS = 1000


def state(path: Path) -> State:
    """All documents of a store."""
    return recover_beside(Files(path)).tables.copy()


def journal(path: Path) -> Path:
    """The journal that a store writes to."""
    files = Files(path)
    return files.journal(files.generations()[-1])


async def written(path: Path) -> list[State]:
    """Leaves a store as a crash would, with commits in its snapshot and its journal; every state it went through."""
    store = open_tiny(path)
    states = [state(path)]
    first = await store.commit(change("chg_1", *created(influencer(), occasion())))
    states.append(state(path))
    await store.compact()
    made = first.writes[1].after
    assert isinstance(made, Occasion)
    await store.commit(change("chg_2", Write(made, msgspec.structs.replace(made, label="launch")), heard="press 2"))
    states.append(state(path))
    store.db.table("notes").insert({"text": "by hand"})
    states.append(state(path))
    await store.commit(change("chg_3", *created(touchpoint(note="“ça va” 🦊"))))
    states.append(state(path))
    gone = await store.get(Occasion, TEAM, "occ_1")
    await store.commit(change("chg_4", Write(gone, None)))
    states.append(state(path))
    kept = path.with_name("kept")
    shutil.copytree(path.parent, kept, ignore=shutil.ignore_patterns("kept"))
    await store.close()
    for file in kept.iterdir():
        shutil.copy2(file, path.parent)
    shutil.rmtree(kept)
    return states


@pytest.mark.parametrize("room", [0, 4096])
async def test_a_journal_cut_anywhere_is_what_was_whole(tmp_path: Path, room: int) -> None:
    """Cut after every single byte, with and without zeros behind, the state is that after the last whole commit."""
    path = tmp_path / "rapport.json"
    states = (await written(path))[1:]
    file = journal(path)
    content = file.read_bytes().rstrip(b"\0")
    assert len(states) == content.count(b"\n")
    for length in range(len(content) + 1):
        file.write_bytes(content[:length] + bytes(room))
        expected = states[max(0, content[:length].count(b"\n") - 1)]
        assert expected == state(path), length


async def test_a_cut_journal_goes_on(tmp_path: Path) -> None:
    """After any cut the store opens for writing, takes commits, and has them when it is opened again."""
    path = tmp_path / "rapport.json"
    await written(path)
    file, kept = journal(path), tmp_path / "kept"
    content = file.read_bytes().rstrip(b"\0")
    shutil.copytree(tmp_path, kept)
    for length in range(0, len(content) + 1, 61):
        for each in kept.iterdir():
            shutil.copy2(each, tmp_path)
        file.write_bytes(content[:length])
        before = state(path)
        store = open_tiny(path)
        await store.commit(change("chg_9", *created(occasion("occ_9"))))
        assert before.keys() | {"occasions"} == state(path).keys()
        await store.close()
        store = open_tiny(path)
        assert "occ_9" in [one.id for one in await store.everything(Occasion, TEAM)]
        await store.close()
        for left in Files(path).generations():
            Files(path).journal(left).unlink()


async def test_a_flipped_bit_gives_a_right_state_or_none(tmp_path: Path) -> None:
    """Of 1,000 bits flipped anywhere in snapshot and journal, each is refused or leaves a state there once was."""
    path = tmp_path / "rapport.json"
    states = await written(path)
    files = [path, journal(path)]
    contents = {file: file.read_bytes().rstrip(b"\0") for file in files}
    chance = random.Random(20260302)
    refused = 0
    for _flip in range(FLIPS):
        file = chance.choices(files, [len(contents[file]) for file in files])[0]
        flipped = bytearray(contents[file])
        flipped[chance.randrange(len(flipped))] ^= 1 << chance.randrange(8)
        file.write_bytes(flipped)
        try:
            assert state(path) in states
        except Damaged:
            refused += 1
        file.write_bytes(contents[file])
    assert refused > FLIPS * 0.9
    assert states[-1] == state(path)


async def test_repair_cuts_what_it_showed(tmp_path: Path) -> None:
    """A damaged line is named with its position and what cutting would lose; then it is cut, and a copy kept."""
    path = tmp_path / "rapport.json"
    states = await written(path)
    file = journal(path)
    content = file.read_bytes().rstrip(b"\0")
    lines = content.splitlines(keepends=True)
    position = len(lines[0]) + len(lines[1])
    file.write_bytes(content[: position + 20] + b"#" + content[position + 21 :])
    with pytest.raises(Damaged, match=rf"line 3 \(byte {position}\).*doctor --repair"):
        open_tiny(path)
    found = inspect(path)
    assert 3 == found.lines_lost
    assert ("commit 4: log", "commit 5: log") == tuple(lost.partition(", ")[0] for lost in found.lost)
    assert ["kept", "cut"] == [what.split()[0] for what in repair(path)]
    assert states[2] == state(path)
    assert file.with_name(file.name + ".kept-1").read_bytes()[position + 20 : position + 21] == b"#"
    assert () == repair(path)
    store = open_tiny(path)
    assert 1 == len(await store.everything(Occasion, TEAM))
    await store.close()


async def test_a_missing_journal_is_refused(tmp_path: Path) -> None:
    """Where files don't fit together nothing is opened, and repair puts away what can't be used."""
    path = tmp_path / "rapport.json"
    states = await written(path)
    file = journal(path)
    later = Files(path).journal(Files(path).generations()[-1] + 1)
    lines = file.read_bytes().rstrip(b"\0").splitlines(keepends=True)
    file.write_bytes(b"".join(lines[:2]))
    later.write_bytes(header(4) + b"".join(lines[4:]))
    with pytest.raises(Damaged, match="goes on from commit 4"):
        open_tiny(path)
    assert 1 == inspect(path).lines_lost
    repair(path)
    assert states[2] == state(path)
    assert not later.exists()


async def test_a_missing_snapshot_is_refused(tmp_path: Path) -> None:
    """Journals without their snapshot are no new store."""
    path = tmp_path / "rapport.json"
    await written(path)
    path.unlink()
    with pytest.raises(Damaged, match="missing or empty"):
        open_tiny(path)
