"""What a touchpoint did to the balance: gives and asks of ours, money paid to them, its amount, and disclosure."""

from __future__ import annotations

import re

from bot.model import Direction, Exchange
from bot.reading.clauses import Clauses, fold
from bot.reading.media import TOPIC
from bot.reading.medium_words import POSTS

# Things of value that are sent, given or brought; `*` stands for any ending.
THINGS = (
    "gift*", "sample*", "flowers", "bouquet*", "parcel*", "package*", "hamper*", "voucher*", "discount*", "code",
    "codes", "ticket*", "early access", "free access", "starter kit*", "goodie bag*", "goody bag*", "box", "boxes",
    "merch", "swag", "freebie*", "chocolate*", "cake*", "wine", "present", "presents", "card", "postcard*",
    "advice", "feedback", "tips", "shout-out*", "shoutout*", "a tour", "credit*", "product*", "treat", "treats",
    "set", "kit",
)  # fmt: skip

_things = "|".join(thing.replace("*", r"\w*") for thing in THINGS)
_posts = "|".join(POSTS)
_GIVE = re.compile(
    rf"(?<!\w)(?:(?:sent|gave|shipped|brought|mailed|delivered|handed|dropped off|left|got (?:her|him|them)|offered)\s"
    rf"(?:[\w'’-]+\s){{0,5}}?(?:{_things})|gifted|treated|donated|lent|bought (?:her|him|them)"
    r"|took (?:her|him|them) (?:out\s)?(?:to|for|out)|on us|(?:our|my) treat"
    rf"|(?:shared|reposted|re-posted|reshared|boosted|promoted|featured)\s(?:[\w'’-]+\s){{0,3}}(?:{_posts}|work|content)"
    r"|(?:featured|helped|recommended|referred|introduced|tagged|promoted) (?:her|him|them)"
    r"|introduced\s(?:\w+\s){1,3}?to|(?:made|did|sent) (?:an |the )?intro\w*|intro'?d|intro to"
    r"|connected (?:her|him|them)|vouched|congrat\w*"
    r"|shout-?out (?:to|for)|gave (?:a |the )?talk)(?!\w)"
)
_CARD = re.compile(r"(?<!\w)(?<!gift )(?:(?:post|greeting)?cards?|notes?|letters?)(?!\w)")
_MORE = re.compile(r"cards?,?\s(?:and|plus|&|\+)\s|\s(?:and|plus|&|\+)\s(?:[\w'-]+\s){0,3}card")
_WORTH = re.compile(
    rf"(?<!\w)(?:gift card\w*|{'|'.join(thing for thing in _things.split('|') if 'card' not in thing)})(?!\w)"
)
_ASK = re.compile(
    r"(?<!\w)(?:asked(?!\s(?:(?:her|him|them)\s)?(?:how|after)(?!\w))|requested|pitched|proposed|begged|chased|urged"
    r"|(?:sent|made) (?:a |the |our |her |him |them )*(?:pitch|proposal|request|ask)|proposal|follow(?:ed|ing)? up for"
    r"|(?:a|big|small) favou?r|(?P<question>(?:would|could|can|will) (?:she|he|they|you)))(?!\w)"
)
_TO_US = re.compile(r"(?:\s\w+)?\s(?:us|me)(?!\w)")
_THEM = re.compile(r"(?<!\w)(?:she|he|they)(?:'\w+)?(?!\w)")
_WE = re.compile(r"(?<!\w)(?:i|we)(?:'\w+)?(?!\w)")

_PAID = re.compile(
    r"(?<!\w)(?:paid(?!\s(?:\w+\s){0,2}(?:attention|visit|off)"
    r"|\s(?:ads?|media|us|me|for (?:lunch|dinner|coffee|drinks|breakfast))(?!\w))"
    r"|(?:transferred|wired|remitted)\s(?:[\w'€$£.,-]+\s){0,3}?(?:fee|money|payment|advance|balance|[€$£]\s?\d[\d.,]*)"
    r"|sent\s(?:(?:her|him|them)\s)?(?:(?:(?:the|her|his|their|an?)\s)?(?:\w+\s)?(?:fee|money|payment|advance)|[€$£]\s?\d[\d.,]*)"
    r"|payment (?:sent|made|done|went out|is out)"
    rf"|sponsored (?:{_posts}|collab\w*|content|partnership))(?!\w)"
)
_NOT_PAID = re.compile(
    r"(?:\b(?:not|never|to be|to get|be|being|unless|until|get|getting|wasn't|isn't)|n't"
    r"|n't (?:been|get|got))(?: \w+)?\s$"
)
_THEY_PAID = re.compile(r"\b(?:she|he|they)(?:'ve|'s)?\s(?:\w+\s)?$")
_PASSIVE = re.compile(r"\b(?:got|was|were|been|is|are)\s$")
_MARK = r"(?:[€$£¥]|(?:eur|usd|gbp|chf)\s)"
_COIN = r"(?:€|\$|£|(?:eur|euros?|usd|gbp|chf|dollars?|pounds?|quid|bucks|sek|nok|dkk|pln)(?!\w))"
_COUNT = r"\d(?:[\d.,]{0,14}\d)?(?:\s?k(?!\w))?"
_AMOUNT = re.compile(rf"{_MARK}\s?{_COUNT}|(?<![\w.,]){_COUNT}\s?{_COIN}")
_BARE_AMOUNT = re.compile(
    r"(?<![\w.,#/:-])(?!1\s(?:day|week|month|year|post|reel|story|video|hour|minute)(?!\w))\d(?:[\d.,]{0,14}\d)?k?"
    r"(?![\w%]|[:/]\d|\s(?:days|weeks|months|years|posts|reels|stories|videos|times|people|mugs|bowls|hours|minutes)"
    r"(?!\w))"
)

_DISCLOSED = re.compile(
    r"(?<![\w#])#(?:ad|advert|anzeige|werbung|sponsored|paidpartnership|gifted)(?!\w)|(?<!\w)(?:disclosed"
    r"|disclosure(?! (?:missing|lacking|forgotten|is missing))|(?:marked|labelled|labeled|tagged|flagged) as "
    r"(?:an? )?(?:ad|advert\w*|sponsored|paid|gift\w*)|paid partnership (?:label|tag))(?!\w)"
)
_NOT_DISCLOSED = re.compile(
    r"(?:\b(?:not|no|without|missing|misses|forgot|lacks?|never|needs?|should|must|to be|add|isn't|wasn't)|n't)"
    r"\s(?:\w+\s){0,2}$"
)


def find_exchange(veiled: str, clauses: Clauses, direction: Direction) -> Exchange:
    """The first give or ask of ours that a veiled text tells; what they gave or asked is neutral."""
    gives = ((found.start(), found, Exchange.GIVE) for found in _GIVE.finditer(veiled))
    asks = ((found.start(), found, Exchange.ASK) for found in _ASK.finditer(veiled))
    for start, found, exchange in sorted((*gives, *asks), key=lambda act: act[0]):
        if _is_ours(found, veiled, clauses.start(start), direction):
            return exchange
    return Exchange.NEUTRAL


def _is_ours(act: re.Match[str], veiled: str, clause_start: int, direction: Direction) -> bool:
    before = veiled[max(clause_start, act.start() - 60) : act.start()]
    ours, theirs = _last(_WE, before), _last(_THEM, before)
    if act.groupdict().get("question"):
        # "she asked if we could …" is theirs, "asked whether she would …" ours, and so is the question itself.
        return direction is not Direction.INBOUND
    if ours >= 0 or theirs >= 0:
        return ours > theirs
    return direction is not Direction.INBOUND and _TO_US.match(veiled, act.end()) is None


def _last(pattern: re.Pattern[str], text: str) -> int:
    return max((found.start() for found in pattern.finditer(text)), default=-1)


def is_paid(veiled: str, clauses: Clauses) -> bool:
    """Whether a veiled text says that money was paid to them; a wish, a topic or their own paying is not."""
    return any(_says_paid(found, veiled, clauses) for found in _PAID.finditer(veiled))


def _says_paid(found: re.Match[str], veiled: str, clauses: Clauses) -> bool:
    start = clauses.start(found.start())
    if found[0].startswith("sponsored") and start > clauses.first_word:
        return False
    before = veiled[max(start, found.start() - 80) : found.start()]
    if TOPIC.search(before) or _NOT_PAID.search(before):
        return False
    return _PASSIVE.search(before) is not None or _THEY_PAID.search(before) is None


def value_of(veiled: str, typed: str, *, paid: bool, gift: bool) -> str | None:
    """The amount as it was typed: of a payment with or without its currency, of a gift only with it."""
    if not (paid or gift):
        return None
    found = _AMOUNT.search(veiled)
    if found is None and paid:
        paying = _PAID.search(veiled)
        found = _BARE_AMOUNT.search(veiled, paying.start() if paying else 0)
    return typed[found.start() : found.end()].strip() if found else None


def is_disclosed(veiled: str) -> bool:
    """Whether a veiled text says that the advertising was marked as such."""
    return any(
        _NOT_DISCLOSED.search(veiled[max(0, found.start() - 30) : found.start()]) is None
        for found in _DISCLOSED.finditer(veiled)
    )


def is_only_a_card(text: str) -> bool:
    """Whether the gift of a text is a card, a note or a letter: worth nothing that advertising had to disclose."""
    folded = fold(text)
    is_more = _WORTH.search(folded) or _MORE.search(folded)
    return _CARD.search(folded) is not None and is_more is None
