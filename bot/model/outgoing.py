"""What is on its way: nudges, the messages that carry them, and forms that somebody has open."""

from __future__ import annotations

from datetime import date, datetime

from bot.address import Place, Posted
from bot.model.team import Record
from bot.model.vocabulary import DeliveryKind, DeliveryState, NudgeReason, NudgeState


class Nudge(Record, frozen=True, kw_only=True):
    """That a relationship needs its owner, once for each silence: `nudge:<influencer>:<reason>:<since>` is its id.

    `about` is the promise or the occasion it is about. `member` is whom it is for (`None`: the team's channel), `on`
    the date of theirs from which on they may be told (`None`: at once). `delivery` is the message it stands in once it
    was sent.
    """

    influencer: str
    reason: NudgeReason
    since: date
    about: str | None = None
    on: date | None = None
    member: str | None
    state: NudgeState = NudgeState.RAISED
    raised_at: datetime
    delivery: str | None = None
    closed_by: str | None = None
    closed_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether it can still be dealt with."""
        return self.state in {NudgeState.RAISED, NudgeState.SENT}


class Delivery(Record, frozen=True, kw_only=True):
    """A message on its way out, claimed by version; its id is made from what it means, so that there is one of it.

    `member` is whom it is for (`None`: the team, or the place that a digest was asked for), or who shared it; `about`
    what: the Schedule of a digest, the Change of a handover, the member who left, the Draft that says what was shared
    and where. `due_at` is when `delivery` looks at it next: to send it, to see what became of a lease, or to edit what
    stands (`stale`). `None` means that nothing is left to do.

    `nudges` are those it tells of, `named` the influencers whom any other message names, as it stands or is being
    posted. `retracted`: what stands is to be taken away, and nothing is ever said under this id
    again; a message that was dropped without it may yet be put anew.
    """

    kind: DeliveryKind = DeliveryKind.NUDGES
    about: str | None = None
    member: str | None
    on: date
    state: DeliveryState = DeliveryState.PENDING
    due_at: datetime | None
    attempts: int = 0
    lease_until: datetime | None = None
    nudges: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    place: Place | None = None
    posted: Posted | None = None
    stale: bool = False
    retracted: bool = False
    problem: str | None = None
    updated_at: datetime


class Draft(Record, frozen=True, kw_only=True):
    """A form somebody has open: what it was asked for with, what it showed, and who sent it.

    `given` are the arguments that the form does not show, `values` what its inputs were filled with, `typed` what they
    held when a section of it was sent, or when it came back for correction. A form is sent once: `closed_by` is set in
    the Change that the sending made. A question that was answered with a no is `declined`.
    """

    verb: str
    member: str
    given: tuple[tuple[str, str], ...] = ()
    values: tuple[tuple[str, str], ...] = ()
    typed: tuple[tuple[str, str], ...] | None = None
    opened_at: datetime
    closed_by: str | None = None
    closed_at: datetime | None = None
    declined: bool = False


def nudge_id(influencer: str, reason: NudgeReason, since: date, mark: str = "") -> str:
    """The id of the one Nudge that there may be about an influencer, a reason and the silence that began then.

    `mark` tells two promises or occasions of one day apart. An id and the words of a button have to fit 90 characters.
    """
    about = f"{reason}.{mark}" if mark else str(reason)
    return f"nudge:{influencer}:{about}:{since}"


def influencer_in(nudge: str) -> str:
    """Whom a nudge is about, by its id: the nudge itself may have been withdrawn."""
    return nudge.removeprefix("nudge:").rsplit(":", maxsplit=2)[0]


def delivery_id(recipient: str, on: date) -> str:
    """The id of the message of a local date to a member or, where it is the team's, to the team."""
    return f"delivery:nudges:{recipient}:{on}"


def digest_id(schedule: str, on: date) -> str:
    """The id of the digest of a local date."""
    return f"delivery:digest:{schedule}:{on}"


def shared_id(draft: str) -> str:
    """The id of what was shared by answering a question: it is put once."""
    return f"delivery:{DeliveryKind.SHARED}:{draft}"


def notice_id(kind: DeliveryKind, about: str, to: str) -> str:
    """The id of a message about something that has happened once: a handover, a farewell, the loss of a place."""
    return f"delivery:{kind}:{about}:{to}"
