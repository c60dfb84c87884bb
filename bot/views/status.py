"""How Rapport is doing, what did not get through and why: for the admins of a team."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from bot.address import Place, PlaceKind
from bot.model import Delivery, DeliveryKind, DeliveryState, Schedule
from bot.reply import Actions, Block, Button, Fields, Reply, Style, Text, Where, callback, say
from bot.views.words import Reader, count, ended, listed, weekday
from bot.vitals import VERSION, Vitals

NOWHERE = "No DM and no team channel to post it in: set the team’s channel in settings."
"""Why a message failed that had no place to go."""

NOT_CONNECTED = "The platform is not connected."
"""Why a message waits, or failed in the end."""

LOOKED_UP_NEVER = "The answer was lost, and the platform can’t be asked whether it stands."
"""Why nobody knows whether a message was posted."""

NEVER_TAKEN = "The platform never took it."
"""Why a message failed that was tried often enough."""

NOT_TAKEN_AWAY = "It should be gone and still stands: the platform did not take it away."
"""Why a message failed that names somebody who is forgotten."""

GONE = "This message is not kept any more: nothing is left to do about it."
"""For a button whose message was pruned."""

PAGE = 5
"""Messages on one page; each has two buttons."""

_KINDS = {
    DeliveryKind.NUDGES: "Nudges",
    DeliveryKind.DIGEST: "Digest",
    DeliveryKind.HANDOVER: "Briefs",
    DeliveryKind.LEFT: "News of who has left",
    DeliveryKind.LOST: "News of a place I can’t post in",
    DeliveryKind.SHARED: "Answer shared",
}

WHAT: Mapping[str, str] = {"post_again": "posted again", "drop_delivery": "dropped"}
"""What became of a message, by the verb that did it."""

_STATES = {DeliveryState.UNKNOWN: "unknown", DeliveryState.FAILED: "failed"}


@dataclass(frozen=True, slots=True)
class Stuck:
    """A message that did not get through; `schedule` is the one of a digest, where it is still there.

    `is_lost`: what it was to say is not kept any more.
    """

    delivery: Delivery
    schedule: Schedule | None = None
    is_lost: bool = False


def status(vitals: Vitals, stuck: Sequence[Stuck], reader: Reader, now: datetime, *, skip: int = 0) -> Reply:
    """Health, versions and a page of what did not get through, oldest first, after `skip` of them."""
    facts = (
        ("Store", say("answers ({kind})", kind=vitals.store) if vitals.store else say("answers")),
        ("Platforms", say("{names}", names=listed(sorted(vitals.platforms)) or "none connected")),
        ("Last tick", _since(vitals.ticked_at, now)),
        ("Last delivery", _since(vitals.delivered_at, now)),
        (
            "Versions",
            say("{versions}", versions=f"Rapport {VERSION}" + (f", Python {vitals.python}" if vitals.python else "")),
        ),
    )
    blocks: list[Block] = [say("**Rapport is running.**"), *_troubles(vitals), Fields(facts)]
    if not stuck:
        return Reply(blocks=(*blocks, say("Every message got through.")))
    blocks.append(say("**{number} did not get through**", number=count(len(stuck), "message")))
    for one in stuck[skip : skip + PAGE]:
        blocks += [_stuck(one, reader), Actions(_buttons(one))]
    pages = [Button("Earlier", callback("status", skip=str(max(0, skip - PAGE))))] if skip else []
    if (left := len(stuck) - skip - PAGE) > 0:
        blocks.append(say("…and {more}.", more=count(left, "more", "more")))
        pages.append(Button(f"Next {min(left, PAGE)}", callback("status", skip=str(skip + PAGE))))
    if pages:
        blocks.append(Actions(tuple(pages)))
    return Reply(blocks=tuple(blocks))


def goes_out_again(stuck: Stuck, reader: Reader) -> Reply:
    """It is tried once more."""
    if stuck.delivery.posted is not None:
        return _one(say("✓ It is tried once more to take it away: {message}.", message=_named(stuck, reader)))
    return _one(say("✓ It goes out again: {message}.", message=_named(stuck, reader)))


def dropped(stuck: Stuck, reader: Reader) -> Reply:
    """It is left at that."""
    return _one(say("✓ Dropped: {message}. It won’t be posted.", message=_named(stuck, reader)))


def seen_to(stuck: Stuck, by: str | None, ago: str, what: str, reader: Reader) -> Reply:
    """The answer to a second press: who was quicker, when, and with what (`posted again`, `dropped`)."""
    message = _named(stuck, reader)
    if by is None:
        return _one(say("Nothing is left to do about this message: {message}.", message=message))
    return _one(
        say("Already {what} by {who}, {ago}: {message}.", what=what, who=reader.who(by), ago=ago, message=message)
    )


def outdated(stuck: Stuck, reader: Reader) -> Reply:
    """A digest after which another one has come."""
    return _one(
        say(
            "A later digest has come since, or none is wanted any more, so this one can’t be posted again: {message}. "
            "“digest now” shows how things stand.",
            message=_named(stuck, reader),
        )
    )


def too_old(stuck: Stuck, reader: Reader) -> Reply:
    """What was to be shared is known for a day only."""
    return _one(
        say(
            "It is too old to be shared again: {message}. Whoever wants it there asks for it anew, and shares that.",
            message=_named(stuck, reader),
        )
    )


def place_lost(place: Place, *, digests: int, is_team_channel: bool) -> Reply:
    """An admin learns that nothing can be posted in a place, what was meant to be, and what to do."""
    meant = (["what nobody looks after"] if is_team_channel else []) + (["its digest"] if digests else [])
    ways = ["another team channel with “settings”"] if is_team_channel else []
    ways += ["another place with “digest here”"] if digests else []
    what = listed(meant)
    text = say(
        "I can’t post in {place} any more: it is gone, closed to me, or I am not in it. {meant} can’t be said there. "
        "Invite me again, or choose {ways}.",
        place=Where(place),
        meant=what[:1].upper() + what[1:],
        ways=" or ".join(ways),
    )
    return Reply(blocks=(text,), private=False)


def mark_of(delivery: str) -> str:
    """What stands for a message in a button, which has no room for the whole id of one."""
    return sha256(delivery.encode()).hexdigest()[:16]


def ago(then: datetime, now: datetime) -> str:
    """`just now`, `5 minutes ago`, `2 hours ago`, `3 days ago`."""
    minutes = int((now - then).total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{count(minutes, 'minute')} ago"
    return f"{count(minutes // 60, 'hour')} ago" if minutes < 24 * 60 else f"{count(minutes // 1440, 'day')} ago"


def _troubles(vitals: Vitals) -> list[Text]:
    """`⚠ Slack: not connected for 3 minutes.`: what is wrong with each platform that is not well."""
    ill = sorted(vitals.troubles().items())
    return [ended(say("⚠ {name}: {trouble}", name=name.capitalize(), trouble=trouble)) for name, trouble in ill]


def _since(moment: datetime | None, now: datetime) -> Text:
    return say("{ago}", ago=ago(moment, now) if moment is not None else "not yet in this process")


def _stuck(one: Stuck, reader: Reader) -> Text:
    """`Digest in #marketing, Mon 23 Nov — failed: not_in_channel`."""
    delivery = one.delivery
    return say(
        "{message} — {state}: {why}",
        message=_named(one, reader),
        state=_STATES.get(delivery.state, delivery.state.value),
        why=delivery.problem or "nobody knows why",
    )


def _named(one: Stuck, reader: Reader) -> Text:
    """`Nudges for Ben, Mon 23 Nov`."""
    delivery = one.delivery
    return say(
        "**{kind}** {where}, {day}",
        kind=_KINDS[delivery.kind],
        where=_where(one, reader),
        day=weekday(delivery.on, reader.today),
    )


def _where(one: Stuck, reader: Reader) -> Text:
    if one.delivery.member is not None:
        whose = "by {who}" if one.delivery.kind is DeliveryKind.SHARED else "for {who}"
        return say(whose, who=reader.who(one.delivery.member))
    place = one.delivery.place or (one.schedule.place if one.schedule else None)
    if place is None:
        return say("for the team")
    return say("in {place}", place=Where(place)) if place.kind is PlaceKind.CHANNEL else say("in a DM")


def _buttons(stuck: Stuck) -> tuple[Button, ...]:
    mark = mark_of(stuck.delivery.id)
    drop = Button("Drop", callback("drop_delivery", delivery=mark), Style.DANGER)
    if stuck.is_lost:
        return (drop,)
    again = "Post again" if stuck.delivery.posted is None else "Try again"
    return Button(again, callback("post_again", delivery=mark)), drop


def _one(text: Text) -> Reply:
    return Reply(blocks=(text,))
