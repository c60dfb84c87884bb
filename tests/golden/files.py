"""Golden files: one readable file a specimen."""

from __future__ import annotations

from functools import cache

from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode
from syrupy.location import PyTestLocation


class TextFile(SingleFileSnapshotExtension):
    """One readable file a specimen, as text."""

    _write_mode = WriteMode.TEXT
    file_extension = "txt"

    @classmethod
    def matches_test_location(cls, *, test_location: PyTestLocation, snapshot_location: str) -> bool:
        """Whether a file is a test's, by the names of both.

        At its end syrupy asks this of every file about every test, some four million times: in its own way, which looks
        at the disk, that takes more than a minute. None of our names is so long that it would be cut.
        """
        folder, _, file = snapshot_location.rpartition("/")
        mine = file == f"{_name(test_location.nodename or '')}.{cls.file_extension}"
        return mine and folder.endswith(f"/{test_location.basename}")


class JSONFile(TextFile):
    """The same for payloads."""

    file_extension = "json"


@cache
def _name(test: str) -> str:
    """What the file of a test is called, without its ending."""
    return TextFile._sanitize_filename(test)
