"""Reply → the words that stand for it where Slack shows no blocks: in notifications, and to screen readers. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from adapters.slack.rich import DATE_FORMAT, EMPTY, in_words, native
from bot.reply import Actions, Block, Divider, Fields, File, Image, Reply, Span, Table, Text, join, say, spans

NOTICE_LIMIT = 3_000
"""Bytes of the text that stands for a whole message; over 4,000 an edit is refused, and a post split in two."""

_CAPS = (NOTICE_LIMIT, 1_000, 300, 100)
"""To how many characters every value is cut where more would be too long; below that names could not be told apart."""


def notice(reply: Reply, workspace: str) -> str:
    """The top-level `text` of a message: every sentence, fact and row on a line of its own, and nothing to press.

    At most 3,000 bytes, in which nobody is mentioned; channels of the workspace are named by Slack, and moments are in
    the reader's zone. `&`, `<` and `>` are escaped, so that no word of somebody's is a control sequence.
    """
    runs = tuple(spans(join("\n", [line for block in reply.blocks for line in _lines(block)])))
    said = ""
    for cap in _CAPS:
        said, is_whole = _beginning(runs, workspace, cap)
        if is_whole:
            return said.strip() or EMPTY
    return said.rstrip() + "…"


def escape(text: str) -> str:
    """The text as Slack wants it where it reads control sequences: `&` first, else the others' would be doubled."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _lines(block: Block) -> Iterator[Text]:
    match block:
        case Text():
            yield block
        case Fields(rows=rows):
            yield from (say("{label}: {value}", label=label, value=value) for label, value in rows)
        case Table(columns=columns, rows=rows):
            yield from (_row(columns, row) for row in rows)
        case Image(name=name, alt=about) | File(name=name, about=about):
            yield say("{about}", about=about or name)
        case Divider() | Actions():
            pass


def _row(columns: Sequence[str], row: Sequence[Text]) -> Text:
    """`Jess Park — Days: 36 · Status: quiet`."""
    facts = [say("{head}: {cell}", head=head, cell=cell) for head, cell in zip(columns[1:], row[1:], strict=True)]
    return join(" — ", [row[0], join(" · ", facts)]) if facts else row[0]


def _beginning(runs: Sequence[Span], workspace: str, cap: int) -> tuple[str, bool]:
    """As many runs as fit with room for an ellipsis, and whether these are all."""
    said: list[str] = []
    room = NOTICE_LIMIT - len("…".encode())
    for run in runs:
        piece = _token(run, workspace, cap)
        room -= len(piece.encode())
        if room < 0:
            return "".join(said), False
        said.append(piece)
    return "".join(said), True


def _token(run: Span, workspace: str, cap: int) -> str:
    match native(run, workspace):
        case {"type": "date", "timestamp": stamp, "fallback": fallback}:
            return f"<!date^{stamp}^{DATE_FORMAT}|{fallback}>"
        case {"type": "channel", "channel_id": channel}:
            return f"<#{channel}>"
    return escape(in_words(run, cap))
