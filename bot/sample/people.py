"""Who is on the sample roster: invented people, and how things stand with each on the day it is opened."""

from __future__ import annotations

from dataclasses import dataclass

from bot.model import Stage, Tier
from bot.sample.conversations import ASK, CALL, DM, EMAIL, GIVE, Moment, both, paid_post, they, we

ME, ANA, BEN = "me", "ana", "ben"

NEW, EARLY, STEADY, CLOSE = Stage.IDENTIFIED, Stage.ESTABLISHING, Stage.MAINTAINING, Stage.ENHANCING
A, B, C, D = Tier.A, Tier.B, Tier.C, Tier.D


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """One relationship. Days count back from today, or ahead where the name says `in`.

    `every` is the rhythm; 0: no touchpoint yet. The newest contact is `silence` days old, or so old that the
    relationship turns quiet in `quiet_in` days (below 0: turned quiet then). `ending` is what happened last, where it
    matters. `known_for` is when the first contact or, without one, the record was made.
    """

    name: str
    handles: str
    tags: str
    tier: Tier | None
    owner: str | None
    stage: Stage
    every: int
    silence: int = 1
    quiet_in: int | None = None
    ending: Moment = ()
    known_for: int = 365
    cadence: int | None = None
    goal: str | None = None
    motivation: str | None = None
    objective: str | None = None
    birthday_in: int | None = None
    born: int | None = None
    note: str | None = None
    email: str | None = None
    manager: str | None = None
    snoozed_for: int | None = None
    paused_for: int | None = None
    only_paid: bool = False


# One person is a few lines here, not a column of arguments.
# fmt: off
MINE = (
    Sketch(
        name="Jess Park", handles="instagram:jess.cooks tiktok:jesscooks", tags="food ceramics", tier=A, owner=ME,
        stage=STEADY, every=12, quiet_in=-3, birthday_in=12, born=1993, email="jess@jesscooks.example",
        goal="a cookbook deal", motivation="sponsored posts alone don’t last",
        objective="a launch video for the stoneware set", note="Allergic to peanuts.",
        ending=(
            they(DM, "Loves the new glaze, would do a launch with us.", before=15),
            we(DM, "Asked about the launch, sent two dates.", ASK, before=9),
            we(DM, "Asked about the launch again.", ASK),
        ),
    ),
    Sketch(
        name="Jess Liu", handles="instagram:jliu youtube:jliu", tags="home", tier=B, owner=ME, stage=EARLY, every=20,
        quiet_in=13, known_for=210, goal="a studio of their own", birthday_in=140,
        objective="a cupboard tour with the pantry set",
    ),
    Sketch(
        name="Łukasz Wróbel", handles="youtube:wrobelgotuje instagram:lukasz.wrobel", tags="food", tier=A, owner=ME,
        stage=CLOSE, every=18, silence=6, goal="an English-language channel", motivation="the Polish market is full",
        objective="six episodes with the cast-iron pot", birthday_in=71, email="lukasz@wrobel.example",
        ending=(
            we(EMAIL, "Sent the contract for episodes 4 to 6.", ASK, before=8),
            they(EMAIL, "Clause 7 on exclusivity is too wide, asks for a call this week."),
        ),
    ),
    Sketch(
        name="Thảo Nguyễn", handles="tiktok:thao.eats instagram:thao.eats", tags="food travel", tier=A, owner=ME,
        stage=STEADY, every=18, silence=5, goal="a street food guide as a book", birthday_in=233,
        objective="the lunch box in the street food map",
        ending=(they(DM, "Asked which of the two handles we prefer for the collab, filming on Friday."),),
    ),
    Sketch(
        name="Zoë Adebayo", handles="instagram:zoe.throws", tags="ceramics", tier=A, owner=ME, stage=CLOSE, every=15,
        silence=1, goal="a residency in Japan", motivation="wood firing can’t be learned from videos",
        birthday_in=5, born=1990, objective="a tea set under both names",
        ending=(they(DM, "Glaze tests came out of the kiln, asks whether we want to see them before the weekend."),),
    ),
    Sketch(
        name="Omar El-Khatib", handles="youtube:omarbrews instagram:omar.brews", tags="coffee", tier=A, owner=ME,
        stage=STEADY, every=19, quiet_in=-1, goal="a roastery", motivation="views don’t pay a lease",
        objective="the grinder in the brewing series", note="Answers e-mail only in the morning.",
        ending=(both(CALL, "Talked about the roastery lease. Said we’d ask our landlord for a contact.", GIVE),),
    ),
    Sketch(
        name="Priya Raman", handles="instagram:priya.preps", tags="fitness food", tier=A, owner=ME, stage=STEADY,
        every=16, quiet_in=1, goal="a meal prep app", motivation="people keep asking for the plans", birthday_in=27,
        objective="the lunch box as part of the plans", manager="Dev Rao, Northlight",
    ),
    Sketch(
        name="Kofi Mensah", handles="tiktok:kofigrows instagram:kofi.grows", tags="plants", tier=B, owner=ME,
        stage=STEADY, every=22, quiet_in=2, goal="a TV slot", objective="the herb wall with our pots", birthday_in=190,
    ),
    Sketch(
        name="Åsa Lindqvist", handles="instagram:asa.hemma", tags="home", tier=A, owner=ME, stage=STEADY, every=23,
        quiet_in=4, goal="fewer, larger projects", motivation="two small children set the pace", birthday_in=301,
        objective="the kitchen makeover, all three parts", email="asa@hemma.example",
    ),
    Sketch(
        name="Giulia Bianchetti", handles="instagram:giulia.impasta youtube:impasta", tags="food", tier=B, owner=ME,
        stage=EARLY, every=19, quiet_in=6, known_for=190, goal="to be known outside Italy", birthday_in=88,
    ),
    Sketch(
        name="Mateus Conceição", handles="youtube:mateusnaestrada", tags="travel", tier=A, owner=ME, stage=STEADY,
        every=24, quiet_in=-4, goal="a season across the Andes", motivation="it was promised to a grandfather",
        objective="the camping set on the road",
    ),
    Sketch(
        name="Tomáš Dvořáček", handles="instagram:tomas.pece", tags="food", tier=A, owner=ME, stage=STEADY, every=18,
        quiet_in=17, birthday_in=118, born=1988, objective="a bread board with a name on it",
    ),
    Sketch(
        name="Siobhán Ní Bhriain", handles="instagram:siobhan.table", tags="home ceramics", tier=A, owner=ME,
        stage=CLOSE, every=17, silence=3, goal="a shop in Galway", objective="the first stockist in Ireland",
        birthday_in=45,
    ),
    Sketch(
        name="Leilani Kealoha", handles="tiktok:leilani.runs", tags="fitness", tier=A, owner=ME, stage=STEADY, every=18,
        silence=6, goal="to finish the six big marathons", birthday_in=160, objective="the water bottle in the diary",
    ),
    Sketch(
        name="Haruka Mori", handles="instagram:haruka.brews", tags="coffee ceramics", tier=A, owner=ME, stage=CLOSE,
        every=14, silence=9, cadence=14, goal="a pour-over set under an own name",
        objective="the pour-over set, next edition", birthday_in=275,
    ),
    Sketch(
        name="José Ibáñez", handles="youtube:joseibanez", tags="travel food", tier=C, owner=ME, stage=EARLY, every=40,
        silence=22, goal="a food truck", birthday_in=60,
    ),
    Sketch(
        name="Nour Haddad", handles="instagram:nour.spice", tags="food", tier=A, owner=ME, stage=NEW, every=0,
        known_for=17, note="Ana met Nour at the spice fair: small audience, wonderful voice.",
    ),
)

ANAS = (
    Sketch(
        name="Sam Ode", handles="instagram:sam.ode tiktok:samode", tags="family food", tier=A, owner=ANA, stage=STEADY,
        every=19, silence=4, goal="a children’s cookbook", motivation="most of them have no real recipes",
        birthday_in=3,
        ending=(
            they(EMAIL, "Moving to Lisbon soon, asks where the next parcel should go and whether we have an hour."),
        ),
    ),
    Sketch(
        name="Amélie Fournier", handles="instagram:amelie.atable", tags="home food", tier=A, owner=ANA, stage=CLOSE,
        every=18, quiet_in=-5, goal="a table of one’s own: monthly dinners", objective="to host one dinner",
        birthday_in=20,
    ),
    Sketch(
        name="Bjørn Halvorsen", handles="youtube:bjornute", tags="travel", tier=B, owner=ANA, stage=STEADY, every=26,
        quiet_in=3, goal="a winter in Svalbard", objective="the enamel pan at minus thirty",
    ),
    Sketch(
        name="Aroha Tāmati", handles="instagram:aroha.garden", tags="plants", tier=B, owner=ANA, stage=STEADY, every=30,
        quiet_in=8, goal="a seed library", birthday_in=98,
    ),
    Sketch(
        name="Seo Min-jun", handles="youtube:minjunbakes instagram:minjun.bakes", tags="food coffee", tier=A, owner=ANA,
        stage=STEADY, every=21, quiet_in=20, goal="a bakery cafe", objective="the baking set, first look",
    ),
    Sketch(
        name="María José del Río", handles="instagram:mjdelrio", tags="family", tier=B, owner=ANA, stage=STEADY,
        every=28, silence=9, birthday_in=150, goal="a podcast about school food",
    ),
    Sketch(
        name="Eleni Papadaki", handles="instagram:eleni.kitchen", tags="food", tier=B, owner=ANA, stage=STEADY,
        every=32, silence=17, goal="an olive oil label", motivation="the family grove needs a future",
    ),
    Sketch(
        name="Yusuf Karimov", handles="tiktok:yusuf.plov", tags="food", tier=C, owner=ANA, stage=STEADY, every=55,
        silence=31, birthday_in=210,
    ),
    Sketch(
        name="Marta Šimić", handles="instagram:marta.vrt", tags="plants home", tier=C, owner=ANA, stage=EARLY, every=48,
        silence=40, known_for=280,
    ),
    Sketch(
        name="Ngozi Okafor", handles="instagram:ngozi.styles youtube:ngozi", tags="home", tier=A, owner=ANA,
        stage=CLOSE, every=17, silence=4, goal="to furnish a whole house on camera", birthday_in=33, born=1995,
        objective="the dining room episode", manager="Tolu Bright Talent",
    ),
    Sketch(
        name="Chidi Eze", handles="tiktok:chidi.lifts", tags="fitness", tier=B, owner=ANA, stage=EARLY, every=25,
        silence=11, known_for=150, goal="a training plan that people finish",
    ),
    Sketch(
        name="Ásta Sigurðardóttir", handles="instagram:asta.leir", tags="ceramics", tier=D, owner=ANA, stage=STEADY,
        every=95, silence=70, goal="a kiln shared by the village",
    ),
)

BENS = (
    Sketch(
        name="Arjun Mehrotra", handles="youtube:arjunpoursover", tags="coffee", tier=A, owner=BEN, stage=STEADY,
        every=19, silence=7, goal="a national barista title", birthday_in=7,
        ending=(they(EMAIL, "Sent the quote for the tutorial, valid for two weeks."),),
    ),
    Sketch(
        name="Niko Väisänen", handles="youtube:nikonatura", tags="travel plants", tier=B, owner=BEN, stage=STEADY,
        every=21, quiet_in=-2, goal="a foraging school", objective="the harvest basket in the forest",
    ),
    Sketch(
        name="Fatoumata Diarra", handles="instagram:fatou.cuisine", tags="food", tier=A, owner=BEN, stage=EARLY,
        every=21, quiet_in=15, known_for=220, goal="a restaurant in Lyon", birthday_in=260,
        ending=(
            they(EMAIL, "Sent photos of the new menu.", before=13),
            we(EMAIL, "Sent the idea for a dinner together.", ASK, before=6),
            we(DM, "Asked whether the e-mail came through.", ASK),
        ),
    ),
    Sketch(
        name="Ioana Țurcanu", handles="instagram:ioana.acasa", tags="home family", tier=B, owner=BEN, stage=STEADY,
        every=24, silence=30, snoozed_for=18, note="On parental leave, back next month.",
    ),
    Sketch(
        name="Çağla Demir", handles="instagram:cagla.seramik", tags="ceramics", tier=B, owner=BEN, stage=CLOSE,
        every=31, silence=60, paused_for=41, goal="a year without a feed", birthday_in=180,
    ),
    Sketch(
        name="Dylan Price-Jones", handles="tiktok:dylanpj", tags="fitness", tier=C, owner=BEN, stage=EARLY, every=30,
        silence=14, known_for=240, only_paid=True, manager="Bold & Partners",
        ending=(paid_post("Reel with the blender cup, paid.", "€400"), we(EMAIL, "Fee transferred.")),
    ),
    Sketch(
        name="Kim Ray", handles="instagram:kim.ray", tags="family", tier=B, owner=BEN, stage=STEADY, every=25,
        silence=5, goal="to work four days a week", birthday_in=15,
    ),
    Sketch(
        name="Tamar Ben-Ami", handles="instagram:tamar.bakes", tags="food", tier=B, owner=BEN, stage=STEADY, every=35,
        silence=12, goal="a second language for the channel",
    ),
    Sketch(
        name="Jürgen Weiß", handles="youtube:juergenbrutzelt", tags="food", tier=C, owner=BEN, stage=STEADY, every=60,
        silence=24, objective="the cast-iron pot on open fire", birthday_in=320, born=1961,
    ),
    Sketch(
        name="Rosa Benally", handles="instagram:rosa.clay", tags="ceramics", tier=D, owner=BEN, stage=STEADY, every=80,
        silence=44, goal="credit for the patterns", motivation="they belong to the family",
    ),
    Sketch(
        name="Hannah Fitzgerald", handles="instagram:hannah.lunchbox", tags="family", tier=B, owner=BEN, stage=NEW,
        every=0, known_for=57, note="Recommended by Sam Ode.",
    ),
)

NOBODYS = (
    Sketch(
        name="Lee Fox", handles="instagram:leefox youtube:leefox", tags="travel", tier=B, owner=None, stage=STEADY,
        every=42, quiet_in=-1, goal="a boat", objective="the galley kitchen tour",
    ),
)
# fmt: on
ROSTER = (*MINE, *ANAS, *BENS, *NOBODYS)
"""Everybody, by who answers for them."""
