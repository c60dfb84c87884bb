"""Records to try a store with, each whole and with as little in it as the model lets pass."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from bot.address import Person, Place, PlaceKind, Posted, Workspace
from bot.change import Change, Write
from bot.model import (
    Cadences,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Direction,
    Draft,
    Exchange,
    Gesture,
    Handle,
    Influencer,
    Kept,
    LastContact,
    Medium,
    Member,
    Nudge,
    NudgeReason,
    NudgeState,
    Occasion,
    OccasionDay,
    Owed,
    Pause,
    Promise,
    Record,
    Schedule,
    Sensitivity,
    Side,
    Stage,
    Standing,
    StandingNote,
    Team,
    Tier,
    Touchpoint,
)

NOW = datetime(2026, 3, 2, 9, 30, 0, 123456, tzinfo=UTC)
TODAY = NOW.date()
TEAM = "team_1"


def team(id: str = TEAM, **fields: Any) -> Team:
    """A team of that id."""
    return Team(
        **{"id": id, "team": id, "name": id, "created_at": NOW, "workspaces": (Workspace("console", id),), **fields}
    )


def member(id: str = "mem_1", **fields: Any) -> Member:
    """A member with one account."""
    given: dict[str, Any] = {"id": id, "team": TEAM, "name": id, "accounts": (Person("console", TEAM, id),)}
    return Member(**given | fields)


def influencer(id: str = "inf_1", **fields: Any) -> Influencer:
    """An influencer, named as its id."""
    given: dict[str, Any] = {"id": id, "team": TEAM, "name": id, "added_at": NOW}
    return Influencer(**given | fields)


def touchpoint(id: str = "tch_1", **fields: Any) -> Touchpoint:
    """A call of ours to inf_1, today."""
    given: dict[str, Any] = {
        "id": id,
        "team": TEAM,
        "influencer": "inf_1",
        "on": TODAY,
        "medium": Medium.CALL,
        "direction": Direction.OUTBOUND,
        "logged_at": NOW,
    }
    return Touchpoint(**given | fields)


def promise(id: str = "prm_1", **fields: Any) -> Promise:
    """An open promise of ours to inf_1, due today."""
    given: dict[str, Any] = {
        "id": id,
        "team": TEAM,
        "influencer": "inf_1",
        "side": Side.WE,
        "what": "the sample box",
        "due": TODAY,
        "made_at": NOW,
        "made_by": "mem_1",
    }
    return Promise(**given | fields)


def occasion(id: str = "occ_1", **fields: Any) -> Occasion:
    """A birthday of inf_1."""
    given: dict[str, Any] = {
        "id": id,
        "team": TEAM,
        "influencer": "inf_1",
        "label": "birthday",
        "month": 3,
        "day": 14,
    }
    return Occasion(**given | fields)


def standing(influencer: str = "inf_1", **fields: Any) -> Standing:
    """The standing of an influencer."""
    given: dict[str, Any] = {"id": f"std:{influencer}", "team": TEAM, "influencer": influencer}
    return Standing(**given | fields)


def nudge(id: str = "nudge:inf_1:quiet:2026-03-01", **fields: Any) -> Nudge:
    """A raised nudge for mem_1 about inf_1."""
    given: dict[str, Any] = {
        "id": id,
        "team": TEAM,
        "influencer": "inf_1",
        "reason": NudgeReason.QUIET,
        "since": TODAY,
        "member": "mem_1",
        "raised_at": NOW,
    }
    return Nudge(**given | fields)


def delivery(id: str = "delivery:nudges:mem_1:2026-03-02", **fields: Any) -> Delivery:
    """A delivery that is due."""
    given: dict[str, Any] = {
        "id": id,
        "team": TEAM,
        "member": "mem_1",
        "on": TODAY,
        "due_at": NOW,
        "updated_at": NOW,
    }
    return Delivery(**given | fields)


def draft(id: str = "drf_1", **fields: Any) -> Draft:
    """An open form of mem_1."""
    given: dict[str, Any] = {"id": id, "team": TEAM, "verb": "log", "member": "mem_1", "opened_at": NOW}
    return Draft(**given | fields)


def schedule(id: str = "sch_1", **fields: Any) -> Schedule:
    """A digest on Mondays."""
    given: dict[str, Any] = {
        "id": id,
        "team": TEAM,
        "place": PLACE,
        "weekdays": (0,),
        "at": time(9),
        "set_up_by": "mem_1",
        "set_up_at": NOW,
    }
    return Schedule(**given | fields)


def change(id: str, *writes: Write, **fields: Any) -> Change:
    """A Change of mem_1's, now."""
    given: dict[str, Any] = {"id": id, "team": TEAM, "at": NOW, "by": "mem_1", "verb": "log", "writes": writes}
    return Change(**given | fields)


PLACE = Place("console", TEAM, "general", PlaceKind.CHANNEL)

FULL: tuple[Record, ...] = (
    team(
        timezone="Europe/Berlin",
        country="DE",
        working_days=(0, 2, 4),
        days_off=(date(2026, 12, 24),),
        nudge_hour=time(8, 15),
        cadences=Cadences(A=7),
        sensitivity=Sensitivity.EAGER,
        channel=PLACE,
        gestures=(Gesture("a video", "https://example.org/v"), Gesture("a card")),
    ),
    member(
        admin=True,
        admin_accounts=(Person("console", TEAM, "mem_1"),),
        timezone="Asia/Tokyo",
        nudges=False,
        nudge_hour=time(7),
        preferred="console",
        left_at=NOW,
    ),
    influencer(
        name="Zoë “Ж” 🦊",
        aliases=("zo", "ز"),
        handles=(Handle("instagram", "zoe.x"),),
        email="z@example.org",
        phone="+49 1",
        manager="Ben",
        address="1 Road\n2 Town",
        notes=(StandingNote("allergic to peanuts", "mem_1", NOW),),
        tags=("food",),
        tier=Tier.B,
        cadence=9,
        stage=Stage.ENHANCING,
        owner="mem_1",
        goal="a book",
        motivation="less ads",
        objective="a video",
        pauses=(Pause(TODAY), Pause(TODAY, TODAY + timedelta(3))),
        snoozed_until=TODAY,
        added_by="mem_1",
        archived_at=NOW,
        merged=("inf_0",),
    ),
    touchpoint(
        at=NOW,
        exchange=Exchange.ASK,
        paid=True,
        disclosed=True,
        automatic=True,
        note="a\u0000b\u2028c\\\"'\n\t\u202ex</script>",
        value="100 €",
        link="https://example.org",
        by="mem_1",
    ),
    occasion(year=1990, yearly=False, added_by="mem_1"),
    standing(
        owner="mem_1",
        archived=True,
        last=LastContact("tch_1", TODAY, Medium.GIFT, Direction.MUTUAL, None),
        silent_since=TODAY,
        pauses=(1.5, 0.1 + 0.2, 3.0),
        nudge_after=3,
        planned_on=TODAY,
        quiet_on=TODAY,
        waiting_since=TODAY,
        excused=True,
        owed=(Owed("prm_1", Side.WE, TODAY), Owed("prm_2", Side.THEY, TODAY)),
        occasions=(OccasionDay("occ_1", TODAY, True),),
        attention_at=NOW,
        due_at=NOW,
    ),
    nudge(state=NudgeState.OVER, about="prm_1", on=TODAY, delivery="delivery:x", closed_by="mem_1", closed_at=NOW),
    delivery(
        kind=DeliveryKind.DIGEST,
        about="sch_1",
        state=DeliveryState.SENT,
        attempts=2,
        lease_until=NOW,
        nudges=("nudge:1",),
        place=PLACE,
        posted=Posted(PLACE, "77"),
        stale=True,
        retracted=True,
        problem="closed",
    ),
    draft(given=(("who", "jess"),), values=(("note", "…"),), closed_by="mem_1", closed_at=NOW),
    promise(
        payment=True,
        value="300 €",
        link="https://example.org/box",
        outcome=Kept.KEPT_LATE,
        settled_on=TODAY,
        settled_by="mem_1",
        settled_at=NOW,
    ),
    schedule(weekdays=(0, 3), at=time(8, 45)),
)
"""One record of every kind, with every field filled."""
