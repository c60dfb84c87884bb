from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from base64 import urlsafe_b64encode
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from structlog.testing import capture_logs

from bot.adapter_port import Vault
from bot.errors import SettingsError, StoreFailed
from storage.vault import FileVault

KEY = urlsafe_b64encode(b"the same in every worker process!"[:32]).decode()
OTHER_KEY = urlsafe_b64encode(b"another that is the same in them!"[:32]).decode()

# Dies without a word at the n-th call that changes the folder, before or after it was done.
VICTIM = """
import asyncio, os, sys
from pathlib import Path

folder, key, deed, at, when = Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4]), sys.argv[5]
calls, armed = 0, False

def deadly(name):
    original = getattr(os, name)
    def call(*args, **named):
        global calls
        calls += armed
        if armed and (calls, when) == (at, "before"):
            os._exit(9)
        try:
            return original(*args, **named)
        finally:
            if armed and (calls, when) == (at, "after"):
                os._exit(9)
    setattr(os, name, call)

for name in ("open", "fsync", "replace", "link", "unlink"):
    deadly(name)

from storage.vault import FileVault

async def main():
    global armed
    vault = FileVault(folder, key)
    await vault.put("other", b"stays")
    armed = True
    await vault.delete("key") if deed == "delete" else await getattr(vault, deed)("key", b"new")

asyncio.run(main())
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the secrets of this test lie."""
    return tmp_path / "data" / "secrets"


@pytest.fixture
def vault(folder: Path) -> FileVault:
    """A vault on a disk, with nothing in it."""
    return FileVault(folder, KEY)


def files(folder: Path) -> list[Path]:
    """Whatever lies in a folder."""
    return list(folder.iterdir())


def rights(path: Path) -> int:
    """Who may do what with a file or a folder."""
    return path.stat().st_mode & 0o777


def dies(folder: Path, deed: str, at: int, when: str) -> bool:
    """Has a process do something to `key` and die on the way; False where it came to the end before."""
    done = subprocess.run(
        [sys.executable, "-c", VICTIM, str(folder), KEY, deed, str(at), when],
        cwd=Path(__file__).parents[2],
        check=False,
    )
    assert done.returncode in {0, 9}
    return done.returncode == 9


async def test_what_was_put_is_there_after_a_restart(vault: FileVault, folder: Path) -> None:
    """A second vault on the folder finds what the first one kept, the latest of each key."""
    as_port: Vault = vault
    await as_port.put("slack:T1", b"first")
    await as_port.put("slack:T1", b"second")
    assert b"second" == await FileVault(folder, KEY).get("slack:T1")
    assert await vault.get("slack:T2") is None


async def test_a_secret_is_added_once(vault: FileVault) -> None:
    """Where there is something under the key already it stays, until it is deleted."""
    assert await vault.add("k", b"mine")
    assert not await vault.add("k", b"yours")
    assert b"mine" == await vault.get("k")
    assert await vault.delete("k")
    assert await vault.add("k", b"yours")


async def test_of_many_at_once_one_adds_and_one_deletes(vault: FileVault, folder: Path) -> None:
    """Twenty who add the same key, and twenty who delete it, through two vaults on the folder: one of each succeeds."""
    vaults = (vault, FileVault(folder, KEY))
    await vaults[1].put("other", b"")
    added = await asyncio.gather(*(vaults[n % 2].add("k", str(n).encode()) for n in range(20)))
    assert 1 == added.count(True)
    assert str(added.index(True)).encode() == await vault.get("k")
    deleted = await asyncio.gather(*(vaults[n % 2].delete("k") for n in range(20)))
    assert 1 == deleted.count(True)


async def test_many_puts_at_once_leave_one_of_them_whole(vault: FileVault, folder: Path) -> None:
    """Readers see some whole value at any moment, and nothing unfinished is left."""
    values = {bytes([n]) * 5000 for n in range(20)}
    await vault.put("k", b"\0" * 5000)
    _, *seen = await asyncio.gather(
        asyncio.gather(*(vault.put("k", value) for value in values)), *(vault.get("k") for _ in range(50))
    )
    assert set(seen) <= values | {b"\0" * 5000}
    assert 1 == len(files(folder))


async def test_a_write_is_finished_when_nobody_waits_any_more(vault: FileVault) -> None:
    """Whoever is cancelled while a secret is written has not broken it."""
    writing = asyncio.create_task(vault.put("k", b"kept"))
    await asyncio.sleep(0)
    writing.cancel()
    await asyncio.gather(writing, return_exceptions=True)
    await vault.put("another", b"")
    assert b"kept" == await vault.get("k")


async def test_keys_are_found_by_how_they_begin(vault: FileVault) -> None:
    """In order, and those of others are left out."""
    for key in ("b:2", "a:1", "b:1", "é:1"):
        await vault.put(key, b"")
    assert ("b:1", "b:2") == await vault.keys("b:")
    assert ("a:1", "b:1", "b:2", "é:1") == await vault.keys("")
    assert () == await vault.keys("c")


async def test_a_vault_that_was_never_written_is_empty(vault: FileVault, folder: Path) -> None:
    """Asking makes no folder."""
    assert (None, (), False) == (await vault.get("k"), await vault.keys(""), await vault.delete("k"))
    assert 0 == await vault.renew()


async def test_nothing_can_be_read_on_the_disk(vault: FileVault, folder: Path) -> None:
    """Neither secret nor key stands in any file or file name, and only the owner may look."""
    await vault.put("slack:workspace:T0SECRET", b"xoxb-123")
    await vault.add("slack:state:abc", b"xoxb-123")
    for path in files(folder):
        seen = path.name.encode() + path.read_bytes()
        assert [] == [word for word in (b"xoxb", b"T0SECRET", b"slack", b"abc") if word in seen]
    assert (0o700, {0o600}) == (rights(folder), {rights(path) for path in files(folder)})


def test_a_folder_that_others_could_enter_is_closed(vault: FileVault, folder: Path) -> None:
    """As when somebody made it by hand, or copied it."""
    folder.mkdir(parents=True)
    folder.chmod(0o755)
    asyncio.run(vault.put("k", b""))
    assert 0o700 == rights(folder)


async def test_with_another_key_nothing_is_known_and_all_can_be_set_anew(vault: FileVault, folder: Path) -> None:
    """What can't be decrypted reads as nothing, is told to the log without content, and makes way."""
    await vault.put("a", b"old")
    await vault.put("b", b"old")
    stranger = FileVault(folder, OTHER_KEY)
    with capture_logs() as logs:
        assert (None, ()) == (await stranger.get("a"), await stranger.keys(""))
    assert {"vault.unreadable"} == {entry["event"] for entry in logs}
    assert not any(word in str(logs) for word in ("old", OTHER_KEY, KEY))
    assert not await stranger.delete("b")
    assert await stranger.add("a", b"new")
    assert b"new" == await stranger.get("a")


async def test_a_file_can_not_stand_in_for_another(vault: FileVault, folder: Path) -> None:
    """A secret that is copied over the file of another key is not given out under that key."""
    await vault.put("mine", b"secret of mine")
    (mine,) = files(folder)
    await vault.put("yours", b"secret of yours")
    (yours,) = set(files(folder)) - {mine}
    yours.write_bytes(mine.read_bytes())
    with capture_logs() as logs:
        assert await vault.get("yours") is None
    assert ["vault.misplaced"] == [entry["event"] for entry in logs]


@pytest.mark.parametrize(
    "damage",
    [b"", b"no token at all", Fernet(KEY.encode()).encrypt(b"\xc1")],
    ids=("empty", "no token", "no content"),
)
async def test_a_damaged_file_reads_as_nothing(vault: FileVault, folder: Path, damage: bytes) -> None:
    """Emptied, overwritten, or encrypted by somebody who had the key but not our format."""
    await vault.put("k", b"secret")
    files(folder)[0].write_bytes(damage)
    assert await vault.get("k") is None


async def test_a_new_key_reads_what_the_old_one_wrote_until_that_can_go(vault: FileVault, folder: Path) -> None:
    """With both keys all is read; once renewed, the old key is not needed and no good any more."""
    await vault.put("a", b"1")
    both = FileVault(folder, f"{OTHER_KEY}, {KEY}")
    await both.put("b", b"2")
    assert b"1" == await both.get("a")
    assert (1, 0) == (await both.renew(), await both.renew())
    newest = FileVault(folder, OTHER_KEY)
    assert (b"1", b"2") == (await newest.get("a"), await newest.get("b"))
    assert (None, None) == (await vault.get("a"), await vault.get("b"))


@pytest.mark.parametrize("secret", ["", "password", f"{KEY},", KEY[:-1]])
def test_a_secret_that_is_no_key_is_refused(folder: Path, secret: str) -> None:
    """By name and without showing it."""
    with pytest.raises(SettingsError, match="RAPPORT_SECRET_KEY") as refusal:
        FileVault(folder, secret)
    assert not secret or secret not in str(refusal.value)


async def test_a_disk_that_refuses_is_a_failed_store(tmp_path: Path) -> None:
    """Every method says so; the sentence names the folder and holds nothing secret."""
    vault = FileVault(Path(__file__) / "secrets", KEY)
    for failing in (vault.put("key", b"xoxb"), vault.add("key", b"xoxb"), vault.get("key")):
        with pytest.raises(StoreFailed, match="secrets") as refusal:
            await failing
        assert "xoxb" not in str(refusal.value)


async def test_what_a_full_disk_refused_leaves_the_old_secret(
    vault: FileVault, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The write fails, what stood there stands there, and nothing unfinished is left."""

    def full(_fd: int) -> None:
        raise OSError(28, "No space left on device")

    await vault.put("k", b"old")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreFailed, match="No space left"):
        await vault.put("k", b"new")
    with pytest.raises(StoreFailed, match="No space left"):
        await vault.add("another", b"new")
    assert (b"old", None) == (await vault.get("k"), await vault.get("another"))
    assert 1 == len(files(folder))


@pytest.mark.parametrize("deed", ["put", "add", "delete"])
@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_kill_at_any_step_leaves_the_old_or_the_new(folder: Path, deed: str, when: str) -> None:
    """A process that dies in a write leaves a whole secret, old or new, and no trace once somebody writes again."""
    before, after = {"put": (b"old", b"new"), "add": (None, b"new"), "delete": (b"old", None)}[deed]
    outcomes: list[bytes | None] = []
    is_dead = True
    while is_dead:
        vault = FileVault(folder, KEY)
        await vault.delete("key")
        if before is not None:
            await vault.put("key", before)
        is_dead = dies(folder, deed, len(outcomes) + 1, when)
        outcomes.append(await vault.get("key"))
        survivor = FileVault(folder, KEY)
        assert b"stays" == await survivor.get("other")
        await survivor.put("third", b"")
        assert {".secret"} == {path.suffix for path in files(folder)}
    assert (True, after) == (3 <= len(outcomes) <= 12, outcomes[-1])
    turned = outcomes.index(after)
    assert [before] * turned + [after] * (len(outcomes) - turned) == outcomes
