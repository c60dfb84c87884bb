from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Direction, Exchange, Medium
from bot.reading.exchange import is_only_a_card
from bot.reading.media import read_medium
from bot.reading.medium_words import MEDIUM_WORDS, NOT_MEDIA
from bot.reading.touch import Touch, read_touch

MONDAY = date(2026, 11, 23)

# What is typed behind a name → medium, direction, exchange, PAID, value, date; the last three where the words say them.
SENTENCES = """
    phoned to say happy birthday  →  call outbound neutral
    met for coffee tuesday  →  meeting mutual neutral 2026-11-17
    quick catch-up call friday  →  call mutual neutral 2026-11-20
    facetimed her yesterday evening  →  call outbound neutral 2026-11-22
    3 days ago: dinner in Porto  →  meeting mutual neutral 2026-11-20
    sent PR package 18.11.  →  gift outbound give 2026-11-18
    mailed contract 2026-11-02  →  email outbound neutral 2026-11-02
    she DMed me about rates last week  →  dm inbound neutral 2026-11-16
    got a DM from him this morning  →  dm inbound neutral 2026-11-23
    they posted the unboxing  →  post inbound neutral
    new reel is up, tagged us  →  post inbound neutral
    her story about our mugs went up yesterday  →  post inbound neutral 2026-11-22
    commented under her tiktok  →  comment outbound neutral
    he commented on our post 2 days ago  →  comment inbound neutral 2026-11-21
    requested usage rights by mail  →  email outbound ask
    asked her for two stories  →  other outbound ask
    told us she's moving to Lisbon in May  →  other inbound neutral
    emailed her agent on 3 nov, no answer  →  email outbound neutral 2026-11-03
    paid invoice €450  →  other outbound neutral PAID €450
    paid her 500 eur for the video on friday  →  other outbound neutral PAID 500 eur 2026-11-20
    party at her studio last saturday  →  event mutual neutral 2026-11-21
    went to her book launch on thursday  →  event mutual neutral 2026-11-19
    dropped off flowers today  →  gift outbound give 2026-11-23
    gave him a discount code for his followers  →  other outbound give
    she sent us a sample of her glaze  →  gift inbound neutral
    answered our email: no budget  →  email inbound neutral
    declined the offer  →  other inbound neutral
    confirmed for 14 december  →  other inbound neutral
    called us back yesterday  →  call inbound neutral 2026-11-22
    called her back  →  call outbound neutral
    spoke with her manager  →  other mutual neutral
    we talked for an hour last night  →  other mutual neutral 2026-11-22
    i wrote to her on linkedin  →  dm outbound neutral
    whatsapped her a link  →  dm outbound neutral
    she left us a voicemail  →  call inbound neutral
    no answer on whatsapp  →  dm outbound neutral
    lunch & studio visit 20 nov, keen on spring  →  meeting mutual neutral 2026-11-20
    zoom call, talked numbers  →  call mutual neutral
    video call w/ her team  →  call mutual neutral
    reminded her of the deadline  →  other outbound neutral
    thanked her for the post  →  other outbound neutral
    shared his recipe in our newsletter  →  post outbound give
    introduced her to the cookbook editor  →  other outbound give
    asked how the move went  →  other outbound neutral
    apologised by phone for the late parcel  →  call outbound neutral
    ceramic mugs arrived, she loves them  →  other outbound neutral
    got her reply: she is in  →  other inbound neutral
    sent her a birthday video message  →  dm outbound neutral
    happy birthday text  →  dm outbound neutral
    had breakfast on the 19th, talked launch  →  meeting mutual neutral 2026-11-19
    chatted at the VidCon booth  →  event mutual neutral
    saw her at the fair  →  meeting mutual neutral
    email from her: wants more money  →  email inbound neutral
    sends love  →  other inbound neutral
    beers after the show  →  meeting mutual neutral
    posted about her on our channel  →  post outbound neutral
    instagram message about giveaway  →  dm outbound neutral
    left a comment yesterday  →  comment outbound neutral 2026-11-22
    invoice paid, $1,200  →  other outbound neutral PAID $1,200
    her payment went out today, 300€  →  other outbound neutral PAID 300€ 2026-11-23
    got paid yesterday  →  other outbound neutral PAID 2026-11-22
    we wired the advance, 2k  →  other outbound neutral PAID 2k
    sent gift card worth $50  →  gift outbound give $50
    asked whether she would come to the fair in March  →  other outbound ask
    would love to do a cookbook  →  other inbound neutral
    proposal sent by e-mail on monday  →  email outbound ask 2026-11-16
    rang twice today, voicemail  →  call outbound neutral 2026-11-23
    ran into him at the weekend  →  meeting mutual neutral 2026-11-21
    call with him and his manager next tuesday  →  call mutual neutral 2026-12-01
    message re: contract  →  dm outbound neutral
    texts back and forth about dates  →  dm outbound neutral
    liked our reel  →  comment inbound neutral
    followed us on instagram  →  other inbound neutral
    fair point about rates  →  other outbound neutral
    on tuesday we met at the station  →  meeting mutual neutral 2026-11-17
    Called her. She's pregnant!  →  call outbound neutral
    CALLED YESTERDAY  →  call outbound neutral 2026-11-22
    email  →  email outbound neutral
    call  →  call outbound neutral
    dm  →  dm outbound neutral
    gift card  →  gift outbound give
    met  →  meeting mutual neutral
    zoom  →  call mutual neutral
    loves ceramics  →  other inbound neutral
    ceramics  →  other outbound neutral
    yesterday  →  other outbound neutral 2026-11-22
    coffee at VidCon, loves ceramics yesterday  →  meeting mutual neutral 2026-11-22
    called this morning, he's moving to Lisbon in May  →  call outbound neutral 2026-11-23
    replied: yes to the launch  →  other inbound neutral
    replied this morning: yes, call me  →  other inbound neutral 2026-11-23
    replied to her story  →  comment outbound neutral
    she replied to our story  →  comment inbound neutral
    rang me on wednesday, big news  →  call inbound neutral 2026-11-18
    texted: “are you around for the fair?”  →  dm outbound neutral
    thanked us for the flowers  →  other inbound neutral
    sent flowers – her mum passed away last week  →  gift outbound give
    sent a parcel with 12 mugs worth €60 today  →  gift outbound give €60 2026-11-23
    paid 200 post  →  other outbound neutral PAID 200
    paid 2 posts  →  other outbound neutral PAID
    paid her 1 reel  →  other outbound neutral PAID
    paid 800 for the autumn reel  →  other outbound neutral PAID 800
    paid €1,200 by bank on friday  →  other outbound neutral PAID €1,200 2026-11-20
    transferred the fee this morning (1.2k), so we're square  →  other outbound neutral PAID 1.2k 2026-11-23
    asked by email if she could test the new glaze  →  email outbound ask
    met at the trade fair on 12 nov  →  meeting mutual neutral 2026-11-12
    caught up over dinner, she's thinking of quitting sponsored posts  →  meeting mutual neutral
    sponsored reel went live  →  post inbound neutral PAID
    invited us to his studio party  →  other inbound neutral
    posted our bowls in her story, unprompted!  →  post inbound neutral
    reel with our vase went live on sunday, 210k views  →  post inbound neutral 2026-11-22
    shared her post about glazes  →  post outbound give
    congratulated her on the cookbook  →  other outbound give
    asked us for 20 more vouchers  →  other inbound neutral
    thanked for the shoutout via insta dm  →  dm outbound neutral
    lunch, asked her to host the workshop  →  meeting mutual ask
    she called and asked for more money  →  call inbound neutral
    met on zoom  →  call mutual neutral
    she paid for lunch  →  other inbound neutral
    hasn't been paid yet  →  other outbound neutral
    wants to be paid upfront  →  other inbound neutral
    paid her a visit  →  other outbound neutral
    sent the US contract  →  other outbound neutral
    sent the launch brief  →  other outbound neutral
    talked about the party  →  other mutual neutral
    coffee mugs sent to her  →  other outbound neutral
    mailed a parcel  →  gift outbound give
    gave her a call  →  call outbound neutral
    would she host the workshop?  →  other outbound ask
    WROTE TO US YESTERDAY  →  email inbound neutral 2026-11-22
"""


def said(touch: Touch) -> str:
    """The touch in the words of the table."""
    parts = (
        touch.medium,
        touch.direction,
        touch.exchange,
        "PAID" if touch.paid else "",
        touch.value or "",
        touch.on.isoformat() if touch.on else "",
    )
    return " ".join(part for part in parts if part)


@pytest.mark.parametrize("line", [line.strip() for line in SENTENCES.splitlines() if line.strip()])
def test_reads_what_a_sentence_says(line: str) -> None:
    """Medium, direction, exchange, payment and date are read from everyday words."""
    sentence, expected = line.split("  →  ")
    assert expected == said(read_touch(sentence, MONDAY))


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("coffee at VidCon, loves ceramics yesterday", "coffee at VidCon, loves ceramics"),
        ("yesterday: coffee at VidCon", "coffee at VidCon"),
        ("Yesterday, coffee", "coffee"),
        ("coffee yesterday!", "coffee"),
        ("coffee yesterday 🎉", "coffee 🎉"),
        ("coffee (yesterday)", "coffee"),
        ("coffee (yesterday) with her team", "coffee with her team"),
        ("coffee, yesterday, loved it", "coffee, loved it"),
        ("coffee - yesterday - loved it", "coffee - loved it"),
        ("called yesterday, no answer", "called, no answer"),
        ("Called on friday. She is in!", "Called. She is in!"),
        ("had lunch on friday with her team", "had lunch with her team"),
        ("call\nyesterday\nloves it", "call\nloves it"),
        ("  call  ", "call"),
        ("yesterday", ""),
        ("", ""),
        ("he's moving to Lisbon in May", "he's moving to Lisbon in May"),
        ("texted “see you friday”", "texted “see you friday”"),
    ],
)
def test_the_note_is_the_text_without_its_date(text: str, note: str) -> None:
    """The note stays as typed, but for the date and the punctuation that only the date needed."""
    assert note == read_touch(text, MONDAY).note


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("reel is up https://www.instagram.com/reel/Cx_1/?a=b.", "https://www.instagram.com/reel/Cx_1/?a=b"),
        ("post (HTTP://a.example/X), nice https://b.example", "HTTP://a.example/X"),
        ("see https://en.example/Mug_(cup)", "https://en.example/Mug_(cup)"),
        ("<https://a.example/x|the reel>", "https://a.example/x"),
        ("https:// is nothing", None),
        ("no link, just instagram.com", None),
    ],
)
def test_takes_the_first_link(text: str, link: str | None) -> None:
    """The first http(s) address is the link, without the punctuation behind it."""
    assert link == read_touch(text, MONDAY).link


def test_words_in_links_and_quotes_decide_nothing() -> None:
    """What somebody else said, or an address says, is not what happened."""
    assert Medium.OTHER is read_touch("saved https://call.example/email/paid/#ad", MONDAY).medium
    quoting = read_touch("asked: “shall we call or have coffee yesterday? we paid €50”", MONDAY)
    assert (Medium.OTHER, False, None, None) == (quoting.medium, quoting.paid, quoting.value, quoting.on)


@pytest.mark.parametrize(
    ("text", "disclosed"),
    [
        ("reel is up #ad", True),
        ("story mention, disclosed", True),
        ("posted with disclosure", True),
        ("marked as ad", True),
        ("paid partnership label on it", True),
        ("reel up without disclosure", False),
        ("not disclosed", False),
        ("undisclosed", False),
        ("forgot the #ad", False),
        ("asked her to add #ad", False),
        ("#adventure reel", False),
        ("sent samples", False),
    ],
)
def test_reads_disclosure(text: str, disclosed: bool) -> None:
    """Advertising counts as disclosed where the words say so and don't deny it."""
    assert disclosed is read_touch(text, MONDAY).disclosed


@pytest.mark.parametrize(
    ("text", "reached"),
    [
        ("called, he told me about Lisbon", True),
        ("she called, agreed on dates", True),
        ("call", True),
        ("called, no answer", False),
        ("called, didn’t pick up", False),
        ("rang twice today, voicemail", False),
        ("left a voicemail", False),
        ("missed call from her", False),
        ("called, couldn't reach him", False),
        ("called: no answer needed", True),
        ("called, no answer, but she called back", True),
        ("called, voicemail, then finally spoke", True),
        ("emailed, no answer", True),
        ("emailed her agent after the call, no answer", True),
    ],
)
def test_reads_whether_a_call_was_taken(text: str, reached: bool) -> None:
    """A call counts as taken unless the words say that nobody picked up; other media are not asked."""
    assert reached is read_touch(text, MONDAY).reached


@pytest.mark.parametrize(
    ("text", "only_a_card"),
    [
        ("sent a birthday card", True),
        ("Postcard from Porto", True),
        ("handwritten note", True),
        ("a thank-you note for the book launch", True),
        ("a letter by mail", True),
        ("samples with a note", False),
        ("sent a birthday card and mugs", False),
        ("flowers with a card", False),
        ("gift card", False),
        ("sent samples", False),
    ],
)
def test_a_card_is_no_gift_to_disclose(text: str, only_a_card: bool) -> None:
    """A card or a note by hand is worth nothing; with something else beside it, it is a gift."""
    assert only_a_card is is_only_a_card(text)


@pytest.mark.parametrize(
    ("word", "medium"),
    [
        ("coffee", Medium.MEETING),
        ("WhatsApp", Medium.DM),
        ("phone", Medium.CALL),
        ("flowers", Medium.GIFT),
        ("ceramics", None),
        ("", None),
    ],
)
def test_an_everyday_word_names_a_medium(word: str, medium: Medium | None) -> None:
    """What people call a medium is as good as its name."""
    assert medium is read_medium(word)


@pytest.mark.parametrize(
    ("medium", "phrase"),
    [
        (medium, phrase)
        for medium, strengths in MEDIUM_WORDS.items()
        for phrases in strengths.values()
        for phrase in phrases
    ],
)
def test_every_phrase_of_the_tables_names_its_medium(medium: Medium, phrase: str) -> None:
    """No row of the tables is dead: alone, each phrase is read as its medium."""
    text = phrase.replace("*", "").replace("... ", "her ").replace("{post}", "reel")
    assert medium is read_touch(text, MONDAY).medium


@pytest.mark.parametrize("phrase", NOT_MEDIA)
def test_phrases_that_mean_something_else_name_no_medium(phrase: str) -> None:
    """A phrase that only holds a medium's word is not taken for it."""
    assert Medium.OTHER is read_touch(phrase.replace("*", "").replace("... ", "her "), MONDAY).medium


WORDS = st.sampled_from(
    [line.split("  →  ")[0].strip() for line in SENTENCES.splitlines() if line.strip()]
    + [
        "“",
        "”",
        '"',
        ",",
        ".",
        ":",
        " - ",
        "(",
        ")",
        "https://a.example/b",
        "\n",
        "🎉",
        "é",
        "İ",
        "\u202e",
        "\x00",
        "US",
        "€",
        "1",
    ]
)
TEXTS = st.one_of(
    st.text(max_size=3000), st.lists(WORDS, max_size=12).map(" ".join), st.lists(WORDS, max_size=12).map("".join)
)
DAYS = st.dates(date(1991, 1, 1), date(2100, 12, 31))


def is_within(part: str, whole: str) -> bool:
    """Whether the characters of one text stand in another, in their order."""
    rest = iter(whole)
    return all(letter in rest for letter in part)


@given(text=TEXTS, today=DAYS)
def test_any_text_is_a_touch(text: str, today: date) -> None:
    """No text raises; the same text gives the same answer; what is kept of it stands in it."""
    touch = read_touch(text, today, names=("coffee", "1", "sent"))
    assert touch == read_touch(text, today, names=("coffee", "1", "sent"))
    assert is_within(touch.note, text)
    assert touch.note == touch.note.strip()
    assert touch.link is None or touch.link in text
    assert touch.value is None or touch.value in text
    assert touch.paid or touch.value is None or touch.medium is Medium.GIFT
    if touch.on is None:
        assert touch.note == text.strip()


@given(
    line=st.sampled_from([line for line in SENTENCES.splitlines() if line.strip()]),
    tail=st.sampled_from(["", "!", " 🎉", " ."]),
)
def test_case_and_what_trails_change_nothing(line: str, tail: str) -> None:
    """Shouting, an exclamation mark or an emoji at the end leaves the meaning as it was."""
    sentence, expected = line.strip().split("  →  ")
    assert expected == said(read_touch(sentence + tail, MONDAY))
    shouted = read_touch(sentence.upper() + tail, MONDAY)
    # "US" in capitals may be the country only where not all is in capitals.
    assert expected.casefold() == said(shouted).casefold() or " US " in sentence


# What is typed about Sam Ode → what is read for it where the name is known.
NAMED = """
    Sam replied: yes to the launch!  →  other inbound neutral
    Sam Ode replied: yes  →  other inbound neutral
    Sam says yes to the call  →  other inbound neutral
    From Sam: can we move the call?  →  other inbound neutral
    email from Sam about rates  →  email inbound neutral
    Sam asked about rates  →  other inbound neutral
    sam just called yesterday  →  call inbound neutral 2026-11-22
    @sam.ode commented on our post  →  comment inbound neutral
    Sam’s manager wrote us  →  email inbound neutral
    Sam: coffee  →  meeting mutual neutral
    Sam Ode, called her  →  call outbound neutral
    Sam and I talked  →  other mutual neutral
    Sam was sent the samples  →  gift outbound give
    asked Sam for two stories  →  other outbound ask
    sent Sam the samples  →  gift outbound give
    Sam got our gift  →  gift outbound give
    she received our sample  →  gift outbound give
    Sam has our parcel  →  gift outbound give
    Sam never got our gift  →  gift inbound neutral
    she has our gift on her story  →  gift inbound neutral
    Sam never replied  →  other outbound neutral
    Sam didn’t reply  →  other outbound neutral
    Sam still hasn’t answered  →  other outbound neutral
    she didn’t answer my email  →  email outbound neutral
    she didn’t reply but called us  →  call inbound neutral
    Sam: never replied to you, sorry!  →  other outbound neutral
    Samantha called  →  call outbound neutral
"""


@pytest.mark.parametrize("line", [line.strip() for line in NAMED.splitlines() if line.strip()])
def test_a_name_that_acts_is_read_like_they(line: str) -> None:
    """Whoever is said to have replied did: the name only names somebody where it does nothing."""
    sentence, expected = line.split("  →  ")

    assert expected == said(read_touch(sentence, MONDAY, names=("Sam Ode", "Sam", "@sam.ode")))


def test_the_note_keeps_the_name() -> None:
    """What is read is what was meant; what is kept is what was typed."""
    touch = read_touch("yesterday Sam paid €50 for it", MONDAY, names=("Sam",))

    assert "Sam paid €50 for it" == touch.note


def test_defaults_where_no_word_decides() -> None:
    """A text without a telling word is an outbound, neutral touchpoint of medium other, on no named day."""
    expected = Touch(
        medium=Medium.OTHER,
        direction=Direction.OUTBOUND,
        exchange=Exchange.NEUTRAL,
        paid=False,
        on=None,
        note="spring collection",
        link=None,
        value=None,
        disclosed=False,
    )
    assert expected == read_touch("spring collection", MONDAY)


@pytest.mark.parametrize(
    "unit", ["a ", "“", "march 14 people ", "paid 1 ", "replied to her ", "had a long ", "to call ", "1.", "'", "\na"]
)
def test_a_long_note_is_read_whole(unit: str) -> None:
    """Notes at the limit of 3,000 characters, however monotonous, are read like short ones."""
    text = "coffee, " + (unit * 3000)[:2980] + " and more"
    assert text == read_touch(text, MONDAY).note


@pytest.mark.parametrize(
    ("words", "direction"),
    [
        ("she got our gift", Direction.OUTBOUND),
        ("they received my sample", Direction.OUTBOUND),
        ("she received the parcel from us", Direction.OUTBOUND),
        ("she never replied", Direction.OUTBOUND),
        ("they haven't answered", Direction.OUTBOUND),
        ("she got back to us", Direction.INBOUND),
        ("she replied: yes", Direction.INBOUND),
        ("she never said that, she wrote", Direction.INBOUND),
    ],
)
def test_what_they_only_got_or_left_undone_was_our_move(words: str, direction: Direction) -> None:
    """Else somebody would be nudged about an answer that never came."""
    assert direction == read_touch(words, date(2026, 11, 22)).direction
