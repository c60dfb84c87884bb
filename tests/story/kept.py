"""What a team file says, without ids and accounts: the same on every platform."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from bot.inbound import Upload


@dataclass(frozen=True, slots=True)
class Kept:
    """The roster, the touchpoints and the nudges of a team by name."""

    people: dict[str, tuple[str, str, date | None]]
    """Tier, owner and the day up to which they are snoozed."""
    touches: tuple[tuple[str, str, str, str, str, str], ...]
    """Who, on which date, medium, direction, note, and who of us."""
    nudges: dict[tuple[str, str, str], tuple[str, str]]
    """By who, reason and since: the state, and whom it was for."""


def read_kept(file: Upload) -> Kept:
    """The names in a team file put in the place of its ids."""
    document = json.loads(file.content)
    members = {each["id"]: each["name"] for each in document["members"]} | {None: ""}
    people = {each["id"]: each for each in document["influencers"]}
    return Kept(
        people={
            each["name"]: (each["tier"] or "", members[each["owner"]], _day(each["snoozed_until"]))
            for each in people.values()
        },
        touches=tuple(
            (
                people[each["influencer"]]["name"],
                each["on"],
                each["medium"],
                each["direction"],
                each["note"],
                members[each["by"]],
            )
            for each in document["touchpoints"]
        ),
        nudges={
            (people[each["influencer"]]["name"], each["reason"], each["since"]): (
                each["state"],
                members[each["member"]],
            )
            for each in document["nudges"]
        },
    )


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None
