"""What the sample team and its creators have promised one another, and which days of theirs are coming."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.model import Gesture, Kept, Side

KEPT, LATE, BROKEN, RELEASED = Kept.KEPT, Kept.KEPT_LATE, Kept.BROKEN, Kept.RELEASED


@dataclass(frozen=True, slots=True, kw_only=True)
class Pledge:
    """One promise. Days count from today, below 0 those that have passed.

    `made` is when it was given, `due` its last day, `settled` when `outcome` was noted.
    """

    side: Side
    what: str
    made: int
    due: int | None = None
    outcome: Kept | None = None
    settled: int | None = None
    payment: bool = False
    value: str | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One occasion: in so many days from today, or on a day of every year (`month`, `day`); `year` is when it began."""

    label: str
    ahead: int = 0
    month: int = 0
    day: int = 0
    year: int | None = None
    yearly: bool = True


def ours(what: str, *, made: int, due: int | None = None, link: str | None = None) -> Pledge:
    """An open one of ours."""
    return Pledge(side=Side.WE, what=what, made=made, due=due, link=link)


def theirs(what: str, *, made: int, due: int | None = None) -> Pledge:
    """An open one of theirs."""
    return Pledge(side=Side.THEY, what=what, made=made, due=due)


def fee(
    what: str, value: str, *, made: int, due: int, outcome: Kept | None = None, settled: int | None = None
) -> Pledge:
    """Money that we owe, or owed."""
    return Pledge(
        side=Side.WE, what=what, made=made, due=due, outcome=outcome, settled=settled, payment=True, value=value
    )


def settled(side: Side, what: str, outcome: Kept, *, made: int, due: int, on: int) -> Pledge:
    """One that has come out."""
    return Pledge(side=side, what=what, made=made, due=due, outcome=outcome, settled=on)


PROMISES: Mapping[str, tuple[Pledge, ...]] = {
    "Jess Park": (
        ours("send the ceramic sample in the new glaze", made=-34, due=-6),
        settled(Side.WE, "send the tasting set for the recipe test", KEPT, made=-290, due=-270, on=-273),
        settled(Side.WE, "name the photographer in the caption", KEPT, made=-236, due=-222, on=-230),
        settled(Side.WE, "introduce a literary agent", KEPT, made=-180, due=-150, on=-161),
        settled(Side.WE, "share the sales figures of the launch", LATE, made=-140, due=-120, on=-114),
        fee("pay €900 for the glaze video", "€900", made=-95, due=-65, outcome=KEPT, settled=-70),
        settled(Side.WE, "keep two seats free at the open studio", KEPT, made=-62, due=-48, on=-49),
        settled(Side.THEY, "send three stills for the newsletter", KEPT, made=-110, due=-96, on=-99),
        settled(Side.THEY, "film a plating clip", LATE, made=-80, due=-60, on=-52),
    ),
    "Łukasz Wróbel": (
        ours("send a new clause 7 for the contract", made=-6, due=2, link="https://drive.example/contracts/wrobel"),
        settled(Side.THEY, "deliver episodes 1 to 3", KEPT, made=-120, due=-40, on=-44),
        settled(Side.WE, "lend the camera for episode 2", KEPT, made=-90, due=-75, on=-76),
    ),
    "Thảo Nguyễn": (settled(Side.WE, "translate the care card", RELEASED, made=-70, due=-30, on=-41),),
    "Zoë Adebayo": (
        theirs("draft of the tea set drawing", made=-20, due=4),
        settled(Side.WE, "write a letter for the residency", KEPT, made=-60, due=-30, on=-35),
    ),
    "Omar El-Khatib": (
        ours("get a contact from our landlord", made=-19, due=0),
        settled(Side.WE, "send spare burrs for the grinder", BROKEN, made=-160, due=-130, on=-118),
    ),
    "Priya Raman": (theirs("the numbers of the last reel", made=-16, due=-3),),
    "Åsa Lindqvist": (ours("confirm the dates of the makeover", made=-22, due=9),),
    "Tomáš Dvořáček": (settled(Side.WE, "share the search figures for bread", KEPT, made=-52, due=-38, on=-40),),
    "Haruka Mori": (
        ours("find a kiln for the next edition", made=-9),
        settled(Side.WE, "send the proofs of the box", KEPT, made=-36, due=-20, on=-23),
    ),
    "Leilani Kealoha": (
        settled(Side.THEY, "one post from the marathon", KEPT, made=-88, due=-50, on=-50),
        settled(Side.WE, "send two bottles for the crew", KEPT, made=-40, due=-26, on=-30),
    ),
    "Sam Ode": (
        ours("send the lunch boxes to the new address", made=-10, due=5),
        settled(Side.WE, "send figures for the book proposal", KEPT, made=-75, due=-60, on=-62),
    ),
    "Amélie Fournier": (
        ours("bring the table linen to the monthly dinner", made=-41, due=-12),
        settled(Side.THEY, "send the menu for the photographs", KEPT, made=-100, due=-85, on=-86),
    ),
    "Seo Min-jun": (settled(Side.WE, "send the baking set before anybody else", KEPT, made=-48, due=-32, on=-34),),
    "María José del Río": (settled(Side.WE, "find a speaker for the podcast", LATE, made=-66, due=-45, on=-37),),
    "Bjørn Halvorsen": (theirs("the film from the first week on the ice", made=-60, due=-9),),
    "Ngozi Okafor": (
        fee("pay €1,800 for the dining room episode", "€1,800", made=-33, due=3),
        settled(Side.WE, "send four chairs on loan", KEPT, made=-58, due=-40, on=-41),
    ),
    "Arjun Mehrotra": (ours("answer the quote for the tutorial", made=-7, due=1),),
    "Kim Ray": (
        fee("pay the invoice of €650 for the stories", "€650", made=-45, due=-4),
        settled(Side.THEY, "label the stories as an ad", KEPT, made=-45, due=-38, on=-39),
    ),
    "Dylan Price-Jones": (
        fee("pay €400 for the blender cup reel", "€400", made=-40, due=-14, outcome=KEPT, settled=-14),
        settled(Side.THEY, "repost in the second week", BROKEN, made=-40, due=-25, on=-20),
    ),
    "Tamar Ben-Ami": (settled(Side.WE, "have the subtitles checked", KEPT, made=-30, due=-14, on=-17),),
    "Rosa Benally": (ours("print the pattern credit on the box", made=-44, due=40),),
}
"""By whose they are; ours and theirs, open, late and settled, money among them."""

DAYS: Mapping[str, tuple[Day, ...]] = {
    "Jess Park": (Day(label="cookbook launch", ahead=24, yearly=False),),
    "Łukasz Wróbel": (Day(label="channel anniversary", ahead=16, year=2019),),
    "Omar El-Khatib": (Day(label="roastery opening", ahead=7, yearly=False),),
    "Leilani Kealoha": (Day(label="marathon start", ahead=38, yearly=False),),
    "Ásta Sigurðardóttir": (Day(label="birthday", month=2, day=29, year=1992),),
    "Eleni Papadaki": (Day(label="name day", ahead=11),),
    "Siobhán Ní Bhriain": (Day(label="shop anniversary", ahead=2, year=2022),),
}
"""Occasions beside the birthdays of the roster; one birthday is on a day that most years don't have."""

GESTURES = (
    Gesture("a handwritten card", "https://cards.example/handwritten"),
    Gesture("a personal birthday video message", "https://video.example/birthday"),
    Gesture("this season’s tea towel as a small gift", "https://shop.example/tea-towel"),
    Gesture("a voice note with no ask"),
)
"""The sample team's own list."""

DIGEST_DAY, DIGEST_HOUR = 0, 9
"""On Mondays at nine the team's channel gets its digest."""
