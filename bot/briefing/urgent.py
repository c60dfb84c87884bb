"""Who of many needs somebody most, with their records: the same order in every list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from bot.model import Influencer, Standing, Team
from bot.needs import Need, needs_of, order_of
from bot.standing import silent_days
from bot.store_port import Store
from bot.views.digest_facts import Part
from bot.views.lists import Line


async def parts_of(
    store: Store, team: Team, standings: Sequence[Standing], today: date, room: Mapping[Need, int]
) -> dict[Need, Part]:
    """The parts of a summary: each relationship in that of its first need among those that there is room for."""
    by_need = by_first_need(team, standings, today, tuple(room))
    return {
        need: Part(tuple(await most_urgent(store, team, need, found, today, room[need])), len(found))
        for need, found in by_need.items()
    }


def by_first_need(
    team: Team, standings: Iterable[Standing], today: date, among: Sequence[Need]
) -> dict[Need, list[Standing]]:
    """The standings by the most urgent of some needs; those that have none of them are left out."""
    found: dict[Need, list[Standing]] = {need: [] for need in among}
    for standing in standings:
        if needs := [need for need in needs_of(team, standing, today) if need in found]:
            found[needs[0]].append(standing)
    return found


async def most_urgent(
    store: Store, team: Team, need: Need, standings: Sequence[Standing], today: date, room: int
) -> list[Line]:
    """Of those with one need as many as there is room for, the most urgent first.

    Only silences are weighed with their records, which know the days paused; of the others those are read that are
    shown.
    """
    if need is Need.QUIET:
        lines = await with_records(store, team, standings) if room > 0 else []
        return in_order(team, [(line, need) for line in lines], today)[: max(0, room)]
    urgent = sorted(standings, key=lambda standing: order_of(team, standing, need, today, 0))
    return await with_records(store, team, urgent[: max(0, room)])


def in_order(team: Team, lines: Sequence[tuple[Line, Need | None]], today: date) -> list[Line]:
    """The lines by the need that stands beside each, the most urgent first."""

    def order(pair: tuple[Line, Need | None]) -> tuple[int, float, str]:
        line, need = pair
        return order_of(team, line.standing, need, today, silent_days(line.standing, line.influencer, today))

    return [line for line, _ in sorted(lines, key=order)]


async def with_records(store: Store, team: Team, standings: Sequence[Standing]) -> list[Line]:
    """The standings with whom they are about, in the same order; who is not there any more is left out."""
    people = await store.get_all(Influencer, team.id, [standing.influencer for standing in standings])
    by_id = {influencer.id: influencer for influencer in people}
    return [Line(by_id[standing.influencer], standing) for standing in standings if standing.influencer in by_id]
