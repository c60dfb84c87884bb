"""How a promise reads in a sentence of ours: as a thing that is owed, as a deed, or in quotes where it is neither."""

from __future__ import annotations

import re
from datetime import date

from bot.model import Promise, Side
from bot.reply import Text, say
from bot.views.occasions import weekday_name
from bot.views.words import count, day, first_name, quoted, short, weekday

WHAT_SHOWN = 160
"""Characters of a promise's words in a sentence; its form shows all of them."""

_NEAR = 7
"""Days ahead within which a due date is said with its weekday."""

# Base forms that are verbs wherever a promise begins with them.
_VERBS = frozenset(
    re.findall(
        r"\w+",
        "add answer appear approve arrange attend be bring build choose collect come confirm create cut decide "
        "deliver  discuss do edit ensure explain find finish fix forward get give go hand have help hire include "
        "introduce invite  join keep lend let make meet mention move organise organize pay pick prepare produce "
        "promote propose provide  publish put recommend refer refund reimburse remove repay replace reply reshare "
        "respond return revise say sell  send set show sign speak start stop submit supply take talk teach tell "
        "transfer try update upload use visit wait  wear wire wrap write",
    )
)
# Also things: deeds only in front of what they are done to.
_ALSO_THINGS = frozenset(
    re.findall(
        r"\w+",
        "book brief call check comment credit design draft email feature film host mail order pass photograph "
        "plan post  record repost review share ship tag test text",
    )
)
_OBJECT = re.compile(
    r"(?:the|an?|her|him|them|us|me|his|their|our|my|your|its|this|that|these|those|all|both|some|any|more|one|two|three"
    r"|four|five|six|about|back|again|everything|it|@\w.*|\d.*)"
)
_DETERMINED = re.compile(
    r"(?:the|an?|her|his|their|our|my|your|its|this|that|these|those|all|both|some|any|more|another|every|each|no|one|two"
    r"|three|four|five|six|seven|eight|nine|ten|everything|[€$£¥]?\d.*)"
)
_THINGS = frozenset(
    re.findall(
        r"\w+",
        "address advance agenda answer artwork article asset assets balance box brief briefing budget caption "
        "captions  code codes concept contract copy cut date dates deck deposit design designs details draft "
        "drafts edit edits fee  feedback figures file files footage gift guidelines honorarium insights interview "
        "invoice kit link links list  logo moodboard numbers offer outline outstanding package parcel payment "
        "photo photos picture pictures post posts  presentation product products proposal quote recipe reel reels "
        "refund report review sample samples script stats  story stories text ticket tickets video videos voucher",
    )
)
_PREPOSITION = re.compile(r"\s(?:of|for|from|about|with|to|by|in|on|at|and|plus)\s|,")
_SAYS_PAYMENT = re.compile(r"(?<!\w)pay(?:s|ing|ment|ments)?(?!\w)")
# What is longer or holds other signs stands in quotes, so that nobody's words pose as ours.
_PLAIN = re.compile(r"[\w '’,.€$£¥%&+/-]{1,80}")
_AUXILIARY = re.compile(r"(?:to|will|shall|would)\s+", re.IGNORECASE)


def deed(what: str) -> str | None:
    """The words as they stand behind “to” where they name a deed (`send the sample`), else `None`."""
    if not _PLAIN.fullmatch(what):
        return None
    words = _AUXILIARY.sub("", what, count=1) if _AUXILIARY.match(what) else what
    first, _, rest = words.partition(" ")
    base = _base_form(first.lower())
    if base in _VERBS:
        return f"{base} {rest}".strip()
    follows = rest.partition(" ")[0]
    if base in _ALSO_THINGS and follows and (_OBJECT.fullmatch(follows.lower()) or follows[:1].isupper()):
        return f"{base} {rest}"
    return None


def _base_form(word: str) -> str:
    """`sends` as `send`, where that is a verb known here."""
    known = _VERBS | _ALSO_THINGS
    for ending in ("", "s", "es"):
        base = word.removesuffix(ending)
        if base in known and (not ending or base != word):
            return base
    return word


def thing(what: str) -> Text:
    """The words where a thing is meant: `the ceramic sample`; in quotes where they may be anything."""
    return _thing(what) or quoted(what)


def _thing(what: str) -> Text | None:
    if not _PLAIN.fullmatch(what):
        return None
    first, _, rest = what.partition(" ")
    if _DETERMINED.fullmatch(first.lower()):
        return say("{what}", what=f"{first.lower()} {rest}".strip())
    head = _PREPOSITION.split(what, maxsplit=1)[0].split()
    if any(_DETERMINED.fullmatch(word.lower()) for word in head):
        return None  # "unveil the video" is no kind of video
    if 0 < len(head) <= 4 and head[-1] in _THINGS and what[:1].islower():
        return say("the {what}", what=what)
    return None


def promised(promise: Promise, *, limit: int = WHAT_SHOWN) -> Text:
    """`the ceramic sample`, `to send the sample`, `“das Paket”`: what was promised, on one line."""
    what = one_line(promise, limit)
    done = deed(what)
    return say("to {deed}", deed=done) if done else thing(what)


def owed(promise: Promise, name: str, *, limit: int = WHAT_SHOWN) -> Text:
    """`we owe the ceramic sample`, `Jess promised to send the draft`, `we promised “das Paket”`, without a full stop.

    A payment is said to be one. `name` is the influencer's whole name, `limit` is for the words of the promise.
    """
    what = one_line(promise, limit)
    done, owing = deed(what), _thing(what)
    ours = promise.side is Side.WE
    verb = "promised to" if done else "promised" if owing is None else "owe" if ours else "owes"
    return say(
        "{who} " + verb + " {what}{payment}",
        who="we" if ours else first_name(name),
        what=say("{deed}", deed=done) if done else owing or quoted(what),
        payment=payment(promise),
    )


def payment(promise: Promise) -> Text:
    """`, a payment of $1,500`, as much of it as the words of the promise don't say themselves."""
    said = promise.what.casefold()
    value = promise.value if promise.value and promise.value.casefold() not in said else None
    if not promise.payment:
        return say(" ({value})", value=value) if value else say("")
    if _SAYS_PAYMENT.search(said):
        return say(" of {value}", value=value) if value else say("")
    return say(", a payment of {value}", value=value) if value else say(", a payment")


def when_due(due: date | None, today: date, *, briefly: bool = False) -> str:
    """`due 6 Nov, 15 days late`, `due today`, `due Fri 27 Nov`, `due 3 Dec`, `no date`.

    Days close by are said with their date; `briefly` only so: `due tomorrow`, `due on Saturday`.
    """
    if due is None:
        return "no date"
    days = (due - today).days
    if days < 0:
        return f"due {day(due, today)}, {count(-days, 'day')} late"
    if days < 2:
        near = "today" if days == 0 else "tomorrow" if briefly else f"tomorrow ({weekday(due, today)})"
        return f"due {near}"
    if briefly:
        return f"due on {weekday_name(due)}" if days < _NEAR else f"due {day(due, today)}"
    return f"due {weekday(due, today) if days <= _NEAR else day(due, today)}"


def one_line(promise: Promise, limit: int) -> str:
    """The words of a promise, shortened, without the mark that ends their sentence."""
    return short(" ".join(promise.what.split()).rstrip(".!;,") or promise.what.strip(), limit)
