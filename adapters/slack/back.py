"""Back and Meta: where the answer to a form or a press goes, as it travels in a modal's private metadata."""

from __future__ import annotations

import msgspec

from adapters.slack.names import PLATFORM
from bot.address import Place, PlaceKind

META_LIMIT = 3_000
"""Characters of a view's `private_metadata`."""


class Back(msgspec.Struct, frozen=True):
    """Where to answer. `place` is a channel's id, or a person's where `kind` is a DM; `thread` is a message's ts.

    `at_home`: it was opened from the Home tab, so the answer stays in the modal.
    """

    workspace: str
    place: str
    kind: PlaceKind = PlaceKind.CHANNEL
    thread: str | None = None
    response_url: str | None = None
    at_home: bool = False

    def __repr__(self) -> str:
        """Never shows the response URL: whoever has it can answer in our name."""
        return f"Back({self.workspace!r}, {self.place!r}, {self.kind.value!r}, thread={self.thread!r})"

    @property
    def where(self) -> Place:
        """The place in the core's words."""
        return Place(PLATFORM, self.workspace, self.place, self.kind)


class Meta(msgspec.Struct, frozen=True):
    """What a modal is about: the verb whose form it is, the form's Draft, and where the answer goes."""

    verb: str
    draft: str | None
    back: Back


def encode(meta: Meta) -> str:
    """The `private_metadata` of a view. Raises ValueError where Slack would not take it, at over 3,000 characters."""
    encoded = msgspec.json.encode(meta).decode()
    if len(encoded) > META_LIMIT:
        raise ValueError(f"a view's metadata holds {META_LIMIT} characters, and this has {len(encoded)}")
    return encoded


def decode(encoded: str) -> Meta:
    """The reverse of `encode`; whatever is malformed raises ValueError."""
    try:
        return msgspec.json.decode(encoded, type=Meta)
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise ValueError("this is not the metadata of a form of ours") from error
