"""What can go wrong with the files of a store."""

from __future__ import annotations

from bot.errors import StoreFailed


class InUse(StoreFailed):
    """Another process has the files open for writing."""

    def __init__(self, process: str) -> None:
        """`process` is the id of the one that has them."""
        super().__init__(f"already open in process {process}: one process per TinyDB file; for several use PostgreSQL")


class Damaged(StoreFailed):
    """A file does not hold what was written; nothing was opened and nothing was changed."""


class Changing(Damaged):
    """Files don't fit together, as happens while another process swaps them; a reader looks again."""
