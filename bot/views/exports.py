"""Records as the cells of a spreadsheet, and the replies that files come with."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.model import Influencer, Occasion, Promise, Side, Touchpoint
from bot.reply import File, Reply, say
from bot.roster.spelling import fold
from bot.views.words import birthday, count, listed

_NO_SLUG = re.compile(r"[^a-z0-9]+")
_OLDEST_BIRTH = 1900

Cells = Mapping[str, str]
"""One row, by column."""


def person_cells(
    influencer: Influencer, owner: str, days: Mapping[str, Occasion], touchpoints: Sequence[Touchpoint]
) -> Cells:
    """A person’s row; `days` are their occasions by the column they have, `touchpoints` theirs up to today."""
    return {
        "name": influencer.name,
        "aliases": "; ".join(influencer.aliases),
        "handles": " ".join(map(str, influencer.handles)),
        "email": influencer.email or "",
        "phone": influencer.phone or "",
        "manager": influencer.manager or "",
        "address": influencer.address or "",
        "tier": influencer.tier or "",
        "cadence": str(influencer.cadence or ""),
        "owner": owner,
        "tags": ", ".join(influencer.tags),
        "stage": influencer.stage,
        "birthday": _began(days.get("birthday")),
        "anniversary": _began(days.get("anniversary")),
        "goal": influencer.goal or "",
        "motivation": influencer.motivation or "",
        "objective": influencer.objective or "",
        "note": "\n".join(note.text for note in influencer.notes),
        "last contact": max((touch.on.isoformat() for touch in touchpoints), default=""),
        "id": influencer.id,
    }


def touchpoint_cells(touch: Touchpoint, influencer: str, by: str) -> Cells:
    """A touchpoint's row."""
    return {
        "influencer": influencer,
        "date": touch.on.isoformat(),
        "medium": touch.medium,
        "direction": touch.direction,
        "exchange": touch.exchange,
        "paid": _flag(touch.paid),
        "disclosed": _flag(touch.disclosed),
        "automatic": _flag(touch.automatic),
        "note": touch.note,
        "link": touch.link or "",
        "value": touch.value or "",
        "by": by,
    }


def promise_cells(promise: Promise, influencer: str, by: str) -> Cells:
    """A promise's row."""
    return {
        "influencer": influencer,
        "whose": "ours" if promise.side is Side.WE else "theirs",
        "promise": promise.what,
        "payment": _flag(promise.payment),
        "value": promise.value or "",
        "due": promise.due.isoformat() if promise.due else "",
        "outcome": promise.outcome.value.replace("_", " ") if promise.outcome else "open",
        "settled": promise.settled_on.isoformat() if promise.settled_on else "",
        "made": promise.made_at.date().isoformat(),
        "by": by,
        "link": promise.link or "",
    }


def exported_team(content: bytes, influencers: int, touchpoints: int, promises: int) -> Reply:
    """The team file."""
    records = [count(influencers, "influencer"), count(touchpoints, "touchpoint")]
    first = say(
        "Everything of the team: {records}. “import” reads it back into an empty team. It holds personal data: keep it "
        "where nobody else reads it.",
        records=listed([*records, count(promises, "promise")] if promises else records),
    )
    return Reply(blocks=(first, File("rapport-team.json", content, "All records of the team, for restoring it.")))


def exported_sheets(
    roster: bytes, touchpoints: bytes, people: int, touches: int, owed: bytes = b"", promises: int = 0
) -> Reply:
    """The sheets, that of promises only where there are any; what is archived and what has no column is in the JSON."""
    records = [count(people, "influencer"), count(touches, "touchpoint")]
    first = say(
        "{records}, for a spreadsheet; “import” reads {both} back. Archived people, occasions other than birthdays and "
        "anniversaries, pauses and settings are in the JSON only: “export form:json”.",
        records=listed([*records, count(promises, "promise")] if promises else records),
        both="the roster and the touchpoints" if promises else "both",
    )
    files = [
        File("roster.csv", roster, "The roster, one person a row."),
        File("touchpoints.csv", touchpoints, "The touchpoints, one a row."),
    ]
    if promises:
        files.append(File("promises.csv", owed, "The promises, one a row, open ones first."))
    return Reply(blocks=(first, *files))


def exported_person(influencer: Influencer, content: bytes) -> Reply:
    """One person's whole file."""
    first = say("Everything that is kept about **{name}**.", name=influencer.name)
    return Reply(blocks=(first, File(f"{_slug(influencer.name)}.json", content, "One person’s whole file.")))


def _began(occasion: Occasion | None) -> str:
    if occasion is None:
        return ""
    if occasion.year is not None and occasion.year >= _OLDEST_BIRTH:
        return f"{occasion.year}-{occasion.month:02}-{occasion.day:02}"
    return birthday(occasion.month, occasion.day)


def _flag(is_so: bool) -> str:
    return "yes" if is_so else "no"


def _slug(name: str) -> str:
    return _NO_SLUG.sub("-", fold(name)).strip("-")[:40] or "person"
