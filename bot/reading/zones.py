"""Time zones as people write them: `Europe/Berlin`, `europe/berlin`, `America/New York`, or the city alone."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from zoneinfo import available_timezones

from bot.calendar import known_zone
from bot.errors import NotUnderstood

_AREAS = frozenset(
    {"Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"}
)
"""Where the last part of a zone is a place: “Eastern” alone is none, of Canada or of anything else."""

_COMPASS = frozenset({"North", "South", "West"})
"""Old names of Australian zones."""

_EXAMPLES = "Write it as Europe/Berlin or America/New_York."


def read_zone(typed: str, argument: str = "timezone") -> str:
    """The key of the time zone that is meant, by its whole name or by its city where one zone is called so.

    Raises NotUnderstood with what it could be.
    """
    if known := known_zone(typed):
        return known
    found = _called().get(typed.strip().replace(" ", "_").casefold(), ())
    if len(found) == 1:
        return found[0]
    if found:
        raise NotUnderstood(f"“{typed[:60]}” could be {' or '.join(found)}. Write which one.", argument)
    raise NotUnderstood(f"“{typed[:60]}” is no time zone I know. {_EXAMPLES}", argument)


@cache
def _called() -> dict[str, tuple[str, ...]]:
    """The zones of this machine by their whole names and by their last parts, in small letters."""
    zones = sorted(available_timezones())
    cities: defaultdict[str, tuple[str, ...]] = defaultdict(tuple)
    for key in zones:
        area, _, city = key.rpartition("/")
        if area.partition("/")[0] in _AREAS and city not in _COMPASS:
            cities[city.casefold()] += (key,)
    return cities | {key.casefold(): (key,) for key in zones}
