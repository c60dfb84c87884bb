"""Views: of each kind of document the fields that it is found by, so that nothing else of it is decoded."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from bot.address import Person, Workspace
from bot.model import DeliveryState, Handle, Kept, NudgeState


class TeamView(msgspec.Struct, gc=False):
    """What teams are found by."""

    id: str
    team: str
    workspaces: tuple[Workspace, ...]


class MemberView(msgspec.Struct, gc=False):
    """What members are found by."""

    id: str
    team: str
    name: str
    accounts: tuple[Person, ...]


class InfluencerView(msgspec.Struct, gc=False):
    """What influencers are found by; all but the owner counts for the roster's revision."""

    id: str
    team: str
    name: str
    aliases: tuple[str, ...]
    handles: tuple[Handle, ...]
    owner: str | None
    archived_at: datetime | None


class TouchpointView(msgspec.Struct, gc=False):
    """What touchpoints are found by."""

    id: str
    team: str
    influencer: str
    on: date
    logged_at: datetime


class PromiseView(msgspec.Struct, gc=False):
    """What promises are found by."""

    id: str
    team: str
    influencer: str
    due: date | None
    outcome: Kept | None
    settled_on: date | None
    settled_at: datetime | None


class OccasionView(msgspec.Struct, gc=False):
    """What occasions are found by."""

    id: str
    team: str
    influencer: str
    month: int
    day: int


class StandingView(msgspec.Struct, gc=False):
    """What standings are found by."""

    id: str
    team: str
    owner: str | None
    archived: bool
    paused: bool
    attention_at: datetime | None
    due_at: datetime | None


class NudgeView(msgspec.Struct, gc=False):
    """What nudges are found by."""

    id: str
    team: str
    influencer: str
    member: str | None
    state: NudgeState
    raised_at: datetime


class DeliveryView(msgspec.Struct, gc=False):
    """What deliveries are found by."""

    id: str
    team: str
    state: DeliveryState
    due_at: datetime | None
    updated_at: datetime


class DraftView(msgspec.Struct, gc=False):
    """What drafts are found by."""

    id: str
    team: str
    opened_at: datetime


class ScheduleView(msgspec.Struct, gc=False):
    """What schedules are found by."""

    id: str
    team: str


class ChangeView(msgspec.Struct, gc=False):
    """What Changes are found by."""

    id: str
    team: str
    at: datetime
    by: str | None
    heard: str | None
    writes: tuple[msgspec.Raw, ...]
