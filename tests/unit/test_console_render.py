from __future__ import annotations

import io
import os
import pty
import termios
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from adapters.console.forms import draw_form
from adapters.console.render import Look, draw_reply
from bot.address import Place, dm
from bot.errors import NotPosted
from bot.reply import (
    Actions,
    Button,
    Divider,
    Fields,
    File,
    Form,
    Image,
    Option,
    Outcome,
    Reply,
    Select,
    Style,
    Table,
    callback,
    say,
)
from tests.console_core import ANA, console_on, plain
from tests.gallery import GALLERY, MOMENT, PNG, Specimen

BERLIN = ZoneInfo("Europe/Berlin")
PLAIN = Look(80, colour=False, zone=BERLIN)
COLOUR = Look(80, colour=True, zone=BERLIN)
HERE = Place("console", "here", "general")


def draw(answer: Reply | Form, look: Look) -> str:
    """A specimen as it is drawn."""
    return draw_form(answer, look) if isinstance(answer, Form) else draw_reply(answer, look)


@pytest.mark.parametrize("width", [20, 40, 80, 200])
@pytest.mark.parametrize("specimen", GALLERY, ids=lambda specimen: specimen.name)
def test_no_line_is_wider_than_the_terminal(specimen: Specimen, width: int) -> None:
    """Whatever a reply holds, in columns of the screen it fits, and never over a hundred."""
    drawn = draw(specimen.answer, Look(width, colour=False, zone=BERLIN))
    assert min(width, 100) >= max(cell_len(line) for line in drawn.splitlines())


@pytest.mark.parametrize("specimen", GALLERY, ids=lambda specimen: specimen.name)
def test_the_same_looks_the_same(specimen: Specimen) -> None:
    """Drawing is a function of the reply and the look alone, and ends in a line break."""
    for look in (PLAIN, COLOUR, Look(None, colour=False, zone=BERLIN)):
        drawn = draw(specimen.answer, look)
        assert drawn == draw(specimen.answer, look)
        assert drawn.endswith("\n")


@pytest.mark.parametrize("specimen", GALLERY, ids=lambda specimen: specimen.name)
def test_plain_means_plain(specimen: Specimen) -> None:
    """Into a pipe goes no escape sequence, no box and no blank at a line's end."""
    drawn = draw(specimen.answer, PLAIN)
    assert not set("\x1b╭╰│─") & set(drawn)
    assert drawn.splitlines() == [line.rstrip(" ") for line in drawn.splitlines()]


@given(st.text(), st.text())
def test_any_words_can_be_drawn(first: str, second: str) -> None:
    """No value makes drawing fail, and nothing of one begins a line of its own."""
    reply = Reply(blocks=(say("A {a} B {b} C", a=first, b=second),))
    drawn = draw_reply(reply, Look(None, colour=False, zone=BERLIN))
    assert 1 == drawn.count("\n")
    assert drawn.startswith("A ")
    assert drawn.endswith(" C\n")


def test_what_looks_like_markup_is_shown() -> None:
    """Neither rich's markup nor ours works in a value."""
    drawn = draw_reply(Reply(blocks=(say("{a}", a="[red]x[/] **y** {z} :smile:"),)), PLAIN)
    assert "[red]x[/] **y** {z} :smile:\n" == drawn


def test_our_own_bold_is_bold() -> None:
    """The template's marks become a style in colour, and vanish in plain lines."""
    reply = Reply(blocks=(say("**{who}** is quiet", who="Jess"),))
    assert "\x1b[1mJess\x1b[0m" in draw_reply(reply, COLOUR)
    assert "Jess is quiet\n" == draw_reply(reply, PLAIN)


def test_moments_are_told_where_the_reader_is() -> None:
    """22:30 UTC is the next day in Tokyo."""
    reply = Reply(blocks=(say("{at}", at=MOMENT),))
    assert "Sun 22 Nov 2026, 07:30\n" == draw_reply(reply, Look(80, colour=False, zone=ZoneInfo("Asia/Tokyo")))


def test_buttons_count_on_from_the_number_given() -> None:
    """Buttons of a block come first, its selects after them, and the next block goes on."""
    select = Select("When", "until", (Option("1 week", "1w"),), callback("snooze"))
    more = Actions((Button("More", callback("more")),))
    reply = Reply(blocks=(say("x"), Actions((select, Button("Undo", callback("undo")))), Divider(), more))
    assert "x\n[7] Undo\nWhen:  [8a] 1 week\n---\n[9] More\n" == draw_reply(reply, PLAIN, start=7)


def test_danger_is_red_and_trouble_is_coloured() -> None:
    """A dangerous button and a card's border say in colour what matters; a refusal is yellow, a failure red."""
    button = Actions((Button("Forget", callback("forget"), Style.DANGER),))
    assert "\x1b[1;31m[1]\x1b[0m\x1b[1;31m Forget" in draw_reply(Reply(blocks=(say("x"), button)), COLOUR)
    assert "\x1b[33m╭" in draw_reply(plain("x", Outcome.REFUSED), COLOUR)
    assert "\x1b[31m╭" in draw_reply(plain("x", Outcome.BROKEN), COLOUR)


def test_a_table_too_wide_becomes_records() -> None:
    """Columns that would get too narrow to read are written one below the other."""
    table = Table(tuple(f"C{n}" for n in range(9)), (tuple(say("{c}", c="some words") for _ in range(9)),))
    drawn = draw_reply(Reply(blocks=(say("x"), table)), Look(40, colour=False, zone=BERLIN))
    assert ["x", "some words", "  C1: some words"] == drawn.splitlines()[:3]


def test_left_out_rows_are_counted() -> None:
    """Fifty rows of a table are shown, and the rest is a number."""
    table = Table(("N",), tuple((say("{n}", n=n),) for n in range(62)))
    assert ["49", "…and 12 more rows"] == draw_reply(Reply(blocks=(say("x"), table)), PLAIN).splitlines()[-2:]


def test_facts_stand_beside_their_labels() -> None:
    """Labels and facts form two columns, also where there is no edge to fit into."""
    fields = Fields((("Stage", say("new")), ("Last contact", say("today"))))
    drawn = draw_reply(Reply(blocks=(say("x"), fields)), Look(None, colour=False, zone=BERLIN))
    assert "x\nStage:         new\nLast contact:  today\n" == drawn


async def test_pictures_and_files_are_kept(tmp_path: Path) -> None:
    """Both are written into the folder, and the answer says where and how much; an edit does not write them again."""
    output = io.StringIO()
    console = console_on(output, tmp_path, width=None)
    reply = Reply(blocks=(say("x"), Image("rhythm.png", PNG, "By week"), File("../all.csv", b"a,b", "Everybody")))
    posted = await console.post(HERE, reply, "key")
    await console.edit(posted, reply)
    assert PNG == (tmp_path / "rhythm.png").read_bytes()
    assert b"a,b" == (tmp_path / "all.csv").read_bytes()
    assert not (tmp_path / "rhythm-2.png").exists()
    assert not (tmp_path / "all-2.csv").exists()
    assert f"File: Everybody ({tmp_path / 'all.csv'}, 3 bytes)" in output.getvalue()


async def test_a_file_that_cannot_be_kept_is_told(tmp_path: Path) -> None:
    """A folder that takes no files does not keep the rest of the answer back."""
    output = io.StringIO()
    console = console_on(output, tmp_path / "nowhere", width=None)
    await console.post(HERE, Reply(blocks=(say("x"), File("a.csv", b"a", "All"))), "key")
    assert (
        f"File: All (could not be written into {tmp_path / 'nowhere'}: No such file or directory)" in output.getvalue()
    )


async def test_a_post_under_a_dms_header_names_its_reader(tmp_path: Path) -> None:
    """A message says where it stands: by the name somebody goes by, or the channel."""
    output = io.StringIO()
    console = console_on(output, tmp_path)
    console.meet(ANA)
    for place in (dm(ANA.person), dm(console.person("ben fox")), HERE):
        await console.post(place, plain("x"), str(place))
    assert "— DM to Ana —\nx\n— DM to Ben Fox —\nx\n— #general —\nx\n" == output.getvalue()


async def test_a_post_says_when_it_came_where_time_can_be_moved(tmp_path: Path) -> None:
    """With a clock, posts and edits stand under their moment, and under none where the clock has no words."""
    output, moments = io.StringIO(), iter(("Mon 30 Nov, 09:30", "Tue 1 Dec, 11:00", ""))
    console = console_on(output, tmp_path, clock=lambda: next(moments))
    posted = await console.post(HERE, plain("x"), "key")
    await console.edit(posted, plain("y"))
    await console.edit(posted, plain("z"))
    assert (
        "— #general · Mon 30 Nov, 09:30 —\nx\n— edited: #general · Tue 1 Dec, 11:00 —\ny\n— edited: #general —\nz\n"
        == output.getvalue()
    )


def test_an_answer_for_later_is_drawn_as_a_broken_one() -> None:
    """Nothing done, through no fault of the reader's: in red, as what broke."""
    look = Look(80, colour=True, zone=BERLIN)
    assert draw_reply(plain("x", Outcome.BROKEN), look) == draw_reply(plain("x", Outcome.DOWN), look)
    assert draw_reply(plain("x", Outcome.REFUSED), look) != draw_reply(plain("x", Outcome.DOWN), look)


async def test_a_terminal_that_is_gone_takes_no_post(tmp_path: Path) -> None:
    """What can't be written was surely not posted, and may be tried again under the same key."""
    output = io.StringIO()
    console = console_on(output, tmp_path)
    output.close()
    with pytest.raises(NotPosted, match="takes nothing any more") as first:
        await console.post(HERE, plain("x"), "key")
    assert first.value.retry_after is not None
    with pytest.raises(NotPosted):
        await console.post(HERE, plain("x"), "key")


async def test_signs_without_a_letter_become_question_marks(tmp_path: Path) -> None:
    """A terminal that knows only Latin letters shows the rest as `?` instead of failing."""
    raw = io.BytesIO()
    console = console_on(io.TextIOWrapper(raw, encoding="latin-1", newline="\n"), tmp_path)
    await console.post(HERE, plain("José 漢"), "key")
    assert "? #general ?\nJosé ?\n" == raw.getvalue().decode("latin-1")


async def test_a_terminal_is_asked_for_its_width(tmp_path: Path) -> None:
    """Without a width given, a terminal's own is used, also after it was resized."""
    parent, child = pty.openpty()
    with os.fdopen(child, "w", encoding="utf-8") as output, os.fdopen(parent, "rb"):
        console = console_on(output, tmp_path, width=None)
        for columns in (50, 70):
            termios.tcsetwinsize(child, (24, columns))
            assert columns == console.look.width
