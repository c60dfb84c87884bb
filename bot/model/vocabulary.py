"""The words that records are made of: what can be chosen, and how much of it there may be."""

from __future__ import annotations

from enum import StrEnum

NAME_LIMIT = 200
"""Characters in a name, a handle, an e-mail address or another line of a record."""

NOTE_LIMIT = 3000
"""Characters in a note, a goal or another text of a record."""

TAG_LIMIT = 50
"""Characters in a tag."""

TAGS = 50
"""Tags of one influencer: as many as an input of a form holds, however long they are."""

NOTES = 50
"""Standing notes on one influencer; what grows beyond belongs into touchpoints."""

HANDLES = 20
"""Handles of one influencer: as many as an input of a form holds, however long they are."""

PROMISES = 50
"""Open promises of one influencer at a time, and a form of them is already too long."""

OCCASIONS = 25
"""Days that matter to one influencer: as many as a select offers."""

DAILY_CAP = 5
"""People in one day's message at most; a member may ask for fewer."""

CADENCE_LIMIT = 3650
"""Days in the longest cadence: ten years."""


class Medium(StrEnum):
    """How a touchpoint happened."""

    EMAIL = "email"
    CALL = "call"
    MEETING = "meeting"
    DM = "dm"
    COMMENT = "comment"
    EVENT = "event"
    GIFT = "gift"
    POST = "post"
    OTHER = "other"


class Direction(StrEnum):
    """Who moved: we to them, they to us, or both at once."""

    OUTBOUND = "outbound"
    INBOUND = "inbound"
    MUTUAL = "mutual"


class Exchange(StrEnum):
    """What a touchpoint did to the balance between the two sides, seen from ours."""

    GIVE = "give"
    ASK = "ask"
    NEUTRAL = "neutral"


class Side(StrEnum):
    """Whose promise it is, as people say it: ours or theirs."""

    WE = "we"
    THEY = "they"


class Kept(StrEnum):
    """What came of a promise; one that was released counts neither for nor against anybody."""

    KEPT = "kept"
    KEPT_LATE = "kept_late"
    BROKEN = "broken"
    RELEASED = "released"


class Stage(StrEnum):
    """How far a relationship has come."""

    IDENTIFIED = "identified"
    ESTABLISHING = "establishing"
    MAINTAINING = "maintaining"
    ENHANCING = "enhancing"
    PAUSED = "paused"
    ENDED = "ended"

    @property
    def is_stopped(self) -> bool:
        """Whether nobody keeps up with a relationship in this stage."""
        return self in {Stage.PAUSED, Stage.ENDED}


class Tier(StrEnum):
    """A group of influencers that carries a default cadence."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


class Sensitivity(StrEnum):
    """How soon a silence counts as quiet."""

    CALM = "calm"
    BALANCED = "balanced"
    EAGER = "eager"


class NudgeReason(StrEnum):
    """Why a relationship needs its owner, in order of urgency."""

    WAITING_ON_US = "waiting_on_us"
    PROMISE = "promise"
    OCCASION = "occasion"
    QUIET = "quiet"


class NudgeState(StrEnum):
    """Where a nudge stands: only `raised` and `sent` are open, and an open one can still be dealt with."""

    RAISED = "raised"
    SENT = "sent"
    DEALT_WITH = "dealt_with"
    NOT_NEEDED = "not_needed"
    OVER = "over"


class DeliveryKind(StrEnum):
    """What a message of ours is: the day's nudges, a channel's digest, briefs of relationships, or news for admins.

    `left` says that a member has gone, `lost` that a place can't be posted in any more. `shared` is an answer that
    somebody has shared in a channel.
    """

    NUDGES = "nudges"
    DIGEST = "digest"
    HANDOVER = "handover"
    LEFT = "left"
    LOST = "lost"
    SHARED = "shared"


class DeliveryState(StrEnum):
    """Where a message of ours stands on its way out."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    FAILED = "failed"
    DROPPED = "dropped"
