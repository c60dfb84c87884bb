"""What every kind of message is asked, and what it is asked about: one delivery, fresh from the store."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from msgspec.structs import replace

from bot.address import Place, PlaceKind
from bot.change import Write
from bot.consequences import Pending
from bot.delivery.carrying import release
from bot.model import Delivery, DeliveryState, Influencer, Member, Team
from bot.reply import Reply
from bot.store_port import Store


@dataclass(frozen=True, slots=True)
class Errand:
    """A delivery with its team, and with the member it is for (`None`: for no one person, or they are gone)."""

    store: Store
    team: Team
    delivery: Delivery
    member: Member | None

    @property
    def is_orphaned(self) -> bool:
        """Whether it is for somebody who is not in the team any more."""
        return self.delivery.member is not None and (self.member is None or self.member.left_at is not None)

    async def dropping(self, now: datetime) -> Pending:
        """The step with which it ends, as there is nothing to say."""
        dropped = replace(
            self.delivery, state=DeliveryState.DROPPED, named=(), due_at=None, lease_until=None, updated_at=now
        )
        pending = Pending(self.store, self.team, [Write(self.delivery, dropped)])
        await release(pending, self.delivery.nudges, self.delivery.id)
        return pending


@dataclass(frozen=True, slots=True)
class Letter:
    """What a message says; nothing (`None`) where there is nothing to say.

    `for_all` takes the place of `reply` in a channel, where others read along (`None`: the same). `carries` are the
    nudges that count as sent once it stands; `lapsed` are relationships whose nudges hold no longer: they are to be
    looked at again, whatever is sent. `named` are those it names without a nudge, as they were when it was composed.
    """

    reply: Reply | None
    for_all: Reply | None = None
    carries: tuple[str, ...] = ()
    named: tuple[Influencer, ...] = ()
    lapsed: tuple[str, ...] = ()

    def at(self, place: Place) -> Reply | None:
        """What is said in a place."""
        return self.for_all if self.for_all is not None and place.kind is PlaceKind.CHANNEL else self.reply


class Kind(Protocol):
    """A kind of message: all that the courier does not know about what it takes where."""

    async def instead(self, errand: Errand, now: datetime) -> Pending | None:
        """What is done instead of sending it now: it is called off, or belongs to another hour. `None`: it goes out."""
        ...

    async def places(self, errand: Errand, platforms: Collection[str]) -> tuple[Place, ...]:
        """Where it goes, the next for when the one before is lost; only places on these, the connected platforms."""
        ...

    async def letter(self, errand: Errand, now: datetime) -> Letter:
        """What it says, read afresh; one that stands already and has nothing to say is taken away."""
        ...

    async def ended(self, pending: Pending, delivery: Delivery, now: datetime) -> None:
        """Adds what comes after it to the step with which it ends, in whatever way; `delivery` is as that has it."""
        ...
