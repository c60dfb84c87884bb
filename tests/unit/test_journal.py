from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from storage.journal import Entry, header, line, payload, read


def entry(n: int, size: int = 10) -> bytes:
    """The JSON of a commit, about `size` bytes long."""
    return b'{"n":%d,"puts":[["notes",%d,{"text":"%b"}]]}' % (n, n, b"x" * size)


def journal(*batches: tuple[int, ...], after: int = 0, size: int = 10) -> bytes:
    """A journal whose commits were written in these batches."""
    lines = [line(batch[0], entry(n, size)) for batch in batches for n in batch]
    return header(after) + b"".join(lines)


def test_reads_what_was_written() -> None:
    """Entries come back in order, and the end is where the next one goes."""
    content = journal((4,), (5, 6), after=3)
    contents = read(content)
    assert [4, 5, 6] == [one.n for one in contents.entries]
    assert [("notes", 4, b'{"text":"xxxxxxxxxx"}')] == contents.entries[0].moves()
    assert (len(content), 0, None) == (contents.end, contents.torn, contents.flaw)


def test_an_entry_is_written_as_it_is_read() -> None:
    """Moves without a Change come back, removals among them."""
    made = Entry(1, cuts=(("notes", 7),))
    assert (made,) == read(header(0) + line(1, payload(made))).entries
    assert [("notes", 7, None)] == made.moves()


def test_zeros_after_the_end_are_room() -> None:
    """The zeros that are written ahead are neither a line nor damage."""
    content = journal((1,), (2,))
    contents = read(content + bytes(5000))
    assert (2, len(content), 0) == (len(contents.entries), contents.end, contents.torn)


@given(st.integers(1, 300), st.integers(0, 2000))
def test_a_last_line_without_its_newline_is_cut(missing: int, room: int) -> None:
    """However much of the last line is missing, the lines before it are good."""
    whole, longer = journal((1,), (2,)), journal((1,), (2,), (3,), size=10)
    cut = longer[: max(len(whole), len(longer) - missing)]
    contents = read(cut + bytes(room))
    assert (2, len(whole), len(cut) - len(whole), None) == (
        len(contents.entries),
        contents.end,
        contents.torn,
        contents.flaw,
    )


def test_a_journal_that_was_never_born_holds_nothing() -> None:
    """Where not even the first line was finished there is no header, and no flaw."""
    contents = read(header(7)[:-1])
    assert (None, (), None) == (contents.header, contents.entries, contents.flaw)


def test_a_whole_line_with_a_bad_checksum_is_a_flaw() -> None:
    """It is named by line and byte, and what follows is still read, to show what cutting would lose."""
    content = journal((1,), (2,), (3,))
    position = content.index(b"\n", len(header(0))) + 1
    contents = read(content[: position + 40] + b"y" + content[position + 41 :])
    assert contents.flaw is not None
    assert (3, position) == (contents.flaw.line, contents.flaw.position)
    assert "checksum" in contents.flaw.why
    assert [1] == [one.n for one in contents.entries]
    assert [3] == [one.n for one in contents.beyond]
    assert position == contents.end


def test_a_missing_commit_is_a_flaw() -> None:
    """Nothing is applied after a gap, nor twice."""
    for numbers, missing in (((1, 3), 2), ((1, 1), 2), ((2, 3), 1)):
        contents = read(journal(*((n,) for n in numbers)))
        assert contents.flaw is not None
        assert f"commit {missing} is missing" in contents.flaw.why


def test_a_first_line_that_is_none_is_a_flaw() -> None:
    """A file of something else is no journal."""
    contents = read(b"hello\n")
    assert contents.flaw is not None
    assert (1, 0) == (contents.flaw.line, contents.flaw.position)


def test_a_write_that_the_disk_took_half_of_is_cut() -> None:
    """After a power cut the end of the last write may be there and its beginning not: sectors of zeros show it."""
    good, content = journal((1,)), journal((1,), (2, 3), size=2000)
    good = content[: content.index(b"\n", len(header(0))) + 1]
    for lost in (slice(len(good), 2560), slice(2560, 3072)):
        torn = bytearray(content)
        torn[lost] = bytes(lost.stop - lost.start)
        contents = read(bytes(torn) + bytes(1000))
        assert None is contents.flaw
        assert [1] == [one.n for one in contents.entries]
        assert (len(good), len(content) - len(good)) == (contents.end, contents.torn)


def test_a_lost_sector_before_a_later_write_is_a_flaw() -> None:
    """What was promised can't have been torn: where a later write is whole, zeros are damage."""
    content = bytearray(journal((1,), (2,), (3,), size=2000))
    content[2560:3072] = bytes(512)
    contents = read(bytes(content))
    assert contents.flaw is not None
    assert [3] == [one.n for one in contents.beyond]
