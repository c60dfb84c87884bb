from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from tests.story.posted import differences
from tests.story.quarter import BERLIN, NEW_YORK, YEAR, Quarter, Scene, at, new_book
from tests.story.quarter_check import as_kept, as_written_down, mistakes
from tests.story.quarter_february import february
from tests.story.quarter_introduction import INTRODUCTION
from tests.story.quarter_january import january
from tests.story.quarter_march import march
from tests.story.quarter_ordinary import ordinary_days
from tests.story.quarter_transcript import Transcript
from tests.story.stage import OpenStage

EXAMPLE = Path(__file__).parents[2] / "docs" / "a-quarter.md"
START, END = at("4 Jan 09:00", NEW_YORK), at("4 Apr 20:00", BERLIN)

LAST_DAY_OF_WINTER, GOOD_FRIDAY, EASTER_MONDAY = date(YEAR, 3, 12), date(YEAR, 3, 26), date(YEAR, 3, 29)


async def test_quarter(open_stage: OpenStage, tmp_path: Path, pytestconfig: pytest.Config) -> None:
    """Three people in three zones live with Rapport for a quarter, and it speaks up when it should, and only then.

    Day by day from 4 January to 4 April 2027: what was posted is laid beside a book that was kept apart from the
    product, and what the store holds beside what was done. What was said is docs/a-quarter.md, byte for byte
    (`--snapshot-update` writes it).
    """
    async with open_stage(tmp_path / "team", START) as stage:
        quarter = Quarter(stage, new_book(START), Transcript(BERLIN))
        for scene in the_scenes():
            await quarter.plays(scene)
        await quarter.until(END)

        assert [] == mistakes(quarter)
        the_book_is_not_empty(quarter)
        assert [] == differences(as_written_down(quarter), as_kept(await quarter.exported()))
        page = quarter.page.page(INTRODUCTION)
        if stage.platform == "console":
            the_example_is_this(page, update=pytestconfig.getoption("update_snapshots"))
        assert [] == differences(
            what_became_of_messages(EXAMPLE.read_text(encoding="utf-8")), what_became_of_messages(page)
        )


def the_scenes() -> tuple[Scene, ...]:
    """Everything that is done, in the order in which it happens."""
    return tuple(sorted((*ordinary_days(), *january(), *february(), *march()), key=lambda scene: scene[0]))


def the_book_is_not_empty(quarter: Quarter) -> None:
    """The days that the story is about are in it, and would be missed."""
    book = quarter.book
    told = Counter(due.to for due in book.due)
    assert {"Ana", "Ben", "Kim", ""} == set(told)
    assert 40 <= len(book.due)
    assert {"8:15"} == {f"{due.at:%-H:%M}" for due in book.due if due.to == "Ben"}
    assert {"9:30"} == {f"{due.at:%-H:%M}" for due in book.due if due.to != "Ben"}
    in_berlin = {f"{due.at.astimezone(BERLIN):%-H:%M}" for due in book.due if due.to == "Ana"}
    assert {"15:30", "14:30"} == in_berlin, "for two weeks New York is an hour nearer"
    assert [12, 13] == [sum(due.place == place for due in book.digests) for place in ("#team", "#creators")]
    days_with_digests = {due.at.date() for due in book.digests}
    assert {GOOD_FRIDAY, EASTER_MONDAY} <= days_with_digests
    assert not {GOOD_FRIDAY, EASTER_MONDAY, date(YEAR, 2, 5)} & {due.at.date() for due in book.due}
    words = {line.words for due in book.due for line in due.lines}
    for expected in (
        "Birthday on Sunday (17 Jan).",
        "Birthday on Sunday (28 Feb), turning 35.",
        "Birthday on Tuesday (30 Mar).",
        "We owe the yarn box, due tomorrow.",
        "Hugo owes the photos of the stall, due 25 Mar, 5 days late.",
    ):
        assert expected in words, expected
    assert [1] == [due.more for due in book.due if due.more], "one message leaves somebody out: Kim wants two a day"


def what_became_of_messages(page: str) -> list[str]:
    """What messages said after they had been edited, and which ones were taken away: on every platform the same."""
    found = re.findall(r"^\*Rapport’s message of .+ now says:\*\n\n(?:>.*\n)+|^\*.+ gone: .+\*$", page, re.MULTILINE)
    assert found, "no message was ever edited"
    return found


def the_example_is_this(page: str, *, update: bool) -> None:
    """The page in the docs, compared or written."""
    if update:
        EXAMPLE.write_text(page, encoding="utf-8")
    assert EXAMPLE.read_text(encoding="utf-8") == page, "pytest tests/story/test_quarter.py --snapshot-update writes it"
