from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from bot.change import Write, created
from bot.errors import AlreadyDone
from bot.model import Draft
from storage.opening import open_tiny
from tests.contract.records import NOW, TEAM, change, draft, occasion

WORDS = "allergic to walnuts"
CORRECTED = "allergic to hazelnuts"
DAY = timedelta(hours=24)


def contents(folder: Path) -> dict[str, bytes]:
    """What is in the files of a folder, by name."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def files_with(folder: Path, words: str) -> list[str]:
    """The names of the files in a folder that hold some words."""
    return sorted(name for name, content in contents(folder).items() if words.encode() in content)


async def test_what_was_typed_is_nowhere_a_day_later(tmp_path: Path) -> None:
    """A Draft that was opened, came back for correction and was sent leaves no word in any file after 24 hours."""
    store = open_tiny(tmp_path / "rapport.json")
    typed = draft(values=(("what", WORDS),))
    first = (await store.commit(change("chg_1", *created(typed), heard="press 1"))).writes[0].after
    assert isinstance(first, Draft)
    again = msgspec.structs.replace(first, typed=(("what", CORRECTED),))
    second = (await store.commit(change("chg_2", Write(first, again)))).writes[0].after
    assert isinstance(second, Draft)
    sent = msgspec.structs.replace(second, closed_by="mem_1", closed_at=NOW)
    await store.commit(change("chg_3", Write(second, sent), *created(occasion())))
    await store.compact()
    assert [["rapport.json"]] * 2 == [files_with(tmp_path, words) for words in (WORDS, CORRECTED)]
    await store.prune(NOW + DAY)
    assert [[]] * 2 == [files_with(tmp_path, words) for words in (WORDS, CORRECTED)]
    with pytest.raises(AlreadyDone) as done:
        await store.commit(change("chg_4", heard="press 1"))
    assert (first.id,) == done.value.change.touched
    await store.close()


async def test_the_journal_holds_what_was_typed_once(tmp_path: Path) -> None:
    """What somebody types is written once for each time it changes, and not once more as what was before."""
    store = open_tiny(tmp_path / "rapport.json")
    first = (await store.commit(change("chg_1", *created(draft(values=(("what", WORDS),)))))).writes[0].after
    await store.commit(change("chg_2", Write(first, None)))
    assert 1 == sum(content.count(WORDS.encode()) for content in contents(tmp_path).values())
    await store.close()


async def test_forgetting_reaches_the_disk_although_nothing_is_left_to_forget(tmp_path: Path) -> None:
    """Where a crash came between forgetting and folding the journal, the next time folds it."""
    store = open_tiny(tmp_path / "rapport.json")
    first = (await store.commit(change("chg_1", *created(draft(values=(("what", WORDS),)))))).writes[0].after
    await store.commit(change("chg_2", Write(first, None)))
    assert ["rapport.json.journal.1"] == files_with(tmp_path, WORDS)
    assert 0 == await store.prune(NOW)
    assert [] == files_with(tmp_path, WORDS)
    assert () == await store.everything(Draft, TEAM)
    await store.close()
