"""What the sample team writes down, a day with a creator at a time, as notes with slots for what they were about."""

from __future__ import annotations

from dataclasses import dataclass

from bot.model import Direction, Exchange, Medium

DM, EMAIL, CALL = Medium.DM, Medium.EMAIL, Medium.CALL
GIVE, ASK = Exchange.GIVE, Exchange.ASK


@dataclass(frozen=True, slots=True)
class Said:
    """One touchpoint to be: `before` is how many days before the end of the story it happened, where it has its own."""

    medium: Medium
    direction: Direction
    note: str
    exchange: Exchange = Exchange.NEUTRAL
    value: str | None = None
    disclosed: bool = False
    before: int = 0

    @property
    def paid(self) -> bool:
        """Only what was paid for has a fee; what a parcel is worth is no fee."""
        return self.value is not None and self.medium is not Medium.GIFT


Moment = tuple[Said, ...]
"""What happened on one day, in order."""


def we(medium: Medium, note: str, exchange: Exchange = Exchange.NEUTRAL, *, before: int = 0) -> Said:
    """We to them."""
    return Said(medium, Direction.OUTBOUND, note, exchange, before=before)


def they(medium: Medium, note: str, exchange: Exchange = Exchange.NEUTRAL, *, before: int = 0) -> Said:
    """They to us."""
    return Said(medium, Direction.INBOUND, note, exchange, before=before)


def both(medium: Medium, note: str, exchange: Exchange = Exchange.NEUTRAL) -> Said:
    """Both at once."""
    return Said(medium, Direction.MUTUAL, note, exchange)


def parcel(note: str, value: str) -> Said:
    """A gift of ours, with the disclosure agreed."""
    return Said(Medium.GIFT, Direction.OUTBOUND, note, GIVE, value, disclosed=True)


def paid_post(note: str, fee: str) -> Said:
    """A post of theirs that we paid for."""
    return Said(Medium.POST, Direction.INBOUND, note, Exchange.NEUTRAL, fee, disclosed=True)


OPENING: Moment = (
    we(DM, "First DM: introduced ourselves, said why we like {topic}. No pitch."),
    they(DM, "Friendly reply, knows our shop. Open to a chat."),
    we(DM, "Suggested a call, no agenda beyond getting to know each other."),
)
"""How a relationship of this year began."""

PAID: tuple[Moment, ...] = (
    (we(EMAIL, "Briefing for a paid story set with {thing}.", ASK), paid_post("Story set live, three frames.", "€450")),
    (paid_post("Sponsored reel with {thing} is live, numbers are fine.", "€800"),),
    (paid_post("Repost of {topic}, paid.", "€300"), we(EMAIL, "Fee transferred.")),
    (paid_post("One more sponsored story, same terms.", "€450"),),
)
"""All there is where nobody but the invoice talks."""

MOMENTS: tuple[Moment, ...] = (
    (we(DM, "Told them the whole team watched {topic} over lunch. No ask."), they(DM, "Delighted, sent three hearts.")),
    (we(Medium.COMMENT, "Commented on {topic} with a real question, got a real answer."),),
    (they(DM, "Asked whether {thing} can go into the dishwasher."), we(DM, "Yes, and sent the care card.")),
    (both(CALL, "Catch-up call, 25 min. Busy with {topic}, energy is good. Wants fewer, longer projects."),),
    (parcel("Sent {thing} with a handwritten card, nothing expected in return.", "€60"),),
    (they(DM, "{thing_} arrived, unboxing in stories today."), we(DM, "Shared the story on our account.", GIVE)),
    (we(EMAIL, "Asked for a short clip of {thing} in use.", ASK), they(EMAIL, "Yes, after {topic} is finished.")),
    (
        they(Medium.POST, "{thing_} in the background of {topic}, not asked for and not paid."),
        we(DM, "Said thank you."),
    ),
    (both(Medium.MEETING, "Coffee in {place}. Talked mostly about family, then about {topic}."),),
    (we(EMAIL, "Introduced them to our photographer for {topic}.", GIVE), they(EMAIL, "They have already met, works.")),
    (
        they(EMAIL, "Sent last month’s numbers: saves are up by a third."),
        we(EMAIL, "Congratulated, asked what changed."),
    ),
    (
        we(EMAIL, "Asked for two reels with {thing}, brief attached.", ASK),
        they(EMAIL, "Fine with the brief, wants a week more."),
        we(EMAIL, "Gave the week."),
    ),
    (
        paid_post("Reel with {thing} live, labelled as an ad in the first line.", "€900"),
        we(DM, "Lovely cut, told them."),
    ),
    (we(DM, "Sent a voice note: good luck with {topic} tomorrow."),),
    (both(CALL, "Planning call for the next quarter. One bigger piece instead of four small ones."),),
    (they(DM, "Not happy with how our repost cropped {topic}."), we(DM, "Apologised, took it down, posted it whole.")),
    (both(Medium.EVENT, "Came to our open studio in {place}, stayed until the end and met the founders."),),
    (
        we(EMAIL, "Shared our search figures for {topic}, might help with titles.", GIVE),
        they(EMAIL, "Used two of them."),
    ),
    (they(DM, "Needs a replacement lid for {thing}."), parcel("Replacement lid and a spare, express.", "€15")),
    (we(DM, "Asked for honest feedback on the new colour.", ASK), they(DM, "Too dark on camera. Good to know.")),
    (both(CALL, "Fee talk. Agreed on a day rate and a cap on revisions. Fair on both sides."),),
    (we(Medium.COMMENT, "Cheered in the comments when {topic} passed 100k views."),),
    (they(EMAIL, "Invited us to the livestream about {topic}."), we(EMAIL, "Two of us will be there.")),
    (
        we(DM, "Offered a discount code for their followers.", GIVE),
        they(DM, "Takes it, code goes into the newsletter."),
    ),
    (both(Medium.MEETING, "Shoot day for {thing} in {place}. Fast, kind to the crew, done by four."),),
    (we(EMAIL, "Asked to use two stills from {topic} in our newsletter.", ASK), they(EMAIL, "Yes, with credit.")),
    (they(DM, "Down with the flu, {topic} moves by a week."), we(DM, "No stress, get well. Moved our slot.")),
    (parcel("Early sample of {thing}, embargo for two weeks explained on the card.", "€85"),),
    (
        they(EMAIL, "Early sample: handle gets warm. Sent photos."),
        we(EMAIL, "Passed on to product, thanked them.", GIVE),
    ),
    (we(DM, "Asked how {topic} is going."), they(DM, "Slowly, the edit takes longer than planned.")),
    (both(CALL, "Short call. Thinking about hiring an editor, asked who ours is. Gave two names.", GIVE),),
    (they(Medium.COMMENT, "Tagged us under a follower’s question about {thing}."), we(Medium.COMMENT, "Answered it.")),
    (we(EMAIL, "Sent the draft calendar, asked for a date.", ASK), they(EMAIL, "Second half of the month.")),
    (
        paid_post("Two stories with {thing}, paid as agreed.", "€350"),
        we(EMAIL, "Invoice paid the same day, told them."),
    ),
    (
        they(DM, "Asked for our view on an offer from another brand."),
        we(DM, "Answered frankly: good fit, take it.", GIVE),
    ),
    (both(Medium.EVENT, "Ran into each other at the trade fair in {place}, lunch together."),),
    (we(DM, "Sent the recipe cards we printed from {topic}.", GIVE), they(DM, "Framed one, sent a photo.")),
    (they(EMAIL, "New manager from next month, put us in touch."), we(EMAIL, "Said hello to the manager.")),
    (we(DM, "Nothing to discuss, just a good article about {topic}."),),
    (they(DM, "Idea: {thing} through four seasons."), both(CALL, "Talked the idea through, we like it. Small budget.")),
    (we(EMAIL, "Asked for a quote for the catalogue.", ASK), they(EMAIL, "Two sentences, both usable.")),
    (both(CALL, "Reviewed the last piece together: strong first ten seconds, call to action came too late."),),
    (they(DM, "Sold out of the seconds within an hour, thanks to our story."), we(DM, "Happy for them, said so.")),
    (
        we(EMAIL, "Paid for the workshop in {place} we had promised to support.", GIVE),
        they(EMAIL, "Sent us two seats."),
    ),
    (they(Medium.POST, "Mentioned us in {topic}, unprompted, very warm."), we(DM, "Thanked them, no ask attached.")),
    (we(DM, "Asked what would make next year better with us.", ASK), they(DM, "Earlier briefs. Noted for everybody.")),
    (both(Medium.MEETING, "Breakfast in {place}. Plans a break from posting soon, we keep the slot open."),),
)
"""What fills a year, each ending in a way that fits any next day."""

SETTLED: tuple[Moment, ...] = tuple(moment for moment in MOMENTS if moment[-1].direction is Direction.MUTUAL)
"""Those after which nobody waits for anybody, and whose last note can stand alone."""


@dataclass(frozen=True, slots=True)
class Theme:
    """What a creator is known for: what can stand in the slots `topic` and `thing`."""

    topics: tuple[str, ...]
    things: tuple[str, ...]


THEMES = {
    "food": Theme(
        ("the sourdough series", "the one-pot week", "the market haul", "the pickling reel", "the dumpling livestream"),
        ("the oak board", "the cast-iron pot", "the stoneware set", "the linen apron"),
    ),
    "coffee": Theme(
        ("the brewing series", "the latte art reel", "the roastery visit", "the home cafe build"),
        ("the coffee grinder", "the pour-over set", "the travel mug", "the milk jug"),
    ),
    "home": Theme(
        ("the kitchen makeover", "the shelf styling reel", "the cupboard tour", "the flea market haul"),
        ("the stoneware set", "the glass carafe", "the oak board", "the pantry set"),
    ),
    "travel": Theme(
        ("the van kitchen tour", "the night train diary", "the street food map", "the campfire series"),
        ("the travel mug", "the enamel pan", "the lunch box", "the camping set"),
    ),
    "family": Theme(
        ("the lunch box week", "the picky eaters series", "the birthday cake tutorial", "the meal plan"),
        ("the lunch box", "the baking set", "the mixing bowl", "the water bottle"),
    ),
    "fitness": Theme(
        ("the meal prep series", "the marathon diary", "the breakfast guide", "the smoothie reel"),
        ("the lunch box", "the water bottle", "the blender cup", "the kitchen scale"),
    ),
    "plants": Theme(
        ("the balcony garden series", "the seed swap video", "the tomato diary", "the herb wall build"),
        ("the herb pot", "the watering can", "the harvest basket", "the glass carafe"),
    ),
    "ceramics": Theme(
        ("the wheel-throwing series", "the glaze test video", "the studio tour", "the kintsugi reel"),
        ("the tea set", "the stoneware set", "the clay apron", "the display shelf"),
    ),
}
"""By the first tag of a creator."""

PLACES = ("Lisbon", "Berlin", "Leeds", "Lyon", "Kraków", "Malmö", "Porto", "Ghent")
"""Where people meet."""
