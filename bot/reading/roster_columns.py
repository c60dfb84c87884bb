"""What the columns of a roster and of its touchpoints are called, in our words and in other people's."""

from __future__ import annotations

from bot.reading.cells import network_of
from bot.roster.spelling import fold

ROSTER_COLUMNS = (
    "name",
    "aliases",
    "handles",
    "email",
    "phone",
    "manager",
    "address",
    "tier",
    "cadence",
    "owner",
    "tags",
    "stage",
    "birthday",
    "anniversary",
    "goal",
    "motivation",
    "objective",
    "note",
    "last contact",
    "id",
)
"""The columns of a roster, in the order in which `export` writes them."""

TOUCHPOINT_COLUMNS = (
    "influencer",
    "date",
    "medium",
    "direction",
    "exchange",
    "paid",
    "disclosed",
    "automatic",
    "note",
    "link",
    "value",
    "by",
)
"""The columns of a touchpoints file, in the order in which `export` writes them."""

PROMISE_COLUMNS = (
    "influencer",
    "whose",
    "promise",
    "payment",
    "value",
    "due",
    "outcome",
    "settled",
    "made",
    "by",
    "link",
)
"""The columns of a sheet of promises, in the order in which `export` writes them; nothing reads them back."""

_ALSO_ROSTER = {
    "creator": "name",
    "creator name": "name",
    "full name": "name",
    "influencer": "name",
    "influencer name": "name",
    "alias": "aliases",
    "also known as": "aliases",
    "handle": "handles",
    "e mail": "email",
    "email address": "email",
    "telephone": "phone",
    "phone number": "phone",
    "mobile": "phone",
    "agency": "manager",
    "agent": "manager",
    "shipping address": "address",
    "rhythm": "cadence",
    "every": "cadence",
    "responsible": "owner",
    "tag": "tags",
    "born": "birthday",
    "date of birth": "birthday",
    "notes": "note",
    "last touch": "last contact",
    "last touchpoint": "last contact",
    "last contacted": "last contact",
}
_ALSO_TOUCHPOINTS = {
    "name": "influencer",
    "creator": "influencer",
    "full name": "influencer",
    "handle": "influencer",
    "who": "influencer",
    "day": "date",
    "when": "date",
    "on": "date",
    "type": "medium",
    "channel": "medium",
    "notes": "note",
    "what": "note",
    "url": "link",
    "amount": "value",
    "member": "by",
    "owner": "by",
    "logged by": "by",
}


def _heading(head: str) -> str:
    return " ".join(fold(head).replace("_", " ").replace("-", " ").split())


def roster_column(head: str) -> str | None:
    """What a column of a roster is for, `None` where nothing is read from it; a network's name is for handles."""
    heading = _heading(head)
    if heading in ROSTER_COLUMNS:
        return heading
    return _ALSO_ROSTER.get(heading) or ("handles" if heading and network_of(heading) else None)


def touchpoints_column(head: str) -> str | None:
    """What a column of touchpoints is for, `None` where nothing is read from it."""
    heading = _heading(head)
    return heading if heading in TOUCHPOINT_COLUMNS else _ALSO_TOUCHPOINTS.get(heading)
