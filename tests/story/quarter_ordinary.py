"""What the three do day by day without much ado: a call, a mail, a coffee, each logged in a line."""

from __future__ import annotations

from functools import partial

from tests.story.quarter import ZONES, Quarter, Scene, at

_DIARY = """
 5 Jan 10:15 | ben | lena   | had a call about the second bakery            | mutual
 5 Jan 11:00 | kim | ananya | replied: the Pune dates are fixed             | inbound
 7 Jan 12:10 | kim | ananya | emailed the travel plan for Pune              | outbound
 7 Jan 14:00 | ana | nora   | met for coffee about the studio               | mutual
 8 Jan 10:00 | ben | sami   | emailed the tasting notes                     | outbound
 8 Jan 12:00 | kim | rohan  | replied: the food truck has a name            | inbound
11 Jan 10:10 | ana | marcus | asked for the footage of the last trip        | outbound | ask
12 Jan 10:05 | ana | bianca | emailed the mood board                        | outbound
12 Jan 11:20 | kim | kabir  | emailed the plan for the new issue            | outbound
12 Jan 15:30 | kim | meera  | had a call about the spring songs             | mutual
13 Jan 09:50 | ana | talia  | emailed the reading list                      | outbound
13 Jan 11:15 | kim | rohan  | had a call about the food truck               | mutual
13 Jan 15:00 | ben | bianca | sent a dm about the fitting in Berlin         | outbound
14 Jan 16:00 | ben | aylin  | met at the loom fair                          | mutual
19 Jan 11:20 | ben | lena   | replied: the oven arrives in March            | inbound
20 Jan 12:15 | ben | greta  | sent a box of yarn for the pattern book       | outbound | give
20 Jan 17:00 | kim | ananya | met at the rehearsal                          | mutual
21 Jan 11:00 | ana | nora   | sent a dm about the kiln                      | outbound
22 Jan 10:00 | ben | lena   | talked about the oven                         | mutual
22 Jan 14:30 | ben | sami   | met at the roastery                           | mutual
25 Jan 10:20 | ana | marcus | asked whether the route can include Lisbon    | outbound | ask
26 Jan 10:45 | ana | bianca | replied: which fabric should it be?           | inbound
26 Jan 12:00 | kim | meera  | emailed the contract for the spring songs     | outbound
27 Jan 09:45 | ana | talia  | replied: the reading list is wonderful        | inbound
28 Jan 12:00 | ana | bianca | emailed the fabric samples list               | outbound
 1 Feb 10:30 | ana | talia  | had a call about the book club                | mutual
 2 Feb 10:00 | ben | lena   | emailed the label designs                     | outbound
 3 Feb 11:30 | ana | isla   | met at the craft market                       | mutual
 3 Feb 18:00 | kim | ananya | replied: the festival wants an answer         | inbound
 4 Feb 15:00 | ben | aylin  | had a call about the museum show              | mutual
 4 Feb 16:30 | kim | arjun  | replied: the final is in April                | inbound
 8 Feb 10:40 | ana | marcus | asked for two more stories                    | outbound | ask
10 Feb 10:15 | ana | nora   | met at the new studio                         | mutual
11 Feb 11:00 | ben | sami   | had a call about the new roaster              | mutual
12 Feb 11:10 | ben | luca   | had a call about the summer pop-up            | mutual
15 Feb 11:40 | kim | ananya | had a call about the festival                 | mutual
15 Feb 12:05 | kim | arjun  | emailed the press pass for the final          | outbound
16 Feb 10:30 | ben | lena   | met at the bakery                             | mutual
18 Feb 11:30 | ben | esme   | emailed to say hello                          | outbound
18 Feb 12:00 | ana | nora   | replied: when shall we open?                  | inbound
18 Feb 17:00 | kim | tara   | replied: the weavers need a date              | inbound
19 Feb 10:30 | ana | bianca | had a call about the spring shoot             | mutual
23 Feb 15:10 | ana | nora   | had a call about the opening                  | mutual
24 Feb 10:40 | kim | ananya | emailed the stage plan                        | outbound
24 Feb 15:00 | kim | tara   | had a call about the weavers                  | mutual
 2 Mar 10:20 | ben | lena   | had a call about the flour                    | mutual
 3 Mar 11:30 | kim | leela  | met at the printer’s                          | mutual
 4 Mar 12:30 | ben | aylin  | emailed the loan form of the museum           | outbound
 8 Mar 11:00 | ana | camila | had a call about the cookbook                 | mutual
 9 Mar 11:00 | ana | nora   | met at the opening of the studio              | mutual
16 Mar 10:30 | ben | lena   | replied: can the flour come a week earlier?   | inbound
17 Mar 11:00 | ben | meera  | had a call to get to know each other          | mutual
18 Mar 10:00 | ben | lena   | emailed the new dates of the flour            | outbound
18 Mar 14:20 | ana | talia  | emailed the first chapter back                | outbound
24 Mar 10:10 | ana | nora   | emailed the photos of the opening             | outbound
25 Mar 14:00 | ben | aylin  | replied: the museum has said yes              | inbound
31 Mar 10:30 | ben | aylin  | met to celebrate the museum show              | mutual
 1 Apr 11:00 | ben | lena   | had a call about the opening day              | mutual
"""


def ordinary_days() -> tuple[Scene, ...]:
    """Each line of the diary as something that happens."""
    scenes = []
    for line in _DIARY.strip().splitlines():
        moment, by, *facts = (cell.strip() for cell in line.split("|"))
        scenes.append((at(moment, ZONES[by]), partial(_log, by=by, facts=facts)))
    return tuple(scenes)


async def _log(quarter: Quarter, *, by: str, facts: list[str]) -> None:
    who, what, direction, *exchange = facts
    await quarter.logs(by, who, what, direction, exchange="".join(exchange))
