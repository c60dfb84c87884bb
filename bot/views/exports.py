"""Records as the cells of a spreadsheet, and the replies that files come with."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.model import Influencer, Occasion, Touchpoint
from bot.reply import File, Reply, say
from bot.roster.spelling import fold
from bot.views.words import birthday, count

_NO_SLUG = re.compile(r"[^a-z0-9]+")
_OLDEST_BIRTH = 1900

Cells = Mapping[str, str]
"""One row, by column."""


def person_cells(influencer: Influencer, owner: str, born: Occasion | None, touchpoints: Sequence[Touchpoint]) -> Cells:
    """A person's row in the roster; `touchpoints` are theirs up to today."""
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
        "birthday": _born(born) if born else "",
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


def exported_team(content: bytes, influencers: int, touchpoints: int) -> Reply:
    """The team file."""
    first = say(
        "Everything of the team: {people} and {touches}. “import” reads it back into an empty team. It holds personal "
        "data: keep it where nobody else reads it.",
        people=count(influencers, "influencer"),
        touches=count(touchpoints, "touchpoint"),
    )
    return Reply(blocks=(first, File("rapport-team.json", content, "All records of the team, for restoring it.")))


def exported_sheets(roster: bytes, touchpoints: bytes, people: int, touches: int) -> Reply:
    """The two sheets; what is archived and what has no column is in the JSON only."""
    first = say(
        "{people} and {touches}, for a spreadsheet; “import” reads both back. Archived people, occasions other than "
        "birthdays, pauses and settings are in the JSON only: “export form:json”.",
        people=count(people, "influencer"),
        touches=count(touches, "touchpoint"),
    )
    return Reply(
        blocks=(
            first,
            File("roster.csv", roster, "The roster, one person a row."),
            File("touchpoints.csv", touchpoints, "The touchpoints, one a row."),
        )
    )


def exported_person(influencer: Influencer, content: bytes) -> Reply:
    """One person's whole file."""
    first = say("Everything that is kept about **{name}**.", name=influencer.name)
    return Reply(blocks=(first, File(f"{_slug(influencer.name)}.json", content, "One person’s whole file.")))


def _born(occasion: Occasion) -> str:
    if occasion.year is not None and occasion.year >= _OLDEST_BIRTH:
        return f"{occasion.year}-{occasion.month:02}-{occasion.day:02}"
    return birthday(occasion.month, occasion.day)


def _flag(is_so: bool) -> str:
    return "yes" if is_so else "no"


def _slug(name: str) -> str:
    return _NO_SLUG.sub("-", fold(name)).strip("-")[:40] or "person"
