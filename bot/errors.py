"""What can go wrong, with words for whoever asked.

RapportError
├── Refused             the sentence is for the user and says what to do next
│   ├── NotUnderstood       a word, a value or a verb that can't be read (`argument` names which)
│   ├── NotAllowed          the actor may not do this, or not here
│   ├── NotFound            what was named is not there (any more)
│   └── TooLong             a text over the stated limit
├── StoreError          the store did not take a commit; nothing of it is kept
│   ├── Conflict            a record has moved on since it was read: read again and decide again
│   ├── AlreadyDone         what was heard was committed before (`change` is that Change)
│   └── StoreFailed         the store can't promise anything any more (`str` says why and what to do)
├── PostError           a message did not get through
│   ├── NotPosted           it was surely not posted; `retry_after` seconds at least, `None`: don't try again
│   ├── PlaceLost           the place is gone, closed or forbidden: nothing can be posted there
│   └── PostUnknown         nobody knows whether it was posted (time-out, dropped connection)
└── SettingsError       a setting is wrong or half set; the sentence names it
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.change import Change


class RapportError(Exception):
    """The root of everything that Rapport raises on purpose."""


class Refused(RapportError):
    """A request that can't be met; `str()` is a whole sentence for the user, with the next step."""


class NotUnderstood(Refused):
    """A value that can't be read. `argument` names the argument it was meant for, where that is known.

    `others` are sentences about further arguments of the same request that can't be read either, by argument.
    """

    def __init__(
        self, sentence: str, argument: str | None = None, others: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        """`sentence` says what was wrong and what was expected."""
        super().__init__(sentence)
        self.argument = argument
        self.others = others


class NotAllowed(Refused):
    """The actor may not do this, or not in this place."""


class NotFound(Refused):
    """What was named is not there, or not any more."""


class TooLong(NotUnderstood):
    """A text over its limit; nothing was cut off and nothing was stored."""


class StoreError(RapportError):
    """The store did not take a commit; nothing of it is kept."""


class Conflict(StoreError):
    """A record is no longer the version it was read at; `id` names it."""

    def __init__(self, id: str) -> None:
        """`id` is that of the record which moved on."""
        super().__init__(f"{id} has changed since it was read")
        self.id = id


class AlreadyDone(StoreError):
    """What was heard was committed before: `change` is the Change that it made then."""

    def __init__(self, change: Change) -> None:
        """`change` is the earlier Change, as the audit holds it."""
        super().__init__(f"already done in {change.id}")
        self.change = change


class StoreFailed(StoreError):
    """The store can't promise anything any more; `str()` says why and what to do."""


class PostError(RapportError):
    """A message did not get through."""


class NotPosted(PostError):
    """It was surely not posted. Try again after `retry_after` seconds, or not at all where that is `None`."""

    def __init__(self, why: str, retry_after: float | None = 0.0) -> None:
        """`why` is for the log and for `status`; it holds nothing that people wrote."""
        super().__init__(why)
        self.retry_after = retry_after


class PlaceLost(PostError):
    """The place is gone, closed to us or forbidden: nothing can be posted there."""


class PostUnknown(PostError):
    """Nobody knows whether it was posted: the answer was lost on the way."""


class SettingsError(RapportError):
    """A setting is wrong or half set; `str()` names it and says what to do."""
